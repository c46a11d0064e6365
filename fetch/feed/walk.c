/* SPDX-License-Identifier: Apache-2.0 */
/* The walk over a feed's tree: RSS, Atom, CDF, sitemaps. */
#include "fetch/feed/reader_priv.h"

#include "base/utf8.h"
#include "fetch/feed/markup.h"
#include "fetch/feed/repair.h"
#include "fetch/feed/xml.h"

#include <errno.h>
#include <stdlib.h>

/* The drafts of a whole feed. */
struct walk {
	struct pk_reader reader;
	struct pk_draft channel;
	PK_ARRAY(struct pk_draft) entries;
	PK_ARRAY(struct pk_feed_part) parts;
	size_t n_refused;

	/* of a sitemap that is too long, the youngest entries are kept */
	bool is_too_long;
	int64_t oldest;   /* of those that are kept */
	size_t at_oldest; /* so many of them may be as old as that */
};

/* rdf:about names an entry of RSS 1.0, xml:lang the language of all. */
static void
take_attributes(struct pk_reader *reader, const xmlNode *node, struct pk_draft *draft)
{
	const struct pk_element about = { .field = PK_FIELD_ID, .rank = 2 };
	const struct pk_element lang = { .field = PK_FIELD_LANGUAGE, .rank = 1 };
	bool is_rdf =
	    reader->format == PK_FEED_RSS090 || reader->format == PK_FEED_RSS10;

	if (reader->home == PK_NS_CDF)
		pk_cdf_attributes(reader, node, draft);
	for (const xmlAttr *a = node->properties; a != NULL; a = a->next) {
		/* the first RDF had its attributes without a prefix */
		if ((a->ns == NULL && !is_rdf) || a->children == NULL)
			continue;
		bool is_xml =
		    a->ns != NULL && xmlStrEqual(a->ns->href, XML_XML_NAMESPACE);
		const struct pk_element *element =
		    xmlStrEqual(a->name, (const xmlChar *)"about")            ? &about
		    : is_xml && xmlStrEqual(a->name, (const xmlChar *)"lang") ? &lang
									      : NULL;
		if (element == NULL)
			continue;
		struct pk_span value =
		    pk_span_trim(pk_span_of((const char *)a->children->content));
		if (element == &lang)
			value = pk_language_tag(reader, value);
		else
			value = pk_arena_copy(reader->arena, value);
		reader->out_of_memory |= value.ptr == NULL;
		pk_draft_set(reader, draft, element, value, true);
	}
}

static bool
is_entry(const struct pk_reader *reader, const xmlNode *node)
{
	return pk_node_is(reader, node, PK_NS_RSS, "item") ||
	       pk_node_is(reader, node, PK_NS_ATOM, "entry") ||
	       pk_node_is(reader, node, PK_NS_CDF, "item") ||
	       pk_node_is(reader, node, PK_NS_SITEMAP, "url");
}

static struct pk_draft *
walk_entry(struct walk *walk, const xmlNode *node)
{
	struct pk_reader *reader = &walk->reader;
	struct pk_feed_hints *hints = reader->hints;

	if (walk->entries.len == PK_FEED_ENTRIES_MAX) {
		walk->n_refused++;
		return NULL;
	}
	struct pk_draft *draft = pk_array_push(reader->arena, &walk->entries);
	if (draft == NULL) {
		reader->out_of_memory = true;
		return NULL;
	}
	reader->hints = NULL;
	take_attributes(reader, node, draft);
	for (const xmlNode *child = node->children; child != NULL; child = child->next)
		pk_take_element(reader, child, draft);
	reader->hints = hints;
	return draft;
}

static void
walk_part(struct walk *walk, const xmlNode *node)
{
	if (walk->parts.len == PK_FEED_ENTRIES_MAX) {
		walk->n_refused++;
		return;
	}
	struct pk_feed_part *part = pk_array_push(walk->reader.arena, &walk->parts);
	walk->reader.out_of_memory |= part == NULL;
	if (part == NULL)
		return;
	pk_sitemap_part(&walk->reader, node, part);
	if (part->url.len == 0)
		walk->parts.len--;
}

/* When a <url> was changed, or published; one that does not say is the oldest. */
static int64_t
time_of_url(struct pk_reader *reader, const xmlNode *node)
{
	struct pk_draft draft = { .rank = { 0 } };

	for (const xmlNode *child = node->children; child != NULL;
	     child = child->next) {
		if (pk_node_is(reader, child, PK_NS_SITEMAP, "lastmod") ||
		    pk_node_is(reader, child, PK_NS_NEWS, "news"))
			pk_take_element(reader, child, &draft);
	}
	for (int field = PK_FIELD_PUBLISHED; field <= PK_FIELD_UPDATED; field++) {
		if (draft.time[field].known)
			return draft.time[field].time_s;
	}
	return INT64_MIN;
}

static int
by_age(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x < *y) - (*x > *y);
}

/* A sitemap may have 50 000 addresses, and its news at either end. */
static void
limit_urls(struct walk *walk, const xmlNode *root)
{
	struct pk_reader *reader = &walk->reader;
	size_t n = 0, kept = 0;

	for (const xmlNode *child = root->children; child != NULL; child = child->next)
		n += pk_node_is(reader, child, PK_NS_SITEMAP, "url");
	if (n <= PK_FEED_ENTRIES_MAX)
		return;
	int64_t *times = pk_arena_calloc(reader->arena, n, sizeof(*times));
	reader->out_of_memory |= times == NULL;
	if (times == NULL)
		return;
	n = 0;
	for (const xmlNode *child = root->children; child != NULL;
	     child = child->next) {
		if (pk_node_is(reader, child, PK_NS_SITEMAP, "url"))
			times[n++] = time_of_url(reader, child);
	}
	qsort(times, n, sizeof(*times), by_age);
	walk->is_too_long = true;
	walk->oldest = times[PK_FEED_ENTRIES_MAX - 1];
	while (times[kept] > walk->oldest)
		kept++;
	walk->at_oldest = PK_FEED_ENTRIES_MAX - kept;
}

static bool
is_kept(struct walk *walk, const xmlNode *node)
{
	if (!walk->is_too_long)
		return true;
	int64_t time_s = time_of_url(&walk->reader, node);
	if (time_s == walk->oldest && walk->at_oldest > 0) {
		walk->at_oldest--;
		return true;
	}
	return time_s > walk->oldest;
}

/* A channel within the channel of CDF is a heading for the items in it. */
static void
walk_heading(struct walk *walk, const xmlNode *node)
{
	struct pk_draft heading = { .rank = { 0 } };
	struct pk_reader *reader = &walk->reader;

	for (const xmlNode *child = node->children;
	     child != NULL && !reader->out_of_memory; child = child->next) {
		if (pk_node_is(reader, child, PK_NS_CDF, "channel")) {
			walk_heading(walk, child);
			continue;
		}
		if (!is_entry(reader, child)) {
			pk_take_element(reader, child, &heading);
			continue;
		}
		struct pk_draft *draft = walk_entry(walk, child);
		if (draft != NULL)
			pk_draft_add_category(
			    reader, draft, heading.text[PK_FIELD_TITLE]);
	}
}

/* The channel of RSS lies one level down, with or beside its items. */
static void
walk_channel(struct walk *walk, const xmlNode *node)
{
	struct pk_reader *reader = &walk->reader;

	take_attributes(reader, node, reader->channel);
	for (const xmlNode *child = node->children;
	     child != NULL && !reader->out_of_memory; child = child->next) {
		if (child->type != XML_ELEMENT_NODE)
			continue;
		if (is_entry(reader, child) && is_kept(walk, child))
			walk_entry(walk, child);
		else if (is_entry(reader, child))
			walk->n_refused++;
		else if (pk_node_is(reader, child, PK_NS_RSS, "channel") ||
			 pk_node_is(reader, child, PK_NS_RSS, "items"))
			walk_channel(walk, child);
		else if (pk_node_is(reader, child, PK_NS_CDF, "channel"))
			walk_heading(walk, child);
		else if (pk_node_is(reader, child, PK_NS_SITEMAP, "sitemap"))
			walk_part(walk, child);
		else
			pk_take_element(reader, child, reader->channel);
	}
}

static void
finish_entry(const struct pk_draft *draft, const struct pk_draft *channel,
    bool inherit_author, struct pk_feed_entry *ret_entry)
{
	struct pk_span author = draft->text[PK_FIELD_AUTHOR];

	*ret_entry = (struct pk_feed_entry){
		.id = draft->text[PK_FIELD_ID],
		.title = draft->text[PK_FIELD_TITLE],
		.link = draft->text[PK_FIELD_LINK],
		.author = author.len == 0 && inherit_author
			      ? channel->text[PK_FIELD_AUTHOR]
			      : author,
		.published = draft->time[PK_FIELD_PUBLISHED],
		.updated = draft->time[PK_FIELD_UPDATED],
		.summary = draft->text[PK_FIELD_SUMMARY],
		.content = draft->text[PK_FIELD_CONTENT],
		.categories = draft->categories.items,
		.n_categories = draft->categories.len,
		.enclosures = draft->enclosures.items,
		.n_enclosures = draft->enclosures.len,
	};
	/* a podcast's episode without page and name is its recording */
	if (ret_entry->id.len == 0 && ret_entry->link.len == 0 &&
	    draft->enclosures.len > 0)
		ret_entry->id = draft->enclosures.items[0].url;
}

/* Has it a text, a name or an address? */
static bool
says_something(const struct pk_draft *draft)
{
	static const enum pk_field fields[] = { PK_FIELD_ID, PK_FIELD_TITLE,
		PK_FIELD_LINK, PK_FIELD_SUMMARY, PK_FIELD_CONTENT };

	for (size_t i = 0; i < PK_COUNT(fields); i++) {
		if (draft->text[fields[i]].len > 0)
			return true;
	}
	return draft->enclosures.len > 0;
}

int
pk_feed_fill(struct pk_reader *reader, const struct pk_draft *entries, size_t n_entries,
    struct pk_feed *feed)
{
	struct pk_arena *arena = reader->arena;
	const struct pk_draft *channel = reader->channel;
	bool is_atom = reader->home == PK_NS_ATOM;

	feed->title = channel->text[PK_FIELD_TITLE];
	feed->link = channel->text[PK_FIELD_LINK];
	feed->id = channel->text[PK_FIELD_ID];
	feed->subtitle = channel->text[PK_FIELD_SUMMARY];
	feed->language = channel->text[PK_FIELD_LANGUAGE];
	feed->updated = channel->time[PK_FIELD_UPDATED];
	if (!feed->updated.known)
		feed->updated = channel->time[PK_FIELD_PUBLISHED];
	feed->entries = pk_arena_calloc(arena, n_entries + 1, sizeof(*feed->entries));
	if (feed->entries == NULL)
		return -ENOMEM;
	/* among others an entry that says nothing is none; alone it may be one */
	bool one_says = false;
	for (size_t i = 0; i < n_entries; i++)
		one_says |= says_something(&entries[i]);
	for (size_t i = 0; i < n_entries; i++) {
		if (!one_says || says_something(&entries[i]))
			finish_entry(&entries[i], channel, is_atom,
			    &feed->entries[feed->n_entries++]);
	}
	return 0;
}

static int
finish(struct walk *walk, struct pk_feed *feed)
{
	pk_hints_finish(&walk->reader, &feed->hints);
	feed->n_refused = walk->n_refused;
	feed->parts = walk->parts.items;
	feed->n_parts = walk->parts.len;
	return pk_feed_fill(
	    &walk->reader, walk->entries.items, walk->entries.len, feed);
}

static enum pk_ns
home_of(enum pk_feed_format format)
{
	switch ((int)format) {
	case PK_FEED_ATOM03:
	case PK_FEED_ATOM10:
		return PK_NS_ATOM;
	case PK_FEED_CDF:
		return PK_NS_CDF;
	case PK_FEED_SITEMAP:
		return PK_NS_SITEMAP;
	default:
		return PK_NS_RSS;
	}
}

/* Is one of the namespaces that the root declares the format's own? */
static bool
declares_home(const struct pk_reader *reader, const xmlNode *root)
{
	for (xmlNs *ns = root->nsDef; ns != NULL; ns = ns->next) {
		if (ns->href != NULL && pk_ns_of(reader, ns) == reader->home)
			return true;
	}
	return false;
}

/*
 * What elements without a namespace belong to, or with the one that the root has: its
 * name has said what it is, so its namespace is the format's, also where it is called
 * by another's address. The root of RDF has one of its own; there it is the one without
 * a prefix, where none is the format's.
 */
static void
settle_home(struct pk_reader *reader, const xmlNode *root)
{
	xmlNs *own = root->ns;

	reader->home = home_of(reader->format);
	if (own != NULL && pk_ns_of(reader, own) == PK_NS_RDF) {
		own = declares_home(reader, root) ? NULL : root->nsDef;
		while (own != NULL && own->prefix != NULL)
			own = own->next;
	}
	if (own == NULL || pk_ns_of(reader, own) == reader->home)
		return;
	if (pk_ns_of(reader, own) == PK_NS_UNKNOWN)
		reader->home_uri = own->href;
	pk_ns_set(own, reader->home);
}

/* What has no address is no page. */
static void
drop_homeless(struct walk *walk)
{
	size_t kept = 0;

	for (size_t i = 0; i < walk->entries.len; i++) {
		if (walk->entries.items[i].text[PK_FIELD_LINK].len > 0)
			walk->entries.items[kept++] = walk->entries.items[i];
	}
	walk->entries.len = kept;
}

static int
read_tree(struct walk *walk, const xmlNode *root, bool drop_last, struct pk_feed *feed)
{
	settle_home(&walk->reader, root);
	if (walk->reader.home == PK_NS_SITEMAP)
		limit_urls(walk, root);
	if (is_entry(&walk->reader, root))
		walk_entry(walk, root);
	else
		walk_channel(walk, root);
	if (walk->reader.out_of_memory)
		return -ENOMEM;
	if (drop_last && walk->entries.len > 0)
		walk->entries.len--;
	else if (drop_last && walk->parts.len > 0)
		walk->parts.len--;
	if (walk->reader.home == PK_NS_SITEMAP)
		drop_homeless(walk);
	return finish(walk, feed);
}

int
pk_read_xml(struct pk_arena *arena, struct pk_span text,
    const struct pk_feed_context *context, struct pk_feed *feed)
{
	pk_cleanup(pk_repaired_done) struct pk_repaired repaired = { .cut = false };
	pk_cleanup(pk_xml_docp) xmlDoc *doc = NULL;
	struct walk walk = {
		.reader = {
			.arena = arena,
			.context = context,
			.url = context->url,
			.format = feed->format,
			.hints = &feed->hints,
		},
	};
	bool broken;

	walk.reader.channel = &walk.channel;
	int r = pk_xml_repair(text, &repaired);
	if (r < 0)
		return r;
	r = pk_xml_parse(pk_buf_span(&repaired.text), &doc, &broken);
	if (r < 0)
		return r;
	walk.reader.kept = repaired.kept;
	walk.reader.n_kept = repaired.n_kept;
	walk.reader.has_base = repaired.has_base;
	feed->partial = repaired.cut || broken;
	return read_tree(
	    &walk, xmlDocGetRootElement(doc), repaired.cut_in_an_entry, feed);
}
