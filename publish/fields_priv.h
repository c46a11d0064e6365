/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/fields_priv.h - the fields of a record, set one by one; what is unknown is
 * left out.
 */
#ifndef PEYK_PUBLISH_FIELDS_PRIV_H
#define PEYK_PUBLISH_FIELDS_PRIV_H

#include "base/event.h"

#include <jansson.h>

/*
 * Sets a field. A value that could not be made (no memory) is seen by the caller of
 * everything: `failed` sticks, and the half-built record is thrown away.
 */
struct record {
	json_t *object;
	bool failed;
};

static inline struct record
record_new(void)
{
	json_t *object = json_object();

	return (struct record){ object, object == NULL };
}

static inline void
put(struct record *r, const char *key, json_t *value)
{
	if (value == NULL || json_object_set_new(r->object, key, value) != 0)
		r->failed = true;
}

/* The finished object, or NULL. */
static inline json_t *
record_end(struct record *r)
{
	if (!r->failed)
		return r->object;
	json_decref(r->object);
	return NULL;
}

static inline void
put_text(struct record *r, const char *key, struct pk_span s)
{
	if (s.len > 0)
		put(r, key, json_stringn(s.ptr, s.len));
}

static inline void
put_word(struct record *r, const char *key, const char *word)
{
	if (word != NULL && word[0] != '\0')
		put(r, key, json_string(word));
}

/* Confidences and scores carry no more digits than they are worth. */
static inline void
put_number(struct record *r, const char *key, double value)
{
	double whole = (double)(json_int_t)value;

	if (value <= whole && value >= whole)
		put(r, key, json_integer((json_int_t)value));
	else
		put(r, key, json_real(value));
}

static inline json_t *
range_json(struct pk_range range)
{
	return json_pack("[I, I]", (json_int_t)range.start, (json_int_t)range.end);
}

static inline void
put_range(struct record *r, struct pk_range range)
{
	put(r, "span", range_json(range));
	if (range.in_title)
		put_word(r, "in", "title");
}

static inline void
put_name(struct record *r, const char *key, struct pk_name name)
{
	struct record n;

	if (name.native.len == 0)
		return;
	n = record_new();
	put_text(&n, "native", name.native);
	put_text(&n, "latin", name.latin);
	put(r, key, record_end(&n));
}

/* Appends to an array; a NULL item or a full machine fails the record around it. */
static inline void
append(struct record *r, json_t *array, json_t *item)
{
	if (item == NULL || json_array_append_new(array, item) != 0)
		r->failed = true;
}

#endif
