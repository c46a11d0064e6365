/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/date_words.h"

#include "extract/pack/grammar.h"
#include "extract/pack/parts.h"

#include <assert.h>
#include <errno.h>

static_assert(PK_DATE_WORD_COUNT <= 64, "a set of kinds is one number");

struct date_word {
	enum pk_date_word kind;
	int value;
};

struct pk_date_words {
	struct pk_phrases *phrases; /* -> struct date_word */
	const struct pk_number_words *numbers;
};

static const char *const kind_names[PK_DATE_WORD_COUNT] = {
#define WORD(NAME, name) name,
	PK_DATE_WORDS(WORD)
#undef WORD
};

static int
add_row(struct pk_arena *arena, struct pk_date_words *words, const struct pk_tsv *tsv,
    const struct pk_tsv_row *row, struct pk_diag *reterr_diag)
{
	struct pk_span value = pk_tsv_cell(tsv, row, PK_SPAN("value"));
	struct date_word *word = pk_arena_new_of(arena, struct date_word);
	int kind = pk_tsv_choice(
	    tsv, row, PK_SPAN("kind"), kind_names, PK_DATE_WORD_COUNT, reterr_diag);
	int64_t number = 0;

	if (word == NULL)
		return -ENOMEM;
	if (kind < 0)
		return kind;
	if (value.len > 0 &&
	    (pk_span_to_int64(value, &number) < 0 || number < -10000 || number > 10000))
		return pk_diag_at(reterr_diag, -EBADMSG, tsv->path, row->line,
		    "want a small number, not '%.*s'", PK_SPAN_ARG(value));
	*word = (struct date_word){ (enum pk_date_word)kind, (int)number };
	return pk_phrases_add_all(
	    words->phrases, pk_tsv_cell(tsv, row, PK_SPAN("words")), word);
}

int
pk_date_words_new(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_date_words **ret_words, struct pk_diag *reterr_diag)
{
	const struct pk_tsv *tsv = pk_pack_table(pack, "dates");
	struct pk_date_words *words = pk_arena_new_of(arena, struct pk_date_words);

	if (words == NULL)
		return -ENOMEM;
	words->phrases = pk_phrases_new(arena);
	if (words->phrases == NULL)
		return -ENOMEM;
	if (pk_pack_is(pack, PK_GRAMMAR_CAPITALS)) /* «may», «march» */
		pk_phrases_heed_case(words->phrases);
	for (size_t i = 0; tsv != NULL && i < tsv->n_rows; i++) {
		int r = add_row(arena, words, tsv, &tsv->rows[i], reterr_diag);
		if (r < 0)
			return r;
	}
	int r = pk_number_words_new(arena, pack, &words->numbers, reterr_diag);
	if (r == 0)
		*ret_words = words;
	return r;
}

bool
pk_date_word_at(const struct pk_date_words *words, const struct pk_text *text,
    size_t at, size_t limit, struct pk_date_meaning *ret_meaning)
{
	struct pk_phrase_match match;

	if (at >= limit || !pk_phrases_match(words->phrases, text, at, limit, &match))
		return false;
	ret_meaning->end = match.end;
	ret_meaning->kinds = 0;
	for (size_t i = 0; i < match.n_values; i++) {
		const struct date_word *word = match.values[i];
		ret_meaning->kinds |= PK_DATE_BIT(word->kind);
		ret_meaning->values[word->kind] = word->value;
	}
	return true;
}

const struct pk_number_words *
pk_date_numbers(const struct pk_date_words *words)
{
	return words->numbers;
}

const struct pk_number_words *
pk_pack_numbers(const struct pk_pack *pack)
{
	return pk_pack_parts(pack)->dates->numbers;
}
