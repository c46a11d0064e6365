/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/site.h - the rules that hold for a page, at work on it.
 *
 * A rule helps and never harms: where it finds nothing, or a body that is next to
 * nothing beside the one that is found without it, the page is read as any other.
 */
#ifndef PEYK_EXTRACT_ARTICLE_SITE_H
#define PEYK_EXTRACT_ARTICLE_SITE_H

#include "extract/article/container.h"
#include "extract/article/metadata.h"
#include "extract/article/site_rules.h"

/* So many rules hold for a page at most. */
#define PK_SITE_HOLD_MAX 8

/* A body that is split into more pieces is a list. */
#define PK_SITE_PIECES_MAX 64

struct pk_site_nodes {
	uint32_t *items;
	size_t len;
	size_t cap;
};

/* A name that is not believed while a rule has the say, and what it said. */
struct pk_site_doubt {
	uint32_t node;
	unsigned flags;
};

struct pk_site {
	struct {
		const struct pk_site_rule *rule;
		enum pk_site_reason reason;
	} holding[PK_SITE_HOLD_MAX]; /* the strongest first */
	size_t n_holding;
	uint32_t title;             /* the element; PK_NO_NODE: no rule found it */
	struct pk_site_nodes strip; /* no part of the article, */
	struct pk_site_nodes aside; /* nor these: fields of it */
	struct pk_site_nodes body;  /* its pieces, side by side, in the page's order */
	const struct pk_site_rule *body_rule; /* NULL: no rule found a body */
	const char *body_why_not; /* static: the rule's body is not used; or NULL */
	struct {
		struct pk_site_doubt *items;
		size_t len;
		size_t cap;
	} doubts;
	bool body_holds; /* between pk_site_hold_body() and pk_site_drop_body() */
};

/*
 * Finds the rules that hold for the page, sets the fields of the article that they
 * find, and finds the pieces of its body. To be called before anybody else sets fields.
 * `rules` may be NULL. The page's tree must be open. Returns 0 or -ENOMEM.
 */
int pk_site_read(const struct pk_site_rules *rules, const struct pk_page *page,
    const struct pk_doc *doc, struct pk_article *article, struct pk_site *ret_site);

/*
 * After pk_page_weigh(): takes out what rules strip, and fields that stand in the text;
 * while the body holds and has nothing that is good, its short lines are. Returns the
 * sum of what is good then.
 */
double pk_site_weigh(const struct pk_site *site, struct pk_page *page);

/*
 * From now on the rule's body is the article, whatever names say of the elements around
 * it; until pk_site_drop_body(). The page is to be weighed anew after both. Returns 0
 * or -ENOMEM.
 */
int pk_site_hold_body(struct pk_site *site, struct pk_page *page);
void pk_site_drop_body(struct pk_site *site, struct pk_page *page, const char *why_not);

/* The container that the rule's body makes, on a page that was weighed while it holds.
 * Returns 0 or -ENOMEM. */
int pk_site_container(const struct pk_site *site, const struct pk_page *page,
    struct pk_container *ret_container);

#endif
