/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/outcome.h"

struct pk_outcome *
pk_outcome_new(enum pk_doc_kind kind, size_t arena_limit)
{
	struct pk_doc *doc = pk_doc_new(kind, arena_limit);
	struct pk_outcome *outcome =
	    doc == NULL ? NULL : pk_arena_new_of(doc->arena, struct pk_outcome);

	if (outcome == NULL) {
		pk_doc_free(doc);
		return NULL;
	}
	outcome->doc = doc;
	outcome->retry_after_ms = -1;
	outcome->fresh_ms = -1;
	return outcome;
}

struct pk_span
pk_outcome_next(const struct pk_outcome *outcome)
{
	const struct pk_feed_reading *feed = &outcome->feed;

	if (outcome->doc->kind == PK_DOC_PAGE)
		return outcome->reading.next;
	return feed->n_asked < feed->wanted.len ? feed->wanted.items[feed->n_asked].url
						: (struct pk_span){ NULL, 0 };
}

struct pk_outcome *
pk_outcome_free(struct pk_outcome *outcome)
{
	if (outcome == NULL)
		return NULL;
	struct pk_extractor *extractor = outcome->extractor;
	pk_doc_free(outcome->doc);
	pk_extractor_unref(extractor);
	return NULL;
}
