/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/pack/pack_priv.h - what is in a pack.
 */
#ifndef PEYK_EXTRACT_PACK_PACK_PRIV_H
#define PEYK_EXTRACT_PACK_PACK_PRIV_H

#include "base/map.h"
#include "extract/pack/knowledge.h"
#include "extract/pack/parts.h"

enum {
	PK_KNOWN_COUNTRIES,
	PK_KNOWN_PLACES,
	PK_KNOWN_ORGS,
	PK_KNOWN_AGENCIES,
	PK_KNOWN_ROLES,
	PK_KNOWN_ACTORS,
	PK_KNOWN_TABLES,
};

struct pk_table {
	struct pk_span name;
	struct pk_tsv tsv;
};

struct pk_pack {
	struct pk_arena *arena;
	struct pk_span lang;
	PK_ARRAY(struct pk_table) tables; /* of the language */
	struct pk_tsv known[PK_KNOWN_TABLES];
	struct pk_map *by_id[PK_KNOWN_TABLES];
	struct pk_map *by_host;
	struct pk_knowledge knowledge;
	struct pk_pack_parts parts;
};

/* Fills `knowledge` and `by_id` from the files in `dir`/knowledge. */
int pk_knowledge_load(
    struct pk_pack *pack, const char *dir, struct pk_diag *reterr_diag);

#endif
