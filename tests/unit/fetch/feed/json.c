/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/feed/json_repair.h"
#include "tests/unit/fetch/feed/parse.h"

#include <errno.h>
#include <stdio.h>

#define ARENA         pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 26)
#define V11           "\"version\": \"https://jsonfeed.org/version/1.1\""
#define ITEM(members) "{" V11 ", \"items\": [{" members "}]}"

static void
a_feed_and_its_items(void **state)
{
	ARENA;
	struct pk_feed feed = parse(arena,
	    "{" V11 ", \"title\": \" خبرهای\\n شهر \", \"home_page_url\": \"/\","
	    "\"feed_url\": \"https://site.example/feed.json\", \"language\": \"fa_IR\","
	    "\"description\": \"آب &amp; هوا\", \"next_url\": \"?page=2\","
	    "\"hubs\": [{\"type\": \"rssCloud\", \"url\": \"https://hub.example/c\"},"
	    "{\"type\": \"WebSub\", \"url\": \"https://hub.example/w\"}],"
	    "\"authors\": [{\"url\": \"https://x.example/\"}, {\"name\": \"سارا\"}],"
	    "\"items\": [{\"id\": \"n1\", \"url\": \"/n/1\", \"title\": \"یکم\","
	    "\"content_html\": \"<p>متن</p>\", \"content_text\": \"متن\","
	    "\"summary\": \"کوتاه\", \"date_published\": \"2026-01-27T15:02:06+03:30\","
	    "\"date_modified\": \"۱۴۰۴-۱۱-۰۸\", \"tags\": [\"آب\", \"هوا\", \"آب\"],"
	    "\"image\": \"/a.jpg?w=1\", \"banner_image\": \"b.webp\","
	    "\"attachments\": [{\"url\": \"c.mp3\", \"mime_type\": \"audio/mpeg\","
	    "\"size_in_bytes\": 12}]}, {\"id\": \"n2\", \"author\": {\"name\": "
	    "\"بابک\"}}]}");

	(void)state;
	assert_int_equal(feed.format, PK_FEED_JSON11);
	assert_text(feed.title, "خبرهای شهر");
	assert_text(feed.link, "https://site.example/");
	assert_text(feed.id, "https://site.example/feed.json");
	assert_text(feed.subtitle, "آب & هوا");
	assert_text(feed.language, "fa-IR");
	assert_text(feed.hints.self, "https://site.example/feed.json");
	assert_text(feed.hints.hub, "https://hub.example/w");
	assert_text(feed.hints.older, "https://site.example/feeds/all.xml?page=2");
	assert_false(feed.partial);
	assert_int_equal(feed.n_entries, 2);
	const struct pk_feed_entry *entry = &feed.entries[0];
	assert_text(entry->id, "n1");
	assert_text(entry->link, "https://site.example/n/1");
	assert_text(entry->title, "یکم");
	assert_text(entry->author, "سارا");
	assert_text(entry->content, "<p>متن</p>");
	assert_text(entry->summary, "کوتاه");
	assert_time(entry->published, "2026-01-27T11:32:06Z");
	assert_text(entry->published.raw, "2026-01-27T15:02:06+03:30");
	assert_text(entry->published.source, "date_published");
	assert_int_equal(entry->published.confidence, PK_FEED_TIME_EXACT);
	assert_int_equal(entry->updated.confidence, PK_FEED_TIME_DAY);
	assert_int_equal(entry->n_categories, 2);
	assert_int_equal(entry->n_enclosures, 3);
	assert_text(entry->enclosures[0].url, "https://site.example/feeds/c.mp3");
	assert_int_equal(entry->enclosures[0].length, 12);
	assert_text(entry->enclosures[1].type, "image/jpeg");
	assert_text(feed.entries[1].author, "بابک");
}

static void
values_of_the_wrong_type(void **state)
{
	ARENA;
	struct pk_feed feed = parse(arena,
	    "{" V11 ", \"title\": null, \"author\": \"سارا\", \"hubs\": "
	    "\"https://hub.example/\", \"items\": [{\"id\": 17, \"url\": 5, "
	    "\"title\": 1404, \"tags\": \"آب, هوا\", \"date_published\": 1769513526,"
	    "\"attachments\": {\"url\": \"a.mp3\", \"size_in_bytes\": \"7\"}}, null, "
	    "3, "
	    "{\"id\": 1.5, \"author\": null, \"authors\": [null, \"\", \"بابک\"], "
	    "\"tags\": [1, {\"name\": \"آب\"}, null, []], \"attachments\": "
	    "[{\"url\": \"b.mp3\", \"size_in_bytes\": 8.0}, \"x\", {}]}]}");

	(void)state;
	assert_text(feed.title, NULL);
	assert_text(feed.hints.hub, "https://hub.example/");
	assert_int_equal(feed.n_entries, 2);
	const struct pk_feed_entry *entry = &feed.entries[0];
	assert_text(entry->id, "17");
	assert_text(entry->link, NULL);
	assert_text(entry->title, "1404");
	assert_text(entry->author, "سارا");
	assert_time(entry->published, "2026-01-27T11:32:06Z");
	assert_int_equal(entry->n_categories, 2);
	assert_text(entry->categories[1], "هوا");
	assert_int_equal(entry->enclosures[0].length, 7);
	entry = &feed.entries[1];
	assert_text(entry->id, "1.5");
	assert_text(entry->author, "بابک");
	assert_int_equal(entry->n_categories, 2);
	assert_int_equal(entry->n_enclosures, 1);
	assert_int_equal(entry->enclosures[0].length, 8);
}

/* clang-format off */
static const struct format_case {
	const char *text;
	enum pk_feed_format format; /* NONE: no feed */
} formats[] = {
	{ "{\"version\": \"https://jsonfeed.org/version/1\"}", PK_FEED_JSON10 },
	{ "{\"version\": \"http:\\/\\/jsonfeed.org\\/version\\/1\"}", PK_FEED_JSON10 },
	{ "{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": []}", PK_FEED_JSON11 },
	{ "{\"version\": \"https://jsonfeed.org/version/2.0\"}", PK_FEED_JSON11 },
	{ "\xEF\xBB\xBF {\"items\": [{\"url\": \"/1\"}]}", PK_FEED_JSON11 },
	{ "{\"items\": [{\"id\": 1, \"content_text\": \"x\"}]} trailing", PK_FEED_JSON11 },
	{ "/* a */ // b\n{\"items\": [{\"url\": \"/1\"}]}", PK_FEED_JSON11 },
	{ "{\"items\": [{\"id\": 1, \"title\": \"x\", \"link\": \"/1\"}]}", PK_FEED_NONE },
	{ "{\"items\": [{\"name\": \"x\"}]}", PK_FEED_NONE },
	{ "{\"items\": []}", PK_FEED_NONE },
	{ "{\"version\": \"1.1\"}", PK_FEED_NONE },
	{ "{}", PK_FEED_NONE },
	{ "{", PK_FEED_NONE },
	{ "[{\"id\": 1, \"url\": \"/1\"}]", PK_FEED_NONE },
	{ "{\"error\": \"not found\"}", PK_FEED_NONE },
};
/* clang-format on */

static void
what_is_a_feed(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(formats); i++) {
		ARENA;
		struct pk_feed feed = { .format = PK_FEED_NONE };
		int r = pk_feed_parse(
		    arena, pk_span_of(formats[i].text), &test_context, &feed);
		if (feed.format != formats[i].format ||
		    r != (feed.format == PK_FEED_NONE ? -EBADMSG : 0))
			fail_msg("%s: %d, %d", formats[i].text, r, (int)feed.format);
	}
}

/* clang-format off */
static const struct link_case {
	const char *item, *link;
} links[] = {
	{ ITEM("\"external_url\": \"http://e.example/x\", \"url\": \"http://e.example/u\""), "http://e.example/u" },
	{ ITEM("\"external_url\": \"http://e.example/x\", \"id\": \"http://e.example/i\""), "http://e.example/x" },
	{ ITEM("\"id\": \"http://e.example/i\""), "http://e.example/i" },
	{ ITEM("\"id\": \"tag:e.example,2026:1\""), NULL },
	{ ITEM("\"url\": \"javascript:alert(1)\""), NULL },
	{ ITEM("\"url\": \"n/خبر\""), "https://site.example/feeds/n/%D8%AE%D8%A8%D8%B1" },
};

/* What a document becomes when a parser refuses it. */
static const struct repair_case {
	const char *text, *repaired;
	bool cut;
} repairs[] = {
	{ "{\"a\": [1, 2,], \"b\": {},}", "{\"a\":[\"1\",\"2\"],\"b\":{}}", false },
	{ "{\"a\" 1 \"b\": true null: 3}", "{\"a\":\"1\",\"b\":true,\"null\":\"3\"}", false },
	{ "{\"a\": 123456789012345678901234567890}", "{\"a\":\"123456789012345678901234567890\"}", false },
	{ "{\"a\": \"x\ny\tz\"}", "{\"a\":\"x\\ny z\"}", false },
	{ "{\"a\": \"\\ud83d \\u0000 \\ud83d\\ude00 \\x \\' \\/\"}", "{\"a\":\"\\ufffd \\ufffd \\ud83d\\ude00 x ' \\/\"}", false },
	{ "{\"a\": NaN, \"b\": undefined, \"c\": -0.5e3}", "{\"a\":null,\"b\":null,\"c\":\"-0.5e3\"}", false },
	{ "{a: \"x\", \"b\": }", "{\"a\":\"x\",\"b\":null}", false },
	{ "/* x */{\"a\": 1, // y\n \"b\": /**/ 2}", "{\"a\":\"1\",\"b\":\"2\"}", false },
	{ "{\"t\": \"x\", \"items\": [{\"id\": 1}, {\"id\": 2", "{\"t\":\"x\",\"items\":[{\"id\":\"1\"}]}", true },
	{ "{\"t\": \"x\", \"items\": [{\"id\": 1, \"a", "{\"t\":\"x\"}", true },
	{ "{\"items\": [{\"id\": 1}", "{\"items\":[{\"id\":\"1\"}]}", true },
	{ "{\"items\": [{\"id\": 1}]", "{\"items\":[{\"id\":\"1\"}]}", true },
	{ "{\"a\": {\"b\": 1, \"c\": {\"d\"", "{}", true },
	{ "{\"a\": [1}", "{\"a\":[\"1\"]}", true },
	{ "{\"a\": \"x\\", "{}", true },
	{ "{\"a\": 12", "{}", true },
	{ "{", "{}", true },
	{ "[1, [2, [3], 4", "[\"1\",[\"2\",[\"3\"]]]", true },
	{ "{ } and more }", "{}", false },
};
/* clang-format on */

static void
where_an_item_leads(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(links); i++) {
		ARENA;
		struct pk_feed feed = parse(arena, links[i].item);
		assert_int_equal(feed.n_entries, 1);
		assert_text(feed.entries[0].link, links[i].link);
	}
}

static void
what_is_broken_is_mended(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(repairs); i++) {
		struct pk_buf out;
		bool cut = false;
		pk_buf_init(&out, 0);
		assert_int_equal(
		    pk_json_repair(pk_span_of(repairs[i].text), &out, &cut), 0);
		assert_text(pk_buf_span(&out), repairs[i].repaired);
		assert_int_equal(cut, repairs[i].cut);
		pk_buf_done(&out);
	}
}

static void
of_a_feed_that_is_cut_off_whole_items_are_left(void **state)
{
	static const char whole[] =
	    "{" V11
	    ", \"title\": \"t\", \"items\": [{\"id\": \"a\", \"tags\": [\"x\"]},"
	    "{\"id\": \"b\", \"title\": \"دوم\"}]}";

	(void)state;
	for (size_t len = 2; len < sizeof(whole) - 1; len++) {
		ARENA;
		struct pk_feed feed = { .format = PK_FEED_NONE };
		int r = pk_feed_parse(
		    arena, (struct pk_span){ whole, len }, &test_context, &feed);
		if (r == -EBADMSG && len < sizeof("{" V11))
			continue;
		assert_int_equal(r, 0);
		assert_true(feed.partial);
		assert_true(feed.n_entries <= 2);
		if (feed.n_entries > 0)
			assert_text(feed.entries[0].id, "a");
		if (feed.n_entries > 1)
			assert_text(feed.entries[1].title, "دوم");
	}
}

static void
relative_addresses_without_an_own_one(void **state)
{
	ARENA;
	struct pk_feed feed = parse_at(arena,
	    "{" V11 ", \"feed_url\": \"https://e.example/f/feed.json\", \"items\": "
	    "[{\"url\": \"n/1\"}]}",
	    (struct pk_span){ NULL, 0 });

	(void)state;
	assert_text(feed.entries[0].link, "https://e.example/f/n/1");
}

static void
hints_are_absolute_or_absent(void **state)
{
	ARENA;
	struct pk_feed feed = parse_at(arena,
	    "{" V11 ", \"feed_url\": \"/f\", \"next_url\": \"?p=2\", \"hubs\": "
	    "[{\"url\": \"h\"}], \"items\": [{\"url\": \"n/1\"}]}",
	    (struct pk_span){ NULL, 0 });

	(void)state;
	assert_text(feed.entries[0].link, "n/1");
	assert_text(feed.hints.self, NULL);
	assert_text(feed.hints.older, NULL);
	assert_text(feed.hints.hub, NULL);
}

static char *
repeated(const char *head, const char *piece, size_t n)
{
	size_t h = strlen(head), p = strlen(piece);
	char *text = malloc(h + p * n + 1);

	assert_non_null(text);
	memcpy(text, head, h);
	for (size_t i = 0; i < n; i++)
		memcpy(text + h + p * i, piece, p);
	text[h + p * n] = '\0';
	return text;
}

static void
hostile_documents_are_bounded(void **state)
{
	static const char *const pieces[] = { "[", "{\"a\":", "[],", "0," };

	(void)state;
	for (size_t i = 0; i < PK_COUNT(pieces); i++) {
		ARENA;
		struct pk_feed feed;
		char *text = repeated(
		    "{" V11 ", \"items\": [{\"id\": 1}], \"x\": [", pieces[i], 1 << 20);
		assert_int_equal(
		    pk_feed_parse(arena, pk_span_of(text), &test_context, &feed), 0);
		assert_true(feed.partial);
		assert_int_equal(feed.n_entries, 1);
		free(text);
	}
}

static void
more_entries_than_there_may_be(void **state)
{
	ARENA;
	char *text = repeated("{" V11 ", \"items\": [{\"id\": 1}", ",{\"id\": 2}",
	    PK_FEED_ENTRIES_MAX + 6);
	struct pk_feed feed = parse(arena, text);

	(void)state;
	assert_int_equal(feed.n_entries, PK_FEED_ENTRIES_MAX);
	assert_int_equal(feed.n_refused, 7);
	assert_true(feed.partial);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_feed_and_its_items),
		cmocka_unit_test(values_of_the_wrong_type),
		cmocka_unit_test(what_is_a_feed),
		cmocka_unit_test(where_an_item_leads),
		cmocka_unit_test(what_is_broken_is_mended),
		cmocka_unit_test(of_a_feed_that_is_cut_off_whole_items_are_left),
		cmocka_unit_test(relative_addresses_without_an_own_one),
		cmocka_unit_test(hints_are_absolute_or_absent),
		cmocka_unit_test(hostile_documents_are_bounded),
		cmocka_unit_test(more_entries_than_there_may_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
