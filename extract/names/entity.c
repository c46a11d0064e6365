/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/names/names_priv.h"

#include "base/calendar.h"
#include "extract/text/fold.h"

struct pk_mention_at *
pk_mention_new(
    struct pk_names *names, enum pk_named named, struct pk_run run, size_t head)
{
	struct pk_mention_at *mention = pk_array_push(names->arena, &names->items);

	if (mention == NULL)
		return NULL;
	mention->named = named;
	mention->first = run.first;
	mention->end = run.end;
	mention->head = head;
	mention->head_end = head < run.end ? head + 1 : run.end;
	mention->entity.text = pk_text_of(names->text, run.first, run.end);
	mention->entity.has_range = true;
	mention->entity.range = pk_text_range(names->text, run.first, run.end);
	mention->entity.antecedent.distance = -1;
	names->free = run.end;
	return mention;
}

struct pk_span
pk_code_of(struct pk_arena *arena, struct pk_span country, struct pk_span sector)
{
	if (country.len == 0)
		return (struct pk_span){ NULL, 0 };
	return pk_arena_printf(
	    arena, "%.*s%.*s", PK_SPAN_ARG(country), PK_SPAN_ARG(sector));
}

void
pk_entity_of_country(
    const struct pk_names *names, struct pk_span country, struct pk_entity *entity)
{
	const struct pk_known_country *known =
	    pk_known_country_of(names->pack, country);

	entity->mention = PK_MENTION_COUNTRY;
	entity->kind = PK_KIND_STATE;
	entity->country = country;
	entity->code = country;
	entity->conf = 0.95;
	if (known != NULL) {
		entity->id = known->id;
		entity->name = (struct pk_name){ known->native, known->latin };
	}
}

void
pk_entity_of_org(const struct pk_known_org *org, struct pk_entity *entity)
{
	entity->mention = PK_MENTION_ORG;
	entity->kind = org->kind;
	entity->id = org->id;
	entity->name = (struct pk_name){ org->native, org->latin };
	entity->country = org->country;
	entity->sector = org->sector;
	entity->code = org->code;
	entity->conf = 0.95;
}

static struct pk_span
iso_day(struct pk_arena *arena, int64_t day)
{
	struct pk_date date = pk_gregorian_from_day(day);

	return pk_arena_printf(
	    arena, "%04d-%02d-%02d", date.year, date.month, date.day);
}

/* Who is no longer in office speaks for no government. */
static struct pk_span
sector_of(const struct pk_known_role *role, enum pk_role_status status)
{
	return status == PK_ROLE_FORMER ? PK_SPAN("ELI") : role->sector;
}

static void
set_role(struct pk_names *names, const struct pk_title *title, struct pk_entity *entity)
{
	if (title->role == NULL)
		return;
	entity->role.id = title->role->id;
	entity->role.en = title->role->en;
	entity->role.native =
	    pk_text_of(names->text, title->words.first, title->words.end);
	entity->role.status = title->status;
	if (title->status == PK_ROLE_CURRENT && names->context->has_day)
		entity->role.valid_at = iso_day(names->arena, names->context->day);
	entity->sector = sector_of(title->role, title->status);
}

/* Country, organisation and code, from what the title says. */
static void
set_whose(
    struct pk_names *names, const struct pk_title *title, struct pk_entity *entity)
{
	if (title->org != NULL) {
		entity->org = (struct pk_name){ title->org->native, title->org->latin };
		if (entity->sector.len == 0)
			entity->sector = title->org->sector;
	} else if (title->body != NULL) {
		entity->org.native =
		    pk_text_of(names->text, title->body_run.first, title->body_run.end);
		entity->org.latin = title->body->en;
		entity->sector = title->body->sector;
	}
	entity->country = title->country;
	if (title->country.len > 0)
		entity->code = pk_code_of(names->arena, title->country, entity->sector);
	else if (title->org != NULL)
		entity->code = title->org->code;
}

/* «وزرای خارجه روسیه، ترکیه و ایران»: a minister each. */
static void
set_members(
    struct pk_names *names, const struct pk_title *title, struct pk_mention_at *mention)
{
	struct pk_entity *members =
	    pk_arena_calloc(names->arena, title->n_whose, sizeof(*members));

	if (members == NULL)
		return;
	for (size_t i = 0; i < title->n_whose; i++) {
		const struct pk_whose *whose = &title->whose[i];
		struct pk_entity *member = &members[i];
		*member = (struct pk_entity){
			.text =
			    pk_text_of(names->text, whose->run.first, whose->run.end),
			.has_range = true,
			.range = pk_text_range(
			    names->text, whose->run.first, whose->run.end),
			.mention = PK_MENTION_TITLE,
			.kind = PK_KIND_PERSON,
			.antecedent = { .distance = -1 },
			.conf = 0.9,
		};
		set_role(names, title, member);
		member->country = whose->country;
		if (whose->org != NULL)
			member->org =
			    (struct pk_name){ whose->org->native, whose->org->latin };
		member->code =
		    whose->country.len > 0
			? pk_code_of(names->arena, whose->country, member->sector)
		    : whose->org != NULL ? whose->org->code
					 : (struct pk_span){ NULL, 0 };
	}
	mention->members = members;
	mention->n_members = title->n_whose;
}

void
pk_entity_of_title(
    struct pk_names *names, const struct pk_title *title, struct pk_mention_at *mention)
{
	struct pk_entity *entity = &mention->entity;

	mention->head_end = title->words.end;
	mention->counterpart = title->counterpart;
	mention->possessive = title->possessive;
	mention->demonstrative = title->demonstrative;
	mention->plural = title->plural;
	mention->post = pk_text_of(names->text, title->post.first, title->post.end);
	entity->mention = title->plural        ? PK_MENTION_GROUP
			  : title->counterpart ? PK_MENTION_COUNTERPART
					       : PK_MENTION_TITLE;
	entity->kind = title->plural ? PK_KIND_GROUP : PK_KIND_PERSON;
	entity->conf = title->complement ? 0.9 : 0.6;
	set_role(names, title, entity);
	set_whose(names, title, entity);
	if (title->plural && title->n_whose > 1) {
		set_members(names, title, mention);
		entity->country = entity->code = (struct pk_span){ NULL, 0 };
	}
}

/* The office a known person holds on the day, or last held. */
static void
set_office(struct pk_names *names, const struct pk_known_actor *actor,
    struct pk_entity *entity)
{
	const struct pk_names_context *context = names->context;
	const struct pk_known_office *office =
	    context->has_day ? pk_office_at(actor, context->day) : NULL;
	enum pk_role_status status = PK_ROLE_CURRENT;

	if (office == NULL && context->has_day) {
		for (size_t i = 0; i < actor->n_offices; i++) {
			const struct pk_known_office *old = &actor->offices[i];
			if (old->until <= context->day &&
			    (office == NULL || old->until > office->until))
				office = old;
		}
		status = PK_ROLE_FORMER;
	}
	if (office == NULL && actor->n_offices > 0 && !context->has_day)
		office = &actor->offices[0];
	if (office == NULL)
		return;
	entity->role = (struct pk_role){
		.id = office->role->id,
		.native = office->role->native,
		.en = office->role->en,
		.status = status,
	};
	if (status == PK_ROLE_CURRENT && context->has_day)
		entity->role.valid_at = iso_day(names->arena, context->day);
	entity->sector = sector_of(office->role, status);
	if (office->org != NULL) {
		entity->org =
		    (struct pk_name){ office->org->native, office->org->latin };
		entity->code = office->org->code;
	}
}

/* Does the article write the surname in a way of its own? Then it is quoted so. */
static bool
spelt_otherwise(const struct pk_names *names, const struct pk_person *person)
{
	struct pk_span known = pk_fold_key(names->arena, person->actor->native);
	struct pk_span surname = names->text->tokens[person->name.end - 1].key;

	return person->name.end - person->name.first > 1 &&
	       !pk_span_ends_with(known, surname);
}

void
pk_entity_of_person(struct pk_names *names, const struct pk_person *person,
    const struct pk_title *title, struct pk_mention_at *mention)
{
	const struct pk_known_actor *actor = person->actor;
	struct pk_entity *entity = &mention->entity;

	if (title != NULL)
		pk_entity_of_title(names, title, mention);
	mention->head_end = person->name.end;
	entity->mention = title != NULL ? PK_MENTION_TITLE_NAME : PK_MENTION_NAME;
	entity->kind = PK_KIND_PERSON;
	entity->conf = person->conf;
	entity->name.native =
	    pk_text_of(names->text, person->name.first, person->name.end);
	if (actor == NULL)
		return;
	if (person->surname) {
		struct pk_guess *guess = pk_arena_new_of(names->arena, struct pk_guess);
		if (guess != NULL)
			*guess = (struct pk_guess){ actor, *entity };
		mention->guess = guess;
	}
	entity->id = actor->id;
	entity->name.latin = actor->latin;
	if (person->surname || !spelt_otherwise(names, person))
		entity->name.native = actor->native;
	if (title == NULL || title->role == NULL)
		set_office(names, actor, entity);
	mention->role_conflict = title != NULL && !pk_title_fits(title, actor);
	if (mention->role_conflict)
		entity->org = (struct pk_name){ { NULL, 0 }, { NULL, 0 } };
	if (entity->country.len == 0 || mention->role_conflict)
		entity->country = actor->country;
	/* who speaks for an organisation keeps its code, as the country does not act */
	if (title == NULL || title->org == NULL || mention->role_conflict) {
		if (entity->org.native.len == 0 || entity->code.len == 0)
			entity->code =
			    pk_code_of(names->arena, entity->country, entity->sector);
	}
}

static int
compare(struct pk_span a, struct pk_span b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int r = len == 0 ? 0 : memcmp(a.ptr, b.ptr, len);

	return r != 0 ? r : (a.len > b.len) - (a.len < b.len);
}

/* The first holding of the role, in the lexicon's order. */
static size_t
first_holding(const struct pk_lexicon *lexicon, struct pk_span role)
{
	size_t low = 0, high = lexicon->n_holdings;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (compare(lexicon->holdings[middle].office->role->id, role) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
is_of(const struct pk_known_office *office, const struct pk_entity *entity)
{
	if (entity->org.native.len > 0 && office->org != NULL)
		return pk_span_eq(office->org->native, entity->org.native);
	return entity->country.len > 0 && pk_span_eq(office->country, entity->country);
}

int
pk_role_holder(const struct pk_pack *pack, struct pk_entity *entity, int64_t day)
{
	const struct pk_lexicon *lexicon = pk_pack_parts(pack)->names;
	const struct pk_known_actor *holder = NULL;

	for (size_t i = first_holding(lexicon, entity->role.id);
	     i < lexicon->n_holdings; i++) {
		const struct pk_holding *holding = &lexicon->holdings[i];
		const struct pk_known_office *office = holding->office;
		if (!pk_span_eq(office->role->id, entity->role.id))
			break;
		/* the one deputy that is known is not the only one there is */
		if (!office->role->exclusive)
			return 0;
		if (!is_of(office, entity) || day < office->from ||
		    day >= office->until)
			continue;
		if (holder != NULL && holder != holding->actor)
			return 0;
		holder = holding->actor;
	}
	if (holder == NULL)
		return 0;
	entity->id = holder->id;
	entity->name = (struct pk_name){ holder->native, holder->latin };
	return 1;
}
