/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/events/context.h - what an event is about, beside what was done: PLOVER's
 * contexts, from the words of its own clause and from who takes part, never from the
 * rest of the article.
 */
#ifndef PEYK_EXTRACT_EVENTS_CONTEXT_H
#define PEYK_EXTRACT_EVENTS_CONTEXT_H

#include "extract/events/scene.h"

/* Gives the draft its contexts, in the vocabulary's order; its topics are set by then.
 * 0 or -ENOMEM. */
int pk_contexts_give(struct pk_draft *draft);

/* Adds the contexts of another telling of the same event. 0 or -ENOMEM. */
int pk_contexts_join(
    struct pk_arena *arena, struct pk_event *into, const struct pk_event *from);

#endif
