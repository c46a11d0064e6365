/* SPDX-License-Identifier: Apache-2.0 */
/* States, bodies, organisations, places and agencies. */
#include "extract/names/names_priv.h"

#include <errno.h>

#define ADJECTIVES_MAX 3

struct pk_span
pk_last_country(const struct pk_names *names, size_t at)
{
	const struct pk_text *text = names->text;
	uint32_t sentence = text->tokens[at].sentence;

	for (size_t i = names->items.len; i > 0; i--) {
		const struct pk_mention_at *mention = &names->items.items[i - 1];
		if (text->tokens[mention->first].sentence + 1 < sentence)
			break;
		if (mention->entity.country.len > 0)
			return mention->entity.country;
	}
	return (struct pk_span){ NULL, 0 };
}

const struct pk_mention_at *
pk_last_body(const struct pk_names *names, size_t at)
{
	const struct pk_text *text = names->text;
	uint32_t sentence = text->tokens[at].sentence;

	for (size_t i = names->items.len; i > 0; i--) {
		const struct pk_mention_at *mention = &names->items.items[i - 1];
		if (text->tokens[mention->first].sentence + 1 < sentence)
			break;
		if (mention->named == PK_NAMED_ORG)
			return mention;
	}
	return NULL;
}

/* How an attempt ends: 1 with the token behind the mention, or -ENOMEM. */
static int
done(const struct pk_mention_at *mention, struct pk_run run, size_t *ret_end)
{
	if (mention == NULL)
		return -ENOMEM;
	*ret_end = run.end;
	return 1;
}

/* Whose it is, behind words that only describe: «ارتش جدید سوریه». */
static bool
complement_at(
    const struct pk_names *names, size_t at, size_t limit, struct pk_whose *whose)
{
	size_t end;

	for (size_t i = 0; i < ADJECTIVES_MAX; i++) {
		*whose = (struct pk_whose){ .run = { at, at } };
		if (pk_word_at(names, PK_NAME_OUR_COUNTRY, at, limit, &end)) {
			whose->country = names->context->publisher.country;
			whose->run.end = end;
			return true;
		}
		if (pk_word_at(names, PK_NAME_THIS_COUNTRY, at, limit, &end)) {
			whose->country = pk_last_country(names, at);
			whose->run.end = end;
			return true;
		}
		if (pk_whose_at(names, at, limit, whose) ||
		    pk_state_at(names, at, limit, whose))
			return true;
		if (!pk_word_at(names, PK_NAME_ADJECTIVE, at, limit, &end) &&
		    !pk_word_at(names, PK_NAME_CURRENT, at, limit, &end) &&
		    !pk_word_at(names, PK_NAME_FORMER, at, limit, &end) &&
		    !pk_word_at(names, PK_NAME_ACTING, at, limit, &end))
			return false;
		at = end;
	}
	return false;
}

size_t
pk_behind_article(const struct pk_names *names, size_t at, size_t limit)
{
	size_t end;

	return pk_word_at(names, PK_NAME_ARTICLE, at, limit, &end) ? end : at;
}

size_t
pk_before_article(const struct pk_names *names, size_t end, size_t floor)
{
	size_t behind;

	return end > floor && pk_word_at(names, PK_NAME_ARTICLE, end - 1, end, &behind)
		   ? end - 1
		   : end;
}

size_t
pk_behind_of(const struct pk_names *names, size_t at, size_t limit, bool *ret_of)
{
	size_t end;

	*ret_of = pk_word_at(names, PK_NAME_OF, at, limit, &end);
	return *ret_of ? pk_behind_article(names, end, limit) : at;
}

bool
pk_place_whose_at(
    const struct pk_names *names, size_t at, size_t limit, struct pk_whose *ret_whose)
{
	struct pk_phrase_match match;
	size_t end;

	if (at >= limit ||
	    !pk_phrases_match(names->lexicon->things, names->text, at, limit, &match) ||
	    !pk_word_at(names, PK_NAME_GENITIVE, match.end, limit, &end))
		return false;
	const struct pk_lexeme *lexeme = pk_lexeme_of(&match, PK_LEXEME_PLACE);
	if (lexeme == NULL || lexeme->place->country.len == 0)
		return false;
	*ret_whose = (struct pk_whose){ .run = { at, match.end },
		.country = lexeme->place->country };
	return true;
}

bool
pk_state_body_at(const struct pk_names *names, size_t at, size_t limit,
    struct pk_state_body *ret_body)
{
	struct pk_state_body found = { .run = { at, at } };
	struct pk_phrase_match match;
	size_t end;

	if (!pk_pack_is(names->pack, PK_GRAMMAR_STATE_FIRST) || at >= limit ||
	    !(pk_whose_at(names, at, limit, &found.whose) ||
		pk_place_whose_at(names, at, limit, &found.whose)))
		return false;
	at = found.whose.run.end;
	pk_word_at(names, PK_NAME_GENITIVE, at, limit, &at);
	const struct pk_lexeme *lexeme = NULL;
	while (at < limit) {
		if (pk_phrases_match(
			names->lexicon->things, names->text, at, limit, &match))
			lexeme = pk_lexeme_of(&match, PK_LEXEME_BODY);
		if (lexeme != NULL)
			break;
		if (!pk_word_at(names, PK_NAME_ADJECTIVE, at, limit, &end) &&
		    !pk_word_at(names, PK_NAME_CURRENT, at, limit, &end))
			return false;
		at = end;
	}
	if (lexeme == NULL)
		return false;
	found.body = lexeme->body;
	found.words = (struct pk_run){ at, match.end };
	found.run.end = match.end;
	*ret_body = found;
	return true;
}

static void
set_body(const struct pk_names *names, const struct pk_body *body,
    const struct pk_whose *whose, struct pk_entity *entity)
{
	entity->mention = PK_MENTION_ORG;
	entity->kind = PK_KIND_ORG;
	entity->name.native = entity->text;
	entity->sector = body->sector;
	entity->conf = whose != NULL ? 0.9 : 0.6;
	if (whose == NULL)
		return;
	entity->country = whose->country;
	entity->code = pk_code_of(names->arena, whose->country, body->sector);
	if (whose->country.len == 0 && whose->org != NULL)
		entity->org.native = whose->org->native;
}

static int
add_state_body(
    struct pk_names *names, const struct pk_state_body *found, size_t *ret_end)
{
	struct pk_mention_at *mention =
	    pk_mention_new(names, PK_NAMED_ORG, found->run, found->words.first);

	if (mention != NULL)
		set_body(names, found->body, &found->whose, &mention->entity);
	return done(mention, found->run, ret_end);
}

/* «وزارت خارجه روسیه»; a body alone where the word alone means it. */
static int
add_body(struct pk_names *names, const struct pk_body *body, size_t at, size_t body_end,
    size_t limit, size_t *ret_end)
{
	struct pk_whose whose;
	struct pk_run run = { at, body_end };
	bool of;
	bool complete = complement_at(
	    names, pk_behind_of(names, body_end, limit, &of), limit, &whose);

	if (!of && pk_pack_is(names->pack, PK_GRAMMAR_STATE_FIRST))
		complete = false;

	if (!complete && !body->bare)
		return 0;
	if (complete)
		run.end = whose.run.end;
	struct pk_mention_at *mention = pk_mention_new(names, PK_NAMED_ORG, run, at);
	if (mention == NULL)
		return -ENOMEM;
	set_body(names, body, complete ? &whose : NULL, &mention->entity);
	return done(mention, run, ret_end);
}

/* «(ناتو)» behind the long name of the same organisation belongs to it. */
static size_t
with_alias(const struct pk_names *names, const struct pk_phrases *phrases,
    enum pk_lexeme_of of, const void *row, size_t end, size_t limit)
{
	struct pk_phrase_match match;

	if (end + 2 >= limit || !pk_is_sign(names, end, "(") ||
	    !pk_phrases_match(phrases, names->text, end + 1, limit, &match) ||
	    match.end >= limit || !pk_is_sign(names, match.end, ")"))
		return end;
	const struct pk_lexeme *lexeme = pk_lexeme_of(&match, of);
	return lexeme != NULL && lexeme->row == row ? match.end + 1 : end;
}

static int
add_org(struct pk_names *names, const struct pk_lexeme *lexeme, struct pk_run run,
    size_t limit, size_t *ret_end)
{
	const struct pk_known_org *org = lexeme->org;

	if (lexeme->spelling == PK_SPELLING_ADJECTIVE)
		return 0;
	run.end = with_alias(
	    names, names->lexicon->things, PK_LEXEME_ORG, org, run.end, limit);
	struct pk_mention_at *mention = pk_mention_new(names,
	    org->kind == PK_KIND_REGION ? PK_NAMED_STATE : PK_NAMED_ORG, run,
	    run.first);
	if (mention != NULL)
		pk_entity_of_org(org, &mention->entity);
	return done(mention, run, ret_end);
}

/* Is the name at `at` told as a place: «در مسکو», «شهر مسکو», «روند آستانه»? */
static bool
told_as_place(const struct pk_names *names, size_t at)
{
	uint64_t before =
	    at == 0 ? 0
		    : pk_name_words_of(names->lexicon, names->text->tokens[at - 1].key);

	return (before & (PK_NAME_BIT(PK_NAME_IN) | PK_NAME_BIT(PK_NAME_CITY) |
			     PK_NAME_BIT(PK_NAME_FORMAT))) != 0;
}

/* «در آستانه سفر»: the city's name is a word here, when a noun follows it. */
static bool
is_eve(const struct pk_names *names, struct pk_run run, size_t limit)
{
	const struct pk_text *text = names->text;
	size_t end;

	if (run.end >= limit || run.first == 0 ||
	    !pk_word_at(names, PK_NAME_EVE, run.first, limit, &end) ||
	    (pk_name_words_of(names->lexicon, text->tokens[run.first - 1].key) &
		PK_NAME_BIT(PK_NAME_IN)) == 0)
		return false;
	const struct pk_token *next = &text->tokens[run.end];
	unsigned classes = pk_word_classes(pk_pack_parts(names->pack)->text, next->key);
	return next->kind == PK_TOKEN_NUMBER ||
	       (next->kind == PK_TOKEN_WORD &&
		   (classes & (PK_WORD_PREPOSITION | PK_WORD_CONJUNCTION |
				  PK_WORD_VERB | PK_WORD_PARTICLE)) == 0);
}

static int
add_country(struct pk_names *names, const struct pk_lexeme *lexeme,
    const struct pk_known_place *place, struct pk_run run, size_t *ret_end)
{
	bool metonym = lexeme->spelling == PK_SPELLING_METONYM;
	bool located = metonym && told_as_place(names, run.first);

	if (lexeme->spelling == PK_SPELLING_ADJECTIVE)
		return 0;
	struct pk_mention_at *mention = pk_mention_new(
	    names, located ? PK_NAMED_PLACE : PK_NAMED_STATE, run, run.first);
	if (mention == NULL)
		return -ENOMEM;
	struct pk_entity *entity = &mention->entity;
	pk_entity_of_country(names, lexeme->country->id, entity);
	mention->metonym = metonym;
	mention->level = metonym ? PK_LEVEL_CITY : PK_LEVEL_COUNTRY;
	if (metonym) {
		entity->mention = PK_MENTION_METONYM;
		entity->sector = PK_SPAN("GOV");
		entity->code =
		    pk_code_of(names->arena, entity->country, entity->sector);
		entity->conf = located ? 0.9 : 0.8;
	}
	if (located) /* the city is meant, not the state */
		entity->name = (struct pk_name){ .native = entity->text };
	if (place != NULL) {
		mention->place = place;
		mention->level = place->level;
		if (located)
			entity->name = (struct pk_name){ place->native, place->latin };
	}
	return done(mention, run, ret_end);
}

static int
add_place(struct pk_names *names, const struct pk_known_place *place, struct pk_run run,
    size_t *ret_end)
{
	struct pk_mention_at *mention =
	    pk_mention_new(names, PK_NAMED_PLACE, run, run.first);

	if (mention != NULL) {
		mention->place = place;
		mention->level = place->level;
		mention->entity.mention = PK_MENTION_NAME;
		mention->entity.kind = PK_KIND_UNKNOWN;
		mention->entity.name = (struct pk_name){ place->native, place->latin };
		mention->entity.country = place->country;
		mention->entity.conf = 0.9;
	}
	return done(mention, run, ret_end);
}

/* «طرف روسی» is the state, «نیروهای روسی» a group of its people. */
static int
add_side(struct pk_names *names, uint64_t classes, size_t at, size_t end, size_t limit,
    size_t *ret_end)
{
	struct pk_whose whose;
	bool side = (classes & PK_NAME_BIT(PK_NAME_SIDE)) != 0;
	bool of;

	if (!complement_at(names, pk_behind_of(names, end, limit, &of), limit, &whose))
		return 0;
	struct pk_run run = { at, whose.run.end };
	struct pk_mention_at *mention =
	    pk_mention_new(names, side ? PK_NAMED_STATE : PK_NAMED_GROUP, run, at);
	if (mention == NULL)
		return -ENOMEM;
	struct pk_entity *entity = &mention->entity;
	if (whose.org != NULL)
		pk_entity_of_org(whose.org, entity);
	else
		pk_entity_of_country(names, whose.country, entity);
	entity->mention = side ? PK_MENTION_NATIONALITY : PK_MENTION_GROUP;
	if (!side) {
		entity->kind = PK_KIND_GROUP;
		mention->plural = true;
	} else if (whose.org == NULL) {
		entity->sector = PK_SPAN("GOV");
		entity->code =
		    pk_code_of(names->arena, entity->country, entity->sector);
	}
	return done(mention, run, ret_end);
}

/* Words that stand for a state or a group: «کشورمان», «این کشور», «دو طرف», «وی». */
static int
add_word(struct pk_names *names, uint64_t classes, struct pk_run run, size_t *ret_end)
{
	static const struct stand_in {
		enum pk_name_word word;
		enum pk_named named;
		enum pk_mention mention;
		enum pk_kind kind;
	} stand_ins[] = {
		{ PK_NAME_PRONOUN, PK_NAMED_PRONOUN, PK_MENTION_PRONOUN,
		    PK_KIND_PERSON },
		{ PK_NAME_BOTH, PK_NAMED_GROUP, PK_MENTION_GROUP, PK_KIND_UNKNOWN },
		{ PK_NAME_OUR_COUNTRY, PK_NAMED_STATE, PK_MENTION_COUNTRY,
		    PK_KIND_STATE },
		{ PK_NAME_OWN_COUNTRY, PK_NAMED_STATE, PK_MENTION_COUNTRY,
		    PK_KIND_STATE },
		{ PK_NAME_THIS_COUNTRY, PK_NAMED_STATE, PK_MENTION_COUNTRY,
		    PK_KIND_STATE },
	};
	const struct stand_in *found = NULL;

	for (size_t i = 0; i < PK_COUNT(stand_ins); i++) {
		if ((classes & PK_NAME_BIT(stand_ins[i].word)) != 0)
			found = &stand_ins[i];
	}
	if (found == NULL)
		return 0;
	struct pk_span country =
	    found->word == PK_NAME_OUR_COUNTRY    ? names->context->publisher.country
	    : found->word == PK_NAME_THIS_COUNTRY ? pk_last_country(names, run.first)
						  : (struct pk_span){ NULL, 0 };
	struct pk_mention_at *mention =
	    pk_mention_new(names, found->named, run, run.first);
	if (mention == NULL)
		return -ENOMEM;
	if (country.len > 0)
		pk_entity_of_country(names, country, &mention->entity);
	mention->entity.mention = found->mention;
	mention->entity.kind = found->kind;
	mention->entity.conf = country.len > 0 ? 0.9 : 0.5;
	mention->plural = found->word == PK_NAME_BOTH;
	mention->possessive = found->word == PK_NAME_OWN_COUNTRY;
	return done(mention, run, ret_end);
}

/* Does something before `at` say that an agency comes? */
static bool
agency_expected(const struct pk_names *names, size_t at, size_t floor)
{
	for (size_t back = 1; back <= 3 && at >= floor + back; back++) {
		size_t end;
		if (pk_word_at(names, PK_NAME_AGENCY_INTRO, at - back, at, &end) &&
		    end == at)
			return true;
	}
	return false;
}

/* «تهران- مهر-»: between dashes at the beginning of a sentence, or alone before one. */
static bool
in_dateline(const struct pk_names *names, struct pk_run run, size_t floor, size_t limit)
{
	static const char *const dashes[] = { "-", "–", "—", ":", "/" };
	bool after = false, before = run.first == floor;

	for (size_t i = 0; i < PK_COUNT(dashes); i++) {
		after =
		    after || (run.end < limit && pk_is_sign(names, run.end, dashes[i]));
		before = before || (run.first > floor && run.first - floor <= 4 &&
				       pk_is_sign(names, run.first - 1, dashes[i]));
	}
	return after && before;
}

static int
new_agency(struct pk_names *names, const struct pk_known_agency *agency,
    struct pk_run run, struct pk_run name, size_t *ret_end)
{
	struct pk_mention_at *mention =
	    pk_mention_new(names, PK_NAMED_AGENCY, run, name.first);

	if (mention == NULL)
		return -ENOMEM;
	struct pk_entity *entity = &mention->entity;
	entity->mention = PK_MENTION_ORG;
	entity->kind = PK_KIND_ORG;
	entity->sector = PK_SPAN("JRN");
	entity->name.native = pk_text_of(names->text, name.first, name.end);
	entity->conf = 0.6;
	if (agency != NULL) {
		entity->id = agency->id;
		entity->name = (struct pk_name){ agency->native, agency->latin };
		entity->country = agency->country;
		entity->conf = 0.95;
	}
	entity->code = pk_code_of(names->arena, entity->country, entity->sector);
	return done(mention, run, ret_end);
}

/* «خبرگزاری «تاس»», «روزنامه باران»: the word, then a name, known or in quotes. */
static int
add_cued_agency(
    struct pk_names *names, struct pk_run cue, size_t limit, size_t *ret_end)
{
	const struct pk_text *text = names->text;
	struct pk_phrase_match match;
	size_t at = cue.end;

	if (at >= limit)
		return 0;
	bool quoted = text->tokens[at].kind == PK_TOKEN_QUOTE_OPEN;
	at += quoted;
	if (pk_phrases_match(names->lexicon->agencies, text, at, limit, &match)) {
		const struct pk_known_agency *agency =
		    ((const struct pk_lexeme *)match.values[0])->agency;
		size_t end = match.end;
		if (quoted && end < limit &&
		    text->tokens[end].kind == PK_TOKEN_QUOTE_CLOSE)
			end++;
		end = with_alias(names, names->lexicon->agencies, PK_LEXEME_AGENCY,
		    agency, end, limit);
		return new_agency(names, agency, (struct pk_run){ cue.first, end },
		    (struct pk_run){ at, match.end }, ret_end);
	}
	for (size_t i = at; quoted && i < limit && i - at < 4; i++) {
		if (text->tokens[i].kind == PK_TOKEN_QUOTE_CLOSE && i > at)
			return new_agency(names, NULL,
			    (struct pk_run){ cue.first, i + 1 },
			    (struct pk_run){ at, i }, ret_end);
	}
	return 0;
}

static int
add_agency(struct pk_names *names, size_t at, size_t limit, size_t *ret_end)
{
	const struct pk_text *text = names->text;
	size_t floor = text->sentences[text->tokens[at].sentence].first, end;
	struct pk_phrase_match match;
	bool cued = pk_word_at(names, PK_NAME_AGENCY_CUE, at, limit, &end);

	/* a known name may itself begin with the word: «خبرگزاری جمهوری اسلامی» */
	bool known =
	    pk_phrases_match(names->lexicon->agencies, text, at, limit, &match);
	if (cued && (!known || match.end <= end)) {
		int r =
		    add_cued_agency(names, (struct pk_run){ at, end }, limit, ret_end);
		if (r != 0)
			return r;
	}
	if (!known)
		return 0;
	struct pk_run run = { at, match.end };
	const struct pk_known_agency *agency =
	    ((const struct pk_lexeme *)match.values[0])->agency;
	if ((pk_name_words_of(names->lexicon, text->tokens[at].key) &
		PK_NAME_BIT(PK_NAME_AGENCY_AMBIGUOUS)) != 0 &&
	    run.end - run.first == 1 && !agency_expected(names, at, floor) &&
	    !in_dateline(names, run, floor, limit))
		return 0;
	run.end = with_alias(
	    names, names->lexicon->agencies, PK_LEXEME_AGENCY, agency, run.end, limit);
	return new_agency(names, agency, run, run, ret_end);
}

/* A state, organisation, body or place by its name. */
static int
add_named(struct pk_names *names, size_t at, size_t limit, size_t *ret_end)
{
	struct pk_phrase_match match;
	struct pk_state_body found;

	if (!pk_phrases_match(names->lexicon->things, names->text, at, limit, &match))
		return 0;
	if (pk_state_body_at(names, at, limit, &found) && found.run.end > match.end)
		return add_state_body(names, &found, ret_end);
	struct pk_run run = { at, match.end };
	const struct pk_lexeme *country = pk_lexeme_of(&match, PK_LEXEME_COUNTRY);
	const struct pk_lexeme *org = pk_lexeme_of(&match, PK_LEXEME_ORG);
	const struct pk_lexeme *place = pk_lexeme_of(&match, PK_LEXEME_PLACE);
	const struct pk_lexeme *body = pk_lexeme_of(&match, PK_LEXEME_BODY);

	if (is_eve(names, run, limit))
		return 0;
	if (country != NULL && country->spelling != PK_SPELLING_ADJECTIVE)
		return add_country(
		    names, country, place == NULL ? NULL : place->place, run, ret_end);
	if (org != NULL && org->spelling != PK_SPELLING_ADJECTIVE)
		return add_org(names, org, run, limit, ret_end);
	if (body != NULL)
		return add_body(names, body->body, at, match.end, limit, ret_end);
	if (place != NULL)
		return add_place(names, place->place, run, ret_end);
	return 0;
}

int
pk_thing_add(struct pk_names *names, size_t at, size_t limit, size_t *ret_end)
{
	size_t end = at;
	int r = add_agency(names, at, limit, ret_end);

	if (r != 0)
		return r;
	uint64_t classes =
	    pk_name_words_at(names->lexicon, names->text, at, limit, &end);
	if ((classes & (PK_NAME_BIT(PK_NAME_SIDE) | PK_NAME_BIT(PK_NAME_NATIONALS))) !=
	    0)
		r = add_side(names, classes, at, end, limit, ret_end);
	if (r == 0)
		r = add_named(names, at, limit, ret_end);
	if (r == 0 && classes != 0)
		r = add_word(names, classes, (struct pk_run){ at, end }, ret_end);
	return r;
}
