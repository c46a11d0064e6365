/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/confidence.h"

#include "extract/events/reference.h"

#include <math.h>

#define PLACE_CONF 0.85
#define ACTORS_FEW 2
/* Flags that say something of the news, not of how it was read. */
#define OF_THE_NEWS (1u << PK_FLAG_BACKGROUND | 1u << PK_FLAG_DUPLICATE_SENTENCE)

#define SAYS(NAME)       (UINT64_C(1) << PK_EVIDENCE_##NAME)
#define SAYS_IF(NAME, x) ((x) ? SAYS(NAME) : 0)

/* The mean of the parties' confidences, or -1 where there are none. */
static double
mean(const struct pk_entity *items, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += items[i].conf;
	return n == 0 ? -1 : sum / (double)n;
}

static bool
is_unknown(const struct pk_entity *e)
{
	return e->country.len == 0 && e->id.len == 0;
}

static bool
any_unknown(const struct pk_entity *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (is_unknown(&items[i]))
			return true;
	}
	return false;
}

static uint64_t
of_form(enum pk_rule_form form)
{
	switch (form) {
	case PK_RULE_VERB:
		return SAYS(VERB);
	case PK_RULE_NOUN:
		return SAYS(NOUN);
	case PK_RULE_WIDE:
		return SAYS(WIDE);
	case PK_RULE_FRAME:
		return SAYS(FRAME);
	case PK_RULE_STRESSED:
		return SAYS(STRESSED);
	case PK_RULE_CUE:
	default:
		return SAYS(CUE);
	}
}

static uint64_t
of_kind(const struct pk_event *e)
{
	int quad = pk_event_quad(e->type);

	return SAYS_IF(MATERIAL, quad == 2 || quad == 4) |
	       SAYS_IF(CONFLICT, quad >= 3) |
	       SAYS_IF(CONSULT, e->type == PK_EVENT_CONSULT) |
	       SAYS_IF(AGREE, e->type == PK_EVENT_AGREE) |
	       SAYS_IF(REQUEST, e->type == PK_EVENT_REQUEST) |
	       SAYS_IF(VISIT, e->mode != NULL && strcmp(e->mode, "visit") == 0) |
	       SAYS_IF(MULTILATERAL,
		   e->mode != NULL && strcmp(e->mode, "multilateral") == 0);
}

/* Is the actor named in the sentence of the trigger? */
static bool
is_near(const struct pk_draft *d, const struct pk_entity *actor)
{
	const struct pk_sentence *s = pk_sentence_at(d->scene, d->first);
	struct pk_range range = pk_scene_range(d->scene, s->first, s->end);

	return actor->has_range && actor->range.in_title == range.in_title &&
	       actor->range.start >= range.start && actor->range.end <= range.end;
}

static uint64_t
of_actors(const struct pk_draft *d)
{
	const struct pk_event *e = &d->event;
	const struct pk_entity *first = e->actors;

	if (e->n_actors == 0)
		return SAYS(NOBODY_ACTS);
	return SAYS_IF(ACTOR_UNKNOWN, any_unknown(e->actors, e->n_actors)) |
	       SAYS_IF(ACTOR_HOME, pk_span_eq(first->antecedent.how, PK_HOW_HOME)) |
	       SAYS_IF(ACTOR_OFFICE, first->mention == PK_MENTION_TITLE) |
	       SAYS_IF(ACTOR_PRONOUN, first->mention == PK_MENTION_PRONOUN) |
	       SAYS_IF(ACTOR_IMPLICIT, first->mention == PK_MENTION_IMPLICIT) |
	       SAYS_IF(ACTOR_STATE, first->kind == PK_KIND_STATE) |
	       SAYS_IF(ACTOR_ORG,
		   first->kind == PK_KIND_ORG || first->kind == PK_KIND_IGO) |
	       SAYS_IF(ACTOR_GROUP, first->kind == PK_KIND_GROUP) |
	       SAYS_IF(ACTOR_FAR, !is_near(d, first)) |
	       SAYS_IF(ACTORS_MANY, e->n_actors > ACTORS_FEW);
}

static uint64_t
of_recipients(const struct pk_event *e)
{
	if (e->n_recipients == 0)
		return SAYS(NOBODY_GETS);
	return SAYS_IF(RECIPIENT_UNKNOWN, any_unknown(e->recipients, e->n_recipients)) |
	       SAYS_IF(RECIPIENT_IMPLICIT,
		   e->recipients[0].mention == PK_MENTION_IMPLICIT ||
		       e->recipients[0].mention == PK_MENTION_PRONOUN) |
	       SAYS_IF(RECIPIENTS_MANY, e->n_recipients > 1);
}

static uint64_t
evidence_of(const struct pk_draft *d)
{
	const struct pk_event *e = &d->event;
	const uint32_t real = 1u << PK_STATUS_ASSERTED | 1u << PK_STATUS_REPORTED;

	return of_form(d->rule->form) | of_kind(e) | of_actors(d) | of_recipients(e) |
	       SAYS_IF(TOLD, d->zone >= 0) |
	       SAYS_IF(UNREAL, (e->modality.status & real) == 0) |
	       SAYS_IF(NEGATIVE, e->modality.negative) |
	       SAYS_IF(FUTURE, e->temporal == PK_TEMPORAL_FUTURE) |
	       SAYS_IF(DATED, d->dated) | SAYS_IF(REPEATED, e->n_mentions > 1) |
	       SAYS_IF(IN_TITLE, d->scene->title) |
	       SAYS_IF(FLAGGED, (e->flags & ~OF_THE_NEWS) != 0) |
	       SAYS_IF(WITHOUT_CONTENT,
		   e->statement.form != PK_FORM_NONE && e->statement.n_contents == 0);
}

static double
probability(const struct pk_rules *rules, uint64_t evidence)
{
	double sum = rules->bias;

	for (size_t i = 0; i < PK_EVIDENCE_KINDS; i++) {
		if ((evidence & (UINT64_C(1) << i)) != 0)
			sum += rules->weights[i];
	}
	/* a thousandth is all that is meant, on every machine the same */
	return round(1000 / (1 + exp(-sum))) / 1000;
}

void
pk_confidence_give(struct pk_draft *draft)
{
	struct pk_event *e = &draft->event;

	e->evidence = evidence_of(draft);
	e->confidence.overall = probability(draft->scene->story->rules, e->evidence);
	e->confidence.type = draft->rule->form == PK_RULE_CUE ? 0.97 : 0.9;
	e->confidence.actors = mean(e->actors, e->n_actors);
	e->confidence.recipients = mean(e->recipients, e->n_recipients);
	e->confidence.time = e->time.how == PK_TIME_NONE ? -1 : e->time.conf;
	e->confidence.place = e->place.how == PK_PLACE_NONE ? -1 : PLACE_CONF;
}
