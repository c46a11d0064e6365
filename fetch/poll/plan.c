/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/poll/plan.h"

/* Where a feed was found is asked after this. */
#define FOUND_MS INT64_C(1000)

static bool
is_found(const struct pk_poll_feed *known, const struct pk_poll_facts *facts)
{
	return facts->found.len > 0 && !known->read && known->life.location.len == 0;
}

static bool
has_moved(
    const struct pk_poll_move *move, const struct pk_poll_facts *facts, int64_t now_ms)
{
	bool is_same_feed = facts->unchanged || facts->counts.known > 0;

	return is_same_feed && move->seen >= PK_MOVE_SIGHTINGS &&
	       now_ms - move->since_ms >= PK_MOVE_MS;
}

/* Counts how often the same move was seen in a row. */
static struct pk_poll_move
see_move(const struct pk_poll_feed *known, struct pk_span to, int64_t now_ms)
{
	const struct pk_poll_move *before = &known->life.move;

	if (to.len == 0 || pk_span_eq(to, pk_poll_feed_address(known, known->url)))
		return (struct pk_poll_move){ 0 };
	if (!pk_span_eq(before->to, to))
		return (struct pk_poll_move){ .to = to, .seen = 1, .since_ms = now_ms };
	return (struct pk_poll_move){
		.to = to, .seen = before->seen + 1, .since_ms = before->since_ms
	};
}

static void
plan_place(const struct pk_poll_feed *known, const struct pk_poll_facts *facts,
    int64_t now_ms, struct pk_poll_plan *plan)
{
	struct pk_poll_life *life = &plan->life;

	if (is_found(known, facts)) {
		life->location = facts->found;
		plan->moved = true;
	} else if (facts->failure != PK_FAILURE_NONE) {
		/* one failure does not end what was seen before it */
		if (life->location.len > 0 && life->failures % PK_MOVE_FAILURES == 0) {
			life->location = (struct pk_span){ NULL, 0 };
			life->move = (struct pk_poll_move){ 0 };
			plan->moved = true;
		}
	} else {
		life->move = see_move(known, facts->moved, now_ms);
		if (has_moved(&life->move, facts, now_ms)) {
			life->location = life->move.to;
			life->move = (struct pk_poll_move){ 0 };
			plan->moved = true;
		}
	}
}

static bool
has_gap(const struct pk_poll_feed *known, const struct pk_poll_facts *facts)
{
	return known->read && !facts->unchanged && !facts->partial &&
	       facts->n_entries >= PK_GAP_ENTRIES && facts->counts.fresh > 0 &&
	       facts->counts.known == 0;
}

static void
learn(const struct pk_poll_feed *known, const struct pk_poll_facts *facts,
    int64_t now_ms, bool gap, struct pk_rhythm_memory *memory)
{
	bool remembered = pk_rhythm_parse(known->life.rhythm, memory) == 0 &&
			  known->life.rhythm.len > 0;

	if (facts->failure != PK_FAILURE_NONE)
		return;
	if (!facts->unchanged && (!known->read || !remembered))
		pk_rhythm_begin(memory, facts->published_s, facts->n_published, now_ms);
	else
		pk_rhythm_note(memory, now_ms, facts->counts.fresh, gap);
}

static int64_t
plan_next_ms(const struct pk_poll_feed *known, const struct pk_poll_facts *facts,
    const struct pk_rhythm *rhythm, const struct pk_rhythm_memory *memory,
    unsigned failures, int64_t now_ms, uint64_t random)
{
	const struct pk_poll_about *about =
	    facts->about != NULL ? facts->about : &known->about;
	const struct pk_rhythm_hints hints = {
		.ttl_s = about->ttl_s,
		.period_s = about->period_s,
		.skip_hours = about->skip_hours,
		.skip_days = (uint8_t)about->skip_days,
		.fresh_ms = facts->fresh_ms,
		.retry_after_ms = facts->retry_after_ms,
	};
	const struct pk_rhythm_poll poll = {
		.failures = failures,
		.failure = facts->failure,
	};

	return pk_rhythm_next_ms(rhythm, memory, &poll, &hints, now_ms, random);
}

/* What every poll counts on. */
static void
count(const struct pk_poll_feed *known, const struct pk_poll_facts *facts,
    int64_t now_ms, struct pk_poll_life *life)
{
	bool failed = facts->failure != PK_FAILURE_NONE && !is_found(known, facts);

	*life = known->life;
	life->polls++;
	life->took_ms = facts->took_ms;
	life->failures = failed ? known->life.failures + 1 : 0;
	life->failing_since_ms = !failed ? 0
				 : known->life.failing_since_ms > 0
				     ? known->life.failing_since_ms
				     : now_ms;
	life->slow_polls =
	    pk_health_slow(known->life.slow_polls, facts->failure, facts->took_ms);
	if (facts->counts.fresh > 0) {
		life->finds++;
		life->last_fresh_ms = now_ms;
	}
}

void
pk_poll_plan(const struct pk_poll_feed *known, const struct pk_poll_facts *facts,
    const struct pk_rhythm *rhythm, int64_t now_ms, uint64_t random,
    struct pk_poll_plan *plan)
{
	struct pk_poll_life *life = &plan->life;
	struct pk_rhythm_memory memory;
	bool was_off = pk_span_eq(known->state, PK_SPAN("off"));

	*plan = (struct pk_poll_plan){ .gap = has_gap(known, facts) };
	count(known, facts, now_ms, life);
	life->gaps += plan->gap;
	plan_place(known, facts, now_ms, plan);
	learn(known, facts, now_ms, plan->gap, &memory);
	pk_rhythm_format(&memory, plan->rhythm);
	life->rhythm = pk_span_of(plan->rhythm);
	life->next_poll_ms = is_found(known, facts)
				 ? now_ms + FOUND_MS
				 : plan_next_ms(known, facts, rhythm, &memory,
				       life->failures, now_ms, random);

	/* a good poll is judged by the failures that it ends */
	const struct pk_poll_life *streak = life->failures > 0 ? life : &known->life;
	const struct pk_health_facts health = {
		.before = was_off ? PK_HEALTH_NEW : pk_health_find(known->life.health),
		.failure = life->failures > 0 ? facts->failure : PK_FAILURE_NONE,
		.failures = streak->failures,
		.now_ms = now_ms,
		.failing_since_ms = streak->failing_since_ms,
		.last_ok_ms = life->failures > 0 ? known->last_ok_ms : now_ms,
		.last_fresh_ms = life->last_fresh_ms,
		.gap_ms = pk_rhythm_gap_ms(&memory),
		.slow = life->slow_polls,
	};
	plan->health = is_found(known, facts) ? health.before : pk_health_of(&health);
	plan->health_changed = plan->health != health.before;
	life->health = pk_span_of(pk_health_name(plan->health));
}
