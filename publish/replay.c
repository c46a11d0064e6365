/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/replay.h"

#include "base/counter.h"
#include "base/failpoint.h"
#include "publish/access.h"
#include "publish/answer_priv.h"
#include "publish/bytes_priv.h"
#include "publish/endpoints.h"
#include "publish/journal.h"
#include "publish/socket.h"

#include <errno.h>
#include <zmq.h>

/* So many answers are kept for a client that does not read them; then it gets none. */
#define ANSWERS_KEPT 4

/* Requests that a client may send ahead of ours, and how many are taken up at once:
 * who asks without end must not keep us from answering. */
#define REQUESTS_KEPT    4
#define REQUESTS_AT_ONCE 256

/* How long to wait for libzmq to let go of the endpoints of a closed socket. */
#define TAKE_OVER_MS 2000

/* For a prefix that nothing matches, so many messages are looked at for one answer. */
#define SCAN_MAX 50000

/* Where the journal stood when it was looked at last. */
struct state {
	uint64_t epoch;
	uint64_t oldest;
	uint64_t head;
};

/* A client that waits for an answer, with what it asked. */
struct client {
	struct client *next;
	uint64_t ticket; /* of a change that is being written; 0: it waits its turn */
	zmq_msg_t id;
	zmq_msg_t frames[PK_REQUEST_FRAMES_MAX];
	size_t n_frames;
	char owner[PK_CURSOR_OWNER_MAX + 1];
	struct pk_request request; /* borrows from the frames */
};

struct pk_replay {
	void *router;
	struct pk_wire *wire;
	struct pk_endpoints endpoints;
	uint64_t revocations;            /* of pk_access, when `router` was made */
	bool is_incomplete;              /* not all endpoints could be taken over yet */
	struct pk_replay_options bounds; /* its binds are not used */
	pk_replay_change *change;
	void *context;
	struct client *first; /* who waits, in turns */
	size_t n_clients;
	uint64_t last_ticket;
	struct pk_answer answer;
	size_t n_messages; /* in it */
	struct state state;
};

/* ---- who waits ---- */

static struct client *
free_client(struct client *client)
{
	if (client == NULL)
		return NULL;
	for (size_t i = 0; i < client->n_frames; i++)
		zmq_msg_close(&client->frames[i]);
	zmq_msg_close(&client->id);
	free(client);
	return NULL;
}

PK_DEFINE_CLEANUP(struct client *, free_client);

static struct client **
find(struct pk_replay *replay, bool (*fits)(const struct client *, const void *),
    const void *what)
{
	struct client **place = &replay->first;

	while (*place != NULL && !fits(*place, what))
		place = &(*place)->next;
	return place;
}

static struct client *
take_out(struct pk_replay *replay, struct client **place)
{
	struct client *client = *place;

	if (client != NULL) {
		*place = client->next;
		client->next = NULL;
		replay->n_clients--;
	}
	return client;
}

static struct pk_span
bytes_of(const zmq_msg_t *frame)
{
	zmq_msg_t *unconst = (zmq_msg_t *)(uintptr_t)frame;

	return (struct pk_span){ zmq_msg_data(unconst), zmq_msg_size(frame) };
}

static bool
has_id(const struct client *client, const void *id)
{
	return pk_span_eq(bytes_of(&client->id), bytes_of(id));
}

static bool
waits(const struct client *client, const void *unused)
{
	(void)unused;
	return client->ticket == 0;
}

static bool
has_ticket(const struct client *client, const void *ticket)
{
	return client->ticket == *(const uint64_t *)ticket;
}

static bool
is_last(const struct client *client, const void *unused)
{
	(void)client;
	(void)unused;
	return false;
}

static void
append(struct pk_replay *replay, struct client *client)
{
	*find(replay, is_last, NULL) = client;
	replay->n_clients++;
}

/* ---- answers ---- */

static int
add_state(struct pk_answer *answer, const struct state *state)
{
	int r = pk_answer_add_number(answer, state->epoch);

	if (r == 0)
		r = pk_answer_add_number(answer, state->head);
	return r == 0 ? pk_answer_add_number(answer, state->oldest) : r;
}

static void
send_to(struct pk_replay *replay, const struct client *client)
{
	size_t messages = replay->n_messages;

	PK_FAILPOINT(answer_ready);
	if (pk_answer_send(&replay->answer, replay->router, bytes_of(&client->id)) < 0)
		pk_count(PK_COUNT_REPLAY_DROPPED);
	else
		pk_count_add(PK_COUNT_REPLAY_MESSAGES, messages);
	replay->n_messages = 0;
}

/* Why a request is not answered: the word on the wire, and what it is counted as. */
struct refusal {
	const char *word;
	enum pk_counter counter;
};

static const struct refusal badreq = { "badreq", PK_COUNT_REPLAY_BADREQ };
static const struct refusal wrong_epoch = { "epoch", PK_COUNT_REPLAY_EPOCH };
static const struct refusal expired = { "expired", PK_COUNT_REPLAY_EXPIRED };
static const struct refusal busy = { "busy", PK_COUNT_REPLAY_BUSY };
static const struct refusal denied = { "denied", PK_COUNT_REPLAY_DENIED };
static const struct refusal unknown = { "unknown", PK_COUNT_REPLAY_UNKNOWN };
static const struct refusal full = { "full", PK_COUNT_REPLAY_FULL };
static const struct refusal unavailable = { "unavailable",
	PK_COUNT_REPLAY_UNAVAILABLE };

static void
refuse(struct pk_replay *replay, const struct client *client,
    const struct refusal *refusal, const char *text)
{
	struct pk_answer *answer = &replay->answer;

	pk_answer_clear(answer); /* of what had begun */
	replay->n_messages = 0;
	pk_count(refusal->counter);
	int r = pk_answer_add_text(answer, "ERR");
	if (r == 0)
		r = pk_answer_add_text(answer, refusal->word);
	if (r == 0)
		r = add_state(answer, &replay->state);
	if (r == 0)
		r = pk_answer_add_text(answer, text);
	if (r == 0)
		send_to(replay, client);
	pk_answer_clear(answer);
}

/* `word`, the state and a number: all answers but that of SINCE. */
static void
tell(struct pk_replay *replay, const struct client *client, const char *word,
    uint64_t number)
{
	struct pk_answer *answer = &replay->answer;
	int r = pk_answer_add_text(answer, word);

	if (r == 0)
		r = add_state(answer, &replay->state);
	if (r == 0)
		r = pk_answer_add_number(answer, number);
	if (r == 0)
		send_to(replay, client);
	pk_answer_clear(answer);
}

static void
tell_unavailable(struct pk_replay *replay, const struct client *client)
{
	refuse(replay, client, &unavailable,
	    "the journal cannot be read, or written, now");
}

/* ---- requests ---- */

/* In the caller's read transaction, or for what nobody compares with it. */
static int
look(struct pk_replay *replay, struct pk_db *db)
{
	struct state state = { 0 };
	int r = db == NULL ? -EIO : pk_journal_epoch(db, &state.epoch);

	if (r == 0)
		r = pk_journal_range(db, &state.oldest, &state.head);
	if (r == 0)
		replay->state = state;
	return r;
}

static int
add_message(void *context, const struct pk_message *message)
{
	struct pk_replay *replay = context;
	struct pk_answer *answer = &replay->answer;
	unsigned char header[PK_HEADER_SIZE];

	pk_header_write(header, replay->state.epoch, message->seq);
	int r = pk_answer_add(answer, message->topic.ptr, message->topic.len);
	if (r == 0)
		r = pk_answer_add(answer, header, sizeof(header));
	if (r == 0)
		r = pk_answer_add(answer, message->body.ptr, message->body.len);
	replay->n_messages++;
	return r;
}

static size_t
at_most(uint64_t asked, size_t most)
{
	return asked == 0 || asked > most ? most : (size_t)asked;
}

/* The messages, and the end that says how far they go. */
static int
read_batch(struct pk_replay *replay, struct pk_db *db, const struct client *client)
{
	const struct pk_request *request = &client->request;
	const struct state *state = &replay->state;
	struct pk_journal_query query = {
		.after = request->sequence < state->oldest ? state->oldest - 1
							   : request->sequence,
		.limit = at_most(request->limit, replay->bounds.batch),
		.bytes = at_most(request->bytes, replay->bounds.batch_bytes),
		.scan = SCAN_MAX,
		.prefixes = request->prefixes,
		.n_prefixes = request->n_prefixes,
	};
	uint64_t scanned;
	int r = pk_journal_read(db, &query, add_message, replay, &scanned);

	if (r == 0)
		r = pk_answer_add_text(&replay->answer, "END");
	if (r == 0)
		r = add_state(&replay->answer, state);
	return r == 0 ? pk_answer_add_number(&replay->answer, scanned) : r;
}

/* Is the number one of this journal, and is what comes behind it still there? */
static bool
stands(struct pk_replay *replay, const struct client *client)
{
	const struct pk_request *request = &client->request;
	const struct state *state = &replay->state;

	if (request->epoch != 0 && request->epoch != state->epoch)
		refuse(replay, client, &wrong_epoch, "the journal has another epoch");
	else if (request->sequence > state->head)
		refuse(replay, client, &wrong_epoch,
		    "the number is beyond the head of the journal");
	else if (request->kind == PK_REQUEST_SINCE && request->epoch != 0 &&
		 request->sequence + 1 < state->oldest)
		refuse(replay, client, &expired,
		    "what comes behind this number is not kept any more");
	else
		return true;
	return false;
}

/* What a key asks for must be within what it may read; without prefixes it asks for all
 * of that. The prefixes may borrow from the list then. */
static bool
is_allowed(const struct pk_allow_list *list, struct client *client)
{
	struct pk_request *request = &client->request;
	const struct pk_client *known =
	    pk_allow_list_of_name(list, pk_span_of(client->owner));

	for (size_t i = 0; i < request->n_prefixes && known != NULL; i++) {
		if (!pk_client_may_read(known, request->prefixes[i]))
			return false;
	}
	if (known == NULL || request->n_prefixes > 0)
		return known != NULL;
	for (size_t i = 0; i < known->n_topics; i++)
		request->prefixes[request->n_prefixes++] = known->topics[i];
	return true;
}

static void
answer_since(struct pk_replay *replay, struct pk_db *db, struct client *client)
{
	struct pk_access *access = pk_wire_access(replay->wire);
	pk_cleanup(pk_allow_list_unrefp) struct pk_allow_list *list =
	    access == NULL ? NULL : pk_access_list(access);

	if (!stands(replay, client))
		return;
	if (access != NULL && !is_allowed(list, client))
		refuse(replay, client, &denied, "this key may not read all of that");
	else if (pk_answer_unread() > replay->bounds.unread)
		refuse(replay, client, &busy,
		    "clients have not read what they asked for before");
	else if (read_batch(replay, db, client) < 0)
		tell_unavailable(replay, client);
	else
		send_to(replay, client);
}

static void
answer_time(struct pk_replay *replay, struct pk_db *db, const struct client *client)
{
	uint64_t time_ms = client->request.time_ms, cursor;

	if (pk_journal_find_time(
		db, time_ms > INT64_MAX ? INT64_MAX : (int64_t)time_ms, &cursor) < 0)
		tell_unavailable(replay, client);
	else
		tell(replay, client, "AT", cursor);
}

static void
answer_cursor(struct pk_replay *replay, struct pk_db *db, const struct client *client)
{
	uint64_t sequence;
	int r = pk_cursor_get(db, pk_span_of(client->owner), client->request.name,
	    replay->state.epoch, &sequence);

	if (r == 0)
		tell(replay, client, "OK", sequence);
	else if (r == -ENOENT)
		refuse(replay, client, &unknown, "there is no such cursor");
	else
		tell_unavailable(replay, client);
}

/* Returns whether it is under way: then the client waits on. */
static bool
begin_change(struct pk_replay *replay, struct client *client)
{
	const struct pk_request *request = &client->request;
	struct pk_cursor_change change = { .forget = request->kind == PK_REQUEST_FORGET,
		.epoch = replay->state.epoch,
		.sequence = request->sequence };

	if (!change.forget && !stands(replay, client))
		return false;
	snprintf(change.owner, sizeof(change.owner), "%s", client->owner);
	snprintf(change.name, sizeof(change.name), "%.*s", PK_SPAN_ARG(request->name));
	client->ticket = ++replay->last_ticket;
	if (replay->change(replay->context, client->ticket, &change) == 0)
		return true;
	tell_unavailable(replay, client);
	return false;
}

/* In a read transaction, so that state and messages are of one moment. Returns whether
 * the client waits on. */
static bool
answer_in(struct pk_replay *replay, struct pk_db *db, struct client *client)
{
	if (look(replay, db) < 0) {
		tell_unavailable(replay, client);
		return false;
	}
	switch (client->request.kind) {
	case PK_REQUEST_SINCE:
		answer_since(replay, db, client);
		break;
	case PK_REQUEST_TIME:
		answer_time(replay, db, client);
		break;
	case PK_REQUEST_CURSOR:
		answer_cursor(replay, db, client);
		break;
	case PK_REQUEST_ACK:
	case PK_REQUEST_FORGET:
		return begin_change(replay, client);
	}
	return false;
}

static void
answer_next(struct pk_replay *replay, struct pk_db *db)
{
	pk_cleanup(free_clientp) struct client *client =
	    take_out(replay, find(replay, waits, NULL));

	if (client == NULL)
		return;
	bool begun = db != NULL && pk_db_begin_read(db) == 0;
	bool waits_on = begun && answer_in(replay, db, client);
	if (!begun)
		tell_unavailable(replay, client);
	/* also when it has not begun: one that was left open would do so for ever, and
	 * hold the WAL */
	if (db != NULL)
		pk_db_rollback(db);
	if (waits_on)
		append(replay, pk_steal(&client));
}

/* ---- the socket ---- */

static int
make_router(struct pk_replay *replay)
{
	struct pk_access *access = pk_wire_access(replay->wire);
	const struct pk_wire_limits limits = { .message_max = PK_REQUEST_FRAME_MAX,
		.send_hwm = ANSWERS_KEPT,
		.receive_hwm = REQUESTS_KEPT };
	const int mandatory = 1;

	/* asked before: what is revoked meanwhile is seen next time */
	replay->revocations = access == NULL ? 0 : pk_access_revocations(access);
	int r = pk_wire_socket(replay->wire, ZMQ_ROUTER, &limits, &replay->router);
	/* else what is sent to nobody would be dropped without a word */
	if (r == 0)
		zmq_setsockopt(replay->router, ZMQ_ROUTER_MANDATORY, &mandatory,
		    sizeof(mandatory));
	return r;
}

/* What cannot be had now is asked for again before the next answers. */
static int
take_place(struct pk_replay *replay, int patience_ms)
{
	int r = replay->router == NULL ? make_router(replay) : 0;

	if (r == 0)
		r = pk_endpoints_take_over(
		    &replay->endpoints, replay->router, patience_ms);
	replay->is_incomplete = r < 0;
	return r;
}

static void
forget_clients(struct pk_replay *replay)
{
	while (replay->first != NULL)
		free_client(take_out(replay, &replay->first));
}

/* A key was taken away or may read less: all connections end, and who may still read
 * comes back and asks again. */
static int
reopen(struct pk_replay *replay)
{
	forget_clients(replay);
	pk_wire_drop(replay->wire, pk_steal(&replay->router));
	pk_endpoints_lose(&replay->endpoints);
	return take_place(replay, TAKE_OVER_MS);
}

/* ---- what clients send ---- */

/* The name that we gave to its key. Where there are no keys, a peer could call itself
 * whatever it likes: then all are the same one. */
static void
note_owner(const struct pk_replay *replay, struct client *client, zmq_msg_t *frame)
{
	const char *name = pk_wire_access(replay->wire) == NULL
			       ? NULL
			       : zmq_msg_gets(frame, "User-Id");

	snprintf(client->owner, sizeof(client->owner), "%s", name == NULL ? "" : name);
}

/* Takes the frames of one message; those beyond the most that a request may have are
 * let go. Returns false when there is none. */
static bool
receive(struct pk_replay *replay, struct client *client, bool *ret_too_many)
{
	zmq_msg_t rest, *frame = &client->id;

	*ret_too_many = false;
	zmq_msg_init(&client->id);
	if (zmq_msg_recv(frame, replay->router, ZMQ_DONTWAIT) < 0)
		return false;
	for (bool more = zmq_msg_more(frame); more;) {
		bool fits = client->n_frames < PK_REQUEST_FRAMES_MAX;
		frame = fits ? &client->frames[client->n_frames++] : &rest;
		zmq_msg_init(frame);
		if (zmq_msg_recv(frame, replay->router, ZMQ_DONTWAIT) < 0)
			break;
		more = zmq_msg_more(frame);
		note_owner(replay, client, frame);
		if (!fits)
			zmq_msg_close(frame);
		*ret_too_many = *ret_too_many || !fits;
	}
	return true;
}

static const char *
understand(struct client *client, bool too_many)
{
	struct pk_span frames[PK_REQUEST_FRAMES_MAX];

	for (size_t i = 0; i < client->n_frames; i++)
		frames[i] = bytes_of(&client->frames[i]);
	return too_many ? "there are too many frames"
			: pk_request_read(frames, client->n_frames, &client->request);
}

/* Returns false when there was nothing to take up, or no memory for it. */
static bool
take_up(struct pk_replay *replay)
{
	pk_cleanup(free_clientp) struct client *client = calloc(1, sizeof(*client));
	bool too_many;

	if (client == NULL || !receive(replay, client, &too_many))
		return false;
	pk_count(PK_COUNT_REPLAY_REQUESTS);
	const char *wrong = understand(client, too_many);
	if (wrong != NULL)
		refuse(replay, client, &badreq, wrong);
	else if (*find(replay, has_id, &client->id) != NULL)
		refuse(replay, client, &busy,
		    "the answer to the request before this one is under way");
	else if (replay->n_clients >= replay->bounds.waiting)
		refuse(replay, client, &busy, "too many clients wait");
	else
		append(replay, pk_steal(&client));
	return true;
}

void
pk_replay_serve(struct pk_replay *replay, struct pk_db *db)
{
	if (replay->is_incomplete)
		take_place(replay, 0);
	/* What is refused at once tells where the journal stands, too. */
	look(replay, db);
	for (int i = 0; i < REQUESTS_AT_ONCE && take_up(replay); i++) {
	}
	answer_next(replay, db);
}

void
pk_replay_written(struct pk_replay *replay, struct pk_db *db, uint64_t ticket, int r,
    uint64_t sequence)
{
	pk_cleanup(free_clientp) struct client *client =
	    take_out(replay, find(replay, has_ticket, &ticket));

	if (client == NULL)
		return;
	look(replay, db);
	if (r == 0)
		tell(replay, client, "OK", sequence);
	else if (r == -ENOENT)
		refuse(replay, client, &unknown, "there is no such cursor");
	else if (r == -EDQUOT)
		refuse(replay, client, &full, "there are 1000 cursors already");
	else
		tell_unavailable(replay, client);
}

void
pk_replay_wait(struct pk_replay *replay, int wake_fd, int timeout_ms)
{
	zmq_pollitem_t items[] = { { .fd = wake_fd, .events = ZMQ_POLLIN },
		{ .socket = replay->router, .events = ZMQ_POLLIN } };

	if (*find(replay, waits, NULL) == NULL)
		zmq_poll(items, replay->router == NULL ? 1 : 2, timeout_ms);
}

/* ---- the door ---- */

int
pk_replay_open(struct pk_wire *wire, const struct pk_replay_options *options,
    pk_replay_change *change, void *context, struct pk_replay **ret_replay)
{
	pk_cleanup(pk_replay_closep) struct pk_replay *replay =
	    calloc(1, sizeof(*replay));

	if (replay == NULL)
		return -ENOMEM;
	replay->wire = wire;
	replay->change = change;
	replay->context = context;
	replay->bounds.waiting = options->waiting;
	int r = make_router(replay);
	if (r == 0)
		r = pk_replay_configure(replay, options);
	if (r == 0)
		*ret_replay = pk_steal(&replay);
	return r;
}

struct pk_replay *
pk_replay_close(struct pk_replay *replay)
{
	if (replay == NULL)
		return NULL;
	forget_clients(replay);
	pk_answer_done(&replay->answer);
	pk_wire_close(replay->wire, replay->router);
	free(replay);
	return NULL;
}

int
pk_replay_configure(struct pk_replay *replay, const struct pk_replay_options *options)
{
	replay->bounds.batch = options->batch;
	replay->bounds.batch_bytes = options->batch_bytes;
	replay->bounds.unread = options->unread;
	struct pk_access *access = pk_wire_access(replay->wire);
	int r = pk_endpoints_bind(
	    &replay->endpoints, replay->router, options->binds, options->n_binds);
	if (access == NULL || pk_access_revocations(access) == replay->revocations)
		return r;
	int again = reopen(replay);
	return again < 0 ? again : r;
}

const char *
pk_replay_endpoint(const struct pk_replay *replay, size_t i)
{
	return pk_endpoints_at(&replay->endpoints, i);
}
