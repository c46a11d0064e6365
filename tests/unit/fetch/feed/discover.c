/* SPDX-License-Identifier: Apache-2.0 */
/* Which feeds a page names, and in which order. */
#include "fetch/feed/discover.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ARENA pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 26)
#define URL   "https://www.site.example/fa/"

static const struct pk_feed_context context = { .url = { URL, sizeof(URL) - 1 } };

/* clang-format off */
static const struct page_case {
	const char *html;
	const char *found; /* "how format address ..."; guesses are left out */
} pages[] = {
	{ "<link rel=alternate type=application/rss+xml href=/rss title=x>", "head rss20 /rss" },
	{ "<LINK HREF='/r' TYPE='Application/RSS+XML' REL='Alternate'>", "head rss20 /r" },
	{ "<link rel='alternate' type='application/atom+xml' href='a'>", "head atom10 /fa/a" },
	{ "<link rel='alternate' type='application/feed+json; charset=utf-8' href='/j'>", "head json11 /j" },
	{ "<link rel='alternate' type='application/json' href='/feed.json'>", "head json11 /feed.json" },
	{ "<link rel='alternate' type='application/json' href='/wp-json/wp/v2/pages/1'>", "" },
	{ "<link rel='alternate' type='application/json+oembed' href='/oembed?format=json&feed'>", "" },
	{ "<link rel='alternate' type='text/xml' title='RSS' href='/x'>", "head none /x" },
	{ "<link rel='alternate' hreflang=en href='/en/'>", "" },
	{ "<link rel='alternate stylesheet' type='application/rss+xml' href='/x'>", "" },
	{ "<link rel=feed href=/f>", "head none /f" },
	{ "<body><div><link rel=alternate type=application/rss+xml href=/rss></div>", "head rss20 /rss" },
	{ "<base href='https://cdn.site.example/b/'><link rel=alternate type=application/rss+xml href=r>",
	  "head rss20 https://cdn.site.example/b/r" },
	/* links */
	{ "<a href='/rss'>x</a>", "link rss20 /rss" },
	{ "<a href='/news/feed.xml'>x</a>", "link none /news/feed.xml" },
	{ "<a href='https://feeds.site.example/all'>x</a>", "link none https://feeds.site.example/all" },
	{ "<a href='/x'>آر‌اس‌اس</a><a href='/y'>خبرخوان</a><a href='/z'>RSS feed</a>", "link none /x link none /y link none /z" },
	{ "<a href='/x'><img alt=rss></a><a href='/z' title=RSS><i></i></a>", "link none /z" },
	{ "<a href='/feedback'>feedback</a><a href='/atomic'>atomic energy</a>", "" },
	{ "<a href='/x'>what the feed of cattle costs this year</a>", "" },
	{ "<a href='#rss'>x</a><a href='javascript:rss()'>RSS</a><a href='mailto:rss@x.example'>x</a>", "" },
	/* the order */
	{ "<link rel=alternate type=application/rss+xml href=/comments/feed>"
	  "<link rel=alternate type=application/rss+xml href=https://other.example/feed>"
	  "<link rel=alternate type=application/rss+xml href=/category/a/feed>"
	  "<link rel=alternate type=application/rss+xml href=/feed>"
	  "<link rel=alternate type=application/rss+xml href=/feed#again>",
	  "head rss20 /feed head rss20 /category/a/feed head rss20 https://other.example/feed head rss20 /comments/feed" },
	{ "<a href=/rss>RSS</a><link rel=alternate type=application/rss+xml href=/f>"
	  "<link rel=alternate type=application/rss+xml href=/rss>", "head rss20 /f head rss20 /rss" },
	{ "<link rel=alternate type=application/rss+xml href=/1><link rel=alternate type=application/atom+xml href=/2>",
	  "head rss20 /1 head atom10 /2" },
	{ "", "" },
	{ "nothing at all", "" },
};
/* clang-format on */

static void
what_a_page_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(pages); i++) {
		ARENA;
		struct pk_feed_candidates found;
		const struct pk_span origin = PK_SPAN("https://www.site.example");
		char text[1024] = "";
		size_t n = 0;
		assert_int_equal(pk_feed_discover(arena, pk_span_of(pages[i].html),
				     &context, &found),
		    0);
		for (size_t k = 0; k < found.n; k++) {
			const struct pk_feed_candidate *c = &found.items[k];
			struct pk_span url = c->url;
			if (c->finding == PK_FEED_FOUND_GUESS)
				continue;
			if (pk_span_starts_with(url, origin))
				url = pk_span_slice(url, origin.len, url.len);
			n +=
			    (size_t)snprintf(text + n, sizeof(text) - n, "%s%s %s %.*s",
				n == 0 ? "" : " ", pk_feed_finding_name(c->finding),
				pk_feed_format_name(c->format), PK_SPAN_ARG(url));
		}
		if (strcmp(text, pages[i].found) != 0)
			fail_msg("%s: got «%s», want «%s»", pages[i].html, text,
			    pages[i].found);
	}
}

static void
guesses_are_the_last_resort(void **state)
{
	ARENA;
	struct pk_feed_candidates found;

	(void)state;
	assert_int_equal(pk_feed_discover(arena, PK_SPAN("<a href='/rss'>RSS</a>"),
			     &context, &found),
	    0);
	assert_true(found.n > 5);
	assert_int_equal(found.items[0].finding, PK_FEED_FOUND_LINK);
	assert_int_equal(found.items[1].finding, PK_FEED_FOUND_GUESS);
	assert_true(
	    pk_span_eq(found.items[1].url, PK_SPAN("https://www.site.example/feed")));
	assert_int_equal(
	    pk_feed_discover(arena,
		PK_SPAN("<link rel=alternate type=application/rss+xml href=/r>"),
		&context, &found),
	    0);
	assert_int_equal(found.n, 1);
	/* whose address is unknown has no known places */
	assert_int_equal(pk_feed_discover(arena, PK_SPAN("<a href='/rss'>RSS</a>"),
			     &(struct pk_feed_context){ .now_s = 0 }, &found),
	    0);
	assert_int_equal(found.n, 1);
	assert_true(pk_span_eq(found.items[0].url, PK_SPAN("/rss")));
}

static void
there_are_not_too_many(void **state)
{
	ARENA;
	struct pk_feed_candidates found;
	char *page = malloc(200 * 64);
	size_t n = 0;

	(void)state;
	assert_non_null(page);
	for (int i = 0; i < 100; i++)
		n += (size_t)sprintf(page + n, "<a href=/rss/%d>x</a>", i);
	n += (size_t)sprintf(
	    page + n, "<link rel=alternate type=application/rss+xml href=/main>");
	assert_int_equal(
	    pk_feed_discover(arena, (struct pk_span){ page, n }, &context, &found), 0);
	assert_int_equal(found.n, PK_FEED_CANDIDATES_MAX);
	assert_true(
	    pk_span_eq(found.items[0].url, PK_SPAN("https://www.site.example/main")));
	free(page);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_page_names),
		cmocka_unit_test(guesses_are_the_last_resort),
		cmocka_unit_test(there_are_not_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
