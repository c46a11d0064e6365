/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/prune.h - what is old is forgotten, a slice at a time, between two groups.
 *
 * Messages by journal.retention, entries that no feed has shown for long, stories that
 * left their window, articles of which nothing was told for over a year. Each slice is
 * a transaction of its own; what does not work now works some other time. The store's
 * thread.
 */
#ifndef PEYK_DAEMON_PRUNE_H
#define PEYK_DAEMON_PRUNE_H

#include "base/db.h"
#include "config/snapshot.h"

/* When each is due, by pk_mono_ns(). All 0 to begin with. */
struct pk_prune {
	size_t messages_max; /* of the next slice; 0: as many as usual */
	uint64_t messages_ns;
	uint64_t entries_ns;
	uint64_t stories_ns;
	uint64_t articles_ns;
	uint64_t shrink_ns;
};

/*
 * Does what is due, one slice of each at most. `now_ms` is the time that is believed
 * (base/steady.h). With `idle` false somebody waits for a commit: then what can wait
 * does.
 */
void pk_prune_round(struct pk_prune *prune, struct pk_db *db,
    const struct pk_config *config, int64_t now_ms, bool idle);

#endif
