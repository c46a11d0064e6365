/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/feed/markup.h"

#include "tests/unit/fetch/feed/parse.h"

/* clang-format off */
static const struct markup_case {
	const char *html, *text;
} cases[] = {
	{ "plain",                                "plain" },
	{ "  two \n\t words&nbsp;more ",          "two words more" },
	{ "a <b>bold</b> word",                   "a bold word" },
	{ "one<br>two<p>three</p><p>four",        "one two three four" },
	{ "in<i>side</i>",                        "inside" },
	{ "3 < 4 > 2 & 1 <نام> <3",               "3 < 4 > 2 & 1 <نام> <3" },
	{ "&lt;b&gt; &amp;amp; &laquo;x&raquo;",  "<b> &amp; «x»" },
	{ "a<script>if (1 < 2) x();</script>b",   "ab" },
	{ "a<STYLE>p { }</style >b",              "ab" },
	{ "a<script>never ends",                  "a" },
	{ "a<!-- <b> -->b<!doctype x>c<?php ?>d", "abcd" },
	{ "a<img alt='>' src=x>b",                "a b" },
	{ "a<!-- -- >b<script>c</script>",        "ab" },
	{ "a<!-- never ends",                     "a" },
	{ "a<object>b</object>c<object>d",        "acd" },
	{ "a <b c<d> <!DOCTYPE ~",                "a <b c <!DOCTYPE ~" },
	{ "</script>a<script>b<script>c</script>d", "abd" },
	{ "<a href='x'",                          "<a href='x'" },
	{ "&nGt;&nGt;&nGt;&nGt;&nGt;",            "≫⃒≫⃒≫⃒≫⃒≫⃒" },
	{ "&#1;&#9;x&#0;",                        "x\uFFFD" },
	{ "<p></p>",                              "" },
	{ "",                                     "" },
};
/* clang-format on */

static void
markup_goes_and_text_stays(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(cases); i++) {
		pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(4096);
		assert_text(
		    pk_markup_to_text(arena, pk_span_of(cases[i].html)), cases[i].text);
	}
}

static void
plain_text_is_only_folded(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(4096);

	(void)state;
	assert_text(
	    pk_fold_blanks(arena, PK_SPAN(" a <b>\n &amp; c ")), "a <b> &amp; c");
	struct pk_span settled = PK_SPAN("سلام بر همه");
	assert_ptr_equal(pk_fold_blanks(arena, settled).ptr, settled.ptr);
}

/* clang-format off */
static const struct markup_case titles[] = {
	{ "a &amp; b",                         "a & b" },
	{ "a &amp;amp; b &amp;laquo;c&amp;raquo;", "a & b «c»" },
	{ "&lt;b&gt;a&lt;/b&gt; b",            "a b" },
	{ "the &lt;b&gt; tag, 3 &lt; 4",       "the <b> tag, 3 < 4" },
	{ "a&lt;script&gt;b&lt;/script&gt;",   "a" },
	{ "AT&amp;T &copy",                    "AT&T &copy" },
};
/* clang-format on */

static void
titles_may_be_escaped_twice(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(titles); i++) {
		pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(4096);
		assert_text(pk_title_to_text(arena, pk_span_of(titles[i].html)),
		    titles[i].text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markup_goes_and_text_stays),
		cmocka_unit_test(plain_text_is_only_folded),
		cmocka_unit_test(titles_may_be_escaped_twice),
	};

	return cmocka_run_group_tests_name("fetch/feed/markup", tests, NULL, NULL);
}
