/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/request.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define FRAMES_MAX 80

/* Numbers on the wire. */
#define N0   PK_SPAN("\0\0\0\0\0\0\0\0")
#define N1   PK_SPAN("\0\0\0\0\0\0\0\1")
#define N258 PK_SPAN("\0\0\0\0\0\0\1\2")
#define NMAX PK_SPAN("\xff\xff\xff\xff\xff\xff\xff\xff")
#define PYK  PK_SPAN("PYK1")

#define NAME_64 "0123456789012345678901234567890123456789012345678901234567890123"

/* clang-format off */
static const struct bad_case {
	const char *what; struct pk_span frames[8]; size_t n; const char *wrong;
} bad_cases[] = {
	{ "nothing", { { NULL, 0 } }, 0, "missing" },
	{ "magic alone", { PYK }, 1, "missing" },
	{ "another magic", { PK_SPAN("PYK2"), PK_SPAN("TIME"), N0 }, 3, "PYK1" },
	{ "short magic", { PK_SPAN("PYK"), PK_SPAN("TIME"), N0 }, 3, "PYK1" },
	{ "long magic", { PK_SPAN("PYK1\0"), PK_SPAN("TIME"), N0 }, 3, "PYK1" },
	{ "an empty frame first, as REQ sends it", { PK_SPAN(""), PYK, PK_SPAN("TIME"), N0 }, 4, "PYK1" },
	{ "no such verb", { PYK, PK_SPAN("UNTIL"), N0 }, 3, "no such" },
	{ "small letters", { PYK, PK_SPAN("time"), N0 }, 3, "no such" },
	{ "half a verb", { PYK, PK_SPAN("TIM"), N0 }, 3, "no such" },
	{ "no verb", { PYK, PK_SPAN(""), N0 }, 3, "no such" },
	{ "SINCE alone", { PYK, PK_SPAN("SINCE") }, 2, "missing" },
	{ "SINCE without bytes", { PYK, PK_SPAN("SINCE"), N0, N0, N0 }, 5, "missing" },
	{ "a number of 7 bytes", { PYK, PK_SPAN("SINCE"), N0, PK_SPAN("\0\0\0\0\0\0\0"), N0, N0 }, 6, "8 bytes" },
	{ "a number of 9 bytes", { PYK, PK_SPAN("TIME"), PK_SPAN("\0\0\0\0\0\0\0\0\0") }, 3, "8 bytes" },
	{ "a number in digits", { PYK, PK_SPAN("TIME"), PK_SPAN("1") }, 3, "8 bytes" },
	{ "an empty number", { PYK, PK_SPAN("TIME"), PK_SPAN("") }, 3, "8 bytes" },
	{ "TIME alone", { PYK, PK_SPAN("TIME") }, 2, "missing" },
	{ "TIME with more", { PYK, PK_SPAN("TIME"), N0, PK_SPAN("") }, 4, "more frames" },
	{ "ACK without number", { PYK, PK_SPAN("ACK"), PK_SPAN("a"), N0 }, 4, "missing" },
	{ "ACK with more", { PYK, PK_SPAN("ACK"), PK_SPAN("a"), N0, N0, N0 }, 6, "more frames" },
	{ "ACK without name", { PYK, PK_SPAN("ACK"), PK_SPAN(""), N0, N0 }, 5, "name" },
	{ "a name of 65", { PYK, PK_SPAN("ACK"), PK_SPAN(NAME_64 "4"), N0, N0 }, 5, "name" },
	{ "a name with a slash", { PYK, PK_SPAN("CURSOR"), PK_SPAN("a/b") }, 3, "name" },
	{ "a name with NUL", { PYK, PK_SPAN("FORGET"), PK_SPAN("a\0b") }, 3, "name" },
	{ "CURSOR alone", { PYK, PK_SPAN("CURSOR") }, 2, "missing" },
	{ "FORGET with more", { PYK, PK_SPAN("FORGET"), PK_SPAN("a"), PK_SPAN("b") }, 4, "more frames" },
};
/* clang-format on */

static void
what_is_no_request_is_refused(void **state)
{
	struct pk_request request;

	(void)state;
	for (size_t i = 0; i < PK_COUNT(bad_cases); i++) {
		const struct bad_case *c = &bad_cases[i];
		const char *wrong = pk_request_read(c->frames, c->n, &request);
		print_message("%s: %s\n", c->what, wrong == NULL ? "fine" : wrong);
		assert_non_null(wrong);
		assert_non_null(strstr(wrong, c->wrong));
	}
}

/* clang-format off */
static const struct good_case {
	struct pk_span frames[8]; size_t n; struct pk_request request;
} good_cases[] = {
	{ { PYK, PK_SPAN("SINCE"), N1, N258, NMAX, N0 }, 6,
	    { .kind = PK_REQUEST_SINCE, .epoch = 1, .sequence = 258, .limit = UINT64_MAX } },
	{ { PYK, PK_SPAN("SINCE"), NMAX, NMAX, N0, N258, PK_SPAN("event/"), PK_SPAN("") }, 8,
	    { .kind = PK_REQUEST_SINCE, .epoch = UINT64_MAX, .sequence = UINT64_MAX, .bytes = 258,
	      .prefixes = { PK_SPAN("event/"), PK_SPAN("") }, .n_prefixes = 2 } },
	{ { PYK, PK_SPAN("TIME"), N258 }, 3, { .kind = PK_REQUEST_TIME, .time_ms = 258 } },
	{ { PYK, PK_SPAN("ACK"), PK_SPAN(NAME_64), N258, N1 }, 5,
	    { .kind = PK_REQUEST_ACK, .name = PK_SPAN(NAME_64), .epoch = 258, .sequence = 1 } },
	{ { PYK, PK_SPAN("CURSOR"), PK_SPAN("a") }, 3, { .kind = PK_REQUEST_CURSOR, .name = PK_SPAN("a") } },
	{ { PYK, PK_SPAN("FORGET"), PK_SPAN("a.B_-9") }, 3,
	    { .kind = PK_REQUEST_FORGET, .name = PK_SPAN("a.B_-9") } },
};
/* clang-format on */

static void
requests_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(good_cases); i++) {
		const struct good_case *c = &good_cases[i];
		const struct pk_request *want = &c->request;
		struct pk_request got;
		print_message("request %zu\n", i);
		assert_null(pk_request_read(c->frames, c->n, &got));
		assert_int_equal(got.kind, want->kind);
		assert_true(got.epoch == want->epoch);
		assert_true(got.sequence == want->sequence);
		assert_true(got.limit == want->limit);
		assert_true(got.bytes == want->bytes);
		assert_true(got.time_ms == want->time_ms);
		assert_true(pk_span_eq(got.name, want->name));
		assert_int_equal(got.n_prefixes, want->n_prefixes);
		for (size_t k = 0; k < want->n_prefixes; k++)
			assert_true(pk_span_eq(got.prefixes[k], want->prefixes[k]));
	}
}

static void
prefixes_are_counted(void **state)
{
	struct pk_span frames[FRAMES_MAX] = { PYK, PK_SPAN("SINCE"), N0, N0, N0, N0 };
	struct pk_request request;

	(void)state;
	for (size_t i = 6; i < FRAMES_MAX; i++)
		frames[i] = PK_SPAN("event/");
	assert_null(pk_request_read(frames, 6 + PK_REQUEST_PREFIXES_MAX, &request));
	assert_int_equal(request.n_prefixes, PK_REQUEST_PREFIXES_MAX);
	assert_non_null(pk_request_read(frames, 7 + PK_REQUEST_PREFIXES_MAX, &request));
	assert_non_null(pk_request_read(frames, FRAMES_MAX, &request));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_request_is_refused),
		cmocka_unit_test(requests_are_read),
		cmocka_unit_test(prefixes_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
