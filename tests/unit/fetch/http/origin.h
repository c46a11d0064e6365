/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An HTTP server for the client's test: one thread on a loopback port of its own, one
 * request a connection, answers from a table. It misbehaves as it is told.
 */
#ifndef PEYK_TESTS_UNIT_FETCH_HTTP_ORIGIN_H
#define PEYK_TESTS_UNIT_FETCH_HTTP_ORIGIN_H

#include "base/span.h"

struct origin;

/* What is served at a path: fixed bytes, header included, or whatever `serve` sends. */
struct origin_page {
	const char *path;
	struct pk_span bytes;
	void (*serve)(struct origin *origin, int fd);
};

struct origin *origin_start(const struct origin_page *pages, size_t n_pages);
void origin_stop(struct origin *origin);

unsigned origin_port(const struct origin *origin);

/* Requests so far. */
unsigned origin_requests(struct origin *origin);

/* Does the newest request hold this text? */
bool origin_was_told(struct origin *origin, const char *text);

/* For `serve`: false when the client has gone, or the test is over. */
bool origin_send(struct origin *origin, int fd, struct pk_span bytes);

/* Waits until the client goes away, `ms` at most; false when it has, or the test is
 * over. */
bool origin_linger(struct origin *origin, int fd, int ms);

/* The connection will end with a reset when `serve` returns. */
void origin_reset(int fd);

/* A listening socket on an address of 127.0.0.0/8 where nobody should ever knock. */
int canary_open(const char *address, unsigned *ret_port);
bool canary_heard_nothing(int fd);

#endif
