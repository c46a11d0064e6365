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
#include "base/buf.h"

/*
 * The plain text of `html`, trimmed; borrowed where there was nothing to do.
 * {NULL, 0} on no memory, and for the absent text.
 */
struct pk_span pk_markup_to_text(struct pk_arena *arena, struct pk_span html);

/* The same, appended to a buffer. Returns 0, -E2BIG or -ENOMEM. */
int pk_markup_append_text(struct pk_buf *buf, struct pk_span html);

/* The same of a title, which many programs escape once more than they should: what
 * still has a reference in it, or an element, "<b>x</b>", is read once more. */
struct pk_span pk_title_to_text(struct pk_arena *arena, struct pk_span html);

/* The text with blanks folded to one space each and trimmed: what a title is when its
 * format says that there is no markup in it. The same returns. */
struct pk_span pk_fold_blanks(struct pk_arena *arena, struct pk_span text);

#endif
