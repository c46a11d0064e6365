/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/grant.h - what of its subscriptions a connection with topics gets.
 *
 * A subscription to P within a topic T of its key gets P; one to less than T gets T, of
 * each T that it covers; heartbeats are everybody's. Several subscriptions may come to
 * the same: it is taken back with the last of them.
 */
#ifndef PEYK_PUBLISH_GRANT_H
#define PEYK_PUBLISH_GRANT_H

#include "publish/allow_list.h"

#define PK_GRANTS_MAX        (PK_CLIENT_TOPICS_MAX + 1)
#define PK_SUBSCRIPTIONS_MAX 256 /* of one connection */

/*
 * The prefixes that a subscription to `prefix` gets. Borrows of all three arguments'
 * text. Returns how many, 0 where it gets nothing.
 */
size_t pk_grant(const struct pk_client *client, struct pk_span prefix,
    struct pk_span ret_grants[static PK_GRANTS_MAX]);

/* What a connection has subscribed to. */
struct pk_wishes {
	struct pk_span *items; /* each its own piece of memory */
	size_t n;
	size_t room;
};

/* Notes a wish. Returns 0, 1 when it was wished before, -E2BIG or -ENOMEM. */
int pk_wishes_add(struct pk_wishes *wishes, struct pk_span prefix);

/*
 * Takes it back. Gives what the connection no longer gets by it. Returns how many; 0
 * also when it was never wished.
 */
size_t pk_wishes_remove(struct pk_wishes *wishes, const struct pk_client *client,
    struct pk_span prefix, struct pk_span ret_grants[static PK_GRANTS_MAX]);

/* Frees all; may be used on. */
void pk_wishes_clear(struct pk_wishes *wishes);

#endif
