/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/polite.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define S UINT64_C(1000000000)

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

static void
turns_of_one_host_lie_a_gap_apart(void **state)
{
	pk_cleanup(pk_polite_freep) struct pk_polite *polite = pk_polite_new(S);

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
	pk_cleanup(pk_polite_freep) struct pk_polite *polite = pk_polite_new(S);
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

static void
hosts_of_the_past_are_forgotten(void **state)
{
	pk_cleanup(pk_polite_freep) struct pk_polite *polite = pk_polite_new(S);
	char host[32];

	(void)state;
	pk_polite_hold(polite, PK_SPAN("a.example"), 0, 1000000 * S);
	for (unsigned i = 0; i < 20000; i++) {
		snprintf(host, sizeof(host), "%u.example", i);
		reserve(polite, host, i * S);
	}
	assert_in_range(pk_polite_hosts(polite), 1, 8);
	assert_int_equal(held(polite, 19999 * S), 1000000 * S);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(turns_of_one_host_lie_a_gap_apart),
		cmocka_unit_test(a_held_host_is_held_for_all),
		cmocka_unit_test(hosts_of_the_past_are_forgotten),
	};

	return cmocka_run_group_tests_name("fetch/http/polite", tests, NULL, NULL);
}
