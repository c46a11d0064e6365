/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/extract/extractor_fixture.h - an extractor with the languages of the
 * source tree, for tests.
 */
#ifndef PEYK_TESTS_UNIT_EXTRACT_EXTRACTOR_FIXTURE_H
#define PEYK_TESTS_UNIT_EXTRACT_EXTRACTOR_FIXTURE_H

#include "extract/extract.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct pk_extractor *extractor;

static int
load_extractor(void **state)
{
	struct pk_diag diag = { 0 };

	(void)state;
	if (pk_extractor_new(PEYK_SOURCE_DIR "/extract", NULL, &extractor, &diag) == 0)
		return 0;
	fprintf(stderr, "%s:%u: %s\n", diag.where, diag.line, diag.what);
	return -1;
}

static int
free_extractor(void **state)
{
	(void)state;
	extractor = pk_extractor_unref(extractor);
	return 0;
}

/* A Persian text of an Iranian agency that came out on `published`. The caller frees
 * it. */
static inline struct pk_doc *
make_doc(const char *text, const char *published)
{
	struct pk_doc *doc = pk_doc_new(PK_DOC_TEXT, (size_t)1 << 26);

	assert_non_null(doc);
	doc->bytes = pk_span_of(text);
	doc->lang = PK_SPAN("fa");
	doc->entry_published = pk_span_of(published);
	doc->publisher = (struct pk_publisher){ .native = PK_SPAN("پیک"),
		.country = PK_SPAN("IRN") };
	return doc;
}

#endif
