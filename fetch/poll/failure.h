/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/poll/failure.h - why did a poll fail, and how long is that left in peace?
 *
 * One list of classes for people, counters and waiting (failure.def). Pure arithmetic.
 */
#ifndef PEYK_FETCH_POLL_FAILURE_H
#define PEYK_FETCH_POLL_FAILURE_H

#include "base/span.h"
#include "fetch/http/client.h"

/* A feed that is gone (410) is looked for again after a week: some come back. */
#define PK_FAILURE_GONE_MS INT64_C(604800000)

enum pk_failure {
	PK_FAILURE_NONE, /* it did not fail */
#define FAILURE(NAME, name, first, longest, patience, help) PK_FAILURE_##NAME,
#include "fetch/poll/failure.def"
#undef FAILURE
	PK_FAILURES /* how many there are, NONE among them */
};

/* "not_a_feed"; "none". */
const char *pk_failure_name(enum pk_failure failure);

/* In words, for people. */
const char *pk_failure_help(enum pk_failure failure);

/* The class of that name; NONE for a name that there is not. */
enum pk_failure pk_failure_find(struct pk_span name);

/* So many of them in a row, and the feed is called failing. >= 1. */
unsigned pk_failure_patience(enum pk_failure failure);

/*
 * The class of an answer as far as HTTP knows it, from its outcome, its status (0:
 * there was none) and the bytes of its body. NONE: it was an answer (a 304 has no
 * body), or it was given up by this side. What is in the body is the parser's affair:
 * NOT_A_FEED and MALFORMED never come from here.
 */
enum pk_failure pk_failure_of_answer(
    enum pk_http_outcome outcome, int status, size_t body_len);

/*
 * How long a feed rests after `failures` (>= 1) failures in a row, the last one of the
 * class `failure` (not NONE): pk_backoff() from the configured first and longest rest
 * (> 0, milliseconds) as the class stretches them, so that what failed together does
 * not come back together. GONE: a week, give or take a few hours.
 */
int64_t pk_failure_rest_ms(enum pk_failure failure, unsigned failures, int64_t first_ms,
    int64_t max_ms, uint64_t random);

#endif
