/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/pack/parts.h - what the stages compile from a pack's tables when it is
 * loaded.
 *
 * Each stage owns one part and makes it in its own file; a pack only keeps them.
 */
#ifndef PEYK_EXTRACT_PACK_PARTS_H
#define PEYK_EXTRACT_PACK_PARTS_H

#include "extract/pack/pack.h"

struct pk_text_rules; /* extract/text/rules.h */
struct pk_lexicon;    /* extract/names/lexicon.h */
struct pk_date_words; /* extract/text/date_words.h */
struct pk_units;      /* extract/text/quantity.h */
struct pk_words;      /* extract/text/words.h */
struct pk_affixes;    /* extract/text/morph.h */
struct pk_rules;      /* extract/events/rules.h */
struct pk_tagger;     /* extract/names/tagger.h */

struct pk_pack_parts {
	const struct pk_text_rules *text;
	const struct pk_lexicon *names;
	const struct pk_date_words *dates;
	const struct pk_units *units;
	const struct pk_words *words;
	const struct pk_affixes *affixes;
	const struct pk_tagger *tagger; /* NULL: the language has no model */
	const struct pk_rules *rules;   /* NULL: the language has none for events */
};

const struct pk_pack_parts *pk_pack_parts(const struct pk_pack *pack);

#endif
