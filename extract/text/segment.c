/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/segment.h"

#include "base/utf8.h"
#include "extract/pack/grammar.h"
#include "extract/pack/parts.h"
#include "extract/text/fold.h"
#include "extract/text/morph.h"

#include <errno.h>

/*
 * Letters of which the variants are a matter of taste keep their form for readers;
 * where a language has letters of its own (ي, ة, capitals), all of one block do.
 */
static size_t
gentle_fold(uint32_t point, bool own, uint32_t points[static PK_FOLD_MAX])
{
	bool own_letter = (point >= 'A' && point <= 'Z') ||
			  (point >= 0x620 && point <= 0x64A &&
			      pk_char_class(point) == PK_CHAR_LETTER);

	if ((point >= 0x622 && point <= 0x626) || (point >= 0xC0 && point < 0x180) ||
	    (own && own_letter)) {
		points[0] = point;
		return 1;
	}
	return pk_fold_point(point, points);
}

/* Collects pieces and the normal form while it goes over the original once. */
struct writer {
	struct pk_segments *segments;
	char *norm;
	size_t piece; /* where the piece began, in bytes of the word */
	bool due;     /* a ZWNJ before the next letter */
	bool own;     /* the language's own letters stay */
};

static void
close_piece(struct writer *w, struct pk_span word, size_t end)
{
	struct pk_segments *s = w->segments;

	if (end <= w->piece)
		return;
	if (s->n < PK_SEGMENTS_MAX) {
		s->pieces[s->n++] = pk_span_slice(word, w->piece, end);
	} else { /* the last piece takes the rest */
		struct pk_span *last = &s->pieces[s->n - 1];
		last->len = (size_t)(word.ptr + end - last->ptr);
	}
	w->piece = end;
}

static void
write_point(struct writer *w, uint32_t point)
{
	uint32_t points[PK_FOLD_MAX];
	struct pk_span *norm = &w->segments->norm;
	size_t n = gentle_fold(point, w->own, points);

	if (n > 0 && w->due && norm->len > 0)
		norm->len += pk_utf8_encode(PK_ZWNJ, w->norm + norm->len);
	if (n > 0)
		w->due = false;
	for (size_t i = 0; i < n; i++)
		norm->len += pk_utf8_encode(points[i], w->norm + norm->len);
}

/* Would the letter join the next one? If not, a ZWNJ behind it changes nothing. */
static bool
joins_next(uint32_t point)
{
	static const uint32_t last_forms[] = { 0x621, 0x622, 0x623, 0x624, 0x625, 0x627,
		0x62F, 0x630, 0x631, 0x632, 0x648, 0x698 };

	for (size_t i = 0; i < PK_COUNT(last_forms); i++) {
		if (point == last_forms[i])
			return false;
	}
	return point >= 0x620;
}

/* Writes bytes [from, to) of a word: one token, parted where its reading says. */
static void
write_token(struct writer *w, struct pk_span word, size_t from, size_t to,
    const struct pk_morph *morph)
{
	size_t letter = 0;
	uint32_t last = 0;

	for (size_t at = from; at < to;) {
		uint32_t point, points[PK_FOLD_MAX] = { 0 };
		size_t begin = at;
		at += pk_utf8_decode(word, at, &point, NULL);
		if (point == PK_ZWNJ) {
			close_piece(w, word, begin);
			w->piece = at;
			w->due = true;
			continue;
		}
		size_t n = pk_fold_key_point(point, points);
		if (n > 0 && letter > 0 && letter < PK_MORPH_LETTERS_MAX &&
		    (morph->cuts >> letter & 1) != 0 && begin > w->piece) {
			close_piece(w, word, begin);
			w->due |=
			    (morph->joints >> letter & 1) != 0 && joins_next(last);
		}
		letter += n;
		if (n > 0)
			last = points[n - 1];
		write_point(w, point);
	}
}

/* Room for what is written: a stray byte becomes U+FFFD, a ZWNJ before every letter. */
#define NORM_PER_BYTE 6

/* Between the pieces of a glued word may stand a joiner, which is kept. */
static void
pass_gap(struct writer *w, struct pk_span word, size_t from)
{
	struct pk_span gap = pk_span_slice(word, w->piece, from);

	w->due = pk_span_find(gap, PK_SPAN("\xE2\x80\x8C"), 0) != SIZE_MAX;
	w->piece = from;
}

int
pk_segment(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_text *text, size_t first, size_t end,
    struct pk_segments *ret_segments)
{
	const struct pk_affixes *affixes = pk_pack_parts(pack)->affixes;
	struct pk_span word = pk_text_of(text, first, end);
	struct pk_segments segments = { .n = 0 };
	struct writer w = {
		.segments = &segments,
		.own = pk_pack_is(pack, PK_GRAMMAR_OWN_LETTERS),
	};

	w.norm = word.len > SIZE_MAX / 8
		     ? NULL
		     : pk_arena_alloc(arena, word.len * NORM_PER_BYTE + 1);
	if (w.norm == NULL)
		return -ENOMEM;
	segments.norm.ptr = w.norm;
	for (size_t i = first; i < end; i++) {
		const struct pk_token *token = &text->tokens[i];
		size_t from = token->byte - text->tokens[first].byte;
		struct pk_morph morph = { .cuts = 0 };
		pass_gap(&w, word, from);
		if (token->kind == PK_TOKEN_WORD)
			morph = pk_morph_read(affixes, token->key);
		write_token(&w, word, from, from + token->bytes, &morph);
		close_piece(&w, word, from + token->bytes);
	}
	*ret_segments = segments;
	return 0;
}

bool
pk_segment_joins(
    const struct pk_pack *pack, const struct pk_text *text, size_t at, size_t limit)
{
	if (at + 1 >= limit || text->tokens[at].kind != PK_TOKEN_WORD ||
	    text->tokens[at + 1].kind != PK_TOKEN_WORD)
		return false;
	return pk_morph_joins(pk_pack_parts(pack)->affixes, text->tokens[at].key,
	    text->tokens[at + 1].key);
}
