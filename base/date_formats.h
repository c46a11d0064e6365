/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/date_formats.h - dates as machines write them: in feeds, headers, metadata.
 *
 * Read: RFC 9110 / RFC 822 with its common slips, RFC 3339 / ISO 8601 and what looks
 * like it, days of weeks, epoch seconds, "/Date(1769513526000+0330)/", and the same
 * with Persian or Arabic-Indic digits and in the Jalali calendar (a year 1300-1499 is
 * Jalali). Dates in running text are recognised elsewhere (extract/text).
 */
#ifndef PEYK_BASE_DATE_FORMATS_H
#define PEYK_BASE_DATE_FORMATS_H

#include "base/span.h"

struct pk_moment {
	int64_t time_s; /* seconds since 1970, UTC */
	int offset_min; /* of the writer's clock from UTC */
	bool has_time;  /* false: a date alone; time_s is its midnight */
	bool has_zone;  /* false: offset_min is the default that was given */
};

/* As default offset: Iran's clock at that moment, which had summer time until 2022. */
#define PK_OFFSET_IRAN 100000

/* As default offset: Iran's clock for a date in the Jalali calendar, UTC for others. */
#define PK_OFFSET_UNKNOWN 100001

/*
 * Reads a date with or without time.
 *
 *   text                untrusted; blanks and bidi marks around it are allowed, a
 *                       weekday or "ساعت" within it too, other words are not
 *   default_offset_min  offset to assume where the text gives none (or one that is
 *                       unknown, "XYZT"): minutes, or one of the above
 *
 * Numbers alone are read as year-month-day where the year comes first; else as
 * day/month/year, but as month/day/year when there is AM or PM, or where the other way
 * gives no date. Two-digit years: 00-68 are 2000-2068; three numbers of two Persian
 * digits are a Jalali date, 00-49 being 1400-1449.
 *
 * Returns 0, or -EBADMSG; then *ret_moment is untouched. Any thread.
 */
int pk_date_parse(
    struct pk_span text, int default_offset_min, struct pk_moment *ret_moment);

/* Room for the longest text that the functions below write, with its NUL. */
#define PK_DATE_TEXT_MAX 40

/* "2024-05-01T09:30:00Z". Returns its length. */
size_t pk_date_format_utc(int64_t time_s, char ret_text[static PK_DATE_TEXT_MAX]);

/* "2024-05-01T13:00:00+03:30", or "2024-05-01" for a date alone. Returns its length. */
size_t pk_date_format(
    const struct pk_moment *moment, char ret_text[static PK_DATE_TEXT_MAX]);

/* "2024-05-01" of a day since 1970. Returns its length. */
size_t pk_date_format_day(int64_t day, char ret_text[static PK_DATE_TEXT_MAX]);

/* "Wed, 01 May 2024 09:30:00 GMT" (RFC 9110, 5.6.7). Returns its length. */
size_t pk_date_format_http(int64_t time_s, char ret_text[static PK_DATE_TEXT_MAX]);

#endif
