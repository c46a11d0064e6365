/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/record.h - from an article and its events to messages, ready but for their
 * numbers.
 *
 * Workers make records, in parallel; the store numbers them. The same input gives the
 * same records: ids are hashes of what they stand for, and a correction is told as new
 * revisions
 * (`op: update`), taken-back events (`op: retract`) and silence about what did not
 * change.
 */
#ifndef PEYK_PUBLISH_RECORD_H
#define PEYK_PUBLISH_RECORD_H

#include "base/event.h"

#define PK_EVENT_BODY_MAX   ((size_t)64 * 1024)
#define PK_ARTICLE_BODY_MAX ((size_t)1024 * 1024)

enum pk_record_kind {
	PK_RECORD_ARTICLE,
	PK_RECORD_EVENT,
	PK_RECORD_FEED,
};

struct pk_record {
	enum pk_record_kind kind;
	struct pk_span topic;
	struct pk_span body; /* a CloudEvent, JSON */
	char id[PK_ID_SIZE]; /* articles and events */
	unsigned rev;
	char digest[PK_ID_SIZE]; /* of what the record says, without its revision */
	bool retracted;

	/* Events: what other articles' tellings are compared by
	 * (publish/story/story.h), and what became of the comparison. */
	enum pk_event_type type;
	struct pk_gist gist;
	double confidence;            /* of this telling alone */
	char key[PK_ID_SIZE];         /* "": comparable within its story only */
	char merged_into[PK_ID_SIZE]; /* "": into none */
	double weight; /* of a merged one: how much of its confidence counts */
};

struct pk_records {
	struct pk_record *items; /* the article first */
	size_t len;
	char article[PK_ID_SIZE]; /* "": the records are of no article */
	unsigned rev;             /* of the article after this */
	unsigned prior_rev;       /* before; 0: there was none */
	char digest[PK_ID_SIZE];  /* of the article */

	char story[PK_ID_SIZE];         /* "": stories are not looked for */
	const struct pk_sketch *sketch; /* of the article; may be NULL */
	int64_t when_ms; /* of publication, as far as known; else of fetching */
	int64_t time_ms; /* of fetching; -1 unknown */
	bool opens_story;
	bool joins_story;
};

/* What was published of an article before (publish/journal.h reads it). */
struct pk_prior_event {
	struct pk_span id;
	unsigned rev;
	struct pk_span digest;
	bool retracted;
	bool merged; /* retracted, for another article's event tells the same */
	uint64_t seq;
	struct pk_span topic; /* of its newest message; absent when that was pruned */
	struct pk_span body;
};

struct pk_prior {
	unsigned rev; /* 0: never published */
	struct pk_span digest;
	struct pk_span story; /* absent: not looked for so far */
	struct pk_prior_event *events;
	size_t n_events;
};

/*
 * The records of an article.
 *
 *   arena      everything that is made lives here
 *   article    with its events; an event's op and rev are set. Its `story`, where it
 *              has one, stands in all of them; pk_story_merge() then says which it is
 *   prior      what was published of it before; NULL: nothing
 *   instance   name of this peykd, for CloudEvents' `source`
 *   time_ms    when the article's bytes were fetched, milliseconds since 1970
 *
 * Text over PK_ARTICLE_BODY_MAX is cut at a paragraph (with the events behind the cut),
 * an event over PK_EVENT_BODY_MAX is left out; both are counted. No records at all
 * means that nothing changed. A merged event that the article does not tell any more
 * gives a retracted record without a body, for pk_story_merge(). Returns 0 or -ENOMEM.
 * Any thread.
 */
int pk_records_build(struct pk_arena *arena, struct pk_article *article,
    struct pk_event *events, size_t n_events, const struct pk_prior *prior,
    const char *instance, int64_t time_ms, struct pk_records *ret_records);

/*
 * Appends the record that tells a feed's state ("up", "failing" ...;
 * docs/event.schema.json), as of time_ms, which tells it apart from the same state
 * another time. Returns 0 or -ENOMEM.
 */
int pk_record_of_feed(struct pk_arena *arena, struct pk_span feed, struct pk_span state,
    struct pk_span url, struct pk_span reason, const char *instance, int64_t time_ms,
    struct pk_records *records);

#endif
