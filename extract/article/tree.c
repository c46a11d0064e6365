/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/tree.h"

#include "extract/article/names.h"

#include <errno.h>
#include <libxml/HTMLparser.h>
#include <limits.h>
#include <strings.h>

/* Real pages stay far below, also broken ones. */
#define DEPTH_MAX      600
#define ATTRIBUTES_MAX 250

/* A tag shorter than this cannot have too many attributes: bytes. */
#define TAG_CALM ((ptrdiff_t)3 * ATTRIBUTES_MAX)

/*
 * HUGE lifts libxml2's own limits, at which it would silently drop the rest of the
 * page; IGNORE_ENC keeps a wrong <meta charset> from being believed.
 */
#define OPTIONS                                                                        \
	(HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |              \
	    HTML_PARSE_NONET | HTML_PARSE_COMPACT | HTML_PARSE_IGNORE_ENC |            \
	    (int)XML_PARSE_HUGE)

struct guard {
	startElementSAXFunc start;
	charactersSAXFunc characters;
	bool cut;
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

	if (parser->nodeNr > DEPTH_MAX || parser->nameNr > DEPTH_MAX) {
		guard->cut = true;
		xmlStopParser(parser);
		return;
	}
	for (size_t i = 0; attributes != NULL && attributes[i] != NULL &&
			   n < 2 * (size_t)ATTRIBUTES_MAX;
	     i += 2) {
		if (is_dull((const char *)attributes[i]))
			continue;
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

static const char *
skip_past(const char *p, const char *end, const char *what)
{
	const char *found = memmem(p, (size_t)(end - p), what, strlen(what));

	return found == NULL ? end : found + strlen(what);
}

/* Past the end of a script or style that begins at `p`, else NULL. */
static const char *
skip_raw(const char *p, const char *end)
{
	static const char *const raw[] = { "<script", "<style", "<textarea", "<title" };

	for (size_t i = 0; i < PK_COUNT(raw); i++) {
		size_t n = strlen(raw[i]);
		if ((size_t)(end - p) <= n || strncasecmp(p, raw[i], n) != 0)
			continue;
		for (p += n; p < end; p++) {
			p = memchr(p, '<', (size_t)(end - p));
			if (p == NULL)
				return end;
			if ((size_t)(end - p) > n && p[1] == '/' &&
			    strncasecmp(p + 2, raw[i] + 1, n - 1) == 0)
				return p + 2;
		}
		return end;
	}
	return NULL;
}

/* The end of the tag at `p` ("<a ..."), and how many attributes it may have. */
static const char *
scan_tag(const char *p, const char *end, size_t *ret_attributes)
{
	bool after_equals = false,
	     inside = false; /* a name or a value without quotes */
	size_t n = 0;

	for (; p < end && *p != '>'; p++) {
		if (is_blank(*p) || *p == '/') {
			inside = false;
		} else if ((*p == '"' || *p == '\'') && after_equals) {
			const char *quote = memchr(p + 1, *p, (size_t)(end - p - 1));
			p = quote == NULL ? end - 1 : quote;
			inside = after_equals = false;
		} else if (*p == '=') {
			after_equals = inside = true;
		} else {
			n += !inside && !after_equals;
			inside = true;
			after_equals = false;
		}
	}
	*ret_attributes = n;
	return p;
}

static bool
is_tag(const char *p, const char *end)
{
	return end - p >= 2 &&
	       (((p[1] | 32) >= 'a' && (p[1] | 32) <= 'z') || p[1] == '/');
}

/* Is there anything between '<' and '>' that is long enough to be a bomb? */
static bool
has_long_tag(struct pk_span html)
{
	const char *p = html.ptr, *end = html.ptr + html.len;

	while (p < end && (p = memchr(p, '<', (size_t)(end - p))) != NULL) {
		const char *close = memchr(p, '>', (size_t)(end - p));
		if (close == NULL)
			return end - p >= TAG_CALM;
		if (close - p >= TAG_CALM)
			return true;
		p = close;
	}
	return false;
}

/*
 * libxml2 compares every attribute with all before it. This looks for a tag with too
 * many of them; only in what is long enough, which is next to nothing in real pages.
 */
static bool
has_bomb(struct pk_span html)
{
	const char *p = html.ptr, *end = html.ptr + html.len;
	const char *close = NULL; /* the first '>' at or after p, or the end */
	size_t attributes;

	while (p < end && (p = memchr(p, '<', (size_t)(end - p))) != NULL) {
		const char *past = skip_raw(p, end);
		if (past != NULL) {
			p = past;
			continue;
		}
		if (close == NULL || close < p)
			close = memchr(p, '>', (size_t)(end - p));
		if (close == NULL)
			close = end;
		if (end - p >= 4 && memcmp(p, "<!--", 4) == 0) {
			p = skip_past(p, end, "-->");
		} else if (close - p < TAG_CALM || !is_tag(p, end)) {
			p++;
		} else {
			p = scan_tag(p + 1, end, &attributes);
			if (attributes > ATTRIBUTES_MAX)
				return true;
		}
	}
	return false;
}

void
pk_tree_init(void)
{
	xmlInitParser();
}

int
pk_tree_parse(struct pk_span html, xmlDoc **ret_tree, bool *ret_cut)
{
	struct guard guard = { .cut = false };

	if (html.len > INT_MAX || (has_long_tag(html) && has_bomb(html)))
		return -E2BIG;
	htmlParserCtxt *parser = htmlNewParserCtxt();
	if (parser == NULL)
		return -ENOMEM;
	guard.start = parser->sax->startElement;
	guard.characters = parser->sax->characters;
	parser->sax->startElement = guarded_start;
	parser->sax->characters = guarded_characters;
	parser->sax->cdataBlock = guarded_raw;
	parser->sax->comment = NULL;
	parser->sax->processingInstruction = NULL;
	parser->_private = &guard;
	pk_cleanup(xmlFreeDocp) xmlDoc *tree =
	    htmlCtxtReadMemory(parser, html.ptr, (int)html.len, NULL, "UTF-8", OPTIONS);
	int error = parser->errNo;
	htmlFreeParserCtxt(parser);
	if (tree == NULL)
		return error == XML_ERR_NO_MEMORY ? -ENOMEM : -EBADMSG;
	*ret_tree = pk_steal(&tree);
	*ret_cut = guard.cut;
	return 0;
}
