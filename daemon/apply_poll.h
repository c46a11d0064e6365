/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/apply_poll.h - what the outcome of a poll becomes on disk, and what is told of
 * the feed.
 */
#ifndef PEYK_DAEMON_APPLY_POLL_H
#define PEYK_DAEMON_APPLY_POLL_H

#include "base/db.h"
#include "config/snapshot.h"
#include "daemon/outcome.h"
#include "fetch/poll/health.h"

/* All zeros: nothing was applied, for the feed is not wanted any more. */
struct pk_applied_poll {
	struct pk_poll_counts counts;
	int64_t next_ms; /* when the feed is due again */
	bool moved;      /* it is asked elsewhere from now on */
	bool new_pages;  /* there are pages to be asked for */
	bool ask_hubs;   /* a subscription has become due */
	bool told;       /* a hub has told of something that only a poll will bring */
	bool gap;        /* entries were lost before it */
	bool health_changed;
	enum pk_health health;
	unsigned failures; /* in a row */
};

/*
 * Writes a POLLED, UNCHANGED or POLL_FAILED outcome within the caller's transaction.
 * What is told of the feed (its health when that changed, a gap, a move) is appended to
 * the records, in the arena. Returns 0 or an error. The store's thread.
 */
int pk_apply_poll(struct pk_db *db, struct pk_arena *arena,
    const struct pk_config *config, const char *instance,
    const struct pk_outcome *outcome, int64_t now_ms, struct pk_records *records,
    struct pk_applied_poll *ret_applied);

/*
 * The same of what a hub has sent: its entries, and what they teach of the feed's
 * rhythm. What could not be read is asked for at once, from the feed itself.
 */
int pk_apply_push(struct pk_db *db, struct pk_arena *arena,
    const struct pk_config *config, const struct pk_outcome *outcome, int64_t now_ms,
    struct pk_applied_poll *ret_applied);

/*
 * Notes, in the caller's transaction, that the host that was asked and the one that
 * answered want to be left alone, if they said so: a restart must not make us forget
 * it. Of polls, pk_apply_poll() does it. Returns 0 or an error.
 */
int pk_apply_hold(struct pk_db *db, const struct pk_outcome *outcome, int64_t now_ms);

#endif
