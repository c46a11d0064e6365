/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/feed/html_tree.h - libxml2's HTML parser, with bounds, and walks over its tree.
 */
#ifndef PEYK_FETCH_FEED_HTML_TREE_H
#define PEYK_FETCH_FEED_HTML_TREE_H

#include "base/arena.h"
#include "base/selector.h"

#include <libxml/tree.h>

/*
 * Parses clean UTF-8, whatever the page says of its encoding, into a tree that ends
 * where the page has more elements and attributes, deeper nesting or more different
 * names than real pages have. Free with pk_xml_docp() (fetch/feed/xml.h). Returns 0,
 * -EBADMSG (nothing there) or -ENOMEM. Any thread.
 */
int pk_html_tree_parse(struct pk_span text, xmlDoc **ret_doc);

/* The element behind this one, in the order of the page, within `root`; NULL at the
 * end. With `over`, what is in this one is passed over. */
const xmlNode *pk_html_next(const xmlNode *node, const xmlNode *root, bool over);

bool pk_html_is(const xmlNode *node, const char *name);

/* Is it h1 to h6? */
bool pk_html_is_heading(const xmlNode *node);

/* Script, style and the like, whose text nobody reads. */
bool pk_html_is_silent(const xmlNode *node);

/* Does the attribute hold this word (case does not count)? */
bool pk_html_has_word(const xmlNode *node, const char *attribute, const char *word);

/*
 * The text that is read in it, blanks folded, at most 16 KiB, in the arena. Absent
 * where there is none; *ret_failed is set on no memory.
 */
struct pk_span pk_html_text(
    struct pk_arena *arena, const xmlNode *node, bool *ret_failed);

/* The letters and digits of a text, and its words of them. */
void pk_html_measure(struct pk_span text, size_t *ret_letters, size_t *ret_words);

/* How often a page may be climbed up by pk_html_selects(), in all. */
#define PK_HTML_CLIMBS_MAX ((size_t)20 * 1000 * 1000)

/* Does one of the selectors find this element? *climbs counts down; at 0 none does. */
bool pk_html_selects(
    const struct pk_selector_list *list, const xmlNode *node, size_t *climbs);

#endif
