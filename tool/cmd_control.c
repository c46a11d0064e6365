/* SPDX-License-Identifier: Apache-2.0 */
/* peyk reload, peyk poll, peyk backup - tell the running daemon what to do. */
#include "base/cleanup.h"
#include "tool/cmd.h"
#include "tool/control_client.h"
#include "tool/input.h"
#include "tool/output.h"

#include <errno.h>
#include <limits.h>
#include <time.h>
#include <unistd.h>

static int
read_control(int argc, char **argv, const char **ret_path, int *ret_first)
{
	const struct pk_option options[] = {
		{ .name = "control", .value = ret_path },
	};

	*ret_path = PK_CONTROL_DEFAULT;
	return pk_options_read(argc, argv, options, PK_COUNT(options), ret_first);
}

int
pk_cmd_reload(int argc, char **argv)
{
	const char *path;
	int first, r = read_control(argc, argv, &path, &first);

	if (r != 0)
		return r;
	if (first < argc)
		return pk_cmd_usage(argv[0]);
	json_t *answer =
	    pk_control_ask_or_say(path, json_pack("{ss}", "command", "reload"));
	if (answer == NULL)
		return 1;
	printf("reloaded: configuration %" JSON_INTEGER_FORMAT "\n",
	    json_integer_value(json_object_get(answer, "generation")));
	json_decref(answer);
	return pk_output_finish(0);
}

int
pk_cmd_poll(int argc, char **argv)
{
	const char *path;
	int first, r = read_control(argc, argv, &path, &first);

	if (r != 0)
		return r;
	if (first + 1 != argc)
		return pk_cmd_usage(argv[0]);
	json_t *answer = pk_control_ask_or_say(
	    path, json_pack("{ss ss}", "command", "poll", "feed", argv[first]));
	if (answer == NULL)
		return 1;
	json_decref(answer);
	printf("%s is asked as soon as politeness allows\n", argv[first]);
	return pk_output_finish(0);
}

/* The daemon has a working directory of its own. Returns NULL when there is none here,
 * or no room. */
static const char *
absolute(const char *path, char ret_path[static PATH_MAX])
{
	char here[PATH_MAX];

	if (path[0] == '/')
		return path;
	if (getcwd(here, sizeof(here)) == NULL)
		return NULL;
	int n = snprintf(ret_path, PATH_MAX, "%s/%s", here, path);
	return n > 0 && n < PATH_MAX ? ret_path : NULL;
}

/* Waits for its end: the daemon goes on meanwhile. */
static int
await_backup(const char *control, const char *file)
{
	const struct timespec pause = { .tv_nsec = 100000000 };
	char state[16], error[256];

	do {
		json_t *answer = pk_control_ask_or_say(
		    control, json_pack("{ss}", "command", "backup"));
		if (answer == NULL)
			return 1;
		const char *now = json_string_value(json_object_get(answer, "state"));
		snprintf(state, sizeof(state), "%s", now == NULL ? "" : now);
		const char *whose = json_string_value(json_object_get(answer, "file"));
		const char *why = json_string_value(json_object_get(answer, "error"));
		snprintf(error, sizeof(error), "%s", why == NULL ? "" : why);
		if (whose == NULL || strcmp(whose, file) != 0)
			snprintf(state, sizeof(state), "lost");
		json_decref(answer);
	} while (strcmp(state, "busy") == 0 && nanosleep(&pause, NULL) == 0);
	if (strcmp(state, "done") == 0)
		return 0;
	fprintf(stderr, "peyk backup: %s: %s\n", file,
	    strcmp(state, "failed") == 0
		? error
		: "it is not known how it ended; the log of peykd tells");
	return 1;
}

int
pk_cmd_backup(int argc, char **argv)
{
	const char *control;
	char path[PATH_MAX];
	int first, r = read_control(argc, argv, &control, &first);

	if (r != 0)
		return r;
	if (first + 1 != argc)
		return pk_cmd_usage(argv[0]);
	const char *file = absolute(argv[first], path);
	if (file == NULL) {
		fprintf(stderr, "peyk backup: %s: %s\n", argv[first],
		    strerrordesc_np(ENAMETOOLONG));
		return 1;
	}
	json_t *answer = pk_control_ask_or_say(
	    control, json_pack("{ss ss}", "command", "backup", "file", file));
	if (answer == NULL)
		return 1;
	json_decref(answer);
	if (await_backup(control, file) != 0)
		return 1;
	printf("%s is complete; a daemon that starts on it begins a new epoch\n", file);
	return pk_output_finish(0);
}
