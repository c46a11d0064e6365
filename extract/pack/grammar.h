/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/pack/grammar.h - what kind of language a pack is of.
 *
 * Switches of lang/<code>/grammar.tsv. A language that has no such table writes as
 * Persian does: no capitals, a title's state behind it.
 */
#ifndef PEYK_EXTRACT_PACK_GRAMMAR_H
#define PEYK_EXTRACT_PACK_GRAMMAR_H

#include "base/arena.h"
#include "extract/pack/pack.h"

/* Switches: SWITCH(NAME, "name"). */
#define PK_GRAMMAR_SWITCHES(SWITCH)                                                    \
	SWITCH(LATIN_NAMES, "latin_names") /* `latin` spells what has no own name */   \
	SWITCH(CAPITALS, "capitals")       /* names are written with a capital */      \
	SWITCH(STATE_FIRST, "state_first") /* «Russian foreign minister» */          \
	SWITCH(MONTH_FIRST, "month_first") /* «February 21, 2022», «last week» */  \
	SWITCH(OWN_LETTERS, "own_letters") /* ي and capitals stay in normal forms */  \
	SWITCH(AGO_FIRST, "ago_first")     /* «قبل ثلاثة أيام» */        \
	SWITCH(GREGORIAN, "gregorian")     /* years are, where nothing says whose */

enum pk_grammar_switch {
#define SWITCH(NAME, name) PK_GRAMMAR_##NAME,
	PK_GRAMMAR_SWITCHES(SWITCH)
#undef SWITCH
	    PK_GRAMMAR_SWITCH_COUNT
};

#define PK_ARTICLE_MAX 16 /* bytes */

/* Is the switch on in the pack's language? */
bool pk_pack_is(const struct pk_pack *pack, enum pk_grammar_switch which);

/*
 * The article that the language writes together with a word («ال»), absent where there
 * is none. A name is known with it and without.
 */
struct pk_span pk_pack_article(const struct pk_pack *pack);

/* The other form of a word: without the article if it has it, with it if not; absent
 * where the language has none. In the arena. */
struct pk_span pk_pack_with_article(
    const struct pk_pack *pack, struct pk_arena *arena, struct pk_span word);

/*
 * The phrase as its words are once the clitic that swallows an article is cut off:
 * «الوكالة الدولية للطاقة» as … لل الطاقة. Absent where it has none. In the arena.
 */
struct pk_span pk_pack_uncontracted(
    const struct pk_pack *pack, struct pk_arena *arena, struct pk_span phrase);

#endif
