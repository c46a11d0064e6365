/* SPDX-License-Identifier: Apache-2.0 */
/* Which text of a page is the article: one small page for every rule. */

#include "tests/unit/extract/article/tails_fixture.h"

#define ARENA_LIMIT ((size_t)256 << 20)

#define ONE                                                                            \
	"The harbour of Lindvik opened its second pier on Thursday, after a winter "   \
	"in which forty ships had waited outside."
#define TWO                                                                            \
	"Pilots say that the new pier saves them an hour with every ship, and the "    \
	"town expects a third more of them."
#define THREE                                                                          \
	"The old pier will be mended in spring, when the ice has gone and divers can " \
	"look at its feet."
#define HEAD "<title>A pier for Lindvik</title><h1>A pier for Lindvik</h1>"

/* clang-format off */
static const struct body_case {
	const char *name, *html, *text;
} cases[] = {
	/* ---- what belongs to it ---- */
	{ "a lead below the title in the header",
	  "<article><header><h1>A pier for Lindvik</h1><p>Forty ships waited outside all winter.</p>"
	  "<p class=byline>By Ane Holt</p></header><div><p>" ONE "<p>" TWO "<p>" THREE "</div></article>",
	  "Forty ships waited outside all winter.\n" ONE "\n" TWO "\n" THREE },
	{ "a lead in a box between title and body",
	  HEAD "<div class=x1><p>Forty ships waited outside all winter, some for a month.</p></div>"
	  "<div class=x2><p>" ONE "<p>" TWO "<p>" THREE "</div>",
	  "Forty ships waited outside all winter, some for a month.\n" ONE "\n" TWO "\n" THREE },
	{ "a body in pieces of one kind, an advertisement between",
	  HEAD "<main><div class=part><p>" ONE "</div><div class=ad>Buy a boat today, cheap and new.</div>"
	  "<div class=part><p>" TWO "</div><div class=share>Share</div><div class=part><p>" THREE "</div></main>",
	  ONE "\n" TWO "\n" THREE },
	{ "items that are half a link, without those that are no more than one",
	  HEAD "<div class=article-body><p>" ONE "<ul><li><a href=a>Pier one of the harbour</a>, built of oak in 1911</li>"
	  "<li><a href=b>Pier two of the harbour</a>, of concrete and steel</li></ul><p>" TWO
	  "<ul><li><a href=c>Boats for sale in the harbour</a></li></ul><p>" THREE "</div>",
	  ONE "\nPier one of the harbour, built of oak in 1911\nPier two of the harbour, of concrete and steel\n"
	  TWO "\n" THREE },
	{ "a refrain comes again",
	  HEAD "<div><p>" ONE "<p>" TWO "<p>" ONE "<p>" THREE "</div>",
	  ONE "\n" TWO "\n" ONE "\n" THREE },
	{ "short paragraphs in a script that says much with each sign",
	  "<meta property=og:type content=article><h1>新しい桟橋</h1><div><p>港の町は木曜日、二つ目の桟橋を開いた。</p><p>冬の間、四十隻の船が沖で待っていた。</p></div>",
	  "港の町は木曜日、二つ目の桟橋を開いた。\n冬の間、四十隻の船が沖で待っていた。" },

	/* ---- what does not ---- */
	{ "a caption with its image in a box",
	  HEAD "<div><div><img src=a><div>The new pier, seen from the church tower.</div></div><p>"
	  ONE "<p>" TWO "<p>" THREE "</div>",
	  ONE "\n" TWO "\n" THREE },
	{ "a caption in small letters below its image, a paragraph with an image stays",
	  HEAD "<div><p><img src=a><br><em>The new pier, seen from the church tower.</em></p><p><img src=b>"
	  ONE "<p>" TWO "<p>" THREE "</div>",
	  ONE "\n" TWO "\n" THREE },
	{ "lines of date and author between title and text",
	  HEAD "<div><p>Forty ships waited outside all winter, some for a month.</p><p>By Ane Holt</p>"
	  "<p>Published 3 May 2024, 10:15</p></div><meta name=author content='Ane Holt'><div><p>" ONE "<p>"
	  TWO "<p>" THREE "</div>",
	  "Forty ships waited outside all winter, some for a month.\n" ONE "\n" TWO "\n" THREE },
	{ "a date at the beginning of a line; where it was written is text",
	  HEAD "<div class=d><span class=date>03.05.2024</span> " ONE "<br><br>" TWO "<br><br>"
	  "<span class=dateline>LINDVIK –</span> " THREE "</div>",
	  ONE "\n" TWO "\nLINDVIK – " THREE },
	{ "who wrote it, told at the end",
	  "<meta name=author content='Ane Holt, Per Lund'>" HEAD "<div><p>" ONE "<p>" TWO "<p>" THREE
	  "<p>Per Lund is the harbour's chronicler and sails a boat of his own.</p></div>",
	  ONE "\n" TWO "\n" THREE },
	{ "numbers without a word",
	  HEAD "<div><p>" ONE "<p>1 204</p><p>" TWO "<p>" THREE "<p>301/45</p></div>",
	  ONE "\n" TWO "\n" THREE },
	{ "a heading whose text was links goes with it",
	  HEAD "<div><p>" ONE "<h2>More piers</h2><ul><li><a href=a>A pier for Nordvik, too</a></ul>"
	  "<h2>The ice</h2><p>" TWO "<p>" THREE "</div>",
	  ONE "\nThe ice\n" TWO "\n" THREE },
	{ "a copy for small screens",
	  HEAD "<div class=large><p>" ONE "<p>" TWO "<p>" THREE "</div><div class=small><p>" ONE "<p>"
	  TWO "<p>" THREE "</div>",
	  ONE "\n" TWO "\n" THREE },
	{ "a copy for the printer that is not displayed",
	  HEAD "<div class=t><p>" ONE "<p>" TWO "<p>" THREE "</div><div style='display: none'><p>" ONE "<p>"
	  TWO "<p>" THREE "<p>Printed from the pages of the harbour.</div>",
	  ONE "\n" TWO "\n" THREE },
	{ "a sidebar longer than the article that the page names",
	  "<div class=sidebar><p>" ONE " " ONE " " ONE "<p>" TWO " " TWO " " TWO "<p>" TWO " " ONE " " THREE
	  "</div>" HEAD "<div class=entry-content><p>" ONE " " TWO "<p>" TWO " " THREE "<p>" THREE " " ONE
	  "</div>",
	  ONE " " TWO "\n" TWO " " THREE "\n" THREE " " ONE },
	{ "the next article, loaded below and longer",
	  "<title>A pier for Lindvik</title><main><article class=full><h1>A pier for Lindvik</h1><p>" ONE "<p>" TWO
	  "<p>" THREE "</article><article class=full><h1>A school for Nordvik</h1><p>" ONE " " TWO "<p>" TWO " "
	  THREE "<p>" THREE " " ONE " And so on.</article></main>",
	  ONE "\n" TWO "\n" THREE },
	{ "readers' comments, longer than the article",
	  HEAD "<div><p>" ONE "<p>" TWO "</div><div class=nazar-box><p>" ONE " " THREE "<p>" TWO " " ONE
	  "<p>" THREE " " TWO "<p>" ONE " " TWO "</div>",
	  ONE "\n" TWO },
	{ "AMP's advertisements, and its images with captions",
	  HEAD "<div><div><amp-img src=a></amp-img><p>The new pier, seen from the tower.</p></div><p>" ONE
	  "<amp-ad><div fallback>Buy a boat today.</div></amp-ad><p>" TWO "<p>" THREE "</div>",
	  ONE "\n" TWO "\n" THREE },
	{ "how long it takes to read, pictures' sources, what reporters contributed",
	  HEAD "<div><p>5 min read</p><p>" ONE "<p>The pier at noon. Photo: Ane Holt</p><p>" TWO "<p>" THREE
	  "<p>Per Lund contributed to this report.</p></div>",
	  ONE "\n" TWO "\n" THREE },
	{ "the closing phrase, and who signs behind it",
	  "<h1>اسکله لیندویک باز شد</h1><div><p>بندر لیندویک روز پنجشنبه اسکله دوم خود را باز کرد، پس از زمستانی که در آن"
	  " چهل کشتی بیرون از بندر مانده بودند و خدمه آن‌ها شب و روز کشیک می‌دادند.</p><p>پایان پیام/ک</p><p>کشتی‌های دیگر در بندرهای دیگر می‌مانند و منتظرند.</p></div>",
	  "بندر لیندویک روز پنجشنبه اسکله دوم خود را باز کرد، پس از زمستانی که در آن چهل کشتی بیرون از بندر مانده بودند و خدمه آن‌ها شب و روز کشیک می‌دادند." },

	/* ---- names ---- */
	{ "hooks of programs and modifiers say nothing",
	  HEAD "<div class='js-share js-lightbox has-sidebar no-comments'><p>" ONE "<p>" TWO "<p>" THREE "</div>",
	  ONE "\n" TWO "\n" THREE },

	/* ---- what JSON-LD says ---- */
	{ "JSON-LD says where the text ends",
	  "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"articleBody\":\"" ONE " " TWO " "
	  THREE " " ONE " " TWO "\"}</script>" HEAD "<div><p>" ONE "<p>" TWO "<p>" THREE "<p>" ONE " " TWO
	  "<p>The harbour's office answers every letter that comes.</p></div>",
	  ONE "\n" TWO "\n" THREE "\n" ONE " " TWO },
	{ "JSON-LD says that a box is text",
	  "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"articleBody\":\"" ONE " &amp;amp; "
	  TWO " " THREE " " ONE " " TWO "\"}</script>" HEAD "<div><p>" ONE "<div class=promo><p>" TWO "</div><p>"
	  THREE "<p>" ONE " " TWO "</div>",
	  ONE "\n" TWO "\n" THREE "\n" ONE " " TWO },
};
/* clang-format on */

static void
check_body(void **state)
{
	const struct body_case *c = *state;
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    pk_doc_new(PK_DOC_PAGE, ARENA_LIMIT);
	struct pk_article article;
	const char *reason;
	char text[8192];

	assert_non_null(doc);
	doc->bytes = pk_span_of(c->html);
	doc->url = PK_SPAN("https://example.org/pier");
	assert_int_equal(pk_article_of_page(doc, tails, NULL, &article, &reason), 0);
	assert_null(reason);
	snprintf(text, sizeof(text), "%.*s", PK_SPAN_ARG(article.text));
	assert_string_equal(text, c->text);
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases)];

	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
			.test_func = check_body,
			.initial_state = (void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests_name("extract/article/body", tests, load, unload);
}
