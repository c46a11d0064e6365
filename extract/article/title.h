/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/title.h - the article's title: as the page shows it, where what it
 * shows and what its head says are the same or two wordings of it; without the site's
 * name.
 */
#ifndef PEYK_EXTRACT_ARTICLE_TITLE_H
#define PEYK_EXTRACT_ARTICLE_TITLE_H

#include "extract/article/metadata.h"

/*
 * The heading on the page that is the title; PK_NO_NODE where none is. Of those that do
 * equally well the one nearest above the body is taken. With `sure`, only a heading
 * that the head confirms. Any thread.
 */
uint32_t pk_title_find(const struct pk_metadata *metadata,
    const struct pk_heading_places *places, bool sure);

/*
 * Sets the article's title, by the heading that was found (or PK_NO_NODE) and the head.
 * It is one line. Where nothing else names the site, what follows in <title> does.
 * Returns 0 or -ENOMEM.
 */
int pk_title_read(struct pk_metadata *metadata, const struct pk_heading_places *places,
    uint32_t heading);

#endif
