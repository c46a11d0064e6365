/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/db.h - SQLite as peyk uses it: one writer, many readers, nothing half written.
 *
 * The file is in WAL mode with 8 KiB pages; the writer commits with synchronous=FULL,
 * so what was committed survives a power cut. Rooms that own tables bring their
 * migrations and use the statements below; sqlite3.h stays behind this door. A
 * connection and its statements belong to one thread.
 */
#ifndef PEYK_BASE_DB_H
#define PEYK_BASE_DB_H

#include "base/arena.h"

struct pk_db;
struct pk_stmt;

enum pk_db_mode {
	PK_DB_WRITE, /* creates the file where there is none */
	PK_DB_READ,  /* sees each committed state; never locks the writer out */
	PK_DB_KEEP,  /* the keeper's: reads, and may move the WAL into the file */
};

/*
 * Opens the file. Returns 0, -ENOENT, -EACCES, -EBADMSG (not a database), -ENOSPC, -EIO
 * or -ENOMEM.
 */
int pk_db_open(const char *path, enum pk_db_mode mode, struct pk_db **ret_db);
struct pk_db *pk_db_close(struct pk_db *db);
PK_DEFINE_CLEANUP(struct pk_db *, pk_db_close);

/* The last error in SQLite's words, also when something succeeded since (a rollback);
 * borrowed until the next failure on this connection. */
const char *pk_db_error(const struct pk_db *db);

/*
 * Brings a room's tables to its newest form. `steps` are SQL texts, numbered from 1;
 * those that the file has not seen are run, each in a transaction with the note that it
 * was. Returns 0, -ESTALE when the file has seen more steps than there are (made by a
 * newer peyk), or a database error.
 */
int pk_db_migrate(
    struct pk_db *db, const char *room, const char *const *steps, size_t n_steps);

/* Runs SQL text without results. Errors of the database, as -errno: -EBUSY, -EIO,
 * -ENOSPC ... */
int pk_db_exec(struct pk_db *db, const char *sql);

int pk_db_begin(struct pk_db *db); /* BEGIN IMMEDIATE */

/* All that is read until the commit is one committed state: that of the first read. The
 * WAL cannot start anew as long as it lasts, so end it soon. */
int pk_db_begin_read(struct pk_db *db);

int pk_db_commit(struct pk_db *db);
void pk_db_rollback(struct pk_db *db); /* never fails; fine outside a transaction */

/* A part of a transaction that can fail alone: SAVEPOINT, RELEASE, ROLLBACK TO. */
int pk_db_savepoint(struct pk_db *db);
int pk_db_release(struct pk_db *db);
void pk_db_undo(struct pk_db *db);

/*
 * Prepares a statement, or gives the one that was prepared for the same `sql` pointer
 * before (so `sql` is a string literal), reset and without bindings. The connection
 * owns it. NULL on failure: see pk_db_error(); the binders below accept NULL, and
 * stepping it returns -EIO, so only the step needs a check.
 */
struct pk_stmt *pk_db_prepare(struct pk_db *db, const char *sql);

/* Binds parameter `index` (1-based). An absent span binds NULL. Text is borrowed until
 * reset. */
void pk_stmt_bind_int(struct pk_stmt *stmt, int index, int64_t value);
void pk_stmt_bind_real(struct pk_stmt *stmt, int index, double value);
void pk_stmt_bind_text(struct pk_stmt *stmt, int index, struct pk_span text);
void pk_stmt_bind_blob(struct pk_stmt *stmt, int index, struct pk_span bytes);
void pk_stmt_bind_null(struct pk_stmt *stmt, int index);

/* Goes to the next row. Returns 1 (a row), 0 (done; the statement is reset) or an
 * error. */
int pk_stmt_step(struct pk_stmt *stmt);

/* Runs a statement to its end. Returns 0 or an error. */
int pk_stmt_run(struct pk_stmt *stmt);

/* Leaves the rows that are left. */
void pk_stmt_reset(struct pk_stmt *stmt);

/* Columns of the row, 0-based. Text is borrowed until the next step; NULL gives absent
 * / 0. */
int64_t pk_stmt_int(struct pk_stmt *stmt, int column);
double pk_stmt_real(struct pk_stmt *stmt, int column);
struct pk_span pk_stmt_text(struct pk_stmt *stmt, int column);
bool pk_stmt_is_null(struct pk_stmt *stmt, int column);

/* Of the last statement: the row that was inserted, the number of rows that were
 * changed. */
int64_t pk_db_last_row(const struct pk_db *db);
int64_t pk_db_changes(const struct pk_db *db);

enum pk_checkpoint {
	PK_CHECKPOINT_PASSIVE,  /* what can be moved without waiting for anybody */
	PK_CHECKPOINT_TRUNCATE, /* all; then the WAL is an empty file */
};

struct pk_wal {
	int64_t frames; /* pages in the WAL; one that was changed often counts often */
	int64_t moved;  /* of these, how many are in the file, too */
};

/*
 * Moves pages from the WAL into the file. Never waits, not even to truncate: -EBUSY
 * then, when somebody reads or writes or moves pages just now (what could be moved
 * was). `ret` may be NULL. Returns 0, -EBUSY or an error; not on a PK_DB_READ
 * connection. When the file could not be synced once, the WAL alone is to be trusted:
 * -EIO then, until all connections of this program were closed.
 */
int pk_db_checkpoint(struct pk_db *db, enum pk_checkpoint how, struct pk_wal *ret);

/*
 * Gives at most `pages` unused pages at the end of the file back to the file system, as
 * long as more than a quarter of it is unused; in the caller's transaction, or in one
 * of its own. A file that was made before peyk kept the map for it stays as long as it
 * was. Returns how many pages, or an error.
 */
int pk_db_shrink(struct pk_db *db, int pages);

/*
 * The two below take long. They ask `go_on` (may be NULL) every few milliseconds
 * whether to continue; 0 ends them with -EINTR. While they run the WAL cannot start
 * anew.
 */

/* Looks whether the file is well formed. It asks on a thread of its own, which has
 * ended when it returns. Returns 0, -EBADMSG (it is damaged: pk_db_error() says how),
 * -EINTR or an error. */
int pk_db_check(struct pk_db *db, int (*go_on)(void *), void *context);

/*
 * Copies the whole database, as it is now, to a new file of mode 0600, while others
 * write. It is on disk when this returns. What was not finished is removed. Returns 0,
 * -EEXIST (there is such a file, it is left alone), -EINTR, -ENOSPC or another error.
 */
int pk_db_backup(
    struct pk_db *db, const char *path, int (*go_on)(void *), void *context);

#endif
