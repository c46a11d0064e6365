/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A wall clock that is as far off as a test says, for LD_PRELOAD: the file that
 * PEYK_SHIFTED_CLOCK names holds the seconds, one int64_t, and may change at any time.
 * The monotonic clock goes on as it does when somebody sets the other one. libfaketime
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

static const int64_t zero;
static const volatile int64_t *shift_s = &zero;

__attribute__((constructor)) static void
open_shift(void)
{
	const char *path = getenv("PEYK_SHIFTED_CLOCK");
	int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	void *page = mmap(NULL, sizeof(*shift_s), PROT_READ, MAP_SHARED, fd, 0);
	if (page != MAP_FAILED)
		shift_s = page;
	close(fd);
}

int
clock_gettime(clockid_t clock, struct timespec *ret_now)
{
	int r = (int)syscall(SYS_clock_gettime, clock, ret_now);

	if (r == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		ret_now->tv_sec += *shift_s;
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
