/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/prune.h - the paragraphs of an article out of the blocks of its
 * container.
 */
#ifndef PEYK_EXTRACT_ARTICLE_PRUNE_H
#define PEYK_EXTRACT_ARTICLE_PRUNE_H

#include "extract/article/body.h"
#include "extract/article/container.h"

struct pk_tails;

/*
 * Puts what belongs to the article into `body`, in the page's order: no title, kicker
 * or repeats, no captions, no lists of links, nothing after a tail phrase. A lead that
 * stands outside the container comes first. Says of every block that was looked at why
 * it is not taken (pk_block.why). Returns 0 or -ENOMEM.
 */
int pk_prune(struct pk_page *page, const struct pk_container *container,
    const struct pk_tails *tails, const struct pk_article *article,
    struct pk_body *body);

#endif
