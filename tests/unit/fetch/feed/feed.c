/* SPDX-License-Identifier: Apache-2.0 */
/* What happens to bytes before their format is known, and to times in all formats. */
#include "fetch/feed/time.h"
#include "tests/unit/fetch/feed/parse.h"

#include <errno.h>

#define ARENA pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 24)

/* A feed with the title «بسته» and two items, packed by gzip. */
/* clang-format off */
static const char packed[] =
	"\x1F\x8B\x08\x00\x00\x00\x00\x00\x02\x03\xB3\x29\x2A\x2E\xB6\xB3"
	"\x49\xCE\x48\xCC\xCB\x4B\xCD\xB1\xB3\x29\xC9\x2C\xC9\x49\xB5\xBB"
	"\xB1\xE2\xC6\xE6\x1B\xAB\x6E\xB6\xDB\xE8\x43\xF8\x36\x99\x25\xA9"
	"\xB9\x30\xC9\xDB\x3D\xB7\x56\xDE\x6C\x85\x4B\xE9\x43\xE4\x90\x55"
	"\xDC\x58\x7F\xB3\x03\x53\x85\x3E\xDC\x12\x7D\x90\x9D\x00\x33\xFC"
	"\x41\x04\x79\x00\x00\x00";
/* clang-format on */

#define PACKED_LEN (sizeof(packed) - 1)

static int
parse_bytes(struct pk_arena *arena, const char *bytes, size_t len, struct pk_feed *feed)
{
	return pk_feed_parse(
	    arena, (struct pk_span){ bytes, len }, &test_context, feed);
}

static void
a_packed_feed(void **state)
{
	ARENA;
	struct pk_feed feed;

	(void)state;
	assert_int_equal(parse_bytes(arena, packed, PACKED_LEN, &feed), 0);
	assert_text(feed.title, "بسته");
	assert_int_equal(feed.n_entries, 2);
	assert_false(feed.partial);
	assert_int_equal(parse_bytes(arena, packed, PACKED_LEN - 4, &feed), 0);
	assert_int_equal(feed.n_entries, 2);
	assert_true(feed.partial);
	assert_int_equal(parse_bytes(arena, packed, 12, &feed), -EBADMSG);
}

static void
warnings_before_a_feed(void **state)
{
	static const char *const texts[] = {
		"<br />\n<b>Warning</b>: x in <b>/a.php</b> on line <b>3</b><br />\n"
		"<?xml version='1.0'?>\n<rss><channel><title>t</title></channel></rss>",
		"<p>Notice</p><rss><channel><title>t</title></channel></rss>",
		"Warning: <x> <feed xmlns='http://www.w3.org/2005/Atom'>"
		"<title>t</title></feed>",
	};
	struct pk_feed feed;

	(void)state;
	for (size_t i = 0; i < PK_COUNT(texts); i++) {
		ARENA;
		assert_text(parse(arena, texts[i]).title, "t");
	}
	ARENA;
	const char *none = "<p>see <code>&lt;rss></code> or <?xml version='1.0'?></p>";
	assert_int_equal(parse_bytes(arena, none, strlen(none), &feed), -EBADMSG);
}

/* clang-format off */
static const struct base_case {
	const char *url, *location, *base, *link;
} bases[] = {
	{ "http://e.example/a/f", NULL, NULL, "http://e.example/a/x" },
	{ "http://e.example/a/f", "/b/g", NULL, "http://e.example/b/x" },
	{ "http://e.example/a/f", "http://o.example/c/", NULL, "http://o.example/c/x" },
	{ "http://e.example/a/f", "mailto:a@e.example", NULL, "http://e.example/a/x" },
	{ "http://e.example/a/f", "/b/g", "c/", "http://e.example/b/c/x" },
	{ "http://e.example/a/f", "/b/g", "http://q.example/", "http://q.example/x" },
	{ NULL, "http://o.example/c/", NULL, "http://o.example/c/x" },
	{ NULL, "c/", NULL, "x" },
};
/* clang-format on */

static void
from_where_addresses_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(bases); i++) {
		ARENA;
		const struct base_case *c = &bases[i];
		struct pk_feed_context context = test_context;
		struct pk_feed feed;
		context.url = pk_span_of(c->url);
		context.location = pk_span_of(c->location);
		struct pk_span text = pk_arena_printf(arena,
		    "<feed xmlns='http://www.w3.org/2005/Atom' %s%s%s>"
		    "<entry><link href='x'/></entry></feed>",
		    c->base == NULL ? "" : "xml:base='", c->base == NULL ? "" : c->base,
		    c->base == NULL ? "" : "'");
		assert_int_equal(pk_feed_parse(arena, text, &context, &feed), 0);
		assert_text(feed.entries[0].link, c->link);
	}
}

static void
a_label_that_nobody_knows(void **state)
{
	ARENA;
	struct pk_feed feed =
	    parse(arena, "<?xml version='1.0' encoding='klingon-1'?><rss><channel>"
			 "<title>caf\xE9</title></channel></rss>");

	(void)state;
	assert_text(feed.title, "café");
	assert_null(feed.charset);
	feed = parse(arena, "<?xml version='1.0' encoding='klingon-1'?><rss><channel>"
			    "<title>قهوه</title></channel></rss>");
	assert_text(feed.title, "قهوه");
	assert_string_equal(feed.charset, "utf-8");
}

/* clang-format off */
static const struct time_case {
	const char *raw, *want;
	enum pk_feed_confidence confidence;
} times[] = {
	{ "Tue, 27 Jan 2026 15:02:06 +0330", "2026-01-27T11:32:06Z", PK_FEED_TIME_EXACT },
	{ "1769500926",                      "2026-01-27T08:02:06Z", PK_FEED_TIME_EXACT },
	{ "2026-01-27 15:02",                "2026-01-27T15:02:00Z", PK_FEED_TIME_ASSUMED },
	{ "Tue, 27 Jan 2026 15:02:06 XYZT",  "2026-01-27T15:02:06Z", PK_FEED_TIME_ASSUMED },
	{ "1404/11/07 15:02",                "2026-01-27T11:32:00Z", PK_FEED_TIME_ASSUMED },
	{ "2026-01-27",                      "2026-01-27T00:00:00Z", PK_FEED_TIME_DAY },
	{ "Thu, 01 Jan 1970 00:00:00 GMT",   "1970-01-01T00:00:00Z", PK_FEED_TIME_DOUBTED },
	{ "1994-12-31T23:59:59Z",            "1994-12-31T23:59:59Z", PK_FEED_TIME_DOUBTED },
	{ "1995-01-01T00:00:00Z",            "1995-01-01T00:00:00Z", PK_FEED_TIME_EXACT },
	{ "1790000600",                      "2026-09-21T14:23:20Z", PK_FEED_TIME_EXACT }, /* now + 600 */
	{ "1790000601",                      "2026-09-21T14:23:21Z", PK_FEED_TIME_DOUBTED },
	{ "2027-01-01",                      "2027-01-01T00:00:00Z", PK_FEED_TIME_DOUBTED },
	{ "soon",                            NULL, PK_FEED_TIME_EXACT },
};
/* clang-format on */

static void
how_well_a_time_is_known(void **state)
{
	const struct pk_span source = PK_SPAN("pubDate");

	(void)state;
	for (size_t i = 0; i < PK_COUNT(times); i++) {
		struct pk_feed_time time =
		    pk_feed_time_read(&test_context, pk_span_of(times[i].raw), source);
		assert_time(time, times[i].want);
		assert_text(time.raw, times[i].raw);
		assert_text(time.source, "pubDate");
		if (time.known)
			assert_int_equal(time.confidence, times[i].confidence);
	}
	struct pk_feed_time none =
	    pk_feed_time_read(&test_context, PK_SPAN(""), source);
	assert_false(none.known);
	assert_text(none.source, NULL);
	/* who does not know what time it is doubts no future */
	struct pk_feed_context timeless = test_context;
	timeless.now_s = 0;
	assert_int_equal(
	    pk_feed_time_read(&timeless, PK_SPAN("2099-01-01T00:00:00Z"), source)
		.confidence,
	    PK_FEED_TIME_EXACT);
}

static void
where_a_time_comes_from(void **state)
{
	/* clang-format off */
	static const struct source_case {
		const char *item, *raw, *source;
		bool known;
	} cases[] = {
		{ "<PUBDATE> 2026-01-27 </PUBDATE>", "2026-01-27", "pubDate", true },
		{ "<dc:date>2026-01-27</dc:date>", "2026-01-27", "dc:date", true },
		{ "<d:date xmlns:d='http://purl.org/dc/elements/1.1/'>2026-01-27</d:date>", "2026-01-27", "dc:date", true },
		{ "<dcterms:issued>2026-01-27</dcterms:issued>", "2026-01-27", "dcterms:issued", true },
		{ "<atom:published>2026-01-27</atom:published>", "2026-01-27", "atom:published", true },
		{ "<pubDate>soon</pubDate>", "soon", "pubDate", false },
		{ "<pubDate>soon</pubDate><dc:date>2026</dc:date>", "2026", "dc:date", true },
		{ "<dc:date>2026</dc:date><pubDate>soon</pubDate>", "2026", "dc:date", true },
		{ "<dc:date>later</dc:date><pubDate>soon</pubDate>", "later", "dc:date", false },
		{ "<pubDate/>", NULL, NULL, false },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < PK_COUNT(cases); i++) {
		ARENA;
		struct pk_span text = pk_arena_printf(arena,
		    "<rss><channel><item>%s</item></channel></rss>", cases[i].item);
		struct pk_feed_time time = parse(arena, text.ptr).entries[0].published;
		assert_text(time.raw, cases[i].raw);
		assert_text(time.source, cases[i].source);
		assert_int_equal(time.known, cases[i].known);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_packed_feed),
		cmocka_unit_test(warnings_before_a_feed),
		cmocka_unit_test(from_where_addresses_are_read),
		cmocka_unit_test(a_label_that_nobody_knows),
		cmocka_unit_test(how_well_a_time_is_known),
		cmocka_unit_test(where_a_time_comes_from),
	};

	return cmocka_run_group_tests_name("fetch/feed/feed", tests, NULL, NULL);
}
