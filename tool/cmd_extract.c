/* SPDX-License-Identifier: Apache-2.0 */
/* peyk extract: the whole line on files, JSON lines exactly as on the wire. */
#include "base/clock.h"
#include "base/date_formats.h"
#include "extract/extract.h"
#include "publish/journal.h"
#include "publish/story/story.h"
#include "tool/cmd.h"
#include "tool/input.h"
#include "tool/output.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* Room for the largest document several times over. */
#define ARENA_LIMIT ((size_t)512 * 1024 * 1024)

struct options {
	const char *format;
	const char *url;
	const char *published;
	const char *publisher;
	const char *publisher_country;
	const char *instance;
	bool no_time;
	bool explain;
	bool stories;
	const struct pk_extractor *extractor;
	struct pk_db *db; /* with stories: what was read so far, in memory */
};

static enum pk_doc_kind
kind_of(const struct options *o, struct pk_span bytes)
{
	if (o->format != NULL)
		return strcmp(o->format, "text") == 0 ? PK_DOC_TEXT : PK_DOC_PAGE;
	return memchr(bytes.ptr, '<', bytes.len) != NULL ? PK_DOC_PAGE : PK_DOC_TEXT;
}

static struct pk_doc *
make_doc(const struct options *o, const struct pk_input *input)
{
	struct pk_doc *doc = pk_doc_new(kind_of(o, input->bytes), ARENA_LIMIT);

	if (doc == NULL)
		return NULL;
	doc->bytes = input->bytes;
	doc->url = input->url.len > 0 ? input->url : pk_span_of(o->url);
	doc->entry_published =
	    input->published.len > 0 ? input->published : pk_span_of(o->published);
	pk_extract_publisher(o->extractor, doc, pk_span_of(o->publisher),
	    pk_span_of(o->publisher_country));
	doc->fetched_ms = o->no_time ? -1 : pk_wall_ms();
	return doc;
}

/* " 12-20", " t3-9" in the title; nothing for what stands nowhere. */
static void
explain_place(bool known, struct pk_range range)
{
	if (known)
		fprintf(stderr, " %s%" PRIu32 "-%" PRIu32, range.in_title ? "t" : "",
		    range.start, range.end);
}

static void
explain_party(const char *part, const struct pk_entity *e)
{
	struct pk_span id = e->id.len > 0 ? e->id : PK_SPAN("?");

	fprintf(stderr, "    %-10s %.*s «%.*s»", part,
	    PK_SPAN_ARG(e->country.len > 0 ? e->country : PK_SPAN("-")),
	    PK_SPAN_ARG(e->text));
	explain_place(e->has_range, e->range);
	fprintf(stderr, ": %.*s, %s", PK_SPAN_ARG(id), pk_mention_name(e->mention));
	if (e->antecedent.how.len > 0)
		fprintf(stderr, " by %.*s", PK_SPAN_ARG(e->antecedent.how));
	if (e->antecedent.has_range)
		explain_place(true, e->antecedent.range);
	fprintf(stderr, " (%.2f)\n", e->conf);
}

static void
explain_circumstances(const struct pk_event *e)
{
	if (e->time.how != PK_TIME_NONE) {
		fprintf(stderr, "    time       %.*s", PK_SPAN_ARG(e->time.start));
		explain_place(e->time.has_range, e->time.range);
		fprintf(stderr, ": %s", pk_time_how_name(e->time.how));
		if (e->time.anchor.len > 0)
			fprintf(stderr, " from %.*s (%s)", PK_SPAN_ARG(e->time.anchor),
			    pk_anchor_name(e->time.anchor_src));
		fputc('\n', stderr);
	}
	if (e->place.how != PK_PLACE_NONE) {
		fprintf(stderr, "    place      %.*s «%.*s»",
		    PK_SPAN_ARG(e->place.country), PK_SPAN_ARG(e->place.text));
		explain_place(e->place.has_range, e->place.range);
		fprintf(stderr, ": %s\n", pk_place_how_name(e->place.how));
	}
	if (e->reported_by != NULL)
		fprintf(stderr, "    told in    «%.*s» (depth %d)\n",
		    PK_SPAN_ARG(e->reported_by->trigger), e->depth);
}

/* Which rule made an event of which words, what each slot was found by, and what its
 * confidence is made of. For people who read events, and who write rules. */
static void
explain_event(const struct pk_event *e)
{
	const char *name;

	fprintf(stderr, "%-9s %.*s %.3f «%.*s»", pk_event_type_name(e->type),
	    PK_SPAN_ARG(e->rule), e->confidence.overall, PK_SPAN_ARG(e->trigger));
	for (size_t i = 0; i < e->n_mentions; i++)
		explain_place(true, e->mentions[i]);
	fputc('\n', stderr);
	for (size_t i = 0; i < e->n_actors; i++)
		explain_party("actor", &e->actors[i]);
	for (size_t i = 0; i < e->n_recipients; i++)
		explain_party("recipient", &e->recipients[i]);
	explain_circumstances(e);
	fprintf(stderr, "    because   ");
	for (size_t i = 0; (name = pk_extract_evidence(i)) != NULL; i++) {
		if ((e->evidence & (UINT64_C(1) << i)) != 0)
			fprintf(stderr, " %s", name);
	}
	fputc('\n', stderr);
}

static void
explain(const struct pk_extraction *x)
{
	for (size_t i = 0; i < x->n_events; i++)
		explain_event(&x->events[i]);
}

static void
print_records(const struct pk_records *records)
{
	for (size_t i = 0; i < records->len; i++) {
		fwrite(
		    records->items[i].body.ptr, 1, records->items[i].body.len, stdout);
		fputc('\n', stdout);
	}
}

static int
build_records(const struct options *o, struct pk_doc *doc, struct pk_extraction *x,
    const struct pk_prior *prior, struct pk_records *ret_records)
{
	return pk_records_build(doc->arena, &x->article, x->events, x->n_events, prior,
	    o->instance == NULL ? "main" : o->instance, doc->fetched_ms, ret_records);
}

/* Publishes it in the database as the daemon would. */
static int
publish_records(const struct options *o, struct pk_doc *doc, struct pk_records *records)
{
	struct pk_records merged;
	uint64_t *seqs;
	int r = pk_story_merge(o->db, doc->arena, records, PK_STORY_WINDOW_MS,
	    doc->fetched_ms < 0 ? 0 : doc->fetched_ms, &merged);

	if (r < 0)
		return r;
	seqs = pk_arena_calloc(doc->arena, merged.len + 1, sizeof(*seqs));
	if (seqs == NULL)
		return -ENOMEM;
	r = pk_journal_apply(o->db, &merged, doc->fetched_ms, seqs);
	if (r == 0)
		*records = merged;
	return r;
}

/* After the files before, as one stream. */
static int
print_in_stream(const struct options *o, struct pk_doc *doc, struct pk_extraction *x)
{
	struct pk_records records;
	struct pk_prior prior;
	int r = pk_journal_prior(o->db, doc->arena, pk_span_of(x->article.id), &prior);

	if (r < 0)
		return r;
	pk_story_presume(&x->article, &prior);
	r = build_records(o, doc, x, &prior, &records);
	if (r == 0)
		r = pk_db_begin(o->db);
	if (r == 0)
		r = publish_records(o, doc, &records);
	if (r == 0)
		r = pk_db_commit(o->db);
	if (r == 0)
		print_records(&records);
	else
		pk_db_rollback(o->db);
	return r;
}

static int
print_alone(const struct options *o, struct pk_doc *doc, struct pk_extraction *x)
{
	struct pk_records records;
	int r = build_records(o, doc, x, NULL, &records);

	if (r == 0)
		print_records(&records);
	return r;
}

/* A page that is no article says so, and is no failure. */
static int
print_reason(const struct pk_doc *doc, const char *reason)
{
	json_t *object = json_object();

	pk_json_set_text(object, "url", doc->url);
	pk_json_set_text(object, "reason", pk_span_of(reason));
	return pk_output_json(object);
}

static int
extract_file(void *context, const struct pk_input *input)
{
	const struct options *o = context;
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = NULL;
	struct pk_extraction x;
	int r;

	if (input->bytes.len == 0)
		return pk_input_failed(input->path, "the file is empty");
	doc = make_doc(o, input);
	if (doc == NULL)
		return pk_input_failed(input->path, strerrordesc_np(ENOMEM));
	r = pk_extract(o->extractor, doc, &x);
	if (r == 0 && x.reason != NULL)
		return print_reason(doc, x.reason);
	if (r == 0 && o->explain)
		explain(&x);
	if (r == 0)
		r = o->db != NULL ? print_in_stream(o, doc, &x)
				  : print_alone(o, doc, &x);
	if (r == -E2BIG)
		return pk_input_failed(input->path, "the document is too large");
	return r < 0 ? pk_input_failed(input->path, strerrordesc_np(-r)) : 0;
}

static int
load_extractor(const struct pk_own_folders *own, struct pk_extractor **ret_extractor)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(65536);
	struct pk_diag diag = { .where = "language packs", .what = "cannot be loaded" };
	const char *dir;
	int r = arena == NULL ? -ENOMEM : pk_extract_find_data(arena, &dir);

	if (r == -ENOENT) {
		fprintf(stderr, "peyk: no language packs found; set PEYK_DATA_DIR\n");
		return 1;
	}
	if (r == 0)
		r = pk_extractor_new(dir, own, ret_extractor, &diag);
	if (r == 0)
		return 0;
	return pk_diag_failed(&diag);
}

static int
open_stream(struct pk_db **ret_db)
{
	pk_cleanup(pk_db_closep) struct pk_db *db = NULL;
	int r = pk_db_open(":memory:", PK_DB_WRITE, &db);

	if (r == 0)
		r = pk_journal_init(db);
	if (r < 0) {
		fprintf(stderr, "peyk: cannot keep the stories in memory: %s\n",
		    strerrordesc_np(-r));
		return 1;
	}
	*ret_db = pk_steal(&db);
	return 0;
}

static bool
valid(const struct options *o)
{
	struct pk_moment moment;

	if (o->format != NULL && strcmp(o->format, "text") != 0 &&
	    strcmp(o->format, "html") != 0) {
		fprintf(stderr, "peyk: --format is text or html\n");
		return false;
	}
	if (o->published != NULL &&
	    pk_date_parse(pk_span_of(o->published), 0, &moment) < 0) {
		fprintf(stderr, "peyk: --published wants a date like 2024-05-01\n");
		return false;
	}
	return true;
}

int
pk_cmd_extract(int argc, char **argv)
{
	pk_cleanup(pk_extractor_unrefp) struct pk_extractor *extractor = NULL;
	pk_cleanup(pk_db_closep) struct pk_db *db = NULL;
	struct options o = { 0 };
	struct pk_own_folders own = { NULL, NULL };
	const char *list = NULL;
	const struct pk_option options[] = {
		{ .name = "format", .value = &o.format },
		{ .name = "url", .value = &o.url },
		{ .name = "published", .value = &o.published },
		{ .name = "publisher", .value = &o.publisher },
		{ .name = "publisher-country", .value = &o.publisher_country },
		{ .name = "instance", .value = &o.instance },
		{ .name = "knowledge", .value = &own.knowledge },
		{ .name = "sites", .value = &own.sites },
		{ .name = "list", .value = &list },
		{ .name = "no-time", .flag = &o.no_time },
		{ .name = "explain", .flag = &o.explain },
		{ .name = "stories", .flag = &o.stories },
	};
	int first, status;

	status = pk_options_read(argc, argv, options, PK_COUNT(options), &first);
	if (status != 0)
		return status;
	if ((first == argc && list == NULL) || !valid(&o))
		return pk_cmd_usage(argv[0]);
	status = load_extractor(&own, &extractor);
	if (status != 0)
		return status;
	o.extractor = extractor;
	if (o.stories)
		status = open_stream(&db);
	if (status != 0)
		return status;
	o.db = db;
	status = pk_inputs_run(argv + first, argc - first, list, extract_file, &o);
	return pk_output_finish(status);
}
