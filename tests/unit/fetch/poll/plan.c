/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/poll/plan.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define NOW    INT64_C(1700000000000)
#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

#define OLD PK_SPAN("http://old.example/rss")
#define NEW PK_SPAN("https://new.example/feed")

static const struct pk_rhythm every_ten_minutes = {
	.interval_ms = 10 * MINUTE,
	.min_ms = MINUTE,
	.max_ms = 6 * HOUR,
	.backoff_first_ms = MINUTE,
	.backoff_max_ms = 12 * HOUR,
};

/* A feed over its polls, as the tables would keep it. */
struct feed {
	struct pk_poll_feed known;
	struct pk_poll_plan plan;
	char rhythm[PK_RHYTHM_TEXT_SIZE];
	int64_t now_ms;
};

static struct feed
new_feed(void)
{
	return (
	    struct feed){ .known = { .id = PK_SPAN("a"), .url = OLD }, .now_ms = NOW };
}

static struct pk_poll_facts
facts(size_t fresh, size_t known)
{
	return (struct pk_poll_facts){
		.n_entries = fresh + known,
		.counts = { .fresh = fresh, .known = known },
		.fresh_ms = -1,
		.retry_after_ms = -1,
	};
}

static struct pk_poll_facts
failed(enum pk_failure failure)
{
	struct pk_poll_facts f = facts(0, 0);

	f.failure = failure;
	return f;
}

static const struct pk_poll_plan *
poll_feed(struct feed *feed, struct pk_poll_facts facts)
{
	struct pk_poll_feed *known = &feed->known;

	pk_poll_plan(known, &facts, &every_ten_minutes, feed->now_ms, 0, &feed->plan);
	known->life = feed->plan.life;
	memcpy(feed->rhythm, feed->plan.rhythm, sizeof(feed->rhythm));
	known->life.rhythm = pk_span_of(feed->rhythm);
	known->last_poll_ms = feed->now_ms;
	if (facts.failure == PK_FAILURE_NONE) {
		known->last_ok_ms = feed->now_ms;
		known->read = known->read || !facts.unchanged;
	}
	known->state =
	    facts.failure == PK_FAILURE_NONE ? PK_SPAN("ok") : PK_SPAN("failing");
	return &feed->plan;
}

static bool
is_at(const struct feed *feed, struct pk_span want)
{
	return pk_span_eq(pk_poll_feed_address(&feed->known, OLD), want);
}

static void
a_first_reading_is_up_and_no_gap(void **state)
{
	struct feed feed = new_feed();
	const struct pk_poll_plan *plan = poll_feed(&feed, facts(20, 0));

	(void)state;
	assert_true(plan->health_changed);
	assert_int_equal(plan->health, PK_HEALTH_UP);
	assert_false(plan->gap);
	assert_int_equal(plan->life.next_poll_ms, NOW + 10 * MINUTE);
	assert_int_equal(plan->life.last_fresh_ms, NOW);

	feed.now_ms += HOUR;
	plan = poll_feed(&feed, facts(2, 18));
	assert_false(plan->health_changed);
	assert_int_equal(plan->life.polls, 2);
	assert_int_equal(plan->life.finds, 2);
}

static void
a_feed_without_a_known_entry_has_lost_some(void **state)
{
	struct feed feed = new_feed();
	struct pk_poll_facts partial = facts(20, 0);

	(void)state;
	poll_feed(&feed, facts(20, 0));
	feed.now_ms += DAY;
	assert_true(poll_feed(&feed, facts(20, 0))->gap);
	assert_int_equal(feed.known.life.gaps, 1);
	assert_false(poll_feed(&feed, facts(19, 1))->gap);
	/* too few to tell; and of a part nobody can */
	assert_false(poll_feed(&feed, facts(1, 0))->gap);
	partial.partial = true;
	assert_false(poll_feed(&feed, partial)->gap);
}

static void
failures_count_and_end(void **state)
{
	struct feed feed = new_feed();

	(void)state;
	poll_feed(&feed, facts(5, 0));
	for (unsigned i = 1; i <= 5; i++) {
		feed.now_ms += HOUR;
		poll_feed(&feed, failed(PK_FAILURE_SERVER_STATUS));
		assert_int_equal(feed.known.life.failures, i);
		assert_int_equal(feed.known.life.failing_since_ms, NOW + HOUR);
	}
	assert_int_equal(feed.plan.health, PK_HEALTH_FAILING);
	feed.now_ms += HOUR;
	const struct pk_poll_plan *plan = poll_feed(&feed, facts(1, 4));
	assert_true(plan->health_changed);
	assert_int_equal(plan->health, PK_HEALTH_UP);
	assert_int_equal(plan->life.failures, 0);
	assert_int_equal(plan->life.failing_since_ms, 0);
}

static void
what_was_off_is_told_to_be_up_again(void **state)
{
	struct feed feed = new_feed();

	(void)state;
	poll_feed(&feed, facts(5, 0));
	feed.known.state = PK_SPAN("off");
	assert_true(poll_feed(&feed, facts(0, 5))->health_changed);
}

/* ---- moves ---- */

static struct pk_poll_facts
redirected(struct pk_span to)
{
	struct pk_poll_facts f = facts(0, 5);

	f.moved = to;
	return f;
}

static void
a_move_is_believed_when_it_was_seen_for_two_days(void **state)
{
	struct feed feed = new_feed();

	(void)state;
	poll_feed(&feed, facts(5, 0));
	for (int i = 0; i < 10; i++) {
		feed.now_ms += HOUR;
		assert_false(poll_feed(&feed, redirected(NEW))->moved);
	}
	feed.now_ms += 2 * DAY;
	assert_true(poll_feed(&feed, redirected(NEW))->moved);
	assert_true(is_at(&feed, NEW));
	/* it is there, so nothing moves any more */
	assert_false(poll_feed(&feed, facts(0, 5))->moved);
	assert_true(is_at(&feed, NEW));
}

static void
a_move_that_wavers_is_not_believed(void **state)
{
	struct feed feed = new_feed();

	(void)state;
	poll_feed(&feed, facts(5, 0));
	for (int i = 0; i < 20; i++) {
		feed.now_ms += 12 * HOUR;
		/* every fourth time it answers itself, or goes elsewhere */
		struct pk_span to = i % 4 == 3 ? PK_SPAN("http://else.example/") : NEW;
		assert_false(poll_feed(&feed, redirected(to))->moved);
	}
	assert_true(is_at(&feed, OLD));
}

static void
a_move_to_another_feed_is_not_believed(void **state)
{
	struct feed feed = new_feed();
	struct pk_poll_facts other = facts(5, 0);

	(void)state;
	poll_feed(&feed, facts(5, 0));
	other.moved = NEW;
	for (int i = 0; i < 10; i++) {
		feed.now_ms += DAY;
		assert_false(poll_feed(&feed, other)->moved);
	}
	/* a failure between does not make it begin anew */
	assert_false(poll_feed(&feed, failed(PK_FAILURE_TIMEOUT))->moved);
	assert_true(poll_feed(&feed, redirected(NEW))->moved);
}

static void
a_feed_that_fails_where_it_moved_is_asked_at_home(void **state)
{
	struct feed feed = new_feed();

	(void)state;
	poll_feed(&feed, facts(5, 0));
	feed.known.life.location = NEW;
	for (int i = 1; i < PK_MOVE_FAILURES; i++)
		assert_false(poll_feed(&feed, failed(PK_FAILURE_DNS))->moved);
	assert_true(poll_feed(&feed, failed(PK_FAILURE_DNS))->moved);
	assert_true(is_at(&feed, OLD));
}

static void
a_site_leads_to_its_feed_once(void **state)
{
	struct feed feed = new_feed();
	struct pk_poll_facts page = failed(PK_FAILURE_NOT_A_FEED);

	(void)state;
	page.found = NEW;
	const struct pk_poll_plan *plan = poll_feed(&feed, page);
	assert_true(plan->moved);
	assert_true(is_at(&feed, NEW));
	assert_false(plan->health_changed);
	assert_int_equal(plan->life.failures, 0);
	assert_in_range(plan->life.next_poll_ms, NOW, NOW + MINUTE);

	/* what was a feed once and shows a page now is in trouble, wherever it points
	 */
	feed = new_feed();
	poll_feed(&feed, facts(5, 0));
	assert_false(poll_feed(&feed, page)->moved);
	assert_int_equal(feed.known.life.failures, 1);
}

/* ---- hints ---- */

static void
a_feeds_hints_hold_while_it_says_nothing_new(void **state)
{
	struct feed feed = new_feed();
	struct pk_poll_facts hinted = facts(5, 0), unchanged = facts(0, 0);
	const struct pk_poll_about about = { .ttl_s = 7200 };

	(void)state;
	hinted.about = &about;
	poll_feed(&feed, hinted);
	int64_t first_ms = feed.known.life.next_poll_ms - NOW;
	feed.known.about = about; /* as the tables keep it */
	unchanged.unchanged = true;
	poll_feed(&feed, unchanged);
	assert_int_equal(feed.known.life.next_poll_ms - NOW, first_ms);
	assert_in_range(first_ms, 10 * MINUTE, 2 * HOUR);
}

static void
retry_after_is_obeyed(void **state)
{
	struct feed feed = new_feed();
	struct pk_poll_facts busy = failed(PK_FAILURE_BUSY);

	(void)state;
	busy.retry_after_ms = 20 * HOUR;
	poll_feed(&feed, busy);
	assert_in_range(feed.known.life.next_poll_ms, NOW + 20 * HOUR, NOW + 22 * HOUR);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_first_reading_is_up_and_no_gap),
		cmocka_unit_test(a_feed_without_a_known_entry_has_lost_some),
		cmocka_unit_test(failures_count_and_end),
		cmocka_unit_test(what_was_off_is_told_to_be_up_again),
		cmocka_unit_test(a_move_is_believed_when_it_was_seen_for_two_days),
		cmocka_unit_test(a_move_that_wavers_is_not_believed),
		cmocka_unit_test(a_move_to_another_feed_is_not_believed),
		cmocka_unit_test(a_feed_that_fails_where_it_moved_is_asked_at_home),
		cmocka_unit_test(a_site_leads_to_its_feed_once),
		cmocka_unit_test(a_feeds_hints_hold_while_it_says_nothing_new),
		cmocka_unit_test(retry_after_is_obeyed),
	};

	return cmocka_run_group_tests_name("fetch/poll/plan", tests, NULL, NULL);
}
