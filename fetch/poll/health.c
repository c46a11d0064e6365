/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/poll/health.h"

#define DAY_MS (INT64_C(86400) * 1000)

/* What has failed for so long has ended once it is good; before that it may be one that
 * fails every other time. */
#define OUTAGE_MS (INT64_C(3600) * 1000)

#define STALE_GAPS 8
#define STALE_MIN  DAY_MS
#define STALE_MAX  (180 * DAY_MS)
#define STALE_ELSE (30 * DAY_MS)

/* Slow from three on; the counter goes no further than twice that, so that what was
 * slow for long is brisk again after six good polls. */
#define SLOW_ENTER 3
#define SLOW_MOST  6

static const struct {
	const char *name;
	const char *help;
} states[] = {
#define ROW(NAME, name, help) [PK_HEALTH_##NAME] = { name, help },
	PK_HEALTHS(ROW)
#undef ROW
};

const char *
pk_health_name(enum pk_health health)
{
	return states[health].name;
}

const char *
pk_health_help(enum pk_health health)
{
	return states[health].help;
}

enum pk_health
pk_health_find(struct pk_span name)
{
	for (unsigned i = 0; i < sizeof(states) / sizeof(*states); i++) {
		if (pk_span_eq(name, pk_span_of(states[i].name)))
			return (enum pk_health)i;
	}
	return PK_HEALTH_NEW;
}

unsigned
pk_health_slow(unsigned before, enum pk_failure failure, int64_t took_ms)
{
	if (failure == PK_FAILURE_LIMITED || failure == PK_FAILURE_BUSY ||
	    (failure == PK_FAILURE_NONE && took_ms >= PK_HEALTH_SLOW_MS))
		return before < SLOW_MOST ? before + 1 : SLOW_MOST;
	if (failure == PK_FAILURE_NONE && before > 0)
		return before - 1;
	return before;
}

int64_t
pk_health_stale_after_ms(int64_t gap_ms)
{
	if (gap_ms <= 0)
		return STALE_ELSE;
	if (gap_ms > STALE_MAX / STALE_GAPS)
		return STALE_MAX;
	return gap_ms * STALE_GAPS < STALE_MIN ? STALE_MIN : gap_ms * STALE_GAPS;
}

/* A feed that never had an entry is silent for ever, but nothing is known to be wrong
 * with it. */
static bool
is_stale(const struct pk_health_facts *facts)
{
	int64_t after_ms = pk_health_stale_after_ms(facts->gap_ms);
	int64_t silent_ms = facts->now_ms - facts->last_fresh_ms;

	if (facts->last_fresh_ms <= 0)
		return false;
	/* the gap is an estimate and moves; only a new entry ends this */
	if (facts->before == PK_HEALTH_STALE)
		return silent_ms >= after_ms / 4;
	return silent_ms >= after_ms;
}

static bool
is_slow(const struct pk_health_facts *facts)
{
	return facts->before == PK_HEALTH_SLOW ? facts->slow > 0
					       : facts->slow >= SLOW_ENTER;
}

static bool
is_unsteady(const struct pk_health_facts *facts)
{
	return facts->before == PK_HEALTH_FAILING && facts->failures > 0 &&
	       facts->failing_since_ms > 0 &&
	       facts->now_ms - facts->failing_since_ms < OUTAGE_MS;
}

static enum pk_health
after_success(const struct pk_health_facts *facts)
{
	if (is_unsteady(facts))
		return PK_HEALTH_FAILING;
	return is_stale(facts)  ? PK_HEALTH_STALE
	       : is_slow(facts) ? PK_HEALTH_SLOW
				: PK_HEALTH_UP;
}

/* Since when nothing good came of it. */
static int64_t
bad_since_ms(const struct pk_health_facts *facts)
{
	return facts->failing_since_ms > facts->last_ok_ms ? facts->failing_since_ms
							   : facts->last_ok_ms;
}

static bool
is_patient(const struct pk_health_facts *facts)
{
	switch (facts->before) {
	case PK_HEALTH_FAILING:
		return false;
	case PK_HEALTH_NEW:
		/* who has just added it wants to know; our own trouble says nothing */
		return facts->failure == PK_FAILURE_MEMORY;
	case PK_HEALTH_UP:
	case PK_HEALTH_SLOW:
	case PK_HEALTH_STALE:
	case PK_HEALTH_DEAD:
		break;
	}
	return facts->failures < pk_failure_patience(facts->failure);
}

static enum pk_health
after_failure(const struct pk_health_facts *facts)
{
	int64_t since_ms = bad_since_ms(facts);

	if (facts->before == PK_HEALTH_DEAD || facts->failure == PK_FAILURE_GONE)
		return PK_HEALTH_DEAD;
	if (since_ms > 0 && facts->now_ms - since_ms >= PK_HEALTH_DEAD_MS &&
	    facts->failure != PK_FAILURE_MEMORY)
		return PK_HEALTH_DEAD;
	if (!is_patient(facts))
		return PK_HEALTH_FAILING;
	/* held off by the server again and again, or just one bad poll */
	if (facts->before == PK_HEALTH_UP && is_slow(facts))
		return PK_HEALTH_SLOW;
	return facts->before;
}

enum pk_health
pk_health_of(const struct pk_health_facts *facts)
{
	return facts->failure == PK_FAILURE_NONE ? after_success(facts)
						 : after_failure(facts);
}
