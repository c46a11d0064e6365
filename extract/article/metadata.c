/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/metadata.h"

#include "base/url.h"
#include "base/utf8.h"
#include "extract/article/addresses.h"
#include "extract/article/body.h"
#include "extract/article/entity.h"
#include "extract/article/line.h"
#include "extract/article/published.h"

#include <errno.h>

#define VALUE_MAX   4096 /* bytes of a value */
#define TAGS_MAX    40
#define TAG_MAX     80 /* code points */
#define SECTION_MAX 80

/* A title so many blocks above the body has something else below it. */
#define FAR 32

int
pk_metadata_set(struct pk_metadata *m, struct pk_span *field, const char *name,
    struct pk_span value, const char *where)
{
	if (field->len > 0 || value.len == 0)
		return 0;
	*field = value;
	return pk_article_note(m->page->arena, m->article, name, where);
}

/* ---- meta ------------------------------------------------------------------- */

/* Is it the key, or one of several in one attribute: "dc:title og:title"? */
static bool
is_key(struct pk_span keys, struct pk_span want)
{
	if (keys.len <= want.len)
		return pk_span_eq(keys, want);
	if (memchr(keys.ptr, ' ', keys.len) == NULL)
		return false;
	while (keys.ptr != NULL) {
		if (pk_span_eq(pk_span_split(&keys, ' '), want))
			return true;
	}
	return false;
}

struct pk_span
pk_metadata_meta(const struct pk_metadata *m, const char *name, size_t *at)
{
	struct pk_span want = pk_span_of(name);

	while (*at < m->page->metas.len) {
		const struct pk_pair *pair = &m->page->metas.items[(*at)++];
		if (is_key(pair->key, want))
			return pair->value;
	}
	return (struct pk_span){ NULL, 0 };
}

struct pk_span
pk_metadata_first(
    struct pk_metadata *m, const char *const *names, size_t n, const char **ret_name)
{
	for (size_t i = 0; i < n; i++) {
		size_t at = 0;
		struct pk_span value = pk_metadata_meta(m, names[i], &at);
		if (value.len == 0)
			continue;
		value = pk_entities_decode(
		    m->page->arena, pk_utf8_prefix(value, VALUE_MAX));
		value = pk_line_trim(value);
		*ret_name = names[i];
		if (value.len > 0)
			return value;
	}
	return (struct pk_span){ NULL, 0 };
}

static int
set_meta(struct pk_metadata *m, struct pk_span *field, const char *name,
    const char *const *keys, size_t n)
{
	const char *key = NULL;
	struct pk_span value = pk_metadata_first(m, keys, n, &key);

	return pk_metadata_set(m, field, name, value, key);
}

struct pk_span
pk_metadata_line(const struct pk_metadata *m, struct pk_span text)
{
	char *copy = pk_arena_alloc(m->page->arena, text.len + 1), *to = copy;

	if (copy == NULL)
		return (struct pk_span){ NULL, 0 };
	for (size_t at = 0; at < text.len; at++) {
		bool blank = text.ptr[at] == ' ' || text.ptr[at] == '\n' ||
			     text.ptr[at] == '\t' || text.ptr[at] == '\r';
		if (blank) {
			if (to > copy && to[-1] != ' ')
				*to++ = ' ';
		} else if (at + 1 < text.len && (unsigned char)text.ptr[at] == 0xC2 &&
			   (unsigned char)text.ptr[at + 1] == 0xAD) {
			at++;
		} else {
			*to++ = text.ptr[at];
		}
	}
	return pk_line_trim((struct pk_span){ copy, (size_t)(to - copy) });
}

/* ---- places ------------------------------------------------------------------- */

bool
pk_metadata_is_seen(const struct pk_node *node)
{
	return (node->inherited & (PK_HINT_HIDDEN | PK_HINT_FURNITURE |
				      PK_HINT_COMMENT | PK_HINT_SILENT)) == 0;
}

uint32_t
pk_metadata_start(const struct pk_heading_places *places)
{
	uint32_t title = places->title_block, body = places->body_block;

	return title == UINT32_MAX || (body > title && body - title > FAR) ? body
									   : title;
}

uint32_t
pk_metadata_distance(uint32_t a, uint32_t b)
{
	return a > b ? a - b : b - a;
}

/* One pass over all elements; everybody else looks at the few that are noted here. */
static int
mark(struct pk_metadata *m)
{
	const unsigned hints = PK_HINT_KICKER | PK_HINT_LEAD | PK_HINT_BYLINE |
			       PK_HINT_DATE | PK_HINT_TAGS | PK_HINT_CRUMB |
			       PK_HINT_TITLE | PK_HINT_PAYWALL | PK_HINT_CAPTION;

	for (uint32_t n = 0; n < m->page->nodes.len; n++) {
		const struct pk_node *node = &m->page->nodes.items[n];
		if ((node->flags & hints) == 0 && !pk_tag_is_heading(node->tag) &&
		    node->tag != PK_TAG_FIGCAPTION && node->tag != PK_TAG_TIME)
			continue;
		uint32_t *marked = pk_array_push(m->page->arena, &m->marked);
		if (marked == NULL)
			return -ENOMEM;
		*marked = n;
	}
	return 0;
}

/* ---- the site ----------------------------------------------------------------- */

/* Is it the host, or the part of it that has a meaning: "example" of www.example.org?
 */
static bool
is_host(struct pk_span name, struct pk_span host)
{
	if (pk_span_starts_with_nocase(host, PK_SPAN("www.")))
		host = pk_span_slice(host, 4, host.len);
	if (pk_line_same(name, host))
		return true;
	if (pk_span_starts_with_nocase(name, PK_SPAN("www.")))
		return pk_line_same(pk_span_slice(name, 4, name.len), host);
	while (host.ptr != NULL) {
		struct pk_span label = pk_span_split(&host, '.');
		/* The last is the country's. */
		if (host.ptr != NULL && label.len > 2 && pk_line_same(name, label))
			return true;
	}
	return false;
}

/* Does `whole` have `part` in it, at the borders of words? */
static bool
has_words(struct pk_span whole, struct pk_span part)
{
	size_t at = pk_span_find(whole, part, 0), end = at + part.len;

	if (at == SIZE_MAX || part.len < 2)
		return false;
	return (at == 0 || whole.ptr[at - 1] == ' ') &&
	       (end == whole.len || strchr(" ,.:|-", whole.ptr[end]) != NULL);
}

static bool
is_name_of_site(struct pk_span name, struct pk_span site)
{
	return pk_line_same(name, site) ||
	       (pk_span_starts_with_nocase(site, PK_SPAN("The ")) &&
		   pk_line_same(name, pk_span_slice(site, 4, site.len))) ||
	       (pk_span_starts_with_nocase(name, PK_SPAN("The ")) &&
		   pk_line_same(pk_span_slice(name, 4, name.len), site));
}

bool
pk_metadata_is_site(const struct pk_metadata *m, struct pk_span name)
{
	name = pk_line_trim(name);
	if (name.len == 0)
		return false;
	return is_name_of_site(name, m->article->site) ||
	       has_words(m->article->site, name) ||
	       is_name_of_site(name, m->jsonld.publisher) ||
	       is_name_of_site(name, m->jsonld.site) ||
	       is_host(name, pk_url_host(m->doc->url));
}

/* ---- words ------------------------------------------------------------------- */

/* Adds the parts of "a, b، c" that are not there yet. */
static int
add_tags(struct pk_metadata *m, struct pk_span *tags, struct pk_span list)
{
	struct pk_article *a = m->article;

	while (list.len > 0 && a->n_tags < TAGS_MAX) {
		size_t end = 0, skip = 0;
		for (; end < list.len && skip == 0; end += skip == 0) {
			struct pk_span rest = pk_span_slice(list, end, list.len);
			if (rest.ptr[0] == ',' || rest.ptr[0] == ';' ||
			    rest.ptr[0] == '|')
				skip = 1;
			else if (pk_span_starts_with(rest, PK_SPAN("،")) ||
				 pk_span_starts_with(rest, PK_SPAN("؛")))
				skip = 2;
		}
		struct pk_span tag = pk_line_trim(pk_span_slice(list, 0, end));
		list = pk_span_slice(list, end + skip, list.len);
		bool known = tag.len == 0 || pk_utf8_count(tag) > TAG_MAX;
		for (size_t i = 0; i < a->n_tags; i++)
			known = known || pk_line_same(tags[i], tag);
		if (!known)
			tags[a->n_tags++] = tag;
	}
	return 0;
}

/* Some programs make keywords of the title, word by word: these are none. */
static bool
are_words_of(const struct pk_span *tags, size_t n, struct pk_span title)
{
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		at = memchr(tags[i].ptr, ' ', tags[i].len) != NULL
			 ? SIZE_MAX
			 : pk_span_find(title, tags[i], at);
		if (at == SIZE_MAX)
			return false;
	}
	return n >= 4;
}

static int
read_tags(struct pk_metadata *m)
{
	static const char *const keys[] = { "article:tag", "news_keywords", "keywords",
		"parsely-tags", "sailthru.tags", "dc.subject" };
	struct pk_arena *arena = m->page->arena;
	struct pk_article *a = m->article;
	struct pk_span *tags = pk_arena_calloc(arena, TAGS_MAX, sizeof(*tags));
	const char *where = "json-ld";

	if (tags == NULL)
		return -ENOMEM;
	if (a->n_tags > 0)
		return 0;
	a->tags = tags;
	for (size_t k = 0; k < PK_COUNT(keys) && a->n_tags == 0; k++) {
		for (size_t i = 0; i < m->page->metas.len; i++) {
			const struct pk_pair *pair = &m->page->metas.items[i];
			if (is_key(pair->key, pk_span_of(keys[k])))
				add_tags(
				    m, tags, pk_entities_decode(arena, pair->value));
		}
		where = keys[k];
		if (are_words_of(tags, a->n_tags, m->title))
			a->n_tags = 0;
	}
	if (a->n_tags == 0) {
		where = "json-ld";
		add_tags(m, tags, m->jsonld.keywords);
	}
	return a->n_tags == 0 ? 0 : pk_article_note(arena, a, "tags", where);
}

/* "fa-IR" is "fa"; what is no code of a language is nothing. */
static struct pk_span
language_code(struct pk_arena *arena, struct pk_span value)
{
	char code[4] = { 0 };
	size_t n = 0;

	value = pk_span_trim(value);
	while (
	    n < value.len && ((value.ptr[n] | 32) >= 'a' && (value.ptr[n] | 32) <= 'z'))
		n++;
	bool whole = n == value.len || value.ptr[n] == '-' || value.ptr[n] == '_' ||
		     value.ptr[n] == ',';
	if (n < 2 || n > 3 || !whole)
		return (struct pk_span){ NULL, 0 };
	for (size_t i = 0; i < n; i++)
		code[i] = (char)(value.ptr[i] | 32);
	return pk_arena_copy(arena, (struct pk_span){ code, n });
}

static int
read_language(struct pk_metadata *m)
{
	static const char *const keys[] = { "og:locale", "dc.language",
		"dcterms.language", "content-language", "language", "inlanguage" };
	struct pk_arena *arena = m->page->arena;
	struct pk_article *a = m->article;

	int r = pk_metadata_set(m, &a->language, "language",
	    language_code(arena, m->page->lang), "html lang");
	for (size_t i = 0; i < PK_COUNT(keys) && r == 0; i++)
		r = pk_metadata_set(m, &a->language, "language",
		    language_code(arena, pk_pairs_get(&m->page->metas, keys[i])),
		    keys[i]);
	if (r == 0)
		r = pk_metadata_set(m, &a->language, "language",
		    language_code(arena, m->jsonld.language), "json-ld");
	return r;
}

static int
read_words(struct pk_metadata *m)
{
	static const char *const sites[] = { "og:site_name", "application-name",
		"apple-mobile-web-app-title" };
	static const char *const sections[] = { "article:section", "section",
		"parsely-section", "articlesection" };
	static const char *const titles[] = { "dc:title", "og:title", "twitter:title",
		"dc.title", "dcterms.title", "headline", "parsely-title",
		"sailthru.title", "weibo:article:title" };
	static const char *const descriptions[] = { "og:description",
		"twitter:description", "description", "dc.description" };
	struct pk_article *a = m->article;
	const char *key;

	m->title = pk_metadata_first(m, titles, PK_COUNT(titles), &m->title_where);
	m->description =
	    pk_metadata_first(m, descriptions, PK_COUNT(descriptions), &key);
	int r = set_meta(m, &a->site, "site", sites, PK_COUNT(sites));
	if (r == 0)
		r = pk_metadata_set(m, &a->site, "site", m->jsonld.site, "json-ld");
	if (r == 0)
		r = pk_metadata_set(
		    m, &a->site, "site", m->jsonld.publisher, "json-ld");
	if (r == 0)
		r = set_meta(m, &a->section, "section", sections, PK_COUNT(sections));
	if (r == 0)
		r = pk_metadata_set(
		    m, &a->section, "section", m->jsonld.section, "json-ld");
	if (pk_utf8_count(a->section) > SECTION_MAX)
		a->section = (struct pk_span){ NULL, 0 };
	return r;
}

static int
read_wall(struct pk_metadata *m)
{
	static const struct wall {
		const char *name;
		const char *value;
	} walls[] = {
		{ "isaccessibleforfree", "false" },
		{ "article:content_tier", "locked" },
		{ "article:content_tier", "metered" },
	};
	const char *where = m->jsonld.walled ? "json-ld" : NULL;

	for (size_t i = 0; i < PK_COUNT(walls) && where == NULL; i++) {
		size_t at = 0;
		if (pk_span_eq_nocase(pk_metadata_meta(m, walls[i].name, &at),
			pk_span_of(walls[i].value)))
			where = walls[i].name;
	}
	if (where == NULL)
		return 0;
	m->article->paywalled = true;
	return pk_article_note(m->page->arena, m->article, "paywalled", where);
}

int
pk_metadata_read(const struct pk_page *page, const struct pk_doc *doc,
    struct pk_article *article, struct pk_metadata *ret_metadata)
{
	static int (*const readers[])(struct pk_metadata *) = { mark, read_language,
		read_words, pk_addresses_read, pk_published_read_head, read_tags,
		read_wall };
	struct pk_metadata m = { .page = page,
		.doc = doc,
		.article = article,
		.title_where = "og:title",
		.title_node = PK_NO_NODE };

	int r = pk_jsonld_read(page, &m.jsonld);
	for (size_t i = 0; i < PK_COUNT(readers) && r == 0; i++)
		r = readers[i](&m);
	if (r < 0)
		return r;
	m.is_article =
	    m.jsonld.article ||
	    pk_span_eq(pk_pairs_get(&page->metas, "og:type"), PK_SPAN("article")) ||
	    pk_pairs_get(&page->metas, "article:published_time").len > 0;
	*ret_metadata = m;
	return 0;
}
