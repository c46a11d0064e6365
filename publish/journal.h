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
 * Makes or upgrades the tables. A journal without an epoch is new, or was restored from
 * a backup: it gets one, and the named cursors of an older one are forgotten. Returns 0
 * or an error of pk_db_migrate().
 */
int pk_journal_init(struct pk_db *db);

/* The epoch of this journal; never 0. */
int pk_journal_epoch(struct pk_db *db, uint64_t *ret_epoch);

/* The newest number given so far, 0 before the first, and the oldest that is still
 * there: ret_head + 1 when there is none. */
int pk_journal_range(struct pk_db *db, uint64_t *ret_oldest, uint64_t *ret_head);

/* How long topics and bodies of all messages that are there are together. */
int pk_journal_bytes(struct pk_db *db, int64_t *ret_bytes);

/*
 * Appends one message. Its time is `at_ms`, or that of the message before it where the
 * clock was set back: times never fall. Returns 0 or a database error.
 */
int pk_journal_append(
    struct pk_db *db, const struct pk_record *record, int64_t at_ms, uint64_t *ret_seq);

/* When the newest message was appended, and the oldest that is there; 0 where there is
 * none. Return 0 or a database error. */
int pk_journal_newest_ms(struct pk_db *db, int64_t *ret_at_ms);
int pk_journal_oldest_ms(struct pk_db *db, int64_t *ret_at_ms);

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

struct pk_message {
	uint64_t seq;
	int64_t at_ms;
	struct pk_span topic, body;
};

struct pk_journal_query {
	uint64_t after; /* messages behind this number */
	size_t limit;   /* at most so many of them; 0: any number */
	size_t bytes;   /* about so many bytes of them, but one always comes; 0: any */
	size_t scan;    /* at most so many are looked at; 0: any number */
	const struct pk_span *prefixes; /* of their topics */
	size_t n_prefixes;              /* 0: all topics */
};

/*
 * Calls `each` for each message that is asked for, in order; its spans are borrowed
 * until it returns. Non-0 from it ends the reading and is returned. `each` must not
 * read the journal on the same connection. *ret_scanned: all up to and with that number
 * were looked at, so that the next reading goes on behind it; it is the head when there
 * is nothing more. For one state throughout, call it in a pk_db_begin_read().
 *
 * Returns 0, what `each` returned, or a database error.
 */
int pk_journal_read(struct pk_db *db, const struct pk_journal_query *query,
    int (*each)(void *context, const struct pk_message *message), void *context,
    uint64_t *ret_scanned);

/* The number behind which everything stands that was appended at `at_ms` or later: the
 * head when nothing was. */
int pk_journal_find_time(struct pk_db *db, int64_t at_ms, uint64_t *ret_cursor);

struct pk_retention {
	int64_t before_ms;     /* what was appended before may go */
	int64_t bytes_max;     /* what is beyond so many of the newest bytes may, too */
	int64_t hold_since_ms; /* cursors heard of since then hold; INT64_MAX: none */
};

/*
 * Deletes at most `max` of the oldest messages that need not stay, in the caller's
 * transaction. A named cursor that holds keeps what is behind it, up to twice
 * bytes_max. The newest message goes by its age alone. Returns how many went, or an
 * error.
 */
int pk_journal_prune(
    struct pk_db *db, const struct pk_retention *retention, size_t max);

/*
 * Forgets at most `max` of the articles of which nothing was published since
 * `before_ms`, and their events, in the caller's transaction: who publishes one of them
 * again begins with its first revision, under the same ids. Returns how many went, or
 * an error.
 */
int pk_journal_forget(struct pk_db *db, int64_t before_ms, size_t max);

/*
 * The mark of who is at work: set at the start, taken away at the end of an orderly
 * stop. A start that finds one follows a crash or a power cut; ask before setting it.
 */
int pk_journal_was_unclean(struct pk_db *db, bool *ret_unclean);
int pk_journal_mark_running(struct pk_db *db, int64_t now_ms);
int pk_journal_mark_clean(struct pk_db *db);

/*
 * pk_db_backup() of the whole database to `path`, under the name PATH.part until it is
 * complete. The copy has no epoch: whoever starts on it gets a new one, since the
 * journal went on behind it, and its numbers stand for other messages by now.
 *
 * Returns 0, -EEXIST (there is such a file), -EINTR (go_on said so), -ENAMETOOLONG,
 * -ENOSPC or another error. The connection may be a reader's.
 */
int pk_journal_backup(
    struct pk_db *db, const char *path, int (*go_on)(void *), void *context);

#endif
