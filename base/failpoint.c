/* SPDX-License-Identifier: Apache-2.0 */
#include "base/failpoint.h"

#if !PEYK_FAILPOINTS

int
pk_failpoint_arm(const char **ret_where)
{
	(void)ret_where;
	return 0;
}

#else

#include "base/digest.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DIE_WITHIN_NS          2000000

enum pk_failpoint pk_failpoint_armed;

static _Atomic long left; /* so many times more, until it is time */

static const struct {
	const char *name;
	const char *where;
} failpoints[PK_FAILPOINTS] = {
#define FAILPOINT(name, where) [PK_FAILPOINT_##name] = { #name, where },
#include "base/failpoint.def"
#undef FAILPOINT
};

static enum pk_failpoint
find(const char *name, size_t len)
{
	for (int i = PK_FAILPOINT_NONE + 1; i < PK_FAILPOINTS; i++) {
		if (strlen(failpoints[i].name) == len &&
		    memcmp(failpoints[i].name, name, len) == 0)
			return (enum pk_failpoint)i;
	}
	return PK_FAILPOINT_NONE;
}

int
pk_failpoint_arm(const char **ret_where)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread yet */
	const char *wish = getenv("PEYK_FAILPOINT");
	char *end = NULL;

	if (wish == NULL || wish[0] == '\0')
		return 0;
	size_t len = strcspn(wish, ":");
	enum pk_failpoint found = find(wish, len);
	long times = wish[len] == ':' ? strtol(wish + len + 1, &end, 10) : 1;
	if (found == PK_FAILPOINT_NONE || times < 1 || (end != NULL && *end != '\0'))
		return -EINVAL;
	atomic_store(&left, times);
	pk_failpoint_armed = found;
	*ret_where = failpoints[found].where;
	return 1;
}

static _Noreturn void
die(void)
{
	kill(getpid(), SIGKILL);
	/* of all threads this one must not get any further */
	for (;;)
		pause();
}

void
pk_failpoint_reached(void)
{
	if (atomic_fetch_sub(&left, 1) == 1)
		die();
}

static void *
die_soon(void *context)
{
	const struct timespec *wait = context;

	nanosleep(wait, NULL);
	die();
}

void
pk_failpoint_begun(void)
{
	static struct timespec wait;
	pthread_t killer;

	if (atomic_fetch_sub(&left, 1) != 1)
		return;
	wait.tv_nsec = (long)(pk_random_u64() % DIE_WITHIN_NS);
	if (pthread_create(&killer, NULL, die_soon, &wait) != 0)
		die();
}

#endif
