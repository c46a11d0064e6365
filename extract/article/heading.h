/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/heading.h - what stands over an article on its page: kicker, title,
 * lead, byline, date.
 */
#ifndef PEYK_EXTRACT_ARTICLE_HEADING_H
#define PEYK_EXTRACT_ARTICLE_HEADING_H

#include "extract/article/container.h"
#include "extract/article/metadata.h"

/*
 * Sets title, kicker and lead, and byline and published where the page's head did not
 * know them. A lead is only what is seen on the page. Returns 0 or -ENOMEM.
 */
int pk_heading_read(struct pk_metadata *metadata, const struct pk_container *container);

/*
 * The first block of the title on the page, before a container is known; UINT32_MAX
 * where the page does not show it.
 */
uint32_t pk_heading_block(struct pk_metadata *metadata);

#endif
