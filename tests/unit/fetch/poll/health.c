/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/poll/health.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define NOW    INT64_C(1700000000000)
#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/*
 * A feed and what becomes of it, poll by poll. A story is a row of letters, each a poll
 * `step` after the one before: n new entries, . nothing new, s slow, t timeout,
 * g gone, h a page, l rate limited, m no memory here. What is expected stands below it,
 * a letter a poll: N new, U up, S slow, F failing, T stale, D dead.
 */
struct life {
	struct pk_health_facts facts;
};

static enum pk_failure
failure_of(char poll)
{
	return poll == 't'   ? PK_FAILURE_TIMEOUT
	       : poll == 'g' ? PK_FAILURE_GONE
	       : poll == 'h' ? PK_FAILURE_NOT_A_FEED
	       : poll == 'l' ? PK_FAILURE_LIMITED
	       : poll == 'm' ? PK_FAILURE_MEMORY
			     : PK_FAILURE_NONE;
}

static void
poll(struct life *life, char letter, int64_t step_ms)
{
	struct pk_health_facts *f = &life->facts;
	enum pk_failure failure = failure_of(letter);

	f->now_ms += step_ms;
	f->slow =
	    pk_health_slow(f->slow, failure, letter == 's' ? PK_HEALTH_SLOW_MS : 300);
	if (failure != PK_FAILURE_NONE) {
		if (f->failures == 0 || f->failure == PK_FAILURE_NONE) {
			f->failures = 0;
			f->failing_since_ms = f->now_ms;
		}
		f->failures++;
	} else {
		/* those that this one ends; none, if the one before was good too */
		if (f->failure == PK_FAILURE_NONE)
			f->failures = 0;
		f->last_ok_ms = f->now_ms;
		if (letter == 'n')
			f->last_fresh_ms = f->now_ms;
	}
	f->failure = failure;
	f->before = pk_health_of(f);
	if (failure == PK_FAILURE_NONE && f->failures == 0)
		f->failing_since_ms = 0;
}

/* clang-format off */
static const struct story {
	const char *name; int64_t step; int64_t gap; const char *polls; const char *states;
} stories[] = {
	{ "all is well", 10 * MINUTE, HOUR,
	  "n..n..n...",
	  "UUUUUUUUUU" },
	{ "a feed that never was one", 10 * MINUTE, 0,
	  "hhhn",
	  "FFFF" /* it may be one by chance */ },
	{ "a single timeout", 10 * MINUTE, HOUR,
	  "n.t..tt..t.",
	  "UUUUUUUUUUU" },
	{ "an outage", 30 * MINUTE, HOUR,
	  "n.tttttt.n",
	  "UUUUFFFFUU" },
	{ "fails three times of four", MINUTE, HOUR,
	  "nttttntttnttt..n",
	  "UUUFFFFFFFFFFFUU" },
	{ "a page where a feed was", 30 * MINUTE, HOUR,
	  "nhh.n",
	  "UUFUU" },
	{ "slow, and brisk again", 10 * MINUTE, HOUR,
	  "nss.sss.s...s.....",
	  "UUUUUSSSSSSSSSUUUU" },
	{ "held off now and then", 30 * MINUTE, HOUR,
	  "nl.l.l.l",
	  "UUUUUUUU" },
	{ "held off for long", 30 * MINUTE, HOUR,
	  "nllllllln",
	  "UUUSSSFFS" },
	{ "gone, and back", DAY, HOUR,
	  "ngggn",
	  "UDDDU" },
	{ "no memory here", 10 * MINUTE, HOUR,
	  "nmmmm.",
	  "UUUUUU" },
	{ "no memory at its first poll", 10 * MINUTE, 0,
	  "mmn",
	  "NNU" },
	{ "two weeks of failing", DAY, HOUR,
	  "nttttttttttttttttnn",
	  "UUUFFFFFFFFFFFFDDUU" },
	{ "never worked", DAY, 0,
	  "ttttttttttttttttt",
	  "FFFFFFFFFFFFFFDDD" },
	{ "falls silent", 6 * HOUR, HOUR,
	  "n......n...n....",
	  "UUUUTTTUUUUUUUUT" },
	{ "a weekly may be silent", 2 * DAY, 7 * DAY,
	  "n...n..........n",
	  "UUUUUUUUUUUUUUUU" },
	{ "stale, and a timeout", 12 * HOUR, HOUR,
	  "n..t.t.n",
	  "UUTTTTTU" },
};
/* clang-format on */

static const char letters[] = { [PK_HEALTH_NEW] = 'N',
	[PK_HEALTH_UP] = 'U',
	[PK_HEALTH_SLOW] = 'S',
	[PK_HEALTH_FAILING] = 'F',
	[PK_HEALTH_STALE] = 'T',
	[PK_HEALTH_DEAD] = 'D' };

static void
check_story(void **state)
{
	const struct story *story = *state;
	struct life life = { .facts = { .now_ms = NOW, .gap_ms = story->gap } };
	char seen[64] = "";

	for (size_t i = 0; story->polls[i] != '\0'; i++) {
		poll(&life, story->polls[i], story->step);
		seen[i] = letters[life.facts.before];
	}
	assert_string_equal(seen, story->states);
}

/* Whatever the order of its polls, a feed does not change its state at every one. */
static void
nothing_flaps(void **state)
{
	const char alphabet[] = "n..s.t.tl";
	uint64_t random = 88172645463325252u;
	unsigned changes = 0;
	const unsigned polls = 20000;
	struct life life = { .facts = { .now_ms = NOW, .gap_ms = HOUR } };

	(void)state;
	for (unsigned i = 0; i < polls; i++) {
		enum pk_health before = life.facts.before;
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		poll(&life, alphabet[random % (sizeof(alphabet) - 1)], 10 * MINUTE);
		changes += life.facts.before != before;
	}
	assert_in_range(changes, 1, polls / 10);
}

static void
states_have_names_and_words(void **state)
{
	(void)state;
	for (unsigned i = PK_HEALTH_NEW; i <= PK_HEALTH_DEAD; i++) {
		enum pk_health health = (enum pk_health)i;
		assert_int_equal(
		    pk_health_find(pk_span_of(pk_health_name(health))), health);
		assert_true(strlen(pk_health_help(health)) > 5);
	}
	assert_int_equal(pk_health_find(PK_SPAN("no such")), PK_HEALTH_NEW);
}

static void
stale_depends_on_the_gap(void **state)
{
	(void)state;
	assert_int_equal(pk_health_stale_after_ms(0), 30 * DAY);
	assert_int_equal(pk_health_stale_after_ms(MINUTE), DAY);
	assert_int_equal(pk_health_stale_after_ms(DAY), 8 * DAY);
	assert_int_equal(pk_health_stale_after_ms(INT64_MAX), 180 * DAY);
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(stories) + 3] = {
		cmocka_unit_test(nothing_flaps),
		cmocka_unit_test(states_have_names_and_words),
		cmocka_unit_test(stale_depends_on_the_gap),
	};

	for (size_t i = 0; i < PK_COUNT(stories); i++)
		tests[i + 3] = (struct CMUnitTest){ stories[i].name, check_story, NULL,
			NULL, (void *)(uintptr_t)&stories[i] };
	return cmocka_run_group_tests_name("fetch/poll/health", tests, NULL, NULL);
}
