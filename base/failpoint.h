/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/failpoint.h - places where a test can make the program die as by kill -9.
 *
 * The list is base/failpoint.def; what is not in it does not compile. With the CMake
 * option PEYK_FAILPOINTS, which is on where tests are built, a place costs one branch
 * that is never taken; without it, nothing, and nothing can be armed. Any thread.
 */
#ifndef PEYK_BASE_FAILPOINT_H
#define PEYK_BASE_FAILPOINT_H

enum pk_failpoint {
	PK_FAILPOINT_NONE,
#define FAILPOINT(name, where) PK_FAILPOINT_##name,
#include "base/failpoint.def"
#undef FAILPOINT
	PK_FAILPOINTS
};

/*
 * Arms what the environment variable PEYK_FAILPOINT names: "sent", or "sent:3" for the
 * third time that the place is come by. Before any other thread starts.
 *
 * Returns 1 (armed; *ret_where says where it will end), 0 (nothing to arm), or -EINVAL:
 * there is no such failpoint, or its number is none.
 */
int pk_failpoint_arm(const char **ret_where);

#if PEYK_FAILPOINTS

extern enum pk_failpoint pk_failpoint_armed; /* written by pk_failpoint_arm() alone */
void pk_failpoint_reached(void);
void pk_failpoint_begun(void);

/* Dies here, by SIGKILL, if it is armed and this is its time. */
#define PK_FAILPOINT(name)                                                             \
	do {                                                                           \
		if (__builtin_expect(pk_failpoint_armed == PK_FAILPOINT_##name, 0))    \
			pk_failpoint_reached();                                        \
	} while (0)

/* Dies within two milliseconds, wherever this thread is then: in the middle of what is
 * called next, and is not ours. */
#define PK_FAILPOINT_BEGUN(name)                                                       \
	do {                                                                           \
		if (__builtin_expect(pk_failpoint_armed == PK_FAILPOINT_##name, 0))    \
			pk_failpoint_begun();                                          \
	} while (0)

#else

#define PK_FAILPOINT(name)       ((void)PK_FAILPOINT_##name)
#define PK_FAILPOINT_BEGUN(name) ((void)PK_FAILPOINT_##name)

#endif
#endif
