/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/extract/article/tails_fixture.h - the phrases of all languages of the
 * source tree, for tests that find articles.
 */
#ifndef PEYK_TESTS_UNIT_EXTRACT_ARTICLE_TAILS_FIXTURE_H
#define PEYK_TESTS_UNIT_EXTRACT_ARTICLE_TAILS_FIXTURE_H

#include "extract/article/find.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct pk_tails *tails;

static int
load(void **state)
{
	struct pk_diag diag = { 0 };

	(void)state;
	if (pk_tails_load(PEYK_SOURCE_DIR "/extract", &tails, &diag) == 0)
		return 0;
	fprintf(stderr, "%s:%u: %s\n", diag.where, diag.line, diag.what);
	return -1;
}

static int
unload(void **state)
{
	(void)state;
	tails = pk_tails_free(tails);
	return 0;
}

#endif
