/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/text/fold.h - when are two written words the same word?
 *
 * Persian is written with Arabic and Persian letters, digits of three scripts, with and
 * without the zero-width non-joiner, and with presentation forms from old systems.
 * Folding takes those differences away: ي ى ئ are ی, ك is ک, ة ۀ are ه, أ إ ٱ آ are ا,
 * ؤ is و, digits are 0-9, Latin letters are small and bare (ğ is g); vowel signs,
 * tatweel, ZWNJ, ZWJ and bidi marks are dropped. Only keys are folded, never what is
 * published.
 */
#ifndef PEYK_EXTRACT_TEXT_FOLD_H
#define PEYK_EXTRACT_TEXT_FOLD_H

#include "base/arena.h"

enum pk_char {
	PK_CHAR_PUNCT, /* also symbols and whatever is unknown */
	PK_CHAR_LETTER,
	PK_CHAR_DIGIT,
	PK_CHAR_BLANK,
	PK_CHAR_BREAK,   /* ends a line: LF, CR, NEL, U+2028, U+2029 */
	PK_CHAR_IGNORED, /* part of the word it stands in, not of its key */
};

/* What a code point is to the tokeniser. */
enum pk_char pk_char_class(uint32_t point);

#define PK_ZWNJ     UINT32_C(0x200C)
#define PK_FOLD_MAX 4

/* The folded form of a code point: 0 to PK_FOLD_MAX code points. Returns how many. */
size_t pk_fold_point(uint32_t point, uint32_t ret_points[static PK_FOLD_MAX]);

/* The same for a key, in which blanks and `_` are nothing. */
size_t pk_fold_key_point(uint32_t point, uint32_t ret_points[static PK_FOLD_MAX]);

/*
 * The folded form of clean UTF-8: blanks of all kinds become single spaces, without any
 * at the ends. {NULL, 0} on no memory.
 */
struct pk_span pk_fold(struct pk_arena *arena, struct pk_span text);

/* The same without blanks and `_`: what phrases are looked up by. */
struct pk_span pk_fold_key(struct pk_arena *arena, struct pk_span text);

/* Latin letters up to U+017F; others have no case here. */
bool pk_is_capital(uint32_t point);
bool pk_is_small(uint32_t point);

#endif
