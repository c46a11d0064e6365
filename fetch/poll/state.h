/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/poll/state.h - what is known of feeds and entries, on disk.
 *
 * All of these run inside the caller's transaction, so that what was learned and what
 * came of it commit together. The promise (P5): validators never advance before the
 * entries that they vouch for stand in the same transaction; after a crash a feed is
 * fetched again, and nothing is lost.
 *
 * Times are milliseconds since 1970. Errors that are not listed are those of base/db.
 * One thread, that of the connection.
 */
#ifndef PEYK_FETCH_POLL_STATE_H
#define PEYK_FETCH_POLL_STATE_H

#include "base/db.h"
#include "fetch/entry.h"
#include "fetch/http/conditional.h"

/* Brings the tables `feed` and `entry` to their newest form; outside a transaction. */
int pk_poll_migrate(struct pk_db *db);

/* ---- feeds ---- */

struct pk_poll_feed {
	struct pk_span id;
	struct pk_span url;              /* that it was polled at last */
	struct pk_span state;            /* "new", "ok", "failing", "off" */
	struct pk_validators validators; /* of the bytes whose entries are recorded */
	struct pk_span body_hash;
	int64_t next_poll_ms;
	int64_t last_poll_ms;
	int64_t last_ok_ms; /* 0: never */
	unsigned failures;  /* in a row */
	struct pk_span last_error;
};

/*
 * Reads what is known of one feed, copied into the arena. Validators, body hash and
 * next poll of another URL than `url` are left out: the feed has moved. Returns 0,
 * -ENOENT (never polled; *ret_feed is untouched) or -ENOMEM.
 */
int pk_poll_feed_load(struct pk_db *db, struct pk_arena *arena, struct pk_span id,
    struct pk_span url, struct pk_poll_feed *ret_feed);

/* Visits every feed that is known, in no order; spans are borrowed for the visit. Ends
 * with what `visit` returns as soon as that is not 0. */
int pk_poll_feeds(struct pk_db *db,
    int (*visit)(void *context, const struct pk_poll_feed *feed), void *context);

/* A feed that is no longer wanted: its entries are kept and no longer pending. The next
 * poll that is recorded brings it back. */
int pk_poll_feed_off(struct pk_db *db, struct pk_span id);

/* ---- a poll ---- */

struct pk_poll_result {
	struct pk_span feed; /* id */
	struct pk_span url;  /* that was asked for */
	int64_t polled_ms;
	int64_t next_poll_ms;
	struct pk_validators validators; /* of this answer */
	struct pk_span body_hash;        /* of this answer; absent: not known */
	bool partial; /* the end of the feed is missing: entries count, validators do
			 not */
	const struct pk_poll_entry *entries; /* in the order of the feed */
	size_t n_entries;
};

struct pk_poll_counts {
	size_t fresh;   /* not seen before */
	size_t changed; /* seen, with another content hash */
};

/*
 * Records a poll with its entries: new and changed ones become pending (those without a
 * link have no page and become "none"). What a feed shows when it is read for the first
 * time is marked as backlog. An entry that changes again and again is not pending more
 * often than once an hour. Of entries with one key the first counts.
 */
int pk_poll_record(struct pk_db *db, const struct pk_poll_result *result,
    struct pk_poll_counts *ret_counts);

/* Records a poll that brought nothing new: 304, or the same bytes. New validators
 * replace the old ones; entries and body hash of `result` are not looked at. */
int pk_poll_record_unchanged(struct pk_db *db, const struct pk_poll_result *result);

/* Records a poll that failed, with a reason for people. What was known stays. */
int pk_poll_record_failed(
    struct pk_db *db, const struct pk_poll_result *result, struct pk_span error);

/* ---- entries ---- */

struct pk_poll_pending {
	int64_t row;
	unsigned revision; /* 1: never changed */
	unsigned attempts; /* that failed */
	bool backlog;
	struct pk_span feed;
	struct pk_span link;
	struct pk_span title;
	struct pk_span published;
};

struct pk_poll_pending_list {
	struct pk_poll_pending *items;
	size_t len;
	size_t cap;
};

/*
 * The entries whose page should be in work at `now_ms`: at most `per_feed` of each feed
 * and `limit` in all, those that wait longest first. What is in work already is among
 * them, because it stays pending until it is done; the caller leaves it out, and so
 * both limits hold for what is in work. All copied into the arena.
 */
int pk_poll_pending(struct pk_db *db, struct pk_arena *arena, int64_t now_ms,
    size_t per_feed, size_t limit, struct pk_poll_pending_list *ret_list);

/* When the next entry that waits after `now_ms` is due. Returns 0, or -ENOENT: none
 * waits. */
int pk_poll_next_try(struct pk_db *db, int64_t now_ms, int64_t *ret_next_ms);

enum pk_poll_end {
	PK_POLL_DONE,   /* an article was found */
	PK_POLL_NONE,   /* there is none on the page */
	PK_POLL_FAILED, /* not worth another attempt */
};

/*
 * Ends the work on a revision of an entry. Returns 0, or -ESTALE: the entry was changed
 * meanwhile, or is not pending. Then nothing is written, and what is pending is done
 * again.
 */
int pk_poll_entry_end(
    struct pk_db *db, int64_t row, unsigned revision, enum pk_poll_end end);

/* How often and how fast a page is asked for again. */
struct pk_poll_attempts {
	unsigned limit; /* 6 is usual */
	int64_t first_ms;
	int64_t max_ms;
};

/*
 * Notes that an attempt failed; the next comes after pk_backoff(). Returns 0, 1 (that
 * was the last one: given up), or -ESTALE as above.
 */
int pk_poll_entry_failed(struct pk_db *db, int64_t row, unsigned revision,
    int64_t now_ms, const struct pk_poll_attempts *attempts, uint64_t random,
    struct pk_span error);

/*
 * Forgets entries that no feed has shown since `before_ms` and that are not pending, at
 * most `limit`. Returns how many. An entry that comes back after that counts as new, so
 * `before_ms` lies months back.
 */
int pk_poll_prune(struct pk_db *db, int64_t before_ms, size_t limit);

#endif
