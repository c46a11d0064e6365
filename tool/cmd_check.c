/* SPDX-License-Identifier: Apache-2.0 */
/* peyk check - is a configuration right, and what does it come to? */
#include "base/secret.h"
#include "config/config.h"
#include "extract/extract.h"
#include "publish/allow_list.h"
#include "tool/cmd.h"
#include "tool/input.h"
#include "tool/output.h"

#include <errno.h>
#include <limits.h>
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

/* Who checks need not be who runs the daemon: what this user may not read is said, and
 * not wrong. */
static int
tell_of_keys(struct pk_config_report *report, int r, const struct pk_diag *diag)
{
	bool is_hidden =
	    r == -EACCES && diag->line == 0 && access(diag->where, R_OK) != 0;

	if (is_hidden)
		pk_config_report_warning(report, diag->where, 0, 0,
		    "you may not read this, so it was not checked");
	else
		pk_config_report_error(
		    report, diag->where, diag->line, diag->column, diag->what);
	return is_hidden ? 0 : r;
}

static int
check_secret(const struct pk_config *config, struct pk_config_report *report)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): the tool has one thread */
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	const char *place = config->publish.curve.secret.ptr;
	char path[PATH_MAX], key[PK_KEY_TEXT + 1] = "";
	bool is_credential;
	struct pk_diag diag = { .line = 0 };
	int r = pk_key_path(place, credentials, sizeof(path), path, &is_credential);

	if (r == -ENXIO) {
		pk_config_report_warning(report, place, 0, 0,
		    "only the service has this credential, so it was not checked");
		return 0;
	}
	if (r < 0) {
		pk_config_report_error(
		    report, place, 0, 0, "publish.curve.secret is no place of a file");
		return r;
	}
	r = pk_key_file_secret(path, is_credential, key, &diag);
	pk_secret_wipe(key, sizeof(key));
	return r < 0 ? tell_of_keys(report, r, &diag) : 0;
}

static int
check_clients(const struct pk_config *config, struct pk_config_report *report)
{
	pk_cleanup(pk_allow_list_unrefp) struct pk_allow_list *list = NULL;
	const char *folder = config->publish.curve.clients.ptr;
	struct pk_diag diag = { .line = 0 };
	int r = pk_allow_list_load(folder, &list, &diag);

	if (r < 0)
		return tell_of_keys(report, r, &diag);
	if (pk_allow_list_count(list) == 0)
		pk_config_report_warning(report, folder, 0, 0,
		    "there are no keys of clients: nobody can connect");
	return 0;
}

/* What the daemon would say of keys. */
static int
check_keys(const struct pk_config *config, struct pk_config_report *report)
{
	if (!config->publish.curve.enabled)
		return 0;
	int secret = check_secret(config, report);
	int clients = check_clients(config, report);
	return secret < 0 ? secret : clients;
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
	if (r == 0)
		r = check_keys(config, &report);
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
