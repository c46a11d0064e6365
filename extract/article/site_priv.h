/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/site_priv.h - between the files that put rules to work.
 */
#ifndef PEYK_EXTRACT_ARTICLE_SITE_PRIV_H
#define PEYK_EXTRACT_ARTICLE_SITE_PRIV_H

#include "extract/article/site.h"

struct pk_site_reader {
	const struct pk_page *page;
	struct pk_site *site;
	struct pk_metadata m; /* just enough to set fields */
	const char *where;    /* the rule that is asked */
};

/*
 * Takes what a line of a rule found (something), or leaves it for the next line.
 * `context` is its own. Returns 1, 0 or -ENOMEM.
 */
typedef int (*pk_site_take_fn)(
    struct pk_site_reader *r, const struct pk_site_nodes *nodes, const void *context);

/* Asks the lines of a key, rule by rule, until one is taken. 0 or -ENOMEM. */
int pk_site_read_key(struct pk_site_reader *r, enum pk_site_key key,
    pk_site_take_fn take, const void *context);

/* One more element in the list. Returns 0 or -ENOMEM. */
int pk_site_add(const struct pk_page *page, struct pk_site_nodes *nodes, uint32_t node);

bool pk_site_is_within(const struct pk_page *page, uint32_t inner, uint32_t outer);

/* The fields, and the pieces of the body and what is stripped. Both 0 or -ENOMEM. */
int pk_site_read_fields(struct pk_site_reader *r);
int pk_site_read_body(struct pk_site_reader *r);

#endif
