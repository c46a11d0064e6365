/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/keeper.h - the thread that looks after the database while the store writes.
 *
 * What takes long and is not a commit is done here, on a connection of its own:
 * moving pages from the WAL into the file, looking whether a file that was not closed
 * is whole, copying it. No commit waits for any of it.
 */
#ifndef PEYK_DAEMON_KEEPER_H
#define PEYK_DAEMON_KEEPER_H

#include "base/cleanup.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct pk_keeper;

/*
 * Starts the thread. With `check` it looks through the whole file first. `db_path` must
 * outlive it. Returns 0, an error of pk_db_open() or -errno.
 */
int pk_keeper_start(const char *db_path, bool check, struct pk_keeper **ret_keeper);

/* Ends what is under way; half a backup is removed. Joins. NULL is fine. */
struct pk_keeper *pk_keeper_stop(struct pk_keeper *keeper);

/* Begins a backup to a file that is not there yet. Returns 0, -EBUSY (one is under
 * way) or -ENAMETOOLONG; pk_keeper_view() tells how it goes. Any thread. */
int pk_keeper_backup(struct pk_keeper *keeper, const char *path);

enum pk_keeper_state {
	PK_KEEPER_IDLE, /* never asked for */
	PK_KEEPER_BUSY,
	PK_KEEPER_DONE,
	PK_KEEPER_FAILED,
};

struct pk_keeper_view {
	enum pk_keeper_state check;
	enum pk_keeper_state backup;
	char backup_path[PATH_MAX];
	char damage[256]; /* what the check has found; "": it could not be made */
	char error[256];  /* why the backup failed */
	int64_t wal_bytes;
	int64_t checkpoint_ms; /* when all of the WAL was moved last; 0: not yet */
};

/* Any thread. */
void pk_keeper_view(struct pk_keeper *keeper, struct pk_keeper_view *ret_view);

#endif
