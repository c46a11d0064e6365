/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/events.h"

#include "base/utf8.h"

/* Every so many code points it is known where one begins. */
#define MARK_STEP 64

/* A text and where it was read last: what an event says lies close together. */
struct cursor {
	struct pk_span text;
	uint32_t point;
	size_t byte;
	const size_t *marks; /* the bytes of points 0, MARK_STEP, ...; or NULL */
	size_t n_marks;
};

struct reader {
	struct cursor text;
	struct cursor title;
};

static bool
is_inside(struct pk_span text, size_t byte)
{
	return byte < text.len && ((unsigned char)text.ptr[byte] & 0xC0) == 0x80;
}

/* The byte at which a code point of clean UTF-8 begins; SIZE_MAX beyond its end. */
static size_t
byte_of(struct cursor *c, uint32_t point)
{
	uint32_t mark = point / MARK_STEP;

	if (mark < c->n_marks && c->point / MARK_STEP != mark) {
		c->point = mark * MARK_STEP;
		c->byte = c->marks[mark];
	}
	while (c->point < point && c->byte < c->text.len) {
		do
			c->byte++;
		while (is_inside(c->text, c->byte));
		c->point++;
	}
	while (c->point > point) {
		do
			c->byte--;
		while (is_inside(c->text, c->byte));
		c->point--;
	}
	return c->point == point ? c->byte : SIZE_MAX;
}

/* The part of the text that a range of code points means; absent beyond its end. */
static struct pk_span
part_of(struct reader *r, struct pk_range range)
{
	struct cursor *c = range.in_title ? &r->title : &r->text;
	size_t first = byte_of(c, range.start);
	size_t end = byte_of(c, range.end);

	if (first == SIZE_MAX || end == SIZE_MAX || end < first)
		return (struct pk_span){ NULL, 0 };
	return pk_span_slice(c->text, first, end);
}

static bool
says(struct reader *r, struct pk_range range, struct pk_span text)
{
	return range.start < range.end && pk_span_eq(part_of(r, range), text);
}

static bool
entities_hold(struct reader *r, const struct pk_entity *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (items[i].text.len == 0 ||
		    (items[i].has_range && !says(r, items[i].range, items[i].text)))
			return false;
	}
	return true;
}

static bool
cues_hold(struct reader *r, const struct pk_modality *m)
{
	for (size_t i = 0; i < m->n_cues; i++) {
		if (!says(r, m->cues[i].range, m->cues[i].text))
			return false;
	}
	return true;
}

/* What is not the act itself: what it is about, how many, who else. */
static const char *
check_details(const struct pk_event *e, struct reader *r)
{
	for (size_t i = 0; i < e->n_topics; i++) {
		if (!says(r, e->topics[i].range, e->topics[i].text))
			return "a topic's span";
	}
	for (size_t i = 0; i < e->n_counts; i++) {
		if (!says(r, e->counts[i].range, e->counts[i].text))
			return "a count's span";
		if (e->counts[i].unit.len == 0 ||
		    (e->counts[i].what.len > 0 &&
			pk_span_find(e->counts[i].text, e->counts[i].what, 0) ==
			    SIZE_MAX))
			return "what a count counts";
	}
	for (size_t i = 0; i < e->n_participants; i++) {
		if (e->participants[i].part == PK_PART_NONE)
			return "a participant's part";
	}
	if (!entities_hold(r, e->participants, e->n_participants))
		return "a participant's span";
	return cues_hold(r, &e->modality) ? NULL : "a modality cue's span";
}

static const char *
check(const struct pk_event *event, struct reader *reader)
{
	const struct pk_statement *s = &event->statement;
	struct reader r = *reader;

	if (!says(&r, event->trigger_range, event->trigger))
		return "the trigger's span";
	for (size_t i = 0; i < event->n_mentions; i++) {
		if (part_of(&r, event->mentions[i]).len == 0)
			return "a mention's span";
	}
	if (!entities_hold(&r, event->actors, event->n_actors))
		return "an actor's span";
	if (!entities_hold(&r, event->recipients, event->n_recipients))
		return "a recipient's span";
	if (event->time.has_range && !says(&r, event->time.range, event->time.text))
		return "the time's span";
	if (event->place.has_range && !says(&r, event->place.range, event->place.text))
		return "the place's span";
	for (size_t i = 0; i < event->n_sources; i++) {
		if (event->sources[i].has_range &&
		    !says(&r, event->sources[i].range, event->sources[i].text))
			return "a source's span";
	}
	if (s->n_contents > 0 && !says(&r, s->contents[0], s->content))
		return "the content's span";
	if (s->form != PK_FORM_NONE && !says(&r, s->cue_range, s->cue))
		return "the cue's span";
	if (event->modality.status == 0)
		return "the modality's status";
	return check_details(event, &r);
}

const char *
pk_event_check(const struct pk_event *event, const struct pk_article *article)
{
	struct reader r = { .text = { .text = article->text },
		.title = { .text = article->title } };

	return check(event, &r);
}

const char *
pk_events_check(struct pk_arena *arena, const struct pk_event *events, size_t n,
    const struct pk_article *article)
{
	size_t n_marks = pk_utf8_count(article->text) / MARK_STEP + 1;
	size_t *marks = pk_arena_calloc(arena, n_marks, sizeof(*marks));
	struct reader r = { .text = { .text = article->text },
		.title = { .text = article->title } };
	const char *wrong = NULL;

	for (size_t i = 0; marks != NULL && i < n_marks; i++)
		marks[i] = byte_of(&r.text, (uint32_t)i * MARK_STEP);
	r.text.marks = marks;
	r.text.n_marks = marks == NULL ? 0 : n_marks;
	for (size_t i = 0; i < n && wrong == NULL; i++)
		wrong = check(&events[i], &r);
	return wrong;
}
