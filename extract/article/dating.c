/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/dating.h"

#include "base/utf8.h"
#include "extract/article/line.h"

/* Bytes of a line that are looked at; code points of one that is asked what it says. */
#define LINE_BYTES 400
#define LINE_MAX   200

/* Code points of a link that is the title of another article. */
#define TEASER_MIN 15

/* Blocks between a date that is not in the title's box and the title. */
#define OVER_MAX 3

/* A box with a date and so many links is the header of a site; elements looked at. */
#define HEADER_LINKS 8
#define HEADER_MAX   400

/* ---- what a line says ----------------------------------------------------------- */

bool
pk_dating_is_update(struct pk_span line)
{
	static const char *const words[] = { "pdated", "ktualisiert", "odified",
		"geändert", "last edited", "Stand:", "mis à jour", "Mis à jour",
		"ctualizado", "tualizado", "ggiornato", "бновлено", "новлено",
		"روزرسانی", "روز رسانی", "ویرایش", "روزرساني", "روز رساني", "ويرايش",
		"تحديث", "Update:", "zuletzt" };
	static const char *const not_words[] = { "ublished", "ublicado", "ublié",
		"röffentlicht", "osted", "reated", "rstellt", "انتشار", "النشر",
		"ubblicato", "публик" };
	bool update = false;

	/* What is longer is no line, and is asked for every <time> that stands in it.
	 */
	line = pk_utf8_prefix(line, LINE_BYTES);
	for (size_t i = 0; i < PK_COUNT(words) && !update; i++)
		update = pk_span_find(line, pk_span_of(words[i]), 0) != SIZE_MAX;
	for (size_t i = 0; i < PK_COUNT(not_words) && update; i++)
		update = pk_span_find(line, pk_span_of(not_words[i]), 0) == SIZE_MAX;
	return update;
}

bool
pk_dating_is_copyright(struct pk_span line)
{
	return pk_span_find(line, PK_SPAN("©"), 0) != SIZE_MAX ||
	       pk_span_find(line, PK_SPAN("opyright"), 0) != SIZE_MAX ||
	       pk_span_find(line, PK_SPAN("(c)"), 0) != SIZE_MAX ||
	       pk_span_find(line, PK_SPAN("COPYRIGHT"), 0) != SIZE_MAX;
}

/* Does the line say that something was published? */
static bool
is_published(struct pk_span line)
{
	static const char *const words[] = { "ublish", "ublicado", "ublié",
		"röffentlich", "osted", "انتشار", "منتشر", "النشر", "نشر", "ubblicat",
		"публик" };

	line = pk_utf8_prefix(line, LINE_BYTES);
	for (size_t i = 0; i < PK_COUNT(words); i++) {
		if (pk_span_find(line, pk_span_of(words[i]), 0) != SIZE_MAX)
			return true;
	}
	return false;
}

bool
pk_dating_is_clock(struct pk_span line)
{
	static const char *const words[] = { "امروز", "اليوم", "today", "heute",
		"aujourd'hui", "hoy", "hoje", "oggi", "сегодня", "сьогодні", "bugün",
		"vandaag", "dzisiaj", "dziś" };

	if (is_published(line))
		return false;
	line = pk_utf8_prefix(line, LINE_BYTES);
	while (line.ptr != NULL) {
		struct pk_span word = pk_span_split(&line, ' ');
		if (pk_line_has_digit(word))
			return false;
		for (size_t i = 0; i < PK_COUNT(words); i++) {
			if (pk_line_same(word, pk_span_of(words[i])))
				return true;
		}
	}
	return false;
}

/* ---- where it stands ------------------------------------------------------------ */

/* A long text says much, and of other things. */
static struct pk_span
line_of(const struct pk_page *page, uint32_t b)
{
	const struct pk_block *block = &page->blocks.items[b];

	return block->points <= LINE_MAX ? block->text : PK_SPAN("");
}

static bool
is_mostly_link(const struct pk_block *block)
{
	return block->link_points * 2 > block->points;
}

/*
 * Below the body: does the block stand beside a link to something else? Then the date
 * is that one's.
 */
static bool
is_of_other(const struct pk_dating *s, uint32_t b)
{
	const struct pk_page *page = s->m->page;

	if (b < s->places->body_end || b >= page->blocks.len)
		return false;
	uint32_t n = page->blocks.items[b].node;
	for (unsigned up = 0; up < 3 && n != PK_NO_NODE; up++) {
		const struct pk_node *node = &page->nodes.items[n];
		if (node->end_block - node->first_block > 4)
			break;
		for (uint32_t i = node->first_block; i < node->end_block; i++) {
			const struct pk_block *block = &page->blocks.items[i];
			if (block->link_points > 0 && is_mostly_link(block) &&
			    block->link_points >=
				TEASER_MIN * (block->links + (block->links == 0)))
				return true;
		}
		n = node->parent;
	}
	return false;
}

/* Is the block in a header of the page, with its menus, that the title is not in? */
static bool
is_in_header(const struct pk_dating *s, uint32_t b)
{
	const struct pk_page *page = s->m->page;
	const struct pk_node *nodes = page->nodes.items;
	uint32_t title = page->blocks.items[s->from].node;
	uint32_t n = page->blocks.items[b].node, box = PK_NO_NODE;

	for (; n != PK_NO_NODE && (title < n || title >= nodes[n].end);
	     n = nodes[n].parent)
		box = n;
	if (box == PK_NO_NODE || nodes[box].end - box > HEADER_MAX)
		return false;
	uint32_t links = 0;
	for (n = box; n < nodes[box].end; n++) {
		links += nodes[n].tag == PK_TAG_A;
		if (nodes[n].tag == PK_TAG_NAV || links >= HEADER_LINKS)
			return true;
	}
	return false;
}

/*
 * Above the title and not in one box with it: that is the site's clock, unless nothing
 * but a few words are between.
 */
static bool
is_outside(const struct pk_dating *s, uint32_t b)
{
	const struct pk_page *page = s->m->page;

	if (b >= s->from || s->from >= page->blocks.len)
		return false;
	if (s->from == s->places->title_block && is_in_header(s, b))
		return true;
	if (b >= s->box)
		return false;
	if (s->from - b > OVER_MAX ||
	    (page->nodes.items[page->blocks.items[b].node].inherited &
		PK_HINT_GUARDED) != 0)
		return true;
	for (uint32_t i = b; i < s->from; i++) {
		if (page->blocks.items[i].link_points > 0)
			return true;
	}
	return false;
}

bool
pk_dating_is_foreign(const struct pk_dating *s, uint32_t b)
{
	const struct pk_page *page = s->m->page;

	return b < page->blocks.len && !is_published(line_of(page, b)) &&
	       (is_outside(s, b) || is_of_other(s, b));
}

uint32_t
pk_dating_box(const struct pk_metadata *m, const struct pk_heading_places *places)
{
	const struct pk_page *page = m->page;

	if (places->title_block >= page->blocks.len ||
	    places->body_block >= page->blocks.len ||
	    places->title_block > places->body_block)
		return 0;
	uint32_t n = page->blocks.items[places->title_block].node;
	uint32_t body = page->blocks.items[places->body_block].node;
	while (n != PK_NO_NODE && (body < n || body >= page->nodes.items[n].end))
		n = page->nodes.items[n].parent;
	return n == PK_NO_NODE ? 0 : page->nodes.items[n].first_block;
}
