/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/jsonld_mend.h"

#include "extract/article/entity.h"

#include <errno.h>

/* Where a value begins; before it stand "<!--", "<![CDATA[", "//" and their like. */
static struct pk_span
without_wrap(struct pk_span s)
{
	size_t at = 0;

	while (at < s.len && s.ptr[at] != '{' && s.ptr[at] != '[')
		at++;
	/* The bracket of "<![CDATA[" is none of the value's. */
	size_t cdata = pk_span_find(s, PK_SPAN("<![CDATA["), 0);
	if (cdata != SIZE_MAX && cdata <= at) {
		at = cdata + strlen("<![CDATA[");
		while (at < s.len && s.ptr[at] != '{' && s.ptr[at] != '[')
			at++;
	}
	return pk_span_slice(s, at, s.len);
}

/* Raw line breaks and other control characters in strings are common: blanks do. */
static struct pk_span
without_controls(struct pk_arena *arena, struct pk_span s)
{
	char *copy = pk_arena_alloc(arena, s.len + 1);

	if (copy == NULL)
		return (struct pk_span){ NULL, 0 };
	for (size_t i = 0; i < s.len; i++)
		copy[i] =
		    (unsigned char)s.ptr[i] < 0x20 || s.ptr[i] == 0x7F ? ' ' : s.ptr[i];
	return (struct pk_span){ copy, s.len };
}

static json_t *
parse(struct pk_span text)
{
	return json_loadb(text.ptr, text.len,
	    JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The end of the string that begins at `at`, behind its closing quote. */
static size_t
end_of_string(struct pk_span s, size_t at)
{
	for (at++; at < s.len && s.ptr[at] != '"'; at++) {
		if (s.ptr[at] == '\\')
			at++;
	}
	return at < s.len ? at + 1 : s.len;
}

/* Does a string go on behind the quote at `at`, because the quote was not escaped? */
static bool
is_inner_quote(struct pk_span s, size_t at)
{
	for (at++; at < s.len && is_blank(s.ptr[at]); at++)
		;
	return at < s.len && strchr(",:]}\"", s.ptr[at]) == NULL;
}

/*
 * Copies a string; quotes in it that were not escaped and backslashes that escape
 * nothing are mended. Returns where it ends.
 */
static size_t
copy_string(struct pk_span s, size_t at, char **to)
{
	*(*to)++ = s.ptr[at++];
	for (; at < s.len; at++) {
		char c = s.ptr[at];
		if (c == '\\' && at + 1 < s.len) {
			char next = s.ptr[++at];
			if (strchr("\"\\/bfnrtu", next) == NULL)
				*(*to)++ = '\\';
			*(*to)++ = '\\';
			*(*to)++ = next;
			continue;
		}
		if (c == '"' && !is_inner_quote(s, at))
			break;
		if (c == '"')
			*(*to)++ = '\\';
		*(*to)++ = c;
	}
	if (at < s.len)
		*(*to)++ = s.ptr[at++];
	return at;
}

/* Where a comment that begins at `at` ends; `at` where none does. */
static size_t
end_of_comment(struct pk_span s, size_t at)
{
	struct pk_span rest = pk_span_slice(s, at, s.len);
	size_t end;

	if (pk_span_starts_with(rest, PK_SPAN("/*"))) {
		end = pk_span_find(s, PK_SPAN("*/"), at + 2);
		return end == SIZE_MAX ? s.len : end + 2;
	}
	if (pk_span_starts_with(rest, PK_SPAN("<!--")))
		return at + 4;
	if (pk_span_starts_with(rest, PK_SPAN("-->")))
		return at + 3;
	if (pk_span_starts_with(rest, PK_SPAN("//"))) {
		end = pk_span_find(s, PK_SPAN("\n"), at);
		return end == SIZE_MAX ? s.len : end;
	}
	return at;
}

/* Is there nothing between the comma at `at` and a bracket or another comma? */
static bool
is_idle_comma(struct pk_span s, size_t at)
{
	for (at++; at < s.len && is_blank(s.ptr[at]); at++)
		;
	return at == s.len || s.ptr[at] == '}' || s.ptr[at] == ']' || s.ptr[at] == ',';
}

/* Without comments and idle commas, with a null where a value is missing. */
static struct pk_span
mended(struct pk_arena *arena, struct pk_span s)
{
	/* A null is four bytes longer than what it stands for; an escape doubles. */
	char *copy = pk_arena_alloc(arena, 5 * s.len + 8), *to = copy;

	if (copy == NULL)
		return (struct pk_span){ NULL, 0 };
	for (size_t at = 0; at < s.len;) {
		size_t end = end_of_comment(s, at);
		if (end > at) {
			at = end;
			continue;
		}
		if (s.ptr[at] == '"') {
			at = copy_string(s, at, &to);
			continue;
		}
		char c = s.ptr[at];
		if (c != ',' || !is_idle_comma(s, at))
			*to++ = c;
		if (c == ':' && is_idle_comma(s, at))
			to = stpcpy(to, "null");
		at++;
	}
	return (struct pk_span){ copy, (size_t)(to - copy) };
}

/* Blanks for the raw control characters that stand in strings; breaks elsewhere stay.
 */
static struct pk_span
without_controls_in_strings(struct pk_arena *arena, struct pk_span s)
{
	char *copy = pk_arena_alloc(arena, s.len + 1);

	if (copy == NULL)
		return (struct pk_span){ NULL, 0 };
	memcpy(copy, s.ptr, s.len);
	for (size_t at = 0; at < s.len; at++) {
		size_t end = s.ptr[at] == '"' ? end_of_string(s, at) : at;
		for (; at < end; at++) {
			if ((unsigned char)copy[at] < 0x20)
				copy[at] = ' ';
		}
	}
	return (struct pk_span){ copy, s.len };
}

int
pk_jsonld_parse(struct pk_arena *arena, struct pk_span script, json_t **ret_value)
{
	script = without_wrap(script);
	*ret_value = NULL;
	if (script.len == 0)
		return 0;
	struct pk_span plain = without_controls(arena, script);
	if (plain.ptr == NULL)
		return -ENOMEM;
	*ret_value = parse(plain);
	if (*ret_value != NULL)
		return 0;

	/* Line comments end at line breaks, so that these are still needed. */
	struct pk_span lines = without_controls_in_strings(arena, script);
	struct pk_span better = mended(arena, lines);
	if (lines.ptr == NULL || better.ptr == NULL)
		return -ENOMEM;
	*ret_value = parse(better);
	if (*ret_value != NULL || pk_span_find(script, PK_SPAN("&"), 0) == SIZE_MAX)
		return 0;

	struct pk_span decoded = pk_entities_decode(arena, plain);
	if (decoded.ptr == NULL)
		return -ENOMEM;
	*ret_value = parse(decoded);
	return 0;
}
