/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/events/flags.h - what a reader should know before trusting an event: its
 * names or dates contradict each other, its text is broken, or it is told of old.
 */
#ifndef PEYK_EXTRACT_EVENTS_FLAGS_H
#define PEYK_EXTRACT_EVENTS_FLAGS_H

#include "extract/events/scene.h"

/*
 * Sets the flags of all drafts, which are complete but not merged, and how far the
 * antecedents of their parties are. Linear in the text. 0 or -ENOMEM. The flag
 * headline_only is pk_merge()'s; unbalanced_quote and anaphora_far are also set where a
 * statement is read.
 */
int pk_flags_give(struct pk_story *story);

#endif
