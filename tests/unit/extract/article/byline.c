/* SPDX-License-Identifier: Apache-2.0 */
/* Names out of lines, as pages write them. */
#include "extract/article/byline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* clang-format off */
static const struct line_case {
	const char *line;
	const char *name; /* NULL: nobody is named */
} cases[] = {
	{ "Mara Lindqvist",                            "Mara Lindqvist" },
	{ "By Mara Lindqvist",                         "Mara Lindqvist" },
	{ "BY MARA LINDQVIST",                         "MARA LINDQVIST" },
	{ "Written by Mara Lindqvist and Jo Abel",     "Mara Lindqvist and Jo Abel" },
	{ "Posted on September 21, 2025 by Jo Abel",   "Jo Abel" },
	{ "Jo Abel | 3 May 2025",                      "Jo Abel" },
	{ "Jo Abel May 3, 2025 10:15 AM",              "Jo Abel" },
	{ "Jo Abel, jo@example.org",                   "Jo Abel" },
	{ "Jo Abel — Political correspondent",         "Jo Abel" },
	{ "Von Ursula von der Aue am 3. Mai 2025",     "Ursula von der Aue" },
	{ "Geschrieben von Nils Holm am 3.5.2025",     "Nils Holm" },
	{ "Redaktion: Nils Holm",                      "Nils Holm" },
	{ "Redaktion",                                 "Redaktion" },
	{ "Eine Kolumne von Nils Holm",                "Nils Holm" },
	{ "Zeige alle Beiträge von Nils Holm",         "Nils Holm" },
	{ "Text von Nils Holm   Fotos: Ida Berg",      "Nils Holm" },
	{ "Par Lise Aubert, le 3 mai 2025",            "Lise Aubert" },
	{ "Por Inés Prado",                            "Inés Prado" },
	{ "di Carlo Riva",                             "Carlo Riva" },
	{ "Di Carlo",                                  "Carlo" },
	{ "Автор: Ирина Белова",                       "Ирина Белова" },
	{ "نویسنده: نرگس فرهمند",                       "نرگس فرهمند" },
	{ "خبرنگار: آرش نیک‌پی - ۲ تیر ۱۴۰۲",             "آرش نیک‌پی" },
	{ "گزارش از آرش نیک‌پی",                        "آرش نیک‌پی" },
	{ "به قلم نرگس فرهمند",                         "نرگس فرهمند" },
	{ "گفت‌وگو از نرگس فرهمند",                     "نرگس فرهمند" },
	{ "نوشته شده توسط نرگس فرهمند",                "نرگس فرهمند" },
	{ "فرستاده شده توسط نرگس فرهمند در سه‌شنبه، ۲ تیر ۱۴۰۲", "نرگس فرهمند" },
	{ "نويسنده: نرگس فرهمند",                       "نرگس فرهمند" },
	{ "بقلم: سلمى حداد",                            "سلمى حداد" },
	{ "jo1984",                                    "jo1984" },
	{ "Contributors to the town's wiki",           "Contributors to the town's wiki" },
	{ "Theresa May",                               "Theresa May" },
	/* nobody */
	{ "By",                                        NULL },
	{ "Author",                                    NULL },
	{ "نویسنده:",                                   NULL },
	{ "Von:",                                      NULL },
	{ "Posted on",                                 NULL },
	{ "Veröffentlicht am 3. Mai 2025",             NULL },
	{ "Photo: Ida Berg",                           NULL },
	{ "Фото из архива газеты",                     NULL },
	{ "عکس از ایدا برگ",                            NULL },
	{ "© Ida Berg",                                NULL },
	{ "jo@example.org",                            NULL },
	{ "https://example.org/jo",                    NULL },
	{ "12.30",                                     NULL },
	{ "",                                          NULL },
};
/* clang-format on */

static void
check_case(void **state)
{
	const struct line_case *c = *state;
	char got[256];

	struct pk_span name = pk_byline_clean(pk_span_of(c->line));
	if (c->name == NULL) {
		assert_int_equal(name.len, 0);
		return;
	}
	assert_true(name.len < sizeof(got));
	memcpy(got, name.ptr, name.len);
	got[name.len] = '\0';
	assert_string_equal(got, c->name);
}

static void
a_line_says_itself_that_it_names_somebody(void **state)
{
	(void)state;
	assert_true(pk_byline_is_line(PK_SPAN("Von Nils Holm")));
	assert_true(pk_byline_is_line(PK_SPAN("نویسنده: نرگس فرهمند")));
	assert_false(pk_byline_is_line(PK_SPAN("Nils Holm")));
	assert_false(pk_byline_is_line(PK_SPAN("By noon the harbour was shut")));
	assert_false(pk_byline_is_line(PK_SPAN("Photo: Ida Berg")));
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases) + 1];

	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){
			.name = cases[i].line,
			.test_func = check_case,
			.initial_state = (void *)(uintptr_t)&cases[i],
		};
	tests[PK_COUNT(cases)] = (struct CMUnitTest)cmocka_unit_test(
	    a_line_says_itself_that_it_names_somebody);
	return cmocka_run_group_tests_name("extract/article/byline", tests, NULL, NULL);
}
