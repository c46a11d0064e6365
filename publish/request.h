/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/request.h - what a client may ask of replay: from frames to a struct.
 *
 * The frames come from strangers. peyk-stream(7), REPLAY, describes them.
 */
#ifndef PEYK_PUBLISH_REQUEST_H
#define PEYK_PUBLISH_REQUEST_H

#include "base/span.h"

#define PK_REQUEST_PREFIXES_MAX 64
#define PK_REQUEST_FRAME_MAX    1024 /* bytes */
#define PK_REQUEST_FRAMES_MAX   (6 + PK_REQUEST_PREFIXES_MAX)

enum pk_request_kind {
	PK_REQUEST_SINCE,
	PK_REQUEST_TIME,
	PK_REQUEST_ACK,
	PK_REQUEST_CURSOR,
	PK_REQUEST_FORGET,
};

struct pk_request {
	enum pk_request_kind kind;
	uint64_t epoch;    /* SINCE, ACK; 0: none is known */
	uint64_t sequence; /* SINCE: the cursor; ACK: what it is to be */
	uint64_t limit;    /* SINCE: messages and bytes; 0: as the server likes */
	uint64_t bytes;
	uint64_t time_ms;                                 /* TIME: since 1970 */
	struct pk_span name;                              /* ACK, CURSOR, FORGET */
	struct pk_span prefixes[PK_REQUEST_PREFIXES_MAX]; /* SINCE */
	size_t n_prefixes;                                /* 0: everything */
};

/*
 * Reads a request; its spans borrow from the frames. Returns NULL, or a clause for
 * people that says what is wrong with it.
 */
const char *pk_request_read(
    const struct pk_span *frames, size_t n_frames, struct pk_request *ret_request);

#endif
