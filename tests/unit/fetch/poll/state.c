/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/poll/state.h"

#include "fetch/poll/entries.h"
#include "fetch/poll/plan.h"
#include "fetch/poll/schema.h"
#include "fetch/poll/websub.h"
#include "tests/unit/fetch/poll/database.h"

#include <errno.h>

#define NOW  INT64_C(1700000000000)
#define HOUR INT64_C(3600000)
#define DAY  (24 * HOUR)

#define URL "https://news.example/rss"

static const struct pk_poll_attempts attempts = { .limit = 6,
	.first_ms = 60000,
	.max_ms = HOUR };

/* ---- short words for the tests ---- */

static struct pk_poll_entry
entry(const char *key, const char *hash)
{
	return (struct pk_poll_entry){ .key = pk_span_of(key),
		.link = pk_span_of(key),
		.title = PK_SPAN("خبر"),
		.published = PK_SPAN("2023-11-14T22:13:20Z"),
		.content_hash = pk_span_of(hash) };
}

static struct pk_poll_result
poll_at(const char *feed, int64_t now)
{
	return (struct pk_poll_result){
		.feed = pk_span_of(feed), .url = PK_SPAN(URL), .polled_ms = now
	};
}

static struct pk_poll_counts
record(struct fixture *f, struct pk_poll_result result,
    const struct pk_poll_entry *entries, size_t n)
{
	struct pk_poll_counts counts = { 0 };

	result.entries = entries;
	result.n_entries = n;
	assert_int_equal(pk_db_begin(f->db), 0);
	assert_int_equal(pk_poll_record(f->db, &result, &counts), 0);
	assert_int_equal(pk_db_commit(f->db), 0);
	return counts;
}

static void
record_failed(struct fixture *f, const struct pk_poll_result *result, const char *error)
{
	assert_int_equal(pk_poll_record_failed(f->db, result, PK_SPAN("server_status"),
			     pk_span_of(error)),
	    0);
}

static struct pk_poll_feed
load(struct fixture *f, const char *feed)
{
	struct pk_poll_feed known = { 0 };

	assert_int_equal(
	    pk_poll_feed_load(f->db, f->arena, pk_span_of(feed), PK_SPAN(URL), &known),
	    0);
	return known;
}

static struct pk_poll_pending_list
pending(struct fixture *f, int64_t now)
{
	struct pk_poll_pending_list list = { 0 };

	assert_int_equal(pk_poll_pending(f->db, f->arena, now, 8, 100, &list), 0);
	return list;
}

static bool
is(struct pk_span text, const char *want)
{
	return pk_span_eq(text, pk_span_of(want));
}

/* ---- the tests ---- */

static void
a_poll_is_remembered(void **state)
{
	struct fixture *f = *state;
	struct pk_poll_result result = poll_at("irna", NOW);
	const struct pk_poll_entry entries[] = { entry("a", "1"), entry("b", "1") };

	result.validators =
	    (struct pk_validators){ PK_SPAN("W/\"1\""), PK_SPAN("Mon, 1 Jan") };
	result.body_hash = PK_SPAN("abc");
	struct pk_poll_counts counts = record(f, result, entries, 2);
	assert_int_equal(counts.fresh, 2);
	assert_int_equal(counts.changed, 0);
	crash(f);

	struct pk_poll_feed feed = load(f, "irna");
	assert_true(is(feed.state, "ok"));
	assert_true(is(feed.validators.etag, "W/\"1\""));
	assert_true(is(feed.validators.last_modified, "Mon, 1 Jan"));
	assert_true(is(feed.body_hash, "abc"));
	assert_int_equal(feed.last_ok_ms, NOW);
	assert_null(feed.last_error.ptr);

	struct pk_poll_pending_list list = pending(f, NOW);
	assert_int_equal(list.len, 2);
	assert_true(is(list.items[0].feed, "irna"));
	assert_true(is(list.items[0].link, "a"));
	assert_true(is(list.items[0].title, "خبر"));
	assert_true(is(list.items[0].published, "2023-11-14T22:13:20Z"));
	assert_int_equal(list.items[0].revision, 1);
	assert_true(is(list.items[1].link, "b"));
}

/* P5: a crash between fetch and commit means another fetch, with the old validators. */
static void
validators_and_entries_commit_together_or_not_at_all(void **state)
{
	struct fixture *f = *state;
	struct pk_poll_result result = poll_at("irna", NOW);
	const struct pk_poll_entry entries[] = { entry("a", "1"), entry("b", "1") };
	struct pk_poll_counts counts;

	result.validators.etag = PK_SPAN("\"1\"");
	record(f, result, entries, 1);

	result.validators.etag = PK_SPAN("\"2\"");
	result.entries = entries;
	result.n_entries = 2;
	result.polled_ms = NOW + HOUR;
	assert_int_equal(pk_db_begin(f->db), 0);
	assert_int_equal(pk_poll_record(f->db, &result, &counts), 0);
	crash(f);

	struct pk_poll_feed feed = load(f, "irna");
	assert_true(is(feed.validators.etag, "\"1\""));
	assert_int_equal(feed.last_poll_ms, NOW);
	assert_int_equal(pending(f, NOW + DAY).len, 1);
	/* the same poll again finds the same entry new */
	assert_int_equal(record(f, result, entries, 2).fresh, 1);
}

static void
a_partial_feed_keeps_the_old_validators(void **state)
{
	struct fixture *f = *state;
	struct pk_poll_result result = poll_at("irna", NOW);
	const struct pk_poll_entry entries[] = { entry("a", "1"), entry("b", "1") };

	result.validators.etag = PK_SPAN("\"1\"");
	result.body_hash = PK_SPAN("abc");
	record(f, result, entries, 1);
	result.validators.etag = PK_SPAN("\"2\"");
	result.body_hash = PK_SPAN("def");
	result.partial = true;
	assert_int_equal(record(f, result, entries, 2).fresh, 1);

	struct pk_poll_feed feed = load(f, "irna");
	assert_true(is(feed.validators.etag, "\"1\""));
	assert_true(is(feed.body_hash, "abc"));
	assert_non_null(feed.last_error.ptr);
	assert_int_equal(pending(f, NOW).len, 2);
}

static void
a_304_renews_validators_and_ends_the_error(void **state)
{
	struct fixture *f = *state;
	struct pk_poll_result result = poll_at("irna", NOW);

	result.validators =
	    (struct pk_validators){ PK_SPAN("\"1\""), PK_SPAN("Monday") };
	record(f, result, NULL, 0);
	record_failed(f, &result, "HTTP 500");
	record_failed(f, &result, "HTTP 502");
	struct pk_poll_feed feed = load(f, "irna");
	assert_true(is(feed.state, "failing"));
	assert_true(is(feed.error_class, "server_status"));
	assert_true(is(feed.last_error, "HTTP 502"));
	assert_true(is(feed.validators.etag, "\"1\""));

	result = poll_at("irna", NOW + HOUR);
	result.validators.etag = PK_SPAN("\"2\"");
	assert_int_equal(pk_poll_record_unchanged(f->db, &result), 0);
	feed = load(f, "irna");
	assert_true(is(feed.state, "ok"));
	assert_null(feed.error_class.ptr);
	assert_int_equal(feed.last_ok_ms, NOW + HOUR);
	assert_true(is(feed.validators.etag, "\"2\""));
	assert_true(is(feed.validators.last_modified, "Monday"));
	assert_null(feed.last_error.ptr);
}

static void
a_feed_that_moved_starts_without_validators(void **state)
{
	struct fixture *f = *state;
	struct pk_poll_result result = poll_at("irna", NOW);
	struct pk_poll_feed feed;
	const struct pk_span moved = PK_SPAN("https://new.example/rss");

	assert_int_equal(
	    pk_poll_feed_load(f->db, f->arena, PK_SPAN("irna"), PK_SPAN(URL), &feed),
	    -ENOENT);
	result.validators.etag = PK_SPAN("\"1\"");
	record(f, result, NULL, 0);
	assert_int_equal(
	    pk_poll_feed_load(f->db, f->arena, PK_SPAN("irna"), moved, &feed), 0);
	assert_null(feed.validators.etag.ptr);
	assert_int_equal(feed.life.next_poll_ms, 0);

	/* and a failure at the new place does not bring the old ones back */
	result.url = moved;
	record_failed(f, &result, "HTTP 404");
	assert_null(load(f, "irna").validators.etag.ptr);
}

static void
what_a_new_feed_shows_is_backlog(void **state)
{
	struct fixture *f = *state;
	const struct pk_poll_entry entries[] = { entry("a", "1"), entry("b", "1") };
	struct pk_poll_result result = poll_at("irna", NOW);

	record_failed(f, &result, "HTTP 500");
	record(f, poll_at("irna", NOW + 1), entries, 1);
	record(f, poll_at("irna", NOW + 2), entries, 2);
	struct pk_poll_pending_list list = pending(f, NOW + 2);
	assert_int_equal(list.len, 2);
	assert_true(list.items[0].backlog);
	assert_false(list.items[1].backlog);
}

static void
a_changed_entry_is_pending_again(void **state)
{
	struct fixture *f = *state;
	struct pk_poll_entry one = entry("a", "1");

	record(f, poll_at("irna", NOW), &one, 1);
	int64_t row = pending(f, NOW).items[0].row;
	assert_int_equal(pk_poll_entry_end(f->db, row, 1, PK_POLL_DONE), 0);
	assert_int_equal(pending(f, NOW).len, 0);
	assert_int_equal(record(f, poll_at("irna", NOW + 1), &one, 1).changed, 0);
	assert_int_equal(pending(f, NOW + 1).len, 0);

	one.content_hash = PK_SPAN("2");
	one.link = PK_SPAN("a2");
	assert_int_equal(record(f, poll_at("irna", NOW + 2), &one, 1).changed, 1);
	struct pk_poll_pending_list list = pending(f, NOW + 2);
	assert_int_equal(list.len, 1);
	assert_int_equal(list.items[0].row, row);
	assert_int_equal(list.items[0].revision, 2);
	assert_true(is(list.items[0].link, "a2"));
}

/* A page that was fetched before the change must not end the work on what came after.
 */
static void
work_on_an_old_revision_ends_nothing(void **state)
{
	struct fixture *f = *state;
	struct pk_poll_entry one = entry("a", "1");

	record(f, poll_at("irna", NOW), &one, 1);
	int64_t row = pending(f, NOW).items[0].row;
	one.content_hash = PK_SPAN("2");
	record(f, poll_at("irna", NOW + 1), &one, 1);
	assert_int_equal(pk_poll_entry_end(f->db, row, 1, PK_POLL_DONE), -ESTALE);
	assert_int_equal(
	    pk_poll_entry_failed(f->db, row, 1, NOW, &attempts, 0, PK_SPAN("HTTP 500")),
	    -ESTALE);
	assert_int_equal(pending(f, NOW + 1).len, 1);
	assert_int_equal(pk_poll_entry_end(f->db, row, 2, PK_POLL_NONE), 0);
	assert_int_equal(pending(f, NOW + 1).len, 0);
	assert_int_equal(pk_poll_entry_end(f->db, row, 2, PK_POLL_DONE), -ESTALE);
}

static void
a_restless_entry_is_fetched_once_an_hour(void **state)
{
	struct fixture *f = *state;
	unsigned fetched = 0;
	char hash[16];

	/* polled each minute for a day, other content each time */
	for (int64_t now = NOW; now < NOW + DAY; now += 60000) {
		snprintf(hash, sizeof(hash), "%lld", (long long)now);
		struct pk_poll_entry one = entry("a", hash);
		record(f, poll_at("irna", now), &one, 1);
		struct pk_poll_pending_list list = pending(f, now);
		if (list.len == 0)
			continue;
		fetched++;
		assert_int_equal(pk_poll_entry_end(f->db, list.items[0].row,
				     list.items[0].revision, PK_POLL_DONE),
		    0);
	}
	assert_in_range(fetched, 20, 30);
}

static void
an_entry_is_given_up_after_six_attempts(void **state)
{
	struct fixture *f = *state;
	const struct pk_poll_entry one = entry("a", "1");
	int64_t now = NOW, next;

	record(f, poll_at("irna", NOW), &one, 1);
	int64_t row = pending(f, NOW).items[0].row;
	for (int i = 1; i <= 6; i++) {
		assert_int_equal(pending(f, now).len, 1);
		int r = pk_poll_entry_failed(
		    f->db, row, 1, now, &attempts, 0, PK_SPAN("timeout"));
		assert_int_equal(r, i == 6);
		if (i == 6)
			break;
		assert_int_equal(pending(f, now).len, 0);
		assert_int_equal(pk_poll_next_try(f->db, now, &next), 0);
		assert_int_equal(next - now, 60000 << (i - 1));
		now = next;
	}
	assert_int_equal(pending(f, now + DAY).len, 0);
	assert_int_equal(pk_poll_next_try(f->db, now, &next), -ENOENT);

	/* a change of the entry gives it another chance */
	const struct pk_poll_entry changed = entry("a", "2");
	record(f, poll_at("irna", now), &changed, 1);
	assert_int_equal(pending(f, now).items[0].attempts, 0);
}

static void
a_dead_page_is_given_up_even_while_its_entry_changes(void **state)
{
	struct fixture *f = *state;
	unsigned fetched = 0;
	char hash[16];

	for (int64_t now = NOW; now < NOW + DAY; now += 60000) {
		snprintf(hash, sizeof(hash), "%lld", (long long)now);
		struct pk_poll_entry one = entry("a", hash);
		record(f, poll_at("irna", now), &one, 1);
		struct pk_poll_pending_list list = pending(f, now);
		if (list.len == 0)
			continue;
		fetched++;
		pk_poll_entry_failed(f->db, list.items[0].row, list.items[0].revision,
		    now, &attempts, 0, PK_SPAN("timeout"));
	}
	/* six attempts an hour at most, not one a minute */
	assert_in_range(fetched, 6, 24 * 6);
}

static void
no_feed_keeps_the_others_waiting(void **state)
{
	struct fixture *f = *state;
	struct pk_poll_entry many[50];
	char keys[50][16];
	struct pk_poll_pending_list list;

	for (int i = 0; i < 50; i++) {
		snprintf(keys[i], sizeof(keys[i]), "%d", i);
		many[i] = entry(keys[i], "1");
	}
	record(f, poll_at("large", NOW), many, 50);
	record(f, poll_at("small", NOW + 1), many, 2);
	record(f, poll_at("later", NOW + 2), many, 3);
	assert_int_equal(pk_poll_pending(f->db, f->arena, NOW + 1, 4, 100, &list), 0);
	assert_int_equal(list.len, 6);
	for (size_t i = 0; i < list.len; i++)
		assert_true(is(list.items[i].feed, i < 4 ? "large" : "small"));
	assert_int_equal(pk_poll_pending(f->db, f->arena, NOW + 2, 4, 5, &list), 0);
	assert_int_equal(list.len, 5);

	assert_int_equal(pk_poll_feed_off(f->db, PK_SPAN("large")), 0);
	assert_int_equal(pending(f, NOW + 2).len, 5);
	record(f, poll_at("large", NOW + 3), many, 50);
	assert_int_equal(pending(f, NOW + 3).len, 13);
}

static void
double_keys_and_missing_links_do_no_harm(void **state)
{
	struct fixture *f = *state;
	struct pk_poll_entry entries[] = { entry("a", "1"), entry("a", "2"),
		entry("b", "1") };

	entries[2].link = (struct pk_span){ 0 };
	struct pk_poll_counts counts = record(f, poll_at("irna", NOW), entries, 3);
	assert_int_equal(counts.fresh, 2);
	assert_int_equal(record(f, poll_at("irna", NOW), entries, 3).changed, 0);
	assert_int_equal(pending(f, NOW).len, 1);
	/* the same key in another feed is another entry */
	assert_int_equal(record(f, poll_at("isna", NOW), entries, 3).fresh, 2);
}

static void
old_entries_are_forgotten_unless_they_wait_or_are_shown(void **state)
{
	struct fixture *f = *state;
	const struct pk_poll_entry entries[] = { entry("gone", "1"),
		entry("waiting", "1"), entry("shown", "1") };

	record(f, poll_at("irna", NOW), entries, 3);
	struct pk_poll_pending_list list = pending(f, NOW);
	pk_poll_entry_end(f->db, list.items[0].row, 1, PK_POLL_DONE);
	pk_poll_entry_end(f->db, list.items[2].row, 1, PK_POLL_DONE);
	record(f, poll_at("irna", NOW + 2 * DAY), entries + 2, 1);
	assert_int_equal(pk_poll_prune(f->db, NOW + DAY, 100), 1);
	assert_int_equal(record(f, poll_at("irna", NOW), entries, 3).fresh, 1);
}

/* A feed that says for months that nothing has changed still shows what it showed. */
static void
entries_of_a_feed_that_stays_the_same_are_not_forgotten(void **state)
{
	struct fixture *f = *state;
	struct pk_poll_entry entries[2] = { entry("old", "1"), entry("none", "1") };

	entries[0].link = entries[1].link = (struct pk_span){ NULL, 0 };
	record(f, poll_at("irna", NOW), entries, 1);
	struct pk_poll_result result = poll_at("irna", NOW + 300 * DAY);
	assert_int_equal(pk_poll_record_unchanged(f->db, &result), 0);
	assert_int_equal(pk_poll_prune(f->db, NOW + 120 * DAY, 100), 0);
	assert_int_equal(
	    record(f, poll_at("irna", NOW + 301 * DAY), entries, 2).fresh, 1);
	/* of one that was taken out, all is forgotten some day */
	record(f, poll_at("isna", NOW), entries, 1);
	assert_int_equal(pk_poll_feed_off(f->db, PK_SPAN("isna")), 0);
	assert_int_equal(pk_poll_prune(f->db, NOW + 120 * DAY, 100), 1);
}

static int
count_visit(void *context, const struct pk_poll_feed *feed)
{
	unsigned *n = context;

	assert_true(feed->id.len > 0);
	return ++*n == 2 ? 77 : 0;
}

/* ---- what a poll means for the next ones ---- */

static void
a_feeds_life_is_remembered(void **state)
{
	struct fixture *f = *state;
	struct pk_poll_result result = poll_at("irna", NOW);
	const struct pk_poll_life life = {
		.next_poll_ms = NOW + HOUR,
		.health = PK_SPAN("slow"),
		.failures = 3,
		.failing_since_ms = NOW - DAY,
		.slow_polls = 4,
		.took_ms = 12000,
		.last_fresh_ms = NOW - HOUR,
		.polls = 9,
		.finds = 7,
		.gaps = 2,
		.rhythm = PK_SPAN("1 2 3"),
		.move = { PK_SPAN("https://new.example/rss"), 3, NOW - DAY },
	};

	result.about = (struct pk_poll_about){
		.title = PK_SPAN("خبر"),
		.format = PK_SPAN("rss20"),
		.ttl_s = 600,
		.period_s = 3600,
		.skip_hours = 0x800001,
		.skip_days = 0x41,
		.hub = PK_SPAN("https://hub.example/"),
		.topic = PK_SPAN("https://news.example/feed"),
	};
	record(f, result, NULL, 0);
	assert_int_equal(pk_poll_live(f->db, PK_SPAN("irna"), &life), 0);
	struct pk_poll_feed feed = load(f, "irna");
	assert_int_equal(feed.life.next_poll_ms, NOW + HOUR);
	assert_true(is(feed.life.health, "slow"));
	assert_int_equal(feed.life.failures, 3);
	assert_int_equal(feed.life.failing_since_ms, NOW - DAY);
	assert_int_equal(feed.life.slow_polls, 4);
	assert_int_equal(feed.life.took_ms, 12000);
	assert_int_equal(feed.life.last_fresh_ms, NOW - HOUR);
	assert_int_equal(feed.life.polls, 9);
	assert_int_equal(feed.life.finds, 7);
	assert_int_equal(feed.life.gaps, 2);
	assert_true(is(feed.life.rhythm, "1 2 3"));
	assert_true(is(feed.life.move.to, "https://new.example/rss"));
	assert_int_equal(feed.life.move.seen, 3);
	assert_int_equal(feed.life.move.since_ms, NOW - DAY);
	assert_true(is(feed.about.title, "خبر"));
	assert_int_equal(feed.about.ttl_s, 600);
	assert_int_equal(feed.about.skip_days, 0x41);
	assert_true(is(feed.about.topic, "https://news.example/feed"));
}

static void
validators_stay_behind_when_a_feed_moves(void **state)
{
	struct fixture *f = *state;
	struct pk_poll_result result = poll_at("irna", NOW);
	struct pk_poll_life life = { .health = PK_SPAN("up") };

	result.validators.etag = PK_SPAN("\"1\"");
	result.body_hash = PK_SPAN("abc");
	record(f, result, NULL, 0);
	assert_int_equal(pk_poll_live(f->db, PK_SPAN("irna"), &life), 0);
	assert_true(is(load(f, "irna").validators.etag, "\"1\""));
	life.location = PK_SPAN("https://new.example/rss");
	assert_int_equal(pk_poll_live(f->db, PK_SPAN("irna"), &life), 0);
	struct pk_poll_feed feed = load(f, "irna");
	assert_null(feed.validators.etag.ptr);
	assert_null(feed.body_hash.ptr);
	assert_true(
	    is(pk_poll_feed_address(&feed, PK_SPAN(URL)), "https://new.example/rss"));

	/* its operator knows better */
	assert_int_equal(pk_poll_feed_load(f->db, f->arena, PK_SPAN("irna"),
			     PK_SPAN("https://third.example/"), &feed),
	    0);
	assert_null(feed.life.location.ptr);
}

/* ---- entries that come with new keys ---- */

#define SHOWN 10

/* `n` entries of a site whose addresses begin with `base`, with guids made of `guid`.
 */
static void
make_entries(struct fixture *f, struct pk_poll_entry entries[static SHOWN], size_t n,
    const char *base, const char *guid)
{
	for (size_t i = 0; i < n; i++) {
		entries[i] = entry("", "1");
		entries[i].key = pk_arena_printf(f->arena, "%s%zu", guid, i);
		entries[i].link = pk_arena_printf(f->arena, "%s/news/%zu", base, i);
		entries[i].title = pk_arena_printf(f->arena, "title %zu", i);
	}
}

static void
a_storm_of_new_guids_tells_nothing_again(void **state)
{
	struct fixture *f = *state;
	struct pk_poll_entry entries[SHOWN];
	struct pk_poll_counts counts;

	make_entries(f, entries, SHOWN, "http://old.example", "old");
	assert_int_equal(record(f, poll_at("irna", NOW), entries, SHOWN).fresh, SHOWN);

	/* another host and other guids; one entry is new indeed */
	make_entries(f, entries, SHOWN, "https://www.new.example", "new");
	entries[0].link = PK_SPAN("https://www.new.example/news/77");
	entries[0].title = PK_SPAN("something else");
	counts = record(f, poll_at("irna", NOW + HOUR), entries, SHOWN);
	assert_int_equal(counts.rekeyed, SHOWN - 1);
	assert_int_equal(counts.known, SHOWN - 1);
	assert_int_equal(counts.changed, 0);
	assert_int_equal(counts.fresh, 1);

	/* and from then on they are known by their new guids */
	counts = record(f, poll_at("irna", NOW + 2 * HOUR), entries, SHOWN);
	assert_int_equal(counts.fresh + counts.rekeyed, 0);
	assert_int_equal(counts.known, SHOWN);
}

static void
what_is_shown_under_its_old_guid_keeps_it(void **state)
{
	struct fixture *f = *state;
	struct pk_poll_entry entries[SHOWN + 1];
	struct pk_poll_counts counts;

	make_entries(f, entries, SHOWN, "http://a.example", "old");
	record(f, poll_at("irna", NOW), entries, SHOWN);
	/* the first is there twice: as it was, and under a new guid like all others */
	entries[SHOWN] = entries[0];
	make_entries(f, entries, SHOWN, "http://a.example", "new");
	counts = record(f, poll_at("irna", NOW + 1), entries, SHOWN + 1);
	assert_int_equal(counts.rekeyed, SHOWN - 1);
	assert_int_equal(counts.known, SHOWN);
	assert_int_equal(counts.fresh, 1);
	counts = record(f, poll_at("irna", NOW + 2), entries, SHOWN + 1);
	assert_int_equal(counts.known, SHOWN + 1);
}

static void
new_addresses_of_known_titles_are_a_storm_too(void **state)
{
	struct fixture *f = *state;
	struct pk_poll_entry entries[SHOWN];

	make_entries(f, entries, SHOWN, "http://old.example", "old");
	record(f, poll_at("irna", NOW), entries, SHOWN);
	make_entries(f, entries, SHOWN, "http://old.example/fa/archive", "new");
	assert_int_equal(
	    record(f, poll_at("irna", NOW + 1), entries, SHOWN).rekeyed, SHOWN);
}

static void
news_is_no_storm(void **state)
{
	struct fixture *f = *state;
	struct pk_poll_entry entries[SHOWN];
	struct pk_poll_counts counts;

	make_entries(f, entries, SHOWN, "http://a.example", "old");
	record(f, poll_at("irna", NOW), entries, SHOWN);
	/* all new, and all of other things: a gap */
	make_entries(f, entries, SHOWN, "http://a.example/other", "new");
	for (size_t i = 0; i < SHOWN; i++)
		entries[i].title = pk_arena_printf(f->arena, "other %zu", i);
	counts = record(f, poll_at("irna", NOW + 1), entries, SHOWN);
	assert_int_equal(counts.rekeyed, 0);
	assert_int_equal(counts.fresh, SHOWN);
	assert_int_equal(counts.known, 0);

	/* all with one title, as bulletins have: nobody can tell which is which */
	for (size_t i = 0; i < SHOWN; i++)
		entries[i].title = PK_SPAN("bulletin");
	record(f, poll_at("radio", NOW), entries, SHOWN);
	make_entries(f, entries, SHOWN, "http://a.example/today", "today");
	for (size_t i = 0; i < SHOWN; i++)
		entries[i].title = PK_SPAN("bulletin");
	counts = record(f, poll_at("radio", NOW + 1), entries, SHOWN);
	assert_int_equal(counts.rekeyed, 0);
	assert_int_equal(counts.fresh, SHOWN);
}

/* ---- order, indexes, holds ---- */

static void
what_rests_with_its_host_has_made_no_attempt(void **state)
{
	struct fixture *f = *state;
	const struct pk_poll_entry entries[] = { entry("a", "1") };

	record(f, poll_at("irna", NOW), entries, 1);
	int64_t row = pending(f, NOW).items[0].row;
	assert_int_equal(pk_poll_entry_rest(f->db, row, 1, NOW + HOUR), 0);
	assert_int_equal(pending(f, NOW + HOUR - 1).len, 0);
	assert_int_equal(pending(f, NOW + HOUR).len, 1);
	assert_int_equal(pending(f, NOW + HOUR).items[0].attempts, 0);
	/* what has changed meanwhile does not wait */
	assert_int_equal(pk_poll_entry_rest(f->db, row, 2, NOW + DAY), -ESTALE);
	assert_int_equal(pk_poll_entry_end(f->db, row, 1, PK_POLL_DONE), 0);
	assert_int_equal(pk_poll_entry_rest(f->db, row, 1, NOW + DAY), -ESTALE);
}

static void
pages_are_fetched_in_the_order_of_publication(void **state)
{
	struct fixture *f = *state;
	struct pk_poll_entry entries[] = { entry("new", "1"), entry("future", "1"),
		entry("undated", "1"), entry("old", "1") };

	entries[0].published_s = NOW / 1000 - 60;
	entries[1].published_s = NOW / 1000 + 86400;
	entries[3].published_s = NOW / 1000 - 3600;
	record(f, poll_at("irna", NOW), entries, 4);
	struct pk_poll_pending_list list = pending(f, NOW);
	assert_int_equal(list.len, 4);
	assert_true(is(list.items[0].link, "old"));
	assert_true(is(list.items[1].link, "new"));
	/* what claims to be of tomorrow is of today, like what has no time */
	assert_true(is(list.items[2].link, "future"));
	assert_true(is(list.items[3].link, "undated"));
}

static int
is_due(struct fixture *f, struct pk_poll_part part, int64_t now)
{
	return pk_poll_part_is_due(f->db, PK_SPAN("irna"), &part, now, HOUR);
}

static void
children_of_an_index_are_due_when_they_changed(void **state)
{
	struct fixture *f = *state;
	struct pk_poll_result result = poll_at("irna", NOW);
	struct pk_poll_part parts[] = {
		{ .url = PK_SPAN("http://a.example/1.xml"), .changed_s = 1000 },
		{ .url = PK_SPAN("http://a.example/2.xml") },
	};

	assert_int_equal(is_due(f, parts[0], NOW), 1);
	result.parts = parts;
	result.n_parts = 2;
	record(f, result, NULL, 0);
	assert_int_equal(is_due(f, parts[0], NOW + DAY), 0);
	parts[0].changed_s++;
	assert_int_equal(is_due(f, parts[0], NOW), 1);
	assert_int_equal(is_due(f, parts[1], NOW + HOUR - 1), 0);
	assert_int_equal(is_due(f, parts[1], NOW + HOUR), 1);
}

static void
children_that_fail_rest(void **state)
{
	struct fixture *f = *state;
	struct pk_poll_result result = poll_at("irna", NOW);
	struct pk_poll_part part = { .url = PK_SPAN("http://a.example/1.xml"),
		.changed_s = 1000,
		.failed = true };

	result.parts = &part;
	result.n_parts = 1;
	record(f, result, NULL, 0);
	assert_int_equal(is_due(f, part, NOW), PK_POLL_PART_DUE);
	for (int i = 0; i < 30; i++)
		record(f, result, NULL, 0);
	assert_int_equal(is_due(f, part, NOW + 5 * HOUR), PK_POLL_PART_RESTS);
	assert_int_equal(is_due(f, part, NOW + 6 * HOUR), PK_POLL_PART_DUE);
	/* a clock that was set back */
	assert_int_equal(is_due(f, part, NOW - 1), PK_POLL_PART_DUE);

	part.failed = false;
	record(f, result, NULL, 0);
	assert_int_equal(is_due(f, part, NOW), PK_POLL_PART_KNOWN);
}

static void
children_that_an_index_has_no_more_are_forgotten(void **state)
{
	struct fixture *f = *state;
	struct pk_poll_result result = poll_at("irna", NOW);
	const struct pk_poll_part parts[] = {
		{ .url = PK_SPAN("http://a.example/1.xml"), .changed_s = 1000 },
		{ .url = PK_SPAN("http://a.example/2.xml"), .changed_s = 1000 },
	};
	const struct pk_span listed[] = { parts[1].url };

	result.parts = parts;
	result.n_parts = 2;
	record(f, result, NULL, 0);
	result.n_parts = 0;
	record(f, result, NULL, 0);
	assert_int_equal(is_due(f, parts[0], NOW), PK_POLL_PART_KNOWN);
	result.listed = listed;
	result.n_listed = 1;
	record(f, result, NULL, 0);
	assert_int_equal(is_due(f, parts[0], NOW), PK_POLL_PART_DUE);
	assert_int_equal(is_due(f, parts[1], NOW), PK_POLL_PART_KNOWN);
}

static int
note_hold(void *context, struct pk_span host, bool domain, int64_t until_ms)
{
	int64_t *sum = context;

	assert_true(is(host, "busy.example") && domain);
	*sum += until_ms;
	return 0;
}

static void
holds_survive_a_restart_and_end(void **state)
{
	struct fixture *f = *state;
	int64_t sum = 0;
	struct pk_span host = PK_SPAN("busy.example");

	assert_int_equal(pk_poll_hold(f->db, host, true, NOW, NOW + HOUR), 0);
	assert_int_equal(pk_poll_hold(f->db, host, true, NOW, NOW + 5), 0);
	crash(f);
	assert_int_equal(pk_poll_holds(f->db, NOW, note_hold, &sum), 0);
	assert_int_equal(sum, NOW + HOUR);
	sum = 0;
	assert_int_equal(pk_poll_holds(f->db, NOW + HOUR, note_hold, &sum), 0);
	assert_int_equal(sum, 0);
}

static void
all_feeds_can_be_visited(void **state)
{
	struct fixture *f = *state;
	unsigned n = 0;

	record(f, poll_at("a", NOW), NULL, 0);
	assert_int_equal(pk_poll_feeds(f->db, count_visit, &n), 0);
	record(f, poll_at("b", NOW), NULL, 0);
	record(f, poll_at("c", NOW), NULL, 0);
	n = 0;
	assert_int_equal(pk_poll_feeds(f->db, count_visit, &n), 77);
	assert_int_equal(n, 2);
}

static void
what_a_hub_sends_leaves_the_poll_alone(void **state)
{
	struct fixture *f = *state;
	const struct pk_poll_entry entries[] = { entry("a", "1"), entry("b", "1"),
		entry("c", "1") };
	struct pk_poll_result result = poll_at("irna", NOW), push;
	struct pk_poll_counts counts = { 0 };

	push = poll_at("irna", NOW + HOUR);
	push.entries = entries;
	push.n_entries = 3;
	assert_int_equal(pk_poll_record_pushed(f->db, &push, &counts), -ENOENT);
	result.validators.etag = PK_SPAN("\"1\"");
	record(f, result, entries, 1);
	assert_int_equal(pk_poll_record_pushed(f->db, &push, &counts), 0);
	assert_int_equal(counts.fresh, 2);
	assert_int_equal(counts.known, 1);
	struct pk_poll_feed feed = load(f, "irna");
	assert_true(is(feed.validators.etag, "\"1\""));
	assert_int_equal(feed.last_poll_ms, NOW);
	assert_true(is(feed.state, "ok"));
	assert_null(feed.last_error.ptr);
	struct pk_poll_pending_list list = pending(f, NOW + HOUR);
	assert_int_equal(list.len, 3);
	assert_false(list.items[2].backlog);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* ---- older tables ---- */

/* As the first peyk left it: two feeds, entries of every state. */
static void
make_first_tables(struct fixture *f)
{
	pk_db_close(f->db);
	unlink(f->path);
	assert_int_equal(pk_db_open(f->path, PK_DB_WRITE, &f->db), 0);
	assert_int_equal(pk_db_migrate(f->db, "fetch", pk_fetch_poll_schema, 1), 0);
	assert_int_equal(
	    pk_db_exec(f->db,
		"INSERT INTO feed(id, url, state, read, etag, body_hash, next_poll_ms,"
		" failures, last_poll_ms, last_ok_ms) VALUES"
		" ('irna', '" URL "', 'ok', 1, '\"1\"', 'abc', 1700000060000, 0,"
		"  1699999000000, 1699999000000),"
		" ('isna', '" URL "', 'failing', 0, NULL, NULL, 1700000060000, 3,"
		"  1699999000000, NULL);"
		"INSERT INTO entry(feed, key, link, title, content_hash, state, "
		"backlog,"
		" next_try_ms, first_seen_ms, last_seen_ms) VALUES"
		" (1, 'a', 'a', 'x', '1', 'done', 1, 0, 0, 1699999000000),"
		" (1, 'b', 'b', 'x', '1', 'pending', 0, 5, 0, 1699999000000),"
		" (1, 'c', NULL, 'x', '1', 'none', 0, 0, 0, 1699999000000),"
		" (1, 'd', 'd', 'x', '1', 'failed', 0, 0, 0, 1699999000000)"),
	    0);
}

static void
older_tables_are_brought_up_and_tell_nothing_again(void **state)
{
	struct fixture *f = *state;
	struct pk_poll_entry entries[] = { entry("a", "1"), entry("b", "1"),
		entry("c", "1"), entry("d", "1"), entry("e", "1") };
	struct pk_websub websub;
	struct pk_poll_plan plan;

	make_first_tables(f);
	crash(f);
	struct pk_poll_feed feed = load(f, "irna");
	assert_true(is(feed.validators.etag, "\"1\"") && is(feed.body_hash, "abc"));
	assert_true(is(feed.life.health, "new") && feed.life.polls == 0);
	assert_int_equal(feed.life.next_poll_ms, 1700000060000);
	assert_int_equal(load(f, "isna").life.failures, 3);
	assert_int_equal(
	    pk_websub_load(f->db, f->arena, PK_SPAN("irna"), &websub), -ENOENT);
	assert_int_equal(pending(f, NOW).len, 1);

	struct pk_poll_counts counts = record(f, poll_at("irna", NOW), entries, 5);
	assert_int_equal(counts.known, 4);
	assert_int_equal(counts.fresh, 1);
	assert_int_equal(counts.changed + counts.rekeyed, 0);
	assert_int_equal(pending(f, NOW).len, 2);

	/* a first lesson, and no gap */
	const struct pk_poll_facts facts = { .n_entries = 5, .counts = counts };
	const struct pk_rhythm rhythm = {
		.interval_ms = HOUR, .adaptive = true, .min_ms = 60000, .max_ms = DAY
	};
	pk_poll_plan(&feed, &facts, &rhythm, NOW, 0, &plan);
	assert_false(plan.gap);
	assert_in_range(plan.life.next_poll_ms, NOW + 60000, NOW + DAY);
	assert_int_equal(pk_poll_live(f->db, PK_SPAN("irna"), &plan.life), 0);
	assert_true(is(load(f, "irna").life.health, "up"));
}

static void
newer_tables_are_refused(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(
	    pk_db_migrate(f->db, "fetch", pk_fetch_poll_schema, 1), -ESTALE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_poll_is_remembered),
		TEST(validators_and_entries_commit_together_or_not_at_all),
		TEST(a_partial_feed_keeps_the_old_validators),
		TEST(a_feeds_life_is_remembered),
		TEST(validators_stay_behind_when_a_feed_moves),
		TEST(a_storm_of_new_guids_tells_nothing_again),
		TEST(what_is_shown_under_its_old_guid_keeps_it),
		TEST(new_addresses_of_known_titles_are_a_storm_too),
		TEST(news_is_no_storm),
		TEST(what_rests_with_its_host_has_made_no_attempt),
		TEST(pages_are_fetched_in_the_order_of_publication),
		TEST(children_of_an_index_are_due_when_they_changed),
		TEST(children_that_fail_rest),
		TEST(older_tables_are_brought_up_and_tell_nothing_again),
		TEST(newer_tables_are_refused),
		TEST(children_that_an_index_has_no_more_are_forgotten),
		TEST(holds_survive_a_restart_and_end),
		TEST(a_304_renews_validators_and_ends_the_error),
		TEST(a_feed_that_moved_starts_without_validators),
		TEST(what_a_new_feed_shows_is_backlog),
		TEST(a_changed_entry_is_pending_again),
		TEST(work_on_an_old_revision_ends_nothing),
		TEST(a_restless_entry_is_fetched_once_an_hour),
		TEST(an_entry_is_given_up_after_six_attempts),
		TEST(a_dead_page_is_given_up_even_while_its_entry_changes),
		TEST(no_feed_keeps_the_others_waiting),
		TEST(double_keys_and_missing_links_do_no_harm),
		TEST(old_entries_are_forgotten_unless_they_wait_or_are_shown),
		TEST(entries_of_a_feed_that_stays_the_same_are_not_forgotten),
		TEST(what_a_hub_sends_leaves_the_poll_alone),
		TEST(all_feeds_can_be_visited),
	};

	return cmocka_run_group_tests_name("fetch/poll/state", tests, NULL, NULL);
}
