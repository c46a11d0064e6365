/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/line.h - one line of a document as a reader takes it: is it a
 * heading, does it say what another line said, does it end a sentence.
 *
 * Everything here looks through spelling: Arabic and Persian letters, digits of any
 * script, blanks and ZWNJ, upper and lower case. Lines are clean UTF-8. Pure; any
 * thread.
 */
#ifndef PEYK_EXTRACT_ARTICLE_LINE_H
#define PEYK_EXTRACT_ARTICLE_LINE_H

#include "base/span.h"

/*
 * The code point as it counts in comparisons, or 0 for one that does not count (blanks,
 * ZWNJ, marks, bidi controls).
 */
uint32_t pk_line_fold(uint32_t point);

/* A letter or a digit of any script. */
bool pk_line_is_word(uint32_t point);

/* Is there a letter in it (of any script), not only digits and signs? */
bool pk_line_has_letter(struct pk_span line);

/* Is there a digit in it, of any script? */
bool pk_line_has_digit(struct pk_span line);

/* Do both say the same? Punctuation at the ends does not count. Absent text says
 * nothing. */
bool pk_line_same(struct pk_span a, struct pk_span b);

/* Does one of the lines say the same as `line`? */
bool pk_line_is_among(const struct pk_span *lines, size_t n, struct pk_span line);

/* Without blanks (also NBSP, ZWNJ, bidi controls and U+FEFF) at both ends. */
struct pk_span pk_line_trim(struct pk_span line);

/* Without anything but letters and digits at both ends. */
struct pk_span pk_line_core(struct pk_span line);

/* The last code point that is no blank and no closing quote or bracket; 0 for none. */
uint32_t pk_line_last(struct pk_span line);

/* Does it end as a sentence does (. ! ? … and their kin)? */
bool pk_line_ends_sentence(struct pk_span line);

/* How often a sign of a sentence (comma, full stop, question mark) stands in it. */
size_t pk_line_marks(struct pk_span line);

#endif
