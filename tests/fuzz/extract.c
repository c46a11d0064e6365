/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a text: no crash, and every span of every event says what it says. */
#include "extract/extract.h"
#include "extract/events/events.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>

static struct pk_extractor *
the_extractor(void)
{
	static struct pk_extractor *extractor;

	if (extractor == NULL &&
	    pk_extractor_new(PEYK_SOURCE_DIR "/extract", NULL, &extractor, NULL) < 0)
		abort();
	return extractor;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pk_doc *doc = pk_doc_new(PK_DOC_TEXT, (size_t)1 << 28);
	struct pk_extraction x;

	doc->bytes = (struct pk_span){ (const char *)data, size };
	doc->lang = PK_SPAN("fa");
	doc->entry_published = PK_SPAN("2024-05-01");
	doc->publisher.native = PK_SPAN("پیک");
	if (pk_extract(the_extractor(), doc, &x) == 0 && x.reason == NULL) {
		for (size_t i = 0; i < x.n_events; i++)
			assert(pk_event_check(&x.events[i], &x.article) == NULL);
	}
	pk_doc_free(doc);
	return 0;
}
