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

static int
write_piece(const char *bytes, size_t len, void *file)
{
	return fwrite_unlocked(bytes, 1, len, file) == len ? 0 : -1;
}

int
pk_output_json(json_t *value)
{
	int failed =
	    value == NULL ||
	    json_dump_callback(value, write_piece, stdout, JSON_COMPACT) != 0 ||
	    putchar('\n') == EOF;

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
