/* SPDX-License-Identifier: Apache-2.0 */
/* Readings of parts that are counted: «سه ماه نخست سال», «روز پنجم سال ۱۴۰۰». */
#include "extract/text/date_reader.h"

/* More than the days of a year. */
#define NTH_MAX 400

/* Units that are counted in a month or year; the season is one too. */
static bool
unit_word(const struct pk_date_reader *r, size_t *at, enum pk_when_unit *ret_unit)
{
	struct pk_date_meaning meaning;

	if (!pk_reader_word(r, *at, &meaning))
		return false;
	if (PK_DATE_HAS(meaning, UNIT_SEASON))
		*ret_unit = PK_UNIT_SEASON;
	else if (!pk_reader_unit(&meaning, false, ret_unit) ||
		 *ret_unit >= PK_UNIT_YEAR)
		return false;
	*at = meaning.end;
	return true;
}

/* «دومین ماه», «ماه دوم», «سه ماه[ه] نخست», «سه ماهه سوم». */
static bool
nth_at(const struct pk_date_reader *r, size_t *at, struct pk_nth *ret_nth)
{
	struct pk_number number, nth;
	size_t end = *at;
	bool counted = pk_reader_number(r, end, &number);

	ret_nth->n = 1;
	if (counted)
		end = number.end;
	if (!unit_word(r, &end, &ret_nth->unit))
		return false;
	if (counted && number.ordinal) {
		nth = number;
	} else {
		if (!pk_reader_number(r, end, &nth) || !nth.ordinal)
			return false;
		end = nth.end;
		if (counted && (number.value < 1 || number.value > NTH_MAX))
			return false;
		if (counted)
			ret_nth->n = (int)number.value;
	}
	if (nth.value < 1 || nth.value > NTH_MAX)
		return false;
	ret_nth->nth = (int)nth.value;
	*at = end;
	return true;
}

/* What the parts are of: «امسال», «سال ۱۴۰۰», «سال», «مهر ماه». */
static bool
whole_at(const struct pk_date_reader *r, size_t at, struct pk_when *when)
{
	struct pk_date_meaning meaning;
	struct pk_when month = { .weekday = -1 }, year = month;

	when->end = at;
	when->calendar = r->now.home;
	if (pk_reader_word(r, at, &meaning) && PK_DATE_HAS(meaning, UNIT_YEAR) &&
	    pk_read_year(r, at, &year) && year.last_year == 0) {
		when->year = year.year;
		when->calendar = year.calendar;
		when->end = year.end;
		return true;
	}
	pk_read_year_behind(r, when);
	if (when->end > at)
		return true;
	if (pk_reader_skip(r, PK_DATE_UNIT_YEAR, &when->end)) { /* «سه ماه اول سال» */
		when->has_year_offset = true;
		return true;
	}
	if (!pk_read_month(r, at, &month) || month.day != 0 || month.last_month != 0)
		return false;
	when->calendar = month.calendar;
	when->month = month.month;
	when->year = month.year;
	when->has_year_offset = month.has_year_offset;
	when->year_offset = month.year_offset;
	when->told_year = month.told_year;
	when->side = month.side;
	when->end = month.end;
	return true;
}

/*
 * Parts from the inside out, and what they are of; «سومین روز» and «روز سوم» alone are
 * days of something told.
 */
bool
pk_read_nth(const struct pk_date_reader *r, size_t at, struct pk_when *when)
{
	struct pk_when whole = *when;
	size_t end = at;

	while (whole.n_nths < PK_NTH_MAX) {
		pk_reader_skip(r, PK_DATE_FROM, &end);
		if (!nth_at(r, &end, &whole.nths[whole.n_nths]))
			break;
		at = end;
		whole.n_nths++;
	}
	if (whole.n_nths == 0)
		return false;
	end = at;
	pk_reader_skip(r, PK_DATE_FROM, &end);
	whole.kind = PK_WHEN_NTH;
	if (whole_at(r, end, &whole)) {
		*when = whole;
		return true;
	}
	if (whole.n_nths > 1 || whole.nths[0].n > 1 ||
	    whole.nths[0].unit != PK_UNIT_DAY)
		return false;
	when->kind = PK_WHEN_EVENT;
	when->end = at;
	return true;
}
