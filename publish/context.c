/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/context.h"

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

struct pk_context {
	void *zmq;
};

int
pk_context_new(struct pk_context **ret_context)
{
	pk_cleanup(pk_context_freep) struct pk_context *context =
	    calloc(1, sizeof(*context));

	if (context == NULL)
		return -ENOMEM;
	context->zmq = zmq_ctx_new();
	if (context->zmq == NULL)
		return -ENOMEM;
	*ret_context = pk_steal(&context);
	return 0;
}

struct pk_context *
pk_context_free(struct pk_context *context)
{
	if (context == NULL)
		return NULL;
	if (context->zmq != NULL)
		zmq_ctx_term(context->zmq);
	free(context);
	return NULL;
}

static void
set_int(void *socket, int option, int value)
{
	zmq_setsockopt(socket, option, &value, sizeof(value));
}

int
pk_context_socket(struct pk_context *context, int type,
    const struct pk_context_limits *limits, void **ret_socket)
{
	void *socket = zmq_socket(context->zmq, type);

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
