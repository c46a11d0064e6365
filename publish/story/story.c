/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/story/story.h"

#include "base/buf.h"
#include "base/counter.h"
#include "base/date_formats.h"
#include "publish/cloud_event.h"
#include "publish/story/near.h"
#include "publish/story/told_priv.h"

#include <errno.h>
#include <math.h>

/* How much of another telling's confidence counts: of one that was copied from the same
 * report, and of one in words of its own. The same publisher's adds nothing. */
#define WEIGHT_OF_COPY   0.1
#define WEIGHT_OF_REPORT 0.5

#define EVENTS_AN_ARTICLE 10

void
pk_story_presume(struct pk_article *article, const struct pk_prior *prior)
{
	article->story = prior != NULL && prior->story.len > 0
			     ? prior->story
			     : pk_span_of(article->id);
}

/* ---- the story of the article ---- */

static int
open_story(struct pk_work *work)
{
	struct pk_stmt *stmt = pk_db_prepare(work->db,
	    "INSERT INTO story(id, size, first_seen_ms, last_seen_ms)"
	    " VALUES(?, 1, ?, ?) ON CONFLICT(id) DO NOTHING");

	pk_stmt_bind_text(stmt, 1, pk_span_of(work->story));
	pk_stmt_bind_int(stmt, 2, work->records->time_ms);
	pk_stmt_bind_int(stmt, 3, work->now_ms);
	return pk_stmt_run(stmt);
}

static int
join_story(struct pk_work *work)
{
	struct pk_stmt *stmt = pk_db_prepare(work->db,
	    "UPDATE story SET size = size + 1, last_seen_ms = ? WHERE id = ?");

	pk_stmt_bind_int(stmt, 1, work->now_ms);
	pk_stmt_bind_text(stmt, 2, pk_span_of(work->story));
	return pk_stmt_run(stmt);
}

/* From now on its copies find it. */
static int
enter_index(struct pk_work *work, int64_t when_ms)
{
	const struct pk_near near = { .article = work->records->article,
		.story = work->story,
		.when_ms = when_ms,
		.seen_ms = work->now_ms,
		.sketch = work->records->sketch };

	return pk_near_note(work->db, &near);
}

/* A corrected article stays in the story that it is in. */
static int
find_story(struct pk_work *work, struct pk_records *out)
{
	const struct pk_records *records = work->records;
	struct pk_near_story story = { .when_ms = records->when_ms };
	int r;

	memcpy(work->story, records->story, sizeof(work->story));
	if (records->prior_rev > 0)
		return 0;
	out->opens_story = true;
	if (records->sketch == NULL || work->window_ms <= 0)
		return 0;
	r = pk_near_find(
	    work->db, records->sketch, records->when_ms, work->window_ms, &story);
	if (r < 0)
		return r;
	out->joins_story = r > 0;
	out->opens_story = r == 0;
	if (out->joins_story)
		memcpy(work->story, story.id, sizeof(work->story));
	memcpy(out->story, work->story, sizeof(out->story));
	r = out->joins_story ? join_story(work) : open_story(work);
	return r < 0 ? r : enter_index(work, story.when_ms);
}

/* How large the story was when the article joined it, and since when there is one. */
static int
describe_story(struct pk_work *work, json_t *data)
{
	struct pk_stmt *stmt = pk_db_prepare(
	    work->db, "SELECT size, first_seen_ms FROM story WHERE id = ?");
	char text[PK_DATE_TEXT_MAX];

	pk_stmt_bind_text(stmt, 1, pk_span_of(work->story));
	int r = pk_stmt_step(stmt);
	if (r <= 0)
		return r;
	int64_t since_ms = pk_stmt_int(stmt, 1);
	json_object_set_new(data, "story_size", json_integer(pk_stmt_int(stmt, 0)));
	if (since_ms >= 0) {
		size_t len = pk_date_format_utc(since_ms / 1000, text);
		json_object_set_new(data, "story_since", json_stringn(text, len));
	}
	pk_stmt_reset(stmt);
	return 0;
}

/* The article's record says which story it joined. */
static int
retell_article(struct pk_work *work, struct pk_record *record)
{
	json_t *message = json_loadb(record->body.ptr, record->body.len, 0, NULL);
	json_t *data = json_incref(json_object_get(message, "data"));
	struct pk_buf body;

	pk_buf_init(&body, 0);
	int r = data == NULL ? -ENOMEM : describe_story(work, data);
	json_object_set_new(data, "story", json_string(work->story));
	if (r == 0)
		r = pk_cloud_event_revise(message, pk_span_of(work->records->article),
		    record->rev, -1, json_incref(data), &body);
	if (r == 0)
		record->body = pk_arena_copy(work->arena, pk_buf_span(&body));
	pk_buf_done(&body);
	json_decref(data);
	json_decref(message);
	return r == 0 && record->body.ptr == NULL ? -ENOMEM : r;
}

/* ---- who tells what ---- */

static bool
match(const struct pk_told *a, const struct pk_told *b)
{
	struct pk_telling x = pk_told_telling(a), y = pk_told_telling(b);

	return pk_tellings_match(&x, &y, strcmp(a->story, b->story) == 0);
}

static const char *
publisher(const struct pk_told *told)
{
	const json_t *data = json_object_get(told->message, "data");
	const char *id = json_string_value(
	    json_object_get(json_object_get(data, "article"), "publisher"));

	return id == NULL ? "" : id;
}

static double
weight_of(const struct pk_told *told, const struct pk_told *owner, bool near)
{
	if (publisher(told)[0] != '\0' &&
	    strcmp(publisher(told), publisher(owner)) == 0)
		return 0;
	return near ? WEIGHT_OF_COPY : WEIGHT_OF_REPORT;
}

static int
attach(struct pk_told *told, struct pk_told *owner, bool near)
{
	double weight = weight_of(told, owner, near);
	int r = pk_told_take_mentions(owner, told);

	if (r < 0)
		return r;
	owner->changed |= r > 0 || fabs(weight - told->weight) > 0 ||
			  fabs(told->confidence - told->confidence_before) > 0;
	memcpy(told->into, owner->id, sizeof(told->into));
	told->weight = weight;
	told->living = false;
	told->changed = true;
	return 0;
}

/* Whom it is merged into, open; NULL where that cannot be changed any more. */
static int
open_owner(struct pk_work *work, const struct pk_told *told, struct pk_told **ret_owner)
{
	int r = pk_told_get(work, pk_span_of(told->into), ret_owner);

	if (r == 0)
		r = pk_told_open(work, *ret_owner);
	if (r < 0)
		*ret_owner = NULL;
	return r == -ENOENT ? 0 : r;
}

static int
open_both(struct pk_work *work, struct pk_told *told, struct pk_told **ret_owner)
{
	int r = pk_told_open(work, told);

	return r < 0 ? r : open_owner(work, told, ret_owner);
}

static void
detach(struct pk_told *told, struct pk_told *owner)
{
	told->into[0] = '\0';
	told->weight = 0;
	if (owner == NULL)
		return;
	pk_told_drop_mentions(owner, told->article);
	owner->changed = true;
}

/* The article does not tell it any more. */
static int
settle_gone(struct pk_work *work, struct pk_told *told)
{
	struct pk_told *other = NULL;
	int r;

	if (told->into[0] != '\0') {
		r = open_owner(work, told, &other);
		if (r == 0)
			detach(told, other);
		return r < 0 ? r : pk_told_forget(work, told);
	}
	r = pk_told_first_teller(work, told, &other);
	if (r == 0 && other != NULL)
		r = pk_told_open(work, told);
	if (r == 0 && other != NULL)
		r = pk_told_promote(work, other, told);
	told->living = false;
	told->changed = true;
	return r == -ENOENT ? 0 : r;
}

/*
 * What it was part of before the correction, if it still fits. Sets *ret_settled; else
 * it stands for itself now.
 */
static int
settle_as_before(struct pk_work *work, struct pk_told *told, bool *ret_settled)
{
	struct pk_told *other = NULL;
	int r = 0;

	if (told->into[0] != '\0') {
		r = open_both(work, told, &other);
		*ret_settled = r == 0 && (other == NULL || match(told, other));
		if (r == 0 && *ret_settled && other != NULL)
			return attach(
			    told, other, strcmp(told->story, other->story) == 0);
		if (r == 0 && !*ret_settled)
			detach(told, other);
	} else if (told->living) {
		r = pk_told_first_teller(work, told, &other);
		if (r == 0 && other != NULL)
			r = pk_told_open(work, told);
		*ret_settled = r == 0 && other != NULL && match(told, other);
		if (r == 0 && other != NULL && !*ret_settled)
			r = pk_told_promote(work, other, told);
	}
	return r;
}

static int
settle_told(struct pk_work *work, struct pk_told *told)
{
	struct pk_told *owner = NULL;
	bool settled = false, near = false;
	int r = settle_as_before(work, told, &settled);

	told->changed = true;
	if (r < 0 || settled)
		return r;
	r = pk_told_find_owner(work, told, &owner, &near);
	if (r == 0 && owner != NULL)
		return attach(told, owner, near);
	told->living = true;
	return r;
}

/* What is gone first: who follows it may be told by what the correction says instead.
 */
static int
settle(struct pk_work *work)
{
	const struct pk_records *records = work->records;
	struct pk_told *told;
	int r = 0;

	for (size_t i = 0; i < records->len && r == 0; i++) {
		if (records->items[i].kind == PK_RECORD_EVENT)
			r = pk_told_of_record(work, &records->items[i], &told);
	}
	for (told = work->told; told != NULL && r == 0; told = told->next) {
		if (told->record != NULL && told->record->retracted)
			r = settle_gone(work, told);
	}
	for (told = work->told; told != NULL && r == 0; told = told->next) {
		if (told->record != NULL && !told->record->retracted)
			r = settle_told(work, told);
	}
	return r;
}

/* ---- what is published of it ---- */

/* Is the record right as the worker made it, knowing this article alone? */
static bool
stands(const struct pk_told *told, const struct pk_records *out)
{
	const struct pk_record *record = told->record;

	return record != NULL && record->body.len > 0 && !out->joins_story &&
	       record->rev == told->rev + 1 && record->retracted == !told->living &&
	       told->moved_to[0] == '\0' && told->into[0] == '\0' &&
	       json_array_size(told->others) == 0;
}

static int
add(struct pk_work *work, struct pk_told *told, struct pk_records *out)
{
	if (stands(told, out)) {
		out->items[out->len++] = *told->record;
		return 0;
	}
	int r = pk_told_open(work, told);
	if (r == 0)
		r = pk_told_compose(work, told, &out->items[out->len]);
	if (r == 0)
		out->len++;
	pk_told_close(told);
	if (r == -E2BIG)
		pk_count(PK_COUNT_EVENTS_TOO_BIG);
	/* the message that would be taken back is pruned: nobody can have it */
	return r == -E2BIG || r == -ENOENT ? 0 : r;
}

enum part { TOLD, OTHERS, GONE };

static enum part
part_of(const struct pk_told *told)
{
	if (told->record == NULL)
		return OTHERS;
	return told->living ? TOLD : GONE;
}

/* What the article tells, what it tells of others' events, what is not its any more. */
static int
add_all(struct pk_work *work, struct pk_records *out)
{
	int r = 0;

	for (int part = TOLD; part <= (int)GONE; part++) {
		for (struct pk_told *told = work->told; told != NULL && r == 0;
		     told = told->next) {
			if (told->changed && (int)part_of(told) == part)
				r = add(work, told, out);
		}
	}
	for (struct pk_told *told = work->told; told != NULL && r == 0;
	     told = told->next) {
		if (told->record != NULL)
			r = pk_told_note(work, told);
	}
	return r;
}

static int
publish(struct pk_work *work, struct pk_records *out)
{
	const struct pk_records *records = work->records;
	size_t n = 0;

	for (const struct pk_told *told = work->told; told != NULL; told = told->next)
		n++;
	out->items =
	    pk_arena_calloc(work->arena, records->len + n, sizeof(*out->items));
	if (out->items == NULL)
		return -ENOMEM;
	out->len = 0;
	for (size_t i = 0; i < records->len; i++) {
		if (records->items[i].kind != PK_RECORD_EVENT)
			out->items[out->len++] = records->items[i];
	}
	int r = 0;
	if (out->joins_story)
		r = retell_article(work, &out->items[0]);
	return r < 0 ? r : add_all(work, out);
}

int
pk_story_merge(struct pk_db *db, struct pk_arena *arena,
    const struct pk_records *records, int64_t window_ms, int64_t now_ms,
    struct pk_records *ret_records)
{
	struct pk_work work = { .db = db,
		.arena = arena,
		.records = records,
		.window_ms = window_ms,
		.now_ms = now_ms };
	struct pk_records out = *records;

	if (records->story[0] == '\0' || records->len == 0) {
		*ret_records = *records;
		return 0;
	}
	work.last = &work.told;
	int r = find_story(&work, &out);
	if (r == 0)
		r = settle(&work);
	if (r == 0)
		r = publish(&work, &out);
	pk_work_done(&work);
	if (r == 0)
		*ret_records = out;
	return r;
}

/* ---- forgetting ---- */

static int
prune(struct pk_db *db, const char *sql, int64_t before_ms, size_t limit)
{
	struct pk_stmt *stmt = pk_db_prepare(db, sql);

	pk_stmt_bind_int(stmt, 1, before_ms);
	pk_stmt_bind_int(stmt, 2, (int64_t)limit);
	return pk_stmt_run(stmt);
}

int
pk_story_prune(struct pk_db *db, int64_t before_ms, size_t limit)
{
	int n = pk_near_prune(db, before_ms, limit);
	int r = n < 0 ? n
		      : prune(db,
			    "DELETE FROM story WHERE id IN (SELECT id FROM story"
			    " WHERE last_seen_ms < ? ORDER BY last_seen_ms LIMIT ?)",
			    before_ms, limit);

	if (r == 0)
		r = prune(db,
		    "DELETE FROM story_event WHERE n IN (SELECT n FROM story_event"
		    " WHERE seen_ms < ? ORDER BY seen_ms LIMIT ?)",
		    before_ms, limit * EVENTS_AN_ARTICLE);
	return r < 0 ? r : n;
}
