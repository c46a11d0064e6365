/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/date_words.h - the words of machine-written dates: months, zones, and those that
 * say nothing. The back room of base/date_formats.c.
 */
#ifndef PEYK_BASE_DATE_WORDS_H
#define PEYK_BASE_DATE_WORDS_H

#include "base/span.h"

#define PK_DATE_FOLDED_MAX 160

/*
 * Folds a text for comparison: lower case, ASCII digits, blanks and dashes, ی and ک for
 * their Arabic forms, no marks and no ZWNJ. Returns the folded length, or -EBADMSG for
 * what is too long to be a date.
 */
int pk_date_fold(struct pk_span text, char ret_folded[static PK_DATE_FOLDED_MAX]);

/* The month, 1 to 12, that a folded word names, in *ret_jalali which calendar's; 0
 * where it names none. */
int pk_date_word_month(struct pk_span word, bool *ret_jalali);

/*
 * The month of the Levant («شباط», «كانون الثاني») that a folded word names, with the
 * one behind it where its name has two; *ret_words says how many. 0 where it names
 * none.
 */
int pk_date_words_month(struct pk_span word, struct pk_span next, size_t *ret_words);

/* The day, 1 to 30, that a folded word counts: «سوم». 0 where it is none. */
int pk_date_word_ordinal(struct pk_span word);

/* Is the folded word, or its end, a month of the lunar calendar («رجب»)? */
bool pk_date_word_is_lunar(struct pk_span word);

/* A weekday, "at", "ساعت"? */
bool pk_date_word_is_idle(struct pk_span word);

/* The offset of a zone's name. False where it is none; *ret_offset_min is untouched. */
bool pk_date_word_zone(struct pk_span word, int *ret_offset_min);

/* The same for the city of "Asia/Tehran"; the offset may be PK_OFFSET_IRAN
 * (base/date_formats.h). */
bool pk_date_word_city(struct pk_span word, int *ret_offset_min);

#endif
