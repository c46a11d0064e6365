/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/text/segment.h - a written word in its parts, and as it is written well.
 *
 * Only for showing (`peyk text`): look-ups work on keys, to which joiners do not
 * matter. The parts are those of extract/text/morph.h.
 */
#ifndef PEYK_EXTRACT_TEXT_SEGMENT_H
#define PEYK_EXTRACT_TEXT_SEGMENT_H

#include "extract/pack/pack.h"
#include "extract/text/text.h"

#define PK_SEGMENTS_MAX 8

/*
 * A written word: pieces in order, and the word with ZWNJ between those that it joins.
 * A ZWNJ stands only behind a letter that would join the next: «کشورها» has two pieces
 * and needs none.
 */
struct pk_segments {
	struct pk_span pieces[PK_SEGMENTS_MAX]; /* of the untouched original */
	size_t n;
	struct pk_span norm; /* letters and digits of one script, without vowel signs */
};

/*
 * The parts of the word of tokens [first, end): one token, or the pieces of a glued
 * word. Linear in its length. Returns 0 or -ENOMEM.
 */
int pk_segment(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_text *text, size_t first, size_t end,
    struct pk_segments *ret_segments);

/*
 * Is the blank between a token and the one behind it one where a ZWNJ is due («می
 * گوید», «همسایه ها», «کرده اند»)? `limit` is the end of the sentence.
 */
bool pk_segment_joins(
    const struct pk_pack *pack, const struct pk_text *text, size_t at, size_t limit);

#endif
