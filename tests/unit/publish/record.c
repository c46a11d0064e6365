/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/record.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct pk_arena *arena;

static int
setup(void **state)
{
	(void)state;
	arena = pk_arena_new((size_t)32 << 20);
	return arena == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena = pk_arena_free(arena);
	return 0;
}

static struct pk_article
make_article(const char *text)
{
	struct pk_article article = { .text = pk_span_of(text),
		.language = PK_SPAN("fa") };

	memcpy(article.id, "00000000000000aa", PK_ID_SIZE);
	pk_sha256(article.text, article.sha256);
	return article;
}

static struct pk_event
make_event(const char *id, const char *lemma)
{
	static const struct pk_range places[] = { { .start = 0, .end = 3 } };
	struct pk_event event = { .type = PK_EVENT_PROTEST,
		.rule = PK_SPAN("fa.test.1"),
		.op = PK_OP_NEW,
		.rev = 1,
		.trigger = PK_SPAN("abc"),
		.trigger_range = places[0],
		.lemma = pk_span_of(lemma),
		.mentions = places,
		.n_mentions = 1,
		.modality.status = 1u << PK_STATUS_ASSERTED };

	memcpy(event.id, id, PK_ID_SIZE);
	event.confidence.overall = 0.9;
	return event;
}

static const char id_a[] = "aaaaaaaaaaaaaaaa", id_b[] = "bbbbbbbbbbbbbbbb";

/* What the journal would say after `records`. */
static struct pk_prior
remember(const struct pk_records *records)
{
	struct pk_prior prior = { .rev = records->rev,
		.digest = pk_span_of(records->digest) };

	prior.events = pk_arena_calloc(arena, records->len, sizeof(*prior.events));
	for (size_t i = 0; i < records->len; i++) {
		const struct pk_record *record = &records->items[i];
		if (record->kind == PK_RECORD_EVENT)
			prior.events[prior.n_events++] =
			    (struct pk_prior_event){ .id = pk_span_of(record->id),
				    .rev = record->rev,
				    .digest = pk_span_of(record->digest),
				    .topic = record->topic,
				    .body = record->body };
	}
	return prior;
}

static void
expect_body(const struct pk_record *record, const char *id, const char *op)
{
	json_t *body = json_loadb(record->body.ptr, record->body.len, 0, NULL);

	assert_non_null(body);
	assert_string_equal(json_string_value(json_object_get(body, "id")), id);
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(body, "data"), "op")),
	    op);
	json_decref(body);
}

static struct pk_records
build(struct pk_article *article, struct pk_event *events, size_t n,
    const struct pk_prior *prior)
{
	struct pk_records records;

	assert_int_equal(
	    pk_records_build(arena, article, events, n, prior, "main", 1000, &records),
	    0);
	return records;
}

static void
the_article_goes_first(void **state)
{
	struct pk_article article = make_article("abc def");
	struct pk_event events[] = { make_event(id_a, "x"), make_event(id_b, "y") };
	struct pk_records records = build(&article, events, 2, NULL);

	(void)state;
	assert_int_equal(records.len, 3);
	assert_int_equal(records.rev, 1);
	assert_int_equal(records.prior_rev, 0);
	assert_string_equal(records.items[0].topic.ptr, "article/fa/-/");
	assert_string_equal(records.items[1].topic.ptr, "event/PROTEST/-/-/");
	expect_body(&records.items[1], "aaaaaaaaaaaaaaaa.1", "new");
	assert_non_null(
	    strstr(records.items[1].body.ptr, "\"subject\":\"PROTEST/-/-/-\""));
}

static void
the_same_words_are_told_once(void **state)
{
	struct pk_article article = make_article("abc def");
	struct pk_event event = make_event(id_a, "x");
	struct pk_records first = build(&article, &event, 1, NULL);
	struct pk_prior prior = remember(&first);

	(void)state;
	/* another feed, another hour: the words are what counts */
	article.feed = PK_SPAN("other");
	assert_int_equal(build(&article, &event, 1, &prior).len, 0);
}

static void
a_correction_updates_and_takes_back(void **state)
{
	struct pk_article article = make_article("abc def");
	struct pk_event events[] = { make_event(id_a, "x"), make_event(id_b, "y") };
	struct pk_records first = build(&article, events, 2, NULL);
	struct pk_prior prior = remember(&first);
	struct pk_article corrected = make_article("abc de");
	struct pk_event changed = make_event(id_a, "z");
	struct pk_records second = build(&corrected, &changed, 1, &prior);

	(void)state;
	assert_int_equal(second.rev, 2);
	assert_int_equal(second.prior_rev, 1);
	assert_int_equal(second.len, 3);
	expect_body(&second.items[1], "aaaaaaaaaaaaaaaa.2", "update");
	expect_body(&second.items[2], "bbbbbbbbbbbbbbbb.2", "retract");
	assert_true(second.items[2].retracted);
	assert_string_equal(second.items[2].topic.ptr, "event/PROTEST/-/-/");
}

static void
what_a_correction_leaves_alone_is_not_told_again(void **state)
{
	struct pk_article article = make_article("abc def");
	struct pk_event event = make_event(id_a, "x");
	struct pk_records first = build(&article, &event, 1, NULL);
	struct pk_prior prior = remember(&first);
	struct pk_article corrected = make_article("abc deg");
	struct pk_records second = build(&corrected, &event, 1, &prior);

	(void)state;
	assert_int_equal(second.len, 1);
	assert_int_equal(second.items[0].kind, PK_RECORD_ARTICLE);
}

static void
long_text_is_cut_at_a_paragraph(void **state)
{
	size_t half = 600 * 1000;
	char *text = pk_arena_alloc(arena, 2 * half + 1);
	memset(text, 'x', 2 * half);
	struct pk_article article = make_article(text);
	const struct pk_paragraph paragraphs[] = {
		{ PK_PARAGRAPH_P, { 0, (uint32_t)half, false } },
		{ PK_PARAGRAPH_P, { (uint32_t)half, (uint32_t)(2 * half), false } },
	};
	struct pk_event events[] = { make_event(id_a, "x"), make_event(id_b, "y") };

	(void)state;
	article.paragraphs = paragraphs;
	article.n_paragraphs = 2;
	events[1].trigger_range =
	    (struct pk_range){ (uint32_t)half + 5, (uint32_t)half + 9, false };
	struct pk_records records = build(&article, events, 2, NULL);
	assert_int_equal(records.len, 2); /* the event behind the cut is gone */
	assert_true(records.items[0].body.len <= PK_ARTICLE_BODY_MAX);
	assert_true(article.truncated);
	assert_int_equal(article.text.len, half);
	assert_int_equal(article.n_paragraphs, 1);
}

static void
a_feed_state_is_a_message_of_its_own(void **state)
{
	struct pk_records records = { .len = 0 };

	(void)state;
	assert_int_equal(pk_record_of_feed(arena, PK_SPAN("mfa"), PK_SPAN("failing"),
			     PK_SPAN("http://example.org/"), PK_SPAN("HTTP 503"),
			     "main", 5, &records),
	    0);
	assert_int_equal(
	    pk_record_of_feed(arena, PK_SPAN("mfa"), PK_SPAN("gap"),
		PK_SPAN("http://example.org/"), PK_SPAN(""), "main", 5, &records),
	    0);
	assert_int_equal(records.len, 2);
	assert_string_equal(records.items[1].topic.ptr, "feed/mfa/gap/");
	assert_string_equal(records.items[0].topic.ptr, "feed/mfa/failing/");
	assert_non_null(strstr(records.items[0].body.ptr, "\"reason\":\"HTTP 503\""));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_article_goes_first),
		TEST(the_same_words_are_told_once),
		TEST(a_correction_updates_and_takes_back),
		TEST(what_a_correction_leaves_alone_is_not_told_again),
		TEST(long_text_is_cut_at_a_paragraph),
		TEST(a_feed_state_is_a_message_of_its_own),
	};

	return cmocka_run_group_tests_name("publish/record", tests, NULL, NULL);
}
