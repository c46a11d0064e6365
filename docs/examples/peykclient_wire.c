/* SPDX-License-Identifier: Apache-2.0 */
/* libpeykclient: sockets and frames. */
#include "peykclient_priv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* As the daemon does: a peer that has lost its power says nothing, not even that. */
#define PING_MS    10000
#define SILENCE_MS 30000

/* One request is under way: more answers than that are nobody's. */
#define ANSWERS_KEPT 4

/* No message is that long: an article has 1 MiB. */
#define FRAME_MAX (INT64_C(16) * 1024 * 1024)

int64_t
peyk_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A xorshift (Marsaglia, 2003): no two clients are to come at the same time again. */
int64_t
peyk_about(struct peyk_client *client, int64_t duration_ms)
{
	struct timespec now;

	if (client->chance == 0) {
		clock_gettime(CLOCK_REALTIME, &now);
		client->chance = (uintptr_t)client ^ (uint64_t)now.tv_nsec << 20 ^
				 (uint64_t)getpid() << 50 ^ 1;
	}
	client->chance ^= client->chance << 13;
	client->chance ^= client->chance >> 7;
	client->chance ^= client->chance << 17;
	return duration_ms / 2 + (int64_t)(client->chance % 1024) * duration_ms / 2048;
}

/* ---- sockets ---- */

static void
set_int(void *socket, int option, int value)
{
	zmq_setsockopt(socket, option, &value, sizeof(value));
}

static void
set_limits(void *socket, int kept)
{
	const int64_t frame_max = FRAME_MAX;

	set_int(socket, ZMQ_LINGER, 0);
	set_int(socket, ZMQ_RCVHWM, kept);
	set_int(socket, ZMQ_RECONNECT_IVL, 100);
	set_int(socket, ZMQ_HEARTBEAT_IVL, PING_MS);
	set_int(socket, ZMQ_HEARTBEAT_TIMEOUT, SILENCE_MS);
	zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &frame_max, sizeof(frame_max));
}

static bool
is_key(const char *text)
{
	return text != NULL && strlen(text) == 40;
}

/* Whether it speaks CURVE now, where it is to. */
static bool
set_keys(void *socket, const char *server_key, const char *secret_key)
{
	char public_key[41];

	if (server_key == NULL)
		return true;
	return is_key(server_key) && is_key(secret_key) &&
	       zmq_curve_public(public_key, secret_key) == 0 &&
	       zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, server_key, 41) == 0 &&
	       zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, public_key, 41) == 0 &&
	       zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, secret_key, 41) == 0;
}

void *
peyk_connect(struct peyk_client *client, int type, const char *endpoint)
{
	const struct peyk_client_options *options = &client->options;
	void *socket = zmq_socket(client->context, type);

	if (socket == NULL)
		return NULL;
	set_limits(socket, type == ZMQ_SUB ? PEYK_CLIENT_KEPT : ANSWERS_KEPT);
	if (set_keys(socket, options->server_key, options->secret_key) &&
	    zmq_connect(socket, endpoint) == 0) /* and again by itself */
		return socket;
	zmq_close(socket);
	errno = EINVAL;
	return NULL;
}

int
peyk_connect_replay(struct peyk_client *client)
{
	void *fresh = peyk_connect(client, ZMQ_DEALER, client->options.replay);

	if (fresh == NULL)
		return -1;
	if (client->replay != NULL)
		zmq_close(client->replay);
	client->replay = fresh;
	client->more = false;
	return 0;
}

/* ---- frames ---- */

static void
send_number(struct peyk_client *client, uint64_t number, int flags)
{
	unsigned char bytes[8];

	for (int i = 7; i >= 0; i--, number >>= 8)
		bytes[i] = (unsigned char)number;
	zmq_send(client->replay, bytes, sizeof(bytes), flags | ZMQ_DONTWAIT);
}

void
peyk_send_request(struct peyk_client *client)
{
	const struct peyk_client_options *options = &client->options;
	const int more = ZMQ_SNDMORE | ZMQ_DONTWAIT;
	size_t n = options->n_prefixes;

	zmq_send(client->replay, "PYK1", 4, more);
	if (!client->known) {
		zmq_send(client->replay, "TIME", 4, more);
		send_number(client, options->start, 0);
		return;
	}
	zmq_send(client->replay, "SINCE", 5, more);
	send_number(client, client->epoch, more);
	send_number(client, client->cursor, more);
	send_number(client, 0, more); /* as many as it likes */
	send_number(client, 0, n == 0 ? 0 : more);
	for (size_t i = 0; i < n; i++)
		zmq_send(client->replay, options->prefixes[i],
		    strlen(options->prefixes[i]), i + 1 == n ? ZMQ_DONTWAIT : more);
}

static bool
receive(struct peyk_client *client, void *socket, int frame)
{
	zmq_msg_t *msg = &client->frames[frame];
	int r;

	zmq_msg_close(msg);
	zmq_msg_init(msg);
	do
		r = zmq_msg_recv(msg, socket, ZMQ_DONTWAIT);
	while (r < 0 && zmq_errno() == EINTR);
	if (r >= 0)
		client->heard_ms = peyk_now_ms();
	return r >= 0;
}

static uint64_t
number_at(const void *bytes)
{
	uint64_t number = 0;

	for (int i = 0; i < 8; i++)
		number = number << 8 | ((const unsigned char *)bytes)[i];
	return number;
}

/* ---- answers ---- */

bool
peyk_receive_answer(struct peyk_client *client, int frame)
{
	if (!receive(client, client->replay, frame))
		return false;
	client->more = zmq_msg_more(&client->frames[frame]);
	return true;
}

bool
peyk_receive_part(struct peyk_client *client, int frame)
{
	return client->more && peyk_receive_answer(client, frame);
}

bool
peyk_receive_number(struct peyk_client *client, uint64_t *ret_number)
{
	zmq_msg_t *msg = &client->frames[HEADER];

	if (!peyk_receive_part(client, HEADER) || zmq_msg_size(msg) != 8)
		return false;
	*ret_number = number_at(zmq_msg_data(msg));
	return true;
}

/* ---- messages ---- */

bool
peyk_is_header(struct peyk_client *client)
{
	zmq_msg_t *header = &client->frames[HEADER];

	return zmq_msg_size(header) == 24 &&
	       memcmp(zmq_msg_data(header), "PYK1", 4) == 0 &&
	       peyk_header_epoch(client) != 0;
}

uint64_t
peyk_header_epoch(struct peyk_client *client)
{
	return number_at((const char *)zmq_msg_data(&client->frames[HEADER]) + 8);
}

uint64_t
peyk_header_number(struct peyk_client *client)
{
	return number_at((const char *)zmq_msg_data(&client->frames[HEADER]) + 16);
}

/* What is not three frames with a header that we know is passed over. */
bool
peyk_receive_live(struct peyk_client *client)
{
	while (receive(client, client->events, TOPIC)) {
		int n = 1;
		for (int last = TOPIC; zmq_msg_more(&client->frames[last]); n++) {
			last = n < BODY ? n : BODY;
			if (!receive(client, client->events, last))
				return false;
		}
		if (n == FRAMES && peyk_is_header(client))
			return true;
		client->strange = true;
		if (!client->told_strange)
			return false; /* that is told first */
	}
	return false;
}

bool
peyk_frame_is(struct peyk_client *client, int frame, const char *text)
{
	zmq_msg_t *msg = &client->frames[frame];

	return zmq_msg_size(msg) == strlen(text) &&
	       memcmp(zmq_msg_data(msg), text, strlen(text)) == 0;
}

/* A heartbeat is short JSON with one "head" in it. */
uint64_t
peyk_head_of(struct peyk_client *client)
{
	char text[2048];
	size_t len = zmq_msg_size(&client->frames[BODY]);

	len = len < sizeof(text) - 1 ? len : sizeof(text) - 1;
	memcpy(text, zmq_msg_data(&client->frames[BODY]), len);
	text[len] = '\0';
	const char *head = strstr(text, "\"head\":");
	return head == NULL ? 0 : strtoull(head + strlen("\"head\":"), NULL, 10);
}
