/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/poll/entries.h - what is known of entries, on disk: which pages wait, and what
 * became of them. Transactions, times, errors and threads: as fetch/poll/state.h.
 */
#ifndef PEYK_FETCH_POLL_ENTRIES_H
#define PEYK_FETCH_POLL_ENTRIES_H

#include "base/db.h"

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
 * Lets an entry wait until then; it was not tried, and that counts as no attempt.
 * Returns 0, or -ESTALE as above.
 */
int pk_poll_entry_rest(
    struct pk_db *db, int64_t row, unsigned revision, int64_t until_ms);

/*
 * Forgets entries that no feed has shown since `before_ms` and that are not pending,
 * and all of feeds that are off, at most `limit`; what stood in a feed that was not
 * read since stands there still. Returns how many. An entry that comes back after that
 * counts as new, so `before_ms` lies months back.
 */
int pk_poll_prune(struct pk_db *db, int64_t before_ms, size_t limit);

#endif
