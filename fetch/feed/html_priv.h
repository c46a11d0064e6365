/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/feed/html_priv.h - what the files share that read a page as a feed.
 *
 * html_find.c says which links of a page are its entries, html_data.c the same by what
 * the page tells machines in JSON-LD, html.c what is told of each.
 */
#ifndef PEYK_FETCH_FEED_HTML_PRIV_H
#define PEYK_FETCH_FEED_HTML_PRIV_H

#include "base/map.h"
#include "base/selector.h"
#include "fetch/feed/formats_priv.h"

/* Links of a page that are looked at. */
#define PK_HTML_LINKS_MAX 20000

/* An entry: its link, and what is known of it before its block is read. */
struct pk_html_item {
	const xmlNode *node;    /* <a>; NULL where only data tell of it */
	struct pk_span url;     /* absolute, without fragment */
	struct pk_draft *draft; /* what data say; NULL: nothing */
	size_t order;           /* among those that html_find.c looks at */
};

struct pk_html_items {
	struct pk_html_item *items;
	size_t len;
	size_t cap;
};

struct pk_html {
	struct pk_reader *reader;
	const xmlNode *root;
	size_t climbs;  /* left, of PK_HTML_CLIMBS_MAX */
	size_t n_links; /* that html_find.c has looked at */
};

/* Where a link leads, without its fragment; absent where that is nowhere. html.c */
struct pk_span pk_html_link_url(struct pk_html *html, const xmlNode *node);

/* What a link in the page is called: its own text, or that of a heading in or around
 * it, or what its picture is called. html.c */
struct pk_span pk_html_link_title(struct pk_html *html, const xmlNode *node);

/* The only heading of the card that a link, a button, stands in; NULL where there is no
 * such card, or the heading is a link itself. html.c */
const xmlNode *pk_html_card_heading(const xmlNode *link);

/* The links that the selectors find, of themselves or within blocks. html_find.c */
int pk_html_select(struct pk_html *html, const struct pk_selector_list *selectors,
    struct pk_html_items *ret_items);

/* The links that are the page's list of news; none where it has no such list. Without
 * `with_data`, JSON-LD is not asked. html_find.c */
int pk_html_find(struct pk_html *html, bool with_data, struct pk_html_items *ret_items);

/* What JSON-LD tells: every entry has a draft. html_data.c */
int pk_html_data(struct pk_html *html, struct pk_html_items *ret_items);

#endif
