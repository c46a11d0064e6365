/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/fetch/feed/parse.h"

#define ARENA pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 24)
#define ATOM(inside)                                                                   \
	"<feed xmlns='http://www.w3.org/2005/Atom'><entry>" inside "</entry></feed>"

static void
a_feed_and_its_entries(void **state)
{
	ARENA;
	struct pk_feed feed = parse(arena,
	    "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='fa'"
	    " xml:base='http://e.example/blog/'>"
	    "<title>یادداشت‌ها</title><subtitle type='html'>آب &amp;amp; "
	    "هوا</subtitle>"
	    "<id>tag:e.example,2026:/</id><link rel='self' href='atom.xml'/>"
	    "<link href='./'/><updated>2026-01-27T15:02:06+03:30</updated>"
	    "<author><name>مانی</name><email>m@e.example</email></author>"
	    "<entry xml:base='1404/'><id>e1</id><title>یکم</title>"
	    "<link rel='enclosure' href='a.jpg' type='image/jpeg' length='9'/>"
	    "<link rel='alternate' type='application/json' href='1.json'/>"
	    "<link rel='alternate' type='text/html' href='1.html'/>"
	    "<published>2026-01-26T10:00:00Z</published>"
	    "<updated>2026-01-27T10:00:00Z</updated>"
	    "<category term='آب' label='Water'/><category label='Air'/></entry>"
	    "<entry><id>e2</id><author><name>سارا</name></author></entry>"
	    "<entry><id>e3</id><source><author><email>far@e.example</email></author>"
	    "</source></entry>"
	    "</feed>");
	const struct pk_feed_entry *entry = feed.entries;

	(void)state;
	assert_int_equal(feed.format, PK_FEED_ATOM10);
	assert_text(feed.title, "یادداشت‌ها");
	assert_text(feed.subtitle, "آب & هوا");
	assert_text(feed.id, "tag:e.example,2026:/");
	assert_text(feed.link, "http://e.example/blog/");
	assert_text(feed.language, "fa");
	assert_time(feed.updated, "2026-01-27T11:32:06Z");
	assert_int_equal(feed.n_entries, 3);
	assert_text(entry[0].link, "http://e.example/blog/1404/1.html");
	assert_text(entry[0].enclosures[0].url, "http://e.example/blog/1404/a.jpg");
	assert_text(entry[0].author, "مانی"); /* the feed's */
	assert_text(entry[0].categories[0], "آب");
	assert_text(entry[0].categories[1], "Air");
	assert_time(entry[0].published, "2026-01-26T10:00:00Z");
	assert_time(entry[0].updated, "2026-01-27T10:00:00Z");
	assert_text(entry[1].author, "سارا");
	assert_text(entry[1].link, NULL);
	assert_text(entry[2].author, "far@e.example");
}

/* clang-format off */
static const struct construct_case {
	const char *inside, *title, *summary, *content, *link;
} constructs[] = {
	{ "<title>a &lt;b&gt; c</title>",                     "a <b> c", NULL, NULL, NULL },
	{ "<title type='text'>a &amp;amp; b</title>",         "a &amp; b", NULL, NULL, NULL },
	{ "<title type='html'>a &lt;b&gt;c&lt;/b&gt; &amp;amp; d</title>", "a c & d", NULL, NULL, NULL },
	{ "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>a <b>c</b></div></title>",
	  "a c", NULL, NULL, NULL },
	{ "<summary>a &lt; b</summary>",                      NULL, "a < b", NULL, NULL },
	{ "<summary type='html'>&lt;p&gt;x&lt;/p&gt;</summary>", NULL, "<p>x</p>", NULL, NULL },
	{ "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>x &lt; <i>y</i></p></div></content>",
	  NULL, "<p>x &lt; <i>y</i></p>", "<p>x &lt; <i>y</i></p>", NULL },
	{ "<content type='text/html' mode='base64'>PHA+c2Fs\n YW0hPC9wPg==</content>",
	  NULL, "<p>salam!</p>", "<p>salam!</p>", NULL },
	{ "<content type='image/png'>iVBORw0KGgo=</content>", NULL, NULL, NULL, NULL },
	{ "<content type='text/html' src='1.html'/>",         NULL, NULL, NULL, "https://site.example/feeds/1.html" },
	{ "<content type='video/mp4' src='1.mp4'/>",          NULL, NULL, NULL, NULL },
	{ "<content src='1.html'/><link href='2.html'/>",     NULL, NULL, NULL, "https://site.example/feeds/2.html" },
	{ "<link rel='http://www.iana.org/assignments/relation/alternate' href='3'/>",
	  NULL, NULL, NULL, "https://site.example/feeds/3" },
	{ "<content type='xhtml'><x:div xmlns:x='http://www.w3.org/1999/xhtml'>a <x:b>c</x:b></x:div></content>",
	  NULL, "a <b>c</b>", "a <b>c</b>", NULL },
	{ "<content type='multipart/alternative'><content type='text/plain'>p</content>"
	  "<content type='text/html' mode='escaped'>&lt;b&gt;h&lt;/b&gt;</content></content>",
	  NULL, "<b>h</b>", "<b>h</b>", NULL },
	{ "<link>5</link>",                                   NULL, NULL, NULL, "https://site.example/feeds/5" },
	{ "<link rel='related' href='4'/>",                   NULL, NULL, NULL, NULL },
};
/* clang-format on */

static void
texts_are_what_their_type_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(constructs); i++) {
		ARENA;
		const struct construct_case *c = &constructs[i];
		struct pk_span text = pk_arena_printf(arena, ATOM("%s"), c->inside);
		struct pk_feed feed = parse(arena, text.ptr);
		assert_text(feed.entries[0].title, c->title);
		assert_text(feed.entries[0].summary, c->summary);
		assert_text(feed.entries[0].content, c->content);
		assert_text(feed.entries[0].link, c->link);
	}
}

static void
an_id_that_is_but_a_path(void **state)
{
	ARENA;
	struct pk_feed feed = parse(arena,
	    "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://e.example/a/'>"
	    "<entry><id>/1</id></entry><entry><id>../2</id></entry>"
	    "<entry><id>3</id></entry><entry><id>HTTP://E.example/%7Ea</id></entry>"
	    "</feed>");

	(void)state;
	assert_text(feed.entries[0].id, "http://e.example/1");
	assert_text(feed.entries[1].id, "http://e.example/2");
	assert_text(feed.entries[2].id, "3");
	assert_text(feed.entries[3].id, "HTTP://E.example/%7Ea");
}

static void
version_0_3(void **state)
{
	ARENA;
	struct pk_feed feed = parse(arena,
	    "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><tagline>t</tagline>"
	    "<modified>2004-01-01T00:00:00Z</modified><entry>"
	    "<title mode='escaped' type='text/html'>a &lt;b&gt;c&lt;/b&gt;</title>"
	    "<issued>2004-01-02T00:00:00Z</issued><modified>2004-01-03T00:00:00Z</"
	    "modified>"
	    "<created>2004-01-01T00:00:00Z</created></entry></feed>");

	(void)state;
	assert_int_equal(feed.format, PK_FEED_ATOM03);
	assert_text(feed.subtitle, "t");
	assert_time(feed.updated, "2004-01-01T00:00:00Z");
	assert_text(feed.entries[0].title, "a c");
	assert_time(feed.entries[0].published, "2004-01-02T00:00:00Z");
	assert_time(feed.entries[0].updated, "2004-01-03T00:00:00Z");
}

static void
prefixes_and_missing_namespaces(void **state)
{
	static const char *const feeds[] = {
		"<a:feed "
		"xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:title>x</a:title>"
		"</a:entry></a:feed>",
		"<feed><entry><title>x</title></entry></feed>",
		"<feed "
		"xmlns='http://nobody.example/knows'><entry><title>x</title></entry></"
		"feed>",
		"<entry xmlns='http://www.w3.org/2005/Atom'><title>x</title></entry>",
	};

	(void)state;
	for (size_t i = 0; i < PK_COUNT(feeds); i++) {
		ARENA;
		struct pk_feed feed = parse(arena, feeds[i]);
		assert_int_equal(feed.n_entries, 1);
		assert_text(feed.entries[0].title, "x");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_feed_and_its_entries),
		cmocka_unit_test(texts_are_what_their_type_says),
		cmocka_unit_test(an_id_that_is_but_a_path),
		cmocka_unit_test(version_0_3),
		cmocka_unit_test(prefixes_and_missing_namespaces),
	};

	return cmocka_run_group_tests_name("fetch/feed/atom", tests, NULL, NULL);
}
