/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which links of a page are its entries?
 *
 * What a page marks itself comes first: blocks of schema.org or of h-feed, <article>,
 * rel=bookmark. Else it is the largest group of links that look like headlines and
 * stand in the same kind of place. What helps to get around a site (navigation, footer,
 * tags, pages) is never looked at.
 */
#include "fetch/feed/html_priv.h"

#include "base/domain.h"
#include "base/url.h"
#include "fetch/feed/html_tree.h"

#include <errno.h>

/* Fewer entries than this are no list: of blocks that are marked as articles, and of
 * links that only look like headlines. */
#define MARKED_MIN  2
#define ARTICLE_MIN 3
#define GROUP_MIN   5
#define LEADS_MIN   2

/* What a headline has at least, and what counts of it at most. */
#define HEADLINE_LETTERS     15
#define HEADLINE_WORDS       3
#define HEADLINE_LETTERS_MAX 120

/* Menus say less. */
#define MEAN_LETTERS 18

/* How many elements above a link make the kind of its place. */
#define PLACE_LEVELS 7

/* Links and elements of a block that are looked at. */
#define BLOCK_LINKS    200
#define BLOCK_ELEMENTS 2000

#define GROUPS_MAX 4096

/* ---- what only helps to get around ------------------------------------------------
 */

static bool
is_around_word(struct pk_span word)
{
	static const char *const words[] = { "nav", "navbar", "navigation", "menu",
		"submenu", "megamenu", "footer", "breadcrumb", "breadcrumbs",
		"pagination", "pager", "paging", "pagenavi", "tagcloud", "tags",
		"social", "share", "sharing", "cookie", "cookies", "consent", "login",
		"signin", "newsletter", "languages", "comments", "comment", "ads",
		"advert", "adverts", "advertisement", "sponsored", "sponsors" };

	for (size_t i = 0; i < PK_COUNT(words); i++) {
		if (pk_span_eq_nocase(word, pk_span_of(words[i])))
			return true;
	}
	return false;
}

static bool
is_part_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* "main-nav", "footer_links": the first or last part of a name tells. */
static bool
is_around_name(struct pk_span name)
{
	size_t first = 0, last = name.len;

	while (first < name.len && is_part_char(name.ptr[first]))
		first++;
	while (last > 0 && is_part_char(name.ptr[last - 1]))
		last--;
	struct pk_span begin = pk_span_slice(name, 0, first);
	if (pk_span_eq_nocase(begin, PK_SPAN("has")) ||
	    pk_span_eq_nocase(begin, PK_SPAN("no")) ||
	    pk_span_eq_nocase(begin, PK_SPAN("with")))
		return false;
	return is_around_word(begin) ||
	       is_around_word(pk_span_slice(name, last, name.len));
}

static bool
has_around_name(struct pk_span names)
{
	for (size_t i = 0, start = 0; i <= names.len && names.len > 0; i++) {
		if (i < names.len && !pk_ascii_is_blank(names.ptr[i]))
			continue;
		if (is_around_name(pk_span_slice(names, start, i)))
			return true;
		start = i + 1;
	}
	return false;
}

static bool
heading_within(const xmlNode *node)
{
	const xmlNode *at = node;

	for (size_t n = 0;
	     n < BLOCK_LINKS && (at = pk_html_next(at, node, false)) != NULL; n++) {
		if (pk_html_is_heading(at))
			return true;
	}
	return false;
}

static bool
is_around(const xmlNode *node)
{
	static const char *const whole[] = { "html", "body", "main", "article", "a",
		"h1", "h2", "h3" };
	static const char *const tags[] = { "nav", "footer", "aside", "dialog" };
	struct pk_span role;

	for (size_t i = 0; i < PK_COUNT(whole); i++) {
		if (pk_html_is(node, whole[i]))
			return false;
	}
	for (size_t i = 0; i < PK_COUNT(tags); i++) {
		if (pk_html_is(node, tags[i]))
			return true;
	}
	/* some pages are a form as a whole */
	if (pk_html_is(node, "form"))
		return !pk_html_is(node->parent, "body") && !heading_within(node);
	role = pk_node_attribute(node, "role");
	return pk_span_eq_nocase(role, PK_SPAN("navigation")) ||
	       pk_span_eq_nocase(role, PK_SPAN("contentinfo")) ||
	       pk_span_eq_nocase(role, PK_SPAN("menu")) ||
	       has_around_name(pk_node_attribute(node, "class")) ||
	       has_around_name(pk_node_attribute(node, "id"));
}

/* ---- links and blocks --------------------------------------------------------------
 */

static int
add(struct pk_html *html, struct pk_html_items *items, const xmlNode *node,
    struct pk_span url)
{
	if (url.len == 0 || items->len == PK_HTML_LINKS_MAX)
		return html->reader->out_of_memory ? -ENOMEM : 0;
	struct pk_html_item *item = pk_array_push(html->reader->arena, items);
	if (item == NULL)
		return -ENOMEM;
	*item =
	    (struct pk_html_item){ .node = node, .url = url, .order = html->n_links++ };
	return 0;
}

static const xmlNode *
heading_around(const xmlNode *node)
{
	for (unsigned i = 0; i < 3 && node != NULL && node->type == XML_ELEMENT_NODE;
	     i++, node = node->parent) {
		if (pk_html_is_heading(node))
			return node;
	}
	return NULL;
}

static bool
is_link(const xmlNode *node)
{
	return pk_html_is(node, "a") && pk_node_attribute(node, "href").len > 0;
}

/* How much a link says that it is the one that a block is about: 0, nothing at all. */
static unsigned
mark_of(const xmlNode *link)
{
	if (pk_html_has_word(link, "rel", "bookmark") ||
	    pk_html_has_word(link, "class", "u-url") ||
	    pk_html_has_word(link, "itemprop", "url"))
		return 3;
	return heading_around(link) != NULL || heading_within(link) ? 2 : 0;
}

/* The link that a block is about: the one that is marked, else the longest. */
static const xmlNode *
link_of_block(struct pk_html *html, const xmlNode *block, unsigned least)
{
	const xmlNode *best = NULL, *at = block;
	size_t best_score = 0, n = 0, n_links = 0;

	for (; at != NULL && n < BLOCK_ELEMENTS && n_links < BLOCK_LINKS;
	     at = pk_html_next(at, block, false), n++) {
		if (!is_link(at))
			continue;
		n_links++;
		unsigned mark = mark_of(at);
		size_t letters, words;
		pk_html_measure(
		    pk_html_text(html->reader->arena, at, &html->reader->out_of_memory),
		    &letters, &words);
		size_t score = mark * 100000 + letters + 1;
		if (mark >= least && score > best_score) {
			best_score = score;
			best = at;
		}
	}
	return best;
}

/* ---- by a selector ------------------------------------------------------------------
 */

/* What lies in a block that was found is not asked for again. */
int
pk_html_select(struct pk_html *html, const struct pk_selector_list *selectors,
    struct pk_html_items *ret_items)
{
	bool over;
	int r = 0;

	for (const xmlNode *at = html->root; at != NULL && r == 0;
	     at = pk_html_next(at, html->root, over)) {
		over = pk_html_selects(selectors, at, &html->climbs);
		if (!over)
			continue;
		const xmlNode *link = is_link(at) ? at : link_of_block(html, at, 0);
		if (link != NULL)
			r = add(html, ret_items, link, pk_html_link_url(html, link));
	}
	return r;
}

/* ---- by marks of the page ------------------------------------------------------- */

static bool
is_article_item(const xmlNode *node)
{
	struct pk_span type = pk_node_attribute(node, "itemtype");

	return type.len > 0 &&
	       (pk_span_find(type, PK_SPAN("Article"), 0) != SIZE_MAX ||
		   pk_span_find(type, PK_SPAN("BlogPosting"), 0) != SIZE_MAX);
}

static bool
is_hentry(const xmlNode *node)
{
	return pk_html_has_word(node, "class", "h-entry") ||
	       pk_html_has_word(node, "class", "hentry");
}

static bool
is_article(const xmlNode *node)
{
	return pk_html_is(node, "article");
}

static const struct kind {
	bool (*is_block)(const xmlNode *node);
	unsigned mark; /* that its link has at least */
	size_t least;  /* number of entries */
} kinds[] = {
	{ is_article_item, 0, MARKED_MIN },
	{ is_hentry, 0, MARKED_MIN },
	{ is_article, 2, ARTICLE_MIN },
};

/* Blocks that lie in another one (comments, mostly) are not looked at. */
static int
find_blocks(struct pk_html *html, const struct kind *kind, struct pk_html_items *ret)
{
	const xmlNode *at = html->root;
	bool over;
	int r = 0;

	for (; at != NULL && r == 0; at = pk_html_next(at, html->root, over)) {
		over = is_around(at) || pk_html_is_silent(at);
		if (over || !kind->is_block(at))
			continue;
		const xmlNode *link = link_of_block(html, at, kind->mark);
		if (link == NULL)
			continue;
		over = true;
		r = add(html, ret, link, pk_html_link_url(html, link));
	}
	return r;
}

static size_t
count_different(struct pk_html *html, const struct pk_html_items *items)
{
	pk_cleanup(pk_map_freep) struct pk_map *seen = pk_map_new();

	for (size_t i = 0; seen != NULL && i < items->len; i++) {
		if (pk_map_set(seen, items->items[i].url, &items->items[i]) < 0)
			html->reader->out_of_memory = true;
	}
	html->reader->out_of_memory |= seen == NULL;
	return seen == NULL ? 0 : pk_map_count(seen);
}

/* ---- by their looks ------------------------------------------------------------- */

struct group {
	struct pk_html_items items;
	size_t letters; /* of different addresses, what counts of them */
	struct pk_map *seen;
};

static bool
has_digit(struct pk_span s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] >= '0' && s.ptr[i] <= '9')
			return true;
	}
	return false;
}

/* Names like "post-1234", "odd" and "first" tell elements of a list apart. */
static struct pk_span
kind_name(struct pk_span names)
{
	static const char *const apart[] = { "odd", "even", "first", "last", "active",
		"lazy" };

	for (size_t i = 0, start = 0; i <= names.len && names.len > 0; i++) {
		if (i < names.len && !pk_ascii_is_blank(names.ptr[i]))
			continue;
		struct pk_span name = pk_span_slice(names, start, i);
		bool tells = name.len > 0 && !has_digit(name);
		for (size_t k = 0; tells && k < PK_COUNT(apart); k++)
			tells = !pk_span_eq_nocase(name, pk_span_of(apart[k]));
		if (tells)
			return name;
		start = i + 1;
	}
	return (struct pk_span){ NULL, 0 };
}

/* The kind of place that a link stands in: tags and classes of it and those around. */
static struct pk_span
place_of(struct pk_html *html, const xmlNode *node)
{
	uint64_t hash = 0;

	for (unsigned i = 0;
	     i < PLACE_LEVELS && node != NULL && node->type == XML_ELEMENT_NODE &&
	     !pk_html_is(node, "body");
	     i++, node = node->parent) {
		hash = hash * UINT64_C(0x100000001B3) ^
		       pk_span_hash(pk_span_of((const char *)node->name));
		/* rows come in turns: their classes tell each from the next */
		if (!pk_html_is(node, "tr") && !pk_html_is(node, "li"))
			hash =
			    hash * UINT64_C(0x100000001B3) ^
			    pk_span_hash(kind_name(pk_node_attribute(node, "class")));
	}
	struct pk_span place = pk_arena_copy(
	    html->reader->arena, (struct pk_span){ (const char *)&hash, sizeof(hash) });
	html->reader->out_of_memory |= place.ptr == NULL;
	return place;
}

/* Of one owner: news stand on sub-domains, too. */
static bool
is_own(struct pk_span own, struct pk_span host)
{
	struct pk_span a = pk_domain_registrable(own), b = pk_domain_registrable(host);

	return own.len == 0 || pk_span_eq_nocase(own, host) ||
	       (a.len > 0 && pk_span_eq_nocase(a, b));
}

/* Of this site, and neither this page nor the front page? */
static bool
leads_to_article(const struct pk_html *html, struct pk_span url)
{
	struct pk_span page = html->reader->url;

	page = pk_span_slice(page, 0, pk_span_find(page, PK_SPAN("#"), 0));
	if (!is_own(pk_url_host(html->reader->url), pk_url_host(url)))
		return false;
	size_t scheme = pk_span_find(url, PK_SPAN("://"), 0);
	if (scheme == SIZE_MAX)
		return url.len > 1;
	size_t slash = pk_span_find(url, PK_SPAN("/"), scheme + 3);
	return slash != SIZE_MAX && slash + 1 < url.len && !pk_span_eq(url, page);
}

static int
add_to_group(struct pk_html *html, struct group *group, const xmlNode *node,
    struct pk_span url, size_t letters)
{
	int r = add(html, &group->items, node, url);

	if (r < 0 || pk_map_get(group->seen, url) != NULL)
		return r;
	r = pk_map_set(group->seen, url, group);
	group->letters +=
	    letters > HEADLINE_LETTERS_MAX ? HEADLINE_LETTERS_MAX : letters;
	return r;
}

static struct group *
group_at(struct pk_html *html, struct pk_map *groups, const xmlNode *node)
{
	struct pk_span place = place_of(html, node);
	struct group *group = place.ptr == NULL ? NULL : pk_map_get(groups, place);

	if (group != NULL || place.ptr == NULL || pk_map_count(groups) == GROUPS_MAX)
		return group;
	group = pk_arena_new_of(html->reader->arena, struct group);
	if (group != NULL)
		group->seen = pk_map_new();
	if (group == NULL || group->seen == NULL ||
	    pk_map_set(groups, place, group) < 0) {
		html->reader->out_of_memory = true;
		if (group != NULL)
			pk_map_free(group->seen);
		return NULL;
	}
	return group;
}

static bool
is_headline(size_t letters, size_t words)
{
	return letters >= HEADLINE_LETTERS && words >= HEADLINE_WORDS;
}

/* Is the link a headline, or the button of a card that has one? */
static bool
measure_headline(
    struct pk_html *html, const xmlNode *link, size_t *ret_letters, size_t *ret_words)
{
	pk_html_measure(pk_html_link_title(html, link), ret_letters, ret_words);
	if (is_headline(*ret_letters, *ret_words))
		return true;
	const xmlNode *heading = pk_html_card_heading(link);
	if (heading == NULL)
		return false;
	pk_html_measure(
	    pk_html_text(html->reader->arena, heading, &html->reader->out_of_memory),
	    ret_letters, ret_words);
	return is_headline(*ret_letters, *ret_words);
}

static int
collect(struct pk_html *html, struct pk_map *groups)
{
	const xmlNode *at = html->root;
	size_t n = 0;
	bool over;
	int r = 0;

	for (; at != NULL && r == 0 && n < PK_HTML_LINKS_MAX;
	     at = pk_html_next(at, html->root, over)) {
		over = is_around(at) || pk_html_is_silent(at);
		if (over || !is_link(at))
			continue;
		n++;
		struct pk_span url = pk_html_link_url(html, at);
		if (url.len == 0 || !leads_to_article(html, url))
			continue;
		size_t letters, words;
		if (!measure_headline(html, at, &letters, &words))
			continue;
		struct group *group = group_at(html, groups, at);
		r = group == NULL ? 0 : add_to_group(html, group, at, url, letters);
	}
	return html->reader->out_of_memory ? -ENOMEM : r;
}

static bool
is_list(const struct group *group, size_t least)
{
	size_t n = pk_map_count(group->seen);

	return n >= least && group->letters >= n * MEAN_LETTERS;
}

static bool
is_lead(const xmlNode *link)
{
	const xmlNode *heading = heading_around(link);

	return heading != NULL && heading->name[1] <= '2';
}

/* The one with the most to read. Equal ones: that whose first link stands first. */
static const struct group *
largest(const struct pk_map *groups)
{
	const struct group *best = NULL, *group;
	size_t cursor = 0;

	while ((group = pk_map_next(groups, &cursor)) != NULL) {
		if (!is_list(group, GROUP_MIN))
			continue;
		if (best == NULL || group->letters > best->letters ||
		    (group->letters == best->letters &&
			group->items.items[0].order < best->items.items[0].order))
			best = group;
	}
	return best;
}

static int
compare_order(const void *a, const void *b)
{
	const struct pk_html_item *x = a, *y = b;

	return x->order < y->order ? -1 : x->order > y->order;
}

/* A front page has its lead stories elsewhere: those in large headings. */
static int
add_leads(struct pk_html *html, const struct pk_map *groups, const struct group *best,
    struct pk_html_items *items)
{
	const struct group *group;
	size_t cursor = 0;

	while ((group = pk_map_next(groups, &cursor)) != NULL) {
		if (group == best || !is_list(group, LEADS_MIN) ||
		    !is_lead(group->items.items[0].node))
			continue;
		for (size_t i = 0; i < group->items.len; i++) {
			struct pk_html_item *item =
			    pk_array_push(html->reader->arena, items);
			if (item == NULL)
				return -ENOMEM;
			*item = group->items.items[i];
		}
	}
	qsort(items->items, items->len, sizeof(*items->items), compare_order);
	return 0;
}

static int
find_group(struct pk_html *html, struct pk_html_items *ret_items)
{
	pk_cleanup(pk_map_freep) struct pk_map *groups = pk_map_new();
	struct group *group;
	size_t cursor = 0;

	if (groups == NULL)
		return -ENOMEM;
	int r = collect(html, groups);
	const struct group *best = r < 0 ? NULL : largest(groups);
	if (best != NULL) {
		*ret_items = best->items;
		r = add_leads(html, groups, best, ret_items);
	}
	while ((group = pk_map_next(groups, &cursor)) != NULL)
		pk_map_free(group->seen);
	return r;
}

/* ---- all of it ------------------------------------------------------------------ */

static int
find_bookmarks(struct pk_html *html, struct pk_html_items *ret_items)
{
	bool over;
	int r = 0;

	for (const xmlNode *at = html->root; at != NULL && r == 0;
	     at = pk_html_next(at, html->root, over)) {
		over = is_around(at) || pk_html_is_silent(at);
		if (!over && is_link(at) && pk_html_has_word(at, "rel", "bookmark"))
			r = add(html, ret_items, at, pk_html_link_url(html, at));
	}
	return r;
}

/* A few marked blocks, a slider's, are not the list where there are many headlines. */
static bool
is_enough(size_t n, size_t least, size_t n_group)
{
	return n >= least && n * 3 >= n_group;
}

int
pk_html_find(struct pk_html *html, bool with_data, struct pk_html_items *ret_items)
{
	struct pk_html_items group = { .len = 0 }, found;
	int r = find_group(html, &group);
	size_t n_group = r < 0 ? 0 : count_different(html, &group);

	found = (struct pk_html_items){ .len = 0 };
	if (r == 0 && with_data)
		r = pk_html_data(html, &found);
	if (r == 0 && is_enough(count_different(html, &found), MARKED_MIN, n_group)) {
		*ret_items = found;
		return 0;
	}
	for (size_t i = 0; i < PK_COUNT(kinds) && r == 0; i++) {
		found = (struct pk_html_items){ .len = 0 };
		r = find_blocks(html, &kinds[i], &found);
		if (r == 0 &&
		    is_enough(count_different(html, &found), kinds[i].least, n_group)) {
			*ret_items = found;
			return 0;
		}
	}
	if (r < 0)
		return r;
	found = (struct pk_html_items){ .len = 0 };
	r = find_bookmarks(html, &found);
	if (r < 0)
		return r;
	*ret_items = is_enough(count_different(html, &found), ARTICLE_MIN, n_group)
			 ? found
			 : group;
	return 0;
}
