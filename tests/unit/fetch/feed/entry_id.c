/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/feed/entry_id.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ENTRY(id_, link_, title_)                                                      \
	{                                                                              \
		.id = pk_span_of(id_), .link = pk_span_of(link_),                      \
		.title = pk_span_of(title_),                                           \
	}

static void
identify(struct pk_feed_entry *entries, size_t n)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20);

	assert_int_equal(pk_entry_ids(arena, entries, n), 0);
}

#define same_key(a, b)  assert_string_equal((a).key, (b).key)
#define other_key(a, b) assert_string_not_equal((a).key, (b).key)

static void
the_ladder(void **state)
{
	struct pk_feed_entry e[] = {
		ENTRY("g1", "http://e.example/1", "one"),
		ENTRY(NULL, "http://e.example/2", "two"),
		ENTRY(NULL, NULL, "three"),
	};
	struct pk_feed_entry later[] = {
		ENTRY("g1", "https://m.e.example/moved", "one, corrected"),
		ENTRY(
		    NULL, "http://E.example:80/2?utm_source=rss#top", "two, corrected"),
		ENTRY(NULL, NULL, "three"),
	};

	(void)state;
	identify(e, 3);
	identify(later, 3);
	for (int i = 0; i < 3; i++)
		same_key(e[i], later[i]);
	other_key(e[0], e[1]);
	other_key(e[1], e[2]);
}

/* clang-format off */
static const struct move_case {
	const char *before, *after;
	bool same;
} moves[] = {
	{ "http://e.example/1",        "https://e.example/1", true },
	{ "http://e.example/1",        "http://www.e.example/1", true },
	{ "http://www.e.example/1/",   "https://e.example/1", true },
	{ "HTTP://E.example:80/1",     "https://e.example:443/1", true },
	{ "http://e.example/1?utm_medium=rss", "https://e.example/1", true },
	{ "http://e.example/?p=1",     "https://e.example?p=1", true },
	{ "http://e.example/?p=1&sid=a1b2", "http://e.example/?sid=c3d4&p=1", true },
	{ "http://e.example/1;jsessionid=0A1B?p=2", "http://e.example/1?p=2", true },
	{ "http://e.example/1?PHPSESSID=x", "http://e.example/1", true },
	{ "http://e.example/1",        "http://e.example/2", false },
	{ "http://e.example/?p=1",     "http://e.example/?p=2", false },
	{ "http://e.example/a",        "http://e.example/A", false },
	{ "http://a.e.example/1",      "http://e.example/1", false },
	{ "http://e.example:8080/1",   "http://e.example/1", false },
	{ "tag:e.example,2026:1/",     "tag:e.example,2026:1", false },
	{ "http is no address",        "https is no address", false },
};
/* clang-format on */

static void
a_site_that_moves_keeps_its_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(moves); i++) {
		const struct move_case *c = &moves[i];
		struct pk_feed_entry before[] = {
			ENTRY(c->before, NULL, "one"),
			ENTRY(NULL, c->before, "one"),
		};
		struct pk_feed_entry after[] = {
			ENTRY(c->after, NULL, "one"),
			ENTRY(NULL, c->after, "one"),
		};
		identify(before, 2);
		identify(after, 2);
		for (int j = 0; j < 2; j++) {
			if (c->same)
				same_key(before[j], after[j]);
			else
				other_key(before[j], after[j]);
		}
		if (c->same)
			assert_string_equal(
			    before[1].content_hash, after[1].content_hash);
	}
}

/* Of a link the fragment leads to a place on the page; a guid may differ by it alone.
 */
static void
fragments(void **state)
{
	struct pk_feed_entry e[] = {
		ENTRY("http://e.example/live#1", NULL, "one"),
		ENTRY("https://e.example/live#2", NULL, "two"),
		ENTRY(NULL, "http://e.example/1#top", "three"),
	};
	struct pk_feed_entry later[] = {
		ENTRY("https://e.example/live#1", NULL, "one"),
		ENTRY("http://e.example/live#2", NULL, "two"),
		ENTRY(NULL, "http://e.example/1#comments", "three"),
	};

	(void)state;
	identify(e, 3);
	identify(later, 3);
	other_key(e[0], e[1]);
	for (int i = 0; i < 3; i++)
		same_key(e[i], later[i]);
}

static void
a_guid_and_a_link_of_one_text_are_two_things(void **state)
{
	struct pk_feed_entry e[] = {
		ENTRY("http://e.example/1", NULL, NULL),
		ENTRY(NULL, "http://e.example/1", NULL),
		ENTRY(NULL, NULL, "http://e.example/1"),
	};

	(void)state;
	identify(e, 3);
	other_key(e[0], e[1]);
	other_key(e[1], e[2]);
	other_key(e[0], e[2]);
}

static void
a_guid_that_all_entries_share_names_none(void **state)
{
	struct pk_feed_entry e[] = {
		ENTRY("site", "http://e.example/2", "two"),
		ENTRY("site", "http://e.example/1", "one"),
	};
	struct pk_feed_entry later[] = {
		ENTRY("site", "http://e.example/3", "three"),
		ENTRY("site", "http://e.example/2", "two"),
		ENTRY("site", "http://e.example/1", "one"),
	};

	(void)state;
	identify(e, 2);
	identify(later, 3);
	other_key(e[0], e[1]);
	same_key(e[0], later[1]);
	same_key(e[1], later[2]);
	other_key(later[0], later[1]);
}

static void
an_entry_that_stands_there_twice(void **state)
{
	struct pk_feed_entry once[] = {
		ENTRY("g1", "http://e.example/1", "one"),
	};
	struct pk_feed_entry e[] = {
		ENTRY("g1", "http://e.example/1", "one"),
		ENTRY("g2", "http://e.example/2", "two"),
		ENTRY("g1", "http://e.example/1", "one"),
		ENTRY("g1", "http://e.example/1", "one"),
	};

	(void)state;
	identify(once, 1);
	identify(e, 4);
	same_key(once[0], e[0]); /* nothing happened to the first */
	other_key(e[0], e[2]);
	other_key(e[2], e[3]);
}

static void
all_links_lead_to_the_front_page(void **state)
{
	struct pk_feed_entry e[] = {
		ENTRY(NULL, "http://e.example/", "one"),
		ENTRY(NULL, "http://e.example/", "two"),
	};
	struct pk_feed_entry later[] = {
		ENTRY(NULL, "http://e.example/", "two"),
		ENTRY(NULL, "http://e.example/", "three"),
	};

	(void)state;
	identify(e, 2);
	identify(later, 2);
	other_key(e[0], e[1]);
	same_key(e[1], later[0]);
}

static void
what_changes_the_content_hash(void **state)
{
	struct pk_feed_entry base = ENTRY("g", "http://e.example/1?a=1", "title");
	base.summary = PK_SPAN("<p>one <img src='/i?token=1'> two</p>");
	struct pk_feed_entry e[] = { base, base, base, base, base, base, base };

	(void)state;
	e[1].summary = PK_SPAN("<div class='x'>one  two</div>");
	e[2].link = PK_SPAN("http://e.example/1?a=1&utm_campaign=z");
	e[3].published = (struct pk_feed_time){ .known = true, .time_s = 1769500926 };
	e[4].title = PK_SPAN("title, corrected");
	e[5].updated = (struct pk_feed_time){ .known = true, .time_s = 1769500926 };
	/* one element may give both */
	e[6].published = e[3].published;
	e[6].published.source = PK_SPAN("dc:date");
	e[6].updated = e[6].published;
	for (size_t i = 0; i < PK_COUNT(e); i++)
		identify(&e[i], 1);
	assert_string_equal(e[0].content_hash, e[6].content_hash);
	for (int i = 1; i <= 3; i++)
		assert_string_equal(e[0].content_hash, e[i].content_hash);
	assert_string_not_equal(e[0].content_hash, e[4].content_hash);
	assert_string_not_equal(e[0].content_hash, e[5].content_hash);
}

static void
no_entries_at_all(void **state)
{
	(void)state;
	identify(NULL, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_ladder),
		cmocka_unit_test(a_site_that_moves_keeps_its_keys),
		cmocka_unit_test(fragments),
		cmocka_unit_test(a_guid_and_a_link_of_one_text_are_two_things),
		cmocka_unit_test(a_guid_that_all_entries_share_names_none),
		cmocka_unit_test(an_entry_that_stands_there_twice),
		cmocka_unit_test(all_links_lead_to_the_front_page),
		cmocka_unit_test(what_changes_the_content_hash),
		cmocka_unit_test(no_entries_at_all),
	};

	return cmocka_run_group_tests_name("fetch/feed/entry_id", tests, NULL, NULL);
}
