/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/fetch/feed/parse.h"

#define ARENA pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 24)
#define RSS(inside)                                                                    \
	"<rss version='2.0' xmlns:s='http://purl.org/rss/1.0/modules/syndication/'"    \
	" xmlns:a='http://www.w3.org/2005/Atom'"                                       \
	" xmlns:i='http://www.itunes.com/dtds/podcast-1.0.dtd'><channel>" inside       \
	"</channel></rss>"

/* clang-format off */
static const struct number_case {
	const char *channel;
	int64_t ttl_s, period_s;
	uint32_t skip_hours;
	unsigned skip_days;
} numbers[] = {
	{ "",                                              0, 0, 0, 0 },
	{ "<ttl> 30 </ttl>",                               1800, 0, 0, 0 },
	{ "<ttl>-1</ttl>",                                 0, 0, 0, 0 },
	{ "<ttl>99999999999999</ttl>",                     604800, 0, 0, 0 },
	{ "<ttl>an hour</ttl>",                            0, 0, 0, 0 },
	{ "<item><ttl>30</ttl></item>",                    0, 0, 0, 0 },
	{ "<s:updatePeriod>\nhourly </s:updatePeriod><s:updateFrequency>2</s:updateFrequency>", 0, 1800, 0, 0 },
	{ "<s:updateFrequency>4</s:updateFrequency><s:updatePeriod>Daily</s:updatePeriod>", 0, 21600, 0, 0 },
	{ "<s:updatePeriod>weekly</s:updatePeriod><s:updateFrequency>0</s:updateFrequency>", 0, 604800, 0, 0 },
	{ "<s:updatePeriod>often</s:updatePeriod>",        0, 0, 0, 0 },
	{ "<skipHours><hour>0</hour><hour>23</hour><hour>24</hour><hour>25</hour><hour>x</hour></skipHours>",
	  0, 0, 1u << 23 | 1u, 0 },
	{ "<skipDays><day>Friday</day><day> sunday </day><day>Yesterday</day></skipDays>", 0, 0, 0, 1u << 5 | 1u },
	{ "<skipDays><day>Sunday</day><day>Monday</day><day>Tuesday</day><day>Wednesday</day>"
	  "<day>Thursday</day><day>Friday</day><day>Saturday</day></skipDays>", 0, 0, 0, 0 },
};

static const struct address_case {
	const char *channel, *self, *hub, *moved, *older;
} addresses[] = {
	{ "<a:link rel='self' href='/f.xml'/><a:link rel='hub' href='https://hub.example/'/>"
	  "<a:link rel='hub' href='https://other.example/'/>",
	  "https://site.example/f.xml", "https://hub.example/", NULL, NULL },
	{ "<a:link rel='self' href='ftp://e.example/'/><a:link rel='hub' href=''/>", NULL, NULL, NULL, NULL },
	{ "<i:new-feed-url>https://new.example/feed</i:new-feed-url>", NULL, NULL, "https://new.example/feed", NULL },
	{ "<newLocation>https://new.example/feed</newLocation>", NULL, NULL, "https://new.example/feed", NULL },
	{ "<a:link rel='next' href='?page=2'/>", NULL, NULL, NULL, "https://site.example/feeds/all.xml?page=2" },
	{ "<a:link rel='next' href='?page=2'/><a:link rel='prev-archive' href='2025.xml'/>",
	  NULL, NULL, NULL, "https://site.example/feeds/2025.xml" },
	{ "<a:link rel='http://www.iana.org/assignments/relation/self' href='/s'/>", "https://site.example/s", NULL, NULL, NULL },
	{ "<item><a:link rel='self' href='/item'/></item>", NULL, NULL, NULL, NULL },
};
/* clang-format on */

static void
how_often(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(numbers); i++) {
		ARENA;
		const struct number_case *c = &numbers[i];
		struct pk_span text = pk_arena_printf(arena, RSS("%s"), c->channel);
		struct pk_feed feed = parse(arena, text.ptr);
		assert_int_equal(feed.hints.ttl_s, c->ttl_s);
		assert_int_equal(feed.hints.period_s, c->period_s);
		assert_int_equal(feed.hints.skip_hours, c->skip_hours);
		assert_int_equal(feed.hints.skip_days, c->skip_days);
	}
}

static void
at_which_address(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(addresses); i++) {
		ARENA;
		const struct address_case *c = &addresses[i];
		struct pk_span text = pk_arena_printf(arena, RSS("%s"), c->channel);
		struct pk_feed feed = parse(arena, text.ptr);
		assert_text(feed.hints.self, c->self);
		assert_text(feed.hints.hub, c->hub);
		assert_text(feed.hints.moved, c->moved);
		assert_text(feed.hints.older, c->older);
		assert_text(feed.link, NULL);
	}
}

static void
without_a_base_an_address_must_be_whole(void **state)
{
	ARENA;
	struct pk_feed feed = parse_at(arena,
	    RSS("<a:link rel='self' href='/f'/>"
		"<a:link rel='hub' href='http://hub.example/'/>"),
	    (struct pk_span){ NULL, 0 });

	(void)state;
	assert_text(feed.hints.self, NULL);
	assert_text(feed.hints.hub, "http://hub.example/");
}

static void
a_feed_that_left_its_address_alone(void **state)
{
	ARENA;
	struct pk_feed feed = parse(arena,
	    "<?xml version='1.0'?><redirect>"
	    "<newLocation>https://new.example/rss.xml</newLocation></redirect>");

	(void)state;
	assert_int_equal(feed.n_entries, 0);
	assert_text(feed.hints.moved, "https://new.example/rss.xml");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(how_often),
		cmocka_unit_test(at_which_address),
		cmocka_unit_test(without_a_base_an_address_must_be_whole),
		cmocka_unit_test(a_feed_that_left_its_address_alone),
	};

	return cmocka_run_group_tests_name("fetch/feed/hints", tests, NULL, NULL);
}
