/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "base/utf8.h"
#include "tests/unit/extract/pack_fixture.h"

/* Tokens are shown with a `|` between them, and a `+` before a piece of a glued word.
 */
/* clang-format off */
static const struct token_case {
	const char *name; const char *text; const char *tokens; const char *keys;
} cases[] = {
	{ "words and a stop", "باران بارید.", "باران|بارید|.", "باران|بارید|." },
	{ "the joiner stays in a word", "می\u200cبارد نخست\u200cوزیر",
	    "می\u200cبارد|نخست\u200cوزیر", "میبارد|نخستوزیر" },
	{ "a joiner at a word's end is between words", "کتاب\u200c ها\u200f!", "کتاب|ها|!",
	    "کتاب|ها|!" },
	{ "vowel signs stay", "فوراً كارِ", "فوراً|كارِ", "فورا|کار" },
	{ "ezafe after heh", "خانه\u200cی ما", "خانه\u200cی|ما", "خانه|ما" },
	{ "digits part from letters", "در2017 هتل۴ستاره", "در|2017|هتل|۴|ستاره",
	    "در|2017|هتل|4|ستاره" },
	{ "numbers", "۱۲٫۵ و 1,200 و ۲۳/۴ ،۱۰:۳۰", "۱۲٫۵|و|1,200|و|۲۳/۴|،|۱۰:۳۰",
	    "12.5|و|1,200|و|23/4|،|10:30" },
	{ "dates", "۱۴۰۳/۰۲/۰۵ 2017-12-22 ۱۴۰۱-۱۴۰۲", "۱۴۰۳/۰۲/۰۵|2017-12-22|۱۴۰۱|-|۱۴۰۲",
	    "1403/02/05|2017-12-22|1401|-|1402" },
	{ "a number ends a sentence", "در ۱۴۰۰. سال", "در|۱۴۰۰|.|سال", "در|1400|.|سال" },
	{ "Latin", "COVID-19 در U.S. با info@site.ir", "COVID-19|در|U.S|.|با|info@site.ir",
	    "covid-19|در|u.s|.|با|info@site.ir" },
	{ "an address", "نشانی https://site.ir/a?b=1 است", "نشانی|https://site.ir/a?b=1|است",
	    "نشانی|https://site.ir/a?b=1|است" },
	{ "quotes", "«الف» \"ب\" “پ”", "«|الف|»|\"|ب|\"|“|پ|”", "«|الف|»|\"|ب|\"|“|پ|”" },
	{ "dots", "شاید...", "شاید|...", "شاید|..." },
	{ "spaced signs", "گفت : « ما »", "گفت|:|«|ما|»", "گفت|:|«|ما|»" },
	{ "a glued word", "در روزگذشته", "در|روز|+گذشته", "در|روز|گذشته" },
	{ "a glued word of alternatives", "پنج‌سال", "پنج|+سال", "پنج|سال" },
	{ "a glued word in Arabic letters", "هفتهآينده", "هفته|+آينده", "هفته|اینده" },
	{ "Cyrillic", "Мир در", "Мир|در", "Мир|در" },
	{ "a symbol", "۵۰٪ و 😀", "۵۰|٪|و|😀", "50|٪|و|😀" },
	{ "nothing", "", "", "" },
	{ "only blanks", " \n\u200c\u00a0 ", "", "" },
};
/* clang-format on */

static void
check_case(void **state)
{
	const struct token_case *c = *state;
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20);
	struct pk_text text = parse(arena, c->text);
	struct pk_buf tokens, keys;

	pk_buf_init(&tokens, 0);
	pk_buf_init(&keys, 0);
	for (size_t i = 0; i < text.n_tokens; i++) {
		const char *bar = i == 0 ? "" : "|";
		pk_buf_printf(&tokens, "%s%s%.*s", bar, text.tokens[i].glued ? "+" : "",
		    PK_SPAN_ARG(pk_text_of(&text, i, i + 1)));
		pk_buf_printf(&keys, "%s%.*s", bar, PK_SPAN_ARG(text.tokens[i].key));
	}
	assert_span(pk_buf_span(&tokens), c->tokens);
	assert_span(pk_buf_span(&keys), c->keys);
	pk_buf_done(&tokens);
	pk_buf_done(&keys);
}

/* Whoever has a token finds its words in the original by code points and by bytes. */
static void
ranges_point_into_the_original(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20);
	struct pk_text text =
	    parse(arena, "\ufeffدر روزگذشته، «كي\u200cيف»\n 12 بار😀 لرزید.");

	(void)state;
	for (size_t i = 0; i < text.n_tokens; i++) {
		const struct pk_token *token = &text.tokens[i];
		struct pk_span before = pk_span_slice(text.bytes, 0, token->byte);
		struct pk_span word =
		    pk_span_slice(text.bytes, token->byte, token->byte + token->bytes);
		assert_int_equal(token->start, pk_utf8_count(before));
		assert_int_equal(token->end - token->start, pk_utf8_count(word));
		assert_true(i == 0 || token->start >= text.tokens[i - 1].end);
	}
}

static void
quote_marks_open_and_close(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20);
	struct pk_text text =
	    parse(arena, "\"نیما\"، گفت: \"باران\" (\"برف\") ''آب''.");
	bool open = false;

	(void)state;
	for (size_t i = 0; i < text.n_tokens; i++) {
		enum pk_token_kind kind = text.tokens[i].kind;
		if (kind != PK_TOKEN_QUOTE_OPEN && kind != PK_TOKEN_QUOTE_CLOSE)
			continue;
		assert_int_equal(
		    kind, open ? PK_TOKEN_QUOTE_CLOSE : PK_TOKEN_QUOTE_OPEN);
		open = !open;
	}
	assert_false(open);
}

/* A cut feed ends anywhere, also inside a letter. */
static void
every_prefix_is_a_text(void **state)
{
	static const char sample[] =
	    "به‌گزارش «باران‌نیوز»، در ۱۲٫۵ 😀 "
	    "https://a.ir/ ﷲ \"کی‌یف\" "
	    "ه‌ی...\n\n؟!";

	(void)state;
	for (size_t len = 0; len < sizeof(sample); len++) {
		pk_cleanup(pk_arena_freep) struct pk_arena *arena =
		    pk_arena_new(1 << 20);
		struct pk_text text;
		assert_int_equal(pk_text_parse(arena, fa,
				     (struct pk_span){ sample, len }, NULL, 0, &text),
		    0);
		for (size_t i = 0; i < text.n_tokens; i++)
			assert_true(text.tokens[i].byte + text.tokens[i].bytes <= len);
	}
	for (unsigned byte = 0; byte < 256; byte++) {
		pk_cleanup(pk_arena_freep) struct pk_arena *arena =
		    pk_arena_new(1 << 20);
		char lone = (char)byte;
		struct pk_text text;
		assert_int_equal(pk_text_parse(arena, fa, (struct pk_span){ &lone, 1 },
				     NULL, 0, &text),
		    0);
	}
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases) + 3] = {
		[PK_COUNT(cases)] = cmocka_unit_test(ranges_point_into_the_original),
		[PK_COUNT(cases) + 1] = cmocka_unit_test(quote_marks_open_and_close),
		[PK_COUNT(cases) + 2] = cmocka_unit_test(every_prefix_is_a_text),
	};

	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){ cases[i].name, check_case, NULL, NULL,
			(void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests_name(
	    "extract/text/token", tests, load_fa, free_fa);
}
