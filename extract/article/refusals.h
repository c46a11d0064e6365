/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/article/refusals.h - the phrases of pages that stand where an article was
 * looked for: walls, errors, domains for sale (../lang/<code>/refusals.tsv).
 */
#ifndef PEYK_EXTRACT_ARTICLE_REFUSALS_H
#define PEYK_EXTRACT_ARTICLE_REFUSALS_H

#include "base/arena.h"
#include "base/diag.h"

enum pk_refusal {
	PK_REFUSAL_NONE,
#define REFUSAL(NAME, name, reason) PK_REFUSAL_##NAME,
#include "extract/article/refusals.def"
#undef REFUSAL
	PK_REFUSALS
};

/* Where a phrase counts; see refusals.tsv. */
enum pk_refusal_where {
	PK_REFUSAL_TITLE = 1,
	PK_REFUSAL_HEADING = 2,
	PK_REFUSAL_BEGIN = 4,
	PK_REFUSAL_TEXT = 8,
};

struct pk_refusal_phrase;

/* All languages' phrases; zeroed is none. */
struct pk_refusals {
	const struct pk_refusal_phrase *first;
};

/*
 * Adds those of one language, which live in the arena; one without the table is fine.
 * Errors as pk_tsv_read().
 */
int pk_refusals_read(struct pk_arena *arena, const char *dir, const char *lang,
    struct pk_refusals *refusals, struct pk_diag *reterr_diag);

/*
 * What a title, a heading or a line says of its page. `where` is one of
 * PK_REFUSAL_TITLE and PK_REFUSAL_HEADING: the whole line is such a phrase, or it
 * begins with one of those for PK_REFUSAL_BEGIN; or PK_REFUSAL_TEXT: one stands in the
 * line.
 */
enum pk_refusal pk_refusals_match(const struct pk_refusals *refusals,
    enum pk_refusal_where where, struct pk_span line);

/* The reason that is told, static. */
const char *pk_refusal_reason(enum pk_refusal refusal);

#endif
