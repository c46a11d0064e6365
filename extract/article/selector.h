/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/selector.h - finds the elements of a page that a rule selects; how
 * selectors are written stands in base/selector.h.
 */
#ifndef PEYK_EXTRACT_ARTICLE_SELECTOR_H
#define PEYK_EXTRACT_ARTICLE_SELECTOR_H

#include "base/selector.h"
#include "extract/article/page.h"

struct pk_page_selector;

/* Selectors, made ready for pages. */
struct pk_selectors {
	const struct pk_page_selector *items;
	size_t n;
	bool nameless; /* one of them looks for no class, id or itemprop */
};

/* Reads a list of selectors and makes it ready; as pk_selector_parse(). */
int pk_selectors_parse(struct pk_arena *arena, struct pk_span text,
    struct pk_selectors *ret_selectors, size_t *reterr_at, const char **reterr_want);

/*
 * The first element at or after *cursor (0 at first) that one of them finds, in the
 * page's order, or PK_NO_NODE. The page's tree must be open. Takes time linear in the
 * page, and next to none for names that the page does not have: where elements are
 * nested so deep that it would take much longer, the rest is not found.
 */
uint32_t pk_selectors_next(
    const struct pk_selectors *list, const struct pk_page *page, size_t *cursor);

#endif
