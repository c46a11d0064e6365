/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Journal and publish against bare SQLite: the same rows, the same groups of 100, the
 * same durability (WAL, synchronous=FULL), no checkpoint in the writer of either.
 */
#include "publish/socket.h"
#include "tests/bench/stream.h"

#include <sqlite3.h>

/* Ten articles with what they tell. */
#define ARTICLES 10
#define RECORDS  10
#define GROUP    (ARTICLES * RECORDS)

static char body[BENCH_BODY];

static double
bare_group(sqlite3 *db, sqlite3_stmt *insert)
{
	uint64_t start_ns = pk_mono_ns();

	must(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK,
	    "BEGIN");
	for (int i = 0; i < GROUP; i++) {
		sqlite3_bind_int64(insert, 1, i);
		sqlite3_bind_text(insert, 2, BENCH_TOPIC, -1, SQLITE_STATIC);
		sqlite3_bind_blob(insert, 3, body, sizeof(body), SQLITE_STATIC);
		must(sqlite3_step(insert) == SQLITE_DONE, "INSERT");
		sqlite3_reset(insert);
	}
	must(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK, "COMMIT");
	return seconds_since(start_ns);
}

static double
peyk_group(struct pk_db *db, struct pk_socket *socket, uint64_t epoch)
{
	struct pk_record items[RECORDS];
	const struct pk_records records = { .items = items, .len = RECORDS };
	uint64_t seqs[GROUP], start_ns = pk_mono_ns();

	for (int i = 0; i < RECORDS; i++)
		items[i] = (struct pk_record){ .kind = PK_RECORD_FEED,
			.topic = PK_SPAN(BENCH_TOPIC),
			.body = { body, sizeof(body) } };
	must(pk_db_begin(db) == 0, "pk_db_begin");
	for (int i = 0; i < ARTICLES; i++)
		must(pk_journal_apply(db, &records, i, &seqs[i * RECORDS]) == 0,
		    "pk_journal_apply");
	must(pk_db_commit(db) == 0, "pk_db_commit");
	for (int i = 0; i < GROUP; i++)
		pk_socket_send(socket, items[i % RECORDS].topic, epoch, seqs[i],
		    items[i % RECORDS].body);
	return seconds_since(start_ns);
}

static sqlite3_stmt *
open_bare(const char *folder, sqlite3 **ret_db)
{
	char path[128];
	sqlite3_stmt *insert;

	snprintf(path, sizeof(path), "%s/bare.db", folder);
	must(sqlite3_open(path, ret_db) == SQLITE_OK, "sqlite3_open");
	must(sqlite3_exec(*ret_db,
		 "PRAGMA page_size=8192; PRAGMA journal_mode=WAL;"
		 "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
		 "CREATE TABLE message(seq INTEGER PRIMARY KEY, at_ms INTEGER,"
		 " topic TEXT, body BLOB)",
		 NULL, NULL, NULL) == SQLITE_OK,
	    "CREATE");
	must(sqlite3_prepare_v2(*ret_db,
		 "INSERT INTO message(at_ms, topic, body) VALUES(?, ?, ?)", -1, &insert,
		 NULL) == SQLITE_OK,
	    "prepare");
	return insert;
}

/* Between the groups, as the keeper does it beside them. */
static void
move_wal(struct pk_db *db, sqlite3 *bare)
{
	must(pk_db_checkpoint(db, PK_CHECKPOINT_PASSIVE, NULL) == 0, "checkpoint");
	must(sqlite3_wal_checkpoint_v2(
		 bare, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL) == SQLITE_OK,
	    "sqlite3_wal_checkpoint_v2");
}

void
bench_journal(const char *folder, bool quick)
{
	int rounds = quick ? 5 : 600;
	const char *const binds[] = { "tcp://127.0.0.1:*" };
	const struct pk_socket_options options = {
		.binds = binds, .n_binds = 1, .send_hwm = 1000
	};
	struct pk_db *db = new_journal(folder, "written.db");
	struct pk_wire *wire;
	struct pk_socket *socket;
	sqlite3 *bare;
	uint64_t epoch;
	double ours = 0, theirs = 0;

	sqlite3_stmt *insert = open_bare(folder, &bare);
	memset(body, 'x', sizeof(body));
	must(pk_journal_epoch(db, &epoch) == 0, "pk_journal_epoch");
	must(pk_wire_new(NULL, &wire) == 0, "pk_wire_new");
	must(pk_socket_open(wire, &options, &socket) == 0, "pk_socket_open");
	for (int i = 0; i < rounds; i++) {
		theirs += bare_group(bare, insert);
		ours += peyk_group(db, socket, epoch);
		if (i % 50 == 49)
			move_wal(db, bare);
	}
	printf("{\"bench\":\"journal\",\"ratio\":%.3f,\"aim\":\">= 0.8\",\"unit\":"
	       "\"rate of bare SQLite\",\"peyk_rows_s\":%.0f,\"sqlite_rows_s\":%.0f}\n",
	    theirs / ours, rounds * GROUP / ours, rounds * GROUP / theirs);

	sqlite3_finalize(insert);
	sqlite3_close(bare);
	pk_socket_close(socket);
	pk_wire_free(wire);
	pk_db_close(db);
}
