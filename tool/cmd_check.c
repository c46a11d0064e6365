/* SPDX-License-Identifier: Apache-2.0 */
/* peyk check - is a configuration right, and what does it come to? */
#include "config/config.h"
#include "extract/extract.h"
#include "tool/cmd.h"
#include "tool/input.h"
#include "tool/output.h"

#include <errno.h>
#include <string.h>

static int
no_memory(const char *path)
{
	return pk_input_failed(path, "out of memory");
}

/* Everything that is said goes to stderr: stdout is for the dump alone. */
static int
tell(const char *path, const struct pk_config_report *report)
{
	struct pk_buf text;

	pk_buf_init(&text, 0);
	int r = pk_config_report_render(report, &text);
	if (r == 0)
		r = pk_buf_append(&text, PK_SPAN("peyk: "));
	if (r == 0)
		r = pk_config_report_summary(report, path, &text);
	if (r == 0)
		fprintf(stderr, "%s\n", text.ptr);
	pk_buf_done(&text);
	return r == 0 ? 0 : no_memory(path);
}

static int
dump(const char *path, const struct pk_config *config)
{
	struct pk_buf text;

	pk_buf_init(&text, 0);
	int r = pk_config_dump(config, &text);
	if (r == 0)
		fwrite(text.ptr, 1, text.len, stdout);
	pk_buf_done(&text);
	return pk_output_finish(r == 0 ? 0 : no_memory(path));
}

/* What the daemon would say of the user's own tables and rules at its start. */
static int
check_tables(const struct pk_config *config, struct pk_config_report *report)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(64 << 10);
	pk_cleanup(pk_extractor_unrefp) struct pk_extractor *extractor = NULL;
	const struct pk_own_folders own = { .knowledge = config->extract.knowledge.ptr,
		.sites = config->extract.sites.ptr };
	const char *dir = config->daemon.data_dir.ptr;
	struct pk_diag diag = { .where = "share/peyk", .what = "no language packs" };

	if (own.knowledge == NULL && own.sites == NULL)
		return 0;
	int r = arena == NULL ? -ENOMEM : 0;
	if (r == 0 && dir == NULL)
		r = pk_extract_find_data(arena, &dir);
	if (r == 0)
		r = pk_extractor_new(dir, &own, &extractor, &diag);
	if (r < 0 && r != -ENOMEM)
		pk_config_report_error(
		    report, diag.where, diag.line, diag.column, diag.what);
	return r;
}

static int
check(const char *path, bool dumped)
{
	pk_cleanup(
	    pk_config_report_done) struct pk_config_report report = { .arena = NULL };
	pk_cleanup(pk_config_unrefp) struct pk_config *config = NULL;

	if (pk_config_report_init(&report) < 0)
		return no_memory(path);
	int r = pk_config_load(path, &config, &report);
	if (r == 0)
		r = check_tables(config, &report);
	if (r == -ENOMEM)
		return no_memory(path);
	int status = tell(path, &report);
	if (r < 0 || status != 0)
		return 1;
	return dumped ? dump(path, config) : 0;
}

int
pk_cmd_check(int argc, char **argv)
{
	const char *path = NULL;
	bool dumped = false;
	const struct pk_option options[] = {
		{ .name = "config", .value = &path },
		{ .name = "dump", .flag = &dumped },
	};
	int first;

	if (pk_options_read(argc, argv, options, PK_COUNT(options), &first) != 0)
		return 2;
	int rest = argc - first;
	if (rest > 1 || (rest == 1 && path != NULL))
		return pk_cmd_usage(argv[0]);
	if (rest == 1)
		path = argv[first];
	return check(path == NULL ? PK_CONFIG_DEFAULT_PATH : path, dumped);
}
