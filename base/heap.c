/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pieces come in classes of size, and what is freed is given out again to its class.
 * In front of each stands how much room it has.
 */
#include "base/heap.h"

#include <errno.h>
#include <libxml/globals.h>
#include <libxml/xmlmemory.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE ((size_t)64 << 10)

/* More than libxml2 keeps for a thread. */
#define JOIN_ROOM ((size_t)16 << 10)

/* Up to this, classes are 16 bytes apart; above, they are powers of two. */
#define SMALL_MAX     ((size_t)512)
#define STEP          ((size_t)16)
#define SMALL_CLASSES (SMALL_MAX / STEP)
#define CLASSES       (SMALL_CLASSES + 64)

/* Pieces are aligned for pointers and numbers, no more than libxml2 needs. */
#define HEAD sizeof(size_t)

struct chunk {
	struct chunk *next;
};

struct piece {
	struct piece *next;
};

struct pk_heap {
	struct chunk *chunks;
	char *at; /* the rest of the first chunk */
	size_t left;
	size_t bytes;
	struct piece *free[CLASSES];
};

static _Thread_local struct pk_heap *current;

/* What a piece of that size takes with its head, and its class. */
static size_t
whole_size(size_t size, size_t *ret_class)
{
	size_t whole = (size + HEAD + STEP - 1) & ~(STEP - 1);

	if (whole <= SMALL_MAX) {
		*ret_class = whole / STEP - 1;
		return whole;
	}
	size_t power = sizeof(unsigned long) * 8 - (size_t)__builtin_clzl(whole - 1);
	*ret_class = SMALL_CLASSES + power;
	return (size_t)1 << power;
}

/* A chunk for many pieces, or for a large one. Its first byte that may be used. */
static char *
add_chunk(struct pk_heap *heap, size_t size)
{
	struct chunk *chunk = malloc(sizeof(*chunk) + size);

	if (chunk == NULL)
		return NULL;
	chunk->next = heap->chunks;
	heap->chunks = chunk;
	heap->bytes += size;
	return (char *)(chunk + 1);
}

static char *
take(struct pk_heap *heap, size_t whole)
{
	if (whole > CHUNK_SIZE / 4)
		return add_chunk(heap, whole);
	if (heap->left < whole) {
		char *fresh = add_chunk(heap, CHUNK_SIZE);
		if (fresh == NULL)
			return NULL;
		heap->at = fresh;
		heap->left = CHUNK_SIZE;
	}
	char *taken = heap->at;
	heap->at += whole;
	heap->left -= whole;
	return taken;
}

static void *
heap_malloc(size_t size)
{
	struct pk_heap *heap = current;
	size_t class;

	if (heap == NULL)
		return malloc(size);
	if (size > SIZE_MAX / 4)
		return NULL;
	size_t whole = whole_size(size, &class);
	struct piece *piece = heap->free[class];
	if (piece != NULL) {
		heap->free[class] = piece->next;
		return piece;
	}
	char *taken = take(heap, whole);
	if (taken == NULL)
		return NULL;
	memcpy(taken, &whole, HEAD);
	return taken + HEAD;
}

static size_t
room_of(const void *memory)
{
	size_t whole;

	memcpy(&whole, (const char *)memory - HEAD, HEAD);
	return whole - HEAD;
}

static void
heap_free(void *memory)
{
	struct pk_heap *heap = current;
	size_t class;

	if (heap == NULL) {
		free(memory);
	} else if (memory != NULL) {
		struct piece *piece = memory;
		whole_size(room_of(memory), &class);
		piece->next = heap->free[class];
		heap->free[class] = piece;
	}
}

static void *
heap_realloc(void *memory, size_t size)
{
	if (current == NULL)
		return realloc(memory, size);
	if (memory == NULL)
		return heap_malloc(size);
	size_t room = room_of(memory);
	if (size <= room)
		return memory;
	void *grown = heap_malloc(size);
	if (grown == NULL)
		return NULL;
	memcpy(grown, memory, room);
	heap_free(memory);
	return grown;
}

static char *
heap_strdup(const char *s)
{
	size_t size = strlen(s) + 1;
	char *copy = heap_malloc(size);

	return copy == NULL ? NULL : memcpy(copy, s, size);
}

static void
install(void)
{
	xmlMemSetup(heap_free, heap_malloc, heap_realloc, heap_strdup);
}

void
pk_heap_install(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, install);
}

int
pk_heap_join(void)
{
	pk_heap_install();
	/* without memory it would call itself until the stack ends: so look first */
	void *room = malloc(JOIN_ROOM);
	if (room == NULL)
		return -ENOMEM;
	free(room);
	return xmlGetGlobalState() == NULL ? -ENOMEM : 0;
}

struct pk_heap *
pk_heap_new(void)
{
	return calloc(1, sizeof(struct pk_heap));
}

struct pk_heap *
pk_heap_free(struct pk_heap *heap)
{
	for (struct chunk *chunk = heap == NULL ? NULL : heap->chunks; chunk != NULL;) {
		struct chunk *next = chunk->next;
		free(chunk);
		chunk = next;
	}
	free(heap);
	return NULL;
}

void
pk_heap_enter(struct pk_heap *heap)
{
	current = heap;
}

void
pk_heap_leave(void)
{
	current = NULL;
}

size_t
pk_heap_bytes(const struct pk_heap *heap)
{
	return heap->bytes;
}
