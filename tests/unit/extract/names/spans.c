/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/names/mention.h"
#include "extract/names/tagger.h"
#include "tests/unit/extract/pack_fixture.h"

#include <errno.h>

/* The pack of the build, which has a model; that of the sources has none. */
static struct pk_pack *built;

static int
load_both(void **state)
{
	return load_fa(state) < 0 || pk_pack_load(PEYK_BINARY_DIR "/share/peyk", "fa",
					 NULL, &built, NULL) < 0
		   ? -1
		   : 0;
}

static int
free_both(void **state)
{
	built = pk_pack_free(built);
	return free_fa(state);
}

static const char *const type_names[] = { "PER", "ORG", "LOC", "ROLE" };

/* The spans of a text, "PER نام\n" each. */
static void
show(const struct pk_pack *pack, const char *string, char *out, size_t size)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(16 << 20);
	const struct pk_names_context context = { .day = 19700, .has_day = true };
	struct pk_mentions mentions;
	struct pk_text text;
	size_t len = 0;

	out[0] = '\0';
	assert_int_equal(
	    pk_text_parse(arena, pack, pk_span_of(string), NULL, 0, &text), 0);
	assert_int_equal(pk_mentions_find(arena, pack, &text, &context, &mentions), 0);
	for (size_t i = 0; i < mentions.n_spans; i++) {
		const struct pk_name_span *span = &mentions.spans[i];
		len += (size_t)snprintf(out + len, size - len, "%s %.*s\n",
		    type_names[span->type],
		    PK_SPAN_ARG(pk_text_of(&text, span->first, span->end)));
	}
}

/* clang-format off */
static const struct span_case {
	const char *text; const char *spans;
} cases[] = {
	/* somebody whom no list knows, without a title; then by the surname */
	{ "فرهاد سهرابیان در مسابقه دوومیدانی مدال برنز گرفت.\nسهرابیان پس از مسابقه با خبرنگاران سخن گفت.",
	  "PER فرهاد سهرابیان\nPER سهرابیان\n" },
	/* a role with what is in it, and the name */
	{ "وزیر کشاورزی نروژ گفت محصول امسال خوب است.", "ROLE وزیر کشاورزی نروژ\nLOC نروژ\n" },
	/* the kind of place and of body belongs to the name */
	{ "او در استان کرمان زندگی می‌کند.", "LOC استان کرمان\n" },
	{ "او در دانشگاه تبریز درس می‌خواند.", "ORG دانشگاه تبریز\n" },
	/* nothing */
	{ "هوا فردا سرد می‌شود و باران می‌بارد.", "" },
	{ "", "" },
};
/* clang-format on */

static void
check_case(void **state)
{
	const struct span_case *c = *state;
	char got[1024];

	show(built, c->text, got, sizeof(got));
	assert_string_equal(got, c->spans);
}

/* Without a model the grammar's own borders are there. */
static void
without_a_model_the_grammar_speaks(void **state)
{
	char got[1024];

	(void)state;
	show(fa, "آنگلا مرکل، صدراعظم آلمان، به پاریس رفت.", got, sizeof(got));
	assert_string_equal(got, "PER آنگلا مرکل\nROLE صدراعظم آلمان\nLOC پاریس\n");
}

static bool
may_begin_anywhere(enum pk_tag tag)
{
	return tag == PK_TAG_O || tag == PK_TAG_B_PER || tag == PK_TAG_B_ORG ||
	       tag == PK_TAG_B_LOC || tag == PK_TAG_B_ROLE;
}

/* Whatever the scores, a name goes on only as what it began as. */
static void
paths_keep_to_bio(void **state)
{
	enum { N = 40, ROUNDS = 200 };
	int32_t scores[N][PK_TAG_LANES], transitions[PK_TAGS][PK_TAG_LANES] = { 0 };
	enum pk_tag tags[N], last;
	uint64_t seed = 7;

	(void)state;
	pk_tags_forbid(transitions);
	for (int round = 0; round < ROUNDS; round++) {
		pk_cleanup(pk_arena_freep) struct pk_arena *arena =
		    pk_arena_new(1 << 16);
		for (size_t i = 0; i < N; i++) {
			for (size_t tag = 0; tag < PK_TAG_LANES; tag++) {
				seed = seed * UINT64_C(6364136223846793005) + 1;
				scores[i][tag] = (int32_t)(seed >> 40) % 1000;
			}
		}
		assert_int_equal(
		    pk_tags_best(arena, (const int32_t(*)[PK_TAG_LANES])scores,
			(const int32_t(*)[PK_TAG_LANES])transitions, N, tags),
		    0);
		last = PK_TAG_O;
		for (size_t i = 0; i < N; i++) {
			assert_true(may_begin_anywhere(tags[i]) ||
				    transitions[last][tags[i]] != PK_TAG_NEVER);
			last = tags[i];
		}
	}
}

static void
a_file_that_is_no_model(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(16 << 20);
	const struct pk_tagger *tagger = NULL;

	(void)state;
	assert_int_equal(pk_tagger_load(arena, "/nowhere/fa.tagger", &tagger), -ENOENT);
	assert_int_equal(pk_tagger_load(arena,
			     PEYK_SOURCE_DIR "/extract/lang/fa/titles.tsv", &tagger),
	    -EBADMSG);
	assert_null(tagger);
}

int
main(void)
{
	const struct CMUnitTest fixed[] = {
		cmocka_unit_test(without_a_model_the_grammar_speaks),
		cmocka_unit_test(paths_keep_to_bio),
		cmocka_unit_test(a_file_that_is_no_model),
	};
	struct CMUnitTest tests[PK_COUNT(fixed) + PK_COUNT(cases)];

	memcpy(tests, fixed, sizeof(fixed));
	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[PK_COUNT(fixed) + i] = (struct CMUnitTest){ cases[i].text,
			check_case, NULL, NULL, (void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests_name(
	    "extract/names/spans", tests, load_both, free_both);
}
