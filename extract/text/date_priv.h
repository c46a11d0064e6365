/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/text/date_priv.h - a time expression as it was read, before it is dated.
 */
#ifndef PEYK_EXTRACT_TEXT_DATE_PRIV_H
#define PEYK_EXTRACT_TEXT_DATE_PRIV_H

#include "extract/text/date.h"
#include "extract/text/date_words.h"

enum pk_when_kind {
	PK_WHEN_DAY, /* offset days from the anchor: «دیروز» */
	PK_WHEN_WEEKDAY, /* «روز جمعه», «جمعه گذشته», «جمعه هفته آینده» */
	PK_WHEN_PERIOD, /* the unit `offset` from now: «ماه گذشته» */
	PK_WHEN_AGO, /* n units before now (after, if negative): «سه روز پیش» */
	PK_WHEN_LAST,  /* the n units up to now: «سه روز گذشته» */
	PK_WHEN_NEXT,  /* the n units from now on */
	PK_WHEN_EVENT, /* n units after something told: «سه روز پس از آن» */
	PK_WHEN_TOLD,  /* a unit that the text has named: «همان سال» */
	PK_WHEN_CALENDAR, /* a date, month or year of a calendar */
	PK_WHEN_MONTH_DAY, /* a day of the month `offset` from now: «سوم همین ماه» */
	PK_WHEN_NTH, /* a part of a year or month: «سه ماه نخست سال» */
	PK_WHEN_SEASON,
	PK_WHEN_OPEN, /* recently, soon: up to `n` days before or after now */
};

enum pk_when_unit {
	PK_UNIT_DAY,
	PK_UNIT_WEEK,
	PK_UNIT_MONTH,
	PK_UNIT_YEAR,
	PK_UNIT_DECADE,
	PK_UNIT_CENTURY,
	PK_UNIT_HOUR,
	PK_UNIT_MINUTE,
	PK_UNIT_SECOND,
	PK_UNIT_SEASON, /* of PK_WHEN_NTH alone */
};

/* The `nth` run of `n` units: «سه ماه نخست» is the first of three months. */
struct pk_nth {
	enum pk_when_unit unit;
	int n;
	int nth;
};

#define PK_NTH_MAX 4

struct pk_when {
	enum pk_when_kind kind;
	size_t first;
	size_t end;
	enum pk_when_unit unit;
	int n;
	int offset;
	int weekday;  /* 0 = Saturday; -1: none said */
	bool in_week; /* of a WEEKDAY: `offset` counts weeks */
	enum pk_calendar calendar;
	int year;             /* 0: not said */
	bool has_year_offset; /* «اسفند سال گذشته» */
	int year_offset;
	bool told_year; /* «دی همان سال» */
	int side;       /* «تیرماه گذشته»: -1, «مه آینده»: 1 */
	int month;      /* 0: the whole year */
	int last_month; /* «تیر و مرداد»; 0: one month */
	int day;        /* 0: the whole month */
	int last_day;   /* «۵ تا ۷ تیر»; 0: one day */
	int last_year;
	struct pk_nth nths[PK_NTH_MAX]; /* the innermost first */
	size_t n_nths;
	bool about;  /* «حدود» */
	bool within; /* «اواخر» */
	int half;    /* «نیمه اول»: 1, «نیمه دوم»: 2 */
	bool future; /* its clause looks ahead */
	bool names;  /* pk_date_at.names */
};

/* What everything is dated by. */
struct pk_when_now {
	struct pk_arena *arena;
	int64_t anchor;
	bool has_anchor;
	enum pk_calendar home; /* in which «سال گذشته» is counted */
	int64_t told; /* the day of the last explicit date: «همان سال» */
	enum pk_calendar told_calendar;
	bool has_told;
};

/*
 * Dates what was read: fills start_day .. conflict and time (without text and range) of
 * *date. `near` (NULL: the anchor) chooses the year where none is said. Returns 0 or
 * -ENOMEM.
 */
int pk_when_resolve(const struct pk_when_now *now, const struct pk_when *when,
    const int64_t *near, struct pk_date_at *date);

/* Writes start_day and end_day into the time of *date. Returns 0 or -ENOMEM. */
int pk_when_write(struct pk_arena *arena, struct pk_date_at *date);

#endif
