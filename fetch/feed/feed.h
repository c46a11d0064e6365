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

/* The formats, with the names that `peyk feed` prints. */
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

/* How well a time is known. */
#define PK_FEED_CONFIDENCES(CONFIDENCE)                                                \
	CONFIDENCE(EXACT, "exact")     /* as written, with its zone */                 \
	CONFIDENCE(ASSUMED, "assumed") /* it named no zone, or an unknown one */       \
	CONFIDENCE(DAY, "day")         /* a day without a time */                      \
	CONFIDENCE(DOUBTED, "doubted") /* in the future, or before there were feeds */

enum pk_feed_confidence {
#define PK_FEED_CONFIDENCE_ENUM_(NAME, name) PK_FEED_TIME_##NAME,
	PK_FEED_CONFIDENCES(PK_FEED_CONFIDENCE_ENUM_)
};

/* "exact". */
const char *pk_feed_confidence_name(enum pk_feed_confidence confidence);

/* A time, and where it comes from. What was written and could not be read as a time is
 * kept too: then `known` is false and `raw` is there. */
struct pk_feed_time {
	bool known;
	int64_t time_s; /* seconds since 1970, UTC; as written, however doubted */
	enum pk_feed_confidence confidence;
	struct pk_span raw; /* as written */
	struct pk_span
	    source; /* the element or key that said so: "pubDate", "dc:date" */
};

struct pk_feed_entry {
	struct pk_span id;    /* guid, atom:id, rdf:about: as written */
	struct pk_span title; /* plain text */
	struct pk_span link;  /* the article's page */
	struct pk_span author;
	struct pk_feed_time published;
	struct pk_feed_time updated;
	struct pk_span summary; /* plain text, or HTML that is safe to show; the
				   content, where that is short and all there is */
	struct pk_span content; /* the same */
	struct pk_span *categories;
	size_t n_categories;
	struct pk_enclosure *enclosures;
	size_t n_enclosures;

	/* fetch/feed/entry_id.h */
	char key[PK_ID_SIZE];          /* who it is within its feed */
	char content_hash[PK_ID_SIZE]; /* changes when it says something else */
};

/* What a feed says about being asked again. Absent: 0, an absent span. */
struct pk_feed_hints {
	int64_t ttl_s;       /* <ttl>, in seconds here */
	int64_t period_s;    /* sy:updatePeriod divided by sy:updateFrequency */
	uint32_t skip_hours; /* bit h: not in the hour h of UTC, 0..23 */
	uint8_t skip_days;   /* bit d: not on the day d of the week in UTC, 0: Sunday */
	struct pk_span self; /* what the feed calls its own address */
	struct pk_span hub;  /* WebSub: who tells of changes */
	struct pk_span moved; /* itunes:new-feed-url and the like */
	struct pk_span older; /* RFC 5005: the page with the entries before these */
};

/* A part that has to be asked for itself: a child of a sitemap index. */
struct pk_feed_part {
	struct pk_span url;
	struct pk_feed_time changed;
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
	struct pk_feed_part *parts;
	size_t n_parts;
	struct pk_feed_hints hints;

	size_t n_refused;    /* entries over PK_FEED_ENTRIES_MAX */
	bool partial;        /* cut off, or broken beyond repair: there was more */
	const char *charset; /* that the bytes were in, e.g. "windows-1256"; NULL: they
				are labelled as something unknown, and were guessed */
};

/* What is known of a document beside its bytes. What is 0 or absent is unknown. */
struct pk_feed_context {
	struct pk_span url;          /* where the bytes come from, after redirects: the
				   base of relative addresses, which stay as they
				   are where it is absent */
	struct pk_span location;     /* the HTTP field Content-Location, for the same */
	struct pk_span content_type; /* the HTTP field, for its charset alone */
	int default_offset_min;      /* of times without a zone (base/date_formats.h) */
	int64_t now_s;               /* since 1970, UTC: later times are doubted */
	struct pk_span links; /* of an HTML page: selector of the links that are its
				 entries; absent: they are found by themselves */
};

/*
 * Reads a feed: untrusted bytes, at most PK_FEED_BYTES_MAX, and as many when they come
 * packed (gzip), whatever the packing was for.
 *
 * A feed that is cut off or broken is read as far as it goes and says so (`partial`):
 * what is whole of it can be used, but the server's validators do not vouch for it.
 *
 * Returns 0, -EBADMSG (no feed), -E2BIG (too many bytes) or -ENOMEM; then *ret_feed is
 * untouched. Any thread.
 */
int pk_feed_parse(struct pk_arena *arena, struct pk_span bytes,
    const struct pk_feed_context *context, struct pk_feed *ret_feed);

#endif
