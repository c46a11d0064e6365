/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the tree: names, texts, attributes, addresses. */
#include "fetch/feed/reader_priv.h"

#include "base/charset.h"
#include "base/cleanup.h"
#include "base/heap.h"
#include "base/url.h"

#include <errno.h>
#include <strings.h>

/* Deeper chains of xml:base are not followed. */
#define BASES_MAX 8

/* clang-format off */
static const struct namespace {
	const char *uri; /* of which the stem counts, whatever its case */
	enum pk_ns ns;
} namespaces[] = {
	{ "http://www.w3.org/2005/Atom", PK_NS_ATOM },
	{ "http://purl.org/atom/ns#", PK_NS_ATOM },
	{ "http://example.com/newformat#", PK_NS_ATOM },
	{ "http://example.com/necho", PK_NS_ATOM },
	{ "http://purl.org/echo/", PK_NS_ATOM },
	{ "uri/of/echo/namespace#", PK_NS_ATOM },
	{ "http://purl.org/pie/", PK_NS_ATOM },
	{ "http://purl.org/rss/1.0/", PK_NS_RSS },
	{ "http://my.netscape.com/rdf/simple/0.9/", PK_NS_RSS },
	{ "http://channel.netscape.com/rdf/simple/0.9/", PK_NS_RSS },
	{ "http://my.netscape.com/publish/formats/rss-0.91.dtd", PK_NS_RSS },
	{ "http://backend.userland.com/rss", PK_NS_RSS },
	{ "http://backend.userland.com/rss2", PK_NS_RSS },
	{ "http://blogs.law.harvard.edu/tech/rss", PK_NS_RSS },
	{ "http://cyber.law.harvard.edu/rss/rss.html", PK_NS_RSS },
	{ "http://purl.org/net/rss1.1#", PK_NS_RSS },
	{ "http://www.w3.org/1999/02/22-rdf-syntax-ns#", PK_NS_RDF },
	{ "http://purl.org/dc/elements/1.1/", PK_NS_DC },
	{ "http://purl.org/dc/elements/1.0/", PK_NS_DC },
	{ "http://purl.org/dc/terms/", PK_NS_DCTERMS },
	{ "http://purl.org/rss/1.0/modules/content/", PK_NS_CONTENT },
	{ "http://search.yahoo.com/mrss/", PK_NS_MEDIA },
	{ "http://www.itunes.com/dtds/podcast-1.0.dtd", PK_NS_ITUNES },
	{ "http://example.com/dtds/podcast-1.0.dtd", PK_NS_ITUNES },
	{ "http://rssnamespace.org/feedburner/ext/1.0", PK_NS_FEEDBURNER },
	{ "http://www.pheedo.com/namespace/pheedo", PK_NS_FEEDBURNER },
	{ "http://www.w3.org/1999/xhtml", PK_NS_XHTML },
	{ "http://purl.org/rss/1.0/modules/syndication/", PK_NS_SYNDICATION },
	{ "http://www.sitemaps.org/schemas/sitemap/0.9", PK_NS_SITEMAP },
	{ "http://www.google.com/schemas/sitemap/0.84", PK_NS_SITEMAP },
	{ "http://www.google.com/schemas/sitemap/0.9", PK_NS_SITEMAP },
	{ "http://www.google.com/schemas/sitemap-news/0.9", PK_NS_NEWS },
	{ "http://www.google.com/schemas/sitemap-image/1.1", PK_NS_IMAGE },
	{ "http://www.google.com/schemas/sitemap-video/1.1", PK_NS_VIDEO },
	{ "http://news.yandex.ru", PK_NS_PORTAL },
	{ "http://news.rambler.ru", PK_NS_PORTAL },
	{ "http://news.mail.ru", PK_NS_PORTAL },
	{ "http://turbo.yandex.ru", PK_NS_TURBO },
};

/* What prefixes mean where nobody declared them. */
static const struct prefix {
	const char *prefix;
	enum pk_ns ns;
} prefixes[] = {
	{ "atom", PK_NS_ATOM }, { "rss", PK_NS_RSS }, { "rdf", PK_NS_RDF },
	{ "dc", PK_NS_DC }, { "dcterms", PK_NS_DCTERMS }, { "content", PK_NS_CONTENT },
	{ "media", PK_NS_MEDIA }, { "itunes", PK_NS_ITUNES },
	{ "feedburner", PK_NS_FEEDBURNER }, { "xhtml", PK_NS_XHTML },
	{ "sy", PK_NS_SYNDICATION }, { "news", PK_NS_NEWS }, { "image", PK_NS_IMAGE },
	{ "video", PK_NS_VIDEO }, { "sitemap", PK_NS_SITEMAP },
	{ "yandex", PK_NS_PORTAL }, { "rambler", PK_NS_PORTAL },
	{ "mailru", PK_NS_PORTAL }, { "turbo", PK_NS_TURBO },
};
/* clang-format on */

/* A namespace without what its writers get wrong: http or https, and its end. */
static struct pk_span
stem_of(const char *uri)
{
	struct pk_span stem = pk_span_of(uri);
	static const char *const schemes[] = { "http://", "https://" };

	for (size_t i = 0; i < PK_COUNT(schemes); i++) {
		struct pk_span scheme = pk_span_of(schemes[i]);
		if (pk_span_starts_with_nocase(stem, scheme)) {
			stem = pk_span_slice(stem, scheme.len, stem.len);
			break;
		}
	}
	while (stem.len > 0 && strchr("/#", stem.ptr[stem.len - 1]) != NULL)
		stem.len--;
	return stem;
}

static enum pk_ns
ns_of_uri(const struct pk_reader *reader, const xmlChar *uri)
{
	struct pk_span stem = stem_of((const char *)uri);

	for (size_t i = 0; i < PK_COUNT(namespaces) && stem.len > 0; i++) {
		if (pk_span_eq_nocase(stem, stem_of(namespaces[i].uri)))
			return namespaces[i].ns;
	}
	if (uri[0] == '\0' ||
	    (reader->home_uri != NULL && xmlStrEqual(uri, reader->home_uri)))
		return reader->home;
	return PK_NS_UNKNOWN;
}

static enum pk_ns
ns_of_prefix(const struct pk_reader *reader, const char **name)
{
	const char *colon = strchr(*name, ':');

	if (colon == NULL)
		return reader->home;
	struct pk_span prefix = { *name, (size_t)(colon - *name) };
	*name = colon + 1;
	for (size_t i = 0; i < PK_COUNT(prefixes); i++) {
		if (pk_span_eq_nocase(prefix, pk_span_of(prefixes[i].prefix)))
			return prefixes[i].ns;
	}
	return PK_NS_UNKNOWN;
}

/* The tree is ours: each declaration keeps what was found for it, plus one. */
void
pk_ns_set(xmlNs *ns, enum pk_ns meant)
{
	ns->_private = (void *)((uintptr_t)meant + 1);
}

enum pk_ns
pk_ns_of(const struct pk_reader *reader, xmlNs *ns)
{
	if (ns->href == NULL)
		return reader->home;
	if (ns->_private == NULL)
		pk_ns_set(ns, ns_of_uri(reader, ns->href));
	return (enum pk_ns)((uintptr_t)ns->_private - 1);
}

enum pk_ns
pk_node_ns(const struct pk_reader *reader, const xmlNode *node, const char **ret_name)
{
	*ret_name = (const char *)node->name;
	if (node->ns == NULL || node->ns->href == NULL)
		return ns_of_prefix(reader, ret_name);
	return pk_ns_of(reader, node->ns);
}

struct pk_span
pk_element_source(struct pk_reader *reader, const struct pk_element *element)
{
	if (element->ns == reader->home)
		return pk_span_of(element->name);
	for (size_t i = 0; i < PK_COUNT(prefixes); i++) {
		if (prefixes[i].ns != element->ns)
			continue;
		struct pk_span source = pk_arena_printf(
		    reader->arena, "%s:%s", prefixes[i].prefix, element->name);
		reader->out_of_memory |= source.ptr == NULL;
		return source;
	}
	return pk_span_of(element->name);
}

bool
pk_node_is(const struct pk_reader *reader, const xmlNode *node, enum pk_ns ns,
    const char *name)
{
	const char *local;

	return node->type == XML_ELEMENT_NODE &&
	       pk_node_ns(reader, node, &local) == ns && strcasecmp(local, name) == 0;
}

static bool
is_text(const xmlNode *node)
{
	return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE;
}

static struct pk_span
copy_trimmed(struct pk_reader *reader, struct pk_span text)
{
	text = pk_span_trim(text);
	if (text.len == 0)
		return (struct pk_span){ NULL, 0 };
	text = pk_arena_copy(reader->arena, text);
	reader->out_of_memory |= text.ptr == NULL;
	return pk_charset_undo_double(reader->arena, text);
}

/* «<![CDATA[…]]>» that was escaped once more, around all of a text. */
static struct pk_span
without_cdata(struct pk_span text)
{
	const struct pk_span start = PK_SPAN("<![CDATA["), end = PK_SPAN("]]>");

	if (text.len < start.len + end.len || !pk_span_starts_with(text, start) ||
	    !pk_span_ends_with(text, end))
		return text;
	return pk_span_trim(pk_span_slice(text, start.len, text.len - end.len));
}

/* What the parser was spared (repair.h); absent in any other node. */
static struct pk_span
kept_text(const struct pk_reader *reader, const xmlNode *node)
{
	int64_t number;

	if (node->type != XML_PI_NODE || node->content == NULL ||
	    pk_span_to_int64(pk_span_of((const char *)node->content), &number) < 0 ||
	    number < 0 || (uint64_t)number >= reader->n_kept)
		return (struct pk_span){ NULL, 0 };
	return reader->kept[number];
}

static struct pk_span
own_text(const struct pk_reader *reader, const xmlNode *node)
{
	return is_text(node) ? pk_span_of((const char *)node->content)
			     : kept_text(reader, node);
}

/* The node behind this one in the order of the document, without leaving `top`. */
static const xmlNode *
next_node(const xmlNode *node, const xmlNode *top)
{
	if (node->type == XML_ELEMENT_NODE && node->children != NULL)
		return node->children;
	while (node != top && node->next == NULL)
		node = node->parent;
	return node == top ? NULL : node->next;
}

/* All of it in one piece, with line breaks as XML has them (2.11). */
static struct pk_span
put_together(struct pk_reader *reader, const xmlNode *node)
{
	size_t len = 0;

	for (const xmlNode *n = node->children; n != NULL; n = next_node(n, node))
		len += own_text(reader, n).len;
	char *all = pk_arena_alloc(reader->arena, len + 1);
	reader->out_of_memory |= all == NULL;
	if (all == NULL)
		return (struct pk_span){ NULL, 0 };
	len = 0;
	for (const xmlNode *n = node->children; n != NULL; n = next_node(n, node)) {
		struct pk_span text = own_text(reader, n);
		for (size_t i = 0; i < text.len; i++) {
			char c = text.ptr[i];
			if (c != '\r')
				all[len++] = c;
			else if (i + 1 == text.len || text.ptr[i + 1] != '\n')
				all[len++] = '\n';
		}
	}
	return (struct pk_span){ all, len };
}

struct pk_span
pk_node_text_borrowed(struct pk_reader *reader, const xmlNode *node)
{
	const xmlNode *child = node->children;
	struct pk_span text = { NULL, 0 };

	if (child == NULL)
		return text;
	if (child->next == NULL)
		text = own_text(reader, child);
	if (text.ptr == NULL || memchr(text.ptr, '\r', text.len) != NULL)
		text = put_together(reader, node);
	text = without_cdata(pk_span_trim(text));
	if (text.len == 0)
		return (struct pk_span){ NULL, 0 };
	return pk_charset_undo_double(reader->arena, text);
}

struct pk_span
pk_node_text(struct pk_reader *reader, const xmlNode *node)
{
	struct pk_span text = pk_node_text_borrowed(reader, node);

	if (text.len == 0)
		return text;
	text = pk_arena_copy(reader->arena, text);
	reader->out_of_memory |= text.ptr == NULL;
	return text;
}

/* Puts what was kept back into the tree, for who writes a part of it out. */
static void
put_back(struct pk_reader *reader, xmlNode *node)
{
	for (xmlNode *child = node->children, *next; child != NULL; child = next) {
		next = child->next;
		struct pk_span text = kept_text(reader, child);
		if (child->type == XML_ELEMENT_NODE)
			put_back(reader, child);
		if (text.len == 0)
			continue;
		xmlNode *put = xmlNewTextLen((const xmlChar *)text.ptr, (int)text.len);
		reader->out_of_memory |= put == NULL;
		if (put != NULL)
			xmlFreeNode(xmlReplaceNode(child, put));
	}
}

static bool
has_elements(const xmlNode *node)
{
	for (const xmlNode *child = node->children; child != NULL;
	     child = child->next) {
		if (child->type == XML_ELEMENT_NODE)
			return true;
	}
	return false;
}

static bool
is_xhtml(const xmlNs *ns)
{
	return ns != NULL && ns->href != NULL &&
	       pk_span_eq_nocase(
		   stem_of((const char *)ns->href), PK_SPAN("www.w3.org/1999/xhtml"));
}

/* Elements of XHTML are written as HTML has them, without prefix and declaration. */
static void
forget_xhtml(xmlNode *node)
{
	if (node->type != XML_ELEMENT_NODE)
		return;
	for (xmlNode *child = node->children; child != NULL; child = child->next)
		forget_xhtml(child);
	if (is_xhtml(node->ns))
		node->ns = NULL;
	for (xmlAttr *a = node->properties; a != NULL; a = a->next) {
		if (is_xhtml(a->ns))
			a->ns = NULL;
	}
	for (xmlNs **ns = &node->nsDef; *ns != NULL;) {
		xmlNs *declared = *ns;
		if (!is_xhtml(declared)) {
			ns = &declared->next;
			continue;
		}
		/* nothing below points at it any more */
		*ns = declared->next;
		declared->next = NULL;
		xmlFreeNs(declared);
	}
}

/* The tree is changed where it lies, in its heap (fetch/feed/xml.h). */
static void
make_ready(struct pk_reader *reader, const xmlNode *node)
{
	pk_heap_enter(node->doc->_private);
	if (reader->n_kept > 0)
		put_back(reader, (xmlNode *)(uintptr_t)node);
	for (xmlNode *child = node->children; child != NULL; child = child->next)
		forget_xhtml(child);
	pk_heap_leave();
}

struct pk_span
pk_node_markup_borrowed(struct pk_reader *reader, const xmlNode *node)
{
	if (!has_elements(node))
		return pk_node_text_borrowed(reader, node);
	make_ready(reader, node);
	xmlBuffer *buffer = xmlBufferCreate();
	if (buffer == NULL) {
		reader->out_of_memory = true;
		return (struct pk_span){ NULL, 0 };
	}
	for (xmlNode *child = node->children; child != NULL; child = child->next)
		xmlNodeDump(buffer, node->doc, child, 0, 0);
	struct pk_span markup =
	    copy_trimmed(reader, pk_span_of((const char *)xmlBufferContent(buffer)));
	xmlBufferFree(buffer);
	return markup;
}

struct pk_span
pk_node_markup(struct pk_reader *reader, const xmlNode *node)
{
	return has_elements(node) ? pk_node_markup_borrowed(reader, node)
				  : pk_node_text(reader, node);
}

struct pk_span
pk_node_attribute(const xmlNode *node, const char *name)
{
	for (const xmlAttr *a = node->properties; a != NULL; a = a->next) {
		if (a->ns != NULL || strcasecmp((const char *)a->name, name) != 0)
			continue;
		/* no entities are left, so a value is one text */
		if (a->children != NULL && is_text(a->children))
			return pk_span_trim(
			    pk_span_of((const char *)a->children->content));
	}
	return (struct pk_span){ NULL, 0 };
}

static struct pk_span
own_base(const xmlNode *node)
{
	for (const xmlAttr *a = node->properties; a != NULL; a = a->next) {
		bool is_xml =
		    a->ns != NULL && xmlStrEqual(a->ns->href, XML_XML_NAMESPACE);
		if (is_xml && strcmp((const char *)a->name, "base") == 0 &&
		    a->children != NULL)
			return pk_span_of((const char *)a->children->content);
	}
	return (struct pk_span){ NULL, 0 };
}

/* The base in force at a node: the bases around it, each resolved against the outer
 * one, the outermost against the document's own address. */
struct pk_span
pk_node_base(struct pk_reader *reader, const xmlNode *node)
{
	struct pk_span bases[BASES_MAX], base = reader->url;
	size_t n = 0;

	if (!reader->has_base)
		return base;
	for (; node != NULL && node->type == XML_ELEMENT_NODE && n < BASES_MAX;
	     node = node->parent) {
		struct pk_span own = own_base(node);
		if (own.len > 0)
			bases[n++] = own;
	}
	while (n > 0) {
		struct pk_span inner;
		if (pk_url_resolve(reader->arena, base, bases[--n], &inner) == 0)
			base = inner;
	}
	return base;
}

/* The length of the first part of an address, which is a path or lost its scheme. */
static size_t
first_length(struct pk_span address)
{
	size_t len = 0;

	while (len < address.len && address.ptr[len] != '/' &&
	       address.ptr[len] != '?' && address.ptr[len] != '#' &&
	       address.ptr[len] != ':')
		len++;
	return len;
}

/* The host of an address that has one. */
static struct pk_span
host_of(struct pk_span url)
{
	size_t slashes = pk_span_find(url, PK_SPAN("://"), 0);

	if (slashes == SIZE_MAX)
		return (struct pk_span){ NULL, 0 };
	url = pk_span_slice(url, slashes + 3, url.len);
	return pk_span_slice(url, 0, first_length(url));
}

/* "www.site.example/1", or the base's own host: who writes so means no path, but left
 * the scheme out. */
static struct pk_span
with_scheme(struct pk_reader *reader, struct pk_span base, struct pk_span address)
{
	const struct pk_span www = PK_SPAN("www.");
	struct pk_span first = pk_span_slice(address, 0, first_length(address));
	struct pk_span host = host_of(base);

	if (pk_span_starts_with_nocase(host, www))
		host = pk_span_slice(host, www.len, host.len);
	bool is_www = first.len > www.len && pk_span_starts_with_nocase(first, www);
	if (!is_www && (host.len == 0 || !pk_span_eq_nocase(first, host)))
		return address;
	struct pk_span whole = pk_arena_printf(reader->arena, "%s//%.*s",
	    base.len == 0 ? "http:" : "", PK_SPAN_ARG(address));
	reader->out_of_memory |= whole.ptr == NULL;
	return whole;
}

/* "?a=1&amp;b=2", escaped once more than it should be. */
static struct pk_span
without_escapes(struct pk_reader *reader, struct pk_span address)
{
	const struct pk_span escape = PK_SPAN("&amp;");
	size_t len = 0;

	if (pk_span_find(address, escape, 0) == SIZE_MAX)
		return address;
	char *out = pk_arena_alloc(reader->arena, address.len);
	reader->out_of_memory |= out == NULL;
	if (out == NULL)
		return (struct pk_span){ NULL, 0 };
	for (size_t at = 0; at < address.len; at++) {
		out[len++] = address.ptr[at];
		if (pk_span_starts_with(
			pk_span_slice(address, at, address.len), escape))
			at += escape.len - 1;
	}
	return (struct pk_span){ out, len };
}

/* Without what was copied along with it: marks of direction and quotes around it, a
 * scheme before its scheme. */
static struct pk_span
without_wrapping(struct pk_span address)
{
	static const struct pk_span around[] = { PK_SPAN("\u200E"), PK_SPAN("\u200F"),
		PK_SPAN("\u202A"), PK_SPAN("\u202B"), PK_SPAN("\u202C"),
		PK_SPAN("\u2066"), PK_SPAN("\u2067"), PK_SPAN("\u2068"),
		PK_SPAN("\u2069"), PK_SPAN("\u200B"), PK_SPAN("\uFEFF"), PK_SPAN(" "),
		PK_SPAN("\"") };
	static const struct pk_span doubled[] = { PK_SPAN("http://http://"),
		PK_SPAN("https://https://"), PK_SPAN("http://https://"),
		PK_SPAN("https://http://") };

	for (size_t i = 0; i < PK_COUNT(around);) {
		size_t len = address.len;
		if (pk_span_starts_with(address, around[i]))
			address = pk_span_slice(address, around[i].len, address.len);
		if (pk_span_ends_with(address, around[i]))
			address =
			    pk_span_slice(address, 0, address.len - around[i].len);
		i = address.len < len ? 0 : i + 1;
	}
	for (size_t i = 0; i < PK_COUNT(doubled); i++) {
		if (pk_span_starts_with_nocase(address, doubled[i]))
			return pk_span_slice(address,
			    pk_span_find(address, PK_SPAN("://"), 0) + 3, address.len);
	}
	return address;
}

struct pk_span
pk_node_url(struct pk_reader *reader, const xmlNode *node, struct pk_span address)
{
	const struct pk_span absent = { NULL, 0 };
	struct pk_span url, base = pk_node_base(reader, node);

	address = without_wrapping(pk_span_trim(address));
	if (address.len == 0 || address.ptr[0] == '#') /* no other page than this */
		return absent;
	address = with_scheme(reader, base, without_escapes(reader, address));
	int r = pk_url_resolve(reader->arena, base, address, &url);
	if (r == 0)
		return url;
	reader->out_of_memory |= r == -ENOMEM;
	/* read from a file, whose address nobody knows: better than nothing */
	if (r == -EBADMSG && base.ptr == NULL)
		return copy_trimmed(reader, address);
	return absent;
}
