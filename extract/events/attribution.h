/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/events/attribution.h - according to whom: openers, datelines and agencies
 * that are subjects of reporting become chains of sources, each with the part of the
 * text it answers for.
 */
#ifndef PEYK_EXTRACT_EVENTS_ATTRIBUTION_H
#define PEYK_EXTRACT_EVENTS_ATTRIBUTION_H

#include "extract/events/scene.h"

/* Finds all chains of the scene and marks the tokens of openers. 0 or -ENOMEM. */
int pk_attribution_find(struct pk_scene *scene);

/* Gives the event the chain that holds at the token, and the speaker it was heard from
 * (may be NULL). */
void pk_attribution_give(const struct pk_scene *scene, size_t token,
    const struct pk_entity *speaker, struct pk_event *event);

#endif
