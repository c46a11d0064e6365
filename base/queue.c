/* SPDX-License-Identifier: Apache-2.0 */
#include "base/queue.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <time.h>

struct pk_queue {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	pthread_cond_t emptied;
	size_t capacity;
	size_t first;
	size_t count;
	bool closed;
	bool nudged;
	void *items[];
};

struct pk_queue *
pk_queue_new(size_t capacity)
{
	pthread_condattr_t monotonic;
	struct pk_queue *queue =
	    calloc(1, sizeof(*queue) + capacity * sizeof(queue->items[0]));

	assert(capacity > 0);
	if (queue == NULL)
		return NULL;
	queue->capacity = capacity;
	pthread_mutex_init(&queue->lock, NULL);
	/* Timeouts must not follow a clock that somebody sets. */
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&queue->filled, &monotonic);
	pthread_cond_init(&queue->emptied, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return queue;
}

struct pk_queue *
pk_queue_free(struct pk_queue *queue)
{
	if (queue == NULL)
		return NULL;
	pthread_cond_destroy(&queue->filled);
	pthread_cond_destroy(&queue->emptied);
	pthread_mutex_destroy(&queue->lock);
	free(queue);
	return NULL;
}

static void
append(struct pk_queue *queue, void *item)
{
	queue->items[(queue->first + queue->count) % queue->capacity] = item;
	queue->count++;
	pthread_cond_signal(&queue->filled);
}

int
pk_queue_push(struct pk_queue *queue, void *item)
{
	int r = 0;

	assert(item != NULL);
	pthread_mutex_lock(&queue->lock);
	while (queue->count == queue->capacity && !queue->closed)
		pthread_cond_wait(&queue->emptied, &queue->lock);
	if (queue->closed)
		r = -EPIPE;
	else
		append(queue, item);
	pthread_mutex_unlock(&queue->lock);
	return r;
}

int
pk_queue_try_push(struct pk_queue *queue, void *item)
{
	int r = 0;

	assert(item != NULL);
	pthread_mutex_lock(&queue->lock);
	if (queue->closed)
		r = -EPIPE;
	else if (queue->count == queue->capacity)
		r = -EAGAIN;
	else
		append(queue, item);
	pthread_mutex_unlock(&queue->lock);
	return r;
}

static void *
take_first(struct pk_queue *queue)
{
	if (queue->count == 0)
		return NULL;
	void *item = queue->items[queue->first];
	queue->first = (queue->first + 1) % queue->capacity;
	queue->count--;
	pthread_cond_signal(&queue->emptied);
	return item;
}

void *
pk_queue_pop(struct pk_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	while (queue->count == 0 && !queue->closed)
		pthread_cond_wait(&queue->filled, &queue->lock);
	void *item = take_first(queue);
	pthread_mutex_unlock(&queue->lock);
	return item;
}

void *
pk_queue_pop_within(struct pk_queue *queue, uint64_t timeout_ns)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	uint64_t nsec = (uint64_t)until.tv_nsec + timeout_ns % UINT64_C(1000000000);
	until.tv_sec +=
	    (time_t)(timeout_ns / UINT64_C(1000000000) + nsec / UINT64_C(1000000000));
	until.tv_nsec = (long)(nsec % UINT64_C(1000000000));

	pthread_mutex_lock(&queue->lock);
	int r = 0;
	while (queue->count == 0 && !queue->closed && !queue->nudged && r != ETIMEDOUT)
		r = pthread_cond_timedwait(&queue->filled, &queue->lock, &until);
	queue->nudged = false;
	void *item = take_first(queue);
	pthread_mutex_unlock(&queue->lock);
	return item;
}

void
pk_queue_nudge(struct pk_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->nudged = true;
	pthread_cond_broadcast(&queue->filled);
	pthread_mutex_unlock(&queue->lock);
}

void
pk_queue_close(struct pk_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->closed = true;
	pthread_cond_broadcast(&queue->filled);
	pthread_cond_broadcast(&queue->emptied);
	pthread_mutex_unlock(&queue->lock);
}

int
pk_queue_drained(struct pk_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	int drained = queue->closed && queue->count == 0;
	pthread_mutex_unlock(&queue->lock);
	return drained;
}

size_t
pk_queue_length(struct pk_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	size_t count = queue->count;
	pthread_mutex_unlock(&queue->lock);
	return count;
}
