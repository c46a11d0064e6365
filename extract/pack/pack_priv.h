/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/pack/pack_priv.h - what is in a pack.
 */
#ifndef PEYK_EXTRACT_PACK_PACK_PRIV_H
#define PEYK_EXTRACT_PACK_PACK_PRIV_H

#include "extract/pack/image.h"
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

/* Rows by a name of theirs, sorted by it. */
struct pk_index_item {
	struct pk_span name;
	const void *row;
};
struct pk_index {
	struct pk_index_item *items;
	size_t len;
};

/* The tables of knowledge that there may be of one name: ours, then the user's own. */
#define PK_KNOWN_SOURCES 2

/* What a pack is made of. Its rows are gone once it is made; their text stays. */
struct pk_making {
	struct pk_arena *arena;
	PK_ARRAY(struct pk_table) tables; /* of the language */
	struct pk_tsv known[PK_KNOWN_TABLES][PK_KNOWN_SOURCES];
	size_t n_ours[PK_KNOWN_TABLES];           /* rows before the user's own */
	struct pk_index own_ids[PK_KNOWN_TABLES]; /* of the user's own rows */
};

/* A pack lies in its arena whole, so that it can be an image (extract/pack/image.h). */
struct pk_pack {
	struct pk_arena *arena;
	struct pk_image *image; /* NULL: made from the tables when it was loaded */
	struct pk_span lang;
	struct pk_making *making; /* NULL once it is made */
	unsigned grammar;         /* bits of enum pk_grammar_switch */
	struct pk_span article;
	struct pk_span contracted; /* a preposition with the article in it */
	struct pk_index by_id[PK_KNOWN_TABLES];
	struct pk_index by_host;
	struct pk_knowledge knowledge;
	struct pk_pack_parts parts;
};

/* Fills `grammar` and `article` from grammar.tsv. Errors as pk_pack_load(). */
int pk_grammar_load(struct pk_pack *pack, struct pk_diag *reterr_diag);

/* Fills `knowledge` and `by_id` from `dir`/knowledge and `own`, which may be NULL. */
int pk_knowledge_load(struct pk_pack *pack, const char *dir, const char *own,
    struct pk_diag *reterr_diag);

#endif
