/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/find.h - the article in a document: which words are news, and which
 * are the site around them.
 */
#ifndef PEYK_EXTRACT_ARTICLE_FIND_H
#define PEYK_EXTRACT_ARTICLE_FIND_H

#include "base/article.h"
#include "base/diag.h"

struct pk_site_rules;
struct pk_tails;

/* Larger documents are refused: -E2BIG. */
#define PK_ARTICLE_BYTES_MAX (8u << 20)

/*
 * The phrases of all languages after which no news follows («انتهای پیام», «کد خبر»
 * ...), from `dir`/lang/<code>/tails.tsv. Read-only afterwards; any thread. Errors as
 * pk_pack_load().
 */
int pk_tails_load(
    const char *dir, struct pk_tails **ret_tails, struct pk_diag *reterr_diag);
struct pk_tails *pk_tails_free(struct pk_tails *tails);
PK_DEFINE_CLEANUP(struct pk_tails *, pk_tails_free);

/*
 * Finds the article of a PK_DOC_PAGE, with the rules of sites (may be NULL) that hold
 * for it. Everything in *ret_article lives in the document's arena, but for what it
 * says of where a field was found: that may live in the rules. Feed, publisher and
 * entry hints of the document are taken over. Where doc->before says that this is a
 * further page of an article, it need not look like one by itself. Returns 0 with
 * *ret_reason NULL (an article) or a static reason (none; then of *ret_article at most
 * url, canonical_url and amp_url are set), -E2BIG or -ENOMEM.
 */
int pk_article_of_page(struct pk_doc *doc, const struct pk_tails *tails,
    const struct pk_site_rules *sites, struct pk_article *ret_article,
    const char **ret_reason);

/*
 * The same for a PK_DOC_TEXT: a first line that stands apart or is said again is the
 * title, a tail is cut off, repeats of the title are dropped.
 */
int pk_article_of_text(struct pk_doc *doc, const struct pk_tails *tails,
    struct pk_article *ret_article, const char **ret_reason);

#endif
