/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/text_priv.h"

#include "base/utf8.h"
#include "extract/text/fold.h"

#include <errno.h>

/* A line that opens an attribution is joined to the next only when it is this short. */
#define OPENER_LINE_MAX 12
/* «چرا؟» inside a sentence: a quote that is shorter does not end it. */
#define ASIDE_MAX 6
/* Words on either side of a dateline's dash. */
#define DATELINE_WORDS_MAX 4
/* More marks and closing signs than these do not belong to one sentence end. */
#define MARKS_MAX 8

struct split {
	struct pk_arena *arena;
	const struct pk_text_rules *rules;
	struct pk_text *text;
	size_t cap;       /* of text->sentences */
	size_t line;      /* first token of the line */
	size_t paragraph; /* of the sentence's first token */
	size_t at;        /* the paragraph of the token we are at */
	size_t lines;     /* counted, where the caller gave no paragraphs */
};

static bool
is_key(const struct pk_token *token, const char *key)
{
	return pk_span_eq(token->key, pk_span_of(key));
}

/* . ؟ ? ! ۔ but neither … nor ... */
static bool
ends_sentence(const struct pk_token *token)
{
	return token->kind == PK_TOKEN_PUNCT &&
	       (is_key(token, ".") || is_key(token, "؟") || is_key(token, "?") ||
		   is_key(token, "!") || is_key(token, "۔"));
}

static bool
closes(const struct pk_token *token)
{
	return token->kind == PK_TOKEN_QUOTE_CLOSE || is_key(token, ")") ||
	       is_key(token, "]");
}

/* Line breaks between two tokens. */
static size_t
breaks_between(const struct pk_text *text, size_t a, size_t b)
{
	size_t from = text->tokens[a].byte + text->tokens[a].bytes, n = 0;

	for (size_t at = from; at < text->tokens[b].byte;) {
		uint32_t point;
		if (text->bytes.ptr[at] == ' ') {
			at++;
			continue;
		}
		at += pk_utf8_decode(text->bytes, at, &point, NULL);
		n += pk_char_class(point) == PK_CHAR_BREAK &&
		     !(point == '\n' && at >= 2 && text->bytes.ptr[at - 2] == '\r');
	}
	return n;
}

static bool
touches(const struct pk_token *a, const struct pk_token *b)
{
	return a->byte + a->bytes == b->byte;
}

/* Can nothing follow this token in the sentence? */
static bool
is_final(const struct pk_token *token)
{
	return ends_sentence(token) || closes(token) || is_key(token, ":") ||
	       is_key(token, "؛") || is_key(token, "…") || is_key(token, "...");
}

/*
 * Does the sentence run on over a single line break before token `next`? Some sites
 * break lines at a fixed width or after a link. It does when the line cannot end there
 * (a comma, «از», «که»), or when it is the beginning of an attribution («به گزارش سرويس
 * بين الملل⏎خبرگزاری …») without its end.
 */
static bool
runs_on(const struct split *split, size_t next)
{
	const struct pk_text *text = split->text;
	const struct pk_token *last = &text->tokens[next - 1];

	if (is_final(last) || breaks_between(text, next - 1, next) != 1)
		return false;
	if (is_key(last, "،") || is_key(last, ","))
		return true;
	if (last->kind == PK_TOKEN_WORD &&
	    (pk_word_classes(split->rules, last->key) &
		(PK_WORD_PREPOSITION | PK_WORD_CONJUNCTION)) != 0)
		return true;
	return next - split->line <= OPENER_LINE_MAX &&
	       pk_opens_attribution(split->rules, text, split->line, next);
}

static bool
is_letter(const struct pk_token *token)
{
	return token->kind == PK_TOKEN_WORD && token->end - token->start == 1;
}

/* «۱۲ . ۴ . ۱۳۹۷», «ب . ظ»: a stop with blanks around it, inside a date or time. */
static bool
stop_parts(const struct pk_text *text, size_t at, size_t first)
{
	const struct pk_token *t = text->tokens;
	size_t n = text->n_tokens;

	if (at == first || at + 1 >= n)
		return false;
	if (is_letter(&t[at - 1]) && is_letter(&t[at + 1]))
		return true;
	if (t[at - 1].kind != PK_TOKEN_NUMBER || t[at + 1].kind != PK_TOKEN_NUMBER)
		return false;
	bool again =
	    at + 3 < n && is_key(&t[at + 2], ".") && t[at + 3].kind == PK_TOKEN_NUMBER;
	bool before = at >= first + 3 && is_key(&t[at - 2], ".") &&
		      t[at - 3].kind == PK_TOKEN_NUMBER;
	return again || before;
}

/* Is the word a small one with a capital («The», «In»), as sentences begin? */
static bool
begins_next(const struct split *split, size_t next)
{
	const struct pk_text *text = split->text;

	if (next >= text->n_tokens)
		return true;
	const struct pk_token *token = &text->tokens[next];
	char first = text->bytes.ptr[token->byte];
	return first >= 'A' && first <= 'Z' &&
	       (pk_word_classes(split->rules, token->key) & ~(unsigned)PK_WORD_NOUN) !=
		   0;
}

/* A stop after this token is no end: initials, abbreviations, «۱.» before an item. */
static bool
stop_is_inside(const struct split *split, size_t at, size_t first)
{
	const struct pk_token *before = &split->text->tokens[at - 1];
	const struct pk_token *stop = &split->text->tokens[at];

	if (!touches(before, stop))
		return false;
	if (before->kind == PK_TOKEN_NUMBER)
		return at - 1 == first;
	if (before->kind != PK_TOKEN_WORD)
		return false;
	if (pk_may_end(split->rules, before->key))
		return !begins_next(split, at + 1);
	return is_letter(before) || pk_is_abbreviation(split->rules, before->key);
}

/* Is the quote that closes at `close` a short aside? */
static bool
closes_aside(const struct pk_text *text, size_t close, size_t first)
{
	for (size_t i = close; i > first && close - i < ASIDE_MAX; i--) {
		if (text->tokens[i - 1].kind == PK_TOKEN_QUOTE_OPEN)
			return true;
	}
	return false;
}

/*
 * Where the sentence that began at `first` ends, if it ends with the mark at `at`:
 * behind further marks and closing signs. 0 where it goes on.
 */
static size_t
end_at_mark(const struct split *split, size_t at, size_t first)
{
	const struct pk_text *text = split->text;
	bool full_stop = is_key(&text->tokens[at], ".");
	size_t end = at + 1;

	if (at > first && full_stop &&
	    (stop_is_inside(split, at, first) || stop_parts(text, at, first)))
		return 0;
	while (end < text->n_tokens && end - at < MARKS_MAX &&
	       breaks_between(text, end - 1, end) == 0 &&
	       (ends_sentence(&text->tokens[end]) ||
		   (closes(&text->tokens[end]) &&
		       (touches(&text->tokens[end - 1], &text->tokens[end]) ||
			   text->tokens[end].kind == PK_TOKEN_QUOTE_CLOSE))))
		end++;
	if (end == text->n_tokens)
		return end;
	const struct pk_token *next = &text->tokens[end];
	if (is_key(next, "،") || is_key(next, ",") || is_key(next, "؛") ||
	    is_key(next, ":"))
		return 0; /* «…!»، گفت */
	if (full_stop && touches(&text->tokens[end - 1], next) &&
	    (next->kind != PK_TOKEN_WORD || (unsigned char)next->key.ptr[0] < 0x80) &&
	    next->kind != PK_TOKEN_QUOTE_OPEN)
		return 0;
	if (!full_stop && text->tokens[end - 1].kind == PK_TOKEN_QUOTE_CLOSE &&
	    closes_aside(text, end - 1, first))
		return 0;
	return end;
}

/*
 * «مسکو - ایرنا:» before a report is a sentence of its own: a few words on both sides
 * of a dash, and a colon. Returns the token behind it, or 0.
 */
static size_t
dateline_end(const struct pk_text *text, size_t first)
{
	size_t words = 0, dashes = 0;

	for (size_t i = first; i < text->n_tokens; i++) {
		const struct pk_token *token = &text->tokens[i];
		if (token->kind == PK_TOKEN_WORD && words < DATELINE_WORDS_MAX) {
			words++;
		} else if (words > 0 && dashes == 0 &&
			   (is_key(token, "-") || is_key(token, "–") ||
			       is_key(token, "—"))) {
			dashes = 1;
			words = 0;
		} else {
			return words > 0 && dashes > 0 && is_key(token, ":") ? i + 1
									     : 0;
		}
	}
	return 0;
}

static int
add_sentence(struct split *split, size_t first, size_t end)
{
	struct pk_text *text = split->text;
	struct pk_sentence *sentence =
	    pk_array_push_(split->arena, (void **)&text->sentences, &text->n_sentences,
		&split->cap, sizeof(struct pk_sentence));

	if (sentence == NULL)
		return -ENOMEM;
	*sentence = (struct pk_sentence){ first, end, split->paragraph };
	for (size_t i = first; i < end; i++)
		text->tokens[i].sentence = (uint32_t)(text->n_sentences - 1);
	return 0;
}

/* The paragraph of token `at`; tokens between paragraphs go with the one before. */
static size_t
paragraph_of(struct split *split, size_t at)
{
	const struct pk_text *text = split->text;
	size_t n = split->at;

	if (text->n_paragraphs == 0)
		return split->lines;
	while (n + 1 < text->n_paragraphs &&
	       text->tokens[at].start >= text->paragraphs[n + 1].range.start)
		n++;
	return n;
}

/* Is there a break before token `at` that ends the sentence? */
static bool
broken_before(struct split *split, size_t at)
{
	bool line_break = breaks_between(split->text, at - 1, at) > 0;
	size_t paragraph = paragraph_of(split, at);
	bool ends = false;

	if (line_break || paragraph != split->at) {
		ends = !runs_on(split, at);
		split->line = at;
		split->lines += ends;
		split->at = paragraph;
	}
	return ends;
}

static bool
is_too_long(const struct pk_text *text, size_t first, size_t at)
{
	return at - first >= PK_SENTENCE_TOKENS_MAX && !text->tokens[at].glued;
}

int
pk_sentences_split(
    struct pk_arena *arena, const struct pk_text_rules *rules, struct pk_text *text)
{
	struct split split = { .arena = arena, .rules = rules, .text = text };
	size_t first = 0;

	for (size_t i = 0; i < text->n_tokens; i++) {
		size_t end = 0;
		bool broken = i > 0 && broken_before(&split, i);
		if (first < i && (broken || is_too_long(text, first, i))) {
			if (add_sentence(&split, first, i) < 0)
				return -ENOMEM;
			first = i;
		}
		if (first == i)
			split.paragraph = split.at = paragraph_of(&split, i);
		if (first == i)
			end = dateline_end(text, i);
		if (end == 0 && ends_sentence(&text->tokens[i]))
			end = end_at_mark(&split, i, first);
		if (end != 0) {
			if (add_sentence(&split, first, end) < 0)
				return -ENOMEM;
			first = end;
			i = end - 1;
		}
	}
	return first < text->n_tokens ? add_sentence(&split, first, text->n_tokens) : 0;
}
