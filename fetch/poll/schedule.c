/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/poll/schedule.h"

#include <assert.h>
#include <errno.h>

/* heap[1] is the earliest; the children of n are 2n and 2n + 1. */
struct pk_schedule {
	struct pk_due **heap;
	size_t len;
	size_t cap; /* heap has one more */
};

struct pk_schedule *
pk_schedule_new(void)
{
	return calloc(1, sizeof(struct pk_schedule));
}

struct pk_schedule *
pk_schedule_free(struct pk_schedule *schedule)
{
	if (schedule != NULL)
		free(schedule->heap);
	free(schedule);
	return NULL;
}

static void
put(struct pk_schedule *schedule, size_t slot, struct pk_due *due)
{
	schedule->heap[slot] = due;
	due->slot = slot;
}

static void
sift_up(struct pk_schedule *schedule, struct pk_due *due)
{
	size_t slot = due->slot;

	while (slot > 1 && schedule->heap[slot / 2]->at_ns > due->at_ns) {
		put(schedule, slot, schedule->heap[slot / 2]);
		slot /= 2;
	}
	put(schedule, slot, due);
}

static void
sift_down(struct pk_schedule *schedule, struct pk_due *due)
{
	size_t slot = due->slot;

	for (size_t child = slot * 2; child <= schedule->len; child = slot * 2) {
		if (child < schedule->len &&
		    schedule->heap[child + 1]->at_ns < schedule->heap[child]->at_ns)
			child++;
		if (schedule->heap[child]->at_ns >= due->at_ns)
			break;
		put(schedule, slot, schedule->heap[child]);
		slot = child;
	}
	put(schedule, slot, due);
}

static int
reserve(struct pk_schedule *schedule)
{
	if (schedule->len < schedule->cap)
		return 0;
	size_t cap = schedule->cap * 2 + 64;
	struct pk_due **heap =
	    reallocarray(schedule->heap, cap + 1, sizeof(*schedule->heap));
	if (heap == NULL)
		return -ENOMEM;
	schedule->heap = heap;
	schedule->cap = cap;
	return 0;
}

int
pk_schedule_set(struct pk_schedule *schedule, struct pk_due *due, uint64_t at_ns)
{
	if (due->slot == 0) {
		if (reserve(schedule) < 0)
			return -ENOMEM;
		put(schedule, ++schedule->len, due);
	}
	assert(schedule->heap[due->slot] == due);
	due->at_ns = at_ns;
	sift_up(schedule, due);
	sift_down(schedule, due);
	return 0;
}

void
pk_schedule_remove(struct pk_schedule *schedule, struct pk_due *due)
{
	size_t slot = due->slot;

	if (slot == 0)
		return;
	assert(schedule->heap[slot] == due);
	struct pk_due *last = schedule->heap[schedule->len--];
	due->slot = 0;
	if (last == due)
		return;
	put(schedule, slot, last);
	sift_up(schedule, last);
	sift_down(schedule, last);
}

struct pk_due *
pk_schedule_first(const struct pk_schedule *schedule)
{
	return schedule->len == 0 ? NULL : schedule->heap[1];
}

struct pk_due *
pk_schedule_take(struct pk_schedule *schedule, uint64_t now_ns)
{
	struct pk_due *first = pk_schedule_first(schedule);

	if (first == NULL || first->at_ns > now_ns)
		return NULL;
	pk_schedule_remove(schedule, first);
	return first;
}

uint64_t
pk_schedule_wait_ns(const struct pk_schedule *schedule, uint64_t now_ns)
{
	const struct pk_due *first = pk_schedule_first(schedule);

	if (first == NULL)
		return UINT64_MAX;
	return first->at_ns > now_ns ? first->at_ns - now_ns : 0;
}

size_t
pk_schedule_count(const struct pk_schedule *schedule)
{
	return schedule->len;
}
