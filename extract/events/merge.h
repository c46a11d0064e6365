/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/events/merge.h - one occurrence is one event, however often an article tells
 * it: drafts of the same thing become one with several mentions, and the title is
 * folded into the body.
 */
#ifndef PEYK_EXTRACT_EVENTS_MERGE_H
#define PEYK_EXTRACT_EVENTS_MERGE_H

#include "extract/events/scene.h"

/* Merges drafts that are complete but for their ids. Returns 0 or -ENOMEM. */
int pk_merge(struct pk_story *story);

#endif
