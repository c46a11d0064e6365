/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper.h"

#include "base/clock.h"
#include "base/counter.h"
#include "base/log.h"
#include "publish/journal.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>

/* How often it looks whether there is something to do. */
#define ROUND_MS 250

/* The WAL is moved when it is long, or so long after something was written; and given
 * back to the disk when nothing was written for a while. */
#define WAL_LONG_BYTES (INT64_C(16) * 1024 * 1024)
#define CHECKPOINT_MS  INT64_C(2000)
#define IDLE_MS        INT64_C(5000)

/* With less room than this on the disk the WAL keeps what it has: when the disk is
 * full, retention can write there what it deletes. */
#define SCARCE_BYTES (UINT64_C(64) * 1024 * 1024)

struct pk_keeper {
	const char *db_path;
	struct pk_db *db;
	pthread_t thread;
	_Atomic bool stopping;
	int64_t version;    /* of the data, as of the last look */
	int64_t written_ms; /* when there were more of them (monotonic) */
	int64_t moved_ms;   /* when the WAL was moved last (monotonic) */
	bool unmoved;       /* something was written since */
	bool given_back;    /* the WAL is empty on disk */

	pthread_mutex_t lock; /* of what is below */
	pthread_cond_t asked;
	struct pk_keeper_view view;
};

static int64_t
mono_ms(void)
{
	return (int64_t)(pk_mono_ns() / (uint64_t)PK_NS_PER_MS);
}

static int
goes_on(void *context)
{
	struct pk_keeper *keeper = context;

	return !atomic_load(&keeper->stopping);
}

/* ---- the WAL ---- */

static int64_t
wal_bytes(const struct pk_keeper *keeper)
{
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof(path), "%s-wal", keeper->db_path);
	return stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}

/* Whether somebody committed since the last look. */
static bool
was_written(struct pk_keeper *keeper)
{
	struct pk_stmt *stmt = pk_db_prepare(keeper->db, "PRAGMA data_version");
	int64_t before = keeper->version;

	if (pk_stmt_step(stmt) > 0)
		keeper->version = pk_stmt_int(stmt, 0);
	pk_stmt_reset(stmt);
	return keeper->version != before;
}

static bool
is_disk_scarce(const struct pk_keeper *keeper)
{
	struct statvfs disk;

	return statvfs(keeper->db_path, &disk) == 0 &&
	       (uint64_t)disk.f_bavail * disk.f_frsize < SCARCE_BYTES;
}

/* Neither waits for anybody: what cannot be moved now, for somebody reads it, is moved
 * at another time. */
static void
checkpoint(struct pk_keeper *keeper, enum pk_checkpoint how, int64_t now_ms)
{
	struct pk_wal wal;
	int r = pk_db_checkpoint(keeper->db, how, &wal);

	keeper->moved_ms = now_ms;
	if (r < 0 && r != -EBUSY)
		pk_count(PK_COUNT_CHECKPOINTS_FAILED);
	if (r < 0)
		return;
	pk_count(PK_COUNT_CHECKPOINTS);
	if (how == PK_CHECKPOINT_TRUNCATE)
		keeper->given_back = true;
	keeper->unmoved = wal.moved < wal.frames;
	if (keeper->unmoved)
		return;
	pthread_mutex_lock(&keeper->lock);
	keeper->view.checkpoint_ms = pk_wall_ms();
	pthread_mutex_unlock(&keeper->lock);
}

static void
keep_wal(struct pk_keeper *keeper)
{
	int64_t now_ms = mono_ms(), bytes = wal_bytes(keeper);

	if (was_written(keeper)) {
		keeper->written_ms = now_ms;
		keeper->unmoved = true;
		keeper->given_back = false;
	}
	if (keeper->unmoved &&
	    (bytes > WAL_LONG_BYTES || now_ms - keeper->moved_ms >= CHECKPOINT_MS))
		checkpoint(keeper, PK_CHECKPOINT_PASSIVE, now_ms);
	else if (!keeper->given_back && now_ms - keeper->written_ms >= IDLE_MS &&
		 now_ms - keeper->moved_ms >= CHECKPOINT_MS && !is_disk_scarce(keeper))
		checkpoint(keeper, PK_CHECKPOINT_TRUNCATE, now_ms);
	pthread_mutex_lock(&keeper->lock);
	keeper->view.wal_bytes = bytes;
	pthread_mutex_unlock(&keeper->lock);
}

/* ---- check and backup ---- */

static void
end_check(struct pk_keeper *keeper, int r)
{
	pthread_mutex_lock(&keeper->lock);
	keeper->view.check = r == 0 ? PK_KEEPER_DONE : PK_KEEPER_FAILED;
	if (r == -EBADMSG)
		snprintf(keeper->view.damage, sizeof(keeper->view.damage), "%s",
		    pk_db_error(keeper->db));
	pthread_mutex_unlock(&keeper->lock);
}

static void
check(struct pk_keeper *keeper)
{
	int r = pk_db_check(keeper->db, goes_on, keeper);

	if (r == -EINTR)
		return;
	end_check(keeper, r);
	if (r == 0)
		pk_log(PK_INFO, "the database is whole");
	else if (r == -EBADMSG)
		pk_log(PK_ERROR,
		    "the database is damaged: stop peykd, and restore a backup", "what",
		    pk_db_error(keeper->db));
	else
		pk_log(PK_ERROR, "the database cannot be checked", "why",
		    strerrordesc_np(-r));
}

static bool
is_asked_for_backup(struct pk_keeper *keeper)
{
	pthread_mutex_lock(&keeper->lock);
	bool asked = keeper->view.backup == PK_KEEPER_BUSY;
	pthread_mutex_unlock(&keeper->lock);
	return asked;
}

/* SQLite's words where it has some, for what the file system says is plain. */
static const char *
why(const struct pk_keeper *keeper, int r)
{
	switch (r) {
	case -EEXIST:
		return "there is such a file already";
	case -EINTR:
		return "the daemon was stopped";
	case -EBADMSG:
		return pk_db_error(keeper->db);
	default:
		return strerrordesc_np(-r);
	}
}

/* view.backup_path does not change while a backup is under way. */
static void
backup(struct pk_keeper *keeper)
{
	const char *path = keeper->view.backup_path;
	int r = pk_journal_backup(keeper->db, path, goes_on, keeper);

	pk_count(r == 0 ? PK_COUNT_BACKUPS : PK_COUNT_BACKUPS_FAILED);
	if (r == 0)
		pk_log(PK_NOTICE, "backup complete", "file", path);
	else
		pk_log(PK_ERROR, "backup failed", "file", path, "why", why(keeper, r));
	pthread_mutex_lock(&keeper->lock);
	keeper->view.backup = r == 0 ? PK_KEEPER_DONE : PK_KEEPER_FAILED;
	snprintf(keeper->view.error, sizeof(keeper->view.error), "%s",
	    r == 0 ? "" : why(keeper, r));
	pthread_mutex_unlock(&keeper->lock);
}

/* ---- the thread ---- */

static void
wait_a_round(struct pk_keeper *keeper)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += (long)ROUND_MS * (long)PK_NS_PER_MS;
	until.tv_sec += until.tv_nsec / (long)PK_NS_PER_S;
	until.tv_nsec %= (long)PK_NS_PER_S;
	pthread_mutex_lock(&keeper->lock);
	if (!atomic_load(&keeper->stopping) && keeper->view.backup != PK_KEEPER_BUSY)
		pthread_cond_timedwait(&keeper->asked, &keeper->lock, &until);
	pthread_mutex_unlock(&keeper->lock);
}

static void *
keep(void *context)
{
	struct pk_keeper *keeper = context;

	if (keeper->view.check == PK_KEEPER_BUSY)
		check(keeper);
	while (goes_on(keeper)) {
		keep_wal(keeper);
		if (is_asked_for_backup(keeper))
			backup(keeper);
		wait_a_round(keeper);
	}
	return NULL;
}

/* ---- the door ---- */

static struct pk_keeper *
free_keeper(struct pk_keeper *keeper)
{
	if (keeper == NULL)
		return NULL;
	pk_db_close(keeper->db);
	pthread_cond_destroy(&keeper->asked);
	pthread_mutex_destroy(&keeper->lock);
	free(keeper);
	return NULL;
}

PK_DEFINE_CLEANUP(struct pk_keeper *, free_keeper);

int
pk_keeper_start(const char *db_path, bool check_all, struct pk_keeper **ret_keeper)
{
	pk_cleanup(free_keeperp) struct pk_keeper *keeper = calloc(1, sizeof(*keeper));
	pthread_condattr_t monotonic;

	if (keeper == NULL)
		return -ENOMEM;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&keeper->asked, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_mutex_init(&keeper->lock, NULL);
	keeper->db_path = db_path;
	keeper->view.check = check_all ? PK_KEEPER_BUSY : PK_KEEPER_IDLE;
	int r = pk_db_open(db_path, PK_DB_KEEP, &keeper->db);
	if (r == 0)
		r = -pthread_create(&keeper->thread, NULL, keep, keeper);
	if (r == 0)
		*ret_keeper = pk_steal(&keeper);
	return r;
}

struct pk_keeper *
pk_keeper_stop(struct pk_keeper *keeper)
{
	if (keeper == NULL)
		return NULL;
	atomic_store(&keeper->stopping, true);
	pthread_mutex_lock(&keeper->lock);
	pthread_cond_signal(&keeper->asked);
	pthread_mutex_unlock(&keeper->lock);
	pthread_join(keeper->thread, NULL);
	return free_keeper(keeper);
}

int
pk_keeper_backup(struct pk_keeper *keeper, const char *path)
{
	int r = 0;

	pthread_mutex_lock(&keeper->lock);
	if (keeper->view.backup == PK_KEEPER_BUSY)
		r = -EBUSY;
	else if (strlen(path) >= sizeof(keeper->view.backup_path))
		r = -ENAMETOOLONG;
	if (r == 0) {
		snprintf(keeper->view.backup_path, sizeof(keeper->view.backup_path),
		    "%s", path);
		keeper->view.error[0] = '\0';
		keeper->view.backup = PK_KEEPER_BUSY;
		pthread_cond_signal(&keeper->asked);
	}
	pthread_mutex_unlock(&keeper->lock);
	return r;
}

void
pk_keeper_view(struct pk_keeper *keeper, struct pk_keeper_view *ret_view)
{
	pthread_mutex_lock(&keeper->lock);
	*ret_view = keeper->view;
	pthread_mutex_unlock(&keeper->lock);
}
