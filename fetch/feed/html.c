/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An HTML page as a feed: every link that html_find.c names is an entry, and what its
 * block says belongs to it. The block of a link is all around it that holds no link of
 * another entry.
 */
#include "fetch/feed/html_priv.h"

#include "base/cleanup.h"
#include "base/date_formats.h"
#include "base/url.h"
#include "base/utf8.h"
#include "fetch/feed/html_tree.h"
#include "fetch/feed/markup.h"
#include "fetch/feed/xml.h"

#include <errno.h>

/* A link with fewer letters ("more ...") is not called what its heading is called. */
#define TITLE_LETTERS 15

/* A link with more letters is a whole card. */
#define CARD_LETTERS  160
#define CARD_ELEMENTS 40
#define CARD_LEVELS   4

#define SUMMARY_LETTERS 20

/* Elements of a block that are looked at, and neighbours behind one. */
#define BLOCK_ELEMENTS 2000
#define NEIGHBOURS_MAX 8

/* Dates in text are no longer. */
#define DATE_TEXT_MAX 80

/* ---- links ---------------------------------------------------------------------- */

struct pk_span
pk_html_link_url(struct pk_html *html, const xmlNode *node)
{
	struct pk_span href = pk_node_attribute(node, "href");

	href = pk_span_slice(href, 0, pk_span_find(href, PK_SPAN("#"), 0));
	return pk_node_url(html->reader, NULL, href);
}

static struct pk_span
text_of(struct pk_html *html, const xmlNode *node)
{
	return pk_html_text(html->reader->arena, node, &html->reader->out_of_memory);
}

static size_t
letters_of(struct pk_span text)
{
	size_t letters, words;

	pk_html_measure(text, &letters, &words);
	return letters;
}

static bool
name_holds(const xmlNode *node, const char *part)
{
	struct pk_span name = pk_node_attribute(node, "class");
	struct pk_span want = pk_span_of(part);

	for (size_t i = 0; i + want.len <= name.len; i++) {
		if (pk_span_eq_nocase(pk_span_slice(name, i, i + want.len), want))
			return true;
	}
	return false;
}

static bool
is_titled(const xmlNode *node)
{
	return name_holds(node, "title") || name_holds(node, "headline") ||
	       pk_html_has_word(node, "itemprop", "headline") ||
	       pk_html_has_word(node, "class", "p-name");
}

static const xmlNode *
find_below(const xmlNode *root, bool (*is)(const xmlNode *node))
{
	const xmlNode *at = root;

	for (size_t n = 0; at != NULL && n < BLOCK_ELEMENTS; n++) {
		at = pk_html_next(at, root, pk_html_is_silent(at));
		if (at != NULL && is(at))
			return at;
	}
	return NULL;
}

/* What stands on a picture, or is shown when the pointer rests on a link. */
static struct pk_span
hidden_title(struct pk_html *html, const xmlNode *link)
{
	static const char *const names[] = { "title", "aria-label", "alt" };
	const xmlNode *at = link;

	for (size_t n = 0; at != NULL && n < 20; n++) {
		for (size_t i = 0; i < PK_COUNT(names); i++) {
			struct pk_span text = pk_node_attribute(at, names[i]);
			if (text.len > 0)
				return pk_draft_copy(html->reader, text);
		}
		at = pk_html_next(at, link, false);
	}
	return (struct pk_span){ NULL, 0 };
}

/* The first line of a card without a heading. */
static struct pk_span
first_text(struct pk_html *html, const xmlNode *link)
{
	const xmlNode *at = link;

	for (size_t n = 0;
	     n < CARD_ELEMENTS && (at = pk_html_next(at, link, false)) != NULL; n++) {
		struct pk_span text = text_of(html, at);
		size_t letters = letters_of(text);
		if (letters >= TITLE_LETTERS && letters <= CARD_LETTERS)
			return text;
	}
	return (struct pk_span){ NULL, 0 };
}

/* How many headings, of at most two. */
static size_t
count_headings(const xmlNode *block, const xmlNode **ret_first)
{
	const xmlNode *at = block;
	size_t n_headings = 0;

	for (size_t n = 0;
	     n < CARD_ELEMENTS && (at = pk_html_next(at, block, false)) != NULL; n++) {
		if (!pk_html_is_heading(at))
			continue;
		if (n_headings++ > 0)
			break;
		*ret_first = at;
	}
	return n_headings;
}

static bool
is_link(const xmlNode *node)
{
	return pk_html_is(node, "a");
}

const xmlNode *
pk_html_card_heading(const xmlNode *link)
{
	const xmlNode *node = link->parent, *heading = NULL;

	for (size_t i = 0; i < CARD_LEVELS && node != NULL &&
			   node->type == XML_ELEMENT_NODE && !pk_html_is(node, "body");
	     i++, node = node->parent) {
		size_t n = count_headings(node, &heading);
		if (n == 1)
			return find_below(heading, is_link) == NULL ? heading : NULL;
		if (n > 1)
			break;
	}
	return NULL;
}

/* A title that ends in dots may stand whole beside. */
static struct pk_span
whole_title(struct pk_html *html, const xmlNode *link, struct pk_span title)
{
	struct pk_span stem = title, whole = pk_node_attribute(link, "title");

	if (pk_span_ends_with(title, PK_SPAN("\u2026")))
		stem = pk_span_slice(title, 0, title.len - strlen("\u2026"));
	else if (pk_span_ends_with(title, PK_SPAN("...")))
		stem = pk_span_slice(title, 0, title.len - 3);
	else
		return title;
	stem = pk_span_trim(stem);
	return stem.len > 0 && pk_span_starts_with(whole, stem)
		   ? pk_draft_copy(html->reader, whole)
		   : title;
}

struct pk_span
pk_html_link_title(struct pk_html *html, const xmlNode *node)
{
	const xmlNode *heading = find_below(node, pk_html_is_heading);
	struct pk_span title = { NULL, 0 }, text;

	if (heading == NULL)
		heading = find_below(node, is_titled);
	if (heading != NULL)
		title = text_of(html, heading);
	if (title.len > 0)
		return whole_title(html, node, title);
	text = text_of(html, node);
	if (letters_of(text) > CARD_LETTERS)
		title = first_text(html, node);
	if (title.len == 0)
		title = text;
	return title.len > 0 ? whole_title(html, node, title)
			     : hidden_title(html, node);
}

/* ---- what a block tells --------------------------------------------------------- */

static void
set(struct pk_html *html, struct pk_draft *draft, enum pk_field field,
    unsigned char rank, struct pk_span text)
{
	const struct pk_element element = { .field = field, .rank = rank };

	pk_draft_set(html->reader, draft, &element, text, true);
}

static void
set_time(struct pk_html *html, struct pk_draft *draft, enum pk_field field,
    unsigned char rank, struct pk_span text, const char *source)
{
	const struct pk_element element = {
		.name = source, .field = field, .rank = rank
	};

	pk_draft_set_time(html->reader, draft, &element, text);
}

/* <time>, or an element that says that it is one. */
static void
take_time(struct pk_html *html, struct pk_draft *draft, const xmlNode *node)
{
	static const char *const attributes[] = { "datetime", "content", "title" };
	struct pk_span property = pk_node_attribute(node, "itemprop");
	enum pk_field field = PK_FIELD_PUBLISHED;
	const char *source = "time";

	if (pk_span_eq(property, PK_SPAN("dateModified")) ||
	    (pk_html_has_word(node, "class", "updated") &&
		!pk_html_has_word(node, "class", "published")) ||
	    pk_html_has_word(node, "class", "dt-updated"))
		field = PK_FIELD_UPDATED;
	if (field == PK_FIELD_UPDATED)
		source = "dateModified";
	else if (pk_span_eq(property, PK_SPAN("datePublished")))
		source = "datePublished";
	else if (!pk_html_is(node, "time") &&
		 !pk_html_has_word(node, "class", "published") &&
		 !pk_html_has_word(node, "class", "dt-published"))
		return;
	for (size_t i = 0; i < PK_COUNT(attributes); i++)
		set_time(html, draft, field, (unsigned char)(5 - i),
		    pk_node_attribute(node, attributes[i]), source);
	set_time(html, draft, field, 2, text_of(html, node), source);
}

static size_t
count_digits(struct pk_span text)
{
	size_t n = 0;

	for (size_t at = 0; at < text.len;) {
		uint32_t point;
		at += pk_utf8_decode(text, at, &point, NULL);
		n += (point >= '0' && point <= '9') ||
		     (point >= 0x660 && point <= 0x669) ||
		     (point >= 0x6F0 && point <= 0x6F9);
	}
	return n;
}

/* A date that stands there as text; only one that is believable, for "20 12 15" may be
 * anything. */
static void
take_date_text(struct pk_html *html, struct pk_draft *draft, const xmlNode *text)
{
	struct pk_span rest = pk_span_trim(pk_span_of((const char *)text->content));
	const struct pk_feed_context *context = html->reader->context;
	struct pk_moment moment;

	if (rest.len > DATE_TEXT_MAX)
		return;
	while (rest.ptr != NULL) {
		struct pk_span part = pk_span_trim(pk_span_split(&rest, '|'));
		size_t digits = count_digits(part);
		if (digits < 5 || digits > 16 || digits == pk_utf8_count(part) ||
		    pk_date_parse(part, context->default_offset_min, &moment) < 0 ||
		    moment.time_s < INT64_C(788918400) ||
		    (context->now_s > 0 &&
			moment.time_s > context->now_s + INT64_C(2) * 86400))
			continue;
		set_time(html, draft, PK_FIELD_PUBLISHED, 1, part, "text");
	}
}

static void
take_summary(struct pk_html *html, struct pk_draft *draft, const xmlNode *node)
{
	static const char *const names[] = { "summary", "lead", "excerpt", "desc",
		"teaser", "intro" };
	unsigned char rank = pk_html_is(node, "p") ? 2 : 0;

	for (size_t i = 0; i < PK_COUNT(names); i++) {
		if (name_holds(node, names[i]))
			rank = 3;
	}
	if (pk_html_has_word(node, "itemprop", "description"))
		rank = 4;
	if (rank == 0 || draft->rank[PK_FIELD_SUMMARY] >= rank || is_titled(node))
		return;
	struct pk_span text = text_of(html, node);
	if (letters_of(text) >= SUMMARY_LETTERS &&
	    !pk_span_eq(text, draft->text[PK_FIELD_TITLE]))
		set(html, draft, PK_FIELD_SUMMARY, rank, text);
}

static void
take_author(struct pk_html *html, struct pk_draft *draft, const xmlNode *node)
{
	if (pk_html_has_word(node, "rel", "author") ||
	    pk_html_has_word(node, "itemprop", "author") ||
	    pk_html_has_word(node, "class", "p-author"))
		set(html, draft, PK_FIELD_AUTHOR, 2, text_of(html, node));
}

/* One picture. Those that come when they are scrolled to have their address aside. */
static void
take_image(struct pk_html *html, struct pk_draft *draft, const xmlNode *node)
{
	static const char *const names[] = { "data-src", "data-original",
		"data-lazy-src", "src" };

	if (!pk_html_is(node, "img"))
		return;
	for (size_t i = 0; i < PK_COUNT(names) && draft->enclosures.len == 0; i++) {
		struct pk_span url =
		    pk_node_url(html->reader, NULL, pk_node_attribute(node, names[i]));
		pk_draft_add_enclosure(html->reader, draft, url, pk_media_type_of(url),
		    (struct pk_span){ NULL, 0 });
	}
}

static void
take_block(struct pk_html *html, struct pk_draft *draft, const xmlNode *block)
{
	bool over;
	size_t n = 0;

	for (const xmlNode *at = block; at != NULL && n < BLOCK_ELEMENTS;
	     at = pk_html_next(at, block, over), n++) {
		over = pk_html_is_silent(at);
		if (over)
			continue;
		take_time(html, draft, at);
		take_summary(html, draft, at);
		take_author(html, draft, at);
		take_image(html, draft, at);
		for (const xmlNode *text = at->children; text != NULL;
		     text = text->next) {
			if (text->type == XML_TEXT_NODE && !pk_html_is_heading(at))
				take_date_text(html, draft, text);
		}
	}
}

/* ---- entries -------------------------------------------------------------------- */

/* The links of one address, in the order of the page. */
struct entry {
	size_t first;
	size_t last;
	struct pk_draft *draft; /* what data say */
};

struct entries {
	PK_ARRAY(struct entry) list;
	const struct pk_html_item *items;
	size_t *next; /* of an item: the next of the same entry; 0: none */
};

#define MANY ((void *)UINTPTR_MAX)

static void *
mark_of(size_t entry)
{
	return (void *)(uintptr_t)(entry + 1);
}

/* Every element is marked by the entry that it holds a link of, or as holding many. */
static void
mark(const struct entries *entries, size_t entry)
{
	for (size_t i = entries->list.items[entry].first;; i = entries->next[i]) {
		xmlNode *node = (xmlNode *)(uintptr_t)entries->items[i].node;
		while (node != NULL && node->type == XML_ELEMENT_NODE &&
		       node->_private != MANY && node->_private != mark_of(entry)) {
			node->_private = node->_private == NULL ? mark_of(entry) : MANY;
			node = node->parent;
		}
		if (entries->next[i] == 0)
			return;
	}
}

static const xmlNode *
block_of(const xmlNode *link)
{
	const xmlNode *node = link;

	while (node->parent != NULL && node->parent->type == XML_ELEMENT_NODE &&
	       node->parent->_private == link->_private &&
	       !pk_html_is(node->parent, "body") && !pk_html_is(node->parent, "main"))
		node = node->parent;
	return node;
}

/* The best that its links are called. */
static struct pk_span
title_of(struct pk_html *html, const struct entries *entries, const struct entry *entry)
{
	struct pk_span best = { NULL, 0 };

	for (size_t i = entry->first;; i = entries->next[i]) {
		const xmlNode *node = entries->items[i].node;
		struct pk_span title = node == NULL ? (struct pk_span){ NULL, 0 }
						    : pk_html_link_title(html, node);
		if (letters_of(title) >= TITLE_LETTERS)
			return title;
		if (letters_of(title) > letters_of(best))
			best = title;
		if (entries->next[i] == 0)
			return best;
	}
}

/* Neighbours of a heading that belong to no other entry. */
static void
take_neighbours(struct pk_html *html, struct pk_draft *draft, const xmlNode *block)
{
	const xmlNode *at = block->next;

	for (size_t n = 0; at != NULL && n < NEIGHBOURS_MAX; at = at->next) {
		if (at->type != XML_ELEMENT_NODE)
			continue;
		if (at->_private != NULL || pk_html_is_heading(at))
			return;
		n++;
		take_block(html, draft, at);
	}
}

static void
read_entry(struct pk_html *html, const struct entries *entries,
    const struct entry *entry, struct pk_drafts *drafts)
{
	const struct pk_html_item *item = &entries->items[entry->first];
	struct pk_draft draft = { .rank = { 0 } };
	const xmlNode *block = item->node == NULL ? NULL : block_of(item->node);
	struct pk_span title;

	if (entry->draft != NULL)
		draft = *entry->draft;
	title = title_of(html, entries, entry);
	if (block != NULL && letters_of(title) < TITLE_LETTERS) {
		const xmlNode *heading = find_below(block, pk_html_is_heading);
		struct pk_span text = heading == NULL ? title : text_of(html, heading);
		if (letters_of(text) > letters_of(title))
			title = text;
	}
	set(html, &draft, PK_FIELD_TITLE, 4, title);
	if (draft.text[PK_FIELD_TITLE].len == 0)
		return;
	set(html, &draft, PK_FIELD_LINK, 6, item->url);
	if (block != NULL) {
		take_block(html, &draft, block);
		if (draft.rank[PK_FIELD_PUBLISHED] == 0 ||
		    draft.rank[PK_FIELD_SUMMARY] == 0)
			take_neighbours(html, &draft, block);
	}
	struct pk_draft *added = pk_drafts_add(drafts);
	if (added != NULL)
		*added = draft;
}

/* Puts links of one address together. Returns 0 or -ENOMEM. */
static int
gather(struct pk_html *html, const struct pk_html_items *items, struct entries *entries)
{
	pk_cleanup(pk_map_freep) struct pk_map *seen = pk_map_new();
	struct pk_arena *arena = html->reader->arena;

	entries->items = items->items;
	entries->next = pk_arena_calloc(arena, items->len + 1, sizeof(size_t));
	if (seen == NULL || entries->next == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < items->len; i++) {
		struct pk_span url = items->items[i].url;
		uintptr_t known = (uintptr_t)pk_map_get(seen, url);
		if (known == 0) {
			struct entry *entry = pk_array_push(arena, &entries->list);
			if (entry == NULL ||
			    pk_map_set(seen, url, mark_of(entries->list.len - 1)) < 0)
				return -ENOMEM;
			*entry = (struct entry){ i, i, items->items[i].draft };
			continue;
		}
		struct entry *entry = &entries->list.items[known - 1];
		entries->next[entry->last] = i;
		entry->last = i;
	}
	return 0;
}

/* Of an entry that only data tell of, the link in the page. */
static int
find_links(struct pk_html *html, struct pk_html_items *items)
{
	pk_cleanup(pk_map_freep) struct pk_map *links = pk_map_new();
	size_t n = 0;

	if (links == NULL)
		return -ENOMEM;
	for (const xmlNode *at = html->root; at != NULL && n < PK_HTML_LINKS_MAX;
	     at = pk_html_next(at, html->root, false)) {
		if (!pk_html_is(at, "a"))
			continue;
		n++;
		struct pk_span url = pk_html_link_url(html, at);
		if (url.len == 0 || (pk_map_get(links, url) != NULL &&
					letters_of(text_of(html, at)) < TITLE_LETTERS))
			continue;
		if (pk_map_set(links, url, (void *)(uintptr_t)at) < 0)
			return -ENOMEM;
	}
	for (size_t i = 0; i < items->len; i++) {
		if (items->items[i].node == NULL)
			items->items[i].node = pk_map_get(links, items->items[i].url);
	}
	return 0;
}

static int
read_items(struct pk_html *html, struct pk_html_items *items, struct pk_drafts *drafts)
{
	struct entries entries = { .items = NULL };
	int r = 0;

	if (items->len > 0 && items->items[0].draft != NULL)
		r = find_links(html, items);
	if (r == 0)
		r = gather(html, items, &entries);
	for (size_t i = 0; i < entries.list.len && r == 0; i++)
		mark(&entries, i);
	for (size_t i = 0; i < entries.list.len && r == 0; i++) {
		read_entry(html, &entries, &entries.list.items[i], drafts);
		if (html->reader->out_of_memory)
			r = -ENOMEM;
	}
	return r;
}

/* ---- the page ------------------------------------------------------------------- */

/* Its title, language and address; and what its relative addresses are relative to. */
static void
read_head(struct pk_html *html, struct pk_draft *channel, bool *ret_article)
{
	struct pk_reader *reader = html->reader;
	struct pk_span base = { NULL, 0 }, canonical = { NULL, 0 };

	*ret_article = false;
	set(html, channel, PK_FIELD_LANGUAGE, 2,
	    pk_language_tag(reader, pk_node_attribute(html->root, "lang")));
	for (const xmlNode *at = html->root; at != NULL;
	     at = pk_html_next(at, html->root, false)) {
		if (pk_html_is(at, "title"))
			set(html, channel, PK_FIELD_TITLE, 6, text_of(html, at));
		else if (pk_html_is(at, "base") && base.len == 0)
			base = pk_node_attribute(at, "href");
		else if (pk_html_is(at, "link") &&
			 pk_html_has_word(at, "rel", "canonical"))
			canonical = pk_node_attribute(at, "href");
		else if (pk_html_is(at, "meta") &&
			 pk_span_eq(
			     pk_node_attribute(at, "property"), PK_SPAN("og:type")) &&
			 pk_span_eq_nocase(
			     pk_node_attribute(at, "content"), PK_SPAN("article")))
			*ret_article = true;
	}
	if (reader->url.len == 0 && canonical.len > 0 &&
	    pk_url_resolve(reader->arena, reader->url, canonical, &canonical) == 0)
		reader->url = canonical;
	set(html, channel, PK_FIELD_LINK, 6, reader->url);
	if (base.len > 0 &&
	    pk_url_resolve(reader->arena, reader->url, base, &base) == 0)
		reader->url = base;
}

static int
read_selected(struct pk_html *html, struct pk_span links, struct pk_drafts *drafts)
{
	struct pk_html_items items = { .len = 0 };
	struct pk_selector_list selectors;
	const char *want;
	size_t at;

	int r = pk_selector_parse(html->reader->arena, links, &selectors, &at, &want);
	if (r < 0)
		return r == -ENOMEM ? r : -EBADMSG;
	r = pk_html_select(html, &selectors, &items);
	return r < 0 ? r : read_items(html, &items, drafts);
}

/* Data may tell of entries without their titles, that are not in the page: then it is
 * looked at as it is. */
static int
read_found(struct pk_html *html, struct pk_drafts *drafts)
{
	struct pk_html_items items = { .len = 0 };
	int r = pk_html_find(html, true, &items);

	if (r == 0)
		r = read_items(html, &items, drafts);
	if (r < 0 || drafts->entries.len > 0 || items.len == 0 ||
	    items.items[0].draft == NULL)
		return r;
	items = (struct pk_html_items){ .len = 0 };
	r = pk_html_find(html, false, &items);
	return r < 0 ? r : read_items(html, &items, drafts);
}

static int
read_page(struct pk_html *html, struct pk_span links, struct pk_drafts *drafts)
{
	bool is_article;
	int r;

	read_head(html, &drafts->channel, &is_article);
	if (links.len > 0 && !pk_span_eq(links, PK_SPAN("auto")))
		r = read_selected(html, links, drafts);
	else
		r = is_article ? -EBADMSG : read_found(html, drafts);
	if (r < 0 || html->reader->out_of_memory)
		return r < 0 ? r : -ENOMEM;
	return drafts->entries.len == 0 ? -EBADMSG : 0;
}

int
pk_read_html(struct pk_arena *arena, struct pk_span text,
    const struct pk_feed_context *context, struct pk_feed *feed)
{
	pk_cleanup(pk_xml_docp) xmlDoc *doc = NULL;
	struct pk_drafts drafts;

	int r = pk_html_tree_parse(text, &doc);
	if (r < 0)
		return r;
	pk_drafts_init(&drafts, arena, context, feed);
	struct pk_html html = {
		.reader = &drafts.reader,
		.root = xmlDocGetRootElement(doc),
		.climbs = PK_HTML_CLIMBS_MAX,
	};
	r = read_page(&html, pk_span_trim(context->links), &drafts);
	return r < 0 ? r : pk_drafts_finish(&drafts, feed);
}
