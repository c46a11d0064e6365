/* SPDX-License-Identifier: Apache-2.0 */
#include "base/calendar.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* clang-format off */
static const struct day_case {
	struct pk_date gregorian, jalali;
	int weekday; /* 0 = Saturday */
} days[] = {
	{ { 1970, 1, 1 },   { 1348, 10, 11 }, 5 },
	{ { 1979, 2, 11 },  { 1357, 11, 22 }, 1 },
	{ { 2000, 2, 29 },  { 1378, 12, 10 }, 3 },
	{ { 2021, 3, 20 },  { 1399, 12, 30 }, 0 }, /* the 30 Esfand of a leap year */
	{ { 2021, 3, 21 },  { 1400, 1, 1 },   1 },
	{ { 2022, 2, 21 },  { 1400, 12, 2 },  2 },
	{ { 2024, 3, 20 },  { 1403, 1, 1 },   4 }, /* the 2820-year rule is a day off here */
	{ { 2025, 3, 20 },  { 1403, 12, 30 }, 5 },
	{ { 2025, 3, 21 },  { 1404, 1, 1 },   6 },
	{ { 2026, 1, 27 },  { 1404, 11, 7 },  3 },
};

static const struct hijri_case {
	struct pk_date gregorian, hijri;
} hijri[] = {
	{ { 622, 7, 19 },  { 1, 1, 1 } },      /* proleptic; 16 July in the Julian calendar */
	{ { 2000, 4, 6 },  { 1421, 1, 1 } },
	{ { 2024, 7, 8 },  { 1446, 1, 1 } },
};

static const struct offset_case {
	int64_t when_s;
	int offset_min;
} offsets[] = {
	{ 1647894599, 210 }, /* 2022-03-21 20:29:59Z, the last spring change */
	{ 1647894600, 270 },
	{ 1663788599, 270 }, /* 2022-09-21 19:29:59Z, the last autumn change */
	{ 1663788600, 210 },
	{ 1690000000, 210 }, /* summer of 2023: no change any more */
	{ 1152000000, 210 }, /* summer of 2006: none for two years */
	{ 1215000000, 270 }, /* summer of 2008 */
	{ 673216199, 210 },  /* 1991-05-02 20:29:59Z: it began late that year */
	{ 673216200, 270 },
	{ 0, 210 },
};
/* clang-format on */

static bool
same(struct pk_date a, struct pk_date b)
{
	return a.year == b.year && a.month == b.month && a.day == b.day;
}

static void
known_days(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(days); i++) {
		int64_t day = pk_gregorian_to_day(days[i].gregorian);
		assert_int_equal(pk_jalali_to_day(days[i].jalali), day);
		assert_true(same(pk_jalali_from_day(day), days[i].jalali));
		assert_true(same(pk_gregorian_from_day(day), days[i].gregorian));
		assert_int_equal(pk_weekday(day), days[i].weekday);
	}
	for (size_t i = 0; i < PK_COUNT(hijri); i++) {
		int64_t day = pk_gregorian_to_day(hijri[i].gregorian);
		assert_int_equal(pk_hijri_to_day(hijri[i].hijri), day);
		assert_true(same(pk_hijri_from_day(day), hijri[i].hijri));
	}
}

/* The day after `date`, by the lengths of the months alone. */
static struct pk_date
next(struct pk_date date, int (*month_days)(int, int))
{
	if (++date.day > month_days(date.year, date.month)) {
		date.day = 1;
		date.month++;
	}
	if (date.month > 12) {
		date.month = 1;
		date.year++;
	}
	return date;
}

static void
every_jalali_day_of_two_centuries_there_and_back(void **state)
{
	struct pk_date date = { 1300, 1, 1 };
	int64_t day = pk_gregorian_to_day((struct pk_date){ 1921, 3, 21 });
	int n = 0;

	(void)state;
	for (; date.year <= 1500; date = next(date, pk_jalali_month_days), day++, n++) {
		assert_true(pk_jalali_valid(date));
		assert_int_equal(pk_jalali_to_day(date), day);
		assert_true(same(pk_jalali_from_day(day), date));
	}
	assert_int_equal(n, 73414);
}

static void
every_gregorian_and_hijri_day_there_and_back(void **state)
{
	struct pk_date date = { -4, 1, 1 }, before = { 0, 0, 0 };
	int64_t day = pk_gregorian_to_day(date);

	(void)state;
	for (; date.year <= 2400; date = next(date, pk_gregorian_month_days), day++) {
		assert_int_equal(pk_gregorian_to_day(date), day);
		assert_true(same(pk_gregorian_from_day(day), date));
		struct pk_date h = pk_hijri_from_day(day);
		assert_int_equal(pk_hijri_to_day(h), day);
		assert_in_range(h.month, 1, 12);
		assert_in_range(h.day, 1, 30);
		assert_true(h.day == before.day + 1 || h.day == 1 || before.day == 0);
		before = h;
	}
}

static void
what_is_no_day(void **state)
{
	/* clang-format off */
	static const struct pk_date no_gregorian[] = {
		{ 2023, 2, 29 }, { 1900, 2, 29 }, { 2024, 13, 1 }, { 2024, 0, 1 },
		{ 2024, 4, 31 }, { 2024, 1, 0 },
	};
	static const struct pk_date no_jalali[] = {
		{ 1404, 12, 30 }, { 1403, 12, 31 }, { 1404, 7, 31 }, { 1404, 13, 1 },
		{ 1404, 1, 32 }, { 1404, 1, -1 },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < PK_COUNT(no_gregorian); i++)
		assert_false(pk_gregorian_valid(no_gregorian[i]));
	for (size_t i = 0; i < PK_COUNT(no_jalali); i++)
		assert_false(pk_jalali_valid(no_jalali[i]));
	assert_true(pk_gregorian_valid((struct pk_date){ 2000, 2, 29 }));
	assert_true(pk_jalali_valid((struct pk_date){ 1403, 12, 30 }));
}

static void
clocks_of_iran(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(offsets); i++)
		assert_int_equal(
		    pk_iran_offset_min(offsets[i].when_s), offsets[i].offset_min);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_days),
		cmocka_unit_test(every_jalali_day_of_two_centuries_there_and_back),
		cmocka_unit_test(every_gregorian_and_hijri_day_there_and_back),
		cmocka_unit_test(what_is_no_day),
		cmocka_unit_test(clocks_of_iran),
	};

	return cmocka_run_group_tests_name("base/calendar", tests, NULL, NULL);
}
