/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/calendar.h - days and dates in three calendars.
 *
 * A day is a count since 1970-01-01. Gregorian: the proleptic calendar (Howard Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms"). Jalali: the 33-year rule, which ICU
 * follows too (a test compares every day) and which is exact for 1300-1500. Hijri: the
 * tabular civil calendar, which may be a day or two away from an announced date. Pure
 * arithmetic; any thread.
 */
#ifndef PEYK_BASE_CALENDAR_H
#define PEYK_BASE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

struct pk_date {
	int year;
	int month; /* 1..12 */
	int day;   /* 1..31 */
};

/* Is there such a day? */
bool pk_gregorian_valid(struct pk_date date);
bool pk_jalali_valid(struct pk_date date);

/* From a valid date to the day, and back. */
int64_t pk_gregorian_to_day(struct pk_date date);
struct pk_date pk_gregorian_from_day(int64_t day);
int64_t pk_jalali_to_day(struct pk_date date);
struct pk_date pk_jalali_from_day(int64_t day);
int64_t pk_hijri_to_day(struct pk_date date);
struct pk_date pk_hijri_from_day(int64_t day);

bool pk_jalali_leap(int year);
int pk_gregorian_month_days(int year, int month);
int pk_jalali_month_days(int year, int month);

/* Weekday of a day: 0 = Saturday ... 6 = Friday, as the Persian week goes. */
int pk_weekday(int64_t day);

/*
 * Minutes that Iran's clocks are ahead of UTC at a moment (seconds since 1970): 210, or
 * 270 in the summers of 1991-2005 and 2008-2022 (tzdata, Asia/Tehran).
 */
int pk_iran_offset_min(int64_t when_s);

#endif
