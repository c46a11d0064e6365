/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Atom 1.0 (RFC 4287) and 0.3: the elements of feed and entry, and what their texts
 * are made of.
 */
#include "fetch/feed/reader_priv.h"

#include "base/utf8.h"
#include "fetch/feed/markup.h"

#include <strings.h>

enum text_kind {
	TEXT_PLAIN,
	TEXT_HTML,
	TEXT_XHTML,
	TEXT_BASE64,
};

/* What a text construct holds: by its type (1.0), or by mode and media type (0.3). */
static enum text_kind
kind_of(const xmlNode *node)
{
	static const struct kind_row {
		const char *type;
		enum text_kind kind;
	} rows[] = {
		{ "", TEXT_PLAIN },
		{ "text", TEXT_PLAIN },
		{ "text/plain", TEXT_PLAIN },
		{ "html", TEXT_HTML },
		{ "text/html", TEXT_HTML },
		{ "xhtml", TEXT_XHTML },
		{ "application/xhtml+xml", TEXT_XHTML },
	};
	struct pk_span type = pk_node_attribute(node, "type");
	struct pk_span mode = pk_node_attribute(node, "mode");

	if (pk_span_eq_nocase(mode, PK_SPAN("base64")))
		return TEXT_BASE64;
	for (size_t i = 0; i < PK_COUNT(rows); i++) {
		if (pk_span_eq_nocase(type, pk_span_of(rows[i].type)))
			return rows[i].kind;
	}
	if (pk_span_ends_with(type, PK_SPAN("xml")))
		return TEXT_XHTML;
	return pk_span_starts_with_nocase(type, PK_SPAN("text/")) ||
		       mode.ptr != NULL /* 0.3 says by its mode what is base64 */
		   ? TEXT_PLAIN
		   : TEXT_BASE64;
}

static int
base64_value(char c)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c == '\0' ? NULL : strchr(alphabet, c);

	return at == NULL ? -1 : (int)(at - alphabet);
}

/* Decoded (RFC 4648), line breaks passed over; absent when it is no UTF-8 text. */
static struct pk_span
decode_base64(struct pk_reader *reader, struct pk_span text)
{
	const struct pk_span absent = { NULL, 0 };
	char *out = pk_arena_alloc(reader->arena, text.len + 1);
	size_t len = 0;
	unsigned bits = 0, n_bits = 0;

	reader->out_of_memory |= out == NULL;
	if (out == NULL)
		return absent;
	for (size_t i = 0; i < text.len && text.ptr[i] != '='; i++) {
		int value = base64_value(text.ptr[i]);
		if (value < 0 && strchr(" \t\r\n", text.ptr[i]) == NULL)
			return absent;
		if (value < 0)
			continue;
		bits = (bits << 6 | (unsigned)value) & 0xFFFFu;
		n_bits += 6;
		if (n_bits >= 8) {
			n_bits -= 8;
			out[len++] = (char)(bits >> n_bits & 0xFFu);
		}
	}
	struct pk_span decoded = { out, len };
	return pk_utf8_valid(decoded) && memchr(out, '\0', len) == NULL ? decoded
									: absent;
}

/* The only element of a type="xhtml" is a div that is not part of the text. */
static const xmlNode *
inside_div(const xmlNode *node)
{
	const xmlNode *only = NULL;

	for (const xmlNode *child = node->children; child != NULL;
	     child = child->next) {
		if (child->type != XML_ELEMENT_NODE)
			continue;
		if (only != NULL)
			return node;
		only = child;
	}
	return only != NULL && xmlStrEqual(only->name, (const xmlChar *)"div") ? only
									       : node;
}

/* Reads a text construct; *ret_plain says that there is no markup in it. */
static struct pk_span
read_construct(struct pk_reader *reader, const xmlNode *node, bool *ret_plain)
{
	enum text_kind kind = kind_of(node);

	*ret_plain = false;
	if (xmlFirstElementChild((xmlNode *)(uintptr_t)node) != NULL)
		return pk_node_markup(reader, inside_div(node));
	if (kind == TEXT_BASE64)
		return decode_base64(reader, pk_node_text(reader, node));
	*ret_plain = kind == TEXT_PLAIN;
	return pk_node_text(reader, node);
}

static void
take_construct(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	bool is_plain;
	struct pk_span text = read_construct(reader, node, &is_plain);

	pk_draft_set_body(reader, draft, element, inside_div(node), text, is_plain);
}

static void
take_title(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	bool is_plain;
	struct pk_span text = read_construct(reader, node, &is_plain);

	text = is_plain ? pk_fold_blanks(reader->arena, text)
			: pk_markup_to_text(reader->arena, text);
	pk_draft_set(reader, draft, element, text, true);
}

/* The same in several types (Atom 0.3): the one with markup is taken. */
static void
take_alternatives(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	for (const xmlNode *child = node->children; child != NULL;
	     child = child->next) {
		struct pk_element part = *element;
		if (!pk_node_is(reader, child, PK_NS_ATOM, "content"))
			continue;
		if (kind_of(child) == TEXT_PLAIN)
			part.rank--;
		take_construct(reader, child, &part, draft);
	}
}

/* Content may stand elsewhere: then that is the article's page, if it is a page. */
static void
take_content(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	struct pk_element link = { .field = PK_FIELD_LINK, .rank = 2 };
	struct pk_span src = pk_node_attribute(node, "src");
	struct pk_span type = pk_node_attribute(node, "type");

	if (pk_span_starts_with_nocase(type, PK_SPAN("multipart/")))
		take_alternatives(reader, node, element, draft);
	else if (src.len == 0)
		take_construct(reader, node, element, draft);
	else if (type.len == 0 ||
		 pk_span_starts_with_nocase(type, PK_SPAN("text/html")) ||
		 pk_span_ends_with(type, PK_SPAN("xhtml+xml")))
		pk_draft_set(
		    reader, draft, &link, pk_node_url(reader, node, src), true);
}

/* The relation, which may be written as an address in IANA's registry. */
static struct pk_span
relation_of(const xmlNode *node)
{
	struct pk_span rel = pk_node_attribute(node, "rel");

	for (size_t i = rel.len; i > 0; i--) {
		if (rel.ptr[i - 1] == '/')
			return pk_span_slice(rel, i, rel.len);
	}
	return rel;
}

/* Some write the address as RSS does. */
static struct pk_span
href_of(struct pk_reader *reader, const xmlNode *node)
{
	struct pk_span href = pk_node_attribute(node, "href");

	return href.len > 0 ? href : pk_node_text(reader, node);
}

void
pk_take_atom_link(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	struct pk_span rel = relation_of(node);
	struct pk_span type = pk_node_attribute(node, "type");
	struct pk_span href = href_of(reader, node);
	struct pk_element link = { .field = PK_FIELD_LINK, .rank = element->rank };

	if (pk_span_eq_nocase(rel, PK_SPAN("enclosure"))) {
		pk_draft_add_enclosure(reader, draft, pk_node_url(reader, node, href),
		    type, pk_node_attribute(node, "length"));
		return;
	}
	if (rel.len > 0 && !pk_span_eq_nocase(rel, PK_SPAN("alternate"))) {
		pk_hint_link(reader, node, rel);
		return;
	}
	/* an alternate may be a feed or a picture; the page is what is wanted */
	if (type.len > 0 && !pk_span_starts_with_nocase(type, PK_SPAN("text/html")) &&
	    !pk_span_starts_with_nocase(type, PK_SPAN("application/xhtml")))
		link.rank--;
	pk_draft_set(reader, draft, &link, pk_node_url(reader, node, href), true);
}

/* Is it one of a person's elements, whatever namespace its writer gave it? */
static bool
is_part(const struct pk_reader *reader, const xmlNode *node, const char *part)
{
	const char *name;

	if (node->type != XML_ELEMENT_NODE)
		return false;
	pk_node_ns(reader, node, &name);
	return strcasecmp(name, part) == 0;
}

void
pk_take_person(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	static const char *const parts[] = { "name", "email", "uri", "url" };
	bool has_parts = false;

	for (size_t i = 0; i < PK_COUNT(parts); i++) {
		for (const xmlNode *child = node->children; child != NULL;
		     child = child->next) {
			if (!is_part(reader, child, parts[i]))
				continue;
			has_parts = true;
			if (i < 2) /* an address is no name */
				pk_take_title(reader, child, element, draft);
		}
	}
	if (!has_parts)
		pk_take_author(reader, node, element, draft);
}

static void
take_category(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	struct pk_span category = pk_node_attribute(node, "term");

	(void)element;
	if (category.len == 0)
		category = pk_node_attribute(node, "label");
	if (category.len == 0)
		category = pk_node_text(reader, node);
	else
		category = pk_arena_copy(reader->arena, category);
	pk_draft_add_category(reader, draft, category);
}

/* An entry that was taken over from another feed brings that feed's author along. */
static void
take_source(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft)
{
	for (const xmlNode *child = node->children; child != NULL;
	     child = child->next) {
		if (pk_node_is(reader, child, PK_NS_ATOM, "author"))
			pk_take_person(reader, child, element, draft);
	}
}

/* An id is an address or a name, and absolute (RFC 4287, 4.2.6): a path alone has lost
 * its beginning. */
static void
take_id(struct pk_reader *reader, const xmlNode *node, const struct pk_element *element,
    struct pk_draft *draft)
{
	struct pk_span id = pk_node_text(reader, node);

	if (pk_span_starts_with(id, PK_SPAN("/")) ||
	    pk_span_starts_with(id, PK_SPAN("./")) ||
	    pk_span_starts_with(id, PK_SPAN("../"))) {
		struct pk_span url = pk_node_url(reader, node, id);
		id = url.len > 0 ? url : id;
	}
	pk_draft_set(reader, draft, element, id, true);
}

/* clang-format off */
const struct pk_element pk_atom_elements[] = {
	{ PK_NS_ATOM, "title",     take_title,        PK_FIELD_TITLE,     8, NULL },
	{ PK_NS_ATOM, "link",      pk_take_atom_link, PK_FIELD_LINK,      6, NULL },
	{ PK_NS_ATOM, "id",        take_id,           PK_FIELD_ID,        6, NULL },
	{ PK_NS_ATOM, "summary",   take_construct,    PK_FIELD_SUMMARY,   6, NULL },
	{ PK_NS_ATOM, "subtitle",  take_construct,    PK_FIELD_SUMMARY,   6, NULL },
	{ PK_NS_ATOM, "tagline",   take_construct,    PK_FIELD_SUMMARY,   6, NULL },
	{ PK_NS_ATOM, "content",   take_content,      PK_FIELD_CONTENT,   6, NULL },
	{ PK_NS_ATOM, "author",    pk_take_person,    PK_FIELD_AUTHOR,    6, NULL },
	{ PK_NS_ATOM, "source",    take_source,       PK_FIELD_AUTHOR,    2, NULL },
	{ PK_NS_ATOM, "published", pk_take_date,      PK_FIELD_PUBLISHED, 6, NULL },
	{ PK_NS_ATOM, "issued",    pk_take_date,      PK_FIELD_PUBLISHED, 5, NULL },
	{ PK_NS_ATOM, "created",   pk_take_date,      PK_FIELD_PUBLISHED, 3, NULL },
	{ PK_NS_ATOM, "updated",   pk_take_date,      PK_FIELD_UPDATED,   6, NULL },
	{ PK_NS_ATOM, "modified",  pk_take_date,      PK_FIELD_UPDATED,   5, NULL },
	/* what RSS calls it */
	{ PK_NS_ATOM, "pubDate",   pk_take_date,      PK_FIELD_PUBLISHED, 4, NULL },
	{ PK_NS_ATOM, "lastBuildDate", pk_take_date,  PK_FIELD_UPDATED,   4, NULL },
	{ PK_NS_ATOM, "description", pk_take_markup,  PK_FIELD_SUMMARY,   5, NULL },
	{ PK_NS_ATOM, "guid",      pk_take_text,      PK_FIELD_ID,        5, NULL },
	{ PK_NS_ATOM, "enclosure", pk_take_enclosure, PK_FIELD_LINK,      1, "length" },
	{ PK_NS_ATOM, "category",  take_category,     PK_FIELD_ID,        1, NULL },
	{ .name = NULL },
};
/* clang-format on */
