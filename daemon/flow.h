/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/flow.h - what the threads of the daemon share: two queues, the extractor that
 * holds now, and who is still alive.
 *
 *	fetcher --work--> workers --outcomes--> store
 *	   ^                                      |
 *	   +------------- completions ------------+
 *
 * At most `documents_max` documents are anywhere in this circle: the fetcher starts no
 * request beyond that, and both queues have room for as many. So a push never waits for
 * long, and nothing waits in a ring.
 */
#ifndef PEYK_DAEMON_FLOW_H
#define PEYK_DAEMON_FLOW_H

#include "base/queue.h"
#include "config/snapshot.h"
#include "daemon/cursor_mail.h"
#include "daemon/hub_mail.h"
#include "daemon/outcome.h"
#include "extract/extract.h"

#include <pthread.h>
#include <stdatomic.h>

struct pk_flow {
	pthread_mutex_t lock;           /* of `extractor` */
	struct pk_extractor *extractor; /* pk_flow_extractor() alone reads it */
	const char *db_path;
	const char *instance;
	const char *quarantine; /* the folder of bodies that nobody could read */
	_Atomic int64_t quarantine_bytes; /* what it may hold */
	size_t documents_max;
	struct pk_queue *work;              /* struct pk_outcome, open */
	struct pk_queue *outcomes;          /* struct pk_outcome, no longer open */
	struct pk_hub_mail *hub_mail;       /* of callback and fetcher to the store */
	struct pk_cursor_mail *cursor_mail; /* of replay to the store, and back */

	/* When a thread last came round its loop, by pk_mono_ns(). */
	_Atomic uint64_t fetcher_alive_ns;
	_Atomic uint64_t store_alive_ns;
	_Atomic uint64_t replay_alive_ns;

	/* After a crash the database was not looked through to its end, or is not
	 * whole: the next start begins again with that. */
	_Atomic bool unchecked;

	/* The store cannot write; it tries on. */
	_Atomic int degraded; /* 0, or the -errno */
	_Atomic int64_t degraded_since_ms;
};

/* An empty one, for pk_flow_use() and pk_flow_done(). */
#define PK_FLOW_EMPTY ((struct pk_flow){ .lock = PTHREAD_MUTEX_INITIALIZER })

/* Makes the queues of an empty one. Returns 0 or -ENOMEM. */
int pk_flow_init(struct pk_flow *flow, size_t documents_max);
void pk_flow_done(struct pk_flow *flow);

/* From now on documents are read with this extractor. Takes the reference. Any thread.
 */
void pk_flow_use(struct pk_flow *flow, struct pk_extractor *extractor);

/* Gives a reference to the extractor that holds now. Any thread. */
struct pk_extractor *pk_flow_extractor(struct pk_flow *flow);

#endif
