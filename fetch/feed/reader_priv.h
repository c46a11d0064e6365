/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/feed/reader_priv.h - what the files of this room share while a feed is read.
 *
 * The walk (walk.c) goes over the elements of a feed and of its entries. For each it
 * looks a row up in the tables of elements (rss.c, atom.c, cdf.c, sitemap.c,
 * modules.c); the row says which field of the draft it fills, how, and with which rank:
 * of two elements that fill the same field the one of the higher rank is kept, among
 * equals the first.
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
	PK_NS_SYNDICATION,
	PK_NS_CDF, /* has no namespace */
	PK_NS_SITEMAP,
	PK_NS_NEWS,
	PK_NS_IMAGE,
	PK_NS_VIDEO,
	PK_NS_PORTAL, /* Russian portals, who ask publishers for the whole text */
	PK_NS_TURBO,
	PK_NS_COUNT,
};

enum pk_field {
	PK_FIELD_PUBLISHED, /* the times stand first, they have places of their own */
	PK_FIELD_UPDATED,
	PK_FIELD_TIMES,
	PK_FIELD_ID = PK_FIELD_TIMES,
	PK_FIELD_TITLE,
	PK_FIELD_LINK,
	PK_FIELD_AUTHOR,
	PK_FIELD_LANGUAGE,
	PK_FIELD_SUMMARY, /* of a feed: its subtitle */
	PK_FIELD_CONTENT,
	PK_FIELDS
};

/* A feed or an entry, as far as it was read. */
struct pk_draft {
	struct pk_span text[PK_FIELDS];
	struct pk_feed_time time[PK_FIELD_TIMES];
	bool is_plain[PK_FIELDS];      /* the text has no markup in it */
	unsigned char rank[PK_FIELDS]; /* 0: nothing yet */
	PK_ARRAY(struct pk_span) categories;
	PK_ARRAY(struct pk_enclosure) enclosures;
};

struct pk_reader {
	struct pk_arena *arena;
	const struct pk_feed_context *context;
	struct pk_span url; /* the base of addresses, outside of all xml:base */
	enum pk_feed_format format;
	struct pk_draft *channel;
	struct pk_feed_hints *hints; /* NULL inside an entry, which gives none */
	int64_t frequency;           /* sy:updateFrequency; 0: not said */
	struct pk_span prev_archive; /* for the hint `older` */
	enum pk_ns home;             /* what elements without a namespace belong to */
	const xmlChar *home_uri;     /* and those of this one, the root's, if unknown */
	const struct pk_span *kept;  /* by the tree's <?kept N?> (repair.h) */
	size_t n_kept;
	bool has_base; /* there is an xml:base somewhere */
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

/* rss.c, atom.c, cdf.c, sitemap.c, modules.c: tables that end with a row whose name is
 * NULL. */
extern const struct pk_element pk_rss_elements[];
extern const struct pk_element pk_atom_elements[];
extern const struct pk_element pk_cdf_elements[];
extern const struct pk_element pk_sitemap_elements[];
extern const struct pk_element pk_module_elements[];

/* The row of an element, or NULL. */
const struct pk_element *pk_element_find(
    const struct pk_reader *reader, const xmlNode *node);

/* Takes an element by its row, if it has one; what is no element is passed over. */
void pk_take_element(
    struct pk_reader *reader, const xmlNode *node, struct pk_draft *draft);

/*
 * Reads the formats of one family into *feed, whose format and charset are set: all but
 * `key` and `content_hash` of the entries.
 *
 *   text     clean UTF-8; nothing of it may be borrowed
 *   context  its `url` is the base of the document
 *
 * Returns 0, -EBADMSG, -E2BIG or -ENOMEM.
 */
typedef int pk_read(struct pk_arena *arena, struct pk_span text,
    const struct pk_feed_context *context, struct pk_feed *feed);
pk_read pk_read_xml; /* walk.c */

/* Fills a feed with what its drafts hold, reader->channel among them; parts, hints and
 * what was refused are the caller's. Returns 0 or -ENOMEM. walk.c */
int pk_feed_fill(struct pk_reader *reader, const struct pk_draft *entries,
    size_t n_entries, struct pk_feed *feed);

/* node.c: what a declaration of a namespace stands for; to say what it does. */
enum pk_ns pk_ns_of(const struct pk_reader *reader, xmlNs *ns);
void pk_ns_set(xmlNs *ns, enum pk_ns meant);

/* node.c: namespace and local name; an undeclared prefix is understood by its name. */
enum pk_ns pk_node_ns(
    const struct pk_reader *reader, const xmlNode *node, const char **ret_name);
/* As an element is named in the times that come from it: "pubDate", "dc:date". */
struct pk_span pk_element_source(
    struct pk_reader *reader, const struct pk_element *element);
bool pk_node_is(const struct pk_reader *reader, const xmlNode *node, enum pk_ns ns,
    const char *name);

/* The text in it and in all below, trimmed, as long as the tree and its source live; in
 * the arena only where it had to be put together. */
struct pk_span pk_node_text_borrowed(struct pk_reader *reader, const xmlNode *node);

/* The text in it and in all below, trimmed, in the arena; absent where it is empty. */
struct pk_span pk_node_text(struct pk_reader *reader, const xmlNode *node);

/* The same with the markup of elements below. */
struct pk_span pk_node_markup_borrowed(struct pk_reader *reader, const xmlNode *node);
struct pk_span pk_node_markup(struct pk_reader *reader, const xmlNode *node);

/* An attribute without namespace (case does not count), trimmed; absent where there is
 * none. Borrowed from the tree. */
struct pk_span pk_node_attribute(const xmlNode *node, const char *name);

/* The base of relative addresses in this place. */
struct pk_span pk_node_base(struct pk_reader *reader, const xmlNode *node);

/* An address in this place, made absolute, in the arena; absent when it leads nowhere
 * that can be fetched. */
struct pk_span pk_node_url(
    struct pk_reader *reader, const xmlNode *node, struct pk_span address);

/* draft.c: filling a draft, by rank and within the limits of length and number. A body
 * is sanitized, its relative addresses are meant from reader->url. */
void pk_draft_set(struct pk_reader *reader, struct pk_draft *draft,
    const struct pk_element *element, struct pk_span text, bool is_plain);

/* The same for a text with addresses that are meant from this place. */
void pk_draft_set_body(struct pk_reader *reader, struct pk_draft *draft,
    const struct pk_element *element, const xmlNode *node, struct pk_span text,
    bool is_plain);
/* A time, as it is written in the tree: the text is copied. */
void pk_draft_set_time(struct pk_reader *reader, struct pk_draft *draft,
    const struct pk_element *element, struct pk_span text);
/* "fa_IR" is meant as "fa-IR" (BCP 47). */
struct pk_span pk_language_tag(struct pk_reader *reader, struct pk_span text);
void pk_draft_add_category(
    struct pk_reader *reader, struct pk_draft *draft, struct pk_span category);
/* The parts of a text with commas, of any script, between them. */
void pk_draft_add_keywords(
    struct pk_reader *reader, struct pk_draft *draft, struct pk_span text);
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
pk_take pk_take_keywords; /* "a, b", «الف، ب؛ پ» */
pk_take pk_take_enclosure;
pk_take pk_take_inside; /* the elements of the same namespace below */

/* atom.c: a link element, which RSS feeds use too. */
pk_take pk_take_atom_link;

/* atom.c: a person, by the name in it, else by the address, else by its text. */
pk_take pk_take_person;

/* cdf.c: what the attributes of a channel or an item say. */
void pk_cdf_attributes(
    struct pk_reader *reader, const xmlNode *node, struct pk_draft *draft);

/* sitemap.c: a <sitemap> of an index. */
void pk_sitemap_part(
    struct pk_reader *reader, const xmlNode *node, struct pk_feed_part *part);

/* hints.c: what a feed says about being asked again. */
pk_take pk_take_ttl;
pk_take pk_take_skip_hours;
pk_take pk_take_skip_days;
pk_take pk_take_period;
pk_take pk_take_frequency;
pk_take pk_take_moved;
/* A link element whose rel is "self", "hub", "next" or "prev-archive"; others are
 * passed over. */
void pk_hint_link(struct pk_reader *reader, const xmlNode *node, struct pk_span rel);
/* Settles what several elements say together, when all were taken. */
void pk_hints_finish(struct pk_reader *reader, struct pk_feed_hints *hints);

#endif
