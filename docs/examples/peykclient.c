/* SPDX-License-Identifier: Apache-2.0 */
/* libpeykclient: who is asked, and what is handed on. The steps that comments name are
 * those of peyk-stream(7), JOINING; sockets and frames are in peykclient_wire.c. */
#include "peykclient_priv.h"

#define ANSWER_MS    10000 /* no answer for so long: ask again through another socket */
#define PAUSE_MS     500   /* before asking again where that may soon help */
#define DOUBLED_MAX  4     /* so often that becomes twice as long, while it does not */
#define UNPROVED_MAX 10000 /* so many numbers above the cursor, and we ask */
#define REFUSED_MS   10000 /* where somebody has to do something first */

void
peyk_ask(struct peyk_client *client)
{
	peyk_send_request(client);
	client->asked = client->cursor;
	client->deadline_ms = peyk_now_ms() + ANSWER_MS;
	client->pausing = false;
}

/* Until then no answer is awaited, and what is still on its way is none. Returns 0 or
 * -1 with errno. */
static int
ask_later(struct peyk_client *client, int64_t pause_ms)
{
	client->deadline_ms = peyk_now_ms() + pause_ms;
	client->pausing = true;
	return peyk_connect_replay(client);
}

/* What has just been asked led nowhere, and may do so for a while. */
static int
back_off(struct peyk_client *client)
{
	unsigned doubled =
	    client->in_vain < DOUBLED_MAX ? client->in_vain++ : DOUBLED_MAX;

	return ask_later(client, peyk_about(client, (int64_t)PAUSE_MS << doubled));
}

/* That was no answer. */
static int
distrust(struct peyk_client *client)
{
	client->strange = true;
	return back_off(client);
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

/* What came next is gone: all up to the new cursor, or (step 7) the whole journal. */
static int
lose(struct peyk_client *client, uint64_t cursor, struct peyk_message *message)
{
	uint64_t first = client->cursor + 1;

	client->cursor = cursor;
	return tell(message, PEYK_LOST, first, cursor);
}

static int
reset(struct peyk_client *client, uint64_t epoch, uint64_t cursor,
    struct peyk_message *message)
{
	client->n_seen = 0;
	client->epoch = epoch;
	client->cursor = cursor;
	return tell(message, PEYK_RESET, 0, 0);
}

/* The numbers that each answer has. A journal may be empty, but it has an epoch. */
struct state {
	uint64_t epoch, head, oldest;
};

static bool
receive_state(struct peyk_client *client, struct state *state)
{
	return peyk_receive_number(client, &state->epoch) &&
	       peyk_receive_number(client, &state->head) &&
	       peyk_receive_number(client, &state->oldest);
}

static bool
is_of_journal(const struct state *state)
{
	return state->epoch != 0 && state->oldest != 0 &&
	       state->oldest - 1 <= state->head;
}

/* An error that says where to go on must lead there, else we would ask for ever. */
static int
go_on(struct peyk_client *client, bool expired, const struct state *state,
    struct peyk_message *message)
{
	bool same = state->epoch == client->epoch;
	uint64_t cursor = state->oldest - 1;

	if (!client->known || !is_of_journal(state) ||
	    (expired ? !same || cursor <= client->cursor
		     : same && client->cursor <= state->head))
		return distrust(client);
	int r = expired ? lose(client, cursor, message)
			: reset(client, state->epoch, cursor, message);
	peyk_ask(client);
	return r;
}

static int
take_error(struct peyk_client *client, struct peyk_message *message)
{
	struct state state;

	if (!peyk_receive_part(client, TOPIC) || !receive_state(client, &state) ||
	    !peyk_receive_part(client, BODY) || client->more)
		return distrust(client);
	bool expired = peyk_frame_is(client, TOPIC, "expired");
	if (expired || peyk_frame_is(client, TOPIC, "epoch"))
		return go_on(client, expired, &state, message);
	if (peyk_frame_is(client, TOPIC, "busy") ||
	    peyk_frame_is(client, TOPIC, "unavailable"))
		return back_off(client);
	if (ask_later(client, peyk_about(client, REFUSED_MS)) < 0)
		return -1;
	*message = (struct peyk_message){ .kind = PEYK_REFUSED,
		.body = zmq_msg_data(&client->frames[BODY]),
		.body_size = zmq_msg_size(&client->frames[BODY]) };
	return 1;
}

/* How far an answer goes; who asked where to begin asks for what is there next. */
static int
take_end(struct peyk_client *client)
{
	bool was_known = client->known;
	struct state state;
	uint64_t cursor;

	if (!receive_state(client, &state) || !peyk_receive_number(client, &cursor) ||
	    client->more || !is_of_journal(&state) || cursor > state.head ||
	    cursor < client->cursor ||
	    (client->epoch != 0 && state.epoch != client->epoch))
		return distrust(client);
	client->known = true;
	client->epoch = state.epoch;
	client->cursor = cursor;
	client->deadline_ms = 0;
	peyk_forget_seen(client);
	if (was_known && cursor < state.head && cursor == client->asked)
		return back_off(client);
	client->in_vain = 0;
	if (!was_known || cursor < state.head)
		peyk_ask(client);
	return 0;
}

/* Its first frame has come, and another must follow: the end. */
static int
take_replayed(struct peyk_client *client, struct peyk_message *message)
{
	if (!client->known || !peyk_receive_part(client, HEADER) ||
	    !peyk_is_header(client) || !peyk_receive_part(client, BODY) ||
	    !client->more)
		return distrust(client);
	uint64_t epoch = peyk_header_epoch(client);
	if (client->epoch != 0 && epoch != client->epoch)
		return distrust(client);
	client->epoch = epoch;
	return hand_on(client, peyk_header_number(client), true, message);
}

/* An answer is taken a message at a time, and ends with how far it goes. */
static int
take_answer(struct peyk_client *client, struct peyk_message *message)
{
	const char *end = client->known ? "END" : "AT";
	int r = 0;

	while (
	    r == 0 && client->deadline_ms != 0 && peyk_receive_answer(client, TOPIC)) {
		if (peyk_frame_is(client, TOPIC, end))
			r = take_end(client);
		else if (peyk_frame_is(client, TOPIC, "ERR"))
			r = take_error(client, message);
		else
			r = take_replayed(client, message);
	}
	return r;
}

/* Something may have been missed: it is asked for, what is at hand will come with it.
 * Where nobody can be asked, it is lost (`at_hand` is dealt with next). */
static int
miss(struct peyk_client *client, uint64_t epoch, uint64_t cursor,
    struct peyk_message *message)
{
	if (client->replay != NULL) {
		peyk_ask(client);
		return 0;
	}
	client->at_hand = true;
	return epoch != client->epoch || cursor < client->cursor
		   ? reset(client, epoch, cursor, message)
		   : lose(client, cursor, message);
}

/* Whether `before`, the number before a live message or the head of a heartbeat (step
 * 5), tells that something did not come, or that much has to be proved. A head below
 * the cursor is an old one, or the journal was taken back to what it was: replay knows.
 */
static bool
has_hole(const struct peyk_client *client, uint64_t before, bool is_heartbeat)
{
	if (before <= client->cursor)
		return is_heartbeat && before < client->cursor;
	if (client->options.n_prefixes == 0)
		return true;
	return client->replay != NULL &&
	       (is_heartbeat || client->n_seen >= UNPROVED_MAX);
}

static int
take_live(struct peyk_client *client, struct peyk_message *message)
{
	bool proved = client->options.n_prefixes == 0 || client->replay == NULL;
	int r = 0;

	while (r == 0 && client->deadline_ms == 0 &&
	       (client->at_hand || peyk_receive_live(client))) {
		uint64_t epoch = peyk_header_epoch(client);
		uint64_t number = peyk_header_number(client); /* 0 in a heartbeat */
		uint64_t before = number == 0 ? peyk_head_of(client) : number - 1;

		client->at_hand = false;
		if (!client->known) {
			client->known = true;
			client->epoch = epoch;
			client->cursor = before;
		}
		if (epoch != client->epoch || has_hole(client, before, number == 0))
			r = miss(client, epoch, before, message); /* steps 4, 5, 7 */
		else if (number != 0)
			r = hand_on(client, number, proved, message);
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
	int events = 0;
	size_t size = sizeof(events);

	if (asks(client)) /* what came meanwhile was not taken yet */
		zmq_getsockopt(client->events, ZMQ_EVENTS, &events, &size);
	return (events & ZMQ_POLLIN) != 0 ? peyk_now_ms() : client->heard_ms;
}

void
peyk_client_go_live(struct peyk_client *client)
{
	if (client->replay != NULL)
		zmq_close(client->replay);
	client->replay = NULL;
	client->deadline_ms = 0;
	client->known = client->epoch != 0; /* else it begins with what comes */
}

void
peyk_client_cursor(
    const struct peyk_client *client, uint64_t *ret_epoch, uint64_t *ret_number)
{
	*ret_epoch = client->epoch;
	*ret_number = client->cursor;
}
