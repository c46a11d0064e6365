/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/cursor.h - named cursors: where clients without a disk of their own have got
 * to.
 *
 * They stand beside the journal that they point into, so a transaction decides about
 * both (P2), and retention can ask them (pk_journal_prune). Each belongs to an owner: a
 * client's key, or "" where there are no keys. One that was made in another epoch is
 * unknown. Writers belong to the thread that owns the connection; the reading ones work
 * on a reader's connection too.
 */
#ifndef PEYK_PUBLISH_CURSOR_H
#define PEYK_PUBLISH_CURSOR_H

#include "base/db.h"

#define PK_CURSORS_MAX      1000
#define PK_CURSOR_NAME_MAX  64
#define PK_CURSOR_OWNER_MAX 64

struct pk_cursor {
	struct pk_span owner;
	struct pk_span name;
	uint64_t seq;    /* dealt with up to and with this one */
	int64_t seen_ms; /* when it was acknowledged last */
};

/* Whether it is 1 to 64 of the characters a to z, A to Z, 0 to 9, ., _ and -. */
bool pk_cursor_name_is_fine(struct pk_span name);

/*
 * Sets it to `seq`, if that is more than it was; *ret_seq is what holds now. The caller
 * has seen to it that the epoch is the journal's and `seq` not beyond its head. Returns
 * 0, -EINVAL (the name), -EDQUOT (there are PK_CURSORS_MAX) or a database error.
 */
int pk_cursor_ack(struct pk_db *db, struct pk_span owner, struct pk_span name,
    uint64_t epoch, uint64_t seq, int64_t now_ms, uint64_t *ret_seq);

/* Where it stands. Returns 0, -EINVAL, -ENOENT or a database error. */
int pk_cursor_get(struct pk_db *db, struct pk_span owner, struct pk_span name,
    uint64_t epoch, uint64_t *ret_seq);

/* Removes it; *ret_seq is where it stood. Returns as pk_cursor_get(). */
int pk_cursor_forget(struct pk_db *db, struct pk_span owner, struct pk_span name,
    uint64_t epoch, uint64_t *ret_seq);

/* Calls `each` for each cursor of the epoch, by owner and name; spans are borrowed
 * until it returns. Non-0 from it ends the tour and is returned. */
int pk_cursor_each(struct pk_db *db, uint64_t epoch,
    int (*each)(void *context, const struct pk_cursor *cursor), void *context);

#endif
