/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/weigh.h"

#include <errno.h>

/* Lengths in code points. */
#define BLOCK_MIN    25 /* shorter blocks say nothing */
#define SENTENCE_MIN 60 /* shorter ones need a sign of a sentence */
#define CAPTION_MAX  250
#define LEAD_MIN     30
#define NAMED_MIN    600 /* so much in elements that are named so is an article */

/* With less than this share of the page left, its names lie. */
#define NAMED_SHARE 0.1

/* A teaser has so many blocks at most, and so many beside it at least. */
#define CARD_BLOCKS 4
#define CARDS_MIN   3
#define ARTICLE_MIN 140

/* Bytes a code point from which on a text is Chinese, Japanese or the like. */
#define DENSE_BYTES 2.5

/* So far up from a caption is the element that it shares with its image. */
#define CAPTION_LEVELS 4

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
	/* Scripts of three bytes a sign say more with each. */
	double points =
	    b->points * ((double)b->text.len >= DENSE_BYTES * b->points ? 2.0 : 1.0);

	if (points < BLOCK_MIN || links > 0.5 ||
	    (points < SENTENCE_MIN && b->marks == 0))
		return 0;
	return points * (1 - links) * weight_of(b->kind);
}

double
pk_page_good(const struct pk_page *page, uint32_t first, uint32_t end)
{
	double sum = 0;

	for (uint32_t b = first; b < end; b++)
		sum += page->blocks.items[b].good;
	return sum;
}

/* The good text in the blocks of a node. */
static double
sum_good(const struct pk_page *page, const struct pk_node *node)
{
	return pk_page_good(page, node->first_block, node->end_block);
}

/*
 * How much stands in what the page names its article, outside of what it names
 * otherwise. Where that is enough, a name is believed also of what is longer than the
 * article.
 */
static double
named_article(const struct pk_page *page)
{
	const unsigned others = PK_HINT_NEG | PK_HINT_COMMENT | PK_HINT_HIDDEN |
				PK_HINT_FURNITURE | PK_HINT_SOFT;
	double named = 0;

	for (uint32_t n = 0; n < page->nodes.len; n++) {
		const struct pk_node *node = &page->nodes.items[n];
		bool article = node->tag == PK_TAG_ARTICLE ||
			       (node->flags & (PK_HINT_POS | PK_HINT_BODY)) != 0;
		if (!article || (node->inherited & others) != 0)
			continue;
		named += sum_good(page, node);
		n = node->end - 1;
	}
	return named;
}

/*
 * Up to which share of the page's good text an element's name is believed; 0 for an
 * element that may be the article. Without `strict` only what readers wrote and what
 * HTML itself calls furniture is named so.
 */
static double
guard_of(const struct pk_page *page, uint32_t n, bool strict, double named)
{
	const unsigned body = PK_HINT_POS | PK_HINT_BODY;
	unsigned flags = page->nodes.items[n].flags;
	bool inside = (page->nodes.items[n].inherited & body) != 0;

	/* These may well be longer than the article. */
	if ((flags & PK_HINT_BODY) == 0 &&
	    (flags & (PK_HINT_COMMENT | PK_HINT_NOTICE)) != 0)
		return pk_page_holds_headline(page, n) ? 0 : 0.97;
	if (!strict)
		return (flags & PK_HINT_FURNITURE) != 0 ? 0.45 : 0;
	if ((flags & body) != 0)
		return 0;
	bool beside = named >= NAMED_MIN && !inside;
	if ((flags & PK_HINT_HIDDEN) != 0)
		return beside ? 0.9 : 0.7;
	/* Fifty pictures in a text have more to say than it, or are all of it. */
	if ((flags & PK_HINT_GALLERY) != 0 &&
	    named - sum_good(page, &page->nodes.items[n]) >= NAMED_MIN)
		return 0.9;
	if ((flags & (PK_HINT_NEG | PK_HINT_FURNITURE)) != 0)
		return beside ? 0.9 : 0.45;
	if ((flags & PK_HINT_GUARDED) != 0)
		return 0.3;
	return (flags & PK_HINT_SOFT) != 0 ? 0.2 : 0;
}

/* ---- captions ---------------------------------------------------------------- */

/*
 * Does the block stand with an image in an element that holds nothing else? In one
 * paragraph with it only what is slanted or small is its caption.
 */
static bool
is_caption(const struct pk_page *page, uint32_t b)
{
	const struct pk_block *block = &page->blocks.items[b];
	uint32_t n = block->node;

	if (block->points > CAPTION_MAX || block->kind == PK_PARAGRAPH_LIST_ITEM ||
	    block->kind == PK_PARAGRAPH_HEADING ||
	    block->kind == PK_PARAGRAPH_TABLE_ROW)
		return false;
	for (unsigned level = 0; level < CAPTION_LEVELS && n != PK_NO_NODE; level++) {
		const struct pk_node *node = &page->nodes.items[n];
		if (node->first_block != b || node->end_block > b + 1)
			return false;
		bool own =
		    node->tag != PK_TAG_P || block->slant_points >= block->points;
		if (own && pk_page_holds_image(page, n))
			return true;
		n = node->parent;
	}
	return false;
}

void
pk_page_put_out(struct pk_page *page, uint32_t first, uint32_t end, const char *why)
{
	for (uint32_t b = first; b < end; b++) {
		page->blocks.items[b].good = 0;
		page->blocks.items[b].out = true;
		page->blocks.items[b].why = why;
	}
}

/* What the names of an element made of it. */
static const char *
why_out(unsigned flags)
{
	static const struct {
		unsigned flags;
		const char *why;
	} reasons[] = {
		{ PK_HINT_COMMENT, "readers' comments" },
		{ PK_HINT_NOTICE, "a notice" },
		{ PK_HINT_HIDDEN, "not displayed" },
		{ PK_HINT_FURNITURE, "furniture of the site" },
		{ PK_HINT_NEG, "named as no article" },
		{ PK_HINT_CAPTION, "named as a caption" },
		{ PK_HINT_SOFT, "named as author, date or the like" },
		{ PK_HINT_GUARDED, "a form, figure or header" },
	};

	for (size_t i = 0; i < PK_COUNT(reasons); i++) {
		if ((flags & reasons[i].flags) != 0)
			return reasons[i].why;
	}
	return "put out";
}

/* May the block be a lead below the title in its <header>? */
static bool
is_lead(const struct pk_page *page, const struct pk_block *b)
{
	const unsigned others = PK_HINT_NEG | PK_HINT_COMMENT | PK_HINT_HIDDEN |
				PK_HINT_FURNITURE | PK_HINT_SOFT | PK_HINT_CLOCK;

	return b->points >= LEAD_MIN && b->good > 0 &&
	       b->link_points * 4 <= b->points &&
	       (page->nodes.items[b->node].inherited & others) == 0;
}

/* Puts the blocks of a <header> out, but for the lead below the title. */
static void
put_header_out(struct pk_page *page, const struct pk_node *header)
{
	bool below = false;

	for (uint32_t b = header->first_block; b < header->end_block; b++) {
		if (!below || !is_lead(page, &page->blocks.items[b]))
			pk_page_put_out(page, b, b + 1, why_out(header->flags));
		below |= page->blocks.items[b].tag == PK_TAG_H1;
	}
}

/* Gives every block its weight by itself. Returns the sum. */
static double
weigh_blocks(struct pk_page *page)
{
	double total = 0;

	for (size_t b = 0; b < page->blocks.len; b++) {
		page->blocks.items[b].good = goodness(&page->blocks.items[b]);
		page->blocks.items[b].out = false;
		page->blocks.items[b].why = "not looked at";
		total += page->blocks.items[b].good;
	}
	return total;
}

/* ---- teasers ----------------------------------------------------------------- */

/* A headline that is a link, and a line or two about it. */
static bool
is_card(const struct pk_page *page, uint32_t n)
{
	const struct pk_node *node = &page->nodes.items[n];
	uint32_t len = node->end_block - node->first_block;

	if (node->block != n || len < 2 || len > CARD_BLOCKS)
		return false;
	const struct pk_block *b = &page->blocks.items[node->first_block];
	return b->kind == PK_PARAGRAPH_HEADING && b->link_points * 5 >= b->points * 4;
}

/* What is good in the cards side by side in an element; 0 where they are few. */
static double
good_cards(const struct pk_page *page, uint32_t parent)
{
	const struct pk_node *nodes = page->nodes.items;
	uint32_t cards = 0;
	double good = 0;

	for (uint32_t n = parent + 1; n < nodes[parent].end; n = nodes[n].end) {
		if (!is_card(page, n))
			continue;
		cards++;
		good += sum_good(page, &nodes[n]);
	}
	return cards >= CARDS_MIN ? good : 0;
}

static void
put_children_out(struct pk_page *page, uint32_t parent)
{
	const struct pk_node *nodes = page->nodes.items;

	for (uint32_t n = parent + 1; n < nodes[parent].end; n = nodes[n].end) {
		if (is_card(page, n))
			pk_page_put_out(page, nodes[n].first_block, nodes[n].end_block,
			    "a teaser of another article");
	}
}

/*
 * Teasers of other articles below a short one have more to say than it. Where there is
 * text that is none of them, that is the article; else the page is a list, and they are
 * what it has. Returns what is left of `total`.
 */
static double
put_cards_out(struct pk_page *page, double total)
{
	double cards = 0;

	for (uint32_t n = 0; n < page->nodes.len; n++)
		cards += good_cards(page, n);
	if (cards == 0 || total - cards < ARTICLE_MIN)
		return total;
	for (uint32_t n = 0; n < page->nodes.len; n++) {
		if (good_cards(page, n) > 0)
			put_children_out(page, n);
	}
	return total - cards;
}

/* Puts out what is named otherwise, and captions. Returns what is left of `total`. */
static double
believe_names(struct pk_page *page, bool strict, double named, double total)
{
	double kept = 0;

	for (uint32_t n = 0; n < page->nodes.len; n++) {
		const struct pk_node *node = &page->nodes.items[n];
		double guard = guard_of(page, n, strict, named);
		if (guard == 0 || sum_good(page, node) > guard * total)
			continue;
		/* An inline element is no more than a part of its block. */
		if (node->tag == PK_TAG_HEADER)
			put_header_out(page, node);
		else if (node->block == n)
			pk_page_put_out(page, node->first_block, node->end_block,
			    why_out(node->flags));
		if (node->end > n + 1)
			n = node->end - 1;
	}
	for (uint32_t b = 0; b < page->blocks.len; b++) {
		if (strict && !page->blocks.items[b].out && is_caption(page, b))
			pk_page_put_out(page, b, b + 1, "caption of an image");
		kept += page->blocks.items[b].good;
	}
	return kept;
}

double
pk_page_weigh(struct pk_page *page, bool strict)
{
	double total = weigh_blocks(page);
	double named = strict ? named_article(page) : 0;
	double kept = believe_names(page, strict, named, total);

	if (named >= NAMED_MIN && kept < NAMED_SHARE * total) {
		weigh_blocks(page);
		kept = believe_names(page, strict, 0, total);
	}
	return put_cards_out(page, kept);
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

	return sums[node->end_block] - sums[node->first_block];
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
