/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/join.h - one article out of several pages, read one after the other.
 *
 * Nobody here fetches: a reading says which address is wanted next, and is given its
 * bytes, or told that there are none.
 */
#ifndef PEYK_EXTRACT_ARTICLE_JOIN_H
#define PEYK_EXTRACT_ARTICLE_JOIN_H

#include "extract/article/find.h"

/*
 * An article while its pages are read. All zeros but `pages_max` before the first one;
 * everything that it points to lives in the document's arena.
 */
struct pk_reading {
	unsigned pages_max;  /* how many pages may be wanted in all */
	const char *reason;  /* static: why there is no article (so far); NULL: one */
	struct pk_span next; /* absolute: what should be read next; absent: nothing */
	struct pk_article article;      /* of the pages so far */
	PK_ARRAY(struct pk_span) asked; /* canonical addresses, each once */
};

/*
 * Reads what the document holds now: its bytes, URL and content type are those of the
 * first page, or of reading->next. Metadata are the first page's; the bodies follow one
 * another, without what a further page says again (title, lead, opening). Where the
 * first page has no article, its AMP page is wanted, and the article that is there
 * keeps the address of the first.
 *
 * A further page that turns out to be another one is the end, as pk_reading_miss() has
 * it; one that was read before, or says nothing new, is the end, too. Returns 0, -E2BIG
 * or -ENOMEM; an error of a further page leaves the article as it was.
 */
int pk_reading_add(struct pk_reading *reading, struct pk_doc *doc,
    const struct pk_tails *tails, const struct pk_site_rules *sites);

/*
 * reading->next cannot be had, or is not asked for: nothing more is wanted. Where it
 * was a further page of the article, that is `truncated` from now on and its next_url
 * says where it breaks off.
 */
void pk_reading_miss(struct pk_reading *reading);

#endif
