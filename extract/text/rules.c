/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/rules.h"

#include "extract/pack/grammar.h"
#include "extract/pack/knowledge.h"
#include "extract/text/fold.h"

#include <errno.h>

#define CLITICS_MAX 64
#define WORD_MAX    128 /* bytes of a key that may be cut */

/* How a clitic is written together with a word. */
enum clitic_kind {
	CLITIC_PREFIX,  /* «و» */
	CLITIC_ARTICLE, /* «لل»: ل and the article */
	CLITIC_SUFFIX,  /* "'s", whatever the word is */
	CLITIC_JOINT,   /* "-" between two words that are known */
};

struct clitic {
	enum clitic_kind kind;
	size_t min_bytes; /* of the rest */
	struct pk_span key;
};

struct pk_text_rules {
	struct clitic clitics[CLITICS_MAX];
	size_t n_clitics;
	struct pk_phrases
	    *known; /* single words of all tables, where there are clitics */
	struct pk_span article;   /* folded */
	struct pk_phrases *words; /* -> enum pk_word_class */
	struct pk_phrases *abbreviations;
	struct pk_phrases *endings;
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
	enum pk_word_class *class = pk_arena_new_of(at->arena, enum pk_word_class);

	if (class == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < PK_COUNT(word_classes); i++) {
		if (pk_span_eq(name, pk_span_of(word_classes[i].name)))
			*class = word_classes[i].class;
	}
	if (*class == 0)
		return wrong(at, "there is no word class", name);
	return pk_phrases_add_all(
	    at->rules->words, pk_tsv_cell(at->tsv, at->row, PK_SPAN("words")), class);
}

static int
read_sentence_rule(const struct at *at)
{
	struct pk_span kind = pk_tsv_cell(at->tsv, at->row, PK_SPAN("kind"));
	struct pk_phrases *into = NULL;

	if (pk_span_eq(kind, PK_SPAN("abbreviation")))
		into = at->rules->abbreviations;
	else if (pk_span_eq(kind, PK_SPAN("ending")))
		into = at->rules->endings;
	else if (pk_span_eq(kind, PK_SPAN("opener")))
		into = at->rules->openers;
	else
		return wrong(at, "there is no kind", kind);
	return pk_phrases_add_all(
	    into, pk_tsv_cell(at->tsv, at->row, PK_SPAN("words")), into);
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

static int
read_clitics(const struct at *at)
{
	static const char *const kinds[] = {
		[CLITIC_PREFIX] = "prefix",
		[CLITIC_ARTICLE] = "article",
		[CLITIC_SUFFIX] = "suffix",
		[CLITIC_JOINT] = "joint",
	};
	int kind = pk_tsv_choice(
	    at->tsv, at->row, PK_SPAN("kind"), kinds, PK_COUNT(kinds), at->reterr_diag);
	struct pk_span min = pk_tsv_cell(at->tsv, at->row, PK_SPAN("min_bytes"));
	struct pk_span rest = pk_tsv_cell(at->tsv, at->row, PK_SPAN("words"));
	int64_t bytes = 1;

	if (kind < 0)
		return kind;
	if (min.len > 0 && (pk_span_to_int64(min, &bytes) < 0 || bytes < 1))
		return wrong(at, "want a number, not", min);
	while (rest.ptr != NULL) {
		struct pk_span key =
		    pk_fold_key(at->arena, pk_span_trim(pk_span_split(&rest, '|')));
		if (key.ptr == NULL)
			return -ENOMEM;
		if (key.len == 0 || at->rules->n_clitics == CLITICS_MAX)
			return wrong(at, "an empty clitic, or one too many:", key);
		at->rules->clitics[at->rules->n_clitics++] =
		    (struct clitic){ (enum clitic_kind)kind, (size_t)bytes, key };
	}
	return 0;
}

static const struct rule_table {
	const char *name;
	int (*read)(const struct at *at);
} rule_tables[] = {
	{ "stopwords", read_words },
	{ "sentence", read_sentence_rule },
	{ "glued", read_glued },
	{ "clitics", read_clitics },
};

/* May the word have a clitic in front? */
static bool
may_be_cut(
    const struct pk_text_rules *rules, struct pk_arena *arena, struct pk_span word)
{
	struct pk_span key = pk_fold_key(arena, word);

	for (size_t i = 0; i < rules->n_clitics; i++) {
		if (rules->clitics[i].kind == CLITIC_PREFIX &&
		    pk_span_starts_with(key, rules->clitics[i].key))
			return true;
	}
	return false;
}

/*
 * Every word of every alternative, and with the article where it has none. Inside a
 * phrase «وعشرون» is two words, too.
 */
static int
add_known(struct pk_text_rules *rules, const struct pk_pack *pack,
    struct pk_arena *arena, struct pk_span cell)
{
	while (cell.ptr != NULL) {
		struct pk_span phrase = pk_span_split(&cell, '|');
		for (bool first = true; phrase.ptr != NULL; first = false) {
			struct pk_span word = pk_span_trim(pk_span_split(&phrase, ' '));
			if (!first && may_be_cut(rules, arena, word))
				continue;
			struct pk_span with = pk_pack_with_article(pack, arena, word);
			int r = pk_phrases_add(rules->known, word, rules);
			if (r == 0 && with.len > word.len)
				r = pk_phrases_add(rules->known, with, rules);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

struct known_words {
	struct pk_text_rules *rules;
	const struct pk_pack *pack;
	struct pk_arena *arena;
};

/* A pk_spelling_add. */
static int
add_known_spelling(
    void *data, enum pk_spelling_kind kind, struct pk_span spelling, const void *row)
{
	const struct known_words *to = data;

	(void)kind;
	(void)row;
	return add_known(to->rules, to->pack, to->arena, spelling);
}

/* What a clitic may stand at: the words of the language's tables and of knowledge. */
static int
learn_words(
    struct pk_text_rules *rules, const struct pk_pack *pack, struct pk_arena *arena)
{
	static const char *const knowledge[] = { "countries", "places", "organisations",
		"agencies", "roles", "actors" };
	static const char *const tables[] = { "stopwords", "numbers", "dates", "titles",
		"bodies", "firstnames", "cues", "words" };
	struct known_words to = { rules, pack, arena };

	for (size_t t = 0; t < PK_COUNT(tables); t++) {
		const struct pk_tsv *tsv = pk_pack_table(pack, tables[t]);
		for (size_t i = 0; tsv != NULL && i < tsv->n_rows; i++) {
			for (size_t c = 0; c < tsv->n_columns; c++) {
				int r = add_known(
				    rules, pack, arena, tsv->rows[i].cells[c]);
				if (r < 0)
					return r;
			}
		}
	}
	for (size_t t = 0; t < PK_COUNT(knowledge); t++) {
		int r = pk_known_spellings(pack, knowledge[t], add_known_spelling, &to);
		if (r < 0)
			return r;
	}
	rules->article = pk_fold_key(arena, pk_pack_article(pack));
	return rules->article.ptr == NULL ? -ENOMEM : 0;
}

int
pk_text_rules_new(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_text_rules **ret_rules, struct pk_diag *reterr_diag)
{
	struct pk_text_rules *rules = pk_arena_new_of(arena, struct pk_text_rules);

	if (rules == NULL)
		return -ENOMEM;
	rules->words = pk_phrases_new(arena);
	rules->abbreviations = pk_phrases_new(arena);
	rules->endings = pk_phrases_new(arena);
	rules->known = pk_phrases_new(arena);
	rules->openers = pk_phrases_new(arena);
	rules->glued = pk_phrases_new(arena);
	if (rules->words == NULL || rules->abbreviations == NULL ||
	    rules->endings == NULL || rules->known == NULL || rules->openers == NULL ||
	    rules->glued == NULL)
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
	int r = rules->n_clitics == 0 ? 0 : learn_words(rules, pack, arena);
	if (r == 0)
		*ret_rules = rules;
	return r;
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

bool
pk_may_end(const struct pk_text_rules *rules, struct pk_span key)
{
	return pk_phrases_get(rules->endings, key) != NULL;
}

bool
pk_has_clitics(const struct pk_text_rules *rules)
{
	return rules->n_clitics > 0;
}

static bool
is_known(const struct pk_text_rules *rules, struct pk_span key)
{
	return pk_phrases_get(rules->known, key) != NULL;
}

/* Is the key of `clitic` at the front or end, with a rest that may be cut from it? */
static bool
cut_one(const struct pk_text_rules *rules, const struct clitic *clitic,
    struct pk_span key, struct pk_glued *ret_pieces)
{
	struct pk_span rest = pk_span_slice(key, clitic->key.len, key.len);

	if (key.len < clitic->key.len + clitic->min_bytes)
		return false;
	if (clitic->kind == CLITIC_SUFFIX) {
		*ret_pieces = (struct pk_glued){ 2,
			{ key.len - clitic->key.len, clitic->key.len } };
		return pk_span_ends_with(key, clitic->key);
	}
	*ret_pieces = (struct pk_glued){ 2, { clitic->key.len, rest.len } };
	if (!pk_span_starts_with(key, clitic->key))
		return false;
	if (clitic->kind == CLITIC_PREFIX)
		return is_known(rules, rest);
	char with[WORD_MAX + PK_ARTICLE_MAX * 2];
	memcpy(with, rules->article.ptr, rules->article.len);
	memcpy(with + rules->article.len, rest.ptr, rest.len);
	return is_known(rules, (struct pk_span){ with, rules->article.len + rest.len });
}

/* "US-China": two words that are known. */
static bool
cut_joint(const struct pk_text_rules *rules, const struct clitic *clitic,
    struct pk_span key, struct pk_glued *ret_pieces)
{
	size_t len = clitic->key.len;

	for (size_t at = clitic->min_bytes; at + len < key.len; at++) {
		struct pk_span behind = pk_span_slice(key, at, key.len);
		if (!pk_span_starts_with(behind, clitic->key))
			continue;
		behind = pk_span_slice(behind, len, behind.len);
		*ret_pieces = (struct pk_glued){ 3, { at, len, behind.len } };
		return behind.len >= clitic->min_bytes &&
		       is_known(rules, pk_span_slice(key, 0, at)) &&
		       is_known(rules, behind);
	}
	return false;
}

bool
pk_cut_clitic(const struct pk_text_rules *rules, struct pk_arena *arena,
    struct pk_span key, struct pk_glued *ret_pieces, struct pk_span *ret_key)
{
	struct pk_glued pieces;

	if (rules->n_clitics == 0 || key.len > WORD_MAX)
		return false;
	bool known = is_known(rules, key);
	for (size_t i = 0; i < rules->n_clitics; i++) {
		const struct clitic *clitic = &rules->clitics[i];
		if (known && clitic->kind != CLITIC_SUFFIX &&
		    clitic->kind != CLITIC_ARTICLE)
			continue;
		if (!(clitic->kind == CLITIC_JOINT
			    ? cut_joint(rules, clitic, key, &pieces)
			    : cut_one(rules, clitic, key, &pieces)))
			continue;
		*ret_key = (struct pk_span){ NULL, 0 };
		if (clitic->kind == CLITIC_ARTICLE)
			*ret_key = pk_arena_printf(arena, "%.*s%.*s",
			    PK_SPAN_ARG(rules->article),
			    PK_SPAN_ARG(pk_span_slice(key, pieces.lens[0], key.len)));
		*ret_pieces = pieces;
		return true;
	}
	return false;
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
