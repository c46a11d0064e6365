/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading the journal again, in batches and as messages of ZeroMQ, against one bare
 * SELECT of the same rows; passing over what nobody asked for, against a SELECT without
 * the bodies; and a client that asks for all of it, against one that is answered as
 * much, in the same batches, out of memory.
 */
#include "publish/replay.h"
#include "publish/socket.h"
#include "tests/bench/stream.h"

#include <endian.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#define BATCH       2000
#define BATCH_BYTES ((size_t)4 << 20)

/* Every tenth is an article, longer than a page of the file. */
#define ARTICLE_EVERY 10
#define ARTICLE_BODY  20000

static void
fill(struct pk_db *db, int n)
{
	static char body[ARTICLE_BODY];
	uint64_t seq;

	memset(body, 'x', sizeof(body));
	must(pk_db_begin(db) == 0, "pk_db_begin");
	for (int i = 0; i < n; i++) {
		bool article = i % ARTICLE_EVERY == 0;
		const struct pk_record record = {
			.topic = article ? PK_SPAN("article/fa/irna/")
					 : PK_SPAN(BENCH_TOPIC),
			.body = { body, article ? ARTICLE_BODY : BENCH_BODY },
		};
		must(pk_journal_append(db, &record, i, &seq) == 0, "append");
	}
	must(pk_db_commit(db) == 0, "pk_db_commit");
	must(pk_db_checkpoint(db, PK_CHECKPOINT_TRUNCATE, NULL) == 0, "checkpoint");
}

struct answer {
	uint64_t messages;
	uint64_t bytes;
};

static void
frame(struct answer *answer, const void *bytes, size_t len)
{
	zmq_msg_t msg;

	must(zmq_msg_init_size(&msg, len) == 0, "zmq_msg_init_size");
	memcpy(zmq_msg_data(&msg), bytes, len);
	answer->bytes += len;
	zmq_msg_close(&msg);
}

static int
add(void *context, const struct pk_message *message)
{
	struct answer *answer = context;
	unsigned char header[PK_HEADER_SIZE];

	pk_header_write(header, 1, message->seq);
	frame(answer, message->topic.ptr, message->topic.len);
	frame(answer, header, sizeof(header));
	frame(answer, message->body.ptr, message->body.len);
	answer->messages++;
	return 0;
}

/* All of it, batch by batch, as a client asks for it. */
static double
peyk_read(struct pk_db *db, const struct pk_span *prefix, struct answer *ret_answer)
{
	struct pk_journal_query query = { .limit = BATCH,
		.bytes = BATCH_BYTES,
		.scan = 100000,
		.prefixes = prefix,
		.n_prefixes = prefix != NULL };
	uint64_t start_ns = pk_mono_ns(), oldest, head = 1;

	*ret_answer = (struct answer){ 0, 0 };
	while (query.after < head) {
		must(pk_db_begin_read(db) == 0, "pk_db_begin_read");
		must(pk_journal_range(db, &oldest, &head) == 0, "pk_journal_range");
		must(pk_journal_read(db, &query, add, ret_answer, &query.after) == 0,
		    "pk_journal_read");
		must(pk_db_commit(db) == 0, "pk_db_commit");
	}
	return seconds_since(start_ns);
}

static double
bare_read(sqlite3_stmt *select)
{
	uint64_t start_ns = pk_mono_ns(), bytes = 0;
	int last = sqlite3_column_count(select) - 1;

	while (sqlite3_step(select) == SQLITE_ROW) {
		must(sqlite3_column_blob(select, last) != NULL, "sqlite3_column_blob");
		bytes += (uint64_t)sqlite3_column_bytes(select, last);
	}
	must(bytes > 0, "SELECT");
	sqlite3_reset(select);
	return seconds_since(start_ns);
}

static void
compare(struct pk_db *reader, sqlite3 *bare, const char *name, const char *sql,
    const struct pk_span *prefix, int rows, int rounds)
{
	double ours = 0, theirs = 0;
	struct answer answer = { 0, 0 };
	sqlite3_stmt *select;

	must(sqlite3_prepare_v2(bare, sql, -1, &select, NULL) == SQLITE_OK, "prepare");
	for (int i = 0; i < rounds; i++) {
		theirs += bare_read(select);
		ours += peyk_read(reader, prefix, &answer);
	}
	sqlite3_finalize(select);
	printf("{\"bench\":\"%s\",\"ratio\":%.3f,\"aim\":\">= 0.5\",\"unit\":"
	       "\"rate of a bare SELECT\",\"peyk_rows_s\":%.0f,\"sqlite_rows_s\":%.0f,"
	       "\"messages\":%llu,\"peyk_mib_s\":%.0f}\n",
	    name, theirs / ours, rows * rounds / ours, rows * rounds / theirs,
	    (unsigned long long)answer.messages,
	    (double)answer.bytes * rounds / ours / (1 << 20));
}

/* ---- over the wire ---- */

/* A thread that answers, with peyk or without. */
struct server {
	const char *path; /* of the journal */
	void *context;    /* of ZeroMQ; without peyk */
	char endpoint[64];
	pthread_t thread;
	_Atomic bool ready;
	_Atomic bool done;
};

static int
change_nothing(void *context, uint64_t ticket, const struct pk_cursor_change *change)
{
	(void)context;
	(void)ticket;
	(void)change;
	return -EAGAIN;
}

static void *
serve_peyk(void *context)
{
	struct server *server = context;
	const char *const binds[] = { "tcp://127.0.0.1:*" };
	const struct pk_replay_options options = { .binds = binds,
		.n_binds = 1,
		.batch = BATCH,
		.batch_bytes = BATCH_BYTES,
		.waiting = 16,
		.unread = SIZE_MAX };
	struct pk_wire *wire;
	struct pk_replay *replay;
	struct pk_db *db;

	must(pk_db_open(server->path, PK_DB_READ, &db) == 0, "pk_db_open");
	must(pk_wire_new(NULL, &wire) == 0, "pk_wire_new");
	must(pk_replay_open(wire, &options, change_nothing, NULL, &replay) == 0,
	    "pk_replay_open");
	snprintf(server->endpoint, sizeof(server->endpoint), "%s",
	    pk_replay_endpoint(replay, 0));
	atomic_store(&server->ready, true);
	while (!atomic_load(&server->done)) {
		pk_replay_wait(replay, -1, 20);
		pk_replay_serve(replay, db);
	}
	pk_replay_close(replay);
	pk_wire_free(wire);
	pk_db_close(db);
	return NULL;
}

static void
send_frame(void *socket, const void *bytes, size_t len, bool more)
{
	must(zmq_send(socket, bytes, len, more ? ZMQ_SNDMORE : 0) >= 0, "zmq_send");
}

/* The messages from `first` to `last`, as fill() has made them. */
static void
answer_bare(void *router, uint64_t first, uint64_t last, uint64_t head)
{
	static const char body[ARTICLE_BODY];
	unsigned char header[PK_HEADER_SIZE];
	const uint64_t epoch = htobe64(1), scanned = htobe64(last);

	for (uint64_t seq = first; seq <= last; seq++) {
		bool article = (seq - 1) % ARTICLE_EVERY == 0;
		pk_header_write(header, 1, seq);
		send_frame(router, BENCH_TOPIC, sizeof(BENCH_TOPIC) - 1, true);
		send_frame(router, header, sizeof(header), true);
		send_frame(router, body, article ? ARTICLE_BODY : BENCH_BODY, true);
	}
	head = htobe64(head);
	send_frame(router, "END", 3, true);
	send_frame(router, &epoch, sizeof(epoch), true);
	send_frame(router, &head, sizeof(head), true);
	send_frame(router, &head, sizeof(head), true);
	send_frame(router, &scanned, sizeof(scanned), false);
}

/* As many as one answer of peyk holds. */
static uint64_t
bare_batch(void)
{
	size_t ten = ARTICLE_BODY + (ARTICLE_EVERY - 1) * BENCH_BODY;
	uint64_t by_bytes = BATCH_BYTES / ten * ARTICLE_EVERY;

	return by_bytes < BATCH ? by_bytes : BATCH;
}

static void *
serve_bare(void *context)
{
	struct server *server = context;
	void *router = zmq_socket(server->context, ZMQ_ROUTER);
	size_t len = sizeof(server->endpoint);
	int wait_ms = 20;
	uint64_t frames[8], head = 0;
	char who[256];

	must(zmq_bind(router, "tcp://127.0.0.1:*") == 0, "zmq_bind");
	zmq_getsockopt(router, ZMQ_LAST_ENDPOINT, server->endpoint, &len);
	zmq_setsockopt(router, ZMQ_RCVTIMEO, &wait_ms, sizeof(wait_ms));
	atomic_store(&server->ready, true);
	while (!atomic_load(&server->done)) {
		int n = zmq_recv(router, who, sizeof(who), 0), more = 1;
		size_t size = sizeof(more), i = 0;
		if (n < 0)
			continue;
		/* PYK1 SINCE epoch cursor limit bytes; the limit is the head here */
		for (; more; i++) {
			zmq_recv(router, &frames[i & 7], sizeof(frames[0]), 0);
			zmq_getsockopt(router, ZMQ_RCVMORE, &more, &size);
		}
		head = be64toh(frames[4]);
		uint64_t first = be64toh(frames[3]) + 1,
			 last = first + bare_batch() - 1;
		send_frame(router, who, (size_t)n, true);
		answer_bare(router, first, last < head ? last : head, head);
	}
	zmq_close(router);
	return NULL;
}

/* Reads one answer; its last frame is where to go on. Returns the number of frames. */
static size_t
take_answer(void *dealer, uint64_t *ret_scanned)
{
	zmq_msg_t msg;
	size_t frames = 0;
	bool more = true;

	zmq_msg_init(&msg);
	for (; more; frames++) {
		must(zmq_msg_recv(&msg, dealer, 0) >= 0, "answer");
		more = zmq_msg_more(&msg);
	}
	must(zmq_msg_size(&msg) == sizeof(*ret_scanned), "scanned");
	memcpy(ret_scanned, zmq_msg_data(&msg), sizeof(*ret_scanned));
	*ret_scanned = be64toh(*ret_scanned);
	zmq_msg_close(&msg);
	return frames;
}

/* Asks until it has all `rows` messages. */
static double
ask_for_all(void *dealer, uint64_t rows)
{
	uint64_t start_ns = pk_mono_ns(), cursor = 0, messages = 0;

	while (cursor < rows) {
		const uint64_t numbers[] = { 0, htobe64(cursor), htobe64(rows), 0 };
		send_frame(dealer, "PYK1", 4, true);
		send_frame(dealer, "SINCE", 5, true);
		for (size_t i = 0; i < PK_COUNT(numbers); i++)
			send_frame(dealer, &numbers[i], sizeof(numbers[i]),
			    i + 1 < PK_COUNT(numbers));
		messages += (take_answer(dealer, &cursor) - 5) / 3;
	}
	must(messages == rows, "all messages");
	return seconds_since(start_ns);
}

static void *
begin(struct server *server, void *(*serve)(void *), void *context)
{
	int wait_ms = 10000, any = 0;

	must(pthread_create(&server->thread, NULL, serve, server) == 0, "thread");
	while (!atomic_load(&server->ready))
		sched_yield();
	void *dealer = zmq_socket(context, ZMQ_DEALER);
	zmq_setsockopt(dealer, ZMQ_RCVHWM, &any, sizeof(any));
	zmq_setsockopt(dealer, ZMQ_RCVTIMEO, &wait_ms, sizeof(wait_ms));
	must(zmq_connect(dealer, server->endpoint) == 0, "zmq_connect");
	return dealer;
}

static void
end(struct server *server, void *dealer)
{
	zmq_close(dealer);
	atomic_store(&server->done, true);
	pthread_join(server->thread, NULL);
}

static void
compare_clients(const char *path, int rows, int rounds)
{
	void *context = zmq_ctx_new();
	struct server peyk = { .path = path }, bare = { .context = zmq_ctx_new() };
	void *dealer = begin(&peyk, serve_peyk, context);
	void *bare_dealer = begin(&bare, serve_bare, context);
	double ours = 0, theirs = 0;

	for (int i = 0; i < rounds; i++) {
		theirs += ask_for_all(bare_dealer, (uint64_t)rows);
		ours += ask_for_all(dealer, (uint64_t)rows);
	}
	printf("{\"bench\":\"replay_client\",\"ratio\":%.3f,\"aim\":\">= 0.5\","
	       "\"unit\":\"rate of bare sockets\",\"peyk_messages_s\":%.0f,"
	       "\"zmq_messages_s\":%.0f}\n",
	    theirs / ours, rows * rounds / ours, rows * rounds / theirs);
	end(&peyk, dealer);
	end(&bare, bare_dealer);
	zmq_ctx_term(context);
	zmq_ctx_term(bare.context);
}

void
bench_replay(const char *folder, bool quick)
{
	int rows = quick ? 2000 : 40000, rounds = quick ? 1 : 5;
	const struct pk_span nothing = PK_SPAN("feed/");
	struct pk_db *db = new_journal(folder, "read.db"), *reader;
	sqlite3 *bare;
	char path[128];

	fill(db, rows);
	snprintf(path, sizeof(path), "%s/read.db", folder);
	must(pk_db_open(path, PK_DB_READ, &reader) == 0, "pk_db_open");
	must(sqlite3_open(path, &bare) == SQLITE_OK, "sqlite3_open");
	compare(reader, bare, "replay",
	    "SELECT seq, topic, body FROM message ORDER BY seq", NULL, rows, rounds);
	compare(reader, bare, "replay_scan",
	    "SELECT seq, topic FROM message ORDER BY seq", &nothing, rows, rounds);
	sqlite3_close(bare);
	pk_db_close(reader);
	compare_clients(path, rows, rounds);
	pk_db_close(db);
}
