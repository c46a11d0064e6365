/* SPDX-License-Identifier: Apache-2.0 */
#include "base/queue.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>

#include <cmocka.h>

#define THREADS 4
#define ITEMS   5000

static char items[THREADS * ITEMS];

static void
first_in_first_out_and_bounded(void **state)
{
	pk_cleanup(pk_queue_freep) struct pk_queue *queue = pk_queue_new(3);

	(void)state;
	for (int round = 0; round < 5; round++) {
		for (int i = 0; i < 3; i++)
			assert_int_equal(pk_queue_try_push(queue, &items[i]), 0);
		assert_int_equal(pk_queue_try_push(queue, &items[3]), -EAGAIN);
		assert_int_equal(pk_queue_length(queue), 3);
		for (int i = 0; i < 3; i++)
			assert_ptr_equal(pk_queue_pop(queue), &items[i]);
		assert_null(pk_queue_pop_within(queue, 1000));
	}
}

static void
what_is_queued_outlives_the_close(void **state)
{
	pk_cleanup(pk_queue_freep) struct pk_queue *queue = pk_queue_new(2);

	(void)state;
	assert_int_equal(pk_queue_push(queue, &items[0]), 0);
	pk_queue_close(queue);
	pk_queue_close(queue);
	assert_int_equal(pk_queue_push(queue, &items[1]), -EPIPE);
	assert_int_equal(pk_queue_try_push(queue, &items[1]), -EPIPE);
	assert_false(pk_queue_drained(queue));
	assert_ptr_equal(pk_queue_pop(queue), &items[0]);
	assert_true(pk_queue_drained(queue));
	assert_null(pk_queue_pop(queue));
	assert_null(pk_queue_pop_within(queue, UINT64_C(60000000000)));
}

struct side {
	struct pk_queue *queue;
	char *first;
	atomic_int *taken;
};

static void *
push_all(void *argument)
{
	struct side *side = argument;

	for (int i = 0; i < ITEMS; i++) {
		if (pk_queue_push(side->queue, side->first + i) < 0)
			return NULL;
	}
	return side;
}

static void *
pop_all(void *argument)
{
	struct side *side = argument;

	for (char *item; (item = pk_queue_pop(side->queue)) != NULL;)
		atomic_fetch_add(&side->taken[item - items], 1);
	return side;
}

static atomic_int taken[THREADS * ITEMS];

static void
nothing_is_lost_or_doubled_between_threads(void **state)
{
	pk_cleanup(pk_queue_freep) struct pk_queue *queue = pk_queue_new(7);
	pthread_t pushers[THREADS], poppers[THREADS];
	struct side sides[THREADS];
	void *done;

	(void)state;
	for (int i = 0; i < THREADS; i++) {
		sides[i] = (struct side){ queue, items + (ptrdiff_t)i * ITEMS, taken };
		pthread_create(&pushers[i], NULL, push_all, &sides[i]);
		pthread_create(&poppers[i], NULL, pop_all, &sides[i]);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(pushers[i], &done);
		assert_non_null(done);
	}
	pk_queue_close(queue);
	for (int i = 0; i < THREADS; i++)
		pthread_join(poppers[i], &done);
	for (int i = 0; i < THREADS * ITEMS; i++)
		assert_int_equal(taken[i], 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_in_first_out_and_bounded),
		cmocka_unit_test(what_is_queued_outlives_the_close),
		cmocka_unit_test(nothing_is_lost_or_doubled_between_threads),
	};

	return cmocka_run_group_tests_name("base/queue", tests, NULL, NULL);
}
