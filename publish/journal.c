/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/journal.h"

#include "base/digest.h"
#include "base/failpoint.h"
#include "publish/schema.h"

#include <errno.h>

/* The first columns of a statement's only row. Returns 1, 0 without a row, or an error.
 */
static int
only_row(struct pk_stmt *stmt, int64_t *ret_columns, int n)
{
	int r = pk_stmt_step(stmt);

	if (r <= 0)
		return r;
	for (int i = 0; i < n; i++)
		ret_columns[i] = pk_stmt_int(stmt, i);
	pk_stmt_reset(stmt);
	return 1;
}

/* Returns 1, 0 when there is none, or an error. */
static int
read_epoch(struct pk_db *db, int64_t *ret_epoch)
{
	return only_row(pk_db_prepare(db, "SELECT epoch FROM epoch"), ret_epoch, 1);
}

int
pk_journal_epoch(struct pk_db *db, uint64_t *ret_epoch)
{
	int64_t epoch;
	int r = read_epoch(db, &epoch);

	if (r <= 0)
		return r < 0 ? r : -EBADMSG;
	*ret_epoch = (uint64_t)epoch;
	return 0;
}

/* 63 bits, because SQLite's integers are signed; the lowest is set: never 0. */
static int
begin_epoch(struct pk_db *db)
{
	struct pk_stmt *stmt = pk_db_prepare(db, "INSERT INTO epoch(epoch) VALUES(?)");

	pk_stmt_bind_int(stmt, 1, (int64_t)(pk_random_u64() >> 1 | 1));
	int r = pk_stmt_run(stmt);
	return r < 0 ? r : pk_db_exec(db, "DELETE FROM cursor");
}

int
pk_journal_init(struct pk_db *db)
{
	int64_t epoch;
	int r =
	    pk_db_migrate(db, "publish", pk_publish_schema, pk_publish_schema_steps);

	if (r == 0)
		r = read_epoch(db, &epoch);
	if (r != 0)
		return r < 0 ? r : 0;
	r = pk_db_begin(db);
	if (r == 0)
		r = begin_epoch(db);
	if (r == 0)
		r = pk_db_commit(db);
	if (r < 0)
		pk_db_rollback(db);
	return r;
}

int
pk_journal_range(struct pk_db *db, uint64_t *ret_oldest, uint64_t *ret_head)
{
	int64_t range[2];
	int r = only_row(
	    pk_db_prepare(db,
		"SELECT coalesce((SELECT min(seq) FROM message), head + 1), head FROM"
		" (SELECT coalesce((SELECT seq FROM sqlite_sequence"
		" WHERE name = 'message'), 0) AS head)"),
	    range, 2);

	if (r <= 0)
		return r < 0 ? r : -EIO;
	*ret_oldest = (uint64_t)range[0];
	*ret_head = (uint64_t)range[1];
	return 0;
}

/* ---- appending ---- */

/* Where the running columns stand; 0 in an empty journal. */
struct last {
	int64_t at_ms;
	int64_t total;
};

static int
last_message(struct pk_db *db, struct last *ret_last)
{
	int64_t row[2] = { 0, 0 };
	int r =
	    only_row(pk_db_prepare(db,
			 "SELECT at_ms, total FROM message ORDER BY seq DESC LIMIT 1"),
		row, 2);

	if (r >= 0)
		*ret_last = (struct last){ row[0], row[1] };
	return r < 0 ? r : 0;
}

static int
append_behind(struct pk_db *db, const struct pk_record *record, int64_t at_ms,
    struct last *last, uint64_t *ret_seq)
{
	const struct last this = { at_ms < last->at_ms ? last->at_ms : at_ms,
		last->total + (int64_t)(record->topic.len + record->body.len) };
	struct pk_stmt *stmt = pk_db_prepare(
	    db, "INSERT INTO message(at_ms, topic, body, total) VALUES(?, ?, ?, ?)");

	pk_stmt_bind_int(stmt, 1, this.at_ms);
	pk_stmt_bind_text(stmt, 2, record->topic);
	pk_stmt_bind_blob(stmt, 3, record->body);
	pk_stmt_bind_int(stmt, 4, this.total);
	int r = pk_stmt_run(stmt);
	if (r == 0) {
		*ret_seq = (uint64_t)pk_db_last_row(db);
		*last = this;
	}
	return r;
}

int
pk_journal_newest_ms(struct pk_db *db, int64_t *ret_at_ms)
{
	struct last last;
	int r = last_message(db, &last);

	if (r == 0)
		*ret_at_ms = last.at_ms;
	return r;
}

int
pk_journal_oldest_ms(struct pk_db *db, int64_t *ret_at_ms)
{
	*ret_at_ms = 0;
	int r = only_row(
	    pk_db_prepare(db, "SELECT at_ms FROM message ORDER BY seq LIMIT 1"),
	    ret_at_ms, 1);
	return r < 0 ? r : 0;
}

int
pk_journal_append(
    struct pk_db *db, const struct pk_record *record, int64_t at_ms, uint64_t *ret_seq)
{
	struct last last;
	int r = last_message(db, &last);

	return r < 0 ? r : append_behind(db, record, at_ms, &last, ret_seq);
}

static int
current_revision(struct pk_db *db, struct pk_span article, unsigned *ret_rev)
{
	struct pk_stmt *stmt =
	    pk_db_prepare(db, "SELECT rev FROM article WHERE id = ?");

	pk_stmt_bind_text(stmt, 1, article);
	int r = pk_stmt_step(stmt);
	if (r < 0)
		return r;
	*ret_rev = r == 0 ? 0 : (unsigned)pk_stmt_int(stmt, 0);
	pk_stmt_reset(stmt);
	return 0;
}

/* An id, or NULL where there is none. */
static void
bind_id(struct pk_stmt *stmt, int index, const char *id)
{
	if (id[0] == '\0')
		pk_stmt_bind_null(stmt, index);
	else
		pk_stmt_bind_text(stmt, index, pk_span_of(id));
}

static int
note_article(struct pk_db *db, const struct pk_records *records, int64_t at_ms)
{
	struct pk_stmt *stmt =
	    pk_db_prepare(db, "INSERT INTO article(id, rev, digest, story, told_ms) "
			      "VALUES(?, ?, ?, ?, ?)"
			      " ON CONFLICT(id) DO UPDATE SET rev = excluded.rev,"
			      " digest = excluded.digest, story = excluded.story,"
			      " told_ms = excluded.told_ms");

	pk_stmt_bind_text(stmt, 1, pk_span_of(records->article));
	pk_stmt_bind_int(stmt, 2, records->rev);
	pk_stmt_bind_text(stmt, 3, pk_span_of(records->digest));
	bind_id(stmt, 4, records->story);
	pk_stmt_bind_int(stmt, 5, at_ms);
	return pk_stmt_run(stmt);
}

static int
note_event(struct pk_db *db, const struct pk_records *records,
    const struct pk_record *record, uint64_t seq)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "INSERT INTO event(id, article, rev, digest, retracted, seq, merged_into,"
	    " confidence, weight, first_seq) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
	    " ?6) ON CONFLICT(id) DO UPDATE SET rev = excluded.rev,"
	    " digest = excluded.digest, retracted = excluded.retracted,"
	    " seq = excluded.seq, merged_into = excluded.merged_into,"
	    " confidence = excluded.confidence, weight = excluded.weight");

	pk_stmt_bind_text(stmt, 1, pk_span_of(record->id));
	pk_stmt_bind_text(stmt, 2, pk_span_of(records->article));
	pk_stmt_bind_int(stmt, 3, record->rev);
	pk_stmt_bind_text(stmt, 4, pk_span_of(record->digest));
	pk_stmt_bind_int(stmt, 5, record->retracted);
	pk_stmt_bind_int(stmt, 6, (int64_t)seq);
	bind_id(stmt, 7, record->merged_into);
	pk_stmt_bind_real(stmt, 8, record->confidence);
	pk_stmt_bind_real(stmt, 9, record->weight);
	return pk_stmt_run(stmt);
}

int
pk_journal_apply(struct pk_db *db, const struct pk_records *records, int64_t at_ms,
    uint64_t *ret_seqs)
{
	bool of_article = records->article[0] != '\0';
	unsigned rev = 0;
	struct last last;
	int r = last_message(db, &last);

	if (r == 0 && of_article)
		r = current_revision(db, pk_span_of(records->article), &rev);
	if (r == 0 && of_article && rev != records->prior_rev)
		r = -ESTALE;
	if (r == 0 && of_article)
		r = note_article(db, records, at_ms);
	PK_FAILPOINT(article_written);
	for (size_t i = 0; i < records->len && r == 0; i++) {
		const struct pk_record *record = &records->items[i];
		r = append_behind(db, record, at_ms, &last, &ret_seqs[i]);
		if (r == 0 && record->kind == PK_RECORD_EVENT)
			r = note_event(db, records, record, ret_seqs[i]);
		PK_FAILPOINT(message_written);
	}
	return r;
}

static int
prior_events(struct pk_db *db, struct pk_arena *arena, struct pk_span article_id,
    struct pk_prior *prior)
{
	PK_ARRAY(struct pk_prior_event) events = { 0 };
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "SELECT id, rev, digest, retracted, seq, merged_into FROM event"
	    " WHERE article = ?"
	    " ORDER BY seq");
	int r;

	pk_stmt_bind_text(stmt, 1, article_id);
	while ((r = pk_stmt_step(stmt)) > 0) {
		struct pk_prior_event *event = pk_array_push(arena, &events);
		if (event == NULL) {
			pk_stmt_reset(stmt);
			return -ENOMEM;
		}
		event->id = pk_arena_copy(arena, pk_stmt_text(stmt, 0));
		event->rev = (unsigned)pk_stmt_int(stmt, 1);
		event->digest = pk_arena_copy(arena, pk_stmt_text(stmt, 2));
		event->retracted = pk_stmt_int(stmt, 3) != 0;
		event->seq = (uint64_t)pk_stmt_int(stmt, 4);
		event->merged = !pk_stmt_is_null(stmt, 5);
	}
	prior->events = events.items;
	prior->n_events = events.len;
	return r;
}

int
pk_journal_prior(struct pk_db *db, struct pk_arena *arena, struct pk_span article_id,
    struct pk_prior *ret_prior)
{
	struct pk_prior prior = { 0 };
	struct pk_stmt *stmt =
	    pk_db_prepare(db, "SELECT rev, digest, story FROM article WHERE id = ?");

	pk_stmt_bind_text(stmt, 1, article_id);
	int r = pk_stmt_step(stmt);
	if (r < 0)
		return r;
	if (r > 0) {
		prior.rev = (unsigned)pk_stmt_int(stmt, 0);
		prior.digest = pk_arena_copy(arena, pk_stmt_text(stmt, 1));
		if (!pk_stmt_is_null(stmt, 2))
			prior.story = pk_arena_copy(arena, pk_stmt_text(stmt, 2));
		pk_stmt_reset(stmt);
		if (prior.digest.ptr == NULL)
			return -ENOMEM;
		r = prior_events(db, arena, article_id, &prior);
		/* The old bodies are needed only for what might be taken back. */
		for (size_t i = 0; i < prior.n_events && r == 0; i++) {
			struct pk_prior_event *event = &prior.events[i];
			if (!event->retracted)
				r = pk_journal_message(
				    db, arena, event->seq, &event->topic, &event->body);
			if (r == -ENOENT)
				r = 0;
		}
	}
	if (r == 0)
		*ret_prior = prior;
	return r;
}
