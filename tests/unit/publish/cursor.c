/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/cursor.h"

#include "publish/journal.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define EPOCH 77

static int
setup(void **state)
{
	struct pk_db *db = NULL;

	assert_int_equal(pk_db_open(":memory:", PK_DB_WRITE, &db), 0);
	assert_int_equal(pk_journal_init(db), 0);
	*state = db;
	return 0;
}

static int
teardown(void **state)
{
	pk_db_close(*state);
	return 0;
}

static int
ack(struct pk_db *db, const char *owner, const char *name, uint64_t seq,
    uint64_t *ret_seq)
{
	return pk_cursor_ack(db, pk_span_of(owner), pk_span_of(name), EPOCH, seq,
	    (int64_t)seq * 10, ret_seq);
}

/* clang-format off */
static const struct name_case {
	const char *name; bool fine;
} name_cases[] = {
	{ "a", true },
	{ "Archive-2.fa_IR", true },
	{ "0123456789012345678901234567890123456789012345678901234567890123", true },
	{ "01234567890123456789012345678901234567890123456789012345678901234", false },
	{ "", false },
	{ "a b", false },
	{ "a/b", false },
	{ "پیک", false },
	{ "a\n", false },
	{ "@", false }, { "[", false }, { "`", false }, { "{", false }, { ":", false },
};
/* clang-format on */

static void
names_are_checked(void **state)
{
	struct pk_db *db = *state;
	uint64_t seq;

	for (size_t i = 0; i < PK_COUNT(name_cases); i++) {
		const struct name_case *c = &name_cases[i];
		struct pk_span name = pk_span_of(c->name);
		print_message("name %zu\n", i);
		assert_int_equal(pk_cursor_name_is_fine(name), c->fine);
		assert_int_equal(ack(db, "", c->name, 1, &seq), c->fine ? 0 : -EINVAL);
		assert_int_equal(pk_cursor_get(db, PK_SPAN(""), name, EPOCH, &seq),
		    c->fine ? 0 : -EINVAL);
		assert_int_equal(pk_cursor_forget(db, PK_SPAN(""), name, EPOCH, &seq),
		    c->fine ? 0 : -EINVAL);
	}
	assert_false(pk_cursor_name_is_fine((struct pk_span){ "a\0b", 3 }));
}

static void
it_never_goes_back(void **state)
{
	struct pk_db *db = *state;
	uint64_t seq = 0;

	assert_int_equal(ack(db, "", "c", 5, &seq), 0);
	assert_int_equal(seq, 5);
	assert_int_equal(ack(db, "", "c", 3, &seq), 0);
	assert_int_equal(seq, 5);
	assert_int_equal(ack(db, "", "c", 9, &seq), 0);
	assert_int_equal(seq, 9);
	assert_int_equal(pk_cursor_get(db, PK_SPAN(""), PK_SPAN("c"), EPOCH, &seq), 0);
	assert_int_equal(seq, 9);
	assert_int_equal(ack(db, "", "c", UINT64_MAX, &seq), -EINVAL);
}

static void
who_forgets_it_is_told_where_it_stood(void **state)
{
	struct pk_db *db = *state;
	uint64_t seq = 1;

	assert_int_equal(
	    pk_cursor_forget(db, PK_SPAN(""), PK_SPAN("c"), EPOCH, &seq), -ENOENT);
	assert_int_equal(ack(db, "", "c", 5, &seq), 0);
	assert_int_equal(
	    pk_cursor_forget(db, PK_SPAN(""), PK_SPAN("c"), EPOCH, &seq), 0);
	assert_int_equal(seq, 5);
	assert_int_equal(
	    pk_cursor_get(db, PK_SPAN(""), PK_SPAN("c"), EPOCH, &seq), -ENOENT);
	/* it may begin anew, earlier */
	assert_int_equal(ack(db, "", "c", 2, &seq), 0);
	assert_int_equal(seq, 2);
}

static void
two_keys_may_use_one_name(void **state)
{
	struct pk_db *db = *state;
	uint64_t seq = 0;

	assert_int_equal(ack(db, "ali", "c", 5, &seq), 0);
	assert_int_equal(ack(db, "sara", "c", 7, &seq), 0);
	/* without keys, both words for nobody are the same */
	assert_int_equal(ack(db, NULL, "c", 2, &seq), 0);
	assert_int_equal(ack(db, "", "c", 1, &seq), 0);
	assert_int_equal(seq, 2);
	assert_int_equal(
	    pk_cursor_forget(db, PK_SPAN("ali"), PK_SPAN("c"), EPOCH, &seq), 0);
	assert_int_equal(seq, 5);
	assert_int_equal(
	    pk_cursor_get(db, PK_SPAN("sara"), PK_SPAN("c"), EPOCH, &seq), 0);
	assert_int_equal(seq, 7);
}

static void
one_of_another_epoch_is_unknown(void **state)
{
	struct pk_db *db = *state;
	uint64_t seq = 0;

	assert_int_equal(ack(db, "", "c", 500, &seq), 0);
	assert_int_equal(
	    pk_cursor_get(db, PK_SPAN(""), PK_SPAN("c"), EPOCH + 1, &seq), -ENOENT);
	assert_int_equal(
	    pk_cursor_forget(db, PK_SPAN(""), PK_SPAN("c"), EPOCH + 1, &seq), -ENOENT);
	/* numbers begin anew there, so this one does not go back */
	assert_int_equal(
	    pk_cursor_ack(db, PK_SPAN(""), PK_SPAN("c"), EPOCH + 1, 3, 1, &seq), 0);
	assert_int_equal(seq, 3);
	assert_int_equal(
	    pk_cursor_get(db, PK_SPAN(""), PK_SPAN("c"), EPOCH, &seq), -ENOENT);
}

/* P6: strangers cannot fill the disk with names. */
static void
there_is_room_for_so_many(void **state)
{
	struct pk_db *db = *state;
	uint64_t seq = 0;
	char name[16];

	assert_int_equal(pk_db_begin(db), 0);
	for (int i = 0; i < PK_CURSORS_MAX; i++) {
		snprintf(name, sizeof(name), "c%d", i);
		assert_int_equal(
		    ack(db, i % 2 == 0 ? "ali" : "sara", name, 1, &seq), 0);
	}
	assert_int_equal(ack(db, "ali", "another", 1, &seq), -EDQUOT);
	assert_int_equal(ack(db, "ali", "c1", 1, &seq), -EDQUOT);
	/* those that are there go on */
	assert_int_equal(ack(db, "ali", "c0", 2, &seq), 0);
	assert_int_equal(seq, 2);
	assert_int_equal(
	    pk_cursor_forget(db, PK_SPAN("ali"), PK_SPAN("c0"), EPOCH, &seq), 0);
	assert_int_equal(ack(db, "ali", "another", 1, &seq), 0);
	assert_int_equal(pk_db_commit(db), 0);
}

struct tour {
	char text[128];
	int stop;
};

static int
note(void *context, const struct pk_cursor *cursor)
{
	struct tour *tour = context;
	size_t len = strlen(tour->text);

	snprintf(tour->text + len, sizeof(tour->text) - len, "%.*s:%.*s=%d@%d ",
	    PK_SPAN_ARG(cursor->owner), PK_SPAN_ARG(cursor->name), (int)cursor->seq,
	    (int)cursor->seen_ms);
	return tour->stop;
}

static void
all_of_them_can_be_visited(void **state)
{
	struct pk_db *db = *state;
	struct tour tour = { "", 0 };
	uint64_t seq;

	assert_int_equal(pk_cursor_each(db, EPOCH, note, &tour), 0);
	assert_string_equal(tour.text, "");
	assert_int_equal(ack(db, "sara", "b", 4, &seq), 0);
	assert_int_equal(ack(db, "ali", "z", 5, &seq), 0);
	assert_int_equal(ack(db, "ali", "a", 6, &seq), 0);
	assert_int_equal(
	    pk_cursor_ack(db, PK_SPAN("ali"), PK_SPAN("x"), EPOCH + 1, 3, 1, &seq), 0);
	/* an older number is a sign of life all the same */
	assert_int_equal(
	    pk_cursor_ack(db, PK_SPAN("ali"), PK_SPAN("a"), EPOCH, 1, 99, &seq), 0);
	assert_int_equal(pk_cursor_each(db, EPOCH, note, &tour), 0);
	assert_string_equal(tour.text, "ali:a=6@99 ali:z=5@50 sara:b=4@40 ");

	tour = (struct tour){ "", -EPIPE };
	assert_int_equal(pk_cursor_each(db, EPOCH, note, &tour), -EPIPE);
	assert_string_equal(tour.text, "ali:a=6@99 ");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(names_are_checked),
		TEST(it_never_goes_back),
		TEST(who_forgets_it_is_told_where_it_stood),
		TEST(two_keys_may_use_one_name),
		TEST(one_of_another_epoch_is_unknown),
		TEST(there_is_room_for_so_many),
		TEST(all_of_them_can_be_visited),
	};

	return cmocka_run_group_tests_name("publish/cursor", tests, NULL, NULL);
}
