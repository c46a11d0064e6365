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
 * The title before a container is known: what the head says, else the first <h1>, else
 * <title>. Absent where there is none.
 */
struct pk_span pk_heading_guess(const struct pk_metadata *metadata);

#endif
