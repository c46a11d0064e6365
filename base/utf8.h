/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/utf8.h - UTF-8 (RFC 3629) and nothing more.
 */
#ifndef PEYK_BASE_UTF8_H
#define PEYK_BASE_UTF8_H

#include "base/arena.h"

#define PK_UTF8_REPLACEMENT UINT32_C(0xFFFD)

/*
 * Decodes the code point at s[at] (at < s.len). A malformed sequence (also overlong
 * forms, surrogates, above U+10FFFF) gives U+FFFD and the length of its maximal
 * subpart, as the Unicode Standard recommends (section 3.9, table 3-8). Returns the
 * number of bytes used, 1 to 4; *ret_valid (may be NULL) says whether the sequence was
 * well formed.
 */
size_t pk_utf8_decode(
    struct pk_span s, size_t at, uint32_t *ret_point, bool *ret_valid);

/* Writes the code point and returns its length, 1 to 4; U+FFFD for what is no scalar
 * value. */
size_t pk_utf8_encode(uint32_t point, char ret_bytes[static 4]);

/* Well formed throughout? */
bool pk_utf8_valid(struct pk_span s);

/* Number of code points of well-formed text (lead bytes are counted). */
size_t pk_utf8_count(struct pk_span s);

/*
 * The text with malformed sequences replaced by U+FFFD and NUL by U+FFFD. Well-formed
 * text comes back as it is (borrowed), other text as a copy in the arena;
 * {NULL, 0} on no memory.
 */
struct pk_span pk_utf8_clean(struct pk_arena *arena, struct pk_span s);

/* The longest prefix of at most `max` bytes that does not cut a code point. */
struct pk_span pk_utf8_prefix(struct pk_span s, size_t max);

#endif
