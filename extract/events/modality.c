/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/modality.h"

#define BIT(STATUS) (1u << PK_STATUS_##STATUS)

/* An event that ended longer ago than this before publication is history. */
#define HISTORICAL_DAYS 30

static uint32_t
status_of_words(const struct pk_scene *scene, size_t first, size_t end)
{
	uint32_t status = 0;
	struct pk_phrase_match match;

	for (size_t t = first; t < end; t++) {
		if (!pk_phrases_match(
			scene->story->rules->modality, scene->text, t, end, &match))
			continue;
		for (size_t i = 0; i < match.n_values; i++) {
			const struct pk_modality_rule *rule = match.values[i];

			status |= 1u << rule->status;
		}
	}
	return status;
}

/* The finite verb that a noun depends on: the next one of its sentence. */
static const struct pk_verb_at *
governing_verb(const struct pk_match *m)
{
	for (size_t t = m->end; t < m->zone_end; t++) {
		const struct pk_verb_at *verb = pk_finite_at(m->scene, t);

		if (verb != NULL)
			return verb;
	}
	return NULL;
}

/* «پس از دیدار»، «در جریان سفر»: it took place, whatever the verb says. */
static bool
is_background(const struct pk_match *m)
{
	static const char *const roles[] = { "پس_از", "طی", "در" };
	const struct pk_scene *scene = m->scene;

	for (size_t t = m->first > 4 ? m->first - 4 : 0; t < m->first; t++) {
		int role = scene->notes[t].preposition;

		if (role < 0 || scene->notes[t].preposition_end > m->first ||
		    m->first - scene->notes[t].preposition_end > 1)
			continue;
		for (size_t i = 0; i < PK_COUNT(roles); i++) {
			if (pk_span_eq(scene->story->rules->roles.items[role],
				pk_span_of(roles[i])))
				return true;
		}
	}
	return false;
}

static uint32_t
future_status(enum pk_event_type type)
{
	if (type == PK_EVENT_THREATEN)
		return 0;
	return type == PK_EVENT_CONSULT || type == PK_EVENT_SUPPORT ? BIT(PLANNED)
								    : BIT(PROMISED);
}

static bool
is_fact(const struct pk_verb_at *verb)
{
	return verb->finite && (verb->form.tense == PK_TENSE_PAST ||
				   verb->form.tense == PK_TENSE_PERFECT ||
				   verb->form.tense == PK_TENSE_PLUPERFECT);
}

/*
 * Words before an unreal verb reach over the clauses between: «امیدواریم که بتوانیم ...
 * امضا کنیم», but not over something that is told as a fact.
 */
static uint32_t
status_of_unreal(const struct pk_match *m)
{
	const struct pk_scene *scene = m->scene;
	size_t from = m->first;

	while (from > m->floor) {
		int v = scene->notes[from - 1].verb;

		if ((v >= 0 && is_fact(&scene->verbs.items[v])) ||
		    pk_at_punct(scene, from - 1, "؛"))
			break;
		from--;
	}
	return status_of_words(scene, from,
	    m->verb != NULL && m->verb->end > m->end ? m->verb->end : m->end);
}

/*
 * «با X دیدار می‌کند» is still to come, «با X مذاکره
 * می‌کنیم» is under way for who says so, unless somebody goes there.
 */
static bool
is_ahead(const struct pk_match *m, const struct pk_verb_at *verb)
{
	bool visit = m->rule->mode != NULL && strcmp(m->rule->mode, "visit") == 0;

	return m->rule->form == PK_RULE_VERB && m->rule->type == PK_EVENT_CONSULT &&
	       (visit || verb->form.person != 1);
}

uint32_t
pk_modality_of_match(const struct pk_match *match)
{
	const struct pk_match *m = match;
	const struct pk_verb_at *verb = m->verb != NULL ? m->verb : governing_verb(m);
	uint32_t status = 0;

	if (PK_RULE_HAS(m->rule, PLANNED))
		return BIT(PLANNED);
	/* «قرار است متعهد شود»: what is wished of a promise counts, too. */
	if (PK_RULE_HAS(m->rule, PROMISED))
		return BIT(PROMISED) |
		       (verb != NULL && verb->form.tense == PK_TENSE_SUBJUNCTIVE
			       ? status_of_unreal(m)
			       : 0);
	if (m->verb == NULL && is_background(m))
		return 0;
	if (status_of_words(m->scene, m->clause, m->first) & BIT(QUESTIONED))
		status |= BIT(QUESTIONED);
	if (verb == NULL)
		return status;
	if (verb->form.tense == PK_TENSE_SUBJUNCTIVE)
		return status | status_of_unreal(m);
	if (verb->form.tense == PK_TENSE_FUTURE &&
	    (!verb->form.negative || PK_RULE_HAS(m->rule, NEGATIVE)))
		return status | future_status(m->rule->type);
	if (verb->form.tense == PK_TENSE_PRESENT && !verb->form.negative &&
	    is_ahead(m, verb))
		return status | BIT(PLANNED);
	return status;
}

static bool
comes_later(const struct pk_story *story, const struct pk_event *event)
{
	const struct pk_span published = story->article->published;

	return event->time.how != PK_TIME_NONE &&
	       event->time.how != PK_TIME_PUBLICATION_DEFAULT &&
	       event->time.start.len >= 10 && published.len >= 10 &&
	       memcmp(event->time.start.ptr, published.ptr, 10) > 0;
}

/* Was it over so long before the publication? «پایان سال» is not, though the year is
 * old. */
static bool
is_history(const struct pk_draft *d)
{
	return d->dated && d->until > d->day && d->scene->story->has_day &&
	       d->scene->story->day - d->until >= HISTORICAL_DAYS;
}

/* «روز دوشنبه سفر کرد»: it is over, whatever day the reader counts to. */
static bool
is_over(const struct pk_draft *d)
{
	return d->verb != PK_NOWHERE && is_fact(&d->scene->verbs.items[d->verb]);
}

static enum pk_temporal
temporal_of(const struct pk_draft *d)
{
	const struct pk_event *e = &d->event;
	const uint32_t ahead =
	    BIT(PLANNED) | BIT(HOPED) | BIT(PROMISED) | BIT(DEMANDED) | BIT(DENIED);

	if (is_history(d))
		return PK_TEMPORAL_HISTORICAL;
	if ((e->modality.status & ahead) != 0 ||
	    (comes_later(d->scene->story, e) && !is_over(d)))
		return PK_TEMPORAL_FUTURE;
	if (d->verb != PK_NOWHERE && e->statement.form == PK_FORM_NONE &&
	    d->scene->verbs.items[d->verb].form.tense == PK_TENSE_FUTURE)
		return PK_TEMPORAL_FUTURE;
	if (d->verb != PK_NOWHERE &&
	    d->scene->verbs.items[d->verb].form.tense == PK_TENSE_PRESENT &&
	    e->statement.form == PK_FORM_NONE)
		return PK_TEMPORAL_ONGOING;
	return PK_TEMPORAL_PAST;
}

/* «مدعی شد که ...»: told by somebody whom the reporter does not vouch for. */
static bool
is_claimed(const struct pk_draft *d)
{
	const struct pk_draft *teller =
	    d->zone < 0 ? NULL : d->scene->story->drafts.items[d->zone];

	return teller != NULL && teller->event.statement.class == PK_CUE_CLAIM;
}

void
pk_modality_give(struct pk_draft *draft)
{
	struct pk_event *e = &draft->event;
	struct pk_modality *m = &e->modality;

	if (m->status == 0 && e->type == PK_EVENT_CONSULT && !m->negative &&
	    !is_over(draft) && comes_later(draft->scene->story, e))
		m->status = BIT(PLANNED);
	if (m->status == 0)
		m->status = draft->zone < 0 ? BIT(ASSERTED) : BIT(REPORTED);
	if ((m->status & BIT(REPORTED)) != 0 && is_claimed(draft))
		m->status |= BIT(CLAIMED);
	m->certainty = (m->status & BIT(ASSERTED)) != 0   ? 0.95
		       : (m->status & BIT(REPORTED)) != 0 ? 0.8
							  : 0.5;
	e->temporal = temporal_of(draft);
}
