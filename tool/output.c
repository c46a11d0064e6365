/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/output.h"

#include "base/cleanup.h"
#include "base/date_formats.h"
#include "fetch/feed/run.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>

#define LONG_TEXT_MIN 64

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

void
pk_json_set_long_text(
    json_t *object, const char *key, struct pk_span text, struct pk_long_texts *texts)
{
	json_t *stand_in;

	if (object == NULL || text.len < LONG_TEXT_MIN ||
	    texts->len == PK_COUNT(texts->items) ||
	    (stand_in = json_string("long")) == NULL) {
		pk_json_set_text(object, key, text);
		return;
	}
	texts->items[texts->len].stand_in = json_string_value(stand_in);
	texts->items[texts->len++].text = text;
	json_object_set_new_nocheck(object, key, stand_in);
}

/* Jansson writes by a few bytes a call: they are gathered here first. */
struct gathered {
	char bytes[32 << 10];
	size_t len;
	const struct pk_long_texts *texts;
	size_t n_written; /* of these */
};

/* Without touching all of its bytes. */
static void
begin(struct gathered *g)
{
	g->len = 0;
	g->texts = NULL;
	g->n_written = 0;
}

static int
write_gathered(struct gathered *g)
{
	size_t len = g->len;

	g->len = 0;
	return fwrite(g->bytes, 1, len, stdout) == len ? 0 : -1;
}

static int
write_bytes(struct gathered *g, const char *bytes, size_t len)
{
	if (len > sizeof(g->bytes) - g->len && write_gathered(g) < 0)
		return -1;
	if (len > sizeof(g->bytes))
		return fwrite(bytes, 1, len, stdout) == len ? 0 : -1;
	memcpy(g->bytes + g->len, bytes, len);
	g->len += len;
	return 0;
}

static int
write_escape(struct gathered *g, unsigned char c)
{
	static const char letters[32] = {
		['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'
	};
	char escape[8];
	int len;

	if (c >= 0x20)
		len = snprintf(escape, sizeof(escape), "\\%c", c);
	else if (letters[c] != '\0')
		len = snprintf(escape, sizeof(escape), "\\%c", letters[c]);
	else
		len = snprintf(escape, sizeof(escape), "\\u%04X", c);
	return write_bytes(g, escape, (size_t)len);
}

/* The inside of a string (RFC 8259, 7), of a text that is known to be UTF-8. */
static int
write_long_text(struct gathered *g, struct pk_span text)
{
	const unsigned char *p = (const unsigned char *)text.ptr;
	int r = 0;

	for (size_t at = 0; at < text.len && r == 0;) {
		size_t end = at;
		end += pk_run_length(p + end, text.len - end, false, '"', '\\', '"');
		while (
		    end < text.len && p[end] >= 0x20 && p[end] != '"' && p[end] != '\\')
			end++;
		r = write_bytes(g, text.ptr + at, end - at);
		if (end < text.len && r == 0)
			r = write_escape(g, p[end++]);
		at = end;
	}
	return r;
}

/* What Jansson writes. A stand-in is known by where it lies, which no text can feign.
 */
static int
write_piece(const char *bytes, size_t len, void *data)
{
	struct gathered *g = data;

	for (size_t i = g->n_written; g->texts != NULL && i < g->texts->len; i++) {
		if (bytes != g->texts->items[i].stand_in)
			continue;
		g->n_written++;
		return write_long_text(g, g->texts->items[i].text);
	}
	return write_bytes(g, bytes, len);
}

/* Takes the value. Returns 0 or -1. */
static int
dump(struct gathered *g, json_t *value, size_t flags)
{
	int r = value == NULL ? -1 : json_dump_callback(value, write_piece, g, flags);

	json_decref(value);
	return r;
}

static int
finish_line(struct gathered *g, int r)
{
	if (r == 0 && write_piece("\n", 1, g) == 0 && write_gathered(g) == 0)
		return 0;
	fputs("peyk: cannot write the output\n", stderr);
	return 1;
}

int
pk_output_json(json_t *value)
{
	struct gathered gathered;

	begin(&gathered);
	return finish_line(&gathered, dump(&gathered, value, JSON_COMPACT));
}

static int
write_item(struct gathered *g, pk_json_item *item, const void *context, size_t number)
{
	struct pk_long_texts texts = { .len = 0 };

	g->texts = &texts;
	g->n_written = 0;
	int r = dump(g, item(context, number, &texts), JSON_COMPACT);
	assert(r < 0 || g->n_written == texts.len);
	g->texts = NULL;
	return r;
}

int
pk_output_json_list(json_t *object, const char *key, size_t n_items, pk_json_item *item,
    const void *context)
{
	struct gathered gathered;
	bool is_empty = json_object_size(object) == 0;

	begin(&gathered);
	int r = write_piece("{", 1, &gathered);
	r |= dump(&gathered, object, JSON_COMPACT | JSON_EMBED);
	r |= write_piece(",", is_empty ? 0 : 1, &gathered);
	r |= dump(&gathered, json_string(key), JSON_ENCODE_ANY);
	r |= write_piece(":[", 2, &gathered);
	for (size_t i = 0; i < n_items && r == 0; i++) {
		r |= write_piece(",", i == 0 ? 0 : 1, &gathered);
		r |= write_item(&gathered, item, context, i);
	}
	r |= write_piece("]}", 2, &gathered);
	return finish_line(&gathered, r);
}

int
pk_output_finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "peyk: cannot write the output: %s\n", strerrordesc_np(errno));
	return 1;
}
