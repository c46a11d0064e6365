/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/text/words.h - the everyday words of a language: how frequent they are, what
 * they are, and where a ZWNJ belongs in them.
 *
 * Compiled from lexicon.tsv. Read-only; any thread.
 */
#ifndef PEYK_EXTRACT_TEXT_WORDS_H
#define PEYK_EXTRACT_TEXT_WORDS_H

#include "extract/pack/pack.h"

/* Classes of lexicon.tsv, a set of bits: one spelling may be several words. */
enum pk_lexical_class {
	PK_LEXICAL_NOUN = 1 << 0,
	PK_LEXICAL_ADJECTIVE = 1 << 1,
	PK_LEXICAL_ADVERB = 1 << 2,
	PK_LEXICAL_VERB = 1 << 3, /* infinitives and participles */
	PK_LEXICAL_FUNCTION = 1 << 4,
	PK_LEXICAL_NAME = 1 << 5, /* usual first names and places */
};

/* Letters of a word that may have a joint before them: a bit each. */
#define PK_WORD_LETTERS_MAX 64

#define PK_WORD_RANK_MAX 3

struct pk_lexical {
	uint32_t at;  /* its key in pk_words.letters */
	uint8_t len;  /* bytes */
	uint8_t rank; /* 1: among the first thousand; 2: the first five thousand; 3 */
	uint8_t classes;
	uint64_t joints; /* bit i: a ZWNJ is due before letter i of the key */
};

struct pk_words;

/* Errors as pk_pack_load(). A language without the table has no words. */
int pk_words_new(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_words **ret_words, struct pk_diag *reterr_diag);

/* What is known of the word with this key, or NULL. */
const struct pk_lexical *pk_words_get(const struct pk_words *words, struct pk_span key);

#endif
