/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/statement.h"

#include "extract/events/argument.h"
#include "extract/events/cue.h"
#include "extract/events/reference.h"

#include <errno.h>

/* A name and a colon at the head of a line: «جانسون :». */
#define HEADLINE_TOKENS_MAX 12
/* «نشست خبری مشترک هفتگی» */
#define VENUE_TOKENS_MAX 6

/* What is known while one sentence is read. */
struct reading {
	struct pk_scene *scene;
	struct pk_running *running;
	const struct pk_sentence *sentence;
	size_t begin;              /* behind an opener */
	size_t floor;              /* subjects are looked for from here on */
	struct pk_parties speaker; /* of the sentence, as soon as there is one */
	bool fresh;                /* no cue yet: the running content is an older one */
	bool frame;                /* the running content is a frame's */
};

static struct pk_draft *
draft_of(const struct pk_scene *scene, int index)
{
	return index < 0 ? NULL : scene->story->drafts.items[index];
}

static int
set_actors(
    struct pk_story *story, struct pk_event *event, const struct pk_parties *parties)
{
	event->actors =
	    pk_arena_calloc(story->arena, parties->n + 1, sizeof(struct pk_entity));
	if (event->actors == NULL)
		return -ENOMEM;
	memcpy(event->actors, parties->items, parties->n * sizeof(struct pk_entity));
	event->n_actors = parties->n;
	return 0;
}

/* Ends the running content before `token`. */
static void
close_content(struct reading *r, size_t token)
{
	struct pk_draft *draft = draft_of(r->scene, r->running->draft);

	if (draft != NULL) {
		if (draft->stop == PK_NOWHERE || draft->stop > token)
			draft->stop = token;
		if (draft->stop < draft->after)
			draft->stop = draft->after;
	}
	if (draft != NULL && r->running->colon)
		r->running->echo = r->running->draft;
	r->running->draft = -1;
	r->running->colon = false;
	r->running->quote_end = PK_NOWHERE;
}

/* The mark that closes the quotation that opens at `token`, within the paragraph. */
static size_t
closing_mark(const struct pk_scene *scene, size_t token)
{
	size_t paragraph = pk_sentence_at(scene, token)->paragraph;
	int depth = 0;

	for (size_t t = token; t < scene->text->n_tokens &&
			       pk_sentence_at(scene, t)->paragraph == paragraph;
	     t++) {
		if (scene->text->tokens[t].kind == PK_TOKEN_QUOTE_OPEN)
			depth++;
		else if (scene->text->tokens[t].kind == PK_TOKEN_QUOTE_CLOSE &&
			 --depth == 0)
			return t;
	}
	return PK_NOWHERE;
}

static size_t
paragraph_end(const struct pk_scene *scene, size_t token)
{
	size_t paragraph = pk_sentence_at(scene, token)->paragraph;

	while (token < scene->text->n_tokens &&
	       pk_sentence_at(scene, token)->paragraph == paragraph)
		token = pk_sentence_at(scene, token)->end;
	return token;
}

/* A quotation is direct speech when something is said in it, not a name in marks. */
static void
open_quote(struct reading *r, struct pk_draft *draft)
{
	struct pk_scene *scene = r->scene;
	size_t close;

	if (scene->text->tokens[draft->after].kind != PK_TOKEN_QUOTE_OPEN)
		return;
	close = closing_mark(scene, draft->after);
	if (close == PK_NOWHERE) {
		draft->event.flags |= 1u << PK_FLAG_UNBALANCED_QUOTE;
		draft->event.statement.form = PK_FORM_DIRECT;
		draft->stop = paragraph_end(scene, draft->after);
		r->running->quote_end = draft->stop;
		draft->after++;
		return;
	}
	if (close < draft->after + 4)
		return;
	/* Text that goes on behind the mark makes it a mixed quotation. */
	if (close + 1 < r->sentence->end && !pk_is_punct(scene, close + 1) &&
	    !pk_at_word(scene, close + 1, PK_CW_BIT(BUT))) {
		draft->event.statement.form = PK_FORM_MIXED;
		return;
	}
	draft->event.statement.form = PK_FORM_DIRECT;
	draft->after++;
	draft->stop = close;
	r->running->quote_end = close;
	for (size_t t = draft->after; t < close; t++)
		scene->notes[t].quoted = true;
}

/* The draft of a statement, its content open from cue->content on. */
static int
add_statement(struct reading *r, const struct pk_cue_at *cue,
    const struct pk_parties *speaker, struct pk_draft **ret_draft)
{
	struct pk_story *story = r->scene->story;
	struct pk_draft *d = pk_draft_new(r->scene, cue->rule, cue->first, cue->end);
	struct pk_statement *s;

	if (d == NULL || set_actors(story, &d->event, speaker) < 0)
		return -ENOMEM;
	s = &d->event.statement;
	s->cue = d->event.trigger;
	s->cue_range = d->event.trigger_range;
	s->cue_lemma = cue->rule->lemma;
	s->class = cue->rule->class;
	s->form =
	    cue->intro == PK_INTRO_COLON ? PK_FORM_DIRECT_UNMARKED : PK_FORM_INDIRECT;
	d->event.type = PK_EVENT_STATE;
	d->event.mode = NULL;
	d->clause = pk_clause_start(r->scene, cue->first, r->begin);
	d->zone = r->scene->notes[cue->first].zone;
	if (cue->verb != NULL)
		d->verb = (size_t)(cue->verb - r->scene->verbs.items);
	if (cue->intro != PK_INTRO_NONE) {
		d->after = cue->content;
		r->running->draft = (int)story->drafts.len - 1;
		r->running->paragraph = r->sentence->paragraph;
		r->running->colon = cue->intro == PK_INTRO_COLON;
		open_quote(r, d);
	}
	pk_set_speaker(r->scene, &speaker->items[0], cue->first);
	*ret_draft = d;
	return 0;
}

/* What a cue takes as a noun: «از گسترش همکاری‌ها خبر داد»,
 * «... را تکذیب کرد».
 */
static void
take_noun(struct reading *r, const struct pk_cue_at *cue, struct pk_draft *d)
{
	const struct pk_scene *scene = r->scene;
	size_t first = d->clause;

	for (size_t t = d->clause; t < cue->first; t++) {
		int m = scene->notes[t].mention;

		if (m >= 0 && d->event.n_actors > 0 && d->event.actors[0].has_range &&
		    pk_text_range(scene->text, t, t + 1).start + 1 ==
			d->event.actors[0].range.end)
			first = t + 1;
		else if (m >= 0 && scene->mentions->items[m].first == t &&
			 d->event.actors[0].has_range &&
			 pk_scene_range(scene, t, t + 1).start ==
			     d->event.actors[0].range.start)
			first = scene->mentions->items[m].end;
	}
	while (first < cue->first && pk_at_word(scene, first, PK_CW_BIT(ALSO)))
		first++;
	if (first < cue->first) {
		d->after = first;
		d->stop = cue->first;
		d->noun = true;
	}
}

/* What a frame has for its noun: «با اشاره به سفر خود گفت». */
static void
take_frame_noun(
    const struct reading *r, const struct pk_cue_at *cue, struct pk_draft *d)
{
	const struct pk_scene *scene = r->scene;
	size_t t = cue->end;
	struct pk_cue_at next;

	while (t < r->sentence->end && !pk_is_punct(scene, t) &&
	       pk_finite_at(scene, t) == NULL &&
	       !pk_cue_match(scene, t, r->sentence->end, &next))
		t++;
	d->after = cue->end;
	d->stop = t;
	d->noun = true;
}

/* «در بیانیه وزارت اقتصاد سوئیس آمده است که»: whose text it is. */
static void
find_author(const struct pk_scene *scene, size_t from, size_t limit,
    struct pk_parties *ret_speaker)
{
	bool medium = false;

	ret_speaker->n = 0;
	for (size_t t = from; t < limit && ret_speaker->n == 0; t++) {
		medium |= pk_at_word(scene, t, PK_CW_BIT(MEDIUM));
		if (medium && scene->notes[t].mention >= 0)
			pk_resolve_list(
			    scene, scene->notes[t].mention, limit, NULL, ret_speaker);
	}
}

/* «از سوی X اعلام شد», «در بیانیه X تأکید شده است» */
static void
find_teller(const struct pk_scene *scene, size_t from, size_t limit,
    struct pk_parties *ret_speaker)
{
	pk_find_agent(scene, from, limit, ret_speaker);
	if (ret_speaker->n == 0)
		find_author(scene, from, limit, ret_speaker);
}

/* Where the clause of the cue begins: «و افزود» is one of its own. */
static size_t
cue_clause(const struct reading *r, const struct pk_cue_at *cue, size_t floor)
{
	if (r->speaker.n > 0 && cue->first > floor + 1 &&
	    pk_at_word(r->scene, cue->first - 1, PK_CW_BIT(AND)))
		return cue->first - 1;
	return pk_clause_start(r->scene, cue->first, floor);
}

/* The speaker: the subject of the cue, else of the sentence, else who spoke last. */
static bool
find_speaker(struct reading *r, const struct pk_cue_at *cue, bool *ret_explicit,
    struct pk_parties *ret_speaker)
{
	struct pk_scene *scene = r->scene;
	size_t from = cue_clause(r, cue, r->floor);
	/* «X گفت که Y رفت و افزود»: X goes on; Y belongs to what was said. */
	bool joined = r->speaker.n > 0 && pk_at_word(scene, from, PK_CW_BIT(AND));
	struct pk_entity stranger;

	if (PK_RULE_HAS(cue->rule, MEDIUM))
		find_author(scene, from, cue->first, ret_speaker);
	else if (cue->passive)
		find_teller(scene, from, cue->first, ret_speaker);
	else
		pk_find_subject(
		    scene, from, cue->first, joined ? from : r->floor, ret_speaker);
	if (ret_speaker->n == 0 && !cue->passive && !joined &&
	    pk_find_stranger(scene, from, cue->first, &stranger))
		pk_parties_add(ret_speaker, &stranger);
	*ret_explicit = ret_speaker->n > 0;
	if (ret_speaker->n > 0)
		return true;
	if (r->speaker.n > 0)
		*ret_speaker = r->speaker;
	else if (pk_speaker_near(scene, cue->first) != NULL)
		pk_parties_add(ret_speaker, &scene->story->speaker);
	return ret_speaker->n > 0;
}

/* Is the subject in the cue's own clause the one who speaks already? */
static bool
goes_on(struct reading *r, const struct pk_cue_at *cue, bool *ret_explicit,
    bool *ret_pronoun)
{
	const struct pk_scene *scene = r->scene;
	const struct pk_entity *speaker = pk_speaker_of(scene, r->running->draft);
	size_t from = cue_clause(r, cue, r->begin);
	struct pk_parties subject;

	pk_find_subject(scene, from, cue->first, from, &subject);
	*ret_explicit = subject.n > 0;
	*ret_pronoun = subject.n > 0 && subject.items[0].mention == PK_MENTION_PRONOUN;
	return subject.n > 0 && speaker != NULL &&
	       pk_same_entity(&subject.items[0], speaker);
}

static bool
past_like(const struct pk_verb_at *verb)
{
	return verb == NULL || verb->form.tense == PK_TENSE_PAST ||
	       verb->form.tense == PK_TENSE_PERFECT ||
	       verb->form.tense == PK_TENSE_PARTICIPLE ||
	       verb->form.tense == PK_TENSE_PLUPERFECT;
}

/* Does a cue inside a running content end it, or is it something the speaker says? */
static bool
breaks_content(struct reading *r, const struct pk_cue_at *cue)
{
	const struct pk_scene *scene = r->scene;
	size_t from = cue_clause(r, cue, r->begin);
	bool is_explicit, pronoun, same;

	if (scene->notes[cue->first].quoted ||
	    (r->running->quote_end != PK_NOWHERE && cue->first < r->running->quote_end))
		return false;
	if (PK_RULE_HAS(cue->rule, SOFT))
		return false;
	/* Behind a frame its main cue is still to come. */
	if (r->frame && cue->intro != PK_INTRO_NONE && past_like(cue->verb))
		return true;
	same = goes_on(r, cue, &is_explicit, &pronoun);
	if (is_explicit && (same || pronoun))
		return true;
	if (is_explicit)
		return r->fresh && from == r->begin;
	if (cue->intro == PK_INTRO_COLON)
		return true;
	if (!past_like(cue->verb))
		return false;
	if (r->fresh)
		return cue->intro == PK_INTRO_COMP && from == r->begin;
	return pk_at_word(scene, from, PK_CW_BIT(AND));
}

/* Only an agency is named: the sentence is an attribution. */
static bool
is_agency(const struct reading *r, const struct pk_parties *speaker)
{
	const struct pk_scene *scene = r->scene;

	for (size_t i = 0; i < scene->mentions->len; i++) {
		const struct pk_mention_at *m = &scene->mentions->items[i];

		if (m->named == PK_NAMED_AGENCY && speaker->items[0].has_range &&
		    pk_scene_range(scene, m->first, m->end).start ==
			speaker->items[0].range.start)
			return true;
	}
	return false;
}

/* Does the cue make a statement at all? */
static bool
tells(const struct pk_cue_at *cue)
{
	if (cue->intro != PK_INTRO_NONE || cue->frame)
		return true;
	return PK_RULE_HAS(cue->rule, NP) && !PK_RULE_HAS(cue->rule, PERFORMATIVE) &&
	       !PK_RULE_HAS(cue->rule, INTRO);
}

/*
 * What the reporter says in the frame before the cue ends with the frame: at the comma
 * behind its verb.
 */
static size_t
frame_stop(const struct reading *r, size_t from)
{
	const struct pk_scene *scene = r->scene;

	for (size_t t = from; t + 1 < r->sentence->end; t++) {
		int v = scene->notes[t].verb;

		if (v >= 0 && scene->verbs.items[v].finite &&
		    scene->verbs.items[v].end == t + 1 &&
		    pk_at_punct(scene, t + 1, "،"))
			return t + 1;
	}
	return PK_NOWHERE;
}

/* Where it was said, by the words of the reporter's part of the sentence. */
static enum pk_medium
medium_of(const struct reading *r, size_t end)
{
	static const struct {
		uint64_t class;
		enum pk_medium medium;
	} media[] = {
		{ PK_CW_BIT(PRESSER), PK_MEDIUM_PRESSER },
		{ PK_CW_BIT(PHONE), PK_MEDIUM_CALL },
		{ PK_CW_BIT(TWEET), PK_MEDIUM_TWEET },
		{ PK_CW_BIT(MEDIUM), PK_MEDIUM_STATEMENT },
		{ PK_CW_BIT(MEDIA), PK_MEDIUM_INTERVIEW },
		{ PK_CW_BIT(SPEECH), PK_MEDIUM_SPEECH },
	};

	for (size_t i = 0; i < PK_COUNT(media); i++) {
		if (pk_has_word(r->scene, r->floor, end, media[i].class))
			return media[i].medium;
	}
	return PK_MEDIUM_NONE;
}

/* «از سفر به مینسک خبر داد» tells Minsk nothing. */
static bool
may_be_told(const struct pk_mention_at *m)
{
	return m->named == PK_NAMED_PERSON || m->named == PK_NAMED_ROLE ||
	       m->named == PK_NAMED_AGENCY || m->named == PK_NAMED_PRONOUN;
}

/*
 * Whom it was said to, right before the cue: «به رویترز گفت»,
 * «خطاب به رئیس‌جمهور گفت».
 */
static int
find_addressee(struct reading *r, const struct pk_cue_at *cue, struct pk_draft *d)
{
	const struct pk_scene *scene = r->scene;
	int to = pk_rules_role(scene->story->rules, PK_SPAN("به"));
	size_t t = cue->first;
	struct pk_entity who;
	int mention;

	if (cue->frame || PK_RULE_HAS(cue->rule, BY_BE) || t <= d->clause)
		return 0;
	mention = scene->notes[t - 1].mention;
	if (mention < 0 || !may_be_told(&scene->mentions->items[mention]))
		return 0;
	t = scene->mentions->items[mention].first;
	if (t <= d->clause || scene->notes[t - 1].preposition != to ||
	    !pk_resolve(scene, mention, &d->event.actors[0], &who) ||
	    pk_same_entity(&who, &d->event.actors[0]))
		return 0;
	d->event.statement.addressee =
	    pk_arena_new_of(scene->story->arena, struct pk_entity);
	if (d->event.statement.addressee == NULL)
		return -ENOMEM;
	*d->event.statement.addressee = who;
	return 0;
}

/* «در نشست خبری مشترک با X», «در سخنرانی خود در مجمع عمومی»: what it was said at, to
 * the next comma or verb. */
static struct pk_span
find_venue(const struct reading *r, size_t from, size_t limit)
{
	const struct pk_scene *scene = r->scene;

	for (size_t t = from; t < limit; t++) {
		size_t end = t;

		if (!pk_at_word(scene, t, PK_CW_BIT(PRESSER) | PK_CW_BIT(SPEECH)) ||
		    scene->notes[t].zone >= 0)
			continue;
		while (end < limit && end < t + VENUE_TOKENS_MAX &&
		       !pk_is_punct(scene, end) && scene->notes[end].date < 0 &&
		       !pk_at_word(scene, end,
			   PK_CW_BIT(COMP) | PK_CW_BIT(OBJECT) | PK_CW_BIT(SELF)) &&
		       (end == t || scene->notes[end].preposition < 0))
			end = end < scene->notes[end].word_end
				  ? scene->notes[end].word_end
				  : end + 1;
		return pk_text_of(scene->text, t, end < limit ? end : limit);
	}
	return (struct pk_span){ NULL, 0 };
}

/* A cue that counts: makes its statement. Returns the token to go on at. */
static int
take_cue(struct reading *r, const struct pk_cue_at *cue, size_t *ret_next)
{
	struct pk_parties speaker;
	struct pk_draft *draft;
	bool is_explicit;
	size_t from;

	*ret_next = cue->end;
	from = cue_clause(r, cue, r->begin);
	if (!tells(cue) && PK_RULE_HAS(cue->rule, PERFORMATIVE) &&
	    r->running->draft >= 0)
		close_content(r, r->fresh ? r->sentence->first : from);
	if (!tells(cue) || !find_speaker(r, cue, &is_explicit, &speaker) ||
	    is_agency(r, &speaker))
		return 0;
	close_content(r, r->fresh ? r->sentence->first : from);
	r->fresh = false;
	if (add_statement(r, cue, &speaker, &draft) < 0)
		return -ENOMEM;
	draft->event.statement.medium = medium_of(r, cue->first);
	draft->event.statement.venue = find_venue(r, r->floor, cue->first);
	if (find_addressee(r, cue, draft) < 0)
		return -ENOMEM;
	if (!is_explicit && r->speaker.n == 0)
		pk_mark_far(r->scene, draft);
	if (r->speaker.n == 0 || is_explicit)
		r->speaker = speaker;
	r->frame = cue->frame;
	if (cue->intro == PK_INTRO_NONE && cue->frame) {
		take_frame_noun(r, cue, draft);
	} else if (cue->intro == PK_INTRO_NONE) {
		take_noun(r, cue, draft);
	} else if (cue->frame) {
		size_t stop = frame_stop(r, cue->content);

		draft->stop = stop;
		if (stop != PK_NOWHERE) {
			close_content(r, stop);
			r->frame = false;
			*ret_next = stop;
		}
		r->floor = *ret_next;
	} else {
		*ret_next = cue->content;
		r->floor = cue->content;
	}
	return 0;
}

/*
 * «وی گفت: X تأکید کرد که ...»: somebody else's words inside what is said. They end
 * with the sentence; who is quoted is not who is spoken of next.
 */
static int
take_nested(struct reading *r, const struct pk_cue_at *cue)
{
	struct pk_scene *scene = r->scene;
	const struct pk_running running = *r->running;
	struct pk_entity spoke = scene->story->speaker;
	size_t spoke_at = scene->story->speaker_at;
	size_t from = cue_clause(r, cue, r->floor);
	struct pk_parties speaker;
	struct pk_draft *draft;

	if (!tells(cue) || cue->frame || cue->passive || !past_like(cue->verb) ||
	    PK_RULE_HAS(cue->rule, SOFT) || PK_RULE_HAS(cue->rule, MEDIUM) ||
	    PK_RULE_HAS(cue->rule, PERFORMATIVE))
		return 0;
	pk_find_subject(scene, from, cue->first, from, &speaker);
	if (speaker.n == 0 || speaker.items[0].country.len == 0 ||
	    speaker.items[0].kind == PK_KIND_GROUP ||
	    speaker.items[0].mention == PK_MENTION_PRONOUN || is_agency(r, &speaker))
		return 0;
	if (add_statement(r, cue, &speaker, &draft) < 0)
		return -ENOMEM;
	draft->zone = running.draft;
	if (cue->intro == PK_INTRO_NONE)
		take_noun(r, cue, draft);
	else if (draft->stop == PK_NOWHERE)
		draft->stop = r->sentence->end;
	*r->running = running;
	scene->story->speaker = spoke;
	scene->story->speaker_at = spoke_at;
	return 0;
}

/* «به گفته X، ...» */
static int
take_pre(struct reading *r, size_t token, size_t *ret_next)
{
	struct pk_scene *scene = r->scene;
	struct pk_cue_at cue;
	struct pk_parties speaker = { .n = 0 };
	struct pk_draft *draft;
	int mention;

	*ret_next = token;
	if ((token != r->begin && !pk_is_punct(scene, token - 1) &&
		!pk_at_word(scene, token - 1, PK_CW_BIT(AND))) ||
	    !pk_cue_match_pre(scene, token, r->sentence->end, &cue))
		return 0;
	while (cue.end < r->sentence->end &&
	       scene->text->tokens[cue.end].kind == PK_TOKEN_QUOTE_OPEN)
		cue.end++;
	mention = cue.end < r->sentence->end ? scene->notes[cue.end].mention : -1;
	if (mention >= 0) {
		cue.content = scene->mentions->items[mention].end;
		pk_resolve_list(scene, mention, cue.content + 1, NULL, &speaker);
	} else if (pk_at_word(scene, cue.end, PK_CW_BIT(CROWD))) {
		struct pk_entity people;

		cue.content =
		    pk_read_crowd(scene, cue.end, cue.end, r->sentence->end, &people);
		/* «به گفته پلیس محلی،» */
		if (!pk_is_punct(scene, cue.content))
			cue.content++;
		if (!pk_is_punct(scene, cue.content))
			return 0;
		pk_parties_add(&speaker, &people);
	}
	if (speaker.n == 0 || is_agency(r, &speaker))
		return 0;
	while (cue.content < r->sentence->end &&
	       (pk_is_punct(scene, cue.content) ||
		   scene->text->tokens[cue.content].kind == PK_TOKEN_QUOTE_CLOSE))
		cue.content++;
	if (cue.content >= r->sentence->end)
		return 0;
	close_content(r, r->fresh ? r->sentence->first : token);
	r->fresh = false;
	if (add_statement(r, &cue, &speaker, &draft) < 0)
		return -ENOMEM;
	r->speaker = speaker;
	r->begin = r->floor = cue.content; /* who spoke is no subject of what is said */
	*ret_next = cue.content;
	return 0;
}

/* «این را X بیان کرد»: the sentence tells who said the one before. */
static bool
is_postposed(const struct pk_scene *scene, size_t sentence, struct pk_cue_at *ret_cue)
{
	const struct pk_sentence *s = &scene->text->sentences[sentence];

	if (!pk_at_word(scene, s->first, PK_CW_BIT(THIS_SAYING)) || sentence == 0 ||
	    scene->text->sentences[sentence - 1].paragraph != s->paragraph)
		return false;
	for (size_t t = scene->notes[s->first].word_end; t < s->end; t++) {
		if (pk_cue_match(scene, t, s->end, ret_cue) && !ret_cue->frame)
			return true;
	}
	return false;
}

static int
take_postposed(struct reading *r, size_t sentence, const struct pk_cue_at *cue)
{
	struct pk_scene *scene = r->scene;
	const struct pk_sentence *said = &scene->text->sentences[sentence];
	const struct pk_sentence *by = &scene->text->sentences[sentence + 1];
	struct pk_cue_at at = *cue;
	struct pk_parties speaker;
	struct pk_draft *draft;

	pk_find_subject(scene, scene->notes[by->first].word_end, cue->first,
	    scene->notes[by->first].word_end, &speaker);
	close_content(r, said->first);
	if (speaker.n == 0)
		return 0;
	at.intro = PK_INTRO_COMP;
	at.content = said->first;
	if (add_statement(r, &at, &speaker, &draft) < 0)
		return -ENOMEM;
	draft->event.statement.form = PK_FORM_POSTPOSED;
	draft->clause = by->first;
	draft->stop = said->end;
	r->running->draft = -1;
	r->running->postposed = draft;
	for (size_t t = said->first; t < said->end; t++)
		scene->notes[t].zone = (int)scene->story->drafts.len - 1;
	return 0;
}

/* «جانسون : هنوز زمینه ... وجود دارد» at the head of a line. */
static int
take_headline(struct reading *r, size_t *ret_next)
{
	static const struct pk_rule headline = { .id = PK_SPAN("fa.headline.colon.01"),
		.type = PK_EVENT_STATE,
		.class = PK_CUE_SAY,
		.lemma = PK_SPAN(":") };
	struct pk_scene *scene = r->scene;
	size_t limit = r->begin + HEADLINE_TOKENS_MAX;
	struct pk_parties speaker;
	struct pk_draft *draft;
	size_t colon = r->begin;

	*ret_next = r->begin;
	while (colon < r->sentence->end && colon < limit &&
	       !pk_at_punct(scene, colon, ":") && pk_finite_at(scene, colon) == NULL)
		colon++;
	if (!pk_at_punct(scene, colon, ":") || colon + 1 >= r->sentence->end ||
	    (!scene->title && colon > r->begin + 5) ||
	    scene->notes[r->begin].mention < 0)
		return 0;
	pk_find_subject(scene, r->begin, colon, r->begin, &speaker);
	if (speaker.n == 0 || is_agency(r, &speaker))
		return 0;
	struct pk_cue_at cue = { .rule = &headline,
		.first = r->begin,
		.end = colon + 1,
		.intro = PK_INTRO_COLON,
		.content = colon + 1 };
	close_content(r, r->sentence->first);
	r->fresh = false;
	if (add_statement(r, &cue, &speaker, &draft) < 0)
		return -ENOMEM;
	draft->event.statement.form = PK_FORM_HEADLINE_COLON;
	r->running->colon = false;
	r->speaker = speaker;
	*ret_next = colon + 1;
	return 0;
}

static bool
speaks_as_we(const struct pk_scene *scene, const struct pk_sentence *s)
{
	for (size_t t = s->first; t < s->end; t++) {
		const struct pk_verb_at *verb = pk_finite_at(scene, t);

		if ((verb != NULL && verb->form.person == 1) ||
		    pk_at_word(scene, t, PK_CW_BIT(WE)))
			return true;
	}
	return false;
}

/* «استولتنبرگ ... را رد نکرد»: nobody calls himself by his name. */
static bool
names_speaker(const struct reading *r)
{
	const struct pk_scene *scene = r->scene;
	const struct pk_entity *speaker = pk_speaker_of(scene, r->running->draft);
	int i = scene->notes[r->sentence->first].mention;
	struct pk_entity who;

	return speaker != NULL && speaker->kind == PK_KIND_PERSON && i >= 0 &&
	       scene->mentions->items[i].named == PK_NAMED_PERSON &&
	       !pk_governed(scene, i, r->sentence->first) &&
	       pk_resolve(scene, i, NULL, &who) && pk_same_entity(&who, speaker);
}

/* Does the running content run on into this sentence? */
static bool
runs_on(struct reading *r)
{
	const struct pk_running *running = r->running;

	if (running->draft < 0 || running->paragraph != r->sentence->paragraph ||
	    r->scene->notes[r->sentence->first].opener)
		return false;
	if (running->quote_end != PK_NOWHERE)
		return r->sentence->first < running->quote_end;
	if (names_speaker(r))
		return false;
	return running->colon || speaks_as_we(r->scene, r->sentence);
}

static void
mark_zone(struct reading *r)
{
	struct pk_draft *draft = draft_of(r->scene, r->running->draft);
	size_t from;

	if (draft == NULL)
		return;
	from = draft->after > r->sentence->first ? draft->after : r->sentence->first;
	for (size_t t = from; t < r->sentence->end && t < draft->stop; t++)
		r->scene->notes[t].zone = r->running->draft;
}

/* Marks the content of frames and of statements that ended within the sentence. */
static void
mark_closed(struct reading *r, size_t first_draft)
{
	struct pk_story *story = r->scene->story;

	for (size_t i = first_draft; i < story->drafts.len; i++) {
		const struct pk_draft *d = story->drafts.items[i];

		if (d->scene != r->scene || d->after == PK_NOWHERE || d->noun ||
		    (int)i == r->running->draft)
			continue;
		for (size_t t = d->after; t < d->stop && t < r->sentence->end; t++)
			r->scene->notes[t].zone = (int)i;
	}
}

/*
 * A paragraph in the first person right behind a statement is still its speaker's, with
 * or without a cue of its own.
 */
static void
mark_echo(struct reading *r, size_t first_draft)
{
	struct pk_running *running = r->running;

	if (r->scene->story->drafts.len > first_draft || running->draft >= 0) {
		running->echo = running->draft >= 0 ? running->draft : -1;
		return;
	}
	if (running->echo < 0)
		return;
	if (!speaks_as_we(r->scene, r->sentence) ||
	    r->scene->notes[r->sentence->first].opener) {
		running->echo = -1;
		return;
	}
	for (size_t t = r->sentence->first; t < r->sentence->end; t++)
		r->scene->notes[t].zone = running->echo;
}

static int
read_cues(struct reading *r, size_t from)
{
	struct pk_scene *scene = r->scene;
	size_t t = from;

	while (t < r->sentence->end) {
		struct pk_cue_at cue;
		size_t next;

		if (scene->notes[t].opener) {
			t++;
			continue;
		}
		if (take_pre(r, t, &next) < 0)
			return -ENOMEM;
		if (next > t) {
			t = next;
			continue;
		}
		if (!pk_cue_match(scene, t, r->sentence->end, &cue)) {
			t++;
			continue;
		}
		if (r->running->draft >= 0 && !breaks_content(r, &cue)) {
			if (take_nested(r, &cue) < 0)
				return -ENOMEM;
			t = cue.end;
			continue;
		}
		if (take_cue(r, &cue, &next) < 0)
			return -ENOMEM;
		t = next > t ? next : t + 1;
	}
	return 0;
}

int
pk_statements_of(struct pk_scene *scene, size_t sentence, struct pk_running *running)
{
	struct reading r = { .scene = scene,
		.running = running,
		.sentence = &scene->text->sentences[sentence],
		.fresh = true };
	size_t first_draft = scene->story->drafts.len;
	struct pk_cue_at postposed;
	size_t next;

	r.begin = r.sentence->first;
	while (r.begin < r.sentence->end && scene->notes[r.begin].opener)
		r.begin++;
	r.floor = r.begin;
	if (running->postposed != NULL) { /* this sentence was used up with the last */
		running->postposed = NULL;
		return 0;
	}
	if (sentence + 1 < scene->text->n_sentences &&
	    is_postposed(scene, sentence + 1, &postposed))
		return take_postposed(&r, sentence, &postposed);
	if (!runs_on(&r))
		close_content(&r, r.sentence->first);
	if (take_headline(&r, &next) < 0 || read_cues(&r, next) < 0)
		return -ENOMEM;
	mark_zone(&r);
	mark_closed(&r, first_draft);
	mark_echo(&r, first_draft);
	return 0;
}

int
pk_statement_of_title(struct pk_scene *scene)
{
	struct pk_running running = {
		.draft = -1, .echo = -1, .quote_end = PK_NOWHERE
	};
	int r = 0;

	for (size_t i = 0; i < scene->text->n_sentences && r == 0; i++)
		r = pk_statements_of(scene, i, &running);
	if (running.draft >= 0) {
		struct pk_draft *d = scene->story->drafts.items[running.draft];

		d->stop = scene->text->n_tokens;
	}
	return r;
}

/* Without marks and blanks around it. */
static void
trim_content(struct pk_draft *d)
{
	const struct pk_scene *scene = d->scene;

	if (d->stop > scene->text->n_tokens)
		d->stop = scene->text->n_tokens;
	while (d->stop > d->after &&
	       (pk_is_punct(scene, d->stop - 1) ||
		   scene->text->tokens[d->stop - 1].kind == PK_TOKEN_QUOTE_CLOSE))
		d->stop--;
	while (d->after < d->stop && pk_is_punct(scene, d->after))
		d->after++;
}

void
pk_statements_finish(struct pk_story *story)
{
	for (size_t i = 0; i < story->drafts.len; i++) {
		struct pk_draft *d = story->drafts.items[i];
		struct pk_statement *s = &d->event.statement;

		if (s->form == PK_FORM_NONE || d->after == PK_NOWHERE)
			continue;
		if (d->stop == PK_NOWHERE)
			d->stop = d->scene->text->n_tokens;
		trim_content(d);
		if (d->after >= d->stop)
			continue;
		s->content = pk_text_of(d->scene->text, d->after, d->stop);
		s->contents[0] = pk_scene_range(d->scene, d->after, d->stop);
		s->n_contents = 1;
	}
}
