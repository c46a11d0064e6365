/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/poll/plan.h - what does a poll mean for the next ones?
 *
 * Puts together what rhythm, health and failure know each for itself, and decides when
 * a feed has moved. Pure: what is known of the feed, what came of the poll, the time
 * and a random number go in; what is to be remembered and told comes out.
 */
#ifndef PEYK_FETCH_POLL_PLAN_H
#define PEYK_FETCH_POLL_PLAN_H

#include "fetch/poll/health.h"
#include "fetch/poll/rhythm.h"
#include "fetch/poll/state.h"

/* A move is believed when it was seen so often in a row, for so long, and the feed had
 * entries that are known: a site in trouble redirects to anything for a day. */
#define PK_MOVE_SIGHTINGS 5
#define PK_MOVE_MS        (INT64_C(48) * 3600 * 1000)

/* So many failures in a row where it has moved, and it is asked at its old address
 * again. */
#define PK_MOVE_FAILURES 5

/* Fewer entries say nothing about what was lost between two polls. */
#define PK_GAP_ENTRIES 3

/* What came of a poll. */
struct pk_poll_facts {
	enum pk_failure failure;
	bool unchanged; /* 304, or the same bytes */
	bool partial;
	size_t n_entries;
	struct pk_poll_counts counts;
	const int64_t *published_s; /* of entries whose time is trusted */
	size_t n_published;
	const struct pk_poll_about *about; /* NULL: nothing new was said */
	int64_t fresh_ms;                  /* struct pk_rhythm_hints */
	int64_t retry_after_ms;            /* the same */
	int64_t took_ms;
	struct pk_span moved; /* where it says that it is from now on; or absent */
	struct pk_span found; /* the feed that the page in its place points to */
};

struct pk_poll_plan {
	struct pk_poll_life life; /* borrows from all that went in, and from this */
	enum pk_health health;
	bool health_changed; /* to be told */
	bool gap;            /* entries were lost; to be told */
	bool moved;          /* life.location is another one; to be told */
	char rhythm[PK_RHYTHM_TEXT_SIZE];
};

/*
 *   known  the feed before the poll; all zeros for one that was never polled
 *
 * A page found in place of a feed that was never read, and that points to a feed, is
 * no failure: the feed is asked there at once. Must not be moved while `life` is used.
 */
void pk_poll_plan(const struct pk_poll_feed *known, const struct pk_poll_facts *facts,
    const struct pk_rhythm *rhythm, int64_t now_ms, uint64_t random,
    struct pk_poll_plan *ret_plan);

#endif
