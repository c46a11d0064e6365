/* SPDX-License-Identifier: Apache-2.0 */
/* From a visit whose time has come to a request, and from its answer to an outcome. */
#include "daemon/fetcher_priv.h"

#include "base/counter.h"
#include "base/failpoint.h"
#include "base/url.h"
#include "fetch/http/retry.h"

#include <errno.h>

/* What could not be started for want of memory is tried again after this. */
#define RETRY_NS (UINT64_C(2) * (uint64_t)PK_NS_PER_S)

/* So long pages wait in memory for a host that wants to be left alone. */
#define HOLD_NS (UINT64_C(30) * (uint64_t)PK_NS_PER_S)

/* So late a turn may be taken. */
#define LATE_NS (UINT64_C(50) * (uint64_t)PK_NS_PER_MS)

static void
push(struct pk_queue *queue, struct pk_outcome *outcome)
{
	if (pk_queue_push(queue, outcome) < 0)
		pk_outcome_free(outcome);
}

/* ---- requests ---- */

/* What cannot be asked for at all has failed like what was asked for in vain: it is
 * told, rests longer each time, and a page is given up in the end. */
static void
refuse(struct pk_fetcher *f, struct pk_outcome *outcome)
{
	bool page = outcome->doc->kind == PK_DOC_PAGE;

	outcome->kind = page ? PK_OUTCOME_PAGE_FAILED : PK_OUTCOME_POLL_FAILED;
	outcome->failure = PK_FAILURE_BLOCKED;
	outcome->error = "the address or a header cannot be sent";
	outcome->doc->fetched_ms = pk_wall_ms();
	push(f->flow->outcomes, outcome);
}

/* What the last answer of this feed was, so that the server may say "the same". */
static void
recall_feed(struct pk_fetcher *f, const struct pk_config_feed *feed,
    struct pk_outcome *outcome, struct pk_http_request *request)
{
	struct pk_poll_feed known = { 0 };

	pk_poll_feed_load(f->reader, outcome->doc->arena, feed->id, feed->url, &known);
	outcome->feed.known = known.read;
	outcome->feed.known_hash = known.body_hash;
	request->validators = known.validators;
	request->delta = true;
}

static struct pk_span
address_of(const struct visit *visit, const struct pk_config_feed *feed)
{
	if (visit->further)
		return pk_outcome_next(visit->outcome);
	if (visit->kind == VISIT_PAGE)
		return visit->page.link;
	return visit->address != NULL ? pk_span_of(visit->address) : feed->url;
}

/* Starts the request of a visit whose turn has come. */
static int
begin(struct pk_fetcher *f, struct visit *visit, const struct pk_config_feed *feed)
{
	bool page = visit->kind == VISIT_PAGE;
	struct pk_outcome *outcome = pk_request_outcome(
	    f->config, feed, page ? &visit->page : NULL, address_of(visit, feed));
	struct pk_span fields[PK_REQUEST_FIELDS_MAX];

	if (outcome == NULL)
		return -ENOMEM;
	struct pk_http_request request;
	pk_request_describe(outcome, f->config, feed, fields, &request);
	if (!page)
		recall_feed(f, feed, outcome, &request);
	outcome->feed.told = visit->told;
	pk_count(page ? PK_COUNT_PAGES : PK_COUNT_POLLS);
	int r = pk_http_start(f->http, &request, visit);
	if (r < 0 && r != -EINVAL) {
		pk_outcome_free(outcome);
		return r;
	}
	visit->under_way = true;
	visit->told = false;
	f->in_circle++;
	visit->in_failing = visit->failing;
	f->failing_in_circle += visit->in_failing;
	if (r == 0)
		visit->outcome = outcome;
	else
		refuse(f, outcome);
	return 0;
}

/* The next answer that an outcome wants cannot be had. */
static void
miss(struct pk_fetcher *f, struct visit *visit, const char *why)
{
	struct pk_outcome *outcome = pk_steal(&visit->outcome);

	visit->further = false;
	outcome->missed = why;
	outcome->kind = PK_OUTCOME_OPEN;
	push(f->flow->work, outcome);
}

/* As begin(), for the next page of an article or the next child of an index. */
static int
begin_further(
    struct pk_fetcher *f, struct visit *visit, const struct pk_config_feed *feed)
{
	bool page = visit->kind == VISIT_PAGE;
	struct pk_outcome *outcome = visit->outcome;
	struct pk_span fields[PK_REQUEST_FIELDS_MAX];
	struct pk_http_request request;

	pk_request_go_on(outcome);
	pk_request_describe(outcome, f->config, feed, fields, &request);
	int r =
	    request.max_bytes == 0 ? -E2BIG : pk_http_start(f->http, &request, visit);
	if (r == -E2BIG)
		miss(f, visit, "all together they are too long");
	else if (r == -EINVAL)
		miss(f, visit, "the address or a header cannot be sent");
	if (r == -E2BIG || r == -EINVAL)
		return 0;
	if (r < 0) {
		pk_request_go_back(outcome);
		return r;
	}
	visit->further = false;
	pk_count(page ? PK_COUNT_PAGES : PK_COUNT_POLLS_FURTHER);
	pk_count_add(PK_COUNT_PAGES_FURTHER, page);
	return 0;
}

static int
begin_robots(struct pk_fetcher *f, struct visit *visit)
{
	const struct pk_http_request request = {
		.url = visit->robots,
		.accept = PK_SPAN("text/plain,*/*;q=0.5"),
		.max_bytes = PK_ROBOTS_BYTES_MAX,
	};
	int r = pk_http_start(f->http, &request, visit);

	if (r < 0)
		return r;
	visit->under_way = true;
	f->robots_under_way++;
	pk_count(PK_COUNT_ROBOTS);
	return 0;
}

/* ---- who may be asked, and when ---- */

/* A page that is not asked for, as if it had been: the store takes what it is told. */
static int
settle(struct pk_fetcher *f, struct visit *visit, const struct pk_config_feed *feed,
    enum pk_outcome_kind kind, const char *why, int64_t rest_ms)
{
	struct pk_outcome *outcome =
	    pk_steal(&visit->outcome); /* of one that goes on */

	if (outcome == NULL) {
		outcome =
		    pk_request_outcome(f->config, feed, &visit->page, visit->page.link);
		if (outcome == NULL)
			return -ENOMEM;
		f->in_circle++;
	}
	visit->further = false;
	visit->under_way = true;
	outcome->kind = kind;
	outcome->error = why;
	outcome->retry_after_ms = rest_ms;
	outcome->doc->fetched_ms = pk_wall_ms();
	push(f->flow->outcomes, outcome);
	return 0;
}

/*
 * A page that we are not to ask for: one that the site closes to us is an entry that is
 * done, one that it may open yet has failed. Of an article that goes on, the rest is
 * missing.
 */
static int
keep_out(struct pk_fetcher *f, struct visit *visit, const struct pk_config_feed *feed,
    enum pk_outcome_kind kind, const char *why)
{
	pk_count(PK_COUNT_PAGES_DISALLOWED);
	if (!visit->further)
		return settle(f, visit, feed, kind, why, -1);
	pk_request_go_on(visit->outcome);
	miss(f, visit, why);
	return 0;
}

/*
 * What belongs to a host that wants to be left alone for long does not wait here: pages
 * would stand before those of all others, and what is in the circle would keep its
 * room. Children of an index are left for the next poll. Returns 1 when there is
 * nothing of that; or 0; or -ENOMEM.
 */
static int
ask_host(struct pk_fetcher *f, struct visit *visit, const struct pk_config_feed *feed,
    uint64_t now_ns)
{
	uint64_t until_ns = pk_polite_held_until(
	    f->polite, pk_url_host(address_of(visit, feed)), now_ns);

	if (until_ns < now_ns + HOLD_NS ||
	    (visit->kind == VISIT_FEED && !visit->further))
		return 1;
	if (visit->kind == VISIT_PAGE)
		return settle(f, visit, feed, PK_OUTCOME_PAGE_HELD, NULL,
		    (int64_t)((until_ns - now_ns) / (uint64_t)PK_NS_PER_MS));
	pk_request_go_on(visit->outcome);
	miss(f, visit, "its host wants to be left alone");
	return 0;
}

static int
await_robots(struct pk_fetcher *f, struct visit *visit, struct pk_span address)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(64 * 1024);
	struct pk_span robots;

	if (arena == NULL || pk_robots_url(arena, address, &robots) < 0)
		return -ENOMEM;
	return pk_visits_await_robots(f, visit, robots);
}

/* May the page be asked for? Returns 1; or 0 when it waits for robots.txt, or was kept
 * out; or -ENOMEM. */
static int
ask_robots(struct pk_fetcher *f, struct visit *visit, const struct pk_config_feed *feed,
    uint64_t now_ns)
{
	struct pk_span address = address_of(visit, feed);
	uint64_t until_ns = now_ns;

	if (visit->kind != VISIT_PAGE || !f->config->fetch.robots)
		return 1;
	switch (pk_robots_check(f->robots, address, now_ns, &until_ns)) {
	case PK_ROBOTS_ALLOWED:
		return 1;
	case PK_ROBOTS_DISALLOWED:
		return keep_out(f, visit, feed, PK_OUTCOME_PAGE,
		    "the site's robots.txt closes the page");
	case PK_ROBOTS_UNREACHABLE:
		/* no fault of the page: it waits, however long, and is not given up */
		if (!visit->further) {
			pk_count(PK_COUNT_PAGES_DISALLOWED);
			return settle(f, visit, feed, PK_OUTCOME_PAGE_HELD, NULL,
			    (int64_t)((until_ns - now_ns) / (uint64_t)PK_NS_PER_MS));
		}
		return keep_out(f, visit, feed, PK_OUTCOME_PAGE_FAILED,
		    "the site's robots.txt cannot be had");
	case PK_ROBOTS_UNKNOWN:
		break;
	}
	return await_robots(f, visit, address);
}

/* Is its turn at the host still good? One that passed while there was no room is void:
 * else all that missed theirs would be asked for at once. */
static bool
has_good_turn(const struct pk_fetcher *f, const struct visit *visit,
    struct pk_span host, uint64_t now_ns)
{
	return visit->has_turn && now_ns <= visit->turn_ns + LATE_NS &&
	       pk_polite_held_until(f->polite, host, now_ns) <= now_ns;
}

/* Waits for a turn at the host of `address`. Returns 1 when it has come. */
static int
await_turn(
    struct pk_fetcher *f, struct visit *visit, struct pk_span address, uint64_t now_ns)
{
	struct pk_span host = pk_url_host(address);

	if (!has_good_turn(f, visit, host, now_ns)) {
		visit->has_turn = false;
		int r = pk_polite_reserve(f->polite, host, now_ns, &visit->turn_ns);
		if (r < 0)
			return r;
		visit->has_turn = true;
	}
	if (visit->turn_ns > now_ns)
		return pk_visits_schedule(f, visit, visit->turn_ns);
	visit->has_turn = false;
	return 1;
}

static int
take_turn(struct pk_fetcher *f, struct visit *visit, uint64_t now_ns)
{
	const struct pk_config_feed *feed =
	    pk_config_feed(f->config, pk_span_of(visit->feed));

	if (feed == NULL || !feed->enabled) { /* its pages, too */
		pk_visits_leave(f, visit);
		return 0;
	}
	int r = ask_host(f, visit, feed, now_ns);
	if (r == 1)
		r = ask_robots(f, visit, feed, now_ns);
	if (r == 1)
		r = await_turn(f, visit, address_of(visit, feed), now_ns);
	if (r == 1)
		r = visit->further ? begin_further(f, visit, feed)
				   : begin(f, visit, feed);
	return r;
}

static int
take_turn_aside(struct pk_fetcher *f, struct visit *visit, uint64_t now_ns)
{
	int r = await_turn(f, visit, visit->robots, now_ns);

	return r == 1 ? begin_robots(f, visit) : r;
}

static void
start_one(struct pk_fetcher *f, struct pk_due *due, uint64_t now_ns)
{
	struct visit *visit = pk_due_owner(due, struct visit, due);
	int r = visit->kind == VISIT_ROBOTS ? take_turn_aside(f, visit, now_ns)
					    : take_turn(f, visit, now_ns);

	if (r < 0)
		pk_visits_schedule(f, visit, now_ns + RETRY_NS);
}

void
pk_asking_start(struct pk_fetcher *f)
{
	uint64_t now_ns = pk_mono_ns();
	struct pk_due *due;

	while (f->robots_under_way < ROBOTS_REQUESTS_MAX &&
	       (due = pk_schedule_take(f->asides, now_ns)) != NULL)
		start_one(f, due, now_ns);
	/* these have their room, and a circle full of them must not stand still */
	while ((due = pk_schedule_take(f->further, now_ns)) != NULL)
		start_one(f, due, now_ns);
	while (f->in_circle < f->flow->documents_max &&
	       (due = pk_schedule_take(f->schedule, now_ns)) != NULL)
		start_one(f, due, now_ns);
	while (pk_visits_failing_have_room(f) &&
	       (due = pk_schedule_take(f->failing, now_ns)) != NULL)
		start_one(f, due, now_ns);
}

/* ---- answers ---- */

/* Who counts requests (429) counts those to all hosts of a domain. */
static void
hold(struct pk_fetcher *f, struct pk_span url, bool domain, int64_t wait_s)
{
	uint64_t now_ns = pk_mono_ns();
	uint64_t until_ns = now_ns + (uint64_t)wait_s * (uint64_t)PK_NS_PER_S;

	if (domain)
		pk_polite_hold_domain(f->polite, pk_url_host(url), now_ns, until_ns);
	else
		pk_polite_hold(f->polite, pk_url_host(url), now_ns, until_ns);
}

/* A server that wants to be left alone is left alone by all: the one that said so, and
 * the one that led there. */
static void
note_hints(struct pk_fetcher *f, struct pk_span address,
    const struct pk_http_response *response, struct pk_outcome *outcome)
{
	int64_t wait_s;

	if (outcome != NULL && response->fresh_s >= 0)
		outcome->fresh_ms = response->fresh_s * 1000;
	/* some say 403 for too many requests */
	if ((response->status != 429 && response->status != 503 &&
		response->status != 403) ||
	    pk_retry_after_parse(response->retry_after, pk_wall_s(), &wait_s) < 0)
		return;
	if (outcome != NULL)
		outcome->retry_after_ms = wait_s * 1000;
	hold(f, address, response->status == 429, wait_s);
	if (response->hops > 0)
		hold(f, response->url, response->status == 429, wait_s);
}

/* A host that was redirected to has been asked, too: its next turn comes a gap later.
 */
static void
count_redirect(struct pk_fetcher *f, const struct pk_http_response *response)
{
	uint64_t due_ns;

	if (response->hops > 0)
		pk_polite_reserve(
		    f->polite, pk_url_host(response->url), pk_mono_ns(), &due_ns);
}

/* A new client takes it up again, or nobody when we stop. */
static void
cancelled(struct pk_fetcher *f, struct visit *visit)
{
	/* what a hub has told is still to be found */
	visit->told =
	    visit->told || (visit->outcome != NULL && visit->outcome->feed.told);
	visit->outcome = pk_outcome_free(visit->outcome);
	f->in_circle -= visit->kind != VISIT_ROBOTS;
	f->robots_under_way -= visit->kind == VISIT_ROBOTS;
	pk_visits_back(f, visit);
	if (visit->unwanted)
		pk_visits_drop(f, visit);
	else if (pk_visits_schedule(f, visit, pk_mono_ns()) == 0 ||
		 visit->kind == VISIT_FEED)
		return;
	else if (visit->kind == VISIT_ROBOTS)
		pk_visits_end_robots(f, visit); /* who waits for it asks for it again */
	else
		pk_visits_give_back(f, visit);
}

static void
robots_answered(
    struct pk_fetcher *f, struct visit *visit, const struct pk_http_response *response)
{
	const struct pk_robots_answer answer = {
		.outcome = response->outcome,
		.status = response->status,
		.body = pk_buf_span(&response->body),
	};

	f->robots_under_way--;
	note_hints(f, visit->robots, response, NULL);
	uint64_t now_ns = pk_mono_ns();
	/* want of memory is not the site's fault: it is asked again, and its pages wait
	 */
	if (response->outcome == PK_HTTP_MEMORY ||
	    pk_robots_put(f->robots, visit->robots, &answer, now_ns) == -ENOMEM) {
		pk_visits_back(f, visit);
		if (pk_visits_schedule(f, visit, now_ns + RETRY_NS) < 0)
			pk_visits_end_robots(f, visit);
		return;
	}
	int64_t gap_ms = pk_robots_delay_ms(f->robots, visit->robots);
	if (gap_ms > 0)
		pk_polite_set_gap(f->polite, pk_url_host(visit->robots), now_ns,
		    (uint64_t)gap_ms * (uint64_t)PK_NS_PER_MS);
	pk_visits_end_robots(f, visit);
}

void
pk_asking_answered(void *context, void *tag, struct pk_http_response *response)
{
	struct pk_fetcher *f = context;
	struct visit *visit = tag;

	count_redirect(f, response);
	if (pk_hubs_answered(f->hubs, tag, response)) {
		note_hints(f, response->url, response, NULL);
		return;
	}
	if (response->outcome == PK_HTTP_CANCELLED) {
		cancelled(f, visit);
		return;
	}
	if (visit->kind == VISIT_ROBOTS) {
		robots_answered(f, visit, response);
		return;
	}
	struct pk_outcome *outcome = pk_steal(&visit->outcome);
	note_hints(f, outcome->asked_url, response, outcome);
	pk_request_answered(outcome, response, pk_wall_ms());
	if (outcome->doc->kind == PK_DOC_FEED)
		PK_FAILPOINT(feed_fetched);
	else
		PK_FAILPOINT(page_fetched);
	push(outcome->kind == PK_OUTCOME_OPEN ? f->flow->work : f->flow->outcomes,
	    outcome);
}
