/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds that mean harm, or that came to it. */
#include "base/buf.h"
#include "base/utf8.h"
#include "tests/unit/fetch/feed/parse.h"

#include <errno.h>
#include <stdlib.h>

#define ARENA                                                                          \
	pk_cleanup(pk_arena_freep) struct pk_arena *arena =                            \
	    pk_arena_new((size_t)256 << 20)

static int
parse_span(struct pk_arena *arena, struct pk_span bytes, struct pk_feed *ret_feed)
{
	return pk_feed_parse(arena, bytes, &test_context, ret_feed);
}

static void
repeat(struct pk_buf *buf, struct pk_span text, size_t times)
{
	for (size_t i = 0; i < times; i++)
		assert_int_equal(pk_buf_append(buf, text), 0);
}

static void
a_billion_laughs(void **state)
{
	ARENA;
	struct pk_feed feed = parse(arena,
	    "<!DOCTYPE rss [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
	    "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;'>"
	    "]><rss><channel><title>&d; &a;</title></channel></rss>");

	(void)state;
	assert_text(feed.title, "&d; ha"); /* what is flat is harmless */
	assert_in_range(pk_arena_used(arena), 1, 65536);
}

static void
a_flat_entity_a_million_times(void **state)
{
	ARENA;
	struct pk_buf text = { .limit = 0 };
	struct pk_feed feed;

	(void)state;
	repeat(&text, PK_SPAN("<!DOCTYPE rss [<!ENTITY a '"), 1);
	repeat(&text, PK_SPAN("xxxxxxxxxxxxxxxx"), 16);
	repeat(&text, PK_SPAN("'>]><rss><channel><description>"), 1);
	repeat(&text, PK_SPAN("&a;"), 1000000);
	int r = parse_span(arena, pk_buf_span(&text), &feed);
	assert_true(r == 0 || r == -E2BIG);
	assert_in_range(pk_arena_used(arena), 0, 64 << 20);
	pk_buf_done(&text);
}

static void
files_are_not_read(void **state)
{
	static const char *const feeds[] = {
		"<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
		"<rss><channel><title>&x;</title></channel></rss>",
		"<!DOCTYPE rss [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;]>"
		"<rss><channel><title>&x;</title></channel></rss>",
		"<!DOCTYPE rss SYSTEM 'file:///etc/passwd'>"
		"<rss><channel><title>&x;</title></channel></rss>",
		"<rss><!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
		"<channel><title>&x;</title></channel></rss>",
		"<rss xmlns:xi='http://www.w3.org/2001/XInclude'><channel><title>&x;"
		"<xi:include href='file:///etc/passwd' "
		"parse='text'/></title></channel></rss>",
	};

	(void)state;
	for (size_t i = 0; i < PK_COUNT(feeds); i++) {
		ARENA;
		struct pk_feed feed = parse(arena, feeds[i]);
		assert_text(feed.title, "&x;");
	}
}

static void
too_deep(void **state)
{
	ARENA;
	struct pk_buf text = { .limit = 0 };
	struct pk_feed feed;

	(void)state;
	repeat(&text, PK_SPAN("<rss><channel><item><title>whole</title></item>"), 1);
	repeat(&text, PK_SPAN("<x>"), 300000);
	assert_int_equal(parse_span(arena, pk_buf_span(&text), &feed), 0);
	assert_true(feed.partial);
	assert_int_equal(feed.n_entries, 1);
	pk_buf_done(&text);
}

/* Costs that grow with a product of what is sent: attributes, namespaces, elements. */
static void
too_much_of_it(void **state)
{
	ARENA;
	struct pk_buf text = { .limit = 0 };
	struct pk_feed feed;
	char attribute[64];

	(void)state;
	repeat(&text, PK_SPAN("<rss><channel><title "), 1);
	for (int i = 0; i < 200000; i++) {
		snprintf(
		    attribute, sizeof(attribute), " a%d='' xmlns:n%d='u%d'", i, i, i);
		repeat(&text, pk_span_of(attribute), 1);
	}
	repeat(&text, PK_SPAN(">attributes</title>"), 1);
	for (int i = 0; i < 150; i++) {
		snprintf(attribute, sizeof(attribute),
		    "<x xmlns:a%d='u' xmlns:b%d='u' xmlns:c%d='u'>", i, i, i);
		repeat(&text, pk_span_of(attribute), 1);
	}
	repeat(&text, PK_SPAN("<a0:y/>"), 600000);
	assert_int_equal(parse_span(arena, pk_buf_span(&text), &feed), 0);
	assert_text(feed.title, "attributes");
	assert_true(feed.partial);
	pk_buf_done(&text);
}

static void
too_many_entries_and_too_long_texts(void **state)
{
	ARENA;
	struct pk_buf text = { .limit = 0 };
	struct pk_feed feed;

	(void)state;
	repeat(&text, PK_SPAN("<rss><channel><title>"), 1);
	repeat(&text, PK_SPAN("پیک"), 10000);
	repeat(&text, PK_SPAN("</title><item>"), 1);
	repeat(&text, PK_SPAN("<category>c</category><enclosure url='/e'/>"), 10);
	for (int i = 0; i < 200; i++) {
		char category[64];
		snprintf(category, sizeof(category),
		    "<category>c%d</category><enclosure url='/e%d'/>", i, i);
		repeat(&text, pk_span_of(category), 1);
	}
	repeat(&text, PK_SPAN("</item>"), 1);
	repeat(
	    &text, PK_SPAN("<item><title>x</title></item>"), PK_FEED_ENTRIES_MAX + 99);
	repeat(&text, PK_SPAN("</channel></rss>"), 1);
	assert_int_equal(parse_span(arena, pk_buf_span(&text), &feed), 0);
	assert_int_equal(feed.n_entries, PK_FEED_ENTRIES_MAX);
	assert_int_equal(feed.n_refused, 100);
	assert_false(feed.partial);
	assert_in_range(feed.title.len, 4000, 4096);
	assert_true(pk_utf8_valid(feed.title));
	assert_int_equal(feed.entries[0].n_categories, PK_FEED_LIST_MAX);
	assert_int_equal(feed.entries[0].n_enclosures, PK_FEED_LIST_MAX);
	pk_buf_done(&text);
}

static void
too_big(void **state)
{
	ARENA;
	size_t len = PK_FEED_BYTES_MAX + 1;
	pk_cleanup(pk_freep) char *bytes = malloc(len);
	struct pk_feed feed = { .format = PK_FEED_HTML };

	(void)state;
	memset(bytes, '&', len);
	memcpy(bytes, "<rss><channel><item>", 20);
	assert_int_equal(
	    parse_span(arena, (struct pk_span){ bytes, len }, &feed), -E2BIG);
	assert_int_equal(feed.format, PK_FEED_HTML); /* untouched */
	/* just not too big, but it would be with every & escaped */
	assert_int_equal(
	    parse_span(arena, (struct pk_span){ bytes, len - 1 }, &feed), -E2BIG);
	/* what looks for its end all the time */
	static const char *const endless[] = { "<![CDATA[", "<!--", "</", "<a",
		"<!DOCTYPE ", "<?", "&#", "<a \"", "<!DOCTYPE[" };
	for (size_t i = 0; i < PK_COUNT(endless); i++) {
		pk_cleanup(pk_arena_freep) struct pk_arena *own =
		    pk_arena_new((size_t)128 << 20);
		size_t part = strlen(endless[i]);
		for (size_t at = 20; at + part < len; at += part)
			memcpy(bytes + at, endless[i], part);
		int r = parse_span(
		    own, (struct pk_span){ bytes, PK_FEED_BYTES_MAX / 8 }, &feed);
		assert_true(r == 0 || r == -E2BIG || r == -ENOMEM || r == -EBADMSG);
	}
}

static const char sample[] =
    "<?xml version='1.0'?><rss xmlns:c='http://purl.org/rss/1.0/modules/content/'>"
    "<channel><title>خبر</title><item><guid>1</guid><title>یکم</title></item>"
    "<item><guid>2</guid><title>دوم &amp; سوم</title><c:encoded><![CDATA[<p>متن</p>]]>"
    "</c:encoded></item></channel></rss>";

/* Cut anywhere: what is whole stays whole, what is not does not appear. */
static void
cut_at_every_byte(void **state)
{
	(void)state;
	for (size_t len = 0; len < sizeof(sample) - 1; len++) {
		ARENA;
		struct pk_feed feed = { .n_entries = 0 };
		int r = parse_span(arena, (struct pk_span){ sample, len }, &feed);
		if (r == -EBADMSG)
			continue;
		assert_int_equal(r, 0);
		/* a lone '>' is no loss */
		assert_int_equal(feed.partial, len < sizeof(sample) - 2);
		for (size_t i = 0; i < feed.n_entries; i++) {
			assert_text(feed.entries[i].id, i == 0 ? "1" : "2");
			assert_text(
			    feed.entries[i].title, i == 0 ? "یکم" : "دوم & سوم");
		}
		if (feed.n_entries == 2)
			assert_text(feed.entries[1].content, "<p>متن</p>");
	}
	ARENA;
	struct pk_feed whole = parse(arena, sample);
	assert_false(whole.partial);
	assert_int_equal(whole.n_entries, 2);
}

/* One byte broken anywhere: no crash, and clean UTF-8 whatever happens. */
static void
broken_at_every_byte(void **state)
{
	static const char bad[] = { '\0', '\x01', '\x80', '\xff', '<', '>', '&', '"',
		']', '/' };
	char bytes[sizeof(sample)];

	(void)state;
	for (size_t at = 0; at < sizeof(sample) - 1; at++) {
		for (size_t b = 0; b < sizeof(bad); b++) {
			pk_cleanup(pk_arena_freep) struct pk_arena *arena =
			    pk_arena_new(1 << 22);
			struct pk_feed feed = { .n_entries = 0 };
			memcpy(bytes, sample, sizeof(sample));
			bytes[at] = bad[b];
			int r = parse_span(arena,
			    (struct pk_span){ bytes, sizeof(sample) - 1 }, &feed);
			assert_true(r == 0 || r == -EBADMSG);
			assert_true(pk_utf8_valid(feed.title));
			for (size_t i = 0; i < feed.n_entries; i++) {
				assert_true(pk_utf8_valid(feed.entries[i].title));
				assert_true(pk_utf8_valid(feed.entries[i].content));
			}
		}
	}
}

/* What would be looked for to the end of the text, again and again. */
static void
nothing_costs_more_than_its_length(void **state)
{
	static const char *const pieces[] = {
		"<!DOCTYPE a>",
		"<!DOCTYPE a [<!--]>",
		"<!DOCTYPE a [\"]>",
		"<!ENTITY <!--",
		"<a><![CDATA[x</a>",
		"<a><![CDATA[<![CDATA[</b>",
		"<![CDATA[",
		"<a b=",
		"<a b='",
		"&#",
		"<!--",
		"</a",
		"<?",
	};
	const size_t size = 1 << 20;

	(void)state;
	for (size_t i = 0; i < PK_COUNT(pieces); i++) {
		ARENA;
		struct pk_buf text = { .limit = 0 };
		struct pk_span piece = pk_span_of(pieces[i]);
		struct pk_feed feed;
		bool in_subset = pk_span_starts_with(piece, PK_SPAN("<!ENTITY"));
		repeat(&text, PK_SPAN("<!DOCTYPE rss ["), in_subset);
		repeat(&text, PK_SPAN("<rss><channel><title>"), !in_subset);
		repeat(&text, piece, size / piece.len);
		int r = parse_span(arena, pk_buf_span(&text), &feed);
		assert_true(r == 0 || r == -EBADMSG || r == -E2BIG);
		pk_buf_done(&text);
	}
}

static void
memory_ends_anywhere(void **state)
{
	int r = -ENOMEM;

	(void)state;
	for (size_t limit = 0; r == -ENOMEM; limit += 16) {
		pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(limit);
		struct pk_feed feed;
		assert_in_range(limit, 0, 1 << 20);
		r = parse_span(arena, pk_span_of(sample), &feed);
		assert_true(r == 0 || r == -ENOMEM);
	}
}

static void
what_is_no_feed(void **state)
{
	static const char *const texts[] = {
		"",
		" \n ",
		"404 not found",
		"<!DOCTYPE html><html><body><rss></rss></body></html>",
		"<html><head><title>captive portal</title></head></html>",
		"<?xml version='1.0'?>",
		"{\"error\": 1}",
		"\x1f\x8b\x08\x00",
		"<opml><body/></opml>",
	};

	(void)state;
	for (size_t i = 0; i < PK_COUNT(texts); i++) {
		ARENA;
		struct pk_feed feed;
		assert_int_equal(
		    parse_span(arena, pk_span_of(texts[i]), &feed), -EBADMSG);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_billion_laughs),
		cmocka_unit_test(a_flat_entity_a_million_times),
		cmocka_unit_test(files_are_not_read),
		cmocka_unit_test(too_deep),
		cmocka_unit_test(too_much_of_it),
		cmocka_unit_test(too_many_entries_and_too_long_texts),
		cmocka_unit_test(too_big),
		cmocka_unit_test(cut_at_every_byte),
		cmocka_unit_test(broken_at_every_byte),
		cmocka_unit_test(nothing_costs_more_than_its_length),
		cmocka_unit_test(memory_ends_anywhere),
		cmocka_unit_test(what_is_no_feed),
	};

	return cmocka_run_group_tests_name("fetch/feed/hostile", tests, NULL, NULL);
}
