/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in until dates are recognised: finds none. */
#include "extract/text/date.h"

int
pk_dates_find(struct pk_arena *arena, const struct pk_pack *pack,
    const struct pk_text *text, int64_t anchor_day, bool has_anchor,
    struct pk_dates *ret_dates)
{
	(void)arena;
	(void)pack;
	(void)text;
	(void)anchor_day;
	(void)has_anchor;
	*ret_dates = (struct pk_dates){ 0 };
	return 0;
}
