/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/feed/sniff.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* clang-format off */
static const struct sniff_case {
	const char *text;
	enum pk_feed_format format;
} cases[] = {
	{ "<rss version='2.0'>", PK_FEED_RSS20 },
	{ "<rss version=\"0.91\">", PK_FEED_RSS091 },
	{ "<rss version = '0.92'>", PK_FEED_RSS092 },
	{ "<rss xmlns:x='y'\n version='0.94'>", PK_FEED_RSS094 },
	{ "<RSS>", PK_FEED_RSS20 },
	{ "<?xml version='0.91'?>\n<!-- <feed> -->\n<rss version='2.0'>", PK_FEED_RSS20 },
	{ "<!DOCTYPE rss [ <!ENTITY feed '<feed>'> ]>\n<rss version='0.91'>", PK_FEED_RSS091 },
	{ "<!DOCTYPE rss PUBLIC '-//Netscape//DTD RSS 0.91//EN' 'http://x/y.dtd'><rss version='0.91'>", PK_FEED_RSS091 },
	{ "Warning: something in line 3\n<rss version='2.0'>", PK_FEED_RSS20 },
	{ "<channel><title>x</title></channel>", PK_FEED_RSS20 },
	{ "<rdf:RDF xmlns='http://purl.org/rss/1.0/' xmlns:rdf='r'>", PK_FEED_RSS10 },
	{ "<rdf:RDF xmlns:rdf='r' xmlns='http://my.netscape.com/rdf/simple/0.9/'>", PK_FEED_RSS090 },
	{ "<rdf:RDF xmlns:rdf='r'><foaf:Person/></rdf:RDF>", PK_FEED_NONE },
	{ "<feed xmlns='http://www.w3.org/2005/Atom'>", PK_FEED_ATOM10 },
	{ "<a:feed xmlns:a='http://www.w3.org/2005/Atom'>", PK_FEED_ATOM10 },
	{ "<feed version='0.3' xmlns='http://purl.org/atom/ns#'>", PK_FEED_ATOM03 },
	{ "<CHANNEL HREF='http://example.org/'>", PK_FEED_CDF },
	{ "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>", PK_FEED_SITEMAP },
	{ " {\"version\": \"https://jsonfeed.org/version/1.1\"}", PK_FEED_JSON11 },
	{ "{\"version\": \"https://jsonfeed.org/version/1\"}", PK_FEED_JSON10 },
	{ "{\"version\": \"https:\\/\\/jsonfeed.org\\/version\\/1\"}", PK_FEED_JSON11 },
	{ "{\"items\": [{\"id\": 1}]}", PK_FEED_JSON11 },
	{ "{\"error\": 404}", PK_FEED_NONE },
	{ "<!DOCTYPE html><html lang='fa'><rss>", PK_FEED_HTML },
	{ "<!doctype HTML>\n<div>", PK_FEED_HTML },
	{ "<html>", PK_FEED_HTML },
	{ "<opml>", PK_FEED_NONE },
	{ "", PK_FEED_NONE },
	{ "<", PK_FEED_NONE },
	{ "<!--", PK_FEED_NONE },
	{ "<!DOCTYPE", PK_FEED_NONE },
	{ "just words", PK_FEED_NONE },
};
/* clang-format on */

static void
formats_are_known_by_their_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(cases); i++) {
		enum pk_feed_format format = pk_feed_sniff(pk_span_of(cases[i].text));
		if (format != cases[i].format)
			print_error("%s\n", cases[i].text);
		assert_int_equal(format, cases[i].format);
	}
}

static void
formats_have_names(void **state)
{
	(void)state;
	assert_string_equal(pk_feed_format_name(PK_FEED_RSS090), "rss090");
	assert_string_equal(pk_feed_format_name(PK_FEED_HTML), "html");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_are_known_by_their_text),
		cmocka_unit_test(formats_have_names),
	};

	return cmocka_run_group_tests_name("fetch/feed/sniff", tests, NULL, NULL);
}
