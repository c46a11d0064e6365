/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/date_reader.h"

#include "base/calendar.h"
#include "extract/pack/grammar.h"
#include "extract/pack/parts.h"

#include <errno.h>

/* A bracket that never closes hides only so many words. */
#define BRACKET_MAX 8

static int
resolve(const struct pk_date_reader *r, const struct pk_when *when, const int64_t *near,
    struct pk_date_at *date)
{
	struct pk_when_now now = r->now;

	*date = (struct pk_date_at){ 0 };
	if (when->kind == PK_WHEN_PERIOD && when->calendar != PK_CALENDAR_NONE)
		now.home = when->calendar; /* «سال گذشته میلادی» */
	return pk_when_resolve(&now, when, near, date);
}

/*
 * «۲۱ فوریه ۲۰۲۲ (دوم اسفند ۱۴۰۰)», «پنجشنبه (۵ اسفند)»: a date in brackets behind a
 * date says the same again. Two calendars check each other.
 */
static int
take_pair(const struct pk_date_reader *r, struct pk_when *when, struct pk_date_at *date)
{
	struct pk_when second;
	struct pk_date_at other;

	if (!pk_reader_sign(r, when->end, "(") ||
	    !pk_read_when(r, when->end + 1, &second) ||
	    !pk_reader_sign(r, second.end, ")"))
		return 0;
	int e = resolve(r, &second, NULL, &other);
	if (e < 0)
		return e;
	size_t end = second.end + 1;
	if (second.names)
		return 0;
	if (second.kind == PK_WHEN_CALENDAR && when->kind != PK_WHEN_CALENDAR) {
		bool agree = date->start_day == other.start_day;
		bool known = date->end_day > date->start_day;
		other.conflict = known && !agree;
		*date = other;
		date->first = when->first;
	} else if (second.kind == PK_WHEN_CALENDAR) {
		bool dated = other.end_day > other.start_day;
		if (dated && when->year == 0) {
			e = resolve(r, when, &other.start_day, date);
			if (e < 0)
				return e;
		}
		date->conflict = dated && (date->start_day != other.start_day ||
					      date->end_day != other.end_day);
		date->time.how = PK_TIME_PAIRED;
		date->time.conf = date->conflict ? 0.5 : 0.99;
	}
	date->end = end;
	when->end = end;
	return 0;
}

/* «از ... تا ...»: from the beginning of the one to the end of the other. */
static int
take_until(
    const struct pk_date_reader *r, struct pk_expression *e, struct pk_date_at *date)
{
	struct pk_date_at last = { 0 };
	bool known = date->end_day > date->start_day;

	if (e->until_now) {
		last.start_day = r->now.anchor;
		last.end_day = r->now.anchor + (r->now.has_anchor ? 1 : 0);
	} else {
		int error =
		    resolve(r, &e->until, known ? &date->start_day : NULL, &last);
		if (error < 0)
			return error;
	}
	/* the year stands behind the second: «از ۲۰ دی تا ۵ بهمن ۱۴۰۰» */
	if (last.end_day > last.start_day && e->until.year != 0 && e->when.year == 0) {
		int error = resolve(r, &e->when, &last.start_day, date);
		if (error < 0)
			return error;
	}
	if (last.end_day <= last.start_day || last.end_day <= date->start_day ||
	    date->end_day <= date->start_day) {
		date->start_day = date->end_day = 0;
		date->time.start = date->time.end = (struct pk_span){ 0 };
		return 0;
	}
	date->end_day = last.end_day;
	return pk_when_write(r->now.arena, date);
}

/* Without a day: only how long, how often, or at what hour. */
static void
undated(const struct pk_expression *e, struct pk_date_at *date)
{
	date->time.how = PK_TIME_NO;
	date->time.calendar = PK_CALENDAR_NO;
	date->time.precision = PK_PRECISION_UNKNOWN;
	date->time.conf = 0.9;
	if (!e->has_duration)
		return;
	date->kind = PK_TIME_IS_DURATION;
	date->repeats = e->repeats;
	date->duration = e->duration.shortest;
	date->longest = e->duration.longest;
	if (e->duration.list)
		date->duration.known = false;
}

static int
date_expression(
    const struct pk_date_reader *r, struct pk_expression *e, struct pk_date_at *date)
{
	int error = 0;

	*date = (struct pk_date_at){ 0 };
	if (e->has_when)
		error = resolve(r, &e->when, NULL, date);
	else
		undated(e, date);
	if (error == 0 && (e->has_until || e->until_now))
		error = take_until(r, e, date);
	else if (error == 0 && e->has_when && !e->clock.known)
		error = take_pair(r, &e->when, date);
	if (error < 0)
		return error;
	date->first = e->first;
	date->end = e->end;
	if (e->has_when && e->when.end > date->end)
		date->end = e->when.end; /* the pair */
	date->clock = e->clock;
	date->clock_end = e->clock_end;
	if (e->clock.known && !e->has_duration)
		date->kind = PK_TIME_IS_TIME;
	date->time.text = pk_text_of(r->text, date->first, date->end);
	date->time.has_range = true;
	date->time.range = pk_text_range(r->text, date->first, date->end);
	return 0;
}

/* The calendar that the year or month at a token belongs to. */
static enum pk_calendar
calendar_at(const struct pk_date_reader *r, size_t at)
{
	const struct pk_token *token = &r->text->tokens[at];
	struct pk_date_meaning meaning;
	struct pk_number number;

	if (token->kind == PK_TOKEN_NUMBER)
		return token->key.len == 4 && pk_reader_number(r, at, &number)
			   ? pk_calendar_of_year(number.value)
			   : PK_CALENDAR_NONE;
	if (!pk_reader_word(r, at, &meaning) || PK_DATE_HAS(meaning, AMBIGUOUS))
		return PK_CALENDAR_NONE;
	return PK_DATE_HAS(meaning, JALALI)      ? PK_CALENDAR_JALALI
	       : PK_DATE_HAS(meaning, GREGORIAN) ? PK_CALENDAR_GREGORIAN
						 : PK_CALENDAR_NONE;
}

/*
 * In which calendar does the text count? The one of its months and years outside
 * brackets; the Jalali one when it names none, or whichever the language counts in. A
 * bracket that never closes hides only the next few words.
 */
static enum pk_calendar
home_calendar(struct pk_date_reader *r)
{
	int jalali = 0, gregorian = 0, hidden = 0;

	r->limit = r->text->n_tokens;
	for (size_t i = 0; i < r->text->n_tokens; i++) {
		if (pk_reader_sign(r, i, "("))
			hidden = BRACKET_MAX;
		else if (pk_reader_sign(r, i, ")"))
			hidden = 0;
		if (hidden > 0) {
			hidden--;
			continue;
		}
		enum pk_calendar calendar = calendar_at(r, i);
		jalali += calendar == PK_CALENDAR_JALALI;
		gregorian += calendar == PK_CALENDAR_GREGORIAN;
	}
	return gregorian > jalali || (r->gregorian && gregorian == jalali)
		   ? PK_CALENDAR_GREGORIAN
		   : PK_CALENDAR_JALALI;
}

static bool
is_day(const struct pk_date_at *date)
{
	return date->end_day == date->start_day + 1 &&
	       date->kind != PK_TIME_IS_DURATION && !date->names;
}

/* «۵ تیر ۱۴۰۰ - ۱۴:۳۰», «۱۴:۳۰ (شنبه ۵ تیر)»: the hour is of the day beside it. */
static void
take_day_beside(
    const struct pk_date_reader *r, struct pk_date_at *before, struct pk_date_at *date)
{
	struct pk_date_at *day = is_day(before) ? before : date;
	struct pk_date_at *hour = is_day(before) ? date : before;
	size_t gap = before->end;

	gap += pk_reader_dash(r, gap) || pk_reader_sign(r, gap, "(") ||
	       pk_reader_sign(r, gap, "|");
	if (gap != date->first || !is_day(day) || day->clock.known ||
	    hour->kind != PK_TIME_IS_TIME || hour->time.how != PK_TIME_NO)
		return;
	struct pk_time own = hour->time;
	hour->time = day->time;
	hour->time.text = own.text;
	hour->time.range = own.range;
	hour->start_day = day->start_day;
	hour->end_day = day->end_day;
}

/* What «همان سال» will point to. */
static void
remember(struct pk_date_reader *r, const struct pk_expression *e,
    const struct pk_date_at *date)
{
	if (!e->has_when || e->when.kind != PK_WHEN_CALENDAR || e->when.names ||
	    date->end_day == date->start_day)
		return;
	r->now.told = date->start_day;
	r->now.told_calendar = e->when.calendar;
	r->now.has_told = true;
}

struct finder {
	struct pk_date_reader r;
	PK_ARRAY(struct pk_date_at) dates;
};

/* Takes the expression at a token. Returns the token behind it, or 0 on no memory. */
static size_t
take_at(struct finder *f, const struct pk_sentence *sentence, size_t at)
{
	struct pk_date_reader *r = &f->r;
	struct pk_date_meaning meaning;
	struct pk_expression e;

	if (pk_reader_word(r, at, &meaning) && PK_DATE_HAS(meaning, OTHER))
		return meaning.end;
	if (!pk_read_expression(r, at, &e))
		return at + 1;
	e.when.future = e.has_when && e.when.kind == PK_WHEN_WEEKDAY &&
			pk_date_looks_ahead(r, sentence, at);
	e.until.future = e.when.future;
	struct pk_date_at *date = pk_array_push(r->now.arena, &f->dates);
	if (date == NULL || date_expression(r, &e, date) < 0)
		return 0;
	if (f->dates.len > 1)
		take_day_beside(r, date - 1, date);
	remember(r, &e, date);
	return date->end;
}

int
pk_dates_find(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_text *text, int64_t anchor_day, bool has_anchor,
    struct pk_dates *ret_dates)
{
	struct finder f = { .r = {
				.words = pk_pack_parts(pack)->dates,
				.rules = pk_pack_parts(pack)->text,
				.text = text,
				.now = { .arena = arena,
				    .anchor = anchor_day,
				    .has_anchor = has_anchor },
				.month_first = pk_pack_is(pack, PK_GRAMMAR_MONTH_FIRST),
				.ago_first = pk_pack_is(pack, PK_GRAMMAR_AGO_FIRST),
				.gregorian = pk_pack_is(pack, PK_GRAMMAR_GREGORIAN),
			    } };

	f.r.now.home = home_calendar(&f.r);
	for (size_t s = 0; s < text->n_sentences; s++) {
		const struct pk_sentence *sentence = &text->sentences[s];
		f.r.limit = sentence->end;
		for (size_t at = sentence->first; at < sentence->end;) {
			at = take_at(&f, sentence, at);
			if (at == 0)
				return -ENOMEM;
		}
	}
	*ret_dates = (struct pk_dates){ f.dates.items, f.dates.len };
	return 0;
}
