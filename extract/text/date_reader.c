/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/date_reader.h"

bool
pk_reader_word(
    const struct pk_date_reader *r, size_t at, struct pk_date_meaning *ret_meaning)
{
	return pk_date_word_at(r->words, r->text, at, r->limit, ret_meaning);
}

#define BIT(KIND) PK_DATE_BIT(PK_DATE_##KIND)

bool
pk_reader_begins(const struct pk_date_reader *r, size_t at)
{
	/* the others stand behind something: «گذشته», «و», «گفت» */
	static const uint64_t beginnings =
	    BIT(JALALI) | BIT(GREGORIAN) | BIT(HIJRI) | BIT(WEEKDAY) | BIT(DAY) |
	    BIT(PART) | BIT(UNIT_DAY) | BIT(UNIT_WEEK) | BIT(UNIT_MONTH) |
	    BIT(UNIT_YEAR) | BIT(UNIT_DECADE) | BIT(UNIT_CENTURY) | BIT(UNIT_HOUR) |
	    BIT(UNIT_SEASON) | BIT(SEASON) | BIT(FEAST_JALALI) | BIT(FEAST_GREGORIAN) |
	    BIT(FEAST_HIJRI) | BIT(THIS) | BIT(THAT) | BIT(EVERY) | BIT(THIS_YEAR) |
	    BIT(ABOUT) | BIT(WITHIN) | BIT(RECENTLY) | BIT(SOON) | BIT(NOW);
	static const uint64_t directions = BIT(PAST) | BIT(FUTURE) | BIT(CURRENT);
	uint64_t begins = beginnings | (r->month_first ? directions : 0) |
			  (r->ago_first ? BIT(AGO) : 0);
	struct pk_date_meaning meaning;
	struct pk_number number;

	if (at >= r->limit)
		return false;
	if (r->text->tokens[at].kind == PK_TOKEN_NUMBER)
		return true;
	if (pk_reader_word(r, at, &meaning) && (meaning.kinds & begins) != 0)
		return true;
	return pk_reader_amount(r, at, &number);
}

bool
pk_reader_skip(const struct pk_date_reader *r, enum pk_date_word kind, size_t *at)
{
	struct pk_date_meaning meaning;

	if (!pk_reader_word(r, *at, &meaning) ||
	    (meaning.kinds & PK_DATE_BIT(kind)) == 0)
		return false;
	*at = meaning.end;
	return true;
}

bool
pk_reader_sign(const struct pk_date_reader *r, size_t at, const char *sign)
{
	return at < r->limit && pk_span_eq(r->text->tokens[at].key, pk_span_of(sign));
}

bool
pk_reader_dash(const struct pk_date_reader *r, size_t at)
{
	return pk_reader_sign(r, at, "-") || pk_reader_sign(r, at, "–") ||
	       pk_reader_sign(r, at, "—");
}

bool
pk_reader_amount(
    const struct pk_date_reader *r, size_t at, struct pk_number *ret_number)
{
	return pk_number_at(
	    pk_date_numbers(r->words), r->text, at, r->limit, ret_number);
}

bool
pk_reader_number(
    const struct pk_date_reader *r, size_t at, struct pk_number *ret_number)
{
	return pk_reader_amount(r, at, ret_number) && !ret_number->vague;
}

bool
pk_reader_list(const struct pk_date_reader *r, bool comma, size_t *at)
{
	if (pk_reader_dash(r, *at) || (comma && pk_reader_sign(r, *at, "،"))) {
		++*at;
		return true;
	}
	return pk_reader_skip(r, PK_DATE_UNTIL, at) ||
	       pk_reader_skip(r, PK_DATE_AND, at) || pk_reader_skip(r, PK_DATE_OR, at);
}

enum pk_calendar
pk_calendar_of_year(double year)
{
	if (year >= 1200 && year <= 1499)
		return PK_CALENDAR_JALALI;
	return year >= 1800 && year <= 2100 ? PK_CALENDAR_GREGORIAN : PK_CALENDAR_NONE;
}

bool
pk_reader_unit(
    const struct pk_date_meaning *meaning, bool clock, enum pk_when_unit *ret_unit)
{
	static const struct unit_word {
		enum pk_date_word word;
		enum pk_when_unit unit;
		bool clock;
	} units[] = {
		{ PK_DATE_UNIT_DAY, PK_UNIT_DAY, false },
		{ PK_DATE_UNIT_WEEK, PK_UNIT_WEEK, false },
		{ PK_DATE_UNIT_MONTH, PK_UNIT_MONTH, false },
		{ PK_DATE_UNIT_YEAR, PK_UNIT_YEAR, false },
		{ PK_DATE_UNIT_DECADE, PK_UNIT_DECADE, false },
		{ PK_DATE_UNIT_CENTURY, PK_UNIT_CENTURY, false },
		{ PK_DATE_UNIT_HOUR, PK_UNIT_HOUR, true },
		{ PK_DATE_UNIT_MINUTE, PK_UNIT_MINUTE, true },
		{ PK_DATE_UNIT_SECOND, PK_UNIT_SECOND, true },
	};

	for (size_t i = 0; i < PK_COUNT(units); i++) {
		if ((meaning->kinds & PK_DATE_BIT(units[i].word)) != 0 &&
		    (clock || !units[i].clock)) {
			*ret_unit = units[i].unit;
			return true;
		}
	}
	return false;
}

bool
pk_reader_direction(const struct pk_date_reader *r, size_t *at, int *ret_offset)
{
	struct pk_date_meaning meaning;

	if (!pk_reader_word(r, *at, &meaning))
		return false;
	if (PK_DATE_HAS(meaning, PAST))
		*ret_offset = -1;
	else if (PK_DATE_HAS(meaning, FUTURE))
		*ret_offset = 1;
	else if (PK_DATE_HAS(meaning, CURRENT))
		*ret_offset = 0;
	else
		return false;
	*at = meaning.end;
	return true;
}

bool
pk_reader_direction_before(const struct pk_date_reader *r, size_t *at, int *ret_offset)
{
	return r->month_first && pk_reader_direction(r, at, ret_offset);
}

bool
pk_reader_calendar(
    const struct pk_date_reader *r, size_t *at, enum pk_calendar *calendar)
{
	struct pk_date_meaning meaning;

	if (!pk_reader_word(r, *at, &meaning))
		return false;
	if (PK_DATE_HAS(meaning, JALALI_YEAR))
		*calendar = PK_CALENDAR_JALALI;
	else if (PK_DATE_HAS(meaning, GREGORIAN_YEAR))
		*calendar = PK_CALENDAR_GREGORIAN;
	else if (PK_DATE_HAS(meaning, HIJRI_YEAR) ||
		 (PK_DATE_HAS(meaning, HEJRI) && *calendar == PK_CALENDAR_NONE))
		*calendar = PK_CALENDAR_HIJRI;
	else if (!PK_DATE_HAS(meaning, HEJRI)) /* «هجری» may go with both */
		return false;
	*at = meaning.end;
	return true;
}

/* The longest reading of all; the first of equals. */
static bool
read_core(const struct pk_date_reader *r, size_t at, const struct pk_when *about,
    struct pk_when *ret_when)
{
	static bool (*const readings[])(const struct pk_date_reader *, size_t,
	    struct pk_when *) = { pk_read_numeric, pk_read_month, pk_read_day,
		pk_read_weekday, pk_read_count, pk_read_period, pk_read_year,
		pk_read_season, pk_read_feast, pk_read_loose, pk_read_nth,
		pk_read_decade, pk_read_century };
	bool found = false;

	if (at >= r->limit)
		return false;
	for (size_t i = 0; i < PK_COUNT(readings); i++) {
		struct pk_when when = *about;
		if (readings[i](r, at, &when) && (!found || when.end > ret_when->end)) {
			*ret_when = when;
			found = true;
		}
	}
	return found;
}

bool
pk_read_when(const struct pk_date_reader *r, size_t at, struct pk_when *ret_when)
{
	const struct pk_when plain = { .first = at, .weekday = -1 };
	struct pk_when qualified = plain;
	struct pk_date_meaning meaning;
	size_t core = at;

	qualified.about = pk_reader_skip(r, PK_DATE_ABOUT, &core);
	if (pk_reader_word(r, core, &meaning) && PK_DATE_HAS(meaning, WITHIN)) {
		qualified.within = true;
		qualified.half = meaning.values[PK_DATE_WITHIN];
		core = meaning.end;
	}
	if (read_core(r, core, &qualified, ret_when))
		return true;
	return core != at && read_core(r, at, &plain, ret_when);
}
