/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/events/office.h - who held an office on the day of the event: «وزیر خارجه
 * وقت».
 */
#ifndef PEYK_EXTRACT_EVENTS_OFFICE_H
#define PEYK_EXTRACT_EVENTS_OFFICE_H

#include "extract/events/scene.h"

/* How a holder who is only known from the knowledge was found (pk_antecedent). */
#define PK_HOW_OFFICE PK_SPAN("office_holder")

/*
 * Fills id and name of an office's holder at the day of publication where the knowledge
 * has exactly one. Does nothing for a name, or for an office of the past.
 */
void pk_office_fill(const struct pk_story *story, struct pk_entity *entity);

/*
 * A draft with its time: offices that nobody is named for are held by whom the
 * knowledge knows for that time, from its first day to its last. Returns 0 or -ENOMEM.
 */
int pk_offices_at(struct pk_draft *draft);

#endif
