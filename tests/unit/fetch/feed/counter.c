/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/feed/counter.h"

#include "base/cleanup.h"
#include "base/span.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* clang-format off */
static const struct counter_case {
	const char *text, *left;
} cases[] = {
	{ "گوری پیدا شد. تعداد بازدید: ۱۴۱", "گوری پیدا شد. تعداد بازدید: " },
	{ "گوری پیدا شد. تعداد بازدید : ۱۴۱", "گوری پیدا شد. تعداد بازدید : " },
	{ "گوری پیدا شد (۱٬۴۱۲ بازدید)", "گوری پیدا شد ( بازدید)" },
	{ "گوری پیدا شد. بازدید ۱۴۱", "گوری پیدا شد. بازدید " },
	{ "۱۴۱ بازدید | ۳ نظر", " بازدید |  نظر" },
	{ "تعداد بازدید: ۱۴۱ | تعداد نظرات ۱۲", "تعداد بازدید:  | تعداد نظرات " },
	{ "بازدید: ۱۴۱ | گوری پیدا شد", "بازدید:  | گوری پیدا شد" },
	{ "عدد المشاهدات: ٣٤", "عدد المشاهدات: " },
	{ "A grave was found. 1.2K views", "A grave was found.  views" },
	{ "A grave was found. Viewed: 1,204", "A grave was found. Viewed: " },
	{ "Views: 1,204 Comments: 7", "Views:  Comments: " },
	{ "Нашли могилу. Просмотров: 17", "Нашли могилу. Просмотров: " },
	{ "Mezar bulundu. 123 kez okundu", "Mezar bulundu.  kez okundu" },
	{ "گوری پیدا شد. 👁 1.2K", "گوری پیدا شد. 👁 " },
	{ "گوری پیدا شد. 👁️ ۱۲", "گوری پیدا شد. 👁️ " },
	{ "views: 1 views: 2, reads: 3. It rains", "views:  views: , reads: . It rains" },
	{ "views: 1: 5 rain", "views: : 5 rain" },
	/* these say something */
	{ "شمار کشته‌ها به ۵ رسید", NULL },
	{ "کشته‌ها: ۵", NULL },
	{ "رئیس هیئت ۳ بازدید داشت", NULL },
	{ "بازدید ۳ نفر از موزه", NULL },
	{ "بازدیدکنندگان: ۳۰۰۰", NULL },
	{ "The target took 3 hits", NULL },
	{ "A review: 5", NULL },
	{ "ساعت بازدید: از صبح", NULL },
	{ "at 15:30", NULL },
	{ "x views", NULL },
	{ "B52 views", NULL },
	{ ":", NULL },
	{ "۱", NULL },
};
/* clang-format on */

static void
counters_go_and_nothing_else(void **state)
{
	(void)state;
	for (size_t i = 0; i < PK_COUNT(cases); i++) {
		struct pk_span before = pk_span_of(cases[i].text);
		struct pk_span left =
		    cases[i].left == NULL ? before : pk_span_of(cases[i].left);
		char text[256];
		assert_true(before.len <= sizeof(text));
		memcpy(text, before.ptr, before.len);
		struct pk_span got = { text, pk_counters_drop(text, before.len) };
		if (!pk_span_eq(got, left))
			print_error(
			    "%.*s: %.*s\n", PK_SPAN_ARG(before), PK_SPAN_ARG(got));
		assert_true(pk_span_eq(got, left));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counters_go_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
