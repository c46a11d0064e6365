/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch/poll/schedule.h - what is due next?
 *
 * A binary heap of nodes that their owners embed: 100 000 feeds cost two words each,
 * and a node is moved or taken out without a search. Times are nanoseconds of a clock
 * that never jumps (pk_rhythm_due_ns() gets there from the wall clock). One thread.
 */
#ifndef PEYK_FETCH_POLL_SCHEDULE_H
#define PEYK_FETCH_POLL_SCHEDULE_H

#include "base/cleanup.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zeros: in no schedule. Must stay where it is while it is in one. */
struct pk_due {
	uint64_t at_ns;
	size_t slot; /* 1-based; 0: in none */
};

/* The struct of which `due` is the member `name`. */
#define pk_due_owner(due, type, name)                                                  \
	((type *)(void *)((char *)(due)-offsetof(type, name)))

struct pk_schedule;

/* NULL on no memory. */
struct pk_schedule *pk_schedule_new(void);

/* Does not touch the nodes that are still in it. */
struct pk_schedule *pk_schedule_free(struct pk_schedule *schedule);
PK_DEFINE_CLEANUP(struct pk_schedule *, pk_schedule_free);

/* Puts a node in, or moves it when it is in. Borrows it until it is taken out. Returns
 * 0, or -ENOMEM (never when it only moves). */
int pk_schedule_set(struct pk_schedule *schedule, struct pk_due *due, uint64_t at_ns);

/* Takes a node out; fine when it is in no schedule. */
void pk_schedule_remove(struct pk_schedule *schedule, struct pk_due *due);

/* The earliest node, still in; NULL when there is none. */
struct pk_due *pk_schedule_first(const struct pk_schedule *schedule);

/* Takes out and returns the earliest node if it is due at `now_ns`, else NULL. */
struct pk_due *pk_schedule_take(struct pk_schedule *schedule, uint64_t now_ns);

/* Nanoseconds from `now_ns` until something is due; UINT64_MAX where nothing is. */
uint64_t pk_schedule_wait_ns(const struct pk_schedule *schedule, uint64_t now_ns);

size_t pk_schedule_count(const struct pk_schedule *schedule);

static inline bool
pk_due_is_set(const struct pk_due *due)
{
	return due->slot != 0;
}

#endif
