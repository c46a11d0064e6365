/* SPDX-License-Identifier: Apache-2.0 */
/* Text that nobody would write: everything is read, nothing is read beyond its end. */
#include "extract/names/mention.h"
#include "extract/text/date.h"
#include "extract/text/segment.h"

#include "base/utf8.h"
#include "tests/unit/extract/pack_fixture.h"

/* clang-format off */
static const char news[] =
    "به گزارش خبرگزاری سپهر، «نادر فرهمند»، وزیر پیشین راه، روز سه‌شنبه ۱۲ بهمن ۱۴۰۰ (۱ فوریه "
    "۲۰۲۲) در ساعت ۱۴:۳۰ گفت: ۴۱ هزار و ۳۰۰ نفر، ۱۲٫۵ درصد، نمي‌توانند به خانه‌هایشان برگردند؟! "
    "U.S. officials said e\xCC\x81t\xE2\x80\xAFla… (ر.ک. ه.ش) كردهاند؛ می گوید: «…»\r\n\tپایان 😀";
/* clang-format on */

/* Everything that is done with a text, on a copy that ends where the bytes end. */
static void
understand(const char *bytes, size_t len)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1u << 30);
	pk_cleanup(pk_freep) char *copy = malloc(len + 1);
	const struct pk_names_context context = { .day = 19000, .has_day = true };
	struct pk_segments segments;
	struct pk_mentions mentions;
	struct pk_dates dates;
	struct pk_text text;

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	struct pk_span clean = pk_utf8_clean(arena, (struct pk_span){ copy, len });
	assert_int_equal(pk_text_parse(arena, fa, clean, NULL, 0, &text), 0);
	assert_int_equal(pk_mentions_find(arena, fa, &text, &context, &mentions), 0);
	assert_int_equal(pk_dates_find(arena, fa, &text, context.day, true, &dates), 0);
	for (size_t i = 0; i < text.n_tokens; i++)
		assert_int_equal(pk_segment(arena, fa, &text, i, i + 1, &segments), 0);
}

static void
every_prefix_of_a_text(void **state)
{
	(void)state;
	for (size_t len = 0; len < sizeof(news); len++)
		understand(news, len);
}

static void
random_bytes(void **state)
{
	char bytes[4096];
	uint64_t seed = 3;

	(void)state;
	for (int round = 0; round < 20; round++) {
		for (size_t i = 0; i < sizeof(bytes); i++) {
			seed = seed * UINT64_C(6364136223846793005) + 1;
			bytes[i] = (char)(seed >> 56);
		}
		understand(bytes, sizeof(bytes));
	}
}

static void
lone_surrogates_and_overlong_forms(void **state)
{
	static const char bytes[] =
	    "گفت \xED\xA0\x80 و \xED\xB0\x80\xED\xA0\x80 \xC0\xAF"
	    "\xF4\x90\x80\x80 \xF8\x88\x80\x80\x80 نه";

	(void)state;
	understand(bytes, sizeof(bytes) - 1);
}

/* What repeats one thing for a MiB must not cost its square. */
static void
a_mebibyte_of_one_thing(void **state)
{
	static const char *const things[] = { "ب", "می", "ها", "«", "سال ", "و ", "یک ",
		"دو و ", "12:", ".", "\xE2\x80\x8C", "وزیر ", "\n" };

	(void)state;
	for (size_t i = 0; i < PK_COUNT(things); i++) {
		size_t len = strlen(things[i]), n = (1u << 20) / len;
		pk_cleanup(pk_freep) char *text = malloc(n * len);
		assert_non_null(text);
		for (size_t at = 0; at < n; at++)
			memcpy(text + at * len, things[i], len);
		understand(text, n * len);
	}
}

/* Later stages compare the tokens of a sentence: it has an end. */
static void
what_never_ends_is_cut(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1u << 24);
	static char words[2000 * 5];

	(void)state;
	for (size_t i = 0; i < 2000; i++)
		memcpy(words + i * 5, "آب ", 5);
	struct pk_text text;
	assert_int_equal(pk_text_parse(arena, fa,
			     (struct pk_span){ words, sizeof(words) }, NULL, 0, &text),
	    0);
	assert_int_equal(text.n_tokens, 2000);
	assert_int_equal(text.n_sentences, 4);
	for (size_t i = 0; i < text.n_sentences; i++) {
		assert_int_equal(text.sentences[i].first, i * PK_SENTENCE_TOKENS_MAX);
		assert_int_equal(text.sentences[i].paragraph, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_prefix_of_a_text),
		cmocka_unit_test(random_bytes),
		cmocka_unit_test(lone_surrogates_and_overlong_forms),
		cmocka_unit_test(a_mebibyte_of_one_thing),
		cmocka_unit_test(what_never_ends_is_cut),
	};

	return cmocka_run_group_tests_name(
	    "extract/text/hostile", tests, load_fa, free_fa);
}
