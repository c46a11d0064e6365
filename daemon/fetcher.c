/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/fetcher.h"

#include "base/clock.h"
#include "base/counter.h"
#include "base/db.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/map.h"
#include "base/url.h"
#include "daemon/request.h"
#include "fetch/http/client.h"
#include "fetch/http/polite.h"
#include "fetch/http/retry.h"
#include "fetch/poll/rhythm.h"
#include "fetch/poll/schedule.h"
#include "fetch/poll/state.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>

/* What the list of pages that wait may take. */
#define PENDING_LIMIT ((size_t)64 * 1024 * 1024)

/* One feed may not fill the circle with its pages while others wait. */
#define FEED_SHARE 4

#define POLL_REQUESTS_MAX 64
#define LOOP_MS           500

/* A failed start (no memory, an URL that curl refuses) is tried again after this. */
#define RETRY_NS (UINT64_C(60) * (uint64_t)PK_NS_PER_S)

/*
 * A request to come: of a feed, again and again, or of an entry's page, once. It is in
 * a schedule, or under way (then its outcome is somewhere in the circle), or both: that
 * is a page whose article goes on and who waits for the next page, with its outcome.
 */
struct visit {
	struct pk_due due;
	char feed[40]; /* id */
	bool has_turn; /* politeness was asked already */
	bool under_way;
	bool unwanted;              /* the feed was taken out of the configuration */
	bool again;                 /* due at once when what is under way is back */
	struct pk_outcome *outcome; /* while the request runs, or is `further` */

	/* Pages only. */
	bool further;           /* waits in fetcher.further, in the circle */
	struct pk_arena *arena; /* owns the visit; NULL for a feed's visit */
	struct pk_poll_pending page;
};

/* What other threads want of the fetcher. */
struct mail {
	pthread_mutex_t lock;
	bool stop;
	struct pk_config *config; /* a new one, or NULL */
	struct pk_completion *completions;
	size_t n_completions;
	struct pk_outcome **further; /* whose articles go on */
	size_t n_further;
	char polls[POLL_REQUESTS_MAX][40];
	size_t n_polls;
};

struct pk_fetcher {
	struct pk_flow *flow;
	struct pk_config *config;
	struct pk_db *reader;
	struct pk_http *http;
	struct pk_polite *polite;
	struct pk_schedule *schedule; /* what needs room in the circle */
	struct pk_schedule *further;  /* what is in it already */
	struct pk_map *feeds;         /* id -> struct visit */
	struct pk_map *pages;         /* row of the entry -> struct visit */
	size_t in_circle;             /* documents between start and completion */
	bool pages_wanted;
	int64_t pages_at_ms; /* when the next page that waits is due */
	struct mail mail;
	pthread_t thread;
	bool running;
};

/* ---- visits ---- */

static struct pk_span
page_key(const struct visit *visit)
{
	return (
	    struct pk_span){ (const char *)&visit->page.row, sizeof(visit->page.row) };
}

static struct pk_schedule *
schedule_of(struct pk_fetcher *f, const struct visit *visit)
{
	return visit->further ? f->further : f->schedule;
}

static void
free_visit(struct visit *visit)
{
	pk_outcome_free(visit->outcome);
	if (visit->arena != NULL)
		pk_arena_free(visit->arena);
	else
		free(visit);
}

static int
add_feed(struct pk_fetcher *f, const struct pk_config_feed *feed, uint64_t due_ns)
{
	struct visit *visit = calloc(1, sizeof(*visit));

	if (visit == NULL)
		return -ENOMEM;
	snprintf(visit->feed, sizeof(visit->feed), "%s", feed->id.ptr);
	int r = pk_map_set(f->feeds, pk_span_of(visit->feed), visit);
	if (r < 0) {
		free_visit(visit);
		return r;
	}
	return pk_schedule_set(f->schedule, &visit->due, due_ns);
}

/* When a feed is due that was polled before, perhaps by a daemon before this one. */
static uint64_t
first_due_ns(struct pk_fetcher *f, const struct pk_config_feed *feed)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(64 * 1024);
	struct pk_poll_feed known = { 0 };
	uint64_t spread_ns =
	    f->config->feeds.n < 100
		? 0
		: (uint64_t)f->config->poll.min_interval_ms * (uint64_t)PK_NS_PER_MS;

	if (arena != NULL)
		pk_poll_feed_load(f->reader, arena, feed->id, feed->url, &known);
	return pk_rhythm_due_ns(known.next_poll_ms, known.last_poll_ms, pk_wall_ms(),
	    pk_mono_ns(), spread_ns, pk_random_u64());
}

static int
add_feeds(struct pk_fetcher *f)
{
	for (size_t i = 0; i < f->config->feeds.n; i++) {
		const struct pk_config_feed *feed = &f->config->feeds.items[i];
		if (!feed->enabled)
			continue;
		struct visit *visit = pk_map_get(f->feeds, feed->id);
		if (visit != NULL) {
			/* taken out and put back while it was under way */
			visit->again = visit->again || visit->unwanted;
			visit->unwanted = false;
			continue;
		}
		int r = add_feed(f, feed, first_due_ns(f, feed));
		if (r < 0)
			return r;
	}
	return 0;
}

/* A page that was taken up from disk. Due at once; politeness may say later. */
static int
add_page(struct pk_fetcher *f, const struct pk_poll_pending *page)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(256 * 1024);
	struct visit *visit =
	    arena == NULL ? NULL : pk_arena_new_of(arena, struct visit);

	if (visit == NULL)
		return -ENOMEM;
	visit->page = *page;
	visit->page.link = pk_arena_copy(arena, page->link);
	visit->page.title = pk_arena_copy(arena, page->title);
	visit->page.published = pk_arena_copy(arena, page->published);
	snprintf(visit->feed, sizeof(visit->feed), "%.*s", PK_SPAN_ARG(page->feed));
	int r = pk_map_set(f->pages, page_key(visit), visit);
	if (r < 0)
		return r;
	visit->arena = pk_steal(&arena);
	return pk_schedule_set(f->schedule, &visit->due, pk_mono_ns());
}

static void
drop_page(struct pk_fetcher *f, struct visit *visit)
{
	pk_map_remove(f->pages, page_key(visit));
	pk_schedule_remove(schedule_of(f, visit), &visit->due);
	free_visit(visit);
}

static void
remove_feed(struct pk_fetcher *f, struct visit *visit)
{
	pk_map_remove(f->feeds, pk_span_of(visit->feed));
	pk_schedule_remove(f->schedule, &visit->due);
	free_visit(visit);
}

/* Takes up pages that wait on disk, as far as there is room. */
static void
load_pages(struct pk_fetcher *f)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(PENDING_LIMIT);
	struct pk_poll_pending_list list = { 0 };
	size_t max = f->flow->documents_max, share = max / FEED_SHARE;
	int64_t now_ms = pk_wall_ms();

	f->pages_wanted = false;
	f->pages_at_ms = INT64_MAX;
	if (arena == NULL || pk_poll_pending(f->reader, arena, now_ms,
				 share == 0 ? 1 : share, max, &list) < 0) {
		f->pages_at_ms =
		    now_ms + 1000; /* memory or disk: not for ever, one hopes */
		return;
	}
	for (size_t i = 0; i < list.len; i++) {
		const struct pk_poll_pending *page = &list.items[i];
		struct pk_span key = { (const char *)&page->row, sizeof(page->row) };
		if (pk_map_get(f->pages, key) == NULL && add_page(f, page) < 0)
			f->pages_at_ms = now_ms + 1000;
	}
	int64_t next_ms;
	if (pk_poll_next_try(f->reader, now_ms, &next_ms) == 0 &&
	    next_ms < f->pages_at_ms)
		f->pages_at_ms = next_ms;
}

/* ---- from a visit to a request ---- */

/* What cannot be asked for at all has failed like what was asked for in vain: it is
 * told, rests longer each time, and a page is given up in the end. */
static void
refuse(struct pk_fetcher *f, const struct visit *visit, struct pk_outcome *outcome)
{
	outcome->kind =
	    visit->arena != NULL ? PK_OUTCOME_PAGE_FAILED : PK_OUTCOME_POLL_FAILED;
	outcome->error = "the address or a header cannot be sent";
	outcome->doc->fetched_ms = pk_wall_ms();
	if (pk_queue_push(f->flow->outcomes, outcome) < 0)
		pk_outcome_free(outcome);
}

/* What the last answer of this feed was, so that the server may say "the same". */
static void
recall_feed(struct pk_fetcher *f, const struct pk_config_feed *feed,
    struct pk_outcome *outcome, struct pk_http_request *request)
{
	struct pk_poll_feed known = { 0 };

	pk_poll_feed_load(f->reader, outcome->doc->arena, feed->id, feed->url, &known);
	request->validators = known.validators;
	outcome->known_hash = known.body_hash;
}

/* Starts the request of a visit whose turn has come. */
static int
begin(struct pk_fetcher *f, struct visit *visit, const struct pk_config_feed *feed)
{
	bool page = visit->arena != NULL;
	struct pk_outcome *outcome =
	    pk_request_outcome(f->config, feed, page ? &visit->page : NULL);
	struct pk_span fields[PK_REQUEST_FIELDS_MAX];

	if (outcome == NULL)
		return -ENOMEM;
	struct pk_http_request request;
	pk_request_describe(outcome, f->config, feed, fields, &request);
	if (!page)
		recall_feed(f, feed, outcome, &request);
	pk_count(page ? PK_COUNT_PAGES : PK_COUNT_POLLS);
	int r = pk_http_start(f->http, &request, visit);
	if (r < 0 && r != -EINVAL) {
		pk_outcome_free(outcome);
		return r;
	}
	visit->under_way = true;
	f->in_circle++;
	if (r == 0)
		visit->outcome = outcome;
	else
		refuse(f, visit, outcome);
	return 0;
}

/* The same for the next page of an article. What cannot be asked for is missing. */
static int
begin_further(
    struct pk_fetcher *f, struct visit *visit, const struct pk_config_feed *feed)
{
	struct pk_outcome *outcome = visit->outcome;
	struct pk_span fields[PK_REQUEST_FIELDS_MAX];
	struct pk_http_request request;
	int r = -E2BIG;

	pk_request_go_on(outcome);
	pk_request_describe(outcome, f->config, feed, fields, &request);
	if (request.max_bytes > 0)
		r = pk_http_start(f->http, &request, visit);
	if (r < 0 && r != -EINVAL && r != -E2BIG)
		return r;
	visit->further = false;
	if (r == 0) {
		pk_count(PK_COUNT_PAGES);
		pk_count(PK_COUNT_PAGES_FURTHER);
		return 0;
	}
	outcome->missed = r == -E2BIG ? "the pages together are too long"
				      : "the address or a header cannot be sent";
	outcome->kind = PK_OUTCOME_OPEN;
	visit->outcome = NULL;
	if (pk_queue_push(f->flow->work, outcome) < 0)
		pk_outcome_free(outcome);
	return 0;
}

static struct pk_span
url_of(const struct visit *visit, const struct pk_config_feed *feed)
{
	return visit->further         ? visit->outcome->reading.next
	       : visit->arena != NULL ? visit->page.link
				      : feed->url;
}

/* Waits for a turn at the visit's host, then begins. */
static int
take_turn(struct pk_fetcher *f, struct visit *visit, uint64_t now_ns)
{
	const struct pk_config_feed *feed =
	    pk_config_feed(f->config, pk_span_of(visit->feed));
	uint64_t due_ns = now_ns;

	if (feed == NULL || !feed->enabled) { /* its feed is gone */
		f->in_circle -= visit->further;
		if (visit->arena != NULL)
			drop_page(f, visit);
		else
			remove_feed(f, visit);
		return 0;
	}
	struct pk_span host = pk_url_host(url_of(visit, feed));
	if (visit->has_turn && pk_polite_held_until(f->polite, host, now_ns) > now_ns)
		visit->has_turn = false;
	if (!visit->has_turn) {
		int r = pk_polite_reserve(f->polite, host, now_ns, &due_ns);
		if (r < 0)
			return r;
		visit->has_turn = true;
	}
	if (due_ns > now_ns)
		return pk_schedule_set(schedule_of(f, visit), &visit->due, due_ns);
	visit->has_turn = false;
	return visit->further ? begin_further(f, visit, feed) : begin(f, visit, feed);
}

static void
start_one(struct pk_fetcher *f, struct pk_due *due, uint64_t now_ns)
{
	struct visit *visit = pk_due_owner(due, struct visit, due);

	if (take_turn(f, visit, now_ns) < 0)
		pk_schedule_set(schedule_of(f, visit), &visit->due, now_ns + RETRY_NS);
}

static void
start_due(struct pk_fetcher *f)
{
	uint64_t now_ns = pk_mono_ns();
	struct pk_due *due;

	/* these have their room, and a circle full of them must not stand still */
	while ((due = pk_schedule_take(f->further, now_ns)) != NULL)
		start_one(f, due, now_ns);
	while (f->in_circle < f->flow->documents_max &&
	       (due = pk_schedule_take(f->schedule, now_ns)) != NULL)
		start_one(f, due, now_ns);
}

/* ---- from a response to an outcome ---- */

static void
note_hints(struct pk_fetcher *f, struct pk_outcome *outcome,
    const struct pk_http_response *response)
{
	int64_t wait_s;

	if (response->fresh_s >= 0)
		outcome->fresh_ms = response->fresh_s * 1000;
	if ((response->status != 429 && response->status != 503) ||
	    pk_retry_after_parse(response->retry_after, pk_wall_s(), &wait_s) < 0)
		return;
	outcome->retry_after_ms = wait_s * 1000;
	uint64_t now_ns = pk_mono_ns();
	pk_polite_hold(f->polite, pk_url_host(outcome->asked_url), now_ns,
	    now_ns + (uint64_t)wait_s * (uint64_t)PK_NS_PER_S);
}

static void
on_response(void *context, void *tag, struct pk_http_response *response)
{
	struct pk_fetcher *f = context;
	struct visit *visit = tag;
	struct pk_outcome *outcome = pk_steal(&visit->outcome);

	if (response->outcome == PK_HTTP_CANCELLED) {
		/* a new client takes it up again, or nobody when we stop */
		pk_outcome_free(outcome);
		visit->under_way = false;
		f->in_circle--;
		if (visit->unwanted)
			remove_feed(f, visit);
		else
			pk_schedule_set(f->schedule, &visit->due, pk_mono_ns());
		return;
	}
	note_hints(f, outcome, response);
	pk_request_answered(outcome, response, pk_wall_ms());
	struct pk_queue *next =
	    outcome->kind == PK_OUTCOME_OPEN ? f->flow->work : f->flow->outcomes;
	if (pk_queue_push(next, outcome) < 0)
		pk_outcome_free(outcome);
}

/* ---- mail ---- */

static bool
fetch_changed(const struct pk_config *old, const struct pk_config *new)
{
	struct pk_config_diff diff;
	bool changed = false;

	if (pk_config_diff(old, new, &diff) < 0)
		return true;
	for (size_t i = 0; i < diff.n_keys; i++)
		changed = changed || strncmp(diff.keys[i].path, "fetch.", 6) == 0;
	pk_config_diff_done(&diff);
	return changed;
}

/* Feeds that are gone leave the schedule; one that is under way leaves when it is back.
 */
static void
remove_feeds(struct pk_fetcher *f, const struct pk_config *old)
{
	for (size_t i = 0; i < old->feeds.n; i++) {
		struct visit *visit = pk_map_get(f->feeds, old->feeds.items[i].id);
		const struct pk_config_feed *feed =
		    pk_config_feed(f->config, old->feeds.items[i].id);
		if (visit == NULL)
			continue;
		visit->unwanted = feed == NULL || !feed->enabled;
		if (visit->unwanted && !visit->under_way)
			remove_feed(f, visit);
	}
}

/* A feed whose address changed is asked at the new one at once. */
static void
hurry_moved_feeds(struct pk_fetcher *f, const struct pk_config *old)
{
	for (size_t i = 0; i < old->feeds.n; i++) {
		const struct pk_config_feed *before = &old->feeds.items[i];
		const struct pk_config_feed *feed =
		    pk_config_feed(f->config, before->id);
		struct visit *visit = pk_map_get(f->feeds, before->id);
		if (feed == NULL || visit == NULL || pk_span_eq(feed->url, before->url))
			continue;
		visit->has_turn = false; /* that was at another host */
		visit->again = visit->under_way;
		if (!visit->under_way)
			pk_schedule_set(f->schedule, &visit->due, pk_mono_ns());
	}
}

static void
take_config(struct pk_fetcher *f, struct pk_config *config)
{
	struct pk_config *old = f->config;

	f->config = config;
	if (fetch_changed(old, config)) {
		struct pk_http *http = pk_request_client(
		    f->config, f->flow->documents_max, on_response, f);
		struct pk_polite *polite =
		    pk_polite_new((uint64_t)config->fetch.per_host.min_delay_ms *
				  (uint64_t)PK_NS_PER_MS);
		if (http != NULL && polite != NULL) {
			/* wakers read f->http under the mail's lock */
			pthread_mutex_lock(&f->mail.lock);
			struct pk_http *before = f->http;
			f->http = http;
			pthread_mutex_unlock(&f->mail.lock);
			pk_http_free(before);
			pk_polite_free(f->polite);
			f->polite = polite;
		} else {
			pk_log(PK_ERROR,
			    "no memory for new fetch settings, keeping the old");
			pk_http_free(http);
			pk_polite_free(polite);
		}
	}
	remove_feeds(f, old);
	hurry_moved_feeds(f, old);
	if (add_feeds(f) < 0)
		pk_log(PK_ERROR, "no memory for all new feeds, skipping some");
	pk_config_unref(old);
}

static void
complete_feed(struct pk_fetcher *f, const struct pk_completion *completion)
{
	struct visit *visit = pk_map_get(f->feeds, pk_span_of(completion->feed));

	if (visit == NULL)
		return;
	int64_t next_ms = visit->again ? 0 : completion->next_ms;
	visit->under_way = visit->again = false;
	if (visit->unwanted)
		remove_feed(f, visit);
	else
		pk_schedule_set(f->schedule, &visit->due,
		    pk_rhythm_due_ns(next_ms, 0, pk_wall_ms(), pk_mono_ns(), 0, 0));
}

static void
complete(struct pk_fetcher *f, const struct pk_completion *completion)
{
	f->in_circle--;
	f->pages_wanted =
	    f->pages_wanted || completion->new_pages || completion->entry != 0;
	if (completion->entry == 0) {
		complete_feed(f, completion);
		return;
	}
	struct pk_span key = { (const char *)&completion->entry,
		sizeof(completion->entry) };
	struct visit *visit = pk_map_get(f->pages, key);
	if (visit != NULL)
		drop_page(f, visit);
}

/* A page was read, and its article goes on. */
static void
go_on(struct pk_fetcher *f, struct pk_outcome *outcome)
{
	struct pk_span key = { (const char *)&outcome->doc->entry,
		sizeof(outcome->doc->entry) };
	struct visit *visit = pk_map_get(f->pages, key);

	assert(visit != NULL); /* it leaves the map when its document leaves the circle
				*/
	visit->outcome = outcome;
	visit->further = true;
	if (pk_schedule_set(f->further, &visit->due, pk_mono_ns()) == 0)
		return;
	/* no memory: from the start, later */
	f->in_circle--;
	f->pages_at_ms = pk_wall_ms() + 1000;
	drop_page(f, visit);
}

static void
poll_soon(struct pk_fetcher *f, const char *feed)
{
	struct visit *visit = pk_map_get(f->feeds, pk_span_of(feed));

	/* one that has its turn at the host already waits for just that */
	if (visit != NULL && !visit->under_way && !visit->has_turn)
		pk_schedule_set(f->schedule, &visit->due, pk_mono_ns());
}

/* Takes what was put into the mail since the last time. Returns false when it says
 * stop. */
static bool
take_mail(struct pk_fetcher *f)
{
	struct mail *mail = &f->mail;

	pthread_mutex_lock(&mail->lock);
	bool stop = mail->stop;
	struct pk_config *config = pk_steal(&mail->config);
	for (size_t i = 0; i < mail->n_completions; i++)
		complete(f, &mail->completions[i]);
	mail->n_completions = 0;
	for (size_t i = 0; i < mail->n_further; i++)
		go_on(f, mail->further[i]);
	mail->n_further = 0;
	for (size_t i = 0; i < mail->n_polls; i++)
		poll_soon(f, mail->polls[i]);
	mail->n_polls = 0;
	pthread_mutex_unlock(&mail->lock);
	if (config != NULL)
		take_config(f, config);
	return !stop;
}

/* Milliseconds that the loop may wait for the network. */
static int
patience_ms(const struct pk_fetcher *f)
{
	uint64_t wait_ms = LOOP_MS;
	uint64_t further_ns = pk_schedule_wait_ns(f->further, pk_mono_ns());

	if (further_ns / (uint64_t)PK_NS_PER_MS < wait_ms)
		wait_ms = further_ns / (uint64_t)PK_NS_PER_MS + 1;
	if (f->in_circle < f->flow->documents_max) {
		uint64_t due_ns = pk_schedule_wait_ns(f->schedule, pk_mono_ns());
		int64_t pages_ms = f->pages_at_ms - pk_wall_ms();
		if (due_ns / (uint64_t)PK_NS_PER_MS < wait_ms)
			wait_ms = due_ns / (uint64_t)PK_NS_PER_MS + 1;
		if (pages_ms < (int64_t)wait_ms)
			wait_ms = pages_ms < 0 ? 0 : (uint64_t)pages_ms;
	}
	return (int)wait_ms;
}

static void *
fetch(void *context)
{
	struct pk_fetcher *f = context;

	while (take_mail(f)) {
		atomic_store(&f->flow->fetcher_alive_ns, pk_mono_ns());
		if (f->pages_wanted || pk_wall_ms() >= f->pages_at_ms)
			load_pages(f);
		start_due(f);
		if (pk_http_perform(f->http, patience_ms(f)) < 0)
			pk_log(PK_ERROR, "the HTTP client has a problem, trying on");
	}
	return NULL;
}

/* ---- the door ---- */

int
pk_fetcher_new(
    struct pk_flow *flow, struct pk_config *config, struct pk_fetcher **ret_fetcher)
{
	struct pk_fetcher *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return -ENOMEM;
	pthread_mutex_init(&f->mail.lock, NULL);
	f->flow = flow;
	f->config = pk_config_ref(config);
	f->http = pk_request_client(f->config, f->flow->documents_max, on_response, f);
	f->polite = pk_polite_new(
	    (uint64_t)config->fetch.per_host.min_delay_ms * (uint64_t)PK_NS_PER_MS);
	f->schedule = pk_schedule_new();
	f->further = pk_schedule_new();
	f->feeds = pk_map_new();
	f->pages = pk_map_new();
	f->mail.completions = calloc(flow->documents_max, sizeof(*f->mail.completions));
	f->mail.further = calloc(flow->documents_max, sizeof(struct pk_outcome *));
	f->pages_wanted = true; /* what a daemon before this one left */
	int r = -ENOMEM;
	if (f->http != NULL && f->polite != NULL && f->schedule != NULL &&
	    f->further != NULL && f->feeds != NULL && f->pages != NULL &&
	    f->mail.completions != NULL && f->mail.further != NULL)
		r = pk_db_open(flow->db_path, PK_DB_READ, &f->reader);
	if (r == 0)
		r = add_feeds(f);
	if (r < 0) {
		pk_fetcher_free(f);
		return r;
	}
	atomic_store(&flow->fetcher_alive_ns, pk_mono_ns());
	*ret_fetcher = f;
	return 0;
}

int
pk_fetcher_run(struct pk_fetcher *f)
{
	int r = pthread_create(&f->thread, NULL, fetch, f);

	f->running = r == 0;
	return -r;
}

void
pk_fetcher_stop(struct pk_fetcher *f)
{
	pthread_mutex_lock(&f->mail.lock);
	f->mail.stop = true;
	pk_http_wake(f->http);
	pthread_mutex_unlock(&f->mail.lock);
	if (f->running)
		pthread_join(f->thread, NULL);
	f->running = false;
}

static void
free_visits(struct pk_map *visits)
{
	struct visit *visit;
	size_t cursor = 0;

	while (visits != NULL && (visit = pk_map_next(visits, &cursor)) != NULL)
		free_visit(visit);
	pk_map_free(visits);
}

struct pk_fetcher *
pk_fetcher_free(struct pk_fetcher *f)
{
	if (f == NULL)
		return NULL;
	pk_http_free(f->http);
	pk_polite_free(f->polite);
	pk_schedule_free(f->schedule);
	pk_schedule_free(f->further);
	free_visits(f->feeds);
	free_visits(f->pages);
	pk_db_close(f->reader);
	pk_config_unref(f->mail.config);
	pk_config_unref(f->config);
	free(f->mail.completions);
	for (size_t i = 0; i < f->mail.n_further; i++)
		pk_outcome_free(f->mail.further[i]);
	free(f->mail.further);
	pthread_mutex_destroy(&f->mail.lock);
	free(f);
	return NULL;
}

void
pk_fetcher_configure(struct pk_fetcher *f, struct pk_config *config)
{
	pthread_mutex_lock(&f->mail.lock);
	pk_config_unref(f->mail.config);
	f->mail.config = pk_config_ref(config);
	pk_http_wake(f->http);
	pthread_mutex_unlock(&f->mail.lock);
}

int
pk_fetcher_poll(struct pk_fetcher *f, struct pk_span feed)
{
	struct mail *mail = &f->mail;
	int r = -EAGAIN;

	pthread_mutex_lock(&mail->lock);
	if (mail->n_polls < POLL_REQUESTS_MAX) {
		snprintf(mail->polls[mail->n_polls++], sizeof(mail->polls[0]), "%.*s",
		    PK_SPAN_ARG(feed));
		r = 0;
	}
	pk_http_wake(f->http);
	pthread_mutex_unlock(&mail->lock);
	return r;
}

void
pk_fetcher_go_on(struct pk_fetcher *f, struct pk_outcome *outcome)
{
	struct mail *mail = &f->mail;

	pthread_mutex_lock(&mail->lock);
	/* never more than there are documents in the circle */
	assert(mail->n_further < f->flow->documents_max);
	mail->further[mail->n_further++] = outcome;
	pk_http_wake(f->http);
	pthread_mutex_unlock(&mail->lock);
}

void
pk_fetcher_complete(struct pk_fetcher *f, const struct pk_completion *completion)
{
	struct mail *mail = &f->mail;

	pthread_mutex_lock(&mail->lock);
	/* never more than there are documents in the circle */
	assert(mail->n_completions < f->flow->documents_max);
	mail->completions[mail->n_completions++] = *completion;
	pk_http_wake(f->http);
	pthread_mutex_unlock(&mail->lock);
}
