/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"

#include <errno.h>
#include <strings.h>

struct pk_span
pk_span_slice(struct pk_span s, size_t start, size_t end)
{
	if (end > s.len)
		end = s.len;
	if (start > end)
		start = end;
	if (start == 0) /* also of the absent text */
		return (struct pk_span){ s.ptr, end };
	return (struct pk_span){ s.ptr + start, end - start };
}

struct pk_span
pk_span_trim(struct pk_span s)
{
	while (s.len > 0 && pk_ascii_is_blank(s.ptr[0])) {
		s.ptr++;
		s.len--;
	}
	while (s.len > 0 && pk_ascii_is_blank(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

bool
pk_span_eq_nocase(struct pk_span a, struct pk_span b)
{
	return a.len == b.len && (a.len == 0 || strncasecmp(a.ptr, b.ptr, a.len) == 0);
}

bool
pk_span_starts_with_nocase(struct pk_span s, struct pk_span prefix)
{
	return s.len >= prefix.len &&
	       pk_span_eq_nocase((struct pk_span){ s.ptr, prefix.len }, prefix);
}

uint64_t
pk_span_hash(struct pk_span s)
{
	uint64_t hash = UINT64_C(0xCBF29CE484222325);

	for (size_t i = 0; i < s.len; i++)
		hash = (hash ^ (unsigned char)s.ptr[i]) * UINT64_C(0x100000001B3);
	return hash;
}

size_t
pk_span_find(struct pk_span s, struct pk_span needle, size_t from)
{
	if (from > s.len)
		return SIZE_MAX;
	if (needle.len == 0)
		return from;
	if (s.len - from < needle.len)
		return SIZE_MAX;
	const char *at =
	    needle.len == 1
		? memchr(s.ptr + from, needle.ptr[0], s.len - from)
		: memmem(s.ptr + from, s.len - from, needle.ptr, needle.len);
	return at == NULL ? SIZE_MAX : (size_t)(at - s.ptr);
}

struct pk_span
pk_span_split(struct pk_span *rest, char separator)
{
	struct pk_span part = *rest;
	const char *at =
	    rest->len == 0 ? NULL : memchr(rest->ptr, separator, rest->len);

	if (at == NULL) {
		*rest = (struct pk_span){ NULL, 0 };
		return part;
	}
	part.len = (size_t)(at - part.ptr);
	rest->ptr += part.len + 1;
	rest->len -= part.len + 1;
	return part;
}

int
pk_span_to_int64(struct pk_span s, int64_t *ret_value)
{
	bool negative = s.len > 0 && s.ptr[0] == '-';
	int64_t value = 0;

	if (negative)
		s = pk_span_slice(s, 1, s.len);
	if (s.len == 0)
		return -EBADMSG;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return -EBADMSG;
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, s.ptr[i] - '0', &value))
			return -ERANGE;
	}
	*ret_value = negative ? -value : value;
	return 0;
}
