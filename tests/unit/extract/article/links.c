/* SPDX-License-Identifier: Apache-2.0 */
/* Which link leads to the next page of an article, and which only seems to; several
 * pages read as one. */
#include "extract/article/links.h"

#include "base/utf8.h"
#include "extract/article/join.h"
#include "tests/unit/extract/article/tails_fixture.h"

#define ARENA_LIMIT ((size_t)64 << 20)

static void
same(struct pk_span got, const char *want)
{
	char copy[4096];

	assert_true(got.len < sizeof(copy));
	if (got.len > 0)
		memcpy(copy, got.ptr, got.len);
	copy[got.len] = '\0';
	assert_string_equal(copy, want);
}

/* ---- addresses ------------------------------------------------------------- */

#define H "https://a.example"

/* clang-format off */
static const struct address_case {
	const char *name, *base, *url;
	unsigned page;
	bool weak;
} address_cases[] = {
	{ "itself", H "/n/12", H "/n/12", 1, false },
	{ "a slash more", H "/n/12/", H "/n/12", 1, false },
	{ "www is no other host", "https://www.a.example/n/12", "http://a.example/n/12/2", 2, false },
	{ "page=2", H "/n/12", H "/n/12?page=2", 2, false },
	{ "page=2 behind another parameter", H "/n?id=12", H "/n?id=12&page=2", 2, false },
	{ "page=2 before it", H "/n?id=12", H "/n?page=2&id=12", 2, false },
	{ "the base counts, too", H "/n/12?page=1", H "/n/12?page=3", 3, false },
	{ "p=4", H "/n/12", H "/n/12?p=4", 4, false },
	{ "/page/2", H "/n/12/bridge", H "/n/12/bridge/page/2/", 2, false },
	{ "/2", H "/n/12/bridge", H "/n/12/bridge/2", 2, false },
	{ "/page-2", H "/n/12/bridge", H "/n/12/bridge/page-2", 2, false },
	{ "/p2", H "/n/12/bridge", H "/n/12/bridge/p2", 2, false },
	{ "name/2.html", H "/n/bridge.html", H "/n/bridge/2.html", 2, false },
	{ "name.html/2", H "/n/bridge.html", H "/n/bridge.html/2", 2, false },
	{ "name-page-2.html", H "/n/bridge.html", H "/n/bridge-page-2.html", 2, false },
	{ "name,2.html", H "/n/bridge.html", H "/n/bridge,2.html", 2, false },
	{ "name-2.html may be another", H "/n/bridge.html", H "/n/bridge-2.html", 2, true },
	{ "name_2.html may be another", H "/n/bridge.html", H "/n/bridge_2.html", 2, true },
	{ "name-2 may be another", H "/n/bridge", H "/n/bridge-2", 2, true },
	{ "the next number is another article", H "/n/12", H "/n/13", 0, false },
	{ "a longer number is another article", H "/n/1", H "/n/12", 0, false },
	{ "another host", H "/n/12", "https://b.example/n/12/2", 0, false },
	{ "another name", H "/n/12/bridge", H "/n/12/tunnel/2", 0, false },
	{ "another parameter", H "/n?id=12", H "/n?id=13&page=2", 0, false },
	{ "a parameter more", H "/n/12", H "/n/12?print=1&page=2", 0, false },
	{ "a page of comments", H "/n/12", H "/n/12/comment-page-2", 0, false },
	{ "cpage", H "/n/12", H "/n/12?cpage=2", 0, false },
	{ "for printing", H "/n/12", H "/n/12/print/2", 0, false },
	{ "a year is no page", H "/n/12", H "/n/12/2024", 0, false },
	{ "a post's number is no page", H "/n/12", H "/n/12?p=4711", 0, false },
	{ "a number with a zero is a day", H "/n/12", H "/n/12/02", 0, false },
	{ "two counts", H "/n/12", H "/n/12/2?page=2", 0, false },
	{ "the page above", H "/n/12/2", H "/n/12", 0, false },
};
/* clang-format on */

static void
check_address(void **state)
{
	const struct address_case *c = *state;
	bool weak = false;

	assert_int_equal(
	    pk_link_page(pk_span_of(c->base), pk_span_of(c->url), &weak), c->page);
	assert_int_equal(weak, c->weak);
}

/* ---- links on a page ------------------------------------------------------- */

#define BODY                                                                           \
	"<article><h1>A bridge over the river</h1><p>The ministers of both countries " \
	"signed a treaty on the bridge on Monday, after talks that had taken eleven "  \
	"years and four governments.</p><p>Work begins in the autumn, they said, and " \
	"both countries pay half of the cost.</p></article>"
#define OWN H "/n/4711/bridge"

/* clang-format off */
static const struct link_case {
	const char *name, *url, *html, *next;
} link_cases[] = {
	{ "link rel=next", OWN, "<link rel=next href='/n/4711/bridge?page=2'>" BODY, OWN "?page=2" },
	{ "link of two words", OWN, "<link rel='next nofollow' href='?page=2'>" BODY, OWN "?page=2" },
	{ "a rel=next", OWN, BODY "<a rel=next href='/n/4711/bridge/2'>&raquo;</a>", OWN "/2" },
	{ "a number", OWN, BODY "<p><b>1</b> <a href='/n/4711/bridge/2'>2</a> <a href='/n/4711/bridge/3'>3</a>", OWN "/2" },
	{ "a Persian number", OWN, BODY "<a href='/n/4711/bridge/3'>۳</a><a href='/n/4711/bridge/2'>۲</a>", OWN "/2" },
	{ "page 2", OWN, BODY "<a href='?page=2'>Page 2</a>", OWN "?page=2" },
	{ "صفحه ۲", OWN, BODY "<a href='?page=2'>صفحهٔ ۲</a>", OWN "?page=2" },
	{ "next page", OWN, BODY "<a href='?page=2'>Next page »</a>", OWN "?page=2" },
	{ "صفحه بعد", OWN, BODY "<a href='?page=2'>صفحه بعد</a>", OWN "?page=2" },
	{ "بعدی", OWN, BODY "<a href='/n/4711/bridge/page/2/'>بعدی</a>", OWN "/page/2/" },
	{ "a pager's sign", OWN, BODY "<div class='wp-pagenavi'><a href='?page=2'>&rsaquo;</a></div>", OWN "?page=2" },
	{ "above the body", OWN, "<ul class=pagination><li><a href='?page=2'>2</a></ul>" BODY, OWN "?page=2" },
	{ "base href", OWN, "<base href='" H "/n/4711/'>" BODY "<a href='bridge/2'>2</a>", OWN "/2" },
	{ "tracking is no other page", OWN "?utm_source=x", BODY "<a href='?utm_source=x&amp;page=2'>2</a>", OWN "?page=2" },
	{ "by the canonical address", H "/s/x9", "<link rel=canonical href='" OWN "'>" BODY "<a href='" OWN "/2'>2</a>", OWN "/2" },
	{ "of the second page the third", OWN "?page=2", BODY "<a href='?page=1'>1</a><a href='?page=3'>3</a>", OWN "?page=3" },
	{ "of /page/2 the third", OWN "/page/2", BODY "<a href='/n/4711/bridge/page/3'>next</a>", OWN "/page/3" },
	{ "of /2 by the canonical address", OWN "/2", "<link rel=canonical href='" OWN "'>" BODY "<a href='/n/4711/bridge/3'>3</a>", OWN "/3" },
	{ "-2.html under its number", H "/n/bridge-4711.html", BODY "<a href='bridge-4711-2.html'>2</a>", H "/n/bridge-4711-2.html" },
	{ "an id in the query", H "/show.php?newsid=4711", BODY "<a href='show.php?newsid=4711&amp;page=2'>2</a>", H "/show.php?newsid=4711&page=2" },

	{ "the next article", OWN, "<link rel=next href='/n/4712/tunnel'>" BODY, "" },
	{ "the next number", H "/n/4711", "<link rel=next href='/n/4712'>" BODY, "" },
	{ "the next small number", H "/story/1", "<link rel=next href='/story/2'>" BODY, "" },
	{ "-2.html as the next article", H "/n/bridge-4711.html", "<link rel=next href='bridge-4711-2.html'>" BODY, "" },
	{ "-2.html that is called next", H "/n/bridge-4711.html", BODY "<a rel=next href='bridge-4711-2.html'>Next</a>", "" },
	{ "the page before", OWN "?page=3", "<link rel=next href='?page=2'>" BODY "<a href='?page=2'>2</a>", "" },
	{ "itself", OWN "?page=2", "<link rel=next href='?page=2'>" BODY, "" },
	{ "the last page", OWN, BODY "<a href='?page=7'>last</a><a href='?page=7'>7</a>", "" },
	{ "another number on it", OWN, BODY "<a href='?page=2'>5</a>", "" },
	{ "no word of a page", OWN, BODY "<a href='?page=2'>Our photographs</a>", "" },
	{ "a page of comments", OWN, BODY "<a rel=next href='/n/4711/bridge/comment-page-2'>2</a>", "" },
	{ "comments behind a mark", OWN, BODY "<a href='?page=2#comments'>2</a>", "" },
	{ "among the comments", OWN, BODY "<div id=comments><div><ul class=pager><li><a href='?page=2'>2</a></ul></div></div>", "" },
	{ "among related news", OWN, BODY "<div class='related-news'><a href='?page=2'>2</a></div>", "" },
	{ "at the side", OWN, BODY "<aside><a href='?page=2'>2</a></aside>", "" },
	{ "for printing", OWN, BODY "<a rel=next href='/n/4711/bridge?print=1&amp;page=2'>2</a>", "" },
	{ "another host", OWN, "<link rel=next href='https://b.example/n/4711/bridge?page=2'>" BODY, "" },
	{ "a section's pages", H "/politics/", "<link rel=next href='/politics/page/2/'>" BODY "<a href='/politics/page/2/'>2</a>", "" },
	{ "a tag's pages", H "/tag/bridges-and-tunnels/", "<link rel=next href='page/2/'>" BODY, "" },
	{ "a month's pages", H "/2024/05/", "<link rel=next href='/2024/05/page/2/'>" BODY, "" },
	{ "the front page's", H "/", "<link rel=next href='/page/2/'>" BODY, "" },
	{ "the program's", H "/index.php?page=2", "<link rel=next href='?page=3'>" BODY, "" },
	{ "a program's posts", H "/?p=12", "<link rel=next href='?p=13'>" BODY, "" },
	{ "no address", OWN, BODY "<a rel=next href='javascript:go(2)'>2</a>", "" },
	{ "a page without an address", "", "<link rel=next href='" OWN "?page=2'>" BODY, "" },
};
/* clang-format on */

static struct pk_doc *
doc_of(const char *url, const char *html)
{
	struct pk_doc *doc = pk_doc_new(PK_DOC_PAGE, ARENA_LIMIT);

	assert_non_null(doc);
	doc->bytes = pk_span_of(html);
	doc->url = pk_span_of(url);
	return doc;
}

static void
check_link(void **state)
{
	const struct link_case *c = *state;
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = doc_of(c->url, c->html);
	struct pk_article article;
	const char *reason;

	assert_int_equal(pk_article_of_page(doc, tails, NULL, &article, &reason), 0);
	assert_null(reason);
	same(article.next_url, c->next);
}

/* clang-format off */
static const struct amp_case {
	const char *name, *url, *href, *amp;
} amp_cases[] = {
	{ "on the same host", OWN, "/amp/4711", H "/amp/4711" },
	{ "on a host below", "https://www.a.example/n/1", "https://amp.a.example/n/1", "https://amp.a.example/n/1" },
	{ "below co.ir", "https://a.co.ir/n/1", "https://amp.a.co.ir/n/1", "https://amp.a.co.ir/n/1" },
	{ "another owner below co.ir", "https://a.co.ir/n/1", "https://b.co.ir/n/1", "" },
	{ "another owner", OWN, "https://b.example/n/4711", "" },
	{ "somebody's cache", "https://a.org/n/1", "https://cdn.amp.net/c/a.org/n/1", "" },
	{ "an address is whole", "http://127.0.0.1/n/1", "http://10.1.0.1/n/1", "" },
	{ "the page itself", OWN, OWN, "" },
	{ "another scheme", OWN, "android-app://a.example/n/4711", "" },
};
/* clang-format on */

static void
check_amp(void **state)
{
	const struct amp_case *c = *state;
	char html[512];

	snprintf(html, sizeof(html), "<link rel=amphtml href='%s'>%s", c->href, BODY);
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = doc_of(c->url, html);
	struct pk_article article;
	const char *reason;
	assert_int_equal(pk_article_of_page(doc, tails, NULL, &article, &reason), 0);
	same(article.amp_url, c->amp);
}

/* ---- several pages as one -------------------------------------------------- */

#define P1                                                                             \
	"The ministers of both countries signed a treaty on the bridge on Monday, "    \
	"after talks that had taken eleven years and four governments."
#define P2                                                                             \
	"Work begins in the autumn, they said, and both countries pay half of the "    \
	"cost."
#define P3                                                                             \
	"The bridge will carry two tracks and a road, and ships pass below it all "    \
	"year round."
#define P4    "Nobody was asked to pay a toll."
#define TITLE "<h1>A bridge over the river</h1>"

static int
feed_page(
    struct pk_reading *reading, struct pk_doc *doc, const char *url, const char *html)
{
	doc->url = pk_span_of(url);
	doc->bytes = pk_span_of(html);
	return pk_reading_add(reading, doc, tails, NULL);
}

static void
pages_are_one_article(void **state)
{
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = doc_of("", "");
	struct pk_reading reading = { .pages_max = 10 };

	(void)state;
	assert_int_equal(
	    feed_page(&reading, doc, OWN,
		"<title>A bridge over the river</title><article>" TITLE "<p>" P1
		"</p><p>" P2 "</p></article><a href='?page=2'>2</a>"),
	    0);
	same(reading.next, OWN "?page=2");
	char id[PK_ID_SIZE];
	memcpy(id, reading.article.id, sizeof(id));
	/* the opening, the title and which page it is are said once more */
	assert_int_equal(feed_page(&reading, doc, OWN "?page=2",
			     "<title>A bridge over the river</title><article>" TITLE
			     "<p>Page 2 of 3</p><p>" P1 "</p><p>" P3
			     "</p></article><a href='?page=3'>3</a>"),
	    0);
	same(reading.next, OWN "?page=3");
	/* short, and no article by itself */
	assert_int_equal(
	    feed_page(&reading, doc, OWN "?page=3", TITLE "<p>" P4 "</p>"), 0);
	same(reading.next, "");
	assert_null(reading.reason);
	same(reading.article.text, P1 "\n" P2 "\n" P3 "\n" P4);
	same(reading.article.title, "A bridge over the river");
	same(reading.article.url, OWN);
	same(reading.article.next_url, "");
	assert_int_equal(reading.article.pages, 3);
	assert_false(reading.article.truncated);
	assert_string_equal(reading.article.id, id);
	char sum[PK_SHA256_SIZE];
	pk_sha256(reading.article.text, sum);
	assert_string_equal(reading.article.sha256, sum);
	assert_int_equal(reading.article.n_paragraphs, 4);
	assert_int_equal(reading.article.paragraphs[3].range.end,
	    pk_utf8_count(reading.article.text));
	assert_null(doc->before);
}

static void
start(struct pk_reading *reading, struct pk_doc *doc)
{
	assert_int_equal(feed_page(reading, doc, OWN,
			     "<article>" TITLE "<p>" P1 "</p><p>" P2
			     "</p></article><a href='?page=2'>2</a>"),
	    0);
}

static void
what_is_missing_is_said(void **state)
{
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = doc_of("", "");
	struct pk_reading reading = { .pages_max = 10 };

	(void)state;
	start(&reading, doc);
	pk_reading_miss(&reading);
	same(reading.next, "");
	same(reading.article.next_url, OWN "?page=2");
	same(reading.article.text, P1 "\n" P2);
	assert_true(reading.article.truncated);
}

static void
pages_are_bounded(void **state)
{
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = doc_of("", "");
	struct pk_reading one = { .pages_max = 1 }, two = { .pages_max = 2 };

	(void)state;
	start(&one, doc);
	same(one.next, "");
	same(one.article.next_url, OWN "?page=2");
	assert_false(one.article.truncated); /* nobody wanted more */

	start(&two, doc);
	assert_int_equal(feed_page(&two, doc, OWN "?page=2",
			     TITLE "<p>" P3 "</p><a href='?page=3'>3</a>"),
	    0);
	same(two.next, "");
	same(two.article.next_url, OWN "?page=3");
	assert_int_equal(two.article.pages, 2);
	assert_true(two.article.truncated);
}

static void
a_page_that_leads_elsewhere_is_missing(void **state)
{
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = doc_of("", "");
	struct pk_reading reading = { .pages_max = 10 };

	(void)state;
	start(&reading, doc);
	assert_int_equal(feed_page(&reading, doc, H "/n/4712/tunnel",
			     "<article><h1>A tunnel</h1><p>" P3 "</p></article>"),
	    0);
	same(reading.article.text, P1 "\n" P2);
	same(reading.next, "");
	assert_true(reading.article.truncated);
}

static void
a_circle_ends(void **state)
{
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = doc_of("", "");
	struct pk_reading reading = { .pages_max = 10 };

	(void)state;
	start(&reading, doc);
	start(&reading, doc); /* the second page leads back to the first */
	same(reading.article.text, P1 "\n" P2);
	same(reading.next, "");
	same(reading.article.next_url, "");
	assert_false(reading.article.truncated);
	assert_int_equal(reading.article.pages, 1);
}

static void
a_page_that_says_nothing_new_is_the_end(void **state)
{
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = doc_of("", "");
	struct pk_reading reading = { .pages_max = 10 };

	(void)state;
	start(&reading, doc);
	/* a program that does not know the parameter, and counts on */
	assert_int_equal(feed_page(&reading, doc, OWN "?page=2",
			     "<article>" TITLE "<p>" P1 "</p><p>" P2
			     "</p></article><a href='?page=3'>3</a>"),
	    0);
	same(reading.article.text, P1 "\n" P2);
	same(reading.next, "");
	same(reading.article.next_url, "");
	assert_false(reading.article.truncated);
	assert_int_equal(reading.article.pages, 1);
}

static void
amp_stands_in_for_a_page(void **state)
{
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = doc_of("", "");
	struct pk_reading reading = { .pages_max = 10 };

	(void)state;
	assert_int_equal(feed_page(&reading, doc, OWN,
			     "<link rel=amphtml href='/amp/4711'><div id=app></div>"),
	    0);
	assert_non_null(reading.reason);
	same(reading.next, H "/amp/4711");
	assert_int_equal(feed_page(&reading, doc, H "/amp/4711",
			     "<link rel=canonical href='/amp/4711'><article>" TITLE
			     "<p>" P1 "</p><p>" P2 "</p></article>"),
	    0);
	assert_null(reading.reason);
	same(reading.next, "");
	same(reading.article.url, OWN);
	same(reading.article.canonical_url, OWN);
	same(reading.article.text, P1 "\n" P2);

	struct pk_reading direct = { .pages_max = 10 };
	start(&direct, doc);
	assert_string_equal(reading.article.id, direct.article.id);
}

static void
amp_is_tried_once(void **state)
{
	static const char shell[] =
	    "<link rel=amphtml href='/amp/4711'><div id=app></div>";
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = doc_of("", "");
	struct pk_reading reading = { .pages_max = 10 };

	(void)state;
	assert_int_equal(feed_page(&reading, doc, OWN, shell), 0);
	const char *reason = reading.reason;
	assert_int_equal(feed_page(&reading, doc, H "/amp/4711", shell), 0);
	same(reading.next, "");
	assert_ptr_equal(reading.reason, reason);
	assert_false(reading.article.truncated);
}

int
main(void)
{
	static struct CMUnitTest tests[256] = {
		cmocka_unit_test(pages_are_one_article),
		cmocka_unit_test(what_is_missing_is_said),
		cmocka_unit_test(pages_are_bounded),
		cmocka_unit_test(a_page_that_leads_elsewhere_is_missing),
		cmocka_unit_test(a_circle_ends),
		cmocka_unit_test(a_page_that_says_nothing_new_is_the_end),
		cmocka_unit_test(amp_stands_in_for_a_page),
		cmocka_unit_test(amp_is_tried_once),
	};
	size_t n = 8;

	for (size_t i = 0; i < PK_COUNT(address_cases); i++)
		tests[n++] = (struct CMUnitTest){ address_cases[i].name, check_address,
			NULL, NULL, (void *)(uintptr_t)&address_cases[i] };
	for (size_t i = 0; i < PK_COUNT(link_cases); i++)
		tests[n++] = (struct CMUnitTest){ link_cases[i].name, check_link, NULL,
			NULL, (void *)(uintptr_t)&link_cases[i] };
	for (size_t i = 0; i < PK_COUNT(amp_cases); i++)
		tests[n++] = (struct CMUnitTest){ amp_cases[i].name, check_amp, NULL,
			NULL, (void *)(uintptr_t)&amp_cases[i] };
	return _cmocka_run_group_tests("extract/article/links", tests, n, load, unload);
}
