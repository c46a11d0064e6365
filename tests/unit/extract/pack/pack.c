/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/pack/knowledge.h"
#include "extract/pack/phrases.h"
#include "tests/unit/extract/pack_fixture.h"

#include <errno.h>
#include <sys/stat.h>

static char dir[] = "/tmp/peyk-pack-XXXXXX";

static void
write_file(const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int
make_dir(void **state)
{
	char path[256];

	if (load_fa(state) < 0 || mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/lang", dir);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/lang/xx", dir);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/knowledge", dir);
	return mkdir(path, 0700);
}

static int
remove_dir(void **state)
{
	char command[300];

	snprintf(command, sizeof(command), "rm -r '%s'", dir);
	return free_fa(state) + system(command);
}

static void
a_language_is_a_folder(void **state)
{
	pk_cleanup(pk_pack_freep) struct pk_pack *pack = NULL;

	(void)state;
	write_file("lang/xx/cues.tsv", "# cues\ncue\tclass\nsays\tsay\n");
	write_file("knowledge/countries.tsv",
	    "id\tlatin\txx\txx_adj\nRUS\tRussia\tRuss|Russland\trussisch\n");
	assert_int_equal(pk_pack_load(dir, "xx", NULL, &pack, NULL), 0);
	assert_int_equal(pk_pack_knowledge(pack)->n_countries, 1);
	assert_span(pk_known_country_of(pack, PK_SPAN("RUS"))->native, "Russ");
}

static void
an_unknown_language_is_not_there(void **state)
{
	pk_cleanup(pk_pack_freep) struct pk_pack *pack = NULL;

	(void)state;
	assert_int_equal(pk_pack_load(dir, "yy", NULL, &pack, NULL), -ENOENT);
	assert_null(pack);
}

/* clang-format off */
static const struct wrong_case {
	const char *name; const char *file; const char *text; unsigned line; const char *word;
} wrong_cases[] = {
	{ "a word class", "lang/xx/stopwords.tsv", "class\twords\n\nprep\tin\nnone\tof\n",
	    4, "'none'" },
	{ "an actor's role", "knowledge/actors.tsv",
	    "id\tlatin\tcountry\troles\txx\na-b\tA B\tRUS\tqueen@RUS 2004 -\tA\n", 2,
	    "'queen'" },
	{ "an actor's day", "knowledge/actors.tsv",
	    "id\tlatin\tcountry\troles\txx\na-b\tA B\tRUS\tking@RUS 2004-13 -\tA\n", 2,
	    "'2004-13'" },
	{ "an office that ends before it begins", "knowledge/actors.tsv",
	    "id\tlatin\tcountry\troles\txx\na\tA\tRUS\tking@RUS 2004 2001\tA\n", 2,
	    "ends before" },
	{ "an id twice", "knowledge/countries.tsv",
	    "id\tlatin\txx\nRUS\tRussia\tR\nRUS\tRussia\tR\n", 3, "'RUS'" },
	{ "two kings at a time", "knowledge/actors.tsv",
	    "id\tlatin\tcountry\troles\txx\na\tA\tRUS\tking@RUS 2004 2009\tA\n"
	    "b\tB\tRUS\tking@RUS 2008 -\tB\n", 3,
	    "another king of RUS, 'a', in the time of 'b'" },
	{ "a level", "knowledge/places.tsv",
	    "id\tlatin\tcountry\tlevel\txx\np\tP\tRUS\tvillage\tP\n", 2, "'village'" },
};
/* clang-format on */

/* Who edits a file wants to know where it is wrong. */
static void
check_wrong(void **state)
{
	const struct wrong_case *c = *state;
	pk_cleanup(pk_pack_freep) struct pk_pack *pack = NULL;
	struct pk_diag diag = { 0 };
	char path[256];

	write_file("knowledge/countries.tsv", "id\tlatin\txx\nRUS\tRussia\tRuss\n");
	write_file("knowledge/roles.tsv",
	    "id\ten\tsector\texclusive\txx\nking\tKing\tGOV\tyes\tking\n");
	write_file(c->file, c->text);
	assert_int_equal(pk_pack_load(dir, "xx", NULL, &pack, &diag), -EBADMSG);
	assert_null(pack);
	assert_non_null(strstr(diag.where, c->file));
	assert_int_equal(diag.line, c->line);
	assert_non_null(strstr(diag.what, c->word));
	snprintf(path, sizeof(path), "%s/%s", dir, c->file);
	assert_int_equal(remove(path), 0);
}

static void
phrases_ignore_how_words_are_joined(void **state)
{
	static const int prime_minister = 1, minister = 2, deputy = 3;
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20);
	struct pk_phrases *phrases = pk_phrases_new(arena);
	struct pk_phrase_match match;

	(void)state;
	pk_phrases_add(phrases, PK_SPAN("نخست_وزیر"), &prime_minister);
	pk_phrases_add(phrases, PK_SPAN("وزیر"), &minister);
	pk_phrases_add(phrases, PK_SPAN("وزیر"), &deputy);
	const char *const forms[] = { "نخست وزیر", "نخست‌وزیر", "نخستوزير",
		"نخست  وزير" };
	for (size_t i = 0; i < PK_COUNT(forms); i++) {
		struct pk_text text = parse(arena, forms[i]);
		assert_true(pk_phrases_match(phrases, &text, 0, text.n_tokens, &match));
		assert_int_equal(match.end, text.n_tokens);
		assert_ptr_equal(match.values[0], &prime_minister);
	}
	struct pk_text text = parse(arena, "وزیران وزیر");
	assert_false(pk_phrases_match(phrases, &text, 0, 2, &match));
	assert_true(pk_phrases_match(phrases, &text, 1, 2, &match));
	assert_int_equal(match.n_values, 2);
	assert_false(pk_phrases_match(phrases, &text, 1, 1, &match));
	assert_ptr_equal(pk_phrases_get(phrases, PK_SPAN("نخستوزیر")), &prime_minister);
	assert_null(pk_phrases_get(phrases, PK_SPAN("نخست")));
}

static void
agencies_are_known_by_their_host(void **state)
{
	const struct pk_known_agency *agency =
	    pk_known_agency_of_host(fa, PK_SPAN("www.mehrnews.com"));

	(void)state;
	assert_non_null(agency);
	assert_span(agency->id, "mehr");
	assert_span(agency->country, "IRN");
	assert_null(pk_known_agency_of_host(fa, PK_SPAN("example.org")));
}

/* What a pack says, whatever it was made from. */
static size_t
count_countries(const struct pk_pack *pack)
{
	assert_span(pk_known_country_of(pack, PK_SPAN("RUS"))->native, "Russ");
	return pk_pack_knowledge(pack)->n_countries;
}

static void
an_image_is_the_pack(void **state)
{
	pk_cleanup(pk_pack_freep) struct pk_pack *tables = NULL, *image = NULL;
	char path[256];

	(void)state;
	write_file("lang/xx/cues.tsv", "# cues\ncue\tclass\nsays\tsay\n");
	write_file("knowledge/countries.tsv", "id\tlatin\txx\nRUS\tRussia\tRuss\n");
	assert_int_equal(pk_pack_load(dir, "xx", NULL, &tables, NULL), 0);
	snprintf(path, sizeof(path), "%s/xx.pack", dir);
	assert_int_equal(pk_pack_write(dir, "xx", path, NULL), 0);
	/* the tables may change: the image has all of it */
	write_file("knowledge/countries.tsv", "id\tlatin\txx\nRUS\tRussia\tAnders\n");
	assert_int_equal(pk_pack_load(dir, "xx", NULL, &image, NULL), 0);
	assert_int_equal(count_countries(image), count_countries(tables));
	remove(path);
}

/* A pack of another build, or one that was cut, is left aside. */
static void
an_image_that_does_not_fit_is_not_used(void **state)
{
	char path[256];

	(void)state;
	write_file("lang/xx/cues.tsv", "cue\tclass\nsays\tsay\n");
	write_file("knowledge/countries.tsv", "id\tlatin\txx\nRUS\tRussia\tRuss\n");
	snprintf(path, sizeof(path), "%s/xx.pack", dir);
	assert_int_equal(pk_pack_write(dir, "xx", path, NULL), 0);
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	const off_t sizes[] = { 0, 100, 4096, st.st_size / 2, st.st_size - 4 };
	for (size_t i = PK_COUNT(sizes); i-- > 0;) {
		pk_cleanup(pk_pack_freep) struct pk_pack *pack = NULL;
		assert_int_equal(truncate(path, sizes[i]), 0);
		assert_int_equal(pk_pack_load(dir, "xx", NULL, &pack, NULL), 0);
		count_countries(pack);
	}
	remove(path);
}

static void
own_rows_are_added_and_replace(void **state)
{
	pk_cleanup(pk_pack_freep) struct pk_pack *pack = NULL;
	char own[256];

	(void)state;
	write_file("knowledge/countries.tsv", "id\tlatin\txx\nRUS\tRussia\tRuss\n");
	write_file("knowledge/roles.tsv",
	    "id\ten\tsector\texclusive\txx\nking\tKing\tGOV\tyes\tking\n");
	write_file("knowledge/actors.tsv",
	    "id\tlatin\tcountry\troles\txx\na\tA\tRUS\tking@RUS 2004 -\tA\n"
	    "b\tB\tRUS\t\tB\n");
	snprintf(own, sizeof(own), "%s/own", dir);
	mkdir(own, 0700);
	write_file("own/actors.tsv",
	    "id\tcountry\tlatin\txx\troles\nc\tRUS\tC\tC\tking@RUS 2010-01-01 -\n"
	    "b\tRUS\tBe\tBe\t\n");
	assert_int_equal(pk_pack_load(dir, "xx", own, &pack, NULL), 0);
	const struct pk_knowledge *known = pk_pack_knowledge(pack);
	assert_int_equal(known->n_actors, 3);
	assert_span(known->actors[0].latin, "A");
	/* our king's time ends when theirs begins */
	assert_int_equal(
	    known->actors[0].offices[0].until, known->actors[1].offices[0].from);
	assert_span(known->actors[1].latin, "C");
	assert_span(known->actors[2].latin, "Be");
}

/* clang-format off */
static const struct own_case {
	const char *name; const char *file; const char *text; unsigned line; const char *what;
} own_cases[] = {
	{ "own: no such table", "own/actor.tsv", "id\n", 0,
	    "no table 'actor' (want countries, places, organisations, agencies, roles or actors)" },
	{ "own: no such column", "own/actors.tsv", "# mine\nid\tname\na\tA\n", 2,
	    "no column 'name' (want id, latin, country, roles or xx, with a TAB between)" },
	{ "own: blanks for TABs", "own/actors.tsv", "id latin xx\na A A\n", 1,
	    "no column 'id latin xx'" },
	{ "own: a column twice", "own/actors.tsv", "id\txx\txx\na\tA\tA\n", 1,
	    "'xx' is there twice" },
	{ "own: no ids", "own/actors.tsv", "latin\txx\nA\tA\n", 1, "'id' is missing" },
	{ "own: an empty id", "own/actors.tsv", "id\txx\n\tA\n", 2, "the id is missing" },
	{ "own: a row without TABs", "own/actors.tsv", "id\txx\na A\n", 2, "not 'a A'" },
	{ "own: an id twice", "own/actors.tsv", "id\txx\na\tA\nb\tB\na\tC\n", 4,
	    "there twice: 'a'" },
	{ "own: too many cells", "own/actors.tsv", "id\txx\na\tA\tB\n", 2, "want 2 cells" },
	{ "own: a country", "own/actors.tsv", "id\tcountry\txx\na\tRU\tA\n", 2,
	    "no country 'RU'" },
	{ "own: a role", "own/actors.tsv", "id\troles\txx\na\tquen@RUS - -\tA\n", 2,
	    "no role 'quen'" },
	{ "own: another king at the time", "own/actors.tsv",
	    "id\troles\txx\nb\t\tB\na\tking@RUS - 2009\tA\n", 3,
	    "another king of RUS, 'ours', in the time of 'a'" },
	{ "own: a code", "own/countries.tsv", "id\txx\nRu\tR\n", 2,
	    "three capital letters, not 'Ru'" },
	{ "own: a sector", "own/organisations.tsv",
	    "id\tkind\tsector\txx\no\torg\tGOV|gov\tO\n", 2, "not 'gov'" },
	{ "own: a switch", "own/roles.tsv", "id\texclusive\txx\nr\ttrue\tR\n", 2,
	    "yes or no, not 'true'" },
	{ "own: a publisher's id", "own/agencies.tsv", "id\txx\nthe_sun\tSun\n", 2,
	    "not 'the_sun'" },
	{ "own: no UTF-8", "own/actors.tsv", "id\txx\na\t\xff\n", 0, "want UTF-8" },
};
/* clang-format on */

static void
write_ours(void)
{
	write_file("knowledge/countries.tsv", "id\tlatin\txx\nRUS\tRussia\tRuss\n");
	write_file("knowledge/organisations.tsv",
	    "id\tlatin\tkind\tcountry\tsector\tcode\txx\n");
	write_file("knowledge/agencies.tsv", "id\tlatin\tcountry\tkind\thosts\txx\n");
	write_file("knowledge/roles.tsv",
	    "id\ten\tsector\texclusive\txx\nking\tKing\tGOV\tyes\tking\n");
	write_file("knowledge/actors.tsv",
	    "id\tlatin\tcountry\troles\txx\nours\tO\tRUS\tking@RUS 2004 -\tO\n");
}

/* The user has no tests for their tables: all that would be passed over is said. */
static void
check_own(void **state)
{
	const struct own_case *c = *state;
	pk_cleanup(pk_pack_freep) struct pk_pack *pack = NULL;
	struct pk_diag diag = { 0 };
	char own[256], path[256];

	write_ours();
	snprintf(own, sizeof(own), "%s/own", dir);
	mkdir(own, 0700);
	write_file("own/actors.tsv", "\xef\xbb\xbfid\txx\tyy_short\r\na\tA\t\r\n");
	assert_int_equal(pk_pack_load(dir, "xx", own, &pack, &diag), 0);
	pack = pk_pack_free(pack);
	write_file(c->file, c->text);
	assert_int_equal(pk_pack_load(dir, "xx", own, &pack, &diag), -EBADMSG);
	assert_null(pack);
	snprintf(path, sizeof(path), "%s/%s", dir, c->file);
	assert_string_equal(diag.where, path);
	assert_int_equal(diag.line, c->line);
	if (strstr(diag.what, c->what) == NULL)
		fail_msg("%s", diag.what);
	assert_int_equal(remove(path), 0);
}

static void
the_folder_must_be_there(void **state)
{
	pk_cleanup(pk_pack_freep) struct pk_pack *pack = NULL;
	struct pk_diag diag = { 0 };

	(void)state;
	write_ours();
	assert_int_equal(
	    pk_pack_load(dir, "xx", "/nowhere/at/all", &pack, &diag), -ENOENT);
	assert_string_equal(diag.where, "/nowhere/at/all");
	assert_int_equal(diag.line, 0);
	assert_non_null(strstr(diag.what, "No such file or directory"));
	assert_int_equal(pk_pack_load(dir, "xx", "/dev/null", &pack, &diag), -ENOTDIR);
	assert_null(pack);
}

int
main(void)
{
	const struct CMUnitTest fixed[] = {
		cmocka_unit_test(a_language_is_a_folder),
		cmocka_unit_test(an_unknown_language_is_not_there),
		cmocka_unit_test(phrases_ignore_how_words_are_joined),
		cmocka_unit_test(agencies_are_known_by_their_host),
		cmocka_unit_test(an_image_is_the_pack),
		cmocka_unit_test(an_image_that_does_not_fit_is_not_used),
		cmocka_unit_test(own_rows_are_added_and_replace),
		cmocka_unit_test(the_folder_must_be_there),
	};
	struct CMUnitTest
	    tests[PK_COUNT(fixed) + PK_COUNT(wrong_cases) + PK_COUNT(own_cases)];

	memcpy(tests, fixed, sizeof(fixed));
	for (size_t i = 0; i < PK_COUNT(wrong_cases); i++)
		tests[PK_COUNT(fixed) + i] = (struct CMUnitTest){ wrong_cases[i].name,
			check_wrong, NULL, NULL, (void *)(uintptr_t)&wrong_cases[i] };
	for (size_t i = 0; i < PK_COUNT(own_cases); i++)
		tests[PK_COUNT(fixed) + PK_COUNT(wrong_cases) + i] =
		    (struct CMUnitTest){ own_cases[i].name, check_own, NULL, NULL,
			    (void *)(uintptr_t)&own_cases[i] };
	return cmocka_run_group_tests_name("extract/pack", tests, make_dir, remove_dir);
}
