/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extract/text/quantity.h - numbers with what they measure: percent, money, units.
 */
#ifndef PEYK_EXTRACT_TEXT_QUANTITY_H
#define PEYK_EXTRACT_TEXT_QUANTITY_H

#include "extract/text/number.h"

enum pk_quantity_kind { PK_QUANTITY_PERCENT, PK_QUANTITY_MONEY, PK_QUANTITY_MEASURE };

struct pk_quantity {
	size_t end;
	enum pk_quantity_kind kind;
	size_t number_first; /* its number lies in [number_first, number.end) */
	struct pk_number number;
	struct pk_span code; /* "USD", "km"; absent for percent */
};

struct pk_units;

/* Compiles units.tsv. Errors as pk_pack_load(). */
int pk_units_new(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_units **ret_units, struct pk_diag *reterr_diag);

/*
 * The quantity that begins at token `at`: «۱۵ درصد», «دو و نیم میلیارد دلار»,
 * «$۵۰», «۱۲۰ کیلومتر». Ordinals measure nothing.
 */
bool pk_quantity_at(const struct pk_pack *pack, const struct pk_text *text, size_t at,
    size_t limit, struct pk_quantity *ret_quantity);

/*
 * "250000000000 IRT", "120 km", "15" for percent; absent where the number is vague.
 * {NULL, 0} also on no memory.
 */
struct pk_span pk_quantity_norm(
    struct pk_arena *arena, const struct pk_quantity *quantity);

#endif
