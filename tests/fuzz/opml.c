/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a list of feeds, and as a page that names some. */
#include "fetch/feed/opml.h"
#include "fetch/feed/discover.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(64 << 20);
	struct pk_span bytes = { (const char *)data, size };
	const struct pk_feed_context context = { .url =
						     PK_SPAN("http://site.example/") };
	struct pk_feed_candidates found;
	struct pk_opml opml;
	struct pk_buf out;

	pk_buf_init(&out, 0);
	if (pk_opml_parse(arena, bytes, &opml) == 0 &&
	    pk_opml_write(arena, &opml, &out) == 0)
		assert(pk_opml_parse(arena, pk_buf_span(&out), &opml) == 0);
	pk_buf_done(&out);
	pk_feed_discover(arena, bytes, &context, &found);
	return 0;
}
