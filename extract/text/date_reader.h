/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/text/date_reader.h - how time expressions are read: a reading is a function
 * that is tried at a token, and the longest one that succeeds counts.
 */
#ifndef PEYK_EXTRACT_TEXT_DATE_READER_H
#define PEYK_EXTRACT_TEXT_DATE_READER_H

#include "extract/text/date_priv.h"
#include "extract/text/rules.h"

struct pk_date_reader {
	const struct pk_date_words *words;
	const struct pk_text_rules *rules;
	const struct pk_text *text;
	struct pk_when_now now;
	size_t limit;     /* end of the sentence */
	bool month_first; /* «February 21», «last week» */
	bool ago_first;   /* «قبل ثلاثة أيام» */
	bool gregorian;   /* where no year or month tells */
};

#define PK_DATE_HAS(meaning, KIND)                                                     \
	(((meaning).kinds & PK_DATE_BIT(PK_DATE_##KIND)) != 0)

/* Can a day, time or duration begin at a token? Most tokens are done with at this. */
bool pk_reader_begins(const struct pk_date_reader *r, size_t at);

/* The longest word of time at a token. */
bool pk_reader_word(
    const struct pk_date_reader *r, size_t at, struct pk_date_meaning *ret_meaning);

/* Passes over a word of the kind. Returns whether there was one. */
bool pk_reader_skip(const struct pk_date_reader *r, enum pk_date_word kind, size_t *at);

bool pk_reader_sign(const struct pk_date_reader *r, size_t at, const char *sign);

/* - – — */
bool pk_reader_dash(const struct pk_date_reader *r, size_t at);

/* A number with a value. */
bool pk_reader_number(
    const struct pk_date_reader *r, size_t at, struct pk_number *ret_number);

/* The same, but it may be one of no value: «چند». */
bool pk_reader_amount(
    const struct pk_date_reader *r, size_t at, struct pk_number *ret_number);

/* «و», «یا», «تا» or a dash, and a comma with `comma`: what stands in lists. */
bool pk_reader_list(const struct pk_date_reader *r, bool comma, size_t *at);

/* The unit of a word; false also for hours and less, unless `clock`. */
bool pk_reader_unit(
    const struct pk_date_meaning *meaning, bool clock, enum pk_when_unit *ret_unit);

/* «گذشته», «آینده», «جاری» behind a unit. */
bool pk_reader_direction(const struct pk_date_reader *r, size_t *at, int *ret_offset);

/* «last», «next» before a unit or weekday, where a language has them there. */
bool pk_reader_direction_before(
    const struct pk_date_reader *r, size_t *at, int *ret_offset);

/* «شمسی», «میلادی», «ه.ق.» behind a year. Returns whether there was one. */
bool pk_reader_calendar(
    const struct pk_date_reader *r, size_t *at, enum pk_calendar *calendar);

/* The calendar that a year of this size is counted in, or NONE. */
enum pk_calendar pk_calendar_of_year(double year);

/* date_calendar.c: dates, months and years of a calendar. */
bool pk_read_numeric(const struct pk_date_reader *r, size_t at, struct pk_when *when);
bool pk_read_month(const struct pk_date_reader *r, size_t at, struct pk_when *when);
bool pk_read_season(const struct pk_date_reader *r, size_t at, struct pk_when *when);

/* A year behind a month, with or without «سال»; moves when->end. */
void pk_read_year_behind(const struct pk_date_reader *r, struct pk_when *when);

/* date_year.c: years, decades, centuries. */
bool pk_read_year(const struct pk_date_reader *r, size_t at, struct pk_when *when);
bool pk_read_decade(const struct pk_date_reader *r, size_t at, struct pk_when *when);
bool pk_read_century(const struct pk_date_reader *r, size_t at, struct pk_when *when);

/* date_relative.c: what is counted from today, or from what was told. */
bool pk_read_day(const struct pk_date_reader *r, size_t at, struct pk_when *when);
bool pk_read_weekday(const struct pk_date_reader *r, size_t at, struct pk_when *when);
bool pk_read_period(const struct pk_date_reader *r, size_t at, struct pk_when *when);
bool pk_read_count(const struct pk_date_reader *r, size_t at, struct pk_when *when);
bool pk_read_feast(const struct pk_date_reader *r, size_t at, struct pk_when *when);
bool pk_read_loose(const struct pk_date_reader *r, size_t at, struct pk_when *when);

/* date_nth.c: «سه ماه نخست سال», «روز پنجم سال ۱۴۰۰». */
bool pk_read_nth(const struct pk_date_reader *r, size_t at, struct pk_when *when);

/* date_reader.c: the longest of all these, with «حدود» and «اواخر» before it. */
bool pk_read_when(const struct pk_date_reader *r, size_t at, struct pk_when *ret_when);

/* A time of the clock, or two of them: «ساعت ۸ تا ۱۰». */
struct pk_clock_at {
	size_t end;
	struct pk_clock from;
	struct pk_clock to;
};

/*
 * «ساعت ۱۴:۳۰», «۶ : ۲۰», «یک ربع به پنج عصر». A number alone is a time only behind
 * «ساعت», before a part of the day, or with its minutes.
 */
bool pk_read_clock(
    const struct pk_date_reader *r, size_t at, struct pk_clock_at *ret_clock);

/* «شنبه شب ساعت ۸», «دیشب ساعت ۹»: the part of the day that [first, end) says. */
void pk_clock_take_part(
    const struct pk_date_reader *r, size_t first, size_t end, struct pk_clock *clock);

struct pk_duration_at {
	size_t end;
	size_t unit_at; /* the last unit's token */
	enum pk_when_unit unit;
	struct pk_duration shortest;
	struct pk_duration longest; /* unknown where there is no range */
	bool list;                  /* «۱۱، ۳۴ و ۵۲ دقیقه» */
};

/* «پنج ساعت و نیم», «نیم قرن», «۵ یا ۶ شب», «۳۱ سالگی», «چند روز». */
bool pk_read_duration(
    const struct pk_date_reader *r, size_t at, struct pk_duration_at *ret_duration);

/* «هر دوشنبه», «سه روز در هفته»: what repeats, and after how long. */
bool pk_read_repeat(
    const struct pk_date_reader *r, size_t at, struct pk_duration_at *ret_repeat);

/* As one number of one unit, the finest it has: P1Y6M is 18 months. */
void pk_duration_as_unit(
    const struct pk_duration *duration, enum pk_when_unit *ret_unit, int *ret_n);

/* An expression as a whole; `when`, the clock or the duration are there or not. */
struct pk_expression {
	size_t first;
	size_t end;
	bool has_when;
	struct pk_when when;
	bool has_until; /* «از ... تا ...» */
	struct pk_when until;
	bool until_now; /* «تاکنون» */
	struct pk_clock clock;
	struct pk_clock clock_end;
	bool has_duration;
	bool repeats;
	struct pk_duration_at duration;
};

/* The expression that begins at a token. */
bool pk_read_expression(
    const struct pk_date_reader *r, size_t at, struct pk_expression *ret_expression);

/*
 * Does the clause that a weekday at `at` stands in look ahead? Its verb stands behind
 * it: the first that is plainly past or future tells, whatever later clauses say.
 */
bool pk_date_looks_ahead(
    const struct pk_date_reader *r, const struct pk_sentence *sentence, size_t at);

#endif
