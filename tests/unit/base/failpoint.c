/* SPDX-License-Identifier: Apache-2.0 */
#include "base/failpoint.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define SURVIVED 0
#define KILLED   (-SIGKILL)

/* What becomes of a program that comes by `sent` so many times. */
static int
run(const char *armed, int times)
{
	pid_t child = fork();
	const char *where = NULL;
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		setenv("PEYK_FAILPOINT", armed, 1);
		int r = pk_failpoint_arm(&where);
		for (int i = 0; i < times; i++)
			PK_FAILPOINT(sent);
		_exit(r < 0 ? -r : SURVIVED);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/* clang-format off */
static const struct failpoint_case {
	const char *name; const char *armed; int times; int end;
} cases[] = {
	{ "nothing is armed",          "",               9, SURVIVED },
	{ "the first time",            "sent",           1, KILLED },
	{ "the third time, not yet",   "sent:3",         2, SURVIVED },
	{ "the third time",            "sent:3",         3, KILLED },
	{ "another place",             "committed",      9, SURVIVED },
	{ "no such place",             "sen",            0, EINVAL },
	{ "a longer name",             "sent_",          0, EINVAL },
	{ "none",                      "NONE",           0, EINVAL },
	{ "no number",                 "sent:",          0, EINVAL },
	{ "never",                     "sent:0",         0, EINVAL },
	{ "something behind a number", "sent:1x",        0, EINVAL },
};
/* clang-format on */

static void
check_case(void **state)
{
	const struct failpoint_case *c = *state;

#if PEYK_FAILPOINTS
	assert_int_equal(run(c->armed, c->times), c->end);
#else
	assert_int_equal(run(c->armed, c->times), SURVIVED);
#endif
}

int
main(void)
{
	struct CMUnitTest tests[sizeof(cases) / sizeof(cases[0])];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
			.test_func = check_case,
			.initial_state = (void *)(uintptr_t)&cases[i] };
	return cmocka_run_group_tests_name("base/failpoint", tests, NULL, NULL);
}
