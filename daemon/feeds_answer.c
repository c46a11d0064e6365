/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/feeds_answer.h"

#include "base/clock.h"
#include "base/date_formats.h"
#include "base/map.h"
#include "fetch/poll/health.h"
#include "fetch/poll/rhythm.h"
#include "fetch/poll/state.h"
#include "fetch/poll/websub.h"

#include <errno.h>

struct answer {
	const struct pk_config *config;
	struct pk_map *known; /* id -> its object, borrowed from `objects` */
	json_t *objects;      /* of all that the tables know */
	bool problems;
	struct pk_span feed;
};

static void
set_text(json_t *object, const char *key, struct pk_span text)
{
	if (text.len > 0)
		json_object_set_new(object, key, json_stringn(text.ptr, text.len));
}

static void
set_number(json_t *object, const char *key, int64_t number)
{
	if (number != 0)
		json_object_set_new(object, key, json_integer(number));
}

static void
set_time(json_t *object, const char *key, int64_t time_ms)
{
	char text[PK_DATE_TEXT_MAX];

	if (time_ms > 0)
		set_text(object, key,
		    (struct pk_span){ text, pk_date_format_utc(time_ms / 1000, text) });
}

static void
describe_poll(json_t *object, const struct pk_poll_feed *feed)
{
	set_time(object, "last_poll", feed->last_poll_ms);
	set_time(object, "last_ok", feed->last_ok_ms);
	set_time(object, "last_new", feed->life.last_fresh_ms);
	set_time(object, "next_poll", feed->life.next_poll_ms);
	set_number(object, "took_ms", feed->life.took_ms);
	set_number(object, "polls", feed->life.polls);
	set_number(object, "finds", feed->life.finds);
	set_number(object, "gaps", feed->life.gaps);
	set_number(object, "failures", feed->life.failures);
	set_time(object, "failing_since", feed->life.failing_since_ms);
	set_text(object, "error_class", feed->error_class);
	set_text(object, "error", feed->last_error);
}

static void
describe_rhythm(json_t *object, const struct pk_poll_feed *feed)
{
	struct pk_rhythm_memory memory;

	if (pk_rhythm_parse(feed->life.rhythm, &memory) == 0)
		set_number(object, "gap_s", pk_rhythm_gap_ms(&memory) / 1000);
}

static json_t *
describe(const struct pk_poll_feed *feed)
{
	json_t *object = json_object();

	set_text(object, "state",
	    pk_span_eq(feed->state, PK_SPAN("off")) ? feed->state : feed->life.health);
	set_text(object, "location", feed->life.location);
	set_text(object, "title", feed->about.title);
	set_text(object, "format", feed->about.format);
	describe_poll(object, feed);
	describe_rhythm(object, feed);
	set_text(object, "hub", feed->about.hub);
	return object;
}

/* What a new address has not been polled at is not told of the old one. */
static int
visit(void *context, const struct pk_poll_feed *feed)
{
	struct answer *a = context;
	const struct pk_config_feed *wanted = pk_config_feed(a->config, feed->id);

	if (wanted == NULL || !pk_span_eq(wanted->url, feed->url) ||
	    (a->feed.len > 0 && !pk_span_eq(a->feed, feed->id)))
		return 0;
	json_t *object = describe(feed);
	if (object == NULL || json_array_append_new(a->objects, object) < 0)
		return -ENOMEM;
	return pk_map_set(a->known, wanted->id, object);
}

/* How it stands with the hub of a feed that is told already. */
static int
visit_subscription(void *context, const struct pk_websub *websub)
{
	struct answer *a = context;
	json_t *feed = pk_map_get(a->known, websub->feed);

	if (feed == NULL || websub->state == PK_WEBSUB_LEAVING)
		return 0;
	json_t *object = json_object();
	set_text(object, "state", pk_span_of(pk_websub_state_name(websub->state)));
	set_text(object, "hub", websub->hub);
	set_text(object, "topic", websub->topic);
	set_time(object, "lease_until", websub->lease_until_ms);
	set_number(object, "pushes", websub->pushes);
	set_time(object, "last_push", websub->last_push_ms);
	json_object_set_new(object, "trusted",
	    json_boolean(
		websub->suspect_ms == 0 && pk_websub_is_trusted(websub, pk_wall_ms())));
	set_number(object, "failures", websub->failures);
	set_text(object, "error", websub->last_error);
	return json_object_set_new(feed, "websub", object) < 0 ? -ENOMEM : 0;
}

static bool
is_problem(const json_t *object)
{
	struct pk_span state =
	    pk_span_of(json_string_value(json_object_get(object, "state")));
	bool fine = pk_span_eq(state, PK_SPAN("up")) ||
		    pk_span_eq(state, PK_SPAN("new")) ||
		    pk_span_eq(state, PK_SPAN("off"));

	return !fine || json_object_get(object, "error") != NULL;
}

static void
add(struct answer *a, const struct pk_config_feed *feed, json_t *feeds)
{
	json_t *known = pk_map_get(a->known, feed->id);
	json_t *object = json_object();

	set_text(object, "id", feed->id);
	set_text(object, "url", feed->url);
	set_text(object, "group", feed->group);
	if (!feed->enabled)
		json_object_set_new(object, "state", json_string("off"));
	else if (known != NULL)
		json_object_update(object, known);
	else
		json_object_set_new(object, "state", json_string("new"));
	set_text(object, "title", feed->title);
	set_number(object, "interval_s", feed->interval_ms / 1000);
	if (a->problems && !is_problem(object))
		json_decref(object);
	else
		json_array_append_new(feeds, object);
}

json_t *
pk_feeds_answer(struct pk_db *reader, const struct pk_config *config, bool problems,
    struct pk_span feed)
{
	pk_cleanup(pk_map_freep) struct pk_map *known = pk_map_new();
	struct answer a = { config, known, json_array(), problems, feed };
	json_t *feeds = NULL;

	if (known != NULL && pk_poll_feeds(reader, visit, &a) == 0 &&
	    pk_websub_each(reader, visit_subscription, &a) == 0)
		feeds = json_array();
	for (size_t i = 0; feeds != NULL && i < config->feeds.n; i++) {
		const struct pk_config_feed *one = &config->feeds.items[i];
		if (feed.len == 0 || pk_span_eq(feed, one->id))
			add(&a, one, feeds);
	}
	json_decref(a.objects);
	return feeds == NULL ? NULL : json_pack("{so}", "feeds", feeds);
}
