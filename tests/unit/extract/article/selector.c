/* SPDX-License-Identifier: Apache-2.0 */
/* Which elements of a page a selector finds, and where one that is wrong is wrong. */
#include "extract/article/selector.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ARENA_LIMIT ((size_t)64 << 20)

/* Every element to be found has a number as its title. */
static const char page_html[] =
    "<html><body title=1 class='single rtl'>"
    "<div title=2 id=Main class='a b'><p title=3 class=b>x</p>"
    "<section title=4 class='a-b c' data-kind='news/politics'><p title=5>y"
    "<b title=6 class=b itemprop='name articleBody'>z</b></p></section></div>"
    "<div title=7 class='A\tc'><div title=8 class=c><div title=9 class=d>"
    "<story-body title=10 class=خبر>w</story-body></div></div></div>"
    "</body></html>";

/* clang-format off */
static const struct case_found {
	const char *name, *selectors, *found;
} found_cases[] = {
	{ "a class", ".b", "2 3 6" },
	{ "letter for letter", ".A", "7" },
	{ "a whole word", ".a", "2" },
	{ "an id", "#Main", "2" },
	{ "an id is no class", "#b", "" },
	{ "an element", "p", "3 5" },
	{ "in upper case", "P", "3 5" },
	{ "that a site made up", "story-body", "10" },
	{ "with a name of its own language", "story-body.خبر", "10" },
	{ "all of it", "div#Main.a.b[title='2']", "2" },
	{ "any element", "section > *", "5" },
	{ "below", "#Main p", "3 5" },
	{ "directly below", "#Main > p", "3" },
	{ "below below", "div section p b", "6" },
	{ "the nearest is not the only one", "[title='7'] > .c .d", "9" },
	{ "further up again", "body > div .c > .d", "9" },
	{ "up to the top", "p > div .c > .d", "" },
	{ "either, in the page's order", "section, .d, p", "3 4 5 9" },
	{ "an attribute", "section[data-kind]", "4" },
	{ "that is not there", "section[data-kin]", "" },
	{ "is", "[data-kind=news/politics]", "4" },
	{ "begins", "[data-kind^=\"news/\"]", "4" },
	{ "ends", "[data-kind$=politics]", "4" },
	{ "holds", "[ data-kind *= s/p ]", "4" },
	{ "is a word of", "[itemprop~=articleBody]", "6" },
	{ "is not a part of a word", "[itemprop~=article]", "" },
	{ "is not one of several words", "[itemprop=articleBody]", "" },
	{ "the page's own classes", "body.rtl.single", "1" },
	{ "blanks do not matter", "  #Main>p ,\t.d  ", "3 9" },
};

static const struct case_wrong {
	const char *name, *selectors;
	size_t at;
	const char *want;
} wrong_cases[] = {
	{ "nothing", "", 0, "want the name of an element, .class, #id or [attribute]" },
	{ "nothing after a comma", ".a, ", 4, "want the name of an element, .class, #id or [attribute]" },
	{ "nothing after >", "p > ", 4, "want the name of an element, .class, #id or [attribute]" },
	{ "no class", "p. a", 2, "want the name of a class after '.'" },
	{ "no id", "#", 1, "want an id after '#'" },
	{ "no attribute", "a[=x]", 2, "want the name of an attribute" },
	{ "no operator", "a[b|c]", 3, "want ], =, ~=, ^=, $= or *=" },
	{ "half an operator", "a[b^c]", 4, "want ], =, ~=, ^=, $= or *=" },
	{ "no value", "a[b=]", 4, "want a value" },
	{ "no bracket", "a[b=c d]", 6, "want ]" },
	{ "no end", "a[b", 3, "want ], =, ~=, ^=, $= or *=" },
	{ "no quote", "a[b='c]", 7, "want the quote that ends the value" },
	{ "a pseudo-class", "p:first-child", 1,
	  "there are no pseudo-classes; want a tag, .class, #id, [attribute], blank, > or comma" },
	{ "a neighbour", "h1 + p", 3,
	  "there are no neighbours; want a blank (somewhere below) or > (directly below)" },
	{ "a path", "//div", 0, "want the name of an element, .class, #id or [attribute]" },
	{ "a bracket", "div)", 3, "want .class, #id, [attribute], blank, > or comma" },
	{ "too deep", "a b c d e f g h i", 16, "too many elements in one selector" },
	{ "too much of one", ".a.b.c.d.e.f.g.h.i", 16, "too many classes and attributes of one element" },
};
/* clang-format on */

static void
check_found(void **state)
{
	const struct case_found *c = *state;
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(ARENA_LIMIT);
	pk_cleanup(pk_page_done) struct pk_page page = { .tree = NULL };
	struct pk_selectors selectors;
	const char *want;
	char found[64] = "";
	size_t at, cursor = 0, n = 0;
	uint32_t node;

	assert_int_equal(pk_page_read(arena, pk_span_of(page_html), &page), 0);
	assert_int_equal(
	    pk_selectors_parse(arena, pk_span_of(c->selectors), &selectors, &at, &want),
	    0);
	while ((node = pk_selectors_next(&selectors, &page, &cursor)) != PK_NO_NODE)
		n += (size_t)snprintf(found + n, sizeof(found) - n, "%s%.*s",
		    n == 0 ? "" : " ",
		    PK_SPAN_ARG(pk_page_attribute(&page, node, "title")));
	assert_string_equal(found, c->found);
}

static void
check_wrong(void **state)
{
	const struct case_wrong *c = *state;
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(ARENA_LIMIT);
	struct pk_selectors selectors = { .n = 77 };
	const char *want = NULL;
	size_t at = 0;

	int r =
	    pk_selectors_parse(arena, pk_span_of(c->selectors), &selectors, &at, &want);
	assert_true(r == -EBADMSG || r == -E2BIG);
	assert_string_equal(want, c->want);
	assert_int_equal(at, c->at);
	assert_int_equal(selectors.n, 77);
}

static void
lists_are_bounded(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(ARENA_LIMIT);
	char text[PK_SELECTOR_BYTES_MAX + 2];
	struct pk_selectors selectors;
	const char *want;
	size_t at;

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_int_equal(
	    pk_selectors_parse(
		arena, (struct pk_span){ text, sizeof(text) }, &selectors, &at, &want),
	    -E2BIG);
	memset(text, ',', sizeof(text));
	for (size_t i = 0; i < 2 * (PK_SELECTORS_MAX + 1); i += 2)
		text[i] = 'p';
	assert_int_equal(pk_selectors_parse(arena,
			     (struct pk_span){ text, 2 * PK_SELECTORS_MAX - 1 },
			     &selectors, &at, &want),
	    0);
	assert_int_equal(selectors.n, PK_SELECTORS_MAX);
	assert_int_equal(pk_selectors_parse(arena,
			     (struct pk_span){ text, 2 * PK_SELECTORS_MAX + 1 },
			     &selectors, &at, &want),
	    -E2BIG);
}

/* So many elements, each so deep: climbing from every one would be their product. */
#define DEPTH    500
#define ELEMENTS 50000

static void
depth_has_an_end(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(ARENA_LIMIT);
	pk_cleanup(pk_page_done) struct pk_page page = { .tree = NULL };
	pk_cleanup(pk_freep) char *html = malloc(DEPTH * 5 + ELEMENTS * 8 + 1);
	struct pk_selectors selectors;
	const char *want;
	size_t at, cursor = 0;
	char *end = html;

	(void)state;
	assert_non_null(html);
	for (size_t i = 0; i < DEPTH; i++)
		end = stpcpy(end, "<div>");
	for (size_t i = 0; i < ELEMENTS; i++)
		end = stpcpy(end, "<b>x</b>");
	assert_int_equal(pk_page_read(arena, pk_span_of(html), &page), 0);
	uint32_t climbs = *page.climbs;
	assert_true(climbs < DEPTH * ELEMENTS);
	assert_int_equal(
	    pk_selectors_parse(arena, PK_SPAN(".a b"), &selectors, &at, &want), 0);
	assert_int_equal(pk_selectors_next(&selectors, &page, &cursor), PK_NO_NODE);
	assert_int_equal(*page.climbs, 0);
}

int
main(void)
{
	struct CMUnitTest tests[64] = {
		cmocka_unit_test(lists_are_bounded),
		cmocka_unit_test(depth_has_an_end),
	};
	size_t n = 2;

	/* The state is only read. */
#define ADD(cases, check)                                                              \
	for (size_t i = 0; i < PK_COUNT(cases); i++)                                   \
	tests[n++] = (struct CMUnitTest){ .name = cases[i].name,                       \
		.test_func = check,                                                    \
		.initial_state = (void *)(uintptr_t)&cases[i] }
	ADD(found_cases, check_found);
	ADD(wrong_cases, check_wrong);
	return _cmocka_run_group_tests(
	    "extract/article/selector", tests, n, NULL, NULL);
}
