/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void
it_grows_and_is_terminated(void **state)
{
	struct pk_buf buf;

	(void)state;
	pk_buf_init(&buf, 0);
	assert_int_equal(pk_buf_span(&buf).len, 0);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(pk_buf_append(&buf, PK_SPAN("abc")), 0);
	assert_int_equal(pk_buf_append_char(&buf, 'd'), 0);
	assert_int_equal(pk_buf_printf(&buf, "%04d", 42), 0);
	assert_int_equal(pk_buf_append(&buf, (struct pk_span){ NULL, 0 }), 0);
	assert_int_equal(buf.len, 3005);
	assert_int_equal(strlen(buf.ptr), 3005);
	assert_string_equal(buf.ptr + 2997, "abcd0042");
	pk_buf_done(&buf);
	assert_null(buf.ptr);
	assert_int_equal(pk_buf_append_char(&buf, 'x'), 0); /* usable again */
	pk_buf_done(&buf);
}

static void
over_the_limit_nothing_is_appended(void **state)
{
	struct pk_buf buf;

	(void)state;
	pk_buf_init(&buf, 5);
	assert_int_equal(pk_buf_append(&buf, PK_SPAN("abc")), 0);
	assert_int_equal(pk_buf_append(&buf, PK_SPAN("def")), -E2BIG);
	assert_int_equal(pk_buf_printf(&buf, "%d", 1000), -E2BIG);
	assert_string_equal(buf.ptr, "abc");
	assert_int_equal(pk_buf_append(&buf, PK_SPAN("de")), 0);
	assert_int_equal(pk_buf_append_char(&buf, 'f'), -E2BIG);
	assert_string_equal(buf.ptr, "abcde");
	pk_buf_done(&buf);
	assert_int_equal(buf.limit, 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_grows_and_is_terminated),
		cmocka_unit_test(over_the_limit_nothing_is_appended),
	};

	return cmocka_run_group_tests_name("base/buf", tests, NULL, NULL);
}
