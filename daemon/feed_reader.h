/* SPDX-License-Identifier: Apache-2.0 */
/* daemon/feed_reader.h - what becomes of the bytes of a feed: entries, or a reason. */
#ifndef PEYK_DAEMON_FEED_READER_H
#define PEYK_DAEMON_FEED_READER_H

#include "base/db.h"
#include "daemon/flow.h"

/*
 * Reads the document of an outcome that is open: a feed, or a child of the index that
 * was read before it. Either more is wanted now (pk_outcome_next()), or the outcome is
 * POLLED, UNCHANGED or POLL_FAILED. `reader` sees which children of an index were read.
 * Workers' threads.
 */
void pk_feed_read(
    struct pk_flow *flow, struct pk_db *reader, struct pk_outcome *outcome);

#endif
