/* SPDX-License-Identifier: Apache-2.0 */
/* libpeykclient: sockets, frames, and the cursor's file. */
#include "peykclient_priv.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int64_t
peyk_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- sockets ---- */

void *
peyk_connect(struct peyk_client *client, int type, const char *endpoint)
{
	const struct peyk_client_options *options = &client->options;
	const int linger = 0, kept = PEYK_CLIENT_KEPT, soon_ms = 100;
	void *socket = zmq_socket(client->context, type);
	char public_key[41];

	if (socket == NULL)
		return NULL;
	zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof(linger));
	zmq_setsockopt(socket, ZMQ_RCVHWM, &kept, sizeof(kept));
	zmq_setsockopt(socket, ZMQ_RECONNECT_IVL, &soon_ms, sizeof(soon_ms));
	if (options->server_key != NULL &&
	    (options->secret_key == NULL ||
		zmq_curve_public(public_key, options->secret_key) != 0 ||
		zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, options->server_key, 41) !=
		    0 ||
		zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, public_key, 41) != 0 ||
		zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, options->secret_key, 41) !=
		    0)) {
		zmq_close(socket);
		errno = EINVAL;
		return NULL;
	}
	if (zmq_connect(socket, endpoint) == 0) /* and again by itself */
		return socket;
	zmq_close(socket);
	errno = EINVAL;
	return NULL;
}

int
peyk_connect_replay(struct peyk_client *client)
{
	if (client->replay != NULL)
		zmq_close(client->replay);
	client->replay = peyk_connect(client, ZMQ_DEALER, client->options.replay);
	return client->replay == NULL ? -1 : 0;
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

bool
peyk_receive(struct peyk_client *client, void *socket, int frame)
{
	zmq_msg_close(&client->frames[frame]);
	zmq_msg_init(&client->frames[frame]);
	if (zmq_msg_recv(&client->frames[frame], socket, ZMQ_DONTWAIT) < 0)
		return false;
	client->heard_ms = peyk_now_ms();
	return true;
}

uint64_t
peyk_number_at(const void *bytes)
{
	uint64_t number = 0;

	for (int i = 0; i < 8; i++)
		number = number << 8 | ((const unsigned char *)bytes)[i];
	return number;
}

bool
peyk_receive_number(struct peyk_client *client, uint64_t *ret_number)
{
	if (!peyk_receive(client, client->replay, HEADER) ||
	    zmq_msg_size(&client->frames[HEADER]) != 8)
		return false;
	*ret_number = peyk_number_at(zmq_msg_data(&client->frames[HEADER]));
	return true;
}

/* What is not three frames with a header that we know is passed over. */
bool
peyk_receive_live(struct peyk_client *client)
{
	zmq_msg_t *header = &client->frames[HEADER];

	while (peyk_receive(client, client->events, TOPIC)) {
		int n = 1;
		for (zmq_msg_t *last = &client->frames[TOPIC]; zmq_msg_more(last);
		     n++) {
			last = &client->frames[n < BODY ? n : BODY];
			if (!peyk_receive(client, client->events, n < BODY ? n : BODY))
				return false;
		}
		if (n == FRAMES && zmq_msg_size(header) == 24 &&
		    memcmp(zmq_msg_data(header), "PYK1", 4) == 0)
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
