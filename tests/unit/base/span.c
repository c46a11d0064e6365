/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"

#include "base/cleanup.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define UNTOUCHED INT64_C(-77)

static void
split_gives_every_part(void **state)
{
	struct pk_span rest = PK_SPAN("a||b|");
	const char *const want[] = { "a", "", "b", "" };
	size_t n = 0;

	(void)state;
	while (rest.ptr != NULL) {
		struct pk_span part = pk_span_split(&rest, '|');
		assert_in_range(n, 0, PK_COUNT(want) - 1);
		assert_true(pk_span_eq(part, pk_span_of(want[n])));
		n++;
	}
	assert_int_equal(n, PK_COUNT(want));
}

static void
numbers_are_read_whole_or_not_at_all(void **state)
{
	/* clang-format off */
	static const struct number_case {
		const char *text; int r; int64_t value;
	} cases[] = {
		{ "0",                    0,        0 },
		{ "-42",                  0,        -42 },
		{ "9223372036854775807",  0,        INT64_MAX },
		{ "9223372036854775808",  -ERANGE,  UNTOUCHED },
		{ "12 ",                  -EBADMSG, UNTOUCHED },
		{ "",                     -EBADMSG, UNTOUCHED },
		{ "-",                    -EBADMSG, UNTOUCHED },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < PK_COUNT(cases); i++) {
		int64_t value = UNTOUCHED;
		assert_int_equal(
		    pk_span_to_int64(pk_span_of(cases[i].text), &value), cases[i].r);
		assert_int_equal(value, cases[i].value);
	}
}

static void
slices_are_clamped(void **state)
{
	(void)state;
	assert_true(pk_span_eq(pk_span_slice(PK_SPAN("abc"), 1, 99), PK_SPAN("bc")));
	assert_int_equal(pk_span_slice(PK_SPAN("abc"), 7, 9).len, 0);
	/* an empty slice lies where it was asked for, or at the end */
	struct pk_span text = PK_SPAN("abc");
	assert_ptr_equal(pk_span_slice(text, 2, 2).ptr, text.ptr + 2);
	assert_ptr_equal(pk_span_slice(text, 7, 9).ptr, text.ptr + 3);
	assert_null(pk_span_slice((struct pk_span){ NULL, 0 }, 1, 2).ptr);
	assert_true(pk_span_eq(pk_span_trim(PK_SPAN(" \t a b\n")), PK_SPAN("a b")));
}

static void
search_starts_where_it_is_told(void **state)
{
	(void)state;
	assert_int_equal(pk_span_find(PK_SPAN("abcabc"), PK_SPAN("bc"), 2), 4);
	assert_true(pk_span_find(PK_SPAN("abc"), PK_SPAN("x"), 0) == SIZE_MAX);
	assert_true(pk_span_eq_nocase(PK_SPAN("ETag"), PK_SPAN("etag")));
}

/* The test vectors of its authors. */
static void
hashes_are_those_of_fnv_1a(void **state)
{
	(void)state;
	assert_true(pk_span_hash(PK_SPAN("")) == UINT64_C(0xCBF29CE484222325));
	assert_true(pk_span_hash(PK_SPAN("a")) == UINT64_C(0xAF63DC4C8601EC8C));
	assert_true(pk_span_hash(PK_SPAN("foobar")) == UINT64_C(0x85944171F73967E8));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(split_gives_every_part),
		cmocka_unit_test(numbers_are_read_whole_or_not_at_all),
		cmocka_unit_test(slices_are_clamped),
		cmocka_unit_test(search_starts_where_it_is_told),
		cmocka_unit_test(hashes_are_those_of_fnv_1a),
	};

	return cmocka_run_group_tests_name("base/span", tests, NULL, NULL);
}
