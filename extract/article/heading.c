/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/heading.h"

#include "base/utf8.h"
#include "extract/article/body.h"
#include "extract/article/line.h"

#include <errno.h>

/* Lengths in code points. */
#define TITLE_MIN  3
#define TITLE_MAX  400
#define KICKER_MAX 160
#define LEAD_MIN   40
#define LEAD_MAX   900
#define LINE_MAX   200 /* of a byline or a date */

/* A title on the page that is so long and has so many words of the head's. */
#define VARIANT_MIN   10
#define VARIANT_SHARE 0.4

/* The rank of a heading that is the title for sure: the head says the same. */
#define TITLE_SURE 40

/* How many blocks a kicker, a lead, a byline are away from the title at most. */
#define NEAR 12

struct heading {
	struct pk_metadata *m;
	const struct pk_page *page;
	struct pk_article *article;
	uint32_t title_block; /* of the title on the page; UINT32_MAX where it is not */
	uint32_t body_block;  /* the first good one of the container */
	uint32_t body_end;
};

/* ---- title ------------------------------------------------------------------- */

static bool
is_heading(const struct pk_node *node)
{
	return node->tag >= PK_TAG_H1 && node->tag <= PK_TAG_H6;
}

/* Does `whole` begin with `part`, and go on with a sign as before a site's name? */
static bool
is_with_site(struct pk_span whole, struct pk_span part)
{
	static const char *const separators[] = { " | ", " - ", " – ", " — ",
		" :: ", " » ", " « ", " · ", " • ", " / ", "|", " : ", " -- " };

	if (part.len == 0 || !pk_span_starts_with(whole, part))
		return false;
	struct pk_span rest = pk_span_slice(whole, part.len, whole.len);
	for (size_t i = 0; i < PK_COUNT(separators); i++) {
		if (pk_span_starts_with(rest, pk_span_of(separators[i])))
			return true;
	}
	return false;
}

/*
 * "Title - Site" without the site, when the site's name is known or the page shows the
 * title alone.
 */
static struct pk_span
without_site(struct pk_span title, struct pk_span site, struct pk_span shown)
{
	static const char *const separators[] = { " | ", " - ", " – ", " — ",
		" :: ", " » ", " « ", " · ", " • ", "|", " / " };

	if (is_with_site(title, shown))
		return shown;
	for (size_t i = 0; i < PK_COUNT(separators) && site.len > 0; i++) {
		struct pk_span separator = pk_span_of(separators[i]);
		size_t at = pk_span_find(title, separator, 0);
		if (at == SIZE_MAX)
			continue;
		struct pk_span before = pk_span_slice(title, 0, at);
		struct pk_span after =
		    pk_span_slice(title, at + separator.len, title.len);
		if (pk_line_same(after, site))
			return pk_line_trim(before);
		if (pk_line_same(before, site))
			return pk_line_trim(after);
		/* The last part may be the site where there are several. */
		for (size_t next = at; next != SIZE_MAX;
		     next = pk_span_find(title, separator, at + separator.len)) {
			at = next;
		}
		if (pk_line_same(
			pk_span_slice(title, at + separator.len, title.len), site))
			return pk_line_trim(pk_span_slice(title, 0, at));
	}
	return title;
}

/* How well a heading on the page would do as the title; 0: not at all. */
static int
rank_title(const struct heading *h, const struct pk_node *node, struct pk_span text)
{
	size_t points = pk_utf8_count(text);
	unsigned banned = PK_HINT_FURNITURE | PK_HINT_COMMENT | PK_HINT_HIDDEN;
	int rank = 0;

	if (points < TITLE_MIN || points > TITLE_MAX)
		return 0;
	bool said = pk_line_same(text, h->m->title) ||
		    pk_line_same(text, h->m->jsonld.headline) ||
		    is_with_site(h->m->title, text) ||
		    is_with_site(h->page->title, text) ||
		    pk_line_same(text, h->page->title);
	if (said)
		rank += 40;
	if ((node->inherited & banned) != 0 && !said)
		return 0;
	if (node->tag == PK_TAG_H1)
		rank += 20;
	else if ((node->flags & PK_HINT_TITLE) != 0 && node->tag != PK_TAG_A)
		rank += is_heading(node) ? 12 : 4;
	else if (!is_heading(node) || !said)
		return 0;
	if (node->first_block <= h->body_block)
		rank += 5;
	if (node->first_block < h->body_end)
		rank += 2;
	return rank;
}

/* The heading on the page that is the title, or PK_NO_NODE. Nearer ones win ties. */
static uint32_t
find_title(const struct heading *h, int at_least)
{
	uint32_t best = PK_NO_NODE;
	int most = at_least;

	for (uint32_t n = 0; n < h->page->nodes.len; n++) {
		const struct pk_node *node = &h->page->nodes.items[n];
		bool may = is_heading(node) || (node->flags & PK_HINT_TITLE) != 0;
		if (!may || node->end_block - node->first_block > 3)
			continue;
		int rank = rank_title(h, node, pk_page_text_of(h->page, n));
		bool before = node->first_block <= h->body_block;
		bool nearer = h->body_block != UINT32_MAX && before;
		if (rank > most || (rank == most && (nearer || best == PK_NO_NODE))) {
			most = rank;
			best = n;
		}
	}
	return best;
}

/* The share of the words of `a` that stand in `b`. */
static double
overlap(struct pk_span a, struct pk_span b)
{
	size_t words = 0, common = 0;

	while (a.ptr != NULL) {
		struct pk_span word = pk_line_core(pk_span_split(&a, ' '));
		struct pk_span rest = b;
		bool found = false;
		if (word.len == 0)
			continue;
		while (rest.ptr != NULL && !found)
			found = pk_line_same(word, pk_span_split(&rest, ' '));
		words++;
		common += found;
	}
	return words == 0 ? 0 : (double)common / (double)words;
}

/* Heads say titles for search engines; the one on the page is another wording of it. */
static bool
is_variant(struct pk_span said, struct pk_span shown)
{
	if (pk_line_same(said, shown))
		return true;
	return pk_utf8_count(shown) >= VARIANT_MIN &&
	       (pk_span_find(said, shown, 0) != SIZE_MAX ||
		   overlap(shown, said) >= VARIANT_SHARE);
}

static int
read_title(struct heading *h)
{
	const struct pk_jsonld *ld = &h->m->jsonld;
	struct pk_span site = h->article->site, shown = { NULL, 0 };
	uint32_t n = find_title(h, 1);

	if (n != PK_NO_NODE) {
		shown = pk_page_text_of(h->page, n);
		h->title_block = h->page->nodes.items[n].first_block;
	}
	struct pk_span said = h->m->title.len > 0
				  ? without_site(h->m->title, site, shown)
				  : without_site(ld->headline, site, shown);
	/* Where page and head agree, the page's spelling is the one that was read. */
	bool agree = said.len == 0 || pk_line_same(ld->headline, shown) ||
		     is_variant(said, shown);
	int r = 0;
	if (shown.len > 0 && agree)
		r = pk_metadata_set(
		    h->m, &h->article->title, "title", shown, "heading");
	if (r == 0)
		r = pk_metadata_set(h->m, &h->article->title, "title", said,
		    h->m->title.len > 0 ? "og:title" : "json-ld");
	if (r == 0)
		r = pk_metadata_set(h->m, &h->article->title, "title",
		    without_site(h->page->title, site, shown), "title");
	return r;
}

uint32_t
pk_heading_block(struct pk_metadata *metadata)
{
	const struct heading h = { .m = metadata,
		.page = metadata->page,
		.article = metadata->article,
		.body_block = UINT32_MAX,
		.body_end = UINT32_MAX };
	uint32_t n = find_title(&h, TITLE_SURE);

	return n == PK_NO_NODE ? UINT32_MAX
			       : metadata->page->nodes.items[n].first_block;
}

/* ---- around the title --------------------------------------------------------- */

static bool
is_seen(const struct pk_node *node)
{
	return (node->inherited & (PK_HINT_HIDDEN | PK_HINT_FURNITURE |
				      PK_HINT_COMMENT | PK_HINT_SILENT)) == 0;
}

static uint32_t
distance(uint32_t a, uint32_t b)
{
	return a > b ? a - b : b - a;
}

/*
 * The element with the hint that is nearest to the title (to the body where there is
 * none), with at most `max` code points.
 */
static uint32_t
find_near(const struct heading *h, unsigned hint, size_t max)
{
	uint32_t from = h->title_block != UINT32_MAX ? h->title_block : h->body_block;
	uint32_t best = PK_NO_NODE, nearest = NEAR + 1;

	for (uint32_t n = 0; n < h->page->nodes.len; n++) {
		const struct pk_node *node = &h->page->nodes.items[n];
		if ((node->flags & hint) == 0 || !is_seen(node) ||
		    distance(node->first_block, from) >= nearest ||
		    node->end_block - node->first_block > 4)
			continue;
		size_t points = pk_utf8_count(pk_page_text_of(h->page, n));
		if (points == 0 || points > max)
			continue;
		best = n;
		nearest = distance(node->first_block, from);
	}
	return best;
}

static int
read_kicker(struct heading *h)
{
	const struct pk_page *page = h->page;
	struct pk_span text = { NULL, 0 };
	const char *where = "class";

	uint32_t n = find_near(h, PK_HINT_KICKER, KICKER_MAX);
	if (n != PK_NO_NODE) {
		text = pk_page_text_of(page, n);
	} else if (h->title_block != UINT32_MAX && h->title_block > 0) {
		/* A small heading directly over the title. */
		const struct pk_block *over = &page->blocks.items[h->title_block - 1];
		if (over->kind == PK_PARAGRAPH_HEADING && !over->out &&
		    over->tag > PK_TAG_H1 && over->points <= KICKER_MAX &&
		    over->link_points == 0 && is_seen(&page->nodes.items[over->node])) {
			text = over->text;
			where = "heading";
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
	uint32_t from = h->title_block != UINT32_MAX ? h->title_block
			: h->body_block > NEAR       ? h->body_block - NEAR
						     : 0;

	return node->first_block >= from && node->first_block <= h->body_block + 1 &&
	       node->first_block - from <= 2 * NEAR &&
	       node->end_block > node->first_block &&
	       node->end_block - node->first_block <= 2;
}

static int
read_lead(struct heading *h)
{
	const struct pk_page *page = h->page;

	for (uint32_t n = 0; n < page->nodes.len; n++) {
		const struct pk_node *node = &page->nodes.items[n];
		if ((node->flags & PK_HINT_LEAD) == 0 || !is_seen(node) ||
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

static int
read_byline(struct heading *h)
{
	uint32_t n = find_near(h, PK_HINT_BYLINE, LINE_MAX);

	if (n == PK_NO_NODE || h->article->byline.len > 0)
		return 0;
	/* The innermost element of those names has the least around it. */
	const struct pk_node *nodes = h->page->nodes.items;
	for (uint32_t i = n + 1; i < nodes[n].end; i++) {
		if ((nodes[i].flags & PK_HINT_BYLINE) != 0 && nodes[i].text.len > 0)
			n = i;
	}
	struct pk_span name = pk_byline_clean(pk_page_text_of(h->page, n));
	if (pk_byline_is_site(name, h->article->site))
		return 0;
	return pk_metadata_set(h->m, &h->article->byline, "byline", name, "class");
}

/* <time datetime>, then what is written in elements for dates, nearest first. */
static int
read_date(struct heading *h)
{
	struct pk_article *a = h->article;
	uint32_t from = h->title_block != UINT32_MAX ? h->title_block : h->body_block;
	const struct pk_pair *nearest = NULL;
	int r = 0;

	for (size_t i = 0; i < h->page->times.len; i++) {
		const struct pk_pair *time = &h->page->times.items[i];
		const struct pk_node *node = &h->page->nodes.items[time->node];
		bool fits = is_seen(node) && (node->inherited & PK_HINT_CLOCK) == 0 &&
			    (time->block <= h->body_end + NEAR);
		if (fits && (nearest == NULL || distance(time->block, from) <
						    distance(nearest->block, from)))
			nearest = time;
	}
	if (nearest != NULL)
		r = pk_metadata_set_date(
		    h->m, &a->published, "published", nearest->value, false, "time");
	for (uint32_t reach = NEAR / 2; r == 0 && reach <= 4 * NEAR; reach *= 2) {
		for (uint32_t n = 0; n < h->page->nodes.len && r == 0; n++) {
			const struct pk_node *node = &h->page->nodes.items[n];
			if ((node->flags & PK_HINT_DATE) == 0 ||
			    (node->inherited & PK_HINT_CLOCK) != 0 || !is_seen(node) ||
			    distance(node->first_block, from) > reach ||
			    node->end_block - node->first_block > 3)
				continue;
			r = pk_metadata_set_date(h->m, &a->published, "published",
			    pk_page_text_of(h->page, n), true, "class");
		}
	}
	return r < 0 ? r : 0;
}

/* The last resort: any short line near the title that holds a date. */
static int
read_date_line(struct heading *h)
{
	uint32_t from = h->title_block != UINT32_MAX ? h->title_block : h->body_block;
	uint32_t first = from > NEAR ? from - NEAR : 0;
	int r = 0;

	for (uint32_t b = first;
	     b < h->page->blocks.len && b <= h->body_block + 1 && r == 0; b++) {
		const struct pk_block *block = &h->page->blocks.items[b];
		if (block->points > LINE_MAX ||
		    !is_seen(&h->page->nodes.items[block->node]))
			continue;
		r = pk_metadata_set_date(h->m, &h->article->published, "published",
		    block->text, true, "text");
	}
	return r < 0 ? r : 0;
}

int
pk_heading_read(struct pk_metadata *metadata, const struct pk_container *container)
{
	const struct pk_page *page = metadata->page;
	struct heading h = { .m = metadata,
		.page = page,
		.article = metadata->article,
		.title_block = UINT32_MAX,
		.body_block = container->first_block,
		.body_end = container->end_block };

	while (h.body_block + 1 < h.body_end && h.body_block + 1 < page->blocks.len &&
	       page->blocks.items[h.body_block].good == 0)
		h.body_block++;
	int r = read_title(&h);
	if (r == 0)
		r = read_kicker(&h);
	if (r == 0)
		r = read_lead(&h);
	if (r == 0)
		r = read_byline(&h);
	if (r == 0 && h.article->published.len == 0)
		r = read_date(&h);
	if (r == 0)
		r = pk_metadata_date_of_url(metadata);
	if (r == 0 && h.article->published.len == 0)
		r = read_date_line(&h);
	return r;
}
