/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/poll/failure.h"

#include "fetch/http/retry.h"

#include <assert.h>

/* So far a probe of what is gone strays from its week: a dead host has many feeds. */
#define GONE_STRAY_MS (INT64_C(6) * 3600 * 1000)

static const struct class
{
	const char *name;
	int64_t first;   /* times the configured first rest */
	int64_t longest; /* percent of the configured longest rest */
	unsigned patience;
	const char *help;
} classes[] = {
	[PK_FAILURE_NONE] = { "none", 1, 100, 1, "it did not fail" },
#define FAILURE(NAME, name, first, longest, patience, help)                            \
	[PK_FAILURE_##NAME] = { #name, first, longest, patience, help },
#include "fetch/poll/failure.def"
#undef FAILURE
};

static const struct class *
class_of(enum pk_failure failure)
{
	assert(failure < PK_FAILURES);
	return &classes[failure];
}

const char *
pk_failure_name(enum pk_failure failure)
{
	return class_of(failure)->name;
}

const char *
pk_failure_help(enum pk_failure failure)
{
	return class_of(failure)->help;
}

unsigned
pk_failure_patience(enum pk_failure failure)
{
	return class_of(failure)->patience;
}

enum pk_failure
pk_failure_find(struct pk_span name)
{
	for (unsigned i = PK_FAILURE_NONE + 1; i < PK_FAILURES; i++) {
		if (pk_span_eq(name, pk_span_of(classes[i].name)))
			return (enum pk_failure)i;
	}
	return PK_FAILURE_NONE;
}

static enum pk_failure
of_status(int status, enum pk_failure otherwise)
{
	return status == 410   ? PK_FAILURE_GONE
	       : status == 429 ? PK_FAILURE_LIMITED
	       : status == 503 ? PK_FAILURE_BUSY
			       : otherwise;
}

enum pk_failure
pk_failure_of_answer(enum pk_http_outcome outcome, int status, size_t body_len)
{
	if (outcome == PK_HTTP_CANCELLED)
		return PK_FAILURE_NONE;
	if (outcome == PK_HTTP_OK)
		return body_len > 0 || status == 304 ? PK_FAILURE_NONE
						     : PK_FAILURE_EMPTY;
	/* classes that HTTP knows have the names of its outcomes */
	enum pk_failure same =
	    pk_failure_find(pk_span_of(pk_http_outcome_name(outcome)));
	if (same == PK_FAILURE_CLIENT_STATUS || same == PK_FAILURE_SERVER_STATUS)
		return of_status(status, same);
	return same == PK_FAILURE_NONE ? PK_FAILURE_PROTOCOL : same;
}

/* a * b of times that are > 0, stopping at a century. */
static int64_t
times(int64_t a, int64_t b)
{
	const int64_t most = INT64_C(100) * 366 * 86400 * 1000;

	return a > most / b ? most : a * b;
}

int64_t
pk_failure_rest_ms(enum pk_failure failure, unsigned failures, int64_t first_ms,
    int64_t max_ms, uint64_t random)
{
	const struct class *c = class_of(failure);

	if (failure == PK_FAILURE_GONE)
		return PK_FAILURE_GONE_MS - GONE_STRAY_MS +
		       (int64_t)(random % (2 * (uint64_t)GONE_STRAY_MS + 1));
	int64_t longest = times(max_ms, c->longest) / 100;
	/* the configured first rest is a promise too: nothing comes back sooner */
	if (longest < first_ms)
		longest = first_ms;
	return pk_backoff(failures, times(first_ms, c->first), longest, random);
}
