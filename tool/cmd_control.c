/* SPDX-License-Identifier: Apache-2.0 */
/* peyk reload, peyk poll - tell the running daemon what to do. */
#include "base/cleanup.h"
#include "tool/cmd.h"
#include "tool/control_client.h"
#include "tool/input.h"
#include "tool/output.h"

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
