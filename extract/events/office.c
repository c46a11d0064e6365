/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/office.h"

#include "base/calendar.h"

#include <errno.h>

void
pk_office_fill(const struct pk_story *story, struct pk_entity *entity)
{
	if (story->has_day && entity->name.native.len == 0 &&
	    pk_role_holder(story->pack, entity, story->day) > 0)
		entity->antecedent =
		    (struct pk_antecedent){ .how = PK_HOW_OFFICE, .distance = -1 };
}

/* Nobody is named for it, at most the knowledge was asked. */
static bool
is_asked(const struct pk_entity *e)
{
	return e->role.id.len > 0 && (e->country.len > 0 || e->org.native.len > 0) &&
	       (pk_span_eq(e->antecedent.how, PK_HOW_OFFICE) ||
		   (e->role.status == PK_ROLE_THEN && e->name.native.len == 0));
}

static int
resolve(struct pk_draft *d, struct pk_entity *e)
{
	const struct pk_pack *pack = d->scene->story->pack;
	struct pk_date day = pk_gregorian_from_day(d->day);
	struct pk_entity first = *e, last = *e;

	first.id = first.name.native = first.name.latin = (struct pk_span){ NULL, 0 };
	last = first;
	e->role.valid_at = pk_arena_printf(
	    d->scene->story->arena, "%04d-%02d-%02d", day.year, day.month, day.day);
	if (e->role.valid_at.ptr == NULL)
		return -ENOMEM;
	/* «در سال ۲۰۱۵»: one who held it all the time */
	if (pk_role_holder(pack, &first, d->day) == 0 ||
	    pk_role_holder(pack, &last, d->until - 1) == 0 ||
	    !pk_span_eq(first.id, last.id))
		first.id = first.name.native = first.name.latin =
		    (struct pk_span){ NULL, 0 };
	e->id = first.id;
	e->name = first.name;
	e->antecedent = (struct pk_antecedent){ .distance = -1 };
	if (e->id.len > 0)
		e->antecedent.how = PK_HOW_OFFICE;
	return 0;
}

static int
resolve_all(struct pk_draft *d, struct pk_entity *items, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		if (is_asked(&items[i]))
			r = resolve(d, &items[i]);
	}
	return r;
}

int
pk_offices_at(struct pk_draft *draft)
{
	struct pk_event *e = &draft->event;
	int r;

	if (!draft->dated || draft->until <= draft->day)
		return 0;
	r = resolve_all(draft, e->actors, e->n_actors);
	return r < 0 ? r : resolve_all(draft, e->recipients, e->n_recipients);
}
