/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/clock.h - the only door to the clocks. Daemon and tool open it; rooms get the
 * time as an argument.
 */
#ifndef PEYK_BASE_CLOCK_H
#define PEYK_BASE_CLOCK_H

#include <stdint.h>

#define PK_NS_PER_MS INT64_C(1000000)
#define PK_NS_PER_S  INT64_C(1000000000)

/* Milliseconds since 1970, UTC. */
int64_t pk_wall_ms(void);

/* Seconds since 1970, UTC. */
int64_t pk_wall_s(void);

/* Nanoseconds of a clock that never jumps, and stands still while the machine sleeps.
 */
uint64_t pk_mono_ns(void);

/* Milliseconds of a clock that never jumps, and goes on while the machine sleeps. */
int64_t pk_elapsed_ms(void);

/* How many nanoseconds the machine has slept more, give or take a constant. */
int64_t pk_asleep_ns(void);

#endif
