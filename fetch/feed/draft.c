/* SPDX-License-Identifier: Apache-2.0 */
/* Filling a draft: ranks, limits, and the common ways to take an element. */
#include "fetch/feed/reader_priv.h"

#include "base/url.h"
#include "base/utf8.h"
#include "fetch/feed/markup.h"
#include "fetch/feed/sanitize.h"
#include "fetch/feed/time.h"

#include <assert.h>
#include <errno.h>
#include <strings.h>

#define SHORT_MAX    ((size_t)4096) /* ids, titles, names */
#define CATEGORY_MAX ((size_t)256)
#define BODY_MAX     ((size_t)1024 * 1024)

const struct pk_element *
pk_element_find(const struct pk_reader *reader, const xmlNode *node)
{
	const struct pk_element *const tables[] = { pk_rss_elements, pk_atom_elements,
		pk_module_elements, pk_sitemap_elements, pk_cdf_elements };
	const char *name;
	enum pk_ns ns = pk_node_ns(reader, node, &name);

	for (size_t t = 0; t < PK_COUNT(tables); t++) {
		for (const struct pk_element *e = tables[t]; e->name != NULL; e++) {
			/* the first letter tells most of them apart */
			if (e->ns == ns && ((e->name[0] ^ name[0]) & 0x1F) == 0 &&
			    strcasecmp(e->name, name) == 0)
				return e;
		}
	}
	return NULL;
}

/* A body as it may be shown; of a feed's subtitle less. */
static struct pk_span
sanitized(struct pk_reader *reader, const struct pk_draft *draft, struct pk_span text,
    bool is_plain)
{
	size_t max = draft == reader->channel ? SHORT_MAX : BODY_MAX;
	struct pk_span clean = { NULL, 0 };

	int r = is_plain
		    ? pk_sanitize_plain(reader->arena, text, max, &clean)
		    : pk_sanitize_html(reader->arena, text, reader->url, max, &clean);
	/* what had nothing to clean may be borrowed from the tree */
	if (clean.len > 0 && clean.ptr >= text.ptr && clean.ptr < text.ptr + text.len) {
		clean = pk_arena_copy(reader->arena, clean);
		r = clean.ptr == NULL ? -ENOMEM : r;
	}
	reader->out_of_memory |= r < 0;
	return clean;
}

void
pk_draft_set(struct pk_reader *reader, struct pk_draft *draft,
    const struct pk_element *element, struct pk_span text, bool is_plain)
{
	enum pk_field field = element->field;

	if (text.len == 0 || draft->rank[field] >= element->rank)
		return;
	if (field == PK_FIELD_SUMMARY || field == PK_FIELD_CONTENT)
		draft->text[field] = sanitized(reader, draft, text, is_plain);
	else
		draft->text[field] = pk_utf8_prefix(text, SHORT_MAX);
	draft->is_plain[field] = is_plain;
	draft->rank[field] = element->rank;
}

void
pk_draft_set_body(struct pk_reader *reader, struct pk_draft *draft,
    const struct pk_element *element, const xmlNode *node, struct pk_span text,
    bool is_plain)
{
	struct pk_span outer = reader->url;

	reader->url = pk_node_base(reader, node);
	pk_draft_set(reader, draft, element, text, is_plain);
	reader->url = outer;
}

/* A time, which may have been written for a page: "<span>27 Jan&nbsp;2026</span>". */
static struct pk_feed_time
read_time(struct pk_reader *reader, struct pk_span text, struct pk_span source)
{
	struct pk_feed_time time = pk_feed_time_read(reader->context, text, source);

	if (time.known || (pk_span_find(text, PK_SPAN("<"), 0) == SIZE_MAX &&
			      pk_span_find(text, PK_SPAN("&"), 0) == SIZE_MAX))
		return time;
	struct pk_span raw = time.raw, plain = pk_markup_to_text(reader->arena, text);
	time = pk_feed_time_read(reader->context, plain, source);
	time.raw = raw;
	return time;
}

/* Of those that are no times the first is kept, as long as there is no better one. */
static void
set_time(struct pk_reader *reader, struct pk_draft *draft,
    const struct pk_element *element, struct pk_span text)
{
	assert(element->field < PK_FIELD_TIMES);
	struct pk_feed_time *place = &draft->time[element->field];

	if (text.len == 0 || draft->rank[element->field] >= element->rank)
		return;
	struct pk_feed_time time =
	    read_time(reader, text, pk_element_source(reader, element));
	if (time.known)
		draft->rank[element->field] = element->rank;
	if (time.known || place->raw.len == 0)
		*place = time;
}

void
pk_draft_set_time(struct pk_reader *reader, struct pk_draft *draft,
    const struct pk_element *element, struct pk_span text)
{
	if (text.len == 0)
		return;
	text = pk_arena_copy(reader->arena, text);
	reader->out_of_memory |= text.ptr == NULL;
	set_time(reader, draft, element, text);
}

struct pk_span
pk_language_tag(struct pk_reader *reader, struct pk_span text)
{
	char *tag = pk_arena_alloc(reader->arena, text.len + 1);

	reader->out_of_memory |= tag == NULL;
	if (tag == NULL)
		return (struct pk_span){ NULL, 0 };
	for (size_t i = 0; i < text.len; i++)
		tag[i] = text.ptr[i] == '_' ? '-' : text.ptr[i];
	return (struct pk_span){ tag, text.len };
}

void
pk_draft_add_category(
    struct pk_reader *reader, struct pk_draft *draft, struct pk_span category)
{
	category = pk_markup_to_text(reader->arena, category);
	category = pk_utf8_prefix(category, CATEGORY_MAX);
	if (category.len == 0 || draft->categories.len == PK_FEED_LIST_MAX)
		return;
	for (size_t i = 0; i < draft->categories.len; i++) {
		if (pk_span_eq(draft->categories.items[i], category))
			return;
	}
	struct pk_span *added = pk_array_push(reader->arena, &draft->categories);
	reader->out_of_memory |= added == NULL;
	if (added != NULL)
		*added = category;
}

void
pk_draft_add_enclosure(struct pk_reader *reader, struct pk_draft *draft,
    struct pk_span url, struct pk_span type, struct pk_span length)
{
	int64_t bytes = 0;

	if (url.len == 0 || draft->enclosures.len == PK_FEED_LIST_MAX)
		return;
	for (size_t i = 0; i < draft->enclosures.len; i++) {
		if (pk_span_eq(draft->enclosures.items[i].url, url))
			return;
	}
	struct pk_enclosure *added = pk_array_push(reader->arena, &draft->enclosures);
	if (added != NULL && type.len > 0) {
		added->type =
		    pk_arena_copy(reader->arena, pk_utf8_prefix(type, CATEGORY_MAX));
		reader->out_of_memory |= added->type.ptr == NULL;
	}
	reader->out_of_memory |= added == NULL;
	if (added == NULL)
		return;
	added->url = url;
	if (pk_span_to_int64(length, &bytes) == 0)
		added->length = bytes;
}

void
pk_take_text(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	pk_draft_set(reader, draft, element, pk_node_text(reader, node), true);
}

void
pk_take_language(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	pk_draft_set(reader, draft, element,
	    pk_language_tag(reader, pk_node_text(reader, node)), true);
}

void
pk_take_title(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	struct pk_span text =
	    pk_title_to_text(reader->arena, pk_node_markup(reader, node));

	pk_draft_set(reader, draft, element, text, true);
}

void
pk_take_markup(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	pk_draft_set_body(
	    reader, draft, element, node, pk_node_markup_borrowed(reader, node), false);
}

void
pk_take_date(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	set_time(reader, draft, element, pk_node_text(reader, node));
}

void
pk_take_url(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	struct pk_span address = pk_node_text(reader, node);

	if (address.len == 0 && element->attribute != NULL)
		address = pk_node_attribute(node, element->attribute);
	pk_draft_set(reader, draft, element, pk_node_url(reader, node, address), true);
}

/* "desk@example.org (Name)", "Name (desk@example.org)", "Name <desk@example.org>",
 * "Name": the name. */
static struct pk_span
name_of(struct pk_span author)
{
	const struct pk_span at = PK_SPAN("@");
	size_t open = pk_span_find(author, PK_SPAN("("), 0);
	size_t angle = pk_span_find(author, PK_SPAN("<"), 0);
	struct pk_span name = author;

	if (pk_span_find(author, at, 0) == SIZE_MAX)
		return author;
	if (open != SIZE_MAX && pk_span_ends_with(author, PK_SPAN(")"))) {
		name = pk_span_slice(author, open + 1, author.len - 1);
		if (pk_span_find(name, at, 0) != SIZE_MAX)
			name = pk_span_slice(author, 0, open);
	} else if (angle != SIZE_MAX) {
		name = pk_span_slice(author, 0, angle);
	}
	name = pk_span_trim(name);
	if (name.len == 0 && open != SIZE_MAX) /* "desk@example.org ()" */
		name = pk_span_trim(pk_span_slice(author, 0, open));
	if (name.len > 2 && name.ptr[0] == '"' && name.ptr[name.len - 1] == '"')
		name = pk_span_slice(name, 1, name.len - 1);
	return name.len == 0 ? author : name;
}

void
pk_take_author(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	struct pk_span author = name_of(pk_node_text(reader, node));

	pk_draft_set(
	    reader, draft, element, pk_markup_to_text(reader->arena, author), true);
}

void
pk_take_category(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	struct pk_span category = pk_node_text(reader, node);

	if (category.len == 0 && element->attribute != NULL) {
		category = pk_arena_copy(
		    reader->arena, pk_node_attribute(node, element->attribute));
		reader->out_of_memory |= category.ptr == NULL;
	}
	pk_draft_add_category(reader, draft, category);
}

/* The length of a comma of any script at the beginning of a text, or 0. */
static size_t
comma_length(struct pk_span text)
{
	static const char *const commas[] = { ",", "،", "؛", "、", "，" };

	for (size_t i = 0; i < PK_COUNT(commas); i++) {
		if (pk_span_starts_with(text, pk_span_of(commas[i])))
			return strlen(commas[i]);
	}
	return 0;
}

void
pk_draft_add_keywords(
    struct pk_reader *reader, struct pk_draft *draft, struct pk_span text)
{
	size_t start = 0;

	for (size_t at = 0; at <= text.len; at++) {
		size_t comma = comma_length(pk_span_slice(text, at, text.len));
		if (comma == 0 && at < text.len)
			continue;
		pk_draft_add_category(
		    reader, draft, pk_span_trim(pk_span_slice(text, start, at)));
		start = at + comma;
	}
}

void
pk_take_keywords(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	(void)element;
	pk_draft_add_keywords(reader, draft, pk_node_text(reader, node));
}

void
pk_take_enclosure(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	struct pk_span url = pk_node_attribute(node, "url");

	if (url.len == 0)
		url = pk_node_attribute(node, "href");
	if (url.len == 0 && node->children != NULL)
		url = pk_node_text(reader, node);
	url = pk_node_url(reader, node, url);
	pk_draft_add_enclosure(reader, draft, url, pk_node_attribute(node, "type"),
	    pk_node_attribute(node, element->attribute));
}

void
pk_take_inside(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	for (const xmlNode *child = node->children; child != NULL;
	     child = child->next) {
		const struct pk_element *inner = child->type == XML_ELEMENT_NODE
						     ? pk_element_find(reader, child)
						     : NULL;
		if (inner != NULL && inner->ns == element->ns &&
		    inner->take != pk_take_inside)
			inner->take(reader, child, inner, draft);
	}
}

void
pk_take_element(struct pk_reader *reader, const xmlNode *node, struct pk_draft *draft)
{
	const struct pk_element *element =
	    node->type == XML_ELEMENT_NODE ? pk_element_find(reader, node) : NULL;

	if (element != NULL)
		element->take(reader, node, element, draft);
}
