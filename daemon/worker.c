/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/worker.h"

#include "base/clock.h"
#include "base/counter.h"
#include "base/db.h"
#include "base/failpoint.h"
#include "base/heap.h"
#include "daemon/feed_reader.h"
#include "publish/journal.h"
#include "publish/story/story.h"

#include <errno.h>
#include <time.h>

struct worker {
	struct pk_flow *flow;
	struct pk_fetcher *fetcher;
	struct pk_db *reader; /* for what was published of an article before */
};

static void
fail(struct pk_outcome *outcome, const char *error)
{
	outcome->kind = PK_OUTCOME_PAGE_FAILED;
	outcome->error = error;
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
		fail(outcome, strerrordesc_np(-r));
		return;
	}
	outcome->kind = PK_OUTCOME_PAGE;
	outcome->error = extraction.reason;
}

static void
read_page(struct worker *worker, struct pk_outcome *outcome)
{
	int r = read_one(worker, outcome);

	if (r < 0)
		fail(outcome, strerrordesc_np(-r));
	else if (outcome->reading.next.len == 0)
		finish_page(worker, outcome);
}

/* Where the outcome goes next: to the store, or, when its article or index goes on
 * elsewhere, back to the fetcher. */
static void
read_document(struct worker *worker, struct pk_outcome *outcome)
{
	if (outcome->doc->kind == PK_DOC_FEED)
		pk_feed_read(worker->flow, worker->reader, outcome);
	else
		read_page(worker, outcome);
	PK_FAILPOINT(worker_done);
	if (outcome->kind == PK_OUTCOME_OPEN)
		pk_fetcher_go_on(worker->fetcher, outcome);
	else if (pk_queue_push(worker->flow->outcomes, outcome) < 0)
		pk_outcome_free(outcome);
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
	const struct timespec pause = { .tv_nsec = 100 * (long)PK_NS_PER_MS };
	struct pk_outcome *outcome;

	while (pk_heap_join() < 0)
		nanosleep(&pause, NULL);
	while ((outcome = pk_queue_pop(worker->flow->work)) != NULL)
		read_document(worker, outcome);
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
