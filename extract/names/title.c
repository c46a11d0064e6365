/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/names/names_priv.h"

#include "extract/text/fold.h"

/* «معاون ارشد نماینده ویژه رئیس جمهور …»: more parts than these are no title. */
#define PARTS_MAX 12
/* «وزیر صنعت، معدن و تجارت»: a portfolio is at most this long. */
#define PORTFOLIO_MAX 5

const struct pk_lexeme *
pk_lexeme_of(const struct pk_phrase_match *match, enum pk_lexeme_of of)
{
	for (size_t i = 0; i < match->n_values; i++) {
		const struct pk_lexeme *lexeme = match->values[i];
		if (lexeme->of == of)
			return lexeme;
	}
	return NULL;
}

static bool
whose_of(const void *const *values, size_t n, struct pk_whose *whose)
{
	struct pk_phrase_match match = { .values = values, .n_values = n };
	const struct pk_lexeme *lexeme = pk_lexeme_of(&match, PK_LEXEME_COUNTRY);

	if (lexeme != NULL) {
		whose->country = lexeme->country->id;
		return true;
	}
	lexeme = pk_lexeme_of(&match, PK_LEXEME_ORG);
	if (lexeme == NULL)
		return false;
	whose->org = lexeme->org;
	whose->country = lexeme->org->country;
	return true;
}

/* The key without a possessive ending («روسی‌اش») or a written ezafe
 * («روسیی»).
 */
static struct pk_span
without_ending(const struct pk_names *names, struct pk_span key, size_t letters)
{
	struct pk_span stem = key, ending;
	size_t bytes = letters * 2;

	if (key.len <= bytes + 4)
		return (struct pk_span){ NULL, 0 };
	stem.len -= bytes;
	ending = pk_span_slice(key, stem.len, key.len);
	if ((pk_name_words_of(names->lexicon, ending) &
		PK_NAME_BIT(PK_NAME_SELF_SUFFIX)) == 0)
		return (struct pk_span){ NULL, 0 };
	return stem;
}

bool
pk_whose_at(
    const struct pk_names *names, size_t at, size_t limit, struct pk_whose *ret_whose)
{
	struct pk_whose whose = { .run = { at, at + 1 } };
	struct pk_phrase_match match;

	if (at >= limit)
		return false;
	if (pk_phrases_match(names->lexicon->things, names->text, at, limit, &match) &&
	    whose_of(match.values, match.n_values, &whose)) {
		whose.run.end = match.end;
		*ret_whose = whose;
		return true;
	}
	for (size_t letters = 1; letters <= 3; letters++) {
		size_t n;
		struct pk_span stem =
		    without_ending(names, names->text->tokens[at].key, letters);
		const void *const *values =
		    pk_phrases_get_all(names->lexicon->things, stem, &n);
		if (n > 0 && whose_of(values, n, &whose)) {
			*ret_whose = whose;
			return true;
		}
	}
	return false;
}

bool
pk_state_at(
    const struct pk_names *names, size_t at, size_t limit, struct pk_whose *ret_whose)
{
	struct pk_whose next;
	size_t n, end;

	if (at >= limit ||
	    !pk_word_at(names, PK_NAME_DOUBTFUL_STATE, at, limit, &end) ||
	    pk_whose_at(names, end, limit, &next))
		return false;
	struct pk_span key = pk_arena_printf(
	    names->arena, "کشور%.*s", PK_SPAN_ARG(names->text->tokens[at].key));
	const void *const *values = pk_phrases_get_all(
	    names->lexicon->things, pk_fold_key(names->arena, key), &n);
	*ret_whose = (struct pk_whose){ .run = { at, end } };
	return n > 0 && whose_of(values, n, ret_whose);
}

/* The longest office at `at`, grown by an office that begins inside it and ends later:
 * «معاون وزیر» + «وزیر انرژی». */
static const struct pk_lexeme *
role_at(const struct pk_names *names, size_t at, size_t limit, size_t *ret_end)
{
	struct pk_phrase_match match, inner;

	if (at >= limit ||
	    !pk_phrases_match(names->lexicon->roles, names->text, at, limit, &match))
		return NULL;
	size_t end = match.end;
	for (size_t i = at + 1; i < end; i++) {
		if (pk_phrases_match(
			names->lexicon->roles, names->text, i, limit, &inner) &&
		    inner.end > end)
			end = inner.end;
	}
	*ret_end = end;
	return match.values[0];
}

static void
set_whose(struct pk_title *title, const struct pk_whose *whose)
{
	if (whose->org != NULL)
		title->org = whose->org;
	if (whose->country.len > 0)
		title->country = whose->country;
	if (title->n_whose < PK_MEMBERS_MAX)
		title->whose[title->n_whose++] = *whose;
	title->run.end = whose->run.end;
	title->complement = true;
}

/* «… روسیه، ترکیه و ایران» behind a plural title. */
static void
take_members(const struct pk_names *names, size_t limit, struct pk_title *title)
{
	while (title->run.end + 1 < limit && title->n_whose < PK_MEMBERS_MAX) {
		struct pk_whose whose;
		size_t at = title->run.end + 1;
		bool comma = pk_is_sign(names, title->run.end, "،") ||
			     (pk_pack_is(names->pack, PK_GRAMMAR_STATE_FIRST) &&
				 pk_is_sign(names, title->run.end, ","));
		if (!comma &&
		    !pk_word_at(names, PK_NAME_AND, title->run.end, limit, &at))
			return;
		if (!pk_whose_at(names, at, limit, &whose))
			return;
		set_whose(title, &whose);
	}
}

/* «جدید», «سابق», «ارشد», «خود», «کشورمان», «این کشور». Returns whether it was one. */
static bool
take_word(const struct pk_names *names, size_t limit, struct pk_title *title)
{
	static const struct status_word {
		enum pk_name_word word;
		enum pk_role_status status;
	} statuses[] = {
		{ PK_NAME_FORMER, PK_ROLE_FORMER },
		{ PK_NAME_THEN, PK_ROLE_THEN },
		{ PK_NAME_ELECT, PK_ROLE_ELECT },
		{ PK_NAME_ACTING, PK_ROLE_ACTING },
		{ PK_NAME_CURRENT, PK_ROLE_CURRENT },
	};
	size_t end = title->run.end;
	uint64_t classes =
	    pk_name_words_at(names->lexicon, names->text, title->run.end, limit, &end);
	bool taken = false;

	for (size_t i = 0; i < PK_COUNT(statuses); i++) {
		if ((classes & PK_NAME_BIT(statuses[i].word)) != 0) {
			title->status = statuses[i].status;
			taken = true;
		}
	}
	if ((classes & PK_NAME_BIT(PK_NAME_ADJECTIVE)) != 0)
		taken = true;
	if ((classes & PK_NAME_BIT(PK_NAME_SELF)) != 0 &&
	    (title->counterpart || !title->complement))
		title->possessive = title->complement = taken = true;
	if (!title->complement && title->plural &&
	    (classes & PK_NAME_BIT(PK_NAME_BOTH)) != 0)
		title->complement = taken = true;
	if (!title->complement && (classes & PK_NAME_BIT(PK_NAME_OWN_COUNTRY)) != 0)
		title->possessive = title->complement = taken = true;
	if (!title->complement && (classes & PK_NAME_BIT(PK_NAME_THIS_COUNTRY)) != 0) {
		title->country = pk_last_country(names, title->run.end);
		title->demonstrative = title->complement = taken = true;
	}
	if (!title->complement && (classes & PK_NAME_BIT(PK_NAME_THIS_BODY)) != 0) {
		const struct pk_mention_at *body = pk_last_body(names, title->run.end);
		if (body != NULL) {
			title->country = body->entity.country;
			title->org = pk_known_org_of(names->pack, body->entity.id);
		}
		title->demonstrative = title->complement = taken = true;
	}
	if (!title->complement && (classes & PK_NAME_BIT(PK_NAME_OUR_COUNTRY)) != 0) {
		title->country = names->context->publisher.country;
		title->complement = taken = true;
	}
	if (taken)
		title->run.end = end;
	return taken;
}

/* An organisation, a body or a state at the end of the title so far. */
static bool
take_thing(const struct pk_names *names, size_t limit, struct pk_title *title)
{
	struct pk_phrase_match match;
	struct pk_whose whose;
	struct pk_state_body found;
	bool of;
	size_t at = pk_behind_of(names, title->run.end, limit, &of);
	bool sure = title->role != NULL &&
		    !pk_role_is(names->lexicon, title->role, PK_NAME_PORTFOLIO_ROLE) &&
		    !pk_role_is(names->lexicon, title->role, PK_NAME_SERVANT_ROLE);

	if (pk_pack_is(names->pack, PK_GRAMMAR_STATE_FIRST)) {
		size_t end;
		/* the leader "of Gambia" in "of Gambia's coup" leads something else */
		if (!of || at >= limit ||
		    (pk_whose_at(names, at, limit, &whose) &&
			pk_word_at(
			    names, PK_NAME_GENITIVE, whose.run.end, limit, &end)))
			return false;
		if (!title->complement && pk_state_body_at(names, at, limit, &found)) {
			set_whose(title, &found.whose);
			title->body = found.body;
			title->body_run = found.words;
			title->run.end = found.run.end;
			return true;
		}
	}
	if (title->country.len == 0 && title->n_whose < PK_MEMBERS_MAX &&
	    (!title->complement || title->org != NULL || title->body != NULL) &&
	    (pk_whose_at(names, at, limit, &whose) ||
		(sure && pk_state_at(names, at, limit, &whose)))) {
		bool first = title->n_whose == 0;
		set_whose(title, &whose);
		if (title->plural && first)
			take_members(names, limit, title);
		return true;
	}
	if (title->body == NULL && title->country.len == 0 &&
	    (title->org == NULL || title->org->kind == PK_KIND_REGION) &&
	    pk_phrases_match(names->lexicon->things, names->text, at, limit, &match)) {
		const struct pk_lexeme *lexeme = pk_lexeme_of(&match, PK_LEXEME_BODY);
		if (lexeme != NULL) {
			title->body = lexeme->body;
			title->org = NULL; /* «مدیرکل آسیای غربی وزارت خارجه» */
			title->body_run = (struct pk_run){ at, match.end };
			title->run.end = match.end;
			title->complement = true;
			return true;
		}
		lexeme = pk_lexeme_of(&match, PK_LEXEME_PLACE);
		if (lexeme != NULL && title->role != NULL) {
			title->country = lexeme->place->country;
			title->post = (struct pk_run){ at, match.end };
			title->run.end = match.end;
			title->complement = true;
			return true;
		}
	}
	return false;
}

/* «رئیس جمهوری | اسلامی ایران»: the state's name begins with the title's last word. */
static bool
take_overlapping(const struct pk_names *names, size_t limit, struct pk_title *title)
{
	struct pk_whose whose;
	size_t last = title->run.end - 1;

	if (last <= title->run.first || !pk_whose_at(names, last, limit, &whose) ||
	    whose.run.end <= title->run.end)
		return false;
	set_whose(title, &whose);
	return true;
}

/* «سفیر آمریکا در مسکو», «نماینده روسیه نزد سازمان ملل», «… در امور سوریه». */
static void
take_post(const struct pk_names *names, size_t limit, struct pk_title *title)
{
	struct pk_phrase_match match;
	size_t at;

	if (title->role == NULL ||
	    !pk_role_is(names->lexicon, title->role, PK_NAME_POST_ROLE))
		return;
	if (!pk_word_at(names, PK_NAME_POST_PREPOSITION, title->run.end, limit, &at))
		return;
	at = pk_behind_article(names, at, limit);
	pk_word_at(names, PK_NAME_AFFAIRS, at, limit, &at);
	if (at >= limit ||
	    !pk_phrases_match(names->lexicon->things, names->text, at, limit, &match))
		return;
	title->post = (struct pk_run){ at, match.end };
	title->run.end = match.end;
}

/* Can the word stand in the name of a portfolio? */
static bool
is_portfolio_word(const struct pk_names *names, size_t at)
{
	const struct pk_token *token = &names->text->tokens[at];
	unsigned classes =
	    pk_word_classes(pk_pack_parts(names->pack)->text, token->key);
	size_t end;

	return token->kind == PK_TOKEN_WORD &&
	       (classes & (PK_WORD_PREPOSITION | PK_WORD_VERB | PK_WORD_PRONOUN |
			      PK_WORD_DETERMINER | PK_WORD_PARTICLE)) == 0 &&
	       ((classes & PK_WORD_CONJUNCTION) == 0 ||
		   pk_word_at(names, PK_NAME_AND, at, at + 1, &end));
}

/*
 * «وزیر توسعه بین‌المللی نروژ»: what the office is for, where
 * no list has it, between the office and its state.
 */
static bool
take_portfolio(const struct pk_names *names, size_t limit, struct pk_title *title)
{
	size_t at = title->run.end;
	struct pk_title longer = *title;

	if (title->role == NULL || title->plural ||
	    !pk_role_is(names->lexicon, title->role, PK_NAME_PORTFOLIO_ROLE))
		return false;
	for (size_t n = 0; n < PORTFOLIO_MAX && at < limit; n++, at++) {
		if (!is_portfolio_word(names, at))
			return false;
		longer.run.end = at + 1;
		if (longer.run.end < limit &&
		    (take_word(names, limit, &longer) ||
			take_thing(names, limit, &longer)) &&
		    longer.complement) {
			longer.words.end = at + 1;
			*title = longer;
			return true;
		}
		longer = *title;
	}
	return false;
}

/*
 * «معاون کنسولی وزیر امور خارجه»: the office of whom somebody serves. Between them may
 * stand what for. The office of both together where a list has it.
 */
static bool
take_principal(const struct pk_names *names, size_t limit, struct pk_title *title)
{
	const struct pk_lexicon *lexicon = names->lexicon;
	size_t at = title->run.end, end, and;

	if (title->role == NULL || title->plural ||
	    !pk_role_is(lexicon, title->role, PK_NAME_SERVANT_ROLE))
		return false;
	for (size_t n = 0; n <= PORTFOLIO_MAX && at < limit; n++, at++) {
		const struct pk_lexeme *principal = role_at(names, at, limit, &end);
		struct pk_whose whose;
		if (principal != NULL && principal->spelling != PK_SPELLING_PLURAL &&
		    !pk_word_at(names, PK_NAME_AND, at - 1, at, &and)) {
			struct pk_span key = pk_arena_printf(names->arena, "%.*s%.*s",
			    PK_SPAN_ARG(pk_text_of(names->text, title->words.first,
				title->words.first + 1)),
			    PK_SPAN_ARG(pk_text_of(names->text, at, end)));
			const struct pk_lexeme *both = pk_phrases_get(
			    lexicon->roles, pk_fold_key(names->arena, key));
			if (both != NULL)
				title->role = both->role;
			title->words.end = title->run.end = end;
			return true;
		}
		if (!is_portfolio_word(names, at) ||
		    pk_whose_at(names, at, limit, &whose))
			return false;
	}
	return false;
}

/* The title's own word: an office, or «همتای». */
static bool
take_head(const struct pk_names *names, size_t at, size_t limit, struct pk_title *title)
{
	size_t end = at;
	uint64_t classes;
	const struct pk_lexeme *role = role_at(names, at, limit, &end);

	if (role != NULL) {
		title->role = role->role;
		title->plural = role->spelling == PK_SPELLING_PLURAL;
	} else {
		classes =
		    pk_name_words_at(names->lexicon, names->text, at, limit, &end);
		if ((classes & PK_NAME_BIT(PK_NAME_COUNTERPART)) == 0)
			return false;
		title->counterpart = true;
		title->plural = (classes & PK_NAME_BIT(PK_NAME_COUNTERPARTS)) != 0;
		title->possessive =
		    (classes & PK_NAME_BIT(PK_NAME_COUNTERPART_OWN)) != 0;
	}
	title->words = (struct pk_run){ at, end };
	title->run.end = end;
	return true;
}

/* "former", "acting", "senior" before an office. */
static bool
take_before_word(const struct pk_names *names, size_t limit, struct pk_title *title)
{
	struct pk_title taken = { .run = title->run, .status = title->status };

	/* nothing but words: whose it is has its own way */
	taken.complement = true;
	if (!take_word(names, limit, &taken))
		return false;
	title->status = taken.status;
	title->run.end = taken.run.end;
	return true;
}

/* "Norwegian housing and fisheries minister": an office that no list has. */
static bool
take_portfolio_first(const struct pk_names *names, size_t limit,
    const struct pk_title *before, struct pk_title *ret_title)
{
	size_t at = before->run.end;

	if (!before->complement || before->body != NULL)
		return false;
	for (size_t n = 0; n < PORTFOLIO_MAX && at < limit; n++, at++) {
		struct pk_title head = *before;
		if (n > 0 && take_head(names, at, limit, &head) && head.role != NULL &&
		    pk_role_is(names->lexicon, head.role, PK_NAME_PORTFOLIO_ROLE)) {
			head.words.first = before->run.end;
			head.run.first = ret_title->run.first;
			*ret_title = head;
			return true;
		}
		if (!is_portfolio_word(names, at))
			return false;
	}
	return false;
}

/* Whose it is, at most up to an office that begins inside: "US" in "US Treasury
 * Secretary", although "US Treasury" is a body. */
static bool
whose_before(
    const struct pk_names *names, size_t at, size_t limit, struct pk_whose *ret_whose)
{
	struct pk_whose shorter;
	size_t end;

	if (!pk_whose_at(names, at, limit, ret_whose))
		return pk_place_whose_at(names, at, limit, ret_whose);
	for (size_t inner = at + 1; inner < ret_whose->run.end; inner++) {
		if (role_at(names, inner, limit, &end) == NULL ||
		    end <= ret_whose->run.end ||
		    !pk_whose_at(names, at, inner, &shorter))
			continue;
		*ret_whose = shorter;
		break;
	}
	return true;
}

/*
 * What stands before an office that has its state first: "former US", "Norway's new",
 * "Iranian and Russian". Grows the title by it up to where the office must begin.
 */
static bool
take_part_before(const struct pk_names *names, size_t limit, struct pk_title *title)
{
	struct pk_whose whose;
	size_t at = title->run.end, and;

	if (title->n_whose > 0 && title->n_whose < PK_MEMBERS_MAX &&
	    (pk_word_at(names, PK_NAME_AND, at, limit, &and) ||
		(pk_is_sign(names, at, ",") && (and = at + 1) > at)) &&
	    pk_whose_at(names, and, limit, &whose)) {
		set_whose(title, &whose);
		pk_word_at(
		    names, PK_NAME_GENITIVE, whose.run.end, limit, &title->run.end);
		return true;
	}
	if (title->country.len == 0 && whose_before(names, at, limit, &whose)) {
		set_whose(title, &whose);
		pk_word_at(
		    names, PK_NAME_GENITIVE, whose.run.end, limit, &title->run.end);
		return true;
	}
	return take_before_word(names, limit, title);
}

/* "Russian" + "Foreign Minister". A list of states wants several ministers. */
static bool
take_state_first(
    const struct pk_names *names, size_t at, size_t limit, struct pk_title *ret_title)
{
	struct pk_title title = *ret_title;
	struct pk_phrase_match match;

	title.run.end = at;
	for (size_t part = 0; part < PARTS_MAX && title.run.end < limit; part++) {
		struct pk_title head = title;
		if (take_head(names, title.run.end, limit, &head) &&
		    (head.plural || title.n_whose < 2)) {
			head.run.first = ret_title->run.first;
			*ret_title = head;
			return true;
		}
		if (take_part_before(names, limit, &title))
			continue;
		/* "Iranian defence ministry" + "official" */
		if (!title.complement || title.body != NULL ||
		    !pk_phrases_match(names->lexicon->things, names->text,
			title.run.end, limit, &match) ||
		    pk_lexeme_of(&match, PK_LEXEME_BODY) == NULL)
			return take_portfolio_first(names, limit, &title, ret_title);
		title.body = pk_lexeme_of(&match, PK_LEXEME_BODY)->body;
		title.body_run = (struct pk_run){ match.first, match.end };
		title.run.end = match.end;
		pk_word_at(names, PK_NAME_GENITIVE, match.end, limit, &title.run.end);
	}
	return false;
}

static bool
is_weak(const struct pk_names *names, const struct pk_title *title)
{
	return title->role != NULL &&
	       pk_role_is(names->lexicon, title->role, PK_NAME_WEAK_ROLE);
}

bool
pk_title_at(
    const struct pk_names *names, size_t at, size_t limit, struct pk_title *ret_title)
{
	struct pk_title title = { .run = { at, at }, .status = PK_ROLE_CURRENT };
	size_t end = at, head = at;
	uint64_t classes =
	    pk_name_words_at(names->lexicon, names->text, at, limit, &end);

	if ((classes & (PK_NAME_BIT(PK_NAME_THIS) | PK_NAME_BIT(PK_NAME_A))) != 0) {
		title.determined = true;
		title.demonstrative = (classes & PK_NAME_BIT(PK_NAME_THIS)) != 0;
		title.indefinite = !title.demonstrative;
		head = end;
	}
	if (head >= limit || (!take_head(names, head, limit, &title) &&
				 (!pk_pack_is(names->pack, PK_GRAMMAR_STATE_FIRST) ||
				     !take_state_first(names, head, limit, &title))))
		return false;
	take_principal(names, limit, &title);
	for (size_t part = 0; part < PARTS_MAX && title.run.end < limit; part++) {
		if (take_word(names, limit, &title) || take_thing(names, limit, &title))
			continue;
		size_t inner;
		if (title.complement || title.plural || title.counterpart ||
		    role_at(names, title.run.end, limit, &inner) == NULL)
			break;
		title.run.end = inner;
	}
	if (!title.complement && !take_overlapping(names, limit, &title) &&
	    take_portfolio(names, limit, &title) && title.run.end < limit)
		take_thing(names, limit, &title);
	if (title.run.end < limit)
		take_post(names, limit, &title);
	*ret_title = title;
	return true;
}

bool
pk_title_fits(const struct pk_title *title, const struct pk_known_actor *actor)
{
	if (title->country.len == 0 && title->org == NULL)
		return true;
	if (title->country.len > 0 && pk_span_eq(title->country, actor->country))
		return true;
	for (size_t i = 0; i < actor->n_offices; i++) {
		const struct pk_known_office *office = &actor->offices[i];
		if (title->org != NULL && title->org == office->org)
			return true;
		if (title->country.len > 0 &&
		    pk_span_eq(title->country, office->country))
			return true;
	}
	return false;
}

bool
pk_title_stands_alone(const struct pk_names *names, const struct pk_title *title)
{
	return title->complement || title->demonstrative || title->indefinite ||
	       !is_weak(names, title) || title->words.end - title->words.first > 1;
}
