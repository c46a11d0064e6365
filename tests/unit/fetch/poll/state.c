/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/poll/state.h"

#include "base/cleanup.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define NOW  INT64_C(1700000000000)
#define HOUR INT64_C(3600000)
#define DAY  (24 * HOUR)

#define URL "https://news.example/rss"

static const struct pk_poll_attempts attempts = { .limit = 6,
	.first_ms = 60000,
	.max_ms = HOUR };

/* ---- a database in a directory of its own ---- */

struct fixture {
	char directory[64];
	char path[96];
	struct pk_db *db;
	struct pk_arena *arena;
};

static void
open_db(struct fixture *f)
{
	assert_int_equal(pk_db_open(f->path, PK_DB_WRITE, &f->db), 0);
	/* a crash here is a closed connection, not a power cut */
	assert_int_equal(pk_db_exec(f->db, "PRAGMA synchronous=OFF"), 0);
	assert_int_equal(pk_poll_migrate(f->db), 0);
}

/* What a crash leaves: whatever was committed. */
static void
crash(struct fixture *f)
{
	pk_db_close(f->db);
	open_db(f);
}

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	strcpy(f->directory, "/tmp/peyk-state-XXXXXX");
	assert_non_null(mkdtemp(f->directory));
	snprintf(f->path, sizeof(f->path), "%s/peyk.db", f->directory);
	f->arena = pk_arena_new((size_t)1 << 20);
	open_db(f);
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;
	char name[128];

	pk_db_close(f->db);
	pk_arena_free(f->arena);
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	for (size_t i = 0; i < PK_COUNT(suffixes); i++) {
		snprintf(name, sizeof(name), "%s%s", f->path, suffixes[i]);
		unlink(name);
	}
	rmdir(f->directory);
	free(f);
	return 0;
}

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
	return (struct pk_poll_result){ .feed = pk_span_of(feed),
		.url = PK_SPAN(URL),
		.polled_ms = now,
		.next_poll_ms = now + 600000 };
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
	assert_int_equal(feed.next_poll_ms, NOW + 600000);
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
a_304_renews_validators_and_ends_the_failures(void **state)
{
	struct fixture *f = *state;
	struct pk_poll_result result = poll_at("irna", NOW);

	result.validators =
	    (struct pk_validators){ PK_SPAN("\"1\""), PK_SPAN("Monday") };
	record(f, result, NULL, 0);
	assert_int_equal(pk_poll_record_failed(f->db, &result, PK_SPAN("HTTP 500")), 0);
	assert_int_equal(pk_poll_record_failed(f->db, &result, PK_SPAN("HTTP 502")), 0);
	struct pk_poll_feed feed = load(f, "irna");
	assert_true(is(feed.state, "failing"));
	assert_int_equal(feed.failures, 2);
	assert_true(is(feed.last_error, "HTTP 502"));
	assert_true(is(feed.validators.etag, "\"1\""));

	result = poll_at("irna", NOW + HOUR);
	result.validators.etag = PK_SPAN("\"2\"");
	assert_int_equal(pk_poll_record_unchanged(f->db, &result), 0);
	feed = load(f, "irna");
	assert_true(is(feed.state, "ok"));
	assert_int_equal(feed.failures, 0);
	assert_int_equal(feed.last_ok_ms, NOW + HOUR);
	assert_int_equal(feed.next_poll_ms, NOW + HOUR + 600000);
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
	assert_int_equal(feed.next_poll_ms, 0);

	/* and a failure at the new place does not bring the old ones back */
	result.url = moved;
	assert_int_equal(pk_poll_record_failed(f->db, &result, PK_SPAN("HTTP 404")), 0);
	assert_null(load(f, "irna").validators.etag.ptr);
}

static void
what_a_new_feed_shows_is_backlog(void **state)
{
	struct fixture *f = *state;
	const struct pk_poll_entry entries[] = { entry("a", "1"), entry("b", "1") };
	struct pk_poll_result result = poll_at("irna", NOW);

	assert_int_equal(pk_poll_record_failed(f->db, &result, PK_SPAN("HTTP 500")), 0);
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

static int
count_visit(void *context, const struct pk_poll_feed *feed)
{
	unsigned *n = context;

	assert_true(feed->id.len > 0);
	return ++*n == 2 ? 77 : 0;
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_poll_is_remembered),
		TEST(validators_and_entries_commit_together_or_not_at_all),
		TEST(a_partial_feed_keeps_the_old_validators),
		TEST(a_304_renews_validators_and_ends_the_failures),
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
		TEST(all_feeds_can_be_visited),
	};

	return cmocka_run_group_tests_name("fetch/poll/state", tests, NULL, NULL);
}
