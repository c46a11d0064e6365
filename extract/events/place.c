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
	if (m->place != NULL)
		return m->place->level;
	return m->named == PK_NAMED_PLACE ? PK_LEVEL_CITY : PK_LEVEL_COUNTRY;
}

/* The city, also where its name stands for the state. */
static struct pk_name
name_of(const struct pk_mention_at *m)
{
	return m->place == NULL ? m->entity.name
				: (struct pk_name){ m->place->native, m->place->latin };
}

static void
set_place(struct pk_draft *d, const struct pk_mention_at *m)
{
	struct pk_place *place = &d->event.place;

	*place =
	    (struct pk_place){ .text = pk_text_of(d->scene->text, m->first, m->end),
		    .has_range = !d->scene->title,
		    .range = pk_scene_range(d->scene, m->first, m->end),
		    .name = name_of(m),
		    .country = m->entity.country,
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

/* The mention that a party of the draft was named by, or NULL. */
static const struct pk_mention_at *
mention_of(const struct pk_draft *d, const struct pk_entity *party)
{
	const struct pk_mentions *all = d->scene->mentions;

	for (size_t i = 0; party->has_range && i < all->len; i++) {
		if (pk_scene_range(d->scene, all->items[i].first, all->items[i].end)
			.start == party->range.start)
			return &all->items[i];
	}
	return NULL;
}

/* A host's country is where a visit goes. */
static bool
place_of_visit(struct pk_draft *d)
{
	const struct pk_event *e = &d->event;
	const struct pk_entity *host = e->recipients;
	const struct pk_mention_at *m;

	if (e->mode == NULL || strcmp(e->mode, "visit") != 0 || e->n_recipients == 0 ||
	    !host->has_range || host->country.len == 0)
		return false;
	m = mention_of(d, host);
	if (m != NULL && is_place(m)) {
		set_place(d, m);
		return true;
	}
	d->event.place = (struct pk_place){ .text = host->text,
		.has_range = !host->range.in_title,
		.range = host->range,
		.name = host->name,
		.country = host->country,
		.how = PK_PLACE_STATED };
	return true;
}

/* Where nothing is said: an attack is where it hits, an arrest where the police is. */
static void
place_by_role(struct pk_draft *d)
{
	const struct pk_event *e = &d->event;
	const struct pk_entity *where = NULL;

	if (e->type == PK_EVENT_ASSAULT && e->n_recipients > 0)
		where = &e->recipients[0];
	else if ((e->type == PK_EVENT_COERCE || e->type == PK_EVENT_PROTEST) &&
		 e->n_actors > 0 && e->n_recipients == 0)
		where = &e->actors[0];
	if (where == NULL || where->country.len == 0)
		return;
	d->event.place = (struct pk_place){ .text = where->text,
		.has_range = where->has_range && !where->range.in_title,
		.range = where->range,
		.name = where->name,
		.country = where->country,
		.how = PK_PLACE_ROLE_DEFAULT };
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
		set_place(draft, m);
	else
		place_by_role(draft);
}
