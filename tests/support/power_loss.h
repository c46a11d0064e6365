/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/support/power_loss.h - a disk for SQLite that loses power when a test says so.
 *
 * What is written goes to the real file, where every connection sees it at once, as in
 * the page cache of a kernel. Beside it stands what the disk holds: each write reaches
 * it when its file is synced, each new or removed name when its folder is. At the power
 * loss all further operations fail, as nobody is there to do them; power_loss_settle()
 * then makes the real files what a disk might hold after that.
 *
 * One plan at a time. Any threads may use the connections; the functions below are for
 * the one that runs the test.
 */
#ifndef PEYK_TESTS_POWER_LOSS_H
#define PEYK_TESTS_POWER_LOSS_H

#include <stdbool.h>
#include <stdint.h>

/* What becomes of that which was not synced. */
enum power_loss_kind {
	POWER_LOSS_NOTHING, /* none of it is there */
	POWER_LOSS_ORDERED, /* what came up to some moment is there */
	POWER_LOSS_ANY,     /* any of it is there, in any order */
	POWER_LOSS_TORN, /* so, and one write is there up to some sector, behind which
			    comes rubbish */
	POWER_LOSS_KINDS
};

struct power_loss {
	uint64_t at; /* in the middle of this operation that changes something, from 1;
			0: never */
	enum power_loss_kind kind;
	uint64_t seed;
	unsigned bad_syncs; /* one sync in so many fails; 0: none does. What it was to
			       bring to the disk never comes there, while everybody
			       reads it, as Linux has it (fsyncgate) */
};

/* Makes it SQLite's default, or no longer. Returns 0 or an SQLite error. */
int power_loss_install(void);
int power_loss_remove(void);

/* From now on; what is on disk is synced. No file is open. */
void power_loss_plan(const struct power_loss *loss);

/* Between two operations, whatever the plan. */
void power_loss_now(void);

bool power_loss_happened(void);

/* Operations that changed something since the plan. */
uint64_t power_loss_operations(void);

/* What the disk holds, once all connections are closed. Forgets everything: the files
 * may be opened again, by this or by another VFS. */
void power_loss_settle(void);

/* Of its random numbers; for tests that want some of their own from the same seed. */
uint64_t power_loss_random(uint64_t *state);

#endif
