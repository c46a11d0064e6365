/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/jsonld.h - what a page says of its article in JSON-LD (schema.org).
 */
#ifndef PEYK_EXTRACT_ARTICLE_JSONLD_H
#define PEYK_EXTRACT_ARTICLE_JSONLD_H

#include "extract/article/page.h"

/* Texts live in the page's arena; absent is unknown. */
struct pk_jsonld {
	bool article; /* there is an object that is an article */
	struct pk_span headline;
	struct pk_span alternative; /* alternativeHeadline */
	struct pk_span published;
	struct pk_span modified;
	struct pk_span authors; /* names, joined by ", " */
	struct pk_span publisher;
	struct pk_span section;
	struct pk_span keywords; /* joined by "," */
	struct pk_span language;
	struct pk_span image;
	struct pk_span body;
};

/*
 * Reads all blocks of the page. What is no JSON is passed over, as in browsers.
 * Returns 0 or -ENOMEM. Any thread.
 */
int pk_jsonld_read(const struct pk_page *page, struct pk_jsonld *ret_jsonld);

#endif
