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

/* A tree that takes more memory ends there. */
#define PK_TREE_BYTES_MAX ((size_t)96 << 20)

/*
 * Parses clean UTF-8, whatever the page says of its encoding. *ret_cut says that
 * elements are nested deeper than in any page, or that there are too many of them, and
 * that the tree ends there. Returns 0, -E2BIG (hundreds of attributes in one tag, for
 * which libxml2 takes quadratic time), -EBADMSG (there is nothing) or -ENOMEM. Free
 * with pk_tree_free(), never with xmlFreeDoc(): the tree has a memory of its own, which
 * is not to be changed.
 */
int pk_tree_parse(struct pk_span html, xmlDoc **ret_tree, bool *ret_cut);

/* NULL is fine. Returns NULL. */
xmlDoc *pk_tree_free(xmlDoc *tree);
PK_DEFINE_CLEANUP(xmlDoc *, pk_tree_free);

/* The memory that a tree holds. */
size_t pk_tree_bytes(const xmlDoc *tree);

#endif
