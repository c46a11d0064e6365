/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/events/confidence.h - how sure an event is.
 *
 * `overall` is the probability that the event is right in all that is judged: type,
 * parties, polarity, reality, date and place. It is a logistic regression on the
 * evidence of the event (evidence.def), its weights fitted on golden articles
 * (tests/score/confidence.py writes lang/<code>/confidence.tsv). What stands beside it
 * (type, actors, recipients, time, place) says how each slot was found.
 */
#ifndef PEYK_EXTRACT_EVENTS_CONFIDENCE_H
#define PEYK_EXTRACT_EVENTS_CONFIDENCE_H

#include "extract/events/scene.h"

/* Gives a draft that is complete and merged its confidences and its evidence. */
void pk_confidence_give(struct pk_draft *draft);

#endif
