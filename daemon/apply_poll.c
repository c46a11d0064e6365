/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/apply_poll.h"

#include "base/digest.h"
#include "base/url.h"
#include "daemon/subscription.h"
#include "fetch/poll/plan.h"

#include <errno.h>

struct apply {
	struct pk_db *db;
	struct pk_arena *arena;
	const struct pk_config *config;
	const char *instance;
	const struct pk_outcome *outcome;
	int64_t now_ms;
	struct pk_poll_feed known; /* before the poll */
	struct pk_records *records;
	bool ask_hubs;
};

/* ---- hosts ---- */

int
pk_apply_hold(struct pk_db *db, const struct pk_outcome *outcome, int64_t now_ms)
{
	struct pk_span asked = pk_url_host(outcome->asked_url);
	struct pk_span said = pk_url_host(outcome->doc->url);
	bool domain = outcome->failure == PK_FAILURE_LIMITED;
	int64_t until_ms = now_ms + outcome->retry_after_ms;

	if (outcome->retry_after_ms <= 0)
		return 0;
	int r = pk_poll_hold(db, asked, domain, now_ms, until_ms);
	if (r == 0 && said.len > 0 && !pk_span_eq_nocase(asked, said))
		r = pk_poll_hold(db, said, domain, now_ms, until_ms);
	return r;
}

/* ---- what was polled ---- */

static struct pk_poll_result
result_of(const struct apply *a)
{
	const struct pk_outcome *outcome = a->outcome;
	const struct pk_feed_reading *feed = &outcome->feed;

	const struct pk_validators none = { 0 }, validators = { outcome->doc->etag,
		outcome->doc->last_modified };

	return (struct pk_poll_result){
		.feed = outcome->doc->feed,
		.url = feed->url,
		.polled_ms = a->now_ms,
		.validators = feed->in_part ? none : validators,
		/* the next whole answer is another body than a part of it */
		.body_hash = feed->delta || feed->in_part ? pk_span_of(NULL)
							  : pk_span_of(feed->body_hash),
		.partial = feed->partial,
		.entries = feed->entries.items,
		.n_entries = feed->entries.len,
		.parts = feed->parts.items,
		.n_parts = feed->parts.len,
		.listed = feed->listed.items,
		.n_listed = feed->listed.len,
		.about = feed->about,
	};
}

static int
record(struct apply *a, struct pk_poll_counts *counts)
{
	const struct pk_outcome *outcome = a->outcome;
	const struct pk_poll_result result = result_of(a);

	switch (outcome->kind) {
	case PK_OUTCOME_POLL_FAILED:
		return pk_poll_record_failed(a->db, &result,
		    pk_span_of(pk_failure_name(outcome->failure)),
		    pk_span_of(outcome->error));
	case PK_OUTCOME_UNCHANGED:
		return pk_poll_record_unchanged(a->db, &result);
	case PK_OUTCOME_POLLED:
	case PK_OUTCOME_OPEN:
	case PK_OUTCOME_PAGE:
	case PK_OUTCOME_PAGE_FAILED:
	case PK_OUTCOME_PAGE_HELD:
		break;
	}
	return pk_poll_record(a->db, &result, counts);
}

/* ---- what follows ---- */

/* The feed's own interval holds, whatever its rhythm. */
static struct pk_rhythm
rhythm_of(const struct apply *a)
{
	const struct pk_config_feed *feed =
	    pk_config_feed(a->config, a->outcome->doc->feed);
	__typeof__(&a->config->poll) poll = &a->config->poll;
	int64_t own_ms = feed == NULL ? 0 : feed->interval_ms;
	int64_t interval_ms = own_ms > 0 ? own_ms : poll->interval_ms;

	return (struct pk_rhythm){
		.interval_ms = interval_ms < poll->min_interval_ms
				   ? poll->min_interval_ms
				   : interval_ms,
		.adaptive = poll->adaptive && own_ms == 0,
		.min_ms = poll->min_interval_ms,
		.max_ms = poll->max_interval_ms,
		.jitter_percent = poll->jitter_percent,
		.backoff_first_ms = poll->backoff.first_ms,
		.backoff_max_ms = poll->backoff.max_ms,
	};
}

/* The times that a rhythm can be learned from. */
static int64_t *
times_of(struct apply *a, size_t *ret_n)
{
	const struct pk_poll_entries *entries = &a->outcome->feed.entries;
	int64_t *times = pk_arena_calloc(a->arena, entries->len + 1, sizeof(*times));

	*ret_n = 0;
	for (size_t i = 0; times != NULL && i < entries->len; i++) {
		if (entries->items[i].published_s != 0)
			times[(*ret_n)++] = entries->items[i].published_s;
	}
	return times;
}

/* What the poll means for the feed's hub, and the hub for the next poll. */
static int
compare_with_hub(
    struct apply *a, const struct pk_poll_counts *counts, struct pk_poll_life *life)
{
	const struct pk_outcome *outcome = a->outcome;
	struct pk_span feed = outcome->doc->feed;
	const struct pk_poll_about *about = outcome->kind == PK_OUTCOME_UNCHANGED
						? &a->known.about
						: &outcome->feed.about;
	int r = pk_subscription_offer(a->db, a->config, outcome, about, a->now_ms);

	if (r < 0)
		return r;
	a->ask_hubs = r > 0;
	r = pk_websub_brought(
	    a->db, feed, outcome->feed.told, counts->fresh, a->now_ms);
	if (r < 0)
		return r;
	int64_t net_ms = pk_subscription_net_ms(
	    a->db, a->arena, a->config, feed, a->now_ms, a->now_ms);
	if (net_ms > life->next_poll_ms)
		life->next_poll_ms = net_ms;
	return 0;
}

static int
plan(struct apply *a, const struct pk_poll_counts *counts, struct pk_poll_plan *plan)
{
	const struct pk_outcome *outcome = a->outcome;
	bool polled = outcome->kind == PK_OUTCOME_POLLED;
	const struct pk_rhythm rhythm = rhythm_of(a);
	struct pk_poll_facts facts = {
		.failure = outcome->kind == PK_OUTCOME_POLL_FAILED ? outcome->failure
								   : PK_FAILURE_NONE,
		.unchanged = outcome->kind == PK_OUTCOME_UNCHANGED,
		/* a new child of an index has nothing but news */
		.partial = outcome->feed.partial || outcome->feed.delta ||
			   outcome->feed.listed.len > 0,
		.n_entries = outcome->feed.entries.len,
		.counts = *counts,
		.about = polled ? &outcome->feed.about : NULL,
		.fresh_ms = outcome->fresh_ms,
		.retry_after_ms = outcome->retry_after_ms,
		.took_ms = outcome->took_ms,
		.moved = outcome->feed.moved,
		.found = outcome->feed.found,
	};

	facts.published_s = times_of(a, &facts.n_published);
	if (facts.published_s == NULL)
		return -ENOMEM;
	pk_poll_plan(&a->known, &facts, &rhythm, a->now_ms, pk_random_u64(), plan);
	int r = facts.failure == PK_FAILURE_NONE
		    ? compare_with_hub(a, counts, &plan->life)
		    : 0;
	if (r < 0)
		return r;
	return pk_poll_live(a->db, outcome->doc->feed, &plan->life);
}

/* ---- what is told ---- */

static int
tell(struct apply *a, const char *state, const char *reason, struct pk_span url)
{
	return pk_record_of_feed(a->arena, a->outcome->doc->feed, pk_span_of(state),
	    url, pk_span_of(reason), a->instance, a->now_ms, a->records);
}

static const char *
reason_of(const struct apply *a, enum pk_health health)
{
	if (a->outcome->kind == PK_OUTCOME_POLL_FAILED)
		return a->outcome->error;
	return health == PK_HEALTH_UP ? NULL : pk_health_help(health);
}

static int
tell_all(struct apply *a, const struct pk_poll_plan *plan)
{
	struct pk_span asked = a->outcome->asked_url;
	int r = 0;

	if (plan->health_changed)
		r = tell(
		    a, pk_health_name(plan->health), reason_of(a, plan->health), asked);
	if (r == 0 && plan->gap)
		r = tell(a, "gap", "entries came and went between two polls", asked);
	if (r == 0 && plan->moved)
		r = tell(a, "moved",
		    plan->life.location.len > 0 ? "it is asked there from now on"
						: "it is asked at its old address",
		    plan->life.location.len > 0 ? plan->life.location
						: a->outcome->feed.url);
	return r;
}

/* ---- the door ---- */

static int
apply(struct apply *a, struct pk_applied_poll *ret_applied)
{
	struct pk_poll_counts counts = { 0 };
	struct pk_poll_plan planned;
	bool was_ok = pk_span_eq(a->known.state, PK_SPAN("ok"));
	int r = record(a, &counts);

	if (r == 0)
		r = plan(a, &counts, &planned);
	if (r == 0)
		r = pk_apply_hold(a->db, a->outcome, a->now_ms);
	if (r == 0)
		r = tell_all(a, &planned);
	if (r < 0)
		return r;
	*ret_applied = (struct pk_applied_poll){
		.counts = counts,
		.next_ms = planned.life.next_poll_ms,
		.moved = planned.moved,
		/* a feed that is back from being off brings its pending pages along */
		.new_pages = counts.fresh + counts.changed > 0 || !was_ok,
		.ask_hubs = a->ask_hubs,
		.gap = planned.gap,
		.health_changed = planned.health_changed,
		.health = planned.health,
		.failures = planned.life.failures,
	};
	return 0;
}

int
pk_apply_poll(struct pk_db *db, struct pk_arena *arena, const struct pk_config *config,
    const char *instance, const struct pk_outcome *outcome, int64_t now_ms,
    struct pk_records *records, struct pk_applied_poll *ret_applied)
{
	struct apply a = {
		.db = db,
		.arena = arena,
		.config = config,
		.instance = instance,
		.outcome = outcome,
		.now_ms = now_ms,
		.records = records,
	};
	const struct pk_config_feed *feed = pk_config_feed(config, outcome->doc->feed);

	*ret_applied = (struct pk_applied_poll){ .next_ms = now_ms };
	if (feed == NULL || !feed->enabled)
		return 0; /* taken out meanwhile: it must not come back by this */
	int r = pk_poll_feed_load(
	    db, arena, outcome->doc->feed, outcome->feed.url, &a.known);
	if (r < 0 && r != -ENOENT)
		return r;
	return apply(&a, ret_applied);
}

/* ---- what a hub has sent ---- */

static int
live_on(struct apply *a, const struct pk_poll_counts *counts, int64_t *ret_next_ms)
{
	struct pk_span feed = a->outcome->doc->feed;
	struct pk_poll_life life = a->known.life;
	struct pk_rhythm_memory memory;
	char rhythm[PK_RHYTHM_TEXT_SIZE];

	pk_rhythm_parse(life.rhythm, &memory);
	if (counts->fresh > 0 && life.rhythm.len > 0) {
		pk_rhythm_note(&memory, a->now_ms, counts->fresh, false);
		pk_rhythm_format(&memory, rhythm);
		life.rhythm = pk_span_of(rhythm);
		life.last_fresh_ms = a->now_ms;
	}
	/* from the last poll on: pushes do not put off the safety net */
	int64_t net_ms = pk_subscription_net_ms(
	    a->db, a->arena, a->config, feed, a->known.last_poll_ms, a->now_ms);
	if (life.failures == 0 && net_ms > life.next_poll_ms)
		life.next_poll_ms = net_ms;
	*ret_next_ms = life.next_poll_ms;
	return pk_poll_live(a->db, feed, &life);
}

int
pk_apply_push(struct pk_db *db, struct pk_arena *arena, const struct pk_config *config,
    const struct pk_outcome *outcome, int64_t now_ms,
    struct pk_applied_poll *ret_applied)
{
	struct apply a = { .db = db,
		.arena = arena,
		.config = config,
		.outcome = outcome,
		.now_ms = now_ms };
	struct pk_span id = outcome->doc->feed;
	const struct pk_config_feed *feed = pk_config_feed(config, id);
	struct pk_applied_poll applied = { .next_ms = now_ms, .told = true };
	const struct pk_poll_result result = result_of(&a);

	*ret_applied = applied;
	if (feed == NULL || !feed->enabled || outcome->kind != PK_OUTCOME_POLLED)
		return 0;
	int r = pk_poll_feed_load(db, arena, id, outcome->feed.url, &a.known);
	if (r == 0)
		r = pk_poll_record_pushed(db, &result, &applied.counts);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	r = pk_websub_brought(db, id, true, applied.counts.fresh, now_ms);
	if (r == 0)
		r = live_on(&a, &applied.counts, &applied.next_ms);
	if (r < 0)
		return r;
	applied.told = false;
	/* a push does not make a feed well that cannot be asked */
	applied.failures = a.known.life.failures;
	applied.new_pages = applied.counts.fresh + applied.counts.changed > 0;
	*ret_applied = applied;
	return 0;
}
