/* SPDX-License-Identifier: Apache-2.0 */
/* Readings of how long and how often. */
#include "extract/text/date_reader.h"

/* Nobody counts further; and it keeps every product small. */
#define AMOUNT_MAX 100000
#define LIST_MAX   8

/* What a fraction of a unit is counted in: half a year is six months. */
static const struct finer {
	enum pk_duration_part part;
	enum pk_duration_part finer;
	int times;
} finer[] = {
	[PK_UNIT_DAY] = { PK_DURATION_DAYS, PK_DURATION_HOURS, 24 },
	[PK_UNIT_WEEK] = { PK_DURATION_WEEKS, PK_DURATION_DAYS, 7 },
	[PK_UNIT_MONTH] = { PK_DURATION_MONTHS, PK_DURATION_DAYS, 30 },
	[PK_UNIT_YEAR] = { PK_DURATION_YEARS, PK_DURATION_MONTHS, 12 },
	[PK_UNIT_DECADE] = { PK_DURATION_YEARS, PK_DURATION_MONTHS, 12 },
	[PK_UNIT_CENTURY] = { PK_DURATION_YEARS, PK_DURATION_MONTHS, 12 },
	[PK_UNIT_HOUR] = { PK_DURATION_HOURS, PK_DURATION_MINUTES, 60 },
	[PK_UNIT_MINUTE] = { PK_DURATION_MINUTES, PK_DURATION_SECONDS, 60 },
	[PK_UNIT_SECOND] = { PK_DURATION_SECONDS, PK_DURATION_SECONDS, 0 },
	[PK_UNIT_SEASON] = { PK_DURATION_MONTHS, PK_DURATION_DAYS, 30 },
};

static void
add(struct pk_duration *duration, enum pk_when_unit unit, double amount)
{
	const struct finer *by = &finer[unit];

	if (unit == PK_UNIT_DECADE)
		amount *= 10;
	else if (unit == PK_UNIT_CENTURY)
		amount *= 100;
	else if (unit == PK_UNIT_SEASON)
		amount *= 3;
	int whole = (int)(amount + 1e-9);
	int rest = (int)((amount - whole) * by->times + 0.5);
	duration->n[by->part] += whole;
	if (rest > 0)
		duration->n[by->finer] += rest;
	duration->known = true;
}

void
pk_duration_as_unit(
    const struct pk_duration *duration, enum pk_when_unit *ret_unit, int *ret_n)
{
	const int *n = duration->n;
	int months = n[PK_DURATION_YEARS] * 12 + n[PK_DURATION_MONTHS];
	int days = n[PK_DURATION_WEEKS] * 7 + n[PK_DURATION_DAYS];

	if (n[PK_DURATION_SECONDS] != 0 || n[PK_DURATION_MINUTES] != 0 ||
	    n[PK_DURATION_HOURS] != 0) {
		int64_t hours = ((int64_t)months * 30 + days) * 24 +
				n[PK_DURATION_HOURS] + n[PK_DURATION_MINUTES] / 60;
		*ret_unit = PK_UNIT_HOUR;
		*ret_n = hours > INT32_MAX ? INT32_MAX : (int)hours;
	} else if (days == 0) {
		bool years = n[PK_DURATION_MONTHS] == 0;
		*ret_unit = years ? PK_UNIT_YEAR : PK_UNIT_MONTH;
		*ret_n = years ? n[PK_DURATION_YEARS] : months;
	} else {
		bool weeks = n[PK_DURATION_DAYS] == 0 && months == 0;
		*ret_unit = weeks ? PK_UNIT_WEEK : PK_UNIT_DAY;
		*ret_n = weeks ? n[PK_DURATION_WEEKS] : months * 30 + days;
	}
}

/* A unit is one word: «روز گذشته» without a number is yesterday. */
static bool
counted_unit(const struct pk_date_reader *r, size_t at, enum pk_when_unit *ret_unit,
    bool *ret_night)
{
	struct pk_date_meaning meaning;

	if (at >= r->limit || !pk_date_word_at(r->words, r->text, at, at + 1, &meaning))
		return false;
	*ret_night = PK_DATE_HAS(meaning, UNIT_NIGHT);
	if (*ret_night)
		*ret_unit = PK_UNIT_DAY;
	else if (PK_DATE_HAS(meaning, UNIT_SEASON))
		*ret_unit = PK_UNIT_SEASON;
	else if (PK_DATE_HAS(meaning, UNIT_AGE))
		*ret_unit = PK_UNIT_YEAR;
	else
		return pk_reader_unit(&meaning, true, ret_unit);
	return true;
}

static bool
amount_at(const struct pk_date_reader *r, size_t at, struct pk_number *ret_number)
{
	return pk_reader_amount(r, at, ret_number) && !ret_number->ordinal &&
	       ret_number->value <= AMOUNT_MAX;
}

/* «۲۰ تا ۴۰», «۳ یا ۴»; with commas only where «و» ends it: «۱۱، ۳۴ و ۵۲». */
static bool
amounts_at(const struct pk_date_reader *r, size_t at, struct pk_number *ret_first,
    struct pk_number *ret_last, bool *ret_list)
{
	bool comma = false, ended = false;

	*ret_list = false;
	if (!amount_at(r, at, ret_first))
		return false;
	*ret_last = *ret_first;
	for (int n = 0; n < LIST_MAX && !ended; n++) {
		struct pk_number next;
		size_t end = ret_last->end;
		bool is_comma = pk_reader_sign(r, end, "،");
		bool is_and = pk_reader_skip(r, PK_DATE_AND, &(size_t){ end });
		if (!pk_reader_list(r, true, &end) || !amount_at(r, end, &next) ||
		    next.vague != ret_first->vague)
			break;
		*ret_list |= is_and || is_comma;
		comma |= is_comma;
		ended = !is_comma;
		*ret_last = next;
	}
	return !comma || ended;
}

/* «و نیم», «و ربع» behind a unit. */
static double
fraction_behind(const struct pk_date_reader *r, size_t *at)
{
	struct pk_number number;
	size_t end = *at;

	if (!pk_reader_skip(r, PK_DATE_AND, &end) ||
	    !pk_reader_number(r, end, &number) || number.value <= 0 ||
	    number.value >= 1)
		return 0;
	*at = number.end;
	return number.value;
}

/* «و بیست دقیقه» behind hours; «۲ شب و ۳ روز» are not seven days. */
static bool
take_smaller(const struct pk_date_reader *r, struct pk_duration_at *duration,
    bool *night, int *ret_rank)
{
	struct pk_number number;
	enum pk_when_unit unit;
	bool is_night;
	size_t at = duration->end;

	if (!pk_reader_skip(r, PK_DATE_AND, &at) || !amount_at(r, at, &number) ||
	    number.vague || !counted_unit(r, number.end, &unit, &is_night))
		return false;
	if (finer[unit].part == PK_DURATION_DAYS && is_night != *night &&
	    finer[duration->unit].part == PK_DURATION_DAYS) {
		int *days = &duration->shortest.n[PK_DURATION_DAYS];
		if (number.value > *days)
			*days = (int)number.value;
	} else if ((int)finer[unit].part <= *ret_rank) {
		return false;
	} else {
		add(&duration->shortest, unit, number.value);
	}
	*ret_rank = (int)finer[unit].part;
	*night = is_night;
	duration->unit = unit;
	duration->unit_at = number.end;
	duration->end = number.end + 1;
	return true;
}

bool
pk_read_duration(
    const struct pk_date_reader *r, size_t at, struct pk_duration_at *ret_duration)
{
	struct pk_duration_at duration = { 0 };
	struct pk_number first, last;
	bool night;

	if (!amounts_at(r, at, &first, &last, &duration.list)) {
		if (!amount_at(r, at, &first))
			return false;
		last = first;
		duration.list = false;
	}
	if (!counted_unit(r, last.end, &duration.unit, &night))
		return false;
	duration.unit_at = last.end;
	duration.end = last.end + 1;
	if (!first.vague)
		add(&duration.shortest, duration.unit, first.value);
	if (last.end != first.end && !last.vague)
		add(&duration.longest, duration.unit, last.value);
	if (first.vague || last.end != first.end) {
		*ret_duration = duration;
		return true;
	}
	double fraction = fraction_behind(r, &duration.end);
	if (fraction > 0)
		add(&duration.shortest, duration.unit, fraction);
	int rank = (int)finer[duration.unit].part;
	for (int n = 0; n < LIST_MAX && fraction == 0; n++) {
		if (!take_smaller(r, &duration, &night, &rank))
			break;
	}
	*ret_duration = duration;
	return true;
}

/* «هر دوشنبه [تا سه‌شنبه]»: a week. */
static bool
every_weekday(const struct pk_date_reader *r, size_t at, struct pk_duration_at *repeat)
{
	struct pk_when when = { .weekday = -1 };
	size_t next;

	if (!pk_read_weekday(r, at, &when))
		return false;
	for (int n = 0; n < LIST_MAX; n++) {
		repeat->end = when.end;
		next = when.end;
		if (!pk_reader_list(r, true, &next) || !pk_read_weekday(r, next, &when))
			break;
	}
	add(&repeat->shortest, PK_UNIT_WEEK, 1);
	return true;
}

/* «هر روز [هفته]», «هر روز از ماه»: what the days are of. */
static void
skip_whole(const struct pk_date_reader *r, struct pk_duration_at *repeat)
{
	struct pk_when when;
	enum pk_when_unit unit;
	bool night;
	size_t at = repeat->end;

	pk_reader_skip(r, PK_DATE_FROM, &at);
	if (counted_unit(r, at, &unit, &night) && unit > repeat->unit &&
	    unit <= PK_UNIT_YEAR && !pk_read_when(r, at, &when))
		repeat->end = at + 1;
}

static bool
every(const struct pk_date_reader *r, size_t at, struct pk_duration_at *repeat)
{
	struct pk_date_meaning meaning;
	bool night;

	if (every_weekday(r, at, repeat))
		return true;
	if (counted_unit(r, at, &repeat->unit, &night)) {
		repeat->end = at + 1;
		add(&repeat->shortest, repeat->unit, 1);
		if (!night)
			skip_whole(r, repeat);
		return true;
	}
	if (pk_reader_word(r, at, &meaning) && PK_DATE_HAS(meaning, PART)) {
		repeat->end = meaning.end;
		add(&repeat->shortest, PK_UNIT_DAY, 1);
		return true;
	}
	return pk_read_duration(r, at, repeat) && repeat->shortest.known &&
	       !repeat->longest.known;
}

bool
pk_read_repeat(
    const struct pk_date_reader *r, size_t at, struct pk_duration_at *ret_repeat)
{
	struct pk_duration_at repeat = { 0 }, count;
	struct pk_when when;
	bool night;
	size_t next = at;

	if (pk_reader_skip(r, PK_DATE_EVERY, &next)) {
		if (!every(r, next, &repeat))
			return false;
		*ret_repeat = repeat;
		return true;
	}
	if (!pk_read_duration(r, at, &count))
		return false;
	next = count.end;
	if (!pk_reader_skip(r, PK_DATE_IN, &next))
		return false;
	pk_reader_skip(r, PK_DATE_EVERY, &next);
	if (!counted_unit(r, next, &repeat.unit, &night) || night ||
	    finer[repeat.unit].part >= finer[count.unit].part ||
	    pk_read_when(r, next, &when))
		return false;
	add(&repeat.shortest, repeat.unit, 1);
	repeat.end = next + 1;
	*ret_repeat = repeat;
	return true;
}
