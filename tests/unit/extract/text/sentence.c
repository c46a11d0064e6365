/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "tests/unit/extract/pack_fixture.h"

/* `|` stands where a sentence ends; it is taken out before the text is parsed. */
/* clang-format off */
static const struct sentence_case {
	const char *name; const char *text;
} cases[] = {
	{ "stops and marks", "باران بارید.| آیا برف هم می‌بارد؟| نه!| هوا گرم است." },
	{ "a semicolon goes on", "باران بارید؛ زمین خیس شد." },
	{ "decimals", "دما به ۱۲.۵ درجه رسید.| باد 3.4 متر بود." },
	{ "initials", "ج. رستمی آمد.| او رفت." },
	{ "an abbreviation", "در سال ۳۳۰ ق. م. شهری ساختند.| آن شهر رفت." },
	{ "no blank behind the stop", "باران بارید.|برف نیامد." },
	{ "a host name", "در site.ir خواندم.| بعد رفتم." },
	{ "dots go on", "شاید... باران ببارد." },
	{ "marks in a row", "چرا؟!| چون باران آمد." },
	{ "the quote closes with it", "او گفت: «باران می‌بارد.»| ما رفتیم." },
	{ "a stop behind a quote", "او گفت: «باران می‌بارد».| ما رفتیم." },
	{ "an aside in quotes", "روزنامه «چرا؟» پرسید که باران کجاست." },
	{ "a quote that runs on", "«باران آمد!»، مردم گفتند." },
	{ "an item's number", "1. باران\n|2. برف" },
	{ "blank line", "باران\n\n|برف" },
	{ "a headline", "باران در راه است\n|به گفته هواشناس، فردا باران می‌بارد." },
	{ "a line broken inside an attribution",
	    "به گزارش سرويس هواي\nخبرگزاري باران، فردا برف مي بارد." },
	{ "a line that cannot end there", "باران از\nشمال آمد.| رفت" },
	{ "a comma at the line's end", "باران،\nبرف و تگرگ آمد." },
	{ "Windows line ends", "باران\r\n|برف" },
	{ "an attribution with its end", "به گزارش باران نیوز:\n|برف آمد." },
};
/* clang-format on */

static void
check_case(void **state)
{
	const struct sentence_case *c = *state;
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20);
	struct pk_buf plain, got, want;

	pk_buf_init(&plain, 0);
	pk_buf_init(&got, 0);
	pk_buf_init(&want, 0);
	for (struct pk_span rest = pk_span_of(c->text); rest.ptr != NULL;) {
		struct pk_span part = pk_span_split(&rest, '|');
		pk_buf_append(&plain, part);
		pk_buf_printf(&want, "%.*s|", PK_SPAN_ARG(pk_span_trim(part)));
	}
	struct pk_text text = parse(arena, plain.ptr);
	for (size_t i = 0; i < text.n_sentences; i++)
		pk_buf_printf(&got, "%.*s|",
		    PK_SPAN_ARG(pk_text_of(
			&text, text.sentences[i].first, text.sentences[i].end)));
	assert_span(pk_buf_span(&got), want.ptr);
	pk_buf_done(&plain);
	pk_buf_done(&got);
	pk_buf_done(&want);
}

/* A finder that gives a paragraph a line must not tear a broken attribution apart. */
static void
paragraphs_of_single_lines_are_joined(void **state)
{
	static const char bytes[] =
	    "به گزارش سرويس هوا\nخبرگزاري باران، برف آمد.\nفردا";
	const struct pk_paragraph paragraphs[] = {
		{ PK_PARAGRAPH_P, { .start = 0, .end = 18 } },
		{ PK_PARAGRAPH_P, { .start = 19, .end = 43 } },
		{ PK_PARAGRAPH_P, { .start = 44, .end = 48 } },
	};
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20);
	struct pk_text text;

	(void)state;
	assert_int_equal(
	    pk_text_parse(arena, fa, pk_span_of(bytes), paragraphs, 3, &text), 0);
	assert_int_equal(text.n_sentences, 2);
	assert_int_equal(text.sentences[0].paragraph, 0);
	assert_int_equal(text.sentences[1].paragraph, 2);
	assert_int_equal(text.tokens[text.n_tokens - 1].sentence, 1);
}

/* Every token lies in exactly one sentence, in order. */
static void
sentences_cover_the_text(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 22);
	struct pk_buf bytes;
	size_t at = 0;

	(void)state;
	pk_buf_init(&bytes, 0);
	for (size_t i = 0; i < 3000; i++)
		pk_buf_printf(&bytes, "%s",
		    i % 3 == 0 ? "!»\n"
		    : i % 7    ? "باد، "
			       : ". ");
	struct pk_text text = parse(arena, bytes.ptr);
	for (size_t i = 0; i < text.n_sentences; i++) {
		assert_int_equal(text.sentences[i].first, at);
		assert_true(text.sentences[i].end > at);
		at = text.sentences[i].end;
	}
	assert_int_equal(at, text.n_tokens);
	pk_buf_done(&bytes);
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases) + 2] = {
		[PK_COUNT(cases)] =
		    cmocka_unit_test(paragraphs_of_single_lines_are_joined),
		[PK_COUNT(cases) + 1] = cmocka_unit_test(sentences_cover_the_text),
	};

	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){ cases[i].name, check_case, NULL, NULL,
			(void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests_name(
	    "extract/text/sentence", tests, load_fa, free_fa);
}
