/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/time.h"

#include "extract/events/reference.h"

#include "base/calendar.h"

#include <errno.h>

/* «گفتگوی تلفنی روز سه شنبه»، «اجلاس در سپتامبر»: from the noun to its date. */
#define BEHIND_MAX    2
#define DAYS_OF_MONTH 31

/*
 * What a thing is for, or until when, is no day of its signing:
 * «برنامه همکاری برای سال‌های ۲۰۲۶ و ۲۰۲۷».
 */
static bool
is_purpose(const struct pk_scene *scene, const struct pk_date_at *date)
{
	const struct pk_rules *rules = scene->story->rules;
	int role = date->first == 0 ? -1 : scene->notes[date->first - 1].preposition;

	/* «تا پایان سال»: until then it holds */
	if (date->first > 0 && pk_at_word(scene, date->first - 1, PK_CW_BIT(PURPOSE)))
		return true;
	return date->end_day - date->start_day > DAYS_OF_MONTH && role >= 0 &&
	       (role == pk_rules_role(rules, PK_SPAN("برای")) ||
		   role == pk_rules_role(rules, PK_SPAN("درباره")));
}

static const struct pk_date_at *
date_at(const struct pk_scene *scene, size_t token)
{
	int i = scene->notes[token].date;

	return i < 0 || scene->dates->items[i].time.start.len == 0 ||
		       is_purpose(scene, &scene->dates->items[i])
		   ? NULL
		   : &scene->dates->items[i];
}

/* The last date in [first, end) that lies in the draft's zone. */
static const struct pk_date_at *
last_date(const struct pk_draft *d, size_t first, size_t end)
{
	for (size_t t = end; t > first; t--) {
		const struct pk_date_at *date = date_at(d->scene, t - 1);

		if (date != NULL && d->scene->notes[t - 1].zone == d->zone)
			return date;
	}
	return NULL;
}

static const struct pk_date_at *
next_date(const struct pk_draft *d, size_t first, size_t end)
{
	for (size_t t = first; t < end; t++) {
		const struct pk_date_at *date = date_at(d->scene, t);

		if (date != NULL && d->scene->notes[t].zone == d->zone)
			return date;
	}
	return NULL;
}

static bool
is_noun(const struct pk_draft *d)
{
	return d->rule->form == PK_RULE_NOUN;
}

/* The end of the clause that goes on at `from`: its finite verb, or another clause. */
static size_t
clause_end(const struct pk_scene *scene, size_t from, size_t limit)
{
	size_t end = from;

	while (end < limit && pk_finite_at(scene, end) == NULL &&
	       !pk_at_word(scene, end, PK_CW_BIT(COMP)) &&
	       !pk_at_punct(scene, end, "؛") && !pk_at_punct(scene, end, ":"))
		end++;
	return end;
}

/* Behind a noun, before anything else is told. */
static const struct pk_date_at *
date_behind(const struct pk_draft *d)
{
	size_t end = d->end + BEHIND_MAX + 1;

	if (d->verb != PK_NOWHERE && d->scene->verbs.items[d->verb].end <= d->end)
		return NULL;
	if (end > d->scene->text->n_tokens)
		end = d->scene->text->n_tokens;
	return next_date(d, d->end, clause_end(d->scene, d->end, end));
}

/* «X که ... رفت،»: does the clause that begins at the token tell about a noun? */
static bool
is_relative(const struct pk_scene *scene, size_t clause, size_t floor)
{
	size_t t = clause;

	if (t <= floor + 1 || !pk_at_word(scene, t - 1, PK_CW_BIT(COMP)))
		return false;
	return scene->notes[t - 2].verb < 0;
}

/* The last date of the sentence before the draft, but in no clause about a noun. */
static const struct pk_date_at *
date_of_head(const struct pk_draft *d, size_t floor)
{
	const struct pk_scene *scene = d->scene;
	size_t end = pk_clause_start(scene, d->first, floor);

	if (is_relative(scene, end, floor))
		return NULL;
	while (end > floor) {
		size_t first = pk_clause_start(scene, end - 1, floor);
		const struct pk_date_at *date =
		    is_relative(scene, first, floor) ? NULL : last_date(d, first, end);

		if (date != NULL)
			return date;
		end = first;
	}
	return NULL;
}

static const struct pk_date_at *
find_date(const struct pk_draft *d)
{
	const struct pk_scene *scene = d->scene;
	const struct pk_sentence *s = pk_sentence_at(scene, d->first);
	const struct pk_date_at *date = date_behind(d);
	size_t from = d->clause < d->first ? d->clause : d->first;

	if (date == NULL)
		date = last_date(d, from, d->first);
	if (date == NULL && d->verb != PK_NOWHERE)
		date = next_date(d, d->end, scene->verbs.items[d->verb].first);
	if (date == NULL && is_noun(d))
		date = next_date(d, d->end, clause_end(scene, d->end, s->end));
	return date != NULL ? date : date_of_head(d, s->first);
}

/* Is its time one day? */
static bool
is_day(const struct pk_draft *draft)
{
	return draft->until == draft->day + 1;
}

/* Makes draft->day its time. */
static int
set_day(struct pk_draft *draft)
{
	struct pk_arena *arena = draft->scene->story->arena;
	struct pk_time *time = &draft->event.time;
	struct pk_date day = pk_gregorian_from_day(draft->day);
	struct pk_date next = pk_gregorian_from_day(draft->day + 1);

	draft->until = draft->day + 1;
	time->start =
	    pk_arena_printf(arena, "%04d-%02d-%02d", day.year, day.month, day.day);
	time->end =
	    pk_arena_printf(arena, "%04d-%02d-%02d", next.year, next.month, next.day);
	return time->start.ptr == NULL || time->end.ptr == NULL ? -ENOMEM : 0;
}

static int
publication_default(struct pk_draft *draft)
{
	const struct pk_story *story = draft->scene->story;
	struct pk_time *time = &draft->event.time;

	draft->day = story->day;
	if (set_day(draft) < 0)
		return -ENOMEM;
	time->precision = PK_PRECISION_DAY;
	time->calendar = PK_CALENDAR_NO;
	time->anchor = time->start;
	time->anchor_src = PK_ANCHOR_PUBLISHED;
	time->how = PK_TIME_PUBLICATION_DEFAULT;
	time->conf = 0.4;
	return 0;
}

/* «پنجشنبه به X می‌رود»: what is planned for a weekday is planned for
 * the next one.
 */
static bool
lies_ahead(const struct pk_draft *d)
{
	const uint32_t ahead =
	    1u << PK_STATUS_PLANNED | 1u << PK_STATUS_PROMISED | 1u << PK_STATUS_HOPED;

	return d->event.time.how == PK_TIME_WEEKDAY_LAST &&
	       (d->event.modality.status & ahead) != 0;
}

static int
next_week(struct pk_draft *d)
{
	if (!is_day(d))
		return 0;
	d->day += 7;
	d->event.time.how = PK_TIME_WEEKDAY_NEXT;
	return set_day(d);
}

/* The statement that the draft was heard in, where it has a day of its own; or NULL. */
static const struct pk_draft *
heard_on_a_day(const struct pk_draft *d)
{
	const struct pk_draft *said =
	    d->zone < 0 ? NULL : d->scene->story->drafts.items[d->zone];

	return said != NULL && said->dated && is_day(said) ? said : NULL;
}

/*
 * «امروز» in what was said on Tuesday is that Tuesday: moves a day that was counted
 * from the publication to what it is from the day of speaking.
 */
static int
anchor_to_speech(struct pk_draft *d, const struct pk_draft *said)
{
	struct pk_time *time = &d->event.time;
	int64_t ahead = said->day - d->scene->story->day;

	if (!is_day(d))
		return 0;
	if (time->how == PK_TIME_RELATIVE_DAY)
		d->day += ahead;
	else if (time->how == PK_TIME_WEEKDAY_LAST && d->day > said->day)
		d->day -= 7;
	else if (time->how != PK_TIME_WEEKDAY_LAST && time->how != PK_TIME_WEEKDAY_NEXT)
		return 0;
	time->anchor = said->event.time.start;
	time->anchor_src = PK_ANCHOR_UTTERANCE;
	return set_day(d);
}

/* What is said has no date: it belongs to the day on which it was said. */
static void
day_of_speech(struct pk_draft *d, const struct pk_draft *said)
{
	struct pk_time *time = &d->event.time;

	*time = (struct pk_time){ .start = said->event.time.start,
		.end = said->event.time.end,
		.precision = PK_PRECISION_DAY,
		.calendar = PK_CALENDAR_NO,
		.anchor = said->event.time.start,
		.anchor_src = PK_ANCHOR_UTTERANCE,
		.how = PK_TIME_PUBLICATION_DEFAULT,
		.conf = 0.4 };
}

/* The statement before, where the same one goes on: «وی افزود». Else NULL. */
static const struct pk_draft *
said_before(const struct pk_draft *d)
{
	const struct pk_story *story = d->scene->story;
	const struct pk_draft *before = NULL;

	if (d->event.statement.form == PK_FORM_NONE || d->event.n_actors == 0)
		return NULL;
	for (size_t i = 0; i < story->drafts.len && story->drafts.items[i] != d; i++) {
		if (story->drafts.items[i]->event.statement.form != PK_FORM_NONE &&
		    story->drafts.items[i]->zone == d->zone)
			before = story->drafts.items[i];
	}
	return before != NULL && before->dated && is_day(before) &&
		       pk_same_entity(&before->event.actors[0], &d->event.actors[0])
		   ? before
		   : NULL;
}

static void
same_occasion(struct pk_draft *d, const struct pk_draft *before)
{
	d->event.time = before->event.time;
	d->event.time.conf *= 0.8;
	d->dated = true;
	d->day = before->day;
	d->until = before->until;
}

int
pk_time_give(struct pk_draft *draft)
{
	const struct pk_date_at *date = draft->scene->title ? NULL : find_date(draft);
	const struct pk_draft *said = heard_on_a_day(draft);
	const struct pk_draft *before = date == NULL ? said_before(draft) : NULL;

	if (before != NULL) {
		same_occasion(draft, before);
		return 0;
	}
	if (date == NULL && said != NULL) {
		day_of_speech(draft, said);
		return 0;
	}
	if (date == NULL)
		return draft->scene->story->has_day ? publication_default(draft) : 0;
	draft->event.time = date->time;
	draft->dated = true;
	draft->day = date->start_day;
	draft->until = date->end_day;
	if (lies_ahead(draft))
		return next_week(draft);
	return said == NULL ? 0 : anchor_to_speech(draft, said);
}
