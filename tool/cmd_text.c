/* SPDX-License-Identifier: Apache-2.0 */
/* peyk text - plain text taken apart: a JSON object a sentence. */
#include "base/clock.h"
#include "base/date_formats.h"
#include "base/utf8.h"
#include "extract/article/language.h"
#include "extract/extract.h"
#include "extract/names/mention.h"
#include "extract/pack/pack.h"
#include "extract/text/date.h"
#include "extract/text/quantity.h"
#include "extract/text/segment.h"
#include "tool/cmd.h"
#include "tool/input.h"
#include "tool/output.h"

#include <errno.h>

/* Room for the largest file several times over. */
#define ARENA_LIMIT ((size_t)2 << 30)

/* Languages that have packs for `peyk text`; the first is of what nothing tells. */
static const char *const languages[] = { "fa", "en", "ar" };

struct work {
	struct pk_pack *packs[PK_COUNT(languages) + 1]; /* the last: of --lang */
	const char *lang;                               /* NULL: each file's own */
	const char *knowledge;                          /* the user's tables, or NULL */
	const char *published;
	struct pk_span country; /* of the publisher: what «کشورمان» is */
};

/* What is known of one file; the cursors move with the sentences. */
struct parsed {
	struct pk_arena *arena;
	const struct pk_pack *pack;
	struct pk_text text;
	struct pk_mentions mentions;
	struct pk_dates dates;
	size_t name;
	size_t date;
};

static void
set_range(json_t *object, const struct parsed *p, size_t first, size_t end)
{
	struct pk_range range = pk_text_range(&p->text, first, end);

	json_object_set_new_nocheck(object, "start", json_integer(range.start));
	json_object_set_new_nocheck(object, "end", json_integer(range.end));
	pk_json_set_text(object, "text", pk_text_of(&p->text, first, end));
}

/* Adds one token, glued pieces together. Returns the token behind it, 0 on no memory.
 */
static size_t
add_token(json_t *tokens, const struct parsed *p, size_t first, size_t limit)
{
	struct pk_segments segments;
	json_t *object = json_object();
	size_t end = first + 1;

	while (end < limit && p->text.tokens[end].glued)
		end++;
	json_array_append_new(tokens, object);
	set_range(object, p, first, end);
	if (pk_segment(p->arena, p->pack, &p->text, first, end, &segments) < 0)
		return 0;
	pk_json_set_text(object, "norm", segments.norm);
	if (pk_segment_joins(p->pack, &p->text, end - 1, limit))
		json_object_set_new(object, "join", json_true());
	if (segments.n < 2)
		return end;
	json_t *pieces = json_array();
	for (size_t i = 0; i < segments.n; i++)
		json_array_append_new(
		    pieces, json_stringn_nocheck(
				segments.pieces[i].ptr, segments.pieces[i].len));
	json_object_set_new(object, "seg", pieces);
	return end;
}

static json_t *
add_entity(json_t *entities, const struct parsed *p, const char *type, size_t first,
    size_t end)
{
	json_t *object = json_object();

	json_array_append_new(entities, object);
	json_object_set_new(object, "type", json_string(type));
	set_range(object, p, first, end);
	return object;
}

static void
add_name(json_t *entities, const struct parsed *p, const struct pk_name_span *span)
{
	static const char *const types[] = { [PK_NAME_PER] = "PER",
		[PK_NAME_ORG] = "ORG",
		[PK_NAME_LOC] = "LOC",
		[PK_NAME_ROLE] = "ROLE" };
	json_t *object =
	    add_entity(entities, p, types[span->type], span->first, span->end);

	if (span->mention == NULL)
		return;
	const struct pk_entity *entity = &span->mention->entity;
	bool is_role = span->type == PK_NAME_ROLE;
	if (!is_role || span->mention->named != PK_NAMED_PERSON) {
		pk_json_set_text(object, "norm", entity->name.native);
		pk_json_set_text(object, "latin", entity->name.latin);
		pk_json_set_text(object, "id", entity->id);
	}
	if (is_role || span->type == PK_NAME_PER)
		pk_json_set_text(object, "role", entity->role.id);
	pk_json_set_text(object, "country", entity->country);
}

static void
add_date(json_t *entities, const struct parsed *p, const struct pk_date_at *date)
{
	static const char *const types[] = {
		[PK_TIME_IS_DATE] = "DATE",
		[PK_TIME_IS_TIME] = "TIME",
		[PK_TIME_IS_DURATION] = "DURATION",
	};
	json_t *object =
	    add_entity(entities, p, types[date->kind], date->first, date->end);

	pk_json_set_text(object, "norm", pk_date_norm(p->arena, date));
	if (date->kind == PK_TIME_IS_DURATION)
		return;
	pk_json_set_text(object, "precision",
	    pk_span_of(pk_precision_name(pk_date_precision(date))));
	pk_json_set_text(
	    object, "calendar", pk_span_of(pk_calendar_name(date->time.calendar)));
	pk_json_set_text(object, "anchor", date->time.anchor);
	pk_json_set_text(object, "how", pk_span_of(pk_time_how_name(date->time.how)));
	if (date->conflict)
		json_object_set_new(object, "conflict", json_true());
}

static json_t *
number_json(double value)
{
	if (value < 1e18 && value == (double)(int64_t)value)
		return json_integer((json_int_t)value);
	return json_real(value);
}

static void
add_number(json_t *entities, const struct parsed *p, size_t first,
    const struct pk_number *number)
{
	json_t *object = add_entity(entities, p, "NUM", first, number->end);

	if (number->vague)
		json_object_set_new(object, "vague", json_true());
	else
		json_object_set_new(object, "norm", number_json(number->value));
}

/* Money and the like, with its number inside. */
static void
add_quantity(json_t *entities, const struct parsed *p, size_t first,
    const struct pk_quantity *quantity)
{
	static const char *const types[] = {
		[PK_QUANTITY_PERCENT] = "PERCENT",
		[PK_QUANTITY_MONEY] = "MONEY",
		[PK_QUANTITY_MEASURE] = "QUANTITY",
	};
	json_t *object =
	    add_entity(entities, p, types[quantity->kind], first, quantity->end);

	if (quantity->kind == PK_QUANTITY_PERCENT && !quantity->number.vague)
		json_object_set_new(
		    object, "norm", number_json(quantity->number.value));
	else
		pk_json_set_text(object, "norm", pk_quantity_norm(p->arena, quantity));
	add_number(entities, p, quantity->number_first, &quantity->number);
}

static void
add_numbers(json_t *entities, const struct parsed *p, const struct pk_sentence *s)
{
	const struct pk_number_words *words = pk_pack_numbers(p->pack);
	struct pk_quantity quantity;
	struct pk_number number;

	for (size_t at = s->first; at < s->end;) {
		if (pk_quantity_at(p->pack, &p->text, at, s->end, &quantity)) {
			add_quantity(entities, p, at, &quantity);
			at = quantity.end;
		} else if (pk_number_at(words, &p->text, at, s->end, &number)) {
			if (!number.ordinal && !number.doubtful)
				add_number(entities, p, at, &number);
			at = number.end;
		} else {
			at++;
		}
	}
}

static int
print_sentence(struct parsed *p, const struct pk_sentence *s)
{
	json_t *object = json_object(), *tokens = json_array();
	json_t *entities = json_array();

	json_object_set_new(object, "tokens", tokens);
	json_object_set_new(object, "entities", entities);
	for (size_t at = s->first; at < s->end;) {
		at = add_token(tokens, p, at, s->end);
		if (at == 0) {
			json_decref(object);
			return -ENOMEM;
		}
	}
	for (;
	     p->name < p->mentions.n_spans && p->mentions.spans[p->name].first < s->end;
	     p->name++)
		add_name(entities, p, &p->mentions.spans[p->name]);
	for (; p->date < p->dates.len && p->dates.items[p->date].first < s->end;
	     p->date++)
		add_date(entities, p, &p->dates.items[p->date]);
	add_numbers(entities, p, s);
	return pk_output_json(object);
}

static int64_t
day_of(struct pk_span published)
{
	struct pk_moment moment;
	int64_t now = pk_wall_s();

	if (pk_date_parse(published, PK_OFFSET_UNKNOWN, &moment) == 0)
		return (moment.time_s + moment.offset_min * INT64_C(60)) / 86400;
	return now / 86400;
}

/*
 * The pack of languages[at], or of --lang where that is the one behind them; loaded
 * once. NULL where it cannot be, which was said.
 */
static const struct pk_pack *
load_pack(struct work *work, size_t at)
{
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(64 << 10);
	struct pk_diag diag = { .where = "language packs", .what = "not found" };
	const char *lang = at < PK_COUNT(languages) ? languages[at] : work->lang;
	const char *dir;

	if (work->packs[at] == NULL &&
	    (arena == NULL || pk_extract_find_data(arena, &dir) < 0 ||
		pk_pack_load(dir, lang, work->knowledge, &work->packs[at], &diag) < 0))
		pk_diag_failed(&diag);
	return work->packs[at];
}

/* The pack of the language that was asked for, or that the text is in. */
static const struct pk_pack *
pack_of(struct work *work, struct pk_span text)
{
	const char *lang = pk_language_of(text);
	size_t at = 0;

	if (work->lang != NULL)
		return load_pack(work, PK_COUNT(languages));
	for (size_t i = 0; lang != NULL && i < PK_COUNT(languages); i++) {
		if (strcmp(lang, languages[i]) == 0)
			at = i;
	}
	return load_pack(work, at);
}

static int
parse(struct work *work, const struct pk_input *input, struct parsed *p)
{
	struct pk_span bytes = pk_utf8_clean(p->arena, input->bytes);
	struct pk_span published =
	    input->published.len > 0 ? input->published : pk_span_of(work->published);
	const struct pk_names_context context = {
		.publisher = { .country = work->country },
		.day = day_of(published),
		.has_day = true,
	};

	if (bytes.ptr == NULL)
		return -ENOMEM;
	p->pack = pack_of(work, bytes);
	if (p->pack == NULL)
		return -ENOENT;
	int r = pk_text_parse(p->arena, p->pack, bytes, NULL, 0, &p->text);
	if (r == 0)
		r = pk_mentions_find(
		    p->arena, p->pack, &p->text, &context, &p->mentions);
	if (r == 0)
		r = pk_dates_find(
		    p->arena, p->pack, &p->text, context.day, true, &p->dates);
	return r;
}

static int
work_on(void *context, const struct pk_input *input)
{
	struct work *work = context;
	pk_cleanup(pk_arena_freep) struct pk_arena *arena = pk_arena_new(ARENA_LIMIT);
	struct parsed parsed = { .arena = arena };

	int r = arena == NULL ? -ENOMEM : parse(work, input, &parsed);
	for (size_t i = 0; r == 0 && i < parsed.text.n_sentences; i++)
		r = print_sentence(&parsed, &parsed.text.sentences[i]);
	if (r == -ENOENT)
		return 1; /* it was said what the pack lacks */
	return r < 0 ? pk_input_failed(input->path, "not enough memory") : r;
}

int
pk_cmd_text(int argc, char **argv)
{
	struct work work = { .published = NULL };
	const char *country = NULL, *list = NULL;
	const struct pk_option options[] = {
		{ .name = "lang", .value = &work.lang },
		{ .name = "published", .value = &work.published },
		{ .name = "publisher-country", .value = &country },
		{ .name = "knowledge", .value = &work.knowledge },
		{ .name = "list", .value = &list },
	};
	struct pk_moment moment;
	int first;

	int status = pk_options_read(argc, argv, options, PK_COUNT(options), &first);
	if (status != 0)
		return status;
	if (first == argc && list == NULL)
		return pk_cmd_usage(argv[0]);
	if (work.published != NULL &&
	    pk_date_parse(pk_span_of(work.published), PK_OFFSET_UNKNOWN, &moment) < 0) {
		fprintf(stderr, "peyk: --published wants a date like 2024-05-01\n");
		return 2;
	}
	/* a wrong language or table of the user's is told once, before any file */
	if ((work.lang != NULL || work.knowledge != NULL) &&
	    load_pack(&work, work.lang != NULL ? PK_COUNT(languages) : 0) == NULL)
		return 1;
	work.country = pk_span_of(country);
	status = pk_inputs_run(argv + first, argc - first, list, work_on, &work);
	for (size_t i = 0; i < PK_COUNT(work.packs); i++)
		pk_pack_free(work.packs[i]);
	return pk_output_finish(status);
}
