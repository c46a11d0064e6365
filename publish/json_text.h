/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/json_text.h - JSON as text, whole or not at all.
 *
 * Jansson's json_dumps() goes on when memory is out in the middle, and what it returns
 * has a hole.
 */
#ifndef PEYK_PUBLISH_JSON_TEXT_H
#define PEYK_PUBLISH_JSON_TEXT_H

#include <jansson.h>

/* `flags` are those of json_dumps(). Gives a string to be freed with free(), or NULL on
 * no memory. */
char *pk_json_text(const json_t *json, size_t flags);

#endif
