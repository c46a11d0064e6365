/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/events/participant.h - third parties: who mediates, hosts, is a guest, gains
 * by it, or is talked about.
 */
#ifndef PEYK_EXTRACT_EVENTS_PARTICIPANT_H
#define PEYK_EXTRACT_EVENTS_PARTICIPANT_H

#include "extract/events/scene.h"

/*
 * Gives the draft its participants; whoever stands in such a phrase is no actor. Its
 * topics and place are set by then. 0 or -ENOMEM.
 */
int pk_participants_give(struct pk_draft *draft);

#endif
