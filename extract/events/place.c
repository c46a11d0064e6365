/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/place.h"

/* From «در» to its place: «در ساختمان وزارت امور خارجه روسیه». */
#define PHRASE_MAX 8
/* From the trigger to a «در» behind it. */
#define REACH_MAX 30

static bool
is_place(const struct pk_mention_at *m)
{
	return (m->named == PK_NAMED_PLACE || m->named == PK_NAMED_STATE ||
		   m->named == PK_NAMED_ORG) &&
	       m->entity.country.len > 0;
}

static enum pk_place_level
level_of(const struct pk_mention_at *m)
{
	if (m->named == PK_NAMED_ORG)
		return PK_LEVEL_SITE;
	return m->named == PK_NAMED_PLACE || m->metonym ? PK_LEVEL_CITY
							: PK_LEVEL_COUNTRY;
}

static void
set_place(struct pk_draft *d, const struct pk_mention_at *m, struct pk_span country)
{
	struct pk_place *place = &d->event.place;

	*place =
	    (struct pk_place){ .text = pk_text_of(d->scene->text, m->first, m->end),
		    .has_range = !d->scene->title,
		    .range = pk_scene_range(d->scene, m->first, m->end),
		    .name = m->entity.name,
		    .country = country,
		    .level = level_of(m),
		    .how = PK_PLACE_STATED };
}

/* A place in the phrase behind the preposition at `token`. */
static const struct pk_mention_at *
place_in_phrase(const struct pk_scene *scene, size_t token, size_t limit)
{
	size_t t = scene->notes[token].preposition_end;
	size_t end = t + PHRASE_MAX < limit ? t + PHRASE_MAX : limit;

	for (; t < end; t++) {
		int i = scene->notes[t].mention;

		if (i >= 0)
			return is_place(&scene->mentions->items[i])
				   ? &scene->mentions->items[i]
				   : NULL;
		if (pk_is_punct(scene, t) || scene->notes[t].verb >= 0 ||
		    scene->notes[t].preposition >= 0)
			return NULL;
	}
	return NULL;
}

static const struct pk_mention_at *
find_place(const struct pk_draft *d, size_t from, size_t to)
{
	const struct pk_scene *scene = d->scene;
	int in = pk_rules_role(scene->story->rules, PK_SPAN("در"));

	for (size_t t = from; t < to; t++) {
		const struct pk_mention_at *m;

		if (scene->notes[t].preposition != in ||
		    scene->notes[t].zone != d->zone || scene->notes[t].mention >= 0)
			continue;
		m = place_in_phrase(scene, t, to);
		if (m != NULL)
			return m;
	}
	return NULL;
}

/* «اجلاس قزاقستان»: a name right behind the noun of a conference. */
static const struct pk_mention_at *
place_behind(const struct pk_draft *d)
{
	int i =
	    d->end < d->scene->text->n_tokens ? d->scene->notes[d->end].mention : -1;
	const struct pk_mention_at *m = i < 0 ? NULL : &d->scene->mentions->items[i];

	if (m == NULL || !PK_RULE_HAS(d->rule, MULTI) || !is_place(m) ||
	    m->named == PK_NAMED_ORG)
		return NULL;
	return m;
}

/* A host's country is where a visit goes. */
static bool
place_of_visit(struct pk_draft *d)
{
	const struct pk_event *e = &d->event;

	if (e->mode == NULL || strcmp(e->mode, "visit") != 0 || e->n_recipients == 0 ||
	    !e->recipients[0].has_range || e->recipients[0].country.len == 0)
		return false;
	d->event.place = (struct pk_place){ .text = e->recipients[0].text,
		.has_range = !e->recipients[0].range.in_title,
		.range = e->recipients[0].range,
		.name = e->recipients[0].name,
		.country = e->recipients[0].country,
		.how = PK_PLACE_STATED };
	return true;
}

void
pk_place_give(struct pk_draft *draft)
{
	const struct pk_scene *scene = draft->scene;
	const struct pk_sentence *s = pk_sentence_at(scene, draft->first);
	size_t reach =
	    draft->end + REACH_MAX < s->end ? draft->end + REACH_MAX : s->end;
	const struct pk_mention_at *m;

	if (place_of_visit(draft))
		return;
	m = place_behind(draft);
	if (m == NULL && draft->rule->form == PK_RULE_NOUN) {
		size_t end = draft->end;

		while (end < reach && pk_finite_at(scene, end) == NULL)
			end++;
		m = find_place(draft, draft->end, end);
	}
	if (m == NULL)
		m = find_place(draft, draft->clause, draft->first);
	if (m == NULL && draft->verb != PK_NOWHERE &&
	    scene->verbs.items[draft->verb].first > draft->end)
		m = find_place(
		    draft, draft->end, scene->verbs.items[draft->verb].first);
	if (m != NULL)
		set_place(draft, m, m->entity.country);
}
