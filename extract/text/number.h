/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/text/number.h - numbers in digits and in words.
 */
#ifndef PEYK_EXTRACT_TEXT_NUMBER_H
#define PEYK_EXTRACT_TEXT_NUMBER_H

#include "extract/pack/pack.h"
#include "extract/pack/phrases.h"

struct pk_number_words;

/* Compiles numbers.tsv. Errors as pk_pack_load(). */
int pk_number_words_new(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_number_words **ret_words, struct pk_diag *reterr_diag);

/* The number words of a pack. */
const struct pk_number_words *pk_pack_numbers(const struct pk_pack *pack);

struct pk_number {
	size_t end; /* behind its last token */
	double value;
	bool ordinal;  /* «دوم», «بیستمین» */
	bool digits;   /* it begins with digits: «۲», «۲ هزار» */
	bool doubtful; /* «نه» alone: more often "no" than nine */
	bool vague; /* «چندین», «صدها هزار»: many, without a value */
};

/*
 * The longest number that begins at token `at`: digits, words joined by «و» from large
 * to small («دو هزار و بیست و یک»), the two mixed («۱۱٫۵ میلیارد», «سه هزار و ۷۰۰»),
 * fractions («نیم», «۱۷ و نیم», «دو سوم»), an ordinal («بیست و یکم», «۲۱م»), or
 * words that only say that it is many.
 */
bool pk_number_at(const struct pk_number_words *words, const struct pk_text *text,
    size_t at, size_t limit, struct pk_number *ret_number);

#endif
