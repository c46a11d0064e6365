/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/feed/run.h - how far is there nothing to do?
 *
 * Most of a feed is text that stays as it is. It is passed over sixteen bytes at a
 * time; only what stops that is looked at byte by byte.
 */
#ifndef PEYK_FETCH_FEED_RUN_H
#define PEYK_FETCH_FEED_RUN_H

#include "base/span.h"

#define PK_RUN_BLOCK 16

typedef unsigned char pk_run_block __attribute__((vector_size(PK_RUN_BLOCK)));

/*
 * How many bytes at the beginning of `p`, a whole number of blocks, are neither control
 * characters nor a, b or c. With `lines`, tab and line feed are let through.
 */
static inline size_t
pk_run_length(const unsigned char *p, size_t len, bool lines, unsigned char a,
    unsigned char b, unsigned char c)
{
	size_t at = 0;

	for (; len - at >= PK_RUN_BLOCK; at += PK_RUN_BLOCK) {
		pk_run_block x;
		memcpy(&x, p + at, sizeof(x));
		__typeof__(x < 0x20) stop = x < 0x20;
		if (lines)
			stop &= (x != '\t') & (x != '\n');
		stop |= (x == 0x7F) | (x == a) | (x == b) | (x == c);
		uint64_t halves[2];
		memcpy(halves, &stop, sizeof(halves));
		if ((halves[0] | halves[1]) != 0)
			break;
	}
	return at;
}

#endif
