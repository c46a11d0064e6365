/* SPDX-License-Identifier: Apache-2.0 */
/* base/db_priv.h - what the three files of the database share; sqlite3.h ends here. */
#ifndef PEYK_BASE_DB_PRIV_H
#define PEYK_BASE_DB_PRIV_H

#include "base/db.h"

#include <sqlite3.h>

/* How long a connection waits for another. */
#define PK_DB_PATIENCE_MS 5000

/* Of the WAL's format: what stands at its beginning. */
#define PK_WAL_HEAD 32

/* Statements are few and fixed, so a list that is searched by pointer is enough. */
struct pk_stmt {
	struct pk_db *db;
	sqlite3_stmt *handle;
	const char *sql;
	struct pk_stmt *next;
};

/*
 * A file that is open, for all its connections.
 *
 * When a checkpoint cannot sync the file, what was written to it may never reach the
 * disk, though everybody reads it and the next sync succeeds. SQLite moves the pages of
 * that checkpoint again, but not those of one before that a reader had cut short, which
 * were not synced yet. So from then on the WAL has to stay as it is: who opens the file
 * after all have closed it starts with the whole WAL again.
 */
struct pk_db_file {
	struct pk_db_file *next;
	unsigned users;
	_Atomic bool keeps_wal;
	char path[];
};

struct pk_db {
	sqlite3 *handle;
	struct pk_db_file *file;
	enum pk_db_mode mode;
	bool sync_failed;                    /* of a commit, perhaps */
	unsigned char wal_head[PK_WAL_HEAD]; /* after the last commit */
	int wal_frames;
	struct pk_stmt *stmts;
	char error[256];
};

/*
 * From SQLite's result to -errno. Keeps what SQLite says of a failure, before the
 * rollback says that all is well; of `handle`, or in general where it is NULL.
 */
int pk_db_result_of(struct pk_db *db, sqlite3 *handle, int rc);
int pk_db_result(struct pk_db *db, int rc);

/* The file of this path, for one more connection; NULL on no memory. NULL may be left.
 */
struct pk_db_file *pk_db_file_use(const char *path);
void pk_db_file_leave(struct pk_db_file *file);

/* Watches over the WAL from now on. */
void pk_db_wal_watch(struct pk_db *db);

/*
 * A commit whose sync has failed stands in the WAL all the same. When nobody has
 * written it again since, the next start would take it for good, and Linux takes it for
 * written: no later sync would bring it to the disk, and what is appended behind it
 * would be lost with it. So it is written once more.
 */
void pk_db_wal_write_again(struct pk_db *db);

#endif
