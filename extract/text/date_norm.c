/* SPDX-License-Identifier: Apache-2.0 */
/* Time expressions in ISO 8601. */
#include "extract/text/date.h"

#include "base/date_formats.h"

#include <stdarg.h>
#include <stdio.h>

#define NORM_MAX 128

/* A norm that is being written; what does not fit is cut off, and nothing is so long.
 */
struct writer {
	char text[NORM_MAX];
	size_t len;
};

static void write_text(struct writer *w, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void
write_text(struct writer *w, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int n = vsnprintf(w->text + w->len, sizeof(w->text) - w->len, format, args);
	va_end(args);
	if (n > 0)
		w->len += (size_t)n;
	if (w->len >= sizeof(w->text))
		w->len = sizeof(w->text) - 1;
}

/* P1Y2M3DT4H; weeks stand alone or count as days. */
static void
write_duration(struct writer *w, const struct pk_duration *duration)
{
	static const struct part {
		enum pk_duration_part part;
		char letter;
	} parts[] = {
		{ PK_DURATION_YEARS, 'Y' },
		{ PK_DURATION_MONTHS, 'M' },
		{ PK_DURATION_DAYS, 'D' },
		{ PK_DURATION_HOURS, 'H' },
		{ PK_DURATION_MINUTES, 'M' },
		{ PK_DURATION_SECONDS, 'S' },
	};
	int n[PK_DURATION_PARTS], others = 0, weeks = duration->n[PK_DURATION_WEEKS];
	bool clock = false;

	for (int i = 0; i < PK_DURATION_PARTS; i++) {
		n[i] = duration->n[i];
		others += i != PK_DURATION_WEEKS && n[i] != 0;
	}
	if (others == 0) {
		write_text(w, "P%d%c", weeks, weeks != 0 ? 'W' : 'D');
		return;
	}
	n[PK_DURATION_DAYS] += weeks * 7;
	write_text(w, "P");
	for (size_t i = 0; i < PK_COUNT(parts); i++) {
		if (n[parts[i].part] == 0)
			continue;
		if (parts[i].part >= PK_DURATION_HOURS && !clock) {
			write_text(w, "T");
			clock = true;
		}
		write_text(w, "%d%c", n[parts[i].part], parts[i].letter);
	}
}

static void
write_clock(struct writer *w, struct pk_span day, const struct pk_clock *clock)
{
	write_text(w, "%.*sT%02d:%02d", PK_SPAN_ARG(day), clock->hour,
	    clock->minute < 0 ? 0 : clock->minute);
	if (clock->second >= 0)
		write_text(w, ":%02d", clock->second);
}

/* A day, a month, a year, or an interval of days with both ends in it. */
static void
write_days(struct writer *w, const struct pk_date_at *date)
{
	const struct pk_time *time = &date->time;
	int64_t days = date->end_day - date->start_day;
	size_t len = time->start.len;
	char last[PK_DATE_TEXT_MAX];
	bool gregorian = time->calendar == PK_CALENDAR_GREGORIAN;
	bool month = gregorian && time->precision == PK_PRECISION_MONTH && days >= 28 &&
		     days < 32;
	bool year = gregorian && time->precision == PK_PRECISION_YEAR && days > 364 &&
		    days < 367;

	if (month || year)
		len -= month ? 3 : 6;
	write_text(w, "%.*s", (int)len, time->start.ptr);
	if (days == 1 || month || year)
		return;
	pk_date_format_day(date->end_day - 1, last);
	write_text(w, "/%s", last);
}

/* The day of a time, where it is one; of two days, the first and the last. */
static void
write_time(struct writer *w, const struct pk_date_at *date)
{
	struct pk_span day = date->time.start;
	char last[PK_DATE_TEXT_MAX];
	bool days = date->end_day > date->start_day + 1;

	write_clock(w, day, &date->clock);
	if (!date->clock_end.known)
		return;
	if (days) {
		size_t len = pk_date_format_day(date->end_day - 1, last);
		day = (struct pk_span){ last, len };
	}
	write_text(w, "/");
	write_clock(w, day, &date->clock_end);
}

struct pk_span
pk_date_norm(struct pk_arena *arena, const struct pk_date_at *date)
{
	struct writer w = { .len = 0 };

	if (date->kind == PK_TIME_IS_DURATION) {
		if (!date->duration.known)
			return (struct pk_span){ 0 };
		if (date->repeats)
			write_text(&w, "R/");
		write_duration(&w, &date->duration);
		if (date->longest.known) {
			write_text(&w, "/");
			write_duration(&w, &date->longest);
		}
	} else if (date->clock.known) {
		write_time(&w, date);
	} else if (date->time.start.len > 0) {
		write_days(&w, date);
	} else {
		return (struct pk_span){ 0 };
	}
	return pk_arena_copy(arena, (struct pk_span){ w.text, w.len });
}

enum pk_precision
pk_date_precision(const struct pk_date_at *date)
{
	if (!date->clock.known || date->kind == PK_TIME_IS_DURATION)
		return date->time.precision;
	return date->clock.second >= 0   ? PK_PRECISION_INSTANT
	       : date->clock.minute >= 0 ? PK_PRECISION_MINUTE
					 : PK_PRECISION_HOUR;
}
