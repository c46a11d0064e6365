/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/names/lexicon.h - the names and title words of a pack, ready to be found.
 *
 * Compiled when a pack is loaded from knowledge/ and from titles.tsv, bodies.tsv,
 * firstnames.tsv, surnames.tsv and occupations.tsv (extract/lang/README.md).
 */
#ifndef PEYK_EXTRACT_NAMES_LEXICON_H
#define PEYK_EXTRACT_NAMES_LEXICON_H

#include "extract/names/words.def"
#include "extract/pack/knowledge.h"
#include "extract/pack/phrases.h"

enum pk_name_word {
#define WORD(NAME, name) PK_NAME_##NAME,
	PK_NAME_WORDS(WORD)
#undef WORD
	    PK_NAME_WORD_COUNT
};

/* A kind of body that every state has: «وزارت خارجه». */
struct pk_body {
	struct pk_span id;
	struct pk_span en;
	struct pk_span sector;
	bool bare;
};

/* What a spelling stands for. `of` says which member of the union is set. */
enum pk_lexeme_of {
	PK_LEXEME_COUNTRY,
	PK_LEXEME_PLACE,
	PK_LEXEME_ORG,
	PK_LEXEME_AGENCY,
	PK_LEXEME_ROLE,
	PK_LEXEME_ACTOR,
	PK_LEXEME_BODY,
};

struct pk_lexeme {
	enum pk_lexeme_of of;
	enum pk_spelling_kind spelling;
	union {
		const void *row;
		const struct pk_known_country *country;
		const struct pk_known_place *place;
		const struct pk_known_org *org;
		const struct pk_known_agency *agency;
		const struct pk_known_role *role;
		const struct pk_known_actor *actor;
		const struct pk_body *body;
	};
};

/* An office with its holder, sorted by role, then by country. */
struct pk_holding {
	const struct pk_known_office *office;
	const struct pk_known_actor *actor;
};

struct pk_lexicon {
	struct pk_phrases *things;   /* countries, places, organisations, bodies */
	struct pk_phrases *agencies; /* values of all five: struct pk_lexeme */
	struct pk_phrases *actors;
	struct pk_phrases *roles;
	struct pk_phrases *words; /* of titles.tsv */
	struct pk_phrases *firstnames;
	struct pk_phrases *surnames;
	struct pk_phrases *occupations;
	struct pk_phrases *everyday; /* single words that are never a name */
	const struct pk_known_role *first_role;
	uint64_t *role_words; /* per role: PK_NAME_BIT of WEAK_ROLE and POST_ROLE */
	struct pk_holding *holdings;
	size_t n_holdings;
	struct pk_arena *arena;
};

/* Errors as pk_pack_load(). */
int pk_lexicon_new(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_lexicon **ret_lexicon, struct pk_diag *reterr_diag);

#define PK_NAME_BIT(word) (UINT64_C(1) << (word))

/*
 * The classes (set of PK_NAME_BIT) of the longest title word that begins at token `at`,
 * and where it ends. 0 where there is none.
 */
uint64_t pk_name_words_at(const struct pk_lexicon *lexicon, const struct pk_text *text,
    size_t at, size_t limit, size_t *ret_end);

/* The classes of exactly this key. */
uint64_t pk_name_words_of(const struct pk_lexicon *lexicon, struct pk_span key);

/* Is the role in the list weak_role or post_role? */
bool pk_role_is(const struct pk_lexicon *lexicon, const struct pk_known_role *role,
    enum pk_name_word word);

/* The office as it was held at a day by the actor, newest first; NULL when none was. */
const struct pk_known_office *pk_office_at(
    const struct pk_known_actor *actor, int64_t day);

#endif
