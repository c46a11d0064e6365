/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config/report.h - all that is wrong in the files of a configuration, and where.
 */
#ifndef PEYK_CONFIG_REPORT_H
#define PEYK_CONFIG_REPORT_H

#include "base/arena.h"
#include "base/buf.h"

/* Further errors and warnings are counted but not kept. */
#define PK_CONFIG_MESSAGES_MAX 200

enum pk_config_severity {
	PK_CONFIG_ERROR,
	PK_CONFIG_WARNING,
	PK_CONFIG_NOTE, /* belongs to the message before it */
};

struct pk_config_message {
	enum pk_config_severity severity;
	struct pk_span file;
	unsigned line;          /* from 1; 0 where the whole file is meant */
	unsigned column;        /* in code points, from 1; 0 where the line is meant */
	struct pk_span message; /* a clause without a full stop */
	struct pk_span source;  /* the line itself; absent where there is none */
	unsigned order;         /* of the file, among those that were read */
};

/* Messages stand in the order of files, lines and columns. */
struct pk_config_report {
	struct pk_arena *arena; /* owns the messages */
	PK_ARRAY(struct pk_config_message) messages;
	unsigned n_errors;
	unsigned n_warnings;
	size_t n_feeds; /* read so far, also when something is wrong */
	size_t n_groups;
};

/* An empty report. Returns 0 or -ENOMEM. */
int pk_config_report_init(struct pk_config_report *report);
void pk_config_report_done(struct pk_config_report *report);

/* Adds an error in a file that the configuration names. Line 0 means the whole file. */
void pk_config_report_error(struct pk_config_report *report, const char *file,
    unsigned line, unsigned column, const char *message);

/* The same of what is not wrong, but should be known. */
void pk_config_report_warning(struct pk_config_report *report, const char *file,
    unsigned line, unsigned column, const char *message);

/* "FILE:LINE:COLUMN: error: MESSAGE" without a line feed; for a log. Returns 0,
 * -ENOMEM. */
int pk_config_message_render(
    const struct pk_config_message *message, struct pk_buf *buf);

/*
 * All messages, each with its line and a caret under the place, ready for a terminal:
 * control characters of the file come out as '?'. Returns 0 or -ENOMEM.
 */
int pk_config_report_render(const struct pk_config_report *report, struct pk_buf *buf);

/* "FILE: 2 errors, 1 warning; 412 feeds in 7 groups" without a line feed. */
int pk_config_report_summary(
    const struct pk_config_report *report, const char *file, struct pk_buf *buf);

#endif
