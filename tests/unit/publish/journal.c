/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/journal.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>

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
an_unknown_article_has_no_past(void **state)
{
	struct fixture *f = *state;
	struct pk_prior prior = { .rev = 7 };

	assert_int_equal(pk_journal_prior(f->db, f->arena, PK_SPAN("none"), &prior), 0);
	assert_int_equal(prior.rev, 0);
	assert_int_equal(prior.n_events, 0);
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
		TEST(an_unknown_article_has_no_past),
	};

	return cmocka_run_group_tests_name("publish/journal", tests, NULL, NULL);
}
