/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/date_interval.h"

bool
pk_date_valid(enum pk_calendar calendar, struct pk_date date)
{
	if (date.year < 1 || date.year > 3000 || date.month < 1 || date.month > 12 ||
	    date.day < 1 || date.day > 31)
		return false;
	if (calendar == PK_CALENDAR_JALALI)
		return pk_jalali_valid(date);
	if (calendar == PK_CALENDAR_GREGORIAN)
		return pk_gregorian_valid(date);
	return date.day <= 30;
}

int64_t
pk_date_to_day(enum pk_calendar calendar, struct pk_date date)
{
	return calendar == PK_CALENDAR_JALALI  ? pk_jalali_to_day(date)
	       : calendar == PK_CALENDAR_HIJRI ? pk_hijri_to_day(date)
					       : pk_gregorian_to_day(date);
}

struct pk_date
pk_date_from_day(enum pk_calendar calendar, int64_t day)
{
	return calendar == PK_CALENDAR_JALALI  ? pk_jalali_from_day(day)
	       : calendar == PK_CALENDAR_HIJRI ? pk_hijri_from_day(day)
					       : pk_gregorian_from_day(day);
}

struct pk_interval
pk_interval_of_year(enum pk_calendar calendar, int year)
{
	return (struct pk_interval){ pk_date_to_day(
					 calendar, (struct pk_date){ year, 1, 1 }),
		pk_date_to_day(calendar, (struct pk_date){ year + 1, 1, 1 }) };
}

struct pk_interval
pk_interval_of_month(enum pk_calendar calendar, int year, int month)
{
	int months = year * 12 + month - 1;
	struct pk_date first = { months / 12, months % 12 + 1, 1 };
	struct pk_date next = { (months + 1) / 12, (months + 1) % 12 + 1, 1 };

	return (struct pk_interval){ pk_date_to_day(calendar, first),
		pk_date_to_day(calendar, next) };
}

struct pk_interval
pk_interval_of_week(int64_t day)
{
	int64_t saturday = day - pk_weekday(day);

	return (struct pk_interval){ saturday, saturday + 7 };
}

/* The run of `n` years that lies `offset` runs from that of the year. */
static struct pk_interval
years_of(enum pk_calendar calendar, int year, int n, int offset)
{
	int first = year / n * n + offset * n;

	return (struct pk_interval){ pk_interval_of_year(calendar, first).start,
		pk_interval_of_year(calendar, first + n).start };
}

struct pk_interval
pk_interval_of_unit(
    enum pk_calendar calendar, enum pk_when_unit unit, int64_t day, int offset)
{
	struct pk_date date = pk_date_from_day(calendar, day);

	switch (unit) {
	case PK_UNIT_DAY:
		return (struct pk_interval){ day + offset, day + offset + 1 };
	case PK_UNIT_WEEK:
		return pk_interval_of_week(day + 7 * (int64_t)offset);
	case PK_UNIT_SEASON:
		return pk_interval_of_month(calendar, date.year, date.month);
	case PK_UNIT_MONTH:
		return pk_interval_of_month(calendar, date.year, date.month + offset);
	case PK_UNIT_YEAR:
		return pk_interval_of_year(calendar, date.year + offset);
	case PK_UNIT_DECADE:
		return years_of(calendar, date.year, 10, offset);
	case PK_UNIT_CENTURY:
		return years_of(calendar, date.year, 100, offset);
	case PK_UNIT_HOUR: /* at what hour now is, nobody knows */
		day += offset / 24;
		return (struct pk_interval){ day, day + 1 };
	case PK_UNIT_MINUTE:
	case PK_UNIT_SECOND:
		break;
	}
	return (struct pk_interval){ day, day + 1 };
}

struct pk_interval
pk_interval_half(enum pk_calendar calendar, struct pk_interval interval, int half)
{
	struct pk_date date = pk_date_from_day(calendar, interval.start);
	int64_t days = interval.end - interval.start;
	int64_t middle = interval.start + days / 2;

	if (days > 350 && days < 370)
		middle =
		    pk_interval_of_month(calendar, date.year, date.month + 6).start;
	return half == 1 ? (struct pk_interval){ interval.start, middle }
			 : (struct pk_interval){ middle, interval.end };
}

bool
pk_interval_nth(enum pk_calendar calendar, const struct pk_nth *nth,
    struct pk_interval whole, struct pk_interval *ret_part)
{
	struct pk_date date = pk_date_from_day(calendar, whole.start);
	int64_t n = (int64_t)nth->n * (nth->unit == PK_UNIT_SEASON ? 3 : 1);
	int64_t first = n * (nth->nth - 1);

	if (nth->unit == PK_UNIT_MONTH || nth->unit == PK_UNIT_SEASON) {
		if (first + n > 12)
			return false;
		int month = date.month + (int)first;
		ret_part->start =
		    pk_interval_of_month(calendar, date.year, month).start;
		ret_part->end =
		    pk_interval_of_month(calendar, date.year, month + (int)n).start;
	} else {
		int days = nth->unit == PK_UNIT_WEEK ? 7 : 1;
		ret_part->start = whole.start + first * days;
		ret_part->end = ret_part->start + n * days;
	}
	return ret_part->end <= whole.end;
}
