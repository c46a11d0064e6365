/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a page, as two pages of one article and as a plain text: an article in
 * order, or a reason. A first line "Content-Type: ..." is what the server said.
 */
#include "base/utf8.h"
#include "extract/article/join.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <errno.h>

static void
check(const struct pk_article *a)
{
	const struct pk_span fields[] = { a->text, a->title, a->lead, a->kicker,
		a->byline, a->published, a->modified, a->language, a->site, a->section,
		a->image, a->canonical_url };
	uint32_t last = 0;

	assert(a->text.len > 0);
	for (size_t i = 0; i < PK_COUNT(fields); i++)
		assert(pk_utf8_valid(fields[i]));
	for (size_t i = 0; i < a->n_tags; i++)
		assert(a->tags[i].len > 0 && pk_utf8_valid(a->tags[i]));
	for (size_t i = 0; i < a->n_paragraphs; i++) {
		struct pk_range range = a->paragraphs[i].range;
		assert(range.start < range.end);
		assert(range.start == (i == 0 ? 0 : last + 1));
		last = range.end;
	}
	assert(last == pk_utf8_count(a->text));
	assert(a->confidence >= 0 && a->confidence <= 1.001);
}

static void
join(const struct pk_tails *tails, struct pk_span bytes)
{
	pk_cleanup(pk_doc_freep) struct pk_doc *doc = pk_doc_new(PK_DOC_PAGE, 1 << 30);
	struct pk_reading reading = { .pages_max = 3 };
	static const char *const urls[] = { "https://example.org/2024/05/01/a",
		"https://example.org/2024/05/01/a/2" };

	if (doc == NULL)
		abort();
	for (size_t i = 0; i < 2; i++) {
		doc->url = pk_span_of(urls[i]);
		doc->bytes =
		    pk_span_slice(bytes, i * bytes.len / 2, (i + 1) * bytes.len / 2);
		int r = pk_reading_add(&reading, doc, tails, NULL);
		assert(r == 0 || r == -E2BIG);
		if (r < 0 && i == 0)
			return;
	}
	if (reading.reason == NULL)
		check(&reading.article);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pk_tails *tails;
	struct pk_span bytes = { (const char *)data, size }, type = { NULL, 0 };
	struct pk_article article;
	const char *reason;

	if (pk_span_starts_with(bytes, PK_SPAN("Content-Type: "))) {
		type = pk_span_split(&bytes, '\n');
		type = pk_span_slice(type, 14, type.len);
	}
	if (tails == NULL &&
	    pk_tails_load(PEYK_SOURCE_DIR "/extract", &tails, NULL) < 0)
		abort();
	for (enum pk_doc_kind kind = PK_DOC_PAGE; kind <= PK_DOC_TEXT; kind++) {
		pk_cleanup(pk_doc_freep) struct pk_doc *doc = pk_doc_new(kind, 1 << 30);
		if (doc == NULL)
			abort();
		doc->bytes = bytes;
		doc->content_type = type;
		doc->url = PK_SPAN("https://example.org/2024/05/01/a");
		int r = kind == PK_DOC_PAGE
			    ? pk_article_of_page(doc, tails, NULL, &article, &reason)
			    : pk_article_of_text(doc, tails, &article, &reason);
		assert(r == 0 || r == -E2BIG);
		if (r == 0 && reason == NULL)
			check(&article);
	}
	join(tails, bytes);
	return 0;
}
