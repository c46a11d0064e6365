/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/events/reference.h - who is meant: pronouns, bare titles, counterparts, «ما»,
 * «دو طرف», and who is the subject of a verb.
 */
#ifndef PEYK_EXTRACT_EVENTS_REFERENCE_H
#define PEYK_EXTRACT_EVENTS_REFERENCE_H

#include "extract/events/scene.h"

#define PK_PARTIES_MAX 8

/* A set of entities, each once. */
struct pk_parties {
	struct pk_entity items[PK_PARTIES_MAX];
	size_t n;
};

/* Adds one that is not there yet; one of the same identity stays the fuller one. */
void pk_parties_add(struct pk_parties *parties, const struct pk_entity *entity);

/* Everybody who took part in an event: actors, then recipients. */
void pk_parties_of(const struct pk_event *event, struct pk_parties *ret_parties);

/* The last meeting that was told in which the entity took part, or NULL. */
const struct pk_draft *pk_meeting_of(
    const struct pk_story *story, const struct pk_entity *entity);

/* «همکاران پاکستانی»: adds the state whose adjective stands at the token, which is no
 * mention. Returns the token to go on at. */
size_t pk_nationality_at(
    const struct pk_scene *scene, size_t token, struct pk_parties *ret_parties);

/* Are they the same one? By id, by name, else by country and role. */
bool pk_same_entity(const struct pk_entity *a, const struct pk_entity *b);

/* May they be the same one: a state and its minister are, two ministers are not. */
bool pk_compatible(const struct pk_entity *a, const struct pk_entity *b);

/*
 * Who a mention stands for. `subject` (may be NULL) is whom «خود» and «همتای» refer to.
 * Returns whether it is known at least by country, organisation or name.
 */
bool pk_resolve(const struct pk_scene *scene, int mention,
    const struct pk_entity *subject, struct pk_entity *ret_entity);

/* The same for a mention of several (a group, «دو طرف») and its coordinated neighbours
 * up to `limit`: «لاوروف و بلینکن». */
void pk_resolve_list(const struct pk_scene *scene, int mention, size_t limit,
    const struct pk_entity *subject, struct pk_parties *ret_parties);

/*
 * Whoever does what a verb at `limit` says: the first name of its clause [from, limit)
 * that nothing governs, else of an earlier clause back to `floor`. Empty where nobody
 * is named.
 */
void pk_find_subject(const struct pk_scene *scene, size_t from, size_t limit,
    size_t floor, struct pk_parties *ret_parties);

/*
 * «X درباره مذاکرات با Y گفت»: the two states that are talked of in what a zone says.
 * Returns whether there are two.
 */
bool pk_topic_of(
    const struct pk_scene *scene, int zone, struct pk_parties *ret_parties);

/* How people got their state whom nothing says it of (pk_antecedent). */
#define PK_HOW_HOME PK_SPAN("home_country")

/*
 * What people without a name, whose phrase begins at `first` and who are named by the
 * word at `token`, are called, and whose they are, else of the state the report is
 * about: «نیروهای ما»,
 * «کارکنان فرودگاه‌های آلمان».
 * Returns the end of the phrase.
 */
size_t pk_read_crowd(const struct pk_scene *scene, size_t first, size_t token,
    size_t limit, struct pk_entity *ret_entity);

/*
 * «سخنگوی ناشناس انجمن ... گفت»: words that lead the clause [from, limit) and name
 * nobody known. Whoever that is, it is not who spoke before. Returns whether there are
 * any.
 */
bool pk_find_stranger(const struct pk_scene *scene, size_t from, size_t limit,
    struct pk_entity *ret_entity);

/* Does a preposition or a noun before it govern the mention? */
bool pk_governed(const struct pk_scene *scene, int mention, size_t floor);

/* The words «دو طرف», «این کشور», «کشورش» at a token that is no mention. Returns the
 * end of the words, or `token`. */
size_t pk_resolve_words(const struct pk_scene *scene, size_t token,
    const struct pk_entity *subject, struct pk_parties *ret_parties);

/*
 * When a sentence of the reporter's own made no statement since draft `since`: the
 * person it is about is whom the next «وی» means.
 */
void pk_note_subject(
    struct pk_scene *scene, const struct pk_sentence *sentence, size_t since);

/* From now on «وی» is that one, who spoke or was named at the token. */
void pk_set_speaker(
    struct pk_scene *scene, const struct pk_entity *entity, size_t token);

/* Who is meant by a verb without any subject at the token: who spoke last, unless that
 * is long ago; then NULL. */
const struct pk_entity *pk_speaker_near(const struct pk_scene *scene, size_t token);

/* Says so when the speaker of a draft without a subject was named some way back. */
void pk_mark_far(const struct pk_scene *scene, struct pk_draft *draft);

/* The speaker of a zone, or NULL. */
const struct pk_entity *pk_speaker_of(const struct pk_scene *scene, int zone);

/* The state somebody speaks for. */
struct pk_entity pk_state_of(
    const struct pk_story *story, const struct pk_entity *speaker);

#endif
