/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date_formats.h"

#include "base/cleanup.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* clang-format off */
static const struct date_case {
	const char *text;
	const char *want; /* NULL: no date */
} cases[] = {
	/* HTTP and RSS */
	{ "Tue, 27 Jan 2026 11:32:06 GMT",        "2026-01-27T11:32:06Z" },
	{ "Tue, 27 Jan 2026 15:02:06 +0330",      "2026-01-27T15:02:06+03:30" },
	{ "27 Jan 2026 15:02 +0330",              "2026-01-27T15:02:00+03:30" },
	{ "Tue, 27 January 2026 11:32:06 EST",    "2026-01-27T11:32:06-05:00" },
	{ "Tue, 27 Jan 26 11:32:06 Z",            "2026-01-27T11:32:06Z" },
	{ "Tue, 27 Jan 96 11:32:06 UT",           "1996-01-27T11:32:06Z" },
	{ "Tue, 27 Jan 2026 11:32:06 GMT+0330",   "2026-01-27T11:32:06+03:30" },
	{ "Tue, 27 Jan 2026 15:02:06 IRST",       "2026-01-27T15:02:06+03:30" },
	{ "Tue, 27 Jan 2026 11:32:06 +0330 (Iran Standard Time)", "2026-01-27T11:32:06+03:30" },
	{ "Tue, 27 Jan 2026 11:32:06 XYZT",       "2026-01-27T11:32:06+03:30" },
	{ "Tue Jan 27 11:32:06 2026",             "2026-01-27T11:32:06+03:30" },
	{ "Tuesday, 27-Jan-26 11:32:06 GMT",      "2026-01-27T11:32:06Z" },
	{ "mer., 28 janvier 2026 10:00:00 +0100", "2026-01-28T10:00:00+01:00" },
	{ "27 Jan 2026 24:00:00 GMT",             "2026-01-28T00:00:00Z" },
	{ "31 Dec 2016 23:59:60 GMT",             "2016-12-31T23:59:59Z" },
	{ "January 27th, 2026 at 3:02 PM",        "2026-01-27T15:02:00+03:30" },
	{ "27 January 2026 - 15:02",              "2026-01-27T15:02:00+03:30" },
	{ "Tue, 27 Jan 2026 11:32:06 +9999",      "2026-01-27T11:32:06+03:30" },
	/* ISO 8601 */
	{ "2026-01-27T15:02:06+03:30",            "2026-01-27T15:02:06+03:30" },
	{ "2026-01-27T15:02:06.123456Z",          "2026-01-27T15:02:06Z" },
	{ "2026-01-27t15:02z",                    "2026-01-27T15:02:00Z" },
	{ "2026-01-27 15:02:06",                  "2026-01-27T15:02:06+03:30" },
	{ "2026-01-27 15:02:06 +0000",            "2026-01-27T15:02:06Z" },
	{ "2026-01-27T15:02:06-05",               "2026-01-27T15:02:06-05:00" },
	{ "2026/1/27 5:02",                       "2026-01-27T05:02:00+03:30" },
	{ "20260127T150206Z",                     "2026-01-27T15:02:06Z" },
	{ "2026-01-27",                           "2026-01-27" },
	{ "2026-027",                             "2026-01-27" },
	{ "20260127",                             "2026-01-27" },
	{ "2026-01",                              "2026-01-01" },
	{ "2026",                                 "2026-01-01" },
	{ "03-12-31",                             "2003-12-31" },
	{ "27.01.2026 10:00-11:30",               "2026-01-27T10:00:00+03:30" },
	/* numbers */
	{ "1769500926",                           "2026-01-27T08:02:06Z" },
	{ "1769500926123",                        "2026-01-27T08:02:06Z" },
	{ "20260127150206",                       "2026-01-27T15:02:06+03:30" },
	{ "27/01/2026 15:02",                     "2026-01-27T15:02:00+03:30" },
	{ "1/27/2026 3:02:06 PM",                 "2026-01-27T15:02:06+03:30" },
	{ "1/2/2026 3:02:06 AM",                  "2026-01-02T03:02:06+03:30" },
	{ "1.2.2026",                             "2026-02-01" },
	/* Jalali and Persian digits */
	{ "۱۴۰۴-۱۱-۰۷T۱۱:۳۲:۰۶Z",                  "2026-01-27T11:32:06Z" },
	{ "1404/11/07 11:32",                     "2026-01-27T11:32:00+03:30" },
	{ "14041107",                             "2026-01-27" },
	{ "۷ بهمن ۱۴۰۴",                          "2026-01-27" },
	{ "سه‌شنبه ۷ بهمن ۱۴۰۴ - ۱۵:۰۲",            "2026-01-27T15:02:00+03:30" },
	{ "سه شنبه، ۷ بهمن‌ماه ۱۴۰۴ ساعت ۱۵:۰۲",    "2026-01-27T15:02:00+03:30" },
	{ "سه شنبه، ۷ بهمن ماه ۱۴۰۴ ساعت ۱۵:۰۲",    "2026-01-27T15:02:00+03:30" },
	{ "۱۵:۰۲ - ۱۴۰۴/۱۱/۰۷",                    "2026-01-27T15:02:00+03:30" },
	{ "15:02 -1404/11/07",                    "2026-01-27T15:02:00+03:30" },
	{ "۰۷ اردي‌بهشت ۱۴۰۱ ۰۹:۰۰",                "2022-04-27T09:00:00+04:30" },
	{ "٢٧ يناير ٢٠٢٦",                         "2026-01-27" },
	{ "۲۷ ژانویهٔ ۲۰۲۶ میلادی",                 "2026-01-27" },
	{ "۲۷ ژوئیه ۲۰۲۶ ۳:۰۲ ب.ظ",                 "2026-07-27T15:02:00+03:30" },
	{ "۲۷ ژوئیه ۲۰۲۶ ۳:۰۲ بعدازظهر",            "2026-07-27T15:02:00+03:30" },
	{ "۲۷ ژوئیه ۲۰۲۶ ساعت ۳:۰۲ بعد از ظهر",     "2026-07-27T15:02:00+03:30" },
	{ "۲۷ ژوئیه ۲۰۲۶ ۳:۰۲ قبل از ظهر",          "2026-07-27T03:02:00+03:30" },
	{ "پنجشنبه یازدهم تیر ۱۴۰۵",                "2026-07-02" },
	{ "بیست و یکم تیرماه ۱۴۰۵",                 "2026-07-12" },
	{ "سی‌ام تیر ۱۴۰۵",                          "2026-07-21" },
	{ "سی و یکم تیر ۱۴۰۵",                      "2026-07-22" },
	{ "\xE2\x80\x8F 1403/12/30 \xE2\x80\xAC",  "2025-03-20" },
	/* months of other languages, in the forms that dates have */
	{ "27. Januar 2026, 15:02 Uhr",           "2026-01-27T15:02:00+03:30" },
	{ "Dienstag, 3. März 2026",               "2026-03-03" },
	{ "am 3. Jänner 2026 um 9:05 Uhr",        "2026-01-03T09:05:00+03:30" },
	{ "03.Mär.26",                            "2026-03-03" },
	{ "le 1er août 2026 à 14h30",             "2026-08-01T14:30:00+03:30" },
	{ "21 de septiembre de 2026",             "2026-09-21" },
	{ "14 Gennaio 2026",                      "2026-01-14" },
	{ "5 de março de 2026 às 8:10",           "2026-03-05T08:10:00+03:30" },
	{ "12 października 2026",                 "2026-10-12" },
	{ "30 Ağustos 2026 Pazar",                "2026-08-30" },
	{ "15 августа 2026 года, 12:30",          "2026-08-15T12:30:00+03:30" },
	{ "Вторник, 3 Марта 2026 г.",             "2026-03-03" },
	{ "15 серпня 2026, 12:30",                "2026-08-15T12:30:00+03:30" },
	{ "7 лют. 2026",                          "2026-02-07" },
	{ "9 юни 2026 г.",                        "2026-06-09" },
	{ "3. maaliskuuta 2026",                  "2026-03-03" },
	{ "3 Μαρτίου 2026",                       "2026-03-03" },
	{ "2026年3月4日 10:47",                    "2026-03-04T10:47:00+03:30" },
	{ "2026년 3월 4일",                        "2026-03-04" },
	/* Arabic months: of Egypt, of the Levant, of the Maghreb */
	{ "الثلاثاء ٢٧ يناير ٢٠٢٦ 03:02 م",        "2026-01-27T15:02:00+03:30" },
	{ "27 كانون الثاني 2026",                 "2026-01-27" },
	{ "27 كانون الثاني/يناير 2026",           "2026-01-27" },
	{ "6 تشرين الأول 2026",                   "2026-10-06" },
	{ "١٤ آذار ٢٠٢٦",                         "2026-03-14" },
	{ "14 جويلية 2026",                       "2026-07-14" },
	{ "20 غشت 2026",                          "2026-08-20" },
	{ "2026-01-27T15:02:06:684Z",             "2026-01-27T15:02:06Z" },
	/* slips of RFC 822 */
	{ "Mon, 27 Jan 2026 11:32:06 GMT",        "2026-01-27T11:32:06Z" }, /* a Tuesday */
	{ "Tue,27 Jan 2026 11:32:06 GMT",         "2026-01-27T11:32:06Z" },
	{ "Tue, 27 Jan, 2026, 11:32:06 GMT",      "2026-01-27T11:32:06Z" },
	{ "Thurs, 27 Sept. 2025 11:32 GMT",       "2025-09-27T11:32:00Z" },
	{ "Wed, 7 Jan 2026 1:2:6 GMT",            "2026-01-07T01:02:06Z" },
	{ "Tue, 27 Jan 2026 11:32:06 GMT+3",      "2026-01-27T11:32:06+03:00" },
	{ "Tue, 27 Jan 2026 11:32:06 UTC-5",      "2026-01-27T11:32:06-05:00" },
	{ "Tue, 27 Jan 2026 11:32:06 +330",       "2026-01-27T11:32:06+03:30" },
	{ "Tue, 27 Jan 2026 11:32:06 0330",       "2026-01-27T11:32:06+03:30" },
	{ "Tue, 27 Jan 2026 11:32:06+0100",       "2026-01-27T11:32:06+01:00" },
	{ "Sun, 27 Jun 2021 11:32:06 IRDT",       "2021-06-27T11:32:06+04:30" },
	{ "Tue, 27 Jan 2026 11:32:06 MSK",        "2026-01-27T11:32:06+03:00" },
	{ "Tue, 27 Jan 2026 11:32:06 PKT",        "2026-01-27T11:32:06+05:00" },
	{ "Tue, 27 Jan 2026 11:32:06 AST",        "2026-01-27T11:32:06-04:00" },
	{ "Tue, 27 Jan 2026 11:32:06 GMT+0000 (Coordinated Universal Time)", "2026-01-27T11:32:06Z" },
	{ "Tue Jan 27 11:32:06 UTC 2026",         "2026-01-27T11:32:06Z" },
	{ "Tue Jan  7 11:32:06 +0330 2026",       "2026-01-07T11:32:06+03:30" },
	{ "Tue, 27 Jan 126 11:32:06 GMT",         "2026-01-27T11:32:06Z" },
	{ "Tue, 07 Bahman 1404 15:02:06 +0330",   "2026-01-27T15:02:06+03:30" },
	{ "Tue, 27 Jan 2026 11:32:06 Asia/Kabul", "2026-01-27T11:32:06+04:30" },
	{ "2021-06-27 11:32:06 Asia/Tehran",      "2021-06-27T11:32:06+04:30" },
	{ "2026-01-27T11:32:06Z[Europe/London]",  "2026-01-27T11:32:06Z" },
	{ "2026-01-27 11:32:06 Europe/London",    "2026-01-27T11:32:06+03:30" }, /* not known */
	/* rarer forms of ISO 8601 */
	{ "1994.11.05T08:15-0500",                "1994-11-05T08:15:00-05:00" },
	{ "2026-01-27T15Z",                       "2026-01-27T15:00:00Z" },
	{ "2026-01-27T15+03:30",                  "2026-01-27T15:00:00+03:30" },
	{ "2026-01-27T25Z",                       NULL },
	{ "2026-01-27T11:32:06,123Z",             "2026-01-27T11:32:06Z" },
	{ "2026-1-7T1:2:6Z",                      "2026-01-07T01:02:06Z" },
	{ "20260127T150206+0330",                 "2026-01-27T15:02:06+03:30" },
	{ "2026-027T15:02:06Z",                   "2026-01-27T15:02:06Z" },
	{ "2026027",                              "2026-01-27" },
	{ "2026-W05-2",                           "2026-01-27" },
	{ "2026W052",                             "2026-01-27" },
	{ "2026-W05",                             "2026-01-26" },
	{ "2026-W05-2T15:02:06Z",                 "2026-01-27T15:02:06Z" },
	{ "2020-W53-7",                           "2021-01-03" },
	{ "2026-W54",                             NULL },
	{ "2026-W05-8",                           NULL },
	{ "2016-12-31T23:59:60Z",                 "2016-12-31T23:59:59Z" },
	{ "2026-01-27T24:00:00Z",                 "2026-01-28T00:00:00Z" },
	{ "2026-01-27T24:00:01Z",                 NULL },
	{ "1769500926.123",                       "2026-01-27T08:02:06Z" },
	{ "1769500926123456",                     "2026-01-27T08:02:06Z" },
	{ "۱۷۶۹۵۰۰۹۲۶",                           "2026-01-27T08:02:06Z" },
	/* Dari, and marks of direction within */
	{ "۱۵ حمل ۱۴۰۵ ۱۰:۰۰",                    "2026-04-04T10:00:00+03:30" },
	{ "۷ دلو ۱۴۰۴",                           "2026-01-27" },
	{ "\xE2\x80\x8E۱۴۰۴\xE2\x80\x8F/\xE2\x80\x8E۱۱/\xE2\x80\x8E۰۷ \xE2\x80\x8F۱۵:۰۲\xE2\x80\x8E", "2026-01-27T15:02:00+03:30" },
	{ "ساعت ۱۵:۰۲ روز ۷ بهمن ۱۴۰۴",            "2026-01-27T15:02:00+03:30" },
	/* not dates */
	{ "27 تشرين 2026",                        NULL },
	{ "",                                     NULL },
	{ "  ",                                   NULL },
	{ "bogus",                                NULL },
	{ "Tue, 32 Jan 2026 11:32:06 GMT",        NULL },
	{ "2026-02-29",                           NULL },
	{ "1404/12/30",                           NULL },
	{ "2026-01-27T25:00:00Z",                 NULL },
	{ "7 بهمن 2026",                          NULL },
	{ "27 January 1404",                      NULL },
	{ "1200-01-01",                           NULL },
	{ "99999999999999999999999",              NULL },
	{ "12:30",                                NULL },
	{ "chapter 3 of 5, 2024",                 NULL },
	{ "2026-01-27 and a long sentence that goes on about something else altogether",
	                                          NULL },
	{ "\xff\xfe\x80",                         NULL },
};
/* clang-format on */

static void
check_case(void **state)
{
	const struct date_case *c = *state;
	const struct pk_moment untouched = { -77, -7, true, true };
	struct pk_moment moment = untouched;
	char text[PK_DATE_TEXT_MAX];

	int r = pk_date_parse(pk_span_of(c->text), PK_OFFSET_IRAN, &moment);

	if (c->want == NULL) {
		assert_int_equal(r, -EBADMSG);
		assert_memory_equal(&moment, &untouched, sizeof(moment));
		return;
	}
	assert_int_equal(r, 0);
	size_t len = pk_date_format(&moment, text);
	assert_int_equal(len, strlen(text));
	assert_string_equal(text, c->want);
}

static void
a_missing_zone_is_said_and_the_default_taken(void **state)
{
	struct pk_moment moment;

	(void)state;
	assert_int_equal(
	    pk_date_parse(PK_SPAN("2026-01-27 15:02:06"), 120, &moment), 0);
	assert_false(moment.has_zone);
	assert_int_equal(moment.offset_min, 120);
	assert_int_equal(moment.time_s, 1769518926);
	assert_int_equal(pk_date_parse(PK_SPAN("2026-01-27"), 210, &moment), 0);
	assert_false(moment.has_time);
	assert_int_equal(moment.time_s, 1769459400); /* midnight in Tehran */
}

static void
a_jalali_date_is_told_by_irans_clock(void **state)
{
	struct pk_moment moment;

	(void)state;
	assert_int_equal(
	    pk_date_parse(PK_SPAN("1404/11/07 11:32"), PK_OFFSET_UNKNOWN, &moment), 0);
	assert_int_equal(moment.offset_min, 210);
	assert_int_equal(
	    pk_date_parse(PK_SPAN("2026/01/27 11:32"), PK_OFFSET_UNKNOWN, &moment), 0);
	assert_int_equal(moment.offset_min, 0);
	/* a zone that is written counts */
	assert_int_equal(
	    pk_date_parse(PK_SPAN("1404/11/07 11:32Z"), PK_OFFSET_IRAN, &moment), 0);
	assert_int_equal(moment.offset_min, 0);
}

static void
moments_are_written(void **state)
{
	char text[PK_DATE_TEXT_MAX];

	(void)state;
	pk_date_format_utc(1769513526, text);
	assert_string_equal(text, "2026-01-27T11:32:06Z");
	pk_date_format_utc(-1, text);
	assert_string_equal(text, "1969-12-31T23:59:59Z");
	pk_date_format_http(1769513526, text);
	assert_string_equal(text, "Tue, 27 Jan 2026 11:32:06 GMT");
	pk_date_format_day(20480, text);
	assert_string_equal(text, "2026-01-27");
	/* as far as the numbers go, nothing overflows */
	assert_in_range(pk_date_format_utc(INT64_C(1) << 45, text), 1, 39);
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases) + 3] = {
		cmocka_unit_test(a_missing_zone_is_said_and_the_default_taken),
		cmocka_unit_test(a_jalali_date_is_told_by_irans_clock),
		cmocka_unit_test(moments_are_written),
	};

	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[i + 3] = (struct CMUnitTest){
			.name = cases[i].text,
			.test_func = check_case,
			.initial_state = (void *)(uintptr_t)&cases[i],
		};
	return cmocka_run_group_tests_name("base/date_formats", tests, NULL, NULL);
}
