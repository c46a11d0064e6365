/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/socket.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <zmq.h>

#include <cmocka.h>

static void
headers_come_back_as_they_were(void **state)
{
	unsigned char header[PK_HEADER_SIZE];
	struct pk_span bytes = { (const char *)header, sizeof(header) };
	uint64_t epoch = 0, sequence = 0;

	(void)state;
	pk_header_write(header, UINT64_C(0x0102030405060708), 258);
	assert_memory_equal(header, "PYK1\0\0\0\0\1\2\3\4\5\6\7\10", 16);
	assert_int_equal(header[22], 1);
	assert_int_equal(header[23], 2);
	assert_int_equal(pk_header_read(bytes, &epoch, &sequence), 0);
	assert_true(epoch == UINT64_C(0x0102030405060708) && sequence == 258);
	header[3] = '2';
	assert_int_equal(pk_header_read(bytes, &epoch, &sequence), -EBADMSG);
	bytes.len--;
	assert_int_equal(pk_header_read(bytes, &epoch, &sequence), -EBADMSG);
}

/* Receives one frame within two seconds, as text. */
static void
expect_frame(void *sub, const char *want)
{
	char frame[512];
	int len = zmq_recv(sub, frame, sizeof(frame) - 1, 0);

	assert_in_range(len, 0, (int)sizeof(frame) - 1);
	frame[len] = '\0';
	if (want != NULL)
		assert_string_equal(frame, want);
}

static struct pk_wire *server;

static int
open_context(void **state)
{
	(void)state;
	return pk_wire_new(NULL, &server);
}

static int
close_context(void **state)
{
	(void)state;
	server = pk_wire_free(server);
	return 0;
}

/* Opens a publisher on a free port with one subscriber that is known to be there. */
static struct pk_socket *
open_pair(void *context, const char *prefix, void **ret_sub)
{
	const char *const binds[] = { "tcp://127.0.0.1:*" };
	struct pk_socket_options options = {
		.binds = binds, .n_binds = 1, .send_hwm = 100
	};
	struct pk_socket *socket = NULL;
	int timeout = 2000;

	assert_int_equal(pk_socket_open(server, &options, &socket), 0);
	*ret_sub = zmq_socket(context, ZMQ_SUB);
	zmq_setsockopt(*ret_sub, ZMQ_RCVTIMEO, &timeout, sizeof(timeout));
	zmq_setsockopt(*ret_sub, ZMQ_SUBSCRIBE, prefix, strlen(prefix));
	assert_int_equal(zmq_connect(*ret_sub, pk_socket_endpoint(socket, 0)), 0);
	while (pk_socket_subscriptions(socket) == 0)
		zmq_poll(NULL, 0, 1);
	return socket;
}

static void
a_subscriber_gets_three_frames_of_its_topic(void **state)
{
	void *context = zmq_ctx_new(), *sub;
	struct pk_socket *socket = open_pair(context, "event/CONSULT/", &sub);

	(void)state;
	assert_int_equal(
	    pk_socket_send(socket, PK_SPAN("event/CONSULTING/"), 9, 1, PK_SPAN("no")),
	    0);
	assert_int_equal(pk_socket_send(socket, PK_SPAN("event/CONSULT/OMN/-/"), 9, 2,
			     PK_SPAN("{}")),
	    0);
	expect_frame(sub, "event/CONSULT/OMN/-/");
	expect_frame(sub, NULL);
	expect_frame(sub, "{}");
	zmq_close(sub);
	zmq_ctx_term(context);
	assert_null(pk_socket_close(socket));
}

static void
heartbeats_tell_the_head(void **state)
{
	void *context = zmq_ctx_new(), *sub;
	struct pk_socket *socket = open_pair(context, "heartbeat/", &sub);
	char body[512];

	(void)state;
	assert_int_equal(pk_socket_heartbeat(socket, "main", 0xAB, 3, 17, 0), 0);
	expect_frame(sub, "heartbeat/");
	expect_frame(sub, NULL);
	int len = zmq_recv(sub, body, sizeof(body) - 1, 0);
	assert_in_range(len, 1, (int)sizeof(body) - 1);
	body[len] = '\0';
	assert_non_null(strstr(body, "\"epoch\":\"00000000000000ab\""));
	assert_non_null(strstr(body, "\"head\":17"));
	assert_non_null(strstr(body, "\"oldest\":3"));
	zmq_close(sub);
	zmq_ctx_term(context);
	pk_socket_close(socket);
}

static void
a_port_in_use_is_said(void **state)
{
	const char *const any[] = { "tcp://127.0.0.1:*" };
	struct pk_socket_options options = {
		.binds = any, .n_binds = 1, .send_hwm = 1
	};
	struct pk_socket *first = NULL, *second = NULL;

	(void)state;
	assert_int_equal(pk_socket_open(server, &options, &first), 0);
	const char *const same[] = { pk_socket_endpoint(first, 0) };
	options.binds = same;
	assert_int_equal(pk_socket_open(server, &options, &second), -EADDRINUSE);
	assert_null(second);
	pk_socket_close(first);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_come_back_as_they_were),
		cmocka_unit_test_setup_teardown(
		    a_subscriber_gets_three_frames_of_its_topic, open_context,
		    close_context),
		cmocka_unit_test_setup_teardown(
		    heartbeats_tell_the_head, open_context, close_context),
		cmocka_unit_test_setup_teardown(
		    a_port_in_use_is_said, open_context, close_context),
	};

	return cmocka_run_group_tests_name("publish/socket", tests, NULL, NULL);
}
