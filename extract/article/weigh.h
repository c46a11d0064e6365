/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/weigh.h - how much like an article the blocks of a page are.
 */
#ifndef PEYK_EXTRACT_ARTICLE_WEIGH_H
#define PEYK_EXTRACT_ARTICLE_WEIGH_H

#include "extract/article/page.h"

/*
 * Sets `good` of every block: its length in code points if it reads like a sentence of
 * an article, less for headings, lists and links, 0 for the site around. Sets `out`,
 * and `why`, of the blocks in elements whose names say that they are no part of an
 * article, unless too much of the page is in them: then the name lies; of captions; of
 * teasers, where there is text beside them. `strict` false believes no names but of
 * comments, <nav>, <footer> and their like, and knows no captions. Returns the sum.
 */
double pk_page_weigh(struct pk_page *page, bool strict);

/* The good code points of blocks [first, end). */
double pk_page_good(const struct pk_page *page, uint32_t first, uint32_t end);

/* Puts blocks [first, end) out: they are no part of the article. `why` is static. */
void pk_page_put_out(
    struct pk_page *page, uint32_t first, uint32_t end, const char *why);

/* Running sums over the blocks: what stands in an element is a difference of two. */
struct pk_weights {
	const struct pk_page *page;
	const double *good; /* of what is good in the blocks before */
	const double *rest; /* of what is not, and not out: code points */
	double total;       /* of what is good */
};

/* The sums after pk_page_weigh(), in the page's arena. Returns 0 or -ENOMEM. */
int pk_weights_make(const struct pk_page *page, struct pk_weights *ret_weights);

/* The good code points in an element, and the others. */
double pk_weights_good(const struct pk_weights *weights, uint32_t node);
double pk_weights_rest(const struct pk_weights *weights, uint32_t node);

#endif
