/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/http/hub.h - what a subscriber and a hub say to each other (WebSub, W3C
 * Recommendation of 2018-01-23).
 *
 * No socket, no disk, no clock. The subscriber asks the hub by a form; the hub asks
 * back at the callback whether that was meant (the intent), and from then on sends what
 * is new there, signed with the secret of the subscription. The callback is
 * <base>/websub/<token>, and nobody can guess the token.
 */
#ifndef PEYK_FETCH_HTTP_HUB_H
#define PEYK_FETCH_HTTP_HUB_H

#include "base/buf.h"

#define PK_HUB_TOKEN_LEN  32 /* hex digits, 128 random bits */
#define PK_HUB_SECRET_LEN 64 /* the same, 256; the standard wants less than 200 */

/* A longer challenge is not answered. */
#define PK_HUB_CHALLENGE_MAX 4096

/* Whatever a hub says, a lease is no longer than this, and none is renewed faster than
 * each PK_HUB_RENEW_MIN_MS. */
#define PK_HUB_LEASE_MAX_MS (INT64_C(90) * 86400 * 1000)
#define PK_HUB_RENEW_MIN_MS INT64_C(4000)

/* ---- what we ask ---- */

struct pk_hub_request {
	bool leave; /* to end the subscription */
	struct pk_span topic;
	struct pk_span callback; /* the base */
	struct pk_span token;
	struct pk_span secret;
	int64_t lease_ms; /* that we should like */
};

/* Appends the form, application/x-www-form-urlencoded. Returns 0, -E2BIG or -ENOMEM. */
int pk_hub_write_form(const struct pk_hub_request *request, struct pk_buf *buf);

/* ---- what the hub asks back ---- */

/* The token in the path of a request, borrowed; false where there is none. What stands
 * before /websub/ does not matter: a reverse proxy may have left it there. */
bool pk_hub_read_path(struct pk_span path, struct pk_span *ret_token);

/* The parameters of the request, decoded; absent ones were not there. Untrusted. */
struct pk_hub_intent {
	struct pk_span mode;
	struct pk_span topic;
	struct pk_span challenge;
	struct pk_span lease_seconds;
	struct pk_span reason;
};

enum pk_hub_answer {
	PK_HUB_REFUSE,       /* not what we asked for: 404 */
	PK_HUB_SUBSCRIBED,   /* it is: 200 and the challenge */
	PK_HUB_UNSUBSCRIBED, /* the same, of its end */
	PK_HUB_DENIED,       /* the hub does not want: 200 */
};

/* Is this what was asked for? `leaving`: that was the end of the subscription. */
enum pk_hub_answer pk_hub_judge(
    const struct pk_hub_intent *intent, struct pk_span topic, bool leaving);

/* How long the subscription holds; `asked_ms` where the hub does not say. */
int64_t pk_hub_lease_ms(const struct pk_hub_intent *intent, int64_t asked_ms);

/* How long to wait with the renewal: about four fifths of the lease, so that there is
 * time for a second attempt; `random` keeps apart what began together. */
int64_t pk_hub_renew_ms(int64_t lease_ms, uint64_t random);

/* ---- what the hub sends ---- */

/*
 * Is this the signature of the bytes? `signature` is the field X-Hub-Signature,
 * "sha256=<hex>" or another of the standard's methods; untrusted, may be absent.
 */
bool pk_hub_is_signed(
    struct pk_span signature, struct pk_span secret, struct pk_span bytes);

#endif
