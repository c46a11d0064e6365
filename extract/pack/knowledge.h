/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/pack/knowledge.h - states, bodies, offices and people, as rows with types.
 *
 * Made from extract/knowledge/ when a pack is loaded; `native` is the first spelling in
 * the pack's language. Everything lives as long as the pack; any thread.
 */
#ifndef PEYK_EXTRACT_PACK_KNOWLEDGE_H
#define PEYK_EXTRACT_PACK_KNOWLEDGE_H

#include "base/vocabulary.h"
#include "extract/pack/pack.h"

/* One way by which a row is written in the pack's language. */
enum pk_spelling_kind {
	PK_SPELLING_NAME,
	PK_SPELLING_ADJECTIVE, /* «روسی»; of countries and organisations */
	PK_SPELLING_METONYM,   /* «کرملین»; of countries */
	PK_SPELLING_SHORT,     /* «لاوروف»; of actors */
	PK_SPELLING_PLURAL,    /* «وزرای خارجه»; of roles */
};

struct pk_known_country {
	struct pk_span id; /* alpha-3 */
	struct pk_span latin;
	struct pk_span native;
};

struct pk_known_place {
	struct pk_span id;
	struct pk_span latin;
	struct pk_span native;
	struct pk_span country;
	enum pk_place_level level;
};

struct pk_known_org {
	struct pk_span id;
	struct pk_span latin;
	struct pk_span native;
	enum pk_kind kind; /* IGO, ORG, GROUP or REGION */
	struct pk_span country;
	struct pk_span sector;
	struct pk_span code;
};

struct pk_known_agency {
	struct pk_span id; /* the publisher id */
	struct pk_span latin;
	struct pk_span native;
	struct pk_span country;
	struct pk_span kind;  /* "agency" or "outlet" */
	struct pk_span hosts; /* separated by `|` */
};

struct pk_known_role {
	struct pk_span id;
	struct pk_span en;
	struct pk_span native;
	struct pk_span sector;
	bool exclusive; /* one holder at a time for a country or organisation */
};

/* An office held: of a country or of an organisation, on the days [from, until). */
struct pk_known_office {
	const struct pk_known_role *role;
	struct pk_span
	    country; /* the country, or the organisation's where it has one */
	const struct pk_known_org *org; /* NULL for an office of a country */
	int64_t from;                   /* INT64_MIN: open */
	int64_t until;                  /* INT64_MAX: open */
};

struct pk_known_actor {
	struct pk_span id;
	struct pk_span latin;
	struct pk_span native;
	struct pk_span country;
	struct pk_known_office *offices;
	size_t n_offices;
};

struct pk_knowledge {
	const struct pk_known_country *countries;
	size_t n_countries;
	const struct pk_known_place *places;
	size_t n_places;
	const struct pk_known_org *orgs;
	size_t n_orgs;
	const struct pk_known_agency *agencies;
	size_t n_agencies;
	const struct pk_known_role *roles;
	size_t n_roles;
	const struct pk_known_actor *actors;
	size_t n_actors;
};

const struct pk_knowledge *pk_pack_knowledge(const struct pk_pack *pack);

/* The row with that id, or NULL. */
const struct pk_known_country *pk_known_country_of(
    const struct pk_pack *pack, struct pk_span id);
const struct pk_known_org *pk_known_org_of(
    const struct pk_pack *pack, struct pk_span id);
const struct pk_known_role *pk_known_role_of(
    const struct pk_pack *pack, struct pk_span id);
const struct pk_known_agency *pk_known_agency_of(
    const struct pk_pack *pack, struct pk_span id);

/* The agency or outlet that publishes on a host name ("www." does not matter), or NULL.
 */
const struct pk_known_agency *pk_known_agency_of_host(
    const struct pk_pack *pack, struct pk_span host);

typedef int pk_spelling_add(
    void *data, enum pk_spelling_kind kind, struct pk_span spelling, const void *row);

/*
 * Calls add() for every spelling of every row of a table of knowledge/ ("countries",
 * "actors" ...), where row is the struct above. Stops at the first negative result and
 * returns it. Only while the pack is made.
 */
int pk_known_spellings(
    const struct pk_pack *pack, const char *table, pk_spelling_add *add, void *data);

#endif
