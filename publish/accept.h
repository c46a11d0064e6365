/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strangers leave us the descriptors that we need ourselves.
 *
 * libzmq 4.3 ends the process when accept4(2) finds no descriptor for a peer of a unix
 * socket, and spins when it finds none for one over TCP. It has no limit of peers
 * either. So accept.c stands in for accept4() in this program: for whoever connects,
 * libzmq's peers and hubs alike, it takes three quarters of the descriptors that the
 * process may have (RLIMIT_NOFILE, asked each time); who comes beyond is let go at
 * once, and libzmq goes on as if he had gone himself. Files, fetches and the control
 * socket have the rest.
 */
#ifndef PEYK_PUBLISH_ACCEPT_H
#define PEYK_PUBLISH_ACCEPT_H

/* accept4() itself, without an address: for our own operator. Returns the descriptor,
 * which is the caller's, or -errno. Any thread. */
int pk_accept_operator(int listener, int flags);

#endif
