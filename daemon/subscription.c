/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/subscription.h"

#include "base/digest.h"
#include "base/url.h"

#include <errno.h>

#define LETTERS_MAX 64
#define LIST_LIMIT  ((size_t)64 * 1024 * 1024)

bool
pk_subscription_is_wanted(const struct pk_config *config, struct pk_span feed_id)
{
	const struct pk_config_feed *feed = pk_config_feed(config, feed_id);

	return config->websub.callback.len > 0 && feed != NULL && feed->enabled &&
	       feed->websub;
}

/* ---- polls ---- */

/* Absolute, or absent: what is no address is none. */
static struct pk_span
resolve(const struct pk_outcome *outcome, struct pk_span reference)
{
	const struct pk_doc *doc = outcome->doc;
	struct pk_span base = doc->url.len > 0 ? doc->url : outcome->asked_url;
	struct pk_span url = { NULL, 0 };

	if (reference.len > 0)
		pk_url_resolve(doc->arena, base, reference, &url);
	return url;
}

int
pk_subscription_offer(struct pk_db *db, const struct pk_config *config,
    const struct pk_outcome *outcome, const struct pk_poll_about *about, int64_t now_ms)
{
	bool whole = outcome->kind == PK_OUTCOME_POLLED && !outcome->feed.partial;
	uint64_t random[6];

	/* of what is cut off the hub may stand behind the cut */
	if (!pk_subscription_is_wanted(config, outcome->doc->feed) ||
	    (about->hub.len == 0 && !whole))
		return 0;
	struct pk_span topic = resolve(outcome, about->topic);
	const struct pk_websub_offer offer = {
		.feed = outcome->doc->feed,
		.hub = resolve(outcome, about->hub),
		.topic = topic.len > 0 ? topic : outcome->asked_url,
		.callback = config->websub.callback,
	};
	for (size_t i = 0; i < PK_COUNT(random); i++)
		random[i] = pk_random_u64();
	return pk_websub_offered(db, &offer, now_ms, random);
}

int64_t
pk_subscription_net_ms(struct pk_db *db, struct pk_arena *arena,
    const struct pk_config *config, struct pk_span feed, int64_t polled_ms,
    int64_t now_ms)
{
	struct pk_websub websub;
	int64_t rest_ms = config->poll.max_interval_ms;

	if (!pk_subscription_is_wanted(config, feed) ||
	    pk_websub_load(db, arena, feed, &websub) < 0 || websub.suspect_ms != 0 ||
	    !pk_websub_is_trusted(&websub, now_ms))
		return 0;
	if (rest_ms > PK_WEBSUB_NET_MS)
		rest_ms = PK_WEBSUB_NET_MS;
	/* when the lease has ended nobody sends any more */
	return polled_ms + rest_ms < websub.lease_until_ms ? polled_ms + rest_ms
							   : websub.lease_until_ms;
}

/* ---- the configuration ---- */

struct sweep {
	const struct pk_config *config;
	struct pk_arena *arena;
	PK_ARRAY(int64_t) rows; /* that are to leave */
};

static int
note_unwanted(void *context, const struct pk_websub *websub)
{
	struct sweep *sweep = context;

	if (websub->state == PK_WEBSUB_LEAVING ||
	    pk_subscription_is_wanted(sweep->config, websub->feed))
		return 0;
	int64_t *row = pk_array_push(sweep->arena, &sweep->rows);
	if (row == NULL)
		return -ENOMEM;
	*row = websub->row;
	return 0;
}

int
pk_subscription_sweep(struct pk_db *db, const struct pk_config *config, int64_t now_ms)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(LIST_LIMIT);
	struct sweep sweep = { .config = config, .arena = arena };
	int r = arena == NULL ? -ENOMEM : pk_websub_each(db, note_unwanted, &sweep);

	if (r == 0)
		r = pk_db_begin(db);
	if (r == 0)
		r = pk_websub_move(db, config->websub.callback, now_ms);
	for (size_t i = 0; i < sweep.rows.len && r >= 0; i++)
		r = pk_websub_leave(db, sweep.rows.items[i], now_ms);
	if (r >= 0)
		r = pk_db_commit(db);
	if (r < 0)
		pk_db_rollback(db);
	return r;
}

/* ---- hubs ---- */

static int
read_letter(struct pk_db *db, const struct pk_hub_letter *letter, int64_t now_ms)
{
	struct pk_span error = { NULL, 0 };

	if (!letter->asked)
		return pk_websub_note(db, &letter->note, now_ms, pk_random_u64());
	if (letter->error[0] != '\0')
		error = pk_span_of(letter->error);
	return pk_websub_asked(
	    db, letter->row, letter->asked_ms, now_ms, error, pk_random_u64());
}

int
pk_subscription_read_mail(struct pk_db *db, struct pk_hub_mail *mail, int64_t now_ms)
{
	struct pk_hub_letter letters[LETTERS_MAX];
	size_t n = pk_hub_mail_read(mail, letters, PK_COUNT(letters));

	if (n == 0)
		return 0;
	int r = pk_db_begin(db);
	for (size_t i = 0; i < n && r == 0; i++)
		r = read_letter(db, &letters[i], now_ms);
	if (r == 0)
		r = pk_db_commit(db);
	if (r < 0) {
		pk_db_rollback(db);
		return r;
	}
	pk_hub_mail_done(mail, n);
	return (int)n;
}
