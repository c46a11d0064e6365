/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/story/key.h"

#include <stdlib.h>

#define DAY_LEN     10 /* "2024-05-01" */
#define PARTIES_MAX 16

struct idents {
	struct pk_span items[PARTIES_MAX];
	size_t n;
};

static int
by_text(const void *a, const void *b)
{
	const struct pk_span *x = a, *y = b;
	size_t n = x->len < y->len ? x->len : y->len;
	int order = memcmp(x->ptr, y->ptr, n);

	return order != 0 ? order : (int)x->len - (int)y->len;
}

/* A minister is found where his state is named, so the country stands for both. */
static void
add(struct idents *idents, const struct pk_entity *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct pk_span ident =
		    items[i].country.len > 0 ? items[i].country : items[i].id;
		bool known = ident.len == 0 || idents->n == PARTIES_MAX;

		for (size_t k = 0; k < idents->n; k++)
			known |= pk_span_eq(idents->items[k], ident);
		if (!known)
			idents->items[idents->n++] = ident;
	}
}

static bool
is_real(const struct pk_event *event)
{
	const uint32_t real = 1u << PK_STATUS_ASSERTED | 1u << PK_STATUS_REPORTED;

	return (event->modality.status & real) != 0;
}

static bool
has_stated_day(const struct pk_time *time)
{
	return time->how != PK_TIME_NONE && time->how != PK_TIME_NO &&
	       time->how != PK_TIME_PUBLICATION_DEFAULT && time->start.len >= DAY_LEN &&
	       (time->precision == PK_PRECISION_DAY ||
		   time->precision == PK_PRECISION_HOUR ||
		   time->precision == PK_PRECISION_MINUTE ||
		   time->precision == PK_PRECISION_INSTANT);
}

void
pk_story_key(const struct pk_event *event, char ret_key[static PK_ID_SIZE])
{
	struct pk_span parts[PARTIES_MAX + 3];
	struct idents idents = { .n = 0 };
	size_t n = 0;

	memset(ret_key, 0, PK_ID_SIZE);
	if (event->type == PK_EVENT_STATE || !is_real(event) ||
	    !has_stated_day(&event->time))
		return;
	add(&idents, event->actors, event->n_actors);
	add(&idents, event->recipients, event->n_recipients);
	if (idents.n < 2)
		return;
	qsort(idents.items, idents.n, sizeof(idents.items[0]), by_text);
	parts[n++] = pk_span_of(pk_event_type_name(event->type));
	parts[n++] = event->modality.negative ? PK_SPAN("neg") : PK_SPAN("pos");
	parts[n++] = pk_span_slice(event->time.start, 0, DAY_LEN);
	for (size_t i = 0; i < idents.n; i++)
		parts[n++] = idents.items[i];
	pk_id_of(parts, n, ret_key);
}
