/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/tree.h"

#include "base/heap.h"
#include "base/html_entity.h"
#include "base/utf8.h"
#include "extract/article/names.h"

#include <errno.h>
#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <pthread.h>

/* Real pages stay far below, also broken ones. */
#define DEPTH_MAX      600
#define ATTRIBUTES_MAX 250

/* Different names of elements, attributes and references; libxml2's table of them stops
 * growing soon. Real pages have a few hundred. */
#define NAMES_MAX 20000

/* So many ends of <html>, <head> and <body> libxml2 thinks to be there too often. */
#define ENDS_IGNORED 1000000

/* How far libxml2 looks ahead, and the longest reference: bytes. */
#define AHEAD_MAX 40

/*
 * HUGE lifts libxml2's own limits, at which it would silently drop the rest of the
 * page; IGNORE_ENC keeps a wrong <meta charset> from being believed.
 */
#define OPTIONS                                                                        \
	(HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |              \
	    HTML_PARSE_NONET | HTML_PARSE_COMPACT | HTML_PARSE_IGNORE_ENC |            \
	    (int)XML_PARSE_HUGE)

struct guard {
	struct pk_heap *heap;
	xmlParserCtxt *parser;
	struct pk_span rest; /* of the page, that the parser has not seen */
	startElementSAXFunc start;
	charactersSAXFunc characters;
	bool reference; /* an unknown one has begun: its name comes next */
	bool bogus;     /* in "<![if ...]>", up to the '>' */
	bool semicolon; /* a reference's semicolon may come next */
	bool cut;
	bool bomb;
};

/* What only browsers care about is not kept: a tenth of all attributes. */
static bool
is_dull(const char *name)
{
	static const char *const dull[] = { "width", "height", "srcset", "sizes",
		"target", "d", "fill", "viewbox", "tabindex", "loading" };

	if (strchr("whstdfvlo", name[0]) == NULL)
		return false;
	if (name[0] == 'o')
		return name[1] == 'n'; /* onclick ... */
	for (size_t i = 0; i < PK_COUNT(dull); i++) {
		if (dull[i][0] == name[0] && strcmp(dull[i], name) == 0)
			return true;
	}
	return false;
}

static void
guarded_start(void *context, const xmlChar *name, const xmlChar **attributes)
{
	xmlParserCtxt *parser = context;
	struct guard *guard = parser->_private;
	const xmlChar *kept[2 * ATTRIBUTES_MAX + 2];
	size_t n = 0;

	if (parser->nodeNr > DEPTH_MAX || parser->nameNr > DEPTH_MAX ||
	    pk_heap_bytes(guard->heap) > PK_TREE_BYTES_MAX) {
		guard->cut = true;
		xmlStopParser(parser);
		return;
	}
	for (size_t i = 0; attributes != NULL && attributes[i] != NULL; i += 2) {
		if (is_dull((const char *)attributes[i]))
			continue;
		if (n >= 2 * (size_t)ATTRIBUTES_MAX) {
			guard->bomb = true;
			xmlStopParser(parser);
			return;
		}
		kept[n++] = attributes[i];
		kept[n++] = attributes[i + 1];
	}
	kept[n] = kept[n + 1] = NULL;
	guard->bogus = false;
	/* What stands behind </body> and </html> belongs to the body, as in browsers.
	 */
	if (strcmp((const char *)name, "body") == 0)
		parser->depth = ENDS_IGNORED;
	guard->start(context, name, n == 0 ? NULL : kept);
}

static bool
is_block(const xmlNode *node)
{
	unsigned properties = 0;

	if (node->type == XML_ELEMENT_NODE)
		pk_tag_of((const char *)node->name, &properties);
	return (properties & PK_TAG_BLOCK) != 0;
}

/* References that need no semicolon are those of the first HTML. */
static bool
is_old(struct pk_span name, uint32_t point)
{
	static const char *const names[] = { "amp", "lt", "gt", "quot", "AMP", "LT",
		"GT", "QUOT" };

	for (size_t i = 0; i < PK_COUNT(names); i++) {
		if (pk_span_eq(name, pk_span_of(names[i])))
			return true;
	}
	return point >= 0xA0 && point <= 0xFF;
}

/*
 * A reference that libxml2 does not know: it gives '&', then the name. Those without a
 * semicolon are as good as others, and HTML has more of them today.
 */
static void
decode_reference(struct guard *guard, struct pk_span name)
{
	const xmlParserCtxt *parser = guard->parser;
	bool closed = *parser->input->cur == ';';
	struct pk_span rest = { NULL, 0 };
	uint32_t points[2];
	char bytes[8];
	size_t len = 0;

	guard->reference = false;
	size_t n = pk_html_entity(name, points);
	if (n == 0 && pk_span_starts_with(name, PK_SPAN("nbsp"))) {
		rest = pk_span_slice(name, 4, name.len);
		name = PK_SPAN("nbsp");
		n = pk_html_entity(name, points);
		closed = false;
	}
	if (n == 0 || (!closed && !is_old(name, points[0]))) {
		guard->characters(guard->parser, (const xmlChar *)"&", 1);
		guard->characters(
		    guard->parser, (const xmlChar *)name.ptr, (int)name.len);
		return;
	}
	for (size_t i = 0; i < n; i++)
		len += pk_utf8_encode(points[i], bytes + len);
	guard->semicolon = closed;
	guard->characters(guard->parser, (const xmlChar *)bytes, (int)len);
	if (rest.len > 0)
		guard->characters(
		    guard->parser, (const xmlChar *)rest.ptr, (int)rest.len);
}

static bool
is_name_end(xmlChar c)
{
	return c != ';' && c != '&' && c > ' ';
}

/* Blanks at the border of a block are not displayed. They are every third text. */
static void
guarded_characters(void *context, const xmlChar *text, int len)
{
	const xmlParserCtxt *parser = context;
	struct guard *guard = parser->_private;
	const xmlNode *node = parser->node;
	int blanks = 0;

	if (guard->reference) {
		decode_reference(
		    guard, (struct pk_span){ (const char *)text, (size_t)len });
		return;
	}
	/* "<![if !supportLists]>" and the like come as text. */
	const xmlChar *cur = parser->input->cur;
	if (len == 1 && text[0] == '<' && cur[0] == '<' && cur[1] == '!' &&
	    cur[2] != '-') {
		guard->bogus = true;
		return;
	}
	if (guard->bogus) {
		const xmlChar *end = memchr(text, '>', (size_t)len);
		if (end == NULL)
			return;
		guard->bogus = false;
		len -= (int)(end + 1 - text);
		text = end + 1;
		if (len == 0)
			return;
	}
	if (guard->semicolon && len > 0 && text[0] == ';') {
		text++;
		len--;
	}
	guard->semicolon = false;
	/* '&' by itself and "&amp;" have nothing of a name before them now. */
	if (len == 1 && text[0] == '&' && is_name_end(parser->input->cur[-1])) {
		guard->reference = true;
		return;
	}
	while (blanks < len && pk_ascii_is_blank((char)text[blanks]))
		blanks++;
	if (blanks == len && node != NULL &&
	    is_block(node->last == NULL ? node : node->last))
		return;
	guard->characters(context, text, len);
}

/*
 * What stands in scripts and styles. libxml2 gives it by the kilobyte and would append
 * each to all before it, which takes quadratic time; as text it does not. Programs are
 * not kept at all.
 */
static void
guarded_raw(void *context, const xmlChar *text, int len)
{
	const xmlParserCtxt *parser = context;
	const struct guard *guard = parser->_private;
	const xmlNode *node = parser->node;

	for (const xmlAttr *a = node == NULL ? NULL : node->properties; a != NULL;
	     a = a->next) {
		if (strcmp((const char *)a->name, "type") == 0 && a->children != NULL &&
		    pk_span_starts_with_nocase(
			pk_span_of((const char *)a->children->content),
			PK_SPAN("application/ld+json"))) {
			guard->characters(context, text, len);
			return;
		}
	}
}

/*
 * Where a piece of a page may end: libxml2 looks a few characters ahead, and not beyond
 * what it has. Nothing goes on after '>', nor a blank; else no reference and no tag
 * may begin in the last characters.
 */
static size_t
calm_end(struct pk_span piece)
{
	const char *at = memrchr(piece.ptr, '>', piece.len);
	size_t from = piece.len > AHEAD_MAX ? piece.len - AHEAD_MAX : 0;

	if (at == NULL)
		at = memrchr(piece.ptr, ' ', piece.len);
	if (at != NULL)
		return (size_t)(at - piece.ptr) + 1;
	for (size_t i = from; i < piece.len; i++) {
		if (i > 0 && strchr("&<-/", piece.ptr[i]) != NULL)
			return i;
	}
	return piece.len;
}

/*
 * libxml2 compares every attribute of a tag with all before it, which is quadratic, and
 * asks nobody in between; but for more of the page it does. So a page is handed out
 * piece by piece, and to a parser that has made room for too many attributes there is
 * no more of it.
 */
static int
read_piece(void *context, char *piece, int room)
{
	struct guard *guard = context;
	size_t n = guard->rest.len < (size_t)room ? guard->rest.len : (size_t)room;

	if (guard->parser->maxatts > 4 * ATTRIBUTES_MAX)
		guard->bomb = true;
	if (xmlDictSize(guard->parser->dict) > NAMES_MAX)
		guard->cut = true;
	if (guard->bomb || guard->cut)
		return 0;
	if (n < guard->rest.len)
		n = calm_end(pk_utf8_prefix(guard->rest, n));
	memcpy(piece, guard->rest.ptr, n);
	guard->rest = pk_span_slice(guard->rest, n, guard->rest.len);
	return (int)n;
}

/*
 * The page as the parser's input. Nothing is converted: it is clean UTF-8. Returns 0 or
 * -ENOMEM.
 */
static int
open_input(struct guard *guard)
{
	xmlParserInputBuffer *buffer = xmlParserInputBufferCreateIO(
	    read_piece, NULL, guard, XML_CHAR_ENCODING_NONE);
	if (buffer == NULL)
		return -ENOMEM;
	xmlParserInput *input =
	    xmlNewIOInputStream(guard->parser, buffer, XML_CHAR_ENCODING_NONE);
	if (input == NULL) {
		xmlFreeParserInputBuffer(buffer);
		return -ENOMEM;
	}
	if (inputPush(guard->parser, input) < 0)
		return -ENOMEM;
	guard->parser->charset = XML_CHAR_ENCODING_UTF8;
	return 0;
}

static void
init(void)
{
	pk_heap_install();
	xmlInitParser();
}

void
pk_tree_init(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, init);
}

/* Leaves nothing behind in libxml2 that lies in the heap. */
static void
guard_done(struct guard *guard)
{
	if (guard->parser != NULL) {
		xmlFreeDoc(guard->parser->myDoc);
		htmlFreeParserCtxt(guard->parser);
	}
	xmlResetLastError();
	pk_heap_leave();
}

/* In the heap: parses. */
static int
parse(struct guard *guard)
{
	xmlParserCtxt *parser = htmlNewParserCtxt();

	guard->parser = parser;
	if (parser == NULL || open_input(guard) < 0)
		return -ENOMEM;
	htmlCtxtUseOptions(parser, OPTIONS);
	guard->start = parser->sax->startElement;
	guard->characters = parser->sax->characters;
	parser->sax->startElement = guarded_start;
	parser->sax->characters = guarded_characters;
	parser->sax->cdataBlock = guarded_raw;
	parser->sax->comment = NULL;
	parser->sax->processingInstruction = NULL;
	parser->_private = guard;
	htmlParseDocument(parser);
	if (guard->bomb)
		return -E2BIG;
	if (parser->errNo == XML_ERR_NO_MEMORY)
		return -ENOMEM;
	return parser->myDoc == NULL ? -EBADMSG : 0;
}

int
pk_tree_parse(struct pk_span html, xmlDoc **ret_tree, bool *ret_cut)
{
	pk_cleanup(pk_heap_freep) struct pk_heap *heap = NULL;
	xmlDoc *tree = NULL;
	int r;

	pk_tree_init();
	xmlResetLastError();
	heap = pk_heap_new();
	if (heap == NULL)
		return -ENOMEM;
	{
		pk_cleanup(
		    guard_done) struct guard guard = { .heap = heap, .rest = html };
		pk_heap_enter(heap);
		r = parse(&guard);
		if (r == 0)
			tree = pk_steal(&guard.parser->myDoc);
		*ret_cut = guard.cut;
	}
	if (r < 0)
		return r;
	tree->_private = pk_steal(&heap);
	*ret_tree = tree;
	return 0;
}

xmlDoc *
pk_tree_free(xmlDoc *tree)
{
	if (tree != NULL)
		pk_heap_free(tree->_private);
	return NULL;
}

size_t
pk_tree_bytes(const xmlDoc *tree)
{
	return tree == NULL ? 0 : pk_heap_bytes(tree->_private);
}
