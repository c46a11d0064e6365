/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A feed to JSON, as a process of its own (`peyk feed FILE`), against `xmllint --noout
 * --recover FILE`, which does nothing but parse it. In turns, so that both see the same
 * noise; of each the median. `cpu_ratio` is the same of the processors' time alone,
 *which tells more where the machine has other things to do.
 *
 *	bench_feed [--quick] [FILE]
 *
 * The feed is made here: RSS 2.0, 1000 items in Persian, with bodies in CDATA that have
 * the markup which bodies have. Beside that: what pk_feed_parse() takes in this process
 * and what libxml2's DOM of the same bytes does.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/date_formats.h"
#include "fetch/feed/feed.h"

#include <fcntl.h>
#include <libxml/parser.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define ITEMS      1000
#define ROUNDS_MAX 31

static void
must(bool fine, const char *what)
{
	if (!fine) {
		fprintf(stderr, "bench_feed: %s failed\n", what);
		exit(1);
	}
}

/* ---- the feed ------------------------------------------------------------------ */

static uint32_t seed = 20240501;

static uint32_t
next_number(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

static void
add_words(struct pk_buf *feed, uint32_t n)
{
	static const char *const words[] = { "وزیر", "شهردار", "آب", "نان", "پل",
		"رودخانه", "مدرسه", "کتاب‌خانه", "گفت", "افزود", "امروز",
		"دیروز", "بهار", "کشاورزان", "راه‌آهن", "برنامه", "تازه",
		"بزرگ", "کوچک", "از", "به", "در", "با", "برای", "که", "را", "این", "آن",
		"می‌شود", "خواهد", "کرد", "است", "گندم", "باغ", "جاده",
		"کوهستان", "دریاچه", "همسایه", "توافق", "سفر", "دیدار", "نمایشگاه",
		"فرش", "خبرنگار" };

	for (uint32_t i = 0; i < n; i++)
		pk_buf_printf(feed, "%s%s", i == 0 ? "" : " ",
		    words[next_number(PK_COUNT(words))]);
}

static void
add_paragraph(struct pk_buf *feed, int item)
{
	pk_buf_printf(feed, "<p>");
	add_words(feed, 24);
	pk_buf_printf(
	    feed, " <a href=\"https://site.example/tag/%u\">", next_number(5000));
	add_words(feed, 2);
	pk_buf_printf(feed, "</a>، <strong>");
	add_words(feed, 3);
	pk_buf_printf(feed, "</strong> ");
	add_words(feed, 22);
	pk_buf_printf(feed, ".<br />«");
	add_words(feed, 12);
	pk_buf_printf(feed, "» %d&nbsp;</p>\n", item);
}

static void
make_feed(struct pk_buf *feed)
{
	pk_buf_printf(feed,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
	    "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
	    "xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<channel>\n"
	    "<title>خبرگزاری نمونه</title>\n<link>https://site.example/</link>\n"
	    "<description>همه خبرها</description>\n<language>fa</language>\n");
	for (int i = 0; i < ITEMS; i++) {
		pk_buf_printf(feed, "<item>\n<title>");
		add_words(feed, 9);
		pk_buf_printf(feed,
		    "</title>\n<link>https://site.example/news/%d/</link>\n"
		    "<guid isPermaLink=\"false\">https://site.example/?p=%d</guid>\n"
		    "<pubDate>Wed, %02d May 2024 %02d:%02d:00 +0330</pubDate>\n"
		    "<dc:creator>",
		    140000 + i, 140000 + i, 1 + i % 28, i % 24, i % 60);
		add_words(feed, 2);
		pk_buf_printf(feed, "</dc:creator>\n<category>");
		add_words(feed, 1);
		pk_buf_printf(feed, "</category>\n<description>");
		add_words(feed, 26);
		pk_buf_printf(feed,
		    "</description>\n<content:encoded><![CDATA[<p><img "
		    "src=\"https://site.example/i/%d.jpg\" alt=\"",
		    i);
		add_words(feed, 4);
		pk_buf_printf(feed, "\" width=\"640\" height=\"400\" /></p>\n");
		for (int p = 0; p < 2; p++)
			add_paragraph(feed, i);
		pk_buf_printf(feed, "]]></content:encoded>\n</item>\n");
	}
	pk_buf_printf(feed, "</channel>\n</rss>\n");
}

static void
read_feed(struct pk_buf *feed, const char *path)
{
	pk_cleanup(pk_fclosep) FILE *file = fopen(path, "re");
	char chunk[65536];
	size_t n;

	must(file != NULL, path);
	while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
		must(pk_buf_append(feed, (struct pk_span){ chunk, n }) == 0, path);
}

/* ---- time ---------------------------------------------------------------------- */

static double
run(const char *const *argv, double *ret_cpu_ms)
{
	struct rusage used;
	extern char **environ;
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int status;
	uint64_t start_ns = pk_mono_ns();

	must(posix_spawn_file_actions_init(&actions) == 0, "posix_spawn");
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	must(posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)(uintptr_t)argv,
		 environ) == 0,
	    argv[0]);
	must(wait4(pid, &status, 0, &used) == pid && status == 0, argv[0]);
	posix_spawn_file_actions_destroy(&actions);
	*ret_cpu_ms = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
		      (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
	return (double)(pk_mono_ns() - start_ns) / 1e6;
}

static double
parse_peyk(struct pk_span bytes)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena =
	    pk_arena_new((size_t)512 << 20);
	const struct pk_feed_context context = {
		.url = PK_SPAN("https://site.example/feed"),
		.default_offset_min = PK_OFFSET_UNKNOWN,
		.now_s = pk_wall_s(),
	};
	struct pk_feed feed;
	uint64_t start_ns = pk_mono_ns();

	must(arena != NULL && pk_feed_parse(arena, bytes, &context, &feed) == 0,
	    "pk_feed_parse");
	return (double)(pk_mono_ns() - start_ns) / 1e6;
}

static double
parse_bare(struct pk_span bytes)
{
	uint64_t start_ns = pk_mono_ns();
	xmlDoc *doc = xmlReadMemory(bytes.ptr, (int)bytes.len, NULL, NULL,
	    XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR |
		XML_PARSE_NOWARNING);

	must(doc != NULL, "xmlReadMemory");
	xmlFreeDoc(doc);
	return (double)(pk_mono_ns() - start_ns) / 1e6;
}

static int
by_value(const void *a, const void *b)
{
	double d = *(const double *)a - *(const double *)b;

	return (d > 0) - (d < 0);
}

static double
median(double *values, int n)
{
	qsort(values, (size_t)n, sizeof(values[0]), by_value);
	return values[n / 2];
}

int
main(int argc, char **argv)
{
	struct pk_buf feed = { 0 };
	char path[] = "/tmp/bench_feed.XXXXXX";
	int rounds = ROUNDS_MAX;
	const char *file = NULL;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--quick") == 0)
			rounds = 1;
		else
			file = argv[i];
	}
	if (file != NULL)
		read_feed(&feed, file);
	else
		make_feed(&feed);
	int fd = mkstemp(path);
	must(fd >= 0 && write(fd, feed.ptr, feed.len) == (ssize_t)feed.len, path);
	close(fd);

	const char *const peyk[] = { PEYK_BINARY_DIR "/bin/peyk", "feed", path, NULL };
	const char *const xmllint[] = { "xmllint", "--noout", "--recover", path, NULL };
	double times[6][ROUNDS_MAX];
	for (int round = 0; round < rounds; round++) {
		times[0][round] = run(peyk, &times[4][round]);
		times[1][round] = run(xmllint, &times[5][round]);
		times[2][round] = parse_peyk(pk_buf_span(&feed));
		times[3][round] = parse_bare(pk_buf_span(&feed));
	}
	unlink(path);
	double ours = median(times[0], rounds), theirs = median(times[1], rounds);
	double parse = median(times[2], rounds), bare = median(times[3], rounds);
	double cpu_ratio = median(times[4], rounds) / median(times[5], rounds);
	double megabytes = (double)feed.len / 1e6;
	printf("{\"bench\":\"feed\",\"ratio\":%.3f,\"aim\":\"<= 2.0\",\"unit\":"
	       "\"times xmllint, whole processes\",\"peyk_ms\":%.1f,"
	       "\"xmllint_ms\":%.1f,\"cpu_ratio\":%.3f,\"peyk_mb_s\":%.1f,\"xmllint_mb_"
	       "s\":%.1f,"
	       "\"mb\":%.2f,\"rounds\":%d,\"parse_ratio\":%.3f,\"parse_ms\":%.1f,"
	       "\"libxml2_dom_ms\":%.1f}\n",
	    ours / theirs, ours, theirs, cpu_ratio, megabytes / ours * 1e3,
	    megabytes / theirs * 1e3, megabytes, rounds, parse / bare, parse, bare);
	pk_buf_done(&feed);
	return 0;
}
