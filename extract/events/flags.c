/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/flags.h"

#include "extract/events/clause.h"
#include "extract/events/reference.h"

#include <errno.h>

#define BIT(FLAG) (1u << PK_FLAG_##FLAG)

/* Shorter sentences may well be said twice: «وی افزود:». Words. */
#define DUPLICATE_MIN 5
/* A phrase that opens background stands so near to the beginning. */
#define BACKGROUND_WITHIN 2
/* A pronoun whose person was named longer ago may mean somebody else. Sentences. */
#define FAR 3
/* Offices with several names that are kept in mind. */
#define OFFICES_MAX 64

/* What is found out about a scene before its drafts are looked at. */
struct survey {
	const struct pk_scene *scene;
	uint32_t *sentences; /* flags of each */
	size_t *unmatched;   /* quote marks without a partner before each token */
	bool *disputed;      /* of each mention: its office has another holder, too */
};

static bool
is_word(const struct pk_token *token)
{
	return token->kind == PK_TOKEN_WORD || token->kind == PK_TOKEN_NUMBER;
}

static uint32_t
hash_of(const struct pk_text *text, const struct pk_sentence *s, size_t *ret_words)
{
	uint32_t hash = 2166136261u;

	*ret_words = 0;
	for (size_t t = s->first; t < s->end; t++) {
		struct pk_span key = text->tokens[t].key;

		if (!is_word(&text->tokens[t]))
			continue;
		for (size_t i = 0; i < key.len; i++)
			hash = (hash ^ (unsigned char)key.ptr[i]) * 16777619u;
		hash = (hash ^ ' ') * 16777619u;
		++*ret_words;
	}
	return hash;
}

static bool
same_words(const struct pk_text *text, const struct pk_sentence *a,
    const struct pk_sentence *b)
{
	size_t t = a->first, u = b->first;

	for (;; t++, u++) {
		while (t < a->end && !is_word(&text->tokens[t]))
			t++;
		while (u < b->end && !is_word(&text->tokens[u]))
			u++;
		if (t == a->end || u == b->end)
			return t == a->end && u == b->end;
		if (!pk_span_eq(text->tokens[t].key, text->tokens[u].key))
			return false;
	}
}

/* Sentences that are there twice, by a table of their hashes. */
static int
find_duplicates(struct survey *v)
{
	const struct pk_text *text = v->scene->text;
	size_t size = 16;
	size_t *table;

	while (size < text->n_sentences * 2)
		size *= 2;
	table = pk_arena_calloc(v->scene->story->arena, size, sizeof(*table));
	if (table == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < text->n_sentences; i++) {
		size_t words;
		size_t at = hash_of(text, &text->sentences[i], &words) & (size - 1);

		if (words < DUPLICATE_MIN)
			continue;
		while (
		    table[at] != 0 && !same_words(text, &text->sentences[table[at] - 1],
					  &text->sentences[i]))
			at = (at + 1) & (size - 1);
		if (table[at] == 0) {
			table[at] = i + 1;
			continue;
		}
		v->sentences[table[at] - 1] |= BIT(DUPLICATE_SENTENCE);
		v->sentences[i] |= BIT(DUPLICATE_SENTENCE);
	}
	return 0;
}

/*
 * A replacement character, Arabic bytes that were read as Latin-1, or question marks in
 * the place of letters.
 */
static bool
is_broken(const unsigned char *p, size_t left)
{
	if (left >= 3 && p[0] == 0xEF && p[1] == 0xBF && p[2] == 0xBD)
		return true;
	if (left >= 4 && p[0] == 0xC3 && p[1] >= 0x98 && p[1] <= 0x9B && p[2] == 0xC2)
		return true;
	return left >= 3 && p[0] == '?' && p[1] == '?' && p[2] == '?';
}

static void
find_garbled(struct survey *v)
{
	const struct pk_text *text = v->scene->text;

	for (size_t i = 0; i < text->n_sentences; i++) {
		const struct pk_sentence *s = &text->sentences[i];
		struct pk_span whole = pk_text_of(text, s->first, s->end);

		for (size_t at = 0; at < whole.len; at++) {
			if (!is_broken(
				(const unsigned char *)whole.ptr + at, whole.len - at))
				continue;
			v->sentences[i] |= BIT(GARBLED);
			break;
		}
	}
}

/* «گفتنی است ...»: from there to the end of the paragraph. */
static void
find_background(struct survey *v)
{
	const struct pk_text *text = v->scene->text;
	size_t paragraph = SIZE_MAX;

	for (size_t i = 0; i < text->n_sentences; i++) {
		const struct pk_sentence *s = &text->sentences[i];

		for (size_t t = s->first;
		     t < s->end && t <= s->first + BACKGROUND_WITHIN; t++) {
			size_t unused;

			if (v->scene->notes[t].zone < 0 &&
			    pk_detail_at(v->scene, t, s->end, PK_DETAIL_BIT(BACKGROUND),
				&unused) != NULL)
				paragraph = s->paragraph;
		}
		if (s->paragraph == paragraph)
			v->sentences[i] |= BIT(BACKGROUND);
	}
}

/* Counts the quote marks that open or close nothing in their paragraph. */
static int
find_unmatched(struct survey *v)
{
	const struct pk_text *text = v->scene->text;
	struct pk_arena *arena = v->scene->story->arena;
	PK_ARRAY(size_t) open = { 0 };
	size_t paragraph = SIZE_MAX;

	v->unmatched = pk_arena_calloc(arena, text->n_tokens + 1, sizeof(size_t));
	if (v->unmatched == NULL)
		return -ENOMEM;
	for (size_t t = 0; t <= text->n_tokens; t++) {
		size_t in = t == text->n_tokens
				? SIZE_MAX
				: pk_sentence_at(v->scene, t)->paragraph;
		size_t *item;

		if (in != paragraph) {
			for (size_t i = 0; i < open.len; i++)
				v->unmatched[open.items[i] + 1]++;
			open.len = 0;
			paragraph = in;
		}
		if (t == text->n_tokens)
			break;
		if (text->tokens[t].kind == PK_TOKEN_QUOTE_OPEN) {
			item = pk_array_push(arena, &open);
			if (item == NULL)
				return -ENOMEM;
			*item = t;
		} else if (text->tokens[t].kind == PK_TOKEN_QUOTE_CLOSE) {
			if (open.len > 0)
				open.len--;
			else
				v->unmatched[t + 1]++;
		}
	}
	for (size_t t = 0; t < text->n_tokens; t++)
		v->unmatched[t + 1] += v->unmatched[t];
	return 0;
}

/* An office that only one has at a time, with a name and as of now. */
static bool
is_holder(const struct pk_scene *scene, const struct pk_mention_at *m)
{
	const struct pk_entity *e = &m->entity;
	const struct pk_known_role *role;

	if (m->named != PK_NAMED_PERSON || m->plural || e->name.native.len == 0 ||
	    e->role.id.len == 0 || e->country.len == 0 ||
	    e->role.status != PK_ROLE_CURRENT)
		return false;
	role = pk_known_role_of(scene->story->pack, e->role.id);
	return role != NULL && role->exclusive;
}

static bool
same_office(const struct pk_entity *a, const struct pk_entity *b)
{
	return pk_span_eq(a->role.id, b->role.id) &&
	       pk_span_eq(a->country, b->country) &&
	       pk_span_eq(a->org.native, b->org.native);
}

/* A surname alone is no other name. */
static bool
other_name(const struct pk_entity *a, const struct pk_entity *b)
{
	if (a->id.len > 0 && b->id.len > 0)
		return !pk_span_eq(a->id, b->id);
	return pk_span_find(a->name.native, b->name.native, 0) == SIZE_MAX &&
	       pk_span_find(b->name.native, a->name.native, 0) == SIZE_MAX;
}

static int
find_disputed(struct survey *v)
{
	const struct pk_scene *scene = v->scene;
	const struct pk_mentions *m = scene->mentions;
	const struct pk_mention_at *first[OFFICES_MAX];
	bool split[OFFICES_MAX] = { false };
	size_t n = 0;

	v->disputed =
	    pk_arena_calloc(scene->story->arena, m->len + 1, sizeof(*v->disputed));
	if (v->disputed == NULL)
		return -ENOMEM;
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < m->len; i++) {
			size_t k = 0;

			if (!is_holder(scene, &m->items[i]))
				continue;
			while (k < n &&
			       !same_office(&first[k]->entity, &m->items[i].entity))
				k++;
			if (k == n && n < OFFICES_MAX)
				first[n++] = &m->items[i];
			else if (k < n)
				split[k] |=
				    other_name(&first[k]->entity, &m->items[i].entity);
			v->disputed[i] = k < n && split[k];
		}
	}
	return 0;
}

static int
survey(struct survey *v, const struct pk_scene *scene)
{
	int r;

	*v = (struct survey){ .scene = scene };
	v->sentences = pk_arena_calloc(
	    scene->story->arena, scene->text->n_sentences + 1, sizeof(*v->sentences));
	if (v->sentences == NULL)
		return -ENOMEM;
	find_garbled(v);
	find_background(v);
	r = find_duplicates(v);
	if (r == 0)
		r = find_unmatched(v);
	return r == 0 ? find_disputed(v) : r;
}

static size_t
sentence_of(const struct pk_scene *scene, struct pk_range range)
{
	size_t t = pk_token_at(scene, range);

	return t == PK_NOWHERE ? SIZE_MAX : scene->text->tokens[t].sentence;
}

/* How many sentences before it its referent was named. */
static void
measure(const struct pk_draft *d, struct pk_entity *e)
{
	struct pk_antecedent *a = &e->antecedent;
	size_t at = e->has_range ? sentence_of(d->scene, e->range)
				 : d->scene->text->tokens[d->first].sentence;
	size_t from = a->has_range ? sentence_of(d->scene, a->range) : SIZE_MAX;

	if (a->how.len > 0 && at != SIZE_MAX && from != SIZE_MAX && from <= at)
		a->distance = (int)(at - from);
}

static uint32_t
flags_of_parties(
    const struct survey *v, const struct pk_draft *d, struct pk_entity *items, size_t n)
{
	uint32_t flags = 0;

	for (size_t i = 0; i < n; i++) {
		const struct pk_mention_at *m =
		    items[i].has_range ? pk_mention_at_range(v->scene, items[i].range)
				       : NULL;

		measure(d, &items[i]);
		if (pk_span_eq(items[i].antecedent.how, PK_SPAN("last_speaker")) &&
		    items[i].antecedent.distance > FAR)
			flags |= BIT(ANAPHORA_FAR);
		if (m == NULL)
			continue;
		if (m->role_conflict)
			flags |= BIT(ROLE_CONFLICT);
		if (v->disputed[m - v->scene->mentions->items])
			flags |= BIT(NAME_CONFLICT);
	}
	return flags;
}

/* «۲۱ فوریه (۳ اسفند)», «دوشنبه ۱۲ تیر»: the two are not one day. */
static bool
has_date_conflict(const struct pk_draft *d)
{
	size_t t = d->dated && d->event.time.has_range
		       ? pk_token_at(d->scene, d->event.time.range)
		       : PK_NOWHERE;
	int i = t == PK_NOWHERE ? -1 : d->scene->notes[t].date;

	return i >= 0 && d->scene->dates->items[i].conflict;
}

/* Has the content, with the marks right around it, one that opens or closes nothing? */
static bool
has_unmatched(const struct survey *v, const struct pk_draft *d)
{
	size_t first = d->after, end = d->stop;

	if (d->event.statement.form == PK_FORM_NONE || d->after == PK_NOWHERE ||
	    d->stop == PK_NOWHERE || d->stop <= d->after)
		return false;
	first -= first > 0;
	end += end < v->scene->text->n_tokens;
	return v->unmatched[end] > v->unmatched[first];
}

int
pk_flags_give(struct pk_story *story)
{
	struct survey body, head;
	int r;

	if (story->drafts.len == 0)
		return 0;
	r = survey(&body, &story->body);
	if (r == 0)
		r = survey(&head, &story->head);
	for (size_t i = 0; i < story->drafts.len && r == 0; i++) {
		struct pk_draft *d = story->drafts.items[i];
		const struct survey *v = d->scene->title ? &head : &body;
		struct pk_event *e = &d->event;

		e->flags |= v->sentences[d->scene->text->tokens[d->first].sentence];
		e->flags |= flags_of_parties(v, d, e->actors, e->n_actors);
		e->flags |= flags_of_parties(v, d, e->recipients, e->n_recipients);
		if (e->temporal == PK_TEMPORAL_HISTORICAL)
			e->flags |= BIT(BACKGROUND);
		if (has_date_conflict(d))
			e->flags |= BIT(DATE_CONFLICT);
		if (has_unmatched(v, d))
			e->flags |= BIT(UNBALANCED_QUOTE);
	}
	return r;
}
