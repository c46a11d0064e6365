/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/poll/state.h"

#include "fetch/poll/schema.h"
#include "fetch/poll/state_priv.h"

#include <errno.h>

int
pk_poll_migrate(struct pk_db *db)
{
	return pk_db_migrate(
	    db, "fetch", pk_fetch_poll_schema, pk_fetch_poll_schema_steps);
}

bool
pk_poll_keep(struct pk_arena *arena, struct pk_span *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (texts[i]->ptr == NULL)
			continue;
		*texts[i] = pk_arena_copy(arena, *texts[i]);
		if (texts[i]->ptr == NULL)
			return false;
	}
	return true;
}

/* ---- feeds ---- */

#define FEED_COLUMNS                                                                   \
	"id, url, state, read, etag, last_modified, body_hash, last_poll_ms,"          \
	" last_ok_ms, last_error, error_class, title, format, ttl_s, period_s,"        \
	" skip_hours, skip_days, hub, topic, next_poll_ms, health, failures,"          \
	" failing_since_ms, slow_polls, took_ms, last_fresh_ms, polls, finds, gaps,"   \
	" rhythm, location, moving_to, moving_seen, moving_since_ms"

static struct pk_poll_feed
feed_of_row(struct pk_stmt *stmt)
{
	return (struct pk_poll_feed){
		.id = pk_stmt_text(stmt, 0),
		.url = pk_stmt_text(stmt, 1),
		.state = pk_stmt_text(stmt, 2),
		.read = pk_stmt_int(stmt, 3) != 0,
		.validators = { pk_stmt_text(stmt, 4), pk_stmt_text(stmt, 5) },
		.body_hash = pk_stmt_text(stmt, 6),
		.last_poll_ms = pk_stmt_int(stmt, 7),
		.last_ok_ms = pk_stmt_int(stmt, 8),
		.last_error = pk_stmt_text(stmt, 9),
		.error_class = pk_stmt_text(stmt, 10),
		.about = {
			.title = pk_stmt_text(stmt, 11),
			.format = pk_stmt_text(stmt, 12),
			.ttl_s = pk_stmt_int(stmt, 13),
			.period_s = pk_stmt_int(stmt, 14),
			.skip_hours = (uint32_t)pk_stmt_int(stmt, 15),
			.skip_days = (uint32_t)pk_stmt_int(stmt, 16),
			.hub = pk_stmt_text(stmt, 17),
			.topic = pk_stmt_text(stmt, 18),
		},
		.life = {
			.next_poll_ms = pk_stmt_int(stmt, 19),
			.health = pk_stmt_text(stmt, 20),
			.failures = (unsigned)pk_stmt_int(stmt, 21),
			.failing_since_ms = pk_stmt_int(stmt, 22),
			.slow_polls = (unsigned)pk_stmt_int(stmt, 23),
			.took_ms = pk_stmt_int(stmt, 24),
			.last_fresh_ms = pk_stmt_int(stmt, 25),
			.polls = pk_stmt_int(stmt, 26),
			.finds = pk_stmt_int(stmt, 27),
			.gaps = pk_stmt_int(stmt, 28),
			.rhythm = pk_stmt_text(stmt, 29),
			.location = pk_stmt_text(stmt, 30),
			.move = { pk_stmt_text(stmt, 31),
			    (unsigned)pk_stmt_int(stmt, 32), pk_stmt_int(stmt, 33) },
		},
	};
}

/* What belongs to one address and not to another. */
static void
forget_address(struct pk_poll_feed *feed)
{
	feed->validators = (struct pk_validators){ 0 };
	feed->body_hash = (struct pk_span){ 0 };
	feed->life.next_poll_ms = 0;
	feed->life.location = (struct pk_span){ 0 };
	feed->life.move = (struct pk_poll_move){ 0 };
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
	if (!pk_span_eq(feed.url, url))
		forget_address(&feed);
	struct pk_span *const texts[] = { &feed.id, &feed.url, &feed.state,
		&feed.validators.etag, &feed.validators.last_modified, &feed.body_hash,
		&feed.last_error, &feed.error_class, &feed.about.title,
		&feed.about.format, &feed.about.hub, &feed.about.topic,
		&feed.life.health, &feed.life.rhythm, &feed.life.location,
		&feed.life.move.to };
	bool kept = pk_poll_keep(arena, texts, PK_COUNT(texts));
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

/* What every poll writes, whatever came of it. What belongs to one URL goes when its
 * operator gives the feed another. */
static int
touch_feed(
    struct pk_db *db, const struct pk_poll_result *result, struct pk_feed_row *ret_feed)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "INSERT INTO feed(id, url, state, next_poll_ms, last_poll_ms)"
	    " VALUES(?1, ?2, 'new', 0, ?3)"
	    " ON CONFLICT(id) DO UPDATE SET"
	    " etag = CASE WHEN url = excluded.url THEN etag END,"
	    " last_modified = CASE WHEN url = excluded.url THEN last_modified END,"
	    " body_hash = CASE WHEN url = excluded.url THEN body_hash END,"
	    " location = CASE WHEN url = excluded.url THEN location END,"
	    " url = excluded.url, last_poll_ms = excluded.last_poll_ms"
	    " RETURNING row, read");
	pk_stmt_bind_text(stmt, 1, result->feed);
	pk_stmt_bind_text(stmt, 2, result->url);
	pk_stmt_bind_int(stmt, 3, result->polled_ms);
	int r = pk_stmt_step(stmt);
	if (r <= 0)
		return r < 0 ? r : -EIO;
	*ret_feed = (struct pk_feed_row){ pk_stmt_int(stmt, 0), pk_stmt_int(stmt, 1) };
	return pk_stmt_run(stmt);
}

/* Behind its entries, as it vouches for them. */
static int
advance_feed(struct pk_db *db, int64_t row, const struct pk_poll_result *result)
{
	struct pk_validators validators = pk_validators_clean(result->validators);
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "UPDATE feed SET state = 'ok', read = 1, last_ok_ms = ?2, last_read_ms = "
	    "?2,"
	    " last_error = iif(?3, 'the end of the feed is missing', NULL),"
	    " error_class = NULL,"
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

static int
write_about(struct pk_db *db, int64_t row, const struct pk_poll_about *about)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "UPDATE feed SET title = ?2, format = ?3, ttl_s = ?4, period_s = ?5,"
	    " skip_hours = ?6, skip_days = ?7, hub = ?8, topic = ?9 WHERE row = ?1");

	pk_stmt_bind_int(stmt, 1, row);
	pk_stmt_bind_text(stmt, 2, about->title);
	pk_stmt_bind_text(stmt, 3, about->format);
	pk_stmt_bind_int(stmt, 4, about->ttl_s);
	pk_stmt_bind_int(stmt, 5, about->period_s);
	pk_stmt_bind_int(stmt, 6, about->skip_hours);
	pk_stmt_bind_int(stmt, 7, about->skip_days);
	pk_stmt_bind_text(stmt, 8, about->hub);
	pk_stmt_bind_text(stmt, 9, about->topic);
	return pk_stmt_run(stmt);
}

int
pk_poll_record(struct pk_db *db, const struct pk_poll_result *result,
    struct pk_poll_counts *ret_counts)
{
	struct pk_poll_counts counts = { 0 };
	struct pk_feed_row feed;
	int r = touch_feed(db, result, &feed);

	if (r == 0)
		r = pk_poll_record_entries(db, &feed, result, &counts);
	if (r == 0)
		r = advance_feed(db, feed.row, result);
	if (r == 0)
		r = write_about(db, feed.row, &result->about);
	if (r == 0)
		r = pk_poll_record_parts(db, feed.row, result);
	if (r == 0)
		*ret_counts = counts;
	return r;
}

int
pk_poll_record_pushed(struct pk_db *db, const struct pk_poll_result *result,
    struct pk_poll_counts *ret_counts)
{
	struct pk_poll_counts counts = { 0 };
	struct pk_stmt *stmt =
	    pk_db_prepare(db, "SELECT row FROM feed WHERE id = ? AND read");

	pk_stmt_bind_text(stmt, 1, result->feed);
	int r = pk_stmt_step(stmt);
	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	struct pk_feed_row feed = { pk_stmt_int(stmt, 0), true };
	pk_stmt_reset(stmt);
	r = pk_poll_record_entries(db, &feed, result, &counts);
	if (r == 0)
		*ret_counts = counts;
	return r;
}

int
pk_poll_record_unchanged(struct pk_db *db, const struct pk_poll_result *result)
{
	struct pk_validators validators = pk_validators_clean(result->validators);
	struct pk_feed_row feed;
	int r = touch_feed(db, result, &feed);

	if (r < 0)
		return r;
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "UPDATE feed SET state = 'ok', last_ok_ms = ?2,"
	    " last_error = NULL, error_class = NULL, etag = coalesce(?3, etag),"
	    " last_modified = coalesce(?4, last_modified) WHERE row = ?1");
	pk_stmt_bind_int(stmt, 1, feed.row);
	pk_stmt_bind_int(stmt, 2, result->polled_ms);
	pk_stmt_bind_text(stmt, 3, validators.etag);
	pk_stmt_bind_text(stmt, 4, validators.last_modified);
	return pk_stmt_run(stmt);
}

int
pk_poll_record_failed(struct pk_db *db, const struct pk_poll_result *result,
    struct pk_span error_class, struct pk_span error)
{
	struct pk_feed_row feed;
	int r = touch_feed(db, result, &feed);

	if (r < 0)
		return r;
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "UPDATE feed SET state = 'failing', error_class = ?2, last_error = ?3"
	    " WHERE row = ?1");
	pk_stmt_bind_int(stmt, 1, feed.row);
	pk_stmt_bind_text(stmt, 2, error_class);
	pk_stmt_bind_text(stmt, 3, error);
	return pk_stmt_run(stmt);
}

int
pk_poll_live(struct pk_db *db, struct pk_span feed, const struct pk_poll_life *life)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "UPDATE feed SET next_poll_ms = ?2, health = ?3, failures = ?4,"
	    " failing_since_ms = ?5, slow_polls = ?6, took_ms = ?7, last_fresh_ms = ?8,"
	    " polls = ?9, finds = ?10, gaps = ?11, rhythm = ?12,"
	    " etag = iif(location IS ?13, etag, NULL),"
	    " last_modified = iif(location IS ?13, last_modified, NULL),"
	    " body_hash = iif(location IS ?13, body_hash, NULL), location = ?13,"
	    " moving_to = ?14, moving_seen = ?15, moving_since_ms = ?16"
	    " WHERE id = ?1");

	pk_stmt_bind_text(stmt, 1, feed);
	pk_stmt_bind_int(stmt, 2, life->next_poll_ms);
	pk_stmt_bind_text(stmt, 3, life->health);
	pk_stmt_bind_int(stmt, 4, life->failures);
	pk_stmt_bind_int(stmt, 5, life->failing_since_ms);
	pk_stmt_bind_int(stmt, 6, life->slow_polls);
	pk_stmt_bind_int(stmt, 7, life->took_ms);
	pk_stmt_bind_int(stmt, 8, life->last_fresh_ms);
	pk_stmt_bind_int(stmt, 9, life->polls);
	pk_stmt_bind_int(stmt, 10, life->finds);
	pk_stmt_bind_int(stmt, 11, life->gaps);
	pk_stmt_bind_text(stmt, 12, life->rhythm);
	pk_stmt_bind_text(stmt, 13, life->location);
	pk_stmt_bind_text(stmt, 14, life->move.to);
	pk_stmt_bind_int(stmt, 15, life->move.seen);
	pk_stmt_bind_int(stmt, 16, life->move.since_ms);
	return pk_stmt_run(stmt);
}

/* ---- hosts that want to be left alone ---- */

int
pk_poll_hold(struct pk_db *db, struct pk_span host, bool domain, int64_t now_ms,
    int64_t until_ms)
{
	struct pk_stmt *stmt =
	    pk_db_prepare(db, "DELETE FROM hold WHERE until_ms <= ?");

	pk_stmt_bind_int(stmt, 1, now_ms);
	int r = pk_stmt_run(stmt);
	if (r < 0)
		return r;
	stmt = pk_db_prepare(db,
	    "INSERT INTO hold(host, domain, until_ms) VALUES(?1, ?2, ?3) ON CONFLICT"
	    " DO UPDATE SET until_ms = max(until_ms, excluded.until_ms)");
	pk_stmt_bind_text(stmt, 1, host);
	pk_stmt_bind_int(stmt, 2, domain);
	pk_stmt_bind_int(stmt, 3, until_ms);
	return pk_stmt_run(stmt);
}

int
pk_poll_holds(struct pk_db *db, int64_t now_ms,
    int (*visit)(void *context, struct pk_span host, bool domain, int64_t until_ms),
    void *context)
{
	struct pk_stmt *stmt = pk_db_prepare(
	    db, "SELECT host, domain, until_ms FROM hold WHERE until_ms > ?");
	int r;

	pk_stmt_bind_int(stmt, 1, now_ms);
	while ((r = pk_stmt_step(stmt)) > 0) {
		r = visit(context, pk_stmt_text(stmt, 0), pk_stmt_int(stmt, 1) != 0,
		    pk_stmt_int(stmt, 2));
		if (r != 0) {
			pk_stmt_reset(stmt);
			return r;
		}
	}
	return r;
}
