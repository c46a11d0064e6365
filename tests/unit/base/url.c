/* SPDX-License-Identifier: Apache-2.0 */
#include "base/url.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define BASE "http://example.org/a/b?c#d"

/* clang-format off */
static const struct resolve_case {
	const char *base, *reference;
	int r;
	const char *want;
} resolves[] = {
	{ NULL, "http://example.org/x",  0, "http://example.org/x" },
	{ NULL, "HTTPS://Example.ORG",   0, "HTTPS://Example.ORG" },
	{ NULL, " \n http://example.org/x\t ", 0, "http://example.org/x" },
	{ NULL, "http://example.org/long\n   line", 0, "http://example.org/long%20%20%20line" },
	{ BASE, "",                      0, "http://example.org/a/b?c" },
	{ BASE, "x",                     0, "http://example.org/a/x" },
	{ BASE, "/x",                    0, "http://example.org/x" },
	{ BASE, "../../../x",            0, "http://example.org/x" },
	{ BASE, "./x/./y/../z",          0, "http://example.org/a/x/z" },
	{ BASE, "?q",                    0, "http://example.org/a/b?q" },
	{ BASE, "#f",                    0, "http://example.org/a/b?c#f" },
	{ BASE, "//example.com/x",       0, "http://example.com/x" },
	{ BASE, "https://example.com/x", 0, "https://example.com/x" },
	{ "http://example.org", "x",     0, "http://example.org/x" },
	{ BASE, "/خبر ۱",                0, "http://example.org/%D8%AE%D8%A8%D8%B1%20%DB%B1" },
	{ BASE, "/100%",                 0, "http://example.org/100%25" },
	{ BASE, "/a%20b%zz",             0, "http://example.org/a%20b%25zz" },
	{ BASE, "/a[1]?b[]=2#x#y",       0, "http://example.org/a%5B1%5D?b%5B%5D=2#x%23y" },
	{ BASE, "\\x\\y?z=\\",           0, "http://example.org/x/y?z=%5C" },
	{ BASE, "http://[::1]:80/x",     0, "http://[0000:0000:0000:0000:0000:0000:0000:0001]:80/x" },
	{ BASE, "/\x80\xff",             0, "http://example.org/%80%FF" },
	{ BASE, "javascript:alert(1)",   -EPROTONOSUPPORT, NULL },
	{ BASE, "mailto:x@example.org",  -EPROTONOSUPPORT, NULL },
	{ BASE, "file:///etc/passwd",    -EPROTONOSUPPORT, NULL },
	{ "ftp://example.org/", "x",     -EPROTONOSUPPORT, NULL },
	{ BASE, "http://",               -EBADMSG, NULL },
	{ BASE, "http:///x",             -EBADMSG, NULL },
	{ BASE, "http://a:port/",        -EBADMSG, NULL },
	{ NULL, "x",                     -EBADMSG, NULL },
	{ "nonsense", "x",               -EBADMSG, NULL },
	{ NULL, "",                      -EBADMSG, NULL },
};

static const struct canonical_case {
	const char *url, *want;
} canonicals[] = {
	{ "HTTP://Example.ORG",                     "http://example.org/" },
	{ "http://example.org:80/x",                "http://example.org/x" },
	{ "https://example.org:443/x",              "https://example.org/x" },
	{ "http://example.org:443/x",               "http://example.org:443/x" },
	{ "http://example.org/a/./b/../c",          "http://example.org/a/c" },
	{ "http://example.org/x#part",              "http://example.org/x" },
	{ "http://example.org/x?utm_source=rss&utm_medium=y", "http://example.org/x" },
	{ "http://example.org/x?a=1&utm_source=rss&b=2&fbclid=z", "http://example.org/x?a=1&b=2" },
	{ "http://example.org/x?",                  "http://example.org/x" },
	{ "http://example.org/%7Euser/%d8%ae",      "http://example.org/~user/%D8%AE" },
	{ "http://example.org/خ",                   "http://example.org/%D8%AE" },
	{ "http://example.org/x/",                  "http://example.org/x/" },
	{ "http://u:p@example.org/x",               "http://u:p@example.org/x" },
	{ "http://[2001:DB8::1]/x",                 NULL },
};

static const struct host_case {
	const char *url, *host;
} hosts[] = {
	{ "http://example.org/x",          "example.org" },
	{ "https://u:p@example.org:8080?", "example.org" },
	{ "http://[::1]:80/",              "::1" },
	{ "http://example.org",            "example.org" },
	{ "/x",                            NULL },
	{ "mailto:x@example.org",          NULL },
	{ "/r?u=http://example.org/",      NULL },
};
/* clang-format on */

static void
assert_text(struct pk_span text, const char *want)
{
	char copy[PK_URL_MAX + 1];

	assert_in_range(text.len, 0, PK_URL_MAX);
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	assert_string_equal(copy, want);
}

static void
references_are_resolved(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(resolves); i++) {
		const struct resolve_case *c = &resolves[i];
		pk_cleanup(pk_arena_freep) struct pk_arena *arena =
		    pk_arena_new(1 << 16);
		struct pk_span url = PK_SPAN("untouched");
		int r = pk_url_resolve(
		    arena, pk_span_of(c->base), pk_span_of(c->reference), &url);
		if (r != c->r)
			print_error("%s\n", c->reference);
		assert_int_equal(r, c->r);
		assert_text(url, c->want == NULL ? "untouched" : c->want);
	}
}

static void
one_page_has_one_canonical_address(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(canonicals); i++) {
		const struct canonical_case *c = &canonicals[i];
		pk_cleanup(pk_arena_freep) struct pk_arena *arena =
		    pk_arena_new(1 << 16);
		struct pk_span url, again;
		assert_int_equal(pk_url_canonical(arena, pk_span_of(c->url), &url), 0);
		if (c->want != NULL)
			assert_text(url, c->want);
		assert_int_equal(pk_url_canonical(arena, url, &again), 0);
		assert_true(pk_span_eq(url, again));
	}
}

static void
hosts_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(hosts); i++) {
		struct pk_span host = pk_url_host(pk_span_of(hosts[i].url));
		if (hosts[i].host == NULL)
			assert_null(host.ptr);
		else
			assert_text(host, hosts[i].host);
	}
}

static void
long_ones_are_refused(void **state)
{
	char text[2 * PK_URL_MAX];
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20);
	struct pk_span url = { text, PK_URL_MAX };

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "http://example.org/", 19);
	assert_int_equal(pk_url_resolve(arena, url, url, &url), 0);
	url = (struct pk_span){ text, PK_URL_MAX + 1 };
	assert_int_equal(pk_url_resolve(arena, url, url, &url), -E2BIG);
	assert_int_equal(pk_url_canonical(arena, url, &url), -E2BIG);
	/* each blank becomes three characters */
	memset(text + 19, 'x', 1);
	memset(text + 20, ' ', PK_URL_MAX / 2);
	text[20 + PK_URL_MAX / 2] = 'x';
	url.len = 21 + PK_URL_MAX / 2;
	assert_int_equal(pk_url_resolve(arena, url, url, &url), -E2BIG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_are_resolved),
		cmocka_unit_test(one_page_has_one_canonical_address),
		cmocka_unit_test(hosts_are_found),
		cmocka_unit_test(long_ones_are_refused),
	};

	return cmocka_run_group_tests_name("base/url", tests, NULL, NULL);
}
