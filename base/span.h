/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/span.h - a view of bytes that somebody else owns.
 *
 * Text moves through peyk as spans into a document's arena. A span is not terminated by
 * a NUL; {NULL, 0} is the absent text, which prints as nothing. Print one with
 * printf("%.*s", PK_SPAN_ARG(s)).
 */
#ifndef PEYK_BASE_SPAN_H
#define PEYK_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct pk_span {
	const char *ptr;
	size_t len;
};

/* A string literal as a span. */
#define PK_SPAN(literal) ((struct pk_span){ "" literal, sizeof(literal) - 1 })
#define PK_SPAN_ARG(s)   (int)(s).len, (s).ptr

/* The span of a C string; NULL gives the absent text. Borrows. */
static inline struct pk_span
pk_span_of(const char *string)
{
	return (struct pk_span){ string, string == NULL ? 0 : strlen(string) };
}

static inline bool
pk_span_eq(struct pk_span a, struct pk_span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool
pk_span_starts_with(struct pk_span s, struct pk_span prefix)
{
	return s.len >= prefix.len &&
	       (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

static inline bool
pk_span_ends_with(struct pk_span s, struct pk_span suffix)
{
	return s.len >= suffix.len &&
	       (suffix.len == 0 ||
		   memcmp(s.ptr + s.len - suffix.len, suffix.ptr, suffix.len) == 0);
}

/* The part [start, end), clamped to what is there; an empty one lies where it starts.
 */
struct pk_span pk_span_slice(struct pk_span s, size_t start, size_t end);

/* Without ASCII blanks (space, tab, CR, LF, FF) at both ends. */
struct pk_span pk_span_trim(struct pk_span s);

/* HTML's white space: blank, tab, line feed, carriage return, form feed. */
static inline bool
pk_ascii_is_blank(char c)
{
	return (unsigned char)c <= ' ' &&
	       (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f');
}

/* A-Z as a-z; other bytes as they are. */
static inline char
pk_ascii_lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c | 0x20);
	return c;
}

/* ASCII case-insensitive equality and prefix. */
bool pk_span_eq_nocase(struct pk_span a, struct pk_span b);
bool pk_span_starts_with_nocase(struct pk_span s, struct pk_span prefix);

/*
 * FNV-1a (Fowler, Noll, Vo), 64 bits: for short keys that no enemy chooses; pk_map is
 * for the others. Its high bits are the better mixed ones.
 */
uint64_t pk_span_hash(struct pk_span s);

/* Byte offset of the first needle at or after `from`, or SIZE_MAX. */
size_t pk_span_find(struct pk_span s, struct pk_span needle, size_t from);

/*
 * Cuts the part before the first `separator` off *rest and returns it; when there is no
 * separator, returns everything and leaves *rest absent ({NULL, 0}), which ends the
 *loop:
 *
 *	while (rest.ptr != NULL) { word = pk_span_split(&rest, '|'); ... }
 */
struct pk_span pk_span_split(struct pk_span *rest, char separator);

/* Reads the whole span as a decimal number. Returns 0, -EBADMSG or -ERANGE. */
int pk_span_to_int64(struct pk_span s, int64_t *ret_value);

#endif
