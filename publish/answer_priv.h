/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/answer_priv.h - an answer of replay: many frames, one message.
 *
 * It is put together before any of it is sent, for half of one cannot be taken back. To
 * be used again and again; one thread.
 */
#ifndef PEYK_PUBLISH_ANSWER_PRIV_H
#define PEYK_PUBLISH_ANSWER_PRIV_H

#include "base/span.h"

#include <zmq.h>

/* All 0 to begin with. */
struct pk_answer {
	zmq_msg_t *frames;
	size_t n;
	size_t room;
};

/* Append a frame, copied. Return 0 or -ENOMEM. */
int pk_answer_add(struct pk_answer *answer, const void *bytes, size_t len);
int pk_answer_add_text(struct pk_answer *answer, const char *text);
int pk_answer_add_number(struct pk_answer *answer, uint64_t number);

/*
 * Sends it to the peer of a ROUTER socket with ZMQ_ROUTER_MANDATORY, and empties it.
 * Never waits. Returns 0, -EAGAIN (the peer does not read its answers) or another
 * -errno of zmq_send(3): then nothing was sent.
 */
int pk_answer_send(struct pk_answer *answer, void *router, struct pk_span peer);

/*
 * How many bytes of answers wait for peers to read them, in the whole program; frames
 * that are short do not count. What bounds one peer bounds not all of them. Any thread.
 */
size_t pk_answer_unread(void);

/* Lets go of the frames. */
void pk_answer_clear(struct pk_answer *answer);

/* And of the room for them. */
void pk_answer_done(struct pk_answer *answer);

#endif
