/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/date.h"

#include "base/buf.h"
#include "base/calendar.h"
#include "tests/unit/extract/pack_fixture.h"

/* Published on Wednesday, 2022-02-02, 13 Bahman 1400. A line a date:
 * words | start end precision how [marks], marks: ! conflict, ~ event-relative days. */
/* clang-format off */
static const struct date_case {
	const char *name; const char *text; const char *dates;
} cases[] = {
	{ "today", "او امروز رفت.", "امروز | 2022-02-02 2022-02-03 day relative_day\n" },
	{ "yesterday", "روز گذشته باران آمد.", "روز گذشته | 2022-02-01 2022-02-02 day relative_day\n" },
	{ "yesterday, glued", "روزگذشته باران آمد.", "روزگذشته | 2022-02-01 2022-02-02 day relative_day\n" },
	{ "yesterday afternoon", "عصر دیروز", "عصر دیروز | 2022-02-01 2022-02-02 day relative_day\n" },
	{ "tomorrow", "فردا می‌آید.", "فردا | 2022-02-03 2022-02-04 day relative_day\n" },
	{ "today with its weekday", "امروز (چهارشنبه) آمد",
	  "امروز (چهارشنبه) | 2022-02-02 2022-02-03 day relative_day\n" },
	{ "weekday", "روز سه شنبه گفت.", "روز سه شنبه | 2022-02-01 2022-02-02 day weekday_last\n" },
	{ "weekday of today", "روز چهارشنبه گفت.", "روز چهارشنبه | 2022-02-02 2022-02-03 day weekday_last\n" },
	{ "last weekday", "چهارشنبه گذشته گفت.", "چهارشنبه گذشته | 2022-01-26 2022-01-27 day weekday_last\n" },
	{ "next weekday", "جمعه آینده می‌رود.", "جمعه آینده | 2022-02-04 2022-02-05 day weekday_next\n" },
	{ "weekday in a sentence that looks ahead", "او روز جمعه به تهران خواهد رفت.",
	  "روز جمعه | 2022-02-04 2022-02-05 day weekday_next\n" },
	{ "weekday of next week", "دوشنبه هفته آینده", "دوشنبه هفته آینده | 2022-02-07 2022-02-08 day weekday_next\n" },
	{ "last week", "هفته گذشته", "هفته گذشته | 2022-01-22 2022-01-29 week relative_period\n" },
	{ "next week", "در هفته آینده", "هفته آینده | 2022-02-05 2022-02-12 week relative_period\n" },
	{ "weekday of a past verb before a clause that looks ahead",
	  "او روز جمعه گفته بود که به تهران نخواهد رفت.", "روز جمعه | 2022-01-28 2022-01-29 day weekday_last\n" },
	{ "weekday behind a clause that looks ahead", "دو طرف دیدار خواهند کرد و روز جمعه توافق امضا شد.",
	  "روز جمعه | 2022-01-28 2022-01-29 day weekday_last\n" },
	{ "weekday of a plan", "او گفت قرار است که روز جمعه به تهران برود.",
	  "روز جمعه | 2022-02-04 2022-02-05 day weekday_next\n" },
	{ "last month of that name", "تیرماه گذشته", "تیرماه گذشته | 2021-06-22 2021-07-23 month explicit\n" },
	{ "next month of that name", "در ماه مه آینده", "ماه مه آینده | 2022-05-01 2022-06-01 month explicit\n" },
	{ "month of this year", "آبان ماه امسال", "آبان ماه امسال | 2021-10-23 2021-11-22 month explicit\n" },
	{ "month of the current year", "اکتبر سال جاری", "اکتبر سال جاری | 2022-10-01 2022-11-01 month explicit\n" },
	{ "last month", "ماه گذشته", "ماه گذشته | 2021-12-22 2022-01-21 month relative_period\n" },
	{ "this year", "سال جاری", "سال جاری | 2021-03-21 2022-03-21 year relative_period\n" },
	{ "last year in a text of Gregorian dates", "در 2017 و سال گذشته",
	  "2017 | 2017-01-01 2018-01-01 year explicit\nسال گذشته | 2021-01-01 2022-01-01 year relative_period\n" },
	{ "last Gregorian year", "سال گذشته میلادی", "سال گذشته میلادی | 2021-01-01 2022-01-01 year relative_period\n" },
	{ "days ago", "سه روز پیش", "سه روز پیش | 2022-01-30 2022-01-31 day relative_period\n" },
	{ "about a week ago", "حدود یک هفته پیش", "حدود یک هفته پیش | 2022-01-22 2022-01-29 month relative_period\n" },
	{ "years ago", "پنج سال پیش بود که", "پنج سال پیش | 2016-03-20 2017-03-21 year relative_period\n" },
	{ "the last days", "در ۱۰ روز گذشته", "۱۰ روز گذشته | 2022-01-23 2022-02-03 day relative_period\n" },
	{ "days later", "دو روز دیگر", "دو روز دیگر | 2022-02-04 2022-02-05 day relative_period\n" },
	{ "after that", "سه روز پس از آن آمد.", "سه روز پس از آن | - - day event_relative ~3\n" },
	{ "recently", "به تازگی", "به تازگی | 2022-01-19 2022-02-03 unknown relative_period\n" },
	{ "soon", "به زودی", "به زودی | 2022-02-02 2022-03-05 unknown relative_period\n" },
	{ "Jalali with year", "۲ اسفند ۱۴۰۰", "۲ اسفند ۱۴۰۰ | 2022-02-21 2022-02-22 day explicit\n" },
	{ "Jalali day as ordinal", "دوم اسفند ماه سال ۱۴۰۰", "دوم اسفند ماه سال ۱۴۰۰ | 2022-02-21 2022-02-22 day explicit\n" },
	{ "Jalali without year", "پنجم بهمن", "پنجم بهمن | 2022-01-25 2022-01-26 day explicit\n" },
	{ "Jalali month", "در اسفند ۱۴۰۰", "اسفند ۱۴۰۰ | 2022-02-20 2022-03-21 month explicit\n" },
	{ "Jalali range", "۵ تا ۷ اسفند ۱۴۰۰", "۵ تا ۷ اسفند ۱۴۰۰ | 2022-02-24 2022-02-27 day explicit\n" },
	{ "month of last year", "اسفند سال گذشته", "اسفند سال گذشته | 2021-02-19 2021-03-21 month explicit\n" },
	{ "Gregorian", "۲۱ فوریه ۲۰۲۲", "۲۱ فوریه ۲۰۲۲ | 2022-02-21 2022-02-22 day explicit\n" },
	{ "Gregorian in words", "بیست و یکم فوریه دو هزار و بیست و دو",
	  "بیست و یکم فوریه دو هزار و بیست و دو | 2022-02-21 2022-02-22 day explicit\n" },
	{ "Gregorian month", "در ماه مه ۲۰۲۳", "ماه مه ۲۰۲۳ | 2023-05-01 2023-06-01 month explicit\n" },
	{ "Gregorian month alone", "اجلاس در سپتامبر", "سپتامبر | 2021-09-01 2021-10-01 month explicit\n" },
	{ "two calendars", "۲۱ فوریه ۲۰۲۲ (دوم اسفند ۱۴۰۰)",
	  "۲۱ فوریه ۲۰۲۲ (دوم اسفند ۱۴۰۰) | 2022-02-21 2022-02-22 day paired\n" },
	{ "the second gives the year", "پنجشنبه ۲۴ فوریه (۵ اسفند ۱۴۰۰)",
	  "پنجشنبه ۲۴ فوریه (۵ اسفند ۱۴۰۰) | 2022-02-24 2022-02-25 day paired\n" },
	{ "two calendars that disagree", "۲۱ فوریه ۲۰۲۲ (سوم اسفند ۱۴۰۰)",
	  "۲۱ فوریه ۲۰۲۲ (سوم اسفند ۱۴۰۰) | 2022-02-21 2022-02-22 day paired !\n" },
	{ "a weekday that disagrees", "جمعه ۲۱ فوریه ۲۰۲۲", "جمعه ۲۱ فوریه ۲۰۲۲ | 2022-02-21 2022-02-22 day explicit !\n" },
	{ "weekday and date", "سه‌شنبه (۱۲ بهمن)", "سه‌شنبه (۱۲ بهمن) | 2022-02-01 2022-02-02 day explicit\n" },
	{ "numeric", "۱۴۰۳/۰۲/۰۵ و 26/09/1396 و 2017-12-22",
	  "۱۴۰۳/۰۲/۰۵ | 2024-04-24 2024-04-25 day explicit\n"
	  "26/09/1396 | 2017-12-17 2017-12-18 day explicit\n"
	  "2017-12-22 | 2017-12-22 2017-12-23 day explicit\n" },
	{ "year", "در سال ۱۴۰۰ و سال 1999", "سال ۱۴۰۰ | 2021-03-21 2022-03-21 year explicit\nسال 1999 | 1999-01-01 2000-01-01 year explicit\n" },
	{ "years", "سال‌های ۲۰۱۵ تا ۲۰۱۸", "سال‌های ۲۰۱۵ تا ۲۰۱۸ | 2015-01-01 2019-01-01 year explicit\n" },
	{ "season", "در بهار ۱۴۰۱", "بهار ۱۴۰۱ | 2022-03-21 2022-06-22 season explicit\n" },
	{ "end of last year", "اواخر سال گذشته", "اواخر سال گذشته | 2020-03-20 2021-03-21 year relative_period\n" },
	{ "lunar", "۹ محرم ۱۴۴۳ قمری", "۹ محرم ۱۴۴۳ قمری | 2021-08-18 2021-08-19 day explicit\n" },
	{ "no date: agency, verb, fog, shots", "خبرگزاری مهر می گوید مه بود و سه تیر خورد و دی", "" },
	{ "no date: a count", "در 2017 نفر و ۵ روز و ۳ نفر", "" },
	{ "no date: spring", "هوا بهار شد", "" },
	{ "a month that is an agency too", "دهم مهر و مهر ۱۴۰۰",
	  "دهم مهر | 2021-10-02 2021-10-03 day explicit\nمهر ۱۴۰۰ | 2021-09-23 2021-10-23 month explicit\n" },
	{ "month and the word for it in one", "۲۲ آذرماه سال ۱۳۹۹",
	  "۲۲ آذرماه سال ۱۳۹۹ | 2020-12-12 2020-12-13 day explicit\n" },
	{ "two days", "پنجم و ششم اسفند ۱۴۰۰", "پنجم و ششم اسفند ۱۴۰۰ | 2022-02-24 2022-02-26 day explicit\n" },
	{ "no date: the leader of Friday prayers", "امام جمعه تهران در نماز جمعه گفت", "" },
	{ "no such day", "۳۱ اسفند ۱۴۰۰", "۳۱ اسفند ۱۴۰۰ | - - day explicit\n" },
	{ "nothing", "", "" },
};
/* clang-format on */

static void
show(struct pk_buf *out, const struct pk_date_at *date)
{
	const struct pk_time *time = &date->time;
	struct pk_span none = PK_SPAN("-");

	pk_buf_printf(out, "%.*s | %.*s %.*s %s %s", PK_SPAN_ARG(time->text),
	    PK_SPAN_ARG(time->start.len > 0 ? time->start : none),
	    PK_SPAN_ARG(time->end.len > 0 ? time->end : none),
	    pk_precision_name(time->precision), pk_time_how_name(time->how));
	if (date->conflict)
		pk_buf_printf(out, " !");
	if (date->has_offset)
		pk_buf_printf(out, " ~%d", (int)date->offset_days);
	pk_buf_append_char(out, '\n');
}

static struct pk_dates
find(struct pk_arena *arena, const char *string, bool has_anchor)
{
	struct pk_text text = parse(arena, string);
	int64_t anchor = pk_gregorian_to_day((struct pk_date){ 2022, 2, 2 });
	struct pk_dates dates;

	assert_int_equal(
	    pk_dates_find(arena, fa, &text, anchor, has_anchor, &dates), 0);
	return dates;
}

static void
check_case(void **state)
{
	const struct date_case *c = *state;
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20);
	struct pk_dates dates = find(arena, c->text, true);
	struct pk_buf got;

	pk_buf_init(&got, 0);
	for (size_t i = 0; i < dates.len; i++)
		show(&got, &dates.items[i]);
	assert_span(pk_buf_span(&got), c->dates);
	pk_buf_done(&got);
}

/* Without a day of publication «دیروز» is still a date, only nobody knows which. */
static void
without_an_anchor_only_explicit_dates_are_dated(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20);
	struct pk_dates dates =
	    find(arena, "دیروز، جمعه گذشته، ۵ اسفند و ۵ اسفند ۱۴۰۰", false);

	(void)state;
	assert_int_equal(dates.len, 4);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(dates.items[i].time.start.len, 0);
		assert_true(dates.items[i].time.conf < 0.5);
	}
	assert_span(dates.items[3].time.start, "2022-02-24");
}

/* A reader of the record sees from where a relative date was counted. */
static void
relative_dates_name_their_anchor(void **state)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20);
	struct pk_dates dates = find(arena, "دیروز و ۲۱ فوریه ۲۰۲۲", true);

	(void)state;
	assert_int_equal(dates.len, 2);
	assert_span(dates.items[0].time.anchor, "2022-02-02");
	assert_int_equal(dates.items[0].time.anchor_src, PK_ANCHOR_PUBLISHED);
	assert_int_equal(dates.items[0].time.calendar, PK_CALENDAR_RELATIVE);
	assert_int_equal(dates.items[1].time.anchor.len, 0);
	assert_int_equal(dates.items[1].time.calendar, PK_CALENDAR_GREGORIAN);
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases) + 2] = {
		[PK_COUNT(cases)] =
		    cmocka_unit_test(without_an_anchor_only_explicit_dates_are_dated),
		[PK_COUNT(cases) + 1] =
		    cmocka_unit_test(relative_dates_name_their_anchor),
	};

	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){ cases[i].name, check_case, NULL, NULL,
			(void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests_name(
	    "extract/text/date", tests, load_fa, free_fa);
}
