/* SPDX-License-Identifier: Apache-2.0 */
/* The small fields of an event: what it is about, how many, who else, what to doubt. */
#include "extract/events/events.h"

#include "base/buf.h"
#include "tests/unit/extract/extractor_fixture.h"

static void put(struct pk_buf *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* One more item of a list. */
static void
put(struct pk_buf *out, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	pk_buf_printf(out, "%s%s", out->len > 0 ? ", " : "", text);
}

static void
contexts(const struct pk_event *e, struct pk_buf *out)
{
	for (size_t i = 0; i < e->n_contexts; i++)
		put(out, "%s", e->contexts[i]);
}

static void
counts(const struct pk_event *e, struct pk_buf *out)
{
	for (size_t i = 0; i < e->n_counts; i++)
		put(out, "%.15g %.*s %.*s", e->counts[i].n,
		    PK_SPAN_ARG(e->counts[i].unit), PK_SPAN_ARG(e->counts[i].what));
}

static void
topics(const struct pk_event *e, struct pk_buf *out)
{
	for (size_t i = 0; i < e->n_topics; i++)
		put(out, "%.*s %.*s", PK_SPAN_ARG(e->topics[i].text),
		    PK_SPAN_ARG(e->topics[i].country));
}

static void
participants(const struct pk_event *e, struct pk_buf *out)
{
	for (size_t i = 0; i < e->n_participants; i++)
		put(out, "%s %.*s", pk_part_name(e->participants[i].part),
		    PK_SPAN_ARG(e->participants[i].country));
}

static void
cues(const struct pk_event *e, struct pk_buf *out)
{
	for (size_t i = 0; i < e->modality.n_cues; i++)
		put(out, "%.*s", PK_SPAN_ARG(e->modality.cues[i].text));
}

static void
flags(const struct pk_event *e, struct pk_buf *out)
{
	for (int i = PK_FLAG_ROLE_CONFLICT; i <= PK_FLAG_HEADLINE_ONLY; i++) {
		if ((e->flags & (1u << i)) != 0)
			put(out, "%s", pk_flag_name((enum pk_flag)i));
	}
}

/* Who acts, for what only leaves the actors. */
static void
actors(const struct pk_event *e, struct pk_buf *out)
{
	for (size_t i = 0; i < e->n_actors; i++)
		put(out, "%.*s", PK_SPAN_ARG(e->actors[i].country));
}

/* clang-format off */
static const struct field_case {
	const char *name; const char *type; /* of the first event that is looked at */
	void (*field)(const struct pk_event *, struct pk_buf *);
	const char *text; const char *want;
} cases[] = {
	/* contexts */
	{ "officials of two states who meet are diplomats", "CONSULT", contexts,
	  "وزیر خارجه نروژ با وزیر خارجه سوئد دیدار کرد.", "diplomatic" },
	{ "what was said tells what it is about", "STATE", contexts,
	  "وزیر خارجه نروژ گفت: صادرات ماهی به سوئد دو برابر می شود.", "economic" },
	{ "who speaks does not", "STATE", contexts,
	  "سفیر نروژ در استکهلم گفت: زمستان امسال سرد است.", "" },
	{ "when it happens does not either", "ASSAULT", contexts,
	  "ارتش نروژ در آستانه انتخابات به سوئد حمله کرد.", "military" },
	{ "the topic of talks", "CONSULT", contexts,
	  "وزیر خارجه نروژ با وزیر خارجه سوئد درباره توافق هسته ای گفت و گو کرد.",
	  "diplomatic, cbrn" },
	{ "the object of an act", "SANCTION", contexts,
	  "دولت نروژ سفیر سوئد را اخراج کرد.", "diplomatic" },
	{ "a date ends what only dates it", "SANCTION", contexts,
	  "دولت نروژ پس از کودتای سال ۲۰۲۳ سفیر سوئد را اخراج کرد.", "diplomatic" },
	{ "nor an act by which it is done", "SANCTION", contexts,
	  "دولت نروژ با محکوم کردن حمله به ارتش یونان، سفیر سوئد را اخراج کرد.", "diplomatic" },
	{ "not the rest of the article", "CONSULT", contexts,
	  "وزیر خارجه نروژ با وزیر خارجه سوئد دیدار کرد.\nقیمت نفت بالا رفت.",
	  "diplomatic" },
	{ "«غیر نظامی» is not military", "STATE", contexts,
	  "وزیر خارجه نروژ گفت: افراد غیر نظامی به خانه برگشتند.", "" },
	{ "a name and «و» are no drug", "STATE", contexts,
	  "وزیر خارجه نروژ گفت: چوبه دار و دیوار را دیدم.", "" },
	/* counts */
	{ "people that are sent away", "SANCTION", counts,
	  "دولت نروژ سه دیپلمات سوئد را اخراج کرد.", "3 people دیپلمات" },
	{ "money in ISO 4217", "AID", counts,
	  "دولت نروژ ۲۰۰ میلیون دلار کمک به لبنان تحویل داد.", "200000000 USD " },
	{ "killed, wounded", "STATE", counts,
	  "وزیر خارجه نروژ گفت: در این حادثه ۳۵ نفر کشته و ۱۲ کودک زخمی شدند.",
	  "35 people کشته, 12 people کودک" },
	{ "what is counted stands behind its classifier", "AID", counts,
	  "ژاپن دو فروند شناور گشتی به فیلیپین تحویل داد.", "2 vehicles شناور گشتی" },
	{ "what is vague is left out", "STATE", counts,
	  "وزیر خارجه نروژ گفت: ده ها نفر به خانه برگشتند و چند سند امضا شد.", "" },
	{ "a range is none", "STATE", counts,
	  "وزیر خارجه نروژ گفت: ۳ تا ۵ نفر به خانه برگشتند.", "" },
	{ "neither is the number of an article", "STATE", counts,
	  "وزیر خارجه نروژ گفت: ماده ۵ پیمان روشن است.", "" },
	{ "how long it took is no count", "CONSULT", counts,
	  "وزیر خارجه نروژ سه ساعت با وزیر خارجه سوئد گفت و گو کرد.", "" },
	{ "a document is any document", "SUPPORT", counts,
	  "نروژ و سوئد یک سند امضا کردند.", "" },
	{ "seventeen documents are not", "SUPPORT", counts,
	  "نروژ و سوئد ۱۷ سند همکاری امضا کردند.", "17 documents سند همکاری" },
	{ "a noun has what stands before it", "CONSULT", counts,
	  "وزیر خارجه نروژ پس از دو دیدار با وزیر خارجه سوئد سه سند امضا کرد.",
	  "2 meetings دیدار" },
	/* topics */
	{ "what was talked about", "CONSULT", topics,
	  "وزیر خارجه نروژ با وزیر خارجه سوئد درباره تحولات یونان گفت و گو کرد.",
	  "تحولات یونان GRC" },
	{ "a noun takes its preposition along", "STATE", topics,
	  "وزیر خارجه نروژ در خصوص روابط با سوئد گفت: زمستان سرد است.",
	  "روابط با سوئد SWE" },
	{ "a list is one topic, of no single country", "CONSULT", topics,
	  "وزیر خارجه نروژ با وزیر خارجه سوئد پیرامون یونان، انرژی و پرتغال گفت و گو کرد.",
	  "یونان، انرژی و پرتغال " },
	{ "a claim that something is so", "STATE", topics,
	  "وزیر خارجه نروژ درباره ادعای سوئد مبنی بر تماس با یونان گفت: زمستان سرد است.",
	  "ادعای سوئد مبنی بر تماس با یونان " },
	{ "other arguments are none of it", "CONSULT", topics,
	  "وزیر خارجه نروژ درباره انرژی با وزیر خارجه سوئد گفت و گو کرد.", "انرژی " },
	{ "«این» is no topic", "STATE", topics,
	  "وزیر خارجه نروژ درباره این موضوع گفت: زمستان سرد است.", "" },
	{ "a verb that is no act may have a part in it", "STATE", topics,
	  "وزیر خارجه نروژ که درباره سوئد تصمیم گرفته است گفت: زمستان سرد است.", "" },
	{ "of a speech, not of what is said in it", "STATE", topics,
	  "وزیر خارجه نروژ گفت: درباره انرژی کار می کنیم.", "" },
	/* participants */
	{ "who mediates is no party", "CONSULT", participants,
	  "وزیر خارجه نروژ با میانجیگری قطر با وزیر خارجه سوئد گفت و گو کرد.",
	  "mediator QAT" },
	{ "and leaves the parties", "CONSULT", actors,
	  "وزیر خارجه نروژ با میانجیگری قطر با وزیر خارجه سوئد گفت و گو کرد.", "NOR, SWE" },
	{ "between two", "CONSULT", participants,
	  "قطر میان نروژ و سوئد میانجیگری کرد.", "mediator QAT" },
	{ "the host", "CONSULT", participants,
	  "وزیر خارجه نروژ به میزبانی عمان با وزیر خارجه سوئد گفت و گو کرد.", "host OMN" },
	{ "the owner of the venue", "CONSULT", participants,
	  "وزیر خارجه نروژ در مسقط با وزیر خارجه سوئد گفت و گو کرد.", "venue_owner OMN" },
	{ "at home there is none", "CONSULT", participants,
	  "وزیر خارجه نروژ در اسلو با وزیر خارجه سوئد گفت و گو کرد.", "" },
	{ "of a clause inside another", "SANCTION", participants,
	  "نروژ از توافق صادرات ماهی که با میانجیگری قطر در لیسبون امضا شده بود، خارج شد.", "" },
	{ "who is talked about", "CONSULT", participants,
	  "وزیر خارجه نروژ با وزیر خارجه سوئد درباره یونان گفت و گو کرد.",
	  "topic_party GRC" },
	{ "a party is no topic party", "CONSULT", participants,
	  "وزیر خارجه نروژ با وزیر خارجه سوئد درباره روابط نروژ و سوئد گفت و گو کرد.", "" },
	/* modality.cues */
	{ "a hope", "SUPPORT", cues,
	  "وزیر خارجه نروژ گفت: امیدواریم این پیمان را با سوئد امضا کنیم.", "امیدواریم" },
	{ "a plan", "CONSULT", cues,
	  "وزیر خارجه نروژ قرار است با وزیر خارجه سوئد دیدار کند.", "قرار است" },
	{ "a future", "CONSULT", cues,
	  "وزیر خارجه نروژ فردا با وزیر خارجه سوئد دیدار خواهد کرد.", "خواهد کرد" },
	{ "a negation", "SUPPORT", cues,
	  "نروژ این پیمان را امضا نکرد.", "نکرد" },
	{ "a claim that others make", "ACCUSE", cues,
	  "وزیر خارجه نروژ مدعی شد که یونان سوئد را به دروغگویی متهم کرده است.", "مدعی شد" },
	{ "a plain fact has none", "CONSULT", cues,
	  "وزیر خارجه نروژ با وزیر خارجه سوئد دیدار کرد.", "" },
	/* flags */
	{ "a title that is not the person's", "STATE", flags,
	  "«سرگئی لاوروف» وزیر خارجه سوئد گفت: زمستان سرد است.", "role_conflict" },
	{ "an office with two names", "STATE", flags,
	  "آرن لیندهولم وزیر خارجه نروژ گفت: زمستان سرد است.\n"
	  "وزیر خارجه نروژ، یورگن استراند، گفت: تابستان گرم است.", "name_conflict" },
	{ "a former holder is no conflict", "STATE", flags,
	  "آرن لیندهولم وزیر خارجه نروژ گفت: زمستان سرد است.\n"
	  "یورگن استراند وزیر خارجه پیشین نروژ گفت: تابستان گرم است.", "" },
	{ "a surname is no other name", "STATE", flags,
	  "آرن لیندهولم وزیر خارجه نروژ گفت: زمستان سرد است.\n"
	  "لیندهولم وزیر خارجه نروژ گفت: تابستان گرم است.", "" },
	{ "two dates that are not one", "CONSULT", flags,
	  "وزیر خارجه نروژ ۲۹ آوریل ۲۰۲۴ (۱۵ اردیبهشت ۱۴۰۳) با وزیر خارجه سوئد دیدار کرد.",
	  "date_conflict" },
	{ "two that are", "CONSULT", flags,
	  "وزیر خارجه نروژ ۲۹ آوریل ۲۰۲۴ (۱۰ اردیبهشت ۱۴۰۳) با وزیر خارجه سوئد دیدار کرد.",
	  "" },
	{ "a weekday that is not the date's", "CONSULT", flags,
	  "وزیر خارجه نروژ روز جمعه ۲۹ آوریل ۲۰۲۴ با وزیر خارجه سوئد دیدار کرد.",
	  "date_conflict" },
	{ "a quotation that is not closed", "STATE", flags,
	  "وزیر خارجه نروژ گفت: «زمستان سرد است و باران می بارد.\n"
	  "هوا خوب است.", "unbalanced_quote" },
	{ "one that was not opened", "STATE", flags,
	  "وزیر خارجه نروژ گفت: زمستان سرد است و باران می بارد».\n"
	  "هوا خوب است.", "unbalanced_quote" },
	{ "whole marks", "STATE", flags,
	  "وزیر خارجه نروژ گفت: «زمستان سرد است و باران می بارد.»", "" },
	{ "broken text", "STATE", flags,
	  "وزیر خارجه نروژ گفت: زمستان \xEF\xBF\xBD\xEF\xBF\xBD سرد است.", "garbled" },
	{ "told twice in the same words", "CONSULT", flags,
	  "هوا خوب است. نخست وزیر نروژ با نخست وزیر سوئد دیدار کرد. باران می بارد. "
	  "نخست وزیر نروژ با نخست وزیر سوئد دیدار کرد.", "duplicate_sentence" },
	{ "«گفتنی است» opens background", "CONSULT", flags,
	  "گفتنی است نخست وزیر نروژ با نخست وزیر سوئد دیدار کرد.", "background" },
	{ "to the end of the paragraph", "CONSULT", flags,
	  "لازم به ذکر است که زمستان سرد است. نخست وزیر نروژ با نخست وزیر سوئد دیدار کرد.",
	  "background" },
	{ "and no further", "CONSULT", flags,
	  "لازم به ذکر است که زمستان سرد است.\nنخست وزیر نروژ با نخست وزیر سوئد دیدار کرد.",
	  "" },
	{ "long ago is background", "CONSULT", flags,
	  "نخست وزیر نروژ در سال ۲۰۱۹ با نخست وزیر سوئد دیدار کرد.", "background" },
	{ "what a speaker recalls is his news", "STATE", flags,
	  "وزیر خارجه نروژ یادآور شد: زمستان سرد است.", "" },
	{ "a speaker who was named long ago", "STATE", flags,
	  "هوا خوب است. وزیر خارجه نروژ به خانه رفت. باران می بارد. برف هم می بارد. "
	  "باد می وزد. ابر می آید. شب تاریک است. وی گفت: زمستان سرد است.",
	  "anaphora_far" },
	{ "and one who was not", "STATE", flags,
	  "هوا خوب است. وزیر خارجه نروژ به خانه رفت. وی گفت: زمستان سرد است.", "" },
	{ "only the title tells it", "CONSULT", flags,
	  "نخست وزیر نروژ با نخست وزیر سوئد دیدار کرد\n"
	  "نخست وزیر نروژ با نخست وزیر سوئد دیدار کرد\nهوا خوب است و باران می بارد.",
	  "headline_only" },
};
/* clang-format on */

static const struct pk_event *
first_of(const struct pk_extraction *x, const char *type)
{
	for (size_t i = 0; i < x->n_events; i++) {
		if (x->events[i].type == pk_event_type_of(pk_span_of(type)))
			return &x->events[i];
	}
	return NULL;
}

static void
check_case(void **state)
{
	const struct field_case *c = *state;
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = make_doc(c->text, "2024-05-01");
	const struct pk_event *event;
	struct pk_extraction x;
	struct pk_buf got;

	pk_buf_init(&got, 0);
	assert_int_equal(pk_extract(extractor, doc, &x), 0);
	assert_null(x.reason);
	event = first_of(&x, c->type);
	assert_non_null(event);
	c->field(event, &got);
	pk_buf_append(&got, PK_SPAN(""));
	assert_string_equal(got.ptr == NULL ? "" : got.ptr, c->want);
	for (size_t i = 0; i < x.n_events; i++)
		assert_null(pk_event_check(&x.events[i], &x.article));
	pk_buf_done(&got);
}

/* What pk_event_check() says of an event with one wrong span. */
static void
wrong_spans_are_found(void **state)
{
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = make_doc(
	    "دولت نروژ قرار است سه سند درباره یونان با سوئد امضا کند.", "2024-05-01");
	struct pk_extraction x;
	struct pk_event e;

	(void)state;
	assert_int_equal(pk_extract(extractor, doc, &x), 0);
	assert_int_equal(x.n_events, 1);
	e = x.events[0];
	assert_true(e.n_topics == 1 && e.n_counts == 1 && e.n_participants == 1 &&
		    e.modality.n_cues == 1);
	assert_null(pk_event_check(&e, &x.article));
	e.topics[0].range.start++;
	assert_string_equal(pk_event_check(&e, &x.article), "a topic's span");
	e.topics[0].range.start--;
	e.counts[0].range.end++;
	assert_string_equal(pk_event_check(&e, &x.article), "a count's span");
	e.counts[0].range.end--;
	e.counts[0].unit.len = 0;
	assert_string_equal(pk_event_check(&e, &x.article), "what a count counts");
	e.counts[0].unit.len = 1;
	e.participants[0].range.end = 1000000;
	assert_string_equal(pk_event_check(&e, &x.article), "a participant's span");
	e.participants[0].part = PK_PART_NONE;
	assert_string_equal(pk_event_check(&e, &x.article), "a participant's part");
	e.n_participants = 0;
	e.modality.cues[0].range.start = 0;
	assert_string_equal(pk_event_check(&e, &x.article), "a modality cue's span");
}

int
main(void)
{
	struct CMUnitTest tests[PK_COUNT(cases) + 1] = { cmocka_unit_test(
	    wrong_spans_are_found) };

	for (size_t i = 0; i < PK_COUNT(cases); i++)
		tests[i + 1] = (struct CMUnitTest){ .name = cases[i].name,
			.test_func = check_case,
			.initial_state = (void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests_name(
	    "extract/events/fields", tests, load_extractor, free_extractor);
}
