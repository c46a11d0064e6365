/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/text/morph.h - the parts of which a written word is put together.
 *
 * A reading of a word costs the sum of its parts, each by how rare it is; the cheapest
 * reading counts. Costs are hundredths of a natural logarithm of a frequency, roughly.
 * Compiled from affixes.tsv, verbs.tsv and lexicon.tsv; read-only, any thread.
 */
#ifndef PEYK_EXTRACT_TEXT_MORPH_H
#define PEYK_EXTRACT_TEXT_MORPH_H

#include "extract/text/words.h"

/* A word that is longer has one part. */
#define PK_MORPH_LETTERS_MAX 40

struct pk_morph {
	uint64_t cuts;   /* bit i: a part begins at letter i of the key */
	uint64_t joints; /* those of the cuts where one writes a ZWNJ */
	int cost;
	bool known; /* its stem is in the lexicon, or it is a verb form */
};

struct pk_affixes;

/* Compiles affixes.tsv, with verbs.tsv for the forms behind «می». As pk_pack_load(). */
int pk_affixes_new(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_words *words, const struct pk_affixes **ret_affixes,
    struct pk_diag *reterr_diag);

/* The cheapest reading of a token's key. Linear in its length. */
struct pk_morph pk_morph_read(const struct pk_affixes *affixes, struct pk_span key);

/* Is it a form of a verb, also of one that rules do not know? */
bool pk_morph_is_verb(const struct pk_affixes *affixes, struct pk_span key);

/* Is the second of two words, parted by a blank, an ending of the first? */
bool pk_morph_joins(
    const struct pk_affixes *affixes, struct pk_span first, struct pk_span second);

#endif
