/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/metadata.h"

#include "base/url.h"
#include "base/utf8.h"
#include "extract/article/body.h"
#include "extract/article/dates.h"
#include "extract/article/entity.h"
#include "extract/article/line.h"

#include <errno.h>
#include <stdio.h>

#define VALUE_MAX   4096 /* bytes of a value */
#define TAGS_MAX    40
#define TAG_MAX     80  /* code points */
#define BYLINE_MAX  100 /* code points */
#define SECTION_MAX 80
#define DAY_MS      INT64_C(86400000)

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

/* The first of the named <meta>, its references decoded; *ret_key is its static name.
 */
static struct pk_span
meta(struct pk_metadata *m, const char *const *keys, size_t n, const char **ret_key)
{
	for (size_t i = 0; i < n; i++) {
		struct pk_span value = pk_pairs_get(&m->page->metas, keys[i]);
		if (value.len == 0)
			continue;
		value = pk_entities_decode(
		    m->page->arena, pk_utf8_prefix(value, VALUE_MAX));
		value = pk_line_trim(value);
		*ret_key = keys[i];
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
	struct pk_span value = meta(m, keys, n, &key);

	return pk_metadata_set(m, field, name, value, key);
}

/* ---- dates ------------------------------------------------------------------ */

/* Pages of Iran give Tehran's time without saying so. */
static int
default_offset(const struct pk_metadata *m)
{
	struct pk_span host = pk_url_host(m->doc->url);

	return pk_span_starts_with(m->page->lang, PK_SPAN("fa")) ||
		       pk_span_ends_with(host, PK_SPAN(".ir")) ||
		       pk_span_eq(m->article->language, PK_SPAN("fa"))
		   ? PK_OFFSET_IRAN
		   : 0;
}

int
pk_metadata_set_date(struct pk_metadata *m, struct pk_span *field, const char *name,
    struct pk_span text, bool search, const char *where)
{
	struct pk_moment moment;
	char written[PK_DATE_TEXT_MAX];
	int offset = default_offset(m);

	if (field->len > 0 || text.len == 0)
		return 0;
	int r = search ? pk_date_search(text, offset, &moment)
		       : pk_date_parse(text, offset, &moment);
	if (r < 0 && !search)
		r = pk_date_search(text, offset, &moment);
	if (r < 0 || moment.time_s <= 0)
		return 0;
	if (m->doc->fetched_ms > 0 &&
	    moment.time_s * 1000 > m->doc->fetched_ms + DAY_MS)
		return 0;
	pk_date_format(&moment, written);
	struct pk_span copy = pk_arena_copy(m->page->arena, pk_span_of(written));
	if (copy.ptr == NULL)
		return -ENOMEM;
	r = pk_metadata_set(m, field, name, copy, where);
	return r < 0 ? r : 1;
}

static int
set_meta_date(struct pk_metadata *m, struct pk_span *field, const char *name,
    const char *const *keys, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = pk_metadata_set_date(m, field, name,
		    pk_pairs_get(&m->page->metas, keys[i]), false, keys[i]);
	return r < 0 ? r : 0;
}

int
pk_metadata_date_of_url(struct pk_metadata *m)
{
	struct pk_moment moment;
	char written[PK_DATE_TEXT_MAX];
	struct pk_span url =
	    m->doc->url.len > 0 ? m->doc->url : m->article->canonical_url;

	if (m->article->published.len > 0 || pk_date_of_url(url, 0, &moment) < 0)
		return 0;
	if (m->doc->fetched_ms > 0 &&
	    moment.time_s * 1000 > m->doc->fetched_ms + DAY_MS)
		return 0;
	pk_date_format(&moment, written);
	struct pk_span copy = pk_arena_copy(m->page->arena, pk_span_of(written));
	return copy.ptr == NULL ? -ENOMEM
				: pk_metadata_set(m, &m->article->published,
				      "published", copy, "url");
}

static int
read_dates(struct pk_metadata *m)
{
	static const char *const published[] = { "article:published_time",
		"article:published", "og:published_time", "datepublished",
		"dc.date.issued", "dcterms.date", "dcterms.created", "dc.date",
		"dc.date.created", "parsely-pub-date", "sailthru.date", "pubdate",
		"publish-date", "publication_date", "publishdate", "pub_date",
		"article.published", "displaydate", "originalpublicationdate",
		"article_date_original", "cxenseparse:recs:publishtime", "date",
		"datecreated", "article:create_time", "rnews:datepublished" };
	static const char *const modified[] = { "article:modified_time",
		"og:updated_time", "datemodified", "dcterms.modified",
		"dc.date.modified", "last-modified", "lastmod" };
	struct pk_article *a = m->article;

	int r = pk_metadata_set_date(
	    m, &a->published, "published", m->jsonld.published, false, "json-ld");
	if (r >= 0)
		r = set_meta_date(
		    m, &a->published, "published", published, PK_COUNT(published));
	if (r >= 0)
		r = pk_metadata_set_date(
		    m, &a->modified, "modified", m->jsonld.modified, false, "json-ld");
	if (r >= 0)
		r = set_meta_date(
		    m, &a->modified, "modified", modified, PK_COUNT(modified));
	return r < 0 ? r : 0;
}

/* ---- people ----------------------------------------------------------------- */

struct pk_span
pk_byline_clean(struct pk_span line)
{
	static const char *const before[] = { "written by", "posted by", "reported by",
		"by", "author", "authors", "von", "par", "por", "autor", "auteur", "di",
		"от", "автор", "текст", "نویسنده", "خبرنگار", "گزارشگر", "گزارش از",
		"گزارش", "به قلم", "بقلم", "نوشته", "کاتب", "بقلم", "كتب", "کتب" };
	struct pk_span name = pk_line_trim(line);

	for (size_t i = 0; i < PK_COUNT(before); i++) {
		struct pk_span word = pk_span_of(before[i]);
		if (!pk_span_starts_with_nocase(name, word) || name.len == word.len)
			continue;
		uint32_t next;
		pk_utf8_decode(name, word.len, &next, NULL);
		if (pk_line_is_word(next))
			continue;
		name = pk_span_slice(name, word.len, name.len);
		while (name.len > 0 && (name.ptr[0] == ':' || name.ptr[0] == ' '))
			name = pk_span_slice(name, 1, name.len);
		name = pk_line_trim(name);
		break;
	}
	/* What follows a bar, a line break or a number is no name. */
	for (size_t at = 0; at < name.len;) {
		uint32_t point;
		size_t n = pk_utf8_decode(name, at, &point, NULL);
		uint32_t folded = pk_line_fold(point);
		if (point == '|' || point == '\n' || point == 0x2022 || point == 0xB7 ||
		    (folded >= '0' && folded <= '9'))
			name = pk_span_slice(name, 0, at);
		at += n;
	}
	name = pk_line_trim(name);
	while (name.len > 0 && strchr(",;:-/", name.ptr[name.len - 1]) != NULL)
		name = pk_line_trim(pk_span_slice(name, 0, name.len - 1));
	bool address = pk_span_find(name, PK_SPAN("@"), 0) != SIZE_MAX ||
		       pk_span_find(name, PK_SPAN("://"), 0) != SIZE_MAX ||
		       pk_span_find(name, PK_SPAN("www."), 0) != SIZE_MAX;
	if (address || pk_utf8_count(name) > BYLINE_MAX || !pk_line_has_letter(name))
		return (struct pk_span){ NULL, 0 };
	return name;
}

bool
pk_byline_is_site(struct pk_span name, struct pk_span site)
{
	return pk_line_same(name, site) ||
	       (name.len > 0 && pk_span_find(site, name, 0) != SIZE_MAX);
}

static int
read_byline(struct pk_metadata *m)
{
	static const char *const keys[] = { "author", "article:author", "byl",
		"dc.creator", "dcterms.creator", "dc.contributor", "parsely-author",
		"sailthru.author", "article.author", "article:author_name", "authors",
		"citation_author", "creator" };
	struct pk_article *a = m->article;
	struct pk_span name = pk_byline_clean(m->jsonld.authors);
	int r = 0;

	/* A site is no author, but many say so. */
	if (!pk_byline_is_site(name, a->site))
		r = pk_metadata_set(m, &a->byline, "byline", name, "json-ld");
	for (size_t i = 0; i < PK_COUNT(keys) && r == 0; i++) {
		const char *key = NULL;
		name = pk_byline_clean(meta(m, &keys[i], 1, &key));
		if (!pk_byline_is_site(name, a->site))
			r = pk_metadata_set(m, &a->byline, "byline", name, key);
	}
	return r;
}

/* ---- addresses --------------------------------------------------------------- */

static struct pk_span
without_www(struct pk_span host)
{
	return pk_span_starts_with_nocase(host, PK_SPAN("www."))
		   ? pk_span_slice(host, 4, host.len)
		   : host;
}

static bool
is_root(struct pk_span url)
{
	size_t at = pk_span_find(url, PK_SPAN("://"), 0);

	at = at == SIZE_MAX ? SIZE_MAX : pk_span_find(url, PK_SPAN("/"), at + 3);
	return at == SIZE_MAX || at + 1 == url.len;
}

/* An address in the page, absolute and canonical; absent where it is none. */
static int
resolve(struct pk_metadata *m, struct pk_span reference, struct pk_span *ret_url)
{
	struct pk_span url, base = m->doc->url;

	*ret_url = (struct pk_span){ NULL, 0 };
	if (reference.len == 0)
		return 0;
	int r = pk_url_resolve(m->page->arena, base, reference, &url);
	if (r == 0)
		r = pk_url_canonical(m->page->arena, url, ret_url);
	return r == -ENOMEM ? r : 0;
}

/* Another host's address is believed by nobody, nor the site's front page. */
static bool
may_be_canonical(struct pk_span url, struct pk_span of)
{
	return url.len > 0 &&
	       (of.len == 0 || (pk_span_eq_nocase(without_www(pk_url_host(url)),
				    without_www(pk_url_host(of))) &&
				   (!is_root(url) || is_root(of))));
}

static int
read_addresses(struct pk_metadata *m)
{
	static const char *const images[] = { "og:image:secure_url", "og:image",
		"og:image:url", "twitter:image", "twitter:image:src", "image",
		"thumbnailurl" };
	struct pk_article *a = m->article;
	const char *key = "json-ld";
	struct pk_span url;

	int r = resolve(m, pk_pairs_get(&m->page->links, "canonical"), &url);
	if (r == 0 && may_be_canonical(url, m->doc->url))
		r = pk_metadata_set(
		    m, &a->canonical_url, "canonical_url", url, "link canonical");
	if (r == 0)
		r = resolve(m, pk_pairs_get(&m->page->metas, "og:url"), &url);
	if (r == 0 && may_be_canonical(url, m->doc->url))
		r = pk_metadata_set(
		    m, &a->canonical_url, "canonical_url", url, "og:url");
	if (r == 0)
		r = resolve(m, m->doc->url, &url);
	if (r == 0)
		r = pk_metadata_set(m, &a->canonical_url, "canonical_url", url, "url");
	struct pk_span image = meta(m, images, PK_COUNT(images), &key);
	if (r == 0)
		r = resolve(m, image.len > 0 ? image : m->jsonld.image, &url);
	return r < 0 ? r : pk_metadata_set(m, &a->image, "image", url, key);
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

static int
read_tags(struct pk_metadata *m)
{
	static const char *const keys[] = { "article:tag", "news_keywords", "keywords",
		"parsely-tags", "sailthru.tags" };
	struct pk_arena *arena = m->page->arena;
	struct pk_article *a = m->article;
	struct pk_span *tags = pk_arena_calloc(arena, TAGS_MAX, sizeof(*tags));
	const char *where = "json-ld";

	if (tags == NULL)
		return -ENOMEM;
	a->tags = tags;
	for (size_t k = 0; k < PK_COUNT(keys) && a->n_tags == 0; k++) {
		for (size_t i = 0; i < m->page->metas.len; i++) {
			const struct pk_pair *pair = &m->page->metas.items[i];
			if (pk_span_eq(pair->key, pk_span_of(keys[k])))
				add_tags(
				    m, tags, pk_entities_decode(arena, pair->value));
		}
		where = keys[k];
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
	bool whole = n == value.len || value.ptr[n] == '-' || value.ptr[n] == '_';
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
	static const char *const titles[] = { "og:title", "twitter:title", "dc.title",
		"dcterms.title", "headline", "parsely-title", "sailthru.title" };
	static const char *const descriptions[] = { "og:description",
		"twitter:description", "description", "dc.description" };
	struct pk_article *a = m->article;
	const char *key;

	m->title = meta(m, titles, PK_COUNT(titles), &key);
	m->description = meta(m, descriptions, PK_COUNT(descriptions), &key);
	int r = set_meta(m, &a->site, "site", sites, PK_COUNT(sites));
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

int
pk_metadata_read(const struct pk_page *page, const struct pk_doc *doc,
    struct pk_article *article, struct pk_metadata *ret_metadata)
{
	static int (*const readers[])(struct pk_metadata *) = { read_language,
		read_words, read_addresses, read_dates, read_byline, read_tags };
	struct pk_metadata m = { .page = page, .doc = doc, .article = article };

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
