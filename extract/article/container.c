/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/container.h"

#include "extract/article/line.h"

#include <errno.h>

/* Lengths in code points. */
#define BLOCK_MIN    25  /* shorter blocks say nothing */
#define SENTENCE_MIN 60  /* shorter ones need a sign of a sentence */
#define ARTICLE_MIN  125 /* so much is an article of its own among others */

/* How far up the credit of a block goes. */
#define CREDIT_LEVELS 6

/* An element that the title stands in, or so many blocks above, is worth more. */
#define TITLE_NEAR  12
#define TITLE_PRIOR 1.4

/* How far up a split body is looked for, and what going up must bring. */
#define CLIMB_LEVELS 7
#define CLIMB_STRONG 0.6
#define CLIMB_WEAK   0.05
#define CLIMB_NOISE  2

/* ---- weight of blocks -------------------------------------------------------- */

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

/* ---- the container ----------------------------------------------------------- */

struct search {
	const struct pk_page *page;
	const double *good; /* sums over the blocks before: of what is good, */
	const double *rest; /* and of what is not, in code points */
	double *credit;     /* of the nodes */
	double total;
	uint32_t title_block;
};

/* The part of a running sum that stands in an element. */
static double
sum_in(const struct search *s, const double *sums, uint32_t n)
{
	const struct pk_node *node = &s->page->nodes.items[n];
	size_t end = node->end_block < s->page->blocks.len ? node->end_block
							   : s->page->blocks.len;

	return end <= node->first_block ? 0 : sums[end] - sums[node->first_block];
}

static double
mass(const struct search *s, uint32_t n)
{
	return sum_in(s, s->good, n);
}

static double
prior(const struct pk_node *node)
{
	if ((node->flags & PK_HINT_BODY) != 0)
		return 1.7;
	if ((node->flags & (PK_HINT_NEG | PK_HINT_COMMENT)) != 0)
		return 0.4;
	if ((node->flags & PK_HINT_POS) != 0)
		return 1.5;
	if (node->tag == PK_TAG_ARTICLE)
		return 1.25;
	return (node->flags & PK_HINT_WEAK) != 0 ? 1.1 : 1.0;
}

static void
give_credit(struct search *s)
{
	const struct pk_node *nodes = s->page->nodes.items;

	for (size_t b = 0; b < s->page->blocks.len; b++) {
		const struct pk_block *block = &s->page->blocks.items[b];
		if (block->good == 0)
			continue;
		uint32_t n = block->node;
		/* A paragraph holds its text; a <div> with bare text may be all. */
		if (nodes[n].tag == PK_TAG_P && nodes[n].parent != PK_NO_NODE)
			n = nodes[nodes[n].parent].block;
		for (unsigned level = 1; level <= CREDIT_LEVELS && n != PK_NO_NODE;
		     level++) {
			s->credit[n] += level == 1   ? block->good
					: level == 2 ? block->good / 2
						     : block->good / (3 * level);
			n = nodes[n].parent == PK_NO_NODE
				? PK_NO_NODE
				: nodes[nodes[n].parent].block;
		}
	}
}

static uint32_t
parent_block(const struct pk_page *page, uint32_t n)
{
	uint32_t parent = page->nodes.items[n].parent;

	return parent == PK_NO_NODE ? PK_NO_NODE : page->nodes.items[parent].block;
}

/* Are there other articles in the element beside the one at `inner`? */
static bool
holds_others(const struct search *s, uint32_t outer, uint32_t inner)
{
	const struct pk_node *nodes = s->page->nodes.items;

	for (uint32_t n = outer + 1; n < nodes[outer].end; n++) {
		if (nodes[n].tag != PK_TAG_ARTICLE)
			continue;
		bool around = n <= inner && inner < nodes[n].end;
		bool inside = inner <= n && n < nodes[inner].end;
		if (!around && !inside && mass(s, n) >= ARTICLE_MIN)
			return true;
		if (!around)
			n = nodes[n].end - 1;
	}
	return false;
}

static bool
is_strong(const struct pk_node *node)
{
	return (node->flags & (PK_HINT_BODY | PK_HINT_POS)) != 0 ||
	       node->tag == PK_TAG_ARTICLE;
}

/*
 * A body that is split over several elements: up while that brings much more of what is
 * good than of what is not.
 */
static uint32_t
climb(const struct search *s, uint32_t top)
{
	const struct pk_node *nodes = s->page->nodes.items;
	uint32_t at = top;

	for (unsigned step = 0; step < CLIMB_LEVELS; step++) {
		uint32_t next = parent_block(s->page, at);
		if (next == PK_NO_NODE || nodes[next].tag == PK_TAG_BODY)
			break;
		at = next;
		if (holds_others(s, at, top))
			break;
		double more = mass(s, at) - mass(s, top);
		double noise = sum_in(s, s->rest, at) - sum_in(s, s->rest, top);
		double enough = is_strong(&nodes[top]) ? CLIMB_STRONG : CLIMB_WEAK;
		if (more > enough * mass(s, top) && more > CLIMB_NOISE * noise) {
			top = at;
			step = 0;
		}
	}
	return top;
}

/* Does the element hold the title, or begin soon below it? */
static bool
is_below_title(const struct search *s, const struct pk_node *node)
{
	return s->title_block != UINT32_MAX && node->end_block > s->title_block &&
	       (node->first_block <= s->title_block ||
		   node->first_block - s->title_block <= TITLE_NEAR);
}

static uint32_t
best_credit(const struct search *s)
{
	uint32_t best = PK_NO_NODE;
	double most = 0;

	for (uint32_t n = 0; n < s->page->nodes.len; n++) {
		const struct pk_node *node = &s->page->nodes.items[n];
		double credit = s->credit[n] * prior(node);
		if (is_below_title(s, node))
			credit *= TITLE_PRIOR;
		if (credit > most) {
			most = credit;
			best = n;
		}
	}
	return best;
}

static const char *
method_of(const struct pk_node *node)
{
	if ((node->flags & PK_HINT_BODY) != 0)
		return "itemprop";
	if ((node->flags & PK_HINT_POS) != 0)
		return "class";
	return node->tag == PK_TAG_ARTICLE ? "article" : "density";
}

int
pk_container_find(const struct pk_page *page, uint32_t title_block,
    struct pk_container *ret_container)
{
	double *good =
	    pk_arena_calloc(page->arena, page->blocks.len + 1, sizeof(*good));
	double *rest =
	    pk_arena_calloc(page->arena, page->blocks.len + 1, sizeof(*rest));
	struct search s = { .page = page,
		.title_block = title_block,
		.good = good,
		.rest = rest,
		.credit = pk_arena_calloc(
		    page->arena, page->nodes.len + 1, sizeof(*s.credit)) };

	if (good == NULL || rest == NULL || s.credit == NULL)
		return -ENOMEM;
	for (size_t b = 0; b < page->blocks.len; b++) {
		const struct pk_block *block = &page->blocks.items[b];
		good[b + 1] = good[b] + block->good;
		/* What names forbid does not come along, so it does no harm. */
		rest[b + 1] =
		    rest[b] + (block->out || block->good > 0 ? 0 : block->points);
	}
	s.total = good[page->blocks.len];
	give_credit(&s);
	uint32_t top = best_credit(&s);
	if (top == PK_NO_NODE)
		return -ENOENT;
	top = climb(&s, top);
	*ret_container = (struct pk_container){ .node = top,
		.good = mass(&s, top),
		.share = mass(&s, top) / s.total,
		.method = method_of(&page->nodes.items[top]) };
	return 0;
}
