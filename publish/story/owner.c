/* SPDX-License-Identifier: Apache-2.0 */
/* Finds who told an event first, and notes what later tellings find it by. */
#include "publish/story/told_priv.h"

#include <errno.h>

/* What is compared with one event: of the same story and type, and of other stories
 * under the same key. The oldest first. */
#define NEAR_MAX 64
#define FAR_MAX  16

/* Of these, the most alike are read. */
#define READ_MAX 8

/* Tellings with fewer words in common need not be looked at, but for meetings, which
 * their parties tell. */
#define LIKENESS_MIN 0.34

struct candidate {
	char id[PK_ID_SIZE];
	double likeness;
	bool near;
};

struct candidates {
	struct candidate items[NEAR_MAX + FAR_MAX];
	size_t n;
};

static struct pk_gist
gist_of(struct pk_span words)
{
	/* a blob's memory is aligned for anything */
	return (struct pk_gist){ .words = (const void *)words.ptr,
		.n_words = words.len / sizeof(uint32_t) };
}

static int
take_rows(
    struct pk_stmt *stmt, const struct pk_told *told, bool near, struct candidates *all)
{
	int r;

	while ((r = pk_stmt_step(stmt)) > 0) {
		struct pk_span id = pk_stmt_text(stmt, 0);
		struct pk_gist gist = gist_of(pk_stmt_text(stmt, 1));
		double likeness = pk_gist_likeness(&told->gist, &gist);

		if (all->n == PK_COUNT(all->items) || id.len >= PK_ID_SIZE ||
		    (likeness < LIKENESS_MIN && told->record->type != PK_EVENT_CONSULT))
			continue;
		struct candidate *candidate = &all->items[all->n++];
		*candidate = (struct candidate){ .likeness = likeness, .near = near };
		memcpy(candidate->id, id.ptr, id.len);
	}
	return r;
}

static int
list_near(
    struct pk_work *work, const struct pk_told *told, struct candidates *candidates)
{
	struct pk_stmt *stmt = pk_db_prepare(work->db,
	    "SELECT event, words FROM story_event WHERE living AND story = ?"
	    " AND type = ? AND article <> ? ORDER BY n LIMIT ?");

	pk_stmt_bind_text(stmt, 1, pk_span_of(work->story));
	pk_stmt_bind_int(stmt, 2, told->record->type);
	pk_stmt_bind_text(stmt, 3, pk_span_of(told->article));
	pk_stmt_bind_int(stmt, 4, NEAR_MAX);
	return take_rows(stmt, told, true, candidates);
}

static int
list_far(
    struct pk_work *work, const struct pk_told *told, struct candidates *candidates)
{
	struct pk_stmt *stmt = pk_db_prepare(work->db,
	    "SELECT event, words FROM story_event WHERE living AND key = ?1"
	    " AND story <> ?2 AND article <> ?3 AND abs(when_ms - ?4) <= ?5"
	    " ORDER BY n LIMIT ?6");

	if (told->record->key[0] == '\0')
		return 0;
	pk_stmt_bind_text(stmt, 1, pk_span_of(told->record->key));
	pk_stmt_bind_text(stmt, 2, pk_span_of(work->story));
	pk_stmt_bind_text(stmt, 3, pk_span_of(told->article));
	pk_stmt_bind_int(stmt, 4, work->records->when_ms);
	pk_stmt_bind_int(stmt, 5, work->window_ms);
	pk_stmt_bind_int(stmt, 6, FAR_MAX);
	return take_rows(stmt, told, false, candidates);
}

/* The best that is left, the first of equals, a copy before a report of its own.
 * Returns NULL when there is none. */
static struct candidate *
take_best(struct candidates *candidates)
{
	struct candidate *best = NULL;

	for (size_t i = 0; i < candidates->n; i++) {
		struct candidate *one = &candidates->items[i];

		if (one->id[0] != '\0' &&
		    (best == NULL || (one->near && !best->near) ||
			(one->near == best->near && one->likeness > best->likeness)))
			best = one;
	}
	return best;
}

/* Returns 1, 0 (no) or an error. */
static int
owns(struct pk_work *work, const struct pk_told *told,
    const struct candidate *candidate, struct pk_told **ret_owner)
{
	struct pk_told *owner;
	int r = pk_told_get(work, pk_span_of(candidate->id), &owner);

	if (r == 0 && owner->living)
		r = pk_told_open(work, owner);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	/* an article that tells it twice has two occurrences in mind */
	if (!owner->living || pk_told_is_told_by(owner, told->article))
		return 0;
	struct pk_telling a = pk_told_telling(told), b = pk_told_telling(owner);
	*ret_owner = owner;
	return pk_tellings_match(&a, &b, candidate->near);
}

int
pk_told_find_owner(struct pk_work *work, struct pk_told *told,
    struct pk_told **ret_owner, bool *ret_near)
{
	struct candidates candidates = { .n = 0 };
	struct candidate *best;
	int r = 0;

	*ret_owner = NULL;
	if (work->window_ms <= 0 || work->opened > PK_WORK_OPENED_MAX)
		return 0;
	r = list_near(work, told, &candidates);
	if (r == 0)
		r = list_far(work, told, &candidates);
	if (r == 0 && candidates.n > 0)
		r = pk_told_open(work, told);
	for (int i = 0; i < READ_MAX && r == 0; i++) {
		struct pk_told *owner = NULL;

		best = take_best(&candidates);
		if (best == NULL)
			break;

		r = owns(work, told, best, &owner);
		if (r > 0) {
			*ret_owner = owner;
			*ret_near = best->near;
			return 0;
		}
		best->id[0] = '\0';
	}
	return r;
}

static int
remove_note(struct pk_work *work, const struct pk_told *told)
{
	struct pk_stmt *stmt =
	    pk_db_prepare(work->db, "DELETE FROM story_event WHERE event = ?");

	pk_stmt_bind_text(stmt, 1, pk_span_of(told->id));
	return pk_stmt_run(stmt);
}

static struct pk_span
bytes_of(const uint32_t *numbers, size_t n)
{
	return n == 0 ? PK_SPAN("")
		      : (struct pk_span){ (const char *)numbers, n * sizeof(*numbers) };
}

int
pk_told_note(struct pk_work *work, const struct pk_told *told)
{
	const struct pk_record *record = told->record;
	struct pk_stmt *stmt = pk_db_prepare(work->db,
	    "INSERT INTO story_event(event, article, story, type, key, living, when_ms,"
	    " seen_ms, who, words) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT(event) DO UPDATE SET type = excluded.type,"
	    " key = excluded.key, living = excluded.living, who = excluded.who,"
	    " words = excluded.words");

	if (record->retracted)
		return remove_note(work, told);
	pk_stmt_bind_text(stmt, 1, pk_span_of(told->id));
	pk_stmt_bind_text(stmt, 2, pk_span_of(told->article));
	pk_stmt_bind_text(stmt, 3, pk_span_of(work->story));
	pk_stmt_bind_int(stmt, 4, record->type);
	if (record->key[0] == '\0')
		pk_stmt_bind_null(stmt, 5);
	else
		pk_stmt_bind_text(stmt, 5, pk_span_of(record->key));
	pk_stmt_bind_int(stmt, 6, told->living);
	pk_stmt_bind_int(stmt, 7, work->records->when_ms);
	pk_stmt_bind_int(stmt, 8, work->now_ms);
	pk_stmt_bind_blob(stmt, 9, bytes_of(record->gist.who, record->gist.n_who));
	pk_stmt_bind_blob(stmt, 10, bytes_of(record->gist.words, record->gist.n_words));
	return pk_stmt_run(stmt);
}
