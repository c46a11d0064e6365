/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/attribution.h"

#include "extract/text/fold.h"

#include <errno.h>

/* An opener longer than this is a sentence about reports. */
#define OPENER_TOKENS_MAX 30
/* Between an agency and its verb: «خبرگزاری تاس در این رابطه گزارش داد». */
#define VERB_GAP_MAX 8
/* The name of an outlet that is not in the knowledge. */
#define OUTLET_TOKENS_MAX 5
/* A chain with more members names everybody and nobody. */
#define CHAIN_MAX 4

static struct pk_source
publisher_source(const struct pk_article *article)
{
	return (struct pk_source){ .kind = PK_SOURCE_PUBLISHER,
		.name = { article->publisher.native, article->publisher.latin },
		.country = article->publisher.country };
}

static bool
has_publisher(const struct pk_article *article)
{
	return article->publisher.native.len > 0;
}

static struct pk_span
folded(const struct pk_scene *scene, struct pk_span text)
{
	return text.len == 0 ? text : pk_fold_key(scene->story->arena, text);
}

static bool
is_publisher(const struct pk_scene *scene, const struct pk_entity *agency)
{
	const struct pk_publisher *p = &scene->story->article->publisher;

	if (agency->id.len > 0 && pk_span_eq(agency->id, p->id))
		return true;
	return agency->name.native.len > 0 &&
	       pk_span_eq(folded(scene, agency->name.native), folded(scene, p->native));
}

static const struct pk_mention_at *
agency_at(const struct pk_scene *scene, size_t token)
{
	int i = token < scene->text->n_tokens ? scene->notes[token].mention : -1;
	const struct pk_mention_at *m = i < 0 ? NULL : &scene->mentions->items[i];

	return m != NULL && m->named == PK_NAMED_AGENCY ? m : NULL;
}

static void
chain_add(
    struct pk_scene *scene, struct pk_chain *chain, const struct pk_mention_at *agency)
{
	struct pk_source *s;

	if (is_publisher(scene, &agency->entity)) {
		if (chain->n_sources > 0 && !chain->sources[0].has_range) {
			s = &chain->sources[0];
			s->text = pk_text_of(scene->text, agency->first, agency->end);
			s->range = pk_scene_range(scene, agency->first, agency->end);
			s->has_range = true;
		}
		return;
	}
	if (chain->n_sources >= CHAIN_MAX)
		return;
	s = &chain->sources[chain->n_sources++];
	*s = (struct pk_source){ .kind = PK_SOURCE_AGENCY,
		.name = agency->entity.name,
		.country = agency->entity.country,
		.text = pk_text_of(scene->text, agency->first, agency->end),
		.has_range = true,
		.range = pk_scene_range(scene, agency->first, agency->end) };
	if (s->name.native.len == 0)
		s->name.native = s->text;
}

/* A chain that begins at `from` with the publisher. NULL on no memory. */
static struct pk_chain *
chain_new(struct pk_scene *scene, size_t from)
{
	struct pk_chain *chain = pk_array_push(scene->story->arena, &scene->chains);

	if (chain == NULL)
		return NULL;
	chain->from = from;
	if (has_publisher(scene->story->article))
		chain->sources[chain->n_sources++] =
		    publisher_source(scene->story->article);
	return chain;
}

static void
mark_opener(struct pk_scene *scene, size_t first, size_t end)
{
	for (size_t t = first; t < end; t++)
		scene->notes[t].opener = true;
}

static enum pk_opener
opener_at(const struct pk_scene *scene, size_t token, size_t *ret_end)
{
	struct pk_phrase_match match;

	if (!pk_phrases_match(scene->story->rules->openers, scene->text, token,
		scene->text->n_tokens, &match))
		return 0;
	*ret_end = match.end;
	return *(const enum pk_opener *)match.values[0];
}

static bool
ends_opener(const struct pk_scene *scene, size_t token)
{
	return pk_at_punct(scene, token, "،") || pk_at_punct(scene, token, "؛") ||
	       pk_at_punct(scene, token, ":") || pk_at_punct(scene, token, ",") ||
	       pk_at_punct(scene, token, ";");
}

/*
 * «روزنامه دیلی نیشن»، «خبرگزاری پی‌تی‌آی»: an
 * outlet that nobody knows, by its kind and the words up to the next border. Returns
 * their end, or `token`.
 */
static size_t
unknown_outlet(const struct pk_scene *scene, size_t token)
{
	size_t t = token + 1, unused;

	if (!pk_at_word(scene, token, PK_CW_BIT(OUTLET)) ||
	    agency_at(scene, token) != NULL)
		return token;
	while (t < scene->text->n_tokens && t <= token + OUTLET_TOKENS_MAX &&
	       scene->text->tokens[t].kind != PK_TOKEN_PUNCT &&
	       opener_at(scene, t, &unused) == 0 && scene->notes[t].preposition < 0 &&
	       agency_at(scene, t) == NULL && scene->notes[t].verb < 0)
		t++;
	if (t == token + 1 || t > token + OUTLET_TOKENS_MAX ||
	    agency_at(scene, t) != NULL)
		return token;
	return t;
}

static void
chain_add_outlet(
    struct pk_scene *scene, struct pk_chain *chain, size_t first, size_t end)
{
	struct pk_span text = pk_text_of(scene->text, first, end);

	if (chain->n_sources >= CHAIN_MAX)
		return;
	chain->sources[chain->n_sources++] =
	    (struct pk_source){ .kind = PK_SOURCE_OUTLET,
		    .name = { .native = text },
		    .text = text,
		    .has_range = true,
		    .range = pk_scene_range(scene, first, end) };
}

/*
 * «به گزارش X به نقل از Y از مسکو،»: reads on, over a line break too, until the
 * punctuation behind the last agency. Returns the end of the opener.
 */
static size_t
read_opener(struct pk_scene *scene, size_t at, struct pk_chain *chain)
{
	size_t last = at, limit = at + OPENER_TOKENS_MAX;

	for (size_t t = at; t < limit && t < scene->text->n_tokens; t++) {
		const struct pk_mention_at *agency = agency_at(scene, t);
		size_t unused;

		if (agency != NULL && agency->first == t) {
			chain_add(scene, chain, agency);
			last = agency->end;
			t = agency->end - 1;
		} else if (unknown_outlet(scene, t) > t) {
			last = unknown_outlet(scene, t);
			chain_add_outlet(scene, chain, t, last);
			t = last - 1;
		} else if (ends_opener(scene, t) && last > at) {
			if (opener_at(scene, t + 1, &unused) != PK_OPENER_VIA ||
			    agency_at(scene, unused) == NULL)
				return t + 1;
		} else if (scene->notes[t].verb >= 0 &&
			   scene->verbs.items[scene->notes[t].verb].finite) {
			break;
		} else if (ends_opener(scene, t) && t > at && t < at + 8) {
			return t + 1; /* «به گزارش خبرنگار ما،» */
		}
	}
	return last;
}

static int
find_report(struct pk_scene *scene, size_t token, size_t *ret_end)
{
	size_t phrase_end;
	struct pk_chain *chain;

	*ret_end = token;
	if (opener_at(scene, token, &phrase_end) != PK_OPENER_REPORT)
		return 0;
	chain = chain_new(scene, token);
	if (chain == NULL)
		return -ENOMEM;
	*ret_end = read_opener(scene, phrase_end, chain);
	if (*ret_end == phrase_end) { /* a report, but not opened by one */
		scene->chains.len--;
		*ret_end = token;
		return 0;
	}
	mark_opener(scene, token, *ret_end);
	return 0;
}

/* «خبرگزاری تاس ... گزارش داد که»: the end of the words, or the agency's start. */
static size_t
verb_behind(const struct pk_scene *scene, const struct pk_mention_at *agency)
{
	size_t limit = agency->end + VERB_GAP_MAX;

	for (size_t t = agency->end; t < limit && t < scene->text->n_tokens; t++) {
		size_t end;

		if (opener_at(scene, t, &end) == PK_OPENER_VERB) {
			if (ends_opener(scene, end) ||
			    pk_at_word(scene, end, PK_CW_BIT(COMP)))
				end++;
			return end;
		}
		if ((scene->notes[t].mention >= 0 && agency_at(scene, t) == NULL) ||
		    pk_finite_at(scene, t) != NULL)
			break;
	}
	return agency->first;
}

/* Does an opener end right before the token (or the mark before it)? */
static bool
ends_an_opener(const struct pk_scene *scene, size_t token)
{
	size_t floor = pk_sentence_at(scene, token)->first;

	while (token > floor && !scene->notes[token - 1].opener &&
	       scene->notes[token - 1].mention < 0 &&
	       (scene->text->tokens[token - 1].kind == PK_TOKEN_QUOTE_OPEN ||
		   pk_at_word(scene, token - 1, PK_CW_BIT(OUTLET))))
		token--;
	return token > floor && scene->notes[token - 1].opener;
}

static int
find_reporting_agency(struct pk_scene *scene, size_t token, size_t *ret_end)
{
	const struct pk_mention_at *agency = agency_at(scene, token);
	const struct pk_sentence *s = pk_sentence_at(scene, token);
	struct pk_chain *chain;
	size_t end;

	*ret_end = token;
	if (agency == NULL || agency->first != token ||
	    (token > s->first + 6 && !ends_an_opener(scene, token)))
		return 0;
	/* «خبرگزاری X به نقل از خبرگزاری Y؛» needs no verb. */
	if (token == s->first && opener_at(scene, agency->end, &end) != 0 &&
	    (agency_at(scene, end) != NULL || unknown_outlet(scene, end) > end)) {
		chain = chain_new(scene, token);
		if (chain == NULL)
			return -ENOMEM;
		*ret_end = read_opener(scene, token, chain);
		mark_opener(scene, token, *ret_end);
		return 0;
	}
	end = verb_behind(scene, agency);
	if (end == agency->first)
		return 0;
	/* Right behind «به گزارش X،» it is whom X has it from. */
	if (token > s->first && scene->chains.len > 0 && ends_an_opener(scene, token))
		chain = &scene->chains.items[scene->chains.len - 1];
	else
		chain = chain_new(scene, token);
	if (chain == NULL)
		return -ENOMEM;
	for (size_t t = token; t < end; t++) {
		const struct pk_mention_at *one = agency_at(scene, t);

		if (one != NULL && one->first == t)
			chain_add(scene, chain, one);
	}
	mark_opener(scene, s->first, end);
	*ret_end = end;
	return 0;
}

static bool
is_dash(const struct pk_scene *scene, size_t token)
{
	return pk_at_punct(scene, token, "-") || pk_at_punct(scene, token, "–") ||
	       pk_at_punct(scene, token, "—") || pk_at_punct(scene, token, "ـ");
}

/* «مسکو- ایرنا-», «مانیل، ۱۳ مارس (شینهوا) --»: the end of it, or 0. */
static size_t
dateline_end(const struct pk_scene *scene)
{
	bool agency = false;
	size_t t = 0;

	for (; t < scene->text->n_tokens && t < 20; t++) {
		const struct pk_token_notes *note = &scene->notes[t];

		if (agency_at(scene, t) != NULL)
			agency = true;
		else if (agency && is_dash(scene, t))
			break;
		else if (note->mention < 0 && note->date < 0 &&
			 !pk_is_punct(scene, t) &&
			 scene->text->tokens[t].kind != PK_TOKEN_NUMBER)
			return 0;
	}
	if (!agency || !is_dash(scene, t))
		return 0;
	while (is_dash(scene, t))
		t++;
	return t;
}

static int
find_dateline(struct pk_scene *scene, size_t *ret_end)
{
	struct pk_chain *chain;

	*ret_end = dateline_end(scene);
	if (*ret_end == 0)
		return 0;
	chain = chain_new(scene, 0);
	if (chain == NULL)
		return -ENOMEM;
	for (size_t t = 0; t < *ret_end; t++) {
		const struct pk_mention_at *agency = agency_at(scene, t);

		if (agency != NULL && agency->first == t)
			chain_add(scene, chain, agency);
	}
	mark_opener(scene, 0, *ret_end);
	return 0;
}

int
pk_attribution_find(struct pk_scene *scene)
{
	size_t at = 0;
	size_t first_opener = 0;
	int r = chain_new(scene, 0) == NULL ? -ENOMEM : 0;

	if (r == 0)
		r = find_dateline(scene, &at);
	first_opener = scene->chains.len;
	while (r == 0 && at < scene->text->n_tokens) {
		size_t end;

		r = find_report(scene, at, &end);
		if (r == 0 && end == at)
			r = find_reporting_agency(scene, at, &end);
		at = end == at ? at + 1 : end;
	}
	/* The lead before «به گزارش ...» comes from the same report. */
	if (r == 0 && scene->chains.len > first_opener && first_opener == 1)
		scene->chains.items[first_opener].from = 0;
	return r;
}

static bool
in_chain(const struct pk_event *event, struct pk_span name)
{
	for (size_t i = 0; i < event->n_sources; i++) {
		if (pk_span_eq(event->sources[i].name.native, name))
			return true;
	}
	return false;
}

void
pk_attribution_give(const struct pk_scene *scene, size_t token,
    const struct pk_entity *speaker, struct pk_event *event)
{
	const struct pk_chain *chain = NULL;

	for (size_t i = 0; i < scene->chains.len; i++) {
		if (scene->chains.items[i].from <= token)
			chain = &scene->chains.items[i];
	}
	event->n_sources = 0;
	if (chain != NULL) {
		memcpy(event->sources, chain->sources, sizeof(chain->sources));
		event->n_sources = chain->n_sources;
	}
	if (speaker == NULL || event->n_sources >= CHAIN_MAX ||
	    speaker->name.native.len == 0 || in_chain(event, speaker->name.native))
		return;
	event->sources[event->n_sources++] =
	    (struct pk_source){ .kind = speaker->kind == PK_KIND_PERSON
					    ? PK_SOURCE_PERSON
					    : PK_SOURCE_SPOKESPERSON,
		    .name = speaker->name,
		    .country = speaker->country,
		    .text = speaker->has_range ? speaker->text
					       : (struct pk_span){ NULL, 0 },
		    .has_range = speaker->has_range && !speaker->range.in_title,
		    .range = speaker->range };
}
