/* SPDX-License-Identifier: Apache-2.0 */
/* peykd - reads its arguments, starts the daemon, and waits for it to end. */
#include "daemon/daemon.h"

#include "base/cleanup.h"

#include <getopt.h>
#include <string.h>

static int
usage(FILE *out)
{
	fputs("usage: peykd [--config FILE]\n"
	      "\n"
	      "  -c, --config FILE  the configuration (" PK_CONFIG_DEFAULT_PATH ")\n"
	      "      --help, --version\n"
	      "\n"
	      "peyk check FILE tells what is wrong in a configuration; peykd(8) has "
	      "the rest.\n",
	    out);
	return out == stdout ? 0 : 2;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ 0 },
	};
	const char *path = PK_CONFIG_DEFAULT_PATH;

	/* NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread yet */
	for (int c; (c = getopt_long(argc, argv, "c:h", options, NULL)) >= 0;) {
		switch (c) {
		case 'c':
			path = optarg;
			break;
		case 'h':
			return usage(stdout);
		case 'v':
			puts("peykd " PEYK_VERSION);
			return 0;
		default:
			return usage(stderr);
		}
	}
	if (optind < argc)
		return usage(stderr);
	return pk_daemon_run(path);
}
