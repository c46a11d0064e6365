/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish/story/match.h - do two articles tell the same event?
 *
 * Asked of events as they were published and of their gists (base/event.h). It is
 * careful: what stays apart by mistake is told twice, what is merged by mistake is
 * lost.
 */
#ifndef PEYK_PUBLISH_STORY_MATCH_H
#define PEYK_PUBLISH_STORY_MATCH_H

#include "base/event.h"

#include <jansson.h>

struct pk_telling {
	const json_t *data;  /* of the event's message */
	struct pk_gist gist; /* without words: not known any more */
};

/* The share of the content words of the shorter that the longer has too, 0..1; 0 where
 * each gives numbers that the other does not; 1 where the words of either are not
 * known.
 */
double pk_gist_likeness(const struct pk_gist *a, const struct pk_gist *b);

/*
 * Whether they tell the same event. Within a story (`near`): the same type, parties,
 * mode, polarity, reality and time, as far as both say so, and for what is no talks
 * much the same words. Between stories: all that is said by both, two parties or more,
 * the same stated day, and words in common. Any thread.
 */
bool pk_tellings_match(
    const struct pk_telling *a, const struct pk_telling *b, bool near);

#endif
