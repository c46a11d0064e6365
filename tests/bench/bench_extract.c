/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text to events, all of it, on one core: the golden articles one by one, against the
 * words and sentences of the same texts, in turns. Then the same articles glued to
 * documents of 1, 2, 4 ... times the length: what a token costs must not depend on how
 * many others stand in its article.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "extract/extract.h"
#include "extract/pack/pack.h"
#include "extract/text/text.h"

#include <glob.h>
#include <time.h>

#define ARTICLES PEYK_SOURCE_DIR "/tests/golden/fa/*.txt"
#define PACKS    PEYK_BINARY_DIR "/share/peyk"

/* The longest document has all the articles, each so many times. */
#define REPEATS 8
/* The shortest documents share the articles among so many. */
#define SHARES 8

struct bench {
	struct pk_extractor *extractor;
	struct pk_pack *pack;
	struct pk_buf *texts;
	struct pk_buf *bodies; /* without what is no news at their ends */
	size_t n_texts;
};

/* What the rounds have come to, in ns; tokens of titles and texts. */
struct sums {
	double whole;
	double tokenise;
	double tokens;
	double bytes;
	size_t events;
};

static void
must(bool fine, const char *what)
{
	if (!fine) {
		fprintf(stderr, "bench_extract: %s failed\n", what);
		exit(1);
	}
}

static void
read_text(struct pk_buf *text, const char *path)
{
	pk_cleanup(pk_fclosep) FILE *file = fopen(path, "re");
	char chunk[65536];
	size_t n;

	must(file != NULL, path);
	while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
		must(pk_buf_append(text, (struct pk_span){ chunk, n }) == 0, path);
}

static void
read_articles(struct bench *b)
{
	glob_t found;

	must(glob(ARTICLES, 0, NULL, &found) == 0, ARTICLES);
	b->n_texts = found.gl_pathc;
	b->texts = calloc(b->n_texts, sizeof(*b->texts));
	b->bodies = calloc(b->n_texts, sizeof(*b->bodies));
	must(b->texts != NULL && b->bodies != NULL, "calloc");
	for (size_t i = 0; i < b->n_texts; i++) {
		pk_buf_init(&b->texts[i], 0);
		read_text(&b->texts[i], found.gl_pathv[i]);
	}
	globfree(&found);
}

static struct pk_doc *
make_doc(struct pk_span bytes)
{
	struct pk_doc *doc = pk_doc_new(PK_DOC_TEXT, (size_t)1 << 30);

	must(doc != NULL, "pk_doc_new");
	doc->bytes = bytes;
	doc->lang = PK_SPAN("fa");
	doc->entry_published = PK_SPAN("2024-05-01");
	doc->publisher.native = PK_SPAN("پیک");
	return doc;
}

/* Of this thread, so that what else the machine does is not counted. */
static double
cpu_ns(void)
{
	struct timespec t;

	must(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) == 0, "clock_gettime");
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* The words and sentences of what was found in `bytes`. */
static void
tokenise(const struct bench *b, struct pk_doc *doc, const struct pk_article *article,
    struct sums *sums)
{
	struct pk_text body, title;
	double start_ns = cpu_ns();

	must(pk_text_parse(doc->arena, b->pack, article->text, article->paragraphs,
		 article->n_paragraphs, &body) == 0 &&
		 pk_text_parse(doc->arena, b->pack, article->title, NULL, 0, &title) ==
		     0,
	    "pk_text_parse");
	sums->tokenise += cpu_ns() - start_ns;
	sums->tokens += (double)(body.n_tokens + title.n_tokens);
}

/* All of it: a document is made, read and thrown away. Returns the ns. */
static double
run(const struct bench *b, struct pk_span bytes, struct sums *sums)
{
	struct pk_extraction x;
	double start_ns = cpu_ns();
	struct pk_doc *doc = make_doc(bytes);

	must(pk_extract(b->extractor, doc, &x) == 0 && x.reason == NULL, "pk_extract");
	double ns = cpu_ns() - start_ns;
	sums->events += x.n_events;
	tokenise(b, doc, &x.article, sums);
	start_ns = cpu_ns();
	pk_doc_free(doc);
	ns += cpu_ns() - start_ns;
	sums->bytes += (double)bytes.len;
	sums->whole += ns;
	return ns;
}

/* Keeps the titles and texts of the articles; a text would end in the first tail. */
static void
take_bodies(struct bench *b)
{
	for (size_t i = 0; i < b->n_texts; i++) {
		struct pk_doc *doc = make_doc(pk_buf_span(&b->texts[i]));
		struct pk_extraction x;

		must(pk_extract(b->extractor, doc, &x) == 0, "pk_extract");
		pk_buf_init(&b->bodies[i], 0);
		pk_buf_append(&b->bodies[i], x.article.title);
		pk_buf_append(&b->bodies[i], PK_SPAN(".\n"));
		pk_buf_append(&b->bodies[i], x.article.text);
		pk_doc_free(doc);
	}
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The articles of one of `shares` shares, `repeats` times, as one document. */
static void
glue(const struct bench *b, size_t share, size_t shares, size_t repeats,
    struct pk_buf *document)
{
	pk_buf_init(document, 0);
	for (size_t i = 0; i < repeats; i++) {
		for (size_t k = share; k < b->n_texts; k += shares) {
			pk_buf_append(document, pk_buf_span(&b->bodies[k]));
			pk_buf_append(document, PK_SPAN("\n"));
		}
	}
}

/*
 * ns a token when all articles stand in `shares` documents, each `repeats` times: the
 * least of the rounds.
 */
static double
ns_of_glued(const struct bench *b, size_t shares, size_t repeats, int rounds)
{
	double least = 0;

	for (int round = 0; round < rounds; round++) {
		struct sums sums = { 0 };

		for (size_t i = 0; i < shares; i++) {
			struct pk_buf document;

			glue(b, i, shares, repeats, &document);
			run(b, pk_buf_span(&document), &sums);
			pk_buf_done(&document);
		}
		double ns = sums.whole / sums.tokens;
		/* a tail in the middle would end the article there */
		must(sums.tokens > sums.bytes / 12, "a whole article");
		if (round == 0 || ns < least)
			least = ns;
	}
	return least;
}

static void
print_linearity(const struct bench *b, int rounds)
{
	double one = ns_of_glued(b, SHARES, 1, rounds);

	printf(",\"ns_a_token_1x\":%.0f", one);
	for (size_t shares = SHARES / 2; shares > 0; shares /= 2)
		printf(",\"cost_%zux\":%.2f", SHARES / shares,
		    ns_of_glued(b, shares, 1, rounds) / one);
	printf(",\"cost_%dx\":%.2f", SHARES * REPEATS,
	    ns_of_glued(b, 1, REPEATS, rounds) / one);
}

int
main(int argc, char **argv)
{
	bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
	int rounds = quick ? 1 : 60;
	struct bench b = { 0 };
	struct sums sums = { 0 }, cold = { 0 };
	size_t n = 0;

	must(pk_extractor_new(PACKS, NULL, &b.extractor, NULL) == 0, PACKS);
	must(pk_pack_load(PACKS, "fa", NULL, &b.pack, NULL) == 0, PACKS);
	read_articles(&b);
	take_bodies(&b);
	double *each = calloc((size_t)rounds * b.n_texts, sizeof(*each));
	must(each != NULL, "calloc");

	for (size_t i = 0; i < b.n_texts; i++) /* pages of the pack come in */
		run(&b, pk_buf_span(&b.texts[i]), &cold);
	for (int round = 0; round < rounds; round++) {
		for (size_t i = 0; i < b.n_texts; i++)
			each[n++] = run(&b, pk_buf_span(&b.texts[i]), &sums);
	}
	qsort(each, n, sizeof(*each), by_size);
	printf("{\"bench\":\"extract\",\"ratio\":%.2f,\"aim\":\"<= 35\",\"unit\":"
	       "\"times the words and sentences of the same texts\",\"tokens_s\":%.0f,"
	       "\"mb_s\":%.2f,\"article_p50_us\":%.0f,"
	       "\"article_p99_us\":%.0f,\"tokens_an_article\":%.0f,"
	       "\"events_an_article\":%.1f",
	    sums.whole / sums.tokenise, sums.tokens * 1e9 / sums.whole,
	    sums.bytes * 1e3 / sums.whole, each[n / 2] / 1e3, each[n * 99 / 100] / 1e3,
	    sums.tokens / (double)n, (double)sums.events / (double)n);
	print_linearity(&b, quick ? 1 : 5);
	printf("}\n");

	for (size_t i = 0; i < b.n_texts; i++) {
		pk_buf_done(&b.texts[i]);
		pk_buf_done(&b.bodies[i]);
	}
	free(b.texts);
	free(b.bodies);
	free(each);
	pk_pack_free(b.pack);
	pk_extractor_unref(b.extractor);
	return 0;
}
