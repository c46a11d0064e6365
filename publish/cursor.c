/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/cursor.h"

#include "base/failpoint.h"

#include <errno.h>

bool
pk_cursor_name_is_fine(struct pk_span name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = pk_ascii_lower(name.ptr[i]);
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '.' &&
		    c != '_' && c != '-')
			return false;
	}
	return name.len > 0 && name.len <= PK_CURSOR_NAME_MAX;
}

/* Without keys the owner may be absent: that is "", and not NULL, which equals nothing.
 */
static void
bind_who(struct pk_stmt *stmt, struct pk_span owner, struct pk_span name)
{
	pk_stmt_bind_text(stmt, 1, owner.ptr == NULL ? PK_SPAN("") : owner);
	pk_stmt_bind_text(stmt, 2, name);
}

/* The only value of a statement. Returns 0, -ENOENT without a row, or an error. */
static int
only_value(struct pk_stmt *stmt, uint64_t *ret_value)
{
	int r = pk_stmt_step(stmt);

	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	*ret_value = (uint64_t)pk_stmt_int(stmt, 0);
	pk_stmt_reset(stmt);
	return 0;
}

/* Whether there is one of this name, of any epoch, or room for it. */
static int
make_room(struct pk_db *db, struct pk_span owner, struct pk_span name)
{
	uint64_t n = 0;
	struct pk_stmt *stmt =
	    pk_db_prepare(db, "SELECT count(*) FROM cursor WHERE NOT EXISTS"
			      " (SELECT 1 FROM cursor WHERE owner = ? AND name = ?)");

	bind_who(stmt, owner, name);
	int r = only_value(stmt, &n);
	if (r < 0)
		return r;
	return n < PK_CURSORS_MAX ? 0 : -EDQUOT;
}

int
pk_cursor_ack(struct pk_db *db, struct pk_span owner, struct pk_span name,
    uint64_t epoch, uint64_t seq, int64_t now_ms, uint64_t *ret_seq)
{
	if (!pk_cursor_name_is_fine(name) || seq > INT64_MAX)
		return -EINVAL;
	int r = make_room(db, owner, name);
	if (r < 0)
		return r;
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "INSERT INTO cursor(owner, name, epoch, seq, seen_ms) VALUES(?, ?, ?, ?, ?)"
	    " ON CONFLICT(owner, name) DO UPDATE SET"
	    " seq = CASE WHEN epoch = excluded.epoch THEN max(seq, excluded.seq)"
	    " ELSE excluded.seq END,"
	    " epoch = excluded.epoch, seen_ms = excluded.seen_ms");
	bind_who(stmt, owner, name);
	pk_stmt_bind_int(stmt, 3, (int64_t)epoch);
	pk_stmt_bind_int(stmt, 4, (int64_t)seq);
	pk_stmt_bind_int(stmt, 5, now_ms);
	r = pk_stmt_run(stmt);
	PK_FAILPOINT(cursor_written);
	return r < 0 ? r : pk_cursor_get(db, owner, name, epoch, ret_seq);
}

int
pk_cursor_get(struct pk_db *db, struct pk_span owner, struct pk_span name,
    uint64_t epoch, uint64_t *ret_seq)
{
	if (!pk_cursor_name_is_fine(name))
		return -EINVAL;
	struct pk_stmt *stmt = pk_db_prepare(
	    db, "SELECT seq FROM cursor WHERE owner = ? AND name = ? AND epoch = ?");
	bind_who(stmt, owner, name);
	pk_stmt_bind_int(stmt, 3, (int64_t)epoch);
	return only_value(stmt, ret_seq);
}

int
pk_cursor_forget(struct pk_db *db, struct pk_span owner, struct pk_span name,
    uint64_t epoch, uint64_t *ret_seq)
{
	uint64_t seq = 0;
	int r = pk_cursor_get(db, owner, name, epoch, &seq);

	if (r < 0)
		return r;
	struct pk_stmt *stmt =
	    pk_db_prepare(db, "DELETE FROM cursor WHERE owner = ? AND name = ?");
	bind_who(stmt, owner, name);
	r = pk_stmt_run(stmt);
	if (r == 0)
		*ret_seq = seq;
	return r;
}

int
pk_cursor_each(struct pk_db *db, uint64_t epoch,
    int (*each)(void *context, const struct pk_cursor *cursor), void *context)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "SELECT owner, name, seq, seen_ms FROM cursor WHERE epoch = ?"
	    " ORDER BY owner, name");
	int r;

	pk_stmt_bind_int(stmt, 1, (int64_t)epoch);
	while ((r = pk_stmt_step(stmt)) > 0) {
		const struct pk_cursor cursor = { .owner = pk_stmt_text(stmt, 0),
			.name = pk_stmt_text(stmt, 1),
			.seq = (uint64_t)pk_stmt_int(stmt, 2),
			.seen_ms = pk_stmt_int(stmt, 3) };
		r = each(context, &cursor);
		if (r != 0)
			break;
	}
	pk_stmt_reset(stmt);
	return r;
}
