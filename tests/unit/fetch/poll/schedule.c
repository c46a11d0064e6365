/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/poll/schedule.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct feed {
	int id;
	struct pk_due due;
};

static int
take(struct pk_schedule *schedule, uint64_t now)
{
	struct pk_due *due = pk_schedule_take(schedule, now);

	return due == NULL ? -1 : pk_due_owner(due, struct feed, due)->id;
}

static void
the_earliest_comes_first_and_not_before_its_time(void **state)
{
	pk_cleanup(pk_schedule_freep) struct pk_schedule *schedule = pk_schedule_new();
	struct feed a = { .id = 1 }, b = { .id = 2 }, c = { .id = 3 };

	(void)state;
	assert_int_equal(pk_schedule_wait_ns(schedule, 5), UINT64_MAX);
	pk_schedule_set(schedule, &a.due, 30);
	pk_schedule_set(schedule, &b.due, 10);
	pk_schedule_set(schedule, &c.due, 20);
	assert_int_equal(pk_schedule_wait_ns(schedule, 4), 6);
	assert_int_equal(take(schedule, 9), -1);
	assert_int_equal(take(schedule, 10), 2);
	assert_int_equal(take(schedule, 100), 3);
	assert_int_equal(pk_schedule_wait_ns(schedule, 100), 0);
	assert_int_equal(take(schedule, 100), 1);
	assert_int_equal(take(schedule, 100), -1);
}

static void
a_node_moves_both_ways(void **state)
{
	pk_cleanup(pk_schedule_freep) struct pk_schedule *schedule = pk_schedule_new();
	struct feed feeds[5] = { 0 };

	(void)state;
	for (int i = 0; i < 5; i++) {
		feeds[i].id = i;
		pk_schedule_set(schedule, &feeds[i].due, (uint64_t)i * 10);
	}
	pk_schedule_set(schedule, &feeds[0].due, 100);
	pk_schedule_set(schedule, &feeds[4].due, 1);
	assert_int_equal(pk_schedule_count(schedule), 5);
	assert_int_equal(take(schedule, 1000), 4);
	assert_int_equal(take(schedule, 1000), 1);
	pk_schedule_remove(schedule, &feeds[3].due);
	pk_schedule_remove(schedule, &feeds[3].due);
	assert_false(pk_due_is_set(&feeds[3].due));
	assert_int_equal(take(schedule, 1000), 2);
	assert_int_equal(take(schedule, 1000), 0);
	assert_int_equal(pk_schedule_count(schedule), 0);
}

/* Sets, moves and removes at random; what comes out is compared with a plain search. */
static void
random_work_keeps_the_order(void **state)
{
	enum { N = 300 };
	pk_cleanup(pk_schedule_freep) struct pk_schedule *schedule = pk_schedule_new();
	static struct feed feeds[N];
	uint64_t random = 42;

	(void)state;
	for (int step = 0; step < 20000; step++) {
		random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
		struct feed *feed = &feeds[(random >> 33) % N];
		if ((random >> 20) % 4 == 0)
			pk_schedule_remove(schedule, &feed->due);
		else
			pk_schedule_set(schedule, &feed->due, (random >> 40) % 1000);

		uint64_t earliest = UINT64_MAX;
		for (int i = 0; i < N; i++)
			if (pk_due_is_set(&feeds[i].due) &&
			    feeds[i].due.at_ns < earliest)
				earliest = feeds[i].due.at_ns;
		assert_int_equal(pk_schedule_wait_ns(schedule, 0), earliest);
	}
	uint64_t last = 0;
	for (struct pk_due *due; (due = pk_schedule_take(schedule, 1000)) != NULL;) {
		assert_true(due->at_ns >= last);
		last = due->at_ns;
	}
	assert_int_equal(pk_schedule_count(schedule), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_earliest_comes_first_and_not_before_its_time),
		cmocka_unit_test(a_node_moves_both_ways),
		cmocka_unit_test(random_work_keeps_the_order),
	};

	return cmocka_run_group_tests_name("fetch/poll/schedule", tests, NULL, NULL);
}
