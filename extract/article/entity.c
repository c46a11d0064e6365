/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/entity.h"

#include "base/html_entity.h"
#include "base/utf8.h"

struct pk_span
pk_entities_decode(struct pk_arena *arena, struct pk_span text)
{
	/* A name of a few letters may stand for two code points. */
	size_t cap = text.len == 0 || memchr(text.ptr, '&', text.len) == NULL
			 ? text.len
			 : 2 * text.len;
	char *out = pk_arena_alloc(arena, cap + 8), *to = out;

	if (out == NULL)
		return (struct pk_span){ NULL, 0 };
	for (size_t at = 0; at < text.len;) {
		uint32_t points[2];
		size_t count = 0;
		size_t len = text.ptr[at] != '&'
				 ? 0
				 : pk_html_reference(pk_span_slice(text, at, text.len),
				       points, &count);
		for (size_t i = 0; i < count && len > 0; i++)
			to += pk_utf8_encode(points[i], to);
		if (len == 0 && text.ptr[at] != '\0')
			*to++ = text.ptr[at];
		at += len == 0 ? 1 : len;
	}
	return (struct pk_span){ out, (size_t)(to - out) };
}

struct pk_span
pk_markup_strip(struct pk_arena *arena, struct pk_span text)
{
	char *out = pk_arena_alloc(arena, text.len + 1), *to = out;

	if (out == NULL)
		return (struct pk_span){ NULL, 0 };
	bool ends = true; /* there may be another '>' */
	for (size_t at = 0; at < text.len; at++) {
		char c = text.ptr[at];
		const char *close =
		    c == '<' && ends ? memchr(text.ptr + at, '>', text.len - at) : NULL;
		ends = ends && (c != '<' || close != NULL);
		if (close == NULL) {
			*to++ = c;
			continue;
		}
		struct pk_span tag = { text.ptr + at, (size_t)(close - text.ptr) - at };
		*to++ = pk_span_starts_with_nocase(tag, PK_SPAN("</p")) ||
				pk_span_starts_with_nocase(tag, PK_SPAN("<br"))
			    ? '\n'
			    : ' ';
		at = (size_t)(close - text.ptr);
	}
	return (struct pk_span){ out, (size_t)(to - out) };
}
