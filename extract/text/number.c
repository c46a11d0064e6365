/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/number.h"

#include <errno.h>

enum word_kind { CARDINAL, SCALE, ORDINAL, AND };

struct number_word {
	enum word_kind kind;
	double value;
};

struct pk_number_words {
	struct pk_phrases *phrases; /* -> struct number_word */
};

static const char *const kind_names[] = {
	[CARDINAL] = "cardinal",
	[SCALE] = "scale",
	[ORDINAL] = "ordinal",
	[AND] = "and",
};

static int
add_row(struct pk_arena *arena, struct pk_number_words *words, const struct pk_tsv *tsv,
    const struct pk_tsv_row *row, struct pk_diag *reterr_diag)
{
	struct pk_span name = pk_tsv_cell(tsv, row, PK_SPAN("kind"));
	struct pk_span value = pk_tsv_cell(tsv, row, PK_SPAN("value"));
	struct pk_span rest = pk_tsv_cell(tsv, row, PK_SPAN("words"));
	struct number_word *word = pk_arena_new_of(arena, struct number_word);
	size_t kind = 0;
	int64_t number = 0;

	if (word == NULL)
		return -ENOMEM;
	while (kind < PK_COUNT(kind_names) &&
	       !pk_span_eq(name, pk_span_of(kind_names[kind])))
		kind++;
	if (kind == PK_COUNT(kind_names))
		return pk_diag_at(reterr_diag, -EBADMSG, tsv->path, row->line,
		    "there is no kind '%.*s'", PK_SPAN_ARG(name));
	if (kind != AND && pk_span_to_int64(value, &number) < 0)
		return pk_diag_at(reterr_diag, -EBADMSG, tsv->path, row->line,
		    "want a number, not '%.*s'", PK_SPAN_ARG(value));
	*word = (struct number_word){ (enum word_kind)kind, (double)number };
	while (rest.ptr != NULL) {
		int r = pk_phrases_add(
		    words->phrases, pk_span_trim(pk_span_split(&rest, '|')), word);
		if (r < 0)
			return r;
	}
	return 0;
}

int
pk_number_words_new(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_number_words **ret_words, struct pk_diag *reterr_diag)
{
	const struct pk_tsv *tsv = pk_pack_table(pack, "numbers");
	struct pk_number_words *words = pk_arena_new_of(arena, struct pk_number_words);

	if (words == NULL)
		return -ENOMEM;
	words->phrases = pk_phrases_new(arena);
	if (words->phrases == NULL)
		return -ENOMEM;
	for (size_t i = 0; tsv != NULL && i < tsv->n_rows; i++) {
		int r = add_row(arena, words, tsv, &tsv->rows[i], reterr_diag);
		if (r < 0)
			return r;
	}
	*ret_words = words;
	return 0;
}

static const struct number_word *
word_at(const struct pk_number_words *words, const struct pk_text *text, size_t at,
    size_t limit, size_t *ret_end)
{
	struct pk_phrase_match match;

	if (at >= limit || !pk_phrases_match(words->phrases, text, at, limit, &match))
		return NULL;
	*ret_end = match.end;
	return match.values[0];
}

/* "1,200" and "12.5" as a double; false for dates and times ("12/3", "10:30"). */
static bool
read_digits(struct pk_span key, double *ret_value)
{
	double value = 0, place = 0;

	for (size_t i = 0; i < key.len; i++) {
		char c = key.ptr[i];
		if (c >= '0' && c <= '9') {
			value = place > 0 ? value + (c - '0') * place
					  : value * 10 + (c - '0');
			place /= 10;
		} else if (c == '.' && place == 0) {
			place = 0.1;
		} else if (c != ',') {
			return false;
		}
	}
	*ret_value = value;
	return true;
}

/* Below which the next part must be: after twenty only units follow. */
static double
room_below(double value)
{
	return value >= 100 ? 100 : value >= 20 ? 10 : 0;
}

/* The state of adding up «دو هزار و سیصد و بیست». */
struct sum {
	double total;   /* of the scales that are done */
	double current; /* below the next scale */
	double room;    /* what may still be added to `current` */
	double scale;   /* the last one; the next must be smaller */
};

static bool
add_word(struct sum *sum, const struct number_word *word, bool first)
{
	if (word->kind == SCALE) {
		if (word->value >= sum->scale)
			return false;
		sum->total += (sum->current == 0 ? 1 : sum->current) * word->value;
		sum->current = 0;
		sum->room = 1000;
		sum->scale = word->value;
		return true;
	}
	if (word->kind != CARDINAL || (!first && word->value >= sum->room) ||
	    (!first && word->value == 0))
		return false;
	sum->current += word->value;
	sum->room = room_below(word->value);
	return true;
}

bool
pk_number_at(const struct pk_number_words *words, const struct pk_text *text, size_t at,
    size_t limit, struct pk_number *ret_number)
{
	struct sum sum = { .room = 1000, .scale = 1e18 };
	struct pk_number number = { .end = at };
	size_t end;
	const struct number_word *word;

	if (at < limit && text->tokens[at].kind == PK_TOKEN_NUMBER) {
		if (!read_digits(text->tokens[at].key, &sum.current))
			return false;
		number.digits = true;
		number.end = at + 1;
		sum.room = 0;
	} else {
		word = word_at(words, text, at, limit, &end);
		if (word == NULL || word->kind == AND)
			return false;
		if (word->kind == ORDINAL) {
			*ret_number =
			    (struct pk_number){ end, word->value, true, false };
			return true;
		}
		add_word(&sum, word, true);
		number.end = end;
	}
	for (;;) {
		size_t next = number.end;
		word = word_at(words, text, next, limit, &end);
		bool joined = word != NULL && word->kind == AND;
		double digits;
		if (joined && sum.room >= 1000 && end < limit &&
		    text->tokens[end].kind == PK_TOKEN_NUMBER &&
		    read_digits(text->tokens[end].key, &digits) && digits < 1000) {
			sum.current += digits; /* «۴۱ هزار و ۳۰۰» */
			sum.room = 0;
			number.end = end + 1;
			continue;
		}
		if (joined)
			word = word_at(words, text, end, limit, &end);
		if (word == NULL || (word->kind == CARDINAL && !joined) ||
		    (word->kind == SCALE && joined && sum.current > 0) ||
		    !add_word(&sum, word, false))
			break;
		number.end = end;
	}
	number.value = sum.total + sum.current;
	*ret_number = number;
	return true;
}
