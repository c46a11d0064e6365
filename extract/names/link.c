/* SPDX-License-Identifier: Apache-2.0 */
/* Consistency within a document: who was named once is known again by surname. */
#include "extract/names/names_priv.h"

#include "base/map.h"

#include <errno.h>

/* A surname of whom nothing else is known. */
#define CONF_NOBODY 0.6

/* A person by the surname: the fullest mention, or nobody where two share it. */
struct surname {
	size_t mention;
	size_t tokens; /* of the name */
	bool shared;
};

struct people {
	struct pk_names *names;
	struct pk_map *by_surname; /* -> struct surname */
};

static bool
same_person(const struct pk_entity *a, const struct pk_entity *b)
{
	return a->id.len > 0 || b->id.len > 0
		   ? pk_span_eq(a->id, b->id)
		   : pk_span_eq(a->name.native, b->name.native);
}

/* A title with the name tells more than the name alone, if it is this person's. */
static size_t
fullness(const struct pk_mention_at *mention, size_t tokens)
{
	return tokens * 2 + (mention->entity.mention == PK_MENTION_TITLE_NAME &&
				!mention->role_conflict && !mention->counterpart);
}

/*
 * What somebody is called by: the last word, with the one before it where it only ends
 * surnames. «سلطانی نژاد» and «سلطانی‌نژاد» are one.
 */
static struct pk_span
surname_key(const struct pk_names *names, size_t first, size_t end)
{
	const struct pk_token *last = &names->text->tokens[end - 1];
	bool is_ending = (pk_name_words_of(names->lexicon, last->key) &
			     PK_NAME_BIT(PK_NAME_PARTICLE)) != 0;

	return is_ending && end - first > 1
		   ? pk_arena_printf(names->arena, "%.*s%.*s",
			 PK_SPAN_ARG(last[-1].key), PK_SPAN_ARG(last->key))
		   : last->key;
}

static int
note_person(struct people *people, size_t index)
{
	struct pk_names *names = people->names;
	const struct pk_mention_at *mention = &names->items.items[index];
	size_t end = mention->head_end;
	struct surname *known;

	struct pk_span key = surname_key(names, mention->head, end);
	size_t tokens = fullness(mention, end - mention->head);
	known = pk_map_get(people->by_surname, key);
	if (known == NULL) {
		known = pk_arena_new_of(names->arena, struct surname);
		if (known == NULL)
			return -ENOMEM;
		*known = (struct surname){ .mention = index, .tokens = tokens };
		return pk_map_set(people->by_surname, key, known);
	}
	const struct pk_mention_at *other = &names->items.items[known->mention];
	bool longer = tokens > known->tokens;
	/* a bare surname is nobody of his own */
	if (known->tokens >= 4 && tokens >= 4 &&
	    !same_person(&mention->entity, &other->entity))
		known->shared = true;
	if (longer) {
		known->mention = index;
		known->tokens = tokens;
	}
	return 0;
}

/* The fuller mention that a surname stands for, or NULL. */
static const struct surname *
surname_of(const struct people *people, struct pk_span key)
{
	const struct surname *surname = pk_map_get(people->by_surname, key);

	/* «علی اف»: the ending is nobody's surname */
	if ((pk_name_words_of(people->names->lexicon, key) &
		PK_NAME_BIT(PK_NAME_PARTICLE)) != 0)
		return NULL;
	return surname == NULL || surname->shared || surname->tokens < 4 ? NULL
									 : surname;
}

/* Gives a bare surname the entity of the full name; its own words stay. */
static void
adopt(struct pk_mention_at *mention, const struct pk_mention_at *fuller)
{
	struct pk_entity own = mention->entity;

	mention->entity = fuller->entity;
	mention->entity.text = own.text;
	mention->entity.range = own.range;
	mention->entity.mention =
	    own.mention == PK_MENTION_NONE ? PK_MENTION_NAME : own.mention;
	mention->entity.antecedent = own.antecedent;
	mention->entity.conf = fuller->entity.conf * 0.95;
}

/* New mentions of surnames that no list knows, in the gaps between the others. */
static int
add_surnames(struct people *people, size_t from, size_t to)
{
	struct pk_names *names = people->names;

	for (size_t i = from; i < to; i++) {
		const struct pk_token *token = &names->text->tokens[i];
		if (token->kind != PK_TOKEN_WORD || token->key.len < 6)
			continue;
		const struct surname *surname = surname_of(people, token->key);
		if (surname == NULL ||
		    pk_phrases_get(names->lexicon->everyday, token->key) != NULL)
			continue;
		struct pk_run run = { i, i + 1 };
		size_t fuller = surname->mention;
		struct pk_mention_at *mention =
		    pk_mention_new(names, PK_NAMED_PERSON, run, i);
		if (mention == NULL)
			return -ENOMEM;
		adopt(mention, &names->items.items[fuller]);
	}
	return 0;
}

static int
compare_mentions(const void *left, const void *right)
{
	const struct pk_mention_at *a = left, *b = right;

	return (a->first > b->first) - (a->first < b->first);
}

static void
sort_mentions(struct pk_names *names)
{
	qsort(names->items.items, names->items.len, sizeof(struct pk_mention_at),
	    compare_mentions);
}

/* «دبی» is no city where the article introduces somebody of that surname. */
static void
rename_places(struct people *people)
{
	struct pk_names *names = people->names;

	for (size_t i = 0; i < names->items.len; i++) {
		struct pk_mention_at *mention = &names->items.items[i];
		if (mention->named != PK_NAMED_PLACE || mention->metonym ||
		    mention->end - mention->first > 1)
			continue;
		const struct pk_token *tokens = names->text->tokens;
		const struct surname *surname =
		    surname_of(people, tokens[mention->first].key);
		if (surname == NULL ||
		    (mention->first > 0 && (pk_name_words_of(names->lexicon,
						tokens[mention->first - 1].key) &
					       (PK_NAME_BIT(PK_NAME_IN) |
						   PK_NAME_BIT(PK_NAME_CITY))) != 0))
			continue;
		mention->named = PK_NAMED_PERSON;
		mention->place = NULL;
		adopt(mention, &names->items.items[surname->mention]);
	}
}

static int
fill_gaps(struct people *people)
{
	struct pk_names *names = people->names;
	size_t n = names->items.len, at = 0;

	for (size_t i = 0; i <= n; i++) {
		size_t to = i < n ? names->items.items[i].first : names->text->n_tokens;
		int r = add_surnames(people, at, to);
		if (r < 0)
			return r;
		if (i < n)
			at = names->items.items[i].end;
	}
	if (names->items.len > n)
		sort_mentions(names);
	return 0;
}

/* «مکرون» and «رئیس جمهور فرانسه» point to whoever was introduced so. */
static const struct pk_mention_at *
introduced_as(const struct pk_names *names, const struct pk_mention_at *title,
    struct pk_map *by_title)
{
	char key[128];
	const struct pk_entity *entity = &title->entity;

	if (entity->role.id.len == 0 || entity->role.status != PK_ROLE_CURRENT ||
	    (entity->country.len == 0 && entity->org.native.len == 0) || title->plural)
		return NULL;
	int len =
	    snprintf(key, sizeof(key), "%.*s@%.*s@%.*s", PK_SPAN_ARG(entity->role.id),
		PK_SPAN_ARG(entity->country), PK_SPAN_ARG(entity->org.native));
	if (len < 0 || (size_t)len >= sizeof(key))
		return NULL;
	struct pk_span span = { key, (size_t)len };
	struct pk_mention_at *known = pk_map_get(by_title, span);
	if (known != NULL || title->named != PK_NAMED_PERSON || title->role_conflict ||
	    entity->mention != PK_MENTION_TITLE_NAME)
		return known;
	span = pk_arena_copy(names->arena, span);
	if (span.ptr != NULL)
		pk_map_set(
		    by_title, span, &names->items.items[title - names->items.items]);
	return NULL;
}

/* Is the name the end of the fuller one: «سلطانی نژاد» of «بهرام سلطانی نژاد»? */
static bool
is_end_of(const struct pk_names *names, const struct pk_mention_at *mention,
    const struct pk_mention_at *fuller)
{
	const struct pk_token *tokens = names->text->tokens;
	size_t n = mention->head_end - mention->head;

	if (n >= fuller->head_end - fuller->head)
		return false;
	for (size_t i = 1; i <= n; i++) {
		if (!pk_span_eq(tokens[mention->head_end - i].key,
			tokens[fuller->head_end - i].key))
			return false;
	}
	return true;
}

static int
link_all(struct people *people)
{
	struct pk_names *names = people->names;
	pk_cleanup(pk_map_freep) struct pk_map *by_title = pk_map_new();

	if (by_title == NULL)
		return -ENOMEM;
	/* twice, because a title may stand before the name it belongs to */
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < names->items.len; i++) {
			struct pk_mention_at *mention = &names->items.items[i];
			const struct pk_mention_at *known =
			    introduced_as(names, mention, by_title);
			mention->antecedent =
			    mention->named == PK_NAMED_ROLE ? known : NULL;
		}
	}
	for (size_t i = 0; i < names->items.len; i++) {
		struct pk_mention_at *mention = &names->items.items[i];
		if (mention->named != PK_NAMED_PERSON)
			continue;
		size_t end = mention->head_end;
		const struct surname *surname =
		    surname_of(people, surname_key(names, mention->head, end));
		if (surname == NULL || surname->mention == i)
			continue;
		const struct pk_mention_at *fuller =
		    &names->items.items[surname->mention];
		bool untitled = mention->entity.mention != PK_MENTION_TITLE_NAME;
		bool bare = untitled && is_end_of(names, mention, fuller);
		if ((bare && mention->entity.id.len == 0) ||
		    (untitled && fuller->entity.role.id.len > 0 &&
			same_person(&mention->entity, &fuller->entity)))
			adopt(mention, fuller);
		if (same_person(&mention->entity, &fuller->entity))
			mention->antecedent = fuller;
	}
	return 0;
}

/* Guesses are nobody yet. */
static int
note_people(struct people *people)
{
	const struct pk_names *names = people->names;

	for (size_t i = 0; i < names->items.len; i++) {
		if (names->items.items[i].named != PK_NAMED_PERSON ||
		    names->items.items[i].guess != NULL)
			continue;
		int r = note_person(people, i);
		if (r < 0)
			return r;
	}
	return 0;
}

/* A surname in a title is who the article calls so. */
static const struct pk_mention_at *
in_article(const struct pk_names *names, const struct pk_mention_at *mention)
{
	const struct pk_mentions *article = names->context->article;
	struct pk_span surname =
	    pk_text_of(names->text, mention->head_end - 1, mention->head_end);

	for (size_t i = 0; article != NULL && i < article->len; i++) {
		const struct pk_mention_at *other = &article->items[i];
		if (other->named == PK_NAMED_PERSON &&
		    other->head_end - other->head > 1 &&
		    pk_span_ends_with(other->entity.name.native, surname))
			return other;
	}
	return NULL;
}

/* Keeps or drops the guesses, by what the document says of people of their names. */
static void
settle_guesses(struct people *people)
{
	struct pk_names *names = people->names;

	for (size_t i = 0; i < names->items.len; i++) {
		struct pk_mention_at *mention = &names->items.items[i];
		if (mention->guess == NULL)
			continue;
		const struct surname *surname =
		    surname_of(people, names->text->tokens[mention->head_end - 1].key);
		const struct pk_mention_at *namesake =
		    surname != NULL ? &names->items.items[surname->mention]
				    : in_article(names, mention);
		if (pk_guess_holds(names, mention, namesake))
			continue;
		mention->entity = mention->guess->other;
		mention->role_conflict = false;
		mention->entity.conf = CONF_NOBODY;
		if (surname == NULL && namesake != NULL)
			adopt(mention, namesake);
	}
	for (size_t i = 0; i < names->items.len; i++)
		names->items.items[i].guess = NULL;
}

int
pk_mentions_link(struct pk_names *names)
{
	pk_cleanup(pk_map_freep) struct pk_map *by_surname = pk_map_new();
	struct people people = { names, by_surname };

	if (by_surname == NULL)
		return -ENOMEM;
	if (names->items.len > 0)
		sort_mentions(names);
	int r = note_people(&people);
	if (r == 0) {
		settle_guesses(&people);
		rename_places(&people);
	}
	if (r == 0)
		r = fill_gaps(&people);
	if (r < 0)
		return r;
	/* sorting moved the mentions: note them again by their places */
	pk_cleanup(pk_map_freep) struct pk_map *again = pk_map_new();
	people.by_surname = again;
	if (again == NULL)
		return -ENOMEM;
	r = note_people(&people);
	return r < 0 ? r : link_all(&people);
}
