/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of the article by rules. */
#include "extract/article/site_priv.h"

#include "base/utf8.h"
#include "extract/article/body.h"
#include "extract/article/byline.h"
#include "extract/article/line.h"

#include <errno.h>

/* Lengths in code points: a longer one is something else. */
#define TITLE_MAX   400
#define KICKER_MAX  300
#define LEAD_MAX    3000
#define SECTION_MAX 80
#define TAG_MAX     60
#define LINE_MAX    400 /* of a byline or a date */

#define TAGS_MAX    40
#define AUTHORS_MAX 8

/* Elements where a field is looked for last. */
#define UNSEEN                                                                         \
	((unsigned)(PK_HINT_HIDDEN | PK_HINT_FURNITURE | PK_HINT_COMMENT |             \
		    PK_HINT_NOTICE))

/* What an element says: of <meta> the content, else its text. */
static struct pk_span
text_of(const struct pk_page *page, uint32_t node)
{
	struct pk_span text = page->nodes.items[node].tag == PK_TAG_META
				  ? pk_page_attribute(page, node, "content")
				  : pk_page_text_of(page, node);

	return pk_line_trim(text);
}

/* The element's field, if it has one that fits. `text` is not empty. 1: it was set. */
typedef int (*set_fn)(struct pk_site_reader *r, uint32_t node, struct pk_span text);

static int
set_text(struct pk_site_reader *r, struct pk_span *field, const char *name,
    struct pk_span text, size_t max)
{
	if (!pk_line_has_letter(text) || pk_utf8_count(text) > max)
		return 0;
	/* What is in the tree (of <meta>) goes with it. */
	text = pk_arena_copy(r->page->arena, text);
	if (text.ptr == NULL)
		return -ENOMEM;
	int e = pk_metadata_set(&r->m, field, name, text, r->where);
	return e < 0 ? e : 1;
}

static int
set_title(struct pk_site_reader *r, uint32_t node, struct pk_span text)
{
	struct pk_article *a = r->m.article;
	int e = set_text(r, &a->title, "title", text, TITLE_MAX);

	if (e == 1 && r->page->nodes.items[node].tag != PK_TAG_META)
		r->site->title = node;
	return e;
}

static int
set_kicker(struct pk_site_reader *r, uint32_t node, struct pk_span text)
{
	struct pk_article *a = r->m.article;

	(void)node;
	return pk_line_same(text, a->title)
		   ? 0
		   : set_text(r, &a->kicker, "kicker", text, KICKER_MAX);
}

/* A lead of several paragraphs is told as one: they must not come again. */
static int
set_lead(struct pk_site_reader *r, uint32_t node, struct pk_span text)
{
	struct pk_article *a = r->m.article;
	const struct pk_node *n = &r->page->nodes.items[node];

	if (n->tag == PK_TAG_META || pk_line_same(text, a->title))
		return 0;
	int e = set_text(r, &a->lead, "lead", text, LEAD_MAX);
	if (e == 1 && n->end_block - n->first_block > 1)
		e = pk_site_add(r->page, &r->site->strip, node) < 0 ? -ENOMEM : 1;
	return e;
}

static int
set_section(struct pk_site_reader *r, uint32_t node, struct pk_span text)
{
	struct pk_article *a = r->m.article;

	(void)node;
	return pk_line_same(text, a->title)
		   ? 0
		   : set_text(r, &a->section, "section", text, SECTION_MAX);
}

/* <time datetime>, <meta content>, or the first date in the text. */
static int
set_date(struct pk_site_reader *r, struct pk_span *field, const char *name,
    uint32_t node, struct pk_span text)
{
	struct pk_span stated = pk_page_attribute(r->page, node, "datetime");
	int e = 0;

	if (stated.len > 0)
		e = pk_metadata_set_date(&r->m, field, name, stated, false, r->where);
	if (e == 0 && text.len <= 4 * LINE_MAX)
		e = pk_metadata_set_date(&r->m, field, name, text, true, r->where);
	return e;
}

static int
set_published(struct pk_site_reader *r, uint32_t node, struct pk_span text)
{
	return set_date(r, &r->m.article->published, "published", node, text);
}

static int
set_modified(struct pk_site_reader *r, uint32_t node, struct pk_span text)
{
	return set_date(r, &r->m.article->modified, "modified", node, text);
}

/* Fields that one element has; `last` looks at the elements from behind. */
static const struct field {
	set_fn set;
	enum pk_site_key key;
	bool last;
	bool aside; /* no text of the body, wherever it stands */
} fields[] = {
	{ set_title, PK_SITE_TITLE, false, false },
	{ set_kicker, PK_SITE_KICKER, false, false },
	{ set_lead, PK_SITE_LEAD, false, false },
	{ set_published, PK_SITE_DATE, false, true },
	{ set_modified, PK_SITE_MODIFIED, false, true },
	/* Breadcrumbs lead from home to the section. */
	{ set_section, PK_SITE_SECTION, true, true },
};

/* Seen elements first, then the others. 1: one of them had the field. */
static int
try_nodes(struct pk_site_reader *r, const struct field *field,
    const struct pk_site_nodes *nodes)
{
	for (unsigned unseen = 0; unseen <= 1; unseen++) {
		for (size_t i = 0; i < nodes->len; i++) {
			uint32_t n = nodes->items[field->last ? nodes->len - 1 - i : i];
			unsigned flags = r->page->nodes.items[n].inherited;
			if (((flags & UNSEEN) != 0) != unseen)
				continue;
			struct pk_span text = text_of(r->page, n);
			int e = field->set(r, n, text);
			if (e == 1 && field->aside)
				e = pk_site_add(r->page, &r->site->aside, n) < 0
					? -ENOMEM
					: 1;
			if (e != 0)
				return e;
		}
	}
	return 0;
}

static int
read_byline(struct pk_site_reader *r, const struct pk_site_nodes *nodes)
{
	struct pk_span names[AUTHORS_MAX], all = { NULL, 0 };
	size_t n = 0;

	for (size_t i = 0; i < nodes->len && n < AUTHORS_MAX; i++) {
		struct pk_span name =
		    pk_byline_clean(text_of(r->page, nodes->items[i]));
		if (name.len == 0 || pk_line_is_among(names, n, name))
			continue;
		names[n++] = name;
		all = all.ptr == NULL ? pk_arena_copy(r->page->arena, name)
				      : pk_arena_printf(r->page->arena, "%.*s, %.*s",
					    PK_SPAN_ARG(all), PK_SPAN_ARG(name));
		if (all.ptr == NULL ||
		    pk_site_add(r->page, &r->site->aside, nodes->items[i]) < 0)
			return -ENOMEM;
	}
	return all.len == 0
		   ? 0
		   : set_text(r, &r->m.article->byline, "byline", all, LINE_MAX);
}

/* The texts of the links in the elements, or theirs where they have none. */
static int
read_tags(struct pk_site_reader *r, const struct pk_site_nodes *nodes)
{
	const struct pk_page *page = r->page;
	struct pk_span *tags = pk_arena_calloc(page->arena, TAGS_MAX, sizeof(*tags));
	size_t n = 0;

	if (tags == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < nodes->len; i++) {
		uint32_t at = nodes->items[i], end = page->nodes.items[at].end;
		size_t before = n;
		for (uint32_t j = at; j <= end && n < TAGS_MAX; j++) {
			/* behind the last link, the element itself */
			bool self = j == end;
			if (self ? n > before : page->nodes.items[j].tag != PK_TAG_A)
				continue;
			struct pk_span tag = text_of(page, self ? at : j);
			if (pk_line_has_letter(tag) && pk_utf8_count(tag) <= TAG_MAX &&
			    !pk_line_is_among(tags, n, tag))
				tags[n++] = tag;
		}
		if (n > before && pk_site_add(r->page, &r->site->aside, at) < 0)
			return -ENOMEM;
	}
	if (n == 0)
		return 0;
	for (size_t i = 0; i < n; i++) {
		tags[i] = pk_arena_copy(page->arena, tags[i]);
		if (tags[i].ptr == NULL)
			return -ENOMEM;
	}
	r->m.article->tags = tags;
	r->m.article->n_tags = n;
	int e = pk_article_note(page->arena, r->m.article, "tags", r->where);
	return e < 0 ? e : 1;
}

static int
take_field(
    struct pk_site_reader *r, const struct pk_site_nodes *nodes, const void *context)
{
	return try_nodes(r, context, nodes);
}

static int
take_byline(
    struct pk_site_reader *r, const struct pk_site_nodes *nodes, const void *context)
{
	(void)context;
	return read_byline(r, nodes);
}

static int
take_tags(
    struct pk_site_reader *r, const struct pk_site_nodes *nodes, const void *context)
{
	(void)context;
	return read_tags(r, nodes);
}

int
pk_site_read_fields(struct pk_site_reader *r)
{
	int e = 0;

	for (size_t i = 0; i < PK_COUNT(fields) && e == 0; i++)
		e = pk_site_read_key(r, fields[i].key, take_field, &fields[i]);
	if (e == 0)
		e = pk_site_read_key(r, PK_SITE_BYLINE, take_byline, NULL);
	if (e == 0)
		e = pk_site_read_key(r, PK_SITE_TAGS, take_tags, NULL);
	return e;
}
