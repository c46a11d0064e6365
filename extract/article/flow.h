/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/flow.h - in which element paragraphs stand side by side, and what
 * stands in boxes beside them.
 */
#ifndef PEYK_EXTRACT_ARTICLE_FLOW_H
#define PEYK_EXTRACT_ARTICLE_FLOW_H

#include "extract/article/container.h"

/*
 * The element in which nearly all that is good of the blocks [first, end) of the
 * container stands side by side, as paragraphs, lists or quotes; PK_NO_NODE where there
 * is none. *ret_end is where boxes begin that stand behind all of it, else `end`.
 */
uint32_t pk_flow_find(const struct pk_page *page, const struct pk_container *container,
    uint32_t first, uint32_t end, uint32_t *ret_end);

/* Is the block a short text in a box of its own between the paragraphs of `flow`? */
bool pk_flow_is_boxed(
    const struct pk_page *page, uint32_t flow, const struct pk_block *block);

#endif
