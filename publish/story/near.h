/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/story/near.h - which articles of the window are near copies of this one?
 *
 * Sketches (base/sketch.h) with an index of their bands: a look-up reads the rows of 32
 * keys, of each the newest few, and compares a few sketches, however many articles
 * there are. All functions belong to the thread that owns the connection, in its
 * transaction.
 */
#ifndef PEYK_PUBLISH_STORY_NEAR_H
#define PEYK_PUBLISH_STORY_NEAR_H

#include "base/db.h"
#include "base/digest.h"
#include "base/sketch.h"

/* An article as it stands in the index. */
struct pk_near {
	const char *article;
	const char *story;
	int64_t when_ms; /* when the story's first article was published */
	int64_t seen_ms; /* for pk_near_prune() */
	const struct pk_sketch *sketch;
};

struct pk_near_story {
	char id[PK_ID_SIZE];
	int64_t when_ms; /* of its first article */
};

/*
 * The story of the nearest copy, of those that began no more than `window_ms` away from
 * when the article was published (what comes out every day in the same words is no
 * story for ever); among equals that of the one that came first. Returns 1, 0 (there is
 * none) or a database error.
 */
int pk_near_find(struct pk_db *db, const struct pk_sketch *sketch, int64_t when_ms,
    int64_t window_ms, struct pk_near_story *ret_story);

/* Adds an article to the index. Returns 0 or a database error. */
int pk_near_note(struct pk_db *db, const struct pk_near *article);

/* Takes at most `limit` articles that were seen before `before_ms` out of the index.
 * Returns how many, or a database error. */
int pk_near_prune(struct pk_db *db, int64_t before_ms, size_t limit);

#endif
