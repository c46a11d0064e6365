/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/date_priv.h"

#include "base/calendar.h"
#include "base/date_formats.h"

#include <errno.h>

struct interval {
	int64_t start;
	int64_t end;
};

static bool
valid(enum pk_calendar calendar, struct pk_date date)
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

static int64_t
to_day(enum pk_calendar calendar, struct pk_date date)
{
	return calendar == PK_CALENDAR_JALALI  ? pk_jalali_to_day(date)
	       : calendar == PK_CALENDAR_HIJRI ? pk_hijri_to_day(date)
					       : pk_gregorian_to_day(date);
}

static struct pk_date
from_day(enum pk_calendar calendar, int64_t day)
{
	return calendar == PK_CALENDAR_JALALI  ? pk_jalali_from_day(day)
	       : calendar == PK_CALENDAR_HIJRI ? pk_hijri_from_day(day)
					       : pk_gregorian_from_day(day);
}

static struct interval
year_of(enum pk_calendar calendar, int year)
{
	return (struct interval){ to_day(calendar, (struct pk_date){ year, 1, 1 }),
		to_day(calendar, (struct pk_date){ year + 1, 1, 1 }) };
}

/* Months may run over the ends of the year: 0 is December of the year before. */
static struct interval
month_of(enum pk_calendar calendar, int year, int month)
{
	int months = year * 12 + month - 1;
	struct pk_date first = { months / 12, months % 12 + 1, 1 };
	struct pk_date next = { (months + 1) / 12, (months + 1) % 12 + 1, 1 };

	return (struct interval){ to_day(calendar, first), to_day(calendar, next) };
}

static struct interval
week_of(int64_t day)
{
	int64_t saturday = day - pk_weekday(day);

	return (struct interval){ saturday, saturday + 7 };
}

/* The unit that lies `offset` units from the one that has the day. */
static struct interval
unit_of(const struct pk_when_now *now, enum pk_when_unit unit, int64_t day, int offset)
{
	struct pk_date date = from_day(now->home, day);

	switch (unit) {
	case PK_UNIT_DAY:
		return (struct interval){ day + offset, day + offset + 1 };
	case PK_UNIT_WEEK:
		return week_of(day + 7 * (int64_t)offset);
	case PK_UNIT_MONTH:
		return month_of(now->home, date.year, date.month + offset);
	case PK_UNIT_YEAR:
		return year_of(now->home, date.year + offset);
	case PK_UNIT_DECADE:
		date.year = date.year / 10 * 10 + offset * 10;
		return (struct interval){ year_of(now->home, date.year).start,
			year_of(now->home, date.year + 10).start };
	}
	return (struct interval){ day, day };
}

static enum pk_precision
precision_of(enum pk_when_unit unit, bool coarser)
{
	static const enum pk_precision precisions[] = { PK_PRECISION_DAY,
		PK_PRECISION_WEEK, PK_PRECISION_MONTH, PK_PRECISION_YEAR,
		PK_PRECISION_DECADE, PK_PRECISION_DECADE };

	return precisions[unit + (coarser ? 1 : 0)];
}

static int64_t
days_of(enum pk_when_unit unit, int n)
{
	static const int days[] = { 1, 7, 30, 365, 3652 };

	return (int64_t)n * days[unit];
}

static struct interval
weekday_of(const struct pk_when_now *now, const struct pk_when *when)
{
	int64_t anchor = now->anchor, day;

	if (when->in_week) {
		day = week_of(anchor + 7 * (int64_t)when->offset).start + when->weekday;
		return (struct interval){ day, day + 1 };
	}
	int back = (pk_weekday(anchor) - when->weekday + 7) % 7;
	day = anchor - back; /* the latest one up to today */
	if (when->offset < 0 && back == 0)
		day -= 7;
	if (when->offset > 0 || (when->offset == 0 && when->future && back != 0))
		day += 7;
	return (struct interval){ day, day + 1 };
}

/* The years in which a day and month may lie when none is said; the nearest counts. */
static int
nearest_year(const struct pk_when *when, int64_t near)
{
	int year = from_day(when->calendar, near).year, best = year;
	int64_t best_distance = INT64_MAX;

	if (when->side != 0) {
		struct interval month = month_of(when->calendar, year, when->month);

		if (when->side < 0)
			return month.end <= near ? year : year - 1;
		return month.start > near ? year : year + 1;
	}
	for (int y = year - 1; y <= year + 1; y++) {
		struct pk_date date = { y, when->month,
			when->day == 0 ? 15 : when->day };
		if (!valid(when->calendar, date))
			continue;
		int64_t day = to_day(when->calendar, date);
		int64_t distance = day > near ? day - near : near - day;
		/* a weekday that was said must agree, whatever the distance */
		if (when->weekday >= 0 && when->day != 0 &&
		    pk_weekday(day) != when->weekday)
			distance += 1000;
		if (distance < best_distance) {
			best_distance = distance;
			best = y;
		}
	}
	return best;
}

static bool
calendar_of(const struct pk_when *when, int year, struct interval *ret_interval,
    enum pk_precision *ret_precision)
{
	enum pk_calendar calendar = when->calendar;
	struct pk_date date = { year, when->month, when->day };

	if (year < 1 || year > 3000)
		return false;
	if (when->month == 0) {
		*ret_interval = year_of(calendar, year);
		if (when->last_year > year)
			ret_interval->end = year_of(calendar, when->last_year).end;
		*ret_precision = PK_PRECISION_YEAR;
		return true;
	}
	if (when->day == 0) {
		*ret_interval = month_of(calendar, year, when->month);
		*ret_precision = PK_PRECISION_MONTH;
		return true;
	}
	if (!valid(calendar, date))
		return false;
	ret_interval->start = to_day(calendar, date);
	ret_interval->end = ret_interval->start + 1;
	*ret_precision = PK_PRECISION_DAY;
	date.day = when->last_day;
	if (when->last_day > when->day && valid(calendar, date))
		ret_interval->end = to_day(calendar, date) + 1;
	return true;
}

/* The year of a date that says «سال گذشته», or none; false without an anchor. */
static bool
year_for(const struct pk_when_now *now, const struct pk_when *when, const int64_t *near,
    int *ret_year)
{
	int64_t anchor = near != NULL ? *near : now->anchor;

	if (when->year != 0) {
		*ret_year = when->year;
		return true;
	}
	if (near == NULL && !now->has_anchor)
		return false;
	*ret_year = when->has_year_offset
			? from_day(when->calendar, now->anchor).year + when->year_offset
			: nearest_year(when, anchor);
	return true;
}

static bool
is_relative(const struct pk_when *when)
{
	return (when->kind != PK_WHEN_CALENDAR && when->kind != PK_WHEN_SEASON) ||
	       when->year == 0;
}

/* Hours and instants are not dated yet: everything is whole days. */
static bool
interval_of(const struct pk_when_now *now, const struct pk_when *when,
    const int64_t *near, struct interval *ret, struct pk_time *time)
{
	int year;

	time->precision = precision_of(when->unit, when->about);
	switch (when->kind) {
	case PK_WHEN_DAY:
		*ret = unit_of(now, PK_UNIT_DAY, now->anchor, when->offset);
		time->conf = 0.95;
		return now->has_anchor;
	case PK_WHEN_WEEKDAY:
		*ret = weekday_of(now, when);
		time->precision = PK_PRECISION_DAY;
		time->conf = when->offset != 0 ? 0.95 : 0.9;
		return now->has_anchor;
	case PK_WHEN_PERIOD:
		*ret = unit_of(now, when->unit, now->anchor, when->offset);
		time->conf = 0.85;
		return now->has_anchor;
	case PK_WHEN_AGO:
		*ret = when->unit == PK_UNIT_WEEK
			   ? week_of(now->anchor - 7 * (int64_t)when->n)
			   : unit_of(now, when->unit, now->anchor, -when->n);
		time->conf = when->about ? 0.6 : 0.8;
		return now->has_anchor;
	case PK_WHEN_LAST:
		*ret = (struct interval){ now->anchor - days_of(when->unit, when->n),
			now->anchor + 1 };
		time->conf = 0.6;
		return now->has_anchor;
	case PK_WHEN_NEXT:
		*ret = (struct interval){ now->anchor,
			now->anchor + days_of(when->unit, when->n) + 1 };
		time->conf = 0.6;
		return now->has_anchor;
	case PK_WHEN_OPEN:
		*ret =
		    when->n < 0
			? (struct interval){ now->anchor + when->n, now->anchor + 1 }
			: (struct interval){ now->anchor, now->anchor + when->n + 1 };
		time->precision = PK_PRECISION_UNKNOWN;
		time->conf = 0.3;
		return now->has_anchor;
	case PK_WHEN_CALENDAR:
		time->conf = when->year != 0 || when->has_year_offset ? 0.98
			     : when->day != 0                         ? 0.85
								      : 0.7;
		return year_for(now, when, near, &year) &&
		       calendar_of(when, year, ret, &time->precision);
	case PK_WHEN_SEASON:
		time->precision = PK_PRECISION_SEASON;
		time->conf = 0.8;
		if (!year_for(now, when, near, &year) || year < 1 || year > 3000)
			return false;
		ret->start = month_of(PK_CALENDAR_JALALI, year, when->month).start;
		ret->end = month_of(PK_CALENDAR_JALALI, year, when->month + 2).end;
		return true;
	case PK_WHEN_EVENT:
		time->conf = 0.3;
		return false;
	}
	return false;
}

static enum pk_time_how
how_of(const struct pk_when *when, const struct pk_when_now *now,
    const struct interval *interval)
{
	switch (when->kind) {
	case PK_WHEN_DAY:
		return PK_TIME_RELATIVE_DAY;
	case PK_WHEN_WEEKDAY:
		return interval->start > now->anchor ? PK_TIME_WEEKDAY_NEXT
						     : PK_TIME_WEEKDAY_LAST;
	case PK_WHEN_PERIOD:
	case PK_WHEN_AGO:
	case PK_WHEN_LAST:
	case PK_WHEN_NEXT:
	case PK_WHEN_OPEN:
		return PK_TIME_RELATIVE_PERIOD;
	case PK_WHEN_EVENT:
		return PK_TIME_EVENT_RELATIVE;
	case PK_WHEN_CALENDAR:
	case PK_WHEN_SEASON:
		return PK_TIME_EXPLICIT;
	}
	return PK_TIME_EXPLICIT;
}

static int
write_day(struct pk_arena *arena, int64_t day, struct pk_span *ret_text)
{
	char text[PK_DATE_TEXT_MAX];
	size_t len = pk_date_format_day(day, text);

	*ret_text = pk_arena_copy(arena, (struct pk_span){ text, len });
	return ret_text->ptr == NULL ? -ENOMEM : 0;
}

int
pk_when_resolve(const struct pk_when_now *now, const struct pk_when *when,
    const int64_t *near, struct pk_date_at *date)
{
	struct interval interval = { 0, 0 };
	struct pk_time *time = &date->time;
	bool known = interval_of(now, when, near, &interval, time);

	date->first = when->first;
	date->end = when->end;
	date->has_offset = when->kind == PK_WHEN_EVENT;
	date->offset_days = days_of(when->unit, when->n);
	time->how = how_of(when, now, &interval);
	time->calendar = when->kind == PK_WHEN_CALENDAR ? when->calendar
			 : when->kind == PK_WHEN_SEASON ? PK_CALENDAR_JALALI
							: PK_CALENDAR_RELATIVE;
	if (when->within)
		time->conf *= 0.8;
	if (!known) {
		time->conf = 0.2;
		return 0;
	}
	/* a weekday that disagrees with its date makes both doubtful */
	if (when->kind == PK_WHEN_CALENDAR && when->weekday >= 0 &&
	    interval.end == interval.start + 1 &&
	    pk_weekday(interval.start) != when->weekday) {
		date->conflict = true;
		time->conf = 0.5;
	}
	date->start_day = interval.start;
	date->end_day = interval.end;
	if (write_day(now->arena, interval.start, &time->start) < 0 ||
	    write_day(now->arena, interval.end, &time->end) < 0)
		return -ENOMEM;
	if (is_relative(when) && now->has_anchor) {
		time->anchor_src = PK_ANCHOR_PUBLISHED;
		return write_day(now->arena, now->anchor, &time->anchor);
	}
	return 0;
}
