/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/wire.h"

#include "base/counter.h"
#include "base/secret.h"
#include "publish/monitor.h"
#include "publish/zap.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <zmq.h>

/* What is left to be sent when a socket is closed has so long. */
#define LINGER_MS 500

/* A peer has so long for its handshake, and to answer ZeroMQ's heartbeats. */
#define HANDSHAKE_MS         10000
#define HEARTBEAT_MS         10000
#define HEARTBEAT_TIMEOUT_MS 30000

/* CURVE's handshake has frames of some 300 bytes, and more where a peer has a name; a
 * message becomes 33 bytes longer. */
#define CURVE_FRAME_MIN 1024
#define CURVE_OVERHEAD  64

#define KEEPALIVE_IDLE_S 60
#define BACKLOG          512

/* Sockets that are watched: both of the daemon, and those that took their places while
 * what was told of the old ones is read. */
#define MONITORS_MAX 16

/* How long the end waits for a closed socket's last word. */
#define LAST_WORD_MS 2000

struct pk_wire {
	void *zmq;
	bool is_encrypted;
	struct pk_key_pair keys;
	struct pk_zap zap;
	struct pk_access *access;
	pthread_mutex_t lock; /* of the monitors: sockets come and go on any thread */
	struct pk_monitor monitors[MONITORS_MAX];
	size_t n_monitors;
	uint64_t opened; /* sockets so far */
	_Atomic int64_t connected[PK_DOORS];
};

int
pk_wire_new(const struct pk_wire_options *options, struct pk_wire **ret_wire)
{
	pk_cleanup(pk_wire_freep) struct pk_wire *wire = calloc(1, sizeof(*wire));

	if (wire == NULL)
		return -ENOMEM;
	pthread_mutex_init(&wire->lock, NULL);
	wire->zmq = zmq_ctx_new();
	if (wire->zmq == NULL)
		return -ENOMEM;
	if (options != NULL && options->keys != NULL) {
		wire->is_encrypted = true;
		wire->keys = *options->keys;
		wire->access = options->access;
		/* before any socket is bound: without it libzmq would let everybody in
		 */
		int r = pk_zap_open(wire->zmq, wire->access, &wire->zap);
		if (r < 0)
			return r;
	}
	*ret_wire = pk_steal(&wire);
	return 0;
}

static void read_monitors(struct pk_wire *wire);

/* See monitor.h: until then libzmq would wait for us. */
static void
hear_last_words(struct pk_wire *wire)
{
	for (int i = 0; i < LAST_WORD_MS && wire->n_monitors > 0; i++) {
		read_monitors(wire);
		if (wire->n_monitors > 0)
			zmq_poll(NULL, 0, 1);
	}
	for (size_t i = 0; i < wire->n_monitors; i++)
		pk_monitor_close(&wire->monitors[i]);
}

struct pk_wire *
pk_wire_free(struct pk_wire *wire)
{
	if (wire == NULL)
		return NULL;
	hear_last_words(wire);
	pk_zap_close(&wire->zap);
	if (wire->zmq != NULL)
		zmq_ctx_term(wire->zmq);
	pk_key_pair_wipe(&wire->keys);
	pthread_mutex_destroy(&wire->lock);
	free(wire);
	return NULL;
}

struct pk_access *
pk_wire_access(struct pk_wire *wire)
{
	return wire->access;
}

/* ---- sockets ---- */

static void
set_int(void *socket, int option, int value)
{
	zmq_setsockopt(socket, option, &value, sizeof(value));
}

static void
set_limits(
    const struct pk_wire *wire, void *socket, const struct pk_wire_limits *limits)
{
	int64_t message_max = limits->message_max;

	if (wire->is_encrypted) {
		message_max += CURVE_OVERHEAD;
		if (message_max < CURVE_FRAME_MIN)
			message_max = CURVE_FRAME_MIN;
	}
	set_int(socket, ZMQ_SNDHWM, limits->send_hwm);
	set_int(socket, ZMQ_RCVHWM, limits->receive_hwm);
	set_int(socket, ZMQ_LINGER, LINGER_MS);
	zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &message_max, sizeof(message_max));
	set_int(socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS);
	set_int(socket, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS);
	set_int(socket, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS);
	set_int(socket, ZMQ_TCP_KEEPALIVE, 1);
	set_int(socket, ZMQ_TCP_KEEPALIVE_IDLE, KEEPALIVE_IDLE_S);
	set_int(socket, ZMQ_BACKLOG, BACKLOG);
}

/* All or nothing: a socket that is meant to be encrypted and is not must not come into
 * the world. */
static int
set_curve(const struct pk_wire *wire, void *socket)
{
	int on = 1;

	if (!wire->is_encrypted)
		return 0;
	if (zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &on, sizeof(on)) != 0 ||
	    zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, wire->keys.secret_key,
		PK_KEY_TEXT + 1) != 0 ||
	    zmq_setsockopt(
		socket, ZMQ_ZAP_DOMAIN, PK_ZAP_DOMAIN, strlen(PK_ZAP_DOMAIN)) != 0)
		return -zmq_errno();
	return 0;
}

static int
watch(struct pk_wire *wire, void *socket, enum pk_door door)
{
	int r = -EMFILE;

	pthread_mutex_lock(&wire->lock);
	if (wire->n_monitors < MONITORS_MAX)
		r = pk_monitor_open(wire->zmq, socket, ++wire->opened, door,
		    &wire->monitors[wire->n_monitors]);
	if (r == 0)
		wire->n_monitors++;
	pthread_mutex_unlock(&wire->lock);
	return r;
}

int
pk_wire_socket(struct pk_wire *wire, int type, const struct pk_wire_limits *limits,
    void **ret_socket)
{
	void *socket = zmq_socket(wire->zmq, type);

	if (socket == NULL)
		return -zmq_errno();
	set_limits(wire, socket, limits);
	int r = set_curve(wire, socket);
	if (r == 0)
		r = watch(
		    wire, socket, type == ZMQ_XPUB ? PK_DOOR_EVENTS : PK_DOOR_REPLAY);
	if (r < 0) {
		zmq_close(socket);
		return r;
	}
	*ret_socket = socket;
	return 0;
}

void
pk_wire_close(struct pk_wire *wire, void *socket)
{
	(void)wire;
	if (socket == NULL)
		return;
	zmq_socket_monitor(socket, NULL, 0);
	zmq_close(socket);
}

void
pk_wire_drop(struct pk_wire *wire, void *socket)
{
	if (socket != NULL)
		set_int(socket, ZMQ_LINGER, 0);
	pk_wire_close(wire, socket);
}

/* ---- the guard ---- */

/* Only who removes them holds on to places: new ones are added behind. */
static void
read_monitors(struct pk_wire *wire)
{
	pthread_mutex_lock(&wire->lock);
	for (size_t i = 0; i < wire->n_monitors;) {
		struct pk_monitor *monitor = &wire->monitors[i];
		atomic_fetch_add(
		    &wire->connected[monitor->door], pk_monitor_read(monitor));
		if (!monitor->ended) {
			i++;
			continue;
		}
		pk_monitor_close(monitor);
		*monitor = wire->monitors[--wire->n_monitors];
	}
	pthread_mutex_unlock(&wire->lock);
}

int
pk_wire_guard(
    struct pk_wire *wire, int wake_fd, int timeout_ms, struct pk_refusal *ret_refusal)
{
	zmq_pollitem_t items[MONITORS_MAX + 2] = {
		{ .fd = wake_fd, .events = ZMQ_POLLIN },
	};
	int n = 1;

	if (wire->zap.rep != NULL)
		items[n++] =
		    (zmq_pollitem_t){ .socket = wire->zap.rep, .events = ZMQ_POLLIN };
	pthread_mutex_lock(&wire->lock);
	for (size_t i = 0; i < wire->n_monitors; i++)
		items[n++] = (zmq_pollitem_t){ .socket = wire->monitors[i].pair,
			.events = ZMQ_POLLIN };
	pthread_mutex_unlock(&wire->lock);
	zmq_poll(items, n, timeout_ms);
	read_monitors(wire);
	return wire->zap.rep == NULL ? 0 : pk_zap_serve(&wire->zap, ret_refusal);
}

uint64_t
pk_wire_connected(struct pk_wire *wire, enum pk_door door)
{
	int64_t n = atomic_load(&wire->connected[door]);

	return n < 0 ? 0 : (uint64_t)n;
}
