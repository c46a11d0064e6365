/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/journal.h - the log that the stream is sent from.
 *
 * What is seen on a socket stands here first (P1). A message gets its number when it is
 * appended, inside the caller's transaction; numbers rise and never come back within an
 * epoch. All functions belong to the thread that owns the database connection; the
 * reading ones work on a reader's connection too.
 */
#ifndef PEYK_PUBLISH_JOURNAL_H
#define PEYK_PUBLISH_JOURNAL_H

#include "base/db.h"
#include "publish/record.h"

/*
 * Makes or upgrades the tables, and an epoch for a new journal. Returns 0 or an error
 * of pk_db_migrate().
 */
int pk_journal_init(struct pk_db *db);

/* The epoch of this journal; never 0. */
int pk_journal_epoch(struct pk_db *db, uint64_t *ret_epoch);

/* The newest number given so far, 0 before the first, and the oldest that is still
 * there. */
int pk_journal_range(struct pk_db *db, uint64_t *ret_oldest, uint64_t *ret_head);

/* Appends one message. Returns 0 or a database error. */
int pk_journal_append(
    struct pk_db *db, const struct pk_record *record, int64_t at_ms, uint64_t *ret_seq);

/*
 * Appends an article's messages and notes what is published of it now; a feed's message
 * has no article. ret_seqs gets a number for each record.
 *
 * Returns 0, -ESTALE when somebody published another revision of the article since
 * `records` were made from it (make them again), or a database error.
 */
int pk_journal_apply(struct pk_db *db, const struct pk_records *records, int64_t at_ms,
    uint64_t *ret_seqs);

/*
 * What is published of an article: for pk_records_build(). An article that never was
 * gives revision 0 and no events. The result lives in the arena. Returns 0, -ENOMEM or
 * a database error.
 */
int pk_journal_prior(struct pk_db *db, struct pk_arena *arena,
    struct pk_span article_id, struct pk_prior *ret_prior);

/* A message, in the arena. Returns 0, -ENOENT (never was, or pruned) or an error. */
int pk_journal_message(struct pk_db *db, struct pk_arena *arena, uint64_t seq,
    struct pk_span *ret_topic, struct pk_span *ret_body);

#endif
