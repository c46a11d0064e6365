/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/poll/rhythm.h"

#include "base/cleanup.h"
#include "base/clock.h"

#include <errno.h>

#define MINUTE_MS (INT64_C(60) * 1000)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

/* No poll is put off for longer, so nothing stored says more by right. */
#define AHEAD_MAX_MS (31 * DAY_MS)

/* A wall clock may be corrected by so much without having jumped. */
#define CLOCK_SLACK_MS MINUTE_MS

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t
sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static double
clamp(double value, double low, double high)
{
	return value < low ? low : value > high ? high : value;
}

/* ---- the days and hours of a feed ---- */

/* A feed that seems to sleep is still believed to wake up some time. */
#define RATE_MIN (1.0 / (90.0 * (double)DAY_MS))
#define RATE_MAX (1.0 / 1000.0)

/* Hours and days keep a little hope, so that they can be learned anew. */
#define HOUR_MIN 0.05f
#define HOUR_MAX 24.0f
#define WDAY_MIN 0.10f
#define WDAY_MAX 7.0f

/* Many a feed is made by a clock. But one that is made at other minutes now must be
 * found there, so none is written off. */
#define MINUTES    12
#define MINUTE_MIN 0.15f
#define MINUTE_MAX 11.0f

/* Time is looked at in pieces of five minutes; past so many their shape does not
 * matter.
 */
#define SLICE_MS   (HOUR_MS / MINUTES)
#define SLICES_MAX (15 * 24 * MINUTES)

static unsigned
hour_of(int64_t ms)
{
	return (unsigned)(ms / HOUR_MS % 24);
}

/* 1970 began on a Thursday. */
static unsigned
day_of(int64_t ms)
{
	return (unsigned)((ms / DAY_MS + 4) % 7);
}

static unsigned
minutes_of(int64_t ms)
{
	return (unsigned)(ms / SLICE_MS % MINUTES);
}

static double
day_shape_at(const struct pk_rhythm_memory *memory, int64_t ms)
{
	return (double)memory->hours[hour_of(ms)] * (double)memory->days[day_of(ms)];
}

static double
shape_at(const struct pk_rhythm_memory *memory, int64_t ms)
{
	return day_shape_at(memory, ms) * (double)memory->minutes[minutes_of(ms)];
}

static int64_t
slice_end(int64_t ms)
{
	return (ms / SLICE_MS + 1) * SLICE_MS;
}

/* The end of the hour that `ms` is in. */
static int64_t
hour_end(int64_t ms)
{
	return (ms / HOUR_MS + 1) * HOUR_MS;
}

/* The time between two moments, its hours weighed by how much comes in them. */
static double
weighed_ms(const struct pk_rhythm_memory *memory, int64_t from_ms, int64_t to_ms)
{
	double sum = 0;
	unsigned slices = 0;

	while (from_ms < to_ms) {
		int64_t end_ms = sooner(slice_end(from_ms), to_ms);
		if (slices++ == SLICES_MAX)
			return sum + (double)(to_ms - from_ms);
		sum += (double)(end_ms - from_ms) * shape_at(memory, from_ms);
		from_ms = end_ms;
	}
	return sum;
}

/* Brings the mean back to 1. */
static void
level(float *shape, size_t n, float least, float most)
{
	float sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += shape[i];
	for (size_t i = 0; i < n; i++) {
		float value = shape[i] * (float)n / sum;
		shape[i] = value < least ? least : value > most ? most : value;
	}
}

/* Adds to a shape what came in a slice beyond what was expected of it. */
static void
shape_add(float *slot, double surplus, double weight, float least, float most)
{
	*slot =
	    (float)clamp((double)*slot + surplus / weight, (double)least, (double)most);
}

/* The memory of the hours reaches back about two weeks, that of the minutes one, that
 * of the days eight; but one arrival alone does not make an hour the feed's. */
#define HOUR_DOUBT   1.5
#define HOUR_COUNT   14.0
#define DAY_DOUBT    4.0
#define DAY_COUNT    8.0
#define MINUTE_DOUBT 3.0
#define MINUTE_COUNT 4.0

/* When in the time between two polls something came is guessed by what is known of the
 * feed; and by so much it came at any time in it, or a habit could never change. */
#define DOUBT 0.3

static void
learn_shape(
    struct pk_rhythm_memory *memory, int64_t from_ms, int64_t to_ms, double arrivals)
{
	double expected = memory->rate * weighed_ms(memory, from_ms, to_ms);
	double hour_weight = HOUR_DOUBT + HOUR_COUNT * memory->rate * (double)HOUR_MS;
	double day_weight = DAY_DOUBT + DAY_COUNT * memory->rate * (double)DAY_MS;
	double minute_weight =
	    MINUTE_DOUBT + MINUTE_COUNT * memory->rate * (double)DAY_MS / MINUTES;
	const struct pk_rhythm_memory before = *memory;
	/* a single rush is no habit */
	double believed = clamp(arrivals, 0, 2 * expected + 1);
	double passed = (double)(to_ms - from_ms);

	/* over a whole day nothing can be told of hours */
	if (expected <= 0 || to_ms - from_ms >= DAY_MS)
		return;
	while (from_ms < to_ms) {
		int64_t end_ms = sooner(slice_end(from_ms), to_ms);
		double share = before.rate * (double)(end_ms - from_ms) *
			       shape_at(&before, from_ms);
		double even = (double)(end_ms - from_ms) / passed;
		double surplus =
		    believed * (DOUBT * even + (1 - DOUBT) * share / expected) - share;
		shape_add(&memory->hours[hour_of(from_ms)], surplus, hour_weight,
		    HOUR_MIN, HOUR_MAX);
		shape_add(&memory->days[day_of(from_ms)], surplus, day_weight, WDAY_MIN,
		    WDAY_MAX);
		shape_add(&memory->minutes[minutes_of(from_ms)], surplus, minute_weight,
		    MINUTE_MIN, MINUTE_MAX);
		from_ms = end_ms;
	}
	level(memory->minutes, MINUTES, MINUTE_MIN, MINUTE_MAX);
	level(memory->hours, 24, HOUR_MIN, HOUR_MAX);
	level(memory->days, 7, WDAY_MIN, WDAY_MAX);
}

static void
flatten(struct pk_rhythm_memory *memory)
{
	for (size_t i = 0; i < 24; i++)
		memory->hours[i] = 1;
	for (size_t i = 0; i < 7; i++)
		memory->days[i] = 1;
	for (size_t i = 0; i < MINUTES; i++)
		memory->minutes[i] = 1;
}

/* ---- the first reading ---- */

/* Before that there were no feeds (1995). */
#define OLDEST_S INT64_C(788918400)

/* Entries that lie no further apart came together. */
#define TOGETHER_S 120

/* As much as there is to look at of a document; the newest ones. */
#define TIMES_MAX 1000

/* What is believed of a feed of which nothing is known: one arrival in an hour, and no
 * more sure than this. */
#define GUESS_RATE (1.0 / (double)HOUR_MS)
#define GUESS_MS   (2 * HOUR_MS)

/* The rate rests on twelve arrivals, or two days at least and twenty at most. */
#define LEARN_ARRIVALS 12.0
#define LEARN_MIN_MS   (2 * DAY_MS)
#define LEARN_MAX_MS   (20 * DAY_MS)

static int64_t
learn_limit_ms(const struct pk_rhythm_memory *memory)
{
	return (int64_t)clamp(
	    LEARN_ARRIVALS / memory->rate, (double)LEARN_MIN_MS, (double)LEARN_MAX_MS);
}

static int
newest_first(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? 1 : x > y ? -1 : 0;
}

static size_t
usable_times(const int64_t *published_s, size_t n, int64_t now_ms,
    int64_t ret_times[static TIMES_MAX])
{
	size_t len = 0;

	for (size_t i = 0; i < n && len < TIMES_MAX; i++) {
		if (published_s[i] >= OLDEST_S && published_s[i] <= now_ms / 1000)
			ret_times[len++] = published_s[i];
	}
	qsort(ret_times, len, sizeof(*ret_times), newest_first);
	return len;
}

/* Leaves the first of those that came together. Returns how many are left. */
static size_t
join_batches(int64_t *times, size_t n)
{
	size_t len = 0;
	int64_t before = INT64_MAX;

	for (size_t i = 0; i < n; i++) {
		if (len == 0 || before - times[i] > TOGETHER_S)
			times[len++] = times[i];
		before = times[i];
	}
	return len;
}

/* Fills a shape with as many times as fall into each of its slots. */
static void
begin_shape(float *shape, size_t slots, double doubt, unsigned (*slot_of)(int64_t),
    const int64_t *times, size_t n)
{
	/* as many as would be in one slot if all were alike */
	double even = (double)n / (double)slots;

	for (size_t i = 0; i < slots; i++)
		shape[i] = (float)(doubt / (doubt + even));
	for (size_t i = 0; i < n; i++)
		shape[slot_of(times[i] * 1000)] += (float)(1 / (doubt + even));
}

/* What is a habit can be seen in what covers a day of hours, and two weeks of days. */
static void
begin_shapes(struct pk_rhythm_memory *memory, const int64_t *times, size_t n)
{
	int64_t span_ms = (times[0] - times[n - 1]) * 1000;

	if (n < 6)
		return;
	begin_shape(memory->minutes, MINUTES, MINUTE_DOUBT, minutes_of, times, n);
	level(memory->minutes, MINUTES, MINUTE_MIN, MINUTE_MAX);
	if (span_ms < 2 * DAY_MS)
		return;
	begin_shape(memory->hours, 24, HOUR_DOUBT, hour_of, times, n);
	level(memory->hours, 24, HOUR_MIN, HOUR_MAX);
	if (span_ms < 14 * DAY_MS)
		return;
	begin_shape(memory->days, 7, DAY_DOUBT, day_of, times, n);
	level(memory->days, 7, WDAY_MIN, WDAY_MAX);
}

void
pk_rhythm_begin(struct pk_rhythm_memory *memory, const int64_t *published_s, size_t n,
    int64_t now_ms)
{
	int64_t times[TIMES_MAX];
	size_t all = usable_times(published_s, n, now_ms, times);
	size_t len = join_batches(times, all);

	*memory = (struct pk_rhythm_memory){
		.noted_ms = now_ms,
		.learned_ms = GUESS_MS,
		.rate = GUESS_RATE,
		.quiet = 1,
		.batch = 1,
	};
	flatten(memory);
	if (len == 0)
		return;
	memory->batch = (float)all / (float)len;
	memory->fresh_ms = times[0] * 1000;
	if (len == 1)
		return;
	/* an old entry that stays on top of the list, or a leftover, says nothing */
	size_t kept = len > 4 ? len - len / 5 : len;
	double span_ms = (double)(now_ms - times[kept - 1] * 1000);
	memory->rate = clamp((double)kept / span_ms, RATE_MIN, RATE_MAX);
	memory->learned_ms = sooner((int64_t)span_ms, learn_limit_ms(memory));
	memory->gap_ms = (int64_t)(1 / memory->rate);
	begin_shapes(memory, times, kept);
}

/* ---- every further one ---- */

/* So many arrivals that do not come make a feed quiet; it is asked a sixth as often. */
#define QUIET_ARRIVALS 6.0
#define QUIET_MIN      0.15f

/* A poll comes when half an arrival is due, not twelve. */
#define LATE_ARRIVALS 12.0

/* A rush is over when this has passed without it: a few gaps. */
#define RUSH_GAPS   4.0
#define RUSH_MIN_MS (20.0 * (double)MINUTE_MS)
#define RUSH_MAX_MS (4.0 * (double)HOUR_MS)

/* What is longer ago is no lesson about a rush. */
#define FRESH_MAX 500

static double
rush_lasts_ms(const struct pk_rhythm_memory *memory)
{
	return clamp(RUSH_GAPS / memory->rate, RUSH_MIN_MS, RUSH_MAX_MS);
}

/* Arrivals that so many new entries were. */
static double
arrivals_of(struct pk_rhythm_memory *memory, double expected, size_t fresh)
{
	double n = (double)(fresh < FRESH_MAX ? fresh : FRESH_MAX);

	if (fresh == 0)
		return 0;
	/* when not even one was expected, what came came together */
	if (expected < 1)
		memory->batch += 0.1f * ((float)n - memory->batch);
	return clamp(n / (double)memory->batch, 1, n);
}

static void
learn_rate(
    struct pk_rhythm_memory *memory, double weighed, int64_t passed_ms, double arrivals)
{
	double expected = memory->rate * weighed;
	double on_ms = (double)memory->learned_ms;

	/* a feed that wakes up: what was learned while it slept does not hold it back
	 */
	if (arrivals > 0 && expected < 0.1)
		on_ms *= 0.8;
	/* no single poll, perhaps after a long sleep of ours, outweighs all others */
	double weight = on_ms + weighed;
	if (on_ms >= (double)DAY_MS && weighed > on_ms / 3)
		weight = 4 * weighed;
	memory->rate =
	    clamp(memory->rate + (arrivals - expected) / weight, RATE_MIN, RATE_MAX);
	memory->learned_ms = sooner((int64_t)on_ms + passed_ms, learn_limit_ms(memory));
}

static void
learn_mood(struct pk_rhythm_memory *memory, double expected, int64_t passed_ms,
    double arrivals, bool lost)
{
	double passed = (double)passed_ms, quiet = (double)memory->quiet;
	double surplus = arrivals - expected * quiet;
	double weight = passed / (passed + rush_lasts_ms(memory));

	memory->rush += weight * (surplus / passed - memory->rush);
	if (lost && memory->rush < 2 * arrivals / passed)
		memory->rush = 2 * arrivals / passed;
	memory->rush = clamp(memory->rush, 0, RATE_MAX);
	quiet += (arrivals - expected * quiet) / (expected * quiet + QUIET_ARRIVALS);
	memory->quiet = (float)clamp(quiet, (double)QUIET_MIN, 1);
}

void
pk_rhythm_note(struct pk_rhythm_memory *memory, int64_t now_ms, size_t fresh, bool lost)
{
	if (memory->noted_ms == 0)
		pk_rhythm_begin(memory, NULL, 0, now_ms);
	int64_t from_ms = memory->noted_ms, passed_ms = now_ms - from_ms;
	memory->noted_ms = now_ms;
	if (fresh > 0)
		memory->fresh_ms = now_ms;
	if (passed_ms <= 0)
		return;
	double weighed = weighed_ms(memory, from_ms, now_ms);
	double expected = memory->rate * weighed;
	double arrivals = arrivals_of(memory, expected, fresh);

	/* who comes so late was asleep, or the clock has jumped: no mood was to be seen
	 */
	if (expected < LATE_ARRIVALS || lost)
		learn_mood(memory, expected, passed_ms, arrivals, lost);
	learn_shape(memory, from_ms, now_ms, arrivals);
	learn_rate(memory, weighed, passed_ms, arrivals);
	if (fresh > 0)
		memory->gap_ms = (int64_t)(1 / memory->rate);
}

int64_t
pk_rhythm_gap_ms(const struct pk_rhythm_memory *memory)
{
	return memory->gap_ms;
}

/* ---- as text ---- */

/* Numbers as integers: what one machine writes another reads, whatever its locale. */
#define VERSION      "r1"
#define PER_RATE     ((double)DAY_MS * 1e6)
#define PER_SHARE    1e6
#define PER_SHAPE    524288.0f /* 2^19: four digits of 64 reach up to 32 */
#define SHAPE_DIGITS 4
#define NUMBER_MAX   INT64_C(99999999999999)

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static char *
put_shape(char *at, const float *shape, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t value = (uint32_t)(shape[i] * PER_SHAPE + 0.5f);
		for (int shift = 6 * (SHAPE_DIGITS - 1); shift >= 0; shift -= 6)
			*at++ = digits[value >> shift & 63];
	}
	return at;
}

static int64_t
written(double value)
{
	return (int64_t)clamp(value + 0.5, 0, (double)NUMBER_MAX);
}

void
pk_rhythm_format(
    const struct pk_rhythm_memory *memory, char ret_text[static PK_RHYTHM_TEXT_SIZE])
{
	const int64_t numbers[] = {
		memory->noted_ms,
		memory->fresh_ms,
		memory->gap_ms,
		memory->learned_ms,
		written(memory->rate * PER_RATE),
		written(memory->rush * PER_RATE),
		written((double)memory->quiet * PER_SHARE),
		written((double)memory->batch * PER_SHARE),
	};
	char *at = ret_text;

	if (memory->noted_ms == 0) {
		*at = '\0';
		return;
	}
	at = stpcpy(at, VERSION);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		at += sprintf(at, " %lld",
		    (long long)clamp((double)numbers[i], 0, (double)NUMBER_MAX));
	*at++ = ' ';
	at = put_shape(at, memory->hours, 24);
	at = put_shape(at, memory->days, 7);
	at = put_shape(at, memory->minutes, MINUTES);
	*at = '\0';
}

static bool
take_number(struct pk_span *text, int64_t *ret_number)
{
	struct pk_span word = pk_span_split(text, ' ');
	int64_t number = 0;

	for (size_t i = 0; i < word.len; i++) {
		if (word.ptr[i] < '0' || word.ptr[i] > '9' || number > NUMBER_MAX / 10)
			return false;
		number = number * 10 + (word.ptr[i] - '0');
	}
	*ret_number = number;
	return word.len > 0;
}

static bool
take_shape(struct pk_span *text, float *shape, size_t n, float least, float most)
{
	if (text->len < n * SHAPE_DIGITS)
		return false;
	for (size_t i = 0; i < n; i++) {
		uint32_t value = 0;
		for (size_t k = 0; k < SHAPE_DIGITS; k++) {
			const char *digit = memchr(digits,
			    text->ptr[i * SHAPE_DIGITS + k], sizeof(digits) - 1);
			if (digit == NULL)
				return false;
			value = value << 6 | (uint32_t)(digit - digits);
		}
		float number = (float)value / PER_SHAPE;
		shape[i] = number < least ? least : number > most ? most : number;
	}
	*text = pk_span_slice(*text, n * SHAPE_DIGITS, text->len);
	return true;
}

static bool
parse(struct pk_span text, struct pk_rhythm_memory *m)
{
	int64_t rate, rush, quiet, batch;

	if (!pk_span_eq(pk_span_split(&text, ' '), PK_SPAN(VERSION)) ||
	    !take_number(&text, &m->noted_ms) || !take_number(&text, &m->fresh_ms) ||
	    !take_number(&text, &m->gap_ms) || !take_number(&text, &m->learned_ms) ||
	    !take_number(&text, &rate) || !take_number(&text, &rush) ||
	    !take_number(&text, &quiet) || !take_number(&text, &batch) ||
	    !take_shape(&text, m->hours, 24, HOUR_MIN, HOUR_MAX) ||
	    !take_shape(&text, m->days, 7, WDAY_MIN, WDAY_MAX) ||
	    !take_shape(&text, m->minutes, MINUTES, MINUTE_MIN, MINUTE_MAX))
		return false;
	m->rate = clamp((double)rate / PER_RATE, RATE_MIN, RATE_MAX);
	m->rush = clamp((double)rush / PER_RATE, 0, RATE_MAX);
	m->quiet = (float)clamp((double)quiet / PER_SHARE, (double)QUIET_MIN, 1);
	m->batch = (float)clamp((double)batch / PER_SHARE, 1, FRESH_MAX);
	m->learned_ms = sooner(later(m->learned_ms, 0), LEARN_MAX_MS);
	return m->noted_ms > 0 && text.len == 0;
}

int
pk_rhythm_parse(struct pk_span text, struct pk_rhythm_memory *ret_memory)
{
	struct pk_rhythm_memory memory = { 0 };
	bool good = text.len > 0 && parse(text, &memory);

	*ret_memory = good ? memory : (struct pk_rhythm_memory){ 0 };
	return good || text.len == 0 ? 0 : -EBADMSG;
}

/* ---- the next poll ---- */

/*
 * A poll is worth it when so much of an arrival is to be expected (as arrivals are
 * counted, that is half the gap between entries), or when what is to be expected has
 * waited for so long, taken together. The first decides for a busy feed,
 * the second for one that speaks once a day: it is asked after its hour, and not
 * before.
 */
#define WORTH_ARRIVALS 0.3
#define WORTH_WAIT_MS  (0.2 * (double)HOUR_MS)

/* There is news in the deepest night too, and it is not the least. */
#define NIGHT_MIN 0.15

static double
wakeful_shape_at(const struct pk_rhythm_memory *memory, int64_t ms)
{
	double shape = day_shape_at(memory, ms);

	return (shape > NIGHT_MIN ? shape : NIGHT_MIN) *
	       (double)memory->minutes[minutes_of(ms)];
}

static int64_t
wait_by_memory(
    const struct pk_rhythm_memory *memory, int64_t now_ms, int64_t longest_ms)
{
	int64_t at_ms = now_ms, end_ms = now_ms + longest_ms;
	int64_t rush_end_ms = now_ms + (int64_t)rush_lasts_ms(memory);
	double arrivals = 0, waited = 0;
	unsigned slices = 0;

	while (at_ms < end_ms && slices++ < SLICES_MAX) {
		double rate = memory->rate * wakeful_shape_at(memory, at_ms) *
				  (double)memory->quiet +
			      (at_ms < rush_end_ms ? memory->rush : 0);
		int64_t until_ms = sooner(slice_end(at_ms), end_ms);
		double passed = (double)(until_ms - at_ms);
		double more = rate * passed, wait = (arrivals + more / 2) * passed;
		/* which part of this piece is needed */
		double part = clamp((WORTH_ARRIVALS - arrivals) / more, 0, 1);
		double other = clamp((WORTH_WAIT_MS - waited) / wait, 0, 1);
		part = part < other ? part : other;
		if (part < 1)
			return at_ms - now_ms + (int64_t)(part * passed);
		arrivals += more;
		waited += wait;
		at_ms = until_ms;
	}
	return longest_ms;
}

/* Strays by the jitter, and is thrown back at the bounds, so that those who wait there
 * do not gather. */
static int64_t
stray(const struct pk_rhythm *rhythm, int64_t wait_ms, uint64_t random)
{
	int64_t least = rhythm->min_ms, most = later(rhythm->max_ms, least);
	int64_t middle = sooner(later(wait_ms, least), most);
	int64_t far = middle * rhythm->jitter_percent / 100;
	int64_t wait = middle - far + (int64_t)(random % (2 * (uint64_t)far + 1));

	if (wait < least)
		wait = sooner(2 * least - wait, most);
	return wait > most ? later(2 * most - wait, least) : wait;
}

static int64_t
usual_wait(const struct pk_rhythm *rhythm, const struct pk_rhythm_memory *memory,
    int64_t now_ms, uint64_t random)
{
	int64_t wait_ms = rhythm->interval_ms;

	if (rhythm->adaptive && memory != NULL && memory->noted_ms != 0)
		wait_ms = wait_by_memory(memory, now_ms, later(rhythm->max_ms, 1));
	/* a guess is no knowledge: for a day it does not make the feed wait longer */
	if (memory != NULL && memory->gap_ms == 0 &&
	    memory->learned_ms < GUESS_MS + DAY_MS)
		wait_ms = sooner(wait_ms, rhythm->interval_ms);
	return stray(rhythm, wait_ms, random);
}

static int64_t
capped(int64_t ms)
{
	return sooner(ms, PK_RHYTHM_HINT_MAX_MS);
}

/*
 * What stands in a feed since it was set up is mostly what the software had there
 * ("hourly"), and some servers say of everything that it keeps for a day. The feed's
 * own doings are believed more: a hint that they belie counts for half the usual gap.
 */
static int64_t
believed(const struct pk_rhythm *rhythm, const struct pk_rhythm_memory *memory,
    int64_t hint_ms, int64_t least_ms)
{
	int64_t ms = capped(hint_ms);

	if (rhythm->adaptive && memory != NULL && memory->gap_ms > 0 &&
	    memory->learned_ms >= DAY_MS && ms > 2 * memory->gap_ms)
		return later(sooner(ms, least_ms), memory->gap_ms / 2);
	return ms;
}

/* A minute or less is garbage. */
static int64_t
said_by_feed(const struct pk_rhythm *rhythm, const struct pk_rhythm_memory *memory,
    int64_t said_s)
{
	if (said_s <= 60)
		return 0;
	return believed(
	    rhythm, memory, sooner(said_s, PK_RHYTHM_HINT_MAX_MS) * 1000, 0);
}

/* So long a server is believed that its answer keeps, whatever the feed does. */
#define FRESH_SURE_MS (30 * MINUTE_MS)

static bool
is_skipped(const struct pk_rhythm_hints *hints, int64_t ms)
{
	const uint32_t all_hours = 0xFFFFFF;
	const uint8_t all_days = 0x7F;
	uint32_t hours = hints->skip_hours & all_hours;
	uint8_t days = hints->skip_days & all_days;

	return (hours != all_hours && (hours >> hour_of(ms) & 1) != 0) ||
	       (days != all_days && (days >> day_of(ms) & 1) != 0);
}

/* The wait, longer by the hours and days that are to be skipped. They end for all who
 * skip them at the same moment: a few minutes more keep them apart. */
static int64_t
past_skipped(const struct pk_rhythm_hints *hints, int64_t now_ms, int64_t wait_ms,
    uint64_t random)
{
	int64_t at_ms = now_ms + wait_ms, last_ms = now_ms + PK_RHYTHM_HINT_MAX_MS;

	if (!is_skipped(hints, at_ms))
		return wait_ms;
	while (at_ms < last_ms && is_skipped(hints, at_ms))
		at_ms = hour_end(at_ms);
	at_ms += (int64_t)(random % (10 * (uint64_t)MINUTE_MS));
	return later(wait_ms, sooner(at_ms, last_ms) - now_ms);
}

static int64_t
with_hints(const struct pk_rhythm *rhythm, const struct pk_rhythm_memory *memory,
    const struct pk_rhythm_hints *hints, int64_t now_ms, int64_t wait_ms,
    uint64_t random)
{
	wait_ms =
	    later(wait_ms, believed(rhythm, memory, hints->fresh_ms, FRESH_SURE_MS));
	wait_ms = later(wait_ms, said_by_feed(rhythm, memory, hints->ttl_s));
	wait_ms = later(wait_ms, said_by_feed(rhythm, memory, hints->period_s));
	return past_skipped(hints, now_ms, wait_ms, random);
}

static int64_t
rest(const struct pk_rhythm *rhythm, const struct pk_rhythm_poll *poll, uint64_t random)
{
	int64_t rest_ms = pk_failure_rest_ms(poll->failure, poll->failures,
	    rhythm->backoff_first_ms, rhythm->backoff_max_ms, random);

	return later(rest_ms, rhythm->adaptive
				  ? rhythm->min_ms
				  : stray(rhythm, rhythm->interval_ms, random));
}

/* All who were told the same wait come back a little later, each by another bit. */
static int64_t
obeyed(int64_t retry_after_ms, uint64_t random)
{
	if (retry_after_ms <= 0)
		return 0;
	int64_t ms = capped(retry_after_ms);
	return ms + (int64_t)(random % ((uint64_t)ms / 10 + 1));
}

int64_t
pk_rhythm_next_ms(const struct pk_rhythm *rhythm, const struct pk_rhythm_memory *memory,
    const struct pk_rhythm_poll *poll, const struct pk_rhythm_hints *hints,
    int64_t now_ms, uint64_t random)
{
	int64_t wait_ms;

	if (poll->failure != PK_FAILURE_NONE && poll->failures > 0)
		wait_ms = rest(rhythm, poll, random);
	else
		wait_ms = with_hints(rhythm, memory, hints, now_ms,
		    usual_wait(rhythm, memory, now_ms, random), random);
	return now_ms + later(wait_ms, obeyed(hints->retry_after_ms, random));
}

/* Of what was never asked, much can be asked at once: each is a new feed once only. */
#define SPREAD_NEW 16

uint64_t
pk_rhythm_due_ns(int64_t next_ms, int64_t last_ms, int64_t now_ms, uint64_t mono_ns,
    uint64_t spread_ns, uint64_t random)
{
	int64_t ahead_ms = next_ms - now_ms, wait_ms = next_ms - last_ms;
	bool set_back = ahead_ms > AHEAD_MAX_MS || last_ms > now_ms + CLOCK_SLACK_MS;
	bool waits = last_ms > 0 && wait_ms > 0 && wait_ms <= AHEAD_MAX_MS;
	uint64_t wait_ns = waits ? (uint64_t)wait_ms * (uint64_t)PK_NS_PER_MS : 0;

	if (ahead_ms > 0 && !set_back)
		return mono_ns + (uint64_t)ahead_ms * (uint64_t)PK_NS_PER_MS;
	/* what was to be left in peace for days is: its rest begins anew */
	if (set_back && wait_ms > DAY_MS && waits)
		return mono_ns + wait_ns - random % (wait_ns / 4);
	if (waits && spread_ns > wait_ns)
		spread_ns = wait_ns;
	if (next_ms <= 0)
		spread_ns /= SPREAD_NEW;
	return mono_ns + (spread_ns > 0 ? random % spread_ns : 0);
}

/* Six polls in a minute beside those that come back in their own rhythm: no more than
 * the same feeds bring about at other times. */
#define SPREAD_EACH_NS (UINT64_C(10) * (uint64_t)PK_NS_PER_S)
#define SPREAD_MAX_NS  (UINT64_C(6) * 3600 * (uint64_t)PK_NS_PER_S)
#define SPREAD_FEW     20

uint64_t
pk_rhythm_spread_ns(size_t n)
{
	if (n < SPREAD_FEW)
		return 0;
	return n > SPREAD_MAX_NS / SPREAD_EACH_NS ? SPREAD_MAX_NS : n * SPREAD_EACH_NS;
}
