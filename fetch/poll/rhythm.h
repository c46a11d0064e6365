/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/poll/rhythm.h - when is a feed asked again?
 *
 * What was seen of a feed is kept in a small memory: how often something is new, at
 * which hours and minutes and on which days, whether it is quiet or in a rush just now.
 * From that, from what the server says and from how the last poll went comes the next
 * one. Pure arithmetic on wall-clock milliseconds, so that the answer can be stored;
 * the caller brings the time and the random numbers.
 */
#ifndef PEYK_FETCH_POLL_RHYTHM_H
#define PEYK_FETCH_POLL_RHYTHM_H

#include "base/span.h"
#include "fetch/poll/failure.h"

#include <stdbool.h>
#include <stdint.h>

/* No hint of a server delays a poll for longer than this. */
#define PK_RHYTHM_HINT_MAX_MS INT64_C(86400000)

/* ---- what is learned ---- */

/*
 * Of one feed. All zeros: nothing yet. Entries that appear together count as one
 * arrival: what decides is how often there is something to be had. To be looked at
 * through the functions below.
 */
struct pk_rhythm_memory {
	int64_t noted_ms;   /* the last good poll */
	int64_t fresh_ms;   /* the last one with something new; 0: none */
	int64_t gap_ms;     /* between arrivals, as it was then; 0: not known */
	int64_t learned_ms; /* on how much time the rate rests */
	double rate;        /* arrivals in a millisecond, over all hours */
	double rush;        /* the same, on top, since a short while */
	float quiet;        /* 0..1: times that, while less comes than should */
	float batch;        /* entries that appear together */
	float hours[24];    /* of the day in UTC: times the rate; 1 on the average */
	float days[7];      /* of the week in UTC, 0: Sunday; the same */
	float minutes[12];  /* of the hour, five each; the same */
};

/* A memory as text, its end included. */
#define PK_RHYTHM_TEXT_SIZE 320

/* Writes a memory for a column of a table: ASCII, with an end. */
void pk_rhythm_format(
    const struct pk_rhythm_memory *memory, char ret_text[static PK_RHYTHM_TEXT_SIZE]);

/* Reads it back. Nothing (an empty or absent span) is no memory. Returns 0 or -EBADMSG:
 * another version, or garbage; then *ret_memory is all zeros, which is fine to go on
 * with. */
int pk_rhythm_parse(struct pk_span text, struct pk_rhythm_memory *ret_memory);

/*
 * The first reading of a feed, or the first after its memory was lost: learns from the
 * times of its entries as the document gives them, in any order. Times in the future
 * and from before there were feeds are left out; leave out yourself what the parser
 * doubts. Few or none are fine: the rest is learned by polling. Replaces the memory.
 */
void pk_rhythm_begin(struct pk_rhythm_memory *memory, const int64_t *published_s,
    size_t n, int64_t now_ms);

/*
 * After each good poll: learns from how many entries were new since the last one (0 for
 * a 304 as well). `lost`: the feed had entries before and shows none of them any more,
 * so some were missed in between; then it is asked sooner. After a failure nothing is
 * noted. A clock that went back costs one lesson.
 */
void pk_rhythm_note(
    struct pk_rhythm_memory *memory, int64_t now_ms, size_t fresh, bool lost);

/* The usual time between arrivals, for people and for pk_health_of(); 0: not known. It
 * does not grow while the feed is silent. */
int64_t pk_rhythm_gap_ms(const struct pk_rhythm_memory *memory);

/* ---- the next poll ---- */

/* Of one feed, from the configuration; times are > 0. */
struct pk_rhythm {
	int64_t interval_ms; /* adaptive: as long as nothing is known; else always */
	bool adaptive;
	int64_t min_ms;         /* never sooner, however busy */
	int64_t max_ms;         /* not later while all is well, but for hints */
	int64_t jitter_percent; /* 0..50 */
	int64_t backoff_first_ms;
	int64_t backoff_max_ms;
};

/* What the feed and its server said. PK_RHYTHM_NO_HINTS: nothing. */
struct pk_rhythm_hints {
	int64_t ttl_s;          /* struct pk_feed_hints; 0: not said */
	int64_t period_s;       /* the same */
	uint32_t skip_hours;    /* the same */
	uint8_t skip_days;      /* the same */
	int64_t fresh_ms;       /* Cache-Control, Expires; -1: not said */
	int64_t retry_after_ms; /* Retry-After; -1: not said */
};

#define PK_RHYTHM_NO_HINTS                                                             \
	(struct pk_rhythm_hints)                                                       \
	{                                                                              \
		.fresh_ms = -1, .retry_after_ms = -1                                   \
	}

/* How the last poll went. All zeros: it was fine. */
struct pk_rhythm_poll {
	unsigned failures; /* in a row, this one included */
	enum pk_failure failure;
};

/*
 * When to poll again. All is well: when about half an arrival is to be expected by what
 * is learned (adaptive), or after the interval; give or take the jitter, between min
 * and max. Hints make it later, never sooner, by a day at most, beyond max as well: the
 * answer keeps (fresh), ttl and period (a minute or less is garbage), hours and days to
 * skip (all of them is garbage). Of hints that an adaptive feed itself belies, as most
 * do that say "hourly", fresh counts for half an hour and the others for half its usual
 * gap.
 *
 * After a failure: after pk_failure_rest_ms(), not sooner than the interval, or than
 * min for an adaptive feed. Retry-After is always obeyed, up to a day.
 *
 *   memory  NULL is fine: nothing is known
 */
int64_t pk_rhythm_next_ms(const struct pk_rhythm *rhythm,
    const struct pk_rhythm_memory *memory, const struct pk_rhythm_poll *poll,
    const struct pk_rhythm_hints *hints, int64_t now_ms, uint64_t random);

/*
 * The same moment on the clock that the schedule uses.
 *
 *   next_ms    wall clock; 0 for a feed that was never polled
 *   last_ms    when it was polled last; 0: never, or just now
 *   spread_ns  what is overdue is spread over so long, and over no more than it was to
 *              wait: so a start brings no more polls in a minute than any other; 0: it
 *              is due now
 *
 * A moment more than a month ahead, and a last poll in the future, mean that the wall
 * clock was set back; it is overdue. Only the rest of days that a dead feed has begins
 * anew. What was never polled is spread over a sixteenth of that time.
 */
uint64_t pk_rhythm_due_ns(int64_t next_ms, int64_t last_ms, int64_t now_ms,
    uint64_t mono_ns, uint64_t spread_ns, uint64_t random);

/*
 * Over how long `n` feeds that are overdue are best spread, after a start or a long
 * sleep: a time that grows with their number, up to six hours; 0 for a few. Together
 * with what each was to wait anyway (pk_rhythm_due_ns()) that keeps polls below 1.2
 * times their usual peak.
 */
uint64_t pk_rhythm_spread_ns(size_t n);

#endif
