/* SPDX-License-Identifier: Apache-2.0 */
/* peyk feed: what a feed says, as JSON, one line a file. */
#include "base/date_formats.h"
#include "fetch/feed/feed.h"
#include "tool/cmd.h"
#include "tool/input.h"
#include "tool/output.h"

#include <errno.h>

/* Room for the largest feed several times over. */
#define ARENA_LIMIT ((size_t)512 * 1024 * 1024)

struct options {
	const char *url;
	const char *content_type;
};

static void
set_time(json_t *object, const char *key, struct pk_feed_time time)
{
	pk_json_set_time(object, key, time.known, time.time_s);
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
entry_json(const struct pk_feed_entry *entry)
{
	json_t *object = json_object(), *categories = json_array();
	json_t *enclosures = json_array();

	pk_json_set_text(object, "id", entry->id);
	pk_json_set_text(object, "title", entry->title);
	pk_json_set_text(object, "link", entry->link);
	pk_json_set_text(object, "author", entry->author);
	set_time(object, "published", entry->published);
	set_time(object, "updated", entry->updated);
	pk_json_set_text(object, "summary", entry->summary);
	pk_json_set_text(object, "content", entry->content);
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

static json_t *
feed_json(const struct pk_feed *feed)
{
	json_t *object = json_object(), *entries = json_array();

	pk_json_set_text(
	    object, "format", pk_span_of(pk_feed_format_name(feed->format)));
	pk_json_set_text(object, "title", feed->title);
	pk_json_set_text(object, "link", feed->link);
	pk_json_set_text(object, "id", feed->id);
	pk_json_set_text(object, "subtitle", feed->subtitle);
	pk_json_set_text(object, "language", feed->language);
	set_time(object, "updated", feed->updated);
	if (feed->partial)
		json_object_set_new(object, "partial", json_true());
	for (size_t i = 0; i < feed->n_entries; i++)
		json_array_append_new(entries, entry_json(&feed->entries[i]));
	json_object_set_new(object, "entries", entries);
	return object;
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
	struct pk_span url =
	    input->url.ptr != NULL ? input->url : pk_span_of(options->url);
	struct pk_feed feed;

	int r = arena == NULL
		    ? -ENOMEM
		    : pk_feed_parse(arena, input->bytes, url,
			  pk_span_of(options->content_type), PK_OFFSET_UNKNOWN, &feed);
	if (r < 0)
		return pk_input_failed(input->path, reason(r));
	return pk_output_json(feed_json(&feed));
}

int
pk_cmd_feed(int argc, char **argv)
{
	struct options options = { NULL, NULL };
	const char *list = NULL;
	const struct pk_option known[] = {
		{ .name = "url", .value = &options.url },
		{ .name = "content-type", .value = &options.content_type },
		{ .name = "list", .value = &list },
	};
	int first;

	int r = pk_options_read(argc, argv, known, PK_COUNT(known), &first);
	if (r != 0)
		return r;
	if (first == argc && list == NULL)
		return pk_cmd_usage(argv[0]);
	return pk_output_finish(
	    pk_inputs_run(argv + first, argc - first, list, run_file, &options));
}
