/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/fetch/feed/parse.h - what the tests of this room share: a feed read from a
 * literal, and comparing its texts.
 */
#ifndef PEYK_TESTS_UNIT_FETCH_FEED_PARSE_H
#define PEYK_TESTS_UNIT_FETCH_FEED_PARSE_H

#include "base/date_formats.h"
#include "fetch/feed/feed.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define TEST_URL PK_SPAN("https://site.example/feeds/all.xml")

#define TEST_NOW INT64_C(1790000000)

static const struct pk_feed_context test_context = {
	.url = { "https://site.example/feeds/all.xml",
	    sizeof("https://site.example/feeds/all.xml") - 1 },
	.default_offset_min = PK_OFFSET_UNKNOWN,
	.now_s = TEST_NOW,
};

/* Reads a feed that has to be one. */
static inline struct pk_feed
parse_at(struct pk_arena *arena, const char *text, struct pk_span url)
{
	struct pk_feed feed = { .format = PK_FEED_NONE };
	struct pk_feed_context context = test_context;

	context.url = url;
	assert_int_equal(pk_feed_parse(arena, pk_span_of(text), &context, &feed), 0);
	return feed;
}

static inline struct pk_feed
parse(struct pk_arena *arena, const char *text)
{
	return parse_at(arena, text, TEST_URL);
}

/* Is the text that, or absent where that is NULL? */
#define assert_text(text, want) assert_text_(text, want, __FILE__, __LINE__)

static inline void
assert_text_(struct pk_span text, const char *want, const char *file, int line)
{
	if (want == NULL ? text.len == 0 : pk_span_eq(text, pk_span_of(want)))
		return;
	print_error("%s:%d: got «%.*s», want «%s»\n", file, line, PK_SPAN_ARG(text),
	    want == NULL ? "(absent)" : want);
	fail();
}

static inline void
assert_time_(struct pk_feed_time time, const char *want, const char *file, int line)
{
	char text[PK_DATE_TEXT_MAX];
	size_t len = time.known ? pk_date_format_utc(time.time_s, text) : 0;

	assert_text_((struct pk_span){ text, len }, want, file, line);
}

#define assert_time(time, want) assert_time_(time, want, __FILE__, __LINE__)

#endif
