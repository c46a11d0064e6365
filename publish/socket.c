/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/socket.h"

#include "base/buf.h"
#include "base/counter.h"
#include "base/digest.h"
#include "base/failpoint.h"
#include "publish/bytes_priv.h"
#include "publish/cloud_event.h"
#include "publish/cut.h"
#include "publish/endpoints.h"
#include "publish/topic.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <zmq.h>

#define SUBSCRIPTION_MAX 256 /* bytes that a subscriber may send at once */

/* So many of those wait for us, of each subscriber. */
#define SUBSCRIPTIONS_KEPT 1000

/* So many of those are read at once: who sends them without end must not keep the store
 * from its work. */
#define SUBSCRIPTIONS_AT_ONCE 10000

/* How long the store waits for libzmq to let go of the endpoints of a closed socket. */
#define TAKE_OVER_MS 2000

struct pk_socket {
	struct pk_wire *wire;
	int send_hwm;
	void *xpub;
	struct pk_endpoints endpoints;
	size_t subscriptions;
	struct pk_cut *cut;   /* NULL: everybody may read everything */
	uint64_t revocations; /* of pk_access, when `xpub` was made */
	bool is_incomplete;   /* not all endpoints could be taken over yet */
};

static int
make_xpub(struct pk_socket *socket)
{
	struct pk_access *access = pk_wire_access(socket->wire);
	const struct pk_wire_limits limits = { .message_max = SUBSCRIPTION_MAX,
		.send_hwm = socket->send_hwm,
		.receive_hwm = SUBSCRIPTIONS_KEPT };
	int on = 1;

	if (access != NULL && socket->cut == NULL && pk_access_is_limited(access)) {
		socket->cut = pk_cut_new(access);
		if (socket->cut == NULL)
			return -ENOMEM;
	}
	/* asked before: what is revoked meanwhile is seen next time */
	socket->revocations = access == NULL ? 0 : pk_access_revocations(access);
	int r = pk_wire_socket(socket->wire, ZMQ_XPUB, &limits, &socket->xpub);
	if (r < 0)
		return r;
	if (socket->cut == NULL)
		return 0;
	if (zmq_setsockopt(socket->xpub, ZMQ_XPUB_MANUAL, &on, sizeof(on)) != 0) {
		r = -zmq_errno();
		pk_wire_drop(socket->wire, pk_steal(&socket->xpub));
		return r;
	}
	pk_access_limits_hold(access, true);
	return 0;
}

/* What cannot be had now is asked for again when subscriptions are read. */
static int
take_place(struct pk_socket *socket, int patience_ms)
{
	int r = socket->xpub == NULL ? make_xpub(socket) : 0;

	if (r == 0)
		r = pk_endpoints_take_over(
		    &socket->endpoints, socket->xpub, patience_ms);
	socket->is_incomplete = r < 0;
	return r;
}

/* Ends all connections, and begins anew at the same endpoints. */
static int
reopen(struct pk_socket *socket)
{
	pk_count(PK_COUNT_STREAM_REOPENED);
	pk_wire_drop(socket->wire, pk_steal(&socket->xpub));
	pk_endpoints_lose(&socket->endpoints);
	socket->subscriptions = 0;
	if (socket->cut != NULL)
		pk_cut_clear(socket->cut);
	return take_place(socket, TAKE_OVER_MS);
}

static bool
is_outdated(const struct pk_socket *socket)
{
	struct pk_access *access = pk_wire_access(socket->wire);

	return access != NULL &&
	       (pk_access_revocations(access) != socket->revocations ||
		   (socket->cut == NULL && pk_access_is_limited(access)));
}

int
pk_socket_open(struct pk_wire *wire, const struct pk_socket_options *options,
    struct pk_socket **ret_socket)
{
	pk_cleanup(pk_socket_closep) struct pk_socket *socket =
	    calloc(1, sizeof(*socket));

	if (socket == NULL)
		return -ENOMEM;
	socket->wire = wire;
	socket->send_hwm = options->send_hwm;
	int r = make_xpub(socket);
	if (r == 0)
		r = pk_endpoints_bind(
		    &socket->endpoints, socket->xpub, options->binds, options->n_binds);
	if (r == 0)
		*ret_socket = pk_steal(&socket);
	return r;
}

struct pk_socket *
pk_socket_close(struct pk_socket *socket)
{
	if (socket == NULL)
		return NULL;
	pk_wire_close(socket->wire, socket->xpub);
	pk_cut_free(socket->cut);
	free(socket);
	return NULL;
}

int
pk_socket_rebind(struct pk_socket *socket, const struct pk_socket_options *options)
{
	int r = pk_endpoints_bind(
	    &socket->endpoints, socket->xpub, options->binds, options->n_binds);

	if (!is_outdated(socket))
		return r;
	int again = reopen(socket);
	return again < 0 ? again : r;
}

const char *
pk_socket_endpoint(const struct pk_socket *socket, size_t i)
{
	return pk_endpoints_at(&socket->endpoints, i);
}

static void
read_subscriptions(struct pk_socket *socket)
{
	unsigned char said[SUBSCRIPTION_MAX];

	for (int i = 0; i < SUBSCRIPTIONS_AT_ONCE; i++) {
		int len = zmq_recv(socket->xpub, said, sizeof(said), ZMQ_DONTWAIT);
		if (len < 0)
			break;
		/* \1 subscribes to the prefix behind it, \0 takes that back (ZMTP 3.1,
		 * 23) */
		if (len > 0 && said[0] == 1)
			socket->subscriptions++;
		else if (len > 0 && said[0] == 0 && socket->subscriptions > 0)
			socket->subscriptions--;
	}
}

bool
pk_socket_is_limited(const struct pk_socket *socket)
{
	return socket->cut != NULL;
}

size_t
pk_socket_subscriptions(struct pk_socket *socket)
{
	if (socket->is_incomplete)
		take_place(socket, 0);
	if (socket->cut == NULL)
		read_subscriptions(socket);
	else if (pk_cut_read(socket->cut, socket->xpub, &socket->subscriptions) < 0)
		reopen(socket);
	return socket->subscriptions;
}

int
pk_socket_send(struct pk_socket *socket, struct pk_span topic, uint64_t epoch,
    uint64_t sequence, struct pk_span body)
{
	unsigned char header[PK_HEADER_SIZE];
	int flags = ZMQ_SNDMORE | ZMQ_DONTWAIT;

	/* see cut.h */
	if (socket->cut != NULL || socket->is_incomplete)
		pk_socket_subscriptions(socket);
	pk_header_write(header, epoch, sequence);
	if (zmq_send(socket->xpub, topic.ptr, topic.len, flags) < 0 ||
	    zmq_send(socket->xpub, header, sizeof(header), flags) < 0)
		return -zmq_errno();
	if (sequence != 0)
		PK_FAILPOINT(mid_message);
	if (zmq_send(socket->xpub, body.ptr, body.len, ZMQ_DONTWAIT) < 0)
		return -zmq_errno();
	return 0;
}

int
pk_socket_heartbeat(struct pk_socket *socket, const char *instance, uint64_t epoch,
    uint64_t oldest, uint64_t head, int64_t time_ms)
{
	char epoch_text[17], id[PK_ID_SIZE];
	struct pk_span parts[] = { { epoch_text, 16 },
		{ (const char *)&time_ms, sizeof(time_ms) } };
	struct pk_buf body;

	snprintf(epoch_text, sizeof(epoch_text), "%016" PRIx64, epoch);
	pk_id_of(parts, PK_COUNT(parts), id);
	pk_buf_init(&body, 0);
	json_t *data = json_pack("{ss ss sI sI}", "schema", "peyk.heartbeat/1", "epoch",
	    epoch_text, "head", (json_int_t)head, "oldest", (json_int_t)oldest);
	int r = data == NULL ? -ENOMEM
			     : pk_cloud_event_dump(PK_CLOUD_EVENT_HEARTBEAT,
				   pk_span_of(id), 1, pk_span_of(instance),
				   (struct pk_span){ NULL, 0 }, time_ms, data, &body);
	if (r == 0)
		r = pk_socket_send(
		    socket, PK_TOPIC_HEARTBEAT, epoch, 0, pk_buf_span(&body));
	pk_buf_done(&body);
	return r;
}

static const char magic[4] = { 'P', 'Y', 'K', '1' };

void
pk_header_write(
    unsigned char ret_header[static PK_HEADER_SIZE], uint64_t epoch, uint64_t sequence)
{
	memcpy(ret_header, magic, sizeof(magic));
	memset(ret_header + 4, 0, 4);
	pk_write_u64(ret_header + 8, epoch);
	pk_write_u64(ret_header + 16, sequence);
}

int
pk_header_read(struct pk_span header, uint64_t *ret_epoch, uint64_t *ret_sequence)
{
	if (header.len != PK_HEADER_SIZE ||
	    memcmp(header.ptr, magic, sizeof(magic)) != 0)
		return -EBADMSG;
	*ret_epoch = pk_read_u64(header.ptr + 8);
	*ret_sequence = pk_read_u64(header.ptr + 16);
	return 0;
}
