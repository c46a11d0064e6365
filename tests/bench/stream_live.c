/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How late a message is that 50 subscribers get, one of which does not read: from the
 * moment it is due, through the journal, to the subscriber; against the same messages
 * from a bare socket to as many. Both take turns. Where the machine cannot carry the
 * rate, both show it: `kept` is the share of the messages that arrived.
 */
#include "publish/access.h"
#include "publish/socket.h"
#include "tests/bench/stream.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

#define SUBSCRIBERS 50
#define READERS     (SUBSCRIBERS - 1)
#define SEND_HWM    5000 /* the one who does not read is beyond it soon */
#define GROUP_MAX   100
#define WARM_UP     50 /* messages at the start of a turn that do not count */
#define LATEST_US   2000000
#define DRAIN_NS    (PK_NS_PER_S / 2)

/* One of the two ways, with its subscribers. */
struct line {
	void *publisher; /* bare */
	struct pk_socket *socket;
	struct pk_db *db;
	uint64_t epoch;
	void *readers[READERS];
	void *stopped;
	_Atomic uint64_t received;
	uint64_t sent;
	uint32_t *late; /* how many were so many microseconds late */
	uint64_t longest_commit_ns;
};

struct stage {
	bool curve;
	struct pk_key_pair server, client;
	void *context; /* of the subscribers */
	struct pk_access *access;
	struct pk_wire *wire;
	struct line bare, peyk;
	pthread_t receiver, guard;
	_Atomic bool done;
};

static char body[BENCH_BODY];

/* ---- the subscribers ---- */

static void
set_key(void *socket, int option, const char *key)
{
	must(zmq_setsockopt(socket, option, key, PK_KEY_TEXT + 1) == 0, "a key");
}

static void
connect_one(struct stage *stage, const char *endpoint, bool stopped, void **ret_socket)
{
	int none = 0, one = 1, little = 4096;

	*ret_socket = zmq_socket(stage->context, ZMQ_SUB);
	must(*ret_socket != NULL, "zmq_socket");
	zmq_setsockopt(*ret_socket, ZMQ_LINGER, &none, sizeof(none));
	if (stopped) {
		zmq_setsockopt(*ret_socket, ZMQ_RCVHWM, &one, sizeof(one));
		zmq_setsockopt(*ret_socket, ZMQ_RCVBUF, &little, sizeof(little));
	} else {
		int hwm = SEND_HWM;
		zmq_setsockopt(*ret_socket, ZMQ_RCVHWM, &hwm, sizeof(hwm));
	}
	if (stage->curve) {
		set_key(*ret_socket, ZMQ_CURVE_SERVERKEY, stage->server.public_key);
		set_key(*ret_socket, ZMQ_CURVE_PUBLICKEY, stage->client.public_key);
		set_key(*ret_socket, ZMQ_CURVE_SECRETKEY, stage->client.secret_key);
	}
	zmq_setsockopt(*ret_socket, ZMQ_SUBSCRIBE, "", 0);
	must(zmq_connect(*ret_socket, endpoint) == 0, "zmq_connect");
}

static void
connect_all(struct stage *stage, struct line *line, const char *endpoint)
{
	for (int i = 0; i < READERS; i++)
		connect_one(stage, endpoint, false, &line->readers[i]);
	connect_one(stage, endpoint, true, &line->stopped);
}

static void
close_all(struct line *line)
{
	for (int i = 0; i < READERS; i++)
		zmq_close(line->readers[i]);
	zmq_close(line->stopped);
	free(line->late);
}

/* The body begins with the moment when it was due; 0 does not count. */
static void
note(struct line *line, const zmq_msg_t *msg)
{
	uint64_t due_ns, now_ns = pk_mono_ns();

	memcpy(&due_ns, zmq_msg_data((zmq_msg_t *)(uintptr_t)msg), sizeof(due_ns));
	atomic_fetch_add_explicit(&line->received, 1, memory_order_relaxed);
	if (due_ns == 0)
		return;
	uint64_t us = now_ns > due_ns ? (now_ns - due_ns) / 1000 : 0;
	line->late[us < LATEST_US ? us : LATEST_US]++;
}

static void
take_all(struct line *line, void *socket)
{
	zmq_msg_t msg;

	zmq_msg_init(&msg);
	while (zmq_msg_recv(&msg, socket, ZMQ_DONTWAIT) >= 0) {
		if (!zmq_msg_more(&msg))
			note(line, &msg);
	}
	zmq_msg_close(&msg);
}

static void *
receive(void *context)
{
	struct stage *stage = context;
	zmq_pollitem_t items[READERS * 2];

	for (int i = 0; i < READERS; i++) {
		items[i] = (zmq_pollitem_t){ .socket = stage->bare.readers[i],
			.events = ZMQ_POLLIN };
		items[READERS + i] = (zmq_pollitem_t){ .socket = stage->peyk.readers[i],
			.events = ZMQ_POLLIN };
	}
	while (!atomic_load(&stage->done)) {
		if (zmq_poll(items, READERS * 2, 20) <= 0)
			continue;
		for (int i = 0; i < READERS * 2; i++) {
			if (items[i].revents != 0)
				take_all(i < READERS ? &stage->bare : &stage->peyk,
				    items[i].socket);
		}
	}
	return NULL;
}

/* ---- the publishers ---- */

static void
send_bare(struct line *line, size_t n)
{
	unsigned char header[PK_HEADER_SIZE];

	pk_header_write(header, 1, 1);
	for (size_t i = 0; i < n; i++) {
		zmq_send(line->publisher, BENCH_TOPIC, sizeof(BENCH_TOPIC) - 1,
		    ZMQ_SNDMORE | ZMQ_DONTWAIT);
		zmq_send(line->publisher, header, sizeof(header),
		    ZMQ_SNDMORE | ZMQ_DONTWAIT);
		zmq_send(line->publisher, body, sizeof(body), ZMQ_DONTWAIT);
	}
}

static void
send_peyk(struct line *line, size_t n)
{
	const struct pk_record record = { .kind = PK_RECORD_EVENT,
		.topic = PK_SPAN(BENCH_TOPIC),
		.body = { body, sizeof(body) } };
	uint64_t seqs[GROUP_MAX];

	must(pk_db_begin(line->db) == 0, "pk_db_begin");
	for (size_t i = 0; i < n; i++)
		must(pk_journal_append(line->db, &record, 1, &seqs[i]) == 0, "append");
	uint64_t start_ns = pk_mono_ns();
	must(pk_db_commit(line->db) == 0, "pk_db_commit");
	uint64_t took_ns = pk_mono_ns() - start_ns;
	if (took_ns > line->longest_commit_ns)
		line->longest_commit_ns = took_ns;
	for (size_t i = 0; i < n; i++)
		pk_socket_send(
		    line->socket, record.topic, line->epoch, seqs[i], record.body);
}

static void
sleep_until(uint64_t ns)
{
	struct timespec until = { .tv_sec = (time_t)(ns / (uint64_t)PK_NS_PER_S),
		.tv_nsec = (long)(ns % (uint64_t)PK_NS_PER_S) };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

/* What is not there soon does not come any more. */
static void
drain(struct line *line)
{
	uint64_t seen = 0, since_ns = pk_mono_ns();

	while (seen < line->sent * READERS &&
	       pk_mono_ns() < since_ns + (uint64_t)DRAIN_NS) {
		uint64_t received = atomic_load(&line->received);
		if (received != seen)
			since_ns = pk_mono_ns();
		seen = received;
		sleep_until(pk_mono_ns() + (uint64_t)PK_NS_PER_MS);
	}
}

/* `n` messages, each when it is due; those that are late already go together. */
static void
publish(struct line *line, void (*send)(struct line *, size_t), uint64_t rate, size_t n)
{
	uint64_t gap_ns = (uint64_t)PK_NS_PER_S / rate;
	uint64_t start_ns = pk_mono_ns() + (uint64_t)PK_NS_PER_MS;

	for (size_t done = 0; done < n;) {
		uint64_t due_ns = start_ns + done * gap_ns, now_ns = pk_mono_ns();
		if (now_ns < due_ns) {
			sleep_until(due_ns);
			continue;
		}
		size_t behind = (size_t)((now_ns - due_ns) / gap_ns) + 1;
		size_t group = behind < GROUP_MAX ? behind : GROUP_MAX;
		if (group > n - done)
			group = n - done;
		if (done < WARM_UP)
			due_ns = 0;
		memcpy(body, &due_ns, sizeof(due_ns));
		send(line, group);
		done += group;
	}
	line->sent += n;
	drain(line);
}

/* ---- what came of it ---- */

static uint32_t
percentile(const struct line *line, double share)
{
	uint64_t n = 0, seen = 0;

	for (uint32_t us = 0; us <= LATEST_US; us++)
		n += line->late[us];
	for (uint32_t us = 0; us <= LATEST_US; us++) {
		seen += line->late[us];
		if ((double)seen >= share * (double)n)
			return us;
	}
	return LATEST_US;
}

static double
kept(struct line *line)
{
	return (double)atomic_load(&line->received) / (double)(line->sent * READERS);
}

static void
measure(struct stage *stage, uint64_t rate, int turns, size_t n)
{
	for (struct line *line = &stage->bare;; line = &stage->peyk) {
		memset(line->late, 0, (LATEST_US + 1) * sizeof(*line->late));
		atomic_store(&line->received, 0);
		line->sent = 0;
		line->longest_commit_ns = 0;
		if (line == &stage->peyk)
			break;
	}
	for (int i = 0; i < turns; i++) {
		publish(&stage->bare, send_bare, rate, n);
		publish(&stage->peyk, send_peyk, rate, n);
	}
	uint32_t bare_p99 = percentile(&stage->bare, 0.99);
	uint32_t peyk_p99 = percentile(&stage->peyk, 0.99);
	printf("{\"bench\":\"live\",\"ratio\":%.2f,\"aim\":\"<= 2\",\"unit\":"
	       "\"p99 of a bare socket\",\"curve\":%s,\"events_s\":%llu,"
	       "\"subscribers\":%d,\"stopped\":1,\"peyk_p50_us\":%u,\"peyk_p99_us\":%u,"
	       "\"bare_p50_us\":%u,\"bare_p99_us\":%u,\"peyk_kept\":%.4f,"
	       "\"bare_kept\":%.4f,\"longest_commit_us\":%llu}\n",
	    (double)peyk_p99 / (bare_p99 > 0 ? bare_p99 : 1),
	    stage->curve ? "true" : "false", (unsigned long long)rate, SUBSCRIBERS,
	    percentile(&stage->peyk, 0.5), peyk_p99, percentile(&stage->bare, 0.5),
	    bare_p99, kept(&stage->peyk), kept(&stage->bare),
	    (unsigned long long)(stage->peyk.longest_commit_ns / 1000));
}

/* ---- the stage ---- */

/* Sends until every one has got something: only then is it known to be there. */
static void
wait_for_all(struct line *line, void (*send)(struct line *, size_t))
{
	memset(body, 0, sizeof(uint64_t));
	for (int i = 0; i < READERS;) {
		send(line, 1);
		sleep_until(pk_mono_ns() + (uint64_t)PK_NS_PER_MS);
		while (i < READERS) {
			uint64_t before = atomic_load(&line->received);
			take_all(line, line->readers[i]);
			if (atomic_load(&line->received) == before)
				break;
			i++;
		}
	}
}

static void
open_bare(struct stage *stage, void **ret_context)
{
	char endpoint[64];
	size_t len = sizeof(endpoint);
	int hwm = SEND_HWM, none = 0;

	*ret_context = zmq_ctx_new();
	stage->bare.publisher = zmq_socket(*ret_context, ZMQ_XPUB);
	must(stage->bare.publisher != NULL, "zmq_socket");
	zmq_setsockopt(stage->bare.publisher, ZMQ_SNDHWM, &hwm, sizeof(hwm));
	zmq_setsockopt(stage->bare.publisher, ZMQ_LINGER, &none, sizeof(none));
	if (stage->curve) {
		int yes = 1;
		zmq_setsockopt(
		    stage->bare.publisher, ZMQ_CURVE_SERVER, &yes, sizeof(yes));
		set_key(stage->bare.publisher, ZMQ_CURVE_SECRETKEY,
		    stage->server.secret_key);
	}
	must(zmq_bind(stage->bare.publisher, "tcp://127.0.0.1:*") == 0, "zmq_bind");
	zmq_getsockopt(stage->bare.publisher, ZMQ_LAST_ENDPOINT, endpoint, &len);
	connect_all(stage, &stage->bare, endpoint);
}

/* Both pairs, and a list that knows the client's. */
static void
make_keys(struct stage *stage)
{
	struct pk_allow_list *list = NULL;

	must(pk_key_pair_make(&stage->server) == 0, "pk_key_pair_make");
	must(pk_key_pair_make(&stage->client) == 0, "pk_key_pair_make");
	must(pk_allow_list_parse(
		 "client.pub", pk_span_of(stage->client.public_key), &list, NULL) == 0,
	    "pk_allow_list_parse");
	stage->access = pk_access_new(list);
	must(stage->access != NULL, "pk_access_new");
}

/* Lets the subscribers in. */
static void *
guard(void *context)
{
	struct stage *stage = context;
	struct pk_refusal refusal;

	while (!atomic_load(&stage->done))
		must(pk_wire_guard(stage->wire, -1, 20, &refusal) == 0, "guard");
	return NULL;
}

static void
open_peyk(struct stage *stage, const char *folder)
{
	const struct pk_wire_options encryption = { &stage->server, stage->access };
	const char *const binds[] = { "tcp://127.0.0.1:*" };
	const struct pk_socket_options options = {
		.binds = binds, .n_binds = 1, .send_hwm = SEND_HWM
	};

	stage->peyk.db = new_journal(folder, stage->curve ? "curve.db" : "live.db");
	must(pk_journal_epoch(stage->peyk.db, &stage->peyk.epoch) == 0, "epoch");
	must(pk_wire_new(stage->curve ? &encryption : NULL, &stage->wire) == 0,
	    "pk_wire_new");
	must(pthread_create(&stage->guard, NULL, guard, stage) == 0, "thread");
	must(pk_socket_open(stage->wire, &options, &stage->peyk.socket) == 0,
	    "pk_socket_open");
	connect_all(stage, &stage->peyk, pk_socket_endpoint(stage->peyk.socket, 0));
}

static void
run(const char *folder, bool curve, bool quick)
{
	struct stage stage = { .curve = curve, .context = zmq_ctx_new() };
	void *bare_context;
	int turns = quick ? 1 : 10;

	stage.bare.late = calloc(LATEST_US + 1, sizeof(*stage.bare.late));
	stage.peyk.late = calloc(LATEST_US + 1, sizeof(*stage.peyk.late));
	must(stage.bare.late != NULL && stage.peyk.late != NULL, "calloc");
	if (curve)
		make_keys(&stage);
	open_bare(&stage, &bare_context);
	open_peyk(&stage, folder);
	wait_for_all(&stage.bare, send_bare);
	wait_for_all(&stage.peyk, send_peyk);
	must(pthread_create(&stage.receiver, NULL, receive, &stage) == 0, "thread");
	measure(&stage, 1000, turns, quick ? 100 : 500);
	measure(&stage, 5000, turns, quick ? 200 : 2500);
	atomic_store(&stage.done, true);
	pthread_join(stage.receiver, NULL);
	pthread_join(stage.guard, NULL);

	close_all(&stage.bare);
	close_all(&stage.peyk);
	zmq_close(stage.bare.publisher);
	pk_socket_close(stage.peyk.socket);
	pk_db_close(stage.peyk.db);
	zmq_ctx_term(stage.context);
	zmq_ctx_term(bare_context);
	pk_wire_free(stage.wire);
	pk_access_free(stage.access);
}

void
bench_live(const char *folder, bool quick)
{
	memset(body, 'x', sizeof(body));
	run(folder, false, quick);
	run(folder, true, quick);
}
