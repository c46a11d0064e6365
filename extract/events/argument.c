/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/argument.h"

#include "extract/events/clause.h"

/* Adjectives between a noun and its genitive: «سفر رسمی دو روزه X». */
#define GENITIVE_GAP_MAX 6
/* From a noun to the preposition of its argument. */
#define PREPOSITION_GAP_MAX 14
/* «تصمیم X برای Y با Z را»: phrases between whose it is and را. */
#define OWNER_PHRASES_MAX 3

void
pk_match_bounds(struct pk_match *match, const struct pk_sentence *sentence)
{
	const struct pk_scene *scene = match->scene;

	match->floor = match->first;
	while (match->floor > sentence->first &&
	       scene->notes[match->floor - 1].zone == match->zone &&
	       !scene->notes[match->floor - 1].opener)
		match->floor--;
	match->zone_end = match->end;
	while (match->zone_end < sentence->end &&
	       scene->notes[match->zone_end].zone == match->zone)
		match->zone_end++;
}

/* Ends a noun phrase behind a preposition. */
static bool
ends_phrase(const struct pk_scene *scene, size_t token)
{
	const struct pk_token_notes *note = &scene->notes[token];

	if (note->verb >= 0 &&
	    scene->verbs.items[note->verb].form.tense != PK_TENSE_INFINITIVE)
		return true;
	if (note->preposition >= 0 && note->mention < 0)
		return true;
	if (pk_at_punct(scene, token, "،"))
		return token + 1 >= scene->text->n_tokens ||
		       scene->notes[token + 1].mention < 0;
	return pk_is_punct(scene, token) ||
	       (note->words & (PK_CW_BIT(OBJECT) | PK_CW_BIT(COMP))) != 0;
}

/* «کارشناسان»: several of whom nothing is known. */
static bool
is_nobody(const struct pk_entity *e)
{
	return e->country.len == 0 && e->name.native.len == 0 &&
	       e->org.native.len == 0 && e->id.len == 0;
}

static bool
joins(const struct pk_scene *scene, size_t token)
{
	return token < scene->text->n_tokens &&
	       (pk_at_word(scene, token, PK_CW_BIT(AND)) ||
		   pk_at_punct(scene, token, "،") ||
		   scene->text->tokens[token].kind == PK_TOKEN_QUOTE_CLOSE);
}

static bool
is_person_at(const struct pk_scene *scene, size_t token)
{
	int m = token < scene->text->n_tokens ? scene->notes[token].mention : -1;

	return m >= 0 && scene->mentions->items[m].named == PK_NAMED_PERSON;
}

/* «به پالایشگاهی در ساراتوف»: the place tells whose the thing is. */
static bool
is_inside(const struct pk_scene *scene, size_t token)
{
	int in = pk_rules_role(scene->story->rules, PK_SPAN("در"));

	return scene->notes[token].preposition == in &&
	       scene->notes[token].preposition_end == token + 1;
}

/* «همتایان خود از الف و ب»: for several without a state, the token where their states
 * are named; else `end`. */
static size_t
whose_they_are(const struct pk_scene *scene, int mention, size_t end)
{
	const struct pk_mention_at *m = &scene->mentions->items[mention];
	int from = pk_rules_role(scene->story->rules, PK_SPAN("از"));
	size_t t = end;

	if (!m->plural && m->named != PK_NAMED_GROUP)
		return end;
	while (pk_at_word(scene, t, PK_CW_BIT(SELF)))
		t++;
	if (t + 1 >= scene->text->n_tokens || scene->notes[t].preposition != from ||
	    scene->notes[t].preposition_end != t + 1)
		return end;
	return scene->notes[t + 1].mention >= 0 ? t + 1 : end;
}

/* «در گفت‌وگو با شبکه X»: an interview, whoever else is named. */
static bool
is_interview(const struct pk_scene *scene, size_t token)
{
	int m = scene->notes[token].mention;

	return pk_at_word(scene, token, PK_CW_BIT(MEDIA)) ||
	       (m >= 0 && scene->mentions->items[m].named == PK_NAMED_AGENCY);
}

/* A mention and all of whom it tells: «وزرای خارجه X و Y». Returns its end. */
static size_t
read_mention(const struct pk_scene *scene, int mention, const struct pk_entity *subject,
    struct pk_parties *ret_parties)
{
	size_t end = scene->mentions->items[mention].end;
	struct pk_parties named = { .n = 0 };

	pk_resolve_list(scene, mention, end, subject, &named);
	if (named.n == 0 || is_nobody(&named.items[0]))
		end = whose_they_are(scene, mention, end);
	for (size_t i = 0; i < named.n; i++) {
		if (!is_nobody(&named.items[i]))
			pk_parties_add(ret_parties, &named.items[i]);
	}
	return end;
}

/* Does the name that ends before `token` end its phrase? Not where another is joined to
 * it; but «در سفر به A، B ...»: a person does not go on a list of states. */
static bool
is_last_name(
    const struct pk_scene *scene, size_t token, const struct pk_parties *parties)
{
	if (parties->n == 0)
		return false;
	if (!joins(scene, token))
		return true;
	return pk_at_punct(scene, token, "،") &&
	       parties->items[parties->n - 1].kind != PK_KIND_PERSON &&
	       is_person_at(scene, token + 1);
}

/* All who are named in the noun phrase that begins at `token`. Returns its end. */
static size_t
read_phrase(const struct pk_scene *scene, size_t token, size_t limit,
    const struct pk_entity *subject, struct pk_parties *ret_parties)
{
	size_t t = token, crowd = PK_NOWHERE;

	while (t < limit &&
	       (!ends_phrase(scene, t) ||
		   (t > token && ret_parties->n == 0 && is_inside(scene, t)))) {
		int m = scene->notes[t].mention;
		size_t end;

		if (is_interview(scene, t)) {
			ret_parties->n = 0;
			return t + 1;
		}
		end = pk_resolve_words(scene, t, subject, ret_parties);
		if (end > t) {
			t = end;
		} else if (m >= 0) {
			t = read_mention(scene, m, subject, ret_parties);
			if (is_last_name(scene, t, ret_parties))
				return t;
		} else if (pk_at_word(scene, t, PK_CW_BIT(CROWD)) &&
			   crowd == PK_NOWHERE) {
			crowd = t++;
		} else {
			t = pk_nationality_at(scene, t, ret_parties);
		}
	}
	/* «به معترضان حمله کرد»: people, where nobody else is named */
	if (ret_parties->n == 0 && crowd != PK_NOWHERE) {
		struct pk_entity people;

		t = pk_read_crowd(scene, crowd, crowd, limit, &people);
		pk_parties_add(ret_parties, &people);
	}
	return t;
}

/* The first phrase with that preposition in [from, to) that names somebody. */
static bool
by_preposition(const struct pk_scene *scene, int role, size_t from, size_t to,
    const struct pk_entity *subject, struct pk_parties *ret_parties)
{
	const uint32_t third =
	    PK_DETAIL_BIT(MEDIATOR) | PK_DETAIL_BIT(HOST) | PK_DETAIL_BIT(BENEFICIARY);

	for (size_t t = from; t < to; t++) {
		size_t end;

		if (scene->notes[t].preposition != role || scene->notes[t].mention >= 0)
			continue;
		/* «با میانجیگری X با Y»: a third party, and none of the slots */
		if (pk_detail_at(scene, t, to, third, &end) != NULL)
			continue;
		/* «از سوی دیگر X ...»: no preposition of X */
		if (pk_at_word(scene, t, PK_CW_BIT(ADVERB)) &&
		    scene->notes[t].word_end > scene->notes[t].preposition_end)
			continue;
		end = read_phrase(
		    scene, scene->notes[t].preposition_end, to, subject, ret_parties);
		if (ret_parties->n > 0)
			return true;
		if (end > t)
			t = end - 1;
	}
	return false;
}

/* The one right before the verb: «پیش از سفر به A به B رفت». */
static bool
by_last_preposition(const struct pk_match *m, int role, const struct pk_entity *subject,
    struct pk_parties *ret_parties)
{
	for (size_t t = m->first; t > m->clause; t--) {
		if (m->scene->notes[t - 1].preposition == role &&
		    m->scene->notes[t - 1].mention < 0)
			return by_preposition(
			    m->scene, role, t - 1, m->first, subject, ret_parties);
	}
	return false;
}

/*
 * Where what is talked of begins, for the one preposition that is at home in it; else
 * the verb. Those it names have not met:
 * «درباره تنش میان الف و ب گفت‌وگو کرد».
 */
static size_t
topic_start(const struct pk_match *m, int role)
{
	const struct pk_rules *rules = m->scene->story->rules;
	size_t t = m->clause;

	if (role != pk_rules_role(rules, PK_SPAN("بین")))
		return m->first;
	while (t < m->first && m->scene->notes[t].preposition !=
				   pk_rules_role(rules, PK_SPAN("درباره")))
		t++;
	return t;
}

/* Where a preposition of the rule may stand: before a verb, or behind a noun. */
static bool
find_preposition(const struct pk_match *m, int role, const struct pk_entity *subject,
    struct pk_parties *ret_parties)
{
	const struct pk_scene *scene = m->scene;
	size_t end = m->end + PREPOSITION_GAP_MAX;
	size_t stop = m->end;

	if (m->rule->form == PK_RULE_VERB && PK_RULE_HAS(m->rule, PERSON))
		return by_last_preposition(m, role, subject, ret_parties);
	if (m->rule->form == PK_RULE_VERB)
		return by_preposition(
		    scene, role, m->clause, topic_start(m, role), subject, ret_parties);
	if (m->rule->form == PK_RULE_WIDE && m->rule->verbs.len == 0 &&
	    by_preposition(scene, role, m->floor, m->first, subject, ret_parties))
		return true;
	if (m->rule->form == PK_RULE_WIDE && m->verb != NULL)
		return by_preposition(
		    scene, role, m->clause, m->verb->first, subject, ret_parties);
	while (stop < end && stop < m->limit && pk_finite_at(scene, stop) == NULL &&
	       !pk_at_word(scene, stop, PK_CW_BIT(COMP)) &&
	       !pk_at_punct(scene, stop, "؛") && !pk_at_punct(scene, stop, ":"))
		stop++;
	/* The phrase itself may reach further than its preposition may stand. */
	return by_preposition(scene, role, m->end, stop < m->limit ? stop : m->limit,
	    subject, ret_parties);
}

/* «دیدار X با Y»: who stands right behind the noun. */
static void
find_genitive(const struct pk_match *m, const struct pk_entity *subject,
    struct pk_parties *ret_parties)
{
	const struct pk_scene *scene = m->scene;

	for (size_t t = m->end; t < m->limit && t <= m->end + GENITIVE_GAP_MAX; t++) {
		int mention = scene->notes[t].mention;

		if (pk_resolve_words(scene, t, subject, ret_parties) > t)
			return;
		if (pk_at_word(scene, t, PK_CW_BIT(SELF)) && subject != NULL) {
			pk_parties_add(ret_parties, subject);
			return;
		}
		if (mention >= 0) {
			pk_resolve_list(scene, mention, m->limit, subject, ret_parties);
			if (ret_parties->n == 1 && is_nobody(&ret_parties->items[0]))
				ret_parties->n = 0;
			else
				return;
		}
		if (PK_RULE_HAS(m->rule, DECLARED) &&
		    pk_nationality_at(scene, t, ret_parties) > t && ret_parties->n > 0)
			return;
		if (ends_phrase(scene, t))
			return;
	}
}

/* Where the phrase that ends before `end` begins. */
static size_t
phrase_start(const struct pk_match *m, size_t end)
{
	while (end > m->clause && !ends_phrase(m->scene, end - 1))
		end--;
	return end;
}

/* Is somebody but the subject named in [first, end)? */
static bool
names_another(
    const struct pk_match *m, const struct pk_entity *subject, size_t first, size_t end)
{
	for (size_t t = first; t < end; t++) {
		int i = m->scene->notes[t].mention;

		if (i >= 0 && (subject == NULL || !subject->has_range ||
				  pk_scene_range(
				      m->scene, m->scene->mentions->items[i].first, end)
					  .start != subject->range.start))
			return true;
	}
	return false;
}

/* «حملات X به Y را محکوم کرد» is about X: whose act it is, not whom it hit. */
static void
prefer_owner(const struct pk_match *m, const struct pk_entity *subject,
    size_t *ret_first, size_t *ret_end)
{
	const struct pk_scene *scene = m->scene;
	size_t first = *ret_first;

	if (m->rule->type != PK_EVENT_ACCUSE)
		return;
	for (int i = 0; i < OWNER_PHRASES_MAX && first > m->clause &&
			scene->notes[first - 1].preposition >= 0 &&
			scene->notes[first - 1].preposition_end == first;
	     i++) {
		size_t end = first - 1;

		first = phrase_start(m, end);
		if (names_another(m, subject, first, end)) {
			*ret_first = first;
			*ret_end = end;
		}
	}
}

/* «در A B را»: what is named first belongs to the preposition, the object comes after.
 */
static size_t
behind_place(const struct pk_match *m, size_t first, size_t end)
{
	const struct pk_scene *scene = m->scene;
	size_t t = first;

	if (first <= m->clause || !is_inside(scene, first - 1))
		return first;
	while (t < end && scene->notes[t].mention < 0)
		t++;
	if (t == end)
		return first;
	t = scene->mentions->items[scene->notes[t].mention].end;
	while (
	    t < end && scene->notes[t].mention >= 0 &&
	    scene->mentions->items[scene->notes[t].mention].named != PK_NAMED_PERSON &&
	    t + 1 < end)
		t = scene->mentions->items[scene->notes[t].mention].end;
	return t < end && !joins(scene, t) ? t : first;
}

/* Who is named in the object: before را, else right before the noun or verb. */
static void
find_object(const struct pk_match *m, const struct pk_entity *subject,
    struct pk_parties *ret_parties)
{
	const struct pk_scene *scene = m->scene;
	size_t end = m->first, first;

	for (size_t t = m->clause; t < m->first; t++) {
		if (pk_at_word(scene, t, PK_CW_BIT(OBJECT)))
			end = t;
	}
	if (end == m->first && m->verb != NULL && m->verb->first > m->end) {
		(void)read_phrase(scene, m->end, m->verb->first, subject, ret_parties);
		return;
	}
	first = end;
	while (first > m->clause && !ends_phrase(scene, first - 1))
		first--;
	if (end == m->first)
		return; /* without را there is no telling it from the subject */
	first = behind_place(m, first, end);
	/* «ما X را پذیرفتیم»: who does it stands in the same phrase */
	if (m->verb != NULL && m->verb->form.person == 1 &&
	    pk_at_word(scene, first, PK_CW_BIT(WE)))
		first++;
	prefer_owner(m, subject, &first, &end);
	for (size_t t = first; t < end;) {
		int mention = scene->notes[t].mention;
		struct pk_entity e;

		size_t words_end = pk_resolve_words(scene, t, subject, ret_parties);

		if (words_end > t) {
			t = words_end;
			continue;
		}
		if (mention >= 0 && pk_resolve(scene, mention, subject, &e) &&
		    (!is_nobody(&e) || m->rule->type == PK_EVENT_CONSULT) &&
		    (subject == NULL || !pk_same_entity(&e, subject)))
			pk_parties_add(ret_parties, &e);
		t = mention >= 0 ? scene->mentions->items[mention].end : t + 1;
	}
	/* «دو جنگنده هندی را» */
	for (size_t t = first; ret_parties->n == 0 && t < end;)
		t = scene->notes[t].mention >= 0
			? t + 1
			: pk_nationality_at(scene, t, ret_parties);
}

/* «ما»: the speaker's state; for meetings the speakers themselves. */
static void
we(const struct pk_match *m, struct pk_parties *ret_parties)
{
	const struct pk_entity *speaker = pk_speaker_of(m->scene, m->zone);
	struct pk_entity state;

	if (speaker == NULL)
		return;
	/* «ما» speaks for the state, «تشکر می‌کنم» for oneself. */
	if (m->rule->type == PK_EVENT_CONSULT ||
	    (m->verb != NULL && m->verb->form.person == 1 && !m->verb->form.plural)) {
		pk_parties_add(ret_parties, speaker);
		return;
	}
	state = pk_state_of(m->scene->story, speaker);
	pk_parties_add(ret_parties, &state);
}

/* «ما توافق کردیم» of two who met: both. */
static bool
we_who_met(const struct pk_match *m, struct pk_parties *ret_parties)
{
	const struct pk_story *story = m->scene->story;
	const struct pk_entity *speaker = pk_speaker_of(m->scene, m->zone);
	const struct pk_draft *met =
	    speaker == NULL ? NULL : pk_meeting_of(story, speaker);
	struct pk_parties all, topic = { .n = 0 };

	if (met == NULL || !PK_RULE_HAS(m->rule, JOINT) ||
	    pk_topic_of(m->scene, m->zone, &topic))
		return false;
	pk_parties_of(&met->event, &all);
	for (size_t i = 0; i < all.n; i++) {
		struct pk_entity state = pk_state_of(story, &all.items[i]);

		pk_parties_add(ret_parties, &state);
	}
	return ret_parties->n >= 2;
}

/* «از X تشکر می‌کنیم که ...»: they did what follows. */
static bool
those_thanked(const struct pk_match *m, struct pk_parties *ret_parties)
{
	const struct pk_draft *last = m->scene->story->last;

	if (last == NULL || last->scene != m->scene || last->end + 1 != m->clause ||
	    !pk_at_word(m->scene, last->end, PK_CW_BIT(COMP)) ||
	    last->event.n_recipients == 0)
		return false;
	for (size_t i = 0; i < last->event.n_recipients; i++)
		pk_parties_add(ret_parties, &last->event.recipients[i]);
	return true;
}

/* «سفر X و دیدارش با Y»: who was named last. */
static bool
owner_before(const struct pk_match *m, struct pk_parties *ret_parties)
{
	for (size_t t = m->first; t > m->floor; t--) {
		int i = m->scene->notes[t - 1].mention;
		struct pk_entity e;

		if (i >= 0 && m->scene->mentions->items[i].named == PK_NAMED_PERSON &&
		    pk_resolve(m->scene, i, NULL, &e)) {
			pk_parties_add(ret_parties, &e);
			return true;
		}
	}
	return false;
}

/* «این پیمان امضا شد»: the subject is the thing, whoever signed it. */
static bool
comes_about(const struct pk_match *m)
{
	return PK_RULE_HAS(m->rule, JOINT) &&
	       (pk_span_eq(m->verb->form.verb, PK_SPAN("shod")) ||
		   pk_span_eq(m->verb->form.verb, PK_SPAN("resid")));
}

/*
 * «گروه مسلحی که به X حمله کرد»: the clause is about a noun that names nobody, so
 * whoever is named before it has no part in it. «زمانی که» is of class conjunction.
 */
static bool
is_of_stranger(const struct pk_match *m)
{
	const struct pk_scene *scene = m->scene;
	size_t t = m->clause;
	struct pk_span key;

	if (t < m->floor + 2 || !pk_at_word(scene, t - 1, PK_CW_BIT(COMP)))
		return false;
	t -= 2;
	key = scene->text->tokens[t].key;
	return scene->text->tokens[t].kind == PK_TOKEN_WORD &&
	       scene->notes[t].verb < 0 && scene->notes[t].mention < 0 &&
	       (scene->notes[t].words & ~(PK_CW_BIT(CROWD) | PK_CW_BIT(QUANTITY))) ==
		   0 &&
	       pk_span_ends_with(key, PK_SPAN("ی"));
}

/* «گفت که با الف دیدار کرده است»: in reported speech who speaks is who met. */
static bool
is_told_of_self(const struct pk_match *m)
{
	const struct pk_draft *said = m->scene->story->drafts.items[m->zone];

	return said->event.statement.form == PK_FORM_INDIRECT && m->verb != NULL &&
	       !m->passive && !m->verb->form.plural &&
	       m->rule->type != PK_EVENT_ASSAULT &&
	       (m->rule->type == PK_EVENT_AGREE || !PK_RULE_HAS(m->rule, JOINT));
}

static void
find_subject(const struct pk_match *m, struct pk_parties *ret_parties)
{
	const struct pk_scene *scene = m->scene;
	const struct pk_entity *speaker = pk_speaker_of(scene, m->zone);
	const struct pk_verb_at *verb = m->verb;
	struct pk_entity stranger;

	if (verb != NULL && verb->form.passive && !m->passive)
		return;
	if (verb != NULL && verb->form.person == 1) {
		if (!we_who_met(m, ret_parties))
			we(m, ret_parties);
		return;
	}
	if (verb != NULL && verb->form.person == 2)
		return;
	/* «سپاسگزاریم»، «آماده‌ایم»: the person is in the word
	 * itself.
	 */
	if (verb == NULL && m->rule->form == PK_RULE_WIDE && speaker != NULL) {
		we(m, ret_parties);
		return;
	}
	if (verb == NULL && m->rule->form == PK_RULE_NOUN &&
	    pk_span_ends_with(scene->text->tokens[m->end - 1].key, PK_SPAN("ش")) &&
	    owner_before(m, ret_parties))
		return;
	if (those_thanked(m, ret_parties))
		return;
	if (is_of_stranger(m)) {
		pk_find_subject(scene, m->clause, m->first, m->clause, ret_parties);
		return;
	}
	pk_find_subject(scene, m->clause, m->first, m->floor, ret_parties);
	if (ret_parties->n > 0)
		return;
	if (verb == NULL || m->rule->form == PK_RULE_NOUN ||
	    m->rule->form == PK_RULE_FRAME) {
		/* A noun in a speech belongs to who speaks, in a report to its subject.
		 */
		if (speaker != NULL)
			pk_parties_add(ret_parties, speaker);
		else if (pk_speaker_near(scene, m->first) != NULL)
			pk_parties_add(ret_parties, &scene->story->speaker);
	} else if (pk_find_stranger(scene, m->clause, m->first, &stranger)) {
		/* «بنیاد ناشناس نروژ کمک کرد»: of a state at least, or nobody */
		if (!pk_span_eq(stranger.antecedent.how, PK_HOW_HOME))
			pk_parties_add(ret_parties, &stranger);
	} else if (speaker != NULL && is_told_of_self(m)) {
		pk_parties_add(ret_parties, speaker);
	} else if (m->zone < 0 && !m->passive && !comes_about(m) &&
		   pk_speaker_near(scene, m->first) != NULL &&
		   (!verb->form.plural ||
		       scene->story->speaker.kind != PK_KIND_PERSON)) {
		pk_parties_add(ret_parties, &scene->story->speaker);
	}
}

static struct pk_parties *
place_of(struct pk_arguments *a, char role)
{
	switch (role) {
	case 'a':
		return &a->actors;
	case 'r':
		return &a->recipients;
	case 'h':
		return &a->hosts;
	default:
		return &a->participants;
	}
}

/* «دیدار X با Y»، «مذاکرات بین X و Y»: the noun says whose it is. */
static bool
is_owner(const struct pk_match *m, const struct pk_rule_arg *arg)
{
	int between = pk_rules_role(m->scene->story->rules, PK_SPAN("بین"));

	return arg->slot == PK_SLOT_GENITIVE ||
	       arg->slot == PK_SLOT_PREPOSITION + between;
}

/* A noun takes its subject from the genitive where it has one; «میان A و B» names all.
 */
static bool
is_spare(const struct pk_rule_arg *arg, const struct pk_arguments *a)
{
	return arg->slot == PK_SLOT_SUBJECT && a->owned && a->actors.n >= 2;
}

/* «از X به دلیل فروش سلاح به Y انتقاد کرد»: of two prepositions for one place the
 * first that names somebody has it. */
static bool
is_taken(const struct pk_rule_arg *arg, const struct pk_arguments *a)
{
	return arg->slot >= PK_SLOT_PREPOSITION && arg->role == 'r' && !arg->required &&
	       a->recipients.n > 0;
}

/* Nobody does it to himself. Returns false where nobody is left to do it to. */
static bool
drop_actors(struct pk_arguments *a, struct pk_parties *parties)
{
	struct pk_parties kept = { .n = 0 };
	bool had = parties->n > 0;

	for (size_t i = 0; i < parties->n; i++) {
		bool acts = false;

		for (size_t k = 0; k < a->actors.n; k++)
			acts |= pk_same_entity(&parties->items[i], &a->actors.items[k]);
		if (!acts)
			pk_parties_add(&kept, &parties->items[i]);
	}
	*parties = kept;
	return !had || kept.n > 0;
}

/* Are all of them bodies that one can be a member of? */
static bool
are_bodies(const struct pk_parties *parties)
{
	for (size_t i = 0; i < parties->n; i++) {
		if (parties->items[i].kind != PK_KIND_ORG &&
		    parties->items[i].kind != PK_KIND_IGO)
			return false;
	}
	return true;
}

static void
find_slot(const struct pk_match *m, const struct pk_rule_arg *arg,
    const struct pk_arguments *a, struct pk_parties *ret_found)
{
	const struct pk_entity *self = a->subject.n > 0 ? &a->subject.items[0] : NULL;

	if (arg->slot == PK_SLOT_SUBJECT)
		*ret_found = a->subject;
	else if (arg->slot == PK_SLOT_GENITIVE)
		find_genitive(m, self, ret_found);
	else if (arg->slot == PK_SLOT_OBJECT)
		find_object(m, self, ret_found);
	else
		(void)find_preposition(
		    m, arg->slot - PK_SLOT_PREPOSITION, self, ret_found);
}

static void
join(struct pk_parties *to, const struct pk_parties *from)
{
	for (size_t i = 0; i < from->n; i++)
		pk_parties_add(to, &from->items[i]);
}

/* «نظامیان X وارد Y شدند» is no visit. */
static bool
are_troops(const struct pk_match *m, const struct pk_entity *e)
{
	const struct pk_scene *scene = m->scene;

	for (size_t t = m->clause; e->has_range && t < m->first; t++) {
		if (pk_scene_range(scene, t, t + 1).start == e->range.start)
			return pk_at_word(scene, t, PK_CW_BIT(TROOPS));
	}
	return false;
}

/* Only where somebody goes on their own feet, and right to the place. */
static bool
goes_there(const struct pk_match *m, const struct pk_arguments *a)
{
	const struct pk_scene *scene = m->scene;

	if (!PK_RULE_HAS(m->rule, PERSON))
		return true;
	for (size_t i = 0; i < a->actors.n; i++) {
		const struct pk_entity *e = &a->actors.items[i];

		if (e->kind != PK_KIND_PERSON &&
		    (e->kind != PK_KIND_GROUP || are_troops(m, e)))
			return false;
	}
	return m->first != m->verb->first ||
	       (m->first > 0 && scene->notes[m->first - 1].mention >= 0);
}

/* «تیم ملی به دروازه حریف حمله کرد» is no war. */
static bool
bears_arms(const struct pk_arguments *a)
{
	static const char *const unarmed[] = { "SOC", "EDU", "BUS", "MED", "AGR" };

	if (a->subject.n == 0)
		return false;
	for (size_t i = 0; i < PK_COUNT(unarmed); i++) {
		if (pk_span_eq(a->subject.items[0].sector, pk_span_of(unarmed[i])))
			return false;
	}
	return true;
}

/* «از این نشست استقبال کرد»: praise and blame hold for things, too. */
static bool
is_vague(const struct pk_match *m, const struct pk_rule_arg *arg,
    const struct pk_arguments *a)
{
	if (arg->slot < PK_SLOT_PREPOSITION || m->rule->form == PK_RULE_NOUN ||
	    (m->rule->type != PK_EVENT_SUPPORT && m->rule->type != PK_EVENT_ASSAULT &&
		m->rule->type != PK_EVENT_AID))
		return false;
	if (m->rule->type == PK_EVENT_ASSAULT && !bears_arms(a))
		return false;
	if (m->rule->form == PK_RULE_FRAME)
		return m->end < m->limit && m->scene->notes[m->end].preposition ==
						arg->slot - PK_SLOT_PREPOSITION;
	for (size_t t = m->clause; t < m->first; t++) {
		if (m->scene->notes[t].preposition == arg->slot - PK_SLOT_PREPOSITION)
			return true;
	}
	return false;
}

void
pk_find_agent(const struct pk_scene *scene, size_t first, size_t end,
    struct pk_parties *ret_parties)
{
	const struct pk_rules *rules = scene->story->rules;
	int by = pk_rules_role(rules, PK_SPAN("توسط"));
	int from = pk_rules_role(rules, PK_SPAN("از"));

	ret_parties->n = 0;
	for (size_t t = first; t < end && ret_parties->n == 0; t++) {
		const struct pk_token_notes *note = &scene->notes[t];

		if (note->preposition == by ||
		    (note->preposition == from && note->preposition_end > t + 1))
			(void)read_phrase(
			    scene, note->preposition_end, end, NULL, ret_parties);
	}
}

/* «سفر X به Y لغو شد»: the first who is named. */
static void
find_owner(const struct pk_match *m, struct pk_parties *ret_parties)
{
	for (size_t t = m->clause; t < m->first && ret_parties->n == 0; t++) {
		int i = m->scene->notes[t].mention;
		struct pk_entity e;

		if (i >= 0 && pk_resolve(m->scene, i, NULL, &e) && !is_nobody(&e))
			pk_parties_add(ret_parties, &e);
	}
}

/* «X تحریم شد», «روابط قطع شد»: the subject bears it, the doer may stay unsaid. */
static bool
find_passive(const struct pk_match *m, struct pk_arguments *a)
{
	const struct pk_rule *rule = m->rule;
	int from =
	    PK_SLOT_PREPOSITION + pk_rules_role(m->scene->story->rules, PK_SPAN("از"));

	pk_find_agent(m->scene, m->clause, m->first, &a->actors);
	for (size_t i = 0; i < rule->n_args; i++) {
		const struct pk_rule_arg *arg = &rule->args[i];
		struct pk_parties found = { .n = 0 };

		/* «از سوی X» is the doer's, and the subject is nobody's who does it. */
		if (arg->slot == PK_SLOT_SUBJECT || arg->slot == from ||
		    (arg->slot != PK_SLOT_OBJECT && !arg->required))
			continue;
		if (arg->slot == PK_SLOT_OBJECT)
			found = a->subject;
		else
			find_slot(m, arg, a, &found);
		/* What demands somebody to be done to demands its doer, too. */
		if (arg->required &&
		    (found.n == 0 || (arg->slot != PK_SLOT_OBJECT && a->actors.n == 0)))
			return false;
		join(place_of(a, arg->role), &found);
	}
	if (PK_RULE_HAS(rule, OWNER) && a->actors.n == 0)
		find_owner(m, &a->actors);
	return drop_actors(a, &a->recipients);
}

/* «افراد مسلح حمله کردند»: attackers of whom nothing is said are of no state. */
static void
leave_home(struct pk_parties *parties)
{
	for (size_t i = 0; i < parties->n; i++) {
		struct pk_entity *e = &parties->items[i];

		if (pk_span_eq(e->antecedent.how, PK_HOW_HOME) && e->sector.len == 0)
			e->country = (struct pk_span){ NULL, 0 };
	}
}

/* «این حمله را محکوم کرد»: whose deed was told last. */
static void
find_culprit(const struct pk_match *m, struct pk_parties *ret_parties)
{
	const struct pk_story *story = m->scene->story;
	bool pointed = false;

	for (size_t t = m->clause; t + 1 < m->first; t++)
		pointed |= pk_at_word(m->scene, t, PK_CW_BIT(THIS_DEED));
	for (size_t i = story->drafts.len; pointed && i > 0; i--) {
		const struct pk_draft *d = story->drafts.items[i - 1];

		if (pk_event_quad(d->event.type) != 4 || d->scene != m->scene ||
		    d->first >= m->first || d->event.n_actors == 0)
			continue;
		pk_parties_add(ret_parties, &d->event.actors[0]);
		return;
	}
}

/* «خواستار آن شد که X کاری بکند»: X is who is asked. */
static void
find_asked(const struct pk_match *m, struct pk_parties *ret_parties)
{
	const struct pk_scene *scene = m->scene;
	size_t t = m->verb == NULL ? m->end : m->verb->end, end;

	if (!pk_at_word(scene, t, PK_CW_BIT(COMP) | PK_CW_BIT(PURPOSE)))
		return;
	end = ++t;
	while (end < m->sentence_end && pk_finite_at(scene, end) == NULL)
		end++;
	/* the «که» may begin the next sentence */
	if (end >= m->sentence_end ||
	    pk_finite_at(scene, end)->form.tense != PK_TENSE_SUBJUNCTIVE ||
	    scene->notes[t].mention < 0)
		return;
	pk_find_subject(scene, t, end, t, ret_parties);
}

/* Fills the place of one slot. Returns false where somebody is demanded and none found.
 */
static bool
fill_slot(
    const struct pk_match *m, const struct pk_rule_arg *arg, struct pk_arguments *a)
{
	struct pk_parties found = { .n = 0 };
	struct pk_parties *place = place_of(a, arg->role);

	find_slot(m, arg, a, &found);
	a->owned |= found.n > 0 && is_owner(m, arg);
	/* An attack is never the act of who tells of it. */
	if (found.n == 0 && arg->slot == PK_SLOT_GENITIVE && arg->required &&
	    m->rule->type != PK_EVENT_ASSAULT)
		found = a->subject;
	if (found.n == 0 && arg->required && !is_vague(m, arg, a))
		return false;
	if (arg->slot == PK_SLOT_SUBJECT) { /* the subject leads */
		join(&found, place);
		*place = found;
	} else {
		join(place, &found);
	}
	return true;
}

/* Genitives and prepositions first, so that a noun knows whether it needs a subject
 * from outside. */
static bool
fill_slots(const struct pk_match *m, struct pk_arguments *a)
{
	const struct pk_rule *rule = m->rule;

	for (size_t i = 0; i < rule->n_args; i++) {
		const struct pk_rule_arg *arg = &rule->args[i];

		if (arg->slot != PK_SLOT_SUBJECT && !is_taken(arg, a) &&
		    !fill_slot(m, arg, a))
			return false;
	}
	for (size_t i = 0; i < rule->n_args; i++) {
		const struct pk_rule_arg *arg = &rule->args[i];

		if (arg->slot == PK_SLOT_SUBJECT && !is_spare(arg, a) &&
		    !fill_slot(m, arg, a))
			return false;
	}
	return true;
}

/* Who is no argument of the clause, but told by what stands around it. */
static void
find_others(const struct pk_match *m, struct pk_arguments *a)
{
	if (m->rule->type == PK_EVENT_ACCUSE && a->recipients.n == 0)
		find_culprit(m, &a->recipients);
	if (m->rule->type == PK_EVENT_REQUEST && a->recipients.n == 0)
		find_asked(m, &a->recipients);
	if (m->rule->type == PK_EVENT_ASSAULT)
		leave_home(&a->actors);
	if (PK_RULE_HAS(m->rule, OURS) && a->actors.n == 0)
		we(m, &a->actors);
}

bool
pk_arguments_find(const struct pk_match *match, struct pk_arguments *ret_arguments)
{
	struct pk_arguments *a = ret_arguments;

	find_subject(match, &a->subject);
	if (match->passive)
		return find_passive(match, a);
	if (!fill_slots(match, a))
		return false;
	find_others(match, a);
	if (PK_RULE_HAS(match->rule, ORG) && !are_bodies(&a->recipients))
		return false;
	return drop_actors(a, &a->recipients) && drop_actors(a, &a->hosts) &&
	       goes_there(match, a);
}
