/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as a body: what comes out is UTF-8, has no script in it, and stays as it is
 * when it is sanitized again. */
#include "fetch/feed/sanitize.h"
#include "base/html_entity.h"
#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX ((size_t)1 << 20)

static const struct pk_span base = { "http://site.example/a/b", 23 };

/* The end of the tag that begins here: values stand in quotes, without '>' in them. */
static size_t
tag_end(struct pk_span text, size_t at)
{
	size_t end = pk_span_find(text, PK_SPAN(">"), at);

	assert(end != SIZE_MAX);
	return end;
}

/* As a browser would read the tag's values: in lower case, without what it skips. */
static void
check_tag(struct pk_span tag)
{
	char *plain = malloc(tag.len + 1);
	size_t len = 0;

	assert(plain != NULL);
	for (size_t at = 0; at < tag.len;) {
		uint32_t points[2] = { (unsigned char)tag.ptr[at], 0 };
		size_t count = 1;
		size_t used = tag.ptr[at] != '&'
				  ? 0
				  : pk_html_reference(pk_span_slice(tag, at, tag.len),
					points, &count);
		at += used == 0 ? 1 : used;
		if (points[0] > ' ')
			plain[len++] =
			    points[0] < 0x80 ? pk_ascii_lower((char)points[0]) : '?';
	}
	struct pk_span squeezed = { plain, len };
	assert(pk_span_find(squeezed, PK_SPAN("javascript:"), 0) == SIZE_MAX);
	assert(pk_span_find(squeezed, PK_SPAN("vbscript:"), 0) == SIZE_MAX);
	assert(
	    pk_span_find(tag, PK_SPAN(" on"), 0) == SIZE_MAX ||
	    pk_span_find(tag, PK_SPAN("\""), 0) < pk_span_find(tag, PK_SPAN(" on"), 0));
	assert(!pk_span_starts_with_nocase(tag, PK_SPAN("<script")));
	assert(!pk_span_starts_with_nocase(tag, PK_SPAN("<style")));
	assert(!pk_span_starts_with_nocase(tag, PK_SPAN("<!")));
	free(plain);
}

static void
check(struct pk_span text)
{
	size_t open = 0;

	assert(pk_utf8_valid(text));
	for (size_t at = 0; (at = pk_span_find(text, PK_SPAN("<"), at)) != SIZE_MAX;) {
		struct pk_span rest = pk_span_slice(text, at, text.len);
		char next = rest.len > 1 ? rest.ptr[1] : '\0';
		if (next != '/' && (next < 'a' || next > 'z')) {
			at++; /* text that has no markup */
			continue;
		}
		size_t end = tag_end(text, at);
		check_tag(pk_span_slice(text, at, end + 1));
		assert(next != '/' || open > 0);
		if (next == '/')
			open--;
		else if (text.ptr[end - 1] != '/')
			open++;
		at = end;
	}
	assert(open == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(64 << 20);
	struct pk_span once, twice, plain;

	if (arena == NULL)
		return 0;
	struct pk_span text =
	    pk_utf8_clean(arena, (struct pk_span){ (const char *)data, size });
	if (text.len == 0 || pk_sanitize_html(arena, text, base, MAX, &once) < 0)
		return 0;
	check(once);
	assert(pk_sanitize_html(arena, once, base, MAX, &twice) == 0);
	if (!pk_span_eq(once, twice))
		fprintf(
		    stderr, "«%.*s»\n«%.*s»\n", PK_SPAN_ARG(once), PK_SPAN_ARG(twice));
	assert(pk_span_eq(once, twice));
	assert(pk_sanitize_plain(arena, text, MAX, &plain) == 0);
	check(plain);
	/* what is too long is cut off, and still whole */
	assert(pk_sanitize_html(arena, text, base, size / 2, &once) == 0);
	check(once);
	return 0;
}
