/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/wire.h - what the live stream and replay share: ZeroMQ's context, encryption,
 * the limits that hold for whoever connects, and who is connected.
 *
 * A stranger may connect to either socket: what he can say is bounded, and so is how
 * long he may say nothing. Everything that libzmq offers against that is set here,
 * once.
 */
#ifndef PEYK_PUBLISH_WIRE_H
#define PEYK_PUBLISH_WIRE_H

#include "base/cleanup.h"
#include "publish/access.h"
#include "publish/curve.h"

#include <stdint.h>

struct pk_wire;

struct pk_wire_options {
	const struct pk_key_pair *keys; /* the daemon's; NULL: nothing is encrypted */
	struct pk_access *access;       /* borrowed; with keys: who may connect */
};

/*
 * `options` NULL stands for no encryption. Returns 0, -ENOMEM or -errno of zmq_bind(3).
 * Belongs to one thread, but sockets may be made of it, and then belong to, other
 * threads.
 */
int pk_wire_new(const struct pk_wire_options *options, struct pk_wire **ret_wire);

/* Ends the threads of ZeroMQ. All sockets must have been closed, and nobody may be in
 * pk_wire_guard(). NULL is fine. */
struct pk_wire *pk_wire_free(struct pk_wire *wire);
PK_DEFINE_CLEANUP(struct pk_wire *, pk_wire_free);

/* Who may read what; NULL without encryption. Any thread. */
struct pk_access *pk_wire_access(struct pk_wire *wire);

struct pk_wire_limits {
	int64_t message_max; /* bytes of one frame that a peer may send; more ends it */
	int send_hwm;        /* messages kept for a peer that lags */
	int receive_hwm;     /* messages of a peer kept for us */
};

/*
 * A socket that peers connect to, not bound yet: encryption, limits, handshake,
 * heartbeats and keep-alive are set, and its connections are counted. `type` is one of
 * <zmq.h>: ZMQ_XPUB is the live stream, all others count as replay. Close it with
 * pk_wire_close(). Returns 0 or -errno of zmq_socket(3). Any thread.
 */
int pk_wire_socket(struct pk_wire *wire, int type, const struct pk_wire_limits *limits,
    void **ret_socket);

/* Closes such a socket; what waits to be sent has half a second. Its owner's thread.
 * NULL is fine. */
void pk_wire_close(struct pk_wire *wire, void *socket);

/* The same, and what waits to be sent is dropped: for sockets whose peers may not have
 * it any more. */
void pk_wire_drop(struct pk_wire *wire, void *socket);

/* ---- the guard: one thread ---- */

/* Somebody who was not let in. */
struct pk_refusal {
	int why;                   /* of pk_access_admit(), or -EBADMSG */
	char key[PK_KEY_TEXT + 1]; /* his public one, in Z85; "" where there is none */
	char name[PK_CLIENT_NAME_MAX + 1]; /* "" where he is not known */
	char address[64];
};

/*
 * Waits up to `timeout_ms` for peers that want to be let in and for news of
 * connections, or until `wake_fd` can be read; deals with what there is. With
 * encryption nobody gets in while this is not called. Returns 1 when somebody was
 * refused (there may be more: call again), else 0. One thread.
 */
int pk_wire_guard(
    struct pk_wire *wire, int wake_fd, int timeout_ms, struct pk_refusal *ret_refusal);

enum pk_door { PK_DOOR_EVENTS, PK_DOOR_REPLAY, PK_DOORS };

/* How many are connected, shaken hands or not. Any thread. */
uint64_t pk_wire_connected(struct pk_wire *wire, enum pk_door door);

#endif
