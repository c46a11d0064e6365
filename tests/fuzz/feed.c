/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a feed: no crash, and every text that comes out is clean UTF-8. */
#include "fetch/feed/feed.h"
#include "base/date_formats.h"
#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>

static void
check_time(struct pk_feed_time time)
{
	assert(pk_utf8_valid(time.raw) && pk_utf8_valid(time.source));
	assert((time.raw.len > 0) == (time.source.len > 0));
	assert(!time.known || time.raw.len > 0);
}

static void
check_entry(const struct pk_feed_entry *entry)
{
	const struct pk_span texts[] = { entry->id, entry->title, entry->link,
		entry->author, entry->summary, entry->content };

	for (size_t i = 0; i < PK_COUNT(texts); i++)
		assert(pk_utf8_valid(texts[i]));
	for (size_t i = 0; i < entry->n_categories; i++)
		assert(pk_utf8_valid(entry->categories[i]));
	for (size_t i = 0; i < entry->n_enclosures; i++) {
		assert(entry->enclosures[i].url.len > 0);
		assert(pk_utf8_valid(entry->enclosures[i].type));
	}
	check_time(entry->published);
	check_time(entry->updated);
	assert(strlen(entry->key) == PK_ID_SIZE - 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(64 << 20);
	struct pk_span bytes = { (const char *)data, size };
	const struct pk_feed_context context = {
		.url = PK_SPAN("http://site.example/feed"),
		.default_offset_min = PK_OFFSET_UNKNOWN,
		.links = size % 2 == 0 ? PK_SPAN("article, li > a") : PK_SPAN("auto"),
	};
	struct pk_feed feed;

	if (arena == NULL || pk_feed_parse(arena, bytes, &context, &feed) < 0)
		return 0;
	assert(pk_utf8_valid(feed.title) && pk_utf8_valid(feed.subtitle));
	check_time(feed.updated);
	for (size_t i = 0; i < feed.n_parts; i++) {
		assert(feed.parts[i].url.len > 0);
		check_time(feed.parts[i].changed);
	}
	for (size_t i = 0; i < feed.n_entries; i++)
		check_entry(&feed.entries[i]);
	return 0;
}
