/* SPDX-License-Identifier: Apache-2.0 */
/* When it was, and who held an office then. */
#include "base/buf.h"
#include "tests/unit/extract/extractor_fixture.h"

/* clang-format off */
/* Of each event: its first day, what that is counted from, how it was found, its first
 * actor's id. All articles came out on 2024-05-03, a Friday. */
static const struct when_case {
	const char *name; const char *text; const char *want;
} cases[] = {
	{ "today of what was said on Tuesday is Tuesday",
	  "وزیر خارجه کنیا روز سه شنبه گفت: امروز با وزیر خارجه اوگاندا دیدار کردم.",
	  "2024-04-30 published weekday_last; 2024-04-30 utterance relative_day" },
	{ "and yesterday is Monday",
	  "وزیر خارجه کنیا روز سه شنبه گفت: دیروز با وزیر خارجه اوگاندا دیدار کردم.",
	  "2024-04-30 published weekday_last; 2024-04-29 utterance relative_day" },
	{ "who goes on speaking does so on the same day",
	  "وزیر خارجه کنیا روز سه شنبه گفت: برف می بارد.\nوی افزود: باد می وزد.",
	  "2024-04-30 published weekday_last; 2024-04-30 published weekday_last" },
	{ "what was said without a date is of the day it was said on",
	  "وزیر خارجه کنیا روز سه شنبه گفت: از دولت اوگاندا تشکر می کنیم.",
	  "2024-04-30 published weekday_last; 2024-04-30 utterance publication_default" },
	{ "the reporter's own day is counted from the publication",
	  "وزیر خارجه کنیا دیروز با وزیر خارجه اوگاندا دیدار کرد.",
	  "2024-05-02 published relative_day" },
	{ "until when a thing holds is not when it was done",
	  "مصر در نوامبر ۲۰۲۳ مذاکرات با سودان را تا پایان سال ۲۰۲۸ متوقف کرد.",
	  "2023-11-01 - explicit" },
	{ "what a thing is for is not when it was signed",
	  "مصر و سودان برنامه همکاری برای سال ۲۰۲۷ را امضا کردند.",
	  "2024-05-03 published publication_default" },
	{ "an office of the past is held by who held it",
	  "وزیر خارجه وقت آمریکا در ژوئیه ۲۰۱۵ به وین سفر کرد.",
	  "2015-07-01 - explicit john-kerry" },
	{ "by nobody when there were two in that time",
	  "رئیس جمهور وقت آمریکا در سال ۲۰۱۷ به پرو سفر کرد.",
	  "2017-01-01 - explicit" },
};
/* clang-format on */

static void
describe(const struct pk_extraction *x, struct pk_buf *out)
{
	for (size_t i = 0; i < x->n_events; i++) {
		const struct pk_event *e = &x->events[i];
		const struct pk_entity *a = e->actors;

		pk_buf_printf(out, "%s%.*s %s %s", i == 0 ? "" : "; ",
		    PK_SPAN_ARG(e->time.start),
		    e->time.anchor_src == 0 ? "-" : pk_anchor_name(e->time.anchor_src),
		    pk_time_how_name(e->time.how));
		if (e->n_actors > 0 && a->role.status == PK_ROLE_THEN && a->id.len > 0)
			pk_buf_printf(out, " %.*s", PK_SPAN_ARG(a->id));
	}
}

static void
check_case(void **state)
{
	const struct when_case *c = *state;
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = make_doc(c->text, "2024-05-03");
	struct pk_extraction x;
	struct pk_buf got;

	pk_buf_init(&got, 0);
	pk_buf_append(&got, PK_SPAN(""));
	assert_int_equal(pk_extract(extractor, doc, &x), 0);
	describe(&x, &got);
	assert_string_equal(got.ptr, c->want);
	pk_buf_done(&got);
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases)];

	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
			.test_func = check_case,
			.initial_state = (void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests_name(
	    "extract/events/when", tests, load_extractor, free_extractor);
}
