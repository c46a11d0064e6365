/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/feed/opml.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ARENA pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 26)

static void
assert_span(struct pk_span got, const char *want)
{
	if (!pk_span_eq(got, pk_span_of(want)))
		fail_msg("got «%.*s», want «%s»", PK_SPAN_ARG(got), want);
}

static struct pk_opml
parse(struct pk_arena *arena, const char *text)
{
	struct pk_opml opml = { .n_feeds = 0 };

	assert_int_equal(pk_opml_parse(arena, pk_span_of(text), &opml), 0);
	return opml;
}

static const char list[] =
    "<?xml version='1.0'?><opml version='2.0'><head><title>فهرست</title></head><body>"
    "<outline text='سیاست'>"
    "<outline type='rss' text='یکم' title='یکم &amp;amp; دوم' "
    "xmlUrl='https://a.example/rss' htmlUrl='https://a.example/' language='fa-IR'/>"
    "<outline text='خارجی'><outline TEXT='سوم' "
    "XMLURL='feed://b.example/rss'/></outline>"
    "</outline>"
    "<outline text='چهارم' type='rss' url='feed:https://c.example/rss'/>"
    "<outline text='پنجم' xmlurl='HTTPS://A.example:443/rss#x'/>"
    "<outline text='ششم' xmlUrl='ftp://d.example/rss'/>"
    "<outline text='هفتم' type='link' url='https://e.example/'/>"
    "</body></opml>";

static void
groups_feeds_and_what_is_left_out(void **state)
{
	ARENA;
	struct pk_opml opml = parse(arena, list);

	(void)state;
	assert_span(opml.title, "فهرست");
	assert_false(opml.partial);
	assert_int_equal(opml.n_groups, 2);
	assert_span(opml.groups[0].title, "سیاست");
	assert_int_equal(opml.groups[0].parent, PK_OPML_NO_GROUP);
	assert_span(opml.groups[1].title, "خارجی");
	assert_int_equal(opml.groups[1].parent, 0);
	assert_int_equal(opml.n_feeds, 3);
	assert_span(opml.feeds[0].url, "https://a.example/rss");
	assert_span(opml.feeds[0].title, "یکم & دوم");
	assert_span(opml.feeds[0].site, "https://a.example/");
	assert_span(opml.feeds[0].language, "fa-IR");
	assert_int_equal(opml.feeds[0].group, 0);
	assert_span(opml.feeds[1].url, "http://b.example/rss");
	assert_span(opml.feeds[1].title, "سوم");
	assert_int_equal(opml.feeds[1].group, 1);
	assert_span(opml.feeds[2].url, "https://c.example/rss");
	assert_int_equal(opml.feeds[2].group, PK_OPML_NO_GROUP);
	assert_int_equal(opml.n_left, 2);
	assert_span(opml.left[0].what, "HTTPS://A.example:443/rss#x");
	assert_string_equal(opml.left[0].why, "it is there already");
	assert_string_equal(
	    opml.left[1].why, "its address is not one of http or https");
}

static void
what_is_written_is_read_as_the_same(void **state)
{
	ARENA;
	struct pk_opml opml = parse(arena, list), again;
	struct pk_buf out;

	(void)state;
	pk_buf_init(&out, 0);
	opml.feeds[2].title = PK_SPAN("a < b & \"c\"\n");
	assert_int_equal(pk_opml_write(arena, &opml, &out), 0);
	again = parse(arena, out.ptr);
	assert_span(again.title, "فهرست");
	assert_int_equal(again.n_left, 0);
	assert_int_equal(again.n_feeds, opml.n_feeds);
	assert_int_equal(again.n_groups, opml.n_groups);
	assert_int_equal(again.groups[1].parent, 0);
	/* feeds without a group come first */
	assert_span(again.feeds[0].url, "https://c.example/rss");
	assert_span(again.feeds[0].title, "a < b & \"c\"");
	assert_span(again.feeds[1].title, "یکم & دوم");
	assert_span(again.feeds[1].language, "fa-IR");
	assert_int_equal(again.feeds[2].group, 1);
	pk_buf_done(&out);
}

/* clang-format off */
static const struct broken_case {
	const char *text;
	int r;
	size_t n_feeds;
	bool partial;
} broken[] = {
	{ "<opml><body><outline text='a & b' xmlUrl='http://a.example/?x=1&y=2'>", 0, 1, true },
	{ "<opml><body><outline text='a' xmlUrl='http://a.example/'></body></opml>", 0, 1, false },
	{ "<opml><body><outline xmlUrl='http://a.example/'/><outline xmlUrl='http://b.ex", 0, 1, true },
	{ "<body><outline xmlUrl='http://a.example/'/></body>", 0, 1, false },
	{ "<opml version='1.0'/>", 0, 0, false },
	{ "<body><p>x</p></body>", -EBADMSG, 0, false },
	{ "<rss><channel/></rss>", -EBADMSG, 0, false },
	{ "", -EBADMSG, 0, false },
	{ "words", -EBADMSG, 0, false },
};
/* clang-format on */

static void
broken_lists(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(broken); i++) {
		ARENA;
		struct pk_opml opml = { .n_feeds = 0 };
		int r = pk_opml_parse(arena, pk_span_of(broken[i].text), &opml);
		if (r != broken[i].r || opml.n_feeds != broken[i].n_feeds ||
		    opml.partial != broken[i].partial)
			fail_msg("%s: %d, %zu feeds, %d", broken[i].text, r,
			    opml.n_feeds, opml.partial);
	}
}

static void
deep_and_long_lists_are_bounded(void **state)
{
	static const char *const pieces[] = { "<outline text='a'>",
		"<outline text='a'/>", "<outline xmlUrl='http://a.example/'/>" };

	(void)state;
	for (size_t i = 0; i < PK_COUNT(pieces); i++) {
		pk_cleanup(pk_arena_freep) struct pk_arena *arena =
		    pk_arena_new((size_t)1 << 28);
		struct pk_opml opml = { .n_feeds = 0 };
		size_t len = strlen(pieces[i]), n = (1 << 21) / len;
		char *text = malloc(n * len + 64);
		assert_non_null(text);
		size_t at = (size_t)sprintf(text, "<opml><body>");
		for (size_t k = 0; k < n; k++, at += len)
			memcpy(text + at, pieces[i], len);
		assert_int_equal(
		    pk_opml_parse(arena, (struct pk_span){ text, at }, &opml), 0);
		assert_true(opml.n_feeds <= 1);
		assert_true(opml.n_groups <= 200);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_feeds_and_what_is_left_out),
		cmocka_unit_test(what_is_written_is_read_as_the_same),
		cmocka_unit_test(broken_lists),
		cmocka_unit_test(deep_and_long_lists_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
