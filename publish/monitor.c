/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/monitor.h"

#include "base/counter.h"

#include <stdio.h>
#include <string.h>
#include <zmq.h>

#define EVENTS_AT_ONCE 1000

#define WATCHED                                                                        \
	(ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_ACCEPT_FAILED | ZMQ_EVENT_DISCONNECTED |       \
	    ZMQ_EVENT_MONITOR_STOPPED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |         \
	    ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |      \
	    ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)

int
pk_monitor_open(void *context, void *socket, uint64_t number, unsigned door,
    struct pk_monitor *ret_monitor)
{
	char endpoint[64];
	int any = 0;
	void *pair = zmq_socket(context, ZMQ_PAIR);

	if (pair == NULL)
		return -zmq_errno();
	snprintf(endpoint, sizeof(endpoint), "inproc://monitor-%llu",
	    (unsigned long long)number);
	zmq_setsockopt(pair, ZMQ_RCVHWM, &any, sizeof(any));
	zmq_setsockopt(pair, ZMQ_LINGER, &any, sizeof(any));
	if (zmq_socket_monitor(socket, endpoint, WATCHED) != 0 ||
	    zmq_connect(pair, endpoint) != 0) {
		int r = -zmq_errno();
		zmq_socket_monitor(socket, NULL, 0);
		zmq_close(pair);
		return r;
	}
	*ret_monitor = (struct pk_monitor){ .pair = pair, .door = door };
	return 0;
}

void
pk_monitor_close(struct pk_monitor *monitor)
{
	if (monitor->pair != NULL)
		zmq_close(monitor->pair);
	monitor->pair = NULL;
}

/* A frame with event and value, and one with the endpoint. */
static bool
next_event(struct pk_monitor *monitor, uint16_t *ret_event)
{
	unsigned char frame[16];
	int len = zmq_recv(monitor->pair, frame, sizeof(frame), ZMQ_DONTWAIT), more;
	size_t size = sizeof(more);

	if (len < 0)
		return false;
	*ret_event = 0;
	if (len >= (int)sizeof(*ret_event))
		memcpy(ret_event, frame, sizeof(*ret_event));
	while (
	    zmq_getsockopt(monitor->pair, ZMQ_RCVMORE, &more, &size) == 0 && more != 0)
		zmq_recv(monitor->pair, frame, sizeof(frame), ZMQ_DONTWAIT);
	return true;
}

static int64_t
take(struct pk_monitor *monitor, uint16_t event)
{
	int64_t gone = monitor->connected;

	switch (event) {
	case ZMQ_EVENT_ACCEPTED:
		pk_count(PK_COUNT_PEERS_ACCEPTED);
		return 1;
	case ZMQ_EVENT_ACCEPT_FAILED:
		pk_count(PK_COUNT_PEERS_ACCEPT_FAILED);
		return 0;
	case ZMQ_EVENT_DISCONNECTED:
		pk_count(PK_COUNT_PEERS_CLOSED);
		return gone > 0 ? -1 : 0;
	case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
		pk_count(PK_COUNT_HANDSHAKES);
		return 0;
	case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
		pk_count(PK_COUNT_HANDSHAKES_FAILED_PROTOCOL);
		return 0;
	case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
		pk_count(PK_COUNT_HANDSHAKES_FAILED_AUTH);
		return 0;
	case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
		pk_count(PK_COUNT_HANDSHAKES_FAILED_OTHER);
		return 0;
	case ZMQ_EVENT_MONITOR_STOPPED:
		/* a socket that closes ends its connections without a word */
		monitor->ended = true;
		pk_count_add(PK_COUNT_PEERS_CLOSED, (uint64_t)gone);
		return -gone;
	default:
		return 0;
	}
}

int64_t
pk_monitor_read(struct pk_monitor *monitor)
{
	int64_t before = monitor->connected;
	uint16_t event;

	for (int i = 0; i < EVENTS_AT_ONCE && next_event(monitor, &event); i++)
		monitor->connected += take(monitor, event);
	return monitor->connected - before;
}
