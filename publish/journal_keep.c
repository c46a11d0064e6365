/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/journal.h"

#include "base/failpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- retention ---- */

/* What may go: a message does when it is behind none of these. */
struct bounds {
	int64_t before_ms;
	int64_t total;      /* over the bytes when its own begins below this */
	int64_t held_total; /* the same, for what cursors hold */
	int64_t held_seq;   /* cursors hold what is above this */
	int64_t newest_seq;
};

/* Where the cursor is that holds most; INT64_MAX when none holds. */
static int
held_from(struct pk_db *db, int64_t hold_since_ms, int64_t *ret_seq)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "SELECT coalesce(min(seq), ?1) FROM cursor WHERE seen_ms >= ?2"
	    " AND epoch = (SELECT epoch FROM epoch)");

	pk_stmt_bind_int(stmt, 1, INT64_MAX);
	pk_stmt_bind_int(stmt, 2, hold_since_ms);
	int r = pk_stmt_step(stmt);
	if (r <= 0)
		return r < 0 ? r : -EIO;
	*ret_seq = hold_since_ms == INT64_MAX ? INT64_MAX : pk_stmt_int(stmt, 0);
	pk_stmt_reset(stmt);
	return 0;
}

/* Returns 1, 0 when the journal is empty, or an error. */
static int
find_bounds(
    struct pk_db *db, const struct pk_retention *retention, struct bounds *ret_bounds)
{
	struct bounds bounds = { .before_ms = retention->before_ms };
	struct pk_stmt *stmt = pk_db_prepare(
	    db, "SELECT seq, total FROM message ORDER BY seq DESC LIMIT 1");

	int r = pk_stmt_step(stmt);
	if (r <= 0)
		return r;
	bounds.newest_seq = pk_stmt_int(stmt, 0);
	bounds.total = pk_stmt_int(stmt, 1) - retention->bytes_max;
	bounds.held_total = bounds.total - retention->bytes_max;
	pk_stmt_reset(stmt);
	r = held_from(db, retention->hold_since_ms, &bounds.held_seq);
	if (r < 0)
		return r;
	*ret_bounds = bounds;
	return 1;
}

/* Once a message has to stay, so have those behind it. */
static bool
may_go(const struct bounds *bounds, int64_t seq, int64_t at_ms, int64_t begins)
{
	bool over = begins < bounds->total && seq < bounds->newest_seq;

	if (seq > bounds->held_seq)
		return begins < bounds->held_total && seq < bounds->newest_seq;
	return over || at_ms < bounds->before_ms;
}

/* Counts those that may go; *ret_seq is the last of them. */
static int
count_old(struct pk_db *db, const struct bounds *bounds, size_t max, int64_t *ret_seq)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "SELECT seq, at_ms, total - length(CAST(topic AS BLOB)) - length(body)"
	    " FROM message ORDER BY seq");
	int n = 0, r = 1;

	while ((size_t)n < max && (r = pk_stmt_step(stmt)) > 0) {
		int64_t seq = pk_stmt_int(stmt, 0);
		if (!may_go(bounds, seq, pk_stmt_int(stmt, 1), pk_stmt_int(stmt, 2)))
			break;
		*ret_seq = seq;
		n++;
	}
	pk_stmt_reset(stmt);
	return r < 0 ? r : n;
}

int
pk_journal_prune(struct pk_db *db, const struct pk_retention *retention, size_t max)
{
	struct bounds bounds;
	int64_t last = 0;
	int r = find_bounds(db, retention, &bounds);

	if (r <= 0)
		return r;
	int n = count_old(db, &bounds, max < INT_MAX ? max : INT_MAX, &last);
	if (n <= 0)
		return n;
	struct pk_stmt *stmt = pk_db_prepare(db, "DELETE FROM message WHERE seq <= ?");
	pk_stmt_bind_int(stmt, 1, last);
	r = pk_stmt_run(stmt);
	PK_FAILPOINT(retention);
	return r < 0 ? r : n;
}

int
pk_journal_bytes(struct pk_db *db, int64_t *ret_bytes)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "SELECT coalesce("
	    "(SELECT total FROM message ORDER BY seq DESC LIMIT 1) -"
	    " (SELECT total - length(CAST(topic AS BLOB)) - length(body)"
	    " FROM message ORDER BY seq LIMIT 1), 0)");
	int r = pk_stmt_step(stmt);

	if (r <= 0)
		return r < 0 ? r : -EIO;
	*ret_bytes = pk_stmt_int(stmt, 0);
	pk_stmt_reset(stmt);
	return 0;
}

/* ---- the mark of who is at work ---- */

int
pk_journal_forget(struct pk_db *db, int64_t before_ms, size_t max)
{
	struct pk_stmt *events = pk_db_prepare(db,
	    "DELETE FROM event WHERE article IN (SELECT id FROM article"
	    " WHERE told_ms < ? ORDER BY told_ms, id LIMIT ?)");
	pk_stmt_bind_int(events, 1, before_ms);
	pk_stmt_bind_int(events, 2, (int64_t)max);
	int r = pk_stmt_run(events);
	if (r < 0)
		return r;
	struct pk_stmt *articles =
	    pk_db_prepare(db, "DELETE FROM article WHERE id IN (SELECT id FROM article"
			      " WHERE told_ms < ? ORDER BY told_ms, id LIMIT ?)");
	pk_stmt_bind_int(articles, 1, before_ms);
	pk_stmt_bind_int(articles, 2, (int64_t)max);
	r = pk_stmt_run(articles);
	return r < 0 ? r : (int)pk_db_changes(db);
}

int
pk_journal_was_unclean(struct pk_db *db, bool *ret_unclean)
{
	struct pk_stmt *stmt =
	    pk_db_prepare(db, "SELECT EXISTS (SELECT 1 FROM running)");
	int r = pk_stmt_step(stmt);

	if (r <= 0)
		return r < 0 ? r : -EIO;
	*ret_unclean = pk_stmt_int(stmt, 0) != 0;
	pk_stmt_reset(stmt);
	return 0;
}

int
pk_journal_mark_running(struct pk_db *db, int64_t now_ms)
{
	struct pk_stmt *stmt =
	    pk_db_prepare(db, "INSERT INTO running(since_ms) SELECT ? WHERE NOT EXISTS"
			      " (SELECT 1 FROM running)");

	pk_stmt_bind_int(stmt, 1, now_ms);
	return pk_stmt_run(stmt);
}

int
pk_journal_mark_clean(struct pk_db *db)
{
	return pk_db_exec(db, "DELETE FROM running");
}

/* ---- backup ---- */

/* Takes the epoch out of a copy, and the mark of who made it. */
static int
forget_epoch(const char *path)
{
	pk_cleanup(pk_db_closep) struct pk_db *copy = NULL;
	int r = pk_db_open(path, PK_DB_WRITE, &copy);

	return r < 0 ? r
		     : pk_db_exec(copy,
			   "BEGIN; DELETE FROM epoch; DELETE FROM running; COMMIT;"
			   /* one file, not three, and closing it leaves it alone */
			   "PRAGMA journal_mode=DELETE;");
}

/* A new name is on disk when its folder is. */
static int
sync_folder_of(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int len = slash == NULL ? 0 : (int)(slash - path) + 1;

	snprintf(folder, sizeof(folder), "%.*s.", len, path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	int r = fsync(fd) == 0 ? 0 : -errno;
	close(fd);
	return r;
}

/* Gives the complete copy its name, unless somebody else has it by now; not every file
 * system can look and rename at once. */
static int
name_copy(const char *part, const char *path)
{
	int r = renameat2(AT_FDCWD, part, AT_FDCWD, path, RENAME_NOREPLACE);

	if (r < 0 && errno == EINVAL)
		r = rename(part, path);
	return r < 0 ? -errno : sync_folder_of(path);
}

/* The files that SQLite keeps beside one, and would read into another of its name. */
static const char *const companions[] = { "", "-wal", "-shm", "-journal" };

static int
look_for_any(const char *path)
{
	char name[PATH_MAX];

	for (size_t i = 0; i < PK_COUNT(companions); i++) {
		int n = snprintf(name, sizeof(name), "%s%s", path, companions[i]);
		if (n < 0 || (size_t)n >= sizeof(name))
			return -ENAMETOOLONG;
		if (access(name, F_OK) == 0)
			return -EEXIST;
	}
	return 0;
}

static void
remove_all(const char *path)
{
	char name[PATH_MAX];

	for (size_t i = 0; i < PK_COUNT(companions); i++) {
		snprintf(name, sizeof(name), "%s%s", path, companions[i]);
		unlink(name);
	}
}

int
pk_journal_backup(
    struct pk_db *db, const char *path, int (*go_on)(void *), void *context)
{
	char part[PATH_MAX - sizeof("-journal")];
	int n = snprintf(part, sizeof(part), "%s.part", path);

	if (n < 0 || (size_t)n >= sizeof(part))
		return -ENAMETOOLONG;
	int r = look_for_any(path);
	if (r < 0)
		return r;
	remove_all(part); /* of one that was killed */
	r = pk_db_backup(db, part, go_on, context);
	if (r == 0)
		r = forget_epoch(part);
	if (r == 0)
		r = name_copy(part, path);
	if (r < 0)
		remove_all(part);
	return r;
}
