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
	PK_WHEN_CALENDAR, /* a date, month or year of a calendar */
	PK_WHEN_SEASON,
	PK_WHEN_OPEN, /* recently, soon: up to `n` days before or after now */
};

enum pk_when_unit {
	PK_UNIT_DAY,
	PK_UNIT_WEEK,
	PK_UNIT_MONTH,
	PK_UNIT_YEAR,
	PK_UNIT_DECADE,
};

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
	int side;     /* «تیرماه گذشته»: -1, «مه آینده»: 1 */
	int month;    /* 0: the whole year */
	int day;      /* 0: the whole month */
	int last_day; /* «۵ تا ۷ تیر»; 0: one day */
	int last_year;
	bool about;  /* «حدود» */
	bool within; /* «اواخر» */
	bool future; /* its clause looks ahead */
};

/* What everything is dated by. */
struct pk_when_now {
	struct pk_arena *arena;
	int64_t anchor;
	bool has_anchor;
	enum pk_calendar home; /* in which «سال گذشته» is counted */
};

/*
 * Dates what was read: fills start_day .. conflict and time (without text and range) of
 * *date. `near` (NULL: the anchor) chooses the year where none is said. Returns 0 or
 * -ENOMEM.
 */
int pk_when_resolve(const struct pk_when_now *now, const struct pk_when *when,
    const int64_t *near, struct pk_date_at *date);

#endif
