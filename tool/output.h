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
 * Long texts that the JSON of one item borrows: Jansson, which decodes every character
 * that it writes, gets a stand-in for each, and the text is written in its place.
 */
struct pk_long_texts {
	struct {
		const char *stand_in;
		struct pk_span text;
	} items[8];
	size_t len;
};

/* As pk_json_set_text(), of a text that lives until the item is written. */
void pk_json_set_long_text(
    json_t *object, const char *key, struct pk_span text, struct pk_long_texts *texts);

/* Makes the JSON of an item. */
typedef json_t *pk_json_item(
    const void *context, size_t number, struct pk_long_texts *texts);

/*
 * Writes the object as one line, with a list as its last member: `key`, and the items 0
 * to n_items - 1, each of which is gone before the next one is made. Takes `object`.
 * Returns 0, or 1 after a message.
 */
int pk_output_json_list(json_t *object, const char *key, size_t n_items,
    pk_json_item *item, const void *context);

/*
 * Writes out what is buffered. The last call of a command: a full disk or a closed pipe
 * shows here. Returns `status`, or 1 after a message.
 */
int pk_output_finish(int status);

#endif
