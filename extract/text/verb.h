/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/text/verb.h - Persian verb forms, recognised by their parts.
 *
 * A form is analysed as [preverb][negation][prefix] stem [ending][auxiliary] over the
 * joined keys of up to PK_VERB_TOKENS_MAX tokens, so that spaced, half-spaced and glued
 * writings are one. No list of forms: a verb is a row of lang/<code>/verbs.tsv with its
 * past and its present stem.
 */
#ifndef PEYK_EXTRACT_TEXT_VERB_H
#define PEYK_EXTRACT_TEXT_VERB_H

#include "extract/pack/tsv.h"
#include "extract/text/text.h"

#define PK_VERB_TOKENS_MAX 5

enum pk_tense {
	PK_TENSE_PAST,
	PK_TENSE_IMPERFECT,
	PK_TENSE_PERFECT,
	PK_TENSE_PLUPERFECT,
	PK_TENSE_PRESENT,
	PK_TENSE_SUBJUNCTIVE,
	PK_TENSE_FUTURE,
	PK_TENSE_PARTICIPLE, /* «کرده»: finite only where an auxiliary is left out */
	PK_TENSE_INFINITIVE,
};

struct pk_verb_form {
	struct pk_span verb; /* the row's id: "goft" */
	struct pk_span
	    twin; /* of another verb that is written alike: «می‌کشد» */
	enum pk_tense tense;
	int person; /* 1, 2, 3; 0 for participles and infinitives */
	bool plural;
	bool negative;
	bool passive; /* participle + شدن */
	int rank;     /* 1: an everyday verb … 3: a rare one */
};

struct pk_verbs;

/*
 * Makes a recogniser of the table (columns id, preverb, past, present, bare, rank);
 * everything lives in the arena. Returns 0, -EBADMSG or -ENOMEM.
 */
int pk_verbs_new(struct pk_arena *arena, const struct pk_tsv *table,
    struct pk_verbs **ret_verbs, struct pk_diag *reterr_diag);

/* Analyses one joined key. Returns whether it is a form of a known verb. */
bool pk_verb_analyse(
    const struct pk_verbs *verbs, struct pk_span key, struct pk_verb_form *ret_form);

/*
 * The longest verb form that begins at token `at` and ends before `limit`. Returns its
 * number of tokens, 0 where none begins.
 */
size_t pk_verb_match(const struct pk_verbs *verbs, const struct pk_text *text,
    size_t at, size_t limit, struct pk_verb_form *ret_form);

#endif
