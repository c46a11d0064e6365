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

static int64_t
nanoseconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * PK_NS_PER_S + now.tv_nsec;
}

uint64_t
pk_mono_ns(void)
{
	return (uint64_t)nanoseconds(CLOCK_MONOTONIC);
}

int64_t
pk_elapsed_ms(void)
{
	return nanoseconds(CLOCK_BOOTTIME) / PK_NS_PER_MS;
}

int64_t
pk_asleep_ns(void)
{
	return nanoseconds(CLOCK_BOOTTIME) - nanoseconds(CLOCK_MONOTONIC);
}
