/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/events/count.h - how many: «پنج سفر», «۳۵ کشته», «۲۰۰ میلیون دلار» of an
 * event's clause.
 */
#ifndef PEYK_EXTRACT_EVENTS_COUNT_H
#define PEYK_EXTRACT_EVENTS_COUNT_H

#include "extract/events/scene.h"

/*
 * Gives the draft its counts: money in ISO 4217 (IRT for the toman), measures in UCUM,
 * "%", else the unit of details.tsv. What is vague or only about how long something
 * takes is left out. 0 or -ENOMEM.
 */
int pk_counts_give(struct pk_draft *draft);

#endif
