/* SPDX-License-Identifier: Apache-2.0 */
#include "base/charset.h"

#include "base/utf8.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define HELLO "سلام بر همه"
/* in windows-1256, which has no Persian ye */
#define IRAN       "ايران و عمان"
#define HELLO_1256 "\xD3\xE1\xC7\xE3 \xC8\xD1 \xE5\xE3\xE5"
#define IRAN_1256  "\xC7\xED\xD1\xC7\xE4 \xE6 \xDA\xE3\xC7\xE4"
#define XML(label) "<?xml version='1.0' encoding='" label "'?><t>"

/* clang-format off */
static const struct charset_case {
	const char *name;
	struct pk_span bytes;
	const char *content_type;
	enum pk_charset_label label;
	const char *want, *charset;
} cases[] = {
	{ "ASCII", PK_SPAN("plain"), NULL, PK_CHARSET_LABEL_NONE, "plain", "utf-8" },
	{ "empty", PK_SPAN(""), "text/html; charset=windows-1256", PK_CHARSET_LABEL_META, "", "utf-8" },
	{ "UTF-8 beats a wrong HTTP label", PK_SPAN(HELLO), "text/html; charset=iso-8859-1",
	  PK_CHARSET_LABEL_NONE, HELLO, "utf-8" },
	{ "UTF-8 beats a wrong declaration", PK_SPAN(XML("windows-1256") HELLO), NULL,
	  PK_CHARSET_LABEL_XML, XML("windows-1256") HELLO, "utf-8" },
	{ "the mark goes away", PK_SPAN("\xEF\xBB\xBF" HELLO), NULL, PK_CHARSET_LABEL_NONE, HELLO, "utf-8" },
	{ "UTF-8 with a mark, and broken", PK_SPAN("\xEF\xBB\xBF" "م \xE9\xE8\xE0"), "text/html; charset=windows-1252",
	  PK_CHARSET_LABEL_NONE, "م \uFFFD\uFFFD\uFFFD", "utf-8" },
	{ "a mark before a text that is not UTF-8", PK_SPAN("\xEF\xBB\xBF" HELLO_1256), "text/html; charset=windows-1256",
	  PK_CHARSET_LABEL_NONE, HELLO, "windows-1256" },
	{ "cut UTF-8 stays UTF-8", PK_SPAN(HELLO "\xD8"), "text/html; charset=windows-1256",
	  PK_CHARSET_LABEL_NONE, HELLO "\uFFFD", "utf-8" },
	{ "a NUL is replaced", PK_SPAN("سلام\0"), NULL, PK_CHARSET_LABEL_NONE, "سلام\uFFFD", "utf-8" },
	{ "HTTP label", PK_SPAN(HELLO_1256), "text/xml; charset=\"Windows-1256\"",
	  PK_CHARSET_LABEL_XML, HELLO, "windows-1256" },
	{ "declaration", PK_SPAN(XML("windows-1256") HELLO_1256), "text/xml",
	  PK_CHARSET_LABEL_XML, XML("windows-1256") HELLO, "windows-1256" },
	{ "declaration behind blank lines", PK_SPAN("\n\n " XML("cp1256") HELLO_1256), NULL,
	  PK_CHARSET_LABEL_XML, "\n\n " XML("cp1256") HELLO, "cp1256" },
	{ "underscore", PK_SPAN(XML("windows_1256") HELLO_1256), NULL,
	  PK_CHARSET_LABEL_XML, XML("windows_1256") HELLO, "windows-1256" },
	{ "declaration that does not count", PK_SPAN(XML("windows-1251") "caf\xE9"), NULL,
	  PK_CHARSET_LABEL_NONE, XML("windows-1251") "café", "windows-1252" },
	{ "meta charset", PK_SPAN("<html><META charset=windows-1256>" HELLO_1256), NULL,
	  PK_CHARSET_LABEL_META, "<html><META charset=windows-1256>" HELLO, "windows-1256" },
	{ "meta http-equiv",
	  PK_SPAN("<meta http-equiv=\"Content-Type\" content=\"text/html; charset=windows-1251\">\xCF\xF0\xE8"),
	  NULL, PK_CHARSET_LABEL_META,
	  "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=windows-1251\">При",
	  "windows-1251" },
	{ "Persian without a label", PK_SPAN(HELLO_1256 " " IRAN_1256), NULL, PK_CHARSET_LABEL_XML,
	  HELLO " " IRAN, "windows-1256" },
	{ "Persian labelled Latin 1", PK_SPAN(HELLO_1256 " " IRAN_1256),
	  "text/html; charset=ISO-8859-1", PK_CHARSET_LABEL_XML, HELLO " " IRAN, "windows-1256" },
	{ "Russian without a label", PK_SPAN("\xCC\xE8\xED\xE8\xF1\xF2\xF0\xFB \xE4\xE2\xF3\xF5 \xF1\xF2\xF0\xE0\xED \xEE\xE1\xF1\xF3\xE4\xE8\xEB\xE8 \xF1\xF2\xF0\xEE\xE8\xF2\xE5\xEB\xFC\xF1\xF2\xE2\xEE \xEC\xEE\xF1\xF2\xE0 \xF7\xE5\xF0\xE5\xE7 \xF0\xE5\xEA\xF3 \xE8 \xEF\xEE\xE4\xEF\xE8\xF1\xE0\xEB\xE8 \xF1\xEE\xE3\xEB\xE0\xF8\xE5\xED\xE8\xE5."), NULL,
	  PK_CHARSET_LABEL_META, "Министры двух стран обсудили строительство моста через реку и подписали соглашение.", "windows-1251" },
	{ "Russian labelled Latin 1", PK_SPAN("\xCC\xE8\xED\xE8\xF1\xF2\xF0\xFB \xE4\xE2\xF3\xF5 \xF1\xF2\xF0\xE0\xED \xEE\xE1\xF1\xF3\xE4\xE8\xEB\xE8 \xF1\xF2\xF0\xEE\xE8\xF2\xE5\xEB\xFC\xF1\xF2\xE2\xEE \xEC\xEE\xF1\xF2\xE0 \xF7\xE5\xF0\xE5\xE7 \xF0\xE5\xEA\xF3 \xE8 \xEF\xEE\xE4\xEF\xE8\xF1\xE0\xEB\xE8 \xF1\xEE\xE3\xEB\xE0\xF8\xE5\xED\xE8\xE5."), "text/html; charset=ISO-8859-1",
	  PK_CHARSET_LABEL_META, "Министры двух стран обсудили строительство моста через реку и подписали соглашение.", "windows-1251" },
	{ "Ukrainian without a label", PK_SPAN("\xCC\xB3\xED\xB3\xF1\xF2\xF0\xE8 \xEE\xE1\xEE\xF5 \xEA\xF0\xE0\xBF\xED \xEE\xE1\xE3\xEE\xE2\xEE\xF0\xE8\xEB\xE8 \xE1\xF3\xE4\xB3\xE2\xED\xE8\xF6\xF2\xE2\xEE \xEC\xEE\xF1\xF2\xF3 \xF7\xE5\xF0\xE5\xE7 \xF0\xB3\xF7\xEA\xF3 \xF2\xE0 \xEF\xB3\xE4\xEF\xE8\xF1\xE0\xEB\xE8 \xF3\xE3\xEE\xE4\xF3."), NULL,
	  PK_CHARSET_LABEL_META, "Міністри обох країн обговорили будівництво мосту через річку та підписали угоду.", "windows-1251" },
	{ "Bulgarian without a label", PK_SPAN("\xCC\xE8\xED\xE8\xF1\xF2\xF0\xE8\xF2\xE5 \xED\xE0 \xE4\xE2\xE5\xF2\xE5 \xF1\xF2\xF0\xE0\xED\xE8 \xEE\xE1\xF1\xFA\xE4\xE8\xF5\xE0 \xF1\xF2\xF0\xEE\xE5\xE6\xE0 \xED\xE0 \xEC\xEE\xF1\xF2\xE0 \xED\xE0\xE4 \xF0\xE5\xEA\xE0\xF2\xE0 \xE8 \xEF\xEE\xE4\xEF\xE8\xF1\xE0\xF5\xE0 \xF1\xEF\xEE\xF0\xE0\xE7\xF3\xEC\xE5\xED\xE8\xE5."), NULL,
	  PK_CHARSET_LABEL_META, "Министрите на двете страни обсъдиха строежа на моста над реката и подписаха споразумение.", "windows-1251" },
	{ "French is no Russian", PK_SPAN("\xC9lev\xE9 pr\xE8s de la for\xEAt, l'\xE9l\xE8ve a pr\xE9""f\xE9r\xE9 \xEAtre l\xE0 o\xF9 l'\xE9t\xE9 s'ach\xE8ve d\xE9j\xE0."), NULL,
	  PK_CHARSET_LABEL_META, "Élevé près de la forêt, l'élève a préféré être là où l'été s'achève déjà.", "windows-1252" },
	{ "nor is Greek, which needs a label", PK_SPAN("\xCF\xE9 \xF5\xF0\xEF\xF5\xF1\xE3\xEF\xDF \xF4\xF9\xED \xE4\xFD\xEF \xF7\xF9\xF1\xFE\xED \xF3\xF5\xE6\xDE\xF4\xE7\xF3\xE1\xED \xF4\xE7\xED \xEA\xE1\xF4\xE1\xF3\xEA\xE5\xF5\xDE \xF4\xE7\xF2 \xE3\xDD\xF6\xF5\xF1\xE1\xF2 \xF0\xDC\xED\xF9 \xE1\xF0\xFC \xF4\xEF\xED \xF0\xEF\xF4\xE1\xEC\xFC."), "text/html; charset=windows-1253",
	  PK_CHARSET_LABEL_META, "Οι υπουργοί των δύο χωρών συζήτησαν την κατασκευή της γέφυρας πάνω από τον ποταμό.", "windows-1253" },
	{ "nor Hebrew", PK_SPAN("\xF9\xF8\xE9 \xE4\xE7\xE5\xF5 \xF9\xEC \xF9\xFA\xE9 \xE4\xEE\xE3\xE9\xF0\xE5\xFA \xE3\xF0\xE5 \xE1\xE1\xF0\xE9\xE9\xFA \xE4\xE2\xF9\xF8 \xEE\xF2\xEC \xE4\xF0\xE4\xF8 \xE5\xE7\xFA\xEE\xE5 \xF2\xEC \xE4\xF1\xEB\xED."), NULL,
	  PK_CHARSET_LABEL_META, "ùøé äçåõ ùì ùúé äîãéðåú ãðå ááðééú äâùø îòì äðäø åçúîå òì äñëí.", "windows-1252" },
	{ "label UTF-8 on windows-1256", PK_SPAN(XML("utf-8") HELLO_1256 " " IRAN_1256),
	  "text/xml; charset=utf-8", PK_CHARSET_LABEL_XML, XML("utf-8") HELLO " " IRAN,
	  "windows-1256" },
	{ "French without a label", PK_SPAN("\xE9t\xE9 \x93\xE0 la mer\x94"), NULL, PK_CHARSET_LABEL_NONE,
	  "été “à la mer”", "windows-1252" },
	{ "Latin 1 means windows-1252", PK_SPAN("\x93quote\x94"), "text/html; charset=ISO-8859-1",
	  PK_CHARSET_LABEL_NONE, "“quote”", "windows-1252" },
	{ "a label nobody knows", PK_SPAN("caf\xE9"), "text/html; charset=klingon", PK_CHARSET_LABEL_NONE,
	  "café", NULL },
	{ "and a label within that somebody knows", PK_SPAN(XML("windows-1251") "\xEF"), "text/xml; charset=klingon",
	  PK_CHARSET_LABEL_XML, XML("windows-1251") "п", "windows-1251" },
	{ "a label that is an order to iconv", PK_SPAN("caf\xE9"), "text/html; charset=utf-8//IGNORE",
	  PK_CHARSET_LABEL_NONE, "café", NULL },
	{ "a label under which little would be left", PK_SPAN("caf\xE9 \xE0 la cr\xE8me"),
	  "text/html; charset=euc-kr", PK_CHARSET_LABEL_NONE, "café à la crème", "windows-1252" },
	{ "UTF-7 is refused", PK_SPAN("+ADw-b+AD4-\xE9"), "text/html; charset=utf-7", PK_CHARSET_LABEL_NONE,
	  "+ADw-b+AD4-é", NULL },
	{ "ISO-2022-JP is ASCII to the eye", PK_SPAN("\x1B$B$\"\x1B(B"), "text/html; charset=iso-2022-jp",
	  PK_CHARSET_LABEL_NONE, "あ", "iso-2022-jp" },
	{ "gb2312 is gb18030", PK_SPAN("\x81\x30\x81\x30"), "text/html; charset=gb2312",
	  PK_CHARSET_LABEL_NONE, "\xC2\x80", "gb18030" },
	{ "UTF-16 with a mark", PK_SPAN("\xFF\xFE<\0\x33\x06"), NULL, PK_CHARSET_LABEL_NONE, "<س", "utf-16le" },
	{ "UTF-16 with a mark, cut", PK_SPAN("\xFE\xFF\0<\x06"), NULL, PK_CHARSET_LABEL_NONE, "<\uFFFD", "utf-16be" },
	{ "UTF-16 without a mark", PK_SPAN("\0<\0?\x06\x33"), NULL, PK_CHARSET_LABEL_XML, "<?س", "utf-16be" },
	{ "UTF-16 by its label alone", PK_SPAN(XML("utf-16") "x\xE9"), NULL, PK_CHARSET_LABEL_XML,
	  XML("utf-16") "xé", "windows-1252" },
	{ "EBCDIC", PK_SPAN("\x4C\x6F\xA7\x94\x93\x40\x85\x95\x83\x96\x84\x89\x95\x87\x7E\x7D\x83\x97\xF0\xF3\xF7\x7D\x6F\x6E\x81"),
	  NULL, PK_CHARSET_LABEL_XML, "<?xml encoding='cp037'?>a", "cp037" },
	{ "EBCDIC with the quotes of a country", PK_SPAN("\x4C\x6F\xA7\x94\x93\x40\x85\x95\x83\x96\x84\x89\x95\x87\x7E\xFC\x83\x97\xF1\xF0\xF2\xF6\xFC\x6F\x6E\x81"),
	  NULL, PK_CHARSET_LABEL_XML, "<?xml encoding=\"cp1026\"?>a", "cp1026" },
	{ "UTF-8 that says so, more whole than broken", PK_SPAN(XML("utf-8") "سلا\xE2\xE0م"), NULL, PK_CHARSET_LABEL_XML,
	  XML("utf-8") "سلا\uFFFD\uFFFDم", "utf-8" },
	{ "a Macintosh of Turkey", PK_SPAN(XML("macturkish") "\x80\xDB"), NULL, PK_CHARSET_LABEL_XML, XML("macturkish") "Äğ", "mac-turkish" },
	{ "a Macintosh of Iran", PK_SPAN(XML("x-mac-farsi") "\xD3\xE4\xC7\xE5"), NULL, PK_CHARSET_LABEL_XML, XML("x-mac-farsi") "سلام", "mac-farsi" },
	{ "DOS for Arabic", PK_SPAN(XML("cp720") "\xAB\xE9\x9F\xEA"), NULL, PK_CHARSET_LABEL_XML, XML("cp720") "سلام", "cp720" },
	{ "a byte of no character", PK_SPAN(XML("mac-greek") "\xFF\xB0\xB0"), NULL, PK_CHARSET_LABEL_XML, XML("mac-greek") "­ΑΑ", "mac-greek" },
	{ "a number alone", PK_SPAN(XML("1256") "\xC7\xC8"), NULL, PK_CHARSET_LABEL_XML, XML("1256") "اب", "windows-1256" },
	{ "a standard with its year", PK_SPAN(XML("ISO_8859-5:1988") "\xD0\xD1"), NULL, PK_CHARSET_LABEL_XML, XML("ISO_8859-5:1988") "аб", "iso-8859-5" },
	{ "a name with its number", PK_SPAN(XML("csibm866") "\xA0\xA1"), NULL, PK_CHARSET_LABEL_XML, XML("csibm866") "аб", "csibm866" },
	{ "the last letter is not lost", PK_SPAN("\xE0\xE1"), "text/html; charset=windows-1255",
	  PK_CHARSET_LABEL_NONE, "אב", "windows-1255" },
};
/* clang-format on */

static void
check_case(void **state)
{
	const struct charset_case *c = *state;
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20);
	struct pk_span text;
	const char *charset;

	int r = pk_charset_to_utf8(
	    arena, c->bytes, pk_span_of(c->content_type), c->label, &text, &charset);

	assert_int_equal(r, 0);
	assert_true(pk_utf8_valid(text));
	text = pk_arena_copy(arena, text);
	assert_string_equal(text.ptr, c->want);
	if (c->charset == NULL)
		assert_null(charset);
	else
		assert_string_equal(charset, c->charset);
}

static void
clean_text_is_borrowed(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20);
	struct pk_span bytes = PK_SPAN(HELLO), text, none = { NULL, 0 };

	(void)state;
	assert_int_equal(
	    pk_charset_to_utf8(arena, bytes, none, PK_CHARSET_LABEL_NONE, &text, NULL),
	    0);
	assert_ptr_equal(text.ptr, bytes.ptr);
	assert_int_equal(pk_arena_used(arena), 0);
}

static void
a_double_encoding_is_undone(void **state)
{
	/* clang-format off */
	static const struct double_case {
		const char *text, *want;
	} doubles[] = {
		{ "\u00D8\u00B3\u00D9\u201E\u00D8\u00A7\u00D9\u2026", "سلام" },
		{ "\u00D9\xC2\x81 (1)", "ف (1)" }, /* a byte that is not assigned */
		{ "\u00E2\u20AC\u00A6", "…" },
		{ "\u00C3\u00A9", "é" },
		{ "été", "été" },
		{ "São Paulo", "São Paulo" },
		{ "\u00D8\u00B3 سلام", "\u00D8\u00B3 سلام" }, /* not all of it */
		{ "", "" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < PK_COUNT(doubles); i++) {
		pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(4096);
		struct pk_span text =
		    pk_charset_undo_double(arena, pk_span_of(doubles[i].text));
		assert_true(pk_span_eq(text, pk_span_of(doubles[i].want)));
	}
}

static void
memory_at_its_end_is_an_error(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(16);
	struct pk_span text = { NULL, 0 }, none = { NULL, 0 };

	(void)state;
	assert_int_equal(pk_charset_to_utf8(arena, PK_SPAN(HELLO_1256 HELLO_1256), none,
			     PK_CHARSET_LABEL_NONE, &text, NULL),
	    -ENOMEM);
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases) + 3] = {
		cmocka_unit_test(clean_text_is_borrowed),
		cmocka_unit_test(memory_at_its_end_is_an_error),
		cmocka_unit_test(a_double_encoding_is_undone),
	};

	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[i + 3] = (struct CMUnitTest){
			.name = cases[i].name,
			.test_func = check_case,
			.initial_state = (void *)(uintptr_t)&cases[i],
		};
	return cmocka_run_group_tests_name("base/charset", tests, NULL, NULL);
}
