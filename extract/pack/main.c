/* SPDX-License-Identifier: Apache-2.0 */
/* peyk-pack: makes one language's pack from its tables. Only the build runs it. */
#include "extract/pack/pack.h"

#include <stdio.h>

int
main(int argc, char **argv)
{
	struct pk_diag diag = { .where = "peyk-pack", .what = "failed" };

	if (argc != 4) {
		fputs("usage: peyk-pack DIR LANGUAGE FILE\n", stderr);
		return 2;
	}
	if (pk_pack_write(argv[1], argv[2], argv[3], &diag) == 0)
		return 0;
	fprintf(stderr, "peyk-pack: %s:%u: %s\n", diag.where, diag.line, diag.what);
	return 1;
}
