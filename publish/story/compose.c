/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "publish/cloud_event.h"
#include "publish/story/told_priv.h"

#include <errno.h>

/* Nothing that is read is certain. */
#define CONFIDENCE_MAX 0.99

/* More tellings than these add nothing that six digits show. */
#define TELLERS_MAX 1000

static const char retold[] = "another article told this before";
static const char taken_over[] =
    "the corrected article does not say this any more; another one does";
static const char taken_back[] = "the corrected article does not say this any more";

/* ---- how sure ---- */

/* What doubt is left when `told` is heard of as well. */
static double
doubt(double left, double confidence, double weight)
{
	return left * (1 - weight * confidence);
}

static bool
is_at_hand(const struct pk_work *work, struct pk_span id)
{
	for (const struct pk_told *told = work->told; told != NULL; told = told->next) {
		if (pk_span_eq(pk_span_of(told->id), id))
			return true;
	}
	return false;
}

/* Those who tell it: as the table knows them, but for those that this merge changes. */
static int
combine(const struct pk_work *work, const struct pk_told *owner, double *ret_confidence)
{
	struct pk_stmt *stmt = pk_db_prepare(work->db,
	    "SELECT id, confidence, weight FROM event WHERE merged_into = ?"
	    " ORDER BY first_seq LIMIT ?");
	double left = 1 - owner->confidence;
	int r;

	pk_stmt_bind_text(stmt, 1, pk_span_of(owner->id));
	pk_stmt_bind_int(stmt, 2, TELLERS_MAX);
	while ((r = pk_stmt_step(stmt)) > 0) {
		if (!is_at_hand(work, pk_stmt_text(stmt, 0)))
			left =
			    doubt(left, pk_stmt_real(stmt, 1), pk_stmt_real(stmt, 2));
	}
	for (const struct pk_told *told = work->told; told != NULL; told = told->next) {
		if (strcmp(told->into, owner->id) == 0)
			left = doubt(left, told->confidence, told->weight);
	}
	if (r < 0)
		return r;
	*ret_confidence = 1 - left;
	if (*ret_confidence > CONFIDENCE_MAX && owner->confidence < CONFIDENCE_MAX)
		*ret_confidence = CONFIDENCE_MAX;
	return 0;
}

static void
set_confidence(json_t *data, double confidence)
{
	json_object_set_new(
	    json_object_get(data, "confidence"), "overall", json_real(confidence));
	json_object_set_new(data, "tier", json_string(pk_tier_of(confidence)));
}

/* ---- what is said ---- */

static int
say_living(const struct pk_work *work, struct pk_told *told, json_t *data)
{
	double confidence;
	int r = combine(work, told, &confidence);

	if (r < 0)
		return r;
	json_object_set_new(data, "op",
	    json_string(pk_op_name(told->rev == 0 ? PK_OP_NEW : PK_OP_UPDATE)));
	json_object_del(data, "merged_into");
	json_object_del(data, "reason");
	set_confidence(data, confidence);
	return json_array_extend(json_object_get(data, "mentions"), told->others) < 0
		   ? -ENOMEM
		   : 0;
}

static void
say_retracted(const struct pk_told *told, json_t *data)
{
	const char *into = told->into[0] != '\0' ? told->into : told->moved_to;
	const char *reason = told->into[0] != '\0'       ? retold
			     : told->moved_to[0] != '\0' ? taken_over
							 : taken_back;

	json_object_set_new(data, "op", json_string(pk_op_name(PK_OP_RETRACT)));
	set_confidence(data, told->confidence);
	json_object_set_new(data, "reason", json_string(reason));
	if (into[0] != '\0')
		json_object_set_new(data, "merged_into", json_string(into));
	else
		json_object_del(data, "merged_into");
}

static int
write_body(
    struct pk_work *work, struct pk_told *told, json_t *data, struct pk_record *record)
{
	struct pk_buf body;

	pk_buf_init(&body, PK_EVENT_BODY_MAX);
	int r = pk_cloud_event_revise(told->message, pk_span_of(told->id), record->rev,
	    work->records->time_ms, json_incref(data), &body);
	if (r == 0) {
		record->body = pk_arena_copy(work->arena, pk_buf_span(&body));
		if (record->body.ptr == NULL)
			r = -ENOMEM;
	}
	pk_buf_done(&body);
	return r;
}

int
pk_told_compose(
    struct pk_work *work, struct pk_told *told, struct pk_record *ret_record)
{
	json_t *data = json_object_get(told->message, "data");
	struct pk_record record = {
		.kind = PK_RECORD_EVENT, .topic = told->topic, .rev = told->rev + 1
	};
	int r = 0;

	if (told->record != NULL)
		record = *told->record;
	record.topic = told->topic;
	record.rev = told->rev + 1;
	record.retracted = !told->living;
	record.confidence = told->confidence;
	record.weight = told->weight;
	memcpy(record.id, told->id, sizeof(record.id));
	memcpy(record.merged_into, told->into, sizeof(record.merged_into));
	if (told->record == NULL)
		memcpy(record.digest, told->digest, sizeof(record.digest));
	json_object_set_new(data, "rev", json_integer(record.rev));
	if (told->story[0] != '\0')
		json_object_set_new(data, "story", json_string(told->story));
	if (told->living)
		r = say_living(work, told, data);
	else
		say_retracted(told, data);
	if (r == 0)
		r = write_body(work, told, data, &record);
	if (r == 0)
		*ret_record = record;
	return r;
}
