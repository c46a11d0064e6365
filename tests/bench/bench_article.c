/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Page to article against the bare parse of the same pages (htmlReadMemory and free),
 * in turns, so that both see the same noise; of each page the best of a few rounds.
 *
 *	bench_article [--quick] [FILE|FOLDER...]
 *
 * The pages are made here: as large as a news site's (much script and navigation, some
 * article), so that the ratio is the one of real pages. Other pages can be named as
 * arguments; of a folder all that is called *.html is taken, however deep.
 *
 * Memory is measured in a round of its own. Counted is what a page takes beside its own
 * bytes: what its arena gave out until the end, and the memory of libxml2's tree, which
 * goes when the article is there. Jansson and iconv are not counted.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "extract/article/find.h"
#include "extract/article/site_rules.h"
#include "extract/article/source.h"
#include "extract/article/tree.h"

#include <errno.h>
#include <fts.h>
#include <libxml/HTMLparser.h>

#define PAGES     12
#define PAGE_SIZE (160u << 10)

static void
must(bool fine, const char *what)
{
	if (!fine) {
		fprintf(stderr, "bench_article: %s failed\n", what);
		exit(1);
	}
}

/* The shares of a page: a third script, a third navigation, the rest around the text.
 */
static void
make_page(struct pk_buf *page, int number)
{
	pk_buf_init(page, 0);
	pk_buf_printf(page,
	    "<!DOCTYPE html><html lang=\"fa\"><head><meta charset=\"utf-8\">"
	    "<title>خبر %d</title><meta property=\"og:title\" content=\"خبر %d\">"
	    "<meta property=\"article:published_time\" content=\"2024-05-01\">",
	    number, number);
	while (page->len < PAGE_SIZE / 3)
		pk_buf_printf(page,
		    "<script>window.q=window.q||[];q.push({slot:'s%zu',size:[300,250],"
		    "targeting:{path:'/news/%d',lang:'fa'}});function f(a,b){return "
		    "a<b?a:b}</script>\n",
		    page->len, number);
	pk_buf_printf(page, "</head><body class=\"single\">");
	while (page->len < PAGE_SIZE * 2 / 3)
		pk_buf_printf(page,
		    "<li class=\"menu-item menu-item-type-post\" id=\"menu-item-%zu\">"
		    "<a href=\"/service/%zu\" title=\"سرویس\">سرویس %zu</a></li>\n",
		    page->len, page->len, page->len);
	pk_buf_printf(page,
	    "<div class=\"content\"><h1 class=\"title\">خبر %d</h1>"
	    "<div class=\"item-text\">",
	    number);
	for (int i = 0; i < 12; i++)
		pk_buf_printf(page,
		    "<p style=\"text-align: justify\">وزیر امور خارجه نروژ در دیدار با "
		    "همتای فنلاندی خود گفت: دو کشور بر سر ساخت پل مرزی شماره %d به "
		    "توافق رسیدند، و <a href=\"/tag/%d\">کار</a> از پاییز آغاز "
		    "می‌شود.</p>\n",
		    i, i);
	pk_buf_printf(page, "<p>انتهای پیام/</p></div></div><aside class=\"related\">");
	while (page->len < PAGE_SIZE)
		pk_buf_printf(page,
		    "<div class=\"card card--small\"><a href=\"/news/%zu\"><img src="
		    "\"/i/%zu.jpg\" alt=\"\"><h3>خبری دیگر از همین سرویس</h3></a>"
		    "<time datetime=\"2024-04-30\">دیروز</time></div>\n",
		    page->len, page->len);
	pk_buf_printf(page, "</aside></body></html>");
}

static void
read_page(struct pk_buf *page, const char *path)
{
	pk_cleanup(pk_fclosep) FILE *file = fopen(path, "re");
	char chunk[65536];
	size_t n;

	must(file != NULL, path);
	pk_buf_init(page, 0);
	while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
		must(pk_buf_append(page, (struct pk_span){ chunk, n }) == 0, path);
}

/* ---- pages --------------------------------------------------------------------- */

struct page {
	char *name;
	struct pk_buf bytes;
	double theirs_ns; /* the best round */
	double ours_ns;
};

struct pages {
	struct page *items;
	size_t len;
	size_t cap;
};

static struct page *
add_page(struct pages *pages, const char *name)
{
	if (pages->len == pages->cap) {
		pages->cap = pages->cap == 0 ? 64 : 2 * pages->cap;
		pages->items =
		    reallocarray(pages->items, pages->cap, sizeof(*pages->items));
		must(pages->items != NULL, "reallocarray");
	}
	struct page *page = &pages->items[pages->len++];
	*page = (struct page){ .name = strdup(name) };
	must(page->name != NULL, "strdup");
	return page;
}

static int
by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* A file whatever its name is, a folder's pages. */
static void
add_path(struct pages *pages, char *path)
{
	char *roots[] = { path, NULL };
	FTS *walk = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, by_name);

	must(walk != NULL, path);
	for (FTSENT *entry; (entry = fts_read(walk)) != NULL;) {
		must(entry->fts_info != FTS_ERR && entry->fts_info != FTS_DNR &&
			 entry->fts_info != FTS_NS,
		    entry->fts_path);
		if (entry->fts_info == FTS_F &&
		    (entry->fts_level == 0 ||
			pk_span_ends_with(
			    pk_span_of(entry->fts_name), PK_SPAN(".html"))))
			read_page(&add_page(pages, entry->fts_path)->bytes,
			    entry->fts_accpath);
	}
	fts_close(walk);
}

static void
pages_done(struct pages *pages)
{
	for (size_t i = 0; i < pages->len; i++) {
		pk_buf_done(&pages->items[i].bytes);
		free(pages->items[i].name);
	}
	free(pages->items);
}

/* ---- time ---------------------------------------------------------------------- */

static void
bare(const struct pk_buf *page)
{
	xmlFreeDoc(htmlReadMemory(page->ptr, (int)page->len, NULL, "UTF-8",
	    HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
		HTML_PARSE_NONET | HTML_PARSE_COMPACT));
}

/* Returns what the arena gave out. A page that is refused is worked on up to there. */
static size_t
peyk(const struct pk_buf *page, const struct pk_tails *tails,
    const struct pk_site_rules *sites)
{
	struct pk_doc *doc = pk_doc_new(PK_DOC_PAGE, (size_t)256 << 20);
	struct pk_article article;
	const char *reason;

	must(doc != NULL, "pk_doc_new");
	doc->bytes = pk_buf_span(page);
	doc->url = PK_SPAN("https://example.org/news/1");
	int r = pk_article_of_page(doc, tails, sites, &article, &reason);
	must(r == 0 || r == -E2BIG, "pk_article_of_page");
	size_t used = pk_arena_used(doc->arena);
	pk_doc_free(doc);
	return used;
}

static void
keep_best(double *best_ns, uint64_t start_ns)
{
	double took_ns = (double)(pk_mono_ns() - start_ns);

	if (*best_ns == 0 || took_ns < *best_ns)
		*best_ns = took_ns;
}

static void
time_page(
    struct page *page, const struct pk_tails *tails, const struct pk_site_rules *sites)
{
	uint64_t start_ns = pk_mono_ns();

	bare(&page->bytes);
	keep_best(&page->theirs_ns, start_ns);
	start_ns = pk_mono_ns();
	peyk(&page->bytes, tails, sites);
	keep_best(&page->ours_ns, start_ns);
}

/* ---- memory -------------------------------------------------------------------- */

struct memory {
	double mean;
	double most;
};

static void
add_memory(struct memory *memory, size_t bytes, size_t of_pages)
{
	double mib = (double)bytes / (1 << 20);

	memory->mean += mib / (double)of_pages;
	memory->most = mib > memory->most ? mib : memory->most;
}

/* The tree by itself, which is gone when the article is there. */
static size_t
tree_bytes(const struct pk_buf *bytes)
{
	pk_cleanup(pk_doc_freep) struct pk_doc *doc =
	    pk_doc_new(PK_DOC_PAGE, (size_t)256 << 20);
	pk_cleanup(pk_tree_freep) xmlDoc *tree = NULL;
	struct pk_span html;
	const char *reason;
	bool cut;

	must(doc != NULL, "pk_doc_new");
	doc->bytes = pk_buf_span(bytes);
	if (pk_source_text(doc, PK_CHARSET_LABEL_META, &html, &reason) < 0 ||
	    reason != NULL || pk_tree_parse(html, &tree, &cut) < 0)
		return 0;
	return pk_tree_bytes(tree);
}

static void
measure_memory(const struct pages *pages, const struct pk_tails *tails,
    const struct pk_site_rules *sites, struct memory *arena, struct memory *tree)
{
	for (size_t i = 0; i < pages->len; i++) {
		const struct pk_buf *bytes = &pages->items[i].bytes;
		add_memory(arena, peyk(bytes, tails, sites), pages->len);
		add_memory(tree, tree_bytes(bytes), pages->len);
	}
}

/* ---- what came of it ----------------------------------------------------------- */

static int
by_ratio(const void *a, const void *b)
{
	const struct page *x = a, *y = b;
	double d = y->ours_ns / y->theirs_ns - x->ours_ns / x->theirs_ns;

	return (d > 0) - (d < 0);
}

static void
print_result(struct pages *pages, const struct memory *arena, const struct memory *tree)
{
	double ours_ns = 0, theirs_ns = 0, bytes = 0;

	for (size_t i = 0; i < pages->len; i++) {
		ours_ns += pages->items[i].ours_ns;
		theirs_ns += pages->items[i].theirs_ns;
		bytes += (double)pages->items[i].bytes.len;
	}
	qsort(pages->items, pages->len, sizeof(*pages->items), by_ratio);
	const struct page *middle = &pages->items[pages->len / 2];
	const struct page *worst = &pages->items[0];
	printf("{\"bench\":\"article\",\"ratio\":%.3f,\"aim\":\"<= 1.5\",\"unit\":"
	       "\"times the bare parse\",\"peyk_mb_s\":%.1f,\"libxml2_mb_s\":%.1f,"
	       "\"pages\":%zu,\"peyk_pages_s\":%.0f,\"libxml2_pages_s\":%.0f,"
	       "\"median_ratio\":%.3f,\"worst_ratio\":%.2f,"
	       "\"arena_mib\":{\"mean\":%.3f,\"max\":%.2f},"
	       "\"tree_mib\":{\"mean\":%.3f,\"max\":%.2f}}\n",
	    ours_ns / theirs_ns, bytes * 1e3 / ours_ns, bytes * 1e3 / theirs_ns,
	    pages->len, (double)pages->len * 1e9 / ours_ns,
	    (double)pages->len * 1e9 / theirs_ns, middle->ours_ns / middle->theirs_ns,
	    worst->ours_ns / worst->theirs_ns, arena->mean, arena->most, tree->mean,
	    tree->most);
}

int
main(int argc, char **argv)
{
	struct pages pages = { NULL, 0, 0 };
	struct memory arena = { 0, 0 }, tree = { 0, 0 };
	struct pk_tails *tails;
	struct pk_site_rules *sites;
	bool quick = false;

	must(pk_tails_load(PEYK_SOURCE_DIR "/extract", &tails, NULL) == 0,
	    "pk_tails_load");
	must(pk_site_rules_load(PEYK_SOURCE_DIR "/extract", NULL, &sites, NULL) == 0,
	    "pk_site_rules_load");
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--quick") == 0)
			quick = true;
		else
			add_path(&pages, argv[i]);
	}
	int rounds = quick ? 1 : pages.len > 0 ? 3 : 20;
	for (int i = 0; i < PAGES && argc - quick == 1; i++)
		make_page(&add_page(&pages, "made")->bytes, i);
	must(pages.len > 0, "finding pages");
	for (int round = 0; round < rounds; round++) {
		for (size_t i = 0; i < pages.len; i++)
			time_page(&pages.items[i], tails, sites);
	}
	measure_memory(&pages, tails, sites, &arena, &tree);
	print_result(&pages, &arena, &tree);
	pages_done(&pages);
	pk_site_rules_free(sites);
	pk_tails_free(tails);
	return 0;
}
