/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/heap.h - the memory of one tree of libxml2.
 *
 * libxml2 asks for a small piece for every name, value and node; a fifth of the time
 * that it needs goes to malloc and free. A thread that is in a heap gets these pieces
 * from there, and they all go together. Other threads, and what they do with libxml2,
 * are not concerned.
 */
#ifndef PEYK_BASE_HEAP_H
#define PEYK_BASE_HEAP_H

#include "base/cleanup.h"

#include <stddef.h>

struct pk_heap;

/* To be called before a thread asks libxml2 for anything, by each room that does; all
 * but the first call do nothing. */
void pk_heap_install(void);

/*
 * To be called by each thread that will ask libxml2 for anything, until it returns 0:
 * libxml2 keeps some state for each, and does not live with it when there is no memory
 * for that. Returns 0 or -ENOMEM.
 */
int pk_heap_join(void);

/* NULL on no memory. */
struct pk_heap *pk_heap_new(void);

/* Frees all that came from it; the thread must have left it. NULL is fine. */
struct pk_heap *pk_heap_free(struct pk_heap *heap);
PK_DEFINE_CLEANUP(struct pk_heap *, pk_heap_free);

/*
 * From here on this thread's libxml2 allocates in `heap`; after pk_heap_leave() where
 * everybody does. What was allocated on one side must not be freed or grown on the
 * other.
 */
void pk_heap_enter(struct pk_heap *heap);
void pk_heap_leave(void);

/* What it holds, in bytes; it never becomes less. */
size_t pk_heap_bytes(const struct pk_heap *heap);

#endif
