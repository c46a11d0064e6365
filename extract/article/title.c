/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/title.h"

#include "base/cleanup.h"
#include "base/url.h"
#include "base/utf8.h"
#include "extract/article/body.h"
#include "extract/article/line.h"

#include <errno.h>

/* Lengths in code points. */
#define TITLE_MIN  3
#define TITLE_MAX  400
#define SITE_MAX   60 /* a longer part of a title is no site's name */
#define KICKER_MAX 120

/* Bytes of a name that is compared with a host. */
#define KEY_MAX 48

/* A title on the page that is so long and has so many words of the head's. */
#define VARIANT_MIN   10
#define VARIANT_SHARE 0.4

/* A heading of so many words is believed against the head. */
#define TRUSTED_WORDS 4

/* ... when so few blocks are between it and the body. */
#define TRUSTED_REACH 24

/* The rank of a heading that the head confirms. */
#define RANK_SAID 40

/* ---- names of sites ------------------------------------------------------------ */

/* Between a title and a site's name stands one of these, with blanks around it. */
static bool
is_separator(uint32_t p)
{
	return p == '|' || p == '-' || p == 0x2010 || p == 0x2013 || p == 0x2014 ||
	       p == 0xB7 || p == 0x2022 || p == 0xBB || p == 0xAB || p == '/' ||
	       p == '>' || p == ':' || p == 0x203A || p == 0x22C6 || p == 0x1C0 ||
	       p == '~' || p == 0x640 || p == 0x2015 || p == '\\' || p == '@';
}

struct cut {
	size_t start; /* of the separator, blanks included */
	size_t end;
	bool colon;
};

/* The next separator from `at` on: "a - b", "a | b", "a|b", "a: b". */
static bool
next_cut(struct pk_span title, size_t at, struct cut *ret_cut)
{
	/* What is quoted «so» is not parted. */
	bool quotes = pk_span_find(title, PK_SPAN("«"), 0) != SIZE_MAX &&
		      pk_span_find(title, PK_SPAN("»"), 0) != SIZE_MAX;

	while (at < title.len) {
		uint32_t point;
		size_t n = pk_utf8_decode(title, at, &point, NULL), end = at + n;
		bool quote = quotes && (point == 0xAB || point == 0xBB);
		if (!is_separator(point) || quote) {
			at = end;
			continue;
		}
		while (end < title.len) {
			size_t more = pk_utf8_decode(title, end, &point, NULL);
			if (!is_separator(point))
				break;
			end += more;
		}
		bool before = at > 0 && title.ptr[at - 1] == ' ';
		bool behind = end < title.len && title.ptr[end] == ' ';
		bool colon = title.ptr[at] == ':' && !before;
		if (title.ptr[at] == '|' || (before && behind) || (colon && behind)) {
			*ret_cut = (struct cut){ at, end, colon };
			while (
			    ret_cut->start > 0 && title.ptr[ret_cut->start - 1] == ' ')
				ret_cut->start--;
			while (
			    ret_cut->end < title.len && title.ptr[ret_cut->end] == ' ')
				ret_cut->end++;
			return ret_cut->start > 0 && ret_cut->end < title.len;
		}
		at = end;
	}
	return false;
}

static bool
last_cut(struct pk_span title, struct cut *ret_cut)
{
	struct cut cut = { 0, 0, false };
	bool found = false;

	while (next_cut(title, cut.end, &cut)) {
		*ret_cut = cut;
		found = true;
	}
	return found;
}

static size_t
count_words(struct pk_span s)
{
	size_t n = 0;

	while (s.ptr != NULL)
		n += pk_line_core(pk_span_split(&s, ' ')).len > 0;
	return n;
}

static struct pk_span
without_site(const struct pk_metadata *m, struct pk_span title)
{
	struct cut cut;

	/* "Title | Section | Site": what stood before the site is no title either way.
	 */
	for (unsigned i = 0; i < 2 && last_cut(title, &cut); i++) {
		if (!pk_metadata_is_site(m, pk_span_slice(title, cut.end, title.len)))
			break;
		title = pk_span_slice(title, 0, cut.start);
	}
	if (next_cut(title, 0, &cut) &&
	    pk_metadata_is_site(m, pk_span_slice(title, 0, cut.start)))
		title = pk_span_slice(title, cut.end, title.len);
	return pk_line_trim(title);
}

/* "Site » Blog Archive » Title" of an old WordPress: the part that says nothing. */
static bool
is_archive(struct pk_span part)
{
	return pk_line_same(part, PK_SPAN("Blog Archive")) ||
	       pk_line_same(part, PK_SPAN("Blog Archiv")) ||
	       pk_line_same(part, PK_SPAN("Archive")) ||
	       pk_line_same(part, PK_SPAN("Archives"));
}

/*
 * <title> mostly ends in the site's name, known or not: the last part goes where enough
 * is left.
 */
static struct pk_span
without_last(const struct pk_metadata *m, struct pk_span title)
{
	struct pk_span rest = without_site(m, title);
	struct cut cut = { 0, 0, false };

	for (size_t start = 0; next_cut(title, cut.end, &cut); start = cut.end) {
		if (is_archive(pk_span_slice(title, start, cut.start)))
			return pk_line_trim(pk_span_slice(title, cut.end, title.len));
	}
	if (rest.len < title.len || !last_cut(title, &cut) || cut.colon)
		return rest;
	struct pk_span before = pk_span_slice(title, 0, cut.start);
	struct pk_span behind = pk_span_slice(title, cut.end, title.len);
	bool site = pk_utf8_count(behind) <= SITE_MAX && behind.len <= before.len;
	return site && count_words(before) >= 3 ? pk_line_trim(before) : rest;
}

/* Does `whole` begin with `part`, and go on with a separator? */
static bool
is_with_site(struct pk_span whole, struct pk_span part)
{
	struct cut cut;

	return part.len > 0 && pk_span_starts_with(whole, part) &&
	       next_cut(whole, part.len, &cut) && cut.start <= part.len && !cut.colon;
}

/* "Site » Archive » Title": is `part` what comes last, and enough for a title? */
static bool
is_behind_site(struct pk_span whole, struct pk_span part)
{
	struct cut cut;

	return part.len > 0 && pk_span_ends_with(whole, part) &&
	       last_cut(whole, &cut) && cut.end == whole.len - part.len && !cut.colon &&
	       count_words(part) >= 3;
}

/* ---- the heading ----------------------------------------------------------------- */

/* Does the title in the head begin with it, and go on with little more? */
static bool
is_beginning(struct pk_span whole, struct pk_span part)
{
	return pk_span_starts_with(whole, part) && 10 * part.len >= 6 * whole.len;
}

/* Is it a link to the front page? Then it is the site's name, whatever that is. */
static bool
is_way_home(const struct pk_page *page, uint32_t n)
{
	for (uint32_t i = n; i < page->nodes.items[n].end; i++) {
		if (page->nodes.items[i].tag != PK_TAG_A ||
		    page->nodes.items[i].text.len < page->nodes.items[n].text.len)
			continue;
		struct pk_span href = pk_page_attribute(page, i, "href");
		size_t at = 0, next;
		/* An archive's address has the page's own behind it. */
		while ((next = pk_span_find(href, PK_SPAN("://"), at)) != SIZE_MAX)
			at = next + 3;
		size_t slash = pk_span_find(href, PK_SPAN("/"), at);
		return slash == SIZE_MAX ? at > 0 : slash + 1 == href.len;
	}
	return false;
}

/* How well a heading on the page would do as the title; 0: not at all. */
static int
rank(const struct pk_metadata *m, const struct pk_heading_places *places, uint32_t n,
    struct pk_span text)
{
	const struct pk_node *node = &m->page->nodes.items[n];
	size_t points = pk_utf8_count(text);
	unsigned banned = PK_HINT_FURNITURE | PK_HINT_COMMENT | PK_HINT_HIDDEN;
	int rank = 0;

	if (points < TITLE_MIN || points > TITLE_MAX)
		return 0;
	bool said =
	    pk_line_same(text, m->title) || pk_line_same(text, m->jsonld.headline) ||
	    pk_line_same(text, m->jsonld.name) || is_with_site(m->title, text) ||
	    is_with_site(m->page->title, text) || pk_line_same(text, m->page->title) ||
	    is_behind_site(m->page->title, text);
	if (said)
		rank += RANK_SAID;
	if ((node->inherited & banned) != 0 && !said)
		return 0;
	/* The name of the site stands on every page. */
	if ((pk_metadata_is_site(m, text) || is_way_home(m->page, n)) &&
	    !pk_line_same(text, m->jsonld.headline))
		return 0;
	if (!said && pk_tag_is_heading(node->tag) && is_beginning(m->title, text))
		rank += RANK_SAID - 15;
	if (node->tag == PK_TAG_H1)
		rank += 20;
	else if ((node->flags & PK_HINT_TITLE) != 0 && node->tag != PK_TAG_A)
		rank += pk_tag_is_heading(node->tag) ? 12 : 4;
	else if (!pk_tag_is_heading(node->tag) || rank == 0)
		return 0;
	/* What only machines and ears get is written for them. */
	if ((node->flags & (PK_HINT_HIDDEN | PK_HINT_NEG)) != 0)
		rank -= 25;
	if (node->first_block <= places->body_block)
		rank += 5;
	if (node->first_block < places->body_end)
		rank += 2;
	return rank;
}

/* Is it what <title> ends in, behind the site's name: "Site: Title"? */
static bool
is_last_part(struct pk_span whole, struct pk_span part)
{
	struct cut cut;

	return pk_span_ends_with(whole, part) && next_cut(whole, 0, &cut) &&
	       cut.end == whole.len - part.len;
}

/*
 * A line above the text that says what <title> says, with the site's name or without,
 * is the title, whatever it is set in: <center><font><b>.
 */
static uint32_t
find_bare(const struct pk_metadata *m, const struct pk_heading_places *places)
{
	const struct pk_page *page = m->page;
	uint32_t b = places->body_block < page->blocks.len ? places->body_block : 0;
	struct pk_span whole = page->title;

	while (b-- > 0) {
		const struct pk_block *block = &page->blocks.items[b];
		const struct pk_node *node = &page->nodes.items[block->node];
		if (block->points < VARIANT_MIN || block->text.len > whole.len ||
		    node->end_block - node->first_block != 1 ||
		    block->link_points > 0 || !pk_metadata_is_seen(node) ||
		    pk_metadata_is_site(m, block->text))
			continue;
		if (pk_line_same(block->text, whole) ||
		    is_with_site(whole, block->text) ||
		    is_last_part(whole, block->text))
			return block->node;
	}
	return PK_NO_NODE;
}

uint32_t
pk_title_find(
    const struct pk_metadata *m, const struct pk_heading_places *places, bool sure)
{
	uint32_t best = PK_NO_NODE;
	int most = sure ? RANK_SAID : 1;

	if (m->title_node != PK_NO_NODE)
		return m->title_node;
	for (size_t i = 0; i < m->marked.len; i++) {
		uint32_t n = m->marked.items[i];
		const struct pk_node *node = &m->page->nodes.items[n];
		bool may =
		    pk_tag_is_heading(node->tag) || (node->flags & PK_HINT_TITLE) != 0;
		if (!may || node->end_block - node->first_block > 3)
			continue;
		int its = rank(m, places, n, pk_page_text_of(m->page, n));
		bool before = node->first_block <= places->body_block;
		bool nearer = places->body_block != UINT32_MAX && before;
		if (its > most || (its == most && (nearer || best == PK_NO_NODE))) {
			most = its;
			best = n;
		}
	}
	return best == PK_NO_NODE && !sure ? find_bare(m, places) : best;
}

/* ---- which one ------------------------------------------------------------------- */

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

struct said {
	struct pk_span items[4]; /* the head's wordings, without the site */
};

static struct said
what_is_said(const struct pk_metadata *m)
{
	return (struct said){ {
	    without_site(m, m->title),
	    m->jsonld.headline,
	    m->jsonld.name,
	    without_last(m, m->page->title),
	} };
}

static bool
is_said(const struct said *said, struct pk_span text)
{
	for (size_t i = 0; i < PK_COUNT(said->items); i++) {
		if (pk_line_same(said->items[i], text))
			return true;
	}
	return false;
}

/* What stands before and behind an element in a heading. */
struct part {
	struct pk_span text;
	struct pk_span before;
	struct pk_span after;
	unsigned flags;
};

/* Signs between a kicker and a title go with the kicker. */
static struct pk_span
without_signs(struct pk_span s)
{
	for (;;) {
		uint32_t point;
		s = pk_line_trim(s);
		if (s.len == 0)
			return s;
		size_t n = pk_utf8_decode(s, 0, &point, NULL);
		if (!is_separator(point))
			return s;
		s = pk_span_slice(s, n, s.len);
	}
}

/* The element `n` in the heading; false where it has no text of its own there. */
static bool
part_of(const struct pk_page *page, uint32_t heading, uint32_t n, struct part *ret_part)
{
	struct pk_span all = page->nodes.items[heading].text;
	struct pk_span own = page->nodes.items[n].text;
	const char *end = all.ptr + all.len;

	if (own.len == 0 || own.ptr < all.ptr || own.ptr + own.len > end)
		return false;
	*ret_part = (struct part){
		.text = pk_page_text_of(page, n),
		.before = pk_line_trim(
		    (struct pk_span){ all.ptr, (size_t)(own.ptr - all.ptr) }),
		.after = without_signs((struct pk_span){
		    own.ptr + own.len, (size_t)(end - own.ptr) - own.len }),
		.flags = page->nodes.items[n].flags,
	};
	return true;
}

/* The names of elements say what is the title in a heading, and what is the kicker. */
static struct pk_span
named_part(const struct part *p)
{
	const unsigned unseen = PK_HINT_HIDDEN | PK_HINT_NEG;
	bool over = p->before.len == 0 && pk_utf8_count(p->text) <= KICKER_MAX &&
		    pk_utf8_count(p->after) >= VARIANT_MIN;

	if (over && (p->flags & (PK_HINT_KICKER | unseen)) != 0)
		return p->after;
	if (p->after.len == 0 && (p->flags & unseen) != 0 &&
	    pk_utf8_count(p->before) >= VARIANT_MIN)
		return p->before;
	return (p->flags & PK_HINT_TITLE) != 0 && pk_utf8_count(p->text) >= VARIANT_MIN
		   ? p->text
		   : (struct pk_span){ NULL, 0 };
}

static struct pk_span
said_part(const struct said *said, const struct part *p)
{
	const struct pk_span parts[] = { p->text, p->before, p->after };
	size_t all = p->text.len + p->before.len + p->after.len;

	/* A word of it may stand by itself somewhere in the head, too. */
	for (size_t i = 0; i < PK_COUNT(parts); i++) {
		if (2 * parts[i].len >= all && is_said(said, parts[i]))
			return parts[i];
	}
	return (struct pk_span){ NULL, 0 };
}

/*
 * A heading may hold more than the title: a kicker before it, a line below it. The
 * title is then the element, or what is left beside one, that has such a name or that
 * the head says, too.
 */
static struct pk_span
title_in(const struct pk_metadata *m, uint32_t heading, const struct said *said)
{
	const struct pk_node *nodes = m->page->nodes.items;
	struct pk_span all = pk_page_text_of(m->page, heading), found = { NULL, 0 };
	struct part part;

	for (uint32_t n = heading + 1; n < nodes[heading].end && found.len == 0; n++) {
		if (!part_of(m->page, heading, n, &part))
			continue;
		found = named_part(&part);
		/* An element for titles may have more in it than the title, again. */
		if (found.ptr == part.text.ptr && found.len > 0 &&
		    nodes[n].end > n + 1) {
			all = found;
			found = (struct pk_span){ NULL, 0 };
			heading = n;
		}
	}
	if (found.len > 0 || is_said(said, all))
		return found.len > 0 ? found : all;
	for (uint32_t n = heading + 1; n < nodes[heading].end && found.len == 0; n++) {
		if (part_of(m->page, heading, n, &part))
			found = said_part(said, &part);
	}
	/* A break within the heading parts it, too. */
	for (struct pk_span rest = all; rest.ptr != NULL && found.len == 0;) {
		struct pk_span line = pk_line_trim(pk_span_split(&rest, '\n'));
		if (is_said(said, line))
			found = line;
	}
	return found.len > 0 ? found : all;
}

/* A heading in one short word is a letter of a brand, or a placeholder. */
static bool
is_believed(struct pk_span shown, struct pk_span said)
{
	return said.len == 0 || pk_utf8_count(shown) >= VARIANT_MIN ||
	       is_variant(said, shown) || overlap(shown, said) > 0;
}

/* Letters and digits in lower case, of ASCII alone; false where there are others. */
static bool
squeeze(struct pk_span s, char ret_key[static KEY_MAX])
{
	size_t len = 0;

	for (size_t i = 0; i < s.len && len + 1 < KEY_MAX; i++) {
		char c = pk_ascii_lower(s.ptr[i]);
		if ((unsigned char)c >= 0x80)
			return false;
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			ret_key[len++] = c;
	}
	ret_key[len] = '\0';
	return len >= 3;
}

/* Does the host speak of it: "Coast News" of coast-news.example, or of coastnews24? */
static bool
is_like_host(struct pk_span name, struct pk_span host)
{
	char key[KEY_MAX], its[KEY_MAX];

	/* A name in other letters cannot be told by a host. */
	if (!squeeze(name, key))
		return name.len > 0 && (unsigned char)name.ptr[0] >= 0xCE;
	while (host.ptr != NULL) {
		struct pk_span label = pk_span_split(&host, '.');
		if (host.ptr != NULL && squeeze(label, its) && label.len > 3 &&
		    (strstr(its, key) != NULL || strstr(key, its) != NULL))
			return true;
	}
	return false;
}

/* What stands behind the title in <title>, or before it ("Site: Title"), where nothing
 * else names the site. */
static int
read_site(struct pk_metadata *m)
{
	struct pk_span whole = m->page->title, title = m->article->title;
	struct cut cut = { 0, 0, false };

	if (m->article->site.len > 0 || title.len == 0)
		return 0;
	struct pk_span name = { NULL, 0 };
	if (pk_span_starts_with(whole, title) && last_cut(whole, &cut) && !cut.colon &&
	    cut.start >= title.len)
		name = pk_span_slice(whole, cut.end, whole.len);
	else if (is_last_part(whole, title) && next_cut(whole, 0, &cut))
		name = pk_span_slice(whole, 0, cut.start);
	if (name.len == 0)
		return 0;
	name = pk_metadata_line(m, name);
	if (name.ptr == NULL)
		return -ENOMEM;
	if (pk_utf8_count(name) > SITE_MAX || !pk_line_has_letter(name) ||
	    !is_like_host(name, pk_url_host(m->doc->url)))
		return 0;
	return pk_metadata_set(m, &m->article->site, "site", name, "title");
}

/* A sentence above the text in the first of all headings, in large letters. */
static bool
is_trusted(const struct pk_metadata *m, const struct pk_heading_places *places,
    uint32_t heading, struct pk_span shown)
{
	const struct pk_node *node = &m->page->nodes.items[heading];

	return node->tag == PK_TAG_H1 && count_words(shown) >= TRUSTED_WORDS &&
	       pk_metadata_is_seen(node) && (node->flags & PK_HINT_NEG) == 0 &&
	       node->first_block <= places->body_block &&
	       places->body_block - node->first_block <= TRUSTED_REACH;
}

/* Are the heading and the head two wordings of one title? */
static bool
do_agree(const struct pk_metadata *m, const struct said *words, struct pk_span shown)
{
	const struct pk_jsonld *ld = &m->jsonld;
	struct pk_span said = words->items[0].len > 0 ? words->items[0] : ld->headline;

	if (pk_line_same(ld->headline, shown) || pk_line_same(ld->name, shown))
		return true;
	return said.len > 0 ? is_variant(said, shown)
			    : is_believed(shown, words->items[3]);
}

int
pk_title_read(
    struct pk_metadata *m, const struct pk_heading_places *places, uint32_t heading)
{
	const struct said words = what_is_said(m);
	struct pk_span shown = { NULL, 0 };
	/* Where page and head agree, the page's spelling is the one that was read. */
	bool agree = false;

	if (heading != PK_NO_NODE) {
		shown = without_site(m, title_in(m, heading, &words));
		agree = heading == m->title_node || do_agree(m, &words, shown) ||
			is_trusted(m, places, heading, shown);
	}
	const struct candidate {
		struct pk_span text;
		const char *where;
	} candidates[] = {
		{ agree ? shown : PK_SPAN(""), "heading" },
		{ words.items[0], m->title_where },
		{ m->jsonld.headline, "json-ld" },
		{ words.items[3], "title" },
		{ shown, "heading" },
	};
	for (size_t i = 0; i < PK_COUNT(candidates); i++) {
		if (candidates[i].text.len == 0)
			continue;
		struct pk_span line = pk_metadata_line(m, candidates[i].text);
		if (line.ptr == NULL)
			return -ENOMEM;
		int r = pk_metadata_set(
		    m, &m->article->title, "title", line, candidates[i].where);
		return r == 0 ? read_site(m) : r;
	}
	return 0;
}
