/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/events/clause.h - which words of its sentence an event is told with, and the
 * rows of details.tsv among them.
 */
#ifndef PEYK_EXTRACT_EVENTS_CLAUSE_H
#define PEYK_EXTRACT_EVENTS_CLAUSE_H

#include "extract/events/scene.h"

/* Tokens [first, end) but those of [hole, hole_end), a clause inside that tells
 * something else: «پیمانی که ... امضا شده بود، ...». */
struct pk_stretch {
	size_t first;
	size_t end;
	size_t hole;
	size_t hole_end;
};

/* The token itself, or the first one behind the hole in which it lies. */
size_t pk_stretch_at(const struct pk_stretch *stretch, size_t token);

/*
 * The clause that tells the act: of a verb all of it, of a noun the noun and what
 * belongs to it, of a statement the clause of its cue.
 */
struct pk_stretch pk_clause_of(const struct pk_draft *draft);

/* What was said, asked or agreed, as far as its first sentence goes; may be empty. */
struct pk_stretch pk_said_of(const struct pk_draft *draft);

/* Is the draft a statement, not an act beside one? */
bool pk_is_statement(const struct pk_draft *draft);

/*
 * The longest phrase at the token that ends before `limit`, but not one that is made of
 * a word and «و»: «دار و ...» is no drug.
 */
bool pk_find_phrase(const struct pk_phrases *phrases, const struct pk_scene *scene,
    size_t token, size_t limit, struct pk_phrase_match *ret_match);

/*
 * The longest row of details.tsv of one of the kinds (PK_DETAIL_BIT) at the token that
 * ends before `limit`; *ret_end is its end. NULL where there is none.
 */
const struct pk_detail *pk_detail_at(const struct pk_scene *scene, size_t token,
    size_t limit, uint32_t kinds, size_t *ret_end);

/* The same, of rows with that value. */
const struct pk_detail *pk_detail_of(const struct pk_scene *scene, size_t token,
    size_t limit, uint32_t kinds, struct pk_span value, size_t *ret_end);

/* Where the token that begins at that code point of the scene stands; PK_NOWHERE. */
size_t pk_token_at(const struct pk_scene *scene, struct pk_range range);

/* The mention that begins where the range does, or NULL. */
const struct pk_mention_at *pk_mention_at_range(
    const struct pk_scene *scene, struct pk_range range);

#endif
