/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/story/near.h"
#include "publish/journal.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define HOUR_MS INT64_C(3600000)

static struct pk_db *db;

static int
setup(void **state)
{
	(void)state;
	assert_int_equal(pk_db_open(":memory:", PK_DB_WRITE, &db), 0);
	return pk_journal_init(db);
}

static int
teardown(void **state)
{
	(void)state;
	db = pk_db_close(db);
	return 0;
}

/* Pieces [0, 200) of a report, the first `own` of them replaced. */
static struct pk_sketch
copy_of(uint64_t report, uint64_t own)
{
	struct pk_sketch sketch;

	pk_sketch_init(&sketch);
	for (uint64_t i = 0; i < 200; i++)
		pk_sketch_add(
		    &sketch, i < own ? own * 65537 + i * 7919 : report * 1000003 + i);
	return sketch;
}

static void
note(const char *story, uint64_t report, uint64_t own, int64_t when_ms)
{
	struct pk_sketch sketch = copy_of(report, own);
	const struct pk_near near = { "article", story, when_ms, when_ms, &sketch };

	assert_int_equal(pk_near_note(db, &near), 0);
}

/* The story found, or "". */
static const char *
find(uint64_t report, uint64_t own, int64_t when_ms)
{
	static struct pk_near_story story;
	struct pk_sketch sketch = copy_of(report, own);

	story = (struct pk_near_story){ .when_ms = -1 };
	int r = pk_near_find(db, &sketch, when_ms, 10 * HOUR_MS, &story);
	assert_int_equal(r, story.id[0] != '\0');
	return story.id;
}

static void
the_nearest_is_found(void **state)
{
	(void)state;
	note("far", 1, 90, 0);
	note("near", 1, 10, 0);
	note("other", 2, 0, 0);
	assert_string_equal(find(1, 0, 0), "near");
	assert_string_equal(find(2, 30, 0), "other");
	assert_string_equal(find(3, 0, 0), "");
}

static void
among_equals_the_first_is_found(void **state)
{
	(void)state;
	note("first", 1, 10, 0);
	note("second", 1, 10, 0);
	assert_string_equal(find(1, 0, 0), "first");
}

static void
the_window_is_open_on_both_sides(void **state)
{
	(void)state;
	note("story", 1, 10, 100 * HOUR_MS);
	assert_string_equal(find(1, 0, 110 * HOUR_MS), "story");
	assert_string_equal(find(1, 0, 90 * HOUR_MS), "story");
	assert_string_equal(find(1, 0, 111 * HOUR_MS), "");
	assert_string_equal(find(1, 0, 89 * HOUR_MS), "");
}

static void
one_in_a_thousand_is_found(void **state)
{
	(void)state;
	for (uint64_t i = 1; i <= 1000; i++) {
		char story[PK_ID_SIZE];

		snprintf(story, sizeof(story), "%d", (int)i);
		note(story, i * 31, i % 50, 0);
	}
	for (uint64_t i = 1; i <= 1000; i += 37) {
		char story[PK_ID_SIZE];

		snprintf(story, sizeof(story), "%d", (int)i);
		assert_string_equal(find(i * 31, 40, 0), story);
	}
	assert_string_equal(find(5, 0, 0), "");
}

static int64_t
rows(const char *sql)
{
	struct pk_stmt *stmt = pk_db_prepare(db, sql);

	assert_int_equal(pk_stmt_step(stmt), 1);
	int64_t n = pk_stmt_int(stmt, 0);
	pk_stmt_reset(stmt);
	return n;
}

static void
old_ones_go_a_few_at_a_time(void **state)
{
	(void)state;
	for (int64_t i = 0; i < 10; i++)
		note("story", (uint64_t)i + 1, 0, i * HOUR_MS);
	assert_int_equal(pk_near_prune(db, 8 * HOUR_MS, 5), 5);
	assert_string_equal(find(5, 0, 0), "");
	assert_string_equal(find(6, 0, 0), "story");
	assert_int_equal(pk_near_prune(db, 8 * HOUR_MS, 5), 3);
	assert_int_equal(pk_near_prune(db, 8 * HOUR_MS, 5), 0);
	assert_int_equal(rows("SELECT count(*) FROM story_article"), 2);
	assert_int_equal(rows("SELECT count(*) FROM story_band"), 2 * PK_SKETCH_BANDS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_nearest_is_found),
		TEST(among_equals_the_first_is_found),
		TEST(the_window_is_open_on_both_sides),
		TEST(one_in_a_thousand_is_found),
		TEST(old_ones_go_a_few_at_a_time),
	};

	return cmocka_run_group_tests_name("publish/story/near", tests, NULL, NULL);
}
