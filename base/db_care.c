/* SPDX-License-Identifier: Apache-2.0 */
/* What a database needs now and then: shrinking, a check, a backup. */
#include "base/clock.h"
#include "base/db_priv.h"
#include "base/failpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* go_on() is asked so often during a check, and after so many pages of a backup. */
#define WATCH_NS     (20 * (long)PK_NS_PER_MS)
#define BACKUP_PAGES 256

/* What may stay unused: one in so many pages. */
#define UNUSED_SHARE 4

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
		return pk_db_result_of(db, copy, sqlite3_errcode(copy));
	do {
		if (patience->go_on != NULL && !patience->go_on(patience->context))
			r = -EINTR;
		rc = r < 0 ? SQLITE_DONE : sqlite3_backup_step(backup, BACKUP_PAGES);
		PK_FAILPOINT(backup);
	} while (rc == SQLITE_OK);
	int end = sqlite3_backup_finish(backup);
	if (r == 0)
		r = pk_db_result_of(db, copy, rc == SQLITE_DONE ? end : rc);
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
	int r = pk_db_result_of(db, copy, rc);
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
