/* SPDX-License-Identifier: Apache-2.0 */
/* peyk - the tool for people: finds the command and runs it. */
#include "base/cleanup.h"
#include "tool/cmd.h"

#include <signal.h>
#include <string.h>

static const struct command {
	const char *name;
	const char *arguments;
	const char *help;
	int (*run)(int argc, char **argv);
} commands[] = {
#define COMMAND(name, arguments, help) { #name, arguments, help, pk_cmd_##name },
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
		if (strcmp(commands[i].name, argv[1]) == 0)
			return commands[i].run(argc - 1, argv + 1);
	}
	fprintf(stderr, "peyk: there is no command '%s'; see peyk --help\n", argv[1]);
	return 2;
}
