/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/http/polite.h - no host is asked more often than it is polite.
 *
 * Who wants to ask a host reserves a turn and comes back when it is due. Turns of one
 * host lie a gap apart, and a little more by chance. The hosts of one registrable
 * domain share a bucket of turns, so that they are not asked all at once: so many at a
 * time, then one a gap. A host that says 503 is held for all who ask it, a domain whose
 * host says 429 with all its hosts. One thread; times are nanoseconds of a clock that
 * never jumps.
 */
#ifndef PEYK_FETCH_HTTP_POLITE_H
#define PEYK_FETCH_HTTP_POLITE_H

#include "base/cleanup.h"
#include "base/span.h"

struct pk_polite;

struct pk_polite_options {
	uint64_t gap_ns;         /* between two turns of a host; 0: none */
	unsigned burst;          /* turns of a domain at a time; 0: 4 */
	unsigned jitter_percent; /* of the gap, at most, on top of it */
	uint64_t seed;           /* of that chance */
};

/* NULL on no memory. */
struct pk_polite *pk_polite_new(const struct pk_polite_options *options);
struct pk_polite *pk_polite_free(struct pk_polite *polite);
PK_DEFINE_CLEANUP(struct pk_polite *, pk_polite_free);

/* Other options from the next turn on; what is held stays held. The seed is left as it
 * is. */
void pk_polite_change(
    struct pk_polite *polite, const struct pk_polite_options *options);

/*
 * Reserves the next turn at `host` (pk_url_host(); case does not matter). Returns 0 and
 * in *ret_due_ns when it is, >= now_ns; or -ENOMEM.
 */
int pk_polite_reserve(struct pk_polite *polite, struct pk_span host, uint64_t now_ns,
    uint64_t *ret_due_ns);

/*
 * No turns at `host` before `until_ns`, or at any host of its registrable domain. Turns
 * that were reserved for the time before are void; a shorter hold does not end a longer
 * one. Returns 0 or -ENOMEM.
 */
int pk_polite_hold(
    struct pk_polite *polite, struct pk_span host, uint64_t now_ns, uint64_t until_ns);
int pk_polite_hold_domain(
    struct pk_polite *polite, struct pk_span host, uint64_t now_ns, uint64_t until_ns);

/*
 * Until when the host is held, by itself or with its domain; 0 where it is not. Whose
 * turn has come looks here first, and reserves again when the host was held meanwhile.
 */
uint64_t pk_polite_held_until(
    const struct pk_polite *polite, struct pk_span host, uint64_t now_ns);

/*
 * What `host` itself wishes as a gap (Crawl-delay); it holds where it is longer than
 * everybody's, for a day after it was said last. 0: no wish. Returns 0 or -ENOMEM.
 */
int pk_polite_set_gap(
    struct pk_polite *polite, struct pk_span host, uint64_t now_ns, uint64_t gap_ns);

/* A hold, to be kept over a restart: given back to pk_polite_hold() or, where it is a
 * domain's, to pk_polite_hold_domain(). */
struct pk_polite_held {
	struct pk_span name; /* in lower case, borrowed until the next call that may
				change something */
	bool is_domain;
	uint64_t until_ns;
};

/* Where a walk over the holds stands; begins as { 0 }. */
struct pk_polite_cursor {
	size_t host;
	size_t domain;
};

/* The next hold that is in force at `now_ns`, in no order. Returns false at the end. */
bool pk_polite_next_held(const struct pk_polite *polite, uint64_t now_ns,
    struct pk_polite_cursor *cursor, struct pk_polite_held *ret_held);

/* Hosts that are remembered: those whose next turn is not yet due, those with a gap of
 * their own (of these, 4096 at most), and a few more. */
size_t pk_polite_hosts(const struct pk_polite *polite);

#endif
