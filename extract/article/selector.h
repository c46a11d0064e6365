/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/selector.h - the part of CSS selectors by which a rule finds elements
 * of a page.
 *
 *	tag#id.class[attr=value]   one element; each part may be left out
 *	a b    a > b               b somewhere below a; b directly below a
 *	a, b                       either
 *
 * Attributes: [a] is there, = is the value, ~= is one of its words, ^= $= *= begins,
 * ends it, stands in it. No XPath, no pseudo-classes. Names of elements are lower case;
 * all others are compared letter for letter, as browsers do.
 */
#ifndef PEYK_EXTRACT_ARTICLE_SELECTOR_H
#define PEYK_EXTRACT_ARTICLE_SELECTOR_H

#include "extract/article/page.h"

/* Bytes of a list of selectors, elements in one, names and attributes of one element:
 * more is -E2BIG. */
#define PK_SELECTOR_BYTES_MAX 500
#define PK_SELECTOR_PARTS_MAX 8
#define PK_SELECTOR_TESTS_MAX 8

/* Selectors of a list. */
#define PK_SELECTORS_MAX 32

struct pk_selector;

/* Selectors with commas between. */
struct pk_selectors {
	const struct pk_selector *items;
	size_t n;
	bool nameless; /* one of them looks for no class, id or itemprop */
};

/*
 * Reads a list of selectors; what is made lives in the arena and borrows nothing.
 * Returns 0; -EBADMSG or -E2BIG with the byte that does not belong there and a static
 * clause that says what was wanted; or -ENOMEM.
 */
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
