/* SPDX-License-Identifier: Apache-2.0 */
/* peyk article - what extract finds on a page, as one JSON object a file; or, with
 * --join, on all of them together. */
#include "extract/extract.h"
#include "publish/article_json.h"
#include "tool/cmd.h"
#include "tool/explain.h"
#include "tool/input.h"
#include "tool/output.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

/* Everything made of one page lives in it. */
#define ARENA_LIMIT ((size_t)256 << 20)

struct work {
	struct pk_extractor *extractor;
	const char *url;
	const char *content_type;
	const char *published;
	bool explain;

	/* --join: one document, whose pages the files are */
	struct pk_doc *joined;
	struct pk_reading reading;
};

/* The article, or why there is none. Takes nothing. Returns 0, or 1 after a message. */
static int
print(const struct pk_doc *doc, const struct pk_article *article, const char *reason)
{
	if (reason == NULL)
		return pk_output_json(pk_article_json(article));
	json_t *none = json_object();
	pk_json_set_text(none, "url", doc->url);
	pk_json_set_text(none, "reason", pk_span_of(reason));
	return pk_output_json(none);
}

/* The agency that is known by the page's host, else by what the site calls itself. */
static void
find_publisher(const struct work *work, struct pk_doc *doc, struct pk_article *article)
{
	const struct pk_span unknown = { NULL, 0 };

	pk_extract_publisher(work->extractor, doc, unknown, unknown);
	if (doc->publisher.id.len == 0 && article->site.len > 0)
		pk_extract_publisher(work->extractor, doc, article->site, unknown);
	if (doc->publisher.id.len > 0)
		article->publisher = doc->publisher;
}

/* The article, and on stderr why. */
static int
explain(const struct work *work, const char *path, struct pk_doc *doc,
    struct pk_article *ret_article, const char **ret_reason)
{
	const struct pk_style style = pk_style_of(STDERR_FILENO);
	const struct pk_style wide = { .colour = style.colour };
	struct pk_explained explained;
	struct pk_buf text;

	int r = pk_extract_article(
	    work->extractor, doc, ret_article, ret_reason, &explained);
	if (r < 0)
		return r;
	pk_buf_init(&text, 0);
	r = pk_explain_render(path, *ret_reason, &explained, &wide, &text);
	if (r == 0)
		fwrite(text.ptr, 1, text.len, stderr);
	pk_buf_done(&text);
	return r;
}

static void
describe(struct pk_doc *doc, const struct work *work, const struct pk_input *input)
{
	doc->bytes = input->bytes;
	doc->url = input->url.len > 0 ? input->url : pk_span_of(work->url);
	doc->content_type = pk_span_of(work->content_type);
	doc->entry_published =
	    input->published.len > 0 ? input->published : pk_span_of(work->published);
}

static int
failed(const struct pk_input *input, int r)
{
	return pk_input_failed(
	    input->path, r == -E2BIG ? "over a limit: 8 MiB, or hundreds of attributes"
				     : "not enough memory");
}

static int
work_on(void *context, const struct pk_input *input)
{
	const struct work *work = context;
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    pk_doc_new(PK_DOC_PAGE, ARENA_LIMIT);
	struct pk_article article;
	const char *reason;

	if (doc == NULL)
		return failed(input, -ENOMEM);
	describe(doc, work, input);
	int r = work->explain
		    ? explain(work, input->path, doc, &article, &reason)
		    : pk_extract_article(work->extractor, doc, &article, &reason, NULL);
	if (r < 0)
		return failed(input, r);
	if (reason == NULL)
		find_publisher(work, doc, &article);
	return print(doc, &article, reason);
}

static int
copy(struct pk_arena *arena, struct pk_span *span)
{
	if (span->len > 0)
		*span = pk_arena_copy(arena, *span);
	return span->ptr == NULL && span->len > 0 ? -ENOMEM : 0;
}

/* The next page of the article. An address that the list does not give is the one that
 * the page before names. */
static int
join(void *context, const struct pk_input *input)
{
	struct work *work = context;
	struct pk_reading *reading = &work->reading;
	struct pk_doc *doc = work->joined;
	bool first = reading->article.pages == 0 && reading->reason == NULL;
	struct pk_input own = *input;

	/* the file's bytes and the list's line are gone when the next one is read */
	int r = copy(doc->arena, &own.bytes);
	if (r == 0)
		r = copy(doc->arena, &own.url);
	if (r == 0)
		r = copy(doc->arena, &own.published);
	if (r == 0) {
		describe(doc, work, &own);
		if (!first && own.url.len == 0)
			doc->url = reading->next;
		r = pk_extract_page(work->extractor, doc, reading);
	}
	return r < 0 ? failed(input, r) : 0;
}

static int
print_joined(struct work *work)
{
	struct pk_doc *doc = work->joined;

	doc->url = work->reading.article.url;
	if (work->reading.reason == NULL)
		find_publisher(work, doc, &work->reading.article);
	return print(doc, &work->reading.article, work->reading.reason);
}

static void
work_done(struct work *work)
{
	pk_extractor_unref(work->extractor);
}

/* `sites` is the user's folder of rules; NULL without. */
static int
load(struct work *work, const char *sites)
{
	const struct pk_own_folders own = { .sites = sites };
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(64 << 10);
	struct pk_diag diag = { .where = "language data", .what = "not found" };
	const char *dir;

	if (arena == NULL || pk_extract_find_data(arena, &dir) < 0 ||
	    pk_extractor_new(dir, &own, &work->extractor, &diag) < 0)
		return pk_diag_failed(&diag);
	return 0;
}

int
pk_cmd_article(int argc, char **argv)
{
	pk_cleanup(pk_doc_freep) struct pk_doc *joined = NULL;
	pk_cleanup(work_done) struct work work = { .reading.pages_max = UINT_MAX };
	const char *list = NULL, *sites = NULL;
	bool joins = false;
	const struct pk_option options[] = {
		{ .name = "url", .value = &work.url },
		{ .name = "content-type", .value = &work.content_type },
		{ .name = "published", .value = &work.published },
		{ .name = "list", .value = &list },
		{ .name = "sites", .value = &sites },
		{ .name = "explain", .flag = &work.explain },
		{ .name = "join", .flag = &joins },
	};
	int first, status;

	if (pk_options_read(argc, argv, options, PK_COUNT(options), &first) != 0)
		return 2;
	if (first == argc && list == NULL)
		return pk_cmd_usage(argv[0]);
	if (joins && work.explain) {
		fprintf(stderr, "peyk: --explain is for pages that are not joined\n");
		return 2;
	}
	if (load(&work, sites) != 0)
		return 1;
	if (joins)
		work.joined = joined = pk_doc_new(PK_DOC_PAGE, ARENA_LIMIT);
	if (joins && joined == NULL)
		return pk_input_failed(argv[0], "not enough memory");
	status = pk_inputs_run(
	    argv + first, argc - first, list, joins ? join : work_on, &work);
	if (joins && status == 0)
		status = print_joined(&work);
	return pk_output_finish(status);
}
