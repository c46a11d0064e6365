/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/poll/entries.h"

#include "base/map.h"
#include "fetch/http/retry.h"
#include "fetch/poll/state_priv.h"

#include <errno.h>

#define HOUR_MS INT64_C(3600000)
#define DAY_MS  (24 * HOUR_MS)

/* So often an entry may change and be fetched again at once; then once an hour. */
#define QUICK_REVISIONS 3

/* ---- from a feed ---- */

/* Nothing was published after it was seen, whatever its feed says. */
static int64_t
order_ms(const struct pk_poll_entry *entry, int64_t now_ms)
{
	int64_t published_ms = entry->published_s * 1000;

	return entry->published_s != 0 && published_ms < now_ms ? published_ms : now_ms;
}

static int
add_entry(struct pk_db *db, const struct pk_feed_row *feed,
    const struct pk_poll_entry *entry, int64_t now_ms)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "INSERT INTO entry(feed, key, link, title, published, content_hash, state,"
	    " backlog, next_try_ms, first_seen_ms, last_seen_ms, order_ms,"
	    " published_raw, published_source, published_confidence)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, iif(?3 IS NULL, 'none', 'pending'), ?7,"
	    " ?8, ?8, ?8, ?9, ?10, ?11, ?12)");

	pk_stmt_bind_int(stmt, 1, feed->row);
	pk_stmt_bind_text(stmt, 2, entry->key);
	pk_stmt_bind_text(stmt, 3, entry->link);
	pk_stmt_bind_text(stmt, 4, entry->title);
	pk_stmt_bind_text(stmt, 5, entry->published);
	pk_stmt_bind_text(stmt, 6, entry->content_hash);
	pk_stmt_bind_int(stmt, 7, !feed->read);
	pk_stmt_bind_int(stmt, 8, now_ms);
	pk_stmt_bind_int(stmt, 9, order_ms(entry, now_ms));
	pk_stmt_bind_text(stmt, 10, entry->published_raw);
	pk_stmt_bind_text(stmt, 11, entry->published_source);
	pk_stmt_bind_text(stmt, 12, entry->published_confidence);
	return pk_stmt_run(stmt);
}

/* An entry that is pending already keeps its attempts and its time: a feed whose
 * entries change with each poll must not have a dead page asked for for ever. */
static int
change_entry(struct pk_db *db, int64_t row, const struct pk_poll_entry *entry,
    int64_t now_ms, int64_t next_try_ms)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "UPDATE entry SET link = ?2, title = ?3, published = ?4, content_hash = ?5,"
	    " published_raw = ?8, published_source = ?9, published_confidence = ?10,"
	    " revision = revision + 1,"
	    " attempts = iif(state = 'pending', attempts, 0),"
	    " next_try_ms = iif(state = 'pending', next_try_ms, ?6),"
	    " state = iif(?2 IS NULL, 'none', 'pending'), last_seen_ms = ?7"
	    " WHERE row = ?1");

	pk_stmt_bind_int(stmt, 1, row);
	pk_stmt_bind_text(stmt, 2, entry->link);
	pk_stmt_bind_text(stmt, 3, entry->title);
	pk_stmt_bind_text(stmt, 4, entry->published);
	pk_stmt_bind_text(stmt, 5, entry->content_hash);
	pk_stmt_bind_int(stmt, 6, next_try_ms);
	pk_stmt_bind_int(stmt, 7, now_ms);
	pk_stmt_bind_text(stmt, 8, entry->published_raw);
	pk_stmt_bind_text(stmt, 9, entry->published_source);
	pk_stmt_bind_text(stmt, 10, entry->published_confidence);
	return pk_stmt_run(stmt);
}

/* Once a day is enough to know what a feed still shows, and spares the disk. */
static int
see_entry(struct pk_db *db, int64_t row, int64_t last_seen_ms, int64_t now_ms)
{
	if (last_seen_ms > now_ms - DAY_MS)
		return 0;
	struct pk_stmt *stmt =
	    pk_db_prepare(db, "UPDATE entry SET last_seen_ms = ?2 WHERE row = ?1");
	pk_stmt_bind_int(stmt, 1, row);
	pk_stmt_bind_int(stmt, 2, now_ms);
	return pk_stmt_run(stmt);
}

static int
record_entry(struct pk_db *db, const struct pk_feed_row *feed,
    const struct pk_poll_entry *entry, int64_t now_ms, struct pk_poll_counts *counts)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "SELECT row, content_hash IS ?3, revision, last_seen_ms FROM entry"
	    " WHERE feed = ?1 AND key = ?2");
	pk_stmt_bind_int(stmt, 1, feed->row);
	pk_stmt_bind_text(stmt, 2, entry->key);
	pk_stmt_bind_text(stmt, 3, entry->content_hash);
	int r = pk_stmt_step(stmt);
	if (r < 0)
		return r;
	if (r == 0) {
		counts->fresh++;
		return add_entry(db, feed, entry, now_ms);
	}
	int64_t row = pk_stmt_int(stmt, 0);
	bool same = pk_stmt_int(stmt, 1);
	int64_t revision = pk_stmt_int(stmt, 2);
	int64_t last_seen_ms = pk_stmt_int(stmt, 3);
	pk_stmt_reset(stmt);

	counts->known++;
	if (same)
		return see_entry(db, row, last_seen_ms, now_ms);
	counts->changed++;
	return change_entry(db, row, entry, now_ms,
	    revision > QUICK_REVISIONS ? now_ms + HOUR_MS : now_ms);
}

static int
record_all(struct pk_db *db, const struct pk_feed_row *feed,
    const struct pk_poll_result *result, struct pk_poll_counts *counts)
{
	static char seen[] = "seen";
	pk_cleanup(pk_map_freep) struct pk_map *keys = pk_map_new();

	if (keys == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < result->n_entries; i++) {
		const struct pk_poll_entry *entry = &result->entries[i];
		/* Two entries with one key would change each other at every poll. */
		if (pk_map_get(keys, entry->key) != NULL)
			continue;
		int r = pk_map_set(keys, entry->key, seen);
		if (r == 0)
			r = record_entry(db, feed, entry, result->polled_ms, counts);
		if (r < 0)
			return r;
	}
	return 0;
}

int
pk_poll_record_entries(struct pk_db *db, const struct pk_feed_row *feed,
    const struct pk_poll_result *result, struct pk_poll_counts *counts)
{
	int r = feed->read ? pk_poll_rekey(db, feed, result) : 0;

	if (r < 0)
		return r;
	counts->rekeyed = (size_t)r;
	return record_all(db, feed, result, counts);
}

/* ---- their pages ---- */

static int
add_pending(
    struct pk_stmt *stmt, struct pk_arena *arena, struct pk_poll_pending_list *list)
{
	struct pk_poll_pending *item = pk_array_push(arena, list);

	if (item == NULL)
		return -ENOMEM;
	*item = (struct pk_poll_pending){
		.row = pk_stmt_int(stmt, 0),
		.revision = (unsigned)pk_stmt_int(stmt, 1),
		.attempts = (unsigned)pk_stmt_int(stmt, 2),
		.backlog = pk_stmt_int(stmt, 3) != 0,
		.feed = pk_stmt_text(stmt, 4),
		.link = pk_stmt_text(stmt, 5),
		.title = pk_stmt_text(stmt, 6),
		.published = pk_stmt_text(stmt, 7),
	};
	struct pk_span *const texts[] = { &item->feed, &item->link, &item->title,
		&item->published };
	return pk_poll_keep(arena, texts, PK_COUNT(texts)) ? 0 : -ENOMEM;
}

int
pk_poll_pending(struct pk_db *db, struct pk_arena *arena, int64_t now_ms,
    size_t per_feed, size_t limit, struct pk_poll_pending_list *ret_list)
{
	struct pk_poll_pending_list list = { 0 };
	/* Steps from feed to feed in the index, so that one with ten thousand pending
	 * entries costs as much as one with a few. */
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "WITH RECURSIVE busy(feed) AS ("
	    " SELECT min(feed) FROM entry WHERE state = 'pending'"
	    " UNION ALL SELECT (SELECT min(feed) FROM entry"
	    "  WHERE state = 'pending' AND feed > busy.feed)"
	    " FROM busy WHERE busy.feed IS NOT NULL)"
	    " SELECT e.row, e.revision, e.attempts, e.backlog, f.id, e.link, e.title,"
	    " e.published FROM busy CROSS JOIN feed f ON f.row = busy.feed"
	    " CROSS JOIN entry e ON e.row IN ("
	    "  SELECT row FROM entry WHERE state = 'pending' AND feed = busy.feed"
	    "  AND next_try_ms <= ?1 ORDER BY next_try_ms, order_ms, row LIMIT ?2)"
	    " WHERE f.state <> 'off' ORDER BY e.next_try_ms, e.order_ms, e.row LIMIT "
	    "?3");
	int r;

	pk_stmt_bind_int(stmt, 1, now_ms);
	pk_stmt_bind_int(stmt, 2, (int64_t)per_feed);
	pk_stmt_bind_int(stmt, 3, (int64_t)limit);
	while ((r = pk_stmt_step(stmt)) > 0) {
		r = add_pending(stmt, arena, &list);
		if (r < 0) {
			pk_stmt_reset(stmt);
			return r;
		}
	}
	if (r == 0)
		*ret_list = list;
	return r;
}

int
pk_poll_next_try(struct pk_db *db, int64_t now_ms, int64_t *ret_next_ms)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "SELECT next_try_ms FROM entry WHERE state = 'pending' AND next_try_ms > ?"
	    " ORDER BY next_try_ms LIMIT 1");
	pk_stmt_bind_int(stmt, 1, now_ms);
	int r = pk_stmt_step(stmt);
	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	*ret_next_ms = pk_stmt_int(stmt, 0);
	pk_stmt_reset(stmt);
	return 0;
}

int
pk_poll_entry_end(
    struct pk_db *db, int64_t row, unsigned revision, enum pk_poll_end end)
{
	static const char *const states[] = {
		[PK_POLL_DONE] = "done",
		[PK_POLL_NONE] = "none",
		[PK_POLL_FAILED] = "failed",
	};
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "UPDATE entry SET state = ?3 WHERE row = ?1 AND revision = ?2"
	    " AND state = 'pending'");

	pk_stmt_bind_int(stmt, 1, row);
	pk_stmt_bind_int(stmt, 2, revision);
	pk_stmt_bind_text(stmt, 3, pk_span_of(states[end]));
	int r = pk_stmt_run(stmt);
	if (r < 0)
		return r;
	return pk_db_changes(db) == 1 ? 0 : -ESTALE;
}

static int
read_attempts(struct pk_db *db, int64_t row, unsigned revision, unsigned *ret_attempts)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "SELECT attempts FROM entry WHERE row = ? AND revision = ?"
	    " AND state = 'pending'");
	pk_stmt_bind_int(stmt, 1, row);
	pk_stmt_bind_int(stmt, 2, revision);
	int r = pk_stmt_step(stmt);
	if (r <= 0)
		return r < 0 ? r : -ESTALE;
	*ret_attempts = (unsigned)pk_stmt_int(stmt, 0);
	pk_stmt_reset(stmt);
	return 0;
}

int
pk_poll_entry_failed(struct pk_db *db, int64_t row, unsigned revision, int64_t now_ms,
    const struct pk_poll_attempts *attempts, uint64_t random, struct pk_span error)
{
	unsigned n;
	int r = read_attempts(db, row, revision, &n);

	if (r < 0)
		return r;
	n++;
	bool given_up = n >= attempts->limit;
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "UPDATE entry SET attempts = ?2, next_try_ms = ?3, last_error = ?4,"
	    " state = iif(?5, 'failed', 'pending') WHERE row = ?1");
	pk_stmt_bind_int(stmt, 1, row);
	pk_stmt_bind_int(stmt, 2, n);
	pk_stmt_bind_int(stmt, 3,
	    now_ms + pk_backoff(n, attempts->first_ms, attempts->max_ms, random));
	pk_stmt_bind_text(stmt, 4, error);
	pk_stmt_bind_int(stmt, 5, given_up);
	r = pk_stmt_run(stmt);
	return r < 0 ? r : given_up;
}

int
pk_poll_entry_rest(struct pk_db *db, int64_t row, unsigned revision, int64_t until_ms)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "UPDATE entry SET next_try_ms = ?3 WHERE row = ?1 AND revision = ?2"
	    " AND state = 'pending'");

	pk_stmt_bind_int(stmt, 1, row);
	pk_stmt_bind_int(stmt, 2, revision);
	pk_stmt_bind_int(stmt, 3, until_ms);
	int r = pk_stmt_run(stmt);
	if (r < 0)
		return r;
	return pk_db_changes(db) == 1 ? 0 : -ESTALE;
}

int
pk_poll_prune(struct pk_db *db, int64_t before_ms, size_t limit)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "DELETE FROM entry WHERE row IN ("
	    " SELECT e.row FROM entry e CROSS JOIN feed f ON f.row = e.feed"
	    " WHERE e.last_seen_ms < ?1 AND (f.state = 'off' OR"
	    "  (e.state <> 'pending' AND f.last_read_ms > e.last_seen_ms + ?3))"
	    " LIMIT ?2)");
	pk_stmt_bind_int(stmt, 1, before_ms);
	pk_stmt_bind_int(stmt, 2, (int64_t)limit);
	pk_stmt_bind_int(stmt, 3, DAY_MS);
	int r = pk_stmt_run(stmt);
	return r < 0 ? r : (int)pk_db_changes(db);
}
