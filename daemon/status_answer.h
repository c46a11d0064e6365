/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/status_answer.h - what `peyk status` shows: how the daemon fares, as JSON.
 *
 * peyk(1) names the fields. Main thread.
 */
#ifndef PEYK_DAEMON_STATUS_ANSWER_H
#define PEYK_DAEMON_STATUS_ANSWER_H

#include "base/db.h"
#include "daemon/flow.h"
#include "daemon/keeper.h"
#include "daemon/store.h"

#include <jansson.h>

/* Where it comes from; all borrowed. */
struct pk_status_sources {
	const struct pk_config *config;
	struct pk_flow *flow;
	struct pk_store *store;
	struct pk_keeper *keeper;
	struct pk_db *reader;
	uint64_t generation;
	int64_t uptime_s;
};

/* NULL on no memory. What cannot be read just now is absent. */
json_t *pk_status_answer(const struct pk_status_sources *sources);

#endif
