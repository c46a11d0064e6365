/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/story/story.h - stories: what one report becomes on many sites.
 *
 * Articles that are near copies of each other within a window of time are one story,
 * which has the id of its first article. An event that several articles tell is one
 * event: the first one's id is published again (`op: update`) with the mentions of all
 * and more confidence, and the others' are retracted with `merged_into`. A correction
 * undoes what it takes the ground from: an owner that is told no more is followed by
 * the first of those who still tell it.
 *
 * The store merges, in the transaction in which the article is published: what it
 * decides depends on the articles before in the order of commits and on nothing else
 * (P3, P4). Which event is merged into which stands in the table `event` for good; what
 * new tellings are compared with is known for the window only.
 */
#ifndef PEYK_PUBLISH_STORY_STORY_H
#define PEYK_PUBLISH_STORY_STORY_H

#include "base/db.h"
#include "publish/record.h"

/* How far two articles of a story may be apart, where nobody says otherwise. */
#define PK_STORY_WINDOW_MS (INT64_C(3) * 86400 * 1000)

/*
 * What the records of an article are made with: the story that it is known to be in, or
 * one of its own. Sets article->story; borrows from `prior`, which may be NULL, or from
 * the article itself.
 */
void pk_story_presume(struct pk_article *article, const struct pk_prior *prior);

/*
 * Finds the story of an article and what was told before, and turns the records that
 * were made of it alone into those that are to be published.
 *
 *   db         within the transaction in which pk_journal_apply() follows
 *   arena      what is made lives here
 *   records    as pk_records_build() made them; also what *ret_records borrows from
 *   window_ms  how far copies may be apart; 0: every article stands for itself
 *   now_ms     for pk_story_prune()
 *
 * Records of no article, or of one without a presumed story, come back as they are.
 * Reads a bounded number of rows, however many articles there are. Returns 0, -ENOMEM
 * or a database error.
 */
int pk_story_merge(struct pk_db *db, struct pk_arena *arena,
    const struct pk_records *records, int64_t window_ms, int64_t now_ms,
    struct pk_records *ret_records);

/*
 * Forgets what was seen before `before_ms`: at most `limit` articles, and as many
 * stories and ten times as many events. Returns how many articles, or a database error.
 */
int pk_story_prune(struct pk_db *db, int64_t before_ms, size_t limit);

#endif
