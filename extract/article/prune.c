/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/prune.h"

#include "base/map.h"
#include "base/utf8.h"
#include "extract/article/byline.h"
#include "extract/article/dates.h"
#include "extract/article/line.h"
#include "extract/article/metadata.h"
#include "extract/article/tails.h"

#include <errno.h>

/* Lengths in code points. */
#define REPEAT_MIN    40  /* a shorter block may be said twice */
#define LINKS_MAX     300 /* a longer one may be all links */
#define POINTER_MAX   120 /* "See also: ...": a short line that is mostly a link */
#define SHORT_MIN     20  /* a line without a full stop that may end a text */
#define CELL_MAX      200 /* a row with longer cells is layout, no table */
#define HEAD_MAX      400 /* what stands with the title in one block */
#define TITLE_MIN     12  /* a shorter title is a word of the text: bytes */
#define ITEM_TEXT_MIN 15  /* what a list's item says beside its link */
#define LINE_MIN      20  /* a shorter line above the text is none of it */
#define META_MAX      100 /* a line of date or author */
#define BIO_MAX       400 /* a note on the author */
#define NAME_MIN      5

/* Such a phrase in what is no part of the article ends it only with all but this. */
#define OUT_SHARE 0.9

/* An item with more of it in links points elsewhere, whatever it says. */
#define ITEM_LINKS 0.8

/* What boxes behind a text have at most, where the text is all in one element. */
#define BOXES_MAX   400
#define BOXES_SHARE 0.15
#define FLOW_SHARE  0.7

/* A box in a text has at most so many blocks; each with so many code points. */
#define BOXED_BLOCKS 4
#define BOXED_MAX    200

/* So many paragraphs at the end may be about the article. */
#define LAST_FEW 3

/* A tail phrase ends an article that is at least so long, and this share of it. */
#define CUT_MIN   120
#define CUT_SHARE 0.6

struct prune {
	struct pk_page *page;
	const struct pk_tails *tails;
	const struct pk_article *article;
	struct pk_body *body;
	const uint32_t *said; /* the block that said it before, plus 1; 0: none did */
	const bool *in;       /* which blocks are in the container */
	double good;          /* in it */
	double taken;         /* of it */
	uint32_t flow;        /* the element of nearly all paragraphs, or PK_NO_NODE */
	bool orphan;          /* something was dropped after the last paragraph */
	uint32_t first;       /* the first paragraph */
	uint32_t main;        /* the first one of the element that holds most */
	uint32_t last;        /* from here on there are only a few */
};

static double
link_density(const struct pk_block *b)
{
	return (double)b->link_points / (double)b->points;
}

/* Do both stand in one element, or in two of one kind side by side? */
static bool
are_neighbours(
    const struct pk_page *page, const struct pk_block *a, const struct pk_block *b)
{
	const struct pk_node *nodes = page->nodes.items;

	return a->node == b->node ||
	       (nodes[a->node].tag == nodes[b->node].tag &&
		   nodes[a->node].parent == nodes[b->node].parent);
}

/*
 * May a block that is too short to be good stand at the end of the article, beside one
 * that is part of it?
 */
static bool
may_follow(const struct pk_page *page, const struct pk_block *last,
    const struct pk_block *next)
{
	if (next->out || link_density(next) > 0.3 || next->kind == PK_PARAGRAPH_HEADING)
		return false;
	return pk_line_ends_sentence(next->text) || are_neighbours(page, last, next);
}

static bool
may_precede(const struct pk_page *page, const struct pk_block *before,
    const struct pk_block *first)
{
	if (before->out || link_density(before) > 0.3)
		return false;
	if (before->kind == PK_PARAGRAPH_HEADING)
		return before->tag != PK_TAG_H1 && link_density(before) == 0;
	return pk_line_ends_sentence(before->text) ||
	       (before->points >= SHORT_MIN && are_neighbours(page, before, first));
}

/* The blocks from the first good one to the last; and short ones at both ends. */
static void
good_range(const struct pk_page *page, const struct pk_container *container,
    uint32_t *ret_first, uint32_t *ret_end)
{
	uint32_t end = container->end_block;
	const struct pk_block *blocks = page->blocks.items;
	uint32_t first = container->first_block, last = end;

	while (first < end && blocks[first].good == 0)
		first++;
	while (last > first && blocks[last - 1].good == 0)
		last--;
	while (first > container->first_block && first < end &&
	       may_precede(page, &blocks[first - 1], &blocks[first]))
		first--;
	while (last > first && last < end &&
	       may_follow(page, &blocks[last - 1], &blocks[last]))
		last++;
	*ret_first = first;
	*ret_end = last;
}

static bool
repeats_heading(const struct pk_article *article, const struct pk_block *b)
{
	return pk_line_same(b->text, article->title) ||
	       pk_line_same(b->text, article->kicker);
}

static bool
is_list_of_links(const struct pk_block *b)
{
	double links = link_density(b);

	if (b->kind == PK_PARAGRAPH_LIST_ITEM && links > 0.5 &&
	    (links > ITEM_LINKS || b->points - b->link_points < ITEM_TEXT_MIN))
		return true;
	if (links > 0.75 && b->points < LINKS_MAX &&
	    (b->kind != PK_PARAGRAPH_P || b->points < POINTER_MAX ||
		b->link_points + 2 >= b->points))
		return true;
	return b->kind == PK_PARAGRAPH_HEADING && links > 0.9;
}

/* Notes which long blocks of the container say what another element said before. */
static int
note_repeats(struct prune *p, uint32_t first, uint32_t end)
{
	pk_cleanup(pk_map_freep) struct pk_map *seen = pk_map_new();
	struct pk_block *blocks = p->page->blocks.items;
	const struct pk_node *nodes = p->page->nodes.items;
	uint32_t *said =
	    pk_arena_calloc(p->page->arena, p->page->blocks.len + 1, sizeof(*said));

	if (seen == NULL || said == NULL)
		return -ENOMEM;
	p->said = said;
	for (uint32_t b = first; b < end; b++) {
		if (blocks[b].out || !p->in[b] || blocks[b].points < REPEAT_MIN)
			continue;
		const struct pk_block *before = pk_map_get(seen, blocks[b].text);
		if (before == NULL)
			pk_map_set(seen, blocks[b].text, &blocks[b]);
		else if (nodes[before->node].parent != nodes[blocks[b].node].parent)
			said[b] = (uint32_t)(before - blocks) + 1;
	}
	return 0;
}

/*
 * A page says things twice in two places: all of it for small screens, the beginning as
 * a teaser. A single paragraph that comes again is a refrain.
 */
static bool
is_repeat(const struct prune *p, uint32_t at)
{
	bool run = (at > 0 && p->said[at - 1] != 0) || p->said[at + 1] != 0;

	return p->said[at] != 0 && (run || p->said[at] - 1 <= p->first);
}

/* A line of date, author or rubric above or below the text. */
static bool
is_meta(const struct prune *p, const struct pk_block *b)
{
	struct pk_moment moment;

	if (b->kind == PK_PARAGRAPH_LIST_ITEM || b->kind == PK_PARAGRAPH_TABLE_ROW ||
	    b->points > META_MAX)
		return false;
	return pk_line_same(pk_byline_clean(b->text), p->article->byline) ||
	       (!pk_line_ends_sentence(b->text) &&
		   pk_date_search(b->text, 0, &moment) == 0);
}

/* "Jane Doe is the editor of ...": one of the authors, told in the third person. */
static bool
is_biography(const struct prune *p, const struct pk_block *b)
{
	struct pk_span names = p->article->byline;

	if (b->points > BIO_MAX || b->kind == PK_PARAGRAPH_HEADING)
		return false;
	while (names.len > 0) {
		struct pk_span name = pk_line_trim(pk_span_split(&names, ','));
		if (pk_utf8_count(name) >= NAME_MIN && b->text.len > name.len + 4 &&
		    pk_span_starts_with_nocase(b->text, name))
			return true;
	}
	return false;
}

/* Numbers of a chart, of pages, of a service: no letter. Headings may be numbers. */
static bool
is_number(const struct pk_block *b)
{
	return b->kind == PK_PARAGRAPH_P && !pk_line_has_letter(b->text);
}

/* The row that a block is a cell of, or PK_NO_NODE. */
static uint32_t
row_of(const struct pk_page *page, const struct pk_block *b)
{
	return b->kind == PK_PARAGRAPH_TABLE_ROW ? page->nodes.items[b->node].parent
						 : PK_NO_NODE;
}

/* The cells of a row are short, and each holds one block. */
static bool
continues_row(const struct pk_page *page, const struct pk_block *cell)
{
	uint32_t row = row_of(page, cell);

	return row != PK_NO_NODE && row_of(page, cell + 1) == row &&
	       cell[0].node != cell[1].node && cell[0].points <= CELL_MAX &&
	       cell[1].points <= CELL_MAX;
}

/*
 * The cells of a table's row as one text with a TAB between. *at is the first and
 * becomes the last of them. A row of layout is left as it is.
 */
static struct pk_span
join_row(const struct pk_page *page, uint32_t *at, uint32_t end)
{
	const struct pk_block *blocks = page->blocks.items;
	uint32_t last = *at;
	size_t len = blocks[*at].text.len;

	while (last + 1 < end && continues_row(page, &blocks[last]))
		len += blocks[++last].text.len + 1;
	if (last == *at)
		return blocks[*at].text;
	char *text = pk_arena_alloc(page->arena, len + 1), *to = text;
	if (text == NULL)
		return blocks[*at].text;
	for (uint32_t b = *at; b <= last; b++) {
		memcpy(to, blocks[b].text.ptr, blocks[b].text.len);
		to += blocks[b].text.len;
		*to++ = '\t';
	}
	*at = last;
	return (struct pk_span){ text, len };
}

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

static bool
is_in_flow(const struct pk_page *page, const struct pk_block *b, uint32_t main)
{
	uint32_t n = flow_of(page, b);

	return n == main || b->kind == PK_PARAGRAPH_PRE ||
	       b->kind == PK_PARAGRAPH_TABLE_ROW || n == PK_NO_NODE ||
	       main == PK_NO_NODE || pk_page_alike(page, n, main);
}

/* A short text in a box of its own between paragraphs that stand side by side. */
static bool
is_boxed(const struct prune *p, const struct pk_block *b)
{
	const struct pk_node *nodes = p->page->nodes.items;
	uint32_t n = b->node;

	if (b->kind != PK_PARAGRAPH_P || b->points > BOXED_MAX ||
	    is_in_flow(p->page, b, p->flow))
		return false;
	while (n != PK_NO_NODE && nodes[n].parent != p->flow)
		n = nodes[n].parent;
	return n != PK_NO_NODE && pk_page_has_names(p->page, n) &&
	       nodes[n].end_block - nodes[n].first_block <= BOXED_BLOCKS;
}

/* Why the block is no text of the article, judged by itself; NULL when it is. */
static const char *
why_not(const struct prune *p, uint32_t at)
{
	const struct pk_block *b = &p->page->blocks.items[at];
	bool before = at < p->first;

	if (b->out)
		return b->why;
	if (!p->in[at])
		return "beside the container";
	if (is_number(b))
		return "a number";
	if (is_list_of_links(b))
		return "links";
	if (repeats_heading(p->article, b))
		return "repeats the title";
	if (before && b->kind != PK_PARAGRAPH_HEADING && b->points < LINE_MIN)
		return "a short line above the text";
	/* Kicker, title and date in one: bare text with line breaks between. */
	if (at <= p->first && b->points <= HEAD_MAX &&
	    p->article->title.len >= TITLE_MIN && !pk_line_ends_sentence(b->text) &&
	    pk_span_find(b->text, p->article->title, 0) != SIZE_MAX)
		return "has the title in it";
	if ((at < p->main || at >= p->last) && is_meta(p, b))
		return "a line of date or author";
	if (at >= p->last && is_biography(p, b))
		return "about the author";
	if (at > p->main && is_boxed(p, b))
		return "a box in the text";
	return is_repeat(p, at) ? "said before" : NULL;
}

static int
add(struct prune *p, uint32_t *at, uint32_t end, struct pk_span line)
{
	const struct pk_block *b = &p->page->blocks.items[*at];
	enum pk_paragraph_kind kind = b->kind;
	/* A lead in bold is no heading; headings stand over a text. */
	if (kind == PK_PARAGRAPH_HEADING && *at < p->main &&
	    (b->tag < PK_TAG_H1 || b->tag > PK_TAG_H6))
		kind = PK_PARAGRAPH_P;
	bool cut = line.len < b->text.len;
	struct pk_span text =
	    !cut && kind == PK_PARAGRAPH_TABLE_ROW ? join_row(p->page, at, end) : line;

	p->taken += b->good;
	return pk_body_add(p->body, kind, text);
}

/* A heading whose text was dropped goes when the next one comes. */
static void
drop_orphan(struct prune *p, uint32_t at)
{
	const struct pk_body *body = p->body;
	size_t n = body->paragraphs.len;

	if (p->orphan && n > 0 &&
	    p->page->blocks.items[at].kind == PK_PARAGRAPH_HEADING &&
	    body->paragraphs.items[n - 1].kind == PK_PARAGRAPH_HEADING)
		pk_body_drop_last(p->body);
	p->orphan = false;
}

static int
take_blocks(struct prune *p, uint32_t at, uint32_t end)
{
	struct pk_span line;
	int r = 0;

	for (; at < end && r == 0; at++) {
		struct pk_block *b = &p->page->blocks.items[at];
		enum pk_tail tail = pk_tails_match(p->tails, b->text, &line);
		bool begun =
		    p->body->points >= CUT_MIN && p->taken >= CUT_SHARE * p->good;
		bool phrase = line.len == b->text.len &&
			      (tail == PK_TAIL_CUT || tail == PK_TAIL_DROP);
		bool ends = tail == PK_TAIL_CUT && p->in[at] &&
			    (!b->out || p->taken >= OUT_SHARE * p->good) &&
			    (begun || (!phrase && p->taken > 0));
		b->why = phrase && !b->out ? "a phrase of the site" : why_not(p, at);
		if (b->why == NULL && line.len > 0) {
			drop_orphan(p, at);
			r = add(p, &at, end, line);
		} else {
			p->orphan |= p->in[at];
		}
		if (ends)
			break;
	}
	return r;
}

/* Headings at the end have lost their text. */
static void
drop_last_headings(struct pk_body *body)
{
	while (body->paragraphs.len > 1 &&
	       body->paragraphs.items[body->paragraphs.len - 1].kind ==
		   PK_PARAGRAPH_HEADING)
		pk_body_drop_last(body);
}

static bool
is_paragraph(const struct prune *p, uint32_t at)
{
	const struct pk_block *b = &p->page->blocks.items[at];

	return p->in[at] && b->good > 0 && b->kind != PK_PARAGRAPH_HEADING &&
	       !repeats_heading(p->article, b) && !is_meta(p, b);
}

/*
 * Between the first paragraph and the last few everything is read as text; around them
 * stand lines of dates and names.
 */
static void
find_core(struct prune *p, const struct pk_node *node, uint32_t first, uint32_t end)
{
	const struct pk_block *blocks = p->page->blocks.items;
	unsigned paragraphs = 0;

	p->first = first;
	while (p->first < end && !is_paragraph(p, p->first))
		p->first++;
	p->main = node->first_block > p->first ? node->first_block : p->first;
	while (p->main < end && !is_paragraph(p, p->main))
		p->main++;
	for (p->last = end; p->last > p->first && paragraphs < LAST_FEW; p->last--)
		paragraphs += p->in[p->last - 1] && blocks[p->last - 1].good > 0;
}

/*
 * Boxes behind the text: what stands at the end of the container, beside the element in
 * which nearly all paragraphs are (p->flow from here on). Returns the new end.
 */
static uint32_t
cut_boxes(struct prune *p, uint32_t first, uint32_t end)
{
	const struct pk_block *blocks = p->page->blocks.items;
	uint32_t main = PK_NO_NODE, flow = PK_NO_NODE, last = end;
	double most = 0, mass = 0, behind = 0;

	/* Paragraphs of one flow come one after the other. */
	for (uint32_t b = first; b < end; b++) {
		if (!p->in[b] || blocks[b].good == 0)
			continue;
		uint32_t n = flow_of(p->page, &blocks[b]);
		mass = n == flow ? mass + blocks[b].good : blocks[b].good;
		flow = n;
		if (mass > most) {
			most = mass;
			main = n;
		}
	}
	most = 0;
	for (uint32_t b = first; b < end; b++) {
		if (p->in[b] && is_in_flow(p->page, &blocks[b], main))
			most += blocks[b].good;
	}
	while (last > first && !is_in_flow(p->page, &blocks[last - 1], main)) {
		last--;
		behind += p->in[last] ? blocks[last].good : 0;
	}
	if (most < FLOW_SHARE * p->good)
		return end;
	p->flow = main;
	bool boxes = behind <= BOXES_MAX && behind <= BOXES_SHARE * p->good;
	return boxes ? last : end;
}

int
pk_prune(struct pk_page *page, const struct pk_container *container,
    const struct pk_tails *tails, const struct pk_article *article,
    struct pk_body *body)
{
	struct prune p = { .page = page,
		.tails = tails,
		.article = article,
		.body = body,
		.in = container->in,
		.flow = PK_NO_NODE,
		.good = container->good };
	uint32_t first, end;

	good_range(page, container, &first, &end);
	int r = note_repeats(&p, first, end);
	if (r < 0)
		return r;
	end = cut_boxes(&p, first, end);
	find_core(&p, &page->nodes.items[container->node], first, end);
	bool outside = true; /* the lead may be the first paragraph */
	for (uint32_t b = first; b < end && article->lead.len > 0; b++)
		outside &= !pk_line_same(page->blocks.items[b].text, article->lead);
	if (article->lead.len > 0 && outside)
		r = pk_body_add(body, PK_PARAGRAPH_P, article->lead);
	if (r == 0)
		r = take_blocks(&p, first, end);
	drop_last_headings(body);
	return r;
}
