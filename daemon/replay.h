/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/replay.h - the thread that answers clients who ask for what they have missed.
 *
 * It reads the journal on a connection of its own, a batch at a time, so that neither
 * the store nor the live stream wait for it, and goes on while the disk is full (P7).
 */
#ifndef PEYK_DAEMON_REPLAY_H
#define PEYK_DAEMON_REPLAY_H

#include "config/snapshot.h"
#include "daemon/flow.h"
#include "publish/wire.h"

struct pk_replayer;

/*
 * Binds and starts the thread; flow and wire must outlive it. Returns 0 or an error of
 * pk_replay_open().
 */
int pk_replayer_start(struct pk_flow *flow, struct pk_wire *wire,
    struct pk_config *config, struct pk_replayer **ret_replayer);

/* Takes over a new configuration, between two answers. Any thread. */
void pk_replayer_configure(struct pk_replayer *replayer, struct pk_config *config);

/* Who waits gets no answer, and asks again. NULL is fine. Joins. */
struct pk_replayer *pk_replayer_stop(struct pk_replayer *replayer);

#endif
