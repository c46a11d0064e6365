/* SPDX-License-Identifier: Apache-2.0 */
/* Readings of years, decades and centuries. */
#include "extract/text/date_reader.h"

#include "extract/text/rules.h"

#define LIST_MAX 8

/* Words before which a number counts nothing: it is the year of what stands before. */
#define NOT_COUNTED                                                                    \
	(PK_WORD_PREPOSITION | PK_WORD_CONJUNCTION | PK_WORD_VERB | PK_WORD_PARTICLE)
/* Words behind which a number is no name's. */
#define NOT_NAMING (PK_WORD_PREPOSITION | PK_WORD_DETERMINER | PK_WORD_CONJUNCTION)

/* Does a number that ends here count what follows? «۲۰۰۰ نفر», «۲۰۰۰ کارگر». */
static bool
counts(const struct pk_date_reader *r, size_t end)
{
	if (end >= r->limit)
		return false;
	const struct pk_token *next = &r->text->tokens[end];
	if (next->kind != PK_TOKEN_WORD)
		return next->kind == PK_TOKEN_NUMBER || pk_reader_sign(r, end, "%") ||
		       pk_reader_sign(r, end, "٪") || pk_reader_sign(r, end, "$");
	return (pk_word_classes(r->rules, next->key) & NOT_COUNTED) == 0;
}

/* «در 2017»: a bare year behind a preposition. */
static bool
is_bare_year(const struct pk_date_reader *r, size_t at, size_t end)
{
	struct pk_date_meaning meaning;
	size_t in = at > 0 ? at - 1 : at;

	if (at == 0 || !pk_reader_skip(r, PK_DATE_IN, &in) || in != at)
		return false;
	return !pk_reader_word(r, end, &meaning) || !PK_DATE_HAS(meaning, COUNTED);
}

/* «۱۹۹۸ و ۲۰۰۲»: is it in a list behind another year? */
static bool
follows_year(const struct pk_date_reader *r, size_t at)
{
	size_t next = at - 1;

	return at >= 2 && pk_reader_list(r, true, &next) && next == at &&
	       r->text->tokens[at - 2].kind == PK_TOKEN_NUMBER &&
	       r->text->tokens[at - 2].key.len == 4;
}

/* «جشنواره ۲۰۱۵», «مصوب ۱۳۷۷»: behind a word, and nothing is counted. */
static bool
is_name_year(const struct pk_date_reader *r, size_t at, size_t end, double year)
{
	struct pk_date_meaning meaning;
	struct pk_number number;

	if (at == 0 ||
	    r->text->tokens[at - 1].sentence != r->text->tokens[at].sentence ||
	    (year > 1420 && year < 1900) || year < 1300 || year > 2050)
		return false;
	if (follows_year(r, at) ||
	    (pk_reader_sign(r, at - 1, "(") && pk_reader_sign(r, end, ")")))
		return !counts(r, end);
	if (r->text->tokens[at - 1].kind != PK_TOKEN_WORD ||
	    (pk_word_classes(r->rules, r->text->tokens[at - 1].key) & NOT_NAMING) !=
		0 ||
	    pk_reader_number(r, at - 1, &number) ||
	    (pk_reader_word(r, at - 1, &meaning) && PK_DATE_HAS(meaning, ABOUT)))
		return false;
	return !counts(r, end);
}

/* Single letters are calendars only behind what can be no count: «۱۱۱ ق». */
static bool
calendar_behind(
    const struct pk_date_reader *r, double year, size_t *at, enum pk_calendar *calendar)
{
	size_t end = *at;

	if (!pk_reader_calendar(r, &end, calendar))
		return false;
	const struct pk_token *first = &r->text->tokens[*at];
	if (end == *at + 1 && first->end - first->start == 1 && year < 100)
		return false;
	*at = end;
	return true;
}

/*
 * The years behind the first: «۱۳۹۸ تا ۱۴۰۰», «۵۵ تا ۶۲», «۸۱، ۸۴ و ۸۶». In `short`
 * years have two digits.
 */
static void
more_years(const struct pk_date_reader *r, bool is_short, struct pk_when *when)
{
	struct pk_number number;

	for (int n = 0; n < LIST_MAX; n++) {
		size_t at = when->end;
		bool until = pk_reader_skip(r, PK_DATE_UNTIL, &(size_t){ at });
		if (!pk_reader_list(r, true, &at))
			return;
		bool said = pk_reader_skip(r, PK_DATE_UNIT_YEAR, &at);
		if (!pk_reader_number(r, at, &number) || number.ordinal)
			return;
		double year = number.value;
		/* «سال ۹۹، ۱۲ نفر» has one year, «سال‌های ۹۵
		 * تا ۰۲» seven
		 */
		if (is_short && number.digits &&
		    r->text->tokens[number.end - 1].key.len == 2 &&
		    (year >= 50 || until))
			year += year >= 50 ? 1300 : 1400;
		int before = when->last_year != 0 ? when->last_year : when->year;
		if (year <= before || year > 3000 ||
		    (!said && !is_short && number.value < 100) ||
		    (when->calendar != PK_CALENDAR_NONE &&
			pk_calendar_of_year(year) != when->calendar &&
			when->calendar != PK_CALENDAR_HIJRI))
			return;
		when->last_year = (int)year;
		when->end = number.end;
	}
}

/* «۱۹۸۹ تا ۱۹۹۲», «1989-1992»: two years as they are written today. */
static bool
are_years(const struct pk_date_reader *r, const struct pk_number *first, size_t next)
{
	struct pk_number last;
	enum pk_calendar calendar = pk_calendar_of_year(first->value);

	return next > first->end && calendar != PK_CALENDAR_NONE &&
	       pk_reader_number(r, next, &last) &&
	       pk_calendar_of_year(last.value) == calendar &&
	       r->text->tokens[first->end - 1].key.len == 4 &&
	       r->text->tokens[next].key.len == 4 && !counts(r, last.end) &&
	       (pk_reader_dash(r, first->end) ||
		   pk_reader_skip(r, PK_DATE_UNTIL, &(size_t){ first->end }));
}

/* «۱۸۹۱ – ۱۹۶۶ میلادی»: the calendar behind tells of both. */
static bool
read_span_of_years(const struct pk_date_reader *r, size_t at, struct pk_when *when)
{
	struct pk_number first, last;
	enum pk_calendar calendar = PK_CALENDAR_NONE;

	if (!pk_reader_number(r, at, &first) || !first.digits || first.value < 100)
		return false;
	size_t next = first.end;
	pk_reader_list(r, false, &next);
	if (!pk_reader_number(r, next, &last) || !last.digits ||
	    last.value <= first.value || last.value > 3000)
		return false;
	size_t end = last.end;
	if (!calendar_behind(r, last.value, &end, &calendar)) {
		if (!are_years(r, &first, next))
			return false;
		calendar = pk_calendar_of_year(first.value);
		when->names = true;
	}
	when->kind = PK_WHEN_CALENDAR;
	when->calendar = calendar;
	when->year = (int)first.value;
	when->last_year = (int)last.value;
	when->end = end;
	return true;
}

/*
 * «سال ۱۴۰۰», «سال‌های ۱۳۹۸ تا ۱۴۰۰», «در 2017»,
 * «۱۲۱۰ میلادی».
 */
bool
pk_read_year(const struct pk_date_reader *r, size_t at, struct pk_when *when)
{
	struct pk_number number;
	bool said = pk_reader_skip(r, PK_DATE_UNIT_YEAR, &at);

	if (read_span_of_years(r, at, when)) {
		when->names &= !said && !is_bare_year(r, at, when->end);
		return true;
	}
	if (!pk_reader_number(r, at, &number) || number.ordinal || number.value > 3000)
		return false;
	double year = number.value;
	bool is_short = said && number.digits && year >= 50 && year < 100;
	when->end = number.end;
	if (is_short)
		year += 1300;
	when->calendar = pk_calendar_of_year(year);
	bool full = when->calendar != PK_CALENDAR_NONE;
	bool named = calendar_behind(r, year, &when->end, &when->calendar);
	if (named && is_short && when->calendar != PK_CALENDAR_JALALI)
		year -= 1300;
	if (!(full || named) || year < 1 || year != (int)year)
		return false;
	if (!said && !named) {
		if (!number.digits || r->text->tokens[at].key.len != 4)
			return false;
		when->names = !is_bare_year(r, at, when->end);
		if (when->names && !is_name_year(r, at, when->end, year))
			return false;
	}
	when->kind = PK_WHEN_CALENDAR;
	when->year = (int)year;
	if (said && !named) {
		more_years(r, is_short, when);
		if (when->last_year != 0)
			pk_reader_calendar(r, &when->end, &when->calendar);
	}
	return true;
}

/* «دهه ۶۰», «دهه ۱۹۶۰ میلادی», «دهه‌های ۴۰ و ۵۰».
 */
bool
pk_read_decade(const struct pk_date_reader *r, size_t at, struct pk_when *when)
{
	struct pk_number number, last;

	if (!pk_reader_skip(r, PK_DATE_UNIT_DECADE, &at) ||
	    !pk_reader_number(r, at, &number) || number.ordinal || number.value < 10 ||
	    number.value > 2100 || (int)number.value % 10 != 0)
		return false;
	size_t next = number.end;
	if (pk_reader_list(r, false, &next) && pk_reader_number(r, next, &last) &&
	    !last.ordinal && last.value > number.value && last.value <= 2100 &&
	    (int)last.value % 10 == 0)
		number.end = last.end;
	else
		last = number;
	when->calendar = pk_calendar_of_year(number.value);
	bool named = pk_reader_calendar(r, &number.end, &when->calendar);
	int century = 0;
	if (number.value < 100) {
		if (!named)
			when->calendar = PK_CALENDAR_JALALI;
		century = when->calendar == PK_CALENDAR_GREGORIAN ? 1900 : 1300;
	}
	when->kind = PK_WHEN_CALENDAR;
	when->unit = PK_UNIT_DECADE;
	when->year = century + (int)number.value;
	when->last_year = century + (int)last.value + 9;
	when->end = number.end;
	return when->calendar != PK_CALENDAR_NONE;
}

/* «ششم», «نوزده» behind «قرن»; 0 for none. */
static int
century_number(const struct pk_date_reader *r, size_t *at)
{
	struct pk_number number;

	if (!pk_reader_number(r, *at, &number) || number.value < 1 ||
	    number.value > 30 || number.value != (int)number.value)
		return 0;
	*at = number.end;
	return (int)number.value;
}

/* [«دهه دوم»] «قرن ششم [و هفتم] هجری», «قرن بیستم». */
bool
pk_read_century(const struct pk_date_reader *r, size_t at, struct pk_when *when)
{
	struct pk_number decade = { 0 };
	enum pk_calendar calendar = PK_CALENDAR_NONE;
	size_t next = at;

	if (pk_reader_skip(r, PK_DATE_UNIT_DECADE, &next) &&
	    pk_reader_number(r, next, &decade) && decade.ordinal && decade.value <= 10)
		at = decade.end;
	else
		decade.value = 0;
	if (!pk_reader_skip(r, PK_DATE_UNIT_CENTURY, &at))
		return false;
	pk_reader_calendar(r, &at, &calendar);
	int first = century_number(r, &at), last = first;
	if (first == 0) { /* «قرن گذشته», «دهه سوم قرن هجری» */
		if (!pk_reader_direction(r, &at, &when->offset) && decade.value == 0)
			return false;
		when->kind = decade.value > 0 ? PK_WHEN_TOLD : PK_WHEN_PERIOD;
		when->unit = PK_UNIT_CENTURY;
		when->calendar = calendar;
		when->end = at;
		return true;
	}
	next = at;
	if (pk_reader_list(r, false, &next)) {
		int other = century_number(r, &next);
		if (other > first) {
			last = other;
			at = next;
		}
	}
	pk_reader_calendar(r, &at, &calendar);
	if (calendar == PK_CALENDAR_NONE && first > 14)
		calendar = PK_CALENDAR_GREGORIAN;
	when->kind = PK_WHEN_CALENDAR;
	when->unit = decade.value > 0 ? PK_UNIT_DECADE : PK_UNIT_CENTURY;
	when->calendar = calendar;
	when->year = (first - 1) * 100 + 1;
	when->last_year = last * 100;
	if (decade.value > 0) {
		when->year += ((int)decade.value - 1) * 10;
		when->last_year = when->year + 9;
	}
	when->end = at;
	return true;
}
