/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/topic.h - what subscribers filter by.
 *
 * ASCII, levels from the general to the special, each ended by '/', so that a ZeroMQ
 *prefix never matches half a word:
 *
 *	event/<TYPE>/<country|->/<country|->/    article/<lang|->/<publisher|->/
 *	feed/<feed>/<state>/                     heartbeat/
 */
#ifndef PEYK_PUBLISH_TOPIC_H
#define PEYK_PUBLISH_TOPIC_H

#include "base/event.h"

#define PK_TOPIC_HEARTBEAT PK_SPAN("heartbeat/")

/*
 * The two countries that an event is filed under: first actor and first recipient; for
 * what is done together (CONSULT, AGREE, SUPPORT, COOPERATE) and names no recipient,
 * the first two actors. "-" where there is none. Borrows from the event.
 */
void pk_topic_countries(const struct pk_event *event, struct pk_span *ret_first,
    struct pk_span *ret_second);

/* The topics, in the arena; absent on no memory. */
struct pk_span pk_topic_of_event(struct pk_arena *arena, const struct pk_event *event);
struct pk_span pk_topic_of_article(
    struct pk_arena *arena, const struct pk_article *article);
struct pk_span pk_topic_of_feed(
    struct pk_arena *arena, struct pk_span feed, struct pk_span state);

#endif
