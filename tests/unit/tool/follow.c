/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/follow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define S UINT64_C(1000000000)

static void
assert_missing(struct pk_follow_news news, uint64_t first, uint64_t last)
{
	assert_int_equal(news.missing_first, first);
	assert_int_equal(news.missing_last, last);
}

static void
holes_show_by_number_and_by_heartbeat(void **state)
{
	struct pk_follow f;

	(void)state;
	pk_follow_init(&f, true, 0);
	/* what was said before we came is not missing */
	assert_missing(pk_follow_hear(&f, 7, 40, 0, S), 0, 0);
	assert_missing(pk_follow_hear(&f, 7, 41, 0, S), 0, 0);
	assert_missing(pk_follow_hear(&f, 7, 45, 0, S), 42, 44);
	assert_missing(pk_follow_hear(&f, 7, 0, 45, S), 0, 0);
	assert_missing(pk_follow_hear(&f, 7, 0, 47, S), 46, 47);
	/* told once */
	assert_missing(pk_follow_hear(&f, 7, 0, 47, S), 0, 0);
	assert_missing(pk_follow_hear(&f, 7, 48, 0, S), 0, 0);
}

static void
who_filters_is_not_told_of_holes(void **state)
{
	struct pk_follow f;

	(void)state;
	pk_follow_init(&f, false, 0);
	pk_follow_hear(&f, 7, 40, 0, S);
	assert_missing(pk_follow_hear(&f, 7, 45, 0, S), 0, 0);
	assert_missing(pk_follow_hear(&f, 7, 0, 99, S), 0, 0);
}

static void
another_epoch_is_another_log(void **state)
{
	struct pk_follow f;
	struct pk_follow_news news;

	(void)state;
	pk_follow_init(&f, true, 0);
	assert_false(pk_follow_hear(&f, 7, 40, 0, S).reset);
	news = pk_follow_hear(&f, 8, 3, 0, S);
	assert_true(news.reset);
	assert_missing(news, 1, 2);
	assert_missing(pk_follow_hear(&f, 8, 4, 0, S), 0, 0);
}

static void
silence_is_told_once_and_so_is_its_end(void **state)
{
	struct pk_follow f;

	(void)state;
	pk_follow_init(&f, true, 0);
	assert_false(pk_follow_fell_silent(&f, 5 * S));
	assert_true(pk_follow_fell_silent(&f, 5 * S + 1));
	assert_false(pk_follow_fell_silent(&f, 9 * S));
	assert_int_equal(pk_follow_hear(&f, 7, 0, 40, 12 * S).back_after_ns, 12 * S);
	assert_int_equal(pk_follow_hear(&f, 7, 0, 40, 13 * S).back_after_ns, 0);
	assert_false(pk_follow_fell_silent(&f, 14 * S));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holes_show_by_number_and_by_heartbeat),
		cmocka_unit_test(who_filters_is_not_told_of_holes),
		cmocka_unit_test(another_epoch_is_another_log),
		cmocka_unit_test(silence_is_told_once_and_so_is_its_end),
	};

	return cmocka_run_group_tests_name("tool/follow", tests, NULL, NULL);
}
