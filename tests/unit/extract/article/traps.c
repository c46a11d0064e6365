/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where libxml2, or who wrote the page, does other than one would think: encodings,
 * heads that end early, comments and references that do not end, JSON-LD that is none.
 */

#include "base/utf8.h"

#include "tests/unit/extract/article/tails_fixture.h"
#include <iconv.h>

#define ARENA_LIMIT ((size_t)256 << 20)

/* The article of a page; the document is the caller's. */
static struct pk_article
article_of(struct pk_doc *doc, struct pk_span bytes, const char *content_type)
{
	struct pk_article article = { .confidence = 0 };
	const char *reason;

	assert_non_null(doc);
	doc->bytes = bytes;
	doc->url = PK_SPAN("https://example.org/2024/05/01/bridge");
	doc->content_type = pk_span_of(content_type);
	assert_int_equal(pk_article_of_page(doc, tails, NULL, &article, &reason), 0);
	if (reason != NULL)
		fail_msg("no article: %s", reason);
	return article;
}

static void
same(struct pk_span got, const char *want)
{
	char copy[8192];

	assert_true(got.len < sizeof(copy));
	if (got.len > 0)
		memcpy(copy, got.ptr, got.len);
	copy[got.len] = '\0';
	assert_string_equal(copy, want);
}

/* ---- encodings --------------------------------------------------------------- */

/* What they look like in their encodings is made by iconv's tables, not by hand. */
#define FA                                                                                                                                         \
	"وزيران خارجه نروژ و فنلاند روز دوشنبه پيمان ساخت پل را امضا کردند، و کار از " \
	"پاييز آغاز مي‌شود."
#define RU                                                                                                                                   \
	"Министры иностранных дел двух стран подписали в понедельник договор о " \
	"строительстве моста, работы начнутся осенью."
/* clang-format off */
static const struct encoding_case {
	const char *name, *charset, *head, *content_type, *text;
} encoding_cases[] = {
	{ "UTF-8 without a label", NULL, "", NULL, FA },
	{ "UTF-8, labelled Latin 1", NULL, "<meta charset=iso-8859-1>", NULL, FA },
	{ "UTF-8, labelled windows-1256", NULL, "<meta charset=windows-1256>", "text/html; charset=windows-1256", FA },
	{ "windows-1256 without a label", "CP1256", "", NULL, FA },
	{ "windows-1256, labelled UTF-8", "CP1256", "<meta charset=utf-8>", "text/html; charset=utf-8", FA },
	{ "windows-1256, labelled", "CP1256", "<meta http-equiv=Content-Type content='text/html; charset=windows-1256'>", NULL, FA },
	{ "windows-1251 without a label", "CP1251", "", NULL, RU },
	{ "windows-1251, labelled UTF-8", "CP1251", "<meta charset=utf-8>", NULL, RU },
	{ "KOI8-R in HTTP alone", "KOI8-R", "", "text/html; charset=koi8-r", RU },
	{ "UTF-16, little end first", "UTF-16LE", "\uFEFF", NULL, FA },
	{ "UTF-16, big end first", "UTF-16BE", "\uFEFF", NULL, RU },
	{ "UTF-16 without a mark", "UTF-16LE", "", "text/html; charset=utf-16le", RU },
	{ "UTF-16 that calls itself UTF-8", "UTF-16LE", "\uFEFF<meta charset=utf-8>", "text/html; charset=utf-8", FA },
};
/* clang-format on */

static struct pk_span
encoded(struct pk_arena *arena, struct pk_span text, const char *charset)
{
	char *bytes = pk_arena_alloc(arena, 2 * text.len + 16), *to = bytes;
	char *from = (char *)(uintptr_t)text.ptr;
	size_t left = text.len, room = 2 * text.len + 16;
	iconv_t handle = iconv_open(charset, "UTF-8");

	assert_true(handle != (iconv_t)-1);
	assert_int_equal(iconv(handle, &from, &left, &to, &room), 0);
	iconv_close(handle);
	return (struct pk_span){ bytes, (size_t)(to - bytes) };
}

static void
check_encoding(void **state)
{
	const struct encoding_case *c = *state;
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    pk_doc_new(PK_DOC_PAGE, ARENA_LIMIT);
	struct pk_span html = pk_arena_printf(doc->arena,
	    "%s<title>x</title><div><p>%s</p><p>%s</p></div>", c->head, c->text,
	    c->text);
	struct pk_span bytes =
	    c->charset == NULL ? html : encoded(doc->arena, html, c->charset);
	struct pk_article article = article_of(doc, bytes, c->content_type);

	same(article.text, pk_arena_printf(doc->arena, "%s\n%s", c->text, c->text).ptr);
}

static void
one_broken_byte_harms_nothing_behind_it(void **state)
{
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    pk_doc_new(PK_DOC_PAGE, ARENA_LIMIT);
	struct pk_article article = article_of(doc,
	    PK_SPAN("<title>x</title><p>سلام \xD8 بر \xFF همه. " FA "</p><p>" FA
		    " آري.</p>"),
	    NULL);

	(void)state;
	same(article.text, "سلام \uFFFD بر \uFFFD همه. " FA "\n" FA " آري.");
}

static void
a_label_far_down_does_not_change_what_was_read(void **state)
{
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    pk_doc_new(PK_DOC_PAGE, ARENA_LIMIT);
	char *far = pk_arena_alloc(doc->arena, 8192);

	(void)state;
	memset(far, ' ', 8191);
	struct pk_span html = pk_arena_printf(doc->arena,
	    "<title>x</title><p>" FA "</p>%s<meta charset=windows-1251>"
	    "<meta http-equiv=Content-Type content='text/html; charset=big5'><p>" FA
	    " آري.</p>",
	    far);
	same(article_of(doc, html, NULL).text, FA "\n" FA " آري.");
}

/* ---- pages ------------------------------------------------------------------- */

#define A                                                                              \
	"The ministers of Norway and Finland signed a treaty on the bridge, they "     \
	"said, after talks."
#define B                                                                              \
	"Work begins in the autumn, and both countries pay half of the cost, as was "  \
	"agreed before."
#define AB A "\n" B

/* 200 of them. */
#define D5(x)  x x x x x
#define D25(x) D5(D5(x))
#define D(x)   D25(x) D25(x) D25(x) D25(x) D25(x) D25(x) D25(x) D25(x)

/* clang-format off */
static const struct trap {
	const char *name;
	struct pk_span html;
	const char *title, *text;
} traps[] = {
	/* heads and ends */
	{ "a <div> in the head", PK_SPAN("<head><div></div><meta property=og:title content='A bridge'></head><p>" A "<p>" B), "A bridge", AB },
	{ "meta in the body", PK_SPAN("<body><p>" A "<p>" B "<meta property=og:title content='A bridge'>"), "A bridge", AB },
	{ "JSON-LD in the body", PK_SPAN("<body><p>" A "<p>" B "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"A bridge\"}</script>"), "A bridge", AB },
	{ "text behind </html>", PK_SPAN("<title>x</title><div><p>" A "</body></html><p>" B "</div>"), "x", AB },
	{ "no head, no body, no end", PK_SPAN("<p>" A "<p>" B), "", AB },
	{ "several <title>", PK_SPAN("<title>First</title><title>Second</title><p>" A "<p>" B "<svg><title>icon</title></svg>"), "First", AB },
	{ "an empty <title> first", PK_SPAN("<title></title><title>Second</title><p>" A "<p>" B), "Second", AB },
	{ "a <title> in a picture first", PK_SPAN("<svg><title>icon</title></svg><title>A bridge</title><p>" A "<p>" B), "A bridge", AB },
	{ "<base> of any kind", PK_SPAN("<base><base href=''><base href='javascript:x'><base href='http://['><title>x</title><p>" A "<p>" B), "x", AB },
	{ "elements in capitals", PK_SPAN("<TITLE>x</TITLE><DIV><P>" A "<P>" B "</DIV>"), "x", AB },
	/* nesting */
	{ "deep, but not too deep", PK_SPAN("<title>x</title>" D("<div>") "<p>" A "<p>" B), "x", AB },
	{ "<div/> is closed", PK_SPAN("<title>x</title><div class=share/><p>" A "<p>" B), "x", AB },
	{ "blocks in <p>", PK_SPAN("<title>x</title><p>" A "<section>" B "</section></p>"), "x", AB },
	{ "misnested", PK_SPAN("<title>x</title><p><b><i>" A "</b></i></p><p>" B "</p>"), "x", AB },
	{ "links that do not end", PK_SPAN("<title>x</title><p><a name=x><p>" A "<p>" B), "x", AB },
	{ "<p> in a table", PK_SPAN("<title>x</title><table><p>" A "<tr><td><p>" B "</table>"), "x", AB },
	{ "a body in a form", PK_SPAN("<title>x</title><form id=aspnetForm><p>" A "<p>" B "</form>"), "x", AB },
	{ "words are not glued", PK_SPAN("<title>x</title><p>" A "</p><p>" B "<span>a</span> <span>b</span>\n<b>c</b>d"), "x", AB "a b cd" },
	/* what does not end */
	{ "a comment that does not end", PK_SPAN("<title>x</title><p>" A "<p>" B "<!-- <p>hidden"), "x", AB },
	{ "a comment with ends", PK_SPAN("<title>x</title><p>" A "<!-- > --> <!----><p>" B), "x", AB },
	{ "comments of conditions", PK_SPAN("<title>x</title><!--[if IE]><p>no</p><![endif]--><![if !IE]><p>" A "<![endif]><p>" B), "x", AB },
	{ "CDATA", PK_SPAN("<title>x</title><p>" A "<p>" B "<![CDATA[ no ]]>"), "x", AB },
	{ "a script that does not end", PK_SPAN("<title>x</title><p>" A "<p>" B "<script>if (a < b) {"), "x", AB },
	{ "a script with tags in it", PK_SPAN("<title>x</title><p>" A "<script>w('<p>no</p><\\/script>');</script><p>" B), "x", AB },
	{ "NULs", PK_SPAN("<title>x</title><p class='a\0b'>The\0 bridge, and the two who signed it: they said so on Monday.\0<script>\0</script><p>" B), "x",
	  "The\uFFFD bridge, and the two who signed it: they said so on Monday.\uFFFD\n" B },
	/* references */
	{ "references without a semicolon", PK_SPAN("<title>x</title><p>One&nbsptwo &nbsp; three&nbsp, R&D and Q&A &copy&reg; &laquo;four&raquo, and &notit; is so. " A "<p>" B), "x",
	  "One\u00A0two \u00A0 three\u00A0, R&D and Q&A ©® «four», and &notit; is so. " AB  },
	{ "references that are newer", PK_SPAN("<title>x</title><p>One&comma; two &lbrack;three&rsqb;&period; " A "<p>" B), "x", "One, two [three]. " AB  },
	{ "what was escaped twice stays so in text", PK_SPAN("<title>x</title><p>One &amp;nbsp; two &amp;amp; three. " A "<p>" B), "x", "One &nbsp; two &amp; three. " AB  },
	{ "and not in the head", PK_SPAN("<meta property=og:title content='A &amp;laquo;bridge&amp;raquo;'><p>" A "<p>" B), "A «bridge»", AB },
	{ "numbers that are no characters", PK_SPAN("<title>x</title><p>a&#xD800;b&#0;c&#x110000;d&#99999999999999999999;ef. " A "<p>" B), "x", "abcdef. " AB  },
	{ "signs without width stay", PK_SPAN("<title>x</title><p>\u202Bمی\u200Cرود\u202C و\u00AD باز\u200F می&zwnj;آید. " A "<p>" B), "x", "می\u200Cرود\u202C و\u00AD باز\u200F می\u200Cآید. " AB  },
	/* JSON-LD */
	{ "JSON-LD with </div> in it", PK_SPAN("<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"headline\":\"A bridge\",\"description\":\"</div></p>\"}</script><p>" A "<p>" B), "A bridge", AB },
	{ "JSON-LD with raw line breaks", PK_SPAN("<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"headline\":\"A\n bridge\tover\"}</script><p>" A "<p>" B), "A bridge over", AB },
	{ "JSON-LD in a comment of its own", PK_SPAN("<script type=application/ld+json><!--\n{\"@type\":\"NewsArticle\",\"headline\":\"A bridge\"}\n--></script><p>" A "<p>" B), "A bridge", AB },
	{ "JSON-LD in CDATA", PK_SPAN("<script type=application/ld+json>//<![CDATA[\n{\"@type\":\"NewsArticle\",\"headline\":\"A bridge\"}\n//]]></script><p>" A "<p>" B), "A bridge", AB },
	{ "broken JSON-LD, then a good one", PK_SPAN("<script type=application/ld+json>{\"@type\":</script><script type=application/ld+json>{\"@type\":\"NewsArticle\",\"headline\":\"A bridge\"}</script><p>" A "<p>" B), "A bridge", AB },
	{ "JSON-LD of strange kinds", PK_SPAN("<script type=application/ld+json>[null,1,\"x\",[],{\"@type\":7},{\"@type\":[\"NewsArticle\"],\"headline\":\"A bridge\",\"author\":[[[]]],\"datePublished\":{},\"image\":[{}]}]</script><p>" A "<p>" B), "A bridge", AB },
};
/* clang-format on */

static void
check_trap(void **state)
{
	const struct trap *c = *state;
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    pk_doc_new(PK_DOC_PAGE, ARENA_LIMIT);
	struct pk_article article = article_of(doc, c->html, NULL);

	same(article.text, c->text);
	same(article.title, c->title);
	assert_true(pk_utf8_valid(article.text));
	assert_true(pk_utf8_valid(article.title));
}

/* A text just below the limit of a page comes whole. */
static void
a_long_text_is_not_cut(void **state)
{
	static const char sentence[] =
	    "The bridge is long, and so is what they say of it. ";
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    pk_doc_new(PK_DOC_PAGE, ARENA_LIMIT);
	size_t size = PK_ARTICLE_BYTES_MAX - 4096, len = strlen("<title>x</title><p>");
	char *html = pk_arena_alloc(doc->arena, size + sizeof(sentence));

	(void)state;
	memcpy(html, "<title>x</title><p>", len);
	for (; len < size; len += sizeof(sentence) - 1)
		memcpy(html + len, sentence, sizeof(sentence) - 1);
	struct pk_article article =
	    article_of(doc, (struct pk_span){ html, len }, NULL);
	assert_int_equal(article.text.len, len - strlen("<title>x</title><p>") - 1);
}

int
main(void)
{
	enum { ALONE = 3 };
	struct CMUnitTest tests[ALONE + PK_COUNT(traps) + PK_COUNT(encoding_cases)] = {
		cmocka_unit_test(one_broken_byte_harms_nothing_behind_it),
		cmocka_unit_test(a_label_far_down_does_not_change_what_was_read),
		cmocka_unit_test(a_long_text_is_not_cut),
	};
	size_t n = ALONE;

	for (size_t i = 0; i < PK_COUNT(traps); i++)
		tests[n++] = (struct CMUnitTest){ .name = traps[i].name,
			.test_func = check_trap,
			.initial_state = (void *)(uintptr_t)&traps[i] };
	for (size_t i = 0; i < PK_COUNT(encoding_cases); i++)
		tests[n++] = (struct CMUnitTest){ .name = encoding_cases[i].name,
			.test_func = check_encoding,
			.initial_state = (void *)(uintptr_t)&encoding_cases[i] };
	return cmocka_run_group_tests_name(
	    "extract/article/traps", tests, load, unload);
}
