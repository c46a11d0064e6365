/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/accept.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int
take(int listener, struct sockaddr *address, socklen_t *length, int flags)
{
	return (int)syscall(SYS_accept4, listener, address, length, flags);
}

int
pk_accept_operator(int listener, int flags)
{
	int fd = take(listener, NULL, NULL, flags);

	return fd < 0 ? -errno : fd;
}

/* The system gives out the lowest number that is free. */
static bool
is_ours(int fd)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
	       limit.rlim_cur != RLIM_INFINITY &&
	       (rlim_t)fd >= limit.rlim_cur - limit.rlim_cur / 4;
}

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */
/* In place of the C library's; the linker shows it to the libraries that we use. */
__attribute__((visibility("default"))) int
accept4(int listener, __SOCKADDR_ARG address, socklen_t *restrict length, int flags)
{
	int fd = take(listener, address.__sockaddr__, length, flags);

	if (fd < 0) {
		/* what libzmq takes for a bug of its own, and is none */
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM)
			errno = ECONNABORTED;
		return -1;
	}
	if (!is_ours(fd))
		return fd;
	close(fd);
	errno = ECONNABORTED;
	return -1;
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
