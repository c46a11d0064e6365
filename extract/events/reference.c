/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/reference.h"

#include "extract/events/office.h"

/* What a referent is worth when it had to be found. */
#define CONF_SAME_TITLE 0.9
#define CONF_PRONOUN    0.85
#define CONF_IMPLICIT   0.8
#define CONF_FAR        0.6

/* A verb without a subject reaches this many sentences back. */
#define NEAR_SENTENCES 4
#define FAR_SENTENCES  2
/* «پلیس» is the one that was told of so many tokens before. */
#define SAME_WORD_MAX 200
/* «وزیران خارجه کشورهای عضو اتحادیه» */
#define BODY_GAP_MAX 4
/* «ستاد کل نیروهای مسلح» */
#define KIND_WORDS_MAX 4
/* «کارکنان فرودگاه‌های آلمان»: from the people to their
 * country.
 */
#define CROWD_PHRASE_MAX 5

void
pk_set_speaker(struct pk_scene *scene, const struct pk_entity *entity, size_t token)
{
	scene->story->speaker = *entity;
	scene->story->speaker_at = scene->text->tokens[token].sentence;
}

const struct pk_entity *
pk_speaker_near(const struct pk_scene *scene, size_t token)
{
	const struct pk_story *story = scene->story;
	size_t at = scene->text->tokens[token].sentence;

	if (story->speaker.kind == PK_KIND_NONE ||
	    at > story->speaker_at + NEAR_SENTENCES)
		return NULL;
	return &story->speaker;
}

void
pk_mark_far(const struct pk_scene *scene, struct pk_draft *draft)
{
	const struct pk_draft *before = NULL;
	size_t at = scene->text->tokens[draft->first].sentence;

	for (size_t i = 0; i + 1 < scene->story->drafts.len; i++) {
		const struct pk_draft *d = scene->story->drafts.items[i];

		if (d->scene == scene && d->first < draft->first)
			before = d;
	}
	if (before != NULL &&
	    at > scene->text->tokens[before->first].sentence + FAR_SENTENCES)
		draft->event.flags |= 1u << PK_FLAG_ANAPHORA_FAR;
}

bool
pk_same_entity(const struct pk_entity *a, const struct pk_entity *b)
{
	if (a->has_range && b->has_range && a->range.start == b->range.start &&
	    a->range.in_title == b->range.in_title)
		return true;
	if (a->id.len > 0 && b->id.len > 0)
		return pk_span_eq(a->id, b->id);
	if (a->name.native.len > 0 && b->name.native.len > 0 &&
	    a->kind == PK_KIND_PERSON && b->kind == PK_KIND_PERSON)
		return pk_span_eq(a->name.native, b->name.native);
	if (a->country.len > 0 && pk_span_eq(a->country, b->country)) {
		if (a->role.id.len > 0 && pk_span_eq(a->role.id, b->role.id) &&
		    a->role.status == b->role.status &&
		    (a->name.native.len == 0 || b->name.native.len == 0))
			return true;
		return a->kind == PK_KIND_STATE && b->kind == PK_KIND_STATE;
	}
	return a->text.len > 0 && a->country.len == 0 && b->country.len == 0 &&
	       pk_span_eq(a->text, b->text);
}

/* A person or office, as opposed to the state that they act for. */
static bool
is_somebody(const struct pk_entity *e)
{
	return e->kind == PK_KIND_PERSON;
}

bool
pk_compatible(const struct pk_entity *a, const struct pk_entity *b)
{
	if (pk_same_entity(a, b))
		return true;
	if (a->country.len == 0 || !pk_span_eq(a->country, b->country))
		return false;
	if (!is_somebody(a) || !is_somebody(b))
		return true;
	/* Two people of a country: one of them without a name may be the other. */
	if (a->role.status == PK_ROLE_THEN || b->role.status == PK_ROLE_THEN)
		return false;
	return (a->name.native.len == 0 || b->name.native.len == 0) &&
	       (a->role.id.len == 0 || b->role.id.len == 0 ||
		   pk_span_eq(a->role.id, b->role.id));
}

void
pk_parties_add(struct pk_parties *parties, const struct pk_entity *entity)
{
	for (size_t i = 0; i < parties->n; i++) {
		struct pk_entity *old = &parties->items[i];

		if (!pk_same_entity(old, entity))
			continue;
		if (old->name.native.len == 0 && entity->name.native.len > 0)
			*old = *entity;
		return;
	}
	if (parties->n < PK_PARTIES_MAX)
		parties->items[parties->n++] = *entity;
}

void
pk_parties_of(const struct pk_event *event, struct pk_parties *ret_parties)
{
	ret_parties->n = 0;
	for (size_t i = 0; i < event->n_actors; i++)
		pk_parties_add(ret_parties, &event->actors[i]);
	for (size_t i = 0; i < event->n_recipients; i++)
		pk_parties_add(ret_parties, &event->recipients[i]);
}

const struct pk_draft *
pk_meeting_of(const struct pk_story *story, const struct pk_entity *entity)
{
	for (size_t i = story->drafts.len; i > 0; i--) {
		const struct pk_draft *d = story->drafts.items[i - 1];
		struct pk_parties all;

		if (d->event.type != PK_EVENT_CONSULT)
			continue;
		pk_parties_of(&d->event, &all);
		for (size_t k = 0; k < all.n && all.n >= 2; k++) {
			if (pk_same_entity(&all.items[k], entity))
				return d;
		}
	}
	return NULL;
}

static struct pk_entity
state_by_name(const struct pk_known_country *country)
{
	return (struct pk_entity){ .text = country->native,
		.mention = PK_MENTION_NATIONALITY,
		.kind = PK_KIND_STATE,
		.id = country->id,
		.name = { country->native, country->latin },
		.country = country->id,
		.sector = PK_SPAN("GOV"),
		.conf = 0.8 };
}

size_t
pk_nationality_at(
    const struct pk_scene *scene, size_t token, struct pk_parties *ret_parties)
{
	struct pk_phrase_match match;
	struct pk_entity state;

	if (!pk_phrases_match(scene->story->rules->countries, scene->text, token,
		scene->text->n_tokens, &match))
		return token + 1;
	state = state_by_name(match.values[0]);
	state.text = pk_text_of(scene->text, match.first, match.end);
	state.range = pk_scene_range(scene, match.first, match.end);
	state.has_range = true;
	pk_parties_add(ret_parties, &state);
	return match.end;
}

/* «رؤسای جمهور الف و ب»: one of them, as the office of a state. */
static void
add_member(const struct pk_scene *scene, const struct pk_mention_at *m,
    const struct pk_entity *member, struct pk_parties *ret_parties)
{
	struct pk_entity e = *member;

	if (e.text.len == 0)
		e.text = pk_text_of(scene->text, m->first, m->end);
	if (e.conf <= 0)
		e.conf = CONF_SAME_TITLE;
	pk_parties_add(ret_parties, &e);
}

/* «سران روسیه، ترکیه و ایران»: the states that a group is of. */
static bool
resolve_group(const struct pk_scene *scene, const struct pk_mention_at *m,
    struct pk_parties *ret_parties)
{
	size_t before = ret_parties->n;

	if (m->named != PK_NAMED_GROUP || m->entity.country.len > 0)
		return false;
	for (size_t i = 0; i < m->n_members; i++)
		add_member(scene, m, &m->members[i], ret_parties);
	if (m->n_members > 0)
		return true;
	for (size_t t = m->first; t < m->end;)
		t = pk_nationality_at(scene, t, ret_parties);
	return ret_parties->n > before;
}

const struct pk_entity *
pk_speaker_of(const struct pk_scene *scene, int zone)
{
	const struct pk_draft *draft;

	if (zone < 0)
		return NULL;
	draft = scene->story->drafts.items[zone];
	return draft->event.n_actors > 0 ? &draft->event.actors[0] : NULL;
}

/* A mention of the state by its name, for a country that is only known by its code. */
static const struct pk_entity *
state_mention(const struct pk_story *story, struct pk_span country)
{
	const struct pk_scene *scenes[] = { &story->body, &story->head };

	for (size_t s = 0; s < PK_COUNT(scenes); s++) {
		const struct pk_mentions *m = scenes[s]->mentions;

		for (size_t i = 0; m != NULL && i < m->len; i++) {
			if (m->items[i].named == PK_NAMED_STATE &&
			    pk_span_eq(m->items[i].entity.country, country))
				return &m->items[i].entity;
		}
	}
	return NULL;
}

struct pk_entity
pk_state_of(const struct pk_story *story, const struct pk_entity *speaker)
{
	const struct pk_entity *known = state_mention(story, speaker->country);
	struct pk_entity state = *speaker;

	if (speaker->country.len == 0 || speaker->kind == PK_KIND_STATE)
		return state;
	if (known == NULL) {
		state.mention = PK_MENTION_IMPLICIT;
		return state;
	}
	state = *known;
	state.has_range = false;
	state.mention = PK_MENTION_IMPLICIT;
	state.antecedent = (struct pk_antecedent){ .has_range = speaker->has_range,
		.range = speaker->range,
		.how = PK_SPAN("speaker"),
		.distance = -1 };
	state.conf = CONF_IMPLICIT;
	return state;
}

/* Takes over who it is, and keeps how it was said. */
static void
take_identity(
    struct pk_entity *e, const struct pk_entity *of, struct pk_span how, double conf)
{
	struct pk_role role = e->role.id.len > 0 ? e->role : of->role;

	e->id = of->id;
	e->name = of->name;
	e->kind = of->kind;
	if (of->country.len > 0)
		e->country = of->country;
	if (e->org.native.len == 0)
		e->org = of->org;
	if (of->sector.len > 0)
		e->sector = of->sector;
	if (of->code.len > 0)
		e->code = of->code;
	e->role = role;
	e->antecedent =
	    (struct pk_antecedent){ .has_range = of->has_range && !of->range.in_title,
		    .range = of->range,
		    .how = how,
		    .distance = -1 };
	e->conf = conf;
}

static bool
has_role(const struct pk_entity *e, struct pk_span role, struct pk_span country)
{
	return e->name.native.len > 0 && role.len > 0 && pk_span_eq(e->role.id, role) &&
	       pk_span_eq(e->country, country) && e->role.status != PK_ROLE_THEN &&
	       e->role.status != PK_ROLE_FORMER;
}

/* Somebody in the article who is named and has the role. */
static const struct pk_entity *
named_holder(const struct pk_story *story, struct pk_span role, struct pk_span country)
{
	const struct pk_scene *scenes[] = { &story->body, &story->head };

	for (size_t s = 0; s < PK_COUNT(scenes); s++) {
		const struct pk_mentions *m = scenes[s]->mentions;

		for (size_t i = 0; m != NULL && i < m->len; i++) {
			if (m->items[i].named == PK_NAMED_PERSON &&
			    has_role(&m->items[i].entity, role, country))
				return &m->items[i].entity;
		}
	}
	return NULL;
}

/*
 * The only person of the country that is named without any role: in short reports the
 * title stands in one sentence and the name in the next.
 */
static const struct pk_entity *
only_person_of(const struct pk_story *story, struct pk_span country)
{
	const struct pk_mentions *m = story->body.mentions;
	const struct pk_entity *found = NULL;

	for (size_t i = 0; i < m->len; i++) {
		const struct pk_entity *e = &m->items[i].entity;

		if (m->items[i].named != PK_NAMED_PERSON || e->role.id.len > 0 ||
		    !pk_span_eq(e->country, country))
			continue;
		if (found != NULL && !pk_same_entity(found, e))
			return NULL;
		found = e;
	}
	return found;
}

/* The only holder of the office in the article, whatever the country: «دبیرکل». */
static const struct pk_entity *
only_holder(const struct pk_story *story, struct pk_span role)
{
	const struct pk_mentions *m = story->body.mentions;
	const struct pk_entity *found = NULL;

	for (size_t i = 0; i < m->len; i++) {
		const struct pk_entity *e = &m->items[i].entity;

		if (!pk_span_eq(e->role.id, role) || m->items[i].plural ||
		    m->items[i].counterpart ||
		    (e->country.len == 0 && e->org.native.len == 0))
			continue;
		if (found != NULL && !pk_compatible(found, e))
			return NULL;
		if (found == NULL || found->name.native.len == 0)
			found = e;
	}
	return found;
}

/* Offices that a report names without their country when it is its own. */
static bool
is_national(struct pk_span role)
{
	static const char *const parts[] = { "minister", "president", "government" };

	for (size_t i = 0; i < PK_COUNT(parts); i++) {
		if (pk_span_find(role, pk_span_of(parts[i]), 0) != SIZE_MAX)
			return true;
	}
	return pk_span_ends_with(role, PK_SPAN("y_spokesperson"));
}

/* An office without any country: the one told of before, else the publisher's. */
static void
complete_role(const struct pk_story *story, struct pk_entity *e)
{
	const struct pk_entity *known;

	/* «مدیرکل آسیای غربی وزارت امور خارجه»: a ministry is some state's */
	if (e->role.id.len > 0 && e->country.len == 0 &&
	    pk_span_starts_with(e->org.native, PK_SPAN("وزارت"))) {
		e->country = story->body.home;
		e->conf = CONF_FAR;
	}
	if (e->role.id.len == 0 || e->country.len > 0 || e->org.native.len > 0)
		return;
	known = only_holder(story, e->role.id);
	if (known != NULL) {
		struct pk_entity own = *e;

		take_identity(e, known, PK_SPAN("same_title"), CONF_SAME_TITLE);
		/* whose office it is, not who holds it: a name of one's own stays */
		if (own.name.native.len > 0) {
			e->id = own.id;
			e->name = own.name;
			e->kind = own.kind;
		}
	} else if (is_national(e->role.id)) {
		e->country = story->body.home;
		e->antecedent =
		    (struct pk_antecedent){ .how = PK_SPAN("publisher_country"),
			    .distance = -1 };
		e->conf = CONF_FAR;
	}
}

static void
resolve_role(const struct pk_story *story, struct pk_entity *e)
{
	const struct pk_entity *holder;

	complete_role(story, e);
	if (e->role.status == PK_ROLE_THEN || e->role.status == PK_ROLE_FORMER ||
	    e->name.native.len > 0)
		return;
	holder = named_holder(story, e->role.id, e->country);
	if (holder == NULL && e->role.id.len > 0 && e->country.len > 0)
		holder = only_person_of(story, e->country);
	if (holder != NULL)
		take_identity(e, holder, PK_SPAN("same_title"), CONF_SAME_TITLE);
	else
		pk_office_fill(story, e);
}

static void
resolve_counterpart(
    const struct pk_story *story, struct pk_entity *e, const struct pk_entity *subject)
{
	const struct pk_entity *other = NULL;

	if (subject != NULL && e->role.id.len == 0)
		e->role = subject->role;
	if (e->country.len > 0) {
		resolve_role(story, e);
		return;
	}
	/* «همتای خود» without a country: the other one of the meeting. */
	if (story->consult == NULL || subject == NULL)
		return;
	for (size_t i = 0; i < story->consult->event.n_actors; i++) {
		if (!pk_same_entity(&story->consult->event.actors[i], subject))
			other = &story->consult->event.actors[i];
	}
	if (other != NULL)
		take_identity(e, other, PK_SPAN("counterpart"), CONF_PRONOUN);
}

static bool
is_known(const struct pk_entity *e)
{
	return e->country.len > 0 || e->name.native.len > 0 || e->org.native.len > 0 ||
	       e->id.len > 0;
}

/* «سخنگوی این اتحادیه»، «فرستاده ما»: whose officer it is stands right behind. */
static void
take_owner(
    const struct pk_scene *scene, const struct pk_mention_at *m, struct pk_entity *e)
{
	const struct pk_entity *speaker =
	    pk_speaker_of(scene, scene->notes[m->first].zone);

	if (m->end >= scene->text->n_tokens)
		return;
	if (pk_at_word(scene, m->end, PK_CW_BIT(WE)) && speaker != NULL) {
		e->country = speaker->country;
		e->org = speaker->org;
		return;
	}
	if (!pk_span_eq(scene->text->tokens[m->end].key, PK_SPAN("این")))
		return;
	for (size_t t = m->first; t > 0; t--) {
		int i = scene->notes[t - 1].mention;
		const struct pk_mention_at *org =
		    i < 0 ? NULL : &scene->mentions->items[i];

		if (org == NULL || org->named != PK_NAMED_ORG)
			continue;
		e->org = org->entity.name;
		e->country = org->entity.country;
		return;
	}
}

/* The secretary-general acts for the organisation, not for the country he is from. */
static void
leave_country(struct pk_entity *e)
{
	if (e->kind == PK_KIND_PERSON && e->org.native.len > 0 && e->code.len > 0 &&
	    e->country.len > 0 && !pk_span_starts_with(e->code, e->country))
		e->country = (struct pk_span){ NULL, 0 };
}

/* A base or a stadium is where something happens, and acts for nobody. */
static bool
is_site(const struct pk_mention_at *m)
{
	return m->named == PK_NAMED_PLACE && m->level == PK_LEVEL_SITE;
}

/* «رهبر انقلاب»: an office of which nothing more is said is that of who spoke last, if
 * they hold it, else one of the state at home, where the knowledge has its holder. */
static void
take_home_office(const struct pk_story *story, struct pk_entity *e)
{
	const struct pk_entity *speaker = &story->speaker;
	struct pk_entity home = *e;

	if (speaker->kind == PK_KIND_PERSON && e->role.id.len > 0 &&
	    pk_span_ends_with(speaker->role.id, e->role.id)) {
		take_identity(e, speaker, PK_SPAN("last_speaker"), CONF_PRONOUN);
		return;
	}
	home.country = story->body.home;
	home.conf = CONF_FAR;
	pk_office_fill(story, &home);
	if (home.id.len > 0)
		*e = home;
}

/*
 * The body that several are of:
 * «وزیران خارجه کشورهای عضو آسه‌آن».
 */
static void
take_body(
    const struct pk_scene *scene, const struct pk_mention_at *m, struct pk_entity *e)
{
	for (size_t t = m->end; t < scene->text->n_tokens && t < m->end + BODY_GAP_MAX;
	     t++) {
		int i = scene->notes[t].mention;

		if (i >= 0 && scene->mentions->items[i].named == PK_NAMED_ORG) {
			e->org = scene->mentions->items[i].entity.name;
			e->country = scene->mentions->items[i].entity.country;
		}
		if (i >= 0 || pk_is_punct(scene, t) || scene->notes[t].verb >= 0 ||
		    scene->notes[t].preposition >= 0)
			return;
	}
}

/* «این دیپلمات روس»: who spoke last, if he is a Russian. */
static bool
is_this_one(const struct pk_story *story, const struct pk_mention_at *m)
{
	const struct pk_entity *e = &m->entity;

	return m->demonstrative && m->named == PK_NAMED_ROLE && !m->plural &&
	       e->org.native.len == 0 && e->name.native.len == 0 &&
	       story->speaker.kind == PK_KIND_PERSON &&
	       (e->country.len == 0 || pk_span_eq(e->country, story->speaker.country));
}

static bool
resolve_mention(const struct pk_scene *scene, int mention,
    const struct pk_entity *subject, struct pk_entity *ret_entity)
{
	const struct pk_mention_at *m = &scene->mentions->items[mention];
	const struct pk_story *story = scene->story;
	struct pk_entity *e = ret_entity;

	if (is_site(m))
		return false;
	*e = m->entity;
	e->text = pk_text_of(scene->text, m->first, m->end);
	e->has_range = true;
	e->range = pk_scene_range(scene, m->first, m->end);
	if (e->conf <= 0)
		e->conf = 0.9;
	if (m->antecedent != NULL && e->name.native.len == 0)
		take_identity(
		    e, &m->antecedent->entity, PK_SPAN("same_title"), CONF_SAME_TITLE);
	if (m->named == PK_NAMED_ROLE && e->country.len == 0 && e->org.native.len == 0)
		take_owner(scene, m, e);
	if (m->named == PK_NAMED_ORG && e->country.len == 0 && e->id.len == 0 &&
	    pk_span_eq(scene->text->tokens[m->first].key, PK_SPAN("وزارت")))
		e->country = story->body.home;
	if (m->named == PK_NAMED_PRONOUN) {
		const struct pk_entity *who =
		    subject != NULL ? subject : &story->speaker;

		if (who->kind == PK_KIND_NONE)
			return false;
		take_identity(e, who, PK_SPAN("last_speaker"), CONF_PRONOUN);
		e->mention = PK_MENTION_PRONOUN;
		return true;
	}
	if (m->counterpart)
		resolve_counterpart(story, e, subject);
	else if (is_this_one(story, m))
		take_identity(
		    e, &story->speaker, PK_SPAN("last_speaker"), CONF_PRONOUN);
	else if (m->named == PK_NAMED_ROLE && !m->plural)
		resolve_role(story, e);
	else if (m->named == PK_NAMED_PERSON)
		complete_role(story, e);
	else if (m->possessive && e->country.len == 0 && subject != NULL)
		*e = pk_state_of(story, subject);
	if (m->named == PK_NAMED_GROUP && !is_known(e))
		take_body(scene, m, e);
	if (m->named == PK_NAMED_GROUP && m->plural)
		return true; /* «وزیران خارجه چهار کشور»: several, whoever they are */
	if (!is_known(e) && m->named == PK_NAMED_ROLE && !m->plural)
		take_home_office(story, e);
	return is_known(e);
}

static bool
is_placed(const struct pk_entity *e)
{
	return e->country.len > 0 || e->org.native.len > 0 || e->id.len > 0;
}

/* Somebody of whom no more is said than a name is of the state at home. */
static void
place_at_home(const struct pk_scene *scene, struct pk_entity *e)
{
	e->country = scene->story->body.home;
	e->conf = CONF_FAR;
	if (e->country.len > 0 && e->antecedent.how.len == 0)
		e->antecedent =
		    (struct pk_antecedent){ .how = PK_HOW_HOME, .distance = -1 };
}

bool
pk_resolve(const struct pk_scene *scene, int mention, const struct pk_entity *subject,
    struct pk_entity *ret_entity)
{
	if (!resolve_mention(scene, mention, subject, ret_entity))
		return false;
	if (ret_entity->kind == PK_KIND_PERSON && !is_placed(ret_entity))
		place_at_home(scene, ret_entity);
	leave_country(ret_entity);
	return true;
}

/* The last country named before a token, for «این کشور». */
static const struct pk_entity *
country_before(const struct pk_scene *scene, size_t token)
{
	for (size_t t = token; t > 0; t--) {
		int i = scene->notes[t - 1].mention;
		const struct pk_entity *e =
		    i < 0 ? NULL : &scene->mentions->items[i].entity;

		if (e != NULL && e->country.len > 0)
			return e;
	}
	return NULL;
}

/* «دو کشور» of a report on two states: the two it names most, but the subject's. */
static void
main_two(const struct pk_scene *scene, const struct pk_entity *subject,
    struct pk_parties *ret_parties)
{
	const struct pk_mentions *m = scene->mentions;
	const struct pk_entity *best[2] = { NULL, NULL };
	size_t counts[2] = { 0, 0 };

	for (size_t i = 0; i < m->len; i++) {
		const struct pk_entity *e = &m->items[i].entity;
		size_t n;

		if (e->country.len == 0 || m->items[i].named == PK_NAMED_AGENCY ||
		    (subject != NULL && pk_span_eq(e->country, subject->country)) ||
		    (best[0] != NULL && pk_span_eq(best[0]->country, e->country)) ||
		    (best[1] != NULL && pk_span_eq(best[1]->country, e->country)))
			continue;
		n = pk_times_named(scene, e->country);
		if (n > counts[0]) {
			best[1] = best[0];
			counts[1] = counts[0];
			best[0] = e;
			counts[0] = n;
		} else if (n > counts[1]) {
			best[1] = e;
			counts[1] = n;
		}
	}
	/* Only where the report is plainly about these two. */
	for (size_t i = 0; best[1] != NULL && counts[1] >= 2 && i < 2; i++) {
		struct pk_entity state = pk_state_of(scene->story, best[i]);

		pk_parties_add(ret_parties, &state);
	}
}

/* Was the subject there when the two of the last meeting met? */
static bool
was_there(const struct pk_story *story, const struct pk_entity *subject)
{
	struct pk_parties all;

	if (story->consult == NULL)
		return false;
	pk_parties_of(&story->consult->event, &all);
	for (size_t i = 0; subject != NULL && i < all.n; i++) {
		if (pk_compatible(&all.items[i], subject))
			return true;
	}
	return subject == NULL;
}

static void
add_all(struct pk_parties *parties, const struct pk_event *event)
{
	struct pk_parties all;

	pk_parties_of(event, &all);
	for (size_t i = 0; i < all.n; i++)
		pk_parties_add(parties, &all.items[i]);
}

/* Was the last meeting told earlier in the token's own sentence, by the same one? */
static bool
met_here(const struct pk_scene *scene, size_t token)
{
	const struct pk_draft *met = scene->story->consult;

	return met != NULL && met->scene == scene && met->first < token &&
	       scene->text->tokens[met->first].sentence ==
		   scene->text->tokens[token].sentence &&
	       met->zone == scene->notes[token].zone;
}

bool
pk_topic_of(const struct pk_scene *scene, int zone, struct pk_parties *ret_parties)
{
	const struct pk_rules *rules = scene->story->rules;
	const struct pk_entity *speaker = pk_speaker_of(scene, zone);
	int about = pk_rules_role(rules, PK_SPAN("درباره"));
	int with = pk_rules_role(rules, PK_SPAN("با"));
	const struct pk_draft *said;
	size_t t;

	if (speaker == NULL || speaker->country.len == 0)
		return false;
	said = scene->story->drafts.items[zone];
	if (said->scene != scene)
		return false;
	t = pk_sentence_at(scene, said->first)->first;
	while (t < said->first && scene->notes[t].preposition != about)
		t++;
	while (t < said->first && scene->notes[t].preposition != with)
		t++;
	for (; t < said->first && pk_finite_at(scene, t) == NULL; t++) {
		int m = scene->notes[t].mention;
		struct pk_entity other, state;

		if (m < 0 || !pk_resolve(scene, m, NULL, &other))
			continue;
		if (other.country.len == 0 ||
		    pk_span_eq(other.country, speaker->country))
			return false;
		state = pk_state_of(scene->story, speaker);
		pk_parties_add(ret_parties, &state);
		other = pk_state_of(scene->story, &other);
		pk_parties_add(ret_parties, &other);
		return true;
	}
	return false;
}

size_t
pk_resolve_words(const struct pk_scene *scene, size_t token,
    const struct pk_entity *subject, struct pk_parties *ret_parties)
{
	const struct pk_story *story = scene->story;
	const struct pk_entity *country;
	struct pk_entity state;

	if (pk_at_word(scene, token, PK_CW_BIT(BOTH)) && !met_here(scene, token) &&
	    pk_topic_of(scene, scene->notes[token].zone, ret_parties))
		return scene->notes[token].word_end;
	if (pk_at_word(scene, token, PK_CW_BIT(BOTH)) &&
	    (met_here(scene, token) || was_there(story, subject))) {
		add_all(ret_parties, &story->consult->event);
		return scene->notes[token].word_end;
	}
	if (pk_at_word(scene, token, PK_CW_BIT(BOTH))) {
		size_t before = ret_parties->n;

		main_two(scene, subject, ret_parties);
		return ret_parties->n > before ? scene->notes[token].word_end : token;
	}
	if (pk_at_word(scene, token, PK_CW_BIT(THIS_COUNTRY))) {
		country = country_before(scene, token);
		if (country == NULL)
			return token;
		state = pk_state_of(story, country);
		pk_parties_add(ret_parties, &state);
		return scene->notes[token].word_end;
	}
	if (pk_at_word(scene, token, PK_CW_BIT(OUR_COUNTRY) | PK_CW_BIT(WE))) {
		const struct pk_entity *speaker =
		    pk_speaker_of(scene, scene->notes[token].zone);

		if (speaker == NULL || speaker->country.len == 0)
			return token;
		state = pk_state_of(story, speaker);
		pk_parties_add(ret_parties, &state);
		return scene->notes[token].word_end;
	}
	if (pk_at_word(scene, token, PK_CW_BIT(OWN_COUNTRY)) && subject != NULL) {
		state = pk_state_of(story, subject);
		pk_parties_add(ret_parties, &state);
		return scene->notes[token].word_end;
	}
	return token;
}

/* «،» or «و», and then a mention: its index, else -1. */
static int
coordinated(const struct pk_scene *scene, size_t end, size_t limit)
{
	size_t t = end;

	while (t < limit &&
	       (pk_at_punct(scene, t, "،") || pk_at_word(scene, t, PK_CW_BIT(AND)) ||
		   scene->text->tokens[t].kind == PK_TOKEN_QUOTE_OPEN ||
		   scene->text->tokens[t].kind == PK_TOKEN_QUOTE_CLOSE))
		t++;
	return t > end && t < limit ? scene->notes[t].mention : -1;
}

void
pk_resolve_list(const struct pk_scene *scene, int mention, size_t limit,
    const struct pk_entity *subject, struct pk_parties *ret_parties)
{
	for (int i = mention; i >= 0;) {
		const struct pk_mention_at *m = &scene->mentions->items[i];
		struct pk_entity e;

		if (pk_resolve_words(scene, m->first, subject, ret_parties) ==
			m->first &&
		    !resolve_group(scene, m, ret_parties) &&
		    pk_resolve(scene, i, subject, &e))
			pk_parties_add(ret_parties, &e);
		i = coordinated(scene, m->end, limit);
	}
}

/* Does the token before leave a name free to be a subject? */
static bool
frees(const struct pk_scene *scene, size_t token)
{
	const struct pk_token_notes *note = &scene->notes[token];

	return pk_is_punct(scene, token) || note->verb >= 0 || note->date >= 0 ||
	       (note->words & (PK_CW_BIT(AND) | PK_CW_BIT(COMP) | PK_CW_BIT(BUT) |
				  PK_CW_BIT(OBJECT) | PK_CW_BIT(IF) |
				  PK_CW_BIT(PURPOSE) | PK_CW_BIT(ALSO))) != 0;
}

/* Is the token the end of an adverb («علاوه بر این»)? */
static bool
ends_adverb(const struct pk_scene *scene, size_t token, size_t floor)
{
	size_t back = token - floor < 4 ? token - floor : 4;

	for (size_t t = token - back; t <= token; t++) {
		if (pk_at_word(scene, t, PK_CW_BIT(ADVERB)) &&
		    scene->notes[t].word_end == token + 1)
			return true;
	}
	return false;
}

/* «روسا کویسپه وزیر خارجه»: up to three words of an unknown name lead the sentence. */
static bool
follows_unknown_name(const struct pk_scene *scene, size_t token, size_t floor)
{
	if (token - floor > 3)
		return false;
	for (size_t t = floor; t < token; t++) {
		const struct pk_token_notes *note = &scene->notes[t];

		if (scene->text->tokens[t].kind != PK_TOKEN_WORD || note->words != 0 ||
		    note->preposition >= 0 || note->verb >= 0 || note->mention >= 0 ||
		    note->date >= 0)
			return false;
	}
	return true;
}

/* «در فرانسه کارگران ...»: does a place end before the token that leaves it free? */
static bool
follows_place(const struct pk_scene *scene, size_t token, size_t floor)
{
	int i = token > floor ? scene->notes[token - 1].mention : -1;
	int in = pk_rules_role(scene->story->rules, PK_SPAN("در"));
	const struct pk_mention_at *m = i < 0 ? NULL : &scene->mentions->items[i];

	return m != NULL && m->first > floor &&
	       scene->notes[m->first - 1].preposition == in &&
	       (m->named == PK_NAMED_PLACE || m->named == PK_NAMED_STATE);
}

/* «محمد السودانی», known as «محمد شیاع السودانی»: the token is a part of the name. */
static bool
is_first_name(const struct pk_scene *scene, int mention, size_t token)
{
	const struct pk_mention_at *m = &scene->mentions->items[mention];
	struct pk_span key = scene->text->tokens[token].key;

	return m->named == PK_NAMED_PERSON && key.len >= 6 &&
	       scene->notes[token].mention < 0 && scene->notes[token].words == 0 &&
	       scene->text->tokens[token].kind == PK_TOKEN_WORD &&
	       pk_span_find(m->entity.name.native, key, 0) != SIZE_MAX;
}

/* «گروه الشباب», «ستاد کل ارتش چاد»: where the words begin that say what is named
 * behind them; `end` where there are none. */
static size_t
kind_before(const struct pk_scene *scene, int mention, size_t end, size_t floor)
{
	enum pk_named named = scene->mentions->items[mention].named;

	if (named != PK_NAMED_ORG && named != PK_NAMED_STATE && named != PK_NAMED_GROUP)
		return end;
	for (size_t t = end; t > floor && end - t < KIND_WORDS_MAX; t--) {
		if (scene->notes[t - 1].mention >= 0)
			break;
		if (pk_at_word(scene, t - 1, PK_CW_BIT(KIND)) &&
		    scene->notes[t - 1].word_end == end)
			return t - 1;
	}
	return end;
}

/* States and places, or people, or organisations. */
static bool
is_one_kind(const struct pk_mention_at *a, const struct pk_mention_at *b)
{
	bool land_a = a->named == PK_NAMED_STATE || a->named == PK_NAMED_PLACE;
	bool land_b = b->named == PK_NAMED_STATE || b->named == PK_NAMED_PLACE;

	return land_a == land_b && (land_a || a->named == b->named);
}

/*
 * «با الف، ب و پ»: what is coordinated is governed with the first. A comma alone joins
 * only what is of one kind and goes on behind it, for it may end a phrase, too: «در سفر
 * به الف، وزیر ب».
 */
static bool
is_in_list(const struct pk_scene *scene, int mention, size_t first, size_t floor)
{
	const struct pk_mention_at *m = &scene->mentions->items[mention];
	int before;

	if (first < floor + 2)
		return false;
	before = scene->notes[first - 2].mention;
	if (before < 0 || before == mention)
		return false;
	if (pk_at_word(scene, first - 1, PK_CW_BIT(AND)))
		return true;
	return pk_at_punct(scene, first - 1, "،") &&
	       is_one_kind(&scene->mentions->items[before], m) &&
	       m->end + 1 < scene->text->n_tokens &&
	       (pk_at_word(scene, m->end, PK_CW_BIT(AND)) ||
		   pk_at_punct(scene, m->end, "،")) &&
	       scene->notes[m->end + 1].mention >= 0 &&
	       is_one_kind(
		   m, &scene->mentions->items[scene->notes[m->end + 1].mention]);
}

bool
pk_governed(const struct pk_scene *scene, int mention, size_t floor)
{
	size_t t = scene->mentions->items[mention].first;

	while (t > floor && (scene->text->tokens[t - 1].kind == PK_TOKEN_QUOTE_OPEN ||
				pk_at_word(scene, t - 1, PK_CW_BIT(HONORIFIC)) ||
				is_first_name(scene, mention, t - 1)))
		t--;
	t = kind_before(scene, mention, t, floor);
	if (t <= floor)
		return false;
	if (is_in_list(scene, mention, t, floor))
		return pk_governed(scene, scene->notes[t - 2].mention, floor);
	if (scene->notes[t - 1].opener)
		return false;
	if (scene->mentions->items[mention].named == PK_NAMED_ROLE &&
	    follows_unknown_name(scene, t, floor))
		return false;
	if (scene->mentions->items[mention].named != PK_NAMED_STATE &&
	    scene->mentions->items[mention].named != PK_NAMED_PLACE &&
	    follows_place(scene, t, floor))
		return false;
	return !frees(scene, t - 1) && !ends_adverb(scene, t - 1, floor) &&
	       !pk_is_adverb(scene, t - 1);
}

static bool
may_act(const struct pk_mention_at *m)
{
	return m->named != PK_NAMED_PLACE || m->metonym;
}

/* The first free mention in [from, limit) that is no object, or -1. */
static int
free_mention(const struct pk_scene *scene, size_t from, size_t limit, size_t floor)
{
	for (size_t t = from; t < limit; t++) {
		int i = scene->notes[t].mention;
		const struct pk_mention_at *m =
		    i < 0 ? NULL : &scene->mentions->items[i];

		if (m == NULL || m->first != t || !may_act(m) ||
		    scene->notes[t].opener ||
		    pk_at_word(scene, m->end, PK_CW_BIT(OBJECT)))
			continue;
		if (!pk_governed(scene, i, floor))
			return i;
	}
	return -1;
}

/* «X که ... کرد»: the name right before the که that opens the clause. */
static int
relative_head(const struct pk_scene *scene, size_t from, size_t floor)
{
	size_t t = from;

	if (t <= floor + 1 || !pk_at_word(scene, t - 1, PK_CW_BIT(COMP)))
		return -1;
	t--;
	while (
	    t > floor && (pk_is_punct(scene, t - 1) ||
			     scene->text->tokens[t - 1].kind == PK_TOKEN_QUOTE_CLOSE))
		t--;
	return t > floor ? scene->notes[t - 1].mention : -1;
}

/* «الف و ب که»: the first of those that are joined before a mention; or -1. */
static int
first_of_list(const struct pk_scene *scene, int mention, size_t floor)
{
	int i = mention;

	while (i >= 0 && scene->mentions->items[i].first >= floor + 2 &&
	       is_in_list(scene, i, scene->mentions->items[i].first, floor) &&
	       is_one_kind(&scene->mentions->items[i],
		   &scene->mentions->items
			[scene->notes[scene->mentions->items[i].first - 2].mention]))
		i = scene->notes[scene->mentions->items[i].first - 2].mention;
	return i;
}

/* Words like «دو طرف» or «کشورش» that stand free in [from, limit). */
static bool
free_words(const struct pk_scene *scene, size_t from, size_t limit, size_t floor,
    struct pk_parties *ret_parties)
{
	const struct pk_entity *self =
	    scene->story->speaker.kind == PK_KIND_NONE ? NULL : &scene->story->speaker;

	for (size_t t = from; t < limit; t++) {
		size_t end;

		if (!pk_at_word(scene, t,
			PK_CW_BIT(BOTH) | PK_CW_BIT(THIS_COUNTRY) |
			    PK_CW_BIT(OWN_COUNTRY) | PK_CW_BIT(OUR_COUNTRY)) ||
		    (t > floor && !frees(scene, t - 1) &&
			!ends_adverb(scene, t - 1, floor)))
			continue;
		if (pk_at_word(scene, scene->notes[t].word_end, PK_CW_BIT(OBJECT)))
			continue;
		end = pk_resolve_words(scene, t, self, ret_parties);
		if (end == t)
			continue;
		int next = coordinated(scene, end, limit);
		if (next >= 0)
			pk_resolve_list(scene, next, limit, self, ret_parties);
		return true;
	}
	return false;
}

/* «هزاران نفر», «شماری از کارگران»: the first token of the phrase that ends in the
 * people at `token`. */
static size_t
crowd_start(const struct pk_scene *scene, size_t token, size_t floor)
{
	int from = pk_rules_role(scene->story->rules, PK_SPAN("از"));
	size_t t = token;

	while (t > floor &&
	       (scene->text->tokens[t - 1].kind == PK_TOKEN_NUMBER ||
		   pk_at_word(scene, t - 1, PK_CW_BIT(QUANTITY)) ||
		   (scene->notes[t - 1].preposition == from && t > floor + 1 &&
		       pk_at_word(scene, t - 2, PK_CW_BIT(QUANTITY)))))
		t--;
	return t;
}

/* «دادگاهی در تفلیس» */
static struct pk_span
country_inside(const struct pk_scene *scene, size_t end, size_t limit)
{
	int in = pk_rules_role(scene->story->rules, PK_SPAN("در"));

	if (end + 1 < limit && scene->notes[end].preposition == in) {
		for (size_t t = end + 1; t < limit && t < end + CROWD_PHRASE_MAX; t++) {
			int m = scene->notes[t].mention;

			if (m >= 0)
				return scene->mentions->items[m].entity.country;
			if (scene->notes[t].preposition >= 0 ||
			    scene->notes[t].verb >= 0)
				break;
		}
	}
	return (struct pk_span){ NULL, 0 };
}

/* «پلیس» where «پلیس کره جنوبی» was told of shortly before. */
static struct pk_span
country_of_same(const struct pk_scene *scene, size_t token)
{
	size_t back = token > SAME_WORD_MAX ? token - SAME_WORD_MAX : 0;

	for (size_t t = token; t > back; t--) {
		int i = scene->notes[t - 1].mention;

		if (i >= 0 && scene->mentions->items[i].entity.country.len > 0 &&
		    pk_span_eq(
			scene->text->tokens[t - 1].key, scene->text->tokens[token].key))
			return scene->mentions->items[i].entity.country;
	}
	return (struct pk_span){ NULL, 0 };
}

/* «در کلمبیا، گروهی مسلح ...»: the place that the sentence begins with. */
static struct pk_span
country_of_scene(const struct pk_scene *scene, size_t token)
{
	int in = pk_rules_role(scene->story->rules, PK_SPAN("در"));
	size_t t = pk_sentence_at(scene, token)->first;

	while (t < token && pk_at_word(scene, t, PK_CW_BIT(ADVERB)) &&
	       scene->notes[t].preposition != in)
		t = scene->notes[t].word_end;
	if (t >= token || scene->notes[t].preposition != in)
		return (struct pk_span){ NULL, 0 };
	for (t++;
	     t < token && scene->notes[t].verb < 0 && scene->notes[t].preposition < 0;
	     t++) {
		int i = scene->notes[t].mention;

		if (i >= 0)
			return scene->mentions->items[i].entity.country;
	}
	return (struct pk_span){ NULL, 0 };
}

size_t
pk_read_crowd(const struct pk_scene *scene, size_t first, size_t token, size_t limit,
    struct pk_entity *ret_entity)
{
	const struct pk_entity *speaker =
	    pk_speaker_of(scene, scene->notes[token].zone);
	size_t t = scene->notes[token].word_end, end = t;

	*ret_entity = (struct pk_entity){
		.mention = PK_MENTION_GROUP, .kind = PK_KIND_GROUP, .conf = CONF_FAR
	};
	for (; t < limit && t < end + CROWD_PHRASE_MAX; t++) {
		const struct pk_token_notes *note = &scene->notes[t];

		if (note->mention >= 0) {
			const struct pk_mention_at *m =
			    &scene->mentions->items[note->mention];

			ret_entity->country = m->entity.country;
			end = m->end;
			break;
		}
		if (pk_at_word(scene, t, PK_CW_BIT(WE)) && speaker != NULL) {
			ret_entity->country = speaker->country;
			end = t + 1;
			break;
		}
		if (scene->text->tokens[t].kind == PK_TOKEN_NUMBER ||
		    pk_at_punct(scene, t, "-"))
			continue; /* «جنگنده‌های اف-۱۶ تایلند» */
		if ((note->words & ~(PK_CW_BIT(KIND) | PK_CW_BIT(CROWD))) != 0 ||
		    note->preposition >= 0 || note->verb >= 0 || note->date >= 0 ||
		    pk_is_punct(scene, t))
			break;
		if (pk_at_word(scene, token, PK_CW_BIT(KIND)))
			end = t + 1; /* «حزب قدرت مردم» */
	}
	if (ret_entity->country.len == 0)
		ret_entity->country = country_of_same(scene, token);
	if (ret_entity->country.len == 0)
		ret_entity->country = country_of_scene(scene, token);
	if (ret_entity->country.len == 0)
		ret_entity->country = country_inside(scene, end, limit);
	if (ret_entity->country.len == 0) {
		ret_entity->country = scene->story->body.home;
		ret_entity->antecedent =
		    (struct pk_antecedent){ .how = PK_HOW_HOME, .distance = -1 };
	}
	ret_entity->text = pk_text_of(scene->text, first, end);
	ret_entity->has_range = true;
	ret_entity->range = pk_scene_range(scene, first, end);
	return end;
}

/* People without a name who stand free in [from, limit), and no object. Returns the
 * token, or PK_NOWHERE. */
static size_t
free_crowd(const struct pk_scene *scene, size_t from, size_t limit, size_t floor,
    struct pk_entity *ret_entity)
{
	for (size_t t = from; t < limit; t++) {
		size_t first, end;

		/* «۲۰۰ تن دارو» are tons */
		if (!pk_at_word(scene, t, PK_CW_BIT(CROWD)) ||
		    scene->notes[t].mention >= 0 || scene->notes[t].opener ||
		    pk_at_word(scene, scene->notes[t].word_end, PK_CW_BIT(GOODS)))
			continue;
		first = crowd_start(scene, t, floor);
		if (first > floor && !frees(scene, first - 1) &&
		    !ends_adverb(scene, first - 1, floor) &&
		    !pk_is_adverb(scene, first - 1) &&
		    !follows_place(scene, first, floor))
			continue;
		end = pk_read_crowd(scene, first, t, limit, ret_entity);
		while (end < limit && scene->notes[end].words == 0 &&
		       scene->notes[end].preposition < 0 &&
		       scene->notes[end].verb < 0 && !pk_is_punct(scene, end))
			end++;
		if (!pk_at_word(scene, end, PK_CW_BIT(OBJECT)))
			return first;
	}
	return PK_NOWHERE;
}

static bool
is_plain(const struct pk_scene *scene, size_t token)
{
	const struct pk_token_notes *note = &scene->notes[token];

	return scene->text->tokens[token].kind == PK_TOKEN_WORD &&
	       (note->words & ~(PK_CW_BIT(KIND) | PK_CW_BIT(CROWD))) == 0 &&
	       note->preposition < 0 && note->verb < 0 && note->date < 0 &&
	       note->mention < 0 && !pk_is_adverb(scene, token);
}

bool
pk_find_stranger(const struct pk_scene *scene, size_t from, size_t limit,
    struct pk_entity *ret_entity)
{
	size_t t = from, end;

	while (
	    t < limit && (pk_is_punct(scene, t) || scene->notes[t].date >= 0 ||
			     scene->notes[t].opener || pk_is_adverb(scene, t) ||
			     pk_at_word(scene, t,
				 PK_CW_BIT(AND) | PK_CW_BIT(BUT) | PK_CW_BIT(ADVERB))))
		t = pk_at_word(scene, t, PK_CW_BIT(ADVERB)) ? scene->notes[t].word_end
							    : t + 1;
	if (t >= limit || !is_plain(scene, t))
		return false;
	for (end = t; end < limit && is_plain(scene, end); end++)
		;
	/* one word is a surname or a bare title, of who spoke before most often */
	if (pk_at_word(scene, end, PK_CW_BIT(OBJECT)) || end == limit ||
	    (end == t + 1 && scene->notes[end].mention < 0))
		return false;
	*ret_entity = (struct pk_entity){
		.mention = PK_MENTION_NAME, .kind = PK_KIND_UNKNOWN, .conf = CONF_FAR
	};
	if (scene->notes[end].mention >= 0) {
		const struct pk_mention_at *m =
		    &scene->mentions->items[scene->notes[end].mention];

		ret_entity->country = m->entity.country;
		end = m->end;
		if (pk_at_word(scene, end, PK_CW_BIT(OBJECT)))
			return false;
	}
	if (ret_entity->country.len == 0)
		place_at_home(scene, ret_entity);
	ret_entity->text = pk_text_of(scene->text, t, end);
	ret_entity->has_range = true;
	ret_entity->range = pk_scene_range(scene, t, end);
	return true;
}

/*
 * The clause before the one that begins at `from`. One inside another, from its «که» to
 * the comma behind its verb, is passed over: «درباره اینکه الف رفته است، گفت».
 */
static size_t
clause_before(const struct pk_scene *scene, size_t from, size_t floor)
{
	size_t verb = from, first;

	while (verb > floor && scene->notes[verb - 1].verb >= 0)
		verb--;
	first = pk_clause_start(scene, verb == from ? from - 1 : verb, floor);
	if (first >= from)
		return from - 1;
	while (first > floor + 1 && pk_at_punct(scene, from, "،") &&
	       pk_at_word(scene, first - 1, PK_CW_BIT(COMP)) &&
	       relative_head(scene, first, floor) < 0)
		first = pk_clause_start(scene, first - 1, floor);
	return first;
}

void
pk_find_subject(const struct pk_scene *scene, size_t from, size_t limit, size_t floor,
    struct pk_parties *ret_parties)
{
	size_t end = limit;

	ret_parties->n = 0;
	for (bool own = true;; own = false) {
		int i = free_mention(scene, from, end, floor);
		struct pk_parties words = { .n = 0 };
		struct pk_entity crowd;
		size_t people = free_crowd(scene, from, end, floor, &crowd);

		bool has_words = free_words(scene, from, end, floor, &words);

		if (people != PK_NOWHERE &&
		    (i < 0 || scene->mentions->items[i].first > people)) {
			pk_parties_add(ret_parties, &crowd);
			return;
		}
		if (has_words &&
		    (i < 0 || words.n > 1 ||
			pk_at_word(scene, from,
			    PK_CW_BIT(OWN_COUNTRY) | PK_CW_BIT(OUR_COUNTRY)))) {
			*ret_parties = words;
			return;
		}
		/* Beyond the own clause it acts only in the relative one. */
		if (i < 0 && own)
			i = first_of_list(
			    scene, relative_head(scene, from, floor), floor);
		if (i >= 0) {
			pk_resolve_list(scene, i, end, NULL, ret_parties);
			return;
		}
		if (from <= floor)
			return;
		end = from;
		from = clause_before(scene, from, floor);
	}
}

void
pk_note_subject(
    struct pk_scene *scene, const struct pk_sentence *sentence, size_t since)
{
	struct pk_story *story = scene->story;
	struct pk_entity e;
	size_t t = sentence->first;
	int i;

	for (size_t k = since; k < story->drafts.len; k++) {
		if (story->drafts.items[k]->event.statement.form != PK_FORM_NONE)
			return;
	}
	while (t < sentence->end && scene->notes[t].opener)
		t++;
	if (t >= sentence->end || scene->notes[t].zone >= 0)
		return;
	i = free_mention(scene, t, sentence->end, t);
	if (i >= 0 &&
	    (scene->mentions->items[i].named == PK_NAMED_PERSON ||
		scene->mentions->items[i].named == PK_NAMED_ROLE) &&
	    pk_resolve(scene, i, NULL, &e) && e.kind == PK_KIND_PERSON)
		pk_set_speaker(scene, &e, t);
}
