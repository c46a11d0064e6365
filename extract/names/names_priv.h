/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/names/names_priv.h - the steps of pk_mentions_find().
 */
#ifndef PEYK_EXTRACT_NAMES_NAMES_PRIV_H
#define PEYK_EXTRACT_NAMES_NAMES_PRIV_H

#include "extract/names/lexicon.h"
#include "extract/names/mention.h"
#include "extract/pack/grammar.h"
#include "extract/pack/parts.h"
#include "extract/text/rules.h"

/* Everything a step needs. `items` grows from left to right, sentence by sentence. */
struct pk_names {
	struct pk_arena *arena;
	const struct pk_pack *pack;
	const struct pk_lexicon *lexicon;
	const struct pk_text *text;
	const struct pk_names_context *context;
	PK_ARRAY(struct pk_mention_at) items;
	PK_ARRAY(struct pk_name_span) spans;
	size_t free; /* the first token that no mention has taken yet */
};

#define PK_MEMBERS_MAX 8

/* A range of tokens; empty where there is none. */
struct pk_run {
	size_t first;
	size_t end;
};

/* A country or region as it was named inside a title. */
struct pk_whose {
	struct pk_run run;
	struct pk_span country;         /* absent for a region */
	const struct pk_known_org *org; /* a region or an organisation */
};

/* A title with what belongs to it: «معاون وزیر خارجه سابق روسیه», «همتای عراقی خود». */
struct pk_title {
	struct pk_run run;
	struct pk_run words; /* the title's own words, as role.native has them */
	const struct pk_known_role *role; /* NULL for a counterpart */
	enum pk_role_status status;
	struct pk_span country;
	const struct pk_known_org *org;
	const struct pk_body *body;
	struct pk_run body_run;
	struct pk_run post;
	struct pk_whose whose[PK_MEMBERS_MAX]; /* of a plural title: whose each is */
	size_t n_whose;
	bool counterpart;
	bool plural;
	bool possessive; /* «خود» */
	bool determined; /* «این مقام», «یک مقام»: never an apposition */
	bool demonstrative; /* «این کشور», «این مقام» */
	bool indefinite;    /* «یک مقام» */
	bool complement;    /* it says whose it is */
};

/* A person's name, with honorific and quote marks. */
struct pk_person {
	struct pk_run run;
	struct pk_run name;
	const struct pk_known_actor *actor; /* NULL: known by its shape only */
	bool honorific;
	bool surname; /* known by the surname alone */
	double conf;
};

/* A surname of somebody known: who, and the mention if it is somebody else. */
struct pk_guess {
	const struct pk_known_actor *actor;
	struct pk_entity other;
};

/* Does a word of the class begin at `at`? *ret_end is only set when it does. */
static inline bool
pk_word_at(const struct pk_names *names, enum pk_name_word word, size_t at,
    size_t limit, size_t *ret_end)
{
	size_t end;

	if (at >= limit ||
	    (pk_name_words_at(names->lexicon, names->text, at, limit, &end) &
		PK_NAME_BIT(word)) == 0)
		return false;
	*ret_end = end;
	return true;
}

/* Is the token exactly this sign? */
static inline bool
pk_is_sign(const struct pk_names *names, size_t at, const char *sign)
{
	return pk_span_eq(names->text->tokens[at].key, pk_span_of(sign));
}

/* The lexeme of a kind among the values of a match, or NULL. */
const struct pk_lexeme *pk_lexeme_of(
    const struct pk_phrase_match *match, enum pk_lexeme_of of);

/* The country or region of an adjective, also «روسی‌اش» and «روسیی»;
 * run is its token. */
bool pk_whose_at(
    const struct pk_names *names, size_t at, size_t limit, struct pk_whose *ret_whose);

/* The country of a place with a genitive behind it: "Gaza's" health ministry. */
bool pk_place_whose_at(
    const struct pk_names *names, size_t at, size_t limit, struct pk_whose *ret_whose);

/* A state whose name is an everyday word («مالی»): only ask where a state is due. */
bool pk_state_at(
    const struct pk_names *names, size_t at, size_t limit, struct pk_whose *ret_whose);

/* A body with its state before it: "Russian Defence Ministry", "Norway's parliament".
 */
struct pk_state_body {
	struct pk_whose whose;
	struct pk_run run; /* of both */
	struct pk_run words;
	const struct pk_body *body;
};
bool pk_state_body_at(const struct pk_names *names, size_t at, size_t limit,
    struct pk_state_body *ret_body);

/* The token behind "of" and "the", which may be missing; *ret_of: it is there. */
size_t pk_behind_of(
    const struct pk_names *names, size_t at, size_t limit, bool *ret_of);

/* The token behind an article that is a word of its own; `at` without one. */
size_t pk_behind_article(const struct pk_names *names, size_t at, size_t limit);

/* The first token of an article that ends before `end`, or `end`. */
size_t pk_before_article(const struct pk_names *names, size_t end, size_t floor);

/* A title (P1-P8 of the grammar in README.md) that begins at token `at`. */
bool pk_title_at(
    const struct pk_names *names, size_t at, size_t limit, struct pk_title *ret_title);

/* Enough to be somebody without a name? «رئیس» alone is not, «این مقام» is. */
bool pk_title_stands_alone(const struct pk_names *names, const struct pk_title *title);

/* Does what is known of the actor allow this title? */
bool pk_title_fits(const struct pk_title *title, const struct pk_known_actor *actor);

/*
 * A person's name that begins at `at`: a known one, one behind an honorific, or one in
 * quote marks. `title` (may be NULL) chooses between people of one name.
 */
bool pk_person_at(const struct pk_names *names, size_t at, size_t limit,
    const struct pk_title *title, struct pk_person *ret_person);

/* A name of somebody unknown, right behind a title, or right before it. */
bool pk_person_after(const struct pk_names *names, size_t at, size_t limit,
    struct pk_person *ret_person);
bool pk_person_before(const struct pk_names *names, size_t end, size_t floor,
    struct pk_person *ret_person);

/* A name that begins with the name of a city: «سانتیاگو پنیا». Ask before a title. */
bool pk_person_like_place(const struct pk_names *names, size_t at, size_t limit,
    struct pk_person *ret_person);

/* The end of the words from `at` on that may be more of a name. */
size_t pk_name_more(const struct pk_names *names, size_t at, size_t limit);

/*
 * A longer name that ends in the surname of somebody known whose first name it is not
 * («هشام البدری»). *ret_known is that one.
 */
bool pk_person_namesake(const struct pk_names *names, size_t at, size_t limit,
    struct pk_person *ret_person, const struct pk_known_actor **ret_known);

/* Did the actor hold an office about the day of the article? Yes without a day. */
bool pk_in_news(const struct pk_names *names, const struct pk_known_actor *actor);

/* Did the actor ever hold the title's office there? Yes for a title without office. */
bool pk_title_held(const struct pk_title *title, const struct pk_known_actor *actor);

/*
 * Is the guess of a mention right, as far as the document tells? `namesake` is the
 * fuller mention of somebody of that surname, or NULL.
 */
bool pk_guess_holds(const struct pk_names *names, const struct pk_mention_at *mention,
    const struct pk_mention_at *namesake);

/* Adds what is neither a person nor a title at `at`. Returns 1 with the token behind
 * it, 0 where there is nothing, or -ENOMEM. */
int pk_thing_add(struct pk_names *names, size_t at, size_t limit, size_t *ret_end);

/* The country last spoken of before token `at`, in this or the last sentence. */
struct pk_span pk_last_country(const struct pk_names *names, size_t at);

/* The organisation or body last spoken of, likewise; NULL where there is none. */
const struct pk_mention_at *pk_last_body(const struct pk_names *names, size_t at);

/* A new mention over a run, with text and range of its entity set; NULL on no memory.
 */
struct pk_mention_at *pk_mention_new(
    struct pk_names *names, enum pk_named named, struct pk_run run, size_t head);

/* Fill a mention's entity. */
void pk_entity_of_title(struct pk_names *names, const struct pk_title *title,
    struct pk_mention_at *mention);
void pk_entity_of_person(struct pk_names *names, const struct pk_person *person,
    const struct pk_title *title, struct pk_mention_at *mention);
void pk_entity_of_country(
    const struct pk_names *names, struct pk_span country, struct pk_entity *entity);
void pk_entity_of_org(const struct pk_known_org *org, struct pk_entity *entity);
struct pk_span pk_code_of(
    struct pk_arena *arena, struct pk_span country, struct pk_span sector);

/* The part of pk_mentions_find() that needs no model. */
int pk_mentions_find_by_grammar(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_text *text, const struct pk_names_context *context,
    struct pk_mentions *ret_mentions);

/*
 * Finds bare surnames and links mentions of one referent; sorts the mentions. Returns 0
 * or -ENOMEM.
 */
int pk_mentions_link(struct pk_names *names);

/* Fill names->spans: with the grammar's own borders, or with the tagger's. Return 0 or
 * -ENOMEM. */
int pk_spans_of_grammar(struct pk_names *names);
int pk_spans_of_tagger(struct pk_names *names, const struct pk_tagger *tagger);

/* Adds a mention for each person whom only the tagger sees. Returns how many, or
 * -ENOMEM.
 */
int pk_people_of_spans(struct pk_names *names);

/* Points each span to the mention that says something of it. */
void pk_spans_attach(struct pk_names *names);

#endif
