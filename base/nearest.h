/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/nearest.h - which word did somebody mean?
 */
#ifndef PEYK_CONFIG_NEAREST_H
#define PEYK_CONFIG_NEAREST_H

#include "base/span.h"

/* The best of the words offered so far. */
struct pk_nearest {
	struct pk_span word; /* what was written */
	struct pk_span best; /* absent while nothing is near */
	size_t distance;
};

/* A word to find a neighbour of. Words of more than 64 bytes have none. */
struct pk_nearest pk_nearest_to(struct pk_span word);

/*
 * Offers a candidate, which is borrowed. It is near when at most a third of the word's
 * letters (and at least one) must be inserted, deleted, replaced or swapped with the
 * next (restricted Damerau-Levenshtein distance); the first of equals stays.
 */
void pk_nearest_offer(struct pk_nearest *nearest, struct pk_span candidate);

#endif
