/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a field Link: no crash, an end, and links that lie within the field. */
#include "fetch/http/link.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pk_span rest = { (const char *)data, size };
	size_t left = size + 1;
	struct pk_link link;

	while (pk_link_next(&rest, &link)) {
		assert(rest.len < left);
		left = rest.len;
		assert(link.target.ptr >= (const char *)data);
		assert(link.target.ptr + link.target.len <= (const char *)data + size);
		pk_link_is(&link, PK_SPAN("hub"));
	}
	return 0;
}
