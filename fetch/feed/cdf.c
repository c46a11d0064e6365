/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channel Definition Format (W3C note of 1997): the elements of channel and item. Much
 * of what others say in elements stands in attributes here.
 */
#include "fetch/feed/reader_priv.h"

#include "base/url.h"
#include "fetch/feed/markup.h"

void
pk_cdf_attributes(struct pk_reader *reader, const xmlNode *node, struct pk_draft *draft)
{
	const struct pk_element link = { PK_NS_CDF, "HREF", NULL, PK_FIELD_LINK, 7,
		NULL };
	const struct pk_element changed = { PK_NS_CDF, "LASTMOD", NULL,
		PK_FIELD_UPDATED, 7, NULL };
	struct pk_span base = pk_node_attribute(node, "BASE"), url;

	if (base.len > 0 && pk_url_resolve(reader->arena, reader->url, base, &url) == 0)
		reader->url = url;
	pk_draft_set(reader, draft, &link,
	    pk_node_url(reader, node, pk_node_attribute(node, "HREF")), true);
	pk_draft_set_time(reader, draft, &changed, pk_node_attribute(node, "LASTMOD"));
}

/* <TITLE VALUE="...">, in the first version of the format. */
static struct pk_span
value_of(struct pk_reader *reader, const xmlNode *node)
{
	struct pk_span value = pk_node_attribute(node, "VALUE");

	if (value.len == 0)
		return value;
	value = pk_arena_copy(reader->arena, value);
	reader->out_of_memory |= value.ptr == NULL;
	return value;
}

static void
take_title(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	pk_take_title(reader, node, element, draft);
	pk_draft_set(reader, draft, element,
	    pk_title_to_text(reader->arena, value_of(reader, node)), true);
}

static void
take_abstract(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	pk_take_markup(reader, node, element, draft);
	pk_draft_set(reader, draft, element, value_of(reader, node), false);
}

/* <A HREF="...">, for an HREF at the element itself. */
static void
take_anchor(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	pk_draft_set(reader, draft, element,
	    pk_node_url(reader, node, pk_node_attribute(node, "HREF")), true);
}

/* A picture of the item; that of the channel is no news. */
static void
take_logo(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	const struct pk_span unknown = { NULL, 0 };

	(void)element;
	if (draft != reader->channel)
		pk_draft_add_enclosure(reader, draft,
		    pk_node_url(reader, node, pk_node_attribute(node, "HREF")), unknown,
		    unknown);
}

/* <SCHEDULE><INTERVALTIME DAY="1" HOUR="2" MIN="30"/></SCHEDULE>. */
static void
take_schedule(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	static const struct unit {
		const char *name;
		int64_t seconds;
	} units[] = { { "DAY", 86400 }, { "HOUR", 3600 }, { "MIN", 60 } };
	int64_t count, seconds = 0;

	(void)draft;
	for (const xmlNode *child = node->children;
	     child != NULL && reader->hints != NULL; child = child->next) {
		if (!pk_node_is(reader, child, element->ns, "INTERVALTIME"))
			continue;
		for (size_t i = 0; i < PK_COUNT(units); i++) {
			struct pk_span text = pk_node_attribute(child, units[i].name);
			if (pk_span_to_int64(text, &count) == 0 && count > 0 &&
			    count < 100000)
				seconds += count * units[i].seconds;
		}
		reader->hints->period_s = seconds;
	}
}

/* clang-format off */
const struct pk_element pk_cdf_elements[] = {
	{ PK_NS_CDF, "title",    take_title,     PK_FIELD_TITLE,   7, NULL },
	{ PK_NS_CDF, "abstract", take_abstract,  PK_FIELD_SUMMARY, 7, NULL },
	{ PK_NS_CDF, "a",        take_anchor,    PK_FIELD_LINK,    5, NULL },
	{ PK_NS_CDF, "logo",     take_logo,      PK_FIELD_LINK,    1, NULL },
	{ PK_NS_CDF, "schedule", take_schedule,  PK_FIELD_LINK,    1, NULL },
	{ .name = NULL },
};
/* clang-format on */
