/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tool/output.h - JSON lines on standard output.
 *
 * What is unknown is left out: the setters below do nothing for an absent or empty
 * text, and nothing for an object that is NULL.
 */
#ifndef PEYK_TOOL_OUTPUT_H
#define PEYK_TOOL_OUTPUT_H

#include "base/span.h"

#include <jansson.h>

/* Sets a member to a text, which is clean UTF-8. Copies. */
void pk_json_set_text(json_t *object, const char *key, struct pk_span text);

/* Sets a member to a time, "2024-05-01T09:30:00Z", when there is one. */
void pk_json_set_time(json_t *object, const char *key, bool known, int64_t time_s);

/* Sets a member to an array or object, unless it is empty. Takes `value`. */
void pk_json_set_filled(json_t *object, const char *key, json_t *value);

/* Writes the value as one line. Takes it. Returns 0, or 1 after a message. */
int pk_output_json(json_t *value);

/*
 * Writes out what is buffered. The last call of a command: a full disk or a closed pipe
 * shows here. Returns `status`, or 1 after a message.
 */
int pk_output_finish(int status);

#endif
