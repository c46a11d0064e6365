/* SPDX-License-Identifier: Apache-2.0 */
/* peyk feeds - how each feed of the running daemon fares. */
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/date_formats.h"
#include "tool/cmd.h"
#include "tool/control_client.h"
#include "tool/fields.h"
#include "tool/input.h"
#include "tool/line.h"
#include "tool/output.h"

#define STATE_COLUMN 26

/* What a state looks like; the others are troubles. */
static const struct look {
	const char *state;
	enum pk_paint paint;
} looks[] = {
	{ "up", PK_PAINT_GREEN },
	{ "new", PK_PAINT_CYAN },
	{ "off", PK_PAINT_DIM },
	{ "slow", PK_PAINT_YELLOW },
	{ "stale", PK_PAINT_YELLOW },
};

static enum pk_paint
paint_of(struct pk_span state)
{
	for (size_t i = 0; i < PK_COUNT(looks); i++) {
		if (pk_span_eq(state, pk_span_of(looks[i].state)))
			return looks[i].paint;
	}
	return PK_PAINT_RED;
}

/* "last good 3 min ago", "next poll in 2 h 5 min", "next poll due". */
static void
put_when(struct pk_line *line, const json_t *feed, const char *key, const char *label,
    int64_t now_s)
{
	struct pk_moment moment;

	if (pk_date_parse(pk_field_text(feed, key), 0, &moment) < 0)
		return;
	int64_t ahead_s = moment.time_s - now_s;
	pk_line_put(line, label);
	if (ahead_s > 0)
		pk_line_put(line, "in ");
	pk_line_duration(line, ahead_s < 0 ? -ahead_s : ahead_s);
	if (ahead_s <= 0)
		pk_line_put(line, " ago");
}

static void
put_rhythm(struct pk_line *line, const json_t *feed)
{
	json_int_t own_s = pk_field_number(feed, "interval_s"),
		   gap_s = pk_field_number(feed, "gap_s");

	if (gap_s > 0) {
		pk_line_put(line, ", news about every ");
		pk_line_duration(line, gap_s);
	}
	if (own_s > 0) {
		pk_line_put(line, ", asked every ");
		pk_line_duration(line, own_s);
	}
}

static void
print_trouble(struct pk_line *line, const json_t *feed)
{
	struct pk_span error = pk_field_text(feed, "error");
	char text[48];

	if (error.len == 0)
		return;
	pk_line_put(line, "    ");
	pk_line_paint(line, PK_PAINT_RED);
	pk_line_text(line, pk_field_text(feed, "error_class"), 24);
	if (pk_field_text(feed, "error_class").len > 0)
		pk_line_put(line, ": ");
	pk_line_text(line, error, 0);
	pk_line_paint(line, PK_PAINT_PLAIN);
	if (pk_field_number(feed, "failures") > 0) {
		snprintf(text, sizeof(text), " (failure %lld in a row)",
		    (long long)pk_field_number(feed, "failures"));
		pk_line_put(line, text);
	}
	pk_line_print(line);
}

static void
print_place(struct pk_line *line, const json_t *feed)
{
	struct pk_span location = pk_field_text(feed, "location");

	if (location.len == 0)
		return;
	pk_line_put(line, "    moved to ");
	pk_line_text(line, location, 0);
	pk_line_print(line);
}

static void
print_hub(struct pk_line *line, const json_t *feed, int64_t now_s)
{
	const json_t *websub = json_object_get(feed, "websub");
	char text[48];

	if (websub == NULL)
		return;
	pk_line_put(line, "    hub ");
	pk_line_text(line, pk_field_text(websub, "state"), 12);
	put_when(line, websub, "lease_until", ", its lease ends ", now_s);
	snprintf(text, sizeof(text), ", %lld pushes",
	    (long long)pk_field_number(websub, "pushes"));
	pk_line_put(line, text);
	put_when(line, websub, "last_push", ", the last ", now_s);
	if (json_is_true(json_object_get(websub, "trusted")))
		pk_line_put(line, ", trusted");
	if (pk_field_text(websub, "error").len > 0) {
		pk_line_put(line, ": ");
		pk_line_text(line, pk_field_text(websub, "error"), 0);
	}
	pk_line_print(line);
}

static void
print_feed(struct pk_line *line, const json_t *feed, int64_t now_s)
{
	struct pk_span state = pk_field_text(feed, "state");

	pk_line_paint(line, PK_PAINT_BOLD);
	pk_line_text(line, pk_field_text(feed, "id"), 32);
	pk_line_paint(line, PK_PAINT_PLAIN);
	pk_line_pad(line, STATE_COLUMN);
	pk_line_paint(line, paint_of(state));
	pk_line_text(line, state, 8);
	pk_line_paint(line, PK_PAINT_PLAIN);
	pk_line_pad(line, STATE_COLUMN + 9);
	if (pk_field_text(feed, "last_ok").len == 0)
		pk_line_put(line, "never read");
	put_when(line, feed, "last_ok", "last good ", now_s);
	put_when(line, feed, "next_poll", ", next poll ", now_s);
	put_rhythm(line, feed);
	pk_line_print(line);
	print_trouble(line, feed);
	print_place(line, feed);
	print_hub(line, feed, now_s);
}

static void
print_feeds(const json_t *feeds)
{
	struct pk_style style = pk_style_of(STDOUT_FILENO);
	struct pk_buf buf;
	struct pk_line line;

	style.width = 0; /* a reason that is cut off is none */
	pk_buf_init(&buf, 0);
	pk_line_init(&line, &style, &buf);
	for (size_t i = 0; i < json_array_size(feeds); i++)
		print_feed(&line, json_array_get(feeds, i), pk_wall_s());
	pk_buf_done(&buf);
}

int
pk_cmd_feeds(int argc, char **argv)
{
	const char *path = PK_CONTROL_DEFAULT;
	bool json = false, problems = false;
	const struct pk_option options[] = {
		{ .name = "control", .value = &path },
		{ .name = "json", .flag = &json },
		{ .name = "problems", .flag = &problems },
	};
	int first, r = pk_options_read(argc, argv, options, PK_COUNT(options), &first);

	if (r != 0)
		return r;
	if (argc - first > 1)
		return pk_cmd_usage(argv[0]);
	json_t *request =
	    json_pack("{ss sb}", "command", "feeds", "problems", problems);
	if (first < argc)
		json_object_set_new(request, "feed", json_string(argv[first]));
	json_t *answer = pk_control_ask_or_say(path, request);
	if (answer == NULL)
		return 1;
	json_t *feeds = json_incref(json_object_get(answer, "feeds"));
	json_decref(answer);
	if (json)
		return pk_output_finish(pk_output_json(feeds));
	print_feeds(feeds);
	json_decref(feeds);
	return pk_output_finish(0);
}
