/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/story/match.h"

#include "base/date_formats.h"
#include "publish/story/party.h"

/* Shares of content words in common: of the same statement, of the same act in copies
 * of one report, of an act in reports of their own. */
#define SAME_CONTENT 0.7
#define SAME_ACT     0.6
#define SAME_TALKS   0.34
#define SAME_REPORT  0.5

#define PARTIES_MAX 32
#define DAY_LEN     10

#define DAYS_APART_S INT64_C(86400)

struct parties {
	struct pk_party items[PARTIES_MAX];
	size_t n;
	size_t n_actors;
};

static const char *
field(const struct pk_telling *t, const char *object, const char *key)
{
	const json_t *from =
	    object == NULL ? t->data : json_object_get(t->data, object);
	const char *value = json_string_value(json_object_get(from, key));

	return value == NULL ? "" : value;
}

static bool
same_field(const struct pk_telling *a, const struct pk_telling *b, const char *object,
    const char *key)
{
	return strcmp(field(a, object, key), field(b, object, key)) == 0;
}

/* ---- words ---- */

static bool
is_number(uint32_t hash)
{
	return (hash & 1) != 0;
}

struct common {
	size_t words;
	bool only_a; /* has a number that b has not */
	bool only_b;
};

static struct common
compare_words(const struct pk_gist *a, const struct pk_gist *b)
{
	struct common common = { .words = 0 };
	size_t i = 0, k = 0;

	while (i < a->n_words || k < b->n_words) {
		bool in_a =
		    i < a->n_words && (k == b->n_words || a->words[i] <= b->words[k]);
		bool in_b =
		    k < b->n_words && (i == a->n_words || b->words[k] <= a->words[i]);

		common.words += in_a && in_b;
		common.only_a |= in_a && !in_b && is_number(a->words[i]);
		common.only_b |= in_b && !in_a && is_number(b->words[k]);
		i += in_a;
		k += in_b;
	}
	return common;
}

/* The price of today and that of yesterday differ in a number alone. */
double
pk_gist_likeness(const struct pk_gist *a, const struct pk_gist *b)
{
	size_t shorter = a->n_words < b->n_words ? a->n_words : b->n_words;

	if (shorter == 0)
		return 1;
	struct common common = compare_words(a, b);
	if (common.only_a && common.only_b)
		return 0;
	return (double)common.words / (double)shorter;
}

/* As long as each other, so that a part is not taken for the whole. */
static bool
same_size(const struct pk_gist *a, const struct pk_gist *b)
{
	return a->n_words == 0 || b->n_words == 0 ||
	       (a->n_words <= 2 * b->n_words && b->n_words <= 2 * a->n_words);
}

static bool
in_title(const struct pk_telling *t)
{
	return field(t, "trigger", "in")[0] != '\0';
}

/* ---- parties ---- */

static void
add_parties(struct parties *parties, const struct pk_telling *t, const char *key)
{
	const json_t *entities = json_object_get(t->data, key);

	for (size_t i = 0; i < json_array_size(entities) && parties->n < PARTIES_MAX;
	     i++) {
		parties->items[parties->n] = (struct pk_party){
			.entity = json_array_get(entities, i),
			.who = parties->n < t->gist.n_who ? t->gist.who[parties->n] : 0,
		};
		parties->n++;
	}
}

static void
parties_of(const struct pk_telling *t, struct parties *ret_parties)
{
	*ret_parties = (struct parties){ .n = 0 };
	add_parties(ret_parties, t, "actors");
	ret_parties->n_actors = ret_parties->n;
	add_parties(ret_parties, t, "recipients");
}

static bool
all_covered(const struct parties *a, const struct parties *b)
{
	return pk_parties_covered(a->items, a->n, b->items, b->n) &&
	       pk_parties_covered(b->items, b->n, a->items, a->n);
}

static bool
actors_covered(const struct parties *a, const struct parties *b)
{
	return pk_parties_covered(a->items, a->n_actors, b->items, b->n_actors) &&
	       pk_parties_covered(b->items, b->n_actors, a->items, a->n_actors);
}

/* Those whom it was done to; who says none may mean the other's. */
static bool
recipients_covered(const struct parties *a, const struct parties *b)
{
	const struct pk_party *x = a->items + a->n_actors, *y = b->items + b->n_actors;
	size_t n_x = a->n - a->n_actors, n_y = b->n - b->n_actors;

	return n_x == 0 || n_y == 0 ||
	       (pk_parties_covered(x, n_x, y, n_y) &&
		   pk_parties_covered(y, n_y, x, n_x));
}

/* Who acts on whom: a return visit is another one. */
static bool
same_roles(const struct parties *a, const struct parties *b)
{
	return actors_covered(a, b) && recipients_covered(a, b);
}

static bool
is_done_together(const struct pk_telling *t)
{
	const char *type = field(t, NULL, "type");

	return strcmp(type, "CONSULT") == 0 || strcmp(type, "AGREE") == 0;
}

static bool
same_parties(const struct pk_telling *a, const struct pk_telling *b)
{
	struct parties x, y;

	parties_of(a, &x);
	parties_of(b, &y);
	bool directed = x.n > x.n_actors && y.n > y.n_actors;
	return is_done_together(a) && !directed ? all_covered(&x, &y)
						: same_roles(&x, &y);
}

/* Talks of known parties are told by these, in whatever words. */
static bool
is_meeting(const struct pk_telling *t)
{
	struct parties parties;

	parties_of(t, &parties);
	return strcmp(field(t, NULL, "type"), "CONSULT") == 0 && parties.n >= 2;
}

/* ---- circumstances ---- */

/* «تلفنی» and «سفر» are never one; a mode that is not said goes with any. */
static bool
same_modes(const struct pk_telling *a, const struct pk_telling *b)
{
	return field(a, NULL, "mode")[0] == '\0' || field(b, NULL, "mode")[0] == '\0' ||
	       same_field(a, b, NULL, "mode");
}

static bool
is_real(const struct pk_telling *t)
{
	const json_t *status =
	    json_object_get(json_object_get(t->data, "modality"), "status");

	for (size_t i = 0; i < json_array_size(status); i++) {
		const char *word = json_string_value(json_array_get(status, i));

		if (word != NULL &&
		    (strcmp(word, "asserted") == 0 || strcmp(word, "reported") == 0))
			return true;
	}
	return false;
}

static bool
is_dated(const struct pk_telling *t)
{
	const char *how = field(t, "time", "how");

	return how[0] != '\0' && strcmp(how, "none") != 0 &&
	       strcmp(how, "publication_default") != 0 &&
	       strlen(field(t, "time", "start")) >= DAY_LEN;
}

static struct pk_span
day(const struct pk_telling *t)
{
	return pk_span_slice(pk_span_of(field(t, "time", "start")), 0, DAY_LEN);
}

static bool
same_day(const struct pk_telling *a, const struct pk_telling *b)
{
	return pk_span_eq(day(a), day(b));
}

/* Half-open intervals of ISO dates compare as text. */
static bool
times_overlap(const struct pk_telling *a, const struct pk_telling *b)
{
	const char *a_end = field(a, "time", "end"), *b_end = field(b, "time", "end");

	if (strlen(a_end) < DAY_LEN || strlen(b_end) < DAY_LEN)
		return same_day(a, b);
	return strncmp(field(a, "time", "start"), b_end, DAY_LEN) < 0 &&
	       strncmp(field(b, "time", "start"), a_end, DAY_LEN) < 0;
}

/* Reports are copied within a day; what has a later date is another day's. */
static bool
near_days(const struct pk_telling *a, const struct pk_telling *b)
{
	const char *x = field(a, "time", "start"), *y = field(b, "time", "start");
	struct pk_moment from, to;

	if (pk_date_parse(pk_span_of(x), 0, &from) < 0 ||
	    pk_date_parse(pk_span_of(y), 0, &to) < 0)
		return true;
	int64_t apart_s = from.time_s - to.time_s;
	return apart_s <= DAYS_APART_S && apart_s >= -DAYS_APART_S;
}

/* A copy of yesterday's report says «دیروز» too, and means the same day. */
static bool
same_times(const struct pk_telling *a, const struct pk_telling *b)
{
	if (!is_dated(a) || !is_dated(b))
		return near_days(a, b);
	return times_overlap(a, b) ||
	       (field(a, "time", "text")[0] != '\0' &&
		   same_field(a, b, "time", "text") && near_days(a, b));
}

static bool
is_statement(const struct pk_telling *t)
{
	return json_object_get(t->data, "statement") != NULL;
}

/* ---- the question ---- */

static bool
same_words(const struct pk_telling *a, const struct pk_telling *b)
{
	double likeness = pk_gist_likeness(&a->gist, &b->gist);

	if (is_statement(a))
		return likeness >= SAME_CONTENT &&
		       (in_title(a) || in_title(b) || same_size(&a->gist, &b->gist));
	return likeness >= SAME_ACT || (likeness > 0 && is_meeting(a) && is_meeting(b));
}

static bool
match_within(const struct pk_telling *a, const struct pk_telling *b)
{
	return same_times(a, b) && same_words(a, b);
}

static const char *
town(const struct pk_telling *t)
{
	const json_t *place = json_object_get(t->data, "place");
	const char *level = field(t, "place", "level");
	const char *name = json_string_value(
	    json_object_get(json_object_get(place, "name"), "native"));

	if (name == NULL || strcmp(field(t, "place", "how"), "stated") != 0 ||
	    (strcmp(level, "city") != 0 && strcmp(level, "site") != 0))
		return "";
	return name;
}

static bool
same_towns(const struct pk_telling *a, const struct pk_telling *b)
{
	return town(a)[0] == '\0' || town(b)[0] == '\0' ||
	       strcmp(town(a), town(b)) == 0;
}

static bool
match_between(const struct pk_telling *a, const struct pk_telling *b)
{
	double least = is_done_together(a) ? SAME_TALKS : SAME_REPORT;

	return strcmp(field(a, NULL, "type"), "STATE") != 0 && is_real(a) &&
	       is_dated(a) && is_dated(b) && same_day(a, b) && same_towns(a, b) &&
	       pk_gist_likeness(&a->gist, &b->gist) >= least;
}

bool
pk_tellings_match(const struct pk_telling *a, const struct pk_telling *b, bool near)
{
	if (!same_field(a, b, NULL, "type") || is_statement(a) != is_statement(b) ||
	    !same_field(a, b, "modality", "polarity") || is_real(a) != is_real(b) ||
	    !same_modes(a, b) || !same_parties(a, b))
		return false;
	return near ? match_within(a, b) : match_between(a, b);
}
