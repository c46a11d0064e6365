/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/flow.h"

/* What boxes behind a text have at most, where the text is all in one element. */
#define BOXES_MAX   400
#define BOXES_SHARE 0.15
#define FLOW_SHARE  0.7

/* A box in a text has at most so many blocks; each with so many code points. */
#define BOXED_BLOCKS 4
#define BOXED_MAX    200

/* The element that a block's paragraph, list or quote stands in, side by side with
 * others. */
static uint32_t
flow_of(const struct pk_page *page, const struct pk_block *b)
{
	static const bool inner[PK_TAGS] = { [PK_TAG_LI] = true,
		[PK_TAG_UL] = true,
		[PK_TAG_OL] = true,
		[PK_TAG_BLOCKQUOTE] = true };
	const struct pk_node *nodes = page->nodes.items;
	uint32_t n = nodes[b->node].parent;

	while (n != PK_NO_NODE && inner[nodes[n].tag])
		n = nodes[n].parent;
	return n;
}

/* Code and tables have boxes of their own, and are text. */
static bool
is_in_flow(const struct pk_page *page, const struct pk_block *b, uint32_t main)
{
	uint32_t n = flow_of(page, b);

	return n == main || b->kind == PK_PARAGRAPH_PRE ||
	       b->kind == PK_PARAGRAPH_TABLE_ROW || n == PK_NO_NODE ||
	       main == PK_NO_NODE || pk_page_alike(page, n, main);
}

/* The element with the longest run of paragraphs. */
static uint32_t
longest_run(const struct pk_page *page, const struct pk_container *container,
    uint32_t first, uint32_t end)
{
	uint32_t flow = PK_NO_NODE, longest = PK_NO_NODE;
	double most = 0, mass = 0;

	for (uint32_t b = first; b < end; b++) {
		const struct pk_block *block = &page->blocks.items[b];
		if (!container->in[b] || block->good == 0)
			continue;
		uint32_t n = flow_of(page, block);
		mass = n == flow ? mass + block->good : block->good;
		flow = n;
		if (mass > most) {
			most = mass;
			longest = n;
		}
	}
	return longest;
}

uint32_t
pk_flow_find(const struct pk_page *page, const struct pk_container *container,
    uint32_t first, uint32_t end, uint32_t *ret_end)
{
	const struct pk_block *blocks = page->blocks.items;
	uint32_t flow = longest_run(page, container, first, end), last = end;
	double mass = 0, behind = 0;

	*ret_end = end;
	for (uint32_t b = first; b < end; b++) {
		if (container->in[b] && is_in_flow(page, &blocks[b], flow))
			mass += blocks[b].good;
	}
	if (mass < FLOW_SHARE * container->good)
		return PK_NO_NODE;
	while (last > first && !is_in_flow(page, &blocks[last - 1], flow)) {
		last--;
		behind += container->in[last] ? blocks[last].good : 0;
	}
	if (behind <= BOXES_MAX && behind <= BOXES_SHARE * container->good)
		*ret_end = last;
	return flow;
}

bool
pk_flow_is_boxed(
    const struct pk_page *page, uint32_t flow, const struct pk_block *block)
{
	const struct pk_node *nodes = page->nodes.items;
	uint32_t n = block->node;

	if (block->kind != PK_PARAGRAPH_P || block->points > BOXED_MAX ||
	    is_in_flow(page, block, flow))
		return false;
	while (n != PK_NO_NODE && nodes[n].parent != flow)
		n = nodes[n].parent;
	return n != PK_NO_NODE && pk_page_has_names(page, n) &&
	       nodes[n].end_block - nodes[n].first_block <= BOXED_BLOCKS;
}
