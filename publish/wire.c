/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <zmq.h>

/* What is left to be sent when a socket is closed has so long. */
#define LINGER_MS 500

/* A peer has so long for its handshake, and to answer ZeroMQ's heartbeats. */
#define HANDSHAKE_MS         10000
#define HEARTBEAT_MS         10000
#define HEARTBEAT_TIMEOUT_MS 30000

#define KEEPALIVE_IDLE_S 60
#define BACKLOG          512

struct pk_wire {
	void *zmq;
};

int
pk_wire_new(struct pk_wire **ret_wire)
{
	pk_cleanup(pk_wire_freep) struct pk_wire *wire = calloc(1, sizeof(*wire));

	if (wire == NULL)
		return -ENOMEM;
	wire->zmq = zmq_ctx_new();
	if (wire->zmq == NULL)
		return -ENOMEM;
	*ret_wire = pk_steal(&wire);
	return 0;
}

struct pk_wire *
pk_wire_free(struct pk_wire *wire)
{
	if (wire == NULL)
		return NULL;
	if (wire->zmq != NULL)
		zmq_ctx_term(wire->zmq);
	free(wire);
	return NULL;
}

static void
set_int(void *socket, int option, int value)
{
	zmq_setsockopt(socket, option, &value, sizeof(value));
}

int
pk_wire_socket(struct pk_wire *wire, int type, const struct pk_wire_limits *limits,
    void **ret_socket)
{
	void *socket = zmq_socket(wire->zmq, type);

	if (socket == NULL)
		return -zmq_errno();
	set_int(socket, ZMQ_SNDHWM, limits->send_hwm);
	set_int(socket, ZMQ_RCVHWM, limits->receive_hwm);
	set_int(socket, ZMQ_LINGER, LINGER_MS);
	zmq_setsockopt(
	    socket, ZMQ_MAXMSGSIZE, &limits->message_max, sizeof(limits->message_max));
	set_int(socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS);
	set_int(socket, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS);
	set_int(socket, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS);
	set_int(socket, ZMQ_TCP_KEEPALIVE, 1);
	set_int(socket, ZMQ_TCP_KEEPALIVE_IDLE, KEEPALIVE_IDLE_S);
	set_int(socket, ZMQ_BACKLOG, BACKLOG);
	*ret_socket = socket;
	return 0;
}
