/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/extent.h - what belongs to an article of the elements around the one
 * that holds most of it.
 */
#ifndef PEYK_EXTRACT_ARTICLE_EXTENT_H
#define PEYK_EXTRACT_ARTICLE_EXTENT_H

#include "extract/article/container.h"
#include "extract/article/weigh.h"

/*
 * The element `node`, with the elements beside it, and beside those around it, that go
 * on with its text: paragraphs, elements of its own kind, leads between it and the
 * title
 * (`title_block`, UINT32_MAX where that is not known). `method` is left absent. Returns
 * 0 or -ENOMEM.
 */
int pk_extent_find(const struct pk_weights *weights, uint32_t node,
    uint32_t title_block, struct pk_container *ret_container);

#endif
