/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sketch.h"

/* Shares from which two sets are near copies: of both together; or of both together and
 * of the smaller one, whose tail was cut. */
#define NEAR       0.35
#define NEAR_PART  0.2
#define NEAR_WHOLE 0.7

#define BAND_SIZE (PK_SKETCH_SIZE / PK_SKETCH_BANDS)

/* The finisher of splitmix64: every bit of the input turns half of the output's. */
static uint64_t
mix(uint64_t z)
{
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

void
pk_sketch_init(struct pk_sketch *sketch)
{
	sketch->n = 0;
	for (size_t i = 0; i < PK_SKETCH_SIZE; i++)
		sketch->least[i] = UINT32_MAX;
}

void
pk_sketch_add(struct pk_sketch *sketch, uint64_t hash)
{
	uint64_t item = mix(hash);

	sketch->n++;
	for (uint64_t i = 0; i < PK_SKETCH_SIZE; i++) {
		uint64_t z = item ^ (i + 1) * UINT64_C(0x9e3779b97f4a7c15);

		z = (z ^ z >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
		if ((uint32_t)(z >> 32) < sketch->least[i])
			sketch->least[i] = (uint32_t)(z >> 32);
	}
}

double
pk_sketch_likeness(const struct pk_sketch *a, const struct pk_sketch *b)
{
	size_t same = 0;

	if (a->n == 0 || b->n == 0)
		return 0;
	for (size_t i = 0; i < PK_SKETCH_SIZE; i++)
		same += a->least[i] == b->least[i];
	return (double)same / PK_SKETCH_SIZE;
}

bool
pk_sketch_near(const struct pk_sketch *a, const struct pk_sketch *b)
{
	double likeness = pk_sketch_likeness(a, b);
	uint32_t smaller = a->n < b->n ? a->n : b->n;

	if (likeness >= NEAR || likeness < NEAR_PART)
		return likeness >= NEAR;
	double common = likeness * ((double)a->n + (double)b->n) / (1 + likeness);
	return common >= NEAR_WHOLE * smaller;
}

int64_t
pk_sketch_band(const struct pk_sketch *sketch, size_t i)
{
	uint64_t key = 0;

	for (size_t k = 0; k < BAND_SIZE; k++)
		key = mix(key ^ sketch->least[i * BAND_SIZE + k]);
	/* the place in the low bits, so that bands of different places differ */
	return (int64_t)((key & ~UINT64_C(31)) | i);
}
