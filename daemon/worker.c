/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/worker.h"

#include "base/counter.h"
#include "base/date_formats.h"
#include "base/db.h"
#include "fetch/feed/feed.h"
#include "publish/journal.h"
#include "publish/story/story.h"

#include <errno.h>

struct worker {
	struct pk_flow *flow;
	struct pk_fetcher *fetcher;
	struct pk_db *reader; /* for what was published of an article before */
};

static void
fail(struct pk_outcome *outcome, enum pk_outcome_kind kind, const char *error)
{
	outcome->kind = kind;
	outcome->error = error;
}

/* Clocks of feeds that name no zone are their country's; only Iran's is known so far,
 * and who writes Jalali dates without one means it. */
static int
default_offset_min(const struct pk_doc *doc)
{
	bool iran = pk_span_eq(doc->publisher.country, PK_SPAN("IRN"));

	return iran ? PK_OFFSET_IRAN : PK_OFFSET_UNKNOWN;
}

static struct pk_span
time_text(struct pk_arena *arena, struct pk_feed_time time)
{
	char text[PK_DATE_TEXT_MAX];

	if (!time.known)
		return (struct pk_span){ NULL, 0 };
	size_t len = pk_date_format_utc(time.time_s, text);
	return pk_arena_copy(arena, (struct pk_span){ text, len });
}

/*
 * The entries as polling needs them. Keys and hashes are borrowed from the feed, which
 * lives in the same arena.
 */
static int
take_entries(const struct pk_feed *feed, struct pk_outcome *outcome)
{
	struct pk_poll_entry *entries =
	    pk_arena_calloc(outcome->doc->arena, feed->n_entries, sizeof(*entries));

	if (entries == NULL && feed->n_entries > 0)
		return -ENOMEM;
	for (size_t i = 0; i < feed->n_entries; i++) {
		const struct pk_feed_entry *from = &feed->entries[i];
		entries[i] = (struct pk_poll_entry){
			.key = pk_span_of(from->key),
			.link = from->link,
			.title = from->title,
			.published = time_text(outcome->doc->arena, from->published),
			.content_hash = pk_span_of(from->content_hash),
		};
	}
	outcome->entries = entries;
	outcome->n_entries = feed->n_entries;
	outcome->partial = outcome->partial || feed->partial;
	return 0;
}

static void
pass_on(struct pk_flow *flow, struct pk_outcome *outcome)
{
	if (pk_queue_push(flow->outcomes, outcome) < 0)
		pk_outcome_free(outcome);
}

static void
read_feed(struct pk_outcome *outcome)
{
	struct pk_doc *doc = outcome->doc;
	const struct pk_feed_context context = {
		.url = doc->url,
		.content_type = doc->content_type,
		.default_offset_min = default_offset_min(doc),
		.now_s = doc->fetched_ms / 1000,
	};
	struct pk_feed feed;

	pk_id_of(&doc->bytes, 1, outcome->body_hash);
	if (pk_span_eq(outcome->known_hash, pk_span_of(outcome->body_hash))) {
		outcome->kind = PK_OUTCOME_UNCHANGED;
		return;
	}
	int r = pk_feed_parse(doc->arena, doc->bytes, &context, &feed);

	if (r == 0)
		r = take_entries(&feed, outcome);
	if (r < 0) {
		pk_count(PK_COUNT_FEEDS_MALFORMED);
		fail(outcome, PK_OUTCOME_POLL_FAILED,
		    r == -EBADMSG ? "the answer is no feed" : strerrordesc_np(-r));
		return;
	}
	outcome->kind = PK_OUTCOME_POLLED;
	pk_count_add(PK_COUNT_FEED_ENTRIES, feed.n_entries);
	pk_count_add(PK_COUNT_FEED_ENTRIES_REFUSED, feed.n_refused);
}

static int
make_records(
    struct worker *worker, struct pk_outcome *outcome, struct pk_extraction *extraction)
{
	struct pk_doc *doc = outcome->doc;
	struct pk_prior prior;
	int r = pk_journal_prior(
	    worker->reader, doc->arena, pk_span_of(extraction->article.id), &prior);

	if (r < 0)
		return r;
	pk_story_presume(&extraction->article, &prior);
	r = pk_records_build(doc->arena, &extraction->article, extraction->events,
	    extraction->n_events, &prior, worker->flow->instance, doc->fetched_ms,
	    &outcome->records);
	if (r == 0 && outcome->records.len == 0)
		pk_count(PK_COUNT_ARTICLES_UNCHANGED);
	return r;
}

/* Reads one page of an article. What goes wrong with a further one, or with the AMP
 * page in place of the first, leaves what was read before. */
static int
read_one(struct worker *worker, struct pk_outcome *outcome)
{
	struct pk_reading *reading = &outcome->reading;
	bool first = reading->asked.len == 0;

	/* the outcome holds it until its records are on disk and sent; further pages
	 * are read with the same */
	if (outcome->extractor == NULL)
		outcome->extractor = pk_flow_extractor(worker->flow);
	int r = 0;
	if (outcome->missed == NULL)
		r = pk_extract_page(outcome->extractor, outcome->doc, reading);
	if (r < 0 && first)
		return r;
	if (r < 0)
		outcome->missed = strerrordesc_np(-r);
	if (outcome->missed != NULL)
		pk_reading_miss(reading);
	else if (reading->article.truncated && reading->article.next_url.len > 0)
		outcome->missed = "it is no page of the article, or one too many";
	return 0;
}

/* An article of which all that can be had was read. */
static void
finish_page(struct worker *worker, struct pk_outcome *outcome)
{
	struct pk_extraction extraction;
	int r = pk_extract_finish(
	    outcome->extractor, outcome->doc, &outcome->reading, &extraction);

	if (r == 0 && extraction.reason != NULL)
		pk_count(PK_COUNT_NO_ARTICLE);
	else if (r == 0)
		r = make_records(worker, outcome, &extraction);
	if (r < 0) {
		fail(outcome, PK_OUTCOME_PAGE_FAILED, strerrordesc_np(-r));
		return;
	}
	outcome->kind = PK_OUTCOME_PAGE;
	outcome->error = extraction.reason;
}

/* Where the outcome goes next: to the store, or, when its article goes on elsewhere,
 * back to the fetcher. */
static void
read_page(struct worker *worker, struct pk_outcome *outcome)
{
	int r = read_one(worker, outcome);

	if (r == 0 && outcome->reading.next.len > 0) {
		pk_fetcher_go_on(worker->fetcher, outcome);
		return;
	}
	if (r == 0)
		finish_page(worker, outcome);
	else
		fail(outcome, PK_OUTCOME_PAGE_FAILED, strerrordesc_np(-r));
	pass_on(worker->flow, outcome);
}

static struct worker *
free_worker(struct worker *worker)
{
	if (worker != NULL)
		pk_db_close(worker->reader);
	free(worker);
	return NULL;
}
PK_DEFINE_CLEANUP(struct worker *, free_worker);

static void *
work(void *context)
{
	pk_cleanup(free_workerp) struct worker *worker = context;
	struct pk_flow *flow = worker->flow;
	struct pk_outcome *outcome;

	while ((outcome = pk_queue_pop(flow->work)) != NULL) {
		if (outcome->doc->kind == PK_DOC_FEED) {
			read_feed(outcome);
			pass_on(flow, outcome);
		} else {
			read_page(worker, outcome);
		}
	}
	return NULL;
}

/* All that can fail is done before the thread: a daemon must not run without workers.
 */
static int
start_worker(struct pk_flow *flow, struct pk_fetcher *fetcher, pthread_t *ret_thread)
{
	pk_cleanup(free_workerp) struct worker *worker = calloc(1, sizeof(*worker));

	if (worker == NULL)
		return -ENOMEM;
	worker->flow = flow;
	worker->fetcher = fetcher;
	int r = pk_db_open(flow->db_path, PK_DB_READ, &worker->reader);
	if (r == 0)
		r = -pthread_create(ret_thread, NULL, work, worker);
	if (r == 0)
		pk_steal(&worker);
	return r;
}

int
pk_workers_start(
    struct pk_flow *flow, struct pk_fetcher *fetcher, size_t n, pthread_t *ret_threads)
{
	for (size_t i = 0; i < n; i++) {
		int r = start_worker(flow, fetcher, &ret_threads[i]);
		if (r < 0) {
			pk_queue_close(flow->work);
			pk_workers_join(ret_threads, i);
			return r;
		}
	}
	return 0;
}

void
pk_workers_join(const pthread_t *threads, size_t n)
{
	for (size_t i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
}
