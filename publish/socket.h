/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/socket.h - the live stream: an XPUB socket that sends what the journal holds.
 *
 * Three frames a message: topic, header, body. The header is 24 bytes, big endian:
 * "PYK1", flags (0), epoch (64 bit), sequence (64 bit; 0 in a heartbeat, which has no
 * number). A subscriber that does not keep up loses messages at its high-water mark and
 * slows nobody (P6). One thread owns a socket from open to close.
 */
#ifndef PEYK_PUBLISH_SOCKET_H
#define PEYK_PUBLISH_SOCKET_H

#include "base/arena.h"
#include "publish/wire.h"

#include <stdbool.h>

#define PK_HEADER_SIZE 24

struct pk_socket;

struct pk_socket_options {
	const char *const *binds; /* ZeroMQ endpoints */
	size_t n_binds;
	int send_hwm; /* messages kept for a subscriber that lags */
};

/*
 * Opens and binds; the context must outlive it. Returns 0, -ENOMEM or an error of
 * pk_endpoints_bind().
 */
int pk_socket_open(struct pk_wire *wire, const struct pk_socket_options *options,
    struct pk_socket **ret_socket);
struct pk_socket *pk_socket_close(struct pk_socket *socket);
PK_DEFINE_CLEANUP(struct pk_socket *, pk_socket_close);

/*
 * Moves to the endpoints of `options`: see pk_endpoints_bind(). Where a key was taken
 * away, or may read less, or topics are to be kept apart for the first time, all
 * connections end: whoever may still read comes back by himself.
 */
int pk_socket_rebind(struct pk_socket *socket, const struct pk_socket_options *options);

/* The i-th endpoint as bound, with its real port; NULL behind the last. */
const char *pk_socket_endpoint(const struct pk_socket *socket, size_t i);

/* Sends one message to whoever subscribes. Never waits. Returns 0 or -errno. */
int pk_socket_send(struct pk_socket *socket, struct pk_span topic, uint64_t epoch,
    uint64_t sequence, struct pk_span body);

/*
 * Sends a heartbeat: epoch, newest and oldest number. `time_ms` is now. Returns 0 or
 * -errno.
 */
int pk_socket_heartbeat(struct pk_socket *socket, const char *instance, uint64_t epoch,
    uint64_t oldest, uint64_t head, int64_t time_ms);

/*
 * Reads what subscribers have said since the last call (it has to be read, or it piles
 * up). Returns the number of subscriptions that stand now.
 */
size_t pk_socket_subscriptions(struct pk_socket *socket);

/* Are there keys with topics? Then a subscription holds only when it was read, and that
 * should be soon. */
bool pk_socket_is_limited(const struct pk_socket *socket);

/* Writes the header's bytes. */
void pk_header_write(
    unsigned char ret_header[static PK_HEADER_SIZE], uint64_t epoch, uint64_t sequence);

/* Reads them. Returns 0, or -EBADMSG for what is no header of version 1. */
int pk_header_read(struct pk_span header, uint64_t *ret_epoch, uint64_t *ret_sequence);

#endif
