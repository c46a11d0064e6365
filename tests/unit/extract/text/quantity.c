/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/quantity.h"

#include "base/buf.h"
#include "tests/unit/extract/pack_fixture.h"

/* All quantities of a text: kind (percent, money, measure), words | norm. */
/* clang-format off */
static const struct quantity_case {
	const char *name; const char *text; const char *quantities;
} cases[] = {
	{ "percent", "رشد ۱۵ درصد بود", "% ۱۵ درصد | 15" },
	{ "percent sign", "۱۲٫۵٪", "% ۱۲٫۵٪ | 12.5" },
	{ "percent sign before", "٪۴۰", "% ٪۴۰ | 40" },
	{ "percent as an adjective", "سهم ۲۰ درصدی", "% ۲۰ درصدی | 20" },
	{ "percent in words with a half", "هفت و نیم درصد", "% هفت و نیم درصد | 7.5" },
	{ "decimal slash", "۳/۵ درصد", "% ۳/۵ درصد | 3.5" },
	{ "tomans", "۲۵۰ میلیارد تومان", "$ ۲۵۰ میلیارد تومان | 250000000000 IRT" },
	{ "rials", "دو هزار ریال", "$ دو هزار ریال | 2000 IRR" },
	{ "another rial", "صد ریال عربستان", "$ صد ریال عربستان | 100 SAR" },
	{ "dollars", "یک و نیم میلیون دلار", "$ یک و نیم میلیون دلار | 1500000 USD" },
	{ "other dollars", "۵ دلار کانادا", "$ ۵ دلار کانادا | 5 CAD" },
	{ "sign before", "قیمت $50 شد", "$ $50 | 50 USD" },
	{ "many", "میلیون‌ها یورو", "$ میلیون‌ها یورو | -" },
	{ "kilometres", "۱۲۰ کیلومتر", "= ۱۲۰ کیلومتر | 120 km" },
	{ "square metres", "صد متر مربع", "= صد متر مربع | 100 m2" },
	{ "the longest unit", "۹۰ کیلومتر در ساعت", "= ۹۰ کیلومتر در ساعت | 90 km/h" },
	{ "magnitude", "زلزله ۵٫۲ ریشتری", "= ۵٫۲ ریشتری | 5.2 {Richter}" },
	{ "no quantity: people", "۵ نفر", "" },
	{ "no quantity: the third", "سوم درصد", "" },
	{ "no quantity: no number", "دلار و درصد", "" },
};
/* clang-format on */

static void
check_case(void **state)
{
	static const char kinds[] = { [PK_QUANTITY_PERCENT] = '%',
		[PK_QUANTITY_MONEY] = '$',
		[PK_QUANTITY_MEASURE] = '=' };
	const struct quantity_case *c = *state;
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20);
	struct pk_text text = parse(arena, c->text);
	struct pk_quantity q;
	struct pk_buf got;

	pk_buf_init(&got, 0);
	for (size_t at = 0; at < text.n_tokens;) {
		if (!pk_quantity_at(fa, &text, at, text.n_tokens, &q)) {
			at++;
			continue;
		}
		struct pk_span norm = pk_quantity_norm(arena, &q);
		assert_true(q.number_first >= at && q.number.end <= q.end);
		pk_buf_printf(&got, "%s%c %.*s | %.*s",
		    pk_buf_span(&got).len > 0 ? "; " : "", kinds[q.kind],
		    PK_SPAN_ARG(pk_text_of(&text, at, q.end)),
		    PK_SPAN_ARG(norm.len > 0 ? norm : PK_SPAN("-")));
		at = q.end;
	}
	assert_span(pk_buf_span(&got), c->quantities);
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
	    "extract/text/quantity", tests, load_fa, free_fa);
}
