/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/fold.h"

#include "tests/unit/extract/pack_fixture.h"

/* clang-format off */
static const struct fold_case {
	const char *name; const char *text; const char *folded; const char *key;
} cases[] = {
	{ "Arabic yeh and kaf", "كي", "کی", "کی" },
	{ "alef maksura", "موسى", "موسی", "موسی" },
	{ "hamza forms", "رئيس مؤلف أحمد إيران ٱلله", "رییس مولف احمد ایران الله",
	    "رییسمولفاحمدایرانالله" },
	{ "alef with madda", "آمريكا", "امریکا", "امریکا" },
	{ "heh with hamza, teh marbuta", "خانۀ خانهٔ وزارة", "خانه خانه وزاره",
	    "خانهخانهوزاره" },
	{ "vowel signs and tatweel", "فوراً كارِ کتـــاب", "فورا کار کتاب",
	    "فوراکارکتاب" },
	{ "joiners", "نخست\u200cوزیر گفت\u200dگو", "نخستوزیر گفتگو", "نخستوزیرگفتگو" },
	{ "bidi marks and BOM", "\ufeff\u200fتهران\u200e \u202bقم\u202c", "تهران قم",
	    "تهرانقم" },
	{ "digits of three scripts", "۱۲٣4٫٥٬۶", "1234.5,6", "1234.5,6" },
	{ "presentation forms", "ﻻﺭﻭﻑ ﺍﻳﺮﺍﻥ ﮔﻔﺖ ﷲ", "لاروف ایران گفت الله",
	    "لاروفایرانگفتالله" },
	{ "Latin capitals and marks", "NATO Ärzte Erdoğan Łódź İzmir", "nato arzte erdogan lodz izmir",
	    "natoarzteerdoganlodzizmir" },
	{ "blanks of all kinds", "  قطع\u00a0\t رابطه\u2009 ", "قطع رابطه", "قطعرابطه" },
	{ "underscore is an optional blank", "گفت_و_گو", "گفت_و_گو", "گفتوگو" },
	{ "nothing", "", "", "" },
	{ "only signs", "\u200c\u064b", "", "" },
};
/* clang-format on */

static void
check_case(void **state)
{
	const struct fold_case *c = *state;
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20);

	assert_span(pk_fold(arena, pk_span_of(c->text)), c->folded);
	assert_span(pk_fold_key(arena, pk_span_of(c->text)), c->key);
}

/* What is folded is never folded again into something else. */
static void
folding_twice_changes_nothing(void **state)
{
	(void)state;
	for (uint32_t point = 1; point < 0x11000; point++) {
		uint32_t once[PK_FOLD_MAX], twice[PK_FOLD_MAX];
		size_t n = pk_fold_point(point, once);
		assert_in_range(n, 0, PK_FOLD_MAX);
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(pk_fold_point(once[i], twice), 1);
			assert_int_equal(twice[0], once[i]);
		}
	}
}

static void
capitals_are_known(void **state)
{
	static const struct {
		uint32_t capital, small;
	} pairs[] = { { 'A', 'a' }, { 'Z', 'z' }, { 0xC9, 0xE9 }, { 0x11E, 0x11F },
		{ 0x141, 0x142 }, { 0x160, 0x161 }, { 0x17D, 0x17E } };

	(void)state;
	for (size_t i = 0; i < PK_COUNT(pairs); i++) {
		assert_true(pk_is_capital(pairs[i].capital));
		assert_false(pk_is_small(pairs[i].capital));
		assert_true(pk_is_small(pairs[i].small));
		assert_false(pk_is_capital(pairs[i].small));
	}
	assert_false(pk_is_capital(0x648) || pk_is_small(0x648));
	assert_false(pk_is_capital(0xD7) || pk_is_small(0xF7));
}

/* Bytes that are no UTF-8 must neither crash nor grow out of the buffer. */
static void
broken_bytes_are_harmless(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20);
	static const char text[] = "وزیر \xd9 \xff\xfe ﷲﷲﷲ \xf0\x9f";

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++)
		assert_non_null(pk_fold(arena, (struct pk_span){ text, len }).ptr);
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases) + 3] = {
		[PK_COUNT(cases)] = cmocka_unit_test(folding_twice_changes_nothing),
		[PK_COUNT(cases) + 1] = cmocka_unit_test(broken_bytes_are_harmless),
		[PK_COUNT(cases) + 2] = cmocka_unit_test(capitals_are_known),
	};

	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){ cases[i].name, check_case, NULL, NULL,
			(void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests_name(
	    "extract/text/fold", tests, load_fa, free_fa);
}
