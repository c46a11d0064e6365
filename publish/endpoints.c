/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/endpoints.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

static int
bind_one(struct pk_endpoints *endpoints, void *socket, const char *wanted)
{
	size_t len = PK_ENDPOINT_SIZE;

	if (endpoints->n == PK_ENDPOINTS_MAX || strlen(wanted) >= PK_ENDPOINT_SIZE)
		return -E2BIG;
	if (zmq_bind(socket, wanted) != 0)
		return -zmq_errno();
	char *real = endpoints->items[endpoints->n].real;
	snprintf(endpoints->items[endpoints->n].wanted, PK_ENDPOINT_SIZE, "%s", wanted);
	if (zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, real, &len) != 0)
		snprintf(real, PK_ENDPOINT_SIZE, "%s", wanted);
	endpoints->items[endpoints->n].is_lost = false;
	endpoints->n++;
	return 0;
}

static bool
is_wanted(const char *const *wanted, size_t n_wanted, const char *endpoint)
{
	for (size_t i = 0; i < n_wanted; i++) {
		if (strcmp(wanted[i], endpoint) == 0)
			return true;
	}
	return false;
}

static bool
is_bound(const struct pk_endpoints *endpoints, const char *wanted)
{
	for (size_t i = 0; i < endpoints->n; i++) {
		if (strcmp(endpoints->items[i].wanted, wanted) == 0)
			return true;
	}
	return false;
}

int
pk_endpoints_bind(struct pk_endpoints *endpoints, void *socket,
    const char *const *wanted, size_t n_wanted)
{
	int failed = 0;

	for (size_t i = 0; i < endpoints->n;) {
		if (is_wanted(wanted, n_wanted, endpoints->items[i].wanted)) {
			i++;
			continue;
		}
		zmq_unbind(socket, endpoints->items[i].real);
		endpoints->items[i] = endpoints->items[--endpoints->n];
	}
	for (size_t i = 0; i < n_wanted; i++) {
		int r = is_bound(endpoints, wanted[i])
			    ? 0
			    : bind_one(endpoints, socket, wanted[i]);
		if (r < 0)
			failed = r;
	}
	return failed;
}

void
pk_endpoints_lose(struct pk_endpoints *endpoints)
{
	for (size_t i = 0; i < endpoints->n; i++)
		endpoints->items[i].is_lost = true;
}

static int
bind_patiently(void *socket, const char *endpoint, int *patience_ms)
{
	while (zmq_bind(socket, endpoint) != 0) {
		if (zmq_errno() != EADDRINUSE || *patience_ms <= 0)
			return -zmq_errno();
		--*patience_ms;
		zmq_poll(NULL, 0, 1);
	}
	return 0;
}

int
pk_endpoints_take_over(struct pk_endpoints *endpoints, void *socket, int patience_ms)
{
	int failed = 0;

	for (size_t i = 0; i < endpoints->n; i++) {
		if (!endpoints->items[i].is_lost)
			continue;
		int r = bind_patiently(socket, endpoints->items[i].real, &patience_ms);
		endpoints->items[i].is_lost = r < 0;
		if (r < 0)
			failed = r;
	}
	return failed;
}

const char *
pk_endpoints_at(const struct pk_endpoints *endpoints, size_t i)
{
	return i < endpoints->n ? endpoints->items[i].real : NULL;
}
