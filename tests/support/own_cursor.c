/* SPDX-License-Identifier: Apache-2.0 */
/*
 * own_cursor DATABASE EVENTS REPLAY [PREFIX...] - a program on libpeykclient that keeps
 * the cursor itself, in one transaction with the message. Without prefixes no message
 * may come twice, and it ends when one does; with them it passes over what it has.
 */
#include <inttypes.h>
#include <peykclient.h>
#include <sqlite3.h>
#include <stdio.h>

static sqlite3 *db;

static int
run(const char *sql, int64_t epoch, int64_t number, const struct peyk_message *message)
{
	sqlite3_stmt *statement = NULL;
	int r = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	if (r == SQLITE_OK) {
		sqlite3_bind_int64(statement, 1, epoch);
		sqlite3_bind_int64(statement, 2, number);
		if (message != NULL)
			sqlite3_bind_blob(statement, 3, message->body,
			    (int)message->body_size, SQLITE_STATIC);
		r = sqlite3_step(statement);
	}
	sqlite3_finalize(statement);
	if (r == SQLITE_DONE)
		return 0;
	fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
	return -1;
}

static int
open_database(const char *path)
{
	if (sqlite3_open(path, &db) != SQLITE_OK)
		return -1;
	return sqlite3_exec(db,
		   "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;"
		   "CREATE TABLE IF NOT EXISTS message (epoch INTEGER, number INTEGER, "
		   "body BLOB, PRIMARY KEY (epoch, number));"
		   "CREATE TABLE IF NOT EXISTS cursor (one INTEGER PRIMARY KEY, "
		   "epoch INTEGER, number INTEGER);",
		   NULL, NULL, NULL) == SQLITE_OK
		   ? 0
		   : -1;
}

static int
go_on(struct peyk_client_options *options)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(db, "SELECT epoch, number FROM cursor", -1, &statement,
		NULL) != SQLITE_OK)
		return -1;
	if (sqlite3_step(statement) == SQLITE_ROW) {
		options->start_from = PEYK_START_AFTER;
		options->start_epoch = (uint64_t)sqlite3_column_int64(statement, 0);
		options->start = (uint64_t)sqlite3_column_int64(statement, 1);
	}
	sqlite3_finalize(statement);
	return 0;
}

static int
keep(struct peyk_client *client, const struct peyk_message *message, const char *insert)
{
	uint64_t epoch, number;

	if (message->kind != PEYK_MESSAGE) {
		fprintf(stderr, "notice %d: %" PRIu64 " to %" PRIu64 "\n",
		    (int)message->kind, message->first, message->last);
		return message->kind == PEYK_UNANSWERED ? 0 : -1;
	}
	peyk_client_cursor(client, &epoch, &number);
	if (run("BEGIN", 0, 0, NULL) < 0 ||
	    run(insert, (int64_t)message->epoch, (int64_t)message->number, message) <
		0 ||
	    run("REPLACE INTO cursor VALUES (1, ?, ?)", (int64_t)epoch, (int64_t)number,
		NULL) < 0)
		return -1;
	return run("COMMIT", 0, 0, NULL);
}

int
main(int argc, char **argv)
{
	struct peyk_client_options options = { .start_from = PEYK_START_OLDEST };
	struct peyk_message message;

	if (argc < 4 || open_database(argv[1]) < 0 || go_on(&options) < 0)
		return 2;
	options.events = argv[2];
	options.replay = argv[3];
	options.prefixes = (const char *const *)&argv[4];
	options.n_prefixes = (size_t)(argc - 4);
	struct peyk_client *client = peyk_client_open(&options);
	if (client == NULL)
		return 2;
	const char *insert = options.n_prefixes == 0
				 ? "INSERT INTO message VALUES (?, ?, ?)"
				 : "INSERT OR IGNORE INTO message VALUES (?, ?, ?)";
	while (peyk_client_next(client, -1, &message) > 0 &&
	       keep(client, &message, insert) == 0)
		continue;
	peyk_client_close(client);
	sqlite3_close(db);
	return 1;
}
