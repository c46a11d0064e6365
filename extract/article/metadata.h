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
	struct pk_span title;       /* of og:title or its kin, as it stands there */
	const char *title_where;    /* which one that was */
	struct pk_span description; /* of og:description */
	uint32_t title_node; /* what a site's rule says the title is; or PK_NO_NODE */
	bool is_article;     /* the page says so itself */
	struct {
		uint32_t *items;
		size_t len;
		size_t cap;
	} marked; /* headings and elements whose names tell of a field, in order */
};

/* Where the article stands among the page's blocks. */
struct pk_heading_places {
	uint32_t title_block; /* UINT32_MAX where no title is shown */
	uint32_t body_block;  /* the first good one of the container */
	uint32_t body_end;
};

/*
 * Sets canonical_url, published, modified, language, site, section, tags, image and
 * paywalled of the article where the page's head knows them. Returns 0 or -ENOMEM.
 */
int pk_metadata_read(const struct pk_page *page, const struct pk_doc *doc,
    struct pk_article *article, struct pk_metadata *ret_metadata);

/*
 * Sets a field of the article to a date that `text` is or (with `search`) contains, as
 * RFC 3339, where it is still absent. Passes over dates in the future. Returns whether
 * there was one, or -ENOMEM.
 */
int pk_metadata_set_date(struct pk_metadata *metadata, struct pk_span *field,
    const char *name, struct pk_span text, bool search, const char *where);

/* Sets a field that is still absent and notes where it came from. 0 or -ENOMEM. */
int pk_metadata_set(struct pk_metadata *metadata, struct pk_span *field,
    const char *name, struct pk_span value, const char *where);

/*
 * The content of the first <meta> of that name, as it stands there; absent where there
 * is none. `*at` (0 at first) says where to go on.
 */
struct pk_span pk_metadata_meta(
    const struct pk_metadata *metadata, const char *name, size_t *at);

/* The first of several, its references decoded; *ret_name is the one it was. */
struct pk_span pk_metadata_first(struct pk_metadata *metadata, const char *const *names,
    size_t n, const char **ret_name);

/*
 * A text on one line: runs of blanks and breaks are one blank, soft hyphens go. In the
 * page's arena; {NULL, 0} where there is no memory.
 */
struct pk_span pk_metadata_line(
    const struct pk_metadata *metadata, struct pk_span text);

/* Is it what the site calls itself, by its name, its publisher or its host? */
bool pk_metadata_is_site(const struct pk_metadata *metadata, struct pk_span name);

/* Does a reader see an element with these inherited hints? */
bool pk_metadata_is_seen(const struct pk_node *node);

/*
 * The block around which author and date stand: the title's, or where that is far above
 * (or nowhere) the body's.
 */
uint32_t pk_metadata_start(const struct pk_heading_places *places);

/* How far two blocks are apart. */
uint32_t pk_metadata_distance(uint32_t a, uint32_t b);

#endif
