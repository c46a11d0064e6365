/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/cut.h - subscriptions of peers whose keys may not read everything, cut down
 * to what they may read (grant.h).
 *
 * ZMQ_XPUB_MANUAL leaves each subscription to us, for the peer of the message that was
 * received last. libzmq 4.3 has two holes there, and we stay out of both:
 *
 * - It remembers the peer by a pointer, which may be that of one who is gone. His
 *   descriptor is closed long before, so nothing is granted over a closed one; and what
 *   peers have said is read before each message is sent.
 * - A message that is no subscription has no such pointer, and all those that follow
 *   have the one of another. The socket is then of no use any more: -EPROTO.
 */
#ifndef PEYK_PUBLISH_CUT_H
#define PEYK_PUBLISH_CUT_H

#include "publish/access.h"

struct pk_cut;

/* Borrows `access`. NULL on no memory. One thread. */
struct pk_cut *pk_cut_new(struct pk_access *access);
struct pk_cut *pk_cut_free(struct pk_cut *cut);
PK_DEFINE_CLEANUP(struct pk_cut *, pk_cut_free);

/*
 * Reads what the peers of an XPUB socket with ZMQ_XPUB_MANUAL have said, and keeps
 * *subscriptions, how many stand. Returns 0 or -EPROTO: the peer that said what is no
 * subscription is thrown out, and the socket is to be closed.
 */
int pk_cut_read(struct pk_cut *cut, void *xpub, size_t *subscriptions);

/* The socket is another one now: all peers are gone. */
void pk_cut_clear(struct pk_cut *cut);

#endif
