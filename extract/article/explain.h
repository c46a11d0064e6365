/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/explain.h - why an article is what it is: which rules held and what
 * they found, what the container is worth, and of every block why it is in the text or
 * not. For people; nobody else asks.
 */
#ifndef PEYK_EXTRACT_ARTICLE_EXPLAIN_H
#define PEYK_EXTRACT_ARTICLE_EXPLAIN_H

#include "base/article.h"
#include "base/diag.h"

struct pk_body;
struct pk_container;
struct pk_page;
struct pk_site;
struct pk_site_rules;
struct pk_tails;

/* A rule that holds, or a line of it (`key` is there) and what it found. */
struct pk_explained_rule {
	const char *rule;
	const char *by;  /* "host", "generator", "marker" */
	bool own;        /* the user's */
	const char *key; /* NULL: the rule itself */
	struct pk_span selectors;
	size_t found; /* elements */
};

struct pk_explained_block {
	struct pk_span text;
	struct pk_span path; /* the elements around it: "div.content > p" */
	const char *kind;
	const char *why; /* static: why it is taken, or why it is not */
	double good;     /* how much of an article it is: code points */
	uint32_t points;
	bool taken;
};

struct pk_explained {
	struct pk_explained_rule *rules;
	size_t n_rules;
	struct pk_explained_block *blocks;
	size_t n_blocks;
	const char *rule_why_not; /* static: the rule's body was not used; or NULL */
	struct pk_span path;      /* of the container; absent where there is none */
	const char *method;       /* static: what spoke for it */
	double good;              /* code points in it */
	double share;             /* of all that is good on the page */
	double confidence;
	struct pk_article article; /* what is known of it, also where it is none */
};

/*
 * pk_article_of_page(), and why. The explanation lives where the article lives. Where a
 * document holds no page at all (*ret_reason), it is empty. Errors as there.
 */
int pk_article_explain(struct pk_doc *doc, const struct pk_tails *tails,
    const struct pk_site_rules *sites, struct pk_article *ret_article,
    const char **ret_reason, struct pk_explained *ret_explained);

/*
 * Inside find.c: explains a page that was read, its tree still open. `container` has no
 * blocks where none was found. Returns 0 or -ENOMEM.
 */
int pk_explain_page(const struct pk_page *page, const struct pk_site *site,
    const struct pk_container *container, const struct pk_body *body,
    const struct pk_article *article, struct pk_explained *ret_explained);

#endif
