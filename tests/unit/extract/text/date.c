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
	{ "no date: a count", "در 2017 نفر و ۳ نفر", "" },
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

/* The same day: kind (date, time, period), words | norm. */
/* clang-format off */
static const struct date_case norms[] = {
	{ "clock", "جلسه ساعت ۱۴:۳۰ است",
	  "T ساعت ۱۴:۳۰ | T14:30" },
	{ "clock with blanks", "پخش از 7 : 05 است",
	  "T 7 : 05 | T07:05" },
	{ "seconds", "ساعت 21:15:09",
	  "T ساعت 21:15:09 | T21:15:09" },
	{ "clock with a dot", "ساعت ۱۸.۴۵",
	  "T ساعت ۱۸.۴۵ | T18:45" },
	{ "hour alone", "ساعت ۹ رسید",
	  "T ساعت ۹ | T09:00" },
	{ "hour and a half", "ساعت ده و نیم شب",
	  "T ساعت ده و نیم شب | T22:30" },
	{ "hour and a quarter", "ساعت هشت و ربع صبح",
	  "T ساعت هشت و ربع صبح | T08:15" },
	{ "minutes in words", "ساعت ۱۶ و بیست و پنج دقیقه",
	  "T ساعت ۱۶ و بیست و پنج دقیقه | T16:25" },
	{ "minutes and seconds", "ساعت شش و ده دقیقه و چهار ثانیه",
	  "T ساعت شش و ده دقیقه و چهار ثانیه | T06:10:04" },
	{ "minutes without the hour's word", "زلزله ۱۱ و چهل دقیقه رخ داد",
	  "T ۱۱ و چهل دقیقه | T11:40" },
	{ "tens and units without and", "ساعت هفت و سی پنج دقیقه",
	  "T ساعت هفت و سی پنج دقیقه | T07:35" },
	{ "quarter to", "یک ربع به نه عصر آمد",
	  "T یک ربع به نه عصر | T20:45" },
	{ "minutes to", "۱۰ دقیقه به هشت",
	  "T ۱۰ دقیقه به هشت | T07:50" },
	{ "minutes after", "۵ دقیقه بعد از ساعت ۱۰",
	  "T ۵ دقیقه بعد از ساعت ۱۰ | T10:05" },
	{ "afternoon, short", "8:20 ب.ظ",
	  "T 8:20 ب.ظ | T20:20" },
	{ "noon", "ساعت ۱ ظهر",
	  "T ساعت ۱ ظهر | T13:00" },
	{ "midnight", "ساعت ۱۲ شب",
	  "T ساعت ۱۲ شب | T24:00" },
	{ "hour of the morning", "۴ صبح بیدار شد",
	  "T ۴ صبح | T04:00" },
	{ "hours", "ساعت ۸ تا ۱۰ شب",
	  "T ساعت ۸ تا ۱۰ شب | T20:00/T22:00" },
	{ "hours of a day", "ساعت ۱۰ تا ۱۲ روز شنبه",
	  "T ساعت ۱۰ تا ۱۲ روز شنبه | 2022-01-29T10:00/2022-01-29T12:00" },
	{ "hours with from", "از ساعت ۸:۳۰ تا ساعت ۱۰",
	  "T از ساعت ۸:۳۰ تا ساعت ۱۰ | T08:30/T10:00" },
	{ "date and clock", "۴ آذر ۹۶ ساعت ۱۵:۴۰",
	  "T ۴ آذر ۹۶ ساعت ۱۵:۴۰ | 2017-11-25T15:40" },
	{ "date and clock, comma", "شنبه ۹ بهمن، ساعت ۲۰",
	  "T شنبه ۹ بهمن، ساعت ۲۰ | 2022-01-29T20:00" },
	{ "numeric date and clock", "1400/11/10 18:05",
	  "T 1400/11/10 18:05 | 2022-01-30T18:05" },
	{ "clock and date", "ساعت ۱۷ روز دوشنبه",
	  "T ساعت ۱۷ روز دوشنبه | 2022-01-31T17:00" },
	{ "clock on a date", "ساعت ۹ صبح در تاریخ ۵ اسفند ۱۴۰۰",
	  "T ساعت ۹ صبح در تاریخ ۵ اسفند ۱۴۰۰ | 2022-02-24T09:00" },
	{ "weekday night", "شنبه شب ساعت ۸",
	  "T شنبه شب ساعت ۸ | 2022-01-29T20:00" },
	{ "last night at", "دیشب ساعت ۹ و ساعت ۱۰ امشب",
	  "T دیشب ساعت ۹ | 2022-02-01T21:00; T ساعت ۱۰ امشب | 2022-02-02T22:00" },
	{ "clock at a day", "فردا حدود ساعت ۷ عصر",
	  "T فردا حدود ساعت ۷ عصر | 2022-02-03T19:00" },
	{ "a clock beside a date", "۵ بهمن ۱۴۰۰ - ۱۲:۱۰",
	  "D ۵ بهمن ۱۴۰۰ | 2022-01-25; T ۱۲:۱۰ | 2022-01-25T12:10" },
	{ "a clock before a date in brackets", "12:10 (سه‌شنبه ۵ بهمن ۱۴۰۰)",
	  "T 12:10 | 2022-01-25T12:10; D سه‌شنبه ۵ بهمن ۱۴۰۰ | 2022-01-25" },
	{ "no clock: a score", "بازی ۲ : ۱ شد و 3:1",
	  "" },
	{ "no clock: a device", "ساعت مچی و ساعت دیواری",
	  "" },
	{ "hours ago", "دو ساعت پیش",
	  "T دو ساعت پیش | 2022-02-02" },
	{ "days", "پنج روز ماند",
	  "P پنج روز | P5D" },
	{ "hours long", "به مدت پنج ساعت",
	  "P پنج ساعت | PT5H" },
	{ "nights", "۳ شب اقامت",
	  "P ۳ شب | P3D" },
	{ "nights and days", "۴ شب و ۵ روز",
	  "P ۴ شب و ۵ روز | P5D" },
	{ "years and a half", "دو سال و نیم",
	  "P دو سال و نیم | P2Y6M" },
	{ "half years before the unit", "سه و نیم سال",
	  "P سه و نیم سال | P3Y6M" },
	{ "half a century", "نیم قرن",
	  "P نیم قرن | P50Y" },
	{ "half an hour", "نیم ساعت",
	  "P نیم ساعت | PT30M" },
	{ "week and a half", "یک هفته و نیم",
	  "P یک هفته و نیم | P11D" },
	{ "parts", "۲ ساعت و ۱۰ دقیقه و ۵ ثانیه",
	  "P ۲ ساعت و ۱۰ دقیقه و ۵ ثانیه | PT2H10M5S" },
	{ "weeks and days", "دو هفته و سه روز",
	  "P دو هفته و سه روز | P17D" },
	{ "few days", "چند روز ماند",
	  "P چند روز | -" },
	{ "age", "در ۳۱ سالگی",
	  "P ۳۱ سالگی | P31Y" },
	{ "adjective", "قرارداد دو ساله",
	  "P دو ساله | P2Y" },
	{ "glued", "پنج‌سال",
	  "P پنج‌سال | P5Y" },
	{ "either", "۵ یا ۶ شبه",
	  "P ۵ یا ۶ شبه | P5D/P6D" },
	{ "from to", "۲۰ تا ۴۰ دقیقه",
	  "P ۲۰ تا ۴۰ دقیقه | PT20M/PT40M" },
	{ "a list has no length", "در ۱۱، ۳۴ و ۵۲ دقیقه",
	  "P ۱۱، ۳۴ و ۵۲ دقیقه | -" },
	{ "decades long", "دو دهه",
	  "P دو دهه | P20Y" },
	{ "every weekday", "هر دوشنبه",
	  "P هر دوشنبه | R/P1W" },
	{ "every weekday at", "هر سه‌شنبه عصر ساعت ۶",
	  "P هر سه‌شنبه عصر ساعت ۶ | R/P1W" },
	{ "every day", "هر روز",
	  "P هر روز | R/P1D" },
	{ "every three months", "هر سه ماه",
	  "P هر سه ماه | R/P3M" },
	{ "days a week", "سه روز در هفته",
	  "P سه روز در هفته | R/P1W" },
	{ "days in a certain week is none", "سه روز در هفته گذشته",
	  "P سه روز | P3D; D هفته گذشته | 2022-01-22/2022-01-28" },
	{ "century", "قرن بیستم",
	  "D قرن بیستم | 1901-01-01/2000-12-31" },
	{ "centuries", "قرن پنجم و ششم هجری",
	  "D قرن پنجم و ششم هجری | 1010-08-21/1204-09-04" },
	{ "century in words", "سده نوزدهم میلادی",
	  "D سده نوزدهم میلادی | 1801-01-01/1900-12-31" },
	{ "century without calendar", "قرن سوم",
	  "D قرن سوم | -" },
	{ "decade", "دهه ۶۰",
	  "D دهه ۶۰ | 1981-03-21/1991-03-20" },
	{ "decades", "دهه‌های ۴۰ و ۵۰",
	  "D دهه‌های ۴۰ و ۵۰ | 1961-03-21/1981-03-20" },
	{ "Gregorian decade", "دهه ۱۹۸۰",
	  "D دهه ۱۹۸۰ | 1980-01-01/1989-12-31" },
	{ "interval", "از ۲۰ آبان تا ۱۴ آذر ۱۴۰۰",
	  "D از ۲۰ آبان تا ۱۴ آذر ۱۴۰۰ | 2021-11-11/2021-12-05" },
	{ "interval that takes the year of the first", "از ۲ خرداد ۱۳۹۹ تا ۵ تیر",
	  "D از ۲ خرداد ۱۳۹۹ تا ۵ تیر | 2020-05-22/2020-06-25" },
	{ "interval of weekdays", "شنبه تا دوشنبه",
	  "D شنبه تا دوشنبه | 2022-01-29/2022-01-31" },
	{ "days of this month", "دوم تا ششم همین ماه",
	  "D دوم تا ششم همین ماه | 2022-01-22/2022-01-26" },
	{ "short years", "سال‌های ۵۹ تا ۶۷",
	  "D سال‌های ۵۹ تا ۶۷ | 1980-03-21/1989-03-20" },
	{ "short years into the next century", "سال‌های ۹۵ تا ۰۲",
	  "D سال‌های ۹۵ تا ۰۲ | 2016-03-20/2024-03-19" },
	{ "no year: a count in a list", "سال ۹۹، ۱۲ نفر",
	  "D سال ۹۹ | 2020-03-20/2021-03-20" },
	{ "a list of years", "سال‌های ۱۳۹۰، ۱۳۹۲ و ۱۳۹۵",
	  "D سال‌های ۱۳۹۰، ۱۳۹۲ و ۱۳۹۵ | 2011-03-21/2017-03-20" },
	{ "until now", "از آغاز سال تاکنون",
	  "D از آغاز سال تاکنون | 2021-03-21/2022-02-02" },
	{ "from now", "از الان تا فردا",
	  "D از الان تا فردا | 2022-02-02/2022-02-03" },
	{ "between", "بین ۵ و ۸ دی",
	  "D ۵ و ۸ دی | 2021-12-26/2021-12-29" },
	{ "from without until", "از شنبه",
	  "D شنبه | 2022-01-29" },
	{ "that year", "در ۱۳۵۷ رفت و همان سال",
	  "D ۱۳۵۷ | 1978-03-21/1979-03-20; D همان سال | 1978-03-21/1979-03-20" },
	{ "month of that year", "سال ۱۹۴۵ بود. اوت همان سال",
	  "D سال ۱۹۴۵ | 1945; D اوت همان سال | 1945-08" },
	{ "that year of nothing", "همان سال",
	  "D همان سال | -" },
	{ "half of this year", "نیمه نخست امسال",
	  "D نیمه نخست امسال | 2021-03-21/2021-09-22" },
	{ "second half of a month", "نیمه دوم مهر ۱۴۰۰",
	  "D نیمه دوم مهر ۱۴۰۰ | 2021-10-08/2021-10-22" },
	{ "end of the year", "پایان سال",
	  "D پایان سال | 2021-03-21/2022-03-20" },
	{ "no year: a school year", "پایان سال دوم",
	  "" },
	{ "first months", "سه ماه نخست سال ۱۴۰۰",
	  "D سه ماه نخست سال ۱۴۰۰ | 2021-03-21/2021-06-21" },
	{ "second quarter", "سه ماهه دوم امسال",
	  "D سه ماهه دوم امسال | 2021-06-22/2021-09-22" },
	{ "day of a year", "روز پنجم سال ۱۳۹۰",
	  "D روز پنجم سال ۱۳۹۰ | 2011-03-25" },
	{ "week of a month", "هفته دوم مهر ماه ۱۴۰۰",
	  "D هفته دوم مهر ماه ۱۴۰۰ | 2021-09-30/2021-10-06" },
	{ "parts of parts", "دهمین روز از سومین ماه سال ۱۴۰۰",
	  "D دهمین روز از سومین ماه سال ۱۴۰۰ | 2021-05-31" },
	{ "day of something told", "سومین روز جشنواره",
	  "D سومین روز | -" },
	{ "lunar year, short", "در ۳۲۸ ق",
	  "D ۳۲۸ ق | 0939-10-23/0940-10-10" },
	{ "abbreviated calendar", "سال ۱۳۲۰ ه.ش.",
	  "D سال ۱۳۲۰ ه.ش. | 1941-03-21/1942-03-20" },
	{ "dots and blanks", "1397 . 4 . 12",
	  "D 1397 . 4 . 12 | 2018-07-03" },
	{ "backslashes", "۱۱\\۰۲\\۱۳۷۰",
	  "D ۱۱\\۰۲\\۱۳۷۰ | 1991-05-01" },
	{ "dashes and a calendar", "3 - 7 - 1350 هجری قمری",
	  "D 3 - 7 - 1350 هجری قمری | 1931-11-14" },
	{ "numeric lunar", "1200/09/09 قمری",
	  "D 1200/09/09 قمری | 1786-07-06" },
	{ "American order", "11.25.2015",
	  "D 11.25.2015 | 2015-11-25" },
	{ "weekday and numeric", "یکشنبه 1400/11/10",
	  "D یکشنبه 1400/11/10 | 2022-01-30" },
	{ "glued day and year", "21مهر91",
	  "D 21مهر91 | 2012-10-12" },
	{ "glued preposition", "درژوئن ۲۰۲۰",
	  "D ژوئن ۲۰۲۰ | 2020-06" },
	{ "no date: a version", "نسخه 2.4.17 آمد",
	  "" },
	{ "months", "تیر و مرداد ۱۴۰۰",
	  "D تیر و مرداد ۱۴۰۰ | 2021-06-22/2021-08-22" },
	{ "days of a month", "هفتم و هشتم بهمن",
	  "D هفتم و هشتم بهمن | 2022-01-27/2022-01-28" },
	{ "more days of a month", "۳، ۴ و ۵ دی",
	  "D ۳، ۴ و ۵ دی | 2021-12-24/2021-12-26" },
	{ "short year", "مهر ۹۵",
	  "D مهر ۹۵ | 2016-09-22/2016-10-21" },
	{ "years in brackets", "(۱۳۰۲ - ۱۳۷۰)",
	  "D ۱۳۰۲ - ۱۳۷۰ | 1923-03-22/1992-03-20 (name)" },
	{ "years with a calendar behind", "(۱۸۸۱ – ۱۹۵۴ میلادی)",
	  "D ۱۸۸۱ – ۱۹۵۴ میلادی | 1881-01-01/1954-12-31" },
	{ "weeks ahead", "دوشنبه سه هفته آینده",
	  "D دوشنبه سه هفته آینده | 2022-02-21" },
	{ "feast with its year", "نوروز ۱۴۰۰",
	  "D نوروز ۱۴۰۰ | 2021-03-21" },
	{ "feast", "شب یلدا",
	  "D شب یلدا | 2021-12-21 (name)" },
	{ "year of a name", "جشنواره ۲۰۱۵ در تبریز",
	  "D ۲۰۱۵ | 2015 (name)" },
	{ "no date: a count behind a name", "شرکت ۲۰۰۰ کارگر دارد",
	  "" },
	{ "after something", "هشت روز بعد از جشن",
	  "D هشت روز بعد | -" },
	{ "few years ago", "چندین سال پیش",
	  "D چندین سال پیش | 2019-02-03/2022-02-02" },
	{ "hours that passed", "۴۸ ساعت گذشته",
	  "D ۴۸ ساعت گذشته | 2022-01-31/2022-02-02" },
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
check_norm(void **state)
{
	static const char kinds[] = { [PK_TIME_IS_DATE] = 'D',
		[PK_TIME_IS_TIME] = 'T',
		[PK_TIME_IS_DURATION] = 'P' };
	const struct date_case *c = *state;
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(1 << 20);
	struct pk_dates dates = find(arena, c->text, true);
	struct pk_buf got;

	pk_buf_init(&got, 0);
	for (size_t i = 0; i < dates.len; i++) {
		const struct pk_date_at *date = &dates.items[i];
		struct pk_span norm = pk_date_norm(arena, date);
		pk_buf_printf(&got, "%s%c %.*s | %.*s%s", i > 0 ? "; " : "",
		    kinds[date->kind], PK_SPAN_ARG(date->time.text),
		    PK_SPAN_ARG(norm.len > 0 ? norm : PK_SPAN("-")),
		    date->names ? " (name)" : "");
	}
	assert_span(pk_buf_span(&got), c->dates);
	pk_buf_done(&got);
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
	struct CMUnitTest tests[PK_COUNT(cases) + PK_COUNT(norms) + 2] = {
		cmocka_unit_test(without_an_anchor_only_explicit_dates_are_dated),
		cmocka_unit_test(relative_dates_name_their_anchor),
	};
	size_t n = 2;

	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[n++] = (struct CMUnitTest){ cases[i].name, check_case, NULL, NULL,
			(void *)(uintptr_t)&cases[i] };
	for (size_t i = 0; i < PK_COUNT(norms); i++)
		tests[n++] = (struct CMUnitTest){ norms[i].name, check_norm, NULL, NULL,
			(void *)(uintptr_t)&norms[i] };
	return cmocka_run_group_tests_name(
	    "extract/text/date", tests, load_fa, free_fa);
}
