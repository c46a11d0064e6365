/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/poll/rhythm.h"

#include "base/cleanup.h"
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define NOW    INT64_C(1700000000000)
#define S      INT64_C(1000)
#define MINUTE (60 * S)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static const struct pk_rhythm rhythm = {
	.interval_ms = 10 * MINUTE,
	.jitter_percent = 10,
	.backoff_first_ms = 1 * MINUTE,
	.backoff_max_ms = 12 * HOUR,
};

/* clang-format off */
static const struct rhythm_case {
	const char *name; struct pk_rhythm_poll poll; int64_t least; int64_t most;
} cases[] = {
	{ "all is well",            { 0, false, -1, -1 },            9 * MINUTE,  11 * MINUTE },
	{ "a short hint",           { 0, false, -1, 5 * S },         9 * MINUTE,  11 * MINUTE },
	{ "a long hint",            { 0, false, -1, HOUR },          HOUR,        HOUR },
	{ "a hint of years",        { 0, false, -1, 900 * DAY },     DAY,         DAY },
	{ "a first failure",        { 1, false, -1, -1 },            9 * MINUTE,  11 * MINUTE },
	{ "the sixth failure",      { 6, false, -1, -1 },            16 * MINUTE, 32 * MINUTE },
	{ "the hundredth failure",  { 100, false, -1, -1 },          6 * HOUR,    12 * HOUR },
	{ "Retry-After",            { 1, false, 40 * MINUTE, -1 },   40 * MINUTE, 40 * MINUTE },
	{ "Retry-After of years",   { 1, false, 900 * DAY, -1 },     DAY,         DAY },
	{ "gone",                   { 1, true, -1, -1 },             7 * DAY,     7 * DAY },
};
/* clang-format on */

static void
check_next(void **state)
{
	const struct rhythm_case *c = *state;
	int64_t least = INT64_MAX, most = 0;

	for (uint64_t i = 0; i < 2000; i++) {
		int64_t wait =
		    pk_rhythm_next_ms(&rhythm, &c->poll, NOW, i * 0x9E3779B97F4A7C15u) -
		    NOW;
		assert_in_range(wait, c->least, c->most);
		least = wait < least ? wait : least;
		most = wait > most ? wait : most;
	}
	/* the jitter reaches almost as far as it may */
	assert_true(least - c->least <= (c->most - c->least) / 10);
	assert_true(c->most - most <= (c->most - c->least) / 10);
}

static void
without_jitter_polls_keep_the_interval(void **state)
{
	const struct pk_rhythm strict = { .interval_ms = 10 * MINUTE,
		.backoff_first_ms = 1 * MINUTE,
		.backoff_max_ms = 12 * HOUR };
	const struct pk_rhythm_poll fine = { .retry_after_ms = -1, .fresh_ms = -1 };

	(void)state;
	for (uint64_t i = 0; i < 100; i++)
		assert_int_equal(
		    pk_rhythm_next_ms(&strict, &fine, NOW, i), NOW + 10 * MINUTE);
}

static void
the_wall_clock_becomes_the_schedules(void **state)
{
	const uint64_t mono = 5000 * (uint64_t)PK_NS_PER_S;
	const uint64_t spread = 60 * (uint64_t)PK_NS_PER_S;

	(void)state;
	assert_int_equal(pk_rhythm_due_ns(NOW + 2 * S, NOW, mono, spread, 7),
	    mono + 2 * (uint64_t)PK_NS_PER_S);
	/* overdue and never polled: spread over the start */
	assert_int_equal(pk_rhythm_due_ns(0, NOW, mono, 0, 7), mono);
	for (uint64_t i = 0; i < 100; i++) {
		uint64_t due = pk_rhythm_due_ns(
		    NOW - DAY, NOW, mono, spread, i * 0x9E3779B97F4A7C15u);
		assert_in_range(due, mono, mono + spread);
	}
	/* the wall clock was set back by a year: nobody waits a year */
	assert_int_equal(pk_rhythm_due_ns(NOW + 365 * DAY, NOW, mono, 0, 7), mono);
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases) + 2] = {
		cmocka_unit_test(without_jitter_polls_keep_the_interval),
		cmocka_unit_test(the_wall_clock_becomes_the_schedules),
	};

	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[i + 2] = (struct CMUnitTest){ cases[i].name, check_next, NULL,
			NULL, (void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests_name("fetch/poll/rhythm", tests, NULL, NULL);
}
