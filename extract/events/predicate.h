/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/events/predicate.h - who did what to whom: rows of predicates.tsv matched on
 * clauses, told by the reporter or inside what somebody said.
 *
 * Precision comes first: a predicate makes an event only when the arguments that its
 * row demands are found and known.
 */
#ifndef PEYK_EXTRACT_EVENTS_PREDICATE_H
#define PEYK_EXTRACT_EVENTS_PREDICATE_H

#include "extract/events/scene.h"

/* Finds the events of sentence number `sentence`. Returns 0 or -ENOMEM. */
int pk_predicates_of(struct pk_scene *scene, size_t sentence);

#endif
