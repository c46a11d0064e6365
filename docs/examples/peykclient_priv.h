/* SPDX-License-Identifier: Apache-2.0 */
/* peykclient_priv.h - what the files of libpeykclient share; not installed. */
#ifndef PEYKCLIENT_PRIV_H
#define PEYKCLIENT_PRIV_H

#include "peykclient.h"

#include <stdbool.h>
#include <zmq.h>

enum { TOPIC, HEADER, BODY, FRAMES };

struct peyk_client {
	struct peyk_client_options options;
	void *context;
	void *events;
	void *replay;        /* NULL: not asked any more */
	bool known;          /* where to go on */
	bool at_hand;        /* the frames hold a live message to be dealt with */
	bool more;           /* the answer that is taken has more frames */
	bool pausing;        /* no answer is awaited until the deadline */
	int64_t deadline_ms; /* while we ask: when to ask again; 0: it is live */
	bool strange, told_strange;
	int64_t heard_ms;
	uint64_t epoch, cursor;
	uint64_t asked;   /* the cursor, when replay was asked last */
	unsigned in_vain; /* so often in a row that led nowhere */
	uint64_t chance;
	uint64_t *seen; /* with prefixes: numbers above it that were handed on */
	size_t n_seen, seen_room;
	zmq_msg_t frames[FRAMES];
};

int64_t peyk_now_ms(void);

/* Somewhere from a half of it to all of it. */
int64_t peyk_about(struct peyk_client *client, int64_t duration_ms);

/* A socket of this type, connected. NULL with errno. */
void *peyk_connect(struct peyk_client *client, int type, const char *endpoint);

/* Connects to replay anew: nothing that was on its way comes any more. Returns 0, or -1
 * with errno and the old socket. */
int peyk_connect_replay(struct peyk_client *client);

/* Asks TIME where the start is a moment and not known yet, else SINCE. */
void peyk_send_request(struct peyk_client *client);

/* Takes the next frame of an answer; it has come whole or not at all. False: there is
 * no answer. */
bool peyk_receive_answer(struct peyk_client *client, int frame);

/* The next frame of the answer that is taken, which must have one; and a number. */
bool peyk_receive_part(struct peyk_client *client, int frame);
bool peyk_receive_number(struct peyk_client *client, uint64_t *ret_number);

/* Takes the next live message, if there is one. */
bool peyk_receive_live(struct peyk_client *client);

/* Whether the header is one of this version; then what stands in it. */
bool peyk_is_header(struct peyk_client *client);
uint64_t peyk_header_epoch(struct peyk_client *client);
uint64_t peyk_header_number(struct peyk_client *client);

bool peyk_frame_is(struct peyk_client *client, int frame, const char *text);

/* The newest number, as a heartbeat tells it. */
uint64_t peyk_head_of(struct peyk_client *client);

/* Numbers that were handed on above the cursor. peyk_note_seen() returns 0, or -1 on no
 * memory. */
bool peyk_has_seen(const struct peyk_client *client, uint64_t number);
int peyk_note_seen(struct peyk_client *client, uint64_t number);
void peyk_forget_seen(struct peyk_client *client); /* up to the cursor */

/* Asks for what comes behind the cursor, or where the moment to begin at stands. Until
 * the answer has come, what is live waits in its socket (step 2). */
void peyk_ask(struct peyk_client *client);

#endif
