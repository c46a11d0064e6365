/* SPDX-License-Identifier: Apache-2.0 */
#include "base/domain.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* clang-format off */
static const struct domain_case {
	const char *name; const char *host; const char *own;
} cases[] = {
	{ "a name",                   "news.example",            "news.example" },
	{ "a host of it",             "www.news.example",        "news.example" },
	{ "far below",                "a.b.c.news.com",          "news.com" },
	{ "case stays",               "WWW.News.COM",            "News.COM" },
	{ "a dot at the end",         "www.news.com.",           "news.com" },
	{ "two letters of Iran",      "www.khabar.ir",           "khabar.ir" },
	{ "below co.ir",              "www.khabar.co.ir",        "khabar.co.ir" },
	{ "below co.uk",              "www.news.co.uk",          "news.co.uk" },
	{ "a wildcard rule",          "www.a.b.ck",              "a.b.ck" },
	{ "an exception to it",       "x.www.ck",                "www.ck" },
	{ "a public suffix",          "co.uk",                   "co.uk" },
	{ "one label",                "localhost",               "localhost" },
	{ "people's names",           "me.blogspot.com",         "me.blogspot.com" },
	{ "a host of a person's",     "x.me.github.io",          "me.github.io" },
	{ "a suffix of people",       "github.io",               "github.io" },
	{ "UTF-8",                    "www.خبر.ایران",           "خبر.ایران" },
	{ "letters with a capital",   "Новости.ПРИМЕР.РФ",       "ПРИМЕР.РФ" },
	{ "punycode",                 "www.xn--ngbc5azd.xn--mgba3a4f16a", "xn--ngbc5azd.xn--mgba3a4f16a" },
	{ "punycode below ir",        "www.xn--ngbc5azd.ir",     "xn--ngbc5azd.ir" },
	{ "percent-encoded",          "a.%D8%AE%D8%A8%D8%B1.ir", "%D8%AE%D8%A8%D8%B1.ir" },
	{ "bytes that are no UTF-8",  "a.\xFF\xFE.ir",           "\xFF\xFE.ir" },
	{ "IPv4",                     "192.0.2.17",              "192.0.2.17" },
	{ "IPv4 in short",            "127.1",                   "127.1" },
	{ "IPv4 in hexadecimal",      "0x7f.0x1",                "0x7f.0x1" },
	{ "IPv6",                     "2001:db8::1",             "2001:db8::1" },
	{ "nothing",                  "",                        "" },
	{ "a dot",                    ".",                       "" },
	{ "dots",                     "..com",                   "..com" },
};
/* clang-format on */

static void
check_case(void **state)
{
	const struct domain_case *c = *state;
	struct pk_span host = pk_span_of(c->host);
	struct pk_span own = pk_domain_registrable(host);

	if (!pk_span_eq(own, pk_span_of(c->own)))
		fail_msg("%s: %.*s", c->host, PK_SPAN_ARG(own));
	/* what is registrable stays so */
	assert_true(pk_span_eq(pk_domain_registrable(own), own));
}

static void
too_long_is_its_own(void **state)
{
	static char host[4096];

	(void)state;
	memset(host, 'a', sizeof(host));
	for (size_t i = 50; i < sizeof(host); i += 50)
		host[i] = '.';
	struct pk_span own =
	    pk_domain_registrable((struct pk_span){ host, sizeof(host) });
	assert_int_equal(own.len, sizeof(host));
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases) + 1] = { cmocka_unit_test(
	    too_long_is_its_own) };

	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[i + 1] = (struct CMUnitTest){ cases[i].name, check_case, NULL,
			NULL, (void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests_name("base/domain", tests, NULL, NULL);
}
