/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/url.h - URLs (RFC 3986, by liburiparser) as a crawler needs them.
 */
#ifndef PEYK_BASE_URL_H
#define PEYK_BASE_URL_H

#include "base/arena.h"

/* Longer ones are refused. */
#define PK_URL_MAX 4096

/*
 * The reference resolved against `base` (absent: the reference must be absolute).
 * Characters that do not belong in a URL (blanks, Persian letters) are percent-encoded
 * first, a fragment is kept. Only http and https come out.
 *
 * Returns 0, -EBADMSG (not a URL), -EPROTONOSUPPORT (another scheme), -E2BIG or
 * -ENOMEM. The result lives in the arena.
 */
int pk_url_resolve(struct pk_arena *arena, struct pk_span base,
    struct pk_span reference, struct pk_span *ret_url);

/*
 * The form that two addresses of one page share: scheme and host in lower case, default
 * port, fragment, dot segments and well-known tracking parameters (utm_*, fbclid, gclid
 * ...) removed, percent-encoding normalised, an empty path written "/". It is an
 * identity, still fetchable. Errors as above.
 */
int pk_url_canonical(
    struct pk_arena *arena, struct pk_span url, struct pk_span *ret_url);

/*
 * The host of an absolute URL, borrowed from it, without port and without the brackets
 * of an IPv6 address; absent where there is none.
 */
struct pk_span pk_url_host(struct pk_span url);

#endif
