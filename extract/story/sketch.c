/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/story/sketch.h"

#include "base/utf8.h"
#include "extract/text/fold.h"

#include <errno.h>

/* Letters of a piece: three or four words of Persian. */
#define PIECE 16

/* A text of fewer pieces, two sentences, may be like another one by chance. */
#define PIECES_MIN 24

/* Pieces of a book chapter; what comes behind adds nothing to a comparison. */
#define PIECES_MAX 5000

/* The last letters, in a ring, and where words began in it. */
struct reader {
	struct pk_sketch *sketch;
	uint32_t letters[PIECE];
	bool begins[PIECE];
	size_t seen;
	bool in_word;
};

/* The piece whose last letter was just read, if a word began with its first one. */
static void
end_piece(struct reader *r)
{
	uint32_t piece[PIECE];

	if (r->seen < PIECE || !r->begins[r->seen % PIECE])
		return;
	for (size_t i = 0; i < PIECE; i++)
		piece[i] = r->letters[(r->seen + i) % PIECE];
	pk_sketch_add(r->sketch,
	    pk_span_hash((struct pk_span){ (const char *)piece, sizeof(piece) }));
}

static void
read_letter(struct reader *r, uint32_t point)
{
	uint32_t folded[PK_FOLD_MAX];
	size_t n = pk_fold_key_point(point, folded);

	for (size_t i = 0; i < n; i++) {
		r->letters[r->seen % PIECE] = folded[i];
		r->begins[r->seen % PIECE] = !r->in_word;
		r->in_word = true;
		r->seen++;
		end_piece(r);
	}
}

static void
read_text(struct reader *r, struct pk_span text)
{
	for (size_t at = 0; at < text.len && r->sketch->n < PIECES_MAX;) {
		uint32_t point;

		at += pk_utf8_decode(text, at, &point, NULL);
		switch (pk_char_class(point)) {
		case PK_CHAR_LETTER:
		case PK_CHAR_DIGIT:
			read_letter(r, point);
			break;
		case PK_CHAR_PUNCT:
		case PK_CHAR_BLANK:
		case PK_CHAR_BREAK:
			r->in_word = false;
			break;
		case PK_CHAR_IGNORED:
			break;
		}
	}
}

int
pk_story_sketch(
    struct pk_arena *arena, struct pk_span text, const struct pk_sketch **ret_sketch)
{
	struct reader r = { .sketch = pk_arena_new_of(arena, struct pk_sketch) };

	if (r.sketch == NULL)
		return -ENOMEM;
	pk_sketch_init(r.sketch);
	read_text(&r, text);
	*ret_sketch = r.sketch->n < PIECES_MIN ? NULL : r.sketch;
	return 0;
}
