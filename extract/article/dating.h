/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/dating.h - is a date on a page the article's? It may be of a change,
 * of another article, or the site's clock. Any thread.
 */
#ifndef PEYK_EXTRACT_ARTICLE_DATING_H
#define PEYK_EXTRACT_ARTICLE_DATING_H

#include "extract/article/metadata.h"

struct pk_dating {
	struct pk_metadata *m;
	const struct pk_heading_places *places;
	uint32_t from; /* the block that distance is counted from */
	uint32_t box;  /* the first block of the smallest box around title and body */
};

/* The first block of the smallest box around title and body; 0 without a title. */
uint32_t pk_dating_box(
    const struct pk_metadata *metadata, const struct pk_heading_places *places);

/* Does the line tell of a change, and of nothing else? */
bool pk_dating_is_update(struct pk_span line);

/* "Today: 26 November 2026", which is what a site's clock says of every article. */
bool pk_dating_is_clock(struct pk_span line);

/* Does the line say whose the page is, and since when? */
bool pk_dating_is_copyright(struct pk_span line);

/*
 * Is a date in the block that of something else: of the page itself, above the title;
 * of another article, below the body?
 */
bool pk_dating_is_foreign(const struct pk_dating *dating, uint32_t block);

#endif
