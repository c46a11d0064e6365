/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config/report_priv.h - how this room fills a report.
 */
#ifndef PEYK_CONFIG_REPORT_PRIV_H
#define PEYK_CONFIG_REPORT_PRIV_H

#include "config/report.h"

/* A file while it is read. */
struct pk_source {
	struct pk_span name;
	struct pk_span text;
	unsigned order; /* 0 for the first one */
};

/*
 * Adds a message with its line of source. Line 0 means the whole file. Notes follow
 * their error at once. When memory is at its end the message is counted but lost.
 */
void pk_report_add(struct pk_config_report *report, enum pk_config_severity severity,
    const struct pk_source *source, unsigned line, unsigned column, const char *format,
    ...) __attribute__((format(printf, 6, 7)));

/* Brings the messages into the order of files and lines. */
void pk_report_sort(struct pk_config_report *report);

#endif
