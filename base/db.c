/* SPDX-License-Identifier: Apache-2.0 */
#include "base/db.h"

#include "base/db_priv.h"
#include "base/failpoint.h"

#include <errno.h>
#include <stdio.h>

static int
errno_from_sqlite(int rc)
{
	switch (rc & 0xFF) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return 0;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return -EACCES;
	case SQLITE_CANTOPEN:
		return -ENOENT;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return -EBADMSG;
	case SQLITE_TOOBIG:
		return -E2BIG;
	case SQLITE_CONSTRAINT:
		return -EEXIST;
	case SQLITE_INTERRUPT:
		return -EINTR;
	default:
		return -EIO;
	}
}

/*
 * Page size and the map that shrinking needs come before WAL: they cannot change
 * afterwards.
 */
static const char writer_setup[] = "PRAGMA page_size=8192;"
				   "PRAGMA auto_vacuum=INCREMENTAL;"
				   "PRAGMA journal_mode=WAL;"
				   "PRAGMA synchronous=FULL;"
				   "PRAGMA foreign_keys=ON;"
				   "PRAGMA journal_size_limit=67108864;"
				   "CREATE TABLE IF NOT EXISTS migration("
				   " room TEXT NOT NULL, step INTEGER NOT NULL,"
				   " PRIMARY KEY(room, step)) WITHOUT ROWID;";

/* Looking at the schema finds out whether it is a database. */
static const char reader_setup[] = "PRAGMA query_only=ON; PRAGMA schema_version;";

/* To move pages from the WAL takes a connection that could write. */
static const struct mode {
	int flags;
	const char *setup;
} modes[] = {
	[PK_DB_WRITE] = { SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, writer_setup },
	[PK_DB_READ] = { SQLITE_OPEN_READONLY, reader_setup },
	[PK_DB_KEEP] = { SQLITE_OPEN_READWRITE, reader_setup },
};

/* "Cannot open" is said of all that open(2) can say. */
static int
open_error(sqlite3 *handle, int rc)
{
	int error = handle == NULL ? 0 : sqlite3_system_errno(handle);

	if ((rc & 0xFF) == SQLITE_CANTOPEN && (error == EACCES || error == ENOSPC))
		return -error;
	return errno_from_sqlite(rc);
}

int
pk_db_result_of(struct pk_db *db, sqlite3 *handle, int rc)
{
	int r = errno_from_sqlite(rc);

	if (r < 0)
		snprintf(db->error, sizeof(db->error), "%s",
		    handle == NULL ? sqlite3_errstr(rc) : sqlite3_errmsg(handle));
	db->sync_failed = db->sync_failed || rc == SQLITE_IOERR_FSYNC;
	return r;
}

int
pk_db_result(struct pk_db *db, int rc)
{
	return pk_db_result_of(db, db->handle, rc);
}

int
pk_db_open(const char *path, enum pk_db_mode mode, struct pk_db **ret_db)
{
	pk_cleanup(pk_db_closep) struct pk_db *db = calloc(1, sizeof(*db));
	const struct mode *how = &modes[mode];

	if (db == NULL)
		return -ENOMEM;
	db->mode = mode;
	db->file = pk_db_file_use(path);
	if (db->file == NULL)
		return -ENOMEM;
	int rc =
	    sqlite3_open_v2(path, &db->handle, how->flags | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK)
		return open_error(db->handle, rc);
	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_busy_timeout(db->handle, PK_DB_PATIENCE_MS);
	int r = pk_db_exec(db, how->setup);
	if (r < 0)
		return r;
	pk_db_wal_watch(db);
	*ret_db = pk_steal(&db);
	return 0;
}

struct pk_db *
pk_db_close(struct pk_db *db)
{
	if (db == NULL)
		return NULL;
	if (db->sync_failed && db->mode == PK_DB_WRITE)
		pk_db_wal_write_again(db);
	for (struct pk_stmt *stmt = db->stmts; stmt != NULL;) {
		struct pk_stmt *next = stmt->next;
		sqlite3_finalize(stmt->handle);
		free(stmt);
		stmt = next;
	}
	/* the last one to close would move what is left, and remove the WAL */
	if (db->file != NULL && db->file->keeps_wal)
		sqlite3_db_config(
		    db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_close(db->handle);
	pk_db_file_leave(db->file);
	free(db);
	return NULL;
}

const char *
pk_db_error(const struct pk_db *db)
{
	return db->error;
}

int
pk_db_exec(struct pk_db *db, const char *sql)
{
	return pk_db_result(db, sqlite3_exec(db->handle, sql, NULL, NULL, NULL));
}

static int
run_step(struct pk_db *db, const char *room, size_t number, const char *sql)
{
	int r = pk_db_begin(db);

	if (r == 0)
		r = pk_db_exec(db, sql);
	if (r == 0) {
		struct pk_stmt *note =
		    pk_db_prepare(db, "INSERT INTO migration(room, step) VALUES(?, ?)");
		pk_stmt_bind_text(note, 1, pk_span_of(room));
		pk_stmt_bind_int(note, 2, (int64_t)number);
		r = pk_stmt_run(note);
	}
	PK_FAILPOINT(migration);
	if (r == 0)
		r = pk_db_commit(db);
	if (r < 0)
		pk_db_rollback(db);
	return r;
}

int
pk_db_migrate(
    struct pk_db *db, const char *room, const char *const *steps, size_t n_steps)
{
	struct pk_stmt *seen = pk_db_prepare(
	    db, "SELECT coalesce(max(step), 0) FROM migration WHERE room = ?");
	pk_stmt_bind_text(seen, 1, pk_span_of(room));
	int r = pk_stmt_step(seen);
	if (r < 0)
		return r;
	size_t done = (size_t)pk_stmt_int(seen, 0);
	pk_stmt_reset(seen);

	if (done > n_steps)
		return -ESTALE;
	for (; done < n_steps; done++) {
		r = run_step(db, room, done + 1, steps[done]);
		if (r < 0)
			return r;
	}
	return 0;
}

int
pk_db_begin(struct pk_db *db)
{
	return pk_stmt_run(pk_db_prepare(db, "BEGIN IMMEDIATE"));
}

int
pk_db_begin_read(struct pk_db *db)
{
	return pk_stmt_run(pk_db_prepare(db, "BEGIN"));
}

int
pk_db_commit(struct pk_db *db)
{
	return pk_stmt_run(pk_db_prepare(db, "COMMIT"));
}

void
pk_db_rollback(struct pk_db *db)
{
	if (!sqlite3_get_autocommit(db->handle))
		pk_stmt_run(pk_db_prepare(db, "ROLLBACK"));
}

int
pk_db_savepoint(struct pk_db *db)
{
	return pk_stmt_run(pk_db_prepare(db, "SAVEPOINT part"));
}

int
pk_db_release(struct pk_db *db)
{
	return pk_stmt_run(pk_db_prepare(db, "RELEASE part"));
}

void
pk_db_undo(struct pk_db *db)
{
	/* A full disk may have rolled the whole transaction back: nothing to undo then.
	 */
	if (sqlite3_get_autocommit(db->handle))
		return;
	pk_stmt_run(pk_db_prepare(db, "ROLLBACK TO part"));
	pk_stmt_run(pk_db_prepare(db, "RELEASE part"));
}

struct pk_stmt *
pk_db_prepare(struct pk_db *db, const char *sql)
{
	for (struct pk_stmt *stmt = db->stmts; stmt != NULL; stmt = stmt->next) {
		if (stmt->sql == sql) {
			sqlite3_reset(stmt->handle);
			sqlite3_clear_bindings(stmt->handle);
			return stmt;
		}
	}
	struct pk_stmt *stmt = calloc(1, sizeof(*stmt));
	if (stmt == NULL)
		return NULL;
	int rc = sqlite3_prepare_v3(
	    db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt->handle, NULL);
	if (rc != SQLITE_OK) {
		pk_db_result(db, rc);
		free(stmt);
		return NULL;
	}
	stmt->db = db;
	stmt->sql = sql;
	stmt->next = db->stmts;
	db->stmts = stmt;
	return stmt;
}

/* Binding fails only for a wrong index, or when memory is out, which the step reports.
 */
void
pk_stmt_bind_int(struct pk_stmt *stmt, int index, int64_t value)
{
	if (stmt != NULL)
		sqlite3_bind_int64(stmt->handle, index, value);
}

void
pk_stmt_bind_real(struct pk_stmt *stmt, int index, double value)
{
	if (stmt != NULL)
		sqlite3_bind_double(stmt->handle, index, value);
}

void
pk_stmt_bind_text(struct pk_stmt *stmt, int index, struct pk_span text)
{
	if (stmt != NULL)
		sqlite3_bind_text64(stmt->handle, index, text.ptr, text.len,
		    SQLITE_STATIC, SQLITE_UTF8);
}

void
pk_stmt_bind_blob(struct pk_stmt *stmt, int index, struct pk_span bytes)
{
	if (stmt != NULL)
		sqlite3_bind_blob64(
		    stmt->handle, index, bytes.ptr, bytes.len, SQLITE_STATIC);
}

void
pk_stmt_bind_null(struct pk_stmt *stmt, int index)
{
	if (stmt != NULL)
		sqlite3_bind_null(stmt->handle, index);
}

int
pk_stmt_step(struct pk_stmt *stmt)
{
	if (stmt == NULL)
		return -EIO;
	int rc = sqlite3_step(stmt->handle);
	if (rc == SQLITE_ROW)
		return 1;
	int r =
	    pk_db_result(stmt->db, rc); /* reset() would say it again, in fewer words */
	sqlite3_reset(stmt->handle);
	return r;
}

int
pk_stmt_run(struct pk_stmt *stmt)
{
	int r;

	do
		r = pk_stmt_step(stmt);
	while (r > 0);
	return r;
}

void
pk_stmt_reset(struct pk_stmt *stmt)
{
	if (stmt != NULL)
		sqlite3_reset(stmt->handle);
}

int64_t
pk_stmt_int(struct pk_stmt *stmt, int column)
{
	return sqlite3_column_int64(stmt->handle, column);
}

double
pk_stmt_real(struct pk_stmt *stmt, int column)
{
	return sqlite3_column_double(stmt->handle, column);
}

struct pk_span
pk_stmt_text(struct pk_stmt *stmt, int column)
{
	/* blob gives text as it is stored, also with a NUL inside, and NULL for NULL */
	const char *bytes = sqlite3_column_blob(stmt->handle, column);
	size_t len = (size_t)sqlite3_column_bytes(stmt->handle, column);

	if (bytes == NULL && sqlite3_column_type(stmt->handle, column) != SQLITE_NULL)
		return PK_SPAN("");
	return (struct pk_span){ bytes, bytes == NULL ? 0 : len };
}

bool
pk_stmt_is_null(struct pk_stmt *stmt, int column)
{
	return sqlite3_column_type(stmt->handle, column) == SQLITE_NULL;
}

int64_t
pk_db_last_row(const struct pk_db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}

int64_t
pk_db_changes(const struct pk_db *db)
{
	return sqlite3_changes64(db->handle);
}
