/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a page tells machines of its list, in JSON-LD (schema.org): an ItemList, by
 * itself or as the main thing of a CollectionPage, the posts of a Blog, or articles
 * side by side. One article alone is an article's page.
 */
#include "fetch/feed/html_priv.h"

#include "base/buf.h"
#include "base/html_entity.h"
#include "fetch/feed/html_tree.h"
#include "fetch/feed/json_repair.h"
#include "fetch/feed/markup.h"

#include <errno.h>
#include <jansson.h>

#define SCRIPTS_MAX 64
#define DEPTH_MAX   16
#define VISITS_MAX  20000

struct data {
	struct pk_html *html;
	struct pk_html_items *items;
	size_t visits; /* left */
	int error;
};

static void
json_done(json_t **value)
{
	json_decref(*value);
}

/* The type ends in this, "https://schema.org/NewsArticle" too. */
static bool
is_type(const json_t *object, const char *end)
{
	const json_t *type = json_object_get(object, "@type");

	if (json_is_array(type))
		type = json_array_get(type, 0);
	return pk_span_ends_with(pk_span_of(json_string_value(type)), pk_span_of(end));
}

static struct pk_span
text_of(struct data *data, const json_t *value)
{
	struct pk_reader *reader = data->html->reader;

	if (json_is_array(value))
		value = json_array_get(value, 0);
	if (!json_is_string(value))
		return (struct pk_span){ NULL, 0 };
	struct pk_span text = pk_draft_copy(reader,
	    (struct pk_span){ json_string_value(value), json_string_length(value) });
	return pk_markup_to_text(reader->arena, text);
}

/* An address, or an object that has one. */
static struct pk_span
url_of(struct data *data, const json_t *value)
{
	static const char *const names[] = { "url", "@id", "contentUrl" };

	if (json_is_array(value))
		value = json_array_get(value, 0);
	for (size_t i = 0; json_is_object(value) && i < PK_COUNT(names); i++) {
		struct pk_span url = url_of(data, json_object_get(value, names[i]));
		if (url.len > 0)
			return url;
	}
	if (!json_is_string(value))
		return (struct pk_span){ NULL, 0 };
	struct pk_reader *reader = data->html->reader;
	struct pk_span url = pk_draft_copy(reader,
	    (struct pk_span){ json_string_value(value), json_string_length(value) });
	if (url.len == 0 || url.ptr[0] == '#')
		return (struct pk_span){ NULL, 0 };
	url = pk_node_url(reader, NULL, url);
	return pk_span_slice(url, 0, pk_span_find(url, PK_SPAN("#"), 0));
}

static void
set(struct data *data, struct pk_draft *draft, enum pk_field field, unsigned char rank,
    struct pk_span text)
{
	const struct pk_element element = { .field = field, .rank = rank };

	pk_draft_set(data->html->reader, draft, &element, text, true);
}

static void
set_time(struct data *data, struct pk_draft *draft, enum pk_field field,
    const json_t *object, const char *name)
{
	const struct pk_element element = { .name = name, .field = field, .rank = 6 };

	pk_draft_set_time(data->html->reader, draft, &element,
	    text_of(data, json_object_get(object, name)));
}

static void
fill(struct data *data, struct pk_draft *draft, const json_t *object)
{
	const json_t *author = json_object_get(object, "author");
	struct pk_span image = url_of(data, json_object_get(object, "image"));

	if (json_is_array(author))
		author = json_array_get(author, 0);
	if (json_is_object(author))
		author = json_object_get(author, "name");
	set(data, draft, PK_FIELD_TITLE, 6,
	    text_of(data, json_object_get(object, "headline")));
	set(data, draft, PK_FIELD_TITLE, 5,
	    text_of(data, json_object_get(object, "name")));
	set(data, draft, PK_FIELD_SUMMARY, 6,
	    text_of(data, json_object_get(object, "description")));
	set(data, draft, PK_FIELD_AUTHOR, 6, text_of(data, author));
	set_time(data, draft, PK_FIELD_PUBLISHED, object, "datePublished");
	set_time(data, draft, PK_FIELD_UPDATED, object, "dateModified");
	pk_draft_add_enclosure(data->html->reader, draft, image,
	    pk_media_type_of(image), (struct pk_span){ NULL, 0 });
}

/* An entry, of an article or of a place in a list that says where it leads. */
static void
add(struct data *data, const json_t *object, const json_t *place)
{
	static const char *const names[] = { "url", "mainEntityOfPage", "@id" };
	struct pk_arena *arena = data->html->reader->arena;
	struct pk_span url = { NULL, 0 };

	for (size_t i = 0; url.len == 0 && i < PK_COUNT(names); i++) {
		url = url_of(data, json_object_get(object, names[i]));
		if (url.len == 0)
			url = url_of(data, json_object_get(place, names[i]));
	}
	if (url.len == 0 || data->items->len >= PK_HTML_LINKS_MAX)
		return;
	struct pk_html_item *item = pk_array_push(arena, data->items);
	struct pk_draft *draft = pk_arena_new_of(arena, struct pk_draft);
	if (item == NULL || draft == NULL) {
		data->error = -ENOMEM;
		return;
	}
	*item = (struct pk_html_item){ .url = url, .draft = draft };
	fill(data, draft, object);
	fill(data, draft, place);
}

/* Lists of what is no news: ways around the site, goods, people. */
static bool
is_other(const json_t *object)
{
	static const char *const others[] = { "SiteNavigationElement", "Product",
		"Offer", "Person", "Organization", "Place", "ImageObject", "Brand",
		"BreadcrumbList" };

	for (size_t i = 0; i < PK_COUNT(others); i++) {
		if (is_type(object, others[i]))
			return true;
	}
	return false;
}

static void
add_places(struct data *data, const json_t *list)
{
	size_t n = json_is_array(list) ? json_array_size(list) : 0;

	for (size_t i = 0; i < n && data->error == 0; i++) {
		const json_t *place = json_array_get(list, i);
		const json_t *item = json_object_get(place, "item");
		if (!json_is_object(place) || is_other(place) || is_other(item)) {
			continue;
		} else if (json_is_object(item)) {
			add(data, item, place);
		} else if (json_is_string(item)) {
			/* {"item": "https://...", "name": "..."} */
			json_t *of_url = json_pack("{s:O}", "url", item);
			add(data, of_url, place);
			json_decref(of_url);
		} else {
			add(data, place, NULL);
		}
	}
}

static void visit(struct data *data, const json_t *value, unsigned depth);

static void
visit_object(struct data *data, const json_t *object, unsigned depth)
{
	static const char *const inner[] = { "@graph", "mainEntity", "mainEntityOfPage",
		"blogPost", "blogPosts", "hasPart" };

	/* lists of other things: where the page stands, what else there is */
	if (is_type(object, "BreadcrumbList") ||
	    is_type(object, "SiteNavigationElement"))
		return;
	if (json_is_array(json_object_get(object, "itemListElement")))
		add_places(data, json_object_get(object, "itemListElement"));
	else if (is_type(object, "Article") || is_type(object, "BlogPosting") ||
		 is_type(object, "Report"))
		add(data, object, NULL);
	else
		for (size_t i = 0; i < PK_COUNT(inner); i++)
			visit(data, json_object_get(object, inner[i]), depth + 1);
}

static void
visit(struct data *data, const json_t *value, unsigned depth)
{
	if (value == NULL || depth > DEPTH_MAX || data->visits == 0 || data->error < 0)
		return;
	data->visits--;
	if (json_is_object(value)) {
		visit_object(data, value, depth);
		return;
	}
	for (size_t i = 0; json_is_array(value) && i < json_array_size(value); i++)
		visit(data, json_array_get(value, i), depth + 1);
}

/* The text as JSON, mended where it has to be. NULL where it is none. */
static json_t *
load(struct pk_span text)
{
	const size_t flags = JSON_DISABLE_EOF_CHECK;
	struct pk_buf mended;
	json_t *root = NULL;
	bool cut;

	if (pk_json_is_bounded(text))
		root = json_loadb(text.ptr, text.len, flags, NULL);
	if (root != NULL)
		return root;
	pk_buf_init(&mended, 0);
	if (pk_json_repair(text, &mended, &cut) == 0)
		root = json_loadb(mended.ptr, mended.len, flags, NULL);
	pk_buf_done(&mended);
	return root;
}

int
pk_html_data(struct pk_html *html, struct pk_html_items *ret_items)
{
	struct data data = { .html = html, .items = ret_items, .visits = VISITS_MAX };
	size_t n = 0;

	for (const xmlNode *at = html->root; at != NULL && n < SCRIPTS_MAX;
	     at = pk_html_next(at, html->root, false)) {
		if (!pk_html_is(at, "script") || at->children == NULL ||
		    !pk_span_starts_with_nocase(
			pk_node_attribute(at, "type"), PK_SPAN("application/ld+json")))
			continue;
		n++;
		pk_cleanup(json_done) json_t *root =
		    load(pk_span_trim(pk_span_of((const char *)at->children->content)));
		visit(&data, root, 0);
	}
	return html->reader->out_of_memory ? -ENOMEM : data.error;
}
