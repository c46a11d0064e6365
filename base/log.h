/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/log.h - one line an occurrence, for people and for journald.
 *
 * Only daemon and tool log above debug. A line is a sentence and fields:
 *
 *	pk_log(PK_WARN, "feed failed, backing off", "feed", id, "wait_s", wait_text);
 *
 * prints `feed failed, backing off feed=irna wait_s=120`, with the <N> priority prefix
 *when stderr is the journal (sd-daemon(3)), else with time and level. Values are
 *escaped: a feed cannot forge a line. Any thread; a line is written in one write(2).
 */
#ifndef PEYK_BASE_LOG_H
#define PEYK_BASE_LOG_H

enum pk_log_level {
	PK_ERROR = 3, /* as in syslog(3) */
	PK_WARN = 4,
	PK_NOTICE = 5,
	PK_INFO = 6,
	PK_DEBUG = 7,
};

/* Lines above this level are not written. PK_INFO at first. */
void pk_log_set_level(enum pk_log_level level);

/* pk_log(level, sentence, key, value, key, value ...): keys and values are C strings.
 */
#define pk_log(level, ...) pk_log_((level), __VA_ARGS__, (const char *)0)

void pk_log_(enum pk_log_level level, const char *sentence, ...)
    __attribute__((sentinel));

/* A number as a value: pk_log(PK_INFO, "started", "feeds", pk_log_number(n)). */
#define pk_log_number(n) (pk_log_number_((char[24]){ 0 }, (long long)(n)))
const char *pk_log_number_(char text[static 24], long long n);

#endif
