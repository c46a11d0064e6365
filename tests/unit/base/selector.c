/* SPDX-License-Identifier: Apache-2.0 */
/* What a selector asks for; which elements it finds, tests of those who have a tree. */
#include "base/selector.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ARENA pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20)

static void
assert_span(struct pk_span got, const char *want)
{
	if (!pk_span_eq(got, pk_span_of(want)))
		fail_msg("got «%.*s», want «%s»", PK_SPAN_ARG(got), want);
}

static struct pk_selector_list
parse(struct pk_arena *arena, const char *text)
{
	struct pk_selector_list list = { .n = 0 };
	const char *want = NULL;
	size_t at = 0;

	assert_int_equal(
	    pk_selector_parse(arena, pk_span_of(text), &list, &at, &want), 0);
	return list;
}

static void
parts_stand_from_the_outside_in(void **state)
{
	ARENA;
	struct pk_selector_list list = parse(arena, "MAIN .news > a[href^='/n/'], b");

	(void)state;
	assert_int_equal(list.n, 2);
	assert_int_equal(list.items[0].n, 3);
	const struct pk_selector_part *parts = list.items[0].parts;
	assert_span(parts[0].name, "main");
	assert_int_equal(parts[0].n_tests, 0);
	assert_false(parts[0].child);
	assert_null(parts[1].name.ptr);
	assert_false(parts[1].child);
	assert_int_equal(parts[1].tests[0].op, PK_SELECTOR_CLASS);
	assert_string_equal(parts[1].tests[0].name, "class");
	assert_span(parts[1].tests[0].value, "news");
	assert_true(parts[2].child);
	assert_span(parts[2].name, "a");
	assert_int_equal(parts[2].tests[0].op, PK_SELECTOR_BEGINS);
	assert_string_equal(parts[2].tests[0].name, "href");
	assert_span(parts[2].tests[0].value, "/n/");
	assert_int_equal(list.items[1].n, 1);
	assert_span(list.items[1].parts[0].name, "b");
}

static void
nothing_is_borrowed(void **state)
{
	ARENA;
	char text[] = "p.x";
	struct pk_selector_list list = parse(arena, text);

	(void)state;
	memset(text, '?', sizeof(text) - 1);
	assert_span(list.items[0].parts[0].name, "p");
	assert_span(list.items[0].parts[0].tests[0].value, "x");
}

/* clang-format off */
static const struct pass_case {
	const char *selector, *value;
	bool passes;
} pass_cases[] = {
	{ ".a", "a", true }, { ".a", "b a\tc", true }, { ".a", "ab", false },
	{ "#a", "a", true }, { "#a", "a b", false },
	{ "[x]", "", true }, { "[x=y]", "y", true }, { "[x=y]", "Y", false },
	{ "[x~=y]", "z y", true }, { "[x~=y]", "zy", false },
	{ "[x^=y]", "yz", true }, { "[x^=y]", "zy", false },
	{ "[x$=y]", "zy", true }, { "[x$=y]", "yz", false },
	{ "[x*=y]", "zyz", true }, { "[x*=y]", "z", false },
};
/* clang-format on */

static void
values_pass_or_not(void **state)
{
	ARENA;

	(void)state;
	for (size_t i = 0; i < PK_COUNT(pass_cases); i++) {
		const struct pass_case *c = &pass_cases[i];
		struct pk_selector_list list = parse(arena, c->selector);
		if (pk_selector_passes(&list.items[0].parts[0].tests[0],
			pk_span_of(c->value)) != c->passes)
			fail_msg("%s and '%s'", c->selector, c->value);
	}
}

static void
what_is_wrong_is_named(void **state)
{
	ARENA;
	struct pk_selector_list list = { .n = 77 };
	const char *want = NULL;
	size_t at = 0;

	(void)state;
	assert_int_equal(
	    pk_selector_parse(arena, PK_SPAN("h2 ! a"), &list, &at, &want), -EBADMSG);
	assert_int_equal(at, 3);
	assert_string_equal(
	    want, "want the name of an element, .class, #id or [attribute]");
	assert_int_equal(list.n, 77);
}

static void
without_memory(void **state)
{
	(void)state;
	for (size_t limit = 200; limit < 1000; limit += 16) {
		pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(limit);
		struct pk_selector_list list = { .n = 77 };
		const char *want;
		size_t at;

		if (arena == NULL)
			continue;
		int r = pk_selector_parse(
		    arena, PK_SPAN("main .news > a.b.c, p"), &list, &at, &want);
		assert_true(r == 0 || (r == -ENOMEM && list.n == 77));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_stand_from_the_outside_in),
		cmocka_unit_test(nothing_is_borrowed),
		cmocka_unit_test(values_pass_or_not),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
