/* SPDX-License-Identifier: Apache-2.0 */
/* Pages as small as they can be: what is seen in them, and what breaks nothing. */

#include "extract/article/page.h"
#include "base/utf8.h"

#include "tests/unit/extract/article/tails_fixture.h"
#include <errno.h>

#define ARENA_LIMIT ((size_t)256 << 20)

#define LONG_1                                                                         \
	"The ministers of Norway and Finland signed a treaty on the bridge on "        \
	"Monday, "                                                                     \
	"after talks that had taken eleven years and four governments."
#define LONG_2                                                                         \
	"Work begins in the autumn, they said, and both countries pay half of the "    \
	"cost."

static struct pk_doc *
doc_of(struct pk_span bytes)
{
	struct pk_doc *doc = pk_doc_new(PK_DOC_PAGE, ARENA_LIMIT);

	assert_non_null(doc);
	doc->bytes = bytes;
	doc->url = PK_SPAN("https://example.org/2024/05/01/bridge?utm_source=x");
	return doc;
}

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

/* ---- blocks ---------------------------------------------------------------- */

/* The blocks of a page, as "kind:text" joined by '/'; p h l q t r for the kinds. */
/* clang-format off */
static const struct block_case {
	const char *name, *html, *blocks;
} block_cases[] = {
	{ "blanks collapse, borders part", "<p> a \n b\t</p>c<div>d</div>", "p:a b/p:c/p:d" },
	{ "inline elements do not", "x<b>y</b><i> z</i>", "p:xy z" },
	{ "two <br> part, one does not", "<div>a<br><br/>b<br>c</div>", "p:a/p:b\nc" },
	{ "one <br> parts after a full stop", "<div>a.<br>b</div>", "p:a./p:b" },
	{ "a bold line is a heading", "<div><b>Signs</b><br>of life</div>", "h:Signs/p:of life" },
	{ "headings, items, quotes, cells",
	  "<h2>a</h2><ul><li>b<p>c</li></ul><blockquote><p>d</blockquote>"
	  "<table><tr><td>e</td><th>f</th></tr></table><pre>g</pre>",
	  "h:a/l:b/l:c/q:d/t:e/t:f/r:g" },
	{ "a cell with paragraphs is layout", "<table><tr><td><p>a</p>b</td></tr></table>", "p:a/t:b" },
	{ "programs and forms' parts are no text",
	  "a<script>b</script><style>c</style><select><option>e"
	  "</select><textarea>f</textarea><template>g</template>h", "p:ah" },
	{ "ZWNJ and entities stay", "<p>می&zwnj;رود &laquo;او&raquo; &amp;c.</p>", "p:می‌رود «او» &c." },
	{ "lines of <pre> stay", "<p>a\nb</p><pre>c  d\n  e\n\nf</pre>", "p:a b/r:c d\ne\nf" },
	{ "a story-body is a block", "a<story-body>b</story-body>c", "p:a/p:b/p:c" },
};
/* clang-format on */

static void
check_blocks(void **state)
{
	static const char kinds[] = "-phlqtr";
	const struct block_case *c = *state;
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(ARENA_LIMIT);
	pk_cleanup(pk_page_done) struct pk_page page = { .tree = NULL };
	char got[1024];
	size_t n = 0;

	assert_int_equal(pk_page_read(arena, pk_span_of(c->html), &page), 0);
	for (size_t b = 0; b < page.blocks.len; b++)
		n += (size_t)snprintf(got + n, sizeof(got) - n, "%s%c:%.*s",
		    b == 0 ? "" : "/", kinds[page.blocks.items[b].kind],
		    PK_SPAN_ARG(page.blocks.items[b].text));
	assert_string_equal(got, c->blocks);
}

static void
names_are_whole_words(void **state)
{
	static const struct hint_case {
		const char *value;
		unsigned hints;
	} rows[] = {
		{ "header", 0 },
		{ "top-ad", PK_HINT_NEG },
		{ "shareholder", 0 },
		{ "relatedPosts", PK_HINT_NEG },
		{ "article-body", PK_HINT_POS | PK_HINT_WEAK },
		{ "docDiv3TitrRou", PK_HINT_SOFT | PK_HINT_KICKER },
		{ "x y comments", PK_HINT_COMMENT },
		{ "", 0 },
		{ "----", 0 },
	};

	(void)state;
	for (size_t i = 0; i < PK_COUNT(rows); i++)
		assert_int_equal(pk_hints_of(pk_span_of(rows[i].value)), rows[i].hints);
}

/* ---- articles --------------------------------------------------------------- */

/* clang-format off */
static const struct article_case {
	const char *name, *html, *title, *text;
} article_cases[] = {
	{ "the site around is left out",
	  "<title>A bridge - Herald</title><nav><a href=/>Home of all news and views.</a></nav>"
	  "<h1>A bridge</h1><div><p>" LONG_1 "<p>" LONG_2 "</div>"
	  "<aside><p>" LONG_2 "</p></aside><footer><p>All rights reserved, 2024.</footer>",
	  "A bridge", LONG_1 "\n" LONG_2 },
	{ "a short article is not beaten by its comments",
	  "<h1>A bridge</h1><div class=story><p>" LONG_1 "</p><p>" LONG_2 "</p></div><div id=comments>"
	  "<p>" LONG_2 " one</p><p>" LONG_2 " two</p><p>" LONG_2 " three</p><p>" LONG_1 " x</p></div>",
	  "A bridge", LONG_1 "\n" LONG_2 },
	{ "a form around the whole page",
	  "<form><h1>A bridge</h1><div class=body>" LONG_1 "<br><br>" LONG_2 "</div></form>",
	  "A bridge", LONG_1 "\n" LONG_2 },
	{ "tags, captions, pointers and the tail go",
	  "<h1>A bridge</h1><div class=body><figure><img src=a><figcaption>" LONG_2 "</figcaption>"
	  "</figure><p>" LONG_1 "</p><p>Read more: <a href=b>" LONG_1 "</a></p><p>" LONG_2 "</p>"
	  "<p>Related articles</p><p>" LONG_2 " And more.</p></div>",
	  "A bridge", LONG_1 "\n" LONG_2 },
	{ "notices about cookies and scripts, longer than the article",
	  "<noscript><p>" LONG_2 "<p>" LONG_2 " Please.</noscript><h1>A bridge</h1><div><p>" LONG_1
	  "<p>So it is.</div><div class=cookie-bar><p>" LONG_1 " We use cookies.<p>" LONG_1 " Fine?</div>",
	  "A bridge", LONG_1 "\nSo it is." },
	{ "a body in two sections",
	  "<article><h1>A bridge</h1><section><p>" LONG_1 "</section><section><p>" LONG_2
	  "</section></article>",
	  "A bridge", LONG_1 "\n" LONG_2 },
	{ "a heading without text goes, one with text stays",
	  "<h1>A bridge</h1><div><p>" LONG_1 "</p><h2>The cost</h2><p>" LONG_2 "</p>"
	  "<h2>The end</h2></div>",
	  "A bridge", LONG_1 "\nThe cost\n" LONG_2 },
	{ "the rows of a table",
	  "<h1>A bridge</h1><div><p>" LONG_1 "</p><table><tr><td>Norway</td><td>50</td></tr>"
	  "<tr><td>Finland</td><td>50</td></tr></table><p>" LONG_2 "</p></div>",
	  "A bridge", LONG_1 "\nNorway\t50\nFinland\t50\n" LONG_2 },
	{ "a body that only JSON-LD has",
	  "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"A bridge\","
	  "\"articleBody\":\"" LONG_1 "\n" LONG_2 " " LONG_1 " " LONG_2 "\"}</script><h1>A bridge</h1>"
	  "<p>Only subscribers can read this article.</p>",
	  "A bridge", LONG_1 " " LONG_2 " " LONG_1 " " LONG_2 },
};
/* clang-format on */

static void
check_article(void **state)
{
	const struct article_case *c = *state;
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = doc_of(pk_span_of(c->html));
	struct pk_article article;
	const char *reason;

	assert_int_equal(pk_article_of_page(doc, tails, NULL, &article, &reason), 0);
	assert_null(reason);
	same(article.title, c->title);
	same(article.text, c->text);
	assert_int_equal(article.paragraphs[article.n_paragraphs - 1].range.end,
	    pk_utf8_count(article.text));
}

static void
what_is_no_article_has_a_reason(void **state)
{
	static const struct reason_case {
		struct pk_span html;
		const char *reason;
	} rows[] = {
		{ PK_SPAN(""), "empty" },
		{ PK_SPAN("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\b\6"),
		    "binary" },
		{ PK_SPAN("<html><body></body></html>"), "no text" },
		{ PK_SPAN("<p>Not here, but elsewhere, they say.</p>"),
		    "too little text" },
		{ PK_SPAN("<form><p>Please log in to read on, or sign up for free."
			  "<input type=password></form>"),
		    "a wall: the page asks to log in" },
	};

	(void)state;
	for (size_t i = 0; i < PK_COUNT(rows); i++) {
		pk_cleanup(pk_doc_freep) struct pk_doc *doc = doc_of(rows[i].html);
		struct pk_article article;
		const char *reason;
		assert_int_equal(
		    pk_article_of_page(doc, tails, NULL, &article, &reason), 0);
		assert_string_equal(reason, rows[i].reason);
	}
}

/* ---- fields ------------------------------------------------------------------ */

static const char *
source_of(const struct pk_article *article, const char *field)
{
	for (size_t i = 0; i < article->n_found; i++) {
		if (strcmp(article->found[i].field, field) == 0)
			return article->found[i].where;
	}
	return "";
}

static void
fields_say_where_they_were_found(void **state)
{
	static const char html[] =
	    "<html lang=en-GB><head><title>A bridge | Herald</title>"
	    "<meta property=og:site_name content=Herald>"
	    "<meta property=og:title content='A bridge &amp;amp; a road | Herald'>"
	    "<meta property=article:published_time content='2024-05-01T10:00:00+02:00'>"
	    "<meta name=keywords content='bridge, Norway، فنلاند'>"
	    "<link rel=canonical href='/2024/05/01/bridge'>"
	    "<meta property=og:image content='/b.jpg'>"
	    "<body><article><div class=kicker>North</div><h1>A bridge &amp; a road</h1>"
	    "<p class=byline>By Kari Holm</p><div class=article-body><p>" LONG_1
	    "<p>" LONG_2 "</div></article>";
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = doc_of(pk_span_of(html));
	struct pk_article a;
	const char *reason;

	(void)state;
	assert_int_equal(pk_article_of_page(doc, tails, NULL, &a, &reason), 0);
	assert_null(reason);
	same(a.title, "A bridge & a road");
	same(a.kicker, "North");
	same(a.byline, "Kari Holm");
	same(a.published, "2024-05-01T10:00:00+02:00");
	same(a.language, "en");
	same(a.site, "Herald");
	same(a.canonical_url, "https://example.org/2024/05/01/bridge");
	same(a.image, "https://example.org/b.jpg");
	same(a.url, "https://example.org/2024/05/01/bridge?utm_source=x");
	assert_int_equal(a.n_tags, 3);
	same(a.tags[2], "فنلاند");
	assert_string_equal(source_of(&a, "title"), "heading");
	assert_string_equal(source_of(&a, "published"), "article:published_time");
	assert_string_equal(source_of(&a, "byline"), "class");
	assert_string_equal(a.method, "class");
}

static void
tags_and_section_are_read_from_the_page(void **state)
{
	static const char html[] =
	    "<div class=news_path><a href=/>Home</a> / <a href=/w>World</a></div>"
	    "<h1>A bridge</h1><div class=body><p>" LONG_1 "<p>" LONG_2 "</div>"
	    "<div class=tags>Tags: <a href=/t/1>Norway</a>, <a href=/t/2>bridges</a>"
	    "</div>";
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = doc_of(pk_span_of(html));
	struct pk_article a;
	const char *reason;

	(void)state;
	assert_int_equal(pk_article_of_page(doc, tails, NULL, &a, &reason), 0);
	assert_null(reason);
	same(a.section, "World");
	assert_int_equal(a.n_tags, 2);
	same(a.tags[1], "bridges");
}

/* The date of a page whose head says nothing, from the line over the text. */
/* clang-format off */
static const struct date_case {
	const char *name, *line, *published;
} date_cases[] = {
	{ "Jalali in words", "<span class=date>۱۲ اردیبهشت ۱۴۰۳ - ۰۹:۳۰</span>", "2024-05-01T09:30:00+03:30" },
	{ "Arabic letters, after a label", "<div class=news_pdate_c>تاريخ انتشار: 12 ارديبهشت 1403</div>", "2024-05-01" },
	{ "<time>", "<time datetime='2024-04-30T20:00:00Z'>yesterday</time>", "2024-04-30T20:00:00Z" },
	{ "only the address", "<p>today</p>", "2024-05-01" },
};
/* clang-format on */

static void
check_date(void **state)
{
	const struct date_case *c = *state;
	char html[2048];
	struct pk_article article;
	const char *reason;

	snprintf(html, sizeof(html),
	    "<html lang=fa><h1>A bridge</h1>%s<div><p>" LONG_1 "<p>" LONG_2 "</div>",
	    c->line);
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = doc_of(pk_span_of(html));
	assert_int_equal(pk_article_of_page(doc, tails, NULL, &article, &reason), 0);
	assert_null(reason);
	same(article.published, c->published);
}

/* ---- hostile pages ----------------------------------------------------------- */

/* `n` times `part` around an article. */
static void
run_bomb(const char *part, size_t n, int want)
{
	size_t len = strlen(part);
	pk_cleanup(pk_freep) char *html = malloc(n * len);
	struct pk_article article;
	const char *reason;

	assert_non_null(html);
	for (size_t i = 0; i < n; i++)
		memcpy(html + i * len, part, len);
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    doc_of((struct pk_span){ html, n * len });
	assert_int_equal(pk_article_of_page(doc, tails, NULL, &article, &reason), want);
}

static void
bombs_are_bounded(void **state)
{
	(void)state;
	run_bomb("<div>", 100000, 0);
	run_bomb("<b>x", 100000, 0);
	run_bomb("<ul><li>", 100000, 0);
	run_bomb("<table><tr><td>x", 20000, 0);
	run_bomb("<!--", 100000, 0);
	run_bomb("&", 100000, 0);
	run_bomb("<", 100000, 0);
	run_bomb("<a ", 100000, 0); /* a tag without end */
	run_bomb("<p class='comments related ad'>", 20000, 0);
	run_bomb("<div class=share>x, y, z and so on for ever, they said.", 2000, 0);
}

static void
a_page_over_the_limit_is_refused(void **state)
{
	(void)state;
	run_bomb("x", PK_ARTICLE_BYTES_MAX + 1, -E2BIG);
	run_bomb("x", PK_ARTICLE_BYTES_MAX, 0);
}

static void
broken_bytes_do_not_end_the_page(void **state)
{
	static const char html[] = "<h1>A bridge</h1><div><p>" LONG_1 " \xD8\xD8<\xFF>"
				   "\xE2\x80</p><p>" LONG_2 "\0</p></div>";
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    doc_of((struct pk_span){ html, sizeof(html) - 1 });
	struct pk_article article;
	const char *reason;

	(void)state;
	assert_int_equal(pk_article_of_page(doc, tails, NULL, &article, &reason), 0);
	assert_null(reason);
	assert_true(pk_utf8_valid(article.text));
	assert_int_not_equal(pk_span_find(article.text, PK_SPAN(LONG_1), 0), SIZE_MAX);
	assert_int_not_equal(pk_span_find(article.text, PK_SPAN(LONG_2), 0), SIZE_MAX);
}

static void
a_page_cut_anywhere_is_read(void **state)
{
	const char *html = article_cases[7].html;

	(void)state;
	for (size_t len = 0; len <= strlen(html); len++) {
		pk_cleanup(pk_doc_freep) struct pk_doc *doc =
		    doc_of((struct pk_span){ html, len });
		struct pk_article article;
		const char *reason;
		assert_int_equal(
		    pk_article_of_page(doc, tails, NULL, &article, &reason), 0);
	}
}

static void
a_small_arena_is_no_memory(void **state)
{
	(void)state;
	for (size_t limit = 1024; limit < 32768; limit += 512) {
		pk_cleanup(pk_doc_freep) struct pk_doc *doc =
		    pk_doc_new(PK_DOC_PAGE, limit);
		struct pk_article article;
		const char *reason;
		if (doc == NULL)
			continue;
		doc->bytes = pk_span_of(article_cases[3].html);
		int r = pk_article_of_page(doc, tails, NULL, &article, &reason);
		assert_true(r == 0 || r == -ENOMEM);
	}
}

int
main(void)
{
	struct CMUnitTest tests[64] = {
		cmocka_unit_test(names_are_whole_words),
		cmocka_unit_test(what_is_no_article_has_a_reason),
		cmocka_unit_test(fields_say_where_they_were_found),
		cmocka_unit_test(tags_and_section_are_read_from_the_page),
		cmocka_unit_test(bombs_are_bounded),
		cmocka_unit_test(a_page_over_the_limit_is_refused),
		cmocka_unit_test(broken_bytes_do_not_end_the_page),
		cmocka_unit_test(a_page_cut_anywhere_is_read),
		cmocka_unit_test(a_small_arena_is_no_memory),
	};
	size_t n = 9;

	/* The state is only read. */
#define ADD(cases, check)                                                              \
	for (size_t i = 0; i < PK_COUNT(cases); i++)                                   \
	tests[n++] = (struct CMUnitTest){ .name = cases[i].name,                       \
		.test_func = check,                                                    \
		.initial_state = (void *)(uintptr_t)&cases[i] }
	ADD(block_cases, check_blocks);
	ADD(article_cases, check_article);
	ADD(date_cases, check_date);
	return _cmocka_run_group_tests("extract/article/page", tests, n, load, unload);
}
