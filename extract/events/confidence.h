/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/events/confidence.h - how sure an event is.
 *
 * A rule's form has a prior; each party brings the confidence of its reference, the
 * time and place how they were found. Overall is the type's confidence times the mean
 * of the parties', less something for each flag.
 */
#ifndef PEYK_EXTRACT_EVENTS_CONFIDENCE_H
#define PEYK_EXTRACT_EVENTS_CONFIDENCE_H

#include "extract/events/scene.h"

void pk_confidence_give(struct pk_draft *draft);

#endif
