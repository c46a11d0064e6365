/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A wall clock that is as far off as a test says, for LD_PRELOAD: the file that
 * PEYK_SHIFTED_CLOCK names holds the seconds, one int64_t, and may change at any time;
 * a second one says how many seconds the machine has slept. The monotonic clock goes on
 * as it does when somebody sets the other one, or when the machine wakes. libfaketime
 * would do, were it not for its pthread_cond_timedwait(), which spins on this clock.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *ret_now);
int gettimeofday(struct timeval *restrict ret_now, void *restrict zone);
time_t time(time_t *ret_now);

struct shift {
	int64_t wall_s;
	int64_t asleep_s;
};

static const struct shift none;
static const volatile struct shift *shift = &none;

__attribute__((constructor)) static void
open_shift(void)
{
	const char *path = getenv("PEYK_SHIFTED_CLOCK");
	int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	void *page = mmap(NULL, sizeof(*shift), PROT_READ, MAP_SHARED, fd, 0);
	if (page != MAP_FAILED)
		shift = page;
	close(fd);
}

int
clock_gettime(clockid_t clock, struct timespec *ret_now)
{
	int r = (int)syscall(SYS_clock_gettime, clock, ret_now);

	if (r != 0)
		return r;
	if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
		ret_now->tv_sec += shift->wall_s + shift->asleep_s;
	if (clock == CLOCK_BOOTTIME)
		ret_now->tv_sec += shift->asleep_s;
	return r;
}

int
gettimeofday(struct timeval *restrict ret_now, void *restrict zone)
{
	struct timespec now;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	*ret_now = (struct timeval){ now.tv_sec, now.tv_nsec / 1000 };
	return 0;
}

time_t
time(time_t *ret_now)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (ret_now != NULL)
		*ret_now = now.tv_sec;
	return now.tv_sec;
}
