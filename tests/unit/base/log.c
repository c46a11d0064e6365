/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int saved_stderr, read_end;
static char line[8192];

/* What is logged goes into a pipe. */
static int
open_pipe(void **state)
{
	int ends[2];

	(void)state;
	if (pipe(ends) < 0)
		return -1;
	saved_stderr = dup(STDERR_FILENO);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	read_end = ends[0];
	pk_log_set_level(PK_INFO);
	return 0;
}

static int
close_pipe(void **state)
{
	(void)state;
	dup2(saved_stderr, STDERR_FILENO);
	close(saved_stderr);
	close(read_end);
	return 0;
}

/* The line that was written, without its time. */
static const char *
logged(void)
{
	ssize_t len = read(read_end, line, sizeof(line) - 1);

	assert_true(len > 0);
	line[len] = '\0';
	assert_int_equal(line[len - 1], '\n');
	assert_ptr_equal(strchr(line, '\n'), line + len - 1); /* one line */
	assert_int_equal(line[10], 'T');
	assert_int_equal(line[20], ' ');
	return line + 21;
}

static void
a_line_is_a_sentence_and_fields(void **state)
{
	(void)state;
	pk_log(PK_WARN, "feed failed, backing off", "feed", "nakhl", "wait_s",
	    pk_log_number(120));
	assert_string_equal(
	    logged(), "warning: feed failed, backing off feed=nakhl wait_s=120\n");
	pk_log(PK_INFO, "started");
	assert_string_equal(logged(), "info: started\n");
}

static void
nobody_can_forge_a_line(void **state)
{
	(void)state;
	pk_log(PK_ERROR, "bad feed", "title",
	    "x\n2026-01-01T00:00:00Z error: forged \"y\" \\ \x1b[31m \x7f", "empty", "",
	    "none", (const char *)NULL);
	assert_string_equal(logged(),
	    "error: bad feed title=\"x\\x0a2026-01-01T00:00:00Z error: forged "
	    "\\\"y\\\" \\\\ \\x1b[31m \\x7f\" empty=\"\" none=-\n");
	/* C1 controls are two bytes in UTF-8; Persian is left alone */
	pk_log(PK_INFO, "a", "b",
	    "\xC2\x9B"
	    "31m",
	    "c", "پیک");
	assert_string_equal(logged(), "info: a b=\\x9b31m c=پیک\n");
	/* what turns a line around, and what is no UTF-8 at all */
	pk_log(PK_INFO, "a", "b", "x\xE2\x80\xAEy", "c", "\x9B\xFF", "d", "\xD9");
	assert_string_equal(logged(), "info: a b=x\\u202ey c=\\x9b\\xff d=\\xd9\n");
}

static void
a_line_has_an_end(void **state)
{
	char long_value[10000];

	(void)state;
	memset(long_value, 'x', sizeof(long_value) - 1);
	long_value[sizeof(long_value) - 1] = '\0';
	pk_log(PK_INFO, "long", "value", long_value);
	assert_in_range(strlen(logged()), 1000, 4200);
}

static void
what_is_above_the_level_is_not_written(void **state)
{
	(void)state;
	pk_log(PK_DEBUG, "hidden");
	pk_log_set_level(PK_DEBUG);
	pk_log(PK_DEBUG, "shown");
	assert_string_equal(logged(), "debug: shown\n");
	pk_log_set_level(PK_ERROR);
	pk_log(PK_WARN, "hidden");
	pk_log(PK_ERROR, "shown");
	assert_string_equal(logged(), "error: shown\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_line_is_a_sentence_and_fields, open_pipe, close_pipe),
		cmocka_unit_test_setup_teardown(
		    nobody_can_forge_a_line, open_pipe, close_pipe),
		cmocka_unit_test_setup_teardown(
		    a_line_has_an_end, open_pipe, close_pipe),
		cmocka_unit_test_setup_teardown(
		    what_is_above_the_level_is_not_written, open_pipe, close_pipe),
	};

	unsetenv("JOURNAL_STREAM");
	return cmocka_run_group_tests_name("base/log", tests, NULL, NULL);
}
