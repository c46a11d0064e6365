/* SPDX-License-Identifier: Apache-2.0 */
/* What is to be asked for: feeds as the configuration has them, pages as the disk has
 * them, robots.txt as pages want them. */
#include "daemon/fetcher_priv.h"

#include "base/digest.h"
#include "fetch/poll/rhythm.h"

#include <errno.h>

/* What the list of pages that wait may take. */
#define PENDING_LIMIT ((size_t)64 * 1024 * 1024)

/* No page rests for longer; one that does was put to rest by a clock that was set back
 * since. */
#define PAGE_AHEAD_MAX_MS (INT64_C(2) * 3600 * 1000)

/* One feed may not fill the circle with its pages while others wait. */
#define FEED_SHARE 4

/* Pages that wait for their hosts stand before those that do not: so many times what
 * may be under way is taken up, that the others are reached. */
#define STOCK     16
#define STOCK_MAX ((size_t)4096)

/* A tenth of the time may go into looking for pages, where that takes long. */
#define LOOK_SHARE 9
#define LOOK_NS    (UINT64_C(2) * (uint64_t)PK_NS_PER_MS)

static struct pk_span
page_key(const int64_t *row)
{
	return (struct pk_span){ (const char *)row, sizeof(*row) };
}

static void
free_visit(struct visit *visit)
{
	pk_outcome_free(visit->outcome);
	free(visit->address);
	if (visit->arena != NULL)
		pk_arena_free(visit->arena);
	else
		free(visit);
}

static struct pk_schedule *
schedule_of(struct pk_fetcher *f, const struct visit *visit)
{
	return visit->kind == VISIT_ROBOTS ? f->asides
	       : visit->further            ? f->further
	       : visit->failing            ? f->failing
					   : f->schedule;
}

bool
pk_visits_failing_have_room(const struct pk_fetcher *f)
{
	return f->in_circle < f->flow->documents_max &&
	       f->failing_in_circle < (f->flow->documents_max + 1) / 2;
}

void
pk_visits_unschedule(struct pk_fetcher *f, struct visit *visit)
{
	pk_schedule_remove(schedule_of(f, visit), &visit->due);
}

int
pk_visits_schedule(struct pk_fetcher *f, struct visit *visit, uint64_t due_ns)
{
	int r = pk_schedule_set(schedule_of(f, visit), &visit->due, due_ns);

	f->feeds_left_out = f->feeds_left_out || (r < 0 && visit->kind == VISIT_FEED);
	return r;
}

void
pk_visits_back(struct pk_fetcher *f, struct visit *visit)
{
	f->failing_in_circle -= visit->in_failing;
	visit->in_failing = visit->under_way = false;
}

void
pk_visits_drop(struct pk_fetcher *f, struct visit *visit)
{
	switch (visit->kind) {
	case VISIT_FEED:
		pk_map_remove(f->feeds, pk_span_of(visit->feed));
		break;
	case VISIT_PAGE:
		pk_map_remove(f->pages, page_key(&visit->page.row));
		break;
	case VISIT_ROBOTS:
		pk_map_remove(f->robots_visits, visit->robots);
		break;
	}
	pk_visits_unschedule(f, visit);
	free_visit(visit);
}

void
pk_visits_leave(struct pk_fetcher *f, struct visit *visit)
{
	f->in_circle -= visit->further;
	pk_visits_back(f, visit);
	pk_visits_drop(f, visit);
}

void
pk_visits_give_back(struct pk_fetcher *f, struct visit *visit)
{
	f->pages_at_ms = pk_wall_ms() + 1000;
	pk_visits_leave(f, visit);
}

static void
count_visits(struct pk_map *visits, size_t *in_circle, size_t *failing)
{
	const struct visit *visit;
	size_t cursor = 0;

	while ((visit = pk_map_next(visits, &cursor)) != NULL) {
		*in_circle += visit->under_way;
		*failing += visit->in_failing;
	}
}

bool
pk_visits_are_counted(const struct pk_fetcher *f)
{
	size_t in_circle = 0, failing = 0;

	count_visits(f->feeds, &in_circle, &failing);
	count_visits(f->pages, &in_circle, &failing);
	return in_circle == f->in_circle && failing == f->failing_in_circle;
}

void
pk_visits_free(struct pk_map *visits)
{
	struct visit *visit;
	size_t cursor = 0;

	while (visits != NULL && (visit = pk_map_next(visits, &cursor)) != NULL)
		free_visit(visit);
	pk_map_free(visits);
}

/* ---- feeds ---- */

/* Feeds that were never asked come one after the other, so far apart at most. */
#define FIRST_NS     (UINT64_C(20) * (uint64_t)PK_NS_PER_MS)
#define FIRST_MAX_NS (UINT64_C(600) * (uint64_t)PK_NS_PER_S)

static uint64_t
first_spread_ns(size_t n)
{
	if (n < 100)
		return 0;
	return n > FIRST_MAX_NS / FIRST_NS ? FIRST_MAX_NS : n * FIRST_NS;
}

/* When a feed is due, by the wall clock, with `n` of which the same is asked now. */
static uint64_t
due_ns(const struct visit *visit, size_t n)
{
	bool first = visit->next_ms == 0 && visit->last_ms == 0;

	return pk_rhythm_due_ns(visit->next_ms, visit->last_ms, pk_wall_ms(),
	    pk_mono_ns(), first ? first_spread_ns(n) : pk_rhythm_spread_ns(n),
	    pk_random_u64());
}

/* What a daemon before this one, or this one, has found out about the feed. */
static void
recall(struct pk_fetcher *f, struct visit *visit, const struct pk_config_feed *feed)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(64 * 1024);
	struct pk_poll_feed known = { 0 };

	if (arena == NULL ||
	    pk_poll_feed_load(f->reader, arena, feed->id, feed->url, &known) < 0)
		return;
	struct pk_span moved = known.life.location;
	free(visit->address);
	visit->address = moved.len == 0 ? NULL : strndup(moved.ptr, moved.len);
	visit->next_ms = known.life.next_poll_ms;
	visit->last_ms = known.last_poll_ms;
	visit->failing = known.life.failures > 0;
}

void
pk_visits_find_address(struct pk_fetcher *f, struct visit *visit)
{
	const struct pk_config_feed *feed =
	    pk_config_feed(f->config, pk_span_of(visit->feed));

	/* whether it is failing says which schedule is its own */
	if (!visit->further)
		pk_visits_unschedule(f, visit);
	if (feed != NULL)
		recall(f, visit, feed);
}

/* What a hub has sent while nobody listened, or was not written, is in the feed. */
static void
hurry_told_feed(struct pk_fetcher *f, struct visit *visit)
{
	int64_t now_ms = pk_wall_ms();
	struct pk_websub websub;

	if (f->config->websub.callback.len == 0 || visit->next_ms <= now_ms)
		return;
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(64 * 1024);
	if (arena != NULL &&
	    pk_websub_load(f->reader, arena, pk_span_of(visit->feed), &websub) == 0)
		visit->next_ms = now_ms;
}

static int
add_feed(struct pk_fetcher *f, const struct pk_config_feed *feed, size_t n)
{
	struct visit *visit = calloc(1, sizeof(*visit));

	if (visit == NULL)
		return -ENOMEM;
	visit->kind = VISIT_FEED;
	snprintf(visit->feed, sizeof(visit->feed), "%s", feed->id.ptr);
	int r = pk_map_set(f->feeds, pk_span_of(visit->feed), visit);
	if (r < 0) {
		free_visit(visit);
		return r;
	}
	recall(f, visit, feed);
	hurry_told_feed(f, visit);
	return pk_visits_schedule(f, visit, due_ns(visit, n));
}

static size_t
count_new(struct pk_fetcher *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->config->feeds.n; i++)
		n += pk_map_get(f->feeds, f->config->feeds.items[i].id) == NULL;
	return n;
}

int
pk_visits_add_feeds(struct pk_fetcher *f)
{
	size_t n = count_new(f);

	for (size_t i = 0; i < f->config->feeds.n; i++) {
		const struct pk_config_feed *feed = &f->config->feeds.items[i];
		if (!feed->enabled)
			continue;
		struct visit *visit = pk_map_get(f->feeds, feed->id);
		if (visit != NULL) {
			/* taken out and put back while it was under way */
			if (visit->unwanted) {
				visit->again = true;
				pk_visits_find_address(f, visit);
			}
			visit->unwanted = false;
			continue;
		}
		int r = add_feed(f, feed, n);
		if (r < 0)
			return r;
	}
	return 0;
}

void
pk_visits_wake(struct pk_fetcher *f)
{
	struct visit *visit;
	size_t cursor = 0;

	while ((visit = pk_map_next(f->feeds, &cursor)) != NULL) {
		/* a turn at its host is one on a clock that does not jump */
		if (visit->under_way || visit->has_turn)
			continue;
		hurry_told_feed(f, visit);
		pk_visits_schedule(f, visit, due_ns(visit, pk_map_count(f->feeds)));
	}
}

void
pk_visits_catch_up(struct pk_fetcher *f)
{
	struct visit *visit;
	size_t cursor = 0;

	if (!f->feeds_left_out)
		return;
	f->feeds_left_out = pk_visits_add_feeds(f) < 0;
	while ((visit = pk_map_next(f->feeds, &cursor)) != NULL) {
		if (!visit->under_way && !pk_due_is_set(&visit->due))
			pk_visits_schedule(f, visit, pk_mono_ns());
	}
}

/* ---- pages ---- */

struct visit *
pk_visits_find_page(struct pk_fetcher *f, int64_t row)
{
	return pk_map_get(f->pages, page_key(&row));
}

static struct visit *
new_in_arena(enum visit_kind kind, struct pk_arena *arena)
{
	struct visit *visit =
	    arena == NULL ? NULL : pk_arena_new_of(arena, struct visit);

	if (visit != NULL)
		visit->kind = kind;
	return visit;
}

/* A page that was taken up from disk. Due at once; politeness may say later. */
static int
add_page(struct pk_fetcher *f, const struct pk_poll_pending *page)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(256 * 1024);
	struct visit *visit = new_in_arena(VISIT_PAGE, arena);

	if (visit == NULL)
		return -ENOMEM;
	visit->page = *page;
	visit->page.link = pk_arena_copy(arena, page->link);
	visit->page.title = pk_arena_copy(arena, page->title);
	visit->page.published = pk_arena_copy(arena, page->published);
	snprintf(visit->feed, sizeof(visit->feed), "%.*s", PK_SPAN_ARG(page->feed));
	int r = pk_map_set(f->pages, page_key(&visit->page.row), visit);
	if (r < 0)
		return r;
	visit->arena = pk_steal(&arena);
	r = pk_visits_schedule(f, visit, pk_mono_ns());
	if (r < 0)
		pk_visits_drop(f, visit); /* else it would never be looked for again */
	return r;
}

static bool
pages_are_due(const struct pk_fetcher *f, int64_t now_ms)
{
	return f->pages_at_ms <= now_ms ||
	       (f->pages_at_ms != INT64_MAX &&
		   f->pages_at_ms - now_ms > PAGE_AHEAD_MAX_MS);
}

/* So many pages may be taken up where so many may be under way. */
static size_t
stock_of(size_t max)
{
	size_t most = STOCK * max < STOCK_MAX ? STOCK * max : STOCK_MAX;

	return most > max ? most : max;
}

void
pk_visits_load_pages(struct pk_fetcher *f)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(PENDING_LIMIT);
	struct pk_poll_pending_list list = { 0 };
	size_t max = f->flow->documents_max, share = max / FEED_SHARE;
	size_t most = stock_of(max), limit = pk_map_count(f->pages) + max;
	int64_t now_ms = pk_wall_ms(), due_ms = now_ms;
	uint64_t began_ns = pk_mono_ns();

	f->pages_wanted = false;
	f->pages_at_ms = INT64_MAX;
	if (pk_poll_next_try(f->reader, now_ms, &f->pages_at_ms) == 0 &&
	    pages_are_due(f, now_ms)) {
		due_ms = INT64_MAX;
		f->pages_at_ms = INT64_MAX;
	}
	if (arena == NULL ||
	    pk_poll_pending(f->reader, arena, due_ms, share == 0 ? 1 : share,
		limit < most ? limit : most, &list) < 0) {
		f->pages_at_ms =
		    now_ms + 1000; /* memory or disk: not for ever, one hopes */
		return;
	}
	for (size_t i = 0; i < list.len; i++) {
		const struct pk_poll_pending *page = &list.items[i];
		if (pk_visits_find_page(f, page->row) == NULL && add_page(f, page) < 0)
			f->pages_at_ms = now_ms + 1000;
	}
	/* as long as there are more, the stock grows */
	f->pages_wanted = list.len == limit && limit < most;
	/* with a hundred thousand feeds that have some, looking for them takes long */
	uint64_t end_ns = pk_mono_ns(), took_ns = end_ns - began_ns;
	f->pages_from_ns = took_ns < LOOK_NS ? 0 : end_ns + took_ns * LOOK_SHARE;
}

bool
pk_visits_want_pages(const struct pk_fetcher *f)
{
	return pk_mono_ns() >= f->pages_from_ns &&
	       (f->pages_wanted || pages_are_due(f, pk_wall_ms()));
}

int64_t
pk_visits_wait_for_pages_ms(const struct pk_fetcher *f)
{
	uint64_t now_ns = pk_mono_ns();
	int64_t wait_ms = f->pages_wanted ? 0 : f->pages_at_ms - pk_wall_ms(), from_ms;

	from_ms =
	    now_ns >= f->pages_from_ns
		? 0
		: (int64_t)((f->pages_from_ns - now_ns) / (uint64_t)PK_NS_PER_MS) + 1;
	return wait_ms > from_ms ? wait_ms : from_ms;
}

/* ---- robots.txt ---- */

static struct visit *
add_robots(struct pk_fetcher *f, struct pk_span robots)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(64 * 1024);
	struct visit *visit = new_in_arena(VISIT_ROBOTS, arena);

	if (visit == NULL)
		return NULL;
	visit->robots = pk_arena_copy(arena, robots);
	if (visit->robots.ptr == NULL ||
	    pk_map_set(f->robots_visits, visit->robots, visit) < 0)
		return NULL;
	visit->arena = pk_steal(&arena);
	if (pk_visits_schedule(f, visit, pk_mono_ns()) == 0)
		return visit;
	pk_visits_drop(f, visit);
	return NULL;
}

int
pk_visits_await_robots(struct pk_fetcher *f, struct visit *page, struct pk_span robots)
{
	struct visit *visit = pk_map_get(f->robots_visits, robots);

	if (visit == NULL)
		visit = add_robots(f, robots);
	if (visit == NULL)
		return -ENOMEM;
	page->next_waiting = visit->waiting;
	visit->waiting = page;
	return 0;
}

void
pk_visits_end_robots(struct pk_fetcher *f, struct visit *visit)
{
	struct visit *next;

	for (struct visit *page = visit->waiting; page != NULL; page = next) {
		next = page->next_waiting;
		page->next_waiting = NULL;
		if (pk_visits_schedule(f, page, pk_mono_ns()) < 0)
			pk_visits_give_back(f, page);
	}
	pk_visits_drop(f, visit);
}
