/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/feed/time.h - a time as a feed writes it, with where it comes from and how well
 * it is known.
 */
#ifndef PEYK_FETCH_FEED_TIME_H
#define PEYK_FETCH_FEED_TIME_H

#include "fetch/feed/feed.h"

/* Clocks of servers may go wrong by so much before they are doubted. */
#define PK_FEED_FUTURE_MAX INT64_C(600)

/* 1995-01-01: nothing that a feed tells of was published before. */
#define PK_FEED_PAST_MIN INT64_C(788918400)

/*
 * Reads a time.
 *
 *   raw     as written, trimmed; absent gives a time that is all absent
 *   source  the name of the element or key
 *
 * Both are borrowed. A text that is no time is kept, with `known` false. Any thread.
 */
struct pk_feed_time pk_feed_time_read(
    const struct pk_feed_context *context, struct pk_span raw, struct pk_span source);

#endif
