/* SPDX-License-Identifier: Apache-2.0 */
/* tool/fields.h - reading fields of JSON that came from the daemon. */
#ifndef PEYK_TOOL_FIELDS_H
#define PEYK_TOOL_FIELDS_H

#include "base/span.h"

#include <jansson.h>

/* Borrowed from the object; absent where the field is not there, or no text. */
static inline struct pk_span
pk_field_text(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return (struct pk_span){ json_string_value(value), json_string_length(value) };
}

/* 0 where the field is not there, or no whole number. */
static inline json_int_t
pk_field_number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

#endif
