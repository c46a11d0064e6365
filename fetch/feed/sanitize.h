/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/feed/sanitize.h - HTML that is safe to show, from HTML that nobody vouches for.
 *
 * By lists of what may stay (sanitize.def, feedparser's in the main) and never by lists
 * of what may not: other elements lose their tags, some with all that is in them;
 * other attributes go; addresses keep their schemes or go, and become absolute; style
 * keeps harmless properties. What is written is written anew: elements are balanced and
 * nested within bounds, values stand in quotes, of the references only those of XML are
 * left. One pass, linear in the text.
 */
#ifndef PEYK_FETCH_FEED_SANITIZE_H
#define PEYK_FETCH_FEED_SANITIZE_H

#include "base/arena.h"

/* Elements nest no deeper; the tags of deeper ones go. */
#define PK_SANITIZE_DEPTH_MAX 96

/*
 * Makes a scrap of HTML, well-formed UTF-8, safe to show. A text without a tag or a
 * reference in it, "Tom & Jerry, 3 < 5", is plain, and stays as it is.
 *
 *   base      the address that relative ones are meant from; absent: they stay
 *   max       bytes of the result, without the end tags of what is open there
 *   ret_text  trimmed, in the arena, or borrowed from `html` where nothing had to be
 *             done; absent when nothing is left
 *
 * Returns 0 or -ENOMEM. Any thread.
 */
int pk_sanitize_html(struct pk_arena *arena, struct pk_span html, struct pk_span base,
    size_t max, struct pk_span *ret_text);

/*
 * The HTML of a plain text: the text itself, unless it has what HTML would take for a
 * tag or a reference; then these are escaped. The rest as above.
 */
int pk_sanitize_plain(
    struct pk_arena *arena, struct pk_span text, size_t max, struct pk_span *ret_text);

#endif
