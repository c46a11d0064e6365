/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/text_priv.h"

#include "base/utf8.h"
#include "extract/pack/phrases.h"
#include "extract/text/fold.h"

#include <errno.h>

/* Where the scanner stands; `at` and `point` always move together. */
struct scan {
	struct pk_arena *arena;
	const struct pk_text_rules *rules;
	struct pk_text *text;
	size_t cap; /* of text->tokens */
	size_t at;  /* bytes */
	uint32_t point;
	size_t end; /* of the last thing that belongs to a token, in bytes */
	uint32_t end_point;
	uint32_t open_quotes; /* straight ones */
};

/* The code point at `at`, 0 at the end of the text. */
static uint32_t
peek(const struct scan *scan, size_t at, size_t *ret_bytes)
{
	struct pk_span s = scan->text->bytes;
	uint32_t point = 0;

	*ret_bytes = at < s.len ? pk_utf8_decode(s, at, &point, NULL) : 0;
	return point;
}

static uint32_t
peek_at(const struct scan *scan, size_t at)
{
	size_t bytes;

	return peek(scan, at, &bytes);
}

static bool
is_latin(uint32_t point)
{
	return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z');
}

static bool
is_digit(uint32_t point)
{
	return pk_char_class(point) == PK_CHAR_DIGIT;
}

/* Marks that carry meaning in the word (harakat), unlike joiners and bidi controls. */
static bool
is_vowel_sign(uint32_t point)
{
	return (point >= 0x300 && point < 0x700 && point != 0x61C && point != 0x640) ||
	       (point >= 0xFE20 && point <= 0xFE2F);
}

/* Takes the code point at the scanner into the token. */
static void
take(struct scan *scan, size_t bytes)
{
	scan->at += bytes;
	scan->point++;
	scan->end = scan->at;
	scan->end_point = scan->point;
}

/* Passes over it: it belongs to the token only when more of it follows. */
static void
pass(struct scan *scan, size_t bytes)
{
	scan->at += bytes;
	scan->point++;
}

/*
 * The key of the bytes [from, to): themselves where folding changes nothing, which is
 * most of modern text, else a copy. «خانه‌ی» gets the key of «خانه»: its
 * ی only writes the ezafe.
 */
static struct pk_span
key_of(const struct scan *scan, size_t from, size_t to)
{
	struct pk_span s = pk_span_slice(scan->text->bytes, from, to);
	uint32_t before = 0, last = 0, point = 0;
	bool same = true;

	for (size_t at = 0; at < s.len && same;) {
		uint32_t folded[PK_FOLD_MAX];
		at += pk_utf8_decode(s, at, &point, NULL);
		same = point != '_' && pk_fold_point(point, folded) == 1 &&
		       folded[0] == point;
	}
	if (same)
		return s;
	for (size_t at = 0; at < s.len;) {
		before = last;
		last = point;
		at += pk_utf8_decode(s, at, &point, NULL);
	}
	if (last == PK_ZWNJ && before == 0x647 && (point == 0x6CC || point == 0x64A))
		s.len -= 2;
	return pk_fold_key(scan->arena, s);
}

static struct pk_token *
new_token(struct scan *scan)
{
	struct pk_text *text = scan->text;

	return pk_array_push_(scan->arena, (void **)&text->tokens, &text->n_tokens,
	    &scan->cap, sizeof(struct pk_token));
}

/* The original bytes behind `len` bytes of key, counted from `from`. */
static size_t
original_of(const struct scan *scan, size_t from, size_t len, uint32_t *ret_points)
{
	struct pk_span s = scan->text->bytes;
	size_t at = from, done = 0;
	char bytes[4];

	*ret_points = 0;
	while (at < s.len && done < len) {
		uint32_t point, folded[PK_FOLD_MAX];
		at += pk_utf8_decode(s, at, &point, NULL);
		size_t n = pk_fold_point(point, folded);
		for (size_t i = 0; i < n; i++)
			done += pk_utf8_encode(folded[i], bytes);
		*ret_points += 1;
	}
	return at - from;
}

/* Passes over what writes nothing: the joiner between two pieces. */
static void
pass_joiners(const struct scan *scan, size_t *byte, uint32_t *start)
{
	uint32_t point, folded[PK_FOLD_MAX];

	while (*byte < scan->end) {
		size_t n = pk_utf8_decode(scan->text->bytes, *byte, &point, NULL);
		if (pk_fold_point(point, folded) > 0)
			break;
		*byte += n;
		*start += 1;
	}
}

/* Adds the pieces of a glued word in place of the word. */
static int
add_pieces(struct scan *scan, const struct pk_glued *glued, struct pk_token word)
{
	size_t key_at = 0, byte = word.byte;
	uint32_t start = word.start;

	for (size_t i = 0; i < glued->n; i++) {
		bool last = i + 1 == glued->n;
		uint32_t points;
		if (i > 0)
			pass_joiners(scan, &byte, &start);
		size_t bytes = original_of(scan, byte, glued->lens[i], &points);
		struct pk_token *token = new_token(scan);
		if (token == NULL)
			return -ENOMEM;
		*token = word;
		token->byte = (uint32_t)byte;
		token->start = start;
		token->bytes = (uint32_t)(last ? word.byte + word.bytes - byte : bytes);
		token->end = last ? word.end : start + points;
		token->key = pk_span_slice(word.key, key_at, key_at + glued->lens[i]);
		token->glued = i > 0;
		key_at += glued->lens[i];
		byte += bytes;
		start += points;
	}
	return 0;
}

/* Closes the token that began at `byte`. */
static int
add(struct scan *scan, enum pk_token_kind kind, size_t byte, uint32_t start)
{
	struct pk_token token = {
		.kind = kind,
		.byte = (uint32_t)byte,
		.bytes = (uint32_t)(scan->end - byte),
		.start = start,
		.end = scan->end_point,
		.key = key_of(scan, byte, scan->end),
	};

	if (token.key.ptr == NULL)
		return -ENOMEM;
	scan->at = scan->end; /* joiners at the end are between words */
	scan->point = scan->end_point;
	if (kind == PK_TOKEN_WORD) {
		const struct pk_glued *glued = pk_glued_of(scan->rules, token.key);
		struct pk_glued cut;
		struct pk_span key;
		if (glued != NULL)
			return add_pieces(scan, glued, token);
		if (pk_cut_clitic(scan->rules, scan->arena, token.key, &cut, &key)) {
			int r = add_pieces(scan, &cut, token);
			if (r == 0 && key.ptr != NULL)
				scan->text->tokens[scan->text->n_tokens - 1].key = key;
			return r;
		}
	}
	struct pk_token *added = new_token(scan);
	if (added == NULL)
		return -ENOMEM;
	*added = token;
	return 0;
}

/* A separator is part of a number when a digit follows it. */
static int
scan_number(struct scan *scan)
{
	size_t byte = scan->at, bytes, dashes = 0;
	uint32_t start = scan->point;

	for (;;) {
		uint32_t point = peek(scan, scan->at, &bytes);
		if (is_digit(point)) {
			take(scan, bytes);
			continue;
		}
		bool separates = point == '.' || point == ',' || point == '/' ||
				 point == ':' || point == 0x66B || point == 0x66C;
		/* 2017-12-22 is one, 1401-1402 is two */
		if (point == '-' && is_digit(peek_at(scan, scan->at + 1))) {
			size_t next = scan->at + 1, digits = 0, n;
			while (is_digit(peek(scan, next, &n))) {
				next += n;
				digits++;
			}
			separates =
			    digits <= 2 && (dashes > 0 || peek_at(scan, next) == '-');
			dashes++;
		}
		if (!separates || !is_digit(peek_at(scan, scan->at + bytes)))
			break;
		take(scan, bytes);
	}
	return add(scan, PK_TOKEN_NUMBER, byte, start);
}

/* Signs that stand inside Latin words, mail addresses and host names. */
static bool
joins_latin(uint32_t point)
{
	return point == '.' || point == '@' || point == '\'' || point == 0x2019 ||
	       point == '&' || point == '-';
}

static bool
is_address(const struct scan *scan, size_t byte)
{
	struct pk_span s = pk_span_slice(scan->text->bytes, byte, byte + 8);

	return pk_span_starts_with_nocase(s, PK_SPAN("http://")) ||
	       pk_span_starts_with_nocase(s, PK_SPAN("https://"));
}

/* Does the code point at the scanner go on with a word, or a vowel sign of it? */
static bool
in_word(const struct scan *scan, uint32_t point, size_t bytes, bool western)
{
	enum pk_char class = pk_char_class(point);

	if (class == PK_CHAR_LETTER)
		return western == (point < 0x600);
	if (class == PK_CHAR_IGNORED)
		return is_vowel_sign(point);
	if (!western)
		return false;
	if (class == PK_CHAR_DIGIT)
		return point < 0x600;
	uint32_t next = joins_latin(point) ? peek_at(scan, scan->at + bytes) : 0;
	return is_latin(next) || (next < 0x80 && is_digit(next));
}

static int
scan_word(struct scan *scan)
{
	size_t byte = scan->at, bytes;
	uint32_t start = scan->point;
	uint32_t first = peek(scan, scan->at, &bytes);
	bool western = first < 0x600; /* may have digits inside, as Persian may not */

	if (is_address(scan, byte)) {
		for (uint32_t point = first; point > ' ' && point < 0x7F;
		     point = peek(scan, scan->at, &bytes))
			take(scan, bytes);
		return add(scan, PK_TOKEN_WORD, byte, start);
	}
	for (;;) {
		uint32_t point = peek(scan, scan->at, &bytes);
		if (in_word(scan, point, bytes, western))
			take(scan, bytes);
		else if (pk_char_class(point) == PK_CHAR_IGNORED)
			pass(scan, bytes);
		else
			break;
	}
	return add(scan, PK_TOKEN_WORD, byte, start);
}

/*
 * A straight quote opens where a blank or bracket stands before it and none behind it,
 * closes in the opposite case, and otherwise does what the last one did not.
 */
static bool
straight_opens(const struct scan *scan, size_t byte, size_t bytes)
{
	struct pk_span s = scan->text->bytes;
	uint32_t after = peek_at(scan, byte + bytes);
	bool free_before = byte == 0 || s.ptr[byte - 1] == ' ' ||
			   s.ptr[byte - 1] == '\n' || s.ptr[byte - 1] == '\t' ||
			   s.ptr[byte - 1] == '(' || s.ptr[byte - 1] == ':';
	enum pk_char class = after == 0 ? PK_CHAR_BREAK : pk_char_class(after);
	bool free_after =
	    class == PK_CHAR_BLANK || class == PK_CHAR_BREAK || class == PK_CHAR_PUNCT;

	if (free_before != free_after)
		return free_before;
	return scan->open_quotes % 2 == 0;
}

static enum pk_token_kind
punct_kind(struct scan *scan, uint32_t point, size_t byte, size_t bytes)
{
	switch (point) {
	case 0xAB:   /* « */
	case 0x2018: /* ‘ */
	case 0x201A:
	case 0x201C: /* “ */
	case 0x201E:
	case 0x2039:
		return PK_TOKEN_QUOTE_OPEN;
	case 0xBB:
	case 0x2019:
	case 0x201D:
	case 0x203A:
		return PK_TOKEN_QUOTE_CLOSE;
	case '"':
	case '\'':
		if (straight_opens(scan, byte, bytes)) {
			scan->open_quotes = 1;
			return PK_TOKEN_QUOTE_OPEN;
		}
		scan->open_quotes = 0;
		return PK_TOKEN_QUOTE_CLOSE;
	default:
		return PK_TOKEN_PUNCT;
	}
}

/* One sign is one token, but a run of dots is one, and so are doubled quotes. */
static int
scan_punct(struct scan *scan)
{
	size_t byte = scan->at, bytes, more;
	uint32_t start = scan->point;
	uint32_t point = peek(scan, scan->at, &bytes);
	enum pk_token_kind kind = punct_kind(scan, point, byte, bytes);

	take(scan, bytes);
	if (point == '.' || (point == '\'' && peek_at(scan, scan->at) == '\'')) {
		while (peek(scan, scan->at, &more) == point)
			take(scan, more);
	}
	return add(scan, kind, byte, start);
}

int
pk_tokens_split(
    struct pk_arena *arena, const struct pk_text_rules *rules, struct pk_text *text)
{
	struct scan scan = { .arena = arena, .rules = rules, .text = text };
	int r = 0;

	/* a word and its blank are about ten bytes: one allocation for most texts */
	scan.cap = text->bytes.len / 8 + 8;
	text->tokens = pk_arena_calloc(arena, scan.cap, sizeof(struct pk_token));
	if (text->tokens == NULL)
		return -ENOMEM;
	while (r == 0 && scan.at < text->bytes.len) {
		size_t bytes;
		uint32_t point = peek(&scan, scan.at, &bytes);
		switch (pk_char_class(point)) {
		case PK_CHAR_LETTER:
			r = scan_word(&scan);
			break;
		case PK_CHAR_DIGIT:
			r = scan_number(&scan);
			break;
		case PK_CHAR_PUNCT:
			r = scan_punct(&scan);
			break;
		case PK_CHAR_BREAK:
			scan.open_quotes = 0;
			pass(&scan, bytes);
			break;
		case PK_CHAR_BLANK:
		case PK_CHAR_IGNORED:
			pass(&scan, bytes);
			break;
		}
	}
	if (r == 0)
		pk_phrases_survey(text);
	return r;
}
