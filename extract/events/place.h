/* SPDX-License-Identifier: Apache-2.0 */
/* extract/events/place.h - where: what an event's clause says it took place in. */
#ifndef PEYK_EXTRACT_EVENTS_PLACE_H
#define PEYK_EXTRACT_EVENTS_PLACE_H

#include "extract/events/scene.h"

/* Gives the draft its place where one is stated: «در مسکو», the goal of a visit. */
void pk_place_give(struct pk_draft *draft);

#endif
