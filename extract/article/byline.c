/* SPDX-License-Identifier: Apache-2.0 */
/* Who wrote it, by JSON-LD, <meta> and the page. */
#include "extract/article/byline.h"

#include "base/cleanup.h"
#include "base/utf8.h"
#include "extract/article/body.h"
#include "extract/article/dates.h"
#include "extract/article/line.h"

#include <errno.h>

/* Names of one article, and code points of a line with a byline on the page. */
#define NAMES_MAX 12
#define LINE_MAX  160
#define NAME_MAX  60 /* of a name below a label */
#define TEXT_MAX  90 /* of a line whose element does not say what it is */

/* Blocks between the title or the end of the body and the byline. */
#define NEAR  12
#define CLOSE 4

/* Blocks at the beginning of the body, for a lead or a picture may stand first. */
#define FIRST_FEW 4

struct names {
	struct pk_span items[NAMES_MAX];
	size_t len;
};

struct search {
	struct pk_metadata *m;
	const struct pk_heading_places *places;
	uint32_t from;     /* the block that distance is counted from */
	struct names site; /* the site, or nobody: when there is no other name */
	const char *site_where;
};

/* Names that a site gives to nobody in particular. */
static bool
is_nobody(struct pk_span name)
{
	static const char *const names[] = { "admin", "administrator", "editor",
		"redaktion", "die redaktion", "redaction", "redaccion", "redacción",
		"redazione", "rédaction", "la rédaction", "redactie", "staff",
		"newsroom", "webmaster", "no author", "unknown", "anonymous", "guest",
		"user", "wordpressadmin", "author", "name", "null", "none", "undefined",
		"редакция", "редакція", "админ", "مدیر", "ادمین", "تحریریه", "سردبیر",
		"المحرر", "الكاتب", "admin1", "superuser", "super user" };

	for (size_t i = 0; i < PK_COUNT(names); i++) {
		if (pk_line_same(name, pk_span_of(names[i])))
			return true;
	}
	return false;
}

/* "Jane Doe, Example News" is Jane Doe of the site that the page is on. */
static struct pk_span
without_site(const struct pk_metadata *m, struct pk_span name)
{
	size_t at = name.len;

	while (at > 0 && name.ptr[at - 1] != ',')
		at--;
	return at > 1 && pk_metadata_is_site(m, pk_span_slice(name, at, name.len))
		   ? pk_line_trim(pk_span_slice(name, 0, at - 1))
		   : name;
}

static void
add(const struct pk_metadata *m, struct names *names, struct pk_span line)
{
	struct pk_span name = without_site(m, pk_byline_clean(line));

	if (name.len == 0 || names->len == NAMES_MAX)
		return;
	for (size_t i = 0; i < names->len; i++) {
		if (pk_line_same(names->items[i], name))
			return;
	}
	names->items[names->len++] = name;
}

/* A name in the head, where a line break is a blank; on the page it ends a line. */
static void
add_said(const struct pk_metadata *m, struct names *names, struct pk_span name)
{
	add(m, names,
	    name.len > 0 && memchr(name.ptr, '\n', name.len) != NULL
		? pk_metadata_line(m, name)
		: name);
}

static int
set(struct search *s, const struct names *names, const char *where)
{
	struct pk_arena *arena = s->m->page->arena;
	struct pk_span all = pk_arena_copy(arena, names->items[0]);

	for (size_t i = 1; i < names->len && all.ptr != NULL; i++)
		all = pk_arena_printf(arena, "%.*s, %.*s", PK_SPAN_ARG(all),
		    PK_SPAN_ARG(names->items[i]));
	if (all.ptr != NULL)
		all = pk_metadata_line(s->m, all);
	if (all.ptr == NULL)
		return -ENOMEM;
	int r = pk_metadata_set(s->m, &s->m->article->byline, "byline", all, where);
	return r < 0 ? r : 1;
}

/* Takes names over, those of people; keeps a site's in mind. Returns whether it did. */
static int
take(struct search *s, const struct names *names, const char *where)
{
	struct names people = { .len = 0 };

	for (size_t i = 0; i < names->len; i++) {
		if (!pk_metadata_is_site(s->m, names->items[i]) &&
		    !is_nobody(names->items[i]))
			people.items[people.len++] = names->items[i];
	}
	if (people.len > 0)
		return set(s, &people, where);
	if (s->site.len == 0) {
		s->site = *names;
		s->site_where = where;
	}
	return 0;
}

/* ---- the head ----------------------------------------------------------------- */

/* <meta name="twitter:label1" content="Written by"> and its data1. */
static int
take_label(struct search *s)
{
	static const char *const pairs[][2] = {
		{ "twitter:label1", "twitter:data1" },
		{ "twitter:label2", "twitter:data2" },
	};
	static const char *const words[] = { "written by", "verfasst von",
		"geschrieben von", "escrito por", "écrit par", "scritto da", "author",
		"autor", "автор", "نویسنده", "كتب بواسطة", "written" };
	int r = 0;

	for (size_t i = 0; i < PK_COUNT(pairs) && r == 0; i++) {
		size_t at = 0;
		struct pk_span label = pk_metadata_meta(s->m, pairs[i][0], &at);
		for (size_t w = 0; w < PK_COUNT(words) && r == 0; w++) {
			if (!pk_line_same(label, pk_span_of(words[w])))
				continue;
			struct names names = { .len = 0 };
			at = 0;
			add(s->m, &names, pk_metadata_meta(s->m, pairs[i][1], &at));
			r = take(s, &names, pairs[i][1]);
		}
	}
	return r;
}

static int
take_head(struct search *s)
{
	static const char *const names_of[] = { "dc:creator", "byl", "author",
		"article:author", "dc.creator", "dcterms.creator", "dc.contributor",
		"parsely-author", "sailthru.author", "article.author",
		"article:author_name", "og:article:author", "authors",
		"citation_author", "cxenseparse:author",
		"shareaholic:article_author_name", "rnews:author" };
	struct pk_metadata *m = s->m;
	struct names names = { .len = 0 };
	int r;

	for (size_t i = 0; i < m->jsonld.n_authors; i++)
		add_said(m, &names, m->jsonld.authors[i]);
	r = take(s, &names, "json-ld");
	for (size_t i = 0; i < PK_COUNT(names_of) && r == 0; i++) {
		size_t at = 0;
		names.len = 0;
		while (at < m->page->metas.len) {
			const char *where;
			struct pk_span value = pk_metadata_meta(m, names_of[i], &at);
			if (value.len == 0)
				continue;
			if (memchr(value.ptr, '&', value.len) != NULL)
				value = pk_metadata_first(m, &names_of[i], 1, &where);
			add_said(m, &names, value);
		}
		r = take(s, &names, names_of[i]);
	}
	return r == 0 ? take_label(s) : r;
}

/* ---- elements for it ----------------------------------------------------------- */

static bool
may_name(const struct pk_node *node)
{
	return (node->inherited &
		   (PK_HINT_HIDDEN | PK_HINT_COMMENT | PK_HINT_SILENT)) == 0;
}

/* Does an address lead to a page about somebody? */
static bool
is_profile(struct pk_span href)
{
	static const char *const parts[] = { "/author/", "/authors/", "/autor/",
		"/autoren/", "/autores/", "/auteur/", "/auteurs/", "/autore/",
		"/profile/", "/profil/", "/journalist/", "/journalists/", "/reporter/",
		"/reporters/", "/contributor/", "/contributors/", "/creator/",
		"/writers/", "/columnist/", "/redaktor/", "/author?",
		"?author=", "/byline/", "/newsteam/" };

	for (size_t i = 0; i < PK_COUNT(parts); i++) {
		size_t at = pk_span_find(href, pk_span_of(parts[i]), 0);
		if (at != SIZE_MAX && at + strlen(parts[i]) < href.len)
			return true;
	}
	return false;
}

/* A link to what the article is filed under, or to a form. */
static bool
is_other_link(const struct pk_page *page, uint32_t n)
{
	struct pk_span rel = pk_page_attribute(page, n, "rel");
	struct pk_span href = pk_page_attribute(page, n, "href");

	return pk_span_find(rel, PK_SPAN("tag"), 0) != SIZE_MAX ||
	       pk_span_find(href, PK_SPAN("/category/"), 0) != SIZE_MAX ||
	       pk_span_find(href, PK_SPAN("/tag/"), 0) != SIZE_MAX ||
	       pk_span_find(href, PK_SPAN("edit"), 0) != SIZE_MAX ||
	       pk_span_find(href, PK_SPAN("mailto:"), 0) != SIZE_MAX ||
	       pk_span_find(href, PK_SPAN("twitter.com"), 0) != SIZE_MAX;
}

/* The names that links in an element show; those that lead to people where some do. */
static void
names_of_links(const struct search *s, uint32_t n, struct names *ret_names)
{
	const struct pk_page *page = s->m->page;
	struct names all = { .len = 0 }, people = { .len = 0 };

	for (uint32_t i = n; i < page->nodes.items[n].end; i++) {
		const struct pk_node *node = &page->nodes.items[i];
		if (node->tag != PK_TAG_A || node->text.len == 0 || !may_name(node) ||
		    is_other_link(page, i))
			continue;
		add(s->m, &all, pk_page_text_of(page, i));
		if (is_profile(pk_page_attribute(page, i, "href")))
			add(s->m, &people, pk_page_text_of(page, i));
	}
	*ret_names = people.len > 0 ? people : all;
}

/*
 * The names in an element for a byline: those of its links, else of its innermost
 * elements for bylines, else what it shows.
 */
static void
names_in(const struct search *s, uint32_t n, struct names *ret_names)
{
	const struct pk_node *nodes = s->m->page->nodes.items;
	uint32_t inner = n;

	names_of_links(s, n, ret_names);
	if (ret_names->len > 0)
		return;
	for (uint32_t i = n + 1; i < nodes[n].end; i++) {
		if ((nodes[i].flags & PK_HINT_BYLINE) == 0 || nodes[i].text.len == 0 ||
		    !may_name(&nodes[i]) ||
		    pk_byline_clean(pk_page_text_of(s->m->page, i)).len == 0)
			continue;
		/* One in another: the inner one has less around the name. */
		if (inner > n && i < nodes[inner].end && ret_names->len > 0)
			ret_names->len--;
		add(s->m, ret_names, pk_page_text_of(s->m->page, i));
		inner = i;
	}
	if (ret_names->len == 0)
		add(s->m, ret_names, pk_page_text_of(s->m->page, n));
}

/* Behind a block that is nothing but "Author": the name in the next one. */
static void
add_next(const struct search *s, struct names *names, uint32_t label)
{
	const struct pk_page *page = s->m->page;

	if (label + 1 >= page->blocks.len)
		return;
	const struct pk_block *block = &page->blocks.items[label + 1];
	if (block->points <= NAME_MAX && !pk_line_has_digit(block->text) &&
	    !pk_line_ends_sentence(block->text) &&
	    may_name(&page->nodes.items[block->node]))
		add(s->m, names, block->text);
}

/* The elements for it in the order of their distance, at most `reach` away. */
static int
take_elements(struct search *s, uint32_t reach)
{
	const struct pk_page *page = s->m->page;
	int r = 0;

	for (uint32_t away = 0; away <= reach && r == 0; away++) {
		for (size_t i = 0; i < s->m->marked.len && r == 0; i++) {
			uint32_t n = s->m->marked.items[i];
			const struct pk_node *node = &page->nodes.items[n];
			bool far =
			    pk_metadata_distance(node->first_block, s->from) != away;
			if ((node->flags & PK_HINT_BYLINE) == 0 || far ||
			    !may_name(node) ||
			    (!pk_metadata_is_seen(node) && away > CLOSE) ||
			    node->end_block - node->first_block > 4 ||
			    pk_utf8_count(pk_page_text_of(page, n)) > LINE_MAX)
				continue;
			struct names names = { .len = 0 };
			names_in(s, n, &names);
			if (names.len == 0 && node->end_block > node->first_block &&
			    pk_byline_is_label(pk_page_text_of(page, n)))
				add_next(s, &names, node->end_block - 1);
			r = take(s, &names, "class");
		}
	}
	return r;
}

/* Links to people in [first, end) of the blocks. */
static int
take_links(struct search *s, uint32_t first, uint32_t end)
{
	const struct pk_page *page = s->m->page;
	struct names names = { .len = 0 };
	uint32_t block = UINT32_MAX;

	for (uint32_t n = pk_page_node_at(page, first);
	     n < page->nodes.len && page->nodes.items[n].first_block < end; n++) {
		const struct pk_node *node = &page->nodes.items[n];
		if (node->tag != PK_TAG_A || !may_name(node) || node->text.len == 0 ||
		    !is_profile(pk_page_attribute(page, n, "href")))
			continue;
		/* Several authors stand together. */
		if (block != UINT32_MAX && node->first_block > block + 1)
			break;
		struct pk_span text = pk_page_text_of(page, n);
		if (pk_utf8_count(text) > TEXT_MAX)
			continue;
		add(s->m, &names, text);
		block = node->first_block;
	}
	return take(s, &names, "link");
}

/* The part of a line before the next sign that parts it: "3 May 2026 | Jane Doe". */
static struct pk_span
next_part(struct pk_span *rest)
{
	static const char *const signs[] = { "|", " - ", " – ", " — ", "·", "•", "\n",
		" / " };
	size_t end = rest->len, skip = 0;

	for (size_t i = 0; i < PK_COUNT(signs); i++) {
		size_t at = pk_span_find(*rest, pk_span_of(signs[i]), 0);
		if (at < end) {
			end = at;
			skip = strlen(signs[i]);
		}
	}
	struct pk_span part = pk_line_trim(pk_span_slice(*rest, 0, end));
	*rest = pk_span_slice(*rest, end + skip, rest->len);
	return part;
}

/* Two or three words with capitals, and nothing else: a name, or a place. */
static bool
is_like_name(struct pk_span part)
{
	unsigned words = 0;

	while (part.ptr != NULL) {
		struct pk_span word = pk_span_split(&part, ' ');
		if (word.len < 2 || word.ptr[0] < 'A' || word.ptr[0] > 'Z' ||
		    !pk_line_has_letter(word) ||
		    memchr(word.ptr, ':', word.len) != NULL)
			return false;
		words++;
	}
	return words == 2 || words == 3;
}

/* A line whose parts name an author: they say so, or a date stands beside a name. */
static struct pk_span
part_with_name(struct pk_span line)
{
	struct pk_span like = { NULL, 0 };
	struct pk_moment moment;
	bool dated = false;
	unsigned parts = 0;

	while (line.len > 0 && parts++ < 5) {
		struct pk_span part = next_part(&line);
		if (pk_byline_is_line(part))
			return part;
		if (parts == 1)
			dated = part.len > 0 && part.ptr[0] >= '0' &&
				part.ptr[0] <= '9' &&
				pk_date_search(part, 0, &moment) == 0;
		else if (like.len == 0 && is_like_name(part))
			like = part;
	}
	return dated ? like : (struct pk_span){ NULL, 0 };
}

/* Short lines that name an author in [first, end) of the blocks. */
static int
take_lines(struct search *s, uint32_t first, uint32_t end)
{
	const struct pk_page *page = s->m->page;
	int r = 0;

	for (uint32_t b = first; b < end && b < page->blocks.len && r == 0; b++) {
		const struct pk_block *block = &page->blocks.items[b];
		if (block->points > TEXT_MAX || b == s->places->title_block ||
		    !pk_metadata_is_seen(&page->nodes.items[block->node]) ||
		    pk_line_ends_sentence(block->text))
			continue;
		struct pk_span part = part_with_name(pk_page_line_of(page, b));
		struct names names = { .len = 0 };
		if (part.len > 0)
			add(s->m, &names, part);
		else if (pk_byline_is_label(block->text))
			add_next(s, &names, b);
		r = take(s, &names, "text");
	}
	return r;
}

/* "Photographer: ..." at once below the title: a gallery has no other author. */
static int
take_photographer(struct search *s)
{
	const struct pk_page *page = s->m->page;
	uint32_t first = s->places->title_block;
	int r = 0;

	if (first == UINT32_MAX)
		return 0;
	for (uint32_t b = first + 1;
	     b <= first + FIRST_FEW && b < page->blocks.len && r == 0; b++) {
		const struct pk_block *block = &page->blocks.items[b];
		const struct pk_node *node = &page->nodes.items[block->node];
		if (block->points > TEXT_MAX || !pk_metadata_is_seen(node) ||
		    (node->inherited & PK_HINT_CAPTION) != 0)
			continue;
		struct pk_span name =
		    pk_byline_of_photographer(pk_page_line_of(page, b));
		struct names names = { .len = 0 };
		if (name.len > 0)
			add(s->m, &names, name);
		r = take(s, &names, "text");
	}
	return r;
}

static int
take_page(struct search *s)
{
	const struct pk_heading_places *p = s->places;
	uint32_t over = s->from > CLOSE ? s->from - CLOSE : 0;
	uint32_t last = p->body_end > 2 ? p->body_end - 2 : 0;

	last = last > p->body_block ? last : p->body_block;
	int r = take_elements(s, NEAR);
	if (r == 0)
		r = take_links(s, over, p->body_block + FIRST_FEW);
	if (r == 0)
		r = take_lines(s, over, p->body_block + FIRST_FEW);
	if (r == 0)
		r = take_lines(s, last, p->body_end + CLOSE);
	if (r == 0)
		r = take_links(s, last, p->body_end + CLOSE);
	if (r == 0) {
		s->from = p->body_end;
		r = take_elements(s, NEAR);
	}
	if (r == 0)
		r = take_photographer(s);
	return r;
}

/* A name to log in with: small letters, or digits. */
static bool
is_login(struct pk_span name)
{
	bool digit = false, capital = false;

	for (size_t i = 0; i < name.len; i++) {
		digit |= name.ptr[i] >= '0' && name.ptr[i] <= '9';
		capital |= (name.ptr[i] >= 'A' && name.ptr[i] <= 'Z') ||
			   (unsigned char)name.ptr[i] >= 0x80;
	}
	return digit || !capital;
}

/* Two words or more, and of one person. */
static bool
is_full(struct pk_span name)
{
	return name.len > 0 && memchr(name.ptr, ' ', name.len) != NULL &&
	       memchr(name.ptr, ',', name.len) == NULL;
}

/*
 * A name of one word, or written together, or one to log in with gives way to the full
 * one on the page: "Nora", "norafeld", and "Nora Feld" near the title.
 */
static int
prefer_full(struct search *s)
{
	struct pk_article *a = s->m->article;
	const struct pk_span said = a->byline;
	const struct pk_found *found = a->found;
	size_t n_found = a->n_found;
	struct search page = *s;

	if (memchr(said.ptr, ' ', said.len) != NULL)
		return 0;
	a->byline = (struct pk_span){ NULL, 0 };
	int r = take_elements(&page, NEAR);
	if (r < 0)
		return r;
	struct pk_span shown = a->byline;
	bool fuller = pk_line_same(shown, said) || is_login(said) ||
		      (pk_span_starts_with(shown, said) && shown.len > said.len &&
			  shown.ptr[said.len] == ' ');
	if (fuller && is_full(shown))
		return 0;
	a->byline = said;
	a->found = found;
	a->n_found = n_found;
	return 0;
}

int
pk_byline_read(struct pk_metadata *m, const struct pk_heading_places *places)
{
	struct search s = {
		.m = m, .places = places, .from = pk_metadata_start(places)
	};

	if (m->article->byline.len > 0)
		return 0;
	int r = take_head(&s);
	if (r > 0)
		return prefer_full(&s);
	if (r == 0)
		r = take_page(&s);
	if (r == 0 && s.site.len > 0)
		r = set(&s, &s.site, s.site_where);
	return r < 0 ? r : 0;
}
