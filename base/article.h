/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/article.h - an article as extract found it and publish tells it.
 *
 * The fields are those of org.peyk.article.v1 (docs/event.schema.json). Everything
 * lives in the arena of the document it came from; absent spans are unknown.
 */
#ifndef PEYK_BASE_ARTICLE_H
#define PEYK_BASE_ARTICLE_H

#include "base/digest.h"
#include "base/doc.h"
#include "base/sketch.h"
#include "base/vocabulary.h"

/* [start, end) in Unicode code points of an article's text, or of its title. */
struct pk_range {
	uint32_t start;
	uint32_t end;
	bool in_title;
};

struct pk_paragraph {
	enum pk_paragraph_kind kind;
	struct pk_range range;
};

/* Where a field was found: { "title", "og:title" }. Both static strings. */
struct pk_found {
	const char *field;
	const char *where;
};

/* A picture in the text. */
struct pk_picture {
	struct pk_span url; /* absolute */
	struct pk_span caption;
	struct pk_span alt; /* what is said to who does not see it */
};

struct pk_article {
	char id[PK_ID_SIZE];
	struct pk_span feed;
	struct pk_span url;
	struct pk_span canonical_url;
	struct pk_span amp_url; /* the same article for small devices */
	struct pk_span
	    next_url; /* the page where it goes on, beyond what is in `text` */
	struct pk_publisher publisher;
	struct pk_span title;
	struct pk_span kicker;
	struct pk_span lead;
	struct pk_span byline;
	struct pk_span published; /* RFC 3339 as given, or a date alone */
	struct pk_span modified;
	struct pk_span language; /* ISO 639 */
	struct pk_span site;
	struct pk_span section;
	struct pk_span image;
	const struct pk_picture *images; /* those in the body, in order */
	size_t n_images;
	const struct pk_span *tags;
	size_t n_tags;
	struct pk_span text;                   /* body with lead, verbatim UTF-8 */
	const struct pk_paragraph *paragraphs; /* in order, without overlap */
	size_t n_paragraphs;
	const struct pk_found *found;
	size_t n_found;
	const char *method; /* static: which way the body was found */
	double confidence;
	unsigned pages; /* that `text` is put together from; 0 or 1: one */
	bool truncated; /* the end of the text is missing */
	bool paywalled; /* the page says that not everybody may read it all */
	char sha256[PK_SHA256_SIZE]; /* of `text` */

	/* What near copies of the text are found by; NULL where it is too short for it.
	 */
	const struct pk_sketch *sketch;
	struct pk_span story; /* id of the story it belongs to (publish/story) */
};

#endif
