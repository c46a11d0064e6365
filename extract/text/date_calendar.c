/* SPDX-License-Identifier: Apache-2.0 */
/* Readings of dates, months and seasons of a calendar. */
#include "extract/text/date_reader.h"

/* More days or months than these are no list of dates. */
#define LIST_MAX 8

/* «سال گذشته», «همان سال», «امسال» behind a month. */
static bool
relative_year(const struct pk_date_reader *r, struct pk_when *when)
{
	struct pk_date_meaning meaning;
	size_t at = when->end;

	if (!pk_reader_word(r, at, &meaning))
		return false;
	if (PK_DATE_HAS(meaning, THIS_YEAR)) {
		when->year_offset = meaning.values[PK_DATE_THIS_YEAR];
		when->has_year_offset = true;
		when->end = meaning.end;
		return true;
	}
	if (PK_DATE_HAS(meaning, UNIT_YEAR)) {
		at = meaning.end;
		if (!pk_reader_direction(r, &at, &when->year_offset))
			return false;
		when->has_year_offset = true;
		when->end = at;
		return true;
	}
	bool told = PK_DATE_HAS(meaning, THAT);
	at = meaning.end;
	if ((!told && !PK_DATE_HAS(meaning, THIS)) ||
	    !pk_reader_skip(r, PK_DATE_UNIT_YEAR, &at))
		return false;
	when->told_year = told;
	when->has_year_offset = !told;
	when->end = at;
	return true;
}

/* Two digits as Persians write them: «۹۵» is 1395. */
static double
full_year(double year)
{
	return year + (year > 50 ? 1300 : 1400);
}

void
pk_read_year_behind(const struct pk_date_reader *r, struct pk_when *when)
{
	struct pk_number number;
	size_t at = when->end;
	enum pk_calendar calendar = when->calendar;

	if (relative_year(r, when))
		return;
	bool said = pk_reader_skip(r, PK_DATE_UNIT_YEAR, &at);
	if (!pk_reader_number(r, at, &number) || number.ordinal)
		return;
	double year = number.value;
	if (year < 100 && number.digits && when->calendar == PK_CALENDAR_JALALI &&
	    (said || when->day != 0 || year >= 80))
		year = full_year(year);
	at = number.end;
	pk_reader_calendar(r, &at, &calendar);
	bool fits = when->calendar == PK_CALENDAR_HIJRI
			? year >= 1 && year <= 1500
			: pk_calendar_of_year(year) == when->calendar;
	if (fits) {
		when->year = (int)year;
		when->end = at;
	}
}

static bool
has_year(const struct pk_when *when)
{
	return when->year != 0 || when->has_year_offset || when->told_year;
}

/* The name of a month, behind or before «ماه» where it is said. */
static bool
month_name(const struct pk_date_reader *r, size_t *at, enum pk_calendar *ret_calendar,
    int *ret_month, bool *ret_ambiguous)
{
	struct pk_date_meaning meaning;
	size_t end = *at;
	bool said = pk_reader_skip(r, PK_DATE_UNIT_MONTH, &end);

	if (!pk_reader_word(r, end, &meaning))
		return false;
	if (PK_DATE_HAS(meaning, JALALI)) {
		*ret_calendar = PK_CALENDAR_JALALI;
		*ret_month = meaning.values[PK_DATE_JALALI];
	} else if (PK_DATE_HAS(meaning, GREGORIAN)) {
		*ret_calendar = PK_CALENDAR_GREGORIAN;
		*ret_month = meaning.values[PK_DATE_GREGORIAN];
	} else if (PK_DATE_HAS(meaning, HIJRI)) {
		*ret_calendar = PK_CALENDAR_HIJRI;
		*ret_month = meaning.values[PK_DATE_HIJRI];
	} else {
		return false;
	}
	*at = meaning.end;
	said |= pk_reader_skip(r, PK_DATE_UNIT_MONTH, at); /* «اسفند ماه» */
	*ret_ambiguous = PK_DATE_HAS(meaning, AMBIGUOUS) && !said;
	return true;
}

/* «تیر و مرداد»: the last month of a list; *ambiguous tells of that one. */
static bool
month_list(const struct pk_date_reader *r, struct pk_when *when, bool *ambiguous)
{
	enum pk_calendar calendar;
	int month;

	for (int n = 0; n < LIST_MAX; n++) {
		size_t at = when->end;
		if (!pk_reader_list(r, true, &at) ||
		    !month_name(r, &at, &calendar, &month, ambiguous) ||
		    calendar != when->calendar ||
		    month <= (n == 0 ? when->month : when->last_month))
			break;
		when->last_month = month;
		when->end = at;
	}
	return when->last_month != 0;
}

/* «تیرماه گذشته», «مه آینده», «آبان جاری». */
static void
side_behind(const struct pk_date_reader *r, struct pk_when *when)
{
	struct pk_date_meaning meaning;

	if (!pk_reader_word(r, when->end, &meaning))
		return;
	if (PK_DATE_HAS(meaning, PAST) && PK_DATE_HAS(meaning, LASTING))
		when->side = -1;
	else if (PK_DATE_HAS(meaning, COMING))
		when->side = 1;
	else if (PK_DATE_HAS(meaning, CURRENT))
		when->has_year_offset = true;
	else
		return;
	when->end = meaning.end;
}

/* «۲۱», «دوم», «بیست و یکمین روز», «۵ تا ۷», «۱۸، ۱۹ و ۲۰» before a month. */
static bool
day_number(
    const struct pk_date_reader *r, size_t *at, struct pk_when *when, bool *ret_sure)
{
	struct pk_number number, last;

	if (!pk_reader_number(r, *at, &number) || number.value < 1 || number.value > 31)
		return false;
	when->day = (int)number.value;
	*ret_sure = number.digits || number.ordinal;
	*at = number.end;
	for (int n = 0; n < LIST_MAX; n++) {
		size_t next = *at;
		if (!pk_reader_list(r, true, &next) ||
		    !pk_reader_number(r, next, &last) || last.value < 1 ||
		    last.value > 31)
			break;
		when->last_day = (int)last.value;
		*at = last.end;
	}
	pk_reader_skip(r, PK_DATE_UNIT_DAY, at);
	return true;
}

/* «همین ماه», «ماه گذشته» behind a day. */
static bool
relative_month(const struct pk_date_reader *r, size_t at, struct pk_when *when)
{
	bool this = pk_reader_skip(r, PK_DATE_THIS, &at);

	if (!pk_reader_skip(r, PK_DATE_UNIT_MONTH, &at) ||
	    (!pk_reader_direction(r, &at, &when->offset) && !this))
		return false;
	when->kind = PK_WHEN_MONTH_DAY;
	when->end = at;
	return true;
}

/* [weekday [،]]: «پنجشنبه» before a date, with or without «روز». */
static size_t
weekday_before(const struct pk_date_reader *r, size_t at, struct pk_when *when)
{
	struct pk_date_meaning meaning;

	pk_reader_skip(r, PK_DATE_PART, &at);
	pk_reader_skip(r, PK_DATE_UNIT_DAY, &at);
	if (!pk_reader_word(r, at, &meaning) || !PK_DATE_HAS(meaning, WEEKDAY))
		return at;
	when->weekday = meaning.values[PK_DATE_WEEKDAY];
	return meaning.end +
	       (pk_reader_sign(r, meaning.end, "،") ||
		   (r->month_first && pk_reader_sign(r, meaning.end, ",")));
}

/* «21», «21st», «5-7» between a month and its year. Returns whether there was one. */
static bool
day_behind(const struct pk_date_reader *r, struct pk_when *when)
{
	struct pk_number number, last;

	if (!r->month_first || !pk_reader_number(r, when->end, &number) ||
	    number.value < 1 || number.value > 31 || !(number.digits || number.ordinal))
		return false;
	when->day = (int)number.value;
	when->end = number.end;
	pk_reader_skip(r, PK_DATE_UNIT_DAY, &when->end); /* «5th» */
	bool dash =
	    pk_reader_sign(r, when->end, "-") || pk_reader_sign(r, when->end, "–");
	if (dash && pk_reader_number(r, when->end + 1, &last) &&
	    last.value > number.value && last.value <= 31) {
		when->last_day = (int)last.value;
		when->end = last.end;
	}
	return true;
}

/* The year behind a month and its day; between them may be a comma: «May 5, 2022». */
static void
year_behind_day(const struct pk_date_reader *r, struct pk_when *when)
{
	size_t end = when->end;

	when->end += r->month_first && when->day != 0 && pk_reader_sign(r, end, ",");
	size_t year = when->end;
	pk_read_year_behind(r, when);
	if (when->end == year)
		when->end = end;
}

/* The year behind the months, of which some may be other words too. */
static bool
month_of_year(const struct pk_date_reader *r, bool sure, struct pk_when *when)
{
	bool ambiguous = false, last_ambiguous = false;
	size_t at = when->end;

	if (!month_name(r, &at, &when->calendar, &when->month, &ambiguous))
		return false;
	when->end = at;
	if (when->day == 0)
		sure |= day_behind(r, when);
	if (when->day == 0 && month_list(r, when, &last_ambiguous)) {
		pk_read_year_behind(r, when);
		if (has_year(when) || (!ambiguous && !last_ambiguous))
			return true;
		when->end = at;
		when->last_month = 0;
	}
	year_behind_day(r, when);
	if (!has_year(when) && !ambiguous)
		side_behind(r, when);
	return !ambiguous || sure || has_year(when);
}

/*
 * [weekday [،]] [day] month [year]: «پنجشنبه ۲۴ فوریه ۲۰۲۲»,
 * «ماه مه ۲۰۲۳»; or the month before its day: «May 5, 2022».
 */
bool
pk_read_month(const struct pk_date_reader *r, size_t at, struct pk_when *when)
{
	bool sure = false;
	size_t day = weekday_before(r, at, when);

	when->kind = PK_WHEN_CALENDAR;
	when->end = day;
	bool said = pk_reader_skip(r, PK_DATE_UNIT_DAY, &(size_t){ at });
	bool has_day = day_number(r, &when->end, when, &sure);
	if (has_day && said) { /* «روز بیست و دو» can only be of a month */
		sure = true;
		when->end += pk_reader_sign(r, when->end, "،");
	}
	bool wants_day = when->weekday >= 0 || day != at;
	if (!has_day && wants_day && !r->month_first)
		return false;
	if (sure && relative_month(r, when->end, when))
		return true;
	if (has_day && r->gregorian) /* «the 5th of May», «الثاني من شباط» */
		pk_reader_skip(r, PK_DATE_IN, &when->end);
	return month_of_year(r, sure, when) && !(wants_day && when->day == 0);
}

/* Three numbers with one sign between them. */
struct numeric {
	size_t end;
	int parts[3];
	size_t first_digits;
	bool dots;
};

static bool
is_separator(char c)
{
	return c == '/' || c == '-' || c == '.' || c == '\\';
}

/* "1403/02/05" in one token, after `n` parts that were read before it. */
static bool
take_parts(struct pk_span key, struct numeric *numeric, int *n)
{
	size_t digits = 0;

	for (size_t i = 0; i < key.len; i++) {
		char c = key.ptr[i];
		if (c >= '0' && c <= '9' && numeric->parts[*n] < 10000) {
			numeric->parts[*n] = numeric->parts[*n] * 10 + (c - '0');
			digits++;
		} else if (is_separator(c) && *n < 2 && digits > 0) {
			numeric->dots |= c == '.';
			++*n;
		} else {
			return false;
		}
		if (*n == 0)
			numeric->first_digits = digits;
	}
	return true;
}

/* The separator token at `at`: «/», «\», «.», a dash. */
static bool
separator_at(const struct pk_date_reader *r, size_t at)
{
	return pk_reader_sign(r, at, "/") || pk_reader_sign(r, at, "\\") ||
	       pk_reader_sign(r, at, ".") || pk_reader_dash(r, at);
}

/* In one token, or in tokens: «1397 . 4 . 12», «7 \ 3 \ 1388». */
static bool
numeric_at(const struct pk_date_reader *r, size_t at, struct numeric *ret_numeric)
{
	struct numeric numeric = { .end = at };
	int n = 0;

	for (;;) {
		const struct pk_token *token = &r->text->tokens[numeric.end];
		if (numeric.end >= r->limit || token->kind != PK_TOKEN_NUMBER ||
		    token->key.len > 10 || !take_parts(token->key, &numeric, &n))
			return false;
		numeric.end++;
		if (n == 2)
			break;
		if (!separator_at(r, numeric.end))
			return false;
		numeric.end++;
		n++;
	}
	*ret_numeric = numeric;
	return true;
}

/* «۱۴۰۳/۰۲/۰۵», "26/09/1396", "2017-12-22", "11.25.2015". */
bool
pk_read_numeric(const struct pk_date_reader *r, size_t at, struct pk_when *when)
{
	struct numeric numeric;

	at = weekday_before(r, at, when);
	if (!numeric_at(r, at, &numeric))
		return false;
	bool year_first = numeric.parts[0] > 31 || numeric.first_digits == 4;
	when->kind = PK_WHEN_CALENDAR;
	when->year = numeric.parts[year_first ? 0 : 2];
	when->month = numeric.parts[1];
	when->day = numeric.parts[year_first ? 2 : 0];
	if (when->month > 12 && when->day <= 12) { /* as Americans do */
		when->month = when->day;
		when->day = numeric.parts[1];
	}
	if (when->year < 100 && numeric.dots && when->weekday < 0 && !year_first)
		return false; /* a version, a chapter */
	if (when->year < 100) /* a short year is Persian: nobody else writes 99/02/05 */
		when->year = (int)full_year(when->year);
	when->calendar = pk_calendar_of_year(when->year);
	when->end = numeric.end;
	pk_reader_calendar(r, &when->end, &when->calendar);
	return when->calendar != PK_CALENDAR_NONE && when->month >= 1 &&
	       when->month <= 12 && when->day >= 1 && when->day <= 31;
}

/* «بهار ۱۴۰۰», «زمستان سال گذشته»; a season alone is only weather. */
bool
pk_read_season(const struct pk_date_reader *r, size_t at, struct pk_when *when)
{
	struct pk_date_meaning meaning;

	if (!pk_reader_word(r, at, &meaning) || !PK_DATE_HAS(meaning, SEASON))
		return false;
	when->kind = PK_WHEN_SEASON;
	when->calendar = PK_CALENDAR_JALALI;
	when->month = meaning.values[PK_DATE_SEASON] * 3 - 2;
	when->end = meaning.end;
	pk_read_year_behind(r, when);
	if (has_year(when))
		return true;
	size_t end = when->end;
	if (!pk_reader_direction(r, &end, &when->year_offset))
		return false;
	when->has_year_offset = true;
	when->end = end;
	return true;
}
