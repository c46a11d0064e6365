/* SPDX-License-Identifier: Apache-2.0 */
/* peyk - the tool for people: finds the command and runs it. */
#include "base/cleanup.h"
#include "tool/cmd.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const struct command {
	const char *name;
	const char *arguments;
	const char *help;
	int (*run)(int argc, char **argv); /* NULL: not in this program */
} commands[] = {
#ifdef PEYK_ONLINE
#define RUN_HERE(run)   NULL
#define RUN_ONLINE(run) run
#else
#define RUN_HERE(run)   run
#define RUN_ONLINE(run) NULL
#endif
#define COMMAND(name, where, arguments, help)                                          \
	{ #name, arguments, help, RUN_##where(pk_cmd_##name) },
	PK_COMMANDS(COMMAND)
#undef COMMAND
};

static void
print_help(FILE *out)
{
	fputs("usage: peyk COMMAND ...\n\n", out);
	for (size_t i = 0; i < PK_COUNT(commands); i++)
		fprintf(out, "  peyk %s %s\n\t%s\n", commands[i].name,
		    commands[i].arguments, commands[i].help);
	fputs("\npeyk --version; peyk(1) has the rest.\n", out);
}

int
pk_cmd_usage(const char *name)
{
	for (size_t i = 0; i < PK_COUNT(commands); i++) {
		if (strcmp(commands[i].name, name) == 0)
			fprintf(
			    stderr, "usage: peyk %s %s\n", name, commands[i].arguments);
	}
	return 2;
}

/* Goes on as the program that has the command: it lies beside this one where they were
 * built, and where they are installed in a folder that is for programs only. Returns on
 * failure alone. */
static int
run_online(char **argv)
{
	static const char *const places[] = { "", "../" PEYK_LIBEXECDIR "/peyk/" };
	char self[PATH_MAX], path[PATH_MAX + 64];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	const char *slash = len < 0 ? NULL : memrchr(self, '/', (size_t)len);

	for (size_t i = 0; i < PK_COUNT(places) && slash != NULL; i++) {
		snprintf(path, sizeof(path), "%.*s/%speyk-online", (int)(slash - self),
		    self, places[i]);
		execv(path, argv);
	}
	fprintf(stderr, "peyk: cannot run peyk-online: %s\n", strerrordesc_np(errno));
	return 1;
}

int
main(int argc, char **argv)
{
	/* `peyk ... | head` ends by write errors, with a message, not by a signal. */
	signal(SIGPIPE, SIG_IGN);
	if (argc < 2) {
		print_help(stderr);
		return 2;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
		print_help(stdout);
		return 0;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("peyk " PEYK_VERSION);
		return 0;
	}
	for (size_t i = 0; i < PK_COUNT(commands); i++) {
		if (strcmp(commands[i].name, argv[1]) != 0)
			continue;
		return commands[i].run == NULL ? run_online(argv)
					       : commands[i].run(argc - 1, argv + 1);
	}
	fprintf(stderr, "peyk: there is no command '%s'; see peyk --help\n", argv[1]);
	return 2;
}
