/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/names/names_priv.h"

#include <errno.h>

#define CONF_NAMESAKE 0.7

/* Where the sentence of a token begins and ends, and where a look back must stop. */
struct bounds {
	size_t floor;
	size_t limit;
};

static bool
is_comma(const struct pk_names *names, size_t at, struct bounds bounds)
{
	return at < bounds.limit &&
	       (pk_is_sign(names, at, "،") || pk_is_sign(names, at, ","));
}

static int
add_person(struct pk_names *names, const struct pk_person *person,
    const struct pk_title *title, struct pk_run run, size_t *ret_end)
{
	struct pk_mention_at *mention =
	    pk_mention_new(names, PK_NAMED_PERSON, run, person->name.first);

	if (mention == NULL)
		return -ENOMEM;
	pk_entity_of_person(names, person, title, mention);
	*ret_end = run.end;
	return 1;
}

/* «این مقام», «یک دیپلمات»: never somebody's apposition. */
static bool
has_determiner(const struct pk_title *title)
{
	return title->determined;
}

/* «نخست وزیر و وزیر خارجه قطر»: the second office is the same person's; what it says
 * about the state holds for the first. */
static void
take_second_title(
    const struct pk_names *names, struct pk_title *title, struct bounds bounds)
{
	struct pk_title second;
	size_t at;

	if (title->complement || title->plural || title->counterpart ||
	    !pk_word_at(names, PK_NAME_AND, title->run.end, bounds.limit, &at) ||
	    !pk_title_at(names, at, bounds.limit, &second) || !second.complement ||
	    second.plural)
		return;
	title->country = second.country;
	title->org = second.org;
	title->complement = true;
	title->run.end = second.run.end;
}

/*
 * The title behind a name, with or without a comma. Behind a comma a title that does
 * not fit the person may begin the next item of a list.
 */
static bool
title_behind(const struct pk_names *names, struct pk_person *person,
    struct bounds bounds, struct pk_title *ret_title)
{
	size_t at = person->run.end;
	struct pk_title title;

	/* «ایوان خیل پینتو وزیر …»: more of a known name than any list has */
	if (person->actor != NULL && !person->surname)
		at = pk_name_more(names, at, bounds.limit);
	bool more = at > person->run.end;
	bool comma = is_comma(names, at, bounds);
	at = pk_behind_article(names, at + comma, bounds.limit);
	if (at >= bounds.limit || !pk_title_at(names, at, bounds.limit, &title) ||
	    title.plural || has_determiner(&title) ||
	    !pk_title_stands_alone(names, &title))
		return false;
	take_second_title(names, &title, bounds);
	if (comma && !more && person->actor != NULL &&
	    !pk_title_fits(&title, person->actor) &&
	    (is_comma(names, title.run.end, bounds) || title.run.end >= bounds.limit))
		return false;
	if ((comma || more) && !title.complement)
		return false;
	if (more && !pk_title_fits(&title, person->actor)) { /* a namesake */
		person->actor = NULL;
		person->name.end = at - comma;
		person->conf = CONF_NAMESAKE;
	}
	*ret_title = title;
	return true;
}

/* A name first: «سرگئی لاوروف[،] وزیر خارجه روسیه», «آقای لاوروف». */
static int
try_person(struct pk_names *names, size_t at, struct bounds bounds, size_t *ret_end)
{
	struct pk_person person;
	struct pk_title title;

	if (!pk_person_at(names, at, bounds.limit, NULL, &person))
		return 0;
	if (!title_behind(names, &person, bounds, &title))
		return add_person(names, &person, NULL, person.run, ret_end);
	if (person.actor != NULL) /* the title may say which of two it is */
		pk_person_at(names, at, bounds.limit, &title, &person);
	return add_person(names, &person, &title,
	    (struct pk_run){ person.run.first, title.run.end }, ret_end);
}

/* Is the title itself an item behind a comma («الف، وزیر خارجه ب، پ»)? */
static bool
names_list(
    const struct pk_names *names, const struct pk_title *title, struct bounds bounds)
{
	return title->run.first > bounds.floor &&
	       is_comma(names, title->run.first - 1, bounds);
}

/* The name behind a title: known, or like one; behind a comma only a known one. */
static bool
name_behind(const struct pk_names *names, const struct pk_title *title,
    struct bounds bounds, struct pk_person *ret_person)
{
	size_t at = title->run.end;
	bool comma = is_comma(names, at, bounds);

	at += comma;
	if (at >= bounds.limit || title->plural || title->indefinite)
		return false;
	if (pk_person_at(names, at, bounds.limit, title, ret_person))
		return !comma || (ret_person->actor != NULL &&
				     pk_title_fits(title, ret_person->actor) &&
				     title->complement);
	if (!pk_person_after(names, at, bounds.limit, ret_person))
		return false;
	/* «وزیر خارجه کنیا، موسالیا مودوادی، …»: between two commas; with capitals also
	 * at the end */
	if (comma)
		return title->complement && !names_list(names, title, bounds) &&
		       (is_comma(names, ret_person->run.end, bounds) ||
			   (pk_pack_is(names->pack, PK_GRAMMAR_CAPITALS) &&
			       ret_person->run.end + 1 >= bounds.limit));
	return title->complement || ret_person->conf > 0.8;
}

/* The name before a title: «جان سالیوان، سفیر آمریکا», «جینبک کولوبایف وزیر …». */
static bool
name_before(const struct pk_names *names, const struct pk_title *title,
    struct bounds bounds, struct pk_person *ret_person)
{
	size_t floor = bounds.floor > names->free ? bounds.floor : names->free;
	size_t end = pk_before_article(names, title->run.first, floor);

	if (title->plural || has_determiner(title) || end <= floor)
		return false;
	if (is_comma(names, end - 1, bounds))
		end--;
	return pk_person_before(names, end, floor, ret_person);
}

static int
add_title(struct pk_names *names, const struct pk_title *title, size_t *ret_end)
{
	struct pk_mention_at *mention =
	    pk_mention_new(names, title->plural ? PK_NAMED_GROUP : PK_NAMED_ROLE,
		title->run, title->words.first);

	if (mention == NULL)
		return -ENOMEM;
	pk_entity_of_title(names, title, mention);
	*ret_end = title->run.end;
	return 1;
}

/*
 * «هندرا ویجایا و روسا کویسپه، وزرای خارجه اندونزی و پرو»: as many names as states. The
 * last one has the title with it.
 */
static int
add_holders(struct pk_names *names, const struct pk_title *title, struct bounds bounds,
    size_t *ret_end)
{
	struct pk_person people[PK_MEMBERS_MAX];
	size_t floor = bounds.floor > names->free ? bounds.floor : names->free;
	size_t n = title->n_whose, and;
	size_t end = pk_before_article(names, title->run.first, floor);

	for (size_t i = n; i > 0; i--) {
		if (end <= floor)
			return 0;
		if (is_comma(names, end - 1, bounds) ||
		    (i < n && pk_word_at(names, PK_NAME_AND, end - 1, end, &and)))
			end--;
		else if (i < n)
			return 0;
		if (end <= floor ||
		    !pk_person_before(names, end, floor, &people[i - 1]))
			return 0;
		end = people[i - 1].run.first;
	}
	for (size_t i = 0; i < n; i++) {
		struct pk_title own = *title;
		struct pk_run run = people[i].run;
		int r;
		own.plural = false;
		own.country = title->whose[i].country;
		own.org = title->whose[i].org;
		if (i + 1 == n)
			run.end = title->run.end;
		r = add_person(names, &people[i], &own, run, ret_end);
		if (r < 0)
			return r;
	}
	return 1;
}

static int
try_title(struct pk_names *names, size_t at, struct bounds bounds, size_t *ret_end)
{
	struct pk_person person;
	struct pk_title title;

	if (!pk_title_at(names, at, bounds.limit, &title))
		return 0;
	if (!title.complement && !title.plural)
		take_second_title(names, &title, bounds);
	if (name_behind(names, &title, bounds, &person))
		return add_person(names, &person, &title,
		    (struct pk_run){ at, person.run.end }, ret_end);
	if (!pk_title_stands_alone(names, &title))
		return 0;
	if (title.plural && title.n_whose > 1) {
		int r = add_holders(names, &title, bounds, ret_end);
		if (r != 0)
			return r;
	}
	if (name_before(names, &title, bounds, &person))
		return add_person(names, &person, &title,
		    (struct pk_run){ person.run.first, title.run.end }, ret_end);
	return add_title(names, &title, ret_end);
}

/*
 * «هشام البدری[، سخنگوی …]»: a namesake of somebody known. The words before a surname
 * may be no name at all: a list must have the first one, or a title must say that it is
 * somebody else.
 */
static int
try_namesake(struct pk_names *names, size_t at, struct bounds bounds, size_t *ret_end)
{
	struct pk_person person;
	struct pk_title title;
	const struct pk_known_actor *known;

	if (!pk_person_namesake(names, at, bounds.limit, &person, &known))
		return 0;
	if (!title_behind(names, &person, bounds, &title))
		return person.conf > 0.8
			   ? add_person(names, &person, NULL, person.run, ret_end)
			   : 0;
	if (person.conf < 0.8 && pk_title_fits(&title, known) &&
	    pk_title_held(&title, known))
		return 0;
	return add_person(names, &person, &title,
	    (struct pk_run){ person.run.first, title.run.end }, ret_end);
}

/* «سانتیاگو پنیا رئیس‌جمهور پاراگوئه»: a city's name
 * before more of a name.
 */
static int
try_like_place(struct pk_names *names, size_t at, struct bounds bounds, size_t *ret_end)
{
	struct pk_person person;
	struct pk_title title;

	if (!pk_person_like_place(names, at, bounds.limit, &person) ||
	    !title_behind(names, &person, bounds, &title) || !title.complement)
		return 0;
	return add_person(names, &person, &title,
	    (struct pk_run){ person.run.first, title.run.end }, ret_end);
}

/* How far what begins here would reach, to choose between a person and a title. */
static bool
person_is_longer(const struct pk_names *names, size_t at, struct bounds bounds)
{
	struct pk_person person;
	struct pk_title title;
	struct pk_phrase_match match;

	if (!pk_person_at(names, at, bounds.limit, NULL, &person))
		return false;
	if (person.actor != NULL &&
	    pk_phrases_match(
		names->lexicon->things, names->text, at, bounds.limit, &match) &&
	    match.end >= person.run.end)
		return false;
	return !pk_title_at(names, at, bounds.limit, &title) ||
	       person.run.end > title.words.end;
}

/* "Israeli Prime Minister" in "Israeli Prime Minister's Office" is no title. */
static bool
body_is_longer(const struct pk_names *names, size_t at, struct bounds bounds)
{
	struct pk_state_body body;
	struct pk_title title;

	return pk_state_body_at(names, at, bounds.limit, &body) &&
	       (!pk_title_at(names, at, bounds.limit, &title) ||
		   body.run.end > title.words.end);
}

static int
add_at(struct pk_names *names, size_t at, struct bounds bounds, size_t *ret_end)
{
	int r = person_is_longer(names, at, bounds)
		    ? try_person(names, at, bounds, ret_end)
		    : 0;

	if (r == 0)
		r = try_namesake(names, at, bounds, ret_end);
	if (r == 0)
		r = try_like_place(names, at, bounds, ret_end);
	if (r == 0 && !body_is_longer(names, at, bounds))
		r = try_title(names, at, bounds, ret_end);
	if (r == 0)
		r = pk_thing_add(names, at, bounds.limit, ret_end);
	return r;
}

static int
scan_sentence(struct pk_names *names, const struct pk_sentence *sentence)
{
	struct bounds bounds = { sentence->first, sentence->end };

	for (size_t at = sentence->first; at < sentence->end;) {
		size_t end = at + 1;
		const struct pk_token *token = &names->text->tokens[at];
		if (token->kind == PK_TOKEN_WORD ||
		    token->kind == PK_TOKEN_QUOTE_OPEN) {
			int r = add_at(names, at, bounds, &end);
			if (r < 0)
				return r;
		}
		at = end;
	}
	return 0;
}

static int
find_by_grammar(struct pk_names *names)
{
	for (size_t i = 0; i < names->text->n_sentences; i++) {
		int r = scan_sentence(names, &names->text->sentences[i]);
		if (r < 0)
			return r;
	}
	return pk_mentions_link(names);
}

static int
find_by_tagger(struct pk_names *names, const struct pk_tagger *tagger)
{
	int r = pk_spans_of_tagger(names, tagger);

	if (r == 0)
		r = pk_people_of_spans(names);
	return r > 0 ? pk_mentions_link(names) : r;
}

static struct pk_names
begin(struct pk_arena *arena, const struct pk_pack *pack, const struct pk_text *text,
    const struct pk_names_context *context)
{
	return (struct pk_names){
		.arena = arena,
		.pack = pack,
		.lexicon = pk_pack_parts(pack)->names,
		.text = text,
		.context = context,
	};
}

static struct pk_mentions
end(const struct pk_names *names)
{
	return (struct pk_mentions){ names->items.items, names->items.len,
		names->spans.items, names->spans.len };
}

int
pk_mentions_find_by_grammar(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_text *text, const struct pk_names_context *context,
    struct pk_mentions *ret_mentions)
{
	struct pk_names names = begin(arena, pack, text, context);

	int r = find_by_grammar(&names);
	if (r == 0)
		r = pk_spans_of_grammar(&names);
	if (r == 0)
		*ret_mentions = end(&names);
	return r;
}

int
pk_mentions_find(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_text *text, const struct pk_names_context *context,
    struct pk_mentions *ret_mentions)
{
	const struct pk_tagger *tagger = pk_pack_parts(pack)->tagger;
	struct pk_names names = begin(arena, pack, text, context);

	if (tagger == NULL)
		return pk_mentions_find_by_grammar(
		    arena, pack, text, context, ret_mentions);
	int r = find_by_grammar(&names);
	if (r == 0)
		r = find_by_tagger(&names, tagger);
	if (r < 0)
		return r;
	pk_spans_attach(&names);
	*ret_mentions = end(&names);
	return 0;
}
