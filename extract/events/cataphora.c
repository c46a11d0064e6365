/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/cataphora.h"

#include "extract/events/reference.h"

/* From the sentence of the title to that of the name. */
#define SENTENCES_MAX 3

/* «وزیر» of what, «سخنگو» of whom: the title says it more exactly than the name. */
static bool
is_sharper(const struct pk_entity *title, const struct pk_entity *e)
{
	return e->role.id.len > 0 && e->role.id.len < title->role.id.len &&
	       pk_span_ends_with(title->role.id, e->role.id) &&
	       pk_span_eq(title->country, e->country);
}

/* Nothing is known of them but the name. */
static bool
is_unknown_person(const struct pk_mention_at *m)
{
	const struct pk_entity *e = &m->entity;

	return m->named == PK_NAMED_PERSON && m->antecedent == NULL && e->id.len == 0 &&
	       e->role.id.len == 0 && e->country.len == 0 && e->org.native.len == 0;
}

/* Nothing is known of them but the name, or no more than the title says. */
static bool
may_hold(const struct pk_mention_at *m, const struct pk_entity *title)
{
	const struct pk_entity *e = &m->entity;

	if (m->named != PK_NAMED_PERSON || m->antecedent != NULL ||
	    e->name.native.len == 0)
		return false;
	return is_sharper(title, e) || is_unknown_person(m);
}

/* One office of one state or body, whose holder is not named beside it. */
static bool
is_mere_title(const struct pk_mention_at *m)
{
	const struct pk_entity *e = &m->entity;

	return m->named == PK_NAMED_ROLE && !m->plural && !m->counterpart &&
	       m->antecedent == NULL && e->role.id.len > 0 &&
	       e->role.status != PK_ROLE_THEN && e->role.status != PK_ROLE_FORMER &&
	       (e->country.len > 0 || e->org.native.len > 0);
}

/* The first mention of the sentence that nothing governs, or -1: its subject. */
static int
subject_of(const struct pk_scene *scene, size_t sentence)
{
	const struct pk_sentence *s = &scene->text->sentences[sentence];
	size_t t = s->first;

	while (t < s->end && scene->notes[t].opener)
		t++;
	for (size_t floor = t; t < s->end && pk_finite_at(scene, t) == NULL; t++) {
		int i = scene->notes[t].mention;

		if (i >= 0 && scene->mentions->items[i].first == t &&
		    scene->mentions->items[i].named != PK_NAMED_AGENCY &&
		    scene->mentions->items[i].named != PK_NAMED_PLACE &&
		    !pk_governed(scene, i, floor))
			return i;
	}
	return -1;
}

/* Does anybody else in the text hold that office by name? */
static bool
is_held(const struct pk_scene *scene, const struct pk_entity *title)
{
	for (size_t i = 0; i < scene->mentions->len; i++) {
		const struct pk_entity *e = &scene->mentions->items[i].entity;

		if (e->name.native.len > 0 && pk_span_eq(e->role.id, title->role.id) &&
		    pk_span_eq(e->country, title->country) &&
		    pk_span_eq(e->org.native, title->org.native))
			return true;
	}
	return false;
}

static void
take_office(struct pk_entity *e, const struct pk_entity *title)
{
	e->role = title->role;
	e->country = title->country;
	e->org = title->org;
	e->sector = title->sector;
	e->code = title->code;
}

/* Everywhere they are named. */
static void
give_office(
    struct pk_scene *scene, struct pk_mention_at *name, const struct pk_entity *title)
{
	struct pk_span native = name->entity.name.native;

	for (size_t i = 0; i < scene->own->len; i++) {
		struct pk_mention_at *m = &scene->own->items[i];

		if (m->antecedent == name ||
		    (m->named == PK_NAMED_PERSON &&
			pk_span_eq(m->entity.name.native, native)))
			take_office(&m->entity, title);
	}
}

/* Is `part` some words at an end of `whole`? */
static bool
is_part_of(struct pk_span part, struct pk_span whole)
{
	if (part.len == 0 || part.len >= whole.len)
		return false;
	return (pk_span_ends_with(whole, part) &&
		   whole.ptr[whole.len - part.len - 1] == ' ') ||
	       (pk_span_starts_with(whole, part) && whole.ptr[part.len] == ' ');
}

/*
 * All that is known of the one whose name it ends: «آل ثانی», of
 * «محمد بن عبدالرحمن آل ثانی، نخست‌وزیر قطر».
 */
static void
complete_surnames(struct pk_scene *scene)
{
	for (size_t i = 0; i < scene->own->len; i++) {
		struct pk_mention_at *m = &scene->own->items[i];
		const struct pk_mention_at *found = NULL;

		if (!is_unknown_person(m))
			continue;
		for (size_t k = 0; k < scene->own->len; k++) {
			const struct pk_mention_at *of = &scene->own->items[k];

			if (of->named == PK_NAMED_PERSON &&
			    of->entity.country.len > 0 &&
			    is_part_of(m->entity.name.native, of->entity.name.native) &&
			    (found == NULL || of->antecedent == NULL))
				found = of;
		}
		if (found != NULL)
			m->antecedent = found;
		if (found != NULL) {
			m->entity.name = found->entity.name;
			m->entity.id = found->entity.id;
			take_office(&m->entity, &found->entity);
		}
	}
}

void
pk_names_join(struct pk_scene *scene)
{
	const struct pk_entity *title = NULL;
	size_t at = 0;

	for (size_t i = 0; i < scene->text->n_sentences; i++) {
		int subject = subject_of(scene, i);
		struct pk_mention_at *m;

		if (subject < 0)
			continue;
		m = &scene->own->items[subject];
		if (is_mere_title(m)) {
			title = &m->entity;
			at = i;
		} else if (m->named == PK_NAMED_PERSON || m->named == PK_NAMED_ROLE) {
			if (title != NULL && i <= at + SENTENCES_MAX &&
			    may_hold(m, title) && !is_held(scene, title))
				give_office(scene, m, title);
			title = NULL;
		}
	}
	complete_surnames(scene);
}
