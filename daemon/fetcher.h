/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/fetcher.h - the one thread that talks to servers: polls feeds when they are
 * due and asks for the pages of entries that wait on disk.
 *
 * The disk is the queue of pages: the fetcher reads what is pending through a
 * connection of its own, as far as it has room. After a crash the same reading finds
 * what was not finished.
 */
#ifndef PEYK_DAEMON_FETCHER_H
#define PEYK_DAEMON_FETCHER_H

#include "daemon/flow.h"

struct pk_fetcher;

/*
 * Makes the thread's state: reads which feed was polled when. The database must have
 * its tables. Returns 0 or -errno. pk_fetcher_run() starts it, so that the store can be
 * made in between.
 */
int pk_fetcher_new(
    struct pk_flow *flow, struct pk_config *config, struct pk_fetcher **ret_fetcher);
int pk_fetcher_run(struct pk_fetcher *fetcher);

/* Ends the thread and joins it; what is under way is dropped and will be asked for
 * again. */
void pk_fetcher_stop(struct pk_fetcher *fetcher);

/* Frees a stopped fetcher. NULL is fine. Returns NULL. */
struct pk_fetcher *pk_fetcher_free(struct pk_fetcher *fetcher);

/* Takes over a new configuration soon. Any thread. */
void pk_fetcher_configure(struct pk_fetcher *fetcher, struct pk_config *config);

/*
 * Polls a feed as soon as politeness allows; an unknown one is passed over. Returns 0,
 * or -EAGAIN when too many wait already. Any thread.
 */
int pk_fetcher_poll(struct pk_fetcher *fetcher, struct pk_span feed);

/*
 * Takes what a hub has sent (copied): it goes to the workers like a polled body. A feed
 * that is under way, and one for which there is no room, is polled soon instead, so
 * nothing is lost. Returns 0, or -EAGAIN: too much waits already, and the hub should
 * come again. Any thread.
 */
int pk_fetcher_push(struct pk_fetcher *fetcher, struct pk_span feed,
    struct pk_span bytes, struct pk_span content_type);

/* A hub may be to be asked (hubs.h). Any thread. */
void pk_fetcher_look_at_hubs(struct pk_fetcher *fetcher);

/*
 * Hands back a page or an index that was read and that wants more (pk_outcome_next()):
 * it is asked for when politeness allows, and the document goes to the workers again.
 * It stays in the circle. Takes the outcome. Never waits. Any thread.
 */
void pk_fetcher_go_on(struct pk_fetcher *fetcher, struct pk_outcome *outcome);

/*
 * A document has left the circle: its outcome is on disk, or was given up.
 *
 *   feed           id of its feed
 *   entry          row of the entry it was the page of; 0 for a feed
 *   wait_ms        after so long the feed is due again (feeds only)
 *   next_ms        the same, on the wall clock
 *   failing        the poll was no good
 *   moved          the feed is asked elsewhere from now on
 *   new_pages      the commit has made pages pending
 *   told           a hub has told of something that only a poll will bring
 */
struct pk_completion {
	char feed[40];
	int64_t entry;
	int64_t wait_ms;
	int64_t next_ms;
	bool failing;
	bool moved;
	bool new_pages;
	bool told;
};

/* Tells the fetcher. Never waits. Any thread. */
void pk_fetcher_complete(
    struct pk_fetcher *fetcher, const struct pk_completion *completion);

#endif
