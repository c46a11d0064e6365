/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon/fetcher_priv.h - the fetcher's state, for the files that share its one thread:
 *
 *	fetcher.c  the door, the loop, the mail of other threads
 *	visits.c   what is to be asked for: visits come and go
 *	asking.c   from a visit whose time has come to a request, and back to an outcome
 *	pushes.c   what hubs have sent: from the mail to the workers
 */
#ifndef PEYK_DAEMON_FETCHER_PRIV_H
#define PEYK_DAEMON_FETCHER_PRIV_H

#include "base/clock.h"
#include "base/map.h"
#include "daemon/fetcher.h"
#include "daemon/hubs.h"
#include "daemon/request.h"
#include "fetch/http/polite.h"
#include "fetch/http/robots.h"
#include "fetch/poll/schedule.h"

#include <pthread.h>

#define POLL_REQUESTS_MAX 64

/* What hubs have sent and the fetcher has not looked at. */
#define PUSHES_MAX     64
#define PUSH_BYTES_MAX ((size_t)64 * 1024 * 1024)

/* Requests for robots.txt come on top of the documents. */
#define ROBOTS_REQUESTS_MAX 16

enum visit_kind {
	VISIT_FEED,   /* again and again */
	VISIT_PAGE,   /* of an entry, once */
	VISIT_ROBOTS, /* robots.txt of a site, for the pages that wait for it */
};

/*
 * A request to come. It is in a schedule, or under way (then its outcome is somewhere
 * in the circle), or both: that is one whose article or index goes on and who waits for
 * the next answer, with its outcome. Or it waits for a robots.txt.
 */
struct visit {
	struct pk_due due;
	enum visit_kind kind;
	char feed[40]; /* id */
	bool has_turn; /* politeness was asked already; its answer: */
	uint64_t turn_ns;
	bool under_way;
	bool further;               /* waits in fetcher.further, in the circle */
	struct pk_outcome *outcome; /* while the request runs, or is `further` */

	/* Feeds only. */
	char *address;   /* where it has moved; NULL: what the configuration says */
	int64_t next_ms; /* when it is due, on the wall clock; 0: it was never polled */
	int64_t last_ms; /* when it was polled last; 0: never */
	bool failing;    /* its last poll was no good */
	bool in_failing; /* counted in fetcher.failing_in_circle */
	bool unwanted;   /* the feed was taken out of the configuration */
	bool again;      /* due at once when what is under way is back */
	bool told;       /* a hub has told of what the next poll will find */

	/* Pages and robots only. */
	struct pk_arena *arena; /* owns the visit; NULL for a feed's */
	struct pk_poll_pending page;
	struct pk_span robots;      /* the address of a robots.txt */
	struct visit *waiting;      /* ROBOTS: the first of those that wait for it */
	struct visit *next_waiting; /* PAGE: the next of them */
};

/* What a hub has sent. */
struct push {
	char feed[40]; /* id */
	struct pk_buf bytes;
	struct pk_buf content_type;
};

/* What other threads want of the fetcher. */
struct mail {
	pthread_mutex_t lock;
	bool stop;
	struct pk_config *config; /* a new one, or NULL */
	struct pk_completion *completions;
	size_t n_completions;
	struct pk_outcome **further; /* whose articles or indexes go on */
	size_t n_further;
	char polls[POLL_REQUESTS_MAX][40];
	size_t n_polls;
	struct push pushes[PUSHES_MAX];
	size_t n_pushes;
	size_t push_bytes; /* of all of them */
	bool look_at_hubs;
};

struct pk_fetcher {
	struct pk_flow *flow;
	struct pk_config *config;
	struct pk_db *reader;
	struct pk_http *http;
	struct pk_polite *polite;
	struct pk_robots *robots;
	struct pk_schedule *schedule; /* what needs room in the circle */
	struct pk_schedule *failing;  /* the same, of feeds that may have half of it */
	struct pk_schedule *further;  /* what is in it already */
	struct pk_schedule *asides;   /* what takes none: VISIT_ROBOTS */
	struct pk_map *feeds;         /* id -> struct visit */
	struct pk_map *pages;         /* row of the entry -> struct visit */
	struct pk_map *robots_visits; /* address -> struct visit */
	struct pk_hubs *hubs;
	size_t in_circle;         /* documents between start and completion */
	size_t failing_in_circle; /* of these, of feeds that were failing */
	size_t robots_under_way;
	bool feeds_left_out; /* some are unknown or in no schedule: no memory */
	bool pages_wanted;
	int64_t pages_at_ms;    /* when the next page that waits is due */
	uint64_t pages_from_ns; /* not looked for before this */
	int64_t asleep_ns;      /* pk_asleep_ns() */
	struct mail mail;
	pthread_t thread;
	bool running;
};

/* ---- visits.c ---- */

/* Adds the feeds that the configuration has and the fetcher has not. Returns 0 or
 * -ENOMEM. */
int pk_visits_add_feeds(struct pk_fetcher *f);

/* Takes up pages that wait on disk, as far as there is room. */
void pk_visits_load_pages(struct pk_fetcher *f);

/* Is it time for that? If not, after so long it may be. */
bool pk_visits_want_pages(const struct pk_fetcher *f);
int64_t pk_visits_wait_for_pages_ms(const struct pk_fetcher *f);

/* The page waits until the robots.txt of its site is there. Returns 0 or -ENOMEM. */
int pk_visits_await_robots(
    struct pk_fetcher *f, struct visit *page, struct pk_span robots);

/* Those that wait for this robots.txt are due; the visit is gone. */
void pk_visits_end_robots(struct pk_fetcher *f, struct visit *visit);

/* Takes it out of its schedule, if it is in it. */
void pk_visits_unschedule(struct pk_fetcher *f, struct visit *visit);

/* Servers that keep silent hold what room they have for long: is any left of the half
 * that feeds may have whose last poll was no good? */
bool pk_visits_failing_have_room(const struct pk_fetcher *f);

/* Reads anew where the feed has moved. It is in no schedule after that, unless it is
 * `further`. */
void pk_visits_find_address(struct pk_fetcher *f, struct visit *visit);

/* All feeds by the wall clock again: the machine has slept. */
void pk_visits_wake(struct pk_fetcher *f);

/* Feeds for which there was no memory, or none for their place in a schedule, get it.
 */
void pk_visits_catch_up(struct pk_fetcher *f);

/* Puts a visit into its schedule. Returns 0 or -ENOMEM; a feed is not forgotten then.
 */
int pk_visits_schedule(struct pk_fetcher *f, struct visit *visit, uint64_t due_ns);

/* It is not under way any more. */
void pk_visits_back(struct pk_fetcher *f, struct visit *visit);

/* Takes it out of everything and frees it, with the outcome that it holds. */
void pk_visits_drop(struct pk_fetcher *f, struct visit *visit);

/* Is the number of those in the circle what it should be? For an assertion. */
bool pk_visits_are_counted(const struct pk_fetcher *f);

/* The same for one that is not under way; what goes on leaves the circle with it. */
void pk_visits_leave(struct pk_fetcher *f, struct visit *visit);

/* The same for a page for which there is no memory now; it waits on disk. */
void pk_visits_give_back(struct pk_fetcher *f, struct visit *visit);

struct visit *pk_visits_find_page(struct pk_fetcher *f, int64_t row);

void pk_visits_free(struct pk_map *visits);

/* ---- asking.c ---- */

/* Starts what is due and has room. */
void pk_asking_start(struct pk_fetcher *f);

/* pk_http_done_fn: an answer to a visit. */
void pk_asking_answered(void *context, void *tag, struct pk_http_response *response);

/* ---- pushes.c ---- */

/* Copies what a hub has sent. Returns 0 or -ENOMEM. */
int pk_push_init(struct push *push, struct pk_span feed, struct pk_span bytes,
    struct pk_span content_type);
void pk_push_done(struct push *push);

/* Passes it on to the workers, or has its feed polled. Not under the mail's lock. */
void pk_push_take(struct pk_fetcher *f, const struct push *push);

#endif
