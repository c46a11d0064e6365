/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/fetch/feed/parse.h"

#define ARENA pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 24)
#define RSS(item)                                                                      \
	"<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'"               \
	" xmlns:content='http://purl.org/rss/1.0/modules/content/'"                    \
	" xmlns:media='http://search.yahoo.com/mrss/'"                                 \
	" xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'"                   \
	" xmlns:fb='http://rssnamespace.org/feedburner/ext/1.0'"                       \
	" xmlns:a='http://www.w3.org/2005/Atom'>"                                      \
	"<channel><item>" item "</item></channel></rss>"

static void
a_channel_and_its_items(void **state)
{
	ARENA;
	struct pk_feed feed = parse(arena,
	    "<rss version='2.0'><channel>"
	    "<title> خبرهای\n شهر </title><link>/</link><description>از "
	    "<![CDATA[<b>همه</b>]]> "
	    "جا</description><language>fa_IR</language>"
	    "<lastBuildDate>Tue, 27 Jan 2026 15:02:06 +0330</lastBuildDate>"
	    "<image><title>a picture's "
	    "title</title><link>http://x.example/</link></image>"
	    "<item><title>یکم</title><link>/n/1</link><guid "
	    "isPermaLink='false'>n1</guid>"
	    "<pubDate>Tue, 27 Jan 2026 11:00:00 GMT</pubDate>"
	    "<author>desk@site.example (سارا)</author><category>آب</category>"
	    "<category>هوا</category><category>آب</category>"
	    "<description>&lt;p&gt;خلاصه&lt;/p&gt;</description>"
	    "<enclosure url='a.mp3' type='audio/mpeg' length='12'/></item>"
	    "<item><title>دوم</title></item>"
	    "</channel></rss>");

	(void)state;
	assert_int_equal(feed.format, PK_FEED_RSS20);
	assert_text(feed.title, "خبرهای شهر");
	assert_text(feed.link, "https://site.example/");
	assert_text(feed.subtitle, "از <b>همه</b> جا");
	assert_text(feed.language, "fa-IR");
	assert_time(feed.updated, "2026-01-27T11:32:06Z");
	assert_false(feed.partial);
	assert_int_equal(feed.n_entries, 2);
	const struct pk_feed_entry *entry = &feed.entries[0];
	assert_text(entry->id, "n1");
	assert_text(entry->title, "یکم");
	assert_text(entry->link, "https://site.example/n/1");
	assert_text(entry->author, "سارا");
	assert_time(entry->published, "2026-01-27T11:00:00Z");
	assert_text(entry->summary, "<p>خلاصه</p>");
	assert_text(entry->content, NULL);
	assert_int_equal(entry->n_categories, 2);
	assert_text(entry->categories[1], "هوا");
	assert_int_equal(entry->n_enclosures, 1);
	assert_text(entry->enclosures[0].url, "https://site.example/feeds/a.mp3");
	assert_text(entry->enclosures[0].type, "audio/mpeg");
	assert_int_equal(entry->enclosures[0].length, 12);
	assert_text(feed.entries[1].title, "دوم");
	assert_text(feed.entries[1].link, NULL);
	assert_time(feed.entries[1].published, NULL);
}

/* clang-format off */
static const struct link_case {
	const char *item, *link;
} links[] = {
	{ "<link>http://e.example/1</link><guid>http://e.example/g</guid>", "http://e.example/1" },
	{ "<guid>http://e.example/g</guid><link>http://e.example/1</link>", "http://e.example/1" },
	{ "<guid>http://e.example/g</guid>", "http://e.example/g" },
	{ "<guid isPermaLink='false'>http://e.example/g</guid>", NULL },
	{ "<guid>just-a-name</guid>", NULL },
	{ "<link>http://e.example/t</link><fb:origLink>http://e.example/o</fb:origLink>", "http://e.example/o" },
	{ "<a:link href='http://e.example/a'/><guid>http://e.example/g</guid>", "http://e.example/a" },
	{ "<a:link rel='self' href='http://e.example/s'/>", NULL },
	{ "<link href='http://e.example/h'/>", "http://e.example/h" },
	{ "<link>javascript:alert(1)</link>", NULL },
	{ "<link>\n  http://e.example/?a=1&b=2&amp;c=3 \n</link>", "http://e.example/?a=1&b=2&c=3" },
	{ "<link><![CDATA[http://e.example/c]]></link>", "http://e.example/c" },
	{ "<link>http://e.example/خبر</link>", "http://e.example/%D8%AE%D8%A8%D8%B1" },
};

static const struct text_case {
	const char *item, *title, *summary, *content, *author;
} texts[] = {
	{ "<title>a &amp;amp; b</title>",               "a & b", NULL, NULL, NULL },
	{ "<title>AT&amp;T &lt;b&gt;x&lt;/b&gt;</title>", "AT&T x", NULL, NULL, NULL },
	{ "<title>3 &lt; 4</title>",                    "3 < 4", NULL, NULL, NULL },
	{ "<title>a<br/>b</title>",                     "a b", NULL, NULL, NULL },
	{ "<media:title>m</media:title>",               "m", NULL, NULL, NULL },
	{ "<media:title>m</media:title><title>t</title>", "t", NULL, NULL, NULL },
	{ "<title></title><title>second</title>",       "second", NULL, NULL, NULL },
	{ "<title>first</title><title>second</title>",  "first", NULL, NULL, NULL },
	{ "<description>d</description><content:encoded><![CDATA[<p>c</p>]]></content:encoded>",
	  NULL, "d", "<p>c</p>", NULL },
	{ "<description><p>not <b>escaped</b></p></description>",
	  NULL, "<p>not <b>escaped</b></p>", NULL, NULL },
	{ "<description>d</description><summary>s</summary>", NULL, "d", "s", NULL },
	{ "<summary>s</summary><description>d</description>", NULL, "s", "d", NULL },
	{ "<summary>s</summary><description>d</description><content:encoded>c</content:encoded>", NULL, "s", "c", NULL },
	{ "<description><x:p xmlns:x='http://www.w3.org/1999/xhtml'>a <x:b>c</x:b></x:p></description>",
	  NULL, "<p>a <b>c</b></p>", NULL, NULL },
	{ "<itunes:summary>i</itunes:summary>",         NULL, "i", NULL, NULL },
	{ "<dc:creator>Sara</dc:creator><author>x@e.example</author>", NULL, NULL, NULL, "Sara" },
	{ "<author>Sara (x@e.example)</author>",        NULL, NULL, NULL, "Sara" },
	{ "<author>Sara &lt;x@e.example&gt;</author>",  NULL, NULL, NULL, "Sara" },
	{ "<author>x@e.example</author>",               NULL, NULL, NULL, "x@e.example" },
	/* a prefix that nobody declared */
	{ "<wfw:comment>no</wfw:comment><dcterms:abstract>yes</dcterms:abstract>", NULL, "yes", NULL, NULL },
	/* a title of something else */
	{ "<other:title xmlns:other='http://other.example/'>no</other:title>", NULL, NULL, NULL, NULL },
};

static const struct time_case {
	const char *item, *published, *updated;
} times[] = {
	{ "<pubDate>Mon, 26 Jan 2026 10:00:00 GMT</pubDate>", "2026-01-26T10:00:00Z", NULL },
	{ "<dc:date>2026-01-26T10:00:00Z</dc:date>", "2026-01-26T10:00:00Z", "2026-01-26T10:00:00Z" },
	{ "<dc:date>2026-01-25</dc:date><pubDate>Mon, 26 Jan 2026 10:00:00 GMT</pubDate>",
	  "2026-01-26T10:00:00Z", "2026-01-25T00:00:00Z" },
	{ "<pubDate>soon</pubDate><pubDate>1404/11/06 13:30</pubDate>", "2026-01-26T10:00:00Z", NULL },
};
/* clang-format on */

static const char *
item_feed(struct pk_arena *arena, const char *item)
{
	struct pk_span text = pk_arena_printf(arena, RSS("%s"), item);

	assert_non_null(text.ptr);
	return text.ptr;
}

static void
the_link_that_leads_to_the_article(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(links); i++) {
		ARENA;
		struct pk_feed feed = parse(arena, item_feed(arena, links[i].item));
		assert_int_equal(feed.n_entries, 1);
		assert_text(feed.entries[0].link, links[i].link);
	}
}

#define LONG                                                                                                                                   \
	"باران بارید و رودخانه بالا آمد و پل کوچک روستا را آب برد و مردم از راه کوه " \
	"به "                                                                                                                                \
	"شهر رفتند و نان خریدند"

/* Long texts take another way than through the parser (repair.h). */
static void
long_texts_are_whole(void **state)
{
	ARENA;
	struct pk_feed feed = parse(arena,
	    item_feed(arena, "<title>" LONG "&amp;" LONG "</title><description>" LONG
			     "\r\n &lt;b&gt;" LONG "&lt;/b&gt;</description>"
			     "<content:encoded><![CDATA[<p>" LONG "</p>]]><i>" LONG
			     "<![CDATA[< " LONG "]]></i></content:encoded>"));

	(void)state;
	assert_text(feed.entries[0].title, LONG "&" LONG);
	assert_text(feed.entries[0].summary, LONG "\n <b>" LONG "</b>");
	assert_text(feed.entries[0].content,
	    "&lt;p&gt;" LONG "&lt;/p&gt;<i>" LONG "&lt; " LONG "</i>");
}

static void
texts_of_an_item(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(texts); i++) {
		ARENA;
		struct pk_feed feed = parse(arena, item_feed(arena, texts[i].item));
		assert_text(feed.entries[0].title, texts[i].title);
		assert_text(feed.entries[0].summary, texts[i].summary);
		assert_text(feed.entries[0].content, texts[i].content);
		assert_text(feed.entries[0].author, texts[i].author);
	}
}

static void
times_of_an_item(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(times); i++) {
		ARENA;
		struct pk_feed feed = parse(arena, item_feed(arena, times[i].item));
		assert_time(feed.entries[0].published, times[i].published);
		assert_time(feed.entries[0].updated, times[i].updated);
	}
}

static void
items_beside_the_channel(void **state)
{
	ARENA;
	struct pk_feed feed = parse(arena,
	    "<rdf:RDF xmlns='http://purl.org/rss/1.0/'"
	    " xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
	    " xmlns:d='http://purl.org/dc/elements/1.1/'>"
	    "<channel rdf:about='http://e.example/'><title>RDF</title></channel>"
	    "<item rdf:about='urn:1'><title>یکم</title><link>http://e.example/1</link>"
	    "<d:creator>Sara</d:creator><d:subject>آب</d:subject></item>"
	    "<item rdf:about='urn:2'><title>دوم</title></item></rdf:RDF>");

	(void)state;
	assert_int_equal(feed.format, PK_FEED_RSS10);
	assert_text(feed.title, "RDF");
	assert_int_equal(feed.n_entries, 2);
	assert_text(feed.entries[0].id, "urn:1");
	assert_text(feed.entries[0].author, "Sara");
	assert_text(feed.entries[0].categories[0], "آب");
	assert_text(feed.entries[1].title, "دوم");
}

static void
items_in_a_list_of_their_own(void **state)
{
	ARENA;
	struct pk_feed feed = parse(arena,
	    "<rss><channel><title>t</title><items><item><title>یکم</title></item>"
	    "<item><title>دوم</title></item></items></channel></rss>");

	(void)state;
	assert_text(feed.title, "t");
	assert_int_equal(feed.n_entries, 2);
	assert_text(feed.entries[1].title, "دوم");
}

static void
media_and_podcasts(void **state)
{
	ARENA;
	struct pk_feed feed = parse(arena,
	    RSS("<media:group><media:content url='http://e.example/1.mp4'"
		" type='video/mp4' fileSize='77'/></media:group>"
		"<itunes:category text='News'><itunes:category text='World'/>"
		"</itunes:category><itunes:keywords>a, b ,,c</itunes:keywords>"));
	const struct pk_feed_entry *entry = &feed.entries[0];

	(void)state;
	assert_int_equal(entry->n_enclosures, 1);
	assert_text(entry->enclosures[0].url, "http://e.example/1.mp4");
	assert_int_equal(entry->enclosures[0].length, 77);
	assert_int_equal(entry->n_categories, 5);
	assert_text(entry->categories[1], "World");
	assert_text(entry->categories[4], "c");
	/* without page and name it is known by its recording */
	feed = parse(arena, RSS("<enclosure url='http://e.example/1.mp3'/>"));
	assert_text(feed.entries[0].id, "http://e.example/1.mp3");
	feed = parse(
	    arena, RSS("<enclosure url='http://e.example/1.jpg'/><link>/1</link>"));
	assert_text(feed.entries[0].id, NULL);
}

static void
addresses_without_a_base_stay_as_they_are(void **state)
{
	ARENA;
	const struct pk_span nowhere = { NULL, 0 };
	struct pk_feed feed = parse_at(arena, RSS("<link>/n/1</link>"), nowhere);

	(void)state;
	assert_text(feed.entries[0].link, "/n/1");
	feed = parse_at(arena, RSS("<link>data:text/html,x</link>"), nowhere);
	assert_text(feed.entries[0].link, NULL);
}

static void
a_feed_in_windows_1256(void **state)
{
	ARENA;
	struct pk_feed feed =
	    parse(arena, "\n<?xml version='1.0' encoding='windows-1256'?><rss><channel>"
			 "<title>\xD3\xE1\xC7\xE3</title></channel></rss>");

	(void)state;
	assert_text(feed.title, "سلام");
	assert_string_equal(feed.charset, "windows-1256");
	assert_int_equal(feed.n_entries, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_channel_and_its_items),
		cmocka_unit_test(the_link_that_leads_to_the_article),
		cmocka_unit_test(texts_of_an_item),
		cmocka_unit_test(long_texts_are_whole),
		cmocka_unit_test(times_of_an_item),
		cmocka_unit_test(items_beside_the_channel),
		cmocka_unit_test(items_in_a_list_of_their_own),
		cmocka_unit_test(media_and_podcasts),
		cmocka_unit_test(addresses_without_a_base_stay_as_they_are),
		cmocka_unit_test(a_feed_in_windows_1256),
	};

	return cmocka_run_group_tests_name("fetch/feed/rss", tests, NULL, NULL);
}
