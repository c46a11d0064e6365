/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/text/date.h - time expressions in running text.
 */
#ifndef PEYK_EXTRACT_TEXT_DATE_H
#define PEYK_EXTRACT_TEXT_DATE_H

#include "base/event.h"
#include "extract/text/text.h"

/* A time expression: tokens [first, end) and what they mean by the anchor day. */
struct pk_date_at {
	size_t first;
	size_t end;
	struct pk_time
	    time; /* start and end are days, "2022-02-01"; absent: unresolved */
	int64_t
	    start_day; /* the same since 1970, [start_day, end_day); equal: unknown */
	int64_t end_day;
	bool has_offset; /* «سه روز پس از آن»: how is event_relative, and this far */
	int64_t offset_days;
	bool conflict; /* «۲۱ فوریه (۳ اسفند)»: the two are not one day */
};

struct pk_dates {
	struct pk_date_at *items; /* by first token, without overlap */
	size_t len;
};

/*
 * Finds all time expressions. `anchor_day` is the day of publication since 1970;
 * without one (`has_anchor` false) relative expressions are found and stay unresolved.
 * Intervals are half-open. «سال گذشته» is counted in the calendar that the text itself
 * uses, the Jalali one by default; weeks begin on Saturday. Linear. Returns 0 or
 * -ENOMEM.
 */
int pk_dates_find(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_text *text, int64_t anchor_day, bool has_anchor,
    struct pk_dates *ret_dates);

#endif
