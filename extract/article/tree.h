/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/tree.h - libxml2's HTML parser, with bounds where it has none.
 */
#ifndef PEYK_EXTRACT_ARTICLE_TREE_H
#define PEYK_EXTRACT_ARTICLE_TREE_H

#include "base/cleanup.h"
#include "base/span.h"

#include <libxml/tree.h>

/*
 * Readies libxml2, whose own first step is no matter for several threads at once. To be
 * called before there are any; a second call does nothing.
 */
void pk_tree_init(void);

/*
 * Parses clean UTF-8, whatever the page says of its encoding. *ret_cut says that
 * elements are nested deeper than in any page, and that the tree ends there: libxml2
 * would take quadratic time. Returns 0, -E2BIG (hundreds of attributes in one tag: the
 * same), -EBADMSG (there is nothing) or -ENOMEM. Free with xmlFreeDoc().
 */
int pk_tree_parse(struct pk_span html, xmlDoc **ret_tree, bool *ret_cut);

PK_DEFINE_CLEANUP(xmlDoc *, xmlFreeDoc);

#endif
