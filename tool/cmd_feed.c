/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/cmd.h"

int
pk_cmd_feed(int argc, char **argv)
{
	(void)argc;
	return pk_cmd_usage(argv[0]);
}
