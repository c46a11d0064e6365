/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/text/segment.h - the parts of a word, and how it is written well.
 *
 * Only for showing (`peyk text`): look-ups work on keys, to which joiners do not
 * matter.
 */
#ifndef PEYK_EXTRACT_TEXT_SEGMENT_H
#define PEYK_EXTRACT_TEXT_SEGMENT_H

#include "extract/pack/pack.h"
#include "extract/text/text.h"

struct pk_affixes;

/* Compiles affixes.tsv, with verbs.tsv for the forms behind «می». As pk_pack_load(). */
int pk_affixes_new(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_affixes **ret_affixes, struct pk_diag *reterr_diag);

#define PK_SEGMENTS_MAX 8

/* A written word: pieces in order, and the word with ZWNJ between what they join. */
struct pk_segments {
	struct pk_span pieces[PK_SEGMENTS_MAX]; /* of the untouched original */
	size_t n;
	struct pk_span norm; /* letters and digits of one script, without vowel signs */
};

/*
 * The parts of the word of tokens [first, end): one token, or the pieces of a glued
 * word. Returns 0 or -ENOMEM.
 */
int pk_segment(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_text *text, size_t first, size_t end,
    struct pk_segments *ret_segments);

#endif
