/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/retry.h"

#include "base/date_formats.h"

#include <errno.h>

static int64_t
clamp(int64_t value, int64_t low, int64_t high)
{
	return value < low ? low : value > high ? high : value;
}

/* Stops growing at the ceiling, so "99999999999999999999" cannot overflow. */
static int
parse_seconds(struct pk_span s, int64_t *ret_seconds)
{
	int64_t n = 0;

	if (s.len == 0)
		return -EBADMSG;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return -EBADMSG;
		n = clamp(n * 10 + (s.ptr[i] - '0'), 0, INT32_MAX);
	}
	*ret_seconds = n;
	return 0;
}

/* An HTTP date begins with the day's name; what else pk_date_parse() reads (a year, a
 * bare number in other digits) is not one. */
static int
parse_http_date(struct pk_span s, int64_t *ret_time_s)
{
	struct pk_moment moment;

	if (s.len == 0 || (s.ptr[0] | 0x20) < 'a' || (s.ptr[0] | 0x20) > 'z')
		return -EBADMSG;
	if (pk_date_parse(s, 0, &moment) < 0 || !moment.has_time)
		return -EBADMSG;
	*ret_time_s = moment.time_s;
	return 0;
}

int
pk_retry_after_parse(struct pk_span value, int64_t now_s, int64_t *ret_wait_s)
{
	struct pk_span s = pk_span_trim(value);
	int64_t wait, until;

	if (parse_seconds(s, &wait) < 0) {
		if (parse_http_date(s, &until) < 0)
			return -EBADMSG;
		wait = until - now_s;
	}
	*ret_wait_s = clamp(wait, 0, PK_RETRY_AFTER_MAX_S);
	return 0;
}

int64_t
pk_backoff(unsigned failures, int64_t first, int64_t max, uint64_t random)
{
	int64_t wait = first;

	for (unsigned i = 1; i < failures && wait < max; i++)
		wait = wait > max / 2 ? max : wait * 2;
	wait = clamp(wait, 0, max);
	return wait - (int64_t)(random % ((uint64_t)wait / 2 + 1));
}

/* "max-age=60" within the field; a quoted number is a common slip (RFC 9111, 5.2). Of
 * several, the first holds (4.2.1). What is said to caches that many share (s-maxage)
 * is not said to us. */
static int64_t
read_cache_control(struct pk_span cache_control)
{
	int64_t max_age = -1;

	while (cache_control.ptr != NULL) {
		struct pk_span part = pk_span_trim(pk_span_split(&cache_control, ','));
		if (pk_span_eq_nocase(part, PK_SPAN("no-cache")) ||
		    pk_span_eq_nocase(part, PK_SPAN("no-store")))
			return 0;
		if (!pk_span_starts_with_nocase(part, PK_SPAN("max-age=")))
			continue;
		part = pk_span_slice(part, strlen("max-age="), part.len);
		if (part.len >= 2 && part.ptr[0] == '"')
			part = pk_span_slice(part, 1, part.len - 1);
		if (max_age < 0)
			parse_seconds(pk_span_trim(part), &max_age);
	}
	return max_age;
}

int64_t
pk_freshness_s(struct pk_span cache_control, struct pk_span expires,
    struct pk_span date, struct pk_span age)
{
	int64_t max_age = read_cache_control(cache_control);
	int64_t until, from, old = 0;

	parse_seconds(pk_span_trim(age), &old);
	if (max_age >= 0)
		return clamp(max_age - old, 0, INT32_MAX);
	if (expires.ptr == NULL)
		return -1;
	/* "Expires: 0" and other non-dates mean the past (RFC 9111, section 5.3). */
	if (parse_http_date(pk_span_trim(expires), &until) < 0)
		return 0;
	if (parse_http_date(pk_span_trim(date), &from) < 0)
		return -1;
	return clamp(until - from - old, 0, INT32_MAX);
}
