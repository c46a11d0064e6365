/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* clang-format off */
static const struct decode_case {
	const char *bytes;
	const char *clean; /* with "?" for U+FFFD */
} cases[] = {
	{ "plain",                        "plain" },
	{ "سلام 😀",                       "سلام 😀" },
	{ "\x80",                         "?" },
	{ "a\xC3",                        "a?" },
	{ "\xC0\x80",                     "??" },      /* overlong */
	{ "\xE0\x9F\x80",                 "???" },
	{ "\xF0\x8F\x80\x80",             "????" },
	{ "\xED\xA0\x80",                 "???" },     /* a surrogate */
	{ "\xF4\x90\x80\x80",             "????" },    /* above U+10FFFF */
	{ "\xF5",                         "?" },
	{ "\xE1\x80x",                    "?x" },      /* the maximal subpart is one */
	{ "\xF1\x80\x80x",                "?x" },
	{ "\xF1\x80\xE1\x80\xC2",         "???" },     /* Unicode, table 3-8 */
	{ "\xC2\x41\x42",                 "?AB" },
	{ "\xEF\xBB\xBF",                 "\xEF\xBB\xBF" },
};
/* clang-format on */

static void
malformed_bytes_become_replacements(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(cases); i++) {
		pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(4096);
		struct pk_span bytes = pk_span_of(cases[i].bytes);
		struct pk_span clean = pk_utf8_clean(arena, bytes);
		char shown[64] = "", *out = shown;

		assert_true(pk_utf8_valid(clean));
		for (size_t at = 0; at < clean.len;) {
			uint32_t point;
			size_t len = pk_utf8_decode(clean, at, &point, NULL);
			if (point == PK_UTF8_REPLACEMENT)
				*out++ = '?';
			else
				out = mempcpy(out, clean.ptr + at, len);
			at += len;
		}
		assert_string_equal(shown, cases[i].clean);
		assert_int_equal(
		    pk_utf8_valid(bytes), strcmp(cases[i].bytes, cases[i].clean) == 0);
	}
}

static void
every_character_there_and_back(void **state)
{
	(void)state;
	for (uint32_t point = 0; point <= 0x110000; point++) {
		char bytes[4];
		uint32_t back;
		bool valid;
		size_t len = pk_utf8_encode(point, bytes);
		struct pk_span text = { bytes, len };

		assert_int_equal(pk_utf8_decode(text, 0, &back, &valid), len);
		assert_true(valid);
		bool scalar = point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
		assert_int_equal(back, scalar ? point : PK_UTF8_REPLACEMENT);
	}
}

static void
a_cut_never_parts_a_character(void **state)
{
	struct pk_span text = PK_SPAN("aس😀");

	(void)state;
	static const size_t want[] = { 0, 1, 1, 3, 3, 3, 3, 7, 7 };
	for (size_t max = 0; max < PK_COUNT(want); max++)
		assert_int_equal(pk_utf8_prefix(text, max).len, want[max]);
	assert_int_equal(pk_utf8_count(text), 3);
	assert_int_equal(pk_utf8_count((struct pk_span){ NULL, 0 }), 0);
}

static void
nul_is_replaced_and_clean_text_borrowed(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(4096);
	struct pk_span text = PK_SPAN("پیک");

	(void)state;
	assert_ptr_equal(pk_utf8_clean(arena, text).ptr, text.ptr);
	assert_true(pk_span_eq(pk_utf8_clean(arena, PK_SPAN("a\0b")), PK_SPAN("a\uFFFD"
									      "b")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(malformed_bytes_become_replacements),
		cmocka_unit_test(every_character_there_and_back),
		cmocka_unit_test(a_cut_never_parts_a_character),
		cmocka_unit_test(nul_is_replaced_and_clean_text_borrowed),
	};

	return cmocka_run_group_tests_name("base/utf8", tests, NULL, NULL);
}
