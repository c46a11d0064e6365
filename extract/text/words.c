/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An open-addressed table of word numbers. Keys lie one behind the other in one block
 * and are named by offset, so that a mapped pack has nothing to move here.
 */
#include "extract/text/words.h"

#include "base/utf8.h"
#include "extract/text/fold.h"

#include <errno.h>

/* Longer than any word: a line that lost its signs. */
#define WORD_BYTES_MAX 120

/* No code point folds to more than three times its bytes. */
#define FOLDED_MAX (3 * WORD_BYTES_MAX)

struct pk_words {
	char *letters;
	size_t letters_len;
	size_t letters_cap;
	struct pk_lexical *items; /* [0] is never used */
	size_t len;
	uint32_t *slots; /* 0: free */
	size_t n_slots;  /* a power of two */
};

static const struct class_letter {
	char letter;
	enum pk_lexical_class class;
} class_letters[] = {
	{ 'n', PK_LEXICAL_NOUN },
	{ 'a', PK_LEXICAL_ADJECTIVE },
	{ 'd', PK_LEXICAL_ADVERB },
	{ 'v', PK_LEXICAL_VERB },
	{ 'f', PK_LEXICAL_FUNCTION },
	{ 'p', PK_LEXICAL_NAME },
};

static size_t
hash_of(struct pk_span key)
{
	uint64_t hash = pk_span_hash(key);

	return (size_t)(hash ^ hash >> 32);
}

/* The slot that has the key, or the free one where it belongs. */
static uint32_t *
slot_of(const struct pk_words *words, struct pk_span key)
{
	size_t mask = words->n_slots - 1;

	for (size_t i = hash_of(key) & mask;; i = (i + 1) & mask) {
		const struct pk_lexical *item = &words->items[words->slots[i]];
		if (words->slots[i] == 0 ||
		    (item->len == key.len &&
			memcmp(words->letters + item->at, key.ptr, key.len) == 0))
			return &words->slots[i];
	}
}

const struct pk_lexical *
pk_words_get(const struct pk_words *words, struct pk_span key)
{
	if (words->n_slots == 0 || key.len == 0 || key.len > WORD_BYTES_MAX)
		return NULL;
	uint32_t number = *slot_of(words, key);
	return number == 0 ? NULL : &words->items[number];
}

/* A word as the table writes it: its key is put behind the others, if it is new. */
struct spelling {
	struct pk_span key;
	uint64_t joints;
};

static struct spelling
read_spelling(const struct pk_words *words, struct pk_span word)
{
	char *out = words->letters + words->letters_len;
	struct spelling spelling = { { out, 0 }, 0 };
	size_t letters = 0;

	for (size_t at = 0; at < word.len;) {
		uint32_t point, points[PK_FOLD_MAX] = { 0 };
		at += pk_utf8_decode(word, at, &point, NULL);
		if (point == PK_ZWNJ && letters < PK_WORD_LETTERS_MAX)
			spelling.joints |= UINT64_C(1) << letters;
		size_t n = pk_fold_key_point(point, points);
		for (size_t i = 0; i < n; i++, letters++)
			spelling.key.len +=
			    pk_utf8_encode(points[i], out + spelling.key.len);
	}
	return spelling;
}

static void
add_word(struct pk_words *words, struct pk_span word, uint8_t rank, uint8_t class)
{
	struct spelling spelling = read_spelling(words, word);
	uint32_t *slot = slot_of(words, spelling.key);
	struct pk_lexical *item = &words->items[*slot];

	if (*slot == 0) {
		*slot = (uint32_t)words->len;
		item = &words->items[words->len++];
		item->at = (uint32_t)words->letters_len;
		item->len = (uint8_t)spelling.key.len;
		item->rank = rank;
		words->letters_len += spelling.key.len;
	}
	/* of two words of one key the more frequent one is meant */
	if (rank <= item->rank)
		item->joints = spelling.joints;
	if (rank < item->rank)
		item->rank = rank;
	item->classes |= class;
}

static int
wrong(const struct pk_tsv *tsv, const struct pk_tsv_row *row, const char *want,
    struct pk_diag *reterr_diag)
{
	return pk_diag_at(reterr_diag, -EBADMSG, tsv->path, row->line, "want %s", want);
}

static int
read_row(struct pk_words *words, const struct pk_tsv *tsv, const struct pk_tsv_row *row,
    struct pk_diag *reterr_diag)
{
	struct pk_span name = pk_tsv_cell(tsv, row, PK_SPAN("class"));
	struct pk_span rest = pk_tsv_cell(tsv, row, PK_SPAN("words"));
	uint8_t class = 0;
	int64_t rank;

	if (pk_span_to_int64(pk_tsv_cell(tsv, row, PK_SPAN("rank")), &rank) < 0 ||
	    rank < 1 || rank > PK_WORD_RANK_MAX)
		return wrong(tsv, row, "a rank of 1 to 3", reterr_diag);
	for (size_t i = 0; name.len == 1 && i < PK_COUNT(class_letters); i++) {
		if (class_letters[i].letter == name.ptr[0])
			class = (uint8_t)class_letters[i].class;
	}
	if (class == 0)
		return wrong(tsv, row, "a class n, a, d, v, f or p", reterr_diag);
	while (rest.ptr != NULL) {
		struct pk_span word = pk_span_trim(pk_span_split(&rest, '|'));
		if (word.len > WORD_BYTES_MAX ||
		    words->letters_len + FOLDED_MAX > words->letters_cap)
			return wrong(
			    tsv, row, "words with | between them", reterr_diag);
		if (word.len > 0)
			add_word(words, word, (uint8_t)rank, class);
	}
	return 0;
}

/* Room for every word that the table may have. */
static int
make_room(struct pk_arena *arena, struct pk_words *words, const struct pk_tsv *tsv)
{
	size_t bytes = 0, n = 1;

	for (size_t i = 0; i < tsv->n_rows; i++) {
		struct pk_span cell = pk_tsv_cell(tsv, &tsv->rows[i], PK_SPAN("words"));
		bytes += cell.len;
		n++;
		for (size_t b = 0; b < cell.len; b++)
			n += cell.ptr[b] == '|';
	}
	words->n_slots = 64;
	while (words->n_slots < n * 2)
		words->n_slots *= 2;
	words->letters_cap = bytes + FOLDED_MAX;
	words->letters = pk_arena_alloc(arena, words->letters_cap);
	words->items = pk_arena_calloc(arena, n, sizeof(*words->items));
	words->slots = pk_arena_calloc(arena, words->n_slots, sizeof(*words->slots));
	words->len = 1;
	return words->letters == NULL || words->items == NULL || words->slots == NULL
		   ? -ENOMEM
		   : 0;
}

int
pk_words_new(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_words **ret_words, struct pk_diag *reterr_diag)
{
	const struct pk_tsv *tsv = pk_pack_table(pack, "lexicon");
	struct pk_words *words = pk_arena_new_of(arena, struct pk_words);

	if (words == NULL)
		return -ENOMEM;
	int r = tsv == NULL ? 0 : make_room(arena, words, tsv);
	for (size_t i = 0; r == 0 && tsv != NULL && i < tsv->n_rows; i++)
		r = read_row(words, tsv, &tsv->rows[i], reterr_diag);
	if (r == 0)
		*ret_words = words;
	return r;
}
