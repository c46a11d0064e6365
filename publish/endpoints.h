/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/endpoints.h - where a socket is bound, and how it moves on a reload.
 *
 * Belongs to the thread that owns the socket.
 */
#ifndef PEYK_PUBLISH_ENDPOINTS_H
#define PEYK_PUBLISH_ENDPOINTS_H

#include <stdbool.h>
#include <stddef.h>

#define PK_ENDPOINTS_MAX 16
#define PK_ENDPOINT_SIZE 256

struct pk_endpoints {
	struct {
		char wanted[PK_ENDPOINT_SIZE]; /* as configured */
		char real[PK_ENDPOINT_SIZE];   /* as ZeroMQ bound it, with its port */
		bool is_lost;
	} items[PK_ENDPOINTS_MAX];
	size_t n;
};

/*
 * Leaves the endpoints that are not wanted any more, binds those that are new; a port 0
 * or '*' takes a free one. Goes on behind one that cannot be bound. Returns 0, or the
 * error of the last that failed: -EADDRINUSE, -EINVAL (no such endpoint), -E2BIG or
 * another -errno of zmq_bind(3).
 */
int pk_endpoints_bind(struct pk_endpoints *endpoints, void *socket,
    const char *const *wanted, size_t n_wanted);

/* The socket that was bound to them was closed. */
void pk_endpoints_lose(struct pk_endpoints *endpoints);

/*
 * Binds those that were lost to the socket that takes its place: libzmq lets go of an
 * endpoint some time after its socket was closed, so this waits for it, up to
 * `patience_ms` in all. Returns 0 or the error of the last that failed; then it may be
 * called again.
 */
int pk_endpoints_take_over(
    struct pk_endpoints *endpoints, void *socket, int patience_ms);

/* The i-th endpoint as bound, with its real port; NULL behind the last. */
const char *pk_endpoints_at(const struct pk_endpoints *endpoints, size_t i);

#endif
