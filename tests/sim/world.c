/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/world.h"

#include <string.h>
#include <time.h>

/* The history before the month that first documents show. */
#define PAST_DAYS 30

static void *
need(void *memory)
{
	if (memory == NULL) {
		fputs("sim: no memory\n", stderr);
		exit(2);
	}
	return memory;
}

const char *
sim_kind_name(enum sim_kind kind)
{
	static const char *const names[] = {
#define NAME(NAME, name, percent) name,
		SIM_KINDS(NAME)
#undef NAME
	};

	return names[kind];
}

uint64_t
sim_random(uint64_t *state)
{
	uint64_t x = *state += 0x9E3779B97F4A7C15u;

	x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
	x = (x ^ x >> 27) * 0x94D049BB133111EBu;
	return x ^ x >> 31;
}

double
sim_chance(uint64_t *state)
{
	return (double)(sim_random(state) >> 11) / 9007199254740992.0;
}

static int64_t
between(uint64_t *state, int64_t low, int64_t high)
{
	return low + (int64_t)(sim_random(state) % (uint64_t)(high - low + 1));
}

/* Knuth's, for small means; the series of e^-mean is good up to a few. */
static unsigned
poisson(uint64_t *state, double mean)
{
	unsigned n = 0;
	double left = 1;

	if (mean > 4)
		return poisson(state, mean / 2) + poisson(state, mean / 2);
	if (mean < 0.01)
		return sim_chance(state) < mean;
	/* e^-mean */
	double limit = 1, term = 1;
	for (int i = 1; i < 60; i++) {
		term *= -mean / i;
		limit += term;
	}
	for (;;) {
		left *= sim_chance(state);
		if (left <= limit || n > 500)
			return n;
		n++;
	}
}

/* ---- what is published ---- */

struct diary {
	int64_t *times;
	size_t len;
	size_t cap;
};

static void
publish(struct diary *diary, int64_t at_ms)
{
	if (diary->len == diary->cap) {
		diary->cap = diary->cap * 2 + 1024;
		diary->times =
		    need(reallocarray(diary->times, diary->cap, sizeof(*diary->times)));
	}
	diary->times[diary->len++] = at_ms;
}

/* Of a newsroom, by its own time; the mean is about 1. */
static const double day_shape[24] = { 0.35, 0.2, 0.15, 0.1, 0.1, 0.2, 0.5, 0.9, 1.3,
	1.6, 1.8, 1.8, 1.7, 1.6, 1.6, 1.6, 1.6, 1.5, 1.4, 1.3, 1.2, 1.0, 0.8, 0.55 };

struct habits {
	double per_day;
	int64_t offset_ms; /* of its clock */
	double night;      /* 0: day and night alike .. 1: as day_shape says */
	double weekend;    /* times that on the two last days of its week */
	int weekend_from;  /* day of the week, 0: Monday */
	double rushes;     /* a day */
};

static bool
is_weekend(const struct habits *habits, int64_t day)
{
	int64_t weekday = (day % 7 + 7 - habits->weekend_from) % 7;

	return weekday < 2;
}

static void
write_news(struct diary *diary, const struct habits *habits, uint64_t *random)
{
	for (int64_t hour = -PAST_DAYS * 24; hour < (SIM_DAYS + 1) * 24; hour++) {
		int64_t local = hour + habits->offset_ms / SIM_HOUR + 24 * 70;
		double shape = 1 - habits->night +
			       habits->night * day_shape[(unsigned)(local % 24)];
		double mean =
		    habits->per_day / 24 * shape *
		    (is_weekend(habits, local / 24 - 70) ? habits->weekend : 1);
		for (unsigned n = poisson(random, mean); n > 0; n--)
			publish(
			    diary, hour * SIM_HOUR + between(random, 0, SIM_HOUR - 1));
		if (sim_chance(random) >= habits->rushes / 24)
			continue;
		for (int64_t n = between(random, 5, 20); n > 0; n--)
			publish(diary,
			    hour * SIM_HOUR + between(random, 0, 30 * SIM_MINUTE));
	}
}

static void
write_bulletins(struct diary *diary, uint64_t *random)
{
	int64_t minute = between(random, 0, 59);

	for (int64_t hour = -PAST_DAYS * 24; hour < (SIM_DAYS + 1) * 24; hour++) {
		int64_t at_ms = hour * SIM_HOUR + minute * SIM_MINUTE +
				between(random, 0, 90 * SIM_SECOND);
		for (int64_t n = between(random, 1, 3); n > 0; n--)
			publish(diary, at_ms);
	}
}

static void
write_regularly(struct diary *diary, int64_t period_ms, uint64_t *random)
{
	int64_t phase_ms = between(random, 0, period_ms - 1);

	for (int64_t at_ms = -PAST_DAYS * SIM_DAY + phase_ms; at_ms < SIM_END + SIM_DAY;
	     at_ms += period_ms) {
		int64_t stray = between(random, -25, 25) * SIM_MINUTE;
		if (sim_chance(random) < 0.95)
			publish(diary, at_ms + stray);
	}
}

static void
write_erratically(struct diary *diary, uint64_t *random)
{
	int64_t at_ms = -PAST_DAYS * SIM_DAY;

	while (at_ms < SIM_END) {
		at_ms += between(random, 3 * SIM_DAY, 15 * SIM_DAY);
		int64_t until_ms = at_ms + between(random, 12, 48) * SIM_HOUR;
		while (at_ms < until_ms) {
			at_ms += between(random, 1, 70 * SIM_MINUTE);
			publish(diary, at_ms);
		}
	}
}

static void
write_long_ago(struct diary *diary, uint64_t *random)
{
	int64_t at_ms = -between(random, 300, 1500) * SIM_DAY;

	for (int i = 0; i < 12; i++)
		publish(diary, at_ms -= between(random, 1, 20) * SIM_DAY);
}

/* rank^-power, without libm: the powers that are needed. */
static double
falling(size_t rank, double power)
{
	double x = (double)rank + 1, log = 0, y;

	for (y = x; y >= 2; y /= 2)
		log += 0.69314718;
	y = (y - 1) / (y + 1);
	log += 2 * (y + y * y * y / 3 + y * y * y * y * y / 5);
	double exponent = -power * log, sum = 1, term = 1;
	for (int i = 1; i < 40; i++) {
		term *= exponent / i;
		sum += term;
	}
	return sum;
}

static void
write_feed(struct diary *diary, enum sim_kind kind, size_t rank, uint64_t *random)
{
	static const int64_t offsets[] = { 3, 3, 3, 4, 0, 1, -5, 8 };
	struct habits habits = {
		.offset_ms = offsets[sim_random(random) % 8] * SIM_HOUR,
		.weekend_from = sim_random(random) % 2 == 0 ? 3 : 5,
		.weekend = 0.5,
		.night = 1,
	};

	switch (kind) {
	case SIM_WIRE:
		habits.per_day = 400 * falling(rank, 0.35);
		habits.night = 0.7;
		habits.rushes = 1;
		write_news(diary, &habits, random);
		break;
	case SIM_PAPER:
		habits.per_day = 60 * falling(rank, 0.3);
		habits.weekend = 0.3;
		habits.rushes = 0.1;
		write_news(diary, &habits, random);
		break;
	case SIM_BLOG:
		habits.per_day = 1.5 * falling(rank, 0.4);
		habits.weekend = 1;
		write_news(diary, &habits, random);
		break;
	case SIM_BULLETIN:
		write_bulletins(diary, random);
		break;
	case SIM_DAILY:
		write_regularly(diary, SIM_DAY, random);
		break;
	case SIM_WEEKLY:
		write_regularly(diary, 7 * SIM_DAY, random);
		break;
	case SIM_ERRATIC:
		write_erratically(diary, random);
		break;
	case SIM_ASLEEP:
		write_long_ago(diary, random);
		break;
	case SIM_N_KINDS:
		break;
	}
}

static int
in_order(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void
keep_diary(struct sim_feed *feed, struct diary *diary)
{
	qsort(diary->times, diary->len, sizeof(*diary->times), in_order);
	feed->n_published = diary->len;
	feed->published_s = need(calloc(diary->len + 1, sizeof(*feed->published_s)));
	for (size_t i = 0; i < diary->len; i++)
		feed->published_s[i] = (int32_t)(diary->times[i] / SIM_SECOND);
	diary->len = 0;
}

size_t
sim_published_by(const struct sim_feed *feed, int64_t at_ms, size_t from)
{
	while (from < feed->n_published &&
	       (int64_t)feed->published_s[from] * SIM_SECOND <= at_ms)
		from++;
	return from;
}

/* ---- servers ---- */

enum { OUT_DNS, OUT_CONNECT, OUT_TIMEOUT, OUT_TLS, OUT_500, OUT_503, OUT_PAGE, OUT_N };

static void
make_host(struct sim_world *world, size_t i)
{
	struct sim_host *host = &world->hosts[i];
	uint64_t *random = &world->random;

	/* as many domains as 4 in 5 hosts; the others are neighbours of the platforms,
	 * but of the three that fail as a whole */
	host->domain =
	    (unsigned)(i < world->n_domains ? i : 3 + i % (world->n_platforms - 3));
	snprintf(host->name, sizeof(host->name), "h%zu.d%u.example", i, host->domain);
	host->took_ms = between(random, 80, 900);
	if (sim_chance(random) < 0.03)
		host->took_ms = between(random, 5000, 25000);
	if (sim_chance(random) < 0.25)
		host->n_outages = (unsigned)between(random, 1, SIM_OUTAGES_MAX);
	for (unsigned k = 0; k < host->n_outages; k++) {
		host->outages[k].from_ms = between(random, SIM_DAY, SIM_END);
		host->outages[k].until_ms =
		    host->outages[k].from_ms + between(random, 10, 720) * SIM_MINUTE;
		host->outages[k].kind = (int)(sim_random(random) % OUT_N);
	}
	if (i < 3) { /* all feeds of a platform fail together, for long */
		host->n_outages = 1;
		host->outages[0] = (struct sim_outage){ 5 * SIM_DAY, 6 * SIM_DAY,
			i == 0   ? OUT_DNS
			: i == 1 ? OUT_CONNECT
				 : OUT_500 };
	}
	host->says_date = sim_random(random) % 2 == 0;
	/* small hosts mind a few, large ones would mind a storm */
	if (i >= 3 && sim_chance(random) < (i < world->n_platforms ? 0.3 : 0.05))
		host->limit =
		    (unsigned)(i < world->n_platforms ? between(random, 4, 10)
						      : between(random, 1, 3));
}

static void
make_hints(struct sim_feed *feed, uint64_t *random)
{
	const int64_t ttls[] = { 1, 10, 15, 30, 60, 60, 240, 1000000 };
	double what = sim_chance(random);

	feed->hints = PK_RHYTHM_NO_HINTS;
	if (what < 0.30)
		feed->hints.period_s = 3600; /* as the software has it */
	else if (what < 0.40)
		feed->hints.ttl_s = ttls[sim_random(random) % 7] * 60;
	else if (what < 0.45)
		feed->hints.fresh_ms = between(random, 1, 15) * SIM_MINUTE;
	else if (what < 0.455)
		feed->hints.skip_hours = SIM_SKIPPED;
	else if (what < 0.46)
		feed->hints.skip_hours = 0xFFFFFF;
	else if (what < 0.462)
		feed->hints.fresh_ms = 400 * SIM_DAY;
}

static struct sim_host *
some_host(struct sim_world *world)
{
	double where = sim_chance(&world->random);
	size_t i = where < 0.1 ? sim_random(&world->random) % world->n_platforms
			       : sim_random(&world->random) % world->n_hosts;

	return &world->hosts[i % world->n_hosts];
}

void
sim_world_init(struct sim_world *world, size_t n_feeds, uint64_t seed)
{
	static const unsigned percents[] = {
#define PERCENT(NAME, name, percent) percent,
		SIM_KINDS(PERCENT)
#undef PERCENT
	};
	struct diary diary = { 0 };
	size_t i = 0;

	*world = (struct sim_world){ .random = seed,
		.n_feeds = n_feeds,
		.n_hosts = n_feeds * 3 / 10 + 20,
		.n_domains = n_feeds * 24 / 100 + 20,
		.n_platforms = n_feeds / 250 < 4 ? 4 : n_feeds / 250 };
	world->feeds = need(calloc(n_feeds, sizeof(*world->feeds)));
	world->hosts = need(calloc(world->n_hosts, sizeof(*world->hosts)));
	for (size_t k = 0; k < world->n_hosts; k++)
		make_host(world, k);
	for (unsigned kind = 0; kind < SIM_N_KINDS; kind++) {
		size_t n = n_feeds * percents[kind] / 100;
		for (size_t rank = 0; rank < n && i < n_feeds; rank++, i++) {
			struct sim_feed *feed = &world->feeds[i];
			feed->kind = kind;
			feed->host = some_host(world);
			feed->host->n_feeds++;
			feed->window = (size_t)between(&world->random, 10, 50);
			feed->gone_ms = INT64_MAX;
			if (sim_chance(&world->random) < 0.02)
				feed->gone_ms =
				    between(&world->random, SIM_DAY, SIM_END / 2);
			else if (sim_chance(&world->random) < 0.01) {
				feed->moves_to = some_host(world);
				feed->moves_ms =
				    between(&world->random, SIM_DAY, SIM_END);
			}
			make_hints(feed, &world->random);
			/* what has its rank is the first of its kind in the whole
			 * list, so that a small world has the same busiest feeds */
			write_feed(&diary, kind, rank, &world->random);
			keep_diary(feed, &diary);
		}
	}
	world->n_feeds = i;
	free(diary.times);
}

void
sim_world_done(struct sim_world *world)
{
	for (size_t i = 0; i < world->n_feeds; i++)
		free(world->feeds[i].published_s);
	free(world->feeds);
	free(world->hosts);
}

bool
sim_is_long_out(const struct sim_host *host, int64_t at_ms)
{
	for (unsigned i = 0; i < host->n_outages; i++) {
		if (at_ms >= host->outages[i].from_ms + 2 * SIM_HOUR &&
		    at_ms < host->outages[i].until_ms)
			return true;
	}
	return false;
}

static void
ask_to_wait(const struct sim_host *host, int64_t at_ms, int64_t wait_ms,
    struct sim_answer *answer)
{
	time_t until = (time_t)((SIM_WALL_MS + at_ms + wait_ms) / 1000);
	struct tm tm;

	answer->has_wait = true;
	answer->wait_ms = wait_ms;
	if (host->says_date)
		strftime(answer->retry_after, sizeof(answer->retry_after),
		    "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&until, &tm));
	else
		snprintf(answer->retry_after, sizeof(answer->retry_after), "%lld",
		    (long long)(wait_ms / 1000));
}

static void
fail(struct sim_answer *answer, enum pk_http_outcome outcome, int status,
    int64_t took_ms)
{
	answer->outcome = outcome;
	answer->status = status;
	answer->took_ms = took_ms;
}

static bool
is_out(struct sim_world *world, const struct sim_host *host, int64_t at_ms,
    struct sim_answer *answer)
{
	const struct sim_outage *outage = NULL;

	for (unsigned i = 0; i < host->n_outages; i++) {
		if (at_ms >= host->outages[i].from_ms &&
		    at_ms < host->outages[i].until_ms)
			outage = &host->outages[i];
	}
	if (outage == NULL)
		return false;
	switch (outage->kind) {
	case OUT_DNS:
		fail(answer, PK_HTTP_DNS, 0, 200);
		break;
	case OUT_CONNECT:
		fail(answer, PK_HTTP_CONNECT, 0, 3000);
		break;
	case OUT_TIMEOUT:
		fail(answer, PK_HTTP_TIMEOUT, 0, 30000);
		break;
	case OUT_TLS:
		fail(answer, PK_HTTP_TLS, 0, 300);
		break;
	case OUT_500:
		fail(answer, PK_HTTP_SERVER_STATUS, 500, host->took_ms);
		break;
	case OUT_503:
		fail(answer, PK_HTTP_SERVER_STATUS, 503, host->took_ms);
		if (sim_random(&world->random) % 2 == 0)
			ask_to_wait(host, at_ms,
			    between(&world->random, 1, 60) * SIM_MINUTE, answer);
		break;
	default:
		answer->page = true;
		break;
	}
	return true;
}

/* Counts in blocks of ten minutes; who asks too often is told to stay away. */
static bool
is_limited(struct sim_world *world, struct sim_host *host, int64_t at_ms,
    struct sim_answer *answer)
{
	if (host->limit == 0)
		return false;
	if (at_ms - host->counted_from_ms >= 10 * SIM_MINUTE) {
		host->counted_from_ms = at_ms;
		host->counted = 0;
	}
	if (++host->counted <= host->limit)
		return false;
	fail(answer, PK_HTTP_CLIENT_STATUS, 429, 100);
	ask_to_wait(host, at_ms, between(&world->random, 5, 45) * SIM_MINUTE, answer);
	return true;
}

void
sim_ask(struct sim_world *world, const struct sim_feed *feed, struct sim_host *host,
    int64_t at_ms, struct sim_answer *ret_answer)
{
	*ret_answer = (struct sim_answer){ .outcome = PK_HTTP_OK,
		.status = 200,
		.took_ms = host->took_ms + between(&world->random, 0, 200) };
	if (is_out(world, host, at_ms, ret_answer) ||
	    is_limited(world, host, at_ms, ret_answer))
		return;
	if (at_ms >= feed->gone_ms)
		fail(ret_answer, PK_HTTP_CLIENT_STATUS, 410, host->took_ms);
	else if (sim_chance(&world->random) < 0.002) /* the weather of the net */
		fail(ret_answer, PK_HTTP_TIMEOUT, 0, 30000);
	else
		ret_answer->hop = feed->moves_to != NULL && host == feed->host &&
				  at_ms >= feed->moves_ms;
}
