/* SPDX-License-Identifier: Apache-2.0 */
#include "base/db.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>

/* Statements are few and fixed, so a list that is searched by pointer is enough. */
struct pk_stmt {
	struct pk_db *db;
	sqlite3_stmt *handle;
	const char *sql;
	struct pk_stmt *next;
};

struct pk_db {
	sqlite3 *handle;
	struct pk_stmt *stmts;
	char error[256];
};

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
 * page_size before WAL: it cannot change afterwards. The writer checkpoints by itself
 * (pk_db_checkpoint), so that a commit never pays for it, unless the WAL grows past 64
 * MiB.
 */
static const char writer_setup[] = "PRAGMA page_size=8192;"
				   "PRAGMA journal_mode=WAL;"
				   "PRAGMA synchronous=FULL;"
				   "PRAGMA foreign_keys=ON;"
				   "PRAGMA wal_autocheckpoint=8192;"
				   "PRAGMA journal_size_limit=67108864;"
				   "CREATE TABLE IF NOT EXISTS migration("
				   " room TEXT NOT NULL, step INTEGER NOT NULL,"
				   " PRIMARY KEY(room, step)) WITHOUT ROWID;";

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
pk_db_open(const char *path, enum pk_db_mode mode, struct pk_db **ret_db)
{
	pk_cleanup(pk_db_closep) struct pk_db *db = calloc(1, sizeof(*db));
	int flags = SQLITE_OPEN_NOMUTEX |
		    (mode == PK_DB_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
					 : SQLITE_OPEN_READONLY);

	if (db == NULL)
		return -ENOMEM;
	int rc = sqlite3_open_v2(path, &db->handle, flags, NULL);
	if (rc != SQLITE_OK)
		return open_error(db->handle, rc);
	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_busy_timeout(db->handle, 5000);
	/* looking at the schema finds out whether it is a database */
	int r = pk_db_exec(db, mode == PK_DB_WRITE
				   ? writer_setup
				   : "PRAGMA query_only=ON; PRAGMA schema_version;");
	if (r < 0)
		return r;
	*ret_db = pk_steal(&db);
	return 0;
}

struct pk_db *
pk_db_close(struct pk_db *db)
{
	if (db == NULL)
		return NULL;
	for (struct pk_stmt *stmt = db->stmts; stmt != NULL;) {
		struct pk_stmt *next = stmt->next;
		sqlite3_finalize(stmt->handle);
		free(stmt);
		stmt = next;
	}
	sqlite3_close(db->handle);
	free(db);
	return NULL;
}

const char *
pk_db_error(const struct pk_db *db)
{
	return db->error;
}

/* Keeps what SQLite says of a failure, before the rollback says that all is well. */
static int
result(struct pk_db *db, int rc)
{
	int r = errno_from_sqlite(rc);

	if (r < 0)
		snprintf(
		    db->error, sizeof(db->error), "%s", sqlite3_errmsg(db->handle));
	return r;
}

int
pk_db_exec(struct pk_db *db, const char *sql)
{
	return result(db, sqlite3_exec(db->handle, sql, NULL, NULL, NULL));
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
		result(db, rc);
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
	int r = result(stmt->db, rc); /* reset() would say it again, in fewer words */
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

int
pk_db_checkpoint(struct pk_db *db)
{
	int in_wal = 0, moved = 0;
	int rc = sqlite3_wal_checkpoint_v2(
	    db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, &in_wal, &moved);

	return rc == SQLITE_OK ? in_wal - moved : result(db, rc);
}

int
pk_db_backup(struct pk_db *db, const char *path)
{
	sqlite3 *copy = NULL;
	int rc = sqlite3_open(path, &copy);

	if (rc == SQLITE_OK) {
		sqlite3_backup *backup =
		    sqlite3_backup_init(copy, "main", db->handle, "main");
		/* a locked copy is no error to finish(), but then it is not whole */
		int step = backup == NULL ? SQLITE_OK : sqlite3_backup_step(backup, -1);
		rc = backup == NULL ? sqlite3_errcode(copy)
				    : sqlite3_backup_finish(backup);
		if (rc == SQLITE_OK && step != SQLITE_DONE)
			rc = step;
	}
	if (rc != SQLITE_OK)
		snprintf(db->error, sizeof(db->error), "%s",
		    copy == NULL ? sqlite3_errstr(rc) : sqlite3_errmsg(copy));
	sqlite3_close(copy);
	return errno_from_sqlite(rc);
}
