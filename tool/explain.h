/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tool/explain.h - why an article came out of a page as it did, for a person to read.
 */
#ifndef PEYK_TOOL_EXPLAIN_H
#define PEYK_TOOL_EXPLAIN_H

#include "extract/article/explain.h"
#include "tool/line.h"

/*
 * Appends lines: the rules and what they found, the fields, the container, the blocks.
 * `reason` says why there is no article; NULL when there is one. Returns 0 or -ENOMEM.
 */
int pk_explain_render(const char *path, const char *reason,
    const struct pk_explained *x, const struct pk_style *style,
    struct pk_buf *ret_text);

#endif
