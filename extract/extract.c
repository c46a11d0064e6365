/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/extract.h"

#include "extract/article/find.h"
#include "extract/article/site_rules.h"
#include "extract/article/tree.h"
#include "extract/events/events.h"
#include "extract/names/lexicon.h"
#include "extract/pack/parts.h"
#include "extract/story/gist.h"
#include "extract/story/sketch.h"
#include "extract/text/fold.h"

#include "base/date_formats.h"
#include "base/url.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

/* Languages that have rules for events, one pack each. */
static const char *const languages[] = { "fa" };

struct pk_extractor {
	struct pk_tails *tails;
	struct pk_site_rules *sites;
	struct pk_pack *packs[PK_COUNT(languages)];
	atomic_uint references;
};

struct pk_extractor *
pk_extractor_ref(struct pk_extractor *extractor)
{
	unsigned before =
	    atomic_fetch_add_explicit(&extractor->references, 1, memory_order_relaxed);

	assert(before > 0);
	return extractor;
}

struct pk_extractor *
pk_extractor_unref(struct pk_extractor *extractor)
{
	if (extractor == NULL)
		return NULL;
	unsigned before =
	    atomic_fetch_sub_explicit(&extractor->references, 1, memory_order_acq_rel);
	assert(before > 0);
	if (before > 1)
		return NULL;
	for (size_t i = 0; i < PK_COUNT(languages); i++)
		pk_pack_free(extractor->packs[i]);
	pk_site_rules_free(extractor->sites);
	pk_tails_free(extractor->tails);
	free(extractor);
	return NULL;
}

int
pk_extractor_new(const char *dir, const struct pk_own_folders *own,
    struct pk_extractor **ret_extractor, struct pk_diag *reterr_diag)
{
	pk_cleanup(pk_extractor_unrefp) struct pk_extractor *x = calloc(1, sizeof(*x));

	if (x == NULL)
		return -ENOMEM;
	atomic_init(&x->references, 1);
	pk_tree_init();
	int r = pk_tails_load(dir, &x->tails, reterr_diag);
	if (r == 0)
		r = pk_site_rules_load(
		    dir, own == NULL ? NULL : own->sites, &x->sites, reterr_diag);
	for (size_t i = 0; i < PK_COUNT(languages) && r == 0; i++)
		r = pk_pack_load(dir, languages[i], own == NULL ? NULL : own->knowledge,
		    &x->packs[i], reterr_diag);
	if (r < 0)
		return r;
	*ret_extractor = pk_steal(&x);
	return 0;
}

static bool
is_data(const char *dir)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/lang", dir);

	return n > 0 && (size_t)n < sizeof(path) && access(path, R_OK) == 0;
}

int
pk_extract_find_data(struct pk_arena *arena, const char **ret_dir)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): nobody sets the environment */
	const char *dir = getenv("PEYK_DATA_DIR");
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self));
	struct pk_span beside = { NULL, 0 };

	if (dir != NULL && is_data(dir)) {
		*ret_dir = dir;
		return 0;
	}
	if (n > 0 && (size_t)n < sizeof(self)) {
		while (n > 0 && self[n - 1] != '/')
			n--;
		beside = pk_arena_printf(arena, "%.*s../share/peyk", (int)n, self);
	}
	if (beside.ptr != NULL && is_data(beside.ptr)) {
		*ret_dir = beside.ptr;
		return 0;
	}
#ifdef PEYK_INSTALLED_DATA_DIR
	if (is_data(PEYK_INSTALLED_DATA_DIR)) {
		*ret_dir = PEYK_INSTALLED_DATA_DIR;
		return 0;
	}
#endif
	return -ENOENT;
}

static const struct pk_known_agency *
agency_of_name(const struct pk_pack *pack, struct pk_arena *arena, struct pk_span name)
{
	const struct pk_lexeme *lexeme = pk_phrases_get(
	    pk_pack_parts(pack)->names->agencies, pk_fold_key(arena, name));

	return lexeme == NULL ? NULL : lexeme->agency;
}

static const struct pk_known_agency *
agency_of_url(const struct pk_pack *pack, struct pk_span url)
{
	struct pk_span host = url.len == 0 ? url : pk_url_host(url);

	return host.len == 0 ? NULL : pk_known_agency_of_host(pack, host);
}

void
pk_extract_publisher(const struct pk_extractor *extractor, struct pk_doc *doc,
    struct pk_span name, struct pk_span country)
{
	const struct pk_pack *pack = extractor->packs[0];
	const struct pk_known_agency *agency =
	    name.len > 0 ? agency_of_name(pack, doc->arena, name)
			 : agency_of_url(pack, doc->url);

	doc->publisher = (struct pk_publisher){ .native = name, .country = country };
	if (agency == NULL)
		return;
	doc->publisher.id = agency->id;
	doc->publisher.latin = agency->latin;
	if (name.len == 0)
		doc->publisher.native = agency->native;
	if (country.len == 0)
		doc->publisher.country = agency->country;
}

static void
fill(struct pk_span *field, struct pk_span value)
{
	if (field->len == 0)
		*field = value;
}

/*
 * Completes what the configuration says of the publisher: by its id, else by the host
 * that the page came from; what was said stands.
 */
static void
complete_publisher(const struct pk_pack *pack, struct pk_doc *doc)
{
	struct pk_publisher *publisher = &doc->publisher;
	const struct pk_known_agency *agency =
	    publisher->id.len > 0 ? pk_known_agency_of(pack, publisher->id)
				  : agency_of_url(pack, doc->url);

	if (agency == NULL)
		return;
	fill(&publisher->id, agency->id);
	fill(&publisher->native, agency->native);
	fill(&publisher->latin, agency->latin);
	fill(&publisher->country, agency->country);
}

/* What is known when a text is read. */
struct reading {
	const struct pk_extractor *extractor;
	const struct pk_pack *pack;
	struct pk_arena *arena;
	const struct pk_article *article;
	int64_t day;
	bool has_day;
};

/* The stages from text to mentions, in their order. */
static int
understand(const struct reading *r, struct pk_span bytes,
    const struct pk_paragraph *paragraphs, size_t n_paragraphs,
    const struct pk_mentions *around, struct pk_understood *ret)
{
	const struct pk_pack *pack = r->pack;
	struct pk_names_context context = {
		.publisher = r->article->publisher,
		.day = r->day,
		.has_day = r->has_day,
		.article = around,
	};
	int e =
	    pk_text_parse(r->arena, pack, bytes, paragraphs, n_paragraphs, &ret->text);

	if (e == 0)
		e = pk_dates_find(
		    r->arena, pack, &ret->text, r->day, r->has_day, &ret->dates);
	if (e == 0)
		e = pk_mentions_find(
		    r->arena, pack, &ret->text, &context, &ret->mentions);
	return e;
}

static const struct pk_pack *
pack_of(const struct pk_extractor *extractor, struct pk_span code)
{
	for (size_t i = 0; i < PK_COUNT(languages); i++) {
		if (pk_span_eq(code, pk_span_of(languages[i])))
			return extractor->packs[i];
	}
	return NULL;
}

/* The calendar day of the publisher on which the article came out. */
static void
find_day(struct reading *r)
{
	struct pk_moment moment;

	if (pk_date_parse(r->article->published, 0, &moment) < 0)
		return;
	int64_t local = moment.time_s + moment.offset_min * INT64_C(60);
	r->day = local / 86400 - (local % 86400 < 0);
	r->has_day = true;
}

static int
find_events(const struct pk_extractor *extractor, struct pk_doc *doc,
    struct pk_extraction *extraction)
{
	const struct pk_article *article = &extraction->article;
	struct reading r = { .extractor = extractor,
		.pack = pack_of(extractor, article->language),
		.arena = doc->arena,
		.article = article };
	struct pk_understood body, title;
	int e;

	if (r.pack == NULL)
		return 0;
	find_day(&r);
	e = understand(
	    &r, article->text, article->paragraphs, article->n_paragraphs, NULL, &body);
	if (e == 0)
		e = understand(&r, article->title, NULL, 0, &body.mentions, &title);
	if (e == 0)
		e = pk_events_find(doc->arena, pk_pack_parts(r.pack)->rules, article,
		    &body, &title, r.day, r.has_day, &extraction->events,
		    &extraction->n_events);
	if (e == 0)
		e = pk_gists_give(doc->arena, &body.text, &title.text,
		    extraction->events, extraction->n_events);
	return e;
}

int
pk_extract_page(const struct pk_extractor *extractor, struct pk_doc *doc,
    struct pk_reading *reading)
{
	complete_publisher(extractor->packs[0], doc);
	if (doc->kind == PK_DOC_PAGE)
		return pk_reading_add(reading, doc, extractor->tails, extractor->sites);
	return pk_article_of_text(
	    doc, extractor->tails, &reading->article, &reading->reason);
}

int
pk_extract_finish(const struct pk_extractor *extractor, struct pk_doc *doc,
    const struct pk_reading *reading, struct pk_extraction *ret_extraction)
{
	struct pk_extraction extraction = { .reason = reading->reason };
	int r = 0;

	if (extraction.reason == NULL) {
		extraction.article = reading->article;
		r = find_events(extractor, doc, &extraction);
		if (r == 0)
			r = pk_story_sketch(doc->arena, extraction.article.text,
			    &extraction.article.sketch);
	}
	if (r < 0)
		return r;
	*ret_extraction = extraction;
	return 0;
}

int
pk_extract(const struct pk_extractor *extractor, struct pk_doc *doc,
    struct pk_extraction *ret_extraction)
{
	struct pk_reading reading = { .pages_max = 1 };
	int r = pk_extract_page(extractor, doc, &reading);

	return r < 0 ? r : pk_extract_finish(extractor, doc, &reading, ret_extraction);
}

int
pk_extract_article(const struct pk_extractor *extractor, struct pk_doc *doc,
    struct pk_article *ret_article, const char **ret_reason,
    struct pk_explained *ret_explained)
{
	const struct pk_tails *tails = extractor->tails;
	const struct pk_site_rules *sites = extractor->sites;

	return ret_explained == NULL
		   ? pk_article_of_page(doc, tails, sites, ret_article, ret_reason)
		   : pk_article_explain(
			 doc, tails, sites, ret_article, ret_reason, ret_explained);
}

const char *
pk_extract_evidence(size_t i)
{
	return i < PK_EVIDENCE_KINDS ? pk_evidence_name((enum pk_evidence)i) : NULL;
}
