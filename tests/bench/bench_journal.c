/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Journal and publish against bare SQLite: the same rows, the same groups of 100, the
 * same durability (WAL, synchronous=FULL), in turns, so that both see the same noise.
 */
#include "base/clock.h"
#include "publish/journal.h"
#include "publish/socket.h"

#include <sqlite3.h>

#define GROUP 100
#define BODY  1500

static char body[BODY];

static void
must(bool fine, const char *what)
{
	if (!fine) {
		fprintf(stderr, "bench_journal: %s failed\n", what);
		exit(1);
	}
}

static double
seconds(uint64_t since_ns)
{
	return (double)(pk_mono_ns() - since_ns) / (double)PK_NS_PER_S;
}

static double
bare_group(sqlite3 *db, sqlite3_stmt *insert)
{
	uint64_t start_ns = pk_mono_ns();

	must(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK,
	    "BEGIN");
	for (int i = 0; i < GROUP; i++) {
		sqlite3_bind_int64(insert, 1, i);
		sqlite3_bind_text(insert, 2, "event/STATE/OMN/-/", -1, SQLITE_STATIC);
		sqlite3_bind_blob(insert, 3, body, sizeof(body), SQLITE_STATIC);
		must(sqlite3_step(insert) == SQLITE_DONE, "INSERT");
		sqlite3_reset(insert);
	}
	must(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK, "COMMIT");
	return seconds(start_ns);
}

static double
peyk_group(struct pk_db *db, struct pk_socket *socket, uint64_t epoch)
{
	struct pk_record record = { .kind = PK_RECORD_EVENT,
		.topic = PK_SPAN("event/STATE/OMN/-/"),
		.body = { body, sizeof(body) } };
	uint64_t seqs[GROUP], start_ns = pk_mono_ns();

	must(pk_db_begin(db) == 0, "pk_db_begin");
	for (int i = 0; i < GROUP; i++)
		must(pk_journal_append(db, &record, i, &seqs[i]) == 0,
		    "pk_journal_append");
	must(pk_db_commit(db) == 0, "pk_db_commit");
	for (int i = 0; i < GROUP; i++)
		pk_socket_send(socket, record.topic, epoch, seqs[i], record.body);
	return seconds(start_ns);
}

static sqlite3_stmt *
open_bare(const char *path, sqlite3 **ret_db)
{
	sqlite3_stmt *insert;

	must(sqlite3_open(path, ret_db) == SQLITE_OK, "sqlite3_open");
	must(sqlite3_exec(*ret_db,
		 "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA "
		 "synchronous=FULL;"
		 "PRAGMA wal_autocheckpoint=8192;"
		 "CREATE TABLE message(seq INTEGER PRIMARY KEY, at_ms INTEGER, topic "
		 "TEXT,"
		 " body BLOB)",
		 NULL, NULL, NULL) == SQLITE_OK,
	    "CREATE");
	must(sqlite3_prepare_v2(*ret_db,
		 "INSERT INTO message(at_ms, topic, body) VALUES(?, ?, ?)", -1, &insert,
		 NULL) == SQLITE_OK,
	    "prepare");
	return insert;
}

int
main(int argc, char **argv)
{
	int rounds = argc > 1 && strcmp(argv[1], "--quick") == 0 ? 5 : 200;
	char dir[] = "/tmp/peyk-bench-XXXXXX", path[64], command[64];
	const char *const binds[] = { "tcp://127.0.0.1:*" };
	const struct pk_socket_options options = {
		.binds = binds, .n_binds = 1, .send_hwm = 1000
	};
	struct pk_db *db;
	struct pk_wire *wire;
	struct pk_socket *socket;
	sqlite3 *bare;
	uint64_t epoch;
	double ours = 0, theirs = 0;

	must(mkdtemp(dir) != NULL, "mkdtemp");
	memset(body, 'x', sizeof(body));
	snprintf(path, sizeof(path), "%s/bare.db", dir);
	sqlite3_stmt *insert = open_bare(path, &bare);
	snprintf(path, sizeof(path), "%s/peyk.db", dir);
	must(pk_db_open(path, PK_DB_WRITE, &db) == 0, "pk_db_open");
	must(pk_journal_init(db) == 0, "pk_journal_init");
	must(pk_journal_epoch(db, &epoch) == 0, "pk_journal_epoch");
	must(pk_wire_new(&wire) == 0, "pk_wire_new");
	must(pk_socket_open(wire, &options, &socket) == 0, "pk_socket_open");
	for (int i = 0; i < rounds; i++) {
		theirs += bare_group(bare, insert);
		ours += peyk_group(db, socket, epoch);
	}
	printf("{\"bench\":\"journal\",\"ratio\":%.3f,\"aim\":\">= 0.8\",\"unit\":"
	       "\"rate of bare SQLite\",\"peyk_rows_s\":%.0f,\"sqlite_rows_s\":%.0f}\n",
	    theirs / ours, rounds * GROUP / ours, rounds * GROUP / theirs);

	sqlite3_finalize(insert);
	sqlite3_close(bare);
	pk_socket_close(socket);
	pk_wire_free(wire);
	pk_db_close(db);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command) == 0 ? 0 : 1; /* NOLINT(cert-env33-c) */
}
