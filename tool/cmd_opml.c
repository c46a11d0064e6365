/* SPDX-License-Identifier: Apache-2.0 */
/* peyk opml: lists of feeds from other programs as a file for feeds.d, and back. */
#include "base/digest.h"
#include "base/map.h"
#include "base/url.h"
#include "base/utf8.h"
#include "config/config.h"
#include "config/value.h"
#include "fetch/feed/opml.h"
#include "tool/cmd.h"
#include "tool/input.h"
#include "tool/line.h"
#include "tool/output.h"

#include <errno.h>
#include <stdio.h>

/* Room for the largest list several times over. */
#define ARENA_LIMIT ((size_t)512 * 1024 * 1024)

#define ID_MAX    32
#define TITLE_MAX ((size_t)500) /* of config/options.def */

/* ---- in: OPML to YAML ----------------------------------------------------------- */

struct import {
	struct pk_arena *arena;
	struct pk_map *feed_ids;  /* that are given */
	struct pk_map *group_ids; /* the same */
	struct pk_map *urls;      /* of all files so far */
	struct pk_buf groups;     /* YAML */
	struct pk_buf feeds;      /* of no group */
	int error;
	int status;
};

static void
put(struct import *im, struct pk_buf *buf, struct pk_span text)
{
	if (im->error == 0)
		im->error = pk_buf_append(buf, text);
}

/* Without what no YAML can hold, and on one line. */
static struct pk_span
one_line(struct import *im, struct pk_span text)
{
	char *out = pk_arena_alloc(im->arena, text.len + 1);
	size_t len = 0;

	if (text.ptr == NULL)
		return text;

	if (out == NULL) {
		im->error = -ENOMEM;
		return (struct pk_span){ NULL, 0 };
	}
	for (size_t at = 0; at < text.len;) {
		uint32_t point;
		size_t n = pk_utf8_decode(text, at, &point, NULL);
		bool blank = point <= 0x20 || (point >= 0x7F && point < 0xA0) ||
			     point == 0x2028 || point == 0x2029 || point == 0xFEFF ||
			     (point & 0xFFFE) == 0xFFFE;
		if (!blank) {
			memcpy(out + len, text.ptr + at, n);
			len += n;
		} else if (len > 0 && out[len - 1] != ' ') {
			out[len++] = ' ';
		}
		at += n;
	}
	return pk_span_trim(pk_utf8_prefix((struct pk_span){ out, len }, TITLE_MAX));
}

static void
put_text(struct import *im, struct pk_buf *buf, struct pk_span text)
{
	if (im->error == 0)
		im->error = pk_value_write_text(text, buf);
}

static bool
is_id_char(char c)
{
	c = pk_ascii_lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* The words of ASCII in a text, in lower case, with '-' between, as many as fit.
 * Returns its length. */
static size_t
slug_of(struct pk_span text, char ret_slug[static ID_MAX + 1])
{
	size_t len = 0, at = 0;

	while (at < text.len) {
		size_t start = at;
		while (at < text.len && is_id_char(text.ptr[at]))
			at++;
		size_t n = at - start;
		if (n == 0) {
			at++;
			continue;
		}
		if (len > 0 && len + 1 + n > ID_MAX)
			break;
		if (len > 0)
			ret_slug[len++] = '-';
		for (size_t i = 0; i < n && len < ID_MAX; i++)
			ret_slug[len++] = pk_ascii_lower(text.ptr[start + i]);
	}
	ret_slug[len] = '\0';
	return len;
}

/* "news" of https://www.news.example.org/: what a person calls the site. */
static size_t
slug_of_host(struct pk_span url, char ret_slug[static ID_MAX + 1])
{
	static const char *const dull[] = { "www", "feeds", "feed", "rss", "m" };
	struct pk_span rest = pk_url_host(url);
	struct pk_span label = rest;

	while (rest.ptr != NULL) {
		label = pk_span_split(&rest, '.');
		bool is_dull = false;
		for (size_t i = 0; i < PK_COUNT(dull); i++)
			is_dull |= pk_span_eq_nocase(label, pk_span_of(dull[i]));
		if (!is_dull)
			break;
	}
	return slug_of(label, ret_slug);
}

/*
 * An id that is not given yet, from a title that tells enough, else from the host. A
 * second one of that name gets a mark of its own address, so that it keeps its id
 * wherever in the list it stands.
 */
static struct pk_span
give_id(struct import *im, struct pk_map *given, struct pk_span title,
    struct pk_span url, const char *otherwise)
{
	char slug[ID_MAX + 1], hash[PK_ID_SIZE];
	struct pk_span parts[] = { url.len > 0 ? url : title };
	size_t len = slug_of(title, slug), mark = 0;
	struct pk_span id;

	if (len < 3 && url.len > 0)
		len = slug_of_host(url, slug);
	if (len == 0) {
		len = slug_of(pk_span_of(otherwise), slug);
		mark = 4; /* such a name is for nobody */
	}
	pk_id_of(parts, 1, hash);
	do {
		size_t room = mark == 0 ? ID_MAX : ID_MAX - mark - 1;
		id = pk_arena_printf(im->arena, "%.*s%s%.*s",
		    (int)(len < room ? len : room), slug, mark == 0 ? "" : "-",
		    (int)mark, hash);
		mark += 4;
	} while (id.ptr != NULL && pk_map_get(given, id) != NULL && mark < PK_ID_SIZE);
	if (id.ptr == NULL || pk_map_set(given, id, im) < 0)
		im->error = -ENOMEM;
	return id;
}

/* "fa" of "fa-IR", where it is one that a configuration takes; else absent. */
static struct pk_span
language_of(struct import *im, struct pk_span language)
{
	struct pk_span tag = { NULL, 0 }, lower;
	size_t len = 0;

	while (
	    len < language.len && language.ptr[len] != '-' && language.ptr[len] != '_')
		len++;
	lower = pk_arena_copy(im->arena, pk_span_slice(language, 0, len));
	char *bytes = (char *)(uintptr_t)lower.ptr;
	for (size_t i = 0; bytes != NULL && i < lower.len; i++)
		bytes[i] = pk_ascii_lower(bytes[i]);
	if (lower.len == 0 ||
	    pk_value_parse(im->arena, PK_VALUE_LANG, lower, "", "", &tag) < 0)
		return (struct pk_span){ NULL, 0 };
	return tag;
}

static void
say_left(const char *path, struct pk_span what, const char *why)
{
	const struct pk_style style = { .width = 0 };
	struct pk_line line;
	struct pk_buf text;

	pk_buf_init(&text, 0);
	pk_line_init(&line, &style, &text);
	pk_line_text(&line, what, 200);
	if (pk_line_end(&line) == 0 && text.len > 0)
		fprintf(stderr, "peyk: %s: left out: %s: %s\n", path, text.ptr, why);
	pk_buf_done(&text);
}

/* Can a configuration have it? */
static bool
is_usable(struct import *im, const char *path, const struct pk_opml_feed *feed)
{
	struct pk_span url;
	int r = pk_value_parse(im->arena, PK_VALUE_URL, feed->url, "1", "4096", &url);

	if (r == -EPERM) /* not to be said again: there may be a password in it */
		say_left(path, feed->title.len > 0 ? feed->title : PK_SPAN("a feed"),
		    "there is a user name in its address; the key headers may do "
		    "instead");
	else if (r < 0)
		say_left(path, feed->url, "its address is not one of http or https");
	else if (pk_map_get(im->urls, feed->url) != NULL)
		say_left(path, feed->url, "it is there already");
	else
		return true;
	return false;
}

static void
put_feed(struct import *im, struct pk_buf *buf, const char *indent,
    const struct pk_opml_feed *feed)
{
	struct pk_span title = one_line(im, feed->title);
	struct pk_span id = give_id(im, im->feed_ids, title, feed->url, "feed");
	struct pk_span language = language_of(im, feed->language);

	if (im->error < 0)
		return;
	put(im, buf, pk_span_of(indent));
	put(im, buf, PK_SPAN("- id: "));
	put_text(im, buf, id);
	put(im, buf, PK_SPAN("\n"));
	put(im, buf, pk_span_of(indent));
	put(im, buf, PK_SPAN("  url: "));
	put_text(im, buf, feed->url);
	if (title.len > 0) {
		put(im, buf, PK_SPAN("\n"));
		put(im, buf, pk_span_of(indent));
		put(im, buf, PK_SPAN("  title: "));
		put_text(im, buf, title);
	}
	if (language.len > 0) {
		put(im, buf, PK_SPAN("\n"));
		put(im, buf, pk_span_of(indent));
		put(im, buf, PK_SPAN("  lang: "));
		put_text(im, buf, language);
	}
	put(im, buf, PK_SPAN("\n"));
	if (im->error == 0)
		im->error = pk_map_set(im->urls, feed->url, im);
}

/* "Politics / Foreign": groups of peyk have none within. */
static struct pk_span
path_of(struct import *im, const struct pk_opml *opml, size_t group)
{
	struct pk_span path = opml->groups[group].title;

	while ((group = opml->groups[group].parent) != PK_OPML_NO_GROUP &&
	       path.ptr != NULL && path.len < TITLE_MAX)
		path = pk_arena_printf(im->arena, "%.*s / %.*s",
		    PK_SPAN_ARG(opml->groups[group].title), PK_SPAN_ARG(path));
	if (path.ptr == NULL)
		im->error = -ENOMEM;
	return one_line(im, path);
}

static void
begin_group(struct import *im, const struct pk_opml *opml, size_t group)
{
	const struct pk_span none = { NULL, 0 };
	struct pk_span path = path_of(im, opml, group);
	struct pk_span id = give_id(im, im->group_ids, path, none, "group");

	put(im, &im->groups, PK_SPAN("  # "));
	put(im, &im->groups, path);
	put(im, &im->groups, PK_SPAN("\n  - id: "));
	put_text(im, &im->groups, id);
	put(im, &im->groups, PK_SPAN("\n    feeds:\n"));
}

/* The feeds of a group stand together, in their order: a chain of indices from 1 on. */
static void
import_list(struct import *im, const char *path, const struct pk_opml *opml)
{
	size_t n = opml->n_groups + 1;
	size_t *first = pk_arena_calloc(im->arena, n, sizeof(size_t));
	size_t *next = pk_arena_calloc(im->arena, opml->n_feeds + 1, sizeof(size_t));

	if (first == NULL || next == NULL) {
		im->error = -ENOMEM;
		return;
	}
	for (size_t i = opml->n_feeds; i-- > 0;) {
		size_t group = opml->feeds[i].group;
		size_t *chain = &first[group < n - 1 ? group : n - 1];
		next[i] = *chain;
		*chain = i + 1;
	}
	for (size_t g = 0; g < n && im->error == 0; g++) {
		bool begun = g == n - 1;
		for (size_t i = first[g]; i > 0 && im->error == 0; i = next[i - 1]) {
			const struct pk_opml_feed *feed = &opml->feeds[i - 1];
			if (!is_usable(im, path, feed))
				continue;
			if (!begun)
				begin_group(im, opml, g);
			begun = true;
			put_feed(im, g == n - 1 ? &im->feeds : &im->groups,
			    g == n - 1 ? "  " : "      ", feed);
		}
	}
}

static int
import_file(void *context, const struct pk_input *input)
{
	struct import *im = context;
	struct pk_opml opml;
	int r = pk_opml_parse(im->arena, input->bytes, &opml);

	if (r == -EBADMSG)
		return pk_input_failed(input->path, "this is no OPML");
	if (r < 0)
		return pk_input_failed(input->path, strerrordesc_np(-r));
	for (size_t i = 0; i < opml.n_left; i++)
		say_left(input->path, opml.left[i].what, opml.left[i].why);
	if (opml.partial)
		fprintf(stderr,
		    "peyk: %s: cut off or broken: what could be read is here\n",
		    input->path);
	import_list(im, input->path, &opml);
	return im->error < 0 ? pk_input_failed(input->path, strerrordesc_np(-im->error))
			     : 0;
}

static int
import_all(char **paths, int n_paths)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(ARENA_LIMIT);
	pk_cleanup(pk_map_freep) struct pk_map *feed_ids = pk_map_new();
	pk_cleanup(pk_map_freep) struct pk_map *group_ids = pk_map_new();
	pk_cleanup(pk_map_freep) struct pk_map *urls = pk_map_new();
	struct import im = { .arena = arena,
		.feed_ids = feed_ids,
		.group_ids = group_ids,
		.urls = urls };

	if (arena == NULL || feed_ids == NULL || group_ids == NULL || urls == NULL)
		return pk_input_failed("opml", "out of memory");
	int status = pk_inputs_run(paths, n_paths, NULL, import_file, &im);
	if (im.error == 0 && im.groups.len > 0)
		printf("groups:\n%s", im.groups.ptr);
	if (im.error == 0 && im.feeds.len > 0)
		printf("feeds:\n%s", im.feeds.ptr);
	pk_buf_done(&im.groups);
	pk_buf_done(&im.feeds);
	return pk_output_finish(status);
}

/* ---- out: a configuration to OPML ----------------------------------------------- */

static int
list_of(
    struct pk_arena *arena, const struct pk_config *config, struct pk_opml *ret_opml)
{
	pk_cleanup(pk_map_freep) struct pk_map *groups = pk_map_new();
	size_t n_groups = config->groups.n, n_feeds = config->feeds.n;

	*ret_opml = (struct pk_opml){
		.title = config->instance,
		.groups =
		    pk_arena_calloc(arena, n_groups + 1, sizeof(*ret_opml->groups)),
		.n_groups = n_groups,
		.feeds = pk_arena_calloc(arena, n_feeds + 1, sizeof(*ret_opml->feeds)),
		.n_feeds = n_feeds,
	};
	if (groups == NULL || ret_opml->groups == NULL || ret_opml->feeds == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n_groups; i++) {
		ret_opml->groups[i] =
		    (struct pk_opml_group){ config->groups.items[i], PK_OPML_NO_GROUP };
		if (pk_map_set(groups, config->groups.items[i],
			(void *)(uintptr_t)(i + 1)) < 0)
			return -ENOMEM;
	}
	for (size_t i = 0; i < n_feeds; i++) {
		const struct pk_config_feed *feed = &config->feeds.items[i];
		size_t group = (uintptr_t)pk_map_get(groups, feed->group);
		ret_opml->feeds[i] = (struct pk_opml_feed){
			.url = feed->url,
			.title = feed->title.len > 0 ? feed->title : feed->id,
			.language = feed->lang,
			.group = group == 0 ? PK_OPML_NO_GROUP : group - 1,
		};
	}
	return 0;
}

static int
export_config(const char *path, const struct pk_config *config)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(ARENA_LIMIT);
	struct pk_opml opml;
	struct pk_buf text;

	pk_buf_init(&text, 0);
	int r = arena == NULL ? -ENOMEM : list_of(arena, config, &opml);
	if (r == 0)
		r = pk_opml_write(arena, &opml, &text);
	if (r == 0)
		fwrite(text.ptr, 1, text.len, stdout);
	pk_buf_done(&text);
	return pk_output_finish(r == 0 ? 0 : pk_input_failed(path, "out of memory"));
}

static int
export_path(const char *path)
{
	pk_cleanup(
	    pk_config_report_done) struct pk_config_report report = { .arena = NULL };
	pk_cleanup(pk_config_unrefp) struct pk_config *config = NULL;
	struct pk_buf text;

	if (pk_config_report_init(&report) < 0)
		return pk_input_failed(path, "out of memory");
	int r = pk_config_load(path, &config, &report);
	if (r == 0)
		return export_config(path, config);
	pk_buf_init(&text, 0);
	if (r != -ENOMEM && pk_config_report_render(&report, &text) == 0 &&
	    text.len > 0)
		fputs(text.ptr, stderr);
	pk_buf_done(&text);
	return pk_input_failed(path, r == -ENOMEM ? "out of memory" : "not usable");
}

int
pk_cmd_opml(int argc, char **argv)
{
	int first;

	if (pk_options_read(argc, argv, NULL, 0, &first) != 0)
		return 2;
	int rest = argc - first - 1;
	const char *what = rest < 0 ? "" : argv[first];
	if (strcmp(what, "import") == 0 && rest > 0)
		return import_all(argv + first + 1, rest);
	if (strcmp(what, "export") == 0 && rest <= 1)
		return export_path(
		    rest == 1 ? argv[first + 1] : PK_CONFIG_DEFAULT_PATH);
	return pk_cmd_usage(argv[0]);
}
