/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/segment.h"

#include "base/buf.h"
#include "tests/unit/extract/pack_fixture.h"

/* A word as it was written, its parts, and how it is written well (| for the ZWNJ). */
/* clang-format off */
static const struct morph_case {
	const char *word; const char *parts; const char *norm;
} cases[] = {
	/* plurals and comparison, glued */
	{ "خواستههای", "خواسته+های", "خواسته|های" },
	{ "دریچهها", "دریچه+ها", "دریچه|ها" },
	{ "بزرگترین", "بزرگ+ترین", "بزرگ|ترین" },
	{ "سریعتر", "سریع+تر", "سریع|تر" },
	/* an unknown stem may have a plural, but no comparison */
	{ "گرنیلها", "گرنیل+ها", "گرنیل|ها" },
	{ "هلیکوپتر", "هلیکوپتر", "هلیکوپتر" },
	/* behind a letter that joins nothing a ZWNJ would change nothing */
	{ "کشورها", "کشور+ها", "کشورها" },
	/* the more frequent stem decides */
	{ "خانهای", "خانه+ای", "خانه|ای" },
	{ "سندهای", "سند+های", "سندهای" },
	{ "قلعهای", "قلعه+ای", "قلعه|ای" },
	/* whole words that only look so */
	{ "تنها", "تنها", "تنها" },
	{ "آنها", "آنها", "آنها" },
	{ "بیشتر", "بیشتر", "بیشتر" },
	{ "میدان", "میدان", "میدان" },
	{ "همکاری", "همکاری", "همکاری" },
	{ "دفتر", "دفتر", "دفتر" },
	/* verbs */
	{ "میگوید", "می+گوید", "می|گوید" },
	{ "نمیدهیم", "نمی+دهیم", "نمی|دهیم" },
	{ "نمیتوان", "نمی+توان", "نمی|توان" },
	{ "کردهاند", "کرده+اند", "کرده|اند" },
	{ "نشدهایم", "نشده+ایم", "نشده|ایم" },
	{ "برمیگردد", "بر+می+گردد", "برمی|گردد" },
	{ "میپیمایند", "می+پیمایند", "می|پیمایند" },
	{ "میكردند", "می+كردند", "می|کردند" },
	/* clitics */
	{ "تحریمهاست", "تحریم+هاست", "تحریم|هاست" },
	{ "خانوادهاش", "خانواده+اش", "خانواده|اش" },
	/* compounds */
	{ "بینالملل", "بین+الملل", "بین|الملل" },
	{ "سرمایهگذاران", "سرمایه+گذاران", "سرمایه|گذاران" },
	{ "همسایهمحور", "همسایه+محور", "همسایه|محور" },
	{ "پیشبینی", "پیش+بینی", "پیش|بینی" },
	/* as it should be already, with Arabic letters, with a vowel sign */
	{ "می‌گوید", "می+گوید", "می|گوید" },
	{ "شركت‌هاي", "شركت+هاي", "شرکت|های" },
	{ "کارِ", "کارِ", "کار" },
	{ "OPEC", "OPEC", "opec" },
};
/* clang-format on */

static void
check_case(void **state)
{
	const struct morph_case *c = *state;
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20);
	struct pk_text text = parse(arena, c->word);
	struct pk_segments s;
	struct pk_buf parts;
	char norm[128] = "";
	size_t len = 0;

	assert_int_equal(pk_segment(arena, fa, &text, 0, text.n_tokens, &s), 0);
	pk_buf_init(&parts, 0);
	for (size_t i = 0; i < s.n; i++)
		pk_buf_printf(
		    &parts, "%s%.*s", i > 0 ? "+" : "", PK_SPAN_ARG(s.pieces[i]));
	assert_span(pk_buf_span(&parts), c->parts);
	pk_buf_done(&parts);
	for (size_t i = 0; i < s.norm.len && len + 1 < sizeof(norm);) {
		bool zwnj =
		    s.norm.len - i >= 3 && memcmp(s.norm.ptr + i, "‌", 3) == 0;
		norm[len++] = zwnj ? '|' : s.norm.ptr[i];
		i += zwnj ? 3 : 1;
	}
	assert_string_equal(norm, c->norm);
}

/* «می گوید»: a blank where a ZWNJ is due parts no words. */
static void
blanks_inside_words(void **state)
{
	static const struct {
		const char *text;
		size_t at;
		bool joins;
	} pairs[] = {
		{ "می گوید", 0, true },
		{ "نمی دهیم", 0, true },
		{ "همسایه ها", 0, true },
		{ "کرده اند", 0, true },
		{ "بزرگ تر", 0, true },
		{ "می در", 0, false },
		{ "خبر خوب", 0, false },
		{ "خبر ها .", 1, false },
	};

	(void)state;
	for (size_t i = 0; i < PK_COUNT(pairs); i++) {
		pk_cleanup(pk_arena_freep) struct pk_arena *arena =
		    pk_arena_new(1 << 20);
		struct pk_text text = parse(arena, pairs[i].text);
		assert_int_equal(
		    pk_segment_joins(fa, &text, pairs[i].at, text.n_tokens),
		    pairs[i].joins);
	}
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases) + 1] = {
		[PK_COUNT(cases)] = cmocka_unit_test(blanks_inside_words)
	};

	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){ cases[i].word, check_case, NULL, NULL,
			(void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests_name(
	    "extract/text/morph", tests, load_fa, free_fa);
}
