/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/date_priv.h"

#include "base/calendar.h"
#include "extract/pack/parts.h"

#include <errno.h>

struct reader {
	const struct pk_date_words *words;
	const struct pk_text *text;
	struct pk_when_now now;
	size_t limit; /* end of the sentence */
};

#define BRACKET_MAX 8

#define HAS(meaning, KIND) (((meaning).kinds & PK_DATE_BIT(PK_DATE_##KIND)) != 0)

static bool
word_at(const struct reader *r, size_t at, struct pk_date_meaning *ret_meaning)
{
	return pk_date_word_at(r->words, r->text, at, r->limit, ret_meaning);
}

/* Passes over a word of the kind. Returns whether there was one. */
static bool
skip(const struct reader *r, enum pk_date_word kind, size_t *at)
{
	struct pk_date_meaning meaning;

	if (!word_at(r, *at, &meaning) || (meaning.kinds & PK_DATE_BIT(kind)) == 0)
		return false;
	*at = meaning.end;
	return true;
}

static bool
is_sign(const struct reader *r, size_t at, const char *sign)
{
	return at < r->limit && pk_span_eq(r->text->tokens[at].key, pk_span_of(sign));
}

static bool
number_at(const struct reader *r, size_t at, struct pk_number *ret_number)
{
	return pk_number_at(pk_date_numbers(r->words), r->text, at, r->limit,
		   ret_number) &&
	       !ret_number->vague;
}

/* The calendar that a year of this size is counted in. */
static enum pk_calendar
calendar_of_year(double year)
{
	if (year >= 1200 && year <= 1499)
		return PK_CALENDAR_JALALI;
	return year >= 1800 && year <= 2100 ? PK_CALENDAR_GREGORIAN : PK_CALENDAR_NONE;
}

static bool
unit_of(const struct pk_date_meaning *meaning, enum pk_when_unit *ret_unit)
{
	static const struct unit_word {
		enum pk_date_word word;
		enum pk_when_unit unit;
	} units[] = {
		{ PK_DATE_UNIT_DAY, PK_UNIT_DAY },
		{ PK_DATE_UNIT_WEEK, PK_UNIT_WEEK },
		{ PK_DATE_UNIT_MONTH, PK_UNIT_MONTH },
		{ PK_DATE_UNIT_YEAR, PK_UNIT_YEAR },
		{ PK_DATE_UNIT_DECADE, PK_UNIT_DECADE },
	};

	for (size_t i = 0; i < PK_COUNT(units); i++) {
		if ((meaning->kinds & PK_DATE_BIT(units[i].word)) != 0) {
			*ret_unit = units[i].unit;
			return true;
		}
	}
	return false;
}

/* «گذشته», «آینده», «جاری» behind a unit. */
static bool
direction_at(const struct reader *r, size_t *at, int *ret_offset)
{
	struct pk_date_meaning meaning;

	if (!word_at(r, *at, &meaning))
		return false;
	if (HAS(meaning, PAST))
		*ret_offset = -1;
	else if (HAS(meaning, FUTURE))
		*ret_offset = 1;
	else if (HAS(meaning, CURRENT))
		*ret_offset = 0;
	else
		return false;
	*at = meaning.end;
	return true;
}

/* «شمسی», «میلادی», «قمری» behind a year. */
static void
calendar_word(const struct reader *r, size_t *at, enum pk_calendar *calendar)
{
	if (skip(r, PK_DATE_JALALI_YEAR, at))
		*calendar = PK_CALENDAR_JALALI;
	else if (skip(r, PK_DATE_GREGORIAN_YEAR, at))
		*calendar = PK_CALENDAR_GREGORIAN;
	else if (skip(r, PK_DATE_HIJRI_YEAR, at))
		*calendar = PK_CALENDAR_HIJRI;
}

/* A year behind a month, with or without «سال»: a number, or «گذشته». */
static void
year_behind(const struct reader *r, struct pk_when *when)
{
	struct pk_number number;
	size_t at = when->end;
	enum pk_calendar calendar = when->calendar;
	bool said = skip(r, PK_DATE_UNIT_YEAR, &at);
	struct pk_date_meaning meaning;

	if (said && direction_at(r, &at, &when->year_offset)) {
		when->has_year_offset = true;
		when->end = at;
		return;
	}
	if (!said && word_at(r, at, &meaning) && HAS(meaning, THIS_YEAR)) {
		when->has_year_offset = true;
		when->year_offset = meaning.values[PK_DATE_THIS_YEAR];
		when->end = meaning.end;
		return;
	}
	if (said && skip(r, PK_DATE_THIS, &at))
		return;
	if (!number_at(r, at, &number) || number.ordinal)
		return;
	double year = number.value;
	if (year < 100 && number.digits && when->calendar == PK_CALENDAR_JALALI &&
	    (said || when->day != 0))
		year += year > 50 ? 1300 : 1400;
	at = number.end;
	calendar_word(r, &at, &calendar);
	bool fits = when->calendar == PK_CALENDAR_HIJRI
			? year >= 1 && year <= 1500
			: calendar_of_year(year) == when->calendar;
	if (fits) {
		when->year = (int)year;
		when->end = at;
	}
}

/* The month at `at` (behind «ماه», if it is said). */
static bool
month_at(const struct reader *r, size_t at, struct pk_when *when, bool *ret_ambiguous)
{
	struct pk_date_meaning meaning;
	bool said = skip(r, PK_DATE_UNIT_MONTH, &at);

	if (!word_at(r, at, &meaning))
		return false;
	if (HAS(meaning, JALALI)) {
		when->calendar = PK_CALENDAR_JALALI;
		when->month = meaning.values[PK_DATE_JALALI];
	} else if (HAS(meaning, GREGORIAN)) {
		when->calendar = PK_CALENDAR_GREGORIAN;
		when->month = meaning.values[PK_DATE_GREGORIAN];
	} else if (HAS(meaning, HIJRI)) {
		when->calendar = PK_CALENDAR_HIJRI;
		when->month = meaning.values[PK_DATE_HIJRI];
	} else {
		return false;
	}
	at = meaning.end;
	said |= skip(r, PK_DATE_UNIT_MONTH, &at); /* «اسفند ماه» */
	*ret_ambiguous = HAS(meaning, AMBIGUOUS) && !said;
	when->end = at;
	return true;
}

/* «تیرماه گذشته», «مه آینده», «آبان جاری». */
static void
side_behind(const struct reader *r, struct pk_when *when)
{
	struct pk_date_meaning meaning;

	if (!word_at(r, when->end, &meaning))
		return;
	if (HAS(meaning, PAST) && HAS(meaning, LASTING))
		when->side = -1;
	else if (HAS(meaning, COMING))
		when->side = 1;
	else if (HAS(meaning, CURRENT))
		when->has_year_offset = true;
	else
		return;
	when->end = meaning.end;
}

/* «۲۱», «دوم», «بیست و یکمین روز», «۵ تا ۷» before a month. */
static bool
day_number(const struct reader *r, size_t *at, struct pk_when *when, bool *ret_sure)
{
	struct pk_number number, last;
	size_t next;

	if (!number_at(r, *at, &number) || number.value < 1 || number.value > 31)
		return false;
	when->day = (int)number.value;
	*ret_sure = number.digits || number.ordinal;
	*at = number.end;
	next = *at;
	if ((skip(r, PK_DATE_UNTIL, &next) || skip(r, PK_DATE_AND, &next) ||
		is_sign(r, next, "-")) &&
	    number_at(r, next + is_sign(r, next, "-"), &last) && last.value <= 31) {
		when->last_day = (int)last.value;
		*at = last.end;
	}
	skip(r, PK_DATE_UNIT_DAY, at);
	return true;
}

/* [weekday [،]] [day] month [year]: «پنجشنبه ۲۴ فوریه ۲۰۲۲», «ماه مه ۲۰۲۳». */
static bool
read_month(const struct reader *r, size_t at, struct pk_when *when)
{
	struct pk_date_meaning meaning;
	bool ambiguous, sure = false;

	when->kind = PK_WHEN_CALENDAR;
	skip(r, PK_DATE_UNIT_DAY, &at);
	if (word_at(r, at, &meaning) && HAS(meaning, WEEKDAY)) {
		when->weekday = meaning.values[PK_DATE_WEEKDAY];
		at = meaning.end;
		at += is_sign(r, at, "،");
	}
	bool has_day = day_number(r, &at, when, &sure);
	if (!has_day && when->weekday >= 0)
		return false;
	if (!month_at(r, at, when, &ambiguous))
		return false;
	year_behind(r, when);
	if (when->year == 0 && !when->has_year_offset && !ambiguous)
		side_behind(r, when);
	return !ambiguous || sure || when->year != 0 || when->has_year_offset;
}

/* «۱۴۰۳/۰۲/۰۵», "26/09/1396", "2017-12-22". */
static bool
read_numeric(const struct reader *r, size_t at, struct pk_when *when)
{
	struct pk_span key = r->text->tokens[at].key;
	int parts[3] = { 0 }, n = 0;

	if (r->text->tokens[at].kind != PK_TOKEN_NUMBER || key.len > 10)
		return false;
	for (size_t i = 0; i < key.len; i++) {
		char c = key.ptr[i];
		if (c >= '0' && c <= '9' && parts[n] < 10000)
			parts[n] = parts[n] * 10 + (c - '0');
		else if ((c == '/' || c == '-') && n < 2)
			n++;
		else
			return false;
	}
	if (n != 2)
		return false;
	bool year_first = parts[0] > 31;
	when->kind = PK_WHEN_CALENDAR;
	when->year = year_first ? parts[0] : parts[2];
	when->month = parts[1];
	when->day = year_first ? parts[2] : parts[0];
	if (when->year < 100) /* a short year is Persian: nobody else writes 99/02/05 */
		when->year += when->year > 50 ? 1300 : 1400;
	when->calendar = calendar_of_year(when->year);
	when->end = at + 1;
	return when->calendar != PK_CALENDAR_NONE && when->month >= 1 &&
	       when->month <= 12 && when->day >= 1 && when->day <= 31;
}

/* «جمعه», «روز جمعه», «عصر جمعه», «جمعه گذشته», «جمعه هفته آینده», «جمعه این هفته». */
static bool
read_weekday(const struct reader *r, size_t at, struct pk_when *when)
{
	struct pk_date_meaning meaning;

	skip(r, PK_DATE_PART, &at);
	skip(r, PK_DATE_UNIT_DAY, &at);
	if (!word_at(r, at, &meaning) || !HAS(meaning, WEEKDAY))
		return false;
	when->kind = PK_WHEN_WEEKDAY;
	when->weekday = meaning.values[PK_DATE_WEEKDAY];
	at = meaning.end;
	skip(r, PK_DATE_PART, &at);
	when->end = at;
	if (direction_at(r, &at, &when->offset)) {
		when->in_week = when->offset == 0;
		when->end = at;
		return true;
	}
	bool this_week = skip(r, PK_DATE_THIS, &at);
	if (!skip(r, PK_DATE_UNIT_WEEK, &at))
		return true;
	if (this_week || direction_at(r, &at, &when->offset)) {
		when->in_week = true;
		when->end = at;
	}
	return true;
}

/* «امروز», «عصر دیروز», «امروز شنبه», «امروز، ۵ تیر»: a date that follows is meant. */
static bool
read_day(const struct reader *r, size_t at, struct pk_when *when)
{
	struct pk_date_meaning meaning;
	struct pk_when behind = *when;

	skip(r, PK_DATE_PART, &at);
	if (!word_at(r, at, &meaning) || !HAS(meaning, DAY))
		return false;
	when->kind = PK_WHEN_DAY;
	when->offset = meaning.values[PK_DATE_DAY];
	at = meaning.end;
	skip(r, PK_DATE_PART, &at);
	when->end = at;
	size_t open = at + is_sign(r, at, "(");
	size_t next = open + is_sign(r, open, "،");
	if (read_month(r, next, &behind) && behind.day != 0) {
		*when = behind;
		when->end += open > at && is_sign(r, when->end, ")");
	} else if (next < r->limit && word_at(r, next, &meaning) &&
		   HAS(meaning, WEEKDAY) && next == open &&
		   (open == at || is_sign(r, meaning.end, ")"))) {
		when->end = meaning.end + (open > at);
	}
	return true;
}

/* «هفته گذشته», «سال جاری», «این ماه», «سال گذشته میلادی». */
static bool
read_period(const struct reader *r, size_t at, struct pk_when *when)
{
	struct pk_date_meaning meaning;
	bool this = skip(r, PK_DATE_THIS, &at);

	if (!word_at(r, at, &meaning) || !unit_of(&meaning, &when->unit))
		return false;
	at = meaning.end;
	when->kind = PK_WHEN_PERIOD;
	if (!direction_at(r, &at, &when->offset)) {
		/* «این روز» points into the story, not at the calendar */
		if (!this || when->unit == PK_UNIT_DAY || when->unit == PK_UNIT_DECADE)
			return false;
		when->offset = 0;
	}
	if (when->unit == PK_UNIT_DAY) { /* «روز بعد» */
		when->kind = PK_WHEN_EVENT;
		when->n = when->offset;
	}
	if (when->unit == PK_UNIT_YEAR)
		calendar_word(r, &at, &when->calendar);
	when->end = at;
	return true;
}

/* «پنج سال پیش», «سه روز گذشته», «دو هفته دیگر», «سه روز پس از آن». */
static bool
read_count(const struct reader *r, size_t at, struct pk_when *when)
{
	struct pk_date_meaning meaning;
	struct pk_number number;

	if (!number_at(r, at, &number) || number.ordinal || number.value > 5000)
		return false;
	/* the unit alone: «روز گذشته» without a number is yesterday */
	if (number.end >= r->limit ||
	    !pk_date_word_at(r->words, r->text, number.end, number.end + 1, &meaning) ||
	    !unit_of(&meaning, &when->unit))
		return false;
	when->n = (int)number.value;
	if (!word_at(r, meaning.end, &meaning))
		return false;
	when->end = meaning.end;
	if (HAS(meaning, AFTER_THAT)) {
		when->kind = PK_WHEN_EVENT;
	} else if (HAS(meaning, BEFORE_THAT)) {
		when->kind = PK_WHEN_EVENT;
		when->n = -when->n;
	} else if (HAS(meaning, AGO)) {
		when->kind = PK_WHEN_AGO;
	} else if (HAS(meaning, LASTING)) {
		when->kind = PK_WHEN_LAST;
	} else if (HAS(meaning, COMING)) {
		when->kind = PK_WHEN_NEXT;
	} else if (HAS(meaning, FUTURE)) {
		when->kind = PK_WHEN_AGO;
		when->n = -when->n;
	} else {
		return false;
	}
	return true;
}

/* «سال ۱۴۰۰», «سال‌های ۱۳۹۸ تا ۱۴۰۰», «در 2017»,
 * «۱۲۱۰ میلادی».
 */
static bool
read_year(const struct reader *r, size_t at, struct pk_when *when)
{
	struct pk_date_meaning meaning;
	struct pk_number number, last;
	bool said = skip(r, PK_DATE_UNIT_YEAR, &at);

	if (!number_at(r, at, &number) || number.ordinal)
		return false;
	double year = number.value;
	when->end = number.end;
	when->calendar = calendar_of_year(year);
	bool full = when->calendar != PK_CALENDAR_NONE;
	if (said && !full && number.digits && year >= 50 && year < 100) {
		year += 1300;
		when->calendar = PK_CALENDAR_JALALI;
		full = true;
	}
	size_t before = when->end;
	calendar_word(r, &when->end, &when->calendar);
	bool named = when->end > before;
	if (!(full || named) || when->calendar == PK_CALENDAR_NONE || year < 1 ||
	    year > 3000)
		return false;
	if (!said && !named) {
		size_t in = at > 0 ? at - 1 : at;
		if (at == 0 || !number.digits || !skip(r, PK_DATE_IN, &in) ||
		    in != at || r->text->tokens[at].key.len != 4 ||
		    (word_at(r, when->end, &meaning) && HAS(meaning, COUNTED)))
			return false;
	}
	when->kind = PK_WHEN_CALENDAR;
	when->year = (int)year;
	size_t next = when->end;
	if (said && (skip(r, PK_DATE_UNTIL, &next) || is_sign(r, next, "-")) &&
	    number_at(r, next + is_sign(r, next, "-"), &last) &&
	    calendar_of_year(last.value) == when->calendar) {
		when->last_year = (int)last.value;
		when->end = last.end;
	}
	return true;
}

/* «بهار ۱۴۰۰», «زمستان سال گذشته»; a season alone is only weather. */
static bool
read_season(const struct reader *r, size_t at, struct pk_when *when)
{
	struct pk_date_meaning meaning;

	if (!word_at(r, at, &meaning) || !HAS(meaning, SEASON))
		return false;
	when->kind = PK_WHEN_SEASON;
	when->calendar = PK_CALENDAR_JALALI;
	when->month = meaning.values[PK_DATE_SEASON] * 3 - 2;
	when->end = meaning.end;
	year_behind(r, when);
	if (when->year == 0 && !when->has_year_offset) {
		size_t end = when->end;
		if (!direction_at(r, &end, &when->year_offset))
			return false;
		when->has_year_offset = true;
		when->end = end;
	}
	return true;
}

/* «اخیرا», «به زودی», «امسال». */
static bool
read_loose(const struct reader *r, size_t at, struct pk_when *when)
{
	struct pk_date_meaning meaning;

	if (!word_at(r, at, &meaning))
		return false;
	when->end = meaning.end;
	if (HAS(meaning, RECENTLY) || HAS(meaning, SOON)) {
		when->kind = PK_WHEN_OPEN;
		when->n = HAS(meaning, RECENTLY) ? meaning.values[PK_DATE_RECENTLY]
						 : meaning.values[PK_DATE_SOON];
		return true;
	}
	if (!HAS(meaning, THIS_YEAR))
		return false;
	when->kind = PK_WHEN_PERIOD;
	when->unit = PK_UNIT_YEAR;
	when->offset = meaning.values[PK_DATE_THIS_YEAR];
	return true;
}

/* The longest reading of all; the first of equals. */
static bool
read_core(const struct reader *r, size_t at, struct pk_when *ret_when)
{
	static bool (*const readings[])(const struct reader *, size_t,
	    struct pk_when *) = { read_numeric, read_month, read_day, read_weekday,
		read_count, read_period, read_year, read_season, read_loose };
	bool found = false;

	if (at >= r->limit)
		return false;
	for (size_t i = 0; i < PK_COUNT(readings); i++) {
		struct pk_when when = { .first = at, .weekday = -1 };
		if (readings[i](r, at, &when) && (!found || when.end > ret_when->end)) {
			*ret_when = when;
			found = true;
		}
	}
	return found;
}

/* With «حدود» and «اواخر» before it, which say how sharply it is meant. */
static bool
read_when(const struct reader *r, size_t at, struct pk_when *ret_when)
{
	size_t core = at;
	bool about = skip(r, PK_DATE_ABOUT, &core);
	bool within = skip(r, PK_DATE_WITHIN, &core);

	if (!read_core(r, core, ret_when)) {
		if (core == at || !read_core(r, at, ret_when))
			return false;
		about = within = false;
	}
	ret_when->first = at;
	ret_when->about = about;
	ret_when->within = within;
	return true;
}

static int
resolve(const struct reader *r, const struct pk_when *when, const int64_t *near,
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
take_pair(const struct reader *r, struct pk_when *when, struct pk_date_at *date)
{
	struct pk_when second;
	struct pk_date_at other;

	if (!is_sign(r, when->end, "(") || !read_when(r, when->end + 1, &second) ||
	    !is_sign(r, second.end, ")"))
		return 0;
	int e = resolve(r, &second, NULL, &other);
	if (e < 0)
		return e;
	size_t end = second.end + 1;
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

static int
date_when(const struct reader *r, struct pk_when *when, struct pk_date_at *date)
{
	int e = resolve(r, when, NULL, date);

	if (e == 0)
		e = take_pair(r, when, date);
	if (e < 0)
		return e;
	date->time.text = pk_text_of(r->text, date->first, date->end);
	date->time.has_range = true;
	date->time.range = pk_text_range(r->text, date->first, date->end);
	return 0;
}

/* Does another clause begin behind the token? */
static bool
is_border(const struct reader *r, size_t at, const struct pk_date_meaning *meaning)
{
	return (meaning != NULL && HAS(*meaning, CLAUSE)) || is_sign(r, at, "؛") ||
	       is_sign(r, at, ":");
}

/* «قرار است [که] ... روز جمعه»: is a plan open when the date comes? */
static bool
is_planned(const struct reader *r, size_t first, size_t at)
{
	bool planned = false;

	for (size_t i = first, next; i < at; i = next) {
		struct pk_date_meaning meaning;
		bool known = word_at(r, i, &meaning);

		next = known ? meaning.end : i + 1;
		if (known && HAS(meaning, PLAN)) {
			planned = true;
			if (word_at(r, next, &meaning) && HAS(meaning, CLAUSE))
				next = meaning.end;
		} else if (is_border(r, i, known ? &meaning : NULL) ||
			   (known && HAS(meaning, DONE))) {
			planned = false;
		}
	}
	return planned;
}

/*
 * Does the clause that a weekday at `at` stands in look ahead? Its verb stands behind
 * it: the first that is plainly past or future tells, whatever later clauses say.
 */
static bool
looks_ahead(const struct reader *r, const struct pk_sentence *sentence, size_t at)
{
	bool ahead = false;

	if (is_planned(r, sentence->first, at))
		return true;
	for (size_t i = at, next; i < sentence->end; i = next) {
		struct pk_date_meaning meaning;
		bool known = word_at(r, i, &meaning);

		next = known ? meaning.end : i + 1;
		if (known && (HAS(meaning, FUTURE_SIGN) || HAS(meaning, PLAN)))
			return true;
		if (known && HAS(meaning, DONE))
			return false;
		if (is_border(r, i, known ? &meaning : NULL))
			break;
		ahead |= known && HAS(meaning, COMING);
	}
	return ahead;
}

/* The calendar that the year or month at a token belongs to. */
static enum pk_calendar
calendar_at(const struct reader *r, size_t at)
{
	const struct pk_token *token = &r->text->tokens[at];
	struct pk_date_meaning meaning;
	struct pk_number number;

	if (token->kind == PK_TOKEN_NUMBER)
		return token->key.len == 4 && number_at(r, at, &number)
			   ? calendar_of_year(number.value)
			   : PK_CALENDAR_NONE;
	if (!word_at(r, at, &meaning) || HAS(meaning, AMBIGUOUS))
		return PK_CALENDAR_NONE;
	return HAS(meaning, JALALI)      ? PK_CALENDAR_JALALI
	       : HAS(meaning, GREGORIAN) ? PK_CALENDAR_GREGORIAN
					 : PK_CALENDAR_NONE;
}

/*
 * In which calendar does the text count? The one of its months and years outside
 * brackets; the Jalali one when it names none. A bracket that never closes hides only
 * the next few words.
 */
static enum pk_calendar
home_calendar(struct reader *r)
{
	int jalali = 0, gregorian = 0, hidden = 0;

	r->limit = r->text->n_tokens;
	for (size_t i = 0; i < r->text->n_tokens; i++) {
		if (is_sign(r, i, "("))
			hidden = BRACKET_MAX;
		else if (is_sign(r, i, ")"))
			hidden = 0;
		if (hidden > 0) {
			hidden--;
			continue;
		}
		enum pk_calendar calendar = calendar_at(r, i);
		jalali += calendar == PK_CALENDAR_JALALI;
		gregorian += calendar == PK_CALENDAR_GREGORIAN;
	}
	return gregorian > jalali ? PK_CALENDAR_GREGORIAN : PK_CALENDAR_JALALI;
}

int
pk_dates_find(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_text *text, int64_t anchor_day, bool has_anchor,
    struct pk_dates *ret_dates)
{
	struct reader r = {
		.words = pk_pack_parts(pack)->dates,
		.text = text,
		.now = { .arena = arena,
		    .anchor = anchor_day,
		    .has_anchor = has_anchor },
	};
	PK_ARRAY(struct pk_date_at) dates = { 0 };

	r.now.home = home_calendar(&r);
	for (size_t s = 0; s < text->n_sentences; s++) {
		const struct pk_sentence *sentence = &text->sentences[s];
		r.limit = sentence->end;
		for (size_t at = sentence->first; at < sentence->end;) {
			struct pk_date_meaning other;
			struct pk_when when;
			if (word_at(&r, at, &other) && HAS(other, OTHER)) {
				at = other.end;
				continue;
			}
			if (!read_when(&r, at, &when)) {
				at++;
				continue;
			}
			when.future = when.kind == PK_WHEN_WEEKDAY &&
				      looks_ahead(&r, sentence, at);
			struct pk_date_at *date = pk_array_push(arena, &dates);
			if (date == NULL || date_when(&r, &when, date) < 0)
				return -ENOMEM;
			at = date->end;
		}
	}
	*ret_dates = (struct pk_dates){ dates.items, dates.len };
	return 0;
}
