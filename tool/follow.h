/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tool/follow.h - does anything miss from what a subscriber hears?
 *
 * Pure bookkeeping over the header of each message: no socket, no clock. Who subscribes
 * to everything sees a hole by its numbers, and the end of the stream by the head that
 * a heartbeat names; who filters cannot know, and is told of resets and silence alone.
 */
#ifndef PEYK_TOOL_FOLLOW_H
#define PEYK_TOOL_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

/* Heartbeats come each second; after so long without one something is wrong. */
#define PK_FOLLOW_SILENCE_NS UINT64_C(5000000000)

struct pk_follow {
	bool everything; /* subscribed to all */
	bool known;      /* epoch and last are of the daemon, not of the start */
	uint64_t epoch;
	uint64_t last; /* newest number heard of */
	uint64_t heard_ns;
	bool silent;
};

/* What a person should be told; all 0 is nothing. */
struct pk_follow_news {
	bool reset; /* another log: numbers begin anew */
	uint64_t missing_first;
	uint64_t missing_last; /* 0: nothing is missing */
	uint64_t back_after_ns;
};

/* Listens from now on (monotonic). */
void pk_follow_init(struct pk_follow *follow, bool everything, uint64_t now_ns);

/* A message with its number, or a heartbeat (number 0) with the head it names. */
struct pk_follow_news pk_follow_hear(struct pk_follow *follow, uint64_t epoch,
    uint64_t sequence, uint64_t head, uint64_t now_ns);

/* True once when it has been silent for too long. */
bool pk_follow_fell_silent(struct pk_follow *follow, uint64_t now_ns);

#endif
