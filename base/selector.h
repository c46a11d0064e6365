/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/selector.h - the part of CSS selectors by which a person says which elements of
 * a page are meant.
 *
 *	tag#id.class[attr=value]   one element; each part may be left out
 *	a b    a > b               b somewhere below a; b directly below a
 *	a, b                       either
 *
 * Attributes: [a] is there, = is the value, ~= is one of its words, ^= $= *= begins,
 * ends it, stands in it. No XPath, no pseudo-classes. Names of elements are lower case;
 * all others are compared letter for letter, as browsers do.
 *
 * Only the text is read here. Who has a tree finds the elements in it
 * (extract/article/selector.h, fetch/feed/html.c).
 */
#ifndef PEYK_BASE_SELECTOR_H
#define PEYK_BASE_SELECTOR_H

#include "base/arena.h"

/* Bytes of a list of selectors, elements in one, names and attributes of one element:
 * more is -E2BIG. */
#define PK_SELECTOR_BYTES_MAX 500
#define PK_SELECTOR_PARTS_MAX 8
#define PK_SELECTOR_TESTS_MAX 8

/* Selectors of a list. */
#define PK_SELECTORS_MAX 32

enum pk_selector_op {
	PK_SELECTOR_CLASS, /* one word of it, as WORD */
	PK_SELECTOR_THERE,
	PK_SELECTOR_IS,
	PK_SELECTOR_WORD,
	PK_SELECTOR_BEGINS,
	PK_SELECTOR_ENDS,
	PK_SELECTOR_HOLDS,
};

struct pk_selector_test {
	enum pk_selector_op op;
	const char *name; /* of the attribute */
	struct pk_span value;
};

/* What is asked of one element. */
struct pk_selector_part {
	struct pk_span name; /* of the element, followed by a NUL; absent: any */
	const struct pk_selector_test *tests; /* all have to pass */
	size_t n_tests;
	bool child; /* directly below the part before */
};

/* From the outermost element to the one that is found; at least one. */
struct pk_selector {
	const struct pk_selector_part *parts;
	size_t n;
};

/* Selectors with commas between; at least one. */
struct pk_selector_list {
	const struct pk_selector *items;
	size_t n;
};

/*
 * Reads a list of selectors; what is made lives in the arena and borrows nothing.
 * Returns 0; -EBADMSG or -E2BIG with the byte that does not belong there and a static
 * clause that says what was wanted; or -ENOMEM. Any thread.
 */
int pk_selector_parse(struct pk_arena *arena, struct pk_span text,
    struct pk_selector_list *ret_list, size_t *reterr_at, const char **reterr_want);

/* Is the value of the attribute (which is there) what the test asks for? */
bool pk_selector_passes(const struct pk_selector_test *test, struct pk_span value);

#endif
