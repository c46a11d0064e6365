/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sketch.h"

#include "base/cleanup.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The set of the numbers [first, end). */
static struct pk_sketch
range(uint64_t first, uint64_t end)
{
	struct pk_sketch sketch;

	pk_sketch_init(&sketch);
	for (uint64_t i = first; i < end; i++)
		pk_sketch_add(&sketch, i * UINT64_C(0x100000001b3));
	return sketch;
}

static bool
share_a_band(const struct pk_sketch *a, const struct pk_sketch *b)
{
	for (size_t i = 0; i < PK_SKETCH_BANDS; i++) {
		if (pk_sketch_band(a, i) == pk_sketch_band(b, i))
			return true;
	}
	return false;
}

static const struct likeness_case {
	const char *name;
	uint64_t shift; /* of two sets of 300 */
	bool near;
} cases[] = {
	{ "the same", 0, true },
	{ "nine tenths", 16, true },
	{ "two thirds", 60, true },
	{ "a half", 100, true },
	{ "a tenth", 245, false },
	{ "nothing", 300, false },
};

/* Over forty pairs each, so that chance does not decide. */
static void
likeness_is_the_share_in_common(void **state)
{
	const struct likeness_case *c = *state;
	double want = (double)(300 - c->shift) / (double)(300 + c->shift), sum = 0;
	int near = 0, found = 0;

	for (uint64_t i = 0; i < 40; i++) {
		struct pk_sketch a = range(i * 10000, i * 10000 + 300);
		struct pk_sketch b =
		    range(i * 10000 + c->shift, i * 10000 + c->shift + 300);

		sum += pk_sketch_likeness(&a, &b);
		near += pk_sketch_near(&a, &b);
		found += share_a_band(&a, &b);
	}
	assert_true(fabs(sum / 40 - want) < 0.03);
	assert_int_equal(near, c->near ? 40 : 0);
	if (c->near)
		assert_int_equal(found, 40);
	else
		assert_in_range(found, 0, 20);
}

static void
a_cut_tail_is_near(void **state)
{
	int near = 0, other = 0;

	(void)state;
	for (uint64_t i = 0; i < 40; i++) {
		struct pk_sketch whole = range(i * 10000, i * 10000 + 300);
		struct pk_sketch part = range(i * 10000, i * 10000 + 110);
		struct pk_sketch half_other = range(i * 10000 + 245, i * 10000 + 355);

		near += pk_sketch_near(&whole, &part);
		other += pk_sketch_near(&whole, &half_other);
	}
	assert_in_range(near, 38, 40);
	assert_in_range(other, 0, 1);
}

static void
nothing_is_like_nothing(void **state)
{
	struct pk_sketch a = range(0, 0), b = range(0, 0);

	(void)state;
	assert_true(pk_sketch_likeness(&a, &b) <= 0);
	assert_false(pk_sketch_near(&a, &b));
}

/* They stand in databases: a release that made others would find no copies. */
static void
sketches_are_the_same_for_ever(void **state)
{
	struct pk_sketch sketch = range(1, 100);

	(void)state;
	assert_int_equal(sketch.n, 99);
	assert_int_equal(sketch.least[0], 643834u);
	assert_int_equal(sketch.least[63], 6558282u);
	assert_true(pk_sketch_band(&sketch, 31) == INT64_C(-4504164819895469665));
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases) + 3];
	size_t n = 0;

	for (; n < PK_COUNT(cases); n++)
		tests[n] = (struct CMUnitTest){ .name = cases[n].name,
			.test_func = likeness_is_the_share_in_common,
			.initial_state = (void *)(uintptr_t)&cases[n] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_cut_tail_is_near);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(nothing_is_like_nothing);
	tests[n++] =
	    (struct CMUnitTest)cmocka_unit_test(sketches_are_the_same_for_ever);
	return cmocka_run_group_tests_name("base/sketch", tests, NULL, NULL);
}
