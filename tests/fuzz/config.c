/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as peyk.yaml: a report, or a configuration that survives its own dump. */
#include "config/config.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>

/* The configuration, or NULL; the report is rendered, too. */
static struct pk_config *
load(struct pk_span text)
{
	struct pk_config *config = NULL;
	struct pk_config_report report;
	struct pk_buf buf;

	pk_buf_init(&buf, 0);
	if (pk_config_report_init(&report) < 0)
		abort();
	int r = pk_config_load_text("fuzz", text, &config, &report);
	assert((r == 0) == (config != NULL));
	assert((r == 0) == (report.n_errors == 0));
	pk_config_report_render(&report, &buf);
	pk_config_report_done(&report);
	pk_buf_done(&buf);
	return config;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pk_cleanup(pk_config_unrefp) struct pk_config *first =
	    load((struct pk_span){ (const char *)data, size });
	struct pk_config_diff diff;
	struct pk_buf text;

	if (first == NULL)
		return 0;
	pk_buf_init(&text, 0);
	if (pk_config_dump(first, &text) < 0)
		abort();
	pk_cleanup(pk_config_unrefp) struct pk_config *second =
	    load(pk_buf_span(&text));
	assert(second != NULL);
	if (pk_config_diff(first, second, &diff) < 0)
		abort();
	assert(diff.n_added + diff.n_removed + diff.n_changed + diff.n_keys == 0);
	pk_config_diff_done(&diff);
	pk_buf_done(&text);
	return 0;
}
