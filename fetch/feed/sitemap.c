/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sitemaps (sitemaps.org, 0.9): every address is an entry. News sitemaps say what its
 * title is and when it was published, others only when it was changed. An index of
 * sitemaps has parts in place of entries.
 */
#include "fetch/feed/reader_priv.h"

/* The publication stands at every entry: what the feed itself does not say. */
static void
take_publication(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	const struct pk_element title = { .field = PK_FIELD_TITLE, .rank = 1 };
	const struct pk_element language = { .field = PK_FIELD_LANGUAGE, .rank = 1 };

	(void)draft;
	for (const xmlNode *child = node->children; child != NULL;
	     child = child->next) {
		if (pk_node_is(reader, child, element->ns, "name"))
			pk_take_title(reader, child, &title, reader->channel);
		else if (pk_node_is(reader, child, element->ns, "language"))
			pk_take_language(reader, child, &language, reader->channel);
	}
}

/* An image or a film, whose address is a text. */
static void
take_located(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	const struct pk_span unknown = { NULL, 0 };

	(void)element;
	pk_draft_add_enclosure(reader, draft,
	    pk_node_url(reader, node, pk_node_text(reader, node)), unknown, unknown);
}

void
pk_sitemap_part(
    struct pk_reader *reader, const xmlNode *node, struct pk_feed_part *part)
{
	struct pk_draft draft = { .rank = { 0 } };

	for (const xmlNode *child = node->children; child != NULL; child = child->next)
		pk_take_element(reader, child, &draft);
	part->url = draft.text[PK_FIELD_LINK];
	part->changed = draft.time[PK_FIELD_UPDATED];
}

/* clang-format off */
const struct pk_element pk_sitemap_elements[] = {
	{ PK_NS_SITEMAP, "loc",              pk_take_url,      PK_FIELD_LINK,      7, NULL },
	{ PK_NS_SITEMAP, "lastmod",          pk_take_date,     PK_FIELD_UPDATED,   7, NULL },
	{ PK_NS_NEWS,    "news",             pk_take_inside,   PK_FIELD_LINK,      1, NULL },
	{ PK_NS_NEWS,    "publication",      take_publication, PK_FIELD_TITLE,     1, NULL },
	{ PK_NS_NEWS,    "title",            pk_take_title,    PK_FIELD_TITLE,     7, NULL },
	{ PK_NS_NEWS,    "publication_date", pk_take_date,     PK_FIELD_PUBLISHED, 7, NULL },
	{ PK_NS_NEWS,    "keywords",         pk_take_keywords, PK_FIELD_ID,        1, NULL },
	{ PK_NS_NEWS,    "genres",           pk_take_keywords, PK_FIELD_ID,        1, NULL },
	{ PK_NS_IMAGE,   "image",            pk_take_inside,   PK_FIELD_LINK,      1, NULL },
	{ PK_NS_IMAGE,   "loc",              take_located,     PK_FIELD_LINK,      1, NULL },
	{ PK_NS_VIDEO,   "video",            pk_take_inside,   PK_FIELD_LINK,      1, NULL },
	{ PK_NS_VIDEO,   "title",            pk_take_title,    PK_FIELD_TITLE,     3, NULL },
	{ PK_NS_VIDEO,   "description",      pk_take_markup,   PK_FIELD_SUMMARY,   3, NULL },
	{ PK_NS_VIDEO,   "publication_date", pk_take_date,     PK_FIELD_PUBLISHED, 3, NULL },
	{ PK_NS_VIDEO,   "content_loc",      take_located,     PK_FIELD_LINK,      1, NULL },
	{ .name = NULL },
};
/* clang-format on */
