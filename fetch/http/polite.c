/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/polite.h"

#include "base/map.h"

#include <ctype.h>
#include <errno.h>

/* Longer names are no host names (RFC 1035); they share one turn. */
#define HOST_MAX 255

/* In a ring, so that a few are looked at on each visit and the stale ones dropped. */
struct host {
	uint64_t next_ns; /* before it, no turn */
	uint64_t held_ns; /* until then nothing at all */
	struct host *next;
	struct host *prev;
	size_t len;
	char name[];
};

struct pk_polite {
	uint64_t gap_ns;
	struct pk_map *hosts;
	struct host *oldest; /* of the ring */
};

struct pk_polite *
pk_polite_new(uint64_t gap_ns)
{
	pk_cleanup(pk_polite_freep) struct pk_polite *polite =
	    calloc(1, sizeof(*polite));

	if (polite == NULL)
		return NULL;
	polite->gap_ns = gap_ns;
	polite->hosts = pk_map_new();
	return polite->hosts == NULL ? NULL : pk_steal(&polite);
}

static void
ring_remove(struct pk_polite *polite, struct host *host)
{
	host->prev->next = host->next;
	host->next->prev = host->prev;
	if (polite->oldest == host)
		polite->oldest = host->next == host ? NULL : host->next;
}

static void
ring_add(struct pk_polite *polite, struct host *host)
{
	if (polite->oldest == NULL)
		polite->oldest = host->next = host->prev = host;
	host->next = polite->oldest;
	host->prev = polite->oldest->prev;
	host->prev->next = host;
	host->next->prev = host;
}

static void
forget(struct pk_polite *polite, struct host *host)
{
	pk_map_remove(polite->hosts, (struct pk_span){ host->name, host->len });
	ring_remove(polite, host);
	free(host);
}

struct pk_polite *
pk_polite_free(struct pk_polite *polite)
{
	if (polite == NULL)
		return NULL;
	while (polite->oldest != NULL)
		forget(polite, polite->oldest);
	pk_map_free(polite->hosts);
	free(polite);
	return NULL;
}

/* A host whose turn is past says nothing that a new one would not say. Two looks for
 * each host that comes keep the ring near the number of busy ones. */
static void
forget_stale(struct pk_polite *polite, uint64_t now_ns)
{
	for (int i = 0; i < 2 && polite->oldest != NULL; i++) {
		struct host *host = polite->oldest;
		if (host->next_ns <= now_ns && host->held_ns <= now_ns)
			forget(polite, host);
		else
			polite->oldest = host->next;
	}
}

static struct pk_span
lower(struct pk_span host, char buffer[static HOST_MAX])
{
	host = pk_span_slice(host, 0, HOST_MAX);
	for (size_t i = 0; i < host.len; i++)
		buffer[i] = (char)tolower((unsigned char)host.ptr[i]);
	return (struct pk_span){ buffer, host.len };
}

static struct host *
host_for(struct pk_polite *polite, struct pk_span name, uint64_t now_ns)
{
	char buffer[HOST_MAX];
	struct pk_span key = lower(name, buffer);
	struct host *host = pk_map_get(polite->hosts, key);

	if (host != NULL)
		return host;
	forget_stale(polite, now_ns);
	host = calloc(1, sizeof(*host) + key.len);
	if (host == NULL)
		return NULL;
	host->len = key.len;
	memcpy(host->name, key.ptr, key.len);
	if (pk_map_set(polite->hosts, (struct pk_span){ host->name, host->len }, host) <
	    0) {
		free(host);
		return NULL;
	}
	ring_add(polite, host);
	return host;
}

int
pk_polite_reserve(struct pk_polite *polite, struct pk_span host, uint64_t now_ns,
    uint64_t *ret_due_ns)
{
	struct host *h = host_for(polite, host, now_ns);

	if (h == NULL)
		return -ENOMEM;
	uint64_t due = h->next_ns > now_ns ? h->next_ns : now_ns;
	if (due < h->held_ns)
		due = h->held_ns;
	h->next_ns = due + polite->gap_ns;
	*ret_due_ns = due;
	return 0;
}

int
pk_polite_hold(
    struct pk_polite *polite, struct pk_span host, uint64_t now_ns, uint64_t until_ns)
{
	struct host *h = host_for(polite, host, now_ns);

	if (h == NULL)
		return -ENOMEM;
	/* Turns that were given away for the time of the hold are void: they are
	 * reserved again behind it. */
	if (until_ns > h->held_ns) {
		h->held_ns = until_ns;
		h->next_ns = until_ns;
	}
	return 0;
}

uint64_t
pk_polite_held_until(
    const struct pk_polite *polite, struct pk_span host, uint64_t now_ns)
{
	char buffer[HOST_MAX];
	const struct host *h = pk_map_get(polite->hosts, lower(host, buffer));

	return h == NULL || h->held_ns <= now_ns ? 0 : h->held_ns;
}

size_t
pk_polite_hosts(const struct pk_polite *polite)
{
	return pk_map_count(polite->hosts);
}
