/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/context.h"

#include "extract/events/clause.h"

#include <errno.h>

#define CONTEXT_BIT(context) (UINT64_C(1) << (context))
#define CONTEXTS_MAX         64

static bool
is_one_of(struct pk_span words, struct pk_span word)
{
	while (words.ptr != NULL && words.len > 0) {
		if (pk_span_eq(pk_span_split(&words, ' '), word))
			return true;
	}
	return false;
}

static bool
has_type(const struct pk_context_rule *rule, const struct pk_event *e)
{
	for (size_t i = 0; i < rule->n_types; i++) {
		if (rule->types[i].type == e->type &&
		    (rule->types[i].mode == NULL ||
			(e->mode != NULL && strcmp(e->mode, rule->types[i].mode) == 0)))
			return true;
	}
	return rule->n_types == 0;
}

/* A state is its government; an igo speaks for states, with or without a sector. */
static bool
is_of(const struct pk_entity *e, struct pk_span sectors)
{
	struct pk_span sector = e->sector;

	if (sector.len == 0 && e->kind == PK_KIND_STATE)
		sector = PK_SPAN("GOV");
	else if (sector.len == 0 && e->kind == PK_KIND_IGO)
		sector = PK_SPAN("IGO");
	return is_one_of(sectors, sector);
}

/* All who take part in turn: actors, then recipients. */
static const struct pk_entity *
party(const struct pk_event *e, size_t i)
{
	return i < e->n_actors ? &e->actors[i] : &e->recipients[i - e->n_actors];
}

static struct pk_span
allegiance(const struct pk_entity *e)
{
	return e->country.len > 0      ? e->country
	       : e->org.native.len > 0 ? e->org.native
				       : e->id;
}

/* Has everybody one of the sectors, and are there two whom they act for? */
static bool
all_are_of(const struct pk_event *e, struct pk_span sectors)
{
	size_t n = e->n_actors + e->n_recipients;
	bool different = false;

	for (size_t i = 0; i < n; i++) {
		if (!is_of(party(e, i), sectors))
			return false;
		different |=
		    !pk_span_eq(allegiance(party(e, 0)), allegiance(party(e, i)));
	}
	return different;
}

static bool
any_is_of(const struct pk_event *e, struct pk_span sectors)
{
	for (size_t i = 0; i < e->n_actors + e->n_recipients; i++) {
		if (is_of(party(e, i), sectors))
			return true;
	}
	return false;
}

static bool
holds(const struct pk_context_rule *rule, const struct pk_event *e)
{
	return has_type(rule, e) && (rule->all.len == 0 || all_are_of(e, rule->all)) &&
	       (rule->any.len == 0 || any_is_of(e, rule->any));
}

static uint64_t
contexts_of_rows(const struct pk_draft *d)
{
	const struct pk_rules *rules = d->scene->story->rules;
	uint64_t set = 0;

	for (size_t i = 0; i < rules->bare_contexts.len; i++) {
		const struct pk_context_rule *rule = rules->bare_contexts.items[i];

		if (holds(rule, &d->event))
			set |= CONTEXT_BIT(rule->context);
	}
	return set;
}

/* Where what only tells when or where ends: «در آستانه انتخابات، ...». */
static size_t
aside_end(const struct pk_scene *scene, size_t token, size_t limit)
{
	size_t t = token;

	/* «پس از کودتای سال ۲۰۲۳ سفیر را ...»: it ends with its date */
	while (
	    t < limit && !pk_is_punct(scene, t) && !scene->notes[t].act &&
	    (t == token || scene->notes[t - 1].date < 0 || scene->notes[t].date >= 0) &&
	    scene->notes[t].verb < 0 &&
	    (scene->notes[t].preposition < 0 || scene->notes[t].mention >= 0) &&
	    !pk_at_word(scene, t, PK_CW_BIT(COMP) | PK_CW_BIT(OBJECT)))
		t++;
	return t;
}

/* Who acts says little about it: «این دیپلمات ... را محکوم کرد». */
static bool
is_actor(const struct pk_draft *d, size_t token)
{
	int i = d->scene->notes[token].mention;
	struct pk_range range;

	if (i < 0)
		return false;
	range = pk_scene_range(d->scene, d->scene->mentions->items[i].first,
	    d->scene->mentions->items[i].end);
	for (size_t k = 0; k < d->event.n_actors; k++) {
		const struct pk_entity *a = &d->event.actors[k];

		if (a->has_range && a->range.in_title == range.in_title &&
		    a->range.start == range.start)
			return true;
	}
	return false;
}

static uint64_t
contexts_of_words(const struct pk_draft *d, struct pk_stretch in)
{
	const struct pk_scene *scene = d->scene;
	uint64_t set = 0;

	for (size_t t = in.first; t < in.end;) {
		struct pk_phrase_match match;
		const struct pk_detail *detail;
		size_t end;

		if (pk_stretch_at(&in, t) != t) {
			t = pk_stretch_at(&in, t);
			continue;
		}
		if (is_actor(d, t)) {
			t++;
			continue;
		}
		/* «با یورش به سفارت، X را بازداشت کرد»: that act is another one */
		if (scene->notes[t].act && t < d->first && !pk_is_statement(d)) {
			do
				t++;
			while (t < d->first && !pk_is_punct(scene, t));
			continue;
		}
		detail = scene->notes[t].mention >= 0
			     ? NULL
			     : pk_detail_at(scene, t, in.end,
				   PK_DETAIL_BIT(ASIDE) | PK_DETAIL_BIT(TOPIC), &end);
		if (detail != NULL) {
			t = detail->kind == PK_DETAIL_ASIDE
				? aside_end(scene, end, in.end)
				: end;
			continue;
		}
		if (!pk_find_phrase(
			scene->story->rules->contexts, scene, t, in.end, &match)) {
			t++;
			continue;
		}
		for (size_t i = 0; i < match.n_values; i++) {
			const struct pk_context_rule *rule = match.values[i];

			if (holds(rule, &d->event))
				set |= CONTEXT_BIT(rule->context);
		}
		t = match.end;
	}
	return set;
}

/* A noun's own clause is the noun: what stands behind it may belong to the verb. */
static struct pk_stretch
clause_of(const struct pk_draft *d)
{
	return d->rule->form == PK_RULE_NOUN
		   ? (struct pk_stretch){ .first = d->first, .end = d->end }
		   : pk_clause_of(d);
}

static int
set_contexts(struct pk_arena *arena, struct pk_event *e, uint64_t set)
{
	const char **names;
	size_t n = 0;

	set &= ~CONTEXT_BIT(PK_CONTEXT_NONE);
	if (set == 0)
		return 0;
	names = pk_arena_calloc(arena, CONTEXTS_MAX, sizeof(*names));
	if (names == NULL)
		return -ENOMEM;
	for (unsigned i = PK_CONTEXT_MILITARY; i <= PK_CONTEXT_TRAFFICKING; i++) {
		if ((set & CONTEXT_BIT(i)) != 0)
			names[n++] = pk_context_name((enum pk_context)i);
	}
	e->contexts = names;
	e->n_contexts = n;
	return 0;
}

int
pk_contexts_give(struct pk_draft *draft)
{
	uint64_t set = contexts_of_rows(draft);

	/* Who speaks says little about it; what they say does. */
	if (!pk_is_statement(draft))
		set |= contexts_of_words(draft, clause_of(draft));
	if (draft->rule->form != PK_RULE_NOUN)
		set |= contexts_of_words(draft, pk_said_of(draft));
	for (size_t i = 0; i < draft->event.n_topics; i++)
		set |= contexts_of_words(
		    draft, (struct pk_stretch){ .first = draft->topics[i][0],
			       .end = draft->topics[i][1] });
	return set_contexts(draft->scene->story->arena, &draft->event, set);
}

static uint64_t
set_of(const struct pk_event *e)
{
	uint64_t set = 0;

	for (size_t i = 0; i < e->n_contexts; i++)
		set |= CONTEXT_BIT(pk_context_of(pk_span_of(e->contexts[i])));
	return set;
}

int
pk_contexts_join(
    struct pk_arena *arena, struct pk_event *into, const struct pk_event *from)
{
	return from->n_contexts == 0
		   ? 0
		   : set_contexts(arena, into, set_of(into) | set_of(from));
}
