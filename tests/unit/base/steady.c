/* SPDX-License-Identifier: Apache-2.0 */
#include "base/steady.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define S        INT64_C(1000)
#define HOUR     (3600 * S)
#define DAY      (24 * HOUR)
#define YEAR     (365 * DAY)
#define NOW      (INT64_C(1700000000) * S)
#define STARTED  (7 * S) /* where the clock that never jumps began */
#define PATIENCE HOUR

static struct pk_steady steady;

/* The steady time at `after` the start, with the wall clock so far off. */
static int64_t
at(int64_t after, int64_t off)
{
	return pk_steady_ms(&steady, NOW + after + off, STARTED + after, PATIENCE) -
	       (NOW + after);
}

static int
start(void **state)
{
	(void)state;
	pk_steady_init(&steady, NOW, STARTED);
	return 0;
}

static void
follows_the_wall(void **state)
{
	(void)state;
	assert_int_equal(at(0, 0), 0);
	assert_int_equal(at(YEAR, 0), 0);
	/* also when it is being put right */
	assert_int_equal(at(YEAR + S, 59 * S), 59 * S);
	assert_int_equal(at(YEAR + 2 * S, 118 * S), 118 * S);
}

static void
a_jump_that_is_mended_never_was(void **state)
{
	(void)state;
	at(0, 0);
	assert_int_equal(at(HOUR, DAY), 0);
	assert_int_equal(at(2 * HOUR - S, DAY), 0);
	assert_int_equal(at(2 * HOUR, 0), 0);
	/* the next one waits as long */
	assert_int_equal(at(2 * HOUR + S, 10 * YEAR), 0);
	assert_int_equal(at(3 * HOUR, 10 * YEAR), 0);
	assert_int_equal(at(3 * HOUR + S, 10 * YEAR), 10 * YEAR);
}

static void
a_jump_that_lasts_is_believed(void **state)
{
	(void)state;
	at(0, 0);
	assert_int_equal(at(HOUR, DAY), 0);
	assert_int_equal(at(2 * HOUR, DAY), DAY);
	assert_int_equal(at(3 * HOUR, DAY), DAY);
}

static void
jumps_do_not_wait_for_each_other(void **state)
{
	(void)state;
	at(0, 0);
	for (int i = 1; i <= 10; i++)
		assert_int_equal(at(i * HOUR / 2, i * DAY), 0);
	assert_int_equal(at(6 * HOUR, 10 * DAY), 10 * DAY);
}

static void
back_is_believed_at_once(void **state)
{
	(void)state;
	at(0, 0);
	assert_int_equal(at(HOUR, -DAY), -DAY);
	/* and forth again is a jump ahead */
	assert_int_equal(at(HOUR + S, 0), -DAY);
	assert_int_equal(at(2 * HOUR + S, 0), 0);
}

static void
a_night_switched_off_takes_as_long_to_be_believed(void **state)
{
	(void)state;
	/* what is known is the evening: the wall says that it is morning */
	assert_int_equal(at(0, 8 * HOUR), 0);
	assert_int_equal(at(HOUR, 8 * HOUR), 8 * HOUR);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(follows_the_wall, start),
		cmocka_unit_test_setup(a_jump_that_is_mended_never_was, start),
		cmocka_unit_test_setup(a_jump_that_lasts_is_believed, start),
		cmocka_unit_test_setup(jumps_do_not_wait_for_each_other, start),
		cmocka_unit_test_setup(back_is_believed_at_once, start),
		cmocka_unit_test_setup(
		    a_night_switched_off_takes_as_long_to_be_believed, start),
	};

	return cmocka_run_group_tests_name("base/steady", tests, NULL, NULL);
}
