/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/number.h"

#include <errno.h>

/* «چند ده هزار میلیون» is the most that anybody says. */
#define VAGUE_MAX 4

/* Kinds of numbers.tsv. */
enum word_kind {
	CARDINAL,
	SCALE,
	ORDINAL,
	PART,     /* «نیم», «ربع»: a number too, and one that is added */
	FRACTION, /* «سوم» in «دو سوم» */
	VAGUE,    /* «چندین», «صدها» */
	SUFFIX,   /* «م» in «۲۱م» */
	MEASURED, /* «درصد»: before it «۳/۵» is no date */
	DOUBTFUL, /* a cardinal that is another word: «نه» */
	COUNTED,  /* before it such a word is a number: «نه نفر» */
	AND,
	KIND_COUNT
};

struct number_word {
	enum word_kind kind;
	double value;
};

struct pk_number_words {
	struct pk_phrases *phrases; /* -> struct number_word */
};

static const char *const kind_names[KIND_COUNT] = {
	[CARDINAL] = "cardinal",
	[SCALE] = "scale",
	[ORDINAL] = "ordinal",
	[PART] = "part",
	[FRACTION] = "fraction",
	[VAGUE] = "vague",
	[SUFFIX] = "suffix",
	[MEASURED] = "measured",
	[DOUBTFUL] = "doubtful",
	[COUNTED] = "counted",
	[AND] = "and",
};

static int
add_row(struct pk_arena *arena, struct pk_number_words *words, const struct pk_tsv *tsv,
    const struct pk_tsv_row *row, struct pk_diag *reterr_diag)
{
	struct pk_span value = pk_tsv_cell(tsv, row, PK_SPAN("value"));
	struct number_word *word = pk_arena_new_of(arena, struct number_word);
	int kind = pk_tsv_choice(
	    tsv, row, PK_SPAN("kind"), kind_names, KIND_COUNT, reterr_diag);
	int64_t number = 0;

	if (word == NULL)
		return -ENOMEM;
	if (kind < 0)
		return kind;
	if (value.len > 0 && pk_span_to_int64(value, &number) < 0)
		return pk_diag_at(reterr_diag, -EBADMSG, tsv->path, row->line,
		    "want a number, not '%.*s'", PK_SPAN_ARG(value));
	*word = (struct number_word){ (enum word_kind)kind, (double)number };
	return pk_phrases_add_all(
	    words->phrases, pk_tsv_cell(tsv, row, PK_SPAN("words")), word);
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

/* What a word says, by kind; most say one thing. */
struct meaning {
	size_t end;
	const struct number_word *as[KIND_COUNT];
};

static bool
word_at(const struct pk_number_words *words, const struct pk_text *text, size_t at,
    size_t limit, struct meaning *ret_meaning)
{
	struct pk_phrase_match match;

	*ret_meaning = (struct meaning){ .end = at };
	if (at >= limit || !pk_phrases_match(words->phrases, text, at, limit, &match))
		return false;
	ret_meaning->end = match.end;
	for (size_t i = 0; i < match.n_values; i++) {
		const struct number_word *word = match.values[i];
		ret_meaning->as[word->kind] = word;
	}
	return true;
}

/*
 * "1,200" and "12.5" as a double; false for dates and times ("12/3", "10:30"). With
 * `slash`, «۱۲/۵» is a number as well.
 */
static bool
read_digits(struct pk_span key, bool slash, double *ret_value)
{
	double value = 0, place = 0;

	for (size_t i = 0; i < key.len; i++) {
		char c = key.ptr[i];
		if (c >= '0' && c <= '9') {
			value = place > 0 ? value + (c - '0') * place
					  : value * 10 + (c - '0');
			place /= 10;
		} else if ((c == '.' || (c == '/' && slash)) && place == 0) {
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

/* A number that is being added up: «دو هزار و سیصد و بیست». */
struct sum {
	const struct pk_number_words *words;
	const struct pk_text *text;
	size_t limit;
	struct pk_number *number;
	double total;   /* of the scales that are done */
	double current; /* below the next scale */
	double room;    /* what may still be added to `current` */
	double scale;   /* the last one; the next must be smaller */
	size_t n;       /* parts so far */
};

static bool
look(const struct sum *sum, size_t at, struct meaning *ret_meaning)
{
	return word_at(sum->words, sum->text, at, sum->limit, ret_meaning);
}

static bool
take_scale(struct sum *sum, double value, size_t end)
{
	if (value >= sum->scale)
		return false;
	sum->total += (sum->current == 0 ? 1 : sum->current) * value;
	sum->current = 0;
	sum->room = 1000;
	sum->scale = value;
	sum->number->end = end;
	return true;
}

static bool
take(struct sum *sum, double value, double room, size_t end)
{
	if (sum->n > 0 && (value >= sum->room || value == 0))
		return false;
	sum->current += value;
	sum->room = room;
	sum->number->end = end;
	return true;
}

/* «و نیم»; behind a scale half of that is meant: «یک میلیون و نیم». */
static bool
take_part(struct sum *sum, double value, size_t end)
{
	bool of_scale = sum->current == 0 && sum->total > 0;

	sum->current += of_scale ? value * sum->scale : value;
	sum->room = 0;
	sum->number->end = end;
	return true;
}

/* What «و» at the end joins: digits, a word, a fraction, an ordinal that ends it. */
static bool
take_joined(struct sum *sum, size_t at)
{
	struct meaning meaning, of;
	double digits;

	if (at < sum->limit && sum->text->tokens[at].kind == PK_TOKEN_NUMBER)
		return sum->room >= 100 &&
		       read_digits(sum->text->tokens[at].key, false, &digits) &&
		       take(sum, digits, 0, at + 1);
	if (!look(sum, at, &meaning))
		return false;
	if (meaning.as[PART] != NULL)
		return sum->current < 1e15 &&
		       sum->current == (double)(int64_t)sum->current &&
		       take_part(sum, 1 / meaning.as[PART]->value, meaning.end);
	if (meaning.as[CARDINAL] != NULL) {
		double value = meaning.as[CARDINAL]->value;
		if (look(sum, meaning.end, &of) && of.as[FRACTION] != NULL &&
		    value < of.as[FRACTION]->value)
			return take_part(sum, value / of.as[FRACTION]->value, of.end);
		return take(sum, value, room_below(value), meaning.end);
	}
	if (meaning.as[ORDINAL] != NULL) {
		sum->number->ordinal =
		    !sum->number->digits && meaning.as[ORDINAL]->value < sum->room &&
		    take(sum, meaning.as[ORDINAL]->value, 0, meaning.end);
		return sum->number->ordinal;
	}
	return meaning.as[SCALE] != NULL && sum->current == 0 &&
	       take_scale(sum, meaning.as[SCALE]->value, meaning.end);
}

/* What stands right behind: a scale, or what makes a fraction or ordinal of it. */
static bool
take_next(struct sum *sum, const struct meaning *meaning)
{
	const struct number_word *of =
	    meaning->as[FRACTION] != NULL ? meaning->as[FRACTION] : meaning->as[PART];

	if (meaning->as[SCALE] != NULL)
		return take_scale(sum, meaning->as[SCALE]->value, meaning->end);
	if (of == NULL || sum->n != 1 || sum->number->digits || sum->total > 0 ||
	    sum->current < 1 || sum->current >= of->value)
		return false;
	sum->current /= of->value; /* «دو سوم», «سه ربع» */
	sum->room = 0;
	sum->number->end = meaning->end;
	return true;
}

/* «۲۱م», «۲۱ام»: written in one. */
static void
take_suffix(struct sum *sum)
{
	const struct pk_token *token = &sum->text->tokens[sum->number->end - 1];
	struct meaning meaning;

	if (token->kind != PK_TOKEN_NUMBER || sum->n != 1 ||
	    !look(sum, sum->number->end, &meaning) || meaning.as[SUFFIX] == NULL ||
	    token[1].byte != token->byte + token->bytes)
		return;
	sum->number->ordinal = true;
	sum->number->end = meaning.end;
}

/* «ده‌ها هزار», «چند میلیون»: only that it is many is known. */
static void
take_vague(struct sum *sum, size_t end)
{
	struct meaning meaning;

	for (int n = 0; n < VAGUE_MAX && look(sum, end, &meaning); n++) {
		const struct number_word *cardinal = meaning.as[CARDINAL];
		if (meaning.as[SCALE] == NULL && meaning.as[VAGUE] == NULL &&
		    (cardinal == NULL || cardinal->value < 10))
			break;
		end = meaning.end;
	}
	sum->number->vague = true;
	sum->number->end = end;
}

/* «نه» alone, and nothing behind it that is counted. */
static bool
is_doubtful(const struct sum *sum, size_t at)
{
	struct meaning meaning;

	if (!look(sum, at, &meaning) || meaning.as[DOUBTFUL] == NULL ||
	    sum->number->end != meaning.end)
		return false;
	return !look(sum, sum->number->end, &meaning) ||
	       (meaning.as[COUNTED] == NULL && meaning.as[MEASURED] == NULL);
}

/* The first part; false where no number begins. */
static bool
begin(struct sum *sum, size_t at)
{
	const struct pk_token *token = &sum->text->tokens[at];
	struct meaning meaning;

	if (token->kind == PK_TOKEN_NUMBER) {
		bool measured =
		    look(sum, at + 1, &meaning) &&
		    (meaning.as[MEASURED] != NULL || meaning.as[SCALE] != NULL);
		sum->number->digits = true;
		sum->number->end = at + 1;
		sum->room = 0; /* «۵ و ۶» are two */
		return read_digits(token->key, measured, &sum->current);
	}
	if (!look(sum, at, &meaning))
		return false;
	if (meaning.as[VAGUE] != NULL)
		take_vague(sum, meaning.end);
	else if (meaning.as[CARDINAL] != NULL)
		take(sum, meaning.as[CARDINAL]->value,
		    room_below(meaning.as[CARDINAL]->value), meaning.end);
	else if (meaning.as[SCALE] != NULL)
		take_scale(sum, meaning.as[SCALE]->value, meaning.end);
	else if (meaning.as[PART] != NULL)
		take_part(sum, 1 / meaning.as[PART]->value, meaning.end);
	else if (meaning.as[ORDINAL] != NULL)
		*sum->number = (struct pk_number){ .end = meaning.end,
			.value = meaning.as[ORDINAL]->value,
			.ordinal = true };
	return sum->number->end > at;
}

bool
pk_number_at(const struct pk_number_words *words, const struct pk_text *text, size_t at,
    size_t limit, struct pk_number *ret_number)
{
	struct pk_number number = { .end = at };
	struct sum sum = { .words = words,
		.text = text,
		.limit = limit,
		.number = &number,
		.room = 1000,
		.scale = 1e18 };
	struct meaning meaning;

	if (at >= limit || !begin(&sum, at))
		return false;
	for (sum.n = 1; !number.ordinal && !number.vague; sum.n++) {
		if (!look(&sum, number.end, &meaning))
			break;
		if (meaning.as[AND] != NULL ? !take_joined(&sum, meaning.end)
					    : !take_next(&sum, &meaning))
			break;
	}
	if (number.digits && !number.ordinal)
		take_suffix(&sum);
	number.doubtful = sum.n == 1 && is_doubtful(&sum, at);
	if (!number.vague && sum.n > 0 && number.value == 0)
		number.value = sum.total + sum.current;
	*ret_number = number;
	return true;
}
