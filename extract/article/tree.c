/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/tree.h"

#include "base/utf8.h"
#include "extract/article/heap.h"
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
	guard->start(context, name, n == 0 ? NULL : kept);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool
is_block(const xmlNode *node)
{
	unsigned properties = 0;

	if (node->type == XML_ELEMENT_NODE)
		pk_tag_of((const char *)node->name, &properties);
	return (properties & PK_TAG_BLOCK) != 0;
}

/* Blanks at the border of a block are not displayed. They are every third text. */
static void
guarded_characters(void *context, const xmlChar *text, int len)
{
	const xmlParserCtxt *parser = context;
	const struct guard *guard = parser->_private;
	const xmlNode *node = parser->node;
	int blanks = 0;

	while (blanks < len && is_blank((char)text[blanks]))
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
