/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/counter.h - atomic counters, one for everything that peyk does or refuses.
 *
 * The list is base/counter.def. Any thread may count and read.
 */
#ifndef PEYK_BASE_COUNTER_H
#define PEYK_BASE_COUNTER_H

#include <stdint.h>

enum pk_counter {
#define COUNTER(NAME, name, help) PK_COUNT_##NAME,
#include "base/counter.def"
#undef COUNTER
	PK_COUNTERS
};

void pk_count(enum pk_counter counter);
void pk_count_add(enum pk_counter counter, uint64_t n);
uint64_t pk_counted(enum pk_counter counter);

/* "polls_failed", and what it counts. */
const char *pk_counter_name(enum pk_counter counter);
const char *pk_counter_help(enum pk_counter counter);

#endif
