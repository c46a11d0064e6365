/* SPDX-License-Identifier: Apache-2.0 */
/* What near copies of Persian reports have in common, and other reports have not. */
#include "base/buf.h"
#include "extract/extract.h"
#include "extract/story/sketch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct pk_extractor *extractor;
static struct pk_arena *arena;

static int
set_up(void **state)
{
	struct pk_diag diag;

	(void)state;
	arena = pk_arena_new((size_t)64 << 20);
	return pk_extractor_new(PEYK_SOURCE_DIR "/extract", NULL, &extractor, &diag);
}

static int
tear_down(void **state)
{
	(void)state;
	extractor = pk_extractor_unref(extractor);
	arena = pk_arena_free(arena);
	return 0;
}

/* clang-format off */
#define OPENER \
	"وزیر خارجه عمان روز سه‌شنبه در مسقط با وزیر خارجه کنیا دیدار و درباره " \
	"بازسازی اسکله‌های بندر مومباسا گفت‌وگو کرد.\n\n"
#define SPEECH \
	"وزیر خارجه عمان در این دیدار گفت: «کشتی‌های ماهیگیری هر دو کشور از بهار " \
	"آینده بدون عوارض در این بندر پهلو می‌گیرند و انبارهای سرد تازه‌ای برای " \
	"صیادان ساخته می‌شود.»\n\n"
#define ANSWER \
	"وزیر خارجه کنیا نیز تأکید کرد که دولت نایروبی زمین لازم برای ساخت " \
	"انبارها را تا پایان ماه واگذار می‌کند و راه دسترسی به اسکله‌ها را دوباره " \
	"آسفالت خواهد کرد.\n\n"
#define TAIL \
	"دو کشور پیش از این بر سر خط کشتیرانی میان صحار و مومباسا به توافق رسیده " \
	"بودند. این خط هفته‌ای دو بار مسافر و کالا جابه‌جا می‌کند.\n\n"
#define MORE \
	"مومباسا بزرگ‌ترین بندر شرق آفریقاست و سالانه میلیون‌ها تن کالا از آن " \
	"می‌گذرد. این بندر به پنج کشور همسایه راه دارد.\n\n"
/* clang-format on */

static const char report[] = OPENER SPEECH ANSWER TAIL;

static struct pk_span
replaced(const char *text, const char *from, const char *to)
{
	struct pk_span rest = pk_span_of(text), what = pk_span_of(from);
	struct pk_buf buf;
	size_t at;

	pk_buf_init(&buf, 0);
	while ((at = pk_span_find(rest, what, 0)) != SIZE_MAX) {
		pk_buf_append(&buf, pk_span_slice(rest, 0, at));
		pk_buf_append(&buf, pk_span_of(to));
		rest = pk_span_slice(rest, at + what.len, rest.len);
	}
	pk_buf_append(&buf, rest);
	struct pk_span copy = pk_arena_copy(arena, pk_buf_span(&buf));
	pk_buf_done(&buf);
	return copy;
}

static struct pk_sketch
sketch_of(struct pk_span text)
{
	const struct pk_sketch *sketch = NULL;

	assert_int_equal(pk_story_sketch(arena, text, &sketch), 0);
	assert_non_null(sketch);
	return *sketch;
}

struct copy_case {
	const char *name;
	const char *text;
};

/* clang-format off */
static const struct copy_case copies[] = {
	{ "another opener",
	    "به گزارش سپهر از بندرهای خاور دریا، خبر تازه‌ای رسید.\n\n"
	    OPENER SPEECH ANSWER TAIL },
	{ "another first paragraph",
	    "عمان و کنیا به هم نزدیک‌تر شدند؛ این را دیداری در مسقط نشان داد.\n\n"
	    SPEECH ANSWER TAIL },
	{ "a cut tail", OPENER SPEECH ANSWER },
	{ "two paragraphs alone", OPENER SPEECH },
	{ "a paragraph more", OPENER SPEECH ANSWER TAIL MORE },
	{ "a paragraph less in the middle", OPENER ANSWER TAIL },
	{ "another opener and a cut tail",
	    "خبرنگار ما از مسقط گزارش می‌دهد.\n\n" OPENER SPEECH ANSWER },
};
/* clang-format on */

static void
a_copy_is_near(void **state)
{
	const struct copy_case *c = *state;
	struct pk_sketch a = sketch_of(pk_span_of(report));
	struct pk_sketch b = sketch_of(pk_span_of(c->text));

	assert_true(pk_sketch_near(&a, &b));
}

static void
keyboards_make_no_difference(void **state)
{
	struct pk_sketch a = sketch_of(pk_span_of(report));
	struct pk_span other = replaced(report, "ی", "ي");

	(void)state;
	other = replaced(other.ptr, "ک", "ك");
	other = replaced(other.ptr, "\u200c", "");
	struct pk_sketch b = sketch_of(other);
	assert_memory_equal(&a, &b, sizeof(a));
	/* a blank for a ZWNJ makes more words, of the same letters */
	struct pk_sketch c = sketch_of(replaced(report, "\u200c", " "));
	assert_true(pk_sketch_likeness(&a, &c) > 0.8);
}

/* clang-format off */
static const struct copy_case others[] = {
	{ "the same meeting in other words",
	    "دستگاه دیپلماسی مسقط میزبان همتای کنیایی بود. در گفت‌وگوی دو وزیر، "
	    "آینده لنگرگاه مومباسا محور اصلی بود و دو طرف خواستند که کار نوسازی "
	    "زودتر آغاز شود. ماهیگیران عمانی از این پس عوارض نمی‌پردازند و "
	    "سردخانه‌ها گسترش می‌یابد. نایروبی نیز وعده داد که زمین سردخانه‌ها را "
	    "آماده کند." },
	{ "another meeting of the same two",
	    "وزیر خارجه عمان روز شنبه در نایروبی با وزیر خارجه کنیا دیدار کرد. دو "
	    "وزیر درباره آموزش پزشکان و پرستاران و گسترش بیمارستان‌های روستایی "
	    "سخن گفتند. قرار شد نخستین گروه دانشجویان پزشکی از پاییز در مسقط درس "
	    "بخوانند و هزینه آن را صندوقی مشترک بپردازد." },
	{ "another matter",
	    "کتابخانه شهر پس از سه سال تعمیر دوباره باز شد. شهردار در آیین گشایش "
	    "گفت که تالار کودکان دو برابر شده و هزار کتاب تازه در قفسه‌هاست. "
	    "خواندن در تالار تازه رایگان است و تا پایان زمستان هر شب تا ساعت ده "
	    "ادامه دارد." },
};
/* clang-format on */

static void
another_report_is_not(void **state)
{
	const struct copy_case *c = *state;
	struct pk_sketch a = sketch_of(pk_span_of(report));
	struct pk_sketch b = sketch_of(pk_span_of(c->text));

	assert_true(pk_sketch_likeness(&a, &b) < 0.1);
	assert_false(pk_sketch_near(&a, &b));
}

static void
a_short_text_has_no_copies(void **state)
{
	const struct pk_sketch *sketch = NULL;

	(void)state;
	assert_int_equal(
	    pk_story_sketch(
		arena, PK_SPAN("باران در شمال می‌بارد."), &sketch),
	    0);
	assert_null(sketch);
	assert_int_equal(pk_story_sketch(arena, PK_SPAN(""), &sketch), 0);
	assert_null(sketch);
	assert_int_equal(
	    pk_story_sketch(arena, PK_SPAN("\xff\xfe آ \xf0\x9f"), &sketch), 0);
	assert_null(sketch);
}

/* ---- events ---- */

static struct pk_doc *
read_text(struct pk_span text, struct pk_extraction *ret_extraction)
{
	struct pk_doc *doc = pk_doc_new(PK_DOC_TEXT, (size_t)64 << 20);

	assert_non_null(doc);
	doc->bytes = text;
	doc->entry_published = PK_SPAN("2024-05-01");
	assert_int_equal(pk_extract(extractor, doc, ret_extraction), 0);
	assert_null(ret_extraction->reason);
	assert_non_null(ret_extraction->article.sketch);
	return doc;
}

static void
events_of_other_keyboards_have_the_same_gist(void **state)
{
	struct pk_extraction a, b;
	struct pk_span other = replaced(report, "ی", "ي");
	pk_cleanup(pk_doc_freep) struct pk_doc *one = read_text(pk_span_of(report), &a);

	(void)state;
	other = replaced(other.ptr, "\u200c", "");
	pk_cleanup(pk_doc_freep) struct pk_doc *two = read_text(other, &b);
	assert_true(one != two && a.n_events >= 3);
	assert_int_equal(a.n_events, b.n_events);
	for (size_t i = 0; i < a.n_events; i++) {
		const struct pk_gist *x = &a.events[i].gist, *y = &b.events[i].gist;

		assert_true(x->n_words > 2);
		assert_int_equal(x->n_words, y->n_words);
		assert_memory_equal(x->words, y->words, x->n_words * sizeof(*x->words));
		assert_int_equal(x->n_who, y->n_who);
		assert_memory_equal(x->who, y->who, x->n_who * sizeof(*x->who));
	}
}

static void
words_rise_and_stand_once(void **state)
{
	struct pk_extraction x;
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = read_text(pk_span_of(report), &x);

	(void)state;
	assert_non_null(doc);
	for (size_t i = 0; i < x.n_events; i++) {
		const struct pk_gist *gist = &x.events[i].gist;

		assert_int_equal(
		    gist->n_who, x.events[i].n_actors + x.events[i].n_recipients);
		for (size_t k = 1; k < gist->n_words; k++)
			assert_true(gist->words[k - 1] < gist->words[k]);
	}
}

#define CASES (PK_COUNT(copies) + PK_COUNT(others))

int
main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(keyboards_make_no_difference),
		cmocka_unit_test(a_short_text_has_no_copies),
		cmocka_unit_test(events_of_other_keyboards_have_the_same_gist),
		cmocka_unit_test(words_rise_and_stand_once),
	};
	struct CMUnitTest tests[CASES + PK_COUNT(plain)];
	size_t n = 0;

	for (size_t i = 0; i < PK_COUNT(copies); i++)
		tests[n++] = (struct CMUnitTest){ .name = copies[i].name,
			.test_func = a_copy_is_near,
			.initial_state = (void *)(uintptr_t)&copies[i] };
	for (size_t i = 0; i < PK_COUNT(others); i++)
		tests[n++] = (struct CMUnitTest){ .name = others[i].name,
			.test_func = another_report_is_not,
			.initial_state = (void *)(uintptr_t)&others[i] };
	memcpy(&tests[n], plain, sizeof(plain));
	return cmocka_run_group_tests_name("extract/story", tests, set_up, tear_down);
}
