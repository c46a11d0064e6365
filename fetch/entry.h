/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/entry.h - an entry of a feed, as much of it as polling needs to know.
 *
 * fetch/feed makes them, fetch/poll remembers them. The spans are borrowed from the
 * document's arena; absent ones are unknown.
 */
#ifndef PEYK_FETCH_ENTRY_H
#define PEYK_FETCH_ENTRY_H

#include "base/span.h"

struct pk_poll_entry {
	struct pk_span key;       /* identity within its feed; never absent */
	struct pk_span link;      /* absolute; without one there is no page to fetch */
	struct pk_span title;     /* plain text */
	struct pk_span published; /* RFC 3339, UTC; absent where it is doubted, too */
	struct pk_span published_raw;        /* as the feed wrote it */
	struct pk_span published_source;     /* by which element */
	struct pk_span published_confidence; /* "exact", "doubted" ... */
	int64_t published_s;                 /* since 1970; 0: unknown, or doubted */
	struct pk_span content_hash; /* changes when what the feed says of it changes */
};

/* A child of an index of feeds (a sitemap index). */
struct pk_poll_part {
	struct pk_span url;
	int64_t changed_s; /* since 1970; 0: the index does not say */
	bool failed;       /* it could not be read this time */
};

#endif
