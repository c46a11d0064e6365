/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/segment.h"

#include "base/utf8.h"
#include "extract/pack/parts.h"
#include "extract/pack/phrases.h"
#include "extract/text/fold.h"
#include "extract/text/verb.h"

#include <errno.h>

#define AFFIXES_MAX 32

struct affix {
	struct pk_span key;
	size_t min_letters;
};

struct pk_affixes {
	struct affix suffixes[AFFIXES_MAX];
	size_t n_suffixes;
	struct pk_span prefixes[AFFIXES_MAX];
	size_t n_prefixes;
	struct pk_phrases *whole;
	struct pk_verbs *verbs; /* NULL where the language has no table of verbs */
};

static int
add_row(struct pk_arena *arena, struct pk_affixes *affixes, const struct pk_tsv *tsv,
    const struct pk_tsv_row *row, struct pk_diag *reterr_diag)
{
	struct pk_span kind = pk_tsv_cell(tsv, row, PK_SPAN("kind"));
	struct pk_span min = pk_tsv_cell(tsv, row, PK_SPAN("min_letters"));
	struct pk_span rest = pk_tsv_cell(tsv, row, PK_SPAN("words"));
	int64_t letters = 0;

	if (min.len > 0 && pk_span_to_int64(min, &letters) < 0)
		return pk_diag_at(reterr_diag, -EBADMSG, tsv->path, row->line,
		    "want a number, not '%.*s'", PK_SPAN_ARG(min));
	while (rest.ptr != NULL) {
		struct pk_span key =
		    pk_fold_key(arena, pk_span_trim(pk_span_split(&rest, '|')));
		if (key.ptr == NULL)
			return -ENOMEM;
		if (pk_span_eq(kind, PK_SPAN("whole"))) {
			if (pk_phrases_add(affixes->whole, key, affixes) < 0)
				return -ENOMEM;
		} else if (pk_span_eq(kind, PK_SPAN("suffix")) &&
			   affixes->n_suffixes < AFFIXES_MAX) {
			affixes->suffixes[affixes->n_suffixes++] =
			    (struct affix){ key, (size_t)letters };
		} else if (pk_span_eq(kind, PK_SPAN("verb_prefix")) &&
			   affixes->n_prefixes < AFFIXES_MAX) {
			affixes->prefixes[affixes->n_prefixes++] = key;
		} else {
			return pk_diag_at(reterr_diag, -EBADMSG, tsv->path, row->line,
			    "there is no kind '%.*s', or too many of it",
			    PK_SPAN_ARG(kind));
		}
	}
	return 0;
}

int
pk_affixes_new(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_affixes **ret_affixes, struct pk_diag *reterr_diag)
{
	struct pk_affixes *affixes = pk_arena_new_of(arena, struct pk_affixes);
	const struct pk_tsv *tsv = pk_pack_table(pack, "affixes");
	const struct pk_tsv *verbs = pk_pack_table(pack, "verbs");

	if (affixes == NULL)
		return -ENOMEM;
	affixes->whole = pk_phrases_new(arena);
	if (affixes->whole == NULL)
		return -ENOMEM;
	for (size_t i = 0; tsv != NULL && i < tsv->n_rows; i++) {
		int r = add_row(arena, affixes, tsv, &tsv->rows[i], reterr_diag);
		if (r < 0)
			return r;
	}
	if (verbs != NULL) {
		int r = pk_verbs_new(arena, verbs, &affixes->verbs, reterr_diag);
		if (r < 0)
			return r;
	}
	*ret_affixes = affixes;
	return 0;
}

/* Bytes of the key where its last part begins, or 0: the longest suffix that fits. */
static size_t
suffix_at(const struct pk_affixes *affixes, struct pk_span key)
{
	size_t at = 0;

	for (size_t i = 0; i < affixes->n_suffixes; i++) {
		const struct affix *affix = &affixes->suffixes[i];
		if (!pk_span_ends_with(key, affix->key))
			continue;
		size_t stem = key.len - affix->key.len;
		if (pk_utf8_count(pk_span_slice(key, 0, stem)) >= affix->min_letters &&
		    (at == 0 || stem < at))
			at = stem;
	}
	return at;
}

/* Bytes of «می» before a verb form, or 0. */
static size_t
prefix_at(const struct pk_affixes *affixes, struct pk_span key)
{
	struct pk_verb_form form;

	for (size_t i = 0; affixes->verbs != NULL && i < affixes->n_prefixes; i++) {
		struct pk_span prefix = affixes->prefixes[i];
		if (key.len > prefix.len && pk_span_starts_with(key, prefix) &&
		    pk_verb_analyse(affixes->verbs, key, &form))
			return prefix.len;
	}
	return 0;
}

/* Letters of which the variants are a matter of taste keep their form for readers. */
static size_t
gentle_fold(uint32_t point, uint32_t points[static PK_FOLD_MAX])
{
	if (point >= 0x622 && point <= 0x626) {
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
	size_t n = gentle_fold(point, points);

	if (n > 0 && w->due && norm->len > 0)
		norm->len += pk_utf8_encode(PK_ZWNJ, w->norm + norm->len);
	if (n > 0)
		w->due = false;
	for (size_t i = 0; i < n; i++)
		norm->len += pk_utf8_encode(points[i], w->norm + norm->len);
}

static size_t
folded_len(uint32_t point)
{
	uint32_t points[PK_FOLD_MAX];
	char bytes[4];
	size_t n = pk_fold_point(point, points), len = 0;

	for (size_t i = 0; i < n; i++)
		len += pk_utf8_encode(points[i], bytes);
	return point == '_' ? 0 : len;
}

/* Writes one token, with a break behind `prefix` and before `suffix` bytes of its key.
 */
static void
write_token(struct writer *w, struct pk_span word, size_t from, size_t to,
    size_t prefix, size_t suffix)
{
	size_t key = 0;

	for (size_t at = from; at < to;) {
		uint32_t point;
		size_t begin = at;
		bool cut = key > 0 && (key == prefix || key == suffix);
		at += pk_utf8_decode(word, at, &point, NULL);
		if (point == PK_ZWNJ) {
			close_piece(w, word, begin);
			w->piece = at;
			w->due = true;
			continue;
		}
		if (cut && folded_len(point) > 0 && begin > w->piece) {
			close_piece(w, word, begin);
			w->due = true;
		}
		key += folded_len(point);
		write_point(w, point);
	}
}

int
pk_segment(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_text *text, size_t first, size_t end,
    struct pk_segments *ret_segments)
{
	const struct pk_affixes *affixes = pk_pack_parts(pack)->affixes;
	struct pk_span word = pk_text_of(text, first, end);
	struct pk_segments segments = { .n = 0 };
	struct writer w = { .segments = &segments };

	/* a stray byte becomes U+FFFD, and a ZWNJ may come before every letter */
	w.norm =
	    word.len > SIZE_MAX / 8 ? NULL : pk_arena_alloc(arena, word.len * 6 + 1);
	if (w.norm == NULL)
		return -ENOMEM;
	segments.norm.ptr = w.norm;
	for (size_t i = first; i < end; i++) {
		const struct pk_token *token = &text->tokens[i];
		size_t from = token->byte - text->tokens[first].byte;
		bool whole = token->kind != PK_TOKEN_WORD ||
			     pk_phrases_get(affixes->whole, token->key) != NULL;
		write_token(&w, word, from, from + token->bytes,
		    whole ? 0 : prefix_at(affixes, token->key),
		    whole ? 0 : suffix_at(affixes, token->key));
		close_piece(&w, word, from + token->bytes);
		w.due = false; /* the pieces of a glued word are words of their own */
	}
	*ret_segments = segments;
	return 0;
}
