/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/http/robots_rules.h - one robots.txt, and what it lets us do (RFC 9309).
 *
 * No socket, no clock. Reads what people really write: any line ends, a byte order
 * mark, misspelt names, no colon; a line that says nothing known is passed over.
 */
#ifndef PEYK_FETCH_HTTP_ROBOTS_RULES_H
#define PEYK_FETCH_HTTP_ROBOTS_RULES_H

#include "base/cleanup.h"
#include "base/span.h"

/* What of a file is read (RFC 9309, section 2.5: at least so much); of what is longer,
 * the lines that are whole. */
#define PK_ROBOTS_BYTES_MAX ((size_t)500 << 10)

/* Rules of one group beyond these are not read, nor sitemaps. */
#define PK_ROBOTS_RULES_MAX    10000
#define PK_ROBOTS_SITEMAPS_MAX 64

/* A longer Crawl-delay is not meant seriously. */
#define PK_ROBOTS_DELAY_MAX_MS INT64_C(86400000)

struct pk_robots_rules;

/* What an agent is called in robots.txt: "peyk" of "peyk/1.0 (+https://...)". Borrows.
 */
struct pk_span pk_robots_product(struct pk_span user_agent);

/*
 * Reads a file for the agent of this product token: the groups that name it, together;
 * where none does, those of "*". `text` is not needed afterwards. NULL on no memory.
 */
struct pk_robots_rules *pk_robots_rules_new(
    struct pk_span text, struct pk_span product);
struct pk_robots_rules *pk_robots_rules_free(struct pk_robots_rules *rules);
PK_DEFINE_CLEANUP(struct pk_robots_rules *, pk_robots_rules_free);

/*
 * May the URL be asked for? The longest pattern that fits path and query decides, of
 * two as long the one that allows; percent-encoding makes no difference where it makes
 * none to a server. /robots.txt may always.
 */
bool pk_robots_rules_allow(const struct pk_robots_rules *rules, struct pk_span url);

/* The wish for a gap between two requests; -1 where none is said. */
int64_t pk_robots_rules_delay_ms(const struct pk_robots_rules *rules);

/* Absolute addresses of sitemaps, as written; they live as long as the rules. */
const struct pk_span *pk_robots_rules_sitemaps(
    const struct pk_robots_rules *rules, size_t *ret_n);

/* Memory that the rules take. */
size_t pk_robots_rules_bytes(const struct pk_robots_rules *rules);

#endif
