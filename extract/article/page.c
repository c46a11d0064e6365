/* SPDX-License-Identifier: Apache-2.0 */
/* One walk over the tree; all that later passes need is written down on the way. */
#include "extract/article/page.h"

#include "base/utf8.h"
#include "extract/article/line.h"
#include "extract/article/tree.h"

#include <errno.h>

#define NODES_MAX 400000
#define PAIRS_MAX 2000

/* Steps that rules may take from elements to those around them; a large page takes some
 * ten thousand, one that is nothing but depth would take hundreds of millions. */
#define CLIMBS_MAX (8u << 20)

/* Of one <script type="application/ld+json">: bytes. */
#define JSONLD_MAX (1u << 20)

/* Names repeat: what attributes meant that were looked at before. A power of two. */
#define NAMES_KEPT 256

struct walk {
	struct pk_page *page;
	struct {
		struct pk_span value; /* in the tree */
		unsigned hints;
		uint64_t bits;
	} names[NAMES_KEPT];
	uint64_t bits; /* of the names of the element that is read */
	char *text;    /* all blocks, one after the other */
	size_t len;
	size_t cap;
	struct pk_block block; /* what has been read of the one that is open */
	size_t start;          /* where its text begins */
	bool space;            /* a blank is due before the next character */
	bool line;             /* a line break of a <pre> is due instead */
	unsigned pre;          /* open <pre> */
	unsigned breaks;       /* <br> since the last character */
	unsigned strong;       /* open <b>, <strong> */
	unsigned slant;        /* open <i>, <em>, <small> */
	bool failed;           /* no memory */
};

static struct pk_span
span_of(const xmlChar *s)
{
	return pk_span_of((const char *)s);
}

/* Most names differ in their first letter. */
static inline bool
is_named(const void *name, const char *want)
{
	return *(const char *)name == *want && strcmp(name, want) == 0;
}

static struct pk_span
copied(struct walk *w, struct pk_span s)
{
	struct pk_span copy = pk_arena_copy(w->page->arena, s);

	w->failed = w->failed || copy.ptr == NULL;
	return copy;
}

/* A copy in lower case. */
static struct pk_span
lowered(struct walk *w, struct pk_span s)
{
	char *copy = pk_arena_alloc(w->page->arena, s.len + 1);

	if (copy == NULL) {
		w->failed = true;
		return (struct pk_span){ NULL, 0 };
	}
	for (size_t i = 0; i < s.len; i++)
		copy[i] = pk_ascii_lower(s.ptr[i]);
	return (struct pk_span){ copy, s.len };
}

/* The attribute's text, borrowed from the tree; absent where there is none. */
static struct pk_span
attribute(const xmlNode *node, const char *name)
{
	for (const xmlAttr *a = node->properties; a != NULL; a = a->next) {
		if (is_named(a->name, name))
			return a->children == NULL || a->children->content == NULL
				   ? PK_SPAN("")
				   : span_of(a->children->content);
	}
	return (struct pk_span){ NULL, 0 };
}

static void
add_pair(struct walk *w, struct pk_pairs *pairs, struct pk_span key,
    struct pk_span value, uint32_t node)
{
	struct pk_page *page = w->page;

	if (value.len == 0 || pairs->len >= PAIRS_MAX)
		return;
	struct pk_pair *pair = pk_array_push(page->arena, pairs);
	if (pair == NULL) {
		w->failed = true;
		return;
	}
	*pair = (struct pk_pair){ lowered(w, pk_span_trim(key)),
		copied(w, pk_span_trim(value)), node, (uint32_t)page->blocks.len };
}

/* ---- blocks ---------------------------------------------------------------- */

/* A line in bold by itself is a heading that was not marked up as one. */
#define BOLD_HEADING_MAX 100

/* A longer one is a paragraph in large letters. */
#define HEADING_MAX 180

static bool
is_bold_heading(const struct pk_block *block)
{
	return block->strong_points >= block->points &&
	       block->points <= BOLD_HEADING_MAX && block->link_points == 0 &&
	       !pk_line_ends_sentence(block->text);
}

/* What kind of paragraph a block is, by the nearest element that says so. */
static void
set_kind(const struct pk_page *page, struct pk_block *block)
{
	static const enum pk_paragraph_kind kinds[PK_TAGS] = {
		[PK_TAG_H1] = PK_PARAGRAPH_HEADING,
		[PK_TAG_H2] = PK_PARAGRAPH_HEADING,
		[PK_TAG_H3] = PK_PARAGRAPH_HEADING,
		[PK_TAG_H4] = PK_PARAGRAPH_HEADING,
		[PK_TAG_H5] = PK_PARAGRAPH_HEADING,
		[PK_TAG_H6] = PK_PARAGRAPH_HEADING,
		[PK_TAG_LI] = PK_PARAGRAPH_LIST_ITEM,
		[PK_TAG_DT] = PK_PARAGRAPH_LIST_ITEM,
		[PK_TAG_DD] = PK_PARAGRAPH_LIST_ITEM,
		[PK_TAG_BLOCKQUOTE] = PK_PARAGRAPH_QUOTE,
		[PK_TAG_PRE] = PK_PARAGRAPH_PRE,
	};
	enum pk_tag own = page->nodes.items[block->node].tag;

	block->tag = own;
	block->kind = is_bold_heading(block) ? PK_PARAGRAPH_HEADING : PK_PARAGRAPH_P;
	/* Cells with paragraphs in them are layout. */
	if (own == PK_TAG_TD || own == PK_TAG_TH)
		block->kind = PK_PARAGRAPH_TABLE_ROW;
	for (uint32_t n = block->node; n != PK_NO_NODE;
	     n = page->nodes.items[n].parent) {
		enum pk_tag tag = page->nodes.items[n].tag;
		if (tag == PK_TAG_TD || tag == PK_TAG_TH)
			break; /* a table in a list is a table */
		if (kinds[tag] != PK_PARAGRAPH_NONE) {
			/* Leads are set as headings, too. */
			bool lead =
			    kinds[tag] == PK_PARAGRAPH_HEADING &&
			    (block->points > HEADING_MAX ||
				(page->nodes.items[n].flags & PK_HINT_LEAD) != 0);
			block->kind = lead ? PK_PARAGRAPH_P : kinds[tag];
			block->tag = tag;
			break;
		}
	}
}

static void
end_block(struct walk *w)
{
	struct pk_page *page = w->page;

	w->space = w->line = false;
	w->breaks = 0;
	struct pk_span all = { w->text + w->start, w->len - w->start };
	struct pk_span text = pk_line_trim(all);
	w->start = w->len;
	if (text.len > 0) {
		struct pk_block *block = pk_array_push(page->arena, &page->blocks);
		if (block == NULL) {
			w->failed = true;
			return;
		}
		*block = w->block;
		block->text = text;
		block->points = (uint32_t)pk_utf8_count(text);
		block->marks = (uint32_t)pk_line_marks(text);
		if (block->link_points > block->points)
			block->link_points = block->points;
		set_kind(page, block);
	}
	w->block = (struct pk_block){ .node = PK_NO_NODE };
}

static void
add_sign(struct walk *w, char sign)
{
	w->text[w->len++] = sign;
	w->block.points++;
}

/* A <br> before more text: two of them, or one after a full stop, part paragraphs. */
static void
take_breaks(struct walk *w)
{
	struct pk_span text = { w->text + w->start, w->len - w->start };

	bool bold =
	    text.len > 0 && w->strong == 0 && w->block.strong_points >= w->block.points;
	if (w->breaks >= 2 || bold || pk_line_ends_sentence(text))
		end_block(w);
	else if (w->len > w->start)
		add_sign(w, '\n');
	w->breaks = 0;
	w->space = w->line = false;
}

/* Text of the tree, as a browser would show it: runs of blanks are one. */
static void
add_text(struct walk *w, struct pk_span s, uint32_t node)
{
	const struct pk_node *at = &w->page->nodes.items[node];
	size_t i = 0;

	/* At most a separator and a '\n' more than there is. */
	if ((at->inherited & PK_HINT_SILENT) != 0 || s.len + 2 > w->cap - w->len)
		return;
	while (i < s.len) {
		if (pk_ascii_is_blank(s.ptr[i])) {
			w->space = true;
			w->line |= w->pre > 0 && s.ptr[i] == '\n';
			i++;
			continue;
		}
		if (w->breaks > 0)
			take_breaks(w);
		if (w->len > w->start && w->space)
			add_sign(w, w->line ? '\n' : ' ');
		w->space = w->line = false;
		if (w->block.node == PK_NO_NODE)
			w->block.node = at->block;
		uint32_t points = 1; /* the blank before it, too */
		for (; i < s.len && !pk_ascii_is_blank(s.ptr[i]); i++) {
			w->text[w->len++] = s.ptr[i];
			points += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
		}
		w->block.points += points - 1;
		if ((at->inherited & PK_HINT_LINK) != 0)
			w->block.link_points += points;
		if (w->strong > 0)
			w->block.strong_points += points;
		if (w->slant > 0)
			w->block.slant_points += points;
	}
}

/* ---- elements -------------------------------------------------------------- */

/* What style, role and hidden say. */
static unsigned
hints_of_state(const char *name, struct pk_span value)
{
	static const char *const furniture[] = { "navigation", "complementary",
		"contentinfo", "banner", "search", "menu", "menubar", "dialog",
		"alertdialog", "toolbar" };

	if (is_named(name, "hidden"))
		return PK_HINT_HIDDEN;
	if (is_named(name, "aria-hidden"))
		return pk_span_eq(value, PK_SPAN("true")) ? PK_HINT_HIDDEN : 0;
	if (is_named(name, "style")) {
		size_t none = pk_span_find(value, PK_SPAN("none"), 0);
		size_t display = pk_span_find(value, PK_SPAN("display"), 0);
		return none != SIZE_MAX && display != SIZE_MAX && display < none &&
			       none - display < 12
			   ? PK_HINT_HIDDEN
			   : 0;
	}
	for (size_t i = 0; is_named(name, "role") && i < PK_COUNT(furniture); i++) {
		if (pk_span_eq(value, pk_span_of(furniture[i])))
			return PK_HINT_FURNITURE;
	}
	return 0;
}

/* pk_hints_of(), which is asked about the same classes again and again; and their bits.
 */
static unsigned
hints_of_names(struct walk *w, struct pk_span value)
{
	size_t hash = value.len;

	for (size_t i = 0; i < value.len; i++)
		hash = hash * 33 ^ (unsigned char)value.ptr[i];
	size_t at = (hash ^ hash >> 9) % NAMES_KEPT;
	if (!pk_span_eq(w->names[at].value, value) || value.len == 0) {
		w->names[at].value = value;
		w->names[at].hints = pk_hints_of(value);
		w->names[at].bits = pk_name_bits(value);
	}
	w->bits |= w->names[at].bits;
	return w->names[at].hints;
}

static unsigned
hints_of_attribute(struct walk *w, const char *name, const xmlAttr *a)
{
	/* Most attributes are none of ours, and their length is not worth counting. */
	if (strchr("ciahsr", *name) == NULL)
		return 0;
	struct pk_span value =
	    a->children == NULL ? PK_SPAN("") : span_of(a->children->content);
	if (is_named(name, "class") || is_named(name, "id"))
		return hints_of_names(w, value);
	if (is_named(name, "itemprop"))
		return hints_of_names(w, value) |
		       (pk_span_eq(value, PK_SPAN("articleBody")) ? PK_HINT_BODY : 0);
	if (!is_named(name, "rel"))
		return hints_of_state(name, value);
	if (pk_span_find(value, PK_SPAN("author"), 0) != SIZE_MAX)
		return PK_HINT_BYLINE;
	return pk_span_eq(value, PK_SPAN("tag")) ? PK_HINT_TAGS : 0;
}

static unsigned
hints_of_element(
    struct walk *w, const xmlNode *xml, enum pk_tag tag, unsigned properties)
{
	static const unsigned hints[][2] = {
		{ PK_TAG_SILENT, PK_HINT_SILENT },
		{ PK_TAG_FURNITURE, PK_HINT_FURNITURE },
		{ PK_TAG_GUARDED, PK_HINT_GUARDED },
		{ PK_TAG_NOTICE, PK_HINT_NOTICE },
	};
	unsigned flags = 0, names = 0;

	for (size_t i = 0; i < PK_COUNT(hints); i++)
		flags |= (properties & hints[i][0]) != 0 ? hints[i][1] : 0;
	for (const xmlAttr *a = xml->properties; a != NULL; a = a->next)
		names |= hints_of_attribute(w, (const char *)a->name, a);
	/* The classes of the whole page say what it has, not what it is; MathJax's have
	 * a menu. */
	if (tag == PK_TAG_HTML || tag == PK_TAG_BODY || tag == PK_TAG_MATH)
		return flags;
	flags |= names;
	/* RDFa: property="dc:date" of what is shown; that of <meta> is read elsewhere.
	 */
	if (tag != PK_TAG_META)
		flags |= pk_hints_of(attribute(xml, "property")) &
			 (PK_HINT_DATE | PK_HINT_BYLINE);
	if (tag == PK_TAG_A && attribute(xml, "href").ptr != NULL)
		flags |= PK_HINT_LINK;
	return flags;
}

/* The text of an element that has nothing but text (title, script), in the arena. */
static struct pk_span
raw_text(struct walk *w, const xmlNode *xml, size_t max)
{
	size_t len = 0;
	char *text, *p;

	for (const xmlNode *n = xml->children; n != NULL; n = n->next)
		len += n->content == NULL ? 0 : strlen((const char *)n->content);
	if (len == 0 || len > max)
		return (struct pk_span){ NULL, 0 };
	p = text = pk_arena_alloc(w->page->arena, len + 1);
	if (text == NULL) {
		w->failed = true;
		return (struct pk_span){ NULL, 0 };
	}
	for (const xmlNode *n = xml->children; n != NULL; n = n->next) {
		if (n->content != NULL)
			p = stpcpy(p, (const char *)n->content);
	}
	return pk_line_trim((struct pk_span){ text, len });
}

static void
note_meta(struct walk *w, const xmlNode *xml, uint32_t node)
{
	static const char *const names[] = { "property", "name", "itemprop",
		"http-equiv" };
	struct pk_span value = attribute(xml, "content");

	for (size_t i = 0; i < PK_COUNT(names); i++) {
		struct pk_span key = attribute(xml, names[i]);
		if (key.len > 0)
			add_pair(w, &w->page->metas, key, value, node);
	}
}

/* Elements that say something beside their text. */
static void
note_element(struct walk *w, const xmlNode *xml, enum pk_tag tag, uint32_t node)
{
	struct pk_page *page = w->page;

	if (tag == PK_TAG_META) {
		note_meta(w, xml, node);
	} else if (tag == PK_TAG_LINK) {
		add_pair(w, &page->links, attribute(xml, "rel"), attribute(xml, "href"),
		    node);
	} else if (tag == PK_TAG_TIME) {
		struct pk_span key = attribute(xml, "itemprop");
		if (key.len == 0)
			key = attribute(xml, "class");
		add_pair(w, &page->times, key, attribute(xml, "datetime"), node);
	} else if (tag == PK_TAG_IMG) {
		struct pk_span src = attribute(xml, "data-src");
		if (src.len == 0)
			src = attribute(xml, "src");
		if (src.len == 0)
			src = attribute(xml, "srcset");
		if (src.len == 0)
			src = attribute(xml, "data-lazy-src");
		add_pair(w, &page->images, attribute(xml, "alt"), src, node);
	} else if (tag == PK_TAG_TITLE) {
		/* Pictures have titles, too. */
		uint32_t parent = page->nodes.items[node].parent;
		bool silent =
		    parent != PK_NO_NODE &&
		    (page->nodes.items[parent].inherited & PK_HINT_SILENT) != 0;
		if (page->title.len == 0 && !silent)
			page->title = raw_text(w, xml, 4096);
	} else if (tag == PK_TAG_SCRIPT) {
		if (pk_span_starts_with_nocase(
			attribute(xml, "type"), PK_SPAN("application/ld+json")))
			add_pair(w, &page->jsonld, PK_SPAN(""),
			    raw_text(w, xml, JSONLD_MAX), node);
	} else if (tag == PK_TAG_HTML) {
		if (page->lang.len == 0)
			page->lang = copied(w, attribute(xml, "lang"));
		if (page->lang.len == 0)
			page->lang = copied(w, attribute(xml, "xml:lang"));
	} else if (tag == PK_TAG_BASE) {
		if (page->base.len == 0)
			page->base = copied(w, attribute(xml, "href"));
	} else if (tag == PK_TAG_INPUT) {
		page->has_password |=
		    pk_span_eq_nocase(attribute(xml, "type"), PK_SPAN("password"));
	}
}

static bool
is_strong(const xmlNode *xml)
{
	return is_named(xml->name, "b") || is_named(xml->name, "strong");
}

static bool
is_slant(const xmlNode *xml)
{
	return is_named(xml->name, "i") || is_named(xml->name, "em") ||
	       is_named(xml->name, "small");
}

/* Where a rule of a site would find the element by its names. */
static void
note_names(struct walk *w, uint32_t node)
{
	struct pk_named_node *named;

	if (w->bits == 0)
		return;
	named = pk_array_push(w->page->arena, &w->page->named);
	if (named == NULL)
		w->failed = true;
	else
		*named = (struct pk_named_node){ w->bits, node };
}

/* Begins an element; *at is its parent and becomes the element. */
static void
open_element(struct walk *w, const xmlNode *xml, uint32_t *at)
{
	struct pk_page *page = w->page;
	unsigned properties;
	enum pk_tag tag = pk_tag_of((const char *)xml->name, &properties);
	uint32_t index = (uint32_t)page->nodes.len;
	struct pk_node *node = pk_array_push(page->arena, &page->nodes);

	if (node == NULL) {
		w->failed = true;
		return;
	}
	if ((properties & PK_TAG_BLOCK) != 0)
		end_block(w);
	const struct pk_node *parent =
	    *at == PK_NO_NODE ? NULL : &page->nodes.items[*at];
	bool block = parent == NULL || (properties & PK_TAG_BLOCK) != 0;
	w->bits = 0;
	*node = (struct pk_node){ .xml = xml,
		.parent = *at,
		.block = block ? index : parent->block,
		.first_block = (uint32_t)page->blocks.len,
		.text = { w->text + w->len, 0 },
		.tag = tag,
		.flags = hints_of_element(w, xml, tag, properties) };
	node->inherited = node->flags | (parent == NULL ? 0 : parent->inherited);
	if (tag == PK_TAG_BR)
		w->breaks++;
	else if (tag == PK_TAG_A && w->block.node != PK_NO_NODE)
		w->block.links++;
	w->strong += is_strong(xml);
	w->slant += is_slant(xml);
	w->pre += tag == PK_TAG_PRE;
	*at = index;
	note_names(w, index);
	note_element(w, xml, tag, index);
}

/* Ends an element; *at becomes its parent. */
static void
close_element(struct walk *w, const xmlNode *xml, uint32_t *at)
{
	struct pk_page *page = w->page;
	struct pk_node *node = &page->nodes.items[*at];

	/* A date at the beginning of a line is not what the line says; where it was
	 * written is. */
	bool stamp = (node->flags & PK_HINT_DATE) != 0 &&
		     node->text.ptr == w->text + w->start && w->len > w->start &&
		     pk_line_has_digit(
			 (struct pk_span){ w->text + w->start, w->len - w->start });
	if (node->block == *at || stamp)
		end_block(w);
	node->end = (uint32_t)page->nodes.len;
	node->text.len = (size_t)(w->text + w->len - node->text.ptr);
	/* An inline element's last text may still be open: its block counts. */
	node->end_block = (uint32_t)page->blocks.len + (w->len > w->start ? 1 : 0);
	w->strong -= is_strong(xml);
	w->slant -= is_slant(xml);
	w->pre -= node->tag == PK_TAG_PRE;
	*at = node->parent;
}

/* A walk that was cut leaves elements open. */
static void
close_rest(struct pk_page *page, uint32_t at)
{
	for (; at != PK_NO_NODE; at = page->nodes.items[at].parent) {
		page->nodes.items[at].end = (uint32_t)page->nodes.len;
		page->nodes.items[at].end_block = (uint32_t)page->blocks.len;
	}
}

/* Text that was open when an element ended came to nothing: blanks at the end. */
static void
clamp_ends(struct pk_page *page)
{
	uint32_t end = (uint32_t)page->blocks.len;

	for (size_t n = 0; n < page->nodes.len; n++) {
		if (page->nodes.items[n].end_block > end)
			page->nodes.items[n].end_block = end;
	}
}

static void
walk_tree(struct walk *w, const xmlNode *root)
{
	const xmlNode *n = root;
	uint32_t at = PK_NO_NODE;

	while (n != NULL && !w->failed) {
		if (n->type == XML_ELEMENT_NODE) {
			if (w->page->nodes.len >= NODES_MAX) {
				w->page->cut = true;
				break;
			}
			open_element(w, n, &at);
			if (n->children != NULL && !w->failed) {
				n = n->children;
				continue;
			}
			if (!w->failed)
				close_element(w, n, &at);
		} else if (n->type == XML_TEXT_NODE && at != PK_NO_NODE) {
			add_text(w, span_of(n->content), at);
		}
		while (n != root && n->next == NULL && !w->failed) {
			n = n->parent;
			if (n->type == XML_ELEMENT_NODE)
				close_element(w, n, &at);
		}
		n = n == root ? NULL : n->next;
	}
	if (!w->failed)
		close_rest(w->page, at);
	clamp_ends(w->page);
}

int
pk_page_read(struct pk_arena *arena, struct pk_span html, struct pk_page *ret_page)
{
	pk_cleanup(pk_tree_freep) xmlDoc *tree = NULL;
	struct pk_page page = { .arena = arena };
	struct walk w = { .page = &page, .block.node = PK_NO_NODE };

	int r = pk_tree_parse(html, &tree, &page.cut);
	if (r < 0 && r != -EBADMSG)
		return r;
	/* Text never grows on its way into the tree; each block has a border tag. */
	w.cap = html.len + 16;
	page.climbs = pk_arena_new_of(arena, uint32_t);
	if (page.climbs == NULL)
		return -ENOMEM;
	*page.climbs = CLIMBS_MAX;
	w.text = pk_arena_alloc(arena, w.cap);
	if (w.text == NULL)
		return -ENOMEM;
	if (tree != NULL && xmlDocGetRootElement(tree) != NULL)
		walk_tree(&w, xmlDocGetRootElement(tree));
	if (w.failed)
		return -ENOMEM;
	page.tree = pk_steal(&tree);
	*ret_page = page;
	return 0;
}

void
pk_page_done(struct pk_page *page)
{
	pk_tree_free(page->tree);
}

/* ---- questions ------------------------------------------------------------- */

struct pk_span
pk_pairs_get(const struct pk_pairs *pairs, const char *key)
{
	for (size_t i = 0; i < pairs->len; i++) {
		if (pk_span_eq(pairs->items[i].key, pk_span_of(key)))
			return pairs->items[i].value;
	}
	return (struct pk_span){ NULL, 0 };
}

struct pk_span
pk_page_attribute(const struct pk_page *page, uint32_t node, const char *name)
{
	return attribute(page->nodes.items[node].xml, name);
}

struct pk_span
pk_page_text_of(const struct pk_page *page, uint32_t node)
{
	const struct pk_node *n = &page->nodes.items[node];
	uint32_t end = n->end_block;
	size_t len = 0;

	if (n->block != node || end <= n->first_block)
		return pk_line_trim(n->text);
	if (end - n->first_block == 1)
		return page->blocks.items[n->first_block].text;
	for (uint32_t b = n->first_block; b < end; b++)
		len += page->blocks.items[b].text.len + 1;
	char *text = pk_arena_alloc(page->arena, len + 1), *p = text;
	if (text == NULL)
		return (struct pk_span){ NULL, 0 };
	for (uint32_t b = n->first_block; b < end; b++) {
		struct pk_span s = page->blocks.items[b].text;
		memcpy(p, s.ptr, s.len);
		p += s.len;
		*p++ = ' ';
	}
	return (struct pk_span){ text, len - 1 };
}

uint32_t
pk_page_node_at(const struct pk_page *page, uint32_t block)
{
	uint32_t low = 0, high = (uint32_t)page->nodes.len;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (page->nodes.items[middle].first_block < block)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Does an inline element begin where another has just ended? */
static bool
is_beside(const struct pk_page *page, uint32_t n)
{
	const struct pk_node *node = &page->nodes.items[n];
	const xmlNode *before = node->xml->prev;

	return node->block != n && node->text.len > 0 && before != NULL &&
	       before->type == XML_ELEMENT_NODE && !is_named(before->name, "br");
}

struct pk_span
pk_page_line_of(const struct pk_page *page, uint32_t b)
{
	struct pk_span text = page->blocks.items[b].text;
	uint32_t first = pk_page_node_at(page, b);
	char *copy = NULL, *p = NULL;
	size_t done = 0;

	for (uint32_t n = first;
	     n < page->nodes.len && page->nodes.items[n].first_block == b; n++) {
		const char *at = page->nodes.items[n].text.ptr;
		if (!is_beside(page, n) || at <= text.ptr + done ||
		    at >= text.ptr + text.len || at[-1] == ' ' || *at == ' ')
			continue;
		if (copy == NULL)
			p = copy = pk_arena_alloc(page->arena, 2 * text.len);
		if (copy == NULL)
			return text;
		size_t end = (size_t)(at - text.ptr);
		p = (char *)memcpy(p, text.ptr + done, end - done) + (end - done);
		*p++ = ' ';
		done = end;
	}
	if (copy == NULL)
		return text;
	p = (char *)memcpy(p, text.ptr + done, text.len - done) + (text.len - done);
	return (struct pk_span){ copy, (size_t)(p - copy) };
}

static struct pk_span
class_of(const struct pk_node *node)
{
	return attribute(node->xml, "class");
}

bool
pk_page_alike(const struct pk_page *page, uint32_t a, uint32_t b)
{
	const struct pk_node *nodes = page->nodes.items;

	if (nodes[a].tag != nodes[b].tag)
		return false;
	struct pk_span class_a = class_of(&nodes[a]), class_b = class_of(&nodes[b]);
	return class_a.len > 0 && pk_span_eq(class_a, class_b);
}

bool
pk_page_has_names(const struct pk_page *page, uint32_t node)
{
	const struct pk_node *n = &page->nodes.items[node];

	return class_of(n).len > 0 || attribute(n->xml, "id").len > 0;
}

bool
pk_page_holds_headline(const struct pk_page *page, uint32_t node)
{
	for (uint32_t n = node; n < page->nodes.items[node].end; n++) {
		if (page->nodes.items[n].tag == PK_TAG_H1)
			return true;
	}
	return false;
}

/* Images stand in document order. */
bool
pk_page_holds_image(const struct pk_page *page, uint32_t node)
{
	const struct pk_pair *images = page->images.items;
	size_t first = 0, end = page->images.len;

	while (first < end) {
		size_t middle = first + (end - first) / 2;
		if (images[middle].node <= node)
			first = middle + 1;
		else
			end = middle;
	}
	return first < page->images.len &&
	       images[first].node < page->nodes.items[node].end;
}
