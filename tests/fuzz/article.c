/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a page and as a plain text: an article in order, or a reason. */
#include "base/utf8.h"
#include "extract/article/find.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <errno.h>

static void
check(const struct pk_article *a)
{
	uint32_t last = 0;

	assert(pk_utf8_valid(a->text) && a->text.len > 0);
	assert(pk_utf8_valid(a->title) && pk_utf8_valid(a->lead));
	assert(pk_utf8_valid(a->kicker) && pk_utf8_valid(a->byline));
	for (size_t i = 0; i < a->n_paragraphs; i++) {
		struct pk_range range = a->paragraphs[i].range;
		assert(range.start < range.end);
		assert(range.start == (i == 0 ? 0 : last + 1));
		last = range.end;
	}
	assert(last == pk_utf8_count(a->text));
	assert(a->confidence >= 0 && a->confidence <= 1.001);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pk_tails *tails;
	struct pk_article article;
	const char *reason;

	if (tails == NULL &&
	    pk_tails_load(PEYK_SOURCE_DIR "/extract", &tails, NULL) < 0)
		abort();
	for (enum pk_doc_kind kind = PK_DOC_PAGE; kind <= PK_DOC_TEXT; kind++) {
		pk_cleanup(pk_doc_freep) struct pk_doc *doc = pk_doc_new(kind, 1 << 30);
		if (doc == NULL)
			abort();
		doc->bytes = (struct pk_span){ (const char *)data, size };
		doc->url = PK_SPAN("https://example.org/2024/05/01/a");
		int r = kind == PK_DOC_PAGE
			    ? pk_article_of_page(doc, tails, NULL, &article, &reason)
			    : pk_article_of_text(doc, tails, &article, &reason);
		assert(r == 0 || r == -E2BIG);
		if (r == 0 && reason == NULL)
			check(&article);
	}
	return 0;
}
