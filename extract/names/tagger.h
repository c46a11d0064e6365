/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/names/tagger.h - a small linear model for the names that no grammar reaches.
 *
 * A structured averaged perceptron (Collins 2002) over hashed features, decoded by
 * Viterbi over the BIO tags of PER, ORG, LOC and ROLE, with LOC and ORG also inside a
 * ROLE. What the grammar found is one of its features. Weights are int8; everything is
 * integer arithmetic, so that the same sentences give the same model on every machine.
 */
#ifndef PEYK_EXTRACT_NAMES_TAGGER_H
#define PEYK_EXTRACT_NAMES_TAGGER_H

#include "extract/names/mention.h"

enum pk_tag {
	PK_TAG_O,
	PK_TAG_B_PER,
	PK_TAG_I_PER,
	PK_TAG_B_ORG,
	PK_TAG_I_ORG,
	PK_TAG_B_LOC,
	PK_TAG_I_LOC,
	PK_TAG_B_ROLE,
	PK_TAG_I_ROLE,
	PK_TAG_B_LOC_IN, /* a place inside a role: «سفیر [ژاپن]» */
	PK_TAG_I_LOC_IN,
	PK_TAG_B_ORG_IN,
	PK_TAG_I_ORG_IN,
	PK_TAGS,
};

/* Scores of all tags for a feature lie together; three are never used. */
#define PK_TAG_LANES 16

/* The end of the name that begins at token `at`, of `n`; 0 where none begins. */
size_t pk_tags_name_end(const enum pk_tag *tags, size_t n, size_t at);

/* A score that no path can make up for, and far from an overflow. */
#define PK_TAG_NEVER (INT32_MIN / 4)

/* Sets the transitions that BIO forbids to PK_TAG_NEVER. */
void pk_tags_forbid(int32_t transitions[static PK_TAGS][PK_TAG_LANES]);

/*
 * The best path through `n` tokens (Viterbi); before the first stands PK_TAG_O.
 * ret_tags is the caller's. Returns 0 or -ENOMEM.
 */
int pk_tags_best(struct pk_arena *arena, const int32_t (*scores)[PK_TAG_LANES],
    const int32_t transitions[static PK_TAGS][PK_TAG_LANES], size_t n,
    enum pk_tag *ret_tags);

/* A row of the table of weights that a feature is hashed to. */
#define PK_TAGGER_BUCKETS (UINT32_C(1) << 18)

#define PK_FEATURES_MAX 64

/* The features of one token, as rows of the table. */
struct pk_features {
	uint32_t rows[PK_FEATURES_MAX];
	size_t n;
};

/*
 * The features of tokens [first, end), a sentence, given what the grammar found. Lives
 * in the arena. NULL on no memory.
 */
struct pk_features *pk_features_of(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_text *text, const struct pk_mentions *mentions, size_t first,
    size_t end);

struct pk_tagger {
	int32_t transitions[PK_TAGS][PK_TAG_LANES]; /* from, to */
	int8_t weights[PK_TAGGER_BUCKETS][PK_TAG_LANES];
};

/* What a file with a model begins with. */
#define PK_TAGGER_MAGIC "PEYKTAG1"

/* Loads a model that peyk-train wrote. Returns 0, -ENOENT, -EBADMSG or -ENOMEM. */
int pk_tagger_load(
    struct pk_arena *arena, const char *path, const struct pk_tagger **ret_tagger);

/*
 * The best tags of a sentence's `n` tokens with these features; ret_tags is the
 * caller's. Returns 0 or -ENOMEM.
 */
int pk_tagger_decode(struct pk_arena *arena, const struct pk_tagger *tagger,
    const struct pk_features *features, size_t n, enum pk_tag *ret_tags);

#endif
