/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/names/lexicon.h"

#include "extract/pack/grammar.h"
#include "extract/text/fold.h"

#include <errno.h>

static const char *const name_words[PK_NAME_WORD_COUNT] = {
#define WORD(NAME, name) [PK_NAME_##NAME] = name,
	PK_NAME_WORDS(WORD)
#undef WORD
};

/* Where spellings of a table go. */
struct target {
	struct pk_lexicon *lexicon;
	struct pk_phrases *phrases;
	enum pk_lexeme_of of;
	const struct pk_pack *pack;
};

/* With the article that the language may write before it, too. */
static int
add_phrase(struct pk_lexicon *lexicon, const struct pk_pack *pack,
    struct pk_phrases *phrases, struct pk_span phrase, const void *value)
{
	struct pk_span with = pk_pack_with_article(pack, lexicon->arena, phrase);
	struct pk_span cut = pk_pack_uncontracted(pack, lexicon->arena, phrase);
	int r = pk_phrases_add(phrases, phrase, value);

	if (r == 0 && with.len > phrase.len)
		r = pk_phrases_add(phrases, with, value);
	if (r == 0 && cut.len > 0)
		r = pk_phrases_add(phrases, cut, value);
	return r;
}

static int
add_lexeme(struct pk_lexicon *lexicon, const struct pk_pack *pack,
    struct pk_phrases *phrases, struct pk_lexeme value, struct pk_span spelling)
{
	struct pk_lexeme *lexeme = pk_arena_new_of(lexicon->arena, struct pk_lexeme);

	if (lexeme == NULL)
		return -ENOMEM;
	*lexeme = value;
	return add_phrase(lexicon, pack, phrases, spelling, lexeme);
}

static int
add_spelling(
    void *data, enum pk_spelling_kind kind, struct pk_span spelling, const void *row)
{
	const struct target *target = data;

	return add_lexeme(target->lexicon, target->pack, target->phrases,
	    (struct pk_lexeme){ .of = target->of, .spelling = kind, .row = row },
	    spelling);
}

static int
add_knowledge(struct pk_lexicon *lexicon, const struct pk_pack *pack)
{
	const struct source {
		const char *table;
		struct pk_phrases *phrases;
		enum pk_lexeme_of of;
	} sources[] = {
		{ "countries", lexicon->things, PK_LEXEME_COUNTRY },
		{ "places", lexicon->things, PK_LEXEME_PLACE },
		{ "organisations", lexicon->things, PK_LEXEME_ORG },
		{ "agencies", lexicon->agencies, PK_LEXEME_AGENCY },
		{ "roles", lexicon->roles, PK_LEXEME_ROLE },
		{ "actors", lexicon->actors, PK_LEXEME_ACTOR },
	};

	for (size_t i = 0; i < PK_COUNT(sources); i++) {
		struct target target = { lexicon, sources[i].phrases, sources[i].of,
			pack };
		int r =
		    pk_known_spellings(pack, sources[i].table, add_spelling, &target);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Adds every alternative of a cell. */
static int
add_all(struct pk_lexicon *lexicon, const struct pk_pack *pack,
    struct pk_phrases *phrases, struct pk_span cell, const void *value)
{
	while (cell.ptr != NULL) {
		struct pk_span word = pk_span_trim(pk_span_split(&cell, '|'));
		int r = add_phrase(lexicon, pack, phrases, word, value);
		if (r < 0)
			return r;
	}
	return 0;
}

static int
add_titles(
    struct pk_lexicon *lexicon, const struct pk_pack *pack, struct pk_diag *reterr_diag)
{
	const struct pk_tsv *tsv = pk_pack_table(pack, "titles");

	for (size_t i = 0; tsv != NULL && i < tsv->n_rows; i++) {
		const struct pk_tsv_row *row = &tsv->rows[i];
		int class = pk_tsv_choice(tsv, row, PK_SPAN("class"), name_words,
		    PK_NAME_WORD_COUNT, reterr_diag);
		enum pk_name_word *word =
		    pk_arena_new_of(lexicon->arena, enum pk_name_word);
		if (word == NULL)
			return -ENOMEM;
		if (class < 0)
			return class;
		*word = (enum pk_name_word) class;
		int r = add_all(lexicon, pack, lexicon->words,
		    pk_tsv_cell(tsv, row, PK_SPAN("words")), word);
		if (r < 0)
			return r;
	}
	return 0;
}

static int
add_bodies(struct pk_lexicon *lexicon, const struct pk_pack *pack)
{
	const struct pk_tsv *tsv = pk_pack_table(pack, "bodies");

	for (size_t i = 0; tsv != NULL && i < tsv->n_rows; i++) {
		const struct pk_tsv_row *row = &tsv->rows[i];
		struct pk_body *body = pk_arena_new_of(lexicon->arena, struct pk_body);
		if (body == NULL)
			return -ENOMEM;
		*body = (struct pk_body){
			.id = pk_tsv_cell(tsv, row, PK_SPAN("id")),
			.en = pk_tsv_cell(tsv, row, PK_SPAN("en")),
			.sector = pk_tsv_cell(tsv, row, PK_SPAN("sector")),
			.bare = pk_span_eq(
			    pk_tsv_cell(tsv, row, PK_SPAN("bare")), PK_SPAN("yes")),
		};
		struct pk_span rest = pk_tsv_cell(tsv, row, PK_SPAN("words"));
		while (rest.ptr != NULL) {
			int r = add_lexeme(lexicon, pack, lexicon->things,
			    (struct pk_lexeme){ .of = PK_LEXEME_BODY, .body = body },
			    pk_span_trim(pk_span_split(&rest, '|')));
			if (r < 0)
				return r;
		}
	}
	return 0;
}

/* The single words of a cell: those of a phrase say nothing about names. */
static int
add_single_words(
    struct pk_lexicon *lexicon, const struct pk_pack *pack, struct pk_span cell)
{
	while (cell.ptr != NULL) {
		struct pk_span word = pk_span_trim(pk_span_split(&cell, '|'));
		if (word.len < 2 || (unsigned char)word.ptr[0] < 0x80 ||
		    memchr(word.ptr, ' ', word.len) != NULL)
			continue;
		int r = add_phrase(lexicon, pack, lexicon->everyday, word, lexicon);
		if (r < 0)
			return r;
	}
	return 0;
}

/* What the tables of clauses are made of is never a name either. */
static int
add_everyday(struct pk_lexicon *lexicon, const struct pk_pack *pack)
{
	static const char *const tables[] = { "stopwords", "cues", "predicates",
		"words", "modality", "prepositions", "titles" };

	for (size_t t = 0; t < PK_COUNT(tables); t++) {
		const struct pk_tsv *tsv = pk_pack_table(pack, tables[t]);
		for (size_t i = 0; tsv != NULL && i < tsv->n_rows; i++) {
			for (size_t c = 0; c < tsv->n_columns; c++) {
				int r = add_single_words(
				    lexicon, pack, tsv->rows[i].cells[c]);
				if (r < 0)
					return r;
			}
		}
	}
	return 0;
}

/* A table of nothing but words. */
static int
add_list(struct pk_lexicon *lexicon, const struct pk_pack *pack, const char *table,
    struct pk_phrases *phrases)
{
	const struct pk_tsv *tsv = pk_pack_table(pack, table);

	for (size_t i = 0; tsv != NULL && i < tsv->n_rows; i++) {
		int r = add_all(lexicon, pack, phrases,
		    pk_tsv_cell(tsv, &tsv->rows[i], PK_SPAN("words")), lexicon);
		if (r < 0)
			return r;
	}
	return 0;
}

static int
compare_spans(struct pk_span a, struct pk_span b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int r = len == 0 ? 0 : memcmp(a.ptr, b.ptr, len);

	return r != 0 ? r : (a.len > b.len) - (a.len < b.len);
}

static int
compare_holdings(const void *left, const void *right)
{
	const struct pk_known_office *a = ((const struct pk_holding *)left)->office;
	const struct pk_known_office *b = ((const struct pk_holding *)right)->office;
	int r = compare_spans(a->role->id, b->role->id);

	return r != 0 ? r : compare_spans(a->country, b->country);
}

static int
add_holdings(struct pk_lexicon *lexicon, const struct pk_knowledge *knowledge)
{
	size_t n = 0;

	for (size_t i = 0; i < knowledge->n_actors; i++)
		n += knowledge->actors[i].n_offices;
	lexicon->holdings =
	    pk_arena_calloc(lexicon->arena, n + 1, sizeof(struct pk_holding));
	if (lexicon->holdings == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < knowledge->n_actors; i++) {
		const struct pk_known_actor *actor = &knowledge->actors[i];
		for (size_t o = 0; o < actor->n_offices; o++)
			lexicon->holdings[lexicon->n_holdings++] =
			    (struct pk_holding){ &actor->offices[o], actor };
	}
	qsort(lexicon->holdings, n, sizeof(struct pk_holding), compare_holdings);
	return 0;
}

/* The lists of role ids in titles.tsv, which are no words of a text. */
static int
add_role_words(struct pk_lexicon *lexicon, const struct pk_knowledge *knowledge)
{
	lexicon->first_role = knowledge->roles;
	lexicon->role_words =
	    pk_arena_calloc(lexicon->arena, knowledge->n_roles + 1, sizeof(uint64_t));
	if (lexicon->role_words == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < knowledge->n_roles; i++) {
		struct pk_span key =
		    pk_fold_key(lexicon->arena, knowledge->roles[i].id);
		if (key.ptr == NULL)
			return -ENOMEM;
		lexicon->role_words[i] = pk_name_words_of(lexicon, key);
	}
	return 0;
}

bool
pk_role_is(const struct pk_lexicon *lexicon, const struct pk_known_role *role,
    enum pk_name_word word)
{
	return (lexicon->role_words[role - lexicon->first_role] & PK_NAME_BIT(word)) !=
	       0;
}

static int
make_phrases(struct pk_lexicon *lexicon, const struct pk_pack *pack)
{
	bool capitals = pk_pack_is(pack, PK_GRAMMAR_CAPITALS);
	struct pk_phrases **all[] = { &lexicon->things, &lexicon->agencies,
		&lexicon->actors, &lexicon->roles, &lexicon->words,
		&lexicon->firstnames, &lexicon->surnames, &lexicon->occupations,
		&lexicon->everyday };

	for (size_t i = 0; i < PK_COUNT(all); i++) {
		*all[i] = pk_phrases_new(lexicon->arena);
		if (*all[i] == NULL)
			return -ENOMEM;
		if (capitals)
			pk_phrases_heed_case(*all[i]);
	}
	return 0;
}

int
pk_lexicon_new(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_lexicon **ret_lexicon, struct pk_diag *reterr_diag)
{
	struct pk_lexicon *lexicon = pk_arena_new_of(arena, struct pk_lexicon);

	if (lexicon == NULL)
		return -ENOMEM;
	lexicon->arena = arena;
	int r = make_phrases(lexicon, pack);
	if (r == 0)
		r = add_knowledge(lexicon, pack);
	if (r == 0)
		r = add_titles(lexicon, pack, reterr_diag);
	if (r == 0)
		r = add_bodies(lexicon, pack);
	if (r == 0)
		r = add_list(lexicon, pack, "firstnames", lexicon->firstnames);
	if (r == 0)
		r = add_list(lexicon, pack, "surnames", lexicon->surnames);
	if (r == 0)
		r = add_list(lexicon, pack, "occupations", lexicon->occupations);
	if (r == 0)
		r = add_everyday(lexicon, pack);
	if (r == 0)
		r = add_role_words(lexicon, pk_pack_knowledge(pack));
	if (r == 0)
		r = add_holdings(lexicon, pk_pack_knowledge(pack));
	if (r == 0)
		*ret_lexicon = lexicon;
	return r;
}

static uint64_t
classes_of(const void *const *values, size_t n)
{
	uint64_t classes = 0;

	for (size_t i = 0; i < n; i++)
		classes |= PK_NAME_BIT(*(const enum pk_name_word *)values[i]);
	return classes;
}

uint64_t
pk_name_words_at(const struct pk_lexicon *lexicon, const struct pk_text *text,
    size_t at, size_t limit, size_t *ret_end)
{
	struct pk_phrase_match match;

	if (!pk_phrases_match(lexicon->words, text, at, limit, &match))
		return 0;
	*ret_end = match.end;
	return classes_of(match.values, match.n_values);
}

uint64_t
pk_name_words_of(const struct pk_lexicon *lexicon, struct pk_span key)
{
	size_t n;
	const void *const *values = pk_phrases_get_all(lexicon->words, key, &n);

	return classes_of(values, n);
}

const struct pk_known_office *
pk_office_at(const struct pk_known_actor *actor, int64_t day)
{
	const struct pk_known_office *best = NULL;

	for (size_t i = 0; i < actor->n_offices; i++) {
		const struct pk_known_office *office = &actor->offices[i];
		bool held = office->from <= day && day < office->until;
		/* of several the office with the one holder tells most */
		if (held && (best == NULL ||
				(office->role->exclusive && !best->role->exclusive) ||
				(office->role->exclusive == best->role->exclusive &&
				    office->from > best->from)))
			best = office;
	}
	return best;
}
