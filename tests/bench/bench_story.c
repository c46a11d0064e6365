/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stories cost the store: an article that is nobody's copy and one that is, with
 * few and with many articles in the window. The same number of articles in each turn;
 * the ratio says how much dearer a full window makes one.
 */
#include "base/clock.h"
#include "base/digest.h"
#include "publish/journal.h"
#include "publish/story/near.h"
#include "publish/story/story.h"

#define EVENTS 10
#define PIECES 400
#define COPIES 10

static void
must(bool fine, const char *what)
{
	if (!fine) {
		fprintf(stderr, "bench_story: %s failed\n", what);
		exit(1);
	}
}

static double
seconds(uint64_t since_ns)
{
	return (double)(pk_mono_ns() - since_ns) / (double)PK_NS_PER_S;
}

/* Pieces of a report; the first forty are of each copy alone. */
static struct pk_sketch
sketch_of(uint64_t report, uint64_t copy)
{
	struct pk_sketch sketch;

	pk_sketch_init(&sketch);
	for (uint64_t i = 0; i < PIECES; i++)
		pk_sketch_add(
		    &sketch, i < 40 ? (report + copy * 3000017) * 65537 + i * 7919
				    : report * 1000003 + i * 31);
	return sketch;
}

static void
fill_window(struct pk_db *db, uint64_t first, uint64_t n)
{
	must(pk_db_begin(db) == 0, "begin");
	for (uint64_t i = first; i < first + n; i++) {
		struct pk_sketch sketch = sketch_of(i + 10000000, 0);
		const struct pk_near near = { "filler", "filler", 0, 0, &sketch };

		must(pk_near_note(db, &near) == 0, "pk_near_note");
	}
	must(pk_db_commit(db) == 0, "commit");
}

static struct pk_event
event_of(uint64_t report, uint64_t copy, uint32_t number, uint32_t words[static 12],
    struct pk_entity *speaker)
{
	static const struct pk_range place = { .start = 0, .end = 4 };
	const uint64_t key[] = { report, copy, number };
	const struct pk_span part = { (const char *)key, sizeof(key) };
	struct pk_event event = { .type = PK_EVENT_STATE,
		.rule = PK_SPAN("fa.bench.1"),
		.trigger = PK_SPAN("said"),
		.trigger_range = place,
		.mentions = &place,
		.n_mentions = 1,
		.actors = speaker,
		.n_actors = 1,
		.statement = { .form = PK_FORM_DIRECT,
		    .cue = PK_SPAN("said"),
		    .class = PK_CUE_SAY },
		.gist = { .words = words, .n_words = 12 },
		.modality.status = 1u << PK_STATUS_ASSERTED,
		.confidence = { 0.8, 0.9, 0.9, -1, -1, -1 } };

	for (uint32_t i = 0; i < 12; i++)
		words[i] = number * 100 + i;
	pk_id_of(&part, 1, event.id);
	return event;
}

/* One article with its events, as worker and store do it. */
static void
publish(struct pk_db *db, uint64_t report, uint64_t copy, double *ret_seconds)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena =
	    pk_arena_new((size_t)64 << 20);
	struct pk_entity speaker = { .text = PK_SPAN("وزیر خارجه عمان"),
		.kind = PK_KIND_PERSON,
		.country = PK_SPAN("OMN"),
		.conf = 1 };
	struct pk_sketch sketch = sketch_of(report, copy);
	struct pk_span url =
	    pk_arena_printf(arena, "https://%d.example.org/%d", (int)copy, (int)report);
	struct pk_article article = {
		.url = url, .text = url, .language = PK_SPAN("fa"), .sketch = &sketch
	};
	struct pk_event events[EVENTS];
	uint32_t words[EVENTS][12];
	struct pk_records records, merged;
	uint64_t seqs[3 * EVENTS + 1];

	pk_id_of(&url, 1, article.id);
	for (uint32_t i = 0; i < EVENTS; i++)
		events[i] = event_of(report, copy, i, words[i], &speaker);
	pk_story_presume(&article, NULL);
	must(pk_records_build(
		 arena, &article, events, EVENTS, NULL, "main", 0, &records) == 0,
	    "pk_records_build");
	uint64_t start_ns = pk_mono_ns();
	must(pk_story_merge(db, arena, &records, PK_STORY_WINDOW_MS, 0, &merged) == 0,
	    "pk_story_merge");
	*ret_seconds += seconds(start_ns);
	must(pk_journal_apply(db, &merged, 0, seqs) == 0, "pk_journal_apply");
}

struct cost {
	double alone_s;
	double copy_s;
};

static struct cost
measure(struct pk_db *db, uint64_t first, uint64_t reports)
{
	struct cost cost = { 0, 0 };

	must(pk_db_begin(db) == 0, "begin");
	for (uint64_t report = first; report < first + reports; report++) {
		publish(db, report, 0, &cost.alone_s);
		for (uint64_t copy = 1; copy < COPIES; copy++)
			publish(db, report, copy, &cost.copy_s);
	}
	must(pk_db_commit(db) == 0, "commit");
	cost.alone_s /= (double)reports;
	cost.copy_s /= (double)(reports * (COPIES - 1));
	return cost;
}

int
main(int argc, char **argv)
{
	bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
	uint64_t few = 1000, many = quick ? 3000 : 100000, reports = quick ? 5 : 100;
	char dir[] = "/tmp/peyk-bench-XXXXXX", path[64], command[64];
	struct pk_db *db;

	must(mkdtemp(dir) != NULL, "mkdtemp");
	snprintf(path, sizeof(path), "%s/peyk.db", dir);
	must(pk_db_open(path, PK_DB_WRITE, &db) == 0, "pk_db_open");
	must(pk_journal_init(db) == 0, "pk_journal_init");
	fill_window(db, 0, few);
	struct cost small = measure(db, 0, reports);
	fill_window(db, few, many - few);
	struct cost large = measure(db, reports, reports);
	printf("{\"bench\":\"story\",\"ratio\":%.3f,\"aim\":\"<= 2\",\"unit\":\"cost "
	       "of an "
	       "article with %d articles in the window to that with %d\","
	       "\"alone_us\":%.0f,\"copy_of_%d_events_us\":%.0f}\n",
	    (large.alone_s + large.copy_s) / (small.alone_s + small.copy_s), (int)many,
	    (int)few, large.alone_s * 1e6, EVENTS, large.copy_s * 1e6);
	pk_db_close(db);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command) == 0 ? 0 : 1; /* NOLINT(cert-env33-c) */
}
