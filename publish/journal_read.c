/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/journal.h"

#include <errno.h>

/* A reading that is under way. */
struct reading {
	struct pk_db *db;
	const struct pk_journal_query *query;
	int (*each)(void *context, const struct pk_message *message);
	void *context;
	size_t messages; /* handed on */
	size_t bytes;
	uint64_t scanned;
	int ended; /* what `each` returned */
};

static bool
is_wanted(const struct pk_journal_query *query, struct pk_span topic)
{
	for (size_t i = 0; i < query->n_prefixes; i++) {
		if (pk_span_starts_with(topic, query->prefixes[i]))
			return true;
	}
	return query->n_prefixes == 0;
}

/* All columns of a row are read from disk, however long, so a body that may not be
 * wanted is not among them. */
static struct pk_stmt *
rows(struct pk_db *db, const struct pk_journal_query *query, uint64_t head)
{
	struct pk_stmt *stmt =
	    query->n_prefixes == 0
		? pk_db_prepare(db, "SELECT seq, at_ms, topic, body FROM message"
				    " WHERE seq > ? AND seq <= ? ORDER BY seq")
		: pk_db_prepare(db, "SELECT seq, at_ms, topic FROM message"
				    " WHERE seq > ? AND seq <= ? ORDER BY seq");

	pk_stmt_bind_int(stmt, 1, (int64_t)query->after);
	pk_stmt_bind_int(stmt, 2, (int64_t)head);
	return stmt;
}

/* Returns 1 when there is room for more, 0 when this one was too many or the last. */
static int
hand_on(struct reading *reading, const struct pk_message *message)
{
	const struct pk_journal_query *query = reading->query;
	size_t bytes = message->topic.len + message->body.len;

	if (query->bytes > 0 && reading->messages > 0 &&
	    (reading->bytes >= query->bytes || bytes > query->bytes - reading->bytes))
		return 0;
	reading->bytes += bytes;
	reading->messages++;
	reading->scanned = message->seq;
	reading->ended = reading->each(reading->context, message);
	return reading->ended == 0 && reading->messages != query->limit;
}

/* Finds the body that was not in the row. Returns as hand_on(), or an error. */
static int
hand_on_with_body(struct reading *reading, struct pk_message *message)
{
	struct pk_stmt *stmt =
	    pk_db_prepare(reading->db, "SELECT body FROM message WHERE seq = ?");

	pk_stmt_bind_int(stmt, 1, (int64_t)message->seq);
	int r = pk_stmt_step(stmt);
	if (r < 0)
		return r;
	if (r == 0) { /* pruned since the row was read */
		reading->scanned = message->seq;
		return 1;
	}
	message->body = pk_stmt_text(stmt, 0);
	r = hand_on(reading, message);
	pk_stmt_reset(stmt);
	return r;
}

/* Goes through the rows. Returns 1 when it saw the last of them, 0 when something ended
 * it before, or an error. */
static int
read_rows(struct reading *reading, struct pk_stmt *stmt)
{
	const struct pk_journal_query *query = reading->query;
	size_t looked_at = 0;
	int r;

	while ((r = pk_stmt_step(stmt)) > 0) {
		struct pk_message message = { .seq = (uint64_t)pk_stmt_int(stmt, 0),
			.at_ms = pk_stmt_int(stmt, 1),
			.topic = pk_stmt_text(stmt, 2) };
		if (query->n_prefixes == 0) {
			message.body = pk_stmt_text(stmt, 3);
			r = hand_on(reading, &message);
		} else if (is_wanted(query, message.topic)) {
			r = hand_on_with_body(reading, &message);
		} else {
			reading->scanned = message.seq;
		}
		if (r <= 0 || ++looked_at == query->scan) {
			pk_stmt_reset(stmt);
			return r < 0 ? r : 0;
		}
	}
	return r < 0 ? r : 1;
}

int
pk_journal_read(struct pk_db *db, const struct pk_journal_query *query,
    int (*each)(void *context, const struct pk_message *message), void *context,
    uint64_t *ret_scanned)
{
	struct reading reading = { .db = db,
		.query = query,
		.each = each,
		.context = context,
		.scanned = query->after };
	uint64_t oldest, head;

	/* the head first: what is appended or pruned behind our back is no hole then */
	int r = pk_journal_range(db, &oldest, &head);
	if (r < 0)
		return r;
	r = query->after < head ? read_rows(&reading, rows(db, query, head)) : 0;
	if (r < 0 || reading.ended != 0)
		return r < 0 ? r : reading.ended;
	*ret_scanned = r > 0 ? head : reading.scanned;
	return 0;
}

/* The first message that is there from `seq` on. Returns 1, 0 when there is none, or an
 * error. */
static int
time_from(struct pk_db *db, uint64_t seq, uint64_t *ret_seq, int64_t *ret_at_ms)
{
	struct pk_stmt *stmt = pk_db_prepare(
	    db, "SELECT seq, at_ms FROM message WHERE seq >= ? ORDER BY seq LIMIT 1");

	pk_stmt_bind_int(stmt, 1, (int64_t)seq);
	int r = pk_stmt_step(stmt);
	if (r <= 0)
		return r;
	*ret_seq = (uint64_t)pk_stmt_int(stmt, 0);
	*ret_at_ms = pk_stmt_int(stmt, 1);
	pk_stmt_reset(stmt);
	return 1;
}

int
pk_journal_find_time(struct pk_db *db, int64_t at_ms, uint64_t *ret_cursor)
{
	uint64_t low, head;
	int r = pk_journal_range(db, &low, &head);

	if (r < 0)
		return r;
	/* the first one of that time or later is one of low .. high */
	for (uint64_t high = head + 1; low < high;) {
		uint64_t middle = low + (high - low) / 2, seq = 0;
		int64_t found_ms = 0;
		r = time_from(db, middle, &seq, &found_ms);
		if (r < 0)
			return r;
		if (r > 0 && found_ms < at_ms)
			low = seq + 1;
		else
			high = middle;
	}
	*ret_cursor = low - 1;
	return 0;
}

int
pk_journal_message(struct pk_db *db, struct pk_arena *arena, uint64_t seq,
    struct pk_span *ret_topic, struct pk_span *ret_body)
{
	struct pk_stmt *stmt =
	    pk_db_prepare(db, "SELECT topic, body FROM message WHERE seq = ?");

	pk_stmt_bind_int(stmt, 1, (int64_t)seq);
	int r = pk_stmt_step(stmt);
	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	struct pk_span topic = pk_arena_copy(arena, pk_stmt_text(stmt, 0));
	struct pk_span body = pk_arena_copy(arena, pk_stmt_text(stmt, 1));
	pk_stmt_reset(stmt);
	if (topic.ptr == NULL || body.ptr == NULL)
		return -ENOMEM;
	*ret_topic = topic;
	*ret_body = body;
	return 0;
}
