/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages that are made to be expensive: the work is linear in their size, the memory is
 * bounded, and there is an article, a reason or an error at the end.
 *
 * Linear is asked of the processor's time of a page and of one four times as large,
 * with so much room that only a quadratic step is seen: 20 times, where it would be 16
 * times slower for sure and is 4 times for a linear one. What is too short to be
 * measured is linear.
 */

#include "base/buf.h"

#include "tests/unit/extract/article/tails_fixture.h"
#include <errno.h>

#include <time.h>

#define ARENA_LIMIT ((size_t)256 << 20)

/* A page and the room for noise: 64 KiB, then a quarter of a megabyte. */
#define SMALL_BYTES (PK_ARTICLE_BYTES_MAX / 128)
#define LARGE_TIMES 4
#define GROWTH_MAX  12
#define TOO_SHORT_S 0.01

/* Far above what a page of that size takes: the slowest is at a tenth of a second. */
#define LARGE_MAX_S 3

#define P                                                                              \
	"<p>The ministers of Norway and Finland signed a treaty on the bridge, they "  \
	"said, after talks that had taken eleven years and four governments.</p>"

/* 500 elements around what follows. */
#define X5(x)  x x x x x
#define X25(x) X5(X5(x))
#define DEEP   X25(X5("<div>")) X25(X5("<div>")) X25(X5("<div>")) X25(X5("<div>"))
#define INNER                                                                          \
	"<p>" X25(X5("<span>")) X25(X5("<span>")) X25(X5("<span>")) X25(X5("<span>"))

/*
 * `before`, then `part` again and again up to the size, then `after`. A '#' in the part
 * becomes a number that is another each time.
 */
static const struct bomb {
	const char *name, *before, *part, *after;
	int want;
} bombs[] = {
	/* clang-format off */
	/* nested */
	{ "<div> in <div>", P, "<div>", P, 0 },
	{ "<div> with a word each", P, "<div>word ", P, 0 },
	{ "<b> in <b>", P, "<b>x ", P, 0 },
	{ "lists in lists", P, "<ul><li>x ", P, 0 },
	{ "tables in cells", P, "<table><tr><td>x ", P, 0 },
	{ "<form> in <form>", P, "<form>x ", P, 0 },
	{ "<font> in <font>", P, "<font color=red>x ", P, 0 },
	{ "<blockquote>", P, "<blockquote><p>x ", P, 0 },
	{ "<article> in <article>", P, "<article class=post><h2>x</h2>", P, 0 },
	{ "elements of comments", P, "<div class=comment>" P, P, 0 },
	{ "elements of the site", P, "<div class='share widget related'>" P, P, 0 },
	{ "made up elements", P, "<my-box>" P, P, 0 },
	{ "a new element each time", P, "<x#>y", P, 0 },
	{ "paragraphs, deep down", P DEEP, "<p>x, and y.</p>", P, 0 },
	{ "good paragraphs, deep down", P DEEP, P, P, 0 },
	{ "<time>, deep down", P DEEP, "<time datetime=2024-05-#>x</time><p>y", P, 0 },
	{ "bylines, deep down", P DEEP, "<div class=author>By N. N.</div>", P, 0 },
	{ "dates, deep down", P DEEP, "<div class=date>2 May</div>", P, 0 },
	{ "leads, deep down", P DEEP, "<div class=lead>The bridge was opened by its builders #</div>", P, 0 },
	{ "links, deep down", P DEEP, "<p><a href=#>x</a>", P, 0 },
	{ "figures, deep down", P DEEP, "<figure><img src=#.jpg><figcaption>N. N.</figcaption></figure>", P, 0 },
	{ "headings, deep down", P DEEP, "<h2>A bridge</h2>", P, 0 },
	{ "<article>, deep down", "<h1>x</h1>" DEEP, "<article><h2>A bridge</h2>" P "</article>", P, 0 },
	{ "cells, deep down", P DEEP "<table>", "<tr><td>x<td>y", P, 0 },
	{ "items, deep down", P DEEP "<ul>", "<li>x, y", P, 0 },
	{ "words in inline elements", P INNER, "x <b>y</b>, ", P, 0 },
	{ "<br> in inline elements", P INNER, "x.<br>", P, 0 },
	{ "inline elements, misnested", P, "<b><p>x</b>", P, 0 },
	/* misnested and unclosed */
	{ "<b><i></b></i>", P, "<b><i>x</b></i>", P, 0 },
	{ "<a> in <a>", P, "<a href=#>x", P, 0 },
	{ "<p><p><p>", P, "<p>", P, 0 },
	{ "</p></p>", P, "</p>", P, 0 },
	{ "ends of what was not begun", P, "</x#></td></b>", P, 0 },
	{ "<p> with formatting", P, "<p><b><i><u>x", P, 0 },
	{ "headings in headings", P, "<h1><h2>x", P, 0 },
	{ "<select> in <select>", P, "<select><option>x", P, 0 },
	{ "<html> and <body> again", P, "<html><body>x", P, 0 },
	{ "<head> again", P, "<head><title>x</title>", P, 0 },
	{ "<table> and text", P, "<table>x", P, 0 },
	{ "<div/>", P, "<div/>x", P, 0 },
	/* many of one kind */
	{ "<br>", P, "<br>", P, 0 },
	{ "<br> and words", P, "x<br>", P, 0 },
	{ "<br> and closing signs", P, ")<br>", P, 0 },
	{ "<br> and sentences in bold", P, "<b>x.</b><br>", P, 0 },
	{ "paragraphs, all the same", "", P, "", 0 },
	{ "paragraphs, each another", "", "<p># said # and #, that the bridge is of great use to both.</p>", "", 0 },
	{ "headings, all the same", "<h1>A bridge</h1>", "<h2>A bridge</h2>", P, 0 },
	{ "headings <h1>", "<title>A bridge of # | Site</title>", "<h1>A bridge of #</h1>", P, 0 },
	{ "classes of titles", P, "<span class=title>A bridge #</span>", P, 0 },
	{ "classes of bylines", P, "<span class=author>By Name #</span>", P, 0 },
	{ "classes of dates", P, "<div class=date>no. #</div>", P, 0 },
	{ "classes of dates, inline", P, "<span class=date>no. #</span>", P, 0 },
	{ "classes of leads", P, "<div class=lead>The bridge was opened by its builders #</div>", P, 0 },
	{ "classes of kickers", P, "<div class=kicker>North #</div>", P, 0 },
	{ "classes of tags", P, "<div class=tags><a href=#>t#</a></div>", P, 0 },
	{ "tags in tags", P, "<div class=tags><a href=#>t#</a>", P, 0 },
	{ "crumbs in crumbs", P, "<div class=breadcrumb><a href=#>t#</a>", P, 0 },
	{ "captions", P, "<figure><img src=#.jpg><figcaption>Photo #: N. N.</figcaption></figure>", P, 0 },
	{ "<time>", P, "<time datetime=2024-05-#>x</time>", P, 0 },
	{ "<time> in a paragraph", P "<p>", "<time datetime=2024-05-#>x</time> a word and more of it, 1. ", P, 0 },
	{ "dates in a paragraph", P "<p>", "<span class=date>2 May</span> a word and more of it, 1. ", P, 0 },
	{ "bylines in a paragraph", P "<p>", "<span class=author>N. N.</span> a word and more of it, 1. ", P, 0 },
	{ "titles in a paragraph", P "<p>", "<span class=title>A bridge</span> a word and more of it. ", P, 0 },
	{ "kickers in a paragraph", P "<p>", "<span class=kicker>North</span> a word and more of it. ", P, 0 },
	{ "tags in a paragraph", P "<p>", "<span class=tags>t, <a href=#>t</a></span> a word and more of it. ", P, 0 },
	{ "captions in a paragraph", P "<p>", "<span class=caption>Photo: N. N.</span> <img src=#.jpg> a word. ", P, 0 },
	{ "small letters in a paragraph", P "<p>", "<small>x</small> <em>y</em> <strong>z</strong>. ", P, 0 },
	{ "images in a paragraph", P "<p>", "<img src=#.jpg alt=x> a word. ", P, 0 },
	{ "lines in a cell", P "<table><tr><td>", "a line of it: 1.<br>", P, 0 },
	{ "lines in a heading", P "<h2>", "a line of it: 1.<br>", P, 0 },
	{ "spans that hold nothing", P "<p>", "<span></span><i></i>", P, 0 },
	{ "the article's elements again", "<div itemprop=articleBody>", "<div itemprop=articleBody>" P "</div>", "</div>", 0 },
	{ "properties of schema.org", P, "<div itemscope itemtype='http://schema.org/NewsArticle'><span itemprop=headline>A bridge #</span><span itemprop=author>N. N.</span></div>", P, 0 },
	{ "AMP", P, "<amp-img src=#.jpg></amp-img><amp-story-page>x</amp-story-page>", P, 0 },
	{ "<meta>", "", "<meta name=author content=#><meta property=k# content=#>", P, 0 },
	{ "<meta> keywords", "", "<meta name=keywords content='a#,b#,c#'>", P, 0 },
	{ "<link>", "", "<link rel=canonical href=/#>", P, 0 },
	{ "<base>", "", "<base href=/#>", P, 0 },
	{ "<title>", "", "<title>t #</title>", P, 0 },
	{ "links", P, "<a href=/#>read more of # on this page</a> ", P, 0 },
	{ "headings that are links", P, "<h2><a href=/#>The bridge of # is open</a></h2><p>A line about it, and more.</p>", P, 0 },
	{ "<article>", "<title>The bridge # x</title>", "<article><h2>The bridge #</h2>" P "</article>", P, 0 },
	{ "<article> and <h1>", "<h1>x</h1>", "<article><h1>The bridge #</h1><p>#</article>", P, 0 },
	{ "cells", P "<table><tr>", "<td>x", P, 0 },
	{ "rows", P "<table>", "<tr><td>x, and y<td>z.", P, 0 },
	{ "images", P, "<img src=/#.jpg alt='a bridge'>", P, 0 },
	{ "items", P, "<li>x", P, 0 },
	{ "<svg>", P, "<svg><path d='M0 0L1 1'/></svg>", P, 0 },
	{ "tail phrases", P, "<p>Read more: #</p>", P, 0 },
	{ "tail phrases in one line", P "<p>", "Read more: Source: ", P, 0 },
	{ "Persian tail phrases", P, "<p>انتهای پیام/ #</p>", P, 0 },
	{ "<noscript>", P, "<noscript><p>x, #.</noscript>", P, 0 },
	/* one that does not end */
	{ "a comment", P, "<!-- x ", P, 0 },
	{ "a comment of hyphens", P "<!--", "-", P, 0 },
	{ "a comment of ends that are none", P "<!--", "--!", P, 0 },
	{ "a script", P "<script>", "x='</'; ", P, 0 },
	{ "a script of ends", P "<script>", "</scrip", P, 0 },
	{ "a style", P "<style>", "p { x: y } ", P, 0 },
	{ "a title", P "<title>", "x &amp; ", P, 0 },
	{ "a <textarea>", P "<textarea>", "x <b> ", P, 0 },
	{ "a heading", P "<h1>", "word ", P, 0 },
	{ "a word", P "<p>", "wordword", P, 0 },
	{ "a paragraph", "<p>", "word, ", "", 0 },
	{ "a paragraph of links", "<p>", "<a href=#>w</a> ", "", 0 },
	{ "a paragraph in <b> and <i>", "<p>", "<b>w</b> <i>w</i> ", "", 0 },
	{ "a value", P "<p class='", "x ", P, 0 },
	{ "a value of classes that mean something", P "<p class='", "comment share ", "'>" P, 0 },
	{ "a class of humps", P "<p class='", "commentShare-", "'>" P, 0 },
	{ "a style of display", P "<p style='", "display: display;", "'>" P, 0 },
	{ "an address", P "<a href='", "../x/", "'>" P, 0 },
	{ "a name", P "<a ", "href", ">" P, 0 },
	{ "a doctype", "<!DOCTYPE html PUBLIC \"", "x", "\">" P, 0 },
	{ "an instruction", P "<?", "x ", "?>" P, 0 },
	{ "CDATA", P "<![CDATA[", "x ]] ", P, 0 },
	/* signs */
	{ "'<'", P, "<", P, 0 },
	{ "'>'", P, ">", P, 0 },
	{ "'&'", P, "&", P, 0 },
	{ "'\"'", P, "\"", P, 0 },
	{ "blanks", P "<p>", " \n", P, 0 },
	{ "blanks that do not break", P "<p>", "&nbsp;", P, 0 },
	{ "references", P "<p>", "&#x41; ", P, 0 },
	{ "references to nothing", P "<p>", "&#0;&#xD800;&#x110000;&#99999999999999999999; ", P, 0 },
	{ "names of no references", P "<p>", "&x# ", P, 0 },
	{ "letters of no width", P "<p>", "\u200B\u200E\u202E\u2066\uFEFF", P, 0 },
	{ "ZWNJ", P "<p>", "می\u200Cرود ", P, 0 },
	{ "full stops", P "<p>", ". ", P, 0 },
	{ "numbers of dates", P "<p class=date>", "12.3. ", P, 0 },
	{ "bytes that are no UTF-8", P "<p>سلام بر همه سلام بر همه سلام بر همه", "\xFF ", P, 0 },
	{ "bytes of windows-1252", P "<p>", "\xE9 x ", P, 0 },
	{ "bytes of windows-1256", P "<p>", "\xD3\xE1\xC7\xE3 ", P, 0 },
	/* attributes */
	{ "attributes in one tag", P "<a ", "a#=1 ", ">" P, -E2BIG },
	{ "attributes without values", P "<a ", "a# ", ">" P, -E2BIG },
	{ "attributes behind a sign in quotes", P "<a x='>'", " a#='>' b#=\"<a>\"", ">" P, -E2BIG },
	{ "attributes behind a slash and a quote", P "<a b=/\"> <c", " a#", ">\">" P, -E2BIG },
	{ "attributes in a <title>", P "<title><a", " a#", "></title>" P, -E2BIG },
	{ "attributes in a <textarea>", P "<textarea><a", " a#", "></textarea>" P, -E2BIG },
	{ "attributes behind an empty script", P "<script/><a", " a#", ">" P, -E2BIG },
	{ "attributes behind <!-- --!>", P "<!-- --!><a", " a#", ">" P, -E2BIG },
	{ "attributes without end", P "<a", " a#", "", -E2BIG },
	{ "attributes, all the same", P "<a ", "a=1 ", ">" P, 0 },
	{ "tags of 200 attributes", P, "<i a# b# c# d# e# f# g# h# i# j# k# l# m# n# o# p# q# r# s# t#>x</i>", P, 0 },
	{ "tags with one attribute", P, "<i a=#>x</i>", P, 0 },
	{ "data-", P, "<i data-a='{&quot;x&quot;:#}'>x</i>", P, 0 },
	/* JSON-LD */
	{ "blocks of JSON-LD", P, "<script type=application/ld+json>{\"@type\":\"X\"}</script>", P, 0 },
	{ "broken blocks of JSON-LD", P, "<script type=application/ld+json>{\"@type\":\"NewsArticle\",</script>", P, 0 },
	{ "articles in JSON-LD", P, "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"headline\":\"#\"}</script>", P, 0 },
	{ "JSON-LD, nested lists", P "<script type=application/ld+json>", "[", "</script>" P, 0 },
	{ "JSON-LD, nested objects", P "<script type=application/ld+json>", "{\"@graph\":", "</script>" P, 0 },
	{ "JSON-LD, a long list", P "<script type=application/ld+json>[", "{\"@type\":\"X\",\"@id\":\"#\"},", "0]</script>" P, 0 },
	{ "JSON-LD, many keys", P "<script type=application/ld+json>{", "\"k#\":1,", "\"k\":0}</script>" P, 0 },
	{ "JSON-LD, a long body", P "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"articleBody\":\"", "word, &amp; <b>word</b>. ", "\"}</script>" P, 0 },
	{ "JSON-LD, signs '<'", P "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"articleBody\":\"", "<", "\"}</script>" P, 0 },
	{ "JSON-LD, many authors", P "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"author\":[", "{\"name\":\"N. #\"},", "0]}</script>" P, 0 },
	{ "JSON-LD, a long headline", P "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"headline\":\"", "word ", "\"}</script>" P, 0 },
	{ "JSON-LD, many keywords", P "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"keywords\":\"", "k#,", "\"}</script>" P, 0 },
	/* clang-format on */
};

static void
make_page(const struct bomb *bomb, size_t size, struct pk_buf *ret_page)
{
	int r = 0;

	pk_buf_init(ret_page, 0);
	r |= pk_buf_append(ret_page, pk_span_of(bomb->before));
	for (unsigned number = 0; ret_page->len < size; number++) {
		for (const char *c = bomb->part; *c != '\0'; c++)
			r |= *c == '#'
				 ? pk_buf_printf(ret_page, "%u", number)
				 : pk_buf_append(ret_page, (struct pk_span){ c, 1 });
	}
	r |= pk_buf_append(ret_page, pk_span_of(bomb->after));
	assert_int_equal(r, 0);
}

/* Seconds of the processor. */
static double
run(const struct bomb *bomb, size_t size)
{
	struct pk_buf page;
	struct pk_article article;
	const char *reason;

	make_page(bomb, size, &page);
	struct pk_doc *doc = pk_doc_new(PK_DOC_PAGE, ARENA_LIMIT);
	assert_non_null(doc);
	doc->bytes = pk_buf_span(&page);
	doc->url = PK_SPAN("https://example.org/2024/05/01/bridge");
	clock_t start = clock();
	int r = pk_article_of_page(doc, tails, NULL, &article, &reason);
	double took_s = (double)(clock() - start) / CLOCKS_PER_SEC;
	pk_doc_free(doc);
	pk_buf_done(&page);
	assert_int_equal(r, bomb->want);
	return took_s;
}

static void
check_bomb(void **state)
{
	const struct bomb *bomb = *state;
	const char *times = getenv("PEYK_BOMBS"); /* 1, 2 ... 16: and say how long */
	size_t size = SMALL_BYTES * (times != NULL ? (size_t)atoi(times) : 1);
	double small_s = run(bomb, size);
	double large_s = run(bomb, LARGE_TIMES * size);

	if (times != NULL)
		printf("%8.1f %8.1f ms  %5.1f  %s\n", small_s * 1e3, large_s * 1e3,
		    large_s / small_s, bomb->name);
	assert_true(
	    large_s < GROWTH_MAX * (small_s > TOO_SHORT_S ? small_s : TOO_SHORT_S));
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(bombs)];

	for (size_t i = 0; i < PK_COUNT(bombs); i++)
		tests[i] = (struct CMUnitTest){
			.name = bombs[i].name,
			.test_func = check_bomb,
			.initial_state = (void *)(uintptr_t)&bombs[i],
		};
	return cmocka_run_group_tests_name(
	    "extract/article/bombs", tests, load, unload);
}
