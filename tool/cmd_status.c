/* SPDX-License-Identifier: Apache-2.0 */
/* peyk status - how the running daemon fares. */
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/counter.h"
#include "tool/cmd.h"
#include "tool/control_client.h"
#include "tool/fields.h"
#include "tool/input.h"
#include "tool/line.h"
#include "tool/output.h"

#include <inttypes.h>
#include <time.h>

#define LABEL_COLUMNS 15

static void
put_number(struct pk_line *line, json_int_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, number);
	pk_line_put(line, text);
}

static void
put_label(struct pk_line *line, const char *label)
{
	pk_line_paint(line, PK_PAINT_DIM);
	pk_line_put(line, label);
	pk_line_paint(line, PK_PAINT_PLAIN);
	pk_line_pad(line, LABEL_COLUMNS);
}

static void
put_since(struct pk_line *line, int64_t at_ms)
{
	int64_t ago_s = (pk_wall_ms() - at_ms) / 1000;

	pk_line_duration(line, ago_s < 0 ? 0 : ago_s);
}

/* When that was, as somebody says it who has no clock at hand: "12 s ago". */
static void
put_ago(struct pk_line *line, int64_t at_ms)
{
	put_since(line, at_ms);
	pk_line_put(line, " ago");
}

/* By the reader's clock: "2026-11-22 00:31". */
static void
put_moment(struct pk_line *line, int64_t at_ms)
{
	time_t at = (time_t)(at_ms / 1000);
	struct tm parts;
	char text[32] = "";

	if (localtime_r(&at, &parts) != NULL)
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &parts);
	pk_line_put(line, text);
}

static void
put_bytes(struct pk_line *line, int64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	double value = (double)bytes;
	char text[32];
	size_t unit = 0;

	for (; value >= 1024 && unit + 1 < PK_COUNT(units); unit++)
		value /= 1024;
	snprintf(text, sizeof(text), "%.*f %s", value < 10 && unit > 0 ? 1 : 0, value,
	    units[unit]);
	pk_line_put(line, text);
}

/* What is wrong comes first. */
static void
print_degraded(struct pk_line *line, const json_t *status)
{
	struct pk_span why = pk_field_text(status, "degraded");

	if (why.len == 0)
		return;
	pk_line_paint(line, PK_PAINT_RED);
	pk_line_put(line, "degraded: the journal cannot be written: ");
	pk_line_text(line, why, 0);
	pk_line_print(line);
	pk_line_paint(line, PK_PAINT_RED);
	pk_line_put(line, "intake waits");
	int64_t since_ms = pk_field_number(status, "degraded_since_ms");
	if (since_ms != 0) {
		pk_line_put(line, " since ");
		put_moment(line, since_ms);
		pk_line_put(line, " (");
		put_since(line, since_ms);
		pk_line_put(line, ")");
	}
	pk_line_put(line,
	    ", replay goes on, nothing is lost; it ends by itself as soon as "
	    "the disk takes it");
	pk_line_print(line);
}

static void
print_damage(struct pk_line *line, const json_t *journal)
{
	struct pk_span damage = pk_field_text(journal, "damage");

	if (damage.len == 0)
		return;
	pk_line_paint(line, PK_PAINT_RED);
	pk_line_put(line, "the database is damaged: stop peykd and restore a backup: ");
	pk_line_text(line, damage, 0);
	pk_line_print(line);
}

static void
print_head(struct pk_line *line, const json_t *status)
{
	pk_line_paint(line, PK_PAINT_BOLD);
	pk_line_put(line, "peykd ");
	pk_line_text(line, pk_field_text(status, "version"), 32);
	pk_line_paint(line, PK_PAINT_PLAIN);
	pk_line_put(line, " ");
	pk_line_text(line, pk_field_text(status, "instance"), 64);
	pk_line_put(line, ", up ");
	pk_line_duration(line, pk_field_number(status, "uptime_s"));
	pk_line_print(line);
	print_degraded(line, status);
	print_damage(line, json_object_get(status, "journal"));

	put_label(line, "feeds");
	put_number(line, pk_field_number(status, "feeds"));
	pk_line_put(line, " (configuration ");
	put_number(line, pk_field_number(status, "generation"));
	pk_line_put(line, ")");
	pk_line_print(line);
}

/* A daemon of before does not tell. */
static void
print_peers(struct pk_line *line, const json_t *peers)
{
	if (peers == NULL)
		return;
	put_label(line, "connected");
	put_number(line, pk_field_number(peers, "events"));
	pk_line_put(line, " to the stream, ");
	put_number(line, pk_field_number(peers, "replay"));
	pk_line_put(line, " to replay");
	if (json_object_get(peers, "keys") != NULL) {
		pk_line_put(line, ", known keys: ");
		put_number(line, pk_field_number(peers, "keys"));
	}
	pk_line_print(line);
}

/* After a crash; else nothing is said of it. */
static void
print_check(struct pk_line *line, const json_t *journal)
{
	static const struct {
		const char *state;
		const char *words;
	} words[] = {
		{ "checking", "the last stop was none: it is looked through now" },
		{ "whole", "the last stop was none: looked through, and whole" },
		{ "unknown",
		    "the last stop was none, and it could not be looked through: "
		    "see the log" },
	};
	struct pk_span state = pk_field_text(journal, "integrity");

	for (size_t i = 0; i < PK_COUNT(words); i++) {
		if (!pk_span_eq(state, pk_span_of(words[i].state)))
			continue;
		put_label(line, "database");
		pk_line_put(line, words[i].words);
		pk_line_print(line);
	}
}

/* A daemon of before does not tell. */
static void
print_journal(struct pk_line *line, const json_t *journal)
{
	int64_t oldest_ms = pk_field_number(journal, "oldest_ms");
	int64_t newest_ms = pk_field_number(journal, "newest_ms");
	int64_t checkpoint_ms = pk_field_number(journal, "checkpoint_ms");

	if (journal == NULL)
		return;
	if (oldest_ms != 0) {
		put_label(line, "from");
		put_moment(line, oldest_ms);
		pk_line_put(line, " to ");
		put_moment(line, newest_ms);
		pk_line_put(line, " (the newest ");
		put_ago(line, newest_ms);
		pk_line_put(line, ")");
		pk_line_print(line);
	}
	put_label(line, "journal");
	put_bytes(line, pk_field_number(journal, "bytes"));
	pk_line_put(line, " of ");
	put_bytes(line, pk_field_number(journal, "bytes_max"));
	pk_line_put(line, ", kept for ");
	pk_line_duration(line, pk_field_number(journal, "age_max_ms") / 1000);
	pk_line_print(line);
	put_label(line, "write-ahead");
	put_bytes(line, pk_field_number(journal, "wal_bytes"));
	if (checkpoint_ms != 0) {
		pk_line_put(line, ", moved into the database ");
		put_ago(line, checkpoint_ms);
	}
	pk_line_print(line);
	print_check(line, journal);
}

/* Clients that keep their place here, and how far behind they are. */
static void
print_consumers(struct pk_line *line, const json_t *consumers)
{
	size_t i;
	json_t *consumer;

	json_array_foreach(consumers, i, consumer)
	{
		struct pk_span key = pk_field_text(consumer, "key");
		put_label(line, i == 0 ? "consumers" : "");
		pk_line_text(line, key, 64);
		if (key.len > 0)
			pk_line_put(line, "/");
		pk_line_text(line, pk_field_text(consumer, "name"), 64);
		pk_line_put(line, " ");
		put_number(line, pk_field_number(consumer, "lag"));
		pk_line_put(line, " behind, heard of ");
		put_ago(line, pk_field_number(consumer, "seen_ms"));
		pk_line_print(line);
	}
}

static void
print_stream(struct pk_line *line, const json_t *status)
{
	json_int_t oldest = pk_field_number(status, "oldest");
	json_int_t head = pk_field_number(status, "head");

	put_label(line, "messages");
	if (oldest > head) {
		pk_line_put(line, "none, the next is ");
		put_number(line, head + 1);
	} else {
		put_number(line, oldest);
		pk_line_put(line, " to ");
		put_number(line, head);
	}
	pk_line_put(line, " (epoch ");
	pk_line_text(line, pk_field_text(status, "epoch"), 32);
	pk_line_put(line, ")");
	pk_line_print(line);
	print_journal(line, json_object_get(status, "journal"));
	print_consumers(line, json_object_get(status, "consumers"));
	put_label(line, "subscriptions");
	put_number(line, pk_field_number(status, "subscriptions"));
	pk_line_print(line);
	print_peers(line, json_object_get(status, "peers"));
	put_label(line, "in work");
	put_number(line, pk_field_number(status, "work_queue"));
	pk_line_put(line, " wait for a worker, ");
	put_number(line, pk_field_number(status, "store_queue"));
	pk_line_put(line, " for the disk");
	pk_line_print(line);
}

/* A daemon of another version counts other things: those stand without an explanation.
 */
static const char *
help_of(const char *name)
{
	for (enum pk_counter c = 0; c < PK_COUNTERS; c++) {
		if (strcmp(pk_counter_name(c), name) == 0)
			return pk_counter_help(c);
	}
	return "";
}

static void
print_counters(struct pk_line *line, json_t *counters)
{
	const char *name;
	json_t *value;

	json_object_foreach(counters, name, value)
	{
		char number[24];
		if (json_integer_value(value) == 0)
			continue;
		snprintf(number, sizeof(number), "%12" JSON_INTEGER_FORMAT,
		    json_integer_value(value));
		pk_line_put(line, number);
		pk_line_put(line, "  ");
		pk_line_text(line, pk_span_of(name), 32);
		pk_line_pad(line, 38);
		pk_line_paint(line, PK_PAINT_DIM);
		pk_line_put(line, help_of(name));
		pk_line_print(line);
	}
}

static void
print_status(const json_t *status)
{
	struct pk_style style = pk_style_of(STDOUT_FILENO);
	struct pk_buf buf;
	struct pk_line line;

	pk_buf_init(&buf, 0);
	pk_line_init(&line, &style, &buf);
	print_head(&line, status);
	print_stream(&line, status);
	print_counters(&line, json_object_get(status, "counters"));
	pk_buf_done(&buf);
}

int
pk_cmd_status(int argc, char **argv)
{
	const char *path = PK_CONTROL_DEFAULT;
	bool json = false;
	const struct pk_option options[] = {
		{ .name = "control", .value = &path },
		{ .name = "json", .flag = &json },
	};
	int first, r = pk_options_read(argc, argv, options, PK_COUNT(options), &first);

	if (r != 0)
		return r;
	if (first < argc)
		return pk_cmd_usage(argv[0]);
	json_t *status =
	    pk_control_ask_or_say(path, json_pack("{ss}", "command", "status"));
	if (status == NULL)
		return 1;
	if (json)
		return pk_output_finish(pk_output_json(status));
	print_status(status);
	json_decref(status);
	return pk_output_finish(0);
}
