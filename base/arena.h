/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/arena.h - the memory of one document.
 *
 * Everything that is made while a document is worked on comes from its arena and dies
 * with it; nothing is freed singly. An arena has a limit, so that a hostile page ends
 * as -ENOMEM and not as a dead machine. One thread at a time; it moves with its
 * document.
 */
#ifndef PEYK_BASE_ARENA_H
#define PEYK_BASE_ARENA_H

#include "base/cleanup.h"
#include "base/span.h"

struct pk_arena;

/* An arena that gives at most `limit` bytes in all. NULL when there is no memory. */
struct pk_arena *pk_arena_new(size_t limit);

/*
 * An arena that lies in `size` zeroed bytes of the caller, aligned for any type, and
 * gives nothing beyond them. NULL where they are too few for the arena itself.
 */
struct pk_arena *pk_arena_new_in(void *memory, size_t size);

/* Frees the arena and all that came from it. NULL is fine. Returns NULL. */
struct pk_arena *pk_arena_free(struct pk_arena *arena);
PK_DEFINE_CLEANUP(struct pk_arena *, pk_arena_free);

/* `size` zeroed bytes, aligned for any type. NULL when the limit or memory is at its
 * end. */
void *pk_arena_alloc(struct pk_arena *arena, size_t size);

/* A zeroed array of `count` items of `size` bytes. NULL also when the product
 * overflows. */
void *pk_arena_calloc(struct pk_arena *arena, size_t count, size_t size);

#define pk_arena_new_of(arena, type) ((type *)pk_arena_alloc(arena, sizeof(type)))

/*
 * Gives a piece of `size` bytes back, which pieces of a power of two may then be made
 * of: what a table leaves behind when it grows. Nobody may look at it any more.
 */
void pk_arena_give_back(struct pk_arena *arena, void *piece, size_t size);

/* Copies the bytes, followed by a NUL that the span does not count. {NULL, 0} on no
 * memory. */
struct pk_span pk_arena_copy(struct pk_arena *arena, struct pk_span s);

/* Formats into the arena; NUL-terminated. {NULL, 0} on no memory. */
struct pk_span pk_arena_printf(struct pk_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Bytes given out so far. */
size_t pk_arena_used(const struct pk_arena *arena);

/*
 * A growing array in an arena, declared as
 *
 *	PK_ARRAY(struct pk_token) tokens = { 0 };
 *
 * pk_array_push(arena, &tokens) gives a pointer to a new zeroed last item, or NULL when
 * memory is at its end. Growing leaves the old block to the arena.
 */
#define PK_ARRAY(type)                                                                 \
	struct {                                                                       \
		type *items;                                                           \
		size_t len;                                                            \
		size_t cap;                                                            \
	}

#define pk_array_push(arena, array)                                                    \
	((__typeof__((array)->items))pk_array_push_(arena, (void **)&(array)->items,   \
	    &(array)->len, &(array)->cap, sizeof(*(array)->items)))

void *pk_array_push_(
    struct pk_arena *arena, void **items, size_t *len, size_t *cap, size_t size);

#endif
