/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a surname is that of somebody known: a surname belongs to many. */
#include "extract/names/names_priv.h"

/* Who left or took office within a year is still, or already, spoken of. */
#define NEWS_DAYS 366

bool
pk_in_news(const struct pk_names *names, const struct pk_known_actor *actor)
{
	int64_t day = names->context->day;

	if (!names->context->has_day)
		return true;
	for (size_t i = 0; i < actor->n_offices; i++) {
		const struct pk_known_office *office = &actor->offices[i];
		if ((office->from == INT64_MIN || office->from - NEWS_DAYS <= day) &&
		    (office->until == INT64_MAX || day < office->until + NEWS_DAYS))
			return true;
	}
	return actor->n_offices == 0;
}

bool
pk_title_held(const struct pk_title *title, const struct pk_known_actor *actor)
{
	for (size_t i = 0; title->role != NULL && i < actor->n_offices; i++) {
		if (actor->offices[i].role == title->role)
			return true;
	}
	return title->role == NULL;
}

static bool
held(const struct pk_entity *said, const struct pk_known_actor *actor)
{
	for (size_t i = 0; i < actor->n_offices; i++) {
		if (pk_span_eq(actor->offices[i].role->id, said->role.id))
			return true;
	}
	return said->role.id.len == 0;
}

/* Does a mention name this actor in full, or the actor's state? */
static bool
names_actor_or_state(const struct pk_names *names, const struct pk_mention_at *mention,
    const struct pk_known_actor *actor)
{
	if (mention->guess != NULL && !pk_in_news(names, mention->guess->actor))
		return pk_span_eq(mention->guess->other.country, actor->country);
	if (pk_span_eq(mention->entity.id, actor->id) ||
	    pk_span_eq(mention->entity.country, actor->country))
		return mention->named != PK_NAMED_AGENCY;
	for (size_t i = 0; i < mention->n_members; i++) {
		if (pk_span_eq(mention->members[i].country, actor->country))
			return true;
	}
	return false;
}

static bool
any_names(const struct pk_names *names, const struct pk_mention_at *items, size_t len,
    const struct pk_mention_at *but, const struct pk_known_actor *actor)
{
	for (size_t i = 0; i < len; i++) {
		if (&items[i] != but && names_actor_or_state(names, &items[i], actor))
			return true;
	}
	return false;
}

bool
pk_guess_holds(const struct pk_names *names, const struct pk_mention_at *mention,
    const struct pk_mention_at *namesake)
{
	const struct pk_known_actor *actor = mention->guess->actor;
	const struct pk_entity *said = &mention->guess->other;
	const struct pk_mentions *article = names->context->article;
	bool in_news = pk_in_news(names, actor);

	if (namesake != NULL && pk_span_eq(namesake->entity.id, actor->id))
		return true;
	/* with a title of its own it is the one whom that title fits */
	if (said->role.id.len > 0 && !mention->counterpart)
		return !mention->role_conflict && (in_news || held(said, actor));
	if (namesake != NULL &&
	    (!in_news || namesake->entity.mention == PK_MENTION_TITLE_NAME))
		return false;
	return in_news ||
	       any_names(names, names->items.items, names->items.len, mention, actor) ||
	       (article != NULL &&
		   any_names(names, article->items, article->len, NULL, actor));
}
