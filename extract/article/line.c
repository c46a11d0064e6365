/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/line.h"

#include "base/utf8.h"
#include "extract/text/fold.h"

/* Blanks and closing signs behind the last word of a line that are looked through. */
#define CLOSING_MAX 32

static bool
is_margin(uint32_t p)
{
	if (p < 0x80)
		return p <= ' ';
	enum pk_char class = pk_char_class(p);

	return class == PK_CHAR_BLANK || class == PK_CHAR_BREAK ||
	       class == PK_CHAR_IGNORED;
}

uint32_t
pk_line_fold(uint32_t p)
{
	uint32_t points[PK_FOLD_MAX];

	if (p < 0x80)
		return p <= ' ' ? 0 : p >= 'A' && p <= 'Z' ? p + 32 : p;
	if (is_margin(p) || pk_fold_point(p, points) == 0)
		return 0;
	p = points[0];
	/* Capitals that the fold of tokens leaves: Latin-1 and Cyrillic. */
	if ((p >= 0xC0 && p <= 0xDE && p != 0xD7) || (p >= 0x410 && p <= 0x42F))
		return p + 32;
	return p >= 0x400 && p <= 0x40F ? p + 80 : p;
}

bool
pk_line_is_word(uint32_t p)
{
	if (p < 0x80)
		return (p >= '0' && p <= '9') || ((p | 32) >= 'a' && (p | 32) <= 'z') ||
		       p == '_';
	enum pk_char class = pk_char_class(p);

	return class == PK_CHAR_LETTER || class == PK_CHAR_DIGIT;
}

/* Cuts the first or last code point off and returns it. */
static uint32_t
take_first(struct pk_span *s)
{
	uint32_t point;
	size_t n = pk_utf8_decode(*s, 0, &point, NULL);

	s->ptr += n;
	s->len -= n;
	return point;
}

static uint32_t
peek_last(struct pk_span s, size_t *ret_len)
{
	uint32_t point;
	size_t at = s.len - 1;

	while (at > 0 && s.len - at < 4 && ((unsigned char)s.ptr[at] & 0xC0) == 0x80)
		at--;
	*ret_len = s.len - at;
	pk_utf8_decode(s, at, &point, NULL);
	return point;
}

static struct pk_span
trim_while(struct pk_span s, bool (*unwanted)(uint32_t))
{
	uint32_t point;
	size_t n;

	while (s.len > 0) {
		n = pk_utf8_decode(s, 0, &point, NULL);
		if (!unwanted(point))
			break;
		s.ptr += n;
		s.len -= n;
	}
	while (s.len > 0 && unwanted(peek_last(s, &n)))
		s.len -= n;
	return s;
}

static bool
is_no_word(uint32_t p)
{
	return !pk_line_is_word(p);
}

struct pk_span
pk_line_trim(struct pk_span line)
{
	return trim_while(line, is_margin);
}

struct pk_span
pk_line_core(struct pk_span line)
{
	return trim_while(line, is_no_word);
}

static uint32_t
next_folded(struct pk_span *s)
{
	uint32_t point = 0;

	while (s->len > 0 && point == 0)
		point = pk_line_fold(take_first(s));
	return point;
}

bool
pk_line_same(struct pk_span a, struct pk_span b)
{
	a = pk_line_core(a);
	b = pk_line_core(b);
	if (a.len == 0 || b.len == 0)
		return false;
	for (;;) {
		uint32_t x = next_folded(&a), y = next_folded(&b);
		if (x != y)
			return false;
		if (x == 0)
			return true;
	}
}

/* What may follow the sign that ends a sentence. */
static bool
closes(uint32_t p)
{
	return p == ')' || p == ']' || p == '"' || p == '\'' || p == 0xBB ||
	       p == 0x201D || p == 0x2019 || p == 0x203A || p == 0xFD3F;
}

uint32_t
pk_line_last(struct pk_span line)
{
	size_t n;

	/* No sentence ends in more of them; who asks again and again must not pay. */
	for (unsigned i = 0; line.len > 0 && i < CLOSING_MAX; i++) {
		uint32_t point = peek_last(line, &n);
		if (!is_margin(point) && !closes(point))
			return point;
		line.len -= n;
	}
	return 0;
}

bool
pk_line_ends_sentence(struct pk_span line)
{
	uint32_t p = pk_line_last(line);

	return p == '.' || p == '!' || p == '?' || p == 0x61F || p == 0x6D4 ||
	       p == 0x2026 || p == 0x3002 || p == 0xFF1F || p == 0xFF01;
}

size_t
pk_line_marks(struct pk_span line)
{
	/* Bytes that are such a sign (1), or begin some (2). */
	static const unsigned char kinds[256] = { [','] = 1,
		['.'] = 1,
		['?'] = 1,
		['!'] = 1,
		[';'] = 1,
		[0xD8] = 2,
		[0xDB] = 2,
		[0xE3] = 2 };
	size_t n = 0;

	for (size_t at = 0; at < line.len; at++) {
		unsigned char c = (unsigned char)line.ptr[at];
		if (kinds[c] != 2) {
			n += kinds[c];
			continue;
		}
		unsigned char d =
		    at + 1 < line.len ? (unsigned char)line.ptr[at + 1] : 0;
		/* Arabic comma, semicolon, question mark; Urdu full stop; CJK stops */
		n += (c == 0xD8 && (d == 0x8C || d == 0x9B || d == 0x9F)) ||
		     (c == 0xDB && d == 0x94) || (c == 0xE3 && d == 0x80);
	}
	return n;
}

bool
pk_line_has_digit(struct pk_span s)
{
	for (size_t at = 0; at < s.len;) {
		uint32_t point;
		at += pk_utf8_decode(s, at, &point, NULL);
		point = pk_line_fold(point);
		if (point >= '0' && point <= '9')
			return true;
	}
	return false;
}

bool
pk_line_is_among(const struct pk_span *lines, size_t n, struct pk_span line)
{
	for (size_t i = 0; i < n; i++) {
		if (pk_line_same(lines[i], line))
			return true;
	}
	return false;
}

bool
pk_line_has_letter(struct pk_span s)
{
	for (size_t at = 0; at < s.len;) {
		uint32_t point;
		at += pk_utf8_decode(s, at, &point, NULL);
		uint32_t folded = pk_line_fold(point);
		if (pk_line_is_word(point) && !(folded >= '0' && folded <= '9'))
			return true;
	}
	return false;
}
