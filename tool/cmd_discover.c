/* SPDX-License-Identifier: Apache-2.0 */
/* peyk discover: the feeds of a site, by one of its pages, from a file or an address.
 */
#include "base/clock.h"
#include "base/date_formats.h"
#include "fetch/feed/discover.h"
#include "fetch/http/client.h"
#include "tool/cmd.h"
#include "tool/input.h"
#include "tool/output.h"

#include <errno.h>

#define ARENA_LIMIT ((size_t)512 * 1024 * 1024)

struct options {
	const char *url;
	bool allow_private;
};

/* What came of a request. */
struct fetched {
	bool done;
	enum pk_http_outcome outcome;
	struct pk_buf body;
	char *url;
	char *content_type;
	char *text;
};

/* ---- what a page is ------------------------------------------------------------- */

static json_t *
candidate_json(const struct pk_feed_candidate *candidate)
{
	json_t *object = json_object();

	pk_json_set_text(object, "url", candidate->url);
	pk_json_set_text(object, "title", candidate->title);
	if (candidate->format != PK_FEED_NONE)
		pk_json_set_text(object, "format",
		    pk_span_of(pk_feed_format_name(candidate->format)));
	pk_json_set_text(
	    object, "found", pk_span_of(pk_feed_finding_name(candidate->finding)));
	return object;
}

/* What the bytes are when they are read as a feed: a feed; or a page with a list. */
static void
set_feed(json_t *object, const struct pk_feed *feed)
{
	json_t *member = json_object();
	bool is_page = feed->format == PK_FEED_HTML;

	pk_json_set_text(
	    member, "format", pk_span_of(pk_feed_format_name(feed->format)));
	pk_json_set_text(member, "title", feed->title);
	json_object_set_new(
	    member, "entries", json_integer((json_int_t)feed->n_entries));
	pk_json_set_filled(object, is_page ? "list" : "feed", member);
}

static int
print(const char *path, struct pk_span bytes, const struct pk_feed_context *context)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(ARENA_LIMIT);
	struct pk_feed_candidates found = { .n = 0 };
	struct pk_feed feed = { .format = PK_FEED_NONE };
	json_t *object, *candidates;

	int r = arena == NULL ? -ENOMEM : pk_feed_parse(arena, bytes, context, &feed);
	if (r == -EBADMSG)
		r = 0;
	if (r == 0 && (feed.format == PK_FEED_NONE || feed.format == PK_FEED_HTML))
		r = pk_feed_discover(arena, bytes, context, &found);
	if (r < 0)
		return pk_input_failed(path, strerrordesc_np(-r));
	object = json_object();
	candidates = json_array();
	pk_json_set_text(object, "url", context->url);
	if (feed.format != PK_FEED_NONE)
		set_feed(object, &feed);
	for (size_t i = 0; i < found.n; i++)
		json_array_append_new(candidates, candidate_json(&found.items[i]));
	json_object_set_new(object, "candidates", candidates);
	return pk_output_json(object);
}

static int
run_file(void *context, const struct pk_input *input)
{
	const struct options *options = context;
	const struct pk_feed_context told = {
		.url = pk_span_of(options->url),
		.default_offset_min = PK_OFFSET_UNKNOWN,
		.now_s = pk_wall_s(),
	};

	return print(input->path, input->bytes, &told);
}

/* ---- a page from the network ---------------------------------------------------- */

static char *
copy_of(struct pk_span s)
{
	return s.ptr == NULL ? NULL : strndup(s.ptr, s.len);
}

static void
take(void *context, void *tag, struct pk_http_response *response)
{
	struct fetched *fetched = context;

	(void)tag;
	fetched->done = true;
	fetched->outcome = response->outcome;
	fetched->url = copy_of(response->url);
	fetched->content_type = copy_of(response->content_type);
	fetched->text = strdup(response->text);
	fetched->body = response->body;
	response->body = (struct pk_buf){ .ptr = NULL };
}

static void
fetched_done(struct fetched *fetched)
{
	pk_buf_done(&fetched->body);
	free(fetched->url);
	free(fetched->content_type);
	free(fetched->text);
}

/* Returns 0 or a negative errno; what the server did is an outcome. */
static int
fetch(const char *url, bool allow_private, struct fetched *fetched)
{
	pk_cleanup(pk_http_freep) struct pk_http *client = NULL;
	struct pk_network everywhere[2];
	const struct pk_http_request request = {
		.url = pk_span_of(url),
		.accept = PK_SPAN("text/html, application/xhtml+xml, "
				  "application/xml;q=0.9, */*;q=0.8"),
	};
	struct pk_http_options options = { .user_agent = NULL };

	if (allow_private &&
	    pk_network_parse(PK_SPAN("0.0.0.0/0"), &everywhere[0]) == 0 &&
	    pk_network_parse(PK_SPAN("::/0"), &everywhere[1]) == 0) {
		options.allow_cidrs = everywhere;
		options.n_allow_cidrs = PK_COUNT(everywhere);
	}
	int r = pk_http_new(&options, take, fetched, &client);
	if (r == 0)
		r = pk_http_start(client, &request, fetched);
	while (r >= 0 && !fetched->done)
		r = pk_http_perform(client, 1000);
	return r < 0 ? r : 0;
}

static int
run_url(const char *url, const struct options *options)
{
	pk_cleanup(fetched_done) struct fetched fetched = { .done = false };
	int r = fetch(url, options->allow_private, &fetched);

	if (r < 0)
		return pk_input_failed(url, strerrordesc_np(-r));
	if (fetched.outcome != PK_HTTP_OK)
		return pk_input_failed(
		    url, fetched.text == NULL ? "out of memory" : fetched.text);
	const struct pk_feed_context told = {
		.url = pk_span_of(fetched.url),
		.content_type = pk_span_of(fetched.content_type),
		.default_offset_min = PK_OFFSET_UNKNOWN,
		.now_s = pk_wall_s(),
	};
	return print(url,
	    fetched.body.len == 0 ? PK_SPAN("") : pk_buf_span(&fetched.body), &told);
}

static bool
is_url(const char *name)
{
	struct pk_span s = pk_span_of(name);

	return pk_span_starts_with_nocase(s, PK_SPAN("http://")) ||
	       pk_span_starts_with_nocase(s, PK_SPAN("https://"));
}

int
pk_cmd_discover(int argc, char **argv)
{
	struct options options = { .url = NULL };
	const struct pk_option known[] = {
		{ .name = "url", .value = &options.url },
		{ .name = "allow-private", .flag = &options.allow_private },
	};
	int first, failed = 0;

	int r = pk_options_read(argc, argv, known, PK_COUNT(known), &first);
	if (r != 0)
		return r;
	if (first == argc)
		return pk_cmd_usage(argv[0]);
	for (int i = first; i < argc; i++)
		failed |= is_url(argv[i])
			      ? run_url(argv[i], &options)
			      : pk_inputs_run(argv + i, 1, NULL, run_file, &options);
	return pk_output_finish(failed);
}
