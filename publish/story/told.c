/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/journal.h"
#include "publish/story/told_priv.h"

#include <errno.h>

/* Mentions of other articles in one message; more articles only raise its confidence.
 */
#define OTHERS_MAX 200

/* How many of those who tell an event are asked to take it over: messages of the first
 * may have been pruned. */
#define HEIRS_MAX 8

void
pk_work_done(struct pk_work *work)
{
	for (struct pk_told *told = work->told; told != NULL; told = told->next)
		pk_told_close(told);
}

void
pk_told_close(struct pk_told *told)
{
	json_decref(told->message);
	json_decref(told->others);
	told->message = told->others = NULL;
}

static void
take_id(char ret_id[static PK_ID_SIZE], struct pk_span id)
{
	memset(ret_id, 0, PK_ID_SIZE);
	if (id.len < PK_ID_SIZE && id.len > 0)
		memcpy(ret_id, id.ptr, id.len);
}

static bool
is_id(const char *a, const char *b)
{
	return pk_span_eq(pk_span_of(a), pk_span_of(b));
}

/* ---- rows ---- */

/* Returns 1, 0 (not in the table) or an error. */
static int
load(struct pk_work *work, struct pk_told *told)
{
	struct pk_stmt *stmt = pk_db_prepare(work->db,
	    "SELECT e.article, a.story, e.digest, e.merged_into, e.rev, e.seq,"
	    " e.retracted, e.confidence, e.weight"
	    " FROM event e JOIN article a ON a.id = e.article WHERE e.id = ?");

	pk_stmt_bind_text(stmt, 1, pk_span_of(told->id));
	int r = pk_stmt_step(stmt);
	if (r <= 0)
		return r;
	take_id(told->article, pk_stmt_text(stmt, 0));
	take_id(told->story, pk_stmt_text(stmt, 1));
	take_id(told->digest, pk_stmt_text(stmt, 2));
	take_id(told->into, pk_stmt_text(stmt, 3));
	told->rev = (unsigned)pk_stmt_int(stmt, 4);
	told->seq = (uint64_t)pk_stmt_int(stmt, 5);
	told->living = pk_stmt_int(stmt, 6) == 0;
	told->confidence = told->confidence_before = pk_stmt_real(stmt, 7);
	told->weight = pk_stmt_real(stmt, 8);
	pk_stmt_reset(stmt);
	return 1;
}

static struct pk_told *
find(const struct pk_work *work, struct pk_span id)
{
	for (struct pk_told *told = work->told; told != NULL; told = told->next) {
		if (pk_span_eq(pk_span_of(told->id), id))
			return told;
	}
	return NULL;
}

static void
add(struct pk_work *work, struct pk_told *told)
{
	*work->last = told;
	work->last = &told->next;
}

int
pk_told_get(struct pk_work *work, struct pk_span id, struct pk_told **ret_told)
{
	struct pk_told *told = find(work, id);

	if (told == NULL) {
		told = pk_arena_new_of(work->arena, struct pk_told);
		if (told == NULL)
			return -ENOMEM;
		take_id(told->id, id);
		int r = load(work, told);
		if (r <= 0)
			return r < 0 ? r : -ENOENT;
		add(work, told);
	}
	*ret_told = told;
	return 0;
}

int
pk_told_of_record(
    struct pk_work *work, const struct pk_record *record, struct pk_told **ret_told)
{
	struct pk_told *told = pk_arena_new_of(work->arena, struct pk_told);

	if (told == NULL)
		return -ENOMEM;
	memcpy(told->id, record->id, sizeof(told->id));
	int r = load(work, told);
	if (r < 0)
		return r;
	memcpy(told->article, work->records->article, sizeof(told->article));
	memcpy(told->story, work->story, sizeof(told->story));
	told->record = record;
	if (!record->retracted)
		told->confidence = record->confidence;
	add(work, told);
	*ret_told = told;
	return 0;
}

/* ---- messages ---- */

static json_t *
parse(struct pk_work *work, struct pk_span body)
{
	json_t *message = json_loadb(body.ptr, body.len, 0, NULL);

	work->opened += body.len;
	if (json_object_get(message, "data") != NULL)
		return message;
	json_decref(message);
	return NULL;
}

static bool
is_of_other(const json_t *mention)
{
	return json_object_get(mention, "article") != NULL;
}

/* Takes the mentions in other articles out of a message into an array. */
static json_t *
split_mentions(json_t *message)
{
	json_t *mentions =
	    json_object_get(json_object_get(message, "data"), "mentions");
	json_t *others = json_array();

	for (size_t i = 0; i < json_array_size(mentions) && others != NULL;) {
		json_t *mention = json_array_get(mentions, i);

		if (!is_of_other(mention)) {
			i++;
			continue;
		}
		json_array_append(others, mention);
		json_array_remove(mentions, i);
	}
	return others;
}

static int
load_message(struct pk_work *work, struct pk_told *told, json_t **ret_message)
{
	struct pk_span body;
	int r =
	    pk_journal_message(work->db, work->arena, told->seq, &told->topic, &body);

	if (r < 0)
		return r;
	*ret_message = parse(work, body);
	return *ret_message == NULL ? -ENOENT : 0;
}

/* What the message says was raised by others, and is this telling's own again. */
static void
restore_confidence(struct pk_told *told)
{
	json_t *data = json_object_get(told->message, "data");
	json_t *confidence = json_object_get(data, "confidence");

	if (told->confidence <= 0) /* published before there were stories */
		told->confidence =
		    json_number_value(json_object_get(confidence, "overall"));
}

static int
copy_numbers(struct pk_arena *arena, struct pk_span bytes, const uint32_t **ret_numbers,
    size_t *ret_n)
{
	size_t n = bytes.len / sizeof(uint32_t);
	uint32_t *numbers = pk_arena_calloc(arena, n + 1, sizeof(*numbers));

	if (numbers == NULL)
		return -ENOMEM;
	if (n > 0)
		memcpy(numbers, bytes.ptr, n * sizeof(*numbers));
	*ret_numbers = numbers;
	*ret_n = n;
	return 0;
}

static int
load_gist(struct pk_work *work, struct pk_told *told)
{
	struct pk_stmt *stmt = pk_db_prepare(
	    work->db, "SELECT who, words FROM story_event WHERE event = ?");

	pk_stmt_bind_text(stmt, 1, pk_span_of(told->id));
	int r = pk_stmt_step(stmt);
	if (r <= 0)
		return r;
	r = copy_numbers(
	    work->arena, pk_stmt_text(stmt, 0), &told->gist.who, &told->gist.n_who);
	if (r == 0)
		r = copy_numbers(work->arena, pk_stmt_text(stmt, 1), &told->gist.words,
		    &told->gist.n_words);
	pk_stmt_reset(stmt);
	return r;
}

/* Another article's event, or one that its article tells no more: as it was published.
 */
static int
open_published(struct pk_work *work, struct pk_told *told)
{
	int r = load_message(work, told, &told->message);

	if (r < 0)
		return r;
	told->others = split_mentions(told->message);
	restore_confidence(told);
	return told->others == NULL ? -ENOMEM : load_gist(work, told);
}

/* As its article tells it now, with the mentions of others from before. */
static int
open_record(struct pk_work *work, struct pk_told *told)
{
	json_t *before = NULL;
	int r = 0;

	if (told->rev > 0 && told->living)
		r = load_message(work, told, &before);
	if (r < 0 && r != -ENOENT)
		return r;
	told->others = before == NULL ? json_array() : split_mentions(before);
	json_decref(before);
	told->topic = told->record->topic;
	told->gist = told->record->gist;
	told->message = parse(work, told->record->body);
	return told->others == NULL || told->message == NULL ? -ENOMEM : 0;
}

int
pk_told_open(struct pk_work *work, struct pk_told *told)
{
	if (told->message != NULL)
		return 0;
	return told->record == NULL || told->record->retracted
		   ? open_published(work, told)
		   : open_record(work, told);
}

struct pk_telling
pk_told_telling(const struct pk_told *told)
{
	return (struct pk_telling){ .data = json_object_get(told->message, "data"),
		.gist = told->gist };
}

/* ---- mentions ---- */

static bool
lies_in(const json_t *mention, const char *article)
{
	const char *value = json_string_value(json_object_get(mention, "article"));

	return value != NULL && strcmp(value, article) == 0;
}

bool
pk_told_is_told_by(const struct pk_told *told, const char *article)
{
	for (size_t i = 0; i < json_array_size(told->others); i++) {
		if (lies_in(json_array_get(told->others, i), article))
			return true;
	}
	return false;
}

void
pk_told_drop_mentions(struct pk_told *told, const char *article)
{
	for (size_t i = 0; i < json_array_size(told->others);) {
		if (lies_in(json_array_get(told->others, i), article))
			json_array_remove(told->others, i);
		else
			i++;
	}
}

/* An open one's mentions as others' messages have them. */
static json_t *
mentions_for_others(const struct pk_told *told)
{
	json_t *mentions =
	    json_deep_copy(json_object_get(pk_told_telling(told).data, "mentions"));
	int failed = 0;

	for (size_t i = 0; i < json_array_size(mentions); i++)
		failed |= json_object_set_new(
		    json_array_get(mentions, i), "article", json_string(told->article));
	if (failed == 0)
		return mentions;
	json_decref(mentions);
	return NULL;
}

static bool
has_mentions(const struct pk_told *told, const json_t *mentions, const char *article)
{
	size_t n = 0;

	for (size_t i = 0; i < json_array_size(told->others); i++) {
		const json_t *mention = json_array_get(told->others, i);

		if (!lies_in(mention, article))
			continue;
		if (!json_equal(mention, json_array_get(mentions, n)))
			return false;
		n++;
	}
	return n == json_array_size(mentions);
}

int
pk_told_take_mentions(struct pk_told *told, const struct pk_told *from)
{
	json_t *mentions = mentions_for_others(from);
	int r = mentions == NULL ? -ENOMEM : 0;

	if (r == 0 && !has_mentions(told, mentions, from->article)) {
		pk_told_drop_mentions(told, from->article);
		if (json_array_size(told->others) + json_array_size(mentions) <=
		    OTHERS_MAX)
			r = json_array_extend(told->others, mentions);
		r = r < 0 ? -ENOMEM : 1;
	}
	json_decref(mentions);
	return r;
}

/* ---- who owns what ---- */

struct heirs {
	char ids[HEIRS_MAX][PK_ID_SIZE];
	size_t n;
};

static int
list_heirs(struct pk_work *work, const struct pk_told *told, struct heirs *heirs)
{
	struct pk_stmt *stmt = pk_db_prepare(work->db,
	    "SELECT id FROM event WHERE merged_into = ? ORDER BY first_seq LIMIT ?");
	int r;

	pk_stmt_bind_text(stmt, 1, pk_span_of(told->id));
	pk_stmt_bind_int(stmt, 2, HEIRS_MAX);
	while ((r = pk_stmt_step(stmt)) > 0)
		take_id(heirs->ids[heirs->n++], pk_stmt_text(stmt, 0));
	return r;
}

int
pk_told_first_teller(
    struct pk_work *work, const struct pk_told *told, struct pk_told **ret_told)
{
	struct heirs heirs = { .n = 0 };
	int r = list_heirs(work, told, &heirs);

	*ret_told = NULL;
	for (size_t i = 0; i < heirs.n && r == 0 && *ret_told == NULL; i++) {
		struct pk_told *heir = NULL;

		r = pk_told_get(work, pk_span_of(heirs.ids[i]), &heir);
		if (r == 0)
			r = pk_told_open(work, heir);
		if (r == 0 && heir != NULL && is_id(heir->into, told->id))
			*ret_told = heir;
		r = r == -ENOENT ? 0 : r;
	}
	return r;
}

static int
update(struct pk_work *work, const char *sql, const char *first, const char *second)
{
	struct pk_stmt *stmt = pk_db_prepare(work->db, sql);

	pk_stmt_bind_text(stmt, 1, pk_span_of(first));
	if (second != NULL)
		pk_stmt_bind_text(stmt, 2, pk_span_of(second));
	return pk_stmt_run(stmt);
}

int
pk_told_promote(struct pk_work *work, struct pk_told *heir, struct pk_told *gone)
{
	json_t *others = heir->others;

	heir->others = gone->others;
	gone->others = others;
	json_array_clear(gone->others);
	pk_told_drop_mentions(heir, heir->article);
	heir->into[0] = '\0';
	heir->living = heir->changed = true;
	memcpy(gone->moved_to, heir->id, sizeof(gone->moved_to));
	for (struct pk_told *told = work->told; told != NULL; told = told->next) {
		if (is_id(told->into, gone->id))
			memcpy(told->into, heir->id, sizeof(told->into));
	}
	int r = update(work,
	    "UPDATE event SET merged_into = NULL, retracted = 0 WHERE id = ?", heir->id,
	    NULL);
	if (r == 0)
		r = update(work,
		    "UPDATE event SET merged_into = ?1 WHERE merged_into = ?2",
		    heir->id, gone->id);
	if (r == 0)
		r = update(work, "UPDATE story_event SET living = 1 WHERE event = ?",
		    heir->id, NULL);
	return r;
}

int
pk_told_forget(struct pk_work *work, const struct pk_told *told)
{
	return update(work,
	    "UPDATE event SET merged_into = NULL, retracted = 1, digest = 'retracted'"
	    " WHERE id = ?",
	    told->id, NULL);
}
