/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/guard.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>

/* Sockets that are opened later are looked at after so long at the latest. */
#define WAIT_MS 1000

/* Strangers may knock as often as they like: the log has so many lines of it a minute.
 */
#define LINES_MAX   10
#define LINES_IN_NS (UINT64_C(60) * (uint64_t)PK_NS_PER_S)

struct pk_guard {
	struct pk_wire *wire;
	pthread_t thread;
	int wake;
	atomic_bool stopping;
	uint64_t minute_ns; /* when the minute of `lines` began */
	int lines;
	int64_t untold; /* refusals without a line of their own */
};

static const char *
sentence_of(const struct pk_refusal *refusal)
{
	switch (refusal->why) {
	case -ENOENT:
		return "a peer was refused: its key is not known";
	case -EPERM:
		return "a client was refused: it sent what is no subscription, and "
		       "stays out until a reload";
	default:
		return "a peer was refused: it does not authenticate by CURVE";
	}
}

static void
tell(struct pk_guard *guard, const struct pk_refusal *refusal)
{
	uint64_t now_ns = pk_mono_ns();

	if (guard->minute_ns == 0 || now_ns - guard->minute_ns >= LINES_IN_NS) {
		guard->minute_ns = now_ns;
		guard->lines = 0;
	}
	if (guard->lines++ >= LINES_MAX) {
		guard->untold++;
		return;
	}
	pk_log(PK_WARN, sentence_of(refusal), "client", refusal->name, "public_key",
	    refusal->key, "address",
	    refusal->address[0] == '\0' ? "local" : refusal->address, "not_told_before",
	    pk_log_number(guard->untold));
	guard->untold = 0;
}

static void *
guard_doors(void *context)
{
	struct pk_guard *guard = context;

	while (!atomic_load(&guard->stopping)) {
		struct pk_refusal refusal;
		if (pk_wire_guard(guard->wire, guard->wake, WAIT_MS, &refusal) > 0)
			tell(guard, &refusal);
	}
	return NULL;
}

int
pk_guard_start(struct pk_wire *wire, struct pk_guard **ret_guard)
{
	struct pk_guard *guard = calloc(1, sizeof(*guard));

	if (guard == NULL)
		return -ENOMEM;
	guard->wire = wire;
	guard->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	int r = guard->wake < 0 ? -errno : 0;
	if (r == 0)
		r = -pthread_create(&guard->thread, NULL, guard_doors, guard);
	if (r < 0) {
		pk_closep(&guard->wake);
		free(guard);
		return r;
	}
	*ret_guard = guard;
	return 0;
}

struct pk_guard *
pk_guard_stop(struct pk_guard *guard)
{
	if (guard == NULL)
		return NULL;
	atomic_store(&guard->stopping, true);
	eventfd_write(guard->wake, 1);
	pthread_join(guard->thread, NULL);
	pk_closep(&guard->wake);
	free(guard);
	return NULL;
}
