/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/explain.h"

#include "base/utf8.h"
#include "extract/article/body.h"
#include "extract/article/container.h"
#include "extract/article/line.h"
#include "extract/article/site.h"

#include <errno.h>
#include <libxml/tree.h>

/* Of a path: elements, and bytes of one. */
#define PATH_PARTS 3
#define PART_MAX   60

static const char *const key_names[] = {
#define SITE_KEY_(NAME, name) name,
	PK_SITE_KEYS_LIST(SITE_KEY_)
#undef SITE_KEY_
};
/* By enum pk_site_reason. */
static const char *const reason_names[] = { "host", "generator", "marker" };

/* ---- rules --------------------------------------------------------------------- */

struct rules {
	struct pk_explained_rule *items;
	size_t len;
	size_t cap;
};

static size_t
count_found(const struct pk_page *page, const struct pk_selectors *selectors)
{
	size_t n = 0, cursor = 0;

	while (pk_selectors_next(selectors, page, &cursor) != PK_NO_NODE)
		n++;
	return n;
}

static int
add_rule(const struct pk_page *page, struct rules *rules,
    const struct pk_site_rule *rule, enum pk_site_reason reason)
{
	struct pk_explained_rule *item = pk_array_push(page->arena, rules);
	const struct pk_explained_rule head = {
		.rule = rule->name, .by = reason_names[reason], .own = rule->own
	};

	if (item == NULL)
		return -ENOMEM;
	*item = head;
	for (size_t key = 0; key < PK_SITE_KEYS; key++) {
		for (const struct pk_site_line *l = rule->keys[key]; l != NULL;
		     l = l->next) {
			item = pk_array_push(page->arena, rules);
			if (item == NULL)
				return -ENOMEM;
			*item = head;
			item->key = key_names[key];
			item->selectors = l->text;
			item->found = count_found(page, &l->selectors);
		}
	}
	return 0;
}

/* ---- places -------------------------------------------------------------------- */

/* ".a.b" of "a b", at the end of the part. */
static size_t
put_names(char *part, size_t len, char sign, struct pk_span names)
{
	while (names.ptr != NULL && len + 2 < PART_MAX) {
		struct pk_span name = pk_span_trim(pk_span_split(&names, ' '));
		name = pk_utf8_prefix(name, PART_MAX - len - 1);
		if (name.len == 0)
			continue;
		part[len++] = sign;
		memcpy(part + len, name.ptr, name.len);
		len += name.len;
	}
	return len;
}

/* "div#id.class" */
static struct pk_span
name_element(const struct pk_page *page, uint32_t n, char part[PART_MAX + 1])
{
	struct pk_span tag = pk_span_of((const char *)page->nodes.items[n].xml->name);
	size_t len = 0;

	tag = pk_utf8_prefix(tag, PART_MAX / 2);
	memcpy(part, tag.ptr, tag.len);
	len = put_names(part, tag.len, '#', pk_page_attribute(page, n, "id"));
	len = put_names(part, len, '.', pk_page_attribute(page, n, "class"));
	return (struct pk_span){ part, len };
}

/* The element and those nearest around it. Absent: no memory. */
static struct pk_span
path_of(const struct pk_page *page, uint32_t n)
{
	char part[PART_MAX + 1];
	struct pk_span path = { NULL, 0 };

	for (unsigned i = 0; i < PATH_PARTS && n != PK_NO_NODE; i++) {
		struct pk_span name = name_element(page, n, part);
		path = pk_arena_printf(page->arena, "%.*s%s%.*s", PK_SPAN_ARG(name),
		    i == 0 ? "" : " > ", PK_SPAN_ARG(path));
		n = page->nodes.items[n].parent;
	}
	return path;
}

/* ---- blocks -------------------------------------------------------------------- */

/* Headings are taken at first, and dropped when nothing came after them. */
static bool
is_dropped(const struct pk_body *body, const struct pk_block *b)
{
	struct pk_span text = { body->text, body->len };

	return b->kind == PK_PARAGRAPH_HEADING && b->text.len > 0 &&
	       pk_span_find(text, b->text, 0) == SIZE_MAX;
}

static const char *
why_taken(const struct pk_block *b)
{
	return b->good > 0 ? "reads like an article" : "short, among the text";
}

static const char *
why_not(const struct pk_container *container, const struct pk_body *body, uint32_t b,
    const struct pk_block *block)
{
	if (container->in == NULL)
		return "nothing on the page reads like an article";
	if (block->why == NULL)
		return is_dropped(body, block) ? "a heading without text" : NULL;
	/* Nobody came so far: what pk_page_weigh() begins with. */
	if (!block->out && strcmp(block->why, "not looked at") == 0)
		return b < container->first_block || b >= container->end_block
			   ? "outside the container"
			   : "before or behind the text";
	return block->why;
}

/* What stands over the text is told in fields of its own, and the lead before all. */
static void
name_field(const struct pk_article *article, struct pk_explained_block *block)
{
	if (pk_line_same(block->text, article->title)) {
		block->why = "the title";
	} else if (pk_line_same(block->text, article->kicker)) {
		block->why = "the kicker";
	} else if (pk_line_same(block->text, article->lead)) {
		block->why = "the lead, which comes first";
		block->taken = true;
	}
}

static int
explain_blocks(const struct pk_page *page, const struct pk_container *container,
    const struct pk_body *body, struct pk_explained *x)
{
	bool elsewhere =
	    container->method != NULL && strcmp(container->method, "json-ld") == 0;

	x->blocks =
	    pk_arena_calloc(page->arena, page->blocks.len + 1, sizeof(*x->blocks));
	if (x->blocks == NULL)
		return -ENOMEM;
	for (uint32_t b = 0; b < page->blocks.len; b++) {
		const struct pk_block *block = &page->blocks.items[b];
		const char *why = why_not(container, body, b, block);
		if (why == NULL && elsewhere)
			why = "the text is JSON-LD's, which has more";
		x->blocks[x->n_blocks] = (struct pk_explained_block){
			.text = block->text,
			.path = path_of(page, block->node),
			.kind = pk_paragraph_kind_name(block->kind),
			.why = why == NULL ? why_taken(block) : why,
			.good = block->good,
			.points = block->points,
			.taken = why == NULL,
		};
		struct pk_explained_block *last = &x->blocks[x->n_blocks++];
		if (last->path.ptr == NULL)
			return -ENOMEM;
		if (!last->taken && container->in != NULL && !elsewhere)
			name_field(&x->article, last);
	}
	return 0;
}

int
pk_explain_page(const struct pk_page *page, const struct pk_site *site,
    const struct pk_container *container, const struct pk_body *body,
    const struct pk_article *article, struct pk_explained *ret_explained)
{
	struct pk_explained x = { .article = *article,
		.confidence = article->confidence,
		.rule_why_not = site->body_why_not,
		.method = container->method,
		.good = container->good,
		.share = container->share };
	struct rules rules = { .len = 0 };
	int r = 0;

	for (size_t i = 0; i < site->n_holding && r == 0; i++)
		r = add_rule(
		    page, &rules, site->holding[i].rule, site->holding[i].reason);
	x.rules = rules.items;
	x.n_rules = rules.len;
	if (r == 0 && container->in != NULL) {
		x.path = path_of(page, container->node);
		r = x.path.ptr == NULL ? -ENOMEM : 0;
	}
	if (r == 0)
		r = explain_blocks(page, container, body, &x);
	if (r == 0)
		*ret_explained = x;
	return r;
}
