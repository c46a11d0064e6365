/* SPDX-License-Identifier: Apache-2.0 */
#include "base/html_entity.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* clang-format off */
static const struct reference_case {
	const char *text;
	size_t len; /* 0: no reference */
	uint32_t points[2];
} cases[] = {
	{ "&nbsp;x",             6,  { 0xA0 } },
	{ "&AElig;",             7,  { 0xC6 } },
	{ "&zwnj;",              6,  { 0x200C } },
	{ "&acE;",               5,  { 0x223E, 0x333 } },
	{ "&CounterClockwiseContourIntegral;", 33, { 0x2233 } },
	{ "&zwj;",               5,  { 0x200D } },
	{ "&#1587;",             7,  { 0x633 } },
	{ "&#x633;",             7,  { 0x633 } },
	{ "&#X633 ",             6,  { 0x633 } },
	{ "&#146;",              6,  { 0x2019 } },
	{ "&#xD83D;&#xDE00;!",   16, { 0x1F600 } },
	{ "&#xD83D;!",           8,  { 0xFFFD } },
	{ "&#0;",                4,  { 0xFFFD } },
	{ "&#99999999999999;",   17, { 0xFFFD } },
	{ "&nbsp x",             0,  { 0 } },
	{ "&nbs;",               0,  { 0 } },
	{ "&nbspx;",             0,  { 0 } },
	{ "&NBSP;",              0,  { 0 } },
	{ "&;",                  0,  { 0 } },
	{ "&#;",                 0,  { 0 } },
	{ "&#x;",                0,  { 0 } },
	{ "&",                   0,  { 0 } },
	{ "& b;",                0,  { 0 } },
};
/* clang-format on */

static void
references_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(cases); i++) {
		uint32_t points[2] = { 0, 0 };
		size_t count = 0;
		size_t len =
		    pk_html_reference(pk_span_of(cases[i].text), points, &count);
		if (len != cases[i].len)
			print_error("%s\n", cases[i].text);
		assert_int_equal(len, cases[i].len);
		if (len == 0)
			continue;
		assert_int_equal(count, cases[i].points[1] == 0 ? 1 : 2);
		assert_int_equal(points[0], cases[i].points[0]);
		if (count == 2)
			assert_int_equal(points[1], cases[i].points[1]);
	}
}

/* A name out of order could never be found. */
static void
every_name_is_found(void **state)
{
	static const char *const names[] = {
#define ENTITY(name, first, second) name,
#include "base/html_entity.def"
#undef ENTITY
	};

	(void)state;
	for (size_t i = 0; i < PK_COUNT(names); i++) {
		uint32_t points[2];
		assert_true(pk_html_entity(pk_span_of(names[i]), points) > 0);
		assert_in_range(strlen(names[i]), 2, PK_HTML_ENTITY_NAME_MAX);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_are_read),
		cmocka_unit_test(every_name_is_found),
	};

	return cmocka_run_group_tests_name("base/html_entity", tests, NULL, NULL);
}
