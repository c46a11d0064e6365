/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "tests/unit/fetch/feed/parse.h"

#define ARENA                                                                          \
	pk_cleanup(pk_arena_freep) struct pk_arena *arena =                            \
	    pk_arena_new((size_t)64 << 20)
#define SITEMAP "http://www.sitemaps.org/schemas/sitemap/0.9"
#define NEWS    "http://www.google.com/schemas/sitemap-news/0.9"
#define IMAGE   "http://www.google.com/schemas/sitemap-image/1.1"

static void
news_have_titles(void **state)
{
	ARENA;
	struct pk_feed feed = parse(arena,
	    "<?xml version='1.0'?>\n<urlset xmlns='" SITEMAP "' xmlns:n='" NEWS
	    "' xmlns:image='" IMAGE "'>"
	    "<url><loc> https://site.example/1?a=1&amp;b=2 </loc>"
	    "<n:news><n:publication><n:name>روزنامه</n:name>"
	    "<n:language>fa</n:language></n:publication>"
	    "<n:publication_date>2026-01-27T15:02:06+03:30</n:publication_date>"
	    "<n:title>پل &amp;laquo;نو&amp;raquo; باز شد</n:title>"
	    "<n:keywords>پل, شهر</n:keywords><n:genres>Blog</n:genres></n:news>"
	    "<image:image><image:loc>/1.jpg</image:loc>"
	    "<image:title>پل</image:title></image:image></url>"
	    "<url><loc>https://site.example/2</loc>"
	    "<lastmod>2026-01-27</lastmod><news:news><news:title>دوم</news:title>"
	    "</news:news></url></urlset>");
	const struct pk_feed_entry *entry = feed.entries;

	(void)state;
	assert_int_equal(feed.format, PK_FEED_SITEMAP);
	assert_text(feed.title, "روزنامه");
	assert_text(feed.language, "fa");
	assert_int_equal(feed.n_entries, 2);
	assert_text(entry->link, "https://site.example/1?a=1&b=2");
	assert_text(entry->title, "پل «نو» باز شد");
	assert_time(entry->published, "2026-01-27T11:32:06Z");
	assert_text(entry->published.source, "news:publication_date");
	assert_int_equal(entry->published.confidence, PK_FEED_TIME_EXACT);
	assert_time(entry->updated, NULL);
	assert_int_equal(entry->n_categories, 3);
	assert_text(entry->categories[2], "Blog");
	assert_int_equal(entry->n_enclosures, 1);
	assert_text(entry->enclosures[0].url, "https://site.example/1.jpg");
	assert_text(entry[1].title, "دوم"); /* the prefix was not declared */
	assert_text(entry[1].updated.source, "lastmod");
	assert_int_equal(entry[1].updated.confidence, PK_FEED_TIME_DAY);
}

static void
a_plain_one_has_addresses_alone(void **state)
{
	ARENA;
	struct pk_feed feed = parse(arena,
	    "<urlset><url><loc>http://e.example/1</loc>"
	    "<lastmod>2026-01-27T10:00Z</lastmod><changefreq>daily</changefreq></url>"
	    "<url><loc>http://e.example/2</loc></url></urlset>");

	(void)state;
	assert_int_equal(feed.n_entries, 2);
	assert_text(feed.entries[0].title, NULL);
	assert_time(feed.entries[0].updated, "2026-01-27T10:00:00Z");
	assert_text(feed.entries[1].link, "http://e.example/2");
	assert_string_not_equal(feed.entries[0].key, feed.entries[1].key);
}

static void
an_empty_one_is_legal(void **state)
{
	ARENA;
	struct pk_feed feed = parse(arena, "<urlset xmlns='" SITEMAP "'/>");

	(void)state;
	assert_int_equal(feed.format, PK_FEED_SITEMAP);
	assert_int_equal(feed.n_entries, 0);
	assert_false(feed.partial);
}

static void
an_index_has_parts(void **state)
{
	ARENA;
	struct pk_feed feed =
	    parse(arena, "<s:sitemapindex xmlns:s='" SITEMAP "'>"
			 "<s:sitemap><s:loc>/news-1.xml.gz</s:loc>"
			 "<s:lastmod>2026-01-27T10:00:00Z</s:lastmod></s:sitemap>"
			 "<s:sitemap><s:loc></s:loc></s:sitemap>"
			 "<s:sitemap><s:loc>http://e.example/2.xml</s:loc></s:sitemap>"
			 "</s:sitemapindex>");

	(void)state;
	assert_int_equal(feed.format, PK_FEED_SITEMAP);
	assert_int_equal(feed.n_entries, 0);
	assert_int_equal(feed.n_parts, 2);
	assert_text(feed.parts[0].url, "https://site.example/news-1.xml.gz");
	assert_time(feed.parts[0].changed, "2026-01-27T10:00:00Z");
	assert_text(feed.parts[0].changed.source, "lastmod");
	assert_text(feed.parts[1].url, "http://e.example/2.xml");
	assert_time(feed.parts[1].changed, NULL);
}

static void
what_is_cut_is_left_out(void **state)
{
	ARENA;
	struct pk_feed feed =
	    parse(arena, "<urlset><url><loc>http://e.example/1</loc></url>"
			 "<url><loc>http://e.exam");

	(void)state;
	assert_true(feed.partial);
	assert_int_equal(feed.n_entries, 1);
	feed = parse(arena,
	    "<sitemapindex><sitemap><loc>http://e.example/1</loc></sitemap>"
	    "<sitemap><loc>http://e.exam");
	assert_true(feed.partial);
	assert_int_equal(feed.n_parts, 1);
}

/* Sitemaps list the news first, or last. */
static void
of_too_many_the_youngest_stay(void **state)
{
	ARENA;
	struct pk_buf text = { .limit = 0 };
	struct pk_feed feed;

	(void)state;
	assert_int_equal(pk_buf_append(&text, PK_SPAN("<urlset>")), 0);
	for (int i = 0; i < PK_FEED_ENTRIES_MAX + 2000; i++)
		assert_int_equal(pk_buf_printf(&text,
				     "<url><loc>http://e.example/%d</loc>"
				     "<lastmod>20%02d-01-01</lastmod></url>",
				     i, i % 7 < 2 ? 10 : 20),
		    0);
	assert_int_equal(pk_buf_append(&text, PK_SPAN("</urlset>")), 0);
	assert_int_equal(
	    pk_feed_parse(arena, pk_buf_span(&text), &test_context, &feed), 0);
	pk_buf_done(&text);
	assert_int_equal(feed.n_entries, PK_FEED_ENTRIES_MAX);
	assert_int_equal(feed.n_refused, 2000);
	for (size_t i = 0; i < feed.n_entries; i++)
		assert_time(feed.entries[i].updated, "2020-01-01T00:00:00Z");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(news_have_titles),
		cmocka_unit_test(a_plain_one_has_addresses_alone),
		cmocka_unit_test(an_empty_one_is_legal),
		cmocka_unit_test(an_index_has_parts),
		cmocka_unit_test(what_is_cut_is_left_out),
		cmocka_unit_test(of_too_many_the_youngest_stay),
	};

	return cmocka_run_group_tests_name("fetch/feed/sitemap", tests, NULL, NULL);
}
