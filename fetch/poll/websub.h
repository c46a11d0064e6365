/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/poll/websub.h - subscriptions at hubs, on disk: which feed has one, when the
 * hub is to be asked next, and whether it keeps its word.
 *
 * A hub is not believed because it promises. A feed with a subscription is polled as
 * ever until pushes have brought entries before a poll did; then it is `trusted` and
 * polled rarely, as a safety net. When a poll finds what no push has brought and none
 * brings it in the next minutes, the trust is gone, and takes more to be earned again.
 *
 * All that write run inside the caller's transaction, like those of state.h, which also
 * makes the table. Times are milliseconds since 1970; random numbers are arguments.
 * Errors that are not listed are those of base/db. One thread, that of the connection.
 */
#ifndef PEYK_FETCH_POLL_WEBSUB_H
#define PEYK_FETCH_POLL_WEBSUB_H

#include "base/db.h"
#include "fetch/http/hub.h"

/* How long a push may come later than the poll that found the entry. */
#define PK_WEBSUB_LATE_MS INT64_C(180000)

/* A feed with a trusted subscription is polled at least this often. */
#define PK_WEBSUB_NET_MS INT64_C(21600000)

enum pk_websub_state {
	PK_WEBSUB_PENDING,  /* the hub was asked, or will be */
	PK_WEBSUB_VERIFIED, /* it sends, until the lease ends */
	PK_WEBSUB_DENIED,   /* it does not want; asked again after a week */
	PK_WEBSUB_LEAVING,  /* we do not want; goes when the hub agrees */
};

/* "verified". */
const char *pk_websub_state_name(enum pk_websub_state state);

struct pk_websub {
	int64_t row;
	struct pk_span feed; /* id */
	struct pk_span hub;
	struct pk_span topic;
	struct pk_span callback; /* the base */
	struct pk_span token;
	struct pk_span secret;
	enum pk_websub_state state;
	int64_t verified_ms; /* 0: never */
	int64_t lease_until_ms;
	int64_t next_try_ms;
	unsigned failures;
	struct pk_span last_error;
	unsigned pushes;
	int64_t last_push_ms; /* 0: never */
	unsigned proofs;
	unsigned misses;
	int64_t suspect_ms;
};

/* ---- reading ---- */

/* The subscription of a feed that is not ending, copied into the arena. Returns 0,
 * -ENOENT or -ENOMEM. */
int pk_websub_load(struct pk_db *db, struct pk_arena *arena, struct pk_span feed,
    struct pk_websub *ret_websub);

/* The same, also one that is ending, by the token in its callback. */
int pk_websub_find(struct pk_db *db, struct pk_arena *arena, struct pk_span token,
    struct pk_websub *ret_websub);

struct pk_websub_list {
	struct pk_websub *items;
	size_t len;
	size_t cap;
};

/* Those whose hub is to be asked at `now_ms`, at most `limit`, the longest due first;
 * copied into the arena. */
int pk_websub_due(struct pk_db *db, struct pk_arena *arena, int64_t now_ms,
    size_t limit, struct pk_websub_list *ret_list);

/* When the next one after `now_ms` is. Returns 0, or -ENOENT: never. */
int pk_websub_next_try(struct pk_db *db, int64_t now_ms, int64_t *ret_next_ms);

/* Visits every one, in no order; spans are borrowed for the visit. Ends with what
 * `visit` returns as soon as that is not 0. */
int pk_websub_each(struct pk_db *db,
    int (*visit)(void *context, const struct pk_websub *websub), void *context);

/* May its feed be polled rarely? */
bool pk_websub_is_trusted(const struct pk_websub *websub, int64_t now_ms);

/* ---- what happens to it ---- */

struct pk_websub_offer {
	struct pk_span feed;
	struct pk_span hub;      /* absolute, checked; absent: the feed names none */
	struct pk_span topic;    /* the same */
	struct pk_span callback; /* the base */
};

/*
 * A feed was read and names this hub. A first one, and another one than before, makes a
 * subscription that is due at once; the one before ends. A hub that is no longer named
 * is not asked again, and its lease runs out. Returns 0, or 1: something is due now.
 */
int pk_websub_offered(struct pk_db *db, const struct pk_websub_offer *offer,
    int64_t now_ms, const uint64_t random[static 6]);

/*
 * The hub was asked: a request that began at `asked_ms` was accepted (`error` absent),
 * or failed. Either way it is asked again after a while, unless it has verified since;
 * to end a subscription it is asked five times, then we forget it.
 */
int pk_websub_asked(struct pk_db *db, int64_t row, int64_t asked_ms, int64_t now_ms,
    struct pk_span error, uint64_t random);

/* What a hub has said at a callback; it was judged and answered (http/hub.h). */
struct pk_websub_note {
	enum pk_hub_answer answer; /* not PK_HUB_REFUSE */
	char token[PK_HUB_TOKEN_LEN + 1];
	int64_t lease_ms; /* where it is PK_HUB_SUBSCRIBED */
	char reason[160]; /* where it is PK_HUB_DENIED; may be empty */
};

/* Notes it; a token that nobody knows any more is passed over. */
int pk_websub_note(struct pk_db *db, const struct pk_websub_note *note, int64_t now_ms,
    uint64_t random);

/*
 * Entries of a feed were recorded, `fresh` of them not seen before, that a push or a
 * poll has brought. Returns 0, or 1: the subscription has lost its trust by this.
 */
int pk_websub_brought(
    struct pk_db *db, struct pk_span feed, bool pushed, size_t fresh, int64_t now_ms);

/* This subscription is no longer wanted: the hub is told as soon as it can be asked. */
int pk_websub_leave(struct pk_db *db, int64_t row, int64_t now_ms);

/*
 * The callback is now `callback`: whoever was told another is asked anew, and what was
 * ending there is forgotten. Absent: there is none; all are forgotten. Returns how many
 * rows have changed.
 */
int pk_websub_move(struct pk_db *db, struct pk_span callback, int64_t now_ms);

#endif
