/* SPDX-License-Identifier: Apache-2.0 */
#include "base/event.h"

const char *
pk_tier_of(double confidence)
{
	if (confidence >= 0.93)
		return "high";
	return confidence >= 0.6 ? "medium" : "low";
}

const char *
pk_event_tier(const struct pk_event *event)
{
	return pk_tier_of(event->confidence.overall);
}
