/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/tell.h"

#include "base/clock.h"
#include "base/counter.h"
#include "base/log.h"
#include "fetch/poll/state.h"

static void
count_failure(enum pk_failure failure)
{
	static const enum pk_counter counters[PK_FAILURES] = {
#define FAILURE(NAME, name, first, longest, patience, help)                            \
	[PK_FAILURE_##NAME] = PK_COUNT_POLLS_FAILED_##NAME,
#include "fetch/poll/failure.def"
#undef FAILURE
	};

	pk_count(PK_COUNT_POLLS_FAILED);
	pk_count(counters[failure]);
}

void
pk_tell_of_poll(const char *feed, const struct pk_outcome *outcome,
    const struct pk_applied_poll *poll)
{
	pk_count_add(PK_COUNT_ENTRIES_NEW, poll->counts.fresh);
	pk_count_add(PK_COUNT_ENTRIES_CHANGED, poll->counts.changed);
	pk_count_add(PK_COUNT_ENTRIES_REKEYED, poll->counts.rekeyed);
	pk_count_add(PK_COUNT_FEED_GAPS, poll->gap);
	pk_count_add(PK_COUNT_FEEDS_MOVED, poll->moved);
	if (outcome->kind == PK_OUTCOME_UNCHANGED)
		pk_count(PK_COUNT_POLLS_NOT_MODIFIED);
	if (outcome->feed.pushed) {
		if (outcome->kind == PK_OUTCOME_POLL_FAILED)
			pk_log(PK_INFO, "cannot read what a hub has sent, polling",
			    "feed", feed, "why", outcome->error);
		return;
	}
	if (outcome->kind == PK_OUTCOME_POLL_FAILED) {
		count_failure(outcome->failure);
		pk_log(PK_WARN, "feed failed, backing off", "feed", feed, "class",
		    pk_failure_name(outcome->failure), "why", outcome->error, "wait_s",
		    pk_log_number((poll->next_ms - pk_wall_ms()) / 1000));
	}
	if (poll->health_changed)
		pk_log(PK_NOTICE, "feed's health has changed", "feed", feed, "now",
		    pk_health_name(poll->health));
	if (poll->gap)
		pk_log(PK_WARN, "feed lost entries between two polls", "feed", feed);
	if (poll->moved)
		pk_log(PK_NOTICE, "feed has moved", "feed", feed);
	if (poll->counts.rekeyed > 0)
		pk_log(PK_NOTICE,
		    "feed gave its entries new ids, knowing them all the same", "feed",
		    feed, "entries", pk_log_number(poll->counts.rekeyed));
}

void
pk_tell_of_page(const char *feed, const struct pk_outcome *outcome,
    const struct pk_records *records, const char *failed, bool given_up)
{
	pk_count_add(PK_COUNT_STORIES, records->opens_story);
	pk_count_add(PK_COUNT_STORIES_JOINED, records->joins_story);
	if (failed != NULL) {
		pk_count(PK_COUNT_PAGES_FAILED);
		pk_count_add(PK_COUNT_PAGES_GIVEN_UP, given_up);
		pk_log(PK_INFO, "page failed", "feed", feed, "url",
		    outcome->asked_url.ptr, "why", failed);
	} else if (outcome->missed != NULL && outcome->error == NULL) {
		pk_count(PK_COUNT_PAGES_MISSING);
		pk_log(PK_INFO, "article goes on, publishing it without the rest",
		    "feed", feed, "page", outcome->asked_url.ptr, "why",
		    outcome->missed);
	}
}
