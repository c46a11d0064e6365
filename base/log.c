/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/date_formats.h"

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

/* Quotes what would blur the line; control bytes never reach a terminal. */
static void
append_value(struct pk_buf *line, const char *value)
{
	bool plain = value[0] != '\0' && strpbrk(value, " \"=\\\n\r\t") == NULL;

	if (!plain)
		pk_buf_append_char(line, '"');
	for (const unsigned char *p = (const unsigned char *)value; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			pk_buf_append_char(line, '\\');
		/* C1 controls too, which are two bytes: some terminals obey them */
		if (p[0] == 0xC2 && p[1] >= 0x80 && p[1] <= 0x9F)
			pk_buf_printf(line, "\\x%02x", *++p);
		else if (*p < 0x20 || *p == 0x7F)
			pk_buf_printf(line, "\\x%02x", *p);
		else
			pk_buf_append_char(line, (char)*p);
	}
	if (!plain)
		pk_buf_append_char(line, '"');
}

void
pk_log_(enum pk_log_level level, const char *sentence, ...)
{
	struct pk_buf line;
	va_list args;

	if ((int)level > atomic_load_explicit(&max_level, memory_order_relaxed))
		return;
	pthread_once(&sink_once, find_sink);
	/* At the limit appending fails and the line is cut: better than none. */
	pk_buf_init(&line, LINE_MAX_BYTES);
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
	if (line.len > 0) {
		line.ptr[line.len] = '\n';
		if (write(STDERR_FILENO, line.ptr, line.len + 1) < 0) {
			/* There is nowhere left to complain to. */
		}
	}
	pk_buf_done(&line);
}

const char *
pk_log_number_(char text[static 24], long long n)
{
	snprintf(text, 24, "%lld", n);
	return text;
}
