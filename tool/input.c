/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/input.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "tool/cmd.h"

#include <errno.h>
#include <fcntl.h>

static int
read_option(
    int argc, char **argv, const struct pk_option *options, size_t n_options, int *at)
{
	struct pk_span rest = pk_span_of(argv[*at] + 2);
	struct pk_span name = pk_span_split(&rest, '=');

	for (size_t i = 0; i < n_options; i++) {
		const struct pk_option *option = &options[i];
		if (!pk_span_eq(name, pk_span_of(option->name)))
			continue;
		if (option->flag != NULL && rest.ptr == NULL) {
			*option->flag = true;
			return 0;
		}
		if (option->value == NULL)
			break;
		if (rest.ptr == NULL && *at + 1 == argc)
			break;
		*option->value = rest.ptr != NULL ? rest.ptr : argv[++*at];
		return 0;
	}
	fprintf(stderr, "peyk: wrong option '%s'\n", argv[*at]);
	return pk_cmd_usage(argv[0]);
}

int
pk_options_read(int argc, char **argv, const struct pk_option *options,
    size_t n_options, int *ret_first)
{
	bool only_files = false;
	int n_files = 0;

	for (int at = 1; at < argc; at++) {
		if (only_files || strncmp(argv[at], "--", 2) != 0) {
			argv[++n_files] = argv[at];
			continue;
		}
		only_files = argv[at][2] == '\0';
		int r =
		    only_files ? 0 : read_option(argc, argv, options, n_options, &at);
		if (r != 0)
			return r;
	}
	memmove(argv + argc - n_files, argv + 1, (size_t)n_files * sizeof(argv[0]));
	*ret_first = argc - n_files;
	return 0;
}

int
pk_input_failed(const char *path, const char *what)
{
	fprintf(stderr, "peyk: %s: %s\n", path, what);
	return 1;
}

int
pk_diag_failed(const struct pk_diag *diag)
{
	if (diag->line == 0)
		return pk_input_failed(diag->where, diag->what);
	fprintf(stderr, "peyk: %s:%u", diag->where, diag->line);
	if (diag->column > 0)
		fprintf(stderr, ":%u", diag->column);
	fprintf(stderr, ": %s\n", diag->what);
	return 1;
}

static void
buf_done(struct pk_buf *buf)
{
	pk_buf_done(buf);
}

/* Reads to the end. Returns 0 or a negative errno: -E2BIG over PK_INPUT_MAX. */
static int
read_all(int fd, struct pk_buf *bytes)
{
	char chunk[65536];

	for (;;) {
		ssize_t n = read(fd, chunk, sizeof(chunk));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : 0;
		int r = pk_buf_append(bytes, (struct pk_span){ chunk, (size_t)n });
		if (r < 0)
			return r;
	}
}

static int
run_one(const struct pk_input *named, pk_input_fn work, void *context)
{
	pk_cleanup(buf_done) struct pk_buf bytes = { .limit = PK_INPUT_MAX };
	pk_cleanup(pk_closep) int opened = -1;
	struct pk_input input = *named;
	int fd = STDIN_FILENO;

	if (strcmp(input.path, "-") != 0) {
		fd = opened = open(input.path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return pk_input_failed(input.path, strerrordesc_np(errno));
	}
	int r = read_all(fd, &bytes);
	if (r == -E2BIG)
		return pk_input_failed(input.path, "larger than 16 MiB");
	if (r < 0)
		return pk_input_failed(input.path, strerrordesc_np(-r));
	input.bytes = bytes.len == 0 ? PK_SPAN("") : pk_buf_span(&bytes);
	return work(context, &input);
}

static int
run_list(const char *list, pk_input_fn work, void *context)
{
	pk_cleanup(pk_fclosep) FILE *file = fopen(list, "re");
	pk_cleanup(pk_freep) char *line = NULL;
	size_t cap = 0;
	int failed = 0;

	if (file == NULL)
		return pk_input_failed(list, strerrordesc_np(errno));
	for (ssize_t n; (n = getline(&line, &cap, file)) >= 0;) {
		line[strcspn(line, "\r\n")] = '\0';
		char *rest = line, *path = strsep(&rest, "\t");
		if (*path == '\0')
			continue;
		struct pk_input input = {
			.path = path,
			.url = pk_span_of(strsep(&rest, "\t")),
			.published = pk_span_of(strsep(&rest, "\t")),
		};
		failed |= run_one(&input, work, context);
	}
	if (ferror(file))
		return pk_input_failed(list, strerrordesc_np(EIO));
	return failed;
}

int
pk_inputs_run(
    char **paths, int n_paths, const char *list, pk_input_fn work, void *context)
{
	int failed = 0;

	for (int i = 0; i < n_paths; i++)
		failed |=
		    run_one(&(struct pk_input){ .path = paths[i] }, work, context);
	if (list != NULL)
		failed |= run_list(list, work, context);
	return failed;
}
