/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/events/modality.h - how real an act is: hoped for, planned, demanded, only
 * reported; denied; past or to come.
 */
#ifndef PEYK_EXTRACT_EVENTS_MODALITY_H
#define PEYK_EXTRACT_EVENTS_MODALITY_H

#include "extract/events/argument.h"

/* The statuses that the words and the verb around a match say; 0 for a plain fact. */
uint32_t pk_modality_of_match(const struct pk_match *match);

/* Completes status, polarity, certainty and temporal of a draft with its time set. */
void pk_modality_give(struct pk_draft *draft);

#endif
