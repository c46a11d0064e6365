/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a server may say to libpeykclient (docs/examples/peykclient.h). The input says
 * how the client begins, and then what comes from a server that lies; behind it comes
 * an honest one, which the client must catch up with. In place of libzmq and the clock
 * stands what is in this file.
 */
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <errno.h>
#include <peykclient.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

/* The honest server's journal, and how much it answers at once. */
#define EPOCH  2
#define HEAD   20
#define OLDEST 3
#define BATCH  4

#define FRAMES_MAX 1024
#define NUMBERS    64 /* that are remembered */

struct frame {
	bool more;
	size_t size;
	char *data;
};

/* A socket: what it will receive. */
struct queue {
	int type;
	size_t first, n;
	struct frame frames[FRAMES_MAX];
};

static struct {
	const uint8_t *at, *end; /* the rest of the input */
	int64_t now_ms;
	struct queue *events, *replay;
	struct frame request[8];
	size_t n_request;
	bool asked; /* the request is whole */
	size_t n_asked, n_said;
	uint64_t epoch, cursor; /* where the client said it was */
	bool seen[NUMBERS];
} it;

/* ---- in place of the clock and of libzmq ---- */

int fake_clock_gettime(clockid_t which, struct timespec *ret_now);

int
fake_clock_gettime(clockid_t which, struct timespec *ret_now)
{
	(void)which;
	*ret_now = (struct timespec){ .tv_sec = it.now_ms / 1000,
		.tv_nsec = it.now_ms % 1000 * 1000000 };
	return 0;
}

void *
zmq_ctx_new(void)
{
	return &it;
}

int
zmq_ctx_term(void *context)
{
	(void)context;
	assert(it.events == NULL && it.replay == NULL);
	return 0;
}

static void
put(struct queue *queue, const void *data, size_t size, bool more)
{
	if (queue == NULL || queue->n == FRAMES_MAX)
		return;
	char *copy = malloc(size == 0 ? 1 : size); /* so that a read past it is seen */
	assert(copy != NULL);
	if (size > 0)
		memcpy(copy, data, size);
	queue->frames[queue->n++] = (struct frame){ more, size, copy };
}

static void
empty(struct queue *queue)
{
	for (; queue->first < queue->n; queue->first++)
		free(queue->frames[queue->first].data);
	queue->first = queue->n = 0;
}

static void
drop_request(void)
{
	while (it.n_request > 0)
		free(it.request[--it.n_request].data);
	it.asked = false;
}

void *
zmq_socket(void *context, int type)
{
	struct queue *queue = calloc(1, sizeof(*queue));

	(void)context;
	assert(queue != NULL);
	queue->type = type;
	return queue;
}

int
zmq_close(void *socket)
{
	struct queue *queue = socket;

	empty(queue);
	if (queue == it.events)
		it.events = NULL;
	if (queue == it.replay)
		it.replay = NULL;
	free(queue);
	return 0;
}

/* The newest of its type; a request to another one is nobody's. */
int
zmq_connect(void *socket, const char *endpoint)
{
	struct queue *queue = socket;

	(void)endpoint;
	if (queue->type == ZMQ_SUB) {
		it.events = queue;
		return 0;
	}
	it.replay = queue;
	drop_request();
	return 0;
}

int
zmq_setsockopt(void *socket, int option, const void *value, size_t size)
{
	(void)socket, (void)option, (void)value, (void)size;
	return 0;
}

int
/* NOLINTNEXTLINE(readability-non-const-parameter): as in zmq.h */
zmq_getsockopt(void *socket, int option, void *ret_value, size_t *size)
{
	(void)socket, (void)option, (void)size;
	*(int *)ret_value = 0;
	return 0;
}

int
/* NOLINTNEXTLINE(readability-non-const-parameter): likewise */
zmq_curve_public(char *public_key, const char *secret_key)
{
	(void)public_key, (void)secret_key;
	return 0;
}

int
zmq_send(void *socket, const void *data, size_t size, int flags)
{
	assert(socket == it.replay);
	if (it.asked)
		drop_request(); /* it was asked while it kept silent */
	assert(it.n_request < sizeof(it.request) / sizeof(it.request[0]));
	struct frame *frame = &it.request[it.n_request++];
	*frame = (struct frame){ .size = size, .data = malloc(size + 1) };
	assert(frame->data != NULL);
	memcpy(frame->data, data, size);
	it.asked = (flags & ZMQ_SNDMORE) == 0;
	it.n_asked += it.asked;
	return (int)size;
}

int
zmq_msg_init(zmq_msg_t *msg)
{
	memset(msg, 0, sizeof(*msg));
	return 0;
}

static struct frame *
frame_of(const zmq_msg_t *msg)
{
	return (struct frame *)(uintptr_t)msg;
}

int
zmq_msg_close(zmq_msg_t *msg)
{
	free(frame_of(msg)->data);
	return zmq_msg_init(msg);
}

int
zmq_msg_recv(zmq_msg_t *msg, void *socket, int flags)
{
	struct queue *queue = socket;

	assert(flags == ZMQ_DONTWAIT);
	if (queue->first == queue->n) {
		errno = EAGAIN;
		return -1;
	}
	*frame_of(msg) = queue->frames[queue->first++];
	return (int)frame_of(msg)->size;
}

void *
zmq_msg_data(zmq_msg_t *msg)
{
	return frame_of(msg)->data;
}

size_t
zmq_msg_size(const zmq_msg_t *msg)
{
	return frame_of(msg)->size;
}

int
zmq_msg_more(const zmq_msg_t *msg)
{
	return frame_of(msg)->more;
}

int
zmq_errno(void)
{
	return errno;
}

int
zmq_poll(zmq_pollitem_t *items, int n, long timeout_ms)
{
	(void)items, (void)n, (void)timeout_ms;
	return 0;
}

/* ---- what a server says ---- */

static void
put_number(struct queue *queue, uint64_t number, bool more)
{
	unsigned char bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)(number >> (8 * (7 - i)));
	put(queue, bytes, 8, more);
}

static void
put_text(struct queue *queue, const char *text, bool more)
{
	put(queue, text, strlen(text), more);
}

static void
put_message(
    struct queue *queue, uint64_t epoch, uint64_t number, const char *body, bool more)
{
	unsigned char header[24] = "PYK1";

	for (int i = 0; i < 8; i++) {
		header[8 + i] = (unsigned char)(epoch >> (8 * (7 - i)));
		header[16 + i] = (unsigned char)(number >> (8 * (7 - i)));
	}
	put_text(queue, "event/", true);
	put(queue, header, sizeof(header), true);
	put_text(queue, body, more);
}

static void
put_heartbeat(struct queue *queue, uint64_t epoch, uint64_t head)
{
	char body[64] = "{\"data\":{\"head\":";
	size_t len = strlen(body);

	for (uint64_t unit = UINT64_C(10000000000000000000); unit > 0; unit /= 10) {
		if (head >= unit || unit == 1)
			body[len++] = (char)('0' + head / unit % 10);
	}
	memcpy(body + len, "}}", 3);
	put_message(queue, epoch, 0, body, false);
}

static void
put_state(struct queue *queue, const uint64_t state[static 3], bool more)
{
	for (int i = 0; i < 3; i++)
		put_number(queue, state[i], i < 2 || more);
}

static void
put_error(struct queue *queue, const char *reason, const uint64_t state[static 3])
{
	put_text(queue, "ERR", true);
	put_text(queue, reason, true);
	put_state(queue, state, true);
	put_text(queue, "for people", false);
}

/* ---- the client ---- */

/* What every message must be, whoever the server is. */
static void
check_message(const struct peyk_message *message, bool ordered, uint64_t *last)
{
	assert(message->epoch != 0 && message->number != 0);
	assert(message->topic != NULL && message->body != NULL);
	assert(!ordered || message->number > *last);
	*last = message->number;
	if (message->number < NUMBERS) {
		assert(!it.seen[message->number]);
		it.seen[message->number] = true;
	}
}

static void
check_cursor(struct peyk_client *client)
{
	uint64_t epoch, cursor;

	peyk_client_cursor(client, &epoch, &cursor);
	assert(it.epoch == 0 || epoch == it.epoch); /* else it would have told */
	assert(cursor >= it.cursor || epoch != it.epoch);
	it.epoch = epoch;
	it.cursor = cursor;
	if (it.asked && it.n_request >= 6) {
		assert(memcmp(it.request[0].data, "PYK1", 4) == 0);
		assert(it.request[2].size == 8 && it.request[3].size == 8);
	}
}

/* Takes what there is: it must end, and ask no more often than something happens. */
static void
drain(struct peyk_client *client, bool ordered, uint64_t *last)
{
	struct peyk_message message;
	int r;

	while ((r = peyk_client_next(client, 0, &message)) > 0) {
		if (message.kind == PEYK_LOST)
			assert(message.first <= message.last);
		if (message.kind == PEYK_RESET) {
			memset(it.seen, 0, sizeof(it.seen));
			it.epoch = *last = 0;
		}
		if (message.kind == PEYK_MESSAGE)
			check_message(&message, ordered, last);
		check_cursor(client);
	}
	assert(r == 0);
	check_cursor(client);
	assert(it.n_asked <= it.n_said + (size_t)it.now_ms / 250 + 1);
}

/* ---- the one that lies ---- */

static uint8_t
take(void)
{
	return it.at == it.end ? 0 : *it.at++;
}

/* Small, for the most part. */
static uint64_t
take_number(void)
{
	uint8_t byte = take();

	return byte < 250 ? byte % 32 : UINT64_MAX - (255 - byte);
}

static void
lie(struct peyk_client *client, struct queue *answer)
{
	static const char *const reasons[] = { "badreq", "epoch", "expired", "busy",
		"denied", "unknown", "full", "unavailable", "else" };
	uint8_t what = take();
	bool more = (what & 8) != 0;
	const char *reason;
	uint64_t state[3];

	switch (what & 7) {
	case 0:
		state[0] = take() % 4;
		put_message(it.events, state[0], take_number(), "{}", false);
		break;
	case 1:
		state[0] = take() % 4;
		put_heartbeat(it.events, state[0], take_number());
		break;
	case 2:
		state[0] = take() % 4;
		put_message(answer, state[0], take_number(), "{}", more);
		break;
	case 3:
		put_text(answer, (what & 16) != 0 ? "AT" : "END", true);
		put_number(answer, take() % 4, true);
		for (int i = 0; i < 3; i++)
			put_number(answer, take_number(), i < 2 || more);
		break;
	case 4:
		reason = reasons[take() % 9];
		state[0] = take() % 4;
		state[1] = take_number();
		state[2] = take_number();
		put_error(answer, reason, state);
		break;
	case 5: {
		size_t len = take() % 32;
		len = len < (size_t)(it.end - it.at) ? len : (size_t)(it.end - it.at);
		put((what & 16) != 0 ? it.events : answer, it.at, len, false);
		it.at += len;
		break;
	}
	case 6:
		if (what > 250)
			peyk_client_go_live(client);
		break;
	default:
		it.now_ms += take() * 100;
	}
}

/* An answer comes whole or not at all. */
static void
deliver(struct queue *answer)
{
	for (; answer->first < answer->n; answer->first++) {
		struct frame *frame = &answer->frames[answer->first];
		put(it.replay, frame->data, frame->size, frame->more);
		free(frame->data);
	}
	answer->first = answer->n = 0;
}

static bool
is_whole(const struct queue *queue)
{
	return queue->n > 0 && !queue->frames[queue->n - 1].more;
}

static void
lie_on(struct peyk_client *client, bool ordered, uint64_t *last)
{
	static struct queue answer;

	while (it.at < it.end && answer.n + 16 < FRAMES_MAX) {
		lie(client, &answer);
		it.n_said++;
		if (!is_whole(&answer) && answer.n > 0)
			continue;
		deliver(&answer);
		drain(client, ordered, last);
	}
	empty(&answer);
}

/* ---- the honest one ---- */

static uint64_t
number_in(const struct frame *frame)
{
	uint64_t number = 0;

	assert(frame->size == 8);
	for (int i = 0; i < 8; i++)
		number = number << 8 | (unsigned char)frame->data[i];
	return number;
}

static void
answer_well(void)
{
	const uint64_t state[3] = { EPOCH, HEAD, OLDEST };
	bool since = it.n_request > 3;
	uint64_t epoch = since ? number_in(&it.request[2]) : 0;
	uint64_t cursor = since ? number_in(&it.request[3]) : 0;

	if ((epoch != 0 && epoch != EPOCH) || cursor > HEAD) {
		put_error(it.replay, "epoch", state);
	} else if (epoch != 0 && cursor + 1 < OLDEST) {
		put_error(it.replay, "expired", state);
	} else if (!since) {
		put_text(it.replay, "AT", true);
		put_state(it.replay, state, true);
		put_number(it.replay, OLDEST + 1, false);
	} else {
		cursor = cursor + 1 < OLDEST ? OLDEST - 1 : cursor;
		for (int n = 0; n < BATCH && cursor < HEAD; n++)
			put_message(it.replay, EPOCH, ++cursor, "{}", true);
		put_text(it.replay, "END", true);
		put_state(it.replay, state, true);
		put_number(it.replay, cursor, false);
	}
	drop_request();
}

static bool
has_all(struct peyk_client *client)
{
	uint64_t epoch, cursor;

	peyk_client_cursor(client, &epoch, &cursor);
	return epoch == EPOCH && cursor == HEAD;
}

/* What the other one said and is still on its way comes first. */
static void
catch_up(struct peyk_client *client, bool ordered, uint64_t *last)
{
	for (int turn = 0; !has_all(client) && turn < 200; turn++) {
		if (it.asked && it.replay != NULL)
			answer_well();
		put_heartbeat(it.events, EPOCH, HEAD);
		it.n_said += 2;
		it.now_ms += 1000;
		drain(client, ordered, last);
	}
	assert(has_all(client));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *const prefixes[] = { "event/" };
	struct peyk_client_options options = { .events = "a", .prefixes = prefixes };
	uint64_t last = 0;

	memset(&it, 0, sizeof(it));
	it.at = data;
	it.end = data + size;
	it.now_ms = 1;
	uint8_t how = take();
	options.replay = (how & 1) != 0 ? NULL : "b";
	options.n_prefixes = (how & 2) != 0;
	options.start_from = (enum peyk_start)(how >> 2 & 3);
	options.start = how >> 4;
	options.start_epoch = options.start != 0 ? take() % 4 : 0;
	bool ordered = options.n_prefixes == 0 || options.replay == NULL;
	struct peyk_client *client = peyk_client_open(&options);
	assert(client != NULL);
	lie_on(client, ordered, &last);
	if (it.replay != NULL || options.n_prefixes == 0) /* else nothing is proved */
		catch_up(client, ordered, &last);
	peyk_client_close(client);
	drop_request();
	return 0;
}
