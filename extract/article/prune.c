/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/prune.h"

#include "base/utf8.h"
#include "extract/article/byline.h"
#include "extract/article/dates.h"
#include "extract/article/flow.h"
#include "extract/article/line.h"
#include "extract/article/metadata.h"
#include "extract/article/repeats.h"
#include "extract/article/tails.h"

#include <errno.h>

/* Lengths in code points. */
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
	struct pk_repeats repeats;
	const bool *in;   /* which blocks are in the container */
	const bool *told; /* the head has their text, too; or NULL */
	double good;      /* in it */
	double taken;     /* of it */
	uint32_t flow;    /* the element of nearly all paragraphs, or PK_NO_NODE */
	bool orphan;      /* something was dropped after the last paragraph */
	uint32_t first;   /* the first paragraph */
	uint32_t main;    /* the first one of the element that holds most */
	uint32_t last;    /* from here on there are only a few */
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

/* A signature is part of what the site says of itself: then the title names it, too. */
static bool
is_site(const struct pk_article *article, const struct pk_block *b)
{
	return pk_line_same(b->text, article->site) &&
	       pk_span_find(article->title, article->site, 0) == SIZE_MAX;
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

/* A line of date, author or rubric above or below the text. */
static bool
is_meta(const struct prune *p, const struct pk_block *b)
{
	struct pk_moment moment;

	if (b->kind == PK_PARAGRAPH_LIST_ITEM || b->kind == PK_PARAGRAPH_TABLE_ROW ||
	    b->points > META_MAX)
		return false;
	return pk_byline_is_label(b->text) ||
	       pk_line_same(pk_byline_clean(b->text), p->article->byline) ||
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
	if (at >= p->last && is_site(p->article, b))
		return "the site's name";
	bool told = p->told != NULL && p->told[at];
	if (at > p->main && !told && pk_flow_is_boxed(p->page, p->flow, b))
		return "a box in the text";
	return pk_repeats_has(&p->repeats, at, p->first) ? "said before" : NULL;
}

static int
add(struct prune *p, uint32_t *at, uint32_t end, struct pk_span line)
{
	const struct pk_block *b = &p->page->blocks.items[*at];
	enum pk_paragraph_kind kind = b->kind;
	/* A lead in bold is no heading; headings stand over a text. */
	if (kind == PK_PARAGRAPH_HEADING && *at < p->main && !pk_tag_is_heading(b->tag))
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
		.told = container->told,
		.good = container->good };
	uint32_t first, end;

	good_range(page, container, &first, &end);
	int r = pk_repeats_find(page, container, first, end, &p.repeats);
	if (r < 0)
		return r;
	p.flow = pk_flow_find(page, container, first, end, &end);
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
