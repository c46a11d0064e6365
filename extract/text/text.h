/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/text/text.h - a text as sentences and tokens that still know where they came
 * from.
 *
 * The text is never rewritten: a token is a range of the original, and beside it stands
 * its key, the folded form that every look-up uses (extract/text/fold.h).
 */
#ifndef PEYK_EXTRACT_TEXT_TEXT_H
#define PEYK_EXTRACT_TEXT_TEXT_H

#include "base/article.h"

struct pk_pack;

enum pk_token_kind {
	PK_TOKEN_WORD,
	PK_TOKEN_NUMBER, /* digits of any script, with separators inside */
	PK_TOKEN_PUNCT,
	PK_TOKEN_QUOTE_OPEN, /* « “ and a straight quote that opens */
	PK_TOKEN_QUOTE_CLOSE,
};

struct pk_token {
	enum pk_token_kind kind;
	uint32_t byte; /* offset of its first byte in the text */
	uint32_t bytes;
	uint32_t start; /* [start, end) in code points of the text */
	uint32_t end;
	uint16_t starts[2]; /* pk_phrases_survey() */
	struct pk_span key; /* folded, without ZWNJ; digits are 0-9 */
	uint32_t sentence;
	bool glued; /* continues the written word before it (a piece of a glued word) */
};

/*
 * No reporter's sentence is as long. What has no end in so many tokens is a table or an
 * attack, and is cut behind them, or behind the glued word that they end in: later
 * stages may look at a sentence's tokens in pairs.
 */
#define PK_SENTENCE_TOKENS_MAX 500

struct pk_sentence {
	size_t first; /* tokens [first, end) */
	size_t end;
	size_t paragraph;
};

struct pk_text {
	struct pk_span bytes;
	const struct pk_paragraph *paragraphs;
	size_t n_paragraphs;
	struct pk_token *tokens;
	size_t n_tokens;
	struct pk_sentence *sentences;
	size_t n_sentences;
};

/*
 * Splits clean UTF-8 into sentences and tokens.
 *
 *   bytes       borrowed by the result
 *   paragraphs  ranges in code points, borrowed; none: the whole text by its line
 * breaks
 *
 * Linear in the length. Returns 0 or -ENOMEM.
 */
int pk_text_parse(struct pk_arena *arena, const struct pk_pack *pack,
    struct pk_span bytes, const struct pk_paragraph *paragraphs, size_t n_paragraphs,
    struct pk_text *ret_text);

/* The verbatim text of tokens [first, end). */
struct pk_span pk_text_of(const struct pk_text *text, size_t first, size_t end);

/* Their range in code points. */
struct pk_range pk_text_range(const struct pk_text *text, size_t first, size_t end);

#endif
