/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/poll/websub.h"

#include "tests/unit/fetch/poll/database.h"

#include <errno.h>

#define NOW    INT64_C(1700000000000)
#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define WEEK   (7 * DAY)

#define FEED  PK_SPAN("irna")
#define HUB   PK_SPAN("https://hub.example/")
#define TOPIC PK_SPAN("https://news.example/rss")
#define BASE  PK_SPAN("https://peyk.example")

static const uint64_t one_random[6] = { 1, 2, 3, 4, 5, 6 };
static const uint64_t other_random[6] = { 7, 8, 9, 10, 11, 12 };

/* ---- short words for the tests ---- */

static int
offer(struct fixture *f, const char *hub, int64_t now_ms)
{
	const struct pk_websub_offer found = { FEED, pk_span_of(hub), TOPIC, BASE };

	return pk_websub_offered(f->db, &found, now_ms,
	    hub != NULL && strstr(hub, "other") != NULL ? other_random : one_random);
}

static struct pk_websub
load(struct fixture *f)
{
	struct pk_websub websub = { 0 };

	assert_int_equal(pk_websub_load(f->db, f->arena, FEED, &websub), 0);
	return websub;
}

static bool
is_there(struct fixture *f)
{
	struct pk_websub websub;

	return pk_websub_load(f->db, f->arena, FEED, &websub) == 0;
}

static size_t
due(struct fixture *f, int64_t now_ms)
{
	struct pk_websub_list list;

	assert_int_equal(pk_websub_due(f->db, f->arena, now_ms, 10, &list), 0);
	return list.len;
}

static void
note(struct fixture *f, struct pk_span token, enum pk_hub_answer answer,
    int64_t lease_ms, int64_t now_ms)
{
	struct pk_websub_note note = {
		.answer = answer, .lease_ms = lease_ms, .reason = "no room"
	};

	memcpy(note.token, token.ptr, PK_HUB_TOKEN_LEN);
	assert_int_equal(pk_websub_note(f->db, &note, now_ms, 500), 0);
}

/* A subscription that was asked for and verified at `now_ms`. */
static struct pk_websub
subscribe(struct fixture *f, int64_t lease_ms, int64_t now_ms)
{
	offer(f, "https://hub.example/", now_ms);
	struct pk_websub websub = load(f);
	assert_int_equal(pk_websub_asked(f->db, websub.row, now_ms, now_ms + 10,
			     (struct pk_span){ NULL, 0 }, 0),
	    0);
	note(f, websub.token, PK_HUB_SUBSCRIBED, lease_ms, now_ms + 20);
	return load(f);
}

static int
brought(struct fixture *f, bool pushed, size_t fresh, int64_t now_ms)
{
	return pk_websub_brought(f->db, FEED, pushed, fresh, now_ms);
}

static bool
is_trusted(struct fixture *f, int64_t now_ms)
{
	struct pk_websub websub = load(f);

	return pk_websub_is_trusted(&websub, now_ms);
}

/* ---- the way to a subscription ---- */

static void
a_hub_is_asked_verifies_and_is_asked_again(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(offer(f, "https://hub.example/", NOW), 1);
	assert_int_equal(offer(f, "https://hub.example/", NOW + 1), 0);
	struct pk_websub websub = load(f);
	assert_int_equal(websub.state, PK_WEBSUB_PENDING);
	assert_true(pk_span_eq(websub.hub, HUB));
	assert_true(pk_span_eq(websub.topic, TOPIC));
	assert_true(pk_span_eq(websub.callback, BASE));
	assert_int_equal(websub.token.len, PK_HUB_TOKEN_LEN);
	assert_int_equal(websub.secret.len, PK_HUB_SECRET_LEN);
	assert_int_equal(due(f, NOW), 1);

	pk_websub_asked(
	    f->db, websub.row, NOW, NOW + 50, (struct pk_span){ NULL, 0 }, 0);
	assert_int_equal(due(f, NOW + MINUTE), 0);
	assert_int_equal(due(f, NOW + HOUR), 1); /* it never verified */

	note(f, websub.token, PK_HUB_SUBSCRIBED, WEEK, NOW + 100);
	websub = load(f);
	assert_int_equal(websub.state, PK_WEBSUB_VERIFIED);
	assert_int_equal(websub.failures, 0);
	assert_int_equal(websub.lease_until_ms, NOW + 100 + WEEK);
	int64_t next_ms;
	assert_int_equal(pk_websub_next_try(f->db, NOW + HOUR, &next_ms), 0);
	assert_in_range(next_ms, NOW + 5 * DAY, NOW + 6 * DAY);
	assert_int_equal(due(f, NOW + 6 * DAY), 1);
	assert_int_equal(pk_websub_next_try(f->db, NOW + WEEK, &next_ms), -ENOENT);
}

static void
a_hub_may_verify_before_it_answers(void **state)
{
	struct fixture *f = *state;

	offer(f, "https://hub.example/", NOW);
	struct pk_websub websub = load(f);
	note(f, websub.token, PK_HUB_SUBSCRIBED, WEEK, NOW + 20);
	pk_websub_asked(
	    f->db, websub.row, NOW, NOW + 50, (struct pk_span){ NULL, 0 }, 0);
	assert_int_equal(load(f).failures, 0);
	assert_int_equal(due(f, NOW + DAY), 0);
}

static void
a_hub_that_fails_rests_longer_each_time(void **state)
{
	struct fixture *f = *state;
	int64_t now_ms = NOW, last_ms = 0;

	offer(f, "https://hub.example/", NOW);
	for (unsigned i = 1; i <= 12; i++) {
		struct pk_websub websub = load(f);
		pk_websub_asked(
		    f->db, websub.row, now_ms, now_ms, PK_SPAN("HTTP 503"), 0);
		websub = load(f);
		assert_int_equal(websub.failures, i);
		assert_true(pk_span_eq(websub.last_error, PK_SPAN("HTTP 503")));
		int64_t rest_ms = websub.next_try_ms - now_ms;
		assert_true(rest_ms >= last_ms && rest_ms <= DAY);
		last_ms = rest_ms;
		now_ms = websub.next_try_ms;
	}
	assert_int_equal(last_ms, DAY);
}

static void
a_renewal_that_fails_is_tried_again_within_the_lease(void **state)
{
	struct fixture *f = *state;
	struct pk_websub websub = subscribe(f, HOUR, NOW);
	int64_t now_ms = websub.next_try_ms;
	unsigned attempts = 0;

	while (now_ms < websub.lease_until_ms) {
		pk_websub_asked(
		    f->db, websub.row, now_ms, now_ms, PK_SPAN("timeout"), 0);
		assert_int_equal(load(f).state, PK_WEBSUB_VERIFIED);
		now_ms = load(f).next_try_ms;
		attempts++;
	}
	assert_true(attempts >= 2);
}

static void
a_denial_is_kept_for_a_week(void **state)
{
	struct fixture *f = *state;
	struct pk_websub websub = subscribe(f, WEEK, NOW);

	brought(f, true, 1, NOW + 100);
	note(f, websub.token, PK_HUB_DENIED, 0, NOW + HOUR);
	websub = load(f);
	assert_int_equal(websub.state, PK_WEBSUB_DENIED);
	assert_true(
	    pk_span_eq(websub.last_error, PK_SPAN("the hub denies it: no room")));
	assert_false(is_trusted(f, NOW + HOUR));
	assert_int_equal(due(f, NOW + 6 * DAY), 0);
	assert_int_equal(due(f, NOW + 8 * DAY), 1);
}

static void
it_survives_a_crash(void **state)
{
	struct fixture *f = *state;
	struct pk_websub before = subscribe(f, WEEK, NOW);

	pk_db_close(f->db);
	open_db(f);
	struct pk_websub after;
	assert_int_equal(pk_websub_find(f->db, f->arena, before.token, &after), 0);
	assert_true(pk_span_eq(after.secret, before.secret));
	assert_int_equal(after.state, PK_WEBSUB_VERIFIED);
}

/* ---- the way out ---- */

static void
another_hub_takes_the_place_of_the_first(void **state)
{
	struct fixture *f = *state;
	struct pk_websub first = subscribe(f, WEEK, NOW), left;

	assert_int_equal(offer(f, "https://other.example/", NOW + HOUR), 1);
	assert_int_equal(due(f, NOW + HOUR), 2);
	assert_false(pk_span_eq(load(f).token, first.token));
	assert_int_equal(pk_websub_find(f->db, f->arena, first.token, &left), 0);
	assert_int_equal(left.state, PK_WEBSUB_LEAVING);
	note(f, first.token, PK_HUB_SUBSCRIBED, WEEK, NOW + HOUR + 1);
	pk_websub_find(f->db, f->arena, first.token, &left);
	assert_int_equal(left.state, PK_WEBSUB_LEAVING); /* too late */
	note(f, first.token, PK_HUB_UNSUBSCRIBED, 0, NOW + HOUR + 2);
	assert_int_equal(pk_websub_find(f->db, f->arena, first.token, &left), -ENOENT);
	assert_true(is_there(f));
}

static void
a_hub_that_never_agreed_is_not_told_of_the_end(void **state)
{
	struct fixture *f = *state;

	offer(f, "https://hub.example/", NOW);
	struct pk_websub websub = load(f);
	assert_int_equal(pk_websub_leave(f->db, websub.row, NOW + 1), 0);
	assert_int_equal(due(f, NOW + DAY), 0);
	assert_int_equal(
	    pk_websub_find(f->db, f->arena, websub.token, &websub), -ENOENT);
}

static void
a_hub_that_does_not_let_go_is_forgotten(void **state)
{
	struct fixture *f = *state;
	struct pk_websub websub = subscribe(f, WEEK, NOW);
	unsigned asked = 0;

	pk_websub_leave(f->db, websub.row, NOW + HOUR);
	assert_false(is_there(f));
	while (due(f, NOW + DAY) == 1) {
		pk_websub_asked(f->db, websub.row, NOW + HOUR, NOW + HOUR,
		    PK_SPAN("connection refused"), 0);
		asked++;
	}
	assert_int_equal(asked, 5);
}

static void
a_hub_that_is_named_no_longer_is_not_asked_again(void **state)
{
	struct fixture *f = *state;

	subscribe(f, WEEK, NOW);
	assert_int_equal(offer(f, NULL, NOW + DAY), 0);
	assert_true(is_there(f)); /* what it sends still counts */
	assert_int_equal(due(f, NOW + 6 * DAY), 0);
	assert_int_equal(offer(f, "https://hub.example/", NOW + 6 * DAY), 1);
	assert_int_equal(due(f, NOW + 6 * DAY), 1);
	assert_int_equal(offer(f, NULL, NOW + 6 * DAY), 0);
	assert_int_equal(offer(f, NULL, NOW + 8 * DAY), 0);
	assert_false(is_there(f));
	assert_int_equal(offer(f, NULL, NOW + 9 * DAY), 0);
}

static void
a_callback_that_moves_is_told(void **state)
{
	struct fixture *f = *state;

	subscribe(f, WEEK, NOW);
	brought(f, true, 1, NOW + 100);
	assert_int_equal(pk_websub_move(f->db, BASE, NOW + HOUR), 0);
	assert_true(is_trusted(f, NOW + HOUR));
	assert_int_equal(
	    pk_websub_move(f->db, PK_SPAN("https://new.example"), NOW + HOUR), 1);
	assert_int_equal(load(f).state, PK_WEBSUB_PENDING);
	assert_false(is_trusted(f, NOW + HOUR));
	assert_int_equal(due(f, NOW + HOUR), 1);
	assert_int_equal(
	    pk_websub_move(f->db, (struct pk_span){ NULL, 0 }, NOW + HOUR), 1);
	assert_false(is_there(f));
}

/* ---- trust ---- */

static void
trust_is_earned_by_pushes(void **state)
{
	struct fixture *f = *state;

	subscribe(f, WEEK, NOW);
	assert_false(is_trusted(f, NOW + HOUR));
	brought(f, false, 3, NOW + HOUR);    /* a poll says nothing yet */
	brought(f, true, 0, NOW + HOUR + 1); /* nor does a push that comes later */
	assert_false(is_trusted(f, NOW + HOUR + 1));
	brought(f, true, 1, NOW + 2 * HOUR);
	assert_true(is_trusted(f, NOW + 2 * HOUR));
	assert_false(is_trusted(f, NOW + 8 * DAY)); /* the lease has ended */
	assert_int_equal(load(f).pushes, 2);
	assert_int_equal(load(f).last_push_ms, NOW + 2 * HOUR);
}

static void
a_push_may_be_a_little_late(void **state)
{
	struct fixture *f = *state;

	subscribe(f, WEEK, NOW);
	brought(f, true, 1, NOW + MINUTE);
	assert_int_equal(brought(f, false, 1, NOW + HOUR), 0);
	assert_int_equal(load(f).suspect_ms, NOW + HOUR);
	assert_int_equal(brought(f, true, 0, NOW + HOUR + MINUTE), 0);
	assert_int_equal(brought(f, false, 0, NOW + 2 * HOUR), 0);
	assert_true(is_trusted(f, NOW + 2 * HOUR));
}

static void
a_push_that_never_comes_costs_the_trust(void **state)
{
	struct fixture *f = *state;

	subscribe(f, WEEK, NOW);
	brought(f, true, 1, NOW + MINUTE);
	brought(f, false, 1, NOW + HOUR);
	assert_int_equal(brought(f, false, 0, NOW + HOUR + MINUTE), 0); /* too soon */
	assert_true(is_trusted(f, NOW + HOUR + MINUTE));
	assert_int_equal(brought(f, false, 0, NOW + HOUR + 5 * MINUTE), 1);
	assert_false(is_trusted(f, NOW + HOUR + 5 * MINUTE));

	brought(f, true, 1, NOW + 2 * HOUR); /* one is not enough any more */
	assert_false(is_trusted(f, NOW + 2 * HOUR));
	brought(f, true, 1, NOW + 3 * HOUR);
	assert_true(is_trusted(f, NOW + 3 * HOUR));
}

static void
a_renewal_forgives(void **state)
{
	struct fixture *f = *state;
	struct pk_websub websub = subscribe(f, WEEK, NOW);

	for (int i = 0; i < 40; i++) {
		int64_t now_ms = NOW + i * HOUR;
		for (int n = 0; n < 64; n++)
			brought(f, true, 1, now_ms + n);
		brought(f, false, 1, now_ms + 10 * MINUTE);
		assert_int_equal(brought(f, false, 0, now_ms + 20 * MINUTE), 1);
	}
	assert_int_equal(load(f).misses, 40);
	note(f, websub.token, PK_HUB_SUBSCRIBED, WEEK, NOW + 5 * DAY);
	brought(f, true, 1, NOW + 5 * DAY + HOUR);
	assert_true(is_trusted(f, NOW + 5 * DAY + HOUR));
}

static void
feeds_without_a_subscription_are_none_of_its_business(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(brought(f, true, 1, NOW), 0);
	assert_int_equal(brought(f, false, 1, NOW), 0);
	assert_int_equal(pk_websub_asked(f->db, 77, NOW, NOW, PK_SPAN("x"), 0), 0);
	note(f, PK_SPAN("0123456789abcdef0123456789abcdef"), PK_HUB_SUBSCRIBED, WEEK,
	    NOW);
	assert_false(is_there(f));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_hub_is_asked_verifies_and_is_asked_again),
		TEST(a_hub_may_verify_before_it_answers),
		TEST(a_hub_that_fails_rests_longer_each_time),
		TEST(a_renewal_that_fails_is_tried_again_within_the_lease),
		TEST(a_denial_is_kept_for_a_week),
		TEST(it_survives_a_crash),
		TEST(another_hub_takes_the_place_of_the_first),
		TEST(a_hub_that_never_agreed_is_not_told_of_the_end),
		TEST(a_hub_that_does_not_let_go_is_forgotten),
		TEST(a_hub_that_is_named_no_longer_is_not_asked_again),
		TEST(a_callback_that_moves_is_told),
		TEST(trust_is_earned_by_pushes),
		TEST(a_push_may_be_a_little_late),
		TEST(a_push_that_never_comes_costs_the_trust),
		TEST(a_renewal_forgives),
		TEST(feeds_without_a_subscription_are_none_of_its_business),
	};

	return cmocka_run_group_tests_name("fetch/poll/websub", tests, NULL, NULL);
}
