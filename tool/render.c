/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/render.h"

#include "base/cleanup.h"
#include "base/date_formats.h"
#include "base/utf8.h"
#include "publish/cloud_event.h"
#include "tool/fields.h"

#include <time.h>

#define KIND_COLUMNS  18 /* "CONSULT multilateral" is longer, and pushes the rest */
#define NAME_COLUMNS  30
#define NAMES_MAX     4 /* of one side */
#define PIECE_COLUMNS 100
#define PIECE_LEAST   10 /* columns; in fewer no name and no word is begun */
#define WIDE_COLUMNS  100

/* ---- when ---- */

/* In a narrow terminal the hour is left out. */
static bool
is_wide(const struct pk_line *line)
{
	return line->style.width == 0 || line->style.width >= WIDE_COLUMNS;
}

static size_t
local_time(int64_t time_s, char text[static PK_DATE_TEXT_MAX])
{
	time_t t = (time_t)time_s;
	struct tm tm;

	if (localtime_r(&t, &tm) == NULL)
		return 0;
	return strftime(text, PK_DATE_TEXT_MAX, "%Y-%m-%d %H:%M", &tm);
}

/* A date as a date, a moment in local time; what is no date as it is. */
static void
put_when(struct pk_line *line, struct pk_span when, unsigned date_columns)
{
	char text[PK_DATE_TEXT_MAX];
	struct pk_moment moment;
	struct pk_span shown = pk_span_slice(when, 0, 16);

	if (pk_date_parse(when, 0, &moment) == 0 && moment.has_time) {
		size_t len = local_time(moment.time_s, text);
		shown = (struct pk_span){ text, is_wide(line) ? len : 10 };
	}
	if (date_columns > 0)
		shown = pk_span_slice(shown, 0, date_columns);
	if (shown.len == 0)
		pk_line_put(line, "-");
	pk_line_text(line, shown, 16);
	pk_line_pad(line, is_wide(line) ? 18 : 12);
}

/* "2022-02-01" of something that happened in some day of that month is "2022-02". */
static unsigned
date_columns(struct pk_span precision)
{
	if (pk_span_eq(precision, PK_SPAN("month")))
		return 7;
	if (pk_span_eq(precision, PK_SPAN("year")))
		return 4;
	return 0;
}

static unsigned
text_column(const struct pk_line *line)
{
	return (is_wide(line) ? 18 : 12) + KIND_COLUMNS;
}

/* ---- what ---- */

static enum pk_paint
paint_of_event(const json_t *event)
{
	/* by quad class: talk and deeds of cooperation, words and deeds of conflict */
	static const enum pk_paint paints[] = { PK_PAINT_CYAN, PK_PAINT_GREEN,
		PK_PAINT_GREEN, PK_PAINT_YELLOW, PK_PAINT_RED };
	json_int_t quad = json_integer_value(json_object_get(event, "quad"));

	return quad >= 0 && quad < (json_int_t)PK_COUNT(paints) ? paints[quad]
								: PK_PAINT_PLAIN;
}

/* How real it is: "(hoped, denied)", and nothing for what is told as a fact. */
static void
put_modality(struct pk_line *line, const json_t *modality)
{
	const json_t *words = json_object_get(modality, "status");
	const char *before = " (";

	if (pk_span_eq(pk_field_text(modality, "polarity"), PK_SPAN("neg"))) {
		pk_line_put(line, " (not");
		before = ", ";
	}
	for (size_t i = 0; i < json_array_size(words); i++) {
		const char *word = json_string_value(json_array_get(words, i));
		if (word == NULL || strcmp(word, "asserted") == 0 ||
		    strcmp(word, "reported") == 0)
			continue;
		pk_line_put(line, before);
		pk_line_text(line, pk_span_of(word), 16);
		before = ", ";
	}
	if (before[0] == ',')
		pk_line_put(line, ")");
}

static void
put_kind(struct pk_line *line, const json_t *event)
{
	const json_t *cue = json_object_get(json_object_get(event, "statement"), "cue");
	struct pk_span mode = pk_field_text(event, "mode");
	struct pk_span op = pk_field_text(event, "op");

	if (pk_field_text(event, "merged_into").len > 0)
		op = PK_SPAN("merged"); /* it goes on under another id */
	if (mode.len == 0)
		mode = pk_field_text(cue, "class");
	if (op.len > 0 && !pk_span_eq(op, PK_SPAN("new"))) {
		pk_line_paint(line, PK_PAINT_BOLD);
		pk_line_text(line, op, 16);
		pk_line_put(line, " ");
	}
	pk_line_paint(line, paint_of_event(event));
	pk_line_text(line, pk_field_text(event, "type"), 16);
	if (mode.len > 0) {
		pk_line_put(line, " ");
		pk_line_text(line, mode, 24);
	}
	put_modality(line, json_object_get(event, "modality"));
	pk_line_paint(line, PK_PAINT_PLAIN);
	pk_line_pad(line, text_column(line));
}

/* ---- who ---- */

static struct pk_span
label_of(const json_t *entity)
{
	const json_t *name = json_object_get(entity, "name");
	struct pk_span labels[] = { pk_field_text(name, "latin"),
		pk_field_text(name, "native"),
		pk_field_text(json_object_get(entity, "role"), "en"),
		pk_field_text(entity, "text") };

	for (size_t i = 0; i < PK_COUNT(labels); i++) {
		if (labels[i].len > 0)
			return labels[i];
	}
	return PK_SPAN("?");
}

static void
put_entity(struct pk_line *line, const json_t *entity)
{
	struct pk_span country = pk_field_text(entity, "country");

	pk_line_text(line, label_of(entity), NAME_COLUMNS);
	if (country.len > 0) {
		pk_line_paint(line, PK_PAINT_DIM);
		pk_line_put(line, " ");
		pk_line_text(line, country, 3);
		pk_line_paint(line, PK_PAINT_PLAIN);
	}
}

static void
put_side(struct pk_line *line, const json_t *entities)
{
	size_t n = json_array_size(entities);
	char more[32];

	for (size_t i = 0; i < n; i++) {
		if (i == NAMES_MAX || (i > 0 && pk_line_room(line) < PIECE_LEAST)) {
			snprintf(more, sizeof(more), " +%zu", n - i);
			pk_line_put(line, more);
			return;
		}
		if (i > 0)
			pk_line_put(line, " + ");
		put_entity(line, json_array_get(entities, i));
	}
}

/* Actors, an arrow, recipients; "?" for whom the text leaves unnamed. */
static void
put_parties(struct pk_line *line, const json_t *event)
{
	const json_t *actors = json_object_get(event, "actors");
	const json_t *recipients = json_object_get(event, "recipients");

	if (json_array_size(actors) == 0)
		pk_line_put(line, "?");
	put_side(line, actors);
	if (json_array_size(recipients) > 0) {
		pk_line_put(line, " ");
		pk_line_text(line, PK_SPAN("\xE2\x86\x92"), 1);
		pk_line_put(line, " ");
		put_side(line, recipients);
	}
}

/* A place that the text names; a default that follows from a role says nothing new. */
static void
put_place(struct pk_line *line, const json_t *place)
{
	struct pk_span how = pk_field_text(place, "how");

	if (pk_line_room(line) < PIECE_LEAST * 2 ||
	    (!pk_span_eq(how, PK_SPAN("stated")) &&
		!pk_span_eq(how, PK_SPAN("dateline"))))
		return;
	pk_line_paint(line, PK_PAINT_DIM);
	pk_line_put(line, " in ");
	pk_line_text(line, label_of(place), NAME_COLUMNS);
	pk_line_paint(line, PK_PAINT_PLAIN);
}

/* ---- the words ---- */

static void
put_piece(struct pk_line *line, struct pk_span words)
{
	if (pk_line_room(line) >= PIECE_LEAST)
		pk_line_text(line, words, PIECE_COLUMNS);
}

static void
put_event(struct pk_line *line, const json_t *event)
{
	const json_t *when = json_object_get(event, "time");
	const json_t *content =
	    json_object_get(json_object_get(event, "statement"), "content");

	put_when(line, pk_field_text(when, "start"),
	    date_columns(pk_field_text(when, "precision")));
	put_kind(line, event);
	put_parties(line, event);
	put_place(line, json_object_get(event, "place"));
	if (content != NULL) {
		pk_line_put(line, ": ");
		put_piece(line, pk_field_text(content, "text"));
	} else {
		pk_line_put(line, "  ");
		put_piece(
		    line, pk_field_text(json_object_get(event, "trigger"), "text"));
	}
}

static void
put_article(struct pk_line *line, const json_t *message)
{
	const json_t *article = json_object_get(message, "data");
	const json_t *publisher = json_object_get(article, "publisher");
	struct pk_span when = pk_field_text(article, "published");
	struct pk_span who = pk_field_text(publisher, "id");

	put_when(line, when.len > 0 ? when : pk_field_text(message, "time"), 0);
	pk_line_put(line, "article ");
	pk_line_text(line, who.len > 0 ? who : pk_field_text(article, "feed"), 32);
	pk_line_pad(line, text_column(line));
	put_piece(line, pk_field_text(article, "title"));
}

static void
put_feed(struct pk_line *line, const json_t *message)
{
	const json_t *feed = json_object_get(message, "data");
	struct pk_span reason = pk_field_text(feed, "reason");

	put_when(line, pk_field_text(message, "time"), 0);
	pk_line_put(line, "feed ");
	pk_line_text(line, pk_field_text(feed, "feed"), 32);
	pk_line_pad(line, text_column(line));
	pk_line_text(line, pk_field_text(feed, "state"), 16);
	if (reason.len > 0) {
		pk_line_put(line, ": ");
		pk_line_text(line, reason, PIECE_COLUMNS);
	}
}

static void
put_unknown(struct pk_line *line, const json_t *message)
{
	put_when(line, pk_field_text(message, "time"), 0);
	pk_line_text(line, pk_field_text(message, "type"), 48);
	pk_line_put(line, " ");
	pk_line_text(line, pk_field_text(message, "id"), 48);
}

int
pk_render_message(
    const json_t *message, const struct pk_style *style, struct pk_buf *ret_line)
{
	struct pk_span type = pk_field_text(message, "type");
	struct pk_line line;

	pk_line_init(&line, style, ret_line);
	if (pk_span_eq(type, PK_SPAN(PK_CLOUD_EVENT_EVENT))) {
		put_event(&line, json_object_get(message, "data"));
		return pk_line_end(&line);
	}
	pk_line_paint(&line, PK_PAINT_DIM);
	if (pk_span_eq(type, PK_SPAN(PK_CLOUD_EVENT_ARTICLE)))
		put_article(&line, message);
	else if (pk_span_eq(type, PK_SPAN(PK_CLOUD_EVENT_FEED)))
		put_feed(&line, message);
	else
		put_unknown(&line, message);
	return pk_line_end(&line);
}

int
pk_render_json(struct pk_span body, bool terminal, struct pk_buf *ret_line)
{
	uint32_t point;
	int r = 0;

	for (size_t at = 0, len; at < body.len && r == 0; at += len) {
		len = pk_utf8_decode(body, at, &point, NULL);
		if (point < 0x20)
			r = pk_buf_append_char(ret_line, ' ');
		else if (terminal && point >= 0x7F && point < 0xA0)
			r = pk_buf_printf(ret_line, "\\u%04x", (unsigned)point);
		else
			r = pk_buf_append(
			    ret_line, (struct pk_span){ body.ptr + at, len });
	}
	return r;
}

bool
pk_render_concerns(const json_t *message, struct pk_span country)
{
	static const char *const sides[] = { "actors", "recipients", "participants" };
	const json_t *event = json_object_get(message, "data");

	for (size_t i = 0; i < PK_COUNT(sides); i++) {
		const json_t *side = json_object_get(event, sides[i]);
		for (size_t j = 0; j < json_array_size(side); j++) {
			if (pk_span_eq(
				pk_field_text(json_array_get(side, j), "country"),
				country))
				return true;
		}
	}
	return false;
}
