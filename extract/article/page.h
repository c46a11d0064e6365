/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/page.h - an HTML page as a flat list of elements and blocks of text.
 *
 * What is here lives in the document's arena, but for libxml2's tree, which only rules
 * that ask for names and attributes of elements still look at. Elements and blocks
 * stand in document order, so the text below an element is a range of blocks.
 */
#ifndef PEYK_EXTRACT_ARTICLE_PAGE_H
#define PEYK_EXTRACT_ARTICLE_PAGE_H

#include "base/arena.h"
#include "base/vocabulary.h"
#include "extract/article/names.h"

#define PK_NO_NODE UINT32_MAX

/* libxml2's own names. NOLINTBEGIN(*-reserved-identifier,cert-dcl*) */
struct _xmlDoc;
struct _xmlNode;
/* NOLINTEND(*-reserved-identifier,cert-dcl*) */

struct pk_node {
	const struct _xmlNode *xml; /* in the page's tree */
	uint32_t parent;            /* PK_NO_NODE for the first */
	uint32_t end;               /* nodes (index, end) are below it */
	uint32_t block; /* the nearest element that is a block, itself included */
	uint32_t first_block;
	uint32_t end_block;  /* blocks [first_block, end_block) are in it; all exist */
	struct pk_span text; /* as it stands in its blocks, without borders between */
	enum pk_tag tag;
	unsigned flags;     /* of its own names */
	unsigned inherited; /* these and those of all elements around it */
};

/* Text between two borders of blocks, as a browser would show it. */
struct pk_block {
	struct pk_span text;  /* blanks collapsed, trimmed; '\n' for a single <br> */
	uint32_t node;        /* the block element that it stands in */
	uint32_t points;      /* code points */
	uint32_t link_points; /* those in links */
	uint32_t links;
	uint32_t marks;         /* signs of sentences */
	uint32_t strong_points; /* those in <b>, <strong> */
	uint32_t slant_points;  /* those in <i>, <em>, <small> */
	enum pk_paragraph_kind kind;
	enum pk_tag tag; /* the element that the kind comes from */
	double good;     /* how much of an article it is; see weigh.h */
	bool out;        /* it stands in what is no part of the article */
	const char *why; /* static: why it is not taken; NULL when it is */
};

/* <meta name|property|itemprop|http-equiv content>, <link rel href>, <time datetime> */
struct pk_pair {
	struct pk_span key; /* lower case */
	struct pk_span value;
	uint32_t node;
	uint32_t block; /* the block that is next */
};

struct pk_pairs {
	struct pk_pair *items;
	size_t len;
	size_t cap;
};

/* An element with a class, an id or an itemprop, and the bits of these names. */
struct pk_named_node {
	uint64_t bits; /* pk_name_bits() */
	uint32_t node;
};

struct pk_page {
	struct pk_arena *arena;
	struct _xmlDoc *tree; /* the page's own; NULL where there is none */
	struct {
		struct pk_node *items;
		size_t len;
		size_t cap;
	} nodes;
	struct {
		struct pk_block *items;
		size_t len;
		size_t cap;
	} blocks;
	struct {
		struct pk_named_node *items;
		size_t len;
		size_t cap;
	} named;          /* in the page's order */
	uint32_t *climbs; /* how many steps from elements to those around are left */
	struct pk_pairs metas;
	struct pk_pairs links;
	struct pk_pairs times;
	struct pk_pairs images; /* key: alt text, value: address */
	struct pk_pairs jsonld; /* value: what stands in the script */
	struct pk_span title;   /* of <title> */
	struct pk_span lang;    /* of <html> */
	struct pk_span base;    /* of <base href> */
	bool has_password;      /* there is a field for one */
	bool cut; /* the page went over a limit; what is here came before */
};

/*
 * Reads a page of clean UTF-8. Where it is nested too deep or has too many elements,
 * reading ends there (`cut`). Returns 0, -E2BIG (see pk_tree_parse()) or -ENOMEM; a
 * page without any element is an empty list.
 */
int pk_page_read(struct pk_arena *arena, struct pk_span html, struct pk_page *ret_page);

/* Frees the tree; everything else goes with the arena. An empty page is fine. */
void pk_page_done(struct pk_page *page);

/* The value of the first pair with that key; absent where there is none. */
struct pk_span pk_pairs_get(const struct pk_pairs *pairs, const char *key);

/* The value of an element's attribute, in the page's tree; absent where it has none. */
struct pk_span pk_page_attribute(
    const struct pk_page *page, uint32_t node, const char *name);

/* The text of an element; that of its blocks is joined by one blank. It may live in the
 * page's arena. */
struct pk_span pk_page_text_of(const struct pk_page *page, uint32_t node);

/*
 * The text of a block as fields are read: a blank between inline elements that stand
 * side by side without one ("<span>Jane Doe</span><span>3 May</span>"). It may live in
 * the page's arena.
 */
struct pk_span pk_page_line_of(const struct pk_page *page, uint32_t block);

/* The first element at or behind a block. */
uint32_t pk_page_node_at(const struct pk_page *page, uint32_t block);

/* Have both elements the same name and the same classes (and any)? */
bool pk_page_alike(const struct pk_page *page, uint32_t a, uint32_t b);

/* Has the element a class or an id? */
bool pk_page_has_names(const struct pk_page *page, uint32_t node);

/* Is there a headline of the first rank in the element? */
bool pk_page_holds_headline(const struct pk_page *page, uint32_t node);

/* Is there an image in the element? */
bool pk_page_holds_image(const struct pk_page *page, uint32_t node);

#endif
