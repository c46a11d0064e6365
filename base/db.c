/* SPDX-License-Identifier: Apache-2.0 */
#include "base/db.h"

#include "base/clock.h"
#include "base/failpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* How long a connection waits for another. */
#define PATIENCE_MS 5000

/* go_on() is asked so often during a check, and after so many pages of a backup. */
#define WATCH_NS     (20 * (long)PK_NS_PER_MS)
#define BACKUP_PAGES 256

/* With so many pages in the WAL a commit moves them itself: 256 MiB. */
#define WAL_PAGES_MAX 32768
#define WAL_PIECE     65536

/* Of the file format: what stands at its beginning, and before each page. */
#define WAL_HEAD       32
#define WAL_FRAME_HEAD 24

/* What may stay unused: one in so many pages. */
#define UNUSED_SHARE 4

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
struct file {
	struct file *next;
	unsigned users;
	_Atomic bool keeps_wal;
	char path[];
};

static pthread_mutex_t files_lock = PTHREAD_MUTEX_INITIALIZER;
static struct file *files;

struct pk_db {
	sqlite3 *handle;
	struct file *file;
	enum pk_db_mode mode;
	bool sync_failed;                 /* of a commit, perhaps */
	unsigned char wal_head[WAL_HEAD]; /* after the last commit */
	int wal_frames;
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

/* NULL on no memory. */
static struct file *
use_file(const char *path)
{
	pthread_mutex_lock(&files_lock);
	struct file *file = files;
	while (file != NULL && strcmp(file->path, path) != 0)
		file = file->next;
	if (file == NULL)
		file = calloc(1, sizeof(*file) + strlen(path) + 1);
	if (file != NULL && file->users++ == 0) {
		memcpy(file->path, path, strlen(path));
		file->next = files;
		files = file;
	}
	pthread_mutex_unlock(&files_lock);
	return file;
}

static void
leave_file(struct file *file)
{
	struct file **place = &files;

	pthread_mutex_lock(&files_lock);
	if (file != NULL && --file->users == 0) {
		while (*place != file)
			place = &(*place)->next;
		*place = file->next;
		free(file);
	}
	pthread_mutex_unlock(&files_lock);
}

/* Keeps what SQLite says of a failure, before the rollback says that all is well. */
static int
result_of(struct pk_db *db, sqlite3 *handle, int rc)
{
	int r = errno_from_sqlite(rc);

	if (r < 0)
		snprintf(db->error, sizeof(db->error), "%s",
		    handle == NULL ? sqlite3_errstr(rc) : sqlite3_errmsg(handle));
	db->sync_failed = db->sync_failed || rc == SQLITE_IOERR_FSYNC;
	return r;
}

static int
result(struct pk_db *db, int rc)
{
	return result_of(db, db->handle, rc);
}

static int
move_pages(struct pk_db *db, int how, int *ret_frames, int *ret_moved)
{
	if (db->file->keeps_wal)
		return SQLITE_IOERR_FSYNC;
	int rc =
	    sqlite3_wal_checkpoint_v2(db->handle, NULL, how, ret_frames, ret_moved);
	if (rc == SQLITE_IOERR_FSYNC)
		db->file->keeps_wal = true;
	return rc;
}

/* NULL: there is none. */
static sqlite3_file *
wal_of(const struct pk_db *db)
{
	sqlite3_file *wal = NULL;

	if (sqlite3_file_control(
		db->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal) != SQLITE_OK)
		return NULL;
	return wal == NULL || wal->pMethods == NULL ? NULL : wal;
}

/* The keeper moves pages, so that a commit never pays for it, unless that does not keep
 * up. Whatever becomes of this, the commit has succeeded. */
static int
committed(void *context, sqlite3 *handle, const char *name, int frames)
{
	struct pk_db *db = context;
	sqlite3_file *wal = wal_of(db);

	(void)handle;
	(void)name;
	db->wal_frames = frames;
	if (wal == NULL ||
	    wal->pMethods->xRead(wal, db->wal_head, WAL_HEAD, 0) != SQLITE_OK)
		memset(db->wal_head, 0, WAL_HEAD);
	if (frames >= WAL_PAGES_MAX)
		move_pages(db, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	return SQLITE_OK;
}

static int
write_again(sqlite3_file *wal, sqlite3_int64 from)
{
	char piece[WAL_PIECE];
	sqlite3_int64 size = 0;
	int rc = wal->pMethods->xFileSize(wal, &size);

	for (sqlite3_int64 at = from; at < size && rc == SQLITE_OK; at += WAL_PIECE) {
		int len = size - at < WAL_PIECE ? (int)(size - at) : WAL_PIECE;
		rc = wal->pMethods->xRead(wal, piece, len, at);
		if (rc == SQLITE_OK)
			rc = wal->pMethods->xWrite(wal, piece, len, at);
	}
	if (rc == SQLITE_OK && size > from)
		rc = wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL);
	return rc;
}

/* Where the last commit that succeeded ends: at the beginning, when the WAL has begun
 * anew since. */
static sqlite3_int64
end_of_commits(const struct pk_db *db, sqlite3_file *wal)
{
	unsigned char head[WAL_HEAD];

	if (wal->pMethods->xRead(wal, head, WAL_HEAD, 0) != SQLITE_OK ||
	    memcmp(head, db->wal_head, WAL_HEAD) != 0)
		return 0;
	sqlite3_int64 page = head[8] << 24 | head[9] << 16 | head[10] << 8 | head[11];
	return WAL_HEAD + db->wal_frames * (WAL_FRAME_HEAD + page);
}

/*
 * A commit whose sync has failed stands in the WAL all the same. When nobody has
 * written it again since, the next start would take it for good, and Linux takes it for
 * written: no later sync would bring it to the disk, and what is appended behind it
 * would be lost with it. So it is written once more.
 */
static void
write_wal_again(struct pk_db *db)
{
	sqlite3_file *wal = wal_of(db);

	if (wal == NULL || pk_db_exec(db, "BEGIN IMMEDIATE") < 0)
		return;
	write_again(wal, end_of_commits(db, wal));
	pk_db_exec(db, "ROLLBACK");
}

int
pk_db_open(const char *path, enum pk_db_mode mode, struct pk_db **ret_db)
{
	pk_cleanup(pk_db_closep) struct pk_db *db = calloc(1, sizeof(*db));
	const struct mode *how = &modes[mode];

	if (db == NULL)
		return -ENOMEM;
	db->mode = mode;
	db->file = use_file(path);
	if (db->file == NULL)
		return -ENOMEM;
	int rc =
	    sqlite3_open_v2(path, &db->handle, how->flags | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK)
		return open_error(db->handle, rc);
	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_busy_timeout(db->handle, PATIENCE_MS);
	int r = pk_db_exec(db, how->setup);
	if (r < 0)
		return r;
	sqlite3_wal_hook(db->handle, committed, db);
	*ret_db = pk_steal(&db);
	return 0;
}

struct pk_db *
pk_db_close(struct pk_db *db)
{
	if (db == NULL)
		return NULL;
	if (db->sync_failed && db->mode == PK_DB_WRITE)
		write_wal_again(db);
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
	leave_file(db->file);
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
pk_db_checkpoint(struct pk_db *db, enum pk_checkpoint how, struct pk_wal *ret)
{
	int frames = 0, moved = 0;

	PK_FAILPOINT_BEGUN(checkpoint);
	/* to truncate, SQLite keeps the writer out while it waits for readers */
	sqlite3_busy_timeout(db->handle, 0);
	int rc = move_pages(db,
	    how == PK_CHECKPOINT_TRUNCATE ? SQLITE_CHECKPOINT_TRUNCATE
					  : SQLITE_CHECKPOINT_PASSIVE,
	    &frames, &moved);
	sqlite3_busy_timeout(db->handle, PATIENCE_MS);
	int r = result(db, rc);
	if (db->file->keeps_wal)
		snprintf(db->error, sizeof(db->error),
		    "a sync of the file has failed: the WAL stays until a restart");
	PK_FAILPOINT(checkpointed);
	if (r == 0 && ret != NULL)
		*ret = (struct pk_wal){ frames, moved };
	return r;
}

static int
pragma(struct pk_db *db, const char *sql, int64_t *ret_value)
{
	struct pk_stmt *stmt = pk_db_prepare(db, sql);
	int r = pk_stmt_step(stmt);

	if (r <= 0)
		return r < 0 ? r : -EIO;
	*ret_value = pk_stmt_int(stmt, 0);
	pk_stmt_reset(stmt);
	return 0;
}

int
pk_db_shrink(struct pk_db *db, int pages)
{
	char sql[64];
	int64_t all = 0, unused = 0, left = 0;

	int r = pragma(db, "PRAGMA page_count", &all);
	if (r == 0)
		r = pragma(db, "PRAGMA freelist_count", &unused);
	if (r < 0 || unused <= all / UNUSED_SHARE || pages <= 0)
		return r;
	snprintf(sql, sizeof(sql), "PRAGMA incremental_vacuum(%d)", pages);
	r = pk_db_exec(db, sql);
	if (r == 0)
		r = pragma(db, "PRAGMA page_count", &left);
	return r < 0 ? r : (int)(all - left);
}

/* ---- what takes long ---- */

/*
 * SQLite 3.40 asks nobody while it looks at the pages of a table, however many; only
 * sqlite3_interrupt() reaches it, from another thread.
 */
struct watch {
	struct pk_db *db;
	int (*go_on)(void *);
	void *context;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t change;
	bool done;    /* the check is */
	bool stopped; /* go_on() said so; the watcher's until it is joined */
};

static void
wait_a_little(struct watch *watch)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += WATCH_NS;
	if (until.tv_nsec >= (long)PK_NS_PER_S) {
		until.tv_sec++;
		until.tv_nsec -= (long)PK_NS_PER_S;
	}
	pthread_cond_timedwait(&watch->change, &watch->lock, &until);
}

/* An interruption before SQLite has begun does nothing, so it comes again. */
static void *
watch_check(void *context)
{
	struct watch *watch = context;

	pthread_mutex_lock(&watch->lock);
	while (!watch->done) {
		if (!watch->stopped)
			watch->stopped = !watch->go_on(watch->context);
		if (watch->stopped)
			sqlite3_interrupt(watch->db->handle);
		wait_a_little(watch);
	}
	pthread_mutex_unlock(&watch->lock);
	return NULL;
}

static int
begin_watch(struct watch *watch)
{
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&watch->change, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_mutex_init(&watch->lock, NULL);
	return -pthread_create(&watch->thread, NULL, watch_check, watch);
}

static void
end_watch(struct watch *watch)
{
	pthread_mutex_lock(&watch->lock);
	watch->done = true;
	pthread_cond_signal(&watch->change);
	pthread_mutex_unlock(&watch->lock);
	pthread_join(watch->thread, NULL);
}

/* Says what SQLite found first; returns -EBADMSG, or 0 when all is well. */
static int
quick_check(struct pk_db *db)
{
	struct pk_stmt *stmt = pk_db_prepare(db, "PRAGMA quick_check(1)");
	int r = pk_stmt_step(stmt);

	if (r <= 0)
		return r < 0 ? r : -EIO;
	struct pk_span found = pk_stmt_text(stmt, 0);
	if (!pk_span_eq(found, PK_SPAN("ok"))) {
		snprintf(db->error, sizeof(db->error), "%.*s", PK_SPAN_ARG(found));
		r = -EBADMSG;
	} else {
		r = 0;
	}
	pk_stmt_reset(stmt);
	return r;
}

static int
watched_check(struct pk_db *db, int (*go_on)(void *), void *context)
{
	struct watch watch = { .db = db, .go_on = go_on, .context = context };

	int r = begin_watch(&watch);
	if (r == 0) {
		r = quick_check(db);
		end_watch(&watch);
	}
	pthread_cond_destroy(&watch.change);
	pthread_mutex_destroy(&watch.lock);
	/* what SQLite has not looked at, it may miss */
	return watch.stopped ? -EINTR : r;
}

int
pk_db_check(struct pk_db *db, int (*go_on)(void *), void *context)
{
	if (go_on == NULL)
		return quick_check(db);
	return go_on(context) ? watched_check(db, go_on, context) : -EINTR;
}

struct patience {
	int (*go_on)(void *);
	void *context;
};

/* All pages, as they are in the read transaction of `db`: without it each commit of
 * somebody else would make the copy begin anew. */
static int
copy_pages(struct pk_db *db, sqlite3 *copy, const struct patience *patience)
{
	sqlite3_backup *backup = sqlite3_backup_init(copy, "main", db->handle, "main");
	int rc, r = 0;

	if (backup == NULL)
		return result_of(db, copy, sqlite3_errcode(copy));
	do {
		if (patience->go_on != NULL && !patience->go_on(patience->context))
			r = -EINTR;
		rc = r < 0 ? SQLITE_DONE : sqlite3_backup_step(backup, BACKUP_PAGES);
		PK_FAILPOINT(backup);
	} while (rc == SQLITE_OK);
	int end = sqlite3_backup_finish(backup);
	if (r == 0)
		r = result_of(db, copy, rc == SQLITE_DONE ? end : rc);
	return r;
}

/* The copy is of no use until it is complete, so nothing but its end has to be on disk.
 */
static int
fill_copy(struct pk_db *db, const char *path, const struct patience *patience)
{
	sqlite3 *copy = NULL;
	int64_t pages;

	int rc = sqlite3_open_v2(
	    path, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(copy,
		    "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF", NULL, NULL,
		    NULL);
	int r = result_of(db, copy, rc);
	if (r == 0)
		r = pk_db_begin_read(db);
	if (r == 0) {
		/* the first read is where the transaction begins */
		r = pragma(db, "PRAGMA page_count", &pages);
		if (r == 0)
			r = copy_pages(db, copy, patience);
		pk_db_rollback(db);
	}
	sqlite3_close(copy);
	return r;
}

static int
make_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int
sync_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	int r = fsync(fd) < 0 ? -errno : 0;
	close(fd);
	return r;
}

int
pk_db_backup(struct pk_db *db, const char *path, int (*go_on)(void *), void *context)
{
	const struct patience patience = { go_on, context };
	int r = make_file(path);

	if (r < 0)
		return r;
	r = fill_copy(db, path, &patience);
	if (r == 0)
		r = sync_file(path);
	if (r < 0)
		unlink(path);
	return r;
}
