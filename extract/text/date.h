/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/text/date.h - time expressions in running text.
 */
#ifndef PEYK_EXTRACT_TEXT_DATE_H
#define PEYK_EXTRACT_TEXT_DATE_H

#include "base/event.h"
#include "extract/text/text.h"

enum pk_time_kind {
	PK_TIME_IS_DATE,
	PK_TIME_IS_TIME,     /* has a time of the clock, with or without a day */
	PK_TIME_IS_DURATION, /* how long, or how often */
};

/* A time of the clock; `second` and `minute` are -1 where they are not said. */
struct pk_clock {
	bool known;
	int hour; /* 0..24 */
	int minute;
	int second;
};

enum pk_duration_part {
	PK_DURATION_YEARS,
	PK_DURATION_MONTHS,
	PK_DURATION_WEEKS,
	PK_DURATION_DAYS,
	PK_DURATION_HOURS,
	PK_DURATION_MINUTES,
	PK_DURATION_SECONDS,
	PK_DURATION_PARTS
};

struct pk_duration {
	bool known; /* false: «چند روز» */
	int n[PK_DURATION_PARTS];
};

/* A time expression: tokens [first, end) and what they mean by the anchor day. */
struct pk_date_at {
	size_t first;
	size_t end;
	enum pk_time_kind kind;
	struct pk_time
	    time; /* start and end are days, "2022-02-01"; absent: unresolved */
	int64_t
	    start_day; /* the same since 1970, [start_day, end_day); equal: unknown */
	int64_t end_day;
	bool has_offset; /* «سه روز پس از آن»: how is event_relative, and this far */
	int64_t offset_days;
	bool conflict; /* «۲۱ فوریه (۳ اسفند)»: the two are not one day */
	bool names; /* part of a name, or a feast: «جشنواره ۲۰۱۵», «شب یلدا»;
		       nothing need happen then */
	bool repeats; /* «هر دوشنبه»: the duration is from one to the next */
	struct pk_clock clock; /* of TIME, on start_day */
	struct pk_clock clock_end;
	struct pk_duration duration;
	struct pk_duration longest; /* «۲۰ تا ۴۰ دقیقه» */
};

struct pk_dates {
	struct pk_date_at *items; /* by first token, without overlap */
	size_t len;
};

/*
 * Finds all time expressions. `anchor_day` is the day of publication since 1970;
 * without one (`has_anchor` false) relative expressions are found and stay unresolved.
 * Intervals are half-open. «سال گذشته» is counted in the calendar that the text itself
 * uses, the Jalali one by default; weeks begin on Saturday. A preposition before an
 * expression is no part of it, but that of an interval is («از ۲ تا ۵ تیر»). Linear.
 * Returns 0 or -ENOMEM.
 */
int pk_dates_find(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_text *text, int64_t anchor_day, bool has_anchor,
    struct pk_dates *ret_dates);

/*
 * An expression in ISO 8601: "2022-02-01", "2022-02", an interval of days with both
 * ends in it; "2022-02-01T14:30" or "T14:30"; "P3D", a range "PT20M/PT40M", "R/P1W" for
 * what repeats. Absent where it is not known. {NULL, 0} also on no memory.
 */
struct pk_span pk_date_norm(struct pk_arena *arena, const struct pk_date_at *date);

/* How exactly it is meant: that of `time`, or of the clock. */
enum pk_precision pk_date_precision(const struct pk_date_at *date);

#endif
