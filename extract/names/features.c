/* SPDX-License-Identifier: Apache-2.0 */
/* What the tagger looks at: the words about a token, their shapes, and every list. */
#include "extract/names/lexicon.h"
#include "extract/names/tagger.h"
#include "extract/pack/parts.h"
#include "extract/text/morph.h"
#include "extract/text/rules.h"

#include "base/utf8.h"

/* Lists in which a token stands, at the begin of an entry or inside it: two bits each.
 */
enum list {
	LIST_COUNTRY,
	LIST_NATION, /* adjectives and metonyms of countries */
	LIST_CITY,
	LIST_REGION,
	LIST_ORG,
	LIST_BODY,
	LIST_AGENCY,
	LIST_ROLE,
	LIST_ACTOR,
	LIST_SURNAME, /* of somebody known */
	LIST_FIRSTNAME,
	LIST_FAMILY,
	LIST_OCCUPATION,
	LIST_HONORIFIC,
	LIST_TITLE_WORD,
	LISTS,
};
#define LIST_BIT(list, inside) (UINT32_C(1) << ((list)*2 + (inside)))

#define AFFIX_LETTERS 5

/* A token as features see it. */
struct view {
	uint64_t key;
	uint64_t stem;
	uint64_t
	    prefixes[AFFIX_LETTERS]; /* of 1 letter and more; 0: the word is shorter */
	uint64_t suffixes[AFFIX_LETTERS];
	uint32_t lists;
	uint32_t classes; /* of stopwords.tsv */
	uint32_t lexical; /* rank and classes of lexicon.tsv */
	uint32_t shape;
	uint32_t grammar; /* what the grammar made of it */
};

static uint64_t
hash_bytes(struct pk_span s)
{
	uint64_t hash = pk_span_hash(s);

	return hash ^ hash >> 29;
}

/* «ها», «های», «هایی» and «ی» say nothing of who is named. */
static struct pk_span
stem_of(struct pk_span key)
{
	static const struct pk_span endings[] = { PK_SPAN("هایی"), PK_SPAN("های"),
		PK_SPAN("ها"), PK_SPAN("ی") };

	for (size_t i = 0; i < PK_COUNT(endings); i++) {
		if (key.len > endings[i].len + 4 && pk_span_ends_with(key, endings[i]))
			return pk_span_slice(key, 0, key.len - endings[i].len);
	}
	return key;
}

static void
set_affixes(struct view *view, struct pk_span key)
{
	size_t at[AFFIX_LETTERS + 1] = { 0 }, letters = 0;
	size_t ends[AFFIX_LETTERS + 1] = { 0 }, back = key.len;

	for (size_t i = 0; i < AFFIX_LETTERS && at[i] < key.len; i++) {
		uint32_t point;
		at[i + 1] = at[i] + pk_utf8_decode(key, at[i], &point, NULL);
		letters = i + 1;
	}
	for (size_t i = 0; i < letters; i++) {
		do
			back--;
		while (back > 0 && ((unsigned char)key.ptr[back] & 0xC0) == 0x80);
		ends[i] = back;
		view->prefixes[i] = hash_bytes(pk_span_slice(key, 0, at[i + 1]));
		view->suffixes[i] = hash_bytes(pk_span_slice(key, ends[i], key.len));
	}
}

static uint32_t
shape_of(const struct pk_token *token)
{
	bool western = token->key.len > 0 && (unsigned char)token->key.ptr[0] < 0x80;
	size_t letters = token->end - token->start;

	return (uint32_t)token->kind * 16 + western * 8u +
	       (uint32_t)(letters > 7 ? 7 : letters);
}

/* Everything at hand while a sentence is viewed. */
struct viewer {
	const struct pk_pack *pack;
	const struct pk_text *text;
	size_t first;
	size_t end;
	struct view *views; /* of tokens from `first` on */
};

static void
mark(const struct viewer *v, const struct pk_phrase_match *match, enum list list)
{
	for (size_t i = match->first; i < match->end; i++)
		v->views[i - v->first].lists |= LIST_BIT(list, i > match->first);
}

static enum list
list_of(const struct pk_lexeme *lexeme)
{
	switch (lexeme->of) {
	case PK_LEXEME_COUNTRY:
		return lexeme->spelling == PK_SPELLING_NAME ? LIST_COUNTRY
							    : LIST_NATION;
	case PK_LEXEME_PLACE:
		return lexeme->place->level == PK_LEVEL_CITY ? LIST_CITY : LIST_REGION;
	case PK_LEXEME_ORG:
		return LIST_ORG;
	case PK_LEXEME_BODY:
		return LIST_BODY;
	case PK_LEXEME_AGENCY:
		return LIST_AGENCY;
	case PK_LEXEME_ROLE:
		return LIST_ROLE;
	case PK_LEXEME_ACTOR:
		break;
	}
	return lexeme->spelling == PK_SPELLING_SHORT ? LIST_SURNAME : LIST_ACTOR;
}

/* All lists that have an entry beginning at the token. */
static void
set_lists(const struct viewer *v, size_t at)
{
	const struct pk_lexicon *lexicon = pk_pack_parts(v->pack)->names;
	const struct pk_phrases *const lists[] = { lexicon->things, lexicon->agencies,
		lexicon->roles, lexicon->actors };
	struct pk_phrase_match match;
	size_t end;

	for (size_t i = 0; i < PK_COUNT(lists); i++) {
		if (!pk_phrases_match(lists[i], v->text, at, v->end, &match))
			continue;
		for (size_t m = 0; m < match.n_values; m++)
			mark(v, &match, list_of(match.values[m]));
	}
	if (pk_phrases_match(lexicon->firstnames, v->text, at, v->end, &match))
		mark(v, &match, LIST_FIRSTNAME);
	if (pk_phrases_match(lexicon->surnames, v->text, at, v->end, &match))
		mark(v, &match, LIST_FAMILY);
	if (pk_phrases_match(lexicon->occupations, v->text, at, v->end, &match))
		mark(v, &match, LIST_OCCUPATION);
	uint64_t words = pk_name_words_at(lexicon, v->text, at, v->end, &end);
	if (words == 0)
		return;
	match = (struct pk_phrase_match){ .first = at, .end = end };
	mark(v, &match,
	    (words & PK_NAME_BIT(PK_NAME_HONORIFIC)) != 0 ? LIST_HONORIFIC
							  : LIST_TITLE_WORD);
}

/* A word that no list has: is it put together from words that are known? */
static uint32_t
unlisted(const struct pk_affixes *affixes, struct pk_span key)
{
	struct pk_morph morph = pk_morph_read(affixes, key);

	if (morph.known)
		return 1024u + (uint32_t)morph.cost / 200;
	return pk_morph_is_verb(affixes, key) ? 2048u : 0;
}

static void
set_view(const struct viewer *v, size_t at)
{
	const struct pk_pack_parts *parts = pk_pack_parts(v->pack);
	const struct pk_token *token = &v->text->tokens[at];
	struct view *view = &v->views[at - v->first];
	const struct pk_lexical *word = pk_words_get(parts->words, token->key);

	view->key = hash_bytes(token->key);
	view->stem = hash_bytes(stem_of(token->key));
	set_affixes(view, token->key);
	view->shape = shape_of(token);
	if (token->kind != PK_TOKEN_WORD)
		return;
	view->classes = pk_word_classes(parts->text, token->key);
	view->lexical = word == NULL ? unlisted(parts->affixes, token->key)
				     : word->rank * 64u + word->classes;
	set_lists(v, at);
}

/* What the grammar says of a token: its kind of mention, and which part of it. */
static void
set_grammar(const struct viewer *v, const struct pk_mentions *mentions)
{
	size_t low = 0, high = mentions->len;

	while (low < high) { /* the first mention that ends behind our begin */
		size_t middle = (low + high) / 2;
		if (mentions->items[middle].end <= v->first)
			low = middle + 1;
		else
			high = middle;
	}
	for (size_t m = low; m < mentions->len; m++) {
		const struct pk_mention_at *mention = &mentions->items[m];
		if (mention->first >= v->end)
			break;
		for (size_t i = mention->first; i < mention->end && i < v->end; i++) {
			bool head = i >= mention->head && i < mention->head_end;
			bool begin = i == (head ? mention->head : mention->first);
			v->views[i - v->first].grammar =
			    1 + (uint32_t)mention->named * 4 + head * 2u + begin;
		}
	}
}

/* Hashes what a feature is made of into a row. */
static void
add(struct pk_features *features, uint32_t kind, uint64_t a, uint64_t b)
{
	uint64_t hash = (a + kind * UINT64_C(0x9E3779B97F4A7C15)) ^
			(b * UINT64_C(0xC2B2AE3D27D4EB4F));

	if (features->n == PK_FEATURES_MAX)
		return;
	hash ^= hash >> 31;
	hash *= UINT64_C(0xD6E8FEB86659FD93);
	features->rows[features->n++] =
	    (uint32_t)(hash >> 32) & (PK_TAGGER_BUCKETS - 1);
}

enum {
	KIND_KEY,
	KIND_STEM = 8,
	KIND_PREFIX = 16,
	KIND_SUFFIX = 24,
	KIND_NEIGHBOUR = 32,
	KIND_LISTS = 48,
	KIND_LEXICAL = 64,
	KIND_CLASSES = 72,
	KIND_SHAPE = 80,
	KIND_GRAMMAR = 88,
	KIND_PAIR = 96
};

/* The view at an offset from a token; an empty one beyond the sentence. */
static const struct view *
near(const struct viewer *v, size_t at, int offset)
{
	static const struct view outside = { .shape = 255 };
	size_t n = v->end - v->first;

	return (offset < 0 && at < (size_t)-offset) ||
		       (offset > 0 && at + (size_t)offset >= n)
		   ? &outside
		   : &v->views[(ptrdiff_t)at + offset];
}

static void
add_words(struct pk_features *f, const struct viewer *v, size_t at)
{
	const struct view *here = near(v, at, 0), *left = near(v, at, -1);
	const struct view *right = near(v, at, 1);

	for (int offset = -2; offset <= 2; offset++)
		add(f, KIND_KEY + (uint32_t)(offset + 2), near(v, at, offset)->key, 0);
	add(f, KIND_STEM, here->stem, 0);
	add(f, KIND_PAIR, left->key, here->key);
	add(f, KIND_PAIR + 1, here->key, right->key);
	for (uint32_t i = 0; i < AFFIX_LETTERS; i++) {
		if (here->prefixes[i] == 0)
			break;
		if (i < AFFIX_LETTERS - 1)
			add(f, KIND_PREFIX + i, here->prefixes[i], 0);
		add(f, KIND_SUFFIX + i, here->suffixes[i], 0);
	}
	add(f, KIND_NEIGHBOUR, left->suffixes[2], 0);
	add(f, KIND_NEIGHBOUR + 1, right->suffixes[2], 0);
	add(f, KIND_NEIGHBOUR + 2, left->prefixes[2], 0);
	add(f, KIND_NEIGHBOUR + 3, right->prefixes[2], 0);
}

static void
add_knowledge(struct pk_features *f, const struct viewer *v, size_t at)
{
	const struct view *here = near(v, at, 0), *left = near(v, at, -1);
	const struct view *right = near(v, at, 1);

	for (uint32_t list = 0; here->lists != 0 && list < LISTS * 2; list++) {
		if ((here->lists >> list & 1) != 0)
			add(f, KIND_LISTS, list, 0);
	}
	add(f, KIND_LISTS + 1, here->lists, left->lists);
	add(f, KIND_LISTS + 2, here->lists, right->lists);
	add(f, KIND_LISTS + 3, left->lists, left->key);
	add(f, KIND_LISTS + 4, here->lists, left->key);
	add(f, KIND_LEXICAL, here->lexical, here->lists);
	add(f, KIND_LEXICAL + 1, left->lexical, here->lexical);
	add(f, KIND_LEXICAL + 2, here->lexical, right->lexical);
	add(f, KIND_LEXICAL + 3, here->lexical, left->key);
	add(f, KIND_LEXICAL + 4, here->lexical, right->key);
	add(f, KIND_CLASSES, here->classes, left->classes);
	add(f, KIND_CLASSES + 1, here->classes, right->classes);
	add(f, KIND_SHAPE, here->shape, 0);
	add(f, KIND_SHAPE + 1, left->shape, here->shape);
	add(f, KIND_SHAPE + 2, here->shape, right->shape);
	add(f, KIND_GRAMMAR, here->grammar, 0);
	add(f, KIND_GRAMMAR + 1, left->grammar, here->grammar);
	add(f, KIND_GRAMMAR + 2, here->grammar, right->grammar);
	add(f, KIND_GRAMMAR + 3, left->grammar, here->lexical);
}

struct pk_features *
pk_features_of(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_text *text, const struct pk_mentions *mentions, size_t first,
    size_t end)
{
	struct pk_features *features =
	    pk_arena_calloc(arena, end - first, sizeof(*features));
	struct viewer v = { pack, text, first, end,
		pk_arena_calloc(arena, end - first, sizeof(struct view)) };

	if (features == NULL || v.views == NULL)
		return NULL;
	for (size_t at = first; at < end; at++)
		set_view(&v, at);
	set_grammar(&v, mentions);
	for (size_t at = 0; at < end - first; at++) {
		add_words(&features[at], &v, at);
		add_knowledge(&features[at], &v, at);
	}
	return features;
}
