/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/events/confidence.h"

/* How often a row of that form is right, before its arguments are looked at. */
static const double priors[] = {
	[PK_RULE_CUE] = 0.97,
	[PK_RULE_VERB] = 0.92,
	[PK_RULE_NOUN] = 0.85,
	[PK_RULE_WIDE] = 0.88,
	[PK_RULE_FRAME] = 0.88,
	[PK_RULE_STRESSED] = 0.85,
};

#define FLAG_COST   0.1
#define UNREAL_COST 0.1

/* The mean of the parties' confidences, or -1 where there are none. */
static double
mean(const struct pk_entity *items, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += items[i].conf;
	return n == 0 ? -1 : sum / (double)n;
}

static double
clamp(double value)
{
	return value < 0.05 ? 0.05 : value > 0.99 ? 0.99 : value;
}

void
pk_confidence_give(struct pk_draft *draft)
{
	struct pk_event *e = &draft->event;
	const uint32_t real = 1u << PK_STATUS_ASSERTED | 1u << PK_STATUS_REPORTED;
	double parties;

	e->confidence.type = priors[draft->rule->form];
	e->confidence.actors = mean(e->actors, e->n_actors);
	e->confidence.recipients = mean(e->recipients, e->n_recipients);
	e->confidence.time = e->time.how == PK_TIME_NONE ? -1 : e->time.conf;
	e->confidence.place = e->place.how == PK_PLACE_NONE ? -1 : 0.85;
	parties = e->confidence.actors < 0 ? 0.6 : e->confidence.actors;
	if (e->confidence.recipients >= 0)
		parties = (parties + e->confidence.recipients) / 2;
	e->confidence.overall = e->confidence.type * parties;
	if ((e->modality.status & real) == 0)
		e->confidence.overall -= UNREAL_COST;
	for (unsigned i = 0; i < 32; i++) {
		if ((e->flags & (1u << i)) != 0)
			e->confidence.overall -= FLAG_COST;
	}
	e->confidence.overall = clamp(e->confidence.overall);
}
