/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/heading.h"

#include "base/utf8.h"
#include "extract/article/body.h"
#include "extract/article/byline.h"
#include "extract/article/dates.h"
#include "extract/article/line.h"
#include "extract/article/pictures.h"
#include "extract/article/published.h"
#include "extract/article/title.h"

/* Lengths in code points. */
#define KICKER_MAX       160
#define PLAIN_KICKER_MAX 80 /* of one that nothing names so */
#define PLAIN_KICKER_MIN 4
#define LEAD_MIN         40
#define LEAD_MAX         900

/* How many blocks a kicker, a lead are away from the title at most. */
#define NEAR 12

/* Blocks of a notice that the rest is for subscribers; the text itself has more. */
#define WALL_MAX 12

struct heading {
	struct pk_metadata *m;
	const struct pk_page *page;
	struct pk_article *article;
	struct pk_heading_places places;
};

uint32_t
pk_heading_block(struct pk_metadata *metadata)
{
	const struct pk_heading_places nowhere = { UINT32_MAX, UINT32_MAX, UINT32_MAX };
	uint32_t n = pk_title_find(metadata, &nowhere, true);

	return n == PK_NO_NODE ? UINT32_MAX
			       : metadata->page->nodes.items[n].first_block;
}

/*
 * The element for kickers that is nearest to the title (to the body where there is
 * none).
 */
static uint32_t
find_kicker(const struct heading *h)
{
	uint32_t from = h->places.title_block != UINT32_MAX ? h->places.title_block
							    : h->places.body_block;
	uint32_t best = PK_NO_NODE, nearest = NEAR + 1;

	for (size_t i = 0; i < h->m->marked.len; i++) {
		uint32_t n = h->m->marked.items[i];
		const struct pk_node *node = &h->page->nodes.items[n];
		uint32_t away = pk_metadata_distance(node->first_block, from);
		if ((node->flags & PK_HINT_KICKER) == 0 || away >= nearest ||
		    !pk_metadata_is_seen(node) ||
		    node->end_block - node->first_block > 4)
			continue;
		size_t points = pk_utf8_count(pk_page_text_of(h->page, n));
		if (points == 0 || points > KICKER_MAX)
			continue;
		best = n;
		nearest = away;
	}
	return best;
}

/*
 * A short line at once above the title, in one box with it: no sentence, no link, no
 * date, no name of author or site.
 */
static bool
is_plain_kicker(const struct heading *h, uint32_t title)
{
	const struct pk_page *page = h->page;
	const struct pk_node *nodes = page->nodes.items;
	const struct pk_block *over = &page->blocks.items[title - 1];
	const struct pk_node *node = &nodes[over->node];
	const struct pk_node *heading = &nodes[page->blocks.items[title].node];
	const unsigned other = PK_HINT_NEG | PK_HINT_SOFT | PK_HINT_BYLINE |
			       PK_HINT_DATE | PK_HINT_TAGS | PK_HINT_CRUMB |
			       PK_HINT_TITLE | PK_HINT_GUARDED;
	struct pk_moment moment;
	bool beside =
	    node->parent == heading->parent || &nodes[heading->parent] == node;

	if (heading->tag < PK_TAG_H1 || heading->tag > PK_TAG_H3 || !beside ||
	    pk_tag_is_heading(node->tag) || node->tag == PK_TAG_BODY ||
	    over->points > PLAIN_KICKER_MAX || over->points < PLAIN_KICKER_MIN ||
	    over->links > 0 || over->link_points > 0 || !pk_metadata_is_seen(node) ||
	    ((node->inherited | heading->inherited) & PK_HINT_LINK) != 0)
		return false;
	/* What the elements of the line are called, too. */
	for (uint32_t n = pk_page_node_at(page, title - 1);
	     n < page->nodes.len && nodes[n].first_block < title; n++) {
		if ((nodes[n].flags & other) != 0 && nodes[n].text.len > 0 &&
		    nodes[n].end_block == title)
			return false;
	}
	return pk_line_has_letter(over->text) &&
	       memchr(over->text.ptr, ':', over->text.len) == NULL &&
	       memchr(over->text.ptr, '|', over->text.len) == NULL &&
	       memchr(over->text.ptr, '\n', over->text.len) == NULL &&
	       !pk_line_ends_sentence(over->text) &&
	       pk_date_search(over->text, 0, &moment) < 0 &&
	       /* "A report from ...": where the author is known, it is a place. */
	       (h->m->jsonld.n_authors > 0 || !pk_byline_is_line(over->text)) &&
	       !pk_metadata_is_site(h->m, over->text);
}

static int
read_kicker(struct heading *h)
{
	const struct pk_page *page = h->page;
	struct pk_span text = { NULL, 0 };
	const char *where = "class";

	uint32_t n = find_kicker(h), title = h->places.title_block;
	if (n != PK_NO_NODE) {
		text = pk_page_text_of(page, n);
	} else if (title != UINT32_MAX && title > 0) {
		/* A small heading directly over the title. */
		const struct pk_block *over = &page->blocks.items[title - 1];
		if (over->kind == PK_PARAGRAPH_HEADING && !over->out &&
		    over->tag > PK_TAG_H1 && over->points <= KICKER_MAX &&
		    over->link_points == 0 &&
		    pk_metadata_is_seen(&page->nodes.items[over->node])) {
			text = over->text;
			where = "heading";
		} else if (is_plain_kicker(h, title)) {
			text = over->text;
			where = "text";
		}
	}
	if (pk_line_same(text, h->article->title) ||
	    pk_line_same(text, h->article->site))
		return 0;
	return pk_metadata_set(h->m, &h->article->kicker, "kicker", text, where);
}

/* May a lead stand there: below the title, above the second paragraph of the body? */
static bool
is_lead_place(const struct heading *h, const struct pk_node *node)
{
	const struct pk_heading_places *p = &h->places;
	uint32_t from = p->title_block != UINT32_MAX ? p->title_block
			: p->body_block > NEAR       ? p->body_block - NEAR
						     : 0;

	return node->first_block >= from && node->first_block <= p->body_block + 1 &&
	       node->first_block - from <= 2 * NEAR &&
	       node->end_block > node->first_block &&
	       node->end_block - node->first_block <= 2;
}

static int
read_lead(struct heading *h)
{
	const struct pk_page *page = h->page;

	for (size_t i = 0; i < h->m->marked.len; i++) {
		uint32_t n = h->m->marked.items[i];
		const struct pk_node *node = &page->nodes.items[n];
		if ((node->flags & PK_HINT_LEAD) == 0 || !pk_metadata_is_seen(node) ||
		    !is_lead_place(h, node))
			continue;
		struct pk_span text = pk_page_text_of(page, n);
		size_t points = pk_utf8_count(text);
		const struct pk_block *block = &page->blocks.items[node->first_block];
		bool links = block->link_points * 2 > block->points;
		if (points < LEAD_MIN || points > LEAD_MAX || links ||
		    pk_line_same(text, h->article->title) ||
		    pk_line_same(text, h->article->kicker))
			continue;
		return pk_metadata_set(h->m, &h->article->lead, "lead", text, "class");
	}
	return 0;
}

/* An element with such a name that readers see where the text stands or breaks off. */
static int
read_wall(struct heading *h)
{
	for (size_t i = 0; i < h->m->marked.len && !h->article->paywalled; i++) {
		const struct pk_node *node =
		    &h->page->nodes.items[h->m->marked.items[i]];
		uint32_t blocks = node->end_block - node->first_block;
		if ((node->flags & PK_HINT_PAYWALL) == 0 || blocks == 0 ||
		    blocks > WALL_MAX || !pk_metadata_is_seen(node) ||
		    node->first_block < h->places.body_block ||
		    node->first_block > h->places.body_end + 2)
			continue;
		h->article->paywalled = true;
		return pk_article_note(
		    h->page->arena, h->article, "paywalled", "class");
	}
	return 0;
}

/* The first block from `at` on that reads like text; the last one where none does. */
static uint32_t
next_good(const struct pk_page *page, uint32_t at, uint32_t end)
{
	while (at + 1 < end && at + 1 < page->blocks.len &&
	       page->blocks.items[at].good == 0)
		at++;
	return at;
}

int
pk_heading_read(struct pk_metadata *metadata, const struct pk_container *container)
{
	const struct pk_page *page = metadata->page;
	struct heading h = { .m = metadata,
		.page = page,
		.article = metadata->article,
		.places = { .title_block = UINT32_MAX,
		    .body_block = container->first_block,
		    .body_end = container->end_block } };
	struct pk_heading_places *p = &h.places;

	p->body_block = next_good(page, p->body_block, p->body_end);
	uint32_t title = pk_title_find(metadata, p, false);
	if (title != PK_NO_NODE)
		p->title_block = page->nodes.items[title].first_block;
	int r = pk_title_read(metadata, p, title);
	/* A container with the title in it may begin far above the body. */
	if (p->title_block >= p->body_block && p->title_block < p->body_end)
		p->body_block = next_good(page, p->title_block + 1, p->body_end);
	if (r == 0)
		r = read_kicker(&h);
	if (r == 0)
		r = read_lead(&h);
	if (r == 0)
		r = pk_byline_read(metadata, p);
	if (r == 0)
		r = pk_published_read_page(metadata, p);
	if (r == 0)
		r = read_wall(&h);
	return r == 0 ? pk_pictures_read(metadata, p) : r;
}
