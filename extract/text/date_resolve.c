/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date_formats.h"
#include "extract/text/date_interval.h"

#include <errno.h>

/* The precision of a unit, or of the next coarser one. */
static enum pk_precision
precision_of(enum pk_when_unit unit, bool coarser)
{
	static const struct {
		enum pk_precision exact;
		enum pk_precision coarser;
	} precisions[] = {
		[PK_UNIT_DAY] = { PK_PRECISION_DAY, PK_PRECISION_WEEK },
		[PK_UNIT_WEEK] = { PK_PRECISION_WEEK, PK_PRECISION_MONTH },
		[PK_UNIT_MONTH] = { PK_PRECISION_MONTH, PK_PRECISION_YEAR },
		[PK_UNIT_YEAR] = { PK_PRECISION_YEAR, PK_PRECISION_DECADE },
		[PK_UNIT_DECADE] = { PK_PRECISION_DECADE, PK_PRECISION_DECADE },
		[PK_UNIT_CENTURY] = { PK_PRECISION_DECADE, PK_PRECISION_DECADE },
		[PK_UNIT_HOUR] = { PK_PRECISION_HOUR, PK_PRECISION_DAY },
		[PK_UNIT_MINUTE] = { PK_PRECISION_MINUTE, PK_PRECISION_HOUR },
		[PK_UNIT_SECOND] = { PK_PRECISION_INSTANT, PK_PRECISION_MINUTE },
		[PK_UNIT_SEASON] = { PK_PRECISION_SEASON, PK_PRECISION_YEAR },
	};

	return coarser ? precisions[unit].coarser : precisions[unit].exact;
}

/* Hours count as the days that they can reach over. */
static int64_t
days_of(enum pk_when_unit unit, int n)
{
	static const int days[] = {
		[PK_UNIT_DAY] = 1,
		[PK_UNIT_WEEK] = 7,
		[PK_UNIT_MONTH] = 30,
		[PK_UNIT_YEAR] = 365,
		[PK_UNIT_DECADE] = 3652,
		[PK_UNIT_CENTURY] = 36524,
		[PK_UNIT_SEASON] = 91,
		[PK_UNIT_SECOND] = 0,
	};

	if (unit == PK_UNIT_HOUR)
		return n / 24;
	return (int64_t)n * days[unit];
}

static struct pk_interval
weekday_of(const struct pk_when_now *now, const struct pk_when *when)
{
	int64_t anchor = now->anchor, day;

	if (when->in_week) {
		day = pk_interval_of_week(anchor + 7 * (int64_t)when->offset).start +
		      when->weekday;
		return (struct pk_interval){ day, day + 1 };
	}
	int back = (pk_weekday(anchor) - when->weekday + 7) % 7;
	day = anchor - back; /* the latest one up to today */
	if (when->offset < 0 && back == 0)
		day -= 7;
	if (when->offset > 0 || (when->offset == 0 && when->future && back != 0))
		day += 7;
	return (struct pk_interval){ day, day + 1 };
}

/* The years in which a day and month may lie when none is said; the nearest counts. */
static int
nearest_year(const struct pk_when *when, int64_t near)
{
	int year = pk_date_from_day(when->calendar, near).year, best = year;
	int64_t best_distance = INT64_MAX;

	if (when->side != 0) {
		struct pk_interval month =
		    pk_interval_of_month(when->calendar, year, when->month);

		if (when->side < 0)
			return month.end <= near ? year : year - 1;
		return month.start > near ? year : year + 1;
	}
	for (int y = year - 1; y <= year + 1; y++) {
		struct pk_date date = { y, when->month,
			when->day == 0 ? 15 : when->day };
		if (!pk_date_valid(when->calendar, date))
			continue;
		int64_t day = pk_date_to_day(when->calendar, date);
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
calendar_of(const struct pk_when *when, int year, struct pk_interval *ret_interval,
    enum pk_precision *ret_precision)
{
	enum pk_calendar calendar = when->calendar;
	struct pk_date date = { year, when->month, when->day };

	if (year < 1 || year > 3000 || calendar == PK_CALENDAR_NONE)
		return false;
	if (when->month == 0) {
		*ret_interval = pk_interval_of_year(calendar, year);
		if (when->last_year > year)
			ret_interval->end =
			    pk_interval_of_year(calendar, when->last_year).end;
		*ret_precision = when->unit == PK_UNIT_DAY
				     ? PK_PRECISION_YEAR
				     : precision_of(when->unit, false);
		return true;
	}
	if (when->day == 0) {
		*ret_interval = pk_interval_of_month(calendar, year, when->month);
		if (when->last_month > when->month)
			ret_interval->end =
			    pk_interval_of_month(calendar, year, when->last_month).end;
		*ret_precision = PK_PRECISION_MONTH;
		return true;
	}
	if (!pk_date_valid(calendar, date))
		return false;
	ret_interval->start = pk_date_to_day(calendar, date);
	ret_interval->end = ret_interval->start + 1;
	*ret_precision = PK_PRECISION_DAY;
	date.day = when->last_day;
	if (when->last_day > when->day && pk_date_valid(calendar, date))
		ret_interval->end = pk_date_to_day(calendar, date) + 1;
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
	if (when->told_year) {
		*ret_year = pk_date_from_day(when->calendar, now->told).year;
		return now->has_told;
	}
	if (near == NULL && !now->has_anchor)
		return false;
	*ret_year =
	    when->has_year_offset
		? pk_date_from_day(when->calendar, now->anchor).year + when->year_offset
		: nearest_year(when, anchor);
	return true;
}

/* A day of the month that lies `offset` months from now. */
static bool
month_day_of(
    const struct pk_when_now *now, const struct pk_when *when, struct pk_interval *ret)
{
	struct pk_interval month =
	    pk_interval_of_unit(now->home, PK_UNIT_MONTH, now->anchor, when->offset);
	int last = when->last_day > when->day ? when->last_day : when->day;

	ret->start = month.start + when->day - 1;
	ret->end = month.start + last;
	return ret->end <= month.end;
}

/* Parts of a year or month, from the whole inwards. */
static bool
nth_of(const struct pk_when_now *now, const struct pk_when *when, const int64_t *near,
    struct pk_interval *ret, enum pk_precision *ret_precision)
{
	int year;

	if (!year_for(now, when, near, &year) || year < 1 || year > 3000)
		return false;
	*ret = when->month == 0
		   ? pk_interval_of_year(when->calendar, year)
		   : pk_interval_of_month(when->calendar, year, when->month);
	for (size_t i = when->n_nths; i > 0; i--) {
		if (!pk_interval_nth(when->calendar, &when->nths[i - 1], *ret, ret))
			return false;
	}
	*ret_precision = precision_of(when->nths[0].unit, false);
	return true;
}

static bool
is_relative(const struct pk_when *when)
{
	return (when->kind != PK_WHEN_CALENDAR && when->kind != PK_WHEN_SEASON &&
		   when->kind != PK_WHEN_NTH) ||
	       when->year == 0;
}

/* Everything is whole days; hours stand beside them. */
static bool
interval_of(const struct pk_when_now *now, const struct pk_when *when,
    const int64_t *near, struct pk_interval *ret, struct pk_time *time)
{
	int year;

	time->precision = precision_of(when->unit, when->about);
	switch (when->kind) {
	case PK_WHEN_DAY:
		*ret = pk_interval_of_unit(
		    now->home, PK_UNIT_DAY, now->anchor, when->offset);
		time->conf = 0.95;
		return now->has_anchor;
	case PK_WHEN_WEEKDAY:
		*ret = weekday_of(now, when);
		time->precision = PK_PRECISION_DAY;
		time->conf = when->offset != 0 ? 0.95 : 0.9;
		return now->has_anchor;
	case PK_WHEN_PERIOD:
		*ret = pk_interval_of_unit(
		    now->home, when->unit, now->anchor, when->offset);
		time->conf = 0.85;
		return now->has_anchor;
	case PK_WHEN_AGO:
		*ret =
		    pk_interval_of_unit(now->home, when->unit, now->anchor, -when->n);
		time->conf = when->about ? 0.6 : 0.8;
		return now->has_anchor;
	case PK_WHEN_LAST:
		*ret = (struct pk_interval){ now->anchor - days_of(when->unit, when->n),
			now->anchor + 1 };
		time->conf = 0.6;
		return now->has_anchor;
	case PK_WHEN_NEXT:
		*ret = (struct pk_interval){ now->anchor,
			now->anchor + days_of(when->unit, when->n) + 1 };
		time->conf = 0.6;
		return now->has_anchor;
	case PK_WHEN_OPEN:
		*ret = when->n < 0 ? (struct pk_interval){ now->anchor + when->n,
			now->anchor + 1 }
				   : (struct pk_interval){ now->anchor,
					     now->anchor + when->n + 1 };
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
		ret->start =
		    pk_interval_of_month(PK_CALENDAR_JALALI, year, when->month).start;
		ret->end =
		    pk_interval_of_month(PK_CALENDAR_JALALI, year, when->month + 2).end;
		return true;
	case PK_WHEN_MONTH_DAY:
		time->precision = PK_PRECISION_DAY;
		time->conf = 0.9;
		return month_day_of(now, when, ret) && now->has_anchor;
	case PK_WHEN_NTH:
		time->conf = when->year != 0 ? 0.95 : 0.8;
		return nth_of(now, when, near, ret, &time->precision);
	case PK_WHEN_TOLD:
		time->conf = 0.5;
		if (!now->has_told || when->unit != PK_UNIT_YEAR)
			return false;
		*ret =
		    pk_interval_of_unit(now->told_calendar, when->unit, now->told, 0);
		return true;
	case PK_WHEN_EVENT:
		time->conf = 0.3;
		return false;
	}
	return false;
}

static enum pk_time_how
how_of(const struct pk_when *when, const struct pk_when_now *now,
    const struct pk_interval *interval)
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
	case PK_WHEN_MONTH_DAY:
		return PK_TIME_RELATIVE_PERIOD;
	case PK_WHEN_EVENT:
	case PK_WHEN_TOLD:
		return PK_TIME_EVENT_RELATIVE;
	case PK_WHEN_CALENDAR:
	case PK_WHEN_SEASON:
	case PK_WHEN_NTH:
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
pk_when_write(struct pk_arena *arena, struct pk_date_at *date)
{
	return write_day(arena, date->start_day, &date->time.start) < 0 ||
		       write_day(arena, date->end_day, &date->time.end) < 0
		   ? -ENOMEM
		   : 0;
}

/* The calendar in which it was said. */
static enum pk_calendar
calendar_said(const struct pk_when *when)
{
	if (when->kind == PK_WHEN_CALENDAR || when->kind == PK_WHEN_NTH)
		return when->calendar == PK_CALENDAR_NONE ? PK_CALENDAR_NO
							  : when->calendar;
	return when->kind == PK_WHEN_SEASON ? PK_CALENDAR_JALALI : PK_CALENDAR_RELATIVE;
}

int
pk_when_resolve(const struct pk_when_now *now, const struct pk_when *when,
    const int64_t *near, struct pk_date_at *date)
{
	struct pk_interval interval = { 0, 0 };
	struct pk_time *time = &date->time;
	bool known = interval_of(now, when, near, &interval, time);

	date->first = when->first;
	date->end = when->end;
	date->has_offset = when->kind == PK_WHEN_EVENT;
	date->offset_days = days_of(when->unit, when->n);
	time->how = how_of(when, now, &interval);
	time->calendar = calendar_said(when);
	date->names = when->names;
	if (when->kind == PK_WHEN_AGO && when->unit >= PK_UNIT_HOUR)
		date->kind = PK_TIME_IS_TIME;
	if (when->within)
		time->conf *= 0.8;
	if (!known) {
		time->conf = 0.2;
		return 0;
	}
	if (when->half != 0)
		interval = pk_interval_half(
		    when->kind == PK_WHEN_CALENDAR ? when->calendar : now->home,
		    interval, when->half);
	/* a weekday that disagrees with its date makes both doubtful */
	if (when->kind == PK_WHEN_CALENDAR && when->weekday >= 0 &&
	    interval.end == interval.start + 1 &&
	    pk_weekday(interval.start) != when->weekday) {
		date->conflict = true;
		time->conf = 0.5;
	}
	date->start_day = interval.start;
	date->end_day = interval.end;
	if (pk_when_write(now->arena, date) < 0)
		return -ENOMEM;
	if (is_relative(when) && now->has_anchor) {
		time->anchor_src = PK_ANCHOR_PUBLISHED;
		return write_day(now->arena, now->anchor, &time->anchor);
	}
	return 0;
}
