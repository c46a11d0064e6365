/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Page to article against the bare parse of the same pages (htmlReadMemory and free),
 * in turns, so that both see the same noise.
 *
 * The pages are made here: as large as a news site's (much script and navigation, some
 * article), so that the ratio is the one of real pages. Other pages can be named as
 * arguments.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "extract/article/find.h"

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

static double
bare(const struct pk_buf *page)
{
	uint64_t start_ns = pk_mono_ns();
	xmlDoc *tree = htmlReadMemory(page->ptr, (int)page->len, NULL, "UTF-8",
	    HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
		HTML_PARSE_NONET | HTML_PARSE_COMPACT);

	xmlFreeDoc(tree);
	return (double)(pk_mono_ns() - start_ns);
}

static double
peyk(const struct pk_buf *page, const struct pk_tails *tails)
{
	uint64_t start_ns = pk_mono_ns();
	struct pk_doc *doc = pk_doc_new(PK_DOC_PAGE, (size_t)256 << 20);
	struct pk_article article;
	const char *reason;

	must(doc != NULL, "pk_doc_new");
	doc->bytes = pk_buf_span(page);
	doc->url = PK_SPAN("https://example.org/news/1");
	must(pk_article_of_page(doc, tails, &article, &reason) == 0,
	    "pk_article_of_page");
	pk_doc_free(doc);
	return (double)(pk_mono_ns() - start_ns);
}

int
main(int argc, char **argv)
{
	bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
	int given = quick ? 0 : argc - 1, n = given > 0 ? given : PAGES;
	struct pk_buf *pages = calloc((size_t)n, sizeof(*pages));
	struct pk_tails *tails;
	double ours = 0, theirs = 0, bytes = 0;

	must(pages != NULL, "calloc");
	must(pk_tails_load(PEYK_SOURCE_DIR "/extract", &tails, NULL) == 0,
	    "pk_tails_load");
	for (int i = 0; i < n; i++) {
		if (given > 0)
			read_page(&pages[i], argv[i + 1]);
		else
			make_page(&pages[i], i);
	}
	int rounds = quick ? 1 : given > 0 ? 3 : 20;
	for (int round = 0; round < rounds; round++) {
		for (int i = 0; i < n; i++) {
			theirs += bare(&pages[i]);
			ours += peyk(&pages[i], tails);
			bytes += (double)pages[i].len;
		}
	}
	printf("{\"bench\":\"article\",\"ratio\":%.3f,\"aim\":\"<= 1.5\",\"unit\":"
	       "\"times the bare parse\",\"peyk_mb_s\":%.1f,\"libxml2_mb_s\":%.1f}\n",
	    ours / theirs, bytes * 1e3 / ours, bytes * 1e3 / theirs);
	for (int i = 0; i < n; i++)
		pk_buf_done(&pages[i]);
	free(pages);
	pk_tails_free(tails);
	return 0;
}
