/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/poll/state.h - what is known of feeds, on disk.
 *
 * All of these run inside the caller's transaction, so that what was learned and what
 * came of it commit together. The promise (P5): validators never advance before the
 * entries that they vouch for stand in the same transaction; after a crash a feed is
 * fetched again, and nothing is lost. Entries: fetch/poll/entries.h.
 *
 * Times are milliseconds since 1970. Errors that are not listed are those of base/db.
 * One thread, that of the connection.
 */
#ifndef PEYK_FETCH_POLL_STATE_H
#define PEYK_FETCH_POLL_STATE_H

#include "base/db.h"
#include "fetch/entry.h"
#include "fetch/http/conditional.h"

/* Brings the tables of this room to their newest form; outside a transaction. */
int pk_poll_migrate(struct pk_db *db);

/* ---- feeds ---- */

/* What a feed said of itself when it was read at last; 0 and absent: nothing. */
struct pk_poll_about {
	struct pk_span title;
	struct pk_span format; /* "rss20" */
	int64_t ttl_s;
	int64_t period_s;    /* between its updates */
	uint32_t skip_hours; /* bit h: hour h of UTC */
	uint32_t skip_days;  /* bit 0: Sunday, in UTC */
	struct pk_span hub;
	struct pk_span topic; /* its own address, as it is known to the hub */
};

/* A move that is not believed yet: seen so often in a row, since then. */
struct pk_poll_move {
	struct pk_span to; /* absent: none */
	unsigned seen;
	int64_t since_ms;
};

/* What changes with every poll, and is made by pk_poll_plan(). */
struct pk_poll_life {
	int64_t next_poll_ms;
	struct pk_span health; /* fetch/poll/health.h */
	unsigned failures;     /* in a row */
	int64_t failing_since_ms;
	unsigned slow_polls;     /* in a row */
	int64_t took_ms;         /* the last answer */
	int64_t last_fresh_ms;   /* when an entry was new; 0: never */
	int64_t polls;           /* in all */
	int64_t finds;           /* polls with new entries */
	int64_t gaps;            /* how often entries were lost between polls */
	struct pk_span rhythm;   /* fetch/poll/rhythm.h */
	struct pk_span location; /* where it is asked since it moved; absent: url */
	struct pk_poll_move move;
};

struct pk_poll_feed {
	struct pk_span id;
	struct pk_span url;   /* of the configuration, when it was polled at last */
	struct pk_span state; /* of the last poll: "new", "ok", "failing", "off" */
	bool read;            /* entries of it were recorded */
	struct pk_validators validators; /* of the bytes whose entries are recorded */
	struct pk_span body_hash;
	int64_t last_poll_ms;
	int64_t last_ok_ms; /* 0: never */
	struct pk_span last_error;
	struct pk_span error_class;
	struct pk_poll_about about;
	struct pk_poll_life life;
};

/*
 * Reads what is known of one feed, copied into the arena. Of a feed that has another
 * URL than `url` by now, validators, body hash, location and next poll are left out: it
 * was moved by its operator. Returns 0, -ENOENT (never polled; *ret_feed is untouched)
 * or -ENOMEM.
 */
int pk_poll_feed_load(struct pk_db *db, struct pk_arena *arena, struct pk_span id,
    struct pk_span url, struct pk_poll_feed *ret_feed);

/* Where it is to be asked. */
static inline struct pk_span
pk_poll_feed_address(const struct pk_poll_feed *feed, struct pk_span url)
{
	return feed->life.location.len > 0 ? feed->life.location : url;
}

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
	struct pk_span url;  /* of the configuration */
	int64_t polled_ms;
	struct pk_validators validators; /* of this answer */
	struct pk_span body_hash;        /* of this answer; absent: not known */
	bool partial; /* the end of the feed is missing: entries count, validators do
			 not */
	const struct pk_poll_entry *entries; /* in the order of the feed */
	size_t n_entries;
	const struct pk_poll_part *parts; /* of an index, that were to be read */
	size_t n_parts;
	const struct pk_span *listed; /* addresses of all that the index has: what it
					 has no more is forgotten; none: not known */
	size_t n_listed;
	struct pk_poll_about about;
};

struct pk_poll_counts {
	size_t fresh;   /* not seen before */
	size_t changed; /* seen, with another content hash */
	size_t known;   /* seen before, changed or not */
	size_t rekeyed; /* of these, known under another key until now */
};

/*
 * Records a poll with its entries: new and changed ones become pending (those without a
 * link have no page and become "none"). What a feed shows when it is read for the first
 * time is marked as backlog. An entry that changes again and again is not pending more
 * often than once an hour. Of entries with one key the first counts. A feed nearly all
 * of whose entries have new keys and the links or titles of known ones was rebuilt, not
 * refilled: the known entries get the new keys, and nothing is told again.
 */
int pk_poll_record(struct pk_db *db, const struct pk_poll_result *result,
    struct pk_poll_counts *ret_counts);

/*
 * Records entries that came without a poll: a hub has sent them. Nothing but entries
 * and time of `result` is looked at; state, validators and what the feed says of itself
 * stay. Returns 0, or -ENOENT: the feed was never read.
 */
int pk_poll_record_pushed(struct pk_db *db, const struct pk_poll_result *result,
    struct pk_poll_counts *ret_counts);

/* Records a poll that brought nothing new: 304, or the same bytes. New validators
 * replace the old ones; entries, body hash and `about` are not looked at. */
int pk_poll_record_unchanged(struct pk_db *db, const struct pk_poll_result *result);

/* Records a poll that failed, with its class and a reason for people. What was known
 * stays. */
int pk_poll_record_failed(struct pk_db *db, const struct pk_poll_result *result,
    struct pk_span error_class, struct pk_span error);

/* Writes what a poll that was recorded before in this transaction means for the next
 * ones. Validators and body hash are dropped when the location changes. */
int pk_poll_live(
    struct pk_db *db, struct pk_span feed, const struct pk_poll_life *life);

/* ---- indexes ---- */

enum pk_poll_part_state {
	PK_POLL_PART_KNOWN, /* as it was when it was read */
	PK_POLL_PART_DUE,
	PK_POLL_PART_RESTS, /* due, but it has failed, and is left in peace for now */
};

/*
 * Has this child of the feed's index changed since it was read? So it has when it was
 * never read, when the index says another time than then, or when it says none and the
 * last reading is `again_ms` ago. Returns a state or an error.
 */
int pk_poll_part_is_due(struct pk_db *db, struct pk_span feed,
    const struct pk_poll_part *part, int64_t now_ms, int64_t again_ms);

/* ---- hosts that want to be left alone ---- */

/* Notes it (the later time counts), and forgets what is past. `domain`: all hosts of
 * its registrable domain want it. */
int pk_poll_hold(struct pk_db *db, struct pk_span host, bool domain, int64_t now_ms,
    int64_t until_ms);

/* Visits the holds that are not past. As pk_poll_feeds(). */
int pk_poll_holds(struct pk_db *db, int64_t now_ms,
    int (*visit)(void *context, struct pk_span host, bool domain, int64_t until_ms),
    void *context);

#endif
