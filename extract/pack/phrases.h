/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/pack/phrases.h - many phrases, found in a token stream at once.
 *
 * A phrase is looked up by its key: folded (extract/text/fold.h) and without blanks,
 * ZWNJ and `_`, so that «نخست‌وزیر», «نخست وزیر» and
 * «نخستوزیر» are one. It matches where a run of whole tokens (or of whole pieces of a
 * glued token) has that key. Punctuation in a phrase must be there in the text too.
 */
#ifndef PEYK_EXTRACT_PACK_PHRASES_H
#define PEYK_EXTRACT_PACK_PHRASES_H

#include "extract/text/text.h"

struct pk_phrases;

struct pk_phrases *pk_phrases_new(struct pk_arena *arena);

/*
 * From now on a phrase that is added with a capital letter is only found where the text
 * has one at its beginning and in its last word, and one in capitals only in capitals:
 * «US» is not "us", and "I ran" is no state. What was added both ways is found both
 * ways. For languages that write names so.
 */
void pk_phrases_heed_case(struct pk_phrases *phrases);

/*
 * Adds a phrase with a value that is the caller's (not NULL). The same key may be added
 * with several values. Returns 0 or -ENOMEM.
 */
int pk_phrases_add(
    struct pk_phrases *phrases, struct pk_span phrase, const void *value);

/* The same for every alternative of a table's cell («a|b»). */
int pk_phrases_add_all(
    struct pk_phrases *phrases, struct pk_span cell, const void *value);

/*
 * Notes in each token what phrases may begin there, for pk_phrases_match(). To be
 * called once the tokens and their keys are what they will be; without it all is as
 * slow as right.
 */
void pk_phrases_survey(struct pk_text *text);

struct pk_phrase_match {
	size_t first; /* tokens [first, end) of the text */
	size_t end;
	const void *const *values;
	size_t n_values;
};

/*
 * The longest phrase that begins at token `at` and ends before token `limit`. Returns
 * whether there is one.
 */
bool pk_phrases_match(const struct pk_phrases *phrases, const struct pk_text *text,
    size_t at, size_t limit, struct pk_phrase_match *ret_match);

/* The first value of exactly this key (of a token, or pk_fold_key()), or NULL. */
const void *pk_phrases_get(const struct pk_phrases *phrases, struct pk_span key);

/* All its values; *ret_n is 0 where there is none. */
const void *const *pk_phrases_get_all(
    const struct pk_phrases *phrases, struct pk_span key, size_t *ret_n);

#endif
