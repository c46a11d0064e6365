/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/http/polite.h - no host is asked more often than it is polite.
 *
 * Who wants to ask a host reserves a turn and comes back when it is due; turns of one
 * host lie a gap apart. A host that says 429 or 503 is held for all who ask it. One
 * thread; times are nanoseconds of a clock that never jumps.
 */
#ifndef PEYK_FETCH_HTTP_POLITE_H
#define PEYK_FETCH_HTTP_POLITE_H

#include "base/cleanup.h"
#include "base/span.h"

struct pk_polite;

/* NULL on no memory. */
struct pk_polite *pk_polite_new(uint64_t gap_ns);
struct pk_polite *pk_polite_free(struct pk_polite *polite);
PK_DEFINE_CLEANUP(struct pk_polite *, pk_polite_free);

/*
 * Reserves the next turn at `host` (pk_url_host(); case does not matter). Returns 0 and
 * in *ret_due_ns when it is, >= now_ns; or -ENOMEM.
 */
int pk_polite_reserve(struct pk_polite *polite, struct pk_span host, uint64_t now_ns,
    uint64_t *ret_due_ns);

/* No new turns at `host` before `until_ns`. Returns 0 or -ENOMEM. */
int pk_polite_hold(
    struct pk_polite *polite, struct pk_span host, uint64_t now_ns, uint64_t until_ns);

/*
 * Until when the host is held; 0 where it is not. Whose turn has come looks here first,
 * and reserves again when the host was held meanwhile.
 */
uint64_t pk_polite_held_until(
    const struct pk_polite *polite, struct pk_span host, uint64_t now_ns);

/* Hosts that are remembered: only those whose next turn is not yet due, and a few more.
 */
size_t pk_polite_hosts(const struct pk_polite *polite);

#endif
