/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/text_priv.h"

#include "extract/pack/parts.h"

int
pk_text_parse(struct pk_arena *arena, const struct pk_pack *pack, struct pk_span bytes,
    const struct pk_paragraph *paragraphs, size_t n_paragraphs,
    struct pk_text *ret_text)
{
	const struct pk_text_rules *rules = pk_pack_parts(pack)->text;
	struct pk_text text = {
		.bytes = bytes,
		.paragraphs = paragraphs,
		.n_paragraphs = n_paragraphs,
	};

	int r = pk_tokens_split(arena, rules, &text);
	if (r == 0)
		r = pk_sentences_split(arena, rules, &text);
	if (r == 0)
		*ret_text = text;
	return r;
}

struct pk_span
pk_text_of(const struct pk_text *text, size_t first, size_t end)
{
	if (first >= end || end > text->n_tokens)
		return (struct pk_span){ NULL, 0 };
	return pk_span_slice(text->bytes, text->tokens[first].byte,
	    text->tokens[end - 1].byte + text->tokens[end - 1].bytes);
}

struct pk_range
pk_text_range(const struct pk_text *text, size_t first, size_t end)
{
	if (first >= end || end > text->n_tokens)
		return (struct pk_range){ 0 };
	return (struct pk_range){ .start = text->tokens[first].start,
		.end = text->tokens[end - 1].end };
}
