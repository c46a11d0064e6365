/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/story/gist.h"

#include "extract/text/fold.h"

#include <errno.h>
#include <stdlib.h>

/* Shorter words carry no content. Bytes of their keys. */
#define CONTENT_WORD_MIN 5

/* Letters of a word that are compared: endings are written in many ways. */
#define STEM 4

struct words {
	uint32_t items[PK_GIST_WORDS_MAX];
	size_t n;
};

static uint32_t
hash_of(struct pk_span s)
{
	return (uint32_t)(pk_span_hash(s) >> 32);
}

static struct pk_span
stem(struct pk_span key)
{
	size_t letters = 0, at = 0;

	while (at < key.len) {
		bool begins = ((unsigned char)key.ptr[at] & 0xC0) != 0x80;

		letters += begins;
		if (letters > STEM)
			break;
		at++;
	}
	return pk_span_slice(key, 0, at);
}

static int
by_value(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Sorts, and leaves each once. */
static void
settle(struct words *words)
{
	size_t n = 0;

	if (words->n == 0)
		return;
	qsort(words->items, words->n, sizeof(words->items[0]), by_value);
	for (size_t i = 1; i < words->n; i++) {
		if (words->items[i] != words->items[n])
			words->items[++n] = words->items[i];
	}
	words->n = n + 1;
}

/* The first token that ends behind the place, in code points. */
static size_t
token_at(const struct pk_text *text, uint32_t place)
{
	size_t low = 0, high = text->n_tokens;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (text->tokens[middle].end > place)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static void
add_tokens(struct words *words, const struct pk_text *text, size_t first, size_t end)
{
	if (end > text->n_tokens)
		end = text->n_tokens;
	for (size_t i = first; i < end && words->n < PK_GIST_WORDS_MAX; i++) {
		const struct pk_token *token = &text->tokens[i];

		if (token->kind == PK_TOKEN_NUMBER)
			words->items[words->n++] = hash_of(token->key) | 1;
		else if (token->kind == PK_TOKEN_WORD &&
			 token->key.len >= CONTENT_WORD_MIN)
			words->items[words->n++] = hash_of(stem(token->key)) & ~1u;
	}
}

static void
add_range(struct words *words, const struct pk_text *text, struct pk_range range)
{
	add_tokens(words, text, token_at(text, range.start),
	    token_at(text, range.end - 1) + 1);
}

static void
add_sentence(struct words *words, const struct pk_text *text, uint32_t place)
{
	size_t token = token_at(text, place);

	if (token >= text->n_tokens)
		return;
	const struct pk_sentence *s = &text->sentences[text->tokens[token].sentence];
	add_tokens(words, text, s->first, s->end);
}

static int
give_words(struct pk_arena *arena, const struct pk_text *body,
    const struct pk_text *title, struct pk_event *event)
{
	const struct pk_statement *said = &event->statement;
	struct words words = { .n = 0 };

	for (size_t i = 0; i < said->n_contents; i++) {
		const struct pk_range range = said->contents[i];
		const struct pk_text *text = range.in_title ? title : body;

		if (range.end > range.start)
			add_range(&words, text, range);
	}
	if (words.n == 0)
		add_sentence(&words, event->trigger_range.in_title ? title : body,
		    event->trigger_range.start);
	settle(&words);
	uint32_t *copy = pk_arena_calloc(arena, words.n + 1, sizeof(*copy));
	if (copy == NULL)
		return -ENOMEM;
	memcpy(copy, words.items, words.n * sizeof(*copy));
	event->gist.words = copy;
	event->gist.n_words = words.n;
	return 0;
}

static int
add_names(
    struct pk_arena *arena, const struct pk_entity *items, size_t n, uint32_t *who)
{
	for (size_t i = 0; i < n; i++) {
		struct pk_span name =
		    items[i].name.native.len > 0 ? items[i].name.native : items[i].text;
		struct pk_span key = pk_fold_key(arena, name);

		if (key.ptr == NULL)
			return -ENOMEM;
		who[i] = hash_of(key);
	}
	return 0;
}

static int
give_names(struct pk_arena *arena, struct pk_event *event)
{
	size_t n = event->n_actors + event->n_recipients;
	uint32_t *who = pk_arena_calloc(arena, n + 1, sizeof(*who));
	int r = who == NULL ? -ENOMEM
			    : add_names(arena, event->actors, event->n_actors, who);

	if (r == 0)
		r = add_names(arena, event->recipients, event->n_recipients,
		    who + event->n_actors);
	event->gist.who = who;
	event->gist.n_who = n;
	return r;
}

int
pk_gists_give(struct pk_arena *arena, const struct pk_text *body,
    const struct pk_text *title, struct pk_event *events, size_t n_events)
{
	int r = 0;

	for (size_t i = 0; i < n_events && r == 0; i++) {
		r = give_words(arena, body, title, &events[i]);
		if (r == 0)
			r = give_names(arena, &events[i]);
	}
	return r;
}
