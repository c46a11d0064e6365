/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/extent.h"

#include <errno.h>

/* How far up elements beside are looked at. */
#define LEVELS 7

/* What may stand in a lead above the body, in code points that are good. */
#define LEAD_MIN 15

/* What follows a body and is not of its kind must be so large a share of it. */
#define MORE_SHARE 0.35

/* What is good in an element beside, against what is not. */
#define NOISE_OWN   1.0
#define NOISE_OTHER 0.4

struct extent {
	const struct pk_weights *w;
	const struct pk_node *nodes;
	const struct pk_block *blocks;
	uint32_t title_block;
	uint32_t n_blocks;
	bool *in;
	double good; /* of the element that it began with */
};

static void
include(struct extent *e, uint32_t first, uint32_t end)
{
	for (uint32_t b = first; b < end; b++)
		e->in[b] = true;
}

/*
 * An article of its own, or a pointer to one: a headline of the first rank or a link. A
 * headline above the text is the title.
 */
static bool
is_another(const struct extent *e, uint32_t n, uint32_t inner)
{
	if (n > inner && pk_page_holds_headline(e->w->page, n))
		return true;
	for (uint32_t b = e->nodes[n].first_block; b < e->nodes[n].end_block; b++) {
		const struct pk_block *block = &e->blocks[b];
		if (block->kind == PK_PARAGRAPH_HEADING && !block->out &&
		    block->link_points * 2 > block->points)
			return true;
	}
	return false;
}

/* What stands beside a paragraph in a text. */
static const bool flow[PK_TAGS] = {
	[PK_TAG_P] = true,
	[PK_TAG_BLOCKQUOTE] = true,
	[PK_TAG_PRE] = true,
	[PK_TAG_UL] = true,
	[PK_TAG_OL] = true,
	[PK_TAG_DL] = true,
	[PK_TAG_H2] = true,
	[PK_TAG_H3] = true,
	[PK_TAG_H4] = true,
};

/* What stands before the title is none of the article, the title itself no text of it.
 */
static uint32_t
first_block(const struct extent *e, uint32_t n)
{
	uint32_t first = e->nodes[n].first_block;

	return e->title_block != UINT32_MAX && e->title_block >= first &&
		       e->title_block < e->nodes[n].end_block
		   ? e->title_block + 1
		   : first;
}

/* Does the element `n` beside `inner` go on with the text? */
static bool
goes_on(const struct extent *e, uint32_t n, uint32_t inner)
{
	uint32_t first = first_block(e, n), end = e->nodes[n].end_block;
	double good = e->w->good[end] - e->w->good[first];
	double rest = e->w->rest[end] - e->w->rest[first];

	if (good == 0 || rest > good * NOISE_OWN || is_another(e, n, inner))
		return false;
	if (pk_page_alike(e->w->page, n, inner) || flow[e->nodes[n].tag] ||
	    (e->nodes[n].flags & (PK_HINT_POS | PK_HINT_BODY)) != 0)
		return true;
	if (rest > good * NOISE_OTHER)
		return false;
	if (n < inner && e->title_block != UINT32_MAX)
		return first >= e->title_block && good >= LEAD_MIN;
	return good >= MORE_SHARE * e->good;
}

/*
 * Takes in what goes on beside `inner` in `outer`, and short blocks between that are
 * nothing by themselves: headings, lines.
 */
static void
take_beside(struct extent *e, uint32_t outer, uint32_t inner)
{
	uint32_t first = inner, last = inner;

	for (uint32_t n = outer + 1; n < e->nodes[outer].end; n = e->nodes[n].end) {
		if (n == inner || !goes_on(e, n, inner))
			continue;
		include(e, first_block(e, n), e->nodes[n].end_block);
		first = n < first ? n : first;
		last = n > last ? n : last;
	}
	for (uint32_t n = first; n < last; n = e->nodes[n].end) {
		if (pk_weights_good(e->w, n) == 0 && e->nodes[n].block == n)
			include(e, first_block(e, n), e->nodes[n].end_block);
	}
	/* Bare text of the element around is a paragraph. */
	for (uint32_t b = e->nodes[first].first_block; b < e->nodes[last].end_block;
	     b++)
		e->in[b] = e->in[b] || e->blocks[b].node == outer;
	for (uint32_t b = e->nodes[last].end_block; b < e->nodes[outer].end_block;
	     b++) {
		if (e->blocks[b].node == outer && e->blocks[b].good > 0)
			include(e, b, b + 1);
	}
}

int
pk_extent_find(const struct pk_weights *weights, uint32_t node, uint32_t title_block,
    struct pk_container *ret_container)
{
	const struct pk_page *page = weights->page;
	struct extent e = { .w = weights,
		.nodes = page->nodes.items,
		.blocks = page->blocks.items,
		.title_block = title_block,
		.n_blocks = (uint32_t)page->blocks.len,
		.in = pk_arena_calloc(page->arena, page->blocks.len + 1, 1),
		.good = pk_weights_good(weights, node) };
	struct pk_container found = { .node = node, .in = e.in };

	if (e.in == NULL)
		return -ENOMEM;
	include(&e, e.nodes[node].first_block, e.nodes[node].end_block);
	uint32_t inner = node;
	for (unsigned level = 0; level < LEVELS; level++) {
		uint32_t outer = e.nodes[inner].parent;
		if (outer == PK_NO_NODE || e.nodes[inner].tag == PK_TAG_BODY)
			break;
		take_beside(&e, outer, inner);
		inner = outer;
	}
	found.first_block = e.n_blocks;
	for (uint32_t b = 0; b < e.n_blocks; b++) {
		if (!e.in[b])
			continue;
		if (b < found.first_block)
			found.first_block = b;
		found.end_block = b + 1;
		found.good += e.blocks[b].good;
	}
	found.share = found.good / weights->total;
	*ret_container = found;
	return 0;
}
