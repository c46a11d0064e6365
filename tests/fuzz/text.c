/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The small readers of base/ on any bytes: charsets, dates, addresses, references. What
 * one writes, it reads again.
 */
#include "base/charset.h"
#include "base/date_formats.h"
#include "base/html_entity.h"
#include "base/url.h"
#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>

static void
check_date(struct pk_span bytes)
{
	struct pk_moment moment, again;
	char text[PK_DATE_TEXT_MAX];

	if (pk_date_parse(bytes, PK_OFFSET_IRAN, &moment) < 0)
		return;
	struct pk_span written = { text, pk_date_format(&moment, text) };
	assert(pk_date_parse(written, PK_OFFSET_IRAN, &again) == 0);
	assert(again.time_s == moment.time_s && again.has_time == moment.has_time);
}

static void
check_url(struct pk_arena *arena, struct pk_span bytes)
{
	struct pk_span base = PK_SPAN("http://site.example/a/b?c"), url, once, twice;

	if (pk_url_resolve(arena, base, bytes, &url) < 0)
		return;
	assert(pk_url_host(url).len > 0);
	if (pk_url_canonical(arena, url, &once) < 0)
		return;
	assert(pk_url_canonical(arena, once, &twice) == 0);
	assert(pk_span_eq(once, twice));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(16 << 20);
	struct pk_span bytes = { (const char *)data, size }, text;

	if (arena == NULL)
		return 0;
	for (int label = PK_CHARSET_LABEL_NONE; label <= PK_CHARSET_LABEL_META;
	     label++) {
		if (pk_charset_to_utf8(arena, bytes, bytes,
			(enum pk_charset_label)label, &text, NULL) == 0)
			assert(pk_utf8_valid(text));
	}
	check_date(bytes);
	check_url(arena, bytes);
	if (size > 0 && data[0] == '&') {
		uint32_t points[2];
		size_t count, len = pk_html_reference(bytes, points, &count);
		assert(len <= size);
	}
	return 0;
}
