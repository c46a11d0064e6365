/* SPDX-License-Identifier: Apache-2.0 */
/* Dates, times and durations put together: «شنبه ساعت ۸», «از شنبه تا دوشنبه». */
#include "extract/text/date_reader.h"

/* May a time of the clock stand beside it? */
static bool
has_hours(const struct pk_when *when)
{
	if (when->names || when->kind == PK_WHEN_SEASON || when->kind == PK_WHEN_OPEN)
		return false;
	if (when->unit >= PK_UNIT_HOUR && when->unit <= PK_UNIT_SECOND)
		return false;
	return when->kind != PK_WHEN_CALENDAR || when->day != 0;
}

/* «ساعت ۸ شنبه», «ساعت ۸ در تاریخ ...»: from the time to the day. */
static size_t
to_day_of(const struct pk_date_reader *r, size_t at)
{
	at += pk_reader_sign(r, at, "،");
	if (!pk_reader_skip(r, PK_DATE_DATED, &at))
		pk_reader_skip(r, PK_DATE_AT, &at);
	return at;
}

/* «شنبه ساعت ۸», «شنبه، در ساعت ۸», «۵ تیر ۱۴۰۰ 14:30». */
static void
clock_behind(const struct pk_date_reader *r, struct pk_expression *e)
{
	struct pk_clock_at clock;
	struct pk_date_meaning meaning;
	size_t at = e->end;
	bool comma = pk_reader_sign(r, at, "،");

	at += comma;
	pk_reader_skip(r, PK_DATE_AT, &at);
	if (at > e->end &&
	    !(pk_reader_word(r, at, &meaning) &&
		(PK_DATE_HAS(meaning, UNIT_HOUR) || PK_DATE_HAS(meaning, ABOUT))))
		return;
	if (!has_hours(&e->when) || !pk_read_clock(r, at, &clock))
		return;
	e->clock = clock.from;
	e->clock_end = clock.to;
	pk_clock_take_part(r, e->first, e->end, &e->clock);
	if (e->clock_end.known)
		pk_clock_take_part(r, e->first, e->end, &e->clock_end);
	e->end = clock.end;
	if (e->when.kind == PK_WHEN_CALENDAR)
		pk_reader_calendar(r, &e->end, &e->when.calendar);
}

static bool
clock_first(const struct pk_date_reader *r, size_t at, struct pk_expression *ret)
{
	struct pk_clock_at clock;
	struct pk_expression e = { .first = at };

	if (!pk_read_clock(r, at, &clock))
		return false;
	e.clock = clock.from;
	e.clock_end = clock.to;
	e.end = clock.end;
	if (pk_read_when(r, to_day_of(r, clock.end), &e.when) && has_hours(&e.when)) {
		e.has_when = true;
		pk_clock_take_part(r, e.end, e.when.end, &e.clock);
		e.end = e.when.end;
	}
	*ret = e;
	return true;
}

/* A day, a time of the clock, or both. */
static bool
point_at(const struct pk_date_reader *r, size_t at, struct pk_expression *ret)
{
	struct pk_expression day = { .first = at }, clock;

	day.has_when = pk_read_when(r, at, &day.when);
	if (day.has_when) {
		day.end = day.when.end;
		clock_behind(r, &day);
	}
	if (clock_first(r, at, &clock) && (!day.has_when || clock.end > day.end)) {
		*ret = clock;
		return true;
	}
	*ret = day;
	return day.has_when;
}

/* Is it an interval by itself: «۲ تا ۵ تیر», «ساعت ۸ تا ۱۰»? */
static bool
holds_until(const struct pk_date_reader *r, const struct pk_expression *e)
{
	for (size_t at = e->first; at < e->end; at++) {
		if (pk_reader_skip(r, PK_DATE_UNTIL, &(size_t){ at }))
			return true;
	}
	return false;
}

/* «تا دوشنبه», «تاکنون» behind a point; with `between` also «و». */
static bool
until_behind(const struct pk_date_reader *r, bool between, struct pk_expression *e)
{
	struct pk_expression last;
	size_t at = e->end;

	if (e->has_when && pk_reader_skip(r, PK_DATE_UNTIL_NOW, &at)) {
		e->until_now = true;
		e->end = at;
		return true;
	}
	if ((!pk_reader_skip(r, PK_DATE_UNTIL, &at) &&
		!(between && pk_reader_skip(r, PK_DATE_AND, &at))) ||
	    !point_at(r, at, &last) || (!e->has_when && last.has_when))
		return false;
	if (last.has_when && last.when.names)
		return false;
	if (last.has_when) {
		e->has_until = true;
		e->until = last.when;
	}
	if (last.clock.known)
		e->clock_end = last.clock;
	e->end = last.end;
	return true;
}

/* «از الان»: the beginning of an interval. */
static bool
now_at(const struct pk_date_reader *r, size_t at, struct pk_expression *ret)
{
	struct pk_expression now = { .first = at, .has_when = true };

	now.end = at;
	if (!pk_reader_skip(r, PK_DATE_NOW, &now.end))
		return false;
	now.when = (struct pk_when){
		.kind = PK_WHEN_DAY, .first = at, .end = now.end, .weekday = -1
	};
	*ret = now;
	return true;
}

/* «هر دوشنبه ساعت ۸», «هر دوشنبه سال ۹۹». */
static bool
repeat_at(const struct pk_date_reader *r, size_t at, struct pk_expression *ret)
{
	struct pk_expression e = { .first = at, .has_duration = true, .repeats = true };
	struct pk_clock_at clock;
	struct pk_when when;

	if (!pk_read_repeat(r, at, &e.duration))
		return false;
	e.end = e.duration.end;
	if (pk_read_clock(r, e.end, &clock)) {
		e.clock = clock.from;
		e.end = clock.end;
	} else if (pk_read_when(r, e.end, &when) && !has_hours(&when) && !when.names) {
		e.end = when.end;
	}
	*ret = e;
	return true;
}

/* A duration, unless its unit begins a date: «دو روز جمعه و شنبه». */
static bool
duration_at(const struct pk_date_reader *r, size_t at, struct pk_expression *ret)
{
	struct pk_expression e = { .first = at, .has_duration = true };
	struct pk_when when;

	if (!pk_read_duration(r, at, &e.duration))
		return false;
	e.end = e.duration.end;
	if (pk_read_when(r, e.duration.unit_at, &when) && when.end > e.end)
		return false;
	*ret = e;
	return true;
}

bool
pk_read_expression(
    const struct pk_date_reader *r, size_t at, struct pk_expression *ret_expression)
{
	struct pk_expression e, other;
	size_t start = at;
	bool between = pk_reader_skip(r, PK_DATE_BETWEEN, &start);
	bool from = between || pk_reader_skip(r, PK_DATE_FROM, &start);

	if (!pk_reader_begins(r, start))
		return false;
	bool found = point_at(r, start, &e) || (from && now_at(r, start, &e));
	if (from) {
		if (!found || !(until_behind(r, between, &e) || holds_until(r, &e)))
			return false;
		e.first = at;
		*ret_expression = e;
		return true;
	}
	if (found)
		until_behind(r, false, &e);
	if (repeat_at(r, at, &other) && (!found || other.end > e.end)) {
		e = other;
		found = true;
	}
	if (duration_at(r, at, &other) && (!found || other.end > e.end)) {
		e = other;
		found = true;
	}
	if (found)
		*ret_expression = e;
	return found;
}
