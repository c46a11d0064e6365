/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/cursor_mail.h - named cursors on their way to the table, and word of it back.
 *
 * Replay hears what clients acknowledge, but the store alone writes. Changes wait here,
 * bounded and in order, until the store has committed them; then their ends wait until
 * replay has told the clients. One thread puts and collects, another writes.
 */
#ifndef PEYK_DAEMON_CURSOR_MAIL_H
#define PEYK_DAEMON_CURSOR_MAIL_H

#include "publish/replay.h"

#define PK_CURSOR_MAIL_MAX 256

/* A change that is under way. */
struct pk_cursor_letter {
	uint64_t ticket;
	struct pk_cursor_change change;
	int r; /* how it ended, as pk_replay_written() takes it */
	uint64_t sequence;
};

struct pk_cursor_mail;

/* NULL on no memory, or without a descriptor. */
struct pk_cursor_mail *pk_cursor_mail_new(void);
struct pk_cursor_mail *pk_cursor_mail_free(struct pk_cursor_mail *mail);
PK_DEFINE_CLEANUP(struct pk_cursor_mail *, pk_cursor_mail_free);

/* ---- replay ---- */

/* Copies the change. Returns 0, or -EAGAIN: there are too many. */
int pk_cursor_mail_put(struct pk_cursor_mail *mail, uint64_t ticket,
    const struct pk_cursor_change *change);

/* Takes out the oldest one that has ended. Returns false when there is none. */
bool pk_cursor_mail_collect(
    struct pk_cursor_mail *mail, struct pk_cursor_letter *ret_letter);

/* Can be read when some have ended, or after pk_cursor_mail_wake(). Collecting until
 * there is none clears it. */
int pk_cursor_mail_fd(const struct pk_cursor_mail *mail);

/* Wakes up replay for another reason. Any thread. */
void pk_cursor_mail_wake(struct pk_cursor_mail *mail);

/* ---- the store ---- */

/*
 * Writes what waits, a bounded number of changes in each transaction, and tells replay
 * how each has ended. When the disk does not take it they end all the same (-EAGAIN),
 * for clients wait, and ask again; so they do with `db` NULL, without a try.
 */
void pk_cursor_mail_write(
    struct pk_cursor_mail *mail, struct pk_db *db, int64_t now_ms);

#endif
