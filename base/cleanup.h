/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/cleanup.h - locals that free themselves.
 *
 *	pk_cleanup(pk_freep) char *line = NULL;
 *	...
 *	*ret_line = pk_steal(&line);
 */
#ifndef PEYK_BASE_CLEANUP_H
#define PEYK_BASE_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Runs fn(&variable) when the variable goes out of scope. */
#define pk_cleanup(fn) __attribute__((cleanup(fn)))

/* Takes the pointer out of a variable, which is then no longer cleaned up. */
#define pk_steal(ptr)                                                                  \
	({                                                                             \
		__typeof__(*(ptr)) stolen_ = *(ptr);                                   \
		*(ptr) = NULL;                                                         \
		stolen_;                                                               \
	})

/* Defines <name>p(), the cleanup function of a type that is freed by <name>(). */
#define PK_DEFINE_CLEANUP(type, name)                                                  \
	static inline void name##p(type *object)                                       \
	{                                                                              \
		if (*object != NULL)                                                   \
			name(*object);                                                 \
	}                                                                              \
	struct pk_cleanup_needs_semicolon

static inline void
pk_freep(void *pointer)
{
	free(*(void **)pointer);
}

static inline void
pk_fclosep(FILE **file)
{
	if (*file != NULL)
		fclose(*file);
}

static inline void
pk_closep(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

#define PK_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
