/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/monitor.h - what becomes of the connections of a socket, counted.
 *
 * libzmq tells it through a PAIR of sockets (zmq_socket_monitor(3)). It waits when
 * nobody takes what it tells, and all of ZeroMQ with it: so our end takes in any
 * number, and is closed only when the other one has said that it ends.
 */
#ifndef PEYK_PUBLISH_MONITOR_H
#define PEYK_PUBLISH_MONITOR_H

#include <stdbool.h>
#include <stdint.h>

struct pk_monitor {
	void *pair;
	unsigned door;
	int64_t connected; /* now */
	bool ended;
};

/*
 * Watches `socket`, which is not bound yet; `number` is another one for each of a
 * context. Returns 0 or -errno of zmq_socket_monitor(3) or zmq_connect(3).
 */
int pk_monitor_open(void *context, void *socket, uint64_t number, unsigned door,
    struct pk_monitor *ret_monitor);

/* Counts what was told, at most a thousand events at once. Returns how far the number
 * of connections has changed. */
int64_t pk_monitor_read(struct pk_monitor *monitor);

void pk_monitor_close(struct pk_monitor *monitor);

#endif
