/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/guard.h - the thread at the doors of the stream: it lets in known keys, counts
 * connections, and tells who was refused.
 */
#ifndef PEYK_DAEMON_GUARD_H
#define PEYK_DAEMON_GUARD_H

#include "base/cleanup.h"
#include "publish/wire.h"

struct pk_guard;

/* Starts the thread. Borrows `wire`. Returns 0 or -errno. */
int pk_guard_start(struct pk_wire *wire, struct pk_guard **ret_guard);

/* Joins; behind the threads that have sockets of `wire`, before pk_wire_free(). NULL is
 * fine. */
struct pk_guard *pk_guard_stop(struct pk_guard *guard);

#endif
