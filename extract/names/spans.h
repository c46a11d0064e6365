/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/names/spans.h - the names of a text as a reader would mark them.
 *
 * Mentions (extract/names/mention.h) are what events are made of: a title with its
 * name, a pronoun, a group. Spans are names alone: people, organisations, places,
 * roles, also a place inside a role. The tagger draws their borders where a language
 * has one; what is known of each comes from the mention it lies in.
 */
#ifndef PEYK_EXTRACT_NAMES_SPANS_H
#define PEYK_EXTRACT_NAMES_SPANS_H

#include "extract/names/mention.h"

enum pk_name_type { PK_NAME_PER, PK_NAME_ORG, PK_NAME_LOC, PK_NAME_ROLE };

struct pk_name_span {
	enum pk_name_type type;
	size_t first; /* tokens [first, end) */
	size_t end;
	bool inside;                         /* of a role */
	const struct pk_mention_at *mention; /* what is known of it, or NULL */
};

struct pk_name_spans {
	struct pk_name_span *items; /* by first token; a role before what is in it */
	size_t len;
};

/* Borrows the mentions. Linear. Returns 0 or -ENOMEM. */
int pk_name_spans_find(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_text *text, const struct pk_mentions *mentions,
    struct pk_name_spans *ret_spans);

#endif
