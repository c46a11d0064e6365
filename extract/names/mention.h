/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/names/mention.h - who and what a text names: people, roles, states,
 * organisations, places, agencies.
 *
 * Mentions are found by the role grammar first (title + organisation + country, with or
 * without a name), then by the gazetteer, then by consistency within the document (a
 * surname that was seen in a full name). What they refer to beyond that (pronouns, bare
 * titles) is resolved by extract/events.
 */
#ifndef PEYK_EXTRACT_NAMES_MENTION_H
#define PEYK_EXTRACT_NAMES_MENTION_H

#include "base/event.h"
#include "extract/text/text.h"

enum pk_named {
	PK_NAMED_PERSON, /* a name, with or without its title */
	PK_NAMED_ROLE, /* a title without a name: «وزیر خارجه روسیه», «همتای عراقی خود»
			*/
	PK_NAMED_STATE, /* a country by its name or a metonym, «طرف روسی», «کشورمان»; a
			   region that acts, with kind region */
	PK_NAMED_ORG, /* an organisation, or a state's body: «وزارت خارجه روسیه» */
	PK_NAMED_PLACE,   /* a city or region; a capital where it is told as a place */
	PK_NAMED_AGENCY,  /* a news agency or outlet */
	PK_NAMED_PRONOUN, /* «وی», «او», «ایشان» */
	PK_NAMED_GROUP, /* «وزرای خارجه روسیه و ایران», «مقامات روس», «دو طرف» */
};

struct pk_guess;       /* names_priv.h */
struct pk_known_place; /* extract/pack/knowledge.h */

struct pk_mention_at {
	enum pk_named named;
	size_t first; /* tokens [first, end), with title, name, organisation, country
			 and the quote marks round a name */
	size_t end;
	size_t head; /* the token of the name, or of the title */
	size_t
	    head_end; /* behind the name, or the title's own words: [head, head_end) */
	struct pk_entity entity; /* what is known without context */
	bool counterpart;        /* «همتای …» */
	bool possessive; /* «خود», «ـش», «کشورش»: bound to the clause's subject */
	bool demonstrative; /* «این مقام», «رئیس مجلس این کشور» */
	bool plural;        /* a group of holders: «وزرای خارجه» */
	bool metonym;       /* a city that may stand for its government */
	bool role_conflict; /* the title names a state that is not the named person's:
			       entity.country is the person's */
	/* «سفیر آمریکا در مسکو»: the place or organisation of the post */
	struct pk_span post;
	const struct pk_known_place *place; /* of places and metonyms; or NULL */
	enum pk_place_level level;          /* of places, countries and metonyms */
	/* Of a plural title with several states: one entity each, with its own range.
	 */
	const struct pk_entity *members;
	size_t n_members;
	/*
	 * The fuller mention of the same one, before or after it, or NULL: a full name
	 * for a bare surname (which then has that one's entity), a person who was
	 * introduced with this title and country for a bare title.
	 */
	const struct pk_mention_at *antecedent;
	/* Of a surname of somebody known, while nothing yet says that it is that one;
	 * NULL in what pk_mentions_find() gives. */
	const struct pk_guess *guess;
};

/*
 * A name as a reader would mark it. Mentions are what events are made of: a title with
 * its name, a pronoun, a group. Spans are names alone: people, organisations, places,
 * roles, also a place inside a role.
 */
enum pk_name_type { PK_NAME_PER, PK_NAME_ORG, PK_NAME_LOC, PK_NAME_ROLE };

struct pk_name_span {
	enum pk_name_type type;
	size_t first; /* tokens [first, end) */
	size_t end;
	const struct pk_mention_at *mention; /* what is known of it, or NULL */
};

struct pk_mentions {
	struct pk_mention_at *items; /* by first token, without overlap */
	size_t len;
	struct pk_name_span *spans; /* by first token; a role before what is in it */
	size_t n_spans;
};

/* What of the article bears on names. */
struct pk_names_context {
	struct pk_publisher publisher; /* «کشورمان» is its country */
	int64_t day; /* of publication, since 1970: dated roles resolve at it */
	bool has_day;
	/* Of a title: what its article names; else NULL. A surname is looked for there.
	 */
	const struct pk_mentions *article;
};

/*
 * Finds all mentions and names of a text: by the grammar, then by the language's tagger
 * (extract/names/tagger.h) where it has one. The tagger draws the borders of names and
 * adds people whom no grammar reaches. Linear in the text's length. Returns 0 or
 * -ENOMEM.
 */
int pk_mentions_find(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_text *text, const struct pk_names_context *context,
    struct pk_mentions *ret_mentions);

/*
 * Who held a role at a day: fills id and name of an entity that has role.id and country
 * (or org). Only of offices with one holder at a time. Returns 1 when exactly one
 * holder is known, else 0.
 */
int pk_role_holder(const struct pk_pack *pack, struct pk_entity *entity, int64_t day);

#endif
