/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/prune.h"

#include "base/clock.h"
#include "base/counter.h"
#include "fetch/poll/entries.h"
#include "publish/journal.h"
#include "publish/story/story.h"

#define SECONDS(n) (UINT64_C(n) * (uint64_t)PK_NS_PER_S)

/* Messages: slices come at this pace while there are more, and this one when not. */
#define MESSAGES_MAX      1000
#define MESSAGES_MORE_NS  (UINT64_C(50) * (uint64_t)PK_NS_PER_MS)
#define MESSAGES_QUIET_NS SECONDS(1)

/* An entry is remembered for so long after its feed has shown it last. */
#define ENTRY_MEMORY_MS  (INT64_C(180) * 86400 * 1000)
#define ENTRIES_MAX      1000
#define ENTRIES_MORE_NS  SECONDS(60)
#define ENTRIES_QUIET_NS SECONDS(3600)

/* Stories: slices of so many articles. */
#define STORIES_MAX 200
#define STORIES_NS  SECONDS(2)

/* An article is remembered for so long after something was published of it, and for as
 * long as its messages are kept. */
#define ARTICLE_MEMORY_MS (INT64_C(400) * 86400 * 1000)
#define ARTICLES_MAX      200
#define ARTICLES_NS       SECONDS(60)

/* Unused pages that go back to the disk at once. */
#define SHRINK_PAGES 256
#define SHRINK_NS    SECONDS(1)

static bool
is_due(uint64_t *due_ns, uint64_t pause_ns)
{
	uint64_t now_ns = pk_mono_ns();

	if (now_ns < *due_ns)
		return false;
	*due_ns = now_ns + pause_ns;
	return true;
}

/* Ends a transaction whose statements came to `r`. */
static int
end(struct pk_db *db, int r)
{
	int ended = r < 0 ? r : pk_db_commit(db);

	if (ended < 0)
		pk_db_rollback(db);
	return ended < 0 ? ended : r;
}

/* Deleting takes room, too. On a full disk a smaller slice may find it, and leave more
 * for the next one. */
static void
fit_slice(struct pk_prune *prune, size_t max, bool fitted)
{
	prune->messages_max = fitted ? max * 4 : max / 4;
	if (prune->messages_max == 0)
		prune->messages_max = 1;
	if (prune->messages_max > MESSAGES_MAX)
		prune->messages_max = MESSAGES_MAX;
}

static void
prune_messages(struct pk_prune *prune, struct pk_db *db, const struct pk_config *config,
    int64_t now_ms)
{
	int64_t hold_ms = config->journal.retention.hold_ms;
	size_t max = prune->messages_max == 0 ? MESSAGES_MAX : prune->messages_max;
	const struct pk_retention retention = {
		.before_ms = now_ms - config->journal.retention.age_ms,
		.bytes_max = config->journal.retention.bytes,
		.hold_since_ms = hold_ms == 0 ? INT64_MAX : now_ms - hold_ms
	};

	if (!is_due(&prune->messages_ns, MESSAGES_QUIET_NS))
		return;
	int r = pk_db_begin(db);
	if (r == 0)
		r = end(db, pk_journal_prune(db, &retention, max));
	if (r > 0)
		pk_count_add(PK_COUNT_MESSAGES_PRUNED, (uint64_t)r);
	fit_slice(prune, max, r >= 0);
	if (r == (int)max)
		prune->messages_ns = pk_mono_ns() + MESSAGES_MORE_NS;
}

/* What has to stay is looked at each time. */
static void
prune_entries(struct pk_prune *prune, struct pk_db *db, int64_t now_ms)
{
	if (is_due(&prune->entries_ns, ENTRIES_MORE_NS) &&
	    pk_poll_prune(db, now_ms - ENTRY_MEMORY_MS, ENTRIES_MAX) < ENTRIES_MAX)
		prune->entries_ns = pk_mono_ns() + ENTRIES_QUIET_NS;
}

static void
prune_stories(struct pk_prune *prune, struct pk_db *db, const struct pk_config *config,
    int64_t now_ms)
{
	int64_t before_ms = now_ms - config->extract.story.window_ms;

	if (is_due(&prune->stories_ns, STORIES_NS) && pk_db_begin(db) == 0)
		end(db, pk_story_prune(db, before_ms, STORIES_MAX));
}

static void
prune_articles(struct pk_prune *prune, struct pk_db *db, const struct pk_config *config,
    int64_t now_ms)
{
	int64_t age_ms = config->journal.retention.age_ms;
	int64_t memory_ms = age_ms > ARTICLE_MEMORY_MS ? age_ms : ARTICLE_MEMORY_MS;

	if (!is_due(&prune->articles_ns, ARTICLES_NS) || pk_db_begin(db) < 0)
		return;
	int r = end(db, pk_journal_forget(db, now_ms - memory_ms, ARTICLES_MAX));
	if (r > 0)
		pk_count_add(PK_COUNT_ARTICLES_FORGOTTEN, (uint64_t)r);
}

void
pk_prune_round(struct pk_prune *prune, struct pk_db *db, const struct pk_config *config,
    int64_t now_ms, bool idle)
{
	prune_messages(prune, db, config, now_ms);
	prune_entries(prune, db, now_ms);
	prune_stories(prune, db, config, now_ms);
	prune_articles(prune, db, config, now_ms);
	if (idle && is_due(&prune->shrink_ns, SHRINK_NS))
		pk_db_shrink(db, SHRINK_PAGES);
}
