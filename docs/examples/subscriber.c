/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Follow peyk's stream with nothing but libzmq: number, topic and JSON of each message.
 *
 *	cc -o subscriber subscriber.c -lzmq
 *	./subscriber tcp://127.0.0.1:7551 event/CONSULT/ event/THREATEN/
 *
 * The wire is described in peyk-stream(7).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#define HEADER_SIZE 24

static uint64_t
read_u64(const unsigned char *bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value = value << 8 | bytes[i];
	return value;
}

static void
show(zmq_msg_t frames[3])
{
	const unsigned char *header = zmq_msg_data(&frames[1]);

	if (zmq_msg_size(&frames[1]) != HEADER_SIZE || memcmp(header, "PYK1", 4) != 0) {
		fputs("this is no stream that I can read\n", stderr);
		return;
	}
	/* header + 8: the epoch, which changes when the log was reset */
	printf("%" PRIu64 " %.*s %.*s\n", read_u64(header + 16),
	    (int)zmq_msg_size(&frames[0]), (const char *)zmq_msg_data(&frames[0]),
	    (int)zmq_msg_size(&frames[2]), (const char *)zmq_msg_data(&frames[2]));
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	const char *endpoint = argc > 1 ? argv[1] : "tcp://127.0.0.1:7551";
	void *context = zmq_ctx_new();
	void *socket = zmq_socket(context, ZMQ_SUB);
	const int kept = 100000; /* messages kept while we are slow */
	zmq_msg_t frames[3];

	zmq_setsockopt(socket, ZMQ_RCVHWM, &kept, sizeof(kept));
	if (argc < 3)
		zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0);
	for (int i = 2; i < argc; i++)
		zmq_setsockopt(socket, ZMQ_SUBSCRIBE, argv[i], strlen(argv[i]));
	if (zmq_connect(socket, endpoint) != 0) {
		fprintf(stderr, "%s: %s\n", endpoint, zmq_strerror(zmq_errno()));
		return 1;
	}
	for (;;) {
		/* a message comes whole or not at all */
		for (int i = 0; i < 3; i++) {
			zmq_msg_init(&frames[i]);
			if (zmq_msg_recv(&frames[i], socket, 0) < 0)
				return 1;
		}
		show(frames);
		for (int i = 0; i < 3; i++)
			zmq_msg_close(&frames[i]);
	}
}
