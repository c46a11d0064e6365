/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replays kept inputs through a fuzz target where libFuzzer is not at hand.
 *
 * usage: fuzz_<name> (FILE | FOLDER)...
 */
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MAX ((size_t)64 * 1024 * 1024)

/* One input in memory of exactly its size, so that a read past its end is noticed. */
static int
replay(const char *path, FILE *file)
{
	size_t len = 0, cap = 4096;
	uint8_t *data = malloc(cap);

	while (data != NULL && cap <= INPUT_MAX) {
		len += fread(data + len, 1, cap - len, file);
		if (len < cap)
			break;
		data = realloc(data, cap *= 2);
	}
	uint8_t *exact = data == NULL ? NULL : realloc(data, len == 0 ? 1 : len);
	if (exact == NULL || ferror(file)) {
		fprintf(stderr, "%s: cannot be read\n", path);
		free(exact);
		return 1;
	}
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
	return 0;
}

static int
replay_path(const char *path, unsigned *count)
{
	DIR *folder = opendir(path);

	if (folder == NULL) {
		FILE *file = errno == ENOTDIR ? fopen(path, "r") : NULL;
		if (file == NULL) {
			fprintf(stderr, "%s: %s\n", path, strerror(errno));
			return 1;
		}
		int failed = replay(path, file);
		fclose(file);
		*count += 1;
		return failed;
	}
	int failed = 0;
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
		char inner[4096];
		if (entry->d_name[0] == '.')
			continue;
		snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
		failed |= replay_path(inner, count);
	}
	closedir(folder);
	return failed;
}

int
main(int argc, char **argv)
{
	unsigned count = 0;
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= replay_path(argv[i], &count);
	printf("%u inputs\n", count);
	return failed != 0 || count == 0;
}
