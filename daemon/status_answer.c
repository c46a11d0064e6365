/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/status_answer.h"

#include "base/counter.h"
#include "publish/cursor.h"
#include "publish/journal.h"

#include <inttypes.h>
#include <string.h>

static json_t *
counters(void)
{
	json_t *all = json_object();

	for (enum pk_counter c = 0; c < PK_COUNTERS; c++)
		json_object_set_new(
		    all, pk_counter_name(c), json_integer((json_int_t)pk_counted(c)));
	return all;
}

static void
set_number(json_t *object, const char *key, int64_t number)
{
	json_object_set_new(object, key, json_integer((json_int_t)number));
}

static void
set_time(json_t *object, const char *key, int r, int64_t at_ms)
{
	if (r == 0 && at_ms != 0)
		set_number(object, key, at_ms);
}

static json_t *
journal(const struct pk_status_sources *sources, const struct pk_store_view *view)
{
	static const char *const states[] = { [PK_KEEPER_BUSY] = "checking",
		[PK_KEEPER_DONE] = "whole",
		[PK_KEEPER_FAILED] = "damaged" };
	struct pk_keeper_view keeper;
	int64_t oldest_ms, newest_ms;
	json_t *all = json_object();

	int r = pk_journal_oldest_ms(sources->reader, &oldest_ms);
	set_time(all, "oldest_ms", r, oldest_ms);
	r = pk_journal_newest_ms(sources->reader, &newest_ms);
	set_time(all, "newest_ms", r, newest_ms);
	set_number(all, "bytes", view->bytes);
	set_number(all, "bytes_max", sources->config->journal.retention.bytes);
	set_number(all, "age_max_ms", sources->config->journal.retention.age_ms);
	pk_keeper_view(sources->keeper, &keeper);
	set_number(all, "wal_bytes", keeper.wal_bytes);
	set_time(all, "checkpoint_ms", 0, keeper.checkpoint_ms);
	bool damaged = keeper.damage[0] != '\0';
	if (keeper.check != PK_KEEPER_IDLE)
		json_object_set_new(all, "integrity",
		    json_string(keeper.check == PK_KEEPER_FAILED && !damaged
				    ? "unknown"
				    : states[keeper.check]));
	if (damaged)
		json_object_set_new(all, "damage", json_string(keeper.damage));
	return all;
}

struct consumers {
	json_t *all;
	uint64_t head;
};

static int
add_consumer(void *context, const struct pk_cursor *cursor)
{
	struct consumers *consumers = context;
	json_t *one = json_object();

	if (cursor->owner.len > 0)
		json_object_set_new(
		    one, "key", json_stringn(cursor->owner.ptr, cursor->owner.len));
	json_object_set_new(
	    one, "name", json_stringn(cursor->name.ptr, cursor->name.len));
	set_number(one, "sequence", (int64_t)cursor->seq);
	set_number(one, "lag",
	    consumers->head > cursor->seq ? (int64_t)(consumers->head - cursor->seq)
					  : 0);
	set_number(one, "seen_ms", cursor->seen_ms);
	return json_array_append_new(consumers->all, one);
}

static void
set_degraded(json_t *answer, struct pk_flow *flow)
{
	int degraded = atomic_load(&flow->degraded);

	if (degraded == 0)
		return;
	json_object_set_new(
	    answer, "degraded", json_string(strerrordesc_np(-degraded)));
	set_number(answer, "degraded_since_ms", atomic_load(&flow->degraded_since_ms));
}

json_t *
pk_status_answer(const struct pk_status_sources *sources)
{
	struct pk_store_view view;
	char epoch[17];

	pk_store_view(sources->store, &view);
	snprintf(epoch, sizeof(epoch), "%016" PRIx64, view.epoch);
	struct consumers consumers = { .all = json_array(), .head = view.head };
	pk_cursor_each(sources->reader, view.epoch, add_consumer, &consumers);
	json_t *answer = json_pack("{ss ss sI sI sI ss sI sI so so sI sI sI so}",
	    "version", PEYK_VERSION, "instance", sources->flow->instance, "uptime_s",
	    (json_int_t)sources->uptime_s, "generation",
	    (json_int_t)sources->generation, "feeds",
	    (json_int_t)sources->config->feeds.n, "epoch", epoch, "head",
	    (json_int_t)view.head, "oldest", (json_int_t)view.oldest, "journal",
	    journal(sources, &view), "consumers", consumers.all, "subscriptions",
	    (json_int_t)view.subscriptions, "work_queue",
	    (json_int_t)pk_queue_length(sources->flow->work), "store_queue",
	    (json_int_t)pk_queue_length(sources->flow->outcomes), "counters",
	    counters());
	if (answer != NULL)
		set_degraded(answer, sources->flow);
	return answer;
}
