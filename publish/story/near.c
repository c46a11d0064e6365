/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/story/near.h"

#include <errno.h>

/* What a look-up reads: rows of a band, and sketches in all. */
#define BAND_ROWS_MAX 32
#define COMPARED_MAX  16

/* Articles that share bands with the one that is looked for. */
struct found {
	int64_t n;
	unsigned bands;
};

struct search {
	struct found found[PK_SKETCH_BANDS * BAND_ROWS_MAX];
	size_t n_found;
};

static void
count(struct search *search, int64_t n)
{
	size_t i = 0;

	while (i < search->n_found && search->found[i].n != n)
		i++;
	if (i == search->n_found)
		search->found[search->n_found++] = (struct found){ .n = n };
	search->found[i].bands++;
}

static int
search_band(struct pk_db *db, struct search *search, int64_t band)
{
	struct pk_stmt *stmt = pk_db_prepare(
	    db, "SELECT n FROM story_band WHERE band = ? ORDER BY n DESC LIMIT ?");
	int r;

	pk_stmt_bind_int(stmt, 1, band);
	pk_stmt_bind_int(stmt, 2, BAND_ROWS_MAX);
	while ((r = pk_stmt_step(stmt)) > 0)
		count(search, pk_stmt_int(stmt, 0));
	return r;
}

/* Takes out the one with the most bands, the first of equals. */
static int64_t
take_best(struct search *search)
{
	size_t best = 0;

	for (size_t i = 1; i < search->n_found; i++) {
		const struct found *x = &search->found[i], *y = &search->found[best];

		if (x->bands > y->bands || (x->bands == y->bands && x->n < y->n))
			best = i;
	}
	int64_t n = search->found[best].n;
	search->found[best] = search->found[--search->n_found];
	return n;
}

struct best {
	double likeness;
	int64_t n;
	struct pk_near_story story;
};

struct query {
	const struct pk_sketch *sketch;
	int64_t when_ms;
	int64_t window_ms;
};

static void
consider(const struct query *query, struct pk_stmt *row, int64_t n, struct best *best)
{
	struct pk_span story = pk_stmt_text(row, 0), bytes = pk_stmt_text(row, 2);
	int64_t when_ms = pk_stmt_int(row, 1), apart_ms = when_ms - query->when_ms;
	struct pk_sketch sketch;

	if (bytes.len != sizeof(sketch) || story.len >= PK_ID_SIZE ||
	    apart_ms > query->window_ms || -apart_ms > query->window_ms)
		return;
	memcpy(&sketch, bytes.ptr, sizeof(sketch));
	double likeness = pk_sketch_likeness(&sketch, query->sketch);
	if (!pk_sketch_near(&sketch, query->sketch) || likeness < best->likeness ||
	    (likeness <= best->likeness && n > best->n))
		return;
	*best = (struct best){
		.likeness = likeness, .n = n, .story = { .when_ms = when_ms }
	};
	memcpy(best->story.id, story.ptr, story.len);
}

static int
compare(struct pk_db *db, const struct query *query, int64_t n, struct best *best)
{
	struct pk_stmt *stmt = pk_db_prepare(
	    db, "SELECT story, when_ms, sketch FROM story_article WHERE n = ?");

	pk_stmt_bind_int(stmt, 1, n);
	int r = pk_stmt_step(stmt);
	if (r <= 0)
		return r;
	consider(query, stmt, n, best);
	pk_stmt_reset(stmt);
	return 0;
}

int
pk_near_find(struct pk_db *db, const struct pk_sketch *sketch, int64_t when_ms,
    int64_t window_ms, struct pk_near_story *ret_story)
{
	const struct query query = { sketch, when_ms, window_ms };
	struct search search = { .n_found = 0 };
	struct best best = { .likeness = 0 };
	int r = 0;

	for (size_t i = 0; i < PK_SKETCH_BANDS && r == 0; i++)
		r = search_band(db, &search, pk_sketch_band(sketch, i));
	for (size_t i = 0; i < COMPARED_MAX && search.n_found > 0 && r == 0; i++)
		r = compare(db, &query, take_best(&search), &best);
	if (r < 0 || best.likeness <= 0)
		return r;
	*ret_story = best.story;
	return 1;
}

int
pk_near_note(struct pk_db *db, const struct pk_near *article)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "INSERT INTO story_article(article, story, when_ms, seen_ms, sketch)"
	    " VALUES(?, ?, ?, ?, ?)");

	pk_stmt_bind_text(stmt, 1, pk_span_of(article->article));
	pk_stmt_bind_text(stmt, 2, pk_span_of(article->story));
	pk_stmt_bind_int(stmt, 3, article->when_ms);
	pk_stmt_bind_int(stmt, 4, article->seen_ms);
	pk_stmt_bind_blob(stmt, 5,
	    (struct pk_span){
		(const char *)article->sketch, sizeof(*article->sketch) });
	int r = pk_stmt_run(stmt);
	int64_t n = pk_db_last_row(db);

	for (size_t i = 0; i < PK_SKETCH_BANDS && r == 0; i++) {
		stmt = pk_db_prepare(
		    db, "INSERT OR IGNORE INTO story_band(band, n) VALUES(?, ?)");
		pk_stmt_bind_int(stmt, 1, pk_sketch_band(article->sketch, i));
		pk_stmt_bind_int(stmt, 2, n);
		r = pk_stmt_run(stmt);
	}
	return r;
}

static int
remove_bands(struct pk_db *db, int64_t n, struct pk_span bytes)
{
	struct pk_sketch sketch;
	int r = 0;

	if (bytes.len != sizeof(sketch))
		return 0;
	memcpy(&sketch, bytes.ptr, sizeof(sketch));
	for (size_t i = 0; i < PK_SKETCH_BANDS && r == 0; i++) {
		struct pk_stmt *stmt = pk_db_prepare(
		    db, "DELETE FROM story_band WHERE band = ? AND n = ?");

		pk_stmt_bind_int(stmt, 1, pk_sketch_band(&sketch, i));
		pk_stmt_bind_int(stmt, 2, n);
		r = pk_stmt_run(stmt);
	}
	return r;
}

int
pk_near_prune(struct pk_db *db, int64_t before_ms, size_t limit)
{
	struct pk_stmt *old =
	    pk_db_prepare(db, "SELECT n, sketch FROM story_article WHERE seen_ms < ?"
			      " ORDER BY seen_ms LIMIT ?");
	int r, pruned = 0;

	pk_stmt_bind_int(old, 1, before_ms);
	pk_stmt_bind_int(old, 2, (int64_t)limit);
	while ((r = pk_stmt_step(old)) > 0) {
		r = remove_bands(db, pk_stmt_int(old, 0), pk_stmt_text(old, 1));
		if (r < 0)
			break;
		pruned++;
	}
	pk_stmt_reset(old);
	if (r < 0 || pruned == 0)
		return r;
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "DELETE FROM story_article WHERE n IN (SELECT n FROM story_article"
	    " WHERE seen_ms < ? ORDER BY seen_ms LIMIT ?)");
	pk_stmt_bind_int(stmt, 1, before_ms);
	pk_stmt_bind_int(stmt, 2, pruned);
	r = pk_stmt_run(stmt);
	return r < 0 ? r : pruned;
}
