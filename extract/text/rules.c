/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/rules.h"

#include "extract/text/fold.h"

#include <errno.h>

struct pk_text_rules {
	struct pk_phrases *words; /* -> enum pk_word_class */
	struct pk_phrases *abbreviations;
	struct pk_phrases *openers;
	struct pk_phrases *glued; /* -> struct pk_glued */
};

static const struct word_class {
	const char *name;
	enum pk_word_class class;
} word_classes[] = {
	{ "prep", PK_WORD_PREPOSITION },
	{ "conj", PK_WORD_CONJUNCTION },
	{ "det", PK_WORD_DETERMINER },
	{ "pron", PK_WORD_PRONOUN },
	{ "adv", PK_WORD_ADVERB },
	{ "verb", PK_WORD_VERB },
	{ "part", PK_WORD_PARTICLE },
	{ "noun", PK_WORD_NOUN },
};

/* Where a row is being read, for messages. */
struct at {
	struct pk_arena *arena;
	struct pk_text_rules *rules;
	const struct pk_tsv *tsv;
	const struct pk_tsv_row *row;
	struct pk_diag *reterr_diag;
};

static int
wrong(const struct at *at, const char *what, struct pk_span word)
{
	return pk_diag_at(at->reterr_diag, -EBADMSG, at->tsv->path, at->row->line,
	    "%s '%.*s'", what, PK_SPAN_ARG(word));
}

/* class TAB words: every word of the cell has the class. */
static int
read_words(const struct at *at)
{
	struct pk_span name = pk_tsv_cell(at->tsv, at->row, PK_SPAN("class"));
	struct pk_span rest = pk_tsv_cell(at->tsv, at->row, PK_SPAN("words"));
	enum pk_word_class *class = pk_arena_new_of(at->arena, enum pk_word_class);

	if (class == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < PK_COUNT(word_classes); i++) {
		if (pk_span_eq(name, pk_span_of(word_classes[i].name)))
			*class = word_classes[i].class;
	}
	if (*class == 0)
		return wrong(at, "there is no word class", name);
	while (rest.ptr != NULL) {
		struct pk_span word = pk_span_trim(pk_span_split(&rest, '|'));
		int r = pk_phrases_add(at->rules->words, word, class);
		if (r < 0)
			return r;
	}
	return 0;
}

static int
read_sentence_rule(const struct at *at)
{
	struct pk_span kind = pk_tsv_cell(at->tsv, at->row, PK_SPAN("kind"));
	struct pk_span rest = pk_tsv_cell(at->tsv, at->row, PK_SPAN("words"));
	struct pk_phrases *into = NULL;

	if (pk_span_eq(kind, PK_SPAN("abbreviation")))
		into = at->rules->abbreviations;
	else if (pk_span_eq(kind, PK_SPAN("opener")))
		into = at->rules->openers;
	else
		return wrong(at, "there is no kind", kind);
	while (rest.ptr != NULL) {
		int r =
		    pk_phrases_add(into, pk_span_trim(pk_span_split(&rest, '|')), into);
		if (r < 0)
			return r;
	}
	return 0;
}

/*
 * Adds what is left of a row behind the pieces that were chosen: every choice among the
 * alternatives of the next piece, and of those behind it.
 */
static int
add_glued(const struct at *at, struct pk_span word, const struct pk_glued *chosen,
    struct pk_span rest)
{
	struct pk_span choices = { 0 };

	while (rest.ptr != NULL && choices.len == 0)
		choices = pk_span_split(&rest, ' ');
	if (choices.len == 0) {
		struct pk_glued *glued = pk_arena_new_of(at->arena, struct pk_glued);
		if (glued == NULL)
			return -ENOMEM;
		*glued = *chosen;
		return pk_phrases_add(at->rules->glued, word, glued);
	}
	if (chosen->n == PK_GLUED_MAX)
		return -E2BIG;
	while (choices.ptr != NULL) {
		struct pk_span piece = pk_span_split(&choices, '|');
		struct pk_glued next = *chosen;
		next.lens[next.n++] = pk_fold_key(at->arena, piece).len;
		struct pk_span longer = pk_arena_printf(
		    at->arena, "%.*s%.*s", PK_SPAN_ARG(word), PK_SPAN_ARG(piece));
		if (longer.ptr == NULL)
			return -ENOMEM;
		int r = add_glued(at, longer, &next, rest);
		if (r < 0)
			return r;
	}
	return 0;
}

/* The pieces, parted by blanks; the glued word is what they are together. */
static int
read_glued(const struct at *at)
{
	struct pk_span pieces = pk_tsv_cell(at->tsv, at->row, PK_SPAN("pieces"));
	struct pk_glued none = { 0 };

	if (pk_span_find(pk_span_trim(pieces), PK_SPAN(" "), 0) == SIZE_MAX)
		return wrong(at, "want two pieces or more:", pieces);
	int r = add_glued(at, PK_SPAN(""), &none, pieces);
	return r == -E2BIG ? wrong(at, "too many pieces:", pieces) : r;
}

static const struct rule_table {
	const char *name;
	int (*read)(const struct at *at);
} rule_tables[] = {
	{ "stopwords", read_words },
	{ "sentence", read_sentence_rule },
	{ "glued", read_glued },
};

int
pk_text_rules_new(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_text_rules **ret_rules, struct pk_diag *reterr_diag)
{
	struct pk_text_rules *rules = pk_arena_new_of(arena, struct pk_text_rules);

	if (rules == NULL)
		return -ENOMEM;
	rules->words = pk_phrases_new(arena);
	rules->abbreviations = pk_phrases_new(arena);
	rules->openers = pk_phrases_new(arena);
	rules->glued = pk_phrases_new(arena);
	if (rules->words == NULL || rules->abbreviations == NULL ||
	    rules->openers == NULL || rules->glued == NULL)
		return -ENOMEM;
	for (size_t t = 0; t < PK_COUNT(rule_tables); t++) {
		const struct pk_tsv *tsv = pk_pack_table(pack, rule_tables[t].name);
		for (size_t i = 0; tsv != NULL && i < tsv->n_rows; i++) {
			int r = rule_tables[t].read(&(struct at){
			    arena, rules, tsv, &tsv->rows[i], reterr_diag });
			if (r < 0)
				return r;
		}
	}
	*ret_rules = rules;
	return 0;
}

unsigned
pk_word_classes(const struct pk_text_rules *rules, struct pk_span key)
{
	size_t n;
	const void *const *values = pk_phrases_get_all(rules->words, key, &n);
	unsigned classes = 0;

	for (size_t i = 0; i < n; i++)
		classes |= *(const enum pk_word_class *)values[i];
	return classes;
}

bool
pk_is_abbreviation(const struct pk_text_rules *rules, struct pk_span key)
{
	return pk_phrases_get(rules->abbreviations, key) != NULL;
}

const struct pk_glued *
pk_glued_of(const struct pk_text_rules *rules, struct pk_span key)
{
	return pk_phrases_get(rules->glued, key);
}

bool
pk_opens_attribution(const struct pk_text_rules *rules, const struct pk_text *text,
    size_t at, size_t limit)
{
	struct pk_phrase_match match;

	return pk_phrases_match(rules->openers, text, at, limit, &match);
}
