/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A trie over the code points of keys. Its edges lie in one open-addressed table keyed
 * by (node, code point), so that adding is cheap and matching touches one slot a
 * letter.
 */
#include "extract/pack/phrases.h"

#include "base/utf8.h"
#include "extract/text/fold.h"

#include <errno.h>

#define EDGES_MIN 64

/*
 * An edge in one word, so that four times as many share a cache line as a struct would
 * let: the node it leaves, the code point, the node it leads to. 0 is free: no edge
 * leads to the root.
 */
#define POINT_BITS 21
#define NODE_BITS  21
#define NODES_MAX  (UINT32_C(1) << NODE_BITS)

static uint64_t
edge_key(uint32_t node, uint32_t point)
{
	return (uint64_t)node << POINT_BITS | point;
}

static uint64_t
key_of(uint64_t edge)
{
	return edge >> NODE_BITS;
}

static uint32_t
node_of(uint64_t edge)
{
	return (uint32_t)edge & (NODES_MAX - 1);
}

/* How a phrase must be written. Bits: what was added in two ways may be either. */
enum writing {
	FIRST_CAPITAL = 1 << 0, /* its first letter is one */
	LAST_CAPITAL = 1 << 1,  /* its last word has one, or a figure */
	ALL_CAPITALS = 1 << 2,
};

struct values {
	const void **items;
	uint32_t len;
	uint32_t cap;
	unsigned writing; /* bits of enum writing */
};

/*
 * Nearly all words begin no phrase. So a bitmap knows the hash of all that phrases
 * begin with: of their first 6, 8, 10 and 12 bytes, or the whole of those that are
 * shorter. What must be looked up for a token is in the token (pk_phrases_survey()).
 */
#define START_BYTES_MIN 6
#define START_BYTES_MAX 12
#define START_BITS      14
#define START_ANY       0 /* a bit that is always set, for what cannot be told */

struct pk_phrases {
	struct pk_arena *arena;
	uint8_t starts[(1 << START_BITS) / 8];
	uint64_t *edges;
	size_t edges_cap;               /* a power of two */
	uint32_t n_nodes;               /* node 0 is the root */
	PK_ARRAY(uint32_t) ends;        /* per node: index into `values`, 0 for none */
	PK_ARRAY(struct values) values; /* [0] is never used */
	bool heeds_case;
};

/* pk_array_push() where nobody keeps a pointer to an item: the old block serves again.
 */
static void *
push(struct pk_arena *arena, void **items, size_t *len, size_t *cap, size_t size)
{
	void *old = *items;
	size_t old_size = *cap * size;
	void *item = pk_array_push_(arena, items, len, cap, size);

	if (*items != old && old_size > 0)
		pk_arena_give_back(arena, old, old_size);
	return item;
}

static uint32_t *
push_end(struct pk_phrases *p)
{
	return push(p->arena, (void **)&p->ends.items, &p->ends.len, &p->ends.cap,
	    sizeof(*p->ends.items));
}

static struct values *
push_values(struct pk_phrases *p)
{
	return push(p->arena, (void **)&p->values.items, &p->values.len, &p->values.cap,
	    sizeof(*p->values.items));
}

struct pk_phrases *
pk_phrases_new(struct pk_arena *arena)
{
	struct pk_phrases *phrases = pk_arena_new_of(arena, struct pk_phrases);

	if (phrases == NULL)
		return NULL;
	phrases->arena = arena;
	phrases->starts[START_ANY] = 1;
	phrases->edges_cap = EDGES_MIN;
	phrases->edges = pk_arena_calloc(arena, EDGES_MIN, sizeof(uint64_t));
	phrases->n_nodes = 1;
	if (phrases->edges == NULL || push_end(phrases) == NULL ||
	    push_values(phrases) == NULL)
		return NULL;
	return phrases;
}

/* The bit of the `len` bytes that a key begins with: START_BYTES_MAX at most. */
static uint16_t
start_of(const char *bytes, size_t len)
{
	uint64_t words[2] = { 0, 0 };

	memcpy(words, bytes, len);
	return (uint16_t)((words[0] * UINT64_C(0x9E3779B97F4A7C15) ^
			      words[1] * UINT64_C(0xC2B2AE3D27D4EB4F)) >>
			  (64 - START_BITS));
}

/* The same of a whole key, by as many of its bytes as bits are kept for. */
static uint16_t
start_of_key(const char *bytes, size_t len)
{
	if (len >= START_BYTES_MAX)
		len = START_BYTES_MAX;
	else if (len >= START_BYTES_MIN)
		len &= ~(size_t)1;
	return start_of(bytes, len);
}

/* The bit of the short key of `token` and of the one behind it. */
static uint16_t
start_of_two(const struct pk_token *token)
{
	char bytes[START_BYTES_MIN + START_BYTES_MAX];
	size_t more =
	    token[1].key.len < START_BYTES_MAX ? token[1].key.len : START_BYTES_MAX;

	if (token->key.len + more < START_BYTES_MIN)
		return START_ANY; /* it may go on behind both */
	memcpy(bytes, token->key.ptr, token->key.len);
	if (more > 0)
		memcpy(bytes + token->key.len, token[1].key.ptr, more);
	return start_of_key(bytes, token->key.len + more);
}

void
pk_phrases_survey(struct pk_text *text)
{
	for (size_t i = 0; i < text->n_tokens; i++) {
		struct pk_token *token = &text->tokens[i];
		uint16_t start = start_of_key(token->key.ptr, token->key.len);

		token->starts[0] = token->starts[1] = start;
		if (token->key.len < START_BYTES_MIN && i + 1 < text->n_tokens)
			token->starts[1] = start_of_two(token);
	}
}

static bool
has_start(const struct pk_phrases *phrases, uint16_t bit)
{
	return (phrases->starts[bit / 8] >> bit % 8 & 1) != 0;
}

/* From now on a phrase may begin with these bytes, and with fewer of them. */
static void
add_start(struct pk_phrases *phrases, const char *bytes, size_t len)
{
	size_t n = len < START_BYTES_MIN ? len : START_BYTES_MIN;

	for (; n <= len && n <= START_BYTES_MAX; n += 2) {
		uint16_t bit = start_of(bytes, n);

		phrases->starts[bit / 8] |= (uint8_t)(1u << bit % 8);
	}
}

/* The edge with the key, or the free place where it belongs. */
static uint64_t *
find_edge(const struct pk_phrases *phrases, uint64_t key)
{
	size_t mask = phrases->edges_cap - 1;
	/* Fibonacci hashing: the high bits of the product are well mixed. */
	size_t at = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 32) & mask;

	while (phrases->edges[at] != 0 && key_of(phrases->edges[at]) != key)
		at = (at + 1) & mask;
	return &phrases->edges[at];
}

static int
grow_edges(struct pk_phrases *phrases)
{
	uint64_t *old = phrases->edges;
	size_t old_cap = phrases->edges_cap;
	uint64_t *edges = pk_arena_calloc(phrases->arena, old_cap * 2, sizeof(*edges));

	if (edges == NULL)
		return -ENOMEM;
	phrases->edges = edges;
	phrases->edges_cap = old_cap * 2;
	for (size_t i = 0; i < old_cap; i++) {
		if (old[i] != 0)
			*find_edge(phrases, key_of(old[i])) = old[i];
	}
	pk_arena_give_back(phrases->arena, old, old_cap * sizeof(*old));
	return 0;
}

/* The node below `node`, made where it is missing; 0 where there is no room. */
static uint32_t
child_of(struct pk_phrases *phrases, uint32_t node, uint32_t point)
{
	uint64_t key = edge_key(node, point);
	uint64_t *edge = find_edge(phrases, key);

	if (*edge != 0)
		return node_of(*edge);
	if (phrases->n_nodes == NODES_MAX)
		return 0;
	if ((size_t)phrases->n_nodes * 4 > phrases->edges_cap * 3) {
		if (grow_edges(phrases) < 0)
			return 0;
		edge = find_edge(phrases, key);
	}
	if (push_end(phrases) == NULL)
		return 0;
	*edge = key << NODE_BITS | phrases->n_nodes;
	return phrases->n_nodes++;
}

void
pk_phrases_heed_case(struct pk_phrases *phrases)
{
	phrases->heeds_case = true;
}

/* Is there more in the word than small letters? */
static bool
has_capital(struct pk_span word)
{
	for (size_t at = 0; at < word.len;) {
		uint32_t point;
		at += pk_utf8_decode(word, at, &point, NULL);
		if (!pk_is_small(point) && pk_char_class(point) != PK_CHAR_IGNORED)
			return true;
	}
	return false;
}

static unsigned
writing_of(struct pk_span words, struct pk_span last)
{
	size_t capitals = 0, small = 0;
	unsigned writing = has_capital(last) ? LAST_CAPITAL : 0;

	for (size_t at = 0; at < words.len;) {
		uint32_t point;
		at += pk_utf8_decode(words, at, &point, NULL);
		if (capitals + small == 0 && pk_is_capital(point))
			writing |= FIRST_CAPITAL;
		capitals += pk_is_capital(point);
		small += pk_is_small(point);
	}
	return small == 0 && capitals > 1 ? writing | ALL_CAPITALS : writing;
}

static unsigned
writing_of_phrase(struct pk_span phrase)
{
	struct pk_span last = phrase;

	for (struct pk_span rest = phrase; rest.ptr != NULL;) {
		struct pk_span word = pk_span_split(&rest, ' ');
		last = word.len > 0 ? word : last;
	}
	return writing_of(phrase, last);
}

/* Does the text write the phrase that it has at [first, end) as it must be written? */
static bool
is_written_so(const struct pk_text *text, size_t first, size_t end, unsigned writing)
{
	return writing == 0 || (writing & ~writing_of(pk_text_of(text, first, end),
					      pk_text_of(text, end - 1, end))) == 0;
}

static int
add_value(
    struct pk_phrases *phrases, uint32_t node, struct pk_span phrase, const void *value)
{
	struct pk_arena *arena = phrases->arena;
	unsigned writing = phrases->heeds_case ? writing_of_phrase(phrase) : 0;

	if (phrases->ends.items[node] == 0) {
		struct values *added = push_values(phrases);
		if (added == NULL)
			return -ENOMEM;
		added->writing = writing;
		phrases->ends.items[node] = (uint32_t)(phrases->values.len - 1);
	}
	struct values *values = &phrases->values.items[phrases->ends.items[node]];
	values->writing &= writing;
	if (values->len == values->cap) { /* most have one: no room to spare */
		size_t more = values->cap == 0 ? 1 : values->cap * 2;
		const void **grown = pk_arena_calloc(arena, more, sizeof(const void *));
		if (grown == NULL)
			return -ENOMEM;
		if (values->len > 0)
			memcpy(grown, values->items, values->len * sizeof(*grown));
		pk_arena_give_back(arena, values->items, values->cap * sizeof(*grown));
		values->items = grown;
		values->cap = (uint32_t)more;
	}
	values->items[values->len++] = value;
	return 0;
}

int
pk_phrases_add(struct pk_phrases *phrases, struct pk_span phrase, const void *value)
{
	char start[START_BYTES_MAX + 4];
	size_t start_len = 0;
	uint32_t node = 0;

	for (size_t at = 0; at < phrase.len;) {
		uint32_t point, points[PK_FOLD_MAX] = { 0 };
		at += pk_utf8_decode(phrase, at, &point, NULL);
		size_t n = pk_fold_key_point(point, points);
		for (size_t i = 0; i < n; i++) {
			node = child_of(phrases, node, points[i]);
			if (node == 0)
				return -ENOMEM;
			if (start_len < START_BYTES_MAX)
				start_len +=
				    pk_utf8_encode(points[i], start + start_len);
		}
	}
	add_start(phrases, start, start_len);
	return node == 0 ? 0 : add_value(phrases, node, phrase, value);
}

int
pk_phrases_add_all(struct pk_phrases *phrases, struct pk_span cell, const void *value)
{
	int r = 0;

	while (r == 0 && cell.ptr != NULL)
		r = pk_phrases_add(
		    phrases, pk_span_trim(pk_span_split(&cell, '|')), value);
	return r;
}

/* Follows the key from *node. Returns whether the trie goes that far. */
static bool
follow(const struct pk_phrases *phrases, struct pk_span key, uint32_t *node)
{
	const unsigned char *p = (const unsigned char *)key.ptr;

	for (size_t at = 0; at < key.len;) {
		uint32_t point;

		if (p[at] >= 0xC2 && p[at] <= 0xDF && at + 1 < key.len) {
			/* two bytes: keys are valid, and most of Persian */
			point = (p[at] & 0x1Fu) << 6 | (p[at + 1] & 0x3Fu);
			at += 2;
		} else {
			at += pk_utf8_decode(key, at, &point, NULL);
		}
		uint64_t edge = *find_edge(phrases, edge_key(*node, point));
		if (edge == 0)
			return false;
		*node = node_of(edge);
	}
	return true;
}

bool
pk_phrases_match(const struct pk_phrases *phrases, const struct pk_text *text,
    size_t at, size_t limit, struct pk_phrase_match *ret_match)
{
	uint32_t node = 0, best = 0;
	size_t best_end = at;

	if (at >= limit || (!has_start(phrases, text->tokens[at].starts[0]) &&
			       !has_start(phrases, text->tokens[at].starts[1])))
		return false;
	for (size_t i = at; i < limit; i++) {
		if (!follow(phrases, text->tokens[i].key, &node))
			break;
		uint32_t values = phrases->ends.items[node];
		if (values != 0 && is_written_so(text, at, i + 1,
				       phrases->values.items[values].writing)) {
			best = values;
			best_end = i + 1;
		}
	}
	if (best == 0)
		return false;
	const struct values *values = &phrases->values.items[best];
	*ret_match =
	    (struct pk_phrase_match){ at, best_end, values->items, values->len };
	return true;
}

const void *const *
pk_phrases_get_all(const struct pk_phrases *phrases, struct pk_span key, size_t *ret_n)
{
	uint32_t node = 0;

	*ret_n = 0;
	if (key.len == 0 || !has_start(phrases, start_of_key(key.ptr, key.len)) ||
	    !follow(phrases, key, &node) || phrases->ends.items[node] == 0)
		return NULL;
	const struct values *values = &phrases->values.items[phrases->ends.items[node]];
	*ret_n = values->len;
	return values->items;
}

const void *
pk_phrases_get(const struct pk_phrases *phrases, struct pk_span key)
{
	size_t n;
	const void *const *values = pk_phrases_get_all(phrases, key, &n);

	return n == 0 ? NULL : values[0];
}
