/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/polite.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define S UINT64_C(1000000000)

static struct pk_polite *
new_polite(unsigned burst)
{
	const struct pk_polite_options options = { .gap_ns = S, .burst = burst };
	struct pk_polite *polite = pk_polite_new(&options);

	assert_non_null(polite);
	return polite;
}

static uint64_t
reserve(struct pk_polite *polite, const char *host, uint64_t now)
{
	uint64_t due = 0;

	assert_int_equal(pk_polite_reserve(polite, pk_span_of(host), now, &due), 0);
	return due;
}

static uint64_t
held(struct pk_polite *polite, uint64_t now)
{
	return pk_polite_held_until(polite, PK_SPAN("a.example"), now);
}

/* ---- one host ---------------------------------------------------------------- */

static void
turns_of_one_host_lie_a_gap_apart(void **state)
{
	pk_cleanup(pk_polite_freep) struct pk_polite *polite = new_polite(0);

	(void)state;
	assert_int_equal(reserve(polite, "a.example", 100 * S), 100 * S);
	assert_int_equal(reserve(polite, "A.Example", 100 * S), 101 * S);
	assert_int_equal(reserve(polite, "b.example", 100 * S), 100 * S);
	assert_int_equal(reserve(polite, "a.example", 100 * S), 102 * S);
	assert_int_equal(reserve(polite, "a.example", 200 * S), 200 * S);
}

static void
a_held_host_is_held_for_all(void **state)
{
	pk_cleanup(pk_polite_freep) struct pk_polite *polite = new_polite(0);
	const struct pk_span host = PK_SPAN("a.example");

	(void)state;
	assert_int_equal(reserve(polite, "a.example", 100 * S), 100 * S);
	assert_int_equal(reserve(polite, "a.example", 100 * S), 101 * S);
	assert_int_equal(pk_polite_hold(polite, host, 100 * S, 160 * S), 0);
	/* the turn at 101 s is void: who had it comes again */
	assert_int_equal(held(polite, 101 * S), 160 * S);
	assert_int_equal(reserve(polite, "a.example", 101 * S), 160 * S);
	assert_int_equal(reserve(polite, "a.example", 102 * S), 161 * S);
	assert_int_equal(held(polite, 160 * S), 0);
	/* a later, shorter hold does not shorten the first */
	assert_int_equal(pk_polite_hold(polite, host, 103 * S, 110 * S), 0);
	assert_int_equal(held(polite, 104 * S), 160 * S);
}

/* A turn behind the hold is not void, so nobody else gets one beside it. */
static void
turns_behind_a_hold_stand(void **state)
{
	pk_cleanup(pk_polite_freep) struct pk_polite *polite = new_polite(0);

	(void)state;
	for (uint64_t i = 0; i < 10; i++)
		assert_int_equal(reserve(polite, "a.example", 100 * S), (100 + i) * S);
	pk_polite_hold(polite, PK_SPAN("a.example"), 100 * S, 105 * S);
	assert_int_equal(held(polite, 106 * S), 0);
	assert_int_equal(reserve(polite, "a.example", 101 * S), 110 * S);
}

static void
jitter_comes_on_top(void **state)
{
	const struct pk_polite_options options = {
		.gap_ns = S, .jitter_percent = 10, .seed = 7
	};
	pk_cleanup(pk_polite_freep) struct pk_polite *polite = pk_polite_new(&options);
	pk_cleanup(pk_polite_freep) struct pk_polite *again = pk_polite_new(&options);
	uint64_t before = reserve(polite, "a.example", 100 * S), shortest = 2 * S,
		 longest = 0;

	(void)state;
	reserve(again, "a.example", 100 * S);
	for (int i = 0; i < 1000; i++) {
		uint64_t due = reserve(polite, "a.example", 100 * S);
		shortest = due - before < shortest ? due - before : shortest;
		longest = due - before > longest ? due - before : longest;
		before = due;
		assert_int_equal(reserve(again, "a.example", 100 * S), due);
	}
	assert_in_range(shortest, S, S + S / 100);
	assert_in_range(longest, S + S / 10 - S / 100, S + S / 10);
}

static void
a_host_may_wish_for_more(void **state)
{
	pk_cleanup(pk_polite_freep) struct pk_polite *polite = new_polite(0);
	const struct pk_span host = PK_SPAN("a.example");

	(void)state;
	reserve(polite, "a.example", 100 * S);
	assert_int_equal(pk_polite_set_gap(polite, host, 100 * S, 10 * S), 0);
	assert_int_equal(reserve(polite, "a.example", 100 * S), 110 * S);
	assert_int_equal(reserve(polite, "a.example", 100 * S), 120 * S);
	assert_int_equal(reserve(polite, "b.a.example", 100 * S), 100 * S);
	/* and is not forgotten between its turns */
	for (unsigned i = 0; i < 100; i++) {
		char other[32];
		snprintf(other, sizeof(other), "%u.example", i);
		reserve(polite, other, (200 + i) * S);
	}
	assert_int_equal(reserve(polite, "a.example", 1000 * S), 1000 * S);
	assert_int_equal(reserve(polite, "a.example", 1000 * S), 1010 * S);
	/* a wish for less than everybody's is none */
	assert_int_equal(pk_polite_set_gap(polite, host, 1000 * S, S / 2), 0);
	reserve(polite, "a.example", 2000 * S);
	assert_int_equal(reserve(polite, "a.example", 2000 * S), 2001 * S);
}

static void
no_gap_is_no_wait(void **state)
{
	const struct pk_polite_options options = { .jitter_percent = 10 };
	pk_cleanup(pk_polite_freep) struct pk_polite *polite = pk_polite_new(&options);

	(void)state;
	for (int i = 0; i < 100; i++)
		assert_int_equal(reserve(polite, "a.example", 100 * S), 100 * S);
	pk_polite_hold(polite, PK_SPAN("a.example"), 100 * S, 101 * S);
	assert_int_equal(reserve(polite, "a.example", 100 * S), 101 * S);
}

/* ---- many hosts of one domain ------------------------------------------------ */

static void
hosts_of_one_domain_share_a_bucket(void **state)
{
	static const char *const hosts[] = { "a.news.example", "b.news.example",
		"c.news.example", "news.example", "d.news.example", "e.news.example" };
	static const uint64_t due[] = { 100, 100, 100, 100, 101, 102 };
	pk_cleanup(pk_polite_freep) struct pk_polite *polite = new_polite(0);

	(void)state;
	for (size_t i = 0; i < PK_COUNT(hosts); i++)
		assert_int_equal(reserve(polite, hosts[i], 100 * S), due[i] * S);
	assert_int_equal(reserve(polite, "a.other.example", 100 * S), 100 * S);
	/* it fills again */
	assert_int_equal(reserve(polite, "a.news.example", 110 * S), 110 * S);
	assert_int_equal(reserve(polite, "b.news.example", 110 * S), 110 * S);
	/* where everybody has a name of his own, hosts are strangers */
	for (int i = 0; i < 6; i++) {
		char host[32];
		snprintf(host, sizeof(host), "%c.blogspot.com", 'a' + i);
		assert_int_equal(reserve(polite, host, 100 * S), 100 * S);
	}
}

/* One that is slow by its own wish does not take the turns of the others. */
static void
a_slow_host_does_not_slow_its_neighbours(void **state)
{
	pk_cleanup(pk_polite_freep) struct pk_polite *polite = new_polite(0);

	(void)state;
	pk_polite_set_gap(polite, PK_SPAN("a.news.example"), 100 * S, 60 * S);
	for (uint64_t i = 0; i < 50; i++)
		assert_int_equal(
		    reserve(polite, "a.news.example", 100 * S), (100 + i * 60) * S);
	for (uint64_t i = 0; i < 10; i++)
		assert_int_equal(
		    reserve(polite, "b.news.example", 100 * S), (100 + i) * S);
}

static void
a_held_domain_is_held_for_all_its_hosts(void **state)
{
	pk_cleanup(pk_polite_freep) struct pk_polite *polite = new_polite(0);
	char host[32];

	(void)state;
	reserve(polite, "c.a.example", 100 * S);
	assert_int_equal(reserve(polite, "c.a.example", 100 * S), 101 * S);
	pk_polite_hold_domain(polite, PK_SPAN("b.A.example"), 100 * S, 160 * S);
	assert_int_equal(held(polite, 101 * S), 160 * S);
	assert_int_equal(
	    pk_polite_held_until(polite, PK_SPAN("c.a.example"), 101 * S), 160 * S);
	assert_int_equal(
	    pk_polite_held_until(polite, PK_SPAN("other.example"), 101 * S), 0);
	/* and afterwards they do not all come at once */
	for (uint64_t i = 0; i < 10; i++) {
		snprintf(host, sizeof(host), "%u.a.example", (unsigned)i);
		assert_int_equal(
		    reserve(polite, host, 101 * S), (160 + (i < 4 ? 0 : i - 3)) * S);
	}
	assert_int_equal(held(polite, 160 * S), 0);
	/* a host's own hold is its own */
	pk_polite_hold(polite, PK_SPAN("www.b.example"), 100 * S, 160 * S);
	assert_int_equal(
	    pk_polite_held_until(polite, PK_SPAN("b.example"), 101 * S), 0);
}

static void
holds_can_be_carried_over(void **state)
{
	pk_cleanup(pk_polite_freep) struct pk_polite *polite = new_polite(0);
	pk_cleanup(pk_polite_freep) struct pk_polite *later = new_polite(0);
	struct pk_polite_cursor cursor = { 0 };
	struct pk_polite_held held_now;
	unsigned n = 0;

	(void)state;
	pk_polite_hold(polite, PK_SPAN("www.A.example"), 100 * S, 160 * S);
	pk_polite_hold(polite, PK_SPAN("b.example"), 100 * S, 110 * S);
	pk_polite_hold_domain(polite, PK_SPAN("www.c.example"), 100 * S, 170 * S);
	reserve(polite, "d.example", 100 * S);
	while (pk_polite_next_held(polite, 120 * S, &cursor, &held_now)) {
		n++;
		assert_true(pk_span_eq(held_now.name, held_now.is_domain
							  ? PK_SPAN("c.example")
							  : PK_SPAN("www.a.example")));
		if (held_now.is_domain)
			pk_polite_hold_domain(
			    later, held_now.name, 5 * S, held_now.until_ns - 115 * S);
		else
			pk_polite_hold(
			    later, held_now.name, 5 * S, held_now.until_ns - 115 * S);
	}
	assert_int_equal(n, 2);
	assert_int_equal(reserve(later, "www.a.example", 5 * S), 45 * S);
	assert_int_equal(reserve(later, "x.c.example", 5 * S), 55 * S);
	assert_int_equal(reserve(later, "b.example", 5 * S), 5 * S);
}

static void
other_options_leave_holds_alone(void **state)
{
	pk_cleanup(pk_polite_freep) struct pk_polite *polite = new_polite(0);
	const struct pk_polite_options options = { .gap_ns = 5 * S };

	(void)state;
	pk_polite_hold(polite, PK_SPAN("a.example"), 100 * S, 160 * S);
	pk_polite_change(polite, &options);
	assert_int_equal(reserve(polite, "a.example", 100 * S), 160 * S);
	assert_int_equal(reserve(polite, "a.example", 100 * S), 165 * S);
}

/* ---- all together ------------------------------------------------------------ */

static int
compare(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

/* Reserved in whatever order, no host and no bucket is overdrawn. */
static void
nothing_is_overdrawn(void **state)
{
	enum { HOSTS = 7, TURNS = 2000, BURST = 3 };
	static uint64_t all[TURNS], of[HOSTS][TURNS];
	size_t n_of[HOSTS] = { 0 };
	pk_cleanup(pk_polite_freep) struct pk_polite *polite = new_polite(BURST);
	uint64_t now = 1000 * S, random = 1;
	char host[32];

	(void)state;
	pk_polite_set_gap(polite, PK_SPAN("0.a.example"), now, 9 * S);
	pk_polite_set_gap(polite, PK_SPAN("1.a.example"), now, 30 * S);
	for (size_t i = 0; i < TURNS; i++) {
		random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
		unsigned which = (unsigned)(random >> 33) % HOSTS;
		snprintf(host, sizeof(host), "%u.a.example", which);
		now += (random >> 40) % (3 * S);
		all[i] = reserve(polite, host, now);
		assert_true(all[i] >= now);
		of[which][n_of[which]++] = all[i];
	}
	for (int h = 0; h < HOSTS; h++) {
		qsort(of[h], n_of[h], sizeof(of[h][0]), compare);
		for (size_t i = 1; i < n_of[h]; i++)
			assert_true(of[h][i] - of[h][i - 1] >= S);
	}
	qsort(all, TURNS, sizeof(all[0]), compare);
	uint64_t owed = 0;
	for (size_t i = 0; i < TURNS; i++) {
		assert_true(all[i] + (BURST - 1) * S >= owed);
		owed = (owed > all[i] ? owed : all[i]) + S;
	}
}

static void
hosts_of_the_past_are_forgotten(void **state)
{
	static const char *const above[] = { "example", "news.example" };
	pk_cleanup(pk_polite_freep) struct pk_polite *polite = new_polite(0);
	char host[32];

	(void)state;
	pk_polite_hold(polite, PK_SPAN("a.example"), 0, 1000000 * S);
	for (size_t form = 0; form < PK_COUNT(above); form++) {
		for (unsigned i = 0; i < 20000; i++) {
			snprintf(host, sizeof(host), "%u.%s", i, above[form]);
			reserve(polite, host, (form * 20000 + i) * S);
		}
		assert_in_range(pk_polite_hosts(polite), 1, 8);
	}
	assert_int_equal(held(polite, 39999 * S), 1000000 * S);
}

static void
wishes_are_forgotten_when_there_are_too_many(void **state)
{
	pk_cleanup(pk_polite_freep) struct pk_polite *polite = new_polite(0);
	char host[32];

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		snprintf(host, sizeof(host), "%u.example", i);
		assert_int_equal(
		    pk_polite_set_gap(polite, pk_span_of(host), i * S, 2 * S), 0);
	}
	assert_in_range(pk_polite_hosts(polite), 4096, 4104);
}

/* A queue without end stays a queue. */
static void
turns_far_ahead_stand_in_line(void **state)
{
	pk_cleanup(pk_polite_freep) struct pk_polite *polite = new_polite(0);

	(void)state;
	for (uint64_t i = 0; i < 6000; i++)
		assert_int_equal(reserve(polite, "a.example", 100 * S), (100 + i) * S);
	assert_int_equal(reserve(polite, "b.a.example", 100 * S), 6100 * S);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(turns_of_one_host_lie_a_gap_apart),
		cmocka_unit_test(a_held_host_is_held_for_all),
		cmocka_unit_test(turns_behind_a_hold_stand),
		cmocka_unit_test(jitter_comes_on_top),
		cmocka_unit_test(a_host_may_wish_for_more),
		cmocka_unit_test(no_gap_is_no_wait),
		cmocka_unit_test(hosts_of_one_domain_share_a_bucket),
		cmocka_unit_test(a_slow_host_does_not_slow_its_neighbours),
		cmocka_unit_test(a_held_domain_is_held_for_all_its_hosts),
		cmocka_unit_test(holds_can_be_carried_over),
		cmocka_unit_test(other_options_leave_holds_alone),
		cmocka_unit_test(nothing_is_overdrawn),
		cmocka_unit_test(hosts_of_the_past_are_forgotten),
		cmocka_unit_test(wishes_are_forgotten_when_there_are_too_many),
		cmocka_unit_test(turns_far_ahead_stand_in_line),
	};

	return cmocka_run_group_tests_name("fetch/http/polite", tests, NULL, NULL);
}
