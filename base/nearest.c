/* SPDX-License-Identifier: Apache-2.0 */
#include "base/nearest.h"

#include "base/cleanup.h"

#define WORD_MAX 64

struct pk_nearest
pk_nearest_to(struct pk_span word)
{
	size_t allowed = word.len / 3 > 0 ? word.len / 3 : 1;

	/* A distance of `allowed` shall still count, hence one more. */
	return (struct pk_nearest){ .word = word, .distance = allowed + 1 };
}

static size_t
least(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

static size_t
distance(struct pk_span a, struct pk_span b)
{
	size_t rows[3][WORD_MAX + 1];

	for (size_t j = 0; j <= b.len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t *row = rows[i % 3], *before = rows[(i - 1) % 3];
		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t same = a.ptr[i - 1] == b.ptr[j - 1] ? 0 : 1;
			row[j] =
			    least(before[j] + 1, row[j - 1] + 1, before[j - 1] + same);
			if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] &&
			    a.ptr[i - 2] == b.ptr[j - 1] &&
			    rows[(i - 2) % 3][j - 2] + 1 < row[j])
				row[j] = rows[(i - 2) % 3][j - 2] + 1;
		}
	}
	return rows[a.len % 3][b.len];
}

void
pk_nearest_offer(struct pk_nearest *nearest, struct pk_span candidate)
{
	if (nearest->word.len > WORD_MAX || candidate.len > WORD_MAX)
		return;
	size_t d = distance(nearest->word, candidate);
	if (d < nearest->distance) {
		nearest->distance = d;
		nearest->best = candidate;
	}
}
