/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/story/gist.h - what another article's telling of an event is known by.
 */
#ifndef PEYK_EXTRACT_STORY_GIST_H
#define PEYK_EXTRACT_STORY_GIST_H

#include "base/event.h"
#include "extract/text/text.h"

/* No more words of one event are compared. */
#define PK_GIST_WORDS_MAX 64

/*
 * Fills the gists of an article's events: the words of what a statement says, else of
 * the sentence with the trigger. The texts are those that the events were found in.
 * Returns 0 or -ENOMEM.
 */
int pk_gists_give(struct pk_arena *arena, const struct pk_text *body,
    const struct pk_text *title, struct pk_event *events, size_t n_events);

#endif
