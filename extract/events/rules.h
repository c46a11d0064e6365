/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/events/rules.h - the grammar of statements and events of a language, as its
 * tables say it: cues, predicates, prepositions, words, modality, openers, verbs.
 */
#ifndef PEYK_EXTRACT_EVENTS_RULES_H
#define PEYK_EXTRACT_EVENTS_RULES_H

#include "base/event.h"
#include "extract/pack/knowledge.h"
#include "extract/pack/pack.h"
#include "extract/pack/phrases.h"
#include "extract/text/verb.h"

/* Classes of words, as numbers and as bits of a token's set. */
enum pk_clause_word {
#define WORD(NAME, name) PK_CW_##NAME,
#include "extract/events/words.def"
#undef WORD
	PK_CW_CLASSES
};
#define PK_CW_BIT(NAME) (UINT64_C(1) << PK_CW_##NAME)

enum pk_rule_flag {
#define FLAG(NAME, name) PK_RULE_##NAME,
#include "extract/events/flags.def"
#undef FLAG
	PK_RULE_FLAGS
};
#define PK_RULE_HAS(rule, NAME) (((rule)->flags & (UINT64_C(1) << PK_RULE_##NAME)) != 0)

/* Evidence of an event, as numbers and as bits of a set. */
enum pk_evidence {
#define EVIDENCE(NAME, name) PK_EVIDENCE_##NAME,
#include "extract/events/evidence.def"
#undef EVIDENCE
	PK_EVIDENCE_KINDS
};

/* Where the words of a rule stand to its verb. */
enum pk_rule_form {
	PK_RULE_CUE,      /* a row of cues.tsv */
	PK_RULE_VERB,     /* v: right before the verb, or the verb alone */
	PK_RULE_NOUN,     /* n: a noun */
	PK_RULE_WIDE,     /* w: its verb is somewhere behind it */
	PK_RULE_FRAME,    /* f: after «با» or «ضمن» */
	PK_RULE_STRESSED, /* b: after «بر», with a verb of stress */
};

/* Where an argument stands: at a place of the clause, or behind a preposition. */
enum pk_slot {
	PK_SLOT_SUBJECT,
	PK_SLOT_GENITIVE,
	PK_SLOT_OBJECT,
	PK_SLOT_PREPOSITION, /* + its number */
};

struct pk_rule_arg {
	int slot;
	char role; /* a, r, h, p, m */
	bool required;
};

#define PK_RULE_ARGS_MAX 6

struct pk_rule {
	struct pk_span id;
	enum pk_rule_form form;
	enum pk_event_type type;
	const char *mode;
	struct pk_span cameo;
	enum pk_cue_class class;
	uint64_t flags;
	bool inflected; /* its noun has an ending: «هشدارهایی» */
	struct pk_span lemma;
	struct pk_span verbs; /* ids, separated by blanks */
	struct pk_rule_arg args[PK_RULE_ARGS_MAX];
	size_t n_args;
	uint64_t needs; /* word classes, one of which must stand in the clause */
	const struct pk_phrases *need_words; /* the same as words; or NULL */
	uint64_t bars;
	const struct pk_phrases *bar_words;
};

/* What a small field of an event is told by: a row of details.tsv. */
enum pk_detail_kind {
#define DETAIL(NAME, name) PK_DETAIL_##NAME,
#include "extract/events/details.def"
#undef DETAIL
	PK_DETAIL_KINDS
};
#define PK_DETAIL_BIT(NAME) (1u << PK_DETAIL_##NAME)

struct pk_detail {
	struct pk_span id;
	enum pk_detail_kind kind;
	struct pk_span value;
};

#define PK_CONTEXT_TYPES_MAX 8

/* A row of contexts.tsv. */
struct pk_context_rule {
	struct pk_span id;
	enum pk_context context; /* 0: its words say nothing, whatever is in them */
	struct {
		enum pk_event_type type;
		const char *mode; /* NULL: any */
	} types[PK_CONTEXT_TYPES_MAX];
	size_t n_types; /* 0: any */
	struct pk_span
	    all; /* sectors, separated by blanks: everybody has one of them */
	struct pk_span any; /* somebody has one of them */
};

struct pk_modality_rule {
	struct pk_span id;
	enum pk_status status;
};

/* A mode that words tell. Rows by `order`: the first that holds counts. */
struct pk_mode_rule {
	enum pk_event_type type;
	const char *mode;
	unsigned order;
};

enum pk_opener { PK_OPENER_REPORT = 1, PK_OPENER_VIA, PK_OPENER_VERB };

struct pk_rules {
	const struct pk_pack *pack;
	struct pk_verbs *verbs;
	struct pk_phrases *words; /* values: const uint64_t *, a set of classes */
	struct pk_phrases *prepositions; /* values: const int *, a number */
	struct pk_phrases *modality;     /* values: const struct pk_modality_rule * */
	struct pk_phrases *modes;        /* values: const struct pk_mode_rule * */
	struct pk_phrases *openers;      /* values: const enum pk_opener * */
	struct pk_phrases *countries;    /* values: const struct pk_known_country * */
	struct pk_phrases *cues;         /* values: const struct pk_rule * */
	struct pk_phrases *predicates;
	struct pk_phrases *details;  /* values: const struct pk_detail * */
	struct pk_phrases *contexts; /* values: const struct pk_context_rule * */
	PK_ARRAY(const struct pk_context_rule *) bare_contexts; /* rows without words */
	PK_ARRAY(const struct pk_rule *) verb_cues; /* rules without a nominal part */
	PK_ARRAY(const struct pk_rule *) verb_predicates;
	PK_ARRAY(struct pk_span) roles; /* of prepositions, by number */
	double bias;                    /* of confidence (confidence.h) */
	double weights[PK_EVIDENCE_KINDS];
};

/*
 * Reads all tables of the pack; everything lives in the arena and borrows the pack.
 * Returns 0, -EBADMSG (*reterr_diag names the line) or -ENOMEM.
 */
int pk_rules_load(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_rules **ret_rules, struct pk_diag *reterr_diag);

/* The name of evidence, as confidence.tsv has it. */
const char *pk_evidence_name(enum pk_evidence evidence);

/* The number of a preposition's role, or -1. */
int pk_rules_role(const struct pk_rules *rules, struct pk_span role);

/* Is the verb one of the rule's? */
bool pk_rule_takes(const struct pk_rule *rule, struct pk_span verb);

/* Is the form, or one that is written alike, of one of the rule's verbs? */
bool pk_rule_takes_form(const struct pk_rule *rule, const struct pk_verb_form *form);

#endif
