/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/weigh.h"

#include <errno.h>

/* Lengths in code points. */
#define BLOCK_MIN    25 /* shorter blocks say nothing */
#define SENTENCE_MIN 60 /* shorter ones need a sign of a sentence */

static double
weight_of(enum pk_paragraph_kind kind)
{
	if (kind == PK_PARAGRAPH_HEADING)
		return 0.3;
	return kind == PK_PARAGRAPH_LIST_ITEM ? 0.5 : 1;
}

static double
goodness(const struct pk_block *b)
{
	double links = (double)b->link_points / (double)b->points;

	if (b->points < BLOCK_MIN || links > 0.5 ||
	    (b->points < SENTENCE_MIN && b->marks == 0))
		return 0;
	return (double)b->points * (1 - links) * weight_of(b->kind);
}

/* The good text in the blocks of a node. */
static double
sum_good(const struct pk_page *page, const struct pk_node *node)
{
	double sum = 0;

	for (uint32_t b = node->first_block;
	     b < node->end_block && b < page->blocks.len; b++)
		sum += page->blocks.items[b].good;
	return sum;
}

static bool
holds_title(const struct pk_page *page, uint32_t n)
{
	for (uint32_t i = n; i < page->nodes.items[n].end; i++) {
		if (page->nodes.items[i].tag == PK_TAG_H1)
			return true;
	}
	return false;
}

/*
 * Up to which share of the page's good text an element's name is believed; 0 for an
 * element that may be the article. Without `strict` only what readers wrote and what
 * HTML itself calls furniture is named so.
 */
static double
guard_of(const struct pk_page *page, uint32_t n, bool strict)
{
	unsigned flags = page->nodes.items[n].flags;

	/* These may well be longer than the article. */
	if ((flags & PK_HINT_BODY) == 0 &&
	    (flags & (PK_HINT_COMMENT | PK_HINT_NOTICE)) != 0)
		return holds_title(page, n) ? 0 : 0.97;
	if (!strict)
		return (flags & PK_HINT_FURNITURE) != 0 ? 0.45 : 0;
	if ((flags & (PK_HINT_POS | PK_HINT_BODY)) != 0)
		return 0;
	if ((flags & (PK_HINT_NEG | PK_HINT_HIDDEN | PK_HINT_FURNITURE)) != 0)
		return 0.45;
	if ((flags & PK_HINT_GUARDED) != 0)
		return 0.3;
	return (flags & PK_HINT_SOFT) != 0 ? 0.2 : 0;
}

double
pk_page_weigh(struct pk_page *page, bool strict)
{
	double total = 0;

	for (size_t b = 0; b < page->blocks.len; b++) {
		page->blocks.items[b].good = goodness(&page->blocks.items[b]);
		page->blocks.items[b].out = false;
		total += page->blocks.items[b].good;
	}
	for (uint32_t n = 0; n < page->nodes.len; n++) {
		const struct pk_node *node = &page->nodes.items[n];
		double guard = guard_of(page, n, strict);
		if (guard == 0 || sum_good(page, node) > guard * total)
			continue;
		/* An inline element is no more than a part of its block. */
		bool inline_part = node->block != n;
		for (uint32_t b = node->first_block;
		     !inline_part && b < node->end_block && b < page->blocks.len; b++) {
			page->blocks.items[b].good = 0;
			page->blocks.items[b].out = true;
		}
		if (node->end > n + 1)
			n = node->end - 1;
	}
	total = 0;
	for (size_t b = 0; b < page->blocks.len; b++)
		total += page->blocks.items[b].good;
	return total;
}

/* ---- sums -------------------------------------------------------------------- */

int
pk_weights_make(const struct pk_page *page, struct pk_weights *ret_weights)
{
	size_t n = page->blocks.len;
	double *good = pk_arena_calloc(page->arena, n + 1, sizeof(*good));
	double *rest = pk_arena_calloc(page->arena, n + 1, sizeof(*rest));

	if (good == NULL || rest == NULL)
		return -ENOMEM;
	for (size_t b = 0; b < n; b++) {
		const struct pk_block *block = &page->blocks.items[b];
		/* What names forbid does not come along, so it does no harm. */
		bool harmless = block->out || block->good > 0;
		good[b + 1] = good[b] + block->good;
		rest[b + 1] = rest[b] + (harmless ? 0 : block->points);
	}
	*ret_weights = (struct pk_weights){ page, good, rest, good[n] };
	return 0;
}

static double
sum_in(const struct pk_weights *w, const double *sums, uint32_t n)
{
	const struct pk_node *node = &w->page->nodes.items[n];
	size_t end = node->end_block < w->page->blocks.len ? node->end_block
							   : w->page->blocks.len;

	return end <= node->first_block ? 0 : sums[end] - sums[node->first_block];
}

double
pk_weights_good(const struct pk_weights *weights, uint32_t node)
{
	return sum_in(weights, weights->good, node);
}

double
pk_weights_rest(const struct pk_weights *weights, uint32_t node)
{
	return sum_in(weights, weights->rest, node);
}
