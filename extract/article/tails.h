/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/tails.h - phrases by which the site around an article is known
 * (extract/lang/<code>/tails.tsv).
 */
#ifndef PEYK_EXTRACT_ARTICLE_TAILS_H
#define PEYK_EXTRACT_ARTICLE_TAILS_H

#include "extract/article/find.h"

/* What a phrase at its place says about the line. */
enum pk_tail {
	PK_TAIL_NONE,
	PK_TAIL_CUT,  /* the article ended before this line */
	PK_TAIL_DROP, /* this line alone is no part of the article */
	PK_TAIL_OPEN, /* the line opens a report: no title, and it goes on if broken */
};

/*
 * Looks the line up. Where a phrase of the kind `end` closes the line, *ret_line is the
 * line without it and the result is PK_TAIL_CUT if it ends the article. Otherwise
 * *ret_line is the line as it was.
 */
enum pk_tail pk_tails_match(
    const struct pk_tails *tails, struct pk_span line, struct pk_span *ret_line);

/* The phrases of pages that are no articles, which are read along. */
struct pk_refusals;
const struct pk_refusals *pk_tails_refusals(const struct pk_tails *tails);

#endif
