/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/zap.h - who gets in: the answer to each request of ZeroMQ's authentication
 * protocol (ZAP, RFC 27).
 *
 * libzmq asks at inproc://zeromq.zap.01 before it finishes the handshake of a peer. A
 * key that is in the allow list is let in, under its client's name (User-Id) and with
 * the number of its connection; all others are refused.
 */
#ifndef PEYK_PUBLISH_ZAP_H
#define PEYK_PUBLISH_ZAP_H

#include "publish/wire.h"

#define PK_ZAP_DOMAIN "peyk"

/* The property of a peer's messages that numbers its connection, from 1 on; no two of a
 * process have the same. See zmq_msg_gets(3). */
#define PK_ZAP_CONNECTION "X-Peyk-Connection"

struct pk_zap {
	void *rep;
	struct pk_access *access;
	uint64_t connections; /* that were let in so far */
};

/* Binds where libzmq asks. Returns 0 or -errno of zmq_socket(3) or zmq_bind(3). */
int pk_zap_open(void *context, struct pk_access *access, struct pk_zap *ret_zap);
void pk_zap_close(struct pk_zap *zap);

/*
 * Answers one request, if there is one; never waits. Returns 1 when it was refused and
 * *ret_refusal tells why, else 0. From the first call on `zap` is that thread's.
 */
int pk_zap_serve(struct pk_zap *zap, struct pk_refusal *ret_refusal);

#endif
