/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

/* Sequence length and the allowed range of the second byte, by lead byte (RFC 3629, 4).
 */
static size_t
lead(unsigned char c, unsigned char *ret_low, unsigned char *ret_high)
{
	*ret_low = 0x80;
	*ret_high = 0xBF;
	if (c < 0x80)
		return 1;
	if (c >= 0xC2 && c <= 0xDF)
		return 2;
	if (c >= 0xE0 && c <= 0xEF) {
		if (c == 0xE0)
			*ret_low = 0xA0;
		if (c == 0xED)
			*ret_high = 0x9F;
		return 3;
	}
	if (c >= 0xF0 && c <= 0xF4) {
		if (c == 0xF0)
			*ret_low = 0x90;
		if (c == 0xF4)
			*ret_high = 0x8F;
		return 4;
	}
	return 0;
}

size_t
pk_utf8_decode(struct pk_span s, size_t at, uint32_t *ret_point, bool *ret_valid)
{
	const unsigned char *p = (const unsigned char *)s.ptr + at;
	unsigned char low, high;

	/* Two bytes: most of Persian. */
	if (p[0] >= 0xC2 && p[0] <= 0xDF && at + 1 < s.len && (p[1] & 0xC0) == 0x80) {
		*ret_point = (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
		if (ret_valid != NULL)
			*ret_valid = true;
		return 2;
	}
	size_t len = lead(p[0], &low, &high), i = 1;
	uint32_t point = len < 2 ? p[0] : p[0] & (0x7Fu >> len);

	for (; i < len && at + i < s.len && p[i] >= low && p[i] <= high; i++) {
		point = point << 6 | (p[i] & 0x3Fu);
		low = 0x80;
		high = 0xBF;
	}
	bool valid = len != 0 && i == len;
	*ret_point = valid ? point : PK_UTF8_REPLACEMENT;
	if (ret_valid != NULL)
		*ret_valid = valid;
	return i;
}

size_t
pk_utf8_encode(uint32_t point, char ret_bytes[static 4])
{
	if (point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
		point = PK_UTF8_REPLACEMENT;
	if (point < 0x80) {
		ret_bytes[0] = (char)point;
		return 1;
	}
	size_t len = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
	for (size_t i = len - 1; i > 0; i--) {
		ret_bytes[i] = (char)(0x80 | (point & 0x3F));
		point >>= 6;
	}
	ret_bytes[0] = (char)((0xF00 >> len) | point);
	return len;
}

bool
pk_utf8_valid(struct pk_span s)
{
	uint32_t point;
	bool valid = true;

	for (size_t at = 0; at < s.len && valid;) {
		if ((unsigned char)s.ptr[at] < 0x80)
			at++;
		else
			at += pk_utf8_decode(s, at, &point, &valid);
	}
	return valid;
}

size_t
pk_utf8_count(struct pk_span s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.len; i++)
		count += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
	return count;
}

struct pk_span
pk_utf8_clean(struct pk_arena *arena, struct pk_span s)
{
	size_t len = 0;

	if (pk_utf8_valid(s) && (s.len == 0 || memchr(s.ptr, '\0', s.len) == NULL))
		return s;
	if (s.len > SIZE_MAX / 3 - 1)
		return (struct pk_span){ NULL, 0 };
	char *out = pk_arena_alloc(arena, s.len * 3 + 1);
	if (out == NULL)
		return (struct pk_span){ NULL, 0 };
	for (size_t at = 0; at < s.len;) {
		uint32_t point;
		at += pk_utf8_decode(s, at, &point, NULL);
		len +=
		    pk_utf8_encode(point == 0 ? PK_UTF8_REPLACEMENT : point, out + len);
	}
	return (struct pk_span){ out, len };
}

struct pk_span
pk_utf8_prefix(struct pk_span s, size_t max)
{
	if (s.len <= max)
		return s;
	while (max > 0 && ((unsigned char)s.ptr[max] & 0xC0) == 0x80)
		max--;
	return (struct pk_span){ s.ptr, max };
}
