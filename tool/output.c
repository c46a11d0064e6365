/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/output.h"

#include "base/date_formats.h"

#include <errno.h>
#include <stdio.h>

void
pk_json_set_text(json_t *object, const char *key, struct pk_span text)
{
	if (object != NULL && text.len > 0)
		json_object_set_new_nocheck(
		    object, key, json_stringn_nocheck(text.ptr, text.len));
}

void
pk_json_set_time(json_t *object, const char *key, bool known, int64_t time_s)
{
	char text[PK_DATE_TEXT_MAX];

	if (known)
		pk_json_set_text(object, key,
		    (struct pk_span){ text, pk_date_format_utc(time_s, text) });
}

void
pk_json_set_filled(json_t *object, const char *key, json_t *value)
{
	if (object != NULL &&
	    (json_array_size(value) > 0 || json_object_size(value) > 0))
		json_object_set_nocheck(object, key, value);
	json_decref(value);
}

/* Jansson writes by a few bytes a call: they are gathered here first. */
struct gathered {
	char bytes[32 << 10];
	size_t len;
};

static int
write_gathered(struct gathered *g)
{
	size_t len = g->len;

	g->len = 0;
	return fwrite(g->bytes, 1, len, stdout) == len ? 0 : -1;
}

static int
write_piece(const char *bytes, size_t len, void *data)
{
	struct gathered *g = data;

	if (len > sizeof(g->bytes) - g->len && write_gathered(g) < 0)
		return -1;
	if (len > sizeof(g->bytes))
		return fwrite(bytes, 1, len, stdout) == len ? 0 : -1;
	memcpy(g->bytes + g->len, bytes, len);
	g->len += len;
	return 0;
}

int
pk_output_json(json_t *value)
{
	struct gathered gathered;

	gathered.len = 0;
	int failed =
	    value == NULL ||
	    json_dump_callback(value, write_piece, &gathered, JSON_COMPACT) != 0 ||
	    write_piece("\n", 1, &gathered) < 0 || write_gathered(&gathered) < 0;

	json_decref(value);
	if (!failed)
		return 0;
	fputs("peyk: cannot write the output\n", stderr);
	return 1;
}

int
pk_output_finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "peyk: cannot write the output: %s\n", strerrordesc_np(errno));
	return 1;
}
