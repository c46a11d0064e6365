/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/replay.h - the ROUTER socket at which clients ask for what they have missed.
 *
 * Pull: a request brings one answer, of bounded size, read from the journal in one
 * transaction and sent as one message, whole or not at all. A client that does not read
 * its answers so costs a handful of them, and no client holds the journal's WAL.
 * peyk-stream(7), REPLAY, describes the frames. Each client waits for one answer at a
 * time; those that wait are served in turns.
 *
 * One thread owns it, and the reading connection that it is given.
 */
#ifndef PEYK_PUBLISH_REPLAY_H
#define PEYK_PUBLISH_REPLAY_H

#include "base/db.h"
#include "publish/cursor.h"
#include "publish/request.h"
#include "publish/wire.h"

struct pk_replay;

struct pk_replay_options {
	const char *const *binds; /* ZeroMQ endpoints; none: nobody can ask */
	size_t n_binds;
	size_t batch;       /* most messages in an answer */
	size_t batch_bytes; /* about so many bytes; one message always comes */
	size_t waiting;     /* clients that may wait at once */
	size_t unread;      /* bytes of answers that clients may not have read yet */
};

/* A named cursor that is to be set or removed: reading connections cannot. */
struct pk_cursor_change {
	bool forget;
	uint64_t epoch;
	uint64_t sequence;
	char owner[PK_CURSOR_OWNER_MAX + 1];
	char name[PK_CURSOR_NAME_MAX + 1];
};

/*
 * Has a change written. pk_replay_written() is told of its end by the same `ticket`.
 * Returns 0, or -EAGAIN: not now.
 */
typedef int pk_replay_change(
    void *context, uint64_t ticket, const struct pk_cursor_change *change);

/*
 * Opens and binds; the wire must outlive it. Returns 0, -ENOMEM or an error of
 * pk_endpoints_bind().
 */
int pk_replay_open(struct pk_wire *wire, const struct pk_replay_options *options,
    pk_replay_change *change, void *context, struct pk_replay **ret_replay);
struct pk_replay *pk_replay_close(struct pk_replay *replay);
PK_DEFINE_CLEANUP(struct pk_replay *, pk_replay_close);

/* Other bounds and endpoints (`waiting` stays what it was); where a key was taken away
 * or may read less, all connections end. Errors of pk_endpoints_bind(). */
int pk_replay_configure(
    struct pk_replay *replay, const struct pk_replay_options *options);

/* The i-th endpoint as bound, with its real port; NULL behind the last. */
const char *pk_replay_endpoint(const struct pk_replay *replay, size_t i);

/* Waits until a client asks, `wake_fd` can be read, or `timeout_ms` are over; not at
 * all while somebody waits for an answer. */
void pk_replay_wait(struct pk_replay *replay, int wake_fd, int timeout_ms);

/*
 * Takes up what clients have asked, and answers those that waited when it began, each
 * once. `db` NULL stands for a journal that cannot be read: everybody is told.
 */
void pk_replay_serve(struct pk_replay *replay, struct pk_db *db);

/*
 * A change has been written (r is 0, and `sequence` what holds), or could not be: r is
 * -EDQUOT (too many cursors), -ENOENT, or anything else for "not now".
 */
void pk_replay_written(struct pk_replay *replay, struct pk_db *db, uint64_t ticket,
    int r, uint64_t sequence);

#endif
