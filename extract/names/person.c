/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/names/names_priv.h"

#include "base/utf8.h"
#include "extract/text/date_words.h"
#include "extract/text/fold.h"

#define NAME_TOKENS_MAX 7 /* and then it is no name */
#define NAME_WORDS_MAX  4 /* without particles: «خوان رامون د لا فوئنته» */
#define NAME_BYTES_MIN  4 /* «چو هیون», «لی جائه میونگ» */
#define QUOTED_MAX      6
#define ENDING_MAX      6 /* letters of two bytes */
#define HONORIFICS_MAX  3
#define CONF_KNOWN      0.95
#define CONF_FIRST_NAME 0.85
#define CONF_SHAPE      0.6

static const struct pk_token *
token_at(const struct pk_names *names, size_t at)
{
	return &names->text->tokens[at];
}

/* Does the word have an ending that names do not have («ها», «ترین»)? */
static bool
is_inflected(const struct pk_names *names, struct pk_span key)
{
	for (size_t letters = 2; letters <= ENDING_MAX; letters++) {
		if (key.len <= letters * 2)
			break;
		struct pk_span ending =
		    pk_span_slice(key, key.len - letters * 2, key.len);
		if ((pk_name_words_of(names->lexicon, ending) &
			PK_NAME_BIT(PK_NAME_NEVER_ENDS)) != 0)
			return true;
	}
	return false;
}

/* The classes of stopwords.tsv that begin a phrase and never a name. */
#define LEADS_PHRASE                                                                   \
	(PK_WORD_PREPOSITION | PK_WORD_CONJUNCTION | PK_WORD_PRONOUN |                 \
	    PK_WORD_DETERMINER | PK_WORD_VERB | PK_WORD_PARTICLE)

/* A name over a preposition and the next word is none: «با بیش از» is no «بابیش». */
static bool
is_run_together(const struct pk_names *names, const struct pk_phrase_match *match)
{
	const struct pk_text_rules *rules = pk_pack_parts(names->pack)->text;

	return match->end - match->first > 1 &&
	       (pk_name_words_of(names->lexicon, token_at(names, match->first)->key) &
		   PK_NAME_BIT(PK_NAME_PARTICLE)) == 0 &&
	       (pk_word_classes(rules, token_at(names, match->first)->key) &
		   LEADS_PHRASE) != 0;
}

static bool
is_firstname(const struct pk_names *names, size_t at)
{
	return pk_phrases_get(names->lexicon->firstnames, token_at(names, at)->key) !=
	       NULL;
}

/* «روسا» cannot have whose heads they are behind it («روسای»): it may be a name. */
static bool
is_open_plural(const struct pk_names *names, const struct pk_phrase_match *match)
{
	const struct pk_lexeme *lexeme = match->values[0];

	return lexeme->spelling == PK_SPELLING_PLURAL &&
	       match->end - match->first == 1 &&
	       pk_role_is(names->lexicon, lexeme->role, PK_NAME_WEAK_ROLE) &&
	       pk_span_ends_with(token_at(names, match->first)->key, PK_SPAN("ا"));
}

/* «آل‌خلیفه», in one word, is a house: of a state by itself, of a person in
 * a name.
 */
static bool
is_dynasty(const struct pk_names *names, const struct pk_phrase_match *match)
{
	const struct pk_lexeme *lexeme = match->values[0];

	return lexeme->spelling == PK_SPELLING_METONYM &&
	       match->end - match->first == 1 &&
	       pk_span_starts_with(token_at(names, match->first)->key, PK_SPAN("ال"));
}

/* In a language with capitals: does the word begin with one? */
static bool
is_capitalised(const struct pk_names *names, size_t at)
{
	const struct pk_token *token = token_at(names, at);
	uint32_t first;

	pk_utf8_decode(names->text->bytes, token->byte, &first, NULL);
	return pk_is_capital(first);
}

/* "Lund", but no word of the language, of time or of the tables. */
static bool
is_capital_name(const struct pk_names *names, size_t at, size_t limit)
{
	const struct pk_pack_parts *parts = pk_pack_parts(names->pack);
	const struct pk_token *token = token_at(names, at);
	struct pk_date_meaning time;

	return is_capitalised(names, at) &&
	       pk_word_classes(parts->text, token->key) == 0 &&
	       pk_name_words_of(names->lexicon, token->key) == 0 &&
	       !pk_date_word_at(parts->dates, names->text, at, limit, &time);
}

/* May this token be part of a person's name that no list knows? */
static bool
is_name_word(const struct pk_names *names, size_t at)
{
	const struct pk_token *token = token_at(names, at);
	struct pk_phrase_match match;

	bool capitals = pk_pack_is(names->pack, PK_GRAMMAR_CAPITALS);
	if (token->kind != PK_TOKEN_WORD ||
	    (token->glued && !pk_has_clitics(pk_pack_parts(names->pack)->text)) ||
	    (!capitals && (unsigned char)token->key.ptr[0] < 0x80))
		return false;
	if ((is_firstname(names, at) && (!capitals || is_capitalised(names, at))) ||
	    (pk_name_words_of(names->lexicon, token->key) &
		PK_NAME_BIT(PK_NAME_PARTICLE)) != 0)
		return true;
	/* where a state, an office or an agency begins, a name has ended */
	size_t limit = names->text->sentences[token->sentence].end;
	if (capitals
		? !is_capital_name(names, at, limit)
		: token->key.len < NAME_BYTES_MIN || is_inflected(names, token->key) ||
		      pk_phrases_get(names->lexicon->everyday, token->key) != NULL)
		return false;
	return (!pk_phrases_match(
		    names->lexicon->things, names->text, at, limit, &match) ||
		   is_dynasty(names, &match)) &&
	       (!pk_phrases_match(
		    names->lexicon->roles, names->text, at, limit, &match) ||
		   is_open_plural(names, &match)) &&
	       !pk_phrases_match(
		   names->lexicon->agencies, names->text, at, limit, &match);
}

/* Of people of one name the one whom the title fits, or who is in office then. */
static const struct pk_known_actor *
choose(const struct pk_names *names, const struct pk_phrase_match *match,
    const struct pk_title *title)
{
	const struct pk_known_actor *best = NULL;
	int best_points = -1;

	for (size_t i = 0; i < match->n_values; i++) {
		const struct pk_known_actor *actor =
		    ((const struct pk_lexeme *)match->values[i])->actor;
		int points = 0;
		if (title != NULL && (title->country.len > 0 || title->org != NULL) &&
		    pk_title_fits(title, actor))
			points += 4;
		if (title != NULL && title->role != NULL) {
			for (size_t o = 0; o < actor->n_offices; o++)
				if (actor->offices[o].role == title->role) {
					points += 2;
					break;
				}
		}
		if (names->context->has_day &&
		    pk_office_at(actor, names->context->day) != NULL)
			points += 1;
		if (points > best_points) {
			best = actor;
			best_points = points;
		}
	}
	return best;
}

/* "W" in "George W. Bush". */
static bool
is_initial(const struct pk_names *names, size_t at)
{
	const struct pk_token *token = token_at(names, at);

	return token->end - token->start == 1 && is_capitalised(names, at);
}

/* The end of the name-like words from `at` on. */
static size_t
shape_end(const struct pk_names *names, size_t at, size_t limit)
{
	size_t end = at;

	bool capitals = pk_pack_is(names->pack, PK_GRAMMAR_CAPITALS);

	while (end < limit && end - at < NAME_TOKENS_MAX && is_name_word(names, end)) {
		end++;
		if (capitals && end < limit && is_initial(names, end - 1) &&
		    pk_is_sign(names, end, "."))
			end++;
	}
	/* "van" and "bin" end no name */
	while (capitals && end > at && !is_capitalised(names, end - 1) &&
	       token_at(names, end - 1)->kind == PK_TOKEN_WORD)
		end--;
	return end;
}

/*
 * A bare surname that is another person's first name: «مارکوس هالر» is not Marcos. Two
 * known people side by side («لاوروف بلینکن») are two. Of who is in the news a title
 * must say so, because a word of no list may follow any name.
 */
static bool
is_part_of_other(const struct pk_names *names, const struct pk_phrase_match *match,
    const struct pk_known_actor *actor, size_t limit)
{
	const struct pk_lexeme *lexeme = match->values[0];
	struct pk_phrase_match next;
	struct pk_title title;

	if (lexeme->spelling != PK_SPELLING_SHORT || match->end >= limit ||
	    !is_name_word(names, match->end) ||
	    pk_phrases_match(
		names->lexicon->actors, names->text, match->end, limit, &next))
		return false;
	if (!pk_in_news(names, actor) || is_firstname(names, match->first))
		return true;
	size_t end = shape_end(names, match->end, limit);
	if (end < limit && token_at(names, end)->kind == PK_TOKEN_QUOTE_CLOSE)
		return true;
	end += end < limit && pk_is_sign(names, end, "،");
	return end < limit && pk_title_at(names, end, limit, &title) &&
	       title.complement && !title.plural &&
	       !(pk_title_fits(&title, actor) && pk_title_held(&title, actor));
}

static bool
known_at(const struct pk_names *names, size_t at, size_t limit,
    const struct pk_title *title, struct pk_person *person)
{
	struct pk_phrase_match match;

	if (at >= limit || token_at(names, at)->kind != PK_TOKEN_WORD ||
	    !pk_phrases_match(names->lexicon->actors, names->text, at, limit, &match) ||
	    is_run_together(names, &match))
		return false;
	const struct pk_lexeme *lexeme = match.values[0];
	const struct pk_known_actor *actor = choose(names, &match, title);
	if (is_part_of_other(names, &match, actor, limit))
		return false;
	*person = (struct pk_person){
		.run = { at, match.end },
		.name = { at, match.end },
		.actor = actor,
		.surname = lexeme->spelling == PK_SPELLING_SHORT,
		.conf = CONF_KNOWN,
	};
	return true;
}

/* The token behind the closing mark of the quote that opens at `at`, or 0. */
static size_t
quote_end(const struct pk_names *names, size_t at, size_t limit)
{
	if (at >= limit || token_at(names, at)->kind != PK_TOKEN_QUOTE_OPEN)
		return 0;
	for (size_t i = at + 1; i < limit && i <= at + QUOTED_MAX; i++) {
		if (token_at(names, i)->kind == PK_TOKEN_QUOTE_CLOSE)
			return i > at + 1 ? i + 1 : 0;
		if (token_at(names, i)->kind != PK_TOKEN_WORD)
			return 0;
	}
	return 0;
}

static bool
all_name_words(const struct pk_names *names, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++) {
		if (!is_name_word(names, i))
			return false;
	}
	return first < end;
}

/* A quote that holds a known name and nothing else. */
static bool
known_in_quotes(const struct pk_names *names, size_t at, size_t limit,
    const struct pk_title *title, struct pk_person *person)
{
	size_t end = quote_end(names, at, limit);

	if (end == 0 || !known_at(names, at + 1, end - 1, title, person) ||
	    person->run.end != end - 1)
		return false;
	person->run = (struct pk_run){ at, end };
	return true;
}

static bool
unknown_in_quotes(
    const struct pk_names *names, size_t at, size_t limit, struct pk_person *person)
{
	size_t end = quote_end(names, at, limit);

	if (end == 0 || !all_name_words(names, at + 1, end - 1))
		return false;
	*person = (struct pk_person){
		.run = { at, end }, .name = { at + 1, end - 1 }, .conf = CONF_FIRST_NAME
	};
	return true;
}

/* Are these words a name, seen by themselves? One word only when `alone` allows it. */
static bool
shape_counts(const struct pk_names *names, size_t first, size_t end, bool alone,
    double *ret_conf)
{
	bool capitals = pk_pack_is(names->pack, PK_GRAMMAR_CAPITALS);
	bool known = false, full = capitals;
	size_t words = 0;

	if (end == first || (end - first == 1 && !alone) ||
	    end - first == NAME_TOKENS_MAX)
		return false;
	for (size_t i = first; i < end; i++) {
		known = known || is_firstname(names, i);
		full = full || token_at(names, i)->key.len > NAME_BYTES_MIN;
		words += (pk_name_words_of(names->lexicon, token_at(names, i)->key) &
			     PK_NAME_BIT(PK_NAME_PARTICLE)) == 0;
	}
	if ((!known && !full) || words > NAME_WORDS_MAX || words == 0)
		return false;
	*ret_conf = known || capitals ? CONF_FIRST_NAME : CONF_SHAPE;
	return true;
}

/* May the word be a first name of the actor, in whatever spelling? */
static bool
may_be_his(const struct pk_names *names, size_t at, const struct pk_known_actor *actor)
{
	struct pk_span word = token_at(names, at)->key, rest = actor->native;

	while (rest.len > 0) {
		struct pk_span part =
		    pk_fold_key(names->arena, pk_span_trim(pk_span_split(&rest, ' ')));
		/* two letters in common: «سرگیی» and «سرگئی», «جوزف» and «جو» */
		size_t same = 0;
		while (same < part.len && same < word.len &&
		       part.ptr[same] == word.ptr[same])
			same++;
		if (same >= 4 || (part.len > 0 && same == part.len))
			return true;
	}
	return false;
}

static bool
namesake_at(const struct pk_names *names, size_t at, size_t limit,
    struct pk_person *ret_person, const struct pk_known_actor **ret_known)
{
	struct pk_phrase_match match;

	if (pk_phrases_match(names->lexicon->actors, names->text, at, limit, &match))
		return false;
	for (size_t end = at; end < limit && end - at < NAME_TOKENS_MAX; end++) {
		if (end > at && pk_phrases_match(names->lexicon->actors, names->text,
				    end, limit, &match)) {
			const struct pk_lexeme *lexeme = match.values[0];
			if (lexeme->spelling != PK_SPELLING_SHORT ||
			    is_run_together(names, &match))
				return false;
			*ret_known = choose(names, &match, NULL);
			for (size_t i = at; i < end; i++)
				if (may_be_his(names, i, *ret_known))
					return false;
			*ret_person = (struct pk_person){ .run = { at, match.end },
				.name = { at, match.end },
				.conf = is_firstname(names, at) ? CONF_FIRST_NAME
								: CONF_SHAPE };
			return true;
		}
		if (!is_name_word(names, end))
			return false;
	}
	return false;
}

bool
pk_person_namesake(const struct pk_names *names, size_t at, size_t limit,
    struct pk_person *ret_person, const struct pk_known_actor **ret_known)
{
	size_t end = quote_end(names, at, limit);
	struct pk_person person;

	if (end == 0)
		return namesake_at(names, at, limit, ret_person, ret_known);
	if (!namesake_at(names, at + 1, end - 1, &person, ret_known) ||
	    person.name.end != end - 1)
		return false;
	*ret_person = person;
	ret_person->run = (struct pk_run){ at, end };
	ret_person->conf = CONF_FIRST_NAME;
	return true;
}

bool
pk_person_at(const struct pk_names *names, size_t at, size_t limit,
    const struct pk_title *title, struct pk_person *ret_person)
{
	size_t name = at, end;
	bool honorific = false;
	struct pk_person person;

	for (size_t i = 0; i < HONORIFICS_MAX &&
			   pk_word_at(names, PK_NAME_HONORIFIC, name, limit, &end);
	     i++) {
		/* «شیخ حسینه»: an honorific may be how a known name begins */
		if (known_at(names, name, limit, title, &person) &&
		    person.run.end > end)
			break;
		name = end;
		honorific = true;
	}
	bool found = known_at(names, name, limit, title, &person) ||
		     known_in_quotes(names, name, limit, title, &person);
	if (!found && honorific && name < limit) {
		found = unknown_in_quotes(names, name, limit, &person);
		if (!found) {
			end = shape_end(names, name, limit);
			person = (struct pk_person){ .run = { name, end },
				.name = { name, end } };
			found = shape_counts(names, name, end, true, &person.conf);
		}
	}
	/* "Kari Lund": with capitals a first name that is known needs no title */
	if (!found && !honorific && pk_pack_is(names->pack, PK_GRAMMAR_CAPITALS) &&
	    at < limit && token_at(names, at)->kind == PK_TOKEN_WORD &&
	    is_firstname(names, at)) {
		end = shape_end(names, at, limit);
		person = (struct pk_person){ .run = { at, end }, .name = { at, end } };
		found = is_capitalised(names, at) &&
			shape_counts(names, at, end, false, &person.conf);
	}
	if (!found)
		return false;
	person.honorific = honorific;
	person.run.first = at;
	*ret_person = person;
	return true;
}

/* «وزیر خارجه پرو کویسپه گفت»: one word, no adverb («متعاقبا»), before a verb of saying
 * that takes no noun with it. */
static bool
is_subject(const struct pk_names *names, size_t at, size_t end, size_t limit)
{
	size_t behind;

	return end == at + 1 &&
	       !pk_span_ends_with(token_at(names, at)->key, PK_SPAN("ا")) &&
	       pk_word_at(names, PK_NAME_SAYS, end, limit, &behind);
}

bool
pk_person_after(
    const struct pk_names *names, size_t at, size_t limit, struct pk_person *ret_person)
{
	struct pk_person person;

	if (at >= limit)
		return false;
	if (unknown_in_quotes(names, at, limit, &person)) {
		*ret_person = person;
		return true;
	}
	size_t end = shape_end(names, at, limit);
	person = (struct pk_person){ .run = { at, end }, .name = { at, end } };
	bool alone = pk_pack_is(names->pack, PK_GRAMMAR_CAPITALS) ||
		     is_subject(names, at, end, limit);
	if (!shape_counts(names, at, end, alone, &person.conf))
		return false;
	*ret_person = person;
	return true;
}

bool
pk_person_before(const struct pk_names *names, size_t end, size_t floor,
    struct pk_person *ret_person)
{
	struct pk_person person;
	size_t first = end;

	if (end <= floor)
		return false;
	if (token_at(names, end - 1)->kind == PK_TOKEN_QUOTE_CLOSE) {
		for (first = end - 1; first > floor && end - first <= QUOTED_MAX;
		     first--)
			if (token_at(names, first - 1)->kind == PK_TOKEN_QUOTE_OPEN)
				break;
		return first > floor &&
		       unknown_in_quotes(names, first - 1, end, ret_person);
	}
	while (first > floor && end - first < NAME_TOKENS_MAX &&
	       is_name_word(names, first - 1))
		first--;
	person = (struct pk_person){ .run = { first, end }, .name = { first, end } };
	if (!shape_counts(names, first, end, false, &person.conf))
		return false;
	*ret_person = person;
	return true;
}

/* A word that is a city's name and nothing else. */
static bool
is_city_word(const struct pk_names *names, size_t at, size_t limit)
{
	struct pk_phrase_match match;

	return at < limit &&
	       pk_phrases_match(
		   names->lexicon->things, names->text, at, limit, &match) &&
	       match.end == at + 1 && match.n_values == 1 &&
	       pk_lexeme_of(&match, PK_LEXEME_PLACE) != NULL;
}

bool
pk_person_like_place(
    const struct pk_names *names, size_t at, size_t limit, struct pk_person *ret_person)
{
	size_t end;

	if (is_city_word(names, at, limit)) {
		end = shape_end(names, at + 1, limit);
	} else {
		end = is_firstname(names, at) ? shape_end(names, at, limit) : limit;
		if (!is_city_word(names, end, limit))
			return false;
		end++;
	}
	if (end == at + 1 || end - at >= NAME_TOKENS_MAX)
		return false;
	*ret_person = (struct pk_person){
		.run = { at, end }, .name = { at, end }, .conf = CONF_SHAPE
	};
	return true;
}

size_t
pk_name_more(const struct pk_names *names, size_t at, size_t limit)
{
	return shape_end(names, at, limit);
}
