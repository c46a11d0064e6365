/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/feed_reader.h"

#include "base/counter.h"
#include "base/date_formats.h"
#include "daemon/quarantine.h"
#include "fetch/feed/discover.h"
#include "fetch/feed/feed.h"
#include "fetch/feed/sniff.h"

#include <errno.h>

/* So many children of an index are read at one poll, the newest first. */
#define PARTS_MAX 10

/* A child of which the index does not say when it changed is read again after this. */
#define PART_AGAIN_MS INT64_C(3600000)

/* Clocks of feeds that name no zone are their country's; only Iran's is known so far,
 * and who writes Jalali dates without one means it. */
static int
default_offset_min(const struct pk_doc *doc)
{
	bool iran = pk_span_eq(doc->publisher.country, PK_SPAN("IRN"));

	return iran ? PK_OFFSET_IRAN : PK_OFFSET_UNKNOWN;
}

static struct pk_feed_context
context_of(const struct pk_outcome *outcome)
{
	const struct pk_doc *doc = outcome->doc;
	struct pk_span links = outcome->feed.links;

	return (struct pk_feed_context){
		.url = doc->url,
		.location = outcome->feed.content_location,
		.content_type = doc->content_type,
		.default_offset_min = default_offset_min(doc),
		.now_s = doc->fetched_ms / 1000,
		.links = pk_span_eq(links, PK_SPAN("auto")) ? pk_span_of(NULL) : links,
	};
}

/* ---- what was read ---- */

static struct pk_span
time_text(struct pk_arena *arena, int64_t time_s)
{
	char text[PK_DATE_TEXT_MAX];
	size_t len = pk_date_format_utc(time_s, text);

	return pk_arena_copy(arena, (struct pk_span){ text, len });
}

/* A time that is doubted dates nothing; how it was written is kept. */
static struct pk_poll_entry
entry_of(struct pk_arena *arena, const struct pk_feed_entry *from)
{
	const struct pk_feed_time *time = &from->published;
	struct pk_poll_entry entry = {
		.key = pk_span_of(from->key),
		.link = from->link,
		.title = from->title,
		.published_raw = time->raw,
		.published_source = time->source,
		.content_hash = pk_span_of(from->content_hash),
	};

	if (time->known)
		entry.published_confidence =
		    pk_span_of(pk_feed_confidence_name(time->confidence));
	if (time->known && time->confidence != PK_FEED_TIME_DOUBTED) {
		entry.published_s = time->time_s;
		entry.published = time_text(arena, time->time_s);
	}
	return entry;
}

/*
 * The entries as polling needs them, behind those of other parts. Keys and hashes are
 * borrowed from the feed, which lives in the same arena.
 */
static int
take_entries(const struct pk_feed *feed, struct pk_outcome *outcome)
{
	struct pk_arena *arena = outcome->doc->arena;

	for (size_t i = 0; i < feed->n_entries; i++) {
		struct pk_poll_entry *entry =
		    pk_array_push(arena, &outcome->feed.entries);
		if (entry == NULL)
			return -ENOMEM;
		*entry = entry_of(arena, &feed->entries[i]);
	}
	outcome->feed.partial = outcome->feed.partial || feed->partial;
	pk_count_add(PK_COUNT_FEED_ENTRIES, feed->n_entries);
	pk_count_add(PK_COUNT_FEED_ENTRIES_REFUSED, feed->n_refused);
	return 0;
}

static void
take_about(const struct pk_feed *feed, struct pk_feed_reading *reading)
{
	const struct pk_feed_hints *hints = &feed->hints;

	reading->about = (struct pk_poll_about){
		.title = feed->title,
		.format = pk_span_of(pk_feed_format_name(feed->format)),
		.ttl_s = hints->ttl_s,
		.period_s = hints->period_s,
		.skip_hours = hints->skip_hours,
		.skip_days = hints->skip_days,
		/* what the server says of it comes first */
		.hub = reading->hub.len > 0 ? reading->hub : hints->hub,
		.topic = reading->self.len > 0 ? reading->self : hints->self,
	};
	if (reading->moved.len == 0)
		reading->moved = hints->moved;
}

/* ---- indexes ---- */

static int
add_part(struct pk_arena *arena, struct pk_poll_parts *parts,
    const struct pk_poll_part *part)
{
	struct pk_poll_part *slot = pk_array_push(arena, parts);

	if (slot == NULL)
		return -ENOMEM;
	*slot = *part;
	return 0;
}

static int
compare_newest(const void *a, const void *b)
{
	const struct pk_feed_part *x = a, *y = b;

	return (x->changed.time_s < y->changed.time_s) -
	       (x->changed.time_s > y->changed.time_s);
}

/* What is to become of one child of an index. */
static int
want_part(
    struct pk_db *reader, const struct pk_poll_part *part, struct pk_outcome *outcome)
{
	struct pk_feed_reading *reading = &outcome->feed;
	const struct pk_doc *doc = outcome->doc;
	int r = pk_poll_part_is_due(
	    reader, doc->feed, part, doc->fetched_ms, PART_AGAIN_MS);

	if (r < 0)
		return r;
	/* what the index does not say, it cannot vouch for */
	if (part->changed_s == 0 || r == PK_POLL_PART_RESTS)
		reading->in_part = true;
	if (r != PK_POLL_PART_DUE)
		return 0;
	if (reading->wanted.len < PARTS_MAX)
		return add_part(doc->arena, &reading->wanted, part);
	if (!reading->known)
		return add_part(doc->arena, &reading->parts, part);
	reading->in_part = true;
	return 0;
}

/*
 * Which children of an index are to be read: those that changed, the newest first, a
 * few at a time; the rest comes with the next polls. The first time what is beyond
 * those few is the archive, and counts as read.
 */
static int
want_parts(struct pk_db *reader, const struct pk_feed *feed, struct pk_outcome *outcome)
{
	struct pk_feed_reading *reading = &outcome->feed;

	if (feed->n_parts > 0)
		qsort(feed->parts, feed->n_parts, sizeof(*feed->parts), compare_newest);
	for (size_t i = 0; i < feed->n_parts; i++) {
		const struct pk_feed_part *from = &feed->parts[i];
		const struct pk_poll_part part = { .url = from->url,
			.changed_s = from->changed.known ? from->changed.time_s : 0 };
		struct pk_span *url =
		    pk_array_push(outcome->doc->arena, &reading->listed);
		if (url == NULL)
			return -ENOMEM;
		*url = part.url;
		int r = want_part(reader, &part, outcome);
		if (r < 0)
			return r;
	}
	if (reading->partial)
		reading->listed.len = 0;
	return 0;
}

/* A child that could not be read stays due. */
static int
end_part(struct pk_outcome *outcome, const struct pk_feed *feed)
{
	struct pk_feed_reading *reading = &outcome->feed;
	struct pk_poll_part part = reading->wanted.items[reading->n_asked - 1];

	outcome->missed = NULL;
	part.failed = feed == NULL;
	reading->partial = reading->partial || feed == NULL;
	int r = add_part(outcome->doc->arena, &reading->parts, &part);
	return r < 0 || feed == NULL ? r : take_entries(feed, outcome);
}

/* ---- what could not be read ---- */

static void
fail(struct pk_outcome *outcome, enum pk_failure failure, const char *error)
{
	outcome->kind = PK_OUTCOME_POLL_FAILED;
	outcome->failure = failure;
	outcome->error = error;
}

/* A site's page in place of a feed may say where the feed is. */
static void
look_for_feed(struct pk_outcome *outcome, const struct pk_feed_context *context)
{
	struct pk_feed_candidates found;
	struct pk_doc *doc = outcome->doc;

	if (pk_feed_discover(doc->arena, doc->bytes, context, &found) == 0 &&
	    found.n > 0 && found.items[0].finding != PK_FEED_FOUND_GUESS)
		outcome->feed.found = found.items[0].url;
}

/* What a person should look at is kept. */
static void
give_up(struct pk_flow *flow, struct pk_outcome *outcome, enum pk_failure failure,
    const char *error)
{
	pk_count(PK_COUNT_FEEDS_MALFORMED);
	fail(outcome, failure, error);
	int r = pk_quarantine_put(flow->quarantine,
	    atomic_load(&flow->quarantine_bytes), outcome->doc, error);
	pk_count(r == 0 ? PK_COUNT_QUARANTINED : PK_COUNT_QUARANTINE_REFUSED);
}

static void
refuse(struct pk_flow *flow, struct pk_outcome *outcome,
    const struct pk_feed_context *context)
{
	enum pk_feed_format format = pk_feed_sniff(outcome->doc->bytes);

	if (format == PK_FEED_HTML)
		look_for_feed(outcome, context);
	if (format == PK_FEED_HTML)
		give_up(flow, outcome, PK_FAILURE_NOT_A_FEED,
		    "the answer is a page, no feed");
	else if (format == PK_FEED_NONE)
		give_up(flow, outcome, PK_FAILURE_NOT_A_FEED, "the answer is no feed");
	else
		give_up(flow, outcome, PK_FAILURE_MALFORMED, "the feed cannot be read");
}

/* ---- the door ---- */

static int
read_first(struct pk_db *reader, struct pk_outcome *outcome,
    const struct pk_feed_context *context)
{
	struct pk_doc *doc = outcome->doc;
	struct pk_feed feed;
	int r = pk_feed_parse(doc->arena, doc->bytes, context, &feed);

	/* a page is a feed for who says so, and an error for everybody else: else a
	 * captcha's links would be news */
	if (r == 0 && feed.format == PK_FEED_HTML && outcome->feed.links.len == 0)
		r = -EBADMSG;
	if (r < 0)
		return r;
	take_about(&feed, &outcome->feed);
	r = take_entries(&feed, outcome);
	return r < 0 ? r : want_parts(reader, &feed, outcome);
}

static int
read_further(struct pk_outcome *outcome, const struct pk_feed_context *context)
{
	struct pk_feed feed;
	int r = -EBADMSG;

	if (outcome->missed == NULL)
		r = pk_feed_parse(
		    outcome->doc->arena, outcome->doc->bytes, context, &feed);
	return end_part(outcome, r < 0 ? NULL : &feed);
}

/* A feed may be empty; but not half of one. */
static bool
is_nothing(const struct pk_feed_reading *reading)
{
	return reading->partial && reading->entries.len == 0 &&
	       reading->wanted.len == 0;
}

void
pk_feed_read(struct pk_flow *flow, struct pk_db *reader, struct pk_outcome *outcome)
{
	const struct pk_feed_context context = context_of(outcome);
	struct pk_feed_reading *reading = &outcome->feed;
	bool first = reading->n_asked == 0, cut = reading->partial;
	int r;

	if (first) {
		pk_id_of(&outcome->doc->bytes, 1, reading->body_hash);
		if (pk_span_eq(reading->known_hash, pk_span_of(reading->body_hash))) {
			outcome->kind = PK_OUTCOME_UNCHANGED;
			return;
		}
		r = read_first(reader, outcome, &context);
	} else {
		r = read_further(outcome, &context);
	}
	if (r == -EBADMSG)
		refuse(flow, outcome, &context);
	else if (r < 0)
		fail(outcome, r == -E2BIG ? PK_FAILURE_TOO_BIG : PK_FAILURE_MEMORY,
		    strerrordesc_np(-r));
	else if (is_nothing(reading))
		give_up(flow, outcome,
		    cut ? PK_FAILURE_TRUNCATED : PK_FAILURE_MALFORMED,
		    "the answer ends before its first entry");
	else if (pk_outcome_next(outcome).len == 0)
		outcome->kind = PK_OUTCOME_POLLED;
}
