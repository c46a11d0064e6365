/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/text/rules.h - what a language says about its words and sentence ends.
 *
 * Compiled when a pack is loaded from stopwords.tsv, sentence.tsv, glued.tsv and
 * clitics.tsv (extract/lang/README.md has their columns).
 */
#ifndef PEYK_EXTRACT_TEXT_RULES_H
#define PEYK_EXTRACT_TEXT_RULES_H

#include "extract/pack/pack.h"
#include "extract/pack/phrases.h"

struct pk_text_rules;

/* What a word is good for, where its class matters. A set of bits. */
enum pk_word_class {
	PK_WORD_PREPOSITION = 1 << 0,
	PK_WORD_CONJUNCTION = 1 << 1,
	PK_WORD_DETERMINER = 1 << 2,
	PK_WORD_PRONOUN = 1 << 3,
	PK_WORD_ADVERB = 1 << 4,
	PK_WORD_VERB = 1 << 5,
	PK_WORD_PARTICLE = 1 << 6,
	PK_WORD_NOUN = 1 << 7, /* an everyday noun or adjective, never a name */
};

/* A written word that is really several: lengths of their keys, in bytes. */
#define PK_GLUED_MAX 4
struct pk_glued {
	size_t n;
	size_t lens[PK_GLUED_MAX];
};

/* Errors as pk_pack_load(). */
int pk_text_rules_new(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_text_rules **ret_rules, struct pk_diag *reterr_diag);

/* The classes of a token's key; 0 where the language says nothing about it. */
unsigned pk_word_classes(const struct pk_text_rules *rules, struct pk_span key);

/* A word after which a full stop does not end a sentence. */
bool pk_is_abbreviation(const struct pk_text_rules *rules, struct pk_span key);

/* An abbreviation that may end one after all, before a word that begins the next: «U.S.
 * The …». */
bool pk_may_end(const struct pk_text_rules *rules, struct pk_span key);

/*
 * Is the word a clitic and a word that the pack knows («والرئيس», "Russia's")? Then its
 * pieces, as of a glued word; *ret_key is absent, or the key of the last piece with the
 * article that the clitic has swallowed («للرئيس»), in the arena.
 */
bool pk_cut_clitic(const struct pk_text_rules *rules, struct pk_arena *arena,
    struct pk_span key, struct pk_glued *ret_pieces, struct pk_span *ret_key);

/* Has the language such clitics at all? */
bool pk_has_clitics(const struct pk_text_rules *rules);

/* The pieces of a glued word, or NULL. */
const struct pk_glued *pk_glued_of(
    const struct pk_text_rules *rules, struct pk_span key);

/* Do tokens from `at` begin with «به گزارش» or the like? */
bool pk_opens_attribution(const struct pk_text_rules *rules, const struct pk_text *text,
    size_t at, size_t limit);

#endif
