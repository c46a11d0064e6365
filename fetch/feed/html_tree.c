/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/feed/html_tree.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/utf8.h"
#include "fetch/feed/markup.h"
#include "fetch/feed/reader_priv.h"
#include "fetch/feed/xml.h"

#include <errno.h>
#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <limits.h>

/* Real pages stay far below. */
#define DEPTH_MAX      600
#define NODES_MAX      400000 /* elements and attributes */
#define ATTRIBUTES_MAX 128
#define NAMES_MAX      20000 /* libxml2's table of them stops growing soon */
#define TEXT_MAX       ((size_t)16384)
#define TEXT_NODES     1000

/* HUGE lifts libxml2's own limits, at which it would drop the rest of the page. */
#define OPTIONS                                                                        \
	(HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |              \
	    HTML_PARSE_NONET | HTML_PARSE_COMPACT | HTML_PARSE_IGNORE_ENC |            \
	    (int)XML_PARSE_HUGE)

struct guard {
	startElementSAXFunc start;
	charactersSAXFunc characters;
	size_t n_nodes;
};

static void
guarded_start(void *context, const xmlChar *name, const xmlChar **attributes)
{
	xmlParserCtxt *parser = context;
	struct guard *guard = parser->_private;

	guard->n_nodes++;
	for (size_t i = 0; attributes != NULL && attributes[i] != NULL; i += 2)
		guard->n_nodes++;
	if (guard->n_nodes > NODES_MAX || parser->nodeNr > DEPTH_MAX ||
	    parser->nameNr > DEPTH_MAX || xmlDictSize(parser->dict) > NAMES_MAX) {
		xmlStopParser(parser);
		return;
	}
	guard->start(context, name, attributes);
}

static void
guarded_characters(void *context, const xmlChar *text, int len)
{
	xmlParserCtxt *parser = context;
	const struct guard *guard = parser->_private;

	/* a reference that is unknown is a name too */
	if (xmlDictSize(parser->dict) > NAMES_MAX)
		xmlStopParser(parser);
	else
		guard->characters(context, text, len);
}

/* Scripts come by the kilobyte, and as CDATA each piece would be appended to a copy of
 * all before it. Only data are of use. */
static void
guarded_raw(void *context, const xmlChar *text, int len)
{
	const xmlParserCtxt *parser = context;
	const struct guard *guard = parser->_private;

	if (parser->node != NULL &&
	    pk_span_starts_with_nocase(pk_node_attribute(parser->node, "type"),
		PK_SPAN("application/ld+json")))
		guard->characters(context, text, len);
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The end of a tag whose name has begun, or SIZE_MAX when it has too many attributes.
 */
static size_t
tag_end(struct pk_span text, size_t at)
{
	size_t n = 0;
	bool between = false;

	for (; at < text.len && text.ptr[at] != '>'; at++) {
		char c = text.ptr[at];
		if (c == '=' && at + 1 < text.len) {
			while (at + 1 < text.len && pk_ascii_is_blank(text.ptr[at + 1]))
				at++;
			char quote = at + 1 < text.len ? text.ptr[at + 1] : '\0';
			if (quote == '"' || quote == '\'') {
				const char *end =
				    memchr(text.ptr + at + 2, quote, text.len - at - 2);
				if (end == NULL)
					return text.len;
				at = (size_t)(end - text.ptr);
			}
			between = true;
		} else if (pk_ascii_is_blank(c) || c == '/' || c == '"' || c == '\'') {
			between = true;
		} else if (between) {
			between = false;
			if (++n > ATTRIBUTES_MAX)
				return SIZE_MAX;
		}
	}
	return at;
}

static size_t
find_nocase(struct pk_span text, struct pk_span needle, size_t from)
{
	for (; (from = pk_span_find(text, PK_SPAN("<"), from)) != SIZE_MAX; from++) {
		if (pk_span_starts_with_nocase(
			pk_span_slice(text, from, text.len), needle))
			return from;
	}
	return SIZE_MAX;
}

/*
 * libxml2 compares every attribute of a tag with all before it, and asks nobody in
 * between: a page ends before a tag with more of them than any real one has.
 */
static struct pk_span
before_bomb(struct pk_span text)
{
	size_t at = 0;

	while ((at = pk_span_find(text, PK_SPAN("<"), at)) != SIZE_MAX) {
		struct pk_span rest = pk_span_slice(text, at, text.len);
		size_t end = at + 1;
		if (pk_span_starts_with(rest, PK_SPAN("<!--"))) {
			end = pk_span_find(text, PK_SPAN("-->"), at);
		} else if (rest.len > 1 && is_letter(rest.ptr[1])) {
			end = tag_end(text, at + 1);
			if (end == SIZE_MAX)
				return pk_span_slice(text, 0, at);
			if (pk_span_starts_with_nocase(rest, PK_SPAN("<script")))
				end = find_nocase(text, PK_SPAN("</script"), end);
			else if (pk_span_starts_with_nocase(rest, PK_SPAN("<style")))
				end = find_nocase(text, PK_SPAN("</style"), end);
		}
		if (end == SIZE_MAX)
			break;
		at = end;
	}
	return text;
}

static void
parser_done(xmlParserCtxt **parser)
{
	if (*parser != NULL)
		htmlFreeParserCtxt(*parser);
}

int
pk_html_tree_parse(struct pk_span text, xmlDoc **ret_doc)
{
	pk_cleanup(parser_done) xmlParserCtxt *parser = NULL;
	struct guard guard = { .n_nodes = 0 };

	pk_xml_init();
	text = before_bomb(text);
	if (text.len == 0 || text.len > INT_MAX)
		return -EBADMSG;
	parser = htmlCreateMemoryParserCtxt(text.ptr, (int)text.len);
	if (parser == NULL)
		return -ENOMEM;
	htmlCtxtUseOptions(parser, OPTIONS);
	xmlCharEncodingHandler *utf8 = xmlFindCharEncodingHandler("UTF-8");
	if (utf8 != NULL)
		xmlSwitchToEncoding(parser, utf8);
	parser->_private = &guard;
	guard.start = parser->sax->startElement;
	guard.characters = parser->sax->characters;
	parser->sax->startElement = guarded_start;
	parser->sax->characters = guarded_characters;
	parser->sax->ignorableWhitespace = guarded_characters;
	parser->sax->cdataBlock = guarded_raw;
	htmlParseDocument(parser);
	pk_cleanup(pk_xml_docp) xmlDoc *doc = parser->myDoc;
	parser->myDoc = NULL;
	if (parser->lastError.code == XML_ERR_NO_MEMORY)
		return -ENOMEM;
	if (doc == NULL || xmlDocGetRootElement(doc) == NULL)
		return -EBADMSG;
	*ret_doc = pk_steal(&doc);
	return 0;
}

/* The node behind, of any kind. */
static const xmlNode *
next_node(const xmlNode *node, const xmlNode *root, bool over)
{
	if (!over && node->type == XML_ELEMENT_NODE && node->children != NULL)
		return node->children;
	while (node != root && node->next == NULL)
		node = node->parent;
	return node == root ? NULL : node->next;
}

const xmlNode *
pk_html_next(const xmlNode *node, const xmlNode *root, bool over)
{
	do {
		node = next_node(node, root, over);
		over = false;
	} while (node != NULL && node->type != XML_ELEMENT_NODE);
	return node;
}

bool
pk_html_is(const xmlNode *node, const char *name)
{
	return strcmp((const char *)node->name, name) == 0;
}

bool
pk_html_is_heading(const xmlNode *node)
{
	const char *name = (const char *)node->name;

	return name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && name[2] == '\0';
}

static bool
is_one_of(const xmlNode *node, const char *const *names)
{
	for (; *names != NULL; names++) {
		if (pk_html_is(node, *names))
			return true;
	}
	return false;
}

bool
pk_html_is_silent(const xmlNode *node)
{
	static const char *const silent[] = { "script", "style", "template", "noscript",
		"svg", "textarea", "select", "iframe", "object", NULL };

	return is_one_of(node, silent);
}

/* Runs on in the line that it stands in. */
static bool
is_inline(const xmlNode *node)
{
	static const char *const names[] = { "a", "abbr", "b", "bdi", "bdo", "cite",
		"em", "font", "i", "mark", "q", "s", "small", "span", "strong", "sub",
		"sup", "time", "u", "wbr", "strike", "big", "code", NULL };

	return is_one_of(node, names);
}

bool
pk_html_has_word(const xmlNode *node, const char *attribute, const char *word)
{
	struct pk_span rest = pk_node_attribute(node, attribute);
	struct pk_span want = pk_span_of(word);

	for (size_t i = 0, start = 0; i <= rest.len && rest.len > 0; i++) {
		if (i < rest.len && !pk_ascii_is_blank(rest.ptr[i]))
			continue;
		if (pk_span_eq_nocase(pk_span_slice(rest, start, i), want))
			return true;
		start = i + 1;
	}
	return false;
}

static void
append_text(struct pk_buf *buf, const xmlNode *node)
{
	struct pk_span text = pk_span_of((const char *)node->content);

	pk_buf_append(buf, pk_utf8_prefix(text, TEXT_MAX - buf->len));
}

struct pk_span
pk_html_text(struct pk_arena *arena, const xmlNode *node, bool *ret_failed)
{
	struct pk_buf buf;
	bool over = false;
	size_t n = 0;

	pk_buf_init(&buf, TEXT_MAX);
	for (const xmlNode *at = node;
	     at != NULL && n < TEXT_NODES && buf.len + 8 < TEXT_MAX;
	     at = next_node(at, node, over), n++) {
		over = false;
		if (at->type == XML_TEXT_NODE || at->type == XML_CDATA_SECTION_NODE) {
			append_text(&buf, at);
		} else if (at->type == XML_ELEMENT_NODE) {
			over = at != node && pk_html_is_silent(at);
			if (!is_inline(at))
				pk_buf_append_char(&buf, ' ');
		} else {
			over = true;
		}
		/* behind the last text of a block */
		if (at->next == NULL && at != node && !is_inline(at->parent))
			pk_buf_append_char(&buf, ' ');
	}
	struct pk_span text = { NULL, 0 };
	if (buf.len > 0) {
		struct pk_span copy = pk_arena_copy(arena, pk_buf_span(&buf));
		text = pk_fold_blanks(arena, copy);
		*ret_failed |= copy.ptr == NULL || text.ptr == NULL;
	}
	pk_buf_done(&buf);
	return text;
}

/* Scripts that put no blanks between words. */
static bool
is_wordless(uint32_t point)
{
	return (point >= 0x2E80 && point < 0xA000) ||
	       (point >= 0xAC00 && point < 0xD7B0) ||
	       (point >= 0x0E00 && point < 0x0E80) ||
	       (point >= 0x20000 && point < 0x32000);
}

void
pk_html_measure(struct pk_span text, size_t *ret_letters, size_t *ret_words)
{
	size_t letters = 0, words = 0, wordless = 0;
	bool in_word = false;

	for (size_t at = 0; at < text.len;) {
		uint32_t point;
		at += pk_utf8_decode(text, at, &point, NULL);
		bool letter = (point >= '0' && point <= '9') ||
			      (point < 0x80 && is_letter((char)point)) ||
			      (point >= 0xAA && point != 0xAB && point != 0xBB &&
				  !(point >= 0x2000 && point < 0x2E80));
		letters += letter;
		wordless += is_wordless(point);
		words += letter && !in_word;
		in_word = letter || (in_word && (point == 0x200C || point == '\'' ||
						    point == '-' || point == 0x2019));
	}
	/* as many as would be written elsewhere */
	*ret_letters = letters + wordless;
	*ret_words = words + wordless / 2;
}

static bool
fits(const struct pk_selector_part *part, const xmlNode *node)
{
	if (part->name.ptr != NULL && !pk_html_is(node, part->name.ptr))
		return false;
	for (size_t i = 0; i < part->n_tests; i++) {
		const xmlAttr *a = node->properties;
		while (a != NULL &&
		       strcmp((const char *)a->name, part->tests[i].name) != 0)
			a = a->next;
		if (a == NULL)
			return false;
		const char *value =
		    a->children == NULL ? "" : (const char *)a->children->content;
		if (!pk_selector_passes(
			&part->tests[i], pk_span_of(value == NULL ? "" : value)))
			return false;
	}
	return true;
}

static const xmlNode *
climb(const xmlNode *node, size_t *climbs)
{
	if (*climbs == 0)
		return NULL;
	--*climbs;
	node = node->parent;
	return node != NULL && node->type == XML_ELEMENT_NODE ? node : NULL;
}

/*
 * From the last part leftwards and from the element upwards. The nearest element that
 * fits a part leaves the most room above it, so only the last step over a blank is ever
 * taken again.
 */
static bool
finds(const struct pk_selector *selector, const xmlNode *node, size_t *climbs)
{
	const struct pk_selector_part *parts = selector->parts;
	const xmlNode *at = node, *again_at = NULL;
	size_t i = selector->n - 1, again = 0;

	if (!fits(&parts[i], node))
		return false;
	while (i > 0) {
		at = climb(at, climbs);
		if (parts[i].child && at != NULL && fits(&parts[i - 1], at)) {
			i--;
			continue;
		}
		if (parts[i].child) {
			if (again_at == NULL)
				return false;
			i = again;
			at = climb(again_at, climbs);
		}
		while (at != NULL && !fits(&parts[i - 1], at))
			at = climb(at, climbs);
		if (at == NULL)
			return false;
		again = i--;
		again_at = at;
	}
	return true;
}

bool
pk_html_selects(
    const struct pk_selector_list *list, const xmlNode *node, size_t *climbs)
{
	for (size_t i = 0; i < list->n; i++) {
		if (finds(&list->items[i], node, climbs))
			return true;
	}
	return false;
}
