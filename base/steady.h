/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/steady.h - what time it is for those who throw away what is old.
 *
 * A wall clock that is set a day or ten years ahead, by a mistake that somebody mends
 * an hour later, makes everything old at once; what was deleted then does not come
 * back. So a jump ahead is believed only when it has lasted for a while. One that goes
 * back is believed at once: at worst something stays for longer. Pure arithmetic; one
 * thread.
 */
#ifndef PEYK_BASE_STEADY_H
#define PEYK_BASE_STEADY_H

#include <stdint.h>

/* So long a jump has to last, where nobody knows better. */
#define PK_STEADY_PATIENCE_MS INT64_C(3600000)

/* Less than this is no jump, but a clock that is being put right. */
#define PK_STEADY_SLACK_MS INT64_C(60000)

struct pk_steady {
	int64_t offset_ms; /* of the wall clock that is believed, to `elapsed` */
	int64_t ahead_ms;  /* of the one that is not; 0: there is none */
	int64_t since_ms;  /* when that one came, in `elapsed` */
};

/*
 * Begins with a time that is known to have been: when the newest thing was written
 * down, or the wall clock, where there is nothing.
 *
 *   known_ms    milliseconds since 1970
 *   elapsed_ms  of a clock that never jumps, and goes on while the machine sleeps
 */
void pk_steady_init(struct pk_steady *steady, int64_t known_ms, int64_t elapsed_ms);

/*
 * The time that is believed, milliseconds since 1970: the wall clock's, unless that has
 * jumped ahead by more than the slack less than `patience_ms` ago; then what it would
 * be without the jump.
 */
int64_t pk_steady_ms(
    struct pk_steady *steady, int64_t wall_ms, int64_t elapsed_ms, int64_t patience_ms);

#endif
