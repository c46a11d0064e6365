/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/fetcher.h"

#include "base/db.h"
#include "base/digest.h"
#include "base/log.h"
#include "daemon/fetcher_priv.h"
#include "daemon/subscription.h"
#include "fetch/http/retry.h"
#include "fetch/poll/rhythm.h"

#include <assert.h>
#include <errno.h>

#define LOOP_MS 500

/* Requests at once: for the documents of the circle, and for robots.txt and hubs beside
 * them. */
#define CLIENT_MAX(f) ((f)->flow->documents_max + ROBOTS_REQUESTS_MAX + PK_HUBS_MAX)

/* A machine that slept for less was only busy. */
#define SLEEP_NS (30 * PK_NS_PER_S)

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
			pk_visits_drop(f, visit);
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
		pk_visits_find_address(f, visit);
		if (!visit->under_way)
			pk_visits_schedule(f, visit, pk_mono_ns());
	}
}

/* Feeds that hubs tell of no longer are polled as others are, within an interval. */
static void
hurry_feeds_without_hub(struct pk_fetcher *f, const struct pk_config *old)
{
	for (size_t i = 0; i < old->feeds.n; i++) {
		const struct pk_config_feed *feed =
		    pk_config_feed(f->config, old->feeds.items[i].id);
		struct visit *visit = pk_map_get(f->feeds, old->feeds.items[i].id);
		if (feed == NULL || visit == NULL || visit->under_way ||
		    !pk_due_is_set(&visit->due) ||
		    !pk_subscription_is_wanted(old, feed->id) ||
		    pk_subscription_is_wanted(f->config, feed->id))
			continue;
		int64_t interval_ms = feed->interval_ms > 0
					  ? feed->interval_ms
					  : f->config->poll.interval_ms;
		uint64_t due_ns =
		    pk_mono_ns() +
		    pk_random_u64() % ((uint64_t)interval_ms * (uint64_t)PK_NS_PER_MS);
		if (due_ns < visit->due.at_ns)
			pk_visits_schedule(f, visit, due_ns);
	}
}

static struct pk_robots *
make_robots(const struct pk_config *config)
{
	const struct pk_robots_options options = {
		.user_agent = config->fetch.user_agent,
	};

	return pk_robots_new(&options);
}

static struct pk_polite_options
polite_options(const struct pk_config *config)
{
	return (struct pk_polite_options){
		.gap_ns = (uint64_t)config->fetch.per_host.min_delay_ms *
			  (uint64_t)PK_NS_PER_MS,
		.jitter_percent = 10,
		.seed = pk_random_u64(),
	};
}

/* A host that wants to be left alone was told so to a daemon before this one. */
static int
restore_hold(void *context, struct pk_span host, bool domain, int64_t until_ms)
{
	struct pk_fetcher *f = context;
	uint64_t now_ns = pk_mono_ns();
	int64_t left_ms = until_ms - pk_wall_ms();

	if (left_ms <= 0 || left_ms > PK_RETRY_AFTER_MAX_S * 1000)
		return 0; /* past, or the clock was set back */
	uint64_t until_ns = now_ns + (uint64_t)left_ms * (uint64_t)PK_NS_PER_MS;
	return domain ? pk_polite_hold_domain(f->polite, host, now_ns, until_ns)
		      : pk_polite_hold(f->polite, host, now_ns, until_ns);
}

/* For another name than ours, a robots.txt has other rules. */
static void
renew_robots(struct pk_fetcher *f, const struct pk_config *old)
{
	if (pk_span_eq(old->fetch.user_agent, f->config->fetch.user_agent))
		return;
	struct pk_robots *robots = make_robots(f->config);
	if (robots == NULL) {
		pk_log(
		    PK_ERROR, "no memory for new rules of robots.txt, keeping the old");
		return;
	}
	pk_robots_free(f->robots);
	f->robots = robots;
}

static void
renew_client(struct pk_fetcher *f)
{
	const struct pk_polite_options polite = polite_options(f->config);
	struct pk_http *http =
	    pk_request_client(f->config, CLIENT_MAX(f), pk_asking_answered, f);

	if (http == NULL) {
		pk_log(PK_ERROR, "no memory for new fetch settings, keeping the old");
		return;
	}
	/* wakers read f->http under the mail's lock */
	pthread_mutex_lock(&f->mail.lock);
	struct pk_http *before = f->http;
	f->http = http;
	pthread_mutex_unlock(&f->mail.lock);
	pk_http_free(before);
	pk_polite_change(f->polite, &polite);
}

static void
take_config(struct pk_fetcher *f, struct pk_config *config)
{
	struct pk_config *old = f->config;

	f->config = config;
	if (fetch_changed(old, config))
		renew_client(f);
	renew_robots(f, old);
	remove_feeds(f, old);
	hurry_moved_feeds(f, old);
	hurry_feeds_without_hub(f, old);
	if (pk_visits_add_feeds(f) < 0) {
		pk_log(PK_ERROR, "no memory for all new feeds, some come later");
		f->feeds_left_out = true;
	}
	pk_config_unref(old);
}

static void
complete_feed(struct pk_fetcher *f, const struct pk_completion *completion)
{
	struct visit *visit = pk_map_get(f->feeds, pk_span_of(completion->feed));

	if (visit == NULL)
		return;
	/* a wait and no moment: the wall clock may have jumped since */
	int64_t wait_ms =
	    visit->again || completion->wait_ms < 0 ? 0 : completion->wait_ms;
	visit->next_ms = completion->next_ms;
	visit->last_ms = completion->next_ms - completion->wait_ms;
	pk_visits_back(f, visit);
	visit->failing = completion->failing;
	visit->again = false;
	visit->told = visit->told || completion->told;
	if (completion->moved)
		pk_visits_find_address(f, visit);
	if (visit->unwanted)
		pk_visits_drop(f, visit);
	else
		pk_visits_schedule(f, visit,
		    pk_mono_ns() + (uint64_t)wait_ms * (uint64_t)PK_NS_PER_MS);
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
	struct visit *visit = pk_visits_find_page(f, completion->entry);
	if (visit != NULL)
		pk_visits_drop(f, visit);
}

/* Whose outcome is in the circle has its visit in its map. */
static struct visit *
visit_of(struct pk_fetcher *f, const struct pk_outcome *outcome)
{
	const struct pk_doc *doc = outcome->doc;

	return doc->kind == PK_DOC_PAGE ? pk_visits_find_page(f, doc->entry)
					: pk_map_get(f->feeds, doc->feed);
}

/* An answer was read, and its article or index goes on. */
static void
go_on(struct pk_fetcher *f, struct pk_outcome *outcome)
{
	struct visit *visit = visit_of(f, outcome);

	assert(visit != NULL && visit->outcome == NULL);
	visit->outcome = outcome;
	visit->further = true;
	if (pk_visits_schedule(f, visit, pk_mono_ns()) == 0)
		return;
	/* no memory: from the start, later */
	f->in_circle--;
	pk_visits_back(f, visit);
	visit->further = false;
	visit->outcome = pk_outcome_free(visit->outcome);
	if (visit->kind == VISIT_PAGE) {
		f->pages_at_ms = pk_wall_ms() + 1000;
		pk_visits_drop(f, visit);
	}
}

static void
poll_soon(struct pk_fetcher *f, const char *feed)
{
	struct visit *visit = pk_map_get(f->feeds, pk_span_of(feed));

	/* one that has its turn at the host already waits for just that */
	if (visit != NULL && !visit->under_way && !visit->has_turn)
		pk_visits_schedule(f, visit, pk_mono_ns());
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
	struct push pushes[PUSHES_MAX];
	size_t n_pushes = mail->n_pushes;
	memcpy(pushes, mail->pushes, n_pushes * sizeof(pushes[0]));
	mail->n_pushes = mail->push_bytes = 0;
	if (mail->look_at_hubs)
		pk_hubs_look(f->hubs);
	mail->look_at_hubs = false;
	pthread_mutex_unlock(&mail->lock);
	if (config != NULL)
		take_config(f, config);
	/* not under the mail's lock, for they go on to a queue, which has its own */
	for (size_t i = 0; i < n_pushes; i++) {
		pk_push_take(f, &pushes[i]);
		pk_push_done(&pushes[i]);
	}
	return !stop;
}

/* The less of two waits, the second of which is in ns, in ms rounded up. */
static uint64_t
sooner(uint64_t wait_ms, uint64_t other_ns)
{
	uint64_t other_ms = other_ns / (uint64_t)PK_NS_PER_MS;

	return other_ms < wait_ms ? other_ms + 1 : wait_ms;
}

/* Milliseconds that the loop may wait for the network. */
static int
patience_ms(const struct pk_fetcher *f)
{
	uint64_t now_ns = pk_mono_ns();
	uint64_t wait_ms = sooner(LOOP_MS, pk_hubs_wait_ns(f->hubs));

	wait_ms = sooner(wait_ms, pk_schedule_wait_ns(f->further, now_ns));
	/* what has no room waits for an answer, not for its time */
	if (f->robots_under_way < ROBOTS_REQUESTS_MAX)
		wait_ms = sooner(wait_ms, pk_schedule_wait_ns(f->asides, now_ns));
	if (pk_visits_failing_have_room(f))
		wait_ms = sooner(wait_ms, pk_schedule_wait_ns(f->failing, now_ns));
	if (f->in_circle < f->flow->documents_max) {
		int64_t pages_ms = pk_visits_wait_for_pages_ms(f);
		wait_ms = sooner(wait_ms, pk_schedule_wait_ns(f->schedule, now_ns));
		if (pages_ms < (int64_t)wait_ms)
			wait_ms = pages_ms < 0 ? 0 : (uint64_t)pages_ms;
	}
	return (int)wait_ms;
}

/* The schedule's clock stands still while the machine sleeps; the news do not. */
static void
notice_sleep(struct pk_fetcher *f)
{
	int64_t asleep_ns = pk_asleep_ns();

	if (asleep_ns < f->asleep_ns + SLEEP_NS)
		return;
	pk_log(PK_NOTICE, "the machine has slept, polling what is overdue", "s",
	    pk_log_number((uint64_t)((asleep_ns - f->asleep_ns) / PK_NS_PER_S)));
	f->asleep_ns = asleep_ns;
	pk_visits_wake(f);
}

static void *
fetch(void *context)
{
	struct pk_fetcher *f = context;

	while (take_mail(f)) {
		atomic_store(&f->flow->fetcher_alive_ns, pk_mono_ns());
		notice_sleep(f);
		pk_visits_catch_up(f);
		if (pk_visits_want_pages(f))
			pk_visits_load_pages(f);
		pk_asking_start(f);
		pk_hubs_start(f->hubs, f->config, f->http, f->polite);
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
	f->asleep_ns = pk_asleep_ns();
	f->http = pk_request_client(f->config, CLIENT_MAX(f), pk_asking_answered, f);
	const struct pk_polite_options polite = polite_options(config);
	f->polite = pk_polite_new(&polite);
	f->robots = make_robots(config);
	f->schedule = pk_schedule_new();
	f->failing = pk_schedule_new();
	f->further = pk_schedule_new();
	f->asides = pk_schedule_new();
	f->feeds = pk_map_new();
	f->pages = pk_map_new();
	f->robots_visits = pk_map_new();
	f->mail.completions = calloc(flow->documents_max, sizeof(*f->mail.completions));
	f->mail.further = calloc(flow->documents_max, sizeof(struct pk_outcome *));
	f->pages_wanted = true; /* what a daemon before this one left */
	int r = -ENOMEM;
	if (f->http != NULL && f->polite != NULL && f->robots != NULL &&
	    f->schedule != NULL && f->failing != NULL && f->further != NULL &&
	    f->asides != NULL && f->feeds != NULL && f->pages != NULL &&
	    f->robots_visits != NULL && f->mail.completions != NULL &&
	    f->mail.further != NULL)
		r = pk_db_open(flow->db_path, PK_DB_READ, &f->reader);
	if (r == 0)
		r = pk_poll_holds(f->reader, pk_wall_ms(), restore_hold, f);
	if (r == 0) {
		f->hubs = pk_hubs_new(f->reader, flow->hub_mail);
		r = f->hubs == NULL ? -ENOMEM : pk_visits_add_feeds(f);
	}
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
	/* room that was lost bit by bit would end in a daemon that asks for nothing */
	assert(pk_visits_are_counted(f));
	f->running = false;
	f->reader = pk_db_close(f->reader); /* the store is to be the last: see there */
}

struct pk_fetcher *
pk_fetcher_free(struct pk_fetcher *f)
{
	if (f == NULL)
		return NULL;
	pk_http_free(f->http);
	pk_hubs_free(f->hubs);
	pk_polite_free(f->polite);
	pk_schedule_free(f->schedule);
	pk_schedule_free(f->failing);
	pk_schedule_free(f->further);
	pk_schedule_free(f->asides);
	pk_visits_free(f->feeds);
	pk_visits_free(f->pages);
	pk_visits_free(f->robots_visits);
	pk_robots_free(f->robots);
	pk_db_close(f->reader);
	pk_config_unref(f->mail.config);
	pk_config_unref(f->config);
	free(f->mail.completions);
	for (size_t i = 0; i < f->mail.n_further; i++)
		pk_outcome_free(f->mail.further[i]);
	free(f->mail.further);
	for (size_t i = 0; i < f->mail.n_pushes; i++)
		pk_push_done(&f->mail.pushes[i]);
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

int
pk_fetcher_push(struct pk_fetcher *f, struct pk_span feed, struct pk_span bytes,
    struct pk_span content_type)
{
	struct mail *mail = &f->mail;
	struct push push;
	int r = pk_push_init(&push, feed, bytes, content_type);

	if (r < 0)
		return -EAGAIN;
	pthread_mutex_lock(&mail->lock);
	if (mail->n_pushes < PUSHES_MAX &&
	    (mail->n_pushes == 0 || mail->push_bytes + bytes.len <= PUSH_BYTES_MAX)) {
		mail->pushes[mail->n_pushes++] = push;
		mail->push_bytes += bytes.len;
		pk_http_wake(f->http);
	} else {
		r = -EAGAIN;
	}
	pthread_mutex_unlock(&mail->lock);
	if (r < 0)
		pk_push_done(&push);
	return r;
}

void
pk_fetcher_look_at_hubs(struct pk_fetcher *f)
{
	pthread_mutex_lock(&f->mail.lock);
	f->mail.look_at_hubs = true;
	pk_http_wake(f->http);
	pthread_mutex_unlock(&f->mail.lock);
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
