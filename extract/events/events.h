/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/events/events.h - from an understood article to its events.
 */
#ifndef PEYK_EXTRACT_EVENTS_EVENTS_H
#define PEYK_EXTRACT_EVENTS_EVENTS_H

#include "extract/events/rules.h"
#include "extract/names/mention.h"
#include "extract/text/date.h"

/* A text with all that earlier stages found in it. */
struct pk_understood {
	struct pk_text text;
	struct pk_mentions mentions;
	struct pk_dates dates;
};

/* No more events than this are looked for in one article. */
#define PK_EVENTS_MAX 500

/*
 * Finds the events of an article: `body` is its text, `title` its title (may be without
 * tokens), `day` its day of publication. Everything lives in the arena. Returns 0 or
 * -ENOMEM.
 */
int pk_events_find(struct pk_arena *arena, const struct pk_rules *rules,
    const struct pk_article *article, const struct pk_understood *body,
    const struct pk_understood *title, int64_t day, bool has_day,
    struct pk_event **ret_events, size_t *ret_n);

/*
 * Does every span of the event lie in the article and say what the event says it does?
 * For tests and debug builds. Returns NULL, or what is wrong.
 */
const char *pk_event_check(
    const struct pk_event *event, const struct pk_article *article);

/* The same for all events of an article, in linear time. */
const char *pk_events_check(struct pk_arena *arena, const struct pk_event *events,
    size_t n, const struct pk_article *article);

#endif
