/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/extract.h"
#include "base/buf.h"
#include "tests/unit/extract/extractor_fixture.h"

#include <errno.h>

/* Extracts a page of `url` whose feed is configured with this publisher. */
static struct pk_doc *
read_page(const char *url, struct pk_publisher publisher,
    struct pk_extraction *ret_extraction)
{
	struct pk_doc *doc = pk_doc_new(PK_DOC_PAGE, (size_t)16 << 20);

	assert_non_null(doc);
	doc->url = pk_span_of(url);
	doc->publisher = publisher;
	doc->bytes =
	    PK_SPAN("<html lang=fa><title>نشست آب</title><h1>نشست آب</h1>"
		    "<article><p>کارشناسان آب صبح امروز درباره ذخیره سدهای "
		    "منطقه گزارش دادند و آن را کافی دانستند.</p>"
		    "<p>این نشست تا عصر فردا در همین شهر ادامه دارد و گزارش آن "
		    "منتشر می‌شود.</p></article></html>");
	assert_int_equal(pk_extract(extractor, doc, ret_extraction), 0);
	assert_null(ret_extraction->reason);
	return doc;
}

static void
expect(struct pk_span got, const char *want)
{
	assert_true(pk_span_eq(got, pk_span_of(want)));
}

static void
a_known_id_brings_name_and_country(void **state)
{
	struct pk_extraction x;
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    read_page("https://a.example.org/1",
		(struct pk_publisher){ .id = PK_SPAN("irna") }, &x);

	(void)state;
	assert_non_null(doc);
	expect(x.article.publisher.native, "ایرنا");
	expect(x.article.publisher.latin, "IRNA");
	expect(x.article.publisher.country, "IRN");
}

static void
what_was_configured_stands(void **state)
{
	struct pk_extraction x;
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = read_page(
	    "https://a.example.org/1",
	    (struct pk_publisher){ .id = PK_SPAN("irna"), .country = PK_SPAN("TJK") },
	    &x);

	(void)state;
	assert_non_null(doc);
	expect(x.article.publisher.country, "TJK");
}

static void
a_host_tells_who_publishes(void **state)
{
	struct pk_extraction x;
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    read_page("https://www.irna.ir/news/1", (struct pk_publisher){ 0 }, &x);

	(void)state;
	assert_non_null(doc);
	expect(x.article.publisher.id, "irna");
}

static void
an_unknown_publisher_stays_unknown(void **state)
{
	struct pk_extraction x;
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    read_page("https://a.example.org/1", (struct pk_publisher){ 0 }, &x);

	(void)state;
	assert_non_null(doc);
	assert_int_equal(x.article.publisher.id.len, 0);
	assert_int_equal(x.article.publisher.country.len, 0);
}

/* A folder with one table of the user's own. */
static void
make_own(char *folder, const char *text)
{
	char path[64];

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/actors.tsv", folder);
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void
remove_own(const char *folder)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/actors.tsv", folder);
	assert_int_equal(remove(path), 0);
	assert_int_equal(rmdir(folder), 0);
}

/* The tables may go, and all holders but one. */
static void
who_holds_it_has_the_users_people(void **state)
{
	char folder[] = "/tmp/peyk-extract-XXXXXX";
	struct pk_extractor *own = NULL;
	struct pk_extraction x;
	struct pk_doc *doc = pk_doc_new(PK_DOC_TEXT, (size_t)16 << 20);

	(void)state;
	make_own(folder,
	    "id\tlatin\tcountry\troles\tfa\tfa_short\n"
	    "kaveh-zarafshan\tKaveh Zarafshan\tTJK\tforeign_minister@TJK 2020 -"
	    "\tکاوه زرافشان\tزرافشان\n");
	assert_int_equal(
	    pk_extractor_new(PEYK_SOURCE_DIR "/extract",
		&(struct pk_own_folders){ .knowledge = folder }, &own, NULL),
	    0);
	remove_own(folder);
	assert_ptr_equal(pk_extractor_ref(own), own);
	assert_null(pk_extractor_unref(own));

	assert_non_null(doc);
	doc->entry_published = PK_SPAN("2024-05-01");
	doc->bytes = PK_SPAN(
	    "سخنان تازه در دوشنبه\n"
	    "زرافشان امروز در دوشنبه گفت که "
	    "راه‌های مرزی باز می‌ماند و رفت‌وآمد "
	    "از فردا آسان‌تر می‌شود.\n");
	assert_int_equal(pk_extract(own, doc, &x), 0);
	assert_true(x.n_events > 0 && x.events[0].n_actors == 1);
	expect(x.events[0].actors[0].id, "kaveh-zarafshan");
	expect(x.events[0].actors[0].name.latin, "Kaveh Zarafshan");
	pk_doc_free(doc);
	assert_null(pk_extractor_unref(own));
	assert_null(pk_extractor_unref(NULL));
}

static void
a_folder_that_is_not_there_is_told(void **state)
{
	struct pk_extractor *own = NULL;
	struct pk_diag diag;

	(void)state;
	assert_int_equal(
	    pk_extractor_new(PEYK_SOURCE_DIR "/extract",
		&(struct pk_own_folders){ .knowledge = "/nowhere" }, &own, &diag),
	    -ENOENT);
	assert_null(own);
	assert_string_equal(diag.where, "/nowhere");
	assert_int_equal(
	    pk_extractor_new(PEYK_SOURCE_DIR "/extract",
		&(struct pk_own_folders){ .sites = "/nowhere/2" }, &own, &diag),
	    -ENOENT);
	assert_null(own);
	assert_string_equal(diag.where, "/nowhere/2");
}

/*
 * Words that make the reader look for others, again and again and without an end. Were
 * the work their square, the test would not end in its time.
 */
static void
what_repeats_costs_no_square(void **state)
{
	static const char *const things[] = { "با تأکید بر ", "ضمن رد این ",
		"با اعلام کردن ", "از سوی او گفته شد که ", "انتقاد دوستانه ای " };

	(void)state;
	for (size_t i = 0; i < PK_COUNT(things); i++) {
		pk_cleanup(pk_doc_freep) struct pk_doc *doc =
		    pk_doc_new(PK_DOC_TEXT, (size_t)256 << 20);
		struct pk_buf text;
		struct pk_extraction x;

		assert_non_null(doc);
		pk_buf_init(&text, 0);
		while (text.len < (size_t)64 << 10)
			assert_int_equal(
			    pk_buf_append(&text, pk_span_of(things[i])), 0);
		doc->lang = PK_SPAN("fa");
		doc->bytes = pk_buf_span(&text);
		assert_int_equal(pk_extract(extractor, doc, &x), 0);
		pk_buf_done(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_known_id_brings_name_and_country),
		cmocka_unit_test(what_was_configured_stands),
		cmocka_unit_test(a_host_tells_who_publishes),
		cmocka_unit_test(an_unknown_publisher_stays_unknown),
		cmocka_unit_test(who_holds_it_has_the_users_people),
		cmocka_unit_test(a_folder_that_is_not_there_is_told),
		cmocka_unit_test(what_repeats_costs_no_square),
	};

	return cmocka_run_group_tests_name(
	    "extract/extract", tests, load_extractor, free_extractor);
}
