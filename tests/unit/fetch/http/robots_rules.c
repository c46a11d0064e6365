/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/robots_rules.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* ---- may this be asked for? -------------------------------------------------- */

#define ALL "User-agent: *\n"
#define OWN "User-agent: peyk\n"

/* clang-format off */
static const struct allow_case {
	const char *name; const char *file; const char *path; bool allow;
} cases[] = {
	/* groups */
	{ "an empty file",          "",                                       "/a", true },
	{ "a rule",                 ALL "Disallow: /a\n",                     "/a/b", false },
	{ "another path",           ALL "Disallow: /a\n",                     "/b", true },
	{ "a prefix of it",         ALL "Disallow: /ab\n",                    "/a", true },
	{ "an empty Disallow",      ALL "Disallow:\n",                        "/a", true },
	{ "others are meant",       "User-agent: other\nDisallow: /\n",       "/a", true },
	{ "we are meant",           OWN "Disallow: /a\n" ALL "Disallow:",     "/a", false },
	{ "not like the others",    ALL "Disallow: /\n" OWN "Disallow: /b\n", "/a", true },
	{ "a group without rules",  ALL "Disallow: /\n\n" OWN,                "/a", true },
	{ "rules of two groups",    OWN "Disallow: /a\n" ALL "Disallow: /\n" OWN "Disallow: /b\n", "/b", false },
	{ "of two groups of all",   ALL "Disallow: /a\nUser-agent: x\nDisallow: /\n" ALL "Disallow: /b\n", "/b", false },
	{ "several agents a group", "User-agent: x\n" OWN "User-agent: y\nDisallow: /a\n", "/a", false },
	{ "a blank line in it",     "User-agent: x\n\n\n" OWN "\nDisallow: /a\n", "/a", false },
	{ "the group has ended",    OWN "Disallow: /a\nUser-agent: x\nDisallow: /b\n", "/b", true },
	{ "case of an agent",       "USER-AGENT: Peyk\nDISALLOW: /a\n",       "/a", false },
	{ "an agent's version",     "User-agent: peyk/2.0\nDisallow: /a\n",   "/a", false },
	{ "an agent's star",        "User-agent: peyk*\nDisallow: /a\n",      "/a", false },
	{ "only begins like us",    "User-agent: peykan\nDisallow: /a\n",     "/a", true },
	{ "we begin like it",       "User-agent: pey\nDisallow: /a\n",        "/a", true },
	{ "star and more",          "User-agent: *  # all\nDisallow: /a\n",   "/a", false },
	{ "no agent at all",        "Disallow: /\n",                          "/a", true },
	{ "a nameless agent",       "User-agent:\nDisallow: /\n",             "/a", true },
	{ "a sitemap ends no group", "User-agent: x\nSitemap: http://a.example/s\n" OWN "Disallow: /a\n", "/a", false },
	{ "nor does what is unknown", ALL "Disallow: /a\nNoindex: /b\nDisallow: /c\n", "/c", false },

	/* what is longest wins */
	{ "the longer allows",      ALL "Disallow: /a\nAllow: /a/b\n",        "/a/b/c", true },
	{ "the longer disallows",   ALL "Allow: /a\nDisallow: /a/b\n",        "/a/b/c", false },
	{ "in whatever order",      ALL "Allow: /a/b\nDisallow: /a\n",        "/a/b", true },
	{ "of two, the kinder",     ALL "Disallow: /a\nAllow: /a\n",          "/a", true },
	{ "all but one",            ALL "Disallow: /\nAllow: /news\n",        "/news/1", true },
	{ "all but one, else",      ALL "Disallow: /\nAllow: /news\n",        "/new", false },
	{ "a star counts",          ALL "Allow: /p\nDisallow: /*.html\n",     "/p/x.html", false },
	{ "end counts",             ALL "Allow: /$\nDisallow: /\n",           "/", true },
	{ "end counts, else",       ALL "Allow: /$\nDisallow: /\n",           "/x", false },

	/* signs */
	{ "star inside",            ALL "Disallow: /a*z\n",                   "/a/b/z/c", false },
	{ "star for nothing",       ALL "Disallow: /a*z\n",                   "/az", false },
	{ "star without its end",   ALL "Disallow: /a*z\n",                   "/ab", true },
	{ "star first",             ALL "Disallow: *.pdf\n",                  "/x/y.pdf", false },
	{ "star last",              ALL "Disallow: /a*\n",                    "/abc", false },
	{ "stars",                  ALL "Disallow: /*/a/***/b\n",             "/1/a/2/b", false },
	{ "an end",                 ALL "Disallow: /*.php$\n",                "/x.php", false },
	{ "an end with more",       ALL "Disallow: /*.php$\n",                "/x.php?y", true },
	{ "an end found later",     ALL "Disallow: /*.php$\n",                "/x.php/y.php", false },
	{ "an end after a star",    ALL "Disallow: /a*$\n",                   "/a/b", false },
	{ "an end alone",           ALL "Disallow: /a$\n",                    "/ab", true },
	{ "parts may not overlap",  ALL "Disallow: /ab*ba$\n",                "/aba", true },
	{ "a dollar inside",        ALL "Disallow: /a$b\n",                   "/a$b", false },
	{ "a query",                ALL "Disallow: /*?print=\n",              "/x?print=1", false },
	{ "a query of the root",    ALL "Disallow: /?s=\n",                   "?s=1", false },
	{ "a query is not a path",  ALL "Disallow: /a?\n",                    "/a", true },
	{ "a fragment is not sent", ALL "Disallow: /a$\n",                    "/a#b", false },
	{ "case of a path",         ALL "Disallow: /A\n",                     "/a", true },
	{ "a pattern without slash", ALL "Disallow: a\n",                     "/a", true },

	/* encodings */
	{ "a letter",               ALL "Disallow: /%61%62\n",                "/ab", false },
	{ "a letter of the address", ALL "Disallow: /ab\n",                   "/%61b", false },
	{ "UTF-8 in the file",      ALL "Disallow: /خبر\n",                   "/%d8%ae%D8%A8%D8%B1", false },
	{ "UTF-8 in the address",   ALL "Disallow: /%d8%ae%d8%a8%d8%b1\n",    "/خبر/۱", false },
	{ "a slash stays one",      ALL "Disallow: /a%2fb\n",                 "/a/b", true },
	{ "a slash in hexadecimal", ALL "Disallow: /a%2fb\n",                 "/a%2Fb", false },
	{ "an address in a query",  ALL "Disallow: /a?u=https://b.example\n", "/a?u=https%3A%2F%2Fb.example", false },
	{ "the other way round",    ALL "Disallow: /a?u=https%3a%2f%2fb\n",   "/a?u=https://b", false },
	{ "an encoded star",        ALL "Disallow: /a-%2A.html\n",            "/a-*.html", false },
	{ "an encoded star is none", ALL "Disallow: /a-%2A.html\n",           "/a-b.html", true },
	{ "an encoded dollar",      ALL "Disallow: /a%24\n",                  "/a$b", false },
	{ "a blank in a pattern",   ALL "Disallow: /a b\n",                   "/a%20b", false },
	{ "a lone percent",         ALL "Disallow: /50%\n",                   "/50%", false },
	{ "half a percent",         ALL "Disallow: /50%4\n",                  "/50%4x", false },

	/* how people write */
	{ "a mark of order",        "\xEF\xBB\xBF" ALL "Disallow: /a\n",      "/a", false },
	{ "lines of Windows",       "User-agent: *\r\nDisallow: /a\r\n",      "/a", false },
	{ "lines of old Macs",      "User-agent: *\rDisallow: /a\r",          "/a", false },
	{ "the last line is open",  ALL "Disallow: /a",                       "/a", false },
	{ "blanks everywhere",      "\t User-agent \t:\t * \n  Disallow  :  /a  \n", "/a", false },
	{ "comments",               "# all\n" ALL "Disallow: /a # not this\n", "/a", false },
	{ "a comment in a pattern", ALL "Disallow: /a#b\n",                   "/ac", false },
	{ "no colon",               "User-agent *\nDisallow /a\n",            "/a", false },
	{ "no colon but later",     ALL "Disallow /a:b\n",                    "/a:b", false },
	{ "a slip of the pen",      "useragent: *\ndissallow: /a\n",          "/a", false },
	{ "a page instead",         "<!DOCTYPE html><title>x</title><p>User-agent: *\n<p>Disallow: /\n", "/a", true },
	{ "robots.txt itself",      ALL "Disallow: /\n",                      "/robots.txt", true },
};
/* clang-format on */

static struct pk_robots_rules *
read_file(struct pk_span file)
{
	struct pk_robots_rules *rules = pk_robots_rules_new(file, PK_SPAN("peyk"));

	assert_non_null(rules);
	return rules;
}

static bool
allows(const struct pk_robots_rules *rules, const char *path)
{
	char url[8192];

	snprintf(url, sizeof(url), "https://a.example%s", path);
	return pk_robots_rules_allow(rules, pk_span_of(url));
}

static void
check_case(void **state)
{
	const struct allow_case *c = *state;
	pk_cleanup(pk_robots_rules_freep) struct pk_robots_rules *rules =
	    read_file(pk_span_of(c->file));

	assert_int_equal(allows(rules, c->path), c->allow);
}

/* ---- the rest of a file ------------------------------------------------------ */

static void
delay_is(const char *file, int64_t ms)
{
	pk_cleanup(pk_robots_rules_freep) struct pk_robots_rules *rules =
	    read_file(pk_span_of(file));

	assert_int_equal(pk_robots_rules_delay_ms(rules), ms);
}

static void
a_delay_is_read_as_a_hint(void **state)
{
	(void)state;
	delay_is("", -1);
	delay_is(ALL "Crawl-delay: 10\n", 10000);
	delay_is(ALL "crawl-delay: 0.25 s\n", 250);
	delay_is(ALL "Crawl-delay: 1.0019\n", 1001);
	delay_is(ALL "Crawl-delay: 99999999999999999999\n", PK_ROBOTS_DELAY_MAX_MS);
	delay_is(ALL "Crawl-delay: soon\n", -1);
	delay_is(ALL "Crawl-delay: -5\n", -1);
	delay_is(ALL "Crawl-delay:\n", -1);
	delay_is(ALL "Crawl-delay: 5\n" OWN "Crawl-delay: 7\nDisallow: /a\n", 7000);
	delay_is(ALL "Disallow:\nCrawl-delay: 5\n" OWN "Crawl-delay: 7\n", 7000);
	delay_is(ALL "Disallow:\nCrawl-delay: 5\n" OWN "Disallow: /a\n", -1);
}

static void
sitemaps_belong_to_nobody(void **state)
{
	static const char file[] = "Sitemap: https://a.example/one.xml\n" OWN
				   "Disallow: /\nSITEMAP : http://b.example/two.xml \n"
				   "Sitemap: /three.xml\nSitemap:\n";
	pk_cleanup(pk_robots_rules_freep) struct pk_robots_rules *rules =
	    read_file(pk_span_of(file));
	size_t n;
	const struct pk_span *sitemaps = pk_robots_rules_sitemaps(rules, &n);

	(void)state;
	assert_int_equal(n, 2);
	assert_true(pk_span_eq(sitemaps[0], PK_SPAN("https://a.example/one.xml")));
	assert_true(pk_span_eq(sitemaps[1], PK_SPAN("http://b.example/two.xml")));
}

/* ---- too much ---------------------------------------------------------------- */

static char big[PK_ROBOTS_BYTES_MAX * 2];

/* Fills the file with `line`s behind `start`, up to `size` bytes. */
static struct pk_span
fill(const char *start, const char *line, size_t size)
{
	size_t len = (size_t)snprintf(big, sizeof(big), "%s", start);

	while (len + strlen(line) <= size) {
		memcpy(big + len, line, strlen(line));
		len += strlen(line);
	}
	return (struct pk_span){ big, len };
}

static void
only_the_first_bytes_are_read(void **state)
{
	struct pk_span file = fill(ALL "Disallow: /a\n", "# a\n", sizeof(big) - 64);

	(void)state;
	/* a line that lies across the limit is not half read */
	memcpy(big + PK_ROBOTS_BYTES_MAX - 13, "\nDisallow: /bcdefgh\n", 20);
	memcpy(big + PK_ROBOTS_BYTES_MAX + 64, "\nDisallow: /c\n", 14);
	pk_cleanup(pk_robots_rules_freep) struct pk_robots_rules *rules =
	    read_file(file);
	assert_false(allows(rules, "/a"));
	assert_true(allows(rules, "/bcdefgh"));
	assert_true(allows(rules, "/c"));
	assert_true(pk_robots_rules_bytes(rules) < 1000);
}

static void
rules_have_an_end(void **state)
{
	pk_cleanup(pk_robots_rules_freep) struct pk_robots_rules *rules =
	    read_file(fill(ALL, "Disallow:/*a*a*a*b\n", PK_ROBOTS_BYTES_MAX));
	char path[4000];

	(void)state;
	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	/* what takes long for a careless matcher */
	assert_true(allows(rules, path));
	assert_true(pk_robots_rules_bytes(rules) < (size_t)1 << 20);
}

static void
a_line_has_no_end(void **state)
{
	struct pk_span file = fill(ALL "Disallow: /", "xy*", PK_ROBOTS_BYTES_MAX);
	pk_cleanup(pk_robots_rules_freep) struct pk_robots_rules *rules =
	    read_file(file);

	(void)state;
	assert_true(allows(rules, "/xyxy"));
	assert_true(pk_robots_rules_bytes(rules) < 1000);
}

static void
an_agent_has_a_product(void **state)
{
	(void)state;
	assert_true(
	    pk_span_eq(pk_robots_product(PK_SPAN("peyk/1.0 (+https://peyk.example)")),
		PK_SPAN("peyk")));
	assert_true(pk_span_eq(
	    pk_robots_product(PK_SPAN("news-bot 2 of somebody")), PK_SPAN("news-bot")));
	assert_int_equal(pk_robots_product(PK_SPAN("")).len, 0);
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases) + 6] = {
		cmocka_unit_test(a_delay_is_read_as_a_hint),
		cmocka_unit_test(sitemaps_belong_to_nobody),
		cmocka_unit_test(only_the_first_bytes_are_read),
		cmocka_unit_test(rules_have_an_end),
		cmocka_unit_test(a_line_has_no_end),
		cmocka_unit_test(an_agent_has_a_product),
	};

	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[i + 6] = (struct CMUnitTest){ cases[i].name, check_case, NULL,
			NULL, (void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests_name(
	    "fetch/http/robots_rules", tests, NULL, NULL);
}
