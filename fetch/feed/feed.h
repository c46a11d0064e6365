/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/feed/feed.h - what a feed says, whatever format it says it in.
 *
 * One door for all formats. The bytes are judged by what they are and not by what the
 * server calls them; text comes out as clean UTF-8, titles and names without markup,
 * addresses absolute, times in UTC. Everything lives in the caller's arena. What is
 * absent was not said: an absent span, a `has_` that is false, an empty array.
 */
#ifndef PEYK_FETCH_FEED_FEED_H
#define PEYK_FETCH_FEED_FEED_H

#include "base/arena.h"
#include "base/digest.h"

#define PK_FEED_BYTES_MAX   ((size_t)16 * 1024 * 1024)
#define PK_FEED_ENTRIES_MAX 5000
#define PK_FEED_LIST_MAX    64 /* categories or enclosures of an entry */

/* The formats, with the names that `peyk feed` prints. The last five are not read yet.
 */
#define PK_FEED_FORMATS(FORMAT)                                                        \
	FORMAT(RSS090, "rss090")                                                       \
	FORMAT(RSS091, "rss091")                                                       \
	FORMAT(RSS092, "rss092")                                                       \
	FORMAT(RSS093, "rss093")                                                       \
	FORMAT(RSS094, "rss094")                                                       \
	FORMAT(RSS10, "rss10")                                                         \
	FORMAT(RSS20, "rss20")                                                         \
	FORMAT(ATOM03, "atom03")                                                       \
	FORMAT(ATOM10, "atom10")                                                       \
	FORMAT(CDF, "cdf")                                                             \
	FORMAT(JSON10, "json10")                                                       \
	FORMAT(JSON11, "json11")                                                       \
	FORMAT(SITEMAP, "sitemap")                                                     \
	FORMAT(HTML, "html")

enum pk_feed_format {
	PK_FEED_NONE,
#define PK_FEED_FORMAT_ENUM_(NAME, name) PK_FEED_##NAME,
	PK_FEED_FORMATS(PK_FEED_FORMAT_ENUM_)
};

/* "rss20". */
const char *pk_feed_format_name(enum pk_feed_format format);

struct pk_enclosure {
	struct pk_span url;
	struct pk_span type;
	int64_t length; /* bytes; 0 or less: unknown */
};

struct pk_feed_time {
	bool known;
	int64_t time_s; /* seconds since 1970, UTC */
};

struct pk_feed_entry {
	struct pk_span id;    /* guid, atom:id, rdf:about: as written */
	struct pk_span title; /* plain text */
	struct pk_span link;  /* the article's page */
	struct pk_span author;
	struct pk_feed_time published;
	struct pk_feed_time updated;
	struct pk_span summary; /* may have markup in it, as the feed sent it */
	struct pk_span content; /* the same */
	struct pk_span *categories;
	size_t n_categories;
	struct pk_enclosure *enclosures;
	size_t n_enclosures;

	/* fetch/feed/entry_id.h */
	char key[PK_ID_SIZE];          /* who it is within its feed */
	char content_hash[PK_ID_SIZE]; /* changes when it says something else */
};

struct pk_feed {
	enum pk_feed_format format;
	struct pk_span title; /* plain text */
	struct pk_span link;  /* the site's page */
	struct pk_span id;
	struct pk_span subtitle;
	struct pk_span language; /* as written: "fa", "fa-IR" */
	struct pk_feed_time updated;
	struct pk_feed_entry *entries;
	size_t n_entries;

	size_t n_refused;    /* entries over PK_FEED_ENTRIES_MAX */
	bool partial;        /* cut off, or broken beyond repair: there was more */
	const char *charset; /* that the bytes were in, e.g. "windows-1256" */
};

/*
 * Reads a feed.
 *
 *   bytes               untrusted, at most PK_FEED_BYTES_MAX
 *   url                 where they come from, the base of relative addresses; absent:
 *                       relative addresses stay as they are
 *   content_type        the HTTP field, for its charset alone; may be absent
 *   default_offset_min  of times without a zone (base/date_formats.h)
 *
 * A feed that is cut off or broken is read as far as it goes and says so (`partial`):
 * what is whole of it can be used, but the server's validators do not vouch for it.
 *
 * Returns 0, -EBADMSG (no feed, or none in a format that is read), -E2BIG (too many
 * bytes) or -ENOMEM; then *ret_feed is untouched. Any thread.
 */
int pk_feed_parse(struct pk_arena *arena, struct pk_span bytes, struct pk_span url,
    struct pk_span content_type, int default_offset_min, struct pk_feed *ret_feed);

#endif
