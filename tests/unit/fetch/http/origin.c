/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/fetch/http/origin.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

struct origin {
	const struct origin_page *pages;
	size_t n_pages;
	int listener;
	int stop; /* an eventfd: readable when the test is over */
	unsigned port;
	pthread_t thread;
	pthread_mutex_t lock; /* of what follows */
	unsigned requests;
	char last[8192];
};

static int
listen_on(const char *address, unsigned *ret_port)
{
	struct sockaddr_in name = { .sin_family = AF_INET };
	socklen_t len = sizeof(name);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert(fd >= 0 && inet_pton(AF_INET, address, &name.sin_addr) == 1);
	int r = bind(fd, (struct sockaddr *)&name, sizeof(name));
	assert(r == 0);
	r = listen(fd, 64);
	assert(r == 0);
	r = getsockname(fd, (struct sockaddr *)&name, &len);
	assert(r == 0);
	*ret_port = ntohs(name.sin_port);
	return fd;
}

int
canary_open(const char *address, unsigned *ret_port)
{
	return listen_on(address, ret_port);
}

bool
canary_heard_nothing(int fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	return poll(&ready, 1, 0) == 0;
}

/* Waits for `fd`; false when the test is over or `ms` have gone by. */
static bool
wait_for(struct origin *origin, int fd, short events, int ms)
{
	struct pollfd ready[] = { { .fd = fd, .events = events },
		{ .fd = origin->stop, .events = POLLIN } };

	return poll(ready, 2, ms) > 0 && ready[1].revents == 0;
}

bool
origin_send(struct origin *origin, int fd, struct pk_span bytes)
{
	while (bytes.len > 0) {
		if (!wait_for(origin, fd, POLLOUT, -1))
			return false;
		ssize_t n = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno != EAGAIN)
			return false;
		if (n > 0)
			bytes = pk_span_slice(bytes, (size_t)n, bytes.len);
	}
	return true;
}

bool
origin_linger(struct origin *origin, int fd, int ms)
{
	char byte;
	struct pollfd ready[] = { { .fd = fd, .events = POLLIN },
		{ .fd = origin->stop, .events = POLLIN } };

	if (poll(ready, 2, ms) == 0)
		return true;
	return ready[1].revents == 0 && recv(fd, &byte, 1, MSG_DONTWAIT) > 0;
}

/* The header, and a body as long as it says. */
static bool
is_whole(const char *text)
{
	const char *end = strstr(text, "\r\n\r\n");
	const char *length = strstr(text, "Content-Length: ");

	if (end == NULL)
		return false;
	return length == NULL || length > end ||
	       strlen(end + 4) >= strtoul(length + 16, NULL, 10);
}

void
origin_reset(int fd)
{
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

static bool
read_request(struct origin *origin, int fd, char *text, size_t size)
{
	size_t len = 0;

	while (len < size - 1 && wait_for(origin, fd, POLLIN, 5000)) {
		ssize_t n = recv(fd, text + len, size - 1 - len, 0);
		if (n <= 0)
			return false;
		len += (size_t)n;
		text[len] = '\0';
		if (is_whole(text))
			return true;
	}
	return false;
}

static void
answer(struct origin *origin, int fd)
{
	char text[sizeof(origin->last)], path[256];

	if (!read_request(origin, fd, text, sizeof(text)) ||
	    sscanf(text, "%*s %255s", path) != 1)
		return;
	pthread_mutex_lock(&origin->lock);
	origin->requests++;
	memcpy(origin->last, text, sizeof(text));
	pthread_mutex_unlock(&origin->lock);

	for (size_t i = 0; i < origin->n_pages; i++) {
		const struct origin_page *page = &origin->pages[i];
		if (strcmp(page->path, path) != 0)
			continue;
		if (page->serve != NULL)
			page->serve(origin, fd);
		else
			origin_send(origin, fd, page->bytes);
		return;
	}
	origin_send(origin, fd,
	    PK_SPAN("HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n"
		    "Connection: close\r\n\r\nnope\n"));
}

static void *
run(void *context)
{
	struct origin *origin = context;

	while (wait_for(origin, origin->listener, POLLIN, -1)) {
		int fd = accept4(origin->listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			continue;
		answer(origin, fd);
		close(fd);
	}
	return NULL;
}

struct origin *
origin_start(const struct origin_page *pages, size_t n_pages)
{
	struct origin *origin = calloc(1, sizeof(*origin));

	assert(origin != NULL);
	origin->pages = pages;
	origin->n_pages = n_pages;
	origin->listener = listen_on("127.0.0.1", &origin->port);
	origin->stop = eventfd(0, EFD_CLOEXEC);
	pthread_mutex_init(&origin->lock, NULL);
	int r = pthread_create(&origin->thread, NULL, run, origin);
	assert(r == 0);
	return origin;
}

void
origin_stop(struct origin *origin)
{
	eventfd_write(origin->stop, 1);
	pthread_join(origin->thread, NULL);
	pthread_mutex_destroy(&origin->lock);
	close(origin->listener);
	close(origin->stop);
	free(origin);
}

unsigned
origin_port(const struct origin *origin)
{
	return origin->port;
}

unsigned
origin_requests(struct origin *origin)
{
	pthread_mutex_lock(&origin->lock);
	unsigned n = origin->requests;
	pthread_mutex_unlock(&origin->lock);
	return n;
}

bool
origin_was_told(struct origin *origin, const char *text)
{
	pthread_mutex_lock(&origin->lock);
	bool told = strstr(origin->last, text) != NULL;
	pthread_mutex_unlock(&origin->lock);
	return told;
}
