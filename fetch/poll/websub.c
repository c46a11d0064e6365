/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/poll/websub.h"

#include "fetch/http/retry.h"

#include <errno.h>

/* A hub that was asked has so long to verify, at first, and rests no longer than this
 * between two attempts. */
#define ASK_FIRST_MS INT64_C(300000)
#define ASK_MAX_MS   INT64_C(86400000)

#define DENIED_MS (7 * ASK_MAX_MS)

/* To end a subscription: more is not worth it, for the lease ends some day. */
#define LEAVE_ATTEMPTS 5
#define LEAVE_FIRST_MS INT64_C(60000)
#define LEAVE_MAX_MS   INT64_C(3600000)

/* After so many misses it takes 2^6 pushes in a row to be trusted again. */
#define MISSES_MAX 6

static const char *const states[] = {
	[PK_WEBSUB_PENDING] = "pending",
	[PK_WEBSUB_VERIFIED] = "verified",
	[PK_WEBSUB_DENIED] = "denied",
	[PK_WEBSUB_LEAVING] = "leaving",
};

const char *
pk_websub_state_name(enum pk_websub_state state)
{
	return states[state];
}

/* ---- reading ---- */

#define COLUMNS                                                                        \
	"row, feed, hub, topic, callback, token, secret, state, verified_ms,"          \
	" lease_until_ms, next_try_ms, failures, last_error, pushes, last_push_ms,"    \
	" proofs, misses, suspect_ms"

static enum pk_websub_state
state_of(struct pk_span name)
{
	for (size_t i = 0; i < PK_COUNT(states); i++)
		if (pk_span_eq(name, pk_span_of(states[i])))
			return (enum pk_websub_state)i;
	return PK_WEBSUB_PENDING; /* the table does not allow others */
}

static struct pk_websub
of_row(struct pk_stmt *stmt)
{
	return (struct pk_websub){
		.row = pk_stmt_int(stmt, 0),
		.feed = pk_stmt_text(stmt, 1),
		.hub = pk_stmt_text(stmt, 2),
		.topic = pk_stmt_text(stmt, 3),
		.callback = pk_stmt_text(stmt, 4),
		.token = pk_stmt_text(stmt, 5),
		.secret = pk_stmt_text(stmt, 6),
		.state = state_of(pk_stmt_text(stmt, 7)),
		.verified_ms = pk_stmt_int(stmt, 8),
		.lease_until_ms = pk_stmt_int(stmt, 9),
		.next_try_ms = pk_stmt_int(stmt, 10),
		.failures = (unsigned)pk_stmt_int(stmt, 11),
		.last_error = pk_stmt_text(stmt, 12),
		.pushes = (unsigned)pk_stmt_int(stmt, 13),
		.last_push_ms = pk_stmt_int(stmt, 14),
		.proofs = (unsigned)pk_stmt_int(stmt, 15),
		.misses = (unsigned)pk_stmt_int(stmt, 16),
		.suspect_ms = pk_stmt_int(stmt, 17),
	};
}

/* Moves what a row lent into the arena; false on no memory. */
static bool
keep(struct pk_arena *arena, struct pk_websub *websub)
{
	struct pk_span *const texts[] = { &websub->feed, &websub->hub, &websub->topic,
		&websub->callback, &websub->token, &websub->secret,
		&websub->last_error };

	for (size_t i = 0; i < PK_COUNT(texts); i++) {
		if (texts[i]->ptr == NULL)
			continue;
		*texts[i] = pk_arena_copy(arena, *texts[i]);
		if (texts[i]->ptr == NULL)
			return false;
	}
	return true;
}

/* The one row that the statement finds. */
static int
load(struct pk_stmt *stmt, struct pk_arena *arena, struct pk_websub *ret_websub)
{
	int r = pk_stmt_step(stmt);

	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	struct pk_websub websub = of_row(stmt);
	bool kept = keep(arena, &websub);
	pk_stmt_reset(stmt);
	if (!kept)
		return -ENOMEM;
	*ret_websub = websub;
	return 0;
}

int
pk_websub_load(struct pk_db *db, struct pk_arena *arena, struct pk_span feed,
    struct pk_websub *ret_websub)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "SELECT " COLUMNS
	    " FROM subscription WHERE feed = ? AND state <> 'leaving'");

	pk_stmt_bind_text(stmt, 1, feed);
	return load(stmt, arena, ret_websub);
}

int
pk_websub_find(struct pk_db *db, struct pk_arena *arena, struct pk_span token,
    struct pk_websub *ret_websub)
{
	struct pk_stmt *stmt =
	    pk_db_prepare(db, "SELECT " COLUMNS " FROM subscription WHERE token = ?");

	pk_stmt_bind_text(stmt, 1, token);
	return load(stmt, arena, ret_websub);
}

#define TO_BE_ASKED " (offered OR state = 'leaving')"

int
pk_websub_due(struct pk_db *db, struct pk_arena *arena, int64_t now_ms, size_t limit,
    struct pk_websub_list *ret_list)
{
	struct pk_websub_list list = { 0 };
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "SELECT " COLUMNS
	    " FROM subscription WHERE next_try_ms <= ? AND" TO_BE_ASKED
	    " ORDER BY next_try_ms LIMIT ?");
	int r;

	pk_stmt_bind_int(stmt, 1, now_ms);
	pk_stmt_bind_int(stmt, 2, (int64_t)limit);
	while ((r = pk_stmt_step(stmt)) > 0) {
		struct pk_websub *item = pk_array_push(arena, &list);
		if (item != NULL)
			*item = of_row(stmt);
		if (item == NULL || !keep(arena, item)) {
			pk_stmt_reset(stmt);
			return -ENOMEM;
		}
	}
	if (r == 0)
		*ret_list = list;
	return r;
}

int
pk_websub_next_try(struct pk_db *db, int64_t now_ms, int64_t *ret_next_ms)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "SELECT next_try_ms FROM subscription WHERE next_try_ms > ? AND" TO_BE_ASKED
	    " ORDER BY next_try_ms LIMIT 1");

	pk_stmt_bind_int(stmt, 1, now_ms);
	int r = pk_stmt_step(stmt);
	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	*ret_next_ms = pk_stmt_int(stmt, 0);
	pk_stmt_reset(stmt);
	return 0;
}

int
pk_websub_each(struct pk_db *db,
    int (*visit)(void *context, const struct pk_websub *websub), void *context)
{
	struct pk_stmt *stmt =
	    pk_db_prepare(db, "SELECT " COLUMNS " FROM subscription ORDER BY row");
	int r;

	while ((r = pk_stmt_step(stmt)) > 0) {
		struct pk_websub websub = of_row(stmt);
		r = visit(context, &websub);
		if (r != 0) {
			pk_stmt_reset(stmt);
			return r;
		}
	}
	return r;
}

bool
pk_websub_is_trusted(const struct pk_websub *websub, int64_t now_ms)
{
	unsigned misses = websub->misses < MISSES_MAX ? websub->misses : MISSES_MAX;

	return websub->state == PK_WEBSUB_VERIFIED && websub->lease_until_ms > now_ms &&
	       websub->proofs >= 1U << misses;
}

/* ---- what happens to it ---- */

/* `words` random numbers in hex, 16 digits each. */
static void
write_hex(const uint64_t *random, size_t words, char *ret_text)
{
	for (size_t i = 0; i < words; i++)
		for (size_t digit = 0; digit < 16; digit++)
			ret_text[16 * i + digit] =
			    "0123456789abcdef"[random[i] >> (4 * digit) & 15];
}

static int
add(struct pk_db *db, const struct pk_websub_offer *offer, int64_t now_ms,
    const uint64_t random[static 6])
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "INSERT INTO subscription(feed, hub, topic, callback, token, secret, state,"
	    " next_try_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6, 'pending', ?7)");
	char token[PK_HUB_TOKEN_LEN], secret[PK_HUB_SECRET_LEN];

	write_hex(random, sizeof(token) / 16, token);
	write_hex(random + sizeof(token) / 16, sizeof(secret) / 16, secret);
	pk_stmt_bind_text(stmt, 1, offer->feed);
	pk_stmt_bind_text(stmt, 2, offer->hub);
	pk_stmt_bind_text(stmt, 3, offer->topic);
	pk_stmt_bind_text(stmt, 4, offer->callback);
	pk_stmt_bind_text(stmt, 5, (struct pk_span){ token, sizeof(token) });
	pk_stmt_bind_text(stmt, 6, (struct pk_span){ secret, sizeof(secret) });
	pk_stmt_bind_int(stmt, 7, now_ms);
	return pk_stmt_run(stmt);
}

int
pk_websub_leave(struct pk_db *db, int64_t row, int64_t now_ms)
{
	/* a hub that was never asked, or never agreed, knows nothing of us */
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "DELETE FROM subscription WHERE row = ? AND verified_ms = 0"
	    " AND state <> 'leaving'");
	pk_stmt_bind_int(stmt, 1, row);
	int r = pk_stmt_run(stmt);
	if (r < 0)
		return r;
	stmt = pk_db_prepare(db,
	    "UPDATE subscription SET state = 'leaving', next_try_ms = ?2, failures = 0"
	    " WHERE row = ?1 AND state <> 'leaving'");
	pk_stmt_bind_int(stmt, 1, row);
	pk_stmt_bind_int(stmt, 2, now_ms);
	return pk_stmt_run(stmt);
}

/* What is left of it when the feed no longer names it: nothing, or what the hub still
 * sends. */
static int
withdraw(struct pk_db *db, struct pk_span feed, int64_t now_ms)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "DELETE FROM subscription WHERE feed = ? AND state <> 'leaving'"
	    " AND lease_until_ms <= ?");
	pk_stmt_bind_text(stmt, 1, feed);
	pk_stmt_bind_int(stmt, 2, now_ms);
	int r = pk_stmt_run(stmt);
	if (r < 0)
		return r;
	stmt = pk_db_prepare(db,
	    "UPDATE subscription SET offered = 0 WHERE feed = ? AND state <> 'leaving'"
	    " AND offered");
	pk_stmt_bind_text(stmt, 1, feed);
	return pk_stmt_run(stmt);
}

int
pk_websub_offered(struct pk_db *db, const struct pk_websub_offer *offer, int64_t now_ms,
    const uint64_t random[static 6])
{
	if (offer->hub.len == 0)
		return withdraw(db, offer->feed, now_ms);
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "SELECT row, hub = ?2 AND topic = ?3 AND callback = ?4, offered"
	    " FROM subscription WHERE feed = ?1 AND state <> 'leaving'");
	pk_stmt_bind_text(stmt, 1, offer->feed);
	pk_stmt_bind_text(stmt, 2, offer->hub);
	pk_stmt_bind_text(stmt, 3, offer->topic);
	pk_stmt_bind_text(stmt, 4, offer->callback);
	int r = pk_stmt_step(stmt);
	if (r < 0)
		return r;
	bool known = r > 0;
	int64_t row = known ? pk_stmt_int(stmt, 0) : 0;
	bool same = known && pk_stmt_int(stmt, 1) != 0;
	bool offered = known && pk_stmt_int(stmt, 2) != 0;
	pk_stmt_reset(stmt);
	if (same && offered)
		return 0;
	if (same) {
		stmt = pk_db_prepare(
		    db, "UPDATE subscription SET offered = 1 WHERE row = ?");
		pk_stmt_bind_int(stmt, 1, row);
		r = pk_stmt_run(stmt);
		return r < 0 ? r : 1;
	}
	if (known)
		r = pk_websub_leave(db, row, now_ms);
	if (r == 0)
		r = add(db, offer, now_ms, random);
	return r < 0 ? r : 1;
}

/* What `pk_websub_asked` has to know; -ENOENT where it is gone. */
static int
recall(struct pk_db *db, int64_t row, struct pk_websub *ret_websub)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "SELECT state, verified_ms, lease_until_ms, failures FROM subscription"
	    " WHERE row = ?");

	pk_stmt_bind_int(stmt, 1, row);
	int r = pk_stmt_step(stmt);
	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	*ret_websub = (struct pk_websub){ .row = row,
		.state = state_of(pk_stmt_text(stmt, 0)),
		.verified_ms = pk_stmt_int(stmt, 1),
		.lease_until_ms = pk_stmt_int(stmt, 2),
		.failures = (unsigned)pk_stmt_int(stmt, 3) };
	pk_stmt_reset(stmt);
	return 0;
}

static int
forget(struct pk_db *db, int64_t row)
{
	struct pk_stmt *stmt =
	    pk_db_prepare(db, "DELETE FROM subscription WHERE row = ?");

	pk_stmt_bind_int(stmt, 1, row);
	return pk_stmt_run(stmt);
}

/* While the hub still sends there is no time to be lost before the lease ends. */
static int64_t
rest_ms(const struct pk_websub *websub, int64_t now_ms, uint64_t random)
{
	unsigned failures = websub->failures + 1;
	int64_t left_ms = (websub->lease_until_ms - now_ms) / 2;

	if (websub->state == PK_WEBSUB_LEAVING)
		return pk_backoff(failures, LEAVE_FIRST_MS, LEAVE_MAX_MS, random);
	int64_t wait_ms = pk_backoff(failures, ASK_FIRST_MS, ASK_MAX_MS, random);
	if (websub->state != PK_WEBSUB_VERIFIED || left_ms <= 0 || wait_ms <= left_ms)
		return wait_ms;
	return left_ms < PK_HUB_RENEW_MIN_MS ? PK_HUB_RENEW_MIN_MS : left_ms;
}

int
pk_websub_asked(struct pk_db *db, int64_t row, int64_t asked_ms, int64_t now_ms,
    struct pk_span error, uint64_t random)
{
	struct pk_websub websub;
	int r = recall(db, row, &websub);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	bool leaving = websub.state == PK_WEBSUB_LEAVING;
	if (leaving && websub.failures + 1 >= LEAVE_ATTEMPTS)
		return forget(db, row);
	if (!leaving && error.ptr == NULL && websub.verified_ms >= asked_ms)
		return 0; /* it was quick to verify */
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "UPDATE subscription SET failures = failures + 1, next_try_ms = ?2,"
	    " last_error = ?3 WHERE row = ?1");
	pk_stmt_bind_int(stmt, 1, row);
	pk_stmt_bind_int(stmt, 2, now_ms + rest_ms(&websub, now_ms, random));
	pk_stmt_bind_text(stmt, 3, error);
	return pk_stmt_run(stmt);
}

static int
verify(struct pk_db *db, struct pk_span token, int64_t lease_ms, int64_t now_ms,
    uint64_t random)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "UPDATE subscription SET state = 'verified', verified_ms = ?2,"
	    " lease_until_ms = ?3, next_try_ms = ?4, failures = 0, last_error = NULL,"
	    " misses = 0 WHERE token = ?1 AND state <> 'leaving'");

	pk_stmt_bind_text(stmt, 1, token);
	pk_stmt_bind_int(stmt, 2, now_ms);
	pk_stmt_bind_int(stmt, 3, now_ms + lease_ms);
	pk_stmt_bind_int(stmt, 4, now_ms + pk_hub_renew_ms(lease_ms, random));
	return pk_stmt_run(stmt);
}

static int
end(struct pk_db *db, struct pk_span token)
{
	struct pk_stmt *stmt = pk_db_prepare(
	    db, "DELETE FROM subscription WHERE token = ? AND state = 'leaving'");

	pk_stmt_bind_text(stmt, 1, token);
	return pk_stmt_run(stmt);
}

static int
deny(struct pk_db *db, struct pk_span token, const char *reason, int64_t now_ms)
{
	int r = end(db, token);

	if (r < 0)
		return r;
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "UPDATE subscription SET state = 'denied', lease_until_ms = 0, proofs = 0,"
	    " suspect_ms = 0, next_try_ms = ?2, failures = failures + 1,"
	    " last_error = 'the hub denies it' || iif(?3 = '', '', ': ' || ?3)"
	    " WHERE token = ?1");
	pk_stmt_bind_text(stmt, 1, token);
	pk_stmt_bind_int(stmt, 2, now_ms + DENIED_MS);
	pk_stmt_bind_text(stmt, 3, pk_span_of(reason));
	return pk_stmt_run(stmt);
}

int
pk_websub_note(struct pk_db *db, const struct pk_websub_note *note, int64_t now_ms,
    uint64_t random)
{
	struct pk_span token = pk_span_of(note->token);

	switch (note->answer) {
	case PK_HUB_SUBSCRIBED:
		return verify(db, token, note->lease_ms, now_ms, random);
	case PK_HUB_UNSUBSCRIBED:
		return end(db, token);
	case PK_HUB_DENIED:
		return deny(db, token, note->reason, now_ms);
	case PK_HUB_REFUSE:
		break;
	}
	return 0;
}

static int
note_push(struct pk_db *db, struct pk_span feed, size_t fresh, int64_t now_ms)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "UPDATE subscription SET pushes = pushes + 1, last_push_ms = ?2,"
	    " suspect_ms = 0, proofs = proofs + ?3"
	    " WHERE feed = ?1 AND state <> 'leaving'");

	pk_stmt_bind_text(stmt, 1, feed);
	pk_stmt_bind_int(stmt, 2, now_ms);
	pk_stmt_bind_int(stmt, 3, fresh > 0);
	return pk_stmt_run(stmt);
}

static int
suspect(struct pk_db *db, int64_t row, int64_t now_ms)
{
	struct pk_stmt *stmt =
	    pk_db_prepare(db, "UPDATE subscription SET suspect_ms = ?2 WHERE row = ?1");

	pk_stmt_bind_int(stmt, 1, row);
	pk_stmt_bind_int(stmt, 2, now_ms);
	return pk_stmt_run(stmt);
}

static int
distrust(struct pk_db *db, int64_t row)
{
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "UPDATE subscription SET suspect_ms = 0, proofs = 0, misses = misses + 1"
	    " WHERE row = ?");

	pk_stmt_bind_int(stmt, 1, row);
	int r = pk_stmt_run(stmt);
	return r < 0 ? r : 1;
}

int
pk_websub_brought(
    struct pk_db *db, struct pk_span feed, bool pushed, size_t fresh, int64_t now_ms)
{
	if (pushed)
		return note_push(db, feed, fresh, now_ms);
	struct pk_stmt *stmt = pk_db_prepare(db,
	    "SELECT " COLUMNS
	    " FROM subscription WHERE feed = ? AND state <> 'leaving'");
	pk_stmt_bind_text(stmt, 1, feed);
	int r = pk_stmt_step(stmt);
	if (r <= 0)
		return r;
	struct pk_websub websub = of_row(stmt);
	pk_stmt_reset(stmt); /* its texts are gone, its numbers are not */
	if (!pk_websub_is_trusted(&websub, now_ms))
		return websub.suspect_ms == 0 ? 0 : suspect(db, websub.row, 0);
	if (websub.suspect_ms == 0)
		return fresh == 0 ? 0 : suspect(db, websub.row, now_ms);
	return now_ms - websub.suspect_ms < PK_WEBSUB_LATE_MS
		   ? 0
		   : distrust(db, websub.row);
}

int
pk_websub_move(struct pk_db *db, struct pk_span callback, int64_t now_ms)
{
	/* with NULL every callback is another one */
	struct pk_stmt *stmt =
	    pk_db_prepare(db, "DELETE FROM subscription WHERE ?1 IS NULL"
			      " OR (callback <> ?1 AND state = 'leaving')");
	pk_stmt_bind_text(stmt, 1, callback);
	int r = pk_stmt_run(stmt);
	if (r < 0)
		return r;
	int64_t changes = pk_db_changes(db);
	stmt = pk_db_prepare(db,
	    "UPDATE subscription SET callback = ?1, state = 'pending', next_try_ms = "
	    "?2,"
	    " lease_until_ms = 0, failures = 0, last_error = NULL, proofs = 0,"
	    " suspect_ms = 0 WHERE callback <> ?1");
	pk_stmt_bind_text(stmt, 1, callback);
	pk_stmt_bind_int(stmt, 2, now_ms);
	r = pk_stmt_run(stmt);
	return r < 0 ? r : (int)(changes + pk_db_changes(db));
}
