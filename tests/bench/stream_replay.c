/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading the journal again, in batches and as messages of ZeroMQ, against one bare
 * SELECT of the same rows; and passing over what nobody asked for, against a SELECT
 * without its bodies.
 */
#include "publish/socket.h"
#include "tests/bench/stream.h"

#include <sqlite3.h>
#include <zmq.h>

#define BATCH 2000

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
		.bytes = (size_t)4 << 20,
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

void
bench_replay(const char *folder, bool quick)
{
	int rows = quick ? 2000 : 40000, rounds = quick ? 1 : 5;
	const struct pk_span articles = PK_SPAN("feed/");
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
	    "SELECT seq, topic FROM message ORDER BY seq", &articles, rows, rounds);
	sqlite3_close(bare);
	pk_db_close(reader);
	pk_db_close(db);
}
