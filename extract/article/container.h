/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/container.h - which part of a page holds the article.
 */
#ifndef PEYK_EXTRACT_ARTICLE_CONTAINER_H
#define PEYK_EXTRACT_ARTICLE_CONTAINER_H

#include "extract/article/page.h"

/*
 * An element, and what belongs to it of the elements around it: bodies are split by
 * advertisements, leads stand above them.
 */
struct pk_container {
	uint32_t node;
	uint32_t first_block; /* blocks [first_block, end_block) hold all of it */
	uint32_t end_block;
	const bool *in;     /* of every block of the page: it is in the container */
	const bool *told;   /* the article's text in the head has it too; or NULL */
	double good;        /* in it */
	double share;       /* of all that is good on the page */
	const char *method; /* static: what spoke for it */
};

/*
 * What holds the article, after pk_page_weigh(). `title_block` is where its title
 * stands on the page, UINT32_MAX where that is not known: of several articles the one
 * below it is meant. Returns 0, -ENOENT when nothing on the page is good, or -ENOMEM.
 */
int pk_container_find(const struct pk_page *page, uint32_t title_block,
    struct pk_container *ret_container);

#endif
