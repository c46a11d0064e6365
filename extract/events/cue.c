/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/cue.h"

#include "extract/events/argument.h"

/* «تأکید هم کرد», «حمایت خود را اعلام کرد»: words between noun and verb. */
#define GAP_MAX 2
/* From «با تأکید» to its «که». */
#define FRAME_MAX 12

/* Somebody else said it: not «گفتیم», not «بگوید», not «نگفت». */
static bool
is_said(const struct pk_verb_at *verb)
{
	return verb != NULL && verb->finite && !verb->form.negative &&
	       verb->form.tense != PK_TENSE_SUBJUNCTIVE &&
	       verb->form.tense != PK_TENSE_FUTURE &&
	       (verb->form.person == 3 || verb->form.tense == PK_TENSE_PARTICIPLE);
}

/* «گفته شد» tells nobody who said it, unless its agent stands before it. */
static bool
speaks(const struct pk_verb_at *verb)
{
	return is_said(verb) && !verb->form.passive;
}

/* «اعلام شد» for a row that has «اعلام کرد», «خواسته شد». */
static bool
is_turned(const struct pk_rule *rule, const struct pk_verb_at *verb)
{
	if (!is_said(verb))
		return false;
	if (verb->form.passive)
		return pk_rule_takes_form(rule, &verb->form);
	return pk_rule_takes(rule, PK_SPAN("kard")) &&
	       !pk_rule_takes_form(rule, &verb->form) &&
	       (pk_span_eq(verb->form.verb, PK_SPAN("shod")) ||
		   pk_span_eq(verb->form.verb, PK_SPAN("gardid")));
}

/* «از سوی X», or «در بیانیه X»: does the clause say whose words they are? */
static bool
has_agent(const struct pk_scene *scene, size_t first)
{
	const struct pk_sentence *s = pk_sentence_at(scene, first);
	size_t clause = pk_clause_start(scene, first, s->first);
	struct pk_parties agent = { .n = 0 };

	pk_find_agent(scene, clause, first, &agent);
	return agent.n > 0 || pk_has_word(scene, clause, first, PK_CW_BIT(MEDIUM));
}

/* The verb behind the nominal part that ends at `end`, or NULL. */
static const struct pk_verb_at *
verb_after(
    const struct pk_scene *scene, size_t end, size_t limit, const struct pk_rule *rule)
{
	for (size_t gap = 0; gap <= GAP_MAX && end < limit; gap++) {
		int i = scene->notes[end].verb;
		const struct pk_verb_at *verb = i < 0 ? NULL : &scene->verbs.items[i];

		if (verb != NULL)
			return verb->first == end &&
				       (pk_rule_takes_form(rule, &verb->form) ||
					   is_turned(rule, verb))
				   ? verb
				   : NULL;
		if (pk_gap_end(scene, end) == end)
			return NULL;
		end = pk_gap_end(scene, end);
	}
	return NULL;
}

static bool
can_begin(const struct pk_scene *scene, size_t token, size_t limit)
{
	return token < limit && !pk_is_punct(scene, token) &&
	       scene->text->tokens[token].kind != PK_TOKEN_QUOTE_CLOSE &&
	       !pk_at_word(scene, token, PK_CW_BIT(AND) | PK_CW_BIT(BUT));
}

/* How the content begins behind the cue. */
static void
read_intro(const struct pk_scene *scene, size_t limit, struct pk_cue_at *cue)
{
	size_t t = cue->end;

	cue->content = cue->end;
	if (t >= limit)
		return;
	if (pk_at_punct(scene, t, ":")) {
		cue->intro = PK_INTRO_COLON;
		cue->content = t + 1;
	} else if (pk_at_word(scene, t, PK_CW_BIT(COMP)) ||
		   (pk_is_punct(scene, t) &&
		       pk_at_word(scene, t + 1, PK_CW_BIT(COMP)) && t + 1 < limit)) {
		cue->intro = PK_INTRO_COMP;
		cue->content = pk_is_punct(scene, t) ? t + 2 : t + 1;
		if (pk_at_punct(scene, cue->content, ":"))
			cue->content++;
	} else if (PK_RULE_HAS(cue->rule, BARE)) {
		if (pk_at_punct(scene, t, "،") || pk_at_punct(scene, t, ","))
			t++;
		if (can_begin(scene, t, limit)) {
			cue->intro = PK_INTRO_BARE;
			cue->content = t;
		}
	}
	if (cue->content >= limit) {
		cue->intro = PK_INTRO_NONE;
		cue->content = cue->end;
	}
}

static bool
has_need_words(
    const struct pk_scene *scene, const struct pk_rule *rule, size_t from, size_t to)
{
	struct pk_phrase_match match;

	for (size_t t = from; rule->need_words != NULL && t < to; t++) {
		if (pk_phrases_match(rule->need_words, scene->text, t, to, &match))
			return true;
	}
	return false;
}

/* Is what the rule asks for in the clause before the cue? */
static bool
has_needs(const struct pk_scene *scene, const struct pk_rule *rule, size_t first)
{
	const struct pk_sentence *s = pk_sentence_at(scene, first);
	size_t clause = pk_clause_start(scene, first, s->first);

	return (rule->needs == 0 && rule->need_words == NULL) ||
	       pk_has_word(scene, clause, first, rule->needs) ||
	       has_need_words(scene, rule, clause, first);
}

static bool
match_rule(const struct pk_scene *scene, const struct pk_rule *rule, size_t first,
    size_t noun_end, size_t limit, struct pk_cue_at *ret_cue)
{
	const struct pk_verb_at *verb = verb_after(scene, noun_end, limit, rule);
	bool alone = verb == NULL && PK_RULE_HAS(rule, STRONG) && !rule->inflected &&
		     pk_at_word(scene, noun_end, PK_CW_BIT(COMP)) &&
		     scene->notes[noun_end].word_end == noun_end + 1;

	if (PK_RULE_HAS(rule, PRE) || !has_needs(scene, rule, first))
		return false;
	bool passive = is_turned(rule, verb) && has_agent(scene, first);

	if (!alone && !passive &&
	    (!speaks(verb) || !pk_rule_takes_form(rule, &verb->form)))
		return false;
	*ret_cue = (struct pk_cue_at){ .rule = rule,
		.first = first,
		.end = alone ? noun_end : verb->end,
		.verb = alone ? NULL : verb,
		.passive = passive };
	read_intro(scene, limit, ret_cue);
	return true;
}

/* Verbs that speak only of something: «آن را X خواند», «از X خواست». */
static bool
has_marks(const struct pk_scene *scene, const struct pk_rule *rule, size_t first)
{
	const struct pk_sentence *s = pk_sentence_at(scene, first);
	size_t clause = pk_clause_start(scene, first, s->first);
	int from = pk_rules_role(scene->story->rules, PK_SPAN("از"));

	if (PK_RULE_HAS(rule, MEDIUM))
		return pk_has_word(scene, clause, first, PK_CW_BIT(MEDIUM));
	if (PK_RULE_HAS(rule, BY_OBJECT))
		return pk_has_word(scene, clause, first, PK_CW_BIT(OBJECT));
	if (!PK_RULE_HAS(rule, BY_AZ))
		return true;
	for (size_t t = clause; t < first; t++) {
		if (scene->notes[t].preposition == from)
			return true;
	}
	return false;
}

/* A verb of speech without a nominal part: «گفت», «افزود», «نوشت». */
static bool
match_verb(
    const struct pk_scene *scene, size_t token, size_t limit, struct pk_cue_at *ret_cue)
{
	const struct pk_rules *rules = scene->story->rules;
	const struct pk_verb_at *verb = pk_finite_at(scene, token);

	bool passive;

	if (!is_said(verb) || verb->end > limit)
		return false;
	passive = verb->form.passive && has_agent(scene, token);
	if (!passive && !speaks(verb))
		return false;
	for (size_t i = 0; i < rules->verb_cues.len; i++) {
		const struct pk_rule *rule = rules->verb_cues.items[i];

		if (!pk_rule_takes_form(rule, &verb->form) ||
		    !has_needs(scene, rule, token) || !has_marks(scene, rule, token))
			continue;
		*ret_cue = (struct pk_cue_at){ .rule = rule,
			.first = token,
			.end = verb->end,
			.verb = verb,
			.passive = passive };
		read_intro(scene, limit, ret_cue);
		return true;
	}
	return false;
}

/* From «این» to its «که»: «این مطلب که», «این نکته مهم که». */
#define POINTING_MAX 3

/*
 * Does the «که» open what is said? A bare one behind a noun begins a relative clause,
 * unless the noun was pointed at: «با محکوم کردن حمله‌ای که».
 */
static bool
opens_content(const struct pk_scene *scene, size_t noun_end, size_t comp)
{
	if (!pk_span_eq(scene->text->tokens[comp].key, PK_SPAN("که")))
		return true;
	for (size_t t = comp; t > noun_end && comp - t < POINTING_MAX; t--) {
		struct pk_span key = scene->text->tokens[t - 1].key;

		if (pk_span_eq(key, PK_SPAN("این")) || pk_span_eq(key, PK_SPAN("آن")))
			return true;
	}
	while (comp > noun_end && scene->notes[comp - 1].verb >= 0)
		comp--;
	return comp == noun_end;
}

/* «با بیان این مطلب که», «ضمن تأکید بر اینکه»: the end of the که, or 0. */
static size_t
frame_end(const struct pk_scene *scene, size_t noun_end, size_t limit)
{
	for (size_t t = noun_end; t < limit && t < noun_end + FRAME_MAX; t++) {
		if (pk_at_word(scene, t, PK_CW_BIT(COMP)))
			return opens_content(scene, noun_end, t)
				   ? scene->notes[t].word_end
				   : 0;
		if (pk_is_punct(scene, t) || pk_finite_at(scene, t) != NULL)
			return 0;
	}
	return 0;
}

/* A cue that is no frame: a noun with its verb, or a verb alone. */
static bool
match_spoken(
    const struct pk_scene *scene, size_t token, size_t limit, struct pk_cue_at *ret_cue)
{
	struct pk_phrase_match match;

	if (pk_phrases_match(
		scene->story->rules->cues, scene->text, token, limit, &match)) {
		for (size_t i = 0; i < match.n_values; i++) {
			if (match_rule(scene, match.values[i], token, match.end, limit,
				ret_cue))
				return true;
		}
	}
	return match_verb(scene, token, limit, ret_cue);
}

/* From «با رد» to what is rejected: «با رد این ادعا». */
#define DENIED_MAX 3

/* Which rows are told with a noun behind a frame word, and what stands behind them. */
static bool
takes_frame_noun(const struct pk_scene *scene, const struct pk_rule *rule, size_t end)
{
	if (rule->class == PK_CUE_DENY)
		return !pk_is_punct(scene, end) &&
		       (rule->needs != 0
			       ? pk_has_word(scene, end, end + DENIED_MAX, rule->needs)
			       : rule->need_words == NULL && PK_RULE_HAS(rule, NP));
	return (rule->class == PK_CUE_CONCERN || rule->class == PK_CUE_HOPE ||
		   rule->class == PK_CUE_MENTION || rule->class == PK_CUE_STRESS ||
		   rule->class == PK_CUE_WARN) &&
	       rule->needs == 0 && scene->notes[end].preposition >= 0;
}

/* So far behind a frame its speech is looked for. */
#define SPEECH_AHEAD_MAX 80

/* Does somebody say something else behind the frame? */
static bool
is_beside_speech(const struct pk_scene *scene, size_t token, size_t limit)
{
	struct pk_cue_at cue;

	if (limit > token + SPEECH_AHEAD_MAX)
		limit = token + SPEECH_AHEAD_MAX;
	while (token < limit && !match_spoken(scene, token, limit, &cue))
		token++;
	return token < limit;
}

/*
 * «ضمن ابراز تأسف از این رخداد،»: told with a noun. A feeling is told by itself, other
 * things only beside what is said.
 */
static bool
match_noun_frame(const struct pk_scene *scene, size_t token, size_t end, size_t limit,
    const struct pk_rule *rule, struct pk_cue_at *ret_cue)
{
	if (end >= limit || !takes_frame_noun(scene, rule, end) ||
	    (rule->class != PK_CUE_CONCERN && !is_beside_speech(scene, end, limit)))
		return false;
	*ret_cue = (struct pk_cue_at){ .rule = rule,
		.first = token,
		.end = end,
		.frame = true,
		.intro = PK_INTRO_NONE,
		.content = end };
	return true;
}

/* «با تأکید», «با عنوان کردن»: the end of the noun and of a light infinitive. */
static size_t
frame_noun_end(const struct pk_scene *scene, size_t noun_end, size_t limit)
{
	int i = noun_end < limit ? scene->notes[noun_end].verb : -1;
	const struct pk_verb_at *verb = i < 0 ? NULL : &scene->verbs.items[i];

	return verb != NULL && verb->first == noun_end &&
		       verb->form.tense == PK_TENSE_INFINITIVE
		   ? verb->end
		   : noun_end;
}

static bool
match_frame(
    const struct pk_scene *scene, size_t token, size_t limit, struct pk_cue_at *ret_cue)
{
	struct pk_phrase_match match;
	size_t noun_end, end;

	if (!pk_opens_frame(scene, token) || token + 1 >= limit ||
	    !pk_phrases_match(
		scene->story->rules->cues, scene->text, token + 1, limit, &match))
		return false;
	noun_end = frame_noun_end(scene, match.end, limit);
	end = frame_end(scene, match.end, limit);
	for (size_t i = 0; i < match.n_values; i++) {
		const struct pk_rule *rule = match.values[i];

		if (rule->inflected || PK_RULE_HAS(rule, PRE))
			continue;
		if (end == 0 &&
		    match_noun_frame(scene, token, noun_end, limit, rule, ret_cue))
			return true;
		if (end == 0 || end >= limit || !has_needs(scene, rule, token))
			continue;
		*ret_cue = (struct pk_cue_at){ .rule = rule,
			.first = token,
			.end = end,
			.frame = true,
			.intro = PK_INTRO_COMP,
			.content = end };
		return true;
	}
	return false;
}

bool
pk_cue_match(
    const struct pk_scene *scene, size_t token, size_t limit, struct pk_cue_at *ret_cue)
{
	return match_frame(scene, token, limit, ret_cue) ||
	       match_spoken(scene, token, limit, ret_cue);
}

bool
pk_cue_match_pre(
    const struct pk_scene *scene, size_t token, size_t limit, struct pk_cue_at *ret_cue)
{
	struct pk_phrase_match match;

	if (!pk_phrases_match(
		scene->story->rules->cues, scene->text, token, limit, &match))
		return false;
	for (size_t i = 0; i < match.n_values; i++) {
		const struct pk_rule *rule = match.values[i];

		if (!PK_RULE_HAS(rule, PRE))
			continue;
		*ret_cue = (struct pk_cue_at){ .rule = rule,
			.first = token,
			.end = match.end,
			.intro = PK_INTRO_BARE,
			.content = match.end };
		return true;
	}
	return false;
}
