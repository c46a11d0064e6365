/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/date_formats.h"
#include "base/utf8.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_MAX_BYTES 4096

static _Atomic int max_level = PK_INFO;
static pthread_once_t sink_once = PTHREAD_ONCE_INIT;
static bool to_journal;

/* systemd says in JOURNAL_STREAM which device and inode the journal's stream has. */
static void
find_sink(void)
{
	unsigned long long device, inode;
	struct stat st;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): nobody sets the environment */
	const char *stream = getenv("JOURNAL_STREAM");

	to_journal =
	    stream != NULL && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	    fstat(STDERR_FILENO, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

void
pk_log_set_level(enum pk_log_level level)
{
	atomic_store_explicit(&max_level, level, memory_order_relaxed);
}

static const char *
level_name(enum pk_log_level level)
{
	switch (level) {
	case PK_ERROR:
		return "error";
	case PK_WARN:
		return "warning";
	case PK_NOTICE:
		return "notice";
	case PK_INFO:
		return "info";
	case PK_DEBUG:
		return "debug";
	}
	return "?";
}

/* What makes a terminal do more than show a character: controls (C1 too, which some
 * obey), ends of lines, and the marks that turn the rest of a line around. */
static bool
is_active(uint32_t point)
{
	return point < 0x20 || (point >= 0x7F && point <= 0x9F) ||
	       (point >= 0x2028 && point <= 0x202E) ||
	       (point >= 0x2066 && point <= 0x2069);
}

/* Quotes what would blur the line; nothing active and no broken UTF-8 goes out. */
static void
append_value(struct pk_buf *line, const char *value)
{
	bool plain = value[0] != '\0' && strpbrk(value, " \"=\\\n\r\t") == NULL;
	struct pk_span s = pk_span_of(value);

	if (!plain)
		pk_buf_append_char(line, '"');
	for (size_t at = 0, n; at < s.len; at += n) {
		uint32_t point;
		bool valid;
		n = pk_utf8_decode(s, at, &point, &valid);
		if (point == '"' || point == '\\')
			pk_buf_append_char(line, '\\');
		if (valid && !is_active(point))
			pk_buf_append(line, (struct pk_span){ s.ptr + at, n });
		else if (valid && point > 0xFF)
			pk_buf_printf(line, "\\u%04x", (unsigned)point);
		else if (valid)
			pk_buf_printf(line, "\\x%02x", (unsigned)point);
		for (size_t i = 0; i < n && !valid; i++)
			pk_buf_printf(line, "\\x%02x", (unsigned char)s.ptr[at + i]);
	}
	if (!plain)
		pk_buf_append_char(line, '"');
}

void
pk_log_(enum pk_log_level level, const char *sentence, ...)
{
	/* also when no memory is left, which is worth a word */
	char memory[LINE_MAX_BYTES + 1];
	struct pk_buf line = {
		.ptr = memory, .cap = sizeof(memory), .limit = LINE_MAX_BYTES
	};
	va_list args;

	if ((int)level > atomic_load_explicit(&max_level, memory_order_relaxed))
		return;
	pthread_once(&sink_once, find_sink);
	/* At the limit appending fails and the line is cut: better than none. */
	if (to_journal) {
		pk_buf_printf(&line, "<%d>", level);
	} else {
		char now[PK_DATE_TEXT_MAX];
		pk_date_format_utc(pk_wall_s(), now);
		pk_buf_printf(&line, "%s %s: ", now, level_name(level));
	}
	pk_buf_append(&line, pk_span_of(sentence));

	va_start(args, sentence);
	for (const char *key; (key = va_arg(args, const char *)) != NULL;) {
		const char *value = va_arg(args, const char *);
		pk_buf_printf(&line, " %s=", key);
		append_value(&line, value == NULL ? "-" : value);
	}
	va_end(args);
	line.ptr[line.len] = '\n';
	if (write(STDERR_FILENO, line.ptr, line.len + 1) < 0) {
		/* There is nowhere left to complain to. */
	}
}

const char *
pk_log_number_(char text[static 24], long long n)
{
	snprintf(text, 24, "%lld", n);
	return text;
}
