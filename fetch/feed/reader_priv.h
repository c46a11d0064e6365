/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/feed/reader_priv.h - what the files of this room share while a feed is read.
 *
 * The walk (feed.c) goes over the elements of a feed and of its entries. For each it
 * looks a row up in the tables of elements (rss.c, atom.c, modules.c); the row says
 * which field of the draft it fills, how, and with which rank: of two elements that
 * fill the same field the one of the higher rank is kept, among equals the first.
 */
#ifndef PEYK_FETCH_FEED_READER_PRIV_H
#define PEYK_FETCH_FEED_READER_PRIV_H

#include "fetch/feed/feed.h"

#include <libxml/tree.h>

/* Namespaces, by what they stand for and not by their prefix. */
enum pk_ns {
	PK_NS_UNKNOWN,
	PK_NS_RSS, /* RSS 0.9x and 2.0 have none; 0.90 and 1.0 have theirs */
	PK_NS_ATOM,
	PK_NS_RDF,
	PK_NS_DC,
	PK_NS_DCTERMS,
	PK_NS_CONTENT,
	PK_NS_MEDIA,
	PK_NS_ITUNES,
	PK_NS_FEEDBURNER,
	PK_NS_XHTML,
};

enum pk_field {
	PK_FIELD_ID,
	PK_FIELD_TITLE,
	PK_FIELD_LINK,
	PK_FIELD_AUTHOR,
	PK_FIELD_LANGUAGE,
	PK_FIELD_SUMMARY, /* of a feed: its subtitle */
	PK_FIELD_CONTENT,
	PK_FIELD_PUBLISHED,
	PK_FIELD_UPDATED,
	PK_FIELDS
};

/* A feed or an entry, as far as it was read. */
struct pk_draft {
	struct pk_span text[PK_FIELDS];
	struct pk_feed_time time[PK_FIELDS]; /* of PUBLISHED and UPDATED */
	bool is_plain[PK_FIELDS];            /* the text has no markup in it */
	unsigned char rank[PK_FIELDS];       /* 0: nothing yet */
	PK_ARRAY(struct pk_span) categories;
	PK_ARRAY(struct pk_enclosure) enclosures;
};

struct pk_reader {
	struct pk_arena *arena;
	struct pk_span url;
	int default_offset_min;
	enum pk_feed_format format;
	enum pk_ns home;         /* what elements without a namespace belong to */
	const xmlChar *home_uri; /* and those of this one, the root's, if unknown */
	bool has_base;           /* there is an xml:base somewhere */
	bool out_of_memory;
};

/* How an element fills a draft; `element` is its row. */
struct pk_element;
typedef void pk_take(struct pk_reader *reader, const xmlNode *node,
    const struct pk_element *element, struct pk_draft *draft);

/* A row of the tables. */
struct pk_element {
	enum pk_ns ns;
	const char *name; /* case does not count */
	pk_take *take;
	enum pk_field field;
	unsigned char rank;    /* 1 is the lowest */
	const char *attribute; /* that has the value, for some */
};

/* rss.c, atom.c, modules.c: tables that end with a row whose name is NULL. */
extern const struct pk_element pk_rss_elements[];
extern const struct pk_element pk_atom_elements[];
extern const struct pk_element pk_module_elements[];

/* The row of an element, or NULL. */
const struct pk_element *pk_element_find(
    const struct pk_reader *reader, const xmlNode *node);

/* node.c: namespace and local name; an undeclared prefix is understood by its name. */
enum pk_ns pk_node_ns(
    const struct pk_reader *reader, const xmlNode *node, const char **ret_name);
bool pk_node_is(const struct pk_reader *reader, const xmlNode *node, enum pk_ns ns,
    const char *name);

/* The text in it and in all below, trimmed, in the arena; absent where it is empty. */
struct pk_span pk_node_text(struct pk_reader *reader, const xmlNode *node);

/* The same with the markup of elements below. */
struct pk_span pk_node_markup(struct pk_reader *reader, const xmlNode *node);

/* An attribute without namespace (case does not count), trimmed; absent where there is
 * none. Borrowed from the tree. */
struct pk_span pk_node_attribute(const xmlNode *node, const char *name);

/* An address in this place, made absolute, in the arena; absent when it leads nowhere
 * that can be fetched. */
struct pk_span pk_node_url(
    struct pk_reader *reader, const xmlNode *node, struct pk_span address);

/* draft.c: filling a draft, by rank and within the limits of length and number. */
void pk_draft_set(struct pk_reader *reader, struct pk_draft *draft,
    const struct pk_element *element, struct pk_span text, bool is_plain);
/* "fa_IR" is meant as "fa-IR" (BCP 47). */
struct pk_span pk_language_tag(struct pk_reader *reader, struct pk_span text);
void pk_draft_add_category(
    struct pk_reader *reader, struct pk_draft *draft, struct pk_span category);
void pk_draft_add_enclosure(struct pk_reader *reader, struct pk_draft *draft,
    struct pk_span url, struct pk_span type, struct pk_span length);

/* draft.c: ways to take an element. */
pk_take pk_take_text; /* as it is */
pk_take pk_take_language;
pk_take pk_take_title;  /* without markup */
pk_take pk_take_markup; /* with markup */
pk_take pk_take_date;
pk_take pk_take_url;
pk_take pk_take_author;   /* "a@b (Name)" */
pk_take pk_take_category; /* its text, or the row's attribute */
pk_take pk_take_keywords; /* "a, b" */
pk_take pk_take_enclosure;

/* atom.c: a link element, which RSS feeds use too. */
pk_take pk_take_atom_link;

#endif
