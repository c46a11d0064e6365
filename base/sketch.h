/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/sketch.h - how much two sets have in common, told from 260 bytes of each
 * (MinHash).
 *
 * Each of PK_SKETCH_SIZE hash functions keeps the least value that any item of the set
 * has under it; the share of equal places estimates the sets' Jaccard index, with a
 * standard error of at most 0.063. Places in pairs make PK_SKETCH_BANDS bands: sets
 * that have a third in common share a band with 98 %, sets that have a hundredth in
 * common with 0.3 %, so that an index of bands finds what is near without looking at
 * the rest. The same items give the same sketch on every machine and in every release.
 */
#ifndef PEYK_BASE_SKETCH_H
#define PEYK_BASE_SKETCH_H

#include "base/span.h"

#define PK_SKETCH_SIZE  64
#define PK_SKETCH_BANDS 32

struct pk_sketch {
	uint32_t n; /* items that were added, repeated ones too */
	uint32_t least[PK_SKETCH_SIZE];
};

/* The sketch of the empty set. */
void pk_sketch_init(struct pk_sketch *sketch);

/* Adds an item, by a hash of it (pk_span_hash()). */
void pk_sketch_add(struct pk_sketch *sketch, uint64_t hash);

/* The estimated share of what either has that both have, 0..1. */
double pk_sketch_likeness(const struct pk_sketch *a, const struct pk_sketch *b);

/* Near copies: they have a third in common, or the larger has most of the smaller. */
bool pk_sketch_near(const struct pk_sketch *a, const struct pk_sketch *b);

/* The key of band `i` for an index; bands of different places never have the same. */
int64_t pk_sketch_band(const struct pk_sketch *sketch, size_t i);

#endif
