/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>

#define BLOCK_SIZE ((size_t)64 * 1024)
#define ALIGNMENT  alignof(max_align_t)

struct block {
	struct block *next;
	size_t size;
	size_t used;
	bool lent; /* in memory that is the caller's */
	alignas(max_align_t) char bytes[];
};

/* What was given back, by the power of two that it has room for. */
#define SIZES 40
struct free_piece {
	struct free_piece *next;
};

struct pk_arena {
	struct block *first; /* the block that gives; older ones follow */
	struct free_piece *free[SIZES];
	size_t used;
	size_t limit;
	bool lent; /* itself in memory that is the caller's */
};

struct pk_arena *
pk_arena_new(size_t limit)
{
	struct pk_arena *arena = calloc(1, sizeof(*arena));

	if (arena != NULL)
		arena->limit = limit;
	return arena;
}

struct pk_arena *
pk_arena_new_in(void *memory, size_t size)
{
	const size_t head = sizeof(struct pk_arena) + sizeof(struct block);
	struct pk_arena *arena = memory;
	struct block *block = (struct block *)(arena + 1);

	static_assert(sizeof(struct pk_arena) % ALIGNMENT == 0, "the block is aligned");
	if (size < head)
		return NULL;
	*block = (struct block){ .size = size - head, .lent = true };
	*arena =
	    (struct pk_arena){ .first = block, .limit = size - head, .lent = true };
	return arena;
}

struct pk_arena *
pk_arena_free(struct pk_arena *arena)
{
	if (arena == NULL)
		return NULL;
	for (struct block *block = arena->first; block != NULL;) {
		struct block *next = block->next;
		if (!block->lent)
			free(block);
		block = next;
	}
	if (!arena->lent)
		free(arena);
	return NULL;
}

/* Big pieces get a block of their own, so that they do not waste the rest of one. */
static struct block *
add_block(struct pk_arena *arena, size_t size)
{
	size_t room = size > BLOCK_SIZE / 4 ? size : BLOCK_SIZE;
	struct block *block = malloc(sizeof(*block) + room);

	if (block == NULL)
		return NULL;
	block->size = room;
	block->used = 0;
	block->lent = false;
	if (arena->first != NULL && room == size) {
		block->next = arena->first->next;
		arena->first->next = block;
	} else {
		block->next = arena->first;
		arena->first = block;
	}
	return block;
}

/* The largest power of two in a size, as its exponent. */
static size_t
room_of(size_t size)
{
	return sizeof(unsigned long long) * 8 - 1 - (size_t)__builtin_clzll(size);
}

/* A piece that was given back and has room for exactly this many bytes. */
static void *
take_again(struct pk_arena *arena, size_t size)
{
	size_t room = size == 0 ? SIZES : room_of(size);

	if (room >= SIZES || size != (size_t)1 << room || arena->free[room] == NULL)
		return NULL;
	struct free_piece *piece = arena->free[room];
	arena->free[room] = piece->next;
	return memset(piece, 0, size); /* all of it: as new memory is */
}

void
pk_arena_give_back(struct pk_arena *arena, void *piece, size_t size)
{
	if (piece == NULL || size < sizeof(struct free_piece) || room_of(size) >= SIZES)
		return;
	struct free_piece *free = piece;
	free->next = arena->free[room_of(size)];
	arena->free[room_of(size)] = free;
}

/* The bytes as they are in the block. */
static void *
take(struct pk_arena *arena, size_t size)
{
	struct block *block = arena->first;

	if (size > SIZE_MAX - ALIGNMENT)
		return NULL;
	size = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	void *again = take_again(arena, size);
	if (again != NULL)
		return again;
	if (size > arena->limit - arena->used)
		return NULL;
	if (block == NULL || block->size - block->used < size)
		block = add_block(arena, size);
	if (block == NULL)
		return NULL;

	void *bytes = block->bytes + block->used;
	block->used += size;
	arena->used += size;
	return bytes;
}

void *
pk_arena_alloc(struct pk_arena *arena, size_t size)
{
	void *bytes = take(arena, size);

	return bytes == NULL ? NULL : memset(bytes, 0, size);
}

void *
pk_arena_calloc(struct pk_arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		return NULL;
	return pk_arena_alloc(arena, bytes);
}

struct pk_span
pk_arena_copy(struct pk_arena *arena, struct pk_span s)
{
	char *copy = s.len == SIZE_MAX ? NULL : take(arena, s.len + 1);

	if (copy == NULL)
		return (struct pk_span){ NULL, 0 };
	if (s.len > 0)
		memcpy(copy, s.ptr, s.len);
	copy[s.len] = '\0';
	return (struct pk_span){ copy, s.len };
}

struct pk_span
pk_arena_printf(struct pk_arena *arena, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	char *text = len < 0 ? NULL : pk_arena_alloc(arena, (size_t)len + 1);
	if (text == NULL)
		return (struct pk_span){ NULL, 0 };
	va_start(args, format);
	vsnprintf(text, (size_t)len + 1, format, args);
	va_end(args);
	return (struct pk_span){ text, (size_t)len };
}

size_t
pk_arena_used(const struct pk_arena *arena)
{
	return arena->used;
}

void *
pk_array_push_(
    struct pk_arena *arena, void **items, size_t *len, size_t *cap, size_t size)
{
	if (*len == *cap) {
		size_t more = *cap == 0 ? 8 : *cap * 2;
		void *grown = pk_arena_calloc(arena, more, size);
		if (grown == NULL)
			return NULL;
		if (*len > 0)
			memcpy(grown, *items, *len * size);
		*items = grown;
		*cap = more;
	}
	/* items that were taken off the end before have left something behind */
	return memset((char *)*items + size * (*len)++, 0, size);
}
