/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/predicate.h"

#include "extract/events/argument.h"
#include "extract/events/modality.h"
#include "extract/events/reference.h"

#include <errno.h>

/* From a noun to the verb that governs it, in tokens. */
#define WIDE_MAX 60
#define GAP_MAX  2
/* From a noun to the date that it has. */
#define DATE_GAP_MAX 4

static bool
is_verb_of(const struct pk_verb_at *verb, struct pk_span id)
{
	return pk_span_eq(verb->form.verb, id);
}

/* «مذاکراتی انجام داد», «به عمل آورد»: to do, in other words. */
static bool
is_doing(const struct pk_scene *scene, const struct pk_verb_at *verb)
{
	size_t t = verb->first;

	return (t > 0 && scene->notes[t - 1].word_end == t &&
		   pk_at_word(scene, t - 1, PK_CW_BIT(DOING))) ||
	       (t > 1 && scene->notes[t - 2].word_end == t &&
		   pk_at_word(scene, t - 2, PK_CW_BIT(DOING)));
}

/*
 * «قطع شد» for a row that has «قطع کرد», «پذیرفته شد», «هدف قرار
 * گرفت»: for rows that say that they may be turned round.
 */
static bool
is_passive(const struct pk_scene *scene, const struct pk_rule *rule,
    const struct pk_verb_at *verb)
{
	if (verb == NULL || !PK_RULE_HAS(rule, PASSIVE))
		return false;
	if (verb->form.passive)
		return pk_rule_takes_form(rule, &verb->form);
	if (pk_rule_takes_form(rule, &verb->form))
		return false;
	if (is_verb_of(verb, PK_SPAN("gereft")))
		return pk_rule_takes(rule, PK_SPAN("dad")) ||
		       (pk_rule_takes(rule, PK_SPAN("kard")) && is_doing(scene, verb));
	return (is_verb_of(verb, PK_SPAN("shod")) ||
		   is_verb_of(verb, PK_SPAN("gardid"))) &&
	       (pk_rule_takes(rule, PK_SPAN("kard")) ||
		   pk_rule_takes(rule, PK_SPAN("sakht")));
}

/* A row that matched at some tokens, before its arguments are looked for. */
static bool
takes_verb(const struct pk_scene *scene, const struct pk_rule *rule,
    const struct pk_verb_at *verb)
{
	if (verb == NULL || !verb->finite)
		return false;
	if (pk_rule_takes_form(rule, &verb->form) || is_passive(scene, rule, verb))
		return true;
	return pk_rule_takes(rule, PK_SPAN("kard")) && is_doing(scene, verb) &&
	       (is_verb_of(verb, PK_SPAN("dad")) || is_verb_of(verb, PK_SPAN("avard")));
}

static const struct pk_verb_at *
verb_covering(const struct pk_scene *scene, size_t token)
{
	int i = token < scene->text->n_tokens ? scene->notes[token].verb : -1;

	return i < 0 ? NULL : &scene->verbs.items[i];
}

/* The verb right behind the noun; «وارد تهران شد» may have a name between them. */
static const struct pk_verb_at *
verb_behind(const struct pk_match *m, size_t limit)
{
	const struct pk_scene *scene = m->scene;
	size_t t = m->end;

	for (size_t gap = 0; gap <= GAP_MAX && t < limit; gap++) {
		const struct pk_verb_at *verb = verb_covering(scene, t);
		int mention = scene->notes[t].mention;

		if (verb != NULL)
			return verb->first == t && takes_verb(scene, m->rule, verb)
				   ? verb
				   : NULL;
		if (mention >= 0 &&
		    (PK_RULE_HAS(m->rule, PERSON) || PK_RULE_HAS(m->rule, PLACE)))
			t = scene->mentions->items[mention].end;
		else if (mention < 0 && PK_RULE_HAS(m->rule, LOOSE) &&
			 scene->text->tokens[t].kind == PK_TOKEN_WORD &&
			 scene->notes[t].preposition < 0 &&
			 !pk_at_word(scene, t, PK_CW_BIT(OBJECT) | PK_CW_BIT(DECLARE)))
			t++;
		else if (pk_at_word(scene, t, PK_CW_BIT(DOING)))
			t = scene->notes[t].word_end;
		else if (pk_gap_end(scene, t) > t)
			t = pk_gap_end(scene, t);
		else
			return NULL;
	}
	return NULL;
}

/* «X را محکوم و از Y قدردانی کرد»: its verb is that of what it is joined to. */
static const struct pk_verb_at *
verb_elided(const struct pk_match *m, size_t limit)
{
	const struct pk_scene *scene = m->scene;

	if (!pk_has_word(scene, pk_clause_start(scene, m->first, m->floor), m->first,
		PK_CW_BIT(OBJECT)) ||
	    !pk_at_word(scene, m->end, PK_CW_BIT(AND)) ||
	    !pk_rule_takes(m->rule, PK_SPAN("kard")))
		return NULL;
	for (size_t t = m->end + 1; t < limit && t < m->end + WIDE_MAX; t++) {
		const struct pk_verb_at *verb = pk_finite_at(scene, t);

		if (verb != NULL)
			return verb;
		if (pk_at_word(scene, t, PK_CW_BIT(COMP)))
			return NULL;
	}
	return NULL;
}

/* The rule's verb further on in the sentence; one clause may stand between. */
static const struct pk_verb_at *
verb_beyond(const struct pk_match *m, size_t limit)
{
	const struct pk_scene *scene = m->scene;
	bool embedded = false;

	for (size_t t = m->end; t < limit && t < m->end + WIDE_MAX; t++) {
		const struct pk_verb_at *verb = pk_finite_at(scene, t);

		if (pk_at_word(scene, t, PK_CW_BIT(COMP)))
			embedded = true;
		if (verb == NULL)
			continue;
		if (takes_verb(scene, m->rule, verb))
			return verb;
		if (!embedded)
			return NULL;
		embedded = false;
	}
	return NULL;
}

static bool
is_light(const struct pk_verb_at *verb)
{
	static const char *const light[] = { "kard", "nemud", "dasht", "pardakht",
		"dad", "gereft", "khast" };

	for (size_t i = 0; verb != NULL && i < PK_COUNT(light); i++) {
		if (pk_span_eq(verb->form.verb, pk_span_of(light[i])))
			return true;
	}
	return false;
}

/* «بر حمایت از X ... تأکید کرد» */
static bool
is_stressed(struct pk_match *m, size_t limit)
{
	const struct pk_scene *scene = m->scene;

	if (m->first == 0 ||
	    !pk_span_eq(scene->text->tokens[m->first - 1].key, PK_SPAN("بر")))
		return false;
	for (size_t t = m->end; t < limit; t++) {
		if (pk_at_word(scene, t, PK_CW_BIT(STRESS))) {
			m->verb = verb_covering(scene, scene->notes[t].word_end);
			return m->verb != NULL && m->verb->finite;
		}
		if (pk_finite_at(scene, t) != NULL)
			return false;
	}
	return false;
}

/* «اجلاس برگزار شد»: a noun of the HELD kind needs its verb. */
static bool
is_held(struct pk_match *m, size_t limit)
{
	for (size_t t = m->end; t < limit; t++) {
		const struct pk_verb_at *verb = pk_finite_at(m->scene, t);

		if (verb == NULL)
			continue;
		m->verb = verb;
		return pk_span_eq(verb->form.verb, PK_SPAN("bargozar_shod")) ||
		       pk_span_eq(verb->form.verb, PK_SPAN("aghaz_shod")) ||
		       pk_at_word(m->scene, t - 1, PK_CW_BIT(GOING_ON));
	}
	return false;
}

/* Finds the verb that the rule's form asks for. */
static bool
find_verb(struct pk_match *m, size_t limit)
{
	switch (m->rule->form) {
	case PK_RULE_VERB:
		if (m->verb == NULL)
			m->verb = verb_behind(m, limit);
		if (m->verb == NULL)
			m->verb = verb_elided(m, limit);
		return m->verb != NULL;
	case PK_RULE_WIDE:
		if (m->rule->verbs.len == 0)
			return true;
		m->verb = verb_beyond(m, limit);
		return m->verb != NULL;
	case PK_RULE_NOUN:
		if (PK_RULE_HAS(m->rule, HELD))
			return is_held(m, limit);
		return !is_light(verb_covering(m->scene, m->end));
	case PK_RULE_FRAME:
		return m->first > 0 && pk_opens_frame(m->scene, m->first - 1) &&
		       !is_light(verb_covering(m->scene, m->end));
	case PK_RULE_STRESSED:
		return is_stressed(m, limit);
	case PK_RULE_CUE:
	default:
		return false;
	}
}

static bool
has_words(
    const struct pk_match *m, const struct pk_phrases *words, size_t first, size_t end)
{
	struct pk_phrase_match match;

	for (size_t t = first; words != NULL && t < end; t++) {
		if (pk_phrases_match(words, m->scene->text, t, end, &match))
			return true;
	}
	return false;
}

/* «نشست پیشین در مراکش برگزار شده بود» */
static bool
held_later(const struct pk_match *m)
{
	struct pk_match copy = *m;

	return is_held(&copy, m->limit);
}

/* Where the words of the clause that count begin: of a label, behind what bears it. */
static size_t
words_start(const struct pk_match *m)
{
	size_t start = m->clause;

	for (size_t t = m->clause; PK_RULE_HAS(m->rule, LABEL) && t < m->first; t++) {
		if (pk_at_word(m->scene, t, PK_CW_BIT(OBJECT)))
			start = t;
	}
	return start;
}

static bool
lacks_needs(const struct pk_match *m, size_t end)
{
	return (m->rule->needs != 0 || m->rule->need_words != NULL) &&
	       !pk_has_word(m->scene, words_start(m), end, m->rule->needs) &&
	       !has_words(m, m->rule->need_words, words_start(m), end);
}

/* What the row needs and bars, in its clause and what follows the trigger. */
static bool
has_conditions(const struct pk_match *m)
{
	const struct pk_rule *rule = m->rule;
	size_t end = m->limit;

	/* «اجلاس قزاقستان»، «اجلاس در سپتامبر»: a place or date makes it one. */
	if (PK_RULE_HAS(rule, MULTI) && m->end < end &&
	    (m->scene->notes[m->end].mention >= 0 ||
		m->scene->notes[m->end].date >= 0 ||
		(m->end + 1 < end && m->scene->notes[m->end + 1].date >= 0)))
		return true;
	if (PK_RULE_HAS(rule, MULTI) && held_later(m))
		return true;
	if (rule->form == PK_RULE_VERB)
		end = PK_RULE_HAS(rule, READY) || PK_RULE_HAS(rule, COMPLEMENT)
			  ? m->sentence_end
			  : m->verb->end;
	if (lacks_needs(m, end))
		return false;
	/* «با حمله به X مخالفت کرد»: the verb of a frame may take its preposition. */
	end = rule->form == PK_RULE_FRAME ? m->zone_end
	      : m->verb == NULL           ? m->end
					  : m->verb->end;
	return !(rule->bars != 0 &&
		   pk_has_word(m->scene, m->clause, end, rule->bars)) &&
	       !has_words(m, rule->bar_words, m->clause, end);
}

static bool
object_before(const struct pk_match *m)
{
	return m->first > m->clause &&
	       pk_at_word(m->scene, m->first - 1, PK_CW_BIT(OBJECT));
}

/* «از X خواست (که|تا) ... بکند»: not «خواست» alone, which is only to want. */
static bool
asks(const struct pk_match *m)
{
	const struct pk_scene *scene = m->scene;
	int from = pk_rules_role(scene->story->rules, PK_SPAN("از"));
	bool named = false;

	for (size_t t = m->clause; t < m->first; t++)
		named |= PK_RULE_HAS(m->rule, BY_OBJECT)
			     ? pk_at_word(scene, t, PK_CW_BIT(OBJECT))
			     : scene->notes[t].preposition == from;
	if (!named)
		return false;
	if (pk_at_word(scene, m->verb->end, PK_CW_BIT(COMP) | PK_CW_BIT(PURPOSE)))
		return true;
	for (size_t t = m->verb->end; t < m->zone_end; t++) {
		const struct pk_verb_at *verb = pk_finite_at(scene, t);

		/* «متوقف کرده و بازگردد» */
		if (verb != NULL && verb->form.tense != PK_TENSE_PARTICIPLE)
			return verb->form.tense == PK_TENSE_SUBJUNCTIVE;
	}
	return false;
}

/* «مخالفت خود را اعلام کرد»، «از تحریم X خبر داد» */
static bool
is_declared(const struct pk_match *m)
{
	const struct pk_scene *scene = m->scene;
	const struct pk_verb_at *verb = m->verb;

	for (size_t t = m->end; t < m->zone_end && verb == NULL; t++) {
		if (pk_at_word(scene, t, PK_CW_BIT(COMP)) || pk_is_punct(scene, t))
			return false;
		verb = pk_finite_at(scene, t);
	}
	if (verb == NULL || verb->first == 0)
		return false;
	/* «از مخالفت با X خبر نداد» */
	if (m->verb == NULL && verb->form.negative)
		return false;
	return pk_at_word(scene, verb->first - 1, PK_CW_BIT(DECLARE)) ||
	       (m->verb == NULL && pk_span_eq(scene->text->tokens[verb->first - 1].key,
				       PK_SPAN("خبر")));
}

/*
 * «تدابیر متقابل اعلام خواهیم کرد»: a threat is of what will be. Of what will not be
 * left undone, or is done every time, in the present, too: «بی پاسخ نمی ماند».
 */
static bool
is_ahead(const struct pk_match *m)
{
	enum pk_tense tense = m->verb->form.tense;

	if ((PK_RULE_HAS(m->rule, NEGATIVE) || PK_RULE_HAS(m->rule, AHEAD)) &&
	    (tense == PK_TENSE_PRESENT || tense == PK_TENSE_SUBJUNCTIVE))
		return true;
	return tense == PK_TENSE_FUTURE;
}

/* Conditions that are about the grammar of the clause. */
static bool
fits(const struct pk_match *m)
{
	const struct pk_scene *scene = m->scene;
	const struct pk_rule *rule = m->rule;

	if (PK_RULE_HAS(rule, CLAUSE) && rule->form == PK_RULE_VERB &&
	    rule->type == PK_EVENT_AGREE &&
	    !pk_at_word(scene, m->verb->end, PK_CW_BIT(COMP)))
		return false;
	if (PK_RULE_HAS(rule, CLAUSE) && rule->type == PK_EVENT_REQUEST && !asks(m))
		return false;
	if (PK_RULE_HAS(rule, DECLARED) && !is_declared(m))
		return false;
	if (((rule->type == PK_EVENT_THREATEN && rule->form == PK_RULE_WIDE) ||
		PK_RULE_HAS(rule, AHEAD)) &&
	    !is_ahead(m))
		return false;
	if (PK_RULE_HAS(rule, CONDITION) && !object_before(m))
		return false;
	if (PK_RULE_HAS(rule, LABEL) &&
	    !pk_has_word(scene, m->clause, m->first, PK_CW_BIT(OBJECT)))
		return false;
	/* «آمادگی ... دارد» or «... را اعلام کرد», not «آمادگی ... فراهم کرد». */
	if (PK_RULE_HAS(rule, READY) && rule->form == PK_RULE_WIDE && m->verb != NULL &&
	    pk_span_eq(m->verb->form.verb, PK_SPAN("kard")) &&
	    !pk_at_word(scene, m->verb->first - 1, PK_CW_BIT(DECLARE)))
		return false;
	return true;
}

/* Is the trigger something that is only wished, planned, prepared or put off? */
static bool
is_unreal(const struct pk_match *m)
{
	size_t back = m->first > m->clause + 2 ? m->first - 3 : m->clause;
	int about = pk_rules_role(m->scene->story->rules, PK_SPAN("درباره"));

	/* «درباره سفر X به Y گفت»: a topic; the news of it is told elsewhere. */
	for (size_t t = back; t < m->first; t++) {
		if (m->scene->notes[t].preposition == about &&
		    m->scene->notes[t].preposition_end == m->first)
			return true;
	}

	return pk_has_word(m->scene, back, m->first, PK_CW_BIT(UNREAL));
}

/*
 * May the row be negated? Not where that is another act («نپذیرفت»), nor where the
 * verb only tells of an act that its noun names («مخالفت خود را اعلام نکرد»).
 */
static bool
is_negatable(const struct pk_rule *rule)
{
	return !PK_RULE_HAS(rule, POSITIVE) && !PK_RULE_HAS(rule, READY) &&
	       !PK_RULE_HAS(rule, DECLARED) && !PK_RULE_HAS(rule, CONDITION) &&
	       !PK_RULE_HAS(rule, LETTER) &&
	       (rule->form == PK_RULE_VERB || rule->form == PK_RULE_WIDE ||
		   rule->form == PK_RULE_NOUN);
}

/* «هیچ مذاکره‌ای با X نداریم»: a noun of which there is none. */
static bool
is_none(const struct pk_match *m)
{
	const struct pk_scene *scene = m->scene;

	if (m->rule->form != PK_RULE_NOUN || m->first == m->clause ||
	    !pk_span_eq(scene->text->tokens[m->first - 1].key, PK_SPAN("هیچ")))
		return false;
	for (size_t t = m->end; t < m->zone_end; t++) {
		const struct pk_verb_at *verb = pk_finite_at(scene, t);

		if (verb != NULL)
			return verb->form.negative;
	}
	return false;
}

/* Is it told that the act did not, or will not, take place? */
static bool
is_negative(const struct pk_match *m, uint32_t status)
{
	bool negative = m->verb != NULL && m->verb->form.negative &&
			!PK_RULE_HAS(m->rule, NEGATIVE);

	if (is_none(m))
		return true;
	return negative != ((status & (1u << PK_STATUS_DENIED)) != 0);
}

static bool
is_cancelling(const struct pk_scene *scene, size_t verb)
{
	return pk_at_word(scene, verb - 1, PK_CW_BIT(CANCEL)) ||
	       (verb > 1 && scene->notes[verb - 2].word_end == verb &&
		   pk_at_word(scene, verb - 2, PK_CW_BIT(CANCEL)));
}

/*
 * «توافق با X را لغو کرد»، «سفر X که قرار بود ... لغو شد»: what is called off is no
 * act.
 */
static bool
is_called_off(const struct pk_match *m)
{
	const struct pk_scene *scene = m->scene;
	bool relative = false;

	if (m->rule->form != PK_RULE_NOUN || m->rule->type == PK_EVENT_ASSAULT)
		return false;
	for (size_t t = m->end; t < m->zone_end; t++) {
		relative |= pk_at_word(scene, t, PK_CW_BIT(COMP));
		if (pk_is_punct(scene, t) && !relative)
			return false;
		if (pk_finite_at(scene, t) == NULL)
			continue;
		if (is_cancelling(scene, t))
			return true;
		if (!relative)
			return false;
	}
	return false;
}

/* A verb's mood may say that nothing happened. */
static bool
is_told(const struct pk_match *m, uint32_t status)
{
	const uint32_t weak = 1u << PK_STATUS_CONDITIONAL | 1u << PK_STATUS_POSSIBLE |
			      1u << PK_STATUS_DEMANDED | 1u << PK_STATUS_QUESTIONED;
	const uint32_t wish =
	    1u << PK_STATUS_HOPED | 1u << PK_STATUS_PLANNED | 1u << PK_STATUS_DENIED;

	if (PK_RULE_HAS(m->rule, NEGATIVE) &&
	    (m->verb == NULL || !m->verb->form.negative))
		return false;
	if (is_negative(m, status) && !is_negatable(m->rule))
		return false;
	/* What is not intended is what the verb says, not a noun beside it. */
	if (m->rule->form == PK_RULE_NOUN && (status & (1u << PK_STATUS_DENIED)) != 0)
		return false;
	if ((status & weak) != 0)
		return false;
	if (m->verb != NULL && m->verb->form.tense == PK_TENSE_SUBJUNCTIVE &&
	    m->rule->form != PK_RULE_NOUN)
		return (status & wish) != 0;
	return true;
}

/*
 * «حمله روز گذشته به X»: an attack of nobody known is one when it has its day; without
 * one it may be a threat, a topic, or anybody's.
 */
static bool
is_dated(const struct pk_match *m)
{
	for (size_t t = m->end; t < m->limit && t <= m->end + DATE_GAP_MAX; t++) {
		if (m->scene->notes[t].date >= 0 ||
		    pk_at_word(m->scene, t, PK_CW_BIT(RECENT)))
			return true;
		if (m->scene->notes[t].preposition >= 0 ||
		    pk_finite_at(m->scene, t) != NULL || pk_is_punct(m->scene, t))
			return false;
	}
	return false;
}

/* Copies the parties into the arena. */
static int
give(struct pk_story *story, const struct pk_parties *from,
    struct pk_entity **ret_items, size_t *ret_n)
{
	*ret_items =
	    pk_arena_calloc(story->arena, from->n + 1, sizeof(struct pk_entity));
	if (*ret_items == NULL)
		return -ENOMEM;
	memcpy(*ret_items, from->items, from->n * sizeof(struct pk_entity));
	*ret_n = from->n;
	return 0;
}

/* The tokens that tell what was asked or agreed. */
static void
set_complement(const struct pk_match *m, struct pk_draft *d)
{
	size_t t = m->verb == NULL ? m->end : m->verb->end;
	/* What a cue opens lies in its own zone; other complements in the trigger's. */
	size_t end =
	    t >= m->zone_end || t + 1 >= m->zone_end ? m->sentence_end : m->zone_end;

	if (t < m->sentence_end &&
	    pk_at_word(m->scene, t, PK_CW_BIT(COMP) | PK_CW_BIT(PURPOSE)))
		t++;
	if (m->rule->form == PK_RULE_WIDE && PK_RULE_HAS(m->rule, REST))
		t = m->end;
	if (t < m->sentence_end && !pk_is_punct(m->scene, t) &&
	    !pk_at_word(m->scene, t, PK_CW_BIT(AND))) {
		d->after = t;
		d->stop = end;
	} else {
		d->after = m->clause;
		d->stop = m->first;
	}
	if (PK_RULE_HAS(m->rule, CONDITION)) {
		d->after = m->clause;
		d->stop = m->first;
	}
}

/* The mode that words in tokens [first, end) tell of the type, or NULL. */
static const char *
mode_of_words(
    const struct pk_scene *scene, enum pk_event_type type, size_t first, size_t end)
{
	const struct pk_mode_rule *best = NULL;
	struct pk_phrase_match match;

	for (size_t t = first; t < end; t++) {
		if (!pk_phrases_match(
			scene->story->rules->modes, scene->text, t, end, &match))
			continue;
		for (size_t i = 0; i < match.n_values; i++) {
			const struct pk_mode_rule *rule = match.values[i];

			if (rule->type == type &&
			    (best == NULL || rule->order < best->order))
				best = rule;
		}
	}
	return best == NULL ? NULL : pk_event_mode(type, pk_span_of(best->mode));
}

/* What is asked or threatened follows; by what means is told in the clause. */
static const char *
mode_of(const struct pk_match *m, const struct pk_draft *d)
{
	const char *mode = NULL;

	if (d->event.type == PK_EVENT_ASSAULT)
		return mode_of_words(m->scene, PK_EVENT_ASSAULT, m->clause,
		    m->verb == NULL ? m->end : m->verb->end);
	if (PK_RULE_HAS(m->rule, MODE) || d->event.type == PK_EVENT_THREATEN ||
	    d->event.type == PK_EVENT_REJECT)
		mode = mode_of_words(m->scene, d->event.type, d->after, d->stop);
	return mode;
}

/* A letter or an answer handed over is a statement in writing. */
static void
set_letter(const struct pk_match *m, struct pk_draft *d)
{
	struct pk_statement *s = &d->event.statement;

	s->form = PK_FORM_INDIRECT;
	s->cue = d->event.trigger;
	s->cue_range = d->event.trigger_range;
	s->cue_lemma = m->rule->lemma;
	s->class = PK_CUE_ANSWER;
	s->medium = PK_MEDIUM_LETTER;
	s->addressee = d->event.n_recipients > 0 ? d->event.recipients : NULL;
	d->after = PK_NOWHERE;
}

static bool
has_person_of(const struct pk_parties *parties, struct pk_span country)
{
	for (size_t i = 0; i < parties->n; i++) {
		if (parties->items[i].kind == PK_KIND_PERSON &&
		    pk_span_eq(parties->items[i].country, country))
			return true;
	}
	return false;
}

/* «با الف و ب، همتایان هندی و پاکستانی خود»: the adjectives are of people who are
 * named. */
static void
drop_states(struct pk_parties *parties)
{
	struct pk_parties kept = { .n = 0 };

	for (size_t i = 0; i < parties->n; i++) {
		const struct pk_entity *e = &parties->items[i];

		if (e->mention != PK_MENTION_NATIONALITY ||
		    !has_person_of(parties, e->country))
			pk_parties_add(&kept, e);
	}
	*parties = kept;
}

/* CONSULT and AGREE carry all parties in actors; only a visit has a host. */
static bool
arrange(const struct pk_match *m, struct pk_arguments *a)
{
	enum pk_event_type type = m->rule->type;
	bool together = type == PK_EVENT_CONSULT || type == PK_EVENT_AGREE;

	if (a->hosts.n > 0) {
		a->recipients = a->hosts;
		return a->actors.n > 0;
	}
	if (together && type != PK_EVENT_AGREE) {
		for (size_t i = 0; i < a->recipients.n; i++)
			pk_parties_add(&a->actors, &a->recipients.items[i]);
		a->recipients.n = 0;
	}
	if (type == PK_EVENT_CONSULT)
		drop_states(&a->actors);
	if (type == PK_EVENT_CONSULT)
		return a->actors.n >= 2 || PK_RULE_HAS(m->rule, MULTI) ||
		       (a->actors.n == 1 && PK_RULE_HAS(m->rule, ALONE)) ||
		       (a->actors.n == 1 && m->rule->form == PK_RULE_VERB &&
			   a->actors.items[0].kind == PK_KIND_GROUP);
	if (PK_RULE_HAS(m->rule, JOINT) && type == PK_EVENT_AGREE)
		return a->actors.n >= 2 ||
		       (a->actors.n == 1 && a->actors.items[0].kind == PK_KIND_GROUP);
	/* «خط حمله X» is none, «حمله موشکی دیروز» is. */
	if (type == PK_EVENT_ASSAULT && m->rule->form == PK_RULE_NOUN &&
	    (a->actors.n == 0 || a->recipients.n == 0))
		return (a->recipients.n > 0 || m->end > m->first + 1) && is_dated(m);
	/* What the row needs says what befell, even where nobody is named. */
	if (m->passive && (m->rule->needs != 0 || m->rule->need_words != NULL))
		return true;
	return a->actors.n > 0 || a->recipients.n > 0;
}

/* The reporter's own sentence about somebody makes them the one who is spoken of. */
static void
move_discourse(const struct pk_match *m, struct pk_draft *d)
{
	struct pk_story *story = m->scene->story;

	if (d->event.type == PK_EVENT_CONSULT && !PK_RULE_HAS(m->rule, MULTI) &&
	    d->event.n_actors + d->event.n_recipients >= 2 &&
	    !d->event.modality.negative)
		story->consult = d;
	if (d->zone < 0 && m->verb != NULL && d->event.type != PK_EVENT_CONSULT &&
	    d->event.n_actors > 0 && d->event.actors[0].kind == PK_KIND_PERSON)
		pk_set_speaker(m->scene, &d->event.actors[0], m->first);
	story->last = d;
}

static int
make_event(const struct pk_match *m, struct pk_arguments *a, uint32_t status)
{
	struct pk_story *story = m->scene->story;
	size_t end = m->verb != NULL && m->rule->form != PK_RULE_WIDE &&
			     m->rule->form != PK_RULE_STRESSED &&
			     m->rule->form != PK_RULE_NOUN &&
			     m->verb->first <= m->end + GAP_MAX + 1
			 ? m->verb->end
			 : m->end;
	struct pk_draft *d = pk_draft_new(m->scene, m->rule, m->first, end);

	if (d == NULL ||
	    give(story, &a->actors, &d->event.actors, &d->event.n_actors) < 0 ||
	    give(story, &a->recipients, &d->event.recipients, &d->event.n_recipients) <
		0)
		return -ENOMEM;
	/* who stands between two is none of them */
	if (pk_span_eq(m->rule->cameo, PK_SPAN("045")) &&
	    give(story, &a->subject, &d->event.participants, &d->event.n_participants) <
		0)
		return -ENOMEM;
	d->clause = m->clause;
	d->zone = m->scene->notes[m->first].zone;
	if (m->verb != NULL)
		d->verb = (size_t)(m->verb - m->scene->verbs.items);
	set_complement(m, d);
	if (d->event.mode == NULL)
		d->event.mode = mode_of(m, d);
	if (PK_RULE_HAS(m->rule, LETTER))
		set_letter(m, d);
	if (d->event.type == PK_EVENT_CONSULT && d->event.mode == NULL &&
	    pk_has_word(m->scene, m->clause, m->end, PK_CW_BIT(PHONE)))
		d->event.mode = pk_event_mode(PK_EVENT_CONSULT, PK_SPAN("phone"));
	d->event.modality.status = status;
	d->event.modality.negative = is_negative(m, status);
	move_discourse(m, d);
	return 1;
}

/* «این دیدار»: one more place where the last meeting is told. */
static int
recall_meeting(const struct pk_match *m)
{
	struct pk_story *story = m->scene->story;
	struct pk_range *place;

	if (story->consult == NULL || m->scene->title)
		return 0;
	place = pk_array_push(story->arena, &story->consult->places);
	if (place == NULL)
		return -ENOMEM;
	*place = pk_scene_range(m->scene, m->first, m->end);
	return 1;
}

/* Where the clause begins in which a clause about a noun stands that ends before
 * `from`; `from` where there is none. */
static size_t
around_relative(const struct pk_match *m, size_t from)
{
	const struct pk_scene *scene = m->scene;
	size_t t = from;

	while (t > m->floor && scene->notes[t - 1].verb >= 0)
		t--;
	if (t == from)
		return from;
	t = pk_clause_start(scene, t, m->floor);
	/* «که قرار بود برود» */
	while (t > m->floor + 1 && scene->notes[t - 1].verb >= 0)
		t = pk_clause_start(scene, t - 1, m->floor);
	if (t <= m->floor + 1 || !pk_at_word(scene, t - 1, PK_CW_BIT(COMP)) ||
	    scene->notes[t - 2].verb >= 0)
		return from;
	return pk_clause_start(scene, t - 1, m->floor);
}

/*
 * The first token of the match's clause. Where a clause about a noun stands right
 * before the trigger, its own begins before that: «از الف که ... مخالفت کرد، قدردانی
 * می‌کنیم».
 */
static size_t
clause_of(const struct pk_match *m)
{
	size_t first = pk_clause_start(m->scene, m->first, m->floor);

	return first == m->first ||
		       (first + 1 == m->first && pk_at_punct(m->scene, first, "،"))
		   ? around_relative(m, first)
		   : first;
}

/* 1 when the row made an event, 0 when it does not hold here. */
static int
try_rule(struct pk_scene *scene, const struct pk_sentence *s,
    const struct pk_rule *rule, size_t first, size_t end, const struct pk_verb_at *verb)
{
	struct pk_match m = { .scene = scene,
		.rule = rule,
		.first = first,
		.end = end,
		.verb = verb,
		.zone = scene->notes[first].zone,
		.sentence_end = s->end };
	struct pk_arguments a = { 0 };
	uint32_t status;

	if (PK_RULE_HAS(rule, ANAPHOR))
		return recall_meeting(&m);
	pk_match_bounds(&m, s);
	if (!find_verb(&m, m.zone_end))
		return 0;
	m.clause = clause_of(&m);
	m.limit = m.zone_end;
	m.passive = is_passive(scene, rule, m.verb);
	/* «سفر X که قرار بود امروز باشد، به دلیل بیماری لغو شد» */
	if (m.passive && lacks_needs(&m, m.verb->end))
		m.clause = around_relative(&m, m.clause);
	if (!has_conditions(&m) || !fits(&m) || is_called_off(&m))
		return 0;
	if ((PK_RULE_HAS(rule, CAUTIOUS) || rule->form == PK_RULE_NOUN) &&
	    !PK_RULE_HAS(rule, MULTI) && is_unreal(&m))
		return 0;
	status = pk_modality_of_match(&m);
	if (!is_told(&m, status) || !pk_arguments_find(&m, &a) || !arrange(&m, &a))
		return 0;
	return make_event(&m, &a, status);
}

/* All rows whose words begin at the token. Returns the token to go on at. */
static int
try_at(
    struct pk_scene *scene, const struct pk_sentence *s, size_t token, size_t *ret_next)
{
	const struct pk_rules *rules = scene->story->rules;
	const struct pk_verb_at *verb = pk_finite_at(scene, token);
	struct pk_phrase_match match;
	int r = 0;

	*ret_next = token + 1;
	for (size_t end = s->end; r == 0 && end > token; end = match.end - 1) {
		if (!pk_phrases_match(
			rules->predicates, scene->text, token, end, &match))
			break;
		for (size_t i = 0; i < match.n_values && r == 0; i++)
			r = try_rule(scene, s, match.values[i], token, match.end, NULL);
		/* «این نشست» is no meeting of its own, where none was told either */
		if (r > 0 ||
		    PK_RULE_HAS((const struct pk_rule *)match.values[0], ANAPHOR))
			*ret_next = match.end;
		/* «مذاکره‌ای» with an ending hides no row of
		 * «مذاکره».
		 */
		if (!((const struct pk_rule *)match.values[0])->inflected)
			break;
	}
	for (size_t i = 0; verb != NULL && r == 0 && i < rules->verb_predicates.len;
	     i++) {
		const struct pk_rule *rule = rules->verb_predicates.items[i];

		if (takes_verb(scene, rule, verb))
			r = try_rule(scene, s, rule, token, verb->end, verb);
		if (r > 0)
			*ret_next = verb->end;
	}
	return r < 0 ? r : 0;
}

int
pk_predicates_of(struct pk_scene *scene, size_t sentence)
{
	const struct pk_sentence *s = &scene->text->sentences[sentence];
	size_t t = s->first;

	while (t < s->end) {
		size_t next = t + 1;

		if (!scene->notes[t].opener && try_at(scene, s, t, &next) < 0)
			return -ENOMEM;
		t = next;
	}
	return 0;
}
