/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/robots.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define S        UINT64_C(1000000000)
#define DAY      (86400 * S)
#define NOW      (1000 * S)
#define PAGE     PK_SPAN("https://a.example/news/1")
#define DISALLOW "User-agent: *\nDisallow: /news\nCrawl-delay: 3\n"

static struct pk_robots *
new_robots(size_t max_origins, size_t max_bytes)
{
	const struct pk_robots_options options = { PK_SPAN("peyk/1.0"), max_origins,
		max_bytes };
	struct pk_robots *robots = pk_robots_new(&options);

	assert_non_null(robots);
	return robots;
}

static enum pk_robots_verdict
check(struct pk_robots *robots, struct pk_span url, uint64_t now)
{
	return pk_robots_check(robots, url, now, NULL);
}

static void
put(struct pk_robots *robots, enum pk_http_outcome outcome, int status,
    const char *body, uint64_t now)
{
	const struct pk_robots_answer answer = { outcome, status, pk_span_of(body) };

	assert_int_equal(pk_robots_put(robots, PAGE, &answer, now), 0);
}

static void
a_file_is_fetched_once_a_day(void **state)
{
	pk_cleanup(pk_robots_freep) struct pk_robots *robots = new_robots(0, 0);
	uint64_t until;

	(void)state;
	assert_int_equal(check(robots, PAGE, NOW), PK_ROBOTS_UNKNOWN);
	put(robots, PK_HTTP_OK, 200, DISALLOW, NOW);
	assert_int_equal(
	    pk_robots_check(robots, PAGE, NOW, &until), PK_ROBOTS_DISALLOWED);
	assert_int_equal(until, NOW + DAY);
	assert_int_equal(pk_robots_delay_ms(robots, PAGE), 3000);
	assert_int_equal(check(robots, PAGE, until - 1), PK_ROBOTS_DISALLOWED);
	assert_int_equal(check(robots, PAGE, until), PK_ROBOTS_UNKNOWN);
}

static void
verdict_is(enum pk_http_outcome outcome, int status, enum pk_robots_verdict verdict)
{
	pk_cleanup(pk_robots_freep) struct pk_robots *robots = new_robots(0, 0);

	put(robots, outcome, status, DISALLOW, NOW);
	assert_int_equal(check(robots, PAGE, NOW), verdict);
}

static void
an_answer_without_a_file_allows_all(void **state)
{
	(void)state;
	verdict_is(PK_HTTP_CLIENT_STATUS, 404, PK_ROBOTS_ALLOWED);
	verdict_is(PK_HTTP_CLIENT_STATUS, 403, PK_ROBOTS_ALLOWED);
	verdict_is(PK_HTTP_CLIENT_STATUS, 410, PK_ROBOTS_ALLOWED);
	verdict_is(PK_HTTP_REDIRECTS, 302, PK_ROBOTS_ALLOWED);
	verdict_is(PK_HTTP_OK, 204, PK_ROBOTS_DISALLOWED); /* as it has a body here */
	verdict_is(PK_HTTP_TOO_BIG, 200, PK_ROBOTS_DISALLOWED);
}

static void
no_answer_disallows_all(void **state)
{
	(void)state;
	verdict_is(PK_HTTP_SERVER_STATUS, 503, PK_ROBOTS_UNREACHABLE);
	verdict_is(PK_HTTP_CLIENT_STATUS, 429, PK_ROBOTS_UNREACHABLE);
	verdict_is(PK_HTTP_DNS, 0, PK_ROBOTS_UNREACHABLE);
	verdict_is(PK_HTTP_TIMEOUT, 200, PK_ROBOTS_UNREACHABLE);
	verdict_is(PK_HTTP_TRUNCATED, 200, PK_ROBOTS_UNREACHABLE);
	verdict_is(PK_HTTP_TLS, 0, PK_ROBOTS_UNREACHABLE);
}

static void
no_answer_is_asked_for_again_and_given_up_at_last(void **state)
{
	pk_cleanup(pk_robots_freep) struct pk_robots *robots = new_robots(0, 0);
	uint64_t now = NOW, until;
	unsigned attempts = 0;

	(void)state;
	put(robots, PK_HTTP_CONNECT, 0, NULL, now);
	assert_int_equal(
	    pk_robots_check(robots, PAGE, now, &until), PK_ROBOTS_UNREACHABLE);
	assert_int_equal(until, now + 60 * S);
	assert_int_equal(check(robots, PAGE, until), PK_ROBOTS_UNKNOWN);
	while (pk_robots_check(robots, PAGE, now, &until) == PK_ROBOTS_UNREACHABLE) {
		put(robots, PK_HTTP_CONNECT, 0, NULL, until);
		now = until;
		attempts++;
	}
	assert_int_equal(check(robots, PAGE, now), PK_ROBOTS_ALLOWED);
	assert_in_range(now - NOW, 30 * DAY, 31 * DAY);
	assert_in_range(attempts, 100, 150);
}

static void
what_was_known_holds_while_there_is_no_answer(void **state)
{
	pk_cleanup(pk_robots_freep) struct pk_robots *robots = new_robots(0, 0);

	(void)state;
	put(robots, PK_HTTP_OK, 200, DISALLOW, NOW);
	put(robots, PK_HTTP_SERVER_STATUS, 500, NULL, NOW + DAY);
	assert_int_equal(check(robots, PAGE, NOW + DAY), PK_ROBOTS_DISALLOWED);
	assert_int_equal(check(robots, PK_SPAN("https://a.example/x"), NOW + DAY),
	    PK_ROBOTS_ALLOWED);
	assert_int_equal(check(robots, PAGE, NOW + DAY + 60 * S), PK_ROBOTS_UNKNOWN);
	put(robots, PK_HTTP_CLIENT_STATUS, 404, NULL, NOW + DAY + 60 * S);
	assert_int_equal(check(robots, PAGE, NOW + DAY + 60 * S), PK_ROBOTS_ALLOWED);
	assert_int_equal(pk_robots_delay_ms(robots, PAGE), -1);
}

static void
only_whole_lines_of_a_cut_file_count(void **state)
{
	pk_cleanup(pk_robots_freep) struct pk_robots *robots = new_robots(0, 0);

	(void)state;
	put(robots, PK_HTTP_TOO_BIG, 200, "User-agent: *\nDisallow: /old\nDisallow: /",
	    NOW);
	assert_int_equal(check(robots, PAGE, NOW), PK_ROBOTS_ALLOWED);
	assert_int_equal(
	    check(robots, PK_SPAN("https://a.example/old"), NOW), PK_ROBOTS_DISALLOWED);
}

/* clang-format off */
static const struct origin_case {
	const char *name; const char *url; const char *robots; bool same;
} origins[] = {
	{ "itself",            "https://a.example/news/2#x",       "https://a.example/robots.txt", true },
	{ "case and port",     "HTTPS://A.Example:443/news",       "https://a.example/robots.txt", true },
	{ "who asks",          "https://me:secret@a.example/news", "https://a.example/robots.txt", true },
	{ "no path",           "https://a.example?news",           "https://a.example/robots.txt", true },
	{ "another scheme",    "http://a.example/news",            "http://a.example/robots.txt", false },
	{ "another port",      "https://a.example:8443/news",      "https://a.example:8443/robots.txt", false },
	{ "another host",      "https://www.a.example/news",       "https://www.a.example/robots.txt", false },
	{ "an address",        "http://[2001:DB8::1]:80/news",     "http://[2001:db8::1]/robots.txt", false },
	{ "an address's port", "http://[2001:db8::1]:8080/news",   "http://[2001:db8::1]:8080/robots.txt", false },
	{ "no port",           "https://a.example:/news",          "https://a.example/robots.txt", true },
};
/* clang-format on */

static void
check_origin(void **state)
{
	const struct origin_case *c = *state;
	pk_cleanup(pk_robots_freep) struct pk_robots *robots = new_robots(0, 0);
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 16);
	struct pk_span url;

	put(robots, PK_HTTP_OK, 200, "User-agent: *\nDisallow: /\n", NOW);
	assert_int_equal(pk_robots_url(arena, pk_span_of(c->url), &url), 0);
	assert_string_equal(url.ptr, c->robots);
	assert_int_equal(check(robots, pk_span_of(c->url), NOW),
	    c->same ? PK_ROBOTS_DISALLOWED : PK_ROBOTS_UNKNOWN);
	assert_int_not_equal(check(robots, url, NOW), PK_ROBOTS_DISALLOWED);
}

static void
what_is_no_address_is_nobodys(void **state)
{
	static const char *const urls[] = { "", "/news", "ftp://a.example/", "http://",
		"http:///news", "mailto:a@b.example" };
	pk_cleanup(pk_robots_freep) struct pk_robots *robots = new_robots(0, 0);
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 16);

	(void)state;
	for (size_t i = 0; i < PK_COUNT(urls); i++) {
		struct pk_span url = pk_span_of(urls[i]), robots_url;
		assert_int_equal(check(robots, url, NOW), PK_ROBOTS_ALLOWED);
		assert_int_equal(pk_robots_url(arena, url, &robots_url), -EBADMSG);
	}
	assert_int_equal(pk_robots_origins(robots), 0);
}

static void
the_longest_unused_are_forgotten(void **state)
{
	pk_cleanup(pk_robots_freep) struct pk_robots *robots = new_robots(100, 0);
	const struct pk_robots_answer none = { PK_HTTP_CLIENT_STATUS, 404, { 0 } };
	char url[64];

	(void)state;
	put(robots, PK_HTTP_OK, 200, DISALLOW, NOW);
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(url, sizeof(url), "http://%u.example/", i);
		assert_int_equal(pk_robots_put(robots, pk_span_of(url), &none, NOW), 0);
		assert_int_equal(check(robots, PAGE, NOW), PK_ROBOTS_DISALLOWED);
	}
	assert_int_equal(pk_robots_origins(robots), 100);
	assert_int_equal(
	    check(robots, PK_SPAN("http://1.example/"), NOW), PK_ROBOTS_UNKNOWN);
	assert_int_equal(
	    check(robots, PK_SPAN("http://999.example/"), NOW), PK_ROBOTS_ALLOWED);
}

static void
bytes_are_bounded_too(void **state)
{
	pk_cleanup(pk_robots_freep) struct pk_robots *robots = new_robots(0, 100000);
	static char body[20000];
	char url[64];

	(void)state;
	size_t len = (size_t)snprintf(body, sizeof(body), "User-agent: *\n");
	while (len + 20 < sizeof(body))
		len += (size_t)snprintf(body + len, 20, "Disallow: /%06zu\n", len);
	const struct pk_robots_answer answer = { PK_HTTP_OK, 200, { body, len } };
	for (unsigned i = 0; i < 100; i++) {
		snprintf(url, sizeof(url), "http://%u.example/", i);
		assert_int_equal(
		    pk_robots_put(robots, pk_span_of(url), &answer, NOW), 0);
		assert_true(pk_robots_bytes(robots) <= 100000);
	}
	assert_in_range(pk_robots_origins(robots), 1, 10);
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(origins) + 9] = {
		cmocka_unit_test(a_file_is_fetched_once_a_day),
		cmocka_unit_test(an_answer_without_a_file_allows_all),
		cmocka_unit_test(no_answer_disallows_all),
		cmocka_unit_test(no_answer_is_asked_for_again_and_given_up_at_last),
		cmocka_unit_test(what_was_known_holds_while_there_is_no_answer),
		cmocka_unit_test(only_whole_lines_of_a_cut_file_count),
		cmocka_unit_test(what_is_no_address_is_nobodys),
		cmocka_unit_test(the_longest_unused_are_forgotten),
		cmocka_unit_test(bytes_are_bounded_too),
	};

	for (size_t i = 0; i < PK_COUNT(origins); i++)
		tests[i + 9] = (struct CMUnitTest){ origins[i].name, check_origin, NULL,
			NULL, (void *)(uintptr_t)&origins[i] };
	return cmocka_run_group_tests_name("fetch/http/robots", tests, NULL, NULL);
}
