/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Persian text: words and sentences against a copy of the same bytes, in turns; and the
 * whole of `peyk text` as a user calls it: tokens a second, start, memory.
 *
 * The text is our own: the sentences that the tagger learns from, without their
 * brackets.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "extract/pack/pack.h"
#include "extract/text/text.h"

#include <fcntl.h>
#include <glob.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define SENTENCES PEYK_SOURCE_DIR "/extract/lang/fa/sentences/*.txt"
#define PACKS     PEYK_BINARY_DIR "/share/peyk"
#define PEYK      PEYK_BINARY_DIR "/bin/peyk"
#define ARTICLE   PEYK_SOURCE_DIR "/tests/golden/fa/spokesman-weekly-briefing.txt"

static void
must(bool fine, const char *what)
{
	if (!fine) {
		fprintf(stderr, "bench_text: %s failed\n", what);
		exit(1);
	}
}

/* Adds a line without comments, brackets and the names of types. */
static void
add_line(struct pk_buf *text, const char *line)
{
	if (line[0] == '#')
		return;
	for (const char *c = line; *c != '\0'; c++) {
		if (*c == '[')
			c += strcspn(c, " ");
		else if (*c != ']')
			pk_buf_append_char(text, *c);
	}
}

static void
read_sentences(struct pk_buf *text)
{
	pk_cleanup(pk_freep) char *line = NULL;
	size_t cap = 0;
	glob_t found;

	must(glob(SENTENCES, 0, NULL, &found) == 0, SENTENCES);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		pk_cleanup(pk_fclosep) FILE *f = fopen(found.gl_pathv[i], "re");
		must(f != NULL, found.gl_pathv[i]);
		while (getline(&line, &cap, f) > 0)
			add_line(text, line);
	}
	globfree(&found);
}

/* The least that can be done with every byte: a copy of it. */
static double
scan(struct pk_span text, char *copy)
{
	uint64_t start_ns = pk_mono_ns();

	memcpy(copy, text.ptr, text.len);
	__asm__ volatile("" : : "r"(copy) : "memory"); /* it is wanted */
	return (double)(pk_mono_ns() - start_ns);
}

static double
parse(const struct pk_pack *pack, struct pk_span bytes, size_t *ret_tokens)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena =
	    pk_arena_new((size_t)1 << 30);
	struct pk_text text;
	uint64_t start_ns = pk_mono_ns();

	must(arena != NULL && pk_text_parse(arena, pack, bytes, NULL, 0, &text) == 0,
	    "pk_text_parse");
	*ret_tokens = text.n_tokens;
	return (double)(pk_mono_ns() - start_ns);
}

/* Runs `peyk text PATH` into nothing. Returns its wall time in ns. */
static double
run(const char *path, long *ret_rss_kib)
{
	char program[] = PEYK, command[] = "text", lang[] = "--lang", fa[] = "fa";
	char *file = strdup(path);
	char *const arguments[] = { program, command, lang, fa, file, NULL };
	posix_spawn_file_actions_t actions;
	struct rusage usage;
	int status;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	uint64_t start_ns = pk_mono_ns();
	must(posix_spawn(&pid, PEYK, &actions, NULL, arguments, environ) == 0, PEYK);
	must(wait4(pid, &status, 0, &usage) == pid && status == 0, PEYK);
	double ns = (double)(pk_mono_ns() - start_ns);
	posix_spawn_file_actions_destroy(&actions);
	free(file);
	*ret_rss_kib = usage.ru_maxrss;
	return ns;
}

static double
least(double a, double b)
{
	return a < b ? a : b;
}

int
main(int argc, char **argv)
{
	bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
	char path[] = "/tmp/peyk-bench-XXXXXX";
	pk_cleanup(pk_pack_freep) struct pk_pack *pack = NULL;
	double ours = 0, theirs = 0, start = 1e12, whole = 1e12;
	struct pk_buf text;
	size_t tokens = 0;
	long resident, ignored;

	/* first: to the kernel a child is at least as large as its parent was */
	run(ARTICLE, &resident);
	pk_buf_init(&text, 0);
	read_sentences(&text);
	must(pk_pack_load(PACKS, "fa", NULL, &pack, NULL) == 0, PACKS);
	pk_cleanup(pk_closep) int fd = mkstemp(path);
	must(fd >= 0 && write(fd, text.ptr, text.len) == (ssize_t)text.len, path);
	char *copy = malloc(text.len);
	must(copy != NULL, "malloc");
	for (int round = 0; round < (quick ? 1 : 50); round++) {
		theirs += scan(pk_buf_span(&text), copy);
		ours += parse(pack, pk_buf_span(&text), &tokens);
		if (round % 5 == 0) {
			start = least(start, run("/dev/null", &ignored));
			whole = least(whole, run(path, &ignored));
		}
	}
	double rounds = quick ? 1 : 50, bytes = (double)text.len;
	printf(
	    "{\"bench\":\"text\",\"ratio\":%.1f,\"aim\":\"<= 150\",\"unit\":\"times a "
	    "copy of the same bytes\",\"normalise_tokenise_mb_s\":%.1f,\"copy_mb_s\":"
	    "%.0f,\"peyk_text_tokens_s\":%.0f,\"start_ms\":%.1f,\"resident_mib\":%.1f}"
	    "\n",
	    ours / theirs, bytes * rounds * 1e3 / ours, bytes * rounds * 1e3 / theirs,
	    (double)tokens * 1e9 / (whole - start), start / 1e6,
	    (double)resident / 1024);
	unlink(path);
	free(copy);
	pk_buf_done(&text);
	return 0;
}
