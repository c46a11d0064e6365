/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/container.h - which element of a page holds the article.
 */
#ifndef PEYK_EXTRACT_ARTICLE_CONTAINER_H
#define PEYK_EXTRACT_ARTICLE_CONTAINER_H

#include "extract/article/page.h"

/*
 * Sets `good` of every block: its length in code points if it reads like a sentence of
 * an article, less for headings, lists and links, 0 for the site around. Sets `out` of
 * the blocks in elements whose names say that they are no part of an article, unless
 * too much of the page is in them: then the name lies. `strict` false believes no
 * names but of comments, <nav>, <footer> and their like. Returns the sum.
 */
double pk_page_weigh(struct pk_page *page, bool strict);

struct pk_container {
	uint32_t node;
	double good;        /* in it */
	double share;       /* of all that is good on the page */
	const char *method; /* static: what spoke for it */
};

/*
 * The element that holds the article, after pk_page_weigh(). `title_block` is where its
 * title stands on the page, UINT32_MAX where that is not known: of several articles the
 * one below it is meant. Returns 0, -ENOENT when nothing on the page is good, or
 * -ENOMEM.
 */
int pk_container_find(const struct pk_page *page, uint32_t title_block,
    struct pk_container *ret_container);

#endif
