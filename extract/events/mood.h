/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/events/mood.h - the words by which an act is hoped for, planned, denied:
 * modality.cues.
 */
#ifndef PEYK_EXTRACT_EVENTS_MOOD_H
#define PEYK_EXTRACT_EVENTS_MOOD_H

#include "extract/events/scene.h"

/* Gives the draft the words that made its status and polarity, which are set by then;
 * in the order of the text, as many as there is room for. */
void pk_mood_give(struct pk_draft *draft);

#endif
