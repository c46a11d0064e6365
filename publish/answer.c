/* SPDX-License-Identifier: Apache-2.0 */
#include "base/failpoint.h"
#include "publish/answer_priv.h"
#include "publish/bytes_priv.h"

#include <errno.h>
#include <stdlib.h>

#define ROOM_FIRST 64

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
	zmq_msg_t *frame = &answer->frames[answer->n];
	if (zmq_msg_init_size(frame, len) != 0)
		return -ENOMEM;
	if (len > 0)
		memcpy(zmq_msg_data(frame), bytes, len);
	answer->n++;
	return 0;
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
