/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/events/scene.h - one text with everything that is known of its tokens, and
 * the events that were found in it so far: the working memory of all files of this
 * folder.
 *
 * A story is an article on its way: the scene of its body and the scene of its title,
 * which share mentions' referents and the drafts of events.
 */
#ifndef PEYK_EXTRACT_EVENTS_SCENE_H
#define PEYK_EXTRACT_EVENTS_SCENE_H

#include "extract/events/rules.h"
#include "extract/names/mention.h"
#include "extract/text/date.h"

#define PK_NOWHERE SIZE_MAX

/* A verb form at tokens [first, end). */
struct pk_verb_at {
	size_t first;
	size_t end;
	struct pk_verb_form form;
	bool finite;
};

/* What is known of one token. */
struct pk_token_notes {
	uint64_t words;  /* classes of the longest word that begins here */
	size_t word_end; /* its end; the token itself where there is none */
	int preposition; /* number of the role that begins here, or -1 */
	size_t preposition_end;
	int verb;    /* index of the verb form that covers it, or -1 */
	int mention; /* index of the mention that covers it, or -1 */
	int date;    /* index of the time expression that covers it, or -1 */
	int zone;    /* index of the draft whose content covers it, or -1 */
	bool act;    /* a verb or cue that makes an event begins here */
	bool opener; /* part of an attribution: no news of its own */
	bool quoted; /* inside « » that follow a colon */
};

/* Everybody who told it, publisher first; `from` is the token where that begins. */
struct pk_chain {
	size_t from;
	struct pk_source sources[PK_EVENT_SOURCES_MAX];
	size_t n_sources;
};

/* How often a text names a state, its people and what is in it; agencies do not count.
 */
struct pk_country_named {
	struct pk_span country;
	size_t n;
};

struct pk_scene {
	struct pk_story *story;
	const struct pk_text *text;
	const struct pk_mentions *mentions; /* a copy, with what the context adds */
	struct pk_mentions *own; /* the same, to be written while it is made */
	const struct pk_dates *dates;
	bool title;
	struct pk_token_notes *notes; /* per token */
	PK_ARRAY(struct pk_verb_at) verbs;
	PK_ARRAY(struct pk_chain) chains; /* by `from` */
	PK_ARRAY(struct pk_country_named) countries;
	/* Whose «وزیر دفاع» and whose «پلیس» it means when it does not say: its
	 * publisher's, unless it is about another state. Absent: not known. */
	struct pk_span home;
};

/* An event on its way, with what only this folder needs to know. */
struct pk_draft {
	struct pk_event event;
	const struct pk_scene *scene;
	const struct pk_rule *rule;
	size_t first; /* the trigger's tokens */
	size_t end;
	size_t clause; /* the first token of its clause */
	size_t verb;   /* index of its verb form, or PK_NOWHERE */
	size_t after;  /* the token where its complement begins, or PK_NOWHERE */
	size_t stop;   /* of the complement */
	int zone;      /* draft whose content it stands in, or -1 */
	struct pk_entity host;            /* of a visit; kind 0: none */
	PK_ARRAY(struct pk_range) places; /* of mentions that were merged into it */
	bool noun; /* its content is a noun, told by the reporter: no zone */
	bool dead; /* merged into another */
	size_t topics[PK_EVENT_TOPICS_MAX][2]; /* tokens of event.topics */
	uint64_t signature[8]; /* of the words of its content (merge.c) */
	bool signed_words;
	bool dated;    /* its time is its own, not a default */
	int64_t day;   /* its first day since 1970, */
	int64_t until; /* and the one behind its last; equal: not known */
};

struct pk_story {
	struct pk_arena *arena;
	const struct pk_rules *rules;
	const struct pk_pack *pack;
	const struct pk_article *article;
	int64_t day; /* of publication */
	bool has_day;
	struct pk_scene body;
	struct pk_scene head;
	PK_ARRAY(struct pk_draft *) drafts; /* in the order they were found */

	/* The discourse (reference.c). */
	struct pk_entity speaker; /* kind 0: nobody yet */
	size_t speaker_at;        /* the sentence where they were last named or spoke */
	struct pk_draft *consult; /* the meeting that is being told, or NULL */
	struct pk_draft *last;    /* the predicate before this one, or NULL */
};

/*
 * Makes the scene of a text: verbs, words, prepositions, and where mentions and dates
 * lie. Returns 0 or -ENOMEM.
 */
int pk_scene_make(struct pk_story *story, const struct pk_text *text,
    const struct pk_mentions *mentions, const struct pk_dates *dates, bool title,
    struct pk_scene *ret_scene);

/* How often the state is named in the text. */
size_t pk_times_named(const struct pk_scene *scene, struct pk_span country);

/* A new draft with trigger tokens [first, end); NULL on no memory. */
struct pk_draft *pk_draft_new(
    struct pk_scene *scene, const struct pk_rule *rule, size_t first, size_t end);

/* Small questions about tokens. All answer "no" beyond the text. */
bool pk_at_word(const struct pk_scene *scene, size_t token, uint64_t classes);
bool pk_at_punct(const struct pk_scene *scene, size_t token, const char *mark);
bool pk_is_punct(const struct pk_scene *scene, size_t token);

/* «با», «ضمن»: the noun behind it is done along with the verb. */
bool pk_opens_frame(const struct pk_scene *scene, size_t token);

/* The finite verb that begins at the token, or NULL. */
const struct pk_verb_at *pk_finite_at(const struct pk_scene *scene, size_t token);

/* Has one of the classes a word in tokens [first, end)? */
bool pk_has_word(
    const struct pk_scene *scene, size_t first, size_t end, uint64_t classes);

/*
 * The end of a word that may stand between a noun and its light verb: «هم», «خود را»,
 * «شدیداً», an adjective of the noun («سفر کوتاهی کرد»). The token itself where
 * there is none.
 */
size_t pk_gap_end(const struct pk_scene *scene, size_t token);

/* Is it an adverb by its ending: «رسماً», «شدیداً»? */
bool pk_is_adverb(const struct pk_scene *scene, size_t token);

/* The sentence that a token belongs to. */
const struct pk_sentence *pk_sentence_at(const struct pk_scene *scene, size_t token);

/*
 * Where the clause that ends before `token` begins: behind the last finite verb, comma
 * clause border (؛ : که) or at `floor`.
 */
size_t pk_clause_start(const struct pk_scene *scene, size_t token, size_t floor);

/* The range of tokens in code points, marked as the title's where it is. */
struct pk_range pk_scene_range(const struct pk_scene *scene, size_t first, size_t end);

#endif
