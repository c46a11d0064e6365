/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/number.h"

#include "base/buf.h"
#include "tests/unit/extract/pack_fixture.h"

/* All numbers of a text: words = value, behind an ordinal `.`, `?` for a vague, `~` for
 * a doubtful one.
 */
/* clang-format off */
static const struct number_case {
	const char *name; const char *text; const char *numbers;
} cases[] = {
	{ "digits", "۱۲ کشتی و 7 قایق", "۱۲=12 7=7" },
	{ "thousands and decimals", "۱٬۲۵۰ تا ۳٫۵", "۱٬۲۵۰=1250 ۳٫۵=3.5" },
	{ "words", "صد و بیست و سه", "صد و بیست و سه=123" },
	{ "large", "دو میلیون و سیصد هزار و پنج", "دو میلیون و سیصد هزار و پنج=2300005" },
	{ "mixed", "هفت هزار و ۴۲۰ تن", "هفت هزار و ۴۲۰=7420" },
	{ "mixed below a thousand", "سیصد و ۱۵ و نیم", "سیصد و ۱۵ و نیم=315.5" },
	{ "scale behind digits", "۴٫۵ میلیارد", "۴٫۵ میلیارد=4.5e+09" },
	{ "glued scale", "پنجهزار و ۲۰۰ نفر", "پنجهزار و ۲۰۰=5200" },
	{ "glued with ZWNJ", "سی‌هزار", "سی‌هزار=30000" },
	{ "glued with what is counted", "هشت‌ماه", "هشت=8" },
	{ "joined by a joiner", "بیست‌وچهار", "بیست‌وچهار=24" },
	{ "two numbers", "۵ و ۶", "۵=5 ۶=6" },
	{ "two decimals", "۱٫۲ و ۳٫۴ درصد", "۱٫۲=1.2 ۳٫۴=3.4" },
	{ "half", "نیم میلیون", "نیم میلیون=500000" },
	{ "and a half", "۷ و نیم درصد", "۷ و نیم=7.5" },
	{ "half of a scale", "یک میلیون و نیم", "یک میلیون و نیم=1500000" },
	{ "two and a half", "دو و نیم میلیارد", "دو و نیم میلیارد=2.5e+09" },
	{ "third", "یک سوم مردم", "یک سوم=0.3333333" },
	{ "fifths", "دو پنجم", "دو پنجم=0.4" },
	{ "whole and fraction", "دو و یک چهارم", "دو و یک چهارم=2.25" },
	{ "three quarters", "سه ربع", "سه ربع=0.75" },
	{ "ordinal", "نفر سوم", "سوم=3." },
	{ "ordinal of parts", "شصت و دوم", "شصت و دوم=62." },
	{ "ordinal of hundreds", "یکصد و پنجمین سالگرد", "یکصد و پنجمین=105." },
	{ "ordinal in digits", "۲۱م و ۳۵امین", "۲۱م=21. ۳۵امین=35." },
	{ "no suffix that stands apart", "۲۱ ام", "۲۱=21" },
	{ "vague", "چندین کشتی و صدها نفر", "چندین=? صدها=?" },
	{ "vague scale", "ده‌ها هزار نفر", "ده‌ها هزار=?" },
	{ "slash before percent", "۳/۵ درصد", "۳/۵=3.5" },
	{ "slash elsewhere", "۳/۵", "" },
	{ "no number: no", "نه من نه او", "نه=9~ نه=9~" },
	{ "nine", "نه نفر و بیست و نه", "نه=9 بیست و نه=29" },
	{ "no number", "کتاب و دفتر", "" },
	{ "clock", "14:30", "" },
};
/* clang-format on */

static void
check_case(void **state)
{
	const struct number_case *c = *state;
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20);
	struct pk_text text = parse(arena, c->text);
	struct pk_number number;
	struct pk_buf got;

	pk_buf_init(&got, 0);
	for (size_t at = 0; at < text.n_tokens;) {
		if (!pk_number_at(
			pk_pack_numbers(fa), &text, at, text.n_tokens, &number)) {
			at++;
			continue;
		}
		struct pk_span words = pk_text_of(&text, at, number.end);
		pk_buf_printf(&got, "%s%.*s=", pk_buf_span(&got).len > 0 ? " " : "",
		    PK_SPAN_ARG(words));
		if (number.vague)
			pk_buf_append_char(&got, '?');
		else
			pk_buf_printf(&got, "%.7g%s%s", number.value,
			    number.ordinal ? "." : "", number.doubtful ? "~" : "");
		at = number.end;
	}
	assert_span(pk_buf_span(&got), c->numbers);
	pk_buf_done(&got);
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases)];

	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){ cases[i].name, check_case, NULL, NULL,
			(void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests_name(
	    "extract/text/number", tests, load_fa, free_fa);
}
