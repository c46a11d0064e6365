/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/poll/rhythm.h - when is a feed asked again?
 *
 * Pure arithmetic on wall-clock milliseconds, so that the answer can be stored; the
 * caller brings the time and the random numbers.
 */
#ifndef PEYK_FETCH_POLL_RHYTHM_H
#define PEYK_FETCH_POLL_RHYTHM_H

#include <stdbool.h>
#include <stdint.h>

/* No hint of a server delays a poll for longer than this. */
#define PK_RHYTHM_HINT_MAX_MS INT64_C(86400000)

/* A feed that is gone (410) is looked for again after a week: some come back. */
#define PK_RHYTHM_GONE_MS (7 * PK_RHYTHM_HINT_MAX_MS)

/* Of one feed, from the configuration; times are > 0. */
struct pk_rhythm {
	int64_t interval_ms;
	int64_t jitter_percent; /* 0..50 */
	int64_t backoff_first_ms;
	int64_t backoff_max_ms;
};

/* How the last poll went. */
struct pk_rhythm_poll {
	unsigned failures;      /* in a row, this one included; 0: it was fine */
	bool gone;              /* it was 410 Gone */
	int64_t retry_after_ms; /* 429, 503: keep away at least so long; -1: not said */
	int64_t
	    fresh_ms; /* the answer, or the feed's ttl, says it keeps; -1: not said */
};

/*
 * When to poll again: after the interval, give or take the jitter; after a failure
 * later each time (pk_backoff()), but not sooner than the interval. Hints of the server
 * make it later, never sooner, and never by more than a day. A feed that is gone waits
 * a week.
 */
int64_t pk_rhythm_next_ms(const struct pk_rhythm *rhythm,
    const struct pk_rhythm_poll *poll, int64_t now_ms, uint64_t random);

/*
 * The same moment on the clock that the schedule uses.
 *
 *   next_ms    wall clock; 0 for a feed that was never polled
 *   spread_ns  what is overdue is spread over so long, so that a start does not poll
 *              everything at once; 0: it is due now
 *
 * A moment more than a month ahead means that the wall clock was set back; it is due.
 */
uint64_t pk_rhythm_due_ns(int64_t next_ms, int64_t now_ms, uint64_t mono_ns,
    uint64_t spread_ns, uint64_t random);

#endif
