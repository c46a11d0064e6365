/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/jsonld.h"

#include "base/utf8.h"
#include "extract/article/entity.h"
#include "extract/article/line.h"

#include <errno.h>
#include <jansson.h>

/* Objects that are looked at in a block, and names of one article. */
#define OBJECTS_MAX 200
#define NAMES_MAX   12

/* Of every text but the body: bytes. */
#define VALUE_MAX 4096

struct reader {
	struct pk_arena *arena;
	struct pk_jsonld *found;
	const json_t *queue[OBJECTS_MAX];
	size_t len;
	bool failed;
};

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

static bool
ends_with(const char *s, const char *end)
{
	return pk_span_ends_with(pk_span_of(s), pk_span_of(end));
}

/* NewsArticle, BlogPosting, ReportageNewsArticle ... */
static bool
is_article_type(const json_t *type)
{
	const json_t *one = json_is_array(type) ? json_array_get(type, 0) : type;
	const char *name = json_string_value(one);

	return name != NULL &&
	       (ends_with(name, "Article") || ends_with(name, "Posting") ||
		   ends_with(name, "Report"));
}

/*
 * The name of a person or an organisation: a string, an object with a name, or the
 * first of several.
 */
static const json_t *
name_of(const json_t *value)
{
	for (unsigned depth = 0; depth < 4; depth++) {
		if (json_is_array(value))
			value = json_array_get(value, 0);
		else if (json_is_object(value))
			value = json_object_get(value, "name");
	}
	return value;
}

/* Several texts as one. */
static struct pk_span
join(struct reader *r, const json_t *value, const char *separator)
{
	struct pk_span all = text_of(r, name_of(value));

	if (!json_is_array(value))
		return all;
	for (size_t i = 1; i < json_array_size(value) && i < NAMES_MAX; i++) {
		struct pk_span next = text_of(r, name_of(json_array_get(value, i)));
		if (next.len == 0)
			continue;
		all = pk_arena_printf(r->arena, "%.*s%s%.*s", PK_SPAN_ARG(all),
		    all.len == 0 ? "" : separator, PK_SPAN_ARG(next));
		r->failed |= all.ptr == NULL;
	}
	return all;
}

static struct pk_span
image_of(struct reader *r, const json_t *value)
{
	for (unsigned depth = 0; depth < 4; depth++) {
		if (json_is_array(value))
			value = json_array_get(value, 0);
		else if (json_is_object(value))
			value = json_object_get(value, "url");
	}
	return text_of(r, value);
}

static void
set(struct pk_span *field, struct pk_span value)
{
	if (field->len == 0)
		*field = value;
}

static void
read_article(struct reader *r, const json_t *object)
{
	struct pk_jsonld *f = r->found;

	f->article = true;
	set(&f->headline, text_of(r, json_object_get(object, "headline")));
	set(&f->headline, text_of(r, json_object_get(object, "name")));
	set(&f->alternative,
	    text_of(r, json_object_get(object, "alternativeHeadline")));
	set(&f->published, text_of(r, json_object_get(object, "datePublished")));
	set(&f->published, text_of(r, json_object_get(object, "dateCreated")));
	set(&f->modified, text_of(r, json_object_get(object, "dateModified")));
	set(&f->authors, join(r, json_object_get(object, "author"), ", "));
	set(&f->authors, join(r, json_object_get(object, "creator"), ", "));
	set(&f->publisher, text_of(r, name_of(json_object_get(object, "publisher"))));
	set(&f->section,
	    text_of(r, name_of(json_object_get(object, "articleSection"))));
	set(&f->keywords, join(r, json_object_get(object, "keywords"), ","));
	set(&f->language, text_of(r, json_object_get(object, "inLanguage")));
	set(&f->image, image_of(r, json_object_get(object, "image")));
	set(&f->body, long_text_of(r, json_object_get(object, "articleBody")));
}

static void
enqueue(struct reader *r, const json_t *value)
{
	if (r->len < OBJECTS_MAX && (json_is_object(value) || json_is_array(value)))
		r->queue[r->len++] = value;
}

/* Objects on the way to an article: lists, @graph, mainEntity. Breadth first. */
static void
read_tree(struct reader *r, const json_t *root)
{
	static const char *const inside[] = { "@graph", "mainEntity",
		"mainEntityOfPage" };

	enqueue(r, root);
	for (size_t at = 0; at < r->len; at++) {
		const json_t *value = r->queue[at];
		for (size_t i = 0; i < json_array_size(value); i++)
			enqueue(r, json_array_get(value, i));
		if (!json_is_object(value))
			continue;
		if (is_article_type(json_object_get(value, "@type"))) {
			read_article(r, value);
			return;
		}
		for (size_t i = 0; i < PK_COUNT(inside); i++)
			enqueue(r, json_object_get(value, inside[i]));
	}
}

/* Raw line breaks and other control characters in strings are common: blanks do. */
static struct pk_span
without_controls(struct pk_arena *arena, struct pk_span s)
{
	char *copy = pk_arena_alloc(arena, s.len + 1);

	if (copy == NULL)
		return (struct pk_span){ NULL, 0 };
	for (size_t i = 0; i < s.len; i++) {
		copy[i] = s.ptr[i];
		if ((unsigned char)copy[i] < 0x20)
			copy[i] = ' ';
	}
	return (struct pk_span){ copy, s.len };
}

int
pk_jsonld_read(const struct pk_page *page, struct pk_jsonld *ret_jsonld)
{
	struct pk_jsonld found = { .article = false };

	for (size_t i = 0; i < page->jsonld.len && !found.article; i++) {
		struct reader r = { .arena = page->arena, .found = &found };
		struct pk_span text =
		    without_controls(page->arena, page->jsonld.items[i].value);
		if (text.ptr == NULL)
			return -ENOMEM;
		json_t *root = json_loadb(text.ptr, text.len,
		    JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
		if (root != NULL)
			read_tree(&r, root);
		json_decref(root);
		if (r.failed)
			return -ENOMEM;
	}
	*ret_jsonld = found;
	return 0;
}
