/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/repeats.h - what a page says twice.
 *
 * A page says things twice in two places: all of it for small screens, the beginning as
 * a teaser. A single paragraph that comes again, or one that comes again beside itself,
 * is a refrain.
 */
#ifndef PEYK_EXTRACT_ARTICLE_REPEATS_H
#define PEYK_EXTRACT_ARTICLE_REPEATS_H

#include "extract/article/container.h"

struct pk_repeats {
	const uint32_t *said; /* the block that said it before, plus 1; 0: none did */
};

/* Looks through the blocks [first, end) of the container. Returns 0 or -ENOMEM. */
int pk_repeats_find(const struct pk_page *page, const struct pk_container *container,
    uint32_t first, uint32_t end, struct pk_repeats *ret_repeats);

/* Is the block a repeat? `beginning` is the first paragraph of the text. */
bool pk_repeats_has(
    const struct pk_repeats *repeats, uint32_t block, uint32_t beginning);

#endif
