/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/poll/health.h - how is a feed, over days?
 *
 * The lasting states, one at a time; the momentary ones (entries were lost, the feed
 * has moved) are told by who sees them. A state is entered late and left late enough
 * that a feed on the edge of it does not go to and fro. Pure arithmetic.
 */
#ifndef PEYK_FETCH_POLL_HEALTH_H
#define PEYK_FETCH_POLL_HEALTH_H

#include "fetch/poll/failure.h"

#include <stdbool.h>

/* HEALTH(NAME, name, in words); the names stand in topics: feed/<id>/<name>/. */
#define PK_HEALTHS(HEALTH)                                                             \
	HEALTH(NEW, "new", "it was not read yet")                                      \
	HEALTH(UP, "up", "all is well")                                                \
	HEALTH(SLOW, "slow", "it answers slowly, or asks to be asked less often")      \
	HEALTH(FAILING, "failing", "it cannot be had at present")                      \
	HEALTH(STALE, "stale", "it answers, but has had nothing new for long")         \
	HEALTH(DEAD, "dead", "it is gone, or could not be had for two weeks")

enum pk_health {
#define PK_HEALTH_ENUM_(NAME, name, help) PK_HEALTH_##NAME,
	PK_HEALTHS(PK_HEALTH_ENUM_)
};

/* "failing", and what it means. */
const char *pk_health_name(enum pk_health health);
const char *pk_health_help(enum pk_health health);

/* The state of that name; NEW for a name that there is not. */
enum pk_health pk_health_find(struct pk_span name);

/* An answer that took so long was slow. */
#define PK_HEALTH_SLOW_MS INT64_C(10000)

/* Failing for so long is dead. */
#define PK_HEALTH_DEAD_MS (INT64_C(14) * 86400 * 1000)

/* Of one feed after a poll. Times are milliseconds since 1970. */
struct pk_health_facts {
	enum pk_health before;   /* NEW for one that is not known */
	enum pk_failure failure; /* of this poll; NONE: it was good */
	unsigned failures;       /* in a row: with this one, or those that it ends */
	int64_t now_ms;
	int64_t failing_since_ms; /* the first of these failures; 0: there are none */
	int64_t last_ok_ms;       /* the last good poll, this one included; 0: never */
	int64_t last_fresh_ms;    /* when an entry was last new; 0: never */
	int64_t gap_ms;           /* pk_rhythm_gap_ms(); 0: not known */
	unsigned slow;            /* pk_health_slow(), this poll included */
};

/*
 * The state after this poll. Failing is told once pk_failure_patience() is at its end,
 * at once for a feed that is new. A failing feed is up after two good polls in a row,
 * or after one when it had failed for an hour and more. A dead one is up with a good
 * poll.
 */
enum pk_health pk_health_of(const struct pk_health_facts *facts);

/*
 * How slow a feed is, counted over its polls: up for one whose answer was slow
 * (PK_HEALTH_SLOW_MS) or that was LIMITED or BUSY, down for a brisk one, as it was for
 * another failure. Three slow polls more than brisk ones make a feed slow, and it stays
 * so until they are made up for.
 *
 *   before   what this function gave after the poll before; 0 at first
 *   took_ms  the answer took so long
 */
unsigned pk_health_slow(unsigned before, enum pk_failure failure, int64_t took_ms);

/*
 * So long without anything new is stale for a feed whose entries usually lie `gap_ms`
 * apart: eight times that, but a day at least and half a year at most; a month where
 * the gap is not known (0).
 */
int64_t pk_health_stale_after_ms(int64_t gap_ms);

#endif
