/* SPDX-License-Identifier: Apache-2.0 */
#include "base/db.h"

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>

#include <cmocka.h>

static char folder[64], file[PATH_MAX], other[PATH_MAX];

static int
make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/peyk-db-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(file, sizeof(file), "%s/test.db", folder);
	snprintf(other, sizeof(other), "%s/other.db", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	static const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };
	char path[PATH_MAX + 16];

	(void)state;
	for (size_t i = 0; i < PK_COUNT(suffixes); i++) {
		snprintf(path, sizeof(path), "%s%s", file, suffixes[i]);
		unlink(path);
		snprintf(path, sizeof(path), "%s%s", other, suffixes[i]);
		unlink(path);
	}
	return rmdir(folder);
}

static const char *const steps[] = {
	"CREATE TABLE note(id INTEGER PRIMARY KEY, text TEXT, bytes BLOB, weight REAL)",
	"CREATE UNIQUE INDEX note_text ON note(text)",
	"INSERT INTO note(text) VALUES('from a migration')",
};

static struct pk_db *
open_db(enum pk_db_mode mode)
{
	struct pk_db *db = NULL;

	assert_int_equal(pk_db_open(file, mode, &db), 0);
	return db;
}

static int
add(struct pk_db *db, const char *text)
{
	struct pk_stmt *stmt = pk_db_prepare(db, "INSERT INTO note(text) VALUES(?)");

	pk_stmt_bind_text(stmt, 1, pk_span_of(text));
	return pk_stmt_run(stmt);
}

static int64_t
count(struct pk_db *db)
{
	struct pk_stmt *stmt = pk_db_prepare(db, "SELECT count(*) FROM note");

	assert_int_equal(pk_stmt_step(stmt), 1);
	int64_t n = pk_stmt_int(stmt, 0);
	pk_stmt_reset(stmt);
	return n;
}

static void
migrations_run_once(void **state)
{
	(void)state;
	pk_cleanup(pk_db_closep) struct pk_db *db = open_db(PK_DB_WRITE);
	assert_int_equal(pk_db_migrate(db, "notes", steps, 2), 0);
	assert_int_equal(count(db), 0);
	assert_int_equal(pk_db_migrate(db, "notes", steps, 3), 0);
	assert_int_equal(pk_db_migrate(db, "notes", steps, 3), 0);
	assert_int_equal(count(db), 1);
	assert_int_equal(pk_db_migrate(db, "notes", steps, 2), -ESTALE);

	/* one that fails leaves nothing of itself */
	static const char *const bad[] = {
		"CREATE TABLE half(x); INSERT INTO nowhere VALUES(1)"
	};
	assert_true(pk_db_migrate(db, "bad", bad, 1) < 0);
	assert_non_null(strstr(pk_db_error(db), "nowhere"));
	assert_int_equal(pk_db_exec(db, "CREATE TABLE half(x)"), 0);
}

static void
values_there_and_back(void **state)
{
	(void)state;
	pk_cleanup(pk_db_closep) struct pk_db *db = open_db(PK_DB_WRITE);
	assert_int_equal(pk_db_migrate(db, "notes", steps, 2), 0);
	struct pk_stmt *insert = pk_db_prepare(
	    db, "INSERT INTO note(id, text, bytes, weight) VALUES(?, ?, ?, ?)");
	pk_stmt_bind_int(insert, 1, INT64_C(1) << 40);
	pk_stmt_bind_text(insert, 2, PK_SPAN("سلام"));
	pk_stmt_bind_blob(insert, 3, PK_SPAN("\0\xff"));
	pk_stmt_bind_real(insert, 4, 0.5);
	assert_int_equal(pk_stmt_run(insert), 0);
	assert_int_equal(pk_db_last_row(db), INT64_C(1) << 40);
	assert_int_equal(pk_db_changes(db), 1);

	struct pk_stmt *select =
	    pk_db_prepare(db, "SELECT id, text, bytes, weight, NULL, '' FROM note");
	assert_int_equal(pk_stmt_step(select), 1);
	assert_int_equal(pk_stmt_int(select, 0), INT64_C(1) << 40);
	assert_true(pk_span_eq(pk_stmt_text(select, 1), PK_SPAN("سلام")));
	assert_true(pk_span_eq(pk_stmt_text(select, 2), PK_SPAN("\0\xff")));
	assert_true(pk_stmt_real(select, 3) == 0.5);
	assert_true(pk_stmt_is_null(select, 4));
	assert_null(pk_stmt_text(select, 4).ptr);
	assert_non_null(pk_stmt_text(select, 5).ptr); /* empty is not NULL */
	assert_int_equal(pk_stmt_step(select), 0);

	/* an absent text is NULL */
	pk_stmt_bind_text(
	    insert = pk_db_prepare(db, "INSERT INTO note(text) VALUES(?)"), 1,
	    (struct pk_span){ NULL, 0 });
	assert_int_equal(pk_stmt_run(insert), 0);
	struct pk_stmt *nulls =
	    pk_db_prepare(db, "SELECT count(*) FROM note WHERE text IS NULL");
	assert_int_equal(pk_stmt_step(nulls), 1);
	assert_int_equal(pk_stmt_int(nulls, 0), 1);
}

static void
a_transaction_is_all_or_nothing(void **state)
{
	(void)state;
	pk_cleanup(pk_db_closep) struct pk_db *db = open_db(PK_DB_WRITE);
	assert_int_equal(pk_db_migrate(db, "notes", steps, 2), 0);
	assert_int_equal(pk_db_begin(db), 0);
	assert_int_equal(add(db, "a"), 0);
	pk_db_rollback(db);
	pk_db_rollback(db);
	assert_int_equal(count(db), 0);

	assert_int_equal(pk_db_begin(db), 0);
	assert_int_equal(add(db, "a"), 0);
	assert_int_equal(pk_db_savepoint(db), 0);
	assert_int_equal(add(db, "b"), 0);
	assert_int_equal(add(db, "a"), -EEXIST);
	pk_db_undo(db); /* of b alone */
	assert_int_equal(pk_db_savepoint(db), 0);
	assert_int_equal(add(db, "c"), 0);
	assert_int_equal(pk_db_release(db), 0);
	assert_int_equal(pk_db_commit(db), 0);
	assert_int_equal(count(db), 2);
}

static void
a_reader_sees_what_is_committed(void **state)
{
	(void)state;
	pk_cleanup(pk_db_closep) struct pk_db *writer = open_db(PK_DB_WRITE);
	assert_int_equal(pk_db_migrate(writer, "notes", steps, 2), 0);
	pk_cleanup(pk_db_closep) struct pk_db *reader = open_db(PK_DB_READ);
	assert_int_equal(pk_db_begin(writer), 0);
	assert_int_equal(add(writer, "a"), 0);
	assert_int_equal(count(reader), 0);
	assert_int_equal(pk_db_commit(writer), 0);
	assert_int_equal(count(reader), 1);
	assert_true(add(reader, "b") < 0);
	struct pk_wal wal;
	assert_int_equal(pk_db_checkpoint(writer, PK_CHECKPOINT_PASSIVE, &wal), 0);
	assert_true(wal.frames > 0 && wal.moved == wal.frames);
	assert_int_equal(count(reader), 1);
}

static void
a_broken_statement_fails_when_it_is_stepped(void **state)
{
	(void)state;
	pk_cleanup(pk_db_closep) struct pk_db *db = open_db(PK_DB_WRITE);
	struct pk_stmt *stmt = pk_db_prepare(db, "SELECT nonsense FROM nowhere");
	pk_stmt_bind_int(stmt, 1, 1);
	pk_stmt_bind_text(stmt, 1, PK_SPAN("x"));
	assert_int_equal(pk_stmt_run(stmt), -EIO);
	assert_non_null(strstr(pk_db_error(db), "nowhere"));
	pk_stmt_reset(stmt);
}

/* ---- the WAL ---- */

/* `n` notes of about a page each. */
static void
add_long_notes(struct pk_db *db, int n)
{
	struct pk_stmt *stmt;

	assert_int_equal(pk_db_begin(db), 0);
	for (int i = 0; i < n; i++) {
		stmt =
		    pk_db_prepare(db, "INSERT INTO note(bytes) VALUES(zeroblob(8000))");
		assert_int_equal(pk_stmt_run(stmt), 0);
	}
	assert_int_equal(pk_db_commit(db), 0);
}

static off_t
size_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

static void
the_keeper_moves_the_wal_and_writes_nothing_else(void **state)
{
	struct pk_wal wal;
	char wal_path[PATH_MAX + 8];

	(void)state;
	pk_cleanup(pk_db_closep) struct pk_db *writer = open_db(PK_DB_WRITE);
	assert_int_equal(pk_db_migrate(writer, "notes", steps, 2), 0);
	pk_cleanup(pk_db_closep) struct pk_db *keeper = open_db(PK_DB_KEEP);
	add_long_notes(writer, 50);
	assert_true(add(keeper, "b") < 0);

	assert_int_equal(pk_db_checkpoint(keeper, PK_CHECKPOINT_PASSIVE, &wal), 0);
	assert_true(wal.frames >= 50);
	assert_int_equal(wal.moved, wal.frames);
	assert_true(size_of(file) > 50 * 8000);
	assert_int_equal(pk_db_checkpoint(keeper, PK_CHECKPOINT_TRUNCATE, NULL), 0);
	snprintf(wal_path, sizeof(wal_path), "%s-wal", file);
	assert_int_equal(size_of(wal_path), 0);
	assert_int_equal(count(keeper), 50);
}

static void
a_checkpoint_waits_for_nobody(void **state)
{
	struct pk_wal wal = { 0, 0 };

	(void)state;
	pk_cleanup(pk_db_closep) struct pk_db *writer = open_db(PK_DB_WRITE);
	assert_int_equal(pk_db_migrate(writer, "notes", steps, 2), 0);
	pk_cleanup(pk_db_closep) struct pk_db *keeper = open_db(PK_DB_KEEP);
	pk_cleanup(pk_db_closep) struct pk_db *reader = open_db(PK_DB_READ);

	/* what somebody still reads is only moved as far as he does not see it */
	assert_int_equal(pk_db_begin_read(reader), 0);
	assert_int_equal(count(reader), 0);
	add_long_notes(writer, 50);
	assert_int_equal(count(reader), 0);
	assert_int_equal(pk_db_checkpoint(keeper, PK_CHECKPOINT_PASSIVE, &wal), 0);
	assert_true(wal.moved < wal.frames);
	assert_int_equal(
	    pk_db_checkpoint(keeper, PK_CHECKPOINT_TRUNCATE, &wal), -EBUSY);
	assert_int_equal(pk_db_commit(reader), 0);
	assert_int_equal(count(reader), 50);

	/* a writer in the middle of a group, too */
	assert_int_equal(pk_db_begin(writer), 0);
	assert_int_equal(add(writer, "a"), 0);
	assert_int_equal(
	    pk_db_checkpoint(keeper, PK_CHECKPOINT_TRUNCATE, &wal), -EBUSY);
	assert_int_equal(pk_db_checkpoint(keeper, PK_CHECKPOINT_PASSIVE, &wal), 0);
	assert_int_equal(wal.moved, wal.frames);
	assert_int_equal(pk_db_commit(writer), 0);
	assert_int_equal(pk_db_checkpoint(keeper, PK_CHECKPOINT_TRUNCATE, &wal), 0);
}

static void
what_is_unused_is_given_back_a_little_at_a_time(void **state)
{
	(void)state;
	pk_cleanup(pk_db_closep) struct pk_db *db = open_db(PK_DB_WRITE);
	assert_int_equal(pk_db_migrate(db, "notes", steps, 2), 0);
	add_long_notes(db, 100);
	/* a quarter may stay */
	assert_int_equal(pk_db_exec(db, "DELETE FROM note WHERE id <= 20"), 0);
	assert_int_equal(pk_db_shrink(db, 1000), 0);
	assert_int_equal(pk_db_exec(db, "DELETE FROM note WHERE id <= 60"), 0);
	assert_int_equal(pk_db_shrink(db, 10), 10);
	assert_int_equal(pk_db_shrink(db, 0), 0);

	int slices = 0, n;
	while ((n = pk_db_shrink(db, 10)) > 0) {
		assert_int_equal(n, 10);
		slices++;
	}
	assert_int_equal(n, 0);
	assert_true(slices >= 2);
	assert_int_equal(count(db), 40);
	assert_int_equal(pk_db_checkpoint(db, PK_CHECKPOINT_TRUNCATE, NULL), 0);
	assert_true(size_of(file) < (off_t)75 * 8192);
	assert_int_equal(pk_db_check(db, NULL, NULL), 0);
}

/* ---- what takes long ---- */

struct asked {
	int times;
	int enough;           /* then it is to end; 0: never */
	struct pk_db *writer; /* somebody who writes meanwhile; NULL: nobody */
};

static int
go_on(void *context)
{
	struct asked *asked = context;

	asked->times++;
	if (asked->writer != NULL)
		add_long_notes(asked->writer, 1);
	return asked->times != asked->enough;
}

static void
a_check_finds_damage(void **state)
{
	(void)state;
	struct pk_db *db = open_db(PK_DB_WRITE);
	assert_int_equal(pk_db_migrate(db, "notes", steps, 2), 0);
	add_long_notes(db, 50);
	assert_int_equal(pk_db_check(db, NULL, NULL), 0);
	pk_db_close(db);

	/* all but the header and the schema */
	FILE *f = fopen(file, "r+");
	assert_non_null(f);
	assert_int_equal(fseek(f, 3 * 8192L, SEEK_SET), 0);
	for (int i = 0; i < 8192 * 10; i++)
		fputc('?', f);
	fclose(f);
	db = open_db(PK_DB_KEEP);
	assert_int_equal(pk_db_check(db, NULL, NULL), -EBADMSG);
	assert_true(strlen(pk_db_error(db)) > 0);
	pk_db_close(db);
}

static void
a_check_can_be_stopped(void **state)
{
	struct asked asked = { 0, 0, NULL };

	(void)state;
	pk_cleanup(pk_db_closep) struct pk_db *db = open_db(PK_DB_WRITE);
	assert_int_equal(pk_db_migrate(db, "notes", steps, 2), 0);
	add_long_notes(db, 3000);
	assert_int_equal(pk_db_check(db, go_on, &asked), 0);
	assert_true(asked.times >= 1);
	asked = (struct asked){ 0, 1, NULL };
	assert_int_equal(pk_db_check(db, go_on, &asked), -EINTR);
	assert_int_equal(asked.times, 1);
	/* asked again while it looks, unless it is too quick for that */
	asked = (struct asked){ 0, 2, NULL };
	int r = pk_db_check(db, go_on, &asked);
	assert_int_equal(r, asked.times == 2 ? -EINTR : 0);
	/* and leaves nothing behind */
	assert_int_equal(count(db), 3000);
	assert_int_equal(pk_db_check(db, NULL, NULL), 0);
}

static int64_t
count_in(const char *path)
{
	pk_cleanup(pk_db_closep) struct pk_db *copy = NULL;

	assert_int_equal(pk_db_open(path, PK_DB_READ, &copy), 0);
	assert_int_equal(pk_db_check(copy, NULL, NULL), 0);
	return count(copy);
}

static void
a_backup_is_a_whole_database(void **state)
{
	struct stat st;

	(void)state;
	pk_cleanup(pk_db_closep) struct pk_db *db = open_db(PK_DB_WRITE);
	assert_int_equal(pk_db_migrate(db, "notes", steps, 3), 0);
	assert_int_equal(pk_db_backup(db, other, NULL, NULL), 0);
	assert_int_equal(count_in(other), 1);
	assert_int_equal(stat(other, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(pk_db_backup(db, "/nowhere/at/all.db", NULL, NULL), -ENOENT);

	/* what is there is left alone */
	assert_int_equal(add(db, "later"), 0);
	assert_int_equal(pk_db_backup(db, other, NULL, NULL), -EEXIST);
	assert_int_equal(count_in(other), 1);
}

static void
a_backup_is_of_one_moment(void **state)
{
	(void)state;
	pk_cleanup(pk_db_closep) struct pk_db *writer = open_db(PK_DB_WRITE);
	assert_int_equal(pk_db_migrate(writer, "notes", steps, 2), 0);
	add_long_notes(writer, 2000);
	pk_cleanup(pk_db_closep) struct pk_db *reader = open_db(PK_DB_READ);
	struct asked asked = { 0, 0, writer };

	/* somebody writes between all its steps, and it does not begin anew */
	assert_int_equal(pk_db_backup(reader, other, go_on, &asked), 0);
	assert_int_equal(count_in(other), 2000);
	assert_true(asked.times >= 8 && asked.times <= 16);
	assert_int_equal(count(reader), 2000 + asked.times);
	assert_int_equal(pk_db_checkpoint(writer, PK_CHECKPOINT_TRUNCATE, NULL), 0);
}

static void
a_backup_that_is_stopped_leaves_nothing(void **state)
{
	struct asked asked = { 0, 3, NULL };
	struct stat st;

	(void)state;
	pk_cleanup(pk_db_closep) struct pk_db *db = open_db(PK_DB_WRITE);
	assert_int_equal(pk_db_migrate(db, "notes", steps, 2), 0);
	add_long_notes(db, 2000);
	assert_int_equal(pk_db_backup(db, other, go_on, &asked), -EINTR);
	assert_int_equal(stat(other, &st), -1);
	assert_int_equal(pk_db_checkpoint(db, PK_CHECKPOINT_TRUNCATE, NULL), 0);
	assert_int_equal(add(db, "a"), 0);
}

static void
what_cannot_be_opened_says_why(void **state)
{
	struct pk_db *db = NULL;
	FILE *f;

	(void)state;
	assert_int_equal(pk_db_open(file, PK_DB_READ, &db), -ENOENT);
	assert_int_equal(pk_db_open("/nowhere/x.db", PK_DB_WRITE, &db), -ENOENT);
	f = fopen(other, "w");
	assert_non_null(f);
	for (int i = 0; i < 1000; i++)
		fputs("this is no database, it is a letter\n", f);
	fclose(f);
	assert_int_equal(pk_db_open(other, PK_DB_WRITE, &db), -EBADMSG);
	assert_int_equal(pk_db_open(other, PK_DB_READ, &db), -EBADMSG);
	assert_null(db);
}

#define DB_TEST(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(migrations_run_once),
		DB_TEST(values_there_and_back),
		DB_TEST(a_transaction_is_all_or_nothing),
		DB_TEST(a_reader_sees_what_is_committed),
		DB_TEST(a_broken_statement_fails_when_it_is_stepped),
		DB_TEST(the_keeper_moves_the_wal_and_writes_nothing_else),
		DB_TEST(a_checkpoint_waits_for_nobody),
		DB_TEST(what_is_unused_is_given_back_a_little_at_a_time),
		DB_TEST(a_check_finds_damage),
		DB_TEST(a_check_can_be_stopped),
		DB_TEST(a_backup_is_a_whole_database),
		DB_TEST(a_backup_is_of_one_moment),
		DB_TEST(a_backup_that_is_stopped_leaves_nothing),
		DB_TEST(what_cannot_be_opened_says_why),
	};

	return cmocka_run_group_tests_name("base/db", tests, NULL, NULL);
}
