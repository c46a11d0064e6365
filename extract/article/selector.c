/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/selector.h"

#include <errno.h>
#include <libxml/tree.h>

/* A part, with what the page knows its elements by. */
struct part {
	const struct pk_selector_part *asked;
	enum pk_tag tag; /* PK_TAG_OTHER where the name must be compared */
};

struct pk_page_selector {
	const struct part *parts;
	size_t n;
	uint64_t bits; /* of the names in the last part */
};

/* ---- making ready -------------------------------------------------------------- */

static uint64_t
bits_of(const struct pk_selector_part *part)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < part->n_tests; i++) {
		const struct pk_selector_test *test = &part->tests[i];
		bool named = strcmp(test->name, "class") == 0 ||
			     strcmp(test->name, "id") == 0 ||
			     strcmp(test->name, "itemprop") == 0;
		bool whole = test->op == PK_SELECTOR_CLASS ||
			     test->op == PK_SELECTOR_IS || test->op == PK_SELECTOR_WORD;
		if (named && whole)
			bits |= pk_name_bits(test->value);
	}
	return bits;
}

static int
make_ready(struct pk_arena *arena, const struct pk_selector *selector,
    struct pk_page_selector *ret_ready)
{
	struct part *parts = pk_arena_calloc(arena, selector->n, sizeof(*parts));
	unsigned unused;

	if (parts == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < selector->n; i++) {
		const struct pk_selector_part *asked = &selector->parts[i];
		parts[i] = (struct part){ asked,
			asked->name.ptr == NULL ? PK_TAG_OTHER
						: pk_tag_of(asked->name.ptr, &unused) };
	}
	*ret_ready = (struct pk_page_selector){ parts, selector->n,
		bits_of(&selector->parts[selector->n - 1]) };
	return 0;
}

int
pk_selectors_parse(struct pk_arena *arena, struct pk_span text,
    struct pk_selectors *ret_selectors, size_t *reterr_at, const char **reterr_want)
{
	struct pk_selector_list list;
	struct pk_selectors ready = { .n = 0 };
	struct pk_page_selector *items;
	int r = pk_selector_parse(arena, text, &list, reterr_at, reterr_want);

	if (r < 0)
		return r;
	items = pk_arena_calloc(arena, list.n, sizeof(*items));
	if (items == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < list.n; i++) {
		r = make_ready(arena, &list.items[i], &items[i]);
		if (r < 0)
			return r;
		ready.nameless |= items[i].bits == 0;
	}
	ready.items = items;
	ready.n = list.n;
	*ret_selectors = ready;
	return 0;
}

/* ---- finding ------------------------------------------------------------------- */

/* NULL where the element has no such attribute. */
static const char *
attribute_of(const xmlNode *xml, const char *name)
{
	for (const xmlAttr *a = xml->properties; a != NULL; a = a->next) {
		if (*(const char *)a->name == *name &&
		    strcmp((const char *)a->name, name) == 0)
			return a->children == NULL || a->children->content == NULL
				   ? ""
				   : (const char *)a->children->content;
	}
	return NULL;
}

static bool
passes(const xmlNode *xml, const struct pk_selector_test *test)
{
	const char *value = attribute_of(xml, test->name);

	return value != NULL && pk_selector_passes(test, pk_span_of(value));
}

static bool
fits(const struct part *part, const struct pk_node *node)
{
	const struct pk_selector_part *asked = part->asked;

	if (asked->name.ptr != NULL &&
	    (part->tag != PK_TAG_OTHER
		    ? part->tag != node->tag
		    : strcmp((const char *)node->xml->name, asked->name.ptr) != 0))
		return false;
	for (size_t i = 0; i < asked->n_tests; i++) {
		if (!passes(node->xml, &asked->tests[i]))
			return false;
	}
	return true;
}

/* The element around it; PK_NO_NODE also when the page has been climbed enough. */
static uint32_t
climb(const struct pk_page *page, uint32_t node)
{
	if (*page->climbs == 0)
		return PK_NO_NODE;
	--*page->climbs;
	return page->nodes.items[node].parent;
}

/*
 * Does the selector find the element? From the last part leftwards and from the element
 * upwards. The nearest element that fits a part leaves the most room above it, so only
 * the last step over a blank is ever taken again.
 */
static bool
finds(
    const struct pk_page_selector *selector, const struct pk_page *page, uint32_t node)
{
	const struct pk_node *nodes = page->nodes.items;
	const struct part *parts = selector->parts;
	uint32_t at = node, again_at = PK_NO_NODE;
	size_t i = selector->n - 1, again = 0;

	if (!fits(&parts[i], &nodes[node]))
		return false;
	while (i > 0) {
		at = climb(page, at);
		if (parts[i].asked->child && at != PK_NO_NODE &&
		    fits(&parts[i - 1], &nodes[at])) {
			i--;
			continue;
		}
		if (parts[i].asked->child) {
			if (again_at == PK_NO_NODE)
				return false;
			i = again;
			at = climb(page, again_at);
		}
		while (at != PK_NO_NODE && !fits(&parts[i - 1], &nodes[at]))
			at = climb(page, at);
		if (at == PK_NO_NODE)
			return false;
		again = i--;
		again_at = at;
	}
	return true;
}

static bool
any_finds(const struct pk_selectors *list, const struct pk_page *page, uint64_t bits,
    uint32_t node)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct pk_page_selector *s = &list->items[i];
		if ((bits & s->bits) == s->bits && finds(s, page, node))
			return true;
	}
	return false;
}

/* Only elements with names can be meant, unless a selector asks for none. */
uint32_t
pk_selectors_next(
    const struct pk_selectors *list, const struct pk_page *page, size_t *cursor)
{
	while (!list->nameless && *cursor < page->named.len) {
		const struct pk_named_node *named = &page->named.items[(*cursor)++];
		if (any_finds(list, page, named->bits, named->node))
			return named->node;
	}
	while (list->nameless && *cursor < page->nodes.len) {
		uint32_t node = (uint32_t)(*cursor)++;
		if (any_finds(list, page, UINT64_MAX, node))
			return node;
	}
	return PK_NO_NODE;
}
