/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Jalali calendar against ICU's, day by day. ICU is an oracle of this test alone;
 * peyk itself does without.
 */
#include "base/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <unicode/ucal.h>

#define FIRST_YEAR 1300
#define LAST_YEAR  1500
#define N_DAYS     73414 /* of 201 years, 49 of them leap */
#define DAY_MS     86400000.0

static UCalendar *
open_persian(void)
{
	static const UChar zone[] = { 'G', 'M', 'T', 0 };
	UErrorCode status = U_ZERO_ERROR;
	UCalendar *calendar =
	    ucal_open(zone, 3, "fa_IR@calendar=persian", UCAL_DEFAULT, &status);

	assert_true(U_SUCCESS(status));
	assert_non_null(calendar);
	return calendar;
}

static struct pk_date
icu_date(UCalendar *calendar, int64_t day)
{
	UErrorCode status = U_ZERO_ERROR;
	struct pk_date date;

	ucal_setMillis(calendar, (double)day * DAY_MS, &status);
	date.year = ucal_get(calendar, UCAL_EXTENDED_YEAR, &status);
	date.month = ucal_get(calendar, UCAL_MONTH, &status) + 1;
	date.day = ucal_get(calendar, UCAL_DATE, &status);
	assert_true(U_SUCCESS(status));
	return date;
}

static void
every_day_is_that_of_icu(void **state)
{
	UCalendar *calendar = open_persian();
	int64_t first = pk_jalali_to_day((struct pk_date){ FIRST_YEAR, 1, 1 });
	int64_t end = pk_jalali_to_day((struct pk_date){ LAST_YEAR + 1, 1, 1 });

	(void)state;
	assert_int_equal(end - first, N_DAYS);
	for (int64_t day = first; day < end; day++) {
		struct pk_date want = icu_date(calendar, day);
		struct pk_date got = pk_jalali_from_day(day);
		assert_int_equal(got.year, want.year);
		assert_int_equal(got.month, want.month);
		assert_int_equal(got.day, want.day);
		assert_int_equal(pk_jalali_to_day(want), day);
	}
	ucal_close(calendar);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_day_is_that_of_icu),
	};

	return cmocka_run_group_tests_name("base/calendar_icu", tests, NULL, NULL);
}
