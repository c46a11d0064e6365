/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/story/story.h"
#include "publish/journal.h"
#include "publish/schema.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define HOUR_MS INT64_C(3600000)
#define NOW_MS  INT64_C(1714557600000)

static struct pk_arena *arena;
static struct pk_db *db;

static int
setup(void **state)
{
	(void)state;
	arena = pk_arena_new((size_t)64 << 20);
	assert_int_equal(pk_db_open(":memory:", PK_DB_WRITE, &db), 0);
	assert_int_equal(pk_journal_init(db), 0);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	db = pk_db_close(db);
	arena = pk_arena_free(arena);
	return 0;
}

/* ---- articles and events ---- */

/* A report of 200 pieces; `own` of them are of this site alone. */
static const struct pk_sketch *
sketch_of(uint64_t report, uint64_t own)
{
	struct pk_sketch *sketch = pk_arena_new_of(arena, struct pk_sketch);

	pk_sketch_init(sketch);
	for (uint64_t i = 0; i < 200; i++)
		pk_sketch_add(sketch, i < own ? (report + own) * 7919 + i * 104729
					      : report * 1000003 + i);
	return sketch;
}

static struct pk_article
article_of(const char *id, uint64_t report, uint64_t own)
{
	struct pk_article article = { .text = pk_arena_printf(arena, "%s tells", id),
		.language = PK_SPAN("fa"),
		.publisher.id = pk_span_of(id),
		.sketch = sketch_of(report, own) };

	snprintf(article.id, sizeof(article.id), "%016d", 0);
	memcpy(article.id, id, strlen(id));
	return article;
}

static const struct pk_range place = { .start = 0, .end = 4 };
static const uint32_t words[] = { 2, 3, 5, 7, 11, 13 };
static const uint32_t other_words[] = { 1, 4, 6, 8, 10, 12 };

/* Talks of two states, on a day that the article states. */
static struct pk_event
talks(const char *id, const char *first, const char *second)
{
	struct pk_event event = { .type = PK_EVENT_CONSULT,
		.rule = PK_SPAN("fa.test.1"),
		.trigger = PK_SPAN("meet"),
		.trigger_range = place,
		.mentions = &place,
		.n_mentions = 1,
		.n_actors = 2,
		.time = { .start = PK_SPAN("2024-05-01"),
		    .end = PK_SPAN("2024-05-02"),
		    .precision = PK_PRECISION_DAY,
		    .text = PK_SPAN("today"),
		    .how = PK_TIME_EXPLICIT },
		.gist = { .words = words, .n_words = PK_COUNT(words) },
		.modality.status = 1u << PK_STATUS_ASSERTED };

	event.actors = pk_arena_calloc(arena, 2, sizeof(*event.actors));
	event.actors[0] = (struct pk_entity){ .text = pk_span_of(first),
		.kind = PK_KIND_STATE,
		.country = pk_span_of(first),
		.conf = 1 };
	event.actors[1] = event.actors[0];
	event.actors[1].text = event.actors[1].country = pk_span_of(second);
	event.confidence.overall = 0.79;
	event.confidence.actors = event.confidence.recipients = -1;
	event.confidence.time = event.confidence.place = -1;
	snprintf(event.id, sizeof(event.id), "%016d", 0);
	memcpy(event.id, id, strlen(id));
	return event;
}

static struct pk_event
saying(const char *id, const char *speaker)
{
	struct pk_event event = talks(id, speaker, speaker);

	event.type = PK_EVENT_STATE;
	event.n_actors = 1;
	event.statement = (struct pk_statement){
		.form = PK_FORM_DIRECT, .cue = PK_SPAN("said"), .class = PK_CUE_SAY
	};
	return event;
}

/* ---- publishing ---- */

/* Publishes as the daemon would, at `when_ms`. */
static struct pk_records
publish_at(struct pk_article article, struct pk_event *events, size_t n,
    int64_t window_ms, int64_t when_ms)
{
	struct pk_records records, merged;
	struct pk_prior prior;
	uint64_t seqs[32];

	assert_int_equal(
	    pk_journal_prior(db, arena, pk_span_of(article.id), &prior), 0);
	pk_story_presume(&article, &prior);
	assert_int_equal(pk_records_build(arena, &article, events, n, &prior, "main",
			     when_ms, &records),
	    0);
	assert_int_equal(pk_db_begin(db), 0);
	assert_int_equal(
	    pk_story_merge(db, arena, &records, window_ms, when_ms, &merged), 0);
	assert_true(merged.len <= PK_COUNT(seqs));
	assert_int_equal(pk_journal_apply(db, &merged, when_ms, seqs), 0);
	assert_int_equal(pk_db_commit(db), 0);
	return merged;
}

static struct pk_records
publish(struct pk_article article, struct pk_event *events, size_t n)
{
	return publish_at(article, events, n, PK_STORY_WINDOW_MS, NOW_MS);
}

/* The article's words after a correction. */
static struct pk_article
corrected(struct pk_article article, const char *text)
{
	article.text = pk_span_of(text);
	return article;
}

/* ---- what came of it ---- */

static json_t *
data_of(const struct pk_records *records, const char *id)
{
	for (size_t i = 0; i < records->len; i++) {
		if (strncmp(records->items[i].id, id, strlen(id)) != 0)
			continue;
		json_t *message = json_loadb(
		    records->items[i].body.ptr, records->items[i].body.len, 0, NULL);
		json_t *data = json_incref(json_object_get(message, "data"));

		json_decref(message);
		assert_non_null(data);
		return data;
	}
	return NULL;
}

static const char *
text_of(json_t *data, const char *key)
{
	const char *text = json_string_value(json_object_get(data, key));

	return text == NULL ? "" : text;
}

/* An event's message: "op rev [into] (articles of the mentions)". */
static const char *
said(const struct pk_records *records, const char *id)
{
	json_t *data = data_of(records, id);
	const json_t *mentions = json_object_get(data, "mentions");
	struct pk_span line;

	if (data == NULL)
		return "nothing";
	line = pk_arena_printf(arena, "%s %d", text_of(data, "op"),
	    (int)json_integer_value(json_object_get(data, "rev")));
	if (text_of(data, "merged_into")[0] != '\0')
		line = pk_arena_printf(
		    arena, "%s into %.1s", line.ptr, text_of(data, "merged_into"));
	for (size_t i = 0; i < json_array_size(mentions); i++) {
		const char *article = json_string_value(
		    json_object_get(json_array_get(mentions, i), "article"));

		line = pk_arena_printf(
		    arena, "%s %.1s", line.ptr, article == NULL ? "-" : article);
	}
	json_decref(data);
	return line.ptr;
}

static void
expect_confidence(const struct pk_records *records, const char *id, double want)
{
	json_t *data = data_of(records, id);
	double got = json_number_value(
	    json_object_get(json_object_get(data, "confidence"), "overall"));

	assert_true(fabs(got - want) < 1e-4);
	assert_string_equal(text_of(data, "tier"), pk_tier_of(want));
	json_decref(data);
}

/* ---- the tests ---- */

static void
the_second_telling_is_merged(void **state)
{
	struct pk_event a = talks("1", "OMN", "KEN"), b = talks("2", "KEN", "OMN");
	struct pk_records first = publish(article_of("a", 1, 0), &a, 1);
	struct pk_records second = publish(article_of("b", 1, 20), &b, 1);

	(void)state;
	assert_true(first.opens_story && !first.joins_story);
	assert_true(second.joins_story && !second.opens_story);
	assert_string_equal(said(&first, "1"), "new 1 -");
	assert_int_equal(second.len, 3);
	assert_string_equal(said(&second, "1"), "update 2 - b");
	assert_string_equal(said(&second, "2"), "retract 1 into 1 -");
	/* who merely copied adds a little; the tier follows */
	expect_confidence(&first, "1", 0.79);
	expect_confidence(&second, "1", 1 - 0.21 * (1 - 0.1 * 0.79));
	expect_confidence(&second, "2", 0.79);
	/* all say which story it is: that of the first article */
	json_t *article = data_of(&second, ""), *event = data_of(&second, "1");
	assert_string_equal(text_of(article, "story"), "a000000000000000");
	assert_string_equal(text_of(event, "story"), "a000000000000000");
	assert_int_equal(json_integer_value(json_object_get(article, "story_size")), 2);
	json_decref(article);
	json_decref(event);
}

static void
ten_sites_tell_one_event(void **state)
{
	struct pk_event a = talks("e0", "OMN", "KEN");
	struct pk_records records = publish(article_of("0", 1, 0), &a, 1);

	(void)state;
	for (int i = 1; i < 10; i++) {
		const char id[] = { (char)('0' + i), '\0' };
		const char event[] = { 'e', (char)('0' + i), '\0' };
		struct pk_event e = talks(event, "OMN", "KEN");

		records = publish(article_of(id, 1, (uint64_t)i * 9), &e, 1);
		assert_int_equal(records.len, 3);
		assert_string_equal(said(&records, event), "retract 1 into e -");
	}
	assert_string_equal(said(&records, "e0"), "update 10 - 1 2 3 4 5 6 7 8 9");
	expect_confidence(&records, "e0", 1 - 0.21 * pow(1 - 0.079, 9));
}

static void
the_same_publisher_adds_no_confidence(void **state)
{
	struct pk_event a = talks("1", "OMN", "KEN"), b = talks("2", "OMN", "KEN");
	struct pk_article again = article_of("b", 1, 20);

	(void)state;
	again.publisher.id = PK_SPAN("a");
	publish(article_of("a", 1, 0), &a, 1);
	struct pk_records second = publish(again, &b, 1);
	assert_string_equal(said(&second, "1"), "update 2 - b");
	expect_confidence(&second, "1", 0.79);
}

static void
other_matters_stay_apart(void **state)
{
	struct pk_event a = talks("1", "OMN", "KEN");
	struct pk_event others[] = { talks("2", "OMN", "QAT"), talks("3", "OMN", "KEN"),
		talks("4", "OMN", "KEN"), talks("5", "OMN", "KEN"),
		saying("6", "OMN") };

	(void)state;
	others[1].modality.negative = true;
	others[2].modality.status = 1u << PK_STATUS_PLANNED;
	others[3].time.start = PK_SPAN("2024-04-20");
	others[3].time.end = PK_SPAN("2024-04-21");
	others[3].time.text = PK_SPAN("on the 20th");
	publish(article_of("a", 1, 0), &a, 1);
	struct pk_records second =
	    publish(article_of("b", 1, 20), others, PK_COUNT(others));
	assert_true(second.joins_story);
	for (size_t i = 0; i < PK_COUNT(others); i++)
		assert_string_equal(said(&second, others[i].id), "new 1 -");
}

static void
statements_need_the_speaker_and_the_words(void **state)
{
	struct pk_event a = saying("1", "OMN");
	struct pk_event b[] = { saying("2", "KEN"), saying("3", "OMN"),
		saying("4", "OMN") };

	(void)state;
	b[1].gist =
	    (struct pk_gist){ .words = other_words, .n_words = PK_COUNT(other_words) };
	publish(article_of("a", 1, 0), &a, 1);
	struct pk_records second = publish(article_of("b", 1, 20), b, PK_COUNT(b));
	assert_string_equal(said(&second, "2"), "new 1 -");
	assert_string_equal(said(&second, "3"), "new 1 -");
	assert_string_equal(said(&second, "4"), "retract 1 into 1 -");
}

static void
an_article_tells_an_event_once(void **state)
{
	struct pk_event a = talks("1", "OMN", "KEN");
	struct pk_event b[] = { talks("2", "OMN", "KEN"), talks("3", "OMN", "KEN") };

	(void)state;
	publish(article_of("a", 1, 0), &a, 1);
	struct pk_records second = publish(article_of("b", 1, 20), b, 2);
	assert_string_equal(said(&second, "2"), "retract 1 into 1 -");
	assert_string_equal(said(&second, "3"), "new 1 -");
}

static void
other_reports_are_merged_where_that_is_safe(void **state)
{
	struct pk_event a = talks("1", "OMN", "KEN"), b = talks("2", "OMN", "KEN");

	(void)state;
	publish(article_of("a", 1, 0), &a, 1);
	struct pk_records second = publish(article_of("b", 2, 0), &b, 1);
	assert_true(second.opens_story);
	assert_string_equal(said(&second, "2"), "retract 1 into 1 -");
	expect_confidence(&second, "1", 1 - 0.21 * (1 - 0.5 * 0.79));
}

static void
other_reports_are_not_merged_where_it_is_not(void **state)
{
	struct pk_event a = talks("1", "OMN", "KEN");
	struct pk_event b[] = { talks("2", "OMN", "KEN"), talks("3", "OMN", "KEN"),
		talks("4", "OMN", "KEN"), talks("5", "OMN", "OMN"),
		saying("6", "OMN") };

	(void)state;
	b[0].time.how = PK_TIME_PUBLICATION_DEFAULT;
	b[1].gist.words = other_words;
	b[2].time.start = PK_SPAN("2024-05-02");
	b[2].time.end = PK_SPAN("2024-05-03");
	publish(article_of("a", 1, 0), &a, 1);
	struct pk_records second = publish(article_of("b", 2, 0), b, PK_COUNT(b));
	for (size_t i = 0; i < PK_COUNT(b); i++)
		assert_string_equal(said(&second, b[i].id), "new 1 -");
}

static void
a_correction_takes_its_mention_along(void **state)
{
	struct pk_event a = talks("1", "OMN", "KEN"), b = talks("2", "OMN", "KEN");
	struct pk_article copy = article_of("b", 1, 20);

	(void)state;
	publish(article_of("a", 1, 0), &a, 1);
	publish(copy, &b, 1);
	struct pk_records r = publish(corrected(copy, "no more"), NULL, 0);
	assert_int_equal(r.len, 2);
	assert_string_equal(said(&r, "1"), "update 3 -");
	expect_confidence(&r, "1", 0.79);

	/* and brings it back */
	r = publish(corrected(copy, "once more"), &b, 1);
	assert_string_equal(said(&r, "1"), "update 4 - b");
	assert_string_equal(said(&r, "2"), "retract 2 into 1 -");

	/* what it says about somebody else is an event of its own, known by its id */
	struct pk_event other = talks("2", "OMN", "QAT");
	r = publish(corrected(copy, "of another"), &other, 1);
	assert_string_equal(said(&r, "1"), "update 5 -");
	assert_string_equal(said(&r, "2"), "update 3 -");
}

static void
what_a_correction_leaves_alone_is_not_told_again(void **state)
{
	struct pk_event a = talks("1", "OMN", "KEN"), b = talks("2", "OMN", "KEN");
	struct pk_article first = article_of("a", 1, 0), copy = article_of("b", 1, 20);

	(void)state;
	publish(first, &a, 1);
	publish(copy, &b, 1);
	assert_int_equal(publish(corrected(copy, "a comma"), &b, 1).len, 1);
	assert_int_equal(publish(corrected(first, "a comma"), &a, 1).len, 1);
	assert_int_equal(publish(first, &a, 1).len, 1);
}

static void
a_corrected_owner_keeps_the_others(void **state)
{
	struct pk_event a = talks("1", "OMN", "KEN"), b = talks("2", "OMN", "KEN");
	struct pk_article first = article_of("a", 1, 0);

	(void)state;
	publish(first, &a, 1);
	publish(article_of("b", 1, 20), &b, 1);
	a.lemma = PK_SPAN("x");
	a.confidence.overall = 0.5;
	struct pk_records r = publish(corrected(first, "better"), &a, 1);
	assert_string_equal(said(&r, "1"), "update 3 - b");
	expect_confidence(&r, "1", 1 - 0.5 * (1 - 0.1 * 0.79));
}

static void
an_owner_that_is_told_no_more_has_an_heir(void **state)
{
	struct pk_event a = talks("1", "OMN", "KEN"), b = talks("2", "OMN", "KEN");
	struct pk_event c = talks("3", "OMN", "KEN"), d = talks("4", "OMN", "KEN");
	struct pk_article first = article_of("a", 1, 0), copy = article_of("b", 1, 20);

	(void)state;
	publish(first, &a, 1);
	publish(copy, &b, 1);
	publish(article_of("c", 1, 30), &c, 1);
	struct pk_records r = publish(corrected(first, "no more"), NULL, 0);
	assert_string_equal(said(&r, "2"), "update 2 - c");
	assert_string_equal(said(&r, "1"), "retract 4 into 2 -");
	assert_string_equal(said(&r, "3"), "nothing");
	expect_confidence(&r, "2", 1 - 0.21 * (1 - 0.1 * 0.79));

	/* later ones find the heir */
	r = publish(article_of("d", 1, 40), &d, 1);
	assert_string_equal(said(&r, "2"), "update 3 - c d");
	assert_string_equal(said(&r, "4"), "retract 1 into 2 -");

	/* the first one comes back, and is one of them */
	r = publish(corrected(first, "once more"), &a, 1);
	assert_string_equal(said(&r, "1"), "retract 5 into 2 -");
	assert_string_equal(said(&r, "2"), "update 4 - c d a");

	/* and inherits in its turn, for it told it first */
	r = publish(corrected(copy, "no more"), NULL, 0);
	assert_string_equal(said(&r, "1"), "update 6 - c d");
	assert_string_equal(said(&r, "2"), "retract 5 into 1 -");
}

static void
an_owner_that_tells_something_else_lets_go(void **state)
{
	struct pk_event a = talks("1", "OMN", "KEN"), b = talks("2", "OMN", "KEN");
	struct pk_article first = article_of("a", 1, 0);

	(void)state;
	publish(first, &a, 1);
	publish(article_of("b", 1, 20), &b, 1);
	a = talks("1", "OMN", "QAT");
	struct pk_records r = publish(corrected(first, "of another"), &a, 1);
	assert_string_equal(said(&r, "1"), "update 3 -");
	assert_string_equal(said(&r, "2"), "update 2 -");
}

static void
other_words_for_it_are_no_second_event(void **state)
{
	struct pk_event a = talks("1", "OMN", "KEN"), b = talks("2", "OMN", "KEN");
	struct pk_event again = talks("9", "OMN", "KEN");
	struct pk_article first = article_of("a", 1, 0);

	(void)state;
	publish(first, &a, 1);
	publish(article_of("b", 1, 20), &b, 1);
	struct pk_records r = publish(corrected(first, "in other words"), &again, 1);
	assert_string_equal(said(&r, "2"), "update 2 - a");
	assert_string_equal(said(&r, "1"), "retract 3 into 2 -");
	assert_string_equal(said(&r, "9"), "retract 1 into 2 -");
}

static void
two_workers_cannot_both_win(void **state)
{
	struct pk_event b = talks("2", "OMN", "KEN");
	struct pk_article copy = article_of("b", 1, 20);
	struct pk_records records, merged;
	uint64_t seqs[8];

	(void)state;
	pk_story_presume(&copy, NULL);
	assert_int_equal(
	    pk_records_build(arena, &copy, &b, 1, NULL, "main", NOW_MS, &records), 0);
	publish(copy, &b, 1);
	assert_int_equal(pk_db_savepoint(db), 0);
	assert_int_equal(
	    pk_story_merge(db, arena, &records, PK_STORY_WINDOW_MS, NOW_MS, &merged),
	    0);
	assert_int_equal(pk_journal_apply(db, &merged, NOW_MS, seqs), -ESTALE);
	pk_db_undo(db);
}

/* A worker looked before another article's event changed this one's revision. */
static void
a_revision_that_others_made_is_counted(void **state)
{
	struct pk_event a = talks("1", "OMN", "KEN"), b = talks("2", "OMN", "KEN");
	struct pk_article first = article_of("a", 1, 0), then;
	struct pk_records records, merged;
	struct pk_prior prior;
	uint64_t seqs[8];

	(void)state;
	publish(first, &a, 1);
	assert_int_equal(pk_journal_prior(db, arena, pk_span_of(first.id), &prior), 0);
	then = corrected(first, "better");
	pk_story_presume(&then, &prior);
	a.lemma = PK_SPAN("x");
	assert_int_equal(
	    pk_records_build(arena, &then, &a, 1, &prior, "main", NOW_MS, &records), 0);
	publish(article_of("b", 1, 20), &b, 1);
	assert_int_equal(
	    pk_story_merge(db, arena, &records, PK_STORY_WINDOW_MS, NOW_MS, &merged),
	    0);
	assert_int_equal(pk_journal_apply(db, &merged, NOW_MS, seqs), 0);
	assert_string_equal(said(&merged, "1"), "update 3 - b");
}

static void
copies_beyond_the_window_stand_for_themselves(void **state)
{
	struct pk_event a = talks("1", "OMN", "KEN"), b = talks("2", "OMN", "KEN");

	(void)state;
	publish_at(article_of("a", 1, 0), &a, 1, 10 * HOUR_MS, NOW_MS);
	struct pk_records r = publish_at(
	    article_of("b", 1, 20), &b, 1, 10 * HOUR_MS, NOW_MS + 11 * HOUR_MS);
	assert_true(r.opens_story);
	assert_string_equal(said(&r, "2"), "new 1 -");
}

/* What comes out every day in the same words is no story for ever. */
static void
a_story_ends_with_its_window(void **state)
{
	struct pk_event a = talks("1", "OMN", "KEN"), b = talks("2", "OMN", "KEN");
	struct pk_event c = talks("3", "OMN", "KEN");

	(void)state;
	publish_at(article_of("a", 1, 0), &a, 1, 10 * HOUR_MS, NOW_MS);
	struct pk_records second = publish_at(
	    article_of("b", 1, 20), &b, 1, 10 * HOUR_MS, NOW_MS + 8 * HOUR_MS);
	struct pk_records third = publish_at(
	    article_of("c", 1, 30), &c, 1, 10 * HOUR_MS, NOW_MS + 16 * HOUR_MS);
	assert_true(second.joins_story && third.opens_story);
}

static void
without_a_window_there_are_no_stories(void **state)
{
	struct pk_event a = talks("1", "OMN", "KEN"), b = talks("2", "OMN", "KEN");

	(void)state;
	publish_at(article_of("a", 1, 0), &a, 1, 0, NOW_MS);
	struct pk_records r = publish_at(article_of("b", 1, 20), &b, 1, 0, NOW_MS);
	assert_true(r.opens_story);
	assert_string_equal(said(&r, "2"), "new 1 -");
}

static int64_t
rows(const char *sql)
{
	struct pk_stmt *stmt = pk_db_prepare(db, sql);

	assert_int_equal(pk_stmt_step(stmt), 1);
	int64_t n = pk_stmt_int(stmt, 0);
	pk_stmt_reset(stmt);
	return n;
}

static void
what_is_forgotten_is_still_corrected(void **state)
{
	struct pk_event a = talks("1", "OMN", "KEN"), b = talks("2", "OMN", "KEN");
	struct pk_event c = talks("3", "OMN", "KEN");
	struct pk_article first = article_of("a", 1, 0);

	(void)state;
	publish(first, &a, 1);
	publish(article_of("b", 1, 20), &b, 1);
	assert_int_equal(pk_story_prune(db, NOW_MS + 1, 1), 1);
	assert_int_equal(pk_story_prune(db, NOW_MS + 1, 100), 1);
	assert_int_equal(pk_story_prune(db, NOW_MS + 1, 100), 0);
	assert_int_equal(rows("SELECT count(*) FROM story"), 0);
	assert_int_equal(rows("SELECT count(*) FROM story_article"), 0);
	assert_int_equal(rows("SELECT count(*) FROM story_band"), 0);
	assert_int_equal(rows("SELECT count(*) FROM story_event"), 0);

	/* nothing new is merged, but what was merged stays so */
	struct pk_records r = publish(article_of("c", 1, 30), &c, 1);
	assert_string_equal(said(&r, "3"), "new 1 -");
	a.lemma = PK_SPAN("x");
	r = publish(corrected(first, "better"), &a, 1);
	assert_string_equal(said(&r, "1"), "update 3 - b");
	r = publish(corrected(first, "no more"), NULL, 0);
	assert_string_equal(said(&r, "2"), "update 2 -");
	assert_string_equal(said(&r, "1"), "retract 4 into 2 -");
}

/* A database from before there were stories. */
static void
older_journals_go_on(void **state)
{
	struct pk_event a = talks("1", "OMN", "KEN"), b = talks("2", "OMN", "KEN");
	struct pk_article first = article_of("a", 1, 0);

	(void)state;
	db = pk_db_close(db);
	assert_int_equal(pk_db_open(":memory:", PK_DB_WRITE, &db), 0);
	assert_int_equal(pk_db_migrate(db, "publish", pk_publish_schema, 1), 0);
	assert_int_equal(
	    pk_db_exec(db,
		"INSERT INTO article VALUES('a000000000000000', 1, 'x');"
		"INSERT INTO event VALUES('1000000000000000', 'a000000000000000', 1,"
		" 'y', 0, 1);"
		"INSERT INTO message VALUES(1, 5, 'event/CONSULT/OMN/KEN/',"
		" '{\"id\":\"1000000000000000.1\",\"subject\":\"CONSULT\",\"data\":"
		"{\"type\":\"CONSULT\",\"op\":\"new\",\"rev\":1}}')"),
	    0);
	assert_int_equal(pk_journal_init(db), 0);
	struct pk_records r = publish(corrected(first, "better"), &a, 1);
	assert_string_equal(said(&r, "1"), "update 2 -");
	/* from now on it is compared, but its article is in no index of copies */
	r = publish(article_of("b", 1, 20), &b, 1);
	assert_true(r.opens_story);
	assert_string_equal(said(&r, "2"), "retract 1 into 1 -");
	r = publish(corrected(first, "no more"), NULL, 0);
	assert_string_equal(said(&r, "2"), "update 2 -");
}

/* What takes more than its share is not compared, and takes no more. */
static void
huge_events_take_no_more_than_they_may(void **state)
{
	enum { EVENTS = 160 };
	static struct pk_event a[EVENTS], b[EVENTS];
	pk_cleanup(pk_arena_freep) struct pk_arena *own = pk_arena_new((size_t)1 << 30);
	struct pk_arena *small = arena;
	char *text = pk_arena_alloc(own, 60001);

	(void)state;
	memset(text, 'x', 60000);
	for (int i = 0; i < EVENTS; i++) {
		const char id[] = { (char)('A' + i / 26), (char)('a' + i % 26), '\0' };

		a[i] = saying(id, "OMN");
		a[i].statement.content = pk_span_of(text);
		a[i].statement.contents[0] = place;
		a[i].statement.n_contents = 1;
		b[i] = a[i];
		b[i].id[0] = (char)(b[i].id[0] | 32);
		b[i].id[1] = (char)(b[i].id[1] & ~32);
	}
	for (int copy = 0; copy < 2; copy++) {
		struct pk_article article =
		    article_of(copy == 0 ? "0" : "1", 1, copy == 0 ? 0 : 20);
		struct pk_records records, merged;
		uint64_t seqs[3 * EVENTS];
		size_t before = pk_arena_used(small);

		pk_story_presume(&article, NULL);
		assert_int_equal(pk_records_build(own, &article, copy == 0 ? a : b,
				     EVENTS, NULL, "main", NOW_MS, &records),
		    0);
		assert_int_equal(pk_story_merge(db, small, &records, PK_STORY_WINDOW_MS,
				     NOW_MS, &merged),
		    0);
		assert_in_range(pk_arena_used(small) - before, 0, 48 << 20);
		assert_in_range(merged.len, EVENTS + 1, 2 * EVENTS);
		assert_int_equal(pk_journal_apply(db, &merged, NOW_MS, seqs), 0);
	}
}

/* P3: the same articles in the same order give the same messages. */
static void
the_same_order_gives_the_same_stream(void **state)
{
	char digests[2][PK_ID_SIZE];

	for (int run = 0; run < 2; run++) {
		struct pk_event a = talks("1", "OMN", "KEN");
		struct pk_event b[] = { talks("2", "OMN", "KEN"), saying("5", "OMN") };
		struct pk_event c = talks("3", "OMN", "KEN");
		struct pk_span all = PK_SPAN("");
		struct pk_stmt *stmt;

		publish(article_of("a", 1, 0), &a, 1);
		publish(article_of("b", 1, 20), b, 2);
		publish(article_of("c", 2, 0), &c, 1);
		publish(corrected(article_of("a", 1, 0), "no more"), NULL, 0);
		stmt = pk_db_prepare(db, "SELECT seq, topic, body FROM message");
		while (pk_stmt_step(stmt) > 0)
			all = pk_arena_printf(arena, "%.*s%d%.*s%.*s", PK_SPAN_ARG(all),
			    (int)pk_stmt_int(stmt, 0),
			    PK_SPAN_ARG(pk_stmt_text(stmt, 1)),
			    PK_SPAN_ARG(pk_stmt_text(stmt, 2)));
		assert_true(all.len > 1000);
		pk_id_of(&all, 1, digests[run]);
		if (run == 0) {
			teardown(state);
			setup(state);
		}
	}
	assert_string_equal(digests[0], digests[1]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_second_telling_is_merged),
		TEST(ten_sites_tell_one_event),
		TEST(the_same_publisher_adds_no_confidence),
		TEST(other_matters_stay_apart),
		TEST(statements_need_the_speaker_and_the_words),
		TEST(an_article_tells_an_event_once),
		TEST(other_reports_are_merged_where_that_is_safe),
		TEST(other_reports_are_not_merged_where_it_is_not),
		TEST(a_correction_takes_its_mention_along),
		TEST(what_a_correction_leaves_alone_is_not_told_again),
		TEST(a_corrected_owner_keeps_the_others),
		TEST(an_owner_that_is_told_no_more_has_an_heir),
		TEST(an_owner_that_tells_something_else_lets_go),
		TEST(other_words_for_it_are_no_second_event),
		TEST(two_workers_cannot_both_win),
		TEST(a_revision_that_others_made_is_counted),
		TEST(copies_beyond_the_window_stand_for_themselves),
		TEST(a_story_ends_with_its_window),
		TEST(without_a_window_there_are_no_stories),
		TEST(what_is_forgotten_is_still_corrected),
		TEST(older_journals_go_on),
		TEST(huge_events_take_no_more_than_they_may),
		TEST(the_same_order_gives_the_same_stream),
	};

	return cmocka_run_group_tests_name("publish/story/story", tests, NULL, NULL);
}
