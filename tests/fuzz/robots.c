/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a robots.txt: no crash, bounded, and what is said twice is said once.
 * The first line is the path that is asked for. */
#include "fetch/http/robots_rules.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pk_span file = { (const char *)data, size };
	struct pk_span path = pk_span_split(&file, '\n');
	char url[4096];

	if (file.ptr == NULL)
		file = PK_SPAN("");
	int n = snprintf(url, sizeof(url), "http://a.example%.*s", PK_SPAN_ARG(path));
	assert(n > 0);
	struct pk_span wanted = pk_span_of(url);
	pk_cleanup(pk_robots_rules_freep) struct pk_robots_rules *rules =
	    pk_robots_rules_new(file, PK_SPAN("peyk"));
	assert(rules != NULL);
	bool allow = pk_robots_rules_allow(rules, wanted);
	assert(allow == pk_robots_rules_allow(rules, wanted));
	assert(pk_robots_rules_delay_ms(rules) <= PK_ROBOTS_DELAY_MAX_MS);
	assert(pk_robots_rules_bytes(rules) < size * 40 + 1024);
	size_t sitemaps;
	pk_robots_rules_sitemaps(rules, &sitemaps);
	assert(sitemaps <= PK_ROBOTS_SITEMAPS_MAX);
	return 0;
}
