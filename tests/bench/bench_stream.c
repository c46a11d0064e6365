/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The durable stream against the bare libraries below it: how fast it is written, read
 * again, and told. Each measures peyk and its limit in turns, so that both see the same
 * noise.
 */
#include "tests/bench/stream.h"

#include <stdio.h>
#include <string.h>

void
must(bool fine, const char *what)
{
	if (!fine) {
		fprintf(stderr, "bench_stream: %s failed\n", what);
		exit(1);
	}
}

double
seconds_since(uint64_t since_ns)
{
	return (double)(pk_mono_ns() - since_ns) / (double)PK_NS_PER_S;
}

struct pk_db *
new_journal(const char *folder, const char *name)
{
	char path[128];
	struct pk_db *db = NULL;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	must(pk_db_open(path, PK_DB_WRITE, &db) == 0, "pk_db_open");
	must(pk_journal_init(db) == 0, "pk_journal_init");
	return db;
}

int
main(int argc, char **argv)
{
	bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
	char folder[] = "/tmp/peyk-bench-XXXXXX", command[64];

	must(mkdtemp(folder) != NULL, "mkdtemp");
	setvbuf(stdout, NULL, _IOLBF, 0);
	bench_journal(folder, quick);
	bench_replay(folder, quick);
	bench_live(folder, quick);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command) == 0 ? 0 : 1; /* NOLINT(cert-env33-c) */
}
