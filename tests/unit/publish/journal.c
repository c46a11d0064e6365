/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/journal.h"

#include "publish/cursor.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
	char dir[64];
	char path[96];
	struct pk_arena *arena;
	struct pk_db *db;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	snprintf(f->dir, sizeof(f->dir), "/tmp/peyk-journal-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->path, sizeof(f->path), "%s/peyk.db", f->dir);
	f->arena = pk_arena_new(1 << 20);
	assert_int_equal(pk_db_open(f->path, PK_DB_WRITE, &f->db), 0);
	assert_int_equal(pk_journal_init(f->db), 0);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;
	char command[160];

	pk_db_close(f->db);
	pk_arena_free(f->arena);
	snprintf(command, sizeof(command), "rm -rf %s", f->dir);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
	free(f);
	return 0;
}

static struct pk_record
message(const char *topic, const char *body)
{
	return (struct pk_record){ .kind = PK_RECORD_FEED,
		.topic = pk_span_of(topic),
		.body = pk_span_of(body) };
}

static void
numbers_rise_and_never_come_back(void **state)
{
	struct fixture *f = *state;
	struct pk_record record = message("feed/a/up/", "{}");
	uint64_t seq = 0, oldest, head;

	assert_int_equal(pk_journal_range(f->db, &oldest, &head), 0);
	assert_int_equal(head, 0);
	for (uint64_t i = 1; i <= 3; i++) {
		assert_int_equal(pk_journal_append(f->db, &record, 1, &seq), 0);
		assert_int_equal(seq, i);
	}
	/* pruning everything, as retention may, does not set the numbers back */
	assert_int_equal(pk_db_exec(f->db, "DELETE FROM message"), 0);
	assert_int_equal(pk_journal_range(f->db, &oldest, &head), 0);
	assert_int_equal(oldest, 4);
	assert_int_equal(head, 3);
	assert_int_equal(pk_journal_append(f->db, &record, 1, &seq), 0);
	assert_int_equal(seq, 4);
}

static void
what_was_not_committed_was_never_there(void **state)
{
	struct fixture *f = *state;
	struct pk_record record = message("feed/a/up/", "{}");
	uint64_t seq, oldest, head;

	assert_int_equal(pk_db_begin(f->db), 0);
	assert_int_equal(pk_journal_append(f->db, &record, 1, &seq), 0);
	pk_db_rollback(f->db);
	assert_int_equal(pk_journal_range(f->db, &oldest, &head), 0);
	assert_int_equal(head, 0);
}

static void
the_epoch_outlives_a_restart(void **state)
{
	struct fixture *f = *state;
	uint64_t before = 0, after = 0;

	assert_int_equal(pk_journal_epoch(f->db, &before), 0);
	assert_true(before != 0);
	pk_db_close(f->db);
	assert_int_equal(pk_db_open(f->path, PK_DB_WRITE, &f->db), 0);
	assert_int_equal(pk_journal_init(f->db), 0);
	assert_int_equal(pk_journal_epoch(f->db, &after), 0);
	assert_true(before == after);
}

static void
fill(struct pk_records *records, struct pk_record *items, unsigned prior, unsigned rev)
{
	*records = (struct pk_records){
		.items = items, .len = 2, .prior_rev = prior, .rev = rev
	};
	memcpy(records->article, "aaaaaaaaaaaaaaaa", PK_ID_SIZE);
	memcpy(records->digest, "dddddddddddddddd", PK_ID_SIZE);
	items[0] = message("article/fa/-/", "{\"a\":1}");
	items[0].kind = PK_RECORD_ARTICLE;
	items[1] = message("event/STATE/-/-/", "{\"e\":1}");
	items[1].kind = PK_RECORD_EVENT;
	items[1].rev = rev;
	memcpy(items[1].id, "eeeeeeeeeeeeeeee", PK_ID_SIZE);
	memcpy(items[1].digest, "ffffffffffffffff", PK_ID_SIZE);
}

static void
an_article_is_published_once_a_revision(void **state)
{
	struct fixture *f = *state;
	struct pk_record items[2];
	struct pk_records records;
	struct pk_prior prior;
	uint64_t seqs[2];

	fill(&records, items, 0, 1);
	assert_int_equal(pk_journal_apply(f->db, &records, 5, seqs), 0);
	assert_int_equal(seqs[1], 2);

	/* another worker made the same article from the same state: too late */
	assert_int_equal(pk_journal_apply(f->db, &records, 5, seqs), -ESTALE);

	assert_int_equal(
	    pk_journal_prior(f->db, f->arena, pk_span_of(records.article), &prior), 0);
	assert_int_equal(prior.rev, 1);
	assert_int_equal(prior.n_events, 1);
	assert_true(pk_span_eq(prior.events[0].id, PK_SPAN("eeeeeeeeeeeeeeee")));
	assert_true(pk_span_eq(prior.events[0].body, PK_SPAN("{\"e\":1}")));
	assert_true(pk_span_eq(prior.events[0].topic, PK_SPAN("event/STATE/-/-/")));

	fill(&records, items, 1, 2);
	assert_int_equal(pk_journal_apply(f->db, &records, 5, seqs), 0);
	assert_int_equal(
	    pk_journal_prior(f->db, f->arena, pk_span_of(records.article), &prior), 0);
	assert_int_equal(prior.rev, 2);
	assert_int_equal(prior.n_events, 1);
	assert_int_equal(prior.events[0].rev, 2);
}

static void
an_article_is_forgotten_some_day(void **state)
{
	struct fixture *f = *state;
	struct pk_record items[2];
	struct pk_records records;
	struct pk_prior prior;
	uint64_t seqs[2];

	fill(&records, items, 0, 1);
	assert_int_equal(pk_journal_apply(f->db, &records, 5, seqs), 0);
	fill(&records, items, 1, 2);
	assert_int_equal(pk_journal_apply(f->db, &records, 50, seqs), 0);
	assert_int_equal(pk_journal_forget(f->db, 50, 10), 0);
	assert_int_equal(pk_journal_forget(f->db, 51, 10), 1);
	assert_int_equal(
	    pk_journal_prior(f->db, f->arena, pk_span_of(records.article), &prior), 0);
	assert_int_equal(prior.rev, 0);
	assert_int_equal(prior.n_events, 0);

	/* it begins anew, its numbers do not */
	fill(&records, items, 0, 1);
	assert_int_equal(pk_journal_apply(f->db, &records, 60, seqs), 0);
	assert_int_equal(seqs[0], 5);
}

static void
an_unknown_article_has_no_past(void **state)
{
	struct fixture *f = *state;
	struct pk_prior prior = { .rev = 7 };

	assert_int_equal(pk_journal_prior(f->db, f->arena, PK_SPAN("none"), &prior), 0);
	assert_int_equal(prior.rev, 0);
	assert_int_equal(prior.n_events, 0);
}

/* ---- what stands in the journal ---- */

static uint64_t
append(struct pk_db *db, const char *topic, struct pk_span body, int64_t at_ms)
{
	struct pk_record record = message(topic, "");
	uint64_t seq = 0;

	record.body = body;
	assert_int_equal(pk_journal_append(db, &record, at_ms, &seq), 0);
	return seq;
}

/* `n` messages of 100 bytes, at from_ms, from_ms + 1, ... */
static void
fill_journal(struct pk_db *db, int n, int64_t from_ms)
{
	char body[80];

	memset(body, 'x', sizeof(body));
	assert_int_equal(pk_db_begin(db), 0);
	for (int i = 0; i < n; i++)
		append(db, "event/STATE/IRN/OMN/",
		    (struct pk_span){ body, sizeof(body) }, from_ms + i);
	assert_int_equal(pk_db_commit(db), 0);
}

static int64_t
bytes(struct pk_db *db)
{
	int64_t n = -1;

	assert_int_equal(pk_journal_bytes(db, &n), 0);
	return n;
}

static uint64_t
oldest(struct pk_db *db)
{
	uint64_t first, head;

	assert_int_equal(pk_journal_range(db, &first, &head), 0);
	return first;
}

static uint64_t
find_time(struct pk_db *db, int64_t at_ms)
{
	uint64_t cursor = UINT64_MAX;

	assert_int_equal(pk_journal_find_time(db, at_ms, &cursor), 0);
	return cursor;
}

static void
times_never_fall(void **state)
{
	struct fixture *f = *state;
	static const int64_t clock[] = { 100, 200, 150, 200, 300 };
	int64_t newest_ms = -1;

	assert_int_equal(pk_journal_newest_ms(f->db, &newest_ms), 0);
	assert_int_equal(newest_ms, 0);
	for (size_t i = 0; i < PK_COUNT(clock); i++) {
		append(f->db, "feed/a/up/", PK_SPAN("{}"), clock[i]);
		assert_int_equal(pk_journal_newest_ms(f->db, &newest_ms), 0);
		assert_int_equal(newest_ms, i == 2 ? 200 : clock[i]);
	}
	/* the third, of 150, stands behind the second, so it is of 200 */
	assert_int_equal(find_time(f->db, 0), 0);
	assert_int_equal(find_time(f->db, 100), 0);
	assert_int_equal(find_time(f->db, 101), 1);
	assert_int_equal(find_time(f->db, 160), 1);
	assert_int_equal(find_time(f->db, 200), 1);
	assert_int_equal(find_time(f->db, 201), 4);
	assert_int_equal(find_time(f->db, 300), 4);
	assert_int_equal(find_time(f->db, 301), 5);
}

static void
a_moment_is_found_in_what_is_left(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(find_time(f->db, 5), 0);
	fill_journal(f->db, 1000, 5000);
	for (int64_t ms = 4990; ms < 6010; ms++) {
		uint64_t want = ms <= 5000 ? 0 : ms > 5999 ? 1000 : (uint64_t)ms - 5000;
		assert_int_equal(find_time(f->db, ms), want);
	}
	assert_int_equal(pk_db_exec(f->db, "DELETE FROM message WHERE seq <= 600"), 0);
	assert_int_equal(find_time(f->db, 5000), 600);
	assert_int_equal(find_time(f->db, 5600), 600);
	assert_int_equal(find_time(f->db, 5601), 601);
	assert_int_equal(pk_db_exec(f->db, "DELETE FROM message"), 0);
	assert_int_equal(find_time(f->db, 0), 1000);
}

static void
bytes_are_counted_as_messages_come_and_go(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(bytes(f->db), 0);
	append(f->db, "feed/a/up/", PK_SPAN("{}"), 1);
	assert_int_equal(bytes(f->db), 12);
	fill_journal(f->db, 10, 1);
	assert_int_equal(bytes(f->db), 1012);

	/* what is taken back does not count */
	assert_int_equal(pk_db_begin(f->db), 0);
	append(f->db, "feed/a/up/", PK_SPAN("{}"), 1);
	assert_int_equal(pk_db_savepoint(f->db), 0);
	append(f->db, "feed/b/up/", PK_SPAN("{...}"), 1);
	pk_db_undo(f->db);
	append(f->db, "feed/b/up/", PK_SPAN("{.}"), 1);
	assert_int_equal(bytes(f->db), 1037);
	pk_db_rollback(f->db);
	assert_int_equal(bytes(f->db), 1012);

	assert_int_equal(pk_db_exec(f->db, "DELETE FROM message WHERE seq <= 6"), 0);
	assert_int_equal(bytes(f->db), 500);
	assert_int_equal(pk_db_exec(f->db, "DELETE FROM message"), 0);
	assert_int_equal(bytes(f->db), 0);
	append(f->db, "feed/a/up/", PK_SPAN(""), 1);
	assert_int_equal(bytes(f->db), 10);
}

/* The row, and the number that was given last: sums and times are in the row. */
static void
appending_writes_two_pages(void **state)
{
	struct fixture *f = *state;
	struct pk_wal wal;

	fill_journal(f->db, 10, 1);
	assert_int_equal(pk_db_checkpoint(f->db, PK_CHECKPOINT_TRUNCATE, NULL), 0);
	append(f->db, "feed/a/up/", PK_SPAN("{}"), 1);
	assert_int_equal(pk_db_checkpoint(f->db, PK_CHECKPOINT_PASSIVE, &wal), 0);
	assert_int_equal(wal.frames, 2);
}

/* ---- reading ---- */

struct got {
	size_t n;
	uint64_t seqs[16];
	size_t lens[16];
	int answer;
	struct pk_db *writer; /* somebody appends meanwhile; NULL: nobody */
};

static int
get(void *context, const struct pk_message *message)
{
	struct got *got = context;

	assert_in_range(got->n, 0, PK_COUNT(got->seqs) - 1);
	got->seqs[got->n] = message->seq;
	got->lens[got->n] = message->topic.len + message->body.len;
	got->n++;
	if (got->writer != NULL)
		append(got->writer, "feed/c/up/", PK_SPAN("{}"), 9);
	return got->answer;
}

static struct got
read_journal(struct pk_db *db, struct pk_journal_query query, uint64_t want_scanned)
{
	struct got got = { 0 };
	uint64_t scanned = UINT64_MAX;

	assert_int_equal(pk_journal_read(db, &query, get, &got, &scanned), 0);
	assert_int_equal(scanned, want_scanned);
	return got;
}

static void
fill_mixed(struct pk_db *db)
{
	append(db, "feed/a/up/", PK_SPAN("1"), 1);
	append(db, "event/STATE/IRN/OMN/", PK_SPAN("22"), 2);
	append(db, "article/fa/irna/", PK_SPAN("333"), 3);
	append(db, "event/AGREE/IRN/OMN/", PK_SPAN("4444"), 4);
	append(db, "event/STATE/OMN/-/", PK_SPAN("55555"), 5);
	append(db, "Event/STATE/OMN/-/", PK_SPAN("666666"), 6);
}

/* clang-format off */
static const struct read_case {
	const char *name;
	struct pk_journal_query query; /* without its prefixes */
	const char *prefixes[3];
	size_t n; uint64_t seqs[6];    /* what comes */
	uint64_t scanned;
} read_cases[] = {
	{ "all",             { .after = 0 },                {0}, 6, {1,2,3,4,5,6}, 6 },
	{ "behind",          { .after = 4 },                {0}, 2, {5,6},         6 },
	{ "behind the head", { .after = 6 },                {0}, 0, {0},           6 },
	{ "beyond",          { .after = 9 },                {0}, 0, {0},           9 },
	{ "limit",           { .after = 1, .limit = 2 },    {0}, 2, {2,3},         3 },
	{ "limit, the rest", { .after = 4, .limit = 2 },    {0}, 2, {5,6},         6 },
	{ "bytes",           { .after = 0, .bytes = 33 },   {0}, 2, {1,2},         2 },
	{ "bytes, one less", { .after = 0, .bytes = 32 },   {0}, 1, {1},           1 },
	{ "one always",      { .after = 1, .bytes = 1 },    {0}, 1, {2},           2 },
	{ "scan",            { .after = 1, .scan = 3 },     {0}, 3, {2,3,4},       4 },
	{ "prefix",          { .after = 0 }, { "event/STATE/" }, 2, {2,5},         6 },
	{ "case matters",    { .after = 0 }, { "Event/" },       1, {6},           6 },
	{ "two prefixes",    { .after = 2 }, { "feed/", "event/" }, 2, {4,5},      6 },
	{ "overlapping",     { .after = 0 }, { "event/", "event/A" }, 3, {2,4,5},  6 },
	{ "empty prefix",    { .after = 3 }, { "" },             3, {4,5,6},       6 },
	{ "nothing alike",   { .after = 0 }, { "event/STATE/OMN/-/x" }, 0, {0},    6 },
	{ "% is no pattern", { .after = 0 }, { "%", "_", "*" },  0, {0},           6 },
	{ "prefix, limit",   { .after = 0, .limit = 2 }, { "event/" }, 2, {2,4},   4 },
	{ "prefix, scan",    { .after = 2, .scan = 1 }, { "event/" },  0, {0},     3 },
	{ "prefix, scan 2",  { .after = 2, .scan = 2 }, { "event/" },  1, {4},     4 },
	{ "prefix, bytes",   { .after = 0, .bytes = 45 }, { "event/" }, 1, {2},    3 },
	{ "one always, too", { .after = 2, .bytes = 1 }, { "event/" }, 1, {4},     4 },
};
/* clang-format on */

static void
what_is_asked_for_comes_in_bounds(void **state)
{
	struct fixture *f = *state;

	fill_mixed(f->db);
	for (size_t i = 0; i < PK_COUNT(read_cases); i++) {
		const struct read_case *c = &read_cases[i];
		struct pk_journal_query query = c->query;
		struct pk_span prefixes[3];
		while (query.n_prefixes < 3 && c->prefixes[query.n_prefixes] != NULL) {
			prefixes[query.n_prefixes] =
			    pk_span_of(c->prefixes[query.n_prefixes]);
			query.n_prefixes++;
		}
		query.prefixes = prefixes;
		print_message("%s\n", c->name);
		struct got got = read_journal(f->db, query, c->scanned);
		assert_int_equal(got.n, c->n);
		for (size_t j = 0; j < c->n; j++)
			assert_int_equal(got.seqs[j], c->seqs[j]);
	}
}

static void
bodies_come_whole_filtered_or_not(void **state)
{
	struct fixture *f = *state;
	const struct pk_span event = PK_SPAN("event/");
	static char body[300000];

	append(f->db, "article/fa/irna/",
	    (struct pk_span){ memset(body, 'a', sizeof(body)), sizeof(body) }, 1);
	append(f->db, "event/STATE/-/-/", (struct pk_span){ body, sizeof(body) }, 1);
	append(f->db, "event/STATE/-/-/", PK_SPAN(""), 1);
	struct got got = read_journal(f->db, (struct pk_journal_query){ 0 }, 3);
	assert_int_equal(got.lens[0], 16 + sizeof(body));
	assert_int_equal(got.lens[1], 16 + sizeof(body));
	assert_int_equal(got.lens[2], 16);
	got = read_journal(
	    f->db, (struct pk_journal_query){ .prefixes = &event, .n_prefixes = 1 }, 3);
	assert_int_equal(got.n, 2);
	assert_int_equal(got.lens[0], 16 + sizeof(body));
	assert_int_equal(got.lens[1], 16);
}

static void
what_was_pruned_is_passed_over(void **state)
{
	struct fixture *f = *state;

	fill_mixed(f->db);
	assert_int_equal(pk_db_exec(f->db, "DELETE FROM message WHERE seq <= 4"), 0);
	assert_int_equal(
	    read_journal(f->db, (struct pk_journal_query){ .after = 1 }, 6).n, 2);
	/* the head is told where nothing is left, so that nobody asks for ever */
	assert_int_equal(pk_db_exec(f->db, "DELETE FROM message"), 0);
	assert_int_equal(
	    read_journal(f->db, (struct pk_journal_query){ .after = 1 }, 6).n, 0);
}

static void
who_has_enough_ends_the_reading(void **state)
{
	struct fixture *f = *state;
	const struct pk_span event = PK_SPAN("event/");
	const struct pk_journal_query all = { 0 },
				      some = { .prefixes = &event, .n_prefixes = 1 };
	struct got got = { .answer = -ENOMEM };
	uint64_t scanned = 77;

	fill_mixed(f->db);
	assert_int_equal(pk_journal_read(f->db, &all, get, &got, &scanned), -ENOMEM);
	got.answer = 5;
	assert_int_equal(pk_journal_read(f->db, &some, get, &got, &scanned), 5);
	assert_int_equal(got.n, 2);
	assert_int_equal(scanned, 77);
	/* no statement is left half way: it would keep the writer from truncating */
	assert_int_equal(pk_db_checkpoint(f->db, PK_CHECKPOINT_TRUNCATE, NULL), 0);
}

/* P2: a reader neither sees half of what is appended meanwhile, nor says that it did.
 */
static void
a_reading_is_of_one_state(void **state)
{
	struct fixture *f = *state;
	struct got got = { .writer = f->db };
	const struct pk_journal_query all = { 0 };
	uint64_t scanned = 0, first, head;

	fill_mixed(f->db);
	pk_cleanup(pk_db_closep) struct pk_db *reader = NULL;
	assert_int_equal(pk_db_open(f->path, PK_DB_READ, &reader), 0);
	assert_int_equal(pk_journal_read(reader, &all, get, &got, &scanned), 0);
	assert_int_equal(got.n, 6);
	assert_int_equal(scanned, 6);

	assert_int_equal(pk_db_begin_read(reader), 0);
	assert_int_equal(pk_journal_range(reader, &first, &head), 0);
	assert_int_equal(head, 12);
	fill_journal(f->db, 3, 9);
	got = (struct got){ 0 };
	assert_int_equal(pk_journal_read(reader, &all, get, &got, &scanned), 0);
	assert_int_equal(scanned, 12);
	assert_int_equal(pk_db_commit(reader), 0);
	assert_int_equal(pk_journal_range(reader, &first, &head), 0);
	assert_int_equal(head, 15);
}

/* ---- retention ---- */

#define KEEP_ALL                                                                       \
	{                                                                              \
		.before_ms = 0, .bytes_max = INT64_MAX / 4, .hold_since_ms = INT64_MAX \
	}

static int
prune(struct pk_db *db, struct pk_retention retention, size_t max)
{
	assert_int_equal(pk_db_begin(db), 0);
	int n = pk_journal_prune(db, &retention, max);
	assert_int_equal(pk_db_commit(db), 0);
	return n;
}

static void
what_is_old_goes_a_slice_at_a_time(void **state)
{
	struct fixture *f = *state;
	struct pk_retention retention = KEEP_ALL;

	assert_int_equal(prune(f->db, retention, 10), 0);
	fill_journal(f->db, 50, 1000);
	assert_int_equal(prune(f->db, retention, 10), 0);
	retention.before_ms = 1025;
	assert_int_equal(prune(f->db, retention, 10), 10);
	assert_int_equal(oldest(f->db), 11);
	assert_int_equal(prune(f->db, retention, 10), 10);
	assert_int_equal(prune(f->db, retention, 10), 5);
	assert_int_equal(prune(f->db, retention, 10), 0);
	assert_int_equal(oldest(f->db), 26);

	/* all of it, when all of it is old */
	retention.before_ms = 9999;
	assert_int_equal(prune(f->db, retention, 100), 25);
	assert_int_equal(oldest(f->db), 51);
	assert_int_equal(append(f->db, "feed/a/up/", PK_SPAN("{}"), 1), 51);
}

static void
what_is_too_much_goes_but_for_the_newest(void **state)
{
	struct fixture *f = *state;
	struct pk_retention retention = KEEP_ALL;

	fill_journal(f->db, 50, 1000);
	retention.bytes_max = 5000;
	assert_int_equal(prune(f->db, retention, 1000), 0);
	retention.bytes_max = 4999;
	assert_int_equal(prune(f->db, retention, 1000), 1);
	retention.bytes_max = 1000;
	assert_int_equal(prune(f->db, retention, 7), 7);
	assert_int_equal(prune(f->db, retention, 1000), 32);
	assert_int_equal(bytes(f->db), 1000);
	retention.bytes_max = 10;
	assert_int_equal(prune(f->db, retention, 1000), 9);
	assert_int_equal(oldest(f->db), 50);
}

static int
ack(struct pk_db *db, const char *name, uint64_t seq, int64_t now_ms)
{
	uint64_t epoch, holds;

	assert_int_equal(pk_journal_epoch(db, &epoch), 0);
	return pk_cursor_ack(
	    db, PK_SPAN(""), pk_span_of(name), epoch, seq, now_ms, &holds);
}

static void
a_cursor_that_is_heard_of_holds(void **state)
{
	struct fixture *f = *state;
	struct pk_retention retention = {
		.before_ms = 9999, .bytes_max = 2000, .hold_since_ms = 500
	};

	fill_journal(f->db, 30, 1000);
	assert_int_equal(ack(f->db, "quick", 28, 600), 0);
	assert_int_equal(ack(f->db, "slow", 12, 600), 0);
	assert_int_equal(ack(f->db, "lost", 3, 499), 0);
	/* beyond its age */
	assert_int_equal(prune(f->db, retention, 1000), 12);
	assert_int_equal(oldest(f->db), 13);
	/* up to twice the bytes: 40 messages */
	fill_journal(f->db, 30, 2000);
	assert_int_equal(prune(f->db, retention, 1000), 8);
	assert_int_equal(oldest(f->db), 21);
	/* as long as it is heard of */
	retention.hold_since_ms = 600;
	assert_int_equal(prune(f->db, retention, 1000), 0);
	retention.hold_since_ms = 601;
	assert_int_equal(prune(f->db, retention, 1000), 40);

	fill_journal(f->db, 30, 10000);
	retention.hold_since_ms = INT64_MAX;
	assert_int_equal(ack(f->db, "slow", 61, INT64_MAX), 0);
	assert_int_equal(prune(f->db, retention, 1000), 10);
}

static void
a_cursor_of_another_epoch_holds_nothing(void **state)
{
	struct fixture *f = *state;
	const struct pk_retention retention = {
		.before_ms = 9999, .bytes_max = 100000, .hold_since_ms = 0
	};

	fill_journal(f->db, 30, 1000);
	assert_int_equal(ack(f->db, "c", 10, 600), 0);
	assert_int_equal(pk_db_exec(f->db, "UPDATE epoch SET epoch = 77"), 0);
	assert_int_equal(prune(f->db, retention, 1000), 30);
}

/* ---- a stop, a backup ---- */

static bool
was_unclean(struct pk_db *db)
{
	bool unclean = false;

	assert_int_equal(pk_journal_was_unclean(db, &unclean), 0);
	return unclean;
}

static void
a_start_knows_how_the_last_one_ended(void **state)
{
	struct fixture *f = *state;

	assert_false(was_unclean(f->db));
	assert_int_equal(pk_journal_mark_running(f->db, 1), 0);
	pk_db_close(f->db); /* without a word */
	assert_int_equal(pk_db_open(f->path, PK_DB_WRITE, &f->db), 0);
	assert_int_equal(pk_journal_init(f->db), 0);
	assert_true(was_unclean(f->db));
	assert_int_equal(pk_journal_mark_running(f->db, 2), 0);
	assert_int_equal(pk_journal_mark_clean(f->db), 0);
	assert_false(was_unclean(f->db));
}

static int
do_not_go_on(void *context)
{
	int *left = context;

	return (*left)-- > 0;
}

static void
a_backup_begins_a_new_epoch(void **state)
{
	struct fixture *f = *state;
	char path[128], part[140];
	uint64_t epoch, restored_epoch, first, head, holds;
	struct stat st;

	snprintf(path, sizeof(path), "%s/backup.db", f->dir);
	snprintf(part, sizeof(part), "%s.part", path);
	fill_journal(f->db, 10, 1000);
	assert_int_equal(ack(f->db, "c", 10, 600), 0);
	assert_int_equal(pk_journal_mark_running(f->db, 1), 0);
	assert_int_equal(pk_journal_epoch(f->db, &epoch), 0);

	/* one that was killed before left something behind */
	FILE *stale = fopen(part, "w");
	assert_non_null(stale);
	fclose(stale);
	pk_cleanup(pk_db_closep) struct pk_db *reader = NULL;
	assert_int_equal(pk_db_open(f->path, PK_DB_READ, &reader), 0);
	assert_int_equal(pk_journal_backup(reader, path, NULL, NULL), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(part, &st), -1);
	snprintf(part, sizeof(part), "%s-wal", path);
	assert_int_equal(stat(part, &st), -1);
	assert_int_equal(pk_journal_backup(reader, path, NULL, NULL), -EEXIST);

	/* in one file, which can be read where nothing can be written */
	FILE *copy = fopen(path, "r");
	assert_non_null(copy);
	assert_int_equal(fseek(copy, 18, SEEK_SET), 0);
	assert_int_equal(fgetc(copy), 1); /* SQLite's "no WAL" */
	fclose(copy);

	pk_cleanup(pk_db_closep) struct pk_db *restored = NULL;
	assert_int_equal(pk_db_open(path, PK_DB_WRITE, &restored), 0);
	assert_int_equal(pk_journal_init(restored), 0);
	assert_false(was_unclean(restored));
	assert_int_equal(pk_journal_epoch(restored, &restored_epoch), 0);
	assert_true(restored_epoch != epoch && restored_epoch != 0);
	assert_int_equal(pk_journal_range(restored, &first, &head), 0);
	assert_int_equal(first, 1);
	assert_int_equal(head, 10);
	assert_int_equal(
	    pk_cursor_get(restored, PK_SPAN(""), PK_SPAN("c"), restored_epoch, &holds),
	    -ENOENT);
	/* no trace of the old one, which might hold what is behind it */
	assert_int_equal(
	    pk_cursor_get(restored, PK_SPAN(""), PK_SPAN("c"), epoch, &holds), -ENOENT);

	/* and the one that goes on is as it was */
	assert_int_equal(pk_journal_epoch(f->db, &restored_epoch), 0);
	assert_true(restored_epoch == epoch);
	assert_true(was_unclean(f->db));
}

static void
a_backup_that_fails_leaves_nothing(void **state)
{
	struct fixture *f = *state;
	char path[128], part[140];
	struct stat st;
	int left = 0;

	snprintf(path, sizeof(path), "%s/backup.db", f->dir);
	snprintf(part, sizeof(part), "%s.part", path);
	fill_journal(f->db, 10, 1000);
	assert_int_equal(pk_journal_backup(f->db, path, do_not_go_on, &left), -EINTR);
	assert_int_equal(stat(path, &st), -1);
	assert_int_equal(stat(part, &st), -1);
	assert_int_equal(
	    pk_journal_backup(f->db, "/nowhere/at/all", NULL, NULL), -ENOENT);

	/* what SQLite left of another file of that name would be read into this one */
	snprintf(part, sizeof(part), "%s-wal", path);
	FILE *left_behind = fopen(part, "w");
	assert_non_null(left_behind);
	fclose(left_behind);
	assert_int_equal(pk_journal_backup(f->db, path, NULL, NULL), -EEXIST);
	assert_int_equal(unlink(part), 0);
	assert_int_equal(pk_journal_backup(f->db, path, NULL, NULL), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(numbers_rise_and_never_come_back),
		TEST(what_was_not_committed_was_never_there),
		TEST(the_epoch_outlives_a_restart),
		TEST(an_article_is_published_once_a_revision),
		TEST(an_article_is_forgotten_some_day),
		TEST(an_unknown_article_has_no_past),
		TEST(times_never_fall),
		TEST(a_moment_is_found_in_what_is_left),
		TEST(bytes_are_counted_as_messages_come_and_go),
		TEST(appending_writes_two_pages),
		TEST(what_is_asked_for_comes_in_bounds),
		TEST(bodies_come_whole_filtered_or_not),
		TEST(what_was_pruned_is_passed_over),
		TEST(who_has_enough_ends_the_reading),
		TEST(a_reading_is_of_one_state),
		TEST(what_is_old_goes_a_slice_at_a_time),
		TEST(what_is_too_much_goes_but_for_the_newest),
		TEST(a_cursor_that_is_heard_of_holds),
		TEST(a_cursor_of_another_epoch_holds_nothing),
		TEST(a_start_knows_how_the_last_one_ended),
		TEST(a_backup_begins_a_new_epoch),
		TEST(a_backup_that_fails_leaves_nothing),
	};

	return cmocka_run_group_tests_name("publish/journal", tests, NULL, NULL);
}
