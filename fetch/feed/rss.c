/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RSS 0.90 to 2.0 and RSS 1.0 (RDF): the elements of channel and item. What other
 * namespaces add to them stands in modules.c.
 */
#include "fetch/feed/reader_priv.h"

/*
 * A guid names the entry; it is the article's address too, unless it says that it is
 * not (RSS 2.0). Many that do not say so are no addresses, which resolving finds out.
 */
static void
take_guid(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	struct pk_span guid = pk_node_text(reader, node);
	struct pk_span is_link = pk_node_attribute(node, "isPermaLink");
	struct pk_element link = { .field = PK_FIELD_LINK, .rank = element->rank };

	pk_draft_set(reader, draft, element, guid, true);
	if (!pk_span_eq_nocase(is_link, PK_SPAN("false")) &&
	    !pk_span_eq(is_link, PK_SPAN("0")) &&
	    !pk_span_eq_nocase(is_link, PK_SPAN("no")) &&
	    pk_span_starts_with_nocase(guid, PK_SPAN("http")))
		pk_draft_set(
		    reader, draft, &link, pk_node_url(reader, node, guid), true);
}

/* <link> with its text; some write it as Atom does. */
static void
take_link(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	if (node->children == NULL && pk_node_attribute(node, "href").len > 0)
		pk_take_atom_link(reader, node, element, draft);
	else
		pk_take_url(reader, node, element, draft);
}

/* A description and a summary: the first is the summary, and the other one, which says
 * it at length or once more, the content if there is none. */
static void
take_description(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	struct pk_element place = *element;

	if (draft->rank[PK_FIELD_SUMMARY] == element->rank) {
		place.field = PK_FIELD_CONTENT;
		place.rank = 1;
	}
	pk_take_markup(reader, node, &place, draft);
}

/* clang-format off */
const struct pk_element pk_rss_elements[] = {
	{ PK_NS_RSS, "title",          pk_take_title,    PK_FIELD_TITLE,     9, NULL },
	{ PK_NS_RSS, "link",           take_link,        PK_FIELD_LINK,      7, NULL },
	{ PK_NS_RSS, "guid",           take_guid,        PK_FIELD_ID,        5, NULL },
	{ PK_NS_RSS, "description",    take_description, PK_FIELD_SUMMARY,   7, NULL },
	{ PK_NS_RSS, "summary",        take_description, PK_FIELD_SUMMARY,   7, NULL },
	{ PK_NS_RSS, "abstract",       pk_take_markup,   PK_FIELD_SUMMARY,   3, NULL },
	{ PK_NS_RSS, "fullitem",       pk_take_markup,   PK_FIELD_CONTENT,   3, NULL },
	{ PK_NS_RSS, "body",           pk_take_markup,   PK_FIELD_CONTENT,   2, NULL },
	{ PK_NS_RSS, "author",         pk_take_person,   PK_FIELD_AUTHOR,    5, NULL },
	{ PK_NS_RSS, "pubDate",        pk_take_date,     PK_FIELD_PUBLISHED, 7, NULL },
	{ PK_NS_RSS, "lastBuildDate",  pk_take_date,     PK_FIELD_UPDATED,   7, NULL },
	/* what other formats call it, where somebody made up a feed by hand */
	{ PK_NS_RSS, "published",      pk_take_date,     PK_FIELD_PUBLISHED, 6, NULL },
	{ PK_NS_RSS, "issued",         pk_take_date,     PK_FIELD_PUBLISHED, 5, NULL },
	{ PK_NS_RSS, "date",           pk_take_date,     PK_FIELD_PUBLISHED, 4, NULL },
	{ PK_NS_RSS, "created",        pk_take_date,     PK_FIELD_PUBLISHED, 3, NULL },
	{ PK_NS_RSS, "updated",        pk_take_date,     PK_FIELD_UPDATED,   6, NULL },
	{ PK_NS_RSS, "modified",       pk_take_date,     PK_FIELD_UPDATED,   5, NULL },
	{ PK_NS_RSS, "lastmod",        pk_take_date,     PK_FIELD_UPDATED,   4, NULL },
	{ PK_NS_RSS, "content",        pk_take_markup,   PK_FIELD_CONTENT,   4, NULL },
	{ PK_NS_RSS, "encoded",        pk_take_markup,   PK_FIELD_CONTENT,   4, NULL },
	{ PK_NS_RSS, "id",             pk_take_text,     PK_FIELD_ID,        2, NULL },
	{ PK_NS_RSS, "url",            pk_take_url,      PK_FIELD_LINK,      3, NULL },
	{ PK_NS_RSS, "language",       pk_take_language, PK_FIELD_LANGUAGE,  7, NULL },
	{ PK_NS_RSS, "category",       pk_take_category, PK_FIELD_ID,        1, NULL },
	{ PK_NS_RSS, "tags",           pk_take_keywords, PK_FIELD_ID,        1, NULL },
	{ PK_NS_RSS, "keywords",       pk_take_keywords, PK_FIELD_ID,        1, NULL },
	{ PK_NS_RSS, "enclosure",      pk_take_enclosure, PK_FIELD_LINK,     1, "length" },
	{ PK_NS_RSS, "ttl",            pk_take_ttl,      PK_FIELD_LINK,      1, NULL },
	{ PK_NS_RSS, "skipHours",      pk_take_skip_hours, PK_FIELD_LINK,    1, NULL },
	{ PK_NS_RSS, "skipDays",       pk_take_skip_days, PK_FIELD_LINK,     1, NULL },
	{ PK_NS_RSS, "newLocation",    pk_take_moved,    PK_FIELD_LINK,      1, NULL },
	{ .name = NULL },
};
/* clang-format on */
