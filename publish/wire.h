/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/wire.h - what the live stream and replay share: ZeroMQ's context, and the
 * limits that hold for whoever connects.
 *
 * A stranger may connect to either socket: what he can say is bounded, and so is how
 * long he may say nothing. Everything that libzmq offers against that is set here,
 * once.
 */
#ifndef PEYK_PUBLISH_WIRE_H
#define PEYK_PUBLISH_WIRE_H

#include "base/cleanup.h"

#include <stdint.h>

struct pk_wire;

/* Returns 0 or -ENOMEM. Belongs to one thread, but sockets may be made of it, and then
 * belong to, other threads (zmq_socket(3)). */
int pk_wire_new(struct pk_wire **ret_wire);

/* Ends the threads of ZeroMQ. All sockets must have been closed. NULL is fine. */
struct pk_wire *pk_wire_free(struct pk_wire *wire);
PK_DEFINE_CLEANUP(struct pk_wire *, pk_wire_free);

struct pk_wire_limits {
	int64_t message_max; /* bytes of one frame that a peer may send; more ends it */
	int send_hwm;        /* messages kept for a peer that lags */
	int receive_hwm;     /* messages of a peer kept for us */
};

/*
 * A socket that peers connect to, not bound yet: limits, handshake, heartbeats and
 * keep-alive are set. `type` is one of <zmq.h>. Close it with zmq_close(). Returns 0 or
 * -errno of zmq_socket(3).
 */
int pk_wire_socket(struct pk_wire *wire, int type, const struct pk_wire_limits *limits,
    void **ret_socket);

#endif
