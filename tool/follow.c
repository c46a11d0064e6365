/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/follow.h"

void
pk_follow_init(struct pk_follow *follow, bool everything, uint64_t now_ns)
{
	*follow = (struct pk_follow){ .everything = everything, .heard_ns = now_ns };
}

/* Numbers between what was heard last and what comes next. */
static void
note_missing(
    const struct pk_follow *follow, uint64_t before, struct pk_follow_news *news)
{
	if (follow->everything && follow->known && before > follow->last) {
		news->missing_first = follow->last + 1;
		news->missing_last = before;
	}
}

struct pk_follow_news
pk_follow_hear(struct pk_follow *follow, uint64_t epoch, uint64_t sequence,
    uint64_t head, uint64_t now_ns)
{
	struct pk_follow_news news = { 0 };
	bool heartbeat = sequence == 0;
	uint64_t newest = heartbeat ? head : sequence;

	if (follow->silent)
		news.back_after_ns = now_ns - follow->heard_ns;
	follow->silent = false;
	follow->heard_ns = now_ns;

	if (follow->known && epoch != follow->epoch) {
		/* a log begins with 1: what it said before we came back is missing too
		 */
		news.reset = true;
		follow->last = 0;
	}
	note_missing(follow, heartbeat ? head : sequence - 1, &news);
	if (newest > follow->last)
		follow->last = newest;
	follow->epoch = epoch;
	follow->known = true;
	return news;
}

bool
pk_follow_fell_silent(struct pk_follow *follow, uint64_t now_ns)
{
	if (follow->silent || now_ns - follow->heard_ns <= PK_FOLLOW_SILENCE_NS)
		return false;
	follow->silent = true;
	return true;
}
