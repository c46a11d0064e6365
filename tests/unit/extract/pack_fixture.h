/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/extract/pack_fixture.h - the Persian pack of the source tree, for tests.
 */
#ifndef PEYK_TESTS_UNIT_EXTRACT_PACK_FIXTURE_H
#define PEYK_TESTS_UNIT_EXTRACT_PACK_FIXTURE_H

#include "extract/pack/pack.h"
#include "extract/text/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct pk_pack *fa;

static int
load_fa(void **state)
{
	struct pk_diag diag = { 0 };

	(void)state;
	if (pk_pack_load(PEYK_SOURCE_DIR "/extract", "fa", NULL, &fa, &diag) == 0)
		return 0;
	fprintf(stderr, "%s:%u: %s\n", diag.where, diag.line, diag.what);
	return -1;
}

static int
free_fa(void **state)
{
	(void)state;
	fa = pk_pack_free(fa);
	return 0;
}

/* Parses a string of which the test keeps the arena. */
static inline struct pk_text
parse(struct pk_arena *arena, const char *string)
{
	struct pk_text text;

	assert_int_equal(
	    pk_text_parse(arena, fa, pk_span_of(string), NULL, 0, &text), 0);
	return text;
}

/* Compares a span with a string, and shows both when they differ. */
static inline void
assert_span(struct pk_span got, const char *want)
{
	char *copy = strndup(got.ptr == NULL ? "" : got.ptr, got.len);

	assert_string_equal(copy, want);
	free(copy);
}

#endif
