/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/jsonld.h"

#include "base/cleanup.h"
#include "base/utf8.h"
#include "extract/article/entity.h"
#include "extract/article/jsonld_mend.h"
#include "extract/article/line.h"

#include <errno.h>
#include <jansson.h>

/* Objects that are looked at on a page, blocks of it, and names of one article. */
#define OBJECTS_MAX 400
#define BLOCKS_MAX  24

/* Of every text but the body: bytes. */
#define VALUE_MAX 4096

struct reader {
	struct pk_arena *arena;
	struct pk_jsonld *found;
	json_t *roots[BLOCKS_MAX];
	size_t n_roots;
	const json_t *queue[OBJECTS_MAX]; /* objects and lists, breadth first */
	size_t len;
	bool failed;
};

static void
reader_done(struct reader *r)
{
	for (size_t i = 0; i < r->n_roots; i++)
		json_decref(r->roots[i]);
}

static struct pk_span
long_text_of(struct reader *r, const json_t *value)
{
	if (!json_is_string(value))
		return (struct pk_span){ NULL, 0 };
	struct pk_span s = { json_string_value(value), json_string_length(value) };
	struct pk_span clean = pk_entities_decode(r->arena, pk_line_trim(s));
	r->failed |= clean.ptr == NULL && s.len > 0;
	return pk_line_trim(clean);
}

static struct pk_span
text_of(struct reader *r, const json_t *value)
{
	return pk_line_trim(pk_utf8_prefix(long_text_of(r, value), VALUE_MAX));
}

static void
set(struct pk_span *field, struct pk_span value)
{
	if (field->len == 0)
		*field = value;
}

/* ---- objects ---------------------------------------------------------------- */

/* Is one of its types accepted? */
static bool
has_type(const json_t *object, bool (*accepts)(struct pk_span name))
{
	const json_t *type = json_object_get(object, "@type");

	if (json_is_string(type))
		return accepts(pk_span_of(json_string_value(type)));
	for (size_t i = 0; i < json_array_size(type); i++) {
		const char *name = json_string_value(json_array_get(type, i));
		if (name != NULL && accepts(pk_span_of(name)))
			return true;
	}
	return false;
}

/* NewsArticle, BlogPosting, ReportageNewsArticle, http://schema.org/Article ... */
static bool
is_article(struct pk_span name)
{
	return pk_span_ends_with(name, PK_SPAN("Article")) ||
	       pk_span_ends_with(name, PK_SPAN("Posting")) ||
	       pk_span_ends_with(name, PK_SPAN("Report"));
}

/* What has an author and a date as an article has, or is the page that it stands on. */
static bool
is_page(struct pk_span name)
{
	return pk_span_ends_with(name, PK_SPAN("WebPage")) ||
	       pk_span_ends_with(name, PK_SPAN("ItemPage")) ||
	       pk_span_ends_with(name, PK_SPAN("CreativeWork")) ||
	       pk_span_ends_with(name, PK_SPAN("Recipe")) ||
	       pk_span_ends_with(name, PK_SPAN("Review")) ||
	       pk_span_ends_with(name, PK_SPAN("HowTo")) ||
	       pk_span_ends_with(name, PK_SPAN("PodcastEpisode"));
}

static bool
is_site(struct pk_span name)
{
	return pk_span_ends_with(name, PK_SPAN("WebSite"));
}

static bool
is_crumbs(struct pk_span name)
{
	return pk_span_ends_with(name, PK_SPAN("BreadcrumbList"));
}

static void
enqueue(struct reader *r, const json_t *value)
{
	if (r->len < OBJECTS_MAX && (json_is_object(value) || json_is_array(value)))
		r->queue[r->len++] = value;
}

/* All objects on the way to an article: lists, @graph, mainEntity. Breadth first. */
static void
collect(struct reader *r)
{
	static const char *const inside[] = { "@graph", "mainEntity",
		"mainEntityOfPage", "breadcrumb" };

	for (size_t i = 0; i < r->n_roots; i++)
		enqueue(r, r->roots[i]);
	for (size_t at = 0; at < r->len; at++) {
		const json_t *value = r->queue[at];
		for (size_t i = 0; i < json_array_size(value); i++)
			enqueue(r, json_array_get(value, i));
		for (size_t i = 0; json_is_object(value) && i < PK_COUNT(inside); i++)
			enqueue(r, json_object_get(value, inside[i]));
	}
}

/* The object that is told in full elsewhere: { "@id": "#me" }, or "#me" alone. */
static const json_t *
referred(const struct reader *r, const json_t *value)
{
	const json_t *id =
	    json_is_object(value) ? json_object_get(value, "@id") : value;
	const char *want = json_string_value(id);

	if (want == NULL ||
	    (json_is_object(value) && json_object_get(value, "name") != NULL))
		return value;
	for (size_t i = 0; i < r->len; i++) {
		const json_t *object = r->queue[i];
		const char *its = json_string_value(json_object_get(object, "@id"));
		if (its != NULL && object != value && strcmp(its, want) == 0 &&
		    json_object_get(object, "name") != NULL)
			return object;
	}
	return value;
}

/*
 * The name of a person or an organisation: a string, an object with a name, or the
 * first of several.
 */
static const json_t *
name_of(const struct reader *r, const json_t *value)
{
	for (unsigned depth = 0; depth < 5; depth++) {
		if (json_is_array(value))
			value = json_array_get(value, 0);
		else if (json_is_object(value))
			value = json_object_get(referred(r, value), "name");
	}
	return value;
}

/* ---- fields ----------------------------------------------------------------- */

static void
add_author(struct reader *r, const json_t *value)
{
	struct pk_jsonld *f = r->found;

	struct pk_span name = text_of(r, name_of(r, referred(r, value)));
	if (name.len == 0 || f->n_authors == PK_JSONLD_NAMES_MAX)
		return;
	for (size_t i = 0; i < f->n_authors; i++) {
		if (pk_line_same(f->authors[i], name))
			return;
	}
	f->authors[f->n_authors++] = name;
}

static void
add_authors(struct reader *r, const json_t *value)
{
	if (r->found->n_authors > 0)
		return;
	if (!json_is_array(value))
		add_author(r, value);
	for (size_t i = 0; i < json_array_size(value); i++)
		add_author(r, json_array_get(value, i));
}

/* Several texts as one. */
static struct pk_span
join(struct reader *r, const json_t *value, const char *separator)
{
	struct pk_span all = text_of(r, name_of(r, value));

	if (!json_is_array(value))
		return all;
	for (size_t i = 1; i < json_array_size(value) && i < PK_JSONLD_NAMES_MAX; i++) {
		struct pk_span next = text_of(r, name_of(r, json_array_get(value, i)));
		if (next.len == 0)
			continue;
		all = pk_arena_printf(r->arena, "%.*s%s%.*s", PK_SPAN_ARG(all),
		    all.len == 0 ? "" : separator, PK_SPAN_ARG(next));
		r->failed |= all.ptr == NULL;
	}
	return all;
}

static void
read_image(struct reader *r, const json_t *value)
{
	struct pk_jsonld *f = r->found;

	for (unsigned depth = 0; depth < 4; depth++) {
		if (json_is_array(value))
			value = json_array_get(value, 0);
		if (!json_is_object(value))
			continue;
		const json_t *url = json_object_get(value, "url");
		value = url != NULL ? url : json_object_get(value, "contentUrl");
	}
	set(&f->image, text_of(r, value));
}

/* false, "False", "http://schema.org/False" */
static bool
is_false(const json_t *value)
{
	const char *s = json_string_value(value);

	if (s == NULL)
		return json_is_false(value);
	struct pk_span text = pk_span_trim(pk_span_of(s));
	return text.len >= 5 &&
	       pk_span_eq_nocase(
		   pk_span_slice(text, text.len - 5, text.len), PK_SPAN("false"));
}

static bool
is_walled(const json_t *object)
{
	const json_t *parts = json_object_get(object, "hasPart");

	if (is_false(json_object_get(object, "isAccessibleForFree")) ||
	    is_false(json_object_get(parts, "isAccessibleForFree")))
		return true;
	for (size_t i = 0; i < json_array_size(parts); i++) {
		if (is_false(json_object_get(
			json_array_get(parts, i), "isAccessibleForFree")))
			return true;
	}
	return false;
}

/* What an article and the page that it stands on have in common. */
static void
read_common(struct reader *r, const json_t *object)
{
	struct pk_jsonld *f = r->found;

	f->walled |= is_walled(object);
	set(&f->published, text_of(r, json_object_get(object, "datePublished")));
	set(&f->published, text_of(r, json_object_get(object, "dateCreated")));
	set(&f->published, text_of(r, json_object_get(object, "uploadDate")));
	set(&f->modified, text_of(r, json_object_get(object, "dateModified")));
	/* A list of creators goes before one author alone. */
	const json_t *author = json_object_get(object, "author");
	const json_t *creator = json_object_get(object, "creator");
	if (json_array_size(creator) > 1 && json_array_size(author) < 2)
		add_authors(r, creator);
	add_authors(r, author);
	add_authors(r, creator);
	set(&f->publisher,
	    text_of(r, name_of(r, json_object_get(object, "publisher"))));
	set(&f->language, text_of(r, json_object_get(object, "inLanguage")));
	read_image(r, json_object_get(object, "image"));
	read_image(r, json_object_get(object, "thumbnailUrl"));
}

static void
read_article(struct reader *r, const json_t *object)
{
	struct pk_jsonld *f = r->found;

	f->article = true;
	set(&f->headline, text_of(r, json_object_get(object, "headline")));
	set(&f->name, text_of(r, json_object_get(object, "name")));
	set(&f->headline, f->name);
	set(&f->alternative,
	    text_of(r, json_object_get(object, "alternativeHeadline")));
	read_common(r, object);
	set(&f->section,
	    text_of(r, name_of(r, json_object_get(object, "articleSection"))));
	set(&f->keywords, join(r, json_object_get(object, "keywords"), ","));
	set(&f->body, long_text_of(r, json_object_get(object, "articleBody")));
}

/* The place of an item of a list: a number, or one in quotes. */
static int64_t
position_of(const json_t *item)
{
	const json_t *value = json_object_get(item, "position");
	int64_t n = 0;

	if (json_is_integer(value))
		return json_integer_value(value);
	return json_is_string(value) &&
		       pk_span_to_int64(pk_span_of(json_string_value(value)), &n) == 0
		   ? n
		   : 0;
}

/* The crumb before the last one, which is the article; the first is the way home. */
static void
read_crumbs(struct reader *r, const json_t *object)
{
	const json_t *items = json_object_get(object, "itemListElement");
	size_t n = json_array_size(items);

	for (size_t i = n; i-- > 0;) {
		const json_t *item = json_array_get(items, i);
		const json_t *name = json_object_get(item, "name");
		if (name == NULL)
			name = json_object_get(json_object_get(item, "item"), "name");
		struct pk_span text = text_of(r, name);
		bool ends = i == 0 || i + 1 == n || position_of(item) == 1;
		if (!ends && text.len > 0 && !pk_line_same(text, r->found->headline)) {
			set(&r->found->section, text);
			return;
		}
	}
}

/* Is it another telling of the article that was read, not another article? */
static bool
is_same(struct reader *r, const json_t *object)
{
	struct pk_span headline = text_of(r, json_object_get(object, "headline"));

	return headline.len == 0 || pk_line_same(headline, r->found->headline);
}

static void
read_objects(struct reader *r)
{
	for (size_t i = 0; i < r->len; i++) {
		if (has_type(r->queue[i], is_article) &&
		    (!r->found->article || is_same(r, r->queue[i])))
			read_article(r, r->queue[i]);
	}
	for (size_t i = 0; i < r->len; i++) {
		const json_t *object = r->queue[i];
		if (has_type(object, is_page))
			read_common(r, object);
		else if (has_type(object, is_site))
			set(&r->found->site,
			    text_of(r, json_object_get(object, "name")));
		else if (has_type(object, is_crumbs))
			read_crumbs(r, object);
	}
}

int
pk_jsonld_read(const struct pk_page *page, struct pk_jsonld *ret_jsonld)
{
	struct pk_jsonld found = { .article = false };
	pk_cleanup(reader_done) struct reader r = {
		.arena = page->arena,
		.found = &found,
	};

	for (size_t i = 0; i < page->jsonld.len && r.n_roots < BLOCKS_MAX; i++) {
		json_t *root = NULL;
		int e =
		    pk_jsonld_parse(page->arena, page->jsonld.items[i].value, &root);
		if (e < 0)
			return e;
		if (root != NULL)
			r.roots[r.n_roots++] = root;
	}
	collect(&r);
	read_objects(&r);
	if (r.failed)
		return -ENOMEM;
	*ret_jsonld = found;
	return 0;
}
