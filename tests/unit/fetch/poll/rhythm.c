/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/poll/rhythm.h"

#include "base/cleanup.h"
#include "base/clock.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define NOW    INT64_C(1700000000000)
#define S      INT64_C(1000)
#define MINUTE (60 * S)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static const struct pk_rhythm fixed = {
	.interval_ms = 10 * MINUTE,
	.min_ms = 2 * MINUTE,
	.max_ms = 6 * HOUR,
	.jitter_percent = 10,
	.backoff_first_ms = 1 * MINUTE,
	.backoff_max_ms = 12 * HOUR,
};

static const struct pk_rhythm adaptive = {
	.interval_ms = 10 * MINUTE,
	.adaptive = true,
	.min_ms = 1 * MINUTE,
	.max_ms = 6 * HOUR,
	.backoff_first_ms = 1 * MINUTE,
	.backoff_max_ms = 12 * HOUR,
};

static uint64_t
random_of(uint64_t i)
{
	i = (i + 1) * 0x9E3779B97F4A7C15u;
	i = (i ^ i >> 30) * 0xBF58476D1CE4E5B9u;
	return i ^ i >> 27;
}

/* ---- the next poll ---- */

/* clang-format off */
static const struct rhythm_case {
	const char *name;
	struct pk_rhythm_poll poll;
	struct pk_rhythm_hints hints;
	int64_t least, most;
} cases[] = {
	{ "all is well",            { 0 }, { .fresh_ms = -1, .retry_after_ms = -1 },
	  9 * MINUTE, 11 * MINUTE },
	{ "a short hint",           { 0 }, { .fresh_ms = 5 * S }, 9 * MINUTE, 11 * MINUTE },
	{ "a long hint",            { 0 }, { .fresh_ms = HOUR },  HOUR, HOUR },
	{ "a hint beyond max",      { 0 }, { .fresh_ms = 10 * HOUR }, 10 * HOUR, 10 * HOUR },
	{ "a hint of years",        { 0 }, { .fresh_ms = 900 * DAY }, DAY, DAY },
	{ "a ttl",                  { 0 }, { .ttl_s = 3600 },     HOUR, HOUR },
	{ "a ttl of a minute",      { 0 }, { .ttl_s = 60 },       9 * MINUTE, 11 * MINUTE },
	{ "a ttl of ages",          { 0 }, { .ttl_s = INT64_MAX }, DAY, DAY },
	{ "a period",               { 0 }, { .period_s = 7200 },  2 * HOUR, 2 * HOUR },
	{ "all hours skipped",      { 0 }, { .skip_hours = 0xFFFFFF }, 9 * MINUTE, 11 * MINUTE },
	{ "all days skipped",       { 0 }, { .skip_days = 0x7F }, 9 * MINUTE, 11 * MINUTE },
	/* NOW is Tuesday, 22:13:20 */
	{ "this hour is skipped",   { 0 }, { .skip_hours = 1u << 22 },
	  46 * MINUTE + 40 * S, 56 * MINUTE + 40 * S },
	{ "another hour is",        { 0 }, { .skip_hours = 1u << 3 }, 9 * MINUTE, 11 * MINUTE },
	{ "the night is skipped",   { 0 }, { .skip_hours = 1u << 22 | 1u << 23 | 0xFF },
	  9 * HOUR + 46 * MINUTE + 40 * S, 9 * HOUR + 56 * MINUTE + 40 * S },
	{ "today is skipped",       { 0 }, { .skip_days = 1u << 2 },
	  1 * HOUR + 46 * MINUTE + 40 * S, 1 * HOUR + 56 * MINUTE + 40 * S },
	{ "three days are skipped", { 0 }, { .skip_days = 7u << 2 }, DAY, DAY },
	{ "a first failure",        { 1, PK_FAILURE_DNS },  { .fresh_ms = HOUR },
	  9 * MINUTE, 11 * MINUTE },
	{ "the sixth failure",      { 6, PK_FAILURE_DNS },  { .fresh_ms = -1 },
	  16 * MINUTE, 32 * MINUTE },
	{ "the hundredth failure",  { 100, PK_FAILURE_DNS }, { .fresh_ms = -1 },
	  6 * HOUR, 12 * HOUR },
	{ "a page is no feed",      { 1, PK_FAILURE_NOT_A_FEED }, { .fresh_ms = -1 },
	  9 * MINUTE, 15 * MINUTE },
	{ "Retry-After",            { 1, PK_FAILURE_LIMITED }, { .retry_after_ms = 40 * MINUTE },
	  40 * MINUTE, 44 * MINUTE },
	{ "Retry-After beyond max", { 1, PK_FAILURE_BUSY }, { .retry_after_ms = 20 * HOUR },
	  20 * HOUR, 22 * HOUR },
	{ "Retry-After of years",   { 1, PK_FAILURE_BUSY }, { .retry_after_ms = 900 * DAY },
	  DAY, DAY + DAY / 10 },
	{ "Retry-After with a 200", { 0 }, { .retry_after_ms = 40 * MINUTE },
	  40 * MINUTE, 44 * MINUTE },
	{ "gone",                   { 1, PK_FAILURE_GONE }, { .fresh_ms = -1 },
	  7 * DAY - 6 * HOUR, 7 * DAY + 6 * HOUR },
};
/* clang-format on */

static void
check_next(void **state)
{
	const struct rhythm_case *c = *state;
	int64_t least = INT64_MAX, most = 0;

	for (uint64_t i = 0; i < 2000; i++) {
		int64_t wait = pk_rhythm_next_ms(&fixed, NULL, &c->poll, &c->hints, NOW,
				   random_of(i)) -
			       NOW;
		assert_in_range(wait, c->least, c->most);
		least = wait < least ? wait : least;
		most = wait > most ? wait : most;
	}
	/* the jitter reaches almost as far as it may */
	assert_true(least - c->least <= (c->most - c->least) / 10);
	assert_true(c->most - most <= (c->most - c->least) / 10);
}

static const struct pk_rhythm_poll fine;

static int64_t
wait_of(const struct pk_rhythm *rhythm, const struct pk_rhythm_memory *memory,
    int64_t now_ms)
{
	const struct pk_rhythm_hints none = PK_RHYTHM_NO_HINTS;

	return pk_rhythm_next_ms(rhythm, memory, &fine, &none, now_ms, 0) - now_ms;
}

static void
without_jitter_polls_keep_the_interval(void **state)
{
	struct pk_rhythm strict = fixed;
	const struct pk_rhythm_hints none = PK_RHYTHM_NO_HINTS;

	(void)state;
	strict.jitter_percent = 0;
	for (uint64_t i = 0; i < 100; i++)
		assert_int_equal(pk_rhythm_next_ms(&strict, NULL, &fine, &none, NOW, i),
		    NOW + 10 * MINUTE);
}

static void
an_interval_stays_within_its_bounds(void **state)
{
	struct pk_rhythm often = fixed, seldom = fixed;
	const struct pk_rhythm_hints none = PK_RHYTHM_NO_HINTS;

	(void)state;
	often.interval_ms = 1 * S;
	seldom.interval_ms = 30 * DAY;
	for (uint64_t i = 0; i < 500; i++) {
		uint64_t r = random_of(i);
		assert_in_range(pk_rhythm_next_ms(&often, NULL, &fine, &none, NOW, r),
		    NOW + 2 * MINUTE, NOW + 2 * MINUTE + 12 * S);
		assert_in_range(pk_rhythm_next_ms(&seldom, NULL, &fine, &none, NOW, r),
		    NOW + 6 * HOUR - 36 * MINUTE, NOW + 6 * HOUR);
	}
}

static void
an_adaptive_feed_that_fails_is_tried_again_soon(void **state)
{
	struct pk_rhythm_memory memory;
	const struct pk_rhythm_poll failed = { 1, PK_FAILURE_TIMEOUT };
	const struct pk_rhythm_hints none = PK_RHYTHM_NO_HINTS;

	(void)state;
	/* whose usual wait is hours */
	pk_rhythm_begin(
	    &memory, (int64_t[]){ NOW / 1000 - 9 * 86400, NOW / 1000 - 86400 }, 2, NOW);
	assert_true(wait_of(&adaptive, &memory, NOW) > 3 * HOUR);
	assert_in_range(
	    pk_rhythm_next_ms(&adaptive, &memory, &failed, &none, NOW, random_of(1)),
	    NOW + MINUTE, NOW + 2 * MINUTE);
}

/* ---- learning ---- */

/* Polls as it is told until `until`, of a feed with an entry every `gap`. Returns the
 * last wait. */
static int64_t
follow(struct pk_rhythm_memory *memory, int64_t *now, int64_t until, int64_t gap)
{
	int64_t wait = 0;

	while (*now < until) {
		int64_t before = *now;
		wait = wait_of(&adaptive, memory, before);
		*now = before + wait;
		size_t fresh = gap == 0 ? 0 : (size_t)(*now / gap - before / gap);
		pk_rhythm_note(memory, *now, fresh, false);
	}
	return wait;
}

static void
a_feed_is_known_from_its_first_document(void **state)
{
	struct pk_rhythm_memory memory;
	int64_t times[40];

	(void)state;
	/* every 20 minutes, with what is to be left out: from the future, from before
	 * there were feeds, twice the same */
	for (size_t i = 0; i < 40; i++)
		times[i] = NOW / 1000 - (int64_t)i * 1200;
	times[3] = NOW / 1000 + 86400;
	times[7] = 5;
	times[9] = times[8];
	pk_rhythm_begin(&memory, times, 40, NOW);
	assert_in_range(pk_rhythm_gap_ms(&memory), 18 * MINUTE, 25 * MINUTE);
	assert_in_range(wait_of(&adaptive, &memory, NOW), 6 * MINUTE, 11 * MINUTE);
}

static void
what_appears_together_is_one_arrival(void **state)
{
	struct pk_rhythm_memory memory;
	int64_t times[30];

	(void)state;
	/* three batches, four hours apart */
	for (size_t i = 0; i < 30; i++)
		times[i] = NOW / 1000 - 60 - (int64_t)(i / 10) * 4 * 3600 -
			   (int64_t)(i % 10) * 30;
	pk_rhythm_begin(&memory, times, 30, NOW);
	assert_in_range(pk_rhythm_gap_ms(&memory), 2 * HOUR, 4 * HOUR);
}

static void
a_leftover_at_the_end_says_nothing(void **state)
{
	struct pk_rhythm_memory memory;
	int64_t times[10];

	(void)state;
	for (size_t i = 0; i < 10; i++)
		times[i] = NOW / 1000 - (int64_t)i * 3600;
	times[9] = NOW / 1000 - 900 * 86400;
	pk_rhythm_begin(&memory, times, 10, NOW);
	assert_in_range(pk_rhythm_gap_ms(&memory), 45 * MINUTE, 75 * MINUTE);
}

static void
a_document_without_times_is_a_guess(void **state)
{
	struct pk_rhythm_memory memory;

	(void)state;
	pk_rhythm_begin(&memory, NULL, 0, NOW);
	assert_int_equal(pk_rhythm_gap_ms(&memory), 0);
	/* as the configuration says, on the first day */
	assert_int_equal(wait_of(&adaptive, &memory, NOW), 10 * MINUTE);
	pk_rhythm_note(&memory, NOW + 2 * DAY, 0, false);
	assert_true(wait_of(&adaptive, &memory, NOW + 2 * DAY) > 18 * MINUTE);
	/* nothing at all is known: the same */
	memory = (struct pk_rhythm_memory){ 0 };
	assert_int_equal(wait_of(&adaptive, &memory, NOW), 10 * MINUTE);
}

static void
polls_settle_at_half_the_gap(void **state)
{
	const int64_t gaps[] = { 4 * MINUTE, 15 * MINUTE, HOUR, 5 * HOUR };

	(void)state;
	for (size_t i = 0; i < PK_COUNT(gaps); i++) {
		struct pk_rhythm_memory memory = { 0 };
		int64_t now = NOW;
		pk_rhythm_begin(&memory, NULL, 0, now);
		int64_t wait = follow(&memory, &now, NOW + 6 * DAY, gaps[i]);
		assert_in_range(wait, gaps[i] / 7, gaps[i] * 3 / 4);
		assert_in_range(
		    pk_rhythm_gap_ms(&memory), gaps[i] * 7 / 10, gaps[i] * 14 / 10);
	}
}

static void
silence_slows_down_gently_and_news_wake_up(void **state)
{
	struct pk_rhythm_memory memory = { 0 };
	int64_t now = NOW;

	(void)state;
	pk_rhythm_begin(&memory, NULL, 0, now);
	follow(&memory, &now, NOW + 4 * DAY, 20 * MINUTE);
	/* an hour without anything is no reason yet */
	int64_t wait = follow(&memory, &now, now + HOUR, 0);
	assert_true(wait <= 25 * MINUTE);
	/* three weeks are */
	wait = follow(&memory, &now, now + 21 * DAY, 0);
	assert_true(wait >= 3 * HOUR);
	/* what it usually was does not grow meanwhile: stale feeds are known by it */
	assert_true(pk_rhythm_gap_ms(&memory) <= 30 * MINUTE);
	/* it wakes up: within half a day it is followed as closely as before */
	wait = follow(&memory, &now, now + 12 * HOUR, 20 * MINUTE);
	assert_true(wait <= 20 * MINUTE);
}

static void
a_rush_and_a_loss_speed_up_at_once(void **state)
{
	struct pk_rhythm_memory memory = { 0 };
	int64_t now = NOW;

	(void)state;
	pk_rhythm_begin(&memory, NULL, 0, now);
	int64_t before = follow(&memory, &now, NOW + 4 * DAY, 2 * HOUR);
	struct pk_rhythm_memory lost = memory;
	pk_rhythm_note(&memory, now + HOUR, 12, false);
	assert_true(wait_of(&adaptive, &memory, now + HOUR) < before / 2);
	pk_rhythm_note(&lost, now + HOUR, 12, true);
	assert_true(wait_of(&adaptive, &lost, now + HOUR) <
		    wait_of(&adaptive, &memory, now + HOUR));
	/* and it passes */
	assert_true(follow(&memory, &now, now + DAY, 2 * HOUR) > before / 2);
}

/* One entry each day at 07:30 UTC. */
static void
the_hour_of_the_day_is_learned(void **state)
{
	struct pk_rhythm_memory memory = { 0 };
	const int64_t midnight = NOW / DAY * DAY;
	int64_t now = midnight;
	unsigned polls = 0;

	(void)state;
	pk_rhythm_begin(&memory, NULL, 0, now);
	while (now < midnight + 40 * DAY) {
		int64_t before = now - 7 * HOUR - 30 * MINUTE;
		now += wait_of(&adaptive, &memory, now);
		int64_t after = now - 7 * HOUR - 30 * MINUTE;
		pk_rhythm_note(
		    &memory, now, (size_t)(after / DAY - before / DAY), false);
		polls += now > midnight + 30 * DAY;
	}
	/* denser about its hour than about another */
	int64_t morning = midnight + 40 * DAY + 7 * HOUR;
	assert_true(wait_of(&adaptive, &memory, morning) * 2 <
		    wait_of(&adaptive, &memory, morning + 10 * HOUR));
	assert_in_range(polls, 30, 100);
}

static void
the_first_document_tells_the_hour_too(void **state)
{
	struct pk_rhythm_memory memory;
	const int64_t midnight = NOW / DAY * DAY;
	int64_t times[20];

	(void)state;
	for (size_t i = 0; i < 20; i++)
		times[i] = (midnight - (int64_t)i * DAY + 7 * HOUR) / 1000 +
			   (int64_t)(i % 3) * 600;
	pk_rhythm_begin(&memory, times, 20, midnight + 12 * HOUR);
	assert_true(wait_of(&adaptive, &memory, midnight + DAY + 7 * HOUR) * 2 <
		    wait_of(&adaptive, &memory, midnight + DAY + 12 * HOUR));
}

/* One entry each hour, `minute` past it; how long it waits on the average. */
static int64_t
follow_hourly(
    struct pk_rhythm_memory *memory, int64_t *now, int64_t until, int64_t minute)
{
	int64_t delays = 0, entries = 0;

	while (*now < until) {
		int64_t before = (*now - minute * MINUTE) / HOUR;
		*now += wait_of(&adaptive, memory, *now);
		int64_t after = (*now - minute * MINUTE) / HOUR;
		if (after > before) {
			delays += *now - after * HOUR - minute * MINUTE;
			entries++;
		}
		pk_rhythm_note(memory, *now, (size_t)(after - before), false);
	}
	return delays / (entries > 0 ? entries : 1);
}

static void
the_minute_of_the_hour_is_learned_and_learned_anew(void **state)
{
	struct pk_rhythm_memory memory = { 0 };
	int64_t now = NOW;

	(void)state;
	pk_rhythm_begin(&memory, NULL, 0, now);
	follow_hourly(&memory, &now, now + 10 * DAY, 22);
	assert_true(follow_hourly(&memory, &now, now + 2 * DAY, 22) < 5 * MINUTE);
	follow_hourly(&memory, &now, now + 10 * DAY, 52);
	assert_true(follow_hourly(&memory, &now, now + 2 * DAY, 52) < 5 * MINUTE);
}

static void
clocks_that_jump_cost_a_lesson(void **state)
{
	struct pk_rhythm_memory memory = { 0 };
	int64_t now = NOW;

	(void)state;
	pk_rhythm_begin(&memory, NULL, 0, now);
	follow(&memory, &now, NOW + 4 * DAY, 10 * MINUTE);
	int64_t before = wait_of(&adaptive, &memory, now);
	pk_rhythm_note(&memory, now - DAY, 1, false);
	pk_rhythm_note(&memory, now, 0, false);
	assert_in_range(wait_of(&adaptive, &memory, now), before / 2, 15 * MINUTE);
	/* ... and ahead */
	pk_rhythm_note(&memory, now + 300 * DAY, 0, false);
	assert_true(wait_of(&adaptive, &memory, now) <= 6 * HOUR);
}

static void
an_hourly_that_comes_every_minute_is_not_believed(void **state)
{
	struct pk_rhythm_memory memory = { 0 };
	const struct pk_rhythm_hints hourly = {
		.period_s = 3600, .fresh_ms = -1, .retry_after_ms = -1
	};
	int64_t now = NOW;

	(void)state;
	assert_int_equal(
	    pk_rhythm_next_ms(&adaptive, NULL, &fine, &hourly, NOW, 0), NOW + HOUR);
	pk_rhythm_begin(&memory, NULL, 0, now);
	follow(&memory, &now, NOW + 4 * DAY, 5 * MINUTE);
	assert_in_range(
	    pk_rhythm_next_ms(&adaptive, &memory, &fine, &hourly, now, 0) - now,
	    2 * MINUTE, 4 * MINUTE);
}

/* ---- as text ---- */

static void
a_memory_survives_its_text(void **state)
{
	struct pk_rhythm_memory memory = { 0 }, back;
	char text[PK_RHYTHM_TEXT_SIZE], again[PK_RHYTHM_TEXT_SIZE];
	int64_t now = NOW;

	(void)state;
	assert_true(sizeof(memory) <= 256);
	pk_rhythm_format(&memory, text);
	assert_string_equal(text, "");
	assert_int_equal(pk_rhythm_parse(pk_span_of(text), &back), 0);
	pk_rhythm_begin(&memory, NULL, 0, now);
	follow(&memory, &now, NOW + 4 * DAY, 17 * MINUTE);
	pk_rhythm_format(&memory, text);
	assert_int_equal(pk_rhythm_parse(pk_span_of(text), &back), 0);
	pk_rhythm_format(&back, again);
	assert_string_equal(text, again);
	int64_t wait = wait_of(&adaptive, &memory, now);
	assert_in_range(wait_of(&adaptive, &back, now), wait - 5, wait + 5);
	/* numbers that no memory has still have room */
	memory = (struct pk_rhythm_memory){ INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX,
		1e9, 1e9, 1, 1e9f, { 0 }, { 0 }, { 0 } };
	pk_rhythm_format(&memory, text);
	assert_true(strlen(text) < sizeof(text));
}

static void
garbage_is_no_memory(void **state)
{
	const char *garbage[] = { "r0 1 2 3", "r1", "r1 1 2 3 4 5 6 7", "\xff\xfe",
		"r1 -1 2 3 4 5 6 7 8 AAAA",
		"r1 999999999999999999999 2 3 4 5 6 7 8 AAAA" };
	struct pk_rhythm_memory memory = { 0 }, back, nothing = { 0 };
	char text[PK_RHYTHM_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < PK_COUNT(garbage); i++) {
		back.noted_ms = 5;
		assert_int_equal(
		    pk_rhythm_parse(pk_span_of(garbage[i]), &back), -EBADMSG);
		assert_int_equal(back.noted_ms, 0);
	}
	pk_rhythm_begin(&memory, NULL, 0, NOW);
	pk_rhythm_format(&memory, text);
	/* cut anywhere, it is garbage; with any byte changed, it is usable or garbage
	 */
	for (size_t i = 1; i < strlen(text); i++)
		assert_int_equal(
		    pk_rhythm_parse((struct pk_span){ text, i }, &back), -EBADMSG);
	for (size_t i = 0; i < strlen(text); i++) {
		char kept = text[i];
		text[i] = (char)random_of(i);
		if (pk_rhythm_parse(pk_span_of(text), &back) < 0)
			assert_memory_equal(&back, &nothing, sizeof(back));
		else
			assert_in_range(
			    wait_of(&adaptive, &back, NOW), MINUTE, 6 * HOUR);
		text[i] = kept;
	}
}

/* ---- the schedule's clock ---- */

static void
the_wall_clock_becomes_the_schedules(void **state)
{
	const uint64_t mono = 5000 * (uint64_t)PK_NS_PER_S;
	const uint64_t spread = 60 * (uint64_t)PK_NS_PER_S;

	(void)state;
	assert_int_equal(pk_rhythm_due_ns(NOW + 2 * S, NOW - S, NOW, mono, spread, 7),
	    mono + 2 * (uint64_t)PK_NS_PER_S);
	/* overdue and never polled: spread over the start */
	assert_int_equal(pk_rhythm_due_ns(0, 0, NOW, mono, 0, 7), mono);
	for (uint64_t i = 0; i < 100; i++) {
		assert_in_range(
		    pk_rhythm_due_ns(NOW - DAY, 0, NOW, mono, spread, random_of(i)),
		    mono, mono + spread);
		/* one that waits a second only does not wait a minute for that */
		assert_in_range(pk_rhythm_due_ns(NOW - DAY, NOW - DAY - S, NOW, mono,
				    spread, random_of(i)),
		    mono, mono + (uint64_t)PK_NS_PER_S);
	}
	/* what was never asked is asked soon, once */
	for (uint64_t i = 0; i < 100; i++)
		assert_in_range(pk_rhythm_due_ns(0, 0, NOW, mono, spread, random_of(i)),
		    mono, mono + spread / 16);
	/* the wall clock was set back, by a year or a day: nobody waits so long */
	assert_int_equal(pk_rhythm_due_ns(NOW + 365 * DAY, 0, NOW, mono, 0, 7), mono);
	assert_int_equal(
	    pk_rhythm_due_ns(NOW + DAY + HOUR, NOW + DAY, NOW, mono, 0, 7), mono);
	/* but what is gone is not asked for again for that */
	assert_true(pk_rhythm_due_ns(NOW + 8 * DAY, NOW + DAY, NOW, mono, 0, 7) >
		    mono + 5 * 86400 * (uint64_t)PK_NS_PER_S);
}

static void
the_many_take_longer_than_the_few(void **state)
{
	(void)state;
	assert_int_equal(pk_rhythm_spread_ns(0), 0);
	assert_int_equal(pk_rhythm_spread_ns(5), 0);
	assert_true(pk_rhythm_spread_ns(5000) > pk_rhythm_spread_ns(500));
	assert_int_equal(
	    pk_rhythm_spread_ns(SIZE_MAX), 6 * 3600 * (uint64_t)PK_NS_PER_S);
}

int
main(void)
{
	const struct CMUnitTest others[] = {
		cmocka_unit_test(without_jitter_polls_keep_the_interval),
		cmocka_unit_test(an_interval_stays_within_its_bounds),
		cmocka_unit_test(an_adaptive_feed_that_fails_is_tried_again_soon),
		cmocka_unit_test(a_feed_is_known_from_its_first_document),
		cmocka_unit_test(what_appears_together_is_one_arrival),
		cmocka_unit_test(a_leftover_at_the_end_says_nothing),
		cmocka_unit_test(a_document_without_times_is_a_guess),
		cmocka_unit_test(polls_settle_at_half_the_gap),
		cmocka_unit_test(silence_slows_down_gently_and_news_wake_up),
		cmocka_unit_test(a_rush_and_a_loss_speed_up_at_once),
		cmocka_unit_test(the_hour_of_the_day_is_learned),
		cmocka_unit_test(the_first_document_tells_the_hour_too),
		cmocka_unit_test(the_minute_of_the_hour_is_learned_and_learned_anew),
		cmocka_unit_test(clocks_that_jump_cost_a_lesson),
		cmocka_unit_test(an_hourly_that_comes_every_minute_is_not_believed),
		cmocka_unit_test(a_memory_survives_its_text),
		cmocka_unit_test(garbage_is_no_memory),
		cmocka_unit_test(the_wall_clock_becomes_the_schedules),
		cmocka_unit_test(the_many_take_longer_than_the_few),
	};
	struct CMUnitTest tests[PK_COUNT(cases) + PK_COUNT(others)];

	memcpy(tests, others, sizeof(others));
	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[PK_COUNT(others) + i] = (struct CMUnitTest){ cases[i].name,
			check_next, NULL, NULL, (void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests_name("fetch/poll/rhythm", tests, NULL, NULL);
}
