/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/sim/world.h - feeds and servers that might be, for a month.
 *
 * What is published when, and what a server answers when it is asked. Times are
 * milliseconds since the month began; the month before it has happened already.
 */
#ifndef PEYK_TESTS_SIM_WORLD_H
#define PEYK_TESTS_SIM_WORLD_H

#include "fetch/http/client.h"
#include "fetch/poll/rhythm.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_SECOND INT64_C(1000)
#define SIM_MINUTE (60 * SIM_SECOND)
#define SIM_HOUR   (60 * SIM_MINUTE)
#define SIM_DAY    (24 * SIM_HOUR)
#define SIM_DAYS   30
#define SIM_END    (SIM_DAYS * SIM_DAY)

/* The month's first moment on a wall clock that is right: a Monday, 00:00 UTC. */
#define SIM_WALL_MS INT64_C(1699833600000)

/* KIND(NAME, name, feeds in 100) */
#define SIM_KINDS(KIND)                                                                \
	KIND(WIRE, "wire", 4)         /* news day and night, in rushes */              \
	KIND(PAPER, "paper", 16)      /* a newspaper: by day, less on weekends */      \
	KIND(BULLETIN, "bulletin", 5) /* a few entries, every hour */                  \
	KIND(DAILY, "daily", 15)      /* once a day, about the same time */            \
	KIND(WEEKLY, "weekly", 15)    /* once a week, on its day */                    \
	KIND(BLOG, "blog", 25)        /* now and then */                               \
	KIND(ERRATIC, "erratic", 5)   /* silent for days, then busy for one */         \
	KIND(ASLEEP, "asleep", 15)    /* nothing since years */

enum sim_kind {
#define SIM_KIND_ENUM_(NAME, name, percent) SIM_##NAME,
	SIM_KINDS(SIM_KIND_ENUM_) SIM_N_KINDS
};

const char *sim_kind_name(enum sim_kind kind);

/* How a server is out of order, from one moment to another. */
struct sim_outage {
	int64_t from_ms;
	int64_t until_ms;
	int kind;
};

#define SIM_OUTAGES_MAX 3

/* skip_hours of those feeds that want no visits at night. */
#define SIM_SKIPPED 0xFu

struct sim_host {
	char name[48];
	unsigned domain; /* of the registrable domain */
	int64_t took_ms; /* usual time of an answer */
	struct sim_outage outages[SIM_OUTAGES_MAX];
	unsigned n_outages;
	unsigned limit; /* requests in ten minutes, then 429; 0: as many as you like */
	bool says_date; /* Retry-After as a date */
	int64_t counted_from_ms;
	unsigned counted;

	/* for the driver, to judge our manners */
	uint64_t asked_ns;
	int64_t not_before_ms;
	unsigned n_feeds;
	int64_t minute;     /* while it is out of order for hours: the last one in */
	unsigned in_minute; /* which it was asked, how often, and the most of it */
	unsigned most_in_minute;
};

struct sim_feed {
	enum sim_kind kind;
	struct sim_host *host;
	struct sim_host *moves_to; /* at moves_ms: answered by another host */
	int64_t moves_ms;
	int64_t gone_ms; /* 410 from then on; INT64_MAX: never */
	int32_t *published_s;
	size_t n_published;
	size_t window; /* entries that it shows */
	struct pk_rhythm_hints hints;
};

struct sim_answer {
	enum pk_http_outcome outcome;
	int status;
	bool page; /* no feed: a page that says sorry */
	bool has_wait;
	char retry_after[40];
	int64_t wait_ms; /* what it means, by the server's clock */
	int64_t took_ms;
	int64_t hop; /* 1: by way of a redirect for good */
};

struct sim_world {
	struct sim_feed *feeds;
	size_t n_feeds;
	struct sim_host *hosts;
	size_t n_hosts;
	size_t n_domains;
	size_t n_platforms; /* the first hosts: a tenth of all feeds lives there */
	uint64_t random;
	int64_t *times; /* room for one feed's, while the world is made */
};

/* The same world for the same number. Ends the program where there is no memory. */
void sim_world_init(struct sim_world *world, size_t n_feeds, uint64_t seed);
void sim_world_done(struct sim_world *world);

uint64_t sim_random(uint64_t *state);

/* 0 <= x < 1. */
double sim_chance(uint64_t *state);

/* Asks `host` for the feed at a moment. */
void sim_ask(struct sim_world *world, const struct sim_feed *feed,
    struct sim_host *host, int64_t at_ms, struct sim_answer *ret_answer);

/* Is the host out of order, and was two hours ago? */
bool sim_is_long_out(const struct sim_host *host, int64_t at_ms);

/* How many entries had been published by then. */
size_t sim_published_by(const struct sim_feed *feed, int64_t at_ms, size_t from);

#endif
