/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/http/polite.h"

#include "base/domain.h"
#include "base/map.h"

#include <errno.h>

/* Longer names are no host names (RFC 1035); they share one turn. */
#define HOST_MAX 255

#define BURST_DEFAULT 4

/* Hosts with a gap of their own that are remembered between their turns, and for how
 * long after it was said. */
#define GAPS_MAX 4096
#define GAP_NS   (UINT64_C(86400) * 1000000000)

/* Turns of one domain to come; more than these queue up behind the last. */
#define TURNS_MAX 4096

struct host;

struct turn {
	uint64_t at_ns;
	uint64_t latest_ns; /* how far the bucket may be owed before it, see
			       find_turn() */
	const struct host *host;
};

/* Hosts and domains lie in a ring each, so that a few are looked at on each visit and
 * the stale ones dropped. */
struct link {
	struct link *next;
	struct link *prev;
};

/*
 * A bucket of tokens, told by one time (the theoretical arrival time of GCRA, ITU-T
 * I.371): a turn at t is fine when t >= owed - (burst - 1) gaps, and afterwards
 * owed = max(owed, t) + gap. Turns are reserved in any order, so those to come stand in
 * a list, and owed_ns is after those that are past.
 */
struct domain {
	struct link ring; /* first */
	uint64_t held_ns; /* until then nothing at all */
	uint64_t owed_ns;
	struct turn *turns; /* by time */
	size_t n_turns;
	size_t cap;
	struct host *hosts;
	size_t len;
	char name[];
};

struct host {
	struct link ring; /* first */
	struct domain *domain;
	struct host *next; /* of the domain's */
	struct host *prev;
	uint64_t next_ns; /* before it, no turn */
	uint64_t held_ns; /* until then nothing at all */
	uint64_t gap_ns;  /* its own; 0: none */
	uint64_t gap_until_ns;
	size_t len;
	char name[];
};

struct pk_polite {
	struct pk_polite_options options;
	uint64_t random;
	struct pk_map *hosts;
	struct pk_map *domains;
	struct link *oldest_host; /* of the ring */
	struct link *oldest_domain;
	size_t n_gaps;
};

static uint64_t
max(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint64_t
min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t
less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

/* ---- hosts and domains come and go ------------------------------------------- */

void
pk_polite_change(struct pk_polite *polite, const struct pk_polite_options *options)
{
	polite->options = *options;
	if (polite->options.burst == 0)
		polite->options.burst = BURST_DEFAULT;
}

struct pk_polite *
pk_polite_new(const struct pk_polite_options *options)
{
	pk_cleanup(pk_polite_freep) struct pk_polite *polite =
	    calloc(1, sizeof(*polite));

	if (polite == NULL)
		return NULL;
	pk_polite_change(polite, options);
	polite->random = options->seed;
	polite->hosts = pk_map_new();
	polite->domains = pk_map_new();
	return polite->hosts == NULL || polite->domains == NULL ? NULL
								: pk_steal(&polite);
}

static void
ring_remove(struct link **oldest, struct link *link)
{
	link->prev->next = link->next;
	link->next->prev = link->prev;
	if (*oldest == link)
		*oldest = link->next == link ? NULL : link->next;
}

static void
ring_add(struct link **oldest, struct link *link)
{
	if (*oldest == NULL)
		*oldest = link->next = link->prev = link;
	link->next = *oldest;
	link->prev = (*oldest)->prev;
	link->prev->next = link;
	link->next->prev = link;
}

static void
forget_host(struct pk_polite *polite, struct host *host)
{
	*(host->prev != NULL ? &host->prev->next : &host->domain->hosts) = host->next;
	if (host->next != NULL)
		host->next->prev = host->prev;
	polite->n_gaps -= host->gap_ns > 0;
	pk_map_remove(polite->hosts, (struct pk_span){ host->name, host->len });
	ring_remove(&polite->oldest_host, &host->ring);
	free(host);
}

static void
forget_domain(struct pk_polite *polite, struct domain *domain)
{
	pk_map_remove(polite->domains, (struct pk_span){ domain->name, domain->len });
	ring_remove(&polite->oldest_domain, &domain->ring);
	free(domain->turns);
	free(domain);
}

struct pk_polite *
pk_polite_free(struct pk_polite *polite)
{
	if (polite == NULL)
		return NULL;
	while (polite->oldest_host != NULL)
		forget_host(polite, (struct host *)polite->oldest_host);
	while (polite->oldest_domain != NULL)
		forget_domain(polite, (struct domain *)polite->oldest_domain);
	pk_map_free(polite->hosts);
	pk_map_free(polite->domains);
	free(polite);
	return NULL;
}

/* Takes the turns that are past off the list. */
static void
settle(const struct pk_polite *polite, struct domain *domain, uint64_t now_ns)
{
	size_t n = 0;

	for (; n < domain->n_turns && domain->turns[n].at_ns <= now_ns; n++)
		domain->owed_ns = max(domain->owed_ns, domain->turns[n].at_ns) +
				  polite->options.gap_ns;
	domain->n_turns -= n;
	if (n > 0)
		memmove(domain->turns, domain->turns + n,
		    domain->n_turns * sizeof(*domain->turns));
}

static bool
is_stale_host(const struct pk_polite *polite, const struct host *host, uint64_t now_ns)
{
	bool has_gap = host->gap_ns > 0 && host->gap_until_ns > now_ns &&
		       polite->n_gaps <= GAPS_MAX;

	return host->next_ns <= now_ns && host->held_ns <= now_ns && !has_gap;
}

static bool
is_stale_domain(const struct pk_polite *polite, struct domain *domain, uint64_t now_ns)
{
	settle(polite, domain, now_ns);
	return domain->hosts == NULL && domain->held_ns <= now_ns &&
	       domain->n_turns == 0 && domain->owed_ns <= now_ns;
}

/* A host whose turn is past says nothing that a new one would not say. Two looks for
 * each host that comes keep the ring near the number of busy ones. */
static void
forget_stale(struct pk_polite *polite, uint64_t now_ns)
{
	for (int i = 0; i < 2 && polite->oldest_host != NULL; i++) {
		struct host *host = (struct host *)polite->oldest_host;
		if (is_stale_host(polite, host, now_ns))
			forget_host(polite, host);
		else
			polite->oldest_host = host->ring.next;
	}
	for (int i = 0; i < 2 && polite->oldest_domain != NULL; i++) {
		struct domain *domain = (struct domain *)polite->oldest_domain;
		if (is_stale_domain(polite, domain, now_ns))
			forget_domain(polite, domain);
		else
			polite->oldest_domain = domain->ring.next;
	}
}

static struct pk_span
lower(struct pk_span host, char buffer[static HOST_MAX])
{
	host = pk_span_slice(host, 0, HOST_MAX);
	for (size_t i = 0; i < host.len; i++)
		buffer[i] = pk_ascii_lower(host.ptr[i]);
	return (struct pk_span){ buffer, host.len };
}

static struct domain *
domain_for(struct pk_polite *polite, struct pk_span host, uint64_t now_ns)
{
	struct pk_span key = pk_domain_registrable(host);
	struct domain *domain = pk_map_get(polite->domains, key);

	if (domain != NULL)
		return domain;
	forget_stale(polite, now_ns);
	domain = calloc(1, sizeof(*domain) + key.len);
	if (domain == NULL)
		return NULL;
	domain->len = key.len;
	memcpy(domain->name, key.ptr, key.len);
	if (pk_map_set(polite->domains, (struct pk_span){ domain->name, domain->len },
		domain) < 0) {
		free(domain);
		return NULL;
	}
	ring_add(&polite->oldest_domain, &domain->ring);
	return domain;
}

static struct host *
add_host(struct pk_polite *polite, struct pk_span key, struct domain *domain)
{
	struct host *host = calloc(1, sizeof(*host) + key.len);

	if (host == NULL)
		return NULL;
	host->len = key.len;
	memcpy(host->name, key.ptr, key.len);
	if (pk_map_set(polite->hosts, (struct pk_span){ host->name, host->len }, host) <
	    0) {
		free(host);
		return NULL;
	}
	ring_add(&polite->oldest_host, &host->ring);
	host->domain = domain;
	host->next = domain->hosts;
	if (host->next != NULL)
		host->next->prev = host;
	domain->hosts = host;
	return host;
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
	struct domain *domain = domain_for(polite, key, now_ns);
	return domain == NULL ? NULL : add_host(polite, key, domain);
}

/* ---- turns ------------------------------------------------------------------- */

/*
 * The place in the list of the earliest turn from *due_ns on that leaves the bucket its
 * tokens for all those behind it.
 */
static size_t
find_turn(const struct pk_polite *polite, struct domain *domain, uint64_t *due_ns)
{
	const uint64_t gap = polite->options.gap_ns;
	const uint64_t ahead = gap * (polite->options.burst - 1);
	uint64_t latest = UINT64_MAX, owed = domain->owed_ns, due = *due_ns;
	size_t i;

	for (i = domain->n_turns; i-- > 0;) {
		struct turn *turn = &domain->turns[i];
		latest = min(turn->at_ns + ahead, less(latest, gap));
		turn->latest_ns = latest;
	}
	for (i = 0; i < domain->n_turns; i++) {
		const struct turn *turn = &domain->turns[i];
		uint64_t at = max(due, less(owed, ahead));
		if (at < turn->at_ns && max(owed, at) + gap <= turn->latest_ns)
			break;
		due = max(due, turn->at_ns);
		owed = max(owed, turn->at_ns) + gap;
	}
	*due_ns = max(due, less(owed, ahead));
	return i;
}

static bool
has_room(struct domain *domain)
{
	if (domain->n_turns < domain->cap)
		return true;
	size_t cap = domain->cap == 0 ? 8 : domain->cap * 2;
	struct turn *turns = realloc(domain->turns, cap * sizeof(*turns));
	if (turns == NULL)
		return false;
	domain->turns = turns;
	domain->cap = cap;
	return true;
}

/* Takes a turn of the domain's, at or after *due_ns. */
static int
take_turn(const struct pk_polite *polite, const struct host *host, uint64_t now_ns,
    uint64_t *due_ns)
{
	struct domain *domain = host->domain;

	settle(polite, domain, now_ns);
	if (domain->n_turns >= TURNS_MAX) {
		struct turn *last = &domain->turns[domain->n_turns - 1];
		*due_ns = max(*due_ns, last->at_ns + polite->options.gap_ns);
		*last = (struct turn){ .at_ns = *due_ns, .host = host };
		return 0;
	}
	if (!has_room(domain))
		return -ENOMEM;
	size_t i = find_turn(polite, domain, due_ns);
	memmove(domain->turns + i + 1, domain->turns + i,
	    (domain->n_turns - i) * sizeof(*domain->turns));
	domain->turns[i] = (struct turn){ .at_ns = *due_ns, .host = host };
	domain->n_turns++;
	return 0;
}

/* SplitMix64 (Steele, Lea, Flood). */
static uint64_t
next_random(struct pk_polite *polite)
{
	uint64_t z = polite->random += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

static uint64_t
gap_of(const struct pk_polite *polite, const struct host *host)
{
	return max(polite->options.gap_ns, host->gap_ns);
}

int
pk_polite_reserve(struct pk_polite *polite, struct pk_span host, uint64_t now_ns,
    uint64_t *ret_due_ns)
{
	struct host *h = host_for(polite, host, now_ns);

	if (h == NULL)
		return -ENOMEM;
	uint64_t due =
	    max(max(now_ns, h->next_ns), max(h->held_ns, h->domain->held_ns));
	if (polite->options.gap_ns > 0) {
		int r = take_turn(polite, h, now_ns, &due);
		if (r < 0)
			return r;
	}
	uint64_t gap = gap_of(polite, h);
	uint64_t jitter = gap / 100 * polite->options.jitter_percent;
	h->next_ns = due + gap + (jitter > 0 ? next_random(polite) % jitter : 0);
	*ret_due_ns = due;
	return 0;
}

int
pk_polite_set_gap(
    struct pk_polite *polite, struct pk_span host, uint64_t now_ns, uint64_t gap_ns)
{
	struct host *h = host_for(polite, host, now_ns);

	if (h == NULL)
		return -ENOMEM;
	uint64_t before = gap_of(polite, h);
	polite->n_gaps -= h->gap_ns > 0;
	polite->n_gaps += gap_ns > 0;
	h->gap_ns = gap_ns;
	h->gap_until_ns = now_ns + GAP_NS;
	/* the turn after one that was had already keeps the new distance */
	if (h->next_ns > 0)
		h->next_ns += less(gap_of(polite, h), before);
	return 0;
}

/* ---- holds ------------------------------------------------------------------- */

/* Takes back the turns of a host (NULL: of all) that a hold makes void. Who has one
 * learns that when it is due, and reserves again behind the hold. */
static void
void_turns(struct domain *domain, const struct host *host, uint64_t until_ns)
{
	size_t n = 0;

	for (size_t i = 0; i < domain->n_turns; i++) {
		const struct turn *turn = &domain->turns[i];
		if ((host == NULL || turn->host == host) && turn->at_ns < until_ns)
			continue;
		domain->turns[n++] = *turn;
	}
	domain->n_turns = n;
}

int
pk_polite_hold(
    struct pk_polite *polite, struct pk_span host, uint64_t now_ns, uint64_t until_ns)
{
	struct host *h = host_for(polite, host, now_ns);

	if (h == NULL)
		return -ENOMEM;
	settle(polite, h->domain, now_ns);
	void_turns(h->domain, h, until_ns);
	h->held_ns = max(h->held_ns, until_ns);
	h->next_ns = max(h->next_ns, until_ns);
	return 0;
}

int
pk_polite_hold_domain(
    struct pk_polite *polite, struct pk_span host, uint64_t now_ns, uint64_t until_ns)
{
	char buffer[HOST_MAX];
	struct domain *domain = domain_for(polite, lower(host, buffer), now_ns);

	if (domain == NULL)
		return -ENOMEM;
	settle(polite, domain, now_ns);
	void_turns(domain, NULL, until_ns);
	domain->held_ns = max(domain->held_ns, until_ns);
	for (struct host *h = domain->hosts; h != NULL; h = h->next)
		h->next_ns = max(h->next_ns, until_ns);
	return 0;
}

uint64_t
pk_polite_held_until(
    const struct pk_polite *polite, struct pk_span host, uint64_t now_ns)
{
	char buffer[HOST_MAX];
	struct pk_span key = lower(host, buffer);
	const struct host *h = pk_map_get(polite->hosts, key);
	const struct domain *domain =
	    h != NULL ? h->domain
		      : pk_map_get(polite->domains, pk_domain_registrable(key));
	uint64_t until_ns =
	    max(h == NULL ? 0 : h->held_ns, domain == NULL ? 0 : domain->held_ns);

	return until_ns <= now_ns ? 0 : until_ns;
}

bool
pk_polite_next_held(const struct pk_polite *polite, uint64_t now_ns,
    struct pk_polite_cursor *cursor, struct pk_polite_held *ret_held)
{
	const struct host *host;
	const struct domain *domain;

	while ((host = pk_map_next(polite->hosts, &cursor->host)) != NULL) {
		if (host->held_ns <= now_ns)
			continue;
		*ret_held = (struct pk_polite_held){ { host->name, host->len }, false,
			host->held_ns };
		return true;
	}
	while ((domain = pk_map_next(polite->domains, &cursor->domain)) != NULL) {
		if (domain->held_ns <= now_ns)
			continue;
		*ret_held = (struct pk_polite_held){ { domain->name, domain->len },
			true, domain->held_ns };
		return true;
	}
	return false;
}

size_t
pk_polite_hosts(const struct pk_polite *polite)
{
	return pk_map_count(polite->hosts);
}
