/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What other namespaces say about a feed or an entry: Dublin Core, content, Media RSS,
 * iTunes, FeedBurner, syndication, XHTML, those of Russian portals.
 */
#include "fetch/feed/reader_priv.h"

/* dc:date is when it was published, and the only word on when it was changed. */
static void
take_dc_date(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	struct pk_element updated = *element;

	updated.field = PK_FIELD_UPDATED;
	pk_take_date(reader, node, element, draft);
	pk_take_date(reader, node, &updated, draft);
}

/* itunes:category has its name in an attribute and finer ones below. */
static void
take_itunes_category(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	struct pk_span text =
	    pk_arena_copy(reader->arena, pk_node_attribute(node, "text"));

	reader->out_of_memory |= text.ptr == NULL;
	pk_draft_add_category(reader, draft, text);
	for (const xmlNode *child = node->children; child != NULL;
	     child = child->next) {
		if (pk_node_is(reader, child, PK_NS_ITUNES, "category"))
			take_itunes_category(reader, child, element, draft);
	}
}

/* clang-format off */
const struct pk_element pk_module_elements[] = {
	{ PK_NS_DC,         "title",       pk_take_title,    PK_FIELD_TITLE,     5, NULL },
	{ PK_NS_DC,         "creator",     pk_take_person,   PK_FIELD_AUTHOR,    7, NULL },
	{ PK_NS_DC,         "author",      pk_take_person,   PK_FIELD_AUTHOR,    3, NULL },
	{ PK_NS_DC,         "contributor", pk_take_author,   PK_FIELD_AUTHOR,    1, NULL },
	{ PK_NS_DC,         "date",        take_dc_date,     PK_FIELD_PUBLISHED, 5, NULL },
	{ PK_NS_DC,         "description", pk_take_markup,   PK_FIELD_SUMMARY,   5, NULL },
	{ PK_NS_DC,         "identifier",  pk_take_text,     PK_FIELD_ID,        3, NULL },
	{ PK_NS_DC,         "language",    pk_take_language, PK_FIELD_LANGUAGE,  5, NULL },
	{ PK_NS_DC,         "subject",     pk_take_category, PK_FIELD_ID,        1, NULL },
	{ PK_NS_DCTERMS,    "created",     pk_take_date,     PK_FIELD_PUBLISHED, 3, NULL },
	{ PK_NS_DCTERMS,    "issued",      pk_take_date,     PK_FIELD_PUBLISHED, 4, NULL },
	{ PK_NS_DCTERMS,    "modified",    pk_take_date,     PK_FIELD_UPDATED,   6, NULL },
	{ PK_NS_DCTERMS,    "abstract",    pk_take_markup,   PK_FIELD_SUMMARY,   3, NULL },
	{ PK_NS_CONTENT,    "encoded",     pk_take_markup,   PK_FIELD_CONTENT,   7, NULL },
	{ PK_NS_PORTAL,     "full-text",   pk_take_markup,   PK_FIELD_CONTENT,   6, NULL },
	{ PK_NS_PORTAL,     "fulltext",    pk_take_markup,   PK_FIELD_CONTENT,   6, NULL },
	{ PK_NS_TURBO,      "content",     pk_take_markup,   PK_FIELD_CONTENT,   5, NULL },
	{ PK_NS_XHTML,      "body",        pk_take_markup,   PK_FIELD_CONTENT,   5, NULL },
	{ PK_NS_XHTML,      "div",         pk_take_markup,   PK_FIELD_CONTENT,   4, NULL },
	{ PK_NS_MEDIA,      "title",       pk_take_title,    PK_FIELD_TITLE,     3, NULL },
	{ PK_NS_MEDIA,      "description", pk_take_markup,   PK_FIELD_SUMMARY,   2, NULL },
	{ PK_NS_MEDIA,      "keywords",    pk_take_keywords, PK_FIELD_ID,        1, NULL },
	{ PK_NS_MEDIA,      "category",    pk_take_category, PK_FIELD_ID,        1, "label" },
	{ PK_NS_MEDIA,      "content",     pk_take_enclosure, PK_FIELD_LINK,     1, "fileSize" },
	{ PK_NS_MEDIA,      "group",       pk_take_inside,   PK_FIELD_LINK,      1, NULL },
	{ PK_NS_ITUNES,     "author",      pk_take_author,   PK_FIELD_AUTHOR,    4, NULL },
	{ PK_NS_ITUNES,     "subtitle",    pk_take_markup,   PK_FIELD_SUMMARY,   3, NULL },
	{ PK_NS_ITUNES,     "summary",     pk_take_markup,   PK_FIELD_SUMMARY,   4, NULL },
	{ PK_NS_ITUNES,     "title",       pk_take_title,    PK_FIELD_TITLE,     2, NULL },
	{ PK_NS_ITUNES,     "keywords",    pk_take_keywords, PK_FIELD_ID,        1, NULL },
	{ PK_NS_ITUNES,     "category",    take_itunes_category, PK_FIELD_ID,    1, NULL },
	{ PK_NS_ITUNES,     "new-feed-url", pk_take_moved,   PK_FIELD_LINK,      1, NULL },
	{ PK_NS_SYNDICATION, "updatePeriod", pk_take_period, PK_FIELD_LINK,      1, NULL },
	{ PK_NS_SYNDICATION, "updateFrequency", pk_take_frequency, PK_FIELD_LINK, 1, NULL },
	{ PK_NS_FEEDBURNER, "origLink",    pk_take_url,      PK_FIELD_LINK,      9, NULL },
	{ .name = NULL },
};
/* clang-format on */
