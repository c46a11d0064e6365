/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/events/argument.h - the parties of a predicate, from the places of its
 * clause: subject, genitive, object, and what prepositions govern.
 */
#ifndef PEYK_EXTRACT_EVENTS_ARGUMENT_H
#define PEYK_EXTRACT_EVENTS_ARGUMENT_H

#include "extract/events/reference.h"

/* A row of predicates.tsv that matches at tokens [first, end). */
struct pk_match {
	struct pk_scene *scene;
	const struct pk_rule *rule;
	size_t first;
	size_t end;
	const struct pk_verb_at *verb; /* NULL: a noun, or left out */
	bool passive; /* the rule's act told from the side of whom it befell */
	int zone;
	size_t floor;    /* the zone's (or sentence's) first token */
	size_t zone_end; /* its end within the sentence */
	size_t sentence_end;
	size_t clause; /* first token of the clause */
	size_t limit;  /* where arguments behind the trigger end */
};

struct pk_arguments {
	struct pk_parties actors;
	struct pk_parties recipients;
	struct pk_parties hosts;
	struct pk_parties participants;
	struct pk_parties subject;
	bool owned; /* a noun that says itself whose act it is */
};

/* Sets floor and zone_end: the stretch of the sentence that has the match's zone. */
void pk_match_bounds(struct pk_match *match, const struct pk_sentence *sentence);

/* «توسط X», «از سوی X» in tokens [first, end): who did it, if anybody. */
void pk_find_agent(const struct pk_scene *scene, size_t first, size_t end,
    struct pk_parties *ret_parties);

/* Fills the parties by the rule's slots. Returns whether all that it demands is there.
 */
bool pk_arguments_find(
    const struct pk_match *match, struct pk_arguments *ret_arguments);

#endif
