/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/scene.h"

#include "base/utf8.h"

#include <errno.h>

/* A report that names another state so many times as often as its publisher's is from
 * there. */
#define ABROAD 4

static void
note_phrases(struct pk_scene *scene)
{
	const struct pk_rules *rules = scene->story->rules;
	const struct pk_text *text = scene->text;
	struct pk_phrase_match match;

	for (size_t i = 0; i < text->n_tokens; i++) {
		struct pk_token_notes *note = &scene->notes[i];

		note->word_end = i + 1;
		note->preposition = note->verb = note->mention = note->date =
		    note->zone = -1;
		if (pk_phrases_match(rules->words, text, i, text->n_tokens, &match)) {
			for (size_t k = 0; k < match.n_values; k++)
				note->words |= *(const uint64_t *)match.values[k];
			note->word_end = match.end;
		}
		if (pk_phrases_match(
			rules->prepositions, text, i, text->n_tokens, &match)) {
			note->preposition = *(const int *)match.values[0];
			note->preposition_end = match.end;
		}
	}
}

static void
note_mentions(struct pk_scene *scene)
{
	for (size_t i = 0; i < scene->mentions->len; i++) {
		const struct pk_mention_at *m = &scene->mentions->items[i];

		for (size_t t = m->first; t < m->end; t++)
			scene->notes[t].mention = (int)i;
	}
	for (size_t i = 0; i < scene->dates->len; i++) {
		const struct pk_date_at *d = &scene->dates->items[i];

		/* how long something takes, and the year of a name, date nothing */
		if (d->kind == PK_TIME_IS_DURATION || d->names)
			continue;
		for (size_t t = d->first; t < d->end; t++)
			scene->notes[t].date = (int)i;
	}
}

/* A participle without its auxiliary is finite only where its clause ends. */
static bool
ends_clause(const struct pk_scene *scene, size_t token)
{
	return token >= scene->text->n_tokens || pk_is_punct(scene, token) ||
	       scene->text->tokens[token].kind == PK_TOKEN_QUOTE_CLOSE ||
	       pk_at_word(
		   scene, token, PK_CW_BIT(AND) | PK_CW_BIT(COMP) | PK_CW_BIT(PURPOSE));
}

/* Past stems that are nouns as well: «ساخت راه آهن», «شناخت کامل». */
static bool
is_homograph(struct pk_span verb)
{
	static const char *const ids[] = { "sakht", "pardakht", "shenakht", "bardasht",
		"gozasht_by", "kosht", "did", "bord" };

	for (size_t i = 0; i < PK_COUNT(ids); i++) {
		if (pk_span_eq(verb, pk_span_of(ids[i])))
			return true;
	}
	return false;
}

static bool
is_verb(const struct pk_scene *scene, size_t end, const struct pk_verb_form *form,
    bool *ret_finite)
{
	bool ends = ends_clause(scene, end);

	if (end < scene->text->n_tokens && scene->text->tokens[end].glued)
		return false; /* «خواست‌های»: only the head of a word */
	*ret_finite = form->person != 0;
	if (form->tense == PK_TENSE_PARTICIPLE) {
		*ret_finite = ends;
		return true;
	}
	if (form->tense == PK_TENSE_PAST && form->person == 3 && !form->plural &&
	    !form->negative && is_homograph(form->verb))
		return ends;
	return true;
}

/* «توضیح صادقانه آنهاست.»: the copula glued to a plural at the end of its clause. */
static bool
read_glued_copula(
    const struct pk_scene *scene, size_t token, struct pk_verb_form *ret_form)
{
	if (!pk_span_ends_with(scene->text->tokens[token].key, PK_SPAN("هاست")) ||
	    !ends_clause(scene, token + 1))
		return false;
	*ret_form = (struct pk_verb_form){
		.verb = PK_SPAN("bud"), .tense = PK_TENSE_PRESENT, .person = 3
	};
	return true;
}

/* «فرستاده بود» has sent, though «فرستاده» alone is an envoy. */
static bool
is_verb_not_office(const struct pk_scene *scene, size_t token, size_t limit)
{
	int i = scene->notes[token].mention;
	const struct pk_mention_at *m = i < 0 ? NULL : &scene->mentions->items[i];
	struct pk_verb_form form;

	return m != NULL && m->named == PK_NAMED_ROLE && m->end == m->first + 1 &&
	       pk_verb_match(
		   scene->story->rules->verbs, scene->text, token, limit, &form) > 1;
}

static int
note_verbs(struct pk_scene *scene)
{
	struct pk_story *story = scene->story;
	const struct pk_text *text = scene->text;

	for (size_t i = 0; i < text->n_tokens;) {
		const struct pk_sentence *s = pk_sentence_at(scene, i);
		struct pk_verb_form form;
		bool finite = false;
		size_t n;

		if ((scene->notes[i].words & PK_CW_BIT(NOVERB)) != 0) {
			i = scene->notes[i].word_end;
			continue;
		}
		if (is_verb_not_office(scene, i, s->end))
			scene->notes[i].mention = -1;
		n = scene->notes[i].mention >= 0 || scene->notes[i].date >= 0
			? 0
			: pk_verb_match(story->rules->verbs, text, i, s->end, &form);
		if (n == 0 && scene->notes[i].mention < 0 &&
		    read_glued_copula(scene, i, &form))
			n = 1;
		if (n == 0 || !is_verb(scene, i + n, &form, &finite)) {
			i++;
			continue;
		}
		struct pk_verb_at *verb = pk_array_push(story->arena, &scene->verbs);
		if (verb == NULL)
			return -ENOMEM;
		*verb = (struct pk_verb_at){ i, i + n, form, finite };
		for (size_t t = i; t < i + n; t++)
			scene->notes[t].verb = (int)scene->verbs.len - 1;
		i += n;
	}
	return 0;
}

/*
 * «وزیر نیروی کشورمان»، «یک منبع آگاه در وزارت خارجه سودان»: an office without a
 * country belongs to the state or body that is named right behind it.
 */
static struct pk_span
country_behind(const struct pk_scene *scene, const struct pk_mention_at *m)
{
	bool inside =
	    m->end < scene->text->n_tokens && scene->notes[m->end].preposition >= 0;

	/* «وزیر خارجه به A»: where to, not whose */
	if (inside && !pk_span_eq(scene->text->tokens[m->end].key, PK_SPAN("در")))
		return (struct pk_span){ NULL, 0 };
	for (size_t t = m->end; t < scene->text->n_tokens && t < m->end + 5; t++) {
		int i = scene->notes[t].mention;
		const struct pk_mention_at *next =
		    i < 0 ? NULL : &scene->mentions->items[i];

		if (pk_is_punct(scene, t) || scene->notes[t].verb >= 0 ||
		    (t > m->end && scene->notes[t].preposition >= 0) ||
		    pk_at_word(scene, t, PK_CW_BIT(AND) | PK_CW_BIT(OBJECT)))
			break;
		if (next != NULL && ((next->named == PK_NAMED_STATE && !inside) ||
					next->named == PK_NAMED_ORG))
			return next->entity.country;
		if (next != NULL)
			break;
	}
	return (struct pk_span){ NULL, 0 };
}

/* «سخنگوی سازمان مدیریت بحران پاکستان»: the state that is named at the token. */
static struct pk_span
country_at(const struct pk_scene *scene, size_t token)
{
	int i = token < scene->text->n_tokens ? scene->notes[token].mention : -1;

	return i >= 0 && scene->mentions->items[i].named == PK_NAMED_STATE
		   ? scene->mentions->items[i].entity.country
		   : (struct pk_span){ NULL, 0 };
}

static bool
is_office(const struct pk_mention_at *m)
{
	return m->entity.role.id.len > 0 && m->entity.country.len == 0 &&
	       m->entity.org.native.len == 0 && !m->counterpart && !m->plural &&
	       (m->named == PK_NAMED_PERSON || m->named == PK_NAMED_ROLE);
}

/* Mentions as they came, in a copy that the context may complete. */
static int
copy_mentions(struct pk_scene *scene, const struct pk_mentions *mentions)
{
	struct pk_arena *arena = scene->story->arena;
	struct pk_mentions *copy = pk_arena_new_of(arena, struct pk_mentions);

	if (copy == NULL)
		return -ENOMEM;
	copy->len = mentions->len;
	copy->items = pk_arena_calloc(arena, mentions->len + 1, sizeof(*copy->items));
	if (copy->items == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < mentions->len; i++) {
		copy->items[i] = mentions->items[i];
		if (copy->items[i].antecedent != NULL)
			copy->items[i].antecedent =
			    copy->items +
			    (mentions->items[i].antecedent - mentions->items);
	}
	scene->mentions = copy;
	scene->own = copy;
	return 0;
}

/*
 * Two offices of one, who is of the second's state:
 * «الف، معاون نخست‌وزیر و وزیر خارجه ب».
 */
static void
join_second_office(struct pk_scene *scene, size_t i)
{
	struct pk_mention_at *m = &scene->own->items[i];
	size_t t = m->end;
	int next;

	if (m->named != PK_NAMED_PERSON || m->entity.role.id.len == 0 ||
	    !pk_at_word(scene, t, PK_CW_BIT(AND)) || t + 1 >= scene->text->n_tokens)
		return;
	next = scene->notes[t + 1].mention;
	if (next < 0)
		return;
	const struct pk_mention_at *office = &scene->own->items[next];
	if (office->named != PK_NAMED_ROLE || office->plural || office->counterpart ||
	    office->entity.role.id.len == 0 || office->entity.country.len == 0 ||
	    (m->entity.country.len > 0 &&
		!pk_span_eq(m->entity.country, office->entity.country)))
		return;
	m->entity.country = office->entity.country;
	m->end = office->end;
	for (; t < m->end; t++)
		scene->notes[t].mention = (int)i;
}

static void
complete_offices(struct pk_scene *scene)
{
	for (size_t i = 0; i < scene->own->len; i++)
		join_second_office(scene, i);
	for (size_t i = 0; i < scene->own->len; i++) {
		struct pk_mention_at *m = &scene->own->items[i];

		if (is_office(m))
			m->entity.country = country_behind(scene, m);
		else if (m->entity.country.len == 0 && m->entity.id.len == 0 &&
			 m->entity.org.native.len > 0 && m->named == PK_NAMED_ROLE)
			m->entity.country = country_at(scene, m->end);
	}
	/* What is known of somebody at one place is known at all. */
	for (size_t i = 0; i < scene->own->len; i++) {
		struct pk_mention_at *m = &scene->own->items[i];

		if (m->antecedent != NULL && m->entity.country.len == 0)
			m->entity.country = m->antecedent->entity.country;
	}
}

size_t
pk_times_named(const struct pk_scene *scene, struct pk_span country)
{
	for (size_t i = 0; i < scene->countries.len; i++) {
		if (pk_span_eq(scene->countries.items[i].country, country))
			return scene->countries.items[i].n;
	}
	return 0;
}

static int
count_country(struct pk_scene *scene, struct pk_span country)
{
	struct pk_country_named *item;

	for (size_t i = 0; i < scene->countries.len; i++) {
		if (pk_span_eq(scene->countries.items[i].country, country)) {
			scene->countries.items[i].n++;
			return 0;
		}
	}
	item = pk_array_push(scene->story->arena, &scene->countries);
	if (item == NULL)
		return -ENOMEM;
	*item = (struct pk_country_named){ country, 1 };
	return 0;
}

static int
count_countries(struct pk_scene *scene)
{
	for (size_t i = 0; i < scene->own->len; i++) {
		const struct pk_mention_at *m = &scene->own->items[i];

		if (m->entity.country.len > 0 && m->named != PK_NAMED_AGENCY &&
		    count_country(scene, m->entity.country) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* The state that a report is about: it names it clearly more often than any other. */
static struct pk_span
main_country(const struct pk_scene *scene)
{
	struct pk_country_named best = { .n = 0 };
	size_t next = 0;

	for (size_t i = 0; i < scene->countries.len; i++) {
		const struct pk_country_named *c = &scene->countries.items[i];

		if (c->n > best.n) {
			next = best.n;
			best = *c;
		} else if (c->n > next) {
			next = c->n;
		}
	}
	return best.n >= 2 && 2 * best.n >= 3 * next ? best.country
						     : (struct pk_span){ NULL, 0 };
}

static void
find_home(struct pk_scene *scene)
{
	struct pk_span own = scene->story->article->publisher.country;
	struct pk_span about = main_country(scene);

	scene->home = own.len > 0 ? own : about;
	if (about.len > 0 && own.len > 0 &&
	    ABROAD * pk_times_named(scene, own) < pk_times_named(scene, about))
		scene->home = about;
}

int
pk_scene_make(struct pk_story *story, const struct pk_text *text,
    const struct pk_mentions *mentions, const struct pk_dates *dates, bool title,
    struct pk_scene *ret_scene)
{
	struct pk_scene *scene = ret_scene;

	*scene = (struct pk_scene){
		.story = story, .text = text, .dates = dates, .title = title
	};
	scene->notes = pk_arena_calloc(
	    story->arena, text->n_tokens + 1, sizeof(struct pk_token_notes));
	if (scene->notes == NULL || copy_mentions(scene, mentions) < 0)
		return -ENOMEM;
	note_phrases(scene);
	note_mentions(scene);
	if (note_verbs(scene) < 0)
		return -ENOMEM;
	complete_offices(scene);
	if (count_countries(scene) < 0)
		return -ENOMEM;
	find_home(scene);
	return 0;
}

struct pk_draft *
pk_draft_new(
    struct pk_scene *scene, const struct pk_rule *rule, size_t first, size_t end)
{
	struct pk_story *story = scene->story;
	struct pk_draft *draft = pk_arena_new_of(story->arena, struct pk_draft);
	/* no place for one that there is not: others look through them */
	struct pk_draft **item =
	    draft == NULL ? NULL : pk_array_push(story->arena, &story->drafts);

	if (item == NULL)
		return NULL;
	*item = draft;
	*draft = (struct pk_draft){ .scene = scene,
		.rule = rule,
		.first = first,
		.end = end,
		.clause = first,
		.verb = PK_NOWHERE,
		.after = PK_NOWHERE,
		.stop = PK_NOWHERE,
		.zone = scene->notes[first].zone };
	draft->event = (struct pk_event){ .op = PK_OP_NEW,
		.rev = 1,
		.type = rule->type,
		.mode = rule->mode,
		.cameo = rule->cameo,
		.trigger = pk_text_of(scene->text, first, end),
		.trigger_range = pk_scene_range(scene, first, end),
		.lemma = rule->lemma,
		.rule = rule->id };
	return draft;
}

bool
pk_at_word(const struct pk_scene *scene, size_t token, uint64_t classes)
{
	return token < scene->text->n_tokens &&
	       (scene->notes[token].words & classes) != 0;
}

bool
pk_opens_frame(const struct pk_scene *scene, size_t token)
{
	return token < scene->text->n_tokens &&
	       (pk_span_eq(scene->text->tokens[token].key, PK_SPAN("با")) ||
		   pk_span_eq(scene->text->tokens[token].key, PK_SPAN("ضمن")));
}

bool
pk_is_punct(const struct pk_scene *scene, size_t token)
{
	return token < scene->text->n_tokens &&
	       scene->text->tokens[token].kind == PK_TOKEN_PUNCT;
}

bool
pk_at_punct(const struct pk_scene *scene, size_t token, const char *mark)
{
	const struct pk_token *t = &scene->text->tokens[token];

	return token < scene->text->n_tokens && t->kind == PK_TOKEN_PUNCT &&
	       pk_span_starts_with(
		   (struct pk_span){ scene->text->bytes.ptr + t->byte, t->bytes },
		   pk_span_of(mark));
}

const struct pk_verb_at *
pk_finite_at(const struct pk_scene *scene, size_t token)
{
	int verb = token < scene->text->n_tokens ? scene->notes[token].verb : -1;
	const struct pk_verb_at *at = verb < 0 ? NULL : &scene->verbs.items[verb];

	return at != NULL && at->first == token && at->finite ? at : NULL;
}

bool
pk_has_word(const struct pk_scene *scene, size_t first, size_t end, uint64_t classes)
{
	for (size_t t = first; t < end && t < scene->text->n_tokens; t++) {
		if (pk_at_word(scene, t, classes))
			return true;
	}
	return false;
}

/* «شدیداً», «رسماً»: an adverb by its ending. */
static bool
is_tanwin(const struct pk_scene *scene, size_t token)
{
	struct pk_span word = pk_text_of(scene->text, token, token + 1);

	return pk_span_ends_with(word, PK_SPAN("اً")) ||
	       pk_span_ends_with(word, PK_SPAN("ًا"));
}

/* A word of no other job. */
static bool
is_common(const struct pk_scene *scene, size_t token)
{
	const struct pk_token_notes *note = &scene->notes[token];

	return token < scene->text->n_tokens &&
	       scene->text->tokens[token].kind == PK_TOKEN_WORD && note->words == 0 &&
	       note->preposition < 0 && note->verb < 0 && note->date < 0 &&
	       note->mention < 0;
}

/* «قدردانی کرد»: the nominal part of a verb of its own, no adjective. */
static bool
is_nominal(const struct pk_scene *scene, size_t token)
{
	const struct pk_rules *rules = scene->story->rules;
	size_t n = scene->text->n_tokens;
	struct pk_phrase_match match;

	return (pk_phrases_match(rules->predicates, scene->text, token, n, &match) &&
		   !((const struct pk_rule *)match.values[0])->inflected) ||
	       (pk_phrases_match(rules->cues, scene->text, token, n, &match) &&
		   !((const struct pk_rule *)match.values[0])->inflected);
}

/* «کوتاهی», «دوستانه‌ای», «دوستانه ای»: with the
 * indefinite ی.
 */
static size_t
indefinite_end(const struct pk_scene *scene, size_t token)
{
	struct pk_span key = scene->text->tokens[token].key;

	if (!is_common(scene, token) || is_nominal(scene, token))
		return token;
	if (pk_span_ends_with(key, PK_SPAN("ه")) && is_common(scene, token + 1) &&
	    pk_span_eq(scene->text->tokens[token + 1].key, PK_SPAN("ای")))
		return token + 2;
	return pk_span_ends_with(key, PK_SPAN("ی")) && pk_utf8_count(key) > 2
		   ? token + 1
		   : token;
}

bool
pk_is_adverb(const struct pk_scene *scene, size_t token)
{
	return is_common(scene, token) && is_tanwin(scene, token);
}

size_t
pk_gap_end(const struct pk_scene *scene, size_t token)
{
	if (token >= scene->text->n_tokens)
		return token;
	if (pk_at_word(scene, token, PK_CW_BIT(GAP)))
		return scene->notes[token].word_end;
	return pk_is_adverb(scene, token) ? token + 1 : indefinite_end(scene, token);
}

const struct pk_sentence *
pk_sentence_at(const struct pk_scene *scene, size_t token)
{
	return &scene->text->sentences[scene->text->tokens[token].sentence];
}

static bool
is_border(const struct pk_scene *scene, size_t token)
{
	int verb = scene->notes[token].verb;

	return (verb >= 0 && scene->verbs.items[verb].finite) ||
	       pk_at_punct(scene, token, "؛") || pk_at_punct(scene, token, ":") ||
	       pk_at_word(scene, token, PK_CW_BIT(COMP));
}

size_t
pk_clause_start(const struct pk_scene *scene, size_t token, size_t floor)
{
	size_t t = token;

	while (t > floor && !is_border(scene, t - 1))
		t--;
	return t;
}

struct pk_range
pk_scene_range(const struct pk_scene *scene, size_t first, size_t end)
{
	struct pk_range range = pk_text_range(scene->text, first, end);

	range.in_title = scene->title;
	return range;
}
