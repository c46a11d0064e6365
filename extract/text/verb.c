/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/verb.h"

#include "extract/text/fold.h"

#include <errno.h>

/* Longer than any form; what is longer is no verb. */
#define FORM_BYTES_MAX 64

struct stem {
	struct pk_span preverb;
	struct pk_span key;
	struct pk_span verb;
	int rank;
	bool past;
	bool bare; /* the present may stand without می or ب: «کند», never «رود» */
	struct stem *next;
};

/* Stems by the hash of their first letter and length: short chains are enough. */
#define BUCKETS 1024

#define PREVERBS_MAX 24

/*
 * Nearly all words begin no verb. Which letters one may begin with, by their hash: the
 * first three, or two or one where prefix and stem have no more.
 */
#define START_LETTERS 3
#define START_BITS    13
#define LETTER_BYTES  2

struct pk_verbs {
	struct stem *buckets[BUCKETS];
	uint8_t starts[START_LETTERS][(1 << START_BITS) / 8];
	struct pk_span preverbs[PREVERBS_MAX];
	size_t n_preverbs;
};

struct ending {
	struct pk_span key;
	int person;
	bool plural;
};

/* clang-format off */
static const struct ending endings[] = {
	{ PK_SPAN(""), 3, false }, { PK_SPAN("م"), 1, false }, { PK_SPAN("یم"), 1, true },
	{ PK_SPAN("ید"), 2, true }, { PK_SPAN("ند"), 3, true }, { PK_SPAN("ی"), 2, false },
};
static const struct ending present_endings[] = {
	{ PK_SPAN("د"), 3, false }, { PK_SPAN("م"), 1, false }, { PK_SPAN("یم"), 1, true },
	{ PK_SPAN("ید"), 2, true }, { PK_SPAN("ند"), 3, true }, { PK_SPAN("ی"), 2, false },
};
/* After a participle: «کرده است», «کرده‌ایم», «کرده اند». */
static const struct ending perfect_endings[] = {
	{ PK_SPAN("است"), 3, false }, { PK_SPAN("ست"), 3, false }, { PK_SPAN("ام"), 1, false },
	{ PK_SPAN("ایم"), 1, true }, { PK_SPAN("اید"), 2, true }, { PK_SPAN("اند"), 3, true },
};
static const struct ending copulas[] = {
	{ PK_SPAN("است"), 3, false }, { PK_SPAN("هست"), 3, false }, { PK_SPAN("هستند"), 3, true },
	{ PK_SPAN("هستیم"), 1, true }, { PK_SPAN("هستم"), 1, false }, { PK_SPAN("ایم"), 1, true },
	{ PK_SPAN("اند"), 3, true }, { PK_SPAN("میباشد"), 3, false }, { PK_SPAN("میباشند"), 3, true },
	{ PK_SPAN("ست"), 3, false },
};
/* Nobody does these: «می‌توان گفت», «می‌بایست». */
static const char *const impersonals[] = { "میتوان", "میباید", "میبایست", "میبایستی",
	"میشاید" };
static const struct ending negative_copulas[] = {
	{ PK_SPAN("نیست"), 3, false }, { PK_SPAN("نیستند"), 3, true }, { PK_SPAN("نیستیم"), 1, true },
	{ PK_SPAN("نیستم"), 1, false }, { PK_SPAN("نمیباشد"), 3, false },
};
/* clang-format on */

static size_t
bucket_of(struct pk_span key)
{
	unsigned hash = (unsigned)key.len * 31u;

	for (size_t i = 0; i < key.len; i++)
		hash = hash * 33u + (unsigned char)key.ptr[i];
	return hash % BUCKETS;
}

static uint32_t
start_of(const char *bytes, size_t letters)
{
	uint64_t word = 0;

	memcpy(&word, bytes, letters * LETTER_BYTES);
	return (uint32_t)(word * UINT64_C(0x9E3779B97F4A7C15) >> (64 - START_BITS));
}

/* From now on a form may begin with the three parts in a row. */
static void
add_start(struct pk_verbs *verbs, struct pk_span a, struct pk_span b, struct pk_span c)
{
	const struct pk_span parts[] = { a, b, c };
	char bytes[START_LETTERS * LETTER_BYTES];
	size_t len = 0;

	for (size_t i = 0; i < PK_COUNT(parts); i++) {
		for (size_t k = 0; k < parts[i].len && len < sizeof(bytes); k++)
			bytes[len++] = parts[i].ptr[k];
	}
	size_t letters = len / LETTER_BYTES;
	uint32_t bit = start_of(bytes, letters);
	if (letters > 0)
		verbs->starts[letters - 1][bit / 8] |= (uint8_t)(1u << bit % 8);
}

/* May any form begin as the key does? */
static bool
may_begin(const struct pk_verbs *verbs, struct pk_span key)
{
	if (key.len < START_LETTERS * LETTER_BYTES)
		return true;
	for (size_t letters = 1; letters <= START_LETTERS; letters++) {
		uint32_t bit = start_of(key.ptr, letters);

		if ((verbs->starts[letters - 1][bit / 8] >> bit % 8 & 1) != 0)
			return true;
	}
	return false;
}

/* The same with what follows a stem, where both have fewer letters than are looked at.
 */
static void
add_short_start(struct pk_verbs *verbs, struct pk_span preverb, struct pk_span prefix,
    struct pk_span stem)
{
	static const char *const next[] = { "م", "ی", "د", "ن", "ه" };
	char head[FORM_BYTES_MAX];
	size_t len = preverb.len + prefix.len;

	if (len + stem.len >= START_LETTERS * LETTER_BYTES || len > sizeof(head)) {
		add_start(verbs, preverb, prefix, stem);
		return;
	}
	if (preverb.len > 0)
		memcpy(head, preverb.ptr, preverb.len);
	if (prefix.len > 0)
		memcpy(head + preverb.len, prefix.ptr, prefix.len);
	for (size_t i = 0; i < PK_COUNT(next); i++)
		add_start(
		    verbs, (struct pk_span){ head, len }, stem, pk_span_of(next[i]));
}

/* All that may stand before the stem. */
static void
add_starts_of(struct pk_verbs *verbs, const struct stem *stem)
{
	static const char *const prefixes[] = { "", "می", "نمی", "ن", "نی", "ب", "بی" };
	static const struct pk_span alef = PK_SPAN("ا");

	for (size_t i = 0; i < PK_COUNT(prefixes); i++) {
		struct pk_span prefix = pk_span_of(prefixes[i]);

		add_short_start(verbs, stem->preverb, prefix, stem->key);
		/* «نیفزود»: the alef of the stem is not written */
		if (pk_span_starts_with(stem->key, alef) && stem->key.len > alef.len)
			add_short_start(verbs, stem->preverb, prefix,
			    pk_span_slice(stem->key, alef.len, stem->key.len));
	}
	add_start(verbs, stem->preverb, PK_SPAN("خواه"), stem->key);
	add_start(verbs, stem->preverb, PK_SPAN("نخواه"), stem->key);
}

/* Adds every alternative of a cell, made like `model`. */
static int
add_stems(struct pk_verbs *verbs, struct pk_arena *arena, struct pk_span cell,
    const struct stem *model)
{
	while (cell.ptr != NULL && cell.len > 0) {
		struct pk_span key = pk_fold_key(arena, pk_span_split(&cell, '|'));
		struct stem *stem = pk_arena_new_of(arena, struct stem);
		if (key.ptr == NULL || stem == NULL)
			return -ENOMEM;
		struct stem **bucket = &verbs->buckets[bucket_of(key)];
		*stem = *model;
		stem->key = key;
		stem->next = *bucket;
		*bucket = stem;
		add_starts_of(verbs, stem);
	}
	return 0;
}

/* Forms that no stem of a table makes. */
static void
add_other_starts(struct pk_verbs *verbs)
{
	static const struct pk_span none = { NULL, 0 };

	for (size_t i = 0; i < PK_COUNT(copulas); i++)
		add_start(verbs, none, none, copulas[i].key);
	for (size_t i = 0; i < PK_COUNT(negative_copulas); i++)
		add_start(verbs, none, none, negative_copulas[i].key);
	for (size_t i = 0; i < PK_COUNT(impersonals); i++) {
		add_start(verbs, none, none, pk_span_of(impersonals[i]));
		add_start(verbs, none, PK_SPAN("ن"), pk_span_of(impersonals[i]));
	}
}

static int
add_preverb(struct pk_verbs *verbs, struct pk_span preverb)
{
	for (size_t i = 0; i < verbs->n_preverbs; i++) {
		if (pk_span_eq(verbs->preverbs[i], preverb))
			return 0;
	}
	if (verbs->n_preverbs == PK_COUNT(verbs->preverbs))
		return -EBADMSG;
	verbs->preverbs[verbs->n_preverbs++] = preverb;
	return 0;
}

static int
add_row(struct pk_verbs *verbs, struct pk_arena *arena, const struct pk_tsv *table,
    const struct pk_tsv_row *row)
{
	struct pk_span past = pk_tsv_cell(table, row, PK_SPAN("past"));
	struct pk_span id = pk_tsv_cell(table, row, PK_SPAN("id"));
	struct pk_span rank = pk_tsv_cell(table, row, PK_SPAN("rank"));
	struct stem stem = { .past = true,
		.rank = rank.len == 1 ? rank.ptr[0] - '0' : 1,
		.verb = id.len > 0 ? id : past,
		.preverb =
		    pk_fold_key(arena, pk_tsv_cell(table, row, PK_SPAN("preverb"))),
		.bare = !pk_span_eq(
		    pk_tsv_cell(table, row, PK_SPAN("bare")), PK_SPAN("no")) };
	int r = 0;

	if (past.len == 0)
		return -EBADMSG;
	if (stem.preverb.len > 0)
		r = add_preverb(verbs, stem.preverb);
	if (r == 0)
		r = add_stems(verbs, arena, past, &stem);
	stem.past = false;
	if (r == 0)
		r = add_stems(
		    verbs, arena, pk_tsv_cell(table, row, PK_SPAN("present")), &stem);
	return r;
}

int
pk_verbs_new(struct pk_arena *arena, const struct pk_tsv *table,
    struct pk_verbs **ret_verbs, struct pk_diag *reterr_diag)
{
	struct pk_verbs *verbs = pk_arena_new_of(arena, struct pk_verbs);

	if (verbs == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < table->n_rows; i++) {
		int r = add_row(verbs, arena, table, &table->rows[i]);

		if (r < 0)
			return pk_diag_at(reterr_diag, r, table->path,
			    table->rows[i].line, "want past stems, and few preverbs");
	}
	add_other_starts(verbs);
	*ret_verbs = verbs;
	return 0;
}

static const struct stem *
find_stem(
    const struct pk_verbs *verbs, struct pk_span preverb, struct pk_span key, bool past)
{
	const struct stem *stem = verbs->buckets[bucket_of(key)];

	for (; stem != NULL; stem = stem->next) {
		if (stem->past == past && pk_span_eq(stem->key, key) &&
		    pk_span_eq(stem->preverb, preverb))
			return stem;
	}
	return NULL;
}

/*
 * The same for a key behind a prefix: with the glide «ی» between, the alef of the stem
 * is not written («نیفزود», «بیندازد»), but that of آ is («نیامد»).
 */
static const struct stem *
find_glided(
    const struct pk_verbs *verbs, struct pk_span preverb, struct pk_span key, bool past)
{
	static const struct pk_span alef = PK_SPAN("ا");
	char whole[FORM_BYTES_MAX + 2];

	if (key.len == 0 || key.len + alef.len > sizeof(whole))
		return NULL;
	if (pk_span_starts_with(key, alef))
		return find_stem(verbs, preverb, key, past);
	memcpy(whole, alef.ptr, alef.len);
	memcpy(whole + alef.len, key.ptr, key.len);
	return find_stem(
	    verbs, preverb, (struct pk_span){ whole, alef.len + key.len }, past);
}

/* What is left of the key before `tail`, absent where it does not end so. */
static struct pk_span
before(struct pk_span key, struct pk_span tail)
{
	/* Nearly all words end in another letter, and this is asked of all of them. */
	if (tail.len > 0 &&
	    (key.len < tail.len || key.ptr[key.len - 1] != tail.ptr[tail.len - 1]))
		return (struct pk_span){ NULL, 0 };
	if (!pk_span_ends_with(key, tail))
		return (struct pk_span){ NULL, 0 };
	return pk_span_slice(key, 0, key.len - tail.len);
}

/* What is left of the key after `head`, absent where it does not begin so. */
static struct pk_span
after(struct pk_span key, struct pk_span head)
{
	if (!pk_span_starts_with(key, head))
		return (struct pk_span){ NULL, 0 };
	return pk_span_slice(key, head.len, key.len);
}

/* A form on its way: what the prefixes said so far. */
struct reading {
	const struct pk_verbs *verbs;
	struct pk_span preverb;
	bool negative;
	bool progressive;
	bool glide; /* «نی»: the stem follows without its alef */
};

static const struct stem *
stem_of(const struct reading *reading, struct pk_span key, bool past)
{
	return reading->glide ? find_glided(reading->verbs, reading->preverb, key, past)
			      : find_stem(reading->verbs, reading->preverb, key, past);
}

/* Another verb with the same stem: to kill and to pull are both «کش». */
static struct pk_span
twin_of(const struct stem *stem)
{
	for (const struct stem *s = stem->next; s != NULL; s = s->next) {
		if (s->past == stem->past && pk_span_eq(s->key, stem->key) &&
		    pk_span_eq(s->preverb, stem->preverb))
			return s->verb;
	}
	return (struct pk_span){ NULL, 0 };
}

static bool
found(const struct reading *reading, const struct stem *stem, enum pk_tense tense,
    const struct ending *ending, struct pk_verb_form *ret_form)
{
	if (stem == NULL)
		return false;
	*ret_form = (struct pk_verb_form){ .verb = stem->verb,
		.twin = twin_of(stem),
		.tense = tense,
		.person = ending == NULL ? 0 : ending->person,
		.plural = ending != NULL && ending->plural,
		.negative = reading->negative,
		.rank = stem->rank };
	return true;
}

/* «کنی» and «گفتی» are other words too: only «می‌کنی» is surely
 * said to one person.
 */
static bool
is_doubtful(const struct reading *reading, const struct ending *ending)
{
	return ending->person == 2 && !ending->plural && !reading->progressive;
}

static bool
read_past(
    const struct reading *reading, struct pk_span key, struct pk_verb_form *ret_form)
{
	enum pk_tense tense = reading->progressive ? PK_TENSE_IMPERFECT : PK_TENSE_PAST;

	for (size_t i = 0; i < PK_COUNT(endings); i++) {
		struct pk_span stem = before(key, endings[i].key);

		if (stem.len > 0 && !is_doubtful(reading, &endings[i]) &&
		    found(reading, stem_of(reading, stem, true), tense, &endings[i],
			ret_form))
			return true;
	}
	return false;
}

/* The stem of «ب» and what follows it: «بگیرد», «بیابد», «بیاید», «بیفزاید». */
static const struct stem *
subjunctive_stem(const struct reading *reading, struct pk_span rest)
{
	struct pk_span glided = after(rest, PK_SPAN("ی"));
	const struct stem *stem =
	    rest.len == 0 ? NULL
			  : find_stem(reading->verbs, reading->preverb, rest, false);

	return stem != NULL || glided.len == 0
		   ? stem
		   : find_glided(reading->verbs, reading->preverb, glided, false);
}

static bool
read_present(
    const struct reading *reading, struct pk_span key, struct pk_verb_form *ret_form)
{
	struct pk_span subjunctive = after(key, PK_SPAN("ب"));

	for (size_t i = 0; i < PK_COUNT(present_endings); i++) {
		struct pk_span rest = before(key, present_endings[i].key);
		const struct stem *stem;

		if (is_doubtful(reading, &present_endings[i]))
			continue;
		stem = rest.len == 0 ? NULL : stem_of(reading, rest, false);
		/* What is denied is no other word: «نرود», though «رود» is a river. */
		if (stem != NULL &&
		    (reading->progressive || reading->negative || stem->bare))
			return found(reading, stem,
			    reading->progressive ||
				    pk_span_eq(stem->verb, PK_SPAN("dasht"))
				? PK_TENSE_PRESENT
				: PK_TENSE_SUBJUNCTIVE,
			    &present_endings[i], ret_form);
		stem = reading->progressive || reading->negative
			   ? NULL
			   : subjunctive_stem(
				 reading, before(subjunctive, present_endings[i].key));
		if (found(reading, stem, PK_TENSE_SUBJUNCTIVE, &present_endings[i],
			ret_form))
			return true;
	}
	return false;
}

static const struct stem *
participle(const struct reading *reading, struct pk_span key)
{
	struct pk_span stem = before(key, PK_SPAN("ه"));

	return stem.len == 0 ? NULL : stem_of(reading, stem, true);
}

/* «کرده»، «کرده است»، «کرده بودند»، «کرده باشد». */
static bool
read_perfect(
    const struct reading *reading, struct pk_span key, struct pk_verb_form *ret_form)
{
	for (size_t i = 0; i < PK_COUNT(perfect_endings); i++) {
		struct pk_span rest = before(key, perfect_endings[i].key);

		if (rest.len > 0 &&
		    found(reading, participle(reading, rest), PK_TENSE_PERFECT,
			&perfect_endings[i], ret_form))
			return true;
	}
	for (size_t i = 0; i < PK_COUNT(endings); i++) {
		struct pk_span rest =
		    before(before(key, endings[i].key), PK_SPAN("بود"));

		if (rest.len > 0 && !is_doubtful(reading, &endings[i]) &&
		    found(reading, participle(reading, rest), PK_TENSE_PLUPERFECT,
			&endings[i], ret_form))
			return true;
	}
	for (size_t i = 0; i < PK_COUNT(present_endings); i++) {
		struct pk_span rest =
		    before(before(key, present_endings[i].key), PK_SPAN("باش"));

		if (rest.len > 0 &&
		    found(reading, participle(reading, rest), PK_TENSE_SUBJUNCTIVE,
			&present_endings[i], ret_form))
			return true;
	}
	return found(
	    reading, participle(reading, key), PK_TENSE_PARTICIPLE, NULL, ret_form);
}

/* «خواهد کرد»، «نخواهیم داشت». */
static bool
read_future(
    const struct reading *reading, struct pk_span key, struct pk_verb_form *ret_form)
{
	struct pk_span rest = after(key, PK_SPAN("خواه"));

	for (size_t i = 0; rest.len > 0 && i < PK_COUNT(present_endings); i++) {
		struct pk_span stem = after(rest, present_endings[i].key);

		/* «پوزش خواهی کرد»: to nobody one says «خواهی» */
		if (stem.len > 0 && !is_doubtful(reading, &present_endings[i]) &&
		    found(reading,
			find_stem(reading->verbs, reading->preverb, stem, true),
			PK_TENSE_FUTURE, &present_endings[i], ret_form))
			return true;
	}
	return false;
}

static bool
read_infinitive(
    const struct reading *reading, struct pk_span key, struct pk_verb_form *ret_form)
{
	struct pk_span stem = before(key, PK_SPAN("ن"));

	return stem.len > 0 &&
	       found(reading, find_stem(reading->verbs, reading->preverb, stem, true),
		   PK_TENSE_INFINITIVE, NULL, ret_form);
}

static bool
read_plain(
    const struct reading *reading, struct pk_span key, struct pk_verb_form *ret_form)
{
	/* «می‌خواند» is either, and the present is what news means;
	 * «می‌رسید» is either, too, but news seldom says «you».
	 */
	if (reading->progressive && read_present(reading, key, ret_form)) {
		if (ret_form->person == 2)
			(void)read_past(reading, key, ret_form);
		return true;
	}
	return read_past(reading, key, ret_form) ||
	       read_perfect(reading, key, ret_form) ||
	       read_present(reading, key, ret_form) ||
	       read_future(reading, key, ret_form) ||
	       read_infinitive(reading, key, ret_form);
}

/* The rest with each prefix taken off: «نمی», «می», «ن», nothing. */
static bool
read_prefixed(
    const struct reading *reading, struct pk_span key, struct pk_verb_form *ret_form)
{
	static const struct {
		struct pk_span key;
		bool negative;
		bool progressive;
		bool glide;
	} prefixes[] = {
		{ PK_SPAN("نمی"), true, true, false },
		{ PK_SPAN("می"), false, true, false },
		{ PK_SPAN(""), false, false, false },
		{ PK_SPAN("ن"), true, false, false },
		{ PK_SPAN("نی"), true, false, true }, /* «نیامد» */
	};

	for (size_t i = 0; i < PK_COUNT(prefixes); i++) {
		struct pk_span rest = after(key, prefixes[i].key);
		struct reading inner = { reading->verbs, reading->preverb,
			prefixes[i].negative, prefixes[i].progressive,
			prefixes[i].glide };

		if (rest.len > 0 && read_plain(&inner, rest, ret_form))
			return true;
	}
	return false;
}

static bool
read_copula(struct pk_span key, struct pk_verb_form *ret_form)
{
	const struct ending *ending = NULL;
	bool negative = false;

	for (size_t i = 0; i < PK_COUNT(copulas); i++) {
		if (pk_span_eq(key, copulas[i].key))
			ending = &copulas[i];
	}
	for (size_t i = 0; i < PK_COUNT(negative_copulas); i++) {
		if (pk_span_eq(key, negative_copulas[i].key)) {
			ending = &negative_copulas[i];
			negative = true;
		}
	}
	if (ending == NULL)
		return false;
	*ret_form = (struct pk_verb_form){ .verb = PK_SPAN("bud"),
		.tense = PK_TENSE_PRESENT,
		.person = ending->person,
		.plural = ending->plural,
		.negative = negative,
		.rank = 1 };
	return true;
}

static bool
read_impersonal(struct pk_span key, struct pk_verb_form *ret_form)
{
	struct pk_span positive = after(key, PK_SPAN("ن"));
	bool negative = positive.len > 0;

	for (size_t i = 0; i < PK_COUNT(impersonals); i++) {
		if (!pk_span_eq(negative ? positive : key, pk_span_of(impersonals[i])))
			continue;
		*ret_form = (struct pk_verb_form){ .verb = PK_SPAN("tavanest"),
			.tense = PK_TENSE_PRESENT,
			.person = 3,
			.negative = negative,
			.rank = 1 };
		return true;
	}
	return false;
}

/* «گفته می‌شود»، «امضا شده است»: a participle and a form of
 * شدن.
 */
static bool
read_passive(
    const struct reading *reading, struct pk_span key, struct pk_verb_form *ret_form)
{
	static const struct pk_span he = PK_SPAN("ه");
	struct reading plain = { .verbs = reading->verbs };
	size_t at = 0;

	while ((at = pk_span_find(key, he, at)) != SIZE_MAX) {
		struct pk_span head = pk_span_slice(key, 0, at + he.len);
		struct pk_span tail = pk_span_slice(key, at + he.len, key.len);
		struct pk_verb_form shod;
		const struct stem *stem;

		at += he.len;
		if (tail.len == 0 || !read_prefixed(&plain, tail, &shod) ||
		    !(pk_span_eq(shod.verb, PK_SPAN("shod")) ||
			pk_span_eq(shod.verb, PK_SPAN("gardid"))))
			continue;
		stem = participle(reading, head);
		if (stem == NULL)
			continue;
		*ret_form = shod;
		ret_form->verb = stem->verb;
		ret_form->twin = twin_of(stem);
		ret_form->passive = true;
		return true;
	}
	return false;
}

static bool
read_any(
    const struct reading *reading, struct pk_span key, struct pk_verb_form *ret_form)
{
	return read_prefixed(reading, key, ret_form) ||
	       read_passive(reading, key, ret_form);
}

bool
pk_verb_analyse(
    const struct pk_verbs *verbs, struct pk_span key, struct pk_verb_form *ret_form)
{
	struct reading reading = { .verbs = verbs };

	if (key.len == 0 || key.len > FORM_BYTES_MAX || !may_begin(verbs, key))
		return false;
	if (read_copula(key, ret_form) || read_impersonal(key, ret_form) ||
	    read_any(&reading, key, ret_form))
		return true;
	for (size_t i = 0; i < verbs->n_preverbs; i++) {
		struct pk_span preverb = verbs->preverbs[i];

		reading.preverb = preverb;
		if (pk_span_starts_with(key, preverb) &&
		    read_any(
			&reading, pk_span_slice(key, preverb.len, key.len), ret_form))
			return true;
	}
	return false;
}

size_t
pk_verb_match(const struct pk_verbs *verbs, const struct pk_text *text, size_t at,
    size_t limit, struct pk_verb_form *ret_form)
{
	char joined[FORM_BYTES_MAX];
	size_t len = 0, best = 0;

	for (size_t n = 1; n <= PK_VERB_TOKENS_MAX && at + n <= limit; n++) {
		const struct pk_token *token = &text->tokens[at + n - 1];
		struct pk_verb_form form;

		if (token->kind != PK_TOKEN_WORD ||
		    len + token->key.len > sizeof(joined))
			break;
		memcpy(joined + len, token->key.ptr, token->key.len);
		len += token->key.len;
		if (pk_verb_analyse(verbs, (struct pk_span){ joined, len }, &form)) {
			*ret_form = form;
			best = n;
		}
	}
	return best;
}
