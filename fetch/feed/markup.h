/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/feed/markup.h - from a scrap of HTML to plain text.
 *
 * For titles, names and hashes, where a parser would be too much: what looks like a tag
 * goes, what looks like a reference is read, blanks are folded to one. "3 < 4" and
 * "<نام>" are no tags.
 */
#ifndef PEYK_FETCH_FEED_MARKUP_H
#define PEYK_FETCH_FEED_MARKUP_H

#include "base/arena.h"

/*
 * The plain text of `html`, trimmed; borrowed where there was nothing to do.
 * {NULL, 0} on no memory, and for the absent text.
 */
struct pk_span pk_markup_to_text(struct pk_arena *arena, struct pk_span html);

/* The text with blanks folded to one space each and trimmed: what a title is when its
 * format says that there is no markup in it. The same returns. */
struct pk_span pk_fold_blanks(struct pk_arena *arena, struct pk_span text);

#endif
