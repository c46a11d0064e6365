/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/feed/opml.h - lists of feeds, as other programs give and take them (OPML 1.0,
 * 1.1 and 2.0).
 *
 * An outline with an address is a feed, one without is a group of those within it.
 */
#ifndef PEYK_FETCH_FEED_OPML_H
#define PEYK_FETCH_FEED_OPML_H

#include "base/arena.h"
#include "base/buf.h"

#define PK_OPML_BYTES_MAX  ((size_t)16 * 1024 * 1024)
#define PK_OPML_FEEDS_MAX  100000
#define PK_OPML_GROUPS_MAX 10000

#define PK_OPML_NO_GROUP SIZE_MAX

struct pk_opml_group {
	struct pk_span title; /* plain text */
	size_t parent;        /* the group around it, which stands before it */
};

struct pk_opml_feed {
	struct pk_span url;   /* absolute */
	struct pk_span title; /* plain text */
	struct pk_span site;  /* the page of its site */
	struct pk_span language;
	size_t group;
};

/* What was left out, and the reason, static. */
struct pk_opml_left {
	struct pk_span what;
	const char *why;
};

struct pk_opml {
	struct pk_span title;
	struct pk_opml_group *groups;
	size_t n_groups;
	struct pk_opml_feed *feeds; /* with different addresses */
	size_t n_feeds;
	struct pk_opml_left *left;
	size_t n_left;
	bool partial; /* cut off, or broken beyond repair: there was more */
};

/*
 * Reads a list: untrusted bytes, at most PK_OPML_BYTES_MAX. Broken ones are mended as
 * feeds are. Everything lives in the arena.
 *
 * Returns 0, -EBADMSG (no OPML), -E2BIG or -ENOMEM. Any thread.
 */
int pk_opml_parse(
    struct pk_arena *arena, struct pk_span bytes, struct pk_opml *ret_opml);

/*
 * Appends the list as OPML 2.0. `arena` is for what is needed meanwhile. Returns 0,
 * -E2BIG (the buffer's limit) or -ENOMEM.
 */
int pk_opml_write(
    struct pk_arena *arena, const struct pk_opml *opml, struct pk_buf *out);

#endif
