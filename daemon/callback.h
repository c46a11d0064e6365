/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/callback.h - the address at which hubs reach us (WebSub): they ask whether we
 * meant a subscription, and send what is new.
 *
 * An HTTP server with one thread, by libmicrohttpd, usually behind a reverse proxy. Who
 * does not know a subscription's token gets 404 and nothing else; a body is read only
 * of those who do, and believed only when it is signed with the subscription's secret.
 * The thread reads the table of subscriptions through a connection of its own, and
 * tells others what it was told by the two functions of its options.
 */
#ifndef PEYK_DAEMON_CALLBACK_H
#define PEYK_DAEMON_CALLBACK_H

#include "fetch/poll/websub.h"

struct pk_callback;

struct pk_callback_options {
	struct pk_span listen; /* "127.0.0.1:7554", "[::1]:0" */
	const char *db_path;   /* borrowed for the call */
	size_t body_max;       /* bytes of one push */
	int64_t lease_ms;      /* of a hub that does not say for how long */

	/*
	 * Called by the callback's thread; must not wait for long. A push was signed
	 * as it should be. Each returns 0 (it was taken), or -EAGAIN: the hub is told
	 * to come again.
	 */
	int (*push)(void *context, struct pk_span feed, struct pk_span bytes,
	    struct pk_span content_type);
	int (*note)(void *context, const struct pk_websub_note *note);
	void *context;
};

/* Listens. Returns 0 or -errno: of bind(2), of the database. */
int pk_callback_open(
    const struct pk_callback_options *options, struct pk_callback **ret_callback);

/* The address in use, for people; borrowed. Its port is the one that was free. */
const char *pk_callback_address(const struct pk_callback *callback);

/* New limits, from the next request on. Any thread. */
void pk_callback_configure(
    struct pk_callback *callback, size_t body_max, int64_t lease_ms);

/* Ends the thread; requests under way are cut off. NULL is fine. Returns NULL. */
struct pk_callback *pk_callback_close(struct pk_callback *callback);
PK_DEFINE_CLEANUP(struct pk_callback *, pk_callback_close);

#endif
