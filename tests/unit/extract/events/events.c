/* SPDX-License-Identifier: Apache-2.0 */
/* Small texts and what must come out of them: one behaviour a row. */
#include "extract/events/events.h"

#include "base/buf.h"
#include "tests/unit/extract/extractor_fixture.h"

/* "TYPE/mode actors -> recipients" of every event, one a line. */
static void
describe(const struct pk_extraction *x, struct pk_buf *out)
{
	for (size_t i = 0; i < x->n_events; i++) {
		const struct pk_event *e = &x->events[i];

		pk_buf_printf(
		    out, "%s%s", i == 0 ? "" : "; ", pk_event_type_name(e->type));
		if (e->mode != NULL)
			pk_buf_printf(out, "/%s", e->mode);
		for (size_t k = 0; k < e->n_actors; k++)
			pk_buf_printf(out, " %.*s", PK_SPAN_ARG(e->actors[k].country));
		if (e->n_recipients > 0)
			pk_buf_printf(out, " ->");
		for (size_t k = 0; k < e->n_recipients; k++)
			pk_buf_printf(
			    out, " %.*s", PK_SPAN_ARG(e->recipients[k].country));
	}
}

/* clang-format off */
static const struct event_case {
	const char *name; const char *text; const char *want;
} cases[] = {
	{ "a speaker by title, content after a colon",
	  "وزیر خارجه نروژ گفت: زمستان امسال سرد است.",
	  "STATE NOR" },
	{ "«ما» who receive somebody are not received",
	  "وزیر خارجه غنا گفت: ما نخست وزیر توگو را به حضور پذیرفتیم.",
	  "STATE GHA; CONSULT/visit TGO -> GHA" },
	{ "troops that enter a country are no visitors",
	  "نظامیان چاد وارد سودان شدند.", "MOBILIZE/troops TCD" },
	{ "an answer that was given is no threat",
	  "شیلی به بولیوی پاسخ قاطع داد.", "" },
	{ "what did not stay without an answer is no threat",
	  "وزیر دفاع غنا گفت: این حمله بی پاسخ نمانده است.", "STATE GHA" },
	{ "what is not told of is no opposition",
	  "وزیر خارجه غنا از مخالفت با توگو خبر نداد.", "" },
	{ "the pronoun is who spoke last",
	  "وزیر خارجه نروژ گفت: زمستان سرد است.\nوی افزود: باران هم می بارد.",
	  "STATE NOR; STATE NOR" },
	{ "a content runs on until somebody else speaks",
	  "وزیر خارجه نروژ گفت: زمستان سرد است. باران می بارد. "
	  "وزیر خارجه سوئد گفت که تابستان گرم است.",
	  "STATE NOR; STATE SWE" },
	{ "said of others is not speech of the reporter",
	  "هوا در اسلو سرد است و باران می بارد.", "" },
	{ "according to",
	  "به گفته وزیر خارجه نروژ، زمستان امسال سرد است.", "STATE NOR" },
	{ "who goes on speaking is who began, not who is spoken of",
	  "وزیر خارجه نروژ مدعی شد که وزیر خارجه سوئد به بازار رفت و گفت: باران می بارد.",
	  "STATE NOR; STATE NOR" },
	{ "both sides are those who met in the sentence",
	  "وزیر خارجه نروژ با وزیر خارجه سوئد گفت و گو کرد.\n"
	  "وزیر خارجه یونان به لیسبون سفر کرد و دو طرف چند سند همکاری امضا کردند.",
	  "CONSULT NOR SWE; CONSULT/visit GRC -> PRT; SUPPORT GRC PRT" },
	{ "both sides are those who are talked of",
	  "وزیر خارجه نروژ درباره مذاکرات با استکهلم گفت دو طرف به توافق رسیده اند.",
	  "STATE NOR; AGREE NOR SWE" },
	{ "a place before the object is nobody who is accused",
	  "وزیر خارجه نروژ در لیسبون سوئد را به دروغگویی متهم کرد.",
	  "ACCUSE/allege NOR -> SWE" },
	{ "who signed stands between, whoever spoke before",
	  "وزیر خارجه نروژ گفت که زمستان سرد است.\n"
	  "این پیمان میان یونان و پرتغال امضا شد.",
	  "STATE NOR; SUPPORT GRC PRT" },
	{ "an attacker without a name is nobody who is named",
	  "وزیر خارجه نروژ سخنان سوئد درباره گروهی که به یونان حمله کرد را رد کرد.",
	  "REJECT NOR" },
	{ "a spokesman belongs to the house he speaks for",
	  "سخنگوی کرملین گفت: زمستان سرد است.", "STATE RUS" },
	{ "a meeting of two",
	  "وزیر خارجه نروژ با وزیر خارجه سوئد دیدار کرد.", "CONSULT NOR SWE" },
	{ "a call",
	  "وزیر خارجه نروژ در تماس تلفنی با وزیر خارجه سوئد تحولات را بررسی کرد.",
	  "CONSULT/phone NOR SWE" },
	{ "a guest and a host",
	  "نخست وزیر نروژ به سوئد سفر کرد.", "CONSULT/visit NOR -> SWE" },
	{ "told twice, once an event",
	  "نخست وزیر نروژ به سوئد سفر کرد.\nنخست وزیر نروژ در جریان سفر به سوئد از "
	  "موزه ای دیدن کرد.",
	  "CONSULT/visit NOR -> SWE" },
	{ "«همتای» has the role of the subject",
	  "وزیر خارجه نروژ با همتای سوئدی خود دیدار کرد.", "CONSULT NOR SWE" },
	{ "thanks in a speech are the state's",
	  "وزیر خارجه نروژ گفت: ما از دولت سوئد تشکر می کنیم.",
	  "STATE NOR; SUPPORT NOR -> SWE" },
	{ "a request names whom it asks",
	  "وزیر خارجه نروژ از سوئد خواست تا نیروهای خود را خارج کند.",
	  "REQUEST/yield NOR -> SWE" },
	{ "to want is not to ask",
	  "وزیر خارجه نروژ خواست برود.", "" },
	{ "a denial of a charge is a statement",
	  "سخنگوی وزارت خارجه نروژ این اتهام را رد کرد.", "STATE NOR" },
	{ "what is only possible is no event",
	  "وزیر خارجه نروژ گفت: اگر با سوئد دیدار کنیم خوب است.", "STATE NOR" },
	{ "a title before its name is the one who is named next",
	  "سخنگوی وزارت خارجه مالاوی گفت که زمستان سرد است.\n"
	  "جوزف باندا افزود: برف می بارد.", "STATE MWI; STATE MWI" },
	{ "of several joined by commas none is a subject of its own",
	  "وزیر خارجه غنا با همتایان خود از توگو، بنین و نیجر دیدار کرد.",
	  "CONSULT GHA TGO BEN NER" },
	{ "a clause inside another lends no subject",
	  "وزیر خارجه غنا در پاسخ به پرسشی درباره اینکه توگو مرز را بسته است، گفت: "
	  "برف می بارد.", "SANCTION/discontinue TGO; STATE GHA" },
	{ "those who protest are of where they protest",
	  "هزاران نفر در پایتخت گرجستان تظاهرات کردند.", "PROTEST/demo GEO" },
	{ "people without a name, of a named state",
	  "کارگران بنادر شیلی دست به اعتصاب زدند.", "PROTEST/strike CHL" },
	{ "witnesses are not who spoke before",
	  "وزیر خارجه غنا گفت: برف می بارد.\n"
	  "شاهدان عینی در توگو گفتند: آفتاب می تابد.", "STATE GHA; STATE TGO" },
	{ "who has no known name is not who spoke before, either",
	  "وزیر خارجه غنا گفت: برف می بارد.\n"
	  "کانون ناشناس نویسندگان توگو گفت: آفتاب می تابد.", "STATE GHA; STATE TGO" },
	{ "speech inside speech",
	  "وزیر خارجه غنا گفت: برف می بارد و وزیر خارجه توگو تاکید کرد که زمستان سرد است.",
	  "STATE GHA; STATE TGO" },
	{ "a verb that two share",
	  "کنیا این حمله را محکوم و از اوگاندا قدردانی کرد.",
	  "ACCUSE/disapprove KEN; SUPPORT KEN -> UGA" },
	{ "a visit called off, with a clause between",
	  "سفر وزیر خارجه غنا به توگو که قرار بود امروز انجام شود لغو شد.",
	  "REJECT/meet GHA" },
	{ "«ما» in what is said is the speaker's state",
	  "وزیر خارجه شیلی گفت: آرژانتین کنسولگری ما را بست.",
	  "STATE CHL; SANCTION/discontinue ARG -> CHL" },
	{ "«کشورم» too", "وزیر خارجه غنا گفت: کشورم از توگو حمایت می کند.",
	  "STATE GHA; SUPPORT GHA -> TGO" },
	{ "an adverb does not hide a subject",
	  "وزیر خارجه شیلی گفت: متاسفانه پرو این پیشنهاد را رد کرد.",
	  "STATE CHL; REJECT PER" },
	{ "who is condemned for what was told before",
	  "سودان به خاک چاد حمله کرد.\nوزیر خارجه کنیا این حمله را محکوم کرد.",
	  "ASSAULT SDN -> TCD; ACCUSE/disapprove KEN -> SDN" },
	{ "this diplomat is who spoke, where the state is theirs",
	  "ماریا کوزلووا سفیر روسیه در پراگ گفت: برف می بارد.\n"
	  "این دیپلمات روس افزود: باد می وزد.", "STATE RUS; STATE RUS" },
	{ "what befell people is not the speaker's doing",
	  "وزیر خارجه غنا گفت: برف می بارد.\nپنج نفر کشته شدند.",
	  "STATE GHA; ASSAULT -> IRN" },
	{ "what somebody refuses to do was not done",
	  "وزیر خارجه نروژ از مذاکره با لبنان خودداری کرد.", "REJECT/meet NOR -> LBN" },
	{ "an agency is a source, not a speaker",
	  "خبرگزاری رویترز گزارش داد که هوا سرد است.", "" },
};
/* clang-format on */

static void
check_case(void **state)
{
	const struct event_case *c = *state;
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = make_doc(c->text, "2024-05-01");
	struct pk_extraction x;
	struct pk_buf got;

	pk_buf_init(&got, 0);
	pk_buf_append(&got, PK_SPAN(""));
	assert_int_equal(pk_extract(extractor, doc, &x), 0);
	assert_null(x.reason);
	describe(&x, &got);
	assert_string_equal(got.ptr == NULL ? "" : got.ptr, c->want);
	for (size_t i = 0; i < x.n_events; i++) {
		assert_null(pk_event_check(&x.events[i], &x.article));
		assert_true(x.events[i].n_sources > 0);
	}
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
	    "extract/events", tests, load_extractor, free_extractor);
}
