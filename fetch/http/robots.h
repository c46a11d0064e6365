/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/http/robots.h - what each site lets us ask for, remembered.
 *
 * One robots.txt for each origin (scheme, host, port), kept for a day. Who wants a URL
 * asks pk_robots_check(); UNKNOWN means: fetch pk_robots_url() first (following five
 * redirects, at most PK_ROBOTS_BYTES_MAX), and hand over what came with
 * pk_robots_put(). One thread; times are nanoseconds of a clock that never
 * jumps.
 */
#ifndef PEYK_FETCH_HTTP_ROBOTS_H
#define PEYK_FETCH_HTTP_ROBOTS_H

#include "base/arena.h"
#include "fetch/http/client.h"
#include "fetch/http/robots_rules.h"

/* How long an answer holds (RFC 9309, section 2.4). */
#define PK_ROBOTS_FRESH_S INT64_C(86400)

/* After so long without any answer a site is taken for one that has no rules (section
 * 2.3.1.4). */
#define PK_ROBOTS_GIVE_UP_S (INT64_C(30) * 86400)

enum pk_robots_verdict {
	PK_ROBOTS_ALLOWED,
	PK_ROBOTS_DISALLOWED,  /* a rule says so */
	PK_ROBOTS_UNREACHABLE, /* disallowed for now: the file could not be had */
	PK_ROBOTS_UNKNOWN      /* fetch the file first */
};

struct pk_robots_options {
	struct pk_span user_agent; /* copied; its product token is looked for */
	size_t max_origins;        /* 0: 10 000 */
	size_t max_bytes;          /* 0: 16 MiB */
};

/* What came of asking for a robots.txt. */
struct pk_robots_answer {
	enum pk_http_outcome outcome;
	int status;
	struct pk_span body; /* borrowed */
};

struct pk_robots;

/* Beyond its limits, those that nobody asked about for longest are forgotten. NULL on
 * no memory. */
struct pk_robots *pk_robots_new(const struct pk_robots_options *options);
struct pk_robots *pk_robots_free(struct pk_robots *robots);
PK_DEFINE_CLEANUP(struct pk_robots *, pk_robots_free);

/*
 * May the absolute URL be asked for? ret_until_ns (may be NULL) is when to look again:
 * until then the verdict holds; now_ns where it is UNKNOWN. What is no web
 * address is ALLOWED: nobody can ask for it.
 */
enum pk_robots_verdict pk_robots_check(struct pk_robots *robots, struct pk_span url,
    uint64_t now_ns, uint64_t *ret_until_ns);

/* The address of the URL's robots.txt. Returns 0, -EBADMSG (no web address) or -ENOMEM;
 * the result lives in the arena. */
int pk_robots_url(struct pk_arena *arena, struct pk_span url, struct pk_span *ret_url);

/*
 * What came for the URL's origin: the URL that was wanted, or that of its robots.txt
 * before redirects.
 *
 *   2xx                       its rules, also of one that was cut off at the limit
 *   4xx but 429, a redirect   no rules: all is allowed
 *   429, 5xx, no answer       what was known before still holds; where nothing was, all
 *                             is disallowed, until a later attempt (a minute, two, four
 *                             ... six hours)
 *
 * Returns 0, -EBADMSG (no web address) or -ENOMEM.
 */
int pk_robots_put(struct pk_robots *robots, struct pk_span url,
    const struct pk_robots_answer *answer, uint64_t now_ns);

/* The gap between requests that the URL's origin wishes, by what is known of it; -1
 * where it does not say. */
int64_t pk_robots_delay_ms(const struct pk_robots *robots, struct pk_span url);

/* What is remembered. */
size_t pk_robots_origins(const struct pk_robots *robots);
size_t pk_robots_bytes(const struct pk_robots *robots);

#endif
