/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/published.h - when an article came out, and when it was changed.
 *
 * The head is asked first, then elements for dates near the title, then the address,
 * then lines of text. What says that it tells of a change is no date of publication,
 * but where a page tells nothing else. Clocks of the site, comments and copyright lines
 * are passed over; so are dates after the page was fetched.
 */
#ifndef PEYK_EXTRACT_ARTICLE_PUBLISHED_H
#define PEYK_EXTRACT_ARTICLE_PUBLISHED_H

#include "extract/article/metadata.h"

/* Sets what the head says for sure. Returns 0 or -ENOMEM. */
int pk_published_read_head(struct pk_metadata *metadata);

/* Sets what is still absent from the page. Returns 0 or -ENOMEM. */
int pk_published_read_page(
    struct pk_metadata *metadata, const struct pk_heading_places *places);

#endif
