/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/zap.h"

#include "base/counter.h"
#include "publish/socket.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <zmq.h>

#include <cmocka.h>

static struct pk_key_pair server, friend, stranger;

static struct pk_allow_list *
list_with(const char *key)
{
	struct pk_allow_list *list = NULL;
	struct pk_diag diag;

	assert_int_equal(
	    pk_allow_list_parse("friend.pub", pk_span_of(key), &list, &diag), 0);
	return list;
}

static int
make_keys(void **state)
{
	(void)state;
	return pk_key_pair_make(&server) + pk_key_pair_make(&friend) +
	       pk_key_pair_make(&stranger);
}

/* ---- requests, as libzmq would never make them ---- */

struct asking {
	void *context;
	void *req;
	struct pk_zap zap;
	struct pk_access *access;
};

static void
begin(struct asking *asking)
{
	int timeout = 2000, linger = 0;

	asking->access = pk_access_new(list_with(friend.public_key));
	asking->context = zmq_ctx_new();
	assert_int_equal(pk_zap_open(asking->context, asking->access, &asking->zap), 0);
	asking->req = zmq_socket(asking->context, ZMQ_DEALER);
	zmq_setsockopt(asking->req, ZMQ_RCVTIMEO, &timeout, sizeof(timeout));
	zmq_setsockopt(asking->req, ZMQ_LINGER, &linger, sizeof(linger));
	assert_int_equal(zmq_connect(asking->req, "inproc://zeromq.zap.01"), 0);
}

static void
end(struct asking *asking)
{
	zmq_close(asking->req);
	pk_zap_close(&asking->zap);
	zmq_ctx_term(asking->context);
	pk_access_free(asking->access);
}

/* Sends the frames behind an empty one, and gives the status of the answer. */
static void
ask(struct asking *asking, const struct pk_span *frames, size_t n, char ret_status[8],
    char ret_user[80], struct pk_refusal *ret_refusal)
{
	char frame[300];
	int more = n > 0, len, at = 0;
	size_t size = sizeof(more);

	zmq_send(asking->req, "", 0, n > 0 ? ZMQ_SNDMORE : 0);
	for (size_t i = 0; i < n; i++)
		zmq_send(asking->req, frames[i].ptr, frames[i].len,
		    i + 1 < n ? ZMQ_SNDMORE : 0);
	while (zmq_getsockopt(asking->zap.rep, ZMQ_EVENTS, &more, &size) == 0 &&
	       (more & ZMQ_POLLIN) == 0)
		zmq_poll(NULL, 0, 1);
	pk_zap_serve(&asking->zap, ret_refusal);
	ret_status[0] = ret_user[0] = '\0';
	do {
		len = zmq_recv(asking->req, frame, sizeof(frame) - 1, 0);
		assert_in_range(len, 0, sizeof(frame) - 1);
		frame[len] = '\0';
		if (at == 3)
			snprintf(ret_status, 8, "%.7s", frame);
		if (at == 5)
			snprintf(ret_user, 80, "%.79s", frame);
		at++;
		zmq_getsockopt(asking->req, ZMQ_RCVMORE, &more, &size);
	} while (more);
	assert_int_equal(at, 7); /* the empty one, and the six of an answer */
}

static void
only_known_keys_get_in(void **state)
{
	struct asking asking;
	unsigned char key[PK_KEY_BYTES];
	struct pk_refusal refusal;
	char status[8], user[80], longest[256];
	struct pk_span frames[] = { PK_SPAN("1.0"), PK_SPAN("7"), PK_SPAN("peyk"),
		PK_SPAN("192.0.2.1"), PK_SPAN(""), PK_SPAN("CURVE"),
		{ (const char *)key, sizeof(key) }, PK_SPAN("more") };

	(void)state;
	begin(&asking);
	assert_int_equal(pk_key_decode(pk_span_of(friend.public_key), key), 0);
	ask(&asking, frames, 7, status, user, &refusal);
	assert_string_equal(status, "200");
	assert_string_equal(user, "friend");
	assert_int_equal(pk_key_decode(pk_span_of(stranger.public_key), key), 0);
	ask(&asking, frames, 7, status, user, &refusal);
	assert_string_equal(status, "400");
	assert_string_equal(user, "");
	assert_int_equal(refusal.why, -ENOENT);
	assert_string_equal(refusal.key, stranger.public_key);
	assert_string_equal(refusal.address, "192.0.2.1");

	/* each of the frames wrong, missing, or too long: never let in, always answered
	 */
	assert_int_equal(pk_key_decode(pk_span_of(friend.public_key), key), 0);
	memset(longest, 'x', sizeof(longest));
	for (size_t i = 0; i < PK_COUNT(frames); i++) {
		const struct pk_span wrong[] = { PK_SPAN(""), PK_SPAN("\0\1"),
			{ longest, sizeof(longest) } };
		for (size_t k = 0; k < PK_COUNT(wrong); k++) {
			struct pk_span kept = frames[i];
			frames[i] = wrong[k];
			ask(&asking, frames, 8, status, user, &refusal);
			assert_string_equal(status, "400");
			frames[i] = kept;
		}
		/* (a message without a frame is none for REP) */
		ask(&asking, frames, i == 0 || i == 7 ? 8 : i, status, user, &refusal);
		assert_string_equal(status, "400");
		assert_string_equal(user, "");
	}
	ask(&asking, frames, 7, status, user, &refusal);
	assert_string_equal(status, "200");
	end(&asking);
}

/* ---- the doors of an encrypted stream ---- */

static struct pk_wire *wire;
static struct pk_access *let_in;
static atomic_bool stopping;
static atomic_int refusals;

static void *
stand_guard(void *context)
{
	struct pk_refusal refusal;

	(void)context;
	while (!atomic_load(&stopping))
		atomic_fetch_add(&refusals, pk_wire_guard(wire, -1, 5, &refusal));
	return NULL;
}

static void *
connect_with(void *context, const struct pk_key_pair *pair, const char *endpoint)
{
	void *sub = zmq_socket(context, ZMQ_SUB);
	int timeout = 5000, soon = 10;

	zmq_setsockopt(sub, ZMQ_RCVTIMEO, &timeout, sizeof(timeout));
	zmq_setsockopt(sub, ZMQ_RECONNECT_IVL, &soon, sizeof(soon));
	zmq_setsockopt(sub, ZMQ_SUBSCRIBE, "", 0);
	zmq_setsockopt(sub, ZMQ_CURVE_SERVERKEY, server.public_key, PK_KEY_TEXT + 1);
	zmq_setsockopt(sub, ZMQ_CURVE_PUBLICKEY, pair->public_key, PK_KEY_TEXT + 1);
	zmq_setsockopt(sub, ZMQ_CURVE_SECRETKEY, pair->secret_key, PK_KEY_TEXT + 1);
	assert_int_equal(zmq_connect(sub, endpoint), 0);
	return sub;
}

static void
wait_for(struct pk_socket *socket, size_t subscriptions)
{
	while (pk_socket_subscriptions(socket) != subscriptions)
		zmq_poll(NULL, 0, 1);
}

static void
who_loses_a_key_is_out(void **state)
{
	const char *const binds[] = { "tcp://127.0.0.1:*" };
	struct pk_socket_options options = {
		.binds = binds, .n_binds = 1, .send_hwm = 100
	};
	struct pk_socket *socket = NULL;
	void *context = zmq_ctx_new();
	char body[8], endpoint[64];
	pthread_t guard;

	(void)state;
	let_in = pk_access_new(list_with(friend.public_key));
	assert_int_equal(
	    pk_wire_new(
		&(struct pk_wire_options){ .keys = &server, .access = let_in }, &wire),
	    0);
	assert_int_equal(pk_socket_open(wire, &options, &socket), 0);
	snprintf(endpoint, sizeof(endpoint), "%s", pk_socket_endpoint(socket, 0));
	assert_int_equal(pthread_create(&guard, NULL, stand_guard, NULL), 0);
	void *one = connect_with(context, &friend, endpoint);
	void *other = connect_with(context, &stranger, endpoint);
	wait_for(socket, 1);
	while (atomic_load(&refusals) == 0)
		zmq_poll(NULL, 0, 1);
	assert_int_equal(pk_socket_send(socket, PK_SPAN("a/"), 1, 1, PK_SPAN("1")), 0);
	assert_int_equal(zmq_recv(one, body, sizeof(body), 0), 2);
	assert_int_equal(zmq_recv(other, body, sizeof(body), ZMQ_DONTWAIT), -1);

	/* a list that takes nothing from anybody disturbs nobody */
	pk_access_use(let_in, list_with(friend.public_key));
	assert_int_equal(pk_socket_rebind(socket, &options), 0);
	assert_true(pk_counted(PK_COUNT_STREAM_REOPENED) == 0);

	int before = atomic_load(&refusals);
	pk_access_use(let_in, list_with(stranger.public_key));
	assert_int_equal(pk_socket_rebind(socket, &options), 0);
	assert_true(pk_counted(PK_COUNT_STREAM_REOPENED) == 1);
	assert_string_equal(pk_socket_endpoint(socket, 0), endpoint);
	while (atomic_load(&refusals) == before)
		zmq_poll(NULL, 0, 1);
	/* the endpoint is the same: whoever may, comes */
	void *third = connect_with(context, &stranger, endpoint);
	wait_for(socket, 1);
	assert_int_equal(pk_socket_send(socket, PK_SPAN("a/"), 1, 2, PK_SPAN("2")), 0);
	assert_int_equal(zmq_recv(third, body, sizeof(body), 0), 2);
	while (zmq_recv(one, body, sizeof(body), ZMQ_DONTWAIT) >= 0)
		assert_int_not_equal(body[0], '2');

	zmq_close(one);
	zmq_close(other);
	zmq_close(third);
	zmq_ctx_term(context);
	while (pk_wire_connected(wire, PK_DOOR_EVENTS) != 0)
		zmq_poll(NULL, 0, 1);
	pk_socket_close(socket);
	atomic_store(&stopping, true);
	pthread_join(guard, NULL);
	assert_null(pk_wire_free(wire));
	pk_access_free(let_in);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_known_keys_get_in),
		cmocka_unit_test(who_loses_a_key_is_out),
	};

	return cmocka_run_group_tests_name("publish/zap", tests, make_keys, NULL);
}
