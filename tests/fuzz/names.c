/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as Persian: sentences cover the tokens, tokens lie in the text, names and
 * dates lie in sentences, in order, and nothing is said of words that are not there.
 */
#include "extract/names/mention.h"
#include "extract/pack/pack.h"
#include "extract/text/date.h"
#include "extract/text/quantity.h"
#include "extract/text/segment.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>

static const struct pk_pack *
the_pack(void)
{
	static struct pk_pack *pack;

	if (pack == NULL &&
	    pk_pack_load(PEYK_BINARY_DIR "/share/peyk", "fa", NULL, &pack, NULL) < 0)
		abort();
	return pack;
}

static void
check_tokens(struct pk_arena *arena, const struct pk_text *text)
{
	size_t at = 0;

	for (size_t i = 0; i < text->n_sentences; i++) {
		assert(text->sentences[i].first == at);
		at = text->sentences[i].end;
	}
	assert(at == text->n_tokens);
	for (size_t i = 0; i < text->n_tokens; i++) {
		const struct pk_token *token = &text->tokens[i];
		struct pk_segments segments;
		assert(token->bytes > 0 && token->start < token->end);
		assert((size_t)token->byte + token->bytes <= text->bytes.len);
		assert(i == 0 || token[-1].byte + token[-1].bytes <= token->byte);
		if (pk_segment(arena, the_pack(), text, i, i + 1, &segments) == 0)
			assert(segments.n >= 1);
	}
}

static void
check_names(struct pk_arena *arena, const struct pk_text *text)
{
	const struct pk_names_context context = {
		.publisher = { .country = PK_SPAN("IRN") },
		.day = 19000,
		.has_day = true,
	};
	struct pk_mentions mentions;
	struct pk_dates dates;
	size_t at = 0;

	if (pk_mentions_find(arena, the_pack(), text, &context, &mentions) < 0 ||
	    pk_dates_find(arena, the_pack(), text, context.day, true, &dates) < 0)
		return;
	for (size_t i = 0; i < mentions.len; i++) {
		const struct pk_mention_at *mention = &mentions.items[i];
		assert(mention->first >= at && mention->first < mention->end);
		assert(mention->head >= mention->first &&
		       mention->head < mention->head_end &&
		       mention->head_end <= mention->end);
		assert(text->tokens[mention->first].sentence ==
		       text->tokens[mention->end - 1].sentence);
		at = mention->end;
	}
	at = 0;
	for (size_t i = 0; i < mentions.n_spans; i++) {
		const struct pk_name_span *span = &mentions.spans[i];
		assert(span->first >= at && span->first < span->end);
		assert(text->tokens[span->first].sentence ==
		       text->tokens[span->end - 1].sentence);
		at = span->first;
	}
	at = 0;
	for (size_t i = 0; i < dates.len; i++) {
		assert(dates.items[i].first >= at);
		assert(dates.items[i].first < dates.items[i].end);
		assert(dates.items[i].start_day <= dates.items[i].end_day);
		assert(pk_date_norm(arena, &dates.items[i]).len < 100);
		at = dates.items[i].end;
	}
	assert(at <= text->n_tokens);
}

static void
check_numbers(struct pk_arena *arena, const struct pk_text *text)
{
	struct pk_quantity quantity;
	struct pk_number number;

	for (size_t at = 0; at < text->n_tokens; at++) {
		if (pk_number_at(
			pk_pack_numbers(the_pack()), text, at, text->n_tokens, &number))
			assert(number.end > at && number.end <= text->n_tokens);
		if (!pk_quantity_at(the_pack(), text, at, text->n_tokens, &quantity))
			continue;
		assert(quantity.number_first >= at && quantity.end <= text->n_tokens);
		assert(quantity.number.end > quantity.number_first);
		pk_quantity_norm(arena, &quantity);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(64 << 20);
	struct pk_text text;

	if (arena == NULL ||
	    pk_text_parse(arena, the_pack(),
		(struct pk_span){ (const char *)data, size }, NULL, 0, &text) < 0)
		return 0;
	check_tokens(arena, &text);
	check_names(arena, &text);
	check_numbers(arena, &text);
	return 0;
}
