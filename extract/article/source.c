/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/article/source.h"

#include "base/utf8.h"
#include "extract/article/find.h"

#include <errno.h>

/* So much of a document shows what it is. */
#define LOOK_MAX 4096

/*
 * Pictures, archives and programs: text has next to no control characters, and not many
 * malformed sequences even where it was damaged. UTF-16 and UTF-32 have NULs, but begin
 * with a mark or name themselves, and then this is asked of the converted text.
 */
static bool
is_binary(struct pk_span s)
{
	size_t controls = 0, malformed = 0, n = s.len < LOOK_MAX ? s.len : LOOK_MAX;
	uint32_t point;

	for (size_t at = 0; at < n;) {
		at += pk_utf8_decode(s, at, &point, NULL);
		malformed += point == PK_UTF8_REPLACEMENT;
		controls +=
		    (point < 0x20 && strchr("\n\r\t\f\x1B", (int)point) == NULL) ||
		    (point >= 0x7F && point < 0xA0);
	}
	return controls * 50 > n || malformed * 8 > n;
}

int
pk_source_text(struct pk_doc *doc, enum pk_charset_label label,
    struct pk_span *ret_text, const char **ret_reason)
{
	struct pk_span text;

	*ret_reason = NULL;
	if (doc->bytes.len > PK_ARTICLE_BYTES_MAX)
		return -E2BIG;
	int r = pk_charset_to_utf8(
	    doc->arena, doc->bytes, doc->content_type, label, &text, NULL);
	if (r < 0)
		return r;
	if (pk_span_trim(text).len == 0)
		*ret_reason = "empty";
	else if (is_binary(text))
		*ret_reason = "binary";
	*ret_text = text;
	return 0;
}
