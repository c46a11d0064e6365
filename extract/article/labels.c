/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/labels.h"

#include "base/utf8.h"
#include "extract/article/body.h"
#include "extract/article/line.h"

#include <errno.h>

#define TAGS_MAX  40
#define LABEL_MAX 60 /* code points */

/* Blocks between tags that stand together. */
#define TOGETHER 2

/* More links than this are the cloud of the whole site. */
#define CLOUD_MIN 25

static bool
is_label(struct pk_span text)
{
	return pk_line_has_letter(text) && pk_utf8_count(text) <= LABEL_MAX;
}

/* The texts of the links in [first, end) of the nodes. Returns how many there are. */
static size_t
collect(const struct pk_page *page, uint32_t first, uint32_t end,
    struct pk_span labels[static TAGS_MAX])
{
	size_t n = 0;

	for (uint32_t i = first; i < end && n < TAGS_MAX; i++) {
		if (page->nodes.items[i].tag != PK_TAG_A)
			continue;
		struct pk_span text = pk_page_text_of(page, i);
		if (is_label(text) && !pk_line_is_among(labels, n, text))
			labels[n++] = text;
	}
	return n;
}

/*
 * Links that are tags by themselves, from `first` on, as long as they stand together;
 * *ret_end is behind the last. Returns how many there are, up to TAGS_MAX.
 */
static size_t
collect_links(const struct pk_page *page, uint32_t first,
    struct pk_span labels[static TAGS_MAX], uint32_t *ret_end)
{
	const struct pk_node *nodes = page->nodes.items;
	uint32_t block = nodes[first].first_block;
	size_t n = 0;

	for (uint32_t i = first; i < page->nodes.len; i++) {
		if (nodes[i].first_block > block + TOGETHER)
			break;
		if (nodes[i].tag != PK_TAG_A || (nodes[i].flags & PK_HINT_TAGS) == 0)
			continue;
		*ret_end = i + 1;
		block = nodes[i].first_block;
		struct pk_span text = pk_page_text_of(page, i);
		if (n < TAGS_MAX && is_label(text) &&
		    !pk_line_is_among(labels, n, text))
			labels[n++] = text;
	}
	return n;
}

static bool
share_one(const struct pk_article *a, const struct pk_span *labels, size_t n)
{
	for (size_t i = 0; i < a->n_tags; i++) {
		if (pk_line_is_among(labels, n, a->tags[i]))
			return true;
	}
	return false;
}

/* Were the tags found among keywords that may be those of the whole site? */
static bool
are_vague(const struct pk_article *a)
{
	for (size_t i = 0; i < a->n_found; i++) {
		if (strcmp(a->found[i].field, "tags") == 0)
			return strcmp(a->found[i].where, "keywords") == 0;
	}
	return false;
}

static int
read_tags(struct pk_metadata *m)
{
	const struct pk_page *page = m->page;
	struct pk_article *a = m->article;
	bool vague = are_vague(a);

	for (uint32_t i = 0; i < page->nodes.len && (a->n_tags == 0 || vague); i++) {
		const struct pk_node *node = &page->nodes.items[i];
		struct pk_span labels[TAGS_MAX];
		if ((node->flags & PK_HINT_TAGS) == 0 || node->tag == PK_TAG_BODY)
			continue;
		bool link = node->tag == PK_TAG_A;
		uint32_t end = i + 1;
		size_t n = link ? collect_links(page, i, labels, &end)
				: collect(page, i, node->end, labels);
		i = end - 1;
		if (n == 0 || n >= CLOUD_MIN)
			continue;
		if (vague && (!link || (node->inherited & PK_HINT_FURNITURE) != 0 ||
				 share_one(a, labels, n)))
			return 0;
		struct pk_span *tags = pk_arena_calloc(page->arena, n, sizeof(*tags));
		if (tags == NULL)
			return -ENOMEM;
		memcpy(tags, labels, n * sizeof(*tags));
		a->tags = tags;
		a->n_tags = n;
		return pk_article_note(page->arena, a, "tags", "class");
	}
	return 0;
}

static int
read_section(struct pk_metadata *m)
{
	const struct pk_page *page = m->page;

	for (uint32_t i = 0; i < page->nodes.len && m->article->section.len == 0; i++) {
		const struct pk_node *node = &page->nodes.items[i];
		struct pk_span labels[TAGS_MAX];
		if ((node->flags & PK_HINT_CRUMB) == 0)
			continue;
		size_t n = collect(page, i, node->end, labels);
		/* The last crumb may be the article itself. */
		if (n > 0 && pk_line_same(labels[n - 1], m->article->title))
			n--;
		/* The first is the way home. */
		if (n > 1)
			return pk_metadata_set(m, &m->article->section, "section",
			    labels[n - 1], "breadcrumbs");
	}
	return 0;
}

int
pk_labels_read(struct pk_metadata *metadata)
{
	int r = read_tags(metadata);

	return r < 0 ? r : read_section(metadata);
}
