/* SPDX-License-Identifier: Apache-2.0 */
/* peyk feed: what a feed says, as JSON, one line a file. */
#include "base/clock.h"
#include "base/date_formats.h"
#include "fetch/feed/feed.h"
#include "tool/cmd.h"
#include "tool/input.h"
#include "tool/output.h"

#include <errno.h>
#include <malloc.h>

/* Room for the largest feed several times over. */
#define ARENA_LIMIT ((size_t)512 * 1024 * 1024)

struct options {
	const char *url;
	const char *content_type;
	const char *location;
	const char *links;
	const char *now;
	int64_t now_s;
};

/* The time, and beside it how it was written, by whom, and how well it is known. */
struct time_keys {
	const char *time, *raw, *source, *confidence;
};
#define TIME_KEYS(key)                                                                 \
	(struct time_keys)                                                             \
	{                                                                              \
		key, key "_raw", key "_source", key "_confidence"                      \
	}

static void
set_time(json_t *object, struct time_keys keys, struct pk_feed_time time)
{
	pk_json_set_time(object, keys.time, time.known, time.time_s);
	pk_json_set_text(object, keys.raw, time.raw);
	pk_json_set_text(object, keys.source, time.source);
	if (time.known && time.raw.len > 0)
		pk_json_set_text(object, keys.confidence,
		    pk_span_of(pk_feed_confidence_name(time.confidence)));
}

static void
set_seconds(json_t *object, const char *key, int64_t seconds)
{
	if (seconds > 0)
		json_object_set_new(object, key, json_integer(seconds));
}

/* The numbers of the bits that are set. */
static json_t *
bits_json(uint32_t bits)
{
	json_t *array = json_array();

	for (int i = 0; i < 32; i++) {
		if (bits >> i & 1)
			json_array_append_new(array, json_integer(i));
	}
	return array;
}

static void
set_hints(json_t *object, const struct pk_feed_hints *hints)
{
	set_seconds(object, "ttl_s", hints->ttl_s);
	set_seconds(object, "period_s", hints->period_s);
	pk_json_set_filled(object, "skip_hours", bits_json(hints->skip_hours));
	pk_json_set_filled(object, "skip_days", bits_json(hints->skip_days));
	pk_json_set_text(object, "self", hints->self);
	pk_json_set_text(object, "hub", hints->hub);
	pk_json_set_text(object, "moved", hints->moved);
	pk_json_set_text(object, "older", hints->older);
}

static json_t *
part_json(const struct pk_feed_part *part)
{
	json_t *object = json_object();

	pk_json_set_text(object, "url", part->url);
	set_time(object, TIME_KEYS("changed"), part->changed);
	return object;
}

static json_t *
enclosure_json(const struct pk_enclosure *enclosure)
{
	json_t *object = json_object();

	pk_json_set_text(object, "url", enclosure->url);
	pk_json_set_text(object, "type", enclosure->type);
	if (enclosure->length > 0)
		json_object_set_new(object, "length", json_integer(enclosure->length));
	return object;
}

static json_t *
entry_json(const struct pk_feed_entry *entry, struct pk_long_texts *texts)
{
	json_t *object = json_object(), *categories = json_array();
	json_t *enclosures = json_array();

	pk_json_set_text(object, "key", pk_span_of(entry->key));
	pk_json_set_text(object, "content_hash", pk_span_of(entry->content_hash));
	pk_json_set_text(object, "id", entry->id);
	pk_json_set_long_text(object, "title", entry->title, texts);
	pk_json_set_text(object, "link", entry->link);
	pk_json_set_text(object, "author", entry->author);
	set_time(object, TIME_KEYS("published"), entry->published);
	set_time(object, TIME_KEYS("updated"), entry->updated);
	pk_json_set_long_text(object, "summary", entry->summary, texts);
	pk_json_set_long_text(object, "content", entry->content, texts);
	for (size_t i = 0; i < entry->n_categories; i++)
		json_array_append_new(
		    categories, json_stringn_nocheck(entry->categories[i].ptr,
				    entry->categories[i].len));
	for (size_t i = 0; i < entry->n_enclosures; i++)
		json_array_append_new(
		    enclosures, enclosure_json(&entry->enclosures[i]));
	pk_json_set_filled(object, "categories", categories);
	pk_json_set_filled(object, "enclosures", enclosures);
	return object;
}

/* All but its entries. */
static json_t *
feed_json(const struct pk_feed *feed)
{
	json_t *object = json_object(), *parts = json_array();

	pk_json_set_text(
	    object, "format", pk_span_of(pk_feed_format_name(feed->format)));
	pk_json_set_text(object, "title", feed->title);
	pk_json_set_text(object, "link", feed->link);
	pk_json_set_text(object, "id", feed->id);
	pk_json_set_text(object, "subtitle", feed->subtitle);
	pk_json_set_text(object, "language", feed->language);
	set_time(object, TIME_KEYS("updated"), feed->updated);
	pk_json_set_text(object, "charset", pk_span_of(feed->charset));
	set_hints(object, &feed->hints);
	if (feed->partial)
		json_object_set_new(object, "partial", json_true());
	set_seconds(object, "refused", (int64_t)feed->n_refused);
	for (size_t i = 0; i < feed->n_parts; i++)
		json_array_append_new(parts, part_json(&feed->parts[i]));
	pk_json_set_filled(object, "parts", parts);
	return object;
}

static json_t *
numbered_entry(const void *context, size_t number, struct pk_long_texts *texts)
{
	const struct pk_feed *feed = context;

	return entry_json(&feed->entries[number], texts);
}

static const char *
reason(int error)
{
	switch (error) {
	case -EBADMSG:
		return "this is no feed";
	case -E2BIG:
		return "too large for a feed";
	default:
		return strerrordesc_np(-error);
	}
}

static int
run_file(void *context, const struct pk_input *input)
{
	const struct options *options = context;
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(ARENA_LIMIT);
	const struct pk_feed_context told = {
		.url = input->url.ptr != NULL ? input->url : pk_span_of(options->url),
		.location = pk_span_of(options->location),
		.content_type = pk_span_of(options->content_type),
		.default_offset_min = PK_OFFSET_UNKNOWN,
		.now_s = options->now_s,
		.links = pk_span_of(options->links),
	};
	struct pk_feed feed;

	int r =
	    arena == NULL ? -ENOMEM : pk_feed_parse(arena, input->bytes, &told, &feed);
	if (r < 0)
		return pk_input_failed(input->path, reason(r));
	return pk_output_json_list(
	    feed_json(&feed), "entries", feed.n_entries, numbered_entry, &feed);
}

/* The time to be judged by: now, or what was said to be now. */
static int
read_now(struct options *options)
{
	struct pk_moment moment;

	options->now_s = pk_wall_s();
	if (options->now == NULL)
		return 0;
	int r = pk_date_parse(pk_span_of(options->now), 0, &moment);
	if (r == 0)
		options->now_s = moment.time_s;
	return r;
}

/* Memory comes and goes with every feed: it is kept, and not given back to the system
 * and had again page by page; nor are a tree's nodes put together one by one again. */
static void
keep_memory(void)
{
	/* NOLINTBEGIN(concurrency-mt-unsafe): there is one thread */
	mallopt(M_MMAP_THRESHOLD, 256 << 20);
	mallopt(M_TRIM_THRESHOLD, 256 << 20);
	mallopt(M_TOP_PAD, 4 << 20);
	mallopt(M_MXFAST, 0);
	/* NOLINTEND(concurrency-mt-unsafe) */
}

int
pk_cmd_feed(int argc, char **argv)
{
	struct options options = { .url = NULL };
	const char *list = NULL;
	const struct pk_option known[] = {
		{ .name = "url", .value = &options.url },
		{ .name = "content-type", .value = &options.content_type },
		{ .name = "content-location", .value = &options.location },
		{ .name = "links", .value = &options.links },
		{ .name = "now", .value = &options.now },
		{ .name = "list", .value = &list },
	};
	int first;

	keep_memory();
	int r = pk_options_read(argc, argv, known, PK_COUNT(known), &first);
	if (r != 0)
		return r;
	if ((first == argc && list == NULL) || read_now(&options) < 0)
		return pk_cmd_usage(argv[0]);
	return pk_output_finish(
	    pk_inputs_run(argv + first, argc - first, list, run_file, &options));
}
