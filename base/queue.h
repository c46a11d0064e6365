/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/queue.h - how documents move from one thread to another.
 *
 * A bounded first-in first-out queue of pointers, for any number of threads at both
 * ends. A pointer that was pushed belongs to whoever pops it. A full queue makes the
 * pusher wait: nothing is dropped. Closing wakes everybody; what is queued can still be
 * popped.
 */
#ifndef PEYK_BASE_QUEUE_H
#define PEYK_BASE_QUEUE_H

#include "base/cleanup.h"

#include <stdint.h>

struct pk_queue;

/* A queue of at most `capacity` (> 0) pointers. NULL on no memory. */
struct pk_queue *pk_queue_new(size_t capacity);
struct pk_queue *pk_queue_free(struct pk_queue *queue);
PK_DEFINE_CLEANUP(struct pk_queue *, pk_queue_free);

/*
 * Takes `item` (not NULL) and waits while the queue is full. Returns 0, or -EPIPE when
 * the queue is closed: then the item still belongs to the caller.
 */
int pk_queue_push(struct pk_queue *queue, void *item);

/* The same without waiting: -EAGAIN when full. */
int pk_queue_try_push(struct pk_queue *queue, void *item);

/* Waits for an item. Returns it, or NULL when the queue is closed and empty. */
void *pk_queue_pop(struct pk_queue *queue);

/* Waits at most `timeout_ns`. Returns NULL also when nothing came; see
 * pk_queue_closed(). */
void *pk_queue_pop_within(struct pk_queue *queue, uint64_t timeout_ns);

/* Whoever waits in pk_queue_pop_within(), or does so next, comes back at once, with an
 * item or without one: there is something else to do. */
void pk_queue_nudge(struct pk_queue *queue);

/* No more pushes. May be called twice. */
void pk_queue_close(struct pk_queue *queue);

/* Closed, and nothing left in it? */
int pk_queue_drained(struct pk_queue *queue);

size_t pk_queue_length(struct pk_queue *queue);

#endif
