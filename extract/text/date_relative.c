/* SPDX-License-Identifier: Apache-2.0 */
/* Readings of what is counted from today, or from what was told before. */
#include "extract/text/date_reader.h"

/* Nobody dates by more units than these; and no year leaves its range. */
#define AMOUNT_MAX 5000

/* «چند روز پیش»: how far that may reach, in days. */
static int
days_of_few(enum pk_when_unit unit)
{
	switch (unit) {
	case PK_UNIT_MONTH:
	case PK_UNIT_SEASON:
		return 180;
	case PK_UNIT_YEAR:
		return 1095;
	case PK_UNIT_DECADE:
	case PK_UNIT_CENTURY:
		return 3652;
	case PK_UNIT_HOUR:
	case PK_UNIT_MINUTE:
	case PK_UNIT_SECOND:
		return 1;
	case PK_UNIT_DAY:
	case PK_UNIT_WEEK:
		break;
	}
	return 14;
}

/* «هفته آینده», «این هفته», «دو هفته آینده» behind a weekday. */
static void
week_behind(const struct pk_date_reader *r, struct pk_when *when)
{
	struct pk_number number;
	size_t at = when->end;
	int weeks = 1;
	bool this_week = pk_reader_skip(r, PK_DATE_THIS, &at);

	if (!this_week && pk_reader_number(r, at, &number) && !number.ordinal &&
	    number.value >= 1 && number.value <= 52) {
		weeks = (int)number.value;
		at = number.end;
	}
	if (!pk_reader_skip(r, PK_DATE_UNIT_WEEK, &at))
		return;
	if (this_week || pk_reader_direction(r, &at, &when->offset)) {
		when->offset *= weeks;
		when->in_week = true;
		when->end = at;
	}
}

/* «جمعه», «روز جمعه», «عصر جمعه», «جمعه گذشته», «جمعه هفته آینده», «جمعه این هفته». */
bool
pk_read_weekday(const struct pk_date_reader *r, size_t at, struct pk_when *when)
{
	struct pk_date_meaning meaning;
	bool said = pk_reader_direction_before(r, &at, &when->offset);

	pk_reader_skip(r, PK_DATE_PART, &at);
	pk_reader_skip(r, PK_DATE_UNIT_DAY, &at);
	if (!pk_reader_word(r, at, &meaning) || !PK_DATE_HAS(meaning, WEEKDAY))
		return false;
	when->kind = PK_WHEN_WEEKDAY;
	when->weekday = meaning.values[PK_DATE_WEEKDAY];
	at = meaning.end;
	pk_reader_skip(r, PK_DATE_PART, &at);
	when->end = at;
	if (said)
		return true;
	if (pk_reader_direction(r, &at, &when->offset)) {
		when->in_week = when->offset == 0;
		when->end = at;
		return true;
	}
	week_behind(r, when);
	return true;
}

/* «امروز», «عصر دیروز», «امروز شنبه», «امروز، ۵ تیر»: a date that follows is meant. */
bool
pk_read_day(const struct pk_date_reader *r, size_t at, struct pk_when *when)
{
	struct pk_date_meaning meaning;
	struct pk_when behind = *when;

	pk_reader_skip(r, PK_DATE_PART, &at);
	if (!pk_reader_word(r, at, &meaning) || !PK_DATE_HAS(meaning, DAY))
		return false;
	when->kind = PK_WHEN_DAY;
	when->offset = meaning.values[PK_DATE_DAY];
	at = meaning.end;
	pk_reader_skip(r, PK_DATE_PART, &at);
	when->end = at;
	size_t open = at + pk_reader_sign(r, at, "(");
	size_t next = open + pk_reader_sign(r, open, "،");
	if (pk_read_month(r, next, &behind) && behind.day != 0) {
		*when = behind;
		when->end += open > at && pk_reader_sign(r, when->end, ")");
	} else if (next == open && pk_reader_word(r, next, &meaning) &&
		   PK_DATE_HAS(meaning, WEEKDAY) &&
		   (open == at || pk_reader_sign(r, meaning.end, ")"))) {
		when->end = meaning.end + (open > at);
	}
	return true;
}

/* «همان سال», «آن روز»: a unit that was told before. «اول»: its first. */
static bool
read_told(const struct pk_date_reader *r, size_t at, struct pk_when *when)
{
	struct pk_date_meaning meaning;
	struct pk_number number;

	if (!pk_reader_skip(r, PK_DATE_THAT, &at) || !pk_reader_word(r, at, &meaning) ||
	    !pk_reader_unit(&meaning, false, &when->unit))
		return false;
	when->kind = PK_WHEN_TOLD;
	when->end = meaning.end;
	if (pk_reader_number(r, when->end, &number) && number.ordinal) {
		when->kind = PK_WHEN_EVENT;
		when->end = number.end;
	}
	return true;
}

/* «پایان سال», «نیمه دوم سال»: of the one that we are in, but «پایان سال دوم» is not.
 */
static bool
is_part_of_current(
    const struct pk_date_reader *r, size_t at, const struct pk_when *when)
{
	struct pk_number number;

	return when->within &&
	       (when->unit == PK_UNIT_YEAR || when->unit == PK_UNIT_MONTH ||
		   when->unit == PK_UNIT_WEEK) &&
	       !pk_reader_amount(r, at, &number);
}

/* «هفته گذشته», «سال جاری», «این ماه», «سال گذشته میلادی». */
bool
pk_read_period(const struct pk_date_reader *r, size_t at, struct pk_when *when)
{
	struct pk_date_meaning meaning;

	if (read_told(r, at, when))
		return true;
	bool this = pk_reader_skip(r, PK_DATE_THIS, &at);
	bool said = !this && pk_reader_direction_before(r, &at, &when->offset);
	if (!pk_reader_word(r, at, &meaning) ||
	    !pk_reader_unit(&meaning, false, &when->unit))
		return false;
	at = meaning.end;
	when->kind = PK_WHEN_PERIOD;
	if (!said && !pk_reader_direction(r, &at, &when->offset)) {
		/* «این روز» points into the story, not at the calendar */
		bool near =
		    this && when->unit != PK_UNIT_DAY && when->unit != PK_UNIT_DECADE;
		if (!near && !is_part_of_current(r, at, when))
			return false;
		when->offset = 0;
	}
	if (when->unit == PK_UNIT_DAY) { /* «روز بعد» */
		when->kind = PK_WHEN_EVENT;
		when->n = when->offset;
	}
	if (when->unit != PK_UNIT_DAY && when->unit != PK_UNIT_WEEK)
		pk_reader_calendar(r, &at, &when->calendar);
	when->end = at;
	return true;
}

/*
 * «پنج سال پیش», «سه روز گذشته», «دو هفته دیگر»,
 * «سه روز پس از آن»; «قبل ثلاثة أيام» where it stands first.
 */
bool
pk_read_count(const struct pk_date_reader *r, size_t at, struct pk_when *when)
{
	struct pk_date_meaning meaning;
	struct pk_duration_at duration;
	bool ago = r->ago_first && pk_reader_skip(r, PK_DATE_AGO, &at);

	if (!pk_read_duration(r, at, &duration))
		return false;
	if (ago)
		meaning = (struct pk_date_meaning){ .end = duration.end,
			.kinds = PK_DATE_BIT(PK_DATE_AGO) };
	else if (!pk_reader_word(r, duration.end, &meaning))
		return false;
	bool vague = !duration.shortest.known;
	pk_duration_as_unit(&duration.shortest, &when->unit, &when->n);
	if (vague) {
		when->unit = duration.unit;
	} else if (duration.unit == PK_UNIT_DECADE && when->n % 10 == 0) {
		when->unit = PK_UNIT_DECADE;
		when->n /= 10;
	}
	if (when->n > AMOUNT_MAX)
		return false;
	when->end = meaning.end;
	if (PK_DATE_HAS(meaning, AFTER_THAT)) {
		when->kind = PK_WHEN_EVENT;
	} else if (PK_DATE_HAS(meaning, BEFORE_THAT)) {
		when->kind = PK_WHEN_EVENT;
		when->n = -when->n;
	} else if (PK_DATE_HAS(meaning, AFTER) || PK_DATE_HAS(meaning, BEFORE)) {
		when->kind =
		    PK_WHEN_EVENT; /* «هشت روز بعد از ...»: from what is told */
		when->end = duration.end + 1;
		if (PK_DATE_HAS(meaning, BEFORE))
			when->n = -when->n;
	} else if (PK_DATE_HAS(meaning, AGO)) {
		when->kind = PK_WHEN_AGO;
	} else if (PK_DATE_HAS(meaning, LASTING)) {
		when->kind = PK_WHEN_LAST;
	} else if (PK_DATE_HAS(meaning, COMING)) {
		when->kind = PK_WHEN_NEXT;
	} else if (PK_DATE_HAS(meaning, FUTURE)) {
		when->kind = PK_WHEN_AGO;
		when->n = -when->n;
	} else {
		return false;
	}
	if (vague && when->kind != PK_WHEN_EVENT) {
		when->kind = PK_WHEN_OPEN;
		when->n = days_of_few(when->unit);
		if (PK_DATE_HAS(meaning, AGO) || PK_DATE_HAS(meaning, LASTING))
			when->n = -when->n;
	}
	return true;
}

/* «نوروز ۱۴۰۰», «شب یلدا»: only with its year it tells when something happens. */
bool
pk_read_feast(const struct pk_date_reader *r, size_t at, struct pk_when *when)
{
	static const struct feast {
		enum pk_date_word word;
		enum pk_calendar calendar;
	} feasts[] = {
		{ PK_DATE_FEAST_JALALI, PK_CALENDAR_JALALI },
		{ PK_DATE_FEAST_GREGORIAN, PK_CALENDAR_GREGORIAN },
		{ PK_DATE_FEAST_HIJRI, PK_CALENDAR_HIJRI },
	};
	struct pk_date_meaning meaning;

	if (!pk_reader_word(r, at, &meaning))
		return false;
	for (size_t i = 0; i < PK_COUNT(feasts); i++) {
		if ((meaning.kinds & PK_DATE_BIT(feasts[i].word)) == 0)
			continue;
		int value = meaning.values[feasts[i].word];
		when->kind = PK_WHEN_CALENDAR;
		when->calendar = feasts[i].calendar;
		when->month = value / 100;
		when->day = value % 100;
		when->end = meaning.end;
		pk_read_year_behind(r, when);
		when->names = when->end == meaning.end;
		return true;
	}
	return false;
}

/* «اخیرا», «به زودی», «امسال». */
bool
pk_read_loose(const struct pk_date_reader *r, size_t at, struct pk_when *when)
{
	struct pk_date_meaning meaning;

	if (!pk_reader_word(r, at, &meaning))
		return false;
	when->end = meaning.end;
	if (PK_DATE_HAS(meaning, RECENTLY) || PK_DATE_HAS(meaning, SOON)) {
		when->kind = PK_WHEN_OPEN;
		when->n = PK_DATE_HAS(meaning, RECENTLY)
			      ? meaning.values[PK_DATE_RECENTLY]
			      : meaning.values[PK_DATE_SOON];
		return true;
	}
	if (!PK_DATE_HAS(meaning, THIS_YEAR))
		return false;
	when->kind = PK_WHEN_PERIOD;
	when->unit = PK_UNIT_YEAR;
	when->offset = meaning.values[PK_DATE_THIS_YEAR];
	return true;
}
