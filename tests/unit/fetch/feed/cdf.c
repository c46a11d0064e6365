/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/fetch/feed/parse.h"

#define ARENA pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 24)

static void
a_channel_with_its_items(void **state)
{
	ARENA;
	struct pk_feed feed = parse(arena,
	    "<?xml version='1.0'?>\n"
	    "<!DOCTYPE Channel SYSTEM 'http://www.w3c.example/Channel.dtd'>\n"
	    "<CHANNEL\n HREF='/front' LASTMOD='2004-04-06T23:05:43-05:00'>"
	    "<TITLE>شهر</TITLE><ABSTRACT>خبرهای شهر</ABSTRACT>"
	    "<LOGO HREF='logo.gif' STYLE='IMAGE'/>"
	    "<SCHEDULE STARTDATE='1997-02-01'><INTERVALTIME DAY='1' "
	    "HOUR='2'/></SCHEDULE>"
	    "<ITEM HREF='1.html' LASTMOD='1997.11.05T08:15-0500'><TITLE>یکم</TITLE>"
	    "<ABSTRACT>آب</ABSTRACT><LOGO HREF='1.gif'/></ITEM>"
	    "<CHANNEL><TITLE>ورزش</TITLE><ABSTRACT>no</ABSTRACT>"
	    "<Item><A HREF='2.html'/><Title>دوم</Title></Item>"
	    "<CHANNEL><TITLE>فوتبال</TITLE><ITEM HREF='3.html'/></CHANNEL></CHANNEL>"
	    "</CHANNEL>");
	const struct pk_feed_entry *entry = feed.entries;

	(void)state;
	assert_int_equal(feed.format, PK_FEED_CDF);
	assert_text(feed.title, "شهر");
	assert_text(feed.subtitle, "خبرهای شهر");
	assert_text(feed.link, "https://site.example/front");
	assert_time(feed.updated, "2004-04-07T04:05:43Z");
	assert_text(feed.updated.source, "LASTMOD");
	assert_int_equal(feed.hints.period_s, 26 * 3600);
	assert_int_equal(feed.n_entries, 3);
	assert_text(entry[0].link, "https://site.example/feeds/1.html");
	assert_text(entry[0].title, "یکم");
	assert_text(entry[0].summary, "آب");
	assert_time(entry[0].updated, "1997-11-05T13:15:00Z");
	assert_text(entry[0].enclosures[0].url, "https://site.example/feeds/1.gif");
	assert_int_equal(entry[0].n_categories, 0);
	assert_text(entry[1].link, "https://site.example/feeds/2.html");
	assert_text(entry[1].categories[0], "ورزش");
	assert_text(entry[2].categories[0], "فوتبال");
}

static void
its_own_base(void **state)
{
	ARENA;
	struct pk_feed feed = parse(arena, "<Channel Base='http://other.example/a/' "
					   "Href='b'><Item Href='c'/></Channel>");

	(void)state;
	assert_text(feed.link, "http://other.example/a/b");
	assert_text(feed.entries[0].link, "http://other.example/a/c");
}

/* A <channel> is CDF where it is written as CDF is; else it is RSS without its root. */
static void
which_channel_is_one(void **state)
{
	static const struct channel_case {
		const char *text;
		enum pk_feed_format format;
	} cases[] = {
		{ "<CHANNEL HREF='http://e.example/'/>", PK_FEED_CDF },
		{ "<CHANNEL LASTMOD='2004-04-06'/>", PK_FEED_CDF },
		{ "<CHANNEL><ABSTRACT>a</ABSTRACT></CHANNEL>", PK_FEED_CDF },
		{ "<CHANNEL><ITEM HREF='http://e.example/'/></CHANNEL>", PK_FEED_CDF },
		{ "<channel><title>t</title><item><link>x</link></item></channel>",
		    PK_FEED_RSS20 },
	};

	(void)state;
	for (size_t i = 0; i < PK_COUNT(cases); i++) {
		ARENA;
		assert_int_equal(parse(arena, cases[i].text).format, cases[i].format);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_channel_with_its_items),
		cmocka_unit_test(its_own_base),
		cmocka_unit_test(which_channel_is_one),
	};

	return cmocka_run_group_tests_name("fetch/feed/cdf", tests, NULL, NULL);
}
