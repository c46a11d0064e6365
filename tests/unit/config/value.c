/* SPDX-License-Identifier: Apache-2.0 */
#include "config/value.h"

#include "base/cleanup.h"
#include "config/key.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define UNTOUCHED INT64_C(-77)

/* clang-format off */
static const struct number_case {
	enum pk_value_type type; const char *text; int r; int64_t value;
} numbers[] = {
	{ PK_VALUE_DURATION, "30s",         0,        30000 },
	{ PK_VALUE_DURATION, "5m",          0,        300000 },
	{ PK_VALUE_DURATION, "1h",          0,        3600000 },
	{ PK_VALUE_DURATION, "2d",          0,        172800000 },
	{ PK_VALUE_DURATION, "250ms",       0,        250 },
	{ PK_VALUE_DURATION, "0s",          0,        0 },
	{ PK_VALUE_DURATION, "0",           -EBADMSG, UNTOUCHED },
	{ PK_VALUE_DURATION, "10",          -EBADMSG, UNTOUCHED },
	{ PK_VALUE_DURATION, "10 s",        -EBADMSG, UNTOUCHED },
	{ PK_VALUE_DURATION, "-1s",         -EBADMSG, UNTOUCHED },
	{ PK_VALUE_DURATION, "1.5h",        -EBADMSG, UNTOUCHED },
	{ PK_VALUE_DURATION, "1h30m",       -EBADMSG, UNTOUCHED },
	{ PK_VALUE_DURATION, "s",           -EBADMSG, UNTOUCHED },
	{ PK_VALUE_DURATION, "",            -EBADMSG, UNTOUCHED },
	{ PK_VALUE_DURATION, "۵m",          -EBADMSG, UNTOUCHED },
	{ PK_VALUE_DURATION, "9223372036854775807ms",  0,       INT64_MAX },
	{ PK_VALUE_DURATION, "9223372036854775808ms",  -ERANGE, UNTOUCHED },
	{ PK_VALUE_DURATION, "9223372036854775807s",   -ERANGE, UNTOUCHED },
	{ PK_VALUE_SIZE,     "16MiB",       0,        16777216 },
	{ PK_VALUE_SIZE,     "1KiB",        0,        1024 },
	{ PK_VALUE_SIZE,     "7B",          0,        7 },
	{ PK_VALUE_SIZE,     "16MB",        -EBADMSG, UNTOUCHED },
	{ PK_VALUE_SIZE,     "16",          -EBADMSG, UNTOUCHED },
	{ PK_VALUE_PERCENT,  "10%",         0,        10 },
	{ PK_VALUE_PERCENT,  "10",          -EBADMSG, UNTOUCHED },
	{ PK_VALUE_COUNT,    "250",         0,        250 },
	{ PK_VALUE_COUNT,    "0x10",        -EBADMSG, UNTOUCHED },
	{ PK_VALUE_PORT,     "65535",       0,        65535 },
	{ PK_VALUE_PORT,     "65536",       -EBADMSG, UNTOUCHED },
	{ PK_VALUE_PORT,     "0",           -EBADMSG, UNTOUCHED },
};

static const struct text_case {
	enum pk_value_type type; const char *text; int r;
} texts[] = {
	{ PK_VALUE_ID,       "irna-politics",                     0 },
	{ PK_VALUE_ID,       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",  0 },
	{ PK_VALUE_ID,       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", -EBADMSG },
	{ PK_VALUE_ID,       "Irna",                              -EBADMSG },
	{ PK_VALUE_ID,       "a_b",                               -EBADMSG },
	{ PK_VALUE_ID,       "",                                  -EBADMSG },
	{ PK_VALUE_PATH,     "/var/lib/peyk",                     0 },
	{ PK_VALUE_PATH,     "var/lib",                           -EBADMSG },
	{ PK_VALUE_PATH,     "/a\nb",                             -EBADMSG },
	{ PK_VALUE_TEXT,     "خبرگزاری سپهر",                     0 },
	{ PK_VALUE_TEXT,     "two\nlines",                        -EBADMSG },
	{ PK_VALUE_URL,      "https://example.org/rss?a=1#x",     0 },
	{ PK_VALUE_URL,      "https://example.org/a@b",           0 },
	{ PK_VALUE_URL,      "https://me:secret@example.org/",    -EPERM },
	{ PK_VALUE_URL,      "ftp://example.org/",                -EBADMSG },
	{ PK_VALUE_URL,      "/rss",                              -EBADMSG },
	{ PK_VALUE_LANG,     "fa",                                0 },
	{ PK_VALUE_LANG,     "fas",                               0 },
	{ PK_VALUE_LANG,     "FA",                                -EBADMSG },
	{ PK_VALUE_LANG,     "persian",                           -EBADMSG },
	{ PK_VALUE_COUNTRY,  "IRN",                               0 },
	{ PK_VALUE_COUNTRY,  "IR",                                -EBADMSG },
	{ PK_VALUE_COUNTRY,  "irn",                               -EBADMSG },
	{ PK_VALUE_LINKS,    "main .news > a[href^='/n/'], h2 a", 0 },
	{ PK_VALUE_LINKS,    "auto",                              0 },
	{ PK_VALUE_LINKS,    "a:first-child",                     -EBADMSG },
	{ PK_VALUE_LINKS,    "//a",                               -EBADMSG },
	{ PK_VALUE_LINKS,    ".a .b .c .d .e .f .g .h .i",        -EBADMSG },
	{ PK_VALUE_LINKS,    "h2\na",                             -EBADMSG },
	{ PK_VALUE_CIDR,     "127.0.0.1/32",                      0 },
	{ PK_VALUE_CIDR,     "fd00::/8",                          0 },
	{ PK_VALUE_CIDR,     "10.0.0.0/33",                       -EBADMSG },
	{ PK_VALUE_CIDR,     "fd00::/129",                        -EBADMSG },
	{ PK_VALUE_CIDR,     "10.0.0.0",                          -EBADMSG },
	{ PK_VALUE_CIDR,     "10.0.0/8",                          -EBADMSG },
	{ PK_VALUE_CIDR,     "/8",                                -EBADMSG },
	{ PK_VALUE_ENDPOINT, "tcp://127.0.0.1:7551",              0 },
	{ PK_VALUE_ENDPOINT, "tcp://[::1]:7551",                  0 },
	{ PK_VALUE_ENDPOINT, "tcp://*:7551",                      0 },
	{ PK_VALUE_ENDPOINT, "tcp://127.0.0.1:*",                 0 },
	{ PK_VALUE_ENDPOINT, "ipc:///run/peyk/events.sock",       0 },
	{ PK_VALUE_ENDPOINT, "ipc://run/peyk",                    -EBADMSG },
	{ PK_VALUE_ENDPOINT, "ipc:///",                           -EBADMSG },
	{ PK_VALUE_ENDPOINT, "tcp://127.0.0.1",                   -EBADMSG },
	{ PK_VALUE_ENDPOINT, "tcp://127.0.0.1:0",                 0 },
	{ PK_VALUE_ENDPOINT, "tcp://127.0.0.1:99999",             -EBADMSG },
	{ PK_VALUE_ENDPOINT, "tcp://localhost:7551",              -EBADMSG },
	{ PK_VALUE_ENDPOINT, "tcp://::1:7551",                    -EBADMSG },
	{ PK_VALUE_ENDPOINT, "inproc://events",                   -EBADMSG },
	{ PK_VALUE_ENDPOINT, "",                                  -EBADMSG },
};

static const struct endpoint_case { const char *text; bool local; } endpoints[] = {
	{ "ipc:///run/peyk/events.sock", true },
	{ "tcp://127.0.0.1:7551",        true },
	{ "tcp://127.1.2.3:7551",        true },
	{ "tcp://[::1]:7551",            true },
	{ "tcp://[::]:7551",             false },
	{ "tcp://[::ffff:127.0.0.1]:1",  false },
	{ "tcp://0.0.0.0:7551",          false },
	{ "tcp://*:7551",                false },
	{ "tcp://10.0.0.1:7551",         false },
};
/* clang-format on */

static void
numbers_need_their_unit(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(numbers); i++) {
		const struct number_case *c = &numbers[i];
		int64_t value = UNTOUCHED;
		int r =
		    pk_value_parse(NULL, c->type, pk_span_of(c->text), "", "", &value);
		if (r != c->r || value != c->value)
			fail_msg("'%s': %d, %lld", c->text, r, (long long)value);
	}
}

static void
texts_are_what_they_claim_to_be(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < PK_COUNT(texts); i++) {
		const struct text_case *c = &texts[i];
		struct pk_span value = { NULL, 7 };
		int r =
		    pk_value_parse(arena, c->type, pk_span_of(c->text), "", "", &value);
		if (r != c->r)
			fail_msg("'%s': %d", c->text, r);
		if (r == 0)
			assert_string_equal(value.ptr, c->text);
		else
			assert_int_equal(value.len, 7);
	}
}

static void
limits_belong_to_the_range(void **state)
{
	int64_t value = UNTOUCHED;
	struct pk_span text;

	(void)state;
	assert_int_equal(
	    pk_value_parse(NULL, PK_VALUE_DURATION, PK_SPAN("60s"), "1m", "2m", &value),
	    0);
	assert_int_equal(pk_value_parse(NULL, PK_VALUE_DURATION, PK_SPAN("120s"), "1m",
			     "2m", &value),
	    0);
	value = UNTOUCHED;
	assert_int_equal(
	    pk_value_parse(NULL, PK_VALUE_DURATION, PK_SPAN("59s"), "1m", "2m", &value),
	    -ERANGE);
	assert_int_equal(pk_value_parse(NULL, PK_VALUE_DURATION, PK_SPAN("121s"), "1m",
			     "2m", &value),
	    -ERANGE);
	assert_int_equal(value, UNTOUCHED);
	assert_int_equal(
	    pk_value_parse(NULL, PK_VALUE_TEXT, PK_SPAN("abc"), "1", "2", &text),
	    -ERANGE);
}

/* What loopback is decides whether the stream may be read by strangers. */
static void
only_this_machine_reaches_local_endpoints(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(endpoints); i++) {
		if (pk_value_is_local_endpoint(pk_span_of(endpoints[i].text)) !=
		    endpoints[i].local)
			fail_msg("%s", endpoints[i].text);
	}
}

static void
values_are_written_in_their_largest_whole_unit(void **state)
{
	/* clang-format off */
	static const struct write_case {
		enum pk_value_type type; int64_t value; const char *text;
	} cases[] = {
		{ PK_VALUE_DURATION, 0,         "0s" },
		{ PK_VALUE_DURATION, 1500,      "1500ms" },
		{ PK_VALUE_DURATION, 90000,     "90s" },
		{ PK_VALUE_DURATION, 3600000,   "1h" },
		{ PK_VALUE_DURATION, 172800000, "2d" },
		{ PK_VALUE_SIZE,     0,         "0B" },
		{ PK_VALUE_SIZE,     1536,      "1536B" },
		{ PK_VALUE_SIZE,     8388608,   "8MiB" },
		{ PK_VALUE_PERCENT,  10,        "10%" },
		{ PK_VALUE_COUNT,    0,         "0" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < PK_COUNT(cases); i++) {
		struct pk_buf buf;
		int64_t back = UNTOUCHED;
		pk_buf_init(&buf, 0);
		assert_int_equal(
		    pk_value_write(cases[i].type, &cases[i].value, &buf), 0);
		assert_string_equal(buf.ptr, cases[i].text);
		assert_int_equal(pk_value_parse(NULL, cases[i].type, pk_buf_span(&buf),
				     "", "", &back),
		    0);
		assert_int_equal(back, cases[i].value);
		pk_buf_done(&buf);
	}
}

/* A line of options.def that is wrong would show up only where the key is used. */
static void
the_table_keeps_its_own_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < pk_config_keys.n; i++) {
		const struct pk_key *key = &pk_config_keys.items[i];
		const struct pk_value_info *info = pk_value_info(key->type);
		int64_t limit;
		if (info->storage != PK_STORED_NUMBER)
			continue;
		if (pk_value_parse(NULL, key->type, pk_span_of(key->fallback), key->min,
			key->max, &limit) != 0 ||
		    pk_value_parse(
			NULL, key->type, pk_span_of(key->min), "", "", &limit) != 0 ||
		    pk_value_parse(
			NULL, key->type, pk_span_of(key->max), "", "", &limit) != 0)
			fail_msg("%s: %s, %s..%s", key->path, key->fallback, key->min,
			    key->max);
	}
	for (size_t i = 0; i < pk_config_keys.n; i++) {
		const struct pk_key *key = &pk_config_keys.items[i];
		assert_ptr_equal(
		    pk_key_find(&pk_config_keys, pk_span_of(key->path)), key);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_need_their_unit),
		cmocka_unit_test(texts_are_what_they_claim_to_be),
		cmocka_unit_test(limits_belong_to_the_range),
		cmocka_unit_test(only_this_machine_reaches_local_endpoints),
		cmocka_unit_test(values_are_written_in_their_largest_whole_unit),
		cmocka_unit_test(the_table_keeps_its_own_rules),
	};

	return cmocka_run_group_tests_name("config/value", tests, NULL, NULL);
}
