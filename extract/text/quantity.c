/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/text/quantity.h"

#include "extract/pack/parts.h"

#include <errno.h>

struct unit {
	enum pk_quantity_kind kind;
	struct pk_span code;
};

struct pk_units {
	struct pk_phrases *phrases; /* -> struct unit */
};

static const char *const kind_names[] = {
	[PK_QUANTITY_PERCENT] = "percent",
	[PK_QUANTITY_MONEY] = "money",
	[PK_QUANTITY_MEASURE] = "measure",
};

static int
add_row(struct pk_arena *arena, struct pk_units *units, const struct pk_tsv *tsv,
    const struct pk_tsv_row *row, struct pk_diag *reterr_diag)
{
	struct unit *unit = pk_arena_new_of(arena, struct unit);
	int kind = pk_tsv_choice(
	    tsv, row, PK_SPAN("kind"), kind_names, PK_COUNT(kind_names), reterr_diag);

	if (unit == NULL)
		return -ENOMEM;
	if (kind < 0)
		return kind;
	unit->kind = (enum pk_quantity_kind)kind;
	unit->code = pk_tsv_cell(tsv, row, PK_SPAN("code"));
	return pk_phrases_add_all(
	    units->phrases, pk_tsv_cell(tsv, row, PK_SPAN("words")), unit);
}

int
pk_units_new(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_units **ret_units, struct pk_diag *reterr_diag)
{
	const struct pk_tsv *tsv = pk_pack_table(pack, "units");
	struct pk_units *units = pk_arena_new_of(arena, struct pk_units);

	if (units == NULL)
		return -ENOMEM;
	units->phrases = pk_phrases_new(arena);
	if (units->phrases == NULL)
		return -ENOMEM;
	for (size_t i = 0; tsv != NULL && i < tsv->n_rows; i++) {
		int r = add_row(arena, units, tsv, &tsv->rows[i], reterr_diag);
		if (r < 0)
			return r;
	}
	*ret_units = units;
	return 0;
}

static const struct unit *
unit_at(const struct pk_units *units, const struct pk_text *text, size_t at,
    size_t limit, size_t *ret_end)
{
	struct pk_phrase_match match;

	if (at >= limit || !pk_phrases_match(units->phrases, text, at, limit, &match))
		return NULL;
	*ret_end = match.end;
	return match.values[0];
}

bool
pk_quantity_at(const struct pk_pack *pack, const struct pk_text *text, size_t at,
    size_t limit, struct pk_quantity *ret_quantity)
{
	const struct pk_units *units = pk_pack_parts(pack)->units;
	struct pk_quantity q = { .number_first = at };
	const struct unit *unit = NULL;

	/* a sign may stand before: «$۵۰» */
	if (at < limit && text->tokens[at].kind == PK_TOKEN_PUNCT)
		unit = unit_at(units, text, at, limit, &q.number_first);
	if (!pk_number_at(
		pk_pack_numbers(pack), text, q.number_first, limit, &q.number) ||
	    q.number.ordinal)
		return false;
	q.end = q.number.end;
	if (unit == NULL)
		unit = unit_at(units, text, q.end, limit, &q.end);
	if (unit == NULL)
		return false;
	q.kind = unit->kind;
	q.code = unit->code;
	*ret_quantity = q;
	return true;
}

struct pk_span
pk_quantity_norm(struct pk_arena *arena, const struct pk_quantity *quantity)
{
	double value = quantity->number.value;
	bool whole = value < 1e15 && value == (double)(int64_t)value;

	if (quantity->number.vague)
		return (struct pk_span){ 0 };
	struct pk_span number = whole ? pk_arena_printf(arena, "%.0f", value)
				      : pk_arena_printf(arena, "%.15g", value);
	return quantity->code.len == 0
		   ? number
		   : pk_arena_printf(arena, "%.*s %.*s", PK_SPAN_ARG(number),
			 PK_SPAN_ARG(quantity->code));
}
