/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/http/retry.h - when may a server be asked again?
 *
 * Pure arithmetic: no clock, no randomness, no socket. The caller brings "now" and a
 * random number, so a test can run a month of polling in a millisecond.
 */
#ifndef PEYK_FETCH_HTTP_RETRY_H
#define PEYK_FETCH_HTTP_RETRY_H

#include "base/span.h"

/* No server can silence a feed for longer than this. */
#define PK_RETRY_AFTER_MAX_S INT64_C(86400)

/*
 * Reads a Retry-After field (RFC 9110, section 10.2.3): seconds, or an HTTP date.
 *
 *   value       untrusted bytes from the server; blanks around them are allowed
 *   now_s       seconds since 1970, UTC
 *   ret_wait_s  seconds to stay away, 0..PK_RETRY_AFTER_MAX_S; untouched on failure
 *
 * Returns 0, or -EBADMSG if the value has neither form.
 */
int pk_retry_after_parse(struct pk_span value, int64_t now_s, int64_t *ret_wait_s);

/*
 * How long to wait after `failures` (>= 1) failures in a row: first, twice that, four
 * times ..., never more than `max`, in whatever unit both have (> 0). `random` takes
 * off up to half of it, so that what failed together does not come back together; less
 * than half would hit a server that is down again at once.
 */
int64_t pk_backoff(unsigned failures, int64_t first, int64_t max, uint64_t random);

/*
 * How long an answer says that it stays fresh (RFC 9111, section 4.2.1), in seconds,
 * from its fields Cache-Control, Expires, Date and Age (each may be absent): max-age
 * else Expires less Date, so that the server's clock is compared with itself; less Age,
 * which is what it has lain in caches. no-store and no-cache say 0, and so does an
 * Expires that is no date. Never less than 0, but years where somebody says years.
 * Returns -1 where nothing is said.
 */
int64_t pk_freshness_s(struct pk_span cache_control, struct pk_span expires,
    struct pk_span date, struct pk_span age);

#endif
