/* SPDX-License-Identifier: Apache-2.0 */
/* extract/events/topic.h - what was talked about: «درباره X» of an event's clause. */
#ifndef PEYK_EXTRACT_EVENTS_TOPIC_H
#define PEYK_EXTRACT_EVENTS_TOPIC_H

#include "extract/events/scene.h"

/*
 * Gives the draft its topics. The triggers of all drafts are marked in the scene's
 * notes (`act`) by then. 0 or -ENOMEM.
 */
int pk_topics_give(struct pk_draft *draft);

#endif
