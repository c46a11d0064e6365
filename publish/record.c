/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/record.h"

#include "base/buf.h"
#include "base/counter.h"
#include "base/date_formats.h"
#include "base/utf8.h"
#include "publish/article_json.h"
#include "publish/cloud_event.h"
#include "publish/event_json.h"
#include "publish/json_text.h"
#include "publish/story/key.h"
#include "publish/topic.h"

#include <assert.h>
#include <errno.h>
#include <jansson.h>

/* Room that an article's other fields and its paragraphs' ranges may take beside the
 * text. */
#define ARTICLE_OVERHEAD ((size_t)256 * 1024)

struct build {
	struct pk_arena *arena;
	const struct pk_prior *prior;
	const char *instance;
	int64_t time_ms;
	PK_ARRAY(struct pk_record) records;
};

static const struct pk_prior nothing = { 0 };

/* The words of an article: what makes a revision. Volatile metadata does not. */
static void
digest_article(const struct pk_article *article, char ret_digest[static PK_ID_SIZE])
{
	const struct pk_span parts[] = { article->title, article->kicker, article->lead,
		article->byline, article->published, article->text };

	pk_id_of(parts, PK_COUNT(parts), ret_digest);
}

/* Of an event's data but its revision and its story, which alone are no change. */
static int
digest_event(json_t *data, char ret_digest[static PK_ID_SIZE])
{
	json_object_set_new(data, "op", json_null());
	json_object_set_new(data, "rev", json_null());
	if (json_object_get(data, "story") != NULL)
		json_object_set_new(data, "story", json_null());
	pk_cleanup(pk_freep) char *text =
	    pk_json_text(data, JSON_COMPACT | JSON_SORT_KEYS);
	if (text == NULL)
		return -ENOMEM;
	struct pk_span part = pk_span_of(text);
	pk_id_of(&part, 1, ret_digest);
	return 0;
}

/*
 * Writes `data` (taken) into a record's body. Returns 0, -E2BIG (over `max`) or
 * -ENOMEM.
 */
static int
write_body(struct build *build, struct pk_record *record, const char *type,
    struct pk_span subject, json_t *data, size_t max)
{
	struct pk_buf body;

	pk_buf_init(&body, max);
	int r = pk_cloud_event_dump(type, pk_span_of(record->id), record->rev,
	    pk_span_of(build->instance), subject, build->time_ms, data, &body);
	if (r == 0) {
		record->body = pk_arena_copy(build->arena, pk_buf_span(&body));
		if (record->body.ptr == NULL)
			r = -ENOMEM;
	}
	pk_buf_done(&body);
	return r;
}

static int
add_record(struct build *build, const struct pk_record *record)
{
	struct pk_record *added = pk_array_push(build->arena, &build->records);

	if (added == NULL || record->topic.ptr == NULL)
		return -ENOMEM;
	*added = *record;
	return 0;
}

static int
add_article(struct build *build, const struct pk_article *article, unsigned rev)
{
	struct pk_record record = { .kind = PK_RECORD_ARTICLE, .rev = rev };
	json_t *data = pk_article_json(article);

	if (data == NULL)
		return -ENOMEM;
	memcpy(record.id, article->id, sizeof(record.id));
	record.topic = pk_topic_of_article(build->arena, article);
	int r = write_body(build, &record, PK_CLOUD_EVENT_ARTICLE,
	    pk_span_of(article->id), data, PK_ARTICLE_BODY_MAX);
	return r < 0 ? r : add_record(build, &record);
}

/* "CONSULT/phone/RUS/USA", "STATE/-/RUS/-": every level stands at its place. */
static struct pk_span
event_subject(struct build *build, const struct pk_event *event)
{
	struct pk_span first, second;

	pk_topic_countries(event, &first, &second);
	return pk_arena_printf(build->arena, "%s/%s/%.*s/%.*s",
	    pk_event_type_name(event->type), event->mode == NULL ? "-" : event->mode,
	    PK_SPAN_ARG(first), PK_SPAN_ARG(second));
}

static struct pk_prior_event *
find_prior(const struct pk_prior *prior, const char *id)
{
	for (size_t i = 0; i < prior->n_events; i++) {
		if (pk_span_eq(prior->events[i].id, pk_span_of(id)))
			return &prior->events[i];
	}
	return NULL;
}

/* Adds the event's record if it says something new. An event that came back is an
 * update. */
static int
add_event(struct build *build, struct pk_event *event, const struct pk_article *article)
{
	const struct pk_prior_event *before = find_prior(build->prior, event->id);
	struct pk_record record = { .kind = PK_RECORD_EVENT };
	json_t *data = pk_event_json(event, article);

	if (data == NULL)
		return -ENOMEM;
	int r = digest_event(data, record.digest);
	bool same = before != NULL && (!before->retracted || before->merged) &&
		    pk_span_eq(before->digest, pk_span_of(record.digest));
	if (r < 0 || same) {
		json_decref(data);
		return r;
	}
	event->op = before == NULL ? PK_OP_NEW : PK_OP_UPDATE;
	event->rev = before == NULL ? 1 : before->rev + 1;
	json_object_set_new(data, "op", json_string(pk_op_name(event->op)));
	json_object_set_new(data, "rev", json_integer(event->rev));
	if (article->story.len > 0)
		json_object_set_new(data, "story",
		    json_stringn(article->story.ptr, article->story.len));

	record.type = event->type;
	record.gist = event->gist;
	record.confidence = event->confidence.overall;
	pk_story_key(event, record.key);
	memcpy(record.id, event->id, sizeof(record.id));
	record.rev = event->rev;
	record.topic = pk_topic_of_event(build->arena, event);
	struct pk_span subject = event_subject(build, event);
	if (subject.ptr == NULL) {
		json_decref(data);
		return -ENOMEM;
	}
	r = write_body(
	    build, &record, PK_CLOUD_EVENT_EVENT, subject, data, PK_EVENT_BODY_MAX);
	if (r == -E2BIG) {
		pk_count(PK_COUNT_EVENTS_TOO_BIG);
		return 0;
	}
	return r < 0 ? r : add_record(build, &record);
}

static bool
still_told(const struct pk_prior_event *before, const struct pk_event *events, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (pk_span_eq(before->id, pk_span_of(events[i].id)))
			return true;
	}
	return false;
}

/*
 * Takes an event back: its own last message, marked. Where that was pruned nobody can
 * have it from the journal either, and there is nothing to mark.
 */
static int
add_retraction(struct build *build, const struct pk_prior_event *before)
{
	struct pk_record record = {
		.kind = PK_RECORD_EVENT, .rev = before->rev + 1, .retracted = true
	};
	if (before->id.len >= sizeof(record.id))
		return 0;
	memcpy(record.id, before->id.ptr, before->id.len);
	memcpy(record.digest, "retracted", sizeof("retracted"));
	record.topic = before->topic;
	if (before->merged) { /* nobody has it: only what it was merged into changes */
		record.topic = PK_SPAN("event/");
		return add_record(build, &record);
	}
	json_t *message = json_loadb(before->body.ptr, before->body.len, 0, NULL);
	json_t *data = json_incref(json_object_get(message, "data"));
	const char *type = json_string_value(json_object_get(data, "type"));
	const char *subject = json_string_value(json_object_get(message, "subject"));

	if (data == NULL || type == NULL) {
		json_decref(data);
		json_decref(message);
		return 0;
	}
	json_object_set_new(data, "op", json_string(pk_op_name(PK_OP_RETRACT)));
	json_object_set_new(data, "rev", json_integer(record.rev));
	json_object_set_new(data, "reason",
	    json_string("the corrected article does not say this any more"));
	int r = write_body(build, &record, PK_CLOUD_EVENT_EVENT, pk_span_of(subject),
	    data, PK_EVENT_BODY_MAX);
	json_decref(message);
	if (r ==
	    -E2BIG) { /* by the reason's length; the correction itself counts more */
		pk_count(PK_COUNT_EVENTS_TOO_BIG);
		return 0;
	}
	return r < 0 ? r : add_record(build, &record);
}

static uint32_t
last_place(const struct pk_event *event)
{
	uint32_t end = event->trigger_range.in_title ? 0 : event->trigger_range.end;

	for (size_t i = 0; i < event->statement.n_contents; i++) {
		if (event->statement.contents[i].end > end)
			end = event->statement.contents[i].end;
	}
	return end;
}

/*
 * Cuts text that would not fit into an article's message, at a paragraph. Returns the
 * number of code points that are left, or UINT32_MAX when everything stays.
 */
static uint32_t
cut_text(struct pk_article *article)
{
	size_t max = PK_ARTICLE_BODY_MAX - ARTICLE_OVERHEAD, keep = 0;
	uint32_t points = 0;

	if (article->text.len <= max)
		return UINT32_MAX;
	for (size_t at = 0, i = 0; i < article->n_paragraphs; i++) {
		/* paragraphs count code points: walk on to this one's end in bytes */
		for (; at < article->text.len &&
		       points < article->paragraphs[i].range.end;
		     points++) {
			at++;
			while (at < article->text.len &&
			       ((unsigned char)article->text.ptr[at] & 0xC0) == 0x80)
				at++;
		}
		if (at > max) {
			article->n_paragraphs = i;
			break;
		}
		keep = at;
	}
	article->text = pk_utf8_prefix(article->text, keep == 0 ? max : keep);
	article->truncated = true;
	pk_count(PK_COUNT_ARTICLES_TRUNCATED);
	return (uint32_t)pk_utf8_count(article->text);
}

static int
add_events(struct build *build, const struct pk_article *article,
    struct pk_event *events, size_t n_events, uint32_t points)
{
	int r = 0;

	for (size_t i = 0; i < n_events && r == 0; i++) {
		if (last_place(&events[i]) <= points)
			r = add_event(build, &events[i], article);
		else
			pk_count(PK_COUNT_EVENTS_TOO_BIG);
	}
	for (size_t i = 0; i < build->prior->n_events && r == 0; i++) {
		const struct pk_prior_event *before = &build->prior->events[i];
		if ((!before->retracted || before->merged) &&
		    !still_told(before, events, n_events))
			r = add_retraction(build, before);
	}
	return r;
}

/* When it came out, but not after it was there. */
static int64_t
when_of(const struct pk_article *article, int64_t time_ms)
{
	struct pk_moment moment;

	if (pk_date_parse(article->published, 0, &moment) < 0)
		return time_ms;
	int64_t when_ms = moment.time_s * 1000;
	return time_ms >= 0 && when_ms > time_ms ? time_ms : when_ms;
}

int
pk_records_build(struct pk_arena *arena, struct pk_article *article,
    struct pk_event *events, size_t n_events, const struct pk_prior *prior,
    const char *instance, int64_t time_ms, struct pk_records *ret_records)
{
	struct build build = { .arena = arena,
		.prior = prior == NULL ? &nothing : prior,
		.instance = instance,
		.time_ms = time_ms };
	struct pk_records records = { .prior_rev = build.prior->rev,
		.sketch = article->sketch,
		.when_ms = when_of(article, time_ms),
		.time_ms = time_ms };

	memcpy(records.article, article->id, sizeof(records.article));
	if (article->story.len > 0 && article->story.len < sizeof(records.story))
		memcpy(records.story, article->story.ptr, article->story.len);
	digest_article(article, records.digest);
	if (build.prior->rev > 0 &&
	    pk_span_eq(build.prior->digest, pk_span_of(records.digest))) {
		*ret_records = (struct pk_records){ 0 };
		return 0;
	}
	records.rev = build.prior->rev + 1;

	uint32_t points = cut_text(article);
	int r = add_article(&build, article, records.rev);
	if (r == 0)
		r = add_events(&build, article, events, n_events, points);
	if (r < 0)
		return r;
	records.items = build.records.items;
	records.len = build.records.len;
	*ret_records = records;
	return 0;
}

/* The items lie in an arena, so what they were is left behind; there are three at most.
 */
static int
append(
    struct pk_arena *arena, struct pk_records *records, const struct pk_record *record)
{
	struct pk_record *items =
	    pk_arena_calloc(arena, records->len + 1, sizeof(*items));

	if (items == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < records->len; i++)
		items[i] = records->items[i];
	items[records->len++] = *record;
	records->items = items;
	return 0;
}

int
pk_record_of_feed(struct pk_arena *arena, struct pk_span feed, struct pk_span state,
    struct pk_span url, struct pk_span reason, const char *instance, int64_t time_ms,
    struct pk_records *records)
{
	struct build build = {
		.arena = arena, .instance = instance, .time_ms = time_ms
	};
	struct pk_record record = { .kind = PK_RECORD_FEED, .rev = 1 };
	struct pk_span when = { (const char *)&time_ms, sizeof(time_ms) };
	const struct pk_span parts[] = { feed, state, when };
	json_t *data = json_pack("{ss ss% ss%}", "schema", "peyk.feed/1", "feed",
	    feed.ptr, feed.len, "state", state.ptr, state.len);

	if (data == NULL)
		return -ENOMEM;
	if (reason.len > 0)
		json_object_set_new(
		    data, "reason", json_stringn(reason.ptr, reason.len));
	if (url.len > 0)
		json_object_set_new(data, "url", json_stringn(url.ptr, url.len));
	pk_id_of(parts, PK_COUNT(parts), record.id);
	record.topic = pk_topic_of_feed(arena, feed, state);
	int r = write_body(
	    &build, &record, PK_CLOUD_EVENT_FEED, feed, data, PK_EVENT_BODY_MAX);
	if (r == 0)
		r = add_record(&build, &record);
	if (r < 0)
		return r;
	assert(build.records.items != NULL);
	return append(arena, records, build.records.items);
}
