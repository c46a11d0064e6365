/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/merge.h"

#include "extract/events/context.h"
#include "extract/events/reference.h"

#include <errno.h>

/* Shares of words in common from which two contents are the same. */
#define SAME_CONTENT    0.9
#define SAME_COMPLEMENT 0.5
#define SAME_HEADLINE   0.5
/* Shorter words carry no content. Bytes of their keys. */
#define CONTENT_WORD_MIN 5
/* What is compared of a long content. */
#define WORDS_MAX 200

static bool
is_statement(const struct pk_draft *d)
{
	return d->event.statement.form != PK_FORM_NONE;
}

static bool
is_content_word(const struct pk_scene *scene, size_t token)
{
	return scene->text->tokens[token].kind != PK_TOKEN_PUNCT &&
	       scene->text->tokens[token].key.len >= CONTENT_WORD_MIN;
}

static size_t
count_words(const struct pk_draft *d, const struct pk_draft *other, bool common)
{
	size_t n = 0, seen = 0;

	for (size_t t = d->after; t < d->stop && seen < WORDS_MAX; t++) {
		bool found = !common;

		if (!is_content_word(d->scene, t))
			continue;
		seen++;
		for (size_t u = other->after; !found && u < other->stop; u++)
			found = pk_span_eq(d->scene->text->tokens[t].key,
			    other->scene->text->tokens[u].key);
		n += found;
	}
	return n;
}

/*
 * A bit a content word, so that contents without much in common are told apart without
 * comparing them word by word.
 */
static void
sign(struct pk_draft *d)
{
	if (d->signed_words || d->after == PK_NOWHERE)
		return;
	d->signed_words = true;
	for (size_t t = d->after; t < d->stop; t++) {
		struct pk_span key = d->scene->text->tokens[t].key;
		uint32_t hash = 2166136261u;

		if (!is_content_word(d->scene, t))
			continue;
		for (size_t i = 0; i < key.len; i++)
			hash = (hash ^ (unsigned char)key.ptr[i]) * 16777619u;
		d->signature[hash % 8] |= UINT64_C(1) << (hash >> 8) % 64;
	}
}

static int
bits(const uint64_t a[static 8], const uint64_t b[static 8])
{
	int n = 0;

	for (int i = 0; i < 8; i++)
		n += __builtin_popcountll(a[i] & b[i]);
	return n;
}

/* Can their overlap reach a half at all? */
static bool
may_overlap(const struct pk_draft *a, const struct pk_draft *b)
{
	int na = bits(a->signature, a->signature),
	    nb = bits(b->signature, b->signature);

	return 5 * bits(a->signature, b->signature) >= 2 * (na < nb ? na : nb);
}

/* Which share of the shorter one's content words the longer one has too. */
static double
overlap(const struct pk_draft *a, const struct pk_draft *b)
{
	size_t na, nb;

	if (a->after == PK_NOWHERE || b->after == PK_NOWHERE || !may_overlap(a, b))
		return 0;
	na = count_words(a, b, false);
	nb = count_words(b, a, false);
	if (na == 0 || nb == 0)
		return 0;
	return na <= nb ? (double)count_words(a, b, true) / (double)na
			: (double)count_words(b, a, true) / (double)nb;
}

/* As long as each other, so that a part is not taken for the whole. */
static bool
same_size(const struct pk_draft *a, const struct pk_draft *b)
{
	size_t na = a->stop - a->after, nb = b->stop - b->after;

	return na * 2 >= nb && nb * 2 >= na;
}

static bool
same_times(const struct pk_draft *a, const struct pk_draft *b)
{
	const struct pk_time *x = &a->event.time, *y = &b->event.time;
	size_t n;

	if (!a->dated || !b->dated)
		return true;
	/* Half-open intervals of ISO dates compare as text. */
	n = x->start.len < 10 || y->end.len < 10 ? 0 : 10;
	if (n == 0 || y->start.len < 10 || x->end.len < 10)
		return pk_span_eq(x->start, y->start);
	return memcmp(x->start.ptr, y->end.ptr, n) < 0 &&
	       memcmp(y->start.ptr, x->end.ptr, n) < 0;
}

static bool
each_has_match(const struct pk_parties *a, const struct pk_parties *b)
{
	for (size_t i = 0; i < a->n; i++) {
		bool found = false;

		for (size_t k = 0; k < b->n; k++)
			found |= pk_compatible(&a->items[i], &b->items[k]);
		if (!found)
			return false;
	}
	return true;
}

static bool
same_parties(const struct pk_draft *a, const struct pk_draft *b)
{
	struct pk_parties pa, pb;

	pk_parties_of(&a->event, &pa);
	pk_parties_of(&b->event, &pb);
	return each_has_match(&pa, &pb) && each_has_match(&pb, &pa);
}

static bool
same_actors(const struct pk_draft *a, const struct pk_draft *b)
{
	const struct pk_event *x = &a->event, *y = &b->event;

	if (x->n_actors == 0 || y->n_actors == 0)
		return x->n_actors == y->n_actors;
	return pk_compatible(&x->actors[0], &y->actors[0]);
}

static bool
same_recipients(const struct pk_draft *a, const struct pk_draft *b)
{
	const struct pk_event *x = &a->event, *y = &b->event;

	if (x->n_recipients == 0 || y->n_recipients == 0)
		return true;
	return pk_compatible(&x->recipients[0], &y->recipients[0]);
}

static bool
is_multi(const struct pk_draft *d)
{
	return d->event.mode != NULL && strcmp(d->event.mode, "multilateral") == 0;
}

/* «تلفنی» and «سفر» are never one; a mode that is not said goes with any. */
static bool
same_modes(const struct pk_draft *a, const struct pk_draft *b)
{
	return a->event.mode == NULL || b->event.mode == NULL ||
	       strcmp(a->event.mode, b->event.mode) == 0;
}

static bool
same_reality(const struct pk_draft *a, const struct pk_draft *b)
{
	const uint32_t real = 1u << PK_STATUS_ASSERTED | 1u << PK_STATUS_REPORTED;

	return ((a->event.modality.status & real) != 0) ==
	       ((b->event.modality.status & real) != 0);
}

/* Talks that go on are not the meeting that was; a title tells anything as present. */
static bool
same_phase(const struct pk_draft *a, const struct pk_draft *b)
{
	return a->scene->title || b->scene->title ||
	       (a->event.temporal == PK_TEMPORAL_ONGOING) ==
		   (b->event.temporal == PK_TEMPORAL_ONGOING);
}

static bool
same_consult(const struct pk_draft *a, const struct pk_draft *b)
{
	if (!same_times(a, b) || !same_modes(a, b) || !same_reality(a, b) ||
	    !same_phase(a, b))
		return false;
	if (is_multi(a) && is_multi(b))
		return !a->dated || !b->dated || a->scene->title || b->scene->title ||
		       same_parties(a, b);
	if (is_multi(a) || is_multi(b))
		return false;
	/* Who visits whom: a return visit is another one. */
	if (a->event.n_recipients > 0 && b->event.n_recipients > 0)
		return same_actors(a, b) && same_recipients(a, b);
	return same_parties(a, b);
}

static bool
same_statement(const struct pk_draft *a, const struct pk_draft *b)
{
	if (!is_statement(a) || !is_statement(b) || !same_actors(a, b) ||
	    a->after == PK_NOWHERE || b->after == PK_NOWHERE)
		return false;
	if (a->scene->title != b->scene->title)
		return overlap(a, b) >= SAME_HEADLINE;
	return overlap(a, b) >= SAME_CONTENT && same_size(a, b) && !a->scene->title;
}

/* «تحریم‌های X علیه Y» where the same is told with a verb, too. */
static bool
is_noun_of(const struct pk_draft *noun, const struct pk_draft *other)
{
	return noun->rule->form == PK_RULE_NOUN && noun->event.n_actors > 0 &&
	       noun->event.n_recipients > 0 && other->event.n_recipients > 0 &&
	       pk_span_eq(noun->event.cameo, other->event.cameo) &&
	       !noun->scene->title && !other->scene->title;
}

/* Acts other than talks: the same words of the same ones about the same matter. */
static bool
same_act(const struct pk_draft *a, const struct pk_draft *b)
{
	if (!same_actors(a, b) || !same_recipients(a, b) || !same_times(a, b))
		return false;
	if (a->event.type == PK_EVENT_AGREE)
		return overlap(a, b) >= SAME_COMPLEMENT;
	if (a->scene->title != b->scene->title || is_noun_of(a, b) || is_noun_of(b, a))
		return true;
	/* «نامطلوب اعلام و اخراج کرد» */
	if (a->scene == b->scene && a->clause == b->clause && a->verb == b->verb)
		return true;
	return pk_span_eq(a->event.rule, b->event.rule) &&
	       overlap(a, b) >= SAME_COMPLEMENT;
}

static bool
same_event(const struct pk_draft *a, const struct pk_draft *b)
{
	if (a->event.type != b->event.type || is_statement(a) != is_statement(b))
		return false;
	if (is_statement(a))
		return same_statement(a, b);
	if (a->event.modality.negative != b->event.modality.negative)
		return false;
	if (a->event.type == PK_EVENT_CONSULT)
		return same_consult(a, b);
	return same_act(a, b);
}

static int
add_place(struct pk_story *story, struct pk_draft *d, struct pk_range range)
{
	struct pk_range *item = pk_array_push(story->arena, &d->places);

	if (item == NULL)
		return -ENOMEM;
	*item = range;
	return 0;
}

/* Where one telling names a person and the other the state, the person stays. */
static void
sharpen(struct pk_entity *items, size_t n, const struct pk_parties *others)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < others->n; k++) {
			const struct pk_entity *o = &others->items[k];

			if (items[i].name.native.len > 0 &&
			    items[i].kind == PK_KIND_PERSON)
				break;
			if (o->kind == PK_KIND_PERSON && o->name.native.len > 0 &&
			    pk_compatible(&items[i], o))
				items[i] = *o;
		}
	}
}

/* A visit that was first told as a meeting: who went where is what we keep. */
static void
take_visit(struct pk_event *into, const struct pk_event *from)
{
	struct pk_parties known;

	pk_parties_of(into, &known);
	into->mode = from->mode;
	into->cameo = from->cameo;
	into->actors = from->actors;
	into->n_actors = from->n_actors;
	into->recipients = from->recipients;
	into->n_recipients = from->n_recipients;
	sharpen(into->actors, into->n_actors, &known);
	sharpen(into->recipients, into->n_recipients, &known);
}

/* «در اجلاس الف شرکت کرد»: a conference is of all who are said to have been there. */
static int
gather(struct pk_story *story, struct pk_event *into, const struct pk_parties *others)
{
	struct pk_parties all;

	pk_parties_of(into, &all);
	for (size_t i = 0; i < others->n; i++)
		pk_parties_add(&all, &others->items[i]);
	into->actors = pk_arena_calloc(story->arena, all.n + 1, sizeof(*into->actors));
	if (into->actors == NULL)
		return -ENOMEM;
	memcpy(into->actors, all.items, all.n * sizeof(*into->actors));
	into->n_actors = all.n;
	return 0;
}

/* What a telling adds to the other: it is about both, and the fuller one stays. */
static int
join_details(struct pk_story *story, struct pk_event *e, const struct pk_event *f)
{
	const uint32_t background = 1u << PK_FLAG_BACKGROUND;

	if (e->n_topics == 0) {
		e->topics = f->topics;
		e->n_topics = f->n_topics;
	}
	if (e->n_counts == 0) {
		e->counts = f->counts;
		e->n_counts = f->n_counts;
	}
	if (e->n_participants == 0) {
		e->participants = f->participants;
		e->n_participants = f->n_participants;
	}
	if (e->modality.n_cues == 0 && e->modality.status == f->modality.status) {
		memcpy(e->modality.cues, f->modality.cues, sizeof(e->modality.cues));
		e->modality.n_cues = f->modality.n_cues;
	}
	/* What is told as news somewhere is no background. */
	e->flags =
	    ((e->flags | f->flags) & ~background) | (e->flags & f->flags & background);
	return pk_contexts_join(story->arena, e, f);
}

static int
merge_into(struct pk_story *story, struct pk_draft *into, struct pk_draft *from)
{
	struct pk_event *e = &into->event;
	const struct pk_event *f = &from->event;
	struct pk_parties others;
	int r = add_place(story, into, f->trigger_range);

	for (size_t i = 0; r == 0 && i < from->places.len; i++)
		r = add_place(story, into, from->places.items[i]);
	if (r < 0)
		return r;
	pk_parties_of(f, &others);
	if (e->type == PK_EVENT_CONSULT && e->n_recipients == 0 && f->n_recipients > 0)
		take_visit(e, f);
	else if (e->type == PK_EVENT_CONSULT && e->mode == NULL)
		e->mode = f->mode;
	if (e->type == PK_EVENT_CONSULT || e->type == PK_EVENT_AGREE) {
		sharpen(e->actors, e->n_actors, &others);
		sharpen(e->recipients, e->n_recipients, &others);
	}
	if (is_multi(into) && is_multi(from) && !from->scene->title &&
	    into->clause == from->clause && gather(story, e, &others) < 0)
		return -ENOMEM;
	if (e->place.how == PK_PLACE_NONE && f->place.how != PK_PLACE_NONE)
		e->place = f->place;
	if (!into->dated && from->dated) {
		e->time = f->time;
		into->dated = true;
	}
	if (e->n_sources < f->n_sources && !from->scene->title &&
	    f->statement.form == PK_FORM_NONE) {
		memcpy(e->sources, f->sources, sizeof(e->sources));
		e->n_sources = f->n_sources;
	}
	if (join_details(story, e, f) < 0)
		return -ENOMEM;
	from->dead = true;
	if (story->consult == from)
		story->consult = into;
	return 0;
}

/*
 * What only the title says. A headline sums up what the body tells in other words; it
 * is an event of its own only where the body tells nothing.
 */
static void
settle_title(struct pk_story *story)
{
	bool body = false;

	for (size_t i = 0; i < story->drafts.len; i++)
		body |= !story->drafts.items[i]->dead &&
			!story->drafts.items[i]->scene->title;
	for (size_t i = 0; i < story->drafts.len; i++) {
		struct pk_draft *d = story->drafts.items[i];

		if (!d->scene->title || d->dead)
			continue;
		d->dead = body;
		d->event.flags |= 1u << PK_FLAG_HEADLINE_ONLY;
	}
}

int
pk_merge(struct pk_story *story)
{
	for (size_t i = 0; i < story->drafts.len; i++)
		sign(story->drafts.items[i]);
	for (size_t i = 0; i < story->drafts.len; i++) {
		struct pk_draft *a = story->drafts.items[i];

		for (size_t k = i + 1; k < story->drafts.len && !a->dead; k++) {
			struct pk_draft *b = story->drafts.items[k];

			if (!b->dead && same_event(a, b) && merge_into(story, a, b) < 0)
				return -ENOMEM;
		}
	}
	settle_title(story);
	return 0;
}
