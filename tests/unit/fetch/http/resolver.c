/* SPDX-License-Identifier: Apache-2.0 */
/* A name server that does not answer holds up nobody but who asked. */
#include "fetch/http/client.h"

#include "base/clock.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Far more than the client's own limit, far less than a test may take. */
#define SILENCE_S 10

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool asked, released;

/* Takes the place of the C library's, for curl too: it knows no name, and says so
 * when it is released. */
__attribute__((visibility("default"))) int
getaddrinfo(const char *restrict name, const char *restrict service,
    const struct addrinfo *restrict hints, struct addrinfo **restrict ret_list)
{
	struct timespec until;

	(void)name, (void)service, (void)hints, (void)ret_list;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += SILENCE_S;
	pthread_mutex_lock(&lock);
	asked = true;
	while (
	    !released && pthread_cond_timedwait(&changed, &lock, &until) != ETIMEDOUT)
		;
	pthread_mutex_unlock(&lock);
	return EAI_AGAIN;
}

static void
on_done(void *context, void *tag, struct pk_http_response *response)
{
	(void)context;
	*(enum pk_http_outcome *)tag = response->outcome;
}

static struct pk_http *
ask(unsigned connect_timeout_ms, enum pk_http_outcome *outcome)
{
	const struct pk_http_options options = { .connect_timeout_ms =
						     connect_timeout_ms };
	const struct pk_http_request request = { .url =
						     PK_SPAN("http://silent.test/") };
	struct pk_http *client = NULL;

	assert_int_equal(pk_http_new(&options, on_done, NULL, &client), 0);
	assert_int_equal(pk_http_start(client, &request, outcome), 0);
	return client;
}

static bool
was_asked(void)
{
	pthread_mutex_lock(&lock);
	bool was = asked;
	pthread_mutex_unlock(&lock);
	return was;
}

static int
start(void **state)
{
	(void)state;
	/* the one before may still have a resolver's thread on its way out */
	pthread_mutex_lock(&lock);
	asked = released = false;
	pthread_mutex_unlock(&lock);
	return 0;
}

static int
release(void **state)
{
	(void)state;
	pthread_mutex_lock(&lock);
	released = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	return 0;
}

static void
a_silent_name_server_costs_its_own_request(void **state)
{
	enum pk_http_outcome outcome = PK_HTTP_OK;
	uint64_t start_ns = pk_mono_ns();
	pk_cleanup(pk_http_freep) struct pk_http *client = ask(100, &outcome);

	(void)state;
	while (pk_http_in_flight(client) > 0)
		assert_true(pk_http_perform(client, 1000) >= 0);
	assert_int_equal(outcome, PK_HTTP_DNS);
	assert_true(was_asked());
	assert_true(pk_mono_ns() - start_ns < SILENCE_S / 2 * (uint64_t)PK_NS_PER_S);
}

static void
a_silent_name_server_does_not_hold_up_the_end(void **state)
{
	enum pk_http_outcome outcome = PK_HTTP_OK;
	struct pk_http *client = ask(60000, &outcome);
	uint64_t start_ns = pk_mono_ns();

	(void)state;
	while (!was_asked()) {
		assert_int_equal(pk_http_in_flight(client), 1);
		assert_true(pk_http_perform(client, 10) >= 0);
	}
	pk_http_free(client);
	assert_int_equal(outcome, PK_HTTP_CANCELLED);
	assert_true(pk_mono_ns() - start_ns < SILENCE_S / 2 * (uint64_t)PK_NS_PER_S);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_silent_name_server_costs_its_own_request, start, release),
		cmocka_unit_test_setup_teardown(
		    a_silent_name_server_does_not_hold_up_the_end, start, release),
	};

	return cmocka_run_group_tests_name("fetch/http/resolver", tests, NULL, NULL);
}
