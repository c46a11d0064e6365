/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/embedded.h - the text of the article that a page carries beside its
 * markup (articleBody of JSON-LD), and what of the page says the same.
 */
#ifndef PEYK_EXTRACT_ARTICLE_EMBEDDED_H
#define PEYK_EXTRACT_ARTICLE_EMBEDDED_H

#include "extract/article/container.h"

struct pk_embedded {
	struct pk_span text; /* without markup; absent where there is none */
	size_t points;
	double shown; /* the share of it that stands on the page */
	double told;  /* the share of the container that stands in it */
};

/*
 * Compares the blocks of the page with `body` (JSON-LD's, with or without markup).
 * Where the page shows nearly all of it, blocks beside the container that say it are
 * taken in, and what stands behind the last of them put out. Returns 0 or -ENOMEM.
 */
int pk_embedded_read(struct pk_page *page, struct pk_span body,
    struct pk_container *container, struct pk_embedded *ret_embedded);

#endif
