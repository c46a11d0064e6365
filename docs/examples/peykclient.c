/* SPDX-License-Identifier: Apache-2.0 */
/* libpeykclient: who is asked, and what is handed on. The steps that comments name are
 * those of peyk-stream(7), JOINING; sockets and frames are in peykclient_wire.c. */
#include "peykclient_priv.h"

#define ANSWER_MS 10000 /* no answer for so long: ask again through another socket */
#define PAUSE_MS  500   /* before asking again where the daemon is busy */

/* Until the answer has come, what is live waits in its socket (step 2). */
void
peyk_ask(struct peyk_client *client)
{
	peyk_send_request(client);
	client->deadline_ms = peyk_now_ms() + ANSWER_MS;
	client->pausing = false;
}

static int
tell(struct peyk_message *message, enum peyk_kind kind, uint64_t first, uint64_t last)
{
	*message = (struct peyk_message){ .kind = kind, .first = first, .last = last };
	return 1;
}

static int
hand_on(struct peyk_client *client, uint64_t number, bool proved,
    struct peyk_message *message)
{
	if (number <= client->cursor || peyk_has_seen(client, number))
		return 0;
	*message = (struct peyk_message){ .kind = PEYK_MESSAGE,
		.epoch = client->epoch,
		.number = number,
		.topic = zmq_msg_data(&client->frames[TOPIC]),
		.topic_size = zmq_msg_size(&client->frames[TOPIC]),
		.body = zmq_msg_data(&client->frames[BODY]),
		.body_size = zmq_msg_size(&client->frames[BODY]) };
	if (!proved) /* step 5 */
		return peyk_note_seen(client, number) < 0 ? -1 : 1;
	client->cursor = number;
	return 1;
}

/* What came next is gone, or belongs to another journal (step 7). */
static int
go_on_behind(struct peyk_client *client, uint64_t epoch, uint64_t cursor,
    struct peyk_message *message)
{
	uint64_t first = client->cursor + 1;
	bool reset = epoch != client->epoch;

	client->n_seen = reset ? 0 : client->n_seen;
	client->epoch = epoch;
	client->cursor = cursor;
	return tell(message, reset ? PEYK_RESET : PEYK_LOST, reset ? 0 : first,
	    reset ? 0 : cursor);
}

static int
take_error(struct peyk_client *client, struct peyk_message *message)
{
	uint64_t epoch, head, oldest;

	if (!peyk_receive(client, client->replay, TOPIC) ||
	    !peyk_receive_number(client, &epoch) ||
	    !peyk_receive_number(client, &head) ||
	    !peyk_receive_number(client, &oldest) ||
	    !peyk_receive(client, client->replay, BODY))
		return 0;
	if (peyk_frame_is(client, TOPIC, "epoch") ||
	    peyk_frame_is(client, TOPIC, "expired")) {
		int r = go_on_behind(client, epoch, oldest - 1, message);
		peyk_ask(client);
		return r;
	}
	client->deadline_ms = peyk_now_ms() + PAUSE_MS;
	client->pausing = true;
	if (peyk_frame_is(client, TOPIC, "busy") ||
	    peyk_frame_is(client, TOPIC, "unavailable"))
		return 0;
	*message = (struct peyk_message){ .kind = PEYK_REFUSED,
		.body = zmq_msg_data(&client->frames[BODY]),
		.body_size = zmq_msg_size(&client->frames[BODY]) };
	return 1;
}

/* An answer is taken a message at a time, and ends with how far it goes. */
static int
take_end(struct peyk_client *client)
{
	uint64_t epoch, head, oldest, scanned;

	if (!peyk_receive_number(client, &epoch) ||
	    !peyk_receive_number(client, &head) ||
	    !peyk_receive_number(client, &oldest) ||
	    !peyk_receive_number(client, &scanned))
		return 0;
	bool was_known = client->known;
	client->known = true;
	client->epoch = epoch;
	client->cursor = scanned;
	client->deadline_ms = 0;
	peyk_forget_seen(client);
	if (!was_known || scanned < head)
		peyk_ask(client);
	return 0;
}

static int
take_answer(struct peyk_client *client, struct peyk_message *message)
{
	int r = 0;

	while (r == 0 && client->deadline_ms != 0 &&
	       peyk_receive(client, client->replay, TOPIC)) {
		if (peyk_frame_is(client, TOPIC, "END") ||
		    peyk_frame_is(client, TOPIC, "AT"))
			r = take_end(client);
		else if (peyk_frame_is(client, TOPIC, "ERR"))
			r = take_error(client, message);
		else if (peyk_receive(client, client->replay, HEADER) &&
			 peyk_receive(client, client->replay, BODY) &&
			 zmq_msg_size(&client->frames[HEADER]) == 24)
			r = hand_on(client,
			    peyk_number_at(
				(char *)zmq_msg_data(&client->frames[HEADER]) + 16),
			    true, message);
	}
	return r;
}

/* Something may have been missed: it is asked for, what is at hand will come with it.
 * Where nobody can be asked, it is lost (`at_hand` is dealt with next). */
static int
miss(struct peyk_client *client, uint64_t epoch, uint64_t number,
    struct peyk_message *message)
{
	client->at_hand = client->replay == NULL;
	if (client->replay != NULL)
		peyk_ask(client);
	return client->replay != NULL ? 0
				      : go_on_behind(client, epoch, number, message);
}

static int
take_live(struct peyk_client *client, struct peyk_message *message)
{
	bool all = client->options.n_prefixes == 0;
	int r = 0;

	while (r == 0 && client->deadline_ms == 0 &&
	       (client->at_hand || peyk_receive_live(client))) {
		const char *header = zmq_msg_data(&client->frames[HEADER]);
		uint64_t epoch = peyk_number_at(header + 8);
		uint64_t number = peyk_number_at(header + 16); /* 0 in a heartbeat */
		uint64_t before = number == 0 ? peyk_head_of(client) : number - 1;

		client->at_hand = false;
		if (!client->known) {
			client->known = true;
			client->epoch = epoch;
			client->cursor = before;
		}
		if (epoch != client->epoch ||
		    (before > client->cursor &&
			(all || (number == 0 && client->replay != NULL))))
			r = miss(client, epoch, before, message); /* steps 4, 5, 7 */
		else if (number != 0)
			r = hand_on(
			    client, number, all || client->replay == NULL, message);
	}
	return r;
}

/*
 * Asks again, through another socket. That is worth a word only where the daemon lives:
 * something came live meanwhile, which is dropped, since it is asked for.
 */
static int
ask_again(struct peyk_client *client, struct peyk_message *message)
{
	bool lives = false;

	for (int i = 0; i < PEYK_CLIENT_KEPT && peyk_receive_live(client); i++)
		lives = true;
	lives = lives && !client->pausing;
	if (peyk_connect_replay(client) < 0)
		return -1;
	peyk_ask(client);
	return lives ? tell(message, PEYK_UNANSWERED, 0, 0) : 0;
}

static bool
asks(const struct peyk_client *client)
{
	return client->replay != NULL && client->deadline_ms != 0;
}

void *
peyk_client_socket(const struct peyk_client *client)
{
	return asks(client) ? client->replay : client->events;
}

int
peyk_client_next(
    struct peyk_client *client, int timeout_ms, struct peyk_message *ret_message)
{
	int64_t end_ms = timeout_ms < 0 ? INT64_MAX : peyk_now_ms() + timeout_ms;

	for (;;) {
		bool asked = asks(client);
		int r = asked ? take_answer(client, ret_message)
			      : take_live(client, ret_message);
		if (r == 0 && client->strange && !client->told_strange) {
			client->told_strange = true;
			r = tell(ret_message, PEYK_STRANGE, 0, 0);
		}
		if (r != 0)
			return r;
		if (asked != asks(client))
			continue;
		int64_t now_ms = peyk_now_ms();
		if (asked && now_ms >= client->deadline_ms) {
			r = ask_again(client, ret_message);
			if (r != 0)
				return r;
		}
		if (now_ms >= end_ms)
			return 0;
		int64_t next_ms = asked && client->deadline_ms < end_ms
				      ? client->deadline_ms
				      : end_ms;
		zmq_pollitem_t item = { .socket = peyk_client_socket(client),
			.events = ZMQ_POLLIN };
		if (zmq_poll(&item, 1,
			next_ms == INT64_MAX ? -1 : (long)(next_ms - now_ms)) < 0)
			return -1;
	}
}

int64_t
peyk_client_heard_ms(const struct peyk_client *client)
{
	return client->heard_ms;
}

void
peyk_client_go_live(struct peyk_client *client)
{
	if (client->replay != NULL)
		zmq_close(client->replay);
	client->replay = NULL;
	client->deadline_ms = 0;
}

void
peyk_client_cursor(
    const struct peyk_client *client, uint64_t *ret_epoch, uint64_t *ret_number)
{
	*ret_epoch = client->epoch;
	*ret_number = client->cursor;
}
