/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/robots.h"

#include "base/map.h"
#include "base/url.h"
#include "fetch/http/retry.h"

#include <errno.h>

#define NS_PER_S UINT64_C(1000000000)

#define ORIGINS_DEFAULT 10000
#define BYTES_DEFAULT   ((size_t)16 << 20)

/* Longer names are no host names (RFC 1035). */
#define ORIGIN_MAX 300

#define RETRY_FIRST_S 60
#define RETRY_MAX_S   (INT64_C(6) * 3600)

struct origin {
	struct pk_robots_rules *rules; /* NULL: none, or not known */
	bool known;                    /* there was an answer once */
	uint64_t until_ns;             /* then the file is fetched again */
	uint64_t lost_ns;              /* since when it cannot be had */
	unsigned failures;             /* in a row */
	struct origin *newer;          /* by use */
	struct origin *older;
	size_t len;
	char name[];
};

struct pk_robots {
	struct pk_robots_options options;
	char *product;
	struct pk_map *origins;
	struct origin *newest;
	struct origin *oldest;
	size_t bytes;
};

/* ---- origins ----------------------------------------------------------------- */

static bool
cut_scheme(struct pk_span *url, bool *ret_tls)
{
	*ret_tls = pk_span_starts_with_nocase(*url, PK_SPAN("https://"));
	if (!*ret_tls && !pk_span_starts_with_nocase(*url, PK_SPAN("http://")))
		return false;
	*url = pk_span_slice(*url, *ret_tls ? 8 : 7, url->len);
	return true;
}

static bool
is_number(struct pk_span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	return s.len > 0;
}

/* Cuts ":port" off host, a colon within brackets aside; absent where there is none. */
static struct pk_span
cut_port(struct pk_span *host)
{
	const char *colon = memrchr(host->ptr, ':', host->len);
	const char *bracket = memrchr(host->ptr, ']', host->len);

	if (colon == NULL || (bracket != NULL && bracket > colon))
		return (struct pk_span){ NULL, 0 };
	size_t at = (size_t)(colon - host->ptr);
	struct pk_span port = pk_span_slice(*host, at + 1, host->len);
	host->len = at;
	return port;
}

/* "https://example.org" or "http://example.org:8080"; an absent span for what is no web
 * address. */
static struct pk_span
origin_of(struct pk_span url, char buffer[static ORIGIN_MAX])
{
	size_t end = 0;
	bool tls;

	if (!cut_scheme(&url, &tls))
		return (struct pk_span){ NULL, 0 };
	while (end < url.len && url.ptr[end] != '/' && url.ptr[end] != '?' &&
	       url.ptr[end] != '#')
		end++;
	struct pk_span host = pk_span_slice(url, 0, end);
	const char *at = host.len == 0 ? NULL : memrchr(host.ptr, '@', host.len);
	if (at != NULL)
		host = pk_span_slice(host, (size_t)(at + 1 - host.ptr), host.len);
	if (host.len == 0)
		return (struct pk_span){ NULL, 0 };
	struct pk_span port = cut_port(&host);
	if (!is_number(port) || pk_span_eq(port, tls ? PK_SPAN("443") : PK_SPAN("80")))
		port.len = 0;
	int n = snprintf(buffer, ORIGIN_MAX, "%s://%.*s%s%.*s", tls ? "https" : "http",
	    PK_SPAN_ARG(host), port.len > 0 ? ":" : "", (int)port.len,
	    port.len > 0 ? port.ptr : "");
	if (host.len == 0 || n < 0 || n >= ORIGIN_MAX)
		return (struct pk_span){ NULL, 0 };
	for (int i = 0; i < n; i++)
		buffer[i] = pk_ascii_lower(buffer[i]);
	return (struct pk_span){ buffer, (size_t)n };
}

int
pk_robots_url(struct pk_arena *arena, struct pk_span url, struct pk_span *ret_url)
{
	char buffer[ORIGIN_MAX];
	struct pk_span origin = origin_of(url, buffer);

	if (origin.ptr == NULL)
		return -EBADMSG;
	struct pk_span address =
	    pk_arena_printf(arena, "%.*s/robots.txt", PK_SPAN_ARG(origin));
	if (address.ptr == NULL)
		return -ENOMEM;
	*ret_url = address;
	return 0;
}

static struct origin *
find(const struct pk_robots *robots, struct pk_span url)
{
	char buffer[ORIGIN_MAX];
	struct pk_span name = origin_of(url, buffer);

	return name.ptr == NULL ? NULL : pk_map_get(robots->origins, name);
}

static size_t
bytes_of(const struct origin *origin)
{
	return sizeof(*origin) + origin->len +
	       (origin->rules == NULL ? 0 : pk_robots_rules_bytes(origin->rules));
}

/* ---- by use ------------------------------------------------------------------ */

static void
list_remove(struct pk_robots *robots, struct origin *origin)
{
	*(origin->newer != NULL ? &origin->newer->older : &robots->newest) =
	    origin->older;
	*(origin->older != NULL ? &origin->older->newer : &robots->oldest) =
	    origin->newer;
}

static void
list_add(struct pk_robots *robots, struct origin *origin)
{
	origin->newer = NULL;
	origin->older = robots->newest;
	*(robots->newest != NULL ? &robots->newest->newer : &robots->oldest) = origin;
	robots->newest = origin;
}

static void
touch(struct pk_robots *robots, struct origin *origin)
{
	list_remove(robots, origin);
	list_add(robots, origin);
}

static void
forget(struct pk_robots *robots, struct origin *origin)
{
	pk_map_remove(robots->origins, (struct pk_span){ origin->name, origin->len });
	list_remove(robots, origin);
	robots->bytes -= bytes_of(origin);
	pk_robots_rules_free(origin->rules);
	free(origin);
}

/* The newest stays, however big it is. */
static void
keep_limits(struct pk_robots *robots)
{
	while (robots->oldest != robots->newest &&
	       (robots->bytes > robots->options.max_bytes ||
		   pk_map_count(robots->origins) > robots->options.max_origins))
		forget(robots, robots->oldest);
}

static int
find_or_add(struct pk_robots *robots, struct pk_span url, struct origin **ret_origin)
{
	char buffer[ORIGIN_MAX];
	struct pk_span name = origin_of(url, buffer);

	if (name.ptr == NULL)
		return -EBADMSG;
	struct origin *origin = pk_map_get(robots->origins, name);
	if (origin != NULL) {
		touch(robots, origin);
		*ret_origin = origin;
		return 0;
	}
	origin = calloc(1, sizeof(*origin) + name.len);
	if (origin == NULL)
		return -ENOMEM;
	origin->len = name.len;
	memcpy(origin->name, name.ptr, name.len);
	if (pk_map_set(robots->origins, (struct pk_span){ origin->name, name.len },
		origin) < 0) {
		free(origin);
		return -ENOMEM;
	}
	list_add(robots, origin);
	robots->bytes += bytes_of(origin);
	keep_limits(robots);
	*ret_origin = origin;
	return 0;
}

/* ---- the cache --------------------------------------------------------------- */

struct pk_robots *
pk_robots_new(const struct pk_robots_options *options)
{
	pk_cleanup(pk_robots_freep) struct pk_robots *robots =
	    calloc(1, sizeof(*robots));
	struct pk_span product = pk_robots_product(options->user_agent);

	if (robots == NULL)
		return NULL;
	robots->options = *options;
	if (robots->options.max_origins == 0)
		robots->options.max_origins = ORIGINS_DEFAULT;
	if (robots->options.max_bytes == 0)
		robots->options.max_bytes = BYTES_DEFAULT;
	robots->product = strndup(product.len > 0 ? product.ptr : "", product.len);
	robots->options.user_agent = (struct pk_span){ robots->product, product.len };
	robots->origins = pk_map_new();
	return robots->product == NULL || robots->origins == NULL ? NULL
								  : pk_steal(&robots);
}

struct pk_robots *
pk_robots_free(struct pk_robots *robots)
{
	if (robots == NULL)
		return NULL;
	while (robots->oldest != NULL)
		forget(robots, robots->oldest);
	pk_map_free(robots->origins);
	free(robots->product);
	free(robots);
	return NULL;
}

static enum pk_robots_verdict
judge(const struct origin *origin, struct pk_span url, uint64_t now_ns)
{
	if (origin->rules != NULL)
		return pk_robots_rules_allow(origin->rules, url) ? PK_ROBOTS_ALLOWED
								 : PK_ROBOTS_DISALLOWED;
	if (origin->known ||
	    now_ns - origin->lost_ns >= (uint64_t)PK_ROBOTS_GIVE_UP_S * NS_PER_S)
		return PK_ROBOTS_ALLOWED;
	return PK_ROBOTS_UNREACHABLE;
}

enum pk_robots_verdict
pk_robots_check(struct pk_robots *robots, struct pk_span url, uint64_t now_ns,
    uint64_t *ret_until_ns)
{
	char buffer[ORIGIN_MAX];
	struct pk_span name = origin_of(url, buffer);
	struct origin *origin = NULL;
	uint64_t until_ns = now_ns;
	enum pk_robots_verdict verdict = PK_ROBOTS_ALLOWED;

	if (name.ptr != NULL) {
		origin = pk_map_get(robots->origins, name);
		verdict = PK_ROBOTS_UNKNOWN;
	}
	if (origin != NULL) {
		touch(robots, origin);
		if (now_ns < origin->until_ns) {
			verdict = judge(origin, url, now_ns);
			until_ns = origin->until_ns;
		}
	}
	if (ret_until_ns != NULL)
		*ret_until_ns = until_ns;
	return verdict;
}

/* The lines of a file that was cut off which are whole. */
static struct pk_span
whole_lines(struct pk_span body)
{
	while (body.len > 0 && body.ptr[body.len - 1] != '\n' &&
	       body.ptr[body.len - 1] != '\r')
		body.len--;
	return body;
}

static int
learn(struct pk_robots *robots, struct origin *origin,
    const struct pk_robots_answer *answer, bool has_rules)
{
	struct pk_robots_rules *rules = NULL;
	struct pk_span body = answer->body;

	if (has_rules) {
		if (answer->outcome == PK_HTTP_TOO_BIG)
			body = whole_lines(body);
		rules = pk_robots_rules_new(body, robots->options.user_agent);
		if (rules == NULL)
			return -ENOMEM;
	}
	robots->bytes -= bytes_of(origin);
	pk_robots_rules_free(origin->rules);
	origin->rules = rules;
	robots->bytes += bytes_of(origin);
	origin->known = true;
	origin->failures = 0;
	return 0;
}

static void
lose(struct origin *origin, uint64_t now_ns)
{
	if (origin->failures++ == 0)
		origin->lost_ns = now_ns;
	int64_t wait_s = pk_backoff(origin->failures, RETRY_FIRST_S, RETRY_MAX_S, 0);
	origin->until_ns = now_ns + (uint64_t)wait_s * NS_PER_S;
}

/* Does an answer say that there is no file? Too busy to say (429) is not that; too many
 * redirects are (RFC 9309, section 2.3.1.2). */
static bool
says_none(const struct pk_robots_answer *answer)
{
	return answer->outcome == PK_HTTP_REDIRECTS ||
	       (answer->outcome == PK_HTTP_CLIENT_STATUS && answer->status != 429);
}

int
pk_robots_put(struct pk_robots *robots, struct pk_span url,
    const struct pk_robots_answer *answer, uint64_t now_ns)
{
	struct origin *origin;
	bool has_rules =
	    answer->status / 100 == 2 &&
	    (answer->outcome == PK_HTTP_OK || answer->outcome == PK_HTTP_TOO_BIG);
	int r = find_or_add(robots, url, &origin);

	if (r < 0)
		return r;
	if (has_rules || says_none(answer)) {
		r = learn(robots, origin, answer, has_rules);
		if (r == 0)
			origin->until_ns =
			    now_ns + (uint64_t)PK_ROBOTS_FRESH_S * NS_PER_S;
		keep_limits(robots);
	} else
		lose(origin, now_ns);
	return r;
}

int64_t
pk_robots_delay_ms(const struct pk_robots *robots, struct pk_span url)
{
	const struct origin *origin = find(robots, url);

	return origin == NULL || origin->rules == NULL
		   ? -1
		   : pk_robots_rules_delay_ms(origin->rules);
}

size_t
pk_robots_origins(const struct pk_robots *robots)
{
	return pk_map_count(robots->origins);
}

size_t
pk_robots_bytes(const struct pk_robots *robots)
{
	return robots->bytes;
}
