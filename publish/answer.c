/* SPDX-License-Identifier: Apache-2.0 */
#include "base/failpoint.h"
#include "publish/answer_priv.h"
#include "publish/bytes_priv.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#define ROOM_FIRST 64

/* A shorter frame is not worth a piece of memory of its own: zmq_msg_t has room for it.
 */
#define COUNTED_MIN 34

/* Bytes of frames that have not left for their peers, in the whole program: those of a
 * socket may outlive it. */
static _Atomic size_t unread;

size_t
pk_answer_unread(void)
{
	return atomic_load(&unread);
}

/* ZeroMQ's thread: the peer has it, or is gone. */
static void
let_go(void *bytes, void *hint)
{
	atomic_fetch_sub(&unread, (size_t)(uintptr_t)hint);
	free(bytes);
}

/* A frame of a copy of the bytes, counted until it has left. Returns 0 or -ENOMEM. */
static int
make_frame(zmq_msg_t *frame, const void *bytes, size_t len)
{
	if (len < COUNTED_MIN) {
		if (zmq_msg_init_size(frame, len) != 0)
			return -ENOMEM;
		if (len > 0)
			memcpy(zmq_msg_data(frame), bytes, len);
		return 0;
	}
	void *copy = malloc(len);
	if (copy == NULL)
		return -ENOMEM;
	memcpy(copy, bytes, len);
	atomic_fetch_add(&unread, len);
	/* on failure nothing was taken */
	if (zmq_msg_init_data(frame, copy, len, let_go, (void *)(uintptr_t)len) == 0)
		return 0;
	let_go(copy, (void *)(uintptr_t)len);
	return -ENOMEM;
}

int
pk_answer_add(struct pk_answer *answer, const void *bytes, size_t len)
{
	if (answer->n == answer->room) {
		size_t room = answer->room == 0 ? ROOM_FIRST : answer->room * 2;
		zmq_msg_t *frames = reallocarray(answer->frames, room, sizeof(*frames));
		if (frames == NULL)
			return -ENOMEM;
		answer->frames = frames;
		answer->room = room;
	}
	int r = make_frame(&answer->frames[answer->n], bytes, len);
	if (r == 0)
		answer->n++;
	return r;
}

int
pk_answer_add_text(struct pk_answer *answer, const char *text)
{
	return pk_answer_add(answer, text, strlen(text));
}

int
pk_answer_add_number(struct pk_answer *answer, uint64_t number)
{
	unsigned char bytes[8];

	pk_write_u64(bytes, number);
	return pk_answer_add(answer, bytes, sizeof(bytes));
}

/*
 * Whether the peer takes an answer. That it has read the ones before is news that
 * libzmq may not have looked at yet, and does not when it must not wait: then a client
 * that asks quickly would seem not to read. Asking for ZMQ_EVENTS makes it look.
 */
static bool
begin(void *router, struct pk_span peer)
{
	const int flags = ZMQ_SNDMORE | ZMQ_DONTWAIT;
	int events;
	size_t size = sizeof(events);

	if (zmq_send(router, peer.ptr, peer.len, flags) >= 0)
		return true;
	return zmq_errno() == EAGAIN &&
	       zmq_getsockopt(router, ZMQ_EVENTS, &events, &size) == 0 &&
	       zmq_send(router, peer.ptr, peer.len, flags) >= 0;
}

/* Only the first frame can be refused. */
int
pk_answer_send(struct pk_answer *answer, void *router, struct pk_span peer)
{
	int r = begin(router, peer) ? 0 : -zmq_errno();

	for (size_t i = 0; i < answer->n && r == 0; i++) {
		if (i == 1)
			PK_FAILPOINT(mid_answer);
		zmq_msg_send(&answer->frames[i], router,
		    (i + 1 < answer->n ? ZMQ_SNDMORE : 0) | ZMQ_DONTWAIT);
	}
	pk_answer_clear(answer);
	return r;
}

void
pk_answer_clear(struct pk_answer *answer)
{
	for (size_t i = 0; i < answer->n; i++)
		zmq_msg_close(&answer->frames[i]);
	answer->n = 0;
}

void
pk_answer_done(struct pk_answer *answer)
{
	pk_answer_clear(answer);
	free(answer->frames);
	*answer = (struct pk_answer){ 0 };
}
