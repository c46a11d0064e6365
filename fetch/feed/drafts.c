/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts as the readers of JSON and HTML fill them. */
#include "fetch/feed/formats_priv.h"

#include <errno.h>

void
pk_drafts_init(struct pk_drafts *drafts, struct pk_arena *arena,
    const struct pk_feed_context *context, struct pk_feed *feed)
{
	*drafts = (struct pk_drafts){
		.reader = {
			.arena = arena,
			.context = context,
			.url = context->url,
			.format = feed->format,
			.hints = &feed->hints,
			.channel = &drafts->channel,
		},
	};
}

struct pk_draft *
pk_drafts_add(struct pk_drafts *drafts)
{
	if (drafts->entries.len == PK_FEED_ENTRIES_MAX) {
		drafts->n_refused++;
		return NULL;
	}
	struct pk_draft *draft = pk_array_push(drafts->reader.arena, &drafts->entries);
	drafts->reader.out_of_memory |= draft == NULL;
	return draft;
}

int
pk_drafts_finish(struct pk_drafts *drafts, struct pk_feed *feed)
{
	if (drafts->reader.out_of_memory)
		return -ENOMEM;
	feed->format = drafts->reader.format;
	feed->n_refused = drafts->n_refused;
	return pk_feed_fill(
	    &drafts->reader, drafts->entries.items, drafts->entries.len, feed);
}

static bool
is_control(char c)
{
	return ((unsigned char)c < ' ' && !pk_ascii_is_blank(c)) || c == 0x7f;
}

struct pk_span
pk_draft_copy(struct pk_reader *reader, struct pk_span text)
{
	size_t len = 0;

	text = pk_span_trim(text);
	if (text.len == 0)
		return (struct pk_span){ NULL, 0 };
	char *copy = pk_arena_alloc(reader->arena, text.len + 1);
	reader->out_of_memory |= copy == NULL;
	if (copy == NULL)
		return (struct pk_span){ NULL, 0 };
	for (size_t i = 0; i < text.len; i++) {
		if (!is_control(text.ptr[i]))
			copy[len++] = text.ptr[i];
	}
	text = pk_span_trim((struct pk_span){ copy, len });
	return text.len == 0 ? (struct pk_span){ NULL, 0 } : text;
}

struct pk_span
pk_media_type_of(struct pk_span url)
{
	static const char *const types[][2] = {
		{ ".jpg", "image/jpeg" },
		{ ".jpeg", "image/jpeg" },
		{ ".png", "image/png" },
		{ ".webp", "image/webp" },
		{ ".gif", "image/gif" },
		{ ".avif", "image/avif" },
		{ ".svg", "image/svg+xml" },
	};
	size_t query = pk_span_find(url, PK_SPAN("?"), 0);

	url = pk_span_slice(url, 0, query);
	for (size_t i = 0; i < PK_COUNT(types); i++) {
		struct pk_span end = pk_span_of(types[i][0]);
		if (url.len > end.len &&
		    pk_span_eq_nocase(
			pk_span_slice(url, url.len - end.len, url.len), end))
			return pk_span_of(types[i][1]);
	}
	return (struct pk_span){ NULL, 0 };
}
