/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"
#include "config/report_priv.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>

#define REPORT_MEMORY_MAX ((size_t)4 * 1024 * 1024)

/* A longer line is shown from a little before the place. */
#define LINE_SHOWN_MAX 160
#define LINE_BEFORE    40

int
pk_config_report_init(struct pk_config_report *report)
{
	*report = (struct pk_config_report){ .arena = pk_arena_new(REPORT_MEMORY_MAX) };
	return report->arena == NULL ? -ENOMEM : 0;
}

void
pk_config_report_done(struct pk_config_report *report)
{
	pk_arena_free(report->arena);
	*report = (struct pk_config_report){ .arena = NULL };
}

/* The line without its end, valid UTF-8 or not. */
static struct pk_span
line_of(struct pk_span text, unsigned line)
{
	struct pk_span found = { NULL, 0 };

	for (unsigned i = 0; i < line; i++) {
		if (text.ptr == NULL)
			return (struct pk_span){ NULL, 0 };
		found = pk_span_split(&text, '\n');
	}
	if (found.len > 0 && found.ptr[found.len - 1] == '\r')
		found.len--;
	return found;
}

/* The part of a line round the place, in which it is then column *column. */
static struct pk_span
window_of(struct pk_span line, unsigned *column)
{
	size_t at = 0, start = 0;
	uint32_t point;

	if (line.len <= LINE_SHOWN_MAX)
		return line;
	for (unsigned i = 1; i < *column && at < line.len; i++) {
		at += pk_utf8_decode(line, at, &point, NULL);
		if (*column - i == LINE_BEFORE)
			start = at;
	}
	if (*column > LINE_BEFORE)
		*column = LINE_BEFORE;
	return pk_utf8_prefix(pk_span_slice(line, start, line.len), LINE_SHOWN_MAX);
}

void
pk_report_add(struct pk_config_report *report, enum pk_config_severity severity,
    const struct pk_source *source, unsigned line, unsigned column, const char *format,
    ...)
{
	char text[1024];
	va_list args;

	if (severity == PK_CONFIG_ERROR)
		report->n_errors++;
	if (severity == PK_CONFIG_WARNING)
		report->n_warnings++;
	if (report->n_errors + report->n_warnings > PK_CONFIG_MESSAGES_MAX)
		return;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	struct pk_config_message *m = pk_array_push(report->arena, &report->messages);
	if (m == NULL)
		return;
	*m = (struct pk_config_message){
		.severity = severity,
		.file = pk_arena_copy(report->arena, source->name),
		.line = line,
		.column = column,
		.message = pk_arena_copy(
		    report->arena, pk_utf8_prefix(pk_span_of(text), sizeof(text))),
		.order = source->order,
	};
	struct pk_span shown = line_of(source->text, line);
	if (shown.ptr != NULL)
		m->source = pk_arena_copy(report->arena, shown);
}

void
pk_config_report_error(struct pk_config_report *report, const char *file, unsigned line,
    unsigned column, const char *message)
{
	const struct pk_source source = { .name = pk_span_of(file), .order = UINT_MAX };

	pk_report_add(report, PK_CONFIG_ERROR, &source, line, column, "%s", message);
}

void
pk_config_report_warning(struct pk_config_report *report, const char *file,
    unsigned line, unsigned column, const char *message)
{
	const struct pk_source source = { .name = pk_span_of(file), .order = UINT_MAX };

	pk_report_add(report, PK_CONFIG_WARNING, &source, line, column, "%s", message);
}

static int
compare(const struct pk_config_message *a, const struct pk_config_message *b)
{
	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return (a->column > b->column) - (a->column < b->column);
}

/* Where the message after the one at `head` and its notes begins. */
static size_t
end_of(const struct pk_config_report *report, size_t head)
{
	do
		head++;
	while (head < report->messages.len &&
	       report->messages.items[head].severity == PK_CONFIG_NOTE);
	return head;
}

/*
 * Insertion sort of whole blocks (a message and its notes): stable, and the blocks are
 * few and nearly in order.
 */
void
pk_report_sort(struct pk_config_report *report)
{
	struct pk_config_message *all = report->messages.items;
	size_t n = report->messages.len;
	struct pk_config_message *sorted =
	    pk_arena_calloc(report->arena, n == 0 ? 1 : n, sizeof(*sorted));
	size_t filled = 0;

	if (sorted == NULL)
		return;
	for (size_t head = 0; head < n;) {
		size_t end = end_of(report, head), length = end - head, at = filled;
		for (size_t i = filled; i > 0; i--) {
			if (sorted[i - 1].severity == PK_CONFIG_NOTE)
				continue;
			if (compare(&sorted[i - 1], &all[head]) <= 0)
				break;
			at = i - 1;
		}
		memmove(
		    sorted + at + length, sorted + at, (filled - at) * sizeof(*sorted));
		memcpy(sorted + at, all + head, length * sizeof(*sorted));
		filled += length;
		head = end;
	}
	report->messages.items = sorted;
	report->messages.cap = n;
}

static const char *
severity_name(enum pk_config_severity severity)
{
	static const char *const names[] = {
		[PK_CONFIG_ERROR] = "error",
		[PK_CONFIG_WARNING] = "warning",
		[PK_CONFIG_NOTE] = "note",
	};

	return names[severity];
}

/* Appends the text so that a terminal shows it and does not obey it. */
static int
append_tame(struct pk_buf *buf, struct pk_span text)
{
	int r = 0;

	for (size_t at = 0; at < text.len && r == 0;) {
		uint32_t point;
		bool valid;
		size_t n = pk_utf8_decode(text, at, &point, &valid);
		if (!valid || point < ' ' || (point >= 0x7f && point < 0xa0))
			r = pk_buf_append_char(buf, point == '\t' ? ' ' : '?');
		else
			r = pk_buf_append(buf, pk_span_slice(text, at, at + n));
		at += n;
	}
	return r;
}

int
pk_config_message_render(const struct pk_config_message *message, struct pk_buf *buf)
{
	int r = append_tame(buf, message->file);

	if (r == 0 && message->line > 0)
		r = pk_buf_printf(buf, ":%u", message->line);
	if (r == 0 && message->line > 0 && message->column > 0)
		r = pk_buf_printf(buf, ":%u", message->column);
	if (r == 0)
		r = pk_buf_printf(buf, ": %s: ", severity_name(message->severity));
	return r < 0 ? r : append_tame(buf, message->message);
}

static int
append_source(const struct pk_config_message *message, struct pk_buf *buf)
{
	unsigned column = message->column;
	struct pk_span line = window_of(message->source, &column);
	int r = append_tame(buf, line);

	if (r == 0)
		r = pk_buf_append_char(buf, '\n');
	for (unsigned i = 1; i < column && r == 0; i++)
		r = pk_buf_append_char(buf, ' ');
	return r < 0 ? r : pk_buf_append(buf, PK_SPAN("^\n"));
}

int
pk_config_report_render(const struct pk_config_report *report, struct pk_buf *buf)
{
	unsigned kept = 0, all = report->n_errors + report->n_warnings;

	for (size_t i = 0; i < report->messages.len; i++) {
		const struct pk_config_message *m = &report->messages.items[i];
		kept += m->severity != PK_CONFIG_NOTE;
		int r = pk_config_message_render(m, buf);
		if (r == 0)
			r = pk_buf_append_char(buf, '\n');
		if (r == 0 && m->source.ptr != NULL)
			r = append_source(m, buf);
		if (r < 0)
			return r;
	}
	return kept == all ? 0 : pk_buf_printf(buf, "(and %u more)\n", all - kept);
}

static int
append_count(struct pk_buf *buf, const char *before, size_t n, const char *noun)
{
	return pk_buf_printf(buf, "%s%zu %s%s", before, n, noun, n == 1 ? "" : "s");
}

int
pk_config_report_summary(
    const struct pk_config_report *report, const char *file, struct pk_buf *buf)
{
	int r = pk_buf_printf(buf, "%s: ", file);

	if (r == 0 && report->n_errors > 0)
		r = append_count(buf, "", report->n_errors, "error");
	else if (r == 0)
		r = pk_buf_append(buf, PK_SPAN("ok"));
	if (r == 0 && report->n_warnings > 0)
		r = append_count(buf, ", ", report->n_warnings, "warning");
	if (r == 0)
		r = append_count(buf, "; ", report->n_feeds, "feed");
	if (r == 0 && report->n_groups > 0)
		r = append_count(buf, " in ", report->n_groups, "group");
	return r;
}
