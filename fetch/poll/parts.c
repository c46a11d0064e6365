/* SPDX-License-Identifier: Apache-2.0 */
/* The children of indexes: when each was read, and how that went. */
#include "base/map.h"
#include "fetch/http/retry.h"
#include "fetch/poll/state_priv.h"

#include <errno.h>

/* A child that fails is read again with the next poll; from the second time on it rests
 * for longer each time. */
#define REST_FIRST_MS INT64_C(5000)
#define REST_MAX_MS   (INT64_C(6) * 3600 * 1000)

/* What the addresses of an index's children may take. */
#define LIST_LIMIT ((size_t)64 * 1024 * 1024)

static int64_t
rest_ms(int64_t failures)
{
	return failures < 2
		   ? 0
		   : pk_backoff((unsigned)failures - 1, REST_FIRST_MS, REST_MAX_MS, 0);
}

int
pk_poll_part_is_due(struct pk_db *db, struct pk_span feed,
    const struct pk_poll_part *part, int64_t now_ms, int64_t again_ms)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "SELECT p.changed_s, p.read_ms, p.failures FROM part p"
	    " JOIN feed f ON p.feed = f.row WHERE f.id = ? AND p.url = ?");

	pk_stmt_bind_text(stmt, 1, feed);
	pk_stmt_bind_text(stmt, 2, part->url);
	int r = pk_stmt_step(stmt);
	if (r <= 0)
		return r < 0 ? r : PK_POLL_PART_DUE;
	int64_t changed_s = pk_stmt_int(stmt, 0), read_ms = pk_stmt_int(stmt, 1);
	int64_t failures = pk_stmt_int(stmt, 2), ago_ms = now_ms - read_ms;
	pk_stmt_reset(stmt);
	bool set_back = ago_ms < 0; /* the clock: nothing is known of the time */
	if (failures > 0)
		return set_back || ago_ms >= rest_ms(failures) ? PK_POLL_PART_DUE
							       : PK_POLL_PART_RESTS;
	if (part->changed_s != 0)
		return part->changed_s != changed_s ? PK_POLL_PART_DUE
						    : PK_POLL_PART_KNOWN;
	return set_back || ago_ms >= again_ms ? PK_POLL_PART_DUE : PK_POLL_PART_KNOWN;
}

static int
write_part(
    struct pk_db *db, int64_t row, const struct pk_poll_part *part, int64_t polled_ms)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "INSERT INTO part(feed, url, changed_s, read_ms, failures)"
	    " VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET"
	    " changed_s = excluded.changed_s, read_ms = excluded.read_ms,"
	    " failures = iif(?5, failures + 1, 0)");

	pk_stmt_bind_int(stmt, 1, row);
	pk_stmt_bind_text(stmt, 2, part->url);
	if (part->changed_s != 0)
		pk_stmt_bind_int(stmt, 3, part->changed_s);
	else
		pk_stmt_bind_null(stmt, 3);
	pk_stmt_bind_int(stmt, 4, polled_ms);
	pk_stmt_bind_int(stmt, 5, part->failed);
	return pk_stmt_run(stmt);
}

/* Copies the addresses that are remembered and not in `listed` into the arena. */
static int
find_gone(struct pk_db *db, int64_t row, const struct pk_map *listed,
    struct pk_arena *arena, struct pk_poll_urls *ret_gone)
{
	struct pk_stmt *stmt = pk_db_prepare(db, "SELECT url FROM part WHERE feed = ?");
	int r;

	pk_stmt_bind_int(stmt, 1, row);
	while ((r = pk_stmt_step(stmt)) > 0) {
		struct pk_span url = pk_stmt_text(stmt, 0);
		if (pk_map_get(listed, url) != NULL)
			continue;
		struct pk_span *slot = pk_array_push(arena, ret_gone);
		if (slot != NULL)
			*slot = pk_arena_copy(arena, url);
		if (slot == NULL || slot->ptr == NULL) {
			pk_stmt_reset(stmt);
			return -ENOMEM;
		}
	}
	return r;
}

/* An index whose children have the day in their names must not fill the table. */
static int
forget_gone(struct pk_db *db, int64_t row, const struct pk_poll_result *result)
{
	static char listed[] = "listed";
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(LIST_LIMIT);
	pk_cleanup(pk_map_freep) struct pk_map *map = pk_map_new();
	struct pk_poll_urls gone = { 0 };
	int r = arena == NULL || map == NULL ? -ENOMEM : 0;

	for (size_t i = 0; i < result->n_listed && r == 0; i++)
		r = pk_map_set(map, result->listed[i], listed);
	if (r == 0)
		r = find_gone(db, row, map, arena, &gone);
	for (size_t i = 0; i < gone.len && r == 0; i++) {
		struct pk_stmt *stmt =
		    pk_db_prepare(db, "DELETE FROM part WHERE feed = ? AND url = ?");
		pk_stmt_bind_int(stmt, 1, row);
		pk_stmt_bind_text(stmt, 2, gone.items[i]);
		r = pk_stmt_run(stmt);
	}
	return r;
}

int
pk_poll_record_parts(struct pk_db *db, int64_t row, const struct pk_poll_result *result)
{
	int r = 0;

	for (size_t i = 0; i < result->n_parts && r == 0; i++)
		r = write_part(db, row, &result->parts[i], result->polled_ms);
	return r < 0 || result->n_listed == 0 ? r : forget_gone(db, row, result);
}
