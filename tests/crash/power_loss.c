/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The power fails while the journal is written (P1, P4, P5): hundreds of times, each
 * time in the middle of another operation on another file.
 *
 * A life does what the store, the keeper and a reader do, in an order that its seed
 * says; the model notes what has to hold after each transaction. After the power loss
 * the database must be exactly as it was after one of them: the last that was committed
 * or, when the power failed in its commit, the one under way. With journal.sync=normal
 * it may be an earlier one. Then the next life goes on from there.
 *
 * The tests at the end look whether the others can fail.
 */
#include "tests/support/power_loss.h"
#include "fetch/poll/entries.h"
#include "fetch/poll/state.h"
#include "publish/cursor.h"
#include "publish/journal.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define LIVES        3
#define ACTIONS      40
#define MESSAGES_MAX 4096
#define STATES_MAX   (ACTIONS + 2)
#define BODY_MAX     6000
#define KEPT_BYTES   60000
#define ARENA        ((size_t)8 << 20)

#define FEED  PK_SPAN("f1")
#define URL   PK_SPAN("http://news.example.org/feed")
#define NAME  PK_SPAN("reader")
#define OWNER PK_SPAN("")

/* How the journal is kept, and what is asked of it. */
struct manner {
	const char *pragma;   /* NULL: as pk_db_open() leaves it */
	bool may_lose_newest; /* what was committed last may be missing */
	bool tells_early;     /* says that it is published before it is committed */
	unsigned bad_syncs;   /* of struct power_loss */
};

/* What a transaction leaves behind. */
struct state {
	uint64_t oldest, head;
	uint64_t cursor;          /* 0: none */
	int64_t etag;             /* of the feed's last poll; 0: never polled */
	int64_t entries, pending; /* of the feed */
	int64_t articles;
};

struct run {
	const struct manner *manner;
	char dir[64], path[96];
	uint64_t chance;
	int64_t now_ms;
	struct pk_db *writer, *keeper, *reader;
	bool reading;
	uint64_t epoch; /* 0: nobody was told one */

	struct state states[STATES_MAX]; /* after each transaction of this life */
	size_t n_states;
	size_t published;               /* as many of them were told to somebody */
	bool ending;                    /* one more is being committed */
	uint64_t serial;                /* of the newest message ever made */
	uint64_t serials[MESSAGES_MAX]; /* of what each number stands for */
	char complaint[256];
};

static size_t
below(struct run *run, size_t end)
{
	return (size_t)(power_loss_random(&run->chance) % end);
}

static bool
one_in(struct run *run, size_t n)
{
	return below(run, n) == 0;
}

static void
complain(struct run *run, const char *what, int64_t a, int64_t b)
{
	if (run->complaint[0] == '\0')
		snprintf(run->complaint, sizeof(run->complaint),
		    "%s (%lld instead of %lld)", what, (long long)a, (long long)b);
}

/* ---- what is written ---- */

/* Whether it is worth to try again, as the store does: only the disk had a problem. */
static bool
had_bad_sync(const struct run *run, int r)
{
	return r < 0 && run->manner->bad_syncs > 0 && !power_loss_happened();
}

/* No two messages are the same. */
static struct pk_span
body_of(uint64_t serial, char *bytes)
{
	uint64_t state = serial;
	size_t len = 100 + power_loss_random(&state) % (BODY_MAX - 100);

	for (size_t i = 0; i < len; i++) {
		if (i % 8 == 0)
			(void)power_loss_random(&state);
		bytes[i] = (char)(state >> i % 8 * 8);
	}
	return (struct pk_span){ bytes, len };
}

static struct pk_record
record_of(uint64_t serial, char *bytes)
{
	return (struct pk_record){ .kind = PK_RECORD_FEED,
		.topic = PK_SPAN("feed/f1/up/"),
		.body = body_of(serial, bytes) };
}

static void
note_message(struct run *run, struct state *next, uint64_t seq, uint64_t serial)
{
	next->head++;
	if (seq != next->head)
		complain(run, "a number was given that is not the next", (int64_t)seq,
		    (int64_t)next->head);
	assert_true(next->head < MESSAGES_MAX);
	run->serials[next->head] = serial;
}

static int
append(struct run *run, struct state *next)
{
	char bytes[BODY_MAX];
	struct pk_record record = record_of(++run->serial, bytes);
	uint64_t seq = 0;

	int r = pk_journal_append(run->writer, &record, run->now_ms, &seq);
	if (r == 0)
		note_message(run, next, seq, run->serial);
	return r;
}

/* An outcome that turns out stale leaves no trace. */
static int
append_and_undo(struct run *run)
{
	char bytes[BODY_MAX];
	struct pk_record record = record_of(++run->serial, bytes);
	uint64_t seq;

	int r = pk_db_savepoint(run->writer);
	if (r == 0)
		r = pk_journal_append(run->writer, &record, run->now_ms, &seq);
	pk_db_undo(run->writer);
	return r;
}

static int
checkpoint(struct run *run, enum pk_checkpoint how)
{
	int r = pk_db_checkpoint(run->keeper, how, NULL);

	/* what could not be moved now is moved some other time */
	return r == -EBUSY || had_bad_sync(run, r) ? 0 : r;
}

static int
write_messages(struct run *run, struct state *next)
{
	int r = 0;

	for (size_t n = 1 + below(run, 6); n > 0 && r == 0; n--) {
		if (one_in(run, 8))
			r = append_and_undo(run);
		if (r == 0)
			r = append(run, next);
		/* the keeper does not ask whether somebody writes */
		if (r == 0 && one_in(run, 20))
			r = checkpoint(run, PK_CHECKPOINT_PASSIVE);
	}
	return r;
}

/* New entries, the validators that vouch for them, and a word to subscribers. */
static int
write_poll(struct run *run, struct state *next)
{
	struct pk_poll_entry entries[4];
	char texts[4][64], etag[32];
	struct pk_poll_counts counts;
	size_t n = 1 + below(run, 4);

	for (size_t i = 0; i < n; i++) {
		snprintf(texts[i], sizeof(texts[i]), "http://news.example.org/%lld",
		    (long long)(next->entries + (int64_t)i));
		struct pk_span text = pk_span_of(texts[i]);
		entries[i] = (struct pk_poll_entry){
			.key = text, .link = text, .title = text, .content_hash = text
		};
	}
	snprintf(etag, sizeof(etag), "%lld", (long long)(next->etag + 1));
	const struct pk_poll_result result = { .feed = FEED,
		.url = URL,
		.polled_ms = run->now_ms,
		.validators = { .etag = pk_span_of(etag) },
		.entries = entries,
		.n_entries = n };
	int r = pk_poll_record(run->writer, &result, &counts);
	if (r < 0)
		return r;
	next->etag++;
	next->entries += (int64_t)n;
	next->pending += (int64_t)n;
	return append(run, next);
}

/* The article of an entry: it is done, and its messages stand in the journal. */
static int
write_article(struct run *run, struct state *next)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(ARENA);
	struct pk_poll_pending_list list = { 0 };
	struct pk_record items[2];
	char bytes[2][BODY_MAX];
	uint64_t seqs[2], first = run->serial + 1;

	int r = pk_poll_pending(run->writer, arena, INT64_MAX / 2, 1, 1, &list);
	if (r < 0 || list.len == 0)
		return r;
	struct pk_records records = { .items = items, .len = 2, .rev = 1 };
	snprintf(records.article, sizeof(records.article), "%016llx",
	    (unsigned long long)list.items[0].row);
	memcpy(records.digest, "dddddddddddddddd", PK_ID_SIZE);
	for (size_t i = 0; i < 2; i++)
		items[i] = record_of(++run->serial, bytes[i]);
	items[0].kind = PK_RECORD_ARTICLE;
	items[1].kind = PK_RECORD_EVENT;
	items[1].rev = 1;
	memcpy(items[1].id, records.article, PK_ID_SIZE);
	memcpy(items[1].digest, records.digest, PK_ID_SIZE);

	r = pk_poll_entry_end(
	    run->writer, list.items[0].row, list.items[0].revision, PK_POLL_DONE);
	if (r == 0)
		r = pk_journal_apply(run->writer, &records, run->now_ms, seqs);
	for (size_t i = 0; i < 2 && r == 0; i++)
		note_message(run, next, seqs[i], first + i);
	next->pending--;
	next->articles++;
	return r;
}

static int
write_ack(struct run *run, struct state *next)
{
	uint64_t seq = next->head > 3 ? next->head - below(run, 3) : next->head;
	uint64_t holds = 0;

	int r = pk_cursor_ack(
	    run->writer, OWNER, NAME, run->epoch, seq, run->now_ms, &holds);
	if (r == 0 && holds < next->cursor)
		complain(
		    run, "a cursor went back", (int64_t)holds, (int64_t)next->cursor);
	next->cursor = holds;
	return r;
}

static int
write_less(struct run *run, struct state *next)
{
	const struct pk_retention retention = {
		.before_ms = 0, .bytes_max = KEPT_BYTES, .hold_since_ms = INT64_MAX
	};

	int n = pk_journal_prune(run->writer, &retention, 1 + below(run, 20));
	if (n < 0)
		return n;
	next->oldest += (uint64_t)n;
	int r = pk_db_shrink(run->writer, 8);
	return r < 0 ? r : 0;
}

/* ---- what is done ---- */

static int
transact_once(struct run *run, int (*write)(struct run *run, struct state *next))
{
	assert_true(run->n_states + 1 < STATES_MAX);
	struct state *next = &run->states[run->n_states];
	*next = run->states[run->n_states - 1];
	run->now_ms += 1000;

	int r = pk_db_begin(run->writer);
	if (r == 0)
		r = write(run, next);
	if (r == 0) {
		run->ending = true;
		if (run->manner->tells_early)
			run->published = run->n_states + 1;
		r = pk_db_commit(run->writer);
	}
	if (r < 0) {
		pk_db_rollback(run->writer);
		return r;
	}
	run->ending = false;
	run->published = ++run->n_states;
	return 0;
}

/* As the store does: told once it is committed, and tried until it is. */
static int
transact(struct run *run, int (*write)(struct run *run, struct state *next))
{
	uint64_t chance = run->chance, serial = run->serial;
	int r;

	do {
		/* the same again: it may be on disk, though nobody was told */
		run->chance = chance;
		run->serial = serial;
		r = transact_once(run, write);
	} while (had_bad_sync(run, r));
	return r;
}

static int
ignore_message(void *context, const struct pk_message *message)
{
	(void)context;
	(void)message;
	return 0;
}

/* A reader that has not come to its end keeps the WAL from starting anew. */
static int
read_a_while(struct run *run)
{
	const struct pk_journal_query query = { .limit = 20 };
	uint64_t scanned;

	if (run->reading) {
		pk_db_rollback(run->reader);
		run->reading = false;
		return 0;
	}
	int r = pk_db_begin_read(run->reader);
	if (r == 0)
		r = pk_journal_read(
		    run->reader, &query, ignore_message, NULL, &scanned);
	run->reading = r == 0;
	return r;
}

static void
close_all(struct run *run)
{
	run->reader = pk_db_close(run->reader);
	run->keeper = pk_db_close(run->keeper);
	run->writer = pk_db_close(run->writer);
	run->reading = false;
}

/* As daemon does. */
static int
try_to_open_all(struct run *run)
{
	uint64_t epoch = 0;

	int r = pk_db_open(run->path, PK_DB_WRITE, &run->writer);
	if (r == 0 && run->manner->pragma != NULL)
		r = pk_db_exec(run->writer, run->manner->pragma);
	if (r == 0)
		r = pk_poll_migrate(run->writer);
	if (r == 0)
		r = pk_journal_init(run->writer);
	if (r == 0)
		r = pk_journal_epoch(run->writer, &epoch);
	if (r == 0)
		r = pk_journal_mark_running(run->writer, run->now_ms);
	if (r == 0)
		r = pk_db_open(run->path, PK_DB_KEEP, &run->keeper);
	if (r == 0)
		r = pk_db_open(run->path, PK_DB_READ, &run->reader);
	if (r == 0)
		run->epoch = epoch;
	return r;
}

/* A start that fails is tried again by who watches the daemon. */
static int
open_all(struct run *run)
{
	int r;

	while ((r = try_to_open_all(run)) < 0 && had_bad_sync(run, r))
		close_all(run);
	return r;
}

static int
stop_and_start(struct run *run)
{
	int r = pk_journal_mark_clean(run->writer);

	close_all(run);
	return r < 0 && !had_bad_sync(run, r) ? r : open_all(run);
}

static int
act(struct run *run)
{
	switch (below(run, 16)) {
	case 0:
	case 1:
		return transact(run, write_poll);
	case 2:
	case 3:
	case 4:
		return run->states[run->n_states - 1].pending == 0
			   ? transact(run, write_poll)
			   : transact(run, write_article);
	case 5:
		return transact(run, write_ack);
	case 6:
	case 7:
		return transact(run, write_less);
	case 8:
	case 9:
		return checkpoint(run, PK_CHECKPOINT_PASSIVE);
	case 10:
		return checkpoint(run, PK_CHECKPOINT_TRUNCATE);
	case 11:
		return read_a_while(run);
	case 12:
		return one_in(run, 3) ? stop_and_start(run) : 0;
	default:
		return transact(run, write_messages);
	}
}

/* ---- what is there afterwards ---- */

static int64_t
number(struct pk_db *db, const char *sql)
{
	struct pk_stmt *stmt = pk_db_prepare(db, sql);
	int64_t value = -1;

	if (pk_stmt_step(stmt) > 0)
		value = pk_stmt_int(stmt, 0);
	pk_stmt_reset(stmt);
	return value;
}

static struct state
find_state(struct run *run, struct pk_db *db)
{
	struct state found = { 0 };

	if (pk_journal_range(db, &found.oldest, &found.head) < 0)
		complain(run, "the journal cannot be read", 0, 0);
	(void)pk_cursor_get(db, OWNER, NAME, run->epoch, &found.cursor);
	found.etag =
	    number(db, "SELECT coalesce((SELECT CAST(etag AS INTEGER) FROM feed), 0)");
	found.entries = number(db, "SELECT count(*) FROM entry");
	found.pending =
	    number(db, "SELECT count(*) FROM entry WHERE state = 'pending'");
	found.articles = number(db, "SELECT count(*) FROM article");
	return found;
}

static bool
same(const struct state *a, const struct state *b)
{
	return a->oldest == b->oldest && a->head == b->head && a->cursor == b->cursor &&
	       a->etag == b->etag && a->entries == b->entries &&
	       a->pending == b->pending && a->articles == b->articles;
}

struct looking {
	struct run *run;
	uint64_t seq; /* that comes next */
};

static int
look_at_message(void *context, const struct pk_message *message)
{
	struct looking *looking = context;
	char bytes[BODY_MAX];
	struct pk_span body = body_of(looking->run->serials[looking->seq], bytes);

	if (message->seq != looking->seq)
		complain(looking->run, "a hole", (int64_t)message->seq,
		    (int64_t)looking->seq);
	else if (!pk_span_eq(message->body, body))
		complain(looking->run, "a message is not what was written",
		    (int64_t)message->seq, 0);
	looking->seq++;
	return looking->run->complaint[0] != '\0';
}

static void
look_at_messages(struct run *run, struct pk_db *db, const struct state *found)
{
	const struct pk_journal_query query = { 0 };
	struct looking looking = { run, found->oldest };
	uint64_t scanned;

	if (found->head >= MESSAGES_MAX)
		complain(run, "a number from nowhere", (int64_t)found->head, 0);
	else if (pk_journal_read(db, &query, look_at_message, &looking, &scanned) < 0)
		complain(run, "the messages cannot be read", 0, 0);
	else if (looking.seq != found->head + 1)
		complain(run, "messages are missing at the end",
		    (int64_t)looking.seq - 1, (int64_t)found->head);
}

static void
look_at_file(struct run *run, struct pk_db *db)
{
	if (pk_db_check(db, NULL, NULL) < 0)
		complain(run, pk_db_error(db), 0, 0);
	struct pk_stmt *stmt = pk_db_prepare(db, "PRAGMA integrity_check");
	if (pk_stmt_step(stmt) <= 0 ||
	    !pk_span_eq(pk_stmt_text(stmt, 0), PK_SPAN("ok")))
		complain(run, "the integrity check finds damage", 0, 0);
	pk_stmt_reset(stmt);
	if (number(db, "SELECT count(*) FROM pragma_foreign_key_check") != 0)
		complain(run, "a row without the one that it belongs to", 0, 0);
}

/* It must be one of the states that somebody might have seen last. */
static void
look_at_state(struct run *run, const struct state *found)
{
	size_t first = run->manner->may_lose_newest ? 0 : run->published - 1;
	size_t end = run->n_states + run->ending;

	for (size_t i = first; i < end; i++) {
		if (same(found, &run->states[i]))
			return;
	}
	complain(run, "published messages are missing, or something is half there",
	    (int64_t)found->head, (int64_t)run->states[run->published - 1].head);
}

static void
look(struct run *run)
{
	uint64_t told = run->epoch, epoch = 0;
	pk_cleanup(pk_db_closep) struct pk_db *db = NULL;

	int r = pk_db_open(run->path, PK_DB_WRITE, &db);
	if (r == 0)
		r = pk_poll_migrate(db);
	if (r == 0)
		r = pk_journal_init(db);
	if (r == 0)
		r = pk_journal_epoch(db, &epoch);
	if (r < 0) {
		complain(run, "the database cannot be opened", r, 0);
		return;
	}
	if (told != 0 && epoch != told && !run->manner->may_lose_newest)
		complain(run, "another epoch", 0, 0);
	look_at_file(run, db);
	struct state found = find_state(run, db);
	look_at_messages(run, db, &found);
	look_at_state(run, &found);
	run->states[0] = found;
	run->n_states = run->published = 1;
	run->ending = false;
	run->epoch = epoch;
}

/* ---- lives ---- */

/* Until the power fails, in operation `at` or when all is done. Returns how many
 * operations there were. */
static uint64_t
live(struct run *run, uint64_t at)
{
	const struct power_loss loss = { .at = at,
		.kind = (enum power_loss_kind)below(run, POWER_LOSS_KINDS),
		.seed = power_loss_random(&run->chance),
		.bad_syncs = run->manner->bad_syncs };

	assert_int_equal(power_loss_install(), 0);
	power_loss_plan(&loss);
	int r = open_all(run);
	for (size_t n = 0; n < ACTIONS && r == 0; n++)
		r = act(run);
	uint64_t operations = power_loss_operations();
	if (r < 0 && !power_loss_happened())
		complain(run, "something failed before the power did", r, 0);
	if (!power_loss_happened())
		power_loss_now();
	close_all(run);
	power_loss_settle();
	assert_int_equal(power_loss_remove(), 0);
	look(run);
	return operations;
}

static void
remove_files(const struct run *run)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	char path[sizeof(run->path) + 16];

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", run->path, ends[i]);
		unlink(path);
	}
	rmdir(run->dir);
}

static struct run *
begin_run(const struct manner *manner, uint64_t seed)
{
	struct run *run = calloc(1, sizeof(*run));

	assert_non_null(run);
	*run = (struct run){ .manner = manner,
		.chance = seed,
		.now_ms = 1700000000000,
		.states = { { .oldest = 1 } },
		.n_states = 1,
		.published = 1 };
	snprintf(run->dir, sizeof(run->dir), "/tmp/peyk-power-XXXXXX");
	assert_non_null(mkdtemp(run->dir));
	snprintf(run->path, sizeof(run->path), "%s/peyk.db", run->dir);
	return run;
}

/* How many operations a life has about. */
static uint64_t
usual_operations(const struct manner *manner)
{
	struct run *run = begin_run(manner, 1);
	uint64_t operations = live(run, 0);

	remove_files(run);
	free(run);
	return operations;
}

/* Returns how many of the points there was something to complain of. */
static size_t
lose_power(const struct manner *manner, size_t points, bool is_loud)
{
	uint64_t usual = usual_operations(manner);
	size_t complaints = 0;

	for (size_t n = 0; n < points; n += LIVES) {
		struct run *run = begin_run(manner, n + 1);
		for (size_t i = 0; i < LIVES && run->complaint[0] == '\0'; i++) {
			/* the first goes through all of a life, the others jump */
			uint64_t at = i == 0 ? 1 + n * usual / points
					     : 1 + below(run, (size_t)usual);
			live(run, at);
			if (run->complaint[0] != '\0' && is_loud)
				print_error("seed %zu, life %zu, operation %llu: %s\n",
				    n + 1, i + 1, (unsigned long long)at,
				    run->complaint);
		}
		complaints += run->complaint[0] != '\0';
		remove_files(run);
		free(run);
	}
	print_message("%zu power losses in lives of %llu operations, %zu complaints\n",
	    points, (unsigned long long)usual, complaints);
	return complaints;
}

/* In the quick form, which is for every day, or in the long one. */
static size_t
points(size_t quick, size_t thorough)
{
	const char *is_long = getenv("PEYK_TEST_LONG");

	return is_long != NULL && strcmp(is_long, "1") == 0 ? thorough : quick;
}

/* ---- the tests ---- */

static const struct manner full = { 0 };
static const struct manner normal = { .pragma = "PRAGMA synchronous=NORMAL",
	.may_lose_newest = true };

static void
what_was_published_outlives_a_power_loss(void **state)
{
	(void)state;
	assert_int_equal(lose_power(&full, points(60, 501), true), 0);
}

static void
with_sync_normal_the_newest_may_go_but_nothing_is_torn(void **state)
{
	(void)state;
	assert_int_equal(lose_power(&normal, points(60, 501), true), 0);
}

/* Linux says once that a sync has failed, and forgets what it was to write. */
static void
a_sync_that_fails_loses_nothing_that_was_published(void **state)
{
	const struct manner bad = { .bad_syncs = 20 };

	(void)state;
	assert_int_equal(lose_power(&bad, points(60, 501), true), 0);
}

/* ---- can they fail? ---- */

static void
publishing_before_the_commit_is_noticed(void **state)
{
	const struct manner early = { .tells_early = true };

	(void)state;
	assert_true(lose_power(&early, 60, false) > 0);
}

static void
that_normal_is_not_full_is_noticed(void **state)
{
	const struct manner believes = { .pragma = normal.pragma };

	(void)state;
	assert_true(lose_power(&believes, 60, false) > 0);
}

static void
a_journal_that_is_never_synced_is_noticed(void **state)
{
	const struct manner off = { .pragma = "PRAGMA synchronous=OFF",
		.may_lose_newest = true };

	(void)state;
	assert_true(lose_power(&off, 60, false) > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_published_outlives_a_power_loss),
		cmocka_unit_test(
		    with_sync_normal_the_newest_may_go_but_nothing_is_torn),
		cmocka_unit_test(a_sync_that_fails_loses_nothing_that_was_published),
		cmocka_unit_test(publishing_before_the_commit_is_noticed),
		cmocka_unit_test(that_normal_is_not_full_is_noticed),
		cmocka_unit_test(a_journal_that_is_never_synced_is_noticed),
	};

	return cmocka_run_group_tests_name("crash/power_loss", tests, NULL, NULL);
}
