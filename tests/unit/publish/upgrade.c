/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that an older peykd has written, brought to the tables of today: nothing that
 * was in it is lost, and no number changes its meaning. The old files are made here, by
 * the steps that the old ones ran.
 */
#include "fetch/poll/entries.h"
#include "fetch/poll/schema.h"
#include "fetch/poll/state.h"
#include "publish/cursor.h"
#include "publish/journal.h"
#include "publish/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define EPOCH INT64_C(0x1234567890abcdef)
#define NOW   INT64_C(1700000000000)

/* clang-format off */
static const struct version {
	const char *name; size_t publish; size_t fetch; /* so many steps of each */
} versions[] = {
	{ "the first",                              1, 1 },
	{ "before polling learned",                 2, 1 },
	{ "before WebSub",                          2, 2 },
	{ "before feeds remembered what they show", 2, 3 },
	{ "before the durable stream",              2, 4 },
	{ "today's",                                3, 4 },
};
/* clang-format on */

struct fixture {
	char dir[64];
	char path[96];
	struct pk_arena *arena;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	snprintf(f->dir, sizeof(f->dir), "/tmp/peyk-upgrade-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->path, sizeof(f->path), "%s/peyk.db", f->dir);
	f->arena = pk_arena_new(1 << 20);
	*state = f;
	return 0;
}

static void
remove_file(const struct fixture *f)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	char path[128];

	for (size_t i = 0; i < PK_COUNT(suffixes); i++) {
		snprintf(path, sizeof(path), "%s%s", f->path, suffixes[i]);
		unlink(path);
	}
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	remove_file(f);
	assert_int_equal(rmdir(f->dir), 0);
	pk_arena_free(f->arena);
	free(f);
	return 0;
}

/* ---- what an old one wrote ---- */

static void
sql(sqlite3 *db, const char *text)
{
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(db));
}

static void
run_steps(sqlite3 *db, const char *room, const char *const *steps, size_t n)
{
	char note[100];

	for (size_t i = 0; i < n; i++) {
		sql(db, steps[i]);
		snprintf(note, sizeof(note), "INSERT INTO migration VALUES('%s', %zu)",
		    room, i + 1);
		sql(db, note);
	}
}

/* 8 messages, 3 to 10, of which 2 were pruned before and 2 behind them; the clock was
 * set back once. */
static void
write_messages(sqlite3 *db, const struct version *version)
{
	sql(db, "INSERT INTO epoch VALUES(0x1234567890abcdef)");
	sql(db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
		" WHERE i < 12) INSERT INTO message(at_ms, topic, body)"
		" SELECT 1000 + i - (i = 6) * 500, 'feed/' || i || '/up/',"
		" CAST('پیک ' || i AS BLOB) FROM n");
	sql(db, "UPDATE message SET topic = 'event/STATE/IRN/-/' WHERE seq = 5");
	sql(db, "UPDATE message SET body = zeroblob(100000) WHERE seq = 7");
	sql(db, "DELETE FROM message WHERE seq < 3 OR seq > 10");
	if (version->publish >= 3)
		sql(db, "UPDATE message SET at_ms = 1005 WHERE seq = 6;"
			"UPDATE message SET total = (SELECT sum(length("
			"CAST(topic AS BLOB)) + length(body)) FROM message AS m"
			" WHERE m.seq <= message.seq);"
			"INSERT INTO cursor VALUES('', 'c', 0x1234567890abcdef, 4, 5)");
	sql(db, "INSERT INTO article(id, rev, digest) VALUES('a1', 3, 'd1')");
	sql(db, "INSERT INTO event(id, article, rev, digest, retracted, seq)"
		" VALUES('e1', 'a1', 2, 'd2', 0, 5), ('e2', 'a1', 1, 'd3', 1, 2)");
	if (version->publish >= 2)
		sql(db, "UPDATE article SET story = 'a0';"
			"UPDATE event SET merged_into = 'e0' WHERE id = 'e2';"
			"INSERT INTO story VALUES('a0', 2, 1, 2);"
			"INSERT INTO story_article VALUES(1, 'a1', 'a0', 1, 2, x'00')");
}

static void
write_feeds(sqlite3 *db, const struct version *version)
{
	sql(db, "INSERT INTO feed(id, url, state, read, etag, next_poll_ms,"
		" last_poll_ms, last_ok_ms) VALUES('irna', 'https://irna.example/rss',"
		" 'ok', 1, '\"1\"', 2000, 1000, 1000)");
	sql(db, "INSERT INTO entry(feed, key, link, state, backlog, next_try_ms,"
		" first_seen_ms, last_seen_ms) VALUES"
		" (1, 'k1', 'https://irna.example/1', 'pending', 0, 5, 1000, 1000),"
		" (1, 'k2', 'https://irna.example/2', 'done', 0, 5, 1000, 1000)");
	if (version->fetch >= 2)
		sql(db, "UPDATE feed SET health = 'up', rhythm = 'r';"
			"INSERT INTO hold VALUES('irna.example', 0, 9)");
	if (version->fetch >= 3)
		sql(db, "INSERT INTO subscription(feed, hub, topic, callback, token,"
			" secret, state, next_try_ms) VALUES('irna', 'h', 't', 'c',"
			" 'tok', 's', 'verified', 7)");
}

/* As peykd opened a file then: without the map that shrinking needs. */
static void
write_file(const struct fixture *f, const struct version *version)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	sql(db, "PRAGMA page_size=8192; PRAGMA journal_mode=WAL;"
		"PRAGMA foreign_keys=ON; PRAGMA synchronous=OFF;"
		"CREATE TABLE migration(room TEXT NOT NULL, step INTEGER NOT NULL,"
		" PRIMARY KEY(room, step)) WITHOUT ROWID;");
	run_steps(db, "publish", pk_publish_schema, version->publish);
	run_steps(db, "fetch", pk_fetch_poll_schema, version->fetch);
	write_messages(db, version);
	write_feeds(db, version);
	sqlite3_close(db);
}

/* ---- what must come of it ---- */

static int64_t
number(struct pk_db *db, const char *text)
{
	struct pk_stmt *stmt = pk_db_prepare(db, text);

	if (pk_stmt_step(stmt) != 1)
		fail_msg("%s: %s", text, pk_db_error(db));
	int64_t n = pk_stmt_int(stmt, 0);
	pk_stmt_reset(stmt);
	return n;
}

static int
check_message(void *context, const struct pk_message *message)
{
	static const int64_t at_ms[] = { 1003, 1004, 1005, 1005, 1007, 1008, 1009,
		1010 };
	uint64_t *want = context;
	char topic[40], body[40];

	assert_int_equal(message->seq, *want);
	snprintf(topic, sizeof(topic),
	    *want == 5 ? "event/STATE/IRN/-/" : "feed/%d/up/", (int)*want);
	snprintf(body, sizeof(body), "پیک %d", (int)*want);
	assert_true(pk_span_eq(message->topic, pk_span_of(topic)));
	if (*want == 7)
		assert_int_equal(message->body.len, 100000);
	else
		assert_true(pk_span_eq(message->body, pk_span_of(body)));
	/* in order, though the clock was not */
	assert_int_equal(message->at_ms, at_ms[*want - 3]);
	++*want;
	return 0;
}

static void
check_messages(struct pk_db *db)
{
	uint64_t epoch, oldest, head, want = 3, scanned, cursor;
	int64_t bytes;
	const struct pk_journal_query all = { .after = 0 };

	assert_int_equal(pk_journal_epoch(db, &epoch), 0);
	assert_int_equal(epoch, EPOCH);
	assert_int_equal(pk_journal_range(db, &oldest, &head), 0);
	assert_int_equal(oldest, 3);
	assert_int_equal(head, 12);
	assert_int_equal(pk_journal_read(db, &all, check_message, &want, &scanned), 0);
	assert_int_equal(want, 11);
	assert_int_equal(scanned, 12);
	assert_int_equal(pk_journal_bytes(db, &bytes), 0);
	assert_int_equal(
	    bytes, number(db, "SELECT sum(length(CAST(topic AS BLOB)) +"
			      " length(CAST(body AS BLOB))) FROM message"));
	assert_int_equal(pk_journal_find_time(db, 1005, &cursor), 0);
	assert_int_equal(cursor, 4);
}

static void
check_articles(struct fixture *f, struct pk_db *db)
{
	struct pk_prior prior;

	assert_int_equal(pk_journal_prior(db, f->arena, PK_SPAN("a1"), &prior), 0);
	assert_int_equal(prior.rev, 3);
	assert_int_equal(prior.n_events, 2);
	assert_true(prior.events[0].retracted);
	assert_true(pk_span_eq(prior.events[1].id, PK_SPAN("e1")));
	assert_true(pk_span_eq(prior.events[1].topic, PK_SPAN("event/STATE/IRN/-/")));
}

static void
check_feeds(struct fixture *f, struct pk_db *db)
{
	struct pk_poll_feed feed = { 0 };
	struct pk_poll_pending_list pending = { 0 };

	assert_int_equal(pk_poll_feed_load(db, f->arena, PK_SPAN("irna"),
			     PK_SPAN("https://irna.example/rss"), &feed),
	    0);
	assert_true(pk_span_eq(feed.state, PK_SPAN("ok")));
	assert_true(pk_span_eq(feed.validators.etag, PK_SPAN("\"1\"")));
	assert_int_equal(pk_poll_pending(db, f->arena, NOW, 8, 100, &pending), 0);
	assert_int_equal(pending.len, 1);
	assert_true(
	    pk_span_eq(pending.items[0].link, PK_SPAN("https://irna.example/1")));
	assert_int_equal(number(db, "SELECT count(*) FROM entry"), 2);
}

/* The first message of today's peyk follows the last of the old one. */
static void
check_that_it_goes_on(struct pk_db *db)
{
	const struct pk_record record = { .kind = PK_RECORD_FEED,
		.topic = PK_SPAN("feed/a/up/"),
		.body = PK_SPAN("{}") };
	int64_t before, after;
	uint64_t seq = 0;

	assert_int_equal(pk_journal_bytes(db, &before), 0);
	assert_int_equal(pk_journal_append(db, &record, NOW, &seq), 0);
	assert_int_equal(seq, 13);
	assert_int_equal(pk_journal_bytes(db, &after), 0);
	assert_int_equal(after - before, 12);
	assert_int_equal(
	    pk_cursor_ack(db, PK_SPAN(""), PK_SPAN("d"), EPOCH, 13, 1, &seq), 0);
}

/* A kill here is no power cut. */
static int
bring_up(struct fixture *f, struct pk_db **ret_db)
{
	int r = pk_db_open(f->path, PK_DB_WRITE, ret_db);

	if (r == 0)
		r = pk_db_exec(*ret_db, "PRAGMA synchronous=OFF");
	if (r == 0)
		r = pk_journal_init(*ret_db);
	return r < 0 ? r : pk_poll_migrate(*ret_db);
}

static void
check_file(struct fixture *f, const struct version *version)
{
	struct pk_db *db = NULL;

	assert_int_equal(bring_up(f, &db), 0);
	check_messages(db);
	check_articles(f, db);
	check_feeds(f, db);
	if (version->publish >= 2)
		assert_int_equal(number(db, "SELECT count(*) FROM story"), 1);
	if (version->publish >= 3)
		assert_int_equal(number(db, "SELECT seq FROM cursor"), 4);
	if (version->fetch >= 2)
		assert_int_equal(number(db, "SELECT until_ms FROM hold"), 9);
	if (version->fetch >= 3)
		assert_int_equal(number(db, "SELECT count(*) FROM subscription"), 1);
	check_that_it_goes_on(db);
	assert_int_equal(
	    number(db, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
	assert_int_equal(pk_db_check(db, NULL, NULL), 0);
	pk_db_close(db);
}

static void
files_of_all_versions_are_brought_up(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < PK_COUNT(versions); i++) {
		print_message("%s\n", versions[i].name);
		write_file(f, &versions[i]);
		check_file(f, &versions[i]);
		remove_file(f);
	}
	/* whoever adds a step adds the version before it */
	assert_int_equal(
	    versions[PK_COUNT(versions) - 1].publish, pk_publish_schema_steps);
	assert_int_equal(
	    versions[PK_COUNT(versions) - 1].fetch, pk_fetch_poll_schema_steps);
}

static void
a_file_of_a_newer_version_is_refused(void **state)
{
	struct fixture *f = *state;
	const struct version *today = &versions[PK_COUNT(versions) - 1];
	struct pk_db *db = NULL;

	write_file(f, today);
	assert_int_equal(pk_db_open(f->path, PK_DB_WRITE, &db), 0);
	assert_int_equal(pk_db_exec(db, "INSERT INTO migration VALUES"
					"('publish', 99), ('fetch', 99)"),
	    0);
	assert_int_equal(pk_journal_init(db), -ESTALE);
	assert_int_equal(pk_poll_migrate(db), -ESTALE);
	/* and is as it was for the newer one */
	assert_int_equal(number(db, "SELECT epoch FROM epoch"), EPOCH);
	assert_int_equal(number(db, "SELECT count(*) FROM message"), 8);
	pk_db_close(db);
}

/* ---- interrupted ---- */

static int steps_left;

static int
die_soon(void *context)
{
	(void)context;
	if (--steps_left == 0)
		kill(getpid(), SIGKILL);
	return 0;
}

/* Of a new connection; every step of SQLite's machine is counted. */
static int
count_steps(sqlite3 *db, const char **reterr_text, const void *api)
{
	(void)reterr_text;
	(void)api;
	sqlite3_progress_handler(db, 1, die_soon, NULL);
	return SQLITE_OK;
}

/* Returns whether it got to its end before. */
static bool
bring_up_and_die(struct fixture *f, int after)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct pk_db *db = NULL;
		steps_left = after;
		sqlite3_auto_extension((void (*)(void))count_steps);
		_exit(bring_up(f, &db) == 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status)) {
		assert_int_equal(WTERMSIG(status), SIGKILL);
		return false;
	}
	assert_int_equal(status, 0);
	return true;
}

static void
a_kill_half_way_does_no_harm(void **state)
{
	struct fixture *f = *state;
	int kills = 0;

	for (int after = 1;; after += after / 5 + 1) {
		write_file(f, &versions[0]);
		bool done = bring_up_and_die(f, after);
		check_file(f, &versions[0]);
		remove_file(f);
		if (done)
			break;
		kills++;
	}
	print_message("killed %d times\n", kills);
	assert_true(kills > 30);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(files_of_all_versions_are_brought_up),
		TEST(a_file_of_a_newer_version_is_refused),
		TEST(a_kill_half_way_does_no_harm),
	};

	return cmocka_run_group_tests_name("publish/upgrade", tests, NULL, NULL);
}
