/* SPDX-License-Identifier: Apache-2.0 */
#include "base/steady.h"

void
pk_steady_init(struct pk_steady *steady, int64_t known_ms, int64_t elapsed_ms)
{
	*steady = (struct pk_steady){ .offset_ms = known_ms - elapsed_ms };
}

static int64_t
believe(struct pk_steady *steady, int64_t offset_ms, int64_t elapsed_ms)
{
	*steady = (struct pk_steady){ .offset_ms = offset_ms };
	return offset_ms + elapsed_ms;
}

int64_t
pk_steady_ms(
    struct pk_steady *steady, int64_t wall_ms, int64_t elapsed_ms, int64_t patience_ms)
{
	int64_t offset_ms = wall_ms - elapsed_ms;

	if (offset_ms - steady->offset_ms <= PK_STEADY_SLACK_MS)
		return believe(steady, offset_ms, elapsed_ms);
	/* a clock that jumps again is another one, and has its own time to wait */
	int64_t further_ms = offset_ms - steady->ahead_ms;
	if (steady->ahead_ms == 0 || further_ms > PK_STEADY_SLACK_MS ||
	    further_ms < -PK_STEADY_SLACK_MS)
		steady->since_ms = elapsed_ms;
	steady->ahead_ms = offset_ms;
	if (elapsed_ms - steady->since_ms >= patience_ms)
		return believe(steady, offset_ms, elapsed_ms);
	return steady->offset_ms + elapsed_ms;
}
