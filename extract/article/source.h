/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/source.h - the bytes of a document as text that can be worked on.
 */
#ifndef PEYK_EXTRACT_ARTICLE_SOURCE_H
#define PEYK_EXTRACT_ARTICLE_SOURCE_H

#include "base/charset.h"
#include "base/doc.h"

/*
 * The document's bytes as clean UTF-8 in its arena, without byte order mark and NULs.
 * Returns 0, and *ret_reason tells why there is nothing to find ("empty", "binary") or
 * is NULL; -E2BIG above PK_ARTICLE_BYTES_MAX; -ENOMEM.
 */
int pk_source_text(struct pk_doc *doc, enum pk_charset_label label,
    struct pk_span *ret_text, const char **ret_reason);

#endif
