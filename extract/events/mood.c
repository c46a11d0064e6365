/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/mood.h"

#include "extract/events/clause.h"

#define BIT(STATUS) (1u << PK_STATUS_##STATUS)

static void
add(struct pk_draft *d, size_t first, size_t end)
{
	struct pk_modality *m = &d->event.modality;
	struct pk_range range = pk_scene_range(d->scene, first, end);
	size_t at = m->n_cues;

	for (size_t i = 0; i < m->n_cues; i++) {
		if (m->cues[i].range.start < range.end &&
		    range.start < m->cues[i].range.end)
			return;
	}
	if (m->n_cues == PK_COUNT(m->cues))
		return;
	while (at > 0 && m->cues[at - 1].range.start > range.start) {
		m->cues[at] = m->cues[at - 1];
		at--;
	}
	m->cues[at] = (struct pk_cue){ pk_text_of(d->scene->text, first, end), range };
	m->n_cues++;
}

/* The words of modality.tsv at the token that say one of the statuses. */
static uint32_t
words_at(struct pk_draft *d, size_t token, size_t limit, uint32_t wanted)
{
	struct pk_phrase_match match;
	uint32_t said = 0;

	if (!pk_phrases_match(
		d->scene->story->rules->modality, d->scene->text, token, limit, &match))
		return 0;
	for (size_t i = 0; i < match.n_values; i++)
		said |=
		    1u << ((const struct pk_modality_rule *)match.values[i])->status;
	if ((said & wanted) != 0)
		add(d, match.first, match.end);
	return said & wanted;
}

static bool
is_fact(const struct pk_scene *scene, size_t token)
{
	int v = scene->notes[token].verb;
	const struct pk_verb_at *verb = v < 0 ? NULL : &scene->verbs.items[v];

	return verb != NULL && verb->finite &&
	       (verb->form.tense == PK_TENSE_PAST ||
		   verb->form.tense == PK_TENSE_PERFECT ||
		   verb->form.tense == PK_TENSE_PLUPERFECT);
}

/* Words before the act reach over clauses, not over what is told as a fact. */
static uint32_t
words_before(struct pk_draft *d, uint32_t wanted)
{
	const struct pk_scene *scene = d->scene;
	const struct pk_sentence *s = pk_sentence_at(scene, d->first);
	uint32_t found = 0;

	for (size_t t = d->first; t > s->first; t--) {
		if (scene->notes[t - 1].zone != d->zone || scene->notes[t - 1].opener ||
		    is_fact(scene, t - 1) || pk_at_punct(scene, t - 1, "؛"))
			break;
		found |= words_at(d, t - 1, d->first, wanted);
	}
	return found;
}

static const struct pk_verb_at *
own_verb(const struct pk_draft *d)
{
	struct pk_stretch own = pk_clause_of(d);

	if (d->verb != PK_NOWHERE)
		return &d->scene->verbs.items[d->verb];
	/* a noun's is the next one of its sentence */
	return own.end < d->scene->text->n_tokens ? pk_finite_at(d->scene, own.end)
						  : NULL;
}

void
pk_mood_give(struct pk_draft *draft)
{
	const struct pk_scene *scene = draft->scene;
	struct pk_modality *m = &draft->event.modality;
	const struct pk_verb_at *verb = own_verb(draft);
	const struct pk_draft *teller =
	    draft->zone < 0 ? NULL : scene->story->drafts.items[draft->zone];
	uint32_t wanted = m->status & ~(BIT(ASSERTED) | BIT(REPORTED));
	uint32_t found = 0;

	if (scene->title) /* a cue has no room for "in the title" */
		return;
	if (m->negative && verb != NULL && verb->form.negative)
		add(draft, verb->first, verb->end);
	if (wanted == 0)
		return;
	found = words_before(draft, wanted);
	for (size_t t = draft->end; verb != NULL && t < verb->end; t++)
		found |= words_at(draft, t, verb->end, wanted);
	if ((wanted & BIT(CLAIMED) & ~found) != 0 && teller != NULL &&
	    teller->event.statement.class == PK_CUE_CLAIM && !teller->scene->title)
		add(draft, teller->first, teller->end);
	wanted &= ~found & (BIT(PLANNED) | BIT(PROMISED));
	if (wanted == 0)
		return;
	/* «سفر خواهد کرد»; else «راهی X است», «متعهد شد»: the act's own words say it.
	 */
	bool own =
	    PK_RULE_HAS(draft->rule, PLANNED) || PK_RULE_HAS(draft->rule, PROMISED);
	if (verb != NULL && (verb->form.tense == PK_TENSE_FUTURE ||
				(verb->form.tense == PK_TENSE_PRESENT && !own)))
		add(draft, verb->first, verb->end);
	else if (own)
		add(draft, draft->first, draft->end);
}
