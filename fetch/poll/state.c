/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/poll/state.h"

#include "base/map.h"
#include "fetch/http/retry.h"
#include "fetch/poll/schema.h"

#include <errno.h>

#define HOUR_MS INT64_C(3600000)
#define DAY_MS  (24 * HOUR_MS)

/* So often an entry may change and be fetched again at once; then once an hour. */
#define QUICK_REVISIONS 3

int
pk_poll_migrate(struct pk_db *db)
{
	return pk_db_migrate(
	    db, "fetch", pk_fetch_poll_schema, pk_fetch_poll_schema_steps);
}

/* ---- feeds ---- */

#define FEED_COLUMNS                                                                   \
	"id, url, state, etag, last_modified, body_hash, next_poll_ms, last_poll_ms,"  \
	" last_ok_ms, failures, last_error"

static struct pk_poll_feed
feed_of_row(struct pk_stmt *stmt)
{
	return (struct pk_poll_feed){
		.id = pk_stmt_text(stmt, 0),
		.url = pk_stmt_text(stmt, 1),
		.state = pk_stmt_text(stmt, 2),
		.validators = { pk_stmt_text(stmt, 3), pk_stmt_text(stmt, 4) },
		.body_hash = pk_stmt_text(stmt, 5),
		.next_poll_ms = pk_stmt_int(stmt, 6),
		.last_poll_ms = pk_stmt_int(stmt, 7),
		.last_ok_ms = pk_stmt_int(stmt, 8),
		.failures = (unsigned)pk_stmt_int(stmt, 9),
		.last_error = pk_stmt_text(stmt, 10),
	};
}

/* Moves what a row lent into the arena; false on no memory. Absent stays absent. */
static bool
keep(struct pk_arena *arena, struct pk_span *text)
{
	if (text->ptr != NULL)
		*text = pk_arena_copy(arena, *text);
	return text->ptr != NULL;
}

static bool
keep_all(struct pk_arena *arena, struct pk_span *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (texts[i]->ptr != NULL && !keep(arena, texts[i]))
			return false;
	return true;
}

int
pk_poll_feed_load(struct pk_db *db, struct pk_arena *arena, struct pk_span id,
    struct pk_span url, struct pk_poll_feed *ret_feed)
{
	struct pk_stmt *stmt =
	    pk_db_prepare(db, "SELECT " FEED_COLUMNS " FROM feed WHERE id = ?");
	pk_stmt_bind_text(stmt, 1, id);
	int r = pk_stmt_step(stmt);
	if (r <= 0)
		return r < 0 ? r : -ENOENT;

	struct pk_poll_feed feed = feed_of_row(stmt);
	if (!pk_span_eq(feed.url, url)) {
		feed.validators = (struct pk_validators){ 0 };
		feed.body_hash = (struct pk_span){ 0 };
		feed.next_poll_ms = 0;
	}
	struct pk_span *const texts[] = { &feed.id, &feed.url, &feed.state,
		&feed.validators.etag, &feed.validators.last_modified, &feed.body_hash,
		&feed.last_error };
	bool kept = keep_all(arena, texts, PK_COUNT(texts));
	pk_stmt_reset(stmt);
	if (!kept)
		return -ENOMEM;
	*ret_feed = feed;
	return 0;
}

int
pk_poll_feeds(struct pk_db *db,
    int (*visit)(void *context, const struct pk_poll_feed *feed), void *context)
{
	struct pk_stmt *stmt =
	    pk_db_prepare(db, "SELECT " FEED_COLUMNS " FROM feed ORDER BY row");
	int r;

	while ((r = pk_stmt_step(stmt)) > 0) {
		struct pk_poll_feed feed = feed_of_row(stmt);
		r = visit(context, &feed);
		if (r != 0) {
			pk_stmt_reset(stmt);
			return r;
		}
	}
	return r;
}

int
pk_poll_feed_off(struct pk_db *db, struct pk_span id)
{
	struct pk_stmt *stmt =
	    pk_db_prepare(db, "UPDATE feed SET state = 'off' WHERE id = ?");

	pk_stmt_bind_text(stmt, 1, id);
	return pk_stmt_run(stmt);
}

/* ---- a poll ---- */

struct known_feed {
	int64_t row;
	bool read; /* entries of it were recorded before */
};

/* What every poll writes, whatever came of it. Validators belong to one URL. */
static int
touch_feed(
    struct pk_db *db, const struct pk_poll_result *result, struct known_feed *ret_feed)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "INSERT INTO feed(id, url, state, next_poll_ms, last_poll_ms)"
	    " VALUES(?1, ?2, 'new', ?3, ?4)"
	    " ON CONFLICT(id) DO UPDATE SET"
	    " etag = CASE WHEN url = excluded.url THEN etag END,"
	    " last_modified = CASE WHEN url = excluded.url THEN last_modified END,"
	    " body_hash = CASE WHEN url = excluded.url THEN body_hash END,"
	    " url = excluded.url, next_poll_ms = excluded.next_poll_ms,"
	    " last_poll_ms = excluded.last_poll_ms"
	    " RETURNING row, read");
	pk_stmt_bind_text(stmt, 1, result->feed);
	pk_stmt_bind_text(stmt, 2, result->url);
	pk_stmt_bind_int(stmt, 3, result->next_poll_ms);
	pk_stmt_bind_int(stmt, 4, result->polled_ms);
	int r = pk_stmt_step(stmt);
	if (r <= 0)
		return r < 0 ? r : -EIO;
	*ret_feed = (struct known_feed){ pk_stmt_int(stmt, 0), pk_stmt_int(stmt, 1) };
	return pk_stmt_run(stmt);
}

static int
add_entry(struct pk_db *db, const struct known_feed *feed,
    const struct pk_poll_entry *entry, int64_t now_ms)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "INSERT INTO entry(feed, key, link, title, published, content_hash, state,"
	    " backlog, next_try_ms, first_seen_ms, last_seen_ms)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, iif(?3 IS NULL, 'none', 'pending'), ?7,"
	    " ?8, ?8, ?8)");

	pk_stmt_bind_int(stmt, 1, feed->row);
	pk_stmt_bind_text(stmt, 2, entry->key);
	pk_stmt_bind_text(stmt, 3, entry->link);
	pk_stmt_bind_text(stmt, 4, entry->title);
	pk_stmt_bind_text(stmt, 5, entry->published);
	pk_stmt_bind_text(stmt, 6, entry->content_hash);
	pk_stmt_bind_int(stmt, 7, !feed->read);
	pk_stmt_bind_int(stmt, 8, now_ms);
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
record_entry(struct pk_db *db, const struct known_feed *feed,
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

	if (same)
		return see_entry(db, row, last_seen_ms, now_ms);
	counts->changed++;
	return change_entry(db, row, entry, now_ms,
	    revision > QUICK_REVISIONS ? now_ms + HOUR_MS : now_ms);
}

static int
record_entries(struct pk_db *db, const struct known_feed *feed,
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

/* Behind its entries, as it vouches for them. */
static int
advance_feed(struct pk_db *db, int64_t row, const struct pk_poll_result *result)
{
	struct pk_validators validators = pk_validators_clean(result->validators);
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "UPDATE feed SET state = 'ok', read = 1, failures = 0, last_ok_ms = ?2,"
	    " last_error = iif(?3, 'the end of the feed is missing', NULL),"
	    " etag = iif(?3, etag, ?4), last_modified = iif(?3, last_modified, ?5),"
	    " body_hash = iif(?3, body_hash, ?6) WHERE row = ?1");

	pk_stmt_bind_int(stmt, 1, row);
	pk_stmt_bind_int(stmt, 2, result->polled_ms);
	pk_stmt_bind_int(stmt, 3, result->partial);
	pk_stmt_bind_text(stmt, 4, validators.etag);
	pk_stmt_bind_text(stmt, 5, validators.last_modified);
	pk_stmt_bind_text(stmt, 6, result->body_hash);
	return pk_stmt_run(stmt);
}

int
pk_poll_record(struct pk_db *db, const struct pk_poll_result *result,
    struct pk_poll_counts *ret_counts)
{
	struct pk_poll_counts counts = { 0 };
	struct known_feed feed;
	int r = touch_feed(db, result, &feed);

	if (r == 0)
		r = record_entries(db, &feed, result, &counts);
	if (r == 0)
		r = advance_feed(db, feed.row, result);
	if (r == 0)
		*ret_counts = counts;
	return r;
}

int
pk_poll_record_unchanged(struct pk_db *db, const struct pk_poll_result *result)
{
	struct pk_validators validators = pk_validators_clean(result->validators);
	struct known_feed feed;
	int r = touch_feed(db, result, &feed);

	if (r < 0)
		return r;
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "UPDATE feed SET state = 'ok', failures = 0, last_ok_ms = ?2,"
	    " last_error = NULL, etag = coalesce(?3, etag),"
	    " last_modified = coalesce(?4, last_modified) WHERE row = ?1");
	pk_stmt_bind_int(stmt, 1, feed.row);
	pk_stmt_bind_int(stmt, 2, result->polled_ms);
	pk_stmt_bind_text(stmt, 3, validators.etag);
	pk_stmt_bind_text(stmt, 4, validators.last_modified);
	return pk_stmt_run(stmt);
}

int
pk_poll_record_failed(
    struct pk_db *db, const struct pk_poll_result *result, struct pk_span error)
{
	struct known_feed feed;
	int r = touch_feed(db, result, &feed);

	if (r < 0)
		return r;
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "UPDATE feed SET state = 'failing', failures = failures + 1,"
	    " last_error = ?2 WHERE row = ?1");
	pk_stmt_bind_int(stmt, 1, feed.row);
	pk_stmt_bind_text(stmt, 2, error);
	return pk_stmt_run(stmt);
}

/* ---- entries ---- */

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
	return keep_all(arena, texts, PK_COUNT(texts)) ? 0 : -ENOMEM;
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
	    "  AND next_try_ms <= ?1 ORDER BY next_try_ms, row LIMIT ?2)"
	    " WHERE f.state <> 'off' ORDER BY e.next_try_ms, e.row LIMIT ?3");
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
pk_poll_prune(struct pk_db *db, int64_t before_ms, size_t limit)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "DELETE FROM entry WHERE row IN (SELECT row FROM entry"
	    " WHERE last_seen_ms < ? AND state <> 'pending' LIMIT ?)");
	pk_stmt_bind_int(stmt, 1, before_ms);
	pk_stmt_bind_int(stmt, 2, (int64_t)limit);
	int r = pk_stmt_run(stmt);
	return r < 0 ? r : (int)pk_db_changes(db);
}
