/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/jsonld.h - what a page says of its article in JSON-LD (schema.org).
 */
#ifndef PEYK_EXTRACT_ARTICLE_JSONLD_H
#define PEYK_EXTRACT_ARTICLE_JSONLD_H

#include "extract/article/page.h"

#define PK_JSONLD_NAMES_MAX 12

/* Texts live in the page's arena; absent is unknown. */
struct pk_jsonld {
	bool article; /* there is an object that is an article */
	bool walled;  /* isAccessibleForFree is false, of the article or of a part */
	struct pk_span headline;
	struct pk_span name;        /* another wording of it */
	struct pk_span alternative; /* alternativeHeadline */
	struct pk_span published;
	struct pk_span modified;
	struct pk_span authors[PK_JSONLD_NAMES_MAX]; /* names, as they stand there */
	size_t n_authors;
	struct pk_span publisher;
	struct pk_span site; /* the name of a WebSite */
	struct pk_span section;
	struct pk_span keywords; /* joined by "," */
	struct pk_span language;
	struct pk_span image;
	struct pk_span body;
};

/*
 * Reads all blocks of the page: the first object that is an article, then what others
 * of the same headline and the page itself add to it. Names of people may stand in
 * other objects (@id). Blocks are mended where they are no JSON (comments, commas
 * before brackets, raw control characters, quotes that were escaped as HTML); what is
 * none even then is passed over. Returns 0 or -ENOMEM. Any thread.
 */
int pk_jsonld_read(const struct pk_page *page, struct pk_jsonld *ret_jsonld);

#endif
