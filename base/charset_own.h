/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/charset_own.h - single-byte encodings that iconv lacks: of the Macintosh, of DOS
 * for Arabic, of Urdu. The back room of base/charset.c.
 */
#ifndef PEYK_BASE_CHARSET_OWN_H
#define PEYK_BASE_CHARSET_OWN_H

#include "base/buf.h"

/* Is there a table for the encoding of that name, "mac-farsi"? */
bool pk_charset_is_own(const char *charset);

/*
 * Appends the bytes, which are in an encoding of one's own, to `text` as UTF-8. A byte
 * without a character becomes U+FFFD and is counted.
 *
 * Returns 0, -E2BIG or -ENOMEM as pk_buf_append(); then *ret_malformed is untouched.
 */
int pk_charset_convert_own(struct pk_span bytes, const char *charset,
    struct pk_buf *text, size_t *ret_malformed);

#endif
