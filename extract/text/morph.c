/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/morph.h"

#include "base/utf8.h"
#include "extract/text/fold.h"
#include "extract/text/verb.h"

#include <errno.h>
#include <limits.h>

/* What parts cost: words by their rank in the lexicon. */
static const int rank_costs[PK_WORD_RANK_MAX + 1] = { 0, 650, 850, 1000 };
enum {
	COST_NONE = INT_MAX / 2, /* there is no such reading */
	COST_UNKNOWN = 1400, /* a stem that no list knows, and for each letter … */
	COST_LETTER = 100,
	COST_ENDING = 150,
	COST_ENDING_HEH = 200,
	COST_FUSED = 120,
	COST_COMPOUND = 350,
	COST_PAIR = 300, /* a compound of two words that no affix explains */
};
static const int verb_costs[] = { 700, 700, 900, 1150 };

/* An unknown stem before an ending, a known one in a compound: letters. */
#define STEM_MIN 2
#define PAIR_MIN 3

enum kind { ENDING, FUSED, SECOND, FIRST, AUX, VERB_PREFIX, WHOLE, KINDS };

static const char *const kind_names[KINDS] = { [ENDING] = "ending",
	[FUSED] = "fused",
	[SECOND] = "second",
	[FIRST] = "first",
	[AUX] = "aux",
	[VERB_PREFIX] = "verb_prefix",
	[WHOLE] = "whole" };

/* Affixes of a kind by the byte at which they touch the end of the word. */
#define BUCKETS 64

struct affix {
	struct pk_span key;
	size_t letters;
	struct pk_span after; /* what the stem ends in; empty: anything */
	uint64_t joints;      /* inside it: «ترین‌ها» */
	const struct affix *next;
};

struct pk_affixes {
	const struct affix *buckets[KINDS][BUCKETS];
	const struct pk_words *words;
	struct pk_verbs *verbs; /* NULL where the language has no table of verbs */
};

/* By which byte of a word of two or more an affix of the kind is found. */
static size_t
bucket_of(enum kind kind, struct pk_span key)
{
	bool head = kind == FIRST || kind == VERB_PREFIX;

	/* letters of one alphabet differ in their last byte */
	return (unsigned char)key.ptr[head ? 1 : key.len - 1] % BUCKETS;
}

static const struct affix *
affixes_of(const struct pk_affixes *affixes, enum kind kind, struct pk_span key)
{
	return key.len < 2 ? NULL : affixes->buckets[kind][bucket_of(kind, key)];
}

static uint64_t
joints_of(struct pk_span word)
{
	uint64_t joints = 0;
	size_t letters = 0;

	for (size_t at = 0; at < word.len;) {
		uint32_t point, points[PK_FOLD_MAX];
		at += pk_utf8_decode(word, at, &point, NULL);
		if (point == PK_ZWNJ || point == '_')
			joints |= UINT64_C(1) << letters;
		letters += pk_fold_key_point(point, points);
	}
	return joints;
}

static int
add_affix(struct pk_arena *arena, struct pk_affixes *affixes, enum kind kind,
    struct pk_span word, struct pk_span after)
{
	struct affix *affix = pk_arena_new_of(arena, struct affix);
	struct pk_span key = pk_fold_key(arena, word);

	if (affix == NULL || key.ptr == NULL)
		return -ENOMEM;
	size_t letters = pk_utf8_count(key);
	if (key.len < 2 || letters > PK_MORPH_LETTERS_MAX)
		return -EBADMSG;
	const struct affix **bucket = &affixes->buckets[kind][bucket_of(kind, key)];
	*affix = (struct affix){ key, letters, after, joints_of(word), *bucket };
	*bucket = affix;
	return 0;
}

static int
add_row(struct pk_arena *arena, struct pk_affixes *affixes, const struct pk_tsv *tsv,
    const struct pk_tsv_row *row, struct pk_diag *reterr_diag)
{
	struct pk_span after =
	    pk_fold_key(arena, pk_tsv_cell(tsv, row, PK_SPAN("after")));
	struct pk_span rest = pk_tsv_cell(tsv, row, PK_SPAN("words"));
	int kind =
	    pk_tsv_choice(tsv, row, PK_SPAN("kind"), kind_names, KINDS, reterr_diag);

	if (kind < 0)
		return kind;
	while (rest.ptr != NULL) {
		struct pk_span word = pk_span_trim(pk_span_split(&rest, '|'));
		int r = add_affix(arena, affixes, (enum kind)kind, word, after);
		if (r < 0)
			return pk_diag_at(reterr_diag, r, tsv->path, row->line,
			    "cannot take '%.*s'", PK_SPAN_ARG(word));
	}
	return 0;
}

int
pk_affixes_new(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_words *words, const struct pk_affixes **ret_affixes,
    struct pk_diag *reterr_diag)
{
	struct pk_affixes *affixes = pk_arena_new_of(arena, struct pk_affixes);
	const struct pk_tsv *tsv = pk_pack_table(pack, "affixes");
	const struct pk_tsv *verbs = pk_pack_table(pack, "verbstems");

	if (affixes == NULL)
		return -ENOMEM;
	affixes->words = words;
	for (size_t i = 0; tsv != NULL && i < tsv->n_rows; i++) {
		int r = add_row(arena, affixes, tsv, &tsv->rows[i], reterr_diag);
		if (r < 0)
			return r;
	}
	if (verbs != NULL) {
		int r = pk_verbs_new(arena, verbs, &affixes->verbs, reterr_diag);
		if (r < 0)
			return r;
	}
	*ret_affixes = affixes;
	return 0;
}

/* A key with the places of its letters. */
struct word {
	const struct pk_affixes *affixes;
	struct pk_span key;
	uint8_t at[PK_MORPH_LETTERS_MAX + 1]; /* byte offsets */
	size_t letters;
};

static bool
measure(struct word *word)
{
	for (size_t at = 0; at < word->key.len;) {
		uint32_t point;
		if (word->letters == PK_MORPH_LETTERS_MAX || at > UINT8_MAX)
			return false;
		word->at[word->letters++] = (uint8_t)at;
		at += pk_utf8_decode(word->key, at, &point, NULL);
	}
	if (word->key.len > UINT8_MAX)
		return false;
	word->at[word->letters] = (uint8_t)word->key.len;
	return true;
}

/* Letters [from, to) of the key. */
static struct pk_span
part(const struct word *word, size_t from, size_t to)
{
	return pk_span_slice(word->key, word->at[from], word->at[to]);
}

/* A reading of letters [from, to); bits are those of the whole word. */
static const struct pk_morph none = { .cost = COST_NONE };

static bool
is_better(const struct pk_morph *a, const struct pk_morph *b)
{
	return a->cost < b->cost;
}

static struct pk_morph
listed(const struct word *word, size_t from, size_t to)
{
	const struct pk_lexical *item =
	    pk_words_get(word->affixes->words, part(word, from, to));

	if (item == NULL)
		return none;
	return (struct pk_morph){ item->joints << from, item->joints << from,
		rank_costs[item->rank], true };
}

/* Puts a stem and what stands at letter `at` together. */
static struct pk_morph
put_together(struct pk_morph stem, size_t at, uint64_t inside, bool joint, int cost)
{
	stem.cuts |= UINT64_C(1) << at | inside;
	stem.joints |= inside | (joint ? UINT64_C(1) << at : 0);
	stem.cost += cost;
	return stem;
}

/* A known word with an affix: investor, aimless. */
static struct pk_morph
compound(const struct word *word, size_t from, size_t to)
{
	struct pk_span key = part(word, from, to);
	struct pk_morph best = none;

	for (const struct affix *a = affixes_of(word->affixes, SECOND, key); a != NULL;
	     a = a->next) {
		if (!pk_span_ends_with(key, a->key) ||
		    to - from < a->letters + STEM_MIN)
			continue;
		size_t at = to - a->letters;
		struct pk_morph reading = put_together(
		    listed(word, from, at), at, a->joints << at, true, COST_COMPOUND);
		if (is_better(&reading, &best))
			best = reading;
	}
	for (const struct affix *a = affixes_of(word->affixes, FIRST, key); a != NULL;
	     a = a->next) {
		if (!pk_span_starts_with(key, a->key) ||
		    to - from < a->letters + STEM_MIN)
			continue;
		size_t at = from + a->letters;
		struct pk_morph reading =
		    put_together(listed(word, at, to), at, 0, true, COST_COMPOUND);
		if (is_better(&reading, &best))
			best = reading;
	}
	return best;
}

/* «تخته‌سیاه», «روزگذشته»: two words one behind the other. */
static struct pk_morph
pair(const struct word *word, size_t from, size_t to)
{
	struct pk_morph best = none;

	for (size_t at = from + PAIR_MIN; at + PAIR_MIN <= to; at++) {
		struct pk_morph a = listed(word, from, at);
		struct pk_morph b = is_better(&a, &none) ? listed(word, at, to) : none;
		if (!is_better(&b, &none))
			continue;
		struct pk_morph reading =
		    put_together(a, at, 0, true, b.cost + COST_PAIR);
		reading.cuts |= b.cuts;
		reading.joints |= b.joints;
		if (is_better(&reading, &best))
			best = reading;
	}
	return best;
}

static struct pk_morph
core(const struct word *word, size_t from, size_t to)
{
	struct pk_morph whole = listed(word, from, to);
	struct pk_morph parts = compound(word, from, to);

	if (!is_better(&whole, &none) && !is_better(&parts, &none))
		return pair(word, from, to);
	return is_better(&parts, &whole) ? parts : whole;
}

/* A word that is known, also with an ending that is written onto it («کتابش»). */
static struct pk_morph
known(const struct word *word, size_t from, size_t to)
{
	struct pk_span key = part(word, from, to);
	struct pk_morph best = core(word, from, to);

	for (const struct affix *a = affixes_of(word->affixes, FUSED, key); a != NULL;
	     a = a->next) {
		if (!pk_span_ends_with(key, a->key) ||
		    to - from < a->letters + STEM_MIN)
			continue;
		struct pk_morph reading = core(word, from, to - a->letters);
		reading.cost += COST_FUSED;
		if (is_better(&reading, &best))
			best = reading;
	}
	return best;
}

static struct pk_morph
unknown(size_t letters)
{
	return (struct pk_morph){ .cost = COST_UNKNOWN + COST_LETTER * (int)letters };
}

/* «تر» behind words that nobody knows is part of them: «کوپتر». */
static bool
may_follow_unknown(const struct affix *affix)
{
	return affix->after.len == 0 && pk_span_starts_with(affix->key, PK_SPAN("ها"));
}

/* «دیده», which may take «ای», «ام» and so on: of a verb whose participle no list has.
 */
static struct pk_morph
participle(const struct word *word, size_t to)
{
	const struct pk_verbs *verbs = word->affixes->verbs;
	struct pk_verb_form form;

	if (verbs == NULL || !pk_verb_analyse(verbs, part(word, 0, to), &form) ||
	    form.tense != PK_TENSE_PARTICIPLE)
		return none;
	return (struct pk_morph){ .cost = verb_costs[form.rank], .known = true };
}

static struct pk_morph
with_ending(const struct word *word, const struct affix *affix)
{
	struct pk_morph stem;

	if (!pk_span_ends_with(word->key, affix->key) ||
	    word->letters < affix->letters + STEM_MIN)
		return none;
	size_t at = word->letters - affix->letters;
	if (!pk_span_ends_with(part(word, 0, at), affix->after))
		return none;
	stem = known(word, 0, at);
	if (pk_span_eq(affix->after, PK_SPAN("ه")) || may_follow_unknown(affix)) {
		struct pk_morph other =
		    affix->after.len > 0 ? participle(word, at) : unknown(at);
		if (is_better(&other, &stem))
			stem = other;
	}
	return put_together(stem, at, affix->joints << at, true,
	    affix->after.len > 0 ? COST_ENDING_HEH : COST_ENDING);
}

/* «میرود», «برنمیگردد»: the letter behind «می», or 0. */
static size_t
behind_prefix(const struct word *word, size_t from)
{
	struct pk_span key = part(word, from, word->letters);

	for (const struct affix *a = affixes_of(word->affixes, VERB_PREFIX, key);
	     a != NULL; a = a->next) {
		if (pk_span_starts_with(key, a->key) &&
		    word->letters > from + a->letters)
			return from + a->letters;
	}
	return 0;
}

/* «کردهاند», «گرفتهایم»: the letter where the auxiliary begins, or 0. */
static size_t
auxiliary(const struct word *word)
{
	for (const struct affix *a = affixes_of(word->affixes, AUX, word->key);
	     a != NULL; a = a->next) {
		if (pk_span_ends_with(word->key, a->key) &&
		    word->letters > a->letters + STEM_MIN &&
		    pk_span_ends_with(
			part(word, 0, word->letters - a->letters), PK_SPAN("ه")))
			return word->letters - a->letters;
	}
	return 0;
}

static struct pk_morph
verb(const struct word *word)
{
	const struct pk_verbs *verbs = word->affixes->verbs;
	struct pk_morph reading = { .known = true };
	struct pk_verb_form form;
	size_t preverb = 0, cut, aux = auxiliary(word);

	cut = behind_prefix(word, 0);
	while (cut == 0 && preverb + 1 < word->letters && preverb < 4)
		cut = behind_prefix(word, ++preverb);
	if (verbs == NULL || (cut == 0 && aux == 0) ||
	    !pk_verb_analyse(verbs, word->key, &form) ||
	    (form.person == 0 && (cut == 0 || form.tense != PK_TENSE_PARTICIPLE)))
		return none;
	reading.cost = verb_costs[form.rank];
	if (cut > 0)
		reading = put_together(reading, cut, 0, true, 0);
	if (cut > 0 && preverb > 0)
		reading = put_together(reading, preverb, 0, true, 0);
	if (aux > 0 && form.tense == PK_TENSE_PERFECT)
		reading = put_together(reading, aux, 0, true, 0);
	return reading;
}

static bool
is_whole(const struct word *word)
{
	for (const struct affix *a = affixes_of(word->affixes, WHOLE, word->key);
	     a != NULL; a = a->next) {
		if (pk_span_eq(word->key, a->key))
			return true;
	}
	return false;
}

struct pk_morph
pk_morph_read(const struct pk_affixes *affixes, struct pk_span key)
{
	struct word word = { .affixes = affixes, .key = key };
	struct pk_morph best = none, reading;

	if (!measure(&word) || word.letters < STEM_MIN || is_whole(&word))
		return (struct pk_morph){ .cost = COST_UNKNOWN };
	best = known(&word, 0, word.letters);
	reading = verb(&word);
	if (is_better(&reading, &best))
		best = reading;
	for (const struct affix *a = affixes_of(affixes, ENDING, key); a != NULL;
	     a = a->next) {
		reading = with_ending(&word, a);
		if (is_better(&reading, &best))
			best = reading;
	}
	reading = unknown(word.letters);
	if (is_better(&reading, &best))
		best = reading;
	return best;
}

bool
pk_morph_is_verb(const struct pk_affixes *affixes, struct pk_span key)
{
	struct pk_verb_form form;

	return affixes->verbs != NULL && pk_verb_analyse(affixes->verbs, key, &form);
}

/* Are the two words one verb form, «می گوید», «کرده اند»? */
static bool
is_one_verb(
    const struct pk_affixes *affixes, struct pk_span first, struct pk_span second)
{
	char joined[UINT8_MAX];
	struct pk_verb_form form;

	if (affixes->verbs == NULL || first.len + second.len > sizeof(joined))
		return false;
	memcpy(joined, first.ptr, first.len);
	memcpy(joined + first.len, second.ptr, second.len);
	return pk_verb_analyse(affixes->verbs,
		   (struct pk_span){ joined, first.len + second.len }, &form) &&
	       form.person != 0;
}

static bool
is_affix(const struct pk_affixes *affixes, enum kind kind, struct pk_span key)
{
	for (const struct affix *a = affixes_of(affixes, kind, key); a != NULL;
	     a = a->next) {
		if (pk_span_eq(key, a->key) && a->after.len == 0)
			return true;
	}
	return false;
}

bool
pk_morph_joins(
    const struct pk_affixes *affixes, struct pk_span first, struct pk_span second)
{
	if (is_affix(affixes, ENDING, second))
		return true;
	return (is_affix(affixes, VERB_PREFIX, first) ||
		   (is_affix(affixes, AUX, second) &&
		       pk_span_ends_with(first, PK_SPAN("ه")))) &&
	       is_one_verb(affixes, first, second);
}
