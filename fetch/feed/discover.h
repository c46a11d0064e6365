/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/feed/discover.h - where a site has its feeds, by what one of its pages says.
 */
#ifndef PEYK_FETCH_FEED_DISCOVER_H
#define PEYK_FETCH_FEED_DISCOVER_H

#include "fetch/feed/feed.h"

#define PK_FEED_CANDIDATES_MAX 64

/* How a candidate was found, from the surest way on. */
#define PK_FEED_FINDINGS(FINDING)                                                      \
	FINDING(HEAD, "head")   /* <link rel=alternate> */                             \
	FINDING(LINK, "link")   /* a link that is called a feed, or leads to one */    \
	FINDING(GUESS, "guess") /* where sites often have one */

enum pk_feed_finding {
#define PK_FEED_FINDING_ENUM_(NAME, name) PK_FEED_FOUND_##NAME,
	PK_FEED_FINDINGS(PK_FEED_FINDING_ENUM_)
};

/* "head". */
const char *pk_feed_finding_name(enum pk_feed_finding finding);

struct pk_feed_candidate {
	struct pk_span url;         /* absolute where the page's address is known */
	struct pk_span title;       /* plain text */
	enum pk_feed_format format; /* that it seems to have; NONE: unknown */
	enum pk_feed_finding finding;
};

struct pk_feed_candidates {
	struct pk_feed_candidate *items; /* the best one first */
	size_t n;
};

/*
 * Finds the feeds that a page, untrusted bytes, names; and where it names none in its
 * head, the addresses at which its site may have some. A main feed stands before those
 * of comments and categories, one of the same site before others. Addresses are
 * different. No page at all has none.
 *
 * Returns 0, -E2BIG (more bytes than a feed may have) or -ENOMEM. Everything lives in
 * the arena. Any thread.
 */
int pk_feed_discover(struct pk_arena *arena, struct pk_span bytes,
    const struct pk_feed_context *context, struct pk_feed_candidates *ret_candidates);

#endif
