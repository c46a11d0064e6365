/* SPDX-License-Identifier: Apache-2.0 */
#include "base/calendar.h"

#include <stddef.h>

/* Day numbers (since 1970-01-01) of the day before the first of year 1. */
#define JALALI_EPOCH INT64_C(-492269)
#define HIJRI_EPOCH  INT64_C(-492149)

#define DAYS_PER_33_YEARS  INT64_C(12053)
#define DAYS_PER_400_YEARS INT64_C(146097)
#define DAYS_PER_30_HIJRI  INT64_C(10631)

static int64_t
floor_div(int64_t a, int64_t b)
{
	int64_t q = a / b;

	return q * b > a ? q - 1 : q;
}

static int64_t
floor_mod(int64_t a, int64_t b)
{
	return a - floor_div(a, b) * b;
}

static bool
gregorian_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int
pk_gregorian_month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (month < 1 || month > 12)
		return 0;
	return days[month - 1] + (month == 2 && gregorian_leap(year));
}

int
pk_jalali_month_days(int year, int month)
{
	if (month < 1 || month > 12)
		return 0;
	if (month == 12)
		return pk_jalali_leap(year) ? 30 : 29;
	return month <= 6 ? 31 : 30;
}

bool
pk_jalali_leap(int year)
{
	return floor_mod(25 * (int64_t)year + 11, 33) < 8;
}

bool
pk_gregorian_valid(struct pk_date date)
{
	return date.day >= 1 &&
	       date.day <= pk_gregorian_month_days(date.year, date.month);
}

bool
pk_jalali_valid(struct pk_date date)
{
	return date.day >= 1 && date.day <= pk_jalali_month_days(date.year, date.month);
}

/* The year is taken to begin in March, so that the leap day is its last. */
int64_t
pk_gregorian_to_day(struct pk_date date)
{
	int64_t year = date.year - (date.month <= 2);
	int64_t era = floor_div(year, 400), of_era = year - era * 400;
	int64_t of_year = (153 * ((date.month + 9) % 12) + 2) / 5 + date.day - 1;

	return era * DAYS_PER_400_YEARS + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

struct pk_date
pk_gregorian_from_day(int64_t day)
{
	int64_t since = day + 719468, era = floor_div(since, DAYS_PER_400_YEARS);
	int64_t of_era = since - era * DAYS_PER_400_YEARS;
	int64_t year =
	    (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;

	return (struct pk_date){
		.year = (int)(year + era * 400 + (month >= 10)),
		.month = (int)(month < 10 ? month + 3 : month - 9),
		.day = (int)(of_year - (153 * month + 2) / 5 + 1),
	};
}

/* Days before 1 Farvardin of the year, counted from year 1: the leap days are spread
 * so that year y has had floor((8y + 21) / 33) of them. */
static int64_t
jalali_days_before(int64_t year)
{
	return 365 * (year - 1) + floor_div(8 * year + 21, 33);
}

int64_t
pk_jalali_to_day(struct pk_date date)
{
	int64_t before_month =
	    date.month <= 7 ? 31 * (date.month - 1) : 30 * (date.month - 1) + 6;

	return JALALI_EPOCH + jalali_days_before(date.year) + before_month + date.day;
}

struct pk_date
pk_jalali_from_day(int64_t day)
{
	int64_t since = day - JALALI_EPOCH - 1;
	int64_t year = 1 + floor_div(33 * since + 3, DAYS_PER_33_YEARS);
	int64_t of_year = since - jalali_days_before(year);
	int64_t month = of_year < 186 ? of_year / 31 : (of_year - 6) / 30;

	return (struct pk_date){
		.year = (int)year,
		.month = (int)month + 1,
		.day = (int)(of_year - (month < 6 ? 31 * month : 30 * month + 6)) + 1,
	};
}

static int64_t
hijri_days_before(int64_t year)
{
	return 354 * (year - 1) + floor_div(11 * year + 3, 30);
}

int64_t
pk_hijri_to_day(struct pk_date date)
{
	/* odd months have 30 days, even ones 29 */
	return HIJRI_EPOCH + hijri_days_before(date.year) +
	       (59 * (date.month - 1) + 1) / 2 + date.day;
}

struct pk_date
pk_hijri_from_day(int64_t day)
{
	int64_t since = day - HIJRI_EPOCH - 1;
	int64_t year = floor_div(30 * since + 10646, DAYS_PER_30_HIJRI);
	int64_t of_year = since - hijri_days_before(year);
	int64_t month = 2 * of_year / 59;

	if (month > 11) /* the leap day at the end of the year */
		month = 11;
	return (struct pk_date){
		.year = (int)year,
		.month = (int)month + 1,
		.day = (int)(of_year - (59 * month + 1) / 2) + 1,
	};
}

int
pk_weekday(int64_t day)
{
	return (int)floor_mod(day + 5, 7); /* 1970-01-01 was a Thursday */
}

/* The Jalali years with summer time. */
static bool
iran_had_summer_time(int year)
{
	return (year >= 1370 && year <= 1384) || (year >= 1387 && year <= 1401);
}

int
pk_iran_offset_min(int64_t when_s)
{
	int64_t standard_s = when_s + 210 * 60;
	int year = pk_jalali_from_day(floor_div(standard_s, 86400)).year;

	if (!iran_had_summer_time(year))
		return 210;
	/* From 2 Farvardin 00:00 standard time to 31 Shahrivar 00:00 summer time. */
	int64_t from = pk_jalali_to_day((struct pk_date){ year, 1, 2 });
	int64_t until = pk_jalali_to_day((struct pk_date){ year, 6, 31 });
	if (year == 1370)
		from = pk_gregorian_to_day((struct pk_date){ 1991, 5, 3 });
	return standard_s >= from * 86400 && standard_s + 3600 < until * 86400 ? 270
									       : 210;
}
