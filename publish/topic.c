/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/topic.h"

static bool
done_together(enum pk_event_type type)
{
	return type == PK_EVENT_CONSULT || type == PK_EVENT_AGREE ||
	       type == PK_EVENT_SUPPORT || type == PK_EVENT_COOPERATE;
}

/* Levels are ids and codes. What else reaches here is a slip somewhere before, and must
 * not make levels of its own out of a stranger's text. */
static struct pk_span
level(struct pk_span s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i], lower = (char)(c | 32);
		if ((lower < 'a' || lower > 'z') && (c < '0' || c > '9') && c != '-')
			return PK_SPAN("-");
	}
	return s.len == 0 ? PK_SPAN("-") : s;
}

void
pk_topic_countries(
    const struct pk_event *event, struct pk_span *ret_first, struct pk_span *ret_second)
{
	struct pk_span none = { NULL, 0 }, first = none, second = none;

	if (event->n_actors > 0)
		first = event->actors[0].country;
	if (event->n_recipients > 0)
		second = event->recipients[0].country;
	else if (event->n_actors > 1 && done_together(event->type))
		second = event->actors[1].country;
	*ret_first = level(first);
	*ret_second = level(second);
}

struct pk_span
pk_topic_of_event(struct pk_arena *arena, const struct pk_event *event)
{
	struct pk_span first, second;

	pk_topic_countries(event, &first, &second);
	return pk_arena_printf(arena, "event/%s/%.*s/%.*s/",
	    pk_event_type_name(event->type), PK_SPAN_ARG(first), PK_SPAN_ARG(second));
}

struct pk_span
pk_topic_of_article(struct pk_arena *arena, const struct pk_article *article)
{
	struct pk_span lang = level(article->language);
	struct pk_span publisher = level(article->publisher.id);

	return pk_arena_printf(
	    arena, "article/%.*s/%.*s/", PK_SPAN_ARG(lang), PK_SPAN_ARG(publisher));
}

struct pk_span
pk_topic_of_feed(struct pk_arena *arena, struct pk_span feed, struct pk_span state)
{
	return pk_arena_printf(
	    arena, "feed/%.*s/%.*s/", PK_SPAN_ARG(feed), PK_SPAN_ARG(state));
}
