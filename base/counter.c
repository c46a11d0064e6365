/* SPDX-License-Identifier: Apache-2.0 */
#include "base/counter.h"

#include <stdatomic.h>

static _Atomic uint64_t counters[PK_COUNTERS];

/* Counters tell no order between threads, so the cheapest ordering is enough. */
void
pk_count_add(enum pk_counter counter, uint64_t n)
{
	atomic_fetch_add_explicit(&counters[counter], n, memory_order_relaxed);
}

void
pk_count(enum pk_counter counter)
{
	pk_count_add(counter, 1);
}

uint64_t
pk_counted(enum pk_counter counter)
{
	return atomic_load_explicit(&counters[counter], memory_order_relaxed);
}

const char *
pk_counter_name(enum pk_counter counter)
{
	static const char *const names[] = {
#define COUNTER(NAME, name, help) #name,
#include "base/counter.def"
#undef COUNTER
	};
	return names[counter];
}

const char *
pk_counter_help(enum pk_counter counter)
{
	static const char *const helps[] = {
#define COUNTER(NAME, name, help) help,
#include "base/counter.def"
#undef COUNTER
	};
	return helps[counter];
}
