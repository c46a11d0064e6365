/* SPDX-License-Identifier: Apache-2.0 */
/* Readings of times of the clock. */
#include "extract/text/date_reader.h"

/* Values of `part` and `half_day` rows of dates.tsv. */
enum day_part { PART_ANY, PART_MORNING, PART_NOON, PART_AFTERNOON, PART_NIGHT };

/* What has been read of a clock time. */
struct reading {
	size_t end;
	struct pk_clock clock;
	int bare;   /* the hour as it was said */
	bool said;  /* with «ساعت» */
	bool exact; /* with minutes: a time without «ساعت» as well */
};

/* Digits before a sign, at most two; false where there are none. */
static bool
two_digits(struct pk_span key, size_t *at, int *ret_value, size_t *ret_digits)
{
	size_t from = *at;

	*ret_value = 0;
	while (*at < key.len && *at - from < 2 && key.ptr[*at] >= '0' &&
	       key.ptr[*at] <= '9')
		*ret_value = *ret_value * 10 + (key.ptr[(*at)++] - '0');
	*ret_digits = *at - from;
	return *ret_digits > 0;
}

static bool
in_day(const struct pk_clock *clock)
{
	return clock->hour <= 24 && clock->minute < 60 && clock->second < 60 &&
	       (clock->hour < 24 || clock->minute <= 0);
}

/* "14:30", "14:30:05"; with «ساعت» also "14.30". */
static bool
in_one_token(const struct pk_date_reader *r, size_t at, bool said, struct reading *c)
{
	struct pk_span key = r->text->tokens[at].key;
	int parts[3] = { 0, -1, -1 };
	size_t i = 0, n = 0, digits;

	for (; n < 3; n++) {
		if (!two_digits(key, &i, &parts[n], &digits) || (n > 0 && digits != 2))
			return false;
		if (i == key.len)
			break;
		bool dot = said && n == 0 && key.ptr[i] == '.';
		if (key.ptr[i] != ':' && !dot)
			return false;
		i++;
	}
	if (n == 0 || n == 3)
		return false;
	c->clock = (struct pk_clock){ true, parts[0], parts[1], parts[2] };
	c->end = at + 1;
	c->exact = true;
	return true;
}

/* A whole number of two digits at most in a token of its own. */
static bool
plain_number(const struct pk_date_reader *r, size_t at, int *ret_value, size_t *digits)
{
	size_t i = 0;

	if (at >= r->limit || r->text->tokens[at].kind != PK_TOKEN_NUMBER)
		return false;
	return two_digits(r->text->tokens[at].key, &i, ret_value, digits) &&
	       i == r->text->tokens[at].key.len;
}

/* «۶ : ۲۰», "10 : 25 : 50". */
static bool
in_tokens(const struct pk_date_reader *r, size_t at, struct reading *c)
{
	int hour, minute, second;
	size_t digits;

	if (!plain_number(r, at, &hour, &digits) || !pk_reader_sign(r, at + 1, ":") ||
	    !plain_number(r, at + 2, &minute, &digits) || digits != 2)
		return false;
	c->clock = (struct pk_clock){ true, hour, minute, -1 };
	c->end = at + 3;
	c->exact = true;
	if (pk_reader_sign(r, c->end, ":") &&
	    plain_number(r, c->end + 1, &second, &digits) && digits == 2) {
		c->clock.second = second;
		c->end += 2;
	}
	return true;
}

static bool
unit_at(const struct pk_date_reader *r, size_t at, enum pk_date_word kind)
{
	struct pk_date_meaning meaning;

	return at < r->limit &&
	       pk_date_word_at(r->words, r->text, at, at + 1, &meaning) &&
	       (meaning.kinds & PK_DATE_BIT(kind)) != 0;
}

/* A number below sixty; «سی پنج» is said without «و» too. */
static bool
sixty_at(const struct pk_date_reader *r, size_t at, struct pk_number *ret_number)
{
	struct pk_number units;

	if (!pk_reader_number(r, at, ret_number) || ret_number->ordinal ||
	    ret_number->value >= 60 || ret_number->value != (int)ret_number->value)
		return false;
	int tens = (int)ret_number->value;
	if (!ret_number->digits && tens >= 20 && tens % 10 == 0 &&
	    pk_reader_number(r, ret_number->end, &units) && !units.digits &&
	    !units.ordinal && units.value >= 1 && units.value < 10) {
		ret_number->value += (int)units.value;
		ret_number->end = units.end;
	}
	return true;
}

/* «و بیست و سه دقیقه [و ۳ ثانیه]»; without «دقیقه» only behind «ساعت». */
static void
minutes_behind(const struct pk_date_reader *r, struct reading *c)
{
	struct pk_number number;
	size_t at = c->end;

	if (!pk_reader_skip(r, PK_DATE_AND, &at) || !sixty_at(r, at, &number))
		return;
	bool minutes = unit_at(r, number.end, PK_DATE_UNIT_MINUTE);
	if (!minutes && (!c->said || (int)number.value % 5 != 0 || number.value < 10))
		return;
	c->clock.minute = (int)number.value;
	c->end = number.end + minutes;
	c->exact = true;
	at = c->end;
	if (minutes && pk_reader_skip(r, PK_DATE_AND, &at) &&
	    sixty_at(r, at, &number) && unit_at(r, number.end, PK_DATE_UNIT_SECOND)) {
		c->clock.second = (int)number.value;
		c->end = number.end + 1;
	}
}

/* «ساعت یازده و نیم», «۹ و چهل دقیقه». */
static bool
in_words(const struct pk_date_reader *r, size_t at, struct reading *c)
{
	struct pk_number number;

	if (!pk_reader_number(r, at, &number) || number.ordinal || number.value > 24)
		return false;
	int hour = (int)number.value;
	int minute = (int)((number.value - hour) * 60 + 0.5);
	c->end = number.end;
	if (number.value != hour && number.digits &&
	    r->text->tokens[at].key.len > 2) /* "11.5" is no time */
		return false;
	c->clock = (struct pk_clock){ true, hour, minute > 0 ? minute : -1, -1 };
	if (minute == 0)
		minutes_behind(r, c);
	return true;
}

/* The hour as it is meant with «عصر» or «شب» beside it. */
static int
hour_of(int hour, enum day_part part)
{
	switch (part) {
	case PART_MORNING:
		return hour == 12 ? 0 : hour;
	case PART_NOON:
		return hour <= 3 ? hour + 12 : hour;
	case PART_AFTERNOON:
		return hour < 12 ? hour + 12 : hour;
	case PART_NIGHT:
		return hour == 12 ? 24 : hour > 5 && hour < 12 ? hour + 12 : hour;
	case PART_ANY:
		break;
	}
	return hour;
}

/* «[دقیقه] شب», «ب.ظ» behind it. Returns whether a part of the day is said. */
static bool
part_behind(const struct pk_date_reader *r, struct reading *c)
{
	struct pk_date_meaning meaning;

	if (c->clock.minute >= 0)
		pk_reader_skip(r, PK_DATE_UNIT_MINUTE, &c->end);
	if (!pk_reader_word(r, c->end, &meaning) || PK_DATE_HAS(meaning, DAY) ||
	    (!PK_DATE_HAS(meaning, PART) && !PK_DATE_HAS(meaning, HALF_DAY)))
		return false;
	int part = PK_DATE_HAS(meaning, PART) ? meaning.values[PK_DATE_PART]
					      : meaning.values[PK_DATE_HALF_DAY];
	c->clock.hour = hour_of(c->clock.hour, (enum day_part)part);
	if (c->clock.hour == 24 && c->clock.minute > 0)
		c->clock.hour = 0;
	c->end = meaning.end;
	/* «۳ شب» are three nights */
	return c->exact || c->said || part != PART_NIGHT;
}

/* A time without what may stand before it. */
static bool
clock_at(const struct pk_date_reader *r, size_t at, bool said, struct reading *ret)
{
	struct reading c = { .said = said };

	if (at >= r->limit)
		return false;
	if (!in_one_token(r, at, said, &c) && !in_tokens(r, at, &c) &&
	    !in_words(r, at, &c))
		return false;
	if (!in_day(&c.clock))
		return false;
	c.bare = c.clock.hour;
	bool part = part_behind(r, &c);
	if (!said && !c.exact && !part)
		return false;
	*ret = c;
	return true;
}

/* Minutes before or after a full hour: «یک ربع به پنج», «۸ دقیقه بعد از ساعت ۹». */
static bool
offset_at(const struct pk_date_reader *r, size_t at, struct reading *ret)
{
	struct pk_number number;
	struct reading c;

	if (!pk_reader_number(r, at, &number) || number.ordinal || number.value >= 60)
		return false;
	at = number.end;
	bool quarter = number.value < 1;
	double minutes = quarter ? number.value * 60 : number.value;
	if (!quarter && !pk_reader_skip(r, PK_DATE_UNIT_MINUTE, &at))
		return false;
	int sign = pk_reader_skip(r, PK_DATE_AFTER, &at)    ? 1
		   : pk_reader_skip(r, PK_DATE_BEFORE, &at) ? -1
		   : pk_reader_skip(r, PK_DATE_TO, &at)     ? -1
							    : 0;
	size_t hour = at;
	bool said = pk_reader_skip(r, PK_DATE_UNIT_HOUR, &hour);
	if (sign == 0 || !clock_at(r, said ? hour : at, true, &c) || c.clock.minute > 0)
		return false;
	int total = c.clock.hour * 60 + sign * (int)minutes;
	total = (total + 1440) % 1440;
	c.clock.hour = total / 60;
	c.clock.minute = total % 60;
	*ret = c;
	return true;
}

/* A time with what stands before it: «حدود ساعت», «اوایل». */
static bool
point_at(const struct pk_date_reader *r, size_t at, bool said, struct reading *ret)
{
	struct pk_date_meaning meaning;
	size_t next = at;

	pk_reader_skip(r, PK_DATE_ABOUT, &next);
	if (pk_reader_word(r, next, &meaning) && PK_DATE_HAS(meaning, WITHIN))
		next = meaning.end;
	said |= pk_reader_skip(r, PK_DATE_UNIT_HOUR, &next);
	return offset_at(r, at, ret) || clock_at(r, next, said, ret);
}

/* Does the number count what follows? «ساعت ۸ تا ۵ روز», but not «تا ۵ روز شنبه». */
static bool
counts_more(const struct pk_date_reader *r, size_t at, size_t end)
{
	struct pk_duration_at duration;
	struct pk_when when;

	if (pk_read_when(r, at, &when) && when.end > end)
		return true;
	if (!pk_read_duration(r, at, &duration) || duration.end <= end)
		return false;
	return !pk_read_when(r, duration.unit_at, &when) || when.end <= duration.end;
}

/* «ساعت ۸ تا ۱۰»; what the second number counts is no hour: «ساعت ۸ تا ۵ تیر». */
static bool
second_at(const struct pk_date_reader *r, size_t at, const struct reading *from,
    struct reading *ret)
{
	return point_at(r, at, from->said || from->exact, ret) &&
	       !counts_more(r, at, ret->end);
}

void
pk_clock_take_part(
    const struct pk_date_reader *r, size_t first, size_t end, struct pk_clock *clock)
{
	struct pk_date_meaning meaning;

	for (size_t at = first; at < end; at++) {
		if (!pk_reader_word(r, at, &meaning))
			continue;
		if (PK_DATE_HAS(meaning, PART))
			clock->hour = hour_of(
			    clock->hour, (enum day_part)meaning.values[PK_DATE_PART]);
		else if (PK_DATE_HAS(meaning, HALF_DAY))
			clock->hour = hour_of(clock->hour,
			    (enum day_part)meaning.values[PK_DATE_HALF_DAY]);
		else
			continue;
		return;
	}
}

bool
pk_read_clock(const struct pk_date_reader *r, size_t at, struct pk_clock_at *ret_clock)
{
	struct reading from, to;

	if (!point_at(r, at, false, &from))
		return false;
	*ret_clock = (struct pk_clock_at){ .end = from.end, .from = from.clock };
	size_t next = from.end;
	bool until = pk_reader_dash(r, next);
	next += until;
	until |= pk_reader_skip(r, PK_DATE_UNTIL, &next);
	if (!until || !second_at(r, next, &from, &to))
		return true;
	ret_clock->to = to.clock;
	ret_clock->end = to.end;
	/* «ساعت ۸ تا ۱۰ شب»: both are of the night */
	if (to.bare != to.clock.hour && from.bare == from.clock.hour &&
	    from.bare < to.bare)
		ret_clock->from.hour += 12;
	return true;
}
