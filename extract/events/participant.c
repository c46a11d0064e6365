/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/participant.h"

#include "extract/events/clause.h"
#include "extract/events/reference.h"

#include <errno.h>

/* From «با میانجیگری» to its name, over an adjective. */
#define NAME_GAP_MAX 2

#define CONF_VENUE 0.8

#define PARTS                                                                          \
	(PK_DETAIL_BIT(MEDIATOR) | PK_DETAIL_BIT(HOST) | PK_DETAIL_BIT(GUEST) |        \
	    PK_DETAIL_BIT(BENEFICIARY))

static const enum pk_part part_of[PK_DETAIL_KINDS] = {
	[PK_DETAIL_MEDIATOR] = PK_PART_MEDIATOR,
	[PK_DETAIL_HOST] = PK_PART_HOST,
	[PK_DETAIL_GUEST] = PK_PART_GUEST,
	[PK_DETAIL_BENEFICIARY] = PK_PART_BENEFICIARY,
};

static void
add(struct pk_parties *parties, struct pk_entity entity, enum pk_part part)
{
	for (size_t i = 0; i < parties->n; i++) {
		if (pk_same_entity(&parties->items[i], &entity))
			return; /* a mediator stays one when talked about */
	}
	entity.part = part;
	pk_parties_add(parties, &entity);
}

static bool
is_known(const struct pk_entity *e)
{
	return e->country.len > 0 || e->name.native.len > 0 || e->org.native.len > 0 ||
	       e->id.len > 0;
}

/* Takes whoever stands in [first, end) out of the actors, if enough are left. */
static void
leave_actors(struct pk_draft *d, size_t first, size_t end)
{
	struct pk_event *e = &d->event;
	struct pk_range range = pk_scene_range(d->scene, first, end);
	size_t n = 0, least = e->type == PK_EVENT_CONSULT ? 2 : 1;
	bool inside[PK_PARTIES_MAX] = { false };

	if (e->n_actors > PK_PARTIES_MAX)
		return;
	for (size_t i = 0; i < e->n_actors; i++) {
		const struct pk_entity *a = &e->actors[i];

		inside[i] = a->has_range && a->range.in_title == range.in_title &&
			    a->range.start >= range.start && a->range.end <= range.end;
		n += !inside[i];
	}
	if (n < least || n == e->n_actors)
		return;
	n = 0;
	for (size_t i = 0; i < e->n_actors; i++) {
		if (!inside[i])
			e->actors[n++] = e->actors[i];
	}
	e->n_actors = n;
}

static bool
is_party(const struct pk_event *e, const struct pk_entity *entity)
{
	for (size_t i = 0; i < e->n_actors; i++) {
		if (pk_same_entity(&e->actors[i], entity))
			return true;
	}
	for (size_t i = 0; i < e->n_recipients; i++) {
		if (pk_same_entity(&e->recipients[i], entity))
			return true;
	}
	return false;
}

/* Who is named behind the words that end before `token`. Returns the end. */
static size_t
read_names(const struct pk_scene *scene, size_t token, size_t limit,
    struct pk_parties *ret_parties)
{
	ret_parties->n = 0;
	for (size_t t = token; t < limit && t <= token + NAME_GAP_MAX; t++) {
		int i = scene->notes[t].mention;

		if (i >= 0) {
			const struct pk_entity *last;
			size_t end = scene->mentions->items[i].end;

			pk_resolve_list(scene, i, limit, NULL, ret_parties);
			last = ret_parties->n == 0
				   ? NULL
				   : &ret_parties->items[ret_parties->n - 1];
			while (last != NULL && last->has_range && end < limit &&
			       pk_scene_range(scene, t, end).end < last->range.end)
				end++;
			return end;
		}
		if (pk_is_punct(scene, t) || scene->notes[t].verb >= 0 ||
		    scene->notes[t].preposition >= 0 ||
		    pk_at_word(scene, t, PK_CW_BIT(AND) | PK_CW_BIT(OBJECT)))
			break;
	}
	return token;
}

/* A guest comes to a meeting; whoever is there when something else is done is not one.
 */
static bool
has_place(const struct pk_draft *d, enum pk_part part)
{
	if (part == PK_PART_GUEST)
		return d->event.type == PK_EVENT_CONSULT;
	return !pk_is_statement(d);
}

static void
read_phrases(struct pk_draft *d, struct pk_stretch in, struct pk_parties *ret_parties)
{
	const struct pk_scene *scene = d->scene;

	for (size_t t = pk_stretch_at(&in, in.first); t < in.end;) {
		struct pk_parties named;
		size_t end, behind;
		const struct pk_detail *detail =
		    scene->notes[t].mention >= 0 || scene->notes[t].zone != d->zone
			? NULL
			: pk_detail_at(scene, t, in.end, PARTS, &end);
		enum pk_part part =
		    detail == NULL ? PK_PART_NONE : part_of[detail->kind];

		if (detail == NULL || !has_place(d, part)) {
			t = pk_stretch_at(&in, t + 1);
			continue;
		}
		behind = read_names(scene, end, in.end, &named);
		for (size_t i = 0; i < named.n; i++) {
			if (is_known(&named.items[i]))
				add(ret_parties, named.items[i], part);
		}
		if (named.n > 0 && part != PK_PART_GUEST)
			leave_actors(d, end, behind);
		t = pk_stretch_at(&in, behind > t ? behind : t + 1);
	}
}

/* «X میان Y و Z میانجیگری کرد»: the rule has put X there. */
static void
read_mediation(const struct pk_draft *d, struct pk_parties *ret_parties)
{
	for (size_t i = 0; i < d->event.n_participants; i++)
		add(ret_parties, d->event.participants[i], PK_PART_MEDIATOR);
}

/* Talks of two states in a third one. */
static void
read_venue(const struct pk_draft *d, struct pk_parties *ret_parties)
{
	const struct pk_event *e = &d->event;
	const struct pk_known_country *owner;

	if (e->type != PK_EVENT_CONSULT || e->n_actors < 2 || e->n_recipients > 0 ||
	    e->place.how != PK_PLACE_STATED || e->place.country.len == 0 ||
	    !e->place.has_range)
		return;
	for (size_t i = 0; i < e->n_actors; i++) {
		if (e->actors[i].country.len == 0 ||
		    pk_span_eq(e->actors[i].country, e->place.country))
			return;
	}
	for (size_t i = 0; i < ret_parties->n; i++) {
		if (pk_span_eq(ret_parties->items[i].country, e->place.country))
			return; /* «به میزبانی عمان ... در مسقط» */
	}
	owner = pk_known_country_of(d->scene->story->pack, e->place.country);
	if (owner == NULL)
		return;
	add(ret_parties,
	    (struct pk_entity){ .text = e->place.text,
		.has_range = true,
		.range = e->place.range,
		.mention = PK_MENTION_IMPLICIT,
		.kind = PK_KIND_STATE,
		.id = owner->id,
		.name = { owner->native, owner->latin },
		.country = owner->id,
		.sector = PK_SPAN("GOV"),
		.antecedent = { .how = PK_SPAN("place"), .distance = -1 },
		.conf = CONF_VENUE },
	    PK_PART_VENUE_OWNER);
}

/* States, bodies and people by name: who is meant is known without the sentence. */
static bool
is_plain(const struct pk_mention_at *m)
{
	return (m->named == PK_NAMED_STATE || m->named == PK_NAMED_ORG ||
		   m->named == PK_NAMED_PERSON) &&
	       !m->possessive && !m->counterpart && !m->demonstrative &&
	       m->entity.kind != PK_KIND_REGION;
}

static bool
is_compatible_party(const struct pk_event *e, const struct pk_entity *entity)
{
	struct pk_parties all;

	pk_parties_of(e, &all);
	for (size_t i = 0; i < all.n; i++) {
		if (pk_compatible(&all.items[i], entity))
			return true;
	}
	return false;
}

static void
read_topics(const struct pk_draft *d, struct pk_parties *ret_parties)
{
	const struct pk_scene *scene = d->scene;

	for (size_t i = 0; i < d->event.n_topics; i++) {
		for (size_t t = d->topics[i][0]; t < d->topics[i][1];) {
			int m = scene->notes[t].mention;
			const struct pk_mention_at *at =
			    m < 0 ? NULL : &scene->mentions->items[m];
			struct pk_entity e;

			if (at != NULL && is_plain(at) && at->end <= d->topics[i][1] &&
			    pk_resolve(scene, m, NULL, &e) &&
			    !is_compatible_party(&d->event, &e))
				add(ret_parties, e, PK_PART_TOPIC_PARTY);
			t = at != NULL && at->end > t ? at->end : t + 1;
		}
	}
}

static int
by_place(const void *a, const void *b)
{
	const struct pk_entity *x = a, *y = b;

	return x->range.start < y->range.start ? -1 : x->range.start > y->range.start;
}

int
pk_participants_give(struct pk_draft *draft)
{
	struct pk_event *e = &draft->event;
	struct pk_parties found = { .n = 0 };
	size_t n = 0;

	read_phrases(draft, pk_clause_of(draft), &found);
	read_mediation(draft, &found);
	read_venue(draft, &found);
	read_topics(draft, &found);
	if (found.n == 0)
		return 0;
	e->participants = pk_arena_calloc(
	    draft->scene->story->arena, found.n, sizeof(*e->participants));
	if (e->participants == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < found.n; i++) {
		/* a guest who meets the others is an actor */
		if (found.items[i].part != PK_PART_GUEST ||
		    !is_party(e, &found.items[i]))
			e->participants[n++] = found.items[i];
	}
	e->n_participants = n;
	if (n > 1)
		qsort(e->participants, n, sizeof(*e->participants), by_place);
	return 0;
}
