/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <time.h>

int64_t
pk_wall_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / PK_NS_PER_MS;
}

int64_t
pk_wall_s(void)
{
	return pk_wall_ms() / 1000;
}

uint64_t
pk_mono_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * (uint64_t)PK_NS_PER_S + (uint64_t)now.tv_nsec;
}
