/* SPDX-License-Identifier: Apache-2.0 */
/* The body by rules, and what they take out of the page. */
#include "extract/article/site_priv.h"

#include "extract/article/line.h"
#include "extract/article/weigh.h"

#include <errno.h>

/* What may hide a body that a rule knows to be one. */
#define DOUBTED                                                                        \
	((unsigned)(PK_HINT_NEG | PK_HINT_COMMENT | PK_HINT_SOFT | PK_HINT_HIDDEN |    \
		    PK_HINT_FURNITURE | PK_HINT_GUARDED | PK_HINT_NOTICE |             \
		    PK_HINT_CAPTION))

/* An element with more of the page's text than this is no field. */
#define FIELD_SHARE 0.3

/* ---- its pieces ------------------------------------------------------------------ */

static bool
has_text(const struct pk_page *page, uint32_t node)
{
	const struct pk_node *n = &page->nodes.items[node];

	return n->end_block > n->first_block;
}

/* The <article> around it, or PK_NO_NODE. */
static uint32_t
article_of(const struct pk_page *page, uint32_t node)
{
	while (node != PK_NO_NODE && page->nodes.items[node].tag != PK_TAG_ARTICLE)
		node = page->nodes.items[node].parent;
	return node;
}

/* Pieces with titles between them, or in several <article>, are articles, no pieces. */
static bool
are_articles(const struct pk_site *site, const struct pk_page *page)
{
	uint32_t first = site->body.items[0],
		 last = site->body.items[site->body.len - 1];

	if (article_of(page, first) != article_of(page, last))
		return true;
	for (size_t i = 0; i < site->n_holding; i++) {
		const struct pk_site_line *l =
		    site->holding[i].rule->keys[PK_SITE_TITLE];
		for (; l != NULL; l = l->next) {
			size_t cursor = 0;
			uint32_t node = first;
			while (node <= first)
				node = pk_selectors_next(&l->selectors, page, &cursor);
			if (node < last)
				return true;
		}
	}
	return false;
}

/* Outermost elements with text; 1: there are some. */
static int
take_body(
    struct pk_site_reader *r, const struct pk_site_nodes *nodes, const void *context)
{
	struct pk_site *site = r->site;
	uint32_t last = PK_NO_NODE;

	(void)context;
	for (size_t i = 0; i < nodes->len; i++) {
		uint32_t node = nodes->items[i];
		if (!has_text(r->page, node) ||
		    (last != PK_NO_NODE && pk_site_is_within(r->page, node, last)))
			continue;
		if (pk_site_add(r->page, &site->body, node) < 0)
			return -ENOMEM;
		last = node;
	}
	if (site->body.len == 0)
		return 0;
	for (size_t i = 0; i < site->n_holding; i++) {
		if (site->holding[i].rule->where == r->where)
			site->body_rule = site->holding[i].rule;
	}
	if (site->body.len > PK_SITE_PIECES_MAX)
		site->body_why_not = "too many pieces";
	else if (site->body.len > 1 && are_articles(site, r->page))
		site->body_why_not = "several articles";
	return 1;
}

/* Of all rules and all lines. */
static int
read_strip(struct pk_site_reader *r)
{
	struct pk_site *site = r->site;

	for (size_t i = 0; i < site->n_holding; i++) {
		const struct pk_site_line *l =
		    site->holding[i].rule->keys[PK_SITE_STRIP];
		for (; l != NULL; l = l->next) {
			size_t cursor = 0;
			uint32_t node;
			while ((node = pk_selectors_next(
				    &l->selectors, r->page, &cursor)) != PK_NO_NODE) {
				if (pk_site_add(r->page, &site->strip, node) < 0)
					return -ENOMEM;
			}
		}
	}
	return 0;
}

int
pk_site_read_body(struct pk_site_reader *r)
{
	int e = pk_site_read_key(r, PK_SITE_BODY, take_body, NULL);

	return e < 0 ? e : read_strip(r);
}

/* ---- names that are not believed ------------------------------------------------- */

static int
doubt(struct pk_site *site, struct pk_page *page, uint32_t node, unsigned flags)
{
	struct pk_node *n = &page->nodes.items[node];

	if (n->flags == flags)
		return 0;
	struct pk_site_doubt *item = pk_array_push(page->arena, &site->doubts);
	if (item == NULL)
		return -ENOMEM;
	*item = (struct pk_site_doubt){ node, n->flags };
	n->flags = flags;
	return 0;
}

/* Elements stand behind those around them. */
static void
inherit(struct pk_page *page)
{
	for (uint32_t n = 0; n < page->nodes.len; n++) {
		struct pk_node *node = &page->nodes.items[n];
		node->inherited =
		    node->flags | (node->parent == PK_NO_NODE
					  ? 0
					  : page->nodes.items[node->parent].inherited);
	}
}

int
pk_site_hold_body(struct pk_site *site, struct pk_page *page)
{
	const struct pk_node *nodes = page->nodes.items;
	int r = 0;

	site->body_holds = true;
	for (size_t i = 0; i < site->body.len && r == 0; i++) {
		uint32_t n = site->body.items[i];
		r = doubt(site, page, n, (nodes[n].flags & ~DOUBTED) | PK_HINT_POS);
		for (n = nodes[n].parent; n != PK_NO_NODE && r == 0;
		     n = nodes[n].parent)
			r = doubt(site, page, n, nodes[n].flags & ~DOUBTED);
	}
	inherit(page);
	return r;
}

/* From behind: what an element said at first was written down first. */
void
pk_site_drop_body(struct pk_site *site, struct pk_page *page, const char *why_not)
{
	while (site->doubts.len > 0) {
		const struct pk_site_doubt *item =
		    &site->doubts.items[--site->doubts.len];
		page->nodes.items[item->node].flags = item->flags;
	}
	inherit(page);
	site->body_holds = false;
	site->body_why_not = why_not;
}

/* ---- weight -----------------------------------------------------------------------
 */

/* An element in a line is no more than a part of its block. */
static bool
fills_block(const struct pk_page *page, const struct pk_node *node, uint32_t index)
{
	return node->block == index ||
	       (node->first_block < page->blocks.len &&
		   pk_line_trim(node->text).len >=
		       page->blocks.items[node->first_block].text.len);
}

static double
good_in_body(const struct pk_site *site, const struct pk_page *page)
{
	double good = 0;

	for (size_t i = 0; i < site->body.len; i++) {
		const struct pk_node *piece = &page->nodes.items[site->body.items[i]];
		good += pk_page_good(page, piece->first_block, piece->end_block);
	}
	return good;
}

/* What holds the title or the body is not taken out, whatever a rule says. */
static bool
holds_article(const struct pk_site *site, const struct pk_page *page, uint32_t node)
{
	if (site->title != PK_NO_NODE && pk_site_is_within(page, site->title, node))
		return true;
	for (size_t i = 0; i < site->body.len; i++) {
		if (site->body_why_not == NULL &&
		    pk_site_is_within(page, site->body.items[i], node))
			return true;
	}
	return false;
}

/* News of one line: where a rule's body has nothing good, its short lines are. */
static void
value_short(const struct pk_site *site, struct pk_page *page)
{
	for (size_t i = 0; i < site->body.len; i++) {
		const struct pk_node *piece = &page->nodes.items[site->body.items[i]];
		for (uint32_t b = piece->first_block; b < piece->end_block; b++) {
			struct pk_block *block = &page->blocks.items[b];
			if (!block->out && block->link_points * 2 <= block->points)
				block->good = block->points;
		}
	}
}

double
pk_site_weigh(const struct pk_site *site, struct pk_page *page)
{
	uint32_t end = (uint32_t)page->blocks.len;
	double all = pk_page_good(page, 0, end);

	for (size_t i = 0; i < site->strip.len; i++) {
		uint32_t n = site->strip.items[i];
		const struct pk_node *node = &page->nodes.items[n];
		if (!fills_block(page, node, n) || holds_article(site, page, n))
			continue;
		pk_page_put_out(page, node->first_block, node->end_block,
		    "stripped by a site's rule");
		while (i + 1 < site->strip.len && site->strip.items[i + 1] > n &&
		       site->strip.items[i + 1] < node->end)
			i++;
	}
	for (size_t i = 0; i < site->aside.len; i++) {
		uint32_t n = site->aside.items[i];
		const struct pk_node *node = &page->nodes.items[n];
		double good = pk_page_good(page, node->first_block, node->end_block);
		if (fills_block(page, node, n) && !holds_article(site, page, n) &&
		    good <= FIELD_SHARE * all)
			pk_page_put_out(page, node->first_block, node->end_block,
			    "another field, by a site's rule");
	}
	if (site->body_holds && good_in_body(site, page) == 0)
		value_short(site, page);
	return pk_page_good(page, 0, end);
}

int
pk_site_container(const struct pk_site *site, const struct pk_page *page,
    struct pk_container *ret_container)
{
	uint32_t first = site->body.items[0], node = first;
	uint32_t last = site->body.items[site->body.len - 1];
	bool *in = pk_arena_calloc(page->arena, page->blocks.len + 1, sizeof(*in));
	double good = good_in_body(site, page),
	       all = pk_page_good(page, 0, (uint32_t)page->blocks.len);

	if (in == NULL)
		return -ENOMEM;
	while (!pk_site_is_within(page, last, node))
		node = page->nodes.items[node].parent;
	for (size_t i = 0; i < site->body.len; i++) {
		const struct pk_node *piece = &page->nodes.items[site->body.items[i]];
		for (uint32_t b = piece->first_block; b < piece->end_block; b++)
			in[b] = true;
	}
	*ret_container = (struct pk_container){ .node = node,
		.first_block = page->nodes.items[first].first_block,
		.end_block = page->nodes.items[last].end_block,
		.in = in,
		.good = good,
		.share = all > 0 ? good / all : 0,
		.method = "site rule" };
	return 0;
}
