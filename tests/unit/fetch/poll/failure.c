/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/poll/failure.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* clang-format off */
static const struct answer_case {
	const char *name;
	enum pk_http_outcome outcome; int status; size_t body_len;
	enum pk_failure failure;
} answers[] = {
	{ "200 with a body",      PK_HTTP_OK, 200, 10,           PK_FAILURE_NONE },
	{ "200 without one",      PK_HTTP_OK, 200, 0,            PK_FAILURE_EMPTY },
	{ "304",                  PK_HTTP_OK, 304, 0,            PK_FAILURE_NONE },
	{ "404",                  PK_HTTP_CLIENT_STATUS, 404, 9, PK_FAILURE_CLIENT_STATUS },
	{ "410",                  PK_HTTP_CLIENT_STATUS, 410, 9, PK_FAILURE_GONE },
	{ "429",                  PK_HTTP_CLIENT_STATUS, 429, 0, PK_FAILURE_LIMITED },
	{ "500",                  PK_HTTP_SERVER_STATUS, 500, 0, PK_FAILURE_SERVER_STATUS },
	{ "503",                  PK_HTTP_SERVER_STATUS, 503, 0, PK_FAILURE_BUSY },
	{ "no name",              PK_HTTP_DNS, 0, 0,             PK_FAILURE_DNS },
	{ "cut off",              PK_HTTP_TRUNCATED, 200, 10,    PK_FAILURE_TRUNCATED },
	{ "cancelled",            PK_HTTP_CANCELLED, 0, 0,       PK_FAILURE_NONE },
};

static const struct rest_case {
	const char *name;
	enum pk_failure failure; unsigned failures;
	int64_t least, most;
} rests[] = {
	{ "dns, the first time",   PK_FAILURE_DNS, 1,           MINUTE / 2, MINUTE },
	{ "dns, the third time",   PK_FAILURE_DNS, 3,           2 * MINUTE, 4 * MINUTE },
	{ "dns, for ever",         PK_FAILURE_DNS, 1000,        6 * HOUR, 12 * HOUR },
	{ "tls rests from the start", PK_FAILURE_TLS, 1,        15 * MINUTE, 30 * MINUTE },
	{ "blocked rests longest", PK_FAILURE_BLOCKED, 1000,    12 * HOUR, 24 * HOUR },
	{ "5xx passes sooner",     PK_FAILURE_SERVER_STATUS, 99, 3 * HOUR, 6 * HOUR },
	{ "memory passes soon",    PK_FAILURE_MEMORY, 1000,     7 * MINUTE, 15 * MINUTE },
	{ "gone, the first time",  PK_FAILURE_GONE, 1,          7 * DAY - 6 * HOUR, 7 * DAY + 6 * HOUR },
	{ "gone, for ever",        PK_FAILURE_GONE, 1000,       7 * DAY - 6 * HOUR, 7 * DAY + 6 * HOUR },
};
/* clang-format on */

static void
check_answer(void **state)
{
	const struct answer_case *c = *state;

	assert_int_equal(
	    pk_failure_of_answer(c->outcome, c->status, c->body_len), c->failure);
}

static void
check_rest(void **state)
{
	const struct rest_case *c = *state;
	int64_t least = INT64_MAX, most = 0;

	for (uint64_t i = 1; i <= 2000; i++) {
		int64_t rest = pk_failure_rest_ms(c->failure, c->failures, MINUTE,
		    12 * HOUR, i * 0x9E3779B97F4A7C15u);
		assert_in_range(rest, c->least, c->most);
		least = rest < least ? rest : least;
		most = rest > most ? rest : most;
	}
	/* what failed together does not come back together */
	assert_true(most - least > (c->most - c->least) * 8 / 10);
}

static void
every_outcome_has_its_class(void **state)
{
	(void)state;
	for (unsigned i = 0; i < PK_HTTP_OUTCOMES; i++) {
		enum pk_failure failure =
		    pk_failure_of_answer((enum pk_http_outcome)i, 0, 1);
		if (i == PK_HTTP_OK || i == PK_HTTP_CANCELLED)
			assert_int_equal(failure, PK_FAILURE_NONE);
		else
			assert_string_equal(pk_failure_name(failure),
			    pk_http_outcome_name((enum pk_http_outcome)i));
	}
}

static void
every_class_has_a_name_and_patience(void **state)
{
	(void)state;
	for (unsigned i = PK_FAILURE_NONE + 1; i < PK_FAILURES; i++) {
		enum pk_failure failure = (enum pk_failure)i;
		assert_int_equal(
		    pk_failure_find(pk_span_of(pk_failure_name(failure))), failure);
		assert_true(pk_failure_patience(failure) >= 1);
		assert_true(strlen(pk_failure_help(failure)) > 5);
	}
	assert_int_equal(pk_failure_find(PK_SPAN("no such")), PK_FAILURE_NONE);
}

/* No configuration, however odd, brings a rest that is shorter than half the first one,
 * or that overflows. */
static void
odd_settings_hold(void **state)
{
	const int64_t times[] = { 1, 1000, DAY, 30 * DAY, INT64_MAX / 4 };

	(void)state;
	for (unsigned class = PK_FAILURE_NONE + 1; class < PK_FAILURES; class ++)
		for (size_t i = 0; i < PK_COUNT(times); i++)
			for (size_t j = 0; j < PK_COUNT(times); j++) {
				int64_t rest =
				    pk_failure_rest_ms((enum pk_failure) class, 50,
					times[i], times[j], 77);
				assert_true(rest >= 0);
				assert_true(
				    class == PK_FAILURE_GONE || rest >= times[i] / 2);
			}
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(answers) + PK_COUNT(rests) + 3] = {
		cmocka_unit_test(every_outcome_has_its_class),
		cmocka_unit_test(every_class_has_a_name_and_patience),
		cmocka_unit_test(odd_settings_hold),
	};
	struct CMUnitTest *next = &tests[3];

	for (size_t i = 0; i < PK_COUNT(answers); i++)
		*next++ = (struct CMUnitTest){ answers[i].name, check_answer, NULL,
			NULL, (void *)(uintptr_t)&answers[i] };
	for (size_t i = 0; i < PK_COUNT(rests); i++)
		*next++ = (struct CMUnitTest){ rests[i].name, check_rest, NULL, NULL,
			(void *)(uintptr_t)&rests[i] };
	return cmocka_run_group_tests_name("fetch/poll/failure", tests, NULL, NULL);
}
