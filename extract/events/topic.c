/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/topic.h"

#include "extract/events/clause.h"

#include <errno.h>

/* A longer phrase is a clause that was misread. */
#define TOPIC_MAX 24
/* From a noun to its preposition, over what else belongs to it. */
#define GOVERNED_MAX 7
/* The members of a list that a comma parts are short. */
#define MEMBER_MAX 5

/* Is it a body or place that the preposition that ends at the token leads to? */
static bool
leads_to_name(const struct pk_scene *scene, size_t token)
{
	int i = token < scene->text->n_tokens ? scene->notes[token].mention : -1;

	return i >= 0 && (scene->mentions->items[i].named == PK_NAMED_STATE ||
			     scene->mentions->items[i].named == PK_NAMED_PLACE ||
			     scene->mentions->items[i].named == PK_NAMED_ORG);
}

/*
 * Is the preposition at the token governed by a noun of the phrase: «همکاری با X»,
 * «سفر رسمی وزیر به X»? Over other words it is when a name follows.
 */
static bool
goes_on(const struct pk_scene *scene, size_t first, size_t token)
{
	struct pk_span role =
	    scene->story->rules->roles.items[scene->notes[token].preposition];

	for (size_t t = token; t > first && t + GOVERNED_MAX > token; t--) {
		size_t end;

		if (pk_detail_of(
			scene, t - 1, token, PK_DETAIL_BIT(VALENT), role, &end) != NULL)
			return end == token || leads_to_name(scene,
						   scene->notes[token].preposition_end);
	}
	return false;
}

/* «X، Y و Z»: does a list go on behind the comma? */
static bool
is_list(const struct pk_scene *scene, size_t comma, size_t limit)
{
	for (size_t t = comma + 1; t < limit && t <= comma + 1 + MEMBER_MAX; t++) {
		const struct pk_token_notes *note = &scene->notes[t];

		if (pk_at_word(scene, t, PK_CW_BIT(AND)))
			return t > comma + 1;
		if (pk_at_punct(scene, t, "،"))
			return is_list(scene, t, limit);
		if (note->act || note->verb >= 0 || pk_is_punct(scene, t) ||
		    (note->preposition >= 0 && note->mention < 0))
			return false;
	}
	return false;
}

/*
 * The end of the noun phrase that begins at `first`: at a trigger, a preposition or a
 * mark. PK_NOWHERE where a verb or a relative clause ends it: then its last word may be
 * a part of that verb.
 */
static size_t
phrase_end(const struct pk_draft *d, size_t first, size_t limit)
{
	const struct pk_scene *scene = d->scene;
	size_t t = first;

	for (; t < limit; t++) {
		const struct pk_token_notes *note = &scene->notes[t];

		if (note->act || t == d->first || note->date >= 0 ||
		    note->zone != d->zone)
			return t;
		if (note->verb >= 0 &&
		    scene->verbs.items[note->verb].form.tense != PK_TENSE_INFINITIVE)
			return PK_NOWHERE;
		if (pk_at_word(scene, t, PK_CW_BIT(COMP)))
			return PK_NOWHERE;
		if (pk_at_word(scene, t, PK_CW_BIT(BUT) | PK_CW_BIT(OBJECT)))
			return t;
		if (note->preposition >= 0 && note->mention < 0 &&
		    !goes_on(scene, first, t))
			return t;
		if (pk_is_punct(scene, t) &&
		    !(pk_at_punct(scene, t, "،") && is_list(scene, t, limit)))
			return t;
	}
	/* a noun's clause ends before the verb, which may own the last word */
	return t < scene->text->n_tokens && !scene->notes[t].act &&
		       (scene->notes[t].verb >= 0 ||
			   pk_at_word(scene, t, PK_CW_BIT(COMP)))
		   ? PK_NOWHERE
		   : t;
}

/* Without «و», «نیز» and marks at its end. */
static size_t
trim(const struct pk_scene *scene, size_t first, size_t end)
{
	const uint64_t loose = PK_CW_BIT(AND) | PK_CW_BIT(ALSO) | PK_CW_BIT(GAP) |
			       PK_CW_BIT(ADVERB) | PK_CW_BIT(SELF);

	while (end > first &&
	       (pk_is_punct(scene, end - 1) ||
		   (pk_at_word(scene, end - 1, loose) &&
		       scene->notes[end - 1].mention < 0) ||
		   scene->text->tokens[end - 1].kind == PK_TOKEN_QUOTE_OPEN))
		end--;
	return end;
}

/* One mark of a pair alone is cut off or makes no topic. */
static bool
has_whole_quotes(const struct pk_scene *scene, size_t first, size_t end)
{
	int depth = 0;

	for (size_t t = first; t < end; t++) {
		depth += scene->text->tokens[t].kind == PK_TOKEN_QUOTE_OPEN;
		depth -= scene->text->tokens[t].kind == PK_TOKEN_QUOTE_CLOSE;
		if (depth < 0)
			return false;
	}
	return depth == 0;
}

/* «این موضوع», «آن»: says nothing without the sentence before. */
static bool
is_pointing(const struct pk_scene *scene, size_t first, size_t end)
{
	size_t unused;
	int i = scene->notes[first].mention;

	return pk_detail_at(scene, first, end, PK_DETAIL_BIT(DEMONSTRATIVE), &unused) !=
		   NULL ||
	       (i >= 0 && scene->mentions->items[i].named == PK_NAMED_PRONOUN);
}

/* The country that is named in it, if it is one. */
static struct pk_span
country_in(const struct pk_scene *scene, size_t first, size_t end)
{
	struct pk_span country = { NULL, 0 };

	for (size_t t = first; t < end; t++) {
		int i = scene->notes[t].mention;
		struct pk_span one = { NULL, 0 };
		struct pk_phrase_match match;

		if (i >= 0 && scene->mentions->items[i].named != PK_NAMED_AGENCY)
			one = scene->mentions->items[i].entity.country;
		else if (i < 0 && pk_phrases_match(scene->story->rules->countries,
				      scene->text, t, end, &match))
			one = ((const struct pk_known_country *)match.values[0])->id;
		if (one.len == 0)
			continue;
		if (country.len > 0 && !pk_span_eq(country, one))
			return (struct pk_span){ NULL, 0 };
		country = one;
	}
	return country;
}

static bool
is_topic(const struct pk_scene *scene, size_t first, size_t end)
{
	return end != PK_NOWHERE && end > first && end <= first + TOPIC_MAX &&
	       scene->text->tokens[first].kind != PK_TOKEN_PUNCT &&
	       !is_pointing(scene, first, end) && has_whole_quotes(scene, first, end);
}

static int
add(struct pk_draft *d, size_t first, size_t end)
{
	struct pk_event *e = &d->event;

	if (e->topics == NULL)
		e->topics = pk_arena_calloc(
		    d->scene->story->arena, PK_EVENT_TOPICS_MAX, sizeof(*e->topics));
	if (e->topics == NULL)
		return -ENOMEM;
	d->topics[e->n_topics][0] = first;
	d->topics[e->n_topics][1] = end;
	e->topics[e->n_topics++] =
	    (struct pk_topic){ .text = pk_text_of(d->scene->text, first, end),
		    .range = pk_scene_range(d->scene, first, end),
		    .country = country_in(d->scene, first, end) };
	return 0;
}

/*
 * «در نشست خزر در پاسخ به سوالی درباره X»: something else than a place stands between
 * the noun and the topic, and has it.
 */
static bool
is_interrupted(const struct pk_draft *d, size_t token, size_t limit)
{
	size_t end;

	return d->rule->form == PK_RULE_NOUN && d->scene->notes[token].mention < 0 &&
	       pk_detail_at(d->scene, token, limit, PK_DETAIL_BIT(ASIDE), &end) !=
		   NULL &&
	       !leads_to_name(d->scene, d->scene->notes[token].preposition >= 0
					    ? d->scene->notes[token].preposition_end
					    : token + 1);
}

/*
 * «در دیدار با X درباره Y گفت»: what stands right before a verb is that verb's, not
 * that of a noun before it.
 */
static bool
belongs_to_another(const struct pk_draft *d, size_t end)
{
	return d->rule->form == PK_RULE_NOUN && end < d->scene->text->n_tokens &&
	       end != d->first && d->scene->notes[end].act;
}

int
pk_topics_give(struct pk_draft *draft)
{
	const struct pk_scene *scene = draft->scene;
	struct pk_stretch own = pk_clause_of(draft);

	if (scene->title) /* a topic has no room for "in the title" */
		return 0;
	for (size_t t = pk_stretch_at(&own, own.first);
	     t < own.end && draft->event.n_topics < PK_EVENT_TOPICS_MAX;) {
		size_t first, end;
		const struct pk_detail *opener =
		    scene->notes[t].mention >= 0 || scene->notes[t].zone != draft->zone
			? NULL
			: pk_detail_at(scene, t, own.end,
			      PK_DETAIL_BIT(TOPIC) | PK_DETAIL_BIT(NONE), &first);

		if (opener == NULL && is_interrupted(draft, t, own.end))
			break;
		if (opener == NULL) {
			t = pk_stretch_at(&own, t + 1);
			continue;
		}
		t = first;
		if (opener->kind != PK_DETAIL_TOPIC)
			continue;
		end = phrase_end(draft, first, own.end);
		if (end == PK_NOWHERE || belongs_to_another(draft, end))
			continue;
		end = trim(scene, first, end);
		if (is_topic(scene, first, end) && add(draft, first, end) < 0)
			return -ENOMEM;
		if (end > t)
			t = end;
	}
	return 0;
}
