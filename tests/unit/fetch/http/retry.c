/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/retry.h"

#include "base/cleanup.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define NOW       INT64_C(1700000000) /* Tue, 14 Nov 2023 22:13:20 GMT */
#define UNTOUCHED INT64_C(-77)

/* clang-format off */
static const struct retry_case {
	const char *name; const char *value; int r; int64_t wait;
} retry_cases[] = {
	{ "seconds",                    "120",                           0, 120 },
	{ "zero",                       "0",                             0, 0 },
	{ "blanks around",              "  7\t",                         0, 7 },
	{ "over a day",                 "90000",                         0, PK_RETRY_AFTER_MAX_S },
	{ "silly long",                 "99999999999999999999",          0, PK_RETRY_AFTER_MAX_S },
	{ "a date",                     "Tue, 14 Nov 2023 22:14:20 GMT", 0, 60 },
	{ "a date gone by",             "Tue, 14 Nov 2023 22:12:20 GMT", 0, 0 },
	{ "a date next year",           "Thu, 14 Nov 2024 22:12:20 GMT", 0, PK_RETRY_AFTER_MAX_S },
	{ "the old form of dates",      "Tuesday, 14-Nov-23 22:14:20 GMT", 0, 60 },
	{ "nothing",                    "",                              -EBADMSG, UNTOUCHED },
	{ "a sign",                     "-5",                            -EBADMSG, UNTOUCHED },
	{ "a fraction",                 "1.5",                           -EBADMSG, UNTOUCHED },
	{ "words",                      "soon",                          -EBADMSG, UNTOUCHED },
	{ "a day without an hour",      "Tue, 14 Nov 2023",              -EBADMSG, UNTOUCHED },
	{ "Persian digits",             "۱۲۰",                           -EBADMSG, UNTOUCHED },
};

static const struct freshness_case {
	const char *name; const char *cache_control; const char *expires;
	const char *date; const char *age; int64_t fresh;
} freshness_cases[] = {
	{ "nothing said",        NULL, NULL, NULL, NULL, -1 },
	{ "max-age",             "public, max-age=300", NULL, NULL, NULL, 300 },
	{ "max-age in quotes",   "max-age=\"300\"", NULL, NULL, NULL, 300 },
	{ "less its age",        "max-age=300", NULL, NULL, "100", 200 },
	{ "older than max-age",  "max-age=300", NULL, NULL, "400", 0 },
	{ "max-age beats Expires", "max-age=5", "Tue, 14 Nov 2023 23:13:20 GMT",
	                         "Tue, 14 Nov 2023 22:13:20 GMT", NULL, 5 },
	{ "no-cache",            "No-Cache", NULL, NULL, NULL, 0 },
	{ "not for this client", "s-maxage=10", NULL, NULL, NULL, -1 },
	{ "Expires by its own clock", NULL, "Tue, 14 Nov 2023 23:13:20 GMT",
	                         "Tue, 14 Nov 2023 22:13:20 GMT", NULL, 3600 },
	{ "Expires: 0",          NULL, "0", "Tue, 14 Nov 2023 22:13:20 GMT", NULL, 0 },
	{ "Expires without Date", NULL, "Tue, 14 Nov 2023 23:13:20 GMT", NULL, NULL, -1 },
	{ "Expires less its age", NULL, "Tue, 14 Nov 2023 23:13:20 GMT",
	                         "Tue, 14 Nov 2023 22:13:20 GMT", "3500", 100 },
	{ "Expires in the past", NULL, "Tue, 14 Nov 2023 22:13:20 GMT",
	                         "Tue, 14 Nov 2023 23:13:20 GMT", NULL, 0 },
	{ "Expires long ago",    NULL, "Thu, 01 Jan 1970 00:00:00 GMT",
	                         "Tue, 14 Nov 2023 23:13:20 GMT", NULL, 0 },
	{ "Expires: -1",         NULL, "-1", "Tue, 14 Nov 2023 22:13:20 GMT", NULL, 0 },
	{ "Expires in ten years", NULL, "Mon, 14 Nov 2033 22:13:20 GMT",
	                         "Tue, 14 Nov 2023 22:13:20 GMT", NULL, 315619200 },
	{ "a silly max-age",     "max-age=99999999999999999999", NULL, NULL, NULL, INT32_MAX },
	{ "a silly age",         "max-age=60", NULL, NULL, "99999999999999999999", 0 },
	{ "an age that is none", "max-age=60", NULL, NULL, "-5", 60 },
	{ "two of them",         "max-age=60, max-age=600", NULL, NULL, NULL, 60 },
	{ "for caches and us",   "s-maxage=600,max-age=60", NULL, NULL, NULL, 60 },
	{ "a negative one",      "max-age=-1", NULL, NULL, NULL, -1 },
	{ "no-store beats it",   "max-age=60, no-store", NULL, NULL, NULL, 0 },
	{ "no-cache for a field", "no-cache=\"Set-Cookie\", max-age=60", NULL, NULL, NULL, 60 },
	{ "no number",           "max-age=soon", NULL, NULL, NULL, -1 },
};
/* clang-format on */

static void
check_retry(void **state)
{
	const struct retry_case *c = *state;
	int64_t wait = UNTOUCHED;

	int r = pk_retry_after_parse(pk_span_of(c->value), NOW, &wait);

	assert_int_equal(r, c->r);
	assert_int_equal(wait, c->wait);
}

static void
check_freshness(void **state)
{
	const struct freshness_case *c = *state;

	assert_int_equal(
	    pk_freshness_s(pk_span_of(c->cache_control), pk_span_of(c->expires),
		pk_span_of(c->date), pk_span_of(c->age)),
	    c->fresh);
}

static void
backoff_doubles_up_to_its_ceiling(void **state)
{
	static const int64_t longest[] = { 60, 120, 240, 480, 960, 1000, 1000 };

	(void)state;
	for (unsigned i = 0; i < PK_COUNT(longest); i++)
		assert_int_equal(pk_backoff(i + 1, 60, 1000, 0), longest[i]);
	assert_int_equal(pk_backoff(4000000000u, 60, 1000, 0), 1000);
	assert_true(pk_backoff(70, 1, INT64_MAX, 0) == INT64_MAX);
}

static void
jitter_takes_off_at_most_half(void **state)
{
	int64_t shortest = INT64_MAX, longest = 0;

	(void)state;
	for (uint64_t random = 0; random < 1000; random++) {
		int64_t wait = pk_backoff(2, 60, 1000, random * 2654435761u);
		shortest = wait < shortest ? wait : shortest;
		longest = wait > longest ? wait : longest;
	}
	assert_int_equal(shortest, 60);
	assert_int_equal(longest, 120);
}

int
main(void)
{
	struct CMUnitTest
	    tests[PK_COUNT(retry_cases) + PK_COUNT(freshness_cases) + 2] = {
		    cmocka_unit_test(backoff_doubles_up_to_its_ceiling),
		    cmocka_unit_test(jitter_takes_off_at_most_half),
	    };
	size_t n = 2;

	for (size_t i = 0; i < PK_COUNT(retry_cases); i++)
		tests[n++] = (struct CMUnitTest){ retry_cases[i].name, check_retry,
			NULL, NULL, (void *)(uintptr_t)&retry_cases[i] };
	for (size_t i = 0; i < PK_COUNT(freshness_cases); i++)
		tests[n++] =
		    (struct CMUnitTest){ freshness_cases[i].name, check_freshness, NULL,
			    NULL, (void *)(uintptr_t)&freshness_cases[i] };
	return cmocka_run_group_tests_name("fetch/http/retry", tests, NULL, NULL);
}
