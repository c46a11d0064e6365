/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/events.h"

#include "extract/events/attribution.h"
#include "extract/events/cataphora.h"
#include "extract/events/confidence.h"
#include "extract/events/context.h"
#include "extract/events/count.h"
#include "extract/events/flags.h"
#include "extract/events/merge.h"
#include "extract/events/modality.h"
#include "extract/events/mood.h"
#include "extract/events/office.h"
#include "extract/events/participant.h"
#include "extract/events/place.h"
#include "extract/events/predicate.h"
#include "extract/events/reference.h"
#include "extract/events/statement.h"
#include "extract/events/time.h"
#include "extract/events/topic.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

static int
read_body(struct pk_scene *scene)
{
	struct pk_running running = {
		.draft = -1, .echo = -1, .quote_end = PK_NOWHERE
	};
	int r = pk_attribution_find(scene);

	if (r == 0)
		pk_names_join(scene);
	for (size_t i = 0; i < scene->text->n_sentences && r == 0; i++) {
		size_t before = scene->story->drafts.len;

		r = pk_statements_of(scene, i, &running);
		if (r == 0)
			r = pk_predicates_of(scene, i);
		pk_note_subject(scene, &scene->text->sentences[i], before);
		if (scene->story->drafts.len >= PK_EVENTS_MAX)
			break; /* no news has so many; the article itself stands */
	}
	return r;
}

/* The title is read last: what it only hints at is known from the body by then. */
static int
read_title(struct pk_scene *scene)
{
	int r;

	if (scene->text->n_tokens == 0)
		return 0;
	r = pk_attribution_find(scene);
	if (r == 0)
		r = pk_statement_of_title(scene);
	for (size_t i = 0; i < scene->text->n_sentences && r == 0; i++)
		r = pk_predicates_of(scene, i);
	return r;
}

/* Which speaker an event was heard from: the statement it stands in, not itself. */
static const struct pk_entity *
heard_from(const struct pk_draft *d)
{
	return pk_speaker_of(d->scene, d->zone);
}

/* «هزاران نفر در تفلیس تظاهرات کردند»: who protests in a state is of it. */
static void
place_protesters(struct pk_event *e)
{
	if (e->type == PK_EVENT_PROTEST && e->n_actors > 0 &&
	    e->actors[0].kind == PK_KIND_GROUP && e->place.how == PK_PLACE_STATED &&
	    e->place.country.len > 0 &&
	    (e->actors[0].country.len == 0 ||
		pk_span_eq(e->actors[0].antecedent.how, PK_HOW_HOME)))
		e->actors[0].country = e->place.country;
}

/* Where a verb or cue begins that makes an event: a phrase before it ends there. */
static void
note_acts(struct pk_story *story)
{
	for (size_t i = 0; i < story->drafts.len; i++) {
		const struct pk_draft *d = story->drafts.items[i];

		if (d->rule->form != PK_RULE_NOUN)
			d->scene->notes[d->first].act = true;
	}
}

/* What it is about, who else has a part in it, how many. */
static int
give_details(struct pk_draft *d)
{
	pk_mood_give(d);
	if (pk_topics_give(d) < 0 || pk_contexts_give(d) < 0 ||
	    pk_participants_give(d) < 0 || pk_counts_give(d) < 0)
		return -ENOMEM;
	return 0;
}

static int
complete(struct pk_story *story)
{
	note_acts(story);
	for (size_t i = 0; i < story->drafts.len; i++) {
		struct pk_draft *d = story->drafts.items[i];

		if (pk_time_give(d) < 0 || pk_offices_at(d) < 0)
			return -ENOMEM;
		pk_place_give(d);
		place_protesters(&d->event);
		pk_modality_give(d);
		pk_attribution_give(d->scene, d->first, heard_from(d), &d->event);
		if (give_details(d) < 0)
			return -ENOMEM;
	}
	return pk_flags_give(story);
}

static int
by_range(const void *a, const void *b)
{
	const struct pk_range *x = a, *y = b;

	if (x->in_title != y->in_title)
		return x->in_title ? 1 : -1;
	return x->start < y->start ? -1 : x->start > y->start;
}

/* The trigger first, then every other place in order, each once. */
static int
give_mentions(struct pk_story *story, struct pk_draft *d)
{
	struct pk_range *all =
	    pk_arena_calloc(story->arena, d->places.len + 1, sizeof(*all));
	size_t n = 1;

	if (all == NULL)
		return -ENOMEM;
	if (d->places.len > 0)
		qsort(d->places.items, d->places.len, sizeof(*all), by_range);
	all[0] = d->event.trigger_range;
	for (size_t i = 0; i < d->places.len; i++) {
		const struct pk_range *one = &d->places.items[i];

		if (by_range(one, &all[n - 1]) != 0 && by_range(one, &all[0]) != 0)
			all[n++] = *one;
	}
	d->event.mentions = all;
	d->event.n_mentions = n;
	return 0;
}

static int
by_trigger(const void *a, const void *b)
{
	const struct pk_draft *const *x = a, *const *y = b;

	return by_range(&(*x)->event.trigger_range, &(*y)->event.trigger_range);
}

/* The trigger's key: its words folded, so that spelling does not change an id. */
static void
give_id(const struct pk_article *article, struct pk_event *events, size_t at)
{
	struct pk_event *e = &events[at];
	size_t ordinal = 0;
	char number[24];

	for (size_t i = 0; i < at; i++)
		ordinal += events[i].type == e->type &&
			   pk_span_eq(events[i].trigger, e->trigger);
	(void)snprintf(number, sizeof(number), "%zu", ordinal);
	const struct pk_span parts[] = { pk_span_of(article->id),
		pk_span_of(pk_event_type_name(e->type)), e->trigger,
		pk_span_of(number) };
	pk_id_of(parts, PK_COUNT(parts), e->id);
}

/* A meeting of nobody known, in no state, on no day: «نتایج این همایش» of botanists. */
static bool
is_of_nobody(const struct pk_draft *d)
{
	const struct pk_event *e = &d->event;

	return e->type == PK_EVENT_CONSULT && e->n_actors == 0 &&
	       e->n_recipients == 0 && e->place.country.len == 0 && !d->dated;
}

/* The living drafts, in the order of the text. */
static int
living(struct pk_story *story, struct pk_draft ***ret_drafts, size_t *ret_n)
{
	struct pk_draft **drafts =
	    pk_arena_calloc(story->arena, story->drafts.len + 1, sizeof(*drafts));
	size_t n = 0;

	if (drafts == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < story->drafts.len; i++) {
		if (!story->drafts.items[i]->dead &&
		    !is_of_nobody(story->drafts.items[i]))
			drafts[n++] = story->drafts.items[i];
	}
	if (n > 0)
		qsort(drafts, n, sizeof(*drafts), by_trigger);
	*ret_drafts = drafts;
	*ret_n = n;
	return 0;
}

/* Who told it inside the article: the statement whose content it stands in. */
static void
give_reporters(const struct pk_story *story, struct pk_draft *const *drafts, size_t n,
    struct pk_event *events)
{
	for (size_t i = 0; i < n; i++) {
		int zone = drafts[i]->zone;

		for (int z = zone; z >= 0 && events[i].depth < 8;
		     z = story->drafts.items[z]->zone)
			events[i].depth++;
		for (size_t k = 0; zone >= 0 && k < n; k++) {
			if (drafts[k] == story->drafts.items[zone])
				events[i].reported_by = &events[k];
		}
	}
}

static int
publish(struct pk_story *story, struct pk_event **ret_events, size_t *ret_n)
{
	struct pk_draft **drafts;
	struct pk_event *events;
	size_t n;
	int r = living(story, &drafts, &n);

	if (r < 0)
		return r;
	events = pk_arena_calloc(story->arena, n + 1, sizeof(*events));
	if (events == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		if (give_mentions(story, drafts[i]) < 0)
			return -ENOMEM;
		pk_confidence_give(drafts[i]);
		events[i] = drafts[i]->event;
		if (events[i].trigger_range.in_title)
			events[i].statement.n_contents = 0;
		give_id(story->article, events, i);
	}
	give_reporters(story, drafts, n, events);
	*ret_events = events;
	*ret_n = n;
	return 0;
}

int
pk_events_find(struct pk_arena *arena, const struct pk_rules *rules,
    const struct pk_article *article, const struct pk_understood *body,
    const struct pk_understood *title, int64_t day, bool has_day,
    struct pk_event **ret_events, size_t *ret_n)
{
	struct pk_story story = { .arena = arena,
		.rules = rules,
		.pack = rules->pack,
		.article = article,
		.day = day,
		.has_day = has_day };
	int r = pk_scene_make(
	    &story, &body->text, &body->mentions, &body->dates, false, &story.body);

	if (r == 0)
		r = pk_scene_make(&story, &title->text, &title->mentions, &title->dates,
		    true, &story.head);
	if (r == 0)
		r = read_body(&story.body);
	if (r == 0)
		r = read_title(&story.head);
	if (r < 0)
		return r;
	pk_statements_finish(&story);
	r = complete(&story);
	if (r == 0)
		r = pk_merge(&story);
	if (r == 0)
		r = publish(&story, ret_events, ret_n);
	assert(r < 0 || pk_events_check(arena, *ret_events, *ret_n, article) == NULL);
	return r;
}
