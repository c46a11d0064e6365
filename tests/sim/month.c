/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/sim/month.c - a month of polling under a fake clock.
 *
 *	sim_month [FEEDS [SEED]]
 *
 * Thousands of feeds, servers that are slow, out of order, overrun or gone, a wall
 *clock that jumps by a day and back, eight hours of sleep, a restart while the clock is
 *wrong and one while it is right. Drives pk_schedule, pk_polite, pk_rhythm, pk_failure
 *and pk_health as the daemon's fetcher and store do, then polls as often at a fixed
 * interval, and prints one JSON object with both. Exit status 1: a promise was broken;
 * which one stands on stderr.
 */
#include "base/clock.h"
#include "fetch/http/polite.h"
#include "fetch/http/retry.h"
#include "fetch/poll/health.h"
#include "fetch/poll/rhythm.h"
#include "fetch/poll/schedule.h"
#include "tests/sim/world.h"

#include <string.h>

/* As in the daemon. */
#define DOCUMENTS_MAX 256
#define GAP_NS        ((uint64_t)PK_NS_PER_S)
#define BURST         4
#define TURN_NS       (UINT64_C(100) * (uint64_t)PK_NS_PER_MS)

/* A redirect for good is adopted after so many sightings over so long. */
#define MOVE_SIGHTINGS 5
#define MOVE_MS        (48 * SIM_HOUR)

#define MINUTES ((size_t)SIM_DAYS * 24 * 60)

/* What happens to us. */
enum trouble_kind { CLOCK, SLEEP, RESTART };

static const struct trouble {
	int64_t at_ms;
	enum trouble_kind kind;
	int64_t by_ms; /* the clock jumps by, or we sleep for */
} troubles[] = {
	{ 8 * SIM_DAY + 9 * SIM_HOUR, CLOCK, SIM_DAY },
	{ 8 * SIM_DAY + 15 * SIM_HOUR, CLOCK, -SIM_DAY },
	{ 12 * SIM_DAY + 9 * SIM_HOUR, CLOCK, -SIM_DAY },
	{ 12 * SIM_DAY + 12 * SIM_HOUR, RESTART, 0 },
	{ 12 * SIM_DAY + 15 * SIM_HOUR, CLOCK, SIM_DAY },
	{ 16 * SIM_DAY + 1 * SIM_HOUR, SLEEP, 8 * SIM_HOUR },
	{ 20 * SIM_DAY + 11 * SIM_HOUR, RESTART, 0 },
};

#define N_TROUBLES (sizeof(troubles) / sizeof(*troubles))

/* Polls may bunch for so long after a trouble; what is compared with other days. */
#define AFTERMATH_MS (3 * SIM_HOUR)

struct visit {
	struct pk_due due;
	struct sim_feed *feed;
	struct sim_host *host; /* that is asked now */
	bool has_turn;
	bool under_way; /* then it is among the answers */
	struct sim_answer answer;
	int64_t asked_ms; /* true time */

	/* on disk */
	int64_t next_ms; /* wall */
	int64_t last_ms;
	bool known; /* a first document was read */
	struct pk_rhythm_memory memory;
	unsigned failures;
	enum pk_failure failure;
	int64_t failing_since_ms;
	int64_t last_ok_ms;
	int64_t last_fresh_ms;
	enum pk_health health;
	unsigned slow;
	unsigned moved_seen;
	int64_t moved_since_ms;

	/* for the report */
	size_t seen; /* published entries that we have, or have lost */
	unsigned polls;
	unsigned found;
	bool troubled;    /* it failed, or we slept, since the last good poll */
	unsigned changes; /* of health */
	int64_t gone_probe_ms;
	unsigned gone_probes;
};

struct delays {
	int32_t *seconds;
	size_t len;
	size_t cap;
	uint64_t published;
	uint64_t lost;             /* while all was well */
	uint64_t lost_to_troubles; /* ours, the server's; or it wished so */
};

struct run {
	struct sim_world world;
	struct visit *visits;
	struct pk_schedule *schedule;
	struct pk_schedule *answers; /* that are on their way */
	struct pk_polite *polite;
	struct pk_rhythm rhythm;
	uint64_t random;
	uint64_t now_ns;     /* the clock that never jumps */
	int64_t asleep_ms;   /* that it did not count */
	int64_t clock_by_ms; /* how wrong the wall clock is */
	size_t trouble;
	size_t under_way;

	struct delays kinds[SIM_N_KINDS];
	uint32_t *per_minute;
	uint64_t polls;
	uint64_t failed;
	uint64_t found;
	uint64_t too_close;
	uint64_t too_early;
	uint64_t too_many;
	uint64_t *owed_ns; /* by domain */
	bool *wants_peace; /* the same */
	uint64_t least_gap_ns;
	uint64_t odd_probes;
	uint64_t answers_by_class[PK_FAILURES];
};

static void *
need(void *memory)
{
	if (memory == NULL) {
		fputs("sim: no memory\n", stderr);
		exit(2);
	}
	return memory;
}

static void
must(int r)
{
	if (r < 0) {
		fputs("sim: no memory\n", stderr);
		exit(2);
	}
}

/* ---- clocks ---- */

static int64_t
true_ms(const struct run *run)
{
	return (int64_t)(run->now_ns / (uint64_t)PK_NS_PER_MS) + run->asleep_ms;
}

static int64_t
wall_ms(const struct run *run)
{
	return SIM_WALL_MS + true_ms(run) + run->clock_by_ms;
}

/* ---- the daemon's fetcher ---- */

static uint64_t
ready_ns(struct run *run, const struct visit *visit, uint64_t spread_ns)
{
	return pk_rhythm_due_ns(visit->next_ms, visit->last_ms, wall_ms(run),
	    run->now_ns, spread_ns, sim_random(&run->random));
}

/* After a start, a sleep or a jump of the wall clock: every feed gets its moment anew
 * from what is stored. */
static void
reschedule(struct run *run)
{
	uint64_t spread_ns = pk_rhythm_spread_ns(run->world.n_feeds);

	for (size_t i = 0; i < run->world.n_feeds; i++) {
		struct visit *visit = &run->visits[i];
		if (!visit->under_way && !visit->has_turn)
			must(pk_schedule_set(run->schedule, &visit->due,
			    ready_ns(run, visit, spread_ns)));
	}
}

static void
start(struct run *run)
{
	const struct pk_polite_options polite = { .gap_ns = GAP_NS,
		.burst = BURST,
		.jitter_percent = 10,
		.seed = sim_random(&run->random) };

	run->polite = need(pk_polite_new(&polite));
	run->schedule = need(pk_schedule_new());
	run->answers = need(pk_schedule_new());
	uint64_t spread_ns = pk_rhythm_spread_ns(run->world.n_feeds);
	for (size_t i = 0; i < run->world.n_feeds; i++) {
		struct visit *visit = &run->visits[i];
		char text[PK_RHYTHM_TEXT_SIZE];
		visit->due = (struct pk_due){ 0 };
		visit->has_turn = visit->under_way = false;
		pk_rhythm_format(&visit->memory, text);
		must(pk_rhythm_parse(pk_span_of(text), &visit->memory));
		must(pk_schedule_set(
		    run->schedule, &visit->due, ready_ns(run, visit, spread_ns)));
	}
	run->under_way = 0;
}

static void
stop(struct run *run)
{
	run->polite = pk_polite_free(run->polite);
	run->schedule = pk_schedule_free(run->schedule);
	run->answers = pk_schedule_free(run->answers);
}

static void
judge_manners(struct run *run, struct visit *visit)
{
	struct sim_host *host = visit->host;
	uint64_t gap_ns = run->now_ns - host->asked_ns;

	if (host->asked_ns > 0 && gap_ns < run->least_gap_ns)
		run->least_gap_ns = gap_ns;
	run->too_close += host->asked_ns > 0 && gap_ns < GAP_NS;
	run->too_early += true_ms(run) < host->not_before_ms;
	/* a bucket that empties by one each gap and must not overflow */
	uint64_t *owed_ns = &run->owed_ns[host->domain];
	*owed_ns = (*owed_ns > run->now_ns ? *owed_ns : run->now_ns) + GAP_NS;
	run->too_many += *owed_ns - run->now_ns > BURST * GAP_NS;
	host->asked_ns = run->now_ns;
	if (sim_is_long_out(host, true_ms(run))) {
		if (host->minute != true_ms(run) / SIM_MINUTE)
			host->in_minute = 0;
		host->minute = true_ms(run) / SIM_MINUTE;
		if (++host->in_minute > host->most_in_minute)
			host->most_in_minute = host->in_minute;
	}
	if (true_ms(run) < SIM_END)
		run->per_minute[true_ms(run) / SIM_MINUTE]++;
}

static void
begin(struct run *run, struct visit *visit)
{
	judge_manners(run, visit);
	visit->asked_ms = true_ms(run);
	visit->polls++;
	run->polls++;
	run->under_way++;
	visit->under_way = true;
	sim_ask(&run->world, visit->feed, visit->host, visit->asked_ms, &visit->answer);
	must(pk_schedule_set(run->answers, &visit->due,
	    run->now_ns + (uint64_t)visit->answer.took_ms * (uint64_t)PK_NS_PER_MS));
}

static void
take_turn(struct run *run, struct visit *visit)
{
	struct pk_span host = pk_span_of(visit->host->name);
	uint64_t due_ns = run->now_ns;

	if (visit->has_turn &&
	    (run->now_ns > visit->due.at_ns + TURN_NS ||
		pk_polite_held_until(run->polite, host, run->now_ns) > run->now_ns))
		visit->has_turn = false;
	if (!visit->has_turn) {
		must(pk_polite_reserve(run->polite, host, run->now_ns, &due_ns));
		visit->has_turn = true;
	}
	if (due_ns > run->now_ns) {
		must(pk_schedule_set(run->schedule, &visit->due, due_ns));
		return;
	}
	visit->has_turn = false;
	begin(run, visit);
}

/* ---- the daemon's store ---- */

/* Who counts requests counts those to all hosts of a domain. */
static void
hold(struct run *run, const struct sim_host *host, uint64_t until_ns, bool domain)
{
	must((domain ? pk_polite_hold_domain : pk_polite_hold)(
	    run->polite, pk_span_of(host->name), run->now_ns, until_ns));
}

static struct pk_rhythm_hints
hints_of(struct run *run, struct visit *visit, enum pk_failure failure)
{
	struct pk_rhythm_hints hints = visit->feed->hints;
	int64_t wait_s;

	if (failure != PK_FAILURE_NONE)
		hints = PK_RHYTHM_NO_HINTS;
	if (!visit->answer.has_wait ||
	    pk_retry_after_parse(pk_span_of(visit->answer.retry_after),
		wall_ms(run) / 1000, &wait_s) < 0)
		return hints;
	hints.retry_after_ms = wait_s * 1000;
	run->wants_peace[visit->host->domain] = true;
	hold(run, visit->host, run->now_ns + (uint64_t)wait_s * (uint64_t)PK_NS_PER_S,
	    failure == PK_FAILURE_LIMITED);
	/* a date is understood by a clock that is right, and to the second */
	if (run->clock_by_ms == 0 || !visit->host->says_date)
		visit->host->not_before_ms =
		    visit->asked_ms + visit->answer.wait_ms - SIM_SECOND;
	return hints;
}

static void
note_delay(struct delays *delays, int64_t ms)
{
	if (delays->len == delays->cap) {
		delays->cap = delays->cap * 2 + 4096;
		delays->seconds = need(reallocarray(
		    delays->seconds, delays->cap, sizeof(*delays->seconds)));
	}
	delays->seconds[delays->len++] = (int32_t)(ms / 1000);
}

/* Published while we slept: no rhythm could have helped. */
static bool
slept_at(int64_t ms)
{
	for (size_t i = 0; i < N_TROUBLES; i++) {
		if (troubles[i].kind == SLEEP && ms >= troubles[i].at_ms - SIM_HOUR &&
		    ms < troubles[i].at_ms + troubles[i].by_ms)
			return true;
	}
	return false;
}

/* What the document shows that we have not seen. */
static void
read_document(struct run *run, struct visit *visit)
{
	struct sim_feed *feed = visit->feed;
	struct delays *delays = &run->kinds[feed->kind];
	size_t before = visit->seen;
	size_t now = sim_published_by(feed, visit->asked_ms, before);
	size_t oldest = now > feed->window ? now - feed->window : 0;

	visit->seen = now;
	if (!visit->known) {
		int64_t times[64];
		size_t n = 0;
		for (size_t i = oldest; i < now; i++)
			times[n++] = SIM_WALL_MS / 1000 + feed->published_s[i];
		pk_rhythm_begin(&visit->memory, times, n, wall_ms(run));
		visit->known = true;
		if (n > 0)
			visit->last_fresh_ms = times[n - 1] * 1000;
		return;
	}
	for (size_t i = before; i < now; i++) {
		int64_t at_ms = (int64_t)feed->published_s[i] * SIM_SECOND;
		delays->published++;
		if (visit->troubled || feed->hints.skip_hours == SIM_SKIPPED ||
		    run->wants_peace[visit->host->domain])
			delays->lost_to_troubles += i < oldest;
		else
			delays->lost += i < oldest;
		if (i >= oldest && !slept_at(at_ms))
			note_delay(delays, true_ms(run) - at_ms);
	}
	size_t fresh = now - before;
	if (fresh > 0) {
		visit->found++;
		visit->last_fresh_ms = wall_ms(run);
	}
	pk_rhythm_note(&visit->memory, wall_ms(run),
	    fresh < feed->window ? fresh : feed->window, fresh >= feed->window);
}

static void
adopt_move(struct visit *visit, int64_t now_ms)
{
	if (visit->answer.hop == 0)
		return;
	if (visit->moved_seen++ == 0)
		visit->moved_since_ms = now_ms;
	if (visit->moved_seen >= MOVE_SIGHTINGS &&
	    now_ms - visit->moved_since_ms >= MOVE_MS)
		visit->host = visit->feed->moves_to;
}

static void
judge_health(struct run *run, struct visit *visit, enum pk_failure failure)
{
	bool ended = failure == PK_FAILURE_NONE;

	visit->slow = pk_health_slow(visit->slow, failure, visit->answer.took_ms);
	const struct pk_health_facts facts = {
		.before = visit->health,
		.failure = failure,
		.failures = visit->failures,
		.now_ms = wall_ms(run),
		.failing_since_ms = visit->failing_since_ms,
		.last_ok_ms = visit->last_ok_ms,
		.last_fresh_ms = visit->last_fresh_ms,
		.gap_ms = pk_rhythm_gap_ms(&visit->memory),
		.slow = visit->slow,
	};
	enum pk_health health = pk_health_of(&facts);
	visit->changes += health != visit->health;
	visit->health = health;
	if (ended) {
		visit->failures = 0;
		visit->failing_since_ms = 0;
	}
}

static void
judge_probe(struct run *run, struct visit *visit, enum pk_failure failure)
{
	int64_t gap_ms = true_ms(run) - visit->gone_probe_ms;

	/* what cannot be asked for now and then is another story */
	if (failure != PK_FAILURE_GONE) {
		visit->gone_probes = 0;
		return;
	}
	/* the clock's jumps by a day may bring a probe a day early */
	if (visit->gone_probes > 0 && (gap_ms < 5 * SIM_DAY || gap_ms > 9 * SIM_DAY))
		run->odd_probes++;
	visit->gone_probe_ms = true_ms(run);
	visit->gone_probes++;
}

static void
complete(struct run *run, struct visit *visit)
{
	int64_t now_ms = wall_ms(run);
	const struct sim_answer *answer = &visit->answer;
	enum pk_failure failure =
	    answer->page ? PK_FAILURE_NOT_A_FEED
			 : pk_failure_of_answer(answer->outcome, answer->status, 1000);
	unsigned found = visit->found;

	run->under_way--;
	visit->under_way = false;
	run->answers_by_class[failure]++;
	struct pk_rhythm_hints hints = hints_of(run, visit, failure);
	if (failure == PK_FAILURE_NONE) {
		read_document(run, visit);
		visit->troubled = false;
		visit->last_ok_ms = now_ms;
		adopt_move(visit, true_ms(run));
	} else {
		if (visit->failures++ == 0)
			visit->failing_since_ms = now_ms;
		visit->troubled = true;
		run->failed++;
	}
	run->found += visit->found - found;
	judge_probe(run, visit, failure);
	const struct pk_rhythm_poll poll = {
		failure == PK_FAILURE_NONE ? 0 : visit->failures, failure
	};
	visit->last_ms = now_ms;
	visit->next_ms = pk_rhythm_next_ms(&run->rhythm, &visit->memory, &poll, &hints,
	    now_ms, sim_random(&run->random));
	judge_health(run, visit, failure);
	must(pk_schedule_set(run->schedule, &visit->due,
	    pk_rhythm_due_ns(visit->next_ms, 0, now_ms, run->now_ns, 0, 0)));
}

/* ---- time passes ---- */

/* What is held is kept on disk over a restart, by the wall clock; so it is understood
 * as long as that was right. */
static void
restart(struct run *run)
{
	struct pk_polite *before = run->polite;
	struct pk_polite_cursor cursor = { 0 };
	struct pk_polite_held held;

	run->polite = NULL;
	stop(run);
	run->now_ns += (uint64_t)PK_NS_PER_S; /* nobody is that quick */
	start(run);
	while (pk_polite_next_held(before, run->now_ns, &cursor, &held))
		must((held.is_domain ? pk_polite_hold_domain : pk_polite_hold)(
		    run->polite, held.name, run->now_ns, held.until_ns));
	pk_polite_free(before);
}

static void
suffer(struct run *run, const struct trouble *trouble)
{
	switch (trouble->kind) {
	case CLOCK:
		run->clock_by_ms += trouble->by_ms;
		reschedule(run);
		break;
	case SLEEP:
		run->asleep_ms += trouble->by_ms;
		for (size_t i = 0; i < run->world.n_feeds; i++)
			run->visits[i].troubled = true;
		reschedule(run);
		break;
	case RESTART:
		restart(run);
		break;
	}
}

/* Goes to the next moment at which there is something to do; false at the end. */
static bool
pass_time(struct run *run)
{
	uint64_t wait_ns = pk_schedule_wait_ns(run->answers, run->now_ns);

	if (run->under_way < DOCUMENTS_MAX) {
		uint64_t due_ns = pk_schedule_wait_ns(run->schedule, run->now_ns);
		wait_ns = wait_ns < due_ns ? wait_ns : due_ns;
	}
	if (run->trouble < N_TROUBLES) {
		int64_t left_ms = troubles[run->trouble].at_ms - true_ms(run);
		uint64_t left_ns =
		    left_ms <= 0 ? 0 : (uint64_t)left_ms * (uint64_t)PK_NS_PER_MS;
		if (left_ns <= wait_ns) {
			run->now_ns += left_ns;
			suffer(run, &troubles[run->trouble++]);
			return true;
		}
	}
	run->now_ns += wait_ns;
	return true_ms(run) < SIM_END;
}

static void
do_what_is_due(struct run *run)
{
	struct pk_due *due;

	while ((due = pk_schedule_take(run->answers, run->now_ns)) != NULL)
		complete(run, pk_due_owner(due, struct visit, due));
	while (run->under_way < DOCUMENTS_MAX &&
	       (due = pk_schedule_take(run->schedule, run->now_ns)) != NULL)
		take_turn(run, pk_due_owner(due, struct visit, due));
}

static void
run_month(
    struct run *run, size_t n_feeds, uint64_t seed, const struct pk_rhythm *rhythm)
{
	*run = (struct run){ .rhythm = *rhythm,
		.random = seed ^ 0x5DEECE66Du,
		.now_ns = (uint64_t)PK_NS_PER_S,
		.least_gap_ns = UINT64_MAX };
	sim_world_init(&run->world, n_feeds, seed);
	run->visits = need(calloc(run->world.n_feeds, sizeof(*run->visits)));
	run->owed_ns = need(calloc(run->world.n_hosts, sizeof(*run->owed_ns)));
	run->wants_peace = need(calloc(run->world.n_hosts, sizeof(*run->wants_peace)));
	run->per_minute = need(calloc(MINUTES + 1, sizeof(*run->per_minute)));
	for (size_t i = 0; i < run->world.n_feeds; i++) {
		run->visits[i].feed = &run->world.feeds[i];
		run->visits[i].host = run->world.feeds[i].host;
	}
	start(run);
	while (pass_time(run))
		do_what_is_due(run);
	stop(run);
}

static void
end_run(struct run *run)
{
	for (size_t i = 0; i < SIM_N_KINDS; i++)
		free(run->kinds[i].seconds);
	free(run->per_minute);
	free(run->owed_ns);
	free(run->wants_peace);
	free(run->visits);
	sim_world_done(&run->world);
}

/* ---- the report ---- */

static int
in_order(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return x < y ? -1 : x > y;
}

static int32_t
at_share(const int32_t *sorted, size_t n, double share)
{
	return n == 0 ? 0 : sorted[(size_t)((double)(n - 1) * share)];
}

struct figures {
	size_t n;
	int32_t median, p90, p99;
};

static struct figures
figures_of(int32_t *values, size_t n)
{
	if (n > 0)
		qsort(values, n, sizeof(*values), in_order);
	return (struct figures){ n, at_share(values, n, 0.5), at_share(values, n, 0.9),
		at_share(values, n, 0.99) };
}

static struct figures
all_delays(struct run *run)
{
	size_t n = 0, len = 0;

	for (size_t i = 0; i < SIM_N_KINDS; i++)
		n += run->kinds[i].len;
	int32_t *all = need(calloc(n + 1, sizeof(*all)));
	for (size_t i = 0; i < SIM_N_KINDS; i++) {
		if (run->kinds[i].len == 0)
			continue;
		memcpy(
		    all + len, run->kinds[i].seconds, run->kinds[i].len * sizeof(*all));
		len += run->kinds[i].len;
	}
	struct figures figures = figures_of(all, n);
	free(all);
	return figures;
}

static struct figures
polls_per_day(struct run *run, int kind)
{
	int32_t *polls = need(calloc(run->world.n_feeds + 1, sizeof(*polls)));
	size_t n = 0;

	for (size_t i = 0; i < run->world.n_feeds; i++) {
		if (kind < 0 || (int)run->visits[i].feed->kind == kind)
			polls[n++] = (int32_t)(run->visits[i].polls / SIM_DAYS);
	}
	struct figures figures = figures_of(polls, n);
	free(polls);
	return figures;
}

static struct figures
health_changes(struct run *run)
{
	int32_t *changes = need(calloc(run->world.n_feeds + 1, sizeof(*changes)));

	for (size_t i = 0; i < run->world.n_feeds; i++)
		changes[i] = (int32_t)run->visits[i].changes;
	struct figures figures = figures_of(changes, run->world.n_feeds);
	free(changes);
	return figures;
}

static uint64_t
lost_of(const struct run *run, uint64_t *ret_troubles, uint64_t *ret_published)
{
	uint64_t lost = 0;

	*ret_published = *ret_troubles = 0;
	for (size_t i = 0; i < SIM_N_KINDS; i++) {
		lost += run->kinds[i].lost;
		*ret_troubles += run->kinds[i].lost_to_troubles;
		*ret_published += run->kinds[i].published;
	}
	return lost;
}

/* The most polls of a minute, after troubles or apart from them; the first two days,
 * when nothing is known yet, count for neither. */
static uint32_t
peak(const struct run *run, bool troubled)
{
	uint32_t most = 0;

	for (size_t minute = 2 * 24 * 60; minute < MINUTES; minute++) {
		bool after = false;
		for (size_t i = 0; i < N_TROUBLES; i++) {
			int64_t at_ms =
			    (int64_t)minute * SIM_MINUTE - troubles[i].at_ms;
			int64_t from_ms =
			    troubles[i].kind == SLEEP ? troubles[i].by_ms : 0;
			after = after || (at_ms >= -SIM_MINUTE &&
					     at_ms < from_ms + AFTERMATH_MS);
		}
		if (after == troubled && run->per_minute[minute] > most)
			most = run->per_minute[minute];
	}
	return most;
}

static uint32_t
first_peak(const struct run *run)
{
	uint32_t most = 0;

	for (size_t minute = 0; minute < 2 * 24 * 60; minute++)
		most = run->per_minute[minute] > most ? run->per_minute[minute] : most;
	return most;
}

/* Of a host whose feeds failed together for hours, the most of them that came back
 * within one minute, as a share of them, in percent; over hosts with ten feeds and
 * more.
 */
static unsigned
in_step(const struct run *run)
{
	unsigned most = 0;

	for (size_t i = 0; i < run->world.n_hosts; i++) {
		const struct sim_host *host = &run->world.hosts[i];
		if (host->n_feeds < 10 || run->wants_peace[host->domain])
			continue;
		unsigned share = 100 * host->most_in_minute / host->n_feeds;
		most = share > most ? share : most;
	}
	return most;
}

static void
print_figures(const char *name, const struct figures *f)
{
	printf("\"%s\":{\"n\":%zu,\"median\":%d,\"p90\":%d,\"p99\":%d}", name, f->n,
	    f->median, f->p90, f->p99);
}

static void
print_kinds(struct run *run)
{
	printf("\"kinds\":{");
	for (int i = 0; i < SIM_N_KINDS; i++) {
		struct figures delay =
		    figures_of(run->kinds[i].seconds, run->kinds[i].len);
		struct figures polls = polls_per_day(run, i);
		printf("%s\n  \"%s\":{", i == 0 ? "" : ",",
		    sim_kind_name((enum sim_kind)i));
		print_figures("delay_s", &delay);
		printf(",");
		print_figures("polls_per_day", &polls);
		printf(",\"lost\":%llu}", (unsigned long long)run->kinds[i].lost);
	}
	printf("}");
}

static void
print_health(const struct run *run)
{
	unsigned n[PK_HEALTH_DEAD + 1] = { 0 };

	for (size_t i = 0; i < run->world.n_feeds; i++)
		n[run->visits[i].health]++;
	printf("\"health\":{");
	for (unsigned i = 0; i <= PK_HEALTH_DEAD; i++)
		printf("%s\"%s\":%u", i == 0 ? "" : ",",
		    pk_health_name((enum pk_health)i), n[i]);
	printf("},\"failures\":{");
	for (unsigned i = PK_FAILURE_NONE + 1; i < PK_FAILURES; i++)
		printf("%s\"%s\":%llu", i == 1 ? "" : ",",
		    pk_failure_name((enum pk_failure)i),
		    (unsigned long long)run->answers_by_class[i]);
	printf("}");
}

static void
print_run(const char *name, struct run *run)
{
	struct figures delay = all_delays(run), polls = polls_per_day(run, -1),
		       changes = health_changes(run);
	uint64_t troubles_took, published;
	uint64_t lost = lost_of(run, &troubles_took, &published);

	printf("\"%s\":{", name);
	print_figures("delay_s", &delay);
	printf(",\n ");
	print_figures("polls_per_day", &polls);
	printf(",\n \"polls\":%llu,\"failed\":%llu,\"found_nothing\":%.3f,"
	       "\"published\":%llu,\"lost\":%llu,\"lost_to_troubles\":%llu,\n",
	    (unsigned long long)run->polls, (unsigned long long)run->failed,
	    1 - (double)run->found / (double)(run->polls - run->failed),
	    (unsigned long long)published, (unsigned long long)lost,
	    (unsigned long long)troubles_took);
	printf(" \"per_minute\":{\"first\":%u,\"usual\":%u,\"after_troubles\":%u},\n ",
	    first_peak(run), peak(run, false), peak(run, true));
	printf("\"least_gap_ms\":%llu,\"too_close\":%llu,\"too_early\":%llu,\"too_"
	       "many\":%llu,"
	       "\"odd_probes\":%llu,\"in_step_percent\":%u,\n ",
	    (unsigned long long)(run->least_gap_ns / (uint64_t)PK_NS_PER_MS),
	    (unsigned long long)run->too_close, (unsigned long long)run->too_early,
	    (unsigned long long)run->too_many, (unsigned long long)run->odd_probes,
	    in_step(run));
	print_figures("health_changes", &changes);
	printf(",\n ");
	print_health(run);
	printf(",\n ");
	print_kinds(run);
	printf("}");
}

/* ---- the promises ---- */

static int broken;

static void
promise(bool kept, const char *what)
{
	if (kept)
		return;
	fprintf(stderr, "broken: %s\n", what);
	broken = 1;
}

static void
check(struct run *run, struct run *fixed)
{
	struct figures delay = all_delays(run), plain = all_delays(fixed);
	struct figures wire =
	    figures_of(run->kinds[SIM_WIRE].seconds, run->kinds[SIM_WIRE].len);
	uint64_t troubles_took, published;
	uint64_t lost = lost_of(run, &troubles_took, &published);

	promise(run->too_close == 0, "two requests to a host closer than its gap");
	promise(run->too_many == 0, "more requests to a domain than its bucket has");
	promise(run->too_early == 0, "a request before Retry-After");
	promise(peak(run, true) <= peak(run, false) * 12 / 10 + 3,
	    "a storm of polls after a trouble (F12)");
	promise(run->odd_probes == 0, "gone feeds are not probed once a week");
	promise(in_step(run) <= 30, "feeds that failed together come back together");
	promise(health_changes(run).p99 <= 20, "the health of feeds flaps");
	promise(
	    lost * 500 <= published, "more than one entry in five hundred was lost");
	promise(delay.median <= 600, "half of all is not seen within ten minutes");
	promise(run->kinds[SIM_WIRE].len > 0 && wire.median <= 300,
	    "half of what the wires have is not seen within five minutes");
	promise(delay.median * 3 <= plain.median,
	    "not three times as fast as a fixed interval with as many polls");
}

int
main(int argc, char **argv)
{
	const size_t n_feeds = argc > 1 ? strtoul(argv[1], NULL, 10) : 5000;
	const uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	const struct pk_rhythm adaptive = {
		.interval_ms = 10 * SIM_MINUTE,
		.adaptive = true,
		.min_ms = SIM_MINUTE,
		.max_ms = 6 * SIM_HOUR,
		.jitter_percent = 10,
		.backoff_first_ms = SIM_MINUTE,
		.backoff_max_ms = 12 * SIM_HOUR,
	};
	struct pk_rhythm even = adaptive;
	struct run run, fixed;

	if (n_feeds < 100 || n_feeds > 100000) {
		fputs("usage: sim_month [FEEDS [SEED]]\n", stderr);
		return 2;
	}
	run_month(&run, n_feeds, seed, &adaptive);
	even.adaptive = false;
	even.interval_ms = SIM_END * (int64_t)run.world.n_feeds / (int64_t)run.polls;
	run_month(&fixed, n_feeds, seed, &even);

	struct figures fast = all_delays(&run), plain = all_delays(&fixed);
	printf("{\"feeds\":%zu,\"hosts\":%zu,\"domains\":%zu,\n", run.world.n_feeds,
	    run.world.n_hosts, run.world.n_domains);
	print_run("adaptive", &run);
	printf(",\n\"even_interval_s\":%lld,\n", (long long)(even.interval_ms / 1000));
	print_run("fixed", &fixed);
	printf(",\n\"median_ratio\":%.2f}\n",
	    (double)plain.median / (fast.median > 0 ? (double)fast.median : 1));
	check(&run, &fixed);
	end_run(&run);
	end_run(&fixed);
	return broken;
}
