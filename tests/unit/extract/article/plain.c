/* SPDX-License-Identifier: Apache-2.0 */

#include "base/utf8.h"

#include "tests/unit/extract/article/tails_fixture.h"
#include <errno.h>

#define ARENA_LIMIT (256u << 20)

#define LONG_1                                                                                                                              \
	"وزیر خارجه نروژ در دیدار با همتای فنلاندی خود گفت: دو کشور بر سر ساخت پل " \
	"مرزی به توافق رسیدند و کار از پاییز آغاز "                                                         \
	"می‌شود."
#define LONG_2                                                                                      \
	"وی افزود: هزینه این طرح را هر دو دولت به یک اندازه " \
	"می‌پردازند "                                                                    \
	"و "                                                                                       \
	"بانک "                                                                                 \
	"توسعه نیز "                                                                        \
	"وام می‌دهد."

/* One text a row: what is found in it. NULL means that there is none. */
/* clang-format off */
static const struct plain_case {
	const char *name, *input, *kicker, *title, *lead, *text;
} cases[] = {
	{ "a title with a blank line below",
	  "\n\nتوافق نروژ و فنلاند بر سر پل مرزی\n\n" LONG_1 "\n\n" LONG_2 "\n",
	  NULL, "توافق نروژ و فنلاند بر سر پل مرزی", NULL, LONG_1 "\n" LONG_2 },
	{ "a title said again is dropped",
	  "توافق نروژ و فنلاند بر سر پل مرزی\n\nتوافق نروژ و فنلاند بر سر پل مرزی\n\n" LONG_1,
	  NULL, "توافق نروژ و فنلاند بر سر پل مرزی", NULL, LONG_1 },
	{ "the repeat is spelled with Arabic letters",
	  "یک توافق کوچک.\nيك توافق كوچك.\n" LONG_1,
	  NULL, "یک توافق کوچک.", NULL, LONG_1 },
	{ "a kicker above the title, no blank lines",
	  "وزير خارجه نروژ؛\nپل مرزی پاییز ساخته می‌شود\n" LONG_1 "\n" LONG_2,
	  "وزير خارجه نروژ؛", "پل مرزی پاییز ساخته می‌شود", NULL, LONG_1 "\n" LONG_2 },
	{ "no title: the report opens at once",
	  "به گزارش خبرگزاری سپهر، " LONG_1 "\n" LONG_2,
	  NULL, NULL, NULL, "به گزارش خبرگزاری سپهر، " LONG_1 "\n" LONG_2 },
	{ "a short opening is no title",
	  "به گزارش خبرنگار سپهر از اسلو\n\n" LONG_1,
	  NULL, NULL, NULL, "به گزارش خبرنگار سپهر از اسلو\n" LONG_1 },
	{ "the lead stands above the opening",
	  "پل مرزی پاییز ساخته می‌شود\n\n" LONG_2 "\n\nبه گزارش سپهر، " LONG_1,
	  NULL, "پل مرزی پاییز ساخته می‌شود", LONG_2, LONG_2 "\nبه گزارش سپهر، " LONG_1 },
	{ "nothing is kept after a tail",
	  LONG_1 "\n\nانتهای پیام/\n\nفروش ویژه پنجره\n" LONG_2,
	  NULL, NULL, NULL, LONG_1 },
	{ "a tail at the end of a paragraph",
	  LONG_1 " انتهای پیام/۲۱\nنظر شما\n" LONG_2,
	  NULL, NULL, NULL, LONG_1 },
	{ "a code number, and what is below it",
	  LONG_1 "\nکد خبر ۸۵۴۷۱\nبرچسب‌ها\nنروژ\n",
	  NULL, NULL, NULL, LONG_1 },
	{ "a sentence that begins like a tail stays",
	  LONG_1 "\nاخبار روز گذشته نیز همین را می‌گفت.\n" LONG_2,
	  NULL, NULL, NULL,
	  LONG_1 "\nاخبار روز گذشته نیز همین را می‌گفت.\n" LONG_2 },
	{ "a tail phrase above the article ends nothing",
	  "نظر شما\n" LONG_1 "\n" LONG_2,
	  NULL, NULL, NULL, LONG_1 "\n" LONG_2 },
	{ "an inline pointer goes alone",
	  LONG_1 "\nبیشتر بخوانید: پل تازه در راه است\n" LONG_2,
	  NULL, NULL, NULL, LONG_1 "\n" LONG_2 },
	{ "titles below a pointer go with it",
	  LONG_1 "\n" LONG_2 "\n\nبیشتر بخوانید:\nپل تازه در راه است\nچرا پل؟\n",
	  NULL, NULL, NULL, LONG_1 "\n" LONG_2 },
	{ "a kicker that no sign marks, and a code at the end",
	  "اطلاعیه\nپل مرزی پاییز ساخته می‌شود\n\n" LONG_1 "\n\n۳۱۱۲\n",
	  "اطلاعیه", "پل مرزی پاییز ساخته می‌شود", NULL, LONG_1 },
	{ "an English page",
	  "Two ministers sign a bridge treaty\r\n\r\nOSLO - The ministers of Norway and "
	  "Finland signed a treaty on Monday.\r\n\r\nRelated articles\r\nMore\r\n",
	  NULL, "Two ministers sign a bridge treaty", NULL,
	  "OSLO - The ministers of Norway and Finland signed a treaty on Monday." },
	{ "blanks and marks inside stay as they are",
	  LONG_1 "  «می‌رویم\xC2\xA0‏» گفت.",
	  NULL, NULL, NULL, LONG_1 "  «می‌رویم\xC2\xA0‏» گفت." },
};
/* clang-format on */

static struct pk_doc *
doc_of(struct pk_span bytes)
{
	struct pk_doc *doc = pk_doc_new(PK_DOC_TEXT, ARENA_LIMIT);

	assert_non_null(doc);
	doc->bytes = bytes;
	return doc;
}

static void
same(struct pk_span got, const char *want)
{
	char copy[4096];

	if (want == NULL) {
		assert_int_equal(got.len, 0);
		return;
	}
	assert_true(got.len < sizeof(copy));
	if (got.len > 0)
		memcpy(copy, got.ptr, got.len);
	copy[got.len] = '\0';
	assert_string_equal(copy, want);
}

static void
check_case(void **state)
{
	const struct plain_case *c = *state;
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = doc_of(pk_span_of(c->input));
	struct pk_article article;
	const char *reason;

	assert_int_equal(pk_article_of_text(doc, tails, &article, &reason), 0);
	assert_null(reason);
	same(article.kicker, c->kicker);
	same(article.title, c->title);
	same(article.lead, c->lead);
	same(article.text, c->text);
}

static void
paragraphs_are_ranges_in_code_points(void **state)
{
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = doc_of(
	    PK_SPAN("به گزارش گروه جهان\nسپهر، پیک رسید.\n\nدیدار در اسلو\nاو گفت: "
		    "آمدیم و دیدیم که کار بسیار است.\n"));
	struct pk_article article;
	const char *reason;

	(void)state;
	assert_int_equal(pk_article_of_text(doc, tails, &article, &reason), 0);
	assert_int_equal(article.n_paragraphs, 3);
	/* A line that was broken off belongs to the next. */
	assert_int_equal(article.paragraphs[0].range.start, 0);
	assert_int_equal(article.paragraphs[0].range.end, 34);
	assert_int_equal(article.paragraphs[1].kind, PK_PARAGRAPH_HEADING);
	assert_int_equal(article.paragraphs[1].range.start, 35);
	assert_int_equal(article.paragraphs[2].kind, PK_PARAGRAPH_P);
	assert_int_equal(article.paragraphs[2].range.end, pk_utf8_count(article.text));
	same(article.language, "fa");
	assert_int_equal(strlen(article.id), PK_ID_SIZE - 1);
}

/* «ما» is a word of two languages. */
static void
a_short_text_is_of_its_language(void **state)
{
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    doc_of(PK_SPAN("وزیر خارجه غنا گفت: ما تظاهرات آغاز کردیم."));
	struct pk_article article;
	const char *reason;

	(void)state;
	assert_int_equal(pk_article_of_text(doc, tails, &article, &reason), 0);
	same(article.language, "fa");
}

static void
what_is_no_text_has_a_reason(void **state)
{
	static char noise[8192];
	static const char zip[] = "PK\3\4\0\0\0\0\1\2\3\4\5\6\7\0\0\0\0\0\0\0";
	static const struct reason_case {
		struct pk_span bytes;
		const char *reason;
	} rows[] = {
		{ PK_SPAN(""), "empty" },
		{ PK_SPAN(" \n\t\r\n"), "empty" },
		{ { zip, sizeof(zip) }, "binary" },
		{ PK_SPAN("\x7F"
			  "ELF\2\1\1\0\0\0\0\x80\x81\xC0\xC1\xF5"),
		    "binary" },
		/* as good as random: every byte as often as any other */
		{ { noise, sizeof(noise) }, "binary" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (char)(i * 167 + i / 256 * 59);
	for (size_t i = 0; i < PK_COUNT(rows); i++) {
		pk_cleanup(pk_doc_freep) struct pk_doc *doc = doc_of(rows[i].bytes);
		struct pk_article article;
		const char *reason;
		assert_int_equal(pk_article_of_text(doc, tails, &article, &reason), 0);
		assert_string_equal(reason, rows[i].reason);
	}
}

static void
broken_bytes_become_marks(void **state)
{
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    doc_of(PK_SPAN(LONG_1 " \xD8. " LONG_2));
	struct pk_article article;
	const char *reason;

	(void)state;
	assert_int_equal(pk_article_of_text(doc, tails, &article, &reason), 0);
	same(article.text, LONG_1 " \xEF\xBF\xBD. " LONG_2);
}

static void
a_text_over_the_limit_is_refused(void **state)
{
	size_t size = PK_ARTICLE_BYTES_MAX + 1;
	pk_cleanup(pk_freep) char *big = malloc(size);
	struct pk_article article;
	const char *reason;

	(void)state;
	memset(big, 'a', size);
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    doc_of((struct pk_span){ big, size });
	assert_int_equal(pk_article_of_text(doc, tails, &article, &reason), -E2BIG);
	doc->bytes.len--;
	assert_int_equal(pk_article_of_text(doc, tails, &article, &reason), 0);
	assert_int_equal(article.text.len, size - 1);
}

static void
a_bad_phrase_file_names_its_line(void **state)
{
	struct pk_tails *none = NULL;
	struct pk_diag diag = { .line = 0 };

	(void)state;
	assert_int_equal(pk_tails_load("/nonexistent", &none, &diag), -ENOENT);
	assert_string_equal(diag.where, "/nonexistent/lang");
	assert_null(none);
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases) + 5] = {
		cmocka_unit_test(paragraphs_are_ranges_in_code_points),
		cmocka_unit_test(a_short_text_is_of_its_language),
		cmocka_unit_test(what_is_no_text_has_a_reason),
		cmocka_unit_test(broken_bytes_become_marks),
		cmocka_unit_test(a_text_over_the_limit_is_refused),
		cmocka_unit_test(a_bad_phrase_file_names_its_line),
	};

	for (size_t i = 0; i < PK_COUNT(cases); i++) {
		/* The state is only read. */
		tests[5 + i] = (struct CMUnitTest){ .name = cases[i].name,
			.test_func = check_case,
			.initial_state = (void *)(uintptr_t)&cases[i] };
	}
	return cmocka_run_group_tests_name(
	    "extract/article/plain", tests, load, unload);
}
