/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/refuse.h"

#include "extract/article/line.h"

/* Lengths of the text in code points. */
#define TEXT_MIN     25   /* less is no article, whatever the page says */
#define UNSAID_MIN   140  /* less is none when the page does not say that it is one */
#define SOLE_MIN     40   /* so much is enough where the page has nothing else */
#define WALL_MAX     500  /* a page with a field for a password and less is a wall */
#define PHRASE_MAX   1500 /* a page with more is no error page, whatever its title is */
#define LINE_MAX     500  /* the same, for a phrase in a line of its text */
#define REDIRECT_MAX 300  /* so little may be about a redirect */

/* A list of articles has so many headings that are links, and few paragraphs to each.
 */
#define LIST_LINKS 5
#define LIST_NAMED 3 /* where the page says that it is one */
#define LIST_MAX   1.5
#define LINK_MIN   15  /* a shorter link is a word of a menu */
#define TEXT_RUN   500 /* so much between two links is a text of its own */

/* So many figures with captions, or images, and no text are a gallery. */
#define GALLERY_MIN 4

/* Such pages are small, but for the programs in them: blocks and bytes of a line. */
#define BLOCKS_MAX 300
#define BYTES_MAX  1000

struct judge {
	const struct pk_metadata *m;
	const struct pk_page *page;
	const struct pk_container *container;
	const struct pk_refusals *refusals;
	size_t points;
	bool said; /* the page says that it is an article */
};

/* ---- phrases ------------------------------------------------------------------ */

/* The parts of "Title - Site"; a dot parts, too: "Bridge · News". */
static enum pk_refusal
match_title(const struct judge *j, struct pk_span title)
{
	static const char *const borders[] = { " - ", " | ", " – ", " — ",
		" :: ", " · ", " • ", " » ", " / ", "|" };
	enum pk_refusal found = pk_refusals_match(j->refusals, PK_REFUSAL_TITLE, title);

	while (title.len > 0 && found == PK_REFUSAL_NONE) {
		size_t end = title.len, next = title.len;
		for (size_t i = 0; i < PK_COUNT(borders); i++) {
			size_t at = pk_span_find(title, pk_span_of(borders[i]), 0);
			if (at < end) {
				end = at;
				next = at + strlen(borders[i]);
			}
		}
		found = pk_refusals_match(
		    j->refusals, PK_REFUSAL_TITLE, pk_span_slice(title, 0, end));
		title = pk_span_slice(title, next, title.len);
	}
	return found;
}

static bool
is_list_phrase(enum pk_refusal refusal)
{
	return refusal == PK_REFUSAL_LIST || refusal == PK_REFUSAL_SEARCH;
}

static size_t
first_blocks(const struct judge *j)
{
	return j->page->blocks.len < BLOCKS_MAX ? j->page->blocks.len : BLOCKS_MAX;
}

/*
 * Headings that are seen; a dialog's are `out`. What a list is called stands at its
 * head: below an article there are lists, too.
 */
static enum pk_refusal
match_headings(const struct judge *j)
{
	enum pk_refusal found = PK_REFUSAL_NONE;

	for (size_t b = 0; b < first_blocks(j) && found == PK_REFUSAL_NONE; b++) {
		const struct pk_block *block = &j->page->blocks.items[b];
		if (block->kind == PK_PARAGRAPH_HEADING && block->tag >= PK_TAG_H1 &&
		    block->tag <= PK_TAG_H3 && !block->out && block->link_points == 0)
			found = pk_refusals_match(
			    j->refusals, PK_REFUSAL_HEADING, block->text);
		if (is_list_phrase(found) && block->tag != PK_TAG_H1)
			found = PK_REFUSAL_NONE;
	}
	return found;
}

static enum pk_refusal
match_lines(const struct judge *j, bool also_out)
{
	enum pk_refusal found = PK_REFUSAL_NONE;

	for (size_t b = 0; b < first_blocks(j) && found == PK_REFUSAL_NONE; b++) {
		const struct pk_block *block = &j->page->blocks.items[b];
		if ((!block->out || also_out) && block->text.len <= BYTES_MAX)
			found = pk_refusals_match(
			    j->refusals, PK_REFUSAL_TEXT, block->text);
	}
	return found;
}

/*
 * What the page's phrases say. Only who sells a domain is not believed that it is an
 * article.
 */
static enum pk_refusal
match_phrases(const struct judge *j)
{
	if (j->points >= PHRASE_MAX)
		return PK_REFUSAL_NONE;
	enum pk_refusal found =
	    match_title(j, pk_span_slice(j->page->title, 0, BYTES_MAX));
	if (j->said)
		return found == PK_REFUSAL_PARKED && match_lines(j, false) == found
			   ? found
			   : PK_REFUSAL_NONE;
	if (found == PK_REFUSAL_NONE)
		found = match_headings(j);
	if (found == PK_REFUSAL_NONE && j->points < LINE_MAX)
		found = match_lines(j, j->points < TEXT_MIN);
	return found;
}

/* ---- what the page is made of --------------------------------------------------- */

static bool
is_linked(const struct pk_block *block)
{
	return block->link_points * 10 >= block->points * 8 &&
	       block->points >= LINK_MIN;
}

/*
 * Many headings that are links, with a line or two below each, and nowhere a text that
 * goes on.
 */
static bool
is_list(const struct judge *j, size_t at_least)
{
	size_t links = 0, good = 0;
	double run = 0;

	for (uint32_t b = j->container->first_block; b < j->container->end_block; b++) {
		const struct pk_block *block = &j->page->blocks.items[b];
		if (block->out || !j->container->in[b])
			continue;
		bool linked = is_linked(block);
		run = linked ? 0 : run + block->good;
		if (run >= TEXT_RUN)
			return false;
		links += linked;
		good += block->good >= TEXT_MIN;
	}
	return links >= at_least && (double)good <= LIST_MAX * (double)links;
}

/* Headings that are links, wherever they stand. */
static size_t
linked_headings(const struct judge *j)
{
	size_t n = 0;

	for (size_t b = 0; b < j->page->blocks.len; b++) {
		const struct pk_block *block = &j->page->blocks.items[b];
		n += !block->out && block->kind == PK_PARAGRAPH_HEADING &&
		     is_linked(block);
	}
	return n;
}

static bool
is_type(const struct judge *j, const char *prefix)
{
	return pk_span_starts_with_nocase(
	    pk_pairs_get(&j->page->metas, "og:type"), pk_span_of(prefix));
}

/* The address of the site itself, or a page of what somebody wrote. */
static bool
is_named_list(const struct judge *j)
{
	struct pk_span url = j->m->article->canonical_url;
	size_t host = pk_span_find(url, PK_SPAN("://"), 0);
	size_t path =
	    host == SIZE_MAX ? SIZE_MAX : pk_span_find(url, PK_SPAN("/"), host + 3);
	bool root = host != SIZE_MAX && (path == SIZE_MAX || path + 1 == url.len);

	return root || is_type(j, "profile");
}

/* <meta http-equiv=refresh content="3; url=...">: not one that only loads again. */
static bool
is_redirect(const struct judge *j)
{
	struct pk_span refresh = pk_pairs_get(&j->page->metas, "refresh");

	for (size_t at = 0; at + 4 <= refresh.len; at++) {
		if (pk_span_starts_with_nocase(
			pk_span_slice(refresh, at, refresh.len), PK_SPAN("url=")))
			return true;
	}
	return false;
}

static bool
is_gallery(const struct judge *j)
{
	size_t captions = 0;

	for (size_t n = 0; n < j->page->nodes.len; n++)
		captions += j->page->nodes.items[n].tag == PK_TAG_FIGCAPTION;
	return captions >= GALLERY_MIN;
}

/* A page with next to no text: what is it instead? */
static enum pk_refusal
kind_of_empty(const struct judge *j)
{
	if (is_redirect(j))
		return PK_REFUSAL_REDIRECT;
	if (is_type(j, "video"))
		return PK_REFUSAL_VIDEO;
	return is_gallery(j) ? PK_REFUSAL_GALLERY : PK_REFUSAL_NONE;
}

/*
 * A title and a sentence or two, and nothing else: no menu, no link, no picture. That
 * is how somebody writes who only writes.
 */
static bool
is_sole(const struct judge *j)
{
	const struct pk_page *page = j->page;
	const struct pk_block *last = NULL;

	if (j->points < SOLE_MIN || j->m->article->title.len == 0 ||
	    page->title.len == 0 || page->images.len > 0 || page->has_password)
		return false;
	for (size_t b = 0; b < page->blocks.len; b++) {
		last = &page->blocks.items[b];
		if (last->out || last->link_points > 0)
			return false;
	}
	return last != NULL && pk_line_ends_sentence(last->text);
}

const char *
pk_refuse(const struct pk_metadata *metadata, const struct pk_container *container,
    size_t points, const struct pk_refusals *refusals)
{
	const struct pk_page *page = metadata->page;
	bool body = container != NULL &&
		    (page->nodes.items[container->node].inherited & PK_HINT_BODY) != 0;
	const struct judge j = { .m = metadata,
		.page = page,
		.container = container,
		.refusals = refusals,
		.points = container == NULL ? 0 : points,
		/* a further page of an article may be short */
		.said = metadata->is_article || body || metadata->doc->before != NULL };

	enum pk_refusal found = match_phrases(&j);
	bool list = is_list_phrase(found);
	bool little = !j.said && j.points < UNSAID_MIN && !is_sole(&j);
	if (found == PK_REFUSAL_NONE && page->has_password && j.points < WALL_MAX &&
	    !j.said)
		found = PK_REFUSAL_LOGIN;
	if (found == PK_REFUSAL_NONE && (little || j.points < TEXT_MIN))
		found = kind_of_empty(&j);
	if (found == PK_REFUSAL_NONE && !j.said && j.points < REDIRECT_MAX &&
	    is_redirect(&j))
		found = PK_REFUSAL_REDIRECT;
	if (found != PK_REFUSAL_NONE && !list)
		return pk_refusal_reason(found);
	/* A list's phrase is believed where there is a list. */
	if (!j.said && container != NULL &&
	    is_list(&j, list || is_named_list(&j) ? LIST_NAMED : LIST_LINKS))
		return pk_refusal_reason(list ? found : PK_REFUSAL_LIST);
	if (little && linked_headings(&j) >= LIST_NAMED)
		return pk_refusal_reason(list ? found : PK_REFUSAL_LIST);
	if (j.points < TEXT_MIN)
		return "no text";
	return little ? "too little text" : NULL;
}
