/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/container.h"

#include "extract/article/extent.h"
#include "extract/article/weigh.h"

#include <errno.h>

/* So much is an article of its own among others: code points. */
#define ARTICLE_MIN 125
#define WHOLE_MIN   250 /* with a headline of its own */

/* A shorter headline is the site's name: code points. */
#define HEADLINE_MIN 12

/* How far up the credit of a block goes. */
#define CREDIT_LEVELS 6

/* An element that the title stands in, or so many blocks above, is worth more. */
#define TITLE_NEAR  12
#define TITLE_PRIOR 1.4

/* How far up a split body is looked for, and what going up must bring. */
#define CLIMB_LEVELS 7
#define CLIMB_STRONG 0.6
#define CLIMB_WEAK   0.15
#define CLIMB_NOISE  2

/*
 * An element that is no article by itself (so few code points, such a share of the
 * page) gives way to one that holds most of what is good.
 */
#define SMALL_MAX   1600
#define SMALL_SHARE 0.45
#define LARGE_SHARE 0.8

struct search {
	const struct pk_page *page;
	struct pk_weights weights;
	double *credit; /* of the nodes */
	uint32_t title_block;
};

static double
mass(const struct search *s, uint32_t n)
{
	return pk_weights_good(&s->weights, n);
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

static uint32_t
parent_block(const struct pk_page *page, uint32_t n)
{
	uint32_t parent = page->nodes.items[n].parent;

	return parent == PK_NO_NODE ? PK_NO_NODE : page->nodes.items[parent].block;
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
			n = parent_block(s->page, n);
		for (unsigned level = 1; level <= CREDIT_LEVELS && n != PK_NO_NODE;
		     level++) {
			s->credit[n] += level == 1   ? block->good
					: level == 2 ? block->good / 2
						     : block->good / (3 * level);
			n = parent_block(s->page, n);
		}
	}
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
		double noise = pk_weights_rest(&s->weights, at) -
			       pk_weights_rest(&s->weights, top);
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

/* The element among nodes [first, end) with the most credit. */
static uint32_t
best_credit(const struct search *s, uint32_t first, uint32_t end)
{
	uint32_t best = PK_NO_NODE;
	double most = 0;

	for (uint32_t n = first; n < end; n++) {
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

/* ---- several articles on a page ------------------------------------------------ */

/* Is it an article by itself: long enough, with a headline or a date of its own? */
static bool
is_whole(const struct search *s, uint32_t n)
{
	const struct pk_node *nodes = s->page->nodes.items;

	if (mass(s, n) < WHOLE_MIN)
		return false;
	for (uint32_t i = n; i < nodes[n].end; i++) {
		bool headline =
		    nodes[i].tag == PK_TAG_H1 ||
		    ((nodes[i].inherited & PK_HINT_LINK) != 0 &&
			nodes[i].tag >= PK_TAG_H2 && nodes[i].tag <= PK_TAG_H4);
		if (headline || nodes[i].tag == PK_TAG_TIME)
			return true;
	}
	return false;
}

static bool
holds_block(const struct search *s, uint32_t n, uint32_t block)
{
	const struct pk_node *node = &s->page->nodes.items[n];

	return block >= node->first_block && block < node->end_block;
}

/*
 * Of articles alike and side by side (below the first one the next is loaded) the one
 * with the title, or the first. Returns PK_NO_NODE where `n` is alone.
 */
static uint32_t
pick_among(const struct search *s, uint32_t n)
{
	const struct pk_node *nodes = s->page->nodes.items;
	uint32_t parent = nodes[n].parent, first = PK_NO_NODE;
	bool others = false;

	if (parent == PK_NO_NODE || !is_whole(s, n))
		return PK_NO_NODE;
	for (uint32_t i = parent + 1; i < nodes[parent].end; i = nodes[i].end) {
		bool alike = i == n || pk_page_alike(s->page, i, n);
		if (!alike || !is_whole(s, i))
			continue;
		others |= i != n;
		if (first == PK_NO_NODE || holds_block(s, i, s->title_block))
			first = i;
	}
	return others ? first : PK_NO_NODE;
}

/* The article that is meant, where `top` is in one of several, or around them. */
static uint32_t
pick_article(const struct search *s, uint32_t top)
{
	const struct pk_node *nodes = s->page->nodes.items;
	uint32_t n = top;

	for (uint32_t i = top + 1; i < nodes[top].end; i = nodes[i].end) {
		uint32_t meant =
		    pk_page_holds_headline(s->page, i) ? pick_among(s, i) : PK_NO_NODE;
		if (meant != PK_NO_NODE)
			return best_credit(s, meant, nodes[meant].end);
	}
	for (unsigned level = 0; level < CREDIT_LEVELS && n != PK_NO_NODE; level++) {
		uint32_t meant = pick_among(s, n);
		if (meant != PK_NO_NODE && meant != n)
			return best_credit(s, meant, nodes[meant].end);
		n = parent_block(s->page, n);
	}
	return top;
}

/* ---- both ways ------------------------------------------------------------------ */

/*
 * The other way to look for it: the element with the most that is good after what is
 * not was taken off (the maximum subtree; of equal ones the innermost).
 */
static uint32_t
best_subtree(const struct search *s)
{
	uint32_t best = PK_NO_NODE;
	double most = 0;

	for (uint32_t n = 0; n < s->page->nodes.len; n++) {
		if (s->page->nodes.items[n].block != n)
			continue;
		double value = mass(s, n) - pk_weights_rest(&s->weights, n);
		if (value > 0 && value >= most) {
			most = value;
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

/* The block of the page's only headline of the first rank, or UINT32_MAX. */
static uint32_t
only_headline(const struct pk_page *page)
{
	uint32_t found = UINT32_MAX;

	for (uint32_t b = 0; b < page->blocks.len; b++) {
		const struct pk_block *block = &page->blocks.items[b];
		if (block->tag != PK_TAG_H1 || block->link_points * 2 > block->points ||
		    block->points < HEADLINE_MIN)
			continue;
		if (found != UINT32_MAX)
			return UINT32_MAX;
		found = b;
	}
	return found;
}

/* The arbiter between the two. */
static bool
is_too_small(const struct search *s, const struct pk_container *found, uint32_t subtree)
{
	return subtree != PK_NO_NODE && subtree < found->node &&
	       found->node < s->page->nodes.items[subtree].end &&
	       found->good < SMALL_MAX && found->share < SMALL_SHARE &&
	       mass(s, subtree) >= LARGE_SHARE * s->weights.total &&
	       !holds_others(s, subtree, found->node);
}

int
pk_container_find(const struct pk_page *page, uint32_t title_block,
    struct pk_container *ret_container)
{
	struct search s = { .page = page,
		.title_block =
		    title_block != UINT32_MAX ? title_block : only_headline(page),
		.credit = pk_arena_calloc(
		    page->arena, page->nodes.len + 1, sizeof(*s.credit)) };
	struct pk_container found;

	int r = pk_weights_make(page, &s.weights);
	if (r < 0 || s.credit == NULL)
		return -ENOMEM;
	give_credit(&s);
	uint32_t top = best_credit(&s, 0, (uint32_t)page->nodes.len);
	if (top == PK_NO_NODE)
		return -ENOENT;
	top = climb(&s, pick_article(&s, top));
	r = pk_extent_find(&s.weights, top, s.title_block, &found);
	if (r < 0)
		return r;
	found.method = method_of(&page->nodes.items[top]);
	uint32_t subtree = best_subtree(&s);
	if (is_too_small(&s, &found, subtree)) {
		r = pk_extent_find(&s.weights, subtree, s.title_block, &found);
		found.method = "subtree";
	}
	if (r == 0)
		*ret_container = found;
	return r;
}
