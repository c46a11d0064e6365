/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Guid-rewrite storms: a site that moves to another content manager, to https or to
 * another host gives all its entries new guids at once. To any reader all of them are
 * new; but they have the links, or at least the titles, of entries that are known.
 */
#include "base/map.h"
#include "fetch/poll/state_priv.h"

#include <errno.h>

/* Fewer entries make no storm. */
#define STORM_MIN 5

/* So many of a hundred that the feed shows have to be unknown, and so many of these to
 * be found again. */
#define STORM_PERCENT 80

/* What is compared with. */
#define KNOWN_MAX 2000

/* A known entry; at the same time what the two maps hold. */
struct known {
	int64_t row;
	bool taken;     /* it has its new key already */
	bool ambiguous; /* other entries have the same title */
};

struct storm {
	struct pk_db *db;
	struct pk_arena *arena;
	const struct pk_feed_row *feed;
	struct pk_map *shown; /* keys of what the feed shows now */
	struct pk_map *by_link;
	struct pk_map *by_title;
};

static int
is_known(struct storm *storm, struct pk_span key)
{
	struct pk_stmt *stmt =
	    pk_db_prepare(storm->db, "SELECT 1 FROM entry WHERE feed = ? AND key = ?");

	pk_stmt_bind_int(stmt, 1, storm->feed->row);
	pk_stmt_bind_text(stmt, 2, key);
	int r = pk_stmt_step(stmt);
	pk_stmt_reset(stmt);
	return r;
}

/* The entries with keys that are not known. Returns their number, or an error. */
static int
find_unknown(struct storm *storm, const struct pk_poll_result *result, size_t *unknown)
{
	static char shown[] = "shown";
	int n = 0;

	for (size_t i = 0; i < result->n_entries; i++) {
		struct pk_span key = result->entries[i].key;
		int r = pk_map_set(storm->shown, key, shown);
		if (r == 0)
			r = is_known(storm, key);
		if (r < 0)
			return r;
		if (r == 0)
			unknown[n++] = i;
	}
	return n;
}

static bool
is_storm(size_t part, size_t whole)
{
	return part >= STORM_MIN && part * 100 >= whole * STORM_PERCENT;
}

static int
note(struct storm *storm, struct pk_map *map, struct pk_span name, struct known *known)
{
	if (name.len == 0)
		return 0;
	struct known *other = pk_map_get(map, name);
	if (other != NULL) {
		other->ambiguous = true;
		return 0;
	}
	name = pk_arena_copy(storm->arena, name);
	return name.ptr == NULL ? -ENOMEM : pk_map_set(map, name, known);
}

/* The address without what a move changes: scheme and host. */
static struct pk_span
path_of(struct pk_span link)
{
	size_t host = pk_span_find(link, PK_SPAN("://"), 0);
	size_t path = host == SIZE_MAX
			  ? SIZE_MAX
			  : pk_span_find(link, PK_SPAN("/"), host + strlen("://"));

	if (path == SIZE_MAX)
		return (struct pk_span){ NULL, 0 };
	struct pk_span rest = pk_span_slice(link, path, link.len);
	return rest.len < 2 ? (struct pk_span){ NULL, 0 } : rest;
}

/* The entries that were shown at last come first: they are the ones that are compared.
 */
static int
load_known(struct storm *storm)
{
	struct pk_stmt *stmt = pk_db_prepare(storm->db,
	    "SELECT row, link, title, key FROM entry WHERE feed = ?"
	    " ORDER BY last_seen_ms DESC, row DESC LIMIT ?");
	int r;

	pk_stmt_bind_int(stmt, 1, storm->feed->row);
	pk_stmt_bind_int(stmt, 2, KNOWN_MAX);
	while ((r = pk_stmt_step(stmt)) > 0) {
		if (pk_map_get(storm->shown, pk_stmt_text(stmt, 3)) != NULL)
			continue; /* it is itself */
		struct known *known = pk_arena_new_of(storm->arena, struct known);
		r = known == NULL ? -ENOMEM : 0;
		if (r == 0) {
			known->row = pk_stmt_int(stmt, 0);
			r = note(storm, storm->by_link, path_of(pk_stmt_text(stmt, 1)),
			    known);
		}
		if (r == 0)
			r = note(storm, storm->by_title, pk_stmt_text(stmt, 2), known);
		if (r < 0) {
			pk_stmt_reset(stmt);
			return r;
		}
	}
	return r;
}

/* The known entry that this one is, or NULL. A title has to be nobody else's. */
static struct known *
find(struct storm *storm, const struct pk_poll_entry *entry)
{
	struct pk_span path = path_of(entry->link);
	struct known *known = path.len == 0 ? NULL : pk_map_get(storm->by_link, path);

	if (known == NULL && entry->title.len > 0) {
		known = pk_map_get(storm->by_title, entry->title);
		if (known != NULL && known->ambiguous)
			known = NULL;
	}
	return known == NULL || known->taken ? NULL : known;
}

static int
give_key(struct storm *storm, int64_t row, const struct pk_poll_entry *entry)
{
	struct pk_stmt *stmt = pk_db_prepare(storm->db,
	    "UPDATE entry SET key = ?2, link = ?3, content_hash = ?4 WHERE row = ?1");

	pk_stmt_bind_int(stmt, 1, row);
	pk_stmt_bind_text(stmt, 2, entry->key);
	pk_stmt_bind_text(stmt, 3, entry->link);
	pk_stmt_bind_text(stmt, 4, entry->content_hash);
	return pk_stmt_run(stmt);
}

/* Finds all first: what is no storm changes nothing. */
static int
rekey(struct storm *storm, const struct pk_poll_result *result, const size_t *unknown,
    size_t n_unknown)
{
	struct known **found =
	    pk_arena_calloc(storm->arena, n_unknown + 1, sizeof(struct known *));
	size_t n_found = 0;
	int r = found == NULL ? -ENOMEM : load_known(storm);

	for (size_t i = 0; i < n_unknown && r == 0; i++) {
		found[i] = find(storm, &result->entries[unknown[i]]);
		if (found[i] != NULL)
			found[i]->taken = true;
		n_found += found[i] != NULL;
	}
	if (r < 0 || !is_storm(n_found, n_unknown))
		return r;
	for (size_t i = 0; i < n_unknown && r == 0; i++) {
		if (found[i] != NULL)
			r = give_key(
			    storm, found[i]->row, &result->entries[unknown[i]]);
	}
	return r < 0 ? r : (int)n_found;
}

int
pk_poll_rekey(struct pk_db *db, const struct pk_feed_row *feed,
    const struct pk_poll_result *result)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena =
	    pk_arena_new((size_t)64 * 1024 * 1024);
	pk_cleanup(pk_map_freep) struct pk_map *shown = pk_map_new();
	pk_cleanup(pk_map_freep) struct pk_map *by_link = pk_map_new();
	pk_cleanup(pk_map_freep) struct pk_map *by_title = pk_map_new();
	struct storm storm = { db, arena, feed, shown, by_link, by_title };

	if (result->n_entries < STORM_MIN)
		return 0;
	if (arena == NULL || shown == NULL || by_link == NULL || by_title == NULL)
		return -ENOMEM;
	size_t *unknown = pk_arena_calloc(arena, result->n_entries, sizeof(*unknown));
	if (unknown == NULL)
		return -ENOMEM;
	int n = find_unknown(&storm, result, unknown);
	if (n < 0 || !is_storm((size_t)n, result->n_entries))
		return n < 0 ? n : 0;
	return rekey(&storm, result, unknown, (size_t)n);
}
