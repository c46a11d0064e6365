/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/poll/rhythm.h"

#include "base/clock.h"
#include "fetch/http/retry.h"

/* No poll is put off for longer, so nothing stored says more by right. */
#define AHEAD_MAX_MS (31 * PK_RHYTHM_HINT_MAX_MS)

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t
hint(int64_t ms)
{
	return ms > PK_RHYTHM_HINT_MAX_MS ? PK_RHYTHM_HINT_MAX_MS : ms;
}

int64_t
pk_rhythm_next_ms(const struct pk_rhythm *rhythm, const struct pk_rhythm_poll *poll,
    int64_t now_ms, uint64_t random)
{
	int64_t stray = rhythm->interval_ms * rhythm->jitter_percent / 100;
	int64_t wait =
	    rhythm->interval_ms - stray + (int64_t)(random % (2 * (uint64_t)stray + 1));

	if (poll->gone)
		return now_ms + PK_RHYTHM_GONE_MS;
	if (poll->failures > 0)
		wait = later(wait, pk_backoff(poll->failures, rhythm->backoff_first_ms,
				       rhythm->backoff_max_ms, random));
	wait = later(wait, hint(poll->retry_after_ms));
	wait = later(wait, hint(poll->fresh_ms));
	return now_ms + wait;
}

uint64_t
pk_rhythm_due_ns(int64_t next_ms, int64_t now_ms, uint64_t mono_ns, uint64_t spread_ns,
    uint64_t random)
{
	int64_t ahead = next_ms - now_ms;

	if (ahead > 0 && ahead <= AHEAD_MAX_MS)
		return mono_ns + (uint64_t)ahead * (uint64_t)PK_NS_PER_MS;
	return mono_ns + (spread_ns > 0 ? random % spread_ns : 0);
}
