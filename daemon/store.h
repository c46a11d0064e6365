/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/store.h - the one thread that writes: outcomes into the database, then, once
 * they are committed, their messages onto the stream (P1, P5).
 *
 * Outcomes are committed in groups. A commit that fails (a full disk) is tried again
 * until it works: the queue behind it fills, workers and fetcher wait, and nothing is
 * lost (P7).
 */
#ifndef PEYK_DAEMON_STORE_H
#define PEYK_DAEMON_STORE_H

#include "base/db.h"
#include "daemon/fetcher.h"
#include "daemon/flow.h"
#include "publish/socket.h"

struct pk_store;

/*
 * Starts the thread on an open database and socket; takes both, also on failure. The
 * fetcher is told what was committed. Returns 0 or -errno.
 */
int pk_store_start(struct pk_flow *flow, struct pk_config *config, struct pk_db *db,
    struct pk_socket *socket, struct pk_fetcher *fetcher, struct pk_store **ret_store);

/* Takes over a new configuration, between two commits. Any thread. */
void pk_store_configure(struct pk_store *store, struct pk_config *config);

/*
 * Ends when flow->outcomes is closed and empty, or after `patience_ns` when the disk
 * does not take what is left (it is still pending, and will be fetched again). Joins.
 * NULL is fine.
 */
struct pk_store *pk_store_stop(struct pk_store *store, uint64_t patience_ns);

/* What is published, as of the last commit. Any thread. */
struct pk_store_view {
	uint64_t epoch;
	uint64_t oldest;
	uint64_t head;
	int64_t bytes; /* of all messages that are there */
	size_t subscriptions;
};

void pk_store_view(struct pk_store *store, struct pk_store_view *ret_view);

#endif
