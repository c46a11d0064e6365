/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/metadata.h - what a page says of its article outside the article:
 * JSON-LD, <meta>, <link>, the address.
 */
#ifndef PEYK_EXTRACT_ARTICLE_METADATA_H
#define PEYK_EXTRACT_ARTICLE_METADATA_H

#include "base/article.h"
#include "extract/article/jsonld.h"

struct pk_metadata {
	const struct pk_page *page;
	const struct pk_doc *doc;
	struct pk_article
	    *article; /* fields are set here, with where they were found */
	struct pk_jsonld jsonld;
	struct pk_span title;       /* of og:title or JSON-LD, as it stands there */
	struct pk_span description; /* of og:description */
	bool is_article;            /* the page says so itself */
};

/*
 * Sets canonical_url, published, modified, byline, language, site, section, tags and
 * image of the article where the page's head knows them. Returns 0 or -ENOMEM.
 */
int pk_metadata_read(const struct pk_page *page, const struct pk_doc *doc,
    struct pk_article *article, struct pk_metadata *ret_metadata);

/* The date in the address (/2024/05/01/), where no other was found. 0 or -ENOMEM. */
int pk_metadata_date_of_url(struct pk_metadata *metadata);

/*
 * Sets a field of the article to a date that `text` is or (with `search`) contains, as
 * RFC 3339. Passes over dates in the future. Returns whether there was one, or -ENOMEM.
 */
int pk_metadata_set_date(struct pk_metadata *metadata, struct pk_span *field,
    const char *name, struct pk_span text, bool search, const char *where);

/* Sets a field that is still absent and notes where it came from. 0 or -ENOMEM. */
int pk_metadata_set(struct pk_metadata *metadata, struct pk_span *field,
    const char *name, struct pk_span value, const char *where);

/* A name of people out of a line: without "By", dates, addresses. Absent: no name. */
struct pk_span pk_byline_clean(struct pk_span line);

/* A site is no author, but many name themselves as one. */
bool pk_byline_is_site(struct pk_span name, struct pk_span site);

#endif
