/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/text/date_interval.h - units of time as half-open intervals of days.
 */
#ifndef PEYK_EXTRACT_TEXT_DATE_INTERVAL_H
#define PEYK_EXTRACT_TEXT_DATE_INTERVAL_H

#include "base/calendar.h"
#include "extract/text/date_priv.h"

struct pk_interval {
	int64_t start;
	int64_t end;
};

bool pk_date_valid(enum pk_calendar calendar, struct pk_date date);
int64_t pk_date_to_day(enum pk_calendar calendar, struct pk_date date);
struct pk_date pk_date_from_day(enum pk_calendar calendar, int64_t day);

struct pk_interval pk_interval_of_year(enum pk_calendar calendar, int year);

/* Months may run over the ends of the year: 0 is December of the year before. */
struct pk_interval pk_interval_of_month(enum pk_calendar calendar, int year, int month);

struct pk_interval pk_interval_of_week(int64_t day);

/* The unit that lies `offset` units from the one that has the day. */
struct pk_interval pk_interval_of_unit(
    enum pk_calendar calendar, enum pk_when_unit unit, int64_t day, int offset);

/* The `half` (1 or 2) of a year, month or other interval. */
struct pk_interval pk_interval_half(
    enum pk_calendar calendar, struct pk_interval interval, int half);

/* The part of a year or month. Returns false where it does not lie in it. */
bool pk_interval_nth(enum pk_calendar calendar, const struct pk_nth *nth,
    struct pk_interval whole, struct pk_interval *ret_part);

#endif
