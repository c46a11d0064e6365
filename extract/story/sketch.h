/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/story/sketch.h - what an article's near copies are found by: a MinHash sketch
 * (base/sketch.h) of the pieces of its text, folded.
 */
#ifndef PEYK_EXTRACT_STORY_SKETCH_H
#define PEYK_EXTRACT_STORY_SKETCH_H

#include "base/article.h"

/*
 * Sketches a text, in whatever language. Its pieces are the 16 letters from the
 * beginning of each word on, folded and without what stands between the words: ي for ی,
 * ZWNJ, a blank or nothing within a word make no difference.
 *
 * Gives the sketch, in the arena, or NULL when the text is too short to be told from
 * others by it. Returns 0 or -ENOMEM. Linear.
 */
int pk_story_sketch(
    struct pk_arena *arena, struct pk_span text, const struct pk_sketch **ret_sketch);

#endif
