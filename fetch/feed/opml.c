/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/feed/opml.h"

#include "base/charset.h"
#include "base/cleanup.h"
#include "base/map.h"
#include "base/url.h"
#include "base/utf8.h"
#include "fetch/feed/formats_priv.h"
#include "fetch/feed/markup.h"
#include "fetch/feed/repair.h"
#include "fetch/feed/xml.h"

#include <errno.h>
#include <strings.h>

#define TITLE_MAX ((size_t)1000)

struct reading {
	struct pk_arena *arena;
	struct pk_reader reader; /* for texts alone */
	struct pk_map *seen;     /* canonical addresses */
	struct pk_span title;
	PK_ARRAY(struct pk_opml_group) groups;
	PK_ARRAY(struct pk_opml_feed) feeds;
	PK_ARRAY(struct pk_opml_left) left;
};

static bool
is_named(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE &&
	       strcasecmp((const char *)node->name, name) == 0;
}

static struct pk_span
plain(struct reading *reading, struct pk_span text)
{
	text = pk_draft_copy(&reading->reader, text);
	if (text.len == 0)
		return text;
	struct pk_span out = pk_markup_to_text(reading->arena, text);
	reading->reader.out_of_memory |= out.ptr == NULL;
	return pk_utf8_prefix(out, TITLE_MAX);
}

static struct pk_span
title_of(struct reading *reading, const xmlNode *node)
{
	struct pk_span title = pk_node_attribute(node, "title");

	return plain(reading, title.len > 0 ? title : pk_node_attribute(node, "text"));
}

static void
leave_out(struct reading *reading, struct pk_span what, const char *why)
{
	struct pk_opml_left *left = pk_array_push(reading->arena, &reading->left);

	reading->reader.out_of_memory |= left == NULL;
	if (left != NULL)
		*left = (struct pk_opml_left){ plain(reading, what), why };
}

/* The address of the feed in an outline; absent where it is no feed. */
static struct pk_span
address_of(const xmlNode *node)
{
	static const char *const types[] = { "rss", "atom", "feed", "rdf" };
	struct pk_span url = pk_node_attribute(node, "xmlUrl");
	struct pk_span type = pk_node_attribute(node, "type");

	for (size_t i = 0; url.len == 0 && i < PK_COUNT(types); i++) {
		if (pk_span_eq_nocase(type, pk_span_of(types[i])))
			url = pk_node_attribute(node, "url");
	}
	return url;
}

/* "feed:https://..." and "feed://..." are what browsers once told readers by. */
static struct pk_span
without_feed_scheme(struct pk_arena *arena, struct pk_span url)
{
	if (!pk_span_starts_with_nocase(url, PK_SPAN("feed:")))
		return url;
	url = pk_span_slice(url, 5, url.len);
	return pk_span_starts_with(url, PK_SPAN("//"))
		   ? pk_arena_printf(arena, "http:%.*s", PK_SPAN_ARG(url))
		   : url;
}

static void
add_feed(
    struct reading *reading, const xmlNode *node, struct pk_span address, size_t group)
{
	struct pk_arena *arena = reading->arena;
	const struct pk_span none = { NULL, 0 };
	struct pk_span url = none, canonical = none, site;

	int r = pk_url_resolve(arena, none, without_feed_scheme(arena, address), &url);
	if (r == 0)
		r = pk_url_canonical(arena, url, &canonical);
	if (r < 0) {
		reading->reader.out_of_memory |= r == -ENOMEM;
		leave_out(reading, address, "its address is not one of http or https");
		return;
	}
	if (pk_map_get(reading->seen, canonical) != NULL) {
		leave_out(reading, address, "it is there already");
		return;
	}
	if (reading->feeds.len == PK_OPML_FEEDS_MAX) {
		leave_out(reading, address, "there are too many");
		return;
	}
	struct pk_opml_feed *feed = pk_array_push(arena, &reading->feeds);
	if (feed == NULL ||
	    pk_map_set(reading->seen, canonical, (void *)(uintptr_t)1) < 0) {
		reading->reader.out_of_memory = true;
		return;
	}
	*feed = (struct pk_opml_feed){ .url = url,
		.title = title_of(reading, node),
		.language = pk_draft_copy(
		    &reading->reader, pk_node_attribute(node, "language")),
		.group = group };
	if (pk_url_resolve(arena, none, pk_node_attribute(node, "htmlUrl"), &site) == 0)
		feed->site = site;
}

static size_t
add_group(struct reading *reading, const xmlNode *node, size_t parent)
{
	struct pk_span title = title_of(reading, node);

	if (title.len == 0 || reading->groups.len == PK_OPML_GROUPS_MAX)
		return parent;
	struct pk_opml_group *group = pk_array_push(reading->arena, &reading->groups);
	reading->reader.out_of_memory |= group == NULL;
	if (group == NULL)
		return parent;
	*group = (struct pk_opml_group){ title, parent };
	return reading->groups.len - 1;
}

/* Recursion ends with the depth that the repair leaves. */
static void
read_outlines(struct reading *reading, const xmlNode *parent, size_t group)
{
	for (const xmlNode *node = parent->children;
	     node != NULL && !reading->reader.out_of_memory; node = node->next) {
		if (node->type != XML_ELEMENT_NODE)
			continue;
		struct pk_span address = address_of(node);
		size_t inner = group;
		if (address.len > 0)
			add_feed(reading, node, address, group);
		else if (is_named(node, "outline") && node->children != NULL)
			inner = add_group(reading, node, group);
		else if (is_named(node, "title") && reading->title.len == 0)
			reading->title =
			    plain(reading, pk_node_text(&reading->reader, node));
		read_outlines(reading, node, inner);
	}
}

static int
read_root(struct reading *reading, const xmlNode *root, struct pk_opml *ret_opml)
{
	/* a list that lost its root is one, if it has feeds */
	bool is_opml = is_named(root, "opml");

	if (!is_opml && !is_named(root, "body") && !is_named(root, "outline"))
		return -EBADMSG;
	read_outlines(reading, root, PK_OPML_NO_GROUP);
	if (reading->reader.out_of_memory)
		return -ENOMEM;
	if (!is_opml && reading->feeds.len == 0)
		return -EBADMSG;
	*ret_opml = (struct pk_opml){
		.title = reading->title,
		.groups = reading->groups.items,
		.n_groups = reading->groups.len,
		.feeds = reading->feeds.items,
		.n_feeds = reading->feeds.len,
		.left = reading->left.items,
		.n_left = reading->left.len,
	};
	return 0;
}

/* Without the tag that is cut off at the end: half an address is another address. */
static struct pk_span
without_half_tag(struct pk_span text)
{
	const char *open = text.len == 0 ? NULL : memrchr(text.ptr, '<', text.len);
	size_t at = open == NULL ? 0 : (size_t)(open - text.ptr);

	if (open == NULL || memchr(open, '>', text.len - at) != NULL)
		return text;
	return pk_span_slice(text, 0, at);
}

int
pk_opml_parse(struct pk_arena *arena, struct pk_span bytes, struct pk_opml *ret_opml)
{
	pk_cleanup(pk_repaired_done) struct pk_repaired repaired = { .cut = false };
	pk_cleanup(pk_xml_docp) xmlDoc *doc = NULL;
	pk_cleanup(pk_map_freep) struct pk_map *seen = pk_map_new();
	struct reading reading = { .arena = arena, .seen = seen };
	struct pk_span text;
	bool broken;

	if (bytes.len > PK_OPML_BYTES_MAX)
		return -E2BIG;
	if (seen == NULL)
		return -ENOMEM;
	reading.reader.arena = arena;
	int r = pk_charset_to_utf8(arena, bytes, (struct pk_span){ NULL, 0 },
	    PK_CHARSET_LABEL_XML, &text, NULL);
	if (r == 0)
		r = pk_xml_repair(without_half_tag(text), &repaired);
	if (r == 0)
		r = pk_xml_parse(pk_buf_span(&repaired.text), &doc, &broken);
	if (r == 0)
		r = read_root(&reading, xmlDocGetRootElement(doc), ret_opml);
	if (r == 0)
		ret_opml->partial = repaired.cut || broken;
	return r;
}

/* ---- writing -------------------------------------------------------------------- */

struct writing {
	const struct pk_opml *opml;
	struct pk_buf *out;
	/* of a group, and of none behind the last: its first group and feed; of each of
	 * those the next; counted from 1, 0 is none */
	size_t *first_group, *next_group, *first_feed, *next_feed;
	int error;
};

static void
put(struct writing *w, const char *text)
{
	if (w->error == 0)
		w->error = pk_buf_append(w->out, pk_span_of(text));
}

/* XML has no place for control characters. */
static void
put_escaped(struct writing *w, struct pk_span text)
{
	for (size_t i = 0; i < text.len && w->error == 0; i++) {
		char c = text.ptr[i];
		if (c == '&')
			put(w, "&amp;");
		else if (c == '<')
			put(w, "&lt;");
		else if (c == '>')
			put(w, "&gt;");
		else if (c == '"')
			put(w, "&quot;");
		else
			w->error = pk_buf_append_char(
			    w->out, (unsigned char)c < ' ' ? ' ' : c);
	}
}

static void
put_attribute(struct writing *w, const char *name, struct pk_span value)
{
	if (value.len == 0)
		return;
	put(w, " ");
	put(w, name);
	put(w, "=\"");
	put_escaped(w, value);
	put(w, "\"");
}

static void
put_feed(struct writing *w, const struct pk_opml_feed *feed)
{
	put(w, "<outline type=\"rss\"");
	put_attribute(w, "text", feed->title.len > 0 ? feed->title : feed->url);
	put_attribute(w, "title", feed->title);
	put_attribute(w, "xmlUrl", feed->url);
	put_attribute(w, "htmlUrl", feed->site);
	put_attribute(w, "language", feed->language);
	put(w, "/>\n");
}

/* What lies in a group, and the groups within, without recursion: up by the parents. */
static void
put_group(struct writing *w, size_t group)
{
	const struct pk_opml *opml = w->opml;
	size_t at = group, next;

	for (;;) {
		for (next = w->first_feed[at]; next > 0; next = w->next_feed[next - 1])
			put_feed(w, &opml->feeds[next - 1]);
		next = w->first_group[at];
		while (next == 0 && at != group) {
			put(w, "</outline>\n");
			next = w->next_group[at];
			size_t parent = opml->groups[at].parent;
			at = parent < at ? parent : opml->n_groups;
		}
		if (next == 0 || w->error < 0)
			return;
		at = next - 1;
		put(w, "<outline");
		put_attribute(w, "text", opml->groups[at].title);
		put(w, ">\n");
	}
}

/* From the last to the first, so that the lists come out in order. */
static int
link_up(struct pk_arena *arena, struct writing *w)
{
	const struct pk_opml *opml = w->opml;
	size_t n = opml->n_groups + 1;

	w->first_group = pk_arena_calloc(arena, n, sizeof(size_t));
	w->next_group = pk_arena_calloc(arena, n, sizeof(size_t));
	w->first_feed = pk_arena_calloc(arena, n, sizeof(size_t));
	w->next_feed = pk_arena_calloc(arena, opml->n_feeds + 1, sizeof(size_t));
	if (w->first_group == NULL || w->next_group == NULL || w->first_feed == NULL ||
	    w->next_feed == NULL)
		return -ENOMEM;
	for (size_t i = opml->n_groups; i-- > 0;) {
		size_t parent = opml->groups[i].parent;
		size_t *first = &w->first_group[parent < i ? parent : opml->n_groups];
		w->next_group[i] = *first;
		*first = i + 1;
	}
	for (size_t i = opml->n_feeds; i-- > 0;) {
		size_t group = opml->feeds[i].group;
		size_t *first =
		    &w->first_feed[group < opml->n_groups ? group : opml->n_groups];
		w->next_feed[i] = *first;
		*first = i + 1;
	}
	return 0;
}

int
pk_opml_write(struct pk_arena *arena, const struct pk_opml *opml, struct pk_buf *out)
{
	struct writing w = { .opml = opml, .out = out };

	w.error = link_up(arena, &w);
	if (w.error < 0)
		return w.error;
	put(&w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<opml version=\"2.0\">\n<head>\n<title>");
	put_escaped(&w, opml->title);
	put(&w, "</title>\n</head>\n<body>\n");
	put_group(&w, opml->n_groups);
	put(&w, "</body>\n</opml>\n");
	return w.error;
}
