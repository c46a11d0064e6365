/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/doc.h - a document on its way: bytes somebody sent, and what is known about
 * them.
 *
 * fetch makes it, a worker turns it into entries or events, the store writes what came
 * of it. It moves by ownership and carries the arena that everything made of it lives
 * in.
 */
#ifndef PEYK_BASE_DOC_H
#define PEYK_BASE_DOC_H

#include "base/arena.h"

struct pk_article;

/* Who publishes: from the feed's configuration or from knowledge/agencies.tsv. */
struct pk_publisher {
	struct pk_span id;     /* [a-z0-9-]{1,32} */
	struct pk_span native; /* name in its own script */
	struct pk_span latin;
	struct pk_span country; /* ISO 3166-1 alpha-3 */
};

enum pk_doc_kind {
	PK_DOC_FEED,
	PK_DOC_PAGE, /* an HTML page */
	PK_DOC_TEXT, /* plain text (peyk extract --format text) */
};

struct pk_doc {
	struct pk_arena *arena; /* owns everything below */
	enum pk_doc_kind kind;
	/* Of an article on several pages these three are the page's at hand. */
	struct pk_span bytes;        /* the body, inflated, as sent */
	struct pk_span url;          /* after redirects */
	struct pk_span content_type; /* the HTTP field; absent where there was none */
	int64_t fetched_ms; /* when the bytes were here; milliseconds since 1970 */

	/* Which feed, and for a page which entry of it. */
	struct pk_span feed; /* feed id */
	struct pk_span lang; /* the feed's language hint, ISO 639 */
	struct pk_publisher publisher;
	int64_t entry;              /* row of the entry; 0 where there is none */
	struct pk_span entry_title; /* what the feed said, absent where it did not */
	struct pk_span entry_published; /* RFC 3339, UTC */

	/* While an article's further pages are read: what those before it say, else
	 * NULL.
	 */
	const struct pk_article *before;

	/* Validators and size, for the store (feeds only). */
	struct pk_span etag;
	struct pk_span last_modified;
	size_t wire_bytes;
};

/* A new document with its arena. NULL on no memory. */
struct pk_doc *pk_doc_new(enum pk_doc_kind kind, size_t arena_limit);
struct pk_doc *pk_doc_free(struct pk_doc *doc);
PK_DEFINE_CLEANUP(struct pk_doc *, pk_doc_free);

#endif
